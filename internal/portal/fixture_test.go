package portal

import (
	"bytes"
	"context"
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"slices"
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
	"xinhuo/internal/kit/testkit"
	"xinhuo/internal/kit/web"
	"xinhuo/internal/kit/web/ui"
	"xinhuo/internal/ledger"
	"xinhuo/internal/org"
	"xinhuo/internal/record"
	"xinhuo/internal/seal"
)

const today = clock.Day("2019-05-31")

// world is the module over two cities, each with a county of its own.
type world struct {
	testing.TB
	ctx   context.Context // the operator's
	now   time.Time
	db    *db.DB
	s     *Service
	org   *org.Service
	flow  *flow.Service
	seal  *seal.Service
	blobs *blob.Folder
	h     http.Handler
	as    map[string]scope.Actor // by code of the unit
	texts *i18n.Texts
	// what the rest of the program has
	bases  []Base
	events []Event
	docs   []Document
	desks  []Desk
	late   int64
	runs   bool // who acts runs the program
	asked  []string
}

func (w *world) inside(ctx context.Context, u org.Unit, unit id.ID) bool {
	x, err := w.org.Unit(w.ctx, unit)
	r := u.Range()
	return err == nil && x.Pos >= r.From && x.Pos < r.To
}

func (w *world) Bases(ctx context.Context, u org.Unit, _ string, limit int) (out []Base, _ string, _ error) {
	w.asked = append(w.asked, "bases "+u.Name)
	for _, b := range w.bases {
		if w.inside(ctx, u, b.Host) && len(out) < limit {
			out = append(out, b)
		}
	}
	return out, "", nil
}

func (w *world) Coming(_ context.Context, u org.Unit, from, to clock.Day) (out []Event, _ error) {
	for _, e := range w.events {
		if e.Ref.Root == u.Root() && e.Day >= from && e.Day <= to {
			out = append(out, e)
		}
	}
	return out, nil
}

func (w *world) Timed(context.Context, org.Unit, []Event) error { return nil }

func (w *world) Documents(_ context.Context, u org.Unit, limit int) (out []Document, _ error) {
	for _, d := range w.docs {
		if d.Unit == u.Name {
			out = append(out, d)
		}
	}
	return out[:min(len(out), limit)], nil
}

func (w *world) Desks(ctx context.Context, u org.Unit) (out []Desk, _ error) {
	for _, d := range w.desks {
		if w.inside(ctx, u, d.Unit) {
			out = append(out, d)
		}
	}
	return out, nil
}

func (w *world) Late(context.Context, org.Unit) (int64, error) { return w.late, nil }

func (w *world) Imprinted() bool { return true }

func (w *world) Children(context.Context, org.Unit) (int64, bool, string, string, error) {
	return 37, true, "2019-01", "2019-04", nil
}

func (w *world) Operates(context.Context) (bool, []string, error) {
	return w.runs, []string{"platform.example.org"}, nil
}

