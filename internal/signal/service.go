package signal

import (
	"context"
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

// Service keeps what units report, and publishes it month by month.
type Service struct {
	store
	ledger    *ledger.Service
	rec       *record.Service
	org       *org.Service
	reports   *record.Book[Report]
	published *record.Book[Published]
}

// New opens the books of what is reported, which the ledger never sees, and of what is published.
func New(d *db.DB, rec *record.Service, o *org.Service, l *ledger.Service) *Service {
	s := &Service{store: store{d}, rec: rec, org: o, ledger: l}
	s.reports = record.NewBook(rec, record.Kind[Report]{Name: KindReport, Home: func(r Report) id.ID { return r.Unit }, Put: s.keepReport, Facts: s.reportFacts,
		Rows: func(ref id.Ref, _ Report) ledger.Record { return ledger.Record{Ref: ref} }, Settled: s.settled}, s.nothing())
	s.published = record.NewBook(rec, record.Kind[Published]{Name: Kind, Home: func(p Published) id.ID { return p.Unit }, Put: s.keepPublished, Rows: rows,
		Facts: func(context.Context, Published) []record.Fact { return nil }}, s.source())
	o.AddPanel(s.panel())
	o.OnMoved(s.unitChanged)
	return s
}

func (s *Service) keepReport(ctx context.Context, ref id.Ref, r Report, gone bool) error {
	u, err := s.rec.Home(ctx, r.Unit)
	if err != nil {
		return err
	}
	return s.putReport(ctx, Filed{Root: ref.Root, ID: ref.ID, Unit: r.Unit, Pos: u.Pos, Month: r.Month}, gone)
}

func (s *Service) keepPublished(ctx context.Context, ref id.Ref, p Published, gone bool) error {
	if err := s.dropItems(ctx, ref); err != nil || gone {
		return err
	}
	u, err := s.rec.Home(ctx, p.Unit)
	if err != nil {
		return err
	}
	for _, i := range p.Items {
		x := Shown{Root: ref.Root, ID: ref.ID, Unit: p.Unit, Pos: u.Pos, Month: p.Month, Topic: i.Topic, N: i.N, Pooled: one(i.Pooled), Least: one(i.Least)}
		if err := s.putItem(ctx, x); err != nil {
			return err
		}
	}
	return nil
}

func one(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

func (s *Service) unitChanged(ctx context.Context, c org.Changed) error {
	u, err := s.rec.Home(ctx, c.Unit)
	if err != nil {
		return err
	}
	return s.move(ctx, c.Unit, u.Pos)
}

// own is the unit whose report the reader writes and sees: where the reader's own post is, never one below it, whatever
// right the reader has there.
func (s *Service) own(ctx context.Context) (org.Unit, error) {
	a := scope.From(ctx)
	u, err := s.org.Unit(ctx, a.Unit)
	if errs.Is(err, errs.NotFound) || err == nil && !a.May(scope.Work, u.Pos) {
		return u, errs.New(errs.Forbidden, "signal.no_unit")
	}
	return u, err
}

// settled refuses to take back what is closed.
func (s *Service) settled(ctx context.Context, ref id.Ref, _ int64) error {
	r, _, err := s.reports.Get(ctx, ref)
	if err == nil && !r.Month.open(clock.Today(ctx)) {
		err = errs.New(errs.Conflict, "signal.closed", "Month", monthText(ctx, r.Month))
	}
	return err
}

// Reports lists the months that the reader's own unit reported, the latest first.
func (s *Service) Reports(ctx context.Context) (u org.Unit, list []Filed, err error) {
	if u, err = s.own(ctx); err != nil {
		return u, nil, err
	}
	list, err = s.ownReports(ctx, u.ID)
	return u, list, err
}

// Own reads what the reader's own unit reported of a month; ok is false when it has not.
func (s *Service) Own(ctx context.Context, m Month) (r Report, v record.Version, ok bool, err error) {
	defer errs.Wrapf(&err, "signal.Own %s", m)
	err = s.db.Read(ctx, func(ctx context.Context) error {
		u, err := s.own(ctx)
		if err != nil {
			return err
		}
		r = Report{Unit: u.ID, Month: m}
		f, err := s.ownReport(ctx, u.ID, m)
		if errs.Is(err, errs.NotFound) {
			return nil
		}
		if err == nil {
			r, v, err = s.reports.Get(ctx, f.Ref())
		}
		ok = err == nil
		return err
	})
	return r, v, ok, err
}

// Keep reports a month of the reader's own unit, or corrects it as it was read at a version (0 of none). Conflict when the
// month is closed: what is published does not change, or the difference would tell who changed it.
func (s *Service) Keep(ctx context.Context, version int64, m Month, counts map[string]int64) (err error) {
	defer errs.Wrapf(&err, "signal.Keep %s", m)
	return s.db.Tx(ctx, func(ctx context.Context) error {
		was, v, ok, err := s.Own(ctx, m)
		if err != nil {
			return err
		}
		if !m.open(clock.Today(ctx)) {
			return errs.New(errs.Conflict, "signal.closed", "Month", monthText(ctx, m))
		}
		r := Report{Unit: was.Unit, Month: m, Counts: counts}
		if err := r.problems().Err(); err != nil {
			return err
		}
		r = r.clean()
		switch {
		case !ok && version != 0:
			return errs.New(errs.Conflict, "record.changed_meanwhile")
		case !ok:
			_, err = s.reports.Create(ctx, r, record.Change{Act: "signal.act.report"})
			return err
		}
		return s.reports.Save(ctx, v.Ref(), version, r, record.Change{Act: "signal.act.correct"})
	})
}

// Undo takes the reader's own last change of a month back.
func (s *Service) Undo(ctx context.Context, m Month, version int64) error {
	_, v, ok, err := s.Own(ctx, m)
	if err != nil {
		return err
	}
	if !ok {
		return errs.New(errs.NotFound, "errs.not_found")
	}
	return s.reports.Undo(ctx, v.Ref(), version)
}

// Months are those published in a unit's city or, above cities, anywhere below it, the latest first.
func (s *Service) Months(ctx context.Context, u org.Unit) ([]Month, error) {
	return s.months(ctx, u.Range(), lookBack)
}

// Line is a row of the published table: sums of items, and how many units reported. A topic that is missing is either
// nothing or too small to be shown.
type Line struct {
	Unit     org.Unit
	Reported int64
	Counts   map[string]Sum
}

// Sum is what is published of a topic.
type Sum struct {
	Topic string `db:"topic"`
	N     int64  `db:"n"`
	Least int64  `db:"least"` // 1: so many or more
}

// Table is what is published of some months in a unit's subtree, by the units right below it.
type Table struct {
	Unit     org.Unit
	From, To Month  // both within
	Below    []Line // a unit right below it with all that is below that
	Own      Line   // the unit's own cells of five or more
	Together Line   // small cells of units below it, pooled
	Total    Line   // the sum of all of them
}

// Of reads what is published of some months in a unit's subtree. It is a sum of items, as whatever anybody but the
// reporting unit sees.
func (s *Service) Of(ctx context.Context, u org.Unit, from, to Month) (t Table, err error) {
	defer errs.Wrapf(&err, "signal.Of %s", u.Code)
	t = Table{Unit: u, From: from, To: to}
	view := scope.From(ctx).ViewSet
	err = s.db.Read(ctx, func(ctx context.Context) error {
		line := func(at org.Unit, r scope.Range, kinds string) (Line, error) {
			l := Line{Unit: at, Counts: map[string]Sum{}}
			list, err := s.sums(ctx, view, r, from, to, kinds)
			if err != nil {
				return l, err
			}
			for _, x := range list {
				l.Counts[x.Topic] = x
			}
			l.Reported, err = s.reporting(ctx, view, r, from, to)
			return l, err
		}
		here := scope.Range{From: u.Pos, To: u.Pos + 1}
		if t.Own, err = line(u, here, ownKind); err != nil {
			return err
		}
		if t.Together, err = line(u, here, pooledKind); err != nil {
			return err
		}
		t.Together.Reported = 0
		if t.Total, err = line(u, u.Range(), allKinds); err != nil {
			return err
		}
		for after := ""; ; {
			below, err := s.org.Children(ctx, u.ID, clock.Today(ctx), after, 500)
			if err != nil || len(below) == 0 {
				return err
			}
			for _, n := range below {
				if n.Unit.Level.Leaf() {
					continue
				}
				l, err := line(n.Unit, n.Unit.Range(), allKinds)
				if err != nil {
					return err
				}
				t.Below = append(t.Below, l)
			}
			after = below[len(below)-1].Key()
		}
	})
	return t, err
}

// Items are what is published of some months in a unit's subtree, one by one.
func (s *Service) Items(ctx context.Context, u org.Unit, from, to Month) ([]Shown, error) {
	return s.items(ctx, scope.From(ctx).ViewSet, u.Range(), from, to)
}

// monthText is a month as people write it.
func monthText(ctx context.Context, m Month) string {
	if len(m) != 7 {
		return string(m)
	}
	return i18n.T(ctx, "signal.month", "Year", string(m[:4]), "Month", strings.TrimPrefix(string(m[5:]), "0"), "Two", string(m[5:]))
}
