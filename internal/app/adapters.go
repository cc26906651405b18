package app

import (
	"context"

	"xinhuo/internal/account"
	"xinhuo/internal/flow"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/org"
)

// The interfaces that modules below org declare, filled from org: turned round so that the map has no circle.

type orgUnits struct{ o *org.Service }

func (a orgUnits) Range(ctx context.Context, unit id.ID) (scope.Range, error) {
	u, err := a.o.Unit(ctx, unit)
	if err == nil && !u.StandsOn(clock.Today(ctx)) {
		err = errs.New(errs.NotFound, "errs.not_found")
	}
	return u.Range(), err
}

func (a orgUnits) ProvinceRange(ctx context.Context, unit id.ID) (scope.Range, error) {
	up, err := a.o.Ancestors(ctx, unit, clock.Today(ctx))
	if err != nil || len(up) == 0 {
		return scope.Range{}, err
	}
	for _, u := range up {
		if u.Level == org.Province {
			return u.Range(), nil
		}
	}
	return up[0].Range(), nil
}

func (a orgUnits) Named(ctx context.Context, name string) (id.ID, error) {
	u, err := a.o.Resolve(ctx, name)
	return u.ID, err
}

func (a orgUnits) ByCode(ctx context.Context, code string) (id.ID, error) {
	u, err := a.o.ByCode(ctx, code)
	return u.ID, err
}

func (a orgUnits) Name(ctx context.Context, unit id.ID) (string, error) {
	u, err := a.o.Unit(ctx, unit)
	return u.Name, err
}

type orgPosts struct{ o *org.Service }

func (a orgPosts) Kinds(ctx context.Context) ([]account.PostKind, error) {
	kinds, err := a.o.PostKinds(ctx)
	if err != nil {
		return nil, err
	}
	var out []account.PostKind
	for _, k := range kinds {
		if !k.Hidden {
			out = append(out, account.PostKind{Code: k.Code, Names: []string{postTitle(ctx, k), k.Zh, k.En, k.Code}})
		}
	}
	return out, nil
}

func postTitle(ctx context.Context, k org.PostKind) string {
	if i18n.Lang(ctx) == "en" {
		return k.En
	}
	return k.Zh
}

func (a orgPosts) Appoint(ctx context.Context, unit id.ID, kind string, acc id.ID, person string, from clock.Day) error {
	_, err := a.o.AppointPost(ctx, org.Post{Unit: unit, Kind: kind, Account: acc, Person: person, From: from})
	return err
}

type flowUnits struct{ o *org.Service }

func (a flowUnits) AncestorAt(ctx context.Context, unit id.ID, level string, day clock.Day) (id.ID, int64, error) {
	up, err := a.o.Ancestors(ctx, unit, day)
	if err != nil {
		return 0, 0, err
	}
	for _, u := range up {
		if string(u.Level) == level {
			return u.ID, u.Pos, nil
		}
	}
	return 0, 0, errs.New(errs.NotFound, "errs.not_found")
}

func (a flowUnits) Pos(ctx context.Context, unit id.ID) (int64, error) {
	u, err := a.o.Unit(ctx, unit)
	return u.Pos, err
}

func (a flowUnits) Name(ctx context.Context, unit id.ID) (string, error) {
	u, err := a.o.Unit(ctx, unit)
	return u.Name, err
}

// flowPlace is the unit that an address names, for the courses that are set at it; the actor's own without a name.
func (a *App) flowPlace(ctx context.Context, ref string) (flow.Unit, error) {
	if ref == "" {
		ref = scope.From(ctx).Unit.String()
	}
	u, err := a.Org.Resolve(ctx, ref)
	return flow.Unit{ID: u.ID, Name: u.Name, Range: u.Range()}, err
}

// volunteerAccounts lets an office say whose account belongs to one of its volunteers, without the right to administer
// accounts: those whose home is where the office works.
type volunteerAccounts struct{ *account.Service }

func (v volunteerAccounts) ByLogin(ctx context.Context, login string) (account.Account, error) {
	acc, err := v.Service.ByLogin(scope.With(ctx, scope.System("volunteer.accounts")), login)
	if err == nil && !scope.From(ctx).May(scope.Work, acc.Pos) {
		return account.Account{}, errs.New(errs.NotFound, "errs.not_found")
	}
	return acc, err
}

func (v volunteerAccounts) Get(ctx context.Context, acc id.ID) (account.Account, error) {
	return v.Service.Get(scope.With(ctx, scope.System("volunteer.accounts")), acc)
}

type flowPeople struct{ a *App }

// StandIns are those who hold a working post at the unit or at the one above.
func (p flowPeople) StandIns(ctx context.Context, unit id.ID) ([]flow.Person, error) {
	up, err := p.a.Org.Ancestors(ctx, unit, clock.Today(ctx))
	if err != nil {
		return nil, err
	}
	if len(up) > 2 {
		up = up[len(up)-2:]
	}
	var out []flow.Person
	seen := map[id.ID]bool{}
	for _, u := range up {
		posts, err := p.a.Org.Posts(ctx, u.ID, clock.Today(ctx))
		if err != nil {
			return nil, err
		}
		for _, post := range posts {
			if post.Account != 0 && !seen[post.Account] {
				seen[post.Account] = true
				out = append(out, flow.Person{Account: post.Account, Name: post.Person, Unit: u.ID, Place: u.Name})
			}
		}
	}
	return out, nil
}

// Holds tells whether the account works at the unit now.
func (p flowPeople) Holds(ctx context.Context, acc, unit id.ID) (bool, error) {
	actor, err := p.a.Account.Actor(ctx, acc)
	if err != nil {
		return false, err
	}
	u, err := p.a.Org.Unit(ctx, unit)
	return actor.May(scope.Work, u.Pos), err
}
