package flow

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"sync"

	"xinhuo/internal/audit"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/db"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
)

// Units is what flow needs to know of the tree; app fills it from org.
type Units interface {
	// AncestorAt is the unit of the level above the unit (or the unit itself when it has the level) on the day, with
	// its place; errs.NotFound when there is none.
	AncestorAt(ctx context.Context, unit id.ID, level string, day clock.Day) (ancestor id.ID, pos int64, err error)
	// Pos is the unit's present place.
	Pos(ctx context.Context, unit id.ID) (int64, error)
	// Name is the unit's present short name.
	Name(ctx context.Context, unit id.ID) (string, error)
}

// People is what substitutes need; without it nobody can name one.
type People interface {
	// StandIns are those who may stand in for somebody of the unit: who holds a post there now, and whoever else the
	// city lets (the unit above).
	StandIns(ctx context.Context, unit id.ID) ([]Person, error)
	// Holds tells whether the account works at the unit now: a substitute never has more than the one who is away.
	Holds(ctx context.Context, account, unit id.ID) (bool, error)
}

// Effect is what a module does when an act was taken, in the same transaction. Flow has asked for the permission to
// act; an effect must not ask again by place, because an issuer or a substitute may stand elsewhere.
type Effect func(ctx context.Context, c Case, p Step) error

// Service runs cases and inboxes.
type Service struct {
	db       *db.DB
	audit    *audit.Service
	units    Units
	people   People
	shipped  map[string]Definition
	effects  map[string][]Effect
	known    sync.Map // version -> Definition; a version's text never changes
	places   func(ctx context.Context, ref string) (Unit, error)
	staffed  func(ctx context.Context, units []id.ID) (map[id.ID]bool, error)
	lent     []Lender
	lentSent []Lender
	heard    []func(ctx context.Context, t Task) error
	cameTo   []func(ctx context.Context, to Came) error
	matters  map[string]Teller
	live     live
}

// OnPosted registers a listener, at start, that hears of each new task in the transaction that posts it; its error takes the
// task back. A task that is changed under its key is no new one.
func (s *Service) OnPosted(f func(ctx context.Context, t Task) error) { s.heard = append(s.heard, f) }

// Came answers which of some units a matter has come to.
type Came func(ctx context.Context, units []id.ID) ([]id.ID, error)

// OnCame registers a listener, at start, that hears of what has come to many units at once and is lent to their inboxes
// without a row for each; in the transaction that sends it.
func (s *Service) OnCame(f func(ctx context.Context, to Came) error) { s.cameTo = append(s.cameTo, f) }

// TellCame tells who listens that lines which a module lends have come to units.
func (s *Service) TellCame(ctx context.Context, to Came) error {
	for _, f := range s.cameTo {
		if err := f(ctx, to); err != nil {
			return err
		}
	}
	var reached []id.ID
	for part := range slices.Chunk(s.listening(), unitsAtOnce) {
		some, err := to(ctx, part)
		if err != nil {
			return err
		}
		reached = append(reached, some...)
	}
	if len(reached) > 0 {
		s.db.AfterCommit(ctx, func() { s.lentCame(reached) })
	}
	return nil
}

// unitsAtOnce is how many units are asked about at a time.
const unitsAtOnce = 500

// Lender answers the lines that a module adds to a list for a unit, without a row for each.
type Lender func(ctx context.Context, unit id.ID) ([]Item, error)

// New makes the service with the definitions that come with the program.
func New(d *db.DB, a *audit.Service, units Units) *Service {
	shipped, err := Shipped()
	if err != nil {
		panic(err) // the files are part of the program; a test reads them
	}
	return &Service{db: d, audit: a, units: units, shipped: shipped, effects: map[string][]Effect{}, matters: map[string]Teller{}}
}

// Shipped are the definitions that come with the program, by code.
func Shipped() (map[string]Definition, error) {
	files, err := fs.Glob(definitions, "definitions/*.toml")
	if err != nil {
		return nil, err
	}
	out := map[string]Definition{}
	for _, f := range files {
		text, err := definitions.ReadFile(f)
		if err != nil {
			return nil, err
		}
		d, err := ParseDefinition(text)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", f, err)
		}
		if "definitions/"+d.Code+".toml" != f {
			return nil, fmt.Errorf("%s holds %s", f, d.Code)
		}
		out[d.Code] = d
	}
	return out, nil
}

