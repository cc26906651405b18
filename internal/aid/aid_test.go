package aid

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/testkit"
	"xinhuo/internal/ledger"
)

// R47: every step in its order, by different people; the figure rises when something was handed over and leads to it.
func TestFromApplicationToFollowUp(t *testing.T) {
	w := openWorld(t)
	ref := w.apply("liang", w.study("990203013", 200_000), child("小满", "2008-03-04"))
	w.key(w.verify("liang", ref), "aid.own_application")
	w.key(w.s.Give(w.by("liang"), ref, 0, Handing{}), "aid.not_this_step")
	w.must(w.verify("shi", ref))
	if got := w.inbox("zhou"); !slices.ContainsFunc(got, func(t string) bool { return strings.Contains(t, "审批帮扶") }) {
		t.Errorf("the county does not wait for 2000 yuan: %v", got)
	}
	w.kind(w.s.Approve(w.by("shi"), ref, 0, Amount{Fen: 200_000}, ""), errs.Forbidden) // above what a town decides
	w.key(w.s.Approve(w.by("zhou"), ref, 0, Amount{Fen: 200_001}, ""), "aid.more_than_asked")
	w.must(w.s.Approve(w.by("zhou"), ref, 0, Amount{Fen: 150_000}, "先解决书本费"))
	if a := w.aid(ref); a.State != Approved || a.Decision.Amount.Fen != 150_000 || a.Decision.Unit != w.unit["990203"].ID {
		t.Fatalf("approved: %+v", a.Decision)
	}
	if n := w.figure("aid.given", "990203"); n != 0 {
		t.Errorf("what is approved counts: %d", n)
	}
	hands := []string{"梁水旺", "石大爷"}
	w.key(w.s.Give(w.by("liang"), ref, 0, Handing{Day: today, Amount: Amount{Fen: 150_001}, Hands: hands}), "aid.more_than_approved")
	w.key(w.s.Give(w.by("liang"), ref, 0, Handing{Day: today, Amount: Amount{Fen: 150_000}, Hands: []string{"梁水旺", " 梁水旺"}}), "aid.two_hands")
	w.key(w.s.Give(w.by("liang"), ref, 0, Handing{Day: today.AddDays(1), Amount: Amount{Fen: 150_000}, Hands: hands}), "aid.day_odd")
	w.must(w.s.Give(w.by("liang"), ref, 0, Handing{Day: today, Amount: Amount{Fen: 150_000}, Hands: hands}))
	for unit, want := range map[string]int64{"990203013": 150_000, "990203": 150_000, "9902": 150_000, "990203014": 0} {
		if n := w.figure("aid.given_fen", unit); n != want {
			t.Errorf("%s: %d fen", unit, n)
		}
	}
	ev, err := w.led.Evidence(w.by("chen"), ledger.Query{Figure: "aid.given", Unit: w.unit["9902"].ID, Day: today, From: "2019-01-01", To: "2020-01-01"}, "", 10)
	w.must(err)
	if len(ev.Items) != 1 || ev.Items[0].Href != path(ref) {
		t.Errorf("evidence: %+v", ev)
	}

	w.now = today.AddDays(29).Time()
	must1(t, w, 0)
	w.now = today.AddDays(30).Time()
	must1(t, w, 1)
	must1(t, w, 1) // twice is once
	if got := w.inbox("liang"); !slices.Contains(got, "补上帮扶2019-0001的签收") {
		t.Errorf("nobody is asked for the receipt: %v", got)
	}
	p, err := w.s.List(w.by("liang"), w.unit["990203013"], Filter{Only: "receipt"})
	w.must(err)
	if p.Total != 1 {
		t.Errorf("open receipts: %d", p.Total)
	}
	w.must(w.s.Sign(w.by("liang"), ref, 0, Receipt{Day: today.AddDays(2), By: "guardian", No: "收条12"}))
	if got := w.inbox("liang"); slices.Contains(got, "补上帮扶2019-0001的签收") {
		t.Error("the receipt is there and still asked for")
	}
	w.now = today.AddDays(90).Time()
	must1(t, w, 1)
	w.must(w.s.Follow(w.by("liang"), ref, 0, today.AddDays(90), "书本齐了，成绩稳住了"))
	if a := w.aid(ref); a.State != Done {
		t.Errorf("state %s", a.State)
	}
	must1(t, w, 0)
}

