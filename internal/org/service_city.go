package org

import (
	"context"

	"xinhuo/internal/audit"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/scope"
)

// SetsCity tells whether whoever is signed in may change what holds for all of a unit's city, such as its lists and limits: only who
// administers the city, whichever of its units they look at. Nothing is set for the nation: root 0 is what ships with the program.
func SetsCity(ctx context.Context, u Unit) bool {
	return u.Root() != 0 && scope.From(ctx).May(scope.Admin, u.Root()*City.Span())
}

// MaySetCity is SetsCity for the page on which that is done. Errors: Forbidden "org.city_sets".
func MaySetCity(ctx context.Context, u Unit) error {
	if !SetsCity(ctx, u) {
		return errs.New(errs.Forbidden, "org.city_sets")
	}
	return nil
}

// SetCity writes what holds for all of a unit's city, and e in the log, in one transaction. Whoever is refused stands in the log, too.
// Errors: Forbidden "org.city_sets" for who does not administer the city, NotFound for who does not even see the unit.
func (s *Service) SetCity(ctx context.Context, u Unit, e audit.Entry, write func(ctx context.Context) error) error {
	e.Pos, e.Unit = u.Root()*City.Span(), u.ID
	if !SetsCity(ctx, u) {
		if err := s.audit.Refuse(ctx, e); err != nil {
			return err
		}
		if !scope.From(ctx).May(scope.View, u.Pos) {
			return errs.New(errs.NotFound, "errs.not_found")
		}
		return MaySetCity(ctx, u)
	}
	return s.db.Tx(ctx, func(ctx context.Context) error {
		if err := write(ctx); err != nil {
			return err
		}
		return s.audit.Log(ctx, e)
	})
}
