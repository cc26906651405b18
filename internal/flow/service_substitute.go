package flow

import (
	"context"
	"errors"

	"xinhuo/internal/audit"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
)

// MaxSubstituteDays bounds an arrangement: who is away longer needs a successor, not a substitute.
const MaxSubstituteDays = 183

// Candidates are those whom the reader may name as their substitute.
func (s *Service) Candidates(ctx context.Context) ([]Person, error) {
	a := scope.From(ctx)
	if s.people == nil || a.Account == 0 {
		return nil, nil
	}
	list, err := s.people.StandIns(ctx, a.Unit)
	if err != nil {
		return nil, err
	}
	var out []Person
	for _, p := range list {
		if p.Account != a.Account {
			out = append(out, p)
		}
	}
	return out, nil
}

// StandsIn answers who does an account's tasks today; nobody is a zero Person. It lapses as for the tasks themselves when the person who is away no
// longer works at the unit.
func (s *Service) StandsIn(ctx context.Context, account id.ID) (Person, error) {
	today := clock.Today(ctx)
	list, err := s.substitutesOf(ctx, account, today)
	for _, u := range list {
		if s.people == nil || u.Person != account || u.From > today {
			continue
		}
		if holds, err := s.people.Holds(ctx, u.Person, u.Unit); err != nil {
			return Person{}, err
		} else if holds {
			return Person{Account: u.Sub, Name: u.SubName}, nil
		}
	}
	return Person{}, err
}

// SetSubstitute lets another person do the reader's tasks from a day up to and including another. The fields of an
// Invalid error are sub, from, to.
func (s *Service) SetSubstitute(ctx context.Context, sub id.ID, from, to clock.Day) error {
	a := scope.From(ctx)
	if a.Account == 0 || !a.May(scope.Work, a.Pos) {
		return errs.New(errs.Forbidden, "flow.substitute_no_work")
	}
	list, err := s.Candidates(ctx)
	if err != nil {
		return err
	}
	var f errs.Fields
	var who Person
	for _, p := range list {
		if p.Account == sub {
			who = p
		}
	}
	if who.Account == 0 {
		f.Add("sub", "flow.substitute_who")
	}
	fromOK, toOK := readable(from), readable(to)
	if !fromOK {
		f.Add("from", "flow.substitute_from")
	}
	switch {
	case !toOK:
		f.Add("to", "flow.substitute_to")
	case to < clock.Today(ctx):
		f.Add("to", "flow.substitute_past")
	case fromOK && to < from:
		f.Add("to", "flow.substitute_order")
	case fromOK && from.AddDays(MaxSubstituteDays) < to:
		f.Add("to", "flow.substitute_long", "Days", MaxSubstituteDays)
	}
	if err := f.Err(); err != nil {
		return err
	}
	return s.db.Tx(ctx, func(ctx context.Context) error {
		u := Substitute{Root: rootOf(a.Pos), ID: id.New(), Person: a.Account, Name: a.Name, Unit: a.Unit, Pos: a.Pos, Sub: sub,
			SubName: who.Name, From: from, To: to.AddDays(1), MadeAt: clock.Millis(ctx), MadeBy: a.Account}
		if err := s.insertSubstitute(ctx, u); err != nil {
			return err
		}
		return s.audit.Log(ctx, audit.Entry{Act: "flow.substituted", Subject: "flow", Ref: id.Ref{Root: u.Root, ID: u.ID},
			Pos: a.Pos, Unit: a.Unit, Detail: map[string]string{"sub": who.Account.String(), "from": string(from), "to": string(to)}})
	})
}

func readable(d clock.Day) bool {
	_, err := clock.ParseDay(string(d))
	return err == nil
}

// EndSubstitute ends an arrangement that the reader made.
func (s *Service) EndSubstitute(ctx context.Context, ref id.Ref) error {
	a := scope.From(ctx)
	return s.db.Tx(ctx, func(ctx context.Context) error {
		ended, err := s.endSubstitute(ctx, ref, a.Account, clock.Millis(ctx))
		if err != nil || !ended {
			return errors.Join(err, notThere(ended))
		}
		return s.audit.Log(ctx, audit.Entry{Act: "flow.substitute_ended", Subject: "flow", Ref: ref, Pos: a.Pos, Unit: a.Unit})
	})
}

// Substitutes are the arrangements, running or to come, in which the reader is away or stands in.
func (s *Service) Substitutes(ctx context.Context) ([]Substitute, error) {
	a := scope.From(ctx)
	if a.Account == 0 {
		return nil, nil
	}
	return s.substitutesOf(ctx, a.Account, clock.Today(ctx))
}
