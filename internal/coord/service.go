package coord

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"xinhuo/internal/audit"
	"xinhuo/internal/dispatch"
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

// Service keeps notices and what units do about them.
type Service struct {
	db      *db.DB
	store   store
	rec     *record.Service
	ledger  *ledger.Service
	org     *org.Service
	flow    *flow.Service
	audit   *audit.Service
	desk    dispatch.Desk
	blobs   blob.Store
	notices *record.Book[Notice]
	replies *record.Book[Reply]
	panels  []Panel
	inboxes int // mostInboxes; tests lower it
	kept    keeper
	citing  Citing
}

// New makes the service: it opens its books, publishes its kinds of record to the ledger, offers imports, lends its box to
// the unit's page and its lines to the inbox. Call it before ledger.Load.
func New(d *db.DB, rec *record.Service, led *ledger.Service, o *org.Service, f *flow.Service, a *audit.Service, blobs blob.Store) *Service {
	s := &Service{db: d, store: store{d}, rec: rec, ledger: led, org: o, flow: f, audit: a, blobs: blobs, inboxes: mostInboxes}
	s.desk = dispatch.New(rec, o, f, a, Kind, "coord",
		dispatch.Words{Join: "coord.task.join", JoinWhy: "coord.task.join_why", Unfit: "coord.issuer_unfit", Nobody: "coord.nobody_to_join", Act: "coord.act.join"})
	s.notices = record.NewBook(rec, record.Kind[Notice]{
		Name:  Kind,
		Home:  func(n Notice) id.ID { return n.Unit },
		Homes: Notice.Units,
		Put:   s.putNotice,
		Rows:  rows,
		Facts: s.facts,
	}, s.source())
	s.replies = record.NewBook(rec, record.Kind[Reply]{
		Name:  KindReply,
		Home:  func(r Reply) id.ID { return r.Unit },
		Put:   s.putReply,
		Rows:  replyRows,
		Facts: s.replyFacts,
		Own:   []string{"coord.act." + ActAnswer, "coord.act." + ActInspect},
	}, s.replySource())
	rec.AddImporter(s.importer())
	o.AddPanel(s.panel())
	f.Lend(s.waiting)
	return s
}

// UnitChanged hears org: lists follow a unit to its new place, or to its heir's. Register it after the ledger's own
// listener.
func (s *Service) UnitChanged(ctx context.Context, c org.Changed) error {
	u, err := s.rec.Home(ctx, c.Unit)
	if err != nil {
		return err
	}
	return s.store.moveUnit(ctx, c.Unit, u.Range())
}

func (s *Service) putNotice(ctx context.Context, ref id.Ref, n Notice, gone bool) error {
	lead, err := s.rec.Home(ctx, n.Unit)
	if err != nil {
		return err
	}
	r := row{Root: ref.Root, ID: ref.ID, Unit: n.Unit, Pos: lead.Pos, Code: n.Code, Kind: n.Kind, Title: n.Title, Document: n.Document,
		From: n.From, Until: n.Until, Supersedes: n.Supersedes.ID, Due: n.Due, IssuedOn: n.IssuedOn}
	issuing := n.Issuing()
	var issuers []issuerRow
	for _, unit := range n.Units() {
		u, err := s.rec.Home(ctx, unit)
		if err != nil {
			return err
		}
		i := issuerRow{Unit: unit, Pos: u.Range().From, PosTo: u.Range().To}
		if slices.Contains(issuing, unit) {
			i.Joined = 1
		}
		issuers = append(issuers, i)
	}
	return s.store.putNotice(ctx, r, issuers, n, gone)
}

func (s *Service) putReply(ctx context.Context, ref id.Ref, r Reply, gone bool) error {
	u, err := s.rec.Home(ctx, r.Unit)
	if err != nil {
		return err
	}
	return s.store.putReply(ctx, ref, u.Pos, r, gone)
}

