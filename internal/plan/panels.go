package plan

import (
	"context"

	"github.com/a-h/templ"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/web/ui"
	"xinhuo/internal/org"
)

type panelView struct {
	Figures []ui.Figure
	Link    ui.Link
}

// panel is the box on a unit's page: how much of the year's plan is done and late.
func (s *Service) panel() org.Panel {
	return org.Panel{Key: Kind, Order: 40, Render: func(ctx context.Context, u org.Unit, day clock.Day) (templ.Component, error) {
		if !scope.From(ctx).May(scope.View, u.Pos) {
			return nil, nil
		}
		v := panelView{Link: ui.Link{Text: i18n.T(ctx, "plan.see", "Year", day.Year()), Href: at("/plan", u, day.Year())}}
		var err error
		v.Figures, err = s.figures(ctx, u, day, "plan.items", "plan.done", "plan.late")
		return unitPanel(v), err
	}}
}
