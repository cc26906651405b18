package people

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"xinhuo/internal/audit"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/db"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/ledger"
	"xinhuo/internal/org"
	"xinhuo/internal/record"
	"xinhuo/internal/volunteer"
)

// Service keeps the teams.
type Service struct {
	store
	rec   *record.Service
	led   *ledger.Service
	org   *org.Service
	audit *audit.Service
	book  *record.Book[Team]

	volunteers   *volunteer.Service
	associations Associations
}

// Association is what a team knows of an association.
type Association struct {
	Ref        id.Ref
	Code, Name string
}

// Associations is what teams ask of the associations beside the committees: their module stands above this one.
type Associations interface {
	// Named are those of the refs that there are.
	Named(ctx context.Context, refs []id.Ref) ([]Association, error)
	// Beside are the associations beside a unit's committee and those above it that stand on a day.
	Beside(ctx context.Context, u org.Unit, day clock.Day) ([]Association, error)
}

// SetAssociations lets teams be run by associations.
func (s *Service) SetAssociations(a Associations) { s.associations = a }

// New opens the book of teams, offers it for import and export, lends its box to the unit's page and follows units that
// move.
func New(d *db.DB, rec *record.Service, led *ledger.Service, o *org.Service, v *volunteer.Service, a *audit.Service) *Service {
	s := &Service{store: store{d}, rec: rec, led: led, org: o, volunteers: v, audit: a}
	s.book = record.NewBook(rec, record.Kind[Team]{Name: "team", Home: func(t Team) id.ID { return t.Unit }, Put: s.keep, Rows: rows, Facts: s.facts}, s.source())
	rec.AddImporter(s.importer())
	o.AddPanel(s.panel())
	o.OnMoved(s.unitChanged)
	return s
}

func (s *Service) keep(ctx context.Context, ref id.Ref, t Team, gone bool) error {
	u, err := s.rec.Home(ctx, t.Unit)
	if err != nil {
		return err
	}
	return s.put(ctx, ref, t, u.Pos, gone)
}

// unitChanged keeps lists at the unit's place of today, or at its heir's; the ledger follows by itself.
func (s *Service) unitChanged(ctx context.Context, c org.Changed) error {
	u, err := s.rec.Home(ctx, c.Unit)
	if err != nil {
		return err
	}
	return s.move(ctx, c.Unit, u.Pos)
}

// Create keeps a new team: proposed, or approved already. Without a code or a name it is given one. Invalid with fields
// when something has to be changed.
func (s *Service) Create(ctx context.Context, t Team) (id.Ref, error) {
	return s.create(ctx, t, record.Change{Act: "people.act.create"})
}

// enter is create for a person at a form or a program: a name that a team of the unit has already is nearly always the
// same team once more, and is told instead of kept. Tables settle that row by row.
func (s *Service) enter(ctx context.Context, t Team, reason string) (id.Ref, error) {
	t = t.clean()
	if t.Name != "" {
		have, err := s.namesakes(ctx, t.Unit, t.Name)
		if err != nil {
			return id.Ref{}, err
		}
		for _, o := range have {
			if o.State(clock.Today(ctx)) != Dissolved && scope.From(ctx).May(scope.View, o.Pos) {
				var f errs.Fields
				f.Add("name", "people.name_taken", "Name", t.Name, "Code", o.Code)
				return id.Ref{}, f.Err()
			}
		}
	}
	return s.create(ctx, t, record.Change{Act: "people.act.create", Reason: reason})
}

func (s *Service) create(ctx context.Context, t Team, c record.Change) (ref id.Ref, err error) {
	err = s.db.Tx(ctx, func(ctx context.Context) error {
		if err := s.book.MayCreate(ctx, t, c); err != nil {
			return err
		}
		u, err := s.org.Unit(ctx, t.Unit)
		if err != nil {
			return err
		}
		t = t.clean()
		if t.Name == "" && t.Need != "" {
			t.Name = usualName(u, t.Need)
		}
		if t.Code == "" {
			if t.Code, err = s.freeCode(ctx, u); err != nil {
				return err
			}
		}
		if err := s.check(ctx, id.Ref{Root: u.Root()}, Team{}, &t); err != nil {
			return err
		}
		ref, err = s.book.Create(ctx, t, c)
		return err
	})
	return ref, err
}

