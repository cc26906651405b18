package ledger

import (
	"fmt"
	"strings"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/org"
)

// unitsSQL are the units of a level, standing in one of the ranges on a day, whose figure is at least n then; or those
// for which it is not. One pass over the figure's entries, however many units there are.
func (f filter) unitsSQL(level org.Level, in scope.Set, from, day int64, less bool, n int64) string {
	width := level.Span()
	var parts []string
	for _, r := range in {
		w := f.condition(stretch{Range: r}, from, day, Then)
		parts = append(parts, fmt.Sprintf("SELECT pos, delta FROM ledger_entry WHERE county >= %d AND county <= %d AND %s", r.From/1e7, (r.To-1)/1e7, w),
			"SELECT pos, delta FROM ledger_tail WHERE "+w)
	}
	not := ""
	if less {
		not = "NOT "
	}
	return fmt.Sprintf(`(SELECT l.unit FROM ledger_place l JOIN ledger_unit u ON u.unit = l.unit
		WHERE u.level = '%s' AND l.from_day <= %d AND (l.to_day = 0 OR l.to_day > %d) AND %s AND l.pos %sIN (
			SELECT pos / %d * %d FROM (%s) e GROUP BY pos / %d HAVING SUM(delta) >= %d))`,
		level, day, day, in.SQL("l.pos"), not, width, width, strings.Join(parts, " UNION ALL "), width, n)
}

// firstDay is from when on a figure adds: events from the beginning of the year.
func (c *compiled) firstDay(day clock.Day) int64 {
	if c.Kind == Event {
		return clock.YearOf(day.Year()).From.Int()
	}
	return 0
}
