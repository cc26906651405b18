package app

import (
	"context"
	"slices"
	"strings"

	"xinhuo/internal/account"
	"xinhuo/internal/activity"
	"xinhuo/internal/contact"
	"xinhuo/internal/flow"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/meeting"
	"xinhuo/internal/org"
	"xinhuo/internal/plan"
	"xinhuo/internal/training"
)

// flowPlace is the unit that an address names, for the courses that are set at it; the actor's own without a name.
func (a *App) flowPlace(ctx context.Context, ref string) (flow.Unit, error) {
	if ref == "" {
		ref = scope.From(ctx).Unit.String()
	}
	u, err := a.Org.Resolve(ctx, ref)
	return flow.Unit{ID: u.ID, Name: u.Name, Range: u.Range()}, err
}

// volunteerAccounts lets an office say whose account belongs to one of its volunteers, without the right to administer
// accounts: those whose home is where the office works.
type volunteerAccounts struct{ *account.Service }

func (v volunteerAccounts) ByLogin(ctx context.Context, login string) (account.Account, error) {
	acc, err := v.Service.ByLogin(scope.With(ctx, scope.System("volunteer.accounts")), login)
	if err == nil && !scope.From(ctx).May(scope.Work, acc.Pos) {
		return account.Account{}, errs.New(errs.NotFound, "errs.not_found")
	}
	return acc, err
}

func (v volunteerAccounts) Get(ctx context.Context, acc id.ID) (account.Account, error) {
	return v.Service.Get(scope.With(ctx, scope.System("volunteer.accounts")), acc)
}

// sealAccounts tells who somebody is that a unit wants to let read what it keeps sealed; seal asks what they see.
type sealAccounts struct{ *account.Service }

func (s sealAccounts) ByLogin(ctx context.Context, login string) (scope.Actor, error) {
	ctx = scope.With(ctx, scope.System("seal.accounts"))
	acc, err := s.Service.ByLogin(ctx, login)
	if err != nil {
		return scope.Actor{}, err
	}
	return s.Actor(ctx, acc.ID)
}

// contactAccounts lets an office name the account of somebody at a body: one whose home is where the office works, with no
// post and no grant.
type contactAccounts struct{ *account.Service }

func (c contactAccounts) ByLogin(ctx context.Context, login string) (contact.Seat, bool, error) {
	acc, err := volunteerAccounts(c).ByLogin(ctx, login) // asks the same
	if err != nil {
		return contact.Seat{}, false, err
	}
	actor, err := c.Actor(ctx, acc.ID)
	free := len(actor.FindSet)+len(actor.ViewSet)+len(actor.WorkSet)+len(actor.AdminSet)+len(actor.AuditSet) == 0
	return contact.Seat{Account: acc.ID, Login: acc.Login, Name: acc.Person}, free, err
}

// meetingPartners are the registered bodies, for the seats and decisions of meetings.
type meetingPartners struct{ *contact.Service }

func (m meetingPartners) PartnersOf(ctx context.Context, u org.Unit) ([]meeting.Partner, error) {
	list, err := m.Service.PartnersOf(ctx, u)
	out := make([]meeting.Partner, len(list))
	for i, b := range list {
		out[i] = meeting.Partner{Ref: b.Ref, Name: b.Name}
	}
	return out, err
}

func (m meetingPartners) Mine(ctx context.Context) (*meeting.Partner, error) {
	b, err := m.Service.Mine(ctx)
	if err != nil || b == nil {
		return nil, err
	}
	return &meeting.Partner{Ref: b.Ref, Name: b.Name}, nil
}

// sharedDecisions are what meetings decided for a body, for its own page.
func (a *App) sharedDecisions(ctx context.Context, body contact.ListedBody) ([]contact.Shared, error) {
	list, err := a.Meeting.SharedWith(ctx, body.Ref.ID)
	var out []contact.Shared
	for _, d := range list {
		open := d.DoneOn == clock.Open && d.DroppedOn == clock.Open
		out = append(out, contact.Shared{Kind: "meeting.decision", Title: d.Text, Unit: d.Unit, Day: d.Due, Open: open, Late: open && d.Due < clock.Today(ctx), Link: meeting.SharedPath(d.Ref())})
	}
	return out, err
}

// worksFor are the activities, courses and meetings of a unit and those below it that can show that a plan was carried out.
func (a *App) worksFor(ctx context.Context, u org.Unit, from, to clock.Day) ([]plan.Link, error) {
	const most = 60
	held, err := a.Activity.List(ctx, activity.Filter{Unit: u, From: from, To: to, Status: activity.Held, Limit: most})
	if err != nil {
		return nil, err
	}
	var out []plan.Link
	for _, l := range held.Rows {
		out = append(out, plan.Link{Kind: "activity", Path: "/activity/" + l.Ref().String(), Title: l.Title, Day: l.Day})
	}
	courses, err := a.Training.List(ctx, u, training.Filter{Year: from.Year(), State: training.Held, Day: to}, clock.Open, "", most)
	if err != nil {
		return nil, err
	}
	for _, l := range courses.Courses {
		if l.Last >= from && l.Last <= to {
			out = append(out, plan.Link{Kind: "training", Path: "/training/" + l.Ref().String(), Title: l.Title, Day: l.Last})
		}
	}
	met, _, err := a.Meeting.List(ctx, u, meeting.Filter{Year: int64(from.Year())}, "", "", most)
	if err != nil {
		return nil, err
	}
	for _, l := range met {
		if l.Day >= from && l.Day <= to {
			out = append(out, plan.Link{Kind: "meeting", Path: "/meeting/" + l.Ref().String(), Title: l.Title, Day: l.Day})
		}
	}
	slices.SortStableFunc(out, func(a, b plan.Link) int { return strings.Compare(string(b.Day), string(a.Day)) })
	return out, nil
}

// isPartner tells whether the reader stands for a body and holds no right of its own.
func (a *App) isPartner(ctx context.Context) (bool, error) {
	if len(scope.From(ctx).ViewSet) > 0 {
		return false, nil
	}
	body, err := a.Contact.Mine(ctx)
	return body != nil, err
}

type flowPeople struct{ a *App }

// StandIns are those who hold a working post at the unit or at the one above.
func (p flowPeople) StandIns(ctx context.Context, unit id.ID) ([]flow.Person, error) {
	up, err := p.a.Org.Ancestors(ctx, unit, clock.Today(ctx))
	if err != nil {
		return nil, err
	}
	if len(up) > 2 {
		up = up[len(up)-2:]
	}
	var out []flow.Person
	seen := map[id.ID]bool{}
	for _, u := range up {
		posts, err := p.a.Org.Posts(ctx, u.ID, clock.Today(ctx))
		if err != nil {
			return nil, err
		}
		for _, post := range posts {
			if post.Account != 0 && !seen[post.Account] {
				seen[post.Account] = true
				out = append(out, flow.Person{Account: post.Account, Name: post.Person, Unit: u.ID, Place: u.Name})
			}
		}
	}
	return out, nil
}

// Holds tells whether the account works at the unit now.
func (p flowPeople) Holds(ctx context.Context, acc, unit id.ID) (bool, error) {
	actor, err := p.a.Account.Actor(ctx, acc)
	if err != nil {
		return false, err
	}
	u, err := p.a.Org.Unit(ctx, unit)
	return actor.May(scope.Work, u.Pos), err
}
