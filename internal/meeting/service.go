package meeting

import (
	"context"
	"fmt"
	"slices"

	"xinhuo/internal/audit"
	"xinhuo/internal/flow"
	"xinhuo/internal/kit/blob"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/db"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/ledger"
	"xinhuo/internal/org"
	"xinhuo/internal/record"
)

// Partners knows the bodies beside the tree that have a record of their own.
type Partners interface {
	// PartnersOf are the bodies that a unit works with, by name.
	PartnersOf(ctx context.Context, u org.Unit) ([]Partner, error)
	// Mine is the body for which the reader's account stands; nil for everybody else.
	Mine(ctx context.Context) (*Partner, error)
}

// Service keeps meetings and what they decided.
type Service struct {
	db       *db.DB
	store    store
	rec      *record.Service
	led      *ledger.Service
	org      *org.Service
	audit    *audit.Service
	blobs    blob.Store
	flow     *flow.Service
	partners Partners

	meetings  *desk[Meeting]
	decisions *desk[Decision]
}

// New opens the two books, offers them for import and export, lends a box to the unit's page and lines to the inbox, and
// follows units that move.
func New(d *db.DB, rec *record.Service, led *ledger.Service, o *org.Service, f *flow.Service, a *audit.Service, blobs blob.Store) *Service {
	s := &Service{db: d, store: store{d}, rec: rec, led: led, org: o, audit: a, blobs: blobs, flow: f}
	s.meetings = s.meetingDesk()
	s.decisions = s.decisionDesk()
	rec.AddImporter(s.importer())
	rec.AddImporter(s.decisionImporter())
	o.AddPanel(s.panel())
	o.OnMoved(s.unitChanged)
	f.Lend(s.waiting)
	return s
}

// SetPartners says who knows the bodies beside the tree; without it they are names.
func (s *Service) SetPartners(p Partners) { s.partners = p }

// unitChanged keeps lists at the unit's place of today, or at its heir's; the ledger follows by itself.
func (s *Service) unitChanged(ctx context.Context, c org.Changed) error {
	u, err := s.rec.Home(ctx, c.Unit)
	if err != nil {
		return err
	}
	return s.store.move(ctx, c.Unit, u.Pos)
}

// places are the places of parties as they are today.
func (s *Service) places(ctx context.Context, list []Party) ([]placed, error) {
	out := make([]placed, len(list))
	for i, p := range list {
		out[i] = placed{Party: p, pos: -1}
		if p.Unit == 0 {
			continue
		}
		u, err := s.rec.Home(ctx, p.Unit)
		if err != nil {
			return nil, err
		}
		out[i].pos = u.Pos
	}
	return out, nil
}

// party is the unit below home, or the body beside the tree, that a name means.
func (s *Service) party(ctx context.Context, home org.Unit, name, field string) (Party, error) {
	if name == "" {
		return Party{}, nil
	}
	if org.Names(home.Name, name) {
		return Party{Unit: home.ID, Name: home.Name}, nil
	}
	hits, err := s.org.Search(ctx, org.OfCommittee(name), 50)
	if err != nil {
		return Party{}, err
	}
	var found []org.Unit
	in := home.Range()
	for _, h := range hits {
		if org.Names(h.Unit.Name, name) && h.Unit.Pos >= in.From && h.Unit.Pos < in.To {
			found = append(found, h.Unit)
		}
	}
	switch len(found) {
	case 0:
	case 1:
		return Party{Unit: found[0].ID, Name: found[0].Name}, nil
	default:
		var f errs.Fields
		f.Add(field, "record.unit_several", "Name", name)
		return Party{}, f.Err()
	}
	if s.partners != nil {
		list, err := s.partners.PartnersOf(ctx, home)
		if err != nil {
			return Party{}, err
		}
		if i := slices.IndexFunc(list, func(p Partner) bool { return p.Name == name }); i >= 0 {
			return Party{Partner: list[i].Ref, Name: name}, nil
		}
	}
	return Party{Name: name}, nil
}

// below refuses parties that are units outside the subtree of the one that meets: nobody is brought into a meeting that
// the unit could not call.
func (s *Service) below(ctx context.Context, home org.Unit, field string, list []Party) (f errs.Fields, err error) {
	in := home.Range()
	for _, p := range list {
		if p.Unit == 0 {
			continue
		}
		u, err := s.org.Unit(ctx, p.Unit)
		if errs.Is(err, errs.NotFound) {
			f.Add(field, "meeting.unit_far", "Unit", p.Name)
			continue
		}
		if err != nil {
			return nil, err
		}
		if now, err := s.rec.Home(ctx, p.Unit); err != nil {
			return nil, err
		} else if (u.Pos < in.From || u.Pos >= in.To) && (now.Pos < in.From || now.Pos >= in.To) {
			f.Add(field, "meeting.unit_far", "Unit", p.Name)
		}
	}
	return f, nil
}

