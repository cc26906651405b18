package care

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
	"xinhuo/internal/seal"
)

// OnPassed tells another module that a request was handed over to a unit, in the same transaction; call it before serving.
func (s *Service) OnPassed(f func(ctx context.Context, ref id.Ref, to id.ID, pos int64) error) {
	s.passed = append(s.passed, f)
}

func passKey(p Pass) string { return fmt.Sprintf("care.pass:%d", p.ID) }

// Offer offers a request to another desk, with the consent of whoever asked, who is told and may say no until it is accepted. The other
// desk is told number, kind and urgency, and nothing of what was said. All stays where it is meanwhile, due times too.
func (s *Service) Offer(ctx context.Context, ref id.Ref, ver int64, to id.ID, consent bool) error {
	return s.change(ctx, ref, ver, "offer", func(ctx context.Context, q *Request, _ Desk, _ []Duty) (Entry, error) {
		if q.State == Closed {
			return Entry{}, errEnded
		}
		var f errs.Fields
		if !consent {
			f.Add("handed", "care.pass_consent_missing")
		}
		d, err := s.deskAcrossUnits(ctx, to)
		if err != nil {
			return Entry{}, err
		}
		if !d.receives(*q) {
			f.Add("desk", "care.pass_desk_missing")
		}
		if err := f.Err(); err != nil {
			return Entry{}, err
		}
		if err := s.mayClose(ctx, ref); err != nil {
			return Entry{}, err
		}
		u, err := s.rec.Home(ctx, to)
		if err != nil {
			return Entry{}, err
		}
		now := clock.Millis(ctx)
		p := Pass{Root: q.Root, ID: id.New(), Request: q.ID, No: q.No, From: q.Unit, To: u.ID, ToPos: u.Pos, State: Offered, OfferedAt: now, OfferedName: scope.From(ctx).Name, DueAt: due(q.Urgency, now)}
		if fresh, err := s.insertPass(ctx, p); err != nil {
			return Entry{}, err
		} else if !fresh {
			return Entry{}, errs.New(errs.Conflict, "care.pass_there")
		}
		args := map[string]any{"No": q.No}
		if q.Urgency == Now {
			args[flow.ArgUrgency] = flow.Express
		}
		return Entry{Kind: Step, Arg: string(Offered) + ":" + u.Name}, s.flow.AddTask(ctx, flow.NewTask{OwnOnly: true, Key: passKey(p), Unit: u.ID, Pos: u.Pos, TitleKey: "care.task.offered." + q.Kind, Why: "care.task.offered_why", Args: args, Due: dayOf(p.DueAt), Link: path(ref)})
	})
}

// receives tells whether a request may be handed over to a desk: another one of the same city that takes its kind.
func (d Desk) receives(q Request) bool {
	return d.Open && d.Root == q.Root && d.Unit != q.Unit && slices.Contains(d.Kinds, q.Kind)
}

// endOffer ends an offer with its task; Conflict when it had ended at the same moment.
func (s *Service) endOffer(ctx context.Context, p Pass, as PassState) error {
	p.State, p.EndedAt = as, clock.Millis(ctx)
	if a := scope.From(ctx); !a.System {
		p.EndedName = a.Name
	}
	ok, err := s.endPass(ctx, p)
	if err == nil && !ok {
		err = errs.New(errs.Conflict, "care.pass_ended")
	}
	if err != nil {
		return err
	}
	return s.flow.DoneTask(ctx, passKey(p))
}

// standing is the open offer of a request for those to whom it is no secret that there was one: Conflict when it has ended meanwhile.
func (s *Service) standing(ctx context.Context, ref id.Ref) (Pass, error) {
	p, err := s.offerAcrossUnits(ctx, ref)
	if errs.Is(err, errs.NotFound) {
		err = errs.New(errs.Conflict, "care.pass_ended")
	}
	return p, err
}

