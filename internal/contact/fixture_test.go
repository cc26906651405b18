package contact_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"xinhuo/internal/account"
	"xinhuo/internal/audit"
	"xinhuo/internal/contact"
	"xinhuo/internal/flow"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/db"
	"xinhuo/internal/kit/errs"
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

type fixture struct {
	t     *testing.T
	ctx   context.Context
	now   *time.Time
	db    *db.DB
	org   *org.Service
	led   *ledger.Service
	rec   *record.Service
	s     *contact.Service
	flow  *flow.Service
	unit  map[string]org.Unit
	texts *i18n.Texts
}

// open makes a province with two cities: 云州市 has four counties with one town each, 临海市 one county with one.
func open(t *testing.T) *fixture {
	t.Helper()
	ctx := context.Background()
	sources := []db.Source{{Module: "web", Files: web.Migrations}, {Module: "audit", Files: audit.Migrations}, {Module: "account", Files: account.Migrations},
		{Module: "org", Files: org.Migrations}, {Module: "ledger", Files: ledger.Migrations}, {Module: "record", Files: record.Migrations},
		{Module: "flow", Files: flow.Migrations}, {Module: "contact", Files: contact.Migrations}}
	texts, err := i18n.Load(contact.Texts, flow.Texts, record.Texts, web.Texts, ui.Texts, org.Texts, ledger.Texts, table.Texts)
	must(t, err)
	f := &fixture{t: t, unit: map[string]org.Unit{}, now: new(time.Time), texts: texts}
	*f.now = today.Time().Add(9 * time.Hour)
	f.ctx = i18n.With(clock.With(ctx, func() time.Time { return *f.now }), texts, "zh")
	wire := func(d *db.DB) {
		a := audit.New(d)
		f.db, f.org = d, org.New(d, a)
		f.led = ledger.New(d, f.org)
		f.flow = flow.New(d, a, org.Tree{Service: f.org})
		f.rec = record.New(d, a, f.led, f.org)
		f.s = contact.New(d, f.rec, f.led, f.org, f.flow)
		f.s.SetAccounts(accounts{"jiaoyu": {contact.Seat{Account: 71, Login: "jiaoyu", Name: "何知远"}, true}, "fulian": {contact.Seat{Account: 72, Login: "fulian", Name: "苏敏"}, true},
			"bangong": {contact.Seat{Account: 73, Login: "bangong", Name: "陈主任"}, false}})
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
	for c := 1; c <= 4; c++ {
		county := fmt.Sprintf("9902%02d", c)
		units = append(units, org.NewUnit{Code: county, Name: fmt.Sprintf("%d号县", c), Level: org.County, ParentCode: "9902", From: "2000-01-01"})
		units = append(units, org.NewUnit{Code: county + "001", Name: fmt.Sprintf("%d号县1镇", c), Level: org.Township, Kind: org.Town, ParentCode: county, From: "2000-01-01"})
	}
	dsn := testkit.Prepared(t, "contact", func(dsn string) error {
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

func fieldsOf(err error) errs.Fields {
	var e *errs.Error
	if !errors.As(err, &e) {
		return nil
	}
	return e.Fields
}

func (f *fixture) sys() context.Context { return scope.With(f.ctx, scope.System("test")) }

// as acts for the clerk of a unit: works at the unit alone, views its subtree.
func (f *fixture) as(code string) context.Context {
	u := f.unit[code]
	own := scope.Set{{From: u.Pos, To: u.Pos + 1}}
	all := scope.Set{u.Range()}
	return scope.With(f.ctx, scope.Actor{Account: u.ID, Name: "经办人" + code, Unit: u.ID, Pos: u.Pos, WorkSet: own, ViewSet: all, FindSet: all, AdminSet: own})
}

// clerk is somebody of a body: an account of the unit's without any right.
func (f *fixture) clerk(unit string, account id.ID) context.Context {
	return scope.With(f.ctx, scope.Actor{Account: account, Name: "联络员", Unit: f.unit[unit].ID, Pos: f.unit[unit].Pos})
}

// accounts are those that the offices of the fixture may name.
type accounts map[string]struct {
	seat contact.Seat
	free bool
}

func (a accounts) ByLogin(_ context.Context, login string) (contact.Seat, bool, error) {
	x, ok := a[login]
	if !ok {
		return x.seat, false, errs.New(errs.NotFound, "errs.not_found")
	}
	return x.seat, x.free, nil
}

func (f *fixture) year(unit, code string) int64 {
	f.t.Helper()
	v, err := f.led.Ask(f.sys(), ledger.Query{Figure: code, Unit: f.unit[unit].ID, Day: clock.DayOf(*f.now)})
	must(f.t, err)
	return v.Int()
}
