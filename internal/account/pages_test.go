package account

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/testkit"
)

// An error keeps the name, says what to do, and never shows the password again.
func TestLoginPage(t *testing.T) {
	w := newWorld(t)
	w.add(t, "clerk", city, "admin")
	b := newBrowser(t, w.site(t))
	res, page := b.signIn("clerk", "not the password", "//evil.example")
	if res.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("status %d", res.StatusCode)
	}
	doc := testkit.HTML(t, page)
	doc.MustHave("main", "账号或密码不对")
	doc.MustNotContain("not the password", "evil.example")
	if got := doc.One("input[name=name]").Attr("value"); got != "clerk" {
		t.Errorf("name %q", got)
	}
	if res, _ := b.signIn("clerk", goodPassword, "//evil.example"); res.Header.Get("Location") != "/" {
		t.Errorf("led to %q", res.Header.Get("Location"))
	}
	if res, _ := b.do("GET", "/login?next=https://evil.example", nil); res.Header.Get("Location") != "/" {
		t.Errorf("already signed in: led to %q", res.Header.Get("Location"))
	}
}

// The accounts of a demonstration stand on its sign-in page with a button each; a real city lists nobody.
func TestGuestsSignInWithOneButton(t *testing.T) {
	w := newWorld(t)
	w.add(t, "clerk", city, "admin")
	b := newBrowser(t, w.site(t))
	_, page := b.do("GET", "/login", nil)
	testkit.HTML(t, page).MustNotContain("clerk")
	w.conf.Guests = []Guest{{Login: "clerk", Password: goodPassword, Duty: "云州市关工委办公室"}}
	_, page = b.do("GET", "/login?next=/book", nil)
	doc := testkit.HTML(t, page)
	doc.MustHave("table", "云州市关工委办公室")
	form := url.Values{}
	for _, in := range doc.All("table form input") {
		form.Set(in.Attr("name"), in.Attr("value"))
	}
	if res, _ := b.do("POST", "/login", form); res.Header.Get("Location") != "/book" {
		t.Errorf("status %d, led to %q", res.StatusCode, res.Header.Get("Location"))
	}
}

// A slip's way: code, password, signed in; my account says what may be done.
func TestCodePages(t *testing.T) {
	w := newWorld(t)
	admin := newBrowser(t, w.site(t))
	w.add(t, "chief", city, "admin")
	admin.signIn("chief", goodPassword, "/")
	_, page := admin.do("GET", "/account/new?unit=2", nil)
	key := testkit.HTML(t, page).One("form input[name=_key]").Attr("value")
	form := url.Values{"_key": {key}, "person": {"周文"}, "login": {"CHIEF"}, "phone": {"x"}}
	res, page := admin.do("POST", "/account/new?unit=2", form)
	doc := testkit.HTML(t, page)
	if res.StatusCode != http.StatusUnprocessableEntity || doc.One("input[name=person]").Attr("value") != "周文" {
		t.Errorf("%d, what was typed is gone", res.StatusCode)
	}
	doc.MustHave("main", "手机号只写数字")
	form.Set("phone", "")
	_, page = admin.do("POST", "/account/new?unit=2", form)
	testkit.HTML(t, page).MustHave("main", "这个账号已有人用")
	form.Set("login", "zhouwen")
	res, _ = admin.do("POST", "/account/new?unit=2", form)
	path, _, _ := strings.Cut(res.Header.Get("Location"), "?")
	if res.StatusCode != http.StatusSeeOther || !strings.HasPrefix(path, "/account/") {
		t.Fatalf("%d %s", res.StatusCode, path)
	}
	if again, _ := admin.do("POST", "/account/new?unit=2", form); again.Header.Get("Location") != res.Header.Get("Location") {
		t.Error("the same form sent twice made another account")
	}
	_, page = admin.do("GET", path, nil)
	doc = testkit.HTML(t, page)
	doc.MustHave("main", "等设密码")
	_, page = admin.do("POST", path+"/code", url.Values{"_key": {"k1"}})
	code := testkit.HTML(t, page).Text("dd.code1")
	if res, page := admin.do("POST", path+"/code", url.Values{"_key": {"k1"}}); res.StatusCode != http.StatusSeeOther || strings.Contains(page, code) {
		t.Error("a repeated form showed the code again")
	}

	b := newBrowser(t, w.site(t))
	_, page = b.do("POST", "/invite", url.Values{"code": {"2222-222222"}})
	testkit.HTML(t, page).MustHave("main", "这个登录码用不了")
	_, page = b.do("POST", "/invite", url.Values{"code": {code}})
	testkit.HTML(t, page).MustHave("main", "zhouwen")
	_, page = b.do("POST", "/invite", url.Values{"code": {code}, "password": {"short"}})
	testkit.HTML(t, page).MustHave("main", "密码至少8位")
	if res, _ := b.do("POST", "/invite", url.Values{"code": {code}, "password": {goodPassword}}); res.StatusCode != http.StatusSeeOther {
		t.Fatalf("%d", res.StatusCode)
	}
	_, page = b.do("GET", "/me", nil)
	doc = testkit.HTML(t, page)
	doc.MustHave("h1", "我的账号")
	doc.MustHave("main", "现在没有任何权限")
	doc.MustHave("main", "就是这一台")
	if res, _ := b.do("GET", "/account", nil); res.StatusCode == 200 {
		t.Error("somebody without rights manages accounts")
	}

	form = url.Values{"_key": {"g1"}, "kind": {"view"}, "unit": {"9999"}, "to": {"soon"}}
	_, page = admin.do("POST", path+"/grant", form)
	doc = testkit.HTML(t, page)
	doc.MustHave("main", "核对代码")
	doc.MustHave("main", "日期写成2019-05-31的样子")
	form = url.Values{"_key": {"g1"}, "kind": {"view"}, "unit": {"990203"}, "to": {string(dayIn(w, 30))}, "reason": {"年度检查"}}
	if res, page := admin.do("POST", path+"/grant", form); res.StatusCode != http.StatusSeeOther {
		t.Fatalf("%d %s", res.StatusCode, page)
	}
	_, page = b.do("GET", "/me", nil)
	doc = testkit.HTML(t, page)
	doc.MustHave("#rights", "南江区")
	doc.MustHave("#rights", "看记录")
	_, page = admin.do("GET", "/account?unit=1&q=zhou", nil)
	doc = testkit.HTML(t, page)
	doc.MustHave("main", "周文")
	doc.MustNotContain("chief</")
}

