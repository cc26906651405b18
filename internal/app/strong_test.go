package app

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"xinhuo/internal/account"
	"xinhuo/internal/audit"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/testkit"
)

// R133 R189: where the operator asks for it, what is sealed opens after a second factor alone, on pages and for programs: whoever
// may read is led to set it up and back; whoever may not is not asked, and hears what was heard before.
func TestSealedDataAsksForASecondFactor(t *testing.T) {
	w := openWorld(t)
	office := w.byLogin["zhouwenqin"]
	unit := w.unit("990203")
	camp := w.seeds.refs["camp"][unit.Code]
	word := "zksealednameq990203q"
	list := "/activity/" + camp + "/minors"
	if got := w.get(office, list); got.code != 200 || !strings.Contains(got.body, word) {
		t.Fatalf("switched off: %d", got.code)
	}
	before := map[string]answer{}
	for _, login := range []string{"chenyulan", "caihuiqin", "xusuqing"} {
		before[login] = w.get(w.byLogin[login], list)
	}
	if err := w.a.Account.SetRules(w.ctx, account.Rules{Strong: true}); err != nil {
		t.Fatal(err)
	}
	for login, was := range before {
		if got := w.get(w.byLogin[login], list); got.code != was.code || got.head.Get("Location") != was.head.Get("Location") {
			t.Errorf("%s: %d, before %d", login, got.code, was.code)
		}
	}
	rows := func() int {
		got, err := w.a.Audit.List(w.ctx, audit.Filter{Act: "seal.act.open", Limit: 1000})
		if err != nil {
			t.Fatal(err)
		}
		return len(got)
	}
	read := rows()
	for _, at := range []string{list, "/seal/" + camp, "/seal/" + camp + "/readings"} {
		if got := w.get(office, at); got.code != http.StatusSeeOther || got.head.Get("Location") != "/login/second?next="+url.QueryEscape(at) {
			t.Errorf("%s: %d %s", at, got.code, got.head.Get("Location"))
		}
	}
	for _, at := range []string{"/api/v1/activities/" + camp + "/minors", "/api/v1/seal/" + camp + "/readings"} {
		if got := w.get(office, at); got.code != http.StatusForbidden || strings.Contains(got.body, word) || !strings.Contains(got.body, "二次验证") {
			t.Errorf("%s: %d %s", at, got.code, got.body)
		}
	}
	// what was written is not lost
	got := w.send(newRequest("POST", "/seal/"+camp+"/grant", url.Values{"_key": {"k1"}, "login": {"chenyulan"}, "purpose": {"八月家访 要用"}, "until": {string(harnessDay.AddDays(3))}}, office.cookie))
	if doc := testkit.HTML(t, got.body); got.code != http.StatusForbidden || !strings.Contains(doc.Content(), "八月家访 要用") || !doc.Has(`a[href="/login/second"]`) {
		t.Errorf("a grant: %d %s", got.code, got.body)
	}
	if rows() != read {
		t.Error("something was read")
	}

	// set it up, and go on
	send := func(path string, form url.Values) answer {
		got := w.send(newRequest("POST", path, form, office.cookie))
		for _, c := range (&http.Response{Header: got.head}).Cookies() {
			if c.Name == "xinhuo" && c.Value != "" {
				office.cookie = c.Name + "=" + c.Value
			}
		}
		return got
	}
	if got := send("/me/second/totp", url.Values{"old": {DemoPassword}, "next": {list}}); got.code != http.StatusSeeOther {
		t.Fatalf("%d %s", got.code, got.body)
	}
	key := strings.ReplaceAll(testkit.HTML(t, w.get(office, "/me/second/totp").body).Text("p.digits"), " ", "")
	code, err := totp.GenerateCode(key, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	page := testkit.HTML(t, send("/me/second/totp/confirm", url.Values{"code": {code}, "next": {list}}).body)
	if href := page.One("main a.btn").Attr("href"); href != list {
		t.Errorf("then to %q", href)
	}
	if got := w.get(office, list); got.code != 200 || !strings.Contains(got.body, word) {
		t.Errorf("after the second step: %d", got.code)
	}
	if rows() != read+1 {
		t.Error("the reading is not in the log")
	}
	// jobs and the command line go on
	if _, err := w.a.Seal.KeptBy(w.ctx, unit); err != nil || errs.Is(w.a.Account.Strong(w.ctx, time.Hour), errs.StepUp) {
		t.Errorf("the operator is asked: %v", err)
	}
}
