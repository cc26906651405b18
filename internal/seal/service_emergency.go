package seal

import (
	"context"
	"strings"
	"time"

	"xinhuo/internal/audit"
	"xinhuo/internal/flow"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/org"
)

// Bounds of an emergency look.
const (
	emergencyFor    = 4 * time.Hour
	emergencyReason = 20 // characters at least
	mostEmergencies = 3  // of one account on one day
)

// SetInbox connects the inbox, in which the keeper hears that somebody let themselves in and that a wish waits; without it nobody
// can let themselves in.
func (s *Service) SetInbox(f *flow.Service) { s.inbox = f }

func emergencyTask(grant id.ID) string { return "seal.emergency:" + grant.String() }

// mayBreak lets in who works at the keeper without being one of those who alone may, and who works at a unit above it: nobody beside,
// nobody from elsewhere, and nobody who may look anyhow.
func (s *Service) mayBreak(ctx context.Context, o Owner, u org.Unit, _ *audit.Entry) (bool, error) {
	a := scope.From(ctx)
	if s.inbox == nil || a.Account == 0 || len(a.WorkSet) == 0 {
		return false, nil
	}
	if may, err := s.mayOpen(ctx, o, u, &audit.Entry{}); err != nil || may {
		return false, err
	}
	if keeper(ctx, u) {
		return true, nil
	}
	own, err := s.org.Unit(ctx, a.Unit)
	return err == nil && own.ID != u.ID && a.May(scope.Work, own.Pos) && own.Range().From <= u.Pos && u.Pos < own.Range().To, err
}

// MayBreak tells whether the reader could let themselves in, should it have to be.
func (s *Service) MayBreak(ctx context.Context, o Owner) (bool, error) {
	u, err := s.home(ctx, o.Unit)
	if err != nil {
		return false, err
	}
	return s.mayBreak(ctx, o, u, &audit.Entry{})
}

// Break lets the reader themselves open an owner's records for four hours, because somebody is in danger and who may look cannot be
// reached. The keeper is told at once with the reason, it stands in the log, and nobody does it often. Errors: Forbidden "seal.closed";
// Invalid on "reason"; Conflict "seal.emergency_often".
func (s *Service) Break(ctx context.Context, o Owner, reason string) (err error) {
	defer errs.Wrapf(&err, "seal.Break %s", o.Of)
	reason = strings.TrimSpace(reason)
	var f errs.Fields
	if len([]rune(reason)) < emergencyReason {
		f.Add("reason", "seal.emergency_reason", "N", emergencyReason)
	}
	if len([]rune(reason)) > maxText {
		f.Add("reason", "seal.too_long", "N", maxText)
	}
	if err := f.Err(); err != nil {
		return err
	}
	a, today := scope.From(ctx), clock.Today(ctx)
	return s.act(ctx, o, "emergency", reason, s.mayBreak, func(ctx context.Context) error {
		n, err := s.store.emergenciesByAcrossUnits(ctx, a.Account, today)
		if err != nil {
			return err
		}
		if n >= mostEmergencies {
			return errs.New(errs.Conflict, "seal.emergency_often", "N", mostEmergencies)
		}
		ends := clock.Now(ctx).Add(emergencyFor)
		g := Grant{ID: id.New(), Account: a.Account, Name: a.Name, Purpose: reason, Until: clock.DayOf(ends), ByName: a.Name, Given: today, EndsAt: ends.UnixMilli()}
		if err := s.store.putGrant(ctx, o.Of, o.Unit, g); err != nil {
			return err
		}
		u, err := s.home(ctx, o.Unit)
		if err != nil {
			return err
		}
		return s.inbox.AddTask(ctx, flow.NewTask{Key: emergencyTask(g.ID), Unit: u.ID, Pos: u.Pos, TitleKey: "seal.task.emergency", Why: "seal.task.emergency_why",
			Args: map[string]any{"Name": a.Name}, Due: today.AddDays(1), Link: here(o.Of, "")})
	})
}

// Seen notes that the keeper has looked at an emergency look.
func (s *Service) Seen(ctx context.Context, o Owner, grant id.ID) (err error) {
	defer errs.Wrapf(&err, "seal.Seen %s", o.Of)
	return s.act(ctx, o, "seen", "", byKeeper, func(ctx context.Context) error {
		n, err := s.store.seen(ctx, o.Of, grant, clock.Today(ctx))
		if err == nil && n == 0 {
			err = errs.New(errs.NotFound, "errs.not_found")
		}
		if err != nil || s.inbox == nil {
			return err
		}
		return s.inbox.DoneTask(ctx, emergencyTask(grant))
	})
}
