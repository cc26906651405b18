package ledger

import (
	"context"
	"fmt"
	"strings"

	"xinhuo/internal/kit/db"
)

type gridRow struct {
	Place int64 // pos divided by the width asked for
	Dim   int64
	N     int64
}

// grid is a state by place and breakdown values in one reading: a page that compares units asks once, not once per unit.
func (s store) grid(ctx context.Context, figure int64, st stretch, width int64, b Boundary) ([]gridRow, error) {
	w := fmt.Sprintf("county >= %d AND county <= %d AND ", st.From/1e7, (st.To-1)/1e7) + filter{figure: figure}.condition(st, st.from, st.to, b)
	return db.Select[gridRow](ctx, s.db, fmt.Sprintf(`-- ledger.grid
		SELECT pos / %[1]d AS place, dim, CAST(SUM(delta) AS BIGINT) AS n FROM (
			SELECT pos, dim, delta FROM ledger_entry WHERE %[2]s
			UNION ALL
			SELECT pos, dim, delta FROM ledger_tail WHERE %[2]s
		) e GROUP BY pos / %[1]d, dim HAVING SUM(delta) <> 0`, width, w))
}

type countRow struct {
	N   int64
	Sum int64
}

// count is how long a list of evidence is and what it sums to; after a page's last record, what is left of it.
func (s store) count(ctx context.Context, f filter, where []stretch, b Boundary, seq int64, known bool, afterDay, afterRec int64) (countRow, error) {
	var parts []string
	for _, st := range where {
		w := f.condition(st, st.from, st.to, b)
		if known {
			parts = append(parts, fmt.Sprintf("SELECT rec, day, delta FROM ledger_entry WHERE +seq <= %d AND %s", seq, w))
			continue
		}
		parts = append(parts, "SELECT rec, day, delta FROM ledger_entry WHERE "+w, "SELECT rec, day, delta FROM ledger_tail WHERE "+w)
	}
	page := ""
	if afterRec != 0 {
		page = fmt.Sprintf("WHERE day < %d OR (day = %d AND rec > %d)", afterDay, afterDay, afterRec)
	}
	return db.Get[countRow](ctx, s.db, fmt.Sprintf(`-- ledger.count
		SELECT CAST(COUNT(*) AS BIGINT) AS n, CAST(COALESCE(SUM(amount), 0) AS BIGINT) AS sum FROM (
			SELECT rec, MAX(CASE WHEN d > 0 THEN day ELSE 0 END) AS day, CAST(SUM(d) AS BIGINT) AS amount FROM (
				SELECT rec, day, SUM(delta) AS d FROM (%s) e GROUP BY rec, day HAVING SUM(delta) <> 0
			) n GROUP BY rec HAVING SUM(d) <> 0
		) r %s`, strings.Join(parts, " UNION ALL "), page))
}

// behind is the number of records from which the figures of a subtree are computed.
func (s store) behind(ctx context.Context, figures []int64, st stretch) (int64, error) {
	w := "figure IN (" + in(figures) + ") AND " + fmt.Sprintf("county >= %d AND county <= %d AND pos >= %d AND pos < %d", st.From/1e7, (st.To-1)/1e7, st.From, st.To)
	return db.Get[int64](ctx, s.db, fmt.Sprintf(`-- ledger.behind
		SELECT CAST(COUNT(*) AS BIGINT) FROM (SELECT rec FROM ledger_entry WHERE %[1]s UNION SELECT rec FROM ledger_tail WHERE %[1]s) e`, w))
}

type sumRow struct {
	K int64
	N int64
}

// sumBy adds entries of figures inside a stretch by an expression over their columns: figure, or the year of day.
func (s store) sumBy(ctx context.Context, by string, figures []int64, st stretch, b Boundary) (map[int64]int64, error) {
	w := fmt.Sprintf("figure IN (%s) AND day >= %d AND day <= %d AND pos >= %d AND pos < %d AND frame IN (0, %d)", in(figures), st.from, st.to, st.From, st.To, b.frame())
	county := fmt.Sprintf("county >= %d AND county <= %d AND ", st.From/1e7, (st.To-1)/1e7)
	rows, err := db.Select[sumRow](ctx, s.db, fmt.Sprintf(`-- ledger.sumBy
		SELECT %[1]s AS k, CAST(SUM(delta) AS BIGINT) AS n FROM (
			SELECT figure, day, delta FROM ledger_entry WHERE %[2]s%[3]s
			UNION ALL
			SELECT figure, day, delta FROM ledger_tail WHERE %[3]s
		) e GROUP BY %[1]s`, by, county, w))
	out := make(map[int64]int64, len(rows))
	for _, r := range rows {
		out[r.K] = r.N
	}
	return out, err
}