// On registers a listener for an effect of a definition, at start. Several modules may listen: each looks at the
// case's SubjectKind.
func (s *Service) On(definition, effect string, f func(ctx context.Context, c Case, p Step) error) {
	d, ok := s.shipped[definition]
	if !ok || !slices.Contains(d.Effects(), effect) {
		panic("flow.On: no effect " + effect + " in " + definition)
	}
	s.effects[definition+"/"+effect] = append(s.effects[definition+"/"+effect], f)
}

// Staffed sets how to find out which units have an account of their own. Tasks of units without one come to those who
// enter for them (代办); without it nobody's do.
func (s *Service) Staffed(f func(ctx context.Context, units []id.ID) (map[id.ID]bool, error)) {
	s.staffed = f
}

// Lend adds lines to the inbox that no row was written for: what a module knows to wait for a unit because something was
// sent to all units at once. f answers few lines, of kind KindDo, each with the page where it is done; it is asked for the
// reader's own unit when the reader works there. A line whose page a task already leads to is left out.
func (s *Service) Lend(f Lender) { s.lent = append(s.lent, f) }

// SetPlaces sets how an address names a unit ("" is the actor's own); without it nobody changes courses on a page.
func (s *Service) SetPlaces(f func(ctx context.Context, ref string) (Unit, error)) { s.places = f }

// SetPeople lets persons name substitutes.
func (s *Service) SetPeople(p People) { s.people = p }

// DefinitionAt is the course that a new case at the place would take.
func (s *Service) DefinitionAt(ctx context.Context, code string, pos int64) (Definition, error) {
	version, err := s.overrideAt(ctx, code, pos)
	if err != nil {
		return Definition{}, err
	}
	if version != "" {
		return s.definition(ctx, version)
	}
	d, ok := s.shipped[code]
	if !ok {
		return Definition{}, fmt.Errorf("flow: no definition %s", code)
	}
	return d, nil
}

// DefinitionOf is the course that a case takes: the one with which it began.
func (s *Service) DefinitionOf(ctx context.Context, c Case) (Definition, error) {
	return s.definition(ctx, c.Version)
}

func (s *Service) definition(ctx context.Context, version string) (Definition, error) {
	if d, ok := s.known.Load(version); ok {
		return d.(Definition), nil
	}
	body, err := s.definitionBody(ctx, version)
	if err != nil {
		return Definition{}, err
	}
	var d Definition
	if err := json.Unmarshal([]byte(body), &d); err != nil {
		return d, fmt.Errorf("flow: definition %s: %w", version, err)
	}
	s.known.Store(version, d)
	return d, nil
}

// keep stores a definition's text, so that running cases find it when the program or the city has another.
func (s *Service) keep(ctx context.Context, d Definition) (version string, err error) {
	version, body, err := d.Version()
	if err != nil {
		return "", err
	}
	return version, s.insertDefinition(ctx, version, d.Code, body)
}

// SetDefinition puts a city's own course in the place of the shipped one, for new cases in the unit's subtree r alone.
// It needs Admin there. Effects are those of the program.
func (s *Service) SetDefinition(ctx context.Context, unit id.ID, r scope.Range, d Definition) error {
	return s.setDefinition(ctx, unit, r, d, "")
}

