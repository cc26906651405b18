package guarantee

import (
	"bytes"
	"context"
	"math/rand/v2"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/file"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/table"
	"xinhuo/internal/ledger"
	"xinhuo/internal/org"
	"xinhuo/internal/record"
)

// line enters money in the budget of a unit, revenue the revenue of its place, in yuan.
func (w *world) line(code string, year int, yuan int64) id.Ref {
	w.Helper()
	ref, err := w.s.AddLine(w.as(code), Budget{Unit: w.unit(code).ID, Year: year, Amount: yuan * 100, InBudget: true, Doc: Document{Name: "部门预算的批复"}}, record.Change{})
	w.must(err)
	return ref
}

func (w *world) revenue(code string, year int, yuan int64) id.Ref {
	w.Helper()
	ref, err := w.s.AddRevenue(w.as(code), Revenue{Unit: w.unit(code).ID, Year: year, Amount: yuan * 100, Source: "预算执行情况的报告"}, record.Change{})
	w.must(err)
	return ref
}

// R18: funds +3 % while revenue +8 % is not keeping pace, and the page says why in plain numbers.
func TestFundsThatDoNotKeepPaceAreFlagged(t *testing.T) {
	w := open(t)
	for code, now := range map[string][2]int64{"990203": {103000, 5400000000}, "990204": {108000, 5400000000}} {
		w.line(code, 2018, 100000)
		w.line(code, 2019, now[0])
		w.revenue(code, 2018, 5000000000)
		w.revenue(code, 2019, now[1])
	}
	w.line("990205", 2018, 100000) // nothing this year
	w.wants("9902", map[string]int64{"funds.counties_behind": 1, "funds.counties_keeping": 1, "funds.counties_compared": 2, "funds.keeping_share": 500, "funds.counties_with": 2, "funds.counties_without": 1, "funds.fiscal_fen": 21100000, "funds.lines": 2})
	w.wants("990203", map[string]int64{"funds.counties_behind": 1})
	own := w.get(w.as("990203"), "/budget?year=2019", http.StatusOK)
	own.MustHave("#years", "未同步增长")
	own.MustHave("#years", "经费+3%，财政收入+8%")
	page := w.get(w.as("9902"), "/budget?year=2019", http.StatusOK)
	page.MustHave("#below", "3个单位里，2个经费纳入预算，1个没有；1个未与财政收入同步增长")
	rows := page.All("#below tbody tr")
	if len(rows) != 3 || !strings.Contains(rows[0].Content(), "东岭县") || !strings.Contains(rows[1].Content(), "南江区") || !strings.Contains(rows[2].Content(), "北仓区") {
		t.Errorf("those without a line and behind do not stand first: %v", rows)
	}
	if text := w.get(w.as("9902"), "/budget?year=2018", http.StatusOK).Text("#below"); strings.Contains(text, "未同步增长") {
		t.Errorf("behind before there was anything to compare: %s", text)
	}
	w.now = "2018-12-31"
	w.wants("9902", map[string]int64{"funds.counties_behind": 0, "funds.counties_compared": 0, "funds.counties_with": 3})
	w.get(w.as("990204"), "/budget?unit="+w.unit("990203").ID.String(), http.StatusNotFound)
}

