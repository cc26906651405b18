package account

import (
	"context"
	"encoding/base64"
	"time"

	"github.com/alexedwards/scs/v2"

	"xinhuo/internal/kit/db"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/id"
)

// sessionStore keeps sessions in SQL for scs. The token stands hashed: a copy of the database lets nobody in.
type sessionStore struct {
	db *db.DB
}

var _ scs.CtxStore = (*sessionStore)(nil)

// FindCtx answers a live session's data.
func (s *sessionStore) FindCtx(ctx context.Context, token string) ([]byte, bool, error) {
	data, err := db.Get[string](ctx, s.db, `-- account.sessionFind
		SELECT data FROM account_session WHERE token = $1 AND expires_at > $2`, hash256(token), time.Now().UnixMilli())
	if errs.Is(err, errs.NotFound) {
		return nil, false, nil
	}
	if err != nil {
		return nil, false, err
	}
	b, err := base64.StdEncoding.DecodeString(data)
	return b, err == nil, nil
}

// freshSession is how long after its beginning a session may still have to be written for the first time.
const freshSession = time.Minute

// CommitCtx writes a session. The account is read out of the data, so that all of its sessions can be ended.
func (s *sessionStore) CommitCtx(ctx context.Context, token string, b []byte, expiry time.Time) error {
	_, values, err := scs.GobCodec{}.Decode(b)
	if err != nil {
		return err
	}
	account, _ := values[sessionAccount].(int64)
	started, _ := values[sessionStarted].(int64)
	seen, _ := values[sessionSeen].(int64)
	device, _ := values[sessionDevice].(string)
	place, _ := values[sessionPlace].(string)
	data := base64.StdEncoding.EncodeToString(b)
	return s.db.Tx(ctx, func(ctx context.Context) error {
		// an answer on its way must not bring back a session that was ended meanwhile
		if account != 0 && time.Since(time.UnixMilli(started)) > freshSession {
			_, err := s.db.Exec(ctx, `-- account.sessionCommit
				UPDATE account_session SET data = $2, expires_at = $3, seen_at = $4, place = $5 WHERE token = $1`,
				hash256(token), data, expiry.UnixMilli(), seen, place)
			return err
		}
		_, err := s.db.Exec(ctx, `-- account.sessionCommit
			INSERT INTO account_session (token, account, data, started_at, expires_at, seen_at, device, place) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
			ON CONFLICT (token) DO UPDATE SET account = excluded.account, data = excluded.data, started_at = excluded.started_at, expires_at = excluded.expires_at,
				seen_at = excluded.seen_at, device = excluded.device, place = excluded.place`,
			hash256(token), account, data, started, expiry.UnixMilli(), seen, device, place)
		return err
	})
}

// DeleteCtx ends a session; an unknown one is none.
func (s *sessionStore) DeleteCtx(ctx context.Context, token string) error {
	return s.db.Tx(ctx, func(ctx context.Context) error {
		_, err := s.db.Exec(ctx, `-- account.sessionDelete
			DELETE FROM account_session WHERE token = $1`, hash256(token))
		return err
	})
}

// Find is FindCtx for callers without a context.
func (s *sessionStore) Find(token string) ([]byte, bool, error) {
	return s.FindCtx(context.Background(), token)
}

// Commit is CommitCtx for callers without a context.
func (s *sessionStore) Commit(token string, b []byte, expiry time.Time) error {
	return s.CommitCtx(context.Background(), token, b, expiry)
}

// Delete is DeleteCtx for callers without a context.
func (s *sessionStore) Delete(token string) error { return s.DeleteCtx(context.Background(), token) }

// sessionsOf are those in which somebody can go on: neither ended nor silent for too long.
func (s *Service) sessionsOf(ctx context.Context, account id.ID) ([]Session, error) {
	return db.Select[Session](ctx, s.db, `-- account.sessionsOf
		SELECT token, started_at, expires_at, seen_at, device, place FROM account_session
		WHERE account = $1 AND expires_at > $2 AND (seen_at = 0 OR seen_at > $3) ORDER BY started_at DESC, token`,
		account, time.Now().UnixMilli(), s.now().UnixMilli()-sessionIdle.Milliseconds())
}

