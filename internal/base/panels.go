package base

import (
	"context"

	"github.com/a-h/templ"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/web/ui"
	"xinhuo/internal/org"
)

// panel shows a unit's bases on its page.
func (s *Service) panel() org.Panel {
	return org.Panel{Key: "base", Order: 30, Render: func(ctx context.Context, u org.Unit, day clock.Day) (templ.Component, error) {
		p, err := s.List(ctx, Filter{Unit: u, Standing: day, Limit: 5})
		if err != nil || p.Total == 0 {
			return nil, err
		}
		return unitPanel(u, day, p), nil
	}}
}

// Panel is a box that another module lends to the page of a base, under the heading of its use. A panel with nothing to
// show answers nil.
type Panel struct {
	Key    string
	Render func(ctx context.Context, ref id.Ref, b Base, day clock.Day) (templ.Component, error)
}

// AddPanel lends a box to the page of a base; call it before serving.
func (s *Service) AddPanel(p Panel) { s.panels = append(s.panels, p) }

// Rounds are links to the rounds in which the bases of a unit and those below it were looked at one by one, the latest first.
type Rounds func(ctx context.Context, u org.Unit) ([]ui.Link, error)

// SetRounds says where the list of bases finds them.
func (s *Service) SetRounds(f Rounds) { s.rounds = f }
