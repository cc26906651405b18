package ledger_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"strconv"
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
)

const pageDay = clock.Day("2019-05-31")

// books stands in for the modules: records in memory.
type books struct {
	recs  map[string]map[id.ID]ledger.Record
	names map[id.ID]string
}

func (b *books) source(kind string, fields map[string]any) *ledger.Source {
	b.recs[kind] = map[id.ID]ledger.Record{}
	return &ledger.Source{Kind: kind, Name: ledger.Words{Zh: kind, En: kind}, Fields: fields,
		Load: func(_ context.Context, recs []id.ID) (out []ledger.Record, _ error) {
			for _, r := range recs {
				out = append(out, b.recs[kind][r])
			}
			return out, nil
		},
		OfUnit: func(context.Context, id.ID) ([]ledger.Record, error) { return nil, nil },
		Each: func(_ context.Context, f func(ledger.Record) error) error {
			for _, r := range b.recs[kind] {
				if err := f(r); err != nil {
					return err
				}
			}
			return nil
		},
		Describe: func(_ context.Context, recs []id.ID) (map[id.ID]ledger.Description, error) {
			out := map[id.ID]ledger.Description{}
			for _, r := range recs {
				rec := b.recs[kind][r]
				out[r] = ledger.Description{Ref: rec.Ref, Code: b.names[r], Name: "记录" + b.names[r], Unit: rec.Rows[0].Units[0], Href: "/" + kind + "/" + rec.Ref.String()}
			}
			return out, nil
		},
		Label: func(_ context.Context, _, value string) string { return "叫" + value },
	}
}

type pages struct {
	t     testing.TB
	ctx   context.Context
	db    *db.DB
	s     *ledger.Service
	org   *org.Service
	books *books
	site  http.Handler
	now   time.Time
	units map[string]org.Unit
}

