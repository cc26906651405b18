package casework

import (
	"context"
	"fmt"
	"slices"

	"xinhuo/internal/flow"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/seal"
)

// Pair pairs a case with a volunteer who has a valid check, until a day. With an account they read it and write visits by a grant of as
// many days; without one the holder writes for them.
func (s *Service) Pair(ctx context.Context, ref id.Ref, ver int64, volunteer id.Ref, until clock.Day) error {
	return s.change(ctx, ref, ver, "pair", func(ctx context.Context, c *Case) (Entry, error) {
		if c.State == Closed {
			return Entry{}, errEnded
		}
		var f errs.Fields
		today := clock.Today(ctx)
		k := c.class()
		if _, err := clock.ParseDay(string(until)); err != nil || until < today || until > today.AddDays(k.Grant) {
			f.Add("pair_until", "casework.pair_until_odd", "N", k.Grant)
		}
		h, err := s.volunteers.Helper(ctx, volunteer, today)
		switch {
		case errs.Is(err, errs.NotFound):
			f.Add("volunteer", "casework.volunteer_missing")
		case err != nil:
			return Entry{}, err
		case !h.Fit:
			f.Add("volunteer", "casework.volunteer_unfit", "Name", h.Name)
		case h.Account != 0:
			if own, err := s.ownAccount(ctx, h); err != nil {
				return Entry{}, err
			} else if !own {
				f.Add("volunteer", "casework.volunteer_account", "Name", h.Name)
			}
		}
		list, err := s.pairsAcrossUnits(ctx, ref)
		if err != nil {
			return Entry{}, err
		}
		i := slices.IndexFunc(list, func(p Pair) bool { return p.State != Ended && p.Volunteer() == volunteer })
		if i >= 0 && list[i].State == Live {
			f.Add("volunteer", "casework.paired_already")
		}
		if err := f.Err(); err != nil {
			return Entry{}, err
		}
		if i >= 0 { // they were checked again
			if err := s.endPair(ctx, *c, list[i], Ended, "unfit"); err != nil {
				return Entry{}, err
			}
		}
		p := Pair{Root: c.Root, ID: id.New(), Case: c.ID, PersonRoot: volunteer.Root, Person: volunteer.ID, Name: h.Name, Account: h.Account, From: today, Until: until, State: Live}
		if h.Account != 0 {
			if p.Grant, err = s.seal.Grant(ctx, owner(k.Seal, *c), seal.Grant{Account: h.Account, Name: h.Name, Purpose: tr(ctx, "casework.pair_purpose"), Until: until}); err != nil {
				return Entry{}, err
			}
		}
		return Entry{Kind: Step, Arg: "paired:" + h.Name, Until: until}, s.insertPair(ctx, p)
	})
}

// ownAccount tells whether the account on a volunteer's file is theirs, by its name: whoever keeps the file could write another there, their own, and
// read by it a case that somebody pairs with the volunteer.
func (s *Service) ownAccount(ctx context.Context, h Helper) (bool, error) {
	a, err := s.people.Actor(ctx, h.Account)
	if errs.Is(err, errs.NotFound) {
		return false, nil
	}
	return bare(a.Name) == bare(h.Name), err
}

// Unpair ends a pairing with the reason; the volunteer's grant ends with it.
func (s *Service) Unpair(ctx context.Context, ref id.Ref, ver int64, pair id.ID, why string) error {
	return s.change(ctx, ref, ver, "unpair", func(ctx context.Context, c *Case) (Entry, error) {
		var f errs.Fields
		if !slices.Contains(Ends, why) {
			f.Add("why", "casework.why_missing")
		}
		list, err := s.pairsAcrossUnits(ctx, ref)
		if err != nil {
			return Entry{}, err
		}
		i := slices.IndexFunc(list, func(p Pair) bool { return p.ID == pair && p.State != Ended })
		if i < 0 {
			f.Add("pair", "casework.pair_missing")
		}
		if err := f.Err(); err != nil {
			return Entry{}, err
		}
		return Entry{Kind: Step, Arg: "unpaired:" + list[i].Name}, s.endPair(ctx, *c, list[i], Ended, why)
	})
}

// endPair ends or suspends a pairing with its grant, whoever does it.
func (s *Service) endPair(ctx context.Context, c Case, p Pair, state, why string) error {
	if p.Grant != 0 {
		if err := s.seal.Lapse(scope.With(ctx, scope.System(Kind)), owner(c.class().Seal, c), p.Grant); err != nil {
			return err
		}
	}
	p.State, p.EndedOn, p.Why, p.Grant = state, clock.Today(ctx), why, 0
	if err := s.flow.DoneTask(ctx, checkKey(p)); err != nil {
		return err
	}
	return s.updatePair(ctx, p)
}

func checkKey(p Pair) string { return fmt.Sprintf("casework.check:%d:%s", p.Root, p.ID) }

