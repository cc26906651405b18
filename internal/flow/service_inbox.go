package flow

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"xinhuo/internal/audit"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
)

// AddTask posts a task into a unit's inbox, in the caller's transaction. The same Key again changes an open task and
// leaves a done one alone.
func (s *Service) AddTask(ctx context.Context, n NewTask) error {
	if n.Key == "" || len(n.Key) > 200 || n.TitleKey == "" {
		return fmt.Errorf("flow.AddTask: key %q, title %q", n.Key, n.TitleKey)
	}
	if n.Kind == "" {
		n.Kind = KindDo
	}
	if n.Args == nil {
		n.Args = map[string]any{}
	}
	args, err := jsonOf(n.Args)
	if err != nil {
		return fmt.Errorf("flow.AddTask: %w", err)
	}
	own := int64(0)
	if n.OwnOnly {
		own = 1
	}
	return s.db.Tx(ctx, func(ctx context.Context) error {
		return s.hand(ctx, Task{OwnOnly: own, Root: rootOf(n.Pos), ID: id.New(), Key: n.Key, Kind: n.Kind, Unit: n.Unit, Pos: n.Pos,
			TitleKey: n.TitleKey, WhyKey: n.Why, Args: args, DueDay: n.Due, Link: n.Link, OpenedAt: clock.Millis(ctx)})
	})
}

// hand puts a task into an inbox and tells who listens when it was not there before.
func (s *Service) hand(ctx context.Context, t Task) error {
	fresh, err := s.putTask(ctx, t)
	if err != nil || !fresh {
		return err
	}
	for _, f := range s.heard {
		if err := f(ctx, t); err != nil {
			return err
		}
	}
	return nil
}

// DoneTask ends a posted task; one that is done or was never posted is no error.
func (s *Service) DoneTask(ctx context.Context, key string) error {
	return s.db.Tx(ctx, func(ctx context.Context) error {
		_, err := s.endTask(ctx, key, clock.Millis(ctx), scope.From(ctx))
		return err
	})
}

// TickOff ends a note: whoever may do the unit's tasks says that it was read. Other tasks end when their work is done.
func (s *Service) TickOff(ctx context.Context, ref id.Ref) error {
	a := scope.From(ctx)
	return s.db.Tx(ctx, func(ctx context.Context) error {
		t, err := s.taskAcrossUnits(ctx, ref)
		if err != nil {
			return err
		}
		h, err := s.hands(ctx, a)
		if err != nil {
			return err
		}
		if !h.holds(t) || t.Kind != KindNote {
			return errs.New(errs.NotFound, "errs.not_found")
		}
		done, err := s.endTask(ctx, t.Key, clock.Millis(ctx), a)
		if err != nil || !done {
			return errors.Join(err, errs.New(errs.Conflict, "flow.task_done_already", "Name", t.DoneName))
		}
		return s.audit.Log(ctx, audit.Entry{Act: "flow.ticked", Subject: "flow", Ref: ref, Pos: t.Pos, Unit: t.Unit})
	})
}

func (h hands) holds(t Task) bool {
	for _, u := range h.own {
		if u == t.Unit && h.actor.May(scope.Work, t.Pos) {
			return true
		}
	}
	for _, u := range h.sub {
		if u.Unit == t.Unit && u.Person != t.NotBy {
			return true
		}
	}
	return false
}

// Whose narrows the inbox to a unit's own tasks or to those done for others.
type Whose string

// Of whom the tasks are that a person does.
const (
	Everybodys Whose = ""
	OwnOnes    Whose = "own" // of the reader's own unit
	ForOthers  Whose = "for" // of units below without an account, and as a substitute
)

// Waiting is how much waits for somebody.
type Waiting struct {
	All  int `json:"all"`
	Due  int `json:"due"`  // of them today or earlier
	Late int `json:"late"` // of those before today
	New  int `json:"new"`  // tasks that came since yesterday's first hour
}

// Inbox lists what waits for the reader, the earliest day first, and how many there are in all. After them, when units
// below are late with something, comes one line of KindBelow that says how much; it is not counted in total.
func (s *Service) Inbox(ctx context.Context, limit int) (items []Item, total int, err error) {
	items, n, err := s.InboxOf(ctx, Everybodys, limit)
	return items, n.All, err
}

