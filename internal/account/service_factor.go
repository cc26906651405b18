package account

import (
	"cmp"
	"context"
	"encoding/base32"
	"log/slog"
	"slices"
	"time"

	"github.com/pquerna/otp/totp"

	"xinhuo/internal/audit"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
)

// SetSecrets connects what encrypts the secrets of second factors; without it nobody can set one up.
func (s *Service) SetSecrets(x Secrets) { s.secrets = x }

// Factors is what an account has beside its password.
func (s *Service) factors(ctx context.Context, account id.ID) (f Factors, err error) {
	r, err := s.totpOf(ctx, account)
	if err != nil {
		return f, err
	}
	f.TOTP = r.ConfirmedAt != 0
	if f.Passkeys, err = s.passkeysOf(ctx, account); err != nil || !f.Any() {
		return f, err
	}
	f.Left, err = s.recoveryLeft(ctx, account)
	return f, err
}

// Strong asks whether whoever acts proved a second factor within a time, where the operator asks for one (SetRule). It is
// what sealed data and the acts on second factors rest on. Error: errs.StepUp.
func (s *Service) Strong(ctx context.Context, within time.Duration) error {
	a := scope.From(ctx)
	if a.System {
		return nil
	}
	on, err := s.setting(ctx, ruleStrong)
	if err != nil || on != ruleOn {
		return err
	}
	if a.Factor != 0 && s.now().UnixMilli()-a.Factor <= within.Milliseconds() {
		return nil
	}
	return errs.New(errs.StepUp, "account.second_needed")
}

// own is the signed-in person's account, once the password was typed again; wrong ones are counted.
func (s *Service) own(ctx context.Context, password string) (Account, error) {
	a, err := s.byIDAcrossUnits(ctx, scope.From(ctx).Account)
	if err != nil {
		return a, err
	}
	g := ownGate(a.ID)
	wait, err := s.tryGates(ctx, g)
	if err != nil {
		return a, err
	}
	if wait > 0 {
		return a, waitError(wait)
	}
	ok, err := s.hash.verify(ctx, a.Password, password)
	if err != nil {
		return a, err
	}
	if !ok {
		var f errs.Fields
		f.Add("old", "account.old_wrong")
		return a, f.Err()
	}
	return a, s.db.Tx(ctx, func(ctx context.Context) error { return s.openGate(ctx, g) })
}

func secretPlace(account id.ID) string { return "account_totp|secret|" + account.String() }

// BeginTOTP makes a new secret for the signed-in person, which counts once a first code has proved that the telephone
// has it. It needs the password: an open browser alone must not be enough to shut its owner out.
func (s *Service) BeginTOTP(ctx context.Context, password string) error {
	a, err := s.own(ctx, password)
	if err != nil {
		return err
	}
	if s.secrets == nil {
		return errs.New(errs.Conflict, "account.second_no_key")
	}
	key, err := totp.Generate(totp.GenerateOpts{Issuer: "x", AccountName: "x", SecretSize: 20})
	if err != nil {
		return err
	}
	shut, err := s.secrets.Lock(ctx, secretPlace(a.ID), key.Secret())
	if err != nil {
		return err
	}
	return s.db.Tx(ctx, func(ctx context.Context) error {
		ok, err := s.putTOTP(ctx, a.ID, shut)
		if err == nil && !ok {
			err = errs.New(errs.Conflict, "account.second_already")
		}
		if err != nil {
			return err
		}
		return s.log.Log(ctx, audit.Entry{Act: "account.second_begin", Subject: "account", Ref: a.Ref(), Pos: a.Pos, Unit: a.Unit})
	})
}

// Enrolment is a secret on its way to a telephone.
type Enrolment struct {
	URL string // for a QR code
	Key string // the same in groups of four, for typing
}

