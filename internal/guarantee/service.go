package guarantee

import (
	"context"
	"io"
	"slices"
	"strings"

	"xinhuo/internal/kit/blob"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/db"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/file"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/ledger"
	"xinhuo/internal/org"
	"xinhuo/internal/record"
)

// MaxFile is how large one upload may be, in bytes.
const MaxFile = file.MaxPhotoBytes

// mostBelow bounds the list of units right below one.
const mostBelow = 500

// Service keeps standards and years.
type Service struct {
	db        *db.DB
	store     store
	rec       *record.Service
	ledger    *ledger.Service
	org       *org.Service
	blobs     blob.Store
	years     *record.Book[Year]
	standards *record.Book[Standard]
	budgets   *record.Book[Budget]
	revenues  *record.Book[Revenue]
	shoulds   *record.Book[Should]
	papers    Papers
}

// New makes the service: it opens its books, publishes them to the ledger, offers tables and lends its box to the unit's page. Call
// it before ledger.Load.
func New(d *db.DB, rec *record.Service, led *ledger.Service, o *org.Service, blobs blob.Store) *Service {
	s := &Service{db: d, store: store{d}, rec: rec, ledger: led, org: o, blobs: blobs, papers: func(context.Context, org.Unit) ([]Paper, error) { return nil, nil }}
	s.years = record.NewBook(rec, record.Kind[Year]{Name: Kind, Home: func(y Year) id.ID { return y.Unit }, Put: put(s, func(y Year) id.ID { return y.Unit }, s.store.putYear), Rows: yearRows, Facts: yearFacts}, s.yearSource())
	s.standards = record.NewBook(rec, record.Kind[Standard]{Name: KindStandard, Home: func(v Standard) id.ID { return v.Unit }, Put: put(s, func(v Standard) id.ID { return v.Unit }, s.store.putStandard),
		Rows: func(id.Ref, Standard) ledger.Record { return ledger.Record{} }, Facts: standardFacts}, s.standardSource())
	s.budgets = record.NewBook(rec, record.Kind[Budget]{Name: KindBudget, Home: func(b Budget) id.ID { return b.Unit }, Put: put(s, func(b Budget) id.ID { return b.Unit }, s.store.putBudget), Rows: lineRows, Facts: budgetFacts}, s.budgetSource())
	s.revenues = record.NewBook(rec, record.Kind[Revenue]{Name: KindRevenue, Home: func(r Revenue) id.ID { return r.Unit }, Put: put(s, func(r Revenue) id.ID { return r.Unit }, s.store.putRevenue), Rows: revenueRows, Facts: revenueFacts}, s.revenueSource())
	s.shoulds = record.NewBook(rec, record.Kind[Should]{Name: KindShould, Home: func(x Should) id.ID { return x.Unit }, Put: put(s, func(x Should) id.ID { return x.Unit }, s.store.putShould), Rows: shouldRows, Facts: s.shouldFacts}, s.shouldSource())
	for _, i := range []*record.Importer{s.pointImporter(), s.budgetImporter(), s.revenueImporter(), s.shouldImporter()} {
		rec.AddImporter(i)
	}
	o.AddPanel(s.panel())
	return s
}

// put writes a record at the place of its unit.
func put[T any](s *Service, unit func(v T) id.ID, write func(ctx context.Context, ref id.Ref, pos int64, v T, gone bool) error) func(ctx context.Context, ref id.Ref, v T, gone bool) error {
	return func(ctx context.Context, ref id.Ref, v T, gone bool) error {
		u, err := s.rec.Home(ctx, unit(v))
		if err != nil {
			return err
		}
		return write(ctx, ref, u.Pos, v, gone)
	}
}

// UnitChanged hears org: records follow a unit to its new place, or to its heir's. Register it after the ledger's own listener.
func (s *Service) UnitChanged(ctx context.Context, c org.Changed) error {
	u, err := s.rec.Home(ctx, c.Unit)
	if err != nil {
		return err
	}
	if err := s.store.moveUnit(ctx, c.Unit, u.Pos); err != nil {
		return err
	}
	return s.committeeEnded(ctx, c)
}

// acted gives a change its act when it has none.
func acted(ch record.Change, act string) record.Change {
	if ch.Act == "" {
		ch.Act = "guarantee.act." + act
	}
	return ch
}

// because is a change with a reason, which has to be said.
func because(act, reason string) (record.Change, error) {
	if reason = strings.TrimSpace(reason); reason == "" {
		var f errs.Fields
		f.Add("reason", "guarantee.reason_missing")
		return record.Change{}, f.Err()
	}
	return record.Change{Act: "guarantee.act." + act, Reason: reason}, nil
}

