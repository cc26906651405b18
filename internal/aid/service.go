package aid

import (
	"context"
	"slices"

	"xinhuo/internal/audit"
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
	"xinhuo/internal/seal"
)

// Kinds of sealed records: for whom an aid is, and the words of its steps.
const (
	childKind = "aid.child"
	wordsKind = "aid.words"
)

// Service keeps aids, donors and gifts.
type Service struct {
	db       *db.DB
	store    store
	rec      *record.Service
	led      *ledger.Service
	org      *org.Service
	flow     *flow.Service
	seal     *seal.Service
	audit    *audit.Service
	book     *record.Book[Aid]
	donors   *record.Book[Donor]
	gifts    *record.Book[Gift]
	blobs    blob.Store
	requests Requests // nil: no application comes from a request for help
	boxes    []Box
	closers  []Closer
}

// New opens the books, offers aids for import and export, listens to approvals and lends its box to the unit's page.
func New(d *db.DB, rec *record.Service, led *ledger.Service, o *org.Service, f *flow.Service, x *seal.Service, a *audit.Service) *Service {
	s := &Service{db: d, store: store{d}, rec: rec, led: led, org: o, flow: f, seal: x, audit: a}
	s.book = record.NewBook(rec, record.Kind[Aid]{Name: Kind, Home: func(a Aid) id.ID { return a.Unit }, Put: s.put, Rows: rows, Facts: s.facts}, s.source())
	s.donors = record.NewBook(rec, record.Kind[Donor]{Name: KindDonor, Home: func(d Donor) id.ID { return d.Unit }, Put: s.putDonor, Facts: donorFacts,
		Rows: func(ref id.Ref, _ Donor) ledger.Record { return ledger.Record{Ref: ref} }}, uncounted("捐赠人", "donor"))
	s.gifts = record.NewBook(rec, record.Kind[Gift]{Name: KindGift, Home: func(g Gift) id.ID { return g.Unit }, Put: s.putGift, Facts: s.giftFacts,
		Rows: func(ref id.Ref, _ Gift) ledger.Record { return ledger.Record{Ref: ref} }}, uncounted("捐赠", "gift"))
	rec.AddImporter(s.importer())
	s.listen()
	x.AddMatters(s.matter)
	x.NameConsent(purposeOfConsent, "aid.title")
	for _, kind := range []string{childKind, wordsKind, paperKind} {
		c := seal.Class{Kind: kind, Name: "aid.sealed." + kind, Since: "aid.kept_since", Ground: "aid.kept_law", Days: keepDays, Least: 365, Most: 10950, Over: s.over}
		if kind == childKind { // with the child go the marks by which a double is found
			c.Erased = func(ctx context.Context, of id.Ref) error { return s.store.putMarks(ctx, of, nil) }
		}
		x.AddClass(c)
	}
	x.AddSubject(seal.Subject{Kind: childKind, Find: []string{"name", "guardian", "phone"}, With: []string{wordsKind, paperKind}, Held: s.held, Corrected: s.corrected, Order: []string{"name", "number", "born", "guardian", "phone", "school", "address", "bank", "words"}, Names: map[string]string{"name": "aid.f.child", "number": "aid.f.number",
		"born": "aid.f.born", "guardian": "aid.f.guardian", "phone": "aid.f.phone", "school": "aid.f.school", "address": "aid.f.address", "bank": "aid.f.bank", "words": "aid.f.words"}})
	x.AddSubject(seal.Subject{Kind: wordsKind, Names: map[string]string{"text": "aid.f.said"}, Inner: []string{"of"}})
	x.AddSubject(seal.Subject{Kind: paperKind, Names: map[string]string{"name": "aid.f.papers"}, Inner: []string{"kind"}})
	o.AddPanel(s.panel())
	o.OnMoved(s.unitChanged)
	return s
}

// SetRequests connects requests for help, out of which an application can be made.
func (s *Service) SetRequests(r Requests) { s.requests = r }

func (s *Service) unitChanged(ctx context.Context, c org.Changed) error {
	u, err := s.rec.Home(ctx, c.Unit)
	if err != nil {
		return err
	}
	return s.store.moveUnit(ctx, c.Unit, u.Pos)
}

