package casework

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"xinhuo/internal/audit"
	"xinhuo/internal/flow"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/org"
)

// PassState is where an offer to another unit stands.
type PassState string

const (
	Offered   PassState = "offered"
	Accepted  PassState = "accepted"
	Declined  PassState = "declined"
	Withdrawn PassState = "withdrawn" // taken back by who offered
	Lapsed    PassState = "lapsed"    // nobody answered in time
)

// Pass is the offer of a case to another unit of the city: the child has moved there. Days in Asia/Shanghai, "" for none.
type Pass struct {
	Root        int64     `db:"root" json:"-"`
	ID          id.ID     `db:"id" json:"-"`
	Case        id.ID     `db:"case_id" json:"-"`
	No          string    `db:"no" json:"no"`
	Class       string    `db:"class" json:"class"`
	From        id.ID     `db:"from_unit" json:"from"`
	To          id.ID     `db:"to_unit" json:"to"`
	ToPos       int64     `db:"to_pos" json:"-"`
	State       PassState `db:"state" json:"state"`
	OfferedOn   clock.Day `db:"offered_on" json:"offered_on"`
	OfferedName string    `db:"offered_name" json:"offered_by"`
	DueOn       clock.Day `db:"due_on" json:"due_on"`
	EndedOn     clock.Day `db:"ended_on" json:"ended_on,omitempty"`
	EndedName   string    `db:"ended_name" json:"ended_by,omitempty"`
}

// Ref is the case that is offered.
func (p Pass) Ref() id.Ref { return id.Ref{Root: p.Root, ID: p.Case} }

// answerWithin is how many days a unit has to accept a case.
const answerWithin = 14

func passKey(p Pass) string { return fmt.Sprintf("casework.pass:%d:%s", p.Root, p.ID) }

// OnPassed tells another module that a case was handed over to a unit, in the same transaction; call it before serving.
func (s *Service) OnPassed(f func(ctx context.Context, ref id.Ref, to id.ID, pos int64) error) {
	s.passed = append(s.passed, f)
}

// PassTo are the units that a case can be offered to: those above its own within the city, those beside it, those below it, and the city's counties.
// One of a township elsewhere goes by way of its county.
func (s *Service) PassTo(ctx context.Context, c Case) (out []org.Unit, err error) {
	today := clock.Today(ctx)
	above, err := s.org.Ancestors(ctx, c.Unit, today)
	if err != nil {
		return nil, err
	}
	above = slices.DeleteFunc(above, func(u org.Unit) bool { return u.Root() != c.Root })
	add := func(u org.Unit) {
		if u.Root() == c.Root && u.ID != c.Unit && u.StandsOn(today) && !slices.ContainsFunc(out, func(x org.Unit) bool { return x.ID == u.ID }) {
			out = append(out, u)
		}
	}
	around := []id.ID{c.Unit}
	for i, u := range above { // from the top down, the unit itself last
		add(u)
		if i == 0 || i == len(above)-2 {
			around = append(around, u.ID)
		}
	}
	for _, at := range around {
		list, err := s.org.Children(ctx, at, today, "", 500)
		if err != nil {
			return nil, err
		}
		for _, n := range list {
			add(n.Unit)
		}
	}
	slices.SortStableFunc(out, func(a, b org.Unit) int { return int(min(1, max(-1, a.Pos-b.Pos))) })
	return out, nil
}

// keeps lets in who looks after what is sealed of a case: who reads it by a grant gives it to nobody.
func (s *Service) keeps(ctx context.Context, c Case, act string) error {
	may, err := s.seal.Keeps(ctx, owner(c.class().Seal, c))
	if err != nil || may {
		return err
	}
	if err := s.audit.Refuse(ctx, s.log(c, act)); err != nil {
		return err
	}
	return errShut
}

// Offer offers a case to another unit: the child has moved there. Where the class asks for a consent, the guardian's word is needed that it goes there.
// The other unit sees number and class, and nothing of the child; all stays where it is until it accepts.
func (s *Service) Offer(ctx context.Context, ref id.Ref, ver int64, to id.ID, agreed bool, reason string) error {
	return s.change(ctx, ref, ver, "offer", func(ctx context.Context, c *Case) (Entry, error) {
		if c.State == Closed {
			return Entry{}, errEnded
		}
		if err := s.keeps(ctx, *c, "offer"); err != nil {
			return Entry{}, err
		}
		var f errs.Fields
		list, err := s.PassTo(ctx, *c)
		if err != nil {
			return Entry{}, err
		}
		i := slices.IndexFunc(list, func(u org.Unit) bool { return u.ID == to })
		if i < 0 {
			f.Add("to", "casework.to_missing")
		}
		if !agreed && c.class().Consent == "must" {
			f.Add("agreed", "casework.pass_consent_missing")
		}
		words(&f, "pass_reason", reason, "casework.reason_missing")
		if err := f.Err(); err != nil {
			return Entry{}, err
		}
		for _, ask := range s.closers {
			if err := ask(ctx, ref); err != nil {
				return Entry{}, err
			}
		}
		today := clock.Today(ctx)
		p := Pass{Root: c.Root, ID: id.New(), Case: c.ID, No: c.No, Class: c.Class, From: c.Unit, To: list[i].ID, ToPos: list[i].Pos, State: Offered, OfferedOn: today, OfferedName: scope.From(ctx).Name, DueOn: today.AddDays(answerWithin)}
		if fresh, err := s.insertPass(ctx, p); err != nil {
			return Entry{}, err
		} else if !fresh {
			return Entry{}, errs.New(errs.Conflict, "casework.pass_there")
		}
		return Entry{Kind: Step, Arg: string(Offered) + ":" + list[i].Name, Words: map[string]string{"text": reason}},
			s.flow.AddTask(ctx, flow.NewTask{OwnOnly: true, Key: passKey(p), Unit: p.To, Pos: p.ToPos, TitleKey: "casework.task.offered", Why: "casework.task.offered_why", Args: map[string]any{"No": c.No}, Due: p.DueOn, Link: path(ref)})
	})
}

