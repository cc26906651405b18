package seal

import (
	"context"
	"slices"

	"xinhuo/internal/audit"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/scope"
)

// batch is how many records are wrapped or encrypted anew in one transaction; in between others work on.
const batch = 500

// Rotate makes a new key and wraps all data keys with it, while others work; values stay as they are. It answers how many it wrapped.
// The former key stays in the file, for backups, until Forget. Killed in between it is begun again: what hangs on a former key opens.
func (s *Service) Rotate(ctx context.Context) (n int, err error) {
	defer errs.Wrapf(&err, "seal.Rotate")
	err = s.change(ctx, func(next *keyring) error {
		next.kek = append([]kek{newKEK(clock.Today(ctx))}, next.kek...)
		return nil
	})
	if err != nil {
		return 0, err
	}
	if n, err = s.wrapAll(ctx); err != nil {
		return n, err
	}
	return n, s.logKeys(ctx, "rotate")
}

// change writes the key file anew, changed, while nobody else writes it, in whichever process: neither a key that another made meanwhile is lost
// nor the name of what was erased.
func (s *Service) change(ctx context.Context, do func(next *keyring) error) error {
	return s.db.Tx(ctx, func(ctx context.Context) error {
		if err := s.store.holdKeys(ctx); err != nil {
			return err
		}
		ring, err := s.keys.ring(true)
		if err != nil {
			return err
		}
		next := *ring
		if err := do(&next); err != nil {
			return err
		}
		return s.keys.write(&next)
	})
}

func (s *Service) logKeys(ctx context.Context, act string) error {
	return s.db.Tx(ctx, func(ctx context.Context) error {
		return s.audit.Log(ctx, audit.Entry{Act: "seal.act." + act, Subject: "seal"})
	})
}

// wrapAll wraps what hangs on a former key with the newest.
func (s *Service) wrapAll(ctx context.Context) (int, error) {
	ring, err := s.keys.ring(false)
	if err != nil {
		return 0, err
	}
	first := ring.newest()
	return s.walk(ctx, first.name, func(ctx context.Context, r recordRow, key []byte) error {
		wrapped, err := ring.suite.encrypt(first.key, key, bound("seal_record", "wrapped", r.ref(), r.Kind))
		if err != nil {
			return err
		}
		return s.store.rewrap(ctx, r.ref(), first.name, wrapped)
	})
}

// walk does something with each live record that does not hang on a key, and its data key, and answers with how many. A record that a
// restored backup brought back is erased again.
func (s *Service) walk(ctx context.Context, not string, do func(ctx context.Context, r recordRow, key []byte) error) (n int, err error) {
	for after, more := int64(0), true; more; {
		done := 0
		err := s.db.Tx(ctx, func(ctx context.Context) error {
			done = 0
			rows, err := s.store.allAcrossUnits(ctx, not, after, batch)
			if err != nil {
				return err
			}
			for _, r := range rows {
				key, err := s.dataKey(r)
				if err != nil {
					return err
				}
				if key == nil {
					if err := s.store.erase(ctx, r.ref(), clock.Today(ctx), scope.From(ctx).Name, Other); err != nil {
						return err
					}
					continue
				}
				if err := do(ctx, r, key); err != nil {
					return err
				}
				done++
			}
			if more = len(rows) == batch; more {
				after = int64(rows[len(rows)-1].ID)
			}
			return nil
		})
		if n += done; err != nil {
			return n, err
		}
	}
	return n, nil
}

// Forget destroys all former keys: what older backups hold of sealed fields can then no longer be read by anybody. Data
// keys that still hang on a former key are wrapped anew first. It answers how many it destroyed.
func (s *Service) Forget(ctx context.Context) (n int, err error) {
	defer errs.Wrapf(&err, "seal.Forget")
	return s.forget(ctx, func(clock.Day) bool { return true })
}

// forget destroys the former keys that were replaced on a day of which it is asked.
func (s *Service) forget(ctx context.Context, old func(replaced clock.Day) bool) (n int, err error) {
	if _, err := s.wrapAll(ctx); err != nil {
		return 0, err
	}
	err = s.change(ctx, func(next *keyring) error {
		keep := next.kek[:1:1]
		for i, x := range next.kek[1:] {
			if !old(next.kek[i].made) {
				keep = append(keep, x)
			}
		}
		n, next.kek = len(next.kek)-len(keep), keep
		return nil
	})
	if err != nil || n == 0 {
		return 0, err
	}
	return n, s.logKeys(ctx, "forget")
}

