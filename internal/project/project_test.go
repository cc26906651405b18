package project

import (
	"bytes"
	"net/url"
	"strings"
	"testing"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/testkit"
	"xinhuo/internal/ledger"
	"xinhuo/internal/record"
)

func (f *fixture) entry(unit, number string, change func(e *Entry)) Entry {
	f.Helper()
	e := Entry{Number: number, Report: Report{Unit: f.unit(unit).ID, Version: 1, Kind: GovPurchase, SignedOn: "2018-06-01", AmountFen: 6000000, Status: Signed}}
	if change != nil {
		change(&e)
	}
	return e
}

func (f *fixture) report(unit, number string, change func(e *Entry)) Reported {
	f.Helper()
	got, err := f.s.Report(f.ctx, f.entry(unit, number, change))
	f.must(err)
	return got
}

func signed(n, fen int64) map[string]int64 {
	return map[string]int64{"project.signed": n, "project.signed_fen": fen}
}

func TestContractsOfAYearCountOnceEach(t *testing.T) { // R204, R205, R201
	f := open(t)
	f.report("9902", "HT-1", func(e *Entry) { e.SignedOn = "2018-01-01" })
	f.report("990203", "HT-2", func(e *Entry) { e.SignedOn, e.Kind = "2018-12-31", Venture })
	// Beside them all that do not count, or count once: the neighbouring days, a void one, one reported by two levels, an
	// amended one, and the neighbour city's under the same number.
	f.report("990203", "HT-3", func(e *Entry) { e.SignedOn = "2017-12-31" })
	f.report("990203", "HT-4", func(e *Entry) { e.SignedOn = "2019-01-01" })
	f.report("990203", "HT-5", func(e *Entry) { e.Status = Void })
	f.report("990203013", "HT-6", func(e *Entry) { e.Code = "J6" })
	f.report("990203", "HT-6", func(e *Entry) { e.Code = "J6b" })
	f.report("990204", "HT-7", nil)
	f.report("990204", "HT-7", func(e *Entry) { e.Version, e.AmountFen = 2, 4000000 })
	f.report("9903", "HT-1", nil)
	f.expect("9902", today, signed(4, 22000000))
	f.expect("990203", today, signed(2, 12000000))
	f.expect("990203013", today, signed(1, 6000000))
	f.expect("990204", today, signed(1, 4000000))
	f.expect("9903", today, signed(1, 6000000))
	f.expect("99", today, signed(5, 28000000))
	list, err := f.led.Evidence(f.ctx, ledger.Query{Figure: "project.signed_fen", Unit: f.unit("9902").ID, Day: today, From: "2018-01-01", To: "2018-12-31"}, "", 0)
	f.must(err)
	var sum int64
	for _, it := range list.Items {
		sum += it.Amount
		if !strings.HasPrefix(it.Code, "HT-") || it.Href == "" {
			t.Errorf("evidence without number or address: %+v", it)
		}
	}
	if len(list.Items) != 4 || sum != 22000000 {
		t.Errorf("evidence: %d rows, %d fen", len(list.Items), sum)
	}
}

func TestTheHighestVersionDecidesInWhateverOrderItCame(t *testing.T) { // R204
	rows := []func(e *Entry){
		func(e *Entry) { e.Code, e.Version, e.AmountFen = "J1", 1, 100 },
		func(e *Entry) { e.Code, e.Version, e.AmountFen, e.SignedOn = "J2", 3, 300, "2018-03-03" },
		func(e *Entry) { e.Code, e.Version, e.AmountFen = "J3", 2, 200 },
		func(e *Entry) { e.Code, e.Version, e.AmountFen = "J4", 3, 999 }, // the same version told otherwise: kept, does not decide
	}
	units := []string{"990203", "990204", "990203", "9902"}
	for _, order := range [][]int{{0, 1, 2, 3}, {3, 2, 1, 0}, {1, 3, 0, 2}} {
		f := open(t)
		for _, i := range order {
			f.report(units[i], "HT-1", rows[i])
		}
		f.expect("990203", today, signed(1, 300))
		f.expect("990204", today, signed(1, 300))
		f.expect("9902", today, signed(1, 300))
		_, c, _, err := f.s.ByCode(f.ctx, 9902, "HT-1")
		f.must(err)
		if len(c.Reports) != 4 || c.Deciding().Code != "J2" {
			t.Errorf("order %v: %+v", order, c.Reports)
		}
		// taken back one by one, down to nothing
		f.must(f.s.Withdraw(f.ctx, 9902, "HT-1", Report{Code: "J2"}))
		f.expect("9902", today, signed(1, 999))
		f.expect("990204", today, signed(0, 0))
		for _, code := range []string{"J4", "J3", "J1"} {
			f.must(f.s.Withdraw(f.ctx, 9902, "HT-1", Report{Code: code}))
		}
		f.expect("9902", today, signed(0, 0))
		f.report("990203", "HT-1", rows[0])
		f.expect("9902", today, signed(1, 100))
	}
}