// put writes the module's own rows of an aid; what it spends of a gift is asked in the same transaction, also by an undo.
func (s *Service) put(ctx context.Context, ref id.Ref, a Aid, gone bool) error {
	if gone {
		return s.store.put(ctx, ref, nil)
	}
	u, err := s.rec.Home(ctx, a.Unit)
	if err != nil {
		return err
	}
	r := Row{Unit: a.Unit, Pos: u.Pos, No: a.No, Kind: a.Kind, Purpose: a.Purpose, Year: a.Year, Form: a.Form, State: a.State, AskedFen: a.Asked.Fen, AppliedOn: a.Applied, Request: a.Request}
	if g := a.Given; g != nil {
		r.GivenOn, r.GivenFen, r.GivenQty, r.Minutes, r.GiftRoot, r.Gift = g.Day, g.Amount.Fen, g.Amount.Qty, g.Amount.Minutes, g.Gift.Root, g.Gift.ID
	}
	if a.Receipt != nil {
		r.ReceiptOn = a.Receipt.Day
	}
	if r.Gift == 0 {
		return s.store.put(ctx, ref, &r)
	}
	if there, err := s.store.hold(ctx, a.Given.Gift); err != nil || !there {
		return cmpErr(err, giftGone())
	}
	if err := s.store.put(ctx, ref, &r); err != nil {
		return err
	}
	return s.notOverspent(ctx, a.Given.Gift, "aid.gift_short")
}

// cmpErr is the first of two errors that is there.
func cmpErr(err, other error) error {
	if err != nil {
		return err
	}
	return other
}

// owner says who keeps what is sealed of an aid: who works in the very unit.
func owner(kind string, ref id.Ref, a Aid) seal.Owner {
	return seal.Owner{Kind: kind, Of: ref, Unit: a.Unit}
}

// keepDays is how long it stays sealed for whom an aid was, after its end: as long as the books of what was given (Rules on Accounting Records,
// ten years for other records), unless somebody has set it otherwise.
const keepDays = 10 * 365

// over is the day on which an aid's last step was taken.
func (s *Service) over(ctx context.Context, of id.Ref) (clock.Day, error) {
	a, v, err := s.book.Get(scope.With(ctx, scope.System(Kind)), of)
	if err != nil || a.State != Done && !a.State.stopped() {
		return clock.Open, err
	}
	return clock.DayOf(v.Instant()), nil
}

// matter is an aid as the pages of sealed data need it.
func (s *Service) matter(ctx context.Context, of id.Ref) (seal.Matter, error) {
	a, _, err := s.book.Get(ctx, of)
	if err != nil {
		return seal.Matter{}, err
	}
	return seal.Matter{Owners: []seal.Owner{owner(childKind, of, a), owner(wordsKind, of, a), owner(paperKind, of, a)}, Title: s.title(ctx, of, a), Href: path(of), Hint: "aid.sealed_effect",
		Label: func(ctx context.Context, kind string) string { return tr(ctx, "aid.sealed."+kind) },
		Name:  func(_ string, r seal.Record) string { return r.Fields["name"] }}, nil
}

// Get reads an aid as it stands, with its version; NotFound outside the reader's view. For whom it is stands sealed: Open.
func (s *Service) Get(ctx context.Context, ref id.Ref) (Aid, record.Version, error) {
	return s.book.Get(ctx, ref)
}

// shown is an aid as whoever asks may know of it. Which request for help it came from is for those who read for whom it is: that somebody
// asked, and under which number, is told nobody above.
func (s *Service) shown(ctx context.Context, ref id.Ref, a Aid) (Aid, error) {
	if a.Request == "" {
		return a, nil
	}
	may, err := s.May(ctx, ref, a)
	if !may {
		a.Request, a.RequestN = "", ""
	}
	return a, err
}

// Opened is what is sealed of an aid, for those who may read it.
type Opened struct {
	Child   Child
	Agreed  Agreed
	Erased  bool
	Words   map[string]string // by step
	Papers  []Paper
	Present bool
}

// Whose is an aid for a module that lends it a box, with who reads it; NotFound for whoever may not open for whom it is.
func (s *Service) Whose(ctx context.Context, ref id.Ref) (a Aid, u org.Unit, o seal.Owner, err error) {
	if a, _, err = s.book.Get(ctx, ref); err != nil {
		return a, u, o, err
	}
	o = owner(childKind, ref, a)
	if may, err := s.seal.May(ctx, o); err != nil || !may {
		return Aid{}, u, seal.Owner{}, cmpErr(err, errs.New(errs.NotFound, "errs.not_found"))
	}
	u, err = s.rec.Home(ctx, a.Unit)
	return a, u, o, err
}

