package app

import (
	"compress/gzip"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/testkit"
)

const (
	mostPages  = 400      // of the program that one crawl opens
	perShape   = 3        // addresses of one route with the same names in their query
	firstVisit = 60 << 10 // bytes over the line, packed, with what the page needs
	mostAsked  = 4        // requests of a first visit
)

// keyless are forms that may be sent twice: those for oneself, and a preview that keeps nothing.
var keyless = append(slices.Clone(freely), "POST /account/invite")

// rawKey is a text key that nobody wrote words for.
var rawKey = regexp.MustCompile(`\b(app|account|assess|audit|base|blob|errs|file|flow|ledger|org|people|project|record|report|table|ui|web)\.[a-z_0-9]+(\.[a-z_0-9]+)*\b`)

// shapeOf is what addresses have in common that differ only in whom they are about.
func (w *world) shapeOf(mux *http.ServeMux, u *url.URL) string {
	_, pattern := mux.Handler(newRequest("GET", u.String(), nil, ""))
	var names []string
	for name := range u.Query() {
		names = append(names, name)
	}
	slices.Sort(names)
	return pattern + "?" + strings.Join(names, "&")
}

// router knows all addresses of the program and does nothing.
func (w *world) router() *http.ServeMux {
	mux := http.NewServeMux()
	for _, rt := range w.a.Site().Routes() {
		mux.HandleFunc(rt.Method+" "+rt.Path, func(http.ResponseWriter, *http.Request) {})
	}
	return mux
}

func isPage(a answer) bool { return strings.HasPrefix(a.head.Get("Content-Type"), "text/html") }

// page holds what is true of every page.
func (w *world) page(t *testing.T, target string, a answer, doc testkit.Doc) {
	t.Helper()
	if n := len(doc.All("h1")); n != 1 {
		t.Errorf("%s: %d h1", target, n)
	}
	if title := doc.Text("title"); title == "" {
		t.Errorf("%s: no title", target)
	}
	text := doc.Content()
	for _, key := range rawKey.FindAllString(text, -1) {
		if _, err := w.a.Ledger.Figure(key); err != nil {
			t.Errorf("%s shows the key %s", target, key)
		}
	}
	if strings.Contains(text, "{{") && !strings.Contains(target, "/speech/") || // a speech names its figures so
		strings.Contains(text, "<no value>") || strings.Contains(text, "%!") {
		t.Errorf("%s shows a template", target)
	}
	if n := len(doc.All("style, script:not([src]), [style], [onclick], [onload], [onsubmit], [onchange]")); n > 0 {
		t.Errorf("%s: %d inline styles or scripts", target, n)
	}
	csp := a.head.Get("Content-Security-Policy")
	if !strings.Contains(csp, "default-src 'none'") || strings.Contains(csp, "unsafe") {
		t.Errorf("%s: policy %q", target, csp)
	}
	seen := map[string]bool{}
	for _, x := range doc.All("[id]") {
		if id := x.Attr("id"); seen[id] {
			t.Errorf("%s: two elements have the id %s", target, id)
		} else {
			seen[id] = true
		}
	}
}

// packed is the size of an answer over the line.
func (w *world) packed(t *testing.T, as *role, target string) int {
	r := newRequest("GET", target, nil, as.cookie)
	r.Header.Set("Accept-Encoding", "gzip")
	a := w.send(r)
	if a.head.Get("Content-Encoding") == "gzip" {
		z, err := gzip.NewReader(strings.NewReader(a.body))
		if err == nil {
			_, err = io.Copy(io.Discard, z)
		}
		if err != nil {
			t.Errorf("%s: %v", target, err)
		}
	}
	return len(a.body)
}

// needs are the files that a page asks for by itself.
func needs(doc testkit.Doc) []string {
	var out []string
	for _, x := range doc.All("link[rel=stylesheet], link[rel=icon], script[src], img[src]") {
		href := x.Attr("href") + x.Attr("src")
		if !strings.HasPrefix(href, "data:") && !slices.Contains(out, href) {
			out = append(out, href)
		}
	}
	return out
}

