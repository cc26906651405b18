package training

import (
	"context"
	"fmt"
	"slices"

	"xinhuo/internal/audit"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/db"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/ledger"
	"xinhuo/internal/org"
	"xinhuo/internal/people"
	"xinhuo/internal/record"
	"xinhuo/internal/volunteer"
)

// Service keeps courses, and what follows from them for people and units.
type Service struct {
	db         *db.DB
	store      store
	rec        *record.Service
	led        *ledger.Service
	org        *org.Service
	volunteers *volunteer.Service
	people     *people.Service
	audit      *audit.Service
	book       *record.Book[Course]
}

// New opens the book of courses, offers courses and attendance for import and export, lends a box to the unit's page and
// follows units that move.
func New(d *db.DB, rec *record.Service, led *ledger.Service, o *org.Service, v *volunteer.Service, p *people.Service, a *audit.Service) *Service {
	s := &Service{db: d, store: store{d}, rec: rec, led: led, org: o, volunteers: v, people: p, audit: a}
	s.book = record.NewBook(rec, record.Kind[Course]{Name: Kind, Home: func(c Course) id.ID { return c.Unit }, Put: s.put, Rows: rows, Facts: s.facts}, s.source())
	led.Register(s.trainees())
	rec.AddImporter(s.importer())
	rec.AddImporter(s.attendanceImporter())
	o.AddPanel(s.panel())
	o.OnMoved(s.unitChanged)
	return s
}

// put writes the tables of a course, and posts what those who were or are in it hold now.
func (s *Service) put(ctx context.Context, ref id.Ref, c Course, gone bool) error {
	u, err := s.rec.Home(ctx, c.Unit)
	if err != nil {
		return err
	}
	l := Listed{Root: ref.Root, ID: ref.ID, Unit: c.Unit, Pos: u.Pos, Code: c.Code, Title: c.Title, Subject: c.Subject, Mode: c.Mode, Planned: c.Planned, From: c.From, Last: c.Last,
		Cancelled: c.CancelledOn, Sort: c.sortDay(), Competence: c.Competence, Minutes: c.Minutes, N: c.persons()}
	var seats []Seat
	var reads []Read
	pos := map[id.ID]int64{c.Unit: u.Pos}
	place := func(unit id.ID) (int64, error) {
		if p, ok := pos[unit]; ok {
			return p, nil
		}
		at, err := s.rec.Home(ctx, unit)
		pos[unit] = at.Pos
		return at.Pos, err
	}
	for _, p := range c.People {
		if p.Passed {
			l.Passed++
		}
		if !c.counts() {
			continue
		}
		at, err := place(p.Unit)
		if err != nil {
			return err
		}
		x := Seat{Root: ref.Root, Course: ref.ID, Person: p.Volunteer.ID, Unit: p.Unit, Pos: at, Day: c.Last, Minutes: p.Minutes}
		if c.number(p) != "" {
			x.Competence, x.Expires = c.Competence, c.Expires()
		}
		seats = append(seats, x)
	}
	if c.counts() {
		for _, unit := range c.studied() {
			at, err := place(unit)
			if err != nil {
				return err
			}
			for _, d := range c.Documents {
				reads = append(reads, Read{Unit: unit, Pos: at, Document: d.Key(), Title: d.Title, Day: c.Last})
			}
		}
	}
	ids, err := s.store.put(ctx, l, seats, reads, gone)
	if err != nil {
		return err
	}
	slices.Sort(ids)
	recs, err := s.traineeRecords(ctx, slices.Compact(ids))
	if err != nil {
		return err
	}
	return s.led.Post(ctx, KindTrainee, recs...)
}

// unitChanged keeps lists at the unit's place of today, or at its heir's; the ledger follows by itself.
func (s *Service) unitChanged(ctx context.Context, c org.Changed) error {
	u, err := s.rec.Home(ctx, c.Unit)
	if err != nil {
		return err
	}
	return s.store.move(ctx, c.Unit, u.Pos)
}

// Create keeps a new course; without a code it is given one. Invalid with fields when something has to be changed.
func (s *Service) Create(ctx context.Context, c Course) (id.Ref, error) {
	return s.create(ctx, c, record.Change{Act: "training.act.create"})
}

func (s *Service) create(ctx context.Context, c Course, ch record.Change) (ref id.Ref, err error) {
	err = s.db.Tx(ctx, func(ctx context.Context) error {
		if err := s.book.MayCreate(ctx, c, ch); err != nil {
			return err
		}
		u, err := s.org.Unit(ctx, c.Unit)
		if err != nil {
			return err
		}
		c = c.keeping(Course{})
		if c, err = s.seat(ctx, c, Course{}); err != nil {
			return err
		}
		c = c.clean()
		if c.Code == "" {
			if c.Code, err = s.freeCode(ctx, u); err != nil {
				return err
			}
		}
		if err := s.check(ctx, id.Ref{Root: u.Root()}, c); err != nil {
			return err
		}
		ref, err = s.book.Create(ctx, c, ch)
		return err
	})
	return ref, err
}

