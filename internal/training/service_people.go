package training

import (
	"context"
	"crypto/hmac"
	"slices"
	"strings"

	"xinhuo/internal/audit"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/ledger"
	"xinhuo/internal/org"
	"xinhuo/internal/people"
	"xinhuo/internal/volunteer"
)

// mostLines bounds the lists that are shown whole.
const mostLines = 500

// Renewal is a certificate that ends soon, or ended and was not renewed (R173).
type Renewal struct {
	Seat
	Who    volunteer.Listed
	Lapsed bool
}

// Renewals lists the certificates of a unit's volunteers that end within RenewDays of a day or ended within OldDays
// before it, and were not renewed; who has left is not asked to come.
func (s *Service) Renewals(ctx context.Context, u org.Unit, day clock.Day) (out []Renewal, err error) {
	err = s.db.Read(ctx, func(ctx context.Context) error {
		list, err := s.store.ending(ctx, scope.From(ctx).ViewSet, u.Range(), day.AddDays(-OldDays), day.AddDays(RenewDays), mostLines)
		if err != nil {
			return err
		}
		ids, refs := make([]id.ID, len(list)), make([]id.Ref, len(list))
		for i, x := range list {
			ids[i], refs[i] = x.Person, x.Who()
		}
		all, err := s.store.seatsOfAcrossUnits(ctx, ids)
		if err != nil {
			return err
		}
		names, err := s.volunteers.ByRefs(ctx, refs)
		if err != nil {
			return err
		}
		for _, x := range list {
			who := names[x.Who()]
			renewed := slices.ContainsFunc(all, func(y Seat) bool {
				return y.Person == x.Person && y.Competence == x.Competence && y.Day <= day && (y.Expires == clock.Open || y.Expires > x.Expires)
			})
			if !renewed && x.Day <= day && who.State(day) == volunteer.Active {
				out = append(out, Renewal{x, who, x.Expires <= day})
			}
		}
		return nil
	})
	return out, err
}

// Earned are those of some people who hold on a day a certificate that counts as a kind of check: what volunteers ask
// before somebody is admitted or assigned (R162, R163).
func (s *Service) Earned(ctx context.Context, who []id.ID, kind volunteer.CheckKind, day clock.Day) ([]id.ID, error) {
	return s.store.earnedAcrossUnits(ctx, who, string(kind), day)
}

// Taught is how many of a unit's volunteers were trained in the year up to a day, and for how many minutes.
func (s *Service) Taught(ctx context.Context, u org.Unit, day clock.Day) (people, minutes int64, err error) {
	return s.store.taught(ctx, scope.From(ctx).ViewSet, u.Range(), clock.YearOf(day.Year()).From, day.AddDays(1))
}

// Skills is what the members of a team can do: a line for each, a column for each competence (R174).
type Skills struct {
	Team        people.Team
	Competences []Word
	Members     []SkillLine
}

// SkillLine is a member with what they hold. Name is "" for somebody outside the reader's sight.
type SkillLine struct {
	Ref   id.Ref
	Name  string
	Seen  bool
	holds map[string]hold
}

// Skills reads the skill matrix of a team on a day; NotFound outside the reader's view.
func (s *Service) Skills(ctx context.Context, team id.Ref, day clock.Day) (out Skills, err error) {
	err = s.db.Read(ctx, func(ctx context.Context) error {
		if out.Team, _, err = s.people.Get(ctx, team); err != nil {
			return err
		}
		roll, err := s.people.Roll(ctx, team, out.Team, day)
		if err != nil {
			return err
		}
		ids := make([]id.ID, len(roll.Members))
		for i, m := range roll.Members {
			ids[i] = m.Volunteer.ID
		}
		seats, err := s.store.seatsOfAcrossUnits(ctx, ids)
		if err != nil {
			return err
		}
		if out.Competences, err = s.store.words(ctx, team.Root, "competence"); err != nil {
			return err
		}
		for _, m := range roll.Members {
			line := SkillLine{Ref: m.Volunteer, Name: m.Name, Seen: m.Seen}
			if m.Name != "" { // what somebody can do is told of whom one may see
				line.holds = held(slices.DeleteFunc(slices.Clone(seats), func(x Seat) bool { return x.Person != m.Volunteer.ID || x.Day > day }))
			}
			out.Members = append(out.Members, line)
		}
		return nil
	})
	return out, err
}

// Person is what a volunteer learnt: the courses, the latest first, and what they hold.
type Person struct {
	File    volunteer.Volunteer
	Seats   []Seat
	Courses map[id.ID]Listed
	holds   map[string]hold
	Minutes int64
}

