package portal

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"xinhuo/internal/flow"
	"xinhuo/internal/kit/db"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/testkit"
	"xinhuo/internal/kit/web"
)

// Who wants to help writes it once, the office reads it, each reading in the log; nothing of it stands readable in the database, and ninety
// days after the answer it is forgotten.
func TestALetterIsReadByTheOfficeAlone(t *testing.T) {
	w := openWorld(t)
	w.open("9902", "yunzhou")
	form := url.Values{"_key": {web.NewKey()}, "name": {"贺老师"}, "phone": {"0500-5552377"}, "can": {"会讲数学故事"}}
	for range 2 { // the button, twice
		if rec := w.send("", "", "POST", "/s/yunzhou/volunteer", form); rec.Code != 200 || !strings.Contains(rec.Body.String(), "2019年6月5日") {
			t.Fatalf("%d %.600s", rec.Code, rec.Body)
		}
	}
	list, err := w.s.Wishes(w.by("9902"), w.unit("9902"))
	w.must(err)
	if len(list) != 1 {
		t.Fatalf("%d letters", len(list))
	}
	inbox, _, err := w.flow.Inbox(w.by("9902"), 10)
	w.must(err)
	if len(inbox) != 1 || inbox[0].Title != tr(w.ctx, "portal.task.volunteer") {
		t.Errorf("the inbox has %+v", inbox)
	}
	for _, code := range []string{"99", "9907", "990203", ""} {
		if _, _, _, err := w.s.ReadWish(w.by(code), list[0].Ref()); !errs.Is(err, errs.NotFound) {
			t.Errorf("%q reads it: %v", code, err)
		}
	}
	_, _, words, err := w.s.ReadWish(w.by("9902"), list[0].Ref())
	w.must(err)
	if words.Name != "贺老师" || words.Can != "会讲数学故事" {
		t.Errorf("read as %+v", words)
	}
	n, err := db.Get[int64](w.ctx, w.db, `SELECT COUNT(*) FROM audit_entry WHERE act = 'portal.act.read'`)
	w.must(err)
	if n != 1 {
		t.Errorf("%d readings in the log", n)
	}
	sealed, err := db.Get[string](w.ctx, w.db, `SELECT sealed FROM portal_wish`)
	w.must(err)
	if sealed == "" || strings.Contains(sealed, "贺") || strings.Contains(sealed, "5552377") {
		t.Errorf("kept as %q", sealed)
	}
	w.refused(w.s.AnswerWish(w.by("9902"), list[0].Ref(), 1, "shrug"), "outcome")
	w.must(w.s.AnswerWish(w.by("9902"), list[0].Ref(), 1, "welcome"))
	w.kind(w.s.AnswerWish(w.by("9902"), list[0].Ref(), 1, "later"), errs.Conflict)
	if inbox, _, err = w.flow.Inbox(w.by("9902"), 10); err != nil || len(inbox) != 0 {
		t.Errorf("answered, and it waits: %v", err)
	}
	for days, want := range map[int]int64{89: 0, 91: 1} {
		w.now = today.AddDays(days).Time()
		if n, err := w.s.Daily(w.ctx); err != nil || days == 91 && n != want {
			t.Errorf("after %d days %d forgotten, %v", days, n, err)
		}
	}
	if _, _, words, err = w.s.ReadWish(w.by("9902"), list[0].Ref()); err != nil || words != (Words{}) {
		t.Errorf("forgotten, and %+v %v", words, err)
	}
	for _, bad := range []url.Values{{"phone": {"0500-5552377"}, "can": {"x"}}, {"name": {"x"}, "phone": {"打我"}, "can": {"x"}}, {"name": {"x"}, "phone": {"0500-5552377"}}} {
		bad.Set("_key", web.NewKey())
		if rec := w.send("", "", "POST", "/s/yunzhou/volunteer", bad); rec.Code != 422 || bad.Get("name") != "" && !strings.Contains(rec.Body.String(), `value="x"`) {
			t.Errorf("%v: %d", bad, rec.Code)
		}
	}
}

