package org

import (
	"context"
	"encoding/json"
	"slices"

	"xinhuo/internal/audit"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
)

// change is one event on its way: the units it touches, as they were and as they become.
type change struct {
	s       *Service
	day     clock.Day
	ev      Event
	was     map[id.ID]string // life, names and places before, as text
	now     map[id.ID]*state
	order   []id.ID
	numbers *numbers
}

// act runs an event in one transaction: body changes the states, then they are saved, traced, published and logged.
func (s *Service) act(ctx context.Context, kind EventKind, unit id.ID, day clock.Day, doc string, body func(ctx context.Context, c *change, u *state) (EventDetail, error)) error {
	if _, err := clock.ParseDay(string(day)); err != nil {
		var f errs.Fields
		f.Add("day", "org.day_missing")
		return f.Err()
	}
	if clock.Today(ctx) < day && !scope.From(ctx).System {
		var f errs.Fields
		f.Add("day", "org.day_ahead")
		return f.Err()
	}
	if _, err := s.allowed(ctx, scope.Admin, unit, "org."+string(kind)); err != nil {
		return err
	}
	return s.db.Tx(ctx, func(ctx context.Context) error {
		if err := s.store.lock(ctx); err != nil {
			return err
		}
		a := scope.From(ctx)
		c := &change{s: s, day: day, now: map[id.ID]*state{}, was: map[id.ID]string{}, numbers: newNumbers(s.store),
			ev: Event{ID: id.New(), Unit: unit, Kind: kind, Day: day, Document: doc, KnownAt: clock.Millis(ctx), Actor: a.Account, ActorName: a.Name}}
		u, err := c.get(ctx, unit)
		if err != nil {
			return err
		}
		detail, err := body(ctx, c, u)
		if err != nil {
			return err
		}
		c.ev.Detail = text(detail)
		return c.finish(ctx)
	})
}

// load brings units into the change.
func (c *change) load(ctx context.Context, ids []id.ID) error {
	var missing []id.ID
	for _, u := range ids {
		if c.now[u] == nil && !slices.Contains(missing, u) {
			missing = append(missing, u)
		}
	}
	if len(missing) == 0 {
		return nil
	}
	sts, err := c.s.store.states(ctx, missing)
	if err != nil {
		return err
	}
	for _, u := range missing {
		c.now[u] = sts[u]
		c.was[u] = aspects(sts[u])
		c.order = append(c.order, u)
	}
	return nil
}

func (c *change) get(ctx context.Context, u id.ID) (*state, error) {
	if err := c.load(ctx, []id.ID{u}); err != nil {
		return nil, err
	}
	return c.now[u], nil
}

// aspects writes what an event can change as text, to compare and to restore.
func aspects(st *state) string {
	return text(map[string]string{"life": text(st.Life), "names": text(st.Names), "places": text(st.Places)})
}

func readAspects(s string) map[string]string {
	m := map[string]string{}
	_ = json.Unmarshal([]byte(s), &m)
	return m
}

func (st *state) set(aspect, value string) error {
	switch aspect {
	case "life":
		st.Life = life{}
		return json.Unmarshal([]byte(value), &st.Life)
	case "names":
		st.Names = nil
		return json.Unmarshal([]byte(value), &st.Names)
	default:
		st.Places = nil
		return json.Unmarshal([]byte(value), &st.Places)
	}
}

// finish saves what changed, with its trace, tells the listeners and the log.
func (c *change) finish(ctx context.Context) error {
	if err := c.s.store.insert(ctx, eventTable, [][]any{eventRow(c.ev)}); err != nil {
		return err
	}
	var traces, nums [][]any
	var tell []Changed
	for _, u := range c.order {
		st := c.now[u]
		was, now := readAspects(c.was[u]), readAspects(aspects(st))
		for _, a := range []string{"life", "names", "places"} {
			if was[a] != now[a] {
				traces = append(traces, []any{c.ev.ID, u, a, was[a], now[a]})
			}
		}
		names, places, life := was["names"] != now["names"], was["places"] != now["places"], was["life"] != now["life"]
		if !names && !places && !life {
			continue
		}
		if err := c.s.store.saveState(ctx, st, names, places); err != nil {
			return err
		}
		st.Ver++
		if names || places || life {
			tell = append(tell, st.changed())
		}
		if places {
			for _, p := range st.Places {
				nums = append(nums, []any{p.Pos, u})
			}
		}
	}
	if err := c.s.store.turn(ctx); err != nil {
		return err
	}
	if err := c.s.store.keepNumbers(ctx, nums); err != nil {
		return err
	}
	if err := c.s.store.insert(ctx, traceTable, traces); err != nil {
		return err
	}
	tell, err := c.withInherited(ctx, tell)
	if err != nil {
		return err
	}
	for _, t := range tell {
		if err := c.s.publish(ctx, t); err != nil {
			return err
		}
	}
	u := c.now[c.ev.Unit].unit()
	return c.s.audit.Log(ctx, audit.Entry{Act: "org." + string(c.ev.Kind), Subject: "unit", Ref: refOf(u), Pos: u.Pos, Unit: u.ID,
		Note: c.ev.Document, Detail: json.RawMessage(c.ev.Detail)})
}