// openPages is a city of two counties with bases, teams, adoptions and contracts, seen on 31 May 2019.
func openPages(t testing.TB) *pages {
	t.Helper()
	p := &pages{t: t, books: &books{map[string]map[id.ID]ledger.Record{}, map[id.ID]string{}}, now: pageDay.Time().Add(9 * time.Hour), units: map[string]org.Unit{}}
	sources := []db.Source{{Module: "web", Files: web.Migrations}, {Module: "audit", Files: audit.Migrations}, {Module: "account", Files: account.Migrations},
		{Module: "org", Files: org.Migrations}, {Module: "ledger", Files: ledger.Migrations}}
	dsn := testkit.Prepared(t, "ledger-pages", func(dsn string) error {
		d, err := db.Open(context.Background(), dsn)
		if err != nil {
			return err
		}
		return errors.Join(d.Migrate(context.Background(), sources), d.Close())
	})
	d, err := db.Open(context.Background(), dsn)
	p.must(err)
	t.Cleanup(func() { d.Close() })
	texts, err := i18n.Load(ledger.Texts, ui.Texts, web.Texts, table.Texts)
	p.must(err)
	p.db = d
	p.ctx = i18n.With(clock.With(scope.With(context.Background(), scope.System("test")), func() time.Time { return p.now }), texts, "zh")
	p.org = org.New(d, audit.New(d))
	p.s = ledger.New(d, p.org)
	p.org.OnChanged(p.s.UnitChanged)
	p.s.Register(p.books.source("base", map[string]any{"status": "", "level": "", "issuer": "", "category": "", "run_mode": "", "top_level": "", "first_granted": ""}))
	p.s.Register(p.books.source("team", map[string]any{"status": "", "need": "", "standard": "", "owner": "", "run_by": false, "docked": false}))
	p.s.Register(p.books.source("reform", map[string]any{"status": "", "main": false, "level": ""}))
	p.s.Register(p.books.source("project", map[string]any{"status": "", "amount_fen": int64(0), "kind": ""}))
	p.s.Register(p.books.source("library", map[string]any{"category": ""}))
	p.must(p.s.Load(p.ctx))
	p.must(p.org.FoundAll(p.ctx, []org.NewUnit{
		{Code: "99", Name: "东江省", Level: org.Province, From: "2000-01-01"},
		{Code: "9902", Name: "云州市", Level: org.City, ParentCode: "99", From: "2000-01-01"},
		{Code: "990201", Name: "南江区", Level: org.County, ParentCode: "9902", From: "2000-01-01"},
		{Code: "990202", Name: "北仓区", Level: org.County, ParentCode: "9902", From: "2000-01-01"},
		{Code: "990201001", Name: "望江镇", Level: org.Township, Kind: org.Town, ParentCode: "990201", From: "2000-01-01"},
		{Code: "990201002", Name: "稻香镇", Level: org.Township, Kind: org.Town, ParentCode: "990201", From: "2000-01-01"},
		{Code: "990202001", Name: "桥头街道", Level: org.Township, Kind: org.Street, ParentCode: "990202", From: "2000-01-01"},
	}))
	for _, code := range []string{"99", "9902", "990201", "990202", "990201001", "990201002", "990202001"} {
		u, err := p.org.ByCode(p.ctx, code)
		p.must(err)
		p.units[code] = u
	}
	for i := range 24 {
		code, level := "990201001", "county"
		if i%3 == 0 {
			code, level = "990202001", "city"
		}
		if i == 23 {
			code = "9902"
		}
		day := clock.Day(fmt.Sprintf("%d-04-0%d", 2008+i%11, 1+i%9))
		p.post("base", fmt.Sprintf("J%03d", i), ledger.Record{
			Attrs: map[string]any{"category": []string{"science", "law", "labour", "patriot"}[i%4], "run_mode": []string{"self", "other"}[i%2], "top_level": level, "first_granted": string(day)},
			Rows: []ledger.Row{{Type: "accreditation", From: day, Units: []id.ID{p.units[code].ID},
				Attrs: map[string]any{"status": "granted", "level": level, "issuer": "9902"}}}})
	}
	for i := range 6 {
		p.post("team", fmt.Sprintf("D%02d", i), ledger.Record{Attrs: map[string]any{"need": "psychology"},
			Rows: []ledger.Row{{Type: "team", From: "2015-03-01", Units: []id.ID{p.units["990201001"].ID}, Attrs: map[string]any{"status": "approved"}}}})
	}
	p.post("reform", "G1", ledger.Record{Rows: []ledger.Row{{Type: "adoption", From: "2017-06-01", Units: []id.ID{p.units["990201001"].ID},
		Attrs: map[string]any{"status": "accepted", "main": true, "level": "township"}}}})
	for i, fen := range []int64{4000000, 2500050} {
		us := []id.ID{p.units["990201"].ID}
		if i == 1 {
			us = append(us, p.units["990202"].ID) // reported by two: one contract
		}
		p.post("project", fmt.Sprintf("云关合〔2018〕%d号", i+1), ledger.Record{Attrs: map[string]any{"kind": []string{"gov_purchase", "venture"}[i]},
			Rows: []ledger.Row{{Type: "signing", From: "2018-05-06", Units: us, Attrs: map[string]any{"status": "signed", "amount_fen": fen}}}})
	}
	p.must(p.s.Fold(p.ctx))
	site := &web.Site{
		Actor: func(r *http.Request) (scope.Actor, error) { return scope.From(r.Context()), nil },
		UnitPos: func(ctx context.Context, ref string) (int64, error) {
			u, err := p.org.Resolve(ctx, ref)
			return u.Pos, err
		},
		Fail: func(w http.ResponseWriter, r *http.Request, err error) {
			http.Error(w, err.Error(), errs.KindOf(err).Status())
		},
	}
	site.Add(p.s.Routes()...)
	p.site, err = site.Handler()
	p.must(err)
	return p
}

func (p *pages) must(err error) {
	p.t.Helper()
	if err != nil {
		p.t.Fatal(err)
	}
}

func (p *pages) post(kind, name string, r ledger.Record) {
	p.t.Helper()
	r.Ref = id.Ref{Root: 9902, ID: id.New()}
	p.books.recs[kind][r.Ref.ID], p.books.names[r.Ref.ID] = r, name
	p.must(p.db.Tx(p.ctx, func(ctx context.Context) error { return p.s.Post(ctx, kind, r) }))
}

