package ledger

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sort"

	"github.com/expr-lang/expr"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/org"
)

// Post brings the ledger in step with records, inside the transaction that changed them: it appends the difference
// between what the ledger holds of each record and what its rows say now. A record without rows leaves the ledger.
func (s *Service) Post(ctx context.Context, kind string, records ...Record) error {
	if !s.db.InTx(ctx) {
		return errors.New("ledger.Post outside a transaction")
	}
	if b, ok := ctx.Value(batchKey{}).(*batch); ok {
		b.add(kind, records)
		return nil
	}
	touched, err := s.post(ctx, kind, records)
	if err != nil {
		return err
	}
	return s.conditions(ctx, touched, nil)
}

type batchKey struct{}

// batch is what an import has to post: each record once, as it stands at the end.
type batch struct {
	kinds []string
	recs  map[string]map[id.ID]Record
	order map[string][]id.ID
	units map[id.ID]bool   // founded, moved or ended: their conditions
	dims  map[dimKey]int64 // written in this transaction, and not yet known to others
}

// dimsKey hands a batch's dimensions to those that post it.
type dimsKey struct{}

type dimKey struct {
	figure int64
	tuple  string
}

func newBatch() *batch {
	return &batch{recs: map[string]map[id.ID]Record{}, order: map[string][]id.ID{}, units: map[id.ID]bool{}, dims: map[dimKey]int64{}}
}

func (b *batch) add(kind string, records []Record) {
	if b.recs[kind] == nil {
		b.recs[kind] = map[id.ID]Record{}
		b.kinds = append(b.kinds, kind)
	}
	for _, r := range records {
		if _, again := b.recs[kind][r.Ref.ID]; !again {
			b.order[kind] = append(b.order[kind], r.Ref.ID)
		}
		b.recs[kind][r.Ref.ID] = r
	}
}

// Batch runs fn and posts all records of its Post calls together at its end, in the same transaction: a record that fn
// touches twice is posted once, and a township's conditions are computed once. For imports.
func (s *Service) Batch(ctx context.Context, fn func(ctx context.Context) error) error {
	if _, inside := ctx.Value(batchKey{}).(*batch); inside {
		return fn(ctx)
	}
	if !s.db.InTx(ctx) {
		return errors.New("ledger.Batch outside a transaction")
	}
	b := newBatch()
	if err := fn(context.WithValue(ctx, batchKey{}, b)); err != nil {
		return err
	}
	ctx = context.WithValue(ctx, dimsKey{}, b.dims)
	all := map[int64]map[int64]bool{}
	for _, kind := range b.kinds {
		for ids := b.order[kind]; len(ids) > 0; {
			n := min(len(ids), 500)
			recs := make([]Record, n)
			for i, r := range ids[:n] {
				recs[i] = b.recs[kind][r]
			}
			ids = ids[n:]
			touched, err := s.post(ctx, kind, recs)
			if err != nil {
				return err
			}
			for f, places := range touched {
				if all[f] == nil {
					all[f] = map[int64]bool{}
				}
				for p := range places {
					all[f][p] = true
				}
			}
		}
	}
	return s.conditions(ctx, all, keys(b.units))
}

// Part runs fn within a Batch, or outside of one as it is: what fn posts joins the batch only when fn succeeds, so that a
// row of an import that is refused leaves nothing behind.
func (s *Service) Part(ctx context.Context, fn func(ctx context.Context) error) error {
	all, ok := ctx.Value(batchKey{}).(*batch)
	if !ok {
		return fn(ctx)
	}
	part := newBatch()
	if err := fn(context.WithValue(ctx, batchKey{}, part)); err != nil {
		return err
	}
	for _, kind := range part.kinds {
		for _, r := range part.order[kind] {
			all.add(kind, []Record{part.recs[kind][r]})
		}
	}
	maps.Copy(all.units, part.units)
	return nil
}

