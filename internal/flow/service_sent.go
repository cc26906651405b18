package flow

import (
	"cmp"
	"context"
	"slices"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/scope"
)

// LendSent adds lines to the list of what a unit has sent and waits for: what a module sent to many at once, with how far
// it is as Why, the day on which answers are due, and the page that names who is missing. f is asked for the reader's own
// unit when the reader works there.
func (s *Service) LendSent(f Lender) { s.lentSent = append(s.lentSent, f) }

// Sent lists what the reader's unit has sent on and somebody else has to deal with now, the earliest day first: its own
// cases that wait with others, those that the reader opened for a unit below, and what modules lend. For says with whom it
// waits. Nothing of it can be done from the list; a case can be recalled on its page as long as its course allows.
func (s *Service) Sent(ctx context.Context, limit int) (items []Item, total int, err error) {
	a, today := scope.From(ctx), clock.Today(ctx)
	if a.Account == 0 || a.System {
		return nil, 0, nil
	}
	err = s.db.Read(ctx, func(ctx context.Context) error {
		h, err := s.hands(ctx, a)
		if err != nil {
			return err
		}
		tasks, n, err := s.sentTasks(ctx, h, limit)
		if err != nil {
			return err
		}
		total = n
		if items, err = s.items(ctx, a, tasks, nil, false); err != nil {
			return err
		}
		for i := range items {
			items[i].Link = "/flow/" + items[i].Case.String()
			if items[i].For == "" { // with a colleague: a second pair of eyes
				if items[i].For, err = s.units.Name(ctx, a.Unit); err != nil {
					return err
				}
			}
		}
		if a.Unit == 0 || !a.May(scope.Work, a.Pos) {
			return nil
		}
		for _, f := range s.lentSent {
			more, err := f(ctx, a.Unit)
			if err != nil {
				return err
			}
			for _, it := range more {
				it.Overdue = it.Due != clock.Open && it.Due < today
				items = append(items, it)
			}
			total += len(more)
		}
		byDay(items)
		items = items[:min(len(items), max(limit, 0))]
		return nil
	})
	return items, total, err
}

// soonDays is how many days ahead something is due soon.
const soonDays = 7

// When something is due, as an inbox groups it.
const (
	dueNow = iota // today or past it; openTasks takes them in this order
	dueSoon
	dueLater
	dueOpen
)

func dueWhen(due, today clock.Day) int {
	switch {
	case due == clock.Open:
		return dueOpen
	case due <= today:
		return dueNow
	case due <= today.AddDays(soonDays):
		return dueSoon
	}
	return dueLater
}

// inOrder puts the most pressing first; then what is due, what is due soon, and the rest: of each what is the reader's own before what is
// done for others, by the day. openTasks chooses in the same order, so that what is one's own is not crowded out.
func inOrder(items []Item, today clock.Day) {
	others := func(it Item) int {
		if it.For == "" {
			return 0
		}
		return 1
	}
	slices.SortStableFunc(items, func(x, y Item) int {
		return cmp.Or(pressing(x, y), cmp.Compare(dueWhen(x.Due, today), dueWhen(y.Due, today)), cmp.Compare(others(x), others(y)), earlier(x, y))
	})
}

// byDay puts the most pressing first, then the earliest day.
func byDay(items []Item) {
	slices.SortStableFunc(items, func(x, y Item) int { return cmp.Or(pressing(x, y), earlier(x, y)) })
}

func pressing(x, y Item) int {
	rank := []string{Express, Urgent, ""}
	return slices.Index(rank, x.Urgency) - slices.Index(rank, y.Urgency)
}

// earlier compares days; an open end is the latest.
func earlier(x, y Item) int {
	switch {
	case x.Due == y.Due:
		return 0
	case x.Due.Before(y.Due):
		return -1
	}
	return 1
}