// endOffer ends an offer with its task; Conflict when it had ended at the same moment.
func (s *Service) endOffer(ctx context.Context, p Pass, as PassState) error {
	p.State, p.EndedOn = as, clock.Today(ctx)
	if a := scope.From(ctx); !a.System {
		p.EndedName = a.Name
	}
	ok, err := s.endPass(ctx, p)
	if err == nil && !ok {
		err = errs.New(errs.Conflict, "casework.pass_ended")
	}
	if err != nil {
		return err
	}
	return s.flow.DoneTask(ctx, passKey(p))
}

// stays ends an offer so that the case remains where it is, and gives the line of time that says so.
func (s *Service) stays(ctx context.Context, p Pass, as PassState) (Entry, error) {
	u, err := s.rec.Home(ctx, p.To)
	if err != nil {
		return Entry{}, err
	}
	return Entry{Kind: Step, Arg: string(as) + ":" + u.Name}, s.endOffer(ctx, p, as)
}

// Withdraw takes an offer back that nobody has accepted.
func (s *Service) Withdraw(ctx context.Context, ref id.Ref, ver int64) error {
	return s.change(ctx, ref, ver, "withdraw", func(ctx context.Context, c *Case) (Entry, error) {
		p, err := s.offerAcrossUnits(ctx, ref)
		if errs.Is(err, errs.NotFound) {
			err = errs.New(errs.Conflict, "casework.pass_ended")
		}
		if err != nil {
			return Entry{}, err
		}
		if err := s.keeps(ctx, *c, "withdraw"); err != nil {
			return Entry{}, err
		}
		return s.stays(ctx, p, Withdrawn)
	})
}

// OfferedHere is a case that is offered to the reader's own unit, without who it is about; NotFound for all others.
func (s *Service) OfferedHere(ctx context.Context, ref id.Ref) (c Case, p Pass, err error) {
	if p, err = s.offerAcrossUnits(ctx, ref); err != nil {
		return c, p, err
	}
	if !worksAt(ctx, p.To, p.ToPos) {
		return c, Pass{}, errNone
	}
	c, err = s.caseAcrossUnits(ctx, ref)
	return c, p, err
}

// Accept takes a case over: from now on the reader's unit keeps it and the reader holds and leads it; the former one does not read it any more, nor
// whoever was let in or paired there. Visits are owed as they were.
func (s *Service) Accept(ctx context.Context, ref id.Ref) (err error) {
	defer errs.Wrapf(&err, "casework.Accept %s", ref)
	return s.db.Tx(ctx, func(ctx context.Context) error {
		c, p, err := s.OfferedHere(ctx, ref)
		if err != nil {
			return err
		}
		for _, ask := range s.closers {
			if err := ask(ctx, ref); err != nil {
				return errs.New(errs.Conflict, "casework.pass_not_yet")
			}
		}
		if err := s.endOffer(ctx, p, Accepted); err != nil {
			return err
		}
		pairs, err := s.pairsAcrossUnits(ctx, ref)
		if err != nil {
			return err
		}
		for _, x := range pairs {
			if x.State != Ended {
				if err := s.endPair(ctx, c, x, Ended, "other"); err != nil {
					return err
				}
			}
		}
		return s.rehomed(ctx, c, p)
	})
}

