package care

import (
	"context"
	"slices"

	"github.com/a-h/templ"
)

// Panel is a box that another module lends to the page of a request, for who opened it. A panel with nothing to show answers nil.
type Panel struct {
	Key    string
	Order  int
	Render func(ctx context.Context, q Request) (templ.Component, error)
}

// AddPanel lends a box to the page of a request; call it before serving.
func (s *Service) AddPanel(p Panel) { s.panels = append(s.panels, p) }

// boxes are what other modules show on a request's page, in their order.
func (s *Service) boxes(ctx context.Context, q Request) (out []templ.Component, err error) {
	list := slices.SortedStableFunc(slices.Values(s.panels), func(a, b Panel) int { return a.Order - b.Order })
	for _, p := range list {
		c, err := p.Render(ctx, q)
		if err != nil {
			return nil, err
		}
		if c != nil {
			out = append(out, c)
		}
	}
	return out, nil
}