// must1 runs the daily job, which posts so many tasks.
func must1(t *testing.T, w *world, want int) {
	t.Helper()
	if n, err := w.s.Daily(w.ctx); err != nil || n != want {
		t.Fatalf("%s: %d tasks, want %d, %v", clock.Today(w.ctx), n, want, err)
	}
}

// R47: what a unit decides by itself, and what goes above, is data.
func TestWhoDecides(t *testing.T) {
	w := openWorld(t)
	town := w.unit["990203013"]
	for fen, want := range map[int64]string{1: "990203013", 100_000: "990203013", 100_001: "990203", 500_000: "990203", 500_001: "9902", 200_000_000: "9902"} {
		u, err := w.s.Decider(w.ctx, town, fen)
		w.must(err)
		if u.Code != want {
			t.Errorf("%d fen: %s, want %s", fen, u.Code, want)
		}
	}
	w.kind(w.s.SetLimits(w.by("reader"), w.unit["9902"], []Limit{{"township", 1}}), errs.Forbidden)
	w.must(w.s.SetLimits(w.by("chen"), w.unit["9902"], []Limit{{"county", 300_000}}))
	for fen, want := range map[int64]string{1: "990203", 300_001: "9902"} {
		u, err := w.s.Decider(w.ctx, town, fen)
		w.must(err)
		if u.Code != want {
			t.Errorf("after the change %d fen: %s, want %s", fen, u.Code, want)
		}
	}
	other, err := w.s.Decider(w.ctx, w.unit["9907"], 1)
	w.must(err)
	if other.Code != "9907" {
		t.Errorf("another city is touched: %s", other.Code)
	}
}

// R47: the town may approve what is small, but not by who applied.
func TestSomebodyElseApproves(t *testing.T) {
	w := openWorld(t)
	ref := w.apply("liang", w.study("990203013", 50_000), child("小满", "2008-03-04"))
	offers := func(login string, ref id.Ref, act string) bool {
		return strings.Contains(w.do(login, "GET", path(ref), nil, http.StatusOK).Body.String(), `"`+path(ref)+"/"+act+`"`)
	}
	if offers("liang", ref, "verify") || !offers("shi", ref, "verify") { // nobody is led to a form that will be refused
		t.Error("who applied is offered to look into it, or who may is not")
	}
	w.must(w.verify("shi", ref))
	if offers("liang", ref, "approve") || offers("liang", ref, "refuse") || !offers("shi", ref, "approve") || !offers("shi", ref, "refuse") {
		t.Error("who applied is offered to decide, or who may is not")
	}
	above := w.apply("liang", w.study("990203013", 200_000), child("大满", "2009-03-04"))
	w.must(w.verify("shi", above))
	if page := w.do("shi", "GET", path(above), nil, http.StatusOK).Body.String(); offers("shi", above, "approve") || !strings.Contains(page, "南江区") || !strings.Contains(page, tr(w.ctx, "aid.others_turn")) {
		t.Error("the town is offered what the county decides, or not told who does")
	}
	if !offers("zhou", above, "approve") {
		t.Error("the county is not offered what it decides")
	}
	w.key(w.s.Approve(w.by("liang"), ref, 0, Amount{Fen: 50_000}, ""), "aid.own_application")
	w.key(w.s.Refuse(w.by("liang"), ref, 0, "不合适"), "aid.own_application")
	w.must(w.s.Approve(w.by("shi"), ref, 0, Amount{Fen: 50_000}, ""))
}

