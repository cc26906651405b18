package plan

import (
	"bytes"
	"context"
	"net/http"
	"net/url"
	"strconv"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/table"
	"xinhuo/internal/kit/web"
	"xinhuo/internal/kit/web/ui"
	"xinhuo/internal/ledger"
	"xinhuo/internal/org"
	"xinhuo/internal/record"
)

// Routes are the addresses of this module.
func (s *Service) Routes() []web.Route {
	get, post := http.MethodGet, http.MethodPost
	out := []web.Route{
		{Method: get, Path: "/plan", Right: scope.View, Scope: web.ByUnit, Name: "plan.list", Handler: s.listPage},
		{Method: get, Path: "/plan/late", Right: scope.View, Scope: web.ByUnit, Name: "plan.late", Handler: s.latePage},
		{Method: get, Path: "/plan/measures", Right: scope.View, Scope: web.ByUnit, Name: "plan.measures", Handler: s.measuresPage},
		{Method: get, Path: "/plan/export", Right: scope.View, Scope: web.ByUnit, Name: "plan.export", Handler: s.exportFile},
		{Method: get, Path: "/plan/new", Right: scope.Work, Scope: web.ByUnit, Name: "plan.newForm", Handler: s.newForm},
		{Method: post, Path: "/plan/new", Right: scope.Work, Scope: web.ByUnit, Name: "plan.create", Handler: s.createPost},
		{Method: get, Path: "/central", Right: scope.View, Scope: web.ByUnit, Name: "plan.centralList", Handler: s.centralListPage},
		{Method: get, Path: "/central/new", Right: scope.Work, Scope: web.ByUnit, Name: "plan.centralNew", Handler: s.centralNewForm},
		{Method: post, Path: "/central/new", Right: scope.Work, Scope: web.ByUnit, Name: "plan.centralCreate", Handler: s.centralCreatePost},
	}
	for _, k := range []struct {
		path, name  string
		show, known func(w http.ResponseWriter, r *http.Request) error
		about       func(r *http.Request) (record.Form, error)
		do          record.Doer
	}{
		{"/plan", "plan", s.showPage, s.knownPage, s.aboutPlan, s.doPlan},
		{"/plan/item", "plan.item", s.itemPage, s.itemKnownPage, s.aboutItem, s.doItem},
		{"/central", "plan.central", s.centralPage, s.centralKnownPage, s.aboutCentral, s.doCentral},
	} {
		out = append(out, web.Route{Method: get, Path: k.path + "/{ref}", Right: scope.View, Scope: web.ByRecord, Name: k.name + "Show", Handler: k.show},
			web.Route{Method: get, Path: k.path + "/known/{ref}", Right: scope.View, Scope: web.ByRecord, Name: k.name + "Known", Handler: k.known},
			web.Route{Method: get, Path: k.path + "/{ref}/{act}", Right: scope.Work, Scope: web.ByRecord, Name: k.name + "Form", Handler: record.ActForm(k.about)},
			web.Route{Method: post, Path: k.path + "/{ref}/{act}", Right: scope.Work, Scope: web.ByRecord, Name: k.name + "Act", Handler: s.rec.ActPost(k.about, k.do)})
	}
	return append(out, s.apiRoutes()...)
}

const pageSize = 30

// unitIn is the unit that the address names, the reader's own without one; the router has asked for the right there.
func (s *Service) unitIn(r *http.Request) (org.Unit, error) {
	if q := r.URL.Query().Get("unit"); q != "" {
		return s.org.Resolve(r.Context(), q)
	}
	return s.org.Unit(r.Context(), scope.From(r.Context()).Unit)
}

// yearIn is the year that the address names, this one without.
func yearIn(r *http.Request) int {
	if y, err := strconv.Atoi(r.URL.Query().Get("year")); err == nil && y > 1999 && y < 2200 {
		return y
	}
	return clock.Today(r.Context()).Year()
}

// asOf is the day by which a year is looked at: today, or the last day of a year that is over.
func asOf(ctx context.Context, year int) clock.Day {
	return min(clock.Today(ctx), clock.YearOf(year).To)
}

