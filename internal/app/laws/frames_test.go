package laws

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"

	"xinhuo/internal/app/oracle"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/db"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/testkit"
	"xinhuo/internal/ledger"
	"xinhuo/internal/org"
)

// land is a tree as a child would draw it: who was whose parent from when on. It shares nothing with org or the ledger.
type land map[string]parcel

type parcel struct {
	level    string
	from, to string // to "" = stands
	heir     string
	parents  []stay // the earliest first
}

type stay struct{ from, parent string }

func (l land) clone() land {
	out := land{}
	for k, v := range l {
		v.parents = slices.Clone(v.parents)
		out[k] = v
	}
	return out
}

func (l land) stands(u, day string) bool {
	return l[u].from <= day && (l[u].to == "" || day < l[u].to)
}

func (l land) parent(u, day string) string {
	out := l[u].parents[0].parent
	for _, s := range l[u].parents {
		if s.from <= day {
			out = s.parent
		}
	}
	return out
}

// keeper is whose a unit's things are: by the boundaries of then its own until another has taken it over, by today's
// always the last heir's.
func (l land) keeper(u, day string, today bool) string {
	for l[u].heir != "" && (today || l[u].to <= day) {
		u = l[u].heir
	}
	return u
}

// above are a unit and all that it lies in.
func (l land) above(u, day string, today bool) map[string]bool {
	out := map[string]bool{}
	for u != "" {
		out[u] = true
		if today {
			u = l[u].parents[len(l[u].parents)-1].parent
		} else {
			u = l.parent(u, day)
		}
	}
	return out
}

// move gives a unit another parent from a day on, up to the next move that is known.
func (l land) move(u, to, day string) {
	p := l[u]
	var out []stay
	done := false
	for i, s := range p.parents {
		next := i+1 < len(p.parents) && p.parents[i+1].from <= day
		switch {
		case done || s.from < day && next:
			out = append(out, s)
		case s.from < day:
			out = append(out, s, stay{day, to})
			done = true
		default:
			out = append(out, stay{s.from, to})
			done = true
		}
	}
	p.parents = out
	l[u] = p
}

// thing is a record of the law: a base or a team of one unit for a time, or a contract of several on a day.
type thing struct {
	kind     string // base, team, project
	units    []string
	from, to string
	fen      int64
}

// counted are the codes of what a figure counts at a unit, with their amounts.
func (l land) counted(things map[string]thing, figure, unit, day string, today bool) map[string]int64 {
	out := map[string]int64{}
	if !l.stands(unit, day) {
		return out
	}
	open := func(x thing) bool { return x.from <= day && (x.to == "" || day < x.to) }
	switch figure {
	case "base.accredited":
		for code, x := range things {
			if x.kind == "base" && open(x) && l.above(l.keeper(x.units[0], day, today), day, today)[unit] {
				out[code] = 1
			}
		}
	case "team.active":
		for code, x := range things {
			u := x.units[0]
			if x.kind == "team" && open(x) && l.stands(u, day) && l.above(l.keeper(u, day, today), day, today)[unit] {
				out[code] = 1
			}
		}
	case "project.signed_fen":
		for code, x := range things {
			if x.kind != "project" || x.from > day {
				continue
			}
			for _, u := range x.units {
				if (l[u].to == "" || x.from < l[u].to) && l.above(l.keeper(u, x.from, today), x.from, today)[unit] {
					out[code] = x.fen
				}
			}
		}
	case "unit.townships":
		for u, p := range l {
			if p.level == "township" && l.stands(u, day) && l.above(l.keeper(u, day, today), day, today)[unit] {
				out[u] = 1
			}
		}
	case "team.townships_none", "team.townships_1to4":
		for u, p := range l {
			if p.level != "township" || !l.stands(u, day) || !l.above(u, day, today)[unit] { // a test has no heir
				continue
			}
			n := 0
			for _, x := range things {
				if x.kind == "team" && open(x) && l.stands(x.units[0], day) && l.keeper(x.units[0], day, today) == u {
					n++
				}
			}
			if (n == 0) == (figure == "team.townships_none") && n < 5 {
				out[u] = 1
			}
		}
	}
	return out
}

var framed = []string{"base.accredited", "team.active", "project.signed_fen", "unit.townships", "team.townships_none", "team.townships_1to4"}

// grounds is a book over a land, with the things in it.
type grounds struct {
	*book
	land   land
	things map[string]thing
	seed   uint64
	next   int
}

