package association

import (
	"context"
	"strings"

	"github.com/a-h/templ"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/web/ui"
	"xinhuo/internal/ledger"
	"xinhuo/internal/org"
)

type panelView struct {
	Unit    org.Unit
	Figures []ui.Figure
	Links   []ui.Link
	Add     []ui.Button
}

// panel is the box on a unit's page: the associations beside its committee with what they lack, or the stations of a
// township.
func (s *Service) panel() org.Panel {
	return org.Panel{Key: "association", Order: 42, Render: func(ctx context.Context, u org.Unit, day clock.Day) (templ.Component, error) {
		a := scope.From(ctx)
		if !a.May(scope.View, u.Pos) {
			return nil, nil
		}
		v := panelView{Unit: u}
		codes := []string{"association.standing", "station.standing", "guidance.visits"}
		if u.Level.Rank() >= org.Township.Rank() {
			codes = codes[1:]
		}
		for _, code := range codes {
			f, err := s.figure(ctx, ledger.Query{Figure: code, Unit: u.ID, Day: day})
			if err != nil {
				return nil, err
			}
			v.Figures = append(v.Figures, f)
		}
		own, err := s.atUnits(ctx, Kind, []id.ID{u.ID}, day)
		if err != nil {
			return nil, err
		}
		for _, l := range own {
			t, _, err := s.Association(ctx, l.Ref())
			if err != nil {
				return nil, err
			}
			sub := ""
			if flags := flagTexts(ctx, t.Flags(day)); len(flags) > 0 {
				sub = i18n.T(ctx, "association.flags", "Flags", strings.Join(flags, i18n.T(ctx, "association.comma")))
			}
			v.Links = append(v.Links, ui.Link{Text: l.Name, Href: "/association/" + l.Ref().String(), Sub: sub})
		}
		stations, err := s.atUnits(ctx, KindStation, []id.ID{u.ID}, day)
		if err != nil {
			return nil, err
		}
		for _, l := range stations {
			v.Links = append(v.Links, ui.Link{Text: l.Name, Href: "/station/" + l.Ref().String()})
		}
		if a.May(scope.Work, u.Pos) && u.StandsOn(day) {
			kind, path := Kind, "/association"
			if u.Level.Rank() >= org.Township.Rank() {
				kind, path = KindStation, "/station"
			}
			v.Add = []ui.Button{{Text: i18n.T(ctx, "association.add."+kind), Href: path + "/new?unit=" + u.ID.String()}}
		}
		return unitPanel(v), nil
	}}
}
