package care

import (
	"context"

	"xinhuo/internal/kit/db"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
)

type countRow struct {
	Unit   id.ID  `db:"unit"`
	Pos    int64  `db:"pos"`
	Kind   string `db:"kind"`
	Pooled int64  `db:"pooled"`
	N      int64  `db:"n"`
	Least  int64  `db:"least"`
}

// citiesAcrossUnits are the roots in which there is a desk.
func (s store) citiesAcrossUnits(ctx context.Context) ([]int64, error) {
	return db.Select[int64](ctx, s.db, `-- care.citiesAcrossUnits
		SELECT DISTINCT root FROM care_desk ORDER BY root`)
}

// firstAcrossUnits is when the first request of a city came in, 0 where there is none.
func (s store) firstAcrossUnits(ctx context.Context, root int64) (int64, error) {
	return db.Get[int64](ctx, s.db, `-- care.firstAcrossUnits
		SELECT COALESCE(MIN(at), 0) FROM care_request WHERE root = $1`, root)
}

// lastMonthAcrossUnits is the last month of a city that is published, "" for none.
func (s store) lastMonthAcrossUnits(ctx context.Context, root int64) (string, error) {
	return db.Get[string](ctx, s.db, `-- care.lastMonthAcrossUnits
		SELECT COALESCE(MAX(month), '') FROM care_month WHERE root = $1`, root)
}

// closeMonth notes that a city's month is published; 0 when it was already.
func (s store) closeMonth(ctx context.Context, root int64, month string) (int64, error) {
	return s.db.Exec(ctx, `-- care.closeMonth
		INSERT INTO care_month (root, month) VALUES ($1, $2) ON CONFLICT (root, month) DO NOTHING`, root, month)
}

// desksAcrossUnits are the units of a city that have a desk, open or not.
func (s store) desksAcrossUnits(ctx context.Context, root int64) ([]id.ID, error) {
	return db.Select[id.ID](ctx, s.db, `-- care.desksAcrossUnits
		SELECT unit FROM care_desk WHERE root = $1 ORDER BY unit`, root)
}

// cameAcrossUnits counts the requests of a city that came in between two instants, by unit and kind.
func (s store) cameAcrossUnits(ctx context.Context, root, from, to int64) ([]countRow, error) {
	return db.Select[countRow](ctx, s.db, `-- care.cameAcrossUnits
		SELECT unit, kind, COUNT(*) AS n FROM care_request WHERE root = $1 AND at >= $2 AND at < $3 GROUP BY unit, kind ORDER BY unit, kind`, root, from, to)
}

func (s store) insertCount(ctx context.Context, root int64, month string, c countRow) error {
	_, err := s.db.Exec(ctx, `-- care.insertCount
		INSERT INTO care_count (root, unit, pos, month, kind, pooled, n, least) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`, root, c.Unit, c.Pos, month, c.Kind, c.Pooled, c.N, c.Least)
	return err
}

// counts are the sums of what is published of months in a subtree, within the reader's view, by kind.
func (s store) counts(ctx context.Context, view scope.Set, r scope.Range, from, to string) ([]countRow, error) {
	return db.Select[countRow](ctx, s.db, `-- care.counts
		SELECT kind, SUM(n) AS n, MAX(least) AS least FROM care_count WHERE month >= $1 AND month <= $2 AND `+view.Within(r).SQL("pos")+` GROUP BY kind`, from, to)
}

// moveCounts keeps what is published at its unit's place of today.
func (s store) moveCounts(ctx context.Context, unit id.ID, pos int64) error {
	_, err := s.db.Exec(ctx, `-- care.moveCounts
		UPDATE care_count SET pos = $2 WHERE unit = $1`, unit, pos)
	return err
}
