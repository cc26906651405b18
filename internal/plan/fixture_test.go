package plan

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

// world is the module over a city with two counties, beside meetings that are kept in memory.
type world struct {
	*testing.T
	ctx  context.Context // the operator's
	db   *db.DB
	s    *Service
	rec  *record.Service
	led  *ledger.Service
	org  *org.Service
	held map[id.ID]ledger.Record
	done []Link // what Works finds
}

func open(t *testing.T) *world {
	t.Helper()
	bg := context.Background()
	sources := []db.Source{{Module: "web", Files: web.Migrations}, {Module: "audit", Files: audit.Migrations}, {Module: "account", Files: account.Migrations}, {Module: "org", Files: org.Migrations},
		{Module: "ledger", Files: ledger.Migrations}, {Module: "record", Files: record.Migrations}, {Module: "plan", Files: Migrations}}
	dsn := testkit.Prepared(t, "plan", func(dsn string) error {
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
	texts, err := i18n.Load(Texts, ui.Texts, web.Texts, table.Texts, audit.Texts, org.Texts, ledger.Texts, record.Texts, flow.Texts)
	if err != nil {
		t.Fatal(err)
	}
	w := &world{T: t, db: d, held: map[id.ID]ledger.Record{}}
	w.ctx = clock.With(i18n.With(scope.With(bg, scope.System("test")), texts, "zh"), func() time.Time { return today.Time().Add(9 * time.Hour) })
	log := audit.New(d)
	w.org = org.New(d, log)
	w.led = ledger.New(d, w.org)
	w.led.Register(&ledger.Source{Kind: "meeting", Name: ledger.Words{Zh: "会议", En: "Meeting"}, Fields: map[string]any{"kind": "", "joint": false, "above": false, "body": "", "expected": int64(0), "came": int64(0), "absent": int64(0)},
		OfUnit:   func(context.Context, id.ID) ([]ledger.Record, error) { return nil, nil },
		Load:     func(context.Context, []id.ID) ([]ledger.Record, error) { return nil, nil },
		Describe: func(context.Context, []id.ID) (map[id.ID]ledger.Description, error) { return nil, nil },
		Each: func(_ context.Context, f func(ledger.Record) error) error {
			for _, r := range w.held {
				if err := f(r); err != nil {
					return err
				}
			}
			return nil
		}})
	w.rec = record.New(d, log, w.led, w.org)
	w.s = New(d, w.rec, w.led, w.org)
	w.s.SetWorks(func(_ context.Context, _ org.Unit, from, to clock.Day, text string) (out []Link, _ error) {
		for _, l := range w.done {
			if l.Day >= from && l.Day <= to && strings.Contains(l.Title, text) {
				out = append(out, l)
			}
		}
		return out, nil
	})
	w.org.OnChanged(w.led.UnitChanged)
	w.org.OnChanged(w.s.UnitChanged)
	w.must(w.led.Load(w.ctx))
	w.must(w.org.FoundAll(w.ctx, []org.NewUnit{
		{Code: "9902", Name: "云州市", Level: org.City, From: "2000-01-01"},
		{Code: "990203", Name: "南江区", Level: org.County, ParentCode: "9902", From: "2000-01-01"},
		{Code: "990204", Name: "北仓区", Level: org.County, ParentCode: "9902", From: "2000-01-01"},
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

// meet holds a joint meeting of a unit on a day.
func (w *world) meet(code string, day clock.Day) {
	w.Helper()
	u := w.unit(code)
	r := ledger.Record{Ref: id.Ref{Root: u.Root(), ID: id.New()}, Attrs: map[string]any{"kind": "联席会议", "joint": true}, Rows: []ledger.Row{{Type: "held", From: day, Units: []id.ID{u.ID}}}}
	w.held[r.Ref.ID] = r
	w.must(w.db.Tx(w.ctx, func(ctx context.Context) error { return w.led.Post(ctx, "meeting", r) }))
}

// plan begins a plan of a unit for 2019, and item puts something into it.
func (w *world) plan(code string) id.Ref {
	w.Helper()
	ref, err := w.s.Create(w.as(code), Plan{Unit: w.unit(code).ID, Year: 2019, Title: "2019年工作计划"}, record.Change{})
	w.must(err)
	return ref
}

func (w *world) item(code string, i Item) id.Ref {
	w.Helper()
	ref, err := w.s.Add(w.as(code), i, record.Change{})
	w.must(err)
	return ref
}

func (w *world) wants(code string, figures map[string]int64) {
	w.Helper()
	for figure, want := range figures {
		v, err := w.led.Ask(w.ctx, ledger.Query{Figure: figure, Unit: w.unit(code).ID, Day: today})
		w.must(err)
		if v.Int() != want {
			w.Errorf("%s of %s is %d, want %d", figure, code, v.Int(), want)
		}
	}
}

// send asks the module's pages as a browser of somebody would.
func (w *world) send(ctx context.Context, method, path string, f url.Values) *httptest.ResponseRecorder {
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
	r := httptest.NewRequest(method, path, strings.NewReader(f.Encode())).WithContext(ctx)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	got := httptest.NewRecorder()
	h.ServeHTTP(got, r)
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
