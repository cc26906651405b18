package survey

import (
	"context"
	"slices"
	"strconv"

	"xinhuo/internal/audit"
	"xinhuo/internal/flow"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/org"
)

const (
	// pageSize is how many recipients a page of a list holds.
	pageSize = 50
	// mostInboxes bounds a reminder: beyond, it goes to the units right below.
	mostInboxes = 500
	// mostBelow bounds the units right below one.
	mostBelow = 500
)

// asked is the issuer's subtree as it was on the day of issue.
func (s *Service) asked(ctx context.Context, v Survey) (scope.Set, error) {
	day := v.IssuedOn
	if day == clock.Open {
		day = clock.Today(ctx)
	}
	u, err := s.org.AsOf(ctx, v.Unit, day)
	if errs.Is(err, errs.NotFound) {
		u, err = s.org.Unit(ctx, v.Unit)
	}
	return scope.Set{u.Range()}, err
}

// hosts are the places that a survey of bases asks: those at which one stands that stood in the register when it was issued.
func (s *Service) hosts(ctx context.Context, v Survey, at scope.Set) ([]int64, error) {
	if v.IssuedOn != clock.Open {
		return s.register.Hosts(ctx, v.Bases)
	}
	bases, err := s.register.Within(ctx, at)
	if err != nil {
		return nil, err
	}
	return s.register.Hosts(ctx, bases)
}

// reaching puts the question of a survey's recipients within u, as far as the reader may view them.
func (s *Service) reaching(ctx context.Context, ref id.Ref, v Survey, u org.Unit, view scope.Set) (reach, error) {
	r := reach{survey: ref.ID, since: v.IssuedOn, day: clock.Today(ctx), view: scope.Common(scope.Set{u.Range()}, view), levels: v.levels(), besides: v.besides()}
	if r.since == clock.Open {
		r.since = r.day
	}
	var err error
	if r.at, err = s.asked(ctx, v); err != nil || v.About != "base" {
		return r, err
	}
	if r.hosts, err = s.hosts(ctx, v, r.at); r.hosts == nil {
		r.hosts = []int64{} // nobody, not everybody
	}
	return r, err
}

// Addressed is the number of units that a survey goes to, before it is issued as after.
func (s *Service) Addressed(ctx context.Context, v Survey) (int64, error) {
	r, err := s.reaching(ctx, id.Ref{}, v, org.Unit{Level: org.Nation}, scope.All)
	if err != nil {
		return 0, err
	}
	list, err := s.store.counts(ctx, r, org.Nation.Span())
	total := int64(0)
	for _, b := range list {
		total += b.Targets
	}
	return total, err
}

// Board counts how far the recipients within a unit have come, all together and by the units right below. Needs View at
// the unit.
func (s *Service) Board(ctx context.Context, ref id.Ref, v Survey, u org.Unit) (Board, error) {
	b := Board{All: Count{Unit: u.ID, Name: u.Name}}
	if !scope.From(ctx).May(scope.View, u.Pos) {
		return b, errs.New(errs.NotFound, "errs.not_found")
	}
	err := s.db.Read(ctx, func(ctx context.Context) error {
		r, err := s.reaching(ctx, ref, v, u, scope.From(ctx).ViewSet)
		if err != nil {
			return err
		}
		span, at := u.Level.Span(), map[int64]org.Unit{}
		if below := u.Level.Below(); below != "" {
			span = below.Span()
			nodes, err := s.org.Children(ctx, u.ID, r.day, "", mostBelow)
			if err != nil {
				return err
			}
			for _, x := range nodes {
				at[x.Unit.Pos] = x.Unit
			}
		}
		list, err := s.store.counts(ctx, r, span)
		if err != nil {
			return err
		}
		for _, x := range list {
			c := Count{Unit: at[x.Block].ID, Name: at[x.Block].Name, Targets: x.Targets, Sent: x.Sent, Reviewed: x.Reviewed, Returned: x.Returned}
			b.All.Targets, b.All.Sent, b.All.Reviewed, b.All.Returned = b.All.Targets+c.Targets, b.All.Sent+c.Sent, b.All.Reviewed+c.Reviewed, b.All.Returned+c.Returned
			if x.Block == u.Pos && u.Level.Below() != "" {
				c.Unit, c.Name = u.ID, u.Name
				b.Own = &c
			} else if c.Unit != 0 {
				b.Below = append(b.Below, c)
			}
		}
		return nil
	})
	return b, err
}

// Recipients is one page of the units within u that a survey went to, in the order of the tree: all, those in a state, or
// those that wait. after is next of the page before. Needs View at the unit.
func (s *Service) Recipients(ctx context.Context, ref id.Ref, v Survey, u org.Unit, only State, after string, limit int) (list []Line, next string, err error) {
	if !scope.From(ctx).May(scope.View, u.Pos) {
		return nil, "", errs.New(errs.NotFound, "errs.not_found")
	}
	if _, ok := lists[only]; !ok {
		return nil, "", errs.New(errs.Invalid, "survey.state_unknown")
	}
	from := int64(-1)
	if after != "" {
		if from, err = strconv.ParseInt(after, 10, 64); err != nil {
			return nil, "", errs.New(errs.Invalid, "org.page_unknown")
		}
	}
	r, err := s.reaching(ctx, ref, v, u, scope.From(ctx).ViewSet)
	if err != nil {
		return nil, "", err
	}
	list, err = s.store.lines(ctx, r, only, from, limit+1)
	if len(list) > limit {
		list = list[:limit]
		next = strconv.FormatInt(list[limit-1].Pos, 10)
	}
	return list, next, err
}