// R189 and the quality bars of every page: whatever can be reached from the home page by the city's clerk is there, says
// all its words, and stays light; no button leads to something that is not built.
func TestEveryPage(t *testing.T) {
	w := openWorld(t)
	mux := w.router()
	for _, lang := range i18n.Langs {
		as := *w.byLogin["chenyulan"]
		as.cookie += "; xinhuo_view=" + lang + ".18."
		queue, known, shapes := []string{"/", "/manual", "/search?q=%E5%8D%97%E6%B1%9F", "/inbox", "/inbox?sent=1", "/inbox/handover", "/add", "/all", "/me", "/account", "/coverage"}, map[string]bool{}, map[string]int{}
		for _, rt := range w.a.Site().Routes() { // pages that no other page links to are looked at too
			if rt.Method != http.MethodGet || rt.Right == scope.Anyone {
				continue
			}
			aims, err := w.aims(rt)
			if err != nil {
				t.Error(err)
			}
			for _, m := range aims {
				if w.promised(rt, as.actor, m) == allowed && (special[actOf(rt)] == "" || special[actOf(rt)] == m.place) {
					queue = append(queue, m.target)
					break
				}
			}
		}
		for _, target := range queue {
			known[target] = true
		}
		opened, checkedForms := 0, map[string]bool{}
		for len(queue) > 0 && opened < mostPages {
			target := queue[0]
			queue = queue[1:]
			a := w.get(&as, target)
			opened++
			if a.code < 200 || a.code >= 400 {
				t.Errorf("%s %s: %d", lang, target, a.code)
				continue
			}
			if a.code != http.StatusOK || !isPage(a) {
				continue
			}
			doc := testkit.HTML(t, a.body)
			w.page(t, lang+" "+target, a, doc)
			if got := doc.One("html").Attr("lang"); !strings.HasPrefix(got, lang) {
				t.Errorf("%s %s: the page says lang=%s", lang, target, got)
			}
			size := w.packed(t, &as, target)
			files := needs(doc)
			for _, f := range files {
				size += w.packed(t, &as, f)
			}
			if photos := strings.Count(a.body, "/photo/"); photos == 0 && (size > firstVisit || len(files)+1 > mostAsked) {
				t.Errorf("%s %s: a first visit takes %d bytes in %d requests", lang, target, size, len(files)+1)
			}
			for _, form := range doc.All("form") {
				method, action := strings.ToUpper(form.Attr("method")), form.Attr("action")
				if method == "" {
					method = http.MethodGet
				}
				if action == "" {
					action = target
				}
				for _, button := range form.All("[formaction]") {
					action = button.Attr("formaction")
				}
				if checkedForms[method+action] {
					continue
				}
				checkedForms[method+action] = true
				if _, pattern := mux.Handler(newRequest(method, action, nil, "")); !strings.HasPrefix(pattern, method+" ") {
					t.Errorf("%s %s: a form is sent to %s %s, which is not there", lang, target, method, action)
				}
				if method == http.MethodPost && len(form.All("input[name=_key]")) == 0 && !slices.Contains(keyless, "POST "+strings.SplitN(action, "?", 2)[0]) {
					t.Errorf("%s %s: the form to %s has no key: sent twice it acts twice", lang, target, action)
				}
			}
			for _, u := range leadsTo(t, lang+" "+target, target, doc) {
				if next := u.String(); !known[next] {
					known[next] = true
					if shape := w.shapeOf(mux, u); shapes[shape] < perShape {
						shapes[shape]++
						queue = append(queue, next)
					}
				}
			}
		}
		if opened < 150 {
			t.Errorf("%s: only %d pages were reached", lang, opened)
		}
		t.Logf("%s: %d pages, %d shapes of addresses, %d forms, %d left", lang, opened, len(shapes), len(checkedForms), len(queue))
	}
}

// register tells whether an address is one of those that the demonstration's foot names: the only ones outside.
func register(u *url.URL) bool {
	return u.Scheme == "https" && slices.Contains([]string{"beian.miit.gov.cn", "beian.mps.gov.cn", "mark.example.org"}, u.Host)
}