// R18: the pages and the ledger agree on who keeps pace, whatever the sums are.
func TestPageAndLedgerAgreeOnThePace(t *testing.T) {
	w := open(t)
	r := rand.New(rand.NewPCG(18, 19))
	sum := func() int64 { return 1 + r.Int64N(5) + r.Int64N(3)*1e6 }
	u := w.unit("990205")
	for range 20 {
		f, g, p, q := sum(), sum(), sum(), sum()
		if r.IntN(3) == 0 {
			f, g = p*3, q*3 // the same growth is keeping pace
		}
		refs := []id.Ref{w.line("990205", 2019, f), w.line("990205", 2018, g), w.revenue("990205", 2019, p), w.revenue("990205", 2018, q)}
		m, err := w.s.MoneyOf(w.ctx, []id.ID{u.ID}, 2018, 2019)
		w.must(err)
		v, err := w.led.Ask(w.ctx, ledger.Query{Figure: "funds.counties_behind", Unit: u.ID, Day: today})
		w.must(err)
		if behind := PaceOf(m[u.ID][1], m[u.ID][0]) == Behind; behind != (v.Int() == 1) {
			t.Errorf("%d/%d beside %d/%d: the page says behind %v, the ledger %d", f, g, p, q, behind, v.Int())
		}
		for i, ref := range refs {
			if i < 2 {
				w.must(w.s.budgets.Remove(w.ctx, ref, 1, record.Change{Act: "guarantee.act.remove", Reason: "x"}))
			} else {
				w.must(w.s.revenues.Remove(w.ctx, ref, 1, record.Change{Act: "guarantee.act.remove", Reason: "x"}))
			}
		}
	}
}

func TestGrowth(t *testing.T) {
	for _, c := range []struct{ now, before, want int64 }{{103, 100, 30}, {108, 100, 80}, {100, 100, 0}, {97, 100, -30}, {1, 3, -667}, {2, 3, -333}, {20005, 20000, 0}, {20010, 20000, 1}, {1e13, 1, 1e16 - 1000}, {0, 5, -1000}} {
		if got, ok := Growth(c.now, c.before); !ok || got != c.want {
			t.Errorf("%d after %d: %d, want %d", c.now, c.before, got, c.want)
		}
	}
	if _, ok := Growth(5, 0); ok {
		t.Error("there is a growth from nothing")
	}
	huge := Money{Fiscal: 9e12, Revenue: 9e15, Known: true}
	if PaceOf(huge, Money{Fiscal: 9e12, Revenue: 9e15 - 1, Known: true}) != Behind || PaceOf(huge, huge) != Keeps {
		t.Error("large sums are not compared exactly")
	}
}

// R19: the line over the years is what is stored, year by year.
func TestTheLineOverTheYearsIsWhatIsStored(t *testing.T) {
	w := open(t)
	want := map[int]int64{2016: 60000, 2017: 65000, 2018: 80000, 2019: 95000}
	for y, yuan := range want {
		w.line("990203", y, yuan)
	}
	donated := Budget{Unit: w.unit("990203").ID, Year: 2019, Amount: 500000, Source: "donation"}
	_, err := w.s.AddLine(w.as("990203"), donated, record.Change{})
	w.must(err)
	m, err := w.s.MoneyOf(w.as("990203"), []id.ID{w.unit("990203").ID}, 2016, 2019)
	w.must(err)
	for _, x := range m[w.unit("990203").ID] {
		if x.Fiscal != want[x.Year]*100 {
			t.Errorf("%d: %d", x.Year, x.Fiscal)
		}
	}
	page := w.get(w.as("990203"), "/budget?year=2019", http.StatusOK)
	if n := len(page.All("#years tbody tr")); n != 4 {
		t.Errorf("%d years of 4", n)
	}
	page.MustHave("#years", "10万元") // with what was donated
	for n, words := range []string{"6万元", "6.5万元", "8万元", "9.5万元"} {
		if row := page.All("#years tbody tr")[n].Content(); !strings.Contains(row, words) {
			t.Errorf("%d: %s, want %s", 2016+n, row, words)
		}
	}
	w.wants("990203", map[string]int64{"funds.fiscal_fen": 9500000, "funds.amount_fen": 10000000, "funds.lines": 2})
}