// Save corrects a course as it was read at a version; Conflict when somebody was quicker.
func (s *Service) Save(ctx context.Context, ref id.Ref, version int64, c Course, reason string) error {
	return s.save(ctx, ref, version, c, record.Change{Act: "training.act.correct", Reason: reason})
}

func (s *Service) save(ctx context.Context, ref id.Ref, version int64, c Course, ch record.Change) error {
	return s.change(ctx, ref, version, ch, func(now *Course) error {
		code := now.Code
		if *now = c; now.Code == "" {
			now.Code = code
		}
		return nil
	})
}

// change edits a course as read at a version and saves it, in one transaction. The right comes first: to others the rules
// say nothing of a record.
func (s *Service) change(ctx context.Context, ref id.Ref, version int64, ch record.Change, edit func(c *Course) error) error {
	return s.db.Tx(ctx, func(ctx context.Context) error {
		if err := s.book.MayWork(ctx, ref, ch); err != nil {
			return err
		}
		was, _, err := s.book.Get(ctx, ref)
		if err != nil {
			return err
		}
		c := was
		c.People, c.Cadres, c.Documents = slices.Clone(was.People), slices.Clone(was.Cadres), slices.Clone(was.Documents)
		if err := edit(&c); err != nil {
			return err
		}
		if c, err = s.seat(ctx, c.keeping(was), was); err != nil {
			return err
		}
		c = c.clean()
		if err := s.check(ctx, ref, c); err != nil {
			return err
		}
		return s.book.Save(ctx, ref, version, c, ch)
	})
}

// seat fills in whose volunteers those are who are new in a course. Only who may be seen by the one who enters can be
// entered: nobody learns a name by guessing.
func (s *Service) seat(ctx context.Context, c, was Course) (Course, error) {
	unit := map[id.Ref]id.ID{}
	for _, p := range was.People {
		unit[p.Volunteer] = p.Unit
	}
	var fresh []id.Ref
	for _, p := range c.People {
		if _, known := unit[p.Volunteer]; !known {
			fresh = append(fresh, p.Volunteer)
		}
	}
	files, err := s.volunteers.Files(ctx, fresh)
	if err != nil {
		return c, err
	}
	var f errs.Fields
	for i, p := range c.People {
		u, known := unit[p.Volunteer]
		if v, ok := files[p.Volunteer]; ok {
			u, known = v.Unit, true
		}
		if !known {
			f.Add("came", "training.person_unknown", "Name", p.Volunteer.String())
			break
		}
		c.People[i].Unit = u
	}
	return c, f.Err()
}

// check holds the rules that need a look at what else is kept.
func (s *Service) check(ctx context.Context, ref id.Ref, c Course) error {
	f := c.problems()
	other, err := s.store.AcrossUnitsByCode(ctx, ref.Root, c.Code)
	switch {
	case err == nil && other.ID != ref.ID:
		f.Add("code", "training.code_taken", "Code", c.Code)
	case err != nil && !errs.Is(err, errs.NotFound):
		return err
	}
	for _, w := range [][2]string{{"subject", c.Subject}, {"competence", c.Competence}} {
		if w[1] == "" {
			continue
		}
		list, err := s.store.words(ctx, ref.Root, w[0])
		if err != nil {
			return err
		}
		if !slices.ContainsFunc(list, func(x Word) bool { return x.Name == w[1] }) {
			f.Add(w[0], "training.word_unknown", "Name", w[1])
		}
	}
	if len(c.People)+len(c.Cadres) > 0 && c.From > clock.Today(ctx) {
		f.Add("from", "training.not_yet_held")
	}
	for _, x := range c.Cadres {
		if _, err := s.org.Unit(ctx, x.Unit); errs.Is(err, errs.NotFound) {
			f.Add("cadres", "training.cadres_unit")
		} else if err != nil {
			return err
		}
	}
	return f.Err()
}

// freeCode numbers a unit's courses: the unit's code, PX, and the next number that nobody has.
func (s *Service) freeCode(ctx context.Context, u org.Unit) (string, error) {
	have, err := s.store.idsOf(ctx, u.ID)
	if err != nil {
		return "", err
	}
	for n := len(have) + 1; ; n++ {
		code := fmt.Sprintf("%s-PX%03d", u.Code, n)
		if _, err := s.store.AcrossUnitsByCode(ctx, u.Root(), code); errs.Is(err, errs.NotFound) {
			return code, nil
		} else if err != nil {
			return "", err
		}
	}
}

