package association

import (
	"context"
	"net/url"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/web/ui"
	"xinhuo/internal/org"
	"xinhuo/internal/people"
)

// mostRows is how many stations, teams and units a part of a page names.
const mostRows = 50

// associationParts are the parts of an association's page on a day: charter, council, inspections, members, its stations
// and teams, and where it was this year.
func (s *Service) associationParts(ctx context.Context, ref id.Ref, a Association, u org.Unit, day clock.Day) (out []section, err error) {
	here := "/association/" + ref.String()
	if len(a.Charters) > 0 {
		x := section{ID: "charter", Title: i18n.T(ctx, "association.f.charters")}
		c, ok := a.CharterOn(day)
		if ok {
			x.Lead = i18n.T(ctx, "association.charter_in_force", "Day", i18n.Day(ctx, day), "Title", c.Title, "On", i18n.Day(ctx, c.On))
		}
		for _, p := range c.Points {
			x.Dots = append(x.Dots, ui.Link{Text: p})
		}
		x.Table = ui.Table{Caption: x.Title, Columns: []ui.Column{{Text: i18n.T(ctx, "association.f.charter_title")}, {Text: i18n.T(ctx, "association.f.charter_on"), Label: true}, {Text: i18n.T(ctx, "association.f.document"), Label: true}}}
		for i := len(a.Charters) - 1; i >= 0; i-- {
			v := a.Charters[i]
			x.Table.Rows = append(x.Table.Rows, ui.Row{ID: "charter-" + string(v.On), Cells: []ui.Cell{ui.To(v.Title, here+"?day="+string(v.On)+"#charter"), ui.Text(i18n.Day(ctx, v.On)), ui.Text(v.Document)}})
		}
		out = append(out, x)
	}
	if len(a.Council) > 0 {
		x := section{ID: "council", Title: i18n.T(ctx, "association.f.council")}
		if end := a.TermEnds(); end != clock.Open {
			x.Lead = i18n.T(ctx, "association.term_line", "From", i18n.Day(ctx, a.TermFrom), "To", i18n.Day(ctx, end))
		}
		for _, o := range a.Council {
			if clock.Covers(o.From, o.To, day) {
				x.Dots = append(x.Dots, ui.Link{Text: officerText(ctx, o)})
			}
		}
		out = append(out, x)
	}
	if len(a.Counts)+len(a.Inspections) > 0 {
		x := section{ID: "years", Title: i18n.T(ctx, "association.years")}
		for i := len(a.Counts) - 1; i >= 0; i-- {
			x.Dots = append(x.Dots, ui.Link{Text: countText(ctx, a.Counts[i])})
		}
		for i := len(a.Inspections) - 1; i >= 0; i-- {
			x.Dots = append(x.Dots, ui.Link{Text: inspectionText(ctx, a.Inspections[i])})
		}
		out = append(out, x)
	}
	stations, err := s.stationsOf(ctx, ref)
	if err != nil {
		return nil, err
	}
	x := section{ID: "stations", Title: i18n.T(ctx, "association.title.station"), Lead: i18n.T(ctx, "association.stations_lead", "N", len(stations))}
	if len(stations) > 0 {
		if x.Table, err = s.stations.table(ctx, stations, day); err != nil {
			return nil, err
		}
	}
	out = append(out, x)
	teams, err := s.people.OfAssociation(ctx, ref, day, mostRows)
	if err != nil {
		return nil, err
	}
	if len(teams) > 0 {
		x := section{ID: "teams", Title: i18n.T(ctx, "association.teams")}
		x.Dots = teamLinks(teams)
		out = append(out, x)
	}
	guided, err := s.guidedParts(ctx, ref, a, u, day)
	return append(out, guided...), err
}

func teamLinks(teams []people.Listed) (out []ui.Link) {
	for _, t := range teams {
		out = append(out, ui.Link{Text: t.Name, Href: "/team/" + t.Ref().String()})
	}
	return out
}