// actor asks as somebody; nil acts for the operator.
func (p *pages) get(path string, actor *scope.Actor) *httptest.ResponseRecorder {
	p.t.Helper()
	ctx := p.ctx
	if actor != nil {
		ctx = scope.With(ctx, *actor)
	}
	w := httptest.NewRecorder()
	p.site.ServeHTTP(w, httptest.NewRequest("GET", path, nil).WithContext(ctx))
	return w
}

func (p *pages) page(path string) testkit.Doc {
	p.t.Helper()
	w := p.get(path, nil)
	if w.Code != 200 {
		p.t.Fatalf("%s: %d %s", path, w.Code, w.Body)
	}
	if dir := os.Getenv("XINHUO_SHOW"); dir != "" { // to be looked at in a browser
		name := strings.NewReplacer("/", "_", "?", "_", "&", "_").Replace(path)
		p.must(os.WriteFile(dir+"/"+name+".html", w.Body.Bytes(), 0o600))
	}
	return testkit.HTML(p.t, w.Body.String())
}

func TestFigurePage(t *testing.T) { // R194
	p := openPages(t)
	d := p.page("/figure/base.accredited?unit=9902")
	d.MustHave("h1", "24")
	d.MustHave("main", "截至2019年5月31日，按当时区划")
	if got := len(d.All("#compare .bars tr")); got != 2 {
		t.Errorf("%d counties compared, want 2", got)
	}
	d.MustHave("#compare", "另有1个直接归云州市")
	if got := len(d.All("#course .rows tbody tr")); got != 10 {
		t.Errorf("%d years, want 10", got)
	}
	d.MustHave("#parts", "叫science")

	share := p.page("/figure/reform.adopted_share?unit=9902")
	share.MustHave("h1", "33.3")
	share.MustHave("#how", "1个")
	share.MustHave("#how", "÷")
	share.MustHave("#how", "3个")

	none := p.page("/figure/reform.adopted_share?unit=9902&day=1999-01-01")
	none.MustHave("h1", "—")
	none.MustHave("main", "没有云州市这个单位")
}

func TestEvidenceOfEveryFigureSumsInEveryFormat(t *testing.T) { // R194, R197
	p := openPages(t)
	for _, d := range p.s.Figures() {
		for _, unit := range []string{"9902", "990201", "990201001"} {
			q := ledger.Query{Figure: d.Code, Unit: p.units[unit].ID, Day: pageDay, From: "2018-01-01", To: "2018-12-31"}
			v, err := p.s.Ask(p.ctx, q)
			p.must(err)
			want := v.Int()
			if v.Numerator != nil {
				want = *v.Numerator
			}
			base := "/evidence/" + d.Code + "?period=2018&unit=" + unit
			var rows []ledger.EvidenceRow
			p.must(json.Unmarshal(p.get(base+"&format=json", nil).Body.Bytes(), &rows))
			var sum int64
			for _, r := range rows {
				sum += r.Amount
			}
			if sum != want {
				t.Errorf("%s at %s: the list sums to %d, the figure is %d", d.Code, unit, sum, want)
			}
			body := p.get(base+"&format=csv", nil).Body.Bytes()
			if bytes.HasPrefix(body, []byte("\xef\xbb\xbf")) {
				t.Errorf("%s: the CSV begins with a mark", d.Code)
			}
			lines, err := csv.NewReader(bytes.NewReader(body)).ReadAll()
			p.must(err)
			if strings.Join(lines[0], ",") != "code,name,unit,day,amount" || len(lines) != len(rows)+1 {
				t.Errorf("%s at %s: CSV %v with %d lines, JSON has %d", d.Code, unit, lines[0], len(lines)-1, len(rows))
			}
			for i, r := range rows {
				if got, want := strings.Join(lines[i+1], ","), strings.Join([]string{r.Code, r.Name, r.Unit, string(r.Day), strconv.FormatInt(r.Amount, 10)}, ","); got != want {
					t.Errorf("%s row %d: %s, want %s", d.Code, i, got, want)
				}
			}
			sheet, err := table.Read("x.xlsx", p.get(base+"&format=xlsx", nil).Body.Bytes(), table.Limits{})
			p.must(err)
			n := 0
			p.must(sheet.Rows(func(table.Row) error { n++; return nil }))
			p.must(sheet.Close())
			if n != len(rows)+1 {
				t.Errorf("%s at %s: xlsx has %d rows, JSON %d", d.Code, unit, n-1, len(rows))
			}
		}
	}
}

