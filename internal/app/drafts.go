package app

import (
	"context"
	"net/http"
	"net/url"

	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/web"
	"xinhuo/internal/kit/web/ui"
	"xinhuo/internal/org"
)

// homeDrafts is how many unfinished forms the home page shows.
const homeDrafts = 3

// draftForms are the forms of which an unfinished one may be put by: address and what a list calls it.
var draftForms = map[string]string{"/activity/new": "app.draft_activity"}

// unfinished is a draft as a list shows it.
type unfinished struct {
	ui.Link
	drop *ui.Post
}

func links(list []unfinished) []ui.Link {
	out := make([]ui.Link, len(list))
	for i, x := range list {
		out[i] = x.Link
	}
	return out
}

func (a *App) draftRoutes() []web.Route {
	return []web.Route{
		{Method: "GET", Path: "/draft", Right: scope.SignedIn, Scope: web.Self, Name: "app.draftsPage", Handler: a.draftsPage},
		{Method: "POST", Path: "/draft", Right: scope.Work, Scope: web.Self, Name: "app.keepDraft", Handler: a.keepDraft},
		{Method: "POST", Path: "/draft/drop", Right: scope.SignedIn, Scope: web.Self, Name: "app.dropDraft", Handler: a.dropDraft},
	}
}

// unfinished lists the forms that the reader put by, the latest first.
func (a *App) unfinished(ctx context.Context) ([]unfinished, error) {
	list, err := web.Drafts(ctx, a.DB)
	if err != nil {
		return nil, err
	}
	var out []unfinished
	for _, f := range list {
		at, err := url.Parse(f.Form)
		if err != nil || draftForms[at.Path] == "" {
			continue
		}
		what := i18n.T(ctx, draftForms[at.Path])
		if u, err := a.draftUnit(ctx, at); err == nil && u.ID != scope.From(ctx).Unit {
			what = i18n.T(ctx, "app.draft_for", "What", what, "Unit", u.Name)
		}
		out = append(out, unfinished{Link: ui.Link{Text: web.DraftLine(ctx, f), Href: f.Href(), Sub: what}, drop: web.DropPost(ctx, f)})
	}
	return out, nil
}

// draftUnit is the unit that a form is about, which the reader works for.
func (a *App) draftUnit(ctx context.Context, form *url.URL) (org.Unit, error) {
	u, err := a.Org.Resolve(ctx, form.Query().Get("unit"))
	if err == nil && !scope.From(ctx).May(scope.Work, u.Pos) {
		err = errs.New(errs.NotFound, "errs.not_found")
	}
	return u, err
}

func (a *App) draftsPage(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	list, err := a.unfinished(ctx)
	if err != nil {
		return err
	}
	title := i18n.T(ctx, "app.drafts")
	p := web.Page{Title: title, Current: "inbox", Crumbs: []ui.Link{{Text: title}}}
	if r.URL.Query().Get("done") == "drop" {
		p.Flash = &ui.Note{Title: i18n.T(ctx, "app.draft_dropped")}
	}
	return web.Render(w, r, p, draftsBody(title, list))
}

// keepDraft puts a form by that is not finished, for whoever typed it, and leads back to it.
func (a *App) keepDraft(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	at, err := url.Parse(r.URL.Query().Get("to"))
	if err != nil || draftForms[at.Path] == "" || at.Host != "" || at.Scheme != "" {
		return web.NotFound(r)
	}
	u, err := a.draftUnit(ctx, at)
	if errs.Is(err, errs.NotFound) {
		return web.NotFound(r)
	}
	if err != nil {
		return err
	}
	f, err := web.ReadDraft(w, r)
	if err != nil {
		return err
	}
	f.Form = at.Path + "?unit=" + u.ID.String()
	if f, err = web.KeepDraft(ctx, a.DB, f); err != nil {
		return err
	}
	return web.SeeOther(w, r, f.Href())
}

func (a *App) dropDraft(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(w, r)
	if err != nil {
		return err
	}
	to, err := web.Once(r.Context(), a.DB, f.Key(), func(ctx context.Context) (string, error) {
		return "/draft?done=drop", web.DropDraft(ctx, a.DB, f.Text("draft"))
	})
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, to)
}