// Unposted runs fn and posts nothing: for rehearsals, whose records are taken back before anybody could count them.
func (s *Service) Unposted(ctx context.Context, fn func(ctx context.Context) error) error {
	return fn(context.WithValue(ctx, batchKey{}, newBatch()))
}

// post appends what is missing of the records and answers the places it touched.
func (s *Service) post(ctx context.Context, kind string, records []Record) (map[int64]map[int64]bool, error) {
	if len(records) == 0 {
		return nil, nil
	}
	units := map[id.ID]bool{}
	recs := make([]id.ID, len(records))
	for i, r := range records {
		recs[i] = r.Ref.ID
		for _, row := range r.Rows {
			for _, u := range row.Units {
				units[u] = true
			}
		}
	}
	t, err := s.nodes(ctx, keys(units))
	if err != nil {
		return nil, err
	}
	for u := range units {
		if len(t[u].places) == 0 {
			return nil, fmt.Errorf("ledger.Post %s: unit %d has no place", kind, u)
		}
	}
	var figures []*compiled
	s.mu.RLock()
	for _, c := range s.order {
		if (c.Kind == Event || c.Kind == State) && c.Record == kind {
			figures = append(figures, c)
		}
	}
	s.mu.RUnlock()
	have, err := s.heldBy(ctx, recs, figures)
	if err != nil {
		return nil, err
	}
	w := s.writer(ctx)
	for _, r := range records {
		want := views{account{}, account{}}
		for _, c := range figures {
			sp, err := c.spans(r, t)
			if err != nil {
				return nil, err
			}
			if err := s.lines(ctx, c, sp, t, want); err != nil {
				return nil, err
			}
		}
		w.append(r.Ref.ID, difference(have[r.Ref.ID], want))
	}
	if err := w.close(ctx); err != nil {
		return nil, err
	}
	return w.touched, nil
}

