package app

import (
	"context"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"xinhuo/internal/care"
	"xinhuo/internal/casework"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/org"
	"xinhuo/internal/volunteer"
)

// caseVolunteers are those who can be paired with a case.
type caseVolunteers struct{ *volunteer.Service }

// mostHelpers bounds the volunteers that a form offers.
const mostHelpers = 300

// Around are the volunteers of a unit and below it, by name.
func (v caseVolunteers) Around(ctx context.Context, u org.Unit, day clock.Day) ([]casework.Helper, error) {
	page, err := v.List(ctx, u, day, volunteer.Filter{State: volunteer.Active}, 0, "", mostHelpers)
	if err != nil {
		return nil, err
	}
	var refs []id.Ref
	for _, l := range page.Volunteers {
		refs = append(refs, l.Ref())
	}
	unfit, err := v.Fit(ctx, refs, day)
	if err != nil {
		return nil, err
	}
	var out []casework.Helper
	for _, l := range page.Volunteers {
		out = append(out, casework.Helper{Ref: l.Ref(), Name: l.Name, Fit: !slices.ContainsFunc(unfit, func(x volunteer.Unfit) bool { return x.Ref == l.Ref() })})
	}
	slices.SortStableFunc(out, func(a, b casework.Helper) int { return strings.Compare(a.Name, b.Name) })
	return out, nil
}

// Helper is one volunteer whom the reader sees, with their account.
func (v caseVolunteers) Helper(ctx context.Context, ref id.Ref, day clock.Day) (casework.Helper, error) {
	if _, _, err := v.Get(ctx, ref); err != nil {
		return casework.Helper{}, err
	}
	ctx = scope.With(ctx, scope.System("casework.volunteers"))
	x, _, err := v.Get(ctx, ref)
	if err != nil {
		return casework.Helper{}, err
	}
	unfit, err := v.Fit(ctx, []id.Ref{ref}, day)
	return casework.Helper{Ref: ref, Name: x.Name, Account: x.Account, Fit: len(unfit) == 0}, err
}

// caseRequests are the requests for help that cases are opened from.
type caseRequests struct{ *care.Service }

// Read is what whoever asked has said, read by those of the desk.
func (c caseRequests) Read(ctx context.Context, ref id.Ref) (casework.Asked, error) {
	o, err := c.Lend(ctx, ref)
	if err != nil {
		return casework.Asked{}, err
	}
	var said []string
	for _, e := range o.Entries {
		if e.Kind == care.Asked && e.Text != "" {
			said = append(said, e.Text)
		}
	}
	return casework.Asked{Name: o.Name, Contact: o.Contact, Text: strings.Join(said, "\n")}, nil
}

// Became notes at a request what came of it, for those who help.
func (c caseRequests) Became(ctx context.Context, ref id.Ref, text string) error {
	return c.Write(ctx, ref, care.Entry{Kind: care.Noted, Text: text})
}

// caseOfRequest is the box on a request's page that makes a case of it.
func (a *App) caseOfRequest() care.Panel {
	return care.Panel{Key: casework.Kind, Order: 10, Render: func(ctx context.Context, q care.Request) (templ.Component, error) {
		return a.Casework.RequestPanel(ctx, q.Ref(), q.Unit, q.Pos)
	}}
}