// Notice reads a notice. Its issuers and whoever stands above them may read it at any time; once it is issued, so may
// every unit below an issuer, and whoever sees one of them.
func (s *Service) Notice(ctx context.Context, ref id.Ref) (Notice, record.Version, error) {
	issuers, err := s.store.issuersAcrossUnits(ctx, ref.ID)
	if err != nil {
		return Notice{}, record.Version{}, err
	}
	r, err := s.store.noticeAcrossUnits(ctx, ref)
	if err != nil && !errs.Is(err, errs.NotFound) {
		return Notice{}, record.Version{}, err
	}
	if err == nil && r.IssuedOn != clock.Open {
		for _, i := range issuers {
			if i.Joined == 1 && len(scope.From(ctx).ViewSet.Within(i.within())) > 0 {
				return s.notices.Get(scope.Widened(ctx, r.Pos, false), ref)
			}
		}
	}
	return s.notices.Get(ctx, ref)
}

// mayLead refuses, and logs, whoever does not work at the lead: others see the notice because it comes to them.
func (s *Service) mayLead(ctx context.Context, ref id.Ref, n Notice, act string) error {
	return s.desk.MayLead(ctx, ref, n.Unit, act)
}

// Create begins a notice at its lead; a draft unless it says on which day it was issued. Units that issue with it are
// asked to join in, unless the writer works at them, too. Errors: Invalid with the fields of the form.
func (s *Service) Create(ctx context.Context, n Notice, ch record.Change) (ref id.Ref, err error) {
	if ch.Act == "" {
		ch.Act = "coord.act.create"
	}
	if err := s.notices.MayCreate(ctx, Notice{Unit: n.Unit}, ch); err != nil {
		return id.Ref{}, err
	}
	n.clean()
	if err := n.check(); err != nil {
		return id.Ref{}, err
	}
	err = s.db.Tx(ctx, func(ctx context.Context) error {
		if err := s.settle(ctx, id.Ref{}, Notice{}, &n); err != nil {
			return err
		}
		if n.IssuedOn != clock.Open {
			if err := s.fix(ctx, &n); err != nil {
				return err
			}
		}
		if ref, err = s.notices.Create(ctx, n, ch); err != nil {
			return dispatch.Taken(err, "coord.code_taken")
		}
		return s.askIssuers(ctx, ref, Notice{}, n)
	})
	return ref, err
}

// Save changes a notice as it was read at a version, for somebody who works at its lead. What was issued stays issued and
// goes to whom it went; who joined in stays joined.
func (s *Service) Save(ctx context.Context, ref id.Ref, version int64, n Notice, ch record.Change) error {
	if ch.Act == "" {
		ch.Act = "coord.act.save"
	}
	return s.db.Tx(ctx, func(ctx context.Context) error {
		was, _, err := s.Notice(ctx, ref)
		if err != nil {
			return err
		}
		if err := s.mayLead(ctx, ref, was, ch.Act); err != nil {
			return err
		}
		n.Unit = was.Unit
		if n.Code == "" {
			n.Code = was.Code
		}
		n.clean()
		if was.IssuedOn != clock.Open {
			n.IssuedOn, n.Targets = was.IssuedOn, was.Targets
			n.Obligations, n.Fields, n.AmendedOn = was.Obligations, was.Fields, was.AmendedOn
			if len(n.Points) < len(was.Points) { // findings name points by their place
				n.Points = was.Points
			}
		}
		if err := n.check(); err != nil {
			return err
		}
		if err := s.settle(ctx, ref, was, &n); err != nil {
			return err
		}
		if was.IssuedOn != clock.Open && !reads(was, n) {
			n.AmendedOn = clock.Today(ctx)
		}
		if was.IssuedOn == clock.Open && n.IssuedOn != clock.Open { // an import says on which day it went out
			if err := s.fix(ctx, &n); err != nil {
				return err
			}
		}
		if err := dispatch.Taken(s.notices.Save(ctx, ref, version, n, ch), "coord.code_taken"); err != nil {
			return err
		}
		return s.askIssuers(ctx, ref, was, n)
	})
}

