package care

import (
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"xinhuo/internal/audit"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/testkit"
)

// slots are the appointments of a request as the lead reads them.
func (w *world) slots(ref id.Ref) (out []Entry) {
	w.Helper()
	o, err := w.s.Open(w.by("lead"), ref)
	w.must(err)
	for _, e := range o.Entries {
		if e.Kind == Booked {
			out = append(out, e)
		}
	}
	return out
}

// R166: an appointment is made, moved, called off and kept or not, on the one line of time that both sides read.
func TestAppointmentMovesAndEnds(t *testing.T) {
	w := openWorld(t)
	w.open()
	q, receipt := w.ask(Ask{Text: "想找人说说话。"})
	here := path(q.Ref()) + "/slot"
	w.must(w.s.Write(w.by("lead"), q.Ref(), Entry{Kind: Booked, Day: today.AddDays(2), Clock: "14:30", Way: "there", Text: "区青少年宫，一个人来也行。"}))
	first := w.slots(q.Ref())[0]
	w.kind(w.s.MetAt(w.by("lead"), q.Ref(), first.ID, false), errs.Conflict) // its day has not come
	w.kind(w.s.CallOff(w.by("office"), q.Ref(), first.ID, "不去了", ""), errs.Forbidden)
	w.kind(w.s.MoveSlot(w.by("beside"), q.Ref(), first.ID, Entry{Day: today.AddDays(3), Text: "改到周日"}), errs.NotFound)
	form := testkit.HTML(t, w.do("lead", "GET", path(q.Ref()), nil, 200).Body.String())
	form.MustHave(`form[action$="/slot"] input[name="slot"][checked]`, "")
	if form.Has(`form[action$="/slot"] input[type="hidden"][value="missed"]`) {
		t.Error("one is asked whether they came before the day")
	}
	// Nothing typed is lost, the form stands open, and the first appointment stands.
	bad := testkit.HTML(t, w.do("lead", "POST", here, url.Values{"slot": {first.ID.String()}, "do": {"moved"}, "slot_day": {string(today.AddDays(200))}, "slot_clock": {"25点"}, "slot_text": {"老师那天开会"}, "_key": {"a"}}, 422).Body.String())
	bad.MustHave("details[open] textarea", "老师那天开会")
	bad.MustHave(`details[open] input[name="slot_clock"][value="25点"]`, "")
	w.do("lead", "POST", here, url.Values{"slot": {first.ID.String()}, "do": {"moved"}, "slot_day": {""}, "slot_text": {"改"}, "_key": {"a1"}}, 422)
	w.do("lead", "POST", here, url.Values{"slot": {"x"}, "do": {"moved"}, "_key": {"a2"}}, 422)
	for range 2 { // sent twice is moved once
		w.do("lead", "POST", here, url.Values{"slot": {first.ID.String()}, "do": {"moved"}, "slot_day": {string(today.AddDays(4))}, "slot_clock": {"9:00"}, "slot_place": {"here"}, "slot_text": {"老师那天开会，改到周二。"}, "_key": {"b"}}, 303)
	}
	list := w.slots(q.Ref())
	if len(list) != 2 || list[0].Fate != Moved || list[1].Fate != "" || list[1].Day != today.AddDays(4) || list[1].Clock != "09:00" || list[1].Way != "here" {
		t.Fatalf("%+v", list)
	}
	w.kind(w.s.CallOff(w.by("lead"), q.Ref(), first.ID, "不见了", ""), errs.Conflict)
	out := w.back(receipt)
	if _, err := w.s.Reply(w.by("visitor"), out.Token, first.ID, "yes"); !errs.Is(err, errs.Conflict) {
		t.Errorf("a yes to what was moved: %v", err)
	}
	page := w.do("visitor", "POST", "/ask/back", url.Values{"receipt": {receipt}, "phrase": {"外婆家的橘子树"}}, 200).Body.String()
	if !strings.Contains(page, tr(w.ctx, "care.ask.fate_moved")) || strings.Count(page, `value="yes"`) != 1 {
		t.Error("whoever asked is not told that it was moved, or is asked about both")
	}
	w.kind(w.s.CallOff(w.by("lead"), q.Ref(), list[1].ID, " ", ""), errs.Invalid)
	w.do("lead", "POST", here, url.Values{"slot": {list[1].ID.String()}, "do": {"off"}, "slot_text": {"老师病了，好了再约。"}, "_key": {"c"}}, 303)
	if l := w.slots(q.Ref()); l[1].Fate != Off {
		t.Errorf("%+v", l[1])
	}
	if out := w.back(receipt); out.Entries[len(out.Entries)-1].Text != "老师病了，好了再约。" {
		t.Errorf("%+v", out.Entries)
	}
	// The day comes; they do not.
	w.must(w.s.Write(w.by("lead"), q.Ref(), Entry{Kind: Booked, Day: today.AddDays(5), Text: "再约一次。"}))
	w.now = w.now.Add(5 * 24 * time.Hour)
	third := w.slots(q.Ref())[2]
	testkit.HTML(t, w.do("lead", "GET", path(q.Ref()), nil, 200).Body.String()).MustHave(`form[action$="/slot"] input[type="hidden"][value="missed"]`, "")
	w.do("lead", "POST", here, url.Values{"slot": {third.ID.String()}, "do": {"missed"}, "_key": {"d"}}, 303)
	w.kind(w.s.MetAt(w.by("lead"), q.Ref(), third.ID, true), errs.Conflict)
	if got := w.steps("lead", q.Ref()); got[len(got)-1] != Missed {
		t.Errorf("%v", got)
	}
	// What is still to come is called off with the end; what was meant for today, too.
	w.must(w.s.Write(w.by("lead"), q.Ref(), Entry{Kind: Booked, Day: today.AddDays(6), Text: "明天见。"}))
	w.must(w.s.Close(w.by("lead"), q.Ref(), 0, "helped", "好。"))
	if l := w.slots(q.Ref()); l[3].Fate != Off || l[2].Fate != Missed {
		t.Errorf("%+v", l)
	}
}