// Person reads what a volunteer learnt up to a day; NotFound outside the reader's view.
func (s *Service) Person(ctx context.Context, ref id.Ref, day clock.Day) (out Person, err error) {
	err = s.db.Read(ctx, func(ctx context.Context) error {
		if out.File, _, err = s.volunteers.Get(ctx, ref); err != nil {
			return err
		}
		if out.Seats, err = s.store.seatsOfAcrossUnits(ctx, []id.ID{ref.ID}); err != nil {
			return err
		}
		out.Seats = slices.DeleteFunc(out.Seats, func(x Seat) bool { return x.Day > day })
		slices.Reverse(out.Seats)
		out.holds = held(out.Seats)
		ids := make([]id.ID, len(out.Seats))
		for i, x := range out.Seats {
			ids[i] = x.Course
			out.Minutes += x.Minutes
		}
		list, err := s.store.byIDs(ctx, ids)
		out.Courses = make(map[id.ID]Listed, len(list))
		for _, l := range list {
			out.Courses[l.ID] = l
		}
		return err
	})
	return out, err
}

// Study is how far a document was studied in a unit's area (R85): the units that did, each with the first time, and those
// that did not.
type Study struct {
	Document, Title string
	Reads           []Read
	Units           map[id.ID]org.Unit
	Missing         []org.Unit
	All             int // units that stand on the day
}

// Papers lists the documents that a unit's area studied in the twelve months up to a day, with the number of units that
// stand there on it.
func (s *Service) Papers(ctx context.Context, u org.Unit, day clock.Day) (list []paper, all int, err error) {
	units, err := s.offices(ctx, u, day)
	if err != nil {
		return nil, 0, err
	}
	list, err = s.store.papers(ctx, scope.From(ctx).ViewSet, u.Range(), day.AddYears(-1).AddDays(1), day, mostLines)
	return list, len(units), err
}

// Study reads who studied a document up to a day.
func (s *Service) Study(ctx context.Context, u org.Unit, document string, day clock.Day) (out Study, err error) {
	out.Document, out.Units = document, map[id.ID]org.Unit{}
	all, err := s.offices(ctx, u, day)
	if err != nil {
		return out, err
	}
	reads, err := s.store.reads(ctx, scope.From(ctx).ViewSet, u.Range(), document, day, 20*mostLines)
	if err != nil {
		return out, err
	}
	var ids []id.ID
	for _, x := range reads {
		if !slices.Contains(ids, x.Unit) { // the first time
			ids = append(ids, x.Unit)
			out.Reads = append(out.Reads, x)
		}
		out.Title = x.Title
	}
	if out.Units, err = s.org.ByIDs(ctx, ids); err != nil {
		return out, err
	}
	out.All = len(all)
	for _, x := range all {
		if !slices.Contains(ids, x.ID) {
			out.Missing = append(out.Missing, x)
		}
	}
	return out, nil
}

// offices are the units of a city's committees, of counties and townships in a unit's area on a day: those of whom it is
// asked what they studied.
func (s *Service) offices(ctx context.Context, u org.Unit, day clock.Day) (out []org.Unit, err error) {
	view := scope.From(ctx)
	err = s.org.EachUnit(ctx, u, day, func(x org.Unit, _ string) error {
		if r := x.Level.Rank(); r >= org.City.Rank() && r <= org.Township.Rank() && view.May(scope.View, x.Pos) {
			out = append(out, x)
		}
		return nil
	})
	return out, err
}

// Words is one of the lists of a unit's city.
func (s *Service) Words(ctx context.Context, u org.Unit, kind string) ([]Word, error) {
	return s.store.words(ctx, u.Root(), kind)
}

// AddWord adds to a list of a unit's city; it takes the right to administer the city.
func (s *Service) AddWord(ctx context.Context, u org.Unit, kind, name, en string) error {
	w := Word{Root: u.Root(), Kind: kind, Name: strings.TrimSpace(name), En: strings.TrimSpace(en)}
	return s.org.SetCity(ctx, u, audit.Entry{Act: "training.act.word", Subject: Kind, Note: w.Name}, func(ctx context.Context) error {
		list, err := s.store.words(ctx, w.Root, kind)
		if err != nil {
			return err
		}
		var f errs.Fields
		if w.Name == "" || len([]rune(w.Name)) > 20 || len(w.En) > maxTitle {
			f.Add("name", "training.word_missing")
		}
		if !slices.Contains(WordKinds, kind) {
			f.Add("kind", "training.word_kind")
		}
		if slices.ContainsFunc(list, func(x Word) bool { return x.Name == w.Name }) {
			f.Add("name", "training.word_twice", "Name", w.Name)
		}
		if err := f.Err(); err != nil {
			return err
		}
		return s.store.addWord(ctx, w)
	})
}