// leadsTo are the addresses to which a page's links lead, but for those that change what is seen or sign out.
func leadsTo(t *testing.T, where, target string, doc testkit.Doc) []*url.URL {
	base, err := url.Parse(target)
	if err != nil {
		t.Fatal(err)
	}
	var out []*url.URL
	for _, link := range doc.All("a[href]") {
		u, err := url.Parse(link.Attr("href"))
		if err != nil {
			t.Errorf("%s links to %q: %v", where, link.Attr("href"), err)
			continue
		}
		if u.Scheme == "tel" || u.Scheme == "mailto" || u.Path == "" && u.RawQuery == "" {
			continue
		}
		if register(u) {
			continue
		}
		if u.Host != "" || u.Scheme != "" {
			t.Errorf("%s leads outside, to %s", where, u)
			continue
		}
		u = base.ResolveReference(u)
		u.Fragment = ""
		if u.Path != "/view" && u.Path != "/logout" {
			out = append(out, u)
		}
	}
	return out
}

// Nobody is led to a door that is closed to them: from the home page of each account, also of those who only read, every
// link opens. (The tab for entering things, and the tasks of others, led readers to a refusal.)
func TestNoLinkIsRefused(t *testing.T) {
	w := openWorld(t)
	mux := w.router()
	for login, as := range w.byLogin {
		queue, known, shapes := []string{"/", "/inbox?below=1"}, map[string]bool{"/": true, "/inbox?below=1": true}, map[string]bool{}
		for opened := 0; len(queue) > 0 && opened < 150; opened++ {
			target := queue[0]
			queue = queue[1:]
			a := w.get(as, target)
			if a.code >= 400 {
				t.Errorf("%s is led to %s: %d", login, target, a.code)
			}
			if a.code != http.StatusOK || !isPage(a) {
				continue
			}
			doc := testkit.HTML(t, a.body)
			for _, f := range doc.All("form") { // a box to search in leads somewhere, too
				if action := f.Attr("action"); f.Attr("method") != "post" && action != "" && !known[action] {
					known[action] = true
					queue = append(queue, action)
				}
			}
			for _, u := range leadsTo(t, login+" "+target, target, doc) {
				if next, shape := u.String(), w.shapeOf(mux, u); !known[next] && !shapes[shape] {
					known[next], shapes[shape] = true, true
					queue = append(queue, next)
				}
			}
		}
	}
}

// Whoever has not signed in meets pages as light and as complete.
func TestPagesBeforeSigningIn(t *testing.T) {
	w := openWorld(t)
	as := w.roles[0]
	for _, target := range []string{"/login", "/invite", "/manual", "/login?next=%2Fbook"} {
		a := w.get(as, target)
		if a.code != http.StatusOK {
			t.Errorf("%s: %d", target, a.code)
			continue
		}
		doc := testkit.HTML(t, a.body)
		w.page(t, target, a, doc)
		size := w.packed(t, as, target)
		files := needs(doc)
		for _, f := range files {
			size += w.packed(t, as, f)
		}
		if size > firstVisit || len(files)+1 > mostAsked {
			t.Errorf("%s: a first visit takes %d bytes in %d requests", target, size, len(files)+1)
		}
	}
}

// A tab between two slashes is dropped by browsers: the choice of a unit once could be made to lead outside.
func TestChoosingAUnitNeverLeadsOutside(t *testing.T) {
	w := openWorld(t)
	for _, to := range []string{"/\t/elsewhere.example", "//elsewhere.example", "/\\elsewhere.example", "https://elsewhere.example"} {
		a := w.get(w.byLogin["chenyulan"], "/tree?q=9902&to="+url.QueryEscape(to))
		for _, link := range testkit.HTML(t, a.body).All("a[href]") {
			href := strings.Map(func(c rune) rune {
				if c < ' ' {
					return -1
				}
				return c
			}, link.Attr("href"))
			if u, err := url.Parse(strings.ReplaceAll(href, "\\", "/")); err != nil || !register(u) && (u.Host != "" || u.Scheme != "" && u.Scheme != "tel") {
				t.Errorf("to=%q leads to %q", to, link.Attr("href"))
			}
		}
	}
}
