package plan

import (
	"context"
	"strings"

	"xinhuo/internal/flow"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/ledger"
	"xinhuo/internal/org"
	"xinhuo/internal/record"
)

// mostItems bounds lists that are not paged: what is late, what was done for a task.
const mostItems = 200

// Numbered is an item of a plan with its name and what the records say of it.
type Numbered struct {
	Ref    id.Ref
	Item   Item
	Actual *Actual // nil when it is not counted
}

// settleItem takes over what a plan decides, and refuses central tasks that are not of the year or not of the unit or above.
func (s *Service) settleItem(ctx context.Context, was Item, i *Item) error {
	p, _, err := s.plans.Get(ctx, i.Plan)
	if err != nil {
		return err
	}
	i.Unit, i.Year = p.Unit, p.Year
	i.clean()
	if err := i.check(p); err != nil {
		return err
	}
	u, err := s.org.Unit(ctx, i.Unit)
	if err != nil {
		return err
	}
	known, err := s.CentralFor(ctx, u, i.Year)
	if err != nil {
		return err
	}
	ok := map[id.ID]bool{}
	for _, c := range known {
		ok[c.ID] = true
	}
	for _, c := range was.Central {
		ok[c.ID] = true
	}
	var f errs.Fields
	for _, c := range i.Central {
		if !ok[c.ID] {
			f.Add("central", "plan.central_unknown")
		}
	}
	return f.Err()
}

// Add puts an item into a plan.
func (s *Service) Add(ctx context.Context, i Item, ch record.Change) (ref id.Ref, err error) {
	ch = acted(ch, "add")
	if err := s.plans.MayWork(ctx, i.Plan, ch); err != nil {
		return ref, err
	}
	err = s.db.Tx(ctx, func(ctx context.Context) error {
		if err := s.settleItem(ctx, Item{}, &i); err != nil {
			return err
		}
		ref, err = s.items.Create(ctx, i, ch)
		return err
	})
	return ref, err
}

// Extract puts an item into a plan for each paragraph of a higher document, and says how many (R84).
func (s *Service) Extract(ctx context.Context, plan id.Ref, document, text string) (int, error) {
	ch := acted(record.Change{}, "extract")
	if err := s.plans.MayWork(ctx, plan, ch); err != nil {
		return 0, err
	}
	list := Extracted(document, text)
	var f errs.Fields
	if document == "" {
		f.Add("document", "plan.document_missing")
	}
	if len(list) == 0 {
		f.Add("text", "plan.paragraphs_missing")
	}
	if len(list) > 50 {
		f.Add("text", "plan.paragraphs_many", "N", 50)
	}
	if err := f.Err(); err != nil {
		return 0, err
	}
	err := s.db.Tx(ctx, func(ctx context.Context) error {
		return s.ledger.Batch(ctx, func(ctx context.Context) error {
			for _, i := range list {
				i.Plan = plan
				if _, err := s.Add(ctx, i, ch); err != nil {
					return err
				}
			}
			return nil
		})
	})
	return len(list), err
}

// changeItem reads an item for somebody who works at its unit, changes it and saves it.
func (s *Service) changeItem(ctx context.Context, ref id.Ref, version int64, ch record.Change, change func(i *Item) error) error {
	if err := s.items.MayWork(ctx, ref, ch); err != nil {
		return err
	}
	return s.db.Tx(ctx, func(ctx context.Context) error {
		i, _, err := s.items.Get(ctx, ref)
		if err != nil {
			return err
		}
		if err := change(&i); err != nil {
			return err
		}
		return s.items.Save(ctx, ref, version, i, ch)
	})
}

// SaveItem changes what is planned; what was done for it, its scheme and its result stay.
func (s *Service) SaveItem(ctx context.Context, ref id.Ref, version int64, n Item, ch record.Change) error {
	return s.changeItem(ctx, ref, version, acted(ch, "item_save"), func(i *Item) error {
		was := *i
		i.Title, i.Kind, i.Duty, i.Quarter, i.Owner, i.Budget, i.Figure, i.Target, i.Central, i.Source = n.Title, n.Kind, n.Duty, n.Quarter, n.Owner, n.Budget, n.Figure, n.Target, n.Central, n.Source
		return s.settleItem(ctx, was, i)
	})
}

// Close says what was reached.
func (s *Service) Close(ctx context.Context, ref id.Ref, version int64, on clock.Day, result string, ch record.Change) error {
	return s.changeItem(ctx, ref, version, acted(ch, "done"), func(i *Item) error { return i.close(on, result, clock.Today(ctx)) })
}

