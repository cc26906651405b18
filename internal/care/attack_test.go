package care

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"xinhuo/internal/kit/anon"
	"xinhuo/internal/kit/db"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/testkit"
	"xinhuo/internal/org"
)

// attacker sees every number that is published of a city's requests for help, knows the tree, the desks and the rules, and may work at
// one of the desks, whose own numbers are then known.
type attacker struct {
	*world
	units []org.Unit // with a desk, those above before those below
	// truth is what came in, which the attacker does not have: to know what a guess is worth
	truth map[string]int64
	r     *rand.Rand
}

func (a *attacker) cell(unit id.ID, month, kind string) string { return fmt.Sprint(unit, month, kind) }

const attackMonths = 6

func attackMonth(i int) string { return fmt.Sprintf("2018-%02d", i+5) }

// beset is a city of desks at every level that have been asked for six months, mostly little.
func beset(t *testing.T) *attacker {
	a := &attacker{world: openWorld(t), truth: map[string]int64{}, r: rand.New(rand.NewPCG(160, 30))}
	var more []org.NewUnit
	for county, towns := range map[string]int{"990203": 6, "990204": 4} {
		for i := range towns {
			more = append(more, org.NewUnit{Code: fmt.Sprintf("%s%03d", county, i+1), Name: fmt.Sprintf("%s第%d镇关工委", county, i+1), Level: org.Township, ParentCode: county, From: "2000-01-01"})
		}
	}
	a.must(a.s.org.FoundAll(a.ctx, more))
	codes := []string{"9902", "990203", "990204"}
	for _, u := range more {
		codes = append(codes, u.Code)
	}
	slices.Sort(codes)
	for _, code := range codes {
		u, err := a.s.org.ByCode(a.ctx, code)
		a.must(err)
		a.units = append(a.units, u)
		if code == "990203" { // a county without a desk of its own between those of its towns and the city's
			continue
		}
		a.must(a.db.Tx(a.ctx, func(ctx context.Context) error {
			_, err := a.s.putDesk(ctx, Desk{Root: u.Root(), Unit: u.ID, Pos: u.Pos, Open: true, Kinds: Kinds})
			return err
		}))
		for i := range attackMonths {
			for _, kind := range Kinds {
				n := a.r.IntN(anon.Fewest)
				if a.r.IntN(4) == 0 {
					n = a.r.IntN(13)
				}
				a.truth[a.cell(u.ID, attackMonth(i), kind)] = int64(n)
				a.came(u.ID, u.Pos, kind, n, anon.FirstOf(attackMonth(i)).Time().AddDate(0, 0, 1+a.r.IntN(26)))
			}
		}
	}
	a.now = anon.FirstOf(attackMonth(attackMonths)).Time().Add(9 * time.Hour)
	n, err := a.s.Publish(a.ctx)
	a.must(err)
	if n != attackMonths {
		t.Fatalf("%d months are published", n)
	}
	return a
}

// sees is what the pages of a unit and of all below it tell of some months together.
func (a *attacker) sees(u org.Unit, from, to int) map[string]int64 {
	rows, err := a.s.counts(a.ctx, scope.All, u.Range(), attackMonth(from), attackMonth(to))
	a.must(err)
	out := map[string]int64{}
	for _, r := range rows {
		out[r.Kind] = r.N
	}
	return out
}

func minus(x, y map[string]int64) map[string]int64 {
	out := map[string]int64{}
	for _, k := range Kinds {
		out[k] = x[k] - y[k]
	}
	return out
}