// withInherited adds the units that the changed ones had taken over, through chains of heirs, and puts each after its
// heir: what was theirs stands where the heir stands, so a listener has to place it anew when the heir's own place is known.
func (c *change) withInherited(ctx context.Context, tell []Changed) ([]Changed, error) {
	told := map[id.ID]Changed{}
	var heirs []id.ID
	for _, t := range tell {
		told[t.Unit] = t
		heirs = append(heirs, t.Unit)
	}
	for len(heirs) > 0 {
		ids, err := c.s.store.takenOver(ctx, heirs)
		if err != nil {
			return nil, err
		}
		ids = slices.DeleteFunc(ids, func(u id.ID) bool { _, ok := told[u]; return ok })
		sts, err := c.s.store.states(ctx, ids)
		if err != nil {
			return nil, err
		}
		for _, u := range ids {
			told[u] = sts[u].changed()
			tell = append(tell, told[u])
		}
		heirs = ids
	}
	depth := func(t Changed) (n int) {
		for n < len(told) {
			h, ok := told[t.Heir]
			if !ok {
				break
			}
			t, n = h, n+1
		}
		return n
	}
	slices.SortStableFunc(tell, func(a, b Changed) int { return depth(a) - depth(b) })
	return tell, nil
}

func invalid(field, key string, args ...any) error {
	var f errs.Fields
	f.Add(field, key, args...)
	return f.Err()
}

// mustStand refuses a day on which the unit does not stand, naming the unit.
func mustStand(st *state, day clock.Day, field string) error {
	if !st.standsOn(day) {
		return invalid(field, "org.not_standing", "Name", st.nameOn(day))
	}
	return nil
}

// Rename gives a unit a new name from a day on, up to the next renaming that is known; the old name still finds it.
func (s *Service) Rename(ctx context.Context, unit id.ID, name string, aliases []string, day clock.Day, doc string) error {
	if l := len([]rune(name)); l == 0 || l > 80 {
		return invalid("name", "org.name_missing")
	}
	return s.act(ctx, EventRename, unit, day, doc, func(_ context.Context, c *change, u *state) (EventDetail, error) {
		was := u.nameOn(day)
		u.Names = rename(u.Names, day, func(n *naming) {
			n.Name = name
			if aliases != nil {
				n.Aliases = joinLines(aliases)
			}
		})
		return EventDetail{Name: name, Was: was}, mustStand(u, day, "day")
	})
}

// SetKind turns a town into a street, say, from a day on (R11). The level stays.
func (s *Service) SetKind(ctx context.Context, unit id.ID, kind Kind, day clock.Day, doc string) error {
	return s.act(ctx, EventKindOf, unit, day, doc, func(_ context.Context, c *change, u *state) (EventDetail, error) {
		if !slices.Contains(u.Level.Kinds(), kind) {
			return EventDetail{}, invalid("kind", "org.kind_unfit")
		}
		var was Kind
		u.Names = rename(u.Names, day, func(n *naming) { was, n.Kind = n.Kind, kind })
		return EventDetail{Kind: kind, Was: string(was)}, mustStand(u, day, "day")
	})
}