func TestTooManyLettersFromOneAddress(t *testing.T) {
	w := openWorld(t)
	x := w.open("9902", "yunzhou")
	words := Words{Name: "某人", Phone: "0500-5552377", Can: "x"}
	for range perHour {
		w.must(w.s.Wish(w.by(""), x, id.Ref{}, words, "192.0.2.1:1"))
	}
	w.kind(w.s.Wish(w.by(""), x, id.Ref{}, words, "192.0.2.1:2"), errs.Throttled)
	w.must(w.s.Wish(w.by(""), x, id.Ref{}, words, "192.0.2.2:1"))
	for range perHour { // over the page: what was typed stays, and the telephones are there
		w.must(w.s.Wish(w.by(""), x, id.Ref{}, words, "192.0.2.3:1"))
	}
	rec := w.send("", "", "POST", "/s/yunzhou/volunteer", url.Values{"_key": {"k"}, "name": {"某人"}, "phone": {"0500-5552377"}, "can": {"会修自行车"}, "lang": {"zh"}})
	for _, want := range []string{"会修自行车", "12355", "0500-5550126", tr(w.ctx, "portal.crowded")} {
		if rec.Code != http.StatusTooManyRequests || !strings.Contains(rec.Body.String(), want) {
			t.Errorf("%d, without %s: %.900s", rec.Code, want, rec.Body)
		}
	}
}

func TestWhatGoesWrongHasItsTelephones(t *testing.T) { // R164
	w := openWorld(t)
	w.open("9902", "yunzhou")
	w.open("9907", "ximen")
	for path, want := range map[string]int{"/s/yunzhou/bases?after=zzzz&lang=en": 422, "/s/yunzhou/a/b/c": 404, "/s/yunzhou/news/x/y": 404} {
		r := httptest.NewRequest("GET", path, nil)
		rec := httptest.NewRecorder()
		if !w.s.Trouble(rec, r.WithContext(w.by("")), web.Trouble{Title: "出错", Texts: []string{"从头看"}, Number: "7k", Status: want}) || rec.Code != want {
			t.Errorf("%s: %d", path, rec.Code)
		}
		body := rec.Body.String()
		for _, said := range []string{"12355", "0500-5550126", "7k", `href="/s/yunzhou/help`} {
			if !strings.Contains(body, said) {
				t.Errorf("%s: nothing of %s: %.600s", path, said, body)
			}
		}
		if strings.Contains(body, "ximen") || strings.Contains(body, "Say this number") != strings.Contains(path, "lang=en") {
			t.Errorf("%s: %.600s", path, body)
		}
	}
	for _, path := range []string{"/s/nowhere/x", "/inbox", "/s"} {
		if w.s.Trouble(httptest.NewRecorder(), httptest.NewRequest("GET", path, nil).WithContext(w.by("")), web.Trouble{Status: 404}) {
			t.Errorf("%s is a page of a site", path)
		}
	}
	rec := w.send("", "", "GET", "/s/yunzhou/bases?after=zzzz", nil)
	if !strings.Contains(rec.Body.String(), "0500-5550126") {
		t.Errorf("%d %.300s", rec.Code, rec.Body)
	}
}

func TestSigningUp(t *testing.T) {
	w := openWorld(t)
	x := w.open("9902", "yunzhou")
	u := w.unit("9902")
	open, closed := id.Ref{Root: u.Root(), ID: id.New()}, id.Ref{Root: u.Root(), ID: id.New()}
	w.events = []Event{{Ref: open, Title: "江边护鸟", Day: today.AddDays(3), Place: "渡口"}, {Ref: closed, Title: "三年级二班的课", Day: today.AddDays(3), Place: "学校"}}
	w.must(w.s.Show(w.by("9902"), u, []id.Ref{open}, nil))
	_, body := w.get("/s/yunzhou/activities")
	if !strings.Contains(body, "江边护鸟") || strings.Contains(body, "三年级") {
		t.Errorf("shown by itself: %.1500s", body)
	}
	words := Words{Name: "小满妈妈", Phone: "0500-5552377"}
	w.must(w.s.Wish(w.by(""), x, open, words, "192.0.2.1"))
	w.kind(w.s.Wish(w.by(""), x, closed, words, "192.0.2.1"), errs.Invalid)
	w.now = today.AddDays(5).Time()
	w.kind(w.s.Wish(w.by(""), x, open, words, "192.0.2.1"), errs.Invalid)
	if code, _ := w.get("/s/yunzhou/volunteer?for=" + open.String()); code != 404 {
		t.Errorf("over, and its form is there: %d", code)
	}
}

