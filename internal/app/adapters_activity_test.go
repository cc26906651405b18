package app

import (
	"testing"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/org"
	"xinhuo/internal/volunteer"
)

// A candidate whose name is written into an activity is the candidate and no unknown guest, so that what is missing for
// work with minors is asked for (R162); so is who has left.
func TestActivitiesKnowCandidatesAndThoseWhoLeft(t *testing.T) {
	w := openWorld(t)
	ctx := clock.With(scope.With(w.ctx, w.byLogin["liangshuiwang"].actor), clockFrom(harnessDay, harnessDay))
	day := clock.Today(ctx)
	town := w.unit("990203013")
	for _, st := range []volunteer.State{volunteer.Candidate, volunteer.Left} {
		p, err := w.a.Volunteer.List(ctx, org.Unit{ID: town.ID, Pos: town.Pos, Level: org.Township}, day, volunteer.Filter{State: st}, -1, "", 1)
		if err != nil || len(p.Volunteers) != 1 {
			t.Fatalf("%s: %v, %d in the demonstration", st, err, len(p.Volunteers))
		}
		v := p.Volunteers[0]
		a := activityVolunteers{w.a.Volunteer, w.a.Org}
		found, err := a.Named(ctx, v.Name)
		if err != nil || len(found) != 1 || found[0].Ref != v.Ref() {
			t.Errorf("%s %s is found as %+v, %v", st, v.Name, found, err)
		}
		unfit, err := a.Unfit(ctx, []id.Ref{v.Ref()}, day)
		if err != nil || len(unfit) != 1 || unfit[0].Missing == "" {
			t.Errorf("%s %s may work with minors: %+v, %v", st, v.Name, unfit, err)
		}
	}
}
