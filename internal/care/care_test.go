package care

import (
	"context"
	"fmt"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"xinhuo/internal/audit"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/db"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/testkit"
	"xinhuo/internal/kit/web"
)

// R164 R165 R166: asked without an account, taken up, answered, visited, ended and rated; online and offline stand in one line of time.
func TestFromTheFirstWordToTheLast(t *testing.T) {
	w := openWorld(t)
	w.open()
	q, receipt := w.ask(Ask{Text: "晚上总是睡不着，想找人说说话。", Way: "call", Contact: "13900000009", Name: "小满"})
	if got := w.inbox("office"); !slices.Contains(got, tr(w.ctx, "care.task.new.mind")) {
		t.Fatalf("the next reading of the inbox has %v", got)
	}
	if got := w.inbox("above"); len(got) != 0 {
		t.Errorf("above: %v", got)
	}
	w.must(w.s.Take(w.by("lead"), q.Ref(), 1))
	w.must(w.s.Assign(w.by("lead"), q.Ref(), 2, "helper"))
	o, err := w.s.Open(w.by("helper"), q.Ref())
	w.must(err)
	if o.Name != "小满" || o.Contact != "13900000009" || o.Entries[0].Text != "晚上总是睡不着，想找人说说话。" {
		t.Fatalf("%+v", o)
	}
	w.must(w.s.Write(w.by("helper"), q.Ref(), Entry{Kind: Told, Text: "谢谢你告诉我。周六上午我在青少年宫等你。", Mark: "form1"}))
	w.must(w.s.Write(w.by("helper"), q.Ref(), Entry{Kind: Told, Text: "谢谢你告诉我。周六上午我在青少年宫等你。", Mark: "form1"})) // the button, twice
	if got := w.inbox("office"); slices.Contains(got, tr(w.ctx, "care.task.new.mind")) {
		t.Errorf("answered, and still waiting: %v", got)
	}
	w.now = w.now.Add(24 * time.Hour)
	w.must(w.s.Write(w.by("helper"), q.Ref(), Entry{Kind: Met, Day: today.AddDays(1), Text: "面谈一小时，情绪好转。"}))
	w.must(w.s.Write(w.by("helper"), q.Ref(), Entry{Kind: Noted, Text: "下周再约一次。"}))
	out := w.back(grouped(receipt))
	if len(out.Entries) != 2 || out.Entries[1].Text != "谢谢你告诉我。周六上午我在青少年宫等你。" || out.Entries[1].Kind != Told {
		t.Fatalf("the asker reads %+v", out.Entries)
	}
	if out, err = w.s.Say(w.by("visitor"), out.Token, "谢谢，我会去的。", "form2"); err != nil || len(out.Entries) != 3 {
		t.Fatal(out.Entries, err)
	}
	if got := w.inbox("office"); !slices.Contains(got, tr(w.ctx, "care.task.again")) {
		t.Errorf("the asker's word waits for nobody: %v", got)
	}
	q, _, err = w.s.Known(w.by("helper"), q.Ref())
	w.must(err)
	w.kind(w.s.Close(w.by("helper"), q.Ref(), q.Ver-1, "helped", "以后难过了就来找我。"), errs.Conflict)
	w.must(w.s.Close(w.by("helper"), q.Ref(), q.Ver, "helped", "以后难过了就来找我。"))
	out = w.back(receipt)
	if out, err = w.s.Rate(w.by("visitor"), out.Token, 5); err != nil || out.Request.Score != 5 {
		t.Fatal(out.Request, err)
	}
	o, err = w.s.Open(w.by("lead"), q.Ref())
	w.must(err)
	var kinds []string
	for _, e := range o.Entries {
		kinds = append(kinds, e.Kind)
	}
	if got := strings.Join(kinds, " "); got != "asked step step told met noted asked told step step" {
		t.Errorf("the line of time: %s", got)
	}
	w.now = w.now.Add(29 * 24 * time.Hour)
	out = w.back(receipt)
	if out, err = w.s.Say(w.by("visitor"), out.Token, "又睡不着了。", "form3"); err != nil || out.Request.State != Held {
		t.Fatal(out.Request.State, err)
	}
}

