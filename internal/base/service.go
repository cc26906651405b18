package base

import (
	"context"
	"reflect"
	"slices"
	"strconv"
	"time"

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

// Service keeps the bases. Rights and the log of single records are the book's (record.Book).
type Service struct {
	db     *db.DB
	store  store
	rec    *record.Service
	book   *record.Book[Base]
	ledger *ledger.Service
	org    *org.Service
	flow   *flow.Service
	audit  *audit.Service
	blobs  blob.Store
	panels []Panel
	rounds Rounds // nil: nothing is known of any
}

// New makes the service, publishes bases to the ledger, offers them for import and listens to approvals.
func New(d *db.DB, rec *record.Service, led *ledger.Service, o *org.Service, f *flow.Service, a *audit.Service, blobs blob.Store) *Service {
	s := &Service{db: d, store: store{d}, rec: rec, ledger: led, org: o, flow: f, audit: a, blobs: blobs}
	s.book = record.NewBook(rec, record.Kind[Base]{
		Name:    Kind,
		Home:    func(b Base) id.ID { return b.Host },
		Put:     s.put,
		Rows:    rows,
		Facts:   s.facts,
		Settled: s.settled,
	}, s.source())
	rec.AddImporter(s.importer())
	s.listen()
	o.AddPanel(s.panel())
	return s
}

// put writes the module's own tables anew; the book calls it in the transaction of every version.
func (s *Service) put(ctx context.Context, ref id.Ref, b Base, gone bool) error {
	if gone {
		return s.store.put(ctx, ref, nil, b)
	}
	u, err := s.rec.Home(ctx, b.Host)
	if err != nil {
		return err
	}
	r := Row{Pos: u.Pos, Host: b.Host, Code: b.Code, Name: b.Name, Category: b.Category, RunMode: b.RunMode, TopLevel: b.TopLevel(),
		FirstGranted: b.FirstGranted(), LastGranted: b.LastGranted(), Met: int64(b.ItemsMet()), Gaps: int64(b.Gaps()), Passed: int64(b.Passed()),
		CheckDue: b.CheckDue()}
	for _, a := range b.Accreditations {
		if a.Counts() {
			r.Plaques++
		}
	}
	if end, ok := b.AgreementEnd(); ok {
		r.AgreementEnd = end
	}
	return s.store.put(ctx, ref, &r, b)
}

// settled refuses an undo after a flow step on the base.
func (s *Service) settled(ctx context.Context, ref id.Ref, since int64) error {
	acted, err := s.flow.ActedSince(ctx, Kind, ref, since)
	if err == nil && acted {
		err = errs.New(errs.Conflict, "base.undo_settled")
	}
	return err
}

// UnitChanged lets bases follow their host to its place, or to its heir's; app registers it with org.OnChanged.
func (s *Service) UnitChanged(ctx context.Context, c org.Changed) error {
	at, err := s.rec.Home(ctx, c.Unit)
	if err != nil {
		return err
	}
	return s.store.moveHost(ctx, c.Unit, at.Pos)
}

// prepare tidies a base by its city's categories and standard, and says what has to be changed.
func (s *Service) prepare(ctx context.Context, b *Base) error {
	var root int64
	if b.Host != 0 {
		u, err := s.org.Unit(ctx, b.Host)
		if err != nil {
			return err
		}
		root = u.Root()
	}
	categories, err := s.Categories(ctx, root)
	if err != nil {
		return err
	}
	standard, err := s.Standard(ctx, root)
	if err != nil {
		return err
	}
	b.Tidy(categories, standard)
	for i := range b.Accreditations {
		if a := &b.Accreditations[i]; a.ID == 0 {
			a.ID = id.New()
		}
	}
	for i := range b.Plans {
		if p := &b.Plans[i]; p.ID == 0 {
			p.ID = id.New()
		}
	}
	if b.Code == "" {
		b.Code = id.New().String()
	}
	return b.Check(categories)
}

// Create writes a new base. The right to work is asked at its host; a code that is taken is Invalid.
func (s *Service) Create(ctx context.Context, b Base, c record.Change) (ref id.Ref, err error) {
	defer errs.Wrapf(&err, "base.Create")
	err = s.db.Tx(ctx, func(ctx context.Context) error {
		if b.Host != 0 {
			if err := s.book.MayCreate(ctx, b, c); err != nil {
				return err
			}
		}
		if err := s.prepare(ctx, &b); err != nil {
			return err
		}
		if err := s.codeFree(ctx, b, id.Ref{}); err != nil {
			return err
		}
		ref, err = s.book.Create(ctx, b, c)
		return err
	})
	return ref, err
}

// codeFree refuses a code that another base of the city has; own is zero for a new base.
func (s *Service) codeFree(ctx context.Context, b Base, own id.Ref) error {
	root := own.Root // stays with a base whose unit has moved to another city
	if own.ID == 0 {
		u, err := s.org.Unit(ctx, b.Host)
		if err != nil {
			return err
		}
		root = u.Root()
	}
	r, err := s.store.byCodeAcrossUnits(ctx, root, b.Code)
	if errs.Is(err, errs.NotFound) || err == nil && r.ID == own.ID {
		return nil
	}
	if err != nil {
		return err
	}
	var f errs.Fields
	f.Add("code", "base.code_taken", "Code", b.Code)
	return f.Err()
}

// Save replaces a base as it was read at a version; Conflict when somebody was quicker. Touching the days or the level
// of a plaque older than 30 days opens a case instead, and pending tells so: somebody else applies it.
func (s *Service) Save(ctx context.Context, ref id.Ref, version int64, b Base, c record.Change) (pending bool, err error) {
	defer errs.Wrapf(&err, "base.Save %s", ref)
	err = s.db.Tx(ctx, func(ctx context.Context) error {
		if err := s.book.MayWork(ctx, ref, c); err != nil {
			return err
		}
		was, v, err := s.book.Get(ctx, ref)
		if err != nil {
			return err
		}
		if err := s.prepare(ctx, &b); err != nil {
			return err
		}
		pending = !scope.From(ctx).System && SecondEyes(was, b, clock.Today(ctx))
		if pending {
			if v.N != version {
				return errs.New(errs.Conflict, "record.changed_meanwhile")
			}
			return s.askSecondEyes(ctx, ref, version, was, b, c.Reason)
		}
		return s.save(ctx, ref, version, was, b, c)
	})
	return pending, err
}

// save is the write that all acts end in.
func (s *Service) save(ctx context.Context, ref id.Ref, version int64, was, b Base, c record.Change) error {
	if err := s.codeFree(ctx, b, ref); err != nil {
		return err
	}
	if err := s.book.Save(ctx, ref, version, b, c); err != nil {
		return err
	}
	if b.Name != was.Name {
		if err := s.flow.Renamed(ctx, Kind, ref, b.Name); err != nil {
			return err
		}
	}
	return s.endTasks(ctx, ref, was, b)
}

// change edits a base as it was read at a version and saves it, in one transaction.
func (s *Service) change(ctx context.Context, ref id.Ref, version int64, act string, edit func(b *Base) error) error {
	return s.db.Tx(ctx, func(ctx context.Context) error {
		was, _, err := s.book.Get(ctx, ref)
		if err != nil {
			return err
		}
		b, _, err := s.book.Get(ctx, ref) // a copy of its own: edit may write into lists
		if err != nil {
			return err
		}
		if err := edit(&b); err != nil {
			return err
		}
		if err := s.prepare(ctx, &b); err != nil {
			return err
		}
		return s.save(ctx, ref, version, was, b, record.Change{Act: act})
	})
}

// Get reads a base as it stands, with its version; NotFound outside the reader's view.
func (s *Service) Get(ctx context.Context, ref id.Ref) (Base, record.Version, error) {
	return s.book.Get(ctx, ref)
}

// ByCode finds a base of a city by its code; NotFound outside the reader's view.
func (s *Service) ByCode(ctx context.Context, root int64, code string) (id.Ref, Base, record.Version, error) {
	r, err := s.store.byCodeAcrossUnits(ctx, root, code)
	if err != nil {
		return id.Ref{}, Base{}, record.Version{}, err
	}
	b, v, err := s.book.Get(ctx, r.Ref())
	return r.Ref(), b, v, err
}

// Page is one page of a list.
type Page struct {
	Rows  []Row
	Total int64
	Next  string // key of the next page; "" at the end
	Rest  int64  // rows after this page
}

// List reads a page of bases within the reader's view.
func (s *Service) List(ctx context.Context, f Filter) (p Page, err error) {
	defer errs.Wrapf(&err, "base.List")
	if f.Limit < 1 || f.Limit > 200 {
		f.Limit = 20
	}
	within := scope.From(ctx).ViewSet
	err = s.db.Read(ctx, func(ctx context.Context) error {
		if p.Rows, err = s.store.list(ctx, f, within); err != nil {
			return err
		}
		all := f
		all.After = ""
		if p.Total, err = s.store.count(ctx, all, within); err != nil || len(p.Rows) < f.Limit {
			return err
		}
		f.After = p.Rows[f.Limit-1].pageKey(f.Order)
		if p.Rest, err = s.store.count(ctx, f, within); p.Rest > 0 {
			p.Next = f.After
		}
		return err
	})
	return p, err
}

// Count is how many bases a filter holds, within the reader's view.
func (s *Service) Count(ctx context.Context, f Filter) (int64, error) {
	return s.store.count(ctx, f, scope.From(ctx).ViewSet)
}

// Categories are those of a city, or the seven that ship (R100).
func (s *Service) Categories(ctx context.Context, root int64) ([]Category, error) {
	list, err := s.store.categories(ctx, root)
	if err == nil && len(list) == 0 {
		list, err = s.store.categories(ctx, 0)
	}
	return list, err
}

// Standard is the city's own, or the one that ships (R93).
func (s *Service) Standard(ctx context.Context, root int64) ([]StandardItem, error) {
	list, err := s.store.standard(ctx, root)
	if err == nil && len(list) == 0 {
		list, err = s.store.standard(ctx, 0)
	}
	return list, err
}

// SetCategories gives a city its own categories, in their order. It needs the right to administer the
// city. A category that bases have cannot be left out.
func (s *Service) SetCategories(ctx context.Context, unit org.Unit, list []Category) (err error) {
	defer errs.Wrapf(&err, "base.SetCategories")
	var f errs.Fields
	seen := map[string]bool{}
	for i, c := range list {
		if c.Name == "" || seen[c.Name] {
			f.Add("name."+strconv.Itoa(i), "base.category_twice")
		}
		seen[c.Name] = true
	}
	if len(list) == 0 {
		f.Add("name.0", "base.category_missing")
	}
	if err := f.Err(); err != nil {
		return err
	}
	return s.setCategories(ctx, unit, list, list)
}

// ShippedCategories takes a city's own categories away, so that those that ship stand for it again (R100). The right
// and the refusals are those of SetCategories.
func (s *Service) ShippedCategories(ctx context.Context, unit org.Unit) (err error) {
	defer errs.Wrapf(&err, "base.ShippedCategories")
	shipped, err := s.store.categories(ctx, 0)
	if err != nil {
		return err
	}
	return s.setCategories(ctx, unit, shipped, nil)
}

// setCategories keeps a city's own list; stand are those that its bases may have from then on.
func (s *Service) setCategories(ctx context.Context, unit org.Unit, stand, own []Category) error {
	return s.org.SetCity(ctx, unit, audit.Entry{Act: "base.act.categories", Subject: Kind}, func(ctx context.Context) error {
		used, err := s.store.usedCategoriesAcrossUnits(ctx, unit.Root())
		if err != nil {
			return err
		}
		var f errs.Fields
		for _, name := range used {
			if !slices.ContainsFunc(stand, func(c Category) bool { return c.Name == name }) {
				f.Add("name.0", "base.category_used", "Name", name)
			}
		}
		if err := f.Err(); err != nil {
			return err
		}
		return s.store.setCategories(ctx, unit.Root(), own)
	})
}

// SetStandard gives a city its own standard. It needs the right to administer the city. Other cities are not touched
// (R93). When items come or go, the city's bases get a new version each, measured by the new list.
func (s *Service) SetStandard(ctx context.Context, unit org.Unit, list []StandardItem) (err error) {
	defer errs.Wrapf(&err, "base.SetStandard")
	var f errs.Fields
	seen := map[string]bool{}
	for i := range list {
		if list[i].Code == "" {
			list[i].Code = id.New().String()
		}
		required(&f, "item."+strconv.Itoa(i), list[i].Name, "base.item_missing")
		if seen[list[i].Code] {
			f.Add("item."+strconv.Itoa(i), "base.item_twice")
		}
		seen[list[i].Code] = true
	}
	if len(list) == 0 {
		f.Add("item.0", "base.item_missing")
	}
	if err := f.Err(); err != nil {
		return err
	}
	return s.org.SetCity(ctx, unit, audit.Entry{Act: "base.act.standard", Subject: Kind}, func(ctx context.Context) error {
		old, err := s.Standard(ctx, unit.Root())
		if err != nil {
			return err
		}
		if err := s.store.setStandard(ctx, unit.Root(), list); err != nil {
			return err
		}
		same := len(old) == len(list)
		for _, it := range old {
			same = same && seen[it.Code]
		}
		if same {
			return nil
		}
		return s.remeasure(ctx, unit)
	})
}

// remeasure writes each base of a city anew, by its new standard; who may set the standard may do so.
func (s *Service) remeasure(ctx context.Context, unit org.Unit) error {
	recs, err := s.store.ofRootAcrossUnits(ctx, unit.Root())
	if err != nil {
		return err
	}
	ctx = widened(ctx, scope.Range{From: unit.Root() * 1e9, To: (unit.Root() + 1) * 1e9})
	for _, rec := range recs {
		ref := id.Ref{Root: unit.Root(), ID: rec}
		was, v, err := s.book.Get(ctx, ref)
		if err != nil {
			return err
		}
		if err := s.change(ctx, ref, v.N, "base.act.standard", func(b *Base) error { return nil }); err != nil {
			return errs.Wrap(err, errs.KindOf(err), "base.remeasure_stuck", "Name", was.Name)
		}
	}
	return nil
}

// widened lets the actor work in one more range: for what follows from an act that was permitted already, such as an
// issuer's grant. The log keeps the person.
func widened(ctx context.Context, r scope.Range) context.Context {
	a := scope.From(ctx)
	a.WorkSet = append(append(scope.Set{}, a.WorkSet...), r)
	a.ViewSet = append(append(scope.Set{}, a.ViewSet...), r)
	return scope.With(ctx, a)
}

// byFlow are the acts that approvals did: they are taken back there, not with undo.
var byFlow = map[string]bool{"base.act.granted": true, "base.act.checked": true, "base.act.revoked": true, "base.act.corrected": true}

// Undoable tells until when the reader may take the newest version back; zero when they may not.
func (s *Service) Undoable(ctx context.Context, v record.Version) (until time.Time) {
	if byFlow[v.Act] {
		return time.Time{}
	}
	return s.book.Undoable(ctx, v)
}

// Undo takes one's own last change back: a new version equal to the one before. Conflict after ten minutes, after
// somebody else's change, and after a flow step.
func (s *Service) Undo(ctx context.Context, ref id.Ref, version int64) (err error) {
	defer errs.Wrapf(&err, "base.Undo %s", ref)
	b, v, err := s.book.Get(ctx, ref)
	if errs.Is(err, errs.NotFound) { // taken out of the register: whoever did so may bring it back, to others it is not there
		if s.book.Undo(ctx, ref, version) == nil {
			return nil
		}
	}
	if err != nil {
		return err
	}
	if byFlow[v.Act] {
		return errs.New(errs.Conflict, "base.undo_settled")
	}
	if v.Actor == scope.From(ctx).Account { // an issuer takes back what it wrote at the host
		if ctx, err = s.atHost(ctx, b.Host); err != nil {
			return err
		}
	}
	return s.book.Undo(ctx, ref, version)
}

// Remove takes a base that was entered by mistake out of every list and figure; its history stays.
func (s *Service) Remove(ctx context.Context, ref id.Ref, version int64, reason string) (err error) {
	defer errs.Wrapf(&err, "base.Remove %s", ref)
	if reason == "" {
		var f errs.Fields
		f.Add("reason", "base.reason_missing")
		return f.Err()
	}
	return s.book.Remove(ctx, ref, version, record.Change{Act: "base.act.remove", Reason: reason})
}

// bodyName is a body in words.
func (s *Service) bodyName(ctx context.Context, b Body) string {
	if b.Unit == 0 {
		return b.Name
	}
	u, err := s.org.Unit(ctx, b.Unit)
	if err != nil {
		return i18n.T(ctx, "base.unknown")
	}
	return u.Name
}

// sameBase tells whether two bases are equal in all that is kept.
func sameBase(a, b Base) bool { return reflect.DeepEqual(a, b) }