// Move puts a unit with everything below it under another parent from a day on.
func (s *Service) Move(ctx context.Context, unit, parent id.ID, day clock.Day, doc string) error {
	if _, err := s.allowed(ctx, scope.Admin, parent, "org.move"); err != nil {
		return err
	}
	return s.act(ctx, EventMove, unit, day, doc, func(ctx context.Context, c *change, u *state) (EventDetail, error) {
		if err := mustStand(u, day, "day"); err != nil {
			return EventDetail{}, err
		}
		p, err := c.get(ctx, parent)
		if err != nil {
			return EventDetail{}, err
		}
		if err := mustStand(p, day, "parent"); err != nil {
			return EventDetail{}, err
		}
		from, err := c.move(ctx, u, p, day)
		return EventDetail{Parent: parent, From: from}, err
	})
}

// move renumbers the unit's subtree into the parent's block for as long as the unit would have stayed where it was.
func (c *change) move(ctx context.Context, u, p *state, day clock.Day) (was id.ID, err error) {
	if !p.Level.MayHold(u.Level) {
		return 0, invalid("parent", "org.parent_unfit")
	}
	windows := run(u.Places, day)
	if len(windows) == 0 {
		return 0, invalid("day", "org.not_standing", "Name", u.nameOn(day))
	}
	was = windows[0].at.Parent
	if was == p.ID {
		return 0, invalid("parent", "org.parent_same")
	}
	if was == 0 {
		return 0, invalid("parent", "org.top_stays")
	}
	if end := windows[len(windows)-1].to; p.Life.To != clock.Open && p.Life.To.Before(clock.MinEnd(u.Life.To, end)) {
		return 0, invalid("parent", "org.parent_ends", "Day", p.Life.To)
	}
	type step struct {
		from, to clock.Day
		old      scope.Range
		shift    int64
	}
	var steps []step
	blocks := map[int64]int64{} // the parent's place -> the unit's new place in it
	first := int64(0)
	for _, w := range windows {
		for _, at := range p.Places {
			from, to := max(w.from, at.From), clock.MinEnd(w.to, at.To)
			if !from.Before(to) {
				continue
			}
			if at.Pos >= w.at.Pos && at.Pos < w.at.Pos+u.Level.Span() {
				return 0, invalid("parent", "org.parent_below")
			}
			pos, ok := blocks[at.Pos]
			if !ok {
				if first == 0 {
					pos, err = c.numbers.next(ctx, at.Pos, p.Level, u.Level, false)
				} else {
					pos, err = c.numbers.like(ctx, at.Pos, p.Level, u.Level, first)
				}
				if err != nil {
					return 0, err
				}
				blocks[at.Pos] = pos
				first = pos - at.Pos
			}
			steps = append(steps, step{from, to, scope.Range{From: w.at.Pos, To: w.at.Pos + u.Level.Span()}, pos - w.at.Pos})
		}
	}
	for _, st := range steps {
		ids, err := c.s.store.within(ctx, st.old, st.from, st.to)
		if err != nil {
			return 0, err
		}
		if err := c.load(ctx, ids); err != nil {
			return 0, err
		}
	}
	// All units of the change, not only those just read: an earlier step of the same event may have brought some in.
	for _, st := range steps {
		for _, k := range c.order {
			x := c.now[k]
			var reparent func(*Place)
			if x == u {
				reparent = func(at *Place) { at.Parent = p.ID }
			}
			x.Places = renumber(x.Places, st.from, st.to, st.old, st.shift, reparent)
		}
	}
	return was, nil
}

// Merge ends units on a day; into takes over what was theirs: their records, and the units below them.
func (s *Service) Merge(ctx context.Context, units []id.ID, into id.ID, day clock.Day, doc string) error {
	for _, u := range units {
		if _, err := s.allowed(ctx, scope.Admin, u, "org.merge"); err != nil {
			return err
		}
	}
	return s.act(ctx, EventMerge, into, day, doc, func(ctx context.Context, c *change, heir *state) (EventDetail, error) {
		if err := mustStand(heir, day, "into"); err != nil {
			return EventDetail{}, err
		}
		if len(units) == 0 || slices.Contains(units, into) {
			return EventDetail{}, invalid("units", "org.merge_whom")
		}
		for _, k := range units {
			u, err := c.get(ctx, k)
			if err != nil {
				return EventDetail{}, err
			}
			if u.Level != heir.Level {
				return EventDetail{}, invalid("into", "org.merge_levels")
			}
			if err := c.end(ctx, u, day); err != nil {
				return EventDetail{}, err
			}
			u.Life.Heir = into
			below, err := s.store.under(ctx, k, day)
			if err != nil {
				return EventDetail{}, err
			}
			if err := c.load(ctx, below); err != nil {
				return EventDetail{}, err
			}
			slices.SortFunc(below, func(a, b id.ID) int { return int(c.now[a].unit().Pos - c.now[b].unit().Pos) })
			for _, b := range below {
				child := c.now[b]
				if at, ok := child.placeOn(day); !ok || at.Parent != k {
					return EventDetail{}, invalid("day", "org.later_below", "Name", child.nameOn(day))
				}
				if _, err := c.move(ctx, child, heir, day); err != nil {
					return EventDetail{}, err
				}
			}
		}
		return EventDetail{Units: units}, nil
	})
}

