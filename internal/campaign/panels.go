package campaign

import (
	"context"

	"github.com/a-h/templ"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/org"
)

// panelLine is one campaign in the box on a unit's page.
type panelLine struct{ Title, Text, Href string }

// mostInPanel is how many campaigns the box names.
const mostInPanel = 4

// panel is the box on a unit's page: the campaigns that run there, and how far the unit, or the units below it, have come.
// A province's box names them only: its board is a page of its own.
func (s *Service) panel() org.Panel {
	return org.Panel{Key: "campaign", Order: 45, Render: func(ctx context.Context, u org.Unit, day clock.Day) (templ.Component, error) {
		if !scope.From(ctx).May(scope.View, u.Pos) {
			return nil, nil
		}
		list, _, err := s.List(ctx, u, day, Filter{State: "running", Limit: mostInPanel})
		if err != nil || len(list) == 0 {
			return nil, err
		}
		states, err := s.States(ctx, u, list, day)
		if err != nil {
			return nil, err
		}
		var lines []panelLine
		for _, l := range list {
			x := panelLine{Title: l.Title, Text: spanText(ctx, l.From, l.Last), Href: "/campaign/" + l.Ref.String() + "?unit=" + u.ID.String()}
			if st, ok := states[l.Ref.ID]; ok {
				x.Text, x.Href = stateText(ctx, st), dutyPath(l.Ref, u.ID)
			} else if u.Level.Rank() >= org.City.Rank() && !u.Level.Leaf() {
				c, _, err := s.Campaign(ctx, l.Ref)
				if err != nil && !errs.Is(err, errs.NotFound) {
					return nil, err
				}
				b, err := s.Board(ctx, l.Ref, c, u, day)
				if err != nil {
					return nil, err
				}
				if b.All.Targets > 0 {
					x.Text = i18n.T(ctx, "campaign.panel_counts", "All", b.All.Targets, "Reported", b.All.Reported, "Missing", b.All.Missing())
				}
			}
			lines = append(lines, x)
		}
		return unitPanel(u.ID.String(), lines), nil
	}}
}
