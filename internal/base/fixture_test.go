package base_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"xinhuo/internal/account"
	"xinhuo/internal/audit"
	"xinhuo/internal/base"
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

// world is a province with a city of two counties and three towns, the city's neighbour, and everything that bases need.
type world struct {
	t      *testing.T
	ctx    context.Context // acts for the operator on the day of now
	now    *time.Time
	db     *db.DB
	org    *org.Service
	ledger *ledger.Service
	rec    *record.Service
	flow   *flow.Service
	s      *base.Service
	units  map[string]org.Unit
	serial int
	words  *i18n.Texts
}

func open(t *testing.T) *world {
	t.Helper()
	bg := context.Background()
	sources := []db.Source{{Module: "web", Files: web.Migrations}, {Module: "audit", Files: audit.Migrations}, {Module: "account", Files: account.Migrations},
		{Module: "org", Files: org.Migrations}, {Module: "ledger", Files: ledger.Migrations}, {Module: "record", Files: record.Migrations},
		{Module: "flow", Files: flow.Migrations}, {Module: "base", Files: base.Migrations}}
	dsn := testkit.Prepared(t, "base", func(dsn string) error {
		d, err := db.Open(bg, dsn)
		if err != nil {
			return err
		}
		return errors.Join(d.Migrate(bg, sources), d.Close())
	})
	d, err := db.Open(bg, dsn)
	must(t, err)
	t.Cleanup(func() { d.Close() })
	texts, err := i18n.Load(base.Texts, record.Texts, flow.Texts, org.Texts, ledger.Texts, ui.Texts, web.Texts, table.Texts, file.Texts, blob.Texts)
	must(t, err)
	blobs, err := blob.NewFolder(t.TempDir())
	must(t, err)
	now := today.Time().Add(9 * time.Hour)
	w := &world{t: t, db: d, now: &now, units: map[string]org.Unit{}, words: texts}
	w.ctx = i18n.With(clock.With(scope.With(bg, scope.System("test")), func() time.Time { return *w.now }), texts, "zh")
	a := audit.New(d)
	w.org = org.New(d, a)
	w.ledger = ledger.New(d, w.org)
	w.rec = record.New(d, a, w.ledger, w.org)
	w.flow = flow.New(d, a, units{w.org})
	w.s = base.New(d, w.rec, w.ledger, w.org, w.flow, a, blobs)
	w.org.OnChanged(w.ledger.UnitChanged)
	w.org.OnChanged(w.s.UnitChanged)
	must(t, w.ledger.Load(w.ctx))
	must(t, w.org.FoundAll(w.ctx, []org.NewUnit{
		{Code: "99", Name: "东江省", Level: org.Province, From: "2000-01-01"},
		{Code: "9902", Name: "云州市", Level: org.City, ParentCode: "99", From: "2000-01-01"},
		{Code: "9907", Name: "临海市", Level: org.City, ParentCode: "99", From: "2000-01-01"},
		{Code: "990203", Name: "南江区", Level: org.County, ParentCode: "9902", From: "2000-01-01"},
		{Code: "990204", Name: "北仓区", Level: org.County, ParentCode: "9902", From: "2000-01-01"},
		{Code: "990203013", Name: "稻香镇", Level: org.Township, Kind: org.Town, ParentCode: "990203", From: "2000-01-01"},
		{Code: "990203109", Name: "桥南镇", Level: org.Township, Kind: org.Town, ParentCode: "990203", From: "2000-01-01"},
		{Code: "990204003", Name: "桥头镇", Level: org.Township, Kind: org.Town, ParentCode: "990204", From: "2000-01-01"},
	}))
	for _, code := range []string{"99", "9902", "9907", "990203", "990204", "990203013", "990203109", "990204003"} {
		w.units[code], err = w.org.ByCode(w.ctx, code)
		must(t, err)
	}
	return w
}

// units is what flow needs of the tree.
type units struct{ o *org.Service }

func (a units) AncestorAt(ctx context.Context, unit id.ID, level string, day clock.Day) (id.ID, int64, error) {
	up, err := a.o.Ancestors(ctx, unit, day)
	for _, u := range up {
		if string(u.Level) == level {
			return u.ID, u.Pos, nil
		}
	}
	return 0, 0, errors.Join(err, errs.New(errs.NotFound, "errs.not_found"))
}

func (a units) Pos(ctx context.Context, unit id.ID) (int64, error) {
	u, err := a.o.Unit(ctx, unit)
	return u.Pos, err
}

