package portal

import (
	"context"

	"github.com/a-h/templ"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/web/ui"
	"xinhuo/internal/org"
)

// panel is the box on a unit's page: its public site.
func (s *Service) panel() org.Panel {
	return org.Panel{Key: Kind, Order: 90, Render: func(ctx context.Context, u org.Unit, _ clock.Day) (templ.Component, error) {
		a := scope.From(ctx)
		if !a.May(scope.View, u.Pos) {
			return nil, nil
		}
		x, err := s.siteAcrossUnits(ctx, u.ID)
		if err != nil || x.Ver == 0 && !a.May(scope.Work, u.Pos) {
			return nil, err
		}
		links := []ui.Link{{Text: tr(ctx, "portal.title"), Href: at("/portal", u.ID), Sub: tr(ctx, "portal.panel_office")}}
		if x.On {
			links = append([]ui.Link{{Text: x.Title, Href: "/s/" + x.Slug, Sub: tr(ctx, "portal.panel_site")}}, links...)
		}
		return panelTempl(links), nil
	}}
}
