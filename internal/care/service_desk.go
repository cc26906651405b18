package care

import (
	"context"
	"slices"
	"strings"

	"xinhuo/internal/audit"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/org"
)

// Desk is a unit's desk, one with version 0 where it has none; everybody may know of it.
func (s *Service) Desk(ctx context.Context, unit id.ID) (Desk, error) {
	return s.deskAcrossUnits(ctx, unit)
}

// mostDesks is how many desks a page lists.
const mostDesks = 200

// Desks are those that take requests, in the order of the tree.
func (s *Service) Desks(ctx context.Context, within scope.Range) ([]Desk, error) {
	return s.openDesksAcrossUnits(ctx, within, mostDesks)
}

// SetDesk opens, changes or shuts a unit's desk; logins are those who answer for it. The first time it is whoever works at the unit
// who may, afterwards a lead: nobody makes themself one. A unit that took another one over may have its requests and no desk: there an administrator
// names the leads, and not themself.
func (s *Service) SetDesk(ctx context.Context, d Desk, logins []string) (err error) {
	defer errs.Wrapf(&err, "care.SetDesk %d", d.Unit)
	return s.db.Tx(ctx, func(ctx context.Context) error {
		u, err := s.rec.Home(ctx, d.Unit)
		if err != nil {
			return err
		}
		was, err := s.deskAcrossUnits(ctx, u.ID)
		if err != nil {
			return err
		}
		if err := s.mayLead(ctx, u, was, "desk"); err != nil {
			return err
		}
		if was.Ver != d.Ver {
			return errs.New(errs.Conflict, "care.changed")
		}
		d.Root, d.Unit, d.Pos = u.Root(), u.ID, u.Pos
		f := d.problems()
		if d.Leads, err = s.leads(ctx, u, logins, &f); err != nil {
			return err
		}
		if orphaned, err := s.orphaned(ctx, u, was); err != nil {
			return err
		} else if orphaned && d.leads(scope.From(ctx).Account) {
			f.Add("leads", "care.not_oneself")
		}
		if err := f.Err(); err != nil {
			return err
		}
		ok, err := s.putDesk(ctx, d)
		if err == nil && !ok {
			err = errs.New(errs.Conflict, "care.changed")
		}
		if err != nil {
			return err
		}
		return s.audit.Log(ctx, audit.Entry{Act: "care.act.desk", Subject: Kind, Pos: u.Pos, Unit: u.ID, Detail: map[string]any{"open": d.Open, "leads": d.names()}})
	})
}

func (d Desk) names() (out []string) {
	for _, p := range d.Leads {
		out = append(out, p.Name)
	}
	return out
}

func (d Desk) problems() (f errs.Fields) {
	d.Kinds = slices.DeleteFunc(slices.Clone(d.Kinds), func(k string) bool { return !slices.Contains(Kinds, k) })
	if d.Open && len(d.Kinds) == 0 {
		f.Add("kinds", "care.kinds_missing")
	}
	if d.Open && d.Phone == "" {
		f.Add("phone", "care.phone_missing")
	} else if d.Phone != "" && !org.Dialable(d.Phone) {
		f.Add("phone", "care.phone_odd")
	}
	if d.Open && strings.TrimSpace(d.Hours) == "" {
		f.Add("hours", "care.hours_missing")
	}
	long(&f, "hours", d.Hours, maxShort)
	long(&f, "about", d.About, 2*maxShort)
	return f
}

// leads are the accounts of logins, all of which work at the unit.
func (s *Service) leads(ctx context.Context, u org.Unit, logins []string, f *errs.Fields) (out []Person, err error) {
	for _, login := range logins {
		if login = strings.TrimSpace(login); login == "" {
			continue
		}
		a, err := s.colleague(ctx, u.ID, u.Pos, login)
		if errs.Is(err, errs.Invalid) {
			f.Add("leads", "care.no_lead", "Login", login)
			continue
		}
		if err != nil {
			return nil, err
		}
		if !slices.ContainsFunc(out, func(p Person) bool { return p.Account == a.Account }) {
			out = append(out, Person{Account: a.Account, Name: a.Name, Login: login})
		}
	}
	if len(out) == 0 {
		f.Add("leads", "care.leads_missing")
	}
	return out, nil
}

