package app

import (
	"context"
	"time"

	"github.com/a-h/templ"

	"xinhuo/internal/aid"
	"xinhuo/internal/care"
	"xinhuo/internal/casework"
	"xinhuo/internal/contact"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/mandatory"
)

// sharedRequests are the requests for help to which the account of a body was let in, with the consent of whoever asked.
func (a *App) sharedRequests(ctx context.Context, _ contact.ListedBody) (out []contact.Shared, err error) {
	list, err := a.Care.Helping(ctx)
	for _, q := range list {
		out = append(out, contact.Shared{Kind: "care.shared", Title: q.Title(ctx), Unit: q.Unit, Day: clock.DayOf(time.UnixMilli(q.At)), Open: q.State != care.Closed, Link: q.Path()})
	}
	return out, err
}

// reportFrom lets what has to be reported be found in a request for help, a case and an aid: their pages have the box, and none of them can
// be closed meanwhile.
func (a *App) reportFrom() {
	a.Mandatory.AddSubjects(func(ctx context.Context, of id.Ref) (mandatory.Subject, error) {
		q, o, leads, err := a.Care.Whose(ctx, of)
		return mandatory.Subject{Ref: of, Unit: q.Unit, Pos: q.Pos, No: q.No, Title: q.Title(ctx), Href: q.Path(), Owner: o, Leads: leads}, err
	})
	a.Care.AddPanel(care.Panel{Key: mandatory.Kind, Order: -10, Render: func(ctx context.Context, q care.Request) (templ.Component, error) {
		return a.Mandatory.Box(ctx, q.Ref(), q.Danger == 1)
	}})
	a.Care.AddPlace(care.Place{TextKey: "app.nav.mandatory", Path: "/mandatory"})
	a.Mandatory.AddSubjects(func(ctx context.Context, of id.Ref) (mandatory.Subject, error) {
		c, o, leads, err := a.Casework.Whose(ctx, of)
		if err != nil {
			return mandatory.Subject{}, err
		}
		return mandatory.Subject{Ref: of, Unit: c.Unit, Pos: c.Pos, No: c.No, Title: c.Title(ctx), Href: c.Path(), Owner: o, Leads: leads}, nil
	})
	a.Casework.AddPanel(casework.Panel{Key: mandatory.Kind, Order: -10, Render: func(ctx context.Context, c casework.Case) (templ.Component, error) {
		return a.Mandatory.Box(ctx, c.Ref(), c.Unsafe == 1)
	}})
	a.Mandatory.AddSubjects(func(ctx context.Context, of id.Ref) (mandatory.Subject, error) {
		x, u, o, err := a.Aid.Whose(ctx, of)
		if err != nil {
			return mandatory.Subject{}, err
		}
		leads, err := a.leadsAt(ctx, u.ID)
		return mandatory.Subject{Ref: of, Unit: u.ID, Pos: u.Pos, No: x.No, Title: a.Aid.Title(ctx, of, x), Href: aid.Path(of), Owner: o, Leads: leads}, err
	})
	a.Aid.AddBox(func(ctx context.Context, of id.Ref) (templ.Component, error) { return a.Mandatory.Box(ctx, of, false) })
	a.Aid.AddCloser(a.Mandatory.MayClose)
	a.Casework.AddCloser(a.Mandatory.MayClose)
	a.Care.AddCloser(a.Mandatory.MayClose)
	a.Care.OnPassed(a.Mandatory.Passed)
	a.Casework.OnPassed(a.Mandatory.Passed)
}

// leadsAt answer for a unit's aids, which have no lead of their own: whoever works there; where they are too many to be listed, who is
// signed in.
func (a *App) leadsAt(ctx context.Context, unit id.ID) (out []id.ID, err error) {
	list, err := a.Account.Colleagues(ctx, unit)
	for _, acc := range list {
		out = append(out, acc.ID)
	}
	if len(out) == 0 {
		out = []id.ID{scope.From(ctx).Account}
	}
	return out, err
}
