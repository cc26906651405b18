package coord

import (
	"context"
	"strconv"

	"xinhuo/internal/kit/db"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/org"
)

type countRow struct {
	Block    int64     `db:"block"`
	Level    org.Level `db:"level"`
	Targets  int64     `db:"targets"`
	Received int64     `db:"received"`
	Read     int64     `db:"read_n"`
	Done     int64     `db:"done"`
	Asked    int64     `db:"asked"`
}

// counts is one bounded query whatever the number of recipients: a row for each level in each block of the tree of the
// given width.
func (s store) counts(ctx context.Context, r reach, span int64) ([]countRow, error) {
	width := strconv.FormatInt(span, 10)
	return db.Select[countRow](ctx, s.db, `-- coord.counts
		SELECT t.pos / `+width+` * `+width+` AS block, t.level, COUNT(*) AS targets,
			SUM(CASE WHEN d.received_on <> '' AND d.received_on <= $2 THEN 1 ELSE 0 END) AS received,
			SUM(CASE WHEN d.read_on <> '' AND d.read_on <= $2 THEN 1 ELSE 0 END) AS read_n,
			SUM(CASE WHEN d.done_on <> '' AND d.done_on <= $2 THEN 1 ELSE 0 END) AS done,
			SUM(CASE WHEN d.asking = 1 THEN 1 ELSE 0 END) AS asked
		FROM `+r.sql()+` t LEFT JOIN coord_reply d ON d.notice = $3 AND d.unit = t.id
		WHERE `+r.where()+` GROUP BY 1, 2 ORDER BY 1, 2`, r.since, r.day, r.notice)
}

// beat tells whoever keeps counts that something has changed about a notice: at a place, or the notice itself.
func (s store) beat(ctx context.Context, root int64, notice id.ID, block, wide int64) error {
	_, err := s.db.Exec(ctx, `-- coord.beat
		INSERT INTO coord_beat (root, notice, wide, block, n) VALUES ($1, $2, $3, $4, 1)
		ON CONFLICT (root, notice, wide, block) DO UPDATE SET n = coord_beat.n + 1`, root, notice, wide, block)
	return err
}

type beatRow struct {
	Wide  int64 `db:"wide"`
	Block int64 `db:"block"`
	N     int64 `db:"n"`
}

// beatsAcrossUnits are the numbers of a width, of all of the tree or of some counties, though with more of them the others come along, too;
// so does the number of the notice itself.
func (s store) beatsAcrossUnits(ctx context.Context, notice id.ID, wide int64, counties []int64) ([]beatRow, error) {
	in := ""
	if counties != nil && len(counties) <= mostRanges {
		var set scope.Set
		for _, c := range counties {
			set = append(set, block(c, countyWide))
		}
		in = ` AND ` + set.SQL("block")
	}
	return db.Select[beatRow](ctx, s.db, `-- coord.beatsAcrossUnits
		SELECT wide, block, n FROM coord_beat WHERE notice = $1 AND wide IN (0, $2)`+in, notice, wide)
}
