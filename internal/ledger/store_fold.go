package ledger

import (
	"context"
	"sort"

	"xinhuo/internal/kit/db"
)

const dimTuple = `-- ledger.seriesOf
	SELECT tuple FROM ledger_dim WHERE id = $1`

type foldRow struct {
	Root   int64
	ID     int64
	Seq    int64
	Figure int64
	County int64
	Pos    int64
	Day    int64
	Dim    int64
	Frame  int64
	Delta  int64
	Rec    int64
}

func (s store) tailEmpty(ctx context.Context) (bool, error) {
	n, err := db.Select[int64](ctx, s.db, `-- ledger.tailEmpty
		SELECT id FROM ledger_tail LIMIT 1`)
	return len(n) == 0, err
}

func (s store) lockFolder(ctx context.Context) (int64, error) {
	return db.Get[int64](ctx, s.db, `-- ledger.lockFolder
		SELECT seq FROM ledger_folder WHERE id = 1`+s.db.ForUpdate())
}

// unlockFolder keeps the fold's instant, always later than the one before: two folds in one millisecond, or under a
// clock that was set back, would answer "as known at" alike.
func (s store) unlockFolder(ctx context.Context, seq, at int64) error {
	if _, err := s.db.Exec(ctx, `-- ledger.unlockFolder
		UPDATE ledger_folder SET seq = $1 WHERE id = 1`, seq); err != nil {
		return err
	}
	last, err := db.Get[int64](ctx, s.db, `-- ledger.unlockFolder
		SELECT COALESCE(MAX(at), 0) FROM ledger_fold`)
	if err != nil {
		return err
	}
	_, err = s.db.Exec(ctx, `-- ledger.unlockFolder
		INSERT INTO ledger_fold (seq, at) VALUES ($1, $2)`, seq, max(at, last+1))
	return err
}

func (s store) takeTail(ctx context.Context, limit int) ([]foldRow, error) {
	return db.Select[foldRow](ctx, s.db, `-- ledger.takeTail
		SELECT root, id, CAST(0 AS BIGINT) AS seq, figure, county, pos, day, dim, frame, delta, rec FROM ledger_tail ORDER BY id LIMIT $1`, limit)
}

func (s store) putEntries(ctx context.Context, rows []foldRow) error {
	var gone []int64
	var args []any
	for _, e := range rows {
		args = append(args, e.Root, e.Seq, e.Figure, e.County, e.Pos, e.Day, e.Dim, e.Frame, e.Delta, e.Rec)
		gone = append(gone, e.ID)
	}
	if err := s.db.InsertMany(ctx, `-- ledger.putEntries
		INSERT INTO ledger_entry (root, seq, figure, county, pos, day, dim, frame, delta, rec)`, "", 10, args); err != nil {
		return err
	}
	// by key, never by a range of keys: a row that another writer commits meanwhile must stay
	_, err := s.db.Exec(ctx, `-- ledger.putEntries
		DELETE FROM ledger_tail WHERE id`+s.db.OneOf("$1"), db.List(s.db, gone))
	return err
}

// addCells adds to month or day cells; table and column are ours.
func (s store) addCells(ctx context.Context, table, column string, cells map[cellKey]int64) error {
	keys := make([]cellKey, 0, len(cells))
	for k, v := range cells {
		if v != 0 {
			keys = append(keys, k)
		}
	}
	sort.Slice(keys, func(i, j int) bool { // index order: fewer pages touched
		a, b := keys[i], keys[j]
		switch {
		case a.series != b.series:
			return a.series < b.series
		case a.width != b.width:
			return a.width < b.width
		case a.code != b.code:
			return a.code < b.code
		case a.when != b.when:
			return a.when < b.when
		default:
			return a.frame < b.frame
		}
	})
	args := make([]any, 0, 6*len(keys))
	for _, k := range keys {
		args = append(args, k.series, k.width, k.code, k.when, k.frame, cells[k])
	}
	return s.db.InsertMany(ctx, `-- ledger.addCells
		INSERT INTO `+table+` (series, width, code, `+column+`, frame, v)`,
		`ON CONFLICT (series, width, code, `+column+`, frame) DO UPDATE SET v = `+table+`.v + excluded.v`, 6, args)
}

// foldedBy is the sequence up to which the ledger was folded at an instant.
func (s store) foldedBy(ctx context.Context, at int64) (seq, when int64, err error) {
	type row struct{ Seq, At int64 }
	rows, err := db.Select[row](ctx, s.db, `-- ledger.foldedBy
		SELECT seq, at FROM ledger_fold WHERE at <= $1 ORDER BY at DESC, seq DESC LIMIT 1`, at)
	if err != nil || len(rows) == 0 {
		return 0, 0, err
	}
	return rows[0].Seq, rows[0].At, nil
}