// change reads a record for somebody who works at its unit, changes it and saves it.
func change[T any](ctx context.Context, s *Service, book *record.Book[T], ref id.Ref, version int64, ch record.Change, how func(ctx context.Context, v *T) error) error {
	if err := book.MayWork(ctx, ref, ch); err != nil {
		return err
	}
	return s.db.Tx(ctx, func(ctx context.Context) error {
		v, _, err := book.Get(ctx, ref)
		if err != nil {
			return err
		}
		if err := how(ctx, &v); err != nil {
			return err
		}
		return book.Save(ctx, ref, version, v, ch)
	})
}

// Force is a standard that holds somewhere; Ref is zero for the customary one.
type Force struct {
	Ref      id.Ref
	Standard Standard
}

// InForce is the standard that holds for a unit in a year: its own, that of the nearest unit above, or the customary one (R8, R9).
func (s *Service) InForce(ctx context.Context, u org.Unit, year int) (Force, error) {
	list, err := s.store.standardsAcrossUnits(ctx, org.Enclosing(u.Pos))
	if err != nil {
		return Force{}, err
	}
	for _, r := range slices.Backward(list) {
		if (Standard{From: r.First, Until: r.Last}).holds(year) {
			v, _, err := s.standards.Get(scope.Widened(ctx, r.Pos, false), r.ref())
			return Force{r.ref(), v}, err
		}
	}
	v := Customary(i18n.T(ctx, "guarantee.customary"))
	v.Name = i18n.T(ctx, "guarantee.customary_name")
	return Force{Standard: v}, nil
}

// Set sets a standard. Without points it begins as a copy of what held there before.
func (s *Service) Set(ctx context.Context, v Standard, ch record.Change) (ref id.Ref, err error) {
	ch = acted(ch, "set")
	if err := s.standards.MayCreate(ctx, v, ch); err != nil {
		return ref, err
	}
	err = s.db.Tx(ctx, func(ctx context.Context) error {
		if len(v.Points) == 0 {
			u, err := s.org.Unit(ctx, v.Unit)
			if err != nil {
				return err
			}
			f, err := s.InForce(ctx, u, v.From)
			if err != nil {
				return err
			}
			v.Mechanisms, v.Points = f.Standard.Mechanisms, f.Standard.Points
		}
		v.clean()
		if err := v.check(clock.Today(ctx)); err != nil {
			return err
		}
		ref, err = s.standards.Create(ctx, v, ch)
		return err
	})
	return ref, err
}

// SaveStandard changes a standard; years that were begun keep their copy (R15).
func (s *Service) SaveStandard(ctx context.Context, ref id.Ref, version int64, n Standard, ch record.Change) error {
	return s.reword(ctx, ref, version, acted(ch, "reword"), func(v *Standard) error {
		n.Unit = v.Unit
		if len(n.Points) == 0 {
			n.Points = v.Points
		}
		*v = n
		return nil
	})
}

func (s *Service) reword(ctx context.Context, ref id.Ref, version int64, ch record.Change, how func(v *Standard) error) error {
	return change(ctx, s, s.standards, ref, version, ch, func(ctx context.Context, v *Standard) error {
		if err := how(v); err != nil {
			return err
		}
		v.clean()
		return v.check(clock.Today(ctx))
	})
}

// SetPoint words a point of a standard, or adds one.
func (s *Service) SetPoint(ctx context.Context, ref id.Ref, version int64, p Point) error {
	return s.reword(ctx, ref, version, acted(record.Change{}, "reword"), func(v *Standard) error {
		v.put(p)
		return nil
	})
}

// DropPoint takes a point out of a standard.
func (s *Service) DropPoint(ctx context.Context, ref id.Ref, version int64, code, reason string) error {
	ch, err := because("reword", reason)
	if err != nil {
		return err
	}
	return s.reword(ctx, ref, version, ch, func(v *Standard) error {
		if !v.drop(code) {
			return errs.New(errs.NotFound, "errs.not_found")
		}
		return nil
	})
}

// Standard reads a standard, for whoever views its unit or one below it.
func (s *Service) Standard(ctx context.Context, ref id.Ref) (Standard, record.Version, error) {
	list, err := s.store.standardsByIDsAcrossUnits(ctx, []id.ID{ref.ID})
	if err != nil {
		return Standard{}, record.Version{}, err
	}
	if len(list) == 1 {
		u, err := s.rec.Home(ctx, list[0].Unit)
		if err != nil {
			return Standard{}, record.Version{}, err
		}
		if len(scope.From(ctx).ViewSet.Within(u.Range())) > 0 {
			ctx = scope.Widened(ctx, u.Pos, false)
		}
	}
	return s.standards.Get(ctx, ref)
}

