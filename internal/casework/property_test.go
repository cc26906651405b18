package casework

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"xinhuo/internal/kit/anon"
	"xinhuo/internal/kit/citizen"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/db"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/testkit"
)

// deed is something that was done with a case on a day, as the recount remembers it.
type deed struct {
	what      string
	on        int // the day it was done
	day, next int // of a visit: its day and the one named for the next, -1 for none
	n         int // the last day of a pause, or the days of a rhythm
}

// owedOn recounts from all that was done when a visit is owed, -1 for never. It walks through the days with flags and shares nothing with the
// program, which computes one column at each act.
func owedOn(rhythm int, deeds []deed, now int) int {
	began, visited, named, rests := 0, -1, -1, -1
	ended := false
	for _, d := range deeds {
		switch d.what {
		case "visit":
			if d.day >= visited {
				visited, named = d.day, d.next
			}
		case "rhythm":
			rhythm = d.n
		case "pause":
			rests = d.n
		case "resume":
			if d.on < rests {
				rests = d.on
			}
		case "close":
			ended, named, rests = true, -1, -1
		case "reopen":
			ended, began = false, d.on
		}
	}
	if ended {
		return -1
	}
	from := began
	if visited > from {
		from = visited
	}
	for day := from; ; day++ {
		if day < rests {
			continue
		}
		if day >= from+rhythm || named > from && day >= named {
			return day
		}
	}
}

// R48: over random visits, pauses, ends and new beginnings the list of those not visited is what a recount of all that was done says.
func TestOverdueIsARecount(t *testing.T) {
	w := openWorld(t)
	r := rand.New(rand.NewPCG(4, 8))
	type followed struct {
		ref    id.Ref
		rhythm int
		began  int
		deeds  []deed
	}
	start := today
	day := func(n int) clock.Day { return start.AddDays(n) }
	var all []*followed
	now, overdue := 0, 0
	steps := 250
	if testkit.Long() {
		steps = 5000
	}
	for range steps {
		if r.IntN(4) == 0 {
			n := r.IntN(12)
			now += n
			w.in(n)
			if r.IntN(2) == 0 {
				w.must(w.s.Daily(w.ctx))
			}
		}
		if len(all) < 8 && r.IntN(6) == 0 {
			n := w.opening([]string{"left_behind", "at_risk", "venture"}[r.IntN(3)])
			n.Person["name"] = fmt.Sprint("孩子", len(all))
			n.Rhythm = int64(5 + r.IntN(25))
			ref, err := w.s.OpenCase(w.by("lead"), n)
			w.must(err)
			all = append(all, &followed{ref: ref, rhythm: int(n.Rhythm), began: now})
		}
		if len(all) > 0 {
			x := all[r.IntN(len(all))]
			c := w.known(x.ref)
			d := deed{on: now, next: -1}
			switch k := r.IntN(10); {
			case c.State == Closed && k < 4:
				d.what = "reopen"
				w.must(w.s.Reopen(w.by("lead"), x.ref, 0, "再帮"))
			case c.State == Closed:
				continue
			case k < 5:
				d.what, d.day = "visit", max(x.began, now-r.IntN(6))
				next := clock.Day("")
				if r.IntN(2) == 0 {
					d.next = d.day + 1 + r.IntN(int(c.Rhythm))
					next = day(d.next)
				}
				w.must(w.s.Visit(w.by("lead"), x.ref, day(d.day), "home", "看过", next, 0, ""))
			case k < 7:
				d.what, d.n = "pause", now+1+r.IntN(40)
				w.must(w.s.Pause(w.by("lead"), x.ref, 0, day(d.n), "外出"))
			case k == 7 && c.State == Paused:
				d.what = "resume"
				w.must(w.s.Resume(w.by("lead"), x.ref, 0))
			case k == 8:
				d.what, d.n = "rhythm", 3+r.IntN(40)
				w.must(w.s.Plan(w.by("lead"), x.ref, 0, "目标", "措施", day(now+100), int64(d.n)))
			case k == 9:
				d.what = "close"
				w.must(w.s.Close(w.by("lead"), x.ref, 0, "reached", "好了"))
			default:
				continue
			}
			x.deeds = append(x.deeds, d)
		}
		list, err := w.s.List(w.by("office"), w.desk, Filter{Only: "overdue"})
		w.must(err)
		got := map[id.Ref]bool{}
		for _, c := range list {
			got[c.Ref()] = true
		}
		for _, x := range all {
			moved := slices.Clone(x.deeds)
			for i := range moved { // days since this case was opened
				moved[i].on, moved[i].day = moved[i].on-x.began, moved[i].day-x.began
				if moved[i].next >= 0 {
					moved[i].next -= x.began
				}
				if moved[i].what == "pause" {
					moved[i].n -= x.began
				}
			}
			c := w.known(x.ref)
			lines, err := w.s.entriesAcrossUnits(w.ctx, x.ref)
			w.must(err)
			if then := c.asOf(lines, w.today()); then.DueOn != c.DueOn || then.State != c.State {
				t.Fatalf("day %d: what was done says %s %s, the case %s %s", now, then.State, then.DueOn, c.State, c.DueOn)
			}
			owed := owedOn(x.rhythm, moved, now-x.began)
			want := owed >= 0 && owed < now-x.began
			if want {
				overdue++
			}
			if got[x.ref] != want {
				t.Fatalf("day %d: %s is listed: %v, a recount says %v (owed on day %d)\n%+v\n%+v", now, x.ref, got[x.ref], want, owed+x.began, x.deeds, w.known(x.ref))
			}
		}
	}
	if overdue < steps/10 {
		t.Errorf("only %d times was anything overdue: the test proves little", overdue)
	}
}

