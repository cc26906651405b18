package campaign

import (
	"context"
	"slices"

	"xinhuo/internal/audit"
	"xinhuo/internal/flow"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/org"
)

// Days are the key days of a city: its own list, or the one that ships.
func (s *Service) Days(ctx context.Context, root int64) ([]KeyDay, error) {
	all, err := s.store.days(ctx, root)
	for i, k := range all { // its own come last
		if k.Root != 0 {
			return all[i:], err
		}
	}
	return all, err
}

// SetDays gives a city its own list of key days. Errors: Invalid with the fields of the form; Forbidden for who only sees the unit,
// NotFound for who does not.
func (s *Service) SetDays(ctx context.Context, u org.Unit, list []KeyDay) (err error) {
	defer errs.Wrapf(&err, "campaign.SetDays")
	return s.org.SetCity(ctx, u, audit.Entry{Act: "campaign.act.days", Subject: Kind}, func(ctx context.Context) error {
		if err := dayProblems(list).Err(); err != nil {
			return err
		}
		for i := range list {
			if list[i].Code == "" {
				list[i].Code = id.New().String()
			}
		}
		return s.store.setDays(ctx, u.Root(), list)
	})
}

// keyDaysWithin are the key days of a campaign's city that lie in its time.
func (s *Service) keyDaysWithin(ctx context.Context, root int64, c Campaign) (out []dated, err error) {
	list, err := s.Days(ctx, root)
	if err != nil || c.From == clock.Open {
		return nil, err
	}
	for _, x := range coming(list, c.From) {
		if x.Day <= c.Last {
			out = append(out, x)
		}
	}
	return out, nil
}

// nearing lends the inbox of a committee, of a county or above, a line for each key day that comes soon, as long as no campaign of its
// own or from above covers the day.
func (s *Service) nearing(ctx context.Context, unit id.ID) (out []flow.Item, err error) {
	u, err := s.org.Unit(ctx, unit)
	if err != nil || u.Level.Rank() > org.County.Rank() || !scope.From(ctx).May(scope.Work, u.Pos) {
		return nil, nil // somebody without a unit has no such lines
	}
	list, err := s.Days(ctx, u.Root())
	if err != nil {
		return nil, err
	}
	today := clock.Today(ctx)
	list = slices.DeleteFunc(list, func(k KeyDay) bool { return k.Before == 0 })
	for _, x := range coming(list, today) {
		if today < x.Day.AddDays(-int(x.Before)) {
			continue
		}
		if covered, err := s.store.coveredAcrossUnits(ctx, u, x.Day); err != nil {
			return nil, err
		} else if covered {
			continue
		}
		out = append(out, flow.Item{Kind: flow.KindDo, Title: i18n.T(ctx, "campaign.task.key_day", "Name", x.Name(ctx)), Why: i18n.T(ctx, "campaign.task.key_day_why", "Day", i18n.Day(ctx, x.Day)),
			Due: x.Day, Link: "/campaign/new?unit=" + u.ID.String()})
	}
	return out, nil
}
