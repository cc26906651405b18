package app

import (
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/web"
)

// A request and a case that were handed over, the request to the city's desk and the case to a township, are read there and at no address any
// more where they were: not by who led them, not by those above, not by the auditor.
func TestWhatMovedIsReadNowhereElse(t *testing.T) {
	w := openWorld(t)
	own := *w.seeds // all tests share them
	own.canaries, own.refs = slices.Clone(own.canaries), maps.Clone(own.refs)
	for kind, refs := range own.refs {
		own.refs[kind] = maps.Clone(refs)
	}
	w.seeds = &own
	former := w.byLogin["zhouwenqin"]
	moved := map[string]struct {
		to   string
		form url.Values
	}{"care": {"9902", url.Values{"desk": {w.unit("9902").ID.String()}, "handed": {"1"}}}, "casework": {"990203013", url.Values{"to": {w.unit("990203013").ID.String()}, "pass_reason": {"转学"}, "agreed": {"1"}}}}
	report := url.Values{"_key": {web.NewKey()}, "_version": {"1"}, "agency": {"police"}, "to": {"南江派出所"}, "day": {string(harnessDay)}, "time": {"00:01"}, "by": {"周文琴"}}
	if got := w.send(newRequest("POST", "/mandatory/"+w.seeds.refs["mandatory"]["990203"]+"/report", report, former.cookie)); got.code != 303 { // before that nothing is handed over
		t.Fatalf("reported: %d %.600s", got.code, got.body)
	}
	for kind, x := range moved {
		at, now := "/"+kind+"/"+w.seeds.refs[kind]["990203"], w.byLogin[leadOf[x.to]]
		x.form.Set("_key", web.NewKey())
		if got := w.send(newRequest("POST", at+"/offer", x.form, former.cookie)); got.code != 303 {
			t.Fatalf("%s offered: %d %.600s", kind, got.code, got.body)
		}
		if got := w.send(newRequest("POST", at+"/accept", url.Values{"_key": {web.NewKey()}}, now.cookie)); got.code != 303 {
			t.Fatalf("%s accepted: %d %.600s", kind, got.code, got.body)
		}
		w.seeds.refs[kind][x.to] = w.seeds.refs[kind]["990203"]
		for i, c := range w.seeds.canaries {
			if strings.HasSuffix(c.word, "q990203q") && (strings.HasPrefix(c.word, "zkcase") == (kind == "casework")) && (kind == "casework" || strings.HasPrefix(c.word, "zkask") || strings.HasPrefix(c.word, "zkdutywords")) {
				w.seeds.canaries[i].owner = now.actor.Account
			}
		}
		if got := w.get(now, at); got.code != 200 || !strings.Contains(got.body, "q990203q") {
			t.Errorf("%s: its new lead reads nothing: %d", kind, got.code)
		}
	}
	asked := 0
	check := func(as *role, target string, got answer) {
		asked++
		if bad := w.leaks(w.live(as), target, got.body); len(bad) > 0 {
			t.Errorf("as %s, %s: %d with %v", as.name, target, got.code, bad[:min(3, len(bad))])
		}
	}
	for _, name := range []string{"zhouwenqin", "linguangping", "xusuqing", "liangshuiwang"} {
		as := w.byLogin[name]
		for _, rt := range w.a.Site().Routes() {
			if rt.Method != http.MethodGet || rt.Right == scope.Anyone {
				continue
			}
			aims, err := w.aims(rt)
			if err != nil {
				t.Error(err)
				continue
			}
			for _, m := range aims {
				if !strings.HasPrefix(m.place, "9902") {
					continue
				}
				check(as, m.target, w.ask(rt, as, m, false, "", true))
				for _, f := range formats(rt) {
					if slices.Contains([]string{"csv", "xlsx"}, f) {
						check(as, m.target+" "+f, w.ask(rt, as, m, false, f, true))
					}
				}
			}
		}
		for _, target := range w.further() {
			check(as, target, w.get(as, target))
		}
	}
	if asked < 1000 {
		t.Errorf("only %d answers were read", asked)
	}
}
