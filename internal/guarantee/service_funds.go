package guarantee

import (
	"context"
	"slices"

	"xinhuo/internal/flow"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/file"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/org"
	"xinhuo/internal/record"
)

// AddLine enters a line of money (R17).
func (s *Service) AddLine(ctx context.Context, b Budget, ch record.Change) (ref id.Ref, err error) {
	ch = acted(ch, "line")
	if err := s.budgets.MayCreate(ctx, b, ch); err != nil {
		return ref, err
	}
	b.clean()
	if err := b.check(clock.Today(ctx)); err != nil {
		return ref, err
	}
	return s.budgets.Create(ctx, b, ch)
}

// SaveLine corrects a line of money; its unit stays. Files that are no longer named are no longer there.
func (s *Service) SaveLine(ctx context.Context, ref id.Ref, version int64, n Budget, ch record.Change) error {
	return change(ctx, s, s.budgets, ref, version, acted(ch, "line_save"), func(ctx context.Context, b *Budget) error {
		n.Unit = b.Unit
		for _, f := range b.Files {
			if !slices.Contains(n.Files, f) {
				n.Files = append([]file.Kept{f}, n.Files...)
			}
		}
		*b = n
		b.clean()
		return b.check(clock.Today(ctx))
	})
}

// Line reads a line of money.
func (s *Service) Line(ctx context.Context, ref id.Ref) (Budget, record.Version, error) {
	return s.budgets.Get(ctx, ref)
}

// revenueFree refuses a second revenue of a unit's year.
func (s *Service) revenueFree(ctx context.Context, r Revenue, most int) error {
	list, err := s.store.revenues(ctx, []id.ID{r.Unit}, scope.All, r.Year, r.Year)
	var f errs.Fields
	if len(list) > most {
		f.Add("year", "guarantee.revenue_taken", "Year", r.Year)
	}
	if err == nil {
		err = f.Err()
	}
	return err
}

// AddRevenue enters the fiscal revenue of a unit's place in a year; there is one a year (R18).
func (s *Service) AddRevenue(ctx context.Context, r Revenue, ch record.Change) (ref id.Ref, err error) {
	ch = acted(ch, "revenue")
	if err := s.revenues.MayCreate(ctx, r, ch); err != nil {
		return ref, err
	}
	r.clean()
	if err := r.check(clock.Today(ctx)); err != nil {
		return ref, err
	}
	err = s.db.Tx(ctx, func(ctx context.Context) error {
		if err := s.revenueFree(ctx, r, 0); err != nil {
			return err
		}
		ref, err = s.revenues.Create(ctx, r, ch)
		return err
	})
	return ref, err
}

// SaveRevenue corrects a revenue; its unit and year stay.
func (s *Service) SaveRevenue(ctx context.Context, ref id.Ref, version int64, n Revenue, ch record.Change) error {
	return change(ctx, s, s.revenues, ref, version, acted(ch, "revenue_save"), func(ctx context.Context, r *Revenue) error {
		r.Amount, r.Source = n.Amount, n.Source
		r.clean()
		return r.check(clock.Today(ctx))
	})
}

// Revenue reads a revenue.
func (s *Service) Revenue(ctx context.Context, ref id.Ref) (Revenue, record.Version, error) {
	return s.revenues.Get(ctx, ref)
}

// MoneyOf is what some units had in each year from one to another, and the revenue of their places, the latest year last (R19). It
// shows what the reader may view.
func (s *Service) MoneyOf(ctx context.Context, units []id.ID, from, to int) (map[id.ID][]Money, error) {
	lines, err := s.store.lines(ctx, units, scope.From(ctx).ViewSet, from, to)
	if err != nil {
		return nil, err
	}
	revenues, err := s.store.revenues(ctx, units, scope.From(ctx).ViewSet, from, to)
	if err != nil {
		return nil, err
	}
	out := map[id.ID][]Money{}
	for _, u := range units {
		for y := from; y <= to; y++ {
			out[u] = append(out[u], Money{Year: y})
		}
	}
	for _, l := range lines {
		m := &out[l.Unit][l.Year-from]
		m.Lines++
		m.Total += l.Amount
		if l.InBudget == 1 {
			m.Fiscal += l.Amount
		}
	}
	for _, r := range revenues {
		m := &out[r.Unit][r.Year-from]
		m.Revenue, m.Known = r.Amount, true
	}
	return out, nil
}