// List reads a page of the meetings of a unit's subtree and of those to which it is invited, the latest first, after (day,
// code), and how many there are in all.
func (s *Service) List(ctx context.Context, u org.Unit, f Filter, day clock.Day, code string, limit int) (list []Listed, total int64, err error) {
	where, args := f.where(scope.From(ctx).ViewSet, u.Range())
	err = s.db.Read(ctx, func(ctx context.Context) error {
		if total, err = s.store.count(ctx, where, args); err != nil {
			return err
		}
		list, err = s.store.list(ctx, where, args, day, code, limit)
		return err
	})
	return list, total, err
}

// Decisions reads a page of the decisions that a unit's subtree made, leads or helps with, the first due first, after
// (due, code), and how many there are in all.
func (s *Service) Decisions(ctx context.Context, u org.Unit, f DecisionFilter, due clock.Day, code string, limit int) (list []ListedDecision, total int64, err error) {
	if f.Day == "" {
		f.Day = clock.Today(ctx)
	}
	where, args := f.where(scope.From(ctx).ViewSet, u.Range())
	err = s.db.Read(ctx, func(ctx context.Context) error {
		if total, err = s.store.countDecisions(ctx, where, args); err != nil {
			return err
		}
		list, err = s.store.decisions(ctx, where, args, due, code, limit)
		return err
	})
	return list, total, err
}

// OfMeeting are the decisions of a meeting that the reader may see, all of them when the meeting is the reader's own.
func (s *Service) OfMeeting(ctx context.Context, ref id.Ref, u org.Unit) ([]ListedDecision, error) {
	where, args := DecisionFilter{Meeting: ref.ID, Day: clock.Today(ctx)}.where(scope.From(ctx).ViewSet, u.Range())
	return s.store.decisions(ctx, where, args, "", "", maxSeats)
}

// Speeches are those that a unit's subtree held at meetings, the latest first (R79).
func (s *Service) Speeches(ctx context.Context, u org.Unit, limit int) ([]ListedSpeech, error) {
	return s.store.speeches(ctx, scope.From(ctx).ViewSet, u.Range(), limit)
}

// Bodies are the member bodies of a subtree's meetings in a year: how often each was asked and came, and what it leads.
func (s *Service) Bodies(ctx context.Context, u org.Unit, year int) ([]Body, error) {
	within, from, to := scope.From(ctx).ViewSet, clock.YearOf(year).From, clock.YearOf(year+1).From
	out, err := s.store.bodies(ctx, within, u.Range(), from, to)
	if err != nil {
		return nil, err
	}
	led, err := s.store.led(ctx, within, u.Range(), from, to, clock.Today(ctx))
	for _, l := range led {
		i := slices.IndexFunc(out, func(b Body) bool { return b.Name == l.Name })
		if i < 0 {
			i = len(out)
			out = append(out, Body{Name: l.Name})
		}
		out[i].Leads, out[i].Open, out[i].Late = l.Leads, l.Open, l.Late
	}
	return out, err
}

// Seats are the seats of a body in a year, of all bodies without a name.
func (s *Service) Seats(ctx context.Context, u org.Unit, body string, year int) ([]SeatRow, error) {
	return s.store.seats(ctx, scope.From(ctx).ViewSet, u.Range(), body, clock.YearOf(year).From, clock.YearOf(year+1).From, 2000)
}

// Sorts are the kinds of meeting of a unit's city.
func (s *Service) Sorts(ctx context.Context, u org.Unit) ([]Sort, error) {
	return s.store.sorts(ctx, u.Root())
}

// AddSort adds a kind of meeting to a city's list; it takes the right to administer the city.
func (s *Service) AddSort(ctx context.Context, u org.Unit, k Sort) error {
	trim(&k.Name, &k.En)
	k.Root = u.Root()
	return s.org.SetCity(ctx, u, audit.Entry{Act: "meeting.act.kinds", Subject: Kind, Note: k.Name}, func(ctx context.Context) error {
		list, err := s.store.sorts(ctx, k.Root)
		if err != nil {
			return err
		}
		var f errs.Fields
		if n := len([]rune(k.Name)); n == 0 || n > 20 || len(k.En) > maxTitle {
			f.Add("name", "meeting.sort_missing")
		}
		if slices.ContainsFunc(list, func(x Sort) bool { return x.Name == k.Name }) {
			f.Add("name", "meeting.sort_twice", "Name", k.Name)
		}
		if k.Joined == 1 && k.Above == 1 {
			f.Add("nature", "meeting.sort_both")
		}
		if err := f.Err(); err != nil {
			return err
		}
		return s.store.addSort(ctx, k)
	})
}