// orphaned tells whether a unit without leads keeps requests: those of one that it took over.
func (s *Service) orphaned(ctx context.Context, u org.Unit, d Desk) (bool, error) {
	if len(d.Leads) > 0 || scope.From(ctx).System {
		return false, nil
	}
	return s.keepsAcrossUnits(ctx, u.ID)
}

// mayLead lets in the leads of a desk, and whoever works at the unit where there are none yet. Who is refused stands in the log.
func (s *Service) mayLead(ctx context.Context, u org.Unit, d Desk, act string) error {
	a := scope.From(ctx)
	first := len(d.Leads) == 0 && worksAt(ctx, u.ID, u.Pos)
	if orphaned, err := s.orphaned(ctx, u, d); err != nil {
		return err
	} else if orphaned {
		first = a.May(scope.Admin, u.Pos)
	}
	if a.System || first || worksAt(ctx, u.ID, u.Pos) && slices.ContainsFunc(d.Leads, func(p Person) bool { return p.Account == a.Account }) {
		return nil
	}
	if err := s.audit.Refuse(ctx, audit.Entry{Act: "care.act." + act, Subject: Kind, Pos: u.Pos, Unit: u.ID}); err != nil {
		return err
	}
	return errs.New(errs.Forbidden, "care.not_lead")
}

// OnCall are who is on call at a desk today and later, for those who work in that very unit.
func (s *Service) OnCall(ctx context.Context, u org.Unit) ([]Duty, error) {
	if !worksAt(ctx, u.ID, u.Pos) {
		return nil, nil
	}
	return s.dutiesAcrossUnits(ctx, u.ID, clock.Today(ctx))
}

// AddDuty puts somebody who works at the unit on call, from a day to a day.
func (s *Service) AddDuty(ctx context.Context, unit id.ID, login string, x Duty) (err error) {
	defer errs.Wrapf(&err, "care.AddDuty")
	return s.lead(ctx, unit, "duty", func(ctx context.Context, u org.Unit) error {
		var f errs.Fields
		today := clock.Today(ctx)
		for name, day := range map[string]clock.Day{"from": x.From, "to": x.To} {
			if _, err := clock.ParseDay(string(day)); err != nil {
				f.Add(name, "care.day_missing")
			}
		}
		if len(f) == 0 && (x.To < x.From || x.To < today || x.To > x.From.AddDays(366)) {
			f.Add("to", "care.duty_odd")
		}
		if !org.Dialable(x.Phone) {
			f.Add("duty_phone", "care.phone_odd")
		}
		a, err := s.colleague(ctx, u.ID, u.Pos, login)
		if errs.Is(err, errs.Invalid) {
			f.Add("login", "care.no_colleague")
		} else if err != nil {
			return err
		}
		if err := f.Err(); err != nil {
			return err
		}
		x.Root, x.ID, x.Unit, x.Account, x.Name = u.Root(), id.New(), u.ID, a.Account, a.Name
		return s.putDuty(ctx, x)
	})
}

// DropDuty takes somebody off the list of who is on call.
func (s *Service) DropDuty(ctx context.Context, unit, duty id.ID) (err error) {
	defer errs.Wrapf(&err, "care.DropDuty")
	return s.lead(ctx, unit, "duty", func(ctx context.Context, u org.Unit) error {
		n, err := s.dropDuty(ctx, u.ID, duty)
		if err == nil && n == 0 {
			err = errNone
		}
		return err
	})
}

// lead runs something that only a lead of the desk may do, with its row in the log.
func (s *Service) lead(ctx context.Context, unit id.ID, act string, do func(ctx context.Context, u org.Unit) error) error {
	return s.db.Tx(ctx, func(ctx context.Context) error {
		u, err := s.rec.Home(ctx, unit)
		if err != nil {
			return err
		}
		d, err := s.deskAcrossUnits(ctx, u.ID)
		if err != nil {
			return err
		}
		if err := s.mayLead(ctx, u, d, act); err != nil {
			return err
		}
		if err := do(ctx, u); err != nil {
			return err
		}
		return s.audit.Log(ctx, audit.Entry{Act: "care.act." + act, Subject: Kind, Pos: u.Pos, Unit: u.ID})
	})
}
