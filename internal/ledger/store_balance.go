package ledger

import (
	"context"
	"fmt"
	"strings"

	"xinhuo/internal/kit/db"
)

func (s store) sumCells(ctx context.Context, series int64, width int, code, month int64, b Boundary) (int64, error) {
	return readKept(ctx, s, db.Get[int64], `-- ledger.sumCells
		SELECT CAST(COALESCE(SUM(v), 0) AS BIGINT) FROM ledger_cell WHERE series = $1 AND width = $2 AND code = $3 AND month < $4 AND frame IN (0, $5)`,
		series, width, code, month, b.frame())
}

func (s store) sumDayCells(ctx context.Context, series int64, width int, code, from, to int64, b Boundary) (int64, error) {
	return readKept(ctx, s, db.Get[int64], `-- ledger.sumDayCells
		SELECT CAST(COALESCE(SUM(v), 0) AS BIGINT) FROM ledger_dcell WHERE series = $1 AND width = $2 AND code = $3 AND day >= $4 AND day <= $5 AND frame IN (0, $6)`,
		series, width, code, from, to, b.frame())
}

// condition is the one WHERE that a balance, its evidence and its recount share.
func (f filter) condition(st stretch, from, to int64, b Boundary) string {
	var w strings.Builder
	fmt.Fprintf(&w, "figure = %d AND day >= %d AND day <= %d AND pos >= %d AND pos < %d AND frame IN (0, %d)", f.figure, from, to, st.From, st.To, b.frame())
	if f.dims != nil {
		w.WriteString(" AND dim IN " + db.In(f.dims) + "")
	}
	return w.String()
}

func (s store) sumEntries(ctx context.Context, f filter, st stretch, counties []int64, from, to int64, b Boundary) (int64, error) {
	return readKept(ctx, s, db.Get[int64], `-- ledger.sumEntries
		SELECT CAST(COALESCE(SUM(delta), 0) AS BIGINT) FROM ledger_entry WHERE county IN `+db.In(counties)+` AND `+f.condition(st, from, to, b))
}

func (s store) sumTail(ctx context.Context, f filter, st stretch, b Boundary) (int64, error) {
	return readKept(ctx, s, db.Get[int64], `-- ledger.sumTail
		SELECT CAST(COALESCE(SUM(delta), 0) AS BIGINT) FROM ledger_tail WHERE `+f.condition(st, st.from, st.to, b))
}

// sumEntryDims is sumEntries by breakdown values.
func (s store) sumEntryDims(ctx context.Context, f filter, st stretch, counties []int64, from, to int64, b Boundary) (map[int64]int64, error) {
	return s.sumsOf(ctx, `-- ledger.sumEntryDims
		SELECT dim AS k, CAST(SUM(delta) AS BIGINT) AS n FROM ledger_entry WHERE county IN `+db.In(counties)+` AND `+f.condition(st, from, to, b)+` GROUP BY dim`)
}

// sumTailDims is sumTail by breakdown values.
func (s store) sumTailDims(ctx context.Context, f filter, st stretch, b Boundary) (map[int64]int64, error) {
	return s.sumsOf(ctx, `-- ledger.sumTailDims
		SELECT dim AS k, CAST(SUM(delta) AS BIGINT) AS n FROM ledger_tail WHERE `+f.condition(st, st.from, st.to, b)+` GROUP BY dim`)
}

// sumLater is what was folded after a sequence: taken off, it gives what was known then.
func (s store) sumLater(ctx context.Context, f filter, st stretch, b Boundary, seq int64) (int64, error) {
	return readKept(ctx, s, db.Get[int64], `-- ledger.sumLater
		SELECT CAST(COALESCE(SUM(delta), 0) AS BIGINT) FROM ledger_entry WHERE +seq > $1 AND `+f.condition(st, st.from, st.to, b), seq)
}

type evidenceRow struct {
	Rec    int64
	Day    int64
	Amount int64
}

// evidence lists the records whose entries sum to the balance, the latest first; seq 0 = all that is known now. A
// reversed pair vanishes by itself, so the day is the last one on which something still begins.
func (s store) evidence(ctx context.Context, f filter, where []stretch, b Boundary, seq int64, known bool, afterDay, afterRec int64, limit int) ([]evidenceRow, error) {
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
	return db.Select[evidenceRow](ctx, s.db, fmt.Sprintf(`-- ledger.evidence
		SELECT rec, day, amount FROM (
			SELECT rec, MAX(CASE WHEN d > 0 THEN day ELSE 0 END) AS day, CAST(SUM(d) AS BIGINT) AS amount FROM (
				SELECT rec, day, SUM(delta) AS d FROM (%s) e GROUP BY rec, day HAVING SUM(delta) <> 0
			) n GROUP BY rec HAVING SUM(d) <> 0
		) r %s ORDER BY day DESC, rec LIMIT %d`, strings.Join(parts, " UNION ALL "), page, limit))
}
