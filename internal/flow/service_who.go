package flow

import (
	"context"
	"slices"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
)

// place is a unit and where it stands.
type place struct {
	unit id.ID
	pos  int64
}

// waiting is a place for which a substitute may act; other asks for somebody else than the one who opened the case.
type waiting struct {
	place
	other bool
}

// place resolves who has to act to a unit; zero for the sender and the clock, who are no unit.
func (s *Service) place(ctx context.Context, w Who, c Case) (place, error) {
	switch w.At {
	case AtOwn:
		return place{c.Unit, c.Pos}, nil
	case AtIssuer:
		if c.Issuer == c.Unit {
			return place{c.Unit, c.Pos}, nil
		}
		pos, err := s.units.Pos(ctx, c.Issuer)
		return place{c.Issuer, pos}, err
	case AtLevel:
		for _, level := range levelsFrom(w.Level) {
			unit, pos, err := s.units.AncestorAt(ctx, c.Unit, level, clock.Today(ctx))
			if err == nil {
				return place{unit, pos}, nil
			}
			if !errs.Is(err, errs.NotFound) {
				return place{}, err
			}
		}
		return place{c.Unit, c.Pos}, nil // nothing stands above: the record's own unit is the highest there is
	}
	return place{}, nil
}

// mayAny tells whether the actor is one of those who may act; stand is set when they do it as somebody's substitute.
func (s *Service) mayAny(ctx context.Context, a scope.Actor, who []Who, c Case) (stand *Substitute, ok bool, err error) {
	if a.System {
		return nil, true, nil // the operator and the clock
	}
	if a.Account == 0 {
		return nil, false, nil
	}
	var places []waiting
	for _, w := range who {
		switch {
		case w.At == AtClock, w.Other && a.Account == c.OpenedBy:
			continue
		case w.At == AtSender:
			if a.Account == c.SentBy {
				return nil, true, nil
			}
			continue
		}
		p, err := s.place(ctx, w, c)
		if err != nil {
			return nil, false, err
		}
		if a.May(scope.Work, p.pos) {
			return nil, true, nil
		}
		places = append(places, waiting{p, w.Other})
	}
	if len(places) == 0 {
		return nil, false, nil
	}
	subs, err := s.standingIn(ctx, a)
	if err != nil {
		return nil, false, err
	}
	for _, u := range subs {
		for _, p := range places {
			// Whoever asked for a second pair of eyes cannot send a substitute to be it.
			if u.Unit == p.unit && !(p.other && u.Person == c.OpenedBy) {
				return &u, true, nil
			}
		}
	}
	return nil, false, nil
}

// visible tells whether the actor may know of the case: it lies in their ranges, waits for them, or is theirs to decide.
func (s *Service) visible(ctx context.Context, a scope.Actor, c Case) (bool, error) {
	if a.System {
		return true, nil
	}
	if a.Account == 0 {
		return false, nil
	}
	if a.May(scope.View, c.Pos) || a.May(scope.Work, c.Pos) || c.WaitUnit != 0 && a.May(scope.Work, c.WaitPos) {
		return true, nil
	}
	if c.Issuer == a.Unit && a.May(scope.Work, a.Pos) {
		return true, nil
	}
	subs, err := s.standingIn(ctx, a)
	for _, u := range subs {
		if u.Unit == c.Unit || u.Unit == c.WaitUnit || u.Unit == c.Issuer {
			return true, err
		}
	}
	return false, err
}

// standingIn are the arrangements by which the actor does somebody's tasks today. One lapses when the person who is
// away no longer works at the unit.
func (s *Service) standingIn(ctx context.Context, a scope.Actor) ([]Substitute, error) {
	if s.people == nil || a.Account == 0 {
		return nil, nil
	}
	today := clock.Today(ctx)
	list, err := s.substitutesOf(ctx, a.Account, today)
	if err != nil {
		return nil, err
	}
	var out []Substitute
	for _, u := range list {
		if u.Sub != a.Account || !clock.Covers(u.From, u.To, today) {
			continue
		}
		holds, err := s.people.Holds(ctx, u.Person, u.Unit)
		if err != nil {
			return nil, err
		}
		if holds {
			out = append(out, u)
		}
	}
	return out, nil
}

// hands says whose tasks the actor may do.
func (s *Service) hands(ctx context.Context, a scope.Actor) (hands, error) {
	h := hands{actor: a}
	if a.Account == 0 || a.System {
		return h, nil
	}
	if a.May(scope.Work, a.Pos) {
		h.own = append(h.own, a.Unit)
	}
	if s.staffed != nil && len(a.WorkSet) > 0 {
		below, err := s.unitsBelow(ctx, a, maxBelow)
		if err != nil {
			return h, err
		}
		if len(below) > 0 {
			staffed, err := s.staffed(ctx, below)
			if err != nil {
				return h, err
			}
			for _, u := range below {
				if !staffed[u] {
					h.own = append(h.own, u)
				}
			}
		}
	}
	var err error
	h.sub, err = s.standingIn(ctx, a)
	return h, err
}

// DoesFor tells whether the tasks of a unit come to whoever acts: they work at the very unit, nobody does and they work above it (代办), or they
// stand in for one who does. What was written to a unit, and not to those above it, is read by these.
func (s *Service) DoesFor(ctx context.Context, unit id.ID, pos int64) (bool, error) {
	a := scope.From(ctx)
	if a.System {
		return true, nil
	}
	if a.May(scope.Work, pos) {
		if a.Unit == unit || slices.ContainsFunc(a.WorkSet, func(r scope.Range) bool { return r.From == pos }) { // a second post
			return true, nil
		}
		if s.staffed != nil {
			staffed, err := s.staffed(ctx, []id.ID{unit})
			if err != nil || !staffed[unit] {
				return err == nil, err
			}
		}
	}
	subs, err := s.standingIn(ctx, a)
	return slices.ContainsFunc(subs, func(u Substitute) bool { return u.Unit == unit }), err
}

// maxBelow bounds the units without an account whose tasks one inbox takes in.
const maxBelow = 500
