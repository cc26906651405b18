package guarantee

import (
	"context"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/org"
)

// Paper is a document that came down the tree to a unit, or one of the obligations in it (R7).
type Paper struct {
	Ref    id.Ref
	No     int // of the obligation; 0 is the whole document
	Title  string
	Number string
	Day    clock.Day
	Text   string // of the obligation
}

// Papers finds the documents that bind a unit or that it issued itself, each followed by its obligations, as far as the reader
// may know them.
type Papers func(ctx context.Context, u org.Unit) ([]Paper, error)

// SetPapers says where the documents are found on which a mechanism can rest.
func (s *Service) SetPapers(f Papers) { s.papers = f }

// cite takes over which document a point rests on: one that the unit knows, or the one that stands there already. What the
// document is called is taken from it where nothing was typed.
func (s *Service) cite(ctx context.Context, unit id.ID, was, h *Held) error {
	if h.Paper.Ref == (id.Ref{}) {
		h.Paper = Cited{}
		return nil
	}
	if h.Paper.Ref == was.Paper.Ref && h.Paper.No == was.Paper.No {
		h.Paper = was.Paper
		return nil
	}
	u, err := s.org.Unit(ctx, unit)
	if err != nil {
		return err
	}
	list, err := s.papers(ctx, u)
	if err != nil {
		return err
	}
	for _, p := range list {
		if p.Ref != h.Paper.Ref || p.No != h.Paper.No {
			continue
		}
		h.Paper.Title, h.Paper.Text = p.Title, p.Text
		if h.Doc == (Document{}) {
			h.Doc = Document{Name: p.Title, Number: p.Number, Day: p.Day}
		}
		return nil
	}
	var f errs.Fields
	f.Add("paper", "guarantee.paper_unknown")
	return f.Err()
}

// mostCiting bounds the units that a document's page names.
const mostCiting = 100

// Citing is a unit's point that rests on a document.
type Citing struct {
	Root int64  `db:"root"`
	Rec  id.ID  `db:"rec"`
	Unit id.ID  `db:"unit"`
	Year int    `db:"year"`
	Name string `db:"name"`
	No   int    `db:"no"`
}

// Citing are the points that rest on a document, the latest year first, as far as the reader may view their units.
func (s *Service) Citing(ctx context.Context, paper id.Ref) ([]Citing, error) {
	return s.store.citing(ctx, paper.ID, scope.From(ctx).ViewSet, mostCiting)
}