// Text size, theme and language without sign-in stay with the browser, and only our own values are kept.
func TestViewSettings(t *testing.T) {
	w := newWorld(t)
	b := newBrowser(t, w.site(t))
	res, _ := b.do("GET", "/view?size=26&theme=dark&lang=en&back=/base%3Funit%3D1", nil)
	if res.Header.Get("Location") != "/base?unit=1" || !strings.HasPrefix(res.Header.Get("Set-Cookie"), "xinhuo_view=en.26.dark;") {
		t.Errorf("%s, %s", res.Header.Get("Location"), res.Header.Get("Set-Cookie"))
	}
	res, _ = b.do("GET", "/view?size=900&theme=%0d%0aX&back=//evil.example", nil)
	if res.Header.Get("Location") != "/" || !strings.HasPrefix(res.Header.Get("Set-Cookie"), "xinhuo_view=en.18.;") {
		t.Errorf("%s, %s", res.Header.Get("Location"), res.Header.Get("Set-Cookie"))
	}
	a := w.add(t, "clerk", city, "view")
	b.signIn("clerk", goodPassword, "/")
	b.do("GET", "/view?size=30", nil)
	if got, err := w.byIDAcrossUnits(w.ctx, a.ID); err != nil || got.Size != 30 {
		t.Errorf("the account keeps %d, %v", got.Size, err)
	}
}

// R189: a password set by somebody else opens nothing but its change.
func TestMustChangePage(t *testing.T) {
	w := newWorld(t)
	a := w.add(t, "clerk", city, "admin")
	if err := w.SetPassword(w.ctx, a.ID, "别人定的密码 1"); err != nil {
		t.Fatal(err)
	}
	b := newBrowser(t, w.site(t))
	if res, _ := b.signIn("clerk", "别人定的密码 1", "/account"); res.Header.Get("Location") != "/me" {
		t.Errorf("led to %s", res.Header.Get("Location"))
	}
	if res, _ := b.do("GET", "/account", nil); res.Header.Get("Location") != "/me" {
		t.Errorf("%d %s", res.StatusCode, res.Header.Get("Location"))
	}
	b.do("POST", "/me/password", url.Values{"old": {"别人定的密码 1"}, "password": {goodPassword}})
	if res, _ := b.do("GET", "/account", nil); res.StatusCode != 200 {
		t.Errorf("after the change: %d", res.StatusCode)
	}
	if !w.actorOf(t, a).May(scope.Admin, 9902e9) {
		t.Error("rights are missing after the change")
	}
}

func dayIn(w *world, days int) clock.Day { return clock.DayOf(w.at).AddDays(days) }
