package app

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"xinhuo/internal/activity"
	"xinhuo/internal/base"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/web"
	"xinhuo/internal/kit/web/ui"
	"xinhuo/internal/library"
	"xinhuo/internal/meeting"
	"xinhuo/internal/org"
	"xinhuo/internal/people"
	"xinhuo/internal/project"
	"xinhuo/internal/volunteer"
)

// Finder finds records of one kind by name within what the reader may view.
type Finder func(ctx context.Context, q string, limit int) ([]ui.Link, error)

// Findable is a kind of record that the search of all pages looks through.
type Findable struct {
	Title string // text key of its heading
	Find  Finder
}

const (
	unitHits   = 10
	recordHits = 10
	longestAsk = 60 // characters; nothing has a longer name
)

type searchView struct {
	query  string
	asked  bool
	units  []ui.UnitHit
	groups []searchGroup
}

type searchGroup struct {
	id, title string
	links     []ui.Link
}

// searchPage finds units within the reader's province, and records within their view.
func searchPage(o *org.Service, kinds ...Findable) web.Route {
	return web.Route{Method: "GET", Path: "/search", Right: scope.Find, Scope: web.ByList, Name: "app.searchPage",
		Handler: func(w http.ResponseWriter, r *http.Request) error {
			ctx := r.Context()
			v := searchView{query: strings.TrimSpace(r.URL.Query().Get("q"))}
			if chars := []rune(v.query); len(chars) > longestAsk {
				v.query = string(chars[:longestAsk])
			}
			if v.asked = v.query != ""; v.asked {
				if err := v.find(ctx, o, kinds); err != nil {
					return err
				}
			}
			title := i18n.T(ctx, "app.search")
			if v.asked {
				title = i18n.T(ctx, "app.search_for", "Query", v.query)
			}
			return web.Render(w, r, web.Page{Title: title}, searchBody(v, title))
		}}
}

func (v *searchView) find(ctx context.Context, o *org.Service, kinds []Findable) error {
	a := scope.From(ctx)
	hits, err := o.Search(ctx, v.query, unitHits)
	if err != nil {
		return err
	}
	for _, h := range hits {
		var path []string
		for _, p := range h.Path {
			path = append(path, p.Name)
		}
		hit := ui.UnitHit{Name: h.Unit.Name, Mark: h.Matched, Path: strings.Join(path, " › "), Code: h.Unit.Code, Href: "/tree?at=" + h.Unit.ID.String()}
		if a.May(scope.View, h.Unit.Pos) {
			hit.Href = "/unit/" + h.Unit.ID.String()
		}
		if h.Became != nil {
			hit.Ended = i18n.T(ctx, "app.search_became", "Name", h.Became.Name)
		} else if !h.Unit.StandsOn(clock.Today(ctx)) {
			hit.Ended = i18n.T(ctx, "app.search_ended")
		}
		v.units = append(v.units, hit)
	}
	if len(a.ViewSet) == 0 {
		return nil
	}
	for _, k := range kinds {
		links, err := k.Find(ctx, v.query, recordHits)
		if err != nil {
			return err
		}
		if len(links) > 0 {
			v.groups = append(v.groups, searchGroup{id: strings.ReplaceAll(k.Title, ".", "-"), title: i18n.T(ctx, k.Title), links: links})
		}
	}
	return nil
}

