package volunteer

import (
	"context"
	"fmt"
	"slices"

	"xinhuo/internal/account"
	"xinhuo/internal/audit"
	"xinhuo/internal/booking"
	"xinhuo/internal/flow"
	"xinhuo/internal/kit/blob"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/db"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/ledger"
	"xinhuo/internal/org"
	"xinhuo/internal/record"
)

// Accounts is what volunteers ask of accounts: whose own hours are they. ByLogin finds those whose home is where the actor
// works; whoever asks for Get works at the person's unit.
type Accounts interface {
	ByLogin(ctx context.Context, login string) (account.Account, error)
	Get(ctx context.Context, account id.ID) (account.Account, error)
}

// Courses is what volunteers ask of training: who of some people holds on a day a certificate that counts as a kind of
// check. Its module stands above this one.
type Courses interface {
	Earned(ctx context.Context, who []id.ID, kind CheckKind, day clock.Day) ([]id.ID, error)
}

// SetCourses lets certificates of courses count as checks.
func (s *Service) SetCourses(c Courses) { s.courses = c }

// Service keeps volunteers and their hours.
type Service struct {
	db       *db.DB
	store    store
	rec      *record.Service
	ledger   *ledger.Service
	org      *org.Service
	flow     *flow.Service
	booking  *booking.Service
	accounts Accounts
	audit    *audit.Service
	blobs    blob.Store
	courses  Courses
	book     *record.Book[Volunteer]
	given    *record.Book[Hours]
}

// New opens the books of volunteers and of their hours, offers both for import and export, lends a box to the unit's page
// and follows units that move.
func New(d *db.DB, rec *record.Service, led *ledger.Service, o *org.Service, f *flow.Service, b *booking.Service, acc Accounts, a *audit.Service, blobs blob.Store) *Service {
	s := &Service{db: d, store: store{d}, rec: rec, ledger: led, org: o, flow: f, booking: b, accounts: acc, audit: a, blobs: blobs}
	s.book = record.NewBook(rec, record.Kind[Volunteer]{Name: Kind, Home: func(v Volunteer) id.ID { return v.Unit }, Put: s.put, Rows: rows, Facts: s.facts}, s.source())
	s.given = record.NewBook(rec, record.Kind[Hours]{Name: ServiceKind, Home: func(h Hours) id.ID { return h.Unit }, Put: s.putHours, Rows: hoursRows, Facts: s.hoursFacts}, s.hoursSource())
	rec.AddImporter(s.importer())
	rec.AddImporter(s.hoursImporter())
	o.AddPanel(s.panel())
	o.OnMoved(s.unitChanged)
	return s
}

func (s *Service) put(ctx context.Context, ref id.Ref, v Volunteer, gone bool) error {
	u, err := s.rec.Home(ctx, v.Unit)
	if err != nil {
		return err
	}
	if gone { // by whatever way: hours never stand without the person who gave them
		total, err := s.store.totalAcrossUnits(ctx, ref)
		if err != nil {
			return err
		}
		if total.N > 0 {
			return errs.New(errs.Conflict, "volunteer.has_hours", "Name", v.Name, "N", total.N)
		}
	}
	return s.store.put(ctx, ref, v, u.Pos, gone, record.Fresh(ctx))
}

// unitChanged keeps lists at the unit's place of today, or at its heir's; the ledger follows by itself.
func (s *Service) unitChanged(ctx context.Context, c org.Changed) error {
	u, err := s.rec.Home(ctx, c.Unit)
	if err != nil {
		return err
	}
	return s.store.move(ctx, c.Unit, u.Pos)
}

// reader is how the one who asks stands to a volunteer's unit.
func (s *Service) reader(ctx context.Context, unit id.ID) (Reader, error) {
	u, err := s.rec.Home(ctx, unit)
	a := scope.From(ctx)
	return readerAt(a, u.Pos, u.ID), err
}

func readerAt(a scope.Actor, pos int64, unit id.ID) Reader {
	return Reader{Works: a.May(scope.Work, pos), Own: a.System || a.Unit != 0 && a.Unit == unit}
}