// end lets a unit end on a day, when nothing is known of it from later.
func (c *change) end(ctx context.Context, u *state, day clock.Day) error {
	if err := mustStand(u, day, "day"); err != nil {
		return err
	}
	if day <= u.Life.From || u.Life.To != clock.Open {
		return invalid("day", "org.ends_already", "Name", u.nameOn(day))
	}
	if at, _ := u.placeOn(day); at.Parent == 0 {
		return invalid("unit", "org.top_stays")
	}
	at, _ := u.placeOn(day)
	for _, p := range u.Places {
		if day < p.From && p.Parent != at.Parent {
			return invalid("day", "org.later_change", "Name", u.nameOn(day))
		}
	}
	u.Life.To = day
	return nil
}

// Close ends a unit that nobody takes over. Units below it are closed, moved or merged first.
func (s *Service) Close(ctx context.Context, unit id.ID, day clock.Day, doc string) error {
	return s.act(ctx, EventClose, unit, day, doc, func(ctx context.Context, c *change, u *state) (EventDetail, error) {
		below, err := s.store.under(ctx, unit, day)
		if err != nil {
			return EventDetail{}, err
		}
		if err := c.load(ctx, below); err != nil {
			return EventDetail{}, err
		}
		for _, b := range below {
			x := c.now[b]
			if x.Life.From != x.Life.To && (x.Life.To == clock.Open || day < x.Life.To) {
				return EventDetail{}, invalid("unit", "org.units_below", "Name", x.nameOn(day))
			}
		}
		return EventDetail{}, c.end(ctx, u, day)
	})
}

// Reopen lets a unit that was closed stand on from the day on which it ended. A unit that begins again after a gap is
// founded anew, and a merger is taken back as a whole.
func (s *Service) Reopen(ctx context.Context, unit id.ID, doc string) error {
	now, err := s.Unit(ctx, unit)
	if err != nil {
		return err
	}
	if now.To == clock.Open || now.To == now.From {
		return errs.New(errs.Conflict, "org.stands_still")
	}
	return s.act(ctx, EventReopen, unit, now.To, doc, func(ctx context.Context, c *change, u *state) (EventDetail, error) {
		if u.Life.Heir != 0 {
			return EventDetail{}, errs.New(errs.Conflict, "org.reopen_merged")
		}
		at, _ := u.placeOn(u.Life.To)
		p, err := c.get(ctx, at.Parent)
		if err != nil {
			return EventDetail{}, err
		}
		if p.Life.To != clock.Open {
			return EventDetail{}, errs.New(errs.Conflict, "org.reopen_parent")
		}
		u.Life.To = clock.Open
		return EventDetail{}, nil
	})
}