// Withdraw takes an offer back that nobody has accepted.
func (s *Service) Withdraw(ctx context.Context, ref id.Ref, ver int64) error {
	return s.change(ctx, ref, ver, "withdraw", func(ctx context.Context, q *Request, _ Desk, _ []Duty) (Entry, error) {
		p, err := s.standing(ctx, ref)
		if err != nil {
			return Entry{}, err
		}
		return s.stays(ctx, p, Withdrawn)
	})
}

// stays ends an offer so that the request remains where it is, and gives the line of time that says so.
func (s *Service) stays(ctx context.Context, p Pass, as PassState) (Entry, error) {
	u, err := s.rec.Home(ctx, p.To)
	if err != nil {
		return Entry{}, err
	}
	return Entry{Kind: Step, Arg: string(as) + ":" + u.Name}, s.endOffer(ctx, p, as)
}

// Stay is the word of whoever asked that their request is not to be handed over; it ends the offer at once.
func (s *Service) Stay(ctx context.Context, token string) (out Answer, err error) {
	defer errs.Wrapf(&err, "care.Stay")
	err = s.heard(ctx, token, nil, "stay", func(ctx context.Context, q *Request) (Entry, error) {
		p, err := s.standing(ctx, q.Ref())
		if err != nil {
			return Entry{}, err
		}
		e, err := s.stays(ctx, p, Stayed)
		if err != nil {
			return e, err
		}
		return e, s.tellOfferer(ctx, *q, p, "care.task.stayed")
	})
	return s.after(ctx, token, out, err)
}

// tellOfferer is a note to the desk that offered a request: it is still theirs.
func (s *Service) tellOfferer(ctx context.Context, q Request, p Pass, title string) error {
	return s.flow.AddTask(ctx, flow.NewTask{OwnOnly: true, Key: passKey(p) + ":" + string(p.State) + title, Unit: q.Unit, Pos: q.Pos, Kind: flow.KindNote, TitleKey: title, Why: "care.task.why", Args: map[string]any{"No": q.No}, Due: clock.Today(ctx), Link: path(q.Ref())})
}

// Offered is a request that is offered to the reader's own unit, without its words and without who asks; NotFound for all others.
func (s *Service) Offered(ctx context.Context, ref id.Ref) (q Request, p Pass, leads bool, err error) {
	if p, err = s.offerAcrossUnits(ctx, ref); err != nil {
		return q, p, false, err
	}
	if !worksAt(ctx, p.To, p.ToPos) {
		return q, Pass{}, false, errNone
	}
	if q, err = s.requestAcrossUnits(ctx, ref); err != nil {
		return q, p, false, err
	}
	d, err := s.deskAcrossUnits(ctx, p.To)
	return q, p, d.leads(scope.From(ctx).Account), err
}

// leads tells whether an account is a lead of the desk.
func (d Desk) leads(account id.ID) bool {
	return slices.ContainsFunc(d.Leads, func(p Person) bool { return p.Account == account })
}

// offeredTo lets a lead of the desk to which a request is offered accept or decline it; who is refused stands in the log.
func (s *Service) offeredTo(ctx context.Context, ref id.Ref, act string, do func(ctx context.Context, q Request, p Pass) error) error {
	return s.db.Tx(ctx, func(ctx context.Context) error {
		q, p, leads, err := s.Offered(ctx, ref)
		if err != nil {
			return err
		}
		log := audit.Entry{Act: "care.act." + act, Subject: Kind, Ref: ref, Pos: p.ToPos, Unit: p.To}
		if !leads {
			if err := s.audit.Refuse(ctx, log); err != nil {
				return err
			}
			return errs.New(errs.Forbidden, "care.not_lead")
		}
		if err := s.seal.Proved(ctx); err != nil {
			return err
		}
		if err := do(ctx, q, p); err != nil {
			return err
		}
		return s.audit.Log(ctx, log)
	})
}