// Create keeps a new volunteer: a candidate, or admitted already. Without a code it is given one. Invalid with fields
// when something has to be changed.
func (s *Service) Create(ctx context.Context, v Volunteer) (id.Ref, error) {
	ref, _, err := s.create(ctx, v, record.Change{Act: "volunteer.act.create"})
	return ref, err
}

// create keeps a new volunteer and answers its code as well.
func (s *Service) create(ctx context.Context, v Volunteer, c record.Change) (ref id.Ref, code string, err error) {
	err = s.db.Tx(ctx, func(ctx context.Context) error {
		u, err := s.org.Unit(ctx, v.Unit)
		if err != nil {
			return err
		}
		v = v.clean()
		v = v.papersOf(Volunteer{})
		v.Proof, v.Merges = Proof{}, nil
		if err := s.mayBind(ctx, v.Account, 0); err != nil {
			return err
		}
		if err := s.check(ctx, id.Ref{Root: u.Root()}, v); err != nil {
			return err
		}
		if v.Code == "" {
			if v.Code, err = s.freeCode(ctx, u); err != nil {
				return err
			}
		}
		aheadOf(ctx).note(v)
		ref, err = s.book.Create(ctx, v, c)
		return err
	})
	return ref, v.Code, err
}

// mayBind refuses an account on a file that is not at home where whoever writes it works, by whichever door it comes; was is what stands there.
func (s *Service) mayBind(ctx context.Context, acc, was id.ID) error {
	if acc == 0 || acc == was || scope.From(ctx).System {
		return nil
	}
	a, err := s.accounts.Get(ctx, acc)
	if err == nil {
		_, err = s.accounts.ByLogin(ctx, a.Login)
	}
	if errs.Is(err, errs.NotFound) {
		var f errs.Fields
		f.Add("login", "volunteer.login_unknown", "Name", acc)
		return f.Err()
	}
	return err
}

// check holds the rules that need a look at what else is kept.
func (s *Service) check(ctx context.Context, ref id.Ref, v Volunteer) error {
	f := v.problems(clock.Today(ctx))
	a := aheadOf(ctx)
	if v.Code != "" && !a.free(v.Code) {
		other, err := s.store.AcrossUnitsByCode(ctx, ref.Root, v.Code)
		switch {
		case err == nil && other.ID != ref.ID:
			f.Add("code", "volunteer.code_taken", "Code", v.Code)
		case err != nil && !errs.Is(err, errs.NotFound):
			return err
		}
	}
	if v.Profession != "" && !(a != nil && a.professions[v.Profession]) { // only what stands in the city's list, so that a slip of the pen makes no new one
		_, err := s.store.professionOf(ctx, ref.Root, v.Profession)
		switch {
		case errs.Is(err, errs.NotFound):
			f.Add("profession", "volunteer.profession_unknown", "Name", v.Profession)
		case err != nil:
			return err
		case a != nil:
			a.professions[v.Profession] = true
		}
	}
	if v.Account != 0 {
		other, err := s.store.ofAccount(ctx, v.Account)
		switch {
		case err == nil && other.Ref() != ref:
			f.Add("login", "volunteer.account_taken", "Name", other.Name)
		case err != nil && !errs.Is(err, errs.NotFound):
			return err
		}
	}
	return f.Err()
}

// freeCode numbers a unit's volunteers: the unit's code, V, and the next number that nobody has.
func (s *Service) freeCode(ctx context.Context, u org.Unit) (string, error) {
	for {
		n, err := s.number(ctx, u)
		if err != nil {
			return "", err
		}
		code := func(n int64) string { return fmt.Sprintf("%s-V%04d", u.Code, n) }
		if a := aheadOf(ctx); a != nil {
			var next []string
			if _, asked := a.codes[code(n)]; !asked {
				for k := range int64(lot) {
					next = append(next, code(n+k))
				}
			}
			if err := s.lookCodes(ctx, a, u.Root(), next); err != nil {
				return "", err
			}
			if a.free(code(n)) {
				return code(n), nil
			}
			continue
		}
		if _, err := s.store.AcrossUnitsByCode(ctx, u.Root(), code(n)); errs.Is(err, errs.NotFound) {
			return code(n), nil
		} else if err != nil {
			return "", err
		}
	}
}

