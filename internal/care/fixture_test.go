package care

import (
	"context"
	"errors"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"slices"
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

// world is the module over a city with a county; four people work at the county's office, one at the city's.
type world struct {
	testing.TB
	ctx   context.Context // the operator's
	now   time.Time
	db    *db.DB
	s     *Service
	audit *audit.Service
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

// gate stands in for account: phrases as they are, and five guesses.
type gate map[string]int

func (g gate) HashPhrase(_ context.Context, phrase string) (string, error) {
	return "hashed " + phrase, nil
}

func (g gate) SamePhrase(_ context.Context, stored, phrase string) (bool, error) {
	g["compared"]++
	return stored == "hashed "+phrase, nil
}

func (g gate) Knock(_ context.Context, place, what, _ string) error {
	if g[place+what]++; g[place+what] > 5 {
		return errs.New(errs.Throttled, "care.crowded")
	}
	return nil
}

func (g gate) Entered(_ context.Context, place, what, _ string) error {
	delete(g, place+what)
	return nil
}

func openWorld(t testing.TB) *world {
	t.Helper()
	bg := context.Background()
	dsn := testkit.Prepared(t, "care", func(dsn string) error {
		d, err := db.Open(bg, dsn)
		if err != nil {
			return err
		}
		return errors.Join(d.Migrate(bg, []db.Source{{Module: "web", Files: web.Migrations}, {Module: "audit", Files: audit.Migrations}, {Module: "account", Files: account.Migrations}, {Module: "org", Files: org.Migrations},
			{Module: "ledger", Files: ledger.Migrations}, {Module: "record", Files: record.Migrations}, {Module: "flow", Files: flow.Migrations}, {Module: "seal", Files: seal.Migrations}, {Module: "care", Files: Migrations}}), d.Close())
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
	w.s = New(d, rec, o, w.flow, x, w.audit, gate{}, w, func(r *http.Request) string { return r.RemoteAddr })
	o.OnChanged(led.UnitChanged)
	w.must(led.Load(w.ctx))
	w.must(o.FoundAll(w.ctx, []org.NewUnit{
		{Code: "9902", Name: "云州市关工委", Level: org.City, From: "2000-01-01"},
		{Code: "990203", Name: "南江区关工委", Level: org.County, ParentCode: "9902", From: "2000-01-01"},
		{Code: "990204", Name: "北仓区关工委", Level: org.County, ParentCode: "9902", From: "2000-01-01"},
	}))
	for i, x := range []struct{ login, name, code string }{{"lead", "周文琴", "990203"}, {"helper", "宋以宁", "990203"}, {"night", "何家明", "990203"}, {"office", "方小雨", "990203"}, {"above", "陈玉兰", "9902"}, {"beside", "蔡慧琴", "990204"}} {
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

// open opens the county's desk: one lead, and who is on call.
func (w *world) open() {
	w.Helper()
	w.must(w.s.SetDesk(w.by("lead"), Desk{Unit: w.desk.ID, Open: true, Kinds: Kinds, Phone: "0500-5550126", Hours: "全天"}, []string{"lead"}))
	w.must(w.s.AddDuty(w.by("lead"), w.desk.ID, "night", Duty{Phone: "13900000002", From: today, To: today}))
}

// ask sends a request as a child would.
func (w *world) ask(a Ask) (Request, string) {
	w.Helper()
	var err error
	if a.Receipt, a.Proof, err = w.s.NewReceipt(w.ctx); err != nil {
		w.Fatal(err)
	}
	a.Unit = w.desk.ID
	for field, v := range map[*string]string{&a.Kind: "mind", &a.Asker: "young", &a.Way: "here", &a.Phrase: "外婆家的橘子树"} {
		if *field == "" {
			*field = v
		}
	}
	q, err := w.s.Ask(w.by("visitor"), a, "192.0.2.7:4711")
	w.must(err)
	return q, a.Receipt
}

func (w *world) back(receipt string) Answer {
	w.Helper()
	out, err := w.s.Back(w.by("visitor"), receipt, "外婆家的橘子树", "192.0.2.7:4711")
	w.must(err)
	return out
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
