package account

import (
	"context"
	"fmt"
	"strings"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/db"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
)

const accountColumns = `id, login, person, phone, unit, pos, password, must_change, epoch, disabled_at, lang, size, theme, created_at, signed_in_at`

func (s *Service) insertAccount(ctx context.Context, a Account) error {
	_, err := s.db.Exec(ctx, `-- account.insertAccount
		INSERT INTO account_account (`+accountColumns+`)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)`,
		a.ID, a.Login, a.Person, a.Phone, a.Unit, a.Pos, a.Password, a.MustChange, a.Epoch, a.DisabledAt, a.Lang, a.Size, a.Theme, a.CreatedAt, a.SignedInAt)
	return err
}

// byIDAcrossUnits reads one account; the caller asks for the right at its place.
func (s *Service) byIDAcrossUnits(ctx context.Context, account id.ID) (Account, error) {
	return db.Get[Account](ctx, s.db, `-- account.byIDAcrossUnits
		SELECT `+accountColumns+` FROM account_account WHERE id = $1`, account)
}

// byLoginAcrossUnits reads one account for sign-in.
func (s *Service) byLoginAcrossUnits(ctx context.Context, login string) (Account, error) {
	return db.Get[Account](ctx, s.db, `-- account.byLoginAcrossUnits
		SELECT `+accountColumns+` FROM account_account WHERE login = $1`, login)
}

func (s *Service) loginsTakenAcrossUnits(ctx context.Context, logins []string) (map[string]bool, error) {
	taken := map[string]bool{}
	for len(logins) > 0 {
		n := min(len(logins), 200)
		marks, args := make([]string, n), make([]any, n)
		for i, l := range logins[:n] {
			marks[i], args[i] = fmt.Sprintf("$%d", i+1), l
		}
		got, err := db.Select[string](ctx, s.db, `-- account.loginsTakenAcrossUnits
			SELECT login FROM account_account WHERE login IN (`+strings.Join(marks, ", ")+`)`, args...)
		if err != nil {
			return nil, err
		}
		for _, l := range got {
			taken[l] = true
		}
		logins = logins[n:]
	}
	return taken, nil
}

// opened are those of the accounts with which somebody can sign in, by name.
func (s *Service) opened(ctx context.Context, accounts []id.ID) ([]Account, error) {
	return db.Select[Account](ctx, s.db, `-- account.opened
		SELECT `+accountColumns+` FROM account_account WHERE id IN `+db.In(accounts)+` AND disabled_at = 0 AND password <> '' ORDER BY person, id`)
}

// workGrants are the grants to work at one of the units that hold on a day.
func (s *Service) workGrants(ctx context.Context, units []id.ID, day clock.Day) ([]Grant, error) {
	return db.Select[Grant](ctx, s.db, `-- account.workGrants
		SELECT `+grantColumns+` FROM account_grant
		WHERE unit IN `+db.In(units)+` AND kind = 'work' AND from_day <= $1 AND (to_day = '' OR to_day > $1) ORDER BY id`, day)
}

// list reads accounts of a subtree within the administrator's ranges, by login.
func (s *Service) list(ctx context.Context, set scope.Set, r scope.Range, find, after string, limit int) ([]Account, error) {
	return db.Select[Account](ctx, s.db, `-- account.list
		SELECT `+accountColumns+` FROM account_account
		WHERE `+set.SQL("pos")+` AND pos >= $1 AND pos < $2 AND login > $3
		  AND (login LIKE $4 ESCAPE '\' OR person LIKE $4 ESCAPE '\')
		ORDER BY login LIMIT $5`, r.From, r.To, after, likeOf(find), limit)
}

func (s *Service) count(ctx context.Context, set scope.Set, r scope.Range, find, after string) (int64, error) {
	return db.Get[int64](ctx, s.db, `-- account.count
		SELECT COUNT(*) FROM account_account WHERE `+set.SQL("pos")+` AND pos >= $1 AND pos < $2 AND login > $3
		  AND (login LIKE $4 ESCAPE '\' OR person LIKE $4 ESCAPE '\')`, r.From, r.To, after, likeOf(find))
}

func likeOf(s string) string {
	return "%" + strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(strings.ToLower(s)) + "%"
}

// setPassword also ends what was open: the epoch moves on.
func (s *Service) setPassword(ctx context.Context, account id.ID, hash string, mustChange int64) error {
	_, err := s.db.Exec(ctx, `-- account.setPassword
		UPDATE account_account SET password = $2, must_change = $3, epoch = epoch + 1 WHERE id = $1`, account, hash, mustChange)
	return err
}

func (s *Service) setDisabled(ctx context.Context, account id.ID, at int64) error {
	_, err := s.db.Exec(ctx, `-- account.setDisabled
		UPDATE account_account SET disabled_at = $2, epoch = epoch + 1 WHERE id = $1`, account, at)
	return err
}

