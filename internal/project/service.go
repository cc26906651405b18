package project

import (
	"context"
	"slices"
	"sort"
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
)

// Service keeps the contracts.
type Service struct {
	store
	rec   *record.Service
	led   *ledger.Service
	org   *org.Service
	audit *audit.Service
	book  *record.Book[Contract]

	panels []Panel // of a contract's page
}

// New opens the book of contracts, offers it for import and export, lends its box to the unit's page and follows units
// that move.
func New(d *db.DB, rec *record.Service, led *ledger.Service, o *org.Service, a *audit.Service) *Service {
	s := &Service{store: store{d}, rec: rec, led: led, org: o, audit: a}
	s.book = record.NewBook(rec, record.Kind[Contract]{Name: "project", Home: Contract.Home, Homes: Contract.Units, Put: s.keep, Rows: rows, Facts: s.facts}, s.source())
	rec.AddImporter(s.importer())
	rec.AddImporter(s.receipts())
	o.AddPanel(s.panel())
	o.OnMoved(s.unitChanged)
	return s
}

func (s *Service) keep(ctx context.Context, ref id.Ref, c Contract, gone bool) error {
	places := map[id.ID]int64{}
	for _, unit := range c.Units() {
		u, err := s.rec.Home(ctx, unit)
		if err != nil {
			return err
		}
		places[unit] = u.Pos
	}
	return s.put(ctx, ref, c, places, gone)
}

// unitChanged keeps lists at the unit's place of today, or at its heir's; the ledger follows by itself.
func (s *Service) unitChanged(ctx context.Context, c org.Changed) error {
	u, err := s.rec.Home(ctx, c.Unit)
	if err != nil {
		return err
	}
	return s.move(ctx, c.Unit, u.Pos)
}

// Reported says what became of an entry.
type Reported struct {
	Ref     id.Ref
	Outcome record.Outcome
	Decides bool // the entry's version is the one that counts
}

// Report takes in one version of a contract as one unit tells it. A number that is new in the city makes a contract; a
// number that is known joins it as a further reporter or version, whoever reported it first: that is no error (R204). A
// row that is known (same code, or same unit and version) is corrected. The right to work is asked at the reporting unit.
func (s *Service) Report(ctx context.Context, e Entry) (Reported, error) {
	return s.report(ctx, e, record.Change{Act: "project.act.report", Reason: e.Reason})
}

func (s *Service) report(ctx context.Context, e Entry, c record.Change) (out Reported, err error) {
	err = s.db.Tx(ctx, func(ctx context.Context) error {
		if err := s.mayWork(ctx, e.Unit, id.Ref{}, c); err != nil { // before what was typed is looked at
			return err
		}
		e = e.clean()
		if err := e.problems().Err(); err != nil {
			return err
		}
		u, err := s.org.Unit(ctx, e.Unit)
		if err != nil {
			return err
		}
		known, err := s.AcrossUnitsByNumber(ctx, u.Root(), e.Number)
		if errs.Is(err, errs.NotFound) {
			body, _ := Contract{Number: e.Number}.with(e)
			out.Outcome, out.Decides = record.Added, true
			out.Ref, err = s.book.Create(ctx, body, c)
			return err
		}
		if err != nil {
			return err
		}
		was, v, err := s.asKept(ctx, known.Ref())
		if err != nil {
			return err
		}
		// the reporter answers for its own row alone
		if i := was.place(e.Report); i >= 0 && was.Reports[i].Unit != e.Unit {
			if err := s.mayWork(ctx, was.Reports[i].Unit, known.Ref(), c); err != nil {
				return err
			}
		}
		body, changed := was.with(e)
		d := body.Deciding()
		out = Reported{Ref: known.Ref(), Outcome: record.Same, Decides: d.Unit == e.Unit && d.Version == e.Version && d.Code == body.Reports[body.place(e.Report)].Code}
		if !changed {
			return nil
		}
		out.Outcome = record.Changed
		if c.Act == "project.act.report" && !slices.Contains(was.Units(), e.Unit) {
			c.Act = "project.act.join" // the others see in the history who came in
		}
		return s.book.Save(ctx, known.Ref(), v.N, body, c)
	})
	return out, err
}