// StandardsFor are the standards that hold, held or will hold at a unit: its own and those above.
func (s *Service) StandardsFor(ctx context.Context, u org.Unit) (out []Force, err error) {
	list, err := s.store.standardsAcrossUnits(ctx, org.Enclosing(u.Pos))
	for _, r := range list {
		v, _, err := s.standards.Get(scope.Widened(ctx, r.Pos, false), r.ref())
		if err != nil {
			return nil, err
		}
		out = append(out, Force{r.ref(), v})
	}
	return out, err
}

// Begin begins a unit's year with the standard that holds there; a unit has one a year. With Carry it takes over what was there
// the year before, each to be confirmed.
func (s *Service) Begin(ctx context.Context, y Year, ch record.Change) (ref id.Ref, err error) {
	ch = acted(ch, "begin")
	if err := s.years.MayCreate(ctx, y, ch); err != nil {
		return ref, err
	}
	var f errs.Fields
	if checkYear(&f, "year", y.Year, clock.Today(ctx)); f.Err() != nil {
		return ref, f.Err()
	}
	err = s.db.Tx(ctx, func(ctx context.Context) error {
		if had, err := s.YearOf(ctx, y.Unit, y.Year); err != nil {
			return err
		} else if had != nil {
			f.Add("year", "guarantee.year_taken", "Year", y.Year)
			return f.Err()
		}
		u, err := s.org.Unit(ctx, y.Unit)
		if err != nil {
			return err
		}
		force, err := s.InForce(ctx, u, y.Year)
		if err != nil {
			return err
		}
		var last []Held
		if had, err := s.YearOf(ctx, y.Unit, y.Year-1); err != nil {
			return err
		} else if had != nil && y.Carry {
			was, _, err := s.years.Get(ctx, had.Ref())
			if err != nil {
				return err
			}
			last = was.Points
		}
		y.Carry, y.Points = false, nil
		y.take(force.Ref, force.Standard, last)
		ref, err = s.years.Create(ctx, y, ch)
		return err
	})
	return ref, err
}

func (s *Service) changeYear(ctx context.Context, ref id.Ref, version int64, ch record.Change, how func(ctx context.Context, y *Year) error) error {
	return change(ctx, s, s.years, ref, version, ch, how)
}

// Hold says that a point is there, since when and by what (R6, R14). Files are added to those that are there.
func (s *Service) Hold(ctx context.Context, ref id.Ref, version int64, h Held, ch record.Change) error {
	return s.changeYear(ctx, ref, version, acted(ch, "hold"), func(ctx context.Context, y *Year) error { return s.hold(ctx, y, h) })
}

func (s *Service) hold(ctx context.Context, y *Year, n Held) error {
	i := find(y.Points, n.Code)
	if i < 0 {
		return errs.New(errs.NotFound, "errs.not_found")
	}
	h := y.Points[i]
	n.Point, n.Files, n.ToConfirm = h.Point, append(slices.Clone(h.Files), n.Files...), false
	n.clean()
	if err := s.cite(ctx, y.Unit, &h, &n); err != nil {
		return err
	}
	if n.By == "" {
		n.By = i18n.T(ctx, "guarantee.body."+n.Body)
	}
	y.Points = slices.Clone(y.Points)
	y.Points[i] = n
	return n.check(y.Year, clock.Today(ctx))
}

// SaveYear writes down several points at once, each by its code; those not named stay. One without a day is taken out.
func (s *Service) SaveYear(ctx context.Context, ref id.Ref, version int64, n Year, ch record.Change) error {
	return s.changeYear(ctx, ref, version, acted(ch, "hold"), func(ctx context.Context, y *Year) error {
		for _, h := range n.Points {
			i := find(y.Points, h.Code)
			if i >= 0 && h.Since == clock.Open {
				y.Points = slices.Clone(y.Points)
				y.Points[i] = Held{Point: y.Points[i].Point}
				continue
			}
			if i >= 0 && h.ToConfirm && y.Points[i].ToConfirm {
				continue
			}
			h.Files = nil // they are sent as files
			if err := s.hold(ctx, y, h); err != nil {
				return err
			}
		}
		return nil
	})
}

