package ledger

import (
	"context"
	"time"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/db"
)

// foldBatch bounds one fold's transaction. On SQLite a writer waits for it; on PostgreSQL none does, and the more entries
// are folded together, the fewer times the cells of a city and its province are written.
func (s *Service) foldBatch() int {
	if s.db.Engine == db.Postgres {
		return 5000
	}
	return 500
}

// Fold moves the tail into entries and cells until it is empty. The folder alone gives sequences: "as known at" can
// therefore never meet an entry that commits late with an early number (a watermark lost 549 of them in a trial).
func (s *Service) Fold(ctx context.Context) error {
	for {
		n, err := s.foldOnce(ctx, s.foldBatch())
		if err != nil || n < s.foldBatch() {
			return err
		}
	}
}

// FoldEvery folds in the background until ctx ends. Errors are handed to report; the tail simply waits.
func (s *Service) FoldEvery(ctx context.Context, every time.Duration, report func(error)) {
	t := time.NewTicker(every)
	defer t.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-t.C:
			if empty, err := s.tailEmpty(ctx); err == nil && empty {
				continue
			}
			if err := s.Fold(ctx); err != nil && ctx.Err() == nil {
				report(err)
			}
		}
	}
}

type cellKey struct {
	series, code, when int64
	width              int
	frame              int64
}

func (s *Service) foldOnce(ctx context.Context, limit int) (n int, err error) {
	err = s.db.Tx(ctx, func(ctx context.Context) error {
		seq, err := s.lockFolder(ctx)
		if err != nil {
			return err
		}
		rows, err := s.takeTail(ctx, limit)
		if err != nil {
			return err
		}
		if n = len(rows); n == 0 {
			return nil
		}
		months, days := map[cellKey]int64{}, map[cellKey]int64{}
		for i := range rows {
			e := &rows[i]
			seq++
			e.Seq = seq
			ids, err := s.seriesOf(ctx, e.Figure, e.Dim)
			if err != nil {
				return err
			}
			for _, id := range ids {
				for _, c := range cellsOf(e.Pos) {
					months[cellKey{id, c.code, e.Day / 100, c.width, e.Frame}] += e.Delta
					if c.width <= 2 {
						days[cellKey{id, c.code, e.Day, c.width, e.Frame}] += e.Delta
					}
				}
			}
		}
		if err := s.putEntries(ctx, rows); err != nil {
			return err
		}
		if err := s.addCells(ctx, "ledger_cell", "month", months); err != nil {
			return err
		}
		if err := s.addCells(ctx, "ledger_dcell", "day", days); err != nil {
			return err
		}
		return s.unlockFolder(ctx, seq, clock.Millis(ctx))
	})
	return n, err
}

type cellPlace struct {
	width int
	code  int64
}

// cellsOf are the places from the nation to the county that hold a pos.
func cellsOf(pos int64) []cellPlace {
	return []cellPlace{{0, 0}, {2, pos / 1e11}, {4, pos / 1e9}, {6, pos / 1e7}}
}

// seriesOf are the total of a figure and one series for each value of the entry's tuple.
func (s *Service) seriesOf(ctx context.Context, figure, dim int64) ([]int64, error) {
	total, err := s.seriesID(ctx, figure, "", "")
	if err != nil {
		return nil, err
	}
	out := []int64{total}
	s.mu.RLock()
	c := s.byID[figure]
	values, known := s.tuples[dim]
	s.mu.RUnlock()
	if !known { // interned by another process
		tuple, err := db.Get[string](ctx, s.db, dimTuple, dim)
		if err != nil {
			return nil, err
		}
		values = s.rememberDim(figure, tuple, dim)
	}
	if c == nil {
		return out, nil
	}
	for i, v := range values {
		if i >= len(c.Breakdowns) {
			break
		}
		id, err := s.seriesID(ctx, figure, c.Breakdowns[i], v)
		if err != nil {
			return nil, err
		}
		out = append(out, id)
	}
	return out, nil
}
