package oracle_test

import (
	"math/rand/v2"
	"reflect"
	"testing"

	"xinhuo/internal/app/oracle"
)

// Every figure equals its list, parents are at least what the laws say, and the
// bands make the whole; on every edge day of many hostile cities.
func TestLawsOfTheRecount(t *testing.T) {
	nonzero := map[string]bool{}
	for seed := range uint64(12) {
		c := oracle.Random(seed, oracle.Small)
		for _, day := range oracle.EdgeDays() {
			for unit, figs := range oracle.AllFigures(c, day, year2018) {
				for code, v := range figs {
					rows := oracle.Evidence(c, code, unit, day, year2018)
					var sum int64
					seen := map[string]bool{}
					for _, r := range rows {
						sum += r.Amount
						seen[r.Code+r.Unit] = true
					}
					if v.Share && (v.Numerator != sum || v.Denominator != figs["unit.townships"].Value) || !v.Share && v.Value != sum {
						t.Fatalf("seed %d %s %s %s: %+v but the list sums to %d", seed, code, unit, day, v, sum)
					}
					if len(seen) != len(rows) {
						t.Fatalf("seed %d %s %s %s: a row stands twice", seed, code, unit, day)
					}
					if v.Value > 0 || v.Numerator > 0 {
						nonzero[code] = true
					}
				}
				n := func(code string) int64 { return figs[code].Value }
				if n("team.townships_5plus")+n("team.townships_1to4")+n("team.townships_none") != n("unit.townships") {
					t.Fatalf("seed %d %s %s: the bands do not make the whole", seed, unit, day)
				}
				if n("base.accredited_new7y")+n("base.accredited_before7y") != n("base.accredited") {
					t.Fatalf("seed %d %s %s: new and before do not make all", seed, unit, day)
				}
			}
		}
	}
	for _, code := range oracle.Codes {
		if !nonzero[code] {
			t.Errorf("%s is 0 in every random city", code)
		}
	}
}

// The order of rows never matters, and every edit can be taken back.
func TestOrderAndUndo(t *testing.T) {
	for seed := range uint64(6) {
		rng := rand.New(rand.NewPCG(seed, 9))
		c := oracle.Random(seed, oracle.Small)
		if !reflect.DeepEqual(c, oracle.Random(seed, oracle.Small)) {
			t.Fatal("one seed gave two cities")
		}
		kinds := map[string]bool{}
		for range 120 {
			before := c.Clone()
			e := oracle.Mutate(rng, &c)
			if reflect.DeepEqual(before, c) && e.Changes[0].Before != e.Changes[0].After {
				t.Fatalf("%s changed nothing", e.Name)
			}
			for _, ch := range e.Changes {
				kinds[ch.Table] = true
			}
			undone := c.Clone()
			e.Inverse().Apply(&undone)
			if !reflect.DeepEqual(before, undone) {
				t.Fatalf("%s is not taken back", e.Name)
			}
		}
		if len(kinds) != 6 {
			t.Errorf("edits touched only %v", kinds)
		}
		other := c.Clone()
		rng.Shuffle(len(other.Projects), func(i, j int) { other.Projects[i], other.Projects[j] = other.Projects[j], other.Projects[i] })
		rng.Shuffle(len(other.Accreditations), func(i, j int) {
			other.Accreditations[i], other.Accreditations[j] = other.Accreditations[j], other.Accreditations[i]
		})
		rng.Shuffle(len(other.Units), func(i, j int) { other.Units[i], other.Units[j] = other.Units[j], other.Units[i] })
		if !reflect.DeepEqual(oracle.AllFigures(c, "2019-05-31", year2018), oracle.AllFigures(other, "2019-05-31", year2018)) {
			t.Error("another order of rows gave other figures")
		}
	}
}
