package account

import (
	"context"

	"xinhuo/internal/kit/db"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/id"
)

// totpRow is the secret of an account as it is stored; ConfirmedAt 0 while the first code is still to come.
type totpRow struct {
	Account     id.ID  `db:"account"`
	Secret      string `db:"secret"`
	ConfirmedAt int64  `db:"confirmed_at"`
	Step        int64  `db:"step"`
}

// totpOf is the row of an account; a zero one when there is none.
func (s *Service) totpOf(ctx context.Context, account id.ID) (totpRow, error) {
	r, err := db.Get[totpRow](ctx, s.db, `-- account.totpOf
		SELECT account, secret, confirmed_at, step FROM account_totp WHERE account = $1`, account)
	if errs.Is(err, errs.NotFound) {
		return totpRow{}, nil
	}
	return r, err
}

// putTOTP writes a new secret in the place of one that was never confirmed.
func (s *Service) putTOTP(ctx context.Context, account id.ID, secret string) (bool, error) {
	n, err := s.db.Exec(ctx, `-- account.putTOTP
		INSERT INTO account_totp (account, secret, confirmed_at, step) VALUES ($1, $2, 0, 0)
		ON CONFLICT (account) DO UPDATE SET secret = excluded.secret, step = 0 WHERE account_totp.confirmed_at = 0`, account, secret)
	return n == 1, err
}

func (s *Service) confirmTOTP(ctx context.Context, account id.ID, at int64) error {
	_, err := s.db.Exec(ctx, `-- account.confirmTOTP
		UPDATE account_totp SET confirmed_at = $2 WHERE account = $1`, account, at)
	return err
}

// takeStep uses up a period and all before it: of two processes with the same code one gets the row.
func (s *Service) takeStep(ctx context.Context, account id.ID, step int64) (bool, error) {
	n, err := s.db.Exec(ctx, `-- account.takeStep
		UPDATE account_totp SET step = $2 WHERE account = $1 AND step < $2`, account, step)
	return n == 1, err
}

