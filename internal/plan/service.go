package plan

import (
	"context"
	"slices"
	"strings"

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

// Works finds what a unit and those below it did between two days, the latest first, as far as the reader may view it:
// whatever kind of record its text plan.work.<kind> names.
type Works func(ctx context.Context, u org.Unit, from, to clock.Day, text string) ([]Link, error)

// Service keeps plans, their items, and the central tasks that these serve.
type Service struct {
	db      *db.DB
	store   store
	rec     *record.Service
	ledger  *ledger.Service
	org     *org.Service
	plans   *record.Book[Plan]
	items   *record.Book[Item]
	central *record.Book[Central]
	found   Works
}

// New makes the service: it opens its books, publishes them to the ledger, offers items as tables and lends its box to the
// unit's page. Call it before ledger.Load.
func New(d *db.DB, rec *record.Service, led *ledger.Service, o *org.Service) *Service {
	s := &Service{db: d, store: store{d}, rec: rec, ledger: led, org: o, found: func(context.Context, org.Unit, clock.Day, clock.Day, string) ([]Link, error) { return nil, nil }}
	s.plans = record.NewBook(rec, record.Kind[Plan]{Name: Kind, Home: func(p Plan) id.ID { return p.Unit }, Put: s.putPlan, Rows: planRows, Facts: planFacts}, s.planSource())
	s.items = record.NewBook(rec, record.Kind[Item]{Name: KindItem, Home: func(i Item) id.ID { return i.Unit }, Put: s.putItem, Rows: itemRows, Facts: s.itemFacts}, s.itemSource())
	s.central = record.NewBook(rec, record.Kind[Central]{Name: KindCentral, Home: func(c Central) id.ID { return c.Unit }, Put: s.putCentral, Rows: centralRows, Facts: centralFacts}, s.centralSource())
	rec.AddImporter(s.importer())
	o.AddPanel(s.panel())
	return s
}

// SetWorks says where what was done is found.
func (s *Service) SetWorks(f Works) { s.found = f }

// UnitChanged hears org: plans follow a unit to its new place, or to its heir's. Register it after the ledger's own listener.
func (s *Service) UnitChanged(ctx context.Context, c org.Changed) error {
	u, err := s.rec.Home(ctx, c.Unit)
	if err != nil {
		return err
	}
	return s.store.moveUnit(ctx, c.Unit, u.Pos)
}

func (s *Service) putPlan(ctx context.Context, ref id.Ref, p Plan, gone bool) error {
	u, err := s.rec.Home(ctx, p.Unit)
	if err != nil {
		return err
	}
	return s.store.put(ctx, ref, u.Pos, p, gone)
}

func (s *Service) putItem(ctx context.Context, ref id.Ref, i Item, gone bool) error {
	u, err := s.rec.Home(ctx, i.Unit)
	if err != nil {
		return err
	}
	return s.store.putItem(ctx, ref, u.Pos, i, gone)
}

func (s *Service) putCentral(ctx context.Context, ref id.Ref, c Central, gone bool) error {
	u, err := s.rec.Home(ctx, c.Unit)
	if err != nil {
		return err
	}
	return s.store.putCentral(ctx, ref, u.Pos, c, gone)
}

// acted gives a change its act when it has none.
func acted(ch record.Change, act string) record.Change {
	if ch.Act == "" {
		ch.Act = "plan.act." + act
	}
	return ch
}

// because is a change with a reason, which has to be said.
func because(act, reason string) (record.Change, error) {
	if reason = strings.TrimSpace(reason); reason == "" {
		var f errs.Fields
		f.Add("reason", "plan.reason_missing")
		return record.Change{}, f.Err()
	}
	return record.Change{Act: "plan.act." + act, Reason: reason}, nil
}

// DutiesFor are the duties under which a new plan sorts its work: those of the unit's own last plan, of the nearest unit
// above that has a plan of the year, or the customary four (R180).
func (s *Service) DutiesFor(ctx context.Context, u org.Unit, year int) ([]string, error) {
	up, err := s.org.Ancestors(ctx, u.ID, clock.Today(ctx))
	if err != nil {
		return nil, err
	}
	for _, y := range []int{year, year - 1} {
		for i := len(up) - 1; i >= 0; i-- {
			list, err := s.store.ofYear(ctx, up[i].ID, y)
			if err != nil {
				return nil, err
			}
			if len(list) == 0 {
				continue
			}
			p, _, err := s.plans.Get(scope.Widened(ctx, up[i].Pos, false), list[0].Ref())
			if err != nil {
				return nil, err
			}
			if len(p.Duties) > 0 {
				return p.Duties, nil
			}
		}
	}
	return strings.Split(i18n.T(ctx, "plan.duties_customary"), "\n"), nil
}

// Create begins a unit's plan of a year; a unit has one a year.
func (s *Service) Create(ctx context.Context, p Plan, ch record.Change) (ref id.Ref, err error) {
	ch = acted(ch, "create")
	if err := s.plans.MayCreate(ctx, p, ch); err != nil {
		return ref, err
	}
	p.clean()
	p.Signs, p.IssuedOn, p.Number = nil, clock.Open, ""
	err = s.db.Tx(ctx, func(ctx context.Context) error {
		if len(p.Duties) == 0 {
			u, err := s.org.Unit(ctx, p.Unit)
			if err != nil {
				return err
			}
			if p.Duties, err = s.DutiesFor(ctx, u, p.Year); err != nil {
				return err
			}
		}
		if err := p.check(clock.Today(ctx)); err != nil {
			return err
		}
		if err := s.free(ctx, p, id.Ref{}); err != nil {
			return err
		}
		ref, err = s.plans.Create(ctx, p, ch)
		return err
	})
	return ref, err
}

// free refuses a second plan of a unit's year.
func (s *Service) free(ctx context.Context, p Plan, own id.Ref) error {
	list, err := s.store.ofYear(ctx, p.Unit, p.Year)
	if err != nil {
		return err
	}
	var f errs.Fields
	for _, l := range list {
		if l.ID != own.ID {
			f.Add("year", "plan.year_taken", "Year", p.Year)
		}
	}
	return f.Err()
}

// changePlan reads a plan for somebody who works at its unit, changes it and saves it.
func (s *Service) changePlan(ctx context.Context, ref id.Ref, version int64, ch record.Change, change func(p *Plan) error) error {
	if err := s.plans.MayWork(ctx, ref, ch); err != nil {
		return err
	}
	return s.db.Tx(ctx, func(ctx context.Context) error {
		p, _, err := s.plans.Get(ctx, ref)
		if err != nil {
			return err
		}
		if err := change(&p); err != nil {
			return err
		}
		return s.plans.Save(ctx, ref, version, p, ch)
	})
}

// Save changes what a plan says of itself; its year stays, what was signed stays.
func (s *Service) Save(ctx context.Context, ref id.Ref, version int64, n Plan, ch record.Change) error {
	return s.changePlan(ctx, ref, version, acted(ch, "save"), func(p *Plan) error {
		p.Title, p.Partner, p.Note = n.Title, n.Partner, n.Note
		if len(n.Duties) > 0 {
			p.Duties = n.Duties
		}
		p.clean()
		if err := p.check(clock.Today(ctx)); err != nil {
			return err
		}
		used, err := s.Items(ctx, ref)
		if err != nil {
			return err
		}
		var f errs.Fields
		for _, i := range used {
			if i.Item.Duty != "" && !slices.Contains(p.Duties, i.Item.Duty) {
				f.Add("duties", "plan.duty_used", "Duty", i.Item.Duty)
				break
			}
		}
		return f.Err()
	})
}

// Sign notes somebody's consent (R182).
func (s *Service) Sign(ctx context.Context, ref id.Ref, version int64, sign Sign) error {
	return s.changePlan(ctx, ref, version, acted(record.Change{}, "sign"), func(p *Plan) error { return p.sign(sign, clock.Today(ctx)) })
}

// Issue sends a plan out once everybody has signed it.
func (s *Service) Issue(ctx context.Context, ref id.Ref, version int64, on clock.Day, number string) error {
	return s.changePlan(ctx, ref, version, acted(record.Change{}, "issue"), func(p *Plan) error {
		ids, err := s.store.itemsOf(ctx, ref)
		if err != nil {
			return err
		}
		return p.issue(on, number, len(ids), clock.Today(ctx))
	})
}

// Remove takes a plan out that was entered by mistake; one that has items stays.
func (s *Service) Remove(ctx context.Context, ref id.Ref, version int64, reason string) error {
	ch, err := because("remove", reason)
	if err != nil {
		return err
	}
	if err := s.plans.MayWork(ctx, ref, ch); err != nil {
		return err
	}
	return s.db.Tx(ctx, func(ctx context.Context) error {
		ids, err := s.store.itemsOf(ctx, ref)
		if err != nil {
			return err
		}
		if len(ids) > 0 {
			return errs.New(errs.Conflict, "plan.has_items", "N", len(ids))
		}
		return s.plans.Remove(ctx, ref, version, ch)
	})
}

// Undo takes one's own last change back. A plan that has items by now stays.
func (s *Service) Undo(ctx context.Context, ref id.Ref, version int64) error {
	return s.db.Tx(ctx, func(ctx context.Context) error {
		if err := s.plans.Undo(ctx, ref, version); err != nil {
			return err
		}
		if _, _, err := s.plans.Get(ctx, ref); !errs.Is(err, errs.NotFound) {
			return err
		}
		ids, err := s.store.itemsOf(ctx, ref)
		if err == nil && len(ids) > 0 {
			err = errs.New(errs.Conflict, "plan.has_items", "N", len(ids))
		}
		return err
	})
}

// Get reads a plan.
func (s *Service) Get(ctx context.Context, ref id.Ref) (Plan, record.Version, error) {
	return s.plans.Get(ctx, ref)
}

// ByYear is a unit's plan of a year; nil when there is none.
func (s *Service) ByYear(ctx context.Context, unit id.ID, year int) (*Listed, error) {
	list, err := s.store.ofYear(ctx, unit, year)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	return &list[0], nil
}

// List are the plans of a year of a unit and those below it, by place, from the place after on; next is 0 at the end. Needs
// View at the unit.
func (s *Service) List(ctx context.Context, u org.Unit, year int, day clock.Day, after int64, limit int) (list []Listed, next int64, err error) {
	if !scope.From(ctx).May(scope.View, u.Pos) {
		return nil, 0, errs.New(errs.NotFound, "errs.not_found")
	}
	if after == 0 {
		after = -1
	}
	list, err = s.store.list(ctx, u.Range(), scope.From(ctx).ViewSet, year, day, after, limit+1)
	if err != nil || len(list) <= limit {
		return list, 0, err
	}
	last, err := s.rec.Home(ctx, list[limit-1].Unit)
	return list[:limit], last.Pos, err
}

// Find looks for words in what items set out to do and in who does it, among those that the reader may view, the latest first.
func (s *Service) Find(ctx context.Context, text string, limit int) ([]ListedItem, error) {
	if text = strings.TrimSpace(text); text == "" {
		return nil, nil
	}
	return s.store.find(ctx, text, scope.From(ctx).ViewSet, limit)
}