// Save corrects a volunteer as it was read at a version; Conflict when somebody was quicker. The certificate and joined
// files stay as they are: they have acts of their own.
func (s *Service) Save(ctx context.Context, ref id.Ref, version int64, v Volunteer, reason string) error {
	return s.save(ctx, ref, version, v, record.Change{Act: "volunteer.act.correct", Reason: reason})
}

func (s *Service) save(ctx context.Context, ref id.Ref, version int64, v Volunteer, c record.Change) error {
	return s.change(ctx, ref, version, c, func(now *Volunteer) error {
		r, err := s.reader(ctx, now.Unit)
		if err != nil {
			return err
		}
		v = v.papersOf(*now).restored(*now, r)
		v.Proof, v.Merges = now.Proof, now.Merges
		if err := s.mayBind(ctx, v.Account, now.Account); err != nil {
			return err
		}
		*now = v
		return nil
	})
}

// change edits a volunteer as read at a version and saves it, in one transaction. The right comes first: to others the
// rules say nothing of a record.
func (s *Service) change(ctx context.Context, ref id.Ref, version int64, c record.Change, edit func(v *Volunteer) error) error {
	return s.db.Tx(ctx, func(ctx context.Context) error {
		if err := s.book.MayWork(ctx, ref, c); err != nil {
			return err
		}
		was, _, err := s.book.Get(ctx, ref)
		if err != nil {
			return err
		}
		v := was
		v.Checks, v.Core, v.Care, v.Merges = slices.Clone(was.Checks), slices.Clone(was.Core), slices.Clone(was.Care), slices.Clone(was.Merges)
		if err := edit(&v); err != nil {
			return err
		}
		if v = v.clean(); v.Code == "" {
			v.Code = was.Code
		}
		if err := s.check(ctx, ref, v); err != nil {
			return err
		}
		aheadOf(ctx).note(v)
		if err := s.book.Save(ctx, ref, version, v, c); err != nil {
			return err
		}
		return s.endTask(ctx, ref, was, v)
	})
}

// AddCheck puts a check on file (R162, R163).
func (s *Service) AddCheck(ctx context.Context, ref id.Ref, version int64, c Check) error {
	return s.change(ctx, ref, version, record.Change{Act: "volunteer.act.check"}, func(v *Volunteer) error {
		var f errs.Fields
		if c.On > clock.Today(ctx) {
			f.Add("check_on", "volunteer.check_future")
		}
		v.Checks = append(v.Checks, c)
		return f.Err()
	})
}

// DropCheck takes out a check that was entered by mistake; n is its place in the list as the reader sees it.
func (s *Service) DropCheck(ctx context.Context, ref id.Ref, version int64, n int, reason string) error {
	return s.change(ctx, ref, version, record.Change{Act: "volunteer.act.uncheck", Reason: reason}, func(v *Volunteer) error {
		var f errs.Fields
		if reason == "" {
			f.Add("reason", "volunteer.reason_missing")
		}
		r, err := s.reader(ctx, v.Unit)
		if err != nil {
			return err
		}
		seen := v.shown(r).Checks
		if n < 0 || n >= len(seen) {
			f.Add("which", "volunteer.which_missing")
			return f.Err()
		}
		i := slices.Index(v.Checks, seen[n])
		v.Checks = slices.Delete(v.Checks, i, i+1)
		return f.Err()
	})
}

// AddCare notes a visit or a commendation (R184); of a commendation also who gave it (R5). Entries of before that was asked stay as they
// are.
func (s *Service) AddCare(ctx context.Context, ref id.Ref, version int64, c Care) error {
	return s.change(ctx, ref, version, record.Change{Act: "volunteer.act.care"}, func(v *Volunteer) error {
		v.Care = append(v.Care, c)
		var f errs.Fields
		if c.Kind == Honour && c.By == "" {
			f.Add("care_by", "volunteer.care_by_missing")
		}
		return f.Err()
	})
}

