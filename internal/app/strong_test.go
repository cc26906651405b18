package app

import (
	"context"
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
	begin := "/mandatory/new/" + w.seeds.refs["care"][unit.Code] // a form of one's own asks before anything is typed
	for _, at := range []string{list, "/seal/" + camp, "/seal/" + camp + "/readings", begin} {
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
	found := url.Values{"_key": {"k2"}, "situation": {"violence"}, "words": {"手臂上 有旧伤"}}
	if got := w.send(newRequest("POST", begin, found, office.cookie)); got.code != http.StatusForbidden || !strings.Contains(testkit.HTML(t, got.body).Content(), "手臂上 有旧伤") {
		t.Errorf("what has to be reported: %d %s", got.code, got.body)
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
	if got := w.get(office, begin); got.code != 200 {
		t.Errorf("what has to be reported: %d", got.code)
	}

	// proved too long ago: a form waits for the step with all that was typed, and goes on after it
	within := func(d time.Duration) {
		w.a.Seal.SetStrong(func(ctx context.Context) error { return w.a.Account.Strong(ctx, d) })
	}
	carried := func(doc testkit.Doc) url.Values {
		out := url.Values{}
		for _, in := range doc.All("main form.form input[type=hidden]") {
			out.Add(in.Attr("name"), in.Attr("value"))
		}
		return out
	}
	within(-time.Second)
	step := carried(testkit.HTML(t, send(begin, found).body))
	within(account.StrongFor)
	step.Set("code", page.Text("ol.digits li"))
	last := testkit.HTML(t, send("/login/second", step).body)
	if to := last.One("main form.form").Attr("action"); to != begin || carried(last).Encode() != found.Encode() {
		t.Fatalf("to %q with %v, typed was %v", to, carried(last), found)
	}
	got = send(begin, carried(last))
	if got.code != http.StatusSeeOther || !strings.Contains(w.get(office, got.head.Get("Location")).body, "手臂上 有旧伤") {
		t.Errorf("what was typed is lost: %d %s", got.code, got.head.Get("Location"))
	}
	// jobs and the command line go on
	if _, err := w.a.Seal.KeptBy(w.ctx, unit); err != nil || errs.Is(w.a.Account.Strong(w.ctx, time.Hour), errs.StepUp) {
		t.Errorf("the operator is asked: %v", err)
	}
}
