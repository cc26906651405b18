package flow

import (
	"context"
	"errors"
	"fmt"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/scope"
)

// tickBatch bounds what is read at once; Tick goes on until nothing is left.
const tickBatch = 200

// Tick takes the steps whose time has come (a yearly check falls due) and answers how many. It may run at any time,
// twice, or after a pause of weeks: each step is a transaction of its own.
func (s *Service) Tick(ctx context.Context) (int, error) {
	ctx = scope.With(ctx, scope.System("flow.clock"))
	taken := 0
	for {
		list, err := s.wakingAcrossUnits(ctx, clock.Today(ctx), tickBatch)
		if err != nil || len(list) == 0 {
			return taken, err
		}
		before := taken
		var failed error
		for _, c := range list {
			err := s.wake(ctx, c)
			switch {
			case err == nil:
				taken++
			case !errs.Is(err, errs.Conflict): // a conflict: somebody was faster, it is done
				failed = errors.Join(failed, fmt.Errorf("flow.Tick %s: %w", c.Ref(), err))
			}
		}
		if taken == before { // those that are left cannot be taken now: they keep nobody else's waiting
			return taken, failed
		}
	}
}

func (s *Service) wake(ctx context.Context, c Case) error {
	def, err := s.definition(ctx, c.Version)
	if err != nil {
		return err
	}
	// The act is the one whose time is first; the day it is counted from does not change which one that is.
	_, act := def.Wake(c.State, c.SinceDay)
	_, err = s.Act(ctx, c.Ref(), Act{Key: act, Seen: c.Steps})
	return err
}
