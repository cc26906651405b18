package db

import (
	"context"
	"slices"
	"testing"
)

func TestOneOfTakesExactlyTheNumbersOfItsList(t *testing.T) {
	d, ctx := openMigrated(t), context.Background()
	must(t, d.Tx(ctx, func(ctx context.Context) error {
		var args []any
		for _, n := range []int64{-3, 1, 2, 3, 1 << 62} {
			args = append(args, n, "x")
		}
		return d.InsertMany(ctx, "INSERT INTO t_unit (id, name)", "", 2, args)
	}))
	for _, list := range [][]int64{nil, {2}, {2, 2, 5}, {-3, 1 << 62}, {1, 2, 3}} {
		got, err := Select[int64](ctx, d, "SELECT id FROM t_unit WHERE id"+d.OneOf("$1")+" ORDER BY id", List(d, list))
		must(t, err)
		var want []int64
		for _, n := range []int64{-3, 1, 2, 3, 1 << 62} {
			if slices.Contains(list, n) {
				want = append(want, n)
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("%v: %v, want %v", list, got, want)
		}
	}
}
