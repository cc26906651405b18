package care

import (
	"context"

	"github.com/a-h/templ"
)

// Panel is a box that another module lends to the page of a request, for those who may read it. A panel with nothing to show answers nil.
type Panel struct {
	Key    string
	Order  int
	Render func(ctx context.Context, q Request) (templ.Component, error)
}

// AddPanel lends a box to the page of a request; call it before serving.
func (s *Service) AddPanel(p Panel) { s.panels = append(s.panels, p) }
