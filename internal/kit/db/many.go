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
	lengths := []int{120, 40, 1} // parameters; SQLite's driver looks each up by its name, so none is long there
	if d.Engine == Postgres {
		lengths = []int{3000, 300, 30, 1}
	}
	for _, params := range lengths {
		n := max(params/width, 1)
		q := ""
		for len(args) >= n*width {
			if q == "" {
				q = insert + " VALUES " + places(n, width) + " " + after
			}
			if _, err := d.Exec(ctx, q, args[:n*width]...); err != nil {
				return err
			}
			args = args[n*width:]
		}
	}
	return nil
}

// places are n times "($1, $2, …)".
func places(n, width int) string {
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
		b.WriteByte('$')
		b.WriteString(strconv.Itoa(i + 1))
	}
	return b.String() + ")"
}
