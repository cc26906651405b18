package signal

import (
	"context"
	"slices"

	"xinhuo/internal/flow"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/org"
)

// lately is how many months before a month make a unit one that reports: from such a one the month is expected.
const lately = 3

// mostBelow bounds the units right below one that a list names.
const mostBelow = 500

// Waiting is the line in the inbox of a unit that reported lately and has not reported last month, on the days on which it
// still can. Who never reports is not reminded: a report is offered, not owed.
func (s *Service) Waiting(ctx context.Context, unit id.ID) ([]flow.Item, error) {
	m := MonthOf(clock.Today(ctx)).add(-1)
	if !m.open(clock.Today(ctx)) {
		return nil, nil
	}
	list, err := s.ownReports(ctx, unit)
	if err != nil {
		return nil, err
	}
	expected := false
	for _, f := range list {
		if f.Month == m {
			return nil, nil
		}
		expected = expected || f.Month >= m.add(-lately) && f.Month < m
	}
	if !expected {
		return nil, nil
	}
	return []flow.Item{{Kind: flow.KindDo, Title: i18n.T(ctx, "signal.task", "Month", monthText(ctx, m)), Why: i18n.T(ctx, "signal.task_why"), Due: m.Published().AddDays(-1), Link: ownAt(m)}}, nil
}

// Reporter is a unit that reports, and whether it has for a month.
type Reporter struct {
	Unit     org.Unit
	Reported bool
	Last     Month // the last month before that it reported, within lately; "" is none
}

// Reporting names who has reported a month in a unit's subtree and who has not: those that reported lately, and the units right
// below that never do. That a unit reported is no secret; what it said is in none of this.
func (s *Service) Reporting(ctx context.Context, u org.Unit, m Month) (out []Reporter, err error) {
	err = s.db.Read(ctx, func(ctx context.Context) error {
		list, err := s.store.filed(ctx, scope.From(ctx).ViewSet, u.Range(), m.add(-lately), m)
		if err != nil {
			return err
		}
		by := map[id.ID]*Reporter{}
		ids := []id.ID{}
		at := func(unit id.ID) *Reporter {
			if by[unit] == nil {
				by[unit] = &Reporter{}
				ids = append(ids, unit)
			}
			return by[unit]
		}
		for _, f := range list {
			if r := at(f.Unit); f.Month == m {
				r.Reported = true
			} else {
				r.Last = f.Month
			}
		}
		below, err := s.org.Below(ctx, u.ID, clock.MinEnd(m.Last(), clock.Today(ctx)), mostBelow)
		if err != nil {
			return err
		}
		for _, x := range below {
			if !x.Level.Leaf() && scope.From(ctx).May(scope.View, x.Pos) {
				at(x.ID)
			}
		}
		units, err := s.org.ByIDs(ctx, ids)
		if err != nil {
			return err
		}
		for _, unit := range ids {
			r := by[unit]
			r.Unit = units[unit]
			out = append(out, *r)
		}
		return nil
	})
	slices.SortStableFunc(out, func(a, b Reporter) int { // those who have not first, of them those who do lately
		rank := func(r Reporter) int {
			switch {
			case !r.Reported && r.Last != "":
				return 0
			case !r.Reported:
				return 1
			}
			return 2
		}
		if d := rank(a) - rank(b); d != 0 {
			return d
		}
		return int(a.Unit.Pos - b.Unit.Pos)
	})
	return out, err
}
