package training

import (
	"context"
	"strings"

	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/web/ui"
	"xinhuo/internal/record"
)

// facts says a course in words, for its page and its history.
func (s *Service) facts(ctx context.Context, c Course) []record.Fact {
	tr := func(k string, args ...any) string { return i18n.T(ctx, k, args...) }
	unit := func(u id.ID) string {
		x, err := s.org.Unit(ctx, u)
		if err != nil {
			return ""
		}
		return x.Name
	}
	span := ""
	if c.From != "" {
		span = when(ctx, c.From, c.Last, c.Planned)
	}
	planned, minutes, months := "", "", ""
	if c.Planned != "" {
		planned = when(ctx, "", "", c.Planned)
	}
	if c.Minutes > 0 {
		minutes = tr("training.hours_n", "Hours", ui.Hours(c.Minutes))
	}
	if c.Competence != "" {
		months = tr("training.for_ever")
		if c.Months > 0 {
			months = tr("training.months_n", "N", c.Months)
		}
	}
	refs := make([]id.Ref, len(c.People))
	for i, p := range c.People {
		refs[i] = p.Volunteer
	}
	names, err := s.volunteers.ByRefs(ctx, refs)
	if err != nil {
		names = nil
	}
	var people, cadres []string
	for _, p := range c.People {
		people = append(people, tr("training.person_line", "Name", nameOr(ctx, names[p.Volunteer].Name), "Hours", ui.Hours(p.Minutes), "Passed", tr("training.passed."+yes(p.Passed))))
	}
	for _, x := range c.Cadres {
		cadres = append(cadres, tr("training.cadres_line", "Unit", unit(x.Unit), "N", ui.Number(x.N)))
	}
	comma := tr("training.comma")
	return []record.Fact{{Key: "training.f.code", Text: c.Code}, {Key: "training.f.unit", Text: unit(c.Unit)}, {Key: "training.f.title", Text: c.Title},
		{Key: "training.f.subject", Text: s.word(ctx, "subject", c.Subject)}, {Key: "training.f.planned", Text: planned}, {Key: "training.when", Text: span},
		{Key: "training.f.minutes", Text: minutes}, {Key: "training.f.mode", Text: tr("training.mode." + c.Mode)}, {Key: "training.f.place", Text: c.Place},
		{Key: "training.f.teacher", Text: c.Teacher}, {Key: "training.f.documents", Text: papersText(c.Documents, comma)}, {Key: "training.f.competence", Text: s.word(ctx, "competence", c.Competence)},
		{Key: "training.f.months", Text: months}, {Key: "training.f.cancelled_on", Text: i18n.Day(ctx, c.CancelledOn)}, {Key: "training.f.cancel_reason", Text: c.Reason},
		{Key: "training.f.note", Text: c.Note}, {Key: "training.f.people", Text: strings.Join(people, comma)}, {Key: "training.f.cadres", Text: strings.Join(cadres, comma)}}
}

func yes(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}
