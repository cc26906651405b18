package flow_test

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"time"

	"xinhuo/internal/audit"
	"xinhuo/internal/flow"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/db"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/testkit"
	"xinhuo/internal/kit/web"
	"xinhuo/internal/kit/web/ui"
)

// A small tree: a city with two counties, a town in the first, and another city.
const (
	province  = id.ID(1)
	city      = id.ID(2)
	county    = id.ID(3)
	sibling   = id.ID(4)
	town      = id.ID(5)
	elsewhere = id.ID(6)
	cityBody  = id.ID(7) // a body directly under the city: no county above it
)

type node struct {
	name   string
	level  string
	pos    int64
	span   int64
	parent id.ID
}

// tree stands in for org.
type tree map[id.ID]node

func newTree() tree {
	return tree{
		province:  {"东江省", "province", 9900000000000, 1e11, 0},
		city:      {"云州市", "city", 9902000000000, 1e9, province},
		county:    {"石桥县", "county", 9902010000000, 1e7, city},
		sibling:   {"青禾县", "county", 9902020000000, 1e7, city},
		town:      {"清泉镇", "township", 9902010010000, 1e4, county},
		elsewhere: {"临海市", "city", 9903000000000, 1e9, province},
		cityBody:  {"市直机关", "department", 9902000001001, 1, city},
	}
}

func (t tree) AncestorAt(_ context.Context, unit id.ID, level string, _ clock.Day) (id.ID, int64, error) {
	for u := unit; u != 0; u = t[u].parent {
		if t[u].level == level {
			return u, t[u].pos, nil
		}
	}
	return 0, 0, errs.New(errs.NotFound, "errs.not_found")
}

func (t tree) Pos(_ context.Context, unit id.ID) (int64, error)   { return t[unit].pos, nil }
func (t tree) Name(_ context.Context, unit id.ID) (string, error) { return t[unit].name, nil }

// people stands in for the directory of accounts.
type people struct {
	list []flow.Person
	gone map[id.ID]bool
}

func (p people) StandIns(context.Context, id.ID) ([]flow.Person, error) { return p.list, nil }
func (p people) Holds(_ context.Context, account, _ id.ID) (bool, error) {
	return !p.gone[account], nil
}

// clerk works at the unit alone and views its subtree.
func (t tree) clerk(account id.ID, name string, unit id.ID) scope.Actor {
	n := t[unit]
	own := scope.Set{{From: n.pos, To: n.pos + 1}}
	all := scope.Set{{From: n.pos, To: n.pos + n.span}}
	return scope.Actor{Account: account, Name: name, Unit: unit, Pos: n.pos, WorkSet: own, ViewSet: all, AdminSet: all}
}

type fixture struct {
	t       *testing.T
	ctx     context.Context
	db      *db.DB
	s       *flow.Service
	audit   *audit.Service
	tree    tree
	people  *people
	actors  map[string]scope.Actor
	effects *atomic.Int64
	now     *time.Time
}

// roles are all relations to a case of the town that a person can have.
var roles = []string{"asker", "colleague", "county", "city", "sibling", "elsewhere", "reader", "anonymous"}

func open(t *testing.T) *fixture {
	t.Helper()
	ctx := context.Background()
	sources := []db.Source{{Module: "web", Files: web.Migrations}, {Module: "audit", Files: audit.Migrations}, {Module: "flow", Files: flow.Migrations}}
	dsn := testkit.Prepared(t, "flow", func(dsn string) error {
		d, err := db.Open(ctx, dsn)
		if err != nil {
			return err
		}
		return errors.Join(d.Migrate(ctx, sources), d.Close())
	})
	d, err := db.Open(ctx, dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	tr := newTree()
	a := audit.New(d)
	f := &fixture{t: t, db: d, audit: a, s: flow.New(d, a, tr), tree: tr, people: &people{gone: map[id.ID]bool{}}, effects: new(atomic.Int64)}
	now := time.Date(2019, 5, 31, 9, 0, 0, 0, clock.Shanghai) // a Friday
	f.now = &now
	f.ctx = i18n.With(clock.With(ctx, func() time.Time { return *f.now }), loadTexts(t), "zh")
	reader := scope.Actor{Account: 107, Name: "省里看的人", Unit: province, Pos: tr[province].pos, ViewSet: scope.Set{{From: 9900000000000, To: 10000000000000}}}
	f.actors = map[string]scope.Actor{
		"asker":     tr.clerk(101, "柳春兰", town),
		"colleague": tr.clerk(102, "何德旺", town),
		"county":    tr.clerk(103, "程素梅", county),
		"city":      tr.clerk(104, "林素云", city),
		"sibling":   tr.clerk(105, "邹广成", sibling),
		"elsewhere": tr.clerk(106, "纪长河", elsewhere),
		"reader":    reader,
		"anonymous": {},
	}
	defs, err := flow.Shipped()
	if err != nil {
		t.Fatal(err)
	}
	for code, def := range defs {
		for _, e := range def.Effects() {
			f.s.On(code, e, func(context.Context, flow.Case, flow.Step) error { f.effects.Add(1); return nil })
		}
	}
	return f
}

func (f *fixture) as(role string) context.Context {
	if role == "system" {
		return scope.With(f.ctx, scope.System("test"))
	}
	a, ok := f.actors[role]
	if !ok {
		f.t.Fatalf("no role %s", role)
	}
	return scope.With(f.ctx, a)
}

func loadTexts(t *testing.T) *i18n.Texts {
	t.Helper()
	texts, err := i18n.Load(flow.Texts, ui.Texts)
	if err != nil {
		t.Fatal(err)
	}
	return texts
}

// day moves the clock.
func (f *fixture) day(d clock.Day) { *f.now = d.Time().Add(9 * time.Hour) }

// begin opens a case of the town, with the city as issuer.
func (f *fixture) begin(code string) flow.Case {
	f.t.Helper()
	c, err := f.s.Open(f.as("asker"), flow.OpenCase{Definition: code, SubjectKind: "base", Subject: id.Ref{Root: 9902, ID: id.New()},
		Unit: town, Pos: f.tree[town].pos, Title: "清泉镇红色教育馆", Link: "/base/x", Issuer: city, Data: map[string]string{"level": "city"}})
	if err != nil {
		f.t.Fatal(err)
	}
	return c
}

// whole is an act with everything that any act may ask for.
func whole(key string) flow.Act {
	return flow.Act{Key: key, Reason: "缺一份协议", Day: "2019-05-30", Document: "云关工〔2019〕12号", Data: map[string]int{"criteria": 3}}
}

func (f *fixture) act(role string, c flow.Case, key string) flow.Case {
	f.t.Helper()
	c, err := f.s.Act(f.as(role), c.Ref(), whole(key))
	if err != nil {
		f.t.Fatalf("%s %s: %v", role, key, err)
	}
	return c
}

func (f *fixture) titles(role string) []string {
	f.t.Helper()
	items, _, err := f.s.Inbox(f.as(role), 50)
	if err != nil {
		f.t.Fatal(err)
	}
	var out []string
	for _, it := range items {
		out = append(out, it.Title)
	}
	return out
}