// Reopen takes a result back that came too early.
func (s *Service) Reopen(ctx context.Context, ref id.Ref, version int64, reason string) error {
	ch, err := because("reopen", reason)
	if err != nil {
		return err
	}
	return s.changeItem(ctx, ref, version, ch, func(i *Item) error {
		i.DoneOn, i.Dropped, i.Why = clock.Open, clock.Open, ""
		return nil
	})
}

// Drop takes an item out of the plan; it stays to be read, with its reason.
func (s *Service) Drop(ctx context.Context, ref id.Ref, version int64, reason string) error {
	return s.changeItem(ctx, ref, version, record.Change{Act: "plan.act.drop", Reason: reason}, func(i *Item) error { return i.drop(clock.Today(ctx), reason) })
}

// Write puts down how a large activity is to be carried out; what was approved before has to be approved anew (R136).
func (s *Service) Write(ctx context.Context, ref id.Ref, version int64, text string) error {
	return s.changeItem(ctx, ref, version, acted(record.Change{}, "scheme"), func(i *Item) error {
		var f errs.Fields
		long(&f, "text", text, 8000)
		if strings.TrimSpace(text) == "" && i.Scheme.Text == "" {
			f.Add("text", "plan.scheme_empty")
		}
		if i.DoneOn != clock.Open {
			f.Add("text", "plan.is_done")
		}
		i.Scheme = Scheme{Text: text}
		i.clean()
		return f.Err()
	})
}

// Approve notes who agreed with the scheme.
func (s *Service) Approve(ctx context.Context, ref id.Ref, version int64, by string, on clock.Day) error {
	return s.changeItem(ctx, ref, version, acted(record.Change{}, "approve"), func(i *Item) error { return i.approve(by, on, clock.Today(ctx)) })
}

// Attach says which records show that an item was carried out: those named of what Found offers when asked for the same, which
// begins with what is attached.
func (s *Service) Attach(ctx context.Context, ref id.Ref, version int64, sought Sought, paths []string) error {
	return s.changeItem(ctx, ref, version, acted(record.Change{}, "attach"), func(i *Item) error {
		list, err := s.Found(ctx, *i, sought)
		if err != nil {
			return err
		}
		want := map[string]bool{}
		for _, p := range paths {
			want[p] = true
		}
		var links []Link
		for _, l := range list {
			if want[l.Path] {
				links = append(links, l)
			}
		}
		var f errs.Fields
		if len(links) > maxLinks {
			f.Add("works", "plan.works_many", "N", maxLinks)
		}
		i.Links = links
		return f.Err()
	})
}

// Found are the records that can show that an item was carried out: what is attached, and what the unit and those below it
// did in its time, as far as it is sought.
func (s *Service) Found(ctx context.Context, i Item, sought Sought) ([]Link, error) {
	out, have := append([]Link{}, i.Links...), map[string]bool{}
	for _, l := range out {
		have[l.Path] = true
	}
	u, err := s.rec.Home(ctx, i.Unit)
	if err != nil {
		return nil, err
	}
	from, to := i.period(clock.Today(ctx))
	list, err := s.found(ctx, u, from, to, sought.Text)
	for _, l := range list {
		if !have[l.Path] && (sought.Kind == "" || l.Kind == sought.Kind) {
			out = append(out, l)
		}
	}
	return out, err
}

// RemoveItem takes an item out that was entered by mistake; its history stays.
func (s *Service) RemoveItem(ctx context.Context, ref id.Ref, version int64, reason string) error {
	ch, err := because("item_remove", reason)
	if err != nil {
		return err
	}
	return s.items.Remove(ctx, ref, version, ch)
}

// UndoItem takes one's own last change back.
func (s *Service) UndoItem(ctx context.Context, ref id.Ref, version int64) error {
	return s.items.Undo(ctx, ref, version)
}

// Item reads an item.
func (s *Service) Item(ctx context.Context, ref id.Ref) (Item, record.Version, error) {
	return s.items.Get(ctx, ref)
}

// Items are all items of a plan, by their last day.
func (s *Service) Items(ctx context.Context, plan id.Ref) ([]Numbered, error) {
	ids, err := s.store.itemsOf(ctx, plan)
	if err != nil {
		return nil, err
	}
	bodies, err := s.items.Bodies(ctx, ids)
	if err != nil {
		return nil, err
	}
	out := make([]Numbered, len(ids))
	for n, k := range ids {
		out[n] = Numbered{Ref: id.Ref{Root: plan.Root, ID: k}, Item: bodies[k]}
	}
	return out, nil
}