// SetRhythm says how often keys are turned by themselves (Turn).
func (s *Service) SetRhythm(ctx context.Context, r Rhythm) (err error) {
	defer errs.Wrapf(&err, "seal.SetRhythm")
	if r.Rotate < 0 || r.Forget < 0 || r.Forget > 0 && r.Rotate == 0 {
		return errs.New(errs.Invalid, "seal.rhythm_odd")
	}
	if _, err := s.ringForNew(ctx); err != nil {
		return err
	}
	if err := s.change(ctx, func(next *keyring) error { next.rhythm = r; return nil }); err != nil {
		return err
	}
	return s.logKeys(ctx, "rhythm")
}

// Turn rotates and forgets when the rhythm says so; it may run at any time and twice, and answers what it did.
func (s *Service) Turn(ctx context.Context) (rotated bool, forgotten int, err error) {
	defer errs.Wrapf(&err, "seal.Turn")
	ctx = scope.With(ctx, scope.System("seal.clock"))
	ring, err := s.keys.ring(true)
	if key, ok := asKey(err); ok && key == "seal.key_missing" { // nothing was sealed yet, or the pages say it
		return false, 0, nil
	}
	if err != nil {
		return false, 0, err
	}
	today := clock.Today(ctx)
	if ring.rhythm.Rotate > 0 && ring.newest().made.AddDays(ring.rhythm.Rotate) <= today {
		if _, err := s.Rotate(ctx); err != nil {
			return false, 0, err
		}
		rotated = true
	}
	if ring.rhythm.Forget > 0 {
		forgotten, err = s.forget(ctx, func(replaced clock.Day) bool { return replaced.AddDays(ring.rhythm.Forget) <= today })
	}
	return rotated, forgotten, err
}

// SetSuite says with which suite is encrypted from now on, and encrypts anew what is of another, data keys and values, while others
// work. It answers how many records it encrypted. What modules lock (Lock) changes when they write it next.
func (s *Service) SetSuite(ctx context.Context, suite Suite) (n int, err error) {
	defer errs.Wrapf(&err, "seal.SetSuite")
	if !slices.Contains(Suites, suite) {
		return 0, errs.New(errs.Invalid, "seal.suite_unknown")
	}
	if _, err := s.ringForNew(ctx); err != nil {
		return 0, err
	}
	if err := s.change(ctx, func(next *keyring) error { next.suite = suite; return nil }); err != nil {
		return 0, err
	}
	ring, err := s.keys.ring(false)
	if err != nil {
		return 0, err
	}
	n, err = s.walk(ctx, "", func(ctx context.Context, r recordRow, key []byte) error {
		first := ring.newest()
		wrapped, err := suite.encrypt(first.key, key, bound("seal_record", "wrapped", r.ref(), r.Kind))
		if err != nil {
			return err
		}
		if err := s.store.rewrap(ctx, r.ref(), first.name, wrapped); err != nil {
			return err
		}
		values, err := s.store.valuesOfAcrossUnits(ctx, r.ref())
		if err != nil {
			return err
		}
		for _, v := range values {
			if suiteOf(v.Value) == suite {
				continue
			}
			place := bound("seal_value", "value", r.ref(), v.Field)
			text, err := decrypt(key, v.Value, place)
			if err != nil {
				return err
			}
			if v.Value, err = suite.encrypt(key, text, place); err != nil {
				return err
			}
			if err := s.store.putValue(ctx, r.Root, v); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return n, err
	}
	return n, s.logKeys(ctx, "suite")
}

// LockKeys encrypts the keys in the key file under the master key; a copy of the file alone then opens nothing. UnlockKeys
// makes them readable again, such as before the master key is changed. Errors: Conflict "seal.master_missing", "seal.master_wrong".
func (s *Service) LockKeys(ctx context.Context) error { return s.locks(ctx, true, "lock") }

// UnlockKeys: see LockKeys.
func (s *Service) UnlockKeys(ctx context.Context) error { return s.locks(ctx, false, "unlock") }

func (s *Service) locks(ctx context.Context, locked bool, act string) (err error) {
	defer errs.Wrapf(&err, "seal.%s", act)
	if _, err := s.ringForNew(ctx); err != nil {
		return err
	}
	if err := s.change(ctx, func(next *keyring) error { next.locked = locked; return nil }); err != nil {
		return err
	}
	return s.logKeys(ctx, act)
}

// KeyState is what may be told of the keys: nothing that opens anything.
type KeyState struct {
	Suite  Suite
	Locked bool
	Keys   int       // with the former ones
	Newest clock.Day // "" when it was made before days were noted
	Rhythm Rhythm
}

// KeyState tells how the keys stand, for the pages of who looks after them.
func (s *Service) KeyState() (KeyState, error) {
	ring, err := s.keys.ring(false)
	if err != nil {
		return KeyState{}, err
	}
	return KeyState{ring.suite, ring.locked, len(ring.kek), ring.newest().made, ring.rhythm}, nil
}
