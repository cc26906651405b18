package ledger

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"sync"

	"xinhuo/internal/kit/db"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/org"
)

// Source is how a module publishes one kind of record to the ledger.
type Source struct {
	Kind string // "base", "team" …
	Name Words  // what one record is called on a page
	// Fields are all attributes that filters may read, with their zero values: string (days are strings), bool or int64.
	Fields map[string]any
	// Load reads records as they stand now; a record that is gone comes without rows.
	Load func(ctx context.Context, recs []id.ID) ([]Record, error)
	// OfUnit lists the records that have a row at the unit, for when the unit changes.
	OfUnit func(ctx context.Context, unit id.ID) ([]Record, error)
	// Each streams all records, for recounts and new definitions.
	Each func(ctx context.Context, f func(Record) error) error
	// Describe names records for lists of evidence.
	Describe func(ctx context.Context, recs []id.ID) (map[id.ID]Description, error)
	// Label is a breakdown's value in words ("self" -> 自建自管); nil shows the value.
	Label func(ctx context.Context, breakdown, value string) string
	// Near lists records that stand in one of the ranges today, the latest first, for what a figure left out (LeftOut); nil
	// shows no such list.
	Near func(ctx context.Context, within scope.Set, limit int) ([]id.ID, error)
}

// Service answers figures and takes postings.
type Service struct {
	store
	org     *org.Service
	sources map[string]*Source

	mu     sync.RWMutex
	byCode map[string]*compiled
	byID   map[int64]*compiled
	order  []*compiled
	dims   map[int64]map[string]int64 // figure -> tuple -> id
	tuples map[int64][]string         // dim id -> values
	series map[string]int64           // figure/name/value -> id
}

// New makes the ledger; Register its sources, then Load.
func New(d *db.DB, o *org.Service) *Service {
	s := &Service{store: store{d, &kept{}}, org: o, sources: map[string]*Source{}, byCode: map[string]*compiled{}, byID: map[int64]*compiled{},
		dims: map[int64]map[string]int64{}, tuples: map[int64][]string{}, series: map[string]int64{}}
	s.Register(s.units())
	return s
}

// Register adds a kind of record.
func (s *Service) Register(src *Source) { s.sources[src.Kind] = src }

