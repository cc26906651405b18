package seal

import (
	"context"
	"slices"
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
	if s.inbox == nil || len(a.WorkSet) == 0 {
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
// reached. The keeper is told at once with the reason, it stands in the log, and nobody does it often. Where the unit asks for a second person
// (SetSecond) it opens once one of the keepers has agreed (Confirm). Errors: Forbidden "seal.closed"; Invalid on "reason"; Conflict
// "seal.emergency_often".
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
		g := Grant{ID: id.New(), Account: a.Account, At: a.Unit, Name: a.Name, Purpose: reason, Until: clock.DayOf(ends), ByName: a.Name, Given: today, EndsAt: ends.UnixMilli()}
		u, err := s.home(ctx, o.Unit)
		if err != nil {
			return err
		}
		if second, err := s.store.secondAcrossUnits(ctx, u.Root(), u.ID); err != nil {
			return err
		} else if second {
			g.Waits = 1
		}
		if err := s.store.putGrant(ctx, o.Of, o.Unit, g); err != nil {
			return err
		}
		return s.tellOfLook(ctx, o.Of, u, g)
	})
}

// tellOfLook asks the keeper to look at an emergency look, or to agree to it first; asked again of another unit it is that one's.
func (s *Service) tellOfLook(ctx context.Context, of id.Ref, u org.Unit, g Grant) error {
	title := "seal.task.emergency"
	if g.Waits != 0 {
		title = "seal.task.confirm"
	}
	return s.inbox.AddTask(ctx, flow.NewTask{OwnOnly: true, Key: emergencyTask(g.ID), Unit: u.ID, Pos: u.Pos, TitleKey: title, Why: title + "_why",
		Args: map[string]any{"Name": g.Name}, Due: g.Given.AddDays(1), Link: here(of, "")})
}

// lookGoesAlong tells the new keeper of a matter of an emergency look that nobody has looked at; one that still waited has opened nothing, and ended.
func (s *Service) lookGoesAlong(ctx context.Context, of id.Ref, u org.Unit, g Grant) error {
	switch {
	case s.inbox == nil || !g.Emergency() || g.Seen != "":
		return nil
	case g.Waits != 0:
		return s.inbox.DoneTask(ctx, emergencyTask(g.ID))
	}
	return s.tellOfLook(ctx, of, u, g)
}

// Confirm agrees, as one of the keepers, to an emergency look that waits for a second person: it opens for four hours from now on. Nobody agrees
// to their own. Errors: Forbidden "seal.closed"; Conflict "seal.confirm_late" for one that waits no longer.
func (s *Service) Confirm(ctx context.Context, o Owner, grant id.ID) (err error) {
	defer errs.Wrapf(&err, "seal.Confirm %s", o.Of)
	return s.act(ctx, o, "confirm", "", s.byAnother(grant), func(ctx context.Context) error {
		now, today := clock.Now(ctx), clock.Today(ctx)
		ends := now.Add(emergencyFor)
		n, err := s.store.confirm(ctx, o.Of, grant, scope.From(ctx).Name, now.UnixMilli(), today, clock.DayOf(ends), ends.UnixMilli())
		if err == nil && n == 0 {
			err = errs.New(errs.Conflict, "seal.confirm_late")
		}
		if err != nil || s.inbox == nil {
			return err
		}
		return s.inbox.DoneTask(ctx, emergencyTask(grant))
	})
}

// byAnother lets in the keepers but for whoever let themselves in by a grant, who may have become one of them meanwhile.
func (s *Service) byAnother(grant id.ID) asked {
	return func(ctx context.Context, o Owner, u org.Unit, _ *audit.Entry) (bool, error) {
		list, err := s.store.grantsAcrossUnits(ctx, o.Of)
		own := slices.ContainsFunc(list, func(g Grant) bool { return g.ID == grant && g.Account == scope.From(ctx).Account })
		return err == nil && !own && o.keeps(ctx, u), err
	}
}

// Second tells whether a unit asks for a second person before an emergency look opens.
func (s *Service) Second(ctx context.Context, u org.Unit) (bool, error) {
	return s.store.secondAcrossUnits(ctx, u.Root(), u.ID)
}

// SetSecond says whether a unit asks for a second person; who administers the very unit does, and nobody from above, who could look then. Looks that
// wait are not let through by it.
func (s *Service) SetSecond(ctx context.Context, u org.Unit, on bool) (err error) {
	defer errs.Wrapf(&err, "seal.SetSecond")
	return s.db.Tx(ctx, func(ctx context.Context) error {
		e := audit.Entry{Act: "seal.act.second", Subject: "seal", Pos: u.Pos, Unit: u.ID, Detail: map[string]bool{"on": on}}
		if !s.setsSecond(ctx, u) {
			if err := s.audit.Refuse(ctx, e); err != nil {
				return err
			}
			return errs.New(errs.Forbidden, "seal.closed", "Unit", u.Name)
		}
		if err := s.store.putSecond(ctx, u.Root(), u.ID, on, scope.From(ctx).Name, clock.Today(ctx)); err != nil {
			return err
		}
		return s.audit.Log(ctx, e)
	})
}

func (s *Service) setsSecond(ctx context.Context, u org.Unit) bool {
	return keeper(ctx, u) && scope.From(ctx).May(scope.Admin, u.Pos)
}

// myLook is what the reader has of emergency looks at a matter that are not over: one that waits, or one that opens.
func (s *Service) myLook(ctx context.Context, of id.Ref) (waits, opens bool, err error) {
	a, now := scope.From(ctx), clock.Now(ctx)
	list, err := s.store.grantsAcrossUnits(ctx, of)
	for _, g := range list {
		if g.Account == a.Account && g.Emergency() {
			waits, opens = waits || g.Pending(now), opens || g.Live(now)
		}
	}
	return waits, opens, err
}

// Seen notes that one of the keepers has looked at an emergency look; nobody at their own.
func (s *Service) Seen(ctx context.Context, o Owner, grant id.ID) (err error) {
	defer errs.Wrapf(&err, "seal.Seen %s", o.Of)
	return s.act(ctx, o, "seen", "", s.byAnother(grant), func(ctx context.Context) error {
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
