package app

import (
	"context"
	"path/filepath"
	"testing"
	"time"

	"xinhuo/internal/app/demo"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/testkit"
	"xinhuo/internal/ledger"
)

// recountVolunteers counts the generator's own lists at a unit on a day, and the service of a stretch of days, both
// within, without anything of the modules that count for the pages.
func recountVolunteers(city demo.City, unit, day, from, to string) map[string]int64 {
	parent := map[string]string{}
	for _, u := range city.Units {
		parent[u.Code] = u.Parent
	}
	below := func(code string) bool {
		for ; code != ""; code = parent[code] {
			if code == unit {
				return true
			}
		}
		return false
	}
	holds := func(from, to string) bool { return from != "" && from <= day && (to == "" || day < to) }
	out := map[string]int64{}
	home := map[string]string{}
	for _, v := range city.Volunteers {
		home[v.Code] = v.Unit
		if !below(v.Unit) {
			continue
		}
		if v.AdmittedOn >= from && v.AdmittedOn <= to {
			out["volunteer.admitted"]++
		}
		if v.LeftOn >= from && v.LeftOn <= to {
			out["volunteer.left"]++
		}
		if !holds(v.AdmittedOn, v.LeftOn) {
			if holds(v.CandidateOn, v.AdmittedOn) { // nobody leaves before being admitted here
				out["volunteer.candidates"]++
			}
			continue
		}
		has := map[string]bool{"core": false}
		for _, c := range v.Checks {
			has[c.Kind] = has[c.Kind] || holds(c.On, c.Expires)
		}
		for _, s := range v.Core {
			has["core"] = has["core"] || holds(s.From, s.To)
		}
		figures := map[string]bool{"active": true, "core": has["core"], "checked": has["background"], "unchecked": !has["background"], "certified": has["certificate"],
			"insured": holds(v.Insurance.From, v.Insurance.Until)}
		for f, counts := range figures {
			if counts {
				out["volunteer."+f]++
			}
		}
	}
	for _, s := range city.Services {
		if s.Day < from || s.Day > to {
			continue
		}
		day, _ := time.Parse(time.DateOnly, s.Day)
		entered, _ := time.Parse(time.DateOnly, s.EnteredOn)
		begins, _ := time.Parse("15:04", s.Begins)
		ends, _ := time.Parse("15:04", s.Ends)
		for _, code := range s.Volunteers {
			if !below(home[code]) {
				continue
			}
			n := int64(ends.Sub(begins).Minutes())
			out["volunteer.served_times"]++
			out["volunteer.hours"] += n
			if s.EnteredAs == "office" {
				out["volunteer.hours_office"] += n
			}
			if entered.Sub(day) > 30*24*time.Hour {
				out["volunteer.hours_late"] += n
			}
		}
	}
	return out
}

// What the pages say of volunteers and their hours is what the generator's lists say: in the city, the county, the
// township and the neighbouring city, today and a year ago (R88, R157, R162, R163).
func TestDemoVolunteersEqualRecount(t *testing.T) {
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
	city := generate(day)
	figures := []string{"active", "core", "candidates", "checked", "unchecked", "certified", "insured", "admitted", "left", "hours", "served_times", "hours_office", "hours_late"}
	for _, code := range []string{"99", "9902", "990203", "990203013", "9907", "990201"} {
		u, err := a.Org.ByCode(ctx, code)
		if err != nil {
			t.Fatal(code, err)
		}
		for _, on := range []clock.Day{day, "2025-12-31"} {
			for _, year := range [][2]clock.Day{{"2025-01-01", "2025-12-31"}, {"2026-01-01", day}} {
				if year[1] > on { // figures end on their day
					continue
				}
				want := recountVolunteers(city, code, string(on), string(year[0]), string(year[1]))
				for _, f := range figures {
					got, err := a.Ledger.Ask(ctx, ledger.Query{Figure: "volunteer." + f, Unit: u.ID, Day: on, From: year[0], To: year[1]})
					if err != nil {
						t.Fatal(f, err)
					}
					if got.Int() != want["volunteer."+f] {
						t.Errorf("volunteer.%s at %s on %s, %s: %d, recount %d", f, u.Name, on, year[0][:4], got.Int(), want["volunteer."+f])
					}
				}
			}
		}
	}
	// there is something to look at wherever an account of the demonstration is at home
	for _, code := range []string{"9902", "990203", "990203013"} {
		got := recountVolunteers(city, code, string(day), "2025-01-01", "2025-12-31")
		for f, least := range map[string]int64{"active": 12, "core": 3, "candidates": 1, "checked": 10, "unchecked": 1, "hours": 600} {
			if got["volunteer."+f] < least {
				t.Errorf("%s: volunteer.%s is %d, want at least %d", code, f, got["volunteer."+f], least)
			}
		}
	}
	// the secretary-general of the township gives hours himself, and his account shows them
	acc, err := a.Account.ByLogin(ctx, "liangshuiwang")
	if err != nil {
		t.Fatal(err)
	}
	actor, err := a.Account.Actor(ctx, acc.ID)
	if err != nil {
		t.Fatal(err)
	}
	mine, given, minutes, err := a.Volunteer.Mine(scope.With(ctx, actor))
	if err != nil || mine.Name != acc.Person || len(given) == 0 || minutes == 0 {
		t.Errorf("own hours of %s: %s, %d, %d minutes, %v", acc.Person, mine.Name, len(given), minutes, err)
	}
	unfit, err := a.Volunteer.Fit(ctx, []id.Ref{mine.Ref()}, day)
	if err != nil || len(unfit) > 0 {
		t.Error("the secretary-general may not work with minors:", unfit, err)
	}
}
