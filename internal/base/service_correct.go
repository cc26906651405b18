package base

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/org"
	"xinhuo/internal/record"
)

// Fact is one thing of a base that others may ask about and have corrected, as a survey of all bases does (R103). Kind is
// choice, several, number, text or day; Options are the keys of choices with their words.
type Fact struct {
	Key     string
	Kind    string
	Options [][2]string
}

// fact reads and writes one of them; what is kept as a number or a day is written as people and programs write it.
type fact struct {
	Fact
	get func(b Base) []string
	set func(b *Base, v []string)
}

func first(v []string) string {
	if len(v) == 0 {
		return ""
	}
	return v[0]
}

func textFact(key string, at func(b *Base) *string) fact {
	return fact{Fact{Key: key, Kind: "text"}, func(b Base) []string { return filled(*at(&b)) }, func(b *Base, v []string) { *at(b) = first(v) }}
}

func numberFact(key string, at func(b *Base) *int64) fact {
	return fact{Fact{Key: key, Kind: "number"}, func(b Base) []string {
		return filled(numeral(*at(&b)))
	}, func(b *Base, v []string) {
		*at(b), _ = strconv.ParseInt(first(v), 10, 64) // digits, or nothing, which is 0
	}}
}

func filled(v string) []string {
	if v == "" {
		return nil
	}
	return []string{v}
}

// plainFacts are what can be asked about a base and holds nothing of a plaque, an agreement or a person's rights.
var plainFacts = []fact{
	{Fact{Key: "run_mode", Kind: "choice"}, func(b Base) []string { return filled(string(b.RunMode)) }, func(b *Base, v []string) { b.RunMode = RunMode(first(v)) }},
	{Fact{Key: "category", Kind: "choice"}, func(b Base) []string { return filled(b.Category) }, func(b *Base, v []string) { b.Category = first(v) }},
	{Fact{Key: "facilities", Kind: "several"}, func(b Base) []string { return b.Facilities }, func(b *Base, v []string) { b.Facilities = slices.Clone(v) }},
	textFact("hours", func(b *Base) *string { return &b.Hours }),
	numberFact("capacity", func(b *Base) *int64 { return &b.Capacity }),
	numberFact("area_m2", func(b *Base) *int64 { return &b.AreaM2 }),
	textFact("address", func(b *Base) *string { return &b.Address }),
	{Fact{Key: "built_on", Kind: "day"}, func(b Base) []string { return filled(string(b.BuiltOn)) }, func(b *Base, v []string) { b.BuiltOn = clock.Day(first(v)) }},
	textFact("contact", func(b *Base) *string { return &b.Contact }),
	textFact("phone", func(b *Base) *string { return &b.Phone }),
}

// Facts are what can be asked about a base of a city, with the words of its choices.
func (s *Service) Facts(ctx context.Context, root int64) ([]Fact, error) {
	categories, err := s.Categories(ctx, root)
	if err != nil {
		return nil, err
	}
	named := s.categoryNames(ctx)
	out := make([]Fact, len(plainFacts))
	for i, f := range plainFacts {
		out[i] = f.Fact
		switch f.Key {
		case "run_mode":
			for _, m := range RunModes {
				out[i].Options = append(out[i].Options, [2]string{string(m), i18n.T(ctx, "base.run_mode."+string(m))})
			}
		case "category":
			for _, c := range categories {
				out[i].Options = append(out[i].Options, [2]string{c.Name, named(root, c.Name)})
			}
		case "facilities":
			for _, k := range Facilities {
				out[i].Options = append(out[i].Options, [2]string{k, i18n.T(ctx, "base.facility."+k)})
			}
		}
	}
	return out, nil
}

// Values are what the register holds of the facts that others may ask about.
func (b Base) Values() map[string][]string {
	out := map[string][]string{}
	for _, f := range plainFacts {
		if v := f.get(b); len(v) > 0 {
			out[f.Key] = v
		}
	}
	return out
}

// same tells whether two values are equal; several choices have no order.
func same(a, b []string) bool {
	a, b = slices.Sorted(slices.Values(a)), slices.Sorted(slices.Values(b))
	return slices.Equal(a, b)
}

// HostedBy are the bases that stand at a unit, with all that is kept about them, by name.
func (s *Service) HostedBy(ctx context.Context, u org.Unit) ([]id.Ref, []Base, error) {
	if !scope.From(ctx).May(scope.View, u.Pos) {
		return nil, nil, errs.New(errs.NotFound, "errs.not_found")
	}
	rows, err := s.store.hosted(ctx, u.Pos)
	if err != nil {
		return nil, nil, err
	}
	ids := make([]id.ID, len(rows))
	for i, r := range rows {
		ids[i] = r.ID
	}
	bodies, err := s.book.Bodies(ctx, ids)
	refs, out := make([]id.Ref, len(rows)), make([]Base, len(rows))
	for i, r := range rows {
		refs[i], out[i] = r.Ref(), bodies[r.ID]
	}
	return refs, out, err
}

// WithinAcrossUnits are the bases that stand within some subtrees.
func (s *Service) WithinAcrossUnits(ctx context.Context, within scope.Set) ([]id.ID, error) {
	return s.store.withinAcrossUnits(ctx, within)
}

// HostsAcrossUnits are the places at which bases stand now.
func (s *Service) HostsAcrossUnits(ctx context.Context, bases []id.ID) ([]int64, error) {
	return s.store.hostsAcrossUnits(ctx, bases)
}

// CorrectFacts writes facts into a base that stands at a host and still holds what was, and answers the version that this made; the right is asked as
// for any change. Conflict names the fact when the register holds something else by now: nothing is written then.
func (s *Service) CorrectFacts(ctx context.Context, ref id.Ref, host org.Unit, was, now map[string][]string, c record.Change) (version int64, err error) {
	defer errs.Wrapf(&err, "base.CorrectFacts %s", ref)
	err = s.db.Tx(ctx, func(ctx context.Context) error {
		if err := s.book.MayWork(ctx, ref, c); err != nil {
			return err
		}
		b, v, err := s.book.Get(ctx, ref)
		if err != nil {
			return err
		}
		if at, err := s.rec.Home(ctx, b.Host); err != nil || at.ID != host.ID { // it has moved to another unit since
			return errors.Join(err, errs.New(errs.NotFound, "errs.not_found"))
		}
		before := b
		for _, f := range plainFacts {
			next, asked := now[f.Key]
			if !asked {
				continue
			}
			if has := f.get(b); !same(has, was[f.Key]) {
				return errs.New(errs.Conflict, "base.changed_since", "Name", b.Name, "Fact", i18n.T(ctx, "base.f."+f.Key), "Now", s.inWords(ctx, f, has))
			}
			f.set(&b, next)
		}
		if err := s.prepare(ctx, &b); err != nil {
			return err
		}
		version = v.N + 1
		return s.save(ctx, ref, v.N, before, b, c)
	})
	return version, err
}

// inWords is a value as a person reads it.
func (s *Service) inWords(ctx context.Context, f fact, v []string) string {
	var out []string
	for _, x := range v {
		switch f.Key {
		case "run_mode":
			x = i18n.T(ctx, "base.run_mode."+x)
		case "facilities":
			x = i18n.T(ctx, "base.facility."+x)
		}
		out = append(out, x)
	}
	if len(out) == 0 {
		return i18n.T(ctx, "base.empty_now")
	}
	return strings.Join(out, i18n.T(ctx, "base.and"))
}
