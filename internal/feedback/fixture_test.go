package feedback

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
	"xinhuo/internal/activity"
	"xinhuo/internal/audit"
	"xinhuo/internal/base"
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
	"xinhuo/internal/record"
)

const today = clock.Day("2019-05-31")

type world struct {
	*testing.T
	ctx      context.Context // acts for the operator
	now      time.Time
	from     string // where requests come from
	d        *db.DB
	org      *org.Service
	led      *ledger.Service
	activity *activity.Service
	s        *Service
}

// open gives the module over a city with two counties and a town in each.
func open(t *testing.T) *world {
	t.Helper()
	bg := context.Background()
	sources := []db.Source{{Module: "web", Files: web.Migrations}, {Module: "audit", Files: audit.Migrations}, {Module: "account", Files: account.Migrations}, {Module: "org", Files: org.Migrations},
		{Module: "ledger", Files: ledger.Migrations}, {Module: "record", Files: record.Migrations}, {Module: "flow", Files: flow.Migrations}, {Module: "booking", Files: booking.Migrations},
		{Module: "base", Files: base.Migrations}, {Module: "activity", Files: activity.Migrations}, {Module: "feedback", Files: Migrations}}
	dsn := testkit.Prepared(t, "feedback", func(dsn string) error {
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
	texts, err := i18n.Load(Texts, ui.Texts, web.Texts, table.Texts, audit.Texts, org.Texts, ledger.Texts, record.Texts, flow.Texts, booking.Texts, base.Texts, activity.Texts)
	if err != nil {
		t.Fatal(err)
	}
	blobs, err := blob.NewFolder(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	w := &world{T: t, d: d, now: today.Time().Add(9 * time.Hour), from: "198.51.100.7:4000"}
	w.ctx = clock.With(i18n.With(scope.With(bg, scope.System("test")), texts, "zh"), func() time.Time { return w.now })
	a := audit.New(d)
	w.org = org.New(d, a)
	w.led = ledger.New(d, w.org)
	rec := record.New(d, a, w.led, w.org)
	f := flow.New(d, a, nil)
	w.activity = activity.New(d, rec, w.led, w.org, f, a, blobs, base.New(d, rec, w.led, w.org, f, a, blobs), booking.New(d))
	w.s = New(d, rec, w.led, w.org, w.activity, func(*http.Request) string { return w.from })
	w.org.OnChanged(w.led.UnitChanged)
	w.must(w.led.Load(w.ctx))
	w.must(w.org.FoundAll(w.ctx, []org.NewUnit{
		{Code: "99", Name: "东江省", Level: org.Province, From: "2000-01-01"},
		{Code: "9902", Name: "云州市", Level: org.City, ParentCode: "99", From: "2000-01-01"},
		{Code: "990203", Name: "南江区", Level: org.County, ParentCode: "9902", From: "2000-01-01"},
		{Code: "990204", Name: "北仓区", Level: org.County, ParentCode: "9902", From: "2000-01-01"},
		{Code: "990203013", Name: "稻香镇", Level: org.Township, Kind: org.Town, ParentCode: "990203", From: "2000-01-01"},
	}))
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
		w.Errorf("got %v, want kind %d", err, k)
	}
}

// as acts for somebody who works in one unit and views what is below it.
func (w *world) as(code string) context.Context {
	w.Helper()
	u, err := w.org.ByCode(w.ctx, code)
	w.must(err)
	return scope.With(w.ctx, scope.Actor{Account: id.ID(u.Pos), Name: u.Name + "办公室", Unit: u.ID, Pos: u.Pos,
		WorkSet: scope.Set{{From: u.Pos, To: u.Pos + 1}}, ViewSet: scope.Set{u.Range()}, FindSet: scope.All})
}

// held makes an activity of a town that was held yesterday with so many people.
func (w *world) held(title string, heads int64) id.Ref {
	w.Helper()
	u, err := w.org.ByCode(w.ctx, "990203013")
	w.must(err)
	ref, err := w.activity.Create(w.ctx, activity.Activity{Hosts: []activity.Host{{Unit: u.ID}}, Title: title, Type: "lecture", Topic: "law", Day: today.AddDays(-1), Mode: activity.Face,
		Stops: []activity.Stop{{Place: "文化站", Venue: "community"}}, Audience: []activity.Audience{{Group: "parent", Count: heads}}, Responsible: "何守义", Phone: "0500-555 0101", Status: activity.Held},
		record.Change{Act: "activity.act.create"})
	w.must(err)
	return ref
}

// asked opens a round and answers its link's signature.
func (w *world) asked(ref id.Ref, slips int64) string {
	w.Helper()
	w.must(w.s.Open(w.as("990203013"), ref, Opening{Days: 7, Slips: slips}))
	link, err := w.s.Link(w.as("990203013"), ref)
	w.must(err)
	_, sig, _ := strings.Cut(link, "?k=")
	return sig
}

// say sends sheets from one address, a second apart.
func (w *world) say(ref id.Ref, sig, address string, n int, satisfaction int64) {
	w.Helper()
	for range n {
		w.now = w.now.Add(time.Second)
		w.must(w.s.Answer(w.ctx, ref, sig, "", address, Answer{Satisfaction: satisfaction, Useful: 1}))
	}
}

func (w *world) figures(want map[string]int64) {
	w.Helper()
	for _, unit := range []string{"990203013", "9902"} {
		u, err := w.org.ByCode(w.ctx, unit)
		w.must(err)
		for code, n := range want {
			v, err := w.led.Ask(w.ctx, ledger.Query{Figure: code, Unit: u.ID, Day: today, From: "2019-01-01", To: "2020-01-01"})
			w.must(err)
			if v.Int() != n {
				w.Errorf("%s at %s is %d, want %d", code, unit, v.Int(), n)
			}
		}
	}
}

// site serves the pages for one actor; errors answer with their status.
func (w *world) site(ctx context.Context) http.Handler {
	w.Helper()
	s := &web.Site{Actor: func(*http.Request) (scope.Actor, error) { return scope.From(ctx), nil },
		UnitPos: func(ctx context.Context, ref string) (int64, error) {
			u, err := w.org.Resolve(ctx, ref)
			return u.Pos, err
		},
		Fail: func(rw http.ResponseWriter, r *http.Request, err error) {
			http.Error(rw, i18n.Error(r.Context(), err), errs.KindOf(err).Status())
		}}
	s.Add(w.s.Routes()...)
	s.Add(w.activity.Routes()...)
	h, err := s.Handler()
	w.must(err)
	return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) { h.ServeHTTP(rw, r.WithContext(ctx)) })
}

func (w *world) send(h http.Handler, method, path string, form url.Values, status int) *httptest.ResponseRecorder {
	w.Helper()
	r := httptest.NewRequest(method, path, strings.NewReader(form.Encode()))
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	rw := httptest.NewRecorder()
	h.ServeHTTP(rw, r)
	if rw.Code != status {
		w.Fatalf("%s %s answers %d, want %d: %.600s", method, path, rw.Code, status, rw.Body)
	}
	return rw
}