// asKept reads a contract whoever may see it: its number decides whether an entry joins it, not who reported it first.
func (s *Service) asKept(ctx context.Context, ref id.Ref) (Contract, record.Version, error) {
	return s.book.Get(scope.With(ctx, scope.System("project")), ref)
}

// mayWork asks for the right at one unit of a contract, and logs a refusal.
func (s *Service) mayWork(ctx context.Context, unit id.ID, ref id.Ref, c record.Change) error {
	u, err := s.rec.Home(ctx, unit)
	if err != nil {
		return err
	}
	a := scope.From(ctx)
	if a.May(scope.Work, u.Pos) {
		return nil
	}
	if err := s.audit.Refuse(ctx, audit.Entry{Act: c.Act, Subject: "project", Ref: ref, Pos: u.Pos, Unit: u.ID}); err != nil {
		return err
	}
	if a.May(scope.View, u.Pos) {
		return errs.New(errs.Forbidden, "record.not_your_unit", "Unit", u.Name)
	}
	return errs.New(errs.NotFound, "errs.not_found")
}

// Withdraw takes one report out again (by its code, or by unit and version); with the last one the contract goes. The
// right to work is asked at the unit that reported it.
func (s *Service) Withdraw(ctx context.Context, root int64, number string, r Report) error {
	return s.db.Tx(ctx, func(ctx context.Context) error {
		known, err := s.AcrossUnitsByNumber(ctx, root, number)
		if err != nil {
			return err
		}
		_, v, err := s.asKept(ctx, known.Ref())
		if err != nil {
			return err
		}
		return s.withdraw(ctx, known.Ref(), v.N, r)
	})
}

// withdraw takes a report out of a contract read at a version.
func (s *Service) withdraw(ctx context.Context, ref id.Ref, version int64, r Report) error {
	return s.db.Tx(ctx, func(ctx context.Context) error {
		was, _, err := s.asKept(ctx, ref)
		if err != nil {
			return err
		}
		i := was.place(r)
		if i < 0 {
			return errs.New(errs.NotFound, "errs.not_found")
		}
		c := record.Change{Act: "project.act.withdraw", Reason: r.Reason}
		if err := s.mayWork(ctx, was.Reports[i].Unit, ref, c); err != nil {
			return err
		}
		if len(was.Reports) == 1 {
			return s.book.Remove(ctx, ref, version, c)
		}
		was.Reports = slices.Delete(slices.Clone(was.Reports), i, i+1)
		return s.book.Save(ctx, ref, version, was, c)
	})
}

// Create keeps a whole contract with all its reports and receipts, as one act; Conflict when its number stands already.
func (s *Service) Create(ctx context.Context, c Contract) (ref id.Ref, err error) {
	err = s.db.Tx(ctx, func(ctx context.Context) error {
		if err := c.problems().Err(); err != nil {
			return err
		}
		u, err := s.org.Unit(ctx, c.Home())
		if err != nil {
			return err
		}
		if _, err := s.AcrossUnitsByNumber(ctx, u.Root(), c.Number); err == nil {
			return errs.New(errs.Conflict, "project.number_taken", "Number", c.Number)
		} else if !errs.Is(err, errs.NotFound) {
			return err
		}
		ref, err = s.book.Create(ctx, numbered(c), record.Change{Act: "project.act.report"})
		return err
	})
	return ref, err
}

// problems of a whole contract are those of its parts.
func (c Contract) problems() (f errs.Fields) {
	if len(c.Reports) == 0 {
		f.Add("unit", "project.reporter_missing")
	}
	for _, r := range c.Reports {
		f = append(f, Entry{Number: c.Number, Title: c.Title, Purchaser: c.Purchaser, Provider: c.Provider, Audience: c.Audience, Report: r}.problems()...)
	}
	for _, r := range c.Receipts {
		f = append(f, r.problems()...)
	}
	return f
}

// numbered gives receipts their keys.
func numbered(c Contract) Contract {
	c.Receipts = slices.Clone(c.Receipts)
	for i := range c.Receipts {
		if c.Receipts[i].ID == 0 {
			c.Receipts[i].ID = id.New()
		}
	}
	return c
}

