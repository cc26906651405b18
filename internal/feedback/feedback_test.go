package feedback

import (
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"xinhuo/internal/kit/anon"
	"xinhuo/internal/kit/db"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/testkit"
	"xinhuo/internal/kit/web"
)

const host = "990203013"

// sheet is what a phone sends.
func sheet(satisfaction, useful, line string) url.Values {
	return url.Values{"_key": {web.NewKey()}, "satisfaction": {satisfaction}, "useful": {useful}, "line": {line}}
}

func TestFeedbackByCodeWithoutLogin(t *testing.T) { // R111, R199
	w := open(t)
	ref := w.held("法治课", 40)
	sig := w.asked(ref, 0)
	nobody := w.site(scope.With(w.ctx, scope.Actor{}))
	path := "/f/" + ref.String() + "?k=" + sig
	page := w.send(nobody, "GET", path, nil, 200)
	body := page.Body.String()
	if page.Header().Get("Set-Cookie") != "" || strings.Contains(body, "<script") {
		t.Error("the page sets a cookie or carries a script")
	}
	testkit.HTML(t, body).MustHave("main", "对这次活动满意吗")
	testkit.HTML(t, w.send(nobody, "GET", path+"&lang=en", nil, 200).Body.String()).MustHave("main", "Were you satisfied")

	// what is missing is said beside the question, and what was typed stays
	again := w.send(nobody, "POST", path, url.Values{"_key": {web.NewKey()}, "useful": {"1"}, "line": {"讲得细"}}, 422).Body.String()
	testkit.HTML(t, again).MustHave("main", "选一项")
	testkit.HTML(t, again).MustHave("textarea", "讲得细")

	for i := range 4 {
		w.from = fmt.Sprintf("203.0.113.%d:5000", i)
		w.send(nobody, "POST", path, sheet("5", "1", ""), 303)
	}
	w.must(w.s.Close(w.as(host), ref))
	show := func(unit string) string {
		return w.send(w.site(w.as(unit)), "GET", "/feedback/"+ref.String(), nil, 200).Body.String()
	}
	testkit.HTML(t, show(host)).MustHave("main", "不满5份，不显示结果")
	w.figures(map[string]int64{"feedback.asked": 1, "feedback.answers": 0, "feedback.satisfied": 0})
	api := w.send(w.site(w.as(host)), "GET", "/api/v1/activities/"+ref.String()+"/feedback", nil, 200).Body.String()
	if strings.Contains(api, "mean") {
		t.Errorf("a program is told of four answers: %s", api)
	}

	// one more, sent twice by an impatient thumb: it counts once
	w.must(w.s.Open(w.as(host), ref, Opening{Days: 1}))
	w.from = "203.0.113.9:5000"
	fifth := sheet("2", "3", "希望多举例子 <b>")
	w.send(nobody, "POST", path, fifth, 303)
	w.send(nobody, "POST", path, fifth, 303)
	testkit.HTML(t, show(host)).MustNotContain("希望多举例子", "4.40")
	w.now = w.now.Add(25 * time.Hour) // the clock closes it
	w.send(nobody, "POST", path, sheet("5", "1", ""), 409)
	n, err := w.s.Daily(w.ctx)
	w.must(err)
	if n != 1 {
		t.Errorf("%d rounds closed", n)
	}
	w.figures(map[string]int64{"feedback.asked": 1, "feedback.answers": 5, "feedback.satisfied": 4, "feedback.useful": 4, "feedback.admitted": 0})
	testkit.HTML(t, show(host)).MustHave("main", "4.40分（满分5分，5份）")
	testkit.HTML(t, show(host)).MustHave("#lines", "希望多举例子")
	above := testkit.HTML(t, show("990203"))
	above.MustHave("main", "4.40分（满分5分，5份）")
	above.MustNotContain("希望多举例子")
	testkit.HTML(t, w.send(w.site(w.as("990203")), "GET", "/activity/"+ref.String(), nil, 200).Body.String()).MustHave("#feedback", "平均4.40分")
	// the county does not export remarks, the neighbour sees nothing
	w.send(w.site(w.as("990203")), "GET", "/feedback/"+ref.String()+"/export", nil, 403)
	w.send(w.site(w.as("990204")), "GET", "/feedback/"+ref.String(), nil, 404)
	out := w.send(w.site(w.as(host)), "GET", "/feedback/"+ref.String()+"/export?format=csv", nil, 200).Body.String()
	if !strings.Contains(out, "很满意,4,") || !strings.Contains(out, "希望多举例子") {
		t.Errorf("the export: %s", out)
	}
	list := w.send(w.site(w.as("9902")), "GET", "/feedback", nil, 200).Body.String()
	testkit.HTML(t, list).MustHave("main", "4.40")
	if list := w.send(w.site(w.as("990204")), "GET", "/feedback", nil, 200).Body.String(); strings.Contains(list, "法治课") {
		t.Error("the neighbour's list shows it")
	}
}

