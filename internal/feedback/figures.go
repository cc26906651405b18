package feedback

import (
	"context"
	"strconv"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/ledger"
	"xinhuo/internal/record"
)

// rows publishes a round once it is closed: that people were asked, and what they said when at least five did.
func rows(ref id.Ref, r Round) ledger.Record {
	out := ledger.Record{Ref: ref}
	o := r.Outcome
	if !r.Closed || o.Counted == 0 {
		return out
	}
	add := func(kind string, n int64) {
		if n > 0 {
			out.Rows = append(out.Rows, ledger.Row{Type: kind, From: r.Day, Units: r.Units, Attrs: map[string]any{"n": n}})
		}
	}
	add("asked", 1)
	if !o.Shown() {
		return out
	}
	add("answers", o.Counted)
	add("satisfied", o.Satisfied)
	add("useful", o.Useful)
	add("admitted", o.Admitted)
	return out
}

func (s *Service) source() *ledger.Source {
	return &ledger.Source{
		Name:   ledger.Words{Zh: "活动反馈", En: "feedback"},
		Fields: map[string]any{"n": int64(0)},
		OfUnit: func(ctx context.Context, unit id.ID) ([]ledger.Record, error) {
			ids, err := s.ofUnitAcrossUnits(ctx, unit)
			if err != nil {
				return nil, err
			}
			return s.book.Records(ctx, ids)
		},
		Describe: func(ctx context.Context, recs []id.ID) (map[id.ID]ledger.Description, error) {
			list, err := s.byIDsAcrossUnits(ctx, recs)
			if err != nil {
				return nil, err
			}
			out := make(map[id.ID]ledger.Description, len(list))
			for _, l := range list {
				ref := l.ActivityRef().String()
				out[l.ID] = ledger.Description{Ref: id.Ref{Root: l.Root, ID: l.ID}, Code: ref, Name: l.Title, Unit: l.Unit, Href: "/feedback/" + ref}
			}
			return out, nil
		},
	}
}

// facts says a round in words for its history.
func (s *Service) facts(ctx context.Context, r Round) []record.Fact {
	mode := i18n.T(ctx, "feedback.mode.link")
	if r.Slips > 0 {
		mode = i18n.T(ctx, "feedback.mode.slips", "N", r.Slips)
	}
	out := []record.Fact{{Key: "feedback.f.closes", Text: moment(ctx, r.Closes)}, {Key: "feedback.f.mode", Text: mode}}
	if r.Closed && r.Outcome.Shown() {
		out = append(out, record.Fact{Key: "feedback.f.answers", Text: strconv.FormatInt(r.Outcome.Counted, 10)},
			record.Fact{Key: "feedback.f.admitted", Text: strconv.FormatInt(r.Outcome.Admitted, 10)})
	}
	return out
}

// moment is an instant to the minute, as people write it.
func moment(ctx context.Context, ms int64) string {
	t := timeOf(ms).In(clock.Shanghai)
	return i18n.Day(ctx, dayAt(ms)) + " " + t.Format("15:04")
}
