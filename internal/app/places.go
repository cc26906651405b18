package app

import (
	"context"
	"net/http"

	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/web"
	"xinhuo/internal/kit/web/ui"
)

// place is one subject that has a list of its own. Its name stands under the
// text key app.nav.<key>, what one finds there under app.all.<key>.
type place struct {
	key, href string
	row       bool // stands in the row on top of a wide screen, not only on the page of all
}

// placeGroup is a chapter of the page of all places.
type placeGroup struct {
	key    string
	places []place
}

// places are where one can go. The row on top holds those of every day; a
// telephone has room for five tabs only, so everything is on the page /all.
var places = []placeGroup{
	{"work", []place{
		{"activity", "/activity", true},
		{"notice", "/notice", true},
		{"campaign", "/campaign", true},
		{"plan", "/plan", false},
		{"survey", "/survey", false},
		{"guarantee", "/guarantee", false},
		{"meeting", "/meeting", false},
		{"training", "/training", false},
		{"contact", "/contact", false},
		{"body", "/body", false},
		{"portal", "/portal", false},
	}},
	{"children", []place{
		{"care", "/care", false},
		{"mandatory", "/mandatory", false},
		{"casework", "/casework", false},
		{"aid", "/aid", false},
		{"seal", "/seal", false},
	}},
	{"people", []place{
		{"volunteer", "/volunteer", true},
		{"team", "/team", true},
		{"association", "/association", false},
	}},
	{"ground", []place{
		{"base", "/base", true},
		{"project", "/project", false},
		{"reform", "/reform", false},
		{"signal", "/signal", false},
	}},
	{"book", []place{
		{"ledger", "/book", false},
		{"library", "/library", true},
		{"speech", "/speech", true},
		{"unit", "/tree", true},
	}},
}

// navRow is the row of places on top of a wide screen. Where one is stands in it even when it is not of every day.
func navRow(ctx context.Context, current string) []ui.Link {
	link := func(key, href string) ui.Link {
		return ui.Link{Text: i18n.T(ctx, "app.nav."+key), Href: href, Current: current == key}
	}
	row := []ui.Link{link("inbox", "/"), link("ledger", "/book")}
	for _, g := range places {
		for _, p := range g.places {
			if p.row || p.key == current && p.key != "ledger" {
				row = append(row, link(p.key, p.href))
			}
		}
	}
	return append(row, link("all", "/all"))
}

// allPage lists every place with what one finds there, and what an administrator manages.
func (a *App) allPage() web.Route {
	return web.Route{Method: "GET", Path: "/all", Right: scope.View, Scope: web.Self, Name: "app.allPage",
		Handler: func(w http.ResponseWriter, r *http.Request) error {
			title := i18n.T(r.Context(), "app.all")
			manage, err := a.manageLinks(r.Context())
			if err != nil {
				return err
			}
			return web.Render(w, r, web.Page{Title: title, Current: "all", Crumbs: []ui.Link{{Text: title}}}, allBody(title, manage))
		}}
}

func placeLinks(ctx context.Context, g placeGroup) []ui.Link {
	var list []ui.Link
	for _, p := range g.places {
		list = append(list, ui.Link{Text: i18n.T(ctx, "app.nav."+p.key), Href: p.href, Sub: i18n.T(ctx, "app.all."+p.key)})
	}
	return list
}
