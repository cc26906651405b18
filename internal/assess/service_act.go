package assess

import (
	"context"
	"errors"
	"strings"

	"xinhuo/internal/audit"
	"xinhuo/internal/flow"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/org"
	"xinhuo/internal/record"
)

// Acts that can be done on a record, as they stand in its addresses.
const (
	ActPlan     = "plan"
	ActSubmit   = "submit"
	ActAccept   = "accept"
	ActReturn   = "return"
	ActRevoke   = "revoke"
	ActMaturity = "maturity"
	ActParts    = "parts"
	ActRemove   = "remove"
	ActUndo     = "undo"
)

func as(err error, target any) bool { return errors.As(err, target) }

// byFlow are the changes that a step of the flow made: they are taken back by the flow's own acts, never by undo, or
// the case would say another thing than the record.
var byFlow = map[string]bool{"assess.act.submit": true, "assess.act.flow_accept": true, "assess.act.flow_revoke": true, "assess.act.flow_return": true,
	"assess.act.recall": true, "assess.act.resubmit": true}

// Case is the running case of acceptance of a record; ok is false when there is none.
func (s *Service) Case(ctx context.Context, ref id.Ref) (c flow.Case, ok bool, err error) {
	list, err := s.flow.ForSubject(ctx, Kind, ref)
	for _, c := range list {
		if c.Definition == acceptance && c.Open() {
			return c, true, err
		}
	}
	return flow.Case{}, false, err
}

// Do takes one act on a record: right, rules, flow, version, figures and log in one transaction. Errors: Invalid with
// the fields of Step, Conflict when somebody was faster or the act does not fit the state, Forbidden and NotFound.
func (s *Service) Do(ctx context.Context, ref id.Ref, act string, st Step) error {
	return s.db.Tx(ctx, func(ctx context.Context) error {
		a, v, err := s.adoptions.Get(ctx, ref)
		if act == ActUndo && errs.Is(err, errs.NotFound) {
			a, v, err = s.adoptions.Removed(ctx, ref)
		}
		if err != nil {
			return err
		}
		if v.N != st.Version {
			return errs.New(errs.Conflict, "record.changed_meanwhile")
		}
		p, _, err := s.Programme(ctx, a.Programme)
		if err != nil {
			return err
		}
		u, err := s.org.Unit(ctx, a.Unit)
		if err != nil {
			return err
		}
		return s.do(ctx, doing{ref: ref, was: v, a: a.clone(), p: p, u: u}, act, st)
	})
}

// doing is a record on its way through one act.
type doing struct {
	ref id.Ref
	was record.Version
	a   Adoption
	p   Programme
	u   org.Unit
}

func (s *Service) do(ctx context.Context, d doing, act string, st Step) error {
	today := clock.Today(ctx)
	switch act {
	case ActPlan:
		wide, err := s.planning(ctx, d.p, d.u)
		if err != nil {
			return err
		}
		return s.change(wide, d, d.a.plan(st, today), &d.a, record.Change{Act: "assess.act.plan", Reason: st.Reason})
	case ActSubmit:
		return s.submit(ctx, d, st)
	case ActAccept, ActReturn, ActRevoke:
		return s.decide(ctx, d, act, st)
	case ActMaturity:
		return s.change(ctx, d, d.a.reach(d.p, st), &d.a, record.Change{Act: "assess.act.maturity"})
	case ActParts:
		return s.change(ctx, d, d.a.have(d.p, st, today), &d.a, record.Change{Act: "assess.act.parts"})
	case ActRemove:
		return s.remove(ctx, d, st)
	case ActUndo:
		if byFlow[d.was.Act] {
			return errs.New(errs.Conflict, "assess.flow_acted")
		}
		if d.was.Act == "assess.act.plan" || d.was.Act == "assess.act.create" {
			var err error
			if ctx, err = s.planning(ctx, d.p, d.u); err != nil {
				return err
			}
		}
		return s.adoptions.Undo(s.widened(ctx, d), d.ref, st.Version)
	}
	return errs.New(errs.NotFound, "errs.not_found")
}

// remove takes out a record that was entered by mistake. What was accepted is taken out by who accepts; while a case
// runs, the case decides.
func (s *Service) remove(ctx context.Context, d doing, st Step) error {
	if strings.TrimSpace(st.Reason) == "" {
		var f errs.Fields
		f.Add("reason", "assess.reason_missing")
		return f.Err()
	}
	if _, running, err := s.Case(ctx, d.ref); err != nil {
		return err
	} else if running {
		return errs.New(errs.Conflict, "assess.flow_acted")
	}
	c := record.Change{Act: "assess.act.remove", Reason: strings.TrimSpace(st.Reason)}
	if len(d.a.Periods) > 0 && !s.ownerWorks(ctx, d.p) {
		return s.ownerDecides(ctx, d, c.Act)
	}
	return s.RemoveAdoption(s.widened(ctx, d), d.ref, d.was.N, c)
}