func TestSignedAndReceivedAreKeptApart(t *testing.T) { // R205
	f := open(t)
	got := f.report("990203", "HT-1", nil)
	clerk := f.as("990203")
	f.must(f.s.Receive(clerk, got.Ref, 1, Receipt{Day: "2018-12-31", AmountFen: 2000001, From: "南江区民政局", Document: "凭18-77"}))
	f.must(f.s.Receive(clerk, got.Ref, 2, Receipt{Day: "2019-01-01", AmountFen: 1000000}))
	f.expect("9902", today, map[string]int64{"project.signed_fen": 6000000, "project.received_fen": 2000001})
	f.must(f.s.Cancel(clerk, got.Ref, 3, f.unit("990203").ID, today, "双方解除"))
	f.expect("9902", today, map[string]int64{"project.signed": 0, "project.signed_fen": 0, "project.received_fen": 0})
	f.kind(f.s.Cancel(clerk, got.Ref, 4, f.unit("990203").ID, today, "又一次"), errs.Conflict)
	f.must(f.s.Undo(clerk, got.Ref, 4))
	f.expect("9902", today, map[string]int64{"project.signed": 1, "project.signed_fen": 6000000, "project.received_fen": 2000001})
	c, v, err := f.s.Get(clerk, got.Ref)
	f.must(err)
	f.must(f.s.DropReceipt(clerk, got.Ref, v.N, c.Receipts[0].ID, "登记重了"))
	f.expect("9902", today, map[string]int64{"project.received_fen": 0})
	f.kind(f.s.Receive(clerk, got.Ref, v.N, Receipt{Day: "2018-05-01", AmountFen: 1}), errs.Conflict) // lost update
	f.kind(f.s.Receive(clerk, got.Ref, v.N+1, Receipt{Day: "2018-05-01"}), errs.Invalid)
}

func TestASecondUnitJoinsWithItsOwnRightAlone(t *testing.T) { // R204: reported by two
	f := open(t)
	got := f.report("990203", "HT-1", nil)
	other := f.as("990204")
	_, _, err := f.s.Get(other, got.Ref)
	f.kind(err, errs.NotFound)
	f.kind(f.s.Receive(other, got.Ref, 1, Receipt{Day: "2018-05-01", AmountFen: 1}), errs.NotFound)
	_, err = f.s.Report(other, f.entry("990203", "HT-1", func(e *Entry) { e.Version = 2 })) // not for somebody else
	f.kind(err, errs.NotFound)
	joined, err := f.s.Report(other, f.entry("990204", "HT-1", func(e *Entry) { e.AmountFen = 1 }))
	f.must(err)
	if joined.Ref != got.Ref || joined.Outcome != record.Changed || joined.Decides {
		t.Errorf("joining gave %+v", joined)
	}
	f.expect("990204", today, signed(1, 6000000))
	f.expect("9902", today, signed(1, 6000000))
	c, _, err := f.s.Get(other, got.Ref)
	f.must(err)
	if len(c.Units()) != 2 {
		t.Errorf("reporters %v", c.Units())
	}
	f.kind(f.s.Withdraw(other, 9902, "HT-1", Report{Unit: f.unit("990203").ID, Version: 1}), errs.NotFound)
	f.must(f.s.Undo(other, got.Ref, 2))
	f.expect("990204", today, signed(0, 0))
	_, _, err = f.s.Get(other, got.Ref)
	f.kind(err, errs.NotFound)
	city := f.as("9902") // views, reports for itself
	f.kind(f.s.Save(city, got.Ref, 3, c, "试"), errs.Forbidden)
	again, err := f.s.Report(f.ctx, f.entry("990203", "HT-1", nil))
	f.must(err)
	if again.Outcome != record.Same {
		t.Errorf("the same row once more is %s", again.Outcome)
	}
	p, err := f.s.List(other, f.unit("9902"), Filter{}, "", "", 10)
	f.must(err)
	if p.Total != 0 {
		t.Errorf("a stranger's list holds %d contracts", p.Total)
	}
}

