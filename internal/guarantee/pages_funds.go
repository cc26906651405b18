package guarantee

import (
	"context"
	"fmt"
	"net/http"
	"strconv"

	"xinhuo/internal/kit/file"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/table"
	"xinhuo/internal/kit/web"
	"xinhuo/internal/kit/web/ui"
	"xinhuo/internal/org"
	"xinhuo/internal/record"
)

// shownYears is how many years of money a page shows (R19).
const shownYears = 5

func (s *Service) budgetDesk() *desk[Budget] {
	d := &desk[Budget]{s: s, book: s.budgets, path: "/budget", list: "/budget", api: "budgets", key: KindBudget, get: s.Line, add: s.AddLine, save: s.SaveLine,
		home: func(b Budget) (id.ID, int) { return b.Unit, b.Year },
		name: func(ctx context.Context, b Budget) string { return lineName(ctx, b.Year, b.Source) },
		begin: func(_ context.Context, u org.Unit, year int) (Budget, error) {
			return Budget{Unit: u.ID, Year: year, Source: Sources[0], InBudget: true}, nil
		},
		inputs: budgetInputs,
		typed: func(f *web.Form, b *Budget) {
			b.Year, b.Amount, b.Source, b.InBudget, b.Doc, b.Note = yearTyped(f, "year"), moneyTyped(f, "amount"), f.Text("source"), f.Text("in_budget") != "", docTyped(f), f.Text("note")
		},
		content: func(ctx context.Context, o one[Budget], _ bool) (record.Shown, error) {
			v := record.Shown{}
			for _, f := range budgetFacts(ctx, o.V) {
				if f.Text != "" && f.Key != "guarantee.f.file" {
					v.Facts = append(v.Facts, ui.Fact{Label: i18n.T(ctx, f.Key), Text: f.Text})
				}
			}
			v.Sections = []record.Section{filePart(ctx, budgetPath(o.Ref), o.V.Files)}
			return v, nil
		},
		files: func(b Budget) []file.Kept { return b.Files }}
	d.acts = []act[Budget]{d.edit(), d.remove()}
	return d
}

func (s *Service) revenueDesk() *desk[Revenue] {
	d := &desk[Revenue]{s: s, book: s.revenues, path: "/revenue", list: "/budget", api: "revenues", key: KindRevenue, get: s.Revenue, add: s.AddRevenue, save: s.SaveRevenue,
		home: func(r Revenue) (id.ID, int) { return r.Unit, r.Year },
		name: func(ctx context.Context, r Revenue) string {
			return i18n.T(ctx, "guarantee.revenue_of", "Year", r.Year)
		},
		begin: func(_ context.Context, u org.Unit, year int) (Revenue, error) {
			return Revenue{Unit: u.ID, Year: year}, nil
		},
		inputs: func(ctx context.Context, _ org.Unit, r Revenue, fresh bool) ([]ui.Input, error) {
			out := []ui.Input{{Kind: ui.KindMoney, Name: "amount", Label: i18n.T(ctx, "guarantee.f.revenue"), Hint: i18n.T(ctx, "guarantee.money_hint"), Value: moneyShown(r.Amount), Unit: i18n.T(ctx, "guarantee.yuan")},
				{Name: "source", Label: i18n.T(ctx, "guarantee.f.read_in"), Hint: i18n.T(ctx, "guarantee.read_in_hint"), Value: r.Source, MaxLength: maxName}}
			if fresh {
				out = append([]ui.Input{yearInput(ctx, r.Year)}, out...)
			}
			return out, nil
		},
		typed: func(f *web.Form, r *Revenue) {
			if f.Has("year") {
				r.Year = yearTyped(f, "year")
			}
			r.Amount, r.Source = moneyTyped(f, "amount"), f.Text("source")
		},
		content: func(ctx context.Context, o one[Revenue], _ bool) (v record.Shown, _ error) {
			for _, f := range revenueFacts(ctx, o.V) {
				v.Facts = append(v.Facts, ui.Fact{Label: i18n.T(ctx, f.Key), Text: f.Text})
			}
			return v, nil
		},
		undone: func(ctx context.Context, r Revenue) error { return s.revenueFree(ctx, r, 1) }}
	d.acts = []act[Revenue]{d.edit(), d.remove()}
	return d
}