func (g *grounds) put(code string, x thing, gone bool) {
	g.t.Helper()
	ref := g.ids[x.kind][code]
	if ref == 0 {
		ref = id.New()
		g.ids[x.kind][code] = ref
		g.name[ref] = ledger.Description{Code: code}
	}
	r := ledger.Record{Ref: id.Ref{ID: ref}}
	if !gone {
		var units []id.ID
		for _, u := range x.units {
			units = append(units, g.units[u])
		}
		row := ledger.Row{From: clock.Day(x.from), To: clock.Day(x.to), Units: units}
		switch x.kind {
		case "base":
			row.Type, row.Attrs = "accreditation", map[string]any{"status": "granted", "level": "city"}
			r.Attrs = map[string]any{"category": "法治", "first_granted": x.from}
		case "team":
			row.Type, row.Attrs = "team", map[string]any{"status": "approved", "need": "宣讲"}
		case "project":
			row.Type, row.To, row.Attrs = "signing", "", map[string]any{"status": "signed", "amount_fen": x.fen}
		}
		r.Rows = []ledger.Row{row}
		g.recs[x.kind][code] = &r
		g.things[code] = x
	} else {
		delete(g.recs[x.kind], code)
		delete(g.things, code)
	}
	g.must(g.db.Tx(g.ctx, func(ctx context.Context) error { return g.led.Post(ctx, x.kind, r) }))
}

// compare asks every figure at units on days by both boundaries, with its evidence.
func (g *grounds) compare(what string, units, days []string) {
	g.t.Helper()
	for _, u := range units {
		for _, day := range days {
			for _, b := range []ledger.Boundary{ledger.Then, ledger.Today} {
				for _, f := range framed {
					want := g.land.counted(g.things, f, u, day, b == ledger.Today)
					q := ledger.Query{Figure: f, Unit: g.units[u], Day: clock.Day(day), From: "2000-01-01", Boundary: b}
					list, err := g.led.Evidence(g.ctx, q, "", 0)
					g.must(err)
					got := map[string]int64{}
					for _, it := range list.Items {
						got[it.Code] += it.Amount
					}
					var sum int64
					for _, n := range want {
						sum += n
					}
					v, err := g.led.Ask(g.ctx, q)
					g.must(err)
					if v.Int() != sum || !maps.Equal(got, want) {
						for k := range g.land {
							type pl struct {
								Pos  int64
								From int64 `db:"from_day"`
								To   int64 `db:"to_day"`
							}
							x, _ := db.Select[pl](g.ctx, g.db, `SELECT pos, from_day, to_day FROM ledger_place WHERE unit = $1 ORDER BY from_day`, g.units[k])
							g.t.Log(k, g.land[k], x)
						}
						for c := range want {
							g.t.Log(c, g.things[c])
						}
						for c := range got {
							g.t.Log(c, g.things[c])
						}
						g.t.Fatalf("seed %d, after %s: %s at %s on %s by %s: %d with evidence %v, recount %d of %v", g.seed, what, f, u, day, b, v.Int(), got, sum, want)
					}
				}
			}
		}
	}
}

func (g *grounds) plant(code, parent, level, from string) {
	g.found([]oracle.Unit{{ID: code, Parent: parent, Level: level, Name: level + code, ValidFrom: from}})
	g.land[code] = parcel{level: level, from: from, parents: []stay{{from, parent}}}
}

// happen lets one random event happen to the tree on a day; "" when org refuses it.
func (g *grounds) happen(rng *rand.Rand, day string) (what string, event id.ID, before land) {
	g.t.Helper()
	all := slices.Sorted(maps.Keys(g.land))
	u, v := all[rng.IntN(len(all))], all[rng.IntN(len(all))]
	before = g.land.clone()
	subject := u
	known := map[id.ID]bool{}
	history := func() []org.Event {
		evs, err := g.org.History(g.ctx, g.units[subject])
		g.must(err)
		return evs
	}
	note := func() {
		for _, e := range history() {
			known[e.ID] = true
		}
	}
	var err error
	switch kind := rng.IntN(8); kind {
	case 0, 1, 2:
		what = "move of " + u + " to " + v
		note()
		if err = g.org.Move(g.ctx, g.units[u], g.units[v], clock.Day(day), ""); err == nil {
			g.land.move(u, v, day)
		}
	case 3, 4:
		what = "merger of " + u + " into " + v
		subject = v
		note()
		if err = g.org.Merge(g.ctx, []id.ID{g.units[u]}, g.units[v], clock.Day(day), ""); err == nil {
			for k, p := range g.land {
				if slices.ContainsFunc(p.parents, func(s stay) bool { return s.parent == u }) && g.land.parent(k, day) == u {
					g.land.move(k, v, day)
				}
			}
			p := g.land[u]
			p.to, p.heir = day, v
			g.land[u] = p
		}
	case 5:
		what = "end of " + u
		note()
		if err = g.org.Close(g.ctx, g.units[u], clock.Day(day), ""); err == nil {
			p := g.land[u]
			p.to = day
			g.land[u] = p
		}
	case 6:
		what = "new name of " + u
		note()
		err = g.org.Rename(g.ctx, g.units[u], fmt.Sprint("新名", rng.IntN(1000)), nil, clock.Day(day), "")
	case 7:
		what = "split of " + u
		note()
		g.next++
		code := fmt.Sprintf("%s-%d", g.land[u].level[:1], g.next)
		var children []id.ID
		var moved []string
		for _, k := range all {
			if g.land[k].parents[0].parent != "" && g.land.parent(k, day) == u && g.land.stands(k, day) && rng.IntN(2) == 0 {
				children, moved = append(children, g.units[k]), append(moved, k)
			}
		}
		end := rng.IntN(2) == 0
		part := org.NewUnit{Code: code, Name: "新设" + code}
		if g.land[u].level == "township" {
			part.Kind = org.Town
		}
		var made []org.Unit
		if made, err = g.org.Split(g.ctx, g.units[u], []org.Part{{Unit: part, Children: children}}, end, clock.Day(day), ""); err == nil {
			g.units[code], g.code[made[0].ID] = made[0].ID, code
			g.name[made[0].ID] = ledger.Description{Code: code}
			now := parcel{level: g.land[u].level, from: day, parents: []stay{{day, g.land.parent(u, day)}}}
			g.land[code], before[code] = now, now // taking the split back leaves what it founded
			for _, k := range moved {
				g.land.move(k, code, day)
			}
			if end {
				p := g.land[u]
				p.to = day
				g.land[u] = p
			}
		}
	}
	if err != nil {
		if !errs.Is(err, errs.Invalid) && !errs.Is(err, errs.Conflict) && !errs.Is(err, errs.NotFound) {
			g.t.Fatalf("%s: %v", what, err)
		}
		return "", 0, nil
	}
	for _, e := range history() {
		if !known[e.ID] {
			event = e.ID
		}
	}
	return what + " on " + day, event, before
}

