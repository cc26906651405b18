package care

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"xinhuo/internal/audit"
	"xinhuo/internal/flow"
	"xinhuo/internal/kit/anon"
	"xinhuo/internal/kit/blob"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/db"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/org"
	"xinhuo/internal/record"
	"xinhuo/internal/seal"
)

// Kinds of sealed records: who asks, and the words of an entry.
const (
	askerKind = "care.asker"
	entryKind = "care.entry"
)

// Gate keeps phrases and slows down who guesses them; account does.
type Gate interface {
	HashPhrase(ctx context.Context, phrase string) (string, error)
	SamePhrase(ctx context.Context, stored, phrase string) (bool, error)
	Knock(ctx context.Context, place, what, address string) error
	Entered(ctx context.Context, place, what, address string) error
}

// Service keeps desks and requests.
type Service struct {
	store
	seal  *seal.Service
	flow  *flow.Service
	org   *org.Service
	rec   *record.Service
	audit *audit.Service
	gate  Gate
	who   seal.Accounts
	crowd anon.Crowd
	addr  Address
	blobs blob.Store

	panels  []Panel
	places  []Place
	closers []func(ctx context.Context, ref id.Ref) error
	passed  []func(ctx context.Context, ref id.Ref, to id.ID, pos int64) error
}

// New makes the service; what is sealed of a request is told to the pages of seal.
func New(d *db.DB, rec *record.Service, o *org.Service, f *flow.Service, x *seal.Service, a *audit.Service, gate Gate, who seal.Accounts, addr Address) *Service {
	s := &Service{store: store{d}, rec: rec, org: o, flow: f, seal: x, audit: a, gate: gate, who: who, addr: addr, crowd: anon.Crowd{PerHour: perHour, Most: mostCrowded}}
	x.AddMatters(s.matter)
	for _, kind := range []string{entryKind, askerKind, fileKind} {
		x.AddClass(seal.Class{Kind: kind, Name: "care.sealed." + kind, Since: "care.kept_since", Ground: "care.kept_law", Days: keepDays, Least: 180, Most: 3650, Over: s.over})
	}
	x.AddSubject(seal.Subject{Kind: askerKind, Find: []string{"name", "contact"}, Names: map[string]string{"name": "care.f.name", "contact": "care.f.contact"}, Order: []string{"name", "contact"}, With: []string{entryKind, fileKind}, Held: s.held})
	x.AddSubject(seal.Subject{Kind: entryKind, Names: map[string]string{"text": "care.f.words"}})
	x.AddSubject(seal.Subject{Kind: fileKind, Names: map[string]string{"name": "care.f.files"}, Inner: []string{"kind"}})
	o.OnMoved(s.unitChanged)
	return s
}

// keepDays is how long what is sealed of a request is kept after its end, unless somebody has set it otherwise: as long as one can sue
// (Civil Code, article 188).
const keepDays = 3 * 365

// over is the day on which a request ended.
func (s *Service) over(ctx context.Context, of id.Ref) (clock.Day, error) {
	q, err := s.requestAcrossUnits(ctx, of)
	if err != nil || q.State != Closed {
		return clock.Open, err
	}
	return dayOf(q.ClosedAt), nil
}

// held says what of a request has to stay when somebody asks for it to be erased, and what is not handed over: no guardian reads what a
// young person asked by themselves, and nobody what somebody may be in danger for.
func (s *Service) held(ctx context.Context, of id.Ref, x seal.Wish) (h seal.Hold, err error) {
	q, err := s.requestAcrossUnits(ctx, of)
	if err != nil {
		return h, err
	}
	duty := s.mayClose(ctx, of)
	if duty != nil && !errs.Is(duty, errs.Invalid) && !errs.Is(duty, errs.Conflict) {
		return h, duty
	}
	switch {
	case duty != nil:
		h.Erase, h.Stays = "care.stays_duty", true
	case q.Asker == "young" && x.Asker == "guardian":
		h.Erase, h.Stays = "care.stays_young", true
	case q.State != Closed:
		h.Erase = "care.stays_running"
	}
	switch {
	case q.Danger == 1 || duty != nil:
		h.Tell = "care.not_told_danger"
	case q.Asker == "young" && x.Asker == "guardian":
		h.Tell = "care.not_told_young"
	}
	return h, nil
}

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

