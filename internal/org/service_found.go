package org

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
)

// Found founds one unit on a day. It asks for the right to administer the parent.
func (s *Service) Found(ctx context.Context, n NewUnit) (Unit, error) {
	batch := []NewUnit{n}
	if err := s.FoundAll(ctx, batch); err != nil {
		return Unit{}, err
	}
	return s.Unit(ctx, batch[0].ID)
}

// FoundAll founds many units in one transaction, such as an imported city or the nation's divisions: codes of parents
// and heirs are looked up in the batch and in the tree. It writes the new keys into the batch. Problems of the first
// 50 units that have any are named by their line ("3.code"); then nothing is founded.
func (s *Service) FoundAll(ctx context.Context, units []NewUnit) error {
	return s.foundBatch(ctx, units, 0)
}

// FoundBatch is FoundAll as part of an import that UndoFounded can take back as a whole.
func (s *Service) FoundBatch(ctx context.Context, units []NewUnit, batch id.ID) error {
	return s.foundBatch(ctx, units, batch)
}

// UndoFounded takes the foundings of an import back, the lowest first.
func (s *Service) UndoFounded(ctx context.Context, batch id.ID) error { return s.undoBatch(ctx, batch) }

func (s *Service) foundBatch(ctx context.Context, units []NewUnit, batch id.ID) error {
	return s.db.Tx(ctx, func(ctx context.Context) error {
		if err := s.store.lock(ctx); err != nil {
			return err
		}
		f := &founding{s: s, units: units, batch: batch, byCode: map[string]int{}, states: make([]*state, len(units)),
			above: map[id.ID]*state{}, numbers: newNumbers(s.store)}
		return f.run(ctx)
	})
}

// founding is one batch on its way into the tree.
type founding struct {
	s       *Service
	units   []NewUnit
	batch   id.ID
	byCode  map[string]int   // code -> index in the batch
	states  []*state         // by index
	above   map[id.ID]*state // parents that stand in the tree already
	heirs   map[string]Unit
	numbers *numbers
}

func (f *founding) run(ctx context.Context) error {
	if err := f.resolve(ctx); err != nil {
		return err
	}
	order := make([]int, len(f.units))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return f.units[a].Level.Rank() - f.units[b].Level.Rank() })
	for len(order) > 0 { // level by level: a level's codes are seen before free numbers are given
		n := 1
		for n < len(order) && f.units[order[n]].Level.Rank() == f.units[order[0]].Level.Rank() {
			n++
		}
		if err := f.place(ctx, order[:n]); err != nil {
			return err
		}
		order = order[n:]
	}
	return f.write(ctx)
}