// Of those who work at the desk its leads and the holder read a request, whoever is on call until somebody holds it; above and beside
// nobody does, and what is refused stands in the log.
func TestStandingHigherOpensNothing(t *testing.T) {
	w := openWorld(t)
	w.open()
	q, _ := w.ask(Ask{Text: "家里没有钱交学费。", Kind: "hardship"})
	for login, want := range map[string]errs.Kind{"office": errs.Forbidden, "helper": errs.Forbidden, "above": errs.NotFound, "beside": errs.NotFound, "visitor": errs.NotFound} {
		_, err := w.s.Open(w.by(login), q.Ref())
		w.kind(err, want)
		if login != "office" && login != "helper" {
			w.kind(w.s.Take(w.by(login), q.Ref(), 0), errs.NotFound)
		} else {
			w.kind(w.s.Take(w.by(login), q.Ref(), 0), errs.Forbidden)
		}
	}
	for _, login := range []string{"lead", "night"} {
		_, err := w.s.Open(w.by(login), q.Ref())
		w.must(err)
	}
	w.must(w.s.Assign(w.by("lead"), q.Ref(), 0, "helper"))
	_, err := w.s.Open(w.by("night"), q.Ref())
	w.kind(err, errs.Forbidden)
	_, err = w.s.Open(w.by("helper"), q.Ref())
	w.must(err)
	w.kind(w.s.Assign(w.by("lead"), q.Ref(), 0, "above"), errs.Invalid)
	for login, want := range map[string]int{"office": 1, "above": 0, "beside": 0} { // that there is one, not what it says
		list, err := w.s.Requests(w.by(login), w.desk, false)
		w.must(err)
		duty, err := w.s.OnCall(w.by(login), w.desk)
		w.must(err)
		if len(list) != want || len(duty) != want {
			t.Errorf("%s is told of %d requests and %d on call, want %d", login, len(list), len(duty), want)
		}
	}
	// an absent one and one that is not theirs are told alike
	absent := q.Ref()
	absent.ID++
	for _, login := range []string{"above", "beside"} {
		here, not := w.do(login, "GET", path(q.Ref()), nil, 404), w.do(login, "GET", path(absent), nil, 404)
		if here.Body.String() != not.Body.String() {
			t.Errorf("%s: %q and %q", login, here.Body, not.Body)
		}
	}
	page := testkit.HTML(t, w.do("office", "GET", path(q.Ref()), nil, 200).Body.String())
	page.MustHave("main, body", "只有负责人和经办人能看")
	if strings.Contains(w.do("office", "GET", path(q.Ref()), nil, 200).Body.String(), "学费") {
		t.Error("who may not read a request reads it")
	}
	refused := 0
	auditor := w.as["above"]
	auditor.Auditor, auditor.AuditSet = true, auditor.ViewSet
	w.as["auditor"] = auditor
	rows, err := w.audit.List(w.by("auditor"), audit.Filter{Ref: q.Ref(), Limit: 100})
	w.must(err)
	for _, r := range rows {
		if r.Refused == 1 {
			refused++
		}
		if strings.Contains(r.Note+r.Detail, "学费") {
			t.Errorf("the log says what was said: %+v", r)
		}
	}
	if refused < 5 {
		t.Errorf("%d refusals in the log", refused)
	}
	// a word is turned away before the request is touched, and stands in the log as the word that it was
	if err := w.s.Write(w.by("office"), q.Ref(), Entry{Kind: Noted, Text: "听说了。"}); err == nil || !strings.Contains(err.Error(), "care.closed") {
		t.Errorf("a word of who may not read: %v", err)
	}
	rows, err = w.audit.List(w.by("auditor"), audit.Filter{Ref: q.Ref(), Act: "care.act.write", Limit: 100})
	if err != nil || len(rows) != 1 || rows[0].Refused != 1 || rows[0].Actor != w.as["office"].Account {
		t.Errorf("%+v %v", rows, err)
	}
}

// A receipt that does not exist and a phrase that is not right are told alike after the same work; guesses are slowed.
func TestGuessesAreSlowedAndToldAlike(t *testing.T) {
	w := openWorld(t)
	w.open()
	_, receipt := w.ask(Ask{Text: "在学校被人欺负。", Kind: "law"})
	g := w.s.gate.(gate)
	before := g["compared"]
	_, one := w.s.Back(w.by("visitor"), receipt, "不是这句", "192.0.2.8:1")
	_, other := w.s.Back(w.by("visitor"), "1234567890123456", "不是这句", "192.0.2.8:1")
	if one == nil || one.Error() != other.Error() || g["compared"]-before != 2 {
		t.Errorf("%v and %v, %d compared", one, other, g["compared"]-before)
	}
	for range 4 {
		_, err := w.s.Back(w.by("visitor"), receipt, "不是这句", "192.0.2.8:1")
		w.kind(err, errs.Invalid)
	}
	_, err := w.s.Back(w.by("visitor"), receipt, "外婆家的橘子树", "192.0.2.8:1")
	w.kind(err, errs.Throttled)
	page := testkit.HTML(t, w.do("visitor", "POST", "/ask/back", url.Values{"receipt": {receipt}, "phrase": {"外婆家的橘子树"}}, 429).Body.String())
	page.MustHave(".errsum", "过一会儿再试") // on a page that can be left in a hurry
	page.MustHave("#leave", "")
	_, mine := w.ask(Ask{Text: "另一件事。"})
	theirs, _ := w.ask(Ask{Text: "别人的事。"})
	parts := strings.Split(w.back(mine).Token, ".")
	forged := theirs.Ref().String() + "." + parts[1] + "." + parts[2]
	for _, token := range []string{"", "x", "a.b.c", forged, parts[0] + ".99999999999999." + parts[2]} {
		if _, err := w.s.Say(w.by("visitor"), token, "你好", ""); err == nil {
			t.Errorf("token %q is taken", token)
		}
	}
}

// A form that is sent twice, also at the same moment, makes one request, and both are told the same; another phrase or a number that
// we did not give makes none.
func TestSentTwiceIsOneRequest(t *testing.T) {
	w := openWorld(t)
	w.open()
	a := Ask{Unit: w.desk.ID, Kind: "mind", Asker: "young", Way: "here", Text: "想找人说话。", Phrase: "外婆家的橘子树"}
	var err error
	a.Receipt, a.Proof, err = w.s.NewReceipt(w.ctx)
	w.must(err)
	var all sync.WaitGroup
	var mu sync.Mutex
	seen := map[string]int{}
	for range 8 {
		all.Go(func() {
			q, err := w.s.Ask(w.by("visitor"), a, "192.0.2.7:4711")
			mu.Lock()
			defer mu.Unlock()
			seen[fmt.Sprint(q.Ref(), err)]++
		})
	}
	all.Wait()
	if len(seen) != 1 {
		t.Errorf("%v", seen)
	}
	list, err := w.s.Requests(w.by("lead"), w.desk, false)
	w.must(err)
	if len(list) != 1 {
		t.Errorf("%d requests", len(list))
	}
	other := a
	other.Phrase = "别人的暗语"
	_, err = w.s.Ask(w.by("visitor"), other, "192.0.2.7:4711")
	w.kind(err, errs.Conflict)
	other = a
	other.Receipt = "1111222233334444"
	_, err = w.s.Ask(w.by("visitor"), other, "192.0.2.7:4711")
	w.kind(err, errs.Conflict)
}

