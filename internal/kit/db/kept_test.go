package db

import (
	"context"
	"fmt"
	"sync"
	"testing"
)

// A statement that stays open sees what was written since, holds on to no older state, and follows a changed table.
func TestKeptStatementsReadWhatIsThere(t *testing.T) {
	d, ctx := openMigrated(t), context.Background()
	const text = "SELECT * FROM t_unit ORDER BY id"
	type row struct {
		ID    int64
		Name  string
		Note  *string
		Extra *string
	}
	see := func(ctx context.Context, want int) {
		t.Helper()
		got, err := Select[row](ctx, d, text)
		must(t, err)
		if len(got) != want {
			t.Fatalf("%d rows, want %d", len(got), want)
		}
	}
	round := func(n int) {
		t.Helper()
		must(t, d.Tx(ctx, func(ctx context.Context) error {
			must(t, add(ctx, d, int64(n)))
			see(ctx, n)
			return nil
		}))
		see(ctx, n)
		must(t, d.Read(ctx, func(ctx context.Context) error { see(ctx, n); see(ctx, n); return nil }))
	}
	for n := 1; n <= 4*oftenEnough; n++ {
		round(n)
	}
	if d.Engine == SQLite {
		// By now the words came often; the statements are made beside the readers, here on the spot.
		for _, k := range []*kept{d.reads, d.writes} {
			k.keep(text)
			if k.stmt(text) == nil {
				t.Fatal("no statement is kept")
			}
		}
	}
	must(t, d.Settle(ctx))
	must(t, d.Tx(ctx, func(ctx context.Context) error {
		_, err := d.Exec(ctx, "ALTER TABLE t_unit ADD COLUMN extra TEXT")
		return err
	}))
	if d.Engine == SQLite { // PostgreSQL asks for a new connection after a changed table
		round(4*oftenEnough + 1)
	}
}

// Many readers and a writer say the same words at once; a reader who leaves early disturbs nobody.
func TestKeptStatementsServeManyAtOnce(t *testing.T) {
	d, ctx := openMigrated(t), context.Background()
	must(t, d.Tx(ctx, func(ctx context.Context) error { return add(ctx, d, 1) }))
	var all sync.WaitGroup
	for i := range 8 {
		all.Add(1)
		go func() {
			defer all.Done()
			for n := range 60 {
				gone, leave := context.WithCancel(ctx)
				if n%7 == 0 {
					leave()
				}
				got, err := Get[string](gone, d, "SELECT name FROM t_unit WHERE id = $1", 1)
				leave()
				if n%7 != 0 && (err != nil || got != "u1") {
					t.Errorf("%q, %v", got, err)
				}
				if i == 0 {
					if err := d.Tx(ctx, func(ctx context.Context) error { return add(ctx, d, int64(n+2)) }); err != nil {
						t.Error(err)
					}
				}
			}
		}()
	}
	all.Wait()
	if got := units(t, d); got != fmt.Sprint(upTo(61)) {
		t.Errorf("units %s", got)
	}
}

func upTo(n int) (all []int) {
	for i := range n {
		all = append(all, i+1)
	}
	return all
}

// What a filter can make without end is not kept without end.
func TestKeptStatementsAreBounded(t *testing.T) {
	d, ctx := openMigrated(t), context.Background()
	if d.Engine != SQLite {
		return // the driver bounds its own
	}
	for n := range manyTexts + 20 {
		q := fmt.Sprintf("SELECT id FROM t_unit WHERE id < %d", n)
		d.reads.keep(q)
		_, err := Select[int64](ctx, d, q)
		must(t, err)
	}
	if n := len(d.reads.stmts); n != manyTexts {
		t.Errorf("%d statements are kept", n)
	}
}
