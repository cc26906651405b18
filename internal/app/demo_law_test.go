package app

import (
	"context"
	"path/filepath"
	"testing"

	"xinhuo/internal/app/oracle"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/testkit"
	"xinhuo/internal/ledger"
)

// The demonstration, made day by day through all modules, says at every unit what a recount of its rows says (R3, R88,
// R150-R152, R171, R172, R204).
func TestDemonstrationEqualsRecount(t *testing.T) {
	testkit.Full(t)
	day := clock.Day("2026-11-24")
	path := filepath.Join(t.TempDir(), "demo.db")
	if _, err := MakeDemo(context.Background(), path, day, func(int, int) {}); err != nil {
		t.Fatal(err)
	}
	a, err := Open(context.Background(), Config{DSN: path, Clock: clockFrom(day, day)})
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	ctx := a.System(context.Background(), "test")
	city := generate(day).Oracle()
	last := &[2]string{"2025-01-01", "2026-01-01"}
	for code, want := range oracle.AllFigures(city, string(day), last) {
		u, err := a.Org.ByCode(ctx, code)
		if err != nil {
			t.Fatal(code, err)
		}
		for _, f := range oracle.Codes {
			q := ledger.Query{Figure: f, Unit: u.ID, Day: day, From: "2025-01-01", To: "2025-12-31"}
			got, err := a.Ledger.Ask(ctx, q)
			if err != nil {
				t.Fatal(err)
			}
			if w := want[f]; w.Share && *got.Numerator != w.Numerator || !w.Share && got.Int() != w.Value {
				list, _ := a.Ledger.Evidence(ctx, q, "", 0)
				var have []string
				for _, it := range list.Items {
					have = append(have, it.Code)
				}
				t.Errorf("%s at %s %s: %d, recount %d\n%v\n%v", f, code, u.Name, got.Int(), w.Value, have, oracle.Evidence(city, f, code, string(day), last))
			}
		}
	}
	rep, err := a.Ledger.Verify(ctx, nil)
	if err != nil || len(rep.Faults) > 0 {
		t.Fatal(err, rep.Faults)
	}
}