// resolve checks each unit by itself and against its parent, and turns codes into keys.
func (f *founding) resolve(ctx context.Context) error {
	var problems errs.Fields
	add := func(i int, name, key string, args ...any) {
		if len(f.units) > 1 {
			name = fmt.Sprintf("%d.%s", i+1, name)
		}
		if len(problems) < 50 {
			problems.Add(name, key, args...)
		}
	}
	codes := make([]string, 0, len(f.units))
	var parents []id.ID
	for i := range f.units {
		u := &f.units[i]
		u.Code, u.Name = strings.TrimSpace(u.Code), strings.TrimSpace(u.Name)
		if u.Code == "" { // a unit without a division code of its own is known by its key
			u.ID = id.New()
			u.Code = "u" + u.ID.String()
		}
		var own errs.Fields
		u.validate(&own)
		for _, p := range own {
			add(i, p.Name, p.Key)
		}
		if _, twice := f.byCode[u.Code]; twice {
			add(i, "code", "org.code_taken", "Code", u.Code)
		}
		f.byCode[u.Code] = i
		codes = append(codes, u.Code)
		if u.ID == 0 {
			u.ID = id.New()
		}
		if u.Parent != 0 {
			parents = append(parents, u.Parent)
		}
	}
	taken, err := f.s.ByCodes(ctx, codes)
	if err != nil {
		return err
	}
	var outside []string
	for i, u := range f.units {
		if _, there := taken[u.Code]; there {
			add(i, "code", "org.code_taken", "Code", u.Code)
		}
		for _, c := range []string{u.ParentCode, u.HeirCode} {
			if _, in := f.byCode[c]; c != "" && !in {
				outside = append(outside, c)
			}
		}
	}
	slices.Sort(outside)
	if f.heirs, err = f.s.ByCodes(ctx, slices.Compact(outside)); err != nil {
		return err
	}
	for _, u := range f.heirs {
		parents = append(parents, u.ID)
	}
	slices.Sort(parents)
	parents = slices.Compact(parents)
	if len(parents) > 0 {
		if f.above, err = f.s.store.states(ctx, parents); err != nil {
			return err
		}
	}
	// Lists of old trees are often loose by a few years: the operator's imports may have a child that is older than its
	// parent, as long as the two ever stood together. People are held to the days.
	loose := scope.From(ctx).System && len(f.units) > 1
	top := false
	allowed := map[id.ID]bool{}
	for i := range f.units {
		u := &f.units[i]
		var level Level
		var from, to clock.Day
		switch j, in := f.byCode[u.ParentCode]; {
		case u.Parent == 0 && u.ParentCode == "":
			if err := f.mayTop(ctx, top); err != nil {
				return err
			}
			top = true
			continue
		case u.ParentCode != "" && in:
			p := f.units[j]
			u.Parent, level, from, to = p.ID, p.Level, p.From, p.To
		default:
			if u.ParentCode != "" {
				u.Parent = f.heirs[u.ParentCode].ID
			}
			p := f.above[u.Parent]
			if p == nil {
				add(i, "parent", "org.parent_unknown", "Code", u.ParentCode)
				continue
			}
			if !allowed[p.ID] {
				if err := f.s.may(ctx, scope.Admin, p.unit(), "org.found"); err != nil {
					return err
				}
				allowed[p.ID] = true
			}
			level, from, to = p.Level, p.Life.From, p.Life.To
		}
		if !level.MayHold(u.Level) {
			add(i, "parent", "org.parent_unfit")
		} else if apart := to != clock.Open && to <= u.From || u.To != clock.Open && u.To <= from; apart || !loose && !within(from, to, *u) {
			add(i, "from", "org.parent_not_standing", "Day", u.From)
		}
		if u.HeirCode != "" {
			_, in := f.byCode[u.HeirCode]
			if _, out := f.heirs[u.HeirCode]; !in && !out || u.HeirCode == u.Code || u.To == clock.Open {
				add(i, "heir", "org.heir_unfit", "Code", u.HeirCode)
			}
		}
	}
	return problems.Err()
}

// within tells whether a parent stands all the time that the unit does.
func within(from, to clock.Day, u NewUnit) bool {
	return from <= u.From && (to == clock.Open || u.To != clock.Open && u.To <= to)
}

func (f *founding) mayTop(ctx context.Context, again bool) error {
	if a := scope.From(ctx); !a.System && !a.AdminSet.Covers(scope.Range{From: 0, To: Nation.Span()}) {
		return errs.New(errs.Forbidden, "errs.not_yours")
	}
	if _, err := f.s.store.top(ctx); err == nil || again {
		return errs.New(errs.Conflict, "org.top_taken")
	} else if !errs.Is(err, errs.NotFound) {
		return err
	}
	return nil
}

// parentOf answers the parent's level and places; a unit at the top stands in a nation that is not kept.
func (f *founding) parentOf(u NewUnit) (Level, []Place, bool) {
	if u.Parent == 0 {
		return Nation, []Place{{From: u.From}}, false
	}
	if p := f.above[u.Parent]; p != nil {
		return p.Level, p.Places, false
	}
	j := f.byCode[u.ParentCode]
	return f.units[j].Level, f.states[j].Places, true
}

