package record

import (
	"context"

	"xinhuo/internal/kit/anon"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/org"
)

// Nested is a city's tree of today of some units, to publish numbers by (org.Nest): homes says which unit stands for each of them
// today, at the node where that one stands. Whatever a unit took over is one number with its own.
func (s *Service) Nested(ctx context.Context, root int64, units []id.ID) (homes map[id.ID]org.Unit, at map[id.ID]*anon.Node, top *anon.Node, err error) {
	homes = map[id.ID]org.Unit{}
	var list []org.Unit
	for _, unit := range units {
		if _, there := homes[unit]; there {
			continue
		}
		if homes[unit], err = s.Home(ctx, unit); err != nil {
			return nil, nil, nil, err
		}
		list = append(list, homes[unit])
	}
	top, at, err = s.org.Nest(ctx, root, list)
	return homes, at, top, err
}