// ActualOf asks the ledger what was done of an item that is counted, as of a day (R124, R181); nil when it is not counted or
// its time has not begun.
func (s *Service) ActualOf(ctx context.Context, i Item, day clock.Day) (*Actual, error) {
	if i.Figure == "" || day < i.firstDay() {
		return nil, nil
	}
	q := s.question(i, day)
	v, err := s.ledger.Ask(ctx, q)
	return &Actual{Figure: i.Figure, Target: i.Target, Value: v.Int(), From: q.From, To: q.To}, err
}

// question is what an item asks the ledger: what was done in its time, or what stands at its end.
func (s *Service) question(i Item, day clock.Day) ledger.Query {
	from, to := i.period(day)
	return ledger.Query{Figure: i.Figure, Unit: i.Unit, Day: to, From: from, To: to}
}

// Late are the items of a unit and those below it that have no result after their last day (R22). Needs View at the unit.
func (s *Service) Late(ctx context.Context, u org.Unit, day clock.Day) ([]ListedItem, error) {
	if !scope.From(ctx).May(scope.View, u.Pos) {
		return nil, errs.New(errs.NotFound, "errs.not_found")
	}
	return s.store.late(ctx, u.Range(), scope.From(ctx).ViewSet, day, mostItems)
}

// Effect is a measure with its figure when the year began and now (R148).
type Effect struct {
	ListedItem
	Before int64 `json:"before"`
	Now    int64 `json:"now"`
}

// Measures are the measures of a year of a unit and those below it with their effect. Needs View at the unit.
func (s *Service) Measures(ctx context.Context, u org.Unit, year int, day clock.Day) ([]Effect, error) {
	if !scope.From(ctx).May(scope.View, u.Pos) {
		return nil, errs.New(errs.NotFound, "errs.not_found")
	}
	list, err := s.store.measures(ctx, u.Range(), scope.From(ctx).ViewSet, year, mostItems)
	if err != nil {
		return nil, err
	}
	out := make([]Effect, len(list))
	for n, l := range list {
		out[n] = Effect{ListedItem: l}
		before, now := l.asked(day)
		b, err := s.ledger.Ask(ctx, before)
		if err != nil {
			return nil, err
		}
		v, err := s.ledger.Ask(ctx, now)
		if err != nil {
			return nil, err
		}
		out[n].Before, out[n].Now = b.Int(), v.Int()
	}
	return out, nil
}

// asked are the two questions of a measure: the whole year before, or what stood at its end, and the year up to a day.
func (l ListedItem) asked(day clock.Day) (before, now ledger.Query) {
	was, is := clock.YearOf(l.Year-1), clock.YearOf(l.Year)
	to := min(day, is.To)
	return ledger.Query{Figure: l.Figure, Unit: l.Unit, Day: was.To, From: was.From, To: was.To}, ledger.Query{Figure: l.Figure, Unit: l.Unit, Day: to, From: is.From, To: to}
}

// CentralFor are the central tasks of a year that a unit's items may serve: its own and those of the units above it, whose
// names are theirs to read (R21).
func (s *Service) CentralFor(ctx context.Context, u org.Unit, year int) ([]ListedCentral, error) {
	return s.store.centralAcrossUnits(ctx, org.Enclosing(u.Pos), scope.From(ctx).ViewSet, year)
}

// CentralNamed are central tasks by their key; it asks for no right: whoever names one has met it in an item.
func (s *Service) CentralNamed(ctx context.Context, refs []id.Ref) ([]ListedCentral, error) {
	if len(refs) == 0 {
		return nil, nil
	}
	ids := make([]id.ID, len(refs))
	for n, r := range refs {
		ids[n] = r.ID
	}
	return s.store.centralByIDsAcrossUnits(ctx, ids)
}

// Set sets a central task of a year.
func (s *Service) Set(ctx context.Context, c Central, ch record.Change) (ref id.Ref, err error) {
	ch = acted(ch, "central")
	if err := s.central.MayCreate(ctx, c, ch); err != nil {
		return ref, err
	}
	c.clean()
	if err := c.check(clock.Today(ctx)); err != nil {
		return ref, err
	}
	err = s.db.Tx(ctx, func(ctx context.Context) error {
		if err := s.freeCentral(ctx, c, id.Ref{}); err != nil {
			return err
		}
		ref, err = s.central.Create(ctx, c, ch)
		return err
	})
	return ref, err
}

func (s *Service) freeCentral(ctx context.Context, c Central, own id.Ref) error {
	list, err := s.store.centralNamed(ctx, c.Unit, c.Year, c.Name)
	if err != nil {
		return err
	}
	var f errs.Fields
	for _, l := range list {
		if l.ID != own.ID {
			f.Add("name", "plan.central_taken")
		}
	}
	return f.Err()
}