// R166: what young people, parents and teachers write when somebody is in danger is known, in other characters, widths and spellings, too; what is
// written of school, money and telephones raises nothing.
func TestWordsOfDanger(t *testing.T) {
	for _, text := range []string{"我不想活了", "我 不 想，活 了", "活着好累，想离开这个世界", "我想消失", "吃了好多药", "他摸我", "有人脱我衣服", "爸爸打妈妈，用脚踹", "我被打了", "班上一个学生手臂上有淤青", "她离家出走三天了", "自 殺", "自sha", "zisha怎么办",
		"他打我电话骂我，还打我", "救救我", "I want to  DIE", "ｓｕｉｃｉｄｅ", "I don’t want to live anymore", "i dont want to be alive", "He hits me.", "he touched me", "I keep hurting myself", "took an overdose", "I was abused", "My uncle beat me",
		"班上有个孩子被人打", "被同学打了", "他被他妈打", "被他爸打得不敢回家", "老师打学生", "天天挨揍", "他们群殴我", "他爸用皮带抽他", "她被爸爸抽", "孩子身上有伤", "被同学霸凌", "校园欺凌", "他们逼我喝尿", "把我堵在厕所", "三天没吃饭了", "小孩饿了两天", "没人管我",
		"撑不下去了", "坚持不住了", "站在楼顶", "我现在在天桥上", "我想紫砂", "bu xiang huo", "网友约我见面", "I am being followed", "I am bullied at school", "他爸打工回来就打他"} {
		if !Dangerous(text) {
			t.Errorf("not known: %q", text)
		}
	}
	for _, text := range []string{"", "考试没考好，心里难受", "家里交不起学费", "和同桌吵架了，睡不好", "我想学画画", "可以打我电话，也可以打我妈妈的电话", "上课老被打断", "I failed my maths exam", "I take a bus to school", "grapes and therapy", "what me worry",
		"爸爸打工受伤了", "被老师叫去打电话", "被老师叫去打扫", "被老师抽查到了", "被大家关心，很暖和", "爷爷喜欢紫砂壶", "想打听一下补助", "周末打篮球被打败了", "想打印申请表", "被抽中参加夏令营", "笑死了", "my dad's car hit a tree"} {
		if Dangerous(text) {
			t.Errorf("raised for nothing: %q", text)
		}
	}
}

// Words of danger raise a request at once; a flood from one place is slowed, and what others send is taken.
func TestDangerAndFlood(t *testing.T) {
	w := openWorld(t)
	w.open()
	q, receipt := w.ask(Ask{Text: "我不想活了。"})
	if q.Urgency != Now || q.DueAt != w.now.Add(time.Hour).UnixMilli() {
		t.Errorf("%+v", q)
	}
	if got := w.inbox("office"); !slices.Contains(got, tr(w.ctx, "care.task.danger")) {
		t.Errorf("%v", got)
	}
	w.must(w.s.Take(w.by("night"), q.Ref(), 0))
	w.must(w.s.Press(w.by("night"), q.Ref(), 0, Usual))
	out := w.back(receipt)
	if out, err := w.s.Say(w.by("visitor"), out.Token, "他又打我了", ""); err != nil || out.Request.Danger != 1 {
		t.Error(out.Request, err)
	}
	for range perHour - 1 {
		w.ask(Ask{Text: "试一试"})
	}
	a := Ask{Unit: w.desk.ID, Kind: "mind", Asker: "young", Way: "here", Text: "再试", Phrase: "外婆家的橘子树"}
	var err error
	a.Receipt, a.Proof, err = w.s.NewReceipt(w.ctx)
	w.must(err)
	_, err = w.s.Ask(w.by("visitor"), a, "192.0.2.7:4711")
	w.kind(err, errs.Throttled)
	_, err = w.s.Ask(w.by("visitor"), a, "192.0.2.99:4711")
	w.must(err)
}

// R166: what nobody answers in time rises, level by level, without its words; answered, it stops and its tasks end.
func TestUnansweredRises(t *testing.T) {
	w := openWorld(t)
	w.open()
	q, _ := w.ask(Ask{Text: "我不想活了。"})
	rise := func(want int) {
		t.Helper()
		for _, want := range []int{want, 0} { // run twice, it does nothing more
			if n, err := w.s.Rise(w.ctx); err != nil || n != want {
				t.Fatalf("%d rose, want %d: %v", n, want, err)
			}
		}
	}
	rise(0)
	w.now = w.now.Add(61 * time.Minute)
	rise(1)
	if got := w.inbox("above"); !slices.Contains(got, tr(w.ctx, "care.task.rise")) {
		t.Errorf("above hears %v", got)
	}
	page := testkit.HTML(t, w.do("above", "GET", "/care?unit="+w.desk.ID.String(), nil, 200).Body.String())
	page.MustHave("body", "1件求助逾期没有回话")
	page.MustHave("body", "上级也看不到")
	if page.Has("#running") {
		t.Error("the list of requests is shown above")
	}
	w.now = w.now.Add(61 * time.Minute)
	rise(1)
	w.must(w.s.Write(w.by("lead"), q.Ref(), Entry{Kind: Told, Text: "我在，马上来找你。"}))
	if got := w.inbox("above"); slices.Contains(got, tr(w.ctx, "care.task.rise")) {
		t.Errorf("answered, and above still %v", got)
	}
	w.now = w.now.Add(72 * time.Hour)
	rise(0)
	if n, err := w.s.Late(w.by("above"), w.desk); err != nil || n != 0 {
		t.Error(n, err)
	}
}

