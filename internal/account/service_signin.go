package account

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"time"

	"xinhuo/internal/audit"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
)

var errWrong = errs.New(errs.Invalid, "account.sign_in_wrong")

func waitError(d time.Duration) error {
	return errs.New(errs.Throttled, "account.wait", "Minutes", int64((d+time.Minute-1)/time.Minute))
}

// SignIn checks a name and a password. Known, unknown, disabled and not yet opened names get the same answer after the
// same work; failures are counted per name and per address (errs.Throttled says how long to wait).
func (s *Service) SignIn(ctx context.Context, name, password, remoteAddr string) (Account, error) {
	return s.signInFrom(ctx, name, password, remoteAddr, "")
}

// signInFrom does the same for a browser with the marks that earlier sign-ins left in it (knownDevice): on a device on which the
// account was signed in before, failures are counted there alone, so that nobody else's guesses keep its owner out.
func (s *Service) signInFrom(ctx context.Context, name, password, remoteAddr, marks string) (Account, error) {
	login := cleanLogin(name)
	a, err := s.byLoginAcrossUnits(ctx, login)
	if err != nil && !errs.Is(err, errs.NotFound) {
		return Account{}, err
	}
	device, err := s.knownDevice(ctx, a, marks)
	if err != nil {
		return Account{}, err
	}
	gates := []gate{nameGate(login), addressGate(remoteAddr)}
	if device != "" {
		gates = []gate{knownGate(device)}
	}
	wait, err := s.tryGates(ctx, gates...)
	if err != nil {
		return Account{}, err
	}
	if wait > 0 {
		return Account{}, waitError(wait)
	}
	stored := a.Password
	if a.Disabled() {
		stored = ""
	}
	ok, err := s.hash.verify(ctx, stored, password)
	if err != nil {
		return Account{}, err
	}
	entry := audit.Entry{Act: "account.sign_in", Subject: "account", Pos: a.Pos, Unit: a.Unit, Detail: map[string]string{"address": cleanAddr(remoteAddr)}}
	if a.ID != 0 {
		entry.Ref = a.Ref()
	}
	if !ok {
		if err := s.log.Refuse(ctx, entry); err != nil {
			return Account{}, err
		}
		return Account{}, errWrong
	}
	ctx = scope.With(ctx, scope.Actor{Account: a.ID, Name: a.Person, Unit: a.Unit, Pos: a.Pos})
	err = s.db.Tx(ctx, func(ctx context.Context) error {
		if err := s.openGate(ctx, gates[0]); err != nil {
			return err
		}
		for _, g := range gates[1:] {
			if err := s.creditGate(ctx, g); err != nil {
				return err
			}
		}
		if err := s.setSignedIn(ctx, a.ID, s.now().UnixMilli()); err != nil {
			return err
		}
		return s.log.Log(ctx, entry)
	})
	return a, err
}

// SignOut writes the end of a session; the page destroys it.
func (s *Service) SignOut(ctx context.Context) error {
	a := scope.From(ctx)
	if a.Account == 0 {
		return nil
	}
	return s.db.Tx(ctx, func(ctx context.Context) error {
		return s.log.Log(ctx, audit.Entry{Act: "account.sign_out", Subject: "account", Ref: Account{ID: a.Account, Pos: a.Pos}.Ref()})
	})
}

// ChangePassword sets the signed-in person's own password and ends all sessions; the page opens a new one here.
func (s *Service) ChangePassword(ctx context.Context, old, password string) (Account, error) {
	a, err := s.own(ctx, old)
	if err != nil {
		return a, err
	}
	var f errs.Fields
	if key := passwordProblem(password, a.Login); key != "" {
		f.Add("password", key)
	} else if password == old {
		f.Add("password", "account.password_same")
	}
	if err := f.Err(); err != nil {
		return a, err
	}
	hash, err := s.hash.hash(ctx, password)
	if err != nil {
		return a, err
	}
	err = s.db.Tx(ctx, func(ctx context.Context) error {
		return s.newPassword(ctx, a, hash, "account.change_password")
	})
	if err != nil {
		return a, err
	}
	return s.byIDAcrossUnits(ctx, a.ID)
}

func (s *Service) newPassword(ctx context.Context, a Account, hash, act string) error {
	if err := s.setPassword(ctx, a.ID, hash, 0); err != nil {
		return err
	}
	if err := s.endSessions(ctx, a.ID); err != nil {
		return err
	}
	return s.log.Log(ctx, audit.Entry{Act: act, Subject: "account", Ref: a.Ref(), Pos: a.Pos, Unit: a.Unit})
}