func (s *Service) setDefinition(ctx context.Context, unit id.ID, r scope.Range, d Definition, what string) error {
	a := scope.From(ctx)
	shipped, ok := s.shipped[d.Code]
	if !ok {
		return errs.New(errs.Invalid, "flow.definition_unknown", "Code", d.Code)
	}
	if err := d.Check(); err != nil {
		return errs.Wrap(err, errs.Invalid, "flow.definition_broken", "Detail", err.Error())
	}
	for _, e := range d.Effects() {
		if !slices.Contains(shipped.Effects(), e) {
			return errs.New(errs.Invalid, "flow.definition_effect", "Effect", e)
		}
	}
	entry := audit.Entry{Act: "flow.define", Subject: "flow", Pos: r.From, Unit: unit, Detail: map[string]string{"code": d.Code}}
	if what != "" {
		entry.Detail = map[string]string{"code": d.Code, "changes": what}
	}
	if !a.AdminSet.Covers(r) {
		return s.refuse(ctx, entry, errs.New(errs.NotFound, "errs.not_found"))
	}
	return s.db.Tx(ctx, func(ctx context.Context) error {
		version, err := s.keep(ctx, d)
		if err != nil {
			return err
		}
		now := clock.Millis(ctx)
		if err := s.endOverrides(ctx, d.Code, unit, now); err != nil {
			return err
		}
		if err := s.insertOverride(ctx, d.Code, unit, r, version, now, a); err != nil {
			return err
		}
		return s.audit.Log(ctx, entry)
	})
}

// ResetDefinition takes a city's own course back; running cases keep theirs.
func (s *Service) ResetDefinition(ctx context.Context, unit id.ID, r scope.Range, code string) error {
	entry := audit.Entry{Act: "flow.undefine", Subject: "flow", Pos: r.From, Unit: unit, Detail: map[string]string{"code": code}}
	if !scope.From(ctx).AdminSet.Covers(r) {
		return s.refuse(ctx, entry, errs.New(errs.NotFound, "errs.not_found"))
	}
	return s.db.Tx(ctx, func(ctx context.Context) error {
		if err := s.endOverrides(ctx, code, unit, clock.Millis(ctx)); err != nil {
			return err
		}
		return s.audit.Log(ctx, entry)
	})
}

// refuse logs an attempt that was not let through and hands the error back.
func (s *Service) refuse(ctx context.Context, e audit.Entry, err error) error {
	if le := s.audit.Refuse(ctx, e); le != nil {
		return errors.Join(err, le)
	}
	return err
}

// Open begins a matter: the case stands in the definition's first state and waits for whoever has to act. It needs
// Work at the place (or what the definition's open_by says) and joins the caller's transaction.
func (s *Service) Open(ctx context.Context, o OpenCase) (Case, error) {
	a := scope.From(ctx)
	def, err := s.DefinitionAt(ctx, o.Definition, o.Pos)
	if err != nil {
		return Case{}, err
	}
	if o.Issuer == 0 {
		o.Issuer = o.Unit
	}
	c := Case{Root: rootOf(o.Pos), ID: id.New(), Definition: def.Code, SubjectKind: o.SubjectKind, SubjectRef: o.Subject.String(),
		Unit: o.Unit, Pos: o.Pos, Issuer: o.Issuer, Title: o.Title, Link: o.Link, OpenedBy: a.Account}
	entry := s.entry(c, "flow.opened", o.Note, map[string]string{"definition": def.Code, "to": def.Start})
	who := def.OpenBy
	if len(who) == 0 {
		who = []Who{{At: AtOwn}}
	}
	stand, ok, err := s.mayAny(ctx, a, who, c)
	if err != nil {
		return Case{}, err
	}
	if !ok {
		return Case{}, s.refuse(ctx, entry, errs.New(errs.NotFound, "errs.not_found"))
	}
	if c.Data, err = jsonOf(o.Data); err != nil {
		return Case{}, fmt.Errorf("flow.Open: %w", err)
	}
	err = s.db.Tx(ctx, func(ctx context.Context) error {
		if c.Version, err = s.keep(ctx, def); err != nil {
			return err
		}
		c.OpenedAt, c.SentBy, c.Steps = clock.Millis(ctx), a.Account, 1
		if err := s.enter(ctx, &c, def, def.Start, clock.Today(ctx)); err != nil {
			return err
		}
		if err := s.insertCase(ctx, c); err != nil {
			return err
		}
		p := s.step(ctx, c, a, stand, Act{Reason: o.Note}, "", def.Start)
		if err := s.insertStep(ctx, p); err != nil {
			return err
		}
		if err := s.post(ctx, c, def); err != nil {
			return err
		}
		return s.audit.Log(ctx, entry)
	})
	return c, err
}

