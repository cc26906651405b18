package care

import (
	"context"

	"xinhuo/internal/kit/anon"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/org"
)

// Count is how many requests of a kind are published of some months; Least says that it may be more.
type Count struct {
	Kind  string `json:"kind"`
	N     int64  `json:"n"`
	Least bool   `json:"least,omitempty"`
}

// lookBack is how many months the page of a unit adds up.
const lookBack = 12

// Counts are how many asked in the last closed months at a unit and below, as published: what was fewer than five at a unit is in no
// number of its own, and what is told says nothing of it (anon.Release). They are figures of a class of their own: fixed tables of closed
// months, that never change and lead to no record.
func (s *Service) Counts(ctx context.Context, u org.Unit) (from, to string, list []Count, err error) {
	a := scope.From(ctx)
	if !a.May(scope.View, u.Pos) {
		return "", "", nil, errNone
	}
	to = anon.MonthAfter(anon.MonthOf(clock.Today(ctx)), -1)
	from = anon.MonthAfter(to, 1-lookBack)
	rows, err := s.counts(ctx, a.ViewSet, u.Range(), from, to)
	for _, k := range Kinds {
		for _, r := range rows {
			if r.Kind == k {
				list = append(list, Count{Kind: k, N: r.N, Least: r.Least == 1})
			}
		}
	}
	return from, to, list, err
}

// Publish publishes the months that have ended, city by city, each once. It may run at any time and twice.
func (s *Service) Publish(ctx context.Context) (months int, err error) {
	defer errs.Wrapf(&err, "care.Publish")
	ctx = asking(ctx)
	cities, err := s.citiesAcrossUnits(ctx)
	if err != nil {
		return 0, err
	}
	now := anon.MonthOf(clock.Today(ctx))
	for _, root := range cities {
		month, err := s.lastMonthAcrossUnits(ctx, root)
		if err != nil {
			return months, err
		}
		if month != "" {
			month = anon.MonthAfter(month, 1)
		} else if at, err := s.firstAcrossUnits(ctx, root); err != nil || at == 0 {
			if err != nil {
				return months, err
			}
			continue
		} else {
			month = anon.MonthOf(dayOf(at))
		}
		for ; month < now; month = anon.MonthAfter(month, 1) {
			if err := s.publish(ctx, root, month); err != nil {
				return months, err
			}
			months++
		}
	}
	return months, nil
}

// publish releases one month of one city; whatever a unit took over is one number with its own.
func (s *Service) publish(ctx context.Context, root int64, month string) error {
	return s.db.Tx(ctx, func(ctx context.Context) error {
		if fresh, err := s.closeMonth(ctx, root, month); err != nil || fresh == 0 {
			return err
		}
		came, err := s.cameAcrossUnits(ctx, root, anon.FirstOf(month).Time().UnixMilli(), anon.FirstOf(anon.MonthAfter(month, 1)).Time().UnixMilli())
		if err != nil {
			return err
		}
		homes, at, top, err := s.nested(ctx, root, came)
		if err != nil {
			return err
		}
		for _, kind := range Kinds {
			for _, n := range at { // a desk that nobody asked has a small number, too
				n.Own = new(int64)
			}
			for _, c := range came {
				if c.Kind == kind {
					*at[homes[c.Unit].ID].Own += c.N
				}
			}
			var failed error
			anon.Release(top, func(unit id.ID, pooled bool, n int64, least bool) {
				u, err := s.org.Unit(ctx, unit)
				if err == nil {
					err = s.insertCount(ctx, root, month, countRow{Unit: unit, Pos: u.Pos, Kind: kind, Pooled: bit(pooled), N: n, Least: bit(least)})
				}
				if err != nil {
					failed = err
				}
			})
			if failed != nil {
				return failed
			}
		}
		return nil
	})
}

func bit(yes bool) int64 {
	if yes {
		return 1
	}
	return 0
}

// nested is the city's tree of desks and of units that were asked, with the unit that stands for each today.
func (s *Service) nested(ctx context.Context, root int64, came []countRow) (homes map[id.ID]org.Unit, at map[id.ID]*anon.Node, top *anon.Node, err error) {
	units, err := s.desksAcrossUnits(ctx, root)
	if err != nil {
		return nil, nil, nil, err
	}
	for _, c := range came {
		units = append(units, c.Unit)
	}
	return s.rec.Nested(ctx, root, units)
}
