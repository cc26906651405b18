package ledger

import (
	"context"
	"maps"
	"math"
	"slices"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/org"
)

// stretch is a unit's subtree over the days of a question: one for most units, several for one that moved.
type stretch struct {
	scope.Range
	level    org.Level
	from, to int64 // days, both included; from 0 = since ever
}

// subtree says where the unit's subtree lay on the days asked for; empty when it did not stand on the as-of day.
func (s *Service) subtree(ctx context.Context, q Query, kind Kind) ([]stretch, error) {
	n, ok, err := s.node(ctx, q.Unit)
	if err != nil {
		return nil, err
	}
	if !ok {
		return nil, errs.New(errs.NotFound, "ledger.no_unit")
	}
	if !clock.Covers(n.from, n.to, q.Day) || len(n.places) == 0 {
		return nil, nil
	}
	return n.stretches(q, kind), nil
}

// stretches says where a unit's subtree lay on the days asked for.
func (n node) stretches(q Query, kind Kind) []stretch {
	width := org.Level(n.level).Span()
	at := func(pos, from, to int64) stretch {
		return stretch{scope.Range{From: pos, To: pos + width}, org.Level(n.level), from, to}
	}
	day := q.Day.Int()
	if kind != Event {
		if q.Boundary == Today {
			return []stretch{at(n.places[len(n.places)-1].pos, 0, day)}
		}
		pos := n.places[0].pos
		for _, p := range n.places {
			if p.from <= q.Day {
				pos = p.pos
			}
		}
		return []stretch{at(pos, 0, day)}
	}
	from := q.From.Int()
	day = q.To.Int()
	if q.Boundary == Today {
		return []stretch{at(n.places[len(n.places)-1].pos, from, day)}
	}
	var out []stretch
	for i, p := range n.places {
		a, b := from, day
		if i > 0 {
			a = max(a, p.from.Int())
		}
		if i+1 < len(n.places) {
			b = min(b, n.places[i+1].from.AddDays(-1).Int())
		}
		if a <= b {
			out = append(out, at(p.pos, a, b))
		}
	}
	return out
}

// Ask answers a figure: any figure, any unit, any day. The whole answer comes from one snapshot.
func (s *Service) Ask(ctx context.Context, q Query) (v Value, err error) {
	defer errs.Wrapf(&err, "ledger.Ask %s", q.Figure)
	q = q.normal()
	err = s.db.Read(ctx, func(ctx context.Context) error {
		v, err = s.ask(ctx, q)
		return err
	})
	return v, err
}

// normal fills in what a question leaves open: a period is cut at the as-of day, and without one events run from 1
// January of the as-of year.
func (q Query) normal() Query {
	if q.Boundary == "" {
		q.Boundary = Then
	}
	if q.From == clock.Open {
		q.From = clock.YearOf(q.Day.Year()).From
	}
	if q.To == clock.Open || q.To > q.Day {
		q.To = q.Day
	}
	return q
}

func (s *Service) ask(ctx context.Context, q Query) (Value, error) {
	c, err := s.figure(q.Figure)
	if err != nil {
		return Value{}, err
	}
	v := Value{Code: q.Figure}
	switch c.Kind {
	case Derived:
		num, err := s.ask(ctx, q.of(c.Numerator))
		if err != nil {
			return v, err
		}
		den, err := s.ask(ctx, q.of(c.Denominator))
		if err != nil {
			return v, err
		}
		n, d := num.Int(), den.Int()
		v.Numerator, v.Denominator = &n, &d
		if d != 0 {
			share := int64(math.Round(float64(n) * 1000 / float64(d)))
			v.Amount = &share
		}
		return v, nil
	case Distinct:
		values, err := s.values(ctx, c, q)
		if err != nil {
			return v, err
		}
		n := int64(len(values))
		v.Amount = &n
		return v, nil
	}
	sum, err := s.sum(ctx, c, q)
	v.Amount = &sum
	return v, err
}

func (q Query) of(code string) Query { q.Figure = code; return q }

func (s *Service) sum(ctx context.Context, c *compiled, q Query) (int64, error) {
	where, err := s.subtree(ctx, q, c.Kind)
	if err != nil || len(where) == 0 {
		return 0, err
	}
	f, known, err := s.filter(c, q)
	if err != nil || !known {
		return 0, err
	}
	var seq int64
	if q.KnownAt > 0 {
		if seq, _, err = s.foldedBy(ctx, q.KnownAt); err != nil {
			return 0, err
		}
	}
	var total int64
	for _, st := range where {
		n, err := s.sumStretch(ctx, f, st, q)
		if err != nil {
			return 0, err
		}
		total += n
		if q.KnownAt > 0 {
			later, err := s.sumLater(ctx, f, st, q.Boundary, seq)
			if err != nil {
				return 0, err
			}
			total -= later
			continue
		}
		tail, err := s.sumTail(ctx, f, st, q.Boundary)
		if err != nil {
			return 0, err
		}
		total += tail
	}
	return total, nil
}

