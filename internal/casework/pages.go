package casework

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"xinhuo/internal/kit/anon"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/web"
	"xinhuo/internal/kit/web/ui"
	"xinhuo/internal/org"
	"xinhuo/internal/seal"
)

// Routes are the addresses of this module.
func (s *Service) Routes() []web.Route {
	get, post := http.MethodGet, http.MethodPost
	return []web.Route{
		{Method: get, Path: "/casework", Right: scope.View, Scope: web.ByUnit, Name: "casework.index", Handler: s.indexPage},
		{Method: get, Path: "/casework/new", Right: scope.Work, Scope: web.ByUnit, Name: "casework.new", Handler: s.newPage},
		{Method: post, Path: "/casework/new", Right: scope.Work, Scope: web.ByUnit, Name: "casework.newPost", Handler: s.newPost},
		{Method: get, Path: "/casework/{ref}", Right: scope.View, Scope: web.ByRecord, Name: "casework.show", Handler: s.showPage},
		{Method: get, Path: "/casework/{ref}/print", Right: scope.View, Scope: web.ByRecord, Name: "casework.print", Handler: s.printPage},
		{Method: post, Path: "/casework/{ref}/{act}", Right: scope.Work, Scope: web.ByRecord, Name: "casework.act", Handler: s.actPost},
		{Method: get, Path: MinePath, Right: scope.SignedIn, Scope: web.Self, Name: "casework.mine", Handler: s.minePage},
		{Method: get, Path: MinePath + "/{ref}", Right: scope.SignedIn, Scope: web.Self, Name: "casework.mineShow", Handler: s.mineShow},
		{Method: post, Path: MinePath + "/{ref}", Right: scope.SignedIn, Scope: web.Self, Name: "casework.mineVisit", Handler: s.mineVisit},
		{Method: get, Path: "/api/v1/casework", Right: scope.View, Scope: web.ByUnit, Name: "casework.apiIndex", Handler: s.apiIndex},
		{Method: get, Path: "/api/v1/casework/{ref}", Right: scope.View, Scope: web.ByRecord, Name: "casework.apiShow", Handler: s.apiShow},
		{Method: post, Path: "/api/v1/casework/{ref}/visits", Right: scope.Work, Scope: web.ByRecord, Name: "casework.apiVisit", Handler: s.apiVisit},
	}
}

// MinePath is where volunteers find the cases that they are paired with.
const MinePath = "/me/casework"

func tr(ctx context.Context, key string, args ...any) string { return i18n.T(ctx, key, args...) }

// unitOf is the unit that the address names, the actor's own without one; the router has asked for the right there.
func (s *Service) unitOf(r *http.Request) (org.Unit, error) {
	if q := r.URL.Query().Get("unit"); q != "" {
		return s.org.Resolve(r.Context(), q)
	}
	return s.org.Unit(r.Context(), scope.From(r.Context()).Unit)
}

func at(path string, unit id.ID) string {
	return path + "?" + url.Values{"unit": {unit.String()}}.Encode()
}

func numbered(n int64) string { return strconv.FormatInt(n, 10) }

func or(text, other string) string {
	if text == "" {
		return other
	}
	return text
}

func options(ctx context.Context, key string, list []string) (out []ui.Option) {
	for _, x := range list {
		out = append(out, ui.Option{Value: x, Text: tr(ctx, key+x)})
	}
	return out
}

type indexView struct {
	Heading ui.Heading
	Here    bool
	Note    *ui.Note
	Filters []ui.Choice
	Table   ui.Table
	Tally   ui.Table
	In, Out ui.Table // what is offered to the unit, and what it offered or handed over
	Counts  ui.Table
	Period  string
}

// indexPage is a unit's list of cases for who works there; for those above what is published of closed months.
func (s *Service) indexPage(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	u, err := s.unitOf(r)
	if err != nil {
		return err
	}
	v := indexView{Heading: ui.Heading{Title: tr(ctx, "casework.title"), Under: u.Name}, Here: worksAt(ctx, u.ID, u.Pos)}
	if v.Here {
		v.Heading.Acts = []ui.Button{{Text: tr(ctx, "casework.new"), Href: at("/casework/new", u.ID), Main: true}, {Text: tr(ctx, "casework.find"), Href: seal.FindPath(u.ID)}}
		if err := s.fillIndex(r, u, &v); err != nil {
			return err
		}
	}
	if v.Counts, v.Period, err = s.countTable(ctx, u); err != nil {
		return err
	}
	return web.Render(w, r, web.Page{Title: v.Heading.Title, Current: Kind, Crumbs: []ui.Link{{Text: v.Heading.Title}}}, indexTempl(v))
}