// AddCloser lets another module refuse that a request is closed, by an error that says why in words; call it before serving.
func (s *Service) AddCloser(f func(ctx context.Context, ref id.Ref) error) {
	s.closers = append(s.closers, f)
}

// mayClose asks every other module whether a request may be closed.
func (s *Service) mayClose(ctx context.Context, ref id.Ref) error {
	for _, may := range s.closers {
		if err := may(ctx, ref); err != nil {
			return err
		}
	}
	return nil
}

var errNone = errs.New(errs.NotFound, "errs.not_found")

// owner says who keeps what is sealed of a request: of those who work at its unit its leads, its holder and whoever stands in for them
// while they are away, and whoever is on call while nobody holds it, somebody may be in danger or an answer is overdue.
func owner(kind string, q Request, d Desk, duty []Duty, today clock.Day) seal.Owner {
	o := seal.Owner{Kind: kind, Of: q.Ref(), Unit: q.Unit, Only: []id.ID{q.Holder}}
	for _, p := range d.Leads {
		o.Only = append(o.Only, p.Account)
	}
	if q.Sub.Account != 0 {
		o.Only = append(o.Only, q.Sub.Account)
	}
	if q.Holder == 0 || q.Danger == 1 || q.Late {
		for _, x := range duty {
			if x.From <= today && today <= x.To {
				o.Only = append(o.Only, x.Account)
			}
		}
	}
	return o
}

// about reads a request with its desk and who is on call.
func (s *Service) about(ctx context.Context, ref id.Ref) (Request, Desk, []Duty, error) {
	q, err := s.requestAcrossUnits(ctx, ref)
	if err != nil {
		return q, Desk{}, nil, err
	}
	return s.around(ctx, q)
}

// near is about for who may know of a request: who works at its desk's unit, and whom a grant lets in; NotFound for all others.
func (s *Service) near(ctx context.Context, ref id.Ref) (Request, Desk, []Duty, error) {
	q, err := seal.Near(ctx, s.seal, ref, s.requestAcrossUnits, func(q Request) (id.ID, int64) { return q.Unit, q.Pos })
	if err != nil {
		return q, Desk{}, nil, err
	}
	return s.around(ctx, q)
}

// around reads to a request its desk, who stands in for its holder and who is on call.
func (s *Service) around(ctx context.Context, q Request) (_ Request, d Desk, duty []Duty, err error) {
	if d, err = s.deskAcrossUnits(ctx, q.Unit); err != nil {
		return q, d, nil, err
	}
	q.Late = q.DueAt != 0 && q.DueAt < clock.Millis(ctx)
	if q.Holder != 0 {
		away, err := s.flow.StandsIn(ctx, q.Holder)
		if err != nil {
			return q, d, nil, err
		}
		q.Sub = Person{Account: away.Account, Name: away.Name}
	}
	duty, err = s.dutiesAcrossUnits(ctx, q.Unit, clock.Today(ctx))
	return q, d, duty, err
}

// worksAt tells whether the reader works in this very unit.
func worksAt(ctx context.Context, unit id.ID, pos int64) bool {
	a := scope.From(ctx)
	return a.Unit == unit && a.May(scope.Work, pos)
}

// Known is a request without its words, for those who work at its desk or may read it; NotFound for all others.
func (s *Service) Known(ctx context.Context, ref id.Ref) (q Request, reads bool, err error) {
	q, d, duty, err := s.near(ctx, ref)
	if err != nil {
		return Request{}, false, err
	}
	reads, err = s.seal.May(ctx, owner(entryKind, q, d, duty, clock.Today(ctx)))
	return q, reads, err
}

