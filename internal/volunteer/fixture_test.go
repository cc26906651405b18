package volunteer

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"xinhuo/internal/account"
	"xinhuo/internal/audit"
	"xinhuo/internal/booking"
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

type fixture struct {
	testing.TB
	ctx   context.Context // acts for the operator
	now   time.Time
	d     *db.DB
	s     *Service
	rec   *record.Service
	led   *ledger.Service
	org   *org.Service
	flow  *flow.Service
	texts *i18n.Texts
	logins
	far string // the login of an account whose home is elsewhere
}

// logins stand in for the accounts.
type logins map[string]id.ID

// ByLogin finds those whose home is near.
func (f *fixture) ByLogin(ctx context.Context, login string) (account.Account, error) {
	if login != "" && login == f.far {
		return account.Account{}, errs.New(errs.NotFound, "errs.not_found")
	}
	return f.logins.ByLogin(ctx, login)
}

func (l logins) ByLogin(_ context.Context, login string) (account.Account, error) {
	if l[login] == 0 {
		return account.Account{}, errs.New(errs.NotFound, "errs.not_found")
	}
	return account.Account{ID: l[login], Login: login}, nil
}

func (l logins) Get(_ context.Context, acc id.ID) (account.Account, error) {
	for login, x := range l {
		if x == acc {
			return account.Account{ID: acc, Login: login}, nil
		}
	}
	return account.Account{}, errs.New(errs.NotFound, "errs.not_found")
}

type units struct{ o *org.Service }