func TestTheTrendEqualsTheRows(t *testing.T) { // R200
	f := open(t)
	n := 0
	for _, d := range []clock.Day{"2016-02-01", "2017-05-05", "2017-12-31", "2018-01-01", "2018-07-01", "2018-12-31", "2019-01-01"} {
		n++
		f.report("990203", "HT-"+string(rune('A'+n)), func(e *Entry) { e.SignedOn = d })
	}
	course, err := f.led.Course(f.ctx, ledger.Query{Figure: "project.signed", Unit: f.unit("9902").ID, Day: today}, course)
	f.must(err)
	for _, p := range course {
		list, err := f.s.List(f.ctx, f.unit("9902"), Filter{Year: p.Day.Year()}, "", "", 100)
		f.must(err)
		if p.Int() != list.Total || int64(len(list.Contracts)) != list.Total {
			t.Errorf("%d: the chart says %d, the list has %d", p.Day.Year(), p.Int(), list.Total)
		}
	}
	first, err := f.s.List(f.ctx, f.unit("9902"), Filter{}, "", "", 3)
	f.must(err)
	day, number := afterOf(key(first.Contracts[2]))
	rest, err := f.s.List(f.ctx, f.unit("9902"), Filter{}, day, number, 100)
	f.must(err)
	if first.Rest != 4 || len(rest.Contracts) != 4 {
		t.Errorf("pages of 3 and %d, rest %d", len(rest.Contracts), first.Rest)
	}
}

func TestSearchToleratesTheSlipOfThePen(t *testing.T) { // R203, R202
	f := open(t)
	f.report("990203", "HT-1", func(e *Entry) { e.Kind, e.Title = Venture, "家长夜校" })
	f.report("990203", "HT-2", nil)
	for text, want := range map[string]int64{"公益创投": 1, "公益创授": 1, "公益创授项目": 1, "政府购买服务项目": 1, "夜校": 1, "ht-": 2, "100%": 0} {
		p, err := f.s.List(f.ctx, f.unit("9902"), Filter{Text: text}, "", "", 10)
		f.must(err)
		if p.Total != want {
			t.Errorf("%s finds %d, want %d", text, p.Total, want)
		}
	}
}

func (f *fixture) export() string {
	f.Helper()
	var b bytes.Buffer
	f.must(f.rec.Export(f.ctx, &b, "project", "csv", f.unit("9902").ID, "服务项目"))
	return b.String()
}

