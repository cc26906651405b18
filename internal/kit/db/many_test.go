package db

import (
	"context"
	"fmt"
	"testing"
)

// However many rows there are, each is written once with its own columns; a row that is there already is added to or refused.
func TestInsertManyWritesEachRowOnce(t *testing.T) {
	d, ctx := openMigrated(t), context.Background()
	write := func(from, n int, after string) error {
		return d.Tx(ctx, func(ctx context.Context) error {
			var args []any
			for i := from; i < from+n; i++ {
				args = append(args, i, fmt.Sprint("name ", i))
			}
			return d.InsertMany(ctx, "INSERT INTO t_unit (id, name)", after, 2, args)
		})
	}
	next := 1
	for _, n := range []int{0, 1, 2, 59, 60, 61, 80, 123, 3301} {
		must(t, write(next, n, ""))
		next += n
		type row struct {
			ID   int64
			Name string
		}
		got, err := Select[row](ctx, d, "SELECT id, name FROM t_unit ORDER BY id")
		must(t, err)
		if len(got) != next-1 {
			t.Fatalf("%d rows after %d", len(got), next-1)
		}
		for i, r := range got {
			if r.ID != int64(i+1) || r.Name != fmt.Sprint("name ", i+1) {
				t.Fatalf("row %d is %+v", i+1, r)
			}
		}
	}
	if err := write(next-1, 170, ""); err == nil {
		t.Fatal("a row that is there was written again")
	}
	must(t, write(next-1, 170, "ON CONFLICT (id) DO UPDATE SET name = excluded.name || '!'"))
	if n, err := Get[int64](ctx, d, "SELECT count(*) FROM t_unit"); err != nil || n != int64(next+168) {
		t.Fatalf("%d rows, %v", n, err)
	}
	if name, err := Get[string](ctx, d, "SELECT name FROM t_unit WHERE id = $1", next-1); err != nil || name != fmt.Sprint("name ", next-1, "!") {
		t.Fatalf("%q, %v", name, err)
	}
}
