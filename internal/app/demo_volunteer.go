package app

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"xinhuo/internal/account"
	"xinhuo/internal/app/demo"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/pinyin"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/volunteer"
)

// demoVolunteer is a volunteer as loaded.
type demoVolunteer struct {
	demo.Volunteer
	ref id.Ref
	own scope.Actor // who enters the person's own hours
}

// volunteers enters people as they stood at the beginning, what came later on its own day, and their hours. Hours of the
// time before are taken over with the days on which they were entered in the office's books then.
func (l *demoLoad) volunteers() {
	people := map[string]*demoVolunteer{}
	before := len(l.events)
	defer func() {
		for i := range l.events[before:] {
			e := &l.events[before+i]
			e.aside = e.day == l.begun
		}
	}()
	// those who were admitted together stand together in the book, which makes its sums cheaper
	list := slices.Clone(l.city.Volunteers)
	slices.SortStableFunc(list, func(a, b demo.Volunteer) int { return strings.Compare(a.AdmittedOn, b.AdmittedOn) })
	for _, x := range list {
		p := &demoVolunteer{Volunteer: x}
		people[x.Code] = p
		u := l.unit(x.Unit)
		first := max(clock.Day(x.CandidateOn), l.begun)
		l.at(first, func(ctx context.Context) (err error) {
			ctx = l.as(ctx, u)
			v := volunteerOn(x, u.ID, first)
			if v.Account, err = l.ownAccount(ctx, p); err == nil {
				p.ref, err = l.a.Volunteer.Create(ctx, v)
			}
			return l.name(x.Code, err)
		})
		for _, d := range volunteerDays(x, first) {
			l.at(d, func(ctx context.Context) error { return l.name(x.Code, l.volunteerDay(l.as(ctx, u), p, u.ID, d)) })
		}
	}
	for _, s := range l.city.Services {
		entered := clock.Day(s.EnteredOn)
		l.at(entered, func(ctx context.Context) error {
			if entered < l.begun {
				ctx = clock.With(ctx, func() time.Time { return entered.Time().Add(16 * time.Hour) })
			}
			return l.name(s.Volunteers[0]+" "+s.Day, l.serve(ctx, people, s))
		})
	}
}

// serve enters a stretch of service by whoever entered it: the person, somebody of the unit, or the unit for many.
func (l *demoLoad) serve(ctx context.Context, people map[string]*demoVolunteer, s demo.Service) (err error) {
	h := volunteer.Hours{Day: clock.Day(s.Day), From: s.Begins, To: s.Ends, What: s.What, Activity: s.Activity}
	refs := make([]id.Ref, len(s.Volunteers))
	for i, code := range s.Volunteers {
		refs[i] = people[code].ref
	}
	first := people[s.Volunteers[0]]
	h.Volunteer = first.ref
	switch volunteer.EnteredAs(s.EnteredAs) {
	case volunteer.BySelf:
		_, err = l.a.Volunteer.LogHours(scope.With(ctx, first.own), h)
	case volunteer.ByOffice:
		_, err = l.a.Volunteer.LogMany(l.as(ctx, l.unit(first.Unit)), h, refs)
	default:
		_, err = l.a.Volunteer.LogHours(l.as(ctx, l.unit(first.Unit)), h)
	}
	return err
}

// ownAccount is the account with which a volunteer enters hours: one of the demonstration's, or one of their own, to
// which nobody has the password.
func (l *demoLoad) ownAccount(ctx context.Context, p *demoVolunteer) (id.ID, error) {
	if p.Login == "" && !p.Account {
		return 0, nil
	}
	u := l.unit(p.Unit)
	acc, err := account.Account{}, error(nil)
	if p.Login != "" {
		acc, err = l.a.Account.ByLogin(ctx, p.Login)
	} else {
		full, _ := pinyin.PersonKeys(p.Name)
		acc, err = l.a.Account.Create(ctx, account.NewAccount{Login: full + fmt.Sprint(p.BirthYear), Person: p.Name, Unit: u.ID})
	}
	p.own = scope.System(p.Name)
	p.own.Account, p.own.Unit, p.own.Pos = acc.ID, u.ID, u.Pos
	return acc.ID, err
}

