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
	return readKept(ctx, s, db.Select[gridRow], fmt.Sprintf(`-- ledger.grid
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
	return readKept(ctx, s, db.Get[countRow], fmt.Sprintf(`-- ledger.count
		SELECT CAST(COUNT(*) AS BIGINT) AS n, CAST(COALESCE(SUM(amount), 0) AS BIGINT) AS sum FROM (
			SELECT rec, MAX(CASE WHEN d > 0 THEN day ELSE 0 END) AS day, CAST(SUM(d) AS BIGINT) AS amount FROM (
				SELECT rec, day, SUM(delta) AS d FROM (%s) e GROUP BY rec, day HAVING SUM(delta) <> 0
			) n GROUP BY rec HAVING SUM(d) <> 0
		) r %s`, strings.Join(parts, " UNION ALL "), page))
}

// behind is the number of records from which the figures of a subtree are computed, counted up to a bound.
func (s store) behind(ctx context.Context, figures []int64, st stretch, most int) (int64, error) {
	w := "figure IN " + db.In(figures) + " AND " + fmt.Sprintf("county >= %d AND county <= %d AND pos >= %d AND pos < %d", st.From/1e7, (st.To-1)/1e7, st.From, st.To)
	return readKept(ctx, s, db.Get[int64], fmt.Sprintf(`-- ledger.behind
		SELECT CAST(COUNT(*) AS BIGINT) FROM (
			SELECT DISTINCT rec FROM (SELECT rec FROM ledger_tail WHERE %[1]s UNION ALL SELECT rec FROM ledger_entry WHERE %[1]s) e LIMIT %[2]d
		) r`, w, most))
}

type sumRow struct {
	K int64
	N int64
}

// sumsOf runs a statement that answers keys with sums.
func (s store) sumsOf(ctx context.Context, query string, args ...any) (map[int64]int64, error) {
	rows, err := readKept(ctx, s, db.Select[sumRow], query, args...)
	out := make(map[int64]int64, len(rows))
	for _, r := range rows {
		out[r.K] = r.N
	}
	return out, err
}

// sumYears adds the entries of a figure inside a stretch by the year of their day.
func (s store) sumYears(ctx context.Context, figure int64, st stretch, b Boundary) (map[int64]int64, error) {
	w := filter{figure: figure}.condition(st, st.from, st.to, b)
	return s.sumsOf(ctx, fmt.Sprintf(`-- ledger.sumYears
		SELECT day / 10000 AS k, CAST(SUM(delta) AS BIGINT) AS n FROM (
			SELECT day, delta FROM ledger_entry WHERE county >= %d AND county <= %d AND %[3]s
			UNION ALL
			SELECT day, delta FROM ledger_tail WHERE %[3]s
		) e GROUP BY day / 10000`, st.From/1e7, (st.To-1)/1e7, w))
}

func inStretch(figures []int64, st stretch, from, to int64, b Boundary) string {
	return fmt.Sprintf("figure IN %s AND day >= %d AND day <= %d AND pos >= %d AND pos < %d AND frame IN (0, %d)", db.In(figures), from, to, st.From, st.To, b.frame())
}

// sumFigures adds what is folded of figures inside a stretch, between two days.
func (s store) sumFigures(ctx context.Context, figures []int64, st stretch, counties []int64, from, to int64, b Boundary) (map[int64]int64, error) {
	return s.sumsOf(ctx, `-- ledger.sumFigures
		SELECT figure AS k, CAST(SUM(delta) AS BIGINT) AS n FROM ledger_entry WHERE county IN `+db.In(counties)+` AND `+inStretch(figures, st, from, to, b)+` GROUP BY figure`)
}

// sumTails adds what is not folded yet of figures inside a stretch.
func (s store) sumTails(ctx context.Context, figures []int64, st stretch, b Boundary) (map[int64]int64, error) {
	return s.sumsOf(ctx, `-- ledger.sumTails
		SELECT figure AS k, CAST(SUM(delta) AS BIGINT) AS n FROM ledger_tail WHERE `+inStretch(figures, st, st.from, st.to, b)+` GROUP BY figure`)
}

// sumSeries adds the months of series from one up to before another.
func (s store) sumSeries(ctx context.Context, series []int64, width int, code, from, before int64, b Boundary) (map[int64]int64, error) {
	return s.sumsOf(ctx, `-- ledger.sumSeries
		SELECT series AS k, CAST(SUM(v) AS BIGINT) AS n FROM ledger_cell
		WHERE series IN `+db.In(series)+` AND width = $1 AND code = $2 AND month >= $3 AND month < $4 AND frame IN (0, $5) GROUP BY series`,
		width, code, from, before, b.frame())
}

// sumDaySeries adds days of series, where the nation and the provinces keep them.
func (s store) sumDaySeries(ctx context.Context, series []int64, width int, code, from, to int64, b Boundary) (map[int64]int64, error) {
	return s.sumsOf(ctx, `-- ledger.sumDaySeries
		SELECT series AS k, CAST(SUM(v) AS BIGINT) AS n FROM ledger_dcell
		WHERE series IN `+db.In(series)+` AND width = $1 AND code = $2 AND day >= $3 AND day <= $4 AND frame IN (0, $5) GROUP BY series`,
		width, code, from, to, b.frame())
}
