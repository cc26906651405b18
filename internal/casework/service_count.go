package casework

import (
	"context"

	"xinhuo/internal/kit/anon"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/org"
)

// lookBack is how many months the page of a unit adds up.
const lookBack = 12

// Counts are how many cases of each class were opened, ended and visited in the last closed months at a unit and below, as published:
// what was fewer than five at a unit is in no number of its own (anon.Release). Visited adds up the months.
func (s *Service) Counts(ctx context.Context, u org.Unit) (from, to string, list []Count, err error) {
	a := scope.From(ctx)
	if !a.May(scope.View, u.Pos) {
		return "", "", nil, errNone
	}
	to = anon.MonthAfter(anon.MonthOf(clock.Today(ctx)), -1)
	from = anon.MonthAfter(to, 1-lookBack)
	rows, err := s.counts(ctx, a.ViewSet, u.Range(), from, to)
	for _, k := range Classes() {
		for _, m := range Measures {
			for _, r := range rows {
				if r.Class == k.Code && r.Measure == m {
					list = append(list, Count{Class: k.Code, Measure: m, N: r.N, Least: r.Least == 1})
				}
			}
		}
	}
	return from, to, list, err
}

// Publish publishes the months that have ended, city by city, each once. It may run at any time and twice.
func (s *Service) Publish(ctx context.Context) (months int, err error) {
	defer errs.Wrapf(&err, "casework.Publish")
	ctx = scope.With(ctx, scope.System(Kind))
	cities, err := s.firstsAcrossUnits(ctx)
	if err != nil {
		return 0, err
	}
	now := anon.MonthOf(clock.Today(ctx))
	for _, city := range cities {
		month, err := s.lastMonthAcrossUnits(ctx, city.Root)
		if err != nil {
			return months, err
		}
		if month == "" {
			month = anon.MonthOf(city.Day)
		} else {
			month = anon.MonthAfter(month, 1)
		}
		for ; month < now; month = anon.MonthAfter(month, 1) {
			if err := s.publish(ctx, city.Root, month); err != nil {
				return months, err
			}
			months++
		}
	}
	return months, nil
}

// publish releases one month of one city.
func (s *Service) publish(ctx context.Context, root int64, month string) error {
	return s.db.Tx(ctx, func(ctx context.Context) error {
		if fresh, err := s.closeMonth(ctx, root, month); err != nil || fresh == 0 {
			return err
		}
		came, err := s.cameAcrossUnits(ctx, root, anon.FirstOf(month), anon.FirstOf(anon.MonthAfter(month, 1)))
		if err != nil {
			return err
		}
		units, err := s.unitsAcrossUnits(ctx, root)
		if err != nil {
			return err
		}
		homes, at, top, err := s.rec.Nested(ctx, root, units)
		if err != nil {
			return err
		}
		if err := s.releaseShare(ctx, root, month, homes, at, top); err != nil {
			return err
		}
		for _, k := range Classes() {
			for _, m := range Measures {
				for _, n := range at { // a unit with none of it has a small number, too
					n.Own = new(int64)
				}
				for _, c := range came {
					if c.Class == k.Code && c.Measure == m {
						*at[homes[c.Unit].ID].Own += c.N
					}
				}
				if err := s.release(ctx, root, month, countRow{Class: k.Code, Measure: m}, top); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// InRhythm is of how many tenths of the cases of a unit and those below no visit was overdue at the end of the last closed month, as published;
// no month while there is no such number.
func (s *Service) InRhythm(ctx context.Context, u org.Unit) (month string, tenths int64, err error) {
	if !scope.From(ctx).May(scope.View, u.Pos) {
		return "", 0, errNone
	}
	last := anon.MonthAfter(anon.MonthOf(clock.Today(ctx)), -1)
	switch tenths, err = s.shareAcrossUnits(ctx, u.Root(), u.ID, last); {
	case errs.Is(err, errs.NotFound):
		return "", 0, nil
	case err != nil:
		return "", 0, err
	}
	return last, tenths, nil
}

// releaseShare publishes how many of the running cases were visited in their own rhythm at the end of a month: as tenths, of all classes together
// and of nine cases at least, so that with the flows of the month no small number follows, of those that are running least of all.
func (s *Service) releaseShare(ctx context.Context, root int64, month string, homes map[id.ID]org.Unit, at map[id.ID]*anon.Node, top *anon.Node) error {
	day := anon.FirstOf(anon.MonthAfter(month, 1)).AddDays(-1)
	list, err := s.runningAcrossUnits(ctx, root, day)
	if err != nil {
		return err
	}
	lines, err := s.doneAcrossUnits(ctx, root, day)
	if err != nil {
		return err
	}
	done := map[id.ID][]Entry{}
	for _, e := range lines {
		done[e.Case] = append(done[e.Case], e)
	}
	type part struct{ running, good int64 }
	own := map[*anon.Node]part{}
	for _, c := range list {
		if c = c.asOf(done[c.ID], day); c.State == Closed {
			continue
		}
		n := at[homes[c.Unit].ID]
		p := own[n]
		if p.running++; !c.Overdue(day) {
			p.good++
		}
		own[n] = p
	}
	var failed error
	var walk func(n *anon.Node) part
	walk = func(n *anon.Node) part {
		p := own[n]
		for _, kid := range n.Kids {
			below := walk(kid)
			p.running, p.good = p.running+below.running, p.good+below.good
		}
		if p.running >= anon.Pooled && failed == nil {
			failed = s.insertShare(ctx, root, n.Unit, month, (p.good*10+p.running/2)/p.running)
		}
		return p
	}
	walk(top)
	return failed
}

// release publishes one measure of one class.
func (s *Service) release(ctx context.Context, root int64, month string, row countRow, top *anon.Node) (failed error) {
	anon.Release(top, func(unit id.ID, pooled bool, n int64, least bool) {
		u, err := s.org.Unit(ctx, unit)
		if err == nil {
			row.Unit, row.Pos, row.Pooled, row.N, row.Least = unit, u.Pos, bit(pooled), n, bit(least)
			err = s.insertCount(ctx, root, month, row)
		}
		if err != nil {
			failed = err
		}
	})
	return failed
}

func bit(yes bool) int64 {
	if yes {
		return 1
	}
	return 0
}