func TestPlaces(t *testing.T) { // R164
	w := openWorld(t)
	x := w.open("9902", "yunzhou")
	u := w.unit("9902")
	open := id.Ref{Root: u.Root(), ID: id.New()}
	w.events = []Event{{Ref: open, Title: "江边护鸟", Day: today.AddDays(1), Place: "渡口"}}
	w.must(w.s.Show(w.by("9902"), u, []id.Ref{open}, map[id.Ref]int64{open: 3}))
	office := "/portal/activities?unit=" + u.ID.String()
	form := "/s/yunzhou/volunteer?for=" + open.String()
	send := func(key, people string) (int, string) {
		rec := w.send("", "", "POST", "/s/yunzhou/volunteer", url.Values{"_key": {key}, "for": {open.String()}, "name": {"小满妈妈"}, "phone": {"0500-5552377"}, "people": {people}, "lang": {"zh"}})
		return rec.Code, rec.Body.String()
	}
	has := func(path, want string) {
		t.Helper()
		if _, body := w.get(path); !strings.Contains(body, want) {
			t.Errorf("%s says nothing of %s: %.1800s", path, want, body)
		}
	}
	has("/s/yunzhou/activities", "还有3个名额")
	for key, people := range map[string]string{"a": "", "b": "0", "c": "-1", "d": "两个", "e": "21", "f": "99999999999999999999"} {
		if code, body := send(key, people); code != 422 || !strings.Contains(body, "写来几个人") {
			t.Errorf("%q come: %d", people, code)
		}
	}
	if code, body := send("g", "４"); code != 422 || !strings.Contains(body, "只剩3个名额") || !strings.Contains(body, "小满妈妈") {
		t.Errorf("four for three places: %d %.900s", code, body)
	}
	if code, body := send("h", "２"); code != 200 || !strings.Contains(body, i18n.Day(w.ctx, today)) || !strings.Contains(body, "来不了了，打0500-5550126") {
		t.Errorf("two: %d, or answered too late, or no word of how to step back: %.900s", code, body)
	}
	send("h", "２") // sent twice
	has("/s/yunzhou/activities", "还有1个名额")
	saved := make(chan error, 1) // while the office saves what it shows
	go func() {
		var all []error
		for range 6 {
			all = append(all, w.s.Show(w.by("9902"), u, []id.Ref{open}, nil))
		}
		saved <- errors.Join(all...)
	}()
	done := make(chan error, 8) // for the last place at the same time
	for i := range cap(done) {
		go func() {
			done <- w.s.Wish(w.by(""), x, open, Words{Name: "某人", Phone: "0500-5552377", People: 1}, fmt.Sprintf("192.0.2.%d", i+1))
		}()
	}
	came := 0
	for range cap(done) {
		if err := <-done; err == nil {
			came++
		} else if !errs.Is(err, errs.Invalid) {
			t.Error(err)
		}
	}
	w.must(<-saved)
	if came != 1 {
		t.Errorf("%d came for the last place", came)
	}
	has("/s/yunzhou/activities", "名额已满")
	has(form, "打电话问一问")
	if _, body := w.get(form); strings.Contains(body, `name="phone"`) {
		t.Error("full, and one may write")
	}
	list, err := w.s.Wishes(w.by("9902"), u)
	w.must(err)
	if len(list) != 2 || list[0].People != 2 || list[0].Due != today {
		t.Fatalf("%+v", list)
	}
	page := w.send("9902", "", "GET", office, nil).Body.String()
	if !strings.Contains(page, "已经报名3人") {
		t.Errorf("the office does not see how many come: %.1500s", page)
	}
	one := w.send("9902", "", "GET", wishPath(list[0].Ref()), nil).Body.String()
	for _, want := range []string{"江边护鸟", "/activity/" + open.String(), "几个人来", "想说的话", "渡口"} {
		if !strings.Contains(one, want) {
			t.Errorf("the letter says nothing of %s", want)
		}
	}
	w.must(w.s.AnswerWish(w.by("9902"), list[0].Ref(), 1, "welcome"))
	has("/s/yunzhou/activities", "名额已满")
	w.must(w.s.AnswerWish(w.by("9902"), list[0].Ref(), 2, "declined")) // rang to say that they cannot come
	has("/s/yunzhou/activities", "还有2个名额")
	// saved again without a word of places, they stay; more of them by the page; no number, and nothing changes
	w.must(w.s.Show(w.by("9902"), u, []id.Ref{open}, nil))
	has("/s/yunzhou/activities", "还有2个名额")
	set := func(n string) int {
		return w.send("9902", "", "POST", office, url.Values{"_key": {"p" + n}, "shown": {open.String()}, placesOf(open): {n}}).Code
	}
	if code := set("viele"); code != 422 {
		t.Errorf("no number: %d", code)
	}
	if code := set("10"); code != 303 {
		t.Errorf("ten: %d", code)
	}
	has("/s/yunzhou/activities", "还有9个名额")
	// a page that was opened before the activity was shown, or a program, says nothing of places
	if rec := w.send("9902", "", "POST", office, url.Values{"_key": {"none"}, "shown": {open.String()}}); rec.Code != 303 {
		t.Errorf("without a word of places: %d", rec.Code)
	}
	has("/s/yunzhou/activities", "还有9个名额")
	// cancelled: whoever was to come is to be told
	w.events = nil
	if one := w.send("9902", "", "GET", wishPath(list[1].Ref()), nil).Body.String(); !strings.Contains(one, "网站上已经没有这场活动") {
		t.Errorf("cancelled, and the letter does not say so: %.1500s", one)
	}
	if one := w.send("9902", "", "GET", wishPath(list[0].Ref()), nil).Body.String(); strings.Contains(one, "网站上已经没有这场活动") {
		t.Error("who stepped back is to be told, too")
	}
}

