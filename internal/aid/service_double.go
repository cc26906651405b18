package aid

import (
	"context"
	"fmt"
	"slices"

	"xinhuo/internal/audit"
	"xinhuo/internal/flow"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/org"
)

// Doubles are the other aids that an application was found to be like: those of its own unit with their number, of all others how many
// there are and nothing else.
type Doubles struct {
	Own       []Row
	Elsewhere int
	Past      int64 // lines of the unit's own lists of earlier years, and of all others
	PastElse  int64
}

// Any tells whether there is one.
func (d Doubles) Any() bool { return len(d.Own) > 0 || d.Elsewhere > 0 || d.Past+d.PastElse > 0 }

// past adds what lists of earlier years say.
func (d Doubles) past(a Aid, list []pastRow) Doubles {
	for _, r := range list {
		if r.Unit == a.Unit {
			d.Past += r.N
		} else {
			d.PastElse += r.N
		}
	}
	return d
}

func split(a Aid, list []Row) (d Doubles) {
	for _, r := range list {
		if r.Unit == a.Unit {
			d.Own = append(d.Own, r)
		} else {
			d.Elsewhere++
		}
	}
	return d
}

// compare looks whether another aid is for the same child, purpose and year, keeps what was found, tells the nearest unit above both and
// writes the warning into the log. An account has so many comparisons a day: whoever tries out names is stopped, and their tries stand on
// record as applications.
func (s *Service) compare(ctx context.Context, ref id.Ref, a Aid) error {
	if by := scope.From(ctx); !by.System {
		n, err := s.store.compared(ctx, by.Account, clock.Today(ctx))
		if err != nil {
			return err
		}
		if n > mostCompared {
			return errs.New(errs.Throttled, "aid.compared_enough", "N", mostCompared)
		}
	}
	return s.look(ctx, ref, a, func(Row) bool { return true })
}

// ahead tells whether another aid is further than one that is to be approved: an application that came later explains itself.
func ahead(r Row) bool { return r.State == Approved || r.State.handedOver() }

// look keeps which other aids, of those that count, are for the same, and says so.
func (s *Service) look(ctx context.Context, ref id.Ref, a Aid, counts func(r Row) bool) error {
	same, err := s.store.sameAcrossUnits(ctx, ref)
	same = slices.DeleteFunc(same, func(r Row) bool { return !counts(r) })
	if err != nil {
		return err
	}
	fresh, err := s.store.putDoubles(ctx, ref, same)
	if err != nil {
		return err
	}
	past, err := s.store.pastAcrossUnits(ctx, ref)
	if err != nil || len(fresh)+len(past) == 0 {
		return err
	}
	u, err := s.rec.Home(ctx, a.Unit)
	if err != nil {
		return err
	}
	for _, o := range fresh {
		if o.Unit == a.Unit {
			continue
		}
		if err := s.tellAbove(ctx, u, ref, a, o); err != nil {
			return err
		}
	}
	d := split(a, fresh).past(a, past)
	return s.audit.Log(ctx, audit.Entry{Act: "aid.act.warned", Subject: Kind, Ref: ref, Pos: u.Pos, Unit: u.ID, Detail: map[string]int{"own": len(d.Own), "elsewhere": d.Elsewhere, "past": int(d.Past + d.PastElse)}})
}

// tellAbove asks the nearest unit above both to look at two aids; it learns their numbers, and no child.
func (s *Service) tellAbove(ctx context.Context, u org.Unit, ref id.Ref, a Aid, other Row) error {
	today := clock.Today(ctx)
	mine, err := s.org.Ancestors(ctx, u.ID, today)
	if err != nil {
		return err
	}
	theirs, err := s.org.Ancestors(ctx, other.Unit, today)
	if err != nil {
		return err
	}
	to := mine[0]
	for _, x := range mine {
		if slices.ContainsFunc(theirs, func(y org.Unit) bool { return y.ID == x.ID }) {
			to = x
		}
	}
	them, err := s.rec.Home(ctx, other.Unit)
	if err != nil {
		return err
	}
	return s.flow.AddTask(ctx, flow.NewTask{Key: doubleTask(ref, other.Ref()), Unit: to.ID, Pos: to.Pos, Kind: flow.KindNote, TitleKey: "aid.task.double", Why: "aid.task.double_why",
		Args: map[string]any{"No": a.No, "Unit": u.Name, "Other": other.No, "Them": them.Name}, Due: today.AddDays(7), Link: path(ref)})
}

func doubleTask(ref, other id.Ref) string { return fmt.Sprintf("aid.double:%s:%s", ref, other) }

// DoublesOf tells who works at an aid's unit, or above it, what it was found to be like; others learn nothing.
func (s *Service) DoublesOf(ctx context.Context, ref id.Ref, a Aid) (Doubles, error) {
	u, err := s.rec.Home(ctx, a.Unit)
	if err != nil {
		return Doubles{}, err
	}
	if !scope.From(ctx).May(scope.Work, u.Pos) {
		return Doubles{}, nil
	}
	return s.doubles(ctx, ref, a)
}

// doubles are what an aid was found to be like, here and in the lists of earlier years.
func (s *Service) doubles(ctx context.Context, ref id.Ref, a Aid) (Doubles, error) {
	list, err := s.store.doublesAcrossUnits(ctx, ref)
	if err != nil {
		return Doubles{}, err
	}
	past, err := s.store.pastAcrossUnits(ctx, ref)
	return split(a, list).past(a, past), err
}

// mayGoOn refuses the next step of an aid that is like another one and says not why there are two.
func (s *Service) mayGoOn(ctx context.Context, ref id.Ref, a Aid) error {
	d, err := s.doubles(ctx, ref, a)
	if err == nil && d.Any() && a.Double == "" {
		err = errs.New(errs.Conflict, "aid.double_unsaid")
	}
	return err
}

// GoOn writes down why a second aid for the same child, purpose and year is right.
func (s *Service) GoOn(ctx context.Context, ref id.Ref, version int64, why string) error {
	var f errs.Fields
	required(&f, "why", why, "aid.why_missing")
	long(&f, "why", why, maxText)
	if err := f.Err(); err != nil {
		return err
	}
	return s.change(ctx, ref, version, "go_on", why, func(ctx context.Context, a *Aid) error {
		if a.State.stopped() {
			return errEnded
		}
		d, err := s.doubles(ctx, ref, *a)
		if err == nil && !d.Any() {
			err = errs.New(errs.Conflict, "aid.no_double")
		}
		a.Double = why
		return err
	})
}
