package guarantee

import (
	"context"
	"strconv"
	"strings"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/web/ui"
	"xinhuo/internal/record"
)

func yearFacts(ctx context.Context, y Year) []record.Fact {
	out := []record.Fact{{Key: "guarantee.f.year", Text: strconv.Itoa(y.Year)}}
	for _, h := range y.Points {
		out = append(out, record.Fact{Key: "guarantee.f.point", Text: heldWords(ctx, h), Item: h.Code})
	}
	return out
}

// heldWords says a point with what shows it.
func heldWords(ctx context.Context, h Held) string {
	if h.Since == clock.Open {
		return i18n.T(ctx, "guarantee.words_gap", "Name", h.Name)
	}
	if h.ToConfirm {
		return i18n.T(ctx, "guarantee.words_confirm", "Name", h.Name, "By", h.By, "Proof", proof(ctx, h))
	}
	return i18n.T(ctx, "guarantee.words_held", "Name", h.Name, "Day", i18n.Day(ctx, h.Since), "By", h.By, "Proof", proof(ctx, h))
}

// proof is the document of a point, its files and a remark in one line.
func proof(ctx context.Context, h Held) string {
	list := []string{docWords(ctx, h.Doc)}
	for _, f := range h.Files {
		list = append(list, f.Name)
	}
	if h.Paper.Ref != (id.Ref{}) && h.Paper.Title != h.Doc.Name {
		list = append(list, h.Paper.Title)
	}
	return joined(ctx, append(list, h.Note)...)
}

func docWords(ctx context.Context, d Document) string {
	return joined(ctx, d.Name, d.Number, i18n.Day(ctx, d.Day))
}

func joined(ctx context.Context, list ...string) string {
	var out []string
	for _, t := range list {
		if t != "" {
			out = append(out, t)
		}
	}
	return strings.Join(out, i18n.T(ctx, "guarantee.comma"))
}

func standardFacts(ctx context.Context, v Standard) []record.Fact {
	out := []record.Fact{{Key: "guarantee.f.name", Text: v.Name}, {Key: "guarantee.f.valid", Text: validWords(ctx, v)}, {Key: "guarantee.f.document", Text: v.Document}}
	for _, m := range v.Mechanisms {
		out = append(out, record.Fact{Key: "guarantee.f.mechanism", Text: m.Name})
	}
	for _, p := range v.Points {
		out = append(out, record.Fact{Key: "guarantee.f.point", Text: pointWords(ctx, p), Item: p.Code})
	}
	return out
}

func validWords(ctx context.Context, v Standard) string {
	if v.Until == 0 {
		return i18n.T(ctx, "guarantee.valid_from", "From", v.From)
	}
	return i18n.T(ctx, "guarantee.valid", "From", v.From, "Until", v.Until)
}

func pointWords(ctx context.Context, p Point) string {
	return joined(ctx, p.Name, marks(ctx, p), i18n.T(ctx, "guarantee.body."+p.Body), p.Proof)
}

// marks says whether a point is needed and whether it is one of the inclusions.
func marks(ctx context.Context, p Point) string {
	var out []string
	if p.Required {
		out = append(out, i18n.T(ctx, "guarantee.required"))
	}
	if p.Inclusion {
		out = append(out, i18n.T(ctx, "guarantee.inclusion"))
	}
	return joined(ctx, out...)
}

// money is a sum with its unit.
func money(ctx context.Context, fen int64) string {
	n, unit := ui.Money(i18n.Lang(ctx), fen)
	return i18n.T(ctx, "guarantee.money", "N", n, "Unit", unit)
}

func lineName(ctx context.Context, year int, source string) string {
	return i18n.T(ctx, "guarantee.line_of", "Year", year, "Source", i18n.T(ctx, "guarantee.source."+source))
}

func yesNo(ctx context.Context, on bool) string {
	if on {
		return i18n.T(ctx, "guarantee.yes")
	}
	return i18n.T(ctx, "guarantee.no")
}

func budgetFacts(ctx context.Context, b Budget) []record.Fact {
	out := []record.Fact{{Key: "guarantee.f.year", Text: strconv.Itoa(b.Year)}, {Key: "guarantee.f.amount", Text: money(ctx, b.Amount)}, {Key: "guarantee.f.source", Text: i18n.T(ctx, "guarantee.source."+b.Source)},
		{Key: "guarantee.f.in_budget", Text: yesNo(ctx, b.InBudget)}, {Key: "guarantee.f.approved", Text: docWords(ctx, b.Doc)}, {Key: "guarantee.f.note", Text: b.Note}}
	for _, f := range b.Files {
		out = append(out, record.Fact{Key: "guarantee.f.file", Text: f.Name})
	}
	return out
}

func revenueFacts(ctx context.Context, r Revenue) []record.Fact {
	return []record.Fact{{Key: "guarantee.f.year", Text: strconv.Itoa(r.Year)}, {Key: "guarantee.f.revenue", Text: money(ctx, r.Amount)}, {Key: "guarantee.f.read_in", Text: r.Source}}
}

func (s *Service) shouldFacts(ctx context.Context, x Should) []record.Fact {
	count := func(n int64) string {
		if n == 0 {
			return ""
		}
		return ui.Number(n)
	}
	committee := ""
	if x.Committee != 0 {
		if u, err := s.org.Unit(ctx, x.Committee); err == nil {
			committee = u.Name
		}
	}
	return []record.Fact{{Key: "guarantee.f.name", Text: x.Name}, {Key: "guarantee.f.kind", Text: i18n.T(ctx, "guarantee.kind."+x.Kind)}, {Key: "guarantee.f.code", Text: x.Code},
		{Key: "guarantee.f.minors", Text: count(x.Minors)}, {Key: "guarantee.f.young", Text: count(x.Young)}, {Key: "guarantee.f.listed_from", Text: i18n.Day(ctx, x.From)}, {Key: "guarantee.f.list_source", Text: x.Source},
		{Key: "guarantee.f.committee", Text: committee}, {Key: "guarantee.f.founded_on", Text: i18n.Day(ctx, x.FoundedOn)}, {Key: "guarantee.f.ceased", Text: i18n.Day(ctx, x.Ceased)}, {Key: "guarantee.f.reason", Text: x.Reason}}
}