// InboxOf is Inbox narrowed to whose tasks they are, with how many are due.
func (s *Service) InboxOf(ctx context.Context, whose Whose, limit int) (items []Item, n Waiting, err error) {
	a, today := scope.From(ctx), clock.Today(ctx)
	err = s.db.Read(ctx, func(ctx context.Context) error {
		h, err := s.hands(ctx, a)
		if err != nil {
			return err
		}
		all := h
		h = h.only(whose)
		tasks, row, err := s.openTasks(ctx, h, today, limit)
		if err != nil {
			return err
		}
		n = Waiting(row)
		if items, err = s.items(ctx, a, tasks, h.sub, true); err != nil {
			return err
		}
		more, err := s.lentTo(ctx, a, h)
		if err != nil {
			return err
		}
		for _, it := range more {
			n.All++
			if it.Due != clock.Open && it.Due <= today {
				n.Due++
			}
			if it.Due != clock.Open && it.Due < today {
				n.Late++
			}
		}
		items = append(items, more...)
		inOrder(items, today)
		if len(more) > 0 {
			items = items[:min(len(items), max(limit, 0))]
		}
		if len(a.ViewSet) == 0 || a.System || whose != Everybodys {
			return nil
		}
		_, late, err := s.overdueBelow(ctx, all, today, 0)
		if late > 0 {
			items = append(items, Item{Kind: KindBelow, Title: i18n.T(ctx, "flow.below", "Count", late),
				Why: i18n.T(ctx, "flow.below_why"), Overdue: true, Link: "/inbox?below=1", Count: late})
		}
		return err
	})
	return items, n, err
}

// maxVacated bounds the units whose lines come to those above because nobody works there any more.
const maxVacated = 10

// lentTo are the lines that modules lend to the inboxes of the reader's own unit, of units below whose post was left and is not
// handed over yet, and of those for whom the reader stands in, without those that a task leads to already.
func (s *Service) lentTo(ctx context.Context, a scope.Actor, h hands) ([]Item, error) {
	var out []Item
	lend := func(unit id.ID, away string) error {
		for _, f := range s.lent {
			list, err := f(ctx, unit)
			if err != nil {
				return err
			}
			for i := range list {
				list[i].For = away
			}
			out = append(out, list...)
		}
		return nil
	}
	if a.Unit != 0 && slices.Contains(h.own, a.Unit) {
		if err := lend(a.Unit, ""); err != nil {
			return nil, err
		}
	}
	asked := []id.ID{a.Unit}
	vacated, err := s.vacated(ctx, slices.DeleteFunc(slices.Clone(h.own), func(u id.ID) bool { return u == a.Unit }), maxVacated)
	if err != nil {
		return nil, err
	}
	for _, u := range append(vacated, h.sub...) {
		if slices.Contains(asked, u.Unit) {
			continue
		}
		asked = append(asked, u.Unit)
		away, err := forWhom(a, Task{Unit: u.Unit, Pos: u.Pos}, h.sub, true, func(unit id.ID) (string, error) { return s.units.Name(ctx, unit) })
		if err != nil {
			return nil, err
		}
		if err := lend(u.Unit, away); err != nil {
			return nil, err
		}
	}
	if len(out) == 0 {
		return nil, nil
	}
	links := make([]string, len(out))
	for i, it := range out {
		links[i] = it.Link
	}
	led, err := s.openLinks(ctx, h, links)
	return slices.DeleteFunc(out, func(it Item) bool { return slices.Contains(led, it.Link) }), err
}

// Below lists what units below are late with, within the reader's view; nothing of it can be done from there.
func (s *Service) Below(ctx context.Context, limit int) (items []Item, total int, err error) {
	a := scope.From(ctx)
	err = s.db.Read(ctx, func(ctx context.Context) error {
		h, err := s.hands(ctx, a)
		if err != nil {
			return err
		}
		tasks, n, err := s.overdueBelow(ctx, h, clock.Today(ctx), limit)
		if err != nil {
			return err
		}
		total = n
		items, err = s.items(ctx, a, tasks, nil, false)
		return err
	})
	return items, total, err
}

// DoneSince lists what was done of the reader's tasks since an instant (UTC milliseconds), the latest first.
func (s *Service) DoneSince(ctx context.Context, since int64, limit int) ([]Item, error) {
	a := scope.From(ctx)
	h, err := s.hands(ctx, a)
	if err != nil {
		return nil, err
	}
	tasks, err := s.doneTasks(ctx, h, since, limit)
	if err != nil {
		return nil, err
	}
	return s.items(ctx, a, tasks, h.sub, false)
}

// items puts tasks into the reader's words; acts adds what can be done from the list.
func (s *Service) items(ctx context.Context, a scope.Actor, tasks []Task, subs []Substitute, acts bool) ([]Item, error) {
	cases, err := s.casesByIDAcrossUnits(ctx, tasks)
	if err != nil {
		return nil, err
	}
	said, err := s.saidAcrossUnits(ctx, cases)
	if err != nil {
		return nil, err
	}
	today := clock.Today(ctx)
	names := map[id.ID]string{}
	name := func(unit id.ID) (string, error) {
		if n, ok := names[unit]; ok {
			return n, nil
		}
		n, err := s.units.Name(ctx, unit)
		names[unit] = n
		return n, err
	}
	out := make([]Item, 0, len(tasks))
	for _, t := range tasks {
		it := Item{Task: id.Ref{Root: t.Root, ID: t.ID}, Kind: t.Kind, Due: t.DueDay, Link: t.Link, Done: t.DoneName, DoneAt: t.DoneAt,
			Overdue: t.DoneAt == 0 && t.DueDay != clock.Open && t.DueDay < today}
		if !a.May(scope.Work, t.Pos) {
			it.Link = recordOf(t.Link)
		}
		if it.For, err = forWhom(a, t, subs, acts, name); err != nil {
			return nil, err
		}
		if c, ok := cases[t.Case]; ok {
			err = s.caseItem(ctx, &it, t, c, said[t.Case], acts, name)
		} else {
			err = noteItem(ctx, &it, t)
		}
		if err != nil {
			return nil, err
		}
		out = append(out, it)
	}
	return out, nil
}

