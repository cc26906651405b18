package casework

import (
	"context"
	"errors"
	"maps"
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
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/db"
	"xinhuo/internal/kit/errs"
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

// world is the module over a city with a county; four people work at the county's office, one at the city's; a volunteer has an account and
// no right.
type world struct {
	testing.TB
	ctx   context.Context // the operator's
	now   time.Time
	db    *db.DB
	s     *Service
	audit *audit.Service
	seal  *seal.Service
	vol   *helpers
	flow  *flow.Service
	h     *http.ServeMux
	as    map[string]scope.Actor // by login
	desk  org.Unit
	city  org.Unit
}

// ByLogin finds who may be named a lead, a holder or on call.
func (w *world) ByLogin(_ context.Context, login string) (scope.Actor, error) {
	a, ok := w.as[login]
	if !ok {
		return a, errs.New(errs.NotFound, "errs.not_found")
	}
	return a, nil
}

// Colleagues are those of the tests who work at a unit.
func (w *world) Colleagues(_ context.Context, unit id.ID) (out []seal.Colleague, _ error) {
	for _, login := range slices.Sorted(maps.Keys(w.as)) {
		if a := w.as[login]; a.Unit == unit && a.May(scope.Work, a.Pos) {
			out = append(out, seal.Colleague{Account: a.Account, Login: login, Name: a.Name})
		}
	}
	return out, nil
}

// Actor is who somebody is today.
func (w *world) Actor(_ context.Context, account id.ID) (scope.Actor, error) {
	for _, a := range w.as {
		if a.Account == account {
			return a, nil
		}
	}
	return scope.Actor{}, errs.New(errs.NotFound, "errs.not_found")
}

// helpers stand in for volunteers: whose check runs until a day, by the last part of their name.
type helpers struct {
	list  []Helper
	until map[id.Ref]clock.Day
}

func (h *helpers) add(name string, account id.ID, until clock.Day) id.Ref {
	ref := id.Ref{Root: 9902, ID: id.New()}
	h.list = append(h.list, Helper{Ref: ref, Name: name, Account: account})
	h.until[ref] = until
	return ref
}

func (h *helpers) Around(_ context.Context, _ org.Unit, day clock.Day) (out []Helper, err error) {
	for _, x := range h.list {
		x.Fit = h.until[x.Ref] > day
		out = append(out, x)
	}
	return out, nil
}

func (h *helpers) Helper(ctx context.Context, ref id.Ref, day clock.Day) (Helper, error) {
	list, err := h.Around(ctx, org.Unit{}, day)
	for _, x := range list {
		if x.Ref == ref {
			return x, err
		}
	}
	return Helper{}, errs.New(errs.NotFound, "errs.not_found")
}

func openWorld(t testing.TB) *world {
	t.Helper()
	bg := context.Background()
	dsn := testkit.Prepared(t, "casework", func(dsn string) error {
		d, err := db.Open(bg, dsn)
		if err != nil {
			return err
		}
		return errors.Join(d.Migrate(bg, []db.Source{{Module: "web", Files: web.Migrations}, {Module: "audit", Files: audit.Migrations}, {Module: "account", Files: account.Migrations}, {Module: "org", Files: org.Migrations},
			{Module: "ledger", Files: ledger.Migrations}, {Module: "record", Files: record.Migrations}, {Module: "flow", Files: flow.Migrations}, {Module: "seal", Files: seal.Migrations}, {Module: "casework", Files: Migrations}}), d.Close())
	})
	d, err := db.Open(bg, dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	texts, err := i18n.Load(Texts, ui.Texts, web.Texts, audit.Texts, org.Texts, ledger.Texts, record.Texts, flow.Texts, seal.Texts)
	if err != nil {
		t.Fatal(err)
	}
	w := &world{TB: t, db: d, now: today.Time().Add(9 * time.Hour), audit: audit.New(d), as: map[string]scope.Actor{}}
	w.ctx = clock.With(i18n.With(scope.With(bg, scope.System("test")), texts, "zh"), func() time.Time { return w.now })
	o := org.New(d, w.audit)
	led := ledger.New(d, o)
	rec := record.New(d, w.audit, led, o)
	w.flow = flow.New(d, w.audit, org.Tree{Service: o})
	x := seal.New(d, w.audit, o, &seal.Keys{Path: filepath.Join(t.TempDir(), "seal.key")})
	x.SetInbox(w.flow)
	w.seal, w.vol = x, &helpers{until: map[id.Ref]clock.Day{}}
	w.s = New(d, rec, o, w.flow, x, w.audit, w, w.vol)
	o.OnChanged(led.UnitChanged)
	w.must(led.Load(w.ctx))
	w.must(o.FoundAll(w.ctx, []org.NewUnit{
		{Code: "9902", Name: "云州市关工委", Level: org.City, From: "2000-01-01"},
		{Code: "990203", Name: "南江区关工委", Level: org.County, ParentCode: "9902", From: "2000-01-01"},
		{Code: "990204", Name: "北仓区关工委", Level: org.County, ParentCode: "9902", From: "2000-01-01"},
	}))
	for i, x := range []struct{ login, name, code string }{{"lead", "周文琴", "990203"}, {"holder", "宋以宁", "990203"}, {"office", "方小雨", "990203"}, {"above", "陈玉兰", "9902"}, {"beside", "蔡慧琴", "990204"}} {
		u, err := o.ByCode(w.ctx, x.code)
		w.must(err)
		w.as[x.login] = scope.Actor{Account: id.ID(1000 + i), Name: x.name, Unit: u.ID, Pos: u.Pos, WorkSet: scope.Set{u.Range()}, ViewSet: scope.Set{u.Range()}, FindSet: scope.All}
		switch x.code {
		case "990203":
			w.desk = u
		case "9902":
			w.city = u
		}
	}
	w.as["chief"] = w.as["office"]
	chief := w.as["chief"]
	chief.Account, chief.Name, chief.AdminSet = 1900, "蒋正国", chief.WorkSet
	w.as["chief"] = chief
	clerk := w.as["office"]
	clerk.Account, clerk.Name, clerk.WorkSet = 1901, "高志远", nil // has a post there and reads alone
	w.as["clerk"] = clerk
	w.as["volunteer"] = scope.Actor{Account: 2000, Name: "梁水旺"}
	w.as["visitor"] = scope.Actor{}
	w.h = http.NewServeMux()
	for _, r := range w.s.Routes() {
		testkit.Handle(w.h, r.Method+" "+r.Path, r.Handler)
	}
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
	testkit.Kind(w, err, k)
}

func (w *world) by(login string) context.Context { return scope.With(w.ctx, w.as[login]) }

// in is the world some days later.
func (w *world) in(days int) { w.now = w.now.Add(time.Duration(days) * 24 * time.Hour) }

func (w *world) today() clock.Day { return clock.DayOf(w.now) }

// opening is a case as the county's office opens it.
func (w *world) opening(class string) Opening {
	return Opening{Unit: w.desk.ID, Class: class, Consent: Given, Given: w.today(), Form: "paper", Person: map[string]string{"name": "秦晓禾", "birth": "2011", "guardian": "外婆梁桂兰", "contact": "13900001234",
		"address": "稻香镇柳塘村3组", "school": "稻香小学三（2）班", "narrative": "爸妈在外打工，跟外婆住。", "project": "两亩大棚草莓"}}
}

// opened opens a case of a class as somebody.
func (w *world) opened(login, class string) id.Ref {
	w.Helper()
	ref, err := w.s.OpenCase(w.by(login), w.opening(class))
	w.must(err)
	return ref
}

func (w *world) known(ref id.Ref) Case {
	w.Helper()
	c, err := w.s.caseAcrossUnits(w.ctx, ref)
	w.must(err)
	return c
}

// inbox lists the titles of what waits for somebody.
func (w *world) inbox(login string) (out []string) {
	w.Helper()
	list, _, err := w.flow.Inbox(w.by(login), 50)
	w.must(err)
	for _, x := range list {
		out = append(out, x.Title)
	}
	return out
}

func (w *world) do(login, method, path string, form url.Values, want int) *httptest.ResponseRecorder {
	w.Helper()
	return testkit.Send(w.by(login), w, w.h, method, path, form, want)
}

// mustSay fails unless a page says something, in its inputs, too.
func mustSay(t *testing.T, page testkit.Doc, text string) {
	t.Helper()
	if strings.Contains(page.Content(), text) {
		return
	}
	for _, in := range page.All("input") {
		if in.Attr("value") == text {
			return
		}
	}
	t.Errorf("the page does not say %q", text)
}