// Funded is a unit right below another with its money of a year and of the year before.
type Funded struct {
	Unit   id.ID  `json:"unit"`
	Name   string `json:"name"`
	Now    Money  `json:"now"`
	Before Money  `json:"before"`
	Pace   Pace   `json:"pace"`
}

// Funds are the units right below one by how their money stands: without a line first, then those that do not keep pace (R17, R18).
// Needs View at the unit.
func (s *Service) Funds(ctx context.Context, u org.Unit, year int, day clock.Day) ([]Funded, error) {
	if !scope.From(ctx).May(scope.View, u.Pos) {
		return nil, errs.New(errs.NotFound, "errs.not_found")
	}
	kids, err := s.org.Below(ctx, u.ID, day, mostBelow)
	if err != nil {
		return nil, err
	}
	var ids []id.ID
	for _, k := range kids {
		if administrative(k) {
			ids = append(ids, k.ID)
		}
	}
	if len(ids) == 0 {
		return nil, nil
	}
	money, err := s.MoneyOf(ctx, ids, year-1, year)
	if err != nil {
		return nil, err
	}
	var out []Funded
	for _, k := range kids {
		// a township has a budget of its own in some places only; it is listed where it has one
		if m := money[k.ID]; m != nil && (k.Level != org.Township || m[0].Lines > 0 || m[1].Lines > 0) {
			out = append(out, Funded{Unit: k.ID, Name: k.Name, Before: m[0], Now: m[1], Pace: PaceOf(m[1], m[0])})
		}
	}
	slices.SortStableFunc(out, func(a, b Funded) int { return a.rank() - b.rank() })
	return out, nil
}

func (f Funded) rank() int {
	switch {
	case f.Now.Fiscal == 0:
		return 0
	case f.Pace == Behind:
		return 1
	case f.Pace == Unknown:
		return 2
	}
	return 3
}

// administrative tells whether a unit is one of those that have a budget and mechanisms of their own.
func administrative(u org.Unit) bool {
	return u.Level == org.Province || u.Level == org.City || u.Level == org.County || u.Level == org.Township
}

// Waiting are the lines in a unit's inbox: a county or city whose money does not stand in this year's budget (R16).
func (s *Service) Waiting(ctx context.Context, unit id.ID) ([]flow.Item, error) {
	u, err := s.rec.Home(ctx, unit)
	if err != nil || u.Level != org.City && u.Level != org.County {
		return nil, err
	}
	year := clock.Today(ctx).Year()
	money, err := s.MoneyOf(ctx, []id.ID{u.ID}, year, year)
	if err != nil || money[u.ID][0].Fiscal > 0 {
		return nil, err
	}
	return []flow.Item{{Kind: flow.KindDo, Title: i18n.T(ctx, "guarantee.waiting", "Year", year), Why: i18n.T(ctx, "guarantee.waiting_why"), Due: clock.YearOf(year).To, Link: at("/budget/new", u, year)}}, nil
}

// settle takes over the unit of a committee: it has to stand in the tree below the list's own unit; without a day it counts from
// the day on which its founding was approved.
func (s *Service) settle(ctx context.Context, x *Should) error {
	x.clean()
	if x.Committee != 0 {
		var f errs.Fields
		home, err := s.rec.Home(ctx, x.Unit)
		if err != nil {
			return err
		}
		c, err := s.org.Unit(ctx, x.Committee)
		if errs.Is(err, errs.NotFound) || err == nil && !(scope.Set{home.Range()}).Contains(c.Pos) {
			f.Add("committee", "guarantee.committee_elsewhere")
			return f.Err()
		}
		if err != nil {
			return err
		}
		if c.Formed == clock.Open { // a firm stands in the tree before it has a committee
			f.Add("committee", "guarantee.committee_unformed", "Name", c.Name)
			return f.Err()
		}
		if x.FoundedOn == clock.Open {
			x.FoundedOn = c.Formed
		}
	} else {
		x.FoundedOn = clock.Open
	}
	return x.check(clock.Today(ctx))
}

