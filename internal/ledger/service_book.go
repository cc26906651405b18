package ledger

import (
	"context"
	"errors"
	"maps"
	"slices"
	"sort"
	"strconv"
	"strings"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/org"
)

// mostChildren bounds a comparison: a town with more villages than this does not exist.
const mostChildren = 500

// childValue is a figure at one unit right below the one asked.
type childValue struct {
	unit  org.Unit
	value Value
}

// grids is a state figure by child unit and by the values of its breakdowns.
type grids struct {
	c     *compiled
	child map[id.ID]map[int64]int64 // unit -> dim -> n
	own   map[int64]int64           // what lies in no child: the unit's own records
}

// below lists the units right below a question's unit: of the day asked for, or by today's boundaries.
func (s *Service) below(ctx context.Context, q Query) ([]org.Unit, error) {
	day := q.Day
	if q.Boundary == Today {
		day = max(day, clock.Today(ctx))
	}
	m := memoOf(ctx)
	at := unitOn{q.Unit, day}
	if m != nil && m.below[at] != nil {
		return m.below[at], nil
	}
	units, err := s.org.Below(ctx, q.Unit, day, mostChildren)
	if err == nil && m != nil {
		m.below[at] = units
	}
	return units, err
}

// gridOf reads a state or condition at all children at once.
func (s *Service) gridOf(ctx context.Context, c *compiled, q Query, children []org.Unit) (grids, error) {
	g := grids{c: c, child: map[id.ID]map[int64]int64{}, own: map[int64]int64{}}
	where, err := s.subtree(ctx, q, c.Kind)
	if err != nil || len(where) == 0 {
		return g, err
	}
	ids := make([]id.ID, len(children))
	for i, u := range children {
		ids[i] = u.ID
	}
	t, err := s.nodesOf(ctx, ids)
	if err != nil {
		return g, err
	}
	type lot struct {
		stretch
		unit id.ID
	}
	var lots []lot
	width := where[0].level.Span()
	for _, u := range ids {
		n, ok := t[u]
		if !ok || !clock.Covers(n.from, n.to, q.Day) || len(n.places) == 0 {
			continue
		}
		st := n.stretches(q, c.Kind)[0]
		width = min(width, st.level.Span())
		lots = append(lots, lot{st, u})
	}
	sort.Slice(lots, func(i, j int) bool { return lots[i].From < lots[j].From })
	rows, err := s.grid(ctx, c.id, where[0], width, q.Boundary)
	if err != nil {
		return g, err
	}
	for _, r := range rows {
		pos := r.Place * width
		i := sort.Search(len(lots), func(i int) bool { return lots[i].To > pos })
		if i == len(lots) || lots[i].From > pos {
			g.own[r.Dim] += r.N
			continue
		}
		u := lots[i].unit
		if g.child[u] == nil {
			g.child[u] = map[int64]int64{}
		}
		g.child[u][r.Dim] += r.N
	}
	return g, nil
}

func total(byDim map[int64]int64) (n int64) {
	for _, v := range byDim {
		n += v
	}
	return n
}

// byValue sums what a grid holds of one unit by one breakdown.
func (s *Service) byValue(g grids, byDim map[int64]int64, breakdown string) map[string]int64 {
	s.mu.RLock()
	defer s.mu.RUnlock()
	out := map[string]int64{}
	for i, b := range g.c.Breakdowns {
		if b != breakdown {
			continue
		}
		for dim, n := range byDim {
			if t := s.tuples[dim]; i < len(t) {
				out[t[i]] += n
			}
		}
	}
	return out
}

// compare is a figure at every unit right below, and at the unit itself, from one snapshot.
func (s *Service) compare(ctx context.Context, q Query) (children []childValue, whole Value, err error) {
	defer errs.Wrapf(&err, "ledger.compare %s", q.Figure)
	q = q.normal()
	err = s.db.Read(ctx, func(ctx context.Context) error {
		if whole, err = s.ask(ctx, q); err != nil {
			return err
		}
		units, err := s.below(ctx, q)
		if err != nil {
			return err
		}
		children, err = s.atEach(ctx, q, units)
		return err
	})
	return children, whole, err
}