func keys[K comparable, V any](m map[K]V) []K {
	out := make([]K, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	return out
}

func (s *Service) lines(ctx context.Context, c *compiled, sp []span, t tree, want views) error {
	var failed error
	lines(c.id, c.Kind, sp, t, func(tuple string) int64 {
		d, err := s.dimID(ctx, c.id, tuple)
		if err != nil {
			failed = err
		}
		return d
	}, want)
	return failed
}

// heldBy reads what the ledger holds of the records for these figures.
func (s *Service) heldBy(ctx context.Context, recs []id.ID, figures []*compiled) (map[id.ID]map[line]int64, error) {
	mine := map[int64]bool{}
	for _, c := range figures {
		mine[c.id] = true
	}
	out := map[id.ID]map[line]int64{}
	for len(recs) > 0 {
		n := min(len(recs), 500)
		rows, err := s.held(ctx, recs[:n])
		if err != nil {
			return nil, err
		}
		recs = recs[n:]
		for _, e := range rows {
			if !mine[e.Figure] {
				continue
			}
			if out[e.Rec] == nil {
				out[e.Rec] = map[line]int64{}
			}
			out[e.Rec][line{e.Figure, e.Pos, e.Day, e.Dim, e.Frame}] += e.Delta
		}
	}
	return out, nil
}

// writer collects entries for the tail, which close writes, and remembers what was touched.
type writer struct {
	s       *Service
	entries []entryRow
	touched map[int64]map[int64]bool // figure -> places
	moves   *Moves
}

func (s *Service) writer(ctx context.Context) *writer {
	w := &writer{s: s, touched: map[int64]map[int64]bool{}}
	w.moves, _ = ctx.Value(movesKey{}).(*Moves)
	return w
}

func (w *writer) close(ctx context.Context) error { return w.s.appendTail(ctx, w.entries) }

func (w *writer) append(rec id.ID, diff map[line]int64) {
	ls := make([]line, 0, len(diff))
	for l := range diff {
		ls = append(ls, l)
	}
	sort.Slice(ls, func(i, j int) bool { // one order on every run and engine
		a, b := ls[i], ls[j]
		switch {
		case a.figure != b.figure:
			return a.figure < b.figure
		case a.day != b.day:
			return a.day < b.day
		case a.pos != b.pos:
			return a.pos < b.pos
		case a.dim != b.dim:
			return a.dim < b.dim
		default:
			return a.frame < b.frame
		}
	})
	for _, l := range ls {
		w.entries = append(w.entries, entryRow{Figure: l.figure, Pos: l.pos, Day: l.day, Dim: l.dim, Frame: l.frame, Delta: diff[l], Rec: rec})
		if w.touched[l.figure] == nil {
			w.touched[l.figure] = map[int64]bool{}
		}
		w.touched[l.figure][l.pos] = true
		if w.moves != nil {
			w.moves.note(w.s.byID[l.figure].Code, l.pos)
		}
	}
}

// conditions recomputes the conditions of the units whose inputs were touched, and those of units, in the same transaction,
// so that they are never behind. On PostgreSQL the units' own rows are locked first: two writers of one township take turns.
func (s *Service) conditions(ctx context.Context, touched map[int64]map[int64]bool, units []id.ID) error {
	due, err := s.due(ctx, touched, units)
	if err != nil {
		return err
	}
	return s.recompute(ctx, due)
}

// recompute writes what the conditions of the units that are due differ by from what stands.
func (s *Service) recompute(ctx context.Context, due dueUnits) error {
	if len(due) == 0 {
		return nil
	}
	of := map[id.ID][]*compiled{}
	var conds []*compiled
	for _, c := range s.order {
		for u := range due[c] {
			of[u] = append(of[u], c)
		}
		if len(due[c]) > 0 {
			conds = append(conds, c)
		}
	}
	list := keys(of)
	sort.Slice(list, func(i, j int) bool { return list[i] < list[j] })
	if err := s.lockUnits(ctx, list); err != nil {
		return err
	}
	t, err := s.nodes(ctx, list)
	if err != nil {
		return err
	}
	have, err := s.heldBy(ctx, list, conds)
	if err != nil {
		return err
	}
	in, err := s.readInputs(ctx, t, due)
	if err != nil {
		return err
	}
	w := s.writer(ctx)
	for _, u := range list {
		all, mine := views{account{}, account{}}, map[line]int64{}
		for _, c := range of[u] {
			want, err := s.conditionLines(ctx, c, t[u], in)
			if err != nil {
				return err
			}
			all.add(want)
			for l, n := range have[u] {
				if l.figure == c.id {
					mine[l] = n
				}
			}
		}
		w.append(u, difference(mine, all))
	}
	return w.close(ctx)
}

// dueUnits are the units that conditions have to be computed for.
type dueUnits map[*compiled]map[id.ID]bool

func (d dueUnits) add(c *compiled, u id.ID) {
	if d[c] == nil {
		d[c] = map[id.ID]bool{}
	}
	d[c][u] = true
}

// due are the units that stand, or have stood, where an input was touched, and those of units.
func (s *Service) due(ctx context.Context, touched map[int64]map[int64]bool, units []id.ID) (dueUnits, error) {
	out := dueUnits{}
	pos := map[*compiled]map[int64]bool{}
	levels := map[string]map[int64]bool{}
	for _, c := range s.order {
		if c.Kind != Condition {
			continue
		}
		for _, u := range units {
			out.add(c, u)
		}
		at := map[int64]bool{}
		for _, part := range c.inputs() {
			for _, code := range part.reads {
				for p := range touched[s.byCode[code].id] {
					at[p-p%part.width] = true
				}
			}
		}
		if len(at) == 0 {
			continue
		}
		pos[c] = at
		if levels[c.Test.Level] == nil {
			levels[c.Test.Level] = map[int64]bool{}
		}
		for p := range at {
			levels[c.Test.Level][p] = true
		}
	}
	for level, at := range levels {
		stood, err := s.unitsAt(ctx, level, keys(at))
		if err != nil {
			return nil, err
		}
		for c, at := range pos {
			if c.Test.Level != level {
				continue
			}
			for _, p := range stood {
				if at[p.Pos] {
					out.add(c, p.Unit)
				}
			}
		}
	}
	return out, nil
}

// conditionPart are inputs of a condition that are read over one width: of the unit alone, or of its subtree.
type conditionPart struct {
	reads map[string]string // name in the expression -> figure
	width int64
}

func (c *compiled) inputs() []conditionPart {
	return []conditionPart{{c.Test.Own, 1}, {c.Test.Subtree, org.Level(c.Test.Level).Span()}}
}

// conditionLines evaluates the test over the unit's whole history, by both boundaries.
func (s *Service) conditionLines(ctx context.Context, c *compiled, n node, inputs conditionInputs) (views, error) {
	want := views{account{}, account{}}
	if n.level != c.Test.Level {
		return want, nil
	}
	in := inputs.of(s, c, n)
	for _, b := range []Boundary{Then, Today} {
		sp, err := conditionSpans(c, n, in, b)
		if err != nil {
			return want, err
		}
		v := views{account{}, account{}}
		// a condition ends with its unit: it has no heir to go to
		alone := tree{n.unit: node{unit: n.unit, level: n.level, from: n.from, to: n.to, places: n.places}}
		if err := s.lines(ctx, c, sp, alone, v); err != nil {
			return want, err
		}
		if b == Then {
			want.then = v.then
		} else {
			want.today = v.today
		}
	}
	return want, nil
}

// conditionInput is what one day adds to one of a condition's inputs.
type conditionInput struct {
	name  string
	day   clock.Day
	frame int64
	delta int64
}

// conditionInputs are entries that conditions read, by figure and by the place that begins the range they are read over.
type conditionInputs map[inputKey][]entryRow

type inputKey struct{ width, figure, pos int64 }

// of are the inputs of one unit.
func (in conditionInputs) of(s *Service, c *compiled, n node) (out []conditionInput) {
	for _, part := range c.inputs() {
		for name, code := range part.reads {
			for _, p := range n.places {
				for _, e := range in[inputKey{part.width, s.byCode[code].id, p.pos}] {
					out = append(out, conditionInput{name, clock.DayOfInt(e.Day), e.Frame, e.Delta})
				}
			}
		}
	}
	return out
}

// readInputs reads once what the conditions of all units and both boundaries need: each figure at the units that
// need it, figures of the same units together.
func (s *Service) readInputs(ctx context.Context, t tree, all dueUnits) (conditionInputs, error) {
	places := map[inputKey]map[int64]bool{} // pos 0
	for c, units := range all {
		for _, part := range c.inputs() {
			for _, code := range part.reads {
				key := inputKey{width: part.width, figure: s.byCode[code].id}
				if places[key] == nil {
					places[key] = map[int64]bool{}
				}
				for u := range units {
					if t[u].level == c.Test.Level {
						for _, p := range t[u].places {
							places[key][p.pos] = true
						}
					}
				}
			}
		}
	}
	type group struct {
		width   int64
		figures []int64
		pos     []int64
	}
	groups := map[string]*group{}
	for key, at := range places {
		if len(at) == 0 {
			continue
		}
		pos := keys(at)
		slices.Sort(pos)
		text := fmt.Sprint(key.width, pos)
		if groups[text] == nil {
			groups[text] = &group{width: key.width, pos: pos}
		}
		groups[text].figures = append(groups[text].figures, key.figure)
	}
	out := conditionInputs{}
	for _, g := range groups {
		slices.Sort(g.figures)
		rows, err := s.heldAt(ctx, g.figures, g.pos, g.width)
		if err != nil {
			return nil, err
		}
		for _, e := range rows {
			key := inputKey{g.width, e.Figure, e.Pos}
			out[key] = append(out[key], e)
		}
	}
	return out, nil
}

func conditionSpans(c *compiled, n node, in []conditionInput, b Boundary) ([]span, error) {
	env := map[string]any{}
	for _, reads := range []map[string]string{c.Test.Own, c.Test.Subtree} {
		for name := range reads {
			env[name] = int64(0)
		}
	}
	days := map[clock.Day]map[string]int64{}
	for _, e := range in {
		if e.frame != frameBoth && e.frame != b.frame() {
			continue
		}
		if days[e.day] == nil {
			days[e.day] = map[string]int64{}
		}
		days[e.day][e.name] += e.delta
	}
	start := n.from
	if days[start] == nil {
		days[start] = map[string]int64{}
	}
	list := make([]clock.Day, 0, len(days))
	for d := range days {
		list = append(list, d)
	}
	sort.Slice(list, func(i, j int) bool { return list[i] < list[j] })
	var out []span
	empty := encodeTuple(nil)
	for _, d := range list {
		for name, delta := range days[d] {
			env[name] = env[name].(int64) + delta
		}
		v, err := expr.Run(c.test, env)
		if err != nil {
			return nil, fmt.Errorf("figure %s: %w", c.Code, err)
		}
		met := v.(bool) && d >= start && (n.to == clock.Open || d < n.to)
		open := len(out) > 0 && out[len(out)-1].to == clock.Open
		switch {
		case met && !open:
			out = append(out, span{from: d, to: clock.Open, units: []id.ID{n.unit}, dims: empty, amount: 1})
		case !met && open:
			out[len(out)-1].to = d
		}
	}
	if n.to != clock.Open && len(out) > 0 && out[len(out)-1].to == clock.Open {
		out[len(out)-1].to = n.to
	}
	return out, nil
}

// UnitChanged hears org: it keeps the ledger's own picture of the tree, posts the unit itself, and posts anew every
// record that has a row at the unit, so that what ends, moves or is inherited with it follows in the same transaction.
func (s *Service) UnitChanged(ctx context.Context, c org.Changed) error {
	old, err := s.nodes(ctx, []id.ID{c.Unit})
	if err != nil {
		return err
	}
	if err := s.putUnit(ctx, c); err != nil {
		return err
	}
	rec, err := s.sources["unit"].Load(ctx, []id.ID{c.Unit})
	if err != nil {
		return err
	}
	if err := s.Post(ctx, "unit", rec...); err != nil {
		return err
	}
	if _, existed := old[c.Unit]; existed {
		for _, kind := range s.kinds() {
			src := s.sources[kind]
			if kind == "unit" || src.OfUnit == nil {
				continue
			}
			recs, err := src.OfUnit(ctx, c.Unit)
			if err != nil {
				return err
			}
			if err := s.Post(ctx, kind, recs...); err != nil {
				return err
			}
		}
	}
	if b, ok := ctx.Value(batchKey{}).(*batch); ok {
		b.units[c.Unit] = true
		return nil
	}
	return s.conditions(ctx, nil, []id.ID{c.Unit})
}

func (s *Service) kinds() []string {
	out := make([]string, 0, len(s.sources))
	for k := range s.sources {
		out = append(out, k)
	}
	sort.Strings(out)
	return out
}

type movesKey struct{}

// Moves collects which figures a change touched, so that the page after it can show them before and after.
type Moves struct{ figures map[string]map[int64]bool }

// Watch makes a context in which postings are noted.
func Watch(ctx context.Context) (context.Context, *Moves) {
	m := &Moves{figures: map[string]map[int64]bool{}}
	return context.WithValue(ctx, movesKey{}, m), m
}

func (m *Moves) note(code string, pos int64) {
	if m.figures[code] == nil {
		m.figures[code] = map[int64]bool{}
	}
	m.figures[code][pos] = true
}

// Codes are the figures touched.
func (m *Moves) Codes() []string {
	out := make([]string, 0, len(m.figures))
	for c := range m.figures {
		out = append(out, c)
	}
	sort.Strings(out)
	return out
}