func (a units) AncestorAt(ctx context.Context, unit id.ID, level string, day clock.Day) (id.ID, int64, error) {
	up, err := a.o.Ancestors(ctx, unit, day)
	for _, u := range up {
		if string(u.Level) == level {
			return u.ID, u.Pos, err
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

// open gives the module over a small tree: a province, two cities, two counties, four townships and a village.
func open(t testing.TB) *fixture {
	t.Helper()
	bg := context.Background()
	sources := []db.Source{{Module: "web", Files: web.Migrations}, {Module: "audit", Files: audit.Migrations}, {Module: "account", Files: account.Migrations},
		{Module: "org", Files: org.Migrations}, {Module: "ledger", Files: ledger.Migrations}, {Module: "record", Files: record.Migrations},
		{Module: "flow", Files: flow.Migrations}, {Module: "booking", Files: booking.Migrations}, {Module: "volunteer", Files: Migrations}}
	dsn := testkit.Prepared(t, "volunteer", func(dsn string) error {
		d, err := db.Open(bg, dsn)
		if err != nil {
			return err
		}
		return errors.Join(d.Migrate(bg, sources), d.Close())
	})
	d, err := db.Open(bg, dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	texts, err := i18n.Load(Texts, ui.Texts, web.Texts, table.Texts, audit.Texts, org.Texts, ledger.Texts, record.Texts, flow.Texts, booking.Texts, blob.Texts, file.Texts)
	if err != nil {
		t.Fatal(err)
	}
	blobs, err := blob.NewFolder(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	f := &fixture{TB: t, d: d, texts: texts, now: today.Time().Add(9 * time.Hour), logins: logins{}}
	f.ctx = clock.With(i18n.With(scope.With(bg, scope.System("test")), texts, "zh"), func() time.Time { return f.now })
	a := audit.New(d)
	f.org = org.New(d, a)
	f.led = ledger.New(d, f.org)
	f.rec = record.New(d, a, f.led, f.org)
	f.flow = flow.New(d, a, units{f.org})
	f.s = New(d, f.rec, f.led, f.org, f.flow, booking.New(d), f, a, blobs)
	f.org.OnChanged(f.led.UnitChanged)
	f.must(f.led.Load(f.ctx))
	f.must(f.org.FoundAll(f.ctx, []org.NewUnit{
		{Code: "99", Name: "东江省", Level: org.Province, From: "2000-01-01"},
		{Code: "9902", Name: "云州市", Level: org.City, ParentCode: "99", From: "2000-01-01"},
		{Code: "9903", Name: "临海市", Level: org.City, ParentCode: "99", From: "2000-01-01"},
		{Code: "990203", Name: "南江区", Level: org.County, ParentCode: "9902", From: "2000-01-01"},
		{Code: "990204", Name: "北仓区", Level: org.County, ParentCode: "9902", From: "2000-01-01"},
		{Code: "990203001", Name: "望江街道", Level: org.Township, Kind: org.Street, ParentCode: "990203", From: "2000-01-01"},
		{Code: "990203013", Name: "稻香镇", Level: org.Township, Kind: org.Town, ParentCode: "990203", From: "2000-01-01"},
		{Code: "990203109", Name: "南江渠镇", Level: org.Township, Kind: org.Town, ParentCode: "990203", From: "2000-01-01"},
		{Code: "990204003", Name: "桥头镇", Level: org.Township, Kind: org.Town, ParentCode: "990204", From: "2000-01-01"},
		{Code: "990203109012", Name: "渠口村", Level: org.Village, ParentCode: "990203109", From: "2001-01-01"},
	}))
	return f
}

func (f *fixture) must(err error) {
	f.Helper()
	if err != nil {
		f.Fatal(err)
	}
}

func (f *fixture) unit(code string) org.Unit {
	f.Helper()
	u, err := f.org.ByCode(f.ctx, code)
	f.must(err)
	return u
}

// as acts for somebody who works in one unit and views what is below it.
func (f *fixture) as(code string) context.Context {
	f.Helper()
	u := f.unit(code)
	return scope.With(f.ctx, scope.Actor{Account: id.ID(u.Pos), Name: u.Name + "办公室", Unit: u.ID, Pos: u.Pos,
		WorkSet: scope.Set{{From: u.Pos, To: u.Pos + 1}}, ViewSet: scope.Set{u.Range()}, FindSet: scope.All, AdminSet: scope.Set{u.Range()}})
}

// person keeps a volunteer of a unit who has been active since 2018 with a background check of a year.
func (f *fixture) person(unit, name string, change func(v *Volunteer)) id.Ref {
	f.Helper()
	v := Volunteer{Unit: f.unit(unit).ID, Name: name, Sex: "f", BirthYear: 1952, Kind: Teacher, Retired: true, CandidateOn: "2018-01-01", AdmittedOn: "2018-02-01",
		Checks: []Check{{Kind: Background, On: "2018-12-01"}, {Kind: Training, On: "2018-01-20"}}}
	if change != nil {
		change(&v)
	}
	ref, err := f.s.Create(f.ctx, v)
	f.must(err)
	return ref
}

func (f *fixture) figure(code, unit string, day clock.Day) int64 {
	f.Helper()
	v, err := f.led.Ask(f.ctx, ledger.Query{Figure: code, Unit: f.unit(unit).ID, Day: day})
	f.must(err)
	return v.Int()
}

func (f *fixture) expect(unit string, day clock.Day, want map[string]int64) {
	f.Helper()
	for code, n := range want {
		if got := f.figure(code, unit, day); got != n {
			f.Errorf("%s at %s on %s is %d, want %d", code, unit, day, got, n)
		}
	}
}

func (f *fixture) kind(err error, k errs.Kind) {
	f.Helper()
	if !errs.Is(err, k) {
		f.Errorf("got %v, want kind %d", err, k)
	}
}

// says asks for an error whose words, in Chinese, hold a text.
func (f *fixture) says(err error, text string) {
	f.Helper()
	if err == nil {
		f.Errorf("no error, want one that says %s", text)
		return
	}
	at, faults, _ := web.Problems(f.ctx, err)
	words := i18n.Error(f.ctx, err)
	for _, x := range faults {
		words += x.Text
	}
	if !strings.Contains(words, text) {
		f.Errorf("%v says %s %v, not %s", err, words, at, text)
	}
}

// site serves the module's pages for one actor; errors answer with their status.
func (f *fixture) site(ctx context.Context, routes []web.Route) http.Handler {
	f.Helper()
	s := &web.Site{Actor: func(*http.Request) (scope.Actor, error) { return scope.From(ctx), nil },
		UnitPos: func(ctx context.Context, ref string) (int64, error) {
			u, err := f.org.Resolve(ctx, ref)
			return u.Pos, err
		},
		Fail: func(w http.ResponseWriter, r *http.Request, err error) {
			http.Error(w, i18n.Error(r.Context(), err), errs.KindOf(err).Status())
		}}
	s.Add(routes...)
	h, err := s.Handler()
	f.must(err)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { h.ServeHTTP(w, r.WithContext(ctx)) })
}

func (f *fixture) get(h http.Handler, path string, status int) string {
	f.Helper()
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest("GET", path, nil))
	if w.Code != status {
		f.Fatalf("GET %s answers %d, want %d: %.300s", path, w.Code, status, w.Body)
	}
	return w.Body.String()
}

// post sends a form and answers where it leads, or the page.
func (f *fixture) post(h http.Handler, path string, form url.Values, status int) string {
	f.Helper()
	r := httptest.NewRequest("POST", path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return f.send(h, r, status)
}

// call sends JSON.
func (f *fixture) call(h http.Handler, method, path, body string, status int) string {
	f.Helper()
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	return f.send(h, r, status)
}

func (f *fixture) send(h http.Handler, r *http.Request, status int) string {
	f.Helper()
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	if w.Code != status {
		f.Fatalf("%s %s answers %d, want %d: %.600s", r.Method, r.URL, w.Code, status, w.Body)
	}
	if to := w.Header().Get("Location"); to != "" {
		return to
	}
	return w.Body.String()
}