// Remind calls upon the units within the reader's own that have not answered: a line in each inbox, or when they are too
// many in those of the units right below. Once a day at most. The issuer may, and each unit between it and those asked.
func (s *Service) Remind(ctx context.Context, ref id.Ref) error {
	a := scope.From(ctx)
	v, _, err := s.Get(ctx, ref)
	if err != nil {
		return err
	}
	u, err := s.org.Unit(ctx, a.Unit)
	if err != nil || !a.May(scope.Work, u.Pos) {
		return errs.New(errs.Forbidden, "errs.not_yours")
	}
	at, err := s.asked(ctx, v)
	if err != nil {
		return err
	}
	if !at.Contains(u.Pos) || !slices.ContainsFunc(v.levels(), u.Level.MayHold) {
		return errs.New(errs.Forbidden, "survey.remind_own")
	}
	if v.IssuedOn == clock.Open {
		return errs.New(errs.Conflict, "survey.not_issued")
	}
	return s.db.Tx(ctx, func(ctx context.Context) error {
		tasks, err := s.calls(ctx, ref, v, u)
		if err != nil {
			return err
		}
		today := clock.Today(ctx)
		fresh, err := s.store.addReminder(ctx, ref, u.Range(), Reminder{Unit: u.ID, Day: today, Name: a.Name, Sent: int64(len(tasks))})
		if err != nil {
			return err
		}
		if !fresh {
			return errs.New(errs.Conflict, "survey.reminded_today")
		}
		for _, t := range tasks {
			if err := s.flow.AddTask(ctx, t); err != nil {
				return err
			}
		}
		return s.audit.Log(ctx, audit.Entry{Act: "survey.act.remind", Subject: Kind, Ref: ref, Pos: u.Pos, Unit: u.ID, Detail: map[string]any{"sent": len(tasks)}})
	})
}

// mayCall tells whether calling upon those within the reader's own unit would reach anybody: it is theirs to do, somebody has
// not answered, and they were not called upon today.
func (s *Service) mayCall(ctx context.Context, ref id.Ref, v Survey) (bool, error) {
	a := scope.From(ctx)
	if v.IssuedOn == clock.Open || a.Unit == 0 {
		return false, nil
	}
	u, err := s.org.Unit(ctx, a.Unit)
	if err != nil || !a.May(scope.Work, u.Pos) || !slices.ContainsFunc(v.levels(), u.Level.MayHold) {
		return false, err
	}
	at, err := s.asked(ctx, v)
	if err != nil || !at.Contains(u.Pos) {
		return false, err
	}
	called, err := s.store.remindersAcrossUnits(ctx, ref.ID, u.Pos)
	if err != nil || slices.ContainsFunc(called, func(r Reminder) bool { return r.Unit == u.ID && r.Day == clock.Today(ctx) }) {
		return false, err
	}
	b, err := s.Board(ctx, ref, v, u)
	return b.All.Waiting() > 0, err
}

// calls are the lines for the inboxes of those who have not answered; a call of an earlier day gives way to today's.
func (s *Service) calls(ctx context.Context, ref id.Ref, v Survey, by org.Unit) (out []flow.NewTask, err error) {
	today := clock.Today(ctx)
	late, more, err := s.Recipients(ctx, ref, v, by, Waiting, "", s.inboxes)
	if err != nil {
		return nil, err
	}
	if len(late) == 0 {
		return nil, errs.New(errs.Conflict, "survey.nobody_late")
	}
	if more != "" {
		b, err := s.Board(ctx, ref, v, by)
		if err != nil {
			return nil, err
		}
		if c := b.Own; c != nil && c.Waiting() > 0 {
			out = append(out, s.call(ref, v, Line{Unit: by.ID, Pos: by.Pos}, by, today))
		}
		for _, c := range b.Below {
			u, err := s.org.Unit(ctx, c.Unit)
			if err != nil {
				return nil, err
			}
			if c.Waiting() > 0 {
				out = append(out, flow.NewTask{Key: remindKey(ref, c.Unit, today), Unit: u.ID, Pos: u.Pos, TitleKey: "survey.task.below", Why: "survey.task.called", Kind: flow.KindNote,
					Args: map[string]any{"Title": v.Title, "Unit": by.Name, "N": c.Waiting()}, Due: v.Due, Link: path(ref) + "?unit=" + c.Unit.String() + "&list=" + string(Waiting)})
			}
		}
		return out, nil
	}
	for _, l := range late {
		earlier, err := s.store.remindersAcrossUnits(ctx, ref.ID, l.Pos)
		if err != nil {
			return nil, err
		}
		if len(earlier) > 0 && earlier[0].Day < today {
			if err := s.flow.DoneTask(ctx, remindKey(ref, l.Unit, earlier[0].Day)); err != nil {
				return nil, err
			}
		}
		out = append(out, s.call(ref, v, l, by, today))
	}
	return out, nil
}

// call is the line for the inbox of one unit that has not answered.
func (s *Service) call(ref id.Ref, v Survey, l Line, by org.Unit, today clock.Day) flow.NewTask {
	return flow.NewTask{Key: remindKey(ref, l.Unit, today), Unit: l.Unit, Pos: l.Pos, TitleKey: "survey.task.answer", Why: "survey.task.called",
		Args: map[string]any{"Title": v.Title, "Unit": by.Name}, Due: v.Due, Link: answerPath(ref, l.Unit)}
}

func remindKey(ref id.Ref, unit id.ID, day clock.Day) string {
	return "survey.remind:" + ref.String() + ":" + unit.String() + ":" + string(day)
}
