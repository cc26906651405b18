package meeting

import (
	"bytes"
	"context"
	"errors"
	"mime/multipart"
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

// world is the module over a city with two counties, one of which has two townships.
type world struct {
	*testing.T
	ctx  context.Context // the operator's
	now  *time.Time
	s    *Service
	rec  *record.Service
	org  *org.Service
	led  *ledger.Service
	flow *flow.Service
}

func open(t *testing.T) *world {
	t.Helper()
	bg := context.Background()
	sources := []db.Source{{Module: "web", Files: web.Migrations}, {Module: "audit", Files: audit.Migrations}, {Module: "account", Files: account.Migrations}, {Module: "org", Files: org.Migrations},
		{Module: "ledger", Files: ledger.Migrations}, {Module: "record", Files: record.Migrations}, {Module: "flow", Files: flow.Migrations}, {Module: "meeting", Files: Migrations}}
	dsn := testkit.Prepared(t, "meeting", func(dsn string) error {
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
	texts, err := i18n.Load(Texts, ui.Texts, web.Texts, table.Texts, file.Texts, blob.Texts, audit.Texts, org.Texts, ledger.Texts, record.Texts, flow.Texts)
	if err != nil {
		t.Fatal(err)
	}
	w := &world{T: t, now: new(time.Time)}
	w.on(today)
	w.ctx = clock.With(i18n.With(scope.With(bg, scope.System("test")), texts, "zh"), func() time.Time { return *w.now })
	log := audit.New(d)
	w.org = org.New(d, log)
	w.led = ledger.New(d, w.org)
	w.rec = record.New(d, log, w.led, w.org)
	w.flow = flow.New(d, log, org.Tree{Service: w.org})
	blobs, err := blob.NewFolder(t.TempDir())
	w.must(err)
	w.s = New(d, w.rec, w.led, w.org, w.flow, log, blobs)
	w.org.OnChanged(w.led.UnitChanged)
	w.must(w.led.Load(w.ctx))
	w.must(w.org.FoundAll(w.ctx, []org.NewUnit{
		{Code: "9902", Name: "云州市关工委", Level: org.City, From: "2000-01-01"},
		{Code: "990203", Name: "南江区关工委", Level: org.County, ParentCode: "9902", From: "2000-01-01"},
		{Code: "990204", Name: "北仓区关工委", Level: org.County, ParentCode: "9902", From: "2000-01-01"},
		{Code: "990203001", Name: "柳溪镇关工委", Level: org.Township, Kind: org.Town, ParentCode: "990203", From: "2000-01-01"},
		{Code: "990203002", Name: "白沙镇关工委", Level: org.Township, Kind: org.Town, ParentCode: "990203", From: "2000-01-01"},
	}))
	return w
}

// on sets the day that it is.
func (w *world) on(day clock.Day) { *w.now = day.Time().Add(9 * time.Hour) }

func (w *world) must(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

// refused is what a refusal says of a field, "" when it says nothing of it.
func (w *world) refused(err error, field string) string {
	w.Helper()
	var e *errs.Error
	if !errors.As(err, &e) || e.Kind != errs.Invalid {
		w.Fatalf("%s was not refused: %v", field, err)
	}
	for _, f := range e.Fields {
		if f.Name == field {
			return f.Key
		}
	}
	w.Fatalf("nothing is said of %s: %+v", field, e.Fields)
	return ""
}

func (w *world) kind(err error, k errs.Kind) {
	w.Helper()
	if !errs.Is(err, k) {
		w.Fatalf("%v, want kind %v", err, k)
	}
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
		WorkSet: scope.Set{{From: u.Pos, To: u.Pos + 1}}, ViewSet: scope.Set{u.Range()}, FindSet: scope.All})
}

// send asks the module's pages as a browser of somebody would.
func (w *world) send(r *http.Request) *httptest.ResponseRecorder {
	w.Helper()
	ctx := r.Context()
	site := &web.Site{Actor: func(*http.Request) (scope.Actor, error) { return scope.From(ctx), nil },
		UnitPos: func(ctx context.Context, ref string) (int64, error) {
			u, err := w.org.Resolve(ctx, ref)
			return u.Pos, err
		},
		Fail: func(rw http.ResponseWriter, r *http.Request, err error) {
			http.Error(rw, i18n.Error(r.Context(), err), errs.KindOf(err).Status())
		}}
	site.Add(w.s.Routes()...)
	site.Add(w.rec.Routes()...)
	h, err := site.Handler()
	w.must(err)
	got := httptest.NewRecorder()
	h.ServeHTTP(got, r)
	return got
}

func (w *world) raw(ctx context.Context, path string, status int) *httptest.ResponseRecorder {
	w.Helper()
	got := w.send(httptest.NewRequest(http.MethodGet, path, nil).WithContext(ctx))
	if got.Code != status {
		w.Fatalf("GET %s answers %d: %.300s", path, got.Code, got.Body)
	}
	return got
}

// get asks for a page and its status, and answers what stands on it.
func (w *world) get(ctx context.Context, path string, status int) testkit.Doc {
	w.Helper()
	return testkit.HTML(w.T, w.raw(ctx, path, status).Body.String())
}

// post sends a form with a key and answers where it leads.
func (w *world) post(ctx context.Context, path string, f url.Values, status int) string {
	w.Helper()
	f.Set("_key", web.NewKey())
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(f.Encode())).WithContext(ctx)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return w.sent(r, status)
}

func (w *world) sent(r *http.Request, status int) string {
	w.Helper()
	got := w.send(r)
	if got.Code != status {
		w.Fatalf("%s %s answers %d: %.600s", r.Method, r.URL, got.Code, got.Body)
	}
	return got.Header().Get("Location")
}

// upload sends a form with a file.
func (w *world) upload(ctx context.Context, path string, f url.Values, name, text string, status int) string {
	w.Helper()
	f.Set("_key", web.NewKey())
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	for k := range f {
		w.must(m.WriteField(k, f.Get(k)))
	}
	p, err := m.CreateFormFile("file", name)
	w.must(err)
	_, err = p.Write([]byte(text))
	w.must(err)
	w.must(m.Close())
	r := httptest.NewRequest(http.MethodPost, path, &b).WithContext(ctx)
	r.Header.Set("Content-Type", m.FormDataContentType())
	return w.sent(r, status)
}

// held is a joint meeting of the city a week ago, with a county and two bodies that were asked to come.
func (w *world) held() id.Ref {
	w.Helper()
	ref, err := w.s.CreateWith(w.as("9902"), Meeting{Unit: w.unit("9902").ID, Kind: "联席会议", Title: "第二季度联席会议", Day: "2019-05-24", Chair: "周启明", Agenda: []string{"通报情况", "研究假期安排"}},
		[]string{"南江区关工委 林素云 主任", "市教育局 王明 副局长", "团市委 李静 副书记"})
	w.must(err)
	return ref
}

// version is the newest version of a meeting.
func (w *world) version(ref id.Ref) Change {
	w.Helper()
	_, v, err := w.s.Get(w.ctx, ref)
	w.must(err)
	return Change{Version: v.N}
}

func (w *world) decisionVersion(ref id.Ref) Change {
	w.Helper()
	_, v, err := w.s.Decision(w.ctx, ref)
	w.must(err)
	return Change{Version: v.N}
}

// figure is a figure of a unit today.
func (w *world) figure(code, unit string) int64 {
	w.Helper()
	v, err := w.led.Ask(w.ctx, ledger.Query{Figure: code, Unit: w.unit(unit).ID, Day: clock.Today(w.ctx)})
	w.must(err)
	if v.Amount == nil {
		return 0
	}
	return *v.Amount
}

// testHTML sends a form that is refused and answers the page.
func testHTML(w *world, ctx context.Context, path string, f url.Values) string {
	w.Helper()
	f.Set("_key", web.NewKey())
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(f.Encode())).WithContext(ctx)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	got := w.send(r)
	if got.Code != http.StatusUnprocessableEntity {
		w.Fatalf("POST %s answers %d", path, got.Code)
	}
	return got.Body.String()
}

// partners is a register of bodies.
type partners []Partner

func (p partners) PartnersOf(context.Context, org.Unit) ([]Partner, error) { return p, nil }

// seated is the account number of whoever stands for the first body.
const seated = id.ID(77)

func (p partners) Mine(ctx context.Context) (*Partner, error) {
	if scope.From(ctx).Account != seated {
		return nil, nil
	}
	return &p[0], nil
}
