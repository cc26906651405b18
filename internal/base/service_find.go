package base

import (
	"context"
	"slices"

	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
)

// Found is what everybody may know of a base who may find it: its name, where it is, how many it takes at a time.
type Found struct {
	Ref      id.Ref
	Name     string
	Host     id.ID
	Capacity int64
}

// Named finds the bases of a city by their whole name, or by their code, among those that the reader may find.
func (s *Service) Named(ctx context.Context, root int64, name string) ([]Found, error) {
	rows, err := s.store.named(ctx, root, name, scope.From(ctx).FindSet)
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	refs := make([]id.Ref, len(rows))
	for i, r := range rows {
		refs[i] = r.Ref()
	}
	known, err := s.Known(ctx, refs)
	out := make([]Found, 0, len(refs))
	for _, r := range refs {
		if f, ok := known[r]; ok {
			out = append(out, f)
		}
	}
	return out, err
}

// Known says what everybody may know of bases whose keys a record carries; a base that was taken out is left out.
func (s *Service) Known(ctx context.Context, refs []id.Ref) (map[id.Ref]Found, error) {
	var ids []id.ID
	for _, r := range refs {
		if !slices.Contains(ids, r.ID) {
			ids = append(ids, r.ID)
		}
	}
	bodies, err := s.book.Bodies(ctx, ids)
	if err != nil {
		return nil, err
	}
	out := make(map[id.Ref]Found, len(refs))
	for _, r := range refs {
		if b, ok := bodies[r.ID]; ok {
			out[r] = Found{Ref: r, Name: b.Name, Host: b.Host, Capacity: b.Capacity}
		}
	}
	return out, nil
}
