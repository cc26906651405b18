package casework

import (
	"context"
	"crypto/rand"
	"fmt"
	"maps"
	"math/big"
	"slices"
	"strconv"
	"strings"

	"xinhuo/internal/audit"
	"xinhuo/internal/flow"
	"xinhuo/internal/kit/citizen"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/db"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/table"
	"xinhuo/internal/org"
	"xinhuo/internal/record"
	"xinhuo/internal/seal"
)

// People finds accounts: by login, NotFound where there is none, and who somebody is today.
type People interface {
	seal.Accounts
	Actor(ctx context.Context, account id.ID) (scope.Actor, error)
}

// Volunteers are those who can be paired with a case.
type Volunteers interface {
	Around(ctx context.Context, u org.Unit, day clock.Day) ([]Helper, error) // those a unit can choose from
	Helper(ctx context.Context, ref id.Ref, day clock.Day) (Helper, error)   // NotFound for one whom the reader does not see
}

// Requests are the requests for help that a case can be opened from. Read is a reading by whoever is signed in, and stands in the log;
// Became notes at the request what came of it.
type Requests interface {
	Read(ctx context.Context, ref id.Ref) (Asked, error)
	Became(ctx context.Context, ref id.Ref, text string) error
}

// Service keeps cases.
type Service struct {
	store
	seal   *seal.Service
	flow   *flow.Service
	org    *org.Service
	rec    *record.Service
	audit  *audit.Service
	people People

	volunteers Volunteers
	requests   Requests
	panels     []Panel
	closers    []Closer
	passed     []func(ctx context.Context, ref id.Ref, to id.ID, pos int64) error
}

// New makes the service; what is sealed of a case is told to the pages of seal, and units' pages get a box.
func New(d *db.DB, rec *record.Service, o *org.Service, f *flow.Service, x *seal.Service, a *audit.Service, people People, volunteers Volunteers) *Service {
	s := &Service{store: store{d}, rec: rec, org: o, flow: f, seal: x, audit: a, people: people, volunteers: volunteers}
	x.AddMatters(s.matter)
	x.NameConsent(Kind, "casework.title")
	told := map[string]bool{}
	for _, k := range Classes() {
		if told[k.Seal] { // several classes are kept alike
			continue
		}
		told[k.Seal] = true
		for _, kind := range []string{k.Seal, k.said()} {
			c := seal.Class{Kind: kind, Name: "casework.sealed." + kind, Since: "casework.kept_since", Ground: "casework.kept_law", Days: int64(k.Keep) * 365, Least: 180, Most: 3650, Over: s.over}
			if kind == k.Seal { // with the person goes the mark by which they were found
				c.Erased = s.dropMarks
			}
			x.AddClass(c)
		}
		x.AddSubject(subject(k, s))
		x.AddSubject(saidOf(k))
	}
	o.OnMoved(s.unitChanged)
	o.AddPanel(s.unitPanel())
	return s
}

// subject is who a case of a class is about, as somebody asks what is kept of them; several classes are kept alike, with the same fields and more.
func subject(k Class, s *Service) seal.Subject {
	names, order := map[string]string{"consent_why": "casework.f.consent_why"}, []string{}
	for _, other := range Classes() {
		if other.Seal == k.Seal {
			for _, field := range other.Fields {
				if names[field] == "" {
					names[field], order = "casework.f."+field, append(order, field)
				}
			}
		}
	}
	return seal.Subject{Kind: k.Seal, Find: []string{"name", "contact"}, Names: names, Order: order, With: []string{k.said()}, Held: s.held, Corrected: s.corrected}
}

// saidOf are the words of a class's cases, and what they are called.
func saidOf(k Class) seal.Subject {
	x := seal.Subject{Kind: k.said(), Names: map[string]string{"text": "casework.f.note_text", "safe": "casework.f.safe", "goals": "casework.f.goals", "steps": "casework.f.steps"}, Order: []string{"safe", "goals", "steps"}, Said: map[string]string{"safe": "casework.safe."},
		Inner: []string{"income_before", "income_after"}}
	for _, other := range Classes() {
		if other.Seal == k.Seal {
			for _, item := range other.Items {
				x.Names[item], x.Said[item] = "casework.item."+item, "casework.score."
			}
		}
	}
	return x
}

