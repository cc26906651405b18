package app

import (
	"context"

	"github.com/a-h/templ"

	"xinhuo/internal/care"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/mandatory"
)

// reportFromCare lets what has to be reported be found in a request for help: its page has the box, and it cannot be closed meanwhile.
func (a *App) reportFromCare() {
	a.Mandatory.AddSubjects(func(ctx context.Context, of id.Ref) (mandatory.Subject, error) {
		q, o, leads, err := a.Care.Whose(ctx, of)
		return mandatory.Subject{Ref: of, Unit: q.Unit, Pos: q.Pos, No: q.No, Title: q.Title(ctx), Href: q.Path(), Owner: o, Leads: leads}, err
	})
	a.Care.AddPanel(care.Panel{Key: mandatory.Kind, Order: -10, Render: func(ctx context.Context, q care.Request) (templ.Component, error) {
		return a.Mandatory.Box(ctx, q.Ref(), q.Danger == 1)
	}})
	a.Care.AddPlace(care.Place{TextKey: "app.nav.mandatory", Path: "/mandatory"})
	a.Care.AddCloser(a.Mandatory.MayClose)
	a.Care.OnPassed(a.Mandatory.Passed)
}
