package care

import (
	"context"
	"strings"

	"xinhuo/internal/audit"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/org"
)

// above tells whether the reader works at a unit above one: nobody else lets themselves in to its requests from outside.
func (s *Service) above(ctx context.Context, u org.Unit) (bool, error) {
	a := scope.From(ctx)
	if a.Unit == u.ID || !a.May(scope.Work, u.Pos) {
		return false, nil
	}
	own, err := s.org.Unit(ctx, a.Unit)
	return err == nil && a.May(scope.Work, own.Pos) && own.Range().From <= u.Pos && u.Pos < own.Range().To, err
}

// Break lets the reader, who works above a desk, open one of its requests for four hours, because somebody is in danger and nobody at the desk
// can be reached (seal.Break). They know its number, from the telephone: no list tells it, each try is counted and stands in the log, and a
// number that does not exist is told like any that is wrong. Errors: Forbidden; Invalid on "no" and "reason"; Throttled; those of seal.Break.
func (s *Service) Break(ctx context.Context, unit id.ID, no, reason string) (ref id.Ref, err error) {
	defer errs.Wrapf(&err, "care.Break")
	if ref, err = s.numbered(ctx, unit, no); err == nil {
		err = s.breakInto(ctx, ref, reason)
	}
	return ref, err
}

// numbered finds a request of a desk by its number for who works above it; each try is counted, outside of any transaction that may not happen.
func (s *Service) numbered(ctx context.Context, unit id.ID, no string) (ref id.Ref, err error) {
	u, err := s.org.Unit(ctx, unit)
	if err != nil {
		return ref, err
	}
	log := audit.Entry{Act: "care.act.emergency", Subject: Kind, Pos: u.Pos, Unit: u.ID}
	may, err := s.above(ctx, u)
	if err != nil {
		return ref, err
	}
	if !may {
		if err := s.audit.Refuse(ctx, log); err != nil {
			return ref, err
		}
		return ref, errs.New(errs.Forbidden, "errs.not_yours")
	}
	if err := s.gate.Knock(ctx, "care.emergency", scope.From(ctx).Account.String(), ""); err != nil {
		return ref, err
	}
	q, err := s.numberedAcrossUnits(ctx, u.ID, strings.TrimSpace(no))
	if errs.Is(err, errs.NotFound) {
		if err := s.audit.Refuse(ctx, log); err != nil {
			return ref, err
		}
		var f errs.Fields
		f.Add("no", "care.no_such")
		return ref, f.Err()
	}
	return q.Ref(), err
}

func (s *Service) breakInto(ctx context.Context, ref id.Ref, reason string) error {
	q, d, duty, err := s.about(ctx, ref)
	if err != nil {
		return err
	}
	return s.seal.Break(ctx, owner(entryKind, q, d, duty, clock.Today(ctx)), reason)
}
