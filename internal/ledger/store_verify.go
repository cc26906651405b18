package ledger

import (
	"context"

	"xinhuo/internal/kit/id"
)

func (s store) eachEntry(ctx context.Context, f func(entryRow) error) error {
	rows, err := s.db.Rows(ctx, `-- ledger.eachEntry
		SELECT figure, pos, day, dim, frame, CAST(SUM(delta) AS BIGINT) FROM ledger_entry GROUP BY figure, pos, day, dim, frame ORDER BY figure`)
	if err != nil {
		return err
	}
	// all groups are read before f asks anything: one connection serves one snapshot
	var all []entryRow
	for rows.Next() {
		var e entryRow
		if err := rows.Scan(&e.Figure, &e.Pos, &e.Day, &e.Dim, &e.Frame, &e.Delta); err != nil {
			rows.Close()
			return err
		}
		all = append(all, e)
	}
	if err := rows.Close(); err != nil {
		return err
	}
	for _, e := range all {
		if err := f(e); err != nil {
			return err
		}
	}
	return rows.Err()
}

func (s store) eachCell(ctx context.Context, table, column string, f func(k cellKey, figure, v int64)) error {
	rows, err := s.db.Rows(ctx, `-- ledger.eachCell
		SELECT c.series, c.width, c.code, c.`+column+`, c.frame, c.v, COALESCE(s.figure, 0) FROM `+table+` c LEFT JOIN ledger_series s ON s.id = c.series`)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var k cellKey
		var figure, v int64
		if err := rows.Scan(&k.series, &k.width, &k.code, &k.when, &k.frame, &v, &figure); err != nil {
			return err
		}
		f(k, figure, v)
	}
	return rows.Err()
}

// eachHeldRecord tells what is held by the boundaries of then or of today; the frames alone may differ from zero when
// both views are settled.
func (s store) eachHeldRecord(ctx context.Context, figure int64, f func(rec id.ID, pos, sum int64)) error {
	rows, err := s.db.Rows(ctx, `-- ledger.eachHeldRecord
		SELECT rec, pos, CAST(CASE WHEN then_sum <> 0 THEN then_sum ELSE today_sum END AS BIGINT) FROM (
			SELECT rec, pos, SUM(CASE WHEN frame <> 2 THEN delta ELSE 0 END) AS then_sum, SUM(CASE WHEN frame <> 1 THEN delta ELSE 0 END) AS today_sum
			FROM ledger_entry WHERE figure = $1 GROUP BY rec, pos, day, dim
		) v WHERE then_sum <> 0 OR today_sum <> 0`, figure)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var rec id.ID
		var pos, sum int64
		if err := rows.Scan((*int64)(&rec), &pos, &sum); err != nil {
			return err
		}
		f(rec, pos, sum)
	}
	return rows.Err()
}