// usualName is what a team is called for which nobody gave a name.
func usualName(u org.Unit, need string) string { return u.Name + need + "工作团队" }

// check holds the rules that need a look at what else is kept, and fills in the standard need.
func (s *Service) check(ctx context.Context, ref id.Ref, was Team, t *Team) error {
	f := t.problems()
	other, err := s.AcrossUnitsByCode(ctx, ref.Root, t.Code)
	switch {
	case err == nil && other.ID != ref.ID:
		f.Add("code", "people.code_taken", "Code", t.Code)
	case err != nil && !errs.Is(err, errs.NotFound):
		return err
	}
	today := clock.Today(ctx)
	if t.ProposedOn > today && t.ProposedOn != was.ProposedOn {
		f.Add("proposed_on", "people.day_to_come")
	}
	if t.ApprovedOn > today && t.ApprovedOn != was.ApprovedOn {
		f.Add("approved_on", "people.day_to_come")
	}
	t.Standard = ""
	n, err := s.needOf(ctx, ref.Root, t.Need)
	if err != nil && !errs.Is(err, errs.NotFound) {
		return err
	}
	if n.Parent != "" {
		t.Standard = n.Parent
	}
	if err := s.checkLinks(ctx, ref, was, *t, &f); err != nil {
		return err
	}
	if err := s.checkPeople(ctx, n, was, *t, &f); err != nil {
		return err
	}
	return f.Err()
}

// checkLinks looks at whom a team names: the committee that guides it, the association that runs it, the team that it
// extends. What stood before may stay.
func (s *Service) checkLinks(ctx context.Context, ref id.Ref, was, t Team, f *errs.Fields) error {
	if t.GuidedBy == was.GuidedBy && t.RunBy == was.RunBy && t.Docked == was.Docked {
		return nil
	}
	up, err := s.org.Ancestors(ctx, t.Unit, clock.Today(ctx))
	if err != nil {
		return err
	}
	above := func(unit id.ID) bool {
		return slices.ContainsFunc(up, func(u org.Unit) bool { return u.ID == unit })
	}
	if t.GuidedBy != 0 && t.GuidedBy != was.GuidedBy && !above(t.GuidedBy) {
		f.Add("guided_by", "people.guided_not_above")
	}
	if t.RunBy.ID != 0 && t.RunBy != was.RunBy {
		list, err := s.beside(ctx, t.Unit)
		if err != nil {
			return err
		}
		if !slices.ContainsFunc(list, func(a Association) bool { return a.Ref == t.RunBy }) {
			f.Add("run_by", "people.association_unknown")
		}
	}
	if t.Docked.ID != 0 && t.Docked != was.Docked {
		list, err := s.byIDs(ctx, []id.ID{t.Docked.ID})
		if err != nil {
			return err
		}
		if len(list) == 0 || t.Docked == ref || list[0].Ref() != t.Docked || list[0].Unit == t.Unit || !above(list[0].Unit) {
			f.Add("docked", "people.docked_not_above")
		}
	}
	return nil
}

// beside are the associations that may run a unit's team.
func (s *Service) beside(ctx context.Context, unit id.ID) ([]Association, error) {
	if s.associations == nil {
		return nil, nil
	}
	u, err := s.org.Unit(ctx, unit)
	if err != nil {
		return nil, err
	}
	return s.associations.Beside(ctx, u, clock.Today(ctx))
}

// checkPeople refuses those who come to a team that works with minors and may not: said who, and what to complete (R162,
// R163). A check that runs out later keeps nobody from correcting the team; its page names them.
func (s *Service) checkPeople(ctx context.Context, n Need, was, t Team, f *errs.Fields) error {
	var refs []id.Ref
	for _, m := range t.People {
		if !slices.ContainsFunc(was.People, func(o Member) bool { return o.Volunteer == m.Volunteer }) {
			refs = append(refs, m.Volunteer)
		}
	}
	if len(refs) > 0 {
		files, err := s.volunteers.Files(ctx, refs)
		if err != nil {
			return err
		}
		for _, r := range refs {
			if _, ok := files[r]; !ok {
				f.Add("volunteer", "people.member_unknown")
				return nil
			}
		}
	}
	today := clock.Today(ctx)
	refs = nil
	for _, m := range t.joined(was, today) {
		refs = append(refs, m.Volunteer)
	}
	list, err := s.unfit(ctx, n, refs, today)
	if err != nil {
		return err
	}
	for _, r := range refs {
		if u, ok := list[r]; ok {
			f.Add("volunteer", "people.member_unfit", "Name", u.Name, "Missing", lacking(ctx, u))
		}
	}
	return nil
}

