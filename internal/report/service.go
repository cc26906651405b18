package report

import (
	"context"
	"strconv"

	"xinhuo/internal/audit"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/db"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/ledger"
	"xinhuo/internal/library"
	"xinhuo/internal/org"
	"xinhuo/internal/record"
)

// Kind is the record kind of documents. They count nothing.
const Kind = "document"

// Service keeps documents.
type Service struct {
	db        *db.DB
	store     store
	rec       *record.Service
	ledger    *ledger.Service
	org       *org.Service
	audit     *audit.Service
	documents *record.Book[Document]
	library   *library.Service // nil where there is none
}

// SetLibrary gives the library into which documents that are issued can be put.
func (s *Service) SetLibrary(l *library.Service) {
	s.library = l
	l.SetLive(s.standing)
}

// New makes the service and opens its book. Call it before ledger.Load.
func New(d *db.DB, rec *record.Service, led *ledger.Service, o *org.Service, a *audit.Service) *Service {
	s := &Service{db: d, store: store{d}, rec: rec, ledger: led, org: o, audit: a}
	s.documents = record.NewBook(rec, record.Kind[Document]{
		Name: Kind,
		Home: func(d Document) id.ID { return d.Unit },
		Put:  s.put,
		Rows: func(id.Ref, Document) ledger.Record { return ledger.Record{} },
		Facts: func(ctx context.Context, d Document) []record.Fact {
			return s.facts(ctx, d)
		},
		Settled: func(ctx context.Context, ref id.Ref, _ int64) error {
			issued, err := s.store.issuedAcrossUnits(ctx, ref)
			if err == nil && issued {
				err = errs.New(errs.Conflict, "report.issued_stays")
			}
			return err
		},
	}, &ledger.Source{Name: ledger.Words{Zh: "活文稿", En: "Live document"}, Fields: map[string]any{}, Describe: s.describe})
	return s
}

func (s *Service) describe(ctx context.Context, recs []id.ID) (map[id.ID]ledger.Description, error) {
	rows, err := s.store.described(ctx, recs)
	out := map[id.ID]ledger.Description{}
	for _, r := range rows {
		ref := id.Ref{Root: r.Root, ID: r.ID}
		out[r.ID] = ledger.Description{Ref: ref, Name: r.Title, Unit: r.Unit, Href: "/speech/" + ref.String()}
	}
	return out, err
}

func (s *Service) put(ctx context.Context, ref id.Ref, d Document, gone bool) error {
	u, err := s.rec.Home(ctx, d.Unit)
	if err != nil {
		return err
	}
	row := documentRow{Root: ref.Root, ID: ref.ID, Unit: d.Unit, Pos: u.Pos, Title: d.Title, Byline: d.Byline, Day: d.Day}
	if d.Issued != nil {
		row.IssuedOn = d.Issued.Day
	}
	return s.store.put(ctx, row, gone)
}

// UnitChanged hears org: documents follow a unit to its new place, or to its heir's.
func (s *Service) UnitChanged(ctx context.Context, c org.Changed) error {
	u, err := s.rec.Home(ctx, c.Unit)
	if err != nil {
		return err
	}
	return s.store.moveUnit(ctx, c.Unit, u.Pos)
}

// facts say a document in words for its history; figures stand as placeholders, since their numbers move by themselves.
func (s *Service) facts(ctx context.Context, d Document) []record.Fact {
	code, n := s.codes(ctx), namesOf(s.ledger.Figures(), i18n.Lang(ctx))
	out := []record.Fact{{Key: "report.name", Text: d.Title}, {Key: "report.byline", Text: d.Byline}, {Key: "report.day", Text: i18n.Day(ctx, d.Day)}}
	text := ""
	for _, p := range d.Paragraphs {
		if p.Heading != "" {
			text += p.Heading + "\n"
		}
		text += p.source(n, code) + "\n"
	}
	out = append(out, record.Fact{Key: "report.text", Text: text})
	if d.Issued != nil {
		out = append(out, record.Fact{Key: "report.fingerprint", Text: shortPrint(d.Issued.Fingerprint)})
	}
	return out
}