func TestAPromiseThatHolds(t *testing.T) { // R166
	w := openWorld(t)
	w.open("9902", "yunzhou")
	for _, named := range []bool{false, true} {
		w.s.kept.drop()
		w.desks = []Desk{{Unit: w.unit("9902").ID, Name: "云州市", Hours: "全天", Phone: "0500-5550126", Named: named}}
		if _, body := w.get("/s/yunzhou/help"); strings.Contains(body, "不用写真实姓名") == named || !strings.Contains(body, "不用登录") {
			t.Errorf("names %t: %.1200s", named, body)
		}
	}
}

func TestWhoWantsToHelpIsTakenUp(t *testing.T) {
	w := openWorld(t)
	x := w.open("9902", "yunzhou")
	u := w.unit("9902")
	w.must(w.s.Wish(w.by(""), x, id.Ref{}, Words{Name: "贺老师", Phone: "0500-5552377", Can: "会讲数学小故事"}, "192.0.2.1"))
	list, err := w.s.Wishes(w.by("9902"), u)
	w.must(err)
	page := func() string {
		return w.send("9902", "", "GET", wishPath(list[0].Ref()), nil).Body.String()
	}
	d := testkit.HTML(t, page())
	form := "form[action='/volunteer/new?unit=" + u.ID.String() + "']"
	for name, value := range map[string]string{"begin": "1", "name": "贺老师", "phone": "0500-5552377", "note": "会讲数学小故事"} {
		d.MustHave(form+" input[name='"+name+"'][value='"+value+"']", "")
	}
	d.MustHave(form+"[method='post'] button", "登记为候选志愿者")
	w.must(w.s.AnswerWish(w.by("9902"), list[0].Ref(), 1, "declined"))
	if strings.Contains(page(), "登记为候选志愿者") {
		t.Error("somebody who will not come is to be entered")
	}
}

