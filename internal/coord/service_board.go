package coord

import (
	"context"
	"maps"
	"slices"
	"strconv"

	"xinhuo/internal/audit"
	"xinhuo/internal/dispatch"
	"xinhuo/internal/flow"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/ledger"
	"xinhuo/internal/org"
)

const (
	// pageSize is how many recipients a page of a list holds.
	pageSize = 50
	// mostInboxes bounds a reminder: beyond, it goes to the units right below, which call upon theirs.
	mostInboxes = 500
	// mostBelow bounds the units right below one.
	mostBelow = 500
)

// reaching puts the question of a notice's recipients within u, as far as the reader may view them.
func (s *Service) reaching(ctx context.Context, ref id.Ref, n Notice, u org.Unit, day clock.Day, view scope.Set) (reach, error) {
	r := reach{notice: ref.ID, since: n.IssuedOn, day: day, targets: n.Targets, view: scope.Common(scope.Set{u.Range()}, view)}
	if r.since == clock.Open {
		r.since = clock.Today(ctx)
	}
	var err error
	r.issuers = n.Issuing()
	if r.at, err = s.desk.Asked(ctx, r.issuers, r.since); err != nil {
		return r, err
	}
	if t, ok := n.Targets.test(r.since); ok {
		var err error
		if r.units, err = s.ledger.UnitsSQL(t, r.at); err != nil {
			return r, err
		}
	}
	return r, nil
}

// test is what a rule asks of each unit about the day of issue; none when the recipients are levels or a list.
func (t Targets) test(day clock.Day) (ledger.UnitTest, bool) {
	r := t.Rule
	if r == nil || t.Named() || len(t.Levels) != 1 {
		return ledger.UnitTest{}, false
	}
	out := ledger.UnitTest{Figure: r.Figure, Level: t.Levels[0], Less: r.Less, N: r.N, Day: day}
	if r.By != "" {
		out.Where = map[string]string{r.By: r.Value}
	}
	return out, true
}

// Addressed is the number of units that a notice goes to, before it is issued as after. It is known to whoever reads the
// notice. Without a ref it is counted as if it were not kept yet.
func (s *Service) Addressed(ctx context.Context, ref id.Ref, n Notice) (int64, error) {
	r, err := s.reaching(ctx, ref, n, org.Unit{Level: org.Nation}, clock.Today(ctx), scope.All)
	if err != nil {
		return 0, err
	}
	list, err := s.far(ctx, r, org.Nation.Span())
	total := int64(0)
	for _, b := range list {
		total += b.Targets
	}
	return total, err
}

// Board counts how far the recipients within a unit have come on a day, all together and by the units right below. It is
// one query for any number of recipients. Needs View at the unit. only narrows it to levels.
func (s *Service) Board(ctx context.Context, ref id.Ref, n Notice, u org.Unit, day clock.Day, only ...org.Level) (Board, error) {
	b := Board{Unit: u, Day: day, Names: map[id.ID]org.Unit{}}
	if !scope.From(ctx).May(scope.View, u.Pos) {
		return b, errs.New(errs.NotFound, "errs.not_found")
	}
	err := s.db.Read(ctx, func(ctx context.Context) error {
		r, err := s.reaching(ctx, ref, n, u, day, scope.From(ctx).ViewSet)
		if err != nil {
			return err
		}
		r.only = only
		span := u.Level.Span()
		deep := slices.ContainsFunc(n.Targets.asked(), func(l org.Level) bool { return l.Rank() > u.Level.Below().Rank() })
		if below := u.Level.Below(); below != "" && deep && !(n.Targets.Named() && below.Leaf()) {
			span = below.Span()
		}
		list, err := s.far(ctx, r, span)
		if err != nil {
			return err
		}
		at := map[int64]id.ID{}
		if span < u.Level.Span() {
			nodes, err := s.org.Children(ctx, u.ID, clock.Today(ctx), "", mostBelow)
			if err != nil {
				return err
			}
			for _, x := range nodes {
				at[x.Unit.Pos] = x.Unit.ID
				b.Names[x.Unit.ID] = x.Unit
			}
		}
		below := map[int64]*Count{}
		for _, x := range list {
			b.All.add(x)
			if below[x.Block] == nil {
				below[x.Block] = &Count{Unit: at[x.Block]}
			}
			below[x.Block].add(x)
		}
		if span < u.Level.Span() {
			for _, k := range slices.Sorted(maps.Keys(below)) {
				b.Below = append(b.Below, *below[k])
			}
		}
		b.All.Unit = u.ID
		return nil
	})
	return b, err
}

