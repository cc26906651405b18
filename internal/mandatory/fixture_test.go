package mandatory

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"path/filepath"
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

// world is the module over a city with a county and a township; a matter of the county, of which two leads and a holder read.
type world struct {
	testing.TB
	ctx    context.Context // the operator's
	now    time.Time
	s      *Service
	x      *seal.Service
	audit  *audit.Service
	flow   *flow.Service
	h      *http.ServeMux
	as     map[string]scope.Actor // by login
	county org.Unit
	matter id.Ref
	only   []id.ID // who reads the matter
	wide   bool    // the matter is found by everybody, as by a module that lends what many may see
	leads  []id.ID
}

func openWorld(t testing.TB) *world {
	t.Helper()
	bg := context.Background()
	dsn := testkit.Prepared(t, "mandatory", func(dsn string) error {
		d, err := db.Open(bg, dsn)
		if err != nil {
			return err
		}
		return errors.Join(d.Migrate(bg, []db.Source{{Module: "web", Files: web.Migrations}, {Module: "audit", Files: audit.Migrations}, {Module: "account", Files: account.Migrations}, {Module: "org", Files: org.Migrations},
			{Module: "ledger", Files: ledger.Migrations}, {Module: "record", Files: record.Migrations}, {Module: "flow", Files: flow.Migrations}, {Module: "seal", Files: seal.Migrations}, {Module: "mandatory", Files: Migrations}}), d.Close())
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
	w := &world{TB: t, now: today.Time().Add(9 * time.Hour), audit: audit.New(d), as: map[string]scope.Actor{}}
	w.ctx = clock.With(i18n.With(scope.With(bg, scope.System("test")), texts, "zh"), func() time.Time { return w.now })
	o := org.New(d, w.audit)
	led := ledger.New(d, o)
	rec := record.New(d, w.audit, led, o)
	w.flow = flow.New(d, w.audit, org.Tree{Service: o})
	w.x = seal.New(d, w.audit, o, &seal.Keys{Path: filepath.Join(t.TempDir(), "seal.key")})
	w.s = New(d, rec, o, w.flow, w.x, w.audit)
	w.must(led.Load(w.ctx))
	w.must(o.FoundAll(w.ctx, []org.NewUnit{
		{Code: "9902", Name: "云州市关工委", Level: org.City, From: "2000-01-01"},
		{Code: "990203", Name: "南江区关工委", Level: org.County, ParentCode: "9902", From: "2000-01-01"},
		{Code: "990204", Name: "北仓区关工委", Level: org.County, ParentCode: "9902", From: "2000-01-01"},
	}))
	for i, x := range []struct{ login, name, code string }{{"lead", "周文琴", "990203"}, {"second", "何家明", "990203"}, {"helper", "宋以宁", "990203"}, {"office", "方小雨", "990203"}, {"above", "陈玉兰", "9902"}, {"beside", "蔡慧琴", "990204"}} {
		u, err := o.ByCode(w.ctx, x.code)
		w.must(err)
		w.as[x.login] = scope.Actor{Account: id.ID(1000 + i), Name: x.name, Unit: u.ID, Pos: u.Pos, WorkSet: scope.Set{u.Range()}, ViewSet: scope.Set{u.Range()}, FindSet: scope.All}
		if x.code == "990203" {
			w.county = u
		}
	}
	looker := w.as["office"] // of the same unit, without a post that works
	looker.Account, looker.WorkSet = 2000, nil
	w.as["looker"] = looker
	w.matter = id.Ref{Root: w.county.Root(), ID: id.New()}
	w.only, w.leads = []id.ID{1000, 1001, 1002}, []id.ID{1000, 1001}
	w.s.AddSubjects(func(ctx context.Context, of id.Ref) (Subject, error) {
		if of != w.matter || !w.wide && !worksAt(ctx, w.county.ID, w.county.Pos) && !scope.From(ctx).System {
			return Subject{}, errNone
		}
		return Subject{Ref: of, Unit: w.county.ID, Pos: w.county.Pos, No: "2019-0531", Title: "求助2019-0531", Href: "/x", Leads: w.leads,
			Owner: seal.Owner{Kind: "test.words", Of: of, Unit: w.county.ID, Only: w.only}}, nil
	})
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

// start opens a duty as the helper would.
func (w *world) start() id.Ref {
	w.Helper()
	ref, err := w.s.Start(w.by("helper"), w.matter, "violence", "手臂上有多处旧伤。")
	w.must(err)
	return ref
}

func (w *world) report() Report {
	return Report{Agency: "police", To: "南江派出所张警官", At: w.now.UnixMilli(), By: "宋以宁", No: "A-17"}
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

func (w *world) do(login, method, path string, form url.Values, want int) string {
	w.Helper()
	return testkit.Send(w.by(login), w, w.h, method, path, form, want).Body.String()
}
