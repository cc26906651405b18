package training

import (
	"context"
	"maps"
	"slices"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/ledger"
)

// rows publishes a course: that it was planned, called off or held; who came from which unit, one person once (R173);
// certificates; and which units studied a document (R85).
func rows(ref id.Ref, c Course) ledger.Record {
	out := ledger.Record{Ref: ref}
	add := func(kind string, unit id.ID, from, to clock.Day, people, minutes int64) {
		out.Rows = append(out.Rows, ledger.Row{Type: kind, From: from, To: to, Units: []id.ID{unit},
			Attrs: map[string]any{"subject": c.Subject, "mode": c.Mode, "competence": c.Competence, "people": people, "minutes": minutes}})
	}
	add("planned", c.Unit, c.Planned, clock.Open, 0, 0)
	if c.CancelledOn != "" {
		add("cancelled", c.Unit, c.CancelledOn, clock.Open, 0, 0)
	}
	if !c.counts() {
		return out
	}
	add("held", c.Unit, c.Last, clock.Open, c.persons(), c.Minutes)
	type sum struct{ people, minutes, passed int64 }
	by := map[id.ID]sum{}
	for _, p := range c.People {
		x := by[p.Unit]
		x.people, x.minutes = x.people+1, x.minutes+p.Minutes
		if c.number(p) != "" {
			x.passed++
		}
		by[p.Unit] = x
	}
	for _, k := range c.Cadres {
		x := by[k.Unit]
		x.people, x.minutes = x.people+k.N, x.minutes+k.N*c.Minutes
		by[k.Unit] = x
	}
	for _, unit := range slices.Sorted(maps.Keys(by)) {
		x := by[unit]
		add("attended", unit, c.Last, clock.Open, x.people, x.minutes)
		if x.passed > 0 {
			add("certificate", unit, c.Last, clock.Open, x.passed, 0)
		}
	}
	if len(c.Documents) > 0 {
		for _, unit := range c.studied() {
			add("studied", unit, c.Last, c.Last.AddYears(1), 0, 0)
		}
	}
	return out
}

// traineeRows publishes what a person holds, at whose volunteer they were last.
func traineeRows(person id.ID, seats []Seat) ledger.Record {
	out := ledger.Record{}
	out.Ref.ID = person
	if len(seats) == 0 {
		return out
	}
	last := seats[len(seats)-1]
	out.Ref.Root = last.Root
	holds := held(seats)
	for _, k := range slices.Sorted(maps.Keys(holds)) {
		h := holds[k]
		kind := "holds"
		if k == "" {
			kind = "trained"
		}
		for _, x := range []struct {
			kind string
			list []span
		}{{kind, h.holds}, {"due", h.due}, {"lapsed", h.lapsed}} {
			for _, sp := range x.list {
				out.Rows = append(out.Rows, ledger.Row{Type: x.kind, From: sp.from, To: sp.to, Units: []id.ID{last.Unit}, Attrs: map[string]any{"competence": k}})
			}
		}
	}
	return out
}

// source publishes courses to the ledger.
func (s *Service) source() *ledger.Source {
	return &ledger.Source{
		Name:   ledger.Words{Zh: "培训班", En: "course"},
		Fields: map[string]any{"subject": "", "mode": "", "competence": "", "people": int64(0), "minutes": int64(0)},
		OfUnit: func(ctx context.Context, unit id.ID) ([]ledger.Record, error) {
			ids, err := s.store.coursesAt(ctx, unit)
			if err != nil {
				return nil, err
			}
			return s.book.Records(ctx, ids)
		},
		Near: func(ctx context.Context, within scope.Set, limit int) ([]id.ID, error) {
			return s.store.placed(ctx, within, limit)
		},
		Describe: func(ctx context.Context, recs []id.ID) (map[id.ID]ledger.Description, error) {
			list, err := s.store.byIDs(ctx, recs)
			out := make(map[id.ID]ledger.Description, len(list))
			for _, l := range list {
				out[l.ID] = ledger.Description{Ref: l.Ref(), Code: l.Code, Name: l.Title, Unit: l.Unit, Href: "/training/" + l.Ref().String()}
			}
			return out, err
		},
		Label: s.label,
	}
}

// trainees publishes what people hold, one record a person: who came to three courses is one trained person (R173).
func (s *Service) trainees() *ledger.Source {
	return &ledger.Source{
		Kind:   KindTrainee,
		Name:   ledger.Words{Zh: "受训人员", En: "trained person"},
		Fields: map[string]any{"competence": ""},
		Load:   s.traineeRecords,
		OfUnit: func(ctx context.Context, unit id.ID) ([]ledger.Record, error) {
			ids, err := s.store.peopleAt(ctx, unit)
			if err != nil {
				return nil, err
			}
			return s.traineeRecords(ctx, ids)
		},
		Each: func(ctx context.Context, f func(ledger.Record) error) error {
			for after := id.ID(0); ; {
				ids, err := s.store.peopleAfter(ctx, after, mostLines)
				if err != nil || len(ids) == 0 {
					return err
				}
				recs, err := s.traineeRecords(ctx, ids)
				if err != nil {
					return err
				}
				for _, r := range recs {
					if err := f(r); err != nil {
						return err
					}
				}
				after = ids[len(ids)-1]
			}
		},
		Describe: func(ctx context.Context, recs []id.ID) (map[id.ID]ledger.Description, error) {
			seats, err := s.store.seatsOfAcrossUnits(ctx, recs)
			if err != nil {
				return nil, err
			}
			var refs []id.Ref
			for _, x := range seats {
				refs = append(refs, x.Who())
			}
			names, err := s.volunteers.ByRefs(ctx, refs)
			out := make(map[id.ID]ledger.Description, len(recs))
			for _, x := range seats {
				v := names[x.Who()]
				out[x.Person] = ledger.Description{Ref: x.Who(), Code: v.Code, Name: v.Name, Unit: x.Unit, Href: "/trainee/" + x.Who().String()}
			}
			return out, err
		},
		Label: s.label,
	}
}

// label names the values of the breakdowns.
func (s *Service) label(ctx context.Context, breakdown, value string) string {
	if value != "" && breakdown == "mode" {
		return i18n.T(ctx, "training.mode."+value)
	}
	if i18n.Lang(ctx) == "zh" || value == "" {
		return value
	}
	w, err := s.store.anyWordAcrossUnits(ctx, breakdown, value)
	if err != nil {
		return value
	}
	return w.In(i18n.Lang(ctx))
}
