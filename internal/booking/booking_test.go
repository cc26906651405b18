package booking

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/db"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/testkit"
)

type fixture struct {
	*testing.T
	ctx context.Context
	d   *db.DB
	s   *Service
}

func open(t *testing.T) *fixture {
	t.Helper()
	bg := context.Background()
	dsn := testkit.Prepared(t, "booking", func(dsn string) error {
		d, err := db.Open(bg, dsn)
		if err != nil {
			return err
		}
		return errors.Join(d.Migrate(bg, []db.Source{{Module: "booking", Files: Migrations}}), d.Close())
	})
	d, err := db.Open(bg, dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	texts, err := i18n.Load(Texts)
	if err != nil {
		t.Fatal(err)
	}
	return &fixture{T: t, ctx: i18n.With(bg, texts, "zh"), d: d, s: New(d)}
}

func (f *fixture) must(err error) {
	f.Helper()
	if err != nil {
		f.Fatal(err)
	}
}

// at is a time of 1 June 2019.
func at(hhmm string) time.Time {
	t, err := time.ParseInLocation("2006-01-02 15:04", "2019-06-01 "+hhmm, clock.Shanghai)
	if err != nil {
		panic(err)
	}
	return t
}

func holder(name string) Holder {
	return Holder{Kind: "activity", Ref: id.Ref{Root: 9902, ID: id.New()}, Name: name}
}

var lecturer = id.Ref{Root: 9902, ID: 77}

func claim(from, to string) Claim {
	return Claim{Subject: lecturer, Name: "林育德", From: at(from), To: at(to)}
}

// R122: a lecturer is not booked twice for one hour, and who comes too late reads by whom and when.
func TestOneHolderAnHour(t *testing.T) {
	f := open(t)
	first, second := holder("法治宣讲进校园"), holder("科普大篷车")
	f.must(f.s.Hold(f.ctx, first, Booked, []Claim{claim("09:00", "10:30")}))
	err := f.s.Hold(f.ctx, second, Booked, []Claim{claim("10:15", "11:00")})
	if !errs.Is(err, errs.Conflict) {
		t.Fatalf("the second booking: %v", err)
	}
	text := i18n.Error(f.ctx, err)
	for _, word := range []string{"林育德", "2019年6月1日", "09:00", "10:30", "法治宣讲进校园"} {
		if !strings.Contains(text, word) {
			t.Errorf("%q does not say %s", text, word)
		}
	}
	f.must(f.s.Hold(f.ctx, second, Booked, []Claim{claim("10:30", "11:00")})) // one after the other is fine
	if list, err := f.s.Of(f.ctx, Booked, lecturer, at("00:00"), at("23:59")); err != nil || len(list) != 2 || list[0].Holder != first || !list[0].To.Equal(at("10:30")) {
		t.Errorf("%v, %v", list, err)
	}
}

// A booking that loses one of its subjects takes none, and what the holder had before stays.
func TestAllOrNothing(t *testing.T) {
	f := open(t)
	first, second := holder("甲"), holder("乙")
	hall := id.Ref{Root: 9902, ID: 88}
	f.must(f.s.Hold(f.ctx, first, Booked, []Claim{claim("09:00", "10:00")}))
	f.must(f.s.Hold(f.ctx, second, Booked, []Claim{{Subject: hall, Name: "展馆", From: at("14:00"), To: at("15:00")}}))
	err := f.s.Hold(f.ctx, second, Booked, []Claim{{Subject: hall, Name: "展馆", From: at("09:00"), To: at("10:00")}, claim("09:30", "10:00")})
	if !errs.Is(err, errs.Conflict) {
		t.Fatal(err)
	}
	list, err := f.s.Held(f.ctx, Booked, second)
	if err != nil || len(list) != 1 || !list[0].From.Equal(at("14:00")) || !list[0].To.Equal(at("15:00")) {
		t.Errorf("%v, %v", list, err)
	}
}

// A change holds anew, a release holds nothing; the calendars do not see each other.
func TestChangeReleaseAndCalendars(t *testing.T) {
	f := open(t)
	h, other := holder("甲"), holder("乙")
	f.must(f.s.Hold(f.ctx, h, Booked, []Claim{claim("09:00", "10:00"), claim("09:00", "10:00")})) // named twice is held once
	f.must(f.s.Hold(f.ctx, h, Booked, []Claim{claim("09:30", "10:30")}))                          // overlaps its own former hours
	f.must(f.s.Hold(f.ctx, other, Worked, []Claim{claim("09:30", "10:30")}))
	free, err := f.s.Free(f.ctx, Booked, []id.Ref{lecturer, {Root: 9902, ID: 1}}, at("09:00"), at("09:30"))
	if err != nil || len(free) != 2 {
		t.Errorf("free from 09:00: %v, %v", free, err)
	}
	if free, err = f.s.Free(f.ctx, Booked, []id.Ref{lecturer}, at("10:00"), at("11:00")); err != nil || len(free) != 0 {
		t.Errorf("free from 10:00: %v, %v", free, err)
	}
	if taken, err := f.s.Taken(f.ctx, other, Booked, []Claim{claim("08:00", "09:45")}); err != nil || len(taken) != 1 || taken[0].Holder.Name != "甲" {
		t.Errorf("%v, %v", taken, err)
	}
	if taken, err := f.s.Taken(f.ctx, h, Booked, []Claim{claim("08:00", "09:45")}); err != nil || len(taken) != 0 {
		t.Errorf("one's own hours are no obstacle: %v, %v", taken, err)
	}
	f.must(f.s.Hold(f.ctx, h, Booked, nil))
	f.must(f.s.Hold(f.ctx, other, Booked, []Claim{claim("09:00", "23:00")}))
	if list, err := f.s.Held(f.ctx, Worked, other); err != nil || len(list) != 1 {
		t.Errorf("%v, %v", list, err)
	}
}

func TestLimits(t *testing.T) {
	f := open(t)
	day := at("08:00")
	for name, claims := range map[string][]Claim{
		"ends before it begins": {claim("10:00", "09:00")},
		"no time at all":        {claim("10:00", "10:00")},
		"too long":              {{Subject: lecturer, From: day, To: day.AddDate(0, 0, MaxDays+1)}},
		"too many":              make([]Claim, MaxClaims+1),
	} {
		if err := f.s.Hold(f.ctx, holder("甲"), Booked, claims); !errs.Is(err, errs.Invalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	var all []Claim
	for i := range 200 { // 200 people for 30 days are more rows than one booking may write
		all = append(all, Claim{Subject: id.Ref{Root: 9902, ID: id.ID(i + 1)}, From: day, To: day.AddDate(0, 0, 30)})
	}
	if err := f.s.Hold(f.ctx, holder("甲"), Booked, all); !errs.Is(err, errs.Invalid) {
		t.Errorf("too many quarters: %v", err)
	}
	f.must(f.s.Hold(f.ctx, holder("甲"), Booked, []Claim{{Subject: lecturer, From: day, To: day.AddDate(0, 0, MaxDays)}}))
}

// Every instant lies in the quarter that begins at or before it, by the clock of Shanghai.
func TestQuarters(t *testing.T) {
	for _, c := range []struct{ from, to, first, last string }{
		{"09:00", "10:00", "09:00", "10:00"}, {"09:01", "09:14", "09:00", "09:15"}, {"09:14", "09:16", "09:00", "09:30"}, {"00:00", "00:01", "00:00", "00:15"},
	} {
		if got := instant(slotOf(at(c.from))); !got.Equal(at(c.first)) {
			t.Errorf("%s begins at %s", c.from, got)
		}
		if got := instant(slotBefore(at(c.to))); !got.Equal(at(c.last)) {
			t.Errorf("%s ends at %s", c.to, got)
		}
	}
	rnd := rand.New(rand.NewPCG(1, 2))
	for range 10000 {
		at := time.Unix(rnd.Int64N(8e9)-4e9, rnd.Int64N(1e9))
		s := slotOf(at)
		if instant(s).After(at) || !instant(s+1).After(at) {
			t.Fatalf("%s is not in the quarter of %s", at, instant(s))
		}
		if b := slotBefore(at); instant(b).Before(at) || !instant(b-1).Before(at) {
			t.Fatalf("%s: the first quarter behind it begins at %s", at, instant(b))
		}
	}
}

// R122: a hundred ask for one lecturer in the same moment; exactly one gets him, in every round.
func TestAHundredAtOnce(t *testing.T) {
	f := open(t)
	rounds := 50
	if testkit.Long() {
		rounds = 1000
	}
	for round := range rounds {
		who := id.Ref{Root: 9902, ID: id.ID(1000 + round)}
		var all sync.WaitGroup
		results := make([]error, 100)
		start := make(chan struct{})
		for i := range results {
			all.Go(func() {
				<-start
				h := holder(fmt.Sprintf("第%d家", i))
				// each wants another stretch, and all of them the quarter from ten o'clock
				results[i] = f.s.Hold(f.ctx, h, Booked, []Claim{{Subject: who, Name: "林育德", From: at("10:00").Add(-time.Duration(i%5) * 15 * time.Minute), To: at("10:15").Add(time.Duration(i%7) * 15 * time.Minute)}})
			})
		}
		close(start)
		all.Wait()
		won := 0
		for i, err := range results {
			switch {
			case err == nil:
				won++
			case !errs.Is(err, errs.Conflict):
				t.Fatalf("round %d, %d: %v", round, i, err)
			}
		}
		list, err := f.s.Of(f.ctx, Booked, who, at("00:00"), at("23:45"))
		if err != nil || won != 1 || len(list) != 1 {
			t.Fatalf("round %d: %d won, %v holds, %v", round, won, list, err)
		}
	}
}

// R122: bookings of several people that cross each other end, one way or the other, and never share a quarter.
func TestCrossingBookingsEnd(t *testing.T) {
	f := open(t)
	var people []id.Ref
	for i := range 6 {
		people = append(people, id.Ref{Root: 9902, ID: id.ID(500 + i)})
	}
	var all sync.WaitGroup
	results := make([]error, 40)
	for i := range results {
		all.Go(func() {
			a, b := people[i%6], people[(i*5+1)%6]
			results[i] = f.s.Hold(f.ctx, holder(fmt.Sprint(i)), Booked, []Claim{{Subject: b, From: at("09:00"), To: at("10:00")}, {Subject: a, From: at("09:00"), To: at("10:00")}})
		})
	}
	all.Wait()
	won := 0
	for _, err := range results {
		if err == nil {
			won++
		} else if !errs.Is(err, errs.Conflict) {
			t.Fatal(err)
		}
	}
	if won == 0 || won > 6 {
		t.Errorf("%d won", won)
	}
}