// Open reads a request with what was said; both readings stand in the log. Forbidden "care.closed" for who works at the desk and
// may not read it, NotFound for all others.
func (s *Service) Open(ctx context.Context, ref id.Ref) (out Opened, err error) {
	defer errs.Wrapf(&err, "care.Open %s", ref)
	q, d, duty, err := s.near(ctx, ref)
	if err != nil {
		return out, err
	}
	today := clock.Today(ctx)
	out = Opened{Request: q, Desk: d, Duty: duty}
	err = s.db.Tx(ctx, func(ctx context.Context) error {
		asker, err := s.seal.Open(ctx, owner(askerKind, q, d, duty, today))
		if err != nil {
			return err
		}
		for _, r := range asker {
			out.Name, out.Contact = r.Fields["name"], r.Fields["contact"]
		}
		said, err := s.seal.Open(ctx, owner(entryKind, q, d, duty, today))
		if err != nil {
			return err
		}
		if out.Entries, err = s.lines(ctx, q, said); err != nil {
			return err
		}
		return s.withFiles(ctx, q, out.Entries, func(kind string) ([]seal.Record, error) { return s.seal.Open(ctx, owner(kind, q, d, duty, today)) })
	})
	if errs.Is(err, errs.Forbidden) { // by somebody of the desk: near told all others that there is none
		return Opened{}, errs.New(errs.Forbidden, "care.closed")
	}
	return out, err
}

// lines are the entries of a request with their words.
func (s *Service) lines(ctx context.Context, q Request, said []seal.Record) ([]Entry, error) {
	list, err := s.entriesAcrossUnits(ctx, q.Ref())
	if err != nil {
		return nil, err
	}
	for i, e := range list {
		for _, r := range said {
			if e.Sealed == r.Ref.ID {
				list[i].Text = r.Fields["text"]
			}
		}
	}
	return list, nil
}

// mostListed is how many requests a list shows, those first that are due first.
const mostListed = 200

// Requests are a desk's, the running ones or those that ended, for who works in that very unit; nobody else is told of one.
func (s *Service) Requests(ctx context.Context, u org.Unit, closed bool) ([]Request, error) {
	if !worksAt(ctx, u.ID, u.Pos) {
		return nil, nil
	}
	return s.ofUnitAcrossUnits(ctx, u.ID, closed, mostListed)
}

// Late counts the requests of a desk that nobody answered in time.
func (s *Service) Late(ctx context.Context, u org.Unit) (int64, error) {
	if !scope.From(ctx).May(scope.View, u.Pos) {
		return 0, errNone
	}
	return s.lateAcrossUnits(ctx, u.ID, clock.Millis(ctx))
}

// change lets somebody who may read a request do something with it: its row, its line of time, its task and its row in the log are
// one transaction. ver is the version that they saw; 0 is not asked.
func (s *Service) change(ctx context.Context, ref id.Ref, ver int64, act string, do func(ctx context.Context, q *Request, d Desk, duty []Duty) (Entry, error)) (err error) {
	defer errs.Wrapf(&err, "care.%s %s", act, ref)
	return s.db.Tx(ctx, func(ctx context.Context) error {
		q, d, duty, err := s.near(ctx, ref)
		if err != nil {
			return err
		}
		log := audit.Entry{Act: "care.act." + act, Subject: Kind, Ref: ref, Pos: q.Pos, Unit: q.Unit}
		o := owner(entryKind, q, d, duty, clock.Today(ctx))
		if err := s.mayAct(ctx, q, o, act, log); err != nil {
			return err
		}
		if ver != 0 && ver != q.Ver {
			return errs.New(errs.Conflict, "care.changed")
		}
		e, err := do(ctx, &q, d, duty)
		if err != nil {
			return err
		}
		log.Detail = map[string]string{"arg": e.Arg}
		return s.keep(ctx, q, o, e, log)
	})
}

// mayAct lets in the leads and the holder, and for a word those of other units who were let in, once they proved who they are. Who is
// refused stands in the log.
func (s *Service) mayAct(ctx context.Context, q Request, o seal.Owner, act string, log audit.Entry) error {
	works := worksAt(ctx, q.Unit, q.Pos)
	may := works && slices.Contains(o.Only, scope.From(ctx).Account)
	if !may && (act == "write" || act == "slot") {
		var err error
		if may, err = s.seal.May(ctx, o); err != nil {
			return err
		}
	}
	switch {
	case may:
		return s.seal.Proved(ctx)
	case !works:
		return errNone
	}
	if err := s.audit.Refuse(ctx, log); err != nil {
		return err
	}
	return errs.New(errs.Forbidden, "care.closed")
}

