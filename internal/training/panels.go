package training

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
	Unit    org.Unit
	Figures []ui.Figure
	Links   []ui.Link
	Add     []ui.Button
}

// panel is the box on a unit's page: what was held this year, and the latest courses.
func (s *Service) panel() org.Panel {
	return org.Panel{Key: Kind, Order: 44, Render: func(ctx context.Context, u org.Unit, day clock.Day) (templ.Component, error) {
		a := scope.From(ctx)
		if !a.May(scope.View, u.Pos) {
			return nil, nil
		}
		v := panelView{Unit: u}
		var err error
		if v.Figures, err = s.figures(ctx, u, day, "training.held", "training.people", "training.due"); err != nil {
			return nil, err
		}
		p, err := s.List(ctx, u, Filter{}, clock.Open, "", 3)
		if err != nil {
			return nil, err
		}
		for _, l := range p.Courses {
			v.Links = append(v.Links, ui.Link{Text: l.Title, Href: "/training/" + l.Ref().String(), Sub: when(ctx, l.From, l.Last, l.Planned)})
		}
		if a.May(scope.Work, u.Pos) && u.StandsOn(day) {
			v.Add = []ui.Button{{Text: i18n.T(ctx, "training.add"), Href: at("/training/new", u)}}
		}
		return unitPanel(v), nil
	}}
}