// R16 R17: a county without a line in this year's budget is told so in its inbox until it has one; money is typed as people write it.
func TestAMissingLineWaitsInTheInbox(t *testing.T) {
	w := open(t)
	clerk, unit := w.as("990203"), w.unit("990203").ID
	waits := func(n int) {
		t.Helper()
		list, err := w.s.Waiting(clerk, unit)
		w.must(err)
		if len(list) != n || n == 1 && !strings.HasPrefix(list[0].Link, "/budget/new?") {
			t.Errorf("the inbox holds %+v, want %d", list, n)
		}
	}
	waits(1)
	if list, err := w.s.Waiting(w.as("990203001"), w.unit("990203001").ID); err != nil || len(list) != 0 {
		t.Errorf("a township has no budget of its own: %v %v", list, err)
	}
	good := url.Values{"year": {"2019"}, "amount": {"12.5万"}, "source": {"fiscal"}, "in_budget": {"yes"}, "doc_name": {"2019年部门预算的批复"}, "doc_number": {"南财预〔2019〕8号"}, "doc_day": {"2019-02-15"}}
	for name, c := range map[string]url.Values{"no sum": {"amount": {""}}, "none": {"amount": {"0"}}, "less than none": {"amount": {"-5"}}, "no number": {"amount": {"很多"}}, "beyond reason": {"amount": {"999999999999999"}}, "no year": {"year": {"去年"}},
		"another age": {"year": {"1999"}}, "a source unknown": {"source": {"'; DROP TABLE"}}, "a donation": {"source": {"donation"}}, "no approval": {"doc_name": {""}}, "a day ahead": {"doc_day": {"2020-01-01"}}, "too long": {"note": {strings.Repeat("长", 501)}}} {
		f := url.Values{}
		for k, v := range good {
			f[k] = v
		}
		for k, v := range c {
			f[k] = v
		}
		if got := w.send(clerk, http.MethodPost, "/budget/new?year=2019", withKey(f)); got.Code != http.StatusUnprocessableEntity {
			t.Errorf("%s: %d", name, got.Code)
		}
	}
	for typed, words := range map[string]string{"": "写上金额", "999999999999999": "多写了几位"} {
		f := url.Values{"amount": {typed}}
		if got := w.send(clerk, http.MethodPost, "/budget/new?year=2019", withKey(f)); !strings.Contains(got.Body.String(), words) {
			t.Errorf("%q is refused without saying %s", typed, words)
		}
	}
	to := w.post(clerk, "/budget/new?year=2019", good, http.StatusSeeOther)
	waits(0)
	w.wants("9902", map[string]int64{"funds.fiscal_fen": 12500000, "funds.counties_with": 1})
	page := w.get(clerk, to, http.StatusOK)
	page.MustHave("#facts", "南财预〔2019〕8号")
	page.MustHave("#facts", "12.5万元")
	edit := url.Values{"_version": {"1"}}
	for k, v := range good {
		edit[k] = v
	}
	edit.Set("in_budget", "")
	edit.Set("source", "special")
	w.post(clerk, to+"/edit", edit, http.StatusSeeOther)
	waits(1)
	w.post(clerk, to+"/undo", url.Values{"_version": {"2"}}, http.StatusSeeOther)
	waits(0)
	w.post(clerk, to+"/remove", url.Values{"reason": {"重复"}, "_version": {"3"}}, http.StatusSeeOther)
	waits(1)
	w.get(clerk, to, http.StatusNotFound)
}

// R17: a file may stand for the name of the approval; it is opened by whoever sees the line, and by nobody else.
func TestTheApprovalCanBeAFile(t *testing.T) {
	w := open(t)
	k, err := w.s.Keep(w.ctx, `..\批复.pdf`, strings.NewReader("%PDF-1.4 x"))
	w.must(err)
	b := Budget{Unit: w.unit("990203").ID, Year: 2019, Amount: 100, InBudget: true}
	b.attach([]file.Kept{k})
	ref, err := w.s.AddLine(w.as("990203"), b, record.Change{})
	w.must(err)
	at := budgetPath(ref) + "/file/" + k.Hash
	if got := w.send(w.as("9902"), http.MethodGet, at, nil); got.Code != http.StatusOK || got.Body.String() != "%PDF-1.4 x" {
		t.Errorf("the file: %d %q", got.Code, got.Body)
	}
	w.get(w.as("990204"), at, http.StatusNotFound)
	b.Files = nil
	w.must(w.s.SaveLine(w.as("990203"), ref, 1, Budget{Year: 2019, Amount: 200, InBudget: true}, record.Change{})) // a program that says nothing of files leaves them
	named, err := Files(w.ctx, w.db)
	w.must(err)
	if len(named) != 1 || named[0] != k.Hash {
		t.Errorf("the backup holds %v", named)
	}
}