// R47: whoever opens the address of a step that is not theirs, or not now, reads whose it is instead of filling in a form to be refused.
func TestStepThatIsNotYours(t *testing.T) {
	w := openWorld(t)
	says := func(login string, ref id.Ref, act, want string) {
		t.Helper()
		page := testkit.HTML(t, w.do(login, "GET", path(ref)+"/"+act, nil, http.StatusOK).Body.String())
		form := page.Has(`main form[method="post"]`)
		if got := page.Text("main"); form != (want == "") || !strings.Contains(got, want) {
			t.Errorf("%s, %s: form %v, want %q in %q", login, act, form, want, got)
		}
	}
	ref := w.apply("liang", w.study("990203013", 200_000), child("大满", "2009-03-04"))
	says("liang", ref, "verify", "要由别人核实")
	says("shi", ref, "verify", "")
	for _, act := range []string{"approve", "refuse", "give", "sign", "follow"} {
		says("shi", ref, act, "待核实")
	}
	says("shi", ref, "go_on", "没有发现重复")
	says("liang", ref, "correct", "")
	again := w.apply("liang", w.study("990203013", 200_000), child("大满", "2009-03-04"))
	says("shi", again, "verify", "写明继续帮扶的理由")
	says("shi", again, "go_on", "")
	w.must(w.s.Withdraw(w.by("liang"), again, 0, "重复"))
	for _, act := range []string{"withdraw", "correct", "child", "go_on"} {
		says("liang", again, act, "已撤回")
	}
	w.must(w.verify("shi", ref))
	says("shi", ref, "approve", "由南江区关工委审批")
	says("liang", ref, "refuse", "要由别人核实")
	says("zhou", ref, "refuse", "")
	w.must(w.s.Approve(w.by("zhou"), ref, 0, Amount{Fen: 200_000}, ""))
	says("liang", ref, "verify", "待送到")
	says("liang", ref, "give", "")
	says("liang", ref, "correct", "待送到")
}

func TestEnds(t *testing.T) {
	w := openWorld(t)
	refused := w.apply("liang", w.study("990203013", 200_000), child("甲", "2008-03-04"))
	w.must(w.verify("shi", refused))
	w.key(w.s.Refuse(w.by("zhou"), refused, 0, " "), "aid.reason_to_end_missing")
	w.must(w.s.Refuse(w.by("zhou"), refused, 0, "已由民政救助"))
	w.key(w.s.Withdraw(w.by("liang"), refused, 0, "算了"), "aid.not_this_step")
	withdrawn := w.apply("liang", w.study("990203013", 200_000), child("乙", "2008-03-05"))
	w.must(w.verify("shi", withdrawn))
	w.must(w.s.Withdraw(w.by("liang"), withdrawn, 0, "家里自己解决了"))
	if a := w.aid(withdrawn); a.State != Withdrawn || a.Ended == "" {
		t.Errorf("withdrawn: %+v", a)
	}
	if got := w.inbox("zhou"); len(got) != 0 {
		t.Errorf("the county still waits: %v", got)
	}
	// somebody was quicker
	ref := w.apply("liang", w.study("990203013", 200_000), child("丙", "2008-03-06"))
	w.must(w.s.Correct(w.by("liang"), ref, 1, w.study("990203013", 180_000), "多写了"))
	w.key(w.s.Correct(w.by("shi"), ref, 1, w.study("990203013", 170_000), "多写了"), "record.changed_meanwhile")
	if a := w.aid(ref); a.Asked.Fen != 180_000 {
		t.Errorf("asked %d", a.Asked.Fen)
	}
}

