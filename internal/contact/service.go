package contact

import (
	"context"
	"slices"
	"strings"

	"xinhuo/internal/flow"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/db"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/ledger"
	"xinhuo/internal/org"
	"xinhuo/internal/record"
)

// Service keeps the register of bodies, what is asked of them, and the log of contacts.
type Service struct {
	db       *db.DB
	store    store
	rec      *record.Service
	ledger   *ledger.Service
	org      *org.Service
	accounts Accounts
	flow     *flow.Service
	book     *record.Book[Contact]
	bodies   *record.Book[Body]
	tasks    *record.Book[Task]
	lent     []func(ctx context.Context, body ListedBody) ([]Shared, error)
}

// New makes the service: it opens its books, publishes them to the ledger, offers imports and lends its box to the unit's
// page. Call it before ledger.Load.
func New(d *db.DB, rec *record.Service, led *ledger.Service, o *org.Service, f *flow.Service) *Service {
	s := &Service{db: d, store: store{d}, rec: rec, ledger: led, org: o, flow: f}
	s.book = record.NewBook(rec, record.Kind[Contact]{
		Name:  Kind,
		Home:  func(c Contact) id.ID { return c.Unit },
		Put:   s.put,
		Rows:  rows,
		Facts: facts,
	}, s.source())
	s.bodies = record.NewBook(rec, record.Kind[Body]{
		Name:  KindBody,
		Home:  func(b Body) id.ID { return b.Unit },
		Put:   s.putBody,
		Rows:  bodyRows,
		Facts: bodyFacts,
	}, s.bodySource())
	s.tasks = record.NewBook(rec, record.Kind[Task]{
		Name:  KindTask,
		Home:  func(t Task) id.ID { return t.Unit },
		Put:   s.putTask,
		Rows:  taskRows,
		Facts: s.taskFacts,
	}, s.taskSource())
	rec.AddImporter(s.importer())
	rec.AddImporter(s.bodyImporter())
	rec.AddImporter(s.taskImporter())
	o.AddPanel(s.panel())
	return s
}

// UnitChanged hears org: the log follows a unit to its new place, or to its heir's. Register it after the ledger's own
// listener.
func (s *Service) UnitChanged(ctx context.Context, c org.Changed) error {
	u, err := s.rec.Home(ctx, c.Unit)
	if err != nil {
		return err
	}
	return s.store.moveUnit(ctx, c.Unit, u.Pos)
}

func (s *Service) put(ctx context.Context, ref id.Ref, c Contact, gone bool) error {
	u, err := s.rec.Home(ctx, c.Unit)
	if err != nil {
		return err
	}
	return s.store.put(ctx, ref, u.Pos, c, gone)
}

// Filter is what a list of the log asks for.
type Filter struct {
	Body  string
	Kind  string
	From  id.Ref // the registered body
	Year  int
	After string
	Limit int // at most 100; 0 is 50
}

// BodyCount is what stands in the log with one body in a year: talks, activities that the committee or the body led,
// things lent and borrowed (R66, R69).
type BodyCount struct {
	Body     string `json:"body"`
	Talks    int64  `json:"talks"`
	Agreed   int64  `json:"agreements"`
	Joint    int64  `json:"joint"`
	JointLed int64  `json:"joint_led"` // of these, led by the body
	Lent     int64  `json:"lent"`
	Borrowed int64  `json:"borrowed"`
}

// Add writes an entry into a unit's log.
func (s *Service) Add(ctx context.Context, c Contact, ch record.Change) (id.Ref, error) {
	if ch.Act == "" {
		ch.Act = "contact.act.add"
	}
	if err := s.book.MayCreate(ctx, c, ch); err != nil {
		return id.Ref{}, err
	}
	c.clean()
	if err := c.check(clock.Today(ctx)); err != nil {
		return id.Ref{}, err
	}
	if err := s.settle(ctx, &c); err != nil {
		return id.Ref{}, err
	}
	return s.book.Create(ctx, c, ch)
}

// Save changes an entry as it was read at a version; it stays at its unit.
func (s *Service) Save(ctx context.Context, ref id.Ref, version int64, c Contact, ch record.Change) error {
	if ch.Act == "" {
		ch.Act = "contact.act.save"
	}
	if err := s.book.MayWork(ctx, ref, ch); err != nil {
		return err
	}
	was, _, err := s.book.Get(ctx, ref)
	if err != nil {
		return err
	}
	c.Unit = was.Unit
	c.clean()
	if err := c.check(clock.Today(ctx)); err != nil {
		return err
	}
	if err := s.settle(ctx, &c); err != nil {
		return err
	}
	return s.book.Save(ctx, ref, version, c, ch)
}

