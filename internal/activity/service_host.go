package activity

import (
	"context"
	"slices"

	"xinhuo/internal/audit"
	"xinhuo/internal/flow"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/record"
)

// ask settles whose word is missing among the hosts: nobody signs for others (R56). Who was a host stays as it was; a
// new one is agreed when the reader works there, otherwise it is asked. A host that has agreed leaves by its own word or
// the lead's.
func (s *Service) ask(ctx context.Context, a *Activity, was Activity) error {
	actor := scope.From(ctx)
	may := func(unit id.ID) (bool, error) {
		u, err := s.rec.Home(ctx, unit)
		if errs.Is(err, errs.NotFound) { // as if it were somebody else's: which units there are is not told here
			err = errs.New(errs.NotFound, "errs.not_found")
		}
		return err == nil && actor.May(scope.Work, u.Pos), err
	}
	begun := was
	if was.Lead() == 0 { // who begins it for a unit below works there as little as who corrects it
		begun = *a
	}
	own, err := s.ofLead(ctx, begun)
	if err != nil {
		return err
	}
	var out []Host
	for n, h := range a.Hosts {
		if slices.ContainsFunc(out, func(o Host) bool { return o.Unit == h.Unit }) {
			continue
		}
		ok, err := may(h.Unit)
		if err != nil {
			return err
		}
		i := was.host(h.Unit)
		h.Above = !own && n > 0 && (i < 0 || was.Hosts[i].Above)
		switch {
		case i >= 0 && !(ok && was.Hosts[i].Asked == AskedHost):
			h.Asked = was.Hosts[i].Asked
		case ok || n == 0: // whether the reader may write for the lead is the book's to ask
			h.Asked = Agreed
		default:
			h.Asked = AskedHost
		}
		out = append(out, h)
	}
	if lead := was.Lead(); lead != 0 {
		leads, err := may(lead)
		if err != nil {
			return err
		}
		for i, h := range was.Hosts {
			if slices.ContainsFunc(out, func(o Host) bool { return o.Unit == h.Unit }) {
				continue
			}
			own, err := may(h.Unit)
			if err != nil {
				return err
			}
			if i == 0 || !leads && !own {
				return errs.New(errs.Forbidden, "activity.host_stays", "Name", s.unitName(ctx, h.Unit))
			}
		}
		if out[0].Unit != lead {
			return errs.New(errs.Forbidden, "activity.host_stays", "Name", s.unitName(ctx, lead))
		}
	}
	a.Hosts = out
	return nil
}

// ofLead tells whether the reader works at the very unit that leads.
func (s *Service) ofLead(ctx context.Context, a Activity) (bool, error) {
	actor := scope.From(ctx)
	if a.Lead() == 0 || actor.System {
		return true, nil
	}
	u, err := s.rec.Home(ctx, a.Lead())
	if errs.Is(err, errs.NotFound) { // not theirs; which units there are is told by nobody
		return false, nil
	}
	return err == nil && u.ID == actor.Unit, err
}

func (s *Service) unitName(ctx context.Context, unit id.ID) string {
	u, err := s.org.Unit(ctx, unit)
	if err != nil {
		return i18n.T(ctx, "activity.unknown")
	}
	return u.Name
}

func hostTask(ref id.Ref, unit id.ID) string {
	return "activity.host:" + ref.String() + ":" + unit.String()
}

// invite puts the questions that are open into the inboxes of those who have to answer, and takes away the others.
func (s *Service) invite(ctx context.Context, ref id.Ref, a Activity) error {
	for _, h := range a.Hosts {
		if h.Unit == a.Lead() {
			continue
		}
		if h.Asked == Agreed {
			if err := s.flow.DoneTask(ctx, hostTask(ref, h.Unit)); err != nil {
				return err
			}
			continue
		}
		who, title := h.Unit, "activity.task.host"
		if h.Asked == AskedByOne {
			who, title = a.Lead(), "activity.task.join"
		}
		u, err := s.rec.Home(ctx, who)
		if err != nil {
			return err
		}
		if err := s.flow.AddTask(ctx, flow.NewTask{Key: hostTask(ref, h.Unit), Unit: u.ID, Pos: u.Pos, TitleKey: title, Why: "activity.task.host_why",
			Args: map[string]any{"Name": a.Title, "Unit": s.unitName(ctx, h.Unit), "Lead": s.unitName(ctx, a.Lead())}, Due: clock.Today(ctx).AddDays(7),
			Link: "/activity/" + ref.String()}); err != nil {
			return err
		}
	}
	return nil
}

// asKept reads an activity whoever asks: a unit that did it with others may not see their record yet.
func (s *Service) asKept(ctx context.Context, ref id.Ref) (Activity, record.Version, error) {
	return s.book.Get(scope.With(ctx, scope.System(Kind)), ref)
}

