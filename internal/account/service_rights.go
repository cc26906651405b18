package account

import (
	"context"

	"xinhuo/internal/audit"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
)

// Actor resolves who acts, at each request: live posts and live grants as of today. A disabled account, or one that
// still has a password of somebody else's, has no rights.
func (s *Service) Actor(ctx context.Context, account id.ID) (scope.Actor, error) {
	a, err := s.byIDAcrossUnits(ctx, account)
	if errs.Is(err, errs.NotFound) {
		return scope.Actor{}, nil
	}
	if err != nil {
		return scope.Actor{}, err
	}
	return s.actor(ctx, a)
}

func (s *Service) actor(ctx context.Context, a Account) (scope.Actor, error) {
	if a.Disabled() {
		return scope.Actor{}, nil
	}
	out := scope.Actor{Account: a.ID, Name: a.Person, Unit: a.Unit, Pos: a.Pos}
	if a.MustChange != 0 {
		return out, nil
	}
	rights, err := s.rightsOf(ctx, a, clock.Today(ctx))
	if err != nil {
		return scope.Actor{}, err
	}
	keep, err := s.setting(ctx, ruleApart)
	if err != nil {
		return scope.Actor{}, err
	}
	if out.Apart = keep == ruleOn; out.Apart {
		rights = apart(rights)
	}
	for i, r := range rights {
		if i == 0 {
			out.Role = r.Role
			if r.Role != roleGrant { // posts come first
				out.Unit, out.Pos = r.Unit, r.Range.From
			}
		}
		switch r.Kind {
		case scope.Find:
			out.FindSet = append(out.FindSet, r.Range)
		case scope.View:
			out.ViewSet = append(out.ViewSet, r.Range)
		case scope.Work: // whoever writes a record also sees it
			out.WorkSet = append(out.WorkSet, r.Range)
			out.ViewSet = append(out.ViewSet, r.Range)
		case scope.Admin:
			out.AdminSet = append(out.AdminSet, r.Range)
		case scope.Audit:
			out.AuditSet = append(out.AuditSet, r.Range)
			out.Auditor = true
		case scope.Operate:
			out.OperateSet = append(out.OperateSet, r.Range)
		}
	}
	if len(rights) > 0 {
		p, err := s.units.ProvinceRange(ctx, out.Unit)
		switch {
		case err == nil:
			out.FindSet = append(out.FindSet, p)
		case !errs.Is(err, errs.NotFound):
			return scope.Actor{}, err
		}
	}
	for _, set := range []*scope.Set{&out.FindSet, &out.ViewSet, &out.WorkSet, &out.AdminSet, &out.AuditSet, &out.OperateSet} {
		*set = compact(*set, a.ID)
	}
	return out, nil
}

const roleGrant = "account.role_grant"

// rightsOf lists rights from posts, then from grants, that hold on a day.
func (s *Service) rightsOf(ctx context.Context, a Account, day clock.Day) ([]Right, error) {
	var out []Right
	if s.rights != nil {
		posts, err := s.rights.RightsOf(ctx, a.ID, day)
		if err != nil {
			return nil, err
		}
		out = append(out, posts...)
	}
	grants, err := s.liveGrants(ctx, a.ID, day)
	if err != nil {
		return nil, err
	}
	for _, g := range grants {
		r, err := s.units.Range(ctx, g.Unit)
		if errs.Is(err, errs.NotFound) { // the unit has ended: so has the grant
			continue
		}
		if err != nil {
			return nil, err
		}
		out = append(out, Right{Kind: kindOf[g.Kind], Range: r, Unit: g.Unit, Role: roleGrant, To: g.To})
	}
	return out, nil
}

// Mine lists the signed-in person's rights and where they come from.
func (s *Service) Mine(ctx context.Context) (Account, []Right, error) {
	a, err := s.byIDAcrossUnits(ctx, scope.From(ctx).Account)
	if err != nil {
		return a, nil, err
	}
	rights, err := s.rightsOf(ctx, a, clock.Today(ctx))
	return a, rights, err
}

// Grants lists all grants of an account, ended ones too, for its administrator.
func (s *Service) Grants(ctx context.Context, account id.ID) ([]Grant, error) {
	if _, err := s.manage(ctx, "account.open", account); err != nil {
		return nil, err
	}
	return s.grantsOf(ctx, account)
}

// Grant gives a right in a unit's subtree until a day. The giver must be administrator of the whole subtree and of the
// account; nobody gives to oneself.
func (s *Service) Grant(ctx context.Context, g Grant) (Grant, error) {
	actor := scope.From(ctx)
	if err := g.check(clock.Today(ctx), actor.System); err != nil {
		return g, err
	}
	if g.Account == actor.Account && !actor.System {
		return g, errs.New(errs.Conflict, "account.not_oneself")
	}
	r, err := s.units.Range(ctx, g.Unit)
	if err != nil {
		return g, err
	}
	if !actor.AdminSet.Covers(r) {
		return g, s.refuseUnit(ctx, "account.grant", r.From, g.Unit)
	}
	g.ID, g.GivenBy, g.At = id.New(), actor.Account, clock.Millis(ctx)
	err = s.db.Tx(ctx, func(ctx context.Context) error {
		a, err := s.manage(ctx, "account.grant", g.Account)
		if err != nil {
			return err
		}
		if err := s.oneDuty(ctx, a, g.Kind); err != nil {
			return err
		}
		if err := s.insertGrant(ctx, g); err != nil {
			return err
		}
		return s.log.Log(ctx, audit.Entry{Act: "account.grant", Subject: "account", Ref: a.Ref(), Pos: r.From, Unit: g.Unit, Note: g.Reason,
			Detail: map[string]any{"kind": g.Kind, "from": g.From, "to": g.To}})
	})
	return g, err
}

// Revoke ends a grant today.
func (s *Service) Revoke(ctx context.Context, account, grant id.ID) error {
	return s.change(ctx, "account.revoke", account, "", func(ctx context.Context, a Account) error {
		n, err := s.endGrant(ctx, a.ID, grant, clock.Today(ctx))
		if err == nil && n == 0 {
			err = errs.New(errs.NotFound, "account.no_grant")
		}
		return err
	})
}
