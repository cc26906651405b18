package report_test

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
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/db"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/testkit"
	"xinhuo/internal/kit/web"
	"xinhuo/internal/kit/web/ui"
	"xinhuo/internal/ledger"
	"xinhuo/internal/org"
	"xinhuo/internal/record"
	"xinhuo/internal/report"
)

const today = clock.Day("2019-05-31")

// fact stands in for the records of other modules: one dated row at a unit.
type fact struct {
	Unit id.ID
	Row  ledger.Row
}

type fixture struct {
	t     *testing.T
	ctx   context.Context
	now   *time.Time
	db    *db.DB
	org   *org.Service
	led   *ledger.Service
	s     *report.Service
	books map[string]*record.Book[fact]
	unit  map[string]org.Unit
	texts *i18n.Texts
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func open(t *testing.T) *fixture {
	t.Helper()
	ctx := context.Background()
	sources := []db.Source{{Module: "web", Files: web.Migrations}, {Module: "audit", Files: audit.Migrations}, {Module: "account", Files: account.Migrations},
		{Module: "org", Files: org.Migrations}, {Module: "ledger", Files: ledger.Migrations}, {Module: "record", Files: record.Migrations},
		{Module: "report", Files: report.Migrations}}
	dsn := testkit.Prepared(t, "report", func(dsn string) error {
		d, err := db.Open(ctx, dsn)
		if err != nil {
			return err
		}
		return errors.Join(d.Migrate(ctx, sources), d.Close())
	})
	d, err := db.Open(ctx, dsn)
	must(t, err)
	t.Cleanup(func() { d.Close() })
	f := &fixture{t: t, db: d, unit: map[string]org.Unit{}, now: new(time.Time), books: map[string]*record.Book[fact]{}}
	f.texts, err = i18n.Load(report.Texts, record.Texts, web.Texts, ui.Texts, org.Texts, ledger.Texts)
	must(t, err)
	*f.now = today.Time().Add(9 * time.Hour)
	f.ctx = i18n.With(clock.With(ctx, func() time.Time { return *f.now }), f.texts, "zh")
	a := audit.New(d)
	f.org = org.New(d, a)
	f.led = ledger.New(d, f.org)
	rec := record.New(d, a, f.led, f.org)
	f.s = report.New(d, rec, f.led, f.org, a)
	for kind, fields := range map[string]map[string]any{
		"base":    {"status": "", "level": "", "issuer": "", "category": "", "run_mode": "", "top_level": "", "first_granted": ""},
		"team":    {"status": "", "need": "", "standard": "", "owner": "", "run_by": false, "docked": false},
		"reform":  {"status": "", "main": false, "level": ""},
		"project": {"status": "", "amount_fen": int64(0), "kind": ""}} {
		f.books[kind] = record.NewBook(rec, record.Kind[fact]{Name: kind, Home: func(v fact) id.ID { return v.Unit },
			Put: func(context.Context, id.Ref, fact, bool) error { return nil },
			Rows: func(_ id.Ref, v fact) ledger.Record {
				row := v.Row
				row.Units = []id.ID{v.Unit}
				if n, ok := row.Attrs["amount_fen"].(float64); ok { // as JSON gives it back
					row.Attrs["amount_fen"] = int64(n)
				}
				return ledger.Record{Rows: []ledger.Row{row}}
			}}, &ledger.Source{Fields: fields, Describe: func(_ context.Context, recs []id.ID) (map[id.ID]ledger.Description, error) {
			out := map[id.ID]ledger.Description{}
			for _, r := range recs {
				out[r] = ledger.Description{Code: r.String()}
			}
			return out, nil
		}})
	}
	f.org.OnChanged(f.led.UnitChanged)
	must(t, f.led.Load(f.sys()))
	must(t, f.org.FoundAll(f.sys(), []org.NewUnit{
		{Code: "99", Name: "东江省", Level: org.Province, From: "2000-01-01"},
		{Code: "9902", Name: "云州市", Level: org.City, ParentCode: "99", From: "2000-01-01"},
		{Code: "9903", Name: "临海市", Level: org.City, ParentCode: "99", From: "2000-01-01"},
		{Code: "990203", Name: "南江区", Level: org.County, ParentCode: "9902", From: "2000-01-01"},
		{Code: "990203013", Name: "稻香镇", Level: org.Township, Kind: org.Town, ParentCode: "990203", From: "2000-01-01"},
		{Code: "990203014", Name: "清泉镇", Level: org.Township, Kind: org.Town, ParentCode: "990203", From: "2000-01-01"},
	}))
	for _, c := range []string{"99", "9902", "9903", "990203", "990203013", "990203014"} {
		f.unit[c], err = f.org.ByCode(f.sys(), c)
		must(t, err)
	}
	return f
}

func (f *fixture) sys() context.Context { return scope.With(f.ctx, scope.System("test")) }

// as acts for the clerk of a unit: works at the unit alone, views its subtree.
func (f *fixture) as(code string) context.Context {
	u := f.unit[code]
	own, all := scope.Set{{From: u.Pos, To: u.Pos + 1}}, scope.Set{u.Range()}
	return scope.With(f.ctx, scope.Actor{Account: u.ID, Name: "经办人" + code, Unit: u.ID, Pos: u.Pos, WorkSet: own, ViewSet: all, FindSet: all})
}

func (f *fixture) later(d time.Duration) { *f.now = f.now.Add(d) }

func (f *fixture) adopt(unit string, from clock.Day) id.Ref {
	f.t.Helper()
	ref, err := f.books["reform"].Create(f.sys(), fact{f.unit[unit].ID, ledger.Row{Type: "adoption", From: from,
		Attrs: map[string]any{"status": "accepted", "main": true, "level": "township"}}}, record.Change{Act: "report.act.create"})
	must(f.t, err)
	return ref
}

func (f *fixture) signed(day clock.Day, fen int64) {
	f.t.Helper()
	_, err := f.books["project"].Create(f.sys(), fact{f.unit["990203013"].ID, ledger.Row{Type: "signing", From: day,
		Attrs: map[string]any{"status": "signed", "amount_fen": fen}}}, record.Change{Act: "report.act.create"})
	must(f.t, err)
}

// speech is a short text with a share, a count and last year's contracts.
func (f *fixture) speech() report.Document {
	b := func(code string, p report.Period) report.Run {
		return report.Run{Figure: &report.Bound{Code: code, Period: p}}
	}
	return report.Document{Title: "一份讲话", Byline: "云州市关工委", Day: today, Unit: f.unit["9902"].ID, Paragraphs: []report.Paragraph{
		{Heading: "一、改革", Runs: []report.Run{{Text: "已有"}, b("reform.adopted", ""), {Text: "，占"}, b("reform.adopted_share", ""), {Text: "。"}}},
		{Runs: []report.Run{{Text: "去年签约"}, b("project.signed", report.LastYear), {Text: "，"}, b("project.signed_fen", report.LastYear), {Text: "。"}}, Gloss: "Last year's contracts."},
	}}
}

func (f *fixture) create(d report.Document) id.Ref {
	f.t.Helper()
	ref, err := f.s.Create(f.as("9902"), d)
	must(f.t, err)
	return ref
}

func (f *fixture) read(ref id.Ref) report.Live {
	f.t.Helper()
	l, err := f.s.Read(f.as("9902"), ref)
	must(f.t, err)
	return l
}

func (f *fixture) numbers(ref id.Ref) string {
	f.t.Helper()
	var out []string
	for _, g := range f.read(ref).Figures {
		out = append(out, g.Text)
	}
	return strings.Join(out, " ")
}

// serve answers one request as somebody of a unit, in a language.
func (f *fixture) serve(code, lang, method, path string, form url.Values) *httptest.ResponseRecorder {
	f.t.Helper()
	var failed error
	site := web.Site{
		Actor:   func(*http.Request) (scope.Actor, error) { return scope.From(f.as(code)), nil },
		UnitPos: func(ctx context.Context, u string) (int64, error) { v, err := f.org.Resolve(ctx, u); return v.Pos, err },
		Fail:    func(w http.ResponseWriter, _ *http.Request, err error) { failed = err; w.WriteHeader(500) },
	}
	site.Add(f.s.Routes()...)
	h, err := site.Handler()
	must(f.t, err)
	r := httptest.NewRequest(method, path, strings.NewReader(form.Encode())).WithContext(i18n.With(f.ctx, f.texts, lang))
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	if failed != nil {
		w.Body.WriteString(failed.Error())
	}
	return w
}
