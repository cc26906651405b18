package seal

import (
	"context"
	"slices"
	"strings"

	"xinhuo/internal/audit"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/org"
)

// Erase destroys a record's data key and its fields for good; there is no undo. Counts keep the row. The keeper erases on any
// ground; who entered a record by mistake may take it back, too. The reason stands in the log, so that it may hold nothing of
// what is erased. What this promises of backups stands in docs/decisions/0013-sealed-fields.md.
func (s *Service) Erase(ctx context.Context, o Owner, ref id.Ref, ground, reason string) (err error) {
	defer errs.Wrapf(&err, "seal.Erase %s", ref)
	if err := s.checkErase(ground, reason); err != nil {
		return err
	}
	may := func(ctx context.Context, o Owner, u org.Unit, e *audit.Entry) (bool, error) {
		e.Detail = map[string]string{"ground": ground}
		if o.keeps(ctx, u) {
			return true, nil
		}
		r, err := s.mine(ctx, o, ref)
		return err == nil && ground == Mistyped && r.typedBy(ctx), err
	}
	return s.act(ctx, o, "erase", reason, may, func(ctx context.Context) error {
		if err := s.Proved(ctx); err != nil { // there is no undo
			return err
		}
		r, err := s.mine(ctx, o, ref)
		if err != nil {
			return err
		}
		if r.Erased != clock.Open {
			return errs.New(errs.Conflict, "seal.erased_already")
		}
		if err := s.stays(ctx, o, ground); err != nil {
			return err
		}
		if err := s.tells(ctx, r, o, reason); err != nil {
			return err
		}
		return s.destroy(ctx, r, ground)
	})
}

// stays refuses what has to stay on whatever ground, so that nobody gets round on this page what a wish is refused. The clock erases in its
// own time.
func (s *Service) stays(ctx context.Context, o Owner, ground string) error {
	wish := Wish{Kind: ToErase}
	if ground == ByGuardian {
		wish.Asker = "guardian"
	}
	h, err := s.hold(ctx, wish, Found{Kind: o.Kind, Of: o.Of})
	if err != nil || !h.Stays {
		return err
	}
	return errs.New(errs.Conflict, "seal.erase_held", "Why", tr(ctx, h.Erase))
}

func (s *Service) checkErase(ground, reason string) error {
	var f errs.Fields
	if !slices.Contains(Grounds, ground) {
		f.Add("ground", "seal.ground_missing")
	}
	if strings.TrimSpace(reason) == "" {
		f.Add("reason", "seal.reason_missing")
	}
	if len([]rune(reason)) > maxText {
		f.Add("reason", "seal.too_long", "N", maxText)
	}
	return f.Err()
}

// typedBy tells whether the reader entered the record.
func (r recordRow) typedBy(ctx context.Context) bool {
	a := scope.From(ctx)
	return a.Account != 0 && r.EnteredBy == a.Account
}

// tells refuses a reason that holds what is to be erased. A record that was tampered with cannot be compared, and is erased
// all the same.
func (s *Service) tells(ctx context.Context, r recordRow, o Owner, reason string) error {
	values, err := s.store.valuesAcrossUnits(ctx, o.Of, o.Kind)
	if err != nil {
		return err
	}
	fields, err := s.fields(r, values)
	if key, ok := asKey(err); ok && key == "seal.tampered" {
		return nil
	}
	if err != nil {
		return err
	}
	for _, text := range fields {
		if len([]rune(text)) > 1 && strings.Contains(reason, text) {
			var f errs.Fields
			f.Add("reason", "seal.reason_tells")
			return f.Err()
		}
	}
	return nil
}

// destroy takes the key and the fields away; nothing is agreed to any longer, unless its time was up. The key file says so, too, before the transaction ends: killed in between, the record opens no more, and is erased when it is asked for again.
func (s *Service) destroy(ctx context.Context, r recordRow, ground string) error {
	today := clock.Today(ctx)
	if err := s.store.erase(ctx, r.ref(), today, scope.From(ctx).Name, ground); err != nil {
		return err
	}
	if ground != Expired {
		if err := s.store.withdrawAll(ctx, r.ref(), today); err != nil {
			return err
		}
	}
	for _, c := range s.classes {
		if c.Kind == r.Kind && c.Erased != nil {
			if err := c.Erased(ctx, r.of()); err != nil {
				return err
			}
		}
	}
	if err := s.store.holdKeys(ctx); err != nil {
		return err
	}
	return s.keys.noteErased(r.ref())
}

// Erasures say what was erased of a matter: by whom, when, on what ground; not what. Whoever may open or oversee it reads them.
func (s *Service) Erasures(ctx context.Context, of id.Ref) ([]Erasure, error) {
	rows, err := s.store.erasedAcrossUnits(ctx, of)
	var out []Erasure
	for _, r := range rows {
		out = append(out, Erasure{Kind: r.Kind, Day: r.Erased, By: r.ErasedBy, Ground: r.ErasedWhy})
	}
	return out, err
}

// Typed are the live records of an owner that the reader entered, without their fields: who enters for another unit may take a
// slip of the pen back, but does not read.
func (s *Service) Typed(ctx context.Context, o Owner) ([]Record, error) {
	rows, err := s.store.ofAcrossUnits(ctx, o.Of, o.Kind)
	var out []Record
	for _, r := range rows {
		if r.Erased == clock.Open && r.typedBy(ctx) {
			out = append(out, Record{Ref: r.ref(), Entered: r.Entered})
		}
	}
	return out, err
}
