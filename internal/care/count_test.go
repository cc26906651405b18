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
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/testkit"
)

// came puts requests of a kind at a unit on a day of the month before.
func (w *world) came(unit id.ID, pos int64, kind string, n int, at time.Time) {
	w.Helper()
	w.must(w.db.Tx(w.ctx, func(ctx context.Context) error {
		for range n {
			q := Request{Root: pos / 1e9, ID: id.New(), Unit: unit, Pos: pos, Kind: kind, Asker: "young", Way: "here", Urgency: Usual, State: Closed, At: at.UnixMilli()}
			if ok, err := w.s.insertRequest(ctx, q, fmt.Sprint(q.ID)); err != nil || !ok {
				return fmt.Errorf("%v %w", ok, err)
			}
		}
		return nil
	}))
}

// How many asked is told of closed months alone, once; what is fewer than five at a desk stands in no number of its own, and what is
// shown sums to no more than there was.
func TestCountsTellNothingSmall(t *testing.T) {
	w := openWorld(t)
	w.open()
	beside := w.as["beside"]
	w.must(w.s.SetDesk(w.by("beside"), Desk{Unit: beside.Unit, Open: true, Kinds: Kinds, Phone: "0500-5550126", Hours: "全天"}, []string{"beside"}))
	april := time.Date(2019, 4, 10, 4, 0, 0, 0, time.UTC)
	w.came(w.desk.ID, w.desk.Pos, "mind", 7, april)
	w.came(w.desk.ID, w.desk.Pos, "law", 3, april)
	w.came(beside.Unit, beside.Pos, "law", 1, april)
	w.came(beside.Unit, beside.Pos, "hardship", 4, april)
	w.came(w.desk.ID, w.desk.Pos, "other", 9, time.Date(2019, 5, 2, 4, 0, 0, 0, time.UTC)) // of this month: not closed
	n, err := w.s.Publish(w.ctx)
	w.must(err)
	if n != 1 {
		t.Errorf("%d months are published", n)
	}
	_, _, got, err := w.s.Counts(w.by("above"), w.city)
	w.must(err)
	if len(got) != 1 || got[0] != (Count{"mind", 7, false}) {
		t.Errorf("the city is told %+v", got)
	}
	page := testkit.HTML(t, w.do("above", "GET", "/care?unit="+w.city.ID.String(), nil, 200).Body.String())
	page.MustHave("#counts", "心里难受")
	page.MustHave("#counts td", "7")
	for _, secret := range []string{"权益受侵害", "生活有困难"} {
		page.MustNotContain(secret)
	}
	_, _, _, err = w.s.Counts(w.by("beside"), w.city)
	w.kind(err, errs.NotFound)
	// what comes in late for a month that is published changes nothing, nor does a second run
	w.came(w.desk.ID, w.desk.Pos, "law", 5, april)
	if n, err = w.s.Publish(w.ctx); err != nil || n != 0 {
		t.Error(n, err)
	}
	if _, _, again, err := w.s.Counts(w.by("above"), w.city); err != nil || !slices.Equal(again, got) {
		t.Errorf("a published number changed: %+v %v", again, err)
	}
	w.now = w.now.Add(24 * time.Hour) // June: May has ended
	if n, err = w.s.Publish(w.ctx); err != nil || n != 1 {
		t.Error(n, err)
	}
}

// Random months against a count of the rows by SQL that shares nothing with the publishing: no published number of a unit is below five
// or differs from what came in there, and a whole is never more than there was.
func TestCountsAreWhatCameIn(t *testing.T) {
	w := openWorld(t)
	w.open()
	beside := w.as["beside"]
	w.must(w.s.SetDesk(w.by("beside"), Desk{Unit: beside.Unit, Open: true, Kinds: Kinds, Phone: "0500-5550126", Hours: "全天"}, []string{"beside"}))
	r := rand.New(rand.NewPCG(6, 8))
	for month := 1; month <= 8; month++ {
		for _, x := range []struct {
			unit id.ID
			pos  int64
		}{{w.desk.ID, w.desk.Pos}, {beside.Unit, beside.Pos}} {
			for _, kind := range Kinds {
				w.came(x.unit, x.pos, kind, r.IntN(12), time.Date(2018, time.Month(month), 1+r.IntN(28), 3, 0, 0, 0, time.UTC))
			}
		}
	}
	_, err := w.s.Publish(w.ctx)
	w.must(err)
	list, err := db.Select[struct {
		Unit  id.ID
		Month string
		Kind  string
		N     int64
		Small int64
	}](w.ctx, w.db, `SELECT unit, month, kind, n, pooled AS small FROM care_count`)
	w.must(err)
	if len(list) < 20 {
		t.Fatalf("only %d numbers are published", len(list))
	}
	all, err := db.Select[struct {
		Unit id.ID
		Kind string
		At   int64
	}](w.ctx, w.db, `SELECT unit, kind, at FROM care_request`)
	w.must(err)
	there := map[string]int64{}
	for _, q := range all {
		there[fmt.Sprint(q.Unit, time.UnixMilli(q.At).UTC().Format("2006-01"), q.Kind)]++
	}
	for _, x := range list {
		if x.Small == 0 && (x.N < anon.Fewest || x.N != there[fmt.Sprint(x.Unit, x.Month, x.Kind)]) {
			t.Errorf("%+v is published, %d came in", x, there[fmt.Sprint(x.Unit, x.Month, x.Kind)])
		}
		if x.Small == 1 && x.N < anon.Pooled {
			t.Errorf("%+v: too few together", x)
		}
	}
}
