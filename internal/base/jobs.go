package base

import (
	"context"

	"xinhuo/internal/flow"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
)

// Daily posts into the hosts' inboxes what comes due within 60 days: agreements that end (R106) and yearly checks
// (R94). It may run at any time and twice: the same task is posted once.
func (s *Service) Daily(ctx context.Context) (posted int, err error) {
	ctx = scope.With(ctx, scope.System("base.clock"))
	by := clock.Today(ctx).AddDays(RemindDays)
	for after := id.ID(0); ; {
		list, err := s.store.dueAcrossUnits(ctx, by, after)
		if err != nil || len(list) == 0 {
			return posted, err
		}
		for _, r := range list {
			args := map[string]any{"Name": r.Name}
			at := "/base/" + r.Ref().String()
			if end := r.AgreementEnd; end != clock.Open && end <= by {
				t := flow.NewTask{Key: agreementTask(r.Ref(), end), Unit: r.Host, Pos: r.Pos, TitleKey: "base.task.agreement",
					Why: "base.task.agreement_why", Args: args, Due: end, Link: at + "/agreement"}
				if err := s.flow.AddTask(ctx, t); err != nil {
					return posted, err
				}
				posted++
			}
			if due := r.CheckDue; due != clock.Open && due <= by {
				t := flow.NewTask{Key: checkTask(r.Ref(), due), Unit: r.Host, Pos: r.Pos, TitleKey: "base.task.check",
					Why: "base.task.check_why", Args: args, Due: due, Link: at + "/check"}
				if err := s.flow.AddTask(ctx, t); err != nil {
					return posted, err
				}
				posted++
			}
		}
		after = list[len(list)-1].ID
	}
}
