package aid

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
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
	"xinhuo/internal/kit/table"
	"xinhuo/internal/kit/testkit"
	"xinhuo/internal/kit/web"
	"xinhuo/internal/kit/web/ui"
	"xinhuo/internal/ledger"
	"xinhuo/internal/org"
	"xinhuo/internal/record"
	"xinhuo/internal/seal"
)

const today = clock.Day("2019-05-31")

// world is the module over a province with two cities: the first has a county with two towns. Two people work at each town.
type world struct {
	testing.TB
	ctx   context.Context // the operator's
	now   time.Time
	db    *db.DB
	s     *Service
	audit *audit.Service
	flow  *flow.Service
	led   *ledger.Service
	rec   *record.Service
	org   *org.Service
	seal  *seal.Service
	h     *http.ServeMux
	as    map[string]scope.Actor // by login
	unit  map[string]org.Unit
	told  []string // into requests for help
}

// Read stands in for requests for help: "request" may be read at the first town.
func (w *world) Read(ctx context.Context, ref id.Ref) (Request, error) {
	if scope.From(ctx).Unit != w.unit["990203013"].ID {
		return Request{}, errs.New(errs.NotFound, "errs.not_found")
	}
	return Request{Ref: ref, Unit: w.unit["990203013"].ID, No: "1234-5678", Name: "孩子奶奶", Contact: "0500-5552301", Words: "书本费凑不上"}, nil
}

func (w *world) Told(_ context.Context, ref id.Ref, what, no string, aid id.Ref) error {
	w.told = append(w.told, what+" "+no)
	return nil
}

var units = []org.NewUnit{
	{Code: "99", Name: "东江省关工委", Level: org.Province, From: "2000-01-01"},
	{Code: "9902", Name: "云州市关工委", Level: org.City, ParentCode: "99", From: "2000-01-01"},
	{Code: "990203", Name: "南江区关工委", Level: org.County, ParentCode: "9902", From: "2000-01-01"},
	{Code: "990203013", Name: "稻香镇关工委", Level: org.Township, Kind: org.Town, ParentCode: "990203", From: "2000-01-01"},
	{Code: "990203014", Name: "柳溪镇关工委", Level: org.Township, Kind: org.Town, ParentCode: "990203", From: "2000-01-01"},
	{Code: "9907", Name: "汐门市关工委", Level: org.City, ParentCode: "99", From: "2000-01-01"},
}

func openWorld(t testing.TB) *world {
	t.Helper()
	bg := context.Background()
	w := &world{TB: t, now: today.Time().Add(9 * time.Hour), as: map[string]scope.Actor{}, unit: map[string]org.Unit{}}
	texts, err := i18n.Load(Texts, ui.Texts, web.Texts, audit.Texts, org.Texts, ledger.Texts, record.Texts, flow.Texts, seal.Texts, table.Texts)
	w.must(err)
	w.ctx = clock.With(i18n.With(scope.With(bg, scope.System("test")), texts, "zh"), func() time.Time { return w.now })
	dsn := testkit.Prepared(t, "aid", func(dsn string) error {
		d, err := db.Open(bg, dsn)
		if err != nil {
			return err
		}
		if err := d.Migrate(bg, []db.Source{{Module: "web", Files: web.Migrations}, {Module: "audit", Files: audit.Migrations}, {Module: "account", Files: account.Migrations}, {Module: "org", Files: org.Migrations},
			{Module: "ledger", Files: ledger.Migrations}, {Module: "record", Files: record.Migrations}, {Module: "flow", Files: flow.Migrations}, {Module: "seal", Files: seal.Migrations}, {Module: "aid", Files: Migrations}}); err != nil {
			return errors.Join(err, d.Close())
		}
		w.wire(d, t)
		return errors.Join(w.led.Load(w.ctx), w.org.FoundAll(w.ctx, units), d.Close())
	})
	d, err := db.Open(bg, dsn)
	w.must(err)
	t.Cleanup(func() { d.Close() })
	w.wire(d, t)
	w.must(w.led.Load(w.ctx))
	for _, n := range units {
		w.unit[n.Code], err = w.org.ByCode(w.ctx, n.Code)
		w.must(err)
	}
	for i, x := range []struct{ login, name, code string }{{"liang", "梁水旺", "990203013"}, {"shi", "石大爷", "990203013"}, {"liu", "柳溪干事", "990203014"}, {"zhou", "周文琴", "990203"}, {"fang", "方小雨", "990203"}, {"chen", "陈玉兰", "9902"}, {"cai", "蔡惠勤", "9907"}, {"fan", "范干事", "9907"}} {
		u := w.unit[x.code]
		own := scope.Set{u.Range()}
		w.as[x.login] = scope.Actor{Account: id.ID(1000 + i), Name: x.name, Unit: u.ID, Pos: u.Pos, WorkSet: own, ViewSet: own, AdminSet: own, FindSet: scope.All}
	}
	reader := w.as["chen"]
	reader.Account, reader.WorkSet, reader.AdminSet = 2000, nil, nil
	w.as["reader"] = reader
	w.as["visitor"] = scope.Actor{}
	w.h = http.NewServeMux()
	for _, r := range w.s.Routes() {
		testkit.Handle(w.h, r.Method+" "+r.Path, r.Handler)
	}
	return w
}

