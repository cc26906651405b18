package ledger

import (
	"context"
	"fmt"
	"sort"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/id"
)

// Fault is one difference that Verify found.
type Fault struct {
	Figure string    `json:"figure"`
	Record id.ID     `json:"record,omitempty"`
	Place  int64     `json:"place,omitempty"`
	Day    clock.Day `json:"day,omitempty"`
	Says   int64     `json:"says"`   // what the ledger says
	Should int64     `json:"should"` // what the records say
	What   string    `json:"what"`   // "entry", "cell", "condition"
}

func (f Fault) String() string {
	return fmt.Sprintf("%s %s: record %s at %013d on %s: ledger %d, recount %d", f.What, f.Figure, f.Record, f.Place, f.Day, f.Says, f.Should)
}

// Report is the outcome of a recount.
type Report struct {
	Records int     `json:"records"`
	Entries int64   `json:"entries"`
	Faults  []Fault `json:"faults"`
}

const maxFaults = 50

// Verify recounts every figure from the records and names any difference: entries against records, cells against
// entries, conditions against their inputs. It folds first.
func (s *Service) Verify(ctx context.Context, progress func(kind string, records int)) (Report, error) {
	var rep Report
	if err := s.Fold(ctx); err != nil {
		return rep, err
	}
	err := s.db.Read(ctx, func(ctx context.Context) error {
		seen := map[int64]map[id.ID]bool{}
		for _, kind := range s.kinds() {
			if err := s.verifyKind(ctx, kind, &rep, seen, progress); err != nil {
				return err
			}
		}
		if err := s.verifyStrays(ctx, &rep, seen); err != nil {
			return err
		}
		return s.verifyCells(ctx, &rep)
	})
	return rep, err
}

func (r *Report) note(f Fault) {
	if len(r.Faults) < maxFaults {
		r.Faults = append(r.Faults, f)
	}
}

func (s *Service) verifyKind(ctx context.Context, kind string, rep *Report, seen map[int64]map[id.ID]bool, progress func(string, int)) error {
	var figures, conds []*compiled
	for _, c := range s.order {
		if (c.Kind == Event || c.Kind == State) && c.Record == kind {
			figures = append(figures, c)
		}
		if c.Kind == Condition && kind == "unit" {
			conds = append(conds, c)
		}
	}
	for _, c := range append(append([]*compiled{}, figures...), conds...) {
		seen[c.id] = map[id.ID]bool{}
	}
	var batch []Record
	count := 0
	flush := func() error {
		recs := make([]id.ID, len(batch))
		units := map[id.ID]bool{}
		for i, r := range batch {
			recs[i] = r.Ref.ID
			for _, row := range r.Rows {
				for _, u := range row.Units {
					units[u] = true
				}
			}
		}
		t, err := s.nodes(ctx, keys(units))
		if err != nil {
			return err
		}
		have, err := s.heldBy(ctx, recs, append(append([]*compiled{}, figures...), conds...))
		if err != nil {
			return err
		}
		whole := dueUnits{}
		for _, c := range conds {
			for _, r := range recs {
				whole.add(c, r)
			}
		}
		in, err := s.readInputs(ctx, t, whole)
		if err != nil {
			return err
		}
		for _, r := range batch {
			want := views{account{}, account{}}
			for _, c := range figures {
				sp, err := c.spans(r, t)
				if err != nil {
					return err
				}
				if err := s.lines(ctx, c, sp, t, want); err != nil {
					return err
				}
				seen[c.id][r.Ref.ID] = true
			}
			what := "entry"
			for _, c := range conds {
				v, err := s.conditionLines(ctx, c, t[r.Ref.ID], in)
				if err != nil {
					return err
				}
				want.add(v)
				seen[c.id][r.Ref.ID] = true
			}
			for l, n := range difference(have[r.Ref.ID], want) {
				c := s.byID[l.figure]
				if c.Kind == Condition {
					what = "condition"
				}
				says := have[r.Ref.ID][l]
				rep.note(Fault{c.Code, r.Ref.ID, l.pos, clock.DayOfInt(l.day), says, says + n, what})
			}
		}
		count += len(batch)
		rep.Records += len(batch)
		if progress != nil {
			progress(kind, count)
		}
		batch = batch[:0]
		return nil
	}
	if err := s.sources[kind].Each(ctx, func(r Record) error {
		if batch = append(batch, r); len(batch) >= 500 {
			return flush()
		}
		return nil
	}); err != nil {
		return err
	}
	if len(batch) == 0 {
		return nil
	}
	return flush()
}

// verifyStrays finds entries of records that no module knows.
func (s *Service) verifyStrays(ctx context.Context, rep *Report, seen map[int64]map[id.ID]bool) error {
	figures := make([]int64, 0, len(seen))
	for f := range seen {
		figures = append(figures, f)
	}
	sort.Slice(figures, func(i, j int) bool { return figures[i] < figures[j] })
	for _, f := range figures {
		if err := s.eachHeldRecord(ctx, f, func(rec id.ID, pos, sum int64) {
			if !seen[f][rec] {
				rep.note(Fault{s.byID[f].Code, rec, pos, clock.Open, sum, 0, "entry"})
			}
		}); err != nil {
			return err
		}
	}
	return nil
}

// verifyCells recounts every month and day cell from the entries.
func (s *Service) verifyCells(ctx context.Context, rep *Report) error {
	type key struct {
		series, code, when, frame int64
		width                     int
		table                     string
	}
	want := map[key]int64{}
	if err := s.eachEntry(ctx, func(e entryRow) error {
		rep.Entries++
		ids, err := s.seriesOf(ctx, e.Figure, e.Dim)
		if err != nil {
			return err
		}
		for _, sid := range ids {
			for _, c := range cellsOf(e.Pos) {
				want[key{sid, c.code, e.Day / 100, e.Frame, c.width, "ledger_cell"}] += e.Delta
				if c.width <= 2 {
					want[key{sid, c.code, e.Day, e.Frame, c.width, "ledger_dcell"}] += e.Delta
				}
			}
		}
		return nil
	}); err != nil {
		return err
	}
	for _, table := range []string{"ledger_cell", "ledger_dcell"} {
		column := map[string]string{"ledger_cell": "month", "ledger_dcell": "day"}[table]
		if err := s.eachCell(ctx, table, column, func(k cellKey, figure, v int64) {
			kk := key{k.series, k.code, k.when, k.frame, k.width, table}
			if want[kk] != v {
				rep.note(Fault{s.codeOf(figure), 0, k.code, clock.Open, v, want[kk], "cell"})
			}
			delete(want, kk)
		}); err != nil {
			return err
		}
	}
	for k, v := range want {
		if v != 0 {
			rep.note(Fault{fmt.Sprint("series ", k.series), 0, k.code, clock.Open, 0, v, "cell"})
		}
	}
	return nil
}

func (s *Service) codeOf(figure int64) string {
	if c := s.byID[figure]; c != nil {
		return c.Code
	}
	return fmt.Sprint(figure)
}