func TestImportJoinsReportsRoundTripsAndIsUndone(t *testing.T) { // R204, R205
	f := open(t)
	f.report("990203", "HT-1", func(e *Entry) { e.Code, e.Title = "J1", "家长夜校" })
	before := f.export()
	csv := "合同号,名称,类别,单位,签订日期,金额(元),状态,版本,购买方\n" +
		"HT-1,,政府购买服务,北仓区,2018-06-01,60000,已签订,1,\n" + // another unit: no error
		"HT-1,,政府购买服务,南江区,2018-06-02,5万元,已签订,2,区民政局\n" + // a higher version: no error
		"HT-9,乡村合唱,公益创授,桥头镇,2018年9月1日,\"12,345.67\",,,\n" +
		"HT-9,乡村合唱,公益创投,桥头镇,2018-09-01,1,,,\n" + // twice in one table
		"HT-10,,公益创投,桥头镇,2018-09-01,六万多,,,\n" +
		"HT-11,,公益创投,桥头镇,2018-02-30,1,,,\n" +
		"HT-12,,公益创投,没有的镇,2018-02-03,1,,,\n"
	p, err := f.rec.Upload(f.ctx, "project", f.unit("9902").ID, "t.csv", []byte(csv))
	f.must(err)
	if p.Bad != 4 || len(p.Lines) != 3 {
		t.Fatalf("%d bad, %d good: %+v", p.Bad, len(p.Lines), p.Problems)
	}
	_, err = f.rec.Take(f.ctx, p.Ref, true)
	f.must(err)
	f.expect("9902", today, signed(2, 5000000+1234567))
	f.expect("990204", today, signed(2, 5000000+1234567))
	taken := f.export()
	p2, err := f.rec.Upload(f.ctx, "project", f.unit("9902").ID, "t.csv", []byte(taken))
	f.must(err)
	if len(p2.Problems) > 0 || p2.Count(record.Same) != 4 {
		t.Fatalf("what was exported comes back as %+v %+v", p2.Lines, p2.Problems)
	}
	f.must(f.rec.UndoImport(f.ctx, p.Ref))
	if got := f.export(); got != before {
		t.Errorf("after the undo the export is\n%s\nnot\n%s", got, before)
	}
	f.expect("9902", today, signed(1, 6000000))
	f.expect("990204", today, signed(0, 0))
}

func TestAWholeContractIsKeptAsOneAct(t *testing.T) { // R205
	f := open(t)
	c := Contract{Number: "HT-1", Title: "家长夜校", Provider: "志愿者协会", Audience: "家长", ServedBy: "2018-12-01",
		Reports:  []Report{{Code: "J1", Unit: f.unit("990203").ID, Version: 1, Kind: Venture, SignedOn: "2018-06-01", AmountFen: 100, Status: Signed, ReportedOn: "2018-06-03"}},
		Receipts: []Receipt{{Day: "2018-07-01", AmountFen: 40}}}
	_, err := f.s.Create(f.ctx, c)
	f.must(err)
	_, err = f.s.Create(f.ctx, c)
	f.kind(err, errs.Conflict)
	f.expect("9902", today, map[string]int64{"project.signed": 1, "project.received_fen": 40})
}