// PendingTOTP is the secret that waits for its first code; errs.NotFound when none does. It is never shown again
// afterwards.
func (s *Service) PendingTOTP(ctx context.Context) (Enrolment, error) {
	a, r, secret, err := s.pending(ctx)
	if err != nil {
		return Enrolment{}, err
	}
	raw, err := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(secret)
	if err != nil {
		return Enrolment{}, err
	}
	key, err := totp.Generate(totp.GenerateOpts{Issuer: i18n.T(ctx, "account.issuer"), AccountName: a.Login, Secret: raw})
	if err != nil {
		return Enrolment{}, err
	}
	return Enrolment{key.URL(), fours(secret)}, s.still(r)
}

func (s *Service) still(r totpRow) error {
	if r.Account == 0 || r.ConfirmedAt != 0 {
		return errs.New(errs.NotFound, "account.second_none")
	}
	return nil
}

func (s *Service) pending(ctx context.Context) (a Account, r totpRow, secret string, err error) {
	if a, err = s.byIDAcrossUnits(ctx, scope.From(ctx).Account); err != nil {
		return a, r, "", err
	}
	if r, err = s.totpOf(ctx, a.ID); err != nil {
		return a, r, "", err
	}
	if err = s.still(r); err != nil {
		return a, r, "", err
	}
	if s.secrets == nil {
		return a, r, "", errs.New(errs.Conflict, "account.second_no_key")
	}
	secret, err = s.secrets.Unlock(secretPlace(a.ID), r.Secret)
	return a, r, secret, err
}

// errSecond is the one answer to every code that does not open.
func errSecond() error {
	var f errs.Fields
	f.Add("code", "account.second_wrong")
	return f.Err()
}

// ConfirmTOTP takes the first code: from now on the account has a second factor. It answers the recovery codes, once,
// unless a passkey has brought them already; other sessions end, and the page opens a new one here.
func (s *Service) ConfirmTOTP(ctx context.Context, typed, remoteAddr string) (a Account, codes []string, err error) {
	a, r, secret, err := s.pending(ctx)
	if err != nil {
		return a, nil, err
	}
	g := secondGate(a.ID)
	wait, err := s.tryGates(ctx, g)
	if err != nil {
		return a, nil, err
	}
	if wait > 0 {
		return a, nil, waitError(wait)
	}
	step, ok := stepOf(secret, typed, s.now(), r.Step)
	if !ok {
		return a, nil, errSecond()
	}
	err = s.db.Tx(ctx, func(ctx context.Context) error {
		ok, err := s.takeStep(ctx, a.ID, step)
		if err == nil && !ok {
			err = errSecond()
		}
		if err != nil {
			return err
		}
		if err := s.confirmTOTP(ctx, a.ID, s.now().UnixMilli()); err != nil {
			return err
		}
		if err := s.openGate(ctx, g); err != nil {
			return err
		}
		codes, err = s.firstRecovery(ctx, a.ID)
		if err != nil {
			return err
		}
		return s.factorChanged(ctx, a, "account.second_on", map[string]string{"kind": "totp", "address": cleanAddr(remoteAddr)})
	})
	if err != nil {
		return a, nil, err
	}
	a, err = s.byIDAcrossUnits(ctx, a.ID)
	return a, codes, err
}

// factorChanged ends all sessions and writes the act.
func (s *Service) factorChanged(ctx context.Context, a Account, act string, detail any) error {
	if err := s.setEpoch(ctx, a.ID); err != nil {
		return err
	}
	if err := s.endSessions(ctx, a.ID); err != nil {
		return err
	}
	return s.log.Log(ctx, audit.Entry{Act: act, Subject: "account", Ref: a.Ref(), Pos: a.Pos, Unit: a.Unit, Detail: detail})
}

// firstRecovery gives recovery codes to whoever has none.
func (s *Service) firstRecovery(ctx context.Context, account id.ID) ([]string, error) {
	if n, err := s.recoveryLeft(ctx, account); err != nil || n > 0 {
		return nil, err
	}
	return s.makeRecovery(ctx, account)
}

func (s *Service) makeRecovery(ctx context.Context, account id.ID) ([]string, error) {
	codes, hashes := make([]string, recoveryCodes), make([]string, recoveryCodes)
	for i := range codes {
		codes[i] = newCode()
		hashes[i] = recoveryHash(account, codes[i])
	}
	return codes, s.putRecovery(ctx, account, hashes)
}

