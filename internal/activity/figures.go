package activity

import (
	"context"
	"slices"

	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/ledger"
)

// activeYears is how long an activity keeps its host "active" (R51).
const activeYears = 1

// rows publishes an activity to the ledger once it was held, at every host that has agreed: the event itself, who was
// there by group, who followed online, each stop, each campaign, each base, and the year in which it shows that its
// hosts are active.
func rows(ref id.Ref, a Activity) ledger.Record {
	units := a.Units()
	r := ledger.Record{Ref: ref, Attrs: map[string]any{
		"class": a.Class, "type": a.Type, "topic": a.Topic, "mode": string(a.Mode), "series": a.Series, "series_for": a.SeriesFor, "entered": a.Entered,
		"at_base": a.AtBase(), "at_memorial": a.Memorial(), "joint": len(units) > 1, "themed": len(a.Themes) > 0,
		"farmers": slices.ContainsFunc(a.Audience, func(g Audience) bool { return g.Group == "young_farmer" }),
		"late":    a.Late(),
	}}
	add := func(kind string, attrs map[string]any) {
		r.Rows = append(r.Rows, ledger.Row{Type: kind, From: a.Day, Units: units, Attrs: attrs})
	}
	for _, in := range a.Incidents { // whatever became of the activity
		r.Rows = append(r.Rows, ledger.Row{Type: "incident", From: in.On, Units: units})
	}
	if a.Status != Held {
		return r
	}
	add("held", map[string]any{"venue": a.Venue(), "n": int64(1)})
	r.Rows = append(r.Rows, ledger.Row{Type: "active", From: a.Day, To: a.Day.AddYears(activeYears), Units: units})
	for _, g := range a.Audience {
		add("audience", map[string]any{"group": g.Group, "n": g.Count})
	}
	for _, sum := range []struct {
		kind string
		n    int64
	}{{"online", a.Online}, {"minors", a.Minors}, {"works", a.Works}, {"awards", a.Awards}, {"answers", a.Feedback.Answers},
		{"satisfied", a.Feedback.Satisfied}, {"people", int64(len(a.People))}} {
		if sum.n > 0 {
			add(sum.kind, map[string]any{"n": sum.n})
		}
	}
	for _, st := range a.Stops {
		add("stop", map[string]any{"venue": st.Venue, "n": int64(1)})
	}
	for range a.Bases() {
		add("base", map[string]any{"n": a.Heads()})
	}
	for _, c := range a.Themes {
		add("theme", map[string]any{"campaign": c.String(), "n": int64(1)})
	}
	return r
}

// source is how the ledger reads activities; the book fills in Load and Each.
func (s *Service) source() *ledger.Source {
	return &ledger.Source{
		Name: ledger.Words{Zh: "活动", En: "activity"},
		Fields: map[string]any{"class": "", "type": "", "topic": "", "mode": "", "series": "", "series_for": "", "entered": "", "venue": "", "group": "", "campaign": "",
			"at_base": false, "at_memorial": false, "joint": false, "themed": false, "farmers": false, "late": false, "n": int64(0)},
		OfUnit: func(ctx context.Context, unit id.ID) ([]ledger.Record, error) {
			recs, err := s.store.ofUnitAcrossUnits(ctx, unit)
			if err != nil {
				return nil, err
			}
			return s.book.Records(ctx, recs)
		},
		Describe: func(ctx context.Context, recs []id.ID) (map[id.ID]ledger.Description, error) {
			list, err := s.store.byIDsAcrossUnits(ctx, recs)
			if err != nil {
				return nil, err
			}
			out := make(map[id.ID]ledger.Description, len(list))
			for _, l := range list {
				out[l.ID] = ledger.Description{Ref: l.Ref(), Code: l.Code, Name: l.Title, Unit: l.Lead, Href: "/activity/" + l.Ref().String(),
					Detail: []string{i18n.T(ctx, "activity.class."+l.Class), l.Place}}
			}
			return out, nil
		},
		Label: s.label,
	}
}

// label says a breakdown's value in words; what a city has named itself is read from its list.
func (s *Service) label(ctx context.Context, breakdown, value string) string {
	switch breakdown {
	case "class", "mode", "venue", "entered":
		if key := "activity." + breakdown + "." + value; i18n.Has(ctx, key) {
			return i18n.T(ctx, key)
		}
		return i18n.T(ctx, "activity.unknown")
	case "campaign":
		return s.campaignTitle(ctx, value)
	}
	list := map[string]string{"type": TypeList, "topic": TopicList, "series": SeriesList, "group": GroupList}[breakdown]
	if value == "" {
		return i18n.T(ctx, "activity.none_of_list")
	}
	return s.choiceName(ctx, list, value)
}
