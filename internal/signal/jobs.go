package signal

import (
	"context"
	"slices"

	"xinhuo/internal/kit/anon"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/org"
	"xinhuo/internal/record"
)

// Daily publishes the months that are closed, each once. It may run at any time and twice.
func (s *Service) Daily(ctx context.Context) (months int, err error) {
	ctx = scope.With(ctx, scope.System("signal.clock"))
	list, err := s.pendingAcrossUnits(ctx, lastClosed(clock.Today(ctx)))
	for len(list) > 0 && err == nil {
		n := slices.IndexFunc(list, func(f Filed) bool { return f.Root != list[0].Root || f.Month != list[0].Month })
		if n < 0 {
			n = len(list)
		}
		err = s.publish(ctx, list[:n])
		list, months = list[n:], months+1
	}
	return months, err
}

// publish releases one month of one city.
func (s *Service) publish(ctx context.Context, list []Filed) error {
	root, month := list[0].Root, list[0].Month
	return s.db.Tx(ctx, func(ctx context.Context) error {
		fresh, err := s.close(ctx, root, month)
		if err != nil {
			return err
		}
		if err := s.released(ctx, root, month); err != nil || fresh == 0 {
			return err // published already: what comes late is not, or it would stand out by the difference
		}
		ids := make([]id.ID, len(list))
		for i, f := range list {
			ids[i] = f.ID
		}
		said, err := s.reports.Bodies(ctx, ids)
		if err != nil {
			return err
		}
		top, by, err := s.treeOf(ctx, list)
		if err != nil {
			return err
		}
		out := map[id.ID]*Published{}
		var order []id.ID
		for _, topic := range Topics {
			for _, n := range by {
				n.Own = nil
			}
			for _, f := range list { // what was taken over by another unit is one cell with its own
				n := by[f.ID]
				if n.Own == nil {
					n.Own = new(int64)
				}
				*n.Own += said[f.ID].Counts[topic]
			}
			anon.Release(top, func(unit id.ID, pooled bool, n int64, least bool) {
				if out[unit] == nil {
					out[unit] = &Published{Unit: unit, Month: month}
					order = append(order, unit)
				}
				out[unit].Items = append(out[unit].Items, Item{Topic: topic, Pooled: pooled, N: n, Least: least})
			})
		}
		for _, unit := range order {
			if _, err := s.published.Create(ctx, *out[unit], record.Change{Act: "signal.act.publish"}); err != nil {
				return err
			}
		}
		return nil
	})
}

// treeOf builds the city's tree of those that reported, and says at which node each report stands.
func (s *Service) treeOf(ctx context.Context, list []Filed) (top *anon.Node, by map[id.ID]*anon.Node, err error) {
	homes, by := make([]org.Unit, len(list)), map[id.ID]*anon.Node{}
	for i, f := range list {
		if homes[i], err = s.rec.Home(ctx, f.Unit); err != nil {
			return nil, nil, err
		}
	}
	top, at, err := s.org.Nest(ctx, list[0].Root, homes)
	for i, f := range list {
		by[f.ID] = at[homes[i].ID]
	}
	return top, by, err
}
