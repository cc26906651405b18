package db

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"

	"xinhuo/internal/kit/errs"
)

var laterUnits = Rows{Table: "t_unit", Insert: "INSERT INTO t_unit (id, name)"}

func later(ctx context.Context, d *DB, unit int64) error {
	return d.Later(ctx, laterUnits, 2, unit, fmt.Sprint("u", unit))
}

// past counts what is written already.
func past(t *testing.T, ctx context.Context, d *DB) int64 {
	t.Helper()
	n, err := Get[int64](Past(ctx), d, "SELECT count(*) FROM t_unit")
	must(t, err)
	return n
}

// Rows that wait are written before anybody can miss them: a statement that names their table, and the commit.
func TestLaterRowsAreThereForWhoeverLooks(t *testing.T) {
	d, ctx := openMigrated(t), context.Background()
	must(t, d.Tx(ctx, func(ctx context.Context) error {
		must(t, later(ctx, d, 1))
		if past(t, ctx, d) != 1 {
			t.Error("a row waited although nothing gathers")
		}
		d.Gather(ctx)
		must(t, later(ctx, d, 2))
		must(t, later(ctx, d, 3))
		if n, err := Get[int64](ctx, d, "SELECT count(*) FROM t_kind"); err != nil || n != 2 || past(t, ctx, d) != 1 {
			t.Errorf("%d, %v: rows were written for a statement about another table", n, err)
		}
		if n, err := Get[int64](ctx, d, "SELECT count(*) FROM t_unit"); err != nil || n != 3 {
			t.Errorf("%d rows, %v", n, err)
		}
		must(t, later(ctx, d, 4))
		n, err := d.Exec(ctx, "UPDATE t_unit SET note = 'x'")
		if err != nil || n != 4 {
			t.Errorf("%d rows changed, %v", n, err)
		}
		must(t, later(ctx, d, 5))
		rows, err := d.Rows(ctx, "SELECT id FROM t_unit")
		must(t, err)
		n = 0
		for rows.Next() {
			n++
		}
		must(t, rows.Close())
		if n != 5 {
			t.Errorf("%d rows streamed", n)
		}
		return later(ctx, d, 6)
	}))
	wantUnits(t, d, "[1 2 3 4 5 6]")
	err := d.Tx(ctx, func(ctx context.Context) error {
		d.Gather(ctx)
		return later(ctx, d, 6)
	})
	if !errs.Is(err, errs.Conflict) {
		t.Errorf("a row that is there already: %v", err)
	}
}

// Of rows that replace each other the last one counts, also when they wait together.
func TestLaterTheLastOneCounts(t *testing.T) {
	d, ctx := openMigrated(t), context.Background()
	r := Rows{Table: "t_unit", Insert: "INSERT INTO t_unit (id, name)", After: "ON CONFLICT (id) DO UPDATE SET name = excluded.name"}
	must(t, d.Tx(ctx, func(ctx context.Context) error {
		d.Gather(ctx)
		for i := range 200 { // enough for statements of many rows
			must(t, d.Later(ctx, r, 2, int64(1+i%2), fmt.Sprint(i)))
		}
		return nil
	}))
	names, err := Select[string](ctx, d, "SELECT name FROM t_unit ORDER BY id")
	if err != nil || fmt.Sprint(names) != "[198 199]" {
		t.Errorf("%v, %v", names, err)
	}
}

// A rehearsal never writes what waits, and leaves the transaction around it as it was.
func TestRehearsedRowsAreNeverWritten(t *testing.T) {
	d, ctx := openMigrated(t), context.Background()
	must(t, d.Tx(ctx, func(ctx context.Context) error {
		must(t, d.Rehearse(ctx, func(ctx context.Context) error {
			d.Gather(ctx)
			must(t, later(ctx, d, 1))
			if past(t, ctx, d) != 0 {
				t.Error("a rehearsed row was written")
			}
			return nil
		}))
		if d.Gathers(ctx) {
			t.Error("the transaction still gathers")
		}
		return later(ctx, d, 2)
	}))
	wantUnits(t, d, "[2]")
}

// Whatever is tried within what, looked at and refused: rows that wait and rows that are written at once stand or go alike.
func TestLaterAndAtOnceEndTheSame(t *testing.T) {
	d := openMigrated(t)
	r := rand.New(rand.NewPCG(7, 12))
	for round := range 60 {
		want := map[int64]bool{}
		next := int64(round * 1000)
		var play func(ctx context.Context, depth int, stand map[int64]bool) error
		play = func(ctx context.Context, depth int, stand map[int64]bool) error {
			for range 1 + r.IntN(5) {
				next++
				switch k := r.IntN(6); {
				case k <= 1:
					must(t, later(ctx, d, next))
					stand[next] = true
				case k == 2:
					must(t, add(ctx, d, next))
					stand[next] = true
				case k == 3:
					n, err := Get[int64](ctx, d, "SELECT count(*) FROM t_unit")
					must(t, err)
					if int(n) != len(stand) {
						t.Errorf("round %d: %d rows seen, %d stand", round, n, len(stand))
					}
				case depth < 3:
					inner := map[int64]bool{}
					for u := range stand {
						inner[u] = true
					}
					fails := r.IntN(2) == 0
					err := d.Try(ctx, func(ctx context.Context) error {
						if err := play(ctx, depth+1, inner); err != nil {
							return err
						}
						if fails {
							return errNo
						}
						return nil
					})
					if fails != (err != nil) {
						t.Fatalf("round %d: %v", round, err)
					}
					if !fails {
						for u := range inner {
							stand[u] = true
						}
					}
				}
			}
			return nil
		}
		must(t, d.Tx(context.Background(), func(ctx context.Context) error {
			_, err := d.Exec(ctx, "DELETE FROM t_unit")
			must(t, err)
			d.Gather(ctx)
			return play(ctx, 0, want)
		}))
		n, err := Get[int64](context.Background(), d, "SELECT count(*) FROM t_unit")
		if err != nil || int(n) != len(want) {
			t.Fatalf("round %d: %d rows, want %d, %v", round, n, len(want), err)
		}
	}
}
