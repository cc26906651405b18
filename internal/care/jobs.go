package care

import (
	"context"
	"fmt"
	"time"

	"xinhuo/internal/audit"
	"xinhuo/internal/flow"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/id"
)

// Minute is what the clock brings each minute.
func (s *Service) Minute(ctx context.Context) error {
	if _, err := s.Lapse(ctx); err != nil {
		return err
	}
	_, err := s.Rise(ctx)
	return err
}

// Rise tells the unit above of each request that nobody answered in time, and the next one above when the same time has passed
// again, and answers how many it told of. It may run at any time and twice.
func (s *Service) Rise(ctx context.Context) (n int, err error) {
	defer errs.Wrapf(&err, "care.Rise")
	ctx = asking(ctx)
	list, err := s.overdueAcrossUnits(ctx, clock.Millis(ctx), 500)
	if err != nil {
		return 0, err
	}
	for _, q := range list {
		switch err := s.rise(ctx, q); {
		case errs.Is(err, errs.Conflict): // answered, or told of, at this moment
		case err != nil:
			return n, err
		default:
			n++
		}
	}
	return n, nil
}

func riseKey(ref id.Ref, answers, level int64) string {
	return fmt.Sprintf("care.rise:%s:%d:%d", ref, answers, level)
}

func (s *Service) rise(ctx context.Context, q Request) error {
	return s.db.Tx(ctx, func(ctx context.Context) error {
		d, err := s.deskAcrossUnits(ctx, q.Unit)
		if err != nil {
			return err
		}
		u, err := s.rec.Home(ctx, q.Unit)
		if err != nil {
			return err
		}
		above, err := s.org.Above(ctx, u, clock.Today(ctx))
		if err != nil {
			return err
		}
		answers, err := s.answersAcrossUnits(ctx, q.Ref())
		if err != nil {
			return err
		}
		since := q.DueAt
		q.Risen++
		if q.DueAt = due(q.Urgency, clock.Millis(ctx)); q.Risen == mostRisen {
			q.DueAt = since // it has risen as far as it does, and stays overdue
		}
		to := above[min(int(q.Risen), len(above))-1]
		o := owner(entryKind, q, d, nil, clock.Today(ctx))
		if err := s.keep(ctx, q, o, Entry{Kind: Step, Arg: "risen:" + to.Name}, audit.Entry{Act: "care.act.rise", Subject: Kind, Ref: q.Ref(), Pos: q.Pos, Unit: q.Unit}); err != nil {
			return err
		}
		return s.flow.AddTask(ctx, flow.NewTask{OwnOnly: true, Key: riseKey(q.Ref(), answers, q.Risen), Unit: to.ID, Pos: to.Pos, Kind: flow.KindNote, TitleKey: "care.task.rise", Why: "care.task.rise_why",
			Args: map[string]any{"Unit": u.Name, "No": q.No, "Phone": d.Phone}, Due: clock.Today(ctx), Link: "/care?unit=" + u.ID.String()})
	})
}

func dayOf(millis int64) clock.Day {
	if millis == 0 {
		return clock.Open
	}
	return clock.DayOf(time.UnixMilli(millis))
}
