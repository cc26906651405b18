package casework

import (
	"context"

	"github.com/a-h/templ"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/web"
	"xinhuo/internal/kit/web/ui"
	"xinhuo/internal/org"
)

// Panel is a box that another module lends to the page of a case, for who opened it. A panel with nothing to show answers nil.
type Panel struct {
	Key    string
	Order  int
	Render func(ctx context.Context, c Case) (templ.Component, error)
}

// AddPanel lends a box to the page of a case; call it before serving.
func (s *Service) AddPanel(p Panel) { s.panels = append(s.panels, p) }

// unitPanel tells on a unit's page how many cases it has, for who works there, and leads those above to what is published.
func (s *Service) unitPanel() org.Panel {
	return org.Panel{Key: Kind, Order: 94, Render: func(ctx context.Context, u org.Unit, _ clock.Day) (templ.Component, error) {
		if !scope.From(ctx).May(scope.View, u.Pos) {
			return nil, nil
		}
		list, err := s.Tallies(ctx, u)
		if err != nil {
			return nil, err
		}
		var open, overdue int64
		for _, t := range list {
			open, overdue = open+t.Open, overdue+t.Overdue
		}
		if worksAt(ctx, u.ID, u.Pos) {
			return panelTempl(tr(ctx, "casework.panel", "N", ui.Number(open), "Late", ui.Number(overdue)), tr(ctx, "casework.panel_to"), at("/casework", u.ID)), nil
		}
		_, _, counts, err := s.Counts(ctx, u)
		if err != nil || len(counts) == 0 {
			return nil, err
		}
		return panelTempl(tr(ctx, "casework.panel_above"), tr(ctx, "casework.panel_counts"), at("/casework", u.ID)), nil
	}}
}

// RequestPanel is the box on the page of a request for help: the cases that came from it, and the way to open one. It leads to the form alone;
// what the form then holds is read there.
func (s *Service) RequestPanel(ctx context.Context, request id.Ref, unit id.ID, pos int64) (templ.Component, error) {
	if !worksAt(ctx, unit, pos) {
		return nil, nil
	}
	list, err := s.CameFrom(ctx, request)
	if err != nil {
		return nil, err
	}
	var links []ui.Link
	for _, c := range list {
		links = append(links, ui.Link{Text: tr(ctx, "casework.one", "No", c.No), Href: path(c.Ref()), Sub: tr(ctx, "casework.is."+string(c.State))})
	}
	return requestTempl(links, web.Address("/casework/new", nil, "unit", unit.String(), "from", request.String())), nil
}
