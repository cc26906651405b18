package record_test

import (
	"bytes"
	"context"
	"errors"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"xinhuo/internal/audit"
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

// thing is a record of the test.
type thing struct {
	Unit id.ID
	Code string
	Day  clock.Day
}

// office is two units with a book of things that can be imported.
type office struct {
	t     *testing.T
	ctx   context.Context
	s     *record.Service
	site  http.Handler
	db    *db.DB
	mine  org.Unit
	other org.Unit
	clerk scope.Actor
}

func openOffice(t *testing.T) *office {
	t.Helper()
	f := &office{t: t}
	sources := []db.Source{{Module: "web", Files: web.Migrations}, {Module: "audit", Files: audit.Migrations}, {Module: "org", Files: org.Migrations},
		{Module: "ledger", Files: ledger.Migrations}, {Module: "record", Files: record.Migrations}}
	dsn := testkit.Prepared(t, "record-pages", func(dsn string) error {
		d, err := db.Open(context.Background(), dsn)
		if err != nil {
			return err
		}
		made := d.Tx(context.Background(), func(ctx context.Context) error {
			_, err := d.Exec(ctx, `CREATE TABLE thing (code TEXT PRIMARY KEY)`)
			return err
		})
		return errors.Join(made, d.Migrate(context.Background(), sources), d.Close())
	})
	d, err := db.Open(context.Background(), dsn)
	f.must(err)
	t.Cleanup(func() { d.Close() })
	f.db = d
	texts, err := i18n.Load(record.Texts, ledger.Texts, ui.Texts, web.Texts, table.Texts)
	f.must(err)
	now := func() time.Time { return clock.Day("2019-05-31").Time().Add(9 * time.Hour) }
	f.ctx = i18n.With(clock.With(scope.With(context.Background(), scope.System("test")), now), texts, "zh")
	a := audit.New(d)
	o := org.New(d, a)
	l := ledger.New(d, o)
	o.OnChanged(l.UnitChanged)
	f.s = record.New(d, a, l, o)
	book := record.NewBook(f.s, record.Kind[thing]{Name: "thing",
		Home: func(v thing) id.ID { return v.Unit },
		Put: func(ctx context.Context, _ id.Ref, v thing, gone bool) error {
			q := `INSERT INTO thing (code) VALUES ($1)`
			if gone {
				q = `DELETE FROM thing WHERE code = $1`
			}
			_, err := d.Exec(ctx, q, v.Code)
			return err
		},
		Rows: func(ref id.Ref, v thing) ledger.Record {
			return ledger.Record{Ref: ref, Rows: []ledger.Row{{Type: "thing", From: v.Day, Units: []id.ID{v.Unit}}}}
		}}, &ledger.Source{Fields: map[string]any{}})
	f.must(l.Load(f.ctx))
	f.must(o.FoundAll(f.ctx, []org.NewUnit{{Code: "9902", Name: "云州市", Level: org.City, From: "2000-01-01"},
		{Code: "990201", Name: "南江区", Level: org.County, ParentCode: "9902", From: "2000-01-01"},
		{Code: "990202", Name: "北仓区", Level: org.County, ParentCode: "9902", From: "2000-01-01"}}))
	f.mine, err = o.ByCode(f.ctx, "990201")
	f.must(err)
	f.other, err = o.ByCode(f.ctx, "990202")
	f.must(err)
	own := scope.Set{f.mine.Range()}
	f.clerk = scope.Actor{Account: 7, Name: "林一", Unit: f.mine.ID, Pos: f.mine.Pos, WorkSet: own, ViewSet: own, FindSet: own}
	f.s.AddImporter(&record.Importer{Kind: "thing", Title: "record.file", Back: "/thing",
		Columns: func(context.Context) []table.Column {
			return []table.Column{{Key: "code", Titles: []string{"编号"}, Required: true}, {Key: "day", Titles: []string{"日期"}, Kind: table.Day, Required: true}}
		},
		Take: func(ctx context.Context, u org.Unit, row map[string]table.Value, c record.Change) (string, record.Outcome, error) {
			code, day := row["code"].Text, clock.Day(row["day"].Text)
			if day > clock.Today(ctx) {
				var p errs.Fields
				p.Add("day", "errs.day_unreadable")
				return "", "", p.Err()
			}
			for _, have := range f.codes(ctx) {
				if have == code {
					return code, record.Same, nil
				}
			}
			_, err := book.Create(ctx, thing{u.ID, code, day}, c)
			return code, record.Added, err
		},
		Export: func(ctx context.Context, _ org.Unit, yield func([]table.Value) error) error {
			for _, code := range f.codes(ctx) {
				if err := yield([]table.Value{table.OfText(code), table.OfDay("2019-01-02")}); err != nil {
					return err
				}
			}
			return nil
		}})
	site := &web.Site{
		Actor:   func(r *http.Request) (scope.Actor, error) { return scope.From(r.Context()), nil },
		UnitPos: func(ctx context.Context, ref string) (int64, error) { u, err := o.Resolve(ctx, ref); return u.Pos, err },
		Fail: func(w http.ResponseWriter, _ *http.Request, err error) {
			http.Error(w, err.Error(), errs.KindOf(err).Status())
		}}
	site.Add(f.s.Routes()...)
	f.site, err = site.Handler()
	f.must(err)
	return f
}

func (f *office) codes(ctx context.Context) []string {
	f.t.Helper()
	list, err := db.Select[string](ctx, f.db, `SELECT code FROM thing ORDER BY code`)
	f.must(err)
	return list
}

func (f *office) must(err error) {
	f.t.Helper()
	if err != nil {
		f.t.Fatal(err)
	}
}

func (f *office) do(r *http.Request) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	f.site.ServeHTTP(w, r.WithContext(scope.With(f.ctx, f.clerk)))
	return w
}