// ownerDecides refuses what only the programme's owner does, and says so in the log.
func (s *Service) ownerDecides(ctx context.Context, d doing, act string) error {
	if err := s.audit.Refuse(ctx, audit.Entry{Act: act, Subject: Kind, Ref: d.ref, Pos: d.u.Pos, Unit: d.u.ID}); err != nil {
		return err
	}
	owner, err := s.org.Unit(ctx, d.p.Owner)
	if err != nil {
		return err
	}
	return errs.New(errs.Forbidden, "assess.owner_decides", "Unit", owner.Name)
}

func (s *Service) widened(ctx context.Context, d doing) context.Context {
	out, err := s.working(ctx, d.p, d.u)
	if err != nil {
		return ctx
	}
	return out
}

// change writes what a rule made of the record, for somebody of the unit or of the programme's owner.
func (s *Service) change(ctx context.Context, d doing, refused error, a *Adoption, c record.Change) error {
	if refused != nil {
		return refused
	}
	return s.adoptions.Save(s.widened(ctx, d), d.ref, d.was.N, *a, c)
}

// submit hands in: a returned case goes on, otherwise a new one begins and waits for the programme's owner.
func (s *Service) submit(ctx context.Context, d doing, st Step) error {
	c, running, err := s.Case(ctx, d.ref)
	if err != nil {
		return err
	}
	if running && c.State == "returned" {
		if st.Day == clock.Open {
			st.Day = clock.Today(ctx)
		}
		_, err := s.flow.Act(ctx, c.Ref(), flow.Act{Key: "resubmit", Day: st.Day})
		return err
	}
	if err := d.a.submit(st, clock.Today(ctx)); err != nil {
		return err
	}
	ctx = s.widened(ctx, d)
	if err := s.begin(ctx, d, st.Reason); err != nil {
		return err
	}
	return s.adoptions.Save(ctx, d.ref, d.was.N, d.a, record.Change{Act: "assess.act.submit"})
}

// begin opens the case of acceptance: it waits for the programme's owner.
func (s *Service) begin(ctx context.Context, d doing, note string) error {
	_, err := s.flow.Open(ctx, flow.OpenCase{Definition: acceptance, SubjectKind: Kind, Subject: d.ref, Unit: d.u.ID, Pos: d.u.Pos,
		Title: i18n.T(ctx, "assess.case_title", "Unit", d.u.Name, "Programme", d.p.Name), Link: "/reform/" + d.ref.String(),
		Issuer: d.p.Owner, Note: note})
	return err
}

// BeginAcceptance opens the case of acceptance for a record that was written as handed in already, so that it waits in
// the owner's inbox. A record that is not handed in, or whose case runs, stays as it is.
func (s *Service) BeginAcceptance(ctx context.Context, ref id.Ref) error {
	return s.db.Tx(ctx, func(ctx context.Context) error {
		a, v, err := s.adoptions.Get(ctx, ref)
		if err != nil || a.StatusOn(clock.Today(ctx)) != Submitted {
			return err
		}
		if _, running, err := s.Case(ctx, ref); err != nil || running {
			return err
		}
		p, _, err := s.Programme(ctx, a.Programme)
		if err != nil {
			return err
		}
		u, err := s.org.Unit(ctx, a.Unit)
		if err != nil {
			return err
		}
		d := doing{ref: ref, was: v, a: a, p: p, u: u}
		return s.begin(s.widened(ctx, d), d, "")
	})
}

// decide accepts, sends back or revokes: through the running case when there is one, otherwise as a direct record of
// the programme's owner.
func (s *Service) decide(ctx context.Context, d doing, act string, st Step) error {
	// The rules speak first, so that what is missing stands beside its input.
	probe := d.a.clone()
	var refused error
	change := record.Change{Act: "assess.act.accept", Reason: st.Reason}
	switch act {
	case ActAccept:
		refused = probe.accept(d.p, st)
	case ActRevoke:
		refused = probe.revoke(st)
		change.Act = "assess.act.revoke"
	}
	c, running, err := s.Case(ctx, d.ref)
	if err != nil {
		return err
	}
	fits := running && (c.State == "submitted" && act != ActRevoke || c.State == "accepted" && act == ActRevoke)
	if fits {
		if refused != nil {
			return refused
		}
		_, err := s.flow.Act(ctx, c.Ref(), flow.Act{Key: act, Reason: strings.TrimSpace(st.Reason), Day: st.Day, Document: strings.TrimSpace(st.Document),
			Data: st.Results})
		return err
	}
	if act == ActReturn { // handed in on paper or by a table: no case runs
		if refused = probe.sendBack(st, clock.Today(ctx)); running {
			refused = errs.New(errs.Conflict, "assess.not_submitted")
		}
		change.Act = "assess.act.return"
	}
	if running && act == ActAccept && c.State == "returned" {
		return errs.New(errs.Conflict, "assess.returned_waits")
	}
	if !s.ownerWorks(ctx, d.p) {
		return s.ownerDecides(ctx, d, change.Act)
	}
	return s.change(ctx, d, refused, &probe, change)
}