func at(path string, u org.Unit, year int, more ...string) string {
	v := url.Values{"unit": {u.ID.String()}, "year": {strconv.Itoa(year)}}
	for i := 0; i+1 < len(more); i += 2 {
		v.Set(more[i], more[i+1])
	}
	return path + "?" + v.Encode()
}

func crumbs(ctx context.Context, u org.Unit, year int, title string) web.Page {
	return web.Page{Title: title, Current: Kind, Crumbs: []ui.Link{{Text: i18n.T(ctx, "plan.title"), Href: at("/plan", u, year)}, {Text: title}}}
}

// choices are the years beside each other, and the pages of a year.
func choices(ctx context.Context, u org.Unit, year int, path string) []ui.Choice {
	years, views := ui.Choice{Label: i18n.T(ctx, "plan.f.year")}, ui.Choice{Label: i18n.T(ctx, "plan.view")}
	this := clock.Today(ctx).Year()
	for _, y := range []int{this - 1, this, this + 1} {
		years.Links = append(years.Links, ui.Link{Text: i18n.T(ctx, "plan.year", "Year", y), Href: at(path, u, y), Current: y == year})
	}
	for _, v := range []struct{ path, key string }{{"/plan", "plan.view.list"}, {"/plan/late", "plan.view.late"}, {"/plan/measures", "plan.view.measures"}, {"/central", "plan.view.central"}} {
		views.Links = append(views.Links, ui.Link{Text: i18n.T(ctx, v.key), Href: at(v.path, u, year), Current: v.path == path})
	}
	return []ui.Choice{years, views}
}

func (s *Service) figures(ctx context.Context, u org.Unit, day clock.Day, codes ...string) (out []ui.Figure, err error) {
	for _, code := range codes {
		q := ledger.Query{Figure: code, Unit: u.ID, Day: day}
		def, err := s.ledger.Figure(code)
		if err != nil {
			return nil, err
		}
		v, err := s.ledger.Ask(ctx, q)
		if err != nil {
			return nil, err
		}
		f := ui.Figure{Label: def.Short.In(i18n.Lang(ctx)), Href: record.EvidenceHref(q)}
		f.Number, f.Unit = ledger.Number(ctx, def, v.Amount)
		out = append(out, f)
	}
	return out, nil
}

// listPage is a year seen from a unit: its own plan, and those of the units below it.
func (s *Service) listPage(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	u, err := s.unitIn(r)
	if err != nil {
		return err
	}
	year := yearIn(r)
	day := asOf(ctx, year)
	after, _ := strconv.ParseInt(r.URL.Query().Get("after"), 10, 64) // anything else begins at the first
	list, next, err := s.List(ctx, u, year, day, after, pageSize)
	if err != nil {
		return err
	}
	v := record.Overview{Heading: ui.Heading{Title: i18n.T(ctx, "plan.title"), Under: i18n.T(ctx, "plan.under", "Unit", u.Name, "Year", year)}, Choices: choices(ctx, u, year, "/plan")}
	if v.Figures, err = s.figures(ctx, u, day, "plan.issued", "plan.items", "plan.done", "plan.done_share", "plan.late", "plan.budget_fen"); err != nil {
		return err
	}
	own, err := s.ByYear(ctx, u.ID, year)
	if err != nil {
		return err
	}
	works := scope.From(ctx).May(scope.Work, u.Pos)
	if works && own == nil {
		v.Heading.Acts = []ui.Button{{Text: i18n.T(ctx, "plan.begin"), Href: at("/plan/new", u, year), Main: true}}
	}
	if works {
		v.Heading.Acts = append(v.Heading.Acts, ui.Button{Text: i18n.T(ctx, "plan.import"), Href: "/import/" + KindItem + "?unit=" + u.ID.String()})
	}
	t, err := s.planTable(ctx, list)
	if err != nil {
		return err
	}
	x := record.Section{ID: "plans", Title: i18n.T(ctx, "plan.plans"), Table: t, Empty: i18n.T(ctx, "plan.none"),
		Acts: []ui.Button{{Text: i18n.T(ctx, "plan.export_xlsx"), Href: at("/plan/export", u, year, "format", table.XLSX)}, {Text: i18n.T(ctx, "plan.export_csv"), Href: at("/plan/export", u, year, "format", table.CSV)}}}
	v.Sections = []record.Section{x}
	v.Paging.Here = len(list)
	if next != 0 {
		v.Paging.Next = at("/plan", u, year, "after", strconv.FormatInt(next, 10))
	}
	if after != 0 {
		v.Paging.First = at("/plan", u, year)
	}
	return web.Render(w, r, web.Page{Title: v.Heading.Title, Current: Kind, Crumbs: []ui.Link{{Text: v.Heading.Title}}}, record.OverviewBody(v))
}