// A lead opens again what has ended: an answer is due, whoever asked is told that it goes on and not why.
func TestOpenedAgainByTheDesk(t *testing.T) {
	w := openWorld(t)
	w.open()
	q, receipt := w.ask(Ask{Text: "想找人说说话。"})
	w.kind(w.s.Reopen(w.by("lead"), q.Ref(), 0, "奶奶来电话"), errs.Conflict)
	w.must(w.s.Close(w.by("lead"), q.Ref(), 0, "helped", "好。"))
	w.now = w.now.Add(60 * 24 * time.Hour) // later than a word of the asker could
	w.kind(w.s.Reopen(w.by("office"), q.Ref(), 0, "奶奶来电话"), errs.Forbidden)
	w.do("lead", "POST", path(q.Ref())+"/reopen", url.Values{"again": {" "}, "_key": {"a"}}, 422)
	w.do("lead", "POST", path(q.Ref())+"/reopen", url.Values{"again": {"奶奶来电话，孩子又不上学了"}, "_key": {"b"}}, 303)
	o, err := w.s.Open(w.by("lead"), q.Ref())
	w.must(err)
	if o.Request.State == Closed || o.Request.DueAt == 0 || o.Request.Outcome != "" || o.Request.ClosedAt != 0 {
		t.Errorf("%+v", o.Request)
	}
	if got := w.inbox("lead"); !slices.Contains(got, tr(w.ctx, "care.task.again")) {
		t.Errorf("nobody is told: %v", got)
	}
	last := w.back(receipt).Entries
	if e := last[len(last)-1]; e.Arg != "reopened" || e.Text != "" {
		t.Errorf("whoever asked reads %+v", e)
	}
}

