package activity

import (
	"context"
	"slices"

	"xinhuo/internal/base"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/org"
)

// mostBases is how many bases of a unit the page of their use shows.
const mostBases = 500

// basesUse are the bases of a unit that stand today, those without an activity in the year first, and what each gave.
func (s *Service) basesUse(ctx context.Context, u org.Unit, inYear int) ([]base.Row, map[id.Ref]use, error) {
	var rows []base.Row
	for after := ""; len(rows) < mostBases; {
		p, err := s.base.List(ctx, base.Filter{Unit: u, Standing: clock.Today(ctx), After: after, Limit: 200})
		if err != nil {
			return nil, nil, err
		}
		rows = append(rows, p.Rows...)
		if after = p.Next; after == "" {
			break
		}
	}
	uses := map[id.Ref]use{}
	seen := map[int64]bool{}
	for _, b := range rows {
		if seen[b.Root] {
			continue
		}
		seen[b.Root] = true
		list, err := s.store.useOfBasesAcrossUnits(ctx, b.Root, inYear)
		if err != nil {
			return nil, nil, err
		}
		for _, n := range list {
			uses[id.Ref{Root: n.Root, ID: n.Base}] = n
		}
	}
	slices.SortStableFunc(rows, func(a, b base.Row) int { return int(uses[a.Ref()].Events - uses[b.Ref()].Events) })
	return rows, uses, nil
}

// usual puts the types that the unit has most often first: the usual one is chosen already.
func (s *Service) usual(ctx context.Context, unit id.ID, list []Choice) ([]Choice, error) {
	used, err := s.store.usedTypes(ctx, unit)
	if err != nil {
		return nil, err
	}
	n := map[string]int64{}
	for _, u := range used {
		n[u.Type] = u.N
	}
	out := slices.Clone(list)
	slices.SortStableFunc(out, func(a, b Choice) int { return int(n[b.Code] - n[a.Code]) })
	return out, nil
}

// latest is the last activity that the unit itself led; zero when there was none.
func (s *Service) latest(ctx context.Context, u org.Unit) (Activity, error) {
	p, err := s.List(ctx, Filter{Unit: org.Unit{ID: u.ID, Pos: u.Pos, Level: org.Village}, Limit: 5})
	if err != nil {
		return Activity{}, err
	}
	for _, l := range p.Rows {
		if l.Lead == u.ID {
			a, _, err := s.book.Get(ctx, l.Ref())
			return a, err
		}
	}
	return Activity{}, nil
}

// mostPlaces is how many places the page of places shows.
const mostPlaces = 200

// places sums the activities held that a filter chooses by their first place within the reader's view (R44: by school).
func (s *Service) places(ctx context.Context, f Filter) ([]placeSum, error) {
	f.Status, f.Limit = Held, mostPlaces
	return s.store.places(ctx, f, scope.From(ctx).ViewSet)
}