// differences takes pairs of numbers that anybody can see from each other: a unit and one below it, a unit and all below it, a span of
// months and a shorter one, both at once, and kinds together. A difference that is a small number is one that somebody asked to keep.
func (a *attacker) differences(pairs int) (found []string) {
	below := func(u org.Unit) (out []org.Unit) {
		for _, x := range a.units {
			if x.ID != u.ID && u.Range().From <= x.Pos && x.Pos < u.Range().To {
				out = append(out, x)
			}
		}
		return out
	}
	for range pairs {
		u := a.units[a.r.IntN(len(a.units))]
		kids := below(u)
		from := a.r.IntN(attackMonths)
		to := from + a.r.IntN(attackMonths-from)
		d := a.sees(u, from, to)
		what := fmt.Sprintf("%s %d-%d", u.Code, from, to)
		if len(kids) > 0 {
			switch a.r.IntN(3) {
			case 0:
				k := kids[a.r.IntN(len(kids))]
				d, what = minus(d, a.sees(k, from, to)), what+" without "+k.Code
			case 1: // without all directly below
				for _, k := range kids {
					if !slices.ContainsFunc(kids, func(x org.Unit) bool {
						return x.ID != k.ID && x.Range().From <= k.Pos && k.Pos < x.Range().To
					}) {
						d = minus(d, a.sees(k, from, to))
					}
				}
				what += " without all below"
			}
		}
		if to > from && a.r.IntN(2) == 0 {
			e := a.sees(u, from, to-1)
			d, what = minus(a.sees(u, from, to), e), fmt.Sprintf("%s %d-%d without the months before the last", u.Code, from, to)
		}
		if a.r.IntN(5) == 0 {
			two := [2]int64{d[Kinds[0]], d[Kinds[1]]}
			d = map[string]int64{"mind and law": two[0] + two[1]}
		}
		for kind, n := range d {
			if n < 0 || n > 0 && n < anon.Fewest {
				found = append(found, fmt.Sprintf("%s, %s: %d", what, kind, n))
			}
		}
	}
	return found
}

// group is a set of small numbers of which something is known together; alone it is one desk's number.
type group struct {
	unit   id.ID
	kids   []*group
	lo, hi int64 // of what they come to
	most   int64 // as the rules see it
}

func (g *group) up() {
	if len(g.kids) == 0 {
		return
	}
	var lo, hi int64
	for _, k := range g.kids {
		k.up()
		lo, hi = lo+k.lo, hi+k.hi
	}
	g.lo, g.hi = max(g.lo, lo), min(g.hi, hi)
}

func (g *group) down() {
	var lo, hi int64
	for _, k := range g.kids {
		lo, hi = lo+k.lo, hi+k.hi
	}
	for _, k := range g.kids {
		k.lo, k.hi = max(k.lo, g.lo-(hi-k.hi)), min(k.hi, g.hi-(lo-k.lo))
	}
	for _, k := range g.kids {
		k.down()
	}
}

// solve works out, for every month and kind, between what bounds each number that is told nobody must lie, for an attacker who knows
// those of one desk or of none, and the rules by which small numbers are kept back, where they were kept. Sums over sets of desks that lie within each other are solved exactly by going up and down once.
func (a *attacker) solve(rules bool) (pinned, narrowed []string) {
	rows, err := db.Select[struct {
		Unit   id.ID
		Month  string
		Kind   string
		Pooled int64
		N      int64
		Least  int64
	}](a.ctx, a.db, `SELECT unit, month, kind, pooled, n, least FROM care_count`)
	a.must(err)
	type said struct{ n, least int64 }
	own, pool := map[string]bool{}, map[string]said{}
	for _, r := range rows {
		if key := a.cell(r.Unit, r.Month, r.Kind); r.Pooled == 1 {
			pool[key] = said{r.N, r.Least}
		} else {
			own[key] = true
		}
	}
	for i := range attackMonths {
		for _, kind := range Kinds {
			month := attackMonth(i)
			for insider := -1; insider < len(a.units); insider++ {
				var cells, tops []*group
				left := map[id.ID][]*group{}
				for n := len(a.units) - 1; n >= 0; n-- { // from below
					u := a.units[n]
					key := a.cell(u.ID, month, kind)
					if v, desk := a.truth[key]; desk && !own[key] {
						c := &group{unit: u.ID, hi: anon.Fewest - 1, most: anon.Fewest - 1}
						if n == insider {
							c.lo, c.hi = v, v
						}
						cells = append(cells, c)
						left[u.ID] = append(left[u.ID], c)
					}
					list := left[u.ID]
					most := []int64{}
					for _, g := range list {
						most = append(most, g.most)
					}
					slices.Sort(most)
					room := int64(0)
					for _, m := range most[:max(0, len(most)-2)] {
						room += m
					}
					switch p, is := pool[key]; {
					case is:
						g := &group{kids: list, lo: p.n, hi: p.n}
						if p.least == 1 {
							g.hi = 1 << 40
						}
						tops, list = append(tops, g), nil
					case rules && room >= anon.Pooled: // they could have been told together, and were not
						list = []*group{{kids: list, hi: anon.Pooled - 1, most: anon.Pooled - 1}}
					}
					if u.Level == org.City {
						tops = append(tops, list...)
						continue
					}
					for k := n - 1; k >= 0; k-- { // the nearest above
						if r := a.units[k].Range(); r.From <= u.Pos && u.Pos < r.To {
							left[a.units[k].ID] = append(left[a.units[k].ID], list...)
							break
						}
					}
				}
				for _, g := range tops {
					g.up()
					g.down()
				}
				for _, c := range cells {
					if insider >= 0 && a.units[insider].ID == c.unit {
						continue
					}
					if v := a.truth[a.cell(c.unit, month, kind)]; v < c.lo || v > c.hi {
						a.Fatalf("the attacker cannot count: %s %s at %d is %d, not from %d to %d", month, kind, c.unit, v, c.lo, c.hi)
					}
					what := fmt.Sprintf("%s %s at %d, by who works at %d: %d to %d", month, kind, c.unit, insider, c.lo, c.hi)
					if c.lo == c.hi {
						pinned = append(pinned, what)
					} else if c.lo != 0 || c.hi != anon.Fewest-1 {
						narrowed = append(narrowed, what)
					}
				}
			}
		}
	}
	return pinned, narrowed
}

