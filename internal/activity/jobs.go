package activity

import (
	"context"

	"xinhuo/internal/flow"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
)

// outcomeTask is the line in the lead's inbox about an activity whose day has passed.
func outcomeTask(ref id.Ref) string { return "activity.outcome:" + ref.String() }

// Daily reminds the leads of planned activities whose day has passed: report what came of it, or call it off. It may run
// at any time and twice: the same task is posted once. What is sealed is erased when its time is up.
func (s *Service) Daily(ctx context.Context) (posted int, err error) {
	ctx = scope.With(ctx, scope.System("activity.clock"))
	if s.seal != nil {
		if _, err := s.seal.Expire(ctx, minorKind, s.minorsDue); err != nil {
			return 0, err
		}
		if _, err := s.seal.Expire(ctx, incidentKind, s.incidentsDue); err != nil {
			return 0, err
		}
	}
	today := clock.Today(ctx)
	for after := id.ID(0); ; {
		list, err := s.store.overAcrossUnits(ctx, today, after)
		if err != nil || len(list) == 0 {
			return posted, err
		}
		for _, l := range list {
			u, err := s.rec.Home(ctx, l.Lead)
			if err != nil {
				return posted, err
			}
			if err := s.flow.AddTask(ctx, flow.NewTask{Key: outcomeTask(l.Ref()), Unit: u.ID, Pos: u.Pos, TitleKey: "activity.task.outcome", Why: "activity.task.outcome_why",
				Args: map[string]any{"Name": l.Title}, Due: l.Day.AddDays(outcomeDays), Link: "/activity/" + l.Ref().String()}); err != nil {
				return posted, err
			}
			posted++
		}
		after = list[len(list)-1].ID
	}
}

// outcomeDays is how many days after its day an activity should be reported.
const outcomeDays = 7
