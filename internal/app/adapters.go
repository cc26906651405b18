package app

import (
	"context"
	"io"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"xinhuo/internal/kit/extract"
	"xinhuo/internal/kit/office"
	"xinhuo/internal/kit/pdf"

	"xinhuo/internal/account"
	"xinhuo/internal/activity"
	"xinhuo/internal/campaign"
	"xinhuo/internal/contact"
	"xinhuo/internal/coord"
	"xinhuo/internal/flow"
	"xinhuo/internal/guarantee"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/library"
	"xinhuo/internal/meeting"
	"xinhuo/internal/org"
	"xinhuo/internal/plan"
	"xinhuo/internal/project"
	"xinhuo/internal/record"
	"xinhuo/internal/seal"
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

func (s sealAccounts) Colleagues(ctx context.Context, unit id.ID) ([]seal.Colleague, error) {
	list, err := s.Service.Colleagues(ctx, unit)
	out := make([]seal.Colleague, len(list))
	for i, a := range list {
		out[i] = seal.Colleague{Account: a.ID, Login: a.Login, Name: a.Person}
	}
	return out, err
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

// sharedMeetings are what meetings decided for a body, and the invitations to it, for its own page.
func (a *App) sharedMeetings(ctx context.Context, body contact.ListedBody) ([]contact.Shared, error) {
	met, open, err := a.Meeting.Invited(ctx, body.Ref)
	if err != nil {
		return nil, err
	}
	var out []contact.Shared
	for _, m := range met {
		out = append(out, contact.Shared{Kind: "meeting.invitation", Title: m.Title, Unit: m.Unit, Day: m.Day, Open: open[m.ID], Link: meeting.InvitationPath(m.Ref())})
	}
	list, err := a.Meeting.SharedWith(ctx, body.Ref.ID)
	for _, d := range list {
		open := d.DoneOn == clock.Open && d.DroppedOn == clock.Open
		out = append(out, contact.Shared{Kind: "meeting.decision", Title: d.Text, Unit: d.Unit, Day: d.Due, Open: open, Late: open && d.Due < clock.Today(ctx), Link: meeting.SharedPath(d.Ref())})
	}
	return out, err
}

// worksFor are what a unit and those below it did that can show that a plan was carried out: activities, courses, meetings,
// campaigns and notices that they issued, surveys, research reports, contracts, and what was done with other bodies (R21, R22);
// of each kind the latest, or with a text those whose title holds it.
func (a *App) worksFor(ctx context.Context, u org.Unit, from, to clock.Day, text string) ([]plan.Link, error) {
	var out []plan.Link
	word := strings.ToLower(text)
	add := func(kind, path, title string, day clock.Day) {
		if day != clock.Open && day >= from && day <= to && strings.Contains(strings.ToLower(title), word) {
			out = append(out, plan.Link{Kind: kind, Path: path, Title: title, Day: day})
		}
	}
	for _, find := range []func(context.Context, org.Unit, clock.Day, clock.Day, string, func(kind, path, title string, day clock.Day)) error{a.worksHeld, a.worksIssued, a.worksKept} {
		if err := find(ctx, u, from, to, text, add); err != nil {
			return nil, err
		}
	}
	slices.SortStableFunc(out, func(a, b plan.Link) int { return strings.Compare(string(b.Day), string(a.Day)) })
	return out, nil
}

const (
	// mostWorks bounds each kind of record that a plan's item can be linked to.
	mostWorks = 60
	// mostSought bounds those among which titles are looked through; activities, meetings and contracts are looked through all.
	mostSought = 100
)

// bound is how many of a kind are looked at.
func bound(text string) int {
	if text == "" {
		return mostWorks
	}
	return mostSought
}

// worksHeld are what people came to: activities, courses, meetings.
func (a *App) worksHeld(ctx context.Context, u org.Unit, from, to clock.Day, text string, add func(kind, path, title string, day clock.Day)) error {
	held, err := a.Activity.List(ctx, activity.Filter{Unit: u, From: from, To: to, Status: activity.Held, Text: text, Limit: mostWorks})
	if err != nil {
		return err
	}
	for _, l := range held.Rows {
		add("activity", "/activity/"+l.Ref().String(), l.Title, l.Day)
	}
	courses, err := a.Training.List(ctx, u, training.Filter{Year: from.Year(), State: training.Held, Day: to}, clock.Open, "", bound(text))
	if err != nil {
		return err
	}
	for _, l := range courses.Courses {
		add("training", "/training/"+l.Ref().String(), l.Title, l.Last)
	}
	met, _, err := a.Meeting.List(ctx, u, meeting.Filter{Year: int64(from.Year()), Text: text}, "", "", mostWorks)
	for _, l := range met {
		add("meeting", "/meeting/"+l.Ref().String(), l.Title, l.Day)
	}
	return err
}

// worksIssued are what went down the tree: campaigns, notices, surveys. What comes to the unit from above is no work of its own.
func (a *App) worksIssued(ctx context.Context, u org.Unit, _, to clock.Day, text string, add func(kind, path, title string, day clock.Day)) error {
	for _, below := range []bool{false, true} {
		campaigns, _, err := a.Campaign.List(ctx, u, to, campaign.Filter{Below: below, Limit: bound(text)})
		if err != nil {
			return err
		}
		for _, l := range campaigns {
			if below || l.Unit == u.ID {
				add("campaign", "/campaign/"+l.Ref.String(), l.Title, l.IssuedOn)
			}
		}
		f := coord.Filter{Below: below, Limit: bound(text)}
		if !below {
			f.Issuer = u.ID
		}
		notices, _, err := a.Coord.List(ctx, u, to, f)
		if err != nil {
			return err
		}
		for _, l := range notices {
			add("notice", "/notice/"+l.Ref.String(), l.Title, l.IssuedOn)
		}
	}
	surveys, err := a.Survey.List(ctx, u)
	for _, l := range surveys {
		if (scope.Set{u.Range()}).Contains(l.Pos) {
			add("survey", "/survey/"+l.Ref().String(), l.Title, l.IssuedOn)
		}
	}
	return err
}

// worksKept are what was written down at its end: research reports, contracts, what was done with other bodies.
func (a *App) worksKept(ctx context.Context, u org.Unit, from, _ clock.Day, text string, add func(kind, path, title string, day clock.Day)) error {
	reports, err := a.Survey.Reports(ctx, u, from.Year())
	if err != nil {
		return err
	}
	for _, l := range reports {
		add("research", "/research/"+l.Ref().String(), l.Title, l.FinishedOn)
	}
	signed, err := a.Project.List(ctx, u, project.Filter{Year: from.Year(), Text: text}, "", "", mostWorks)
	if err != nil {
		return err
	}
	for _, l := range signed.Contracts {
		add("project", "/project/"+l.Ref().String(), l.Name(), l.SignedOn)
	}
	entries, _, err := a.Contact.List(ctx, u, contact.Filter{Year: from.Year(), Limit: bound(text)})
	for _, l := range entries {
		add("contact", "/contact/"+l.Ref.String(), l.Topic, l.Day)
	}
	return err
}

// mostPapers bounds the documents on which a mechanism can be said to rest.
const mostPapers = 40

// papersFor are the notices and policy documents that came to a unit or that it issued, policies first, each with the obligations
// that bind it (R7).
func (a *App) papersFor(ctx context.Context, u org.Unit) ([]guarantee.Paper, error) {
	list, _, err := a.Coord.List(ctx, u, clock.Today(ctx), coord.Filter{Limit: mostPapers})
	if err != nil {
		return nil, err
	}
	slices.SortStableFunc(list, func(x, y coord.Listed) int { // policies first
		switch {
		case (x.Kind == "policy") == (y.Kind == "policy"):
			return 0
		case x.Kind == "policy":
			return -1
		}
		return 1
	})
	var out []guarantee.Paper
	for _, l := range list {
		if l.IssuedOn == clock.Open {
			continue
		}
		n, _, err := a.Coord.Notice(ctx, l.Ref)
		if errs.Is(err, errs.NotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		p := guarantee.Paper{Ref: l.Ref, Title: l.Title, Number: l.Document, Day: l.IssuedOn}
		out = append(out, p)
		for _, o := range n.Obligations {
			if len(o.Levels) == 0 || slices.Contains(o.Levels, u.Level) || l.Unit == u.ID {
				p.No, p.Text = o.No, o.Text
				out = append(out, p)
			}
		}
	}
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

// libraryPDF lends the reader of PDFs to the library.
type libraryPDF struct{ *pdf.Reader }

func (l libraryPDF) Text(ctx context.Context, file io.ReaderAt, size int64, limits extract.Limits) (extract.Document, error) {
	d, err := l.Read(ctx, file, size, limits)
	return extract.Document{Title: d.Title, Author: d.Author, Created: d.Created, Modified: d.Modified, Pages: d.Pages, Blocks: d.Blocks, Cut: d.Cut}, err
}

func (l libraryPDF) Lines(ctx context.Context, file io.ReaderAt, size int64, page int) (library.Sheet, error) {
	s, lines, err := l.Reader.Lines(ctx, file, size, page)
	out := library.Sheet{Width: s.Width, Height: s.Height}
	for _, x := range lines {
		out.Lines = append(out.Lines, library.SheetLine(x))
	}
	return out, err
}

// libraryOffice lends LibreOffice to the library.
type libraryOffice struct{ *office.Converter }

func (libraryOffice) Converts(format string) bool { return office.Converts(format) }

// material finds a document of the library that may be used in an activity.
func (a *App) material(ctx context.Context, no int64) (activity.Material, error) {
	_, d, _, err := a.Library.Number(ctx, no)
	return activity.Material{Title: d.Title, Href: library.Path(no), Approved: d.Usable()}, err
}

// cited finds what a notice rests on in the library.
func (a *App) cited(ctx context.Context, c coord.Cite) (out coord.Cited, err error) {
	out.Title, out.Point, out.Href, err = a.Library.Cited(ctx, c.No, c.Point)
	return out, err
}

// libraryProjects are the contracts of units, to which documents of the library can belong.
type libraryProjects struct {
	*project.Service
	rec *record.Service
}

func (l libraryProjects) Of(ctx context.Context, unit id.ID, text string, limit int) ([]library.Project, error) {
	u, err := l.rec.Home(ctx, unit)
	if err != nil {
		return nil, err
	}
	u.Level = org.Village // its own place, and none below
	p, err := l.List(ctx, u, project.Filter{Text: text}, "", "", limit)
	out := make([]library.Project, len(p.Contracts))
	for i, c := range p.Contracts {
		out[i] = library.Project{Ref: c.Ref(), Title: c.Name(), No: c.Number, Href: "/project/" + c.Ref().String()}
	}
	return out, err
}

func (l libraryProjects) Named(ctx context.Context, ref id.Ref) (library.Project, error) {
	c, _, err := l.Get(ctx, ref)
	return library.Project{Ref: ref, Title: c.Name(), No: c.Number, Href: "/project/" + ref.String(), Units: c.Units()}, err
}

// lessonsOfProject is the box of what was learnt on a contract's page (R208).
func (a *App) lessonsOfProject() project.Panel {
	return project.Panel{Key: "library", Render: func(ctx context.Context, ref id.Ref, c project.Contract) (templ.Component, error) {
		return a.Library.ProjectPanel(ctx, ref, c.Units())
	}}
}
