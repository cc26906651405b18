package flow_test

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"xinhuo/internal/flow"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/testkit"
	"xinhuo/internal/kit/web"
	"xinhuo/internal/kit/web/ui"
)

// browser sends requests as a role; the answer's status, address and body come back.
type browser struct {
	f *fixture
	h http.Handler
}

// shell is the least that a page needs around it.
func shell(r *http.Request, p web.Page) ui.Chrome {
	ctx := r.Context()
	return ui.Chrome{Lang: i18n.Lang(ctx), Title: p.Title, Error: p.Error, Flash: p.Flash, Crumbs: p.Crumbs,
		T: func(key string, args ...any) string { return i18n.T(ctx, key, args...) }}
}

func (f *fixture) browser() browser {
	f.t.Helper()
	site := &web.Site{
		Actor: func(r *http.Request) (scope.Actor, error) { return f.actors[r.Header.Get("Role")], nil },
		UnitPos: func(ctx context.Context, ref string) (int64, error) {
			u, err := f.unit(ctx, ref)
			return u.Range.From, err
		},
		Fail: func(w http.ResponseWriter, r *http.Request, err error) {
			w.WriteHeader(errs.KindOf(err).Status())
			_, _ = w.Write([]byte(i18n.Error(r.Context(), err)))
		},
		Middleware: []func(http.Handler) http.Handler{func(next http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				next.ServeHTTP(w, r.WithContext(web.WithShell(f.ctx, shell)))
			})
		}},
	}
	site.Add(f.s.Routes()...)
	h, err := site.Handler()
	if err != nil {
		f.t.Fatal(err)
	}
	return browser{f, h}
}

func (b browser) get(role, path string) *httptest.ResponseRecorder {
	r := httptest.NewRequest("GET", path, nil)
	r.Header.Set("Role", role)
	w := httptest.NewRecorder()
	b.h.ServeHTTP(w, r)
	return w
}