// Whoever was asked to help says that they cannot: they do not read it any more, the desk and whoever asked are told, why only the desk reads.
func TestHelperCannot(t *testing.T) {
	w := openWorld(t)
	w.open()
	q, receipt := w.ask(Ask{Text: "打工受伤没人管。", Kind: "law"})
	w.must(w.s.Refer(w.by("lead"), q.Ref(), 0, "above", "提供法律援助", today.AddDays(30), true))
	leave := path(q.Ref()) + "/leave"
	testkit.HTML(t, w.do("above", "GET", path(q.Ref()), nil, 200).Body.String()).MustHave(`form[action$="/leave"]`, "")
	if testkit.HTML(t, w.do("lead", "GET", path(q.Ref()), nil, 200).Body.String()).Has(`form[action$="/leave"]`) {
		t.Error("the desk can give it back to itself")
	}
	w.do("above", "POST", leave, url.Values{"leave": {""}, "_key": {"a"}}, 422)
	w.kind(w.s.Leave(w.by("lead"), q.Ref(), "排满了"), errs.NotFound)
	w.kind(w.s.Leave(w.by("beside"), q.Ref(), "排满了"), errs.NotFound)
	w.do("above", "POST", leave, url.Values{"leave": {"这个月排满了"}, "_key": {"b"}}, 303)
	w.do("above", "GET", path(q.Ref()), nil, 404)
	w.kind(w.s.Leave(w.by("above"), q.Ref(), "再退一次"), errs.NotFound)
	if got := w.inbox("above"); len(got) != 0 {
		t.Errorf("still asked: %v", got)
	}
	if got := w.inbox("lead"); !slices.Contains(got, tr(w.ctx, "care.task.left")) {
		t.Errorf("the desk has %v", got)
	}
	o, err := w.s.Open(w.by("lead"), q.Ref())
	w.must(err)
	if e := o.Entries[len(o.Entries)-1]; e.Text != "这个月排满了" || e.ByName != "陈玉兰" {
		t.Errorf("%+v", e)
	}
	out := w.back(receipt)
	if e := out.Entries[len(out.Entries)-1]; e.Text != "" || e.Arg != "left:云州市关工委 陈玉兰" || out.Helpers {
		t.Errorf("whoever asked reads %+v", out)
	}
	// asked once more they say so once more, and what ended the first time is not ended again
	w.must(w.s.Refer(w.by("lead"), q.Ref(), 0, "above", "提供法律援助", today.AddDays(30), true))
	w.must(w.s.Leave(w.by("above"), q.Ref(), "还是排不开"))
	rows, err := w.audit.List(w.ctx, audit.Filter{Ref: q.Ref(), Act: "seal.act.revoke", Limit: 10})
	if err != nil || len(rows) != 2 {
		t.Errorf("%d grants were ended: %v", len(rows), err)
	}
	// who comes to work at the desk later is let in by nobody any more, and has nothing to leave
	moved := w.as["above"]
	moved.Unit, moved.Pos, moved.WorkSet = w.desk.ID, w.desk.Pos, scope.Set{w.desk.Range()}
	w.kind(w.s.Leave(scope.With(w.ctx, moved), q.Ref(), "再退一次"), errs.NotFound)
}

// What another desk says when it declines is among those who help; a program of whoever asked does not get it, either.
func TestWhyDeclinedIsNotTold(t *testing.T) {
	w := openWorld(t)
	w.open()
	to := w.other()
	q, receipt := w.ask(Ask{Text: "想找人说说话。"})
	w.must(w.s.Offer(w.by("lead"), q.Ref(), 0, to, true))
	w.must(w.s.Decline(w.by("beside"), q.Ref(), "他父亲在我们单位工作"))
	for _, e := range w.back(receipt).Entries {
		if strings.Contains(e.Text, "父亲") {
			t.Errorf("told %+v", e)
		}
	}
}

// Words written on a page that has grown old are there again once it is open; a receipt that was typed stays, a phrase does not.
func TestOldPageKeepsTheWords(t *testing.T) {
	w := openWorld(t)
	w.open()
	_, receipt := w.ask(Ask{Text: "想找人说说话。"})
	token := w.back(receipt).Token
	w.now = w.now.Add(tokenLife + time.Minute)
	const words = "昨天的事我想了很久，还是想说"
	old := testkit.HTML(t, w.do("visitor", "POST", "/ask/say", url.Values{"token": {token}, "text": {words}, "_key": {"a"}}, 422).Body.String())
	old.MustHave(`form[action="/ask/back"] input[type="hidden"][name="text"]`, "")
	wrong := testkit.HTML(t, w.do("visitor", "POST", "/ask/back", url.Values{"receipt": {receipt}, "phrase": {"记错的暗语"}, "text": {words}}, 422).Body.String())
	wrong.MustHave(`input[name="receipt"][value="`+receipt+`"]`, "")
	if wrong.Has(`input[name="phrase"][value="记错的暗语"]`) {
		t.Error("the phrase is shown")
	}
	testkit.HTML(t, w.do("visitor", "POST", "/ask/back", url.Values{"receipt": {receipt}, "phrase": {"外婆家的橘子树"}, "text": {words}}, 200).Body.String()).MustHave(`form[action="/ask/say"] textarea`, words)
}