// R46: a sixth kind is offered, applied for, given, summed up and counted without a line of code.
func TestSixthKind(t *testing.T) {
	w := openWorld(t)
	city := w.unit["9902"]
	w.kind(w.s.AddKind(w.by("reader"), city, Class{Name: "助业", Purposes: "学手艺"}), errs.Forbidden)
	w.key(w.s.AddKind(w.by("chen"), city, Class{Name: "助学", Purposes: "x"}), "aid.kind_twice")
	w.key(w.s.AddKind(w.by("chen"), city, Class{Name: "助业"}), "aid.purposes_missing")
	w.must(w.s.AddKind(w.by("chen"), city, Class{Name: "助业", En: "Trade", Purposes: "学手艺\n 工具\n学手艺\n"}))
	w.must(w.s.MoveKind(w.by("chen"), city, "助业", 1))
	list, err := w.s.Kinds(w.ctx, city.Root())
	w.must(err)
	if len(list) != 6 || list[0].Code != "助业" || !slices.Equal(list[0].For(), []string{"学手艺", "工具"}) || list[0].ByName != "陈玉兰" || list[0].At == 0 {
		t.Fatalf("kinds: %+v", list)
	}
	if other, _ := w.s.Kinds(w.ctx, w.unit["9907"].Root()); len(other) != 5 {
		t.Errorf("another city has %d kinds", len(other))
	}
	a := w.study("990203013", 80_000)
	a.Kind, a.Purpose = "助业", "工具"
	ref := w.apply("liang", a, child("小满", "2008-03-04"))
	w.must(w.verify("shi", ref))
	w.must(w.s.Approve(w.by("shi"), ref, 0, Amount{Fen: 80_000}, ""))
	w.must(w.s.Give(w.by("liang"), ref, 0, Handing{Day: today, Amount: Amount{Fen: 80_000}, Hands: []string{"甲", "乙"}}))
	parts, err := w.led.ByValue(w.ctx, ledger.Query{Figure: "aid.given_fen", Unit: city.ID, Day: today, From: "2019-01-01", To: "2020-01-01"}, "kind")
	w.must(err)
	if parts["助业"] != 80_000 {
		t.Errorf("by kind: %v", parts)
	}
	page := w.do("chen", "GET", "/aid", nil, http.StatusOK).Body.String()
	for _, want := range []string{"助业", "kind=%E5%8A%A9%E4%B8%9A&amp;only=given", "800"} {
		if !strings.Contains(page, want) {
			t.Errorf("the list lacks %q", want)
		}
	}
	// renamed, its aids go by the new name; closed, it is offered no longer
	w.must(w.s.EditKind(w.by("chen"), city, "助业", Class{Name: "助力就业", Purposes: "工具"}))
	if page := w.do("chen", "GET", path(ref), nil, http.StatusOK).Body.String(); !strings.Contains(page, "助力就业2019-0001") {
		t.Error("the new name is not shown")
	}
	w.must(w.s.CloseKind(w.by("chen"), city, "助业", true))
	_, err = w.s.Apply(w.by("liang"), a, child("小雨", "2009-01-01"), agreed, id.Ref{})
	w.key(err, "aid.kind_missing")
	w.must(w.s.CloseKind(w.by("chen"), city, "助业", false))
	for _, k := range []string{"助业", "study", "hardship", "disabled", "orphan"} {
		w.must(w.s.CloseKind(w.by("chen"), city, k, true))
	}
	w.key(w.s.CloseKind(w.by("chen"), city, "medical", true), "aid.kind_last")
}

// R167: a request for help becomes an application with what it says filled in; its line of time hears of both ends.
func TestFromARequest(t *testing.T) {
	w := openWorld(t)
	request := id.Ref{Root: w.unit["990203013"].Root(), ID: id.New()}
	page := w.do("liang", "GET", "/aid/new?request="+request.String(), nil, http.StatusOK).Body.String()
	for _, want := range []string{"孩子奶奶", "0500-5552301", "书本费凑不上", "1234-5678", `<option value="hardship|家庭临时困难" selected`} {
		if !strings.Contains(page, want) {
			t.Errorf("the form lacks %q", want)
		}
	}
	w.do("liu", "GET", "/aid/new?request="+request.String(), nil, http.StatusNotFound)
	form := url.Values{"kind": {"hardship|家庭临时困难"}, "year": {"2019"}, "form": {"money"}, "fen": {"600"}, "reason": {"ill"}, "child": {"小满"}, "born": {"2008-03-04"}, "guardian": {"孩子奶奶"}, "phone": {"0500-5552301"}, "words": {"书本费凑不上"}, "agreed": {"2019-05-30"}, "agreed_form": {"paper"}, "_key": {id.New().String()}}
	to := w.do("liang", "POST", "/aid/new?request="+request.String(), form, http.StatusSeeOther).Header().Get("Location")
	ref, err := id.ParseRef(strings.TrimPrefix(to, "/aid/"))
	w.must(err)
	if a := w.aid(ref); a.Request != request.String() || a.Asked.Fen != 60_000 {
		t.Errorf("applied: %+v", a)
	}
	if !strings.Contains(w.do("liang", "GET", to, nil, http.StatusOK).Body.String(), "/care/"+request.String()) {
		t.Error("no way back to the request")
	}
	for _, at := range []string{to, "/api/v1/aids/" + ref.String()} { // those above see the aid, and not that somebody asked for help, nor under which number
		if above := w.do("chen", "GET", at, nil, http.StatusOK).Body.String(); strings.Contains(above, request.String()) || strings.Contains(above, w.aid(ref).RequestN) {
			t.Errorf("%s tells those above of the request", at)
		}
	}
	if !strings.Contains(w.do("liang", "GET", "/api/v1/aids/"+ref.String(), nil, http.StatusOK).Body.String(), request.String()) {
		t.Error("a program of the unit itself is not told")
	}
	w.do("liang", "POST", "/aid/new?request="+request.String(), form, http.StatusSeeOther) // sent twice it is one
	w.must(w.verify("shi", ref))
	w.must(w.s.Approve(w.by("shi"), ref, 0, Amount{Fen: 60_000}, ""))
	w.must(w.s.Give(w.by("liang"), ref, 0, Handing{Day: today, Amount: Amount{Fen: 60_000}, Hands: []string{"甲", "乙"}}))
	if !slices.Equal(w.told, []string{"aid 2019-0001", "aided 2019-0001"}) {
		t.Errorf("told: %v", w.told)
	}
}