// A desk is opened by whoever works there and changed by its leads alone; what is missing is named.
func TestDesk(t *testing.T) {
	w := openWorld(t)
	w.kind(w.s.SetDesk(w.by("lead"), Desk{Unit: w.desk.ID, Open: true}, nil), errs.Invalid)
	w.kind(w.s.SetDesk(w.by("above"), Desk{Unit: w.desk.ID, Open: true, Kinds: Kinds, Phone: "0500-5550126", Hours: "全天"}, []string{"lead"}), errs.Forbidden)
	w.open()
	d, err := w.s.Desk(w.ctx, w.desk.ID)
	w.must(err)
	w.kind(w.s.SetDesk(w.by("office"), d, []string{"office"}), errs.Forbidden)
	w.kind(w.s.SetDesk(w.by("lead"), d, []string{"above"}), errs.Invalid)
	stale := d
	stale.Ver--
	w.kind(w.s.SetDesk(w.by("lead"), stale, []string{"lead"}), errs.Conflict)
	d.Open = false
	w.must(w.s.SetDesk(w.by("lead"), d, []string{"lead", "helper"}))
	page := testkit.HTML(t, w.do("visitor", "GET", "/ask", nil, 200).Body.String())
	page.MustHave("h1", "还没有开通")
	page.MustHave(".sos", "110")
	w.kind(w.s.AddDuty(w.by("lead"), w.desk.ID, "nobody", Duty{Phone: "13900000002", From: today, To: today}), errs.Invalid)
	w.kind(w.s.AddDuty(w.by("lead"), w.desk.ID, "night", Duty{Phone: "13900000002", From: today, To: today.AddDays(-1)}), errs.Invalid)
	w.kind(w.s.AddDuty(w.by("office"), w.desk.ID, "night", Duty{Phone: "13900000002", From: today, To: today}), errs.Forbidden)
}

// R164 R166: a teacher or a parent who tells of a child in danger is not asked whether they want to hurt themselves, and is not offered to have their
// own parents rung.
func TestWordsFitWhoAsks(t *testing.T) {
	w := openWorld(t)
	w.open()
	for asker, want := range map[string]struct {
		danger, way string
		guardian    bool
	}{"young": {"你现在安全吗", "找我的学校", true}, "parent": {"孩子现在安全吗", "找孩子的学校", false}, "teacher": {"孩子现在安全吗", "找孩子的学校", false}} {
		form := url.Values{"step": {"2"}, "unit": {w.desk.ID.String()}, "kind": {"mind"}, "asker": {asker}, "text": {"她说不想活了"}}
		page := testkit.HTML(t, w.do("visitor", "POST", "/ask", form, 200).Body.String())
		page.MustHave("[role=alert]", want.danger)
		page.MustHave("label", want.way)
		if got := page.Has(`input[value=guardian]`); got != want.guardian {
			t.Errorf("%s is offered to have a guardian rung: %v", asker, got)
		}
		q, _ := w.ask(Ask{Asker: asker, Way: "school", Contact: "南江一中 李老师", Text: "她说不想活了"})
		testkit.HTML(t, w.do("lead", "GET", path(q.Ref()), nil, 200).Body.String()).MustHave("dd", want.way)
	}
}