// keep writes a request's new state with what was said, and its row in the log.
func (s *Service) keep(ctx context.Context, q Request, o seal.Owner, e Entry, log audit.Entry) error {
	if e.Mark != "" {
		if there, err := s.markedAcrossUnits(ctx, q.Ref(), e.Mark); err != nil || there {
			return err
		}
	}
	ok, err := s.updateRequest(ctx, q)
	if err != nil {
		return err
	}
	if !ok {
		return errs.New(errs.Conflict, "care.changed")
	}
	if err := s.write(ctx, q, o, e); err != nil {
		return err
	}
	return s.audit.Log(ctx, log)
}

// write adds a line to a request's time, its words sealed.
func (s *Service) write(ctx context.Context, q Request, o seal.Owner, e Entry) error {
	a := scope.From(ctx)
	e.Root, e.ID, e.Request, e.At = q.Root, id.New(), q.ID, clock.Millis(ctx)
	if e.Day == "" {
		e.Day = clock.Today(ctx)
	}
	if e.Kind != Asked && !a.System {
		e.By, e.ByName = a.Account, a.Name
	}
	if e.Text != "" {
		ref, err := s.seal.Seal(ctx, o, map[string]string{"text": e.Text})
		if err != nil {
			return err
		}
		e.Sealed = ref.ID
	}
	if err := s.insertEntry(ctx, e); err != nil {
		return err
	}
	return s.attach(ctx, o, e)
}

// entryKinds are those that somebody who helps writes.
var entryKinds = []string{Told, Booked, Met, Called, Noted}

// taskKey is the inbox's name of what is owed after so many answers.
func taskKey(ref id.Ref, answers int64) string {
	return fmt.Sprintf("care.request:%s:%d", ref, answers)
}

func referKey(ref id.Ref, account id.ID) string {
	return fmt.Sprintf("care.refer:%s:%s", ref, account)
}

// owe tells the desk's unit that somebody waits for an answer; the text says of which kind, and nothing else.
func (s *Service) owe(ctx context.Context, q Request) error {
	answers, err := s.answersAcrossUnits(ctx, q.Ref())
	if err != nil {
		return err
	}
	title, args := "care.task.again", map[string]any{"No": q.No}
	switch {
	case q.Danger == 1:
		title, args[flow.ArgUrgency] = "care.task.danger", flow.Express
	case answers == 0:
		title = "care.task.new." + q.Kind
	}
	return s.flow.AddTask(ctx, flow.NewTask{OwnOnly: true, Key: taskKey(q.Ref(), answers), Unit: q.Unit, Pos: q.Pos, TitleKey: title, Why: "care.task.why", Args: args,
		Due: dayOf(q.DueAt), Link: path(q.Ref())})
}

// answered ends the task of what the asker wrote since the last answer, and what rose because of it. It comes before the answer is written.
func (s *Service) answered(ctx context.Context, q *Request) error {
	q.DueAt = 0
	if q.AnsweredAt == 0 {
		q.AnsweredAt = clock.Millis(ctx)
	}
	return s.settle(ctx, q)
}

// settle ends the tasks of what waits, here and where it rose.
func (s *Service) settle(ctx context.Context, q *Request) error {
	answers, err := s.answersAcrossUnits(ctx, q.Ref())
	if err != nil {
		return err
	}
	for n := range q.Risen {
		if err := s.flow.DoneTask(ctx, riseKey(q.Ref(), answers, n+1)); err != nil {
			return err
		}
	}
	q.Risen = 0
	return s.flow.DoneTask(ctx, taskKey(q.Ref(), answers))
}

var errEnded = errs.New(errs.Conflict, "care.ended")

// Take makes the reader the holder of a request, when they are fit for it: what a counsellor answers is given to a counsellor.
func (s *Service) Take(ctx context.Context, ref id.Ref, ver int64) error {
	a := scope.From(ctx)
	return s.change(ctx, ref, ver, "take", func(ctx context.Context, q *Request, _ Desk, _ []Duty) (Entry, error) {
		if q.State == Closed {
			return Entry{}, errEnded
		}
		may, err := s.mayHold(ctx, *q, a.Account)
		if err == nil && !may {
			err = errs.New(errs.Conflict, "care.take_unfit")
		}
		return hold(q, a.Account, a.Name), err
	})
}

