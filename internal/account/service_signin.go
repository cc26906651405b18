package account

import (
	"context"
	"time"

	"xinhuo/internal/audit"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/scope"
)

var errWrong = errs.New(errs.Invalid, "account.sign_in_wrong")

func waitError(d time.Duration) error {
	return errs.New(errs.Throttled, "account.wait", "Minutes", int64((d+time.Minute-1)/time.Minute))
}

// SignIn checks a name and a password. Known, unknown, disabled and not yet opened names get the same answer after the
// same work; failures are counted per name and per address (errs.Throttled says how long to wait).
func (s *Service) SignIn(ctx context.Context, name, password, remoteAddr string) (Account, error) {
	login := cleanLogin(name)
	ng, ag := nameGate(login), addressGate(remoteAddr)
	wait, err := s.tryGates(ctx, ng, ag)
	if err != nil {
		return Account{}, err
	}
	if wait > 0 {
		return Account{}, waitError(wait)
	}
	a, err := s.byLoginAcrossUnits(ctx, login)
	if err != nil && !errs.Is(err, errs.NotFound) {
		return Account{}, err
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
		if err := s.openGate(ctx, ng); err != nil {
			return err
		}
		if err := s.creditGate(ctx, ag); err != nil {
			return err
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
	a, err := s.byIDAcrossUnits(ctx, scope.From(ctx).Account)
	if err != nil {
		return a, err
	}
	wait, err := s.tryGates(ctx, nameGate(a.Login))
	if err != nil {
		return a, err
	}
	if wait > 0 {
		return a, waitError(wait)
	}
	ok, err := s.hash.verify(ctx, a.Password, old)
	if err != nil {
		return a, err
	}
	var f errs.Fields
	if !ok {
		f.Add("old", "account.old_wrong")
		return a, f.Err()
	}
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
		if err := s.openGate(ctx, nameGate(a.Login)); err != nil {
			return err
		}
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
	err = s.db.Tx(ctx, func(ctx context.Context) error {
		if err := s.setEpoch(ctx, a.ID); err != nil {
			return err
		}
		if err := s.endSessions(ctx, a.ID); err != nil {
			return err
		}
		return s.log.Log(ctx, audit.Entry{Act: "account.end_sessions", Subject: "account", Ref: a.Ref(), Pos: a.Pos, Unit: a.Unit})
	})
	if err != nil {
		return a, err
	}
	return s.byIDAcrossUnits(ctx, a.ID)
}