func (s *Service) planTable(ctx context.Context, list []Listed) (ui.Table, error) {
	ids := make([]id.ID, len(list))
	for n, l := range list {
		ids[n] = l.Unit
	}
	units, err := s.org.ByIDs(ctx, ids)
	t := ui.Table{Caption: i18n.T(ctx, "plan.plans"), Columns: []ui.Column{{Text: i18n.T(ctx, "plan.f.unit")}, {Text: i18n.T(ctx, "plan.f.state"), Label: true}, {Text: i18n.T(ctx, "plan.n_items"), Label: true, Right: true},
		{Text: i18n.T(ctx, "plan.n_done"), Label: true, Right: true}, {Text: i18n.T(ctx, "plan.n_late"), Label: true, Right: true}, {Text: i18n.T(ctx, "plan.share"), Label: true, Right: true}}}
	for _, l := range list {
		state := ui.State(i18n.T(ctx, "plan.drafted"), "-")
		if l.IssuedOn != clock.Open {
			state = ui.State(i18n.T(ctx, "plan.is_issued"), "p")
		}
		share := i18n.T(ctx, "plan.no_share")
		if l.Items > 0 {
			share = ui.Number(l.Done*100/l.Items) + "%"
		}
		t.Rows = append(t.Rows, ui.Row{ID: l.Ref().String(), Bad: l.Late > 0, Cells: []ui.Cell{ui.To(units[l.Unit].Name, path(l.Ref())), state, ui.Num(ui.Number(l.Items), path(l.Ref())), ui.Num(ui.Number(l.Done), path(l.Ref())), ui.Num(ui.Number(l.Late), path(l.Ref())), ui.Text(share)}})
	}
	return t, err
}

// latePage lists what has no result after its last day (R22).
func (s *Service) latePage(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	u, err := s.unitIn(r)
	if err != nil {
		return err
	}
	year := yearIn(r)
	list, err := s.Late(ctx, u, clock.Today(ctx))
	if err != nil {
		return err
	}
	v := record.Overview{Heading: ui.Heading{Title: i18n.T(ctx, "plan.view.late"), Under: u.Name}, Choices: choices(ctx, u, year, "/plan/late")[1:]}
	if v.Figures, err = s.figures(ctx, u, clock.Today(ctx), "plan.late"); err != nil {
		return err
	}
	t, err := s.itemTable(ctx, list, i18n.T(ctx, "plan.view.late"))
	if err != nil {
		return err
	}
	v.Sections = []record.Section{{ID: "late", Title: i18n.T(ctx, "plan.late_list"), Lead: i18n.T(ctx, "plan.late_lead"), Table: t, Empty: i18n.T(ctx, "plan.late_none")}}
	return web.Render(w, r, crumbs(ctx, u, year, v.Heading.Title), record.OverviewBody(v))
}

// itemTable lists items of several units.
func (s *Service) itemTable(ctx context.Context, list []ListedItem, caption string) (ui.Table, error) {
	ids := make([]id.ID, len(list))
	for n, l := range list {
		ids[n] = l.Unit
	}
	units, err := s.org.ByIDs(ctx, ids)
	t := ui.Table{Caption: caption, Columns: []ui.Column{{Text: i18n.T(ctx, "plan.f.item")}, {Text: i18n.T(ctx, "plan.f.unit"), Label: true}, {Text: i18n.T(ctx, "plan.f.owner"), Label: true},
		{Text: i18n.T(ctx, "plan.due"), Label: true}, {Text: i18n.T(ctx, "plan.f.state")}}}
	today := clock.Today(ctx)
	for _, l := range list {
		state := ui.State(i18n.T(ctx, "plan.state.open"), "-")
		switch {
		case l.DoneOn != clock.Open:
			state = ui.State(i18n.T(ctx, "plan.state.done"), "p")
		case l.Due < today:
			state = ui.State(i18n.T(ctx, "plan.state.late"), "w")
		}
		t.Rows = append(t.Rows, ui.Row{ID: l.Ref().String(), Cells: []ui.Cell{ui.To(l.Title, itemPath(l.Ref())), ui.Text(units[l.Unit].Name), ui.Text(l.Owner), ui.Text(i18n.Day(ctx, l.Due)), state}})
	}
	return t, err
}

