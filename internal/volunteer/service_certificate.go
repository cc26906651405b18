package volunteer

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"strings"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/record"
)

// Issue makes a certificate for a volunteer who is active: its code is the keyed digest of the person and a fresh seed, so
// that a code that was edited, guessed or made for somebody else is not verified. Issuing anew makes earlier papers void.
func (s *Service) Issue(ctx context.Context, ref id.Ref, version int64) error {
	return s.db.Tx(ctx, func(ctx context.Context) error {
		if _, err := s.store.secret(ctx, random()); err != nil {
			return err
		}
		today := clock.Today(ctx)
		return s.change(ctx, ref, version, record.Change{Act: "volunteer.act.issue"}, func(v *Volunteer) error {
			if v.State(today) != Active {
				return errs.New(errs.Conflict, "volunteer.certificate_not_active", "Name", v.Name)
			}
			v.Proof = Proof{Seed: random(), IssuedOn: today, IssuedBy: scope.From(ctx).Name}
			return nil
		})
	})
}

// Revoke makes the certificate void.
func (s *Service) Revoke(ctx context.Context, ref id.Ref, version int64, reason string) error {
	return s.change(ctx, ref, version, record.Change{Act: "volunteer.act.revoke", Reason: reason}, func(v *Volunteer) error {
		var f errs.Fields
		if reason == "" {
			f.Add("reason", "volunteer.reason_missing")
		}
		if v.Proof.Seed == "" {
			return errs.New(errs.Conflict, "volunteer.no_certificate")
		}
		v.Proof = Proof{}
		return f.Err()
	})
}

// Code is the code of a volunteer's certificate, for whoever works at the person's unit; "" when there is none.
func (s *Service) Code(ctx context.Context, ref id.Ref) (string, error) {
	v, _, err := s.book.Get(ctx, ref)
	if err != nil || v.Proof.Seed == "" {
		return "", err
	}
	r, err := s.reader(ctx, v.Unit)
	if err != nil || !r.Works {
		return "", err
	}
	return s.code(ctx, ref, v.Proof)
}

func (s *Service) code(ctx context.Context, ref id.Ref, p Proof) (string, error) {
	return s.Signed(ctx, "certificate|"+ref.String()+"|"+p.Seed)
}

// Sign is the code by which a paper about a subject can be checked, for modules that hand out certificates of their own;
// the first one makes the key. Subjects begin with the module's name, so that no code stands for two things.
func (s *Service) Sign(ctx context.Context, subject string) (string, error) {
	if _, err := s.store.keptSecret(ctx); errs.Is(err, errs.NotFound) {
		err := s.db.Tx(ctx, func(ctx context.Context) error {
			_, err := s.store.secret(ctx, random())
			return err
		})
		if err != nil {
			return "", err
		}
	}
	return s.Signed(ctx, subject)
}

// Signed is the code of a subject; NotFound before the first was signed.
func (s *Service) Signed(ctx context.Context, subject string) (string, error) {
	key, err := s.store.keptSecret(ctx)
	if err != nil {
		return "", err
	}
	mac := hmac.New(sha256.New, []byte(key))
	mac.Write([]byte(subject))
	return letters.EncodeToString(mac.Sum(nil)[:15]), nil
}

// letters has no padding and one case, so that a code can be read aloud and typed.
var letters = base32.StdEncoding.WithPadding(base32.NoPadding)

func random() string {
	b := make([]byte, 20)
	_, _ = rand.Read(b) // never fails
	return letters.EncodeToString(b)
}

// Attested is what a certificate says to anyone who has its code.
type Attested struct {
	Name    string
	Kind    Class
	Unit    string
	Since   clock.Day
	Until   clock.Day // no volunteer from this day on; Open while active
	Minutes int64
	Times   int64
	Issued  clock.Day
}

// Attest reads a certificate by its code, without a right: who has the code was given it. NotFound for a code that is not
// this person's, was edited, or was revoked, without a word on which of them.
func (s *Service) Attest(ctx context.Context, ref id.Ref, code string) (a Attested, err error) {
	ctx = scope.With(ctx, scope.System("volunteer.certificate"))
	err = s.db.Read(ctx, func(ctx context.Context) error {
		v, _, err := s.book.Get(ctx, ref)
		if err != nil {
			return err
		}
		if v.Proof.Seed == "" {
			return errs.New(errs.NotFound, "errs.not_found")
		}
		want, err := s.code(ctx, ref, v.Proof)
		if err != nil {
			return err
		}
		if !hmac.Equal([]byte(want), []byte(strings.ToUpper(strings.TrimSpace(code)))) {
			return errs.New(errs.NotFound, "errs.not_found")
		}
		u, err := s.rec.Home(ctx, v.Unit)
		if err != nil {
			return err
		}
		t, err := s.store.totalAcrossUnits(ctx, ref)
		a = Attested{Name: v.Name, Kind: v.Kind, Unit: u.Name, Since: v.AdmittedOn, Minutes: t.Minutes, Times: t.N, Issued: v.Proof.IssuedOn}
		if v.State(clock.Today(ctx)) == Left {
			a.Until = v.LeftOn
		}
		return err
	})
	return a, err
}