// unfit are those who may not serve a need on a day. Counselling takes a certificate as well.
func (s *Service) unfit(ctx context.Context, n Need, refs []id.Ref, day clock.Day) (map[id.Ref]volunteer.Unfit, error) {
	if len(refs) == 0 {
		return nil, nil
	}
	ask := s.volunteers.Fit
	if n.Certified == 1 {
		ask = s.volunteers.FitToCounsel
	}
	list, err := ask(ctx, refs, day)
	out := make(map[id.Ref]volunteer.Unfit, len(list))
	for _, u := range list {
		out[u.Ref] = u
	}
	return out, err
}

// lacking says in words what somebody lacks.
func lacking(ctx context.Context, u volunteer.Unfit) string {
	var words []string
	if u.Left {
		words = append(words, i18n.T(ctx, "people.not_admitted"))
	}
	for _, k := range u.Missing {
		words = append(words, i18n.T(ctx, "people.check_missing", "Check", i18n.T(ctx, "volunteer.check."+string(k))))
	}
	return strings.Join(words, i18n.T(ctx, "people.comma"))
}

// freeCode numbers a unit's teams: the unit's code, T, and the next number that nobody has.
func (s *Service) freeCode(ctx context.Context, u org.Unit) (string, error) {
	have, err := s.idsOf(ctx, u.ID)
	if err != nil {
		return "", err
	}
	for n := len(have) + 1; ; n++ {
		code := fmt.Sprintf("%s-T%02d", u.Code, n)
		if _, err := s.AcrossUnitsByCode(ctx, u.Root(), code); errs.Is(err, errs.NotFound) {
			return code, nil
		} else if err != nil {
			return "", err
		}
	}
}

// Save corrects a team as it was read at a version; Conflict when somebody was quicker.
func (s *Service) Save(ctx context.Context, ref id.Ref, version int64, t Team, reason string) error {
	return s.save(ctx, ref, version, t, record.Change{Act: "people.act.correct", Reason: reason})
}

func (s *Service) save(ctx context.Context, ref id.Ref, version int64, t Team, c record.Change) error {
	return s.db.Tx(ctx, func(ctx context.Context) error {
		if err := s.book.MayWork(ctx, ref, c); err != nil { // before what was typed is looked at
			return err
		}
		was, _, err := s.book.Get(ctx, ref)
		if err != nil {
			return err
		}
		t = t.clean()
		if err := s.check(ctx, ref, was, &t); err != nil {
			return err
		}
		return s.book.Save(ctx, ref, version, t, c)
	})
}

// Approval is what makes a proposal a team.
type Approval struct {
	Day      clock.Day // of the document
	Document string
	Founded  clock.Day // from when on it stands; Open = from Day on
}

// Approve makes a proposed team one that counts from its founding day on (R171).
func (s *Service) Approve(ctx context.Context, ref id.Ref, version int64, a Approval) error {
	return s.db.Tx(ctx, func(ctx context.Context) error {
		t, _, err := s.book.Get(ctx, ref)
		if err != nil {
			return err
		}
		if t.Status != Submitted || t.DissolvedOn != "" {
			return errs.New(errs.Conflict, "people.not_proposed")
		}
		var f errs.Fields
		if a.Day == "" {
			f.Add("approved_on", "people.approved_missing")
		}
		if a.Document == "" {
			f.Add("approval_doc", "people.document_missing")
		}
		if err := f.Err(); err != nil {
			return err
		}
		t.Status, t.ApprovedOn, t.ApprovalDoc, t.FoundedOn = Approved, a.Day, a.Document, a.Founded
		if a.Founded == clock.Open {
			t.FoundedOn = a.Day
		}
		return s.save(ctx, ref, version, t, record.Change{Act: "people.act.approve", Reason: a.Document})
	})
}