// filterOf reads the filter of an address; what is not known narrows nothing.
func filterOf(q url.Values) (f Filter) {
	if _, ok := classOf(q.Get("class")); ok {
		f.Class = q.Get("class")
	}
	for _, x := range Onlys {
		if q.Get("only") == x {
			f.Only = x
		}
	}
	for _, n := range Idles {
		if q.Get("days") == strconv.Itoa(n) {
			f.Days = n
		}
	}
	return f
}

func (s *Service) fillIndex(r *http.Request, u org.Unit, v *indexView) error {
	ctx, f := r.Context(), filterOf(r.URL.Query())
	list, err := s.List(ctx, u, f)
	if err != nil {
		return err
	}
	paired, err := s.Paired(ctx, u)
	if err != nil {
		return err
	}
	tallies, err := s.Tallies(ctx, u)
	if err != nil {
		return err
	}
	v.Table = caseTable(ctx, list, paired)
	if v.In, v.Out, err = s.passTables(ctx, u); err != nil {
		return err
	}
	v.Tally = ui.Table{Caption: tr(ctx, "casework.tally"), Columns: []ui.Column{{Text: tr(ctx, "casework.f.class")}, {Text: tr(ctx, "casework.f.open"), Label: true, Right: true}, {Text: tr(ctx, "casework.f.overdue"), Label: true, Right: true}, {Text: tr(ctx, "casework.f.closed"), Label: true, Right: true}}}
	var overdue int64
	idle := func(class, only, days string) string {
		return web.Address("/casework", nil, "unit", u.ID.String(), "class", class, "only", only, "days", days)
	}
	here := func(class, only string) string { return idle(class, only, "") }
	for _, t := range tallies {
		overdue += t.Overdue
		v.Tally.Rows = append(v.Tally.Rows, ui.Row{Cells: []ui.Cell{ui.Text(tr(ctx, "casework.class."+t.Class)), ui.Num(ui.Number(t.Open), here(t.Class, "")), ui.Num(ui.Number(t.Overdue), here(t.Class, "overdue")), ui.Num(ui.Number(t.Closed), here(t.Class, "closed"))}})
	}
	if overdue > 0 && f.Only != "overdue" {
		v.Note = &ui.Note{Kind: "w", Title: tr(ctx, "casework.late", "N", overdue), Links: []ui.Link{{Text: tr(ctx, "casework.see_late"), Href: here("", "overdue")}}}
	}
	classes := ui.Choice{Label: tr(ctx, "casework.f.class"), Links: []ui.Link{{Text: tr(ctx, "casework.all"), Href: here("", f.Only), Current: f.Class == ""}}}
	for _, k := range Classes() {
		classes.Links = append(classes.Links, ui.Link{Text: tr(ctx, "casework.class."+k.Code), Href: here(k.Code, f.Only), Current: f.Class == k.Code})
	}
	which := ui.Choice{Label: tr(ctx, "casework.f.only"), Links: []ui.Link{{Text: tr(ctx, "casework.running"), Href: here(f.Class, ""), Current: f.Only == ""}}}
	for _, x := range Onlys {
		which.Links = append(which.Links, ui.Link{Text: tr(ctx, "casework.only."+x), Href: here(f.Class, x), Current: f.Only == x})
	}
	unseen := ui.Choice{Label: tr(ctx, "casework.f.days"), Links: []ui.Link{{Text: tr(ctx, "casework.all"), Href: here(f.Class, f.Only), Current: f.Days == 0}}}
	for _, n := range Idles {
		unseen.Links = append(unseen.Links, ui.Link{Text: tr(ctx, "casework.days_n", "N", n), Href: idle(f.Class, f.Only, strconv.Itoa(n)), Current: f.Days == n})
	}
	v.Filters = []ui.Choice{classes, which, unseen}
	return nil
}