func yearInput(ctx context.Context, year int) ui.Input {
	return ui.Input{Name: "year", Label: i18n.T(ctx, "guarantee.f.year"), Value: strconv.Itoa(year), Short: true, MaxLength: 4}
}

// moneyTyped reads a sum as people write it: 12.5万, 3,000, 6万元.
func moneyTyped(f *web.Form, name string) int64 {
	if f.Text(name) == "" {
		return 0
	}
	n, err := table.ParseMoney(f.Text(name))
	if err != nil {
		f.Problems.Add(name, "guarantee.money_unreadable")
	}
	return n
}

func moneyShown(fen int64) string {
	if fen == 0 {
		return ""
	}
	return fmt.Sprintf("%d.%02d", fen/100, fen%100)
}

func budgetInputs(ctx context.Context, _ org.Unit, b Budget, _ bool) ([]ui.Input, error) {
	source := ui.Input{Kind: ui.KindRadio, Name: "source", Label: i18n.T(ctx, "guarantee.f.source"), Value: b.Source}
	for _, k := range Sources {
		source.Options = append(source.Options, ui.Option{Value: k, Text: i18n.T(ctx, "guarantee.source."+k)})
	}
	in := ui.Input{Kind: ui.KindCheck, Name: "in_budget", Label: i18n.T(ctx, "guarantee.is_in_budget"), Hint: i18n.T(ctx, "guarantee.in_budget_hint")}
	if b.InBudget {
		in.Value = "yes"
	}
	out := []ui.Input{yearInput(ctx, b.Year), {Kind: ui.KindMoney, Name: "amount", Label: i18n.T(ctx, "guarantee.f.amount"), Hint: i18n.T(ctx, "guarantee.money_hint"), Value: moneyShown(b.Amount), Unit: i18n.T(ctx, "guarantee.yuan")}, source, in}
	doc := docInputs(ctx, b.Doc)
	doc[0].Hint, doc[0].Optional = i18n.T(ctx, "guarantee.budget_doc_hint"), true
	return append(append(out, doc...), ui.Input{Kind: ui.KindArea, Name: "note", Label: i18n.T(ctx, "guarantee.f.note"), Value: b.Note, Optional: true, Lines: 2}), nil
}

// paceWords says in plain numbers how money and revenue grew, and which was faster (R18).
func paceWords(ctx context.Context, now, before Money) string {
	pace := PaceOf(now, before)
	if pace == Unknown {
		switch {
		case now.Fiscal == 0:
			return i18n.T(ctx, "guarantee.no_line", "Year", now.Year)
		case before.Fiscal == 0:
			return i18n.T(ctx, "guarantee.no_line", "Year", before.Year)
		case !now.Known:
			return i18n.T(ctx, "guarantee.no_revenue", "Year", now.Year)
		}
		return i18n.T(ctx, "guarantee.no_revenue", "Year", before.Year)
	}
	funds, _ := Growth(now.Fiscal, before.Fiscal)
	revenue, _ := Growth(now.Revenue, before.Revenue)
	return i18n.T(ctx, "guarantee.pace_"+string(pace), "Funds", signed(funds), "Revenue", signed(revenue))
}

// signed is a growth in per cent with its sign.
func signed(tenths int64) string {
	if tenths < 0 {
		return "-" + ui.Percent(-tenths)
	}
	return "+" + ui.Percent(tenths)
}

func growthCell(now, before int64) ui.Cell {
	if g, ok := Growth(now, before); ok && now > 0 {
		return ui.Text(signed(g))
	}
	return ui.Text("—")
}

