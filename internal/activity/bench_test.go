package activity

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/id"
)

// R71 R122: a hundred offices of two towns plan for one hour with one lecturer, or at one base of the county; exactly one activity
// stands, and no other left anything.
func TestAHundredPlansAtOnce(t *testing.T) {
	for name, takes := range map[string]func(w *world, a *Activity){
		"林育德": func(w *world, a *Activity) {
			a.People = []Person{{Volunteer: w.volunteer("林育德", "稻香镇", ""), Name: "林育德"}}
		},
		"云州法治馆": func(w *world, a *Activity) { a.Stops = []Stop{{Base: w.hall("990203", "云州法治馆", 0)}} },
	} {
		t.Run(name, func(t *testing.T) { aHundredPlansAtOnce(t, name, takes) })
	}
}

func aHundredPlansAtOnce(t *testing.T, name string, takes func(w *world, a *Activity)) {
	w := open(t)
	var plan Activity
	takes(w, &plan)
	results := make(chan error, 100)
	start := make(chan struct{})
	for i := range 100 {
		go func() {
			<-start
			unit := []string{"990203013", "990203109"}[i%2]
			_, err := w.s.Create(w.as(unit), with(w.lecture(unit), func(a *Activity) {
				a.Title, a.Day, a.Status, a.People = fmt.Sprint("第", i, "家"), "2019-06-20", Planned, plan.People
				if len(plan.Stops) > 0 {
					a.Stops = slices.Clone(plan.Stops)
				}
			}), created)
			results <- err
		}()
	}
	close(start)
	won := 0
	for range 100 {
		if err := <-results; err == nil {
			won++
		} else {
			has(t, w.words(err), name)
		}
	}
	p, err := w.s.List(w.ctx, Filter{Unit: w.units["9902"]})
	if err != nil || won != 1 || p.Total != 1 {
		t.Errorf("%d won, %d stand, %v", won, p.Total, err)
	}
}

// A county's list of a year's 5,000 activities among 30,000 of the city, by every filter. The p95 is reported; a test
// asserts no time.
func BenchmarkCountyList(b *testing.B) {
	w := open(b)
	err := w.d.Tx(w.ctx, func(ctx context.Context) error {
		for i := range 30000 {
			code := "990203013"
			if i%6 != 0 {
				code = "990204003"
			}
			a := w.lecture(code)
			a.Title, a.Code, a.Day, a.Class = fmt.Sprint("第", i, "场"), fmt.Sprint(i), clock.Day("2019-01-01").AddDays(i%365), Classes[i%7]
			a.Topic = []string{"law", "science", "safety"}[i%3]
			if i%30 == 0 {
				a.Hosts = append(a.Hosts, Host{Unit: w.units["990203"].ID})
			}
			if err := w.s.store.put(ctx, id.Ref{Root: 9902, ID: id.New()}, a, map[id.ID]int64{w.units[code].ID: w.units[code].Pos, w.units["990203"].ID: w.units["990203"].Pos}, false); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
	filters := []Filter{{}, {Class: "camp"}, {Topic: "law"}, {From: "2019-03-01", To: "2019-03-31"}, {Text: "第77"}, {Mode: Face, Venue: "campus"}, {After: "2019-06-01~0"}, {Series: "x"}}
	var took []time.Duration
	for i := 0; b.Loop(); i++ {
		f := filters[i%len(filters)]
		f.Unit = w.units["990203"]
		start := time.Now()
		if _, err := w.s.List(w.ctx, f); err != nil {
			b.Fatal(err)
		}
		took = append(took, time.Since(start))
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)*95/100].Microseconds())/1000, "p95-ms")
}
