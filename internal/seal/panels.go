package seal

import (
	"context"

	"github.com/a-h/templ"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/web/ui"
	"xinhuo/internal/org"
)

// panel tells the unit itself and its auditor on the unit's page how much it keeps sealed, and leads to who may open it.
func (s *Service) panel() org.Panel {
	return org.Panel{Key: "seal", Order: 95, Render: func(ctx context.Context, u org.Unit, _ clock.Day) (templ.Component, error) {
		if a := scope.From(ctx); !keeper(ctx, u) && !(a.Auditor && a.AuditSet.Contains(u.Pos)) {
			return nil, nil
		}
		list, err := s.KeptBy(ctx, u)
		if err != nil || len(list) == 0 {
			return nil, err
		}
		var live, grants int64
		for _, k := range list {
			live, grants = live+k.Live, grants+k.Grants
		}
		return panelTempl(u, i18n.T(ctx, "seal.panel", "N", ui.Number(live), "Grants", ui.Number(grants))), nil
	}}
}
