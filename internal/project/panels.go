package project

import (
	"context"

	"github.com/a-h/templ"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/web/ui"
	"xinhuo/internal/ledger"
	"xinhuo/internal/org"
	"xinhuo/internal/record"
)

// figures of this module: signed and received are two (R205).
var figures = []string{"project.signed", "project.signed_fen", "project.received_fen"}

// panel is the box of contracts on a unit's page: this year's.
func (s *Service) panel() org.Panel {
	return org.Panel{Key: "project", Order: 60, Render: func(ctx context.Context, u org.Unit, day clock.Day) (templ.Component, error) {
		a := scope.From(ctx)
		if !a.May(scope.View, u.Pos) {
			return nil, nil
		}
		figs, err := s.figures(ctx, yearOf(u, day.Year(), day))
		if err != nil {
			return nil, err
		}
		v := panelView{Unit: u, Figures: figs, Lead: i18n.T(ctx, "project.year_lead", "Year", day.Year()), Work: a.May(scope.Work, u.Pos) && u.StandsOn(day)}
		return unitPanel(v), nil
	}}
}

type panelView struct {
	Unit    org.Unit
	Lead    string
	Figures []ui.Figure
	Work    bool
}

// Panel is a box that another module lends to the page of a contract. A panel with nothing to show answers nil.
type Panel struct {
	Key    string
	Render func(ctx context.Context, ref id.Ref, c Contract) (templ.Component, error)
}

// AddPanel lends a box to the page of a contract; call it before serving.
func (s *Service) AddPanel(p Panel) { s.panels = append(s.panels, p) }

// boxes are what other modules show on the page of a contract.
func (s *Service) boxes(ctx context.Context, ref id.Ref, c Contract) ([]templ.Component, error) {
	var out []templ.Component
	for _, p := range s.panels {
		box, err := p.Render(ctx, ref, c)
		if err != nil {
			return nil, err
		}
		if box != nil {
			out = append(out, box)
		}
	}
	return out, nil
}

// yearOf asks a year up to the as-of day.
func yearOf(u org.Unit, year int, day clock.Day) ledger.Query {
	p := clock.YearOf(year)
	return ledger.Query{Unit: u.ID, Day: day, From: p.From, To: clock.MinEnd(p.To, max(day, p.From))}
}

func (s *Service) figures(ctx context.Context, q ledger.Query) ([]ui.Figure, error) {
	var out []ui.Figure
	for _, code := range figures {
		d, err := s.led.Figure(code)
		if err != nil {
			return nil, err
		}
		q.Figure = code
		v, err := s.led.Ask(ctx, q)
		if err != nil {
			return nil, err
		}
		n, unit := ledger.Number(ctx, d, v.Amount)
		out = append(out, ui.Figure{Number: n, Unit: unit, Label: d.Short.In(i18n.Lang(ctx)), Href: record.EvidenceHref(q)})
	}
	return out, nil
}