// Split founds new units beside a unit on a day and hands them some of the units below it. With end, the old unit ends.
func (s *Service) Split(ctx context.Context, unit id.ID, parts []Part, end bool, day clock.Day, doc string) ([]Unit, error) {
	old, err := s.allowed(ctx, scope.Admin, unit, "org.split")
	if err != nil {
		return nil, err
	}
	if len(parts) == 0 {
		return nil, invalid("parts", "org.split_whom")
	}
	var out []Unit
	err = s.db.Tx(ctx, func(ctx context.Context) error {
		out = nil
		at, err := s.AsOf(ctx, unit, day)
		if err != nil {
			return err
		}
		batch := make([]NewUnit, len(parts))
		for i, p := range parts {
			batch[i] = p.Unit
			batch[i].Level, batch[i].From, batch[i].Parent, batch[i].Document = old.Level, day, at.Parent, doc
		}
		if err := s.FoundAll(ctx, batch); err != nil {
			return err
		}
		var ids []id.ID
		for _, b := range batch {
			ids = append(ids, b.ID)
		}
		if err := s.act(ctx, EventSplit, unit, day, doc, func(ctx context.Context, c *change, u *state) (EventDetail, error) {
			for i, p := range parts {
				heir, err := c.get(ctx, ids[i])
				if err != nil {
					return EventDetail{}, err
				}
				for _, k := range p.Children {
					child, err := c.get(ctx, k)
					if err != nil {
						return EventDetail{}, err
					}
					if at, ok := child.placeOn(day); !ok || at.Parent != unit {
						return EventDetail{}, invalid("children", "org.split_not_below", "Name", child.nameOn(day))
					}
					if _, err := c.move(ctx, child, heir, day); err != nil {
						return EventDetail{}, err
					}
				}
			}
			if !end {
				return EventDetail{Units: ids}, nil
			}
			below, err := s.store.under(ctx, unit, day)
			if err != nil {
				return EventDetail{}, err
			}
			if err := c.load(ctx, below); err != nil {
				return EventDetail{}, err
			}
			for _, b := range below {
				x := c.now[b]
				if at, ok := x.placeOn(day); ok && at.Parent == unit && x.Life.From != x.Life.To && (x.Life.To == clock.Open || day < x.Life.To) {
					return EventDetail{}, invalid("unit", "org.units_below", "Name", x.nameOn(day))
				}
			}
			return EventDetail{Units: ids}, c.end(ctx, u, day)
		}); err != nil {
			return err
		}
		for _, k := range ids {
			u, err := s.Unit(ctx, k)
			if err != nil {
				return err
			}
			out = append(out, u)
		}
		return nil
	})
	return out, err
}

// Form notes that the committee of a body that had none was approved on a day (R52).
func (s *Service) Form(ctx context.Context, unit id.ID, day clock.Day, doc string) error {
	return s.act(ctx, EventForm, unit, day, doc, func(_ context.Context, _ *change, u *state) (EventDetail, error) {
		if u.Life.Formed != clock.Open {
			return EventDetail{}, errs.New(errs.Conflict, "org.formed_already")
		}
		u.Life.Formed = day
		return EventDetail{}, mustStand(u, day, "day")
	})
}

// Undo takes an event back: each unit it touched becomes what it was. It is refused when one of them was changed again
// since; then the later event is taken back first. Taking a founding back leaves a unit that never stood.
func (s *Service) Undo(ctx context.Context, event id.ID) error {
	e, err := s.store.event(ctx, event)
	if err != nil {
		return err
	}
	if e.UndoneBy != 0 || e.Kind == EventUndo {
		return errs.New(errs.Conflict, "org.undone_already")
	}
	return s.act(ctx, EventUndo, e.Unit, e.Day, e.Document, func(ctx context.Context, c *change, u *state) (EventDetail, error) {
		if err := s.store.setUndone(ctx, e.ID, c.ev.ID); err != nil {
			return EventDetail{}, err
		}
		detail := EventDetail{Event: e.ID}
		if e.Kind == EventFound {
			return detail, c.void(ctx, u, e.ID)
		}
		ts, err := s.store.traces(ctx, e.ID)
		if err != nil {
			return detail, err
		}
		if len(ts) == 0 {
			return detail, errs.New(errs.Conflict, "org.undo_imported")
		}
		ids := make([]id.ID, 0, len(ts))
		for _, t := range ts {
			ids = append(ids, t.Unit)
		}
		if err := c.load(ctx, slices.Compact(ids)); err != nil {
			return detail, err
		}
		for _, t := range ts {
			st := c.now[t.Unit]
			if readAspects(c.was[t.Unit])[t.Aspect] != t.After {
				return detail, errs.New(errs.Conflict, "org.undo_later", "Name", st.nameOn(e.Day))
			}
			if err := st.set(t.Aspect, t.Before); err != nil {
				return detail, err
			}
		}
		if err := c.settled(ctx, ts); err != nil {
			return detail, err
		}
		return detail, c.whole(ctx, e, ts)
	})
}

