package coord

import (
	"context"
	"maps"
	"slices"
	"sync"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/org"
)

// How far 100,000 recipients have come takes a third of a second to count, and a page at the top asks for it while
// receipts come in. So what was counted is kept, township by township, and only townships in which something has happened
// since are counted again: each act on a reply raises a number of its township's and one of its county's (coord_beat), in
// the same transaction. What was kept is never older than what the reader sees, for the numbers are read in the reader's own
// snapshot.

const (
	// mostKept is how many notices a server keeps counts of.
	mostKept = 32
	// mostStale is how many townships are counted one by one before counting all of them is cheaper.
	mostStale = 200
	// mostRanges bounds the counties that a statement names.
	mostRanges = 100
)

// The widths of what is numbered: a county, so that a nation's page reads a few thousand numbers at most, and within it a
// township. The notice itself is numbered under 0.
var countyWide, townWide = org.County.Span(), org.Township.Span()

func block(pos, wide int64) scope.Range {
	from := pos / wide * wide
	return scope.Range{From: from, To: from + wide}
}

// counted is how far the recipients of one notice had come on a day, in a state of the tree and of the notice. It is never
// changed once it is kept.
type counted struct {
	tree, notice int64
	day          clock.Day
	all          int64 // the counties' numbers together: the later of two has more
	counties     map[int64]countedCounty
}

type countedCounty struct {
	n     int64 // its number
	towns map[int64]countedTown
	sums  []countRow // by level
}

type countedTown struct {
	n    int64
	rows []countRow // by level
}

func (c *counted) same(o *counted) bool {
	return c != nil && c.tree == o.tree && c.notice == o.notice && c.day == o.day
}

// keeper holds what was counted, by notice.
type keeper struct {
	mu sync.Mutex
	of map[id.ID]*counted
}

func (k *keeper) find(notice id.ID) *counted {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.of[notice]
}

// keep puts a count in the place of an older one; when there are too many notices it forgets one.
func (k *keeper) keep(notice id.ID, c *counted) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if was := k.of[notice]; was != nil && was.tree >= c.tree && was.notice >= c.notice && was.all >= c.all && was.day >= c.day {
		return
	}
	if k.of == nil {
		k.of = map[id.ID]*counted{}
	}
	if _, there := k.of[notice]; !there && len(k.of) >= mostKept {
		for other := range k.of {
			delete(k.of, other)
			break
		}
	}
	k.of[notice] = c
}

// counted counts all recipients of a notice today, or as much of it as has changed. It answers nil where nothing may be
// kept: of another day, by a rule (whose units the ledger finds anew each time), inside a transaction that may itself write.
func (s *Service) counted(ctx context.Context, r reach) (*counted, error) {
	if r.notice == 0 || r.units != "" || r.day != clock.Today(ctx) || s.db.CanWrite(ctx) {
		return nil, nil
	}
	var now *counted
	return now, s.db.Read(ctx, func(ctx context.Context) (err error) {
		now, err = s.countedNow(ctx, r)
		return err
	})
}

func (s *Service) countedNow(ctx context.Context, r reach) (*counted, error) {
	now := &counted{day: r.day}
	var err error
	if now.tree, err = s.org.TreeState(ctx); err != nil {
		return nil, err
	}
	numbers := map[int64]int64{}
	rows, err := s.store.beatsAcrossUnits(ctx, r.notice, countyWide, nil)
	if err != nil {
		return nil, err
	}
	for _, b := range rows {
		if b.Wide == 0 {
			now.notice += b.N
			continue
		}
		numbers[b.Block] += b.N
		now.all += b.N
	}
	was := s.kept.find(r.notice)
	if was.same(now) {
		var changed []int64
		for c, n := range numbers {
			if n != was.counties[c].n {
				changed = append(changed, c)
			}
		}
		for c, k := range was.counties { // a reader whose snapshot is older than what was kept
			if _, ok := numbers[c]; !ok && k.n != 0 {
				changed = append(changed, c)
			}
		}
		if len(changed) == 0 {
			return was, nil
		}
		now.counties = maps.Clone(was.counties)
		done, err := s.countTowns(ctx, r, now, changed, numbers)
		if err != nil || done {
			return now, err
		}
	}
	now.counties = map[int64]countedCounty{}
	return now, s.countAll(ctx, r, now, numbers)
}

// countTowns counts the townships of some counties in which something has changed; it answers false when they are too many.
func (s *Service) countTowns(ctx context.Context, r reach, now *counted, changed []int64, numbers map[int64]int64) (bool, error) {
	towns, err := s.store.beatsAcrossUnits(ctx, r.notice, townWide, changed)
	if err != nil {
		return false, err
	}
	asked := map[int64]bool{}
	for _, c := range changed {
		asked[c] = true
	}
	n := map[int64]int64{}
	for _, b := range towns {
		if asked[block(b.Block, countyWide).From] && b.Wide == townWide {
			n[b.Block] += b.N
		}
	}
	r.view, r.only = nil, nil
	for t, x := range n {
		if in := now.counties[block(t, countyWide).From]; in.towns[t].n != x {
			r.view = append(r.view, block(t, townWide))
		}
	}
	for _, c := range changed {
		for t, x := range now.counties[c].towns {
			if _, ok := n[t]; !ok && x.n != 0 {
				r.view = append(r.view, block(t, townWide))
			}
		}
	}
	if len(r.view) > mostStale {
		return false, nil
	}
	fresh, err := s.rowsByTown(ctx, r)
	if err != nil {
		return false, err
	}
	for _, c := range changed {
		k := countedCounty{n: numbers[c], towns: maps.Clone(now.counties[c].towns)}
		if k.towns == nil {
			k.towns = map[int64]countedTown{}
		}
		for _, b := range r.view {
			if block(b.From, countyWide).From == c {
				k.towns[b.From] = countedTown{n: n[b.From], rows: fresh[b.From]}
			}
		}
		now.counties[c] = k.summed()
	}
	s.kept.keep(r.notice, now)
	return true, nil
}

