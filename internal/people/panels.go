package people

import (
	"context"

	"github.com/a-h/templ"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/ledger"
	"xinhuo/internal/org"
	"xinhuo/internal/record"
)

// panel is the box of teams on a unit's page: how many stand in its subtree, by need, and the way to add one.
func (s *Service) panel() org.Panel {
	return org.Panel{Key: "team", Order: 40, Render: func(ctx context.Context, u org.Unit, day clock.Day) (templ.Component, error) {
		a := scope.From(ctx)
		if !a.May(scope.View, u.Pos) {
			return nil, nil
		}
		fig, err := s.figure(ctx, ledger.Query{Figure: "team.active", Unit: u.ID, Day: day})
		if err != nil {
			return nil, err
		}
		parts, err := s.byNeed(ctx, u, day)
		if err != nil {
			return nil, err
		}
		return unitPanel(panelView{Unit: u, Figure: fig, Needs: parts, Work: a.May(scope.Work, u.Pos) && u.StandsOn(day)}), nil
	}}
}

type panelView struct {
	Unit   org.Unit
	Figure figureView
	Needs  []needPart
	Work   bool
}

// figureView is a figure ready to be shown.
type figureView struct{ Number, Measure, Label, Href, Sentence string }

func (s *Service) figure(ctx context.Context, q ledger.Query) (figureView, error) {
	d, err := s.led.Figure(q.Figure)
	if err != nil {
		return figureView{}, err
	}
	v, err := s.led.Ask(ctx, q)
	if err != nil {
		return figureView{}, err
	}
	n, unit := ledger.Number(ctx, d, v.Amount)
	lang := langOf(ctx)
	return figureView{n, unit, d.Short.In(lang), record.EvidenceHref(q), d.Sentence.In(lang)}, nil
}
