package campaign

import (
	"context"
	"slices"
	"strconv"

	"xinhuo/internal/dispatch"
	"xinhuo/internal/flow"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/org"
)

const (
	// pageSize is how many targets a page of a list holds.
	pageSize = 50
	// mostInboxes bounds a reminder: beyond, it goes to the units right below, which call upon theirs.
	mostInboxes = 500
	// mostBelow bounds the units right below one.
	mostBelow = 500
)

// reaching puts the question of a campaign's targets within u, as far as the reader may view them.
func (s *Service) reaching(ctx context.Context, ref id.Ref, c Campaign, u org.Unit, day clock.Day, view scope.Set) (reach, error) {
	r := reach{campaign: ref.ID, since: c.IssuedOn, day: day, targets: c.Targets, view: scope.Common(scope.Set{u.Range()}, view)}
	if r.since == clock.Open {
		r.since = clock.Today(ctx)
	}
	var err error
	r.issuers = c.Issuing()
	if r.at, err = s.desk.Asked(ctx, r.issuers, r.since); err != nil {
		return r, err
	}
	return r, nil
}

// Addressed is the number of units that a campaign goes to, before it is issued as after. It is known to whoever reads
// the campaign.
func (s *Service) Addressed(ctx context.Context, c Campaign) (int64, error) {
	top, err := s.org.Top(ctx)
	if err != nil {
		return 0, err
	}
	r, err := s.reaching(ctx, id.Ref{}, c, top, clock.Today(ctx), scope.All)
	if err != nil {
		return 0, err
	}
	r.view = scope.All
	list, err := s.store.counts(ctx, r, org.Nation.Span())
	n := int64(0)
	for _, b := range list {
		n += b.Targets
	}
	return n, err
}

// Board counts how far the targets within a unit have come on a day, all together and by the units right below (R68). It
// is one query for any number of targets. Needs View at the unit.
func (s *Service) Board(ctx context.Context, ref id.Ref, c Campaign, u org.Unit, day clock.Day) (Board, error) {
	b := Board{Unit: u, Day: day, Names: map[id.ID]org.Unit{}}
	if !scope.From(ctx).May(scope.View, u.Pos) {
		return b, errs.New(errs.NotFound, "errs.not_found")
	}
	err := s.db.Read(ctx, func(ctx context.Context) error {
		r, err := s.reaching(ctx, ref, c, u, day, scope.From(ctx).ViewSet)
		if err != nil {
			return err
		}
		span := u.Level.Span()
		deep := slices.ContainsFunc(c.Targets.Levels, func(l org.Level) bool { return l.Rank() > u.Level.Below().Rank() })
		if below := u.Level.Below(); below != "" && deep {
			span = below.Span()
		}
		list, err := s.store.counts(ctx, r, span)
		if err != nil {
			return err
		}
		at := map[int64]id.ID{}
		if span < u.Level.Span() {
			nodes, err := s.org.Children(ctx, u.ID, clock.Today(ctx), "", mostBelow)
			if err != nil {
				return err
			}
			for _, n := range nodes {
				at[n.Unit.Pos] = n.Unit.ID
				b.Names[n.Unit.ID] = n.Unit
			}
		}
		for _, x := range list {
			n := Count{Unit: at[x.Block], Targets: x.Targets, Received: x.Received, Planned: x.Planned, Reported: x.Reported}
			b.All.Targets, b.All.Received = b.All.Targets+n.Targets, b.All.Received+n.Received
			b.All.Planned, b.All.Reported = b.All.Planned+n.Planned, b.All.Reported+n.Reported
			if span < u.Level.Span() {
				b.Below = append(b.Below, n)
			}
		}
		b.All.Unit = u.ID
		return nil
	})
	return b, err
}