func (a units) Name(ctx context.Context, unit id.ID) (string, error) {
	u, err := a.o.Unit(ctx, unit)
	return u.Name, err
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func kindIs(t testing.TB, err error, k errs.Kind) {
	t.Helper()
	if !errs.Is(err, k) {
		t.Fatalf("got %v, want kind %d", err, k)
	}
}

// as is a person who works at the unit alone, views and administers its subtree.
func (w *world) as(code string) context.Context { return w.person(code, 0) }

// person is the n-th person of a unit.
func (w *world) person(code string, n int64) context.Context {
	u := w.units[code]
	all := scope.Set{u.Range()}
	return scope.With(w.ctx, scope.Actor{Account: id.ID(u.Pos + n + 1), Name: fmt.Sprintf("%s的办事员%d", u.Name, n+1), Unit: u.ID, Pos: u.Pos,
		WorkSet: scope.Set{{From: u.Pos, To: u.Pos + 1}}, ViewSet: all, AdminSet: all, FindSet: scope.All})
}

// later moves the clock by a span; a person's next act is later than the one before.
func (w *world) later(d time.Duration) { *w.now = w.now.Add(d) }

// plaque is one that the unit granted.
func (w *world) plaque(code string, granted, revoked clock.Day) base.Accreditation {
	u := w.units[code]
	a := base.Accreditation{Level: u.Level, Issuer: base.Body{Unit: u.ID}, GrantedOn: granted, RevokedOn: revoked, Status: base.Granted, Document: "云关工〔2019〕1号"}
	if revoked != clock.Open {
		a.Status = base.Revoked
	}
	return a
}

// base makes one that hangs the plaques.
func (w *world) base(host, category string, plaques ...base.Accreditation) base.Base {
	w.serial++
	return base.Base{Code: fmt.Sprintf("B%03d", w.serial), Name: fmt.Sprintf("第%d号阵地", w.serial), Host: w.units[host].ID, RunMode: base.Self, Category: category, Accreditations: plaques}
}

func (w *world) create(b base.Base) id.Ref {
	w.t.Helper()
	w.later(time.Second)
	ref, err := w.s.Create(w.ctx, b, record.Change{Act: "base.act.create"})
	must(w.t, err)
	return ref
}

func (w *world) get(ref id.Ref) (base.Base, record.Version) {
	w.t.Helper()
	b, v, err := w.s.Get(w.ctx, ref)
	must(w.t, err)
	return b, v
}

func (w *world) ask(code, unit string, day clock.Day) int64 {
	w.t.Helper()
	v, err := w.ledger.Ask(w.ctx, ledger.Query{Figure: code, Unit: w.units[unit].ID, Day: day})
	must(w.t, err)
	return v.Int()
}

// wants checks a figure, and that its list of evidence has as many rows.
func (w *world) wants(code, unit string, day clock.Day, want int64) {
	w.t.Helper()
	if got := w.ask(code, unit, day); got != want {
		w.t.Errorf("%s of %s on %s is %d, want %d", code, unit, day, got, want)
	}
	list, err := w.ledger.Evidence(w.ctx, ledger.Query{Figure: code, Unit: w.units[unit].ID, Day: day}, "", 0)
	must(w.t, err)
	if int64(len(list.Items)) != want {
		w.t.Errorf("%s of %s on %s has %d rows of evidence, want %d", code, unit, day, len(list.Items), want)
	}
}

// picture is every figure at every unit on some days, as one text.
func (w *world) picture() string {
	w.t.Helper()
	var b strings.Builder
	for _, d := range w.ledger.Figures() {
		for _, code := range []string{"99", "9902", "990203", "990203013", "990204"} {
			for _, day := range []clock.Day{"2012-05-31", "2016-01-01", today, "2021-01-01"} {
				v, err := w.ledger.Ask(w.ctx, ledger.Query{Figure: d.Code, Unit: w.units[code].ID, Day: day})
				must(w.t, err)
				fmt.Fprintln(&b, d.Code, code, day, v.Int())
			}
		}
	}
	return b.String()
}

// do asks an address as somebody; the router's own check is tested in kit/web.
func (w *world) do(ctx context.Context, method, address string, form url.Values) (*httptest.ResponseRecorder, error) {
	w.t.Helper()
	mux := http.NewServeMux()
	var failed error
	for _, rt := range append(w.s.Routes(), w.flow.Routes()...) {
		mux.HandleFunc(rt.Method+" "+rt.Path, func(rw http.ResponseWriter, r *http.Request) { failed = rt.Handler(rw, r) })
	}
	r := httptest.NewRequest(method, address, strings.NewReader(form.Encode())).WithContext(ctx)
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	rw := httptest.NewRecorder()
	mux.ServeHTTP(rw, r)
	return rw, failed
}

func (w *world) page(ctx context.Context, address string) testkit.Doc {
	w.t.Helper()
	rw, err := w.do(ctx, "GET", address, nil)
	must(w.t, err)
	return testkit.HTML(w.t, rw.Body.String())
}