func (w *world) wire(d *db.DB, t testing.TB) {
	w.db, w.audit = d, audit.New(d)
	w.org = org.New(d, w.audit)
	w.led = ledger.New(d, w.org)
	w.rec = record.New(d, w.audit, w.led, w.org)
	w.flow = flow.New(d, w.audit, org.Tree{Service: w.org})
	w.seal = seal.New(d, w.audit, w.org, &seal.Keys{Path: filepath.Join(t.TempDir(), "seal.key")})
	w.s = New(d, w.rec, w.led, w.org, w.flow, w.seal, w.audit)
	w.s.SetRequests(w)
	w.org.OnChanged(w.led.UnitChanged)
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

// key asks for an error by its text key.
func (w *world) key(err error, key string) {
	w.Helper()
	testkit.Told(w, err, key)
}

func (w *world) by(login string) context.Context { return scope.With(w.ctx, w.as[login]) }

func child(name string, born clock.Day) Child {
	return Child{Name: name, Born: born, Guardian: "王秀英", Phone: "13900002301", Words: "奶奶住院，书本费凑不上"}
}

var agreed = Agreed{Given: today, Form: "paper"}

// study is an application of a town for schooling, in fen.
func (w *world) study(unit string, fen int64) Aid {
	return Aid{Unit: w.unit[unit].ID, Kind: "study", Purpose: "生活费", Year: 2019, Form: Money, Asked: Amount{Fen: fen}, Reason: "poor"}
}

// apply hands in an application as somebody of a town does.
func (w *world) apply(login string, a Aid, c Child) id.Ref {
	w.Helper()
	ref, err := w.s.Apply(w.by(login), a, c, agreed, id.Ref{})
	w.must(err)
	return ref
}

func (w *world) aid(ref id.Ref) Aid {
	w.Helper()
	a, _, err := w.s.Get(w.ctx, ref)
	w.must(err)
	return a
}

func (w *world) verify(login string, ref id.Ref) error {
	return w.s.Verify(w.by(login), ref, 0, Check{Way: "visit", Day: clock.Today(w.ctx), By: "石大爷"}, "情况属实")
}

// approved is an application that went up to its approval by the county.
func (w *world) approved(fen int64, c Child) id.Ref {
	w.Helper()
	ref := w.apply("liang", w.study("990203013", fen), c)
	w.must(w.verify("shi", ref))
	w.must(w.s.Approve(w.by("zhou"), ref, 0, Amount{Fen: fen}, ""))
	return ref
}

func (w *world) figure(code, unit string) int64 {
	w.Helper()
	v, err := w.led.Ask(w.ctx, ledger.Query{Figure: code, Unit: w.unit[unit].ID, Day: clock.Today(w.ctx), From: "2019-01-01", To: "2020-01-01"})
	w.must(err)
	return v.Int()
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
