package search

import (
	"context"
	"fmt"
	"slices"

	"xinhuo/internal/kit/db"
	"xinhuo/internal/kit/id"
)

// lookedAt is how many of the newest documents whose title answers are looked at for somebody who is still typing.
const lookedAt = 2_000

// Titles lists the newest documents whose title, or a sound, answers a query, at most n: for whoever is still typing. It is bounded:
// where very many titles answer and the caller's condition leaves out nearly all, it may miss older ones.
func Titles[T any](ctx context.Context, x *Index, q Query, a Among, columns string, key func(T) id.ID, n int) (out []T, err error) {
	err = x.db.Read(ctx, func(ctx context.Context) error {
		which, args := `SELECT s.doc FROM `+x.table()+` s WHERE `+a.arrays(q.arrays("title")), slices.Clone(a.Args)
		order := "s.doc"
		if x.db.Engine != db.Postgres {
			args = append(args, a.match(q.match("title"), "title"))
			which, order = fmt.Sprintf(`SELECT s.rowid AS doc FROM %[1]s s WHERE %[1]s MATCH $%[2]d`, x.table(), len(args)), "s.rowid"
		}
		list, err := db.Select[T](ctx, x.db, `-- search.Titles
			SELECT `+columns+` FROM (`+which+fmt.Sprintf(` ORDER BY %s DESC LIMIT %d) found CROSS JOIN %s WHERE %s = found.doc AND (%s) ORDER BY found.doc DESC LIMIT %d`, order, lookedAt, a.From, a.Doc, a.Where, 10*n), args...)
		if err != nil {
			return err
		}
		out, err = checked(ctx, x, q, "title", list, key)
		return err
	})
	return out[:min(len(out), n)], err
}

// Sounds tells whether what somebody types is how a word sounds: its pinyin or its initials, from one of the syllables on.
func Sounds(typed, word string) bool {
	sound := soundOf(Fold(typed))
	return sound != "" && sounding(Text{Title: word}.sounds(), sound)
}
