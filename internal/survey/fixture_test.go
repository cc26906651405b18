package survey

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
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
	return 0, 0, errs.New(errs.NotFound, "errs.not_found")
}

func (a tree) Pos(ctx context.Context, unit id.ID) (int64, error) {
	u, err := a.o.Unit(ctx, unit)
	return u.Pos, err
}

func (a tree) Name(ctx context.Context, unit id.ID) (string, error) {
	u, err := a.o.Unit(ctx, unit)
	return u.Name, err
}

// shelf is a register of bases in memory, with what was written into it.
type shelf struct {
	bases    map[id.Ref]*kept
	from     []string
	previous map[id.Ref]map[string]Value
	org      *org.Service
}

type kept struct {
	Subject
	host    id.ID
	version int64
}

func (s *shelf) Fields(context.Context, org.Unit) ([]Field, error) {
	return []Field{{Key: "run_mode", Label: "运行方式", Kind: "choice", Options: []Option{{"self", "自建自管"}, {"joint", "共建共管"}}}, {Key: "capacity", Label: "接待（人）", Kind: "number"},
		{Key: "facilities", Label: "设施", Kind: "several", Options: []Option{{"toilet", "厕所"}, {"water", "饮水"}, {"wifi", "无线网络"}}}}, nil
}

func (s *shelf) Of(_ context.Context, u org.Unit) (out []Subject, _ error) {
	for _, b := range s.bases {
		if b.host == u.ID {
			out = append(out, b.Subject)
		}
	}
	return out, nil
}

func (s *shelf) Within(ctx context.Context, within scope.Set) (out []id.ID, _ error) {
	for ref, b := range s.bases {
		if u, err := s.org.Unit(ctx, b.host); err == nil && within.Contains(u.Pos) {
			out = append(out, ref.ID)
		}
	}
	return out, nil
}

func (s *shelf) Hosts(ctx context.Context, bases []id.ID) (out []int64, _ error) {
	for ref, b := range s.bases {
		if u, err := s.org.Unit(ctx, b.host); err == nil && slices.Contains(bases, ref.ID) && !slices.Contains(out, u.Pos) {
			out = append(out, u.Pos)
		}
	}
	return out, nil
}

func (s *shelf) Correct(ctx context.Context, ref id.Ref, host org.Unit, was, now map[string]Value, ch record.Change) (int64, error) {
	b := s.bases[ref]
	if b == nil || b.host != host.ID {
		return 0, errs.New(errs.NotFound, "errs.not_found")
	}
	if !scope.From(ctx).May(scope.Work, host.Pos) {
		return 0, errs.New(errs.Forbidden, "errs.not_yours")
	}
	next := map[string]Value{}
	for k, v := range b.Values {
		next[k] = v
	}
	for k := range now {
		if fmt.Sprint(b.Values[k]) != fmt.Sprint(was[k]) {
			return 0, errs.New(errs.Conflict, "errs.changed")
		}
		next[k] = now[k]
	}
	s.previous[ref], b.Values = b.Values, next
	b.version++
	s.from = append(s.from, ch.Reason)
	return b.version, nil
}

func (s *shelf) Undo(_ context.Context, ref id.Ref, version int64) error {
	if s.bases[ref].version != version {
		return errs.New(errs.Conflict, "record.changed_meanwhile")
	}
	s.bases[ref].Values = s.previous[ref]
	s.bases[ref].version++
	return nil
}

// world is the module over a city with ten counties and two townships in the first, beside a register in memory.
type world struct {
	*testing.T
	ctx   context.Context // the operator's
	now   *time.Time
	db    *db.DB
	s     *Service
	rec   *record.Service
	led   *ledger.Service
	org   *org.Service
	flow  *flow.Service
	shelf *shelf
	texts *i18n.Texts
}

