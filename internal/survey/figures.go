package survey

import (
	"context"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/ledger"
)

func path(ref id.Ref) string { return "/survey/" + ref.String() }

func answerPath(ref id.Ref, unit id.ID) string { return path(ref) + "/unit/" + unit.String() }

// yearAfter is the first day after the year of a day: the answers of a round are compared with those asked within the year
// in which they were due.
func yearAfter(d clock.Day) clock.Day { return clock.YearOf(d.Year()).To.AddDays(1) }

// surveyRows publishes a survey once it is issued: the issue, and how many units have to answer.
func surveyRows(_ id.Ref, v Survey) ledger.Record {
	out := ledger.Record{Attrs: map[string]any{"about": v.About, "asked": v.Asked}}
	if v.IssuedOn != clock.Open {
		units := []id.ID{v.Unit}
		out.Rows = []ledger.Row{{Type: "issue", From: v.IssuedOn, Units: units}, {Type: "asked", From: v.IssuedOn, To: yearAfter(max(v.Due, v.IssuedOn)), Units: units}}
	}
	return out
}

// answerRows publishes an answer at its unit on the day it was first sent; at the issuer, as long as it stands, beside those
// asked; and its review with what it corrected.
func answerRows(_ id.Ref, a Answer) ledger.Record {
	out := ledger.Record{Attrs: map[string]any{"survey": a.Survey.String(), "late": a.SentOn > a.DueThen, "merged": int64(len(a.Merged))}}
	if a.SentOn == clock.Open {
		return out
	}
	out.Rows = append(out.Rows, ledger.Row{Type: "sent", From: a.SentOn, Units: []id.ID{a.Unit}})
	if to := yearAfter(a.DueThen); a.stands() && a.SentOn < to {
		out.Rows = append(out.Rows, ledger.Row{Type: "back", From: a.SentOn, To: to, Units: []id.ID{a.Issuer}})
	}
	if a.State == Reviewed {
		out.Rows = append(out.Rows, ledger.Row{Type: "reviewed", From: a.DoneOn, Units: []id.ID{a.Unit}})
	}
	return out
}

// ofUnit reads the records of a unit, for when it moves or ends.
func ofUnit(ids func(ctx context.Context, unit id.ID) ([]id.ID, error), records func(ctx context.Context, ids []id.ID) ([]ledger.Record, error)) func(ctx context.Context, unit id.ID) ([]ledger.Record, error) {
	return func(ctx context.Context, unit id.ID) ([]ledger.Record, error) {
		list, err := ids(ctx, unit)
		if err != nil || len(list) == 0 {
			return nil, err
		}
		return records(ctx, list)
	}
}

func (s *Service) surveySource() *ledger.Source {
	return &ledger.Source{
		Name:   ledger.Words{Zh: "调查", En: "Survey"},
		Fields: map[string]any{"about": "", "asked": int64(0)},
		OfUnit: ofUnit(s.store.idsOfUnit, func(ctx context.Context, ids []id.ID) ([]ledger.Record, error) { return s.surveys.Records(ctx, ids) }),
		Describe: func(ctx context.Context, recs []id.ID) (map[id.ID]ledger.Description, error) {
			list, err := s.store.byIDsAcrossUnits(ctx, recs)
			out := map[id.ID]ledger.Description{}
			for _, l := range list {
				out[l.ID] = ledger.Description{Ref: l.Ref(), Code: l.Ref().String(), Name: l.Title, Unit: l.Unit, Href: path(l.Ref())}
			}
			return out, err
		},
	}
}

func (s *Service) answerSource() *ledger.Source {
	return &ledger.Source{
		Name:   ledger.Words{Zh: "调查答复", En: "Answer to a survey"},
		Fields: map[string]any{"survey": "", "late": false, "merged": int64(0)},
		OfUnit: ofUnit(s.store.answersOfUnit, func(ctx context.Context, ids []id.ID) ([]ledger.Record, error) { return s.answers.Records(ctx, ids) }),
		Describe: func(ctx context.Context, recs []id.ID) (map[id.ID]ledger.Description, error) {
			list, err := s.store.answersByIDsAcrossUnits(ctx, recs)
			if err != nil {
				return nil, err
			}
			titles, err := s.titles(ctx, list)
			out := map[id.ID]ledger.Description{}
			for _, l := range list {
				of := titles[l.Survey]
				out[l.ID] = ledger.Description{Ref: l.Ref(), Code: l.Ref().String(), Name: of.Title, Unit: l.Unit, Href: answerPath(of.Ref(), l.Unit)}
			}
			return out, err
		},
		Label: func(ctx context.Context, _, value string) string {
			if ref, err := id.ParseRef(value); err == nil {
				if l, err := s.store.surveyAcrossUnits(ctx, ref); err == nil {
					return l.Title
				}
			}
			return value
		},
	}
}

// titles are the surveys of some answers.
func (s *Service) titles(ctx context.Context, list []ListedAnswer) (map[id.ID]Listed, error) {
	out := map[id.ID]Listed{}
	ids := make([]id.ID, len(list))
	for i, l := range list {
		ids[i] = l.Survey
	}
	of, err := s.store.byIDsAcrossUnits(ctx, ids)
	for _, l := range of {
		out[l.ID] = l
	}
	return out, err
}
