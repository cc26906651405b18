package training

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"xinhuo/internal/audit"
	"xinhuo/internal/booking"
	"xinhuo/internal/flow"
	"xinhuo/internal/kit/blob"
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
	"xinhuo/internal/people"
	"xinhuo/internal/record"
	"xinhuo/internal/volunteer"
)

const today = clock.Day("2019-05-31")

type fixture struct {
	*testing.T
	ctx    context.Context // acts for the operator
	s      *Service
	people *people.Service
	vol    *volunteer.Service
	rec    *record.Service
	led    *ledger.Service
	org    *org.Service
	texts  *i18n.Texts
}

// open gives the module over a small tree: a city, two counties, three townships.
func open(t *testing.T) *fixture {
	t.Helper()
	bg := context.Background()
	sources := []db.Source{{Module: "web", Files: web.Migrations}, {Module: "audit", Files: audit.Migrations}, {Module: "org", Files: org.Migrations},
		{Module: "ledger", Files: ledger.Migrations}, {Module: "record", Files: record.Migrations}, {Module: "flow", Files: flow.Migrations}, {Module: "booking", Files: booking.Migrations},
		{Module: "volunteer", Files: volunteer.Migrations}, {Module: "people", Files: people.Migrations}, {Module: "training", Files: Migrations}}
	dsn := testkit.Prepared(t, "training", func(dsn string) error {
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
	texts, err := i18n.Load(Texts, ui.Texts, web.Texts, table.Texts, audit.Texts, org.Texts, ledger.Texts, record.Texts, flow.Texts, booking.Texts, volunteer.Texts, people.Texts)
	if err != nil {
		t.Fatal(err)
	}
	blobs, err := blob.NewFolder(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	f := &fixture{T: t, texts: texts}
	now := today.Time().Add(9 * time.Hour)
	f.ctx = clock.With(i18n.With(scope.With(bg, scope.System("test")), texts, "zh"), func() time.Time { return now })
	a := audit.New(d)
	f.org = org.New(d, a)
	f.led = ledger.New(d, f.org)
	f.rec = record.New(d, a, f.led, f.org)
	f.vol = volunteer.New(d, f.rec, f.led, f.org, flow.New(d, a, nil), booking.New(d), nil, a, blobs)
	f.people = people.New(d, f.rec, f.led, f.org, f.vol, a)
	f.s = New(d, f.rec, f.led, f.org, f.vol, f.people, a)
	f.vol.SetCourses(f.s)
	f.org.OnChanged(f.led.UnitChanged)
	f.must(f.led.Load(f.ctx))
	f.must(f.org.FoundAll(f.ctx, []org.NewUnit{
		{Code: "99", Name: "东江省", Level: org.Province, From: "2000-01-01"},
		{Code: "9902", Name: "云州市", Level: org.City, ParentCode: "99", From: "2000-01-01"},
		{Code: "990203", Name: "南江区", Level: org.County, ParentCode: "9902", From: "2000-01-01"},
		{Code: "990204", Name: "北仓区", Level: org.County, ParentCode: "9902", From: "2000-01-01"},
		{Code: "990203001", Name: "望江街道", Level: org.Township, Kind: org.Street, ParentCode: "990203", From: "2000-01-01"},
		{Code: "990203013", Name: "稻香镇", Level: org.Township, Kind: org.Town, ParentCode: "990203", From: "2000-01-01"},
		{Code: "990204003", Name: "桥头镇", Level: org.Township, Kind: org.Town, ParentCode: "990204", From: "2000-01-01"},
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

func (f *fixture) expect(unit string, day clock.Day, want map[string]int64) {
	f.Helper()
	for code, n := range want {
		v, err := f.led.Ask(f.ctx, ledger.Query{Figure: code, Unit: f.unit(unit).ID, Day: day})
		f.must(err)
		if v.Int() != n {
			f.Errorf("%s at %s on %s is %d, want %d", code, unit, day, v.Int(), n)
		}
	}
}

func (f *fixture) kind(err error, k errs.Kind) {
	f.Helper()
	if !errs.Is(err, k) {
		f.Errorf("got %v, want kind %d", err, k)
	}
}

// person is an active volunteer of a unit with a background check.
func (f *fixture) person(unit, name string) id.Ref {
	f.Helper()
	ref, err := f.vol.Create(f.ctx, volunteer.Volunteer{Unit: f.unit(unit).ID, Name: name, Kind: "veteran_cadre", CandidateOn: "2017-01-01", AdmittedOn: "2017-02-01", FindConsent: "2017-02-01",
		Checks: []volunteer.Check{{Kind: volunteer.Background, On: "2017-01-05", Expires: "2020-01-05"}, {Kind: "training", On: "2017-01-10"}}})
	f.must(err)
	return ref
}

// course is one that was held by a county for two days of 2019.
func (f *fixture) course(unit string, change func(c *Course)) id.Ref {
	f.Helper()
	c := Course{Unit: f.unit(unit).ID, Title: "心理辅导骨干培训班", Subject: "心理辅导", Planned: "2019-04-01", From: "2019-04-10", Last: "2019-04-11", Minutes: 360, Competence: "心理辅导", Months: 24}
	if change != nil {
		change(&c)
	}
	ref, err := f.s.Create(f.ctx, c)
	f.must(err)
	return ref
}

// site serves the module's pages for one actor; errors answer with their status.
func (f *fixture) site(ctx context.Context) http.Handler {
	f.Helper()
	s := &web.Site{Actor: func(*http.Request) (scope.Actor, error) { return scope.From(ctx), nil },
		UnitPos: func(ctx context.Context, ref string) (int64, error) {
			u, err := f.org.Resolve(ctx, ref)
			return u.Pos, err
		},
		Fail: func(w http.ResponseWriter, r *http.Request, err error) {
			http.Error(w, i18n.Error(r.Context(), err), errs.KindOf(err).Status())
		}}
	s.Add(f.s.Routes()...)
	s.Add(f.people.Routes()...)
	h, err := s.Handler()
	f.must(err)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { h.ServeHTTP(w, r.WithContext(ctx)) })
}

func (f *fixture) send(h http.Handler, method, path, kind, body string, status int) string {
	f.Helper()
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	if kind != "" {
		r.Header.Set("Content-Type", kind)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	if w.Code != status {
		f.Fatalf("%s %s answers %d, want %d: %.600s", method, path, w.Code, status, w.Body)
	}
	if to := w.Header().Get("Location"); to != "" {
		return to
	}
	return w.Body.String()
}

func (f *fixture) get(h http.Handler, path string) string {
	f.Helper()
	return f.send(h, "GET", path, "", "", 200)
}

func (f *fixture) post(h http.Handler, path string, form url.Values, status int) string {
	f.Helper()
	form.Set("_key", web.NewKey())
	return f.send(h, "POST", path, "application/x-www-form-urlencoded", form.Encode(), status)
}
