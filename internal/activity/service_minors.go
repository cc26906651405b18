package activity

import (
	"context"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/record"
	"xinhuo/internal/seal"
)

// What is noted of a minor at a camp: the guardian's consent to come, and that an insurance policy was shown.
const (
	toCamp  = "camp"
	insured = "insurance"
)

// Minor is somebody under age who comes to a camp, as it is typed. Names and telephone are sealed (R133).
type Minor struct {
	Name, Guardian, Phone string
	Consented             clock.Day // the guardian's word; open without it
	Form                  string    // paper or electronic
	Insured               bool
}

// SetSeal connects what is sealed; without it a camp has no list of names.
func (s *Service) SetSeal(x *seal.Service) { s.seal = x }

// minorsOf are the sealed records of an activity; its lead keeps them.
func minorsOf(ref id.Ref, a Activity) seal.Owner {
	return seal.Owner{Kind: "activity.minor", Of: ref, Unit: a.Lead()}
}

// errNoCamp is said where the list of an activity is asked for that is no camp; its pages lead back to the activity.
var errNoCamp = errs.New(errs.Conflict, "activity.no_camp")

// camp is the activity whose list is asked for, if the reader works at it and it is a camp.
func (s *Service) camp(ctx context.Context, ref id.Ref, act string) (Activity, seal.Owner, error) {
	a, _, err := s.book.Get(ctx, ref)
	if err != nil {
		return a, seal.Owner{}, err
	}
	if err := s.mayEdit(ctx, ref, a, record.Change{Act: "activity.act." + act}); err != nil {
		return a, seal.Owner{}, err
	}
	if a.Class != Camp || s.seal == nil {
		return a, seal.Owner{}, errNoCamp
	}
	return a, minorsOf(ref, a), nil
}

// AddMinor puts somebody on the sealed list of a camp.
func (s *Service) AddMinor(ctx context.Context, ref id.Ref, m Minor) error {
	_, o, err := s.camp(ctx, ref, "minor")
	if err != nil {
		return err
	}
	var f errs.Fields
	required(&f, "minor_name", m.Name, "activity.minor_name_missing")
	required(&f, "guardian", m.Guardian, "activity.guardian_missing")
	required(&f, "guardian_phone", m.Phone, "activity.guardian_phone_missing")
	for name, text := range map[string]string{"minor_name": m.Name, "guardian": m.Guardian, "guardian_phone": m.Phone} {
		length(&f, name, text, maxName)
	}
	if err := f.Err(); err != nil {
		return err
	}
	return s.db.Tx(ctx, func(ctx context.Context) error {
		key, err := s.seal.Seal(ctx, o, map[string]string{"name": m.Name, "guardian": m.Guardian, "phone": m.Phone}, "phone")
		if err == nil && m.Consented != clock.Open {
			err = s.seal.Consent(ctx, o, key, seal.Consent{Purpose: toCamp, Given: m.Consented, Form: m.Form})
		}
		if err == nil && m.Insured {
			err = s.seal.Consent(ctx, o, key, seal.Consent{Purpose: insured, Given: clock.Today(ctx), Form: seal.Forms[0]})
		}
		return err
	})
}

// Minors opens the list of a camp. Only the lead's own people and those with a grant read it, and each reading is logged.
func (s *Service) Minors(ctx context.Context, ref id.Ref) (Activity, []seal.Record, error) {
	a, o, err := s.camp(ctx, ref, "minor")
	if err != nil {
		return a, nil, err
	}
	list, err := s.seal.Open(ctx, o)
	return a, list, err
}

// WithdrawMinor notes that a guardian has taken the consent to a camp back.
func (s *Service) WithdrawMinor(ctx context.Context, ref, minor id.Ref) error {
	_, o, err := s.camp(ctx, ref, "withdraw")
	if err != nil {
		return err
	}
	return s.seal.Withdraw(ctx, o, minor, toCamp)
}

// minorNeeds are what a camp with a list lacks before it may open; it counts and names nobody. Without a list the count of
// papers in the safety plan stands (R133).
func (s *Service) minorNeeds(ctx context.Context, ref id.Ref, a Activity) ([]Need, error) {
	if a.Class != Camp || s.seal == nil {
		return nil, nil
	}
	n, err := s.seal.Counts(ctx, minorsOf(ref, a))
	if err != nil || n.Records == 0 {
		return nil, err
	}
	list := []Need{{Key: "activity.need.listed", Field: "minors", Act: "minors", Args: []any{"N", a.Minors, "Have", n.Records}, Met: n.Records >= a.Minors}}
	for _, p := range []string{toCamp, insured} {
		list = append(list, Need{Key: "activity.need.minor_" + p, Field: "minors", Act: "minors", Args: []any{"N", n.Records - n.Consented[p]}, Met: n.Consented[p] >= n.Records})
	}
	return list, nil
}