func TestStuffedBallots(t *testing.T) { // R111: what is counted when somebody stuffs the box
	w := open(t)
	for _, x := range []struct {
		name  string
		heads int64
		send  func(ref string, sig string, say func(address string, n int, satisfaction int64))
		want  Outcome
	}{
		{"forty from one phone in a minute, ten honest ones", 40, func(_, _ string, say func(string, int, int64)) {
			for i := range 10 {
				say(fmt.Sprintf("203.0.113.%d:1", i), 1, 3)
			}
			say("198.51.100.1:1", 40, 5)
		}, Outcome{Heads: 40, Counted: 15, Aside: 35, Points: 10*3 + 5*5, By: [5]int64{2: 10, 4: 5}, Satisfied: 5, Useful: 15}},
		{"one phone that takes its time", 24, func(_, _ string, say func(string, int, int64)) {
			for range 30 {
				say("198.51.100.2:1", 1, 5)
				w.now = w.now.Add(11 * time.Minute)
			}
		}, Outcome{Heads: 24, Counted: 10, Aside: 20, Points: 50, By: [5]int64{4: 10}, Satisfied: 10, Useful: 10}},
		{"many ports and many addresses of one household", 40, func(_, _ string, say func(string, int, int64)) {
			for i := range 20 {
				say(fmt.Sprintf("198.51.100.3:%d", 2000+i), 1, 5)
				say(fmt.Sprintf("[2001:db8:1:2::%x]:1", i+1), 1, 5)
			}
		}, Outcome{Heads: 40, Counted: 10, Aside: 30, Points: 50, By: [5]int64{4: 10}, Satisfied: 10, Useful: 10}},
		{"a hundred addresses for thirty people: no more than there were", 30, func(_, _ string, say func(string, int, int64)) {
			for i := range 100 {
				say(fmt.Sprintf("192.0.2.%d:1", i), 1, 5)
			}
		}, Outcome{Heads: 30, Counted: 30, Beyond: 70, Points: 150, By: [5]int64{4: 30}, Satisfied: 30, Useful: 30}},
	} {
		ref := w.held(x.name, x.heads)
		sig := w.asked(ref, 0)
		x.send(ref.String(), sig, func(address string, n int, satisfaction int64) { w.say(ref, sig, address, n, satisfaction) })
		w.must(w.s.Close(w.as(host), ref))
		_, r, _, _, err := w.s.round(w.ctx, ref)
		w.must(err)
		if r.Outcome != x.want {
			t.Errorf("%s:\n got %+v\nwant %+v", x.name, r.Outcome, x.want)
		}
	}
}

func TestAClassInOneRoomIsAdmittedWithAReason(t *testing.T) { // R111
	w := open(t)
	ref := w.held("机房里的一课", 40)
	sig := w.asked(ref, 0)
	w.say(ref, sig, "198.51.100.1:1", 30, 4)
	testkit.HTML(t, w.send(w.site(w.as(host)), "GET", "/feedback/"+ref.String(), nil, 200).Body.String()).MustHave("main", "有25份反馈另放")
	w.must(w.s.Close(w.as(host), ref))
	w.figures(map[string]int64{"feedback.answers": 5})
	w.kind(w.s.Admit(w.as(host), ref, " "), errs.Invalid)
	w.kind(w.s.Admit(w.as("990203"), ref, "我说了算"), errs.Forbidden)
	w.must(w.s.Admit(w.as(host), ref, "学生在机房一起填写"))
	w.figures(map[string]int64{"feedback.answers": 30, "feedback.admitted": 25})
	above := testkit.HTML(t, w.send(w.site(w.as("990203")), "GET", "/feedback/"+ref.String(), nil, 200).Body.String())
	above.MustHave("main", "25份，理由见下面的经过")
	above.MustHave("#history", "学生在机房一起填写")
	w.kind(w.s.Admit(w.as(host), ref, "再来一次"), errs.Conflict)
}

func TestSlipsWorkOnce(t *testing.T) { // R111: the strong mode
	w := open(t)
	ref := w.held("凭票反馈", 8)
	sig := w.asked(ref, 8)
	codes, err := w.s.Slips(w.as(host), ref)
	w.must(err)
	if len(codes) != 8 {
		t.Fatalf("%d slips", len(codes))
	}
	sheets := w.send(w.site(w.as(host)), "GET", "/feedback/"+ref.String()+"/slips", nil, 200).Body.String()
	testkit.HTML(t, sheets).MustHave("main", codes[7])
	scanned := w.send(w.site(scope.With(w.ctx, scope.Actor{})), "GET", "/f/"+ref.String()+"?k="+sig+"&s="+codes[7], nil, 200).Body.String()
	if !strings.Contains(scanned, `value="`+codes[7]+`"`) {
		t.Error("a scanned slip does not bring its number along")
	}
	good := Answer{Satisfaction: 5, Useful: 1}
	send := func(slip string) error { return w.s.Answer(w.ctx, ref, sig, slip, "198.51.100.1:1", good) }
	for _, c := range codes[:7] { // all from one address: a slip is one person
		w.must(send(strings.ReplaceAll(c, "-", " ")))
	}
	wrong := codes[7][:len(codes[7])-1] + string('0'+(codes[7][len(codes[7])-1]-'0'+1)%10)
	for _, c := range []string{"", "007", wrong, "009" + codes[7][3:], codes[0]} {
		w.kind(send(c), errs.Invalid)
	}
	left, err := w.s.Slips(w.as(host), ref)
	w.must(err)
	if len(left) != 1 || left[0] != codes[7] {
		t.Errorf("left to print: %v", left)
	}
	if _, err := w.s.Slips(w.as("990203"), ref); !errs.Is(err, errs.Forbidden) {
		t.Errorf("the county prints slips: %v", err)
	}
	w.must(w.s.Open(w.as(host), ref, Opening{Days: 3})) // opened again it does not become laxer
	w.kind(send(""), errs.Invalid)
	w.must(w.s.Close(w.as(host), ref))
	w.figures(map[string]int64{"feedback.answers": 7, "feedback.satisfied": 7})
}

