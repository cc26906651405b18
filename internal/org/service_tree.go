package org

import (
	"context"

	"xinhuo/internal/account"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
)

// Tree answers what account and flow, which stand below org, ask of the tree and of posts. It acts without asking for
// rights: they ask for them themselves.
type Tree struct{ *Service }

// Range is the unit's subtree today; errs.NotFound when it does not stand.
func (t Tree) Range(ctx context.Context, unit id.ID) (scope.Range, error) {
	u, err := t.Unit(ctx, unit)
	if err == nil && !u.StandsOn(clock.Today(ctx)) {
		err = errs.New(errs.NotFound, "org.not_standing", "Name", u.Name)
	}
	return u.Range(), err
}

// ProvinceRange is the subtree of the unit's province, or of the top where there is none; errs.NotFound without a tree.
func (t Tree) ProvinceRange(ctx context.Context, unit id.ID) (scope.Range, error) {
	above, err := t.Ancestors(ctx, unit, clock.Today(ctx))
	if err != nil {
		return scope.Range{}, err
	}
	for _, u := range above {
		if u.Level == Province {
			return u.Range(), nil
		}
	}
	if len(above) == 0 {
		return scope.Range{}, errs.New(errs.NotFound, "org.no_such_unit")
	}
	return above[0].Range(), nil
}

// Top is the whole tree; errs.NotFound while there is none.
func (t Tree) Top(ctx context.Context) (scope.Range, error) {
	u, err := t.Service.Top(ctx)
	return u.Range(), err
}

// Named is the unit that an address names.
func (t Tree) Named(ctx context.Context, name string) (id.ID, error) {
	u, err := t.Resolve(ctx, name)
	return u.ID, err
}

// ByCode is the unit with the external code.
func (t Tree) ByCode(ctx context.Context, code string) (id.ID, error) {
	u, err := t.Service.ByCode(ctx, code)
	return u.ID, err
}

// Name is the unit's name.
func (t Tree) Name(ctx context.Context, unit id.ID) (string, error) {
	u, err := t.Unit(ctx, unit)
	return u.Name, err
}

// Pos is the unit's place.
func (t Tree) Pos(ctx context.Context, unit id.ID) (int64, error) {
	u, err := t.Unit(ctx, unit)
	return u.Pos, err
}

// AncestorAt is the unit of a level at or above the unit on a day, with its place; errs.NotFound where there is none.
func (t Tree) AncestorAt(ctx context.Context, unit id.ID, level string, day clock.Day) (id.ID, int64, error) {
	above, err := t.Ancestors(ctx, unit, day)
	if err != nil {
		return 0, 0, err
	}
	for _, u := range above {
		if string(u.Level) == level {
			return u.ID, u.Pos, nil
		}
	}
	return 0, 0, errs.New(errs.NotFound, "errs.not_found")
}

// Kinds lists the offices that an invitation can name, each first by its title in the reader's language.
func (t Tree) Kinds(ctx context.Context) ([]account.PostKind, error) {
	kinds, err := t.PostKinds(ctx)
	var out []account.PostKind
	for _, k := range kinds {
		if k.Hidden {
			continue
		}
		names := []string{k.Zh, k.En, k.Code}
		if i18n.Lang(ctx) == "en" {
			names = []string{k.En, k.Zh, k.Code}
		}
		out = append(out, account.PostKind{Code: k.Code, Names: names})
	}
	return out, err
}

// Appoint fills an office for an invited account.
func (t Tree) Appoint(ctx context.Context, unit id.ID, kind string, acc id.ID, person string, from clock.Day) error {
	_, err := t.AppointPost(ctx, Post{Unit: unit, Kind: kind, Account: acc, Person: person, From: from})
	return err
}

// Called are the standing units that a typed line means: the one with that code or address, or all with that whole name.
func (s *Service) Called(ctx context.Context, name string) ([]Unit, error) {
	if u, err := s.Resolve(ctx, name); err == nil {
		return []Unit{u}, nil
	}
	hits, err := s.Search(ctx, name, 20)
	var out []Unit
	for _, h := range hits {
		if h.Unit.Name == name && h.Unit.To == clock.Open {
			out = append(out, h.Unit)
		}
	}
	return out, err
}