// findables are the records that the search looks through: what a page of its own and a name has.
func (a *App) findables() []Findable {
	return []Findable{
		{"app.nav.base", func(ctx context.Context, q string, limit int) ([]ui.Link, error) {
			u, err := a.widest(ctx)
			if err != nil {
				return nil, err
			}
			p, err := a.Base.List(ctx, base.Filter{Unit: u, Text: q, Limit: limit})
			var out []ui.Link
			for _, b := range p.Rows {
				out = append(out, ui.Link{Text: b.Name, Href: "/base/" + b.Ref().String(), Sub: b.Code})
			}
			return out, err
		}},
		{"app.nav.team", func(ctx context.Context, q string, limit int) ([]ui.Link, error) {
			u, err := a.widest(ctx)
			if err != nil {
				return nil, err
			}
			p, err := a.People.List(ctx, u, clock.Today(ctx), people.Filter{Text: q}, 0, "", limit)
			var out []ui.Link
			for _, t := range p.Teams {
				out = append(out, ui.Link{Text: t.Name, Href: "/team/" + t.Ref().String(), Sub: t.Code})
			}
			return out, err
		}},
		{"app.nav.volunteer", func(ctx context.Context, q string, limit int) ([]ui.Link, error) {
			u, err := a.widest(ctx)
			if err != nil {
				return nil, err
			}
			p, err := a.Volunteer.List(ctx, u, clock.Today(ctx), volunteer.Filter{Text: q}, -1, "", limit)
			var out []ui.Link
			for _, v := range p.Volunteers {
				out = append(out, ui.Link{Text: v.Name, Href: "/volunteer/" + v.Ref().String(), Sub: v.Code})
			}
			return out, err
		}},
		{"app.nav.notice", func(ctx context.Context, q string, limit int) ([]ui.Link, error) {
			list, err := a.Coord.Find(ctx, q, limit)
			var out []ui.Link
			for _, l := range list {
				out = append(out, ui.Link{Text: l.Title, Href: "/notice/" + l.Ref.String(), Sub: l.Document})
			}
			return out, err
		}},
		{"app.nav.library", func(ctx context.Context, q string, limit int) ([]ui.Link, error) {
			list, _, _, _, err := a.Library.List(ctx, library.Filter{Words: q, State: library.Issued, Limit: limit})
			if errs.Is(err, errs.Invalid) { // too little to look for in texts
				return nil, nil
			}
			filling, bad := a.Library.Filling(ctx)
			if err = errors.Join(err, bad); err != nil {
				return nil, err
			}
			var out []ui.Link
			if filling {
				out = append(out, ui.Link{Text: i18n.T(ctx, "library.filling"), Sub: i18n.T(ctx, "library.filling_why")})
			}
			for _, l := range list[:min(len(list), limit)] {
				out = append(out, ui.Link{Text: l.Title, Href: library.Path(l.No), Sub: string(l.Uploaded)})
			}
			return out, err
		}},
		{"app.nav.plan", func(ctx context.Context, q string, limit int) ([]ui.Link, error) {
			list, err := a.Plan.Find(ctx, q, limit)
			var out []ui.Link
			for _, l := range list {
				out = append(out, ui.Link{Text: l.Title, Href: "/plan/item/" + l.Ref().String(), Sub: string(l.Due)})
			}
			return out, err
		}},
		{"app.nav.meeting", func(ctx context.Context, q string, limit int) ([]ui.Link, error) {
			u, err := a.widest(ctx)
			if err != nil {
				return nil, err
			}
			list, _, err := a.Meeting.List(ctx, u, meeting.Filter{Text: q}, "", "", limit)
			var out []ui.Link
			for _, l := range list {
				out = append(out, ui.Link{Text: l.Title, Href: "/meeting/" + l.Ref().String(), Sub: string(l.Day)})
			}
			return out, err
		}},
		{"app.nav.campaign", func(ctx context.Context, q string, limit int) ([]ui.Link, error) {
			list, err := a.Campaign.Find(ctx, q, limit)
			var out []ui.Link
			for _, l := range list {
				out = append(out, ui.Link{Text: l.Title, Href: "/campaign/" + l.Ref.String(), Sub: l.Slogan})
			}
			return out, err
		}},
		{"app.nav.activity", func(ctx context.Context, q string, limit int) ([]ui.Link, error) {
			u, err := a.widest(ctx)
			if err != nil {
				return nil, err
			}
			p, err := a.Activity.List(ctx, activity.Filter{Unit: u, Text: q, Limit: limit})
			var out []ui.Link
			for _, l := range p.Rows {
				out = append(out, ui.Link{Text: l.Title, Href: "/activity/" + l.Ref().String(), Sub: string(l.Day)})
			}
			return out, err
		}},
		{"app.nav.project", func(ctx context.Context, q string, limit int) ([]ui.Link, error) {
			u, err := a.widest(ctx)
			if err != nil {
				return nil, err
			}
			p, err := a.Project.List(ctx, u, project.Filter{Text: q}, "", "", limit)
			var out []ui.Link
			for _, c := range p.Contracts {
				out = append(out, ui.Link{Text: c.Name(), Href: "/project/" + c.Ref().String(), Sub: c.Number})
			}
			return out, err
		}},
	}
}

// widest is the unit at the top: what the reader sees below it is their own scope, which the lists ask for themselves.
func (a *App) widest(ctx context.Context) (org.Unit, error) { return a.Org.Top(ctx) }