// entry is a line of the log: it stands with the record, so that its history shows it.
func (s *Service) entry(c Case, act, note string, detail map[string]string) audit.Entry {
	detail["case"] = c.Ref().String()
	return audit.Entry{Act: act, Subject: c.SubjectKind, Ref: c.Subject(), Pos: c.Pos, Unit: c.Unit, Note: note, Detail: detail}
}

// enter puts the case into a state: whom it waits for, until when, and when the clock goes on.
func (s *Service) enter(ctx context.Context, c *Case, def Definition, key string, since clock.Day) error {
	st, ok := def.State(key)
	if !ok {
		return fmt.Errorf("flow: %s has no state %s", def.Code, key)
	}
	today := clock.Today(ctx)
	c.State, c.SinceDay, c.DueDay = key, today, st.Due(today)
	c.WakeDay, _ = def.Wake(key, since)
	c.WaitUnit, c.WaitPos = 0, 0
	if st.Terminal {
		c.ClosedAt = clock.Millis(ctx)
	}
	if len(st.Wait) > 0 {
		p, err := s.place(ctx, st.Wait[0], *c)
		if err != nil {
			return err
		}
		c.WaitUnit, c.WaitPos = p.unit, p.pos
	}
	return nil
}

// post puts the task of the state into the inbox of whoever has to act.
func (s *Service) post(ctx context.Context, c Case, def Definition) error {
	st, _ := def.State(c.State)
	if len(st.Wait) == 0 {
		return nil
	}
	t := Task{Root: c.Root, ID: id.New(), Key: fmt.Sprintf("case:%s:%d", c.Ref(), c.Steps), Case: c.ID, Kind: KindCase,
		Unit: c.WaitUnit, Pos: c.WaitPos, Args: "{}", DueDay: c.DueDay, Link: "/flow/" + c.Ref().String(), OpenedAt: clock.Millis(ctx)}
	if st.Wait[0].Other {
		t.NotBy = c.OpenedBy
	}
	return s.hand(ctx, t)
}

func (s *Service) step(ctx context.Context, c Case, a scope.Actor, stand *Substitute, act Act, from, to string) Step {
	p := Step{Root: c.Root, ID: id.New(), Case: c.ID, No: c.Steps, Act: act.Key, From: from, To: to, At: clock.Millis(ctx),
		By: a.Account, ByName: a.Name, Unit: a.Unit, Reason: act.Reason, Day: act.Day, Document: act.Document, Data: "null"}
	if stand != nil {
		p.For, p.ForName = stand.Person, stand.Name
	}
	return p
}

// Act takes a step: permission, the move, what modules do about it, and the log, in one transaction. Refused attempts
// are logged. Errors: NotFound outside the reader's scope; Forbidden when another unit has to act; Conflict when
// somebody was faster or the state does not know the act; Invalid with the fields reason, day, document, data.
func (s *Service) Act(ctx context.Context, ref id.Ref, act Act) (Case, error) {
	a := scope.From(ctx)
	var c Case
	var refused bool
	err := s.db.Tx(ctx, func(ctx context.Context) error {
		refused = false
		var err error
		if c, err = s.caseAcrossUnits(ctx, ref, true); err != nil {
			return err
		}
		if ok, err := s.visible(ctx, a, c); err != nil || !ok {
			refused = err == nil
			return errors.Join(err, notThere(ok))
		}
		def, err := s.definition(ctx, c.Version)
		if err != nil {
			return err
		}
		if act.Seen != 0 && act.Seen != c.Steps {
			return s.movedOn(ctx, c, def)
		}
		t, ok := def.Find(c.State, act.Key)
		if !ok {
			refused = true
			return s.notNow(ctx, c, def, act.Key)
		}
		stand, ok, err := s.mayAny(ctx, a, t.Who, c)
		if err != nil {
			return err
		}
		if !ok {
			refused = true
			return s.notYours(ctx, a, t, c)
		}
		if err := act.Validate(t); err != nil {
			return err
		}
		return s.take(ctx, a, stand, &c, def, t, act)
	})
	if refused {
		e := s.entry(c, "flow.acted", act.Reason, map[string]string{"act": act.Key, "from": c.State})
		err = s.refuse(ctx, e, err)
	}
	if err != nil {
		return Case{}, err
	}
	return c, nil
}