func (s *Service) setEpoch(ctx context.Context, account id.ID) error {
	_, err := s.db.Exec(ctx, `-- account.setEpoch
		UPDATE account_account SET epoch = epoch + 1 WHERE id = $1`, account)
	return err
}

func (s *Service) setSignedIn(ctx context.Context, account id.ID, at int64) error {
	_, err := s.db.Exec(ctx, `-- account.setSignedIn
		UPDATE account_account SET signed_in_at = $2 WHERE id = $1`, account, at)
	return err
}

func (s *Service) setSettings(ctx context.Context, account id.ID, v Settings) error {
	_, err := s.db.Exec(ctx, `-- account.setSettings
		UPDATE account_account SET lang = $2, size = $3, theme = $4 WHERE id = $1`, account, v.Lang, v.Size, v.Theme)
	return err
}

func (s *Service) setPosAcrossUnits(ctx context.Context, unit id.ID, pos int64) error {
	_, err := s.db.Exec(ctx, `-- account.setPosAcrossUnits
		UPDATE account_account SET pos = $2 WHERE unit = $1 AND pos <> $2`, unit, pos)
	return err
}

const grantColumns = `id, account, kind, unit, from_day, to_day, reason, given_by, at`

func (s *Service) insertGrant(ctx context.Context, g Grant) error {
	_, err := s.db.Exec(ctx, `-- account.insertGrant
		INSERT INTO account_grant (`+grantColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		g.ID, g.Account, g.Kind, g.Unit, g.From, g.To, g.Reason, g.GivenBy, g.At)
	return err
}

func (s *Service) grantsOf(ctx context.Context, account id.ID) ([]Grant, error) {
	return db.Select[Grant](ctx, s.db, `-- account.grantsOf
		SELECT `+grantColumns+` FROM account_grant WHERE account = $1 ORDER BY id`, account)
}

func (s *Service) liveGrants(ctx context.Context, account id.ID, day clock.Day) ([]Grant, error) {
	return db.Select[Grant](ctx, s.db, `-- account.liveGrants
		SELECT `+grantColumns+` FROM account_grant
		WHERE account = $1 AND from_day <= $2 AND (to_day = '' OR to_day > $2) ORDER BY id`, account, day)
}

func (s *Service) endGrant(ctx context.Context, account, grant id.ID, day clock.Day) (int64, error) {
	return s.db.Exec(ctx, `-- account.endGrant
		UPDATE account_grant SET to_day = $3 WHERE id = $2 AND account = $1 AND (to_day = '' OR to_day > $3)`, account, grant, day)
}

type invite struct {
	ID        id.ID  `db:"id"`
	Account   id.ID  `db:"account"`
	Code      string `db:"code"`
	ExpiresAt int64  `db:"expires_at"`
	UsedAt    int64  `db:"used_at"`
}

func (s *Service) insertInvite(ctx context.Context, v invite) error {
	_, err := s.db.Exec(ctx, `-- account.insertInvite
		INSERT INTO account_invite (id, account, code, expires_at, used_at) VALUES ($1, $2, $3, $4, $5)`,
		v.ID, v.Account, v.Code, v.ExpiresAt, v.UsedAt)
	return err
}

func (s *Service) inviteByCodeAcrossUnits(ctx context.Context, code string) (invite, error) {
	return db.Get[invite](ctx, s.db, `-- account.inviteByCodeAcrossUnits
		SELECT id, account, code, expires_at, used_at FROM account_invite WHERE code = $1`, code)
}

// useInvite takes a code once: of two at the same time one gets a row.
func (s *Service) useInvite(ctx context.Context, invite id.ID, at int64) (bool, error) {
	n, err := s.db.Exec(ctx, `-- account.useInvite
		UPDATE account_invite SET used_at = $2 WHERE id = $1 AND used_at = 0 AND expires_at > $2`, invite, at)
	return n == 1, err
}

// dropInvites makes earlier codes of an account worthless.
func (s *Service) dropInvites(ctx context.Context, account id.ID, at int64) error {
	_, err := s.db.Exec(ctx, `-- account.dropInvites
		UPDATE account_invite SET used_at = $2 WHERE account = $1 AND used_at = 0`, account, at)
	return err
}

// dutyGrantsAcrossUnits are the grants of the three administrators that hold on a day or begin later.
func (s *Service) dutyGrantsAcrossUnits(ctx context.Context, day clock.Day) ([]Grant, error) {
	return db.Select[Grant](ctx, s.db, `-- account.dutyGrantsAcrossUnits
		SELECT `+grantColumns+` FROM account_grant
		WHERE kind IN ('admin', 'system', 'audit') AND (to_day = '' OR to_day > $1) ORDER BY id`, day)
}
