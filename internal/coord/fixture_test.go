package coord_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"xinhuo/internal/account"
	"xinhuo/internal/audit"
	"xinhuo/internal/coord"
	"xinhuo/internal/flow"
	"xinhuo/internal/kit/blob"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/db"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/file"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/table"
	"xinhuo/internal/kit/testkit"
	"xinhuo/internal/kit/web"
	"xinhuo/internal/kit/web/ui"
	"xinhuo/internal/ledger"
	"xinhuo/internal/org"
	"xinhuo/internal/record"
)

const today = clock.Day("2019-05-31")

// tree answers flow from org.
type tree struct{ o *org.Service }

func (a tree) AncestorAt(ctx context.Context, unit id.ID, level string, day clock.Day) (id.ID, int64, error) {
	up, err := a.o.Ancestors(ctx, unit, day)
	for _, u := range up {
		if string(u.Level) == level {
			return u.ID, u.Pos, err
		}
	}
	return 0, 0, errors.Join(err, errs.New(errs.NotFound, "errs.not_found"))
}

func (a tree) Pos(ctx context.Context, unit id.ID) (int64, error) {
	u, err := a.o.Unit(ctx, unit)
	return u.Pos, err
}

func (a tree) Name(ctx context.Context, unit id.ID) (string, error) {
	u, err := a.o.Unit(ctx, unit)
	return u.Name, err
}

type fixture struct {
	t     *testing.T
	ctx   context.Context
	now   *time.Time
	db    *db.DB
	org   *org.Service
	led   *ledger.Service
	rec   *record.Service
	flow  *flow.Service
	s     *coord.Service
	unit  map[string]org.Unit
	texts *i18n.Texts
}

