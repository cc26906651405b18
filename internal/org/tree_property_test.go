package org

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/testkit"
)

// naive is the tree told again without places: for each day of the calendar, who stands, of which name, under whom.
type naive struct {
	days []naiveDay // by day number
}

type naiveDay map[id.ID]naiveUnit

type naiveUnit struct {
	name   string
	parent id.ID
	level  Level
	stands bool
}

const naiveDays = 40

func dayNo(n int) clock.Day { return clock.Day("2010-01-01").AddDays(n * 30) }

func (n *naive) clone() *naive {
	c := &naive{}
	for _, d := range n.days {
		c.days = append(c.days, maps.Clone(d))
	}
	return c
}

func (n *naive) each(from int, f func(d naiveDay)) {
	for i := from; i < naiveDays; i++ {
		f(n.days[i])
	}
}

// under tells whether u is at or below top on the day.
func (d naiveDay) under(u, top id.ID) bool {
	for range 10 {
		if u == top {
			return true
		}
		x, ok := d[u]
		if !ok || x.parent == 0 {
			return false
		}
		u = x.parent
	}
	return false
}

// R57, R150: random histories, entered in any order of days, against a model that knows no places.
func TestRandomHistoriesAgreeWithANaiveTree(t *testing.T) {
	rounds, steps := 3, 60
	if testkit.Long() {
		rounds, steps = 40, 300
	}
	for r := range rounds {
		seed := uint64(r + 1)
		t.Run(fmt.Sprint(seed), func(t *testing.T) { randomHistory(t, seed, steps) })
	}
}

func randomHistory(t *testing.T, seed uint64, steps int) {
	rnd := rand.New(rand.NewPCG(seed, 7))
	ctx, s := open(t)
	model := &naive{}
	for range naiveDays {
		model.days = append(model.days, naiveDay{})
	}
	told := map[id.ID]Changed{}
	s.OnChanged(func(_ context.Context, c Changed) error { told[c.Unit] = c; return nil })
	var units []id.ID
	add := func(level Level, parent id.ID, day int) bool {
		name := fmt.Sprintf("单位%d", len(units)+1)
		u, err := s.Found(ctx, NewUnit{Name: name, Level: level, Parent: parent, From: dayNo(day)})
		if err != nil {
			if !errs.Is(err, errs.Invalid) && !errs.Is(err, errs.Conflict) {
				t.Fatal(err)
			}
			return false
		}
		units = append(units, u.ID)
		model.each(day, func(d naiveDay) { d[u.ID] = naiveUnit{name, parent, level, true} })
		return true
	}
	add(Province, 0, 0)
	add(City, units[0], 0)
	add(City, units[0], 0)
	for _, c := range []int{1, 1, 2, 2} {
		add(County, units[c], 0)
	}
	for _, c := range []int{3, 3, 4, 5, 6} {
		add(Township, units[c], 0)
	}
	type done struct {
		event  id.ID
		before *naive
		after  *naive
	}
	var last []done
	counts := map[string]int{}
	for step := range steps {
		day := rnd.IntN(naiveDays)
		d := dayNo(day)
		u := units[rnd.IntN(len(units))]
		v := units[rnd.IntN(len(units))]
		before := model.clone()
		var err error
		act := []string{"found", "found", "move", "move", "merge", "close", "rename", "reopen", "undo"}[rnd.IntN(9)]
		on := model.days[day]
		switch act {
		case "found":
			now := on[u]
			below := now.level.Below()
			if rnd.IntN(3) == 0 {
				below = Campus
			}
			if below == "" || !add(below, u, day) {
				continue
			}
		case "move":
			if err = s.Move(ctx, u, v, d, ""); err == nil {
				was := on[u].parent
				for i := day; i < naiveDays && model.days[i][u].parent == was; i++ {
					x := model.days[i][u]
					x.parent = v
					model.days[i][u] = x
				}
			}
		case "merge":
			if err = s.Merge(ctx, []id.ID{u}, v, d, ""); err == nil {
				for i := day; i < naiveDays; i++ {
					for k, x := range model.days[i] {
						if x.parent == u {
							x.parent = v
							model.days[i][k] = x
						}
					}
					x := model.days[i][u]
					x.stands = false
					model.days[i][u] = x
				}
			}
		case "close":
			if err = s.Close(ctx, u, d, ""); err == nil {
				model.each(day, func(d naiveDay) { x := d[u]; x.stands = false; d[u] = x })
			}
		case "reopen":
			if err = s.Reopen(ctx, u, ""); err == nil {
				model.each(0, func(d naiveDay) {
					if x, ok := d[u]; ok {
						x.stands = true
						d[u] = x
					}
				})
			}
		case "rename":
			name := fmt.Sprintf("新名%d", step)
			if err = s.Rename(ctx, u, name, nil, d, ""); err == nil {
				was := on[u].name
				for i := day; i < naiveDays && model.days[i][u].name == was; i++ {
					x := model.days[i][u]
					x.name = name
					model.days[i][u] = x
				}
			}
		case "undo":
			if len(last) == 0 {
				continue
			}
			// Only the very last event: its undoing must always be possible and give back the tree before it.
			if err := s.Undo(ctx, last[len(last)-1].event); err != nil {
				t.Fatalf("undo of the last event: %v", err)
			}
			model = last[len(last)-1].before
			last = nil
			counts[act]++
			check(t, ctx, s, model, units, told, rnd)
			continue
		}
		if err != nil {
			if !errs.Is(err, errs.Invalid) && !errs.Is(err, errs.Conflict) {
				t.Fatalf("%s: %v", act, err)
			}
			continue
		}
		counts[act]++
		who := u
		if act == "merge" {
			who = v
		}
		if act == "found" {
			who = units[len(units)-1]
		}
		h, err := s.History(ctx, who)
		must(t, err)
		newest := slices.MaxFunc(h, func(a, b Event) int { return int(a.ID - b.ID) })
		last = append(last, done{newest.ID, before, model})
		check(t, ctx, s, model, units, told, rnd)
	}
	t.Log(counts)
}

