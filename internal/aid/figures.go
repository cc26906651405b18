package aid

import (
	"context"

	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/web/ui"
	"xinhuo/internal/ledger"
	"xinhuo/internal/org"
	"xinhuo/internal/record"
)

// figures of this module, as a change says which of them it moved.
var figures = []string{"aid.given", "aid.given_fen", "aid.goods_fen", "aid.minutes"}

// rows publishes what was handed over: one row for one aid. What is only applied for or approved counts nowhere.
func rows(ref id.Ref, a Aid) ledger.Record {
	r := ledger.Record{Ref: ref, Attrs: map[string]any{"kind": a.Kind}}
	if g := a.Given; g != nil {
		r.Rows = append(r.Rows, ledger.Row{Type: "given", From: g.Day, Units: []id.ID{a.Unit}, Attrs: map[string]any{"form": a.Form, "fen": g.Amount.Fen, "minutes": g.Amount.Minutes}})
	}
	return r
}

// source is how the ledger reads aids; the book fills in Load and Each.
func (s *Service) source() *ledger.Source {
	return &ledger.Source{
		Name:   ledger.Words{Zh: "帮扶", En: "aid"},
		Fields: map[string]any{"kind": "", "form": "", "fen": int64(0), "minutes": int64(0)},
		OfUnit: func(ctx context.Context, unit id.ID) ([]ledger.Record, error) {
			ids, err := s.store.ofUnitAcrossUnits(ctx, unit)
			if err != nil {
				return nil, err
			}
			return s.book.Records(ctx, ids)
		},
		Near:     s.store.placed,
		Describe: s.describe,
		Label: func(ctx context.Context, _, value string) string {
			return s.kindNames(ctx)(org.RootOf(scope.From(ctx).Pos), value)
		},
	}
}

// describe names aids as evidence: number, kind, what was given, and the donor who agreed to be named; never for whom.
func (s *Service) describe(ctx context.Context, recs []id.ID) (map[id.ID]ledger.Description, error) {
	list, err := s.store.byIDsAcrossUnits(ctx, recs)
	if err != nil {
		return nil, err
	}
	name, out := s.kindNames(ctx), make(map[id.ID]ledger.Description, len(list))
	for _, r := range list {
		d := ledger.Description{Ref: r.Ref(), Code: r.No, Name: tr(ctx, "aid.one", "Kind", name(r.Root, r.Kind), "No", r.No), Unit: r.Unit, Href: path(r.Ref()),
			Detail: []string{r.Purpose, amountText(ctx, r.Form, Amount{Fen: r.GivenFen, Qty: r.GivenQty, Minutes: r.Minutes})}}
		if r.Gift != 0 {
			g, err := s.store.giftAcrossUnits(ctx, id.Ref{Root: r.GiftRoot, ID: r.Gift})
			if err != nil {
				return nil, err
			}
			if g.Named == 1 {
				d.Detail = append(d.Detail, g.Name)
			}
		}
		out[r.ID] = d
	}
	return out, nil
}

// uncounted is the ledger's side of what no figure counts.
func uncounted(zh, en string) *ledger.Source {
	return &ledger.Source{
		Name:     ledger.Words{Zh: zh, En: en},
		OfUnit:   func(context.Context, id.ID) ([]ledger.Record, error) { return nil, nil },
		Near:     func(context.Context, scope.Set, int) ([]id.ID, error) { return nil, nil },
		Describe: func(context.Context, []id.ID) (map[id.ID]ledger.Description, error) { return nil, nil },
		Label:    func(_ context.Context, _, value string) string { return value },
	}
}

// money writes an amount with its unit: 6万元, 86.4元.
func money(ctx context.Context, fen int64) string {
	n, unit := ui.Money(i18n.Lang(ctx), fen)
	if i18n.Lang(ctx) == "en" {
		return n + " " + unit
	}
	return n + unit
}

// amountText says an amount of a form in words.
func amountText(ctx context.Context, form string, m Amount) string {
	switch form {
	case Goods:
		if m.What == "" {
			return tr(ctx, "aid.goods_only", "N", m.Qty, "Money", money(ctx, m.Fen))
		}
		return tr(ctx, "aid.goods_n", "What", m.What, "N", m.Qty, "Money", money(ctx, m.Fen))
	case Hours:
		return tr(ctx, "aid.hours_n", "What", m.What, "N", ui.Hours(m.Minutes))
	}
	return money(ctx, m.Fen)
}

// title names an aid without the person: 助学 2026-0012.
func (s *Service) title(ctx context.Context, ref id.Ref, a Aid) string {
	return tr(ctx, "aid.one", "Kind", s.kindNames(ctx)(ref.Root, a.Kind), "No", a.No)
}

// facts says an aid in words for its history; what is sealed is not among them.
func (s *Service) facts(ctx context.Context, a Aid) []record.Fact {
	root := int64(0)
	if u, err := s.rec.Home(ctx, a.Unit); err == nil {
		root = u.Root()
	}
	out := []record.Fact{{Key: "aid.f.no", Text: a.No}, {Key: "aid.f.kind", Text: s.kindNames(ctx)(root, a.Kind)}, {Key: "aid.f.purpose", Text: a.Purpose}, {Key: "aid.f.year", Text: tr(ctx, "aid.year_n", "Year", a.Year)},
		{Key: "aid.f.asked", Text: amountText(ctx, a.Form, a.Asked)}, {Key: "aid.f.state", Text: tr(ctx, "aid.is."+string(a.State))}, {Key: "aid.f.double", Text: a.Double}, {Key: "aid.f.ended", Text: a.Ended}}
	if a.Reason != "" {
		out = append(out, record.Fact{Key: "aid.f.reason", Text: tr(ctx, "aid.reason."+a.Reason)})
	}
	if c := a.Check; c != nil {
		out = append(out, record.Fact{Key: "aid.f.check", Text: checkText(ctx, *c)})
	}
	if d := a.Decision; d != nil {
		out = append(out, record.Fact{Key: "aid.f.approved", Text: amountText(ctx, a.Form, d.Amount)})
	}
	if g := a.Given; g != nil {
		out = append(out, record.Fact{Key: "aid.f.given", Text: i18n.Day(ctx, g.Day) + " " + amountText(ctx, a.Form, g.Amount)})
	}
	if r := a.Receipt; r != nil {
		out = append(out, record.Fact{Key: "aid.f.receipt", Text: receiptText(ctx, *r)})
	}
	if a.Followed != "" {
		out = append(out, record.Fact{Key: "aid.f.followed", Text: i18n.Day(ctx, a.Followed)})
	}
	return out
}

func checkText(ctx context.Context, c Check) string {
	return tr(ctx, "aid.check_n", "Day", i18n.Day(ctx, c.Day), "Way", tr(ctx, "aid.way."+c.Way), "By", c.By)
}

func receiptText(ctx context.Context, r Receipt) string {
	text := tr(ctx, "aid.receipt_n", "Day", i18n.Day(ctx, r.Day), "By", tr(ctx, "aid.signer."+r.By))
	if r.No != "" {
		text += " " + r.No
	}
	return text
}
