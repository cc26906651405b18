package survey

import (
	"context"

	"github.com/a-h/templ"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/web/ui"
	"xinhuo/internal/org"
)

// mostInPanel is how many surveys the box names.
const mostInPanel = 4

type panelView struct {
	Surveys []ui.Fact
	Link    ui.Link
}

// panel is the box on a unit's page: the latest surveys that concern it and how far it, or those below it, have come.
func (s *Service) panel() org.Panel {
	return org.Panel{Key: Kind, Order: 45, Render: func(ctx context.Context, u org.Unit, _ clock.Day) (templ.Component, error) {
		if !scope.From(ctx).May(scope.View, u.Pos) {
			return nil, nil
		}
		list, err := s.store.listAcrossUnits(ctx, u, scope.From(ctx).ViewSet, mostInPanel)
		if err != nil || len(list) == 0 {
			return nil, err
		}
		v := panelView{Link: ui.Link{Text: i18n.T(ctx, "survey.see"), Href: at("/survey", u)}}
		for _, l := range list {
			c, err := s.listState(ctx, l, u)
			if err != nil {
				return nil, err
			}
			v.Surveys = append(v.Surveys, ui.Fact{Label: l.Title, Text: c.Text, Href: at(path(l.Ref()), u)})
		}
		return unitPanel(v), nil
	}}
}
