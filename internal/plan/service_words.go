package plan

import (
	"context"
	"strconv"
	"strings"

	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/web/ui"
	"xinhuo/internal/org"
	"xinhuo/internal/record"
)

func planFacts(ctx context.Context, p Plan) []record.Fact {
	var signs []string
	for _, s := range p.Signs {
		signs = append(signs, signWords(ctx, s))
	}
	return []record.Fact{{Key: "plan.f.title", Text: p.Title}, {Key: "plan.f.year", Text: strconv.Itoa(p.Year)}, {Key: "plan.f.duties", Text: joined(ctx, p.Duties)}, {Key: "plan.f.partner", Text: p.Partner},
		{Key: "plan.f.signs", Text: joined(ctx, signs)}, {Key: "plan.f.issued_on", Text: i18n.Day(ctx, p.IssuedOn)}, {Key: "plan.f.number", Text: p.Number}, {Key: "plan.f.note", Text: p.Note}}
}

func signWords(ctx context.Context, s Sign) string {
	return i18n.T(ctx, "plan.sign_words", "Side", i18n.T(ctx, "plan.side."+s.Side), "Name", s.Name, "Post", s.Post, "Day", i18n.Day(ctx, s.On))
}

func (s *Service) itemFacts(ctx context.Context, i Item) []record.Fact {
	counted, central := "", []string{}
	if i.Figure != "" {
		counted, _ = s.figureName(ctx, i.Figure)
		if i.Target > 0 {
			counted = i18n.T(ctx, "plan.counted", "Figure", counted, "Target", s.amount(ctx, i.Figure, i.Target))
		}
	}
	if names, err := s.CentralNamed(ctx, i.Central); err == nil {
		here := s.place(ctx, i.Unit)
		for _, c := range names {
			central = append(central, org.Local(c.Name, here))
		}
	}
	var works []string
	for _, l := range i.Links {
		works = append(works, l.Title)
	}
	budget := ""
	if i.Budget > 0 {
		budget = money(ctx, i.Budget)
	}
	return []record.Fact{{Key: "plan.f.item", Text: i.Title}, {Key: "plan.f.kind", Text: i18n.T(ctx, "plan.kind."+i.Kind)}, {Key: "plan.f.duty", Text: i.Duty}, {Key: "plan.f.quarter", Text: quarter(ctx, i.Quarter)},
		{Key: "plan.f.owner", Text: i.Owner}, {Key: "plan.f.budget", Text: budget}, {Key: "plan.f.counted", Text: counted}, {Key: "plan.f.central", Text: joined(ctx, central)},
		{Key: "plan.f.document", Text: i.Source.Document}, {Key: "plan.f.paragraph", Text: i.Source.Paragraph}, {Key: "plan.f.scheme", Text: i.Scheme.Text},
		{Key: "plan.f.approved", Text: approved(ctx, i.Scheme)}, {Key: "plan.f.works", Text: joined(ctx, works)}, {Key: "plan.f.done_on", Text: i18n.Day(ctx, i.DoneOn)}, {Key: "plan.f.result", Text: i.Result},
		{Key: "plan.f.dropped", Text: i18n.Day(ctx, i.Dropped)}, {Key: "plan.f.why", Text: i.Why}}
}

// place is a unit's name, for central tasks that name the place that reads them.
func (s *Service) place(ctx context.Context, unit id.ID) string {
	u, err := s.org.Unit(ctx, unit)
	if err != nil {
		return ""
	}
	return u.Name
}

func approved(ctx context.Context, s Scheme) string {
	if s.ApprovedBy == "" {
		return ""
	}
	return i18n.T(ctx, "plan.approved", "Name", s.ApprovedBy, "Day", i18n.Day(ctx, s.ApprovedOn))
}

// amount is a number of a figure with its measure word.
func (s *Service) amount(ctx context.Context, figure string, n int64) string {
	_, measure := s.figureName(ctx, figure)
	return ui.Number(n) + measure
}

func centralFacts(ctx context.Context, c Central) []record.Fact {
	kind := i18n.T(ctx, "plan.central_kind")
	if c.Civic {
		kind = i18n.T(ctx, "plan.civic_kind")
	}
	return []record.Fact{{Key: "plan.f.name", Text: c.Name}, {Key: "plan.f.year", Text: strconv.Itoa(c.Year)}, {Key: "plan.f.sort", Text: kind}, {Key: "plan.f.text", Text: c.Text},
		{Key: "plan.f.document", Text: c.Source.Document}, {Key: "plan.f.paragraph", Text: c.Source.Paragraph}}
}

// money is a sum with its unit.
func money(ctx context.Context, fen int64) string {
	n, unit := ui.Money(i18n.Lang(ctx), fen)
	return i18n.T(ctx, "plan.money", "N", n, "Unit", unit)
}

func joined(ctx context.Context, list []string) string {
	return strings.Join(list, i18n.T(ctx, "plan.comma"))
}

// quarter names the time of an item: the whole year or a quarter.
func quarter(ctx context.Context, n int) string {
	return i18n.T(ctx, "plan.quarter."+strconv.Itoa(n))
}