// DropSort takes out a kind that the city added, as long as no meeting is of it.
func (s *Service) DropSort(ctx context.Context, u org.Unit, name string) error {
	return s.org.SetCity(ctx, u, audit.Entry{Act: "meeting.act.kinds", Subject: Kind, Note: name}, func(ctx context.Context) error {
		n, err := s.store.usesAcrossUnits(ctx, u.Root(), name)
		if err != nil {
			return err
		}
		if n > 0 {
			return errs.New(errs.Conflict, "meeting.sort_used", "Name", name, "N", n)
		}
		n, err = s.store.dropSort(ctx, u.Root(), name)
		if err == nil && n == 0 {
			return errs.New(errs.NotFound, "errs.not_found")
		}
		return err
	})
}

// sort is a kind of meeting in the reader's language.
func (s *Service) sort(ctx context.Context, name string) string {
	if i18n.Lang(ctx) == "zh" || name == "" {
		return name
	}
	k, err := s.store.anySortAcrossUnits(ctx, name)
	if err != nil {
		return name
	}
	return k.in(ctx)
}

func (k Sort) in(ctx context.Context) string {
	if i18n.Lang(ctx) == "en" && k.En != "" {
		return k.En
	}
	return k.Name
}

// soon is how many days before its day a decision stands in the inbox, and how long minutes may take.
const soon = 14

// waiting are the lines of a unit's inbox: invitations to answer, decisions that are due, bodies of its own meetings that
// have not answered, minutes that were not issued.
func (s *Service) waiting(ctx context.Context, unit id.ID) ([]flow.Item, error) {
	u, err := s.org.Unit(ctx, unit)
	if err != nil || !scope.From(ctx).May(scope.View, u.Pos) {
		return nil, nil // somebody without a unit has no such lines
	}
	today := clock.Today(ctx)
	var out []flow.Item
	add := func(title, why, link string, due clock.Day) {
		out = append(out, flow.Item{Kind: flow.KindDo, Title: title, Why: why, Due: due, Overdue: due < today, Link: link})
	}
	seats, err := s.store.unanswered(ctx, u.Pos, today)
	if err != nil {
		return nil, err
	}
	for _, x := range seats {
		at := "/meeting/" + id.Ref{Root: x.Root, ID: x.Meeting}.String()
		add(i18n.T(ctx, "meeting.task.reply", "Title", x.Title), i18n.T(ctx, "meeting.task.reply_why", "Day", i18n.Day(ctx, x.Day), "Person", x.Person), fmt.Sprintf("%s/do/reply?no=%d", at, x.No), x.Day)
	}
	list, err := s.store.waitingFor(ctx, u.Pos, today.AddDays(soon))
	if err != nil {
		return nil, err
	}
	for _, d := range list {
		add(i18n.T(ctx, "meeting.task.decision", "Text", d.Text), i18n.T(ctx, "meeting.task.decision_why", "Lead", d.Lead, "Day", i18n.Day(ctx, d.DecidedOn)), "/decision/"+d.Ref().String(), d.Due)
	}
	silent, err := s.store.silent(ctx, u.Pos, today, today.AddDays(soon))
	if err != nil {
		return nil, err
	}
	for i := 0; i < len(silent); {
		n := i
		for n < len(silent) && silent[n].Meeting == silent[i].Meeting {
			n++
		}
		x := silent[i]
		add(i18n.T(ctx, "meeting.task.silent", "Title", x.Title), i18n.T(ctx, "meeting.task.silent_why", "N", n-i, "First", x.Body), "/meeting/"+id.Ref{Root: x.Root, ID: x.Meeting}.String()+"#people", x.Day)
		i = n
	}
	papers, err := s.store.unissued(ctx, u.Pos, today.AddDays(-180), today)
	if err != nil {
		return nil, err
	}
	for _, m := range papers {
		state := m.Minutes
		if state == "" {
			state = "none"
		}
		if state == "draft" {
			if x, _, err := s.meetings.book.Get(ctx, m.Ref()); err != nil {
				return nil, err
			} else if x.Chair == scope.From(ctx).Name { // the chair reads and approves, the office waits for it
				add(i18n.T(ctx, "meeting.task.approve", "Title", m.Title), i18n.T(ctx, "meeting.task.approve_why"), "/meeting/"+m.Ref().String()+"#minutes", m.Day.AddDays(soon))
				continue
			}
		}
		add(i18n.T(ctx, "meeting.task.minutes", "Title", m.Title), i18n.T(ctx, "meeting.minutes."+state), "/meeting/"+m.Ref().String()+"#minutes", m.Day.AddDays(soon))
	}
	return out, nil
}