// settle checks what a notice points at and fills in what follows from it.
func (s *Service) settle(ctx context.Context, ref id.Ref, was Notice, n *Notice) error {
	var f errs.Fields
	lead, err := s.org.Unit(ctx, n.Unit)
	if err != nil {
		return err
	}
	today := clock.Today(ctx)
	if n.IssuedOn > today {
		f.Add("issued_on", "coord.day_to_come")
	}
	n.checkDays(was, today, &f)
	if err := s.desk.Settle(ctx, was.Issuers, n.Issuers, &f); err != nil {
		return err
	}
	if err := s.settleCites(ctx, was, *n, &f); err != nil {
		return err
	}
	if err := s.settleTargets(ctx, lead, was, *n, &f); err != nil {
		return err
	}
	for _, x := range n.Fields {
		if err := s.settleField(ctx, x, &f); err != nil {
			return err
		}
	}
	if n.Supersedes != (id.Ref{}) && n.Supersedes != was.Supersedes {
		old, err := s.store.noticeAcrossUnits(ctx, n.Supersedes)
		if err != nil || old.Unit != n.Unit || old.IssuedOn == clock.Open || n.Supersedes == ref { // one replaces only one's own
			f.Add("supersedes", "coord.supersedes_unknown")
		}
	}
	if err := f.Err(); err != nil || n.Code != "" {
		return err
	}
	year := today.Year()
	for k := 1; ; k++ {
		n.Code = fmt.Sprintf("%d-%03d", year, k)
		if list, err := s.store.byCode(ctx, lead.Root(), n.Unit, n.Code); err != nil || len(list) == 0 {
			return err
		}
	}
}

// settleTargets refuses recipients outside the issuers' subtrees and rules about nothing.
func (s *Service) settleTargets(ctx context.Context, lead org.Unit, was, n Notice, f *errs.Fields) error {
	if r := n.Targets.Rule; r != nil {
		def, err := s.ledger.Figure(r.Figure)
		switch {
		case errs.Is(err, errs.NotFound) || err == nil && !s.ledger.Testable(r.Figure):
			f.Add("figure", "coord.figure_unfit")
		case err != nil:
			return err
		case r.By != "" && !slices.Contains(def.Breakdowns, r.By):
			f.Add("value", "coord.value_unfit")
		}
	}
	if len(n.Targets.Units) == 0 || slices.Equal(n.Targets.Units, was.Targets.Units) {
		return nil
	}
	us, err := s.org.ByIDs(ctx, n.Targets.Units)
	if err != nil {
		return err
	}
	at := []scope.Range{lead.Range()}
	for _, i := range n.Issuers {
		u, err := s.rec.Home(ctx, i.Unit)
		if err != nil {
			return err
		}
		at = append(at, u.Range())
	}
	for _, k := range n.Targets.Units {
		u, ok := us[k]
		if !ok || !scope.Set(at).Contains(u.Pos) || k == n.Unit {
			f.Add("units", "coord.unit_not_below", "Name", u.Name)
		}
	}
	return nil
}

// settleField refuses a question whose answer the ledger holds, unless its author says why it is another (R176).
func (s *Service) settleField(_ context.Context, x Field, f *errs.Fields) error {
	if x.Figure != "" {
		_, err := s.ledger.Figure(x.Figure)
		if errs.Is(err, errs.NotFound) {
			f.Add("figure", "coord.figure_unfit")
			return nil
		}
		return err
	}
	if strings.TrimSpace(x.Apart) == "" {
		if list := held(x, s.ledger.Figures()); len(list) > 0 {
			f.Add("label", "coord.ledger_holds", "Label", x.Label, "Name", list[0].Name.Zh, "En", list[0].Name.En)
		}
	}
	return nil
}