// held says what of a case has to stay when somebody asks for it to be erased, and that nobody is handed what somebody may be in danger for.
func (s *Service) held(ctx context.Context, of id.Ref, _ seal.Wish) (h seal.Hold, err error) {
	c, err := s.caseAcrossUnits(ctx, of)
	if err != nil {
		return h, err
	}
	if c.Unsafe == 1 {
		h.Tell = "casework.not_told"
	}
	if c.State != Closed {
		h.Erase = "casework.stays_running"
	}
	for _, ask := range s.closers {
		switch err := ask(ctx, of); {
		case errs.Is(err, errs.Invalid), errs.Is(err, errs.Conflict):
			h = seal.Hold{Erase: "casework.stays_duty", Tell: "casework.not_told", Stays: true}
		case err != nil:
			return h, err
		}
	}
	return h, nil
}

// corrected takes over who a case is about after it was put right: the same rules as when it was opened, and the marks by which a second case
// of the same person is found.
func (s *Service) corrected(ctx context.Context, of id.Ref, person map[string]string) error {
	c, err := s.caseAcrossUnits(ctx, of)
	if err != nil {
		return err
	}
	n := Opening{Unit: c.Unit, Class: c.Class, Person: person, Consent: Given, Other: true}
	if err := n.problems(clock.Today(ctx)).Err(); err != nil {
		return err
	}
	if err := s.dropMarks(ctx, of); err != nil {
		return err
	}
	return s.mark(ctx, c, n)
}

// SetRequests connects requests for help.
func (s *Service) SetRequests(r Requests) { s.requests = r }

func (s *Service) unitChanged(ctx context.Context, c org.Changed) error {
	u, err := s.rec.Home(ctx, c.Unit)
	if err != nil {
		return err
	}
	if err := s.moveCounts(ctx, c.Unit, u.Pos); err != nil {
		return err
	}
	if err := s.movePasses(ctx, c.Unit, u.ID, u.Pos); err != nil {
		return err
	}
	if err := s.move(ctx, c.Unit, u.ID, u.Pos); err != nil {
		return err
	}
	return s.lapseWithin(ctx, u.ID)
}

var (
	errNone    = errs.New(errs.NotFound, "errs.not_found")
	errShut    = errs.New(errs.Forbidden, "casework.shut")
	errChanged = errs.New(errs.Conflict, "casework.changed")
	errEnded   = errs.New(errs.Conflict, "casework.ended")
)

// readers are the accounts that read a case by what they are there, and not by a grant.
func (c Case) readers() []id.ID {
	if c.HolderReads == 1 {
		return []id.ID{c.Lead, c.Holder}
	}
	return []id.ID{c.Lead}
}

// owner says who keeps what is sealed of a case of a kind: who works at its unit, or of those, where the class says so, holder and lead alone.
func owner(kind string, c Case) seal.Owner {
	k := c.class()
	o := seal.Owner{Kind: kind, Of: c.Ref(), Unit: c.Unit, Most: k.Grant}
	if k.Named {
		o.Only = c.readers()
	}
	return o
}

// worksAt tells whether the reader works in this very unit.
func worksAt(ctx context.Context, unit id.ID, pos int64) bool {
	a := scope.From(ctx)
	return a.Unit == unit && a.May(scope.Work, pos)
}

// Known is a case without who it is about, for those who work at its unit or may read it; NotFound for all others.
func (s *Service) Known(ctx context.Context, ref id.Ref) (c Case, reads bool, err error) {
	c, err = seal.Near(ctx, s.seal, ref, s.caseAcrossUnits, func(c Case) (id.ID, int64) { return c.Unit, c.Pos })
	if err != nil {
		return Case{}, false, err
	}
	if reads, err = s.mayRead(ctx, c); err != nil {
		return Case{}, false, err
	}
	if !reads && !worksAt(ctx, c.Unit, c.Pos) {
		return Case{}, false, errNone
	}
	return c, reads, nil
}

// Whose is a case with who reads it and who answers for it, for those who work at its unit or may read it; NotFound for all others.
func (s *Service) Whose(ctx context.Context, ref id.Ref) (c Case, o seal.Owner, leads []id.ID, err error) {
	c, _, err = s.Known(ctx, ref)
	return c, owner(c.class().said(), c), []id.ID{c.Lead, c.Holder}, err
}

// Title is what a case is called.
func (c Case) Title(ctx context.Context) string { return tr(ctx, "casework.one", "No", c.No) }

// Path is the address of a case's page.
func (c Case) Path() string { return path(c.Ref()) }

