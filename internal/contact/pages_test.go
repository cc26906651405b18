package contact_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"xinhuo/internal/contact"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/web"
	"xinhuo/internal/record"
)

// send answers one request as somebody of a unit.
func (f *fixture) send(code, lang, method, path, kind, body string) *httptest.ResponseRecorder {
	f.t.Helper()
	return f.sendAs(f.as(code), lang, method, path, kind, body)
}

func (f *fixture) sendAs(as context.Context, lang, method, path, kind, body string) *httptest.ResponseRecorder {
	f.t.Helper()
	var failed error
	site := web.Site{
		Actor:   func(*http.Request) (scope.Actor, error) { return scope.From(as), nil },
		UnitPos: func(ctx context.Context, u string) (int64, error) { v, err := f.org.Resolve(ctx, u); return v.Pos, err },
		Fail:    func(w http.ResponseWriter, _ *http.Request, err error) { failed = err; w.WriteHeader(500) },
	}
	site.Add(f.s.Routes()...)
	h, err := site.Handler()
	must(f.t, err)
	r := httptest.NewRequest(method, path, strings.NewReader(body)).WithContext(i18n.With(f.ctx, f.texts, lang))
	if kind != "" {
		r.Header.Set("Content-Type", kind)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	if failed != nil {
		w.Body.WriteString(i18n.Error(i18n.With(f.ctx, f.texts, lang), failed))
	}
	return w
}

// page asks for a page in both languages and answers the Chinese one; want has to stand on that.
func (f *fixture) page(code, path string, want ...string) string {
	f.t.Helper()
	var body string
	for _, lang := range []string{"en", "zh"} {
		w := f.send(code, lang, "GET", path, "", "")
		if body = w.Body.String(); w.Code != 200 {
			f.t.Fatalf("%s as %s in %s: %d %s", path, code, lang, w.Code, body)
		}
		for key := range f.texts.Keys(lang) {
			if strings.HasPrefix(key, "contact.") && strings.Contains(body, ">"+key+"<") {
				f.t.Errorf("%s in %s shows the key %s", path, lang, key)
			}
		}
	}
	for _, s := range want {
		if !strings.Contains(body, s) {
			f.t.Errorf("%s as %s does not show %q", path, code, s)
		}
	}
	return body
}

func (f *fixture) post(code, path string, status int, form url.Values, want ...string) string {
	f.t.Helper()
	if form.Get("_key") == "" {
		form.Set("_key", web.NewKey())
	}
	w := f.send(code, "zh", "POST", path, "application/x-www-form-urlencoded", form.Encode())
	if w.Code != status {
		f.t.Fatalf("POST %s as %s: %d, want %d: %s", path, code, w.Code, status, w.Body)
	}
	for _, s := range want {
		if !strings.Contains(w.Body.String(), s) {
			f.t.Errorf("POST %s as %s does not show %q", path, code, s)
		}
	}
	return w.Header().Get("Location")
}

// R63, R66, R69: an entry stands at the unit and under the body; a year's joint activities by who led, loans both ways.
func TestContacts(t *testing.T) {
	f := open(t)
	f.post("990203", "/contact/new?unit=990203", 422, url.Values{"kind": {"talk"}, "body": {"县妇联"}, "day": {"2019-06-30"}}, "这一天还没有到", "写事由", "县妇联")
	at := f.post("990203", "/contact/new?unit=990203", 303, url.Values{"kind": {"talk"}, "body": {"县妇联"}, "day": {"2019-05-02"}, "topic": {"商量家长课堂"}, "result": {"六月开课"}})
	f.page("990203", at, "商量家长课堂", "六月开课", "县妇联")
	for _, c := range []contact.Contact{{Kind: "joint", Body: "县妇联", Lead: true, Topic: "亲子阅读"}, {Kind: "joint", Body: "县妇联", Topic: "家风讲堂"}, {Kind: "lent", Body: "团县委", Topic: "借出展板"},
		{Kind: "borrowed", Body: "团县委", Topic: "借用礼堂"}, {Kind: "joint", Body: "县妇联", Topic: "去年的", Day: "2018-05-01"}} {
		if c.Unit = f.unit["990203"].ID; c.Day == "" {
			c.Day = "2019-05-03"
		}
		_, err := f.s.Add(f.as("990203"), c, record.Change{})
		must(t, err)
	}
	by, err := f.s.ByBody(f.as("9902"), f.unit["9902"], 2019)
	must(t, err)
	if len(by) != 2 || by[0] != (contact.BodyCount{Body: "县妇联", Talks: 1, Joint: 2, JointLed: 1}) || by[1] != (contact.BodyCount{Body: "团县委", Lent: 1, Borrowed: 1}) {
		t.Errorf("%+v", by)
	}
	for code, want := range map[string]int64{"contact.entries": 5, "contact.joint": 2, "contact.joint_led": 1, "contact.lent": 1, "contact.borrowed": 1} {
		if got := f.year("9902", code); got != want {
			t.Errorf("%s is %d, want %d", code, got, want)
		}
	}
	body := f.page("9902", "/contact?body="+url.QueryEscape("团县委"), "借出展板", "借用礼堂")
	if strings.Contains(body, "家风讲堂") {
		t.Error("another body's entry stands under this one")
	}
	f.page("9902", "/contact?kind=joint&year=2018", "去年的")
	f.post("990203", at+"/edit", 303, url.Values{"_version": {"1"}, "kind": {"talk"}, "body": {"县妇联"}, "day": {"2019-05-02"}, "topic": {"商量家长课堂"}, "result": {"七月开课"}})
	f.page("990203", at, "七月开课", "六月开课")
	f.post("990203", at+"/undo", 303, url.Values{"_version": {"2"}})
	if w := f.send("9902", "zh", "GET", at+"/edit", "", ""); w.Code == 200 {
		t.Error("the city edits the county's log")
	}
	if w := f.send("990204", "zh", "GET", at, "", ""); w.Code == 200 {
		t.Error("another county reads it")
	}
	f.post("990203", at+"/remove", 303, url.Values{"_version": {"3"}, "reason": {"记重了"}})
	if got := f.year("9902", "contact.entries"); got != 4 {
		t.Errorf("after it was taken out: %d", got)
	}
}