// DropWord takes out what the city added, as long as no course names it.
func (s *Service) DropWord(ctx context.Context, u org.Unit, kind, name string) error {
	w := Word{Root: u.Root(), Kind: kind, Name: name}
	return s.org.SetCity(ctx, u, audit.Entry{Act: "training.act.word", Subject: Kind, Note: w.Name}, func(ctx context.Context) error {
		n, err := s.store.usesAcrossUnits(ctx, w)
		if err != nil {
			return err
		}
		if n > 0 {
			return errs.New(errs.Conflict, "training.word_used", "Name", name, "N", n)
		}
		gone, err := s.store.dropWord(ctx, w)
		if err == nil && gone == 0 {
			return errs.New(errs.NotFound, "errs.not_found")
		}
		return err
	})
}

// Attested is what a certificate says.
type Attested struct {
	Number, Name, Title, Unit, Competence string
	Root                                  int64
	Day, Expires                          clock.Day
	Minutes                               int64
}

// attendee finds who has a number of a course.
func (c Course) attendee(no int64) (Attendee, bool) {
	i := slices.IndexFunc(c.People, func(p Attendee) bool { return p.No == no && no > 0 })
	if i < 0 || !c.counts() || c.number(c.People[i]) == "" {
		return Attendee{}, false
	}
	return c.People[i], true
}

func subject(ref id.Ref, c Course, p Attendee) string {
	return "training|" + ref.String() + "|" + c.number(p) + "|" + p.Volunteer.String()
}

// Certificate reads the certificate with a number of a course, with the code by which anybody can check it; NotFound
// outside the reader's view, and where there is none.
func (s *Service) Certificate(ctx context.Context, ref id.Ref, no int64) (a Attested, code string, err error) {
	c, _, err := s.book.Get(ctx, ref)
	if err != nil {
		return a, "", err
	}
	p, ok := c.attendee(no)
	if !ok {
		return a, "", errs.New(errs.NotFound, "errs.not_found")
	}
	if code, err = s.volunteers.Sign(ctx, subject(ref, c, p)); err != nil {
		return a, "", err
	}
	a, err = s.attested(ctx, ref, c, p)
	return a, code, err
}

func (s *Service) attested(ctx context.Context, ref id.Ref, c Course, p Attendee) (Attested, error) {
	names, err := s.volunteers.ByRefs(ctx, []id.Ref{p.Volunteer})
	if err != nil {
		return Attested{}, err
	}
	u, err := s.org.Unit(ctx, c.Unit)
	return Attested{Number: c.number(p), Name: names[p.Volunteer].Name, Title: c.Title, Unit: u.Name, Competence: c.Competence, Root: ref.Root, Day: c.Last, Expires: c.Expires(), Minutes: p.Minutes}, err
}

// Attest reads a certificate by its code, without a right: who has the code was given it. NotFound for a code that is not
// this one's or was edited, without a word on which of them.
func (s *Service) Attest(ctx context.Context, ref id.Ref, no int64, code string) (a Attested, err error) {
	ctx = scope.With(ctx, scope.System("training.certificate"))
	err = s.db.Read(ctx, func(ctx context.Context) error {
		c, _, err := s.book.Get(ctx, ref)
		if err != nil {
			return err
		}
		p, ok := c.attendee(no)
		if !ok {
			return errs.New(errs.NotFound, "errs.not_found")
		}
		want, err := s.volunteers.Signed(ctx, subject(ref, c, p))
		if err != nil {
			return err
		}
		if !hmac.Equal([]byte(want), []byte(strings.ToUpper(strings.TrimSpace(code)))) {
			return errs.New(errs.NotFound, "errs.not_found")
		}
		a, err = s.attested(ctx, ref, c, p)
		return err
	})
	return a, err
}

// traineeRecords are what people hold, from all their courses.
func (s *Service) traineeRecords(ctx context.Context, who []id.ID) (out []ledger.Record, err error) {
	seats, err := s.store.seatsOfAcrossUnits(ctx, who)
	if err != nil {
		return nil, err
	}
	by := map[id.ID][]Seat{}
	for _, x := range seats {
		by[x.Person] = append(by[x.Person], x)
	}
	for _, p := range who {
		out = append(out, traineeRows(p, by[p]))
	}
	return out, nil
}
