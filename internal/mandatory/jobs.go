package mandatory

import (
	"context"

	"xinhuo/internal/audit"
	"xinhuo/internal/flow"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/scope"
)

// Rise tells the unit above of each duty that nobody reported within the hour, and the next one above with each further hour, and
// answers how many it told of: number and unit, nothing else. It may run at any time and twice.
func (s *Service) Rise(ctx context.Context) (n int, err error) {
	defer errs.Wrapf(&err, "mandatory.Rise")
	ctx = scope.With(ctx, scope.System("mandatory"))
	list, err := s.overdueAcrossUnits(ctx, clock.Millis(ctx), 500)
	if err != nil {
		return 0, err
	}
	for _, d := range list {
		switch err := s.rise(ctx, d); {
		case errs.Is(err, errs.Conflict): // ended, or told of, at this moment
		case err != nil:
			return n, err
		default:
			n++
		}
	}
	return n, nil
}

func (s *Service) rise(ctx context.Context, d Duty) error {
	return s.db.Tx(ctx, func(ctx context.Context) error {
		u, err := s.rec.Home(ctx, d.Unit)
		if err != nil {
			return err
		}
		above, err := s.org.Above(ctx, u, clock.Today(ctx))
		if err != nil {
			return err
		}
		d.Risen++
		if d.DueAt = clock.Millis(ctx) + dueIn.Milliseconds(); d.Risen == mostRisen {
			d.DueAt = 0 // it has risen as far as it does, and stays open
		}
		to := above[min(int(d.Risen), len(above))-1]
		if ok, err := s.update(ctx, d); err != nil {
			return err
		} else if !ok {
			return errs.New(errs.Conflict, "mandatory.changed")
		}
		if err := s.audit.Log(ctx, audit.Entry{Act: "mandatory.act.rise", Subject: Kind, Ref: d.Ref(), Pos: d.Pos, Unit: d.Unit}); err != nil {
			return err
		}
		return s.flow.AddTask(ctx, flow.NewTask{OwnOnly: true, Key: riseKey(d.Ref(), d.Risen), Unit: to.ID, Pos: to.Pos, Kind: flow.KindNote, TitleKey: "mandatory.task.rise", Why: "mandatory.task.rise_why",
			Args: map[string]any{"Unit": u.Name, "No": d.No, flow.ArgUrgency: flow.Express}, Due: clock.Today(ctx), Link: "/mandatory?unit=" + u.ID.String()})
	})
}
