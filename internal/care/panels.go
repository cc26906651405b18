package care

import (
	"context"

	"github.com/a-h/templ"

	"xinhuo/internal/kit/web/ui"
	"xinhuo/internal/org"
)

// Panel is a box that another module lends to the page of a request, for those who read it; one with an order below 0 stands before the
// words. A panel with nothing to show answers nil.
type Panel struct {
	Key    string
	Order  int
	Render func(ctx context.Context, q Request) (templ.Component, error)
}

// AddPanel lends a box to the page of a request; call it before serving.
func (s *Service) AddPanel(p Panel) { s.panels = append(s.panels, p) }

// Place is where else the page of a unit's desk leads: TextKey is its name, Path an address that takes a unit.
type Place struct{ TextKey, Path string }

// AddPlace lets the page of a unit's desk lead on to another module; call it before serving.
func (s *Service) AddPlace(p Place) { s.places = append(s.places, p) }

// placesOf are those links for a unit.
func (s *Service) placesOf(ctx context.Context, u org.Unit) (out []ui.Link) {
	for _, p := range s.places {
		out = append(out, ui.Link{Text: tr(ctx, p.TextKey), Href: at(p.Path, u.ID)})
	}
	return out
}