// R164: by a telephone, without script or account: three steps, back and forth, nothing lost by what has to be changed, the receipt,
// and the answer by it.
func TestThreeStepsWithoutAnAccount(t *testing.T) {
	w := openWorld(t)
	w.open()
	page := testkit.HTML(t, w.do("visitor", "GET", "/ask", nil, 200).Body.String())
	page.MustHave("a", "南江区关工委")
	rec := w.do("visitor", "GET", "/ask?unit="+w.desk.ID.String(), nil, 200)
	if rec.Header().Get("Set-Cookie") != "" || rec.Header().Get("Cache-Control") != "no-store" || rec.Header().Get("Referrer-Policy") != "no-referrer" {
		t.Errorf("%v", rec.Header())
	}
	step := func(more url.Values, want int) testkit.Doc {
		t.Helper()
		form := url.Values{}
		for _, x := range page.All("form input") {
			if x.Attr("type") == "hidden" {
				form.Set(x.Attr("name"), x.Attr("value"))
			}
		}
		for k, v := range more {
			form[k] = v
		}
		page = testkit.HTML(t, w.do("visitor", "POST", "/ask", form, want).Body.String())
		return page
	}
	page = testkit.HTML(t, rec.Body.String())
	step(url.Values{}, 422).MustHave("body", "选一选是哪方面的事")
	step(url.Values{"kind": {"mind"}, "asker": {"young"}}, 200).MustHave("h1", "慢慢说")
	long := strings.Repeat("难", 100_000)
	step(url.Values{"text": {long}}, 422).MustHave("textarea", long)
	page.MustHave("body", "最多20000个字")
	step(url.Values{"text": {"我不想活了"}}, 200).MustHave("body", "你现在安全吗")
	step(url.Values{"way": {"call"}, "phrase": {"橘"}, "back": {"1"}}, 200).MustHave("textarea", "我不想活了")
	step(url.Values{"text": {"我不想活了"}, "back": {"1"}}, 200).MustHave("title", "第1步，共3步 联系我们")
	step(url.Values{"kind": {"mind"}, "asker": {"young"}, "back": {"1"}}, 200).MustHave("button", "南江区关工委") // back to the choice of a desk, all typed goes along
	step(url.Values{"unit": {w.desk.ID.String()}}, 200).MustHave(`input[value="mind"][checked]`, "")
	step(url.Values{"kind": {"mind"}, "asker": {"young"}}, 200).MustHave("textarea", "我不想活了")
	step(url.Values{"text": {"我不想活了"}}, 200)
	step(url.Values{"way": {"call"}, "phrase": {"橘"}}, 422).MustHave("body", "写一个联系办法")
	page.MustHave("body", "暗语至少要4个字")
	step(url.Values{"way": {"here"}, "phrase": {"外婆家的橘子树"}}, 200).MustHave("h1", "我们收到了")
	receipt := page.Text(".receipt b")
	page = testkit.HTML(t, w.do("visitor", "POST", "/ask/back", url.Values{"receipt": {receipt}, "phrase": {"外婆家的橘子树"}}, 200).Body.String())
	page.MustHave(".say.mine", "我不想活了")
	token := ""
	for _, x := range page.All("form input") {
		if x.Attr("name") == "token" {
			token = x.Attr("value")
		}
	}
	w.do("visitor", "POST", "/ask/say", url.Values{"token": {token}, "text": {" "}}, 422)
	w.do("visitor", "POST", "/ask/say", url.Values{"token": {token}, "text": {"<b>我在学校</b>"}}, 200)
	w.now = w.now.Add(tokenLife + time.Second)
	page = testkit.HTML(t, w.do("visitor", "POST", "/ask/say", url.Values{"token": {token}, "text": {"还在吗"}}, 422).Body.String())
	page.MustHave("body", "用回执号和暗语重新打开")
	leave := w.do("visitor", "GET", "/ask/leave", nil, 303)
	if leave.Header().Get("Clear-Site-Data") == "" || leave.Header().Get("Location") != neutral {
		t.Errorf("%v", leave.Header())
	}
}

// Nothing of what was said, of who said it or of the receipt stands readable in any table.
func TestNothingReadableIsKept(t *testing.T) {
	w := openWorld(t)
	w.open()
	const canary = "zkcarecanary陈小满"
	_, receipt := w.ask(Ask{Text: canary, Name: canary, Contact: canary, Way: "call"})
	out := w.back(receipt)
	_, err := w.s.Say(w.by("visitor"), out.Token, canary, "x")
	w.must(err)
	list, err := w.s.Requests(w.by("lead"), w.desk, false)
	w.must(err)
	w.must(w.s.Write(w.by("lead"), list[0].Ref(), Entry{Kind: Told, Text: canary}))
	for _, table := range []string{"care_request", "care_entry", "care_receipt", "care_desk", "seal_record", "seal_value", "flow_task", "audit_entry", "web_once", "web_draft"} {
		rows, err := allOf(w.ctx, w.db, table)
		w.must(err)
		if len(rows) == 0 && strings.HasPrefix(table, "care_r") {
			t.Errorf("%s is empty: nothing was looked at", table)
		}
		for _, r := range rows {
			for _, secret := range []string{canary, receipt, "橘子树", "192.0.2"} {
				if strings.Contains(r, secret) && !strings.Contains(r, "hashed ") {
					t.Errorf("%s: %q in %.200s", table, secret, r)
				}
			}
		}
	}
}

// allOf reads every row of a table as one text.
func allOf(ctx context.Context, d *db.DB, table string) (out []string, err error) {
	as := "CAST(t AS TEXT)"
	if d.Engine != db.Postgres {
		cols, err := db.Select[string](ctx, d, `SELECT name FROM pragma_table_info($1)`, table)
		if err != nil {
			return nil, err
		}
		as = "CAST(" + strings.Join(cols, " AS TEXT) || '|' || CAST(") + " AS TEXT)"
	}
	return db.Select[string](ctx, d, `SELECT `+as+` FROM `+table+` t`)
}

// What is written of a day in the future, of no day or of nothing is refused with a word.
func TestWhatCannotBeWritten(t *testing.T) {
	w := openWorld(t)
	w.open()
	q, _ := w.ask(Ask{Text: "想找人说话。"})
	for _, x := range []struct {
		kind, text string
		day        clock.Day
	}{{Told, " ", ""}, {"gossip", "他家", ""}, {Met, "见面", today.AddDays(1)}, {Met, "见面", "31.5.2019"}, {Noted, strings.Repeat("长", maxText+1), ""}} {
		w.kind(w.s.Write(w.by("lead"), q.Ref(), Entry{Kind: x.kind, Day: x.day, Text: x.text}), errs.Invalid)
	}
	w.kind(w.s.Press(w.by("lead"), q.Ref(), 0, "never"), errs.Invalid)
	w.kind(w.s.Close(w.by("lead"), q.Ref(), 0, "", ""), errs.Invalid)
	w.must(w.s.Close(w.by("lead"), q.Ref(), 0, "advised", "可以打12355。"))
	w.kind(w.s.Close(w.by("lead"), q.Ref(), 0, "advised", "再来一次"), errs.Conflict)
	w.kind(w.s.Write(w.by("lead"), q.Ref(), Entry{Kind: Told, Text: "还在吗"}), errs.Conflict)
	w.must(w.s.Write(w.by("lead"), q.Ref(), Entry{Kind: Called, Text: "回访，一切都好。"}))
}