// Attend notes who came to a course, for how many minutes (0 is all of it), and whether they passed (R173). Who is in it
// already is noted anew: one person counts once.
func (s *Service) Attend(ctx context.Context, ref id.Ref, version int64, who []id.Ref, minutes int64, passed bool) error {
	return s.change(ctx, ref, version, record.Change{Act: "training.act.attend"}, func(c *Course) error {
		var f errs.Fields
		if len(who) == 0 {
			f.Add("came", "training.came_missing")
		}
		if c.CancelledOn != "" {
			return errs.New(errs.Conflict, "training.cancelled_people")
		}
		if minutes == 0 {
			minutes = c.Minutes
		}
		for _, w := range who {
			p := Attendee{Volunteer: w, Minutes: minutes, Passed: passed}
			if i := slices.IndexFunc(c.People, func(x Attendee) bool { return x.Volunteer == w }); i >= 0 {
				p.Unit = c.People[i].Unit
				c.People[i] = p
			} else {
				c.People = append(c.People, p)
			}
		}
		return f.Err()
	})
}

// Drop takes out people who were entered by mistake.
func (s *Service) Drop(ctx context.Context, ref id.Ref, version int64, who []id.Ref, reason string) error {
	return s.change(ctx, ref, version, record.Change{Act: "training.act.drop", Reason: reason}, func(c *Course) error {
		var f errs.Fields
		if reason == "" {
			f.Add("reason", "training.reason_missing")
		}
		n := len(c.People)
		c.People = slices.DeleteFunc(c.People, func(p Attendee) bool { return slices.Contains(who, p.Volunteer) })
		if len(c.People) == n {
			f.Add("came", "training.came_missing")
		}
		return f.Err()
	})
}

// SetCadres notes how many of a unit's office came; 0 takes the unit out.
func (s *Service) SetCadres(ctx context.Context, ref id.Ref, version int64, unit id.ID, n int64) error {
	return s.change(ctx, ref, version, record.Change{Act: "training.act.cadres"}, func(c *Course) error {
		c.Cadres = slices.DeleteFunc(c.Cadres, func(x Cadres) bool { return x.Unit == unit })
		c.Cadres = append(c.Cadres, Cadres{unit, n})
		return nil
	})
}

// Cancel says that a planned course is not held.
func (s *Service) Cancel(ctx context.Context, ref id.Ref, version int64, reason string) error {
	return s.change(ctx, ref, version, record.Change{Act: "training.act.cancel", Reason: reason}, func(c *Course) error {
		if c.CancelledOn != "" {
			return errs.New(errs.Conflict, "training.cancelled_already")
		}
		if len(c.People)+len(c.Cadres) > 0 {
			return errs.New(errs.Conflict, "training.cancelled_people")
		}
		c.CancelledOn, c.Reason = clock.Today(ctx), reason
		return nil
	})
}

// Remove takes out a course that was entered by mistake; its history stays.
func (s *Service) Remove(ctx context.Context, ref id.Ref, version int64, reason string) error {
	if reason == "" {
		var f errs.Fields
		f.Add("reason", "training.reason_missing")
		return f.Err()
	}
	return s.book.Remove(ctx, ref, version, record.Change{Act: "training.act.remove", Reason: reason})
}

// Undo takes one's own last change back within record.UndoFor.
func (s *Service) Undo(ctx context.Context, ref id.Ref, version int64) error {
	return s.book.Undo(ctx, ref, version)
}

// Get reads a course; NotFound outside the reader's view.
func (s *Service) Get(ctx context.Context, ref id.Ref) (Course, record.Version, error) {
	return s.book.Get(ctx, ref)
}

// Page is a page of a list.
type Page struct {
	Courses []Listed
	Total   int64
	Rest    int64 // rows after this page
}

// List reads the courses of a unit's subtree, the latest first, from the row after (day, code) on.
func (s *Service) List(ctx context.Context, u org.Unit, f Filter, day clock.Day, code string, limit int) (p Page, err error) {
	where, args := f.where(scope.From(ctx).ViewSet, u.Range())
	err = s.db.Read(ctx, func(ctx context.Context) error {
		if p.Total, err = s.store.count(ctx, where, args); err != nil {
			return err
		}
		if p.Courses, err = s.store.list(ctx, where, args, day, code, limit+1); err != nil || len(p.Courses) <= limit {
			return err
		}
		p.Courses = p.Courses[:limit]
		last := p.Courses[limit-1]
		n := len(args)
		p.Rest, err = s.store.count(ctx, fmt.Sprintf("%s AND (sort_day < $%d OR sort_day = $%d AND code > $%d)", where, n+1, n+1, n+2), append(slices.Clone(args), last.Sort, last.Code))
		return err
	})
	return p, err
}

// unitsOf are the units of a list.
func (s *Service) unitsOf(ctx context.Context, list []Listed) (map[id.ID]org.Unit, error) {
	ids := make([]id.ID, len(list))
	for i, l := range list {
		ids[i] = l.Unit
	}
	return s.org.ByIDs(ctx, ids)
}