// one of a name stands once on a unit's list.
func (s *Service) shouldFree(ctx context.Context, x Should, most int) error {
	list, err := s.store.sameShould(ctx, x.Unit, x.Code, x.Name)
	if err != nil {
		return err
	}
	open := 0
	for _, l := range list {
		if l.Ceased == clock.Open {
			open++
		}
	}
	var f errs.Fields
	if open > most {
		f.Add("name", "guarantee.should_taken", "Name", x.Name)
	}
	return f.Err()
}

// AddShould puts one on the list of those that should have a committee (R49).
func (s *Service) AddShould(ctx context.Context, x Should, ch record.Change) (ref id.Ref, err error) {
	ch = acted(ch, "should")
	if err := s.shoulds.MayCreate(ctx, x, ch); err != nil {
		return ref, err
	}
	err = s.db.Tx(ctx, func(ctx context.Context) error {
		if err := s.settle(ctx, &x); err != nil {
			return err
		}
		if err := s.shouldFree(ctx, x, 0); err != nil {
			return err
		}
		ref, err = s.shoulds.Create(ctx, x, ch)
		return err
	})
	return ref, err
}

// SaveShould corrects one of the list, links its committee, or says since when it is no longer there.
func (s *Service) SaveShould(ctx context.Context, ref id.Ref, version int64, n Should, ch record.Change) error {
	return change(ctx, s, s.shoulds, ref, version, acted(ch, "should_save"), func(ctx context.Context, x *Should) error {
		n.Unit = x.Unit
		if n.Committee != x.Committee && n.FoundedOn == x.FoundedOn {
			n.FoundedOn = clock.Open // that of the other committee
		}
		*x = n
		return s.settle(ctx, x)
	})
}

// ShouldOf reads one of the list.
func (s *Service) ShouldOf(ctx context.Context, ref id.Ref) (Should, record.Version, error) {
	return s.shoulds.Get(ctx, ref)
}

// Shoulds are those of a subtree that should have a committee, those without first, the largest first. Needs View at the unit.
func (s *Service) Shoulds(ctx context.Context, u org.Unit, kind string, after, limit int) ([]ListedShould, error) {
	if !scope.From(ctx).May(scope.View, u.Pos) {
		return nil, errs.New(errs.NotFound, "errs.not_found")
	}
	return s.store.should(ctx, u.Range(), scope.From(ctx).ViewSet, kind, clock.Today(ctx), after, limit)
}

// committeeEnded takes a committee off the list that no longer stands; one that was taken over is its heir's.
func (s *Service) committeeEnded(ctx context.Context, c org.Changed) error {
	list, err := s.store.coveredBy(ctx, c.Unit)
	if err != nil || len(list) == 0 {
		return err
	}
	u, err := s.rec.Home(ctx, c.Unit)
	if err != nil || u.ID == c.Unit && u.To == clock.Open {
		return err
	}
	ctx = scope.With(ctx, scope.System("guarantee.committee"))
	for _, l := range list {
		x, v, err := s.shoulds.Get(ctx, l.Ref())
		if err != nil {
			return err
		}
		if x.Committee, x.FoundedOn = 0, clock.Open; u.ID != c.Unit {
			x.Committee, x.FoundedOn = u.ID, l.FoundedOn
		}
		if err := s.shoulds.Save(ctx, l.Ref(), v.N, x, acted(record.Change{}, "committee_ended")); err != nil {
			return err
		}
	}
	return nil
}

// committeeOf finds the unit of a committee below another by its code or its name.
func (s *Service) committeeOf(ctx context.Context, within org.Unit, text string) (id.ID, error) {
	var f errs.Fields
	f.Add("committee", "guarantee.committee_unknown")
	if text == "" { // nothing would be the unit itself
		return 0, f.Err()
	}
	u, err := s.rec.UnitOf(ctx, within, text, "")
	if err != nil {
		u, err = s.rec.UnitOf(ctx, within, "", text)
	}
	if err != nil {
		return 0, f.Err()
	}
	return u.ID, nil
}