// atEach answers a figure at each of the children.
func (s *Service) atEach(ctx context.Context, q Query, units []org.Unit) ([]childValue, error) {
	c, err := s.figure(q.Figure)
	if err != nil || len(units) == 0 {
		return nil, err
	}
	out := make([]childValue, len(units))
	gridded := func(c *compiled) bool { return c.Kind == State || c.Kind == Condition }
	switch {
	case q.KnownAt > 0 || len(q.Where) > 0: // as known then and single values are rare questions
	case gridded(c):
		g, err := s.gridOf(ctx, c, q, units)
		if err != nil {
			return nil, err
		}
		for i, u := range units {
			n := total(g.child[u.ID])
			out[i] = childValue{u, Value{Code: q.Figure, Amount: &n}}
		}
		return out, nil
	case c.Kind == Derived:
		nums, err := s.atEach(ctx, q.of(c.Numerator), units)
		if err != nil {
			return nil, err
		}
		dens, err := s.atEach(ctx, q.of(c.Denominator), units)
		if err != nil {
			return nil, err
		}
		for i, u := range units {
			out[i] = childValue{u, ratio(q.Figure, nums[i].value.Int(), dens[i].value.Int())}
		}
		return out, nil
	}
	for i, u := range units {
		at := q
		at.Unit = u.ID
		v, err := s.ask(ctx, at)
		if err != nil {
			return nil, err
		}
		out[i] = childValue{u, v}
	}
	return out, nil
}

// ratio is a derived figure of two terms: tenths of a per cent, rounded half up.
func ratio(code string, num, den int64) Value {
	v := Value{Code: code, Numerator: &num, Denominator: &den}
	if den != 0 {
		share := (num*2000 + den) / (den * 2)
		v.Amount = &share
	}
	return v
}

// length is how many records a list of evidence has and what they sum to; with the key of a page, what comes after it.
func (s *Service) length(ctx context.Context, q Query, after string) (n, sum int64, err error) {
	defer errs.Wrapf(&err, "ledger.length %s", q.Figure)
	q = q.normal()
	err = s.db.Read(ctx, func(ctx context.Context) error {
		n, sum, err = s.lengthOf(ctx, q, after)
		return err
	})
	return n, sum, err
}

func (s *Service) lengthOf(ctx context.Context, q Query, after string) (n, sum int64, err error) {
	c, err := s.figure(q.Figure)
	if err != nil {
		return 0, 0, err
	}
	switch c.Kind {
	case Derived:
		return s.lengthOf(ctx, q.of(c.Numerator), after)
	case Distinct:
		values, err := s.values(ctx, c, q)
		return int64(len(values)), int64(len(values)), err
	}
	where, err := s.subtree(ctx, q, c.Kind)
	if err != nil || len(where) == 0 {
		return 0, 0, err
	}
	f, ok, err := s.filter(c, q)
	if err != nil || !ok {
		return 0, 0, err
	}
	var seq int64
	if q.KnownAt > 0 {
		if seq, _, err = s.foldedBy(ctx, q.KnownAt); err != nil {
			return 0, 0, err
		}
	}
	var day, rec int64
	if after != "" {
		d, r, _ := strings.Cut(after, "-")
		day, _ = strconv.ParseInt(d, 10, 64)
		k, err := id.Parse(r)
		if err != nil {
			return 0, 0, errs.Wrap(err, errs.Invalid, "ledger.page_key")
		}
		rec = int64(k)
	}
	row, err := s.count(ctx, f, where, q.Boundary, seq, q.KnownAt > 0, day, rec)
	return row.N, row.Sum, err
}

// mostCounted bounds how many records are counted for the line that says of how many a page is made.
const mostCounted = 1000