// mayRead asks seal, and of a volunteer whose grant still runs whether their check does, too.
func (s *Service) mayRead(ctx context.Context, c Case) (bool, error) {
	o := owner(c.class().Seal, c)
	may, err := s.seal.May(ctx, o)
	if err != nil || !may {
		return false, err
	}
	if keeps, err := s.seal.Keeps(ctx, o); err != nil || keeps {
		return keeps, err
	}
	list, err := s.pairsAcrossUnits(ctx, c.Ref())
	if err != nil {
		return false, err
	}
	account := scope.From(ctx).Account
	for _, p := range list {
		if p.Account != account || p.State == Ended {
			continue
		}
		if fit, err := s.fit(ctx, p); err != nil || !fit {
			return false, err
		}
	}
	return true, nil
}

// fit tells whether a paired volunteer has a valid check today, whoever asks.
func (s *Service) fit(ctx context.Context, p Pair) (bool, error) {
	h, err := s.volunteers.Helper(scope.With(ctx, scope.System(Kind)), p.Volunteer(), clock.Today(ctx))
	if errs.Is(err, errs.NotFound) { // their file is gone
		return false, nil
	}
	return h.Fit, err
}

// Open reads a case with who it is about and what was said; both readings stand in the log. Whoever is let in because they are paired with it
// reads what OpenMine says, at whichever address they ask. Forbidden "casework.shut" for who works at
// the unit and may not read it, NotFound for all others.
func (s *Service) Open(ctx context.Context, ref id.Ref) (out Opened, err error) {
	defer errs.Wrapf(&err, "casework.Open %s", ref)
	c, reads, err := s.Known(ctx, ref)
	if err != nil {
		return out, err
	}
	if !reads {
		if err := s.audit.Refuse(ctx, s.log(c, "open")); err != nil {
			return out, err
		}
		return out, errShut
	}
	out.Case = c
	err = s.db.Tx(ctx, func(ctx context.Context) error {
		who, err := s.seal.Open(ctx, owner(c.class().Seal, c))
		if err != nil {
			return err
		}
		for _, r := range who {
			out.Person = r.Fields
		}
		said, err := s.seal.Open(ctx, owner(c.class().said(), c))
		if err != nil {
			return err
		}
		if out.Entries, err = s.entriesAcrossUnits(ctx, ref); err != nil {
			return err
		}
		for i, e := range out.Entries {
			if j := slices.IndexFunc(said, func(r seal.Record) bool { return r.Ref.ID == e.Sealed }); j >= 0 {
				out.Entries[i].Words = said[j].Fields
			}
		}
		out.Pairs, err = s.pairsAcrossUnits(ctx, ref)
		return err
	})
	if err != nil {
		return Opened{}, err
	}
	if p, is := out.pairOf(scope.From(ctx).Account); is {
		if keeps, err := s.seal.Keeps(ctx, owner(c.class().Seal, c)); err != nil {
			return Opened{}, err
		} else if !keeps && c.Holder != p.Account {
			return out.forVolunteer(p), nil
		}
	}
	return out, nil
}

// List are a unit's cases, without who they are about, for who works in that very unit; nobody else is told of one.
func (s *Service) List(ctx context.Context, u org.Unit, f Filter) ([]Case, error) {
	if !worksAt(ctx, u.ID, u.Pos) {
		return nil, nil
	}
	return s.ofUnitAcrossUnits(ctx, u.ID, scope.From(ctx).Account, f, clock.Today(ctx), mostListed)
}

// mostListed bounds a list.
const mostListed = 300

// Paired are the volunteers of a unit's cases by case, for who works in that very unit.
func (s *Service) Paired(ctx context.Context, u org.Unit) (map[id.ID][]Pair, error) {
	if !worksAt(ctx, u.ID, u.Pos) {
		return nil, nil
	}
	list, err := s.pairedAcrossUnits(ctx, u.ID)
	out := map[id.ID][]Pair{}
	for _, p := range list {
		out[p.Case] = append(out[p.Case], p)
	}
	return out, err
}

// Tallies are how many cases a unit has, exactly, for who works in that very unit.
func (s *Service) Tallies(ctx context.Context, u org.Unit) (out []Tally, err error) {
	if !worksAt(ctx, u.ID, u.Pos) {
		return nil, nil
	}
	list, err := s.talliesAcrossUnits(ctx, u.ID, clock.Today(ctx))
	for _, k := range Classes() {
		for _, t := range list {
			if t.Class == k.Code {
				out = append(out, t)
			}
		}
	}
	return out, err
}

// CameFrom are the cases that were opened from a request for help, those that the reader may know of.
func (s *Service) CameFrom(ctx context.Context, request id.Ref) (out []Case, err error) {
	list, err := s.fromAcrossUnits(ctx, request)
	for _, c := range list {
		if worksAt(ctx, c.Unit, c.Pos) {
			out = append(out, c)
		}
	}
	return out, err
}

