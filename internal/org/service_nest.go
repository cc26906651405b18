package org

import (
	"context"
	"slices"

	"xinhuo/internal/kit/anon"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/id"
)

// Nest builds the tree of today of some units of a city and of those above them there, to publish numbers by (anon.Release), and says
// at which node each of them stands.
func (s *Service) Nest(ctx context.Context, root int64, units []Unit) (top *anon.Node, at map[id.ID]*anon.Node, err error) {
	nodes, at := map[id.ID]*anon.Node{}, map[id.ID]*anon.Node{}
	for _, unit := range units {
		up, err := s.Ancestors(ctx, unit.ID, clock.Today(ctx))
		if err != nil {
			return nil, nil, err
		}
		up = slices.DeleteFunc(up, func(u Unit) bool { return u.Root() != root })
		if len(up) == 0 || up[len(up)-1].ID != unit.ID {
			up = append(up, unit)
		}
		if top == nil {
			top = &anon.Node{Unit: up[0].ID}
			nodes[up[0].ID] = top
		}
		here := top
		for _, u := range up {
			n := nodes[u.ID]
			if n == nil {
				n = &anon.Node{Unit: u.ID}
				nodes[u.ID] = n
				here.Kids = append(here.Kids, n)
			}
			here = n
		}
		at[unit.ID] = here
	}
	return top, at, nil
}