func notThere(seen bool) error {
	if seen {
		return nil
	}
	return errs.New(errs.NotFound, "errs.not_found")
}

// take is the move itself, inside Act's transaction.
func (s *Service) take(ctx context.Context, a scope.Actor, stand *Substitute, c *Case, def Definition, t Transition, act Act) error {
	from, seen := c.State, c.Steps
	since := clock.Today(ctx)
	if act.Day != clock.Open {
		since = act.Day // a grant's year runs from the day on which it was granted
	}
	c.Steps++
	c.SentBy = a.Account
	if err := s.enter(ctx, c, def, t.To, since); err != nil {
		return err
	}
	p := s.step(ctx, *c, a, stand, act, from, t.To)
	var err error
	if p.Data, err = jsonOf(act.Data); err != nil {
		return err
	}
	moved, err := s.updateCase(ctx, *c, seen)
	if err != nil {
		return err
	}
	if !moved {
		return s.movedOn(ctx, *c, def)
	}
	if err := s.insertStep(ctx, p); err != nil {
		return err
	}
	if err := s.endTasks(ctx, *c, p.At, a); err != nil {
		return err
	}
	if err := s.post(ctx, *c, def); err != nil {
		return err
	}
	if t.Effect != "" {
		listeners := s.effects[def.Code+"/"+t.Effect]
		if len(listeners) == 0 {
			return fmt.Errorf("flow: nobody listens to %s of %s", t.Effect, def.Code)
		}
		for _, f := range listeners {
			if err := f(ctx, *c, p); err != nil {
				return err
			}
		}
	}
	return s.audit.Log(ctx, s.entry(*c, "flow.acted", act.Reason, map[string]string{"act": t.Act, "from": from, "to": t.To}))
}

// movedOn tells who was faster, and with what.
func (s *Service) movedOn(ctx context.Context, c Case, def Definition) error {
	list, err := s.stepsAcrossUnits(ctx, c.Ref())
	if err != nil || len(list) == 0 {
		return errors.Join(err, errs.New(errs.Conflict, "flow.moved_on_by_somebody"))
	}
	last := list[len(list)-1]
	return errs.New(errs.Conflict, "flow.moved_on", "Name", StepName(ctx, last), "Act", actTitle(ctx, def, last.Act))
}

// notNow says why the act cannot be done in this state: somebody was faster, it belongs to another state, or there is
// no such act.
func (s *Service) notNow(ctx context.Context, c Case, def Definition, act string) error {
	title, known := def.Knows(act)
	if !known {
		return errs.New(errs.Invalid, "flow.no_such_act")
	}
	list, err := s.stepsAcrossUnits(ctx, c.Ref())
	if err != nil {
		return err
	}
	if n := len(list); n > 1 {
		if _, before := def.Find(list[n-1].From, act); before {
			return s.movedOn(ctx, c, def)
		}
	}
	st, _ := def.State(c.State)
	return errs.New(errs.Conflict, "flow.not_now", "Act", title.In(ctx), "State", st.Title.In(ctx))
}

// notYours says who may do it.
func (s *Service) notYours(ctx context.Context, a scope.Actor, t Transition, c Case) error {
	if len(t.Who) > 0 && t.Who[0].Other && a.Account == c.OpenedBy {
		return errs.New(errs.Forbidden, "flow.second_eyes")
	}
	if len(t.Who) > 0 && t.Who[0].At == AtSender {
		return errs.New(errs.Forbidden, "flow.sender_only")
	}
	for _, w := range t.Who {
		p, err := s.place(ctx, w, c)
		if err != nil {
			return err
		}
		if p.unit == 0 {
			continue
		}
		name, err := s.units.Name(ctx, p.unit)
		if err != nil {
			return err
		}
		return errs.New(errs.Forbidden, "flow.not_yours", "Unit", name, "Act", t.Title.In(ctx))
	}
	return errs.New(errs.Forbidden, "flow.clock_only")
}

