package activity

import (
	"context"
	"slices"
	"time"

	"xinhuo/internal/flow"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/record"
	"xinhuo/internal/seal"
)

// incidentKind is the kind of the sealed records of who was hurt.
const incidentKind = "activity.incident"

// incidentsOf are the sealed records of an activity's incidents; its lead keeps them, and the hosts that have agreed read them.
func incidentsOf(ref id.Ref, a Activity) seal.Owner {
	return seal.Owner{Kind: incidentKind, Of: ref, Unit: a.Lead(), Also: a.Readers()}
}

// ReportIncident writes what went wrong and puts it into the inbox of the unit above the lead, in one transaction: it is
// there when the reporter reads that it is (R145). people is which children it was about and what happened to each: sealed, for the
// hosts alone, and never in the inbox (R133).
func (s *Service) ReportIncident(ctx context.Context, ref id.Ref, version int64, in Incident, people string) error {
	var f errs.Fields
	required(&f, "what", in.What, "activity.what_missing")
	length(&f, "what", in.What, maxText)
	length(&f, "people", people, maxText)
	if _, err := clock.ParseDay(string(in.On)); err != nil || in.On > clock.Today(ctx) {
		f.Add("on", "activity.incident_day")
	}
	if in.At = hour(in.At); in.At != "" && !clockTime(in.At) {
		f.Add("at", "activity.hour_unreadable")
	}
	if in.Hurt < 0 || in.Hurt > maxHeads {
		f.Add("hurt", "activity.count_odd")
	}
	if err := f.Err(); err != nil {
		return err
	}
	in.By, in.Sealed = scope.From(ctx).Name, id.Ref{}
	return s.db.Tx(ctx, func(ctx context.Context) error {
		var n int
		var title string
		var lead id.ID
		if err := s.change(ctx, ref, version, record.Change{Act: "activity.act.incident"}, func(a *Activity) error {
			if people != "" && s.seal != nil {
				var err error
				if in.Sealed, err = s.seal.Seal(ctx, incidentsOf(ref, *a), map[string]string{"people": people}); err != nil {
					return err
				}
			}
			a.Incidents = append(slices.Clone(a.Incidents), in)
			n, title, lead = len(a.Incidents), a.Title, a.Lead()
			return nil
		}); err != nil {
			return err
		}
		u, err := s.rec.Home(ctx, lead)
		if err != nil || u.Parent == 0 {
			return err
		}
		up, err := s.rec.Home(ctx, u.Parent)
		if err != nil {
			return err
		}
		return s.flow.AddTask(ctx, flow.NewTask{Key: "activity.incident:" + ref.String() + ":" + count(int64(n)), Unit: up.ID, Pos: up.Pos,
			TitleKey: "activity.task.incident", Why: "activity.task.incident_why", Args: map[string]any{"Name": title, "Unit": u.Name, "What": short(in.What), "N": in.Hurt},
			Due: clock.Today(ctx), Link: "/activity/" + ref.String(), Kind: flow.KindNote})
	})
}

// Told is an incident with what is sealed of it; People is empty where nothing was, and Erased the day on which it was erased.
type Told struct {
	Incident
	People string    `json:"people,omitempty"`
	Erased clock.Day `json:"erased,omitempty"`
}

// Incidents opens what is sealed of an activity's incidents. Only the hosts' own people and those with a grant read it, and each
// reading is logged.
func (s *Service) Incidents(ctx context.Context, ref id.Ref) (Activity, []Told, error) {
	a, _, err := s.book.Get(ctx, ref)
	if err != nil {
		return a, nil, err
	}
	if s.seal == nil {
		return a, nil, errs.New(errs.NotFound, "errs.not_found")
	}
	list, err := s.seal.Open(ctx, incidentsOf(ref, a))
	if err != nil {
		return a, nil, err
	}
	var out []Told
	for _, in := range a.Incidents {
		t := Told{Incident: in}
		if i := slices.IndexFunc(list, func(r seal.Record) bool { return r.Ref == in.Sealed }); i >= 0 {
			t.People, t.Erased = list[i].Fields["people"], list[i].Erased
		}
		out = append(out, t)
	}
	return a, out, nil
}

// passed tells whether nobody can take back any more what happened at an instant.
func passed(ctx context.Context, at time.Time) bool {
	return clock.Now(ctx).Sub(at) >= record.UndoFor
}

// due tells which sealed records of an activity have been kept as long as they may be: all of one that was taken out for good, and
// what over says of one that stands.
func (s *Service) due(ctx context.Context, ref id.Ref, over func(a Activity, v record.Version, l Limits) func(id.Ref) bool) (func(id.Ref) bool, error) {
	a, v, err := s.book.Get(ctx, ref)
	if errs.Is(err, errs.NotFound) {
		last, err := s.audit.Of(ctx, ref, 1)
		if err != nil || len(last) > 0 && !passed(ctx, time.UnixMilli(last[0].At)) {
			return nil, err
		}
		return seal.All, nil
	}
	if err != nil {
		return nil, err
	}
	l, err := s.Limits(ctx, ref.Root)
	return over(a, v, l), err
}

// minorsDue is for the list of a camp: so many days after it as the city says, or once nobody can make a camp of it again. One
// that was called off is over on that day, however far ahead it was planned.
func (s *Service) minorsDue(ctx context.Context, ref id.Ref) (func(id.Ref) bool, error) {
	return s.due(ctx, ref, func(a Activity, v record.Version, l Limits) func(id.Ref) bool {
		over := a.Last()
		if off := clock.DayOf(v.Instant()); a.Status == Cancelled && off < over {
			over = off
		}
		if a.Class != Camp && passed(ctx, v.Instant()) || over.AddDays(int(l.Keep)) < clock.Today(ctx) {
			return seal.All
		}
		return nil
	})
}

// incidentsDue is for what is sealed of incidents: so many days after the activity, or once the report of one was taken back.
func (s *Service) incidentsDue(ctx context.Context, ref id.Ref) (func(id.Ref) bool, error) {
	return s.due(ctx, ref, func(a Activity, v record.Version, l Limits) func(id.Ref) bool {
		switch {
		case a.Last().AddDays(int(l.KeepIncident)) < clock.Today(ctx):
			return seal.All
		case passed(ctx, v.Instant()):
			return func(r id.Ref) bool {
				return !slices.ContainsFunc(a.Incidents, func(in Incident) bool { return in.Sealed == r })
			}
		}
		return nil
	})
}