// settle finds the registered body of the entry's name; nothing is shared with one that is not registered.
func (s *Service) settle(ctx context.Context, c *Contact) error {
	u, err := s.rec.Home(ctx, c.Unit)
	if err != nil {
		return err
	}
	list, err := s.PartnersOf(ctx, u)
	c.Partner = id.Ref{}
	for _, b := range list {
		if b.Name == c.Body {
			c.Partner = b.Ref
		}
	}
	if c.Partner.ID == 0 && c.Shared {
		var f errs.Fields
		f.Add("shared", "contact.body_unregistered")
		return f.Err()
	}
	return err
}

// Remove takes an entry out; its history stays.
func (s *Service) Remove(ctx context.Context, ref id.Ref, version int64, reason string) error {
	if reason = strings.TrimSpace(reason); reason == "" {
		var f errs.Fields
		f.Add("reason", "contact.reason_missing")
		return f.Err()
	}
	return s.book.Remove(ctx, ref, version, record.Change{Act: "contact.act.remove", Reason: reason})
}

// Undo takes one's own last change back.
func (s *Service) Undo(ctx context.Context, ref id.Ref, version int64) error {
	return s.book.Undo(ctx, ref, version)
}

// Get reads an entry.
func (s *Service) Get(ctx context.Context, ref id.Ref) (Contact, record.Version, error) {
	return s.book.Get(ctx, ref)
}

// List are the entries of a unit and those below it, the latest first, and the address of the next page. Needs View at
// the unit.
func (s *Service) List(ctx context.Context, u org.Unit, f Filter) (out []Entry, next string, err error) {
	if !scope.From(ctx).May(scope.View, u.Pos) {
		return nil, "", errs.New(errs.NotFound, "errs.not_found")
	}
	if f.Limit < 1 || f.Limit > 100 {
		f.Limit = 50
	}
	day, after := clock.Day("9999-99-99"), id.ID(0)
	if f.After != "" {
		ref, err := id.ParseRef(f.After)
		if err != nil {
			return nil, "", errs.New(errs.Invalid, "errs.ref_unreadable")
		}
		c, _, err := s.book.Get(ctx, ref)
		if err != nil {
			return nil, "", err
		}
		day, after = c.Day, ref.ID
	}
	list, err := s.store.list(ctx, u.Range(), scope.From(ctx).ViewSet, f, day, after, f.Limit+1)
	if err != nil {
		return nil, "", err
	}
	for _, r := range list[:min(len(list), f.Limit)] {
		out = append(out, r.entry())
	}
	if len(list) > f.Limit {
		next = out[f.Limit-1].Ref.String()
	}
	return out, next, nil
}

// ByBody counts a year's entries of a unit and those below it by body, the most first.
func (s *Service) ByBody(ctx context.Context, u org.Unit, year int) ([]BodyCount, error) {
	if !scope.From(ctx).May(scope.View, u.Pos) {
		return nil, errs.New(errs.NotFound, "errs.not_found")
	}
	y := clock.YearOf(year)
	rows, err := s.store.byBody(ctx, u.Range(), scope.From(ctx).ViewSet, y.From, y.To)
	if err != nil {
		return nil, err
	}
	var out []BodyCount
	for _, r := range rows {
		if len(out) == 0 || out[len(out)-1].Body != r.Body {
			out = append(out, BodyCount{Body: r.Body})
		}
		b := &out[len(out)-1]
		switch r.Kind {
		case "talk":
			b.Talks += r.N
		case "agreement":
			b.Agreed += r.N
		case "joint":
			b.Joint += r.N
			b.JointLed += r.N * r.Lead
		case "lent":
			b.Lent += r.N
		case "borrowed":
			b.Borrowed += r.N
		}
	}
	all := func(b BodyCount) int64 { return b.Talks + b.Agreed + b.Joint + b.Lent + b.Borrowed }
	slices.SortStableFunc(out, func(a, b BodyCount) int { return int(all(b) - all(a)) })
	return out, nil
}