// Recipients is one page of the units within u that a notice went to, in the order of the tree: all, those that have come
// as far as a state, or those that wait. after is Next of the page before. Needs View at the unit. levels narrows it, for
// instance to whom an obligation binds (R7).
func (s *Service) Recipients(ctx context.Context, ref id.Ref, n Notice, u org.Unit, day clock.Day, only State, after string, levels ...org.Level) (Lines, error) {
	if !scope.From(ctx).May(scope.View, u.Pos) {
		return Lines{}, errs.New(errs.NotFound, "errs.not_found")
	}
	if _, ok := lists[only]; !ok {
		return Lines{}, errs.New(errs.Invalid, "coord.state_unknown")
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
		r, err := s.reaching(ctx, ref, n, u, day, scope.From(ctx).ViewSet)
		if err != nil {
			return err
		}
		r.only = levels
		out, err = s.page(ctx, r, n, only, from, pageSize)
		return err
	})
	return out, err
}

func (s *Service) page(ctx context.Context, r reach, n Notice, only State, from int64, limit int) (out Lines, err error) {
	if r.view, err = s.near(ctx, r, only, from, limit+1); err != nil {
		return out, err
	}
	list, err := s.store.lines(ctx, r, only, from, limit+1)
	if err != nil {
		return out, err
	}
	if len(list) > limit {
		list = list[:limit]
		out.Next = strconv.FormatInt(list[limit-1].Pos, 10)
	}
	dues, err := s.dues(ctx, r, list)
	if err != nil {
		return out, err
	}
	for _, l := range list {
		x := Line{Unit: l.Unit, Code: l.Code, Name: l.Name, Parent: l.Parent, ReceivedOn: l.ReceivedOn, DoneOn: l.DoneOn, Asked: l.Asking == 1,
			State: replyRow{ReceivedOn: l.ReceivedOn, ReadOn: l.ReadOn, DoneOn: l.DoneOn}.state(r.day), Due: dispatch.Earliest(n.Due, l.Due), pos: l.Pos, reply: l.Reply}
		for _, p := range org.Enclosing(l.Pos) {
			if p != l.Pos {
				x.Due = dispatch.Earliest(x.Due, dues[p])
			}
		}
		out.Lines = append(out.Lines, x)
	}
	return out, nil
}

// dues are the days that the units above some recipients have set, by their place.
func (s *Service) dues(ctx context.Context, r reach, list []lineRow) (map[int64]clock.Day, error) {
	out := map[int64]clock.Day{}
	var at []int64
	for _, l := range list {
		for _, p := range org.Enclosing(l.Pos) {
			if p != l.Pos {
				at = append(at, p)
			}
		}
	}
	slices.Sort(at)
	if at = slices.Compact(at); len(at) == 0 {
		return out, nil
	}
	set, err := s.store.duesAcrossUnits(ctx, r.notice, at)
	for _, d := range set {
		out[d.Pos] = dispatch.Earliest(out[d.Pos], d.Due)
	}
	return out, err
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

// remind calls upon the units within the reader's own that have not answered: a line in each inbox, or when they are too
// many in those of the units right below. Once a day at most.
func (s *Service) remind(ctx context.Context, ref id.Ref, n Notice) error {
	a := scope.From(ctx)
	if n.IssuedOn == clock.Open {
		return errs.New(errs.Conflict, "coord.not_issued")
	}
	if n.Due == clock.Open {
		return errs.New(errs.Conflict, "coord.nothing_due")
	}
	u, err := s.org.Unit(ctx, a.Unit)
	if err != nil {
		return errs.New(errs.Forbidden, "errs.not_yours")
	}
	may, err := s.between(ctx, n, u)
	if err != nil {
		return err
	}
	if !may || !a.May(scope.Work, u.Pos) {
		return errs.New(errs.Forbidden, "coord.remind_own")
	}
	today := clock.Today(ctx)
	r, err := s.reaching(ctx, ref, n, u, today, a.ViewSet)
	if err != nil {
		return err
	}
	late, err := s.page(ctx, r, n, Waiting, -1, s.inboxes)
	if err != nil {
		return err
	}
	if len(late.Lines) == 0 {
		return errs.New(errs.Conflict, "coord.nobody_late")
	}
	var tasks []flow.NewTask
	if late.Next == "" {
		tasks, err = s.callUnits(ctx, ref, n, u, late.Lines)
	} else {
		tasks, err = s.callBelow(ctx, ref, n, u, today)
	}
	if err != nil {
		return err
	}
	fresh, err := s.store.addReminder(ctx, ref, u.Range(), Reminder{Unit: u.ID, Day: today, By: a.Name, Sent: int64(len(tasks))}, clock.Millis(ctx))
	if err != nil {
		return err
	}
	if !fresh {
		return errs.New(errs.Conflict, "coord.reminded_today")
	}
	for _, t := range tasks {
		if err := s.flow.AddTask(ctx, t); err != nil {
			return err
		}
	}
	return s.audit.Log(ctx, audit.Entry{Act: "coord.act.remind", Subject: Kind, Ref: ref, Pos: u.Pos, Unit: u.ID, Detail: map[string]any{"sent": len(tasks)}})
}

// callUnits are the lines for the inboxes of units that have not answered. A call of an earlier day gives way to today's.
func (s *Service) callUnits(ctx context.Context, ref id.Ref, n Notice, by org.Unit, late []Line) ([]flow.NewTask, error) {
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
		out = append(out, flow.NewTask{Key: remindKey(ref, l.Unit, clock.Today(ctx)), Unit: l.Unit, Pos: l.pos, TitleKey: "coord.task.do",
			Why: "coord.task.called", Args: map[string]any{"Title": n.Title, "Unit": by.Name, flow.ArgUrgency: n.Urgency}, Due: l.Due, Link: replyPath(ref, l.Unit)})
	}
	return out, nil
}

