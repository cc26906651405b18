package app

import (
	"context"
	"strings"

	"github.com/a-h/templ"

	"xinhuo/internal/aid"
	"xinhuo/internal/care"
	"xinhuo/internal/kit/id"
)

// aidRequests are requests for help as an aid application takes them over.
type aidRequests struct{ care *care.Service }

// Read opens a request for those of its desk; what the asker said stands in the order in which it came.
func (r aidRequests) Read(ctx context.Context, ref id.Ref) (aid.Request, error) {
	o, err := r.care.Lend(ctx, ref)
	if err != nil {
		return aid.Request{}, err
	}
	var words []string
	for _, e := range o.Entries {
		if e.Kind == care.Asked {
			words = append(words, e.Text)
		}
	}
	return aid.Request{Ref: ref, Unit: o.Request.Unit, No: o.Request.No, Young: o.Request.Asker == "young", Name: o.Name, Contact: o.Contact, Words: strings.Join(words, "\n")}, nil
}

// Told writes into the request's line of time what became of it.
func (r aidRequests) Told(ctx context.Context, ref id.Ref, what, no string, of id.Ref) error {
	return r.care.Became(ctx, ref, what, no, of)
}

// aidOfRequest is the box of aid on the page of a request for help in hardship.
func (a *App) aidOfRequest() care.Panel {
	return care.Panel{Key: "aid", Order: 20, Render: func(ctx context.Context, q care.Request) (templ.Component, error) {
		return a.Aid.RequestPanel(ctx, q.Ref(), q.Unit, q.Kind == "hardship" && q.State != care.Closed)
	}}
}
