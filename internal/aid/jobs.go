package aid

import (
	"context"

	"xinhuo/internal/flow"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
)

// Daily asks units for the receipts of what was handed over 30 days ago, to see how the child is doing after 90, publishes how many children were helped, and
// forgets lists of years that are long over. It may run at any
// time and twice, and answers how many tasks stand.
func (s *Service) Daily(ctx context.Context) (n int, err error) {
	defer errs.Wrapf(&err, "aid.Daily")
	ctx = scope.With(ctx, scope.System(Kind))
	today := clock.Today(ctx)
	if _, err := s.Publish(ctx); err != nil {
		return 0, err
	}
	if err := s.db.Tx(ctx, func(ctx context.Context) error { return s.store.forgetPast(ctx, today.Year()-pastYears) }); err != nil {
		return 0, err
	}
	for _, x := range []struct {
		state      State
		within     int
		key        func(ref id.Ref) string
		title, act string
	}{{Given, receiptWithin, receiptTask, "aid.task.receipt", "sign"}, {Signed, followWithin, followTask, "aid.task.follow", "follow"}} {
		for after := id.ID(0); ; {
			list, err := s.store.waitingAcrossUnits(ctx, x.state, today.AddDays(-x.within), after)
			if err != nil || len(list) == 0 {
				if err != nil {
					return n, err
				}
				break
			}
			for _, r := range list {
				if err := s.flow.AddTask(ctx, flow.NewTask{Key: x.key(r.Ref()), Unit: r.Unit, Pos: r.Pos, TitleKey: x.title, Why: x.title + "_why", Args: map[string]any{"No": r.No, "Day": string(r.GivenOn)},
					Due: today.AddDays(7), Link: path(r.Ref()) + "/" + x.act}); err != nil {
					return n, err
				}
				n++
			}
			after = list[len(list)-1].ID
		}
	}
	return n, nil
}