// recordOf is the page of the record about which a task is: who may not do the task reads it there. "/base/9902-x" of
// "/base/9902-x/check".
func recordOf(link string) string {
	if parts := strings.SplitN(link, "/", 4); len(parts) == 4 {
		return strings.Join(parts[:3], "/")
	}
	return link
}

// forWhom names the person or the unit for whom the reader does the task; "" when it is their own.
func forWhom(a scope.Actor, t Task, subs []Substitute, mine bool, name func(unit id.ID) (string, error)) (string, error) {
	if t.Unit == a.Unit {
		return "", nil
	}
	if !a.May(scope.Work, t.Pos) || !mine {
		for _, u := range subs {
			if u.Unit == t.Unit {
				return u.Name, nil
			}
		}
	}
	return name(t.Unit)
}

func (s *Service) caseItem(ctx context.Context, it *Item, t Task, c Case, last Step, acts bool, name func(unit id.ID) (string, error)) error {
	def, err := s.definition(ctx, c.Version)
	if err != nil {
		return err
	}
	ref := c.Ref()
	it.Case, it.Steps = &ref, c.Steps
	state := c.State
	if t.DoneAt > 0 { // what had to be done then, not what waits now
		if state, err = s.stateAt(ctx, c, t); err != nil {
			return err
		}
	}
	st, _ := def.State(state)
	from, err := name(c.Unit)
	if err != nil {
		return err
	}
	it.Title = i18n.T(ctx, "flow.item", "Todo", st.Todo.In(ctx), "Title", c.Title)
	it.Why = i18n.T(ctx, "flow.item_why", "Definition", def.Title.In(ctx), "Unit", from, "Day", i18n.Day(ctx, c.SinceDay))
	if tr, ok := def.Find(last.From, last.Act); ok && tr.NeedsReason && last.To == state && t.DoneAt == 0 {
		it.Said = i18n.T(ctx, "flow.item_said", "State", st.Title.In(ctx), "Reason", oneLine(last.Reason))
	}
	if !acts {
		return nil
	}
	for _, tr := range s.Allowed(ctx, c) {
		// Recalling is for the sender, and an end other than the ordinary one deserves a look: both stay on the case's page.
		to, _ := def.State(tr.To)
		if tr.Brief() && tr.Who[0].At != AtSender && (tr.Main || !to.Terminal) {
			it.Acts = append(it.Acts, ItemAct{Key: tr.Act, Title: tr.Title.In(ctx), Main: tr.Main, NeedsDay: tr.NeedsDay})
		}
	}
	return nil
}

// oneLine keeps a reason to a line of the list; the case's page has the whole of it.
func oneLine(text string) string {
	r := []rune(strings.Join(strings.Fields(text), " "))
	if len(r) > 60 {
		return string(r[:59]) + "…"
	}
	return string(r)
}

// stateAt is the state that posted a task, read from the number of steps in its key.
func (s *Service) stateAt(ctx context.Context, c Case, t Task) (string, error) {
	list, err := s.stepsAcrossUnits(ctx, c.Ref())
	for _, p := range list {
		if t.Key == fmt.Sprintf("case:%s:%d", c.Ref(), p.No) {
			return p.To, err
		}
	}
	return c.State, err
}

func noteItem(ctx context.Context, it *Item, t Task) error {
	var args map[string]any
	if err := json.Unmarshal([]byte(t.Args), &args); err != nil {
		return fmt.Errorf("flow: arguments of task %s: %w", t.Key, err)
	}
	var pairs []any
	for k, v := range args {
		if text, _ := v.(string); k == "Day" { // kept as a day, said in the reader's language
			if d, err := clock.ParseDay(text); err == nil {
				v = i18n.Day(ctx, d)
			}
		}
		pairs = append(pairs, k, v)
	}
	it.Urgency, _ = args[ArgUrgency].(string)
	it.Title = i18n.T(ctx, t.TitleKey, pairs...)
	if t.WhyKey != "" {
		it.Why = i18n.T(ctx, t.WhyKey, pairs...)
	}
	return nil
}

// Note tells whether the item can be ticked off once read.
func (i Item) Note() bool { return i.Kind == KindNote && i.DoneAt == 0 }