// Load reads the definitions, stores the shipped ones that are new or changed, and fills in their entries. It must run
// once after migrations and before anything is asked.
func (s *Service) Load(ctx context.Context) error {
	shipped, err := Defaults()
	if err != nil {
		return err
	}
	rows, err := s.figures(ctx)
	if err != nil {
		return err
	}
	have := map[string]figureRow{}
	next := int64(1)
	for _, r := range rows {
		have[r.Code] = r
		if r.ID >= next {
			next = r.ID + 1
		}
	}
	var changed []figureRow
	defs := map[string]figureRow{}
	var codes []string
	for _, d := range shipped {
		if s.sources[d.Record] == nil && (d.Kind == Event || d.Kind == State) {
			continue // its module is not part of this program
		}
		if slices.ContainsFunc(d.reads(), func(code string) bool { _, ok := defs[code]; return !ok }) {
			continue // it reads a figure of such a module
		}
		text := marshal(d)
		r, ok := have[d.Code]
		if !ok {
			r = figureRow{ID: next, Code: d.Code}
			next++
		}
		if !ok || r.Definition != text {
			r.Definition, r.Ready = text, 0
		}
		if r.Ready == 0 {
			changed = append(changed, r)
		}
		defs[d.Code] = r
		codes = append(codes, d.Code)
	}
	for _, r := range rows {
		if _, ok := defs[r.Code]; !ok && r.Owner != 0 {
			defs[r.Code] = r
			codes = append(codes, r.Code)
		}
	}
	if len(changed) > 0 {
		if err := s.db.Tx(ctx, func(ctx context.Context) error {
			for _, r := range changed {
				if err := s.putFigure(ctx, r); err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			return err
		}
	}
	for _, code := range codes {
		r := defs[code]
		var d Definition
		if err := json.Unmarshal([]byte(r.Definition), &d); err != nil {
			return fmt.Errorf("ledger.Load %s: %w", code, err)
		}
		c, err := compile(d, s.sources, func(code string) *compiled { return s.byCode[code] })
		if err != nil {
			return err
		}
		c.id, c.owner = r.ID, r.Owner
		s.byCode[code], s.byID[c.id] = c, c
		s.order = append(s.order, c)
	}
	dims, err := s.store.dims(ctx)
	if err != nil {
		return err
	}
	for _, d := range dims {
		s.rememberDim(d.Figure, d.Value, d.ID)
	}
	series, err := s.store.series(ctx)
	if err != nil {
		return err
	}
	for _, r := range series {
		s.series[seriesKey(r.Figure, r.Name, r.Value)] = r.ID
	}
	return s.backfill(ctx, changed)
}

// backfill posts what new or changed definitions add, in small transactions that never hold a writer for long.
func (s *Service) backfill(ctx context.Context, changed []figureRow) error {
	if len(changed) == 0 {
		return nil
	}
	kinds := map[string]bool{}
	var conds []*compiled
	for _, r := range changed {
		c := s.byID[r.ID]
		if c.Kind == Event || c.Kind == State {
			kinds[c.Record] = true
		} else if c.Kind == Condition {
			conds = append(conds, c)
		}
	}
	for _, k := range slices.Sorted(maps.Keys(kinds)) {
		if err := s.Repost(ctx, k); err != nil {
			return err
		}
	}
	if err := s.fillConditions(ctx, conds); err != nil {
		return err
	}
	return s.db.Tx(ctx, func(ctx context.Context) error {
		for _, r := range changed {
			r.Ready = 1
			if err := s.putFigure(ctx, r); err != nil {
				return err
			}
		}
		return nil
	})
}

// fillConditions computes conditions of every unit there is or was. No record need touch one: it may hold because there is
// none.
func (s *Service) fillConditions(ctx context.Context, conds []*compiled) error {
	if len(conds) == 0 {
		return nil
	}
	for after := id.ID(0); ; {
		units, err := s.eachUnit(ctx, after, 500)
		if err != nil || len(units) == 0 {
			return err
		}
		due := dueUnits{}
		for _, u := range units {
			for _, c := range conds {
				due.add(c, u.Unit)
			}
		}
		if err := s.db.Tx(ctx, func(ctx context.Context) error { return s.recompute(ctx, due) }); err != nil {
			return err
		}
		after = units[len(units)-1].Unit
	}
}

// Repost posts all records of a kind anew; what is right already stays as it is.
func (s *Service) Repost(ctx context.Context, kind string) error {
	src := s.sources[kind]
	if src == nil {
		return errs.New(errs.NotFound, "ledger.no_kind", "Kind", kind)
	}
	var batch []Record
	flush := func() error {
		if len(batch) == 0 {
			return nil
		}
		err := s.db.Tx(ctx, func(ctx context.Context) error { return s.Post(ctx, kind, batch...) })
		batch = batch[:0]
		return err
	}
	if err := src.Each(ctx, func(r Record) error {
		if batch = append(batch, r); len(batch) >= 500 {
			return flush()
		}
		return nil
	}); err != nil {
		return err
	}
	return flush()
}

// Figures lists the definitions in the order of the file.
func (s *Service) Figures() []Definition {
	s.mu.RLock()
	defer s.mu.RUnlock()
	out := make([]Definition, len(s.order))
	for i, c := range s.order {
		out[i] = c.Definition
	}
	return out
}

// Figure is one definition.
func (s *Service) Figure(code string) (Definition, error) {
	c, err := s.figure(code)
	if err != nil {
		return Definition{}, err
	}
	return c.Definition, nil
}

func (s *Service) figure(code string) (*compiled, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	c := s.byCode[code]
	if c == nil {
		return nil, errs.New(errs.NotFound, "ledger.no_figure", "Code", code)
	}
	return c, nil
}

func seriesKey(figure int64, name, value string) string {
	return fmt.Sprintf("%d/%s/%s", figure, name, value)
}

func (s *Service) rememberDim(figure int64, tuple string, dim int64) []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.dims[figure] == nil {
		s.dims[figure] = map[string]int64{}
	}
	s.dims[figure][tuple] = dim
	var values []string
	_ = json.Unmarshal([]byte(tuple), &values) // written by encodeTuple alone
	s.tuples[dim] = values
	return values
}

// dimID interns a tuple. An id that its transaction did not keep is never remembered.
func (s *Service) dimID(ctx context.Context, figure int64, tuple string) (int64, error) {
	s.mu.RLock()
	v, ok := s.dims[figure][tuple]
	s.mu.RUnlock()
	if ok {
		return v, nil
	}
	if !s.db.CanWrite(ctx) { // a recount: what was never posted has no number, and must not get one
		return -int64(len(tuple)) - 1, nil
	}
	own, _ := ctx.Value(dimsKey{}).(map[dimKey]int64)
	if v, ok := own[dimKey{figure, tuple}]; ok {
		return v, nil
	}
	v, err := s.addDim(ctx, figure, tuple)
	if err != nil {
		return 0, err
	}
	if own != nil { // an import would ask for each of its thousands of entries again
		own[dimKey{figure, tuple}] = v
	}
	s.db.AfterCommit(ctx, func() { s.rememberDim(figure, tuple, v) })
	return v, nil
}

func (s *Service) seriesID(ctx context.Context, figure int64, name, value string) (int64, error) {
	key := seriesKey(figure, name, value)
	s.mu.RLock()
	v, ok := s.series[key]
	s.mu.RUnlock()
	if ok {
		return v, nil
	}
	if !s.db.CanWrite(ctx) {
		return -1, nil
	}
	v, err := s.addSeries(ctx, figure, name, value)
	if err != nil {
		return 0, err
	}
	s.db.AfterCommit(ctx, func() {
		s.mu.Lock()
		s.series[key] = v
		s.mu.Unlock()
	})
	return v, nil
}
