package guarantee

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

// world is the module over a city with three counties, one of which has two townships.
type world struct {
	*testing.T
	ctx context.Context // the operator's
	db  *db.DB
	s   *Service
	rec *record.Service
	led *ledger.Service
	org *org.Service
	now clock.Day

	texts *i18n.Texts
}

func open(t *testing.T) *world {
	t.Helper()
	bg := context.Background()
	sources := []db.Source{{Module: "web", Files: web.Migrations}, {Module: "audit", Files: audit.Migrations}, {Module: "account", Files: account.Migrations}, {Module: "org", Files: org.Migrations},
		{Module: "ledger", Files: ledger.Migrations}, {Module: "record", Files: record.Migrations}, {Module: "guarantee", Files: Migrations}}
	dsn := testkit.Prepared(t, "guarantee", func(dsn string) error {
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
	texts, err := i18n.Load(Texts, ui.Texts, web.Texts, table.Texts, audit.Texts, org.Texts, ledger.Texts, record.Texts, flow.Texts, file.Texts, blob.Texts)
	if err != nil {
		t.Fatal(err)
	}
	w := &world{T: t, db: d, now: today, texts: texts}
	w.ctx = clock.With(i18n.With(scope.With(bg, scope.System("test")), texts, "zh"), func() time.Time { return w.now.Time().Add(9 * time.Hour) })
	log := audit.New(d)
	w.org = org.New(d, log)
	w.led = ledger.New(d, w.org)
	w.rec = record.New(d, log, w.led, w.org)
	blobs, err := blob.NewFolder(t.TempDir())
	w.must(err)
	w.s = New(d, w.rec, w.led, w.org, blobs)
	w.org.OnChanged(w.led.UnitChanged)
	w.org.OnChanged(w.s.UnitChanged)
	w.must(w.led.Load(w.ctx))
	w.must(w.org.FoundAll(w.ctx, []org.NewUnit{
		{Code: "9902", Name: "云州市", Level: org.City, From: "2000-01-01"},
		{Code: "990203", Name: "南江区", Level: org.County, ParentCode: "9902", From: "2000-01-01"},
		{Code: "990204", Name: "北仓区", Level: org.County, ParentCode: "9902", From: "2000-01-01"},
		{Code: "990205", Name: "东岭县", Level: org.County, ParentCode: "9902", From: "2000-01-01"},
		{Code: "990203001", Name: "青石镇", Level: org.Township, ParentCode: "990203", From: "2000-01-01"},
	}))
	return w
}

func (w *world) must(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

// refused tells that an error is of a kind and names each of the fields.
func (w *world) refused(err error, kind errs.Kind, fields ...string) {
	w.Helper()
	if !errs.Is(err, kind) {
		w.Fatalf("refused with %v, want %v", err, kind)
	}
	for _, name := range fields {
		var e *errs.Error
		if !errors.As(err, &e) || !strings.Contains(e.Error()+fieldsOf(e), name) {
			w.Errorf("%v does not speak of %s", err, name)
		}
	}
}

func fieldsOf(e *errs.Error) string {
	var b strings.Builder
	for _, f := range e.Fields {
		b.WriteString(" " + f.Name)
	}
	return b.String()
}

func (w *world) unit(code string) org.Unit {
	w.Helper()
	u, err := w.org.ByCode(w.ctx, code)
	w.must(err)
	return u
}

// as acts for somebody who works in one unit and views what is below it.
func (w *world) as(code string) context.Context {
	w.Helper()
	u := w.unit(code)
	return scope.With(w.ctx, scope.Actor{Account: id.ID(u.Pos), Name: "林素云", Unit: u.ID, Pos: u.Pos,
		WorkSet: scope.Set{u.Range()}, ViewSet: scope.Set{u.Range()}, FindSet: scope.All})
}

// reads is somebody who views a unit and works nowhere.
func (w *world) reads(code string) context.Context {
	w.Helper()
	u := w.unit(code)
	return scope.With(w.ctx, scope.Actor{Account: id.ID(u.Pos + 1), Name: "查阅员", Unit: u.ID, Pos: u.Pos, ViewSet: scope.Set{u.Range()}, FindSet: scope.All})
}

// in is somebody who reads in a language.
func (w *world) in(ctx context.Context, lang string) context.Context {
	return i18n.With(ctx, w.texts, lang)
}

func (w *world) wants(code string, figures map[string]int64) {
	w.Helper()
	for figure, want := range figures {
		v, err := w.led.Ask(w.ctx, ledger.Query{Figure: figure, Unit: w.unit(code).ID, Day: clock.Today(w.ctx)})
		w.must(err)
		if v.Int() != want {
			w.Errorf("%s of %s is %d, want %d", figure, code, v.Int(), want)
		}
	}
}

// handler are the module's addresses as somebody meets them.
func (w *world) handler(ctx context.Context) http.Handler {
	w.Helper()
	site := &web.Site{Actor: func(*http.Request) (scope.Actor, error) { return scope.From(ctx), nil },
		UnitPos: func(ctx context.Context, ref string) (int64, error) {
			u, err := w.org.Resolve(ctx, ref)
			return u.Pos, err
		},
		Fail: func(rw http.ResponseWriter, r *http.Request, err error) {
			http.Error(rw, i18n.Error(r.Context(), err), errs.KindOf(err).Status())
		}}
	site.Add(w.s.Routes()...)
	h, err := site.Handler()
	w.must(err)
	return h
}

// send asks the module's pages as a browser of somebody would.
func (w *world) send(ctx context.Context, method, path string, f url.Values) *httptest.ResponseRecorder {
	w.Helper()
	r := httptest.NewRequest(method, path, strings.NewReader(f.Encode())).WithContext(ctx)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	got := httptest.NewRecorder()
	w.handler(ctx).ServeHTTP(got, r)
	return got
}

// get asks for a page and its status, and answers what stands on it.
func (w *world) get(ctx context.Context, path string, status int) testkit.Doc {
	w.Helper()
	got := w.send(ctx, http.MethodGet, path, nil)
	if got.Code != status {
		w.Fatalf("GET %s answers %d: %.300s", path, got.Code, got.Body)
	}
	return testkit.HTML(w.T, got.Body.String())
}

// post sends a form with a key and answers where it leads.
func (w *world) post(ctx context.Context, path string, f url.Values, status int) string {
	w.Helper()
	f.Set("_key", web.NewKey())
	got := w.send(ctx, http.MethodPost, path, f)
	if got.Code != status {
		w.Fatalf("POST %s answers %d: %.300s", path, got.Code, got.Body)
	}
	return got.Header().Get("Location")
}

// raw sends a body as a program would.
func (w *world) raw(ctx context.Context, method, path, body string) *httptest.ResponseRecorder {
	w.Helper()
	r := httptest.NewRequest(method, path, strings.NewReader(body)).WithContext(ctx)
	r.Header.Set("Content-Type", "application/json")
	got := httptest.NewRecorder()
	w.handler(ctx).ServeHTTP(got, r)
	return got
}