func TestEvidencePagesByKey(t *testing.T) { // R194
	p := openPages(t)
	d := p.page("/evidence/base.accredited?unit=9902")
	d.MustHave("#list", "共24条，合计24个")
	d.MustHave(".pager", "这一页20条，后面还有4条")
	if got := len(d.All("#list .rows tbody tr")); got != 20 {
		t.Errorf("%d rows, want 20", got)
	}
	d.MustHave("#parts .sum", "叫city")
	next := p.page(d.One(".pager a").Attr("href"))
	if got := len(next.All("#list .rows tbody tr")); got != 4 {
		t.Errorf("%d rows on the second page, want 4", got)
	}
	if all := p.page("/evidence/base.accredited?unit=9902&all=1"); len(all.All("#list .rows tbody tr")) != 24 {
		t.Error("printing leaves rows out")
	}
	p.page("/evidence/base.accredited?unit=9902&category=law").MustHave("#list", "共6条，合计6个")
	money := p.page("/evidence/project.signed_fen?unit=9902&period=2018")
	money.MustHave("h1", "6.5")
	money.MustHave("#list", "合计65,000.5元") // to the fen: a list is for checking
}

func TestWhatWasSaidBefore(t *testing.T) { // R127
	p := openPages(t)
	was := p.now
	p.now = was.Add(48 * time.Hour)
	p.post("base", "J900", ledger.Record{Attrs: map[string]any{"category": "law", "run_mode": "self", "top_level": "city", "first_granted": "2019-01-01"},
		Rows: []ledger.Row{{Type: "accreditation", From: "2019-01-01", Units: []id.ID{p.units["990201001"].ID}, Attrs: map[string]any{"status": "granted", "level": "city", "issuer": "9902"}}}})
	p.must(p.s.Fold(p.ctx))
	d := p.page("/figure/base.accredited/known?unit=9902&day=2019-05-31&at=2019-06-01")
	if got := d.Texts("#both .fig b"); len(got) != 2 || got[0] != "24" || got[1] != "25" {
		t.Errorf("then and now: %v", got)
	}
	d.MustHave("#both", "取的是2019年5月31日")
	d.MustHave("#difference", "记录J900")
	d.MustHave("#difference", "1条记录，一共差+1个")
	p.page("/figure/base.accredited/known?unit=9902&at=2001-01-01").MustHave("#both", "那时候系统里还没有数")
	p.page("/figure/reform.adopted_share/known?unit=9902&at=2019-06-01")
	p.page("/figure/base.categories/known?unit=9902&at=2001-01-01").MustHave("#difference", "4条记录，一共差+4类")
}

func TestBook(t *testing.T) { // R193
	p := openPages(t)
	d := p.page("/book?unit=9902")
	d.MustHave("h1", "云州市一本账")
	d.MustHave(".lead .fig b", "24")
	d.MustHave("#reform", "33.3%")
	d.MustHave("#project", "叫gov_purchase1个")
	d.MustHave(".fresh", "36条记录")
	d.MustHave("#compare .seg a[aria-current]", "改革模式占比")
	p.page("/book?unit=9902&by=base.accredited").MustHave("#compare .bars", "15个")
	for _, path := range []string{"/book?unit=9902", "/book?unit=990202001"} {
		p.figuresAreAllThere(p.page(path))
	}
	// A chapter that counts nothing is a line; one that does is open, without what it does not count.
	street := "/book?unit=990202001"
	p.page(street).MustHave("#chapters #chapter-library summary", "文库：2项，都是0")
	p.post("library", "W1", ledger.Record{Attrs: map[string]any{"category": "work.speech"}, Rows: []ledger.Row{{Type: "document", From: "2019-01-01", Units: []id.ID{p.units["990202001"].ID}}}})
	p.must(p.s.Fold(p.ctx))
	open := p.page(street)
	if got := open.Texts("#chapter-library .figs b"); strings.Join(got, " ") != "1" || open.Has("#chapters") {
		t.Errorf("open are %q", got)
	}
	open.MustHave("#chapter-library summary", "这一方面还有1项数据")
	p.figuresAreAllThere(open)
}

