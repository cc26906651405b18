package org

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
)

// offices are the kinds of office with the words that units have for them.
type offices struct {
	kinds []PostKind
	words []postWord // the highest unit first, so that the nearest has the last word
	units map[id.ID]Unit
}

func (s *Service) offices(ctx context.Context) (offices, error) {
	var o offices
	err := s.db.Read(ctx, func(ctx context.Context) (err error) {
		if o.kinds, err = s.store.postKinds(ctx); err != nil {
			return err
		}
		if o.words, err = s.store.postWords(ctx); err != nil {
			return err
		}
		var ids []id.ID
		for _, k := range o.kinds {
			if k.Unit != 0 {
				ids = append(ids, k.Unit)
			}
		}
		for _, w := range o.words {
			ids = append(ids, w.Unit)
		}
		o.units, err = s.ByIDs(ctx, ids)
		return err
	})
	slices.SortStableFunc(o.words, func(a, b postWord) int {
		return cmp.Compare(o.units[a.Unit].Level.Rank(), o.units[b.Unit].Level.Rank())
	})
	return o, err
}

// at are the kinds of office of a unit, in its own words: those that ship, and those of the units above it and its own.
func (o offices) at(u Unit) []PostKind {
	var out []PostKind
	for _, k := range o.kinds {
		if k.Unit == 0 || covers(o.units[k.Unit], u) {
			out = append(out, o.called(u, k))
		}
	}
	return out
}

// kind is one kind of office in the unit's words, whoever's own it is: a unit that has moved keeps its holders.
func (o offices) kind(u Unit, code string) PostKind {
	for _, k := range o.kinds {
		if k.Code == code {
			return o.called(u, k)
		}
	}
	return PostKind{Code: code, Zh: code, En: code}
}

func (o offices) called(u Unit, k PostKind) PostKind {
	for _, w := range o.words {
		if w.Kind == k.Code && covers(o.units[w.Unit], u) {
			k.Zh, k.En, k.Hidden = w.Zh, w.En, w.Hidden == 1
		}
	}
	return k
}

// role is what stands beside a right: the text of a kind that ships, and the name of one that was added or renamed.
func (o offices) role(k PostKind) string {
	for _, x := range o.kinds {
		if x.Code == k.Code && x.Unit == 0 && x.Zh == k.Zh {
			return "org.post." + k.Code
		}
	}
	return k.Zh
}

func covers(owner, u Unit) bool {
	r := owner.Range()
	return owner.ID == u.ID || owner.ID != 0 && r.From <= u.Pos && u.Pos < r.To
}

// PostKinds lists the kinds of office of the actor's unit, as data (R12); the operator's are all that there are.
func (s *Service) PostKinds(ctx context.Context) ([]PostKind, error) {
	a := scope.From(ctx)
	if a.Unit == 0 {
		return s.store.postKinds(ctx)
	}
	u, err := s.Unit(ctx, a.Unit)
	if err != nil {
		return nil, err
	}
	return s.PostKindsAt(ctx, u)
}

// PostKindsAt lists the kinds of office of a unit in its own words, the hidden ones too: a committee may have others than
// its neighbour (R12).
func (s *Service) PostKindsAt(ctx context.Context, u Unit) ([]PostKind, error) {
	o, err := s.offices(ctx)
	return o.at(u), err
}

func (s *Service) postKind(ctx context.Context, u Unit, code string) (PostKind, error) {
	ks, err := s.PostKindsAt(ctx, u)
	if err != nil {
		return PostKind{}, err
	}
	for _, k := range ks {
		if k.Code == code {
			return k, nil
		}
	}
	return PostKind{}, invalid("kind", "org.post_kind_missing")
}

// SetPostKind adds or changes a kind of office that ships; only the operator may, because it carries rights everywhere.
func (s *Service) SetPostKind(ctx context.Context, k PostKind) error {
	if !scope.From(ctx).System {
		return errs.New(errs.Forbidden, "errs.not_yours")
	}
	if k.Code == "" || k.Zh == "" || k.En == "" {
		return invalid("code", "org.post_kind_missing")
	}
	k.Unit = 0
	return s.db.Tx(ctx, func(ctx context.Context) error { return s.store.putPostKind(ctx, k.clean()) })
}

// AddPostKind adds a kind of office for a unit and all below it. Needs the right to administer the unit. Its rights are
// given once: changing them later would change what its holders may do without anybody looking at them.
func (s *Service) AddPostKind(ctx context.Context, unit id.ID, k PostKind) (PostKind, error) {
	u, err := s.allowed(ctx, scope.Admin, unit, "org.add_post_kind")
	if err != nil {
		return k, err
	}
	err = s.db.Tx(ctx, func(ctx context.Context) error {
		if err := s.store.lock(ctx); err != nil {
			return err
		}
		o, err := s.offices(ctx)
		if err != nil {
			return err
		}
		k = k.clean()
		k.Code, k.Unit = id.New().String(), unit
		for _, x := range o.kinds {
			k.Order = max(k.Order, x.Order+10)
		}
		if err := k.fits(o.at(u)); err != nil {
			return err
		}
		if err := s.store.putPostKind(ctx, k); err != nil {
			return err
		}
		return s.log(ctx, "org.add_post_kind", u, "", map[string]any{"post": k.Code, "name": k.Zh, "rights": k.Rights})
	})
	return k, err
}

// CallPostKind renames a kind of office for a unit and all below it, and hides it or offers it again. Who holds a hidden
// office goes on holding it. Needs the right to administer the unit.
func (s *Service) CallPostKind(ctx context.Context, unit id.ID, k PostKind) error {
	u, err := s.allowed(ctx, scope.Admin, unit, "org.call_post_kind")
	if err != nil {
		return err
	}
	return s.db.Tx(ctx, func(ctx context.Context) error {
		if err := s.store.lock(ctx); err != nil {
			return err
		}
		all, err := s.PostKindsAt(ctx, u)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(all, func(x PostKind) bool { return x.Code == k.Code })
		if i < 0 {
			return errs.New(errs.NotFound, "org.no_such_row")
		}
		was, next := all[i], all[i]
		k = k.clean()
		next.Zh, next.En, next.Hidden = k.Zh, k.En, k.Hidden
		if err := next.fits(all); err != nil {
			return err
		}
		w := postWord{Unit: unit, Kind: k.Code, Zh: next.Zh, En: next.En}
		if next.Hidden {
			w.Hidden = 1
		}
		if err := s.store.putPostWord(ctx, w); err != nil {
			return err
		}
		return s.log(ctx, "org.call_post_kind", u, "", map[string]any{"post": k.Code, "was": was.Zh, "name": next.Zh, "hidden": next.Hidden})
	})
}

func (k PostKind) clean() PostKind {
	k.Zh, k.En = strings.TrimSpace(k.Zh), strings.TrimSpace(k.En)
	if k.En == "" {
		k.En = k.Zh
	}
	if k.Rights != "admin" && k.Rights != "work" {
		k.Rights = "view"
	}
	return k
}

// fits refuses a name that is missing, too long, or another office's.
func (k PostKind) fits(all []PostKind) error {
	if n := len([]rune(k.Zh)); n == 0 || n > 20 {
		return invalid("zh", "org.post_name_missing")
	}
	if len(k.En) > 60 {
		return invalid("en", "org.post_name_long")
	}
	for _, x := range all {
		if x.Code != k.Code && x.Zh == k.Zh {
			return invalid("zh", "org.post_name_taken", "Name", x.Zh)
		}
	}
	return nil
}
