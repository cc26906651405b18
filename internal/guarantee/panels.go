package guarantee

import (
	"context"

	"github.com/a-h/templ"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/web/ui"
	"xinhuo/internal/org"
)

type panelView struct {
	Score, Missing string
	Link           ui.Link
}

// panel is the box on a unit's page: how many mechanisms are in place this year, and what is missing (R6, R8).
func (s *Service) panel() org.Panel {
	return org.Panel{Key: Kind, Order: 41, Render: func(ctx context.Context, u org.Unit, day clock.Day) (templ.Component, error) {
		if !scope.From(ctx).May(scope.View, u.Pos) || u.Level.Leaf() || u.Level == org.Village {
			return nil, nil
		}
		year := day.Year()
		v := panelView{Score: i18n.T(ctx, "guarantee.not_begun"), Link: ui.Link{Text: i18n.T(ctx, "guarantee.see", "Year", year), Href: at("/guarantee", u, year)}}
		had, err := s.YearOf(ctx, u.ID, year)
		if err != nil {
			return nil, err
		}
		if had != nil && had.Ref() != (id.Ref{}) {
			y, _, err := s.Get(ctx, had.Ref())
			if err != nil {
				return nil, err
			}
			v.Score = i18n.T(ctx, "guarantee.score", "Have", y.Have(day), "Of", len(y.Mechanisms))
			var names []string
			for _, h := range y.Gaps(day) {
				if h.Required && len(names) < 3 {
					names = append(names, h.Name)
				}
			}
			if len(names) > 0 {
				v.Missing = i18n.T(ctx, "guarantee.missing_list", "List", joined(ctx, names...))
			}
		}
		return unitPanel(v), nil
	}}
}
