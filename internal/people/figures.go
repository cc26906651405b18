package people

import (
	"context"
	"strconv"

	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/ledger"
	"xinhuo/internal/record"
)

// source publishes teams to the ledger; the book fills in how they are read.
func (s *Service) source() *ledger.Source {
	return &ledger.Source{
		Name:   ledger.Words{Zh: "工作团队", En: "team"},
		Fields: map[string]any{"status": "", "need": ""},
		OfUnit: func(ctx context.Context, unit id.ID) ([]ledger.Record, error) {
			ids, err := s.idsOf(ctx, unit)
			if err != nil {
				return nil, err
			}
			return s.book.Records(ctx, ids)
		},
		Near: s.placed,
		Describe: func(ctx context.Context, recs []id.ID) (map[id.ID]ledger.Description, error) {
			list, err := s.byIDs(ctx, recs)
			if err != nil {
				return nil, err
			}
			out := make(map[id.ID]ledger.Description, len(list))
			for _, l := range list {
				out[l.ID] = ledger.Description{Ref: l.Ref(), Code: l.Code, Name: l.Name, Unit: l.Unit, Href: "/team/" + l.Ref().String(), Detail: []string{l.Need}}
			}
			return out, nil
		},
		Label: func(ctx context.Context, _, value string) string { return s.label(ctx, value) },
	}
}

// label is a need in the reader's language; a label is not worth a page, so that an unknown one stands as it is.
func (s *Service) label(ctx context.Context, need string) string {
	if i18n.Lang(ctx) == "zh" {
		return need
	}
	n, err := s.need(ctx, need)
	if err != nil {
		return need
	}
	return n.In(i18n.Lang(ctx))
}

// rows publishes a team: one stretch from founding to dissolution.
func rows(ref id.Ref, t Team) ledger.Record {
	return ledger.Record{Ref: ref, Rows: []ledger.Row{{Type: "team", From: t.FoundedOn, To: t.DissolvedOn, Units: []id.ID{t.Unit}, Ends: "dissolved",
		Attrs: map[string]any{"status": string(t.Status), "need": t.Need}}}}
}

// facts says a team in words for its history.
func (s *Service) facts(ctx context.Context, t Team) []record.Fact {
	unit := ""
	if u, err := s.org.Unit(ctx, t.Unit); err == nil {
		unit = u.Name
	}
	members := ""
	if t.Members > 0 {
		members = strconv.FormatInt(t.Members, 10)
	}
	status := ""
	if t.Status != "" {
		status = i18n.T(ctx, "people.status."+string(t.Status))
	}
	return []record.Fact{
		{Key: "people.code", Text: t.Code}, {Key: "people.unit", Text: unit}, {Key: "people.name", Text: t.Name}, {Key: "people.need", Text: t.Need},
		{Key: "people.leader", Text: t.Leader}, {Key: "people.phone", Text: t.Phone}, {Key: "people.members", Text: members}, {Key: "people.intro", Text: t.Intro},
		{Key: "people.status", Text: status}, {Key: "people.proposed_on", Text: i18n.Day(ctx, t.ProposedOn)}, {Key: "people.approved_on", Text: i18n.Day(ctx, t.ApprovedOn)},
		{Key: "people.approval_doc", Text: t.ApprovalDoc}, {Key: "people.founded_on", Text: i18n.Day(ctx, t.FoundedOn)},
		{Key: "people.dissolved_on", Text: i18n.Day(ctx, t.DissolvedOn)}, {Key: "people.dissolve_reason", Text: t.DissolveReason}, {Key: "people.note", Text: t.Note},
	}
}