func TestPagesFromEntryToReceipt(t *testing.T) { // R204, R205
	f := open(t)
	county := f.unit("990203").ID.String()
	clerk := f.site(f.as("990203"), f.s.Routes())
	form := url.Values{"_key": {"k1"}, "number": {"HT-1"}, "title": {"家长夜校"}, "kind": {"venture"}, "signed_on": {"2018-06-01"}, "amount": {"六万"}, "version": {"1"}}
	doc := testkit.HTML(t, f.post(clerk, "/project/new?unit="+county, form, 422))
	doc.MustHave("main", "金额认不出来")
	if got := doc.One(`input[name="amount"]`).Attr("value"); got != "六万" {
		t.Errorf("the form lost what was typed: %q", got)
	}
	form.Set("amount", "6万元")
	to := f.post(clerk, "/project/new?unit="+county, form, 303)
	testkit.HTML(t, f.get(clerk, to, 200)).MustHave("h1", "合同登记了")
	f.expect("9902", today, signed(1, 6000000))
	show := strings.Split(to, "/done")[0]
	testkit.HTML(t, f.get(clerk, show, 200)).MustHave("main", "以这份为准")
	for _, step := range []string{"edit", "version", "void", "receipt"} {
		f.get(clerk, show+"/"+step, 200)
		f.get(f.site(f.as("990204"), f.s.Routes()), show+"/"+step, 404)
	}
	f.get(f.site(f.as("990204"), f.s.Routes()), show, 404)
	to = f.post(clerk, show+"/receipt", url.Values{"_key": {"k2"}, "_version": {"1"}, "day": {"2018-08-01"}, "amount": {"12,000.50"}, "from": {"市民政局"}}, 303)
	testkit.HTML(t, f.get(clerk, to, 200)).MustHave("main", "1.2")
	f.expect("9902", today, map[string]int64{"project.received_fen": 1200050})
	f.post(clerk, show+"/version", url.Values{"_key": {"k3"}, "_version": {"1"}, "unit": {county}, "kind": {"venture"}, "signed_on": {"2018-06-01"}, "amount": {"5万元"}, "reason": {"改签"}}, 409)
	f.post(clerk, show+"/version", url.Values{"_key": {"k4"}, "_version": {"2"}, "unit": {county}, "kind": {"venture"}, "signed_on": {"2018-06-01"}, "amount": {"5万元"}, "reason": {"改签"}}, 303)
	f.expect("9902", today, signed(1, 5000000))
	// the same number and version once more from the same unit is a slip; from another unit it joins
	form.Set("_key", "k5")
	f.post(clerk, "/project/new?unit="+county, form, 422)
	form.Set("_key", "k6")
	north := f.site(f.as("990204"), f.s.Routes())
	form.Set("join", "1")
	to = f.post(north, "/project/new?unit="+f.unit("990204").ID.String(), form, 303)
	testkit.HTML(t, f.get(north, to, 200)).MustHave("h1", "并到了同号的合同里")
	list := testkit.HTML(t, f.get(f.site(f.as("9902"), f.s.Routes()), "/project?year=2018", 200))
	list.MustHave("main", "另有1个单位也报了")
	list.MustHave("main", "共1份合同")
	f.get(clerk, "/project/export?format=xlsx", 200)
	if api := f.get(clerk, "/api/v1/projects?year=2018", 200); !strings.Contains(api, `"amount_fen":5000000`) {
		t.Error(api)
	}
	f.post(clerk, show+"/void", url.Values{"_key": {"k7"}, "_version": {"4"}, "unit": {county}, "reason": {"解除"}}, 303)
	f.expect("9902", today, signed(0, 0))
	testkit.HTML(t, f.get(clerk, show, 200)).MustHave("main", "已经作废")
	f.noKeys(show, "/project?year=2018", show+"/withdraw", show+"/version", "/project/new", show+"/done?act=void")
}

// noKeys looks for text keys that no catalogue has, in both languages.
func (f *fixture) noKeys(paths ...string) {
	f.Helper()
	for _, lang := range []string{"zh", "en"} {
		ctx := i18n.With(f.as("990203"), f.texts, lang)
		for _, p := range paths {
			text := testkit.HTML(f, f.get(f.site(ctx, f.s.Routes()), p, 200)).Content()
			for _, prefix := range []string{"project.", "record.", "ui.", "<no value>"} {
				if strings.Contains(text, prefix) {
					f.Errorf("%s in %s shows a text key %s…", p, lang, prefix)
				}
			}
		}
	}
}

func TestAReportUnderAWrongNumberIsWithdrawn(t *testing.T) { // R204
	f := open(t)
	got := f.report("990203", "HT-l", nil)
	clerk := f.site(f.as("990203"), f.s.Routes())
	show := "/project/" + got.Ref.String()
	f.get(clerk, show+"/withdraw", 200)
	form := url.Values{"_key": {"w1"}, "_version": {"1"}, "report": {reportKey(Report{Unit: f.unit("990203").ID, Version: 1})}}
	testkit.HTML(t, f.post(clerk, show+"/withdraw", form, 422)).MustHave("main", "写一句原因")
	form.Set("reason", "号写错了")
	testkit.HTML(t, f.get(clerk, f.post(clerk, show+"/withdraw", form, 303), 200)).MustHave("h1", "上报收回了")
	f.expect("9902", today, signed(0, 0))
	f.get(clerk, show, 404)
	f.report("990203", "HT-1", nil)
	f.expect("9902", today, signed(1, 6000000))
}

func TestDecidingBreaksATieBySmallerCode(t *testing.T) { // R204
	for _, c := range []struct{ a, b, want string }{{"J2", "J1", "J1"}, {"", "J1", "J1"}, {"J1", "", "J1"}, {"J1", "J2", "J1"}} {
		got := Contract{Reports: []Report{{Code: c.a, Version: 1}, {Code: c.b, Version: 1}}}.Deciding().Code
		if got != c.want {
			t.Errorf("%q, %q: %q decides", c.a, c.b, got)
		}
	}
}
