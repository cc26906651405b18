package people

import (
	"context"
	"strconv"
	"strings"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/ledger"
	"xinhuo/internal/record"
)

// source publishes teams to the ledger; the book fills in how they are read.
func (s *Service) source() *ledger.Source {
	return &ledger.Source{
		Name:   ledger.Words{Zh: "工作团队", En: "team"},
		Fields: map[string]any{"status": "", "need": "", "standard": "", "owner": "", "run_by": false, "docked": false},
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
		Label: func(ctx context.Context, breakdown, value string) string {
			if breakdown == "owner" {
				return value
			}
			return s.label(ctx, value)
		},
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

// rows publishes a team: one stretch from founding to dissolution, cut where an adjustment changed the need (R159). A
// team of another department is a row of its own kind, which no figure of the committee's teams takes (R72).
func rows(ref id.Ref, t Team) ledger.Record {
	kind := "team"
	if t.Owner != "" {
		kind = "other"
	}
	out := ledger.Record{Ref: ref}
	add := func(from, to clock.Day, ends, need, standard string) {
		if standard == "" {
			standard = need
		}
		out.Rows = append(out.Rows, ledger.Row{Type: kind, From: from, To: to, Units: []id.ID{t.Unit}, Ends: ends,
			Attrs: map[string]any{"status": string(t.Status), "need": need, "standard": standard, "owner": t.Owner, "run_by": t.RunBy.ID != 0, "docked": t.Docked.ID != 0}})
	}
	from := t.FoundedOn
	for i, p := range t.Earlier {
		next, standard := t.Need, t.Standard
		if i+1 < len(t.Earlier) {
			next, standard = t.Earlier[i+1].Need, t.Earlier[i+1].Standard
		}
		if p.Need == next && p.Standard == standard || t.DissolvedOn != clock.Open && t.DissolvedOn <= p.Until {
			continue
		}
		add(from, p.Until, "", p.Need, p.Standard)
		from = p.Until
	}
	add(from, t.DissolvedOn, "dissolved", t.Need, t.Standard)
	return out
}

// facts says a team in words for its history.
func (s *Service) facts(ctx context.Context, t Team) []record.Fact {
	unit := ""
	if u, err := s.org.Unit(ctx, t.Unit); err == nil {
		unit = u.Name
	}
	members := ""
	if n := t.Size(clock.Today(ctx)); n > 0 {
		members = strconv.FormatInt(n, 10)
	}
	status := ""
	if t.Status != "" {
		status = i18n.T(ctx, "people.status."+string(t.Status))
	}
	return []record.Fact{
		{Key: "people.code", Text: t.Code}, {Key: "people.unit", Text: unit}, {Key: "people.name", Text: t.Name}, {Key: "people.need", Text: s.label(ctx, t.Need)}, {Key: "people.parent", Text: s.label(ctx, t.Standard)},
		{Key: "people.leader", Text: t.Leader}, {Key: "people.phone", Text: t.Phone}, {Key: "people.members", Text: members}, {Key: "people.intro", Text: t.Intro},
		{Key: "people.status", Text: status}, {Key: "people.proposed_on", Text: i18n.Day(ctx, t.ProposedOn)}, {Key: "people.approved_on", Text: i18n.Day(ctx, t.ApprovedOn)},
		{Key: "people.approval_doc", Text: t.ApprovalDoc}, {Key: "people.founded_on", Text: i18n.Day(ctx, t.FoundedOn)},
		{Key: "people.dissolved_on", Text: i18n.Day(ctx, t.DissolvedOn)}, {Key: "people.dissolve_reason", Text: t.DissolveReason}, {Key: "people.note", Text: t.Note},
		{Key: "people.owner", Text: t.Owner}, {Key: "people.guided_by", Text: s.unitName(ctx, t.GuidedBy)}, {Key: "people.run_by", Text: s.associationName(ctx, t.RunBy)},
		{Key: "people.docked", Text: s.teamName(ctx, t.Docked)}, {Key: "people.people", Text: s.peopleText(ctx, t.People)}, {Key: "people.earlier", Text: s.earlierText(ctx, t)},
	}
}

// unitName, associationName, teamName and peopleText say in words what a team names; what is not there any more has none.
func (s *Service) unitName(ctx context.Context, unit id.ID) string {
	if unit == 0 {
		return ""
	}
	u, err := s.org.Unit(ctx, unit)
	if err != nil {
		return ""
	}
	return u.Name
}

func (s *Service) associationName(ctx context.Context, ref id.Ref) string {
	if ref.ID == 0 || s.associations == nil {
		return ""
	}
	list, err := s.associations.Named(ctx, []id.Ref{ref})
	if err != nil || len(list) == 0 {
		return ""
	}
	return list[0].Name
}

func (s *Service) teamName(ctx context.Context, ref id.Ref) string {
	if ref.ID == 0 {
		return ""
	}
	list, err := s.byIDs(ctx, []id.ID{ref.ID})
	if err != nil || len(list) == 0 {
		return ""
	}
	return list[0].Name
}

func (s *Service) peopleText(ctx context.Context, people []Member) string {
	refs := make([]id.Ref, len(people))
	for i, m := range people {
		refs[i] = m.Volunteer
	}
	files, err := s.volunteers.Files(ctx, refs)
	if err != nil {
		return ""
	}
	var out []string
	for _, m := range people {
		name := files[m.Volunteer].Name
		if name == "" {
			name = i18n.T(ctx, "people.member_hidden")
		}
		if m.To == clock.Open {
			out = append(out, i18n.T(ctx, "people.member_line", "Name", name, "From", i18n.Day(ctx, m.From)))
			continue
		}
		out = append(out, i18n.T(ctx, "people.member_line_ended", "Name", name, "From", i18n.Day(ctx, m.From), "To", i18n.Day(ctx, m.To)))
	}
	return strings.Join(out, i18n.T(ctx, "people.comma"))
}

// earlierText says what a team was before its adjustments.
func (s *Service) earlierText(ctx context.Context, t Team) string {
	var out []string
	for _, p := range t.Earlier {
		out = append(out, s.phaseText(ctx, p))
	}
	return strings.Join(out, i18n.T(ctx, "people.comma"))
}

func (s *Service) phaseText(ctx context.Context, p Phase) string {
	if p.Leader == "" {
		return i18n.T(ctx, "people.earlier_line", "Day", i18n.Day(ctx, p.Until), "Name", p.Name, "Need", s.label(ctx, p.Need))
	}
	return i18n.T(ctx, "people.earlier_line_led", "Day", i18n.Day(ctx, p.Until), "Name", p.Name, "Need", s.label(ctx, p.Need), "Leader", p.Leader)
}