// place gives the units of one level their numbers: first those whose code or caller names one, then the others.
func (f *founding) place(ctx context.Context, idx []int) error {
	wishes := make(map[int]int64, len(idx))
	asked := map[int64]bool{}
	var ask []int64
	for _, i := range idx {
		u := f.units[i]
		pl, ps, _ := f.parentOf(u)
		pos := u.Pos
		if pos == 0 {
			pos, _ = placeOfCode(u.Code, u.Level)
		}
		// A city at the top stands where its code says, though no province is kept above it.
		_, _, fits := slotOf(ps[len(ps)-1].Pos, pl, u.Level, pos)
		if fits = fits || u.Parent == 0 && pos > 0 && pos < Nation.Span() && pos%u.Level.Span() == 0; !fits || asked[pos] {
			continue
		}
		asked[pos] = true
		ask = append(ask, pos)
		wishes[i] = pos
	}
	used, err := f.s.store.usedNumbers(ctx, ask)
	if err != nil {
		return err
	}
	for _, p := range used {
		delete(asked, p)
	}
	for _, i := range idx {
		if pos := wishes[i]; asked[pos] {
			pl, ps, _ := f.parentOf(f.units[i])
			if sl, k, ok := slotOf(ps[len(ps)-1].Pos, pl, f.units[i].Level, pos); ok {
				f.numbers.take(sl, k)
			}
		} else {
			delete(wishes, i)
		}
	}
	for _, i := range idx {
		if err := f.settle(ctx, i, f.units[i], wishes[i]); err != nil {
			return err
		}
	}
	return nil
}

// settle makes the unit's state: a place under each place that the parent has had since the founding.
func (f *founding) settle(ctx context.Context, i int, u NewUnit, pos int64) error {
	pl, ps, fresh := f.parentOf(u)
	var places []Place
	for k := len(ps) - 1; k >= 0 && u.From.Before(ps[k].To); k-- {
		p, err := pos, error(nil)
		switch {
		case u.Level == Nation:
			p = 0
		case p == 0 && len(places) > 0: // an earlier place of the parent: the same digits if they are free there
			p, err = f.numbers.like(ctx, ps[k].Pos, pl, u.Level, places[0].Pos-ps[k+1].Pos)
		case p == 0:
			p, err = f.numbers.next(ctx, ps[k].Pos, pl, u.Level, fresh)
		}
		if err != nil {
			return err
		}
		places = slices.Insert(places, 0, Place{Unit: u.ID, Pos: p, Parent: u.Parent, From: max(u.From, ps[k].From), To: ps[k].To})
		pos = 0
	}
	if len(places) == 0 {
		return errs.New(errs.Invalid, "org.parent_not_standing", "Day", u.From)
	}
	places[0].From = u.From
	formed := u.From
	if u.Bare {
		formed = clock.Open
	}
	heir := id.ID(0)
	if j, in := f.byCode[u.HeirCode]; u.HeirCode != "" && in {
		heir = f.units[j].ID
	} else if u.HeirCode != "" {
		heir = f.heirs[u.HeirCode].ID
	}
	f.states[i] = &state{ID: u.ID, Level: u.Level, Ver: 1, Life: life{u.Code, u.From, u.To, heir, formed},
		Names:  []naming{{Unit: u.ID, From: u.From, Name: u.Name, Kind: u.Kind, Aliases: strings.Join(u.Aliases, "\n")}},
		Places: places}
	return nil
}

// write puts the batch into the tables a few thousand units at a time, so that the nation does not have to stand in
// memory twice.
func (f *founding) write(ctx context.Context) error {
	a, now := scope.From(ctx), clock.Millis(ctx)
	for start := 0; start < len(f.states); start += 2000 {
		part := f.states[start:min(start+2000, len(f.states))]
		var us, ns, ps, nums, evs [][]any
		for k, st := range part {
			u := st.unit()
			us = append(us, []any{u.ID, u.Code, u.Level, u.From, u.To, u.Heir, u.Formed, u.Name, u.Kind, u.Pos, u.Parent, 1})
			ns = append(ns, nameRows(st)...)
			ps = append(ps, placeRows(st)...)
			for _, p := range st.Places {
				nums = append(nums, []any{p.Pos, u.ID})
			}
			e := Event{ID: id.New(), Unit: u.ID, Kind: EventFound, Day: u.From, Document: f.units[start+k].Document,
				Detail: text(EventDetail{Name: u.Name, Parent: u.Parent}), KnownAt: now, Actor: a.Account, ActorName: a.Name, Batch: f.batch}
			evs = append(evs, eventRow(e))
			if u.To != clock.Open {
				e.ID, e.Day, e.Kind, e.Detail = id.New(), u.To, EventClose, text(EventDetail{})
				if u.Heir != 0 {
					e.Kind, e.Detail = EventMerge, text(EventDetail{Into: u.Heir})
				}
				evs = append(evs, eventRow(e))
			}
		}
		for _, w := range []struct {
			t    into
			rows [][]any
		}{{unitTable, us}, {nameTable, ns}, {placeTable, ps}, {numberTable, nums}, {eventTable, evs}} {
			if err := f.s.store.insert(ctx, w.t, w.rows); err != nil {
				return err
			}
		}
		if err := f.s.store.saveTerms(ctx, part, false); err != nil {
			return err
		}
	}
	for _, st := range f.states {
		c := st.changed()
		c.New = true
		if err := f.s.publish(ctx, c); err != nil {
			return err
		}
	}
	if len(f.states) == 0 {
		return nil
	}
	if err := f.s.store.turn(ctx); err != nil {
		return err
	}
	first := f.states[0].unit()
	return f.s.log(ctx, "org.found", first, f.units[0].Document, map[string]any{"units": len(f.states), "code": first.Code})
}