// DropCare takes out a visit or commendation that was entered by mistake; n is its place in the list.
func (s *Service) DropCare(ctx context.Context, ref id.Ref, version int64, n int, reason string) error {
	return s.change(ctx, ref, version, record.Change{Act: "volunteer.act.uncare", Reason: reason}, func(v *Volunteer) error {
		var f errs.Fields
		if reason == "" {
			f.Add("reason", "volunteer.reason_missing")
		}
		if n < 0 || n >= len(v.Care) {
			f.Add("which", "volunteer.which_missing")
			return f.Err()
		}
		v.Care = slices.Delete(v.Care, n, n+1)
		return f.Err()
	})
}

// Admit makes a candidate a volunteer from a day on. Without a background check that is valid on the day, and training,
// nobody is admitted (R162); the words say what is missing.
func (s *Service) Admit(ctx context.Context, ref id.Ref, version int64, day clock.Day) error {
	return s.change(ctx, ref, version, record.Change{Act: "volunteer.act.admit"}, func(v *Volunteer) error {
		if v.AdmittedOn != "" || v.LeftOn != "" {
			return errs.New(errs.Conflict, "volunteer.not_candidate")
		}
		var f errs.Fields
		if day == "" {
			f.Add("admitted_on", "volunteer.admitted_missing")
			return f.Err()
		}
		for _, k := range v.lacking(day) {
			earned, err := s.earned(ctx, []id.ID{ref.ID}, k, day)
			if err != nil {
				return err
			}
			if len(earned) > 0 {
				continue
			}
			f.Add("admitted_on", "volunteer.admit_lacks."+string(k), "Name", v.Name)
		}
		v.AdmittedOn = day
		return f.Err()
	})
}

// Leave ends it: from the day on the person is no volunteer. Whoever is among the core leaves that too.
func (s *Service) Leave(ctx context.Context, ref id.Ref, version int64, day clock.Day, reason string) error {
	return s.change(ctx, ref, version, record.Change{Act: "volunteer.act.leave", Reason: reason}, func(v *Volunteer) error {
		if v.LeftOn != "" {
			return errs.New(errs.Conflict, "volunteer.left_already", "Day", v.LeftOn)
		}
		var f errs.Fields
		if day == "" {
			f.Add("left_on", "volunteer.left_missing")
		}
		if reason == "" {
			f.Add("reason", "volunteer.reason_missing")
		}
		v.LeftOn, v.LeaveReason = day, reason
		return f.Err()
	})
}

// SetCore lets a volunteer join the core from a day on, or leave it (R157).
func (s *Service) SetCore(ctx context.Context, ref id.Ref, version int64, in bool, day clock.Day) error {
	act := "volunteer.act.core"
	if !in {
		act = "volunteer.act.uncore"
	}
	return s.change(ctx, ref, version, record.Change{Act: act}, func(v *Volunteer) error {
		var f errs.Fields
		if day == "" {
			f.Add("core_from", "volunteer.core_day_missing")
			return f.Err()
		}
		open := len(v.Core) - 1
		for open >= 0 && v.Core[open].To != clock.Open {
			open--
		}
		switch {
		case in && open >= 0 || !in && open < 0:
			return errs.New(errs.Conflict, "volunteer.core_already")
		case in && (v.AdmittedOn == "" || day < v.AdmittedOn || v.LeftOn != "" && day >= v.LeftOn):
			f.Add("core_from", "volunteer.core_not_active")
		case in:
			v.Core = append(v.Core, Stay{From: day})
		case day <= v.Core[open].From:
			f.Add("core_from", "volunteer.core_odd")
		default:
			v.Core[open].To = day
		}
		return f.Err()
	})
}