// callBelow are the lines for the units right below that have such units of their own.
func (s *Service) callBelow(ctx context.Context, ref id.Ref, n Notice, by org.Unit, today clock.Day) ([]flow.NewTask, error) {
	b, err := s.Board(ctx, ref, n, by, today)
	if err != nil {
		return nil, err
	}
	var out []flow.NewTask
	for _, c := range b.Below {
		u, ok := b.Names[c.Unit]
		if !ok || c.Waiting() == 0 {
			continue
		}
		out = append(out, flow.NewTask{Key: remindKey(ref, u.ID, today), Unit: u.ID, Pos: u.Pos, TitleKey: "coord.task.below", Why: "coord.task.called",
			Args: map[string]any{"Title": n.Title, "Unit": by.Name, "N": c.Waiting()}, Due: n.Due, Kind: flow.KindNote, Link: latePath(ref, u.ID)})
	}
	return out, nil
}

func remindKey(ref id.Ref, unit id.ID, day clock.Day) string {
	return "coord.remind:" + ref.String() + ":" + unit.String() + ":" + string(day)
}

// latePath is the list of those within a unit that have not answered.
func latePath(ref id.Ref, unit id.ID) string {
	return path(ref) + "?unit=" + unit.String() + "&list=" + string(Waiting)
}

// FieldValue is what the ledger answers to a bound field for a unit.
type FieldValue struct {
	Field Field
	Query ledger.Query
	Value ledger.Value
}

// Bound answers the fields that the ledger answers, for a unit and all below it, as of the due day or today, whichever is
// earlier (R176): nobody has typed any of it.
func (s *Service) Bound(ctx context.Context, n Notice, unit id.ID) ([]FieldValue, error) {
	var out []FieldValue
	for _, x := range n.bound() {
		q := s.asks(ctx, n, x, unit)
		v, err := s.ledger.Ask(ctx, q)
		if err != nil {
			return nil, err
		}
		out = append(out, FieldValue{x, q, v})
	}
	return out, nil
}

func (s *Service) asks(ctx context.Context, n Notice, x Field, unit id.ID) ledger.Query {
	day := clock.Today(ctx)
	if n.Due != clock.Open && n.Due < day {
		day = n.Due
	}
	return ledger.Query{Figure: x.Figure, Unit: unit, Day: day, From: x.Since, To: day}
}

// BoundBelow answers them for units right below one, by unit and number of the field.
func (s *Service) BoundBelow(ctx context.Context, n Notice, u org.Unit, below []org.Unit) (map[id.ID]map[int]ledger.Value, error) {
	out := map[id.ID]map[int]ledger.Value{}
	for _, x := range n.bound() {
		values, err := s.ledger.AtEach(ctx, s.asks(ctx, n, x, u.ID), below)
		if err != nil {
			return nil, err
		}
		for unit, v := range values {
			if out[unit] == nil {
				out[unit] = map[int]ledger.Value{}
			}
			out[unit][x.No] = v
		}
	}
	return out, nil
}