// Title is what an aid is called on the pages of others, without for whom it is.
func (s *Service) Title(ctx context.Context, ref id.Ref, a Aid) string { return s.title(ctx, ref, a) }

// Path is the address of an aid's page.
func Path(ref id.Ref) string { return path(ref) }

// May tells whether the reader may open for whom an aid is.
func (s *Service) May(ctx context.Context, ref id.Ref, a Aid) (bool, error) {
	return s.seal.May(ctx, owner(childKind, ref, a))
}

// Open reads for whom an aid is and what was found; the readings stand in the log. Forbidden for all but who works in the very unit and
// who was let in.
func (s *Service) Open(ctx context.Context, ref id.Ref) (out Opened, err error) {
	defer errs.Wrapf(&err, "aid.Open %s", ref)
	a, _, err := s.book.Get(ctx, ref)
	if err != nil {
		return out, err
	}
	out.Words = map[string]string{}
	err = s.db.Tx(ctx, func(ctx context.Context) error {
		list, err := s.seal.Open(ctx, owner(childKind, ref, a))
		if err != nil {
			return err
		}
		for _, r := range list { // the last one stands; those before it were corrected
			out.Erased = r.Erased != clock.Open
			if out.Erased {
				continue
			}
			out.Present, out.Child = true, childOf(r.Fields)
			for _, c := range r.Consents {
				if c.Purpose == purposeOfConsent && c.Stands(clock.Today(ctx)) {
					out.Agreed = Agreed{c.Given, c.Form}
				}
			}
		}
		said, err := s.seal.Open(ctx, owner(wordsKind, ref, a))
		for _, r := range said {
			if r.Erased == clock.Open {
				out.Words[r.Fields["of"]] = r.Fields["text"]
			}
		}
		if err != nil {
			return err
		}
		out.Papers, err = s.papers(ctx, ref, a)
		return err
	})
	return out, err
}

// Page is one page of a list.
type Page struct {
	Rows  []Row
	Total int64
	Next  id.ID // 0 at the end
	Sums  []Sum // of all that the filter holds, by kind
}

// List reads a page of a unit's aids and of those below it, within the reader's view.
func (s *Service) List(ctx context.Context, u org.Unit, f Filter) (p Page, err error) {
	defer errs.Wrapf(&err, "aid.List")
	if f.Limit < 1 || f.Limit > 200 {
		f.Limit = 20
	}
	if f.Day == clock.Open {
		f.Day = clock.Today(ctx)
	}
	within := scope.From(ctx).ViewSet
	err = s.db.Read(ctx, func(ctx context.Context) error {
		more := f
		more.Limit++
		if p.Rows, err = s.store.list(ctx, more, u.Range(), within); err != nil {
			return err
		}
		if len(p.Rows) > f.Limit {
			p.Rows = p.Rows[:f.Limit]
			p.Next = p.Rows[f.Limit-1].ID
		}
		if p.Total, err = s.store.count(ctx, f, u.Range(), within); err != nil {
			return err
		}
		p.Sums, err = s.store.sums(ctx, f, u.Range(), within)
		return err
	})
	return p, err
}

// Apply writes a new application, seals for whom it is, and compares it with every other: doubles are kept on it and told to the nearest
// unit above both. The right to work is asked at its unit. from is the request for help that it comes from, zero for none: its reader
// makes an application of it, nobody else. Errors: Invalid with the fields of the form; Throttled when the account has had too many compared today.
func (s *Service) Apply(ctx context.Context, a Aid, c Child, agreed Agreed, from id.Ref) (ref id.Ref, err error) {
	defer errs.Wrapf(&err, "aid.Apply")
	err = s.db.Tx(ctx, func(ctx context.Context) error {
		ch := record.Change{Act: "aid.act.apply"}
		if err := s.book.MayCreate(ctx, a, ch); err != nil {
			return err
		}
		u, err := s.rec.Home(ctx, a.Unit)
		if err != nil {
			return err
		}
		if err := s.prepare(ctx, u.Root(), &a, &c, agreed); err != nil {
			return err
		}
		by := scope.From(ctx)
		a.State, a.Applied, a.By, a.ByName = Applied, clock.Today(ctx), by.Account, by.Name
		if from.ID != 0 {
			if s.requests == nil {
				return errs.New(errs.NotFound, "errs.not_found")
			}
			q, err := s.requests.Read(ctx, from)
			if err != nil {
				return err
			}
			a.Request, a.RequestN = from.String(), q.No
		}
		n, err := s.store.nextNumber(ctx, u.Root(), int64(clock.Today(ctx).Year()))
		if err != nil {
			return err
		}
		a.No = numbered(int64(clock.Today(ctx).Year()), n)
		if ref, err = s.book.Create(ctx, a, ch); err != nil {
			return err
		}
		if err := s.sealChild(ctx, ref, a, c, agreed); err != nil {
			return err
		}
		if from.ID != 0 {
			return s.requests.Told(ctx, from, "aid", a.No, ref)
		}
		return nil
	})
	return ref, err
}

