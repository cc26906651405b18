package assess

import (
	"context"

	"github.com/a-h/templ"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/org"
)

// panel is the box on a unit's page: where it stands in each programme, or how far its units have come.
func (s *Service) panel() org.Panel {
	return org.Panel{Key: "reform", Order: 40, Render: func(ctx context.Context, u org.Unit, day clock.Day) (templ.Component, error) {
		if u.Level.Leaf() {
			return nil, nil
		}
		list, err := s.Programmes(ctx, u)
		if errs.Is(err, errs.NotFound) || err == nil && len(list) == 0 {
			return nil, nil
		}
		if err != nil {
			return nil, err
		}
		var views []Overview
		for _, p := range list {
			o, err := s.Overview(ctx, p.Ref, u, day)
			if err != nil {
				return nil, err
			}
			if len(o.Lines) > 0 {
				views = append(views, o)
			}
		}
		if len(views) == 0 {
			return nil, nil
		}
		return unitPanel(views), nil
	}}
}