// Targets is one page of the units within u that a campaign went to, in the order of the tree: all, those that have come
// as far as a state, or those that wait (R68: the page that names who is missing). after is Next of the page before.
// Needs View at the unit.
func (s *Service) Targets(ctx context.Context, ref id.Ref, c Campaign, u org.Unit, day clock.Day, only State, after string) (Lines, error) {
	if !scope.From(ctx).May(scope.View, u.Pos) {
		return Lines{}, errs.New(errs.NotFound, "errs.not_found")
	}
	if _, ok := lists[only]; !ok {
		return Lines{}, errs.New(errs.Invalid, "campaign.state_unknown")
	}
	from := int64(-1)
	if after != "" {
		var err error
		if from, err = strconv.ParseInt(after, 10, 64); err != nil {
			return Lines{}, errs.New(errs.Invalid, "org.page_unknown")
		}
	}
	var out Lines
	err := s.db.Read(ctx, func(ctx context.Context) error {
		r, err := s.reaching(ctx, ref, c, u, day, scope.From(ctx).ViewSet)
		if err != nil {
			return err
		}
		out, err = s.page(ctx, r, c, only, from, pageSize)
		return err
	})
	return out, err
}

func (s *Service) page(ctx context.Context, r reach, c Campaign, only State, from int64, limit int) (out Lines, err error) {
	list, err := s.store.lines(ctx, r, only, from, limit+1)
	if err != nil {
		return out, err
	}
	if len(list) > limit {
		list = list[:limit]
		out.Next = strconv.FormatInt(list[limit-1].Pos, 10)
	}
	places := map[int64]bool{}
	for _, l := range list {
		for _, p := range org.Enclosing(l.Pos) {
			if p != l.Pos {
				places[p] = true
			}
		}
	}
	dues := map[int64]clock.Day{}
	if len(places) > 0 {
		var at []int64
		for p := range places {
			at = append(at, p)
		}
		slices.Sort(at)
		set, err := s.store.duesAcrossUnits(ctx, r.campaign, at)
		if err != nil {
			return out, err
		}
		for _, d := range set {
			dues[d.Pos] = dispatch.Earliest(dues[d.Pos], d.Due)
		}
	}
	for _, l := range list {
		d := Duty{ReceivedOn: l.ReceivedOn, PlannedOn: l.PlannedOn, ReportedOn: l.ReportedOn}
		x := Line{Unit: l.Unit, Code: l.Code, Name: l.Name, Parent: l.Parent, State: d.StateOn(r.day), ReceivedOn: l.ReceivedOn, PlannedOn: l.PlannedOn,
			ReportedOn: l.ReportedOn, Due: dispatch.Earliest(c.Due, l.Due), pos: l.Pos, duty: l.Duty}
		for _, p := range org.Enclosing(l.Pos) {
			if p != l.Pos {
				x.Due = dispatch.Earliest(x.Due, dues[p])
			}
		}
		out.Lines = append(out.Lines, x)
	}
	return out, nil
}

// inside are the campaigns within one, those of them that the reader may know.
func (s *Service) inside(ctx context.Context, ref id.Ref) ([]Listed, error) {
	ids, err := s.store.insideAcrossUnits(ctx, ref.ID, pageSize)
	if err != nil || len(ids) == 0 {
		return nil, err
	}
	rows, err := s.store.byIDsAcrossUnits(ctx, ids)
	if err != nil {
		return nil, err
	}
	var out []Listed
	for _, r := range rows {
		if _, _, err := s.Campaign(ctx, r.ref()); errs.Is(err, errs.NotFound) {
			continue
		} else if err != nil {
			return nil, err
		}
		out = append(out, r.listed(ctx))
	}
	return out, nil
}

// reminders are the calls that reached a place, the latest first.
func (s *Service) reminders(ctx context.Context, ref id.Ref, pos int64) ([]Reminder, error) {
	list, err := s.store.remindersAcrossUnits(ctx, ref.ID, pos)
	out := make([]Reminder, len(list))
	for i, r := range list {
		out[i] = r.Reminder
	}
	return out, err
}

