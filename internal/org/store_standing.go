package org

import (
	"strings"

	"xinhuo/internal/kit/scope"
)

// StandingSQL is a subselect for a query of another module that has to leave units out inside the database, such as
// those that have handed something in (R68): the units with a committee that stood in one of the subtrees at on the day $1
// and still stand on the day $2, as they are today within view; of the levels and, of townships, of the kinds when any are
// named. Columns: id, pos, code, name, parent. The statement's first two arguments are the two days.
func StandingSQL(at, view scope.Set, levels []Level, kinds []Kind) string {
	// The narrower of the two sets leads; the plus keeps the engines from walking the index of the other.
	then, now := "+p.pos", "u.pos"
	if width(at) < width(view) {
		then, now = "p.pos", "+u.pos"
	}
	q := `(SELECT u.id, u.pos, u.code, u.name, u.parent FROM org_place p JOIN org_unit u ON u.id = p.unit
		WHERE p.from_day <= $1 AND (p.to_day = '' OR p.to_day > $1) AND ` + at.SQL(then) + `
		AND u.from_day <= $1 AND u.formed <> '' AND u.formed <= $1 AND (u.to_day = '' OR u.to_day > $1 AND u.to_day > $2)
		AND ` + view.SQL(now) + ` AND u.level` + oneOf(levels)
	if len(kinds) > 0 {
		q += ` AND (u.level <> '` + string(Township) + `' OR EXISTS (SELECT 1 FROM org_name n WHERE n.unit = u.id
			AND n.from_day <= $1 AND (n.to_day = '' OR n.to_day > $1) AND n.kind` + oneOf(kinds) + `))`
	}
	return q + `)`
}

// width is how many places a set spans.
func width(s scope.Set) (n int64) {
	for _, r := range s {
		n += r.To - r.From
	}
	return n
}

// oneOf writes levels or kinds in place: fixed words of our own, without anything that would have to be quoted.
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
