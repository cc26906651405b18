package coord

import (
	"context"

	"github.com/a-h/templ"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/web/ui"
	"xinhuo/internal/org"
)

// mostInPanel is how many notices the box names.
const mostInPanel = 4

// panel is the box on a unit's page: the notices that hold there and how far the unit, or those below it, have come.
func (s *Service) panel() org.Panel {
	return org.Panel{Key: "coord", Order: 44, Render: func(ctx context.Context, u org.Unit, day clock.Day) (templ.Component, error) {
		if !scope.From(ctx).May(scope.View, u.Pos) {
			return nil, nil
		}
		list, _, err := s.List(ctx, u, day, Filter{State: "open", Limit: mostInPanel})
		if err != nil {
			return nil, err
		}
		states, err := s.States(ctx, u, list, day)
		if err != nil {
			return nil, err
		}
		var notices []ui.Fact
		for _, l := range list {
			x := ui.Fact{Label: l.Title, Text: i18n.T(ctx, "coord.stage.draft"), Href: path(l.Ref) + "?unit=" + u.ID.String()}
			if l.IssuedOn != clock.Open {
				x.Text = i18n.Day(ctx, l.IssuedOn)
			}
			if st, ok := states[l.Ref.ID]; ok {
				x.Text, x.Href = stateText(ctx, st), replyPath(l.Ref, u.ID)
			} else if l.IssuedOn != clock.Open && u.Level.Rank() >= org.City.Rank() && !u.Level.Leaf() {
				n, _, err := s.Notice(ctx, l.Ref)
				if err != nil {
					return nil, err
				}
				b, err := s.Board(ctx, l.Ref, n, u, day)
				if err != nil {
					return nil, err
				}
				if b.All.Targets > 0 {
					x.Text = i18n.T(ctx, "coord.panel_counts", "All", b.All.Targets, "Received", b.All.Received, "Done", b.All.Done)
				}
			}
			notices = append(notices, x)
		}
		if len(notices) == 0 {
			return nil, nil
		}
		return unitPanel(u.ID.String(), notices), nil
	}}
}

// Panel is a box that another module lends to the page of a notice. One with nothing to show answers nil.
type Panel struct {
	Key    string
	Render func(ctx context.Context, ref id.Ref) (templ.Component, error)
}

// AddPanel lends a box to the page of a notice; call it before serving.
func (s *Service) AddPanel(p Panel) { s.panels = append(s.panels, p) }