// Standing higher opens nothing: the county approves by number, amount and class of reason, and no page, answer or version names the child.
func TestApproversDoNotSeeTheChild(t *testing.T) {
	w := openWorld(t)
	c := child("张小满", "2008-03-04")
	c.Number, c.School, c.Address, c.Bank = "110101200803043332", "柳溪中心小学", "柳溪村三组", "6622"
	ref := w.apply("liang", w.study("990203013", 200_000), c)
	w.must(w.s.Verify(w.by("shi"), ref, 0, Check{Way: "call", Day: today, By: "石大爷"}, "张小满家情况属实"))
	secret := []string{"张小满", "王秀英", "13900002301", "110101200803043332", "2008-03-04", "柳溪中心", "柳溪村三组", "6622", "书本费凑不上", "情况属实"}
	for _, p := range []string{path(ref), "/aid", path(ref) + "/approve", "/aid/known/" + ref.String(), "/api/v1/aids", "/api/v1/aids/" + ref.String()} {
		page := w.do("zhou", "GET", p, nil, http.StatusOK).Body.String()
		for _, s := range secret {
			if strings.Contains(page, s) {
				t.Errorf("%s tells the county %q", p, s)
			}
		}
	}
	_, err := w.s.Open(w.by("zhou"), ref)
	w.kind(err, errs.Forbidden)
	w.kind(w.s.CorrectChild(w.by("zhou"), ref, 0, c, agreed), errs.Forbidden)
	page := w.do("liang", "GET", path(ref), nil, http.StatusOK).Body.String()
	for _, s := range []string{"张小满", "13900002301", "情况属实", "6622"} {
		if !strings.Contains(page, s) {
			t.Errorf("the town does not read %q", s)
		}
	}
	entries, err := w.audit.Of(w.ctx, ref, 100)
	w.must(err)
	for _, e := range entries {
		for _, s := range secret {
			if strings.Contains(e.Note+e.Detail, s) {
				t.Errorf("the log says %q", s)
			}
		}
	}
}

