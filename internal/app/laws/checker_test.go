package laws

import (
	"context"
	"fmt"
	"slices"
	"sort"
	"strings"
	"testing"

	"xinhuo/internal/app/oracle"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/ledger"
)

// checker compares a ledger with the recount.
type checker struct {
	t     *testing.T
	ctx   context.Context
	led   *ledger.Service
	units map[string]id.ID
	what  string // was done last
}

// moved are the figures that an edit can move; all of them when units change.
func moved(e oracle.Edit) []string {
	of := map[string]string{"base": "base.", "accreditation": "base.", "team": "team. reform.", "reform": "reform.", "project": "project."}
	var out []string
	for _, ch := range e.Changes {
		if ch.Table == "unit" {
			return oracle.Codes
		}
		for _, f := range oracle.Codes {
			if strings.Contains(of[ch.Table], f[:strings.Index(f, ".")+1]) && !slices.Contains(out, f) {
				out = append(out, f)
			}
		}
	}
	return out
}

// agrees compares figures at the units with the recount, and each with its own evidence.
func (k checker) agrees(c oracle.City, units, figures []string, day string, period *[2]string) {
	k.t.Helper()
	for _, code := range units {
		want := oracle.Figures(c, code, day, period)
		for _, f := range figures {
			q, got := k.equal(c, code, f, day, period, want[f])
			list, err := k.led.Evidence(k.ctx, q, "", 0)
			if err != nil {
				k.t.Fatal(err)
			}
			var sum int64
			var codes []string
			for _, it := range list.Items {
				sum += it.Amount
				codes = append(codes, it.Code)
			}
			n := got.Int()
			if got.Numerator != nil {
				n = *got.Numerator
			}
			if sum != n {
				k.t.Fatalf("after %s: %s at %s on %s: evidence sums to %d, figure %d", k.what, f, code, day, sum, n)
			}
			var rows []string
			for _, r := range oracle.Evidence(c, f, code, day, period) {
				rows = append(rows, r.Code)
			}
			sort.Strings(codes)
			sort.Strings(rows)
			if fmt.Sprint(codes) != fmt.Sprint(rows) {
				k.t.Fatalf("after %s: %s at %s on %s: evidence %v, recount %v", k.what, f, code, day, codes, rows)
			}
		}
	}
}

// equal compares one figure with its recount.
func (k checker) equal(c oracle.City, unit, figure, day string, period *[2]string, w oracle.Value) (ledger.Query, ledger.Value) {
	k.t.Helper()
	q := ledger.Query{Figure: figure, Unit: k.units[unit], Day: clock.Day(day)}
	if period != nil {
		q.From, q.To = clock.Day(period[0]), clock.Day(period[1]).AddDays(-1)
	}
	got, err := k.led.Ask(k.ctx, q)
	if err != nil {
		k.t.Fatal(err)
	}
	if w.Share {
		if *got.Numerator != w.Numerator || *got.Denominator != w.Denominator {
			k.t.Fatalf("after %s: %s at %s on %s: %d/%d, recount %d/%d", k.what, figure, unit, day, *got.Numerator, *got.Denominator, w.Numerator, w.Denominator)
		}
		if s := percent(got); s != w.Percent {
			k.t.Fatalf("after %s: %s at %s on %s: %s, recount %s", k.what, figure, unit, day, s, w.Percent)
		}
	} else if got.Int() != w.Value {
		list, _ := k.led.Evidence(k.ctx, q, "", 0)
		k.t.Fatalf("after %s: %s at %s on %s (period %v): %d, recount %d\nledger %v\nrecount %v", k.what, figure, unit, day, period, got.Int(), w.Value, list.Items, oracle.Evidence(c, figure, unit, day, period))
	}
	return q, got
}

func percent(v ledger.Value) string {
	if v.Amount == nil {
		return ""
	}
	return fmt.Sprintf("%d.%d", *v.Amount/10, *v.Amount%10)
}

func codes(c oracle.City) []string {
	var out []string
	for _, u := range c.Units {
		out = append(out, u.ID)
	}
	return out
}