// Join asks the lead to take the unit in as a host of an activity that it reported, too (R56). It needs the right to work
// at the unit; both have to be of one county, or one above the other. Agreed at once when the reader works at the lead.
func (s *Service) Join(ctx context.Context, ref id.Ref, unit id.ID) (err error) {
	defer errs.Wrapf(&err, "activity.Join %s", ref)
	return s.db.Tx(ctx, func(ctx context.Context) error {
		a, v, err := s.asKept(ctx, ref)
		if err != nil {
			return err
		}
		u, err := s.rec.Home(ctx, unit)
		if err != nil {
			return err
		}
		lead, err := s.rec.Home(ctx, a.Lead())
		if err != nil {
			return err
		}
		actor, c := scope.From(ctx), record.Change{Act: "activity.act.join", Reason: u.Name}
		if !actor.May(scope.Work, u.Pos) || !near(u, lead) {
			if err := s.audit.Refuse(ctx, audit.Entry{Act: c.Act, Subject: Kind, Ref: ref, Pos: lead.Pos, Unit: lead.ID}); err != nil {
				return err
			}
			return errs.New(errs.NotFound, "errs.not_found")
		}
		if i := a.host(unit); i >= 0 {
			if a.Hosts[i].Asked == AskedHost {
				return s.answer(ctx, ref, v.N, a, i, true)
			}
			return errs.New(errs.Conflict, "activity.host_already", "Name", u.Name)
		}
		h := Host{Unit: unit, Asked: AskedByOne}
		if actor.May(scope.Work, lead.Pos) {
			h.Asked, h.Above = Agreed, lead.ID != actor.Unit && !actor.System
		}
		a.Hosts = append(a.Hosts, h)
		if err := s.book.Save(s.atLead(ctx, lead.Pos), ref, v.N, a, c); err != nil {
			return err
		}
		return s.invite(ctx, ref, a)
	})
}

// atLead lets who joined, or answered for its own unit, write that one word into the lead's record. The log keeps the person.
func (s *Service) atLead(ctx context.Context, pos int64) context.Context {
	a := scope.From(ctx)
	at := scope.Range{From: pos, To: pos + 1}
	a.WorkSet = append(append(scope.Set{}, a.WorkSet...), at)
	a.ViewSet = append(append(scope.Set{}, a.ViewSet...), at)
	return scope.With(ctx, a)
}

// Answer says yes or no for a host whose word is missing: the unit that was asked, or the lead that was asked by it.
func (s *Service) Answer(ctx context.Context, ref id.Ref, version int64, unit id.ID, yes bool) (err error) {
	defer errs.Wrapf(&err, "activity.Answer %s", ref)
	return s.db.Tx(ctx, func(ctx context.Context) error {
		a, _, err := s.book.Get(ctx, ref)
		if err != nil {
			return err
		}
		i := a.host(unit)
		if i < 0 || a.Hosts[i].Asked == Agreed {
			return errs.New(errs.Conflict, "activity.answered_already")
		}
		may, err := s.mayAnswer(ctx, a, a.Hosts[i])
		if err != nil {
			return err
		}
		if !may {
			return errs.New(errs.Forbidden, "errs.not_yours")
		}
		return s.answer(ctx, ref, version, a, i, yes)
	})
}

// mayAnswer tells whether the reader speaks for the side whose word is missing.
func (s *Service) mayAnswer(ctx context.Context, a Activity, h Host) (bool, error) {
	who := h.Unit
	if h.Asked == AskedByOne {
		who = a.Lead()
	}
	u, err := s.rec.Home(ctx, who)
	return err == nil && h.Asked != Agreed && scope.From(ctx).May(scope.Work, u.Pos), err
}

func (s *Service) answer(ctx context.Context, ref id.Ref, version int64, a Activity, i int, yes bool) error {
	name := s.unitName(ctx, a.Hosts[i].Unit)
	c := record.Change{Act: "activity.act.agree", Reason: name}
	unit := a.Hosts[i].Unit
	a.Hosts = slices.Clone(a.Hosts)
	if yes {
		if a.Hosts[i].Asked == AskedByOne {
			own, err := s.ofLead(ctx, a)
			if err != nil {
				return err
			}
			a.Hosts[i].Above = !own
		}
		a.Hosts[i].Asked = Agreed
	} else {
		c.Act = "activity.act.decline"
		a.Hosts = slices.Delete(a.Hosts, i, i+1)
	}
	lead, err := s.rec.Home(ctx, a.Lead())
	if err != nil {
		return err
	}
	if err := s.book.Save(s.atLead(ctx, lead.Pos), ref, version, a, c); err != nil {
		return err
	}
	return s.flow.DoneTask(ctx, hostTask(ref, unit))
}

// Similar are activities of that day in the same county that are perhaps the same one, reported by another host or sent
// before (R56).
func (s *Service) Similar(ctx context.Context, a Activity) ([]Listed, error) {
	u, err := s.rec.Home(ctx, a.Lead())
	if err != nil || a.Day == clock.Open {
		return nil, err
	}
	list, err := s.store.likelyAcrossUnits(ctx, around(u), a.Day)
	if err != nil {
		return nil, err
	}
	place := ""
	for _, st := range a.Stops {
		if place == "" {
			place = st.Place
		}
	}
	return slices.DeleteFunc(list, func(o Listed) bool { return !alike(a.Title, place, o.Lead == u.ID, o) }), nil
}
