package org

import (
	"context"

	"github.com/a-h/templ"

	"xinhuo/internal/kit/clock"
)

// Panel is a box that another module lends to the unit's page. A panel with nothing to show answers nil.
type Panel struct {
	Key    string
	Order  int
	Render func(ctx context.Context, u Unit, day clock.Day) (templ.Component, error)
}

// AddPanel lends a box to the unit's page; call it before serving.
func (s *Service) AddPanel(p Panel) { s.panels = append(s.panels, p) }