// SaveCentral changes a central task; its year stays.
func (s *Service) SaveCentral(ctx context.Context, ref id.Ref, version int64, n Central, ch record.Change) error {
	ch = acted(ch, "central_save")
	if err := s.central.MayWork(ctx, ref, ch); err != nil {
		return err
	}
	return s.db.Tx(ctx, func(ctx context.Context) error {
		c, _, err := s.central.Get(ctx, ref)
		if err != nil {
			return err
		}
		c.Name, c.Civic, c.Text, c.Source = n.Name, n.Civic, n.Text, n.Source
		c.clean()
		if err := c.check(clock.Today(ctx)); err != nil {
			return err
		}
		if err := s.freeCentral(ctx, c, ref); err != nil {
			return err
		}
		return s.central.Save(ctx, ref, version, c, ch)
	})
}

// RemoveCentral takes a central task out that no item serves.
func (s *Service) RemoveCentral(ctx context.Context, ref id.Ref, version int64, reason string) error {
	ch, err := because("central_remove", reason)
	if err != nil {
		return err
	}
	if err := s.central.MayWork(ctx, ref, ch); err != nil {
		return err
	}
	return s.db.Tx(ctx, func(ctx context.Context) error {
		if err := s.unserved(ctx, ref); err != nil {
			return err
		}
		return s.central.Remove(ctx, ref, version, ch)
	})
}

func (s *Service) unserved(ctx context.Context, ref id.Ref) error {
	used, err := s.store.served(ctx, ref.ID)
	if err == nil && used {
		err = errs.New(errs.Conflict, "plan.central_used")
	}
	return err
}

// UndoCentral takes one's own last change back; a task that items serve by now stays.
func (s *Service) UndoCentral(ctx context.Context, ref id.Ref, version int64) error {
	return s.db.Tx(ctx, func(ctx context.Context) error {
		if err := s.central.Undo(ctx, ref, version); err != nil {
			return err
		}
		if _, _, err := s.central.Get(ctx, ref); errs.Is(err, errs.NotFound) {
			return s.unserved(ctx, ref)
		} else if err != nil {
			return err
		}
		return nil
	})
}

// Central reads a central task, for whoever views its unit or one below it.
func (s *Service) Central(ctx context.Context, ref id.Ref) (Central, record.Version, error) {
	list, err := s.store.centralByIDsAcrossUnits(ctx, []id.ID{ref.ID})
	if err != nil {
		return Central{}, record.Version{}, err
	}
	if len(list) == 1 {
		u, err := s.rec.Home(ctx, list[0].Unit)
		if err != nil {
			return Central{}, record.Version{}, err
		}
		if len(scope.From(ctx).ViewSet.Within(u.Range())) > 0 {
			ctx = scope.Widened(ctx, u.Pos, false)
		}
	}
	return s.central.Get(ctx, ref)
}

// Serving are the items that serve a central task and what was done for them, as far as the reader may view them (R21).
func (s *Service) Serving(ctx context.Context, ref id.Ref) (items []ListedItem, works []ListedWork, err error) {
	view := scope.From(ctx).ViewSet
	if items, err = s.store.servingItems(ctx, ref.ID, view, mostItems); err != nil {
		return nil, nil, err
	}
	works, err = s.store.works(ctx, ref.ID, view, mostItems)
	return items, works, err
}

// figureName is a figure as people call it, with its measure word.
func (s *Service) figureName(ctx context.Context, code string) (name, measure string) {
	d, err := s.ledger.Figure(code)
	if err != nil {
		return code, ""
	}
	return d.Short.In(i18n.Lang(ctx)), d.MeasureIn(i18n.Lang(ctx))
}

// exported are the keys of the items of a unit and those below it, for a table.
func (s *Service) exported(ctx context.Context, u org.Unit) ([]id.ID, error) {
	return s.store.itemsWithin(ctx, u.Range(), scope.From(ctx).ViewSet)
}

// Waiting are the lines in a unit's inbox for its own items: those that have no result after their last day, and those whose
// last day comes within a fortnight (R22).
func (s *Service) Waiting(ctx context.Context, unit id.ID) ([]flow.Item, error) {
	u, err := s.rec.Home(ctx, unit)
	if err != nil {
		return nil, err
	}
	list, err := s.store.late(ctx, scope.Range{From: u.Pos, To: u.Pos + 1}, scope.From(ctx).ViewSet, clock.Today(ctx).AddDays(14), 3)
	var out []flow.Item
	for _, l := range list {
		out = append(out, flow.Item{Kind: flow.KindDo, Title: i18n.T(ctx, "plan.waiting", "Title", l.Title), Why: i18n.T(ctx, "plan.waiting_why"), Due: l.Due, Link: itemPath(l.Ref())})
	}
	return out, err
}