// Save corrects what is known of a contract as a whole and its receipts; its reports change by Report and Withdraw alone.
// Conflict when somebody was quicker.
func (s *Service) Save(ctx context.Context, ref id.Ref, version int64, c Contract, reason string) error {
	return s.save(ctx, ref, version, c, record.Change{Act: "project.act.correct", Reason: reason})
}

func (s *Service) save(ctx context.Context, ref id.Ref, version int64, c Contract, ch record.Change) error {
	return s.db.Tx(ctx, func(ctx context.Context) error {
		if err := s.book.MayWork(ctx, ref, ch); err != nil { // before what was typed is looked at
			return err
		}
		was, _, err := s.book.Get(ctx, ref)
		if err != nil {
			return err
		}
		c.Number, c.Reports = was.Number, was.Reports
		if err := c.problems().Err(); err != nil {
			return err
		}
		return s.book.Save(ctx, ref, version, numbered(c), ch)
	})
}

// Amend adds a further version as one of the reporters tells it, to a contract read at a version (optimistic); the new
// number is one above the highest.
func (s *Service) Amend(ctx context.Context, ref id.Ref, version int64, r Report) error {
	return s.db.Tx(ctx, func(ctx context.Context) error {
		was, _, err := s.book.Get(ctx, ref)
		if err != nil {
			return err
		}
		d := was.Deciding()
		r.Version, r.Code = d.Version+1, ""
		if r.Kind == "" {
			r.Kind = d.Kind
		}
		e := Entry{Number: was.Number, Report: r}.clean()
		f := e.problems()
		if e.Reason == "" {
			f.Add("reason", "project.reason_missing")
		}
		if err := f.Err(); err != nil {
			return err
		}
		c := record.Change{Act: "project.act.amend", Reason: e.Reason}
		if e.Status == Void {
			c.Act = "project.act.void"
		}
		if err := s.mayWork(ctx, r.Unit, ref, c); err != nil {
			return err
		}
		body, _ := was.with(e)
		return s.book.Save(ctx, ref, version, body, c)
	})
}

// Cancel makes a contract void by a further version; it leaves the figures of the year in which it was signed.
func (s *Service) Cancel(ctx context.Context, ref id.Ref, version int64, unit id.ID, day clock.Day, reason string) error {
	was, _, err := s.book.Get(ctx, ref)
	if err != nil {
		return err
	}
	d := was.Deciding()
	if d.Status == Void {
		return errs.New(errs.Conflict, "project.void_already")
	}
	d.Unit, d.Status, d.ReportedOn, d.Reason = unit, Void, day, reason
	return s.Amend(ctx, ref, version, d)
}

// Receive notes money that arrived.
func (s *Service) Receive(ctx context.Context, ref id.Ref, version int64, r Receipt) error {
	if err := r.problems().Err(); err != nil {
		return err
	}
	return s.db.Tx(ctx, func(ctx context.Context) error {
		c, _, err := s.book.Get(ctx, ref)
		if err != nil {
			return err
		}
		c.Receipts = append(slices.Clone(c.Receipts), r)
		return s.save(ctx, ref, version, c, record.Change{Act: "project.act.receive", Reason: r.Document})
	})
}

// DropReceipt takes out a receipt that was entered by mistake.
func (s *Service) DropReceipt(ctx context.Context, ref id.Ref, version int64, receipt id.ID, reason string) error {
	return s.db.Tx(ctx, func(ctx context.Context) error {
		c, _, err := s.book.Get(ctx, ref)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(c.Receipts, func(r Receipt) bool { return r.ID == receipt })
		if i < 0 {
			return errs.New(errs.NotFound, "errs.not_found")
		}
		c.Receipts = slices.Delete(slices.Clone(c.Receipts), i, i+1)
		return s.save(ctx, ref, version, c, record.Change{Act: "project.act.drop_receipt", Reason: reason})
	})
}

// Undo takes one's own last change back within record.UndoFor.
func (s *Service) Undo(ctx context.Context, ref id.Ref, version int64) error {
	return s.book.Undo(ctx, ref, version)
}

// Get reads a contract; NotFound when no reporter is in the reader's view.
func (s *Service) Get(ctx context.Context, ref id.Ref) (Contract, record.Version, error) {
	return s.book.Get(ctx, ref)
}

