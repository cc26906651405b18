package meeting

import (
	"context"
	"maps"
	"slices"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/ledger"
)

// rows publishes a meeting on its day: that it was held, or that our people went to one of a level above (R78); who of
// which body was expected, came and stayed away (R65); speeches at the speaker's unit (R79); and the issued minutes.
func rows(ref id.Ref, m Meeting) ledger.Record {
	out := ledger.Record{Ref: ref, Attrs: map[string]any{"kind": m.Kind, "joint": m.Joint, "above": m.Above}}
	if m.CancelledOn != "" {
		return out
	}
	add := func(row string, from clock.Day, unit id.ID, attrs map[string]any) {
		out.Rows = append(out.Rows, ledger.Row{Type: row, From: from, Units: []id.ID{unit}, Attrs: attrs})
	}
	add("held", m.Day, m.Unit, nil)
	type sum struct{ expected, came int64 }
	by := map[string]sum{}
	for _, x := range m.Seats {
		if x.Came == "" {
			continue
		}
		v := by[x.Party.Name]
		if v.expected++; x.came() {
			v.came++
		}
		by[x.Party.Name] = v
	}
	for _, body := range slices.Sorted(maps.Keys(by)) {
		v := by[body]
		add("seat", m.Day, m.Unit, map[string]any{"body": body, "expected": v.expected, "came": v.came, "absent": v.expected - v.came})
	}
	said := map[id.ID]int64{}
	for _, x := range m.Speeches {
		unit := x.Party.Unit
		if unit == 0 {
			unit = m.Unit
		}
		said[unit]++
	}
	for _, unit := range slices.Sorted(maps.Keys(said)) {
		add("speech", m.Day, unit, map[string]any{"expected": said[unit]})
	}
	if m.Minutes.IssuedOn != "" {
		add("minutes", m.Minutes.IssuedOn, m.Unit, nil)
	}
	return out
}

// decisionRows publishes a decision at the unit that decided: on the day of the meeting, while it is open, while it is
// late, and on the day on which it was done.
func decisionRows(ref id.Ref, d Decision) ledger.Record {
	out := ledger.Record{Ref: ref, Attrs: map[string]any{"lead": d.Lead.Name, "joint": len(d.Assist) > 0, "in_time": d.DoneOn != "" && d.DoneOn <= d.Due}}
	add := func(row string, from, to clock.Day) {
		out.Rows = append(out.Rows, ledger.Row{Type: row, From: from, To: to, Units: []id.ID{d.Unit}})
	}
	end := d.DoneOn
	if end == clock.Open {
		end = d.DroppedOn
	}
	add("made", d.DecidedOn, clock.Open)
	if end == clock.Open || end > d.DecidedOn {
		add("open", d.DecidedOn, end)
	}
	if late := d.Due.AddDays(1); end == clock.Open || end > late {
		add("late", late, end)
	}
	if d.DoneOn != "" {
		add("done", d.DoneOn, clock.Open)
	}
	return out
}

func (s *Service) describe(ctx context.Context, recs []id.ID) (map[id.ID]ledger.Description, error) {
	list, err := s.store.byIDsAcrossUnits(ctx, recs)
	out := make(map[id.ID]ledger.Description, len(list))
	for _, l := range list {
		out[l.ID] = ledger.Description{Ref: l.Ref(), Code: l.Code, Name: l.Title, Unit: l.Unit, Href: "/meeting/" + l.Ref().String()}
	}
	return out, err
}

func (s *Service) describeDecisions(ctx context.Context, recs []id.ID) (map[id.ID]ledger.Description, error) {
	list, err := s.store.decisionsByIDsAcrossUnits(ctx, recs)
	out := make(map[id.ID]ledger.Description, len(list))
	for _, l := range list {
		out[l.ID] = ledger.Description{Ref: l.Ref(), Code: l.Code, Name: l.Text, Unit: l.Unit, Href: "/decision/" + l.Ref().String()}
	}
	return out, err
}

// label names the values of the breakdowns.
func (s *Service) label(ctx context.Context, breakdown, value string) string {
	if breakdown == "kind" {
		return s.sort(ctx, value)
	}
	return value
}