func openWorld(t testing.TB) *world {
	t.Helper()
	bg := context.Background()
	dsn := testkit.Prepared(t, "portal", func(dsn string) error {
		d, err := db.Open(bg, dsn)
		if err != nil {
			return err
		}
		return errors.Join(d.Migrate(bg, []db.Source{{Module: "web", Files: web.Migrations}, {Module: "audit", Files: audit.Migrations}, {Module: "account", Files: account.Migrations}, {Module: "org", Files: org.Migrations},
			{Module: "ledger", Files: ledger.Migrations}, {Module: "record", Files: record.Migrations}, {Module: "flow", Files: flow.Migrations}, {Module: "seal", Files: seal.Migrations}, {Module: "portal", Files: Migrations}}), d.Close())
	})
	d, err := db.Open(bg, dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	w := &world{TB: t, db: d, now: today.Time().Add(9 * time.Hour), as: map[string]scope.Actor{}}
	if w.texts, err = i18n.Load(Texts, ui.Texts, web.Texts, audit.Texts, file.Texts, org.Texts, ledger.Texts, record.Texts, flow.Texts, seal.Texts); err != nil {
		t.Fatal(err)
	}
	w.ctx = clock.With(i18n.With(scope.With(bg, scope.System("test")), w.texts, "zh"), func() time.Time { return w.now })
	log := audit.New(d)
	w.org = org.New(d, log)
	led := ledger.New(d, w.org)
	rec := record.New(d, log, led, w.org)
	w.flow = flow.New(d, log, org.Tree{Service: w.org})
	w.seal = seal.New(d, log, w.org, &seal.Keys{Path: filepath.Join(t.TempDir(), "seal.key")})
	w.blobs, err = blob.NewFolder(t.TempDir())
	w.must(err)
	w.s = New(d, rec, led, w.org, w.flow, w.seal, log, w, w.blobs, func(r *http.Request) string { return r.RemoteAddr })
	w.org.OnChanged(led.UnitChanged)
	w.must(led.Load(w.ctx))
	w.must(w.org.FoundAll(w.ctx, []org.NewUnit{
		{Code: "99", Name: "云省关工委", Level: org.Province, From: "2000-01-01"},
		{Code: "9902", Name: "云州市关工委", Level: org.City, ParentCode: "99", From: "2000-01-01"},
		{Code: "990203", Name: "南江区关工委", Level: org.County, ParentCode: "9902", From: "2000-01-01"},
		{Code: "990204", Name: "北仓区关工委", Level: org.County, ParentCode: "9902", From: "2000-01-01"},
		{Code: "9907", Name: "汐门市关工委", Level: org.City, ParentCode: "99", From: "2000-01-01"},
		{Code: "990701", Name: "潮湾区关工委", Level: org.County, ParentCode: "9907", From: "2000-01-01"},
	}))
	for i, code := range []string{"99", "9902", "990203", "990204", "9907", "990701"} {
		u := w.unit(code)
		own := scope.Set{u.Range()}
		w.as[code] = scope.Actor{Account: id.ID(1000 + i), Name: u.Name, Unit: u.ID, Pos: u.Pos, WorkSet: scope.Set{{From: u.Pos, To: u.Pos + 1}}, ViewSet: own, FindSet: scope.All}
	}
	w.as[""] = scope.Actor{}
	return w
}

func (w *world) must(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

func (w *world) kind(err error, k errs.Kind) {
	w.Helper()
	if !errs.Is(err, k) {
		w.Fatalf("%v, want kind %v", err, k)
	}
}

// refused wants a field to be changed.
func (w *world) refused(err error, field string) {
	w.Helper()
	var e *errs.Error
	if !errors.As(err, &e) || !slices.ContainsFunc(e.Fields, func(f errs.Field) bool { return f.Name == field }) {
		w.Fatalf("%v, want %s to be changed", err, field)
	}
}

func (w *world) unit(code string) org.Unit {
	w.Helper()
	u, err := w.org.ByCode(w.ctx, code)
	w.must(err)
	return u
}

func (w *world) by(code string) context.Context { return scope.With(w.ctx, w.as[code]) }

// site is one that may be switched on.
func site(slug string) Site {
	return Site{On: true, Slug: slug, Title: slug + "网上关工委", About: "我们做的事", Colour: "river", Hotline: "12355", Human: "办公室", Phone: "0500-5550126", Hours: "工作日", Columns: Columns}
}

// open switches a unit's site on.
func (w *world) open(code, slug string) Site {
	w.Helper()
	w.must(w.s.SetSite(w.by(code), w.unit(code).ID, site(slug)))
	x, err := w.s.Site(w.by(code), w.unit(code))
	w.must(err)
	return x
}

func (w *world) news(code string, n News) id.Ref {
	w.Helper()
	n.Unit = w.unit(code).ID
	if n.Day == "" {
		n.Day = today
	}
	ref, err := w.s.AddNews(w.by(code), n, n.State == Published)
	w.must(err)
	return ref
}

// handler is the module's pages, as app makes them.
func (w *world) handler() {
	w.Helper()
	if w.h == nil {
		site := &web.Site{
			Actor:   func(r *http.Request) (scope.Actor, error) { return scope.From(r.Context()), nil },
			UnitPos: func(ctx context.Context, u string) (int64, error) { v, err := w.org.Resolve(ctx, u); return v.Pos, err },
			Fail: func(rw http.ResponseWriter, r *http.Request, err error) {
				var e *errs.Error
				if !errors.As(err, &e) {
					e = errs.New(errs.Internal, err.Error())
				}
				if !web.WantsJSON(r) && w.s.Trouble(rw, r, web.Trouble{Title: "出错", Texts: []string{i18n.Error(r.Context(), err)}, Status: e.Kind.Status()}) {
					return
				}
				http.Error(rw, i18n.Error(r.Context(), err), e.Kind.Status())
			},
		}
		site.Add(w.s.Routes()...)
		site.Middleware = []func(http.Handler) http.Handler{func(next http.Handler) http.Handler {
			return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
				to, err := w.s.AtDomain(r)
				w.must(err)
				next.ServeHTTP(rw, to)
			})
		}}
		var err error
		w.h, err = site.Handler()
		w.must(err)
	}
}

// send answers a request as somebody who works at a unit, "" for a visitor, at a host.
func (w *world) send(code, host, method, path string, form url.Values, headers ...string) *httptest.ResponseRecorder {
	w.Helper()
	body := ""
	if form != nil {
		body = form.Encode()
		headers = append([]string{"Content-Type", "application/x-www-form-urlencoded"}, headers...)
	}
	return w.sendBody(code, host, method, path, strings.NewReader(body), headers...)
}

// upload sends a form with a file in one of its inputs, as somebody who works at a unit.
func (w *world) upload(code, path string, form url.Values, input string, data []byte) *httptest.ResponseRecorder {
	w.Helper()
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	for name, list := range form {
		for _, v := range list {
			w.must(m.WriteField(name, v))
		}
	}
	if data != nil {
		p, err := m.CreateFormFile(input, "照片.jpg")
		w.must(err)
		_, err = p.Write(data)
		w.must(err)
	}
	w.must(m.Close())
	return w.sendBody(code, "", "POST", path, &b, "Content-Type", m.FormDataContentType())
}

func (w *world) sendBody(code, host, method, path string, body io.Reader, headers ...string) *httptest.ResponseRecorder {
	w.Helper()
	w.handler()
	r := httptest.NewRequest(method, path, body)
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	if host != "" {
		r.Host = host
	}
	rec := httptest.NewRecorder()
	w.h.ServeHTTP(rec, r.WithContext(w.by(code)))
	return rec
}

// get is what a visitor reads; the code says whether it is there.
func (w *world) get(path string) (int, string) {
	w.Helper()
	rec := w.send("", "", "GET", path, nil)
	if len(rec.Result().Cookies()) > 0 {
		w.Errorf("%s sets a cookie", path)
	}
	return rec.Code, rec.Body.String()
}
