package base

import (
	"context"
	"strconv"
	"strings"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/web/ui"
	"xinhuo/internal/org"
	"xinhuo/internal/record"
)

// facts say a base in words, for its history and for what was known at an instant.
func (s *Service) facts(ctx context.Context, b Base) []record.Fact {
	var plaques, agreements, items, checks, plans []string
	for _, a := range b.Accreditations {
		t := levelName(ctx, a.Level) + i18n.T(ctx, "base.comma") + s.bodyName(ctx, a.Issuer)
		if a.GrantedOn != clock.Open {
			t += i18n.T(ctx, "base.comma") + i18n.Day(ctx, a.GrantedOn)
		}
		if a.RevokedOn != clock.Open {
			t += i18n.T(ctx, "base.comma") + i18n.T(ctx, "base.revoked_since", "Day", i18n.Day(ctx, a.RevokedOn))
		} else if a.Status == Submitted {
			t += i18n.T(ctx, "base.comma") + i18n.T(ctx, "base.status.submitted")
		}
		plaques = append(plaques, t)
	}
	for _, g := range b.Agreements {
		agreements = append(agreements, g.Document+i18n.T(ctx, "base.comma")+period(ctx, g.From, g.To))
	}
	named := s.itemNames(ctx, b.Host)
	for _, it := range b.Items {
		if it.Met {
			items = append(items, or(named[it.Item], it.Item)+i18n.T(ctx, "base.comma")+i18n.Day(ctx, it.Day))
		}
	}
	for _, c := range b.Checks {
		if c.Day != clock.Open {
			checks = append(checks, strconv.FormatInt(c.Year, 10)+i18n.T(ctx, "base.comma")+i18n.T(ctx, "base.result."+c.Result))
		}
	}
	for _, p := range b.Plans {
		t := p.Title
		if p.ClosedOn != clock.Open {
			t += i18n.T(ctx, "base.comma") + i18n.T(ctx, "base.plan_closed", "Day", i18n.Day(ctx, p.ClosedOn))
		}
		plans = append(plans, t)
	}
	next := i18n.T(ctx, "base.semicolon")
	out := []record.Fact{
		{Key: "base.f.code", Text: b.Code},
		{Key: "base.f.name", Text: b.Name},
		{Key: "base.f.host", Text: s.bodyName(ctx, Body{Unit: b.Host})},
		{Key: "base.f.plaques", Text: strings.Join(plaques, next)},
		{Key: "base.f.items", Text: strings.Join(items, next)},
		{Key: "base.f.agreements", Text: strings.Join(agreements, next)},
		{Key: "base.f.checks", Text: strings.Join(checks, next)},
		{Key: "base.f.plans", Text: strings.Join(plans, next)},
		{Key: "base.f.photos", Text: count(len(b.Photos))},
	}
	return append(out, s.plain(ctx, b)...)
}

// itemNames are the names of the standard's items today; a history shows the code of an item that is no more.
func (s *Service) itemNames(ctx context.Context, host id.ID) map[string]string {
	out := map[string]string{}
	u, err := s.org.Unit(ctx, host)
	if err != nil {
		return out
	}
	list, err := s.Standard(ctx, u.Root())
	if err != nil {
		return out
	}
	for _, it := range list {
		out[it.Code] = it.Name
	}
	return out
}

func or(a, b string) string {
	if a == "" {
		return b
	}
	return a
}

// plain are the facts that people type.
func (s *Service) plain(ctx context.Context, b Base) []record.Fact {
	named, root := s.categoryNames(ctx), int64(0)
	if u, err := s.org.Unit(ctx, b.Host); err == nil {
		root = u.Root()
	}
	categories := []string{named(root, b.Category)}
	for _, c := range b.Secondary {
		categories = append(categories, named(root, c))
	}
	return []record.Fact{
		{Key: "base.f.category", Text: strings.Join(categories, i18n.T(ctx, "base.and"))},
		{Key: "base.f.run_mode", Text: i18n.T(ctx, "base.run_mode."+string(b.RunMode))},
		{Key: "base.f.owner", Text: s.bodyName(ctx, b.Owner)},
		{Key: "base.f.manager", Text: s.bodyName(ctx, b.Manager)},
		{Key: "base.f.built_on", Text: i18n.Day(ctx, b.BuiltOn)},
		{Key: "base.f.address", Text: b.Address},
		{Key: "base.f.hours", Text: b.Hours},
		{Key: "base.f.capacity", Text: count(int(b.Capacity))},
		{Key: "base.f.area_m2", Text: count(int(b.AreaM2))},
		{Key: "base.f.facilities", Text: facilityNames(ctx, b.Facilities)},
		{Key: "base.f.contact", Text: b.Contact},
		{Key: "base.f.phone", Text: b.Phone},
		{Key: "base.f.intro", Text: b.Intro},
	}
}

func count(n int) string {
	if n == 0 {
		return ""
	}
	return ui.Number(int64(n))
}

func facilityNames(ctx context.Context, keys []string) string {
	var out []string
	for _, f := range Facilities {
		for _, k := range keys {
			if k == f {
				out = append(out, i18n.T(ctx, "base.facility."+f))
			}
		}
	}
	return strings.Join(out, i18n.T(ctx, "base.and"))
}

func levelName(ctx context.Context, l org.Level) string {
	if l == "" {
		return i18n.T(ctx, "base.no_plaque")
	}
	return i18n.T(ctx, "base.level."+string(l))
}

// period is a span of days in words; the last day is the one before the end.
func period(ctx context.Context, from, to clock.Day) string {
	if to == clock.Open {
		return i18n.T(ctx, "base.since", "From", i18n.Day(ctx, from))
	}
	return i18n.T(ctx, "base.period", "From", i18n.Day(ctx, from), "To", i18n.Day(ctx, to.AddDays(-1)))
}