// Remove takes out a volunteer who was entered by mistake; the history stays. Conflict for whoever gave hours.
func (s *Service) Remove(ctx context.Context, ref id.Ref, version int64, reason string) error {
	return s.db.Tx(ctx, func(ctx context.Context) error {
		c := record.Change{Act: "volunteer.act.remove", Reason: reason}
		if err := s.book.MayWork(ctx, ref, c); err != nil {
			return err
		}
		if reason == "" {
			var f errs.Fields
			f.Add("reason", "volunteer.reason_missing")
			return f.Err()
		}
		was, _, err := s.book.Get(ctx, ref)
		if err != nil {
			return err
		}
		if err := s.book.Remove(ctx, ref, version, c); err != nil {
			return err
		}
		return s.endTask(ctx, ref, was, Volunteer{})
	})
}

// Undo takes one's own last change back within record.UndoFor.
func (s *Service) Undo(ctx context.Context, ref id.Ref, version int64) error {
	return s.book.Undo(ctx, ref, version)
}

// Get reads a volunteer as far as the reader may see; NotFound outside the reader's view.
func (s *Service) Get(ctx context.Context, ref id.Ref) (Volunteer, record.Version, error) {
	v, ver, err := s.book.Get(ctx, ref)
	if err != nil {
		return v, ver, err
	}
	r, err := s.reader(ctx, v.Unit)
	return v.shown(r), ver, err
}

// byCode finds a volunteer of a city by code, whole; NotFound outside the reader's view.
func (s *Service) byCode(ctx context.Context, root int64, code string) (id.Ref, Volunteer, record.Version, error) {
	l, err := s.store.AcrossUnitsByCode(ctx, root, code)
	if err != nil {
		return id.Ref{}, Volunteer{}, record.Version{}, err
	}
	v, ver, err := s.book.Get(ctx, l.Ref())
	return l.Ref(), v, ver, err
}

// Page is a page of a list.
type Page struct {
	Volunteers []Listed
	Total      int64
	Rest       int64 // rows after this page
}

// List reads the volunteers of a unit's subtree, from the row after (pos, code) on.
func (s *Service) List(ctx context.Context, u org.Unit, day clock.Day, f Filter, pos int64, code string, limit int) (Page, error) {
	return s.page(ctx, listOf(scope.From(ctx), u.Range(), f, day), pos, code, limit)
}

// Find searches a unit's subtree for people by what they can do: who agreed to be found anywhere in the reader's
// province, and everybody where the reader works (R33, R161).
func (s *Service) Find(ctx context.Context, u org.Unit, day clock.Day, f Filter, pos int64, code string, limit int) (Page, error) {
	return s.page(ctx, findOf(scope.From(ctx), u.Range(), f, day), pos, code, limit)
}

func (s *Service) page(ctx context.Context, q *query, pos int64, code string, limit int) (p Page, err error) {
	err = s.db.Read(ctx, func(ctx context.Context) error {
		if p.Total, err = s.store.count(ctx, q, -1, ""); err != nil {
			return err
		}
		if p.Volunteers, err = s.store.list(ctx, q, pos, code, limit+1); err != nil || len(p.Volunteers) <= limit {
			return err
		}
		p.Volunteers = p.Volunteers[:limit]
		last := p.Volunteers[limit-1]
		p.Rest, err = s.store.count(ctx, q, last.Pos, last.Code)
		return err
	})
	return p, err
}

// Alike are those in the city who may be the same person: the name reads alike and the year of birth does not say
// otherwise. They are shown before a new file is made.
func (s *Service) Alike(ctx context.Context, own id.Ref, name string, birth int64) ([]Listed, error) {
	if name == "" {
		return nil, nil
	}
	return s.store.alikeAcrossUnits(ctx, own, name, birth)
}

// Fit answers who of the volunteers may not be assigned to work with minors on a day, and what is missing (R162).
// Nobody is left out silently: a name that is not known is unfit.
func (s *Service) Fit(ctx context.Context, refs []id.Ref, day clock.Day) ([]Unfit, error) {
	return s.fit(ctx, refs, day, Background)
}

