package volunteer

import (
	"context"

	"github.com/a-h/templ"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/web/ui"
	"xinhuo/internal/ledger"
	"xinhuo/internal/org"
)

type panelView struct {
	Unit     org.Unit
	Figures  []ui.Figure
	Sentence string
	Work     bool
}

// panel is the box of volunteers on a unit's page: how many are active, of the core, without a valid check, and the
// hours of the year.
func (s *Service) panel() org.Panel {
	return org.Panel{Key: "volunteer", Order: 35, Render: func(ctx context.Context, u org.Unit, day clock.Day) (templ.Component, error) {
		a := scope.From(ctx)
		if !a.May(scope.View, u.Pos) {
			return nil, nil
		}
		v := panelView{Unit: u, Work: a.May(scope.Work, u.Pos) && u.StandsOn(day)}
		for _, code := range []string{"volunteer.active", "volunteer.core", "volunteer.unchecked", "volunteer.hours"} {
			f, err := s.figure(ctx, ledger.Query{Figure: code, Unit: u.ID, Day: day})
			if err != nil {
				return nil, err
			}
			if v.Sentence == "" {
				v.Sentence = f.Sentence
			}
			v.Figures = append(v.Figures, ui.Figure{Number: f.Number, Unit: f.Measure, Label: f.Label, Href: f.Href})
		}
		return unitPanel(v), nil
	}}
}