// Which requests nobody answered, of which kind and under which number, is told nobody above by their inbox; how many wait too long stands on the page of the desk.
func TestThoseAboveAreNotToldWhichRequestsAreLate(t *testing.T) {
	w := openWorld(t)
	w.open()
	w.ask(Ask{Text: "有人在校门口要我的钱。", Kind: "law"})
	w.now = w.now.Add(10 * 24 * time.Hour)
	if got := w.inbox("lead"); len(got) == 0 {
		t.Error("the desk itself is not told")
	}
	if list, n, err := w.flow.Below(w.by("above"), 50); err != nil || n != 0 || len(list) != 0 {
		t.Errorf("above: %d, %+v, %v", n, list, err)
	}
}

// R166: somebody of another unit is let in with consent, reads and answers, and is refused at the next tap once it is taken back; who
// was not let in is not, and without consent nobody is.
func TestReferredWithConsent(t *testing.T) {
	w := openWorld(t)
	w.open()
	q, receipt := w.ask(Ask{Text: "有人在校门口要我的钱。", Kind: "law"})
	w.kind(w.s.Refer(w.by("lead"), q.Ref(), 0, "beside", "提供法律援助", today.AddDays(30), false), errs.Invalid)
	w.kind(w.s.Refer(w.by("lead"), q.Ref(), 0, "nobody", "提供法律援助", today.AddDays(30), true), errs.Invalid)
	w.kind(w.s.Refer(w.by("lead"), q.Ref(), 0, "beside", "", today.AddDays(-1), true), errs.Invalid)
	w.kind(w.s.Refer(w.by("office"), q.Ref(), 0, "beside", "提供法律援助", today.AddDays(30), true), errs.Forbidden)
	w.must(w.s.Refer(w.by("lead"), q.Ref(), 0, "beside", "提供法律援助", today.AddDays(30), true))
	if got := w.inbox("beside"); !slices.Contains(got, tr(w.ctx, "care.task.refer")) {
		t.Errorf("who was asked to help hears %v", got)
	}
	o, err := w.s.Open(w.by("beside"), q.Ref())
	w.must(err)
	if o.Entries[0].Text != "有人在校门口要我的钱。" {
		t.Errorf("%+v", o.Entries)
	}
	page := testkit.HTML(t, w.do("beside", "GET", path(q.Ref()), nil, 200).Body.String())
	if page.Has(`form[action$="/close"]`) || page.Has(`form[action$="/refer"]`) || page.Has(`a[href^="/seal/"]`) || !page.Has(`form[action$="/write"]`) {
		t.Error("who was let in may do what the desk does, or cannot write")
	}
	w.must(w.s.Write(w.by("beside"), q.Ref(), Entry{Kind: Told, Text: "你没有做错，我来帮你。"}))
	w.kind(w.s.Take(w.by("beside"), q.Ref(), 0), errs.NotFound)
	w.kind(w.s.Close(w.by("beside"), q.Ref(), 0, "helped", "好了"), errs.NotFound)
	if _, err := w.s.Open(w.by("above"), q.Ref()); !errs.Is(err, errs.NotFound) {
		t.Errorf("above: %v", err)
	}
	moved := w.as["beside"] // who has another post by now was let in for the work of the former
	w.as["beside"] = scope.Actor{Account: moved.Account, Name: moved.Name, Unit: w.as["above"].Unit, Pos: w.as["above"].Pos, WorkSet: w.as["above"].WorkSet, ViewSet: w.as["above"].ViewSet}
	if _, err := w.s.Open(w.by("beside"), q.Ref()); !errs.Is(err, errs.NotFound) {
		t.Errorf("with another post: %v", err)
	}
	w.kind(w.s.Write(w.by("beside"), q.Ref(), Entry{Kind: Told, Text: "x"}), errs.NotFound)
	w.as["beside"] = moved
	out := w.back(receipt)
	if !out.Helpers || len(out.Entries) != 3 || out.Entries[2].Text != "你没有做错，我来帮你。" {
		t.Fatalf("%+v", out)
	}
	thread := w.do("visitor", "POST", "/ask/say", url.Values{"token": {out.Token}, "part": {"1"}}, 200).Body.String()
	testkit.HTML(t, thread).MustHave(".say.step", "你收回了同意")
	_, err = w.s.Open(w.by("beside"), q.Ref())
	w.kind(err, errs.NotFound)
	w.do("beside", "GET", path(q.Ref()), nil, 404)
	w.kind(w.s.Write(w.by("beside"), q.Ref(), Entry{Kind: Told, Text: "还在吗"}), errs.NotFound)
	if got := w.inbox("beside"); slices.Contains(got, tr(w.ctx, "care.task.refer")) {
		t.Errorf("still asked to help: %v", got)
	}
	if out = w.back(receipt); out.Helpers {
		t.Error("consent that was taken back can be taken back again")
	}
}

