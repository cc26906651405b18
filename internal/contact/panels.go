package contact

import (
	"context"

	"github.com/a-h/templ"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/web/ui"
	"xinhuo/internal/org"
)

// mostInPanel is how many entries the box names.
const mostInPanel = 4

// panel is the box on a unit's page: its latest contacts with other bodies (R63).
func (s *Service) panel() org.Panel {
	return org.Panel{Key: "contact", Order: 45, Render: func(ctx context.Context, u org.Unit, _ clock.Day) (templ.Component, error) {
		if !scope.From(ctx).May(scope.View, u.Pos) {
			return nil, nil
		}
		list, _, err := s.List(ctx, u, Filter{Limit: mostInPanel})
		if err != nil || len(list) == 0 {
			return nil, err
		}
		var latest []ui.Fact
		for _, e := range list {
			latest = append(latest, ui.Fact{Label: e.Body, Text: i18n.T(ctx, "contact.pair", "Label", i18n.Day(ctx, e.Day), "Text", e.Topic), Href: path(e.Ref)})
		}
		return unitPanel(u.ID.String(), latest), nil
	}}
}
