package signal

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"xinhuo/internal/account"
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

type world struct {
	*testing.T
	ctx context.Context // acts for the operator
	now time.Time
	d   *db.DB
	org *org.Service
	led *ledger.Service
	s   *Service
}

// open gives the module over a city of one county with four towns, on 20 May 2019.
func open(t *testing.T) *world {
	t.Helper()
	bg := context.Background()
	sources := []db.Source{{Module: "web", Files: web.Migrations}, {Module: "audit", Files: audit.Migrations}, {Module: "account", Files: account.Migrations}, {Module: "org", Files: org.Migrations},
		{Module: "ledger", Files: ledger.Migrations}, {Module: "record", Files: record.Migrations}, {Module: "signal", Files: Migrations}}
	dsn := testkit.Prepared(t, "signal", func(dsn string) error {
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
	texts, err := i18n.Load(Texts, ui.Texts, web.Texts, table.Texts, audit.Texts, org.Texts, ledger.Texts, record.Texts)
	if err != nil {
		t.Fatal(err)
	}
	w := &world{T: t, d: d}
	w.day("2019-05-20")
	w.ctx = clock.With(i18n.With(scope.With(bg, scope.System("test")), texts, "zh"), func() time.Time { return w.now })
	a := audit.New(d)
	w.org = org.New(d, a)
	w.led = ledger.New(d, w.org)
	w.s = New(d, record.New(d, a, w.led, w.org), w.org, w.led)
	w.org.OnChanged(w.led.UnitChanged)
	w.must(w.led.Load(w.ctx))
	w.must(w.org.FoundAll(w.ctx, []org.NewUnit{
		{Code: "99", Name: "东江省", Level: org.Province, From: "2000-01-01"},
		{Code: "9902", Name: "云州市", Level: org.City, ParentCode: "99", From: "2000-01-01"},
		{Code: "990203", Name: "南江区", Level: org.County, ParentCode: "9902", From: "2000-01-01"},
		{Code: "990203001", Name: "稻香镇", Level: org.Township, Kind: org.Town, ParentCode: "990203", From: "2000-01-01"},
		{Code: "990203002", Name: "渡口镇", Level: org.Township, Kind: org.Town, ParentCode: "990203", From: "2000-01-01"},
		{Code: "990203003", Name: "石桥镇", Level: org.Township, Kind: org.Town, ParentCode: "990203", From: "2000-01-01"},
		{Code: "990203004", Name: "青岭镇", Level: org.Township, Kind: org.Town, ParentCode: "990203", From: "2000-01-01"},
		{Code: "990203005", Name: "白塔镇", Level: org.Township, Kind: org.Town, ParentCode: "990203", From: "2000-01-01"},
	}))
	return w
}

func (w *world) day(d clock.Day) { w.now = d.Time().Add(9 * time.Hour) }

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

func (w *world) unit(code string) org.Unit {
	w.Helper()
	u, err := w.org.ByCode(w.ctx, code)
	w.must(err)
	return u
}

// as acts for somebody who works in one unit and views what is below it.
func (w *world) as(code string) context.Context {
	u := w.unit(code)
	return scope.With(w.ctx, scope.Actor{Account: id.ID(u.Pos), Name: u.Name + "办公室", Unit: u.ID, Pos: u.Pos,
		WorkSet: scope.Set{{From: u.Pos, To: u.Pos + 1}}, ViewSet: scope.Set{u.Range()}, FindSet: scope.All})
}

// above may work everywhere in the county, and still belongs to the county.
func (w *world) above() context.Context {
	a := scope.From(w.as("990203"))
	a.WorkSet, a.AdminSet = a.ViewSet, a.ViewSet
	return scope.With(w.ctx, a)
}

func (w *world) report(code string, m Month, counts map[string]int64) {
	w.Helper()
	w.must(w.s.Keep(w.as(code), 0, m, counts))
}

// publish lets the clock come to the day on which a month is published.
func (w *world) publish(m Month) {
	w.Helper()
	w.day(m.Published())
	_, err := w.s.Daily(w.ctx)
	w.must(err)
}

func (w *world) figure(code, unit string) int64 {
	w.Helper()
	v, err := w.led.Ask(w.ctx, ledger.Query{Figure: code, Unit: w.unit(unit).ID, Day: clock.Today(w.ctx), From: "2019-01-01", To: "2020-01-01"})
	w.must(err)
	return v.Int()
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
	s.Add(w.led.Routes()...)
	h, err := s.Handler()
	w.must(err)
	return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) { h.ServeHTTP(rw, r.WithContext(ctx)) })
}

