package seal

import (
	"context"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/db"
	"xinhuo/internal/kit/id"
)

func (s store) putConsent(ctx context.Context, ref id.Ref, c Consent) error {
	_, err := s.db.Exec(ctx, `-- seal.putConsent
		INSERT INTO seal_consent (root, record, purpose, given, form, taken_by, withdrawn, version, until, refused) VALUES ($1, $2, $3, $4, $5, $6, '', $7, $8, $9)
		ON CONFLICT (root, record, purpose) DO UPDATE SET given = excluded.given, form = excluded.form, taken_by = excluded.taken_by, withdrawn = '',
			version = excluded.version, until = excluded.until, refused = excluded.refused`,
		ref.Root, ref.ID, c.Purpose, c.Given, c.Form, c.TakenBy, c.Version, c.Until, c.Refused)
	return err
}

func (s store) withdraw(ctx context.Context, ref id.Ref, purpose string, day clock.Day) (int64, error) {
	return s.db.Exec(ctx, `-- seal.withdraw
		UPDATE seal_consent SET withdrawn = $1 WHERE root = $2 AND record = $3 AND purpose = $4 AND withdrawn = '' AND refused = ''`, day, ref.Root, ref.ID, purpose)
}

// withdrawAll takes back all that was agreed to for a record.
func (s store) withdrawAll(ctx context.Context, ref id.Ref, day clock.Day) error {
	_, err := s.db.Exec(ctx, `-- seal.withdrawAll
		UPDATE seal_consent SET withdrawn = $1 WHERE root = $2 AND record = $3 AND withdrawn = ''`, day, ref.Root, ref.ID)
	return err
}

func (s store) putText(ctx context.Context, t Text) error {
	_, err := s.db.Exec(ctx, `-- seal.putText
		INSERT INTO seal_text (purpose, version, body, days, by_name, day) VALUES ($1, $2, $3, $4, $5, $6)`, t.Purpose, t.Version, t.Body, t.Days, t.ByName, t.Day)
	return err
}

// textsAcrossUnits are the versions of a purpose's text, the latest first; they are the same for everybody.
func (s store) textsAcrossUnits(ctx context.Context, purpose string) ([]Text, error) {
	return db.Select[Text](ctx, s.db, `-- seal.textsAcrossUnits
		SELECT t.purpose, t.version, t.body, t.days, t.by_name, t.day FROM seal_text t WHERE t.purpose = $1 ORDER BY t.version DESC`, purpose)
}
