package org

import (
	"strings"

	"xinhuo/internal/kit/scope"
)

// StandingSQL is a subselect for a query of another module that has to leave units out inside the database, such as
// those that have handed something in (R68): the units with a committee that stood in one of the subtrees at on the day $1
// and still stand on the day $2, as they are today within view; of the levels and, of townships, of the kinds when any are
// named. Columns: id, pos, code, name, parent, level. The statement's first two arguments are the two days.
func StandingSQL(at, view scope.Set, levels []Level, kinds []Kind) string {
	return `(` + remained(at, view, levels, kinds) + `)`
}

// FollowedSQL are the units of StandingSQL for which asked holds, and in the place of those that have been merged away since
// the units that took them over, of whatever level and wherever they stand, as far as left holds of the unit that is gone:
// work of a unit follows it to its heir. Both write a condition on a unit's column, "" for none.
func FollowedSQL(at, view scope.Set, levels []Level, kinds []Kind, asked, left func(column string) string) string {
	and := func(f func(string) string, column string) string {
		if q := f(column); q != "" {
			return ` AND ` + q
		}
		return ""
	}
	ended := `SELECT u.id, u.heir FROM org_unit u JOIN org_place p ON p.unit = u.id
		WHERE u.heir <> 0 AND u.to_day > $1 AND u.to_day <= $2 AND ` + stood(at, "+p.pos", levelApart, levels, kinds) + and(asked, "u.id") + and(left, "u.id")
	return `(` + remained(at, view, levels, kinds) + and(asked, "u.id") + `
		UNION ALL SELECT h.id, h.pos, h.code, h.name, h.parent, h.level FROM org_unit h
		WHERE ` + view.SQL("+h.pos") + ` AND h.from_day <= $2 AND h.formed <> '' AND (h.to_day = '' OR h.to_day > $2)
		AND h.id IN (WITH RECURSIVE gone (unit, holder) AS (` + ended + `
			UNION SELECT g.unit, n.heir FROM gone g JOIN org_unit n ON n.id = g.holder WHERE n.heir <> 0 AND n.to_day <> '' AND n.to_day <= $2)
			SELECT holder FROM gone)
		AND NOT EXISTS (` + remains(stood(at, "+p.pos", levelApart, levels, kinds)) + and(asked, "u.id") + ` AND u.id = h.id))`
}

// remained is the units that stood on one day and still stand on the other.
func remained(at, view scope.Set, levels []Level, kinds []Kind) string {
	// The narrower of the two sets leads; the plus keeps the engines from walking the index of the other.
	then, now := "+p.pos", "u.pos"
	if width(at) < width(view) {
		then, now = "p.pos", "+u.pos"
	}
	level := "u.level" // whose index has the place behind it, which serves one range
	if len(view) > 1 {
		level = levelApart
	}
	return remains(stood(at, then, level, levels, kinds)) + ` AND ` + view.SQL(now)
}

func remains(stood string) string {
	return `SELECT u.id, u.pos, u.code, u.name, u.parent, u.level FROM org_place p JOIN org_unit u ON u.id = p.unit
		WHERE ` + stood + ` AND (u.to_day = '' OR u.to_day > $1 AND u.to_day > $2)`
}

// levelApart keeps the engines from walking the index by level.
const levelApart = `COALESCE(u.level, '')`

// stood is the condition on a unit u and a place p of its that it had a committee there on the first day.
func stood(at scope.Set, place, level string, levels []Level, kinds []Kind) string {
	q := `p.from_day <= $1 AND (p.to_day = '' OR p.to_day > $1) AND ` + at.SQL(place) + `
		AND u.from_day <= $1 AND u.formed <> '' AND u.formed <= $1 AND ` + LevelSQL(level, levels)
	if len(kinds) > 0 {
		q += ` AND (u.level <> '` + string(Township) + `' OR EXISTS (SELECT 1 FROM org_name n WHERE n.unit = u.id
			AND n.from_day <= $1 AND (n.to_day = '' OR n.to_day > $1) AND n.kind` + oneOf(kinds) + `))`
	}
	return q
}

// width is how many places a set spans.
func width(s scope.Set) (n int64) {
	for _, r := range s {
		n += r.To - r.From
	}
	return n
}

// oneOf writes levels or kinds in place: fixed words of our own, without anything that would have to be quoted.
// LevelSQL is the condition that a column holds one of the levels.
func LevelSQL(column string, levels []Level) string { return column + oneOf(levels) }

func oneOf[T ~string](list []T) string {
	var words []string
	for _, w := range list {
		if strings.Trim(string(w), "abcdefghijklmnopqrstuvwxyz_") == "" {
			words = append(words, "'"+string(w)+"'")
		}
	}
	if len(words) == 1 {
		return " = " + words[0]
	}
	return " IN (" + strings.Join(append(words, "''"), ",") + ")"
}