// Prove checks a code of the telephone's app or a recovery code of an account whose password was right. Each code opens
// once, whichever process is asked; wrong ones are counted per account and per address.
func (s *Service) Prove(ctx context.Context, account id.ID, typed, remoteAddr string) (Account, error) {
	a, err := s.byIDAcrossUnits(ctx, account)
	if err != nil {
		return a, err
	}
	sg, cg := secondGate(a.ID), codeGate(remoteAddr)
	wait, err := s.tryGates(ctx, sg, cg)
	if err != nil {
		return a, err
	}
	if wait > 0 {
		return a, waitError(wait)
	}
	who := scope.From(ctx)
	if who.Account != a.ID {
		ctx = scope.With(ctx, scope.Actor{Account: a.ID, Name: a.Person, Unit: a.Unit, Pos: a.Pos})
	}
	entry := audit.Entry{Act: "account.second", Subject: "account", Ref: a.Ref(), Pos: a.Pos, Unit: a.Unit, Detail: map[string]string{"address": cleanAddr(remoteAddr)}}
	err = s.db.Tx(ctx, func(ctx context.Context) error {
		kind, err := s.useCode(ctx, a.ID, typed)
		if err != nil {
			return err
		}
		if kind == "" {
			return errSecond()
		}
		if err := s.openGate(ctx, sg); err != nil {
			return err
		}
		if err := s.creditGate(ctx, cg); err != nil {
			return err
		}
		done := entry
		done.Detail = map[string]string{"kind": kind, "address": cleanAddr(remoteAddr)}
		return s.log.Log(ctx, done)
	})
	if errs.Is(err, errs.Invalid) {
		if err := s.log.Refuse(ctx, entry); err != nil {
			return a, err
		}
	}
	return a, err
}

// useCode takes a code and says of which kind it was; "" when it opens nothing.
func (s *Service) useCode(ctx context.Context, account id.ID, typed string) (string, error) {
	if h := recoveryHash(account, typed); h != "" {
		ok, err := s.takeRecovery(ctx, account, h, s.now().UnixMilli())
		if err != nil || !ok {
			return "", err
		}
		return "recovery", nil
	}
	r, err := s.totpOf(ctx, account)
	if err != nil || r.ConfirmedAt == 0 || s.secrets == nil {
		return "", err
	}
	secret, err := s.secrets.Unlock(secretPlace(account), r.Secret)
	if err != nil {
		return "", err
	}
	step, ok := stepOf(secret, typed, s.now(), r.Step)
	if !ok {
		return "", nil
	}
	if ok, err = s.takeStep(ctx, account, step); err != nil || !ok {
		return "", err
	}
	return "totp", nil
}

// NewRecovery makes ten new recovery codes in the place of the old ones, for whoever has a code.
func (s *Service) NewRecovery(ctx context.Context, typed, remoteAddr string) (codes []string, err error) {
	a, err := s.Prove(ctx, scope.From(ctx).Account, typed, remoteAddr)
	if err != nil {
		return nil, err
	}
	err = s.db.Tx(ctx, func(ctx context.Context) error {
		if codes, err = s.makeRecovery(ctx, a.ID); err != nil {
			return err
		}
		return s.log.Log(ctx, audit.Entry{Act: "account.second_codes", Subject: "account", Ref: a.Ref(), Pos: a.Pos, Unit: a.Unit})
	})
	return codes, err
}

// DropTOTP takes the telephone's app off, with password and code; other sessions end.
func (s *Service) DropTOTP(ctx context.Context, password, typed, remoteAddr string) (Account, error) {
	return s.drop(ctx, password, typed, remoteAddr, "totp", func(ctx context.Context, a Account) error { return s.dropTOTP(ctx, a.ID) })
}

