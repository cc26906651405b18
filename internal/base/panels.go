package base

import (
	"context"

	"github.com/a-h/templ"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/org"
)

// panel shows a unit's bases on its page.
func (s *Service) panel() org.Panel {
	return org.Panel{Key: "base", Order: 30, Render: func(ctx context.Context, u org.Unit, day clock.Day) (templ.Component, error) {
		p, err := s.List(ctx, Filter{Unit: u, Standing: day, Limit: 5})
		if err != nil || p.Total == 0 {
			return nil, err
		}
		return unitPanel(u, day, p), nil
	}}
}