// replaced puts other numbers in place of what was published, as a careless program would have.
func (a *attacker) replaced(rows func(month, kind string, put func(u org.Unit, pooled bool, n int64))) {
	a.must(a.db.Tx(a.ctx, func(ctx context.Context) error {
		if _, err := a.db.Exec(ctx, `DELETE FROM care_count`); err != nil {
			return err
		}
		for i := range attackMonths {
			for _, kind := range Kinds {
				var bad error
				rows(attackMonth(i), kind, func(u org.Unit, pooled bool, n int64) {
					if err := a.s.insertCount(ctx, u.Root(), attackMonth(i), countRow{Unit: u.ID, Pos: u.Pos, Kind: kind, Pooled: bit(pooled), N: n}); err != nil {
						bad = err
					}
				})
				if bad != nil {
					return bad
				}
			}
		}
		return nil
	}))
}

// R160: whoever takes published numbers of requests for help from each other, and solves what they have, gets at no number below five;
// the same attacker gets at many where numbers are published as they are, and where small ones are told together without room.
func TestDifferencesTellNothing(t *testing.T) {
	a := beset(t)
	pairs := 1000
	if testkit.Long() {
		pairs = 10000
	}
	if found := a.differences(pairs); len(found) > 0 {
		t.Errorf("%d of %d pairs tell a small number: %s", len(found), pairs, found[0])
	}
	pinned, narrowed := a.solve(true)
	if len(pinned) > 0 {
		t.Errorf("%d numbers are worked out: %s", len(pinned), pinned[0])
	}
	if len(narrowed) > 0 {
		t.Errorf("of %d numbers something is known: %s", len(narrowed), narrowed[0])
	}
	small := 0
	for _, n := range a.truth {
		if n < anon.Fewest {
			small++
		}
	}
	pools, err := db.Get[int64](a.ctx, a.db, `SELECT COUNT(*) FROM care_count WHERE pooled = 1`)
	a.must(err)
	if small < 100 || pools < 5 {
		t.Fatalf("only %d small numbers and %d told together: there is nothing to find", small, pools)
	}

	// the attacker is worth something
	a.replaced(func(month, kind string, put func(org.Unit, bool, int64)) { // as it is
		for _, u := range a.units {
			if n := a.truth[a.cell(u.ID, month, kind)]; n > 0 {
				put(u, false, n)
			}
		}
	})
	if found := a.differences(pairs); len(found) < pairs/10 {
		t.Errorf("numbers published as they are: only %d pairs tell one", len(found))
	}
	a.replaced(func(month, kind string, put func(org.Unit, bool, int64)) { // a county's small ones as soon as they come to five, without room
		if n := a.truth[a.cell(a.units[0].ID, month, kind)]; n >= anon.Fewest {
			put(a.units[0], false, n)
		}
		for _, county := range a.units[1:] {
			var rest int64
			for _, u := range a.units {
				n := a.truth[a.cell(u.ID, month, kind)]
				if in := county.Level == org.County && county.Range().From <= u.Pos && u.Pos < county.Range().To; in && n >= anon.Fewest {
					put(u, false, n)
				} else if in {
					rest += n
				}
			}
			if rest >= anon.Fewest {
				put(county, true, rest)
			}
		}
	})
	if pinned, narrowed := a.solve(false); len(pinned) == 0 || len(narrowed) == 0 {
		t.Errorf("numbers told together as soon as they come to five teach nothing: %d, %d", len(pinned), len(narrowed))
	}
}