// figuresAreAllThere tells that every figure stands on a page, folded or not: open is only what counts something (R193).
func (p *pages) figuresAreAllThere(d testkit.Doc) {
	p.t.Helper()
	links := map[string]int{}
	for _, a := range d.All("main a") {
		if code, ok := strings.CutPrefix(strings.SplitN(a.Attr("href"), "?", 2)[0], "/evidence/"); ok {
			links[code]++
		} else if code, ok := strings.CutPrefix(strings.SplitN(a.Attr("href"), "?", 2)[0], "/figure/"); ok {
			links[code]++
		}
	}
	for _, f := range p.s.Figures() {
		if links[f.Code] == 0 {
			p.t.Errorf("%s is not on the page", f.Code)
		}
	}
}

func TestMatrixAddsUp(t *testing.T) { // R104
	p := openPages(t)
	d := p.page("/book?unit=9902")
	if got := len(d.All("#matrix tbody tr")); got != 2 {
		t.Fatalf("%d counties in the matrix, want 2", got)
	}
	sum := int64(1) // the city's own
	for _, c := range d.Texts("#matrix tbody td") {
		n, err := strconv.ParseInt(c, 10, 64)
		p.must(err)
		sum += n
	}
	d.MustHave("#matrix tfoot th", strconv.FormatInt(sum, 10))
}

func TestEveryNumberOfTheBookHasItsRecords(t *testing.T) { // R193: no number leads nowhere
	p := openPages(t)
	seen := 0
	for _, a := range p.page("/book?unit=9902").All("main a") {
		href := a.Attr("href")
		if !strings.HasPrefix(href, "/evidence/") {
			continue
		}
		if w := p.get(href, nil); w.Code != 200 {
			t.Errorf("%s answers %d", href, w.Code)
		}
		seen++
	}
	if seen < 20 {
		t.Errorf("only %d numbers with records", seen)
	}
}

func TestFiguresAsJSON(t *testing.T) { // R194
	p := openPages(t)
	var all []ledger.FigureJSON
	p.must(json.Unmarshal(p.get("/api/v1/figures?unit=9902&period=2018", nil).Body.Bytes(), &all))
	got := map[string]string{}
	for _, f := range all {
		got[f.Code] = string(f.Value)
	}
	for code, want := range map[string]string{"base.accredited": "24", "reform.adopted_share": "33.3", "project.signed_fen": "6500050", "base.categories": "4"} {
		if got[code] != want {
			t.Errorf("%s is %s, want %s", code, got[code], want)
		}
	}
	var one ledger.FigureJSON
	p.must(json.Unmarshal(p.get("/api/v1/figures/reform.adopted_share?unit=9902&day=1999-01-01", nil).Body.Bytes(), &one))
	if string(one.Value) != "null" || one.Denominator == nil || *one.Denominator != 0 {
		t.Errorf("over nothing: %+v", one)
	}
}

func TestPagesAskForTheUnit(t *testing.T) { // R189
	p := openPages(t)
	u := p.units["990201"]
	clerk := scope.Actor{Account: 7, Name: "某人", Unit: u.ID, Pos: u.Pos, ViewSet: scope.Set{u.Range()}}
	for _, path := range []string{"/book", "/figure/base.accredited", "/figure/base.accredited/known", "/evidence/base.accredited", "/evidence/base.accredited?format=csv",
		"/api/v1/figures", "/api/v1/figures/base.accredited", "/api/v1/figures/base.accredited/evidence"} {
		if w := p.get(path, &clerk); w.Code != 200 {
			t.Errorf("own unit, %s: %d", path, w.Code)
		}
		sep := "?"
		if strings.Contains(path, "?") {
			sep = "&"
		}
		for _, unit := range []string{"9902", "990202", "nowhere"} {
			if w := p.get(path+sep+"unit="+unit, &clerk); w.Code != 404 || strings.Contains(w.Body.String(), "记录J") {
				t.Errorf("%s at %s answers %d", path, unit, w.Code)
			}
		}
	}
}