func (w *world) send(h http.Handler, method, path string, body string, status int) *httptest.ResponseRecorder {
	w.Helper()
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	if method == "POST" && !strings.HasPrefix(path, "/api/") {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	rw := httptest.NewRecorder()
	h.ServeHTTP(rw, r)
	if rw.Code != status {
		w.Fatalf("%s %s answers %d, want %d: %.600s", method, path, rw.Code, status, rw.Body)
	}
	return rw
}

// A month as it goes: reported, corrected, undone, published on the eleventh, closed from then on.
func TestAMonthIsPublishedOnceWithoutSmallNumbers(t *testing.T) { // R160
	w := open(t)
	town := w.as("990203001")
	w.report("990203001", "2019-05", map[string]int64{"mind": 6, "net": 3})
	w.now = w.now.Add(time.Minute)
	w.must(w.s.Keep(town, 1, "2019-05", map[string]int64{"mind": 7, "net": 3, "other": 0}))
	w.kind(w.s.Keep(town, 1, "2019-05", map[string]int64{"mind": 9}), errs.Conflict) // somebody else was faster
	w.must(w.s.Undo(town, "2019-05", 2))
	if r, v, ok, err := w.s.Own(town, "2019-05"); err != nil || !ok || v.N != 3 || fmt.Sprint(r.Counts) != "map[mind:6 net:3]" {
		t.Fatalf("after the undo the report says %v (version %d, %v, %v)", r.Counts, v.N, ok, err)
	}
	for _, bad := range []map[string]int64{{"mind": -1}, {"mind": 10000}, {"何小明": 1}} {
		w.kind(w.s.Keep(town, 3, "2019-05", bad), errs.Invalid)
	}
	w.kind(w.s.Keep(town, 0, "2019-03", map[string]int64{"mind": 1}), errs.Conflict)
	w.kind(w.s.Keep(town, 0, "2019-06", map[string]int64{"mind": 1}), errs.Conflict)
	for _, code := range []string{"990203002", "990203003", "990203004", "990203005"} {
		w.report(code, "2019-05", map[string]int64{"net": 3, "study": 1})
	}
	w.day("2019-06-10")
	if n, err := w.s.Daily(w.ctx); n != 0 || err != nil {
		t.Errorf("on the tenth %d months are published (%v)", n, err)
	}
	w.publish("2019-05")
	w.kind(w.s.Keep(town, 3, "2019-05", map[string]int64{"mind": 9}), errs.Conflict)
	w.kind(w.s.Undo(town, "2019-05", 3), errs.Conflict)
	if n, err := w.s.Daily(w.ctx); n != 0 || err != nil {
		t.Errorf("a second time %d months are published (%v)", n, err)
	}
	// five small numbers of net are 15, at most 5*4 less two: told as they are; five of study are 4: never told
	got, err := w.s.Of(w.as("990203"), w.unit("990203"), "2019-05", "2019-05")
	w.must(err)
	if s := fmt.Sprint(got.Total.Counts); s != "map[mind:{mind 6 0} net:{net 12 1}]" {
		t.Errorf("the county sees %s", s)
	}
	if s := fmt.Sprint(got.Together.Counts); s != "map[net:{net 12 1}]" || got.Total.Reported != 5 {
		t.Errorf("together stand %s, %d units reported", s, got.Total.Reported)
	}
	for _, l := range got.Below {
		want := "map[]"
		if l.Unit.Code == "990203001" {
			want = "map[mind:{mind 6 0}]"
		}
		if s := fmt.Sprint(l.Counts); s != want {
			t.Errorf("of %s the county sees %s", l.Unit.Name, s)
		}
	}
	for unit, want := range map[string]int64{"9902": 18, "990203": 18, "990203001": 6, "990203002": 0} {
		if n := w.figure(raised, unit); n != want {
			t.Errorf("the book of %s counts %d, want %d", unit, n, want)
		}
	}
}

// What was changed in the last minutes cannot be taken back once the month is published, though an undo is open for ten.
func TestAnUndoDoesNotReachAPublishedMonth(t *testing.T) { // R160
	w := open(t)
	w.now = clock.Day("2019-05-10").Time().Add(24*time.Hour - 3*time.Minute)
	w.report("990203001", "2019-04", map[string]int64{"mind": 6})
	w.now = w.now.Add(5 * time.Minute)
	if n, err := w.s.Daily(w.ctx); n != 1 || err != nil {
		t.Fatalf("%d months are published (%v)", n, err)
	}
	if err := w.s.Undo(w.as("990203001"), "2019-04", 1); err == nil || !strings.Contains(err.Error(), "signal.closed") {
		t.Errorf("an undo after it was published: %v", err)
	}
}

// Nobody but the reporting unit gets a number that it reported below five: not its county with every right there is, not
// in any page, table, list of evidence or answer for a program, before and after it is published.
func TestOnlyTheUnitItselfSeesItsSmallNumbers(t *testing.T) { // R160
	w := open(t)
	w.report("990203001", "2019-05", map[string]int64{"bullying": 4})
	w.report("990203002", "2019-05", map[string]int64{"bullying": 0})
	small := regexp.MustCompile(`(value="4"|>4人<|"bullying":\s*\{?"?n?"?:?4|,4,|>4<)`)
	look := func(when string) {
		t.Helper()
		for name, ctx := range map[string]context.Context{"the county": w.above(), "the city": w.as("9902"), "another town": w.as("990203002")} {
			h := w.site(ctx)
			for _, path := range []string{"/signal", "/signal?month=2019-05", "/signal/own?month=2019-05", "/signal/own", "/signal/export?format=csv&from=2019-05&to=2019-05", "/api/v1/signals?month=2019-05", "/api/v1/signals/own?month=2019-05",
				"/evidence/signal.raised", "/evidence/signal.raised?format=csv", "/evidence/signal.raised?topic=bullying", "/figure/signal.raised"} {
				if found := small.FindString(w.send(h, "GET", path, "", http.StatusOK).Body.String()); found != "" {
					t.Errorf("%s, %s: %s tells of %q", when, name, path, found)
				}
			}
		}
		own := w.send(w.site(w.as("990203001")), "GET", "/api/v1/signals/own?month=2019-05", "", http.StatusOK).Body.String()
		if !small.MatchString(own) {
			t.Errorf("%s: the unit itself does not see its own: %s", when, own)
		}
	}
	look("before")
	w.publish("2019-05")
	look("after")
	page := w.send(w.site(w.above()), "GET", "/signal?month=2019-05", "", http.StatusOK).Body.String()
	if !strings.Contains(page, "不足5人") || !strings.Contains(page, "不再往下拆") {
		t.Errorf("the page does not say why: %.3000s", page)
	}
	if !strings.Contains(w.send(w.site(w.as("990203001")), "GET", "/signal/own?month=2019-05", "", http.StatusOK).Body.String(), "4人") {
		t.Error("the unit's own page does not say what it reported")
	}
	// whoever works below still reports for the unit of their own post alone
	if r, _, ok, err := w.s.Own(w.above(), "2019-05"); err != nil || ok || r.Unit != w.unit("990203").ID {
		t.Errorf("the county reads %v of %v (%v)", r, ok, err)
	}
	viewer := scope.From(w.as("990203001"))
	viewer.WorkSet = nil
	_, _, _, err := w.s.Own(scope.With(w.ctx, viewer), "2019-05")
	w.kind(err, errs.Forbidden)
}

// The form: a count for each topic, what was typed comes back, a form that is sent twice counts once, a program does the same.
func TestTheMonthlyForm(t *testing.T) { // R160
	w := open(t)
	h := w.site(w.as("990203001"))
	page := w.send(h, "GET", "/signal/own?month=2019-05", "", http.StatusOK).Body.String()
	for _, topic := range Topics {
		if !strings.Contains(page, `name="`+topic+`"`) {
			t.Errorf("the form does not ask for %s", topic)
		}
	}
	bad := url.Values{"_key": {"k1"}, "_version": {"0"}, "mind": {"六个"}, "net": {"8"}}
	if page = w.send(h, "POST", "/signal/own?month=2019-05", bad.Encode(), http.StatusUnprocessableEntity).Body.String(); !strings.Contains(page, "六个") || !strings.Contains(page, `value="8"`) {
		t.Errorf("what was typed is lost: %.2000s", page)
	}
	good := url.Values{"_key": {"k2"}, "_version": {"0"}, "mind": {" ６ "}, "net": {""}}
	for range 2 {
		at := w.send(h, "POST", "/signal/own?month=2019-05", good.Encode(), http.StatusSeeOther).Header().Get("Location")
		if page = w.send(h, "GET", at, "", http.StatusOK).Body.String(); !strings.Contains(page, "已经记下") || !strings.Contains(page, "/signal/own/undo") {
			t.Errorf("after it was sent, %s says %.2000s", at, page)
		}
	}
	said := w.send(h, "POST", "/api/v1/signals/own", `{"month":"2019-05","version":1,"counts":{"mind":7,"net":1}}`, http.StatusOK).Body.String()
	if !strings.Contains(said, `"version":2`) || !strings.Contains(said, `"mind":7`) {
		t.Errorf("a program is told %s", said)
	}
	w.send(h, "POST", "/api/v1/signals/own", `{"month":"2019-05","version":1,"counts":{}}`, http.StatusConflict)
	w.send(h, "POST", "/api/v1/signals/own", `{"month":"mai","counts":{}}`, http.StatusUnprocessableEntity)
	w.send(h, "POST", "/signal/own/undo?month=2019-05", url.Values{"_key": {"k3"}, "_version": {"2"}}.Encode(), http.StatusSeeOther)
	if r, _, _, err := w.s.Own(w.as("990203001"), "2019-05"); err != nil || r.Counts["mind"] != 6 {
		t.Errorf("undone, the report says %v (%v)", r, err)
	}
	w.day("2019-06-05") // last month is still open: it is not reported by the second town, but by the first
	if page = w.send(h, "GET", "/signal/own", "", http.StatusOK).Body.String(); !strings.Contains(page, "month=2019-06\"") || !strings.Contains(page, "2019年6月问题信号") {
		t.Errorf("the form is not this month's: %.1500s", page)
	}
	if page = w.send(w.site(w.as("990203002")), "GET", "/signal/own", "", http.StatusOK).Body.String(); !strings.Contains(page, "2019年5月问题信号") {
		t.Error("the form is not last month's, which is open and missing")
	}
}

// Where a problem shows, a team is proposed: by whoever works there, and by those above through the list of who can help.
func TestASignalLeadsToATeam(t *testing.T) { // R160 R163
	w := open(t)
	w.report("990203001", "2019-05", map[string]int64{"mind": 12})
	w.publish("2019-05")
	q := url.Values{"unit": {w.unit("990203001").ID.String()}, "need": {"心理健康"}}.Encode()
	for name, x := range map[string]struct {
		ctx  context.Context
		path string
	}{"the town": {w.as("990203001"), "/team/new?"}, "the county": {w.as("990203"), "/team/match?"}, "a county that works there": {w.above(), "/team/new?"}} {
		page := strings.ReplaceAll(w.send(w.site(x.ctx), "GET", "/signal", "", http.StatusOK).Body.String(), "&amp;", "&")
		if !strings.Contains(page, x.path+q) {
			t.Errorf("%s is not led to %s%s: %.3000s", name, x.path, q, page)
		}
	}
	if page := w.send(w.site(w.as("990203")), "GET", "/evidence/signal.raised?topic=mind&day=2019-06-11&from=2018-06-01&to=2019-06-01", "", http.StatusOK).Body.String(); !strings.Contains(page, "稻香镇，2019年5月公布的问题信号") {
		t.Errorf("the evidence does not name what was published: %.3000s", page)
	}
}

// A unit that is taken over brings what was published along, and its open report is one with its heir's.
func TestSignalsFollowAUnit(t *testing.T) { // R160
	w := open(t)
	w.report("990203001", "2019-05", map[string]int64{"mind": 12})
	w.publish("2019-05")
	w.report("990203001", "2019-06", map[string]int64{"mind": 3})
	w.report("990203002", "2019-06", map[string]int64{"mind": 4})
	w.must(w.org.Merge(w.ctx, []id.ID{w.unit("990203001").ID}, w.unit("990203002").ID, "2019-06-11", "云民〔2019〕1号"))
	w.publish("2019-06")
	got, err := w.s.Of(w.as("990203002"), w.unit("990203002"), "2019-05", "2019-06")
	w.must(err)
	if s := fmt.Sprint(got.Total.Counts); s != "map[mind:{mind 19 0}]" {
		t.Errorf("the heir has %s", s)
	}
}