// filter is a figure with the breakdown values asked for, as the tables know them.
type filter struct {
	figure int64
	series int64   // of the total or of one value; 0 when several breakdowns are combined
	dims   []int64 // nil = all
}

// filter answers known = false when a value has never occurred: the sum is 0 then.
func (s *Service) filter(c *compiled, q Query) (filter, bool, error) {
	f := filter{figure: c.id}
	s.mu.RLock()
	defer s.mu.RUnlock()
	switch len(q.Where) {
	case 0:
		f.series = s.series[seriesKey(c.id, "", "")]
		return f, true, nil
	case 1:
		for name, value := range q.Where {
			f.series = s.series[seriesKey(c.id, name, value)]
		}
	}
	f.dims = []int64{}
	for name, value := range q.Where {
		if !contains(c.Breakdowns, name) {
			return f, false, errs.New(errs.Invalid, "ledger.no_breakdown", "Name", name, "Value", value)
		}
	}
	for _, dim := range s.dims[c.id] {
		ok := true
		for i, b := range c.Breakdowns {
			if want, asked := q.Where[b]; asked && (i >= len(s.tuples[dim]) || s.tuples[dim][i] != want) {
				ok = false
			}
		}
		if ok {
			f.dims = append(f.dims, dim)
		}
	}
	return f, len(f.dims) > 0, nil
}

// sumStretch adds what is folded: month cells and the days of open months where there are cells, raw entries where
// there are none (below the county, or several breakdowns at once).
func (s *Service) sumStretch(ctx context.Context, f filter, st stretch, q Query) (int64, error) {
	if f.series == 0 || st.level.Span() < org.County.Span() {
		counties := []int64{st.From / 1e7}
		if st.level.Span() > org.County.Span() {
			var err error
			if counties, err = s.counties(ctx, st.Range); err != nil {
				return 0, err
			}
		}
		return s.sumEntries(ctx, f, st, counties, st.from, st.to, q.Boundary)
	}
	width, code := cellOf(st)
	before := int64(0)
	if st.from > 0 {
		var err error
		if before, err = s.prefix(ctx, f, st, width, code, clock.DayOfInt(st.from).AddDays(-1).Int(), q.Boundary); err != nil {
			return 0, err
		}
	}
	upTo, err := s.prefix(ctx, f, st, width, code, st.to, q.Boundary)
	return upTo - before, err
}

func cellOf(st stretch) (width int, code int64) {
	switch st.level {
	case org.Nation:
		return 0, 0
	case org.Province:
		return 2, st.From / 1e11
	case org.City:
		return 4, st.From / 1e9
	}
	return 6, st.From / 1e7
}

// prefix is the running sum of everything up to a day.
func (s *Service) prefix(ctx context.Context, f filter, st stretch, width int, code, day int64, b Boundary) (int64, error) {
	if next := clock.DayOfInt(day).AddDays(1).Int(); next%100 == 1 { // whole months need no days
		return s.sumCells(ctx, f.series, width, code, next/100, b)
	}
	months, err := s.sumCells(ctx, f.series, width, code, day/100, b)
	if err != nil {
		return 0, err
	}
	first := day/100*100 + 1
	if width <= 2 {
		days, err := s.sumDayCells(ctx, f.series, width, code, first, day, b)
		return months + days, err
	}
	counties := []int64{st.From / 1e7}
	if width == 4 {
		if counties, err = s.counties(ctx, st.Range); err != nil {
			return 0, err
		}
	}
	days, err := s.sumEntries(ctx, f, st, counties, first, day, b)
	return months + days, err
}

// Point is a figure at a day.
type Point struct {
	Day clock.Day
	Value
}

// Course is a figure over time: at the end of each year (states), or over each year (events), up to the as-of day.
func (s *Service) Course(ctx context.Context, q Query, years int) (out []Point, err error) {
	q = q.normal()
	err = s.db.Read(ctx, func(ctx context.Context) error {
		for y := q.Day.Year() - years + 1; y <= q.Day.Year(); y++ {
			p := clock.YearOf(y)
			at := q
			at.From, at.To = p.From, clock.MinEnd(p.To, q.Day)
			at.Day = at.To
			v, err := s.ask(ctx, at)
			if err != nil {
				return err
			}
			out = append(out, Point{at.Day, v})
		}
		return nil
	})
	return out, err
}

// ByValue is a figure's parts by one breakdown; they sum to the whole.
func (s *Service) ByValue(ctx context.Context, q Query, breakdown string) (out map[string]int64, err error) {
	c, err := s.figure(q.Figure)
	if err != nil {
		return nil, err
	}
	q = q.normal()
	err = s.db.Read(ctx, func(ctx context.Context) error {
		out, err = s.byValues(ctx, c, q, breakdown)
		return err
	})
	maps.DeleteFunc(out, func(_ string, n int64) bool { return n == 0 })
	return out, err
}