// measuresPage lists measures with their effect (R148).
func (s *Service) measuresPage(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	u, err := s.unitIn(r)
	if err != nil {
		return err
	}
	year := yearIn(r)
	day := asOf(ctx, year)
	list, err := s.Measures(ctx, u, year, day)
	if err != nil {
		return err
	}
	ids := make([]id.ID, len(list))
	for n, l := range list {
		ids[n] = l.Unit
	}
	units, err := s.org.ByIDs(ctx, ids)
	if err != nil {
		return err
	}
	v := record.Overview{Heading: ui.Heading{Title: i18n.T(ctx, "plan.view.measures"), Under: i18n.T(ctx, "plan.under", "Unit", u.Name, "Year", year)}, Choices: choices(ctx, u, year, "/plan/measures")}
	t := ui.Table{Caption: v.Heading.Title, Columns: []ui.Column{{Text: i18n.T(ctx, "plan.f.item")}, {Text: i18n.T(ctx, "plan.f.unit"), Label: true}, {Text: i18n.T(ctx, "plan.f.figure"), Label: true},
		{Text: i18n.T(ctx, "plan.before", "Year", year-1), Label: true, Right: true}, {Text: i18n.T(ctx, "plan.now"), Label: true, Right: true}}}
	for _, l := range list {
		before, now := l.asked(day)
		name, _ := s.figureName(ctx, l.Figure)
		t.Rows = append(t.Rows, ui.Row{ID: l.Ref().String(), Cells: []ui.Cell{ui.To(l.Title, itemPath(l.Ref())), ui.Text(units[l.Unit].Name), ui.Text(name),
			ui.Num(s.amount(ctx, l.Figure, l.Before), record.EvidenceHref(before)), ui.Num(s.amount(ctx, l.Figure, l.Now), record.EvidenceHref(now))}})
	}
	v.Sections = []record.Section{{ID: "measures", Title: i18n.T(ctx, "plan.view.measures"), Lead: i18n.T(ctx, "plan.measures_lead", "Year", year-1, "Day", i18n.Day(ctx, day)), Table: t, Empty: i18n.T(ctx, "plan.measures_none")}}
	return web.Render(w, r, crumbs(ctx, u, year, v.Heading.Title), record.OverviewBody(v))
}

func (s *Service) exportFile(w http.ResponseWriter, r *http.Request) error {
	u, err := s.unitIn(r)
	if err != nil {
		return err
	}
	format := table.XLSX
	if r.URL.Query().Get("format") == table.CSV {
		format = table.CSV
	}
	title := i18n.T(r.Context(), "plan.items") + "-" + u.Name
	var b bytes.Buffer // an error half way would leave a broken file behind
	if err := s.rec.Export(r.Context(), &b, KindItem, format, u.ID, title); err != nil {
		return err
	}
	w.Header().Set("Content-Type", table.ContentType(format))
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Content-Disposition", "attachment; filename*=UTF-8''"+url.PathEscape(title+"."+format))
	_, err = w.Write(b.Bytes())
	return err
}

// gone tells that an act, or its undo, took the record out.
func gone[T any](ctx context.Context, get func(ctx context.Context, ref id.Ref) (T, record.Version, error), ref id.Ref) bool {
	_, _, err := get(ctx, ref)
	return errs.Is(err, errs.NotFound)
}

func reasonInput(ctx context.Context) ui.Input {
	return ui.Input{Kind: ui.KindArea, Name: "reason", Label: i18n.T(ctx, "plan.f.reason"), Lines: 2}
}

func dayInput(ctx context.Context, name, label string, value clock.Day) ui.Input {
	return ui.Input{Kind: ui.KindDate, Name: name, Label: i18n.T(ctx, label), Value: string(value)}
}