// codes names units by their external codes.
func (s *Service) codes(ctx context.Context) func(id.ID) string {
	return func(u id.ID) string {
		unit, err := s.org.Unit(ctx, u)
		if err != nil {
			return u.String()
		}
		return unit.Code
	}
}

// List is the newest documents in a unit's subtree. Needs View at the unit.
func (s *Service) List(ctx context.Context, u org.Unit, limit int) ([]Listed, error) {
	if !scope.From(ctx).May(scope.View, u.Pos) {
		return nil, errs.New(errs.NotFound, "errs.not_found")
	}
	rows, err := s.store.list(ctx, u.Range(), scope.From(ctx).ViewSet, limit)
	out := make([]Listed, len(rows))
	for i, r := range rows {
		out[i] = Listed{Ref: id.Ref{Root: r.Root, ID: r.ID}, Title: r.Title, Byline: r.Byline, Day: r.Day, IssuedOn: r.IssuedOn, Unit: r.Unit}
	}
	return out, err
}

// Create begins a draft; it needs Work at the document's unit.
func (s *Service) Create(ctx context.Context, d Document) (id.Ref, error) {
	d.Issued = nil
	if err := d.Check(); err != nil {
		return id.Ref{}, err
	}
	if err := s.check(ctx, d); err != nil {
		return id.Ref{}, err
	}
	return s.documents.Create(ctx, d, record.Change{Act: "report.act.create"})
}

// Save changes a draft as it was read at a version; an issued document stays.
func (s *Service) Save(ctx context.Context, ref id.Ref, version int64, d Document) error {
	if err := d.Check(); err != nil {
		return err
	}
	if err := s.check(ctx, d); err != nil {
		return err
	}
	return s.db.Tx(ctx, func(ctx context.Context) error {
		was, _, err := s.documents.Get(ctx, ref)
		if err != nil {
			return err
		}
		if was.Issued != nil {
			return errs.New(errs.Conflict, "report.issued_stays")
		}
		d.Unit, d.Issued = was.Unit, nil
		return s.documents.Save(ctx, ref, version, d, record.Change{Act: "report.act.save"})
	})
}

// check refuses figures that do not exist, breakdowns that they do not have, and units that the writer may not view:
// a text must not carry out what its writer cannot see.
func (s *Service) check(ctx context.Context, d Document) error {
	var f errs.Fields
	for i, p := range d.Paragraphs {
		name := "text_" + strconv.Itoa(i)
		for _, r := range p.Runs {
			if r.Figure == nil {
				continue
			}
			def, err := s.ledger.Figure(r.Figure.Code)
			if err != nil {
				f.Add(name, "report.figure_unknown", "Code", r.Figure.Code)
				continue
			}
			for k := range r.Figure.Where {
				if !among(def.Breakdowns, k) {
					f.Add(name, "report.breakdown_unknown", "Code", r.Figure.Code, "Word", k)
				}
			}
			if r.Figure.Unit == 0 {
				continue
			}
			u, err := s.org.Unit(ctx, r.Figure.Unit)
			if err != nil || !scope.From(ctx).May(scope.View, u.Pos) {
				f.Add(name, "report.unit_unknown", "Code", r.Figure.Code)
			}
		}
	}
	return f.Err()
}

// Read is a document with its figures as they stand. Needs View at its unit.
func (s *Service) Read(ctx context.Context, ref id.Ref) (Live, error) {
	var l Live
	err := s.db.Read(ctx, func(ctx context.Context) error {
		d, v, err := s.documents.Get(ctx, ref)
		if err != nil {
			return err
		}
		l, err = s.live(ctx, d)
		l.Ref, l.Version = ref, v.N
		return err
	})
	return l, err
}