// remind calls upon the units within the reader's own that have not reported: a line in each inbox, or when they are too
// many in those of the units right below. Once a day at most.
func (s *Service) remind(ctx context.Context, ref id.Ref, c Campaign) error {
	a := scope.From(ctx)
	if c.IssuedOn == clock.Open {
		return errs.New(errs.Conflict, "campaign.not_issued")
	}
	u, err := s.org.Unit(ctx, a.Unit)
	if err != nil {
		return errs.New(errs.Forbidden, "errs.not_yours")
	}
	may, err := s.between(ctx, c, u)
	if err != nil {
		return err
	}
	if !may || !a.May(scope.Work, u.Pos) {
		return errs.New(errs.Forbidden, "campaign.remind_own")
	}
	today := clock.Today(ctx)
	r, err := s.reaching(ctx, ref, c, u, today, a.ViewSet)
	if err != nil {
		return err
	}
	late, err := s.page(ctx, r, c, Waiting, -1, s.inboxes)
	if err != nil {
		return err
	}
	if len(late.Lines) == 0 {
		return errs.New(errs.Conflict, "campaign.nobody_late")
	}
	var tasks []flow.NewTask
	if late.Next == "" {
		tasks, err = s.callUnits(ctx, ref, c, u, late.Lines)
	} else {
		tasks, err = s.callBelow(ctx, ref, c, u, today)
	}
	if err != nil {
		return err
	}
	fresh, err := s.store.addReminder(ctx, ref, u.Range(), Reminder{Unit: u.ID, Day: today, By: a.Name, Sent: int64(len(tasks))}, clock.Millis(ctx))
	if err != nil {
		return err
	}
	if !fresh {
		return errs.New(errs.Conflict, "campaign.reminded_today")
	}
	for _, t := range tasks {
		if err := s.flow.AddTask(ctx, t); err != nil {
			return err
		}
	}
	return s.logged(ctx, ref, "campaign.act.remind", u, map[string]any{"sent": len(tasks)})
}

// callUnits are the lines for the inboxes of late units. A call of an earlier day gives way to today's.
func (s *Service) callUnits(ctx context.Context, ref id.Ref, c Campaign, by org.Unit, late []Line) ([]flow.NewTask, error) {
	var out []flow.NewTask
	for _, l := range late {
		earlier, err := s.store.remindersAcrossUnits(ctx, ref.ID, l.pos)
		if err != nil {
			return nil, err
		}
		if len(earlier) > 0 && earlier[0].Day < clock.Today(ctx) {
			if err := s.flow.DoneTask(ctx, remindKey(ref, l.Unit, earlier[0].Day)); err != nil {
				return nil, err
			}
		}
		out = append(out, flow.NewTask{Key: remindKey(ref, l.Unit, clock.Today(ctx)), Unit: l.Unit, Pos: l.pos, TitleKey: "campaign.task.report",
			Why: "campaign.task.report_why", Args: map[string]any{"Title": Name(ctx, c), "Unit": by.Name}, Due: l.Due, Link: dutyPath(ref, l.Unit)})
	}
	return out, nil
}

// callBelow are the lines for the units right below that have late units of their own.
func (s *Service) callBelow(ctx context.Context, ref id.Ref, c Campaign, by org.Unit, today clock.Day) ([]flow.NewTask, error) {
	b, err := s.Board(ctx, ref, c, by, today)
	if err != nil {
		return nil, err
	}
	var out []flow.NewTask
	for _, n := range b.Below {
		u, ok := b.Names[n.Unit]
		if !ok || n.Missing() == 0 {
			continue
		}
		out = append(out, flow.NewTask{Key: remindKey(ref, u.ID, today), Unit: u.ID, Pos: u.Pos, TitleKey: "campaign.task.below", Why: "campaign.task.below_why",
			Args: map[string]any{"Title": Name(ctx, c), "Unit": by.Name, "N": n.Missing()}, Due: c.Due, Kind: flow.KindNote,
			Link: "/campaign/" + ref.String() + "?unit=" + u.ID.String() + "&list=" + string(Waiting)})
	}
	return out, nil
}

func remindKey(ref id.Ref, unit id.ID, day clock.Day) string {
	return "campaign.remind:" + ref.String() + ":" + unit.String() + ":" + string(day)
}

func dutyPath(ref id.Ref, unit id.ID) string {
	return "/campaign/" + ref.String() + "/duty/" + unit.String()
}