// Accept takes a request over: from now on the reader's desk keeps it and reads it, the former one does not, and whoever was let in before
// is not any more. Due times stay as they were; what had risen rises from here.
func (s *Service) Accept(ctx context.Context, ref id.Ref) (err error) {
	defer errs.Wrapf(&err, "care.Accept %s", ref)
	return s.offeredTo(ctx, ref, "accept", func(ctx context.Context, q Request, p Pass) error {
		if err := s.mayClose(ctx, ref); err != nil {
			return errs.New(errs.Conflict, "care.pass_not_yet")
		}
		if err := s.endOffer(ctx, p, Accepted); err != nil {
			return err
		}
		if err := s.settle(ctx, &q); err != nil { // the tasks of the former desk
			return err
		}
		a := scope.From(ctx)
		if q.Holder, q.HolderName = a.Account, a.Name; q.State == Untaken {
			q.State = Held
		}
		if ok, err := s.updateRequest(ctx, q); err != nil {
			return err
		} else if !ok {
			return errs.New(errs.Conflict, "care.changed")
		}
		return s.rehomed(ctx, q, p)
	})
}

// rehomed makes the desk that accepted a request its keeper, in every module that holds something of it.
func (s *Service) rehomed(ctx context.Context, q Request, p Pass) error {
	ref := q.Ref()
	grants, err := s.seal.Pass(ctx, ref, p.To)
	if err != nil {
		return err
	}
	for _, g := range grants {
		if err := s.flow.DoneTask(ctx, referKey(ref, g.Account)); err != nil {
			return err
		}
	}
	if err := s.rehome(ctx, ref, p.To, p.ToPos); err != nil {
		return err
	}
	for _, f := range s.passed {
		if err := f(ctx, ref, p.To, p.ToPos); err != nil {
			return err
		}
	}
	q.Unit, q.Pos = p.To, p.ToPos
	u, err := s.rec.Home(ctx, p.To)
	if err != nil {
		return err
	}
	if err := s.write(ctx, q, seal.Owner{}, Entry{Kind: Step, Arg: string(Accepted) + ":" + u.Name}); err != nil {
		return err
	}
	if q.DueAt == 0 {
		return nil
	}
	return s.owe(ctx, q)
}

// Decline sends an offer back with a reason, which those who read the request read.
func (s *Service) Decline(ctx context.Context, ref id.Ref, reason string) (err error) {
	defer errs.Wrapf(&err, "care.Decline %s", ref)
	return s.offeredTo(ctx, ref, "decline", func(ctx context.Context, q Request, p Pass) error {
		var f errs.Fields
		if strings.TrimSpace(reason) == "" {
			f.Add("reason", "care.pass_reason_missing")
		}
		long(&f, "reason", reason, maxShort)
		if err := f.Err(); err != nil {
			return err
		}
		e, err := s.stays(ctx, p, Declined)
		if err != nil {
			return err
		}
		a := scope.From(ctx)
		e.Text, e.By, e.ByName = reason, a.Account, a.Name
		if err := s.noted(ctx, q, e); err != nil {
			return err
		}
		return s.tellOfferer(asking(ctx), q, p, "care.task.declined")
	})
}

