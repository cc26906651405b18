package association

import (
	"context"
	"slices"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/ledger"
)

// associationRows publishes an association: that it stands, that it is registered, its term, its members from one count
// to the next, and each inspection on its day.
func associationRows(ref id.Ref, a Association) ledger.Record {
	units := []id.ID{a.Unit}
	out := ledger.Record{Ref: ref}
	add := func(kind string, from, to clock.Day, attrs map[string]any) {
		if from == clock.Open || to != clock.Open && to <= from {
			return
		}
		row := map[string]any{"registered": "", "result": "", "members": int64(0)}
		for k, v := range attrs {
			row[k] = v
		}
		out.Rows = append(out.Rows, ledger.Row{Type: kind, From: from, To: to, Units: units, Ends: "dissolved", Attrs: row})
	}
	registered := clock.Open
	if a.RegistrationNo != "" {
		registered = a.RegisteredOn
	}
	switch {
	case registered == clock.Open:
		add("stands", a.FoundedOn, a.DissolvedOn, map[string]any{"registered": "no"})
	default:
		add("stands", a.FoundedOn, clock.MinEnd(registered, a.DissolvedOn), map[string]any{"registered": "no"})
		add("stands", max(registered, a.FoundedOn), a.DissolvedOn, map[string]any{"registered": "yes"})
		add("registered", registered, a.DissolvedOn, nil)
	}
	if end := a.TermEnds(); end != clock.Open {
		add("term", a.TermFrom, clock.MinEnd(end, a.DissolvedOn), nil)
	}
	for i, c := range a.Counts {
		to := a.DissolvedOn
		if i+1 < len(a.Counts) {
			to = clock.MinEnd(a.Counts[i+1].On, a.DissolvedOn)
		}
		add("members", c.On, to, map[string]any{"members": c.Members})
	}
	for _, x := range a.Inspections {
		row := map[string]any{"registered": "", "result": x.Result, "members": int64(0)}
		out.Rows = append(out.Rows, ledger.Row{Type: "inspection", From: x.On, Units: units, Attrs: row})
	}
	return out
}

// stationRows publishes a station at the unit where it stands, and there alone: the association is its second parent, and
// a station counts once (R195).
func stationRows(ref id.Ref, x Station) ledger.Record {
	return ledger.Record{Ref: ref, Rows: []ledger.Row{{Type: "station", From: x.FoundedOn, To: x.ClosedOn, Units: []id.ID{x.Unit}, Ends: "dissolved",
		Attrs: map[string]any{"kind": x.Kind, "volunteers": x.Volunteers}}}}
}

// guidanceRows publishes a visit on its day, and for the twelve months from it.
func guidanceRows(ref id.Ref, g Guidance) ledger.Record {
	attrs := map[string]any{"kind": g.Kind, "association": g.Association.String()}
	units := []id.ID{g.Unit}
	return ledger.Record{Ref: ref, Rows: []ledger.Row{{Type: "guidance", From: g.Day, Units: units, Attrs: attrs},
		{Type: "last_year", From: g.Day, To: g.Day.AddYears(1), Units: units, Attrs: attrs}}}
}

// label names the values of the breakdowns.
func (s *Service) label(ctx context.Context, breakdown, value string) string {
	switch breakdown {
	case "association":
		ref, err := id.ParseRef(value)
		if err != nil {
			return value
		}
		if name := s.name(ctx, ref); name != "" {
			return name
		}
	case "registered":
		return i18n.T(ctx, "association.registered."+value)
	case "result":
		return i18n.T(ctx, "association.result."+value)
	case "kind":
		if slices.Contains(StationKinds, value) || slices.Contains(GuidanceKinds, value) {
			return i18n.T(ctx, "association.kind."+value)
		}
	}
	return value
}