// suspend ends what a volunteer may read once their check has run out, and tells the unit.
func (s *Service) suspend(ctx context.Context, c Case, p Pair) error {
	return s.db.Tx(ctx, func(ctx context.Context) error {
		if err := s.endPair(ctx, c, p, Suspended, "unfit"); err != nil {
			return err
		}
		if err := s.write(ctx, c, Entry{Kind: Step, Arg: "suspended:" + p.Name}); err != nil {
			return err
		}
		if err := s.flow.AddTask(ctx, flow.NewTask{OwnOnly: true, Key: checkKey(p), Unit: c.Unit, Pos: c.Pos, TitleKey: "casework.task.check", Why: "casework.task.check_why",
			Args: map[string]any{"No": c.No, "Name": p.Name}, Due: clock.Today(ctx), Link: at("/casework", c.Unit)}); err != nil {
			return err
		}
		return s.audit.Log(ctx, s.log(c, "suspend"))
	})
}

// Mine are the cases that the reader's account is paired with as a volunteer, those overdue first.
func (s *Service) Mine(ctx context.Context) (out []Case, err error) {
	account := scope.From(ctx).Account
	if account == 0 {
		return nil, nil
	}
	list, err := s.pairsOfAcrossUnits(ctx, account)
	for _, p := range list {
		c, _, err := s.mine(ctx, id.Ref{Root: p.Root, ID: p.Case})
		if errs.Is(err, errs.NotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		out = append(out, c)
	}
	slices.SortStableFunc(out, func(a, b Case) int {
		switch {
		case a.DueOn < b.DueOn:
			return -1
		case a.DueOn > b.DueOn:
			return 1
		}
		return 0
	})
	return out, err
}

// IsPaired tells whether the reader's account is paired with any case.
func (s *Service) IsPaired(ctx context.Context) (bool, error) {
	account := scope.From(ctx).Account
	if account == 0 {
		return false, nil
	}
	list, err := s.pairsOfAcrossUnits(ctx, account)
	return len(list) > 0, err
}

// mine is a case that the reader is paired with today and may read; NotFound for every other. A pairing whose check has run out is suspended here.
func (s *Service) mine(ctx context.Context, ref id.Ref) (Case, Pair, error) {
	account, today := scope.From(ctx).Account, clock.Today(ctx)
	list, err := s.pairsAcrossUnits(ctx, ref)
	if err != nil {
		return Case{}, Pair{}, err
	}
	i := slices.IndexFunc(list, func(p Pair) bool { return p.Account == account && p.State == Live })
	if account == 0 || i < 0 || list[i].Until < today { // all others read as much where there is no case
		return Case{}, Pair{}, errNone
	}
	p := list[i]
	c, err := s.caseAcrossUnits(ctx, ref)
	if err != nil {
		return Case{}, Pair{}, errNone
	}
	fit, err := s.fit(ctx, p)
	if err != nil {
		return Case{}, Pair{}, err
	}
	if !fit {
		if err := s.suspend(scope.With(ctx, scope.System(Kind)), c, p); err != nil {
			return Case{}, Pair{}, err
		}
		return Case{}, Pair{}, errNone
	}
	if may, err := s.seal.May(ctx, owner(c.class().Seal, c)); err != nil || !may {
		return Case{}, Pair{}, errNone
	}
	return c, p, nil
}

// OpenMine reads a case for the volunteer who is paired with it: who it is about, the plan and the visits. Assessments, notes and why the
// case was opened stay with the unit.
func (s *Service) OpenMine(ctx context.Context, ref id.Ref) (out Opened, err error) {
	defer errs.Wrapf(&err, "casework.OpenMine %s", ref)
	c, p, err := s.mine(ctx, ref)
	if err != nil {
		return out, err
	}
	all, err := s.Open(ctx, ref)
	if err != nil {
		return out, err
	}
	all.Case = c
	return all.forVolunteer(p), nil
}

// pairOf is the pairing by which an account reads a case.
func (o Opened) pairOf(account id.ID) (Pair, bool) {
	i := slices.IndexFunc(o.Pairs, func(p Pair) bool { return p.Account == account && p.State != Ended })
	if account == 0 || i < 0 {
		return Pair{}, false
	}
	return o.Pairs[i], true
}

// forVolunteer is of a case what a volunteer reads who is paired with it.
func (o Opened) forVolunteer(p Pair) Opened {
	out := Opened{Case: o.Case, Person: map[string]string{}, Pairs: []Pair{p}}
	for _, field := range []string{"name", "guardian", "contact", "address", "school", "project"} {
		if text := o.Person[field]; text != "" {
			out.Person[field] = text
		}
	}
	for _, e := range o.Entries {
		if e.Kind == Planned || e.Kind == Visited {
			out.Entries = append(out.Entries, e)
		}
	}
	return out
}