// Somebody of another body, who has no post at any committee, reads and answers what they were let in to at an address of their own, until the
// consent is taken back; nobody else is told that it is there.
func TestHelperOfABody(t *testing.T) {
	w := openWorld(t)
	w.open()
	w.blobs()
	w.as["bureau"] = scope.Actor{Account: 3002, Name: "何知远", Unit: w.city.ID, Pos: w.city.Pos}
	q, receipt := w.ask(Ask{Text: "有人在校门口要东西。", Kind: "law", Files: []Upload{{Name: "a.txt", Data: []byte("字条")}}})
	here := MinePath + "/" + q.Ref().String()
	for _, login := range []string{"bureau", "lead", "above", "beside"} {
		w.do(login, "GET", here, nil, 404)
	}
	w.must(w.s.Refer(w.by("lead"), q.Ref(), 0, "bureau", "联系学校", today.AddDays(30), true))
	if list, err := w.s.Helping(w.by("bureau")); err != nil || len(list) != 1 || list[0].Path() != here {
		t.Fatalf("%+v %v", list, err)
	}
	page := w.do("bureau", "GET", here, nil, 200).Body.String()
	doc := testkit.HTML(t, page)
	doc.MustHave("main", "有人在校门口要东西。")
	doc.MustHave(`form[action="`+here+`/write"]`, "")
	if strings.Contains(page, `"/care/`) || strings.Contains(page, `"/care?`) {
		t.Error("the page leads to where they are refused")
	}
	w.do("bureau", "GET", here+"/file/1", nil, 200)
	if got := w.do("bureau", "POST", here+"/write", url.Values{"kind": {"told"}, "text": {"我是教育局的老师，明天去你们学校。"}, "_key": {"a"}}, 303).Header().Get("Location"); got != here {
		t.Error(got)
	}
	for _, act := range []string{"take", "close", "refer", "offer"} {
		w.do("bureau", "POST", here+"/"+act, url.Values{"outcome": {"helped"}, "last": {"好"}, "guest": {"above"}, "purpose": {"看看"}, "until": {string(today)}, "consent": {"1"}, "handed": {"1"}, "_key": {act}}, 404)
	}
	out := w.back(receipt)
	if out.Entries[len(out.Entries)-1].Text != "我是教育局的老师，明天去你们学校。" {
		t.Errorf("%+v", out.Entries)
	}
	for _, login := range []string{"lead", "above", "beside", "visitor"} { // the desk's own people read it at the desk
		w.do(login, "GET", here, nil, 404)
	}
	if _, err := w.s.Part(w.by("visitor"), out.Token); err != nil {
		t.Fatal(err)
	}
	w.do("bureau", "GET", here, nil, 404)
	w.do("bureau", "POST", here+"/write", url.Values{"kind": {"told"}, "text": {"还在吗"}, "_key": {"b"}}, 404)
	if list, err := w.s.Helping(w.by("bureau")); err != nil || len(list) != 0 {
		t.Errorf("%+v %v", list, err)
	}
}

// Those above are not told that a helper of a request could not help: they would hear of a single one, with its number.
func TestThoseAboveAreNotToldThatAHelperCannot(t *testing.T) {
	w := openWorld(t)
	w.open()
	q, _ := w.ask(Ask{Text: "打工受伤没人管。", Kind: "law"})
	w.must(w.s.Refer(w.by("lead"), q.Ref(), 0, "beside", "提供法律援助", today.AddDays(30), true))
	w.must(w.s.Leave(w.by("beside"), q.Ref(), "这个月排满了"))
	if got := w.inbox("lead"); !slices.Contains(got, tr(w.ctx, "care.task.left")) {
		t.Errorf("the desk has %v", got)
	}
	w.now = w.now.Add(48 * time.Hour)
	if list, n, err := w.flow.Below(w.by("above"), 50); err != nil || n != 0 || len(list) != 0 {
		t.Errorf("above: %d, %+v, %v", n, list, err)
	}
}

// Whoever was asked to help without a post at any committee has no inbox, and the office where their account is at home does not hear of it: its
// number would open the request to it in an emergency.
func TestTheOfficeOfABodyIsNotToldOfARequest(t *testing.T) {
	w := openWorld(t)
	w.open()
	w.as["bureau"] = scope.Actor{Account: 3002, Name: "何知远", Unit: w.city.ID, Pos: w.city.Pos}
	q, _ := w.ask(Ask{Text: "有人在校门口要东西。", Kind: "law"})
	w.must(w.s.Refer(w.by("lead"), q.Ref(), 0, "bureau", "联系学校", today.AddDays(30), true))
	if list, err := w.s.Helping(w.by("bureau")); err != nil || len(list) != 1 {
		t.Fatalf("%+v %v", list, err)
	}
	if got := w.inbox("above"); len(got) != 0 {
		t.Errorf("the office above has %v", got)
	}
}