// R165: an appointment lies ahead, stands in the same line of time, and the asker sees its day.
func TestAppointment(t *testing.T) {
	w := openWorld(t)
	w.open()
	q, receipt := w.ask(Ask{Text: "想找人说说话。"})
	w.kind(w.s.Write(w.by("lead"), q.Ref(), Entry{Kind: Booked, Day: today.AddDays(-1), Text: "上午九点"}), errs.Invalid)
	w.kind(w.s.Write(w.by("lead"), q.Ref(), Entry{Kind: Booked, Day: today.AddDays(bookedWithin + 1), Text: "上午九点"}), errs.Invalid)
	w.must(w.s.Write(w.by("lead"), q.Ref(), Entry{Kind: Booked, Day: today.AddDays(3), Text: "上午九点，区青少年宫一楼。"}))
	page := testkit.HTML(t, w.do("visitor", "POST", "/ask/back", url.Values{"receipt": {receipt}, "phrase": {"外婆家的橘子树"}}, 200).Body.String())
	page.MustHave(".say", "约在2019年6月3日")
	page.MustHave(".say", "区青少年宫一楼")
	if q, _, err := w.s.Known(w.by("lead"), q.Ref()); err != nil || q.State != Waiting || q.DueAt != 0 {
		t.Errorf("an appointment is no answer: %+v %v", q, err)
	}
}

