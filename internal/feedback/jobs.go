package feedback

import (
	"context"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/scope"
)

// Daily closes the rounds whose time is over. It may run at any time and twice.
func (s *Service) Daily(ctx context.Context) (closed int, err error) {
	ctx = scope.With(ctx, scope.System("feedback.clock"))
	for {
		list, err := s.overAcrossUnits(ctx, clock.Millis(ctx))
		if err != nil || len(list) == 0 {
			return closed, err
		}
		for _, l := range list {
			if err := s.Close(ctx, l.ActivityRef()); err != nil {
				return closed, err
			}
			closed++
		}
	}
}
