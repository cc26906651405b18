package scope_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"testing"

	"xinhuo/internal/kit/db"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/testkit"
)

// What the SQL lets through is what the program itself says: a list and a page can never disagree.
func TestSQLEqualsContains(t *testing.T) {
	ctx, rnd := context.Background(), rand.New(rand.NewPCG(1, 2))
	d, err := db.Open(ctx, testkit.DSN(t))
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	// places of every depth, and the edges of every range
	width := []int64{1e11, 1e9, 1e7, 1e4, 1}
	place := func() int64 {
		w := width[rnd.IntN(len(width))]
		return 99e11/w*w + rnd.Int64N(1e11/w+1)*w
	}
	sets := []scope.Set{nil, {}, scope.All}
	for range 60 {
		var s scope.Set
		for range rnd.IntN(scope.MaxRanges) + 1 {
			from := place()
			s = append(s, scope.Range{From: from, To: from + width[rnd.IntN(len(width))]})
		}
		sets = append(sets, s)
	}
	all := []int64{0, 1}
	for _, s := range sets {
		for _, r := range s {
			all = append(all, r.From-1, r.From, r.To-1, r.To)
		}
	}
	for range 500 {
		all = append(all, place())
	}
	all = slices.DeleteFunc(all, func(p int64) bool { return p < 0 })
	err = d.Tx(ctx, func(ctx context.Context) error {
		_, err := d.Exec(ctx, "CREATE TABLE place (pos BIGINT NOT NULL)")
		for _, p := range all {
			_, e := d.Exec(ctx, "INSERT INTO place (pos) VALUES ($1)", p)
			err = errors.Join(err, e)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(all)
	for _, s := range sets {
		got, err := db.Select[int64](ctx, d, "SELECT pos FROM place WHERE "+s.SQL("pos")+" ORDER BY pos")
		if err != nil {
			t.Fatal(err)
		}
		var want []int64
		for _, p := range all {
			if s.Contains(p) {
				want = append(want, p)
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s lets %d through, Contains %d", s.SQL("pos"), len(got), len(want))
		}
	}
}

// A condition stands in brackets, so that what is joined to it by OR or AND cannot widen it.
func TestSQLStandsAlone(t *testing.T) {
	for want, s := range map[string]scope.Set{
		"(1 = 0)":                  nil,
		"((pos >= 1 AND pos < 5))": {{From: 1, To: 5}},
		"((pos >= 1 AND pos < 5) OR (pos >= 7 AND pos < 8))": {{From: 1, To: 5}, {From: 7, To: 8}},
		"((pos >= 0 AND pos < 4611686018427387904))":         scope.All,
	} {
		if got := s.SQL("pos"); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
}

func TestCovers(t *testing.T) {
	s := scope.Set{{From: 10, To: 20}, {From: 20, To: 30}}
	for r, want := range map[scope.Range]bool{{10, 20}: true, {12, 15}: true, {20, 30}: true, {9, 12}: false, {25, 31}: false, {40, 50}: false,
		{15, 25}: false} { // a subtree lies inside one range or it does not
		if s.Covers(r) != want {
			t.Errorf("%v: %v", r, !want)
		}
	}
}

// Somebody unknown holds nothing; every right is asked for by itself.
func TestMay(t *testing.T) {
	one := scope.Set{{From: 10, To: 20}}
	rights := []scope.Right{scope.Find, scope.View, scope.Work, scope.Admin}
	var nobody scope.Actor
	if nobody.SignedIn() || nobody.May(scope.SignedIn, 12) || nobody.May(scope.Audit, 12) || nobody.May(scope.None, 12) || !nobody.May(scope.Anyone, 12) {
		t.Error("somebody unknown may do what they may not, or not what anyone may")
	}
	for _, right := range rights {
		a := scope.Actor{Account: 1}
		switch right {
		case scope.Find:
			a.FindSet = one
		case scope.View:
			a.ViewSet = one
		case scope.Work:
			a.WorkSet = one
		case scope.Admin:
			a.AdminSet = one
		}
		for _, other := range rights {
			if a.May(other, 12) != (other == right) || a.May(other, 20) || nobody.May(other, 12) {
				t.Errorf("who holds %s: may %s is %v", right, other, a.May(other, 12))
			}
		}
		if a.May(scope.Audit, 12) || a.May(scope.None, 12) || !a.May(scope.SignedIn, 0) {
			t.Errorf("who holds %s reads the log, or is not signed in", right)
		}
	}
	if s := scope.System("test"); !s.SignedIn() || !s.May(scope.Work, 9902e9) || !s.May(scope.Audit, 0) || s.May(scope.None, 0) {
		t.Error("the operator is held up")
	}
}

func TestActorOfTheContext(t *testing.T) {
	if a := scope.From(context.Background()); a.SignedIn() || len(a.ViewSet) != 0 {
		t.Error("a forgotten sign-in let somebody in")
	}
	ctx := scope.With(context.Background(), scope.Actor{Account: 7})
	if scope.From(ctx).Account != 7 {
		t.Error("the actor is lost")
	}
}
