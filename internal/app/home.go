package app

import (
	"context"
	"fmt"
	"net/http"

	"github.com/a-h/templ"

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

type homeView struct {
	over, title string
	acts        []ui.Button
	items       []flow.Item
	more        string
	book        templ.Component
}

// homePage is what one sees first: what is due today and can be done from here, then the book of one's own unit.
func homePage(f *flow.Service, l *ledger.Service, o *org.Service, isVolunteer func(ctx context.Context) (bool, error)) web.Route {
	return web.Route{Method: "GET", Path: "/{$}", Right: scope.SignedIn, Scope: web.Self, Name: "app.homePage",
		Handler: func(w http.ResponseWriter, r *http.Request) error {
			ctx := r.Context()
			v, err := home(ctx, f)
			if err != nil {
				return err
			}
			if v.book, err = ownBook(ctx, l, o); err != nil {
				return err
			}
			mine, err := isVolunteer(ctx)
			if err != nil {
				return err
			}
			if mine { // whoever gives hours finds them here; for most it is all that they come for
				v.acts = append(v.acts, ui.Button{Text: i18n.T(ctx, "app.my_hours"), Href: "/me/hours", Main: len(v.acts) == 0})
			}
			return web.Render(w, r, web.Page{Title: i18n.T(ctx, "app.home"), Current: "inbox"}, homeBody(v))
		}}
}

func home(ctx context.Context, f *flow.Service) (homeView, error) {
	a, today := scope.From(ctx), clock.Today(ctx)
	items, total, due, err := f.InboxDue(ctx, homeTasks)
	if err != nil {
		return homeView{}, err
	}
	v := homeView{over: dayLine(ctx, today)}
	switch {
	case due > 0:
		v.title = i18n.T(ctx, "app.home_due", "Name", a.Name, "N", due)
	case total > 0:
		v.title = i18n.T(ctx, "app.home_later", "Name", a.Name, "N", total)
	default:
		v.title = i18n.T(ctx, "app.home_free", "Name", a.Name)
	}
	v.items = items
	if total > homeTasks {
		v.more = i18n.T(ctx, "app.home_all", "N", total)
	}
	if a.Unit != 0 && a.May(scope.Work, a.Pos) {
		v.acts = addActs(ctx, a)
	}
	return v, nil
}

// addActs are the things that can be added; the first is the main act.
func addActs(ctx context.Context, a scope.Actor) []ui.Button {
	unit := "?unit=" + a.Unit.String()
	return []ui.Button{
		{Text: i18n.T(ctx, "app.add_activity"), Href: "/activity/new" + unit, Main: true},
		{Text: i18n.T(ctx, "app.add_base"), Href: "/base/new" + unit},
		{Text: i18n.T(ctx, "app.add_team"), Href: "/team/new" + unit},
		{Text: i18n.T(ctx, "app.add_project"), Href: "/project/new" + unit},
		{Text: i18n.T(ctx, "app.add_volunteer"), Href: "/volunteer/new" + unit},
		{Text: i18n.T(ctx, "app.add_hours"), Href: "/hours/new" + unit},
		{Text: i18n.T(ctx, "app.add_signal"), Href: "/signal/own" + unit},
		{Text: i18n.T(ctx, "app.add_notice"), Href: "/notice/new" + unit},
		{Text: i18n.T(ctx, "app.add_contact"), Href: "/contact/new" + unit},
	}
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
func addPage() web.Route {
	return web.Route{Method: "GET", Path: "/add", Right: scope.Work, Scope: web.Self, Name: "app.addPage",
		Handler: func(w http.ResponseWriter, r *http.Request) error {
			ctx := r.Context()
			a := scope.From(ctx)
			unit := "?unit=" + a.Unit.String()
			why := map[string]string{"/activity/new": "app.add_activity_why", "/base/new": "app.add_base_why", "/team/new": "app.add_team_why", "/project/new": "app.add_project_why",
				"/volunteer/new": "app.add_volunteer_why", "/hours/new": "app.add_hours_why", "/signal/own": "app.add_signal_why",
				"/notice/new": "app.add_notice_why", "/contact/new": "app.add_contact_why"}
			var list []ui.Link
			for _, b := range addActs(ctx, a) {
				list = append(list, ui.Link{Text: b.Text, Href: b.Href, Sub: i18n.T(ctx, why[b.Href[:len(b.Href)-len(unit)]])})
			}
			list = append(list, ui.Link{Text: i18n.T(ctx, "app.add_table"), Href: "/import/base" + unit, Sub: i18n.T(ctx, "app.add_table_why")})
			title := i18n.T(ctx, "app.add")
			return web.Render(w, r, web.Page{Title: title, Current: "add"}, addBody(title, list))
		}}
}