// numbers gives out places, each once for all time.
type numbers struct {
	store store
	rows  map[slot]*numberRow
	given map[int64]bool // places given in this transaction
}

// numberRow is what is known of one row of numbers.
type numberRow struct {
	used   map[int64]bool
	top    int64
	loaded bool
}

func newNumbers(s store) *numbers {
	return &numbers{store: s, rows: map[slot]*numberRow{}, given: map[int64]bool{}}
}

func (n *numbers) row(sl slot) *numberRow {
	r := n.rows[sl]
	if r == nil {
		r = &numberRow{used: map[int64]bool{}, top: sl.lo - 1}
		n.rows[sl] = r
	}
	return r
}

func (n *numbers) take(sl slot, k int64) {
	n.given[sl.base+k*sl.step] = true
	n.row(sl).mark(sl, k)
}

func (r *numberRow) mark(sl slot, k int64) {
	r.used[k] = true
	if k <= sl.hi {
		r.top = max(r.top, k)
	}
}

// load reads which numbers of a row were given out; a row under a unit of this very batch has none.
func (n *numbers) load(ctx context.Context, sl slot, fresh bool) (*numberRow, error) {
	r := n.row(sl)
	if r.loaded || fresh {
		return r, nil
	}
	r.loaded = true
	var ps []int64
	var err error
	if sl.step == 1 {
		ps, err = n.store.usedBetween(ctx, sl.base+sl.lo, sl.base+sl.hi)
	} else {
		all := make([]int64, 0, sl.hi)
		for k := sl.lo; k <= sl.hi; k++ {
			all = append(all, sl.base+k*sl.step)
		}
		ps, err = n.store.usedNumbers(ctx, all)
	}
	for _, p := range ps {
		r.mark(sl, (p-sl.base)/sl.step)
	}
	return r, err
}

// next is a place never used before, for a unit of a level under a parent's place.
func (n *numbers) next(ctx context.Context, parent int64, pl, l Level, fresh bool) (int64, error) {
	slots := []slot{slotUnder(parent, pl, l)}
	if l == Village && pl == Township {
		slots = append(slots, leafSlot(parent, 1000))
	}
	for _, sl := range slots {
		r, err := n.load(ctx, sl, fresh)
		if err != nil {
			return 0, err
		}
		if k := sl.next(r.used, r.top); k != 0 {
			n.take(sl, k)
			return sl.base + k*sl.step, nil
		}
	}
	return 0, errs.New(errs.Conflict, "org.numbers_used_up")
}

// like is the place with the same digits under another place of the parent if it is free, the next one otherwise.
func (n *numbers) like(ctx context.Context, parent int64, pl, l Level, digits int64) (int64, error) {
	pos := parent + digits
	used, err := n.store.usedNumbers(ctx, []int64{pos})
	if err != nil {
		return 0, err
	}
	sl, k, ok := slotOf(parent, pl, l, pos)
	if len(used) > 0 || n.given[pos] || !ok {
		return n.next(ctx, parent, pl, l, false)
	}
	n.take(sl, k)
	return pos, nil
}
