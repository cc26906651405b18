package survey

import (
	"context"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/scope"
)

// Daily closes the questionnaires whose last day is past. It may run at any time and twice.
func (s *Service) Daily(ctx context.Context) (closed int, err error) {
	ctx = scope.With(ctx, scope.System("survey.clock"))
	for {
		list, err := s.store.overAcrossUnits(ctx, clock.Today(ctx))
		if err != nil || len(list) == 0 {
			return closed, err
		}
		for _, l := range list {
			_, v, err := s.polls.Get(ctx, l.Ref())
			if err != nil {
				return closed, err
			}
			if err := s.ClosePoll(ctx, l.Ref(), v.N); err != nil {
				return closed, err
			}
			closed++
		}
	}
}
