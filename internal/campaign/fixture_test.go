package campaign_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"xinhuo/internal/account"
	"xinhuo/internal/audit"
	"xinhuo/internal/campaign"
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
	s     *campaign.Service
	unit  map[string]org.Unit
	texts *i18n.Texts
}

// open makes a province with two cities: 云州市 has ten counties with fifteen townships each, 临海市 one county with one.
func open(t *testing.T) *fixture {
	t.Helper()
	ctx := context.Background()
	sources := []db.Source{{Module: "web", Files: web.Migrations}, {Module: "audit", Files: audit.Migrations}, {Module: "account", Files: account.Migrations},
		{Module: "org", Files: org.Migrations}, {Module: "ledger", Files: ledger.Migrations}, {Module: "record", Files: record.Migrations},
		{Module: "flow", Files: flow.Migrations}, {Module: "campaign", Files: campaign.Migrations}}
	texts, err := i18n.Load(campaign.Texts, flow.Texts, record.Texts, web.Texts, ui.Texts, org.Texts, ledger.Texts, table.Texts)
	must(t, err)
	f := &fixture{t: t, unit: map[string]org.Unit{}, now: new(time.Time), texts: texts}
	*f.now = today.Time().Add(9 * time.Hour)
	f.ctx = i18n.With(clock.With(ctx, func() time.Time { return *f.now }), texts, "zh")
	wire := func(d *db.DB) {
		a := audit.New(d)
		f.db, f.org = d, org.New(d, a)
		f.led = ledger.New(d, f.org)
		f.rec = record.New(d, a, f.led, f.org)
		f.flow = flow.New(d, a, tree{f.org})
		f.s = campaign.New(d, f.rec, f.led, f.org, f.flow, a)
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
	dsn := testkit.Prepared(t, "campaign", func(dsn string) error {
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

// a campaign about the founding of the republic, as the office of a unit would write it.
func (f *fixture) anniversary(lead string, levels ...org.Level) campaign.Campaign {
	return campaign.Campaign{Unit: f.unit[lead].ID, Slogan: "祖国在我心中", Topic: "patriotism", From: "2019-04-01", Last: "2019-10-31", Due: "2019-06-10",
		Anniversary: &campaign.Anniversary{Event: "新中国成立", Year: 1949, Day: "2019-10-01"}, Targets: campaign.Targets{Levels: levels}, Text: "各地结合实际开展"}
}

// issued writes and issues a campaign as the clerk of its lead.
func (f *fixture) issued(lead string, c campaign.Campaign) id.Ref {
	f.t.Helper()
	ref, err := f.s.Create(f.as(lead), c, record.Change{})
	must(f.t, err)
	must(f.t, f.do(lead, ref, campaign.ActIssue, campaign.Step{}))
	return ref
}

func (f *fixture) do(as string, ref id.Ref, act string, st campaign.Step) error {
	f.t.Helper()
	_, v, err := f.s.Campaign(f.as(as), ref)
	must(f.t, err)
	st.Version = v.N
	return f.s.Do(f.as(as), ref, act, st)
}

// act does a step of a unit as its own clerk.
func (f *fixture) act(unit string, ref id.Ref, act string, st campaign.Step) error {
	f.t.Helper()
	t, err := f.s.Task(f.as(unit), ref, f.unit[unit].ID)
	if err != nil {
		return err
	}
	st.Version = t.Version
	return f.s.Act(f.as(unit), ref, f.unit[unit].ID, act, st)
}

func (f *fixture) board(as, unit string, ref id.Ref) campaign.Board {
	f.t.Helper()
	c, _, err := f.s.Campaign(f.as(as), ref)
	must(f.t, err)
	b, err := f.s.Board(f.as(as), ref, c, f.unit[unit], clock.DayOf(*f.now))
	must(f.t, err)
	return b
}

func (f *fixture) missing(as, unit string, ref id.Ref) []string {
	f.t.Helper()
	c, _, err := f.s.Campaign(f.as(as), ref)
	must(f.t, err)
	var out []string
	for after := ""; ; {
		l, err := f.s.Targets(f.as(as), ref, c, f.unit[unit], clock.DayOf(*f.now), campaign.Waiting, after)
		must(f.t, err)
		for _, x := range l.Lines {
			out = append(out, x.Name)
		}
		if after = l.Next; after == "" {
			return out
		}
	}
}

func counts(t *testing.T, what string, c campaign.Count, targets, received, planned, reported int64) {
	t.Helper()
	if c.Targets != targets || c.Received != received || c.Planned != planned || c.Reported != reported {
		t.Errorf("%s: %+v, want %d %d %d %d", what, c, targets, received, planned, reported)
	}
}