// endSession ends one session of an account.
func (s *Service) endSession(ctx context.Context, account id.ID, token string) (bool, error) {
	n, err := s.db.Exec(ctx, `-- account.endSession
		DELETE FROM account_session WHERE account = $1 AND token = $2`, account, token)
	return n == 1, err
}

func (s *Service) endSessions(ctx context.Context, account id.ID) error {
	_, err := s.db.Exec(ctx, `-- account.endSessions
		DELETE FROM account_session WHERE account = $1`, account)
	return err
}

// clean removes what has run out.
func (s *Service) clean(ctx context.Context) error {
	now := s.now().UnixMilli()
	return s.db.Tx(ctx, func(ctx context.Context) error {
		if _, err := s.db.Exec(ctx, `-- account.clean
			DELETE FROM account_session WHERE expires_at <= $1`, now); err != nil {
			return err
		}
		if _, err := s.db.Exec(ctx, `-- account.clean
			DELETE FROM account_invite WHERE expires_at <= $1`, now-codeLife.Milliseconds()); err != nil {
			return err
		}
		_, err := s.db.Exec(ctx, `-- account.clean
			DELETE FROM account_throttle WHERE last_at <= $1 AND until_at <= $2`, now-forget.Milliseconds(), now)
		return err
	})
}

type throttleRow struct {
	Failures int64 `db:"failures"`
	LastAt   int64 `db:"last_at"`
	UntilAt  int64 `db:"until_at"`
}

// tryGates counts an attempt at each gate before its outcome is known, so that a hundred guesses at once do not all
// slip through, and answers how long to wait when one of them is shut.
func (s *Service) tryGates(ctx context.Context, gates ...gate) (wait time.Duration, err error) {
	now := s.now().UnixMilli()
	err = s.db.Tx(ctx, func(ctx context.Context) error {
		wait = 0
		rows := make([]throttleRow, len(gates))
		for i, g := range gates {
			if _, err := s.db.Exec(ctx, `-- account.tryGates
				INSERT INTO account_throttle (name, failures, last_at, until_at) VALUES ($1, 0, $2, 0) ON CONFLICT DO NOTHING`, g.name, now); err != nil {
				return err
			}
			r, err := db.Get[throttleRow](ctx, s.db, `-- account.tryGates
				SELECT failures, last_at, until_at FROM account_throttle WHERE name = $1`+s.db.ForUpdate(), g.name)
			if err != nil {
				return err
			}
			if r.LastAt+forget.Milliseconds() <= now {
				r.Failures = 0
			}
			if r.UntilAt > now {
				wait = max(wait, time.Duration(r.UntilAt-now)*time.Millisecond)
			}
			rows[i] = r
		}
		if wait > 0 {
			return nil
		}
		for i, g := range gates {
			n := rows[i].Failures + 1
			if _, err := s.db.Exec(ctx, `-- account.tryGates
				UPDATE account_throttle SET failures = $2, last_at = $3, until_at = $4 WHERE name = $1`,
				g.name, n, now, now+g.wait(n).Milliseconds()); err != nil {
				return err
			}
		}
		return nil
	})
	return wait, err
}

// openGate forgets the failures under a name after a success.
func (s *Service) openGate(ctx context.Context, g gate) error {
	_, err := s.db.Exec(ctx, `-- account.openGate
		DELETE FROM account_throttle WHERE name = $1`, g.name)
	return err
}

// creditGate takes back the one attempt that succeeded; the failures of others behind the address stay.
func (s *Service) creditGate(ctx context.Context, g gate) error {
	_, err := s.db.Exec(ctx, `-- account.creditGate
		UPDATE account_throttle SET failures = failures - 1, until_at = 0 WHERE name = $1 AND failures > 0`, g.name)
	return err
}