// FromRequest is a case as it can be opened from a request for help: its words are filled in for whoever may read the request, and that
// they were read stands in the log.
func (s *Service) FromRequest(ctx context.Context, u org.Unit, request id.Ref) (n Opening, err error) {
	if s.requests == nil || !worksAt(ctx, u.ID, u.Pos) {
		return n, errNone
	}
	q, err := s.requests.Read(ctx, request)
	if err != nil {
		return n, err
	}
	return Opening{Unit: u.ID, From: request, Person: map[string]string{"name": q.Name, "contact": q.Contact, "narrative": q.Text}}, nil
}

func (s *Service) log(c Case, act string) audit.Entry {
	return audit.Entry{Act: "casework.act." + act, Subject: Kind, Ref: c.Ref(), Pos: c.Pos, Unit: c.Unit}
}

// colleague is the account with a login that works at a unit, the reader's own for none; one that does not exist and one that works
// elsewhere are told alike, beside the named field.
func (s *Service) colleague(ctx context.Context, unit id.ID, pos int64, login, field string, f *errs.Fields) (scope.Actor, error) {
	if login = strings.TrimSpace(login); login == "" {
		return scope.From(ctx), nil
	}
	a, err := s.people.ByLogin(ctx, login)
	if err != nil && !errs.Is(err, errs.NotFound) {
		return a, err
	}
	if err != nil || a.Unit != unit || !a.May(scope.Work, pos) {
		f.Add(field, "casework.no_colleague")
	}
	return a, nil
}

// OpenCase opens a case: whoever works in the very unit may. Errors: Invalid; Conflict "casework.there" when the same person has a case of the
// class at the unit already, which is told nobody of a class that is Secret, but to who opened it.
func (s *Service) OpenCase(ctx context.Context, n Opening) (ref id.Ref, err error) {
	defer errs.Wrapf(&err, "casework.OpenCase")
	err = s.db.Tx(ctx, func(ctx context.Context) error {
		u, err := s.rec.Home(ctx, n.Unit)
		if err != nil {
			return err
		}
		if !worksAt(ctx, u.ID, u.Pos) {
			if !scope.From(ctx).May(scope.View, u.Pos) {
				return errNone
			}
			if err := s.audit.Refuse(ctx, audit.Entry{Act: "casework.act.new", Subject: Kind, Pos: u.Pos, Unit: u.ID}); err != nil {
				return err
			}
			return errs.New(errs.Forbidden, "casework.not_here")
		}
		if err := s.seal.Proved(ctx); err != nil {
			return err
		}
		today := clock.Today(ctx)
		if year, err := table.ParseInt(n.Person["birth"]); err == nil { // as it is compared
			n.Person = maps.Clone(n.Person)
			n.Person["birth"] = strconv.FormatInt(year, 10)
		}
		f := n.problems(today)
		holder, err := s.colleague(ctx, u.ID, u.Pos, n.Holder, "holder", &f)
		if err != nil {
			return err
		}
		lead, err := s.colleague(ctx, u.ID, u.Pos, n.Lead, "lead", &f)
		if err != nil {
			return err
		}
		if n.From != (id.Ref{}) { // only who may read the request makes a case of it
			if s.requests == nil {
				return errNone
			}
			if _, err := s.requests.Read(ctx, n.From); err != nil {
				return err
			}
		}
		if err := f.Err(); err != nil {
			return err
		}
		k, _ := classOf(n.Class)
		c := Case{Root: u.Root(), ID: id.New(), Unit: u.ID, Pos: u.Pos, Class: k.Code, State: Open, Holder: holder.Account, HolderName: holder.Name, HolderReads: 1, Lead: lead.Account, LeadName: lead.Name,
			Consent: n.Consent, Rhythm: n.Rhythm, OpenedOn: today, SinceOn: today, ResultDue: today.AddYears(1), FromRoot: n.From.Root, FromID: n.From.ID}
		if c.Rhythm == 0 {
			c.Rhythm = int64(k.Rhythm)
		}
		c.DueOn = c.due()
		if c.No, err = s.number(ctx, u.ID, today); err != nil {
			return err
		}
		if err := s.mark(ctx, c, n); err != nil {
			return err
		}
		if err := s.insertCase(ctx, c); err != nil {
			return err
		}
		if err := s.sealPerson(ctx, c, n); err != nil {
			return err
		}
		if err := s.write(ctx, c, Entry{Kind: Step, Arg: "opened:" + holder.Name, N: c.Rhythm}); err != nil {
			return err
		}
		if n.From != (id.Ref{}) {
			if err := s.requests.Became(ctx, n.From, tr(ctx, "casework.became", "No", c.No)); err != nil {
				return err
			}
		}
		ref = c.Ref()
		e := s.log(c, "new")
		e.Detail = map[string]string{"class": c.Class}
		return s.audit.Log(ctx, e)
	})
	return ref, err
}

