package meeting

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
	Unit     org.Unit
	Figures  []ui.Figure
	Links    []ui.Link
	Speeches []ui.Link
	Add      []ui.Button
}

// panel is the box on a unit's page: the year's meetings, what is late, the latest meetings and the speeches of the unit.
func (s *Service) panel() org.Panel {
	return org.Panel{Key: Kind, Order: 46, Render: func(ctx context.Context, u org.Unit, day clock.Day) (templ.Component, error) {
		a := scope.From(ctx)
		if !a.May(scope.View, u.Pos) {
			return nil, nil
		}
		v := panelView{Unit: u}
		var err error
		if v.Figures, err = s.figures(ctx, u, day, "meeting.held", "decision.open", "decision.overdue"); err != nil {
			return nil, err
		}
		list, _, err := s.List(ctx, u, Filter{}, "", "", 3)
		if err != nil {
			return nil, err
		}
		for _, l := range list {
			v.Links = append(v.Links, ui.Link{Text: l.Title, Href: "/meeting/" + l.Ref().String(), Sub: i18n.Day(ctx, l.Day)})
		}
		said, err := s.Speeches(ctx, u, 3)
		if err != nil {
			return nil, err
		}
		for _, l := range said {
			v.Speeches = append(v.Speeches, ui.Link{Text: l.Title, Href: speechHref(l.Ref(), l.No), Sub: l.Body + " " + i18n.Day(ctx, l.Day)})
		}
		if a.May(scope.Work, u.Pos) && u.StandsOn(day) {
			v.Add = []ui.Button{{Text: i18n.T(ctx, "meeting.add"), Href: at("/meeting/new", u)}}
		}
		return unitPanel(v), nil
	}}
}