// rehomed makes the unit that accepted a case its keeper, in every module that holds something of it.
func (s *Service) rehomed(ctx context.Context, c Case, p Pass) error {
	ref, a := c.Ref(), scope.From(ctx)
	if _, err := s.seal.Pass(ctx, ref, p.To); err != nil {
		return err
	}
	c.Unit, c.Pos, c.Holder, c.HolderName, c.HolderReads, c.Lead, c.LeadName = p.To, p.ToPos, a.Account, a.Name, 1, a.Account, a.Name
	if err := s.rehome(ctx, c); err != nil {
		return err
	}
	if ok, err := s.updateCase(ctx, c); err != nil {
		return err
	} else if !ok {
		return errChanged
	}
	// The same person may have a case here already; whoever takes it over hears of it by the number of the identity card.
	who, err := s.seal.Open(ctx, owner(c.class().Seal, c)) // not before a second factor, where one is asked for
	if err != nil {
		return err
	}
	if err := s.dropMarks(ctx, ref); err != nil {
		return err
	}
	for _, r := range who {
		if r.Fields != nil {
			if err := s.mark(ctx, c, Opening{Person: r.Fields, Other: true}); err != nil {
				return err
			}
		}
	}
	for _, f := range s.passed {
		if err := f(ctx, ref, p.To, p.ToPos); err != nil {
			return err
		}
	}
	today := clock.Today(ctx)
	if c.Overdue(today) {
		if err := s.flow.AddTask(ctx, visitTask(c, today)); err != nil {
			return err
		}
	}
	if c.ResultDue != "" && c.ResultDue <= today {
		if err := s.flow.AddTask(ctx, resultTask(c, today)); err != nil {
			return err
		}
	}
	u, err := s.rec.Home(ctx, p.To)
	if err != nil {
		return err
	}
	if err := s.write(ctx, c, Entry{Kind: Step, Arg: string(Accepted) + ":" + u.Name}); err != nil {
		return err
	}
	log := s.log(c, "accept")
	log.Detail = map[string]string{"from": p.From.String()}
	return s.audit.Log(ctx, log)
}

// Decline sends an offer back with a reason, which those who read the case read.
func (s *Service) Decline(ctx context.Context, ref id.Ref, reason string) (err error) {
	defer errs.Wrapf(&err, "casework.Decline %s", ref)
	return s.db.Tx(ctx, func(ctx context.Context) error {
		c, p, err := s.OfferedHere(ctx, ref)
		if err != nil {
			return err
		}
		var f errs.Fields
		if strings.TrimSpace(reason) == "" {
			f.Add("decline_reason", "casework.reason_missing")
		}
		long(&f, "decline_reason", reason, maxShort)
		if err := f.Err(); err != nil {
			return err
		}
		e, err := s.stays(ctx, p, Declined)
		if err != nil {
			return err
		}
		a := scope.From(ctx)
		e.By, e.ByName, e.Words = a.Account, a.Name, map[string]string{"text": reason}
		if err := s.audit.Log(ctx, audit.Entry{Act: "casework.act.decline", Subject: Kind, Ref: ref, Pos: p.ToPos, Unit: p.To}); err != nil {
			return err
		}
		return s.returned(ctx, c, p, e)
	})
}

// returned adds the line that a case was not taken to its time, as the program, and tells the unit that offered it.
func (s *Service) returned(ctx context.Context, c Case, p Pass, e Entry) error {
	ctx = scope.With(ctx, scope.System(Kind))
	if err := s.write(ctx, c, e); err != nil {
		return err
	}
	return s.flow.AddTask(ctx, flow.NewTask{OwnOnly: true, Key: passKey(p) + ":back", Unit: c.Unit, Pos: c.Pos, Kind: flow.KindNote, TitleKey: "casework.task.returned", Why: "casework.task.offered_why", Args: map[string]any{"No": c.No}, Due: clock.Today(ctx), Link: path(c.Ref())})
}

// lapse ends the offers that nobody accepted in time.
func (s *Service) lapse(ctx context.Context) error {
	for {
		list, err := s.unansweredAcrossUnits(ctx, clock.Today(ctx), batch)
		if err != nil || len(list) == 0 {
			return err
		}
		for _, p := range list {
			if err := s.lapsed(ctx, p); err != nil && !errs.Is(err, errs.Conflict) { // answered at this moment
				return err
			}
		}
	}
}

// lapsed ends an offer that nobody accepts any more.
func (s *Service) lapsed(ctx context.Context, p Pass) error {
	return s.db.Tx(ctx, func(ctx context.Context) error {
		c, err := s.caseAcrossUnits(ctx, p.Ref())
		if err != nil {
			return err
		}
		e, err := s.stays(ctx, p, Lapsed)
		if err != nil {
			return err
		}
		if err := s.audit.Log(ctx, s.log(c, "lapse")); err != nil {
			return err
		}
		return s.returned(ctx, c, p, e)
	})
}

// lapseWithin ends the offers of a unit to itself, which was two units when they were made: nobody takes a colleague's case by accepting it.
func (s *Service) lapseWithin(ctx context.Context, unit id.ID) error {
	list, err := s.offeredAcrossUnits(ctx, unit)
	for _, p := range list {
		if p.From == p.To {
			if err := s.lapsed(scope.With(ctx, scope.System(Kind)), p); err != nil {
				return err
			}
		}
	}
	return err
}

// Passes are what is offered to a unit and what it offered or handed over, for who works in that very unit.
func (s *Service) Passes(ctx context.Context, u org.Unit) (in, out []Pass, err error) {
	if !worksAt(ctx, u.ID, u.Pos) {
		return nil, nil, nil
	}
	if in, err = s.offeredAcrossUnits(ctx, u.ID); err != nil {
		return nil, nil, err
	}
	out, err = s.handedAcrossUnits(ctx, u.ID)
	return in, out, err
}