func TestShortcutsOfTheBookAgreeWithAsking(t *testing.T) { // R194: a page and a question give one answer
	p := openPages(t)
	p.must(p.org.Move(p.ctx, p.units["990201002"].ID, p.units["990202"].ID, "2014-07-01", ""))
	p.must(p.s.Fold(p.ctx))
	for _, unit := range []string{"99", "9902", "990202", "990201002"} {
		for _, day := range []clock.Day{"1999-12-31", "2013-01-01", "2014-07-01", pageDay} {
			for _, b := range []ledger.Boundary{ledger.Then, ledger.Today} {
				q := ledger.Query{Unit: p.units[unit].ID, Day: day, Boundary: b}
				if bad := p.s.CheckShortcuts(p.ctx, q); bad != "" {
					t.Errorf("%s on %s by %s: %s", unit, day, b, bad)
				}
			}
		}
	}
}

// A page's answers are kept until something is posted: at every unit they are what is asked anew, whatever was posted,
// taken back or folded between.
func TestWhatIsKeptForPagesAgreesWithAskingAfterEveryPosting(t *testing.T) { // R194
	p := openPages(t)
	r := rand.New(rand.NewPCG(7, 11))
	for i := range 40 {
		unit := []string{"990201001", "990202001", "990201", "9902"}[r.IntN(4)]
		p.post("team", fmt.Sprintf("N%02d", i), ledger.Record{Attrs: map[string]any{"need": "law"}, Rows: []ledger.Row{{Type: "team",
			From: clock.Day("2019-05-31").AddDays(-r.IntN(900)), Units: []id.ID{p.units[unit].ID}, Attrs: map[string]any{"status": "approved"}}}})
		signed := clock.Day("2019-01-01").AddDays(r.IntN(150))
		if i%4 == 0 { // the ends of the period that CheckShortcuts asks about
			signed = []clock.Day{"2019-03-09", "2019-03-10", "2019-05-20", "2019-05-21"}[r.IntN(4)]
		}
		p.post("project", fmt.Sprintf("云关合〔2019〕%d号", i), ledger.Record{Attrs: map[string]any{"kind": []string{"gov_purchase", "venture"}[r.IntN(2)]}, Rows: []ledger.Row{
			{Type: "signing", From: signed, Units: []id.ID{p.units[unit].ID}, Attrs: map[string]any{"status": "signed", "amount_fen": int64(100 + i)}}}})
		if r.IntN(3) == 0 { // one is taken back
			for k, rec := range p.books.recs["team"] {
				rec.Rows = nil
				p.books.recs["team"][k] = rec
				p.must(p.db.Tx(p.ctx, func(ctx context.Context) error { return p.s.Post(ctx, "team", rec) }))
				delete(p.books.recs["team"], k)
				break
			}
		}
		if i < 36 && r.IntN(4) == 0 {
			p.must(p.s.Fold(p.ctx))
		}
		for _, unit := range []string{"99", "9902", "990201", "990201001"} {
			q := ledger.Query{Figure: "team.active", Unit: p.units[unit].ID, Day: pageDay}
			asked, err := p.s.Ask(p.ctx, q)
			p.must(err)
			for range 2 {
				if n, err := p.s.InPage(p.ctx, q); err != nil || n != asked.Int() {
					t.Fatalf("after %d postings %s has %d teams on its page, %d asked (%v)", i+1, unit, n, asked.Int(), err)
				}
			}
		}
	}
	for _, unit := range []string{"99", "9902", "990201", "990201001"} { // the last ones are not folded
		if bad := p.s.CheckShortcuts(p.ctx, ledger.Query{Unit: p.units[unit].ID, Day: pageDay, Boundary: ledger.Then}); bad != "" {
			t.Errorf("%s: %s", unit, bad)
		}
	}
	if p.s.Keeps() == 0 {
		t.Error("nothing was kept")
	}
}