func TestHostileInput(t *testing.T) {
	w := openWorld(t)
	base := url.Values{"kind": {"study|生活费"}, "year": {"2019"}, "form": {"money"}, "fen": {"600"}, "reason": {"ill"}, "child": {"小满"}, "born": {"2008-03-04"}, "guardian": {"奶奶"}, "phone": {"0500-5552301"}, "words": {"x"}, "agreed": {"2019-05-30"}, "agreed_form": {"paper"}}
	for _, bad := range []struct{ name, value, says string }{
		{"fen", "1.005", "最小到分"}, {"fen", "-5", "大于0"}, {"fen", "0", "大于0"}, {"fen", "99999999999999999999", "500或6000.50"}, {"fen", "1e9", "500或6000.50"}, {"fen", "10亿", "不超过1亿元"}, {"fen", "<b>", "500或6000.50"}, {"fen", "", "大于0"},
		{"kind", "study", "选类别"}, {"kind", "study|没有的", "选类别"}, {"kind", "x|生活费", "选类别"}, {"year", "1066", "四位年份"}, {"year", "99999999999999999999", "四位年份"}, {"year", "2021", "四位年份"},
		{"form", "gold", "选现金"}, {"reason", "x", "选原因"}, {"child", " ", "写孩子姓名"}, {"child", strings.Repeat("长", 61), "最多60字"}, {"number", "11010120080304333", "对着证件"}, {"number", "110101201103043336", "对着证件"}, {"number", "110101200803043330", "对着证件"}, {"born", "2031-01-01", "核对出生日期"},
		{"agreed", "2019-06-01", "不晚于今天"}, {"agreed", "", "不晚于今天"}, {"agreed_form", "word", "怎样同意"}, {"bank", "62220", "后四位"}, {"bank", "abcd", "后四位"},
	} {
		form := url.Values{"_key": {id.New().String()}}
		for k, v := range base {
			form[k] = v
		}
		form.Set(bad.name, bad.value)
		if page := w.do("liang", "POST", "/aid/new", form, http.StatusUnprocessableEntity).Body.String(); !strings.Contains(page, bad.says) {
			t.Errorf("%s=%q is not answered with %q\n%.2000s", bad.name, bad.value, bad.says, page)
		}
	}
	goods := w.study("990203013", 0)
	goods.Form = Goods
	for _, m := range []Amount{{}, {Fen: 100, Qty: 1}, {Fen: 100, What: "书包"}, {Qty: 1, What: "书包"}, {Fen: 100, Qty: -1, What: "书包"}, {Fen: 100, Qty: maxQty + 1, What: "书包"}} {
		goods.Asked = m
		_, err := w.s.Apply(w.by("liang"), goods, child("小满", "2008-03-04"), agreed, id.Ref{})
		w.kind(err, errs.Invalid)
	}
	help := w.study("990203013", 0)
	help.Form, help.Asked = Hours, Amount{What: "补课", Minutes: -1}
	_, err := w.s.Apply(w.by("liang"), help, child("小满", "2008-03-04"), agreed, id.Ref{})
	w.kind(err, errs.Invalid)
	if p, _ := w.s.List(w.by("liang"), w.unit["990203013"], Filter{}); p.Total != 0 {
		t.Errorf("%d applications were kept", p.Total)
	}
	for _, p := range []string{"/aid?year=x&kind=%27&form=y&state=z&only=q&gift=1&after=zzzz", "/aid?year=-1"} {
		w.do("liang", "GET", p, nil, http.StatusOK)
	}
	_, err = w.s.Apply(w.by("liu"), w.study("990203013", 100), child("小满", "2008-03-04"), agreed, id.Ref{})
	w.kind(err, errs.NotFound)
	_, err = w.s.Apply(w.by("reader"), w.study("990203013", 100), child("小满", "2008-03-04"), agreed, id.Ref{})
	w.kind(err, errs.Forbidden)
}

// Goods and service count apart, and what was typed wrong is put right with a reason.
func TestFormsAndCorrections(t *testing.T) {
	w := openWorld(t)
	goods := w.study("990203013", 0)
	goods.Form, goods.Asked = Goods, Amount{Fen: 60_000, Qty: 3, What: "书包"}
	help := w.study("990203013", 0)
	help.Form, help.Asked, help.Purpose = Hours, Amount{What: "补课", Minutes: 600}, "其他"
	for i, a := range []Aid{goods, help} {
		ref := w.apply("liang", a, child("小满", "2008-03-04"))
		w.must(w.verify("shi", ref))
		w.must(w.s.Approve(w.by("shi"), ref, 0, a.Asked, ""))
		w.must(w.s.Give(w.by("liang"), ref, 0, Handing{Day: today, Amount: a.Asked, Hands: []string{"甲", "乙"}}))
		if i == 0 {
			h := *w.aid(ref).Given
			h.Amount.Qty, h.Amount.Fen = 2, 40_000
			w.key(w.s.Correct(w.by("liang"), ref, 0, Aid{Given: &h}, ""), "aid.why_missing")
			w.must(w.s.Correct(w.by("liang"), ref, 0, Aid{Given: &h}, "少送一个"))
		}
	}
	for code, want := range map[string]int64{"aid.given": 2, "aid.given_fen": 0, "aid.goods_fen": 40_000, "aid.minutes": 600} {
		if n := w.figure(code, "9902"); n != want {
			t.Errorf("%s: %d, want %d", code, n, want)
		}
	}
	p, err := w.s.List(w.by("chen"), w.unit["9902"], Filter{})
	w.must(err)
	if len(p.Sums) != 1 || p.Sums[0] != (Sum{Kind: "study", N: 2, GoodsFen: 40_000, Minutes: 600}) {
		t.Errorf("sums: %+v", p.Sums)
	}
}

