package guarantee

import (
	"context"
	"strconv"

	"github.com/a-h/templ"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/web/ui"
	"xinhuo/internal/org"
)

type panelView struct {
	Score, Missing string
	Link           ui.Link
}

// panel is the box on a unit's page: how many mechanisms are in place this year, and what is missing (R6, R8).
func (s *Service) panel() org.Panel {
	return org.Panel{Key: Kind, Order: 41, Render: func(ctx context.Context, u org.Unit, day clock.Day) (templ.Component, error) {
		if !scope.From(ctx).May(scope.View, u.Pos) || u.Level.Leaf() || u.Level == org.Village {
			return nil, nil
		}
		year := day.Year()
		v := panelView{Score: i18n.T(ctx, "guarantee.not_begun"), Link: ui.Link{Text: i18n.T(ctx, "guarantee.see", "Year", year), Href: at("/guarantee", u, year)}}
		had, err := s.YearOf(ctx, u.ID, year)
		if err != nil {
			return nil, err
		}
		if had != nil && had.Ref() != (id.Ref{}) {
			y, _, err := s.Get(ctx, had.Ref())
			if err != nil {
				return nil, err
			}
			v.Score = i18n.T(ctx, "guarantee.score", "Have", y.Have(day), "Of", len(y.Mechanisms))
			var names []string
			for _, h := range y.Gaps(day) {
				if h.Required && len(names) < 3 {
					names = append(names, h.Name)
				}
			}
			if len(names) > 0 {
				v.Missing = i18n.T(ctx, "guarantee.missing_list", "List", joined(ctx, names...))
			}
		}
		return unitPanel(v), nil
	}}
}

// PaperPanel is the box for the page of a document that came down the tree: the units below the reader that rest a point of their
// mechanisms on it, and on which of its obligations (R7). Nil when there are none.
func (s *Service) PaperPanel(ctx context.Context, paper id.Ref) (templ.Component, error) {
	list, err := s.Citing(ctx, paper)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	of := make([]id.ID, len(list))
	for i, c := range list {
		of[i] = c.Unit
	}
	units, err := s.org.ByIDs(ctx, of)
	if err != nil {
		return nil, err
	}
	t := ui.Table{Caption: i18n.T(ctx, "guarantee.cited"), Columns: columns(ctx, "f.unit", "f.year", "f.point")}
	for _, c := range list {
		point := ui.Text(c.Name)
		if c.No > 0 {
			point.Sub = i18n.T(ctx, "guarantee.cited_no", "N", c.No)
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{ui.To(units[c.Unit].Name, path(id.Ref{Root: c.Root, ID: c.Rec})), ui.Text(strconv.Itoa(c.Year)), point}})
	}
	return citedBox(t), nil
}