// open makes a province with two cities: 云州市 has ten counties with fifteen townships each, 临海市 one county with one.
func open(t *testing.T) *fixture {
	t.Helper()
	ctx := context.Background()
	sources := []db.Source{{Module: "web", Files: web.Migrations}, {Module: "audit", Files: audit.Migrations}, {Module: "account", Files: account.Migrations},
		{Module: "org", Files: org.Migrations}, {Module: "ledger", Files: ledger.Migrations}, {Module: "record", Files: record.Migrations},
		{Module: "flow", Files: flow.Migrations}, {Module: "coord", Files: coord.Migrations}}
	texts, err := i18n.Load(coord.Texts, file.Texts, blob.Texts, flow.Texts, record.Texts, web.Texts, ui.Texts, org.Texts, ledger.Texts, table.Texts)
	must(t, err)
	f := &fixture{t: t, unit: map[string]org.Unit{}, now: new(time.Time), texts: texts}
	*f.now = today.Time().Add(9 * time.Hour)
	blobs, err := blob.NewFolder(t.TempDir())
	must(t, err)
	f.ctx = i18n.With(clock.With(ctx, func() time.Time { return *f.now }), texts, "zh")
	wire := func(d *db.DB) {
		a := audit.New(d)
		f.db, f.org = d, org.New(d, a)
		f.led = ledger.New(d, f.org)
		f.rec = record.New(d, a, f.led, f.org)
		f.flow = flow.New(d, a, tree{f.org})
		f.s = coord.New(d, f.rec, f.led, f.org, f.flow, a, blobs)
		f.org.OnChanged(f.led.UnitChanged)
		f.org.OnChanged(f.s.UnitChanged)
	}
	units := []org.NewUnit{
		{Code: "99", Name: "东江省", Level: org.Province, From: "2000-01-01"},
		{Code: "9902", Name: "云州市", Level: org.City, ParentCode: "99", From: "2000-01-01"},
		{Code: "9903", Name: "临海市", Level: org.City, ParentCode: "99", From: "2000-01-01"},
		{Code: "990301", Name: "浦东区", Level: org.County, ParentCode: "9903", From: "2000-01-01"},
		{Code: "990301001", Name: "渔港镇", Level: org.Township, Kind: org.Town, ParentCode: "990301", From: "2000-01-01"},
	}
	for c := 1; c <= 10; c++ {
		county := fmt.Sprintf("9902%02d", c)
		units = append(units, org.NewUnit{Code: county, Name: fmt.Sprintf("%d号县", c), Level: org.County, ParentCode: "9902", From: "2000-01-01"})
		for n := 1; n <= 15; n++ {
			kind := org.Town
			if n == 15 {
				kind = org.Street
			}
			units = append(units, org.NewUnit{Code: fmt.Sprintf("%s%03d", county, n), Name: fmt.Sprintf("%d号县%d镇", c, n), Level: org.Township, Kind: kind, ParentCode: county, From: "2000-01-01"})
		}
	}
	dsn := testkit.Prepared(t, "coord", func(dsn string) error {
		d, err := db.Open(ctx, dsn)
		if err != nil {
			return err
		}
		if err := d.Migrate(ctx, sources); err != nil {
			return errors.Join(err, d.Close())
		}
		wire(d)
		return errors.Join(f.led.Load(f.sys()), f.org.FoundAll(f.sys(), units), d.Close())
	})
	d, err := db.Open(ctx, dsn)
	must(t, err)
	t.Cleanup(func() { d.Close() })
	wire(d)
	must(t, f.led.Load(f.sys()))
	for _, n := range units {
		f.unit[n.Code], err = f.org.ByCode(f.sys(), n.Code)
		must(t, err)
	}
	return f
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (f *fixture) sys() context.Context { return scope.With(f.ctx, scope.System("test")) }

// as acts for the clerk of a unit: works at the unit alone, views its subtree.
func (f *fixture) as(code string) context.Context {
	u := f.unit[code]
	own := scope.Set{{From: u.Pos, To: u.Pos + 1}}
	all := scope.Set{u.Range()}
	return scope.With(f.ctx, scope.Actor{Account: u.ID, Name: "经办人" + code, Unit: u.ID, Pos: u.Pos, WorkSet: own, ViewSet: all, FindSet: all, AdminSet: own})
}

func (f *fixture) later(days int) { *f.now = f.now.AddDate(0, 0, days) }

func (f *fixture) year(unit, code string) int64 {
	f.t.Helper()
	v, err := f.led.Ask(f.sys(), ledger.Query{Figure: code, Unit: f.unit[unit].ID, Day: clock.DayOf(*f.now)})
	must(f.t, err)
	return v.Int()
}

// notice is one as the office of a unit would write it.
func (f *fixture) notice(lead string, levels ...org.Level) coord.Notice {
	return coord.Notice{Unit: f.unit[lead].ID, Kind: "task", Title: "关于开展暑期防溺水工作的通知", Document: "云关工委〔2019〕7号", Due: "2019-06-10", Text: "各地抓好落实", Targets: coord.Targets{Levels: levels}}
}

// issued writes and issues a notice as the clerk of its lead.
func (f *fixture) issued(lead string, n coord.Notice) id.Ref {
	f.t.Helper()
	ref, err := f.s.Create(f.as(lead), n, record.Change{})
	must(f.t, err)
	must(f.t, f.do(lead, ref, coord.ActIssue, coord.Step{}))
	return ref
}

func (f *fixture) do(as string, ref id.Ref, act string, st coord.Step) error {
	f.t.Helper()
	_, v, err := f.s.Notice(f.as(as), ref)
	must(f.t, err)
	st.Version = v.N
	return f.s.Do(f.as(as), ref, act, st)
}

// act does a step on a unit's reply as its own clerk; over as the clerk of another unit.
func (f *fixture) act(unit string, ref id.Ref, act string, st coord.Step) error {
	f.t.Helper()
	return f.over(unit, unit, ref, act, st)
}

func (f *fixture) over(as, unit string, ref id.Ref, act string, st coord.Step) error {
	f.t.Helper()
	t, err := f.s.Task(f.as(as), ref, f.unit[unit].ID)
	if err != nil {
		return err
	}
	st.Version = t.Version
	return f.s.Act(f.as(as), ref, f.unit[unit].ID, act, st)
}

func (f *fixture) task(as, unit string, ref id.Ref) coord.Task {
	f.t.Helper()
	t, err := f.s.Task(f.as(as), ref, f.unit[unit].ID)
	must(f.t, err)
	return t
}

func (f *fixture) board(as, unit string, ref id.Ref) coord.Board {
	f.t.Helper()
	n, _, err := f.s.Notice(f.as(as), ref)
	must(f.t, err)
	b, err := f.s.Board(f.as(as), ref, n, f.unit[unit], clock.DayOf(*f.now))
	must(f.t, err)
	return b
}

// named are the units of a list, page by page.
func (f *fixture) named(as, unit string, ref id.Ref, only coord.State, levels ...org.Level) []string {
	f.t.Helper()
	n, _, err := f.s.Notice(f.as(as), ref)
	must(f.t, err)
	var out []string
	for after := ""; ; {
		l, err := f.s.Recipients(f.as(as), ref, n, f.unit[unit], clock.DayOf(*f.now), only, after, levels...)
		must(f.t, err)
		for _, x := range l.Lines {
			out = append(out, x.Name)
		}
		if after = l.Next; after == "" {
			return out
		}
	}
}

func (f *fixture) inbox(as string) []flow.Item {
	f.t.Helper()
	items, _, err := f.flow.Inbox(f.as(as), 50)
	must(f.t, err)
	return items
}

// says tells whether the error is about an input, with a key.
func says(err error, name, key string) bool {
	var e *errs.Error
	if !errors.As(err, &e) {
		return false
	}
	for _, x := range e.Fields {
		if x.Name == name && x.Key == key {
			return true
		}
	}
	return false
}