// live asks every figure of a document: a draft's as of today, an issued one's as of its day and as known then, and
// again as of today.
func (s *Service) live(ctx context.Context, d Document) (Live, error) {
	l := Live{Document: d, Today: clock.Today(ctx), Loose: d.loose(), odd: map[int]bool{}}
	l.Day = l.Today
	var known int64
	if d.Issued != nil {
		l.Day, known = d.Issued.Day, d.Issued.KnownAt
	}
	numbers, amounts := []string{}, []*int64{}
	for i, b := range d.Bounds() {
		f, err := s.figure(ctx, d, b, l.Day, l.Today, known)
		if err != nil {
			return l, err
		}
		f.No = i + 1
		numbers, amounts = append(numbers, f.Text), append(amounts, f.Then)
		l.Figures = append(l.Figures, f)
	}
	if d.Issued == nil {
		return l, nil
	}
	l.Intact = d.fingerprint(d.Issued.Day, numbers, amounts) == d.Issued.Fingerprint
	if !l.Intact { // the text that was issued is the one that is shown, whatever the ledger says today
		for i := range l.Figures {
			f := &l.Figures[i]
			if i < len(d.Issued.Amounts) {
				l.odd[i] = !same(f.Then, d.Issued.Amounts[i])
				f.Then = d.Issued.Amounts[i]
				f.Text = written(f.Def, f.Bound.Format, f.Then)
				f.ThenText = written(f.Def, Plain, f.Then)
			}
		}
	}
	return l, nil
}

func (s *Service) figure(ctx context.Context, d Document, b Bound, day, today clock.Day, known int64) (Figure, error) {
	f := Figure{Bound: b, Asked: d.question(b, day, known), AskedNow: d.question(b, today, 0)}
	var err error
	if f.Def, err = s.ledger.Figure(b.Code); err != nil {
		return f, err
	}
	now, err := s.ledger.Ask(ctx, f.AskedNow)
	if err != nil {
		return f, err
	}
	then := now
	if d.Issued != nil {
		if then, err = s.ledger.Ask(ctx, f.Asked); err != nil {
			return f, err
		}
	}
	f.Then, f.Now = then.Amount, now.Amount
	f.Text = written(f.Def, b.Format, f.Then)
	f.ThenText, f.NowText = written(f.Def, Plain, f.Then), written(f.Def, Plain, f.Now)
	return f, nil
}

// Issue freezes a document (定稿): the day, the instant of knowledge, and the text with its figures under a fingerprint.
// Errors: Invalid when a number is not bound (R20), Conflict when it was issued or changed meanwhile.
func (s *Service) Issue(ctx context.Context, ref id.Ref, version int64) error {
	return s.db.Tx(ctx, func(ctx context.Context) error {
		d, _, err := s.documents.Get(ctx, ref)
		if err != nil {
			return err
		}
		if d.Issued != nil {
			return errs.New(errs.Conflict, "report.issued_already")
		}
		var f errs.Fields
		for i, p := range d.Paragraphs {
			for _, n := range looseNumbers(p) {
				f.Add("text_"+strconv.Itoa(i), "report.loose", "Number", n)
			}
		}
		if err := f.Err(); err != nil {
			return err
		}
		// Whatever has been written is given its place in the order of knowledge first, so that "as known at" this instant
		// is what the text says.
		if err := s.ledger.Fold(ctx); err != nil {
			return err
		}
		today := clock.Today(ctx)
		issued := Issue{Day: today, KnownAt: clock.Millis(ctx), By: scope.From(ctx).Name}
		d.Issued = &issued
		var numbers []string
		for _, b := range d.Bounds() {
			g, err := s.figure(ctx, d, b, today, today, issued.KnownAt)
			if err != nil {
				return err
			}
			numbers, issued.Amounts = append(numbers, g.Text), append(issued.Amounts, g.Then)
		}
		issued.Fingerprint = d.fingerprint(today, numbers, issued.Amounts)
		return s.documents.Save(ctx, ref, version, d, record.Change{Act: "report.act.issue"})
	})
}

// Undo takes one's own last change of a draft back.
func (s *Service) Undo(ctx context.Context, ref id.Ref, version int64) error {
	return s.documents.Undo(ctx, ref, version)
}