func hold(q *Request, account id.ID, name string) Entry {
	q.Holder, q.HolderName = account, name
	if q.State == Untaken {
		q.State = Held
	}
	return Entry{Kind: Step, Arg: "held:" + name}
}

// Assign gives a request to somebody who works at the desk's unit and, where the desk has said who answers for its kind, is one of them by a
// qualification that has not run out; from then on they read it.
func (s *Service) Assign(ctx context.Context, ref id.Ref, ver int64, login string) error {
	return s.change(ctx, ref, ver, "assign", func(ctx context.Context, q *Request, _ Desk, _ []Duty) (Entry, error) {
		if q.State == Closed {
			return Entry{}, errEnded
		}
		a, err := s.colleague(ctx, q.Unit, q.Pos, login)
		if err != nil {
			return Entry{}, err
		}
		team, named, err := s.fit(ctx, *q)
		if err != nil {
			return Entry{}, err
		}
		if named && !slices.ContainsFunc(team, func(m Member) bool { return m.Account == a.Account }) {
			var f errs.Fields
			f.Add("login", "care.not_fit")
			return Entry{}, f.Err()
		}
		return hold(q, a.Account, a.Name), nil
	})
}

// colleague is the account with a login that works at a unit; one that does not exist and one that works elsewhere are told alike.
func (s *Service) colleague(ctx context.Context, unit id.ID, pos int64, login string) (scope.Actor, error) {
	a, err := s.who.ByLogin(ctx, strings.TrimSpace(login))
	if err != nil && !errs.Is(err, errs.NotFound) {
		return a, err
	}
	if err != nil || a.Unit != unit || !a.May(scope.Work, pos) {
		var f errs.Fields
		f.Add("login", "care.no_colleague")
		return a, f.Err()
	}
	return a, nil
}

// Press says how urgent a request is; somebody has to answer accordingly, from now on.
func (s *Service) Press(ctx context.Context, ref id.Ref, ver int64, u Urgency) error {
	return s.change(ctx, ref, ver, "press", func(ctx context.Context, q *Request, _ Desk, _ []Duty) (Entry, error) {
		if q.State == Closed {
			return Entry{}, errEnded
		}
		if !slices.Contains(Urgencies, u) {
			var f errs.Fields
			f.Add("urgency", "care.urgency_missing")
			return Entry{}, f.Err()
		}
		if q.Urgency = u; q.DueAt != 0 {
			q.DueAt = due(u, clock.Millis(ctx))
		}
		if u != Now {
			q.Danger = 0
		}
		return Entry{Kind: Step, Arg: "pressed:" + string(u)}, nil
	})
}

// Write adds a word to the asker (Told), an appointment with them (Booked) of a day from today on, a note among those who help (Noted),
// or a meeting or call (Met, Called) of a day that is not in the future. mark is the form's: taken once. Who answers what nobody holds holds it
// from then on, when they are fit for it.
func (s *Service) Write(ctx context.Context, ref id.Ref, e Entry, files ...Upload) error {
	return s.writeOf(ctx, ref, "write", 0, e, files...)
}