// countAll counts everything, once after a start and whenever the tree or the notice itself has changed.
func (s *Service) countAll(ctx context.Context, r reach, now *counted, numbers map[int64]int64) error {
	towns, err := s.store.beatsAcrossUnits(ctx, r.notice, townWide, nil)
	if err != nil {
		return err
	}
	r.view, r.only = scope.All, nil
	fresh, err := s.rowsByTown(ctx, r)
	if err != nil {
		return err
	}
	put := func(t int64) countedTown {
		c := block(t, countyWide).From
		if now.counties[c].towns == nil {
			now.counties[c] = countedCounty{n: numbers[c], towns: map[int64]countedTown{}}
		}
		return now.counties[c].towns[t]
	}
	for t, rows := range fresh {
		x := put(t)
		x.rows = rows
		now.counties[block(t, countyWide).From].towns[t] = x
	}
	for _, b := range towns {
		if b.Wide != townWide {
			continue
		}
		x := put(b.Block)
		x.n += b.N
		now.counties[block(b.Block, countyWide).From].towns[b.Block] = x
	}
	for c, k := range now.counties {
		now.counties[c] = k.summed()
	}
	s.kept.keep(r.notice, now)
	return nil
}

func (s *Service) rowsByTown(ctx context.Context, r reach) (map[int64][]countRow, error) {
	if len(r.view) == 0 {
		return nil, nil
	}
	list, err := s.store.counts(ctx, r, townWide)
	out := map[int64][]countRow{}
	for _, x := range list {
		out[x.Block] = append(out[x.Block], x)
	}
	return out, err
}

func (k countedCounty) summed() countedCounty {
	by := map[org.Level]*countRow{}
	for t, town := range k.towns {
		for _, x := range town.rows {
			if by[x.Level] == nil {
				by[x.Level] = &countRow{Block: block(t, countyWide).From, Level: x.Level}
			}
			by[x.Level].add(x)
		}
	}
	k.sums = nil
	for _, l := range slices.Sorted(maps.Keys(by)) {
		k.sums = append(k.sums, *by[l])
	}
	return k
}

// far counts the recipients that a question reaches, by blocks of the tree and levels.
func (s *Service) far(ctx context.Context, r reach, span int64) ([]countRow, error) {
	if span < countyWide {
		return s.store.counts(ctx, r, span)
	}
	c, err := s.counted(ctx, r)
	if err != nil {
		return nil, err
	}
	if c == nil {
		return s.store.counts(ctx, r, span)
	}
	var out []countRow
	for b, k := range c.counties {
		switch in := block(b, countyWide); {
		case r.view.Covers(in):
			out = append(out, r.among(k.sums)...)
		case len(r.view.Within(in)) > 0: // a reader who sees part of a county
			return s.store.counts(ctx, r, span)
		}
	}
	for i := range out {
		out[i].Block = block(out[i].Block, span).From
	}
	return out, nil
}

// among leaves the levels that are asked for.
func (r reach) among(list []countRow) []countRow {
	if len(r.only) == 0 {
		return list
	}
	return slices.DeleteFunc(slices.Clone(list), func(x countRow) bool { return !slices.Contains(r.only, x.Level) })
}

// near narrows a question to the counties in which the next recipients of a list stand, so that the last three that wait
// among 100,000 are not looked for in all of them.
func (s *Service) near(ctx context.Context, r reach, only State, after int64, limit int) (scope.Set, error) {
	if !slices.ContainsFunc(r.view, func(x scope.Range) bool { return x.To-x.From > countyWide }) {
		return r.view, nil
	}
	c, err := s.counted(ctx, r)
	if err != nil || c == nil {
		return r.view, err
	}
	var out scope.Set
	left := int64(limit)
	for _, b := range slices.Sorted(maps.Keys(c.counties)) {
		in := block(b, countyWide)
		part, n := r.view.Within(in), int64(0)
		for _, x := range r.among(c.counties[b].sums) {
			n += x.in(only)
		}
		if in.To <= after || len(part) == 0 || n == 0 {
			continue
		}
		out = append(out, part...)
		if r.view.Covers(in) && in.From > after { // of the first county part may stand on the page before
			left -= n
		}
		if left <= 0 {
			break
		}
	}
	return out, nil
}

// in is how many of the recipients stand in a list.
func (x countRow) in(only State) int64 {
	switch only {
	case Received:
		return x.Received
	case Read:
		return x.Read
	case Done:
		return x.Done
	case Asked:
		return x.Asked
	case None:
		return x.Targets - x.Received
	case Waiting:
		return x.Targets - x.Done
	}
	return x.Targets
}

func (x *countRow) add(y countRow) {
	x.Targets, x.Received, x.Read, x.Done, x.Asked = x.Targets+y.Targets, x.Received+y.Received, x.Read+y.Read, x.Done+y.Done, x.Asked+y.Asked
}
