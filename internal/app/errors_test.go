package app

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/testkit"
	"xinhuo/internal/kit/web"
)

func failed(t *testing.T, r *http.Request, err error) *httptest.ResponseRecorder {
	t.Helper()
	texts, bad := Texts()
	if bad != nil {
		t.Fatal(bad)
	}
	w := httptest.NewRecorder()
	ctx := scope.With(i18n.With(r.Context(), texts, "zh"), scope.Actor{Account: 7, Name: "林一"})
	(&App{Texts: texts}).fail(w, r.WithContext(ctx), err)
	return w
}

func TestErrorPagesSayWhereToGo(t *testing.T) { // an unknown address says where to go
	w := failed(t, httptest.NewRequest("GET", "/nowhere", nil), errs.New(errs.NotFound, "errs.no_such_page", "Path", "/nowhere"))
	d := testkit.HTML(t, w.Body.String())
	d.MustHave("main", "没有这一页")
	d.MustHave("main form[action='/search'] button", "找")
	d.MustHave("main a[href='/']", "回首页")
	if w.Code != http.StatusNotFound {
		t.Errorf("status %d", w.Code)
	}

	w = failed(t, httptest.NewRequest("GET", "/book?unit=1", nil), errs.New(errs.Unauthenticated, "errs.sign_in"))
	if to := w.Header().Get("Location"); w.Code != http.StatusSeeOther || to != "/login?next=%2Fbook%3Funit%3D1" {
		t.Errorf("not signed in: %d %s", w.Code, to)
	}

	r := httptest.NewRequest("POST", "http://x.example/base/new", nil)
	r.Header.Set("Referer", "http://x.example/base/new?unit=2")
	d = testkit.HTML(t, failed(t, r, errs.New(errs.Conflict, "errs.exists_already")).Body.String())
	d.MustHave("main a[href='/base/new?unit=2']", "回到刚才那一页")
	r.Header.Set("Referer", "http://evil.example/")
	testkit.HTML(t, failed(t, r, errs.New(errs.Conflict, "errs.exists_already")).Body.String()).MustNotContain("evil")
}

// What somebody has written stands on the page that says why it could not be taken, and nothing else of the form does.
func TestWhatWasWrittenIsNotLost(t *testing.T) {
	r := httptest.NewRequest("POST", "http://x.example/plan/1/edit", strings.NewReader(url.Values{"_key": {"钥匙"}, "title": {"暑期安全教育"}, "summary": {"第一段。\r\n\r\n<b>第二段。"},
		"unit": {"scsmkbzjd800"}, "day": {"2019-05-31"}, "note": {"three plain words"}}.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if _, err := web.ReadForm(httptest.NewRecorder(), r); err != nil {
		t.Fatal(err)
	}
	d := testkit.HTML(t, failed(t, r, errs.New(errs.Conflict, "record.changed_meanwhile")).Body.String())
	for _, text := range []string{"您刚才写的，还没有存", "暑期安全教育", "第一段。", "<b>第二段。", "three plain words"} {
		d.MustHave("main", text)
	}
	for _, text := range []string{"钥匙", "scsmkbzjd800"} {
		d.MustNotContain(text)
	}
	r.PostForm.Set("password", "correct horse battery staple")
	for _, err := range []error{errs.New(errs.Conflict, "record.changed_meanwhile"), errs.New(errs.Forbidden, "errs.forbidden")} {
		secret := testkit.HTML(t, failed(t, r, err).Body.String())
		secret.MustNotContain("battery")
	}
	get := testkit.HTML(t, failed(t, httptest.NewRequest("GET", "/plan/1", nil), errs.New(errs.NotFound, "errs.not_found")).Body.String())
	get.MustNotContain("还没有存")
}

func TestOurOwnFaultsTellNothingButANumber(t *testing.T) { // R189: no inner words leave the program
	w := failed(t, httptest.NewRequest("GET", "/book", nil), errors.New("secret of the driver"))
	d := testkit.HTML(t, w.Body.String())
	d.MustNotContain("secret")
	d.MustHave("main", "打电话时报这个编号")
	if w.Code != http.StatusInternalServerError {
		t.Errorf("status %d", w.Code)
	}
}

func TestProblemsForPrograms(t *testing.T) {
	var f errs.Fields
	f.Add("day", "errs.day_unreadable")
	w := failed(t, httptest.NewRequest("POST", "/api/v1/bases", nil), f.Err())
	if kind := w.Header().Get("Content-Type"); !strings.HasPrefix(kind, "application/problem+json") || w.Code != http.StatusUnprocessableEntity {
		t.Errorf("%d %s", w.Code, kind)
	}
	var p problem
	if err := json.Unmarshal(w.Body.Bytes(), &p); err != nil {
		t.Fatal(err)
	}
	if p.Status != 422 || len(p.Fields) != 1 || p.Fields[0].Name != "day" || p.Fields[0].Detail == "" {
		t.Errorf("%+v", p)
	}
	w = failed(t, httptest.NewRequest("GET", "/api/v1/inbox", nil), errs.New(errs.Unauthenticated, "errs.sign_in"))
	if w.Code != http.StatusUnauthorized {
		t.Errorf("a program that is not signed in gets %d", w.Code)
	}
}

// A module whose pages have something of their own on each says there what went wrong, in the language of the form; a program is answered as ever.
func TestErrorsInClothesOfAModule(t *testing.T) {
	texts, err := Texts()
	if err != nil {
		t.Fatal(err)
	}
	var told web.Trouble
	a := &App{Texts: texts, dressers: []web.Dresser{func(_ http.ResponseWriter, r *http.Request, x web.Trouble) bool {
		told = x
		return r.URL.Path == "/ask"
	}}}
	send := func(path, accept string) *httptest.ResponseRecorder {
		told = web.Trouble{}
		r := httptest.NewRequest("POST", path, strings.NewReader(url.Values{"lang": {"en"}}.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Accept", accept)
		if err := r.ParseForm(); err != nil {
			t.Fatal(err)
		}
		w := httptest.NewRecorder()
		a.fail(w, r.WithContext(i18n.With(r.Context(), texts, "zh")), errors.New("secret of the driver"))
		return w
	}
	if w := send("/ask", "text/html"); w.Body.Len() > 0 || told.Status != 500 || told.Number == "" || told.Title != "Something went wrong" && !strings.Contains(strings.ToLower(told.Title), "wrong") {
		t.Errorf("%+v %s", told, w.Body)
	}
	if w := send("/base", "text/html"); w.Code != 500 || !strings.Contains(w.Body.String(), "<html") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	if w := send("/ask", "application/json"); told.Status != 0 || !strings.Contains(w.Header().Get("Content-Type"), "problem+json") {
		t.Errorf("%+v %s", told, w.Body)
	}
}