// sealPerson seals who a case is about, and the consent. Whoever opens it enters it, also where they do not read it afterwards.
func (s *Service) sealPerson(ctx context.Context, c Case, n Opening) error {
	k := c.class()
	fields := map[string]string{}
	for _, name := range k.Fields {
		if x := strings.TrimSpace(n.Person[name]); x != "" {
			fields[name] = x
		}
	}
	if n.Consent != Given {
		fields["consent_why"] = strings.TrimSpace(n.Why)
	}
	o := s.entering(ctx, owner(k.Seal, c))
	ref, err := s.seal.Seal(ctx, o, fields)
	if err != nil || n.Consent != Given {
		return err
	}
	return s.seal.Consent(ctx, o, ref, seal.Consent{Purpose: Kind, Given: n.Given, Form: n.Form})
}

// entering is an owner for whom whoever is signed in writes, having been let in by what they may do with the case.
func (s *Service) entering(ctx context.Context, o seal.Owner) seal.Owner {
	o.Only = append(slices.Clone(o.Only), scope.From(ctx).Account)
	return o
}

// number draws a short number that says nothing and that no other case of the unit bears.
func (s *Service) number(ctx context.Context, unit id.ID, today clock.Day) (string, error) {
	for {
		n, err := rand.Int(rand.Reader, big.NewInt(100_000))
		if err != nil {
			return "", err
		}
		no := fmt.Sprintf("%d-%05d", today.Year(), n.Int64())
		if taken, err := s.takenAcrossUnits(ctx, unit, no); err != nil || !taken {
			return no, err
		}
	}
}

// mark notes who has a case, as keyed hashes: by the number of the identity card, and by name and year of birth.
func (s *Service) mark(ctx context.Context, c Case, n Opening) error {
	k := c.class()
	place := fmt.Sprintf("casework.%s.%s", c.Unit, c.Class)
	if k.Secret { // nobody hears from it but who entered it
		place += fmt.Sprintf(".%s", scope.From(ctx).Account)
	}
	for _, x := range []struct {
		what, text, field string
		firm              bool
	}{{"id", citizen.Number(n.Person["id_no"]), "id_no", true}, {"name", bare(n.Person["name"]) + " " + n.Person["birth"], "name", n.Person["id_no"] == "" && !n.Other}} {
		if x.text == "" {
			continue
		}
		mark, err := s.seal.Blind(ctx, place+"."+x.what, x.text)
		if err != nil {
			return err
		}
		there, err := s.putMark(ctx, mark, c.Ref())
		if err != nil {
			return err
		}
		if there == (id.Ref{}) || !x.firm {
			continue
		}
		was, err := s.caseAcrossUnits(ctx, there)
		if err != nil {
			return err
		}
		var f errs.Fields
		f.Add(x.field, "casework.there", "No", was.No)
		return f.Err()
	}
	return nil
}

// printed notes that a whole case went on paper.
func (s *Service) printed(ctx context.Context, c Case) error {
	return s.db.Tx(ctx, func(ctx context.Context) error { return s.audit.Log(ctx, s.log(c, "print")) })
}

// matter is a case as the pages of sealed data need it.
func (s *Service) matter(ctx context.Context, of id.Ref) (seal.Matter, error) {
	c, reads, err := s.Known(ctx, of)
	if err != nil {
		return seal.Matter{}, err
	}
	k := c.class()
	if !reads { // there is nothing for them to look after, but they may have to let themselves in
		may, err := s.seal.MayBreak(ctx, owner(k.Seal, c))
		if err == nil && !may {
			err = errNone
		}
		if err != nil {
			return seal.Matter{}, err
		}
	}
	return seal.Matter{Owners: []seal.Owner{owner(k.Seal, c), owner(k.said(), c)}, Title: tr(ctx, "casework.one", "No", c.No), Href: path(of), Hint: "casework.sealed_effect",
		Label: func(ctx context.Context, kind string) string { return tr(ctx, "casework.sealed."+kind) },
		Name:  func(_ string, r seal.Record) string { return r.Fields["name"] }}, nil
}

func path(ref id.Ref) string { return "/casework/" + ref.String() }