// Confirm says which of the points that were taken over from the year before still hold.
func (s *Service) Confirm(ctx context.Context, ref id.Ref, version int64, codes []string) error {
	return s.changeYear(ctx, ref, version, acted(record.Change{}, "confirm"), func(_ context.Context, y *Year) error {
		y.Points = slices.Clone(y.Points)
		var f errs.Fields
		if len(codes) == 0 {
			f.Add("points", "guarantee.points_missing")
		}
		for i := range y.Points {
			if slices.Contains(codes, y.Points[i].Code) {
				y.Points[i].ToConfirm = false
			}
		}
		return f.Err()
	})
}

// Clear takes back that a point is there; what showed it stays in the history.
func (s *Service) Clear(ctx context.Context, ref id.Ref, version int64, code, reason string) error {
	ch, err := because("clear", reason)
	if err != nil {
		return err
	}
	return s.changeYear(ctx, ref, version, ch, func(_ context.Context, y *Year) error {
		i := find(y.Points, code)
		if i < 0 {
			return errs.New(errs.NotFound, "errs.not_found")
		}
		y.Points = slices.Clone(y.Points)
		y.Points[i] = Held{Point: y.Points[i].Point}
		return nil
	})
}

// Renew takes over the wording of the standard as it holds now; what is there stays there, by the points' codes.
func (s *Service) Renew(ctx context.Context, ref id.Ref, version int64) error {
	return s.changeYear(ctx, ref, version, acted(record.Change{}, "renew"), func(ctx context.Context, y *Year) error {
		u, err := s.rec.Home(ctx, y.Unit)
		if err != nil {
			return err
		}
		f, err := s.InForce(ctx, u, y.Year)
		if err == nil {
			y.take(f.Ref, f.Standard, nil)
		}
		return err
	})
}

// Get reads a unit's year.
func (s *Service) Get(ctx context.Context, ref id.Ref) (Year, record.Version, error) {
	return s.years.Get(ctx, ref)
}

// YearOf is a unit's record of a year as far as the reader may view it; nil when there is none.
func (s *Service) YearOf(ctx context.Context, unit id.ID, year int) (*Listed, error) {
	list, err := s.store.ofUnits(ctx, []id.ID{unit}, scope.From(ctx).ViewSet, year)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	return &list[0], nil
}

// Score is a unit and each administrative unit right below it with what it has of the mechanisms in a year, those without a record
// among them (R8). code adds one point of each (R14). Needs View at the unit.
func (s *Service) Score(ctx context.Context, u org.Unit, year int, day clock.Day, code string) (own Scored, below []Scored, err error) {
	if !scope.From(ctx).May(scope.View, u.Pos) {
		return own, nil, errs.New(errs.NotFound, "errs.not_found")
	}
	kids, err := s.org.Below(ctx, u.ID, day, mostBelow)
	if err != nil {
		return own, nil, err
	}
	units := []org.Unit{u}
	for _, k := range kids {
		if administrative(k) {
			units = append(units, k)
		}
	}
	ids := make([]id.ID, len(units))
	for i, k := range units {
		ids[i] = k.ID
	}
	list, err := s.store.ofUnits(ctx, ids, scope.From(ctx).ViewSet, year)
	if err != nil {
		return own, nil, err
	}
	at, keys := map[id.ID]Listed{}, []id.ID{}
	for _, l := range list {
		at[l.Unit], keys = l, append(keys, l.ID)
	}
	bodies, err := s.years.Bodies(ctx, keys)
	if err != nil {
		return own, nil, err
	}
	for i, k := range units {
		x := Scored{Unit: k.ID, Name: k.Name}
		if l, ok := at[k.ID]; ok {
			y := bodies[l.ID]
			x.Ref, x.Have, x.Of, x.Gaps = l.Ref(), y.Have(day), len(y.Mechanisms), len(y.Gaps(day))
			if n := find(y.Points, code); n >= 0 {
				x.Point = &y.Points[n]
			}
		} else {
			f, err := s.InForce(ctx, k, year)
			if err != nil {
				return own, nil, err
			}
			x.Of, x.Gaps = len(f.Standard.Mechanisms), len(f.Standard.Points)
		}
		if i == 0 {
			own = x
		} else {
			below = append(below, x)
		}
	}
	return own, below, nil
}

// Keep takes in an uploaded file.
func (s *Service) Keep(ctx context.Context, name string, r io.Reader) (file.Kept, error) {
	return file.Keep(ctx, name, r, MaxFile, s.blobs.Put)
}

// keysWithin are the keys of the records of a unit and those below it in a table of this module, for a table.
func (s *Service) keysWithin(ctx context.Context, name, order string, u org.Unit) ([]id.ID, error) {
	return s.store.within(ctx, name, order, u.Range(), scope.From(ctx).ViewSet)
}