// EndSessions signs the person out everywhere; the page opens a new session here.
func (s *Service) EndSessions(ctx context.Context) (Account, error) {
	a, err := s.byIDAcrossUnits(ctx, scope.From(ctx).Account)
	if err != nil {
		return a, err
	}
	err = s.db.Tx(ctx, func(ctx context.Context) error { return s.endAll(ctx, a) })
	if err != nil {
		return a, err
	}
	return s.byIDAcrossUnits(ctx, a.ID)
}

// EndSessionsOf signs somebody else out everywhere, for the administrator of the account.
func (s *Service) EndSessionsOf(ctx context.Context, account id.ID) error {
	if account == scope.From(ctx).Account {
		return errs.New(errs.Conflict, "account.not_oneself")
	}
	return s.db.Tx(ctx, func(ctx context.Context) error {
		a, err := s.manage(ctx, "account.end_sessions", account)
		if err != nil {
			return err
		}
		return s.endAll(ctx, a)
	})
}

func (s *Service) endAll(ctx context.Context, a Account) error {
	if err := s.setEpoch(ctx, a.ID); err != nil {
		return err
	}
	if err := s.endSessions(ctx, a.ID); err != nil {
		return err
	}
	return s.log.Log(ctx, audit.Entry{Act: "account.end_sessions", Subject: "account", Ref: a.Ref(), Pos: a.Pos, Unit: a.Unit})
}

// EndSession ends one of the signed-in person's sessions, by the name under which the list shows it.
func (s *Service) EndSession(ctx context.Context, token string) error {
	a, err := s.byIDAcrossUnits(ctx, scope.From(ctx).Account)
	if err != nil {
		return err
	}
	return s.db.Tx(ctx, func(ctx context.Context) error {
		ok, err := s.endSession(ctx, a.ID, token)
		if err != nil || !ok { // it has ended meanwhile
			return err
		}
		return s.log.Log(ctx, audit.Entry{Act: "account.end_session", Subject: "account", Ref: a.Ref(), Pos: a.Pos, Unit: a.Unit})
	})
}

// A mark in a browser tells that an account was signed in there: the device's random name, signed together with the account
// and its epoch, so that ending all sessions forgets all devices. It opens nothing by itself.

// mostMarks is how many accounts a browser remembers: several people share a computer at an office.
const mostMarks = 6

func (s *Service) markKey(ctx context.Context) ([]byte, error) {
	key, err := s.setting(ctx, deviceKey)
	if err != nil {
		return nil, err
	}
	if key == "" {
		raw := make([]byte, 32)
		if _, err := rand.Read(raw); err != nil {
			return nil, err
		}
		if key, err = s.newSetting(ctx, deviceKey, hex.EncodeToString(raw)); err != nil {
			return nil, err
		}
	}
	return hex.DecodeString(key)
}

func sign(key []byte, device string, a Account) string {
	m := hmac.New(sha256.New, key)
	fmt.Fprintf(m, "%s|%s|%d", device, a.ID, a.Epoch)
	return hex.EncodeToString(m.Sum(nil)[:16])
}

// knownDevice is the device's name when one of a browser's marks is the account's; "" otherwise, and for nobody's name, after the same work.
func (s *Service) knownDevice(ctx context.Context, a Account, marks string) (string, error) {
	if marks == "" || len(marks) > 1000 {
		return "", nil
	}
	key, err := s.markKey(ctx)
	if err != nil {
		return "", err
	}
	for _, m := range strings.Split(marks, ".") {
		device, sig, ok := strings.Cut(m, "-")
		if ok && hmac.Equal([]byte(sign(key, device, a)), []byte(sig)) && a.ID != 0 {
			return device, nil
		}
	}
	return "", nil
}

// mark adds the account's mark to those of a browser, the newest first.
func (s *Service) mark(ctx context.Context, a Account, marks string) (string, error) {
	key, err := s.markKey(ctx)
	if err != nil {
		return "", err
	}
	known, err := s.knownDevice(ctx, a, marks)
	if err != nil || known != "" {
		return marks, err
	}
	device := id.New().String() + hash256(rand.Text())[:16]
	list := []string{device + "-" + sign(key, device, a)}
	if marks != "" && len(marks) <= 1000 {
		list = append(list, strings.Split(marks, ".")...)
	}
	return strings.Join(list[:min(len(list), mostMarks)], "."), nil
}