// ByCode finds a contract of a city by its number; NotFound when no reporter is in the reader's view.
func (s *Service) ByCode(ctx context.Context, root int64, number string) (id.Ref, Contract, record.Version, error) {
	l, err := s.AcrossUnitsByNumber(ctx, root, strings.TrimSpace(number))
	if err != nil {
		return id.Ref{}, Contract{}, record.Version{}, err
	}
	c, v, err := s.book.Get(ctx, l.Ref())
	return l.Ref(), c, v, err
}

// Page is a page of a list.
type Page struct {
	Contracts []Listed
	Total     int64
	Rest      int64 // rows after this page
}

// List reads the contracts that a unit of the subtree reported, from the row after (day, number) on.
func (s *Service) List(ctx context.Context, u org.Unit, f Filter, day, number string, limit int) (p Page, err error) {
	where, args := f.where(scope.From(ctx).ViewSet, u.Range())
	err = s.db.Read(ctx, func(ctx context.Context) error {
		if p.Total, err = s.count(ctx, where, args, "", ""); err != nil {
			return err
		}
		if p.Contracts, err = s.list(ctx, where, args, day, number, limit+1); err != nil || len(p.Contracts) <= limit {
			return err
		}
		p.Contracts = p.Contracts[:limit]
		last := p.Contracts[limit-1]
		p.Rest, err = s.count(ctx, where, args, string(last.SignedOn), last.Number)
		return err
	})
	return p, err
}

// Mine are the units among a contract's reporters at which the reader may work, and the reader's own unit, which may join.
func (s *Service) Mine(ctx context.Context, c Contract, root int64) ([]org.Unit, error) {
	a := scope.From(ctx)
	var out []org.Unit
	for _, unit := range append(c.Units(), a.Unit) {
		if unit == 0 {
			continue
		}
		u, err := s.rec.Home(ctx, unit)
		if err != nil {
			return nil, err
		}
		if u.Root() == root && a.May(scope.Work, u.Pos) && !slices.ContainsFunc(out, func(o org.Unit) bool { return o.ID == u.ID }) {
			out = append(out, u)
		}
	}
	sort.Slice(out, func(i, j int) bool { return out[i].Pos < out[j].Pos })
	return out, nil
}

// keeps tells whether the reader may work at one of the contract's reporters.
func (s *Service) keeps(ctx context.Context, c Contract) bool {
	a := scope.From(ctx)
	for _, unit := range c.Units() {
		if u, err := s.rec.Home(ctx, unit); err == nil && a.May(scope.Work, u.Pos) {
			return true
		}
	}
	return false
}

// unitsOf are the first reporters of a list.
func (s *Service) unitsOf(ctx context.Context, list []Listed) (map[id.ID]org.Unit, error) {
	ids := make([]id.ID, len(list))
	for i, l := range list {
		ids[i] = l.Unit
	}
	return s.org.ByIDs(ctx, ids)
}

// askToJoin stops a new entry under a number that other units reported, until the person has said that it is the same
// contract: joining opens the whole of it. Before, the person is told of the number, the name and who reported it alone.
func (s *Service) askToJoin(ctx context.Context, known Listed, e Entry) error {
	was, _, err := s.asKept(ctx, known.Ref())
	if err != nil || slices.Contains(was.Units(), e.Unit) {
		return err
	}
	units, err := s.org.ByIDs(ctx, was.Units())
	if err != nil {
		return err
	}
	names := make([]string, 0, len(units))
	for _, u := range was.Units() {
		names = append(names, units[u].Name)
	}
	var f errs.Fields
	f.Add("join", "project.join_confirm", "Number", was.Number, "Name", was.Name(), "Units", strings.Join(names, i18n.T(ctx, "project.comma")))
	return f.Err()
}

// notTwice refuses a new entry for a version that the same unit has reported already: it is corrected as a version.
func (s *Service) notTwice(ctx context.Context, ref id.Ref, e Entry) error {
	was, _, err := s.asKept(ctx, ref)
	if err != nil {
		return err
	}
	var f errs.Fields
	if e = e.clean(); was.place(e.Report) >= 0 {
		f.Add("number", "project.reported_already", "Number", e.Number, "Version", e.Version)
	}
	return f.Err()
}
