package volunteer

import (
	"context"

	"xinhuo/internal/flow"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
)

// Daily posts into the inboxes of the volunteers' units what runs out within RemindDays: background checks and
// certificates (R162, R163). It may run at any time and twice: the same task is posted once.
func (s *Service) Daily(ctx context.Context) (posted int, err error) {
	ctx = scope.With(ctx, scope.System("volunteer.clock"))
	by := clock.Today(ctx).AddDays(RemindDays)
	for after := id.ID(0); ; {
		list, err := s.store.dueAcrossUnits(ctx, by, after)
		if err != nil || len(list) == 0 {
			return posted, err
		}
		for _, l := range list {
			t := flow.NewTask{Key: task(l.Ref(), l.Due), Unit: l.Unit, Pos: l.Pos, TitleKey: "volunteer.task.check", Why: "volunteer.task.check_why",
				Args: map[string]any{"Name": l.Name}, Due: l.Due, Link: "/volunteer/" + l.Ref().String() + "/check"}
			if err := s.flow.AddTask(ctx, t); err != nil {
				return posted, err
			}
			posted++
		}
		after = list[len(list)-1].ID
	}
}