// volunteerDays are the days after the first entry on which something about a volunteer was done.
func volunteerDays(x demo.Volunteer, first clock.Day) []clock.Day {
	var out []clock.Day
	add := func(day string) {
		if d := clock.Day(day); d > first && !slices.Contains(out, d) {
			out = append(out, d)
		}
	}
	add(x.AdmittedOn)
	add(x.LeftOn)
	for _, c := range x.Checks {
		add(c.On)
	}
	for _, s := range x.Core {
		add(s.From)
		add(s.To)
	}
	return out
}

// volunteerDay does what was done about a volunteer on a day, each by the act that the office has for it.
func (l *demoLoad) volunteerDay(ctx context.Context, p *demoVolunteer, unit id.ID, day clock.Day) error {
	v, x := l.a.Volunteer, p.Volunteer
	version := func() (int64, error) {
		_, ver, err := v.Get(ctx, p.ref)
		return ver.N, err
	}
	act := func(do func(n int64) error) error {
		n, err := version()
		if err != nil {
			return err
		}
		return do(n)
	}
	for _, c := range x.Checks {
		if clock.Day(c.On) == day {
			if err := act(func(n int64) error { return v.AddCheck(ctx, p.ref, n, checkOf(c)) }); err != nil {
				return err
			}
		}
	}
	if clock.Day(x.AdmittedOn) == day {
		if err := act(func(n int64) error { return v.Admit(ctx, p.ref, n, day) }); err != nil {
			return err
		}
		if err := act(func(n int64) error { // the consent and the insurance came with the admission
			return v.Save(ctx, p.ref, n, volunteerOn(x, unit, day), "")
		}); err != nil {
			return err
		}
	}
	for _, s := range x.Core {
		for _, d := range []string{s.From, s.To} {
			if clock.Day(d) == day {
				if err := act(func(n int64) error { return v.SetCore(ctx, p.ref, n, d == s.From, day) }); err != nil {
					return err
				}
			}
		}
	}
	if clock.Day(x.LeftOn) == day {
		return act(func(n int64) error { return v.Leave(ctx, p.ref, n, day, x.LeaveReason) })
	}
	return nil
}

func checkOf(c demo.VolunteerCheck) volunteer.Check {
	return volunteer.Check{Kind: volunteer.CheckKind(c.Kind), Name: c.Name, Number: c.Number, Issuer: c.Issuer, On: clock.Day(c.On), Expires: clock.Day(c.Expires)}
}

// volunteerOn is a volunteer as known on a day.
func volunteerOn(x demo.Volunteer, unit id.ID, day clock.Day) volunteer.Volunteer {
	known := func(d string) clock.Day {
		if clock.Day(d) > day {
			return clock.Open
		}
		return clock.Day(d)
	}
	v := volunteer.Volunteer{Code: x.Code, Unit: unit, Name: x.Name, Sex: x.Sex, BirthYear: int64(x.BirthYear), Kind: volunteer.Class(x.Kind), Retired: x.Retired,
		Profession: x.Profession, Employer: x.Employer, Education: x.Education, Specialities: x.Specialities, Availability: x.Availability, Phone: x.Phone,
		FindConsent: known(x.FindConsent), Experience: x.Experience, ExperienceConsent: known(x.ExperienceConsent), Health: x.Health,
		CandidateOn: clock.Day(x.CandidateOn), AdmittedOn: known(x.AdmittedOn)}
	if v.LeftOn = known(x.LeftOn); v.LeftOn != clock.Open {
		v.LeaveReason = x.LeaveReason
	}
	if v.AdmittedOn != clock.Open {
		v.Insurance = volunteer.Insurance{Company: x.Insurance.Company, Number: x.Insurance.Number, From: clock.Day(x.Insurance.From), Until: clock.Day(x.Insurance.Until)}
	}
	for _, c := range x.Checks {
		if clock.Day(c.On) <= day {
			v.Checks = append(v.Checks, checkOf(c))
		}
	}
	for _, s := range x.Core {
		if clock.Day(s.From) <= day {
			v.Core = append(v.Core, volunteer.Stay{From: clock.Day(s.From), To: known(s.To)})
		}
	}
	return v
}
