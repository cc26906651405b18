package app

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"xinhuo/internal/kit/scope"
)

// R189: whatever is sent without an account is bounded by the network that it comes from, at each address by itself, and nobody elsewhere is
// kept out by it, nor whoever signs in behind the same network, on the way or in.
func TestFormsWithoutAnAccountAreBounded(t *testing.T) {
	w := openWorld(t)
	post := func(path, from, cookie string, form url.Values) answer {
		r := newRequest("POST", path, form, cookie)
		r.RemoteAddr = from + ":50000"
		return w.send(r)
	}
	const flood, elsewhere = "192.0.2.77", "198.51.100.7"
	bounded := 0
	for _, rt := range w.a.Site().Routes() {
		if rt.Right != scope.Anyone || rt.Method == http.MethodGet || countThemselves[rt.String()] {
			continue
		}
		bounded++
		aims, err := w.aims(rt)
		if err != nil {
			t.Fatal(err)
		}
		path := aims[0].target
		for range formsPerHour {
			if got := post(path, flood, "", url.Values{}); strings.Contains(got.body, "一小时里送来的太多") {
				t.Errorf("%s: refused too early", rt)
				break
			}
		}
		refused := func(from, cookie string) bool {
			return strings.Contains(post(path, from, cookie, url.Values{}).body, "一小时里送来的太多")
		}
		if got := post(path, flood, "", url.Values{}); got.code != http.StatusTooManyRequests {
			t.Errorf("%s: %d after %d from one network", rt, got.code, formsPerHour)
		}
		if refused(elsewhere, "") || refused("127.0.0.1", "") || refused(flood, w.byLogin["zhouwenqin"].cookie) {
			t.Errorf("%s: others are kept out", rt)
		}
	}
	if bounded < 8 {
		t.Errorf("only %d routes", bounded)
	}
	// an owner behind that network signs in all the same
	if got := post("/login", flood, "", url.Values{"name": {"zhouwenqin"}, "password": {DemoPassword}}); got.code != http.StatusSeeOther || got.head.Get("Location") != "/" {
		t.Errorf("the owner is kept out: %d %s", got.code, got.head.Get("Location"))
	}
}