// byValues is a figure's sum for each value of one breakdown, nought or not.
func (s *Service) byValues(ctx context.Context, c *compiled, q Query, breakdown string) (map[string]int64, error) {
	out := map[string]int64{}
	if q.KnownAt == 0 && len(q.Where) == 0 {
		where, err := s.subtree(ctx, q, c.Kind)
		for _, st := range where {
			if err == nil {
				err = s.addValues(ctx, c, breakdown, st, q.Boundary, out)
			}
		}
		return out, err
	}
	for _, v := range s.knownValues(c, breakdown) { // as known then, and parts of a part, are rare questions
		part := q
		part.Where = maps.Clone(q.Where)
		if part.Where == nil {
			part.Where = map[string]string{}
		}
		part.Where[breakdown] = v
		n, err := s.sum(ctx, c, part)
		if err != nil {
			return nil, err
		}
		out[v] = n
	}
	return out, nil
}

// addValues adds a stretch to the sums of a breakdown's values, as sumStretch does for one of them: by the cells of whole
// months and the days of the open one, or below the county by the entries.
func (s *Service) addValues(ctx context.Context, c *compiled, breakdown string, st stretch, b Boundary, out map[string]int64) error {
	add := func(sums map[int64]int64, sign int64, value func(int64) (string, bool)) {
		for k, n := range sums {
			if v, ok := value(k); ok {
				out[v] += sign * n
			}
		}
	}
	f, at := filter{figure: c.id}, slices.Index(c.Breakdowns, breakdown)
	ofDim := func(dim int64) (string, bool) {
		s.mu.RLock()
		defer s.mu.RUnlock()
		t := s.tuples[dim]
		if at < 0 || at >= len(t) {
			return "", false
		}
		return t[at], true
	}
	tail, err := s.sumTailDims(ctx, f, st, b)
	if err != nil {
		return err
	}
	add(tail, 1, ofDim)
	counties := []int64{st.From / 1e7}
	if st.level.Span() > org.County.Span() {
		if counties, err = s.counties(ctx, st.Range); err != nil {
			return err
		}
	}
	series, keys := map[int64]string{}, []int64{}
	whole := st.level.Span() >= org.County.Span()
	for _, v := range s.knownValues(c, breakdown) {
		s.mu.RLock()
		k := s.series[seriesKey(c.id, breakdown, v)]
		s.mu.RUnlock()
		whole = whole && k != 0 // without a series its entries have not been folded here
		series[k], keys = v, append(keys, k)
	}
	if !whole {
		sums, err := s.sumEntryDims(ctx, f, st, counties, st.from, st.to, b)
		add(sums, 1, ofDim)
		return err
	}
	slices.Sort(keys)
	width, code := cellOf(st)
	upTo := func(day, sign int64) error {
		month, first := day/100, day/100*100+1
		next := clock.DayOfInt(day).AddDays(1).Int()
		if next%100 == 1 { // whole months need no days
			month = next / 100
		}
		ofSeries := func(k int64) (string, bool) { v, ok := series[k]; return v, ok }
		sums, err := s.sumSeries(ctx, keys, width, code, 0, month, b)
		if err != nil {
			return err
		}
		add(sums, sign, ofSeries)
		switch {
		case next%100 == 1:
		case width <= 2:
			sums, err = s.sumDaySeries(ctx, keys, width, code, first, day, b)
			add(sums, sign, ofSeries)
		default:
			sums, err = s.sumEntryDims(ctx, f, st, counties, first, day, b)
			add(sums, sign, ofDim)
		}
		return err
	}
	if st.from > 0 {
		if err := upTo(clock.DayOfInt(st.from).AddDays(-1).Int(), -1); err != nil {
			return err
		}
	}
	return upTo(st.to, 1)
}

// knownValues are the values of a breakdown that have ever occurred.
func (s *Service) knownValues(c *compiled, breakdown string) []string {
	s.mu.RLock()
	defer s.mu.RUnlock()
	var out []string
	seen := map[string]bool{}
	for i, b := range c.Breakdowns {
		if b != breakdown {
			continue
		}
		for _, dim := range s.dims[c.id] {
			if t := s.tuples[dim]; i < len(t) && !seen[t[i]] {
				seen[t[i]] = true
				out = append(out, t[i])
			}
		}
	}
	return out
}

// values are the values of a distinct figure's breakdown with a balance above zero.
func (s *Service) values(ctx context.Context, c *compiled, q Query) (map[string]int64, error) {
	of, err := s.figure(c.DistinctOf)
	if err != nil {
		return nil, err
	}
	out, err := s.byValues(ctx, of, q.of(c.DistinctOf), c.DistinctBy)
	maps.DeleteFunc(out, func(_ string, n int64) bool { return n <= 0 })
	return out, err
}