// A place has one revenue a year, and an undo does not bring a second.
func TestOneRevenueAYear(t *testing.T) {
	w := open(t)
	clerk := w.as("990203")
	f := func() url.Values {
		return url.Values{"year": {"2018"}, "amount": {"52.6亿"}, "source": {"决算报告"}}
	}
	to := w.post(clerk, "/revenue/new?year=2018", f(), http.StatusSeeOther)
	w.post(clerk, "/revenue/new?year=2018", f(), http.StatusUnprocessableEntity)
	w.post(clerk, "/revenue/new?year=2017", url.Values{"year": {"2017"}, "amount": {"1"}, "source": {" "}}, http.StatusUnprocessableEntity)
	w.get(clerk, to, http.StatusOK).MustHave("#facts", "决算报告")
	w.post(clerk, to+"/remove", url.Values{"reason": {"看错了"}, "_version": {"1"}}, http.StatusSeeOther)
	w.post(clerk, "/revenue/new?year=2018", f(), http.StatusSeeOther)
	w.post(clerk, to+"/undo", url.Values{"_version": {"2"}}, http.StatusUnprocessableEntity)
}

// should puts one on a unit's list.
func (w *world) should(code, name string, young int64) id.Ref {
	w.Helper()
	ref, err := w.s.AddShould(w.as(code), Should{Unit: w.unit(code).ID, Name: name, Kind: "enterprise", Young: young, From: "2018-01-01"}, record.Change{})
	w.must(err)
	return ref
}

// R49: coverage = those with a committee / those that should have one; those without by name, the largest first.
func TestCoverageByList(t *testing.T) {
	w := open(t)
	w.must(w.org.FoundAll(w.ctx, []org.NewUnit{{Code: "990203001Q01", Name: "云州纺织有限公司", Level: org.Enterprise, ParentCode: "990203001", From: "2019-02-01"}, {Code: "990204Q01", Name: "北仓机械厂", Level: org.Enterprise, ParentCode: "990204", From: "2019-02-01"}}))
	clerk, city := w.as("990203"), w.as("9902")
	textile := w.should("990203", "云州纺织有限公司", 320)
	w.should("990203", "南江食品厂", 45)
	w.should("990203001", "青石水泥厂", 180)
	w.wants("9902", map[string]int64{"should.listed": 3, "should.has": 0, "should.without": 3, "should.share": 0})
	rows := w.get(city, "/should", http.StatusOK).All("#lack tbody tr")
	if len(rows) != 3 || !strings.Contains(rows[0].Content(), "云州纺织") || !strings.Contains(rows[2].Content(), "南江食品") {
		t.Errorf("the largest does not stand first: %v", rows)
	}
	to := shouldPath(textile)
	w.post(clerk, to+"/link", url.Values{"committee": {"990204Q01"}, "_version": {"1"}}, http.StatusUnprocessableEntity) // elsewhere
	w.post(clerk, to+"/link", url.Values{"committee": {" "}, "_version": {"1"}}, http.StatusUnprocessableEntity)
	w.post(clerk, to+"/link", url.Values{"committee": {"没有这家"}, "_version": {"1"}}, http.StatusUnprocessableEntity)
	w.post(clerk, to+"/link", url.Values{"committee": {"云州纺织有限公司"}, "_version": {"1"}}, http.StatusSeeOther)
	w.wants("9902", map[string]int64{"should.listed": 3, "should.has": 1, "should.without": 2, "should.share": 333})
	w.now = "2019-01-31"
	w.wants("9902", map[string]int64{"should.has": 0, "should.without": 3}) // it was founded in February
	w.now = today
	w.get(city, "/should", http.StatusOK).MustHave("#has", "云州纺织有限公司")
	w.post(clerk, "/should/new", url.Values{"name": {"南江食品厂"}, "kind": {"enterprise"}, "from": {"2019-01-01"}}, http.StatusUnprocessableEntity) // twice
	w.post(clerk, "/should/new", url.Values{"name": {"新厂"}, "kind": {"enterprise"}, "young": {"一百二十人"}, "from": {"2019-01-01"}}, http.StatusSeeOther)
	w.post(clerk, "/should/new", url.Values{"name": {"又一家"}, "kind": {"kiosk"}, "young": {"-3"}, "from": {"2020-01-01"}}, http.StatusUnprocessableEntity)
	w.post(clerk, to+"/cease", url.Values{"ceased": {"2017-01-01"}, "reason": {"注销"}, "_version": {"2"}}, http.StatusUnprocessableEntity)
	w.post(clerk, to+"/cease", url.Values{"ceased": {"2019-05-01"}, "reason": {"注销"}, "_version": {"2"}}, http.StatusSeeOther)
	w.wants("9902", map[string]int64{"should.listed": 3, "should.has": 0, "should.without": 3})
	w.get(w.as("990204"), to, http.StatusNotFound)
}

