package library

import (
	"context"
	"fmt"
	"sync"

	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/search"
)

// mostRelated is how many related documents a page names.
const mostRelated = 5

// Related are documents that the reader sees whose text shares the rarest words with one: those that share most of them come
// first (L26). It knows nothing of who read what.
func (s *Service) Related(ctx context.Context, doc id.ID, v Document, t Text) ([]Listed, error) {
	words, err := s.rare.of(v.File.Hash+v.Title, func() ([]search.Word, error) { return s.index.Rare(ctx, v.Title, t.document().Text(), 12) })
	if err != nil || len(words) == 0 {
		return nil, err
	}
	where, args := Filter{State: Issued}.filtered(scope.From(ctx))
	args = append(args, doc, v.File.Hash)
	where += fmt.Sprintf(" AND d.id <> $%d AND (d.hash <> $%d OR d.hash = '')", len(args)-1, len(args))
	hits, err := search.Sharing(ctx, s.index, words, among(scope.From(ctx), where, args), "d.id AS doc", docOf, mostRelated)
	if err != nil {
		return nil, err
	}
	ids := make([]id.ID, len(hits))
	for i := range ids {
		ids[i] = hits[i].Doc
	}
	return s.inOrderAcrossUnits(ctx, ids)
}

// rareWords keep the rare words of texts that were read lately: finding them counts how often every pair of a text is used. How rare a
// word is changes slowly, so that they may be somewhat old. The zero value is ready.
type rareWords struct {
	mu   sync.Mutex
	list map[string][]search.Word
}

const mostRare = 2_000

func (r *rareWords) of(key string, find func() ([]search.Word, error)) ([]search.Word, error) {
	r.mu.Lock()
	words, ok := r.list[key]
	r.mu.Unlock()
	if ok {
		return words, nil
	}
	words, err := find()
	if err != nil {
		return nil, err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.list == nil || len(r.list) >= mostRare {
		r.list = map[string][]search.Word{}
	}
	r.list[key] = words
	return words, nil
}
