package app

import (
	"context"
	"net/http"
	"net/url"
	"strconv"

	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/web"
	"xinhuo/internal/kit/web/ui"
)

// sitePath is the page on which the foot of every page is set.
const sitePath = "/site"

func (a *App) siteRoutes() []web.Route {
	return []web.Route{
		{Method: "GET", Path: sitePath, Right: scope.Operate, Scope: web.ByUnit, Name: "app.sitePage", Handler: a.sitePage},
		{Method: "POST", Path: sitePath, Right: scope.Operate, Scope: web.ByUnit, Name: "app.siteSave", Handler: a.siteSave},
	}
}

type siteView struct {
	Title  string
	Saved  bool
	Faults []ui.Fault
	Fields []ui.Input
	Spec   ui.FormSpec
}

func (a *App) sitePage(w http.ResponseWriter, r *http.Request) error {
	return a.askSite(w, r, nil, nil)
}

// askSite shows the form, with what was typed where it could not be taken.
func (a *App) askSite(w http.ResponseWriter, r *http.Request, f *web.Form, failed error) error {
	ctx := r.Context()
	may, err := a.maySite(ctx)
	if err != nil {
		return err
	}
	if !may {
		return errs.New(errs.Forbidden, "errs.not_yours")
	}
	s, err := a.Imprint(ctx)
	if err != nil {
		return err
	}
	version := strconv.FormatInt(s.Ver, 10)
	if f == nil {
		f = &web.Form{Values: url.Values{}}
		for _, name := range ImprintNames {
			f.Set(name, *s.Field(name))
		}
	} else {
		version = f.Text("_version")
	}
	var at map[string]string
	v := siteView{Title: i18n.T(ctx, "app.site"), Saved: failed == nil && r.URL.Query().Get("done") != ""}
	status := 0
	if failed != nil {
		var rest error
		if at, v.Faults, rest = web.Problems(ctx, failed); rest != nil {
			return rest
		}
		status = http.StatusUnprocessableEntity
	}
	v.Spec = ui.FormSpec{Action: sitePath, Key: web.NewKey(), Submit: i18n.T(ctx, "app.site.save"), Hidden: []ui.Pair{{Name: "_version", Value: version}}}
	if u := r.URL.Query().Get("unit"); u != "" {
		v.Spec.Action += "?unit=" + url.QueryEscape(u)
	}
	for _, name := range ImprintNames {
		in := ui.Input{Name: name, Label: i18n.T(ctx, "app.site.f."+name), Hint: i18n.T(ctx, "app.site.hint."+name), Value: f.Get(name), Error: at[name], Optional: true, Autocomplete: "off", MaxLength: siteLengths[name]}
		if name == "phone" {
			in.Kind = ui.KindTel
		}
		v.Fields = append(v.Fields, in)
	}
	return web.Render(w, r, web.Page{Title: v.Title, Current: "all", Error: status != 0, Status: status, Crumbs: []ui.Link{{Text: i18n.T(ctx, "app.all"), Href: "/all"}, {Text: v.Title}}}, siteBody(v))
}

func (a *App) siteSave(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(w, r)
	if err != nil {
		return err
	}
	ctx := r.Context()
	to, err := web.Once(ctx, a.DB, f.Key(), func(ctx context.Context) (string, error) {
		ver, err := strconv.ParseInt(f.Text("_version"), 10, 64)
		if err != nil || ver < 0 {
			return "", errs.New(errs.Conflict, "record.changed_meanwhile")
		}
		return sitePath + "?done=1", a.SetImprint(ctx, ver, func(s *Imprint) {
			for _, name := range ImprintNames {
				*s.Field(name) = f.Get(name)
			}
		})
	})
	if err != nil {
		return a.askSite(w, r, f, err)
	}
	return web.SeeOther(w, r, to)
}

// manageLinks are what an administrator finds on the page of all places.
func (a *App) manageLinks(ctx context.Context) ([]ui.Link, error) {
	var list []ui.Link
	actor := scope.From(ctx)
	if actor.Unit != 0 && actor.May(scope.Admin, actor.Pos) {
		list = append(list, ui.Link{Text: i18n.T(ctx, "app.all.accounts"), Href: "/account", Sub: i18n.T(ctx, "app.all.accounts_why")})
	}
	may, err := a.maySite(ctx)
	if may {
		list = append(list, ui.Link{Text: i18n.T(ctx, "app.site"), Href: sitePath, Sub: i18n.T(ctx, "app.all.site_why")})
	}
	return list, err
}