func paceCell(ctx context.Context, now, before Money) ui.Cell {
	words := paceWords(ctx, now, before)
	switch PaceOf(now, before) {
	case Behind:
		c := ui.State(i18n.T(ctx, "guarantee.behind"), "w")
		c.Sub = words
		return c
	case Keeps:
		c := ui.State(i18n.T(ctx, "guarantee.keeps"), "p")
		c.Sub = words
		return c
	}
	return ui.Text(words)
}

// budgetPage is the money of a unit over the years, beside the revenue of its place, and that of the units right below (R17-R19).
func (s *Service) budgetPage(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	u, year, v, err := s.overview(r, "/budget", "funds.fiscal_fen", "funds.amount_fen", "funds.counties_with", "funds.counties_without", "funds.counties_behind", "funds.keeping_share")
	if err != nil {
		return err
	}
	if scope.From(ctx).May(scope.Work, u.Pos) {
		v.Heading.Acts = []ui.Button{{Text: i18n.T(ctx, "guarantee.add_line"), Href: at("/budget/new", u, year), Main: true}, {Text: i18n.T(ctx, "guarantee.add_revenue"), Href: at("/revenue/new", u, year)}}
	}
	all, err := s.MoneyOf(ctx, []id.ID{u.ID}, year-shownYears, year)
	if err != nil {
		return err
	}
	sums := all[u.ID]
	t := ui.Table{Caption: i18n.T(ctx, "guarantee.over_years"), Columns: columns(ctx, "f.year", ">f.fiscal", ">f.growth", ">f.revenue", ">f.revenue_growth", "f.pace")}
	begun := false
	for i := 1; i <= shownYears; i++ {
		now, before := sums[i], sums[i-1]
		if begun = begun || now.Lines > 0 || now.Known; !begun {
			continue
		}
		fiscal, revenue := ui.Text("—"), ui.Text("—")
		if now.Lines > 0 {
			fiscal = ui.Text(money(ctx, now.Fiscal))
			if now.Total != now.Fiscal {
				fiscal.Sub = i18n.T(ctx, "guarantee.with_others", "Money", money(ctx, now.Total))
			}
		}
		if now.Known {
			revenue = ui.Text(money(ctx, now.Revenue))
		}
		t.Rows = append(t.Rows, ui.Row{ID: strconv.Itoa(now.Year), Bad: PaceOf(now, before) == Behind, Cells: []ui.Cell{ui.Text(i18n.T(ctx, "guarantee.year", "Year", now.Year)), fiscal, growthCell(now.Fiscal, before.Fiscal), revenue, growthCell(now.Revenue, before.Revenue), paceCell(ctx, now, before)}})
	}
	lead := ""
	if PaceOf(sums[shownYears], sums[shownYears-1]) == Behind {
		lead = paceWords(ctx, sums[shownYears], sums[shownYears-1])
	}
	v.Sections = append(v.Sections, record.Section{ID: "years", Title: i18n.T(ctx, "guarantee.over_years"), Lead: lead, Table: t, Empty: i18n.T(ctx, "guarantee.money_none")})
	x, err := s.linePart(ctx, u, year)
	if err != nil {
		return err
	}
	v.Sections = append(v.Sections, x)
	below, err := s.Funds(ctx, u, year, asOf(ctx, year))
	if err != nil {
		return err
	}
	if len(below) > 0 {
		t := ui.Table{Caption: i18n.T(ctx, "guarantee.below"), Columns: columns(ctx, "f.unit", ">f.fiscal", ">f.growth", ">f.revenue_growth", "f.pace")}
		without, behind := 0, 0
		for _, b := range below {
			if b.Now.Fiscal == 0 {
				without++
			}
			if b.Pace == Behind {
				behind++
			}
			fiscal := ui.Text(i18n.T(ctx, "guarantee.not_in_budget"))
			if b.Now.Fiscal > 0 {
				fiscal = ui.Text(money(ctx, b.Now.Fiscal))
			}
			t.Rows = append(t.Rows, ui.Row{ID: b.Unit.String(), Bad: b.rank() < 2, Cells: []ui.Cell{ui.To(b.Name, at("/budget", org.Unit{ID: b.Unit}, year)), fiscal, growthCell(b.Now.Fiscal, b.Before.Fiscal), growthCell(b.Now.Revenue, b.Before.Revenue), paceCell(ctx, b.Now, b.Before)}})
		}
		v.Sections = append(v.Sections, record.Section{ID: "below", Title: i18n.T(ctx, "guarantee.below"), Lead: i18n.T(ctx, "guarantee.funds_lead", "Of", len(below), "With", len(below)-without, "Without", without, "Behind", behind), Table: t})
	}
	last := &v.Sections[len(v.Sections)-1]
	last.Acts = append(last.Acts, tables(ctx, u, year, "/budget", KindBudget)...)
	for _, b := range tables(ctx, u, year, "/revenue", KindRevenue) {
		b.Text = i18n.T(ctx, "guarantee.of_revenue", "Do", b.Text)
		last.Acts = append(last.Acts, b)
	}
	return show(w, r, v)
}

