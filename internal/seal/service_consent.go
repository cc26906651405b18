package seal

import (
	"context"
	"errors"
	"slices"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/db"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
)

// Consent writes that the guardian of one sealed minor agrees to one purpose; given again after a withdrawal or a refusal it stands
// again. Who takes it is who is signed in; the version is that of the text that is read today, and says how long it lasts unless
// Until does.
func (s *Service) Consent(ctx context.Context, o Owner, ref id.Ref, c Consent) (err error) {
	defer errs.Wrapf(&err, "seal.Consent %s", ref)
	var f errs.Fields
	if _, err := clock.ParseDay(string(c.Given)); err != nil || c.Given > clock.Today(ctx) {
		f.Add("given", "seal.given_odd")
	}
	if !slices.Contains(Forms, c.Form) {
		f.Add("form", "seal.form_missing")
	}
	if err := f.Err(); err != nil {
		return err
	}
	c.TakenBy, c.Refused = scope.From(ctx).Name, clock.Open
	return s.act(ctx, o, "consent", "", s.byWriter, func(ctx context.Context) error {
		if _, err := s.mine(ctx, o, ref); err != nil {
			return err
		}
		text, err := s.latest(ctx, c.Purpose)
		if err != nil {
			return err
		}
		if c.Version = text.Version; c.Until == clock.Open && text.Days > 0 {
			c.Until = c.Given.AddDays(int(text.Days))
		}
		return s.store.putConsent(ctx, ref, c)
	})
}

// Refuse writes that a guardian was asked and does not agree to a purpose: nobody has to ask again, and nothing hangs on it.
func (s *Service) Refuse(ctx context.Context, o Owner, ref id.Ref, purpose string) (err error) {
	defer errs.Wrapf(&err, "seal.Refuse %s", ref)
	return s.act(ctx, o, "refuse", "", s.byWriter, func(ctx context.Context) error {
		if _, err := s.mine(ctx, o, ref); err != nil {
			return err
		}
		text, err := s.latest(ctx, purpose)
		if err != nil {
			return err
		}
		return s.store.putConsent(ctx, ref, Consent{Purpose: purpose, TakenBy: scope.From(ctx).Name, Version: text.Version, Refused: clock.Today(ctx)})
	})
}

// Withdraw takes a consent back from a day on; what hangs on it no longer holds at once.
func (s *Service) Withdraw(ctx context.Context, o Owner, ref id.Ref, purpose string) (err error) {
	defer errs.Wrapf(&err, "seal.Withdraw %s", ref)
	return s.act(ctx, o, "withdraw", "", s.byWriter, func(ctx context.Context) error {
		if _, err := s.mine(ctx, o, ref); err != nil {
			return err
		}
		n, err := s.store.withdraw(ctx, ref, purpose, clock.Today(ctx))
		if err == nil && n == 0 {
			err = errs.New(errs.Conflict, "seal.no_consent")
		}
		return err
	})
}

// Counts is what everybody who sees the owner may know of its sealed records; nothing is opened.
func (s *Service) Counts(ctx context.Context, o Owner) (Count, error) {
	out := Count{Consented: map[string]int64{}}
	rows, err := s.store.ofAcrossUnits(ctx, o.Of, o.Kind)
	if err != nil {
		return out, err
	}
	for _, r := range rows {
		switch {
		case r.Erased == clock.Open:
			out.Records++
		case r.ErasedWhy == Expired:
			out.Expired++
		}
	}
	list, err := s.store.consentsAcrossUnits(ctx, o.Of, o.Kind)
	for _, c := range list {
		if c.Stands(clock.Today(ctx)) {
			out.Consented[c.Purpose]++
		}
	}
	return out, err
}

// asKey is the text key of one of our errors.
func asKey(err error) (string, bool) {
	var e *errs.Error
	if errors.As(err, &e) {
		return e.Key, true
	}
	return "", false
}

// AllAgree tells whether there are sealed records and the guardians of all of them agree to a purpose. Who had one erased agrees to
// nothing.
func (s *Service) AllAgree(ctx context.Context, o Owner, purpose string) (bool, error) {
	all, lack, err := s.store.lackAcrossUnits(ctx, o.Of, o.Kind, purpose, clock.Today(ctx))
	return err == nil && all > 0 && lack == 0, err
}

// TakenBack tells whether a guardian took back a consent to a purpose, or had the record erased. It knows no rights: it is
// for those who look after the whole database.
func TakenBack(ctx context.Context, d *db.DB, of id.Ref, kind, purpose string) (bool, error) {
	n, err := store{db: d}.takenBackAcrossUnits(ctx, of, kind, purpose)
	return n > 0, err
}
