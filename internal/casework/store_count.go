package casework

import (
	"context"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/db"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
)

type countRow struct {
	Unit    id.ID  `db:"unit"`
	Pos     int64  `db:"pos"`
	Class   string `db:"class"`
	Measure string `db:"measure"`
	Pooled  int64  `db:"pooled"`
	N       int64  `db:"n"`
	Least   int64  `db:"least"`
}

// firstsAcrossUnits are the cities with the day on which each opened its first case.
func (s store) firstsAcrossUnits(ctx context.Context) ([]struct {
	Root int64     `db:"root"`
	Day  clock.Day `db:"day"`
}, error) {
	return db.Select[struct {
		Root int64     `db:"root"`
		Day  clock.Day `db:"day"`
	}](ctx, s.db, `-- casework.firstsAcrossUnits
		SELECT root, MIN(opened_on) AS day FROM casework_case GROUP BY root ORDER BY root`)
}

// lastMonthAcrossUnits is the last month of a city that is published, "" for none.
func (s store) lastMonthAcrossUnits(ctx context.Context, root int64) (string, error) {
	return db.Get[string](ctx, s.db, `-- casework.lastMonthAcrossUnits
		SELECT COALESCE(MAX(month), '') FROM casework_month WHERE root = $1`, root)
}

// closeMonth notes that a city's month is published; 0 when it was already.
func (s store) closeMonth(ctx context.Context, root int64, month string) (int64, error) {
	return s.db.Exec(ctx, `-- casework.closeMonth
		INSERT INTO casework_month (root, month) VALUES ($1, $2) ON CONFLICT (root, month) DO NOTHING`, root, month)
}

// unitsAcrossUnits are the units of a city that ever had a case.
func (s store) unitsAcrossUnits(ctx context.Context, root int64) ([]id.ID, error) {
	return db.Select[id.ID](ctx, s.db, `-- casework.unitsAcrossUnits
		SELECT DISTINCT unit FROM casework_case WHERE root = $1 ORDER BY unit`, root)
}

// cameAcrossUnits counts a city's cases of the days from one to before another: opened, ended, visited.
func (s store) cameAcrossUnits(ctx context.Context, root int64, from, to clock.Day) ([]countRow, error) {
	return db.Select[countRow](ctx, s.db, `-- casework.cameAcrossUnits
		SELECT unit, class, 'opened' AS measure, COUNT(*) AS n FROM casework_case WHERE root = $1 AND opened_on >= $2 AND opened_on < $3 GROUP BY unit, class
		UNION ALL SELECT unit, class, 'closed', COUNT(*) FROM casework_case WHERE root = $1 AND closed_on >= $2 AND closed_on < $3 GROUP BY unit, class
		UNION ALL SELECT c.unit, c.class, 'visited', COUNT(DISTINCT e.case_id) FROM casework_entry e JOIN casework_case c ON c.root = e.root AND c.id = e.case_id
			WHERE e.root = $1 AND e.kind = 'visited' AND e.day >= $2 AND e.day < $3 GROUP BY c.unit, c.class
		ORDER BY 1, 2, 3`, root, from, to)
}

func (s store) insertCount(ctx context.Context, root int64, month string, c countRow) error {
	_, err := s.db.Exec(ctx, `-- casework.insertCount
		INSERT INTO casework_count (root, unit, pos, month, class, measure, pooled, n, least) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`, root, c.Unit, c.Pos, month, c.Class, c.Measure, c.Pooled, c.N, c.Least)
	return err
}

// counts are the sums of what is published of months in a subtree, within the reader's view, by class and measure.
func (s store) counts(ctx context.Context, view scope.Set, r scope.Range, from, to string) ([]countRow, error) {
	return db.Select[countRow](ctx, s.db, `-- casework.counts
		SELECT class, measure, SUM(n) AS n, MAX(least) AS least FROM casework_count WHERE month >= $1 AND month <= $2 AND `+view.Within(r).SQL("pos")+` GROUP BY class, measure`, from, to)
}

// moveCounts keeps what is published at its unit's place of today.
func (s store) moveCounts(ctx context.Context, unit id.ID, pos int64) error {
	_, err := s.db.Exec(ctx, `-- casework.moveCounts
		UPDATE casework_count SET pos = $2 WHERE unit = $1`, unit, pos)
	return err
}

// runningAcrossUnits are the cases of a city that may have been running at the end of a day; what was done says whether they were.
func (s store) runningAcrossUnits(ctx context.Context, root int64, day clock.Day) ([]Case, error) {
	return db.Select[Case](ctx, s.db, `-- casework.runningAcrossUnits
		SELECT `+cases+` FROM casework_case WHERE root = $1 AND opened_on <= $2 AND (closed_on = '' OR closed_on > $2) ORDER BY id`, root, day)
}

// doneAcrossUnits is what was done with them up to then, in the order in which it was written.
func (s store) doneAcrossUnits(ctx context.Context, root int64, day clock.Day) ([]Entry, error) {
	return db.Select[Entry](ctx, s.db, `-- casework.doneAcrossUnits
		SELECT `+entries+` FROM casework_entry e WHERE root = $1 AND kind IN ('visited', 'planned', 'step')
			AND EXISTS (SELECT 1 FROM casework_case c WHERE c.root = $1 AND c.id = e.case_id AND c.opened_on <= $2 AND (c.closed_on = '' OR c.closed_on > $2)) ORDER BY case_id, id`, root, day)
}

func (s store) insertShare(ctx context.Context, root int64, unit id.ID, month string, tenths int64) error {
	_, err := s.db.Exec(ctx, `-- casework.insertShare
		INSERT INTO casework_share (root, unit, month, tenths) VALUES ($1, $2, $3, $4)`, root, unit, month, tenths)
	return err
}

// shareAcrossUnits is what is published of one unit; the service asks who may know.
func (s store) shareAcrossUnits(ctx context.Context, root int64, unit id.ID, month string) (int64, error) {
	return db.Get[int64](ctx, s.db, `-- casework.shareAcrossUnits
		SELECT tenths FROM casework_share WHERE root = $1 AND unit = $2 AND month = $3`, root, unit, month)
}