// R49: a committee that is closed in the tree covers nobody any more; one that is merged is its heir's.
func TestACommitteeThatEndsCoversNobody(t *testing.T) {
	w := open(t)
	w.must(w.org.FoundAll(w.ctx, []org.NewUnit{{Code: "Q1", Name: "甲厂", Level: org.Enterprise, ParentCode: "990203001", From: "2019-02-01"}}))
	ref := w.should("990203001", "甲厂", 10)
	x, v, err := w.s.ShouldOf(w.ctx, ref)
	w.must(err)
	x.Committee = w.unit("Q1").ID
	w.must(w.s.SaveShould(w.as("990203001"), ref, v.N, x, record.Change{}))
	w.wants("9902", map[string]int64{"should.has": 1})
	w.must(w.org.Close(w.ctx, x.Committee, "2019-05-01", ""))
	w.wants("9902", map[string]int64{"should.has": 0, "should.without": 1})
}

// R17 R18 R49: the three tables come and go; the same table twice changes nothing.
func TestMoneyAndListComeAsTables(t *testing.T) {
	w := open(t)
	city := w.as("9902")
	k, err := w.s.Keep(city, "批复.txt", strings.NewReader("同意"))
	w.must(err)
	_, err = w.s.AddLine(city, Budget{Unit: w.unit("990203").ID, Year: 2019, Amount: 12500000, InBudget: true, Doc: Document{Name: "部门预算的批复"}, Files: []file.Kept{k}, Note: "商会捐赠　第１  版"}, record.Change{})
	w.must(err)
	w.revenue("990203", 2018, 5000)
	w.should("990203", "南江食品厂", 45)
	for kind, c := range map[string]struct {
		more    string
		figures map[string]int64
	}{
		KindBudget:  {",990204,,2019,8万元,财政预算,是,批复,,,\n,990204,,2019,abc,财政预算,是,批复,,,\n", map[string]int64{"funds.lines": 2, "funds.fiscal_fen": 20500000}},
		KindRevenue: {",990204,,2018,3亿,报告\n,990204,,2018,,报告\n", map[string]int64{}},
		KindShould:  {",990204,,北仓机械厂,民营企业,,120,,名单,2019-01-01,,,\n,990204,,,民营企业,,120,,名单,2019-01-01,,,\n", map[string]int64{"should.listed": 2}},
	} {
		var b bytes.Buffer
		w.must(w.rec.Export(city, &b, kind, table.CSV, w.unit("9902").ID, "x"))
		p, err := w.rec.Upload(city, kind, w.unit("9902").ID, "x.csv", []byte(b.String()+c.more))
		w.must(err)
		if p.Count(record.Same) != 1 || p.Count(record.Added) != 1 || p.Bad != 1 {
			t.Errorf("%s: %+v", kind, p)
		}
		_, err = w.rec.Take(city, p.Ref, true)
		w.must(err)
		w.wants("9902", c.figures)
		p, err = w.rec.Upload(city, kind, w.unit("9902").ID, "x.csv", []byte(b.String()+c.more))
		w.must(err)
		if p.Count(record.Same) != 2 {
			t.Errorf("%s a second time: %+v", kind, p)
		}
	}
}