// came puts cases of a class at a unit that were opened on a day.
func (w *world) came(unit id.ID, pos int64, class string, n int, on clock.Day) {
	w.Helper()
	w.must(w.db.Tx(w.ctx, func(ctx context.Context) error {
		for range n {
			c := Case{Root: pos / 1e9, ID: id.New(), Unit: unit, Pos: pos, No: fmt.Sprint(id.New()), Class: class, State: Open, Consent: Given, Rhythm: 30, OpenedOn: on, SinceOn: on, DueOn: on.AddDays(30)}
			if err := w.s.insertCase(ctx, c); err != nil {
				return err
			}
		}
		return nil
	}))
}

// R45: above a unit there are the numbers of closed months alone; what is fewer than five stands in none of its own, and nothing changes afterwards.
func TestCountsTellNothingSmall(t *testing.T) {
	w := openWorld(t)
	beside := w.as["beside"]
	april := clock.Day("2019-04-10")
	w.came(w.desk.ID, w.desk.Pos, "left_behind", 7, april)
	w.came(w.desk.ID, w.desk.Pos, "correction", 3, april)
	w.came(beside.Unit, beside.Pos, "correction", 1, april)
	w.came(w.desk.ID, w.desk.Pos, "venture", 9, "2019-05-02") // of this month
	n, err := w.s.Publish(w.ctx)
	w.must(err)
	if n != 1 {
		t.Errorf("%d months are published", n)
	}
	_, _, got, err := w.s.Counts(w.by("above"), w.city)
	w.must(err)
	if len(got) != 1 || got[0] != (Count{"left_behind", "opened", 7, false}) {
		t.Errorf("the city is told %+v", got)
	}
	page := testkit.HTML(t, w.do("above", "GET", "/casework?unit="+w.desk.ID.String(), nil, 200).Body.String())
	page.MustHave("#counts td", "7")
	page.MustNotContain("致富帮带", "帮教")
	_, _, _, err = w.s.Counts(w.by("beside"), w.city)
	w.kind(err, errs.NotFound)
	w.came(w.desk.ID, w.desk.Pos, "correction", 5, april)
	if n, err = w.s.Publish(w.ctx); err != nil || n != 0 {
		t.Error(n, err)
	}
	if _, _, again, err := w.s.Counts(w.by("above"), w.city); err != nil || !slices.Equal(again, got) {
		t.Errorf("a published number changed: %+v %v", again, err)
	}
}