// writeOf is Write by an act of that name; slot is the appointment that the word ends, 0 for none.
func (s *Service) writeOf(ctx context.Context, ref id.Ref, act string, slot id.ID, e Entry, files ...Upload) error {
	kind, day, text := e.Kind, e.Day, e.Text
	var f errs.Fields
	if !slices.Contains(entryKinds, kind) {
		f.Add("kind", "care.entry_missing")
	}
	if strings.TrimSpace(text) == "" {
		f.Add("text", "care.words_missing")
	}
	long(&f, "text", text, maxText)
	if kind == Booked {
		e.slot(&f)
	} else {
		e.Clock, e.Way = "", ""
	}
	if day == "" {
		day = clock.Today(ctx)
	}
	today := clock.Today(ctx)
	switch d, err := clock.ParseDay(string(day)); {
	case kind == Booked && (err != nil || d < today || d > today.AddDays(bookedWithin)):
		f.Add("day", "care.booked_odd", "N", bookedWithin)
	case kind != Booked && (err != nil || d > today):
		f.Add("day", "care.day_odd")
	}
	if slot != 0 { // the form of an appointment stands beside that of a word
		for i := range f {
			f[i].Name = "slot_" + f[i].Name
		}
	}
	if err := f.Err(); err != nil {
		return err
	}
	if len(files) > 0 { // who may not write puts nothing away
		if _, reads, err := s.Known(ctx, ref); err != nil {
			return err
		} else if !reads {
			files = nil
		}
	}
	packed, err := s.pack(ctx, ref, files)
	if err != nil {
		return err
	}
	return s.change(ctx, ref, 0, act, func(ctx context.Context, q *Request, _ Desk, _ []Duty) (Entry, error) {
		toAsker := kind == Told || kind == Booked
		if q.State == Closed && toAsker {
			return Entry{}, errEnded
		}
		if slot != 0 {
			if there, err := s.markedAcrossUnits(ctx, ref, e.Mark); err != nil || there && e.Mark != "" { // the form was sent twice: keep takes it once
				return Entry{Mark: e.Mark}, err
			}
			if err := s.ended(ctx, *q, slot, fateOf(kind)); err != nil {
				return Entry{}, err
			}
		}
		if toAsker {
			a := scope.From(ctx)
			if q.Holder == 0 && a.Unit == q.Unit {
				may, err := s.mayHold(ctx, *q, a.Account)
				if err != nil {
					return Entry{}, err
				}
				if may {
					q.Holder, q.HolderName = a.Account, a.Name
				}
			}
			q.State = Waiting
			if err := s.answered(ctx, q); err != nil {
				return Entry{}, err
			}
		}
		return Entry{Kind: kind, Day: day, Text: text, Mark: e.Mark, Clock: e.Clock, Way: e.Way, packed: packed}, nil
	})
}

// Refer lets somebody of another unit read a request and write to it until a day, with the consent of whoever asked: the desk keeps it.
// The asker is told whom, and may take their consent back at any time; then it ends at once.
func (s *Service) Refer(ctx context.Context, ref id.Ref, ver int64, login, purpose string, until clock.Day, consent bool) error {
	return s.change(ctx, ref, ver, "refer", func(ctx context.Context, q *Request, d Desk, duty []Duty) (Entry, error) {
		if q.State == Closed {
			return Entry{}, errEnded
		}
		var f errs.Fields
		if !consent {
			f.Add("consent", "care.consent_missing")
		}
		a, err := s.who.ByLogin(ctx, strings.TrimSpace(login))
		if err != nil && !errs.Is(err, errs.NotFound) {
			return Entry{}, err
		}
		if err != nil || a.Account == scope.From(ctx).Account || a.Unit == 0 {
			f.Add("guest", "care.no_guest")
		}
		if err := f.Err(); err != nil {
			return Entry{}, err
		}
		u, err := s.rec.Home(ctx, a.Unit)
		if err != nil {
			return Entry{}, err
		}
		_, err = s.seal.Grant(ctx, owner(entryKind, *q, d, duty, clock.Today(ctx)), seal.Grant{Account: a.Account, At: a.Unit, Name: a.Name, Purpose: strings.TrimSpace(purpose), Until: until})
		if err != nil {
			return Entry{}, err
		}
		e := Entry{Kind: Step, Arg: "referred:" + u.Name + " " + a.Name}
		if !a.May(scope.Work, u.Pos) { // they have no inbox; that of the office where their account is at home is others'
			return e, nil
		}
		return e, s.flow.AddTask(ctx, flow.NewTask{OwnOnly: true, Key: referKey(q.Ref(), a.Account), Unit: u.ID, Pos: u.Pos, Kind: flow.KindNote, TitleKey: "care.task.refer", Why: "care.task.refer_why",
			Args: map[string]any{"No": q.No, "Name": a.Name}, Due: until, Link: path(q.Ref())})
	})
}

