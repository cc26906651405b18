package library

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
	"xinhuo/internal/kit/extract"
	"xinhuo/internal/kit/file"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/search"
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
	testing.TB
	ctx    context.Context // the operator's
	now    *time.Time
	db     *db.DB
	s      *Service
	org    *org.Service
	led    *ledger.Service
	flow   *flow.Service
	h      http.Handler
	as     map[string]scope.Actor
	filled int // documents that a benchmark put in

	indexing time.Duration // that it took to put their texts into the index
}

func openWorld(t testing.TB) *world {
	t.Helper()
	bg := context.Background()
	sources := []db.Source{{Module: "web", Files: web.Migrations}, {Module: "audit", Files: audit.Migrations}, {Module: "account", Files: account.Migrations}, {Module: "org", Files: org.Migrations},
		{Module: "ledger", Files: ledger.Migrations}, {Module: "record", Files: record.Migrations}, {Module: "flow", Files: flow.Migrations}, {Module: "library", Files: Migrations}}
	dsn := testkit.Prepared(t, "library", func(dsn string) error {
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
	texts, err := i18n.Load(Texts, ui.Texts, web.Texts, table.Texts, file.Texts, extract.Texts, search.Texts, blob.Texts, audit.Texts, org.Texts, ledger.Texts, record.Texts, flow.Texts)
	if err != nil {
		t.Fatal(err)
	}
	w := &world{TB: t, now: new(time.Time), db: d, as: map[string]scope.Actor{}}
	w.on(today)
	w.ctx = clock.With(i18n.With(scope.With(bg, scope.System("test")), texts, "zh"), func() time.Time { return *w.now })
	log := audit.New(d)
	w.org = org.New(d, log)
	w.led = ledger.New(d, w.org)
	rec := record.New(d, log, w.led, w.org)
	w.flow = flow.New(d, log, org.Tree{Service: w.org})
	blobs, err := blob.NewFolder(t.TempDir())
	w.must(err)
	w.s = New(d, rec, w.led, w.org, w.flow, log, blobs)
	w.org.OnChanged(w.led.UnitChanged)
	w.org.OnMoved(w.s.UnitChanged)
	w.must(errors.Join(w.led.Load(w.ctx), w.s.Start(w.ctx)))
	w.must(w.org.FoundAll(w.ctx, []org.NewUnit{
		{Code: "9902", Name: "云州市关工委", Level: org.City, From: "2000-01-01"},
		{Code: "990203", Name: "南江区关工委", Level: org.County, ParentCode: "9902", From: "2000-01-01"},
		{Code: "990204", Name: "北仓区关工委", Level: org.County, ParentCode: "9902", From: "2000-01-01"},
		{Code: "990203001", Name: "柳溪镇关工委", Level: org.Township, Kind: org.Town, ParentCode: "990203", From: "2000-01-01"},
		{Code: "990203002", Name: "白沙镇关工委", Level: org.Township, Kind: org.Town, ParentCode: "990203", From: "2000-01-01"},
	}))
	for _, code := range places {
		u := w.unit(code)
		w.as[code] = scope.Actor{Account: id.ID(u.Pos), Name: "林素云", Unit: u.ID, Pos: u.Pos, WorkSet: scope.Set{{From: u.Pos, To: u.Pos + 1}}, ViewSet: scope.Set{u.Range()}, FindSet: scope.All}
	}
	all := w.unit("9902").Range()
	w.as["audit"] = scope.Actor{Account: 77, Name: "徐素清", Auditor: true, ViewSet: scope.Set{all}, AuditSet: scope.Set{all}}
	w.as["visitor"] = scope.Actor{}
	city := w.unit("9902")
	w.as["partner"] = scope.Actor{Account: 78, Name: "何致远", Unit: city.ID, Pos: city.Pos} // of a body beside the tree
	w.h = http.NewServeMux()
	for _, r := range w.s.Routes() {
		w.h.(*http.ServeMux).HandleFunc(r.Method+" "+r.Path, func(rw http.ResponseWriter, req *http.Request) {
			if err := r.Handler(rw, req); err != nil {
				var e *errs.Error
				code := http.StatusInternalServerError
				if errors.As(err, &e) {
					code = map[errs.Kind]int{errs.NotFound: 404, errs.Forbidden: 403, errs.Conflict: 409, errs.Invalid: 422, errs.TooLarge: 413}[e.Kind]
				}
				http.Error(rw, err.Error(), max(code, 400))
			}
		})
	}
	return w
}

// kinds are the categories that ship and take documents.
var kinds = []string{"work.speech", "work.notice", "work.plan", "work.summary", "work.rules", "teach.lesson", "teach.lecture", "research.report", "research.lessons", "publicity.news", "other"}

// places are the codes of the units.
var places = []string{"9902", "990203", "990204", "990203001", "990203002"}

// on sets the day that it is.
func (w *world) on(day clock.Day) { *w.now = day.Time().Add(9 * time.Hour) }

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

func (w *world) unit(code string) org.Unit {
	w.Helper()
	u, err := w.org.ByCode(w.ctx, code)
	w.must(err)
	return u
}

// by acts for one of w.as.
func (w *world) by(who string) context.Context { return scope.With(w.ctx, w.as[who]) }

// draft takes a text in as a document of a unit.
func (w *world) draft(code, name, text string, as Document) (id.Ref, Document) {
	w.Helper()
	ctx := w.by(code)
	in, err := w.s.Take(ctx, name, strings.NewReader(text))
	w.must(err)
	if as.Category == "" {
		as.Category = "work.speech"
	}
	if as.Visible == "" {
		as.Visible = VisibleMembers
	}
	refs, err := w.s.Create(ctx, w.unit(code).ID, []Incoming{in}, as)
	w.must(err)
	d, _, err := w.s.Get(ctx, refs[0])
	w.must(err)
	return refs[0], d
}

// issued is a draft that was issued.
func (w *world) issued(code, name, text string, as Document) (id.Ref, Document) {
	w.Helper()
	ref, _ := w.draft(code, name, text, as)
	version := int64(1)
	tree, err := w.s.Categories(w.ctx)
	w.must(err)
	if tree.Reviewed(as.Category) {
		version = w.approve(code, ref)
	}
	w.must(w.s.Issue(w.by(code), ref, version, true))
	d, _, err := w.s.Get(w.by(code), ref)
	w.must(err)
	return ref, d
}

// approve sends a draft of a unit for review and has it approved; it answers the document's version.
func (w *world) approve(code string, ref id.Ref) int64 {
	w.Helper()
	_, v, err := w.s.Get(w.by(code), ref)
	w.must(err)
	w.must(w.s.Submit(w.by(code), ref, v.N, ""))
	w.decide(ref, flow.Act{Key: "approve"})
	_, v, err = w.s.Get(w.by(code), ref)
	w.must(err)
	return v.N
}

// decide acts on the review of a document as the operator.
func (w *world) decide(ref id.Ref, act flow.Act) {
	w.Helper()
	c, ok, err := w.s.Reviewing(w.ctx, ref)
	w.must(err)
	if !ok {
		w.Fatal("nobody reviews it")
	}
	_, err = w.flow.Act(w.ctx, c.Ref(), act)
	w.must(err)
}

// numbers are those that somebody finds.
func (w *world) numbers(who string, f Filter) (out []int64) {
	w.Helper()
	f.Limit = 1000
	list, _, _, _, err := w.s.List(w.by(who), f)
	w.must(err)
	for _, l := range list {
		out = append(out, l.No)
	}
	return out
}

func (w *world) get(who, path string, want int) *httptest.ResponseRecorder {
	w.Helper()
	return w.do(who, httptest.NewRequest("GET", path, nil), want)
}

func (w *world) post(who, path string, form url.Values, want int) *httptest.ResponseRecorder {
	w.Helper()
	form.Set("_key", web.NewKey())
	r := httptest.NewRequest("POST", path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return w.do(who, r, want)
}

// upload sends a form with files, by name.
func (w *world) upload(who, path string, form url.Values, files map[string]string, want int) *httptest.ResponseRecorder {
	w.Helper()
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	form.Set("_key", web.NewKey())
	for k := range form {
		w.must(m.WriteField(k, form.Get(k)))
	}
	for name, text := range files {
		p, err := m.CreateFormFile("file", name)
		w.must(err)
		_, err = p.Write([]byte(text))
		w.must(err)
	}
	w.must(m.Close())
	r := httptest.NewRequest("POST", path, &b)
	r.Header.Set("Content-Type", m.FormDataContentType())
	return w.do(who, r, want)
}

func (w *world) do(who string, r *http.Request, want int) *httptest.ResponseRecorder {
	w.Helper()
	rec := httptest.NewRecorder()
	w.h.ServeHTTP(rec, r.WithContext(w.by(who)))
	if rec.Code != want {
		w.Fatalf("%s %s as %s: %d, want %d\n%s", r.Method, r.URL, who, rec.Code, want, rec.Body)
	}
	return rec
}
