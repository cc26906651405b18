package assess

import (
	"cmp"
	"context"

	"xinhuo/internal/audit"
	"xinhuo/internal/flow"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/db"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/web/ui"
	"xinhuo/internal/ledger"
	"xinhuo/internal/org"
	"xinhuo/internal/record"
)

const acceptance = "reform.acceptance"

// Service keeps programmes and adoptions.
type Service struct {
	db         *db.DB
	store      store
	rec        *record.Service
	ledger     *ledger.Service
	org        *org.Service
	flow       *flow.Service
	audit      *audit.Service
	programmes *record.Book[Programme]
	adoptions  *record.Book[Adoption]
}

// New makes the service: it opens its books, publishes adoptions to the ledger, listens to the flow of acceptance, and
// offers the import and the panel of a unit's page. Call it before ledger.Load.
func New(d *db.DB, rec *record.Service, led *ledger.Service, o *org.Service, f *flow.Service, a *audit.Service) *Service {
	s := &Service{db: d, store: store{d}, rec: rec, ledger: led, org: o, flow: f, audit: a}
	s.programmes = record.NewBook(rec, record.Kind[Programme]{
		Name:  KindProgramme,
		Home:  func(p Programme) id.ID { return p.Owner },
		Put:   s.putProgramme,
		Rows:  func(id.Ref, Programme) ledger.Record { return ledger.Record{} },
		Facts: programmeFacts,
	}, &ledger.Source{Name: ledger.Words{Zh: "改革项目", En: "Reform programme"}, Fields: map[string]any{}, Describe: s.describeProgrammes})
	s.adoptions = record.NewBook(rec, record.Kind[Adoption]{
		Name:  Kind,
		Home:  func(a Adoption) id.ID { return a.Unit },
		Put:   s.putAdoption,
		Rows:  rows,
		Facts: s.adoptionFacts,
		Settled: func(ctx context.Context, ref id.Ref, since int64) error {
			acted, err := f.ActedSince(ctx, Kind, ref, since)
			if err == nil && acted {
				err = errs.New(errs.Conflict, "assess.flow_acted")
			}
			return err
		},
	}, s.source())
	f.On(acceptance, "accept", s.onAccept)
	f.On(acceptance, "revoke", s.onRevoke)
	f.On(acceptance, "return", s.onReturn)
	f.On(acceptance, "recall", s.onRecall)
	f.On(acceptance, "resubmit", s.onResubmit)
	rec.AddImporter(s.importer())
	rec.AddImporter(s.programmeImporter())
	o.AddPanel(s.panel())
	return s
}