// caseTable lists cases without who they are about.
func caseTable(ctx context.Context, list []Case, paired map[id.ID][]Pair) ui.Table {
	t := ui.Table{Caption: tr(ctx, "casework.title"), Columns: []ui.Column{{Text: tr(ctx, "casework.f.no")}, {Text: tr(ctx, "casework.f.class"), Label: true}, {Text: tr(ctx, "casework.f.state"), Label: true}, {Text: tr(ctx, "casework.f.last"), Label: true},
		{Text: tr(ctx, "casework.f.due"), Label: true}, {Text: tr(ctx, "casework.f.holder"), Label: true}, {Text: tr(ctx, "casework.f.paired"), Label: true}}}
	today, dash := clock.Today(ctx), tr(ctx, "casework.dash")
	for _, c := range list {
		due, last := dash, dash
		if c.DueOn != "" {
			due = i18n.Day(ctx, c.DueOn)
		}
		if c.LastOn != "" {
			last = i18n.Day(ctx, c.LastOn)
		}
		var names []string
		for _, p := range paired[c.ID] {
			names = append(names, p.Name)
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{ui.To(c.No, path(c.Ref())), ui.Text(tr(ctx, "casework.class."+c.Class)), stateCell(ctx, c, today), ui.Text(last), ui.Text(due), ui.Text(c.HolderName), ui.Text(or(strings.Join(names, tr(ctx, "casework.comma")), dash))}})
	}
	return t
}

func stateCell(ctx context.Context, c Case, today clock.Day) ui.Cell {
	switch {
	case c.Overdue(today):
		return ui.State(tr(ctx, "casework.unvisited", "N", c.Unvisited(today)), "w")
	case c.ResultDue != "" && c.ResultDue <= today:
		return ui.State(tr(ctx, "casework.result_late"), "w")
	}
	return ui.State(tr(ctx, "casework.is."+string(c.State)), "")
}

// countTable is what is published.
func (s *Service) countTable(ctx context.Context, u org.Unit) (t ui.Table, period string, err error) {
	from, to, list, err := s.Counts(ctx, u)
	if err != nil {
		return t, "", err
	}
	t = ui.Table{Caption: tr(ctx, "casework.counts"), Columns: []ui.Column{{Text: tr(ctx, "casework.f.class")}, {Text: tr(ctx, "casework.f.measure"), Label: true}, {Text: tr(ctx, "casework.f.n"), Label: true, Right: true}}}
	for _, c := range list {
		n := ui.Number(c.N)
		if c.Least {
			n = tr(ctx, "casework.or_more", "N", n)
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{ui.Text(tr(ctx, "casework.class."+c.Class)), ui.Text(tr(ctx, "casework.measure."+c.Measure)), ui.Text(n)}})
	}
	if month, tenths, err := s.InRhythm(ctx, u); err != nil {
		return t, "", err
	} else if month != "" {
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{ui.Text(tr(ctx, "casework.all")), ui.Text(tr(ctx, "casework.measure.rhythm", "Month", i18n.Month(ctx, anon.FirstOf(month)))), ui.Text(tr(ctx, "casework.tenths", "N", tenths*10))}})
	}
	return t, tr(ctx, "casework.counts_lead", "From", i18n.Month(ctx, anon.FirstOf(from)), "To", i18n.Month(ctx, anon.FirstOf(to)), "N", anon.Fewest), nil
}

type mineView struct {
	Heading ui.Heading
	Lead    string
	Table   ui.Table
}

// minePage are the cases that the reader is paired with as a volunteer; everybody who is signed in may ask.
func (s *Service) minePage(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	list, err := s.Mine(ctx)
	if err != nil {
		return err
	}
	v := mineView{Heading: ui.Heading{Title: tr(ctx, "casework.mine")}, Lead: tr(ctx, "casework.mine_lead")}
	v.Table = ui.Table{Caption: v.Heading.Title, Columns: []ui.Column{{Text: tr(ctx, "casework.f.no")}, {Text: tr(ctx, "casework.f.class"), Label: true}, {Text: tr(ctx, "casework.f.state"), Label: true}, {Text: tr(ctx, "casework.f.due"), Label: true}}}
	for _, c := range list {
		v.Table.Rows = append(v.Table.Rows, ui.Row{Cells: []ui.Cell{ui.To(c.No, MinePath+"/"+c.Ref().String()), ui.Text(tr(ctx, "casework.class."+c.Class)), stateCell(ctx, c, clock.Today(ctx)), ui.Text(or(i18n.Day(ctx, c.DueOn), tr(ctx, "casework.dash")))}})
	}
	return web.Render(w, r, web.Page{Title: v.Heading.Title, Current: "me", Crumbs: []ui.Link{{Text: v.Heading.Title}}}, mineTempl(v))
}