// Where a second factor is asked for, nobody reads or does anything with the password alone; whoever asked is not asked for one.
func TestSecondFactorComesFirst(t *testing.T) {
	w := openWorld(t)
	w.open()
	q, receipt := w.ask(Ask{Text: "想找人说说话。"})
	w.s.seal.SetStrong(func(ctx context.Context) error {
		if scope.From(ctx).System {
			return nil
		}
		return errs.New(errs.StepUp, "seal.second")
	})
	_, err := w.s.Open(w.by("lead"), q.Ref())
	w.kind(err, errs.StepUp)
	for name, err := range map[string]error{"take": w.s.Take(w.by("lead"), q.Ref(), 0), "write": w.s.Write(w.by("lead"), q.Ref(), Entry{Kind: Told, Text: "你好"}), "close": w.s.Close(w.by("lead"), q.Ref(), 0, "helped", "好"),
		"refer": w.s.Refer(w.by("lead"), q.Ref(), 0, "beside", "提供法律援助", today.AddDays(30), true)} {
		if !errs.Is(err, errs.StepUp) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if out := w.back(receipt); len(out.Entries) != 1 {
		t.Errorf("%+v", out.Entries)
	}
}

// Whoever asked writes twice before anybody answers, also after it has risen: one answer ends all that waited, below and above.
func TestOneAnswerEndsAllThatWaited(t *testing.T) {
	w := openWorld(t)
	w.open()
	q, receipt := w.ask(Ask{Text: "想找人说说话。"})
	w.now = w.now.Add(25 * time.Hour)
	if _, err := w.s.Rise(w.ctx); err != nil {
		t.Fatal(err)
	}
	if _, err := w.s.Say(w.by("visitor"), w.back(receipt).Token, "有人在吗？", ""); err != nil {
		t.Fatal(err)
	}
	if got := w.inbox("office"); len(got) != 1 {
		t.Errorf("one answer is owed, the inbox has %v", got)
	}
	w.must(w.s.Write(w.by("lead"), q.Ref(), Entry{Kind: Told, Text: "我在。"}))
	for _, login := range []string{"office", "above"} {
		if got := w.inbox(login); len(got) != 0 {
			t.Errorf("answered, and %s still has %v", login, got)
		}
	}
	if _, err := w.s.Say(w.by("visitor"), w.back(receipt).Token, "谢谢。", ""); err != nil {
		t.Fatal(err)
	}
	if got := w.inbox("office"); !slices.Contains(got, tr(w.ctx, "care.task.again")) {
		t.Errorf("the next word waits for nobody: %v", got)
	}
}

// A unit that took another one over keeps its requests, also where it had no desk: nobody who works there makes themself their lead; an administrator
// names somebody.
func TestTakenOverRequestsAreNobodysToTake(t *testing.T) {
	w := openWorld(t)
	w.open()
	q, _ := w.ask(Ask{Text: "有人在校门口要我的钱。", Kind: "law"})
	heir := w.as["beside"]
	u, err := w.s.org.Unit(w.ctx, heir.Unit)
	w.must(err)
	w.must(w.s.db.Tx(w.ctx, func(ctx context.Context) error { return w.s.move(ctx, w.desk.ID, u.ID, u.Pos) }))
	desk := Desk{Unit: u.ID, Open: true, Kinds: Kinds, Phone: "0500-555 0201", Hours: "周一到周五"}
	w.kind(w.s.SetDesk(w.by("beside"), desk, []string{"beside"}), errs.Forbidden)
	chief := heir
	chief.Account, chief.Name, chief.AdminSet = 1990, "蒋正国", heir.WorkSet
	w.as["chief"] = chief
	w.kind(w.s.SetDesk(w.by("chief"), desk, []string{"chief"}), errs.Invalid)
	w.kind(w.s.SetDesk(w.by("chief"), desk, []string{"beside", "chief"}), errs.Invalid)
	w.must(w.s.SetDesk(w.by("chief"), desk, []string{"beside"}))
	_, reads, err := w.s.Known(w.by("beside"), q.Ref())
	w.must(err)
	if !reads {
		t.Error("whoever was named does not read")
	}
}

// Whatever goes wrong while somebody asks is said on a page with the way out and the numbers, and what was typed can be copied from it.
func TestTroubleKeepsTheWayOutAndTheNumbers(t *testing.T) { // R166
	w := openWorld(t)
	for _, lang := range []string{"zh", "en"} {
		r := httptest.NewRequest("POST", "/ask", strings.NewReader(url.Values{"lang": {lang}, "text": {"爸爸\x00打我"}, "phrase": {"外婆家的橘子树"}}.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		w.must(r.ParseForm())
		rec := httptest.NewRecorder()
		ctx := i18n.In(w.by("visitor"), lang)
		if !w.s.Trouble(rec, r.WithContext(ctx), web.Trouble{Title: "x", Texts: []string{"认不出的字符"}, Number: "7k", Status: 400}) || rec.Code != 400 {
			t.Fatalf("%d", rec.Code)
		}
		body := rec.Body.String()
		for _, want := range []string{`href="/ask/leave"`, "tel:110", "tel:12355", "爸爸打我", "认不出的字符", "7k", tr(ctx, "care.ask.trouble_typed"), "/ask?lang=" + lang} {
			if !strings.Contains(body, want) {
				t.Errorf("%s: nothing of %s", lang, want)
			}
		}
		if strings.Contains(body, "橘子") || len(rec.Result().Cookies()) > 0 {
			t.Errorf("%s: the phrase is shown, or a cookie set", lang)
		}
	}
	rec := httptest.NewRecorder()
	if !w.s.Trouble(rec, httptest.NewRequest("GET", "/ask/nowhere", nil).WithContext(w.by("visitor")), web.Trouble{Status: 404}) || strings.Contains(rec.Body.String(), "<h1>没有送到") {
		t.Errorf("nothing was sent, and it is said not to have arrived: %.600s", rec.Body)
	}
	for _, path := range []string{"/asked", "/care", "/"} {
		if w.s.Trouble(httptest.NewRecorder(), httptest.NewRequest("GET", path, nil).WithContext(w.by("visitor")), web.Trouble{Status: 404}) {
			t.Errorf("%s is a page for those who ask", path)
		}
	}
}

// What happens next says how whoever asked is reached.
func TestWhatHappensNextFitsTheWay(t *testing.T) { // R166
	w := openWorld(t)
	w.open()
	for _, c := range []struct{ way, asker, want string }{{"here", "young", ""}, {"call", "young", "我们会打你留的电话"}, {"guardian", "young", "找你的家长"}, {"school", "young", "你写的学校"}, {"school", "teacher", "孩子的学校"}} {
		receipt, proof, err := w.s.NewReceipt(w.ctx)
		w.must(err)
		body := w.do("visitor", "POST", "/ask", url.Values{"unit": {w.desk.ID.String()}, "step": {"3"}, "kind": {"other"}, "asker": {c.asker}, "text": {"想问问。"}, "way": {c.way}, "contact": {"三中"}, "phrase": {"外婆家的橘子树"}, "receipt": {receipt}, "proof": {proof}, "lang": {"zh"}}, 200).Body.String()
		if !strings.Contains(body, "我们收到了") || !strings.Contains(body, c.want) || c.want == "" && strings.Contains(body, "我们会") {
			t.Errorf("%s, %s: %.1500s", c.way, c.asker, body)
		}
	}
}

// A child who is hurt at home and names a parent is not told that the parent will be rung; who takes the request is told to be careful.
func TestNobodyWhoMayHurtIsRung(t *testing.T) { // R166
	w := openWorld(t)
	w.open()
	for _, c := range []struct {
		asker, way, text, want string
		careful                bool
	}{{"young", "guardian", "爸爸喝了酒就打我。", "可能伤害你的人", true}, {"young", "school", "老师打我。", "可能伤害你的人", true}, {"teacher", "school", "班上有个孩子被人打。", "可能伤害孩子的人", true},
		{"young", "call", "爸爸喝了酒就打我。", "我们会打你留的电话", false}, {"young", "guardian", "想问问假期活动。", "找你的家长", false}} {
		receipt, proof, err := w.s.NewReceipt(w.ctx)
		w.must(err)
		body := w.do("visitor", "POST", "/ask", url.Values{"unit": {w.desk.ID.String()}, "step": {"3"}, "kind": {"other"}, "asker": {c.asker}, "text": {c.text}, "way": {c.way}, "contact": {"0500-5550199"}, "phrase": {"外婆家的橘子树"}, "receipt": {receipt}, "proof": {proof}, "lang": {"zh"}}, 200).Body.String()
		if !strings.Contains(body, c.want) || c.careful && (strings.Contains(body, "找你的家长") || strings.Contains(body, "我们会联系")) {
			t.Errorf("%s, %s: %.1800s", c.asker, c.way, body)
		}
		list, err := w.s.Requests(w.by("lead"), w.desk, false)
		w.must(err)
		at := slices.IndexFunc(list, func(q Request) bool { return strings.HasPrefix(receipt, strings.ReplaceAll(q.No, "-", "")) })
		if at < 0 {
			t.Fatal("no request")
		}
		page := w.do("lead", "GET", "/care/"+list[at].Ref().String(), nil, 200).Body.String()
		if strings.Contains(page, "先和求助人说好") != c.careful {
			t.Errorf("%s, %s: the desk is told to be careful: %t", c.asker, c.way, !c.careful)
		}
	}
}
