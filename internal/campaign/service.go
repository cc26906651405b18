package campaign

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"xinhuo/internal/audit"
	"xinhuo/internal/dispatch"
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

// Service keeps campaigns and what units do about them.
type Service struct {
	db        *db.DB
	store     store
	rec       *record.Service
	ledger    *ledger.Service
	org       *org.Service
	flow      *flow.Service
	audit     *audit.Service
	desk      dispatch.Desk
	campaigns *record.Book[Campaign]
	duties    *record.Book[Duty]
	inboxes   int // mostInboxes; tests lower it
}

// New makes the service: it opens its books, publishes both kinds of record to the ledger, offers imports, lends its box
// to the unit's page and its lines to the inbox. Call it before ledger.Load.
func New(d *db.DB, rec *record.Service, led *ledger.Service, o *org.Service, f *flow.Service, a *audit.Service) *Service {
	s := &Service{db: d, store: store{d}, rec: rec, ledger: led, org: o, flow: f, audit: a, inboxes: mostInboxes}
	s.desk = dispatch.New(rec, o, f, a, Kind, "campaign",
		dispatch.Words{Join: "campaign.task.join", JoinWhy: "campaign.task.join_why", Unfit: "campaign.issuer_unfit", Nobody: "campaign.nobody_to_join", Act: "campaign.act.join"})
	s.campaigns = record.NewBook(rec, record.Kind[Campaign]{
		Name:  Kind,
		Home:  func(c Campaign) id.ID { return c.Unit },
		Homes: Campaign.Units,
		Put:   s.putCampaign,
		Rows:  rows,
		Facts: s.facts,
	}, s.source())
	s.duties = record.NewBook(rec, record.Kind[Duty]{
		Name:  KindDuty,
		Home:  func(d Duty) id.ID { return d.Unit },
		Put:   s.putDuty,
		Rows:  dutyRows,
		Facts: dutyFacts,
	}, s.dutySource())
	rec.AddImporter(s.importer())
	rec.AddImporter(s.dutyImporter())
	o.AddPanel(s.panel())
	f.Lend(s.waiting)
	f.Lend(s.nearing)
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

func (s *Service) putCampaign(ctx context.Context, ref id.Ref, c Campaign, gone bool) error {
	lead, err := s.rec.Home(ctx, c.Unit)
	if err != nil {
		return err
	}
	r := row{Root: ref.Root, ID: ref.ID, Unit: c.Unit, Pos: lead.Pos, Code: c.Code, Title: c.Title, Slogan: c.Slogan, Topic: c.Topic,
		From: c.From, Last: c.Last, Due: c.Due, IssuedOn: c.IssuedOn}
	if a := c.Anniversary; a != nil {
		r.Event, r.EventYear = a.Event, a.Year
	}
	issuing := c.Issuing()
	var issuers []issuerRow
	for _, unit := range c.Units() {
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
	return s.store.putCampaign(ctx, r, issuers, c.Within, gone)
}

func (s *Service) putDuty(ctx context.Context, ref id.Ref, d Duty, gone bool) error {
	u, err := s.rec.Home(ctx, d.Unit)
	if err != nil {
		return err
	}
	return s.store.putDuty(ctx, ref, u.Pos, d, gone)
}

// Campaign reads a campaign. Its issuers and whoever stands above them may read it at any time; once it is issued, so may
// every unit below an issuer, and whoever sees one of them (R68).
func (s *Service) Campaign(ctx context.Context, ref id.Ref) (Campaign, record.Version, error) {
	issuers, err := s.store.issuersAcrossUnits(ctx, []id.ID{ref.ID})
	if err != nil {
		return Campaign{}, record.Version{}, err
	}
	r, err := s.store.campaignAcrossUnits(ctx, ref)
	if err != nil && !errs.Is(err, errs.NotFound) {
		return Campaign{}, record.Version{}, err
	}
	if err == nil && r.IssuedOn != clock.Open {
		for _, i := range issuers {
			if i.Joined == 1 && len(scope.Common(scope.From(ctx).ViewSet, scope.Set{i.within()})) > 0 {
				return s.campaigns.Get(scope.Widened(ctx, r.Pos, false), ref)
			}
		}
	}
	return s.campaigns.Get(ctx, ref)
}

// mayLead refuses, and logs, whoever does not work at the lead: others see the campaign because they carry it out.
func (s *Service) mayLead(ctx context.Context, ref id.Ref, c Campaign, act string) error {
	return s.desk.MayLead(ctx, ref, c.Unit, act)
}

// Create begins a campaign at its lead; a draft unless it says on which day it was issued. Units that issue with it are
// asked to join in, unless the writer works at them, too. Errors: Invalid with the fields of the form.
func (s *Service) Create(ctx context.Context, c Campaign, ch record.Change) (ref id.Ref, err error) {
	if ch.Act == "" {
		ch.Act = "campaign.act.create"
	}
	c.clean()
	if err := c.check(); err != nil {
		return id.Ref{}, err
	}
	err = s.db.Tx(ctx, func(ctx context.Context) error {
		if err := s.settle(ctx, id.Ref{}, Campaign{}, &c); err != nil {
			return err
		}
		if ref, err = s.campaigns.Create(ctx, c, ch); err != nil {
			return dispatch.Taken(err, "campaign.code_taken")
		}
		return s.ask(ctx, ref, Campaign{}, c)
	})
	return ref, err
}

// Save changes a campaign as it was read at a version, for somebody who works at its lead. What was issued stays issued;
// who joined in stays joined.
func (s *Service) Save(ctx context.Context, ref id.Ref, version int64, c Campaign, ch record.Change) error {
	if ch.Act == "" {
		ch.Act = "campaign.act.save"
	}
	return s.db.Tx(ctx, func(ctx context.Context) error {
		was, _, err := s.Campaign(ctx, ref)
		if err != nil {
			return err
		}
		if err := s.mayLead(ctx, ref, was, ch.Act); err != nil {
			return err
		}
		c.Unit = was.Unit
		if c.Code == "" {
			c.Code = was.Code
		}
		c.IssuedOn = dispatch.Earliest(was.IssuedOn, c.IssuedOn)
		c.clean()
		if err := c.check(); err != nil {
			return err
		}
		if err := s.settle(ctx, ref, was, &c); err != nil {
			return err
		}
		if err := dispatch.Taken(s.campaigns.Save(ctx, ref, version, c, ch), "campaign.code_taken"); err != nil {
			return err
		}
		return s.ask(ctx, ref, was, c)
	})
}

// settle checks what a campaign points at and fills in what follows from it.
func (s *Service) settle(ctx context.Context, ref id.Ref, was Campaign, c *Campaign) error {
	var f errs.Fields
	lead, err := s.org.Unit(ctx, c.Unit)
	if err != nil {
		return err
	}
	today := clock.Today(ctx)
	if c.IssuedOn > today {
		f.Add("issued_on", "campaign.day_to_come")
	}
	if err := s.desk.Settle(ctx, was.Issuers, c.Issuers, &f); err != nil {
		return err
	}
	if err := s.checkWithin(ctx, ref, was, *c, &f); err != nil {
		return err
	}
	if err := f.Err(); err != nil {
		return err
	}
	if c.Code != "" {
		return nil
	}
	for n := 1; ; n++ {
		c.Code = fmt.Sprintf("%d-%02d", c.From.Year(), n)
		if taken, err := s.store.codeTaken(ctx, lead.Root(), c.Unit, c.Code); err != nil || !taken {
			return err
		}
	}
}

// checkWithin refuses campaigns that the writer cannot know, drafts, and a circle (R117).
func (s *Service) checkWithin(ctx context.Context, ref id.Ref, was, c Campaign, f *errs.Fields) error {
	for _, w := range c.Within {
		if slices.Contains(was.Within, w) {
			continue
		}
		up, _, err := s.Campaign(ctx, w)
		if err != nil && !errs.Is(err, errs.NotFound) {
			return err
		}
		if err != nil || up.IssuedOn == clock.Open {
			f.Add("within", "campaign.within_unknown")
			return nil
		}
	}
	if len(c.Within) == 0 || ref.ID == 0 {
		return nil
	}
	chain, err := s.Chain(ctx, c.Within)
	if err == nil && slices.ContainsFunc(chain, func(r id.Ref) bool { return r.ID == ref.ID }) {
		f.Add("within", "campaign.within_circle")
	}
	return err
}

// Chain answers the campaigns and all that they stand within, each once: an activity that carries out the given ones
// counts in each of these (R117). It asks for no right and tells no more than the names of records.
func (s *Service) Chain(ctx context.Context, refs []id.Ref) ([]id.Ref, error) {
	var out []id.Ref
	seen := map[id.ID]bool{}
	for next := refs; len(next) > 0; {
		var ids []id.ID
		for _, r := range next {
			if !seen[r.ID] {
				seen[r.ID] = true
				out = append(out, r)
				ids = append(ids, r.ID)
			}
		}
		if len(ids) == 0 {
			break
		}
		var err error
		if next, err = s.store.aboveAcrossUnits(ctx, ids); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// ask puts the campaign into the inboxes of units that are to issue with the lead, and takes it out of those that have
// joined in or are no longer asked.
func (s *Service) ask(ctx context.Context, ref id.Ref, was, c Campaign) error {
	return s.desk.Ask(ctx, was.Issuers, dispatch.Sent{Ref: ref, Lead: c.Unit, Title: Name(ctx, c), Link: "/campaign/" + ref.String(), Issuers: c.Issuers})
}

// History lists what was done to a campaign, the latest first.
func (s *Service) History(ctx context.Context, ref id.Ref) ([]record.Step, error) {
	r, err := s.store.campaignAcrossUnits(ctx, ref)
	if err != nil {
		return nil, err
	}
	return s.campaigns.History(scope.Widened(ctx, r.Pos, false), ref)
}

// Filter is what a list of campaigns asks for.
type Filter struct {
	Below bool   // issued by units below, instead of those that the unit carries out or issues
	State string // running, ended, draft; "" all
	Topic string
	After string // the Ref of the last one of the page before
	Limit int    // at most 100; 0 is 50
}

// List are campaigns that concern a unit, the latest first, and the address of the next page; "" at the end. Needs View
// at the unit.
func (s *Service) List(ctx context.Context, u org.Unit, day clock.Day, f Filter) (out []Listed, next string, err error) {
	if !scope.From(ctx).May(scope.View, u.Pos) {
		return nil, "", errs.New(errs.NotFound, "errs.not_found")
	}
	if f.Limit < 1 || f.Limit > 100 {
		f.Limit = 50
	}
	l := listing{view: scope.From(ctx).ViewSet, state: f.State, topic: f.Topic, day: day, from: "9999-99-99", after: 0, limit: f.Limit + 1}
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
		r, err := s.store.campaignAcrossUnits(ctx, ref)
		if err != nil {
			return nil, "", err
		}
		l.from, l.after = r.From, r.ID
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
		out = append(out, r.listed(ctx))
	}
	return out, next, nil
}

func (r row) listed(ctx context.Context) Listed {
	return Listed{Ref: r.ref(), Code: r.Code, Title: r.name(ctx), Slogan: r.Slogan, Topic: r.Topic, Unit: r.Unit, From: r.From, Last: r.Last, Due: r.Due, IssuedOn: r.IssuedOn}
}

// Open are the campaigns that run at a unit on a day, the latest first and at most 100: what an activity can be part of.
// Needs View at the unit.
func (s *Service) Open(ctx context.Context, unit id.ID, day clock.Day) ([]Listed, error) {
	u, err := s.org.Unit(ctx, unit)
	if err != nil {
		return nil, err
	}
	out, _, err := s.List(ctx, u, day, Filter{State: "running", Limit: 100})
	return out, err
}

// Find looks for words in the titles, slogans and codes of the campaigns that the reader may know, the latest first.
func (s *Service) Find(ctx context.Context, text string, limit int) ([]Listed, error) {
	if text = strings.TrimSpace(text); text == "" {
		return nil, nil
	}
	list, err := s.store.findAcrossUnits(ctx, text, scope.From(ctx).ViewSet, limit)
	out := make([]Listed, len(list))
	for i, r := range list {
		out[i] = r.listed(ctx)
	}
	return out, err
}

// Named are campaigns by their key, for lists of other modules; those that are gone are left out. It asks for no right:
// whoever names a campaign has met it in a record.
func (s *Service) Named(ctx context.Context, refs []id.Ref) (map[id.ID]Listed, error) {
	ids := make([]id.ID, len(refs))
	for i, r := range refs {
		ids[i] = r.ID
	}
	list, err := s.store.byIDsAcrossUnits(ctx, ids)
	out := make(map[id.ID]Listed, len(list))
	for _, r := range list {
		out[r.ID] = r.listed(ctx)
	}
	return out, err
}
