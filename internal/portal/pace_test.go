package portal

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/db"
)

// The self-check speaks of the last seven days on all servers, of each kind of page by itself, and of none that was asked for a few times.
func TestSlowPages(t *testing.T) {
	w := openWorld(t)
	w.open("9902", "yunzhou")
	w.open("9907", "ximen")
	u := w.unit("9902")
	second := &Service{store: w.s.store} // another server of the same program
	slow := func(code string) map[string]int64 {
		t.Helper()
		w.must(w.s.WritePace(w.ctx))
		w.must(second.WritePace(w.ctx))
		out, err := w.s.slow(w.ctx, w.unit(code).ID)
		w.must(err)
		return out
	}
	want := func(got, want map[string]int64) {
		t.Helper()
		if len(got) != len(want) {
			t.Errorf("slow are %v, want %v", got, want)
		}
		for part, over := range want {
			if got[part] != over {
				t.Errorf("%q takes more than %d ms, want %d", part, got[part], over)
			}
		}
	}
	w.now = today.AddDays(-1).Time()
	for range 10 { // ten of each server on one day, the rest on the next: together they are told of
		w.s.took(w.ctx, "yunzhou", NewsColumn, 270*time.Millisecond)
		second.took(w.ctx, "yunzhou", NewsColumn, 270*time.Millisecond)
	}
	for range paceFew - 1 {
		w.s.took(w.ctx, "yunzhou", Figures, 9*time.Second) // too few
	}
	for range 95 {
		w.s.took(w.ctx, "yunzhou", "", 200*time.Millisecond)
		second.took(w.ctx, "yunzhou", Bases, 200*time.Millisecond)
	}
	for range 5 {
		w.s.took(w.ctx, "yunzhou", "", time.Minute) // 5 of 100 may
	}
	for range 6 {
		w.s.took(w.ctx, "yunzhou", Bases, time.Minute) // 6 of 101 may not
	}
	w.s.took(w.ctx, "nowhere", "", time.Minute)
	w.now = today.Time().Add(9 * time.Hour)
	want(slow("9902"), map[string]int64{NewsColumn: 250, Bases: 5000})
	want(slow("9907"), nil)
	list, err := w.s.Check(w.by("9902"), u)
	w.must(err)
	if !slices.ContainsFunc(list, func(f Finding) bool {
		return f.What == "slow" && f.Column == NewsColumn && f.Args["N"] == int64(250) && f.Args["Limit"] == limits.Slow
	}) {
		t.Errorf("the self-check says nothing: %+v", list)
	}
	w.s.took(w.ctx, "yunzhou", Figures, 9*time.Second)
	want(slow("9902"), map[string]int64{NewsColumn: 250, Bases: 5000, Figures: 5000})
	want(slow("9902"), map[string]int64{NewsColumn: 250, Bases: 5000, Figures: 5000}) // written once
	w.now = today.AddDays(6).Time()
	want(slow("9902"), nil) // a week on
	w.now = today.AddDays(paceKept - 2).Time()
	_, err = w.s.Daily(w.ctx)
	w.must(err)
	rows := func() int64 {
		n, err := db.Get[int64](w.ctx, w.db, `SELECT COUNT(*) FROM portal_pace`)
		w.must(err)
		return n
	}
	if rows() == 0 {
		t.Error("forgotten too early")
	}
	w.now = today.AddDays(paceKept + 1).Time()
	_, err = w.s.Daily(w.ctx)
	w.must(err)
	if n := rows(); n != 0 {
		t.Errorf("%d rows are never forgotten", n)
	}
}

// What could not be written is written another time.
func TestPaceSurvivesAFault(t *testing.T) {
	w := openWorld(t)
	w.open("9902", "yunzhou")
	for range paceFew {
		w.s.took(w.ctx, "yunzhou", "", time.Second)
	}
	cut, cancel := context.WithCancel(w.ctx)
	cancel()
	if err := w.s.WritePace(cut); !errors.Is(err, context.Canceled) {
		t.Fatalf("%v", err)
	}
	w.must(w.s.WritePace(w.ctx))
	if got, err := w.s.slow(w.ctx, w.unit("9902").ID); err != nil || got[""] != 750 {
		t.Errorf("%v %v", got, err)
	}
}

// Pages that somebody reads are counted, those that are not there are not; the limit is a step, so that the check is exact.
func TestPagesAreCounted(t *testing.T) {
	w := openWorld(t)
	w.open("9902", "yunzhou")
	if !slices.Contains(paceSteps, limits.Slow) || !slices.IsSorted(paceSteps) {
		t.Errorf("%v has no step %d", paceSteps, limits.Slow)
	}
	for d, want := range map[time.Duration]int64{0: 10, 10 * time.Millisecond: 10, 10*time.Millisecond + 1: 20, 5 * time.Second: 5000, 5*time.Second + 1: -1} {
		if got := paceOf(d); got != want {
			t.Errorf("%s is in step %d, want %d", d, got, want)
		}
	}
	for range 3 {
		w.get("/s/yunzhou/news")
		w.get("/s/yunzhou/nowhere")
		w.get("/s/nowhere")
	}
	w.must(w.s.WritePace(w.ctx))
	rows, err := w.s.paceAcrossUnits(w.ctx, w.unit("9902").ID, clock.Day("2000-01-01"))
	w.must(err)
	var n int64
	for _, r := range rows {
		if n += r.N; r.Part != NewsColumn {
			t.Errorf("counted %+v", r)
		}
	}
	if n != 3 {
		t.Errorf("%d answers counted, want 3", n)
	}
}