func (f *office) get(path string) *httptest.ResponseRecorder {
	return f.do(httptest.NewRequest("GET", path, nil))
}

func (f *office) post(path string, form url.Values) *httptest.ResponseRecorder {
	r := httptest.NewRequest("POST", path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return f.do(r)
}

func (f *office) send(path, key, content string) *httptest.ResponseRecorder {
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	f.must(m.WriteField("_key", key))
	w, err := m.CreateFormFile("file", "表.csv")
	f.must(err)
	_, err = w.Write([]byte(content))
	f.must(err)
	f.must(m.Close())
	r := httptest.NewRequest("POST", path, &b)
	r.Header.Set("Content-Type", m.FormDataContentType())
	return f.do(r)
}

func (f *office) page(path string) testkit.Doc {
	f.t.Helper()
	w := f.get(path)
	if w.Code != 200 {
		f.t.Fatalf("%s: %d %s", path, w.Code, w.Body)
	}
	return testkit.HTML(f.t, w.Body.String())
}

const mixed = "编号,日期\nA1,2019-01-02\nA2,2019年2月30日\nA3,2031-01-01\nA4,2019-03-04\n"

func TestImportIsLookedAtTakenAndTakenBack(t *testing.T) { // R194: preview, good rows only, undo as a whole
	f := openOffice(t)
	w := f.send("/import/thing", "k1", mixed)
	if w.Code != http.StatusSeeOther {
		t.Fatalf("upload: %d %s", w.Code, w.Body)
	}
	batch := w.Header().Get("Location")
	if again := f.send("/import/thing", "k1", mixed).Header().Get("Location"); again != batch {
		t.Errorf("sent twice, the form leads to %s and %s", batch, again)
	}
	d := f.page(batch)
	if got := strings.Join(d.Texts(".figs b"), " "); got != "2 0 0 2" {
		t.Errorf("counts: %s", got)
	}
	d.MustHave("#problems tbody", "第3行")
	d.MustHave("#problems tbody", "第4行")
	d.MustHave("form.post button", "只收没有问题的2行")
	if d.Has("form.post .btn:not(.alt)") {
		t.Error("a table with problems offers to be taken whole")
	}
	if len(f.codes(f.ctx)) != 0 {
		t.Fatalf("the preview wrote %v", f.codes(f.ctx))
	}
	if w := f.post(batch+"/take", url.Values{"_key": {"k2"}}); w.Code != http.StatusUnprocessableEntity {
		t.Errorf("taking all in spite of problems answers %d", w.Code)
	}
	if w := f.post(batch+"/take", url.Values{"_key": {"k3"}, "good": {"1"}}); w.Code != http.StatusSeeOther {
		t.Fatalf("taking: %d %s", w.Code, w.Body)
	}
	if len(f.codes(f.ctx)) != 2 {
		t.Errorf("taken: %v", f.codes(f.ctx))
	}
	f.page(batch).MustHave(".note", "2行都已记到账上")
	list := f.page("/import/thing")
	list.MustHave("#earlier", "表.csv")
	list.MustHave("#earlier button", "整批撤回")
	if w := f.post(batch+"/undo", url.Values{"_key": {"k4"}}); w.Code != http.StatusSeeOther {
		t.Fatalf("undo: %d %s", w.Code, w.Body)
	}
	if len(f.codes(f.ctx)) != 0 {
		t.Errorf("after the undo: %v", f.codes(f.ctx))
	}
	f.page(batch).MustHave(".note", "整批撤回")
}

func TestATableCanBeDropped(t *testing.T) { // R194
	f := openOffice(t)
	batch := f.send("/import/thing", "k1", mixed).Header().Get("Location")
	if w := f.post(batch+"/drop", url.Values{"_key": {"k2"}}); w.Code != http.StatusSeeOther {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	if w := f.post(batch+"/take", url.Values{"_key": {"k3"}, "good": {"1"}}); w.Code != http.StatusConflict || len(f.codes(f.ctx)) != 0 {
		t.Errorf("a dropped table was taken: %d %v", w.Code, f.codes(f.ctx))
	}
	if f.page("/import/thing").Has("#earlier") {
		t.Error("a dropped table is listed among the imports")
	}
}

func TestUploadSaysWhatIsWrongWithTheFile(t *testing.T) { // R194
	f := openOffice(t)
	w := f.send("/import/thing", "k1", "")
	if w.Code != http.StatusUnprocessableEntity {
		t.Fatalf("an empty file answers %d", w.Code)
	}
	d := testkit.HTML(t, w.Body.String())
	d.MustHave(".err", "没有内容")
	columns := f.page(f.send("/import/thing", "k2", "编号,别的\nA1,x\n").Header().Get("Location"))
	columns.MustHave("#whole", "缺“日期”一列")
	if columns.Has("form[action$='/take']") {
		t.Error("a table without a required column can be taken")
	}
}

func TestTemplatesAndExports(t *testing.T) { // R194
	f := openOffice(t)
	batch := f.send("/import/thing", "k1", "编号,日期\nA1,2019-01-02\n").Header().Get("Location")
	if w := f.post(batch+"/take", url.Values{"_key": {"k2"}}); w.Code != http.StatusSeeOther {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	for path, want := range map[string]int{"/import/thing/template": 2, "/import/thing/template?empty=1": 1, "/export/thing": 2, "/export/thing?format=csv": 2} {
		w := f.get(path)
		sheet, err := table.Read("x", w.Body.Bytes(), table.Limits{})
		if err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		n := 0
		f.must(sheet.Rows(func(table.Row) error { n++; return nil }))
		f.must(sheet.Close())
		if n != want {
			t.Errorf("%s has %d rows, want %d", path, n, want)
		}
	}
	if w := f.get("/export/thing?format=exe"); w.Code != http.StatusNotFound {
		t.Errorf("an unknown format answers %d", w.Code)
	}
}

func TestImportsStayWithTheirUnit(t *testing.T) { // R189
	f := openOffice(t)
	batch := f.send("/import/thing", "k1", mixed).Header().Get("Location")
	for _, path := range []string{"/import/thing", "/import/thing/template", "/export/thing"} {
		if w := f.get(path + "?unit=" + f.other.ID.String()); w.Code != http.StatusNotFound {
			t.Errorf("%s of another unit answers %d", path, w.Code)
		}
	}
	f.clerk = scope.Actor{Account: 8, Name: "别人", Unit: f.other.ID, Pos: f.other.Pos, WorkSet: scope.Set{f.other.Range()}, ViewSet: scope.Set{f.other.Range()}}
	if w := f.get(batch); w.Code != http.StatusNotFound {
		t.Errorf("another unit's table answers %d", w.Code)
	}
	for _, act := range []string{"/take", "/drop", "/undo"} {
		if w := f.post(batch+act, url.Values{"_key": {"k" + act}, "good": {"1"}}); w.Code != http.StatusNotFound {
			t.Errorf("%s of another unit's table answers %d", act, w.Code)
		}
	}
}

// What stands in an office's table beside its records is left out and said, and keeps nothing out.
func TestTheTotalOfATableIsLeftOutAndSaid(t *testing.T) { // R194
	f := openOffice(t)
	batch := f.send("/import/thing", "k1", "某区一览表,\n编号,日期\nA,2019-01-02\n,\nB,2019-01-03\n合 计,2\n").Header().Get("Location")
	d := f.page(batch)
	if got := strings.Join(d.Texts(".figs b"), " "); got != "2 0 0 0" {
		t.Errorf("counts: %s", got)
	}
	d.MustHave("main", "第6行是“合计”，不是一条记录，已略过。")
	if w := f.post(batch+"/take", url.Values{"_key": {"k2"}}); w.Code != http.StatusSeeOther || len(f.codes(f.ctx)) != 2 {
		t.Errorf("taking: %d, %v", w.Code, f.codes(f.ctx))
	}
}

// A changed entry of a list is one change, from what it said to what it says, and not one that went and one that came.
func TestAChangedEntryOfAListIsOneChange(t *testing.T) {
	fact := func(item, text string) record.Fact { return record.Fact{Key: "x", Item: item, Text: text} }
	got := record.Diffs([]record.Fact{fact("1", "甲"), fact("2", "乙"), fact("3", "丙"), fact("", "旧")}, []record.Fact{fact("1", "甲 到会"), fact("2", "乙"), fact("4", "丁"), fact("", "新")})
	want := []record.Diff{{Key: "x", Before: "甲", After: "甲 到会"}, {Key: "x", Before: "丙"}, {Key: "x", Before: "旧"}, {Key: "x", After: "丁"}, {Key: "x", After: "新"}}
	if !slices.Equal(got, want) {
		t.Errorf("%+v", got)
	}
	if got := record.Diffs([]record.Fact{fact("1", "甲")}, []record.Fact{fact("2", "乙")}); len(got) != 2 {
		t.Errorf("another entry in the place of one: %+v", got)
	}
}