// stationsOf are an association's stations within the reader's view.
func (s *Service) stationsOf(ctx context.Context, ref id.Ref) ([]Listed, error) {
	where, args := Filter{Association: ref.String()}.where(KindStation, scope.From(ctx).ViewSet, scope.Range{From: 0, To: 1e13})
	return s.list(ctx, where, args, -1, "", mostRows)
}

// guidedParts tell how often an association was where this year, and where it was not (R169).
func (s *Service) guidedParts(ctx context.Context, ref id.Ref, a Association, u org.Unit, day clock.Day) ([]section, error) {
	round, err := s.Round(ctx, ref, a, day)
	if err != nil {
		return nil, err
	}
	x := section{ID: "guidance", Title: i18n.T(ctx, "association.title.guidance"), Lead: i18n.T(ctx, "association.round", "Year", round.Year, "N", round.Visits, "Units", len(round.By))}
	if len(round.By) > 0 {
		x.Table = ui.Table{Caption: x.Title, Columns: []ui.Column{{Text: i18n.T(ctx, "association.f.town")}, {Text: i18n.T(ctx, "association.visits"), Label: true, Right: true}, {Text: i18n.T(ctx, "association.last_visit"), Label: true}}}
		for _, g := range round.By {
			last := g.Visits[len(g.Visits)-1]
			list := "/guidance?" + url.Values{"unit": {g.Unit.ID.String()}, "association": {ref.String()}}.Encode()
			x.Table.Rows = append(x.Table.Rows, ui.Row{ID: g.Unit.ID.String(), Cells: []ui.Cell{ui.To(g.Unit.Name, "/unit/"+g.Unit.ID.String()), ui.Num(ui.Number(int64(len(g.Visits))), list), ui.Text(i18n.Day(ctx, last.From))}})
		}
	}
	if scope.From(ctx).May(scope.Work, u.Pos) {
		x.Acts = []ui.Button{{Text: i18n.T(ctx, "association.add.guidance"), Href: "/guidance/new?unit=" + u.ID.String()}}
	}
	n := len(round.Unguided)
	if n == 0 || a.DissolvedOn != "" && a.DissolvedOn <= day {
		return []section{x}, nil
	}
	gaps := section{ID: "unguided", Title: i18n.T(ctx, "association.not_guided", "Year", round.Year, "N", n)}
	for i, t := range round.Unguided {
		if i == mostRows {
			gaps.Dots = append(gaps.Dots, ui.Link{Text: i18n.T(ctx, "association.and_more", "N", n)})
			break
		}
		gaps.Dots = append(gaps.Dots, ui.Link{Text: t.Name, Href: "/unit/" + t.ID.String()})
	}
	return []section{x, gaps}, nil
}

// stationParts name a station's two parents (R195).
func (s *Service) stationParts(ctx context.Context, _ id.Ref, x Station, u org.Unit, _ clock.Day) ([]section, error) {
	parents := section{ID: "parents", Title: i18n.T(ctx, "association.parents"), Lead: i18n.T(ctx, "association.counted_once", "Unit", u.Name),
		Dots: []ui.Link{{Text: u.Name, Href: "/unit/" + u.ID.String()}}}
	if x.Association.ID != 0 {
		parents.Dots = append(parents.Dots, ui.Link{Text: s.name(ctx, x.Association), Href: "/association/" + x.Association.String()})
	}
	return []section{parents}, nil
}

// guidanceParts say who set a task and who carried it out (R183).
func (s *Service) guidanceParts(ctx context.Context, _ id.Ref, g Guidance, _ org.Unit, _ clock.Day) ([]section, error) {
	if g.TaskOf == 0 {
		return nil, nil
	}
	return []section{{ID: "task", Title: i18n.T(ctx, "association.kind.task"),
		Lead: i18n.T(ctx, "association.task_line", "Unit", s.unitName(ctx, g.TaskOf), "Association", s.name(ctx, g.Association))}}, nil
}
