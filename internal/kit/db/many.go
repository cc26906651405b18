package db

import (
	"context"
	"strconv"
	"strings"
)

// InsertMany writes rows of one width, all columns of all rows in args, in few statements: each is a round trip on
// PostgreSQL, and on SQLite the beginning and the end of a statement cost as much as a row. insert is all before VALUES,
// after all behind it ("ON CONFLICT …", which must not meet one row twice). Few lengths of text, so that each is kept open.
func (d *DB) InsertMany(ctx context.Context, insert, after string, width int, args []any) error {
	lengths := []int{3000, 300, 30, 1} // parameters
	for _, params := range lengths {
		n := max(params/width, 1)
		q := ""
		for len(args) >= n*width {
			if q == "" {
				q = insert + " VALUES " + d.places(n, width) + " " + after
			}
			if _, err := d.Exec(ctx, q, args[:n*width]...); err != nil {
				return err
			}
			args = args[n*width:]
		}
	}
	return nil
}

// places are n times "($1, $2, …)"; on SQLite "(?, ?, …)", because its driver asks for the name of each parameter that has
// one, and SQLite looks through all of them to find it.
func (d *DB) places(n, width int) string {
	var b strings.Builder
	for i := range n * width {
		switch {
		case i == 0:
			b.WriteByte('(')
		case i%width == 0:
			b.WriteString("), (")
		default:
			b.WriteString(", ")
		}
		if d.Engine == Postgres {
			b.WriteByte('$')
			b.WriteString(strconv.Itoa(i + 1))
		} else {
			b.WriteByte('?')
		}
	}
	return b.String() + ")"
}