func TestKeptAnswersBelongToOneStateOfTheBook(t *testing.T) {
	p := openPages(t)
	q := ledger.Query{Figure: "team.active", Unit: p.units["990201"].ID, Day: pageDay}
	ask := func(ctx context.Context, want int64, more ...func() error) {
		t.Helper()
		if n, err := p.s.InPage(ctx, q, more...); err != nil || n != want {
			t.Errorf("%d teams on the page, want %d (%v)", n, want, err)
		}
	}
	team := func(unit string) ledger.Record {
		r := ledger.Record{Ref: id.Ref{Root: 9902, ID: id.New()}, Attrs: map[string]any{"need": "law"}, Rows: []ledger.Row{{Type: "team", From: "2018-03-01",
			Units: []id.ID{p.units[unit].ID}, Attrs: map[string]any{"status": "approved"}}}}
		p.books.recs["team"][r.Ref.ID] = r
		return r
	}
	post := func(unit string) func() error {
		return func() error {
			return p.db.Tx(p.ctx, func(ctx context.Context) error { return p.s.Post(ctx, "team", team(unit)) })
		}
	}
	ask(p.ctx, 6)
	gone := errors.New("taken back")
	if err := p.db.Tx(p.ctx, func(ctx context.Context) error { // whoever posts sees it, nobody else
		p.must(p.s.Post(ctx, "team", team("990201")))
		ask(ctx, 7)
		return gone
	}); !errors.Is(err, gone) {
		t.Fatal(err)
	}
	ask(p.ctx, 6)
	p.must(post("990202")()) // as many entries as were taken back, of another county
	ask(p.ctx, 6)
	// a page that began before a posting ends as it began
	ask(p.ctx, 6, post("990201"), func() error { ask(p.ctx, 7); return nil })
	ask(p.ctx, 7)
}

// A page of a new city showed 6 townships where 3 were: what stood in the tail was kept, then folded, and read again among
// the cells of series that folding had made.
func TestFoldingBetweenTwoPagesCountsNothingTwice(t *testing.T) {
	p := openPages(t)
	q := ledger.Query{Figure: "project.signed", Unit: p.units["9902"].ID, Day: pageDay, From: "2019-01-01"}
	p.post("project", "云关合〔2019〕1号", ledger.Record{Attrs: map[string]any{"kind": "training"}, Rows: []ledger.Row{
		{Type: "signing", From: "2019-02-03", Units: []id.ID{p.units["990201"].ID}, Attrs: map[string]any{"status": "signed", "amount_fen": int64(100)}}}})
	look := func() map[string]int64 {
		by, err := p.s.PartsInPage(p.ctx, q, "kind")
		p.must(err)
		return by
	}
	first := look()
	p.must(p.s.Fold(p.ctx))
	if again := look(); first["training"] != 1 || again["training"] != 1 {
		t.Errorf("%v before folding, %v after", first, again)
	}
}

// A program that has learnt a condition which holds where nothing is recorded opened a city that stood before, and said
// that no county met it: no record came to have it computed.
func TestNewConditionIsFilledInForUnitsThatStand(t *testing.T) { // R194, R62
	p := openPages(t)
	for range 2 { // the second start finds it done
		next := ledger.New(p.db, p.org)
		next.Register(p.books.source("contact", map[string]any{"kind": "", "body": "", "led": false, "mechanism": ""}))
		p.must(next.Load(p.ctx))
		for code, want := range map[string]int64{"99": 2, "9902": 2, "990201": 1, "990201001": 0} {
			v, err := next.Ask(p.ctx, ledger.Query{Figure: "mechanism.counties_missing", Unit: p.units[code].ID, Day: pageDay})
			p.must(err)
			if v.Int() != want {
				t.Errorf("%s has %d counties without a record, want %d", code, v.Int(), want)
			}
		}
		rep, err := next.Verify(p.ctx, nil)
		p.must(err)
		for _, d := range rep.Faults {
			if d.Figure == "mechanism.counties_missing" {
				t.Errorf("differs from its recount: %+v", d)
			}
		}
	}
}