// Offered are the figures that answer a question already.
func (s *Service) Offered(x Field) []ledger.Definition { return held(x, s.ledger.Figures()) }

// askIssuers puts the notice into the inboxes of units that are to issue with the lead, and takes it out of those that
// have joined in or are no longer asked.
func (s *Service) askIssuers(ctx context.Context, ref id.Ref, was, n Notice) error {
	return s.desk.Ask(ctx, was.Issuers, dispatch.Sent{Ref: ref, Lead: n.Unit, Title: n.Title, Link: path(ref), Issuers: n.Issuers})
}

func path(ref id.Ref) string { return "/notice/" + ref.String() }

func replyPath(ref id.Ref, unit id.ID) string { return path(ref) + "/unit/" + unit.String() }

// Filter is what a list of notices asks for.
type Filter struct {
	Below  bool   // issued by units below, instead of those that come to the unit or that it issues
	State  string // open (in force), over, draft; "" all
	Kind   string
	Body   string // issued with this body
	Issuer id.ID  // issued by this unit, alone or with others (R24)
	After  string // the Ref of the last one of the page before
	Limit  int    // at most 100; 0 is 50
}

// List are notices that concern a unit, the latest first, and the address of the next page; "" at the end. Needs View at
// the unit.
func (s *Service) List(ctx context.Context, u org.Unit, day clock.Day, f Filter) (out []Listed, next string, err error) {
	if !scope.From(ctx).May(scope.View, u.Pos) {
		return nil, "", errs.New(errs.NotFound, "errs.not_found")
	}
	if f.Limit < 1 || f.Limit > 100 {
		f.Limit = 50
	}
	l := listing{view: scope.From(ctx).ViewSet, Filter: f, day: day, from: "9999-99-99", limit: f.Limit + 1}
	if f.Below {
		l.below = u.Range()
	} else {
		l.enclosing = org.Enclosing(u.Pos)
	}
	if f.After != "" {
		ref, err := id.ParseRef(f.After)
		if err != nil {
			return nil, "", errs.New(errs.Invalid, "errs.ref_unreadable")
		}
		r, err := s.store.noticeAcrossUnits(ctx, ref)
		if err != nil {
			return nil, "", err
		}
		l.from, l.after = r.latest(), r.ID
	}
	list, err := s.store.listAcrossUnits(ctx, l)
	if err != nil {
		return nil, "", err
	}
	if len(list) > f.Limit {
		list = list[:f.Limit]
		next = list[f.Limit-1].ref().String()
	}
	for _, r := range list {
		out = append(out, r.listed())
	}
	return out, next, nil
}

// Find looks for words in the titles, numbers and issuing bodies of the notices that the reader may know, the latest first.
func (s *Service) Find(ctx context.Context, text string, limit int) ([]Listed, error) {
	if text = strings.TrimSpace(text); text == "" {
		return nil, nil
	}
	list, err := s.store.findAcrossUnits(ctx, text, scope.From(ctx).ViewSet, limit)
	out := make([]Listed, len(list))
	for i, r := range list {
		out[i] = r.listed()
	}
	return out, err
}

// Superseding is the issued notice that took the place of one, if there is one that the reader may know.
func (s *Service) Superseding(ctx context.Context, ref id.Ref) (*Listed, error) {
	rows, err := s.store.supersedingAcrossUnits(ctx, ref.ID)
	if err != nil {
		return nil, err
	}
	for _, r := range rows {
		if _, _, err := s.Notice(ctx, r.ref()); err == nil {
			l := r.listed()
			return &l, nil
		}
	}
	return nil, nil
}

// figureName is a figure in the reader's language.
func (s *Service) figureName(ctx context.Context, code string) string {
	d, err := s.ledger.Figure(code)
	if err != nil {
		return code
	}
	return d.Name.In(i18n.Lang(ctx))
}