// By the boundaries of then a figure is what it was where it was on the day; by today's it is cut by the tree of today.
// Both hold after units were merged, moved between counties and cities, split, ended and renamed, whatever the order in
// which that became known, and after such an event was taken back.
func TestBoundaries(t *testing.T) {
	testkit.Full(t)
	worlds, steps := 6, 60
	if testkit.Long() {
		worlds = 200
	}
	happened := 0
	for seed := uint64(1); seed <= uint64(worlds); seed++ {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			rng := rand.New(rand.NewPCG(seed, 31))
			g := &grounds{book: open(t), land: land{}, things: map[string]thing{}, seed: seed}
			const first = "2001-01-01"
			g.plant("P", "", "province", first)
			for _, c := range []string{"C", "D"} {
				g.plant(c, "P", "city", first)
				for i := range 2 {
					county := fmt.Sprint(c, i)
					g.plant(county, c, "county", first)
					for j := range 2 {
						township := fmt.Sprint(county, j)
						g.plant(township, county, "township", first)
						if j == 0 {
							g.plant(township+"v", township, "village", first)
						}
					}
				}
				g.plant(c+"s", c+"0", "campus", first)
			}
			days := []string{"2004-02-29"}
			for range 12 {
				days = append(days, fmt.Sprintf("20%02d-%02d-%02d", 5+rng.IntN(13), 1+rng.IntN(12), 1+rng.IntN(28)))
			}
			slices.Sort(days)
			code := 0
			at := func() string { return days[rng.IntN(len(days))] }
			for range steps {
				all := slices.Sorted(maps.Keys(g.land))
				for range 2 { // what is kept of the units
					code++
					x := thing{kind: []string{"base", "team", "team", "project"}[rng.IntN(4)], fen: int64(1 + rng.IntN(1000))}
					for range 1 + rng.IntN(3) {
						if u := all[rng.IntN(len(all))]; !slices.Contains(x.units, u) && (len(x.units) == 0 || x.kind == "project") {
							x.units = append(x.units, u)
							x.from = max(x.from, g.land[u].from)
						}
					}
					x.from = max(x.from, at())
					if rng.IntN(3) == 0 {
						if to := at(); to > x.from {
							x.to = to
						}
					}
					g.put(fmt.Sprintf("R%03d", code), x, false)
				}
				if rng.IntN(4) == 0 {
					codes := slices.Sorted(maps.Keys(g.things))
					gone := codes[rng.IntN(len(codes))]
					g.put(gone, g.things[gone], true)
				}
				near := []string{"P", "C", "D", all[rng.IntN(len(all))], all[rng.IntN(len(all))]}
				what, event, before := g.happen(rng, at())
				if what != "" {
					happened++
					g.compare(what, near, []string{at(), "2018-12-31"})
					if rng.IntN(4) == 0 {
						if err := g.org.Undo(g.ctx, event); err == nil {
							g.land = before
							what = "undo of " + what
						} else if !errs.Is(err, errs.Conflict) {
							t.Fatal(what, err)
						}
					}
				}
				if rng.IntN(3) == 0 {
					g.must(g.led.Fold(g.ctx))
				}
				g.compare(what, near, []string{at()})
			}
			g.compare("everything", slices.Sorted(maps.Keys(g.land)), []string{days[0], at(), at(), "2018-12-31"})
			rep, err := g.led.Verify(g.ctx, nil)
			g.must(err)
			if len(rep.Faults) > 0 {
				t.Fatalf("verify: %v", rep.Faults)
			}
		})
	}
	t.Logf("%d events", happened)
	if happened < 15*worlds {
		t.Errorf("only %d events happened", happened)
	}
}