func (s *Service) putRecovery(ctx context.Context, account id.ID, codes []string) error {
	if _, err := s.db.Exec(ctx, `-- account.putRecovery
		DELETE FROM account_recovery WHERE account = $1`, account); err != nil {
		return err
	}
	for _, c := range codes {
		if _, err := s.db.Exec(ctx, `-- account.putRecovery
			INSERT INTO account_recovery (account, code, used_at) VALUES ($1, $2, 0)`, account, c); err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) takeRecovery(ctx context.Context, account id.ID, code string, at int64) (bool, error) {
	n, err := s.db.Exec(ctx, `-- account.takeRecovery
		UPDATE account_recovery SET used_at = $3 WHERE account = $1 AND code = $2 AND used_at = 0`, account, code, at)
	return n == 1, err
}

func (s *Service) recoveryLeft(ctx context.Context, account id.ID) (int64, error) {
	return db.Get[int64](ctx, s.db, `-- account.recoveryLeft
		SELECT COUNT(*) FROM account_recovery WHERE account = $1 AND used_at = 0`, account)
}

const passkeyColumns = `id, account, name, credential, site, data, created_at, used_at`

func (s *Service) passkeysOf(ctx context.Context, account id.ID) ([]Passkey, error) {
	return db.Select[Passkey](ctx, s.db, `-- account.passkeysOf
		SELECT `+passkeyColumns+` FROM account_passkey WHERE account = $1 ORDER BY id`, account)
}

func (s *Service) passkeyByCredentialAcrossUnits(ctx context.Context, credential string) (Passkey, error) {
	return db.Get[Passkey](ctx, s.db, `-- account.passkeyByCredentialAcrossUnits
		SELECT `+passkeyColumns+` FROM account_passkey WHERE credential = $1`+s.db.ForUpdate(), credential)
}

func (s *Service) insertPasskey(ctx context.Context, p Passkey) error {
	_, err := s.db.Exec(ctx, `-- account.insertPasskey
		INSERT INTO account_passkey (`+passkeyColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		p.ID, p.Account, p.Name, p.Credential, p.Site, p.Data, p.CreatedAt, p.UsedAt)
	return err
}

func (s *Service) usePasskey(ctx context.Context, passkey id.ID, data string, at int64) error {
	_, err := s.db.Exec(ctx, `-- account.usePasskey
		UPDATE account_passkey SET data = $2, used_at = $3 WHERE id = $1`, passkey, data, at)
	return err
}

func (s *Service) namePasskey(ctx context.Context, account, passkey id.ID, name string) (bool, error) {
	n, err := s.db.Exec(ctx, `-- account.namePasskey
		UPDATE account_passkey SET name = $3 WHERE account = $1 AND id = $2`, account, passkey, name)
	return n == 1, err
}

func (s *Service) deletePasskey(ctx context.Context, account, passkey id.ID) (bool, error) {
	n, err := s.db.Exec(ctx, `-- account.deletePasskey
		DELETE FROM account_passkey WHERE account = $1 AND id = $2`, account, passkey)
	return n == 1, err
}

// dropTOTP takes the secret off; the recovery codes stay as long as a passkey needs them.
func (s *Service) dropTOTP(ctx context.Context, account id.ID) error {
	_, err := s.db.Exec(ctx, `-- account.dropTOTP
		DELETE FROM account_totp WHERE account = $1`, account)
	return err
}

// dropFactors takes off whatever an account has.
func (s *Service) dropFactors(ctx context.Context, account id.ID) error {
	if err := s.dropTOTP(ctx, account); err != nil {
		return err
	}
	if _, err := s.db.Exec(ctx, `-- account.dropFactors
		DELETE FROM account_passkey WHERE account = $1`, account); err != nil {
		return err
	}
	_, err := s.db.Exec(ctx, `-- account.dropFactors
		DELETE FROM account_recovery WHERE account = $1`, account)
	return err
}

func (s *Service) putTold(ctx context.Context, account id.ID, v Told) error {
	_, err := s.db.Exec(ctx, `-- account.putTold
		INSERT INTO account_told (account, by_name, reason, at) VALUES ($1, $2, $3, $4)
		ON CONFLICT (account) DO UPDATE SET by_name = excluded.by_name, reason = excluded.reason, at = excluded.at`, account, v.By, v.Reason, v.At)
	return err
}

// toldOf is what waits for the owner; nil when nothing does.
func (s *Service) toldOf(ctx context.Context, account id.ID) (*Told, error) {
	v, err := db.Get[Told](ctx, s.db, `-- account.toldOf
		SELECT by_name, reason, at FROM account_told WHERE account = $1`, account)
	if errs.Is(err, errs.NotFound) {
		return nil, nil
	}
	return &v, err
}

func (s *Service) dropTold(ctx context.Context, account id.ID) error {
	_, err := s.db.Exec(ctx, `-- account.dropTold
		DELETE FROM account_told WHERE account = $1`, account)
	return err
}

func (s *Service) setting(ctx context.Context, name string) (string, error) {
	v, err := db.Get[string](ctx, s.db, `-- account.setting
		SELECT value FROM account_setting WHERE name = $1`, name)
	if errs.Is(err, errs.NotFound) {
		return "", nil
	}
	return v, err
}

// newSetting writes a setting that must not be there yet, and answers the one that counts: of two processes one wins.
func (s *Service) newSetting(ctx context.Context, name, value string) (string, error) {
	err := s.db.Tx(ctx, func(ctx context.Context) error {
		_, err := s.db.Exec(ctx, `-- account.newSetting
			INSERT INTO account_setting (name, value) VALUES ($1, $2) ON CONFLICT DO NOTHING`, name, value)
		return err
	})
	if err != nil {
		return "", err
	}
	return s.setting(ctx, name)
}

func (s *Service) putSetting(ctx context.Context, name, value string) error {
	_, err := s.db.Exec(ctx, `-- account.putSetting
		INSERT INTO account_setting (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value`, name, value)
	return err
}