func TestALinkOpensOneActivityAndEnds(t *testing.T) { // R111
	w := open(t)
	one, two := w.held("第一场", 10), w.held("第二场", 10)
	first := w.asked(one, 0)
	w.asked(two, 0)
	good := Answer{Satisfaction: 5, Useful: 1}
	for _, sig := range []string{first, "", first[:len(first)-1]} {
		w.kind(w.s.Answer(w.ctx, two, sig, "", "198.51.100.1:1", good), errs.NotFound)
	}
	nobody := w.site(scope.With(w.ctx, scope.Actor{}))
	w.send(nobody, "GET", "/f/"+two.String()+"?k="+first, nil, 404)
	w.now = w.now.Add(7 * 24 * time.Hour)
	w.kind(w.s.Answer(w.ctx, one, first, "", "198.51.100.1:1", good), errs.Conflict)
	testkit.HTML(t, w.send(nobody, "GET", "/f/"+one.String()+"?k="+first, nil, 200).Body.String()).MustHave("main", "已经结束")
	// too long ago: the page does not lead to what would be refused
	w.now = w.now.Add(40 * 24 * time.Hour)
	w.kind(w.s.Open(w.as(host), one, Opening{Days: 1}), errs.Conflict)
	if strings.Contains(w.send(w.site(w.as(host)), "GET", "/feedback/"+one.String(), nil, 200).Body.String(), "/open\"") {
		t.Error("the page leads to a form that would be refused")
	}
	w.now = w.now.Add(-40 * 24 * time.Hour)
	// an activity that was called off is not asked about
	_, v, err := w.activity.Get(w.ctx, one)
	w.must(err)
	w.must(w.activity.Remove(w.ctx, one, v.N, "重复"))
	w.kind(w.s.Open(w.ctx, one, Opening{Days: 1}), errs.NotFound)
}

func TestAddressesAreForgotten(t *testing.T) { // R111: a hash as long as it runs, nothing afterwards
	w := open(t)
	ref := w.held("不留痕迹", 20)
	sig := w.asked(ref, 0)
	w.say(ref, sig, "198.51.100.77:1", 6, 5)
	list, err := w.s.answers(w.ctx, ref)
	w.must(err)
	if list[0].Net == "" || strings.Contains(list[0].Net, "198") || list[0].Net != list[5].Net {
		t.Errorf("while it runs: %+v", list[0])
	}
	w.must(w.s.Close(w.as(host), ref))
	list, err = w.s.answers(w.ctx, ref)
	w.must(err)
	for _, a := range list {
		if a.Net != "" || a.At != 0 {
			t.Errorf("kept after it was closed: %+v", a)
		}
	}
	k, err := w.s.keysAcrossUnits(w.ctx, ref, false)
	w.must(err)
	if k.Net != "" || k.Sign == "" {
		t.Errorf("keys after it was closed: %+v", k)
	}
}

func TestAFloodIsRefused(t *testing.T) { // R111
	w := open(t)
	ref := w.held("洪水", 10)
	sig := w.asked(ref, 0)
	var refused int
	for range anon.AtOnce + 3 {
		err := w.s.Answer(w.ctx, ref, sig, "", "198.51.100.1:1", Answer{Satisfaction: 5, Useful: 1})
		if errs.Is(err, errs.Throttled) {
			refused++
		} else if err != nil {
			t.Fatal(err)
		}
	}
	if refused != 3 {
		t.Errorf("%d refused", refused)
	}
}

func TestAnswersAtTheSameMomentAreAllKept(t *testing.T) { // R111
	w := open(t)
	ref := w.held("同时", 40)
	sig := w.asked(ref, 0)
	done := make(chan error)
	for i := range 20 {
		go func() {
			done <- w.s.Answer(w.ctx, ref, sig, "", fmt.Sprintf("203.0.113.%d:1", i), Answer{Satisfaction: 4, Useful: 2})
		}()
	}
	for range 20 {
		w.must(<-done)
	}
	n, err := db.Get[int64](w.ctx, w.d, `-- feedback.test
		SELECT COUNT(*) FROM feedback_answer`)
	w.must(err)
	if n != 20 {
		t.Errorf("%d answers kept", n)
	}
}
