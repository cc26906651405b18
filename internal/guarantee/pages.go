package guarantee

import (
	"bytes"
	"context"
	"net/http"
	"net/url"
	"strconv"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/i18n"
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
	get := http.MethodGet
	out := []web.Route{
		{Method: get, Path: "/guarantee", Right: scope.View, Scope: web.ByUnit, Name: "guarantee.list", Handler: s.listPage},
		{Method: get, Path: "/guarantee/point", Right: scope.View, Scope: web.ByUnit, Name: "guarantee.point", Handler: s.pointPage},
		{Method: get, Path: "/guarantee/export", Right: scope.View, Scope: web.ByUnit, Name: "guarantee.export", Handler: s.exportFile(Kind, "guarantee.points")},
		{Method: get, Path: "/guarantee-standard", Right: scope.View, Scope: web.ByUnit, Name: "guarantee.standards", Handler: s.standardsPage},
		{Method: get, Path: "/api/v1/guarantees", Right: scope.View, Scope: web.ByUnit, Name: "guarantee.apiList", Handler: s.apiScores},
	}
	for _, x := range []struct {
		path, api, kind, title string
		page, json             func(w http.ResponseWriter, r *http.Request) error
	}{{"/budget", "budgets", KindBudget, "guarantee.view.budget", s.budgetPage, s.apiFunds}, {"/should", "should", KindShould, "guarantee.view.should", s.shouldPage, s.apiShould}} {
		out = append(out, web.Route{Method: get, Path: x.path, Right: scope.View, Scope: web.ByUnit, Name: "guarantee." + x.kind + "List", Handler: x.page},
			web.Route{Method: get, Path: x.path + "/export", Right: scope.View, Scope: web.ByUnit, Name: "guarantee." + x.kind + "Export", Handler: s.exportFile(x.kind, x.title)},
			web.Route{Method: get, Path: "/api/v1/" + x.api, Right: scope.View, Scope: web.ByUnit, Name: "guarantee." + x.kind + "ApiList", Handler: x.json})
	}
	out = append(out, web.Route{Method: get, Path: "/revenue/export", Right: scope.View, Scope: web.ByUnit, Name: "guarantee.revenueExport", Handler: s.exportFile(KindRevenue, "guarantee.revenues")})
	out = append(append(out, s.yearDesk().routes()...), s.standardDesk().routes()...)
	return append(append(append(out, s.budgetDesk().routes()...), s.revenueDesk().routes()...), s.shouldDesk().routes()...)
}

// unitIn is the unit that the address names, the reader's own without one; the router has asked for the right there.
func (s *Service) unitIn(r *http.Request) (org.Unit, error) {
	if q := r.URL.Query().Get("unit"); q != "" {
		return s.org.Resolve(r.Context(), q)
	}
	return s.org.Unit(r.Context(), scope.From(r.Context()).Unit)
}

// yearIn is the year that the address names, this one without.
func yearIn(r *http.Request) int {
	if y, err := strconv.Atoi(r.URL.Query().Get("year")); err == nil && y >= firstYear && y < 2200 {
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

// views are the pages of a unit's year.
var views = []string{"/guarantee", "/budget", "/should", "/guarantee-standard"}

// choices are the years beside each other, and the pages of a year.
func choices(ctx context.Context, u org.Unit, year int, path string) []ui.Choice {
	years, list := ui.Choice{Label: i18n.T(ctx, "guarantee.f.year")}, ui.Choice{Label: i18n.T(ctx, "guarantee.view")}
	this := clock.Today(ctx).Year()
	for y := this - 3; y <= this; y++ {
		years.Links = append(years.Links, ui.Link{Text: i18n.T(ctx, "guarantee.year", "Year", y), Href: at(path, u, y), Current: y == year})
	}
	for _, v := range views {
		list.Links = append(list.Links, ui.Link{Text: i18n.T(ctx, "guarantee.view."+v[1:]), Href: at(v, u, year), Current: v == path})
	}
	return []ui.Choice{years, list}
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

// overview begins a page of a unit's year.
func (s *Service) overview(r *http.Request, path string, codes ...string) (u org.Unit, year int, v record.Overview, err error) {
	ctx := r.Context()
	if u, err = s.unitIn(r); err != nil {
		return u, 0, v, err
	}
	year = yearIn(r)
	v = record.Overview{Heading: ui.Heading{Title: i18n.T(ctx, "guarantee.view."+path[1:]), Under: i18n.T(ctx, "guarantee.under", "Unit", u.Name, "Year", year)}, Choices: choices(ctx, u, year, path)}
	v.Figures, err = s.figures(ctx, u, asOf(ctx, year), codes...)
	return u, year, v, err
}

func show(w http.ResponseWriter, r *http.Request, v record.Overview) error {
	return web.Render(w, r, web.Page{Title: v.Heading.Title, Current: Kind, Crumbs: []ui.Link{{Text: v.Heading.Title}}}, record.OverviewBody(v))
}

// tables are the buttons by which a kind of record comes and goes as a table.
func tables(ctx context.Context, u org.Unit, year int, path, kind string) (out []ui.Button) {
	if scope.From(ctx).May(scope.Work, u.Pos) {
		out = append(out, ui.Button{Text: i18n.T(ctx, "guarantee.import"), Href: "/import/" + kind + "?unit=" + u.ID.String()})
	}
	return append(out, ui.Button{Text: i18n.T(ctx, "guarantee.export_xlsx"), Href: at(path+"/export", u, year, "format", table.XLSX)}, ui.Button{Text: i18n.T(ctx, "guarantee.export_csv"), Href: at(path+"/export", u, year, "format", table.CSV)})
}

func (s *Service) exportFile(kind, title string) func(w http.ResponseWriter, r *http.Request) error {
	return func(w http.ResponseWriter, r *http.Request) error {
		u, err := s.unitIn(r)
		if err != nil {
			return err
		}
		format := table.XLSX
		if r.URL.Query().Get("format") == table.CSV {
			format = table.CSV
		}
		name := i18n.T(r.Context(), title) + "-" + u.Name
		var b bytes.Buffer // an error half way would leave a broken file behind
		if err := s.rec.Export(r.Context(), &b, kind, format, u.ID, name); err != nil {
			return err
		}
		w.Header().Set("Content-Type", table.ContentType(format))
		w.Header().Set("Cache-Control", "no-store")
		w.Header().Set("Content-Disposition", "attachment; filename*=UTF-8''"+url.PathEscape(name+"."+format))
		_, err = w.Write(b.Bytes())
		return err
	}
}

// columns are headings of a table, each with its label on a narrow screen; those that begin with > stand right.
func columns(ctx context.Context, keys ...string) (out []ui.Column) {
	for i, k := range keys {
		c := ui.Column{Label: i > 0}
		if k[0] == '>' {
			c.Right, k = true, k[1:]
		}
		c.Text = i18n.T(ctx, "guarantee."+k)
		out = append(out, c)
	}
	return out
}