// recordsBehind is the number of records of which a unit's figures are made, at most mostCounted. Above the city counting
// even those would cost more than the figures: ok is false then.
func (s *Service) recordsBehind(ctx context.Context, q Query) (n int64, ok bool, err error) {
	q = q.normal()
	where, err := s.subtree(ctx, q, State)
	if err != nil || len(where) == 0 || where[0].level.Span() > org.City.Span() {
		return 0, false, err
	}
	s.mu.RLock()
	figures := make([]int64, 0, len(s.order))
	for _, c := range s.order {
		figures = append(figures, c.id)
	}
	s.mu.RUnlock()
	n, err = s.behind(ctx, figures, where[0], mostCounted+1)
	return n, err == nil, err
}

// folded is the instant of the last fold at or before another, in Unix milliseconds: what "as known at" is snapped to. 0
// when nothing was known yet.
func (s *Service) folded(ctx context.Context, at int64) (int64, error) {
	_, when, err := s.foldedBy(ctx, at)
	return when, err
}

// eventful tells whether a figure is about a period rather than a day.
func (s *Service) eventful(d Definition) bool {
	switch d.Kind {
	case Event:
		return true
	case Derived:
		n, err := s.Figure(d.Numerator)
		return err == nil && s.eventful(n)
	case Distinct:
		n, err := s.Figure(d.DistinctOf)
		return err == nil && s.eventful(n)
	}
	return false
}

// label is a breakdown's value in words.
func (s *Service) label(ctx context.Context, record, breakdown, value string) string {
	if src := s.sources[record]; src != nil && src.Label != nil {
		if w := src.Label(ctx, breakdown, value); w != "" {
			return w
		}
	}
	return value
}

// node is a unit with its places; ok is false for a unit that the ledger has never heard of.
func (s *Service) node(ctx context.Context, unit id.ID) (n node, ok bool, err error) {
	t, err := s.nodesOf(ctx, []id.ID{unit})
	n, ok = t[unit]
	return n, ok, err
}

// nodesOf are units with their places and heirs, each read once in a snapshot.
func (s *Service) nodesOf(ctx context.Context, units []id.ID) (tree, error) {
	m := memoOf(ctx)
	if m == nil {
		return s.nodes(ctx, units)
	}
	var more []id.ID
	for _, u := range units {
		if _, ok := m.nodes[u]; !ok {
			more = append(more, u)
		}
	}
	if len(more) > 0 {
		t, err := s.nodes(ctx, more)
		if err != nil {
			return nil, err
		}
		maps.Copy(m.nodes, t)
	}
	return m.nodes, nil
}

// counties are the county codes under a range.
func (s *Service) counties(ctx context.Context, r scope.Range) ([]int64, error) {
	m := memoOf(ctx)
	if m != nil {
		if c, ok := m.counties[r]; ok {
			return c, nil
		}
	}
	c, err := s.countiesUnder(ctx, r)
	if err == nil && m != nil {
		m.counties[r] = c
	}
	return c, err
}

// small tells whether reading a subtree's entries once is cheaper than asking many times: from the city down.
func (st stretch) small() bool { return st.level.Span() <= org.City.Span() }

// balances answers every event, state and condition of a unit in a few readings, whatever their number.
func (s *Service) balances(ctx context.Context, q Query) (map[string]Value, error) {
	q = q.normal()
	n, ok, err := s.node(ctx, q.Unit)
	if err != nil {
		return nil, err
	}
	if !ok {
		return nil, errs.New(errs.NotFound, "ledger.no_unit")
	}
	kinds := map[Kind][]*compiled{}
	out := map[string]Value{}
	s.mu.RLock()
	for _, c := range s.order {
		kind := c.Kind
		switch kind {
		case Condition:
			kind = State
		case Distinct, Derived:
			continue
		}
		kinds[kind] = append(kinds[kind], c)
		out[c.Code] = Value{Code: c.Code, Amount: new(int64)}
	}
	s.mu.RUnlock()
	if !clock.Covers(n.from, n.to, q.Day) || len(n.places) == 0 {
		return out, nil
	}
	for kind, figures := range kinds {
		for _, st := range n.stretches(q, kind) {
			sums, err := s.sumAll(ctx, figures, st, q.Boundary)
			if err != nil {
				return nil, err
			}
			for _, c := range figures {
				*out[c.Code].Amount += sums[c.id]
			}
		}
	}
	return out, nil
}