// check compares a day, and the state that listeners were told, with the model.
func check(t *testing.T, ctx context.Context, s *Service, model *naive, units []id.ID, told map[id.ID]Changed, rnd *rand.Rand) {
	t.Helper()
	n := rnd.IntN(naiveDays)
	day, on := dayNo(n), model.days[n]
	found := map[id.ID]Unit{}
	for _, u := range units {
		want, known := on[u]
		got, err := s.AsOf(ctx, u, day)
		if known && want.stands != (err == nil) {
			t.Fatalf("%s stands on %s: %v, want %v", u, day, err, want.stands)
		}
		if !known && err == nil {
			t.Fatalf("%s stands on %s before its founding", u, day)
		}
		if err != nil {
			continue
		}
		found[u] = got
		if got.Name != want.name || got.Parent != want.parent {
			t.Fatalf("%s on %s: %q under %s, want %q under %s", u, day, got.Name, got.Parent, want.name, want.parent)
		}
		var place Place
		for _, p := range told[u].Places {
			if clock.Covers(p.From, p.To, day) {
				place = p
			}
		}
		if place.Pos != got.Pos || place.Parent != got.Parent {
			t.Fatalf("%s on %s stands at %d, listeners were told %+v", u, day, got.Pos, told[u].Places)
		}
	}
	places := map[int64]id.ID{}
	for u, x := range found {
		if o, twice := places[x.Pos]; twice {
			t.Fatalf("%s and %s stand both at %d on %s", u, o, x.Pos, day)
		}
		places[x.Pos] = u
		below := scope.Set{x.Range()}
		for v, y := range found {
			if in, want := below.Contains(y.Pos), on.under(v, u); in != want {
				t.Fatalf("on %s %+v lies in the range of %+v: %v, want %v", day, y, x, in, want)
			}
		}
		children, err := s.Children(ctx, u, day, "", 500)
		must(t, err)
		var want []id.ID
		for v, y := range on {
			if y.stands && y.parent == u {
				want = append(want, v)
			}
		}
		var got []id.ID
		for _, c := range children {
			got = append(got, c.Unit.ID)
		}
		slices.Sort(want)
		slices.Sort(got)
		if !slices.Equal(got, want) {
			t.Fatalf("children of %s on %s: %v, want %v", u, day, got, want)
		}
	}
}