// actTitle is how an act is called; the opening has none of its own.
func actTitle(ctx context.Context, def Definition, act string) string {
	if act == "" {
		return i18n.T(ctx, "flow.act_open")
	}
	if title, ok := def.Knows(act); ok {
		return title.In(ctx)
	}
	return act
}

// StepName is who acted, as people read it; 代 says for whom.
func StepName(ctx context.Context, p Step) string {
	name := p.ByName
	if i18n.Has(ctx, name) {
		name = i18n.T(ctx, name)
	}
	if p.ForName != "" {
		return i18n.T(ctx, "flow.name_for", "Name", name, "For", p.ForName)
	}
	return name
}

// Get is one case, for whoever may see it.
func (s *Service) Get(ctx context.Context, ref id.Ref) (Case, error) {
	c, err := s.caseAcrossUnits(ctx, ref, false)
	if err != nil {
		return Case{}, err
	}
	ok, err := s.visible(ctx, scope.From(ctx), c)
	if err != nil || !ok {
		return Case{}, errors.Join(err, notThere(ok))
	}
	return c, nil
}

// ForSubject lists a record's cases, the newest first, as far as the reader may see them.
func (s *Service) ForSubject(ctx context.Context, kind string, ref id.Ref) ([]Case, error) {
	list, err := s.casesOfSubjectAcrossUnits(ctx, kind, ref)
	if err != nil {
		return nil, err
	}
	var out []Case
	for _, c := range list {
		ok, err := s.visible(ctx, scope.From(ctx), c)
		if err != nil {
			return nil, err
		}
		if ok {
			out = append(out, c)
		}
	}
	return out, nil
}

// ActedSince tells whether a step was taken on any case of a record after an instant (UTC milliseconds): an undo is
// refused then.
func (s *Service) ActedSince(ctx context.Context, kind string, ref id.Ref, since int64) (bool, error) {
	n, err := s.actedSinceAcrossUnits(ctx, kind, ref, since)
	return n > 0, err
}

// Renamed lets a record's cases follow its name; it joins the caller's transaction.
func (s *Service) Renamed(ctx context.Context, kind string, ref id.Ref, title string) error {
	return s.db.Tx(ctx, func(ctx context.Context) error { return s.renameCases(ctx, kind, ref, title) })
}

// Steps lists what was done on a case, the opening first.
func (s *Service) Steps(ctx context.Context, c Case) ([]Step, error) {
	if _, err := s.Get(ctx, c.Ref()); err != nil {
		return nil, err
	}
	return s.stepsAcrossUnits(ctx, c.Ref())
}

// Allowed lists what the reader may do now, for buttons; the ordinary way on comes first as the definition has it.
// Where it cannot be found out there is no button, and Act says why.
func (s *Service) Allowed(ctx context.Context, c Case) []Transition {
	a := scope.From(ctx)
	if !c.Open() || !a.SignedIn() {
		return nil
	}
	def, err := s.definition(ctx, c.Version)
	if err != nil {
		return nil
	}
	var out []Transition
	for _, t := range def.From(c.State) {
		if t.AfterMonths > 0 && a.System {
			continue
		}
		if _, ok, err := s.mayAny(ctx, a, t.Who, c); err == nil && ok {
			out = append(out, t)
		}
	}
	return out
}

// Moved lets cases and tasks follow a unit: to its place pos while it stands (heir 0; what an heir had taken over comes
// back when the end is undone), or to its heir, which stands at pos. app calls it when org says so. A second heir in a
// row remembers only the first one before it.
func (s *Service) Moved(ctx context.Context, unit, heir id.ID, pos int64) error {
	return s.db.Tx(ctx, func(ctx context.Context) error {
		if heir != 0 && heir != unit {
			return s.inherit(ctx, unit, heir, pos)
		}
		if err := s.giveBack(ctx, unit); err != nil {
			return err
		}
		if err := s.moveOverrides(ctx, unit, pos); err != nil {
			return err
		}
		return s.moveUnit(ctx, unit, pos)
	})
}
