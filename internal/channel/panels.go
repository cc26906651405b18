package channel

import (
	"context"

	"github.com/a-h/templ"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/web/ui"
	"xinhuo/internal/org"
)

// panel leads an administrator from the unit's page to its channels.
func (s *Service) panel() org.Panel {
	return org.Panel{Key: "channel", Order: 96, Render: func(ctx context.Context, u org.Unit, _ clock.Day) (templ.Component, error) {
		if !scope.From(ctx).May(scope.Admin, u.Pos) {
			return nil, nil
		}
		return ui.More(i18n.T(ctx, "channel.title"), at(u, "")), nil
	}}
}
