package seal

import (
	"context"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/id"
)

// MaxGrant bounds a grant, in days: whoever still needs it then asks again.
const MaxGrant = 180

// Grant lets somebody open an owner's records until a day. Only the keeper gives it.
func (s *Service) Grant(ctx context.Context, o Owner, g Grant) (key id.ID, err error) {
	defer errs.Wrapf(&err, "seal.Grant %s", o.Of)
	today := clock.Today(ctx)
	var f errs.Fields
	if g.Purpose == "" {
		f.Add("purpose", "seal.purpose_missing")
	}
	if _, err := clock.ParseDay(string(g.Until)); err != nil || g.Until < today || g.Until > today.AddDays(MaxGrant) {
		f.Add("until", "seal.until_odd", "N", MaxGrant)
	}
	if g.Account == 0 {
		f.Add("account", "seal.account_missing")
	}
	if err := f.Err(); err != nil {
		return 0, err
	}
	g.ID, g.Revoked = id.New(), clock.Open
	return g.ID, s.act(ctx, o, "grant", g.Name+" · "+g.Purpose+" · "+string(g.Until), byKeeper, func(ctx context.Context) error {
		return s.store.putGrant(ctx, o.Of, g)
	})
}

// Revoke ends a grant at once.
func (s *Service) Revoke(ctx context.Context, o Owner, grant id.ID) (err error) {
	defer errs.Wrapf(&err, "seal.Revoke %s", o.Of)
	return s.act(ctx, o, "revoke", "", byKeeper, func(ctx context.Context) error {
		n, err := s.store.revoke(ctx, o.Of, grant, clock.Today(ctx))
		if err == nil && n == 0 {
			err = errs.New(errs.NotFound, "errs.not_found")
		}
		return err
	})
}

// Grants lists who was let in, for the keeper; who is not hears of none.
func (s *Service) Grants(ctx context.Context, o Owner) ([]Grant, error) {
	if keeps, err := s.Keeps(ctx, o); err != nil || !keeps {
		return nil, err
	}
	return s.store.grantsAcrossUnits(ctx, o.Of)
}