// prepare tidies an application and says all that has to be changed at once.
func (s *Service) prepare(ctx context.Context, root int64, a *Aid, c *Child, agreed Agreed) error {
	kinds, err := s.Kinds(ctx, root)
	if err != nil {
		return err
	}
	a.Asked, *c = a.Asked.bare(a.Form), c.clean()
	today := clock.Today(ctx)
	f := a.problems(kinds, nil, today)
	f = append(f, c.problems(today)...)
	return append(f, agreed.problems(today)...).Err()
}

func (g Agreed) problems(today clock.Day) (f errs.Fields) {
	if d, err := clock.ParseDay(string(g.Given)); err != nil || d > today {
		f.Add("agreed", "aid.agreed_missing")
	}
	if !slices.Contains(seal.Forms, g.Form) {
		f.Add("agreed_form", "aid.agreed_form_missing")
	}
	return f
}

// held says why for whom an aid is stays sealed when somebody asks for it to be erased: what was given belongs to the books, and what
// is under way ends first.
func (s *Service) held(ctx context.Context, of id.Ref, _ seal.Wish) (h seal.Hold, err error) {
	switch err := s.mayEnd(ctx, of); {
	case errs.Is(err, errs.Invalid), errs.Is(err, errs.Conflict):
		return seal.Hold{Erase: "aid.stays_duty", Tell: "aid.not_told", Stays: true}, nil
	case err != nil:
		return h, err
	}
	a, _, err := s.book.Get(scope.With(ctx, scope.System(Kind)), of)
	switch {
	case err != nil || a.State.stopped():
	case a.State.handedOver():
		h.Erase = "aid.stays_books"
	default:
		h.Erase = "aid.stays_running"
	}
	return h, err
}

// corrected takes over for whom an aid is after it was put right: the same rules as when it was typed, the marks, and what it is like.
func (s *Service) corrected(ctx context.Context, ref id.Ref, fields map[string]string) error {
	c := childOf(fields).clean()
	if err := c.problems(clock.Today(ctx)).Err(); err != nil {
		return err
	}
	if a, _, err := s.book.Get(ctx, ref); err != nil || a.State.stopped() || a.Past {
		return cmpErr(err, s.mark(ctx, ref, c))
	}
	return s.change(ctx, ref, 0, "child", "", func(ctx context.Context, a *Aid) error {
		if err := s.store.dropDoubles(ctx, ref); err != nil {
			return err
		}
		a.Double = ""
		if err := s.mark(ctx, ref, c); err != nil {
			return err
		}
		return s.compare(ctx, ref, *a)
	})
}

// sealChild seals for whom an aid is, with the guardian's consent, and has it compared.
func (s *Service) sealChild(ctx context.Context, ref id.Ref, a Aid, c Child, agreed Agreed) error {
	o := owner(childKind, ref, a)
	key, err := s.seal.Seal(ctx, o, c.fields())
	if err != nil {
		return err
	}
	if err := s.seal.Consent(ctx, o, key, seal.Consent{Purpose: purposeOfConsent, Given: agreed.Given, Form: agreed.Form}); err != nil {
		return err
	}
	if err := s.mark(ctx, ref, c); err != nil {
		return err
	}
	return s.compare(ctx, ref, a)
}

// mark keeps the hashes by which the child of an aid is found again.
func (s *Service) mark(ctx context.Context, ref id.Ref, c Child) error {
	marks, err := s.hashes(ctx, c)
	if err != nil {
		return err
	}
	return s.store.putMarks(ctx, ref, marks)
}

// hashes are the marks of a child as keyed hashes.
func (s *Service) hashes(ctx context.Context, c Child) (out []string, err error) {
	for _, m := range c.marks() {
		hashed, err := s.seal.Blind(ctx, childKind, m)
		if err != nil {
			return nil, err
		}
		out = append(out, hashed)
	}
	return out, nil
}