// standIns lets everybody stand in for the one at the city.
type standIns struct{ *world }

func (p standIns) StandIns(context.Context, id.ID) ([]flow.Person, error) {
	return []flow.Person{{Account: p.as["990203"].Account, Name: "南江区", Unit: p.unit("990203").ID}}, nil
}

func (p standIns) Holds(_ context.Context, account, unit id.ID) (bool, error) {
	return account == p.as["9902"].Account && unit == p.unit("9902").ID, nil
}

// The page says that only the unit's own people read a letter. Who works above reads it where nobody works at the unit, and then does its tasks;
// who stands in for the one who is away reads it until they are back.
func TestALetterStaysAtItsUnit(t *testing.T) {
	w := openWorld(t)
	w.open("9902", "yunzhou")
	form := url.Values{"_key": {web.NewKey()}, "name": {"贺老师"}, "phone": {"0500-5552377"}, "can": {"会讲数学故事"}}
	if rec := w.send("", "", "POST", "/s/yunzhou/volunteer", form); rec.Code != 200 {
		t.Fatalf("%d %.600s", rec.Code, rec.Body)
	}
	list, err := w.s.Wishes(w.by("9902"), w.unit("9902"))
	w.must(err)
	ref := list[0].Ref()
	above := w.as["99"]
	above.WorkSet = scope.Set{w.unit("99").Range()}
	w.as["above"] = above
	staffed := map[id.ID]bool{w.unit("9902").ID: true}
	w.flow.Staffed(func(context.Context, []id.ID) (map[id.ID]bool, error) { return staffed, nil })
	reads := func(who string, want bool) {
		t.Helper()
		list, err := w.s.Wishes(w.by(who), w.unit("9902"))
		w.must(err)
		_, _, words, err := w.s.ReadWish(w.by(who), ref)
		if want != (len(list) == 1) || want != (words.Name == "贺老师") || want != (err == nil) {
			t.Errorf("%s: %d letters, %+v, %v", who, len(list), words, err)
		}
		if !want {
			w.kind(err, errs.NotFound)
			w.kind(w.s.AnswerWish(w.by(who), ref, 1, "welcome"), errs.NotFound)
		}
	}
	reads("9902", true)
	reads("above", false)
	staffed = nil
	reads("above", true)
	staffed = map[id.ID]bool{w.unit("9902").ID: true}
	reads("990203", false)
	w.flow.SetPeople(standIns{w})
	w.must(w.flow.SetSubstitute(w.by("9902"), w.as["990203"].Account, today, today.AddDays(2)))
	reads("990203", true)
	w.now = today.AddDays(3).Time()
	reads("990203", false)
}

// What is sealed asks for a second factor, letters as well; answering one that is read asks nothing more.
func TestALetterAsksForASecondFactor(t *testing.T) {
	w := openWorld(t)
	w.open("9902", "yunzhou")
	form := url.Values{"_key": {web.NewKey()}, "name": {"贺老师"}, "phone": {"0500-5552377"}, "can": {"会讲数学故事"}}
	if rec := w.send("", "", "POST", "/s/yunzhou/volunteer", form); rec.Code != 200 {
		t.Fatalf("%d %.600s", rec.Code, rec.Body)
	}
	list, err := w.s.Wishes(w.by("9902"), w.unit("9902"))
	w.must(err)
	w.seal.SetStrong(func(context.Context) error { return errs.New(errs.StepUp, "errs.step_up") })
	_, _, words, err := w.s.ReadWish(w.by("9902"), list[0].Ref())
	w.kind(err, errs.StepUp)
	if words != (Words{}) {
		t.Errorf("and shows %+v", words)
	}
}
