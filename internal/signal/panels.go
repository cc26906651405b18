package signal

import (
	"context"

	"github.com/a-h/templ"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/web/ui"
	"xinhuo/internal/ledger"
	"xinhuo/internal/org"
	"xinhuo/internal/record"
)

type panelView struct {
	Figures []ui.Figure
	Href    string
	Add     []ui.Button
}

// panel is the box on a unit's page: the three topics that came up most in the last twelve months.
func (s *Service) panel() org.Panel {
	return org.Panel{Key: Kind, Order: 46, Render: func(ctx context.Context, u org.Unit, day clock.Day) (templ.Component, error) {
		a := scope.From(ctx)
		if !a.May(scope.View, u.Pos) || u.Level.Leaf() {
			return nil, nil
		}
		to := lastClosed(day)
		q := ledger.Query{Figure: raised, Unit: u.ID, Day: day, From: to.add(1 - lookBack).First(), To: to.add(1).First()}
		parts, err := s.ledger.ByValue(ctx, q, "topic")
		if err != nil {
			return nil, err
		}
		v := panelView{Href: pageAt(u.ID, "")}
		for _, t := range most(parts, 3) {
			v.Figures = append(v.Figures, ui.Figure{Number: ui.Number(parts[t]), Unit: i18n.T(ctx, "signal.people"), Label: topicText(ctx, t), Href: record.EvidenceHref(q) + "&topic=" + t})
		}
		if a.Unit == u.ID && a.May(scope.Work, u.Pos) {
			v.Add = []ui.Button{{Text: i18n.T(ctx, "signal.do"), Href: "/signal/own"}}
		}
		return panelTempl(v), nil
	}}
}