func (b browser) post(role, path string, form url.Values) *httptest.ResponseRecorder {
	r := httptest.NewRequest("POST", path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Role", role)
	w := httptest.NewRecorder()
	b.h.ServeHTTP(w, r)
	return w
}

// fill reads the form whose button has the text, as a browser would send it.
func (b browser) fill(page testkit.Doc, button string) (action string, form url.Values) {
	b.f.t.Helper()
	for _, f := range page.All("form") {
		for _, text := range f.Texts("button") {
			if !strings.HasPrefix(text, button) {
				continue
			}
			form = url.Values{}
			for _, in := range f.All("input, textarea") {
				form.Set(in.Attr("name"), in.Attr("value"))
			}
			return f.Attr("action"), form
		}
	}
	b.f.t.Fatalf("no button %s among %q", button, page.Texts("button"))
	return "", nil
}

// The inbox shows what waits, and acts that need nothing typed are done from the list; a form sent twice acts once.
func TestInboxPage(t *testing.T) {
	f := open(t)
	c := f.begin("record.correction")
	b := f.browser()
	page := testkit.HTML(t, b.get("colleague", "/inbox").Body.String())
	page.MustHave("h1", "待办")
	page.MustHave(".todo strong", "复核更正：清泉镇红色教育馆")
	page.MustHave(".todo .due", "还有10天")
	page.MustHave(".todo .why", "更正复核，清泉镇，2019年5月31日到这一步")
	action, form := b.fill(page, "同意更正")
	for range 2 {
		if w := b.post("colleague", action, form); w.Code != http.StatusSeeOther || w.Header().Get("Location") != "/inbox?done="+c.Ref().String() {
			t.Fatalf("%d %s %s", w.Code, w.Header().Get("Location"), w.Body)
		}
	}
	page = testkit.HTML(t, b.get("colleague", "/inbox?done="+c.Ref().String()).Body.String())
	page.MustHave("main", "已办“同意更正”")
	page.MustHave("#done, section", "何德旺，2019年5月31日")
	if got, err := f.s.Get(f.as("colleague"), c.Ref()); err != nil || got.State != "applied" || got.Steps != 2 {
		t.Errorf("%+v %v", got, err)
	}
	page = testkit.HTML(t, b.get("asker", "/inbox").Body.String())
	page.MustHave("main", "没有待办")
	for _, role := range []string{"sibling", "elsewhere"} {
		testkit.HTML(t, b.get(role, "/inbox?done="+c.Ref().String()).Body.String()).MustNotContain("清泉镇")
	}
	if w := b.get("anonymous", "/inbox"); w.Code != http.StatusUnauthorized {
		t.Errorf("anonymous: %d", w.Code)
	}
}

// Whoever mends an application reads in the list what it lacks; once it is sent in again nobody is told the old reason.
func TestTheInboxSaysWhyAnApplicationCameBack(t *testing.T) {
	f := open(t)
	c := f.act("county", f.begin("base.accreditation"), "return")
	b := f.browser()
	testkit.HTML(t, b.get("asker", "/inbox").Body.String()).MustHave(".todo .why", "已退回：缺一份协议")
	f.act("asker", c, "resubmit")
	testkit.HTML(t, b.get("county", "/inbox").Body.String()).MustNotContain("缺一份协议")
}

// Of what waits on the home page most needs a day: from the list that is today. The list once offered only what needs nothing.
func TestAnActThatNeedsTheDayIsDoneFromTheList(t *testing.T) {
	f := open(t)
	c := f.begin("base.accreditation")
	b := f.browser()
	page := testkit.HTML(t, b.get("county", "/inbox").Body.String())
	var form url.Values
	for _, x := range page.All(".todo form") {
		form = url.Values{}
		for _, in := range x.All("input") {
			form.Set(in.Attr("name"), in.Attr("value"))
		}
		if form.Get("act") == "inspect" {
			break
		}
	}
	if form.Get("act") != "inspect" {
		t.Fatalf("the list offers no inspection: %q", page.Texts("button"))
	}
	if w := b.post("county", "/flow/"+c.Ref().String()+"/act", form); w.Code != http.StatusSeeOther {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	if got, err := f.s.Get(f.as("county"), c.Ref()); err != nil || got.State != "inspected" {
		t.Errorf("%+v %v", got, err)
	}
}

// The case page says where it stands, who has to act and what was done; a form that comes back keeps what was typed.
func TestCasePage(t *testing.T) {
	f := open(t)
	c := f.begin("base.accreditation")
	b := f.browser()
	path := "/flow/" + c.Ref().String()
	page := testkit.HTML(t, b.get("county", path).Body.String())
	page.MustHave("h1", "清泉镇红色教育馆")
	page.MustHave(".tag", "已申报，待考察")
	page.MustHave("main", "石桥县")
	page.MustHave("main", "2019年6月24日")
	page.MustHave("main", "柳春兰；提交，到“已申报，待考察”")
	action, form := b.fill(page, "退回补正")
	form.Set("document", "云关工〔2019〕3号")
	w := b.post("county", action, form)
	if w.Code != http.StatusUnprocessableEntity {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	page = testkit.HTML(t, w.Body.String())
	page.MustHave("title", "错误：")
	page.MustHave(`.errsum a[href="#f-return-reason"]`, "写明理由")
	page.MustHave(".field.bad", "写明理由")
	if page.Has(`.field.bad #f-refuse-reason`) {
		t.Error("the fault stands at another form too")
	}
	action, form = b.fill(page, "退回补正")
	form.Set("reason", "缺一份协议")
	if w = b.post("county", action, form); w.Code != http.StatusSeeOther || w.Header().Get("Location") != path+"?done=1" {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	page = testkit.HTML(t, b.get("asker", path+"?done=1").Body.String())
	page.MustHave("main", "理由：缺一份协议")
	page.MustHave("main", "已办“退回补正”")
	page.MustHave("button", "再次提交")
	page.MustHave("main", "清泉镇")
	// The county's older page is still open: it is told who was faster, and sees where it stands.
	_, form = b.fill(page, "再次提交")
	if w = b.post("asker", action, form); w.Code != http.StatusSeeOther {
		t.Fatal(w.Code)
	}
	stale := url.Values{"_key": {web.NewKey()}, "act": {"inspect"}, "day": {"2019-05-31"}, "seen": {"1"}}
	w = b.post("county", action, stale)
	page = testkit.HTML(t, w.Body.String())
	if w.Code != http.StatusConflict {
		t.Errorf("stale: %d", w.Code)
	}
	page.MustHave("main", "柳春兰刚办过“再次提交”")
	for _, role := range []string{"sibling", "elsewhere"} {
		if w := b.get(role, path); w.Code != http.StatusNotFound || strings.Contains(w.Body.String(), "清泉") {
			t.Errorf("%s: %d %s", role, w.Code, w.Body)
		}
		stale.Set("_key", web.NewKey())
		if w := b.post(role, path+"/act", stale); w.Code != http.StatusNotFound {
			t.Errorf("%s acts: %d", role, w.Code)
		}
	}
	if w := b.get("county", "/flow/9902-nothing"); w.Code != http.StatusNotFound {
		t.Errorf("unreadable address: %d", w.Code)
	}
}

// What is late below is a line that leads to a list from which nothing can be done.
func TestBelowPage(t *testing.T) {
	f := open(t)
	f.begin("record.correction")
	f.day("2019-07-01")
	b := f.browser()
	page := testkit.HTML(t, b.get("county", "/inbox").Body.String())
	page.MustHave(`a[href="/inbox?below=1"]`, "下级有1件超期")
	page = testkit.HTML(t, b.get("county", "/inbox?below=1").Body.String())
	page.MustHave("strong", "复核更正：清泉镇红色教育馆")
	page.MustHave("main", "等清泉镇办") // it waits for the town; nobody does it in its stead
	if page.Has(".todo form") {
		t.Error("a button in a list of others' work")
	}
	testkit.HTML(t, b.get("sibling", "/inbox?below=1").Body.String()).MustHave("main", "下级没有超期的事情")
}

// A substitute is named on one page, with what was typed kept, and ended there.
func TestSubstitutePage(t *testing.T) {
	f := open(t)
	f.people.list = []flow.Person{{Account: 105, Name: "邹广成", Unit: sibling, Place: "青禾县办公室"}}
	if w := f.browser().get("county", "/flow/substitute"); w.Code != http.StatusNotFound {
		t.Errorf("without a directory of people: %d", w.Code)
	}
	f.s.SetPeople(f.people)
	b := f.browser()
	page := testkit.HTML(t, b.get("county", "/flow/substitute").Body.String())
	page.MustHave("option", "邹广成（青禾县办公室）")
	action, form := b.fill(page, "定下代办人")
	form.Set("sub", "nobody")
	form.Set("to", "2019-05-01")
	w := b.post("county", action, form)
	if w.Code != http.StatusUnprocessableEntity {
		t.Fatalf("%d", w.Code)
	}
	page = testkit.HTML(t, w.Body.String())
	page.MustHave(".errsum", "选一位代办人")
	page.MustHave(".errsum", "最后一天写今天或以后")
	page.MustHave(`input[name="to"][value="2019-05-01"]`, "")
	form.Set("sub", f.people.list[0].Account.String())
	form.Set("to", "2019-06-07")
	if w = b.post("county", action, form); w.Code != http.StatusSeeOther {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	page = testkit.HTML(t, b.get("county", "/flow/substitute").Body.String())
	page.MustHave("main", "邹广成代程素梅，2019年5月31日到2019年6月7日")
	action, form = b.fill(page, "不用代了")
	if w = b.post("county", action, form); w.Code != http.StatusSeeOther {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	testkit.HTML(t, b.get("county", "/flow/substitute").Body.String()).MustNotContain("邹广成代程素梅")
}

func TestAPI(t *testing.T) {
	f := open(t)
	c := f.begin("base.accreditation")
	b := f.browser()
	var inbox struct {
		Total int
		Items []struct {
			Case, Title string
			Overdue     bool
		}
	}
	if err := json.Unmarshal(b.get("county", "/api/v1/inbox").Body.Bytes(), &inbox); err != nil || inbox.Total != 1 || inbox.Items[0].Case != c.Ref().String() {
		t.Fatalf("%+v %v", inbox, err)
	}
	send := func(role string, body any) *httptest.ResponseRecorder {
		text, err := json.Marshal(body)
		if err != nil {
			t.Fatal(err)
		}
		r := httptest.NewRequest("POST", "/api/v1/flow/"+c.Ref().String()+"/act", bytes.NewReader(text))
		r.Header.Set("Role", role)
		w := httptest.NewRecorder()
		b.h.ServeHTTP(w, r)
		return w
	}
	for body, want := range map[string]int{`{"act":"return"}`: 422, `{"act":"grant","day":"2019-05-31","document":"x"}`: 409, `{"act":"fly"}`: 422, `{"fly":1}`: 422} {
		if w := send("county", json.RawMessage(body)); w.Code != want {
			t.Errorf("%s: %d", body, w.Code)
		}
	}
	if w := send("sibling", map[string]any{"act": "inspect", "day": "2019-05-31"}); w.Code != 404 {
		t.Errorf("sibling: %d", w.Code)
	}
	w := send("county", map[string]any{"act": "inspect", "day": "2019-05-31", "seen": c.Steps})
	var got struct {
		State string
		Seen  int64
		Acts  []struct{ Act string }
		Steps []struct{ Act, By string }
	}
	if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil || w.Code != 200 || got.State != "inspected" || len(got.Steps) != 2 || got.Acts[0].Act != "recall" {
		t.Errorf("%d %s %v", w.Code, w.Body, err)
	}
}

// The pages are whole in English too: no text key shows.
func TestPagesInEnglish(t *testing.T) {
	f := open(t)
	c := f.begin("base.accreditation")
	f.s.SetPeople(f.people)
	f.ctx = english(t, f.ctx)
	b := f.browser()
	for _, path := range []string{"/inbox", "/inbox?below=1", "/flow/" + c.Ref().String(), "/flow/substitute"} {
		w := b.get("county", path)
		if w.Code != 200 {
			t.Fatalf("%s: %d %s", path, w.Code, w.Body)
		}
		testkit.HTML(t, w.Body.String()).MustNotContain("flow.", "待办", "{{", "<no value>")
	}
}

func english(t *testing.T, ctx context.Context) context.Context {
	t.Helper()
	return i18n.With(ctx, loadTexts(t), "en")
}