// whole refuses an undoing that would leave a standing unit below one that has ended meanwhile.
func (c *change) whole(ctx context.Context, e Event, ts []trace) error {
	for _, t := range ts {
		st := c.now[t.Unit]
		if t.Aspect == "names" || st.Life.From == st.Life.To {
			continue
		}
		for _, at := range st.Places {
			if at.Parent == 0 || !st.Life.From.Before(at.To) || st.Life.To != clock.Open && st.Life.To <= at.From {
				continue
			}
			p, err := c.get(ctx, at.Parent)
			if err != nil {
				return err
			}
			if p.Life.To != clock.Open && p.Life.To.Before(clock.MinEnd(at.To, st.Life.To)) {
				return errs.New(errs.Conflict, "org.undo_later", "Name", p.nameOn(e.Day))
			}
		}
		if t.Aspect != "life" || st.Life.To == clock.Open {
			continue
		}
		below, err := c.s.store.under(ctx, t.Unit, st.Life.To)
		if err != nil {
			return err
		}
		if err := c.load(ctx, below); err != nil {
			return err
		}
		for _, b := range below {
			x := c.now[b]
			if x.Life.From != x.Life.To && (x.Life.To == clock.Open || st.Life.To < x.Life.To) && slices.ContainsFunc(x.Places, func(p Place) bool {
				return p.Parent == t.Unit && (p.To == clock.Open || st.Life.To < p.To)
			}) {
				return errs.New(errs.Conflict, "org.undo_later", "Name", x.nameOn(e.Day))
			}
		}
	}
	return nil
}

// settled refuses to take back a move or a merger into whose new block somebody was put since: that unit would be left
// in a block whose owner has gone.
func (c *change) settled(ctx context.Context, ts []trace) error {
	for _, t := range ts {
		if t.Aspect != "places" {
			continue
		}
		st := c.now[t.Unit]
		if st.Level.Leaf() {
			continue
		}
		var after []Place
		if err := json.Unmarshal([]byte(t.After), &after); err != nil {
			return err
		}
		for _, p := range after {
			if slices.ContainsFunc(st.Places, func(q Place) bool { return q.Pos == p.Pos && q.From <= p.From && !q.To.Before(p.To) }) {
				continue
			}
			ids, err := c.s.store.within(ctx, scope.Range{From: p.Pos, To: p.Pos + st.Level.Span()}, p.From, p.To)
			if err != nil {
				return err
			}
			for _, x := range ids {
				if c.now[x] == nil || !slices.ContainsFunc(ts, func(o trace) bool { return o.Unit == x && o.Aspect == "places" }) {
					u, err := c.s.Unit(ctx, x)
					if err != nil {
						return err
					}
					return errs.New(errs.Conflict, "org.undo_later", "Name", u.Name)
				}
			}
		}
	}
	return nil
}

// void takes a founding back: the unit never stood, its code is free again, its place is not.
func (c *change) void(ctx context.Context, u *state, founded id.ID) error {
	n, err := c.s.store.everUnder(ctx, u.ID)
	if err != nil {
		return err
	}
	if n > 0 {
		return errs.New(errs.Conflict, "org.undo_below", "Name", u.nameOn(u.Life.From))
	}
	if n, err = c.s.store.laterEvents(ctx, u.ID, founded); err != nil {
		return err
	}
	if n > 0 && u.Life.To == clock.Open {
		return errs.New(errs.Conflict, "org.undo_later", "Name", u.nameOn(u.Life.From))
	}
	u.Life.To, u.Life.Heir, u.Life.Formed = u.Life.From, 0, clock.Open
	u.Life.Code += "~" + u.ID.String()
	return nil
}

// undoBatch takes the foundings of an import back, the lowest first.
func (s *Service) undoBatch(ctx context.Context, batch id.ID) error {
	return s.db.Tx(ctx, func(ctx context.Context) error {
		evs, err := s.store.batchEvents(ctx, batch)
		if err != nil {
			return err
		}
		ids := make([]id.ID, 0, len(evs))
		for _, e := range evs {
			ids = append(ids, e.Unit)
		}
		us, err := s.ByIDs(ctx, ids)
		if err != nil {
			return err
		}
		slices.SortStableFunc(evs, func(a, b Event) int { return us[b.Unit].Level.Rank() - us[a.Unit].Level.Rank() })
		for _, e := range evs {
			if e.Kind != EventFound {
				continue
			}
			if err := s.Undo(ctx, e.ID); err != nil {
				return err
			}
		}
		return nil
	})
}

func joinLines(ls []string) string {
	out := ""
	for _, l := range ls {
		if out != "" {
			out += "\n"
		}
		out += l
	}
	return out
}
