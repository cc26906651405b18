package audit

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
)

// watchEvery is how long after a check of the whole log the next one is due: it reads every row.
const watchEvery = 24 * time.Hour

// leastWhy is how long the reason for going on with a changed log has to be, in characters.
const leastWhy = 20

// Watch verifies the whole log and keeps what it found: until somebody has accepted a fault nothing sealed is read (Sound). A fault that
// was accepted is told once and not again; the rows behind it are checked as ever.
func (s *Service) Watch(ctx context.Context) (rep Report, err error) {
	defer errs.Wrapf(&err, "audit.Watch")
	faults, err := s.faults(ctx)
	if err != nil {
		return rep, err
	}
	known, same := map[int64]bool{}, func(rep Report) bool { return false }
	for _, f := range faults {
		if f.Accepted == 0 {
			continue
		}
		if f.Leaf >= 0 {
			known[f.Leaf] = true
		}
		before := same
		same = func(rep Report) bool { return before(rep) || rep.Leaf == f.Leaf && rep.Fault == f.Text }
	}
	if rep, err = s.verify(ctx, nil, known); err != nil {
		return rep, err
	}
	if same(rep) { // one that goes through no further
		rep.Fault, rep.Leaf = "", -1
	}
	return rep, s.db.Tx(ctx, func(ctx context.Context) error {
		if !rep.OK() {
			if err := s.note(ctx, rep.Leaf, rep.Fault); err != nil {
				return err
			}
		}
		return s.setWatched(ctx, Watched{At: clock.Millis(ctx), Checked: rep.Checked})
	})
}

// Daily is Watch once a day; the error says that the log was changed, so that it stands where the program tells of its faults.
func (s *Service) Daily(ctx context.Context) error {
	w, err := s.Watched(ctx)
	if err != nil || clock.Millis(ctx)-w.At < watchEvery.Milliseconds() {
		return err
	}
	rep, err := s.Watch(ctx)
	if err == nil && !rep.OK() {
		err = errors.New("the log was changed: " + rep.Fault)
	}
	return err
}

// Watched tells when the whole log was last verified.
func (s *Service) Watched(ctx context.Context) (Watched, error) { return s.watched(ctx) }

// Sound refuses while a fault of the log waits for somebody to look into it. Errors: Conflict "audit.damaged".
func (s *Service) Sound(ctx context.Context) error {
	n, err := s.openFaults(ctx)
	if err == nil && n > 0 {
		err = errs.New(errs.Conflict, "audit.damaged")
	}
	return err
}

// Faults are the differences that checks have found, the latest first; the caller has asked for the right to know them.
func (s *Service) Faults(ctx context.Context) ([]Fault, error) { return s.faults(ctx) }

// Accept says that what was found has been looked into, and why one goes on; it is for whoever runs the program. It answers how many faults were
// open. What was found stays, with the reason, and the acceptance is a row of the log.
func (s *Service) Accept(ctx context.Context, who, why string) (n int64, err error) {
	defer errs.Wrapf(&err, "audit.Accept")
	if why = strings.TrimSpace(why); len([]rune(why)) < leastWhy {
		return 0, errs.New(errs.Invalid, "audit.why_short", "N", leastWhy)
	}
	return n, s.db.Tx(ctx, func(ctx context.Context) error {
		if n, err = s.accept(ctx, clock.Millis(ctx), who, why); err != nil || n == 0 {
			return err
		}
		return s.Log(ctx, Entry{Act: "audit.act.accept", Subject: "audit", Note: why})
	})
}

// note keeps a fault, once while it is open.
func (s *Service) note(ctx context.Context, leaf int64, text string) error {
	if err := s.insertFault(ctx, leaf, text, clock.Millis(ctx)); err != nil {
		return fmt.Errorf("audit: a fault of the log could not be kept (%s): %w", text, err)
	}
	return nil
}
