package assess

import (
	"cmp"
	"context"
	"slices"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/org"
)

// Scheduled is one target unit in the timetable of a programme: where it stands, when it was to be ready first and is now, and
// who helps.
type Scheduled struct {
	Line
	Parent id.ID
	First  clock.Day // planned at the beginning, before any slip
	Moved  int       // days behind what was planned first; fewer than none when it came early
	Reason string    // of the last slip
	Mentor string
	Plans  bool // the reader may put it on the plan, or put it off
}

// Timetable is a programme seen from a unit as a plan, unit by unit: those that are to come by their planned day, those that
// are through by the day of their acceptance, and those that nobody has planned.
type Timetable struct {
	Overview
	Coming, Through, Unplanned []Scheduled
	Places                     map[id.ID]org.Unit
}

// Timetable reads what a unit of the programme's level, or those below a unit, are to reach when. Needs View at the unit.
func (s *Service) Timetable(ctx context.Context, o Overview) (t Timetable, err error) {
	t.Overview = o
	var recs, units []id.ID
	for _, l := range o.Lines {
		units = append(units, l.Unit)
		if l.Ref.ID != 0 {
			recs = append(recs, l.Ref.ID)
		}
	}
	bodies, err := s.adoptions.Bodies(ctx, recs)
	if err != nil {
		return t, err
	}
	at, err := s.org.ByIDs(ctx, units)
	if err != nil {
		return t, err
	}
	up := []id.ID{}
	for _, l := range o.Lines {
		a, u := bodies[l.Ref.ID], at[l.Unit]
		x := Scheduled{Line: l, Parent: u.Parent, Mentor: a.Mentor}
		wide, err := s.planning(ctx, o.Programme, u)
		if err != nil {
			return t, err
		}
		x.Plans = scope.From(wide).May(scope.Work, u.Pos)
		x.First, x.Moved = a.slipped(l, o.Day)
		if n := len(a.Slips); n > 0 {
			x.Reason = a.Slips[n-1].Reason
		}
		up = append(up, u.Parent)
		switch {
		case l.Status == Accepted:
			t.Through = append(t.Through, x)
		case l.Status == None || l.Status == Revoked && l.PlannedOn <= l.RevokedOn || l.PlannedOn == clock.Open && l.Status != Submitted:
			t.Unplanned = append(t.Unplanned, x)
		default:
			t.Coming = append(t.Coming, x)
		}
	}
	slices.SortStableFunc(t.Coming, func(a, b Scheduled) int { return cmp.Compare(a.PlannedOn, b.PlannedOn) })
	slices.SortStableFunc(t.Through, func(a, b Scheduled) int { return cmp.Compare(b.AdoptedOn, a.AdoptedOn) })
	t.Places, err = s.org.ByIDs(ctx, up)
	return t, err
}
