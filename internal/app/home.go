package app

import (
	"context"
	"fmt"
	"net/http"

	"github.com/a-h/templ"

	"xinhuo/internal/casework"
	"xinhuo/internal/flow"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/web"
	"xinhuo/internal/kit/web/ui"
	"xinhuo/internal/ledger"
	"xinhuo/internal/org"
)

// homeTasks is how many tasks the home page shows.
const homeTasks = 5

// homeAdds is how many of the things that can be added it offers.
const homeAdds = 3

type homeView struct {
	over, title string
	acts        []ui.Button
	items       []flow.Item
	more        string
	drafts      []unfinished
	moreDrafts  string
	book        templ.Component
}

// homePage is what one sees first: what is due today and can be done from here, then the book of one's own unit.
func (a *App) homePage() web.Route {
	return web.Route{Method: "GET", Path: "/{$}", Right: scope.SignedIn, Scope: web.Self, Name: "app.homePage",
		Handler: func(w http.ResponseWriter, r *http.Request) error {
			ctx := r.Context()
			partner, err := a.isPartner(ctx)
			if err != nil {
				return err
			}
			if partner { // its home is what is shared with it
				return web.SeeOther(w, r, "/shared")
			}
			v, err := home(ctx, a.Flow)
			if err != nil {
				return err
			}
			if v.book, err = ownBook(ctx, a.Ledger, a.Org); err != nil {
				return err
			}
			if v.drafts, err = a.unfinished(ctx); err != nil {
				return err
			}
			if n := len(v.drafts); n > homeDrafts {
				v.drafts, v.moreDrafts = v.drafts[:homeDrafts], i18n.T(ctx, "app.drafts_all", "N", n)
			}
			mine, err := a.Volunteer.IsMine(ctx)
			if err != nil {
				return err
			}
			if mine { // whoever gives hours finds them here; for most it is all that they come for
				v.acts = append(v.acts, ui.Button{Text: i18n.T(ctx, "app.my_hours"), Href: "/me/hours", Main: len(v.acts) == 0})
			}
			if paired, err := a.Casework.IsPaired(ctx); err != nil {
				return err
			} else if paired {
				v.acts = append(v.acts, ui.Button{Text: i18n.T(ctx, "casework.mine"), Href: casework.MinePath})
			}
			return web.Render(w, r, web.Page{Title: i18n.T(ctx, "app.home"), Current: "inbox"}, homeBody(v))
		}}
}

func home(ctx context.Context, f *flow.Service) (homeView, error) {
	a, today := scope.From(ctx), clock.Today(ctx)
	items, n, err := f.InboxOf(ctx, flow.Everybodys, homeTasks)
	if err != nil {
		return homeView{}, err
	}
	v := homeView{over: dayLine(ctx, today)}
	switch {
	case n.Due > 0:
		v.title = i18n.T(ctx, "app.home_due", "Name", a.Name, "N", n.Due)
	case n.All > 0:
		v.title = i18n.T(ctx, "app.home_later", "Name", a.Name, "N", n.All)
	default:
		v.title = i18n.T(ctx, "app.home_free", "Name", a.Name)
	}
	v.items = items
	if n.All > homeTasks {
		v.more = i18n.T(ctx, "app.home_all", "N", n.All)
	}
	if a.Unit != 0 && a.May(scope.Work, a.Pos) {
		v.acts = homeActs(ctx)
	}
	return v, nil
}

// adds are the things that can be added: address and text key, beside which "_why" says what it takes. The first is the main act.
var adds = [][2]string{
	{"/activity/new", "app.add_activity"},
	{"/hours/new", "app.add_hours"},
	{"/notice/new", "app.add_notice"},
	{"/signal/own", "app.add_signal"},
	{"/volunteer/new", "app.add_volunteer"},
	{"/base/new", "app.add_base"},
	{"/team/new", "app.add_team"},
	{"/project/new", "app.add_project"},
	{"/contact/new", "app.add_contact"},
	{"/import/base", "app.add_table"},
}

// addLinks are the adds for the reader's own unit.
func addLinks(ctx context.Context) []ui.Link {
	unit := "?unit=" + scope.From(ctx).Unit.String()
	var list []ui.Link
	for _, add := range adds {
		list = append(list, ui.Link{Text: i18n.T(ctx, add[1]), Href: add[0] + unit, Sub: i18n.T(ctx, add[1]+"_why")})
	}
	return list
}

// homeActs are what is done most, and the way to the rest: the tasks below must not be pushed off a telephone's first screen.
func homeActs(ctx context.Context) []ui.Button {
	var out []ui.Button
	for i, l := range addLinks(ctx)[:homeAdds] {
		out = append(out, ui.Button{Text: l.Text, Href: l.Href, Main: i == 0})
	}
	return append(out, ui.Button{Text: i18n.T(ctx, "app.home_more"), Href: "/add"})
}

// dayLine is the day with its weekday: 5月31日 星期五.
func dayLine(ctx context.Context, d clock.Day) string {
	t := d.Time()
	return i18n.T(ctx, "app.home_day", "Month", i18n.T(ctx, fmt.Sprintf("app.month.%d", int(t.Month()))), "Day", t.Day(),
		"Weekday", i18n.T(ctx, fmt.Sprintf("app.weekday.%d", int(t.Weekday()))))
}

// ownBook is the account of the reader's unit; nil for those who have none or may not view it.
func ownBook(ctx context.Context, l *ledger.Service, o *org.Service) (templ.Component, error) {
	a := scope.From(ctx)
	if a.Unit == 0 || !a.May(scope.View, a.Pos) {
		return nil, nil
	}
	day := clock.Today(ctx)
	u, err := o.AsOf(ctx, a.Unit, day)
	if errs.Is(err, errs.NotFound) {
		u, err = o.Unit(ctx, a.Unit)
	}
	if err != nil {
		return nil, err
	}
	return l.Book(ctx, u, day, ledger.Then)
}

// addPage lists what can be added, for the plus at the thumb.
func (a *App) addPage() web.Route {
	return web.Route{Method: "GET", Path: "/add", Right: scope.Work, Scope: web.Self, Name: "app.addPage",
		Handler: func(w http.ResponseWriter, r *http.Request) error {
			ctx := r.Context()
			waits, err := a.unfinished(ctx)
			if err != nil {
				return err
			}
			title := i18n.T(ctx, "app.add")
			return web.Render(w, r, web.Page{Title: title, Current: "add"}, addBody(title, addLinks(ctx), waits))
		}}
}