// linePart lists a unit's lines and its revenue of a year, each a link to its record.
func (s *Service) linePart(ctx context.Context, u org.Unit, year int) (record.Section, error) {
	view := scope.From(ctx).ViewSet
	lines, err := s.store.lines(ctx, []id.ID{u.ID}, view, year, year)
	if err != nil {
		return record.Section{}, err
	}
	revenues, err := s.store.revenues(ctx, []id.ID{u.ID}, view, year, year)
	t := ui.Table{Caption: i18n.T(ctx, "guarantee.lines", "Year", year), Columns: columns(ctx, "f.source", ">f.amount", "f.in_budget", "f.approved")}
	for _, l := range lines {
		t.Rows = append(t.Rows, ui.Row{ID: l.Ref().String(), Cells: []ui.Cell{ui.To(i18n.T(ctx, "guarantee.source."+l.Source), budgetPath(l.Ref())), ui.Num(money(ctx, l.Amount), budgetPath(l.Ref())), ui.Text(yesNo(ctx, l.InBudget == 1)), ui.Text(l.Document)}})
	}
	x := record.Section{ID: "lines", Title: i18n.T(ctx, "guarantee.lines", "Year", year), Table: t, Empty: i18n.T(ctx, "guarantee.lines_none")}
	for _, l := range revenues {
		x.Facts = append(x.Facts, ui.Fact{Label: i18n.T(ctx, "guarantee.revenue_of", "Year", l.Year), Text: joined(ctx, money(ctx, l.Amount), l.Source), Href: revenuePath(l.Ref())})
	}
	return x, err
}

// apiFunds answers a unit's money over the years and that of the units right below: ?unit= &year=.
func (s *Service) apiFunds(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	u, err := s.unitIn(r)
	if err != nil {
		return err
	}
	year := yearIn(r)
	own, err := s.MoneyOf(ctx, []id.ID{u.ID}, year-shownYears, year)
	if err != nil {
		return err
	}
	lines, err := s.store.lines(ctx, []id.ID{u.ID}, scope.From(ctx).ViewSet, year, year)
	if err != nil {
		return err
	}
	below, err := s.Funds(ctx, u, year, asOf(ctx, year))
	if err != nil {
		return err
	}
	type line struct {
		Ref string `json:"ref"`
		ListedBudget
	}
	out := []line{}
	for _, l := range lines {
		out = append(out, line{l.Ref().String(), l})
	}
	m := own[u.ID]
	return web.JSON(w, http.StatusOK, map[string]any{"year": year, "years": m, "pace": PaceOf(m[shownYears], m[shownYears-1]), "lines": out, "below": append([]Funded{}, below...)})
}
