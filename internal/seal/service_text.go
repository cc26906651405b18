package seal

import (
	"context"
	"slices"
	"strings"

	"xinhuo/internal/audit"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/scope"
)

// Text is one version of what guardians read before they agree to a purpose; it is never changed.
type Text struct {
	Purpose string    `db:"purpose" json:"purpose"`
	Version int64     `db:"version" json:"version"`
	Body    string    `db:"body" json:"body"`
	Days    int64     `db:"days" json:"days"` // how long a consent to it lasts; 0: as long as the purpose
	ByName  string    `db:"by_name" json:"by"`
	Day     clock.Day `db:"day" json:"day"`
}

// Bounds of a text: characters, and days of a consent.
const (
	maxBody        = 4000
	maxConsentDays = 3650
)

// NameConsent tells what a consent is to that a module keeps without a text of its own to read; nameKey is a text key of the caller.
func (s *Service) NameConsent(purpose, nameKey string) {
	s.consents = append(s.consents, purposeOf{purpose, nameKey})
}

// AddPurpose tells of something that guardians are asked for; its name is the text key "<module>.consent.<purpose>" of the caller.
func (s *Service) AddPurpose(purpose, nameKey string) {
	s.purposes = append(s.purposes, purposeOf{purpose, nameKey})
}

type purposeOf struct{ purpose, nameKey string }

// Texts are the versions of a purpose's text, the latest first. Everybody may read what they are asked to agree to.
func (s *Service) Texts(ctx context.Context, purpose string) ([]Text, error) {
	return s.store.textsAcrossUnits(ctx, purpose)
}

// latest is the text of a purpose that is read today; none is version 0.
func (s *Service) latest(ctx context.Context, purpose string) (Text, error) {
	list, err := s.store.textsAcrossUnits(ctx, purpose)
	if err != nil || len(list) == 0 {
		return Text{Purpose: purpose}, err
	}
	return list[0], nil
}

// SetText writes the version of a text after the one that t names: who looks after the program does, on the word of the operator's
// lawyer. Errors: Forbidden; Invalid on "body", "days"; NotFound for an unknown purpose; Conflict "seal.text_changed".
func (s *Service) SetText(ctx context.Context, t Text) (err error) {
	defer errs.Wrapf(&err, "seal.SetText %s", t.Purpose)
	if err := s.runner(ctx); err != nil {
		return err
	}
	t.Body = strings.TrimSpace(t.Body)
	var f errs.Fields
	if t.Body == "" {
		f.Add("body", "seal.text_missing")
	}
	if len([]rune(t.Body)) > maxBody {
		f.Add("body", "seal.too_long", "N", maxBody)
	}
	if t.Days < 0 || t.Days > maxConsentDays {
		f.Add("days", "seal.days_odd", "Least", 0, "Most", maxConsentDays)
	}
	if err := f.Err(); err != nil {
		return err
	}
	if !slices.ContainsFunc(s.purposes, func(p purposeOf) bool { return p.purpose == t.Purpose }) {
		return errs.New(errs.NotFound, "errs.not_found")
	}
	return s.db.Tx(ctx, func(ctx context.Context) error {
		was, err := s.latest(ctx, t.Purpose)
		if err != nil {
			return err
		}
		if was.Version != t.Version {
			return errs.New(errs.Conflict, "seal.text_changed")
		}
		next := Text{Purpose: t.Purpose, Version: was.Version + 1, Body: t.Body, Days: t.Days, ByName: scope.From(ctx).Name, Day: clock.Today(ctx)}
		if err := s.store.putText(ctx, next); err != nil {
			return err
		}
		return s.audit.Log(ctx, audit.Entry{Act: "seal.act.text", Subject: "seal", Note: t.Purpose})
	})
}

// lines are the paragraphs of a text.
func (t Text) lines() (out []string) {
	for line := range strings.Lines(t.Body) {
		if line = strings.TrimSpace(line); line != "" {
			out = append(out, line)
		}
	}
	return out
}
