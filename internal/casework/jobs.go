package casework

import (
	"context"
	"fmt"

	"xinhuo/internal/flow"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/web"
	"xinhuo/internal/org"
)

// batch is how many rows a job looks at in one go.
const batch = 200

func visitKey(c Case) string  { return fmt.Sprintf("casework.visit:%s:%s", c.Ref(), c.DueOn) }
func resultKey(c Case) string { return fmt.Sprintf("casework.result:%s:%s", c.Ref(), c.ResultDue) }

// visitTask and resultTask are what is overdue of a case. They lead to a list: those above see the task, and may see no case.
func visitTask(c Case, today clock.Day) flow.NewTask {
	return c.owes(flow.NewTask{Key: visitKey(c), TitleKey: "casework.task.visit", Why: "casework.task.visit_why", Due: c.DueOn}, "overdue", today)
}

func resultTask(c Case, today clock.Day) flow.NewTask {
	return c.owes(flow.NewTask{Key: resultKey(c), TitleKey: "casework.task.result", Why: "casework.task.result_why", Due: c.ResultDue}, "result", today)
}

func (c Case) owes(t flow.NewTask, only string, today clock.Day) flow.NewTask {
	t.OwnOnly, t.Unit, t.Pos, t.Link, t.Args = true, c.Unit, c.Pos, web.Address("/casework", nil, "unit", c.Unit.String(), "only", only), map[string]any{"No": c.No, "N": c.Unvisited(today)}
	return t
}

// Daily is what the clock brings: pauses that are over, overdue visits and results as tasks that say a number and nothing else, pairings whose
// volunteer has no valid check any more or whose last day has passed, offers that nobody accepted in time, and counts. It may run at any time and twice.
func (s *Service) Daily(ctx context.Context) (err error) {
	defer errs.Wrapf(&err, "casework.Daily")
	ctx = scope.With(ctx, scope.System(Kind))
	for _, step := range []func(context.Context) error{s.goOn, s.remind, s.checkPairs, s.lapse} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	_, err = s.Publish(ctx)
	return err
}

// goOn opens the paused cases whose pause is over.
func (s *Service) goOn(ctx context.Context) error {
	for {
		list, err := s.restedAcrossUnits(ctx, clock.Today(ctx), batch)
		if err != nil || len(list) == 0 {
			return err
		}
		for _, c := range list {
			err := s.db.Tx(ctx, func(ctx context.Context) error {
				was := c
				c.State = Open
				return s.keep(ctx, was, c, Entry{Kind: Step, Arg: "resumed"}, "resume")
			})
			if err != nil && !errs.Is(err, errs.Conflict) { // somebody did something with it at this moment
				return err
			}
		}
	}
}

// remind puts overdue visits and results into the inboxes of their units.
func (s *Service) remind(ctx context.Context) error {
	today := clock.Today(ctx)
	for _, x := range []struct {
		find func(context.Context, clock.Day, id.ID, int) ([]Case, error)
		task func(Case, clock.Day) flow.NewTask
	}{{s.overdueAcrossUnits, visitTask}, {s.resultsAcrossUnits, resultTask}} {
		for after := id.ID(0); ; {
			list, err := x.find(ctx, today, after, batch)
			if err != nil {
				return err
			}
			if len(list) == 0 {
				break
			}
			for _, c := range list {
				after = c.ID
				if err := s.flow.AddTask(ctx, x.task(c, today)); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// checkPairs suspends the pairings of volunteers without a valid check, and ends those whose last day has passed.
func (s *Service) checkPairs(ctx context.Context) error {
	today := clock.Today(ctx)
	for after := id.ID(0); ; {
		list, err := s.livePairsAcrossUnits(ctx, after, batch)
		if err != nil || len(list) == 0 {
			return err
		}
		for _, p := range list {
			after = p.ID
			c, err := s.caseAcrossUnits(ctx, id.Ref{Root: p.Root, ID: p.Case})
			if err != nil {
				return err
			}
			fit, err := s.fit(ctx, p)
			switch {
			case err != nil:
				return err
			case !fit:
				err = s.suspend(ctx, c, p)
			case p.Until < today:
				err = s.db.Tx(ctx, func(ctx context.Context) error {
					if err := s.endPair(ctx, c, p, Ended, "over"); err != nil {
						return err
					}
					return s.write(ctx, c, Entry{Kind: Step, Arg: "unpaired:" + p.Name})
				})
			}
			if err != nil {
				return err
			}
		}
	}
}

// over is the day on which a case ended.
func (s *Service) over(ctx context.Context, of id.Ref) (clock.Day, error) {
	c, err := s.caseAcrossUnits(ctx, of)
	if err != nil || c.State != Closed {
		return clock.Open, err
	}
	return c.ClosedOn, nil
}

// Late is how many visits are overdue at a unit.
type Late struct {
	Unit org.Unit
	N    int64
}

// Lates are how many visits are overdue at each unit of a subtree, for the operator alone: numbers, no cases.
func (s *Service) Lates(ctx context.Context, u org.Unit) (out []Late, err error) {
	if !scope.From(ctx).System {
		return nil, errNone
	}
	list, err := s.latesAcrossUnits(ctx, u.Range(), clock.Today(ctx))
	for _, x := range list {
		at, err := s.org.Unit(ctx, x.Unit)
		if err != nil {
			return nil, err
		}
		out = append(out, Late{at, x.N})
	}
	return out, err
}