// Random months against a count of the rows by SQL that shares nothing with the publishing.
func TestCountsAreWhatCame(t *testing.T) {
	w := openWorld(t)
	beside := w.as["beside"]
	r := rand.New(rand.NewPCG(6, 8))
	for month := 1; month <= 6; month++ {
		for _, k := range Classes() {
			w.came(w.desk.ID, w.desk.Pos, k.Code, r.IntN(12), clock.DayOf(time.Date(2018, time.Month(month), 1+r.IntN(28), 3, 0, 0, 0, time.UTC)))
			w.came(beside.Unit, beside.Pos, k.Code, r.IntN(12), clock.DayOf(time.Date(2018, time.Month(month), 1+r.IntN(28), 3, 0, 0, 0, time.UTC)))
		}
	}
	_, err := w.s.Publish(w.ctx)
	w.must(err)
	list, err := db.Select[countRow](w.ctx, w.db, `SELECT unit, pos, class, month AS measure, pooled, n, least FROM casework_count WHERE measure = 'opened'`)
	w.must(err)
	if len(list) < 15 {
		t.Fatalf("only %d numbers are published", len(list))
	}
	all, err := db.Select[Case](w.ctx, w.db, `SELECT `+cases+` FROM casework_case`)
	w.must(err)
	there := map[string]int64{}
	for _, c := range all {
		there[fmt.Sprint(c.Unit, string(c.OpenedOn)[:7], c.Class)]++
	}
	for _, x := range list {
		if x.Pooled == 0 && (x.N < anon.Fewest || x.N != there[fmt.Sprint(x.Unit, x.Measure, x.Class)]) {
			t.Errorf("%+v is published, there are %d", x, there[fmt.Sprint(x.Unit, x.Measure, x.Class)])
		}
		if x.Pooled == 1 && x.N < anon.Pooled {
			t.Errorf("%+v: too few together", x)
		}
	}
}

// What is sealed is erased as many years after the end as the class is kept, with the mark by which it was found.
func TestKeptAsLongAsTheClass(t *testing.T) {
	w := openWorld(t)
	ref := w.opened("lead", "correction")
	w.must(w.s.Close(w.by("lead"), ref, 0, "grown", "参加工作了"))
	w.in(3*365 - 1)
	w.must(w.seal.Daily(w.ctx))
	if o, err := w.s.Open(w.by("lead"), ref); err != nil || o.Person["name"] == "" {
		t.Error(o, err)
	}
	w.in(3)
	w.must(w.seal.Daily(w.ctx))
	if o, err := w.s.Open(w.by("lead"), ref); err != nil || o.Person != nil || len(o.Entries) == 0 || o.Entries[len(o.Entries)-1].Words != nil {
		t.Error(o, err)
	}
	w.do("lead", "GET", path(ref), nil, 200)
	w.opened("lead", "correction") // is not "there already"
}

// What is typed is bounded and compared by what it means.
func TestHostileInput(t *testing.T) {
	for text, want := range map[string]bool{"": false, "11010520110307234": false, strings.Repeat("1", 18): false, "１１０１０５２０１１０３０７２３４５": false, "' OR 1=1 --": false, strings.Repeat("九", 18): false, "11010519491231002X": true, "1101 0519 4912 3100 2x": true} {
		if got := citizen.Number(text) != ""; got != want {
			t.Errorf("%q is a number: %v", text, got)
		}
	}
	w := openWorld(t)
	for name, change := range map[string]func(n *Opening){
		"no such class": func(n *Opening) { n.Class = "left_behind' --" }, "long": func(n *Opening) { n.Person["narrative"] = strings.Repeat("长", maxText+1) }, "a long name": func(n *Opening) { n.Person["name"] = strings.Repeat("名", maxShort+1) },
		"a year of nobody": func(n *Opening) { n.Person["birth"] = "1800" }, "no year": func(n *Opening) { n.Person["birth"] = "" }, "negative": func(n *Opening) { n.Rhythm = -1 }, "someone else": func(n *Opening) { n.Holder = "beside" },
		"no form": func(n *Opening) { n.Form = "oral" },
	} {
		n := w.opening("left_behind")
		change(&n)
		_, err := w.s.OpenCase(w.by("lead"), n)
		if !errs.Is(err, errs.Invalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	ref := w.opened("lead", "left_behind")
	for _, bad := range []map[string]string{nil, {"home": "4"}, {"home": "-1"}, {"home": "x"}} {
		w.kind(w.s.Assess(w.by("lead"), ref, 0, today, bad, "yes", "x"), errs.Invalid)
	}
	w.kind(w.s.Assess(w.by("lead"), ref, 7, today, scores, "yes", "x"), errs.Conflict)
}
