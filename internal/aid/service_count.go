package aid

import (
	"cmp"
	"context"

	"xinhuo/internal/kit/anon"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/org"
)

// Helped is how many children were helped at a unit and below in a year up to its last closed month, as published: each once, in the month in
// which they were helped first. Small numbers are in none of their own (anon.Release); Least says that it may be more.
type Helped struct {
	From  string `json:"from"` // months
	To    string `json:"to"`
	N     int64  `json:"n"`
	Least bool   `json:"least,omitempty"`
}

// Children is what is published of how many children were helped, within the reader's view; a number of 0 is not known.
func (s *Service) Children(ctx context.Context, u org.Unit) (h Helped, err error) {
	a := scope.From(ctx)
	if !a.May(scope.View, u.Pos) {
		return h, errs.New(errs.NotFound, "errs.not_found")
	}
	h.To = anon.MonthAfter(anon.MonthOf(clock.Today(ctx)), -1)
	h.From = h.To[:4] + "-01"
	row, err := s.store.counted(ctx, a.ViewSet, u.Range(), h.From, h.To)
	h.N, h.Least = row.N, row.Least == 1
	return h, err
}

// Publish publishes the months that have ended, city by city, each once. It may run at any time and twice.
func (s *Service) Publish(ctx context.Context) (months int, err error) {
	defer errs.Wrapf(&err, "aid.Publish")
	ctx = scope.With(ctx, scope.System(Kind))
	cities, err := s.store.firstsAcrossUnits(ctx)
	if err != nil {
		return 0, err
	}
	now := anon.MonthOf(clock.Today(ctx))
	for _, city := range cities {
		month := anon.MonthOf(city.Day)
		if city.Last != "" {
			month = anon.MonthAfter(city.Last, 1)
		}
		for ; month < now; month = anon.MonthAfter(month, 1) {
			if err := s.db.Tx(ctx, func(ctx context.Context) error { return s.publish(ctx, city.Root, month) }); err != nil {
				return months, err
			}
			months++
		}
	}
	return months, nil
}

// publish releases one month of one city.
func (s *Service) publish(ctx context.Context, root int64, month string) (failed error) {
	if fresh, err := s.store.closeMonth(ctx, root, month); err != nil || fresh == 0 {
		return err
	}
	rows, err := s.store.helpedAcrossUnits(ctx, root, clock.Day(month[:4]+"-01-01"), anon.FirstOf(anon.MonthAfter(month, 1)))
	if err != nil {
		return err
	}
	units, err := s.store.gaveAcrossUnits(ctx, root)
	if err != nil {
		return err
	}
	homes, at, top, err := s.rec.Nested(ctx, root, units)
	if err != nil {
		return err
	}
	for _, n := range at { // a unit that helped nobody new has a small number, too
		n.Own = new(int64)
	}
	for _, c := range children(rows) {
		if c.counted {
			continue
		}
		*at[homes[c.unit].ID].Own++
		for _, aid := range c.aids {
			if err := s.store.putCounted(ctx, root, aid); err != nil {
				return err
			}
		}
	}
	anon.Release(top, func(unit id.ID, pooled bool, n int64, least bool) {
		u, err := s.org.Unit(ctx, unit)
		if err == nil {
			err = s.store.insertCount(ctx, root, month, countRow{Unit: unit, Pos: u.Pos, Pooled: bit(pooled), N: n, Least: bit(least)})
		}
		failed = cmp.Or(failed, err)
	})
	return failed
}

func bit(yes bool) int64 {
	if yes {
		return 1
	}
	return 0
}

// helped is an aid with one of the marks of its child; Counted says that it is in a published number.
type helped struct {
	Aid     id.ID  `db:"aid"`
	Unit    id.ID  `db:"unit"`
	Mark    string `db:"mark"`
	Counted int64  `db:"counted"`
}

// aided is one child: where it was helped first, by which aids, and whether one of them is counted.
type aided struct {
	unit    id.ID
	aids    []id.ID
	counted bool
}

// children puts together the aids of a year that are for the same child: those that share a mark, and whatever shares one with them. Rows come
// in the order in which it was given.
func children(rows []helped) (out []*aided) {
	first, place, byMark := map[id.ID]id.ID{}, map[id.ID]int{}, map[string]id.ID{} // the earliest aid of the same child that is known
	head := func(aid id.ID) id.ID {
		for first[aid] != aid {
			aid = first[aid]
		}
		return aid
	}
	for i, r := range rows {
		if _, known := first[r.Aid]; !known {
			first[r.Aid], place[r.Aid] = r.Aid, i
		}
		if other, known := byMark[r.Mark]; known {
			a, b := head(other), head(r.Aid)
			if place[a] > place[b] {
				a, b = b, a
			}
			first[b] = a
		}
		byMark[r.Mark] = r.Aid
	}
	of := map[id.ID]*aided{}
	for i, r := range rows {
		c := of[head(r.Aid)]
		if c == nil {
			c = &aided{unit: r.Unit}
			of[head(r.Aid)], out = c, append(out, c)
		}
		if c.counted = c.counted || r.Counted == 1; place[r.Aid] == i {
			c.aids = append(c.aids, r.Aid)
		}
	}
	return out
}