// DropPasskey takes a passkey off, with password and code; other sessions end.
func (s *Service) DropPasskey(ctx context.Context, passkey id.ID, password, typed, remoteAddr string) (Account, error) {
	list, err := s.passkeysOf(ctx, scope.From(ctx).Account)
	if err != nil {
		return Account{}, err
	}
	if !slices.ContainsFunc(list, func(p Passkey) bool { return p.ID == passkey }) { // before a code is used up for nothing
		var f errs.Fields
		f.Add("passkey", "account.passkey_choose")
		return Account{}, f.Err()
	}
	return s.drop(ctx, password, typed, remoteAddr, "passkey", func(ctx context.Context, a Account) error {
		ok, err := s.deletePasskey(ctx, a.ID, passkey)
		if err == nil && !ok {
			err = errs.New(errs.NotFound, "account.passkey_none")
		}
		return err
	})
}

func (s *Service) drop(ctx context.Context, password, typed, remoteAddr, kind string, do func(ctx context.Context, a Account) error) (Account, error) {
	a, err := s.own(ctx, password)
	if err != nil {
		return a, err
	}
	if a, err = s.Prove(ctx, a.ID, typed, remoteAddr); err != nil {
		return a, err
	}
	err = s.db.Tx(ctx, func(ctx context.Context) error {
		if err := do(ctx, a); err != nil {
			return err
		}
		f, err := s.factors(ctx, a.ID)
		if err != nil {
			return err
		}
		if !f.Any() { // codes for a door that is no longer there
			if err := s.dropFactors(ctx, a.ID); err != nil {
				return err
			}
		}
		return s.factorChanged(ctx, a, "account.second_off", map[string]string{"kind": kind})
	})
	if err != nil {
		return a, err
	}
	return s.byIDAcrossUnits(ctx, a.ID)
}

// ResetSecond takes the second factor off an account whose owner lost it: its administrator does, with a reason, never
// for oneself. The owner is told at the next sign-in; all sessions end.
func (s *Service) ResetSecond(ctx context.Context, account id.ID, reason string) error {
	actor := scope.From(ctx)
	if account == actor.Account {
		return errs.New(errs.Conflict, "account.not_oneself")
	}
	if err := checkReason(reason); err != nil {
		return err
	}
	return s.change(ctx, "account.second_reset", account, reason, func(ctx context.Context, a Account) error {
		f, err := s.factors(ctx, a.ID)
		if err != nil {
			return err
		}
		if !f.Any() {
			return errs.New(errs.Conflict, "account.second_has_none")
		}
		if err := s.dropFactors(ctx, a.ID); err != nil {
			return err
		}
		if err := s.putTold(ctx, a.ID, Told{By: actor.Name, Reason: reason, At: s.now().UnixMilli()}); err != nil {
			return err
		}
		if err := s.setEpoch(ctx, a.ID); err != nil {
			return err
		}
		return s.endSessions(ctx, a.ID)
	})
}

// othersActs are those by which somebody else comes to sign in as the owner of an account, or shuts them out; othersDays is for how long the owner
// is shown them, othersMost how many of each.
var othersActs = []string{"account.reset", "account.set_password", "account.second_reset", "account.disable"}

const (
	othersDays = 90
	othersMost = 20
)

// others is what others did to an account lately, the latest first, out of the log: whoever signed in as its owner meanwhile cannot take it away.
// On a day without the log it is nothing, and the rest of the page stands.
func (s *Service) others(ctx context.Context, a Account) (out []audit.Row, err error) {
	since := clock.Millis(ctx) - othersDays*24*time.Hour.Milliseconds()
	for _, act := range othersActs {
		rows, err := s.log.About(ctx, a.Ref(), act, 0, othersMost)
		if err != nil {
			if ctx.Err() != nil {
				return nil, err
			}
			slog.Error("account: the log cannot be read", "err", err)
			return nil, nil
		}
		for _, r := range rows {
			if r.Act == act && r.Actor != a.ID && r.Refused == 0 && r.At >= since {
				out = append(out, r)
			}
		}
	}
	slices.SortStableFunc(out, func(a, b audit.Row) int { return cmp.Compare(b.At, a.At) })
	return out, nil
}

// Read notes that the owner has read what waited.
func (s *Service) Read(ctx context.Context) error {
	return s.db.Tx(ctx, func(ctx context.Context) error { return s.dropTold(ctx, scope.From(ctx).Account) })
}