// Numbers are read as people write them, and all that has to be changed is said at once. // R47
func TestNumbersAsTheyAreTyped(t *testing.T) {
	w := openWorld(t)
	form := func(more url.Values) url.Values {
		out := url.Values{"kind": {"study|生活费"}, "year": {"２０１９"}, "form": {"goods"}, "fen": {"１，２００元"}, "what": {"书包"}, "qty": {"１２个"}, "reason": {"ill"}, "child": {"小满"}, "number": {"1101 0120 0803 0433 32"}, "guardian": {"奶奶"}, "phone": {"0500-5552301"}, "words": {"x"}, "agreed": {"2019-05-30"}, "agreed_form": {"paper"}, "_key": {id.New().String()}}
		for k, v := range more {
			out[k] = v
		}
		return out
	}
	last := func() Aid {
		t.Helper()
		p, err := w.s.List(w.by("liang"), w.unit["990203013"], Filter{Limit: 1})
		w.must(err)
		return w.aid(p.Rows[0].Ref())
	}
	w.do("liang", "POST", "/aid/new", form(nil), http.StatusSeeOther)
	if a := last(); a.Asked != (Amount{Fen: 120_000, Qty: 12, What: "书包"}) || a.Year != 2019 {
		t.Errorf("%+v", a)
	}
	w.do("liang", "POST", "/aid/new", form(url.Values{"form": {"service"}, "hours": {"１．５"}}), http.StatusSeeOther)
	if a := last(); a.Asked.Minutes != 90 {
		t.Errorf("%+v", a)
	}
	page := w.do("liang", "POST", "/aid/new", form(url.Values{"fen": {"一千多"}, "child": {""}, "words": {""}, "agreed": {""}}), http.StatusUnprocessableEntity).Body.String()
	for _, says := range []string{"500或6000.50", ">写孩子姓名", "写家庭情况", "不晚于今天"} {
		if !strings.Contains(page, says) {
			t.Errorf("not said at once: %s", says)
		}
	}
	if strings.Contains(page, "大于0") {
		t.Error("what could not be read is said to be missing, too")
	}
}

// What is more than was asked is said beside that very number.
func TestMoreThanAskedIsSaidWhere(t *testing.T) {
	w := openWorld(t)
	a := w.study("990203013", 0)
	a.Form, a.Asked = Goods, Amount{Fen: 10_000, Qty: 2, What: "书包"}
	ref := w.apply("liang", a, child("小满", "2008-03-04"))
	w.must(w.verify("shi", ref))
	err := w.s.Approve(w.by("shi"), ref, 0, Amount{Fen: 20_000, Qty: 2}, "")
	var e *errs.Error
	if !errors.As(err, &e) || len(e.Fields) != 1 || e.Fields[0].Name != "fen" || e.Fields[0].Key != "aid.more_than_asked" {
		t.Errorf("%v", err)
	}
}

// One of a thing is not said in the plural, and a list that knows no name of a service begins with no comma.
func TestAmountsInEnglish(t *testing.T) {
	w := openWorld(t)
	en := i18n.In(w.ctx, "en")
	for _, x := range []struct {
		form string
		m    Amount
		want string
	}{
		{Goods, Amount{Fen: 9_000, Qty: 1}, "1 item, worth 90 yuan"},
		{Goods, Amount{Fen: 18_000, Qty: 2}, "2 items, worth 180 yuan"},
		{Hours, Amount{Minutes: 60}, "1 hour"},
		{Hours, Amount{Minutes: 90, What: "辅导"}, "辅导, 1.5 hours"},
		{Money, Amount{Fen: 60_050}, "600.5 yuan"},
	} {
		if got := amountText(en, x.form, x.m); got != x.want {
			t.Errorf("%+v: %q, want %q", x.m, got, x.want)
		}
	}
}
