package aid

import (
	"context"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/db"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
)

const papers = `root, aid, no, sealed, hash, size, day, by_name`

func (s store) insertPaper(ctx context.Context, p Paper) error {
	_, err := s.db.Exec(ctx, `-- aid.insertPaper
		INSERT INTO aid_file (`+papers+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`, p.Root, p.Aid, p.No, p.Sealed, p.Hash, p.Size, p.Day, p.ByName)
	return err
}

// papersAcrossUnits are the receipts of an aid; the service asks who may know.
func (s store) papersAcrossUnits(ctx context.Context, ref id.Ref) ([]Paper, error) {
	return db.Select[Paper](ctx, s.db, `-- aid.papersAcrossUnits
		SELECT `+papers+` FROM aid_file WHERE root = $1 AND aid = $2 ORDER BY no`, ref.Root, ref.ID)
}

// hashesAcrossUnits are the uploads that aids name.
func (s store) hashesAcrossUnits(ctx context.Context) ([]string, error) {
	return db.Select[string](ctx, s.db, `-- aid.hashesAcrossUnits
		SELECT DISTINCT hash FROM aid_file`)
}

// insertPast keeps a list of earlier years.
func (s store) insertPast(ctx context.Context, l PastList, lines []pastLine) error {
	if _, err := s.db.Exec(ctx, `-- aid.insertPast
		INSERT INTO aid_past_batch (root, id, unit, day, by_name, n) VALUES ($1, $2, $3, $4, $5, $6)`, l.Root, l.ID, l.Unit, l.Day, l.ByName, l.N); err != nil {
		return err
	}
	for i, x := range lines {
		for _, mark := range x.marks {
			if _, err := s.db.Exec(ctx, `-- aid.insertPast
				INSERT INTO aid_past (root, batch, line, mark, unit, kind, purpose, year) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (root, batch, line, mark) DO NOTHING`, l.Root, l.ID, i+1, mark, l.Unit, x.kind, x.purpose, x.year); err != nil {
				return err
			}
		}
	}
	return nil
}

// pastListsAcrossUnits are a unit's lists, the latest first; the service asks for the right.
func (s store) pastListsAcrossUnits(ctx context.Context, unit id.ID) ([]PastList, error) {
	return db.Select[PastList](ctx, s.db, `-- aid.pastListsAcrossUnits
		SELECT root, id, unit, day, by_name, n FROM aid_past_batch WHERE unit = $1 ORDER BY id DESC LIMIT 200`, unit)
}

// dropPast takes a list of a unit out; 0 when it has none such.
func (s store) dropPast(ctx context.Context, unit, list id.ID) (int64, error) {
	n, err := s.db.Exec(ctx, `-- aid.dropPast
		DELETE FROM aid_past_batch WHERE unit = $1 AND id = $2`, unit, list)
	if err != nil || n == 0 {
		return n, err
	}
	_, err = s.db.Exec(ctx, `-- aid.dropPast
		DELETE FROM aid_past WHERE batch = $1`, list)
	return n, err
}

// forgetPast takes out the lines of the years before one.
func (s store) forgetPast(ctx context.Context, before int) error {
	_, err := s.db.Exec(ctx, `-- aid.forgetPast
		DELETE FROM aid_past WHERE year < $1`, before)
	return err
}

// pastRow is that a unit gave for the same in an earlier list, and how often.
type pastRow struct {
	Unit id.ID `db:"unit"`
	N    int64 `db:"n"`
}

// pastAcrossUnits are the lines of earlier lists for the same child, kind, purpose and year as an aid, by unit.
func (s store) pastAcrossUnits(ctx context.Context, ref id.Ref) ([]pastRow, error) {
	return db.Select[pastRow](ctx, s.db, `-- aid.pastAcrossUnits
		SELECT p.unit, CAST(COUNT(DISTINCT p.line) AS BIGINT) AS n FROM aid_aid me
			JOIN aid_mark m ON m.root = me.root AND m.aid = me.id
			JOIN aid_past p ON p.mark = m.mark AND p.kind = me.kind AND p.purpose = me.purpose AND p.year = me.year
		WHERE me.root = $1 AND me.id = $2 GROUP BY p.unit ORDER BY p.unit`, ref.Root, ref.ID)
}

// cityRow is a city with the day on which something was first given to a child, and its last published month.
type cityRow struct {
	Root int64     `db:"root"`
	Day  clock.Day `db:"day"`
	Last string    `db:"last"`
}

func (s store) firstsAcrossUnits(ctx context.Context) ([]cityRow, error) {
	return db.Select[cityRow](ctx, s.db, `-- aid.firstsAcrossUnits
		SELECT a.root, MIN(a.given_on) AS day, COALESCE((SELECT MAX(m.month) FROM aid_month m WHERE m.root = a.root), '') AS last
		FROM aid_aid a WHERE a.given_on <> '' AND EXISTS (SELECT 1 FROM aid_mark k WHERE k.root = a.root AND k.aid = a.id) GROUP BY a.root ORDER BY a.root`)
}

// closeMonth notes that a city's month is published; 0 when it was already.
func (s store) closeMonth(ctx context.Context, root int64, month string) (int64, error) {
	return s.db.Exec(ctx, `-- aid.closeMonth
		INSERT INTO aid_month (root, month) VALUES ($1, $2) ON CONFLICT (root, month) DO NOTHING`, root, month)
}

// gaveAcrossUnits are the units of a city that ever gave to a child.
func (s store) gaveAcrossUnits(ctx context.Context, root int64) ([]id.ID, error) {
	return db.Select[id.ID](ctx, s.db, `-- aid.gaveAcrossUnits
		SELECT DISTINCT unit FROM aid_aid WHERE root = $1 AND given_on <> '' ORDER BY unit`, root)
}

// helpedAcrossUnits are the aids of a city that were given on the days from one to before another, with the marks of their children.
func (s store) helpedAcrossUnits(ctx context.Context, root int64, from, to clock.Day) ([]helped, error) {
	return db.Select[helped](ctx, s.db, `-- aid.helpedAcrossUnits
		SELECT a.id AS aid, a.unit, m.mark, CASE WHEN c.aid IS NULL THEN 0 ELSE 1 END AS counted FROM aid_aid a JOIN aid_mark m ON m.root = a.root AND m.aid = a.id
			LEFT JOIN aid_counted c ON c.root = a.root AND c.aid = a.id
		WHERE a.root = $1 AND a.given_on >= $2 AND a.given_on < $3 ORDER BY a.given_on, a.id, m.mark`, root, from, to)
}

func (s store) putCounted(ctx context.Context, root int64, aid id.ID) error {
	_, err := s.db.Exec(ctx, `-- aid.putCounted
		INSERT INTO aid_counted (root, aid) VALUES ($1, $2) ON CONFLICT (root, aid) DO NOTHING`, root, aid)
	return err
}

type countRow struct {
	Unit   id.ID `db:"unit"`
	Pos    int64 `db:"pos"`
	Pooled int64 `db:"pooled"`
	N      int64 `db:"n"`
	Least  int64 `db:"least"`
}

func (s store) insertCount(ctx context.Context, root int64, month string, c countRow) error {
	_, err := s.db.Exec(ctx, `-- aid.insertCount
		INSERT INTO aid_count (root, unit, pos, month, pooled, n, least) VALUES ($1, $2, $3, $4, $5, $6, $7)`, root, c.Unit, c.Pos, month, c.Pooled, c.N, c.Least)
	return err
}

// counted is the sum of what is published of months in a subtree, within the reader's view.
func (s store) counted(ctx context.Context, view scope.Set, r scope.Range, from, to string) (countRow, error) {
	return db.Get[countRow](ctx, s.db, `-- aid.counted
		SELECT CAST(0 AS BIGINT) AS unit, CAST(0 AS BIGINT) AS pos, CAST(0 AS BIGINT) AS pooled, CAST(COALESCE(SUM(n), 0) AS BIGINT) AS n, CAST(COALESCE(MAX(least), 0) AS BIGINT) AS least
		FROM aid_count WHERE month >= $1 AND month <= $2 AND `+view.Within(r).SQL("pos"), from, to)
}
