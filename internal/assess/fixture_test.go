package assess_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"xinhuo/internal/account"
	"xinhuo/internal/assess"
	"xinhuo/internal/audit"
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

// team stands in for the records of people, so that conditions over teams can be asked.
type team struct{ Unit id.ID }

type fixture struct {
	t     *testing.T
	ctx   context.Context
	now   *time.Time
	db    *db.DB
	org   *org.Service
	led   *ledger.Service
	rec   *record.Service
	flow  *flow.Service
	s     *assess.Service
	teams *record.Book[team]
	unit  map[string]org.Unit
	prog  id.Ref
	texts *i18n.Texts
}

func open(t *testing.T) *fixture {
	t.Helper()
	ctx := context.Background()
	sources := []db.Source{{Module: "web", Files: web.Migrations}, {Module: "audit", Files: audit.Migrations}, {Module: "account", Files: account.Migrations},
		{Module: "org", Files: org.Migrations}, {Module: "ledger", Files: ledger.Migrations}, {Module: "record", Files: record.Migrations},
		{Module: "flow", Files: flow.Migrations}, {Module: "assess", Files: assess.Migrations}}
	dsn := testkit.Prepared(t, "assess", func(dsn string) error {
		d, err := db.Open(ctx, dsn)
		if err != nil {
			return err
		}
		return errors.Join(d.Migrate(ctx, sources), d.Close())
	})
	d, err := db.Open(ctx, dsn)
	must(t, err)
	t.Cleanup(func() { d.Close() })
	texts, err := i18n.Load(assess.Texts, flow.Texts, record.Texts, web.Texts, ui.Texts, org.Texts, ledger.Texts, table.Texts)
	must(t, err)
	f := &fixture{t: t, db: d, unit: map[string]org.Unit{}, now: new(time.Time), texts: texts}
	*f.now = today.Time().Add(9 * time.Hour)
	f.ctx = i18n.With(clock.With(ctx, func() time.Time { return *f.now }), texts, "zh")

	a := audit.New(d)
	f.org = org.New(d, a)
	f.led = ledger.New(d, f.org)
	f.rec = record.New(d, a, f.led, f.org)
	f.flow = flow.New(d, a, tree{f.org})
	f.s = assess.New(d, f.rec, f.led, f.org, f.flow, a)
	f.teams = record.NewBook(f.rec, record.Kind[team]{Name: "team", Home: func(v team) id.ID { return v.Unit },
		Put: func(context.Context, id.Ref, team, bool) error { return nil },
		Rows: func(_ id.Ref, v team) ledger.Record {
			return ledger.Record{Rows: []ledger.Row{{Type: "team", From: "2018-01-01", Units: []id.ID{v.Unit}, Attrs: map[string]any{"status": "approved"}}}}
		}}, &ledger.Source{Fields: map[string]any{"status": "", "need": "", "standard": "", "owner": "", "run_by": false, "docked": false}})
	nothing := func(context.Context, id.Ref, struct{}, bool) error { return nil }
	for kind, fields := range map[string]map[string]any{
		"base":    {"status": "", "level": "", "issuer": "", "category": "", "run_mode": "", "top_level": "", "first_granted": ""},
		"project": {"status": "", "amount_fen": int64(0), "kind": ""}} {
		record.NewBook(f.rec, record.Kind[struct{}]{Name: kind, Home: func(struct{}) id.ID { return 0 }, Put: nothing,
			Rows: func(id.Ref, struct{}) ledger.Record { return ledger.Record{} }}, &ledger.Source{Fields: fields})
	}
	f.org.OnChanged(f.led.UnitChanged)
	f.org.OnChanged(f.s.UnitChanged)
	must(t, f.led.Load(f.sys()))
	must(t, f.org.FoundAll(f.sys(), []org.NewUnit{
		{Code: "99", Name: "东江省", Level: org.Province, From: "2000-01-01"},
		{Code: "9902", Name: "云州市", Level: org.City, ParentCode: "99", From: "2000-01-01"},
		{Code: "9903", Name: "临海市", Level: org.City, ParentCode: "99", From: "2000-01-01"},
		{Code: "990203", Name: "南江区", Level: org.County, ParentCode: "9902", From: "2000-01-01"},
		{Code: "990203001", Name: "望江街道", Level: org.Township, Kind: org.Street, ParentCode: "990203", From: "2000-01-01"},
		{Code: "990203013", Name: "稻香镇", Level: org.Township, Kind: org.Town, ParentCode: "990203", From: "2000-01-01"},
		{Code: "990203014", Name: "清泉镇", Level: org.Township, Kind: org.Town, ParentCode: "990203", From: "2000-01-01"},
		{Code: "990203015", Name: "石桥镇", Level: org.Township, Kind: org.Town, ParentCode: "990203", From: "2000-01-01"},
	}))
	for _, c := range []string{"99", "9902", "9903", "990203", "990203001", "990203013", "990203014", "990203015"} {
		f.unit[c], err = f.org.ByCode(f.sys(), c)
		must(t, err)
	}
	f.prog, err = f.s.CreateProgramme(f.as("9902"), f.model(), record.Change{})
	must(t, err)
	return f
}

func (f *fixture) model() assess.Programme {
	return assess.Programme{Code: "model", Name: "“四化”工作模式", Owner: f.unit["9902"].ID, Main: true, Target: org.Township,
		Parts:    []assess.Part{{Name: "联谊化组合"}, {Name: "专业化服务"}, {Name: "项目化推进"}, {}},
		Criteria: []assess.Criterion{{Code: "plan", Name: "有实施方案"}, {Code: "teams", Name: "有工作团队"}},
		Maturity: []string{"初建", "巩固", "成熟"}}
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

func (f *fixture) later(d time.Duration) { *f.now = f.now.Add(d) }

func (f *fixture) ask(code, unit string, day clock.Day) ledger.Value {
	f.t.Helper()
	v, err := f.led.Ask(f.sys(), ledger.Query{Figure: code, Unit: f.unit[unit].ID, Day: day})
	must(f.t, err)
	return v
}

func (f *fixture) want(code, unit string, n int64) {
	f.t.Helper()
	if got := f.ask(code, unit, today).Int(); got != n {
		f.t.Errorf("%s at %s is %d, want %d", code, unit, got, n)
	}
}

// planned puts a township on the plan.
func (f *fixture) planned(code string) id.Ref {
	f.t.Helper()
	ref, err := f.s.CreateAdoption(f.as("9902"), assess.Adoption{Programme: f.prog, Unit: f.unit[code].ID, PlannedOn: "2019-05-20"}, record.Change{})
	must(f.t, err)
	return ref
}

func (f *fixture) version(ref id.Ref) int64 {
	f.t.Helper()
	_, v, err := f.s.Adoption(f.sys(), ref)
	must(f.t, err)
	return v.N
}

func (f *fixture) do(code string, ref id.Ref, act string, st assess.Step) error {
	f.t.Helper()
	st.Version = f.version(ref)
	return f.s.Do(f.as(code), ref, act, st)
}

func met() []assess.Result {
	return []assess.Result{{Criterion: "plan", Met: true, Evidence: "看了方案"}, {Criterion: "teams", Met: true, Evidence: "走访了五支团队"}}
}