// UnitChanged hears org: lists follow a unit to its new place, or to its heir's, and an adoption ends with its unit. Register it after the
// ledger's own listener.
func (s *Service) UnitChanged(ctx context.Context, c org.Changed) error {
	u, err := s.rec.Home(ctx, c.Unit)
	if err != nil {
		return err
	}
	if err := s.store.moveUnit(ctx, c.Unit, u.Range()); err != nil {
		return err
	}
	list, err := s.store.ofUnitAcrossUnits(ctx, c.Unit)
	if err != nil {
		return err
	}
	for _, r := range list {
		at := scope.Widened(ctx, r.Pos, true)
		a, v, err := s.adoptions.Get(at, r.ref())
		if err != nil {
			return err
		}
		if a.UnitEnds == c.To {
			continue
		}
		a.UnitEnds = c.To
		if err := s.adoptions.Save(at, r.ref(), v.N, a, record.Change{Act: "assess.act.unit_ended"}); err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) putProgramme(ctx context.Context, ref id.Ref, p Programme, gone bool) error {
	u, err := s.rec.Home(ctx, p.Owner)
	if err != nil {
		return err
	}
	row := programmeRow{Root: ref.Root, ID: ref.ID, Code: p.Code, Name: p.Name, Owner: p.Owner, Pos: u.Range().From, PosTo: u.Range().To}
	if p.Main {
		row.Main = 1
	}
	return s.store.putProgramme(ctx, row, gone)
}

func (s *Service) putAdoption(ctx context.Context, ref id.Ref, a Adoption, gone bool) error {
	u, err := s.rec.Home(ctx, a.Unit)
	if err != nil {
		return err
	}
	return s.store.putAdoption(ctx, ref, u.Pos, a, gone)
}

// Listed is a programme in a list of those that concern a unit.
type Listed struct {
	Ref   id.Ref `json:"ref"`
	Code  string `json:"code"`
	Name  string `json:"name"`
	Owner id.ID  `json:"owner"`
	Main  bool   `json:"main"`
}

// Programmes lists the programmes that concern a unit, the main one first (R146). Needs View at the unit.
func (s *Service) Programmes(ctx context.Context, u org.Unit) ([]Listed, error) {
	if !scope.From(ctx).May(scope.View, u.Pos) {
		return nil, errs.New(errs.NotFound, "errs.not_found")
	}
	list, err := s.store.programmesAcrossUnits(ctx, u.Range())
	out := make([]Listed, len(list))
	for i, r := range list {
		out[i] = Listed{Ref: r.ref(), Code: r.Code, Name: r.Name, Owner: r.Owner, Main: r.Main == 1}
	}
	return out, err
}

// Programme reads a programme. Every unit that is to take it over may read it, and whoever sees one of them.
func (s *Service) Programme(ctx context.Context, ref id.Ref) (Programme, record.Version, error) {
	row, err := s.store.programmeAcrossUnits(ctx, ref)
	if err != nil {
		return Programme{}, record.Version{}, err
	}
	for _, r := range scope.From(ctx).ViewSet {
		if r.From < row.PosTo && row.Pos < r.To {
			return s.programmes.Get(scope.Widened(ctx, row.Pos, false), ref)
		}
	}
	return Programme{}, record.Version{}, errs.New(errs.NotFound, "errs.not_found")
}

// CreateProgramme begins a programme; it needs Work at its owner. c says by which act; its name is the module's own where it has none.
func (s *Service) CreateProgramme(ctx context.Context, p Programme, c record.Change) (id.Ref, error) {
	c.Act = cmp.Or(c.Act, "assess.act.create_programme")
	p.Clean()
	var ref id.Ref
	err := s.db.Tx(ctx, func(ctx context.Context) error {
		if p.Owner != 0 {
			if err := s.programmes.MayCreate(ctx, p, c); err != nil {
				return err
			}
		}
		if err := p.Check(); err != nil {
			return err
		}
		if err := s.oneMain(ctx, id.Ref{}, p); err != nil {
			return err
		}
		var err error
		ref, err = s.programmes.Create(ctx, p, c)
		return taken(err)
	})
	return ref, err
}

// taken puts the refusal of a second programme with the same code beside the code.
func taken(err error) error {
	if errs.Is(err, errs.Conflict) {
		var e *errs.Error
		if as(err, &e) && e.Key == "errs.exists_already" {
			var f errs.Fields
			f.Add("code", "assess.code_taken")
			return f.Err()
		}
	}
	return err
}

// SaveProgramme changes a programme; when it becomes or stops being the main one, its adoptions follow in the same
// transaction, and with them the figures.
func (s *Service) SaveProgramme(ctx context.Context, ref id.Ref, version int64, p Programme, c record.Change) error {
	c.Act = cmp.Or(c.Act, "assess.act.save_programme")
	p.Clean()
	if err := p.Check(); err != nil {
		return err
	}
	return s.db.Tx(ctx, func(ctx context.Context) error {
		was, _, err := s.Programme(ctx, ref)
		if err != nil {
			return err
		}
		p.Owner = was.Owner
		if err := s.oneMain(ctx, ref, p); err != nil {
			return err
		}
		if err := taken(s.programmes.Save(ctx, ref, version, p, c)); err != nil {
			return err
		}
		if was.Main != p.Main {
			return s.followMain(ctx, ref, p.Main)
		}
		return nil
	})
}

// oneMain lets the main programme of an owner step back when another one takes its place.
func (s *Service) oneMain(ctx context.Context, ref id.Ref, p Programme) error {
	if !p.Main {
		return nil
	}
	u, err := s.org.Unit(ctx, p.Owner)
	if err != nil {
		return err
	}
	list, err := s.store.programmesAcrossUnits(ctx, scope.Range{From: u.Pos, To: u.Pos + 1})
	if err != nil {
		return err
	}
	for _, r := range list {
		if r.Owner != p.Owner || r.Main == 0 || r.ref() == ref {
			continue
		}
		old, v, err := s.programmes.Get(ctx, r.ref())
		if err != nil {
			return err
		}
		old.Main = false
		if err := s.programmes.Save(ctx, r.ref(), v.N, old, record.Change{Act: "assess.act.step_back"}); err != nil {
			return err
		}
		if err := s.followMain(ctx, r.ref(), false); err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) followMain(ctx context.Context, ref id.Ref, main bool) error {
	list, err := s.store.allAdoptionsAcrossUnits(ctx, ref.ID)
	if err != nil {
		return err
	}
	for _, r := range list {
		at := scope.Widened(ctx, r.Pos, true)
		a, v, err := s.adoptions.Get(at, r.ref())
		if err != nil {
			return err
		}
		if a.Main = main; a.Programme != ref {
			continue
		}
		if err := s.adoptions.Save(at, r.ref(), v.N, a, record.Change{Act: "assess.act.step_back"}); err != nil {
			return err
		}
	}
	return nil
}

// UndoProgramme takes one's own last change of a programme back.
func (s *Service) UndoProgramme(ctx context.Context, ref id.Ref, version int64) error {
	return s.db.Tx(ctx, func(ctx context.Context) error {
		was, _, err := s.Programme(ctx, ref)
		if err != nil {
			return err
		}
		if err := s.programmes.Undo(ctx, ref, version); err != nil {
			return err
		}
		now, _, err := s.programmes.Get(ctx, ref)
		if errs.Is(err, errs.NotFound) {
			list, err := s.store.allAdoptionsAcrossUnits(ctx, ref.ID)
			if err == nil && len(list) > 0 {
				err = errs.New(errs.Conflict, "assess.programme_in_use")
			}
			return err
		}
		if err != nil || now.Main == was.Main {
			return err
		}
		if err := s.oneMain(ctx, ref, now); err != nil {
			return err
		}
		return s.followMain(ctx, ref, now.Main)
	})
}

// Adoption reads a record with its programme. Needs View at its unit.
func (s *Service) Adoption(ctx context.Context, ref id.Ref) (Adoption, record.Version, error) {
	return s.adoptions.Get(ctx, ref)
}

// AdoptionOf finds a unit's record in a programme; errs.NotFound when it has none.
func (s *Service) AdoptionOf(ctx context.Context, programme id.Ref, unit id.ID) (id.Ref, Adoption, record.Version, error) {
	list, err := s.store.adoptionAcrossUnits(ctx, programme.ID, unit)
	if err != nil {
		return id.Ref{}, Adoption{}, record.Version{}, err
	}
	if len(list) == 0 {
		return id.Ref{}, Adoption{}, record.Version{}, errs.New(errs.NotFound, "errs.not_found")
	}
	a, v, err := s.adoptions.Get(ctx, list[0].ref())
	return list[0].ref(), a, v, err
}

// working asks whether the reader may write a record of the unit: as somebody of the unit, or of the programme's owner
// (which plans and accepts). The book asks again, and logs a refusal.
func (s *Service) working(ctx context.Context, programme Programme, unit org.Unit) (context.Context, error) {
	unit, err := s.rec.Home(ctx, unit.ID)
	if err != nil {
		return ctx, err
	}
	if a := scope.From(ctx); a.May(scope.Work, unit.Pos) || !s.ownerWorks(ctx, programme) {
		return ctx, nil
	}
	owner, err := s.rec.Home(ctx, programme.Owner)
	if err != nil {
		return ctx, err
	}
	if r := owner.Range(); unit.Pos < r.From || unit.Pos >= r.To {
		return ctx, nil
	}
	return scope.Widened(ctx, unit.Pos, true), nil
}

// planning asks whether the reader may say when a unit is to be ready and who helps it: besides those of working, the units
// between the programme's owner and the unit, a county for its towns. They neither hand in nor accept.
func (s *Service) planning(ctx context.Context, programme Programme, unit org.Unit) (context.Context, error) {
	unit, err := s.rec.Home(ctx, unit.ID)
	if err != nil {
		return ctx, err
	}
	owner, err := s.rec.Home(ctx, programme.Owner)
	if err != nil {
		return ctx, err
	}
	a, reach := scope.From(ctx), scope.Set{owner.Range()}
	if !reach.Contains(unit.Pos) {
		return s.working(ctx, programme, unit)
	}
	for _, pos := range org.Enclosing(unit.Pos) {
		if reach.Contains(pos) && a.May(scope.Work, pos) {
			return scope.Widened(ctx, unit.Pos, true), nil
		}
	}
	return s.working(ctx, programme, unit)
}

// ownerWorks tells whether the reader works at the programme's own unit.
func (s *Service) ownerWorks(ctx context.Context, p Programme) bool {
	owner, err := s.rec.Home(ctx, p.Owner)
	return err == nil && scope.From(ctx).May(scope.Work, owner.Pos)
}

// CreateAdoption writes a new record as it stands: level and main follow from unit and programme. One unit has one
// record in a programme.
func (s *Service) CreateAdoption(ctx context.Context, a Adoption, c record.Change) (id.Ref, error) {
	if c.Act == "" {
		c.Act = "assess.act.create"
	}
	p, _, err := s.Programme(ctx, a.Programme)
	if err != nil {
		return id.Ref{}, err
	}
	u, err := s.org.Unit(ctx, a.Unit)
	if err != nil {
		return id.Ref{}, err
	}
	if u.Level != p.Target {
		var f errs.Fields
		f.Add("unit", "assess.unit_not_target", "Name", u.Name)
		return id.Ref{}, f.Err()
	}
	a.Level, a.Main, a.UnitEnds = u.Level, p.Main, u.To
	a.settle(p)
	if err := a.Check(); err != nil {
		return id.Ref{}, err
	}
	var ref id.Ref
	err = s.db.Tx(ctx, func(ctx context.Context) error {
		list, err := s.store.adoptionAcrossUnits(ctx, a.Programme.ID, a.Unit)
		if err != nil {
			return err
		}
		if len(list) > 0 {
			return errs.New(errs.Conflict, "assess.has_record", "Name", u.Name)
		}
		may := s.working
		if a.onlyPlanned() {
			may = s.planning
		}
		if ctx, err = may(ctx, p, u); err != nil {
			return err
		}
		ref, err = s.adoptions.Create(ctx, a, c)
		return err
	})
	return ref, err
}

// CreateAdoptions writes many records in one transaction, for an import of a whole city.
func (s *Service) CreateAdoptions(ctx context.Context, list []Adoption, c record.Change) ([]id.Ref, error) {
	out := make([]id.Ref, len(list))
	err := s.db.Tx(ctx, func(ctx context.Context) (err error) {
		for i, a := range list {
			if out[i], err = s.CreateAdoption(ctx, a, c); err != nil {
				return err
			}
		}
		return nil
	})
	return out, err
}

// SaveAdoption replaces a record as it was read at a version.
func (s *Service) SaveAdoption(ctx context.Context, ref id.Ref, version int64, a Adoption, c record.Change) error {
	if err := a.Check(); err != nil {
		return err
	}
	p, _, err := s.Programme(ctx, a.Programme)
	if err != nil {
		return err
	}
	u, err := s.org.Unit(ctx, a.Unit)
	if err != nil {
		return err
	}
	a.Level, a.Main, a.UnitEnds = u.Level, p.Main, u.To
	a.settle(p)
	if ctx, err = s.working(ctx, p, u); err != nil {
		return err
	}
	return s.adoptions.Save(ctx, ref, version, a, c)
}

// RemoveAdoption takes a record out of every list and figure.
func (s *Service) RemoveAdoption(ctx context.Context, ref id.Ref, version int64, c record.Change) error {
	return s.adoptions.Remove(ctx, ref, version, c)
}

// History lists what was done to a record, the latest first.
func (s *Service) History(ctx context.Context, ref id.Ref) ([]record.Step, error) {
	return s.adoptions.History(ctx, ref)
}

// ProgrammeTimeline is what was done to a programme, the latest first, for its page. What began it cannot be undone from
// there once it stands: it is changed instead.
func (s *Service) ProgrammeTimeline(ctx context.Context, ref id.Ref) ([]ui.Change, error) {
	row, err := s.store.programmeAcrossUnits(ctx, ref)
	if err != nil {
		return nil, err
	}
	p, _, err := s.Programme(ctx, ref)
	if err != nil {
		return nil, err
	}
	list, err := s.programmes.Timeline(scope.Widened(ctx, row.Pos, false), ref, "/reform/programme/"+ref.String()+"/undo")
	if err == nil && len(list) > 0 && (len(list) == 1 || !s.ownerWorks(ctx, p)) {
		list[0].Undo = nil
	}
	return list, err
}

// Overview is a programme seen from a unit: every target unit that stands on the day, with its status; the counts add
// up to their number (R149).
func (s *Service) Overview(ctx context.Context, programme id.Ref, u org.Unit, day clock.Day) (Overview, error) {
	o := Overview{Ref: programme, Unit: u, Day: day, Counts: map[Status]int{}, Maturity: map[string]int{}}
	err := s.db.Read(ctx, func(ctx context.Context) error {
		var err error
		if o.Programme, _, err = s.Programme(ctx, programme); err != nil {
			return err
		}
		targets, err := s.targets(ctx, o.Programme, u, day)
		if err != nil {
			return err
		}
		rows, err := s.store.adoptions(ctx, programme.ID, u.Range(), scope.From(ctx).ViewSet)
		if err != nil {
			return err
		}
		of := map[id.ID]adoptionRow{}
		for _, r := range rows {
			of[r.Unit] = r
		}
		for _, t := range targets {
			l := Line{Unit: t.ID, Code: t.Code, Name: t.Name, Status: None}
			if r, ok := of[t.ID]; ok {
				if l, err = line(l, r, day); err != nil {
					return err
				}
			}
			o.Counts[l.Status]++
			if l.Status == Accepted {
				o.Maturity[l.Level]++
			}
			o.Lines = append(o.Lines, l)
		}
		return nil
	})
	return o, err
}

func line(l Line, r adoptionRow, day clock.Day) (Line, error) {
	a, err := r.adoption()
	if err != nil {
		return l, err
	}
	l.Ref, l.Status, l.PlannedOn, l.ReturnedOn = r.ref(), a.StatusOn(day), r.PlannedOn, r.ReturnedOn
	l.Submitted, l.Slips, l.Parts = r.SubmittedOn, int(r.Slips), int(r.Parts)
	if p := periodOn(a.Periods, day); p != nil {
		l.AdoptedOn, l.RevokedOn = p.AdoptedOn, p.RevokedOn
	}
	if l.Status == Accepted {
		l.Level = levelOn(a.Stages, day)
	}
	return l, nil
}

// targets are the units of the programme's level that stand in the subtree on the day, inside the programme's reach.
func (s *Service) targets(ctx context.Context, p Programme, u org.Unit, day clock.Day) ([]org.Unit, error) {
	if u.Level == p.Target {
		if !u.StandsOn(day) {
			return nil, nil
		}
		return []org.Unit{u}, nil
	}
	if u.Level.Rank() >= p.Target.Rank() {
		return nil, nil
	}
	owner, err := s.org.Unit(ctx, p.Owner)
	if err != nil {
		return nil, err
	}
	if r := u.Range(); owner.Pos >= r.From && owner.Pos < r.To {
		u = owner // seen from above: the programme's own subtree
	}
	var out []org.Unit
	var walk func(u id.ID) error
	walk = func(u id.ID) error {
		for after := ""; ; {
			list, err := s.org.Children(ctx, u, day, after, 500)
			if err != nil {
				return err
			}
			for _, n := range list {
				switch {
				case n.Unit.Level == p.Target:
					out = append(out, n.Unit)
				case !n.Unit.Level.Leaf() && n.Unit.Level.Rank() < p.Target.Rank():
					if err := walk(n.Unit.ID); err != nil {
						return err
					}
				}
			}
			if len(list) < 500 {
				return nil
			}
			after = list[len(list)-1].Key()
		}
	}
	return out, walk(u.ID)
}

func programmeFacts(ctx context.Context, p Programme) []record.Fact {
	out := []record.Fact{{Key: "assess.name", Text: p.Name}, {Key: "assess.goal", Text: p.Goal}, {Key: "assess.parts", Text: partNames(ctx, p.Parts)},
		{Key: "assess.criteria", Text: joined(ctx, p.Criteria, func(c Criterion) string { return c.Name })},
		{Key: "assess.maturity", Text: joined(ctx, p.Maturity, func(m string) string { return m })}}
	if p.Main {
		out = append(out, record.Fact{Key: "assess.main", Text: i18n.T(ctx, "assess.yes")})
	}
	return out
}

func (s *Service) adoptionFacts(ctx context.Context, a Adoption) []record.Fact {
	name := map[string]string{}
	if row, err := s.store.programmeAcrossUnits(ctx, a.Programme); err == nil {
		if p, _, err := s.programmes.Get(scope.Widened(ctx, row.Pos, false), a.Programme); err == nil {
			for _, q := range p.Parts {
				name[q.Code] = partName(ctx, q)
			}
		}
	}
	return []record.Fact{
		{Key: "assess.planned_on", Text: i18n.Day(ctx, a.PlannedOn)},
		{Key: "assess.mentor", Text: a.Mentor},
		{Key: "assess.submitted_on", Text: i18n.Day(ctx, a.SubmittedOn)},
		{Key: "assess.returned_on", Text: i18n.Day(ctx, a.ReturnedOn)},
		{Key: "assess.accepted_time", Text: joined(ctx, a.Periods, func(p Period) string { return periodText(ctx, p) })},
		{Key: "assess.parts", Text: joined(ctx, a.Parts, func(p PartOn) string { return name[p.Part] })},
		{Key: "assess.maturity", Text: joined(ctx, a.Stages, func(g Stage) string { return g.Level + " " + i18n.Day(ctx, g.From) })},
	}
}