// Dissolve ends a team: from the day on it no longer stands.
func (s *Service) Dissolve(ctx context.Context, ref id.Ref, version int64, day clock.Day, reason string) error {
	return s.db.Tx(ctx, func(ctx context.Context) error {
		t, _, err := s.book.Get(ctx, ref)
		if err != nil {
			return err
		}
		if t.DissolvedOn != "" {
			return errs.New(errs.Conflict, "people.dissolved_already", "Day", t.DissolvedOn)
		}
		var f errs.Fields
		if day == "" {
			f.Add("dissolved_on", "people.dissolved_missing")
		}
		if reason == "" {
			f.Add("reason", "people.reason_missing")
		}
		if err := f.Err(); err != nil {
			return err
		}
		t.DissolvedOn, t.DissolveReason = day, reason
		return s.save(ctx, ref, version, t, record.Change{Act: "people.act.dissolve", Reason: reason})
	})
}

// Remove takes out a team that was entered by mistake; its history stays.
func (s *Service) Remove(ctx context.Context, ref id.Ref, version int64, reason string) error {
	return s.book.Remove(ctx, ref, version, record.Change{Act: "people.act.remove", Reason: reason})
}

// Undo takes one's own last change back within record.UndoFor.
func (s *Service) Undo(ctx context.Context, ref id.Ref, version int64) error {
	return s.book.Undo(ctx, ref, version)
}

// Get reads a team; NotFound outside the reader's view.
func (s *Service) Get(ctx context.Context, ref id.Ref) (Team, record.Version, error) {
	return s.book.Get(ctx, ref)
}

// ByCode finds a team of a city by its code; NotFound outside the reader's view.
func (s *Service) ByCode(ctx context.Context, root int64, code string) (id.Ref, Team, record.Version, error) {
	l, err := s.AcrossUnitsByCode(ctx, root, code)
	if err != nil {
		return id.Ref{}, Team{}, record.Version{}, err
	}
	t, v, err := s.book.Get(ctx, l.Ref())
	return l.Ref(), t, v, err
}

// Page is a page of a list.
type Page struct {
	Teams []Listed
	Total int64
	Rest  int64 // rows after this page
}

// List reads the teams of a unit's subtree, from the row after (pos, code) on.
func (s *Service) List(ctx context.Context, u org.Unit, day clock.Day, f Filter, pos int64, code string, limit int) (p Page, err error) {
	where, args := f.where(scope.From(ctx).ViewSet, u.Range(), day)
	err = s.db.Read(ctx, func(ctx context.Context) error {
		if p.Total, err = s.count(ctx, where, args); err != nil {
			return err
		}
		if p.Teams, err = s.list(ctx, where, args, pos, code, limit+1); err != nil || len(p.Teams) <= limit {
			return err
		}
		p.Teams = p.Teams[:limit]
		last := p.Teams[limit-1]
		n := len(args)
		p.Rest, err = s.count(ctx, fmt.Sprintf("%s AND (pos > $%d OR pos = $%d AND code > $%d)", where, n+1, n+1, n+2), append(args, last.Pos, last.Code))
		return err
	})
	return p, err
}

// Needs is the list of needs of a unit's city.
func (s *Service) Needs(ctx context.Context, u org.Unit) ([]Need, error) {
	return s.needs(ctx, u.Root())
}