// effect writes what a step of the flow means for the record. Flow has asked for the right to act; the issuer stands
// elsewhere in the tree.
func (s *Service) effect(ctx context.Context, c flow.Case, change record.Change, rule func(a *Adoption, p Programme) error) error {
	if c.SubjectKind != Kind {
		return nil
	}
	ctx = scope.Widened(ctx, c.Pos, true)
	a, v, err := s.adoptions.Get(ctx, c.Subject())
	if err != nil {
		return err
	}
	p, _, err := s.Programme(ctx, a.Programme)
	if err != nil {
		return err
	}
	a = a.clone()
	if err := rule(&a, p); err != nil {
		return err
	}
	return s.adoptions.Save(ctx, c.Subject(), v.N, a, change)
}

func (s *Service) onAccept(ctx context.Context, c flow.Case, p flow.Step) error {
	return s.effect(ctx, c, record.Change{Act: "assess.act.flow_accept"}, func(a *Adoption, pr Programme) error {
		st := Step{Day: p.Day, Document: p.Document}
		if err := p.Into(&st.Results); err != nil {
			return errs.Wrap(err, errs.Invalid, "flow.data_missing")
		}
		return a.accept(pr, st)
	})
}

func (s *Service) onRevoke(ctx context.Context, c flow.Case, p flow.Step) error {
	return s.effect(ctx, c, record.Change{Act: "assess.act.flow_revoke", Reason: p.Reason}, func(a *Adoption, _ Programme) error {
		return a.revoke(Step{Day: p.Day, Reason: p.Reason, Document: p.Document})
	})
}

func (s *Service) onReturn(ctx context.Context, c flow.Case, p flow.Step) error {
	return s.effect(ctx, c, record.Change{Act: "assess.act.flow_return", Reason: p.Reason}, func(a *Adoption, _ Programme) error {
		a.SubmittedOn, a.ReturnedOn = clock.Open, clock.Today(ctx)
		return nil
	})
}

func (s *Service) onRecall(ctx context.Context, c flow.Case, _ flow.Step) error {
	return s.effect(ctx, c, record.Change{Act: "assess.act.recall"}, func(a *Adoption, _ Programme) error {
		a.SubmittedOn, a.ReturnedOn = clock.Open, clock.Open
		return nil
	})
}

func (s *Service) onResubmit(ctx context.Context, c flow.Case, p flow.Step) error {
	return s.effect(ctx, c, record.Change{Act: "assess.act.resubmit"}, func(a *Adoption, _ Programme) error {
		day := p.Day
		if day == clock.Open {
			day = clock.Today(ctx)
		}
		a.SubmittedOn, a.ReturnedOn = day, clock.Open
		return nil
	})
}

// May tells which acts the reader can do on a record now, for buttons.
func (s *Service) May(ctx context.Context, ref id.Ref, a Adoption, p Programme, v record.Version) (map[string]bool, error) {
	u, err := s.org.Unit(ctx, a.Unit)
	if err != nil {
		return nil, err
	}
	c, running, err := s.Case(ctx, ref)
	if err != nil {
		return nil, err
	}
	wide, err := s.working(ctx, p, u)
	if err != nil {
		return nil, err
	}
	if u, err = s.rec.Home(ctx, a.Unit); err != nil {
		return nil, err
	}
	out := map[string]bool{}
	works := scope.From(wide).May(scope.Work, u.Pos)
	today := clock.Today(ctx)
	standing := a.Current() != nil
	if works {
		out[ActParts] = true
		out[ActMaturity] = len(a.Periods) > 0 && len(p.Maturity) > 0
		out[ActSubmit] = !standing && a.StatusOn(today) != Submitted
		out[ActRemove] = !running && (len(a.Periods) == 0 || s.ownerWorks(ctx, p))
		out[ActUndo] = !byFlow[v.Act] && !s.adoptions.Undoable(ctx, v).IsZero()
	}
	if wide, err = s.planning(ctx, p, u); err != nil {
		return nil, err
	}
	if scope.From(wide).May(scope.Work, u.Pos) {
		out[ActPlan] = !standing
		out[ActUndo] = out[ActUndo] || (v.Act == "assess.act.plan" || v.Act == "assess.act.create") && !s.adoptions.Undoable(ctx, v).IsZero()
	}
	if running {
		for _, t := range s.flow.Allowed(ctx, c) {
			if t.Act == ActAccept || t.Act == ActReturn || t.Act == ActRevoke {
				out[t.Act] = true
			}
		}
	}
	if s.ownerWorks(ctx, p) && !(running && c.State != "accepted") {
		out[ActAccept] = out[ActAccept] || !standing
		out[ActRevoke] = out[ActRevoke] || standing
		out[ActReturn] = out[ActReturn] || a.StatusOn(today) == Submitted
	}
	return out, nil
}
