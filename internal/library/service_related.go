package library

import (
	"context"

	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/search"
)

// mostRelated is how many related documents a page names.
const mostRelated = 5

// Related are documents that the reader sees whose text shares the rarest words with one: those that share most of them come
// first (L26). It knows nothing of who read what.
func (s *Service) Related(ctx context.Context, doc id.ID, v Document, t Text) ([]Listed, error) {
	words, err := s.index.Rare(ctx, v.Title, t.document().Text(), 12)
	if err != nil || len(words) == 0 {
		return nil, err
	}
	where, args := Filter{State: Issued}.filtered(scope.From(ctx))
	hits, err := search.Sharing(ctx, s.index, words, search.Among{From: "library_document d", Doc: "d.id", Where: where, Args: args}, listed, func(l Listed) id.ID { return l.ID })
	var out []Listed
	for _, h := range hits {
		if h.ID != doc && h.Hash != v.File.Hash && len(out) < mostRelated {
			out = append(out, h)
		}
	}
	return out, err
}