// Close ends a request with a last word to whoever asked; within reopenWithin a word of theirs opens it again.
func (s *Service) Close(ctx context.Context, ref id.Ref, ver int64, outcome, text string) error {
	var f errs.Fields
	if !slices.Contains(Outcomes, outcome) {
		f.Add("outcome", "care.outcome_missing")
	}
	if strings.TrimSpace(text) == "" {
		f.Add("last", "care.last_missing")
	}
	long(&f, "last", text, maxText)
	if err := f.Err(); err != nil {
		return err
	}
	return s.change(ctx, ref, ver, "close", func(ctx context.Context, q *Request, d Desk, duty []Duty) (Entry, error) {
		if q.State == Closed {
			return Entry{}, errEnded
		}
		if err := s.mayClose(ctx, ref); err != nil {
			return Entry{}, err
		}
		if p, err := s.offerAcrossUnits(ctx, ref); err == nil {
			if err := s.endOffer(ctx, p, Withdrawn); err != nil {
				return Entry{}, err
			}
		} else if !errs.Is(err, errs.NotFound) {
			return Entry{}, err
		}
		if err := s.answered(ctx, q); err != nil {
			return Entry{}, err
		}
		if err := s.write(ctx, *q, owner(entryKind, *q, d, duty, clock.Today(ctx)), Entry{Kind: Told, Text: text}); err != nil {
			return Entry{}, err
		}
		if err := s.offSlots(ctx, ref, clock.Today(ctx)); err != nil {
			return Entry{}, err
		}
		q.State, q.Outcome, q.ClosedAt, q.Danger = Closed, outcome, clock.Millis(ctx), 0
		return Entry{Kind: Step, Arg: "closed"}, nil
	})
}

// Reopen opens a request again that has ended: somebody called, or it turned out that more is needed. An answer is due as for a new one; whoever
// asked is told that it goes on, and not why.
func (s *Service) Reopen(ctx context.Context, ref id.Ref, ver int64, reason string) error {
	var f errs.Fields
	if strings.TrimSpace(reason) == "" {
		f.Add("again", "care.again_missing")
	}
	long(&f, "again", reason, maxText)
	if err := f.Err(); err != nil {
		return err
	}
	return s.change(ctx, ref, ver, "reopen", func(ctx context.Context, q *Request, _ Desk, _ []Duty) (Entry, error) {
		if q.State != Closed {
			return Entry{}, errs.New(errs.Conflict, "care.changed")
		}
		q.again(clock.Millis(ctx))
		return Entry{Kind: Step, Arg: "reopened", Text: reason}, s.owe(ctx, *q)
	})
}

// Whose is a request with who reads it and who answers for it, for those who work at its desk or may read it; NotFound for all others.
func (s *Service) Whose(ctx context.Context, ref id.Ref) (q Request, o seal.Owner, leads []id.ID, err error) {
	if q, _, err = s.Known(ctx, ref); err != nil {
		return q, o, nil, err
	}
	_, d, duty, err := s.about(ctx, ref)
	if err != nil {
		return q, o, nil, err
	}
	for _, p := range d.Leads {
		leads = append(leads, p.Account)
	}
	return q, owner(entryKind, q, d, duty, clock.Today(ctx)), leads, nil
}

// Title is what a request is called.
func (q Request) Title(ctx context.Context) string { return tr(ctx, "care.one", "No", q.No) }

// matter is a request as the pages of sealed data need it.
func (s *Service) matter(ctx context.Context, of id.Ref) (seal.Matter, error) {
	q, _, err := s.Known(ctx, of)
	if err != nil {
		return seal.Matter{}, err
	}
	_, d, duty, err := s.about(ctx, of)
	if err != nil {
		return seal.Matter{}, err
	}
	today := clock.Today(ctx)
	return seal.Matter{Owners: []seal.Owner{owner(entryKind, q, d, duty, today), owner(askerKind, q, d, duty, today), owner(fileKind, q, d, duty, today)}, Title: tr(ctx, "care.one", "No", q.No), Href: path(of), Hint: "care.sealed_effect",
		Label: func(ctx context.Context, kind string) string { return tr(ctx, "care.sealed."+kind) },
		Name:  func(string, seal.Record) string { return "" }}, nil
}

// at is the address of a request for whoever reads it now.
func (q Request) at() string {
	if q.Guest {
		return MinePath + "/" + q.Ref().String()
	}
	return path(q.Ref())
}

func path(ref id.Ref) string { return "/care/" + ref.String() }