// AddNeed adds to the list of a unit's city; it takes the right to administer the city. A need with a parent, one of
// those that ship with the program, counts under it: a city's own name for what others call otherwise (R170). Teams that
// have the need already count so from then on.
func (s *Service) AddNeed(ctx context.Context, u org.Unit, name, en, parent string) error {
	n := Need{Root: u.Root(), Name: name, En: en, Parent: parent}
	f := n.problems()
	if have, err := s.needOf(ctx, n.Root, name); err == nil && have.Ord != broughtNeed && (parent == "" || have.Parent == parent) {
		f.Add("name", "people.need_there", "Name", name)
	} else if err != nil && !errs.Is(err, errs.NotFound) {
		return err
	}
	if parent != "" {
		list, err := s.needs(ctx, 0)
		if err != nil {
			return err
		}
		if !slices.ContainsFunc(list, func(o Need) bool { return o.Name == parent }) || slices.ContainsFunc(list, func(o Need) bool { return o.Name == name }) {
			f.Add("parent", "people.parent_not_shipped")
		}
	}
	if len(f) > 0 {
		return f.Err()
	}
	return s.org.SetCity(ctx, u, audit.Entry{Act: "people.act.need", Subject: "team", Note: name}, func(ctx context.Context) error {
		if err := s.addNeed(ctx, n.Root, n.Name, n.En, addedNeed); err != nil {
			return err
		}
		if parent == "" {
			return nil
		}
		if err := s.setParent(ctx, n.Root, name, parent); err != nil {
			return err
		}
		return s.countUnder(ctx, n)
	})
}

// countUnder saves the teams of a need anew, so that they count under its parent. The program does it: the city's
// administrator decides about the list and need not work at each team's unit.
func (s *Service) countUnder(ctx context.Context, n Need) error {
	list, err := s.ofNeedAcrossUnits(ctx, n.Root, n.Name)
	if err != nil {
		return err
	}
	ctx = scope.With(ctx, scope.System("people.needs"))
	for _, l := range list {
		t, v, err := s.book.Get(ctx, l.Ref())
		if err != nil {
			return err
		}
		t.Standard = n.Parent
		if err := s.book.Save(ctx, l.Ref(), v.N, t, record.Change{Act: "people.act.need", Reason: n.Parent}); err != nil {
			return err
		}
	}
	return nil
}

// Bands are the figures that divide townships by their number of teams (R171, R172): definitions, so that a city may
// set its own edges.
func (s *Service) Bands() []ledger.Definition {
	var out []ledger.Definition
	for _, d := range s.led.Figures() {
		if d.Kind == ledger.Condition && d.Chapter == "team" && d.Test != nil && d.Test.Own["teams"] != "" {
			out = append(out, d)
		}
	}
	return out
}

// Place is a unit of a band with its own teams.
type Place struct {
	Unit  org.Unit
	Href  string
	Teams int64
	Work  bool // the reader may add a team there
}

// Band lists the units of a band, a page of them.
func (s *Service) Band(ctx context.Context, q ledger.Query, after string, limit int) (out []Place, next string, err error) {
	err = s.db.Read(ctx, func(ctx context.Context) error {
		list, err := s.led.Evidence(ctx, q, after, limit)
		if err != nil {
			return err
		}
		next = list.Next
		ids := make([]id.ID, len(list.Items))
		for i, it := range list.Items {
			ids[i] = it.Rec
		}
		units, err := s.org.ByIDs(ctx, ids)
		if err != nil {
			return err
		}
		places := make([]int64, 0, len(units))
		for _, u := range units {
			places = append(places, u.Pos)
		}
		own, err := s.own(ctx, places, q.Day)
		if err != nil {
			return err
		}
		a := scope.From(ctx)
		for _, it := range list.Items {
			u := units[it.Rec]
			if a.May(scope.View, u.Pos) {
				out = append(out, Place{Unit: u, Href: it.Href, Teams: own[u.Pos], Work: a.May(scope.Work, u.Pos)})
			}
		}
		return nil
	})
	return out, next, err
}

// notYours refuses a form that the reader may not send, and says so in the log.
func (s *Service) notYours(ctx context.Context, ref id.Ref, u org.Unit) error {
	if err := s.audit.Refuse(ctx, audit.Entry{Act: "people.act.correct", Subject: "team", Ref: ref, Pos: u.Pos, Unit: u.ID}); err != nil {
		return err
	}
	return errs.New(errs.Forbidden, "record.not_your_unit", "Unit", u.Name)
}

// unitsOf are the units of a list.
func (s *Service) unitsOf(ctx context.Context, list []Listed) (map[id.ID]org.Unit, error) {
	ids := make([]id.ID, len(list))
	for i, l := range list {
		ids[i] = l.Unit
	}
	return s.org.ByIDs(ctx, ids)
}