// sumAll adds the entries of many figures in one stretch: from the county up by the cells of whole months, the entries of
// the open one and the tail; below, by the entries themselves.
func (s *Service) sumAll(ctx context.Context, figures []*compiled, st stretch, b Boundary) (map[int64]int64, error) {
	var ids, bare []int64
	series := map[int64]int64{}
	cells := st.level.Span() >= org.County.Span() && st.from%100 <= 1
	s.mu.RLock()
	for _, c := range figures {
		ids = append(ids, c.id)
		if k := s.series[seriesKey(c.id, "", "")]; k != 0 && cells {
			series[k] = c.id
		} else {
			bare = append(bare, c.id)
		}
	}
	s.mu.RUnlock()
	counties, err := s.counties(ctx, st.Range)
	if err != nil {
		return nil, err
	}
	if st.level.Span() < org.County.Span() {
		counties = []int64{st.From / 1e7}
	}
	var parts []map[int64]int64
	read := func(sums map[int64]int64, failed error) {
		parts, err = append(parts, sums), errors.Join(err, failed)
	}
	read(s.sumTails(ctx, ids, st, b))
	if len(bare) > 0 {
		read(s.sumFigures(ctx, bare, st, counties, st.from, st.to, b))
	}
	if len(series) > 0 {
		width, code := cellOf(st)
		first := st.to/100*100 + 1
		keys := slices.Sorted(maps.Keys(series))
		months, failed := s.sumSeries(ctx, keys, width, code, st.from/100, st.to/100, b)
		read(named(months, series), failed)
		if width <= 2 {
			days, failed := s.sumDaySeries(ctx, keys, width, code, first, st.to, b)
			read(named(days, series), failed)
		} else {
			read(s.sumFigures(ctx, slices.Sorted(maps.Values(series)), st, counties, first, st.to, b))
		}
	}
	out := map[int64]int64{}
	for _, sums := range parts {
		for figure, n := range sums {
			out[figure] += n
		}
	}
	return out, err
}

// named turns sums by series into sums by figure.
func named(sums, series map[int64]int64) map[int64]int64 {
	out := make(map[int64]int64, len(sums))
	for k, n := range sums {
		out[series[k]] = n
	}
	return out
}

// course is Course, in one reading where a unit never moved and is small enough.
func (s *Service) course(ctx context.Context, q Query, years int) ([]Point, error) {
	q = q.normal()
	c, err := s.figure(q.Figure)
	if err != nil {
		return nil, err
	}
	if c.Kind != State && c.Kind != Condition || q.KnownAt > 0 || len(q.Where) > 0 {
		return s.Course(ctx, q, years)
	}
	n, _, err := s.node(ctx, q.Unit)
	if err != nil {
		return nil, err
	}
	if len(n.places) != 1 || !n.stretches(q, c.Kind)[0].small() {
		return s.Course(ctx, q, years)
	}
	by, err := s.sumYears(ctx, c.id, n.stretches(q, c.Kind)[0], q.Boundary)
	if err != nil {
		return nil, err
	}
	first := q.Day.Year() - years + 1
	var sum int64
	for y, v := range by {
		if int(y) < first {
			sum += v
		}
	}
	var out []Point
	for y := first; y <= q.Day.Year(); y++ {
		sum += by[int64(y)]
		day, v := clock.MinEnd(clock.YearOf(y).To, q.Day), sum
		if !clock.Covers(n.from, n.to, day) {
			v = 0
		}
		out = append(out, Point{day, Value{Code: q.Figure, Amount: &v}})
	}
	return out, nil
}