func open(t *testing.T) *world {
	t.Helper()
	bg := context.Background()
	sources := []db.Source{{Module: "web", Files: web.Migrations}, {Module: "audit", Files: audit.Migrations}, {Module: "account", Files: account.Migrations}, {Module: "org", Files: org.Migrations},
		{Module: "ledger", Files: ledger.Migrations}, {Module: "record", Files: record.Migrations}, {Module: "flow", Files: flow.Migrations}, {Module: "survey", Files: Migrations}}
	dsn := testkit.Prepared(t, "survey", func(dsn string) error {
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
	w := &world{T: t, db: d, texts: texts, now: new(time.Time), shelf: &shelf{bases: map[id.Ref]*kept{}, previous: map[id.Ref]map[string]Value{}}}
	*w.now = today.Time().Add(9 * time.Hour)
	w.ctx = clock.With(i18n.With(scope.With(bg, scope.System("test")), texts, "zh"), func() time.Time { return *w.now })
	log := audit.New(d)
	w.org = org.New(d, log)
	w.shelf.org = w.org
	w.led = ledger.New(d, w.org)
	w.rec = record.New(d, log, w.led, w.org)
	w.flow = flow.New(d, log, tree{w.org})
	blobs, err := blob.NewFolder(t.TempDir())
	w.must(err)
	w.s = New(d, w.rec, w.led, w.org, w.flow, log, w.shelf, func(context.Context, org.Unit) ([]Need, error) {
		return []Need{{"心理健康", "心理健康", "mind"}, {"书画", "书画", "culture"}, {"助学", "助学", "growth"}}, nil
	}, func(r *http.Request) string { return r.RemoteAddr }, blobs)
	w.org.OnChanged(w.led.UnitChanged)
	w.org.OnChanged(w.s.UnitChanged)
	w.must(w.led.Load(w.ctx))
	units := []org.NewUnit{{Code: "9902", Name: "云州市", Level: org.City, From: "2000-01-01"}}
	for n := 1; n <= 10; n++ {
		units = append(units, org.NewUnit{Code: county(n), Name: fmt.Sprintf("%d号县", n), Level: org.County, ParentCode: "9902", From: "2000-01-01"})
	}
	for n := 1; n <= 2; n++ {
		units = append(units, org.NewUnit{Code: fmt.Sprintf("990201%03d", n), Name: fmt.Sprintf("%d号镇", n), Level: org.Township, Kind: org.Town, ParentCode: "990201", From: "2000-01-01"})
	}
	w.must(w.org.FoundAll(w.ctx, units))
	return w
}

func county(n int) string { return fmt.Sprintf("9902%02d", n) }

func (w *world) must(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

// refused tells that an error is of a kind, with its key or a field of it.
func (w *world) refused(err error, kind errs.Kind, key string) {
	w.Helper()
	var e *errs.Error
	if !errors.As(err, &e) || e.Kind != kind {
		w.Fatalf("refused with %v, want %v", err, kind)
	}
	for _, f := range e.Fields {
		if f.Key == key {
			return
		}
	}
	if e.Key != key {
		w.Errorf("refused with %s %v, want %s", e.Key, e.Fields, key)
	}
}

func (w *world) unit(code string) org.Unit {
	w.Helper()
	u, err := w.org.ByCode(w.ctx, code)
	w.must(err)
	return u
}

// as acts for the clerk of a unit: works at the unit alone, views its subtree.
func (w *world) as(code string) context.Context {
	u := w.unit(code)
	own, all := scope.Set{{From: u.Pos, To: u.Pos + 1}}, scope.Set{u.Range()}
	return scope.With(w.ctx, scope.Actor{Account: u.ID, Name: "经办人" + code, Unit: u.ID, Pos: u.Pos, WorkSet: own, ViewSet: all, FindSet: all, AdminSet: own})
}

// base puts a base into the register.
func (w *world) base(code, name string, values map[string]Value) id.Ref {
	u := w.unit(code)
	ref := id.Ref{Root: u.Root(), ID: id.New()}
	w.shelf.bases[ref] = &kept{Subject{Ref: ref, Name: name, Values: values}, u.ID, 1}
	return ref
}

// census is a survey of all bases that the city issued to its counties, about how bases are run and what they have.
func (w *world) census() id.Ref {
	w.Helper()
	ref, err := w.s.Create(w.as("9902"), Survey{Unit: w.unit("9902").ID, Title: "2019年阵地普查", About: "base", Levels: []org.Level{org.County}, Due: "2019-06-20", Document: "云关工〔2019〕9号"})
	w.must(err)
	w.must(w.s.AskFields(w.as("9902"), ref, 1, []string{"run_mode", "capacity", "facilities"}))
	w.must(w.s.Ask(w.as("9902"), ref, 2, Question{Label: "今年接待多少人", Kind: "number", Required: true}))
	w.must(w.s.Issue(w.as("9902"), ref, 3))
	return ref
}

func (w *world) task(as, unit string, ref id.Ref) Task {
	w.Helper()
	t, err := w.s.Task(w.as(as), ref, w.unit(unit).ID)
	w.must(err)
	return t
}

// sent fills a unit's answer in for its one base and sends it.
func (w *world) sent(code string, ref, base id.Ref, typed map[int][]string) {
	w.Helper()
	u := w.unit(code).ID
	w.must(w.s.Fill(w.as(code), ref, u, w.task(code, code, ref).Version, base.String(), typed, record.Change{}))
	w.must(w.s.Send(w.as(code), ref, u, w.task(code, code, ref).Version))
}

func (w *world) wants(code string, figures map[string]int64) {
	w.Helper()
	for figure, want := range figures {
		v, err := w.led.Ask(w.ctx, ledger.Query{Figure: figure, Unit: w.unit(code).ID, Day: clock.DayOf(*w.now)})
		w.must(err)
		if v.Int() != want {
			w.Errorf("%s of %s is %d, want %d", figure, code, v.Int(), want)
		}
	}
}

// inbox are the titles of what waits for a unit's clerk.
func (w *world) inbox(code string) string {
	w.Helper()
	items, _, err := w.flow.Inbox(w.as(code), 50)
	w.must(err)
	var out []string
	for _, i := range items {
		out = append(out, i.Title+"："+i.Why)
	}
	return strings.Join(out, "\n")
}

// send asks the module's pages as a browser of somebody would.
func (w *world) send(ctx context.Context, method, path string, f url.Values) *httptest.ResponseRecorder {
	w.Helper()
	return w.raw(ctx, method, path, "application/x-www-form-urlencoded", strings.NewReader(f.Encode()))
}

// raw is send with a body as it is.
func (w *world) raw(ctx context.Context, method, path, kind string, body io.Reader) *httptest.ResponseRecorder {
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
	r := httptest.NewRequest(method, path, body).WithContext(ctx)
	r.Header.Set("Content-Type", kind)
	got := httptest.NewRecorder()
	h.ServeHTTP(got, r)
	return got
}

// in is somebody who reads in a language.
func (w *world) in(ctx context.Context, lang string) context.Context {
	return i18n.With(ctx, w.texts, lang)
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