// FitToCounsel asks for a valid certificate as well (R163).
func (s *Service) FitToCounsel(ctx context.Context, refs []id.Ref, day clock.Day) ([]Unfit, error) {
	return s.fit(ctx, refs, day, Background, Certificate)
}

func (s *Service) fit(ctx context.Context, refs []id.Ref, day clock.Day, needs ...CheckKind) (out []Unfit, err error) {
	ids := make([]id.ID, len(refs))
	for i, r := range refs {
		ids[i] = r.ID
	}
	list, err := s.store.byIDs(ctx, ids)
	if err != nil {
		return nil, err
	}
	people := map[id.Ref]Listed{}
	for _, l := range list {
		people[l.Ref()] = l
	}
	held, err := s.store.holding(ctx, ids, day)
	if err != nil {
		return nil, err
	}
	has := map[heldSpan]bool{}
	for _, h := range held {
		has[h] = true
	}
	for _, k := range needs {
		earned, err := s.earned(ctx, ids, k, day)
		if err != nil {
			return nil, err
		}
		for _, person := range earned {
			has[heldSpan{person, string(k)}] = true
		}
	}
	for _, r := range refs {
		l, known := people[r]
		u := Unfit{Ref: r, Name: l.Name, Left: !known || l.State(day) != Active}
		for _, k := range needs {
			if !has[heldSpan{r.ID, string(k)}] {
				u.Missing = append(u.Missing, k)
			}
		}
		if u.Left || len(u.Missing) > 0 {
			out = append(out, u)
		}
	}
	return out, nil
}

func (s *Service) earned(ctx context.Context, who []id.ID, kind CheckKind, day clock.Day) ([]id.ID, error) {
	if s.courses == nil {
		return nil, nil
	}
	return s.courses.Earned(ctx, who, kind, day)
}

// ByRefs are the names and units of volunteers, for modules that keep their refs; who may see them is asked there.
func (s *Service) ByRefs(ctx context.Context, refs []id.Ref) (map[id.Ref]Listed, error) {
	ids := make([]id.ID, len(refs))
	for i, r := range refs {
		ids[i] = r.ID
	}
	list, err := s.store.byIDs(ctx, ids)
	out := make(map[id.Ref]Listed, len(list))
	for _, l := range list {
		out[l.Ref()] = l
	}
	return out, err
}

// Professions is the list of a unit's city.
func (s *Service) Professions(ctx context.Context, u org.Unit) ([]Profession, error) {
	return s.store.professions(ctx, u.Root())
}

// AddProfession adds to the list of a unit's city; it takes the right to administer the city.
func (s *Service) AddProfession(ctx context.Context, u org.Unit, name, en string) error {
	p := Profession{Root: u.Root(), Name: name, En: en}
	if f := p.problems(); len(f) > 0 {
		return f.Err()
	}
	return s.org.SetCity(ctx, u, audit.Entry{Act: "volunteer.act.profession", Subject: Kind, Note: name}, func(ctx context.Context) error {
		fresh, err := s.store.addProfession(ctx, p)
		if err != nil {
			return err
		}
		if !fresh {
			var f errs.Fields
			f.Add("name", "volunteer.profession_there", "Name", name)
			return f.Err()
		}
		return nil
	})
}

// notYours refuses a form that the reader may not send, and says so in the log.
func (s *Service) notYours(ctx context.Context, kind string, ref id.Ref, u org.Unit) error {
	if err := s.audit.Refuse(ctx, audit.Entry{Act: "volunteer.act.correct", Subject: kind, Ref: ref, Pos: u.Pos, Unit: u.ID}); err != nil {
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

// task is the reminder of a check that runs out.
func task(ref id.Ref, due clock.Day) string {
	return "volunteer.check:" + ref.String() + ":" + string(due)
}

// endTask ends the reminder of a day that a change has moved.
func (s *Service) endTask(ctx context.Context, ref id.Ref, was, is Volunteer) error {
	if due := was.due(); due != clock.Open && due != is.due() {
		return s.flow.DoneTask(ctx, task(ref, due))
	}
	return nil
}