// Leave is the word of somebody of another unit who was let in that they cannot help: nobody lets them in any more, and the desk and whoever asked
// are told; why is read by those who read the request.
func (s *Service) Leave(ctx context.Context, ref id.Ref, reason string) (err error) {
	defer errs.Wrapf(&err, "care.Leave %s", ref)
	return s.db.Tx(ctx, func(ctx context.Context) error {
		q, d, duty, err := s.near(ctx, ref)
		if err != nil {
			return err
		}
		var f errs.Fields
		if strings.TrimSpace(reason) == "" {
			f.Add("leave", "care.pass_reason_missing")
		}
		long(&f, "leave", reason, maxShort)
		if err := f.Err(); err != nil {
			return err
		}
		a := scope.From(ctx)
		program := scope.With(ctx, scope.System(Kind))
		o := owner(entryKind, q, d, duty, clock.Today(ctx))
		list, err := s.seal.Grants(program, o)
		if err != nil {
			return err
		}
		if !slices.ContainsFunc(list, func(g seal.Grant) bool { return g.Account == a.Account && !g.Emergency() && g.Live(clock.Now(ctx)) }) { // who looks in an emergency was asked for nothing
			return errNone
		}
		if err := s.seal.LapseOf(program, o, a.Account); err != nil {
			return err
		}
		if err := s.flow.DoneTask(ctx, referKey(ref, a.Account)); err != nil {
			return err
		}
		u, err := s.rec.Home(ctx, a.Unit)
		if err != nil {
			return err
		}
		if err := s.noted(ctx, q, Entry{Kind: Step, Arg: "left:" + u.Name + " " + a.Name, Text: reason, By: a.Account, ByName: a.Name}); err != nil {
			return err
		}
		if err := s.flow.AddTask(asking(ctx), flow.NewTask{OwnOnly: true, Key: referKey(ref, a.Account) + ":left:" + numbered(clock.Millis(ctx)), Unit: q.Unit, Pos: q.Pos, Kind: flow.KindNote, TitleKey: "care.task.left", Why: "care.task.why", Args: map[string]any{"No": q.No}, Due: clock.Today(ctx), Link: path(ref)}); err != nil {
			return err
		}
		return s.audit.Log(ctx, audit.Entry{Act: "care.act.leave", Subject: Kind, Ref: ref, Pos: q.Pos, Unit: q.Unit})
	})
}

// noted adds a line to a request's time for somebody who may not read it: the program seals it for the desk.
func (s *Service) noted(ctx context.Context, q Request, e Entry) error {
	d, err := s.deskAcrossUnits(ctx, q.Unit)
	if err != nil {
		return err
	}
	return s.write(asking(ctx), q, owner(entryKind, q, d, nil, clock.Today(ctx)), e)
}

// Lapse ends the offers that nobody accepted in time, and tells the desks that made them. It may run at any time and twice.
func (s *Service) Lapse(ctx context.Context) (n int, err error) {
	defer errs.Wrapf(&err, "care.Lapse")
	ctx = asking(ctx)
	list, err := s.unansweredAcrossUnits(ctx, clock.Millis(ctx))
	if err != nil {
		return 0, err
	}
	for _, p := range list {
		err := s.lapsed(ctx, p)
		switch {
		case errs.Is(err, errs.Conflict): // answered at this moment
		case err != nil:
			return n, err
		default:
			n++
		}
	}
	return n, nil
}

// lapsed ends an offer that nobody accepts any more.
func (s *Service) lapsed(ctx context.Context, p Pass) error {
	return s.db.Tx(ctx, func(ctx context.Context) error {
		q, err := s.requestAcrossUnits(ctx, id.Ref{Root: p.Root, ID: p.Request})
		if err != nil {
			return err
		}
		e, err := s.stays(ctx, p, Lapsed)
		if err != nil {
			return err
		}
		if err := s.noted(ctx, q, e); err != nil {
			return err
		}
		if err := s.audit.Log(ctx, audit.Entry{Act: "care.act.lapse", Subject: Kind, Ref: q.Ref(), Pos: q.Pos, Unit: q.Unit}); err != nil {
			return err
		}
		return s.tellOfferer(ctx, q, p, "care.task.lapsed")
	})
}

// lapseWithin ends the offers of a desk to itself, which was two desks when they were made.
func (s *Service) lapseWithin(ctx context.Context, unit id.ID) error {
	list, err := s.offeredAcrossUnits(ctx, unit)
	for _, p := range list {
		if p.From == p.To {
			if err := s.lapsed(asking(ctx), p); err != nil {
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

// PassTo are the desks to which a request can be offered.
func (s *Service) PassTo(ctx context.Context, q Request) (out []org.Unit, err error) {
	list, err := s.Desks(ctx, everywhere)
	if err != nil {
		return nil, err
	}
	for _, d := range list {
		if !d.receives(q) {
			continue
		}
		u, err := s.rec.Home(ctx, d.Unit)
		if err != nil {
			return nil, err
		}
		out = append(out, u)
	}
	return out, nil
}