// Programs write what pages write, with the same right.
func TestProgramsWriteMoney(t *testing.T) {
	w := open(t)
	post := func(ctx context.Context, path, body string) int {
		r := w.raw(ctx, http.MethodPost, path, body)
		return r.Code
	}
	body := `{"record":{"unit":"` + w.unit("990203").ID.String() + `","year":2019,"amount_fen":700,"source":"special","files":[{"name":"x","hash":"abc"}]}}`
	if got := post(w.as("990204"), "/api/v1/budgets", body); got != http.StatusNotFound && got != http.StatusForbidden {
		t.Errorf("the neighbour: %d", got)
	}
	if got := post(w.as("990203"), "/api/v1/budgets", body); got != http.StatusCreated {
		t.Errorf("its own: %d", got)
	}
	if named, err := Files(w.ctx, w.db); err != nil || len(named) != 0 {
		t.Errorf("a program names files that were never sent: %v %v", named, err)
	}
	w.wants("9902", map[string]int64{"funds.amount_fen": 700, "funds.fiscal_fen": 0})
	for _, path := range []string{"/api/v1/budgets?year=2019", "/api/v1/guarantees?year=2019", "/api/v1/should"} {
		if got := w.raw(w.as("990203"), http.MethodGet, path, ""); got.Code != http.StatusOK || !strings.HasPrefix(got.Body.String(), "{") {
			t.Errorf("%s: %d", path, got.Code)
		}
	}
	w.refused(w.s.SaveRevenue(w.as("990204"), w.revenue("990203", 2018, 5), 1, Revenue{Amount: 7, Source: "x"}, record.Change{}), errs.NotFound)
}

// R49: a firm that stands in the tree without a committee covers nobody, on the list as on the pages of coverage; it does from the day
// on which its founding was approved.
func TestAFirmWithoutACommitteeCoversNobody(t *testing.T) {
	w := open(t)
	w.must(w.org.FoundAll(w.ctx, []org.NewUnit{{Code: "Q1", Name: "甲厂", Level: org.Enterprise, Kind: org.Private, ParentCode: "990203001", From: "2018-02-01", Bare: true}}))
	ref := w.should("990203001", "甲厂", 10)
	link := func(version string, status int) {
		t.Helper()
		w.post(w.as("990203001"), shouldPath(ref)+"/link", url.Values{"committee": {"Q1"}, "_version": {version}}, status)
	}
	link("1", http.StatusUnprocessableEntity)
	f := url.Values{"committee": {"Q1"}, "_version": {"1"}}
	if got := w.send(w.as("990203001"), http.MethodPost, shouldPath(ref)+"/link", withKey(f)); !strings.Contains(got.Body.String(), "甲厂还没有组建关工委") {
		t.Errorf("it is refused without saying why: %d", got.Code)
	}
	w.wants("9902", map[string]int64{"should.has": 0, "should.without": 1})
	firm := w.unit("Q1").ID
	w.must(w.org.PlanFounding(w.ctx, firm, "2019-01-10"))
	w.must(w.org.AdvanceFounding(w.ctx, firm, "preparation", "2019-02-01", "", ""))
	w.must(w.org.AdvanceFounding(w.ctx, firm, "approved", "2019-03-01", "南关工〔2019〕3号", ""))
	link("1", http.StatusSeeOther)
	x, _, err := w.s.ShouldOf(w.ctx, ref)
	w.must(err)
	if x.FoundedOn != "2019-03-01" {
		t.Errorf("it counts from %s", x.FoundedOn)
	}
	w.wants("9902", map[string]int64{"should.has": 1, "should.without": 0})
}
