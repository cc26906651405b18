package web

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"

	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
)

func ok(w http.ResponseWriter, r *http.Request) error {
	_, err := w.Write([]byte("ok"))
	return err
}

// R189: a route that does not say who may use it, and how far, does not start.
func TestRouteThatDeclaresNothingDoesNotStart(t *testing.T) {
	good := Route{Method: "GET", Path: "/base/{ref}", Right: scope.View, Scope: ByRecord, Name: "base.show", Handler: ok}
	if err := Check([]Route{good, {Method: "POST", Path: good.Path, Right: scope.Work, Scope: ByRecord, Handler: ok}}); err != nil {
		t.Fatalf("a route that declares everything: %v", err)
	}
	for what, change := range map[string]func(*Route){
		"no right":                 func(r *Route) { r.Right = scope.None },
		"no such right":            func(r *Route) { r.Right = 99 },
		"no scope rule":            func(r *Route) { r.Scope = Undeclared },
		"no such scope rule":       func(r *Route) { r.Scope = 99 },
		"public, but asks to view": func(r *Route) { r.Scope = Public },
		"anyone sees a record":     func(r *Route) { r.Right = scope.Anyone },
		"no handler":               func(r *Route) { r.Handler = nil },
	} {
		bad := good
		change(&bad)
		s := &Site{}
		s.Add(bad)
		if _, err := s.Handler(); err == nil || !strings.Contains(err.Error(), "GET /base/{ref}") {
			t.Errorf("%s: %v", what, err)
		}
	}
	s := &Site{}
	s.Add(good, good)
	if _, err := s.Handler(); err == nil {
		t.Error("one address stands twice")
	}
}

const (
	ownCity    = int64(9902000000000)
	ownCounty  = int64(9902030000000)
	otherPlace = int64(9903000000000)
)

// places are the units that exist; what stands outside the actor's scope must look as if it did not.
var places = map[string]int64{"own": ownCity, "county": ownCounty, "foreign": otherPlace}

// ask sends one request through a site with one route and answers what Fail was told, "" when the page was served.
func ask(t *testing.T, a scope.Actor, rt Route, target string) *errs.Error {
	t.Helper()
	var said *errs.Error
	s := &Site{
		Actor: func(*http.Request) (scope.Actor, error) { return a, nil },
		UnitPos: func(_ context.Context, unit string) (int64, error) {
			if pos, ok := places[unit]; ok {
				return pos, nil
			}
			return 0, errs.New(errs.NotFound, "errs.not_found")
		},
		Fail: func(w http.ResponseWriter, r *http.Request, err error) {
			if !errors.As(err, &said) {
				t.Errorf("%s: %v", target, err)
			}
			w.WriteHeader(said.Kind.Status())
		},
	}
	rt.Method, rt.Handler = "GET", func(w http.ResponseWriter, r *http.Request) error {
		if scope.From(r.Context()).Account != a.Account {
			t.Error("the handler does not know who acts")
		}
		return ok(w, r)
	}
	s.Add(rt)
	h, err := s.Handler()
	if err != nil {
		t.Fatal(err)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest("GET", target, nil))
	if said == nil && (w.Code != http.StatusOK || w.Body.String() != "ok") {
		t.Errorf("%s: %d %s", target, w.Code, w.Body)
	}
	return said
}

func TestWhoIsLetIn(t *testing.T) {
	county := scope.Set{{From: ownCounty, To: ownCounty + 1e7}}
	nobody := scope.Actor{}
	bare := scope.Actor{Account: 1}
	clerk := scope.Actor{Account: 2, Pos: ownCounty, ViewSet: county, WorkSet: county}
	reader := scope.Actor{Account: 3, Pos: ownCity, ViewSet: county} // views the county, sits in the city
	auditor := scope.Actor{Account: 4, Auditor: true}
	byPath := Route{Path: "/unit/{unit}", Right: scope.View, Scope: ByUnit}
	byQuery := Route{Path: "/base", Right: scope.Work, Scope: ByUnit}
	for _, c := range []struct {
		what   string
		a      scope.Actor
		rt     Route
		target string
		want   string // text key; "" = let in
	}{
		{"an open page", nobody, Route{Path: "/about", Right: scope.Anyone, Scope: Public}, "/about", ""},
		{"anonymous", nobody, Route{Path: "/me", Right: scope.SignedIn, Scope: Self}, "/me", "errs.sign_in"},
		{"anonymous, a unit", nobody, byPath, "/unit/own", "errs.sign_in"},
		{"anonymous, no such unit", nobody, byPath, "/unit/nowhere", "errs.sign_in"},
		{"anonymous, the log", nobody, Route{Path: "/log", Right: scope.Audit, Scope: ByList}, "/log", "errs.sign_in"},
		{"signed in", bare, Route{Path: "/me", Right: scope.SignedIn, Scope: Self}, "/me", ""},
		{"no right at all", bare, byPath, "/unit/own", "errs.not_yours"},
		{"another right", reader, byQuery, "/base", "errs.not_yours"},
		{"the log, no auditor", clerk, Route{Path: "/log", Right: scope.Audit, Scope: ByList}, "/log", "errs.no_such_page"},
		{"the log, an auditor", auditor, Route{Path: "/log", Right: scope.Audit, Scope: ByList}, "/log", ""},
		{"own unit by its name", clerk, byPath, "/unit/county", ""},
		{"own unit, unnamed", clerk, byQuery, "/base", ""},
		{"own unit by query", clerk, byQuery, "/base?unit=county", ""},
		{"the unit above", clerk, byPath, "/unit/own", "errs.no_such_page"},
		{"a foreign unit", clerk, byPath, "/unit/foreign", "errs.no_such_page"},
		{"a foreign unit by query", clerk, byQuery, "/base?unit=foreign", "errs.no_such_page"},
		{"own unit outside the own scope", reader, Route{Path: "/base", Right: scope.View, Scope: ByUnit}, "/base", "errs.not_yours"},
		{"a list", clerk, Route{Path: "/bases", Right: scope.View, Scope: ByList}, "/bases", ""},
		{"a record: the service asks", clerk, Route{Path: "/base/{ref}", Right: scope.View, Scope: ByRecord}, "/base/9902-1", ""},
		{"no such page", clerk, byPath, "/nowhere", "errs.no_such_page"},
	} {
		said := ask(t, c.a, c.rt, c.target)
		if c.want == "" && said != nil {
			t.Errorf("%s: %v", c.what, said)
		}
		if c.want != "" && (said == nil || said.Key != c.want) {
			t.Errorf("%s: %v, want %s", c.what, said, c.want)
		}
	}
}

// What may not be seen and what does not exist answer the same, to the last word: the two once differed in their text.
func TestForeignUnitLooksAbsent(t *testing.T) {
	county := scope.Set{{From: ownCounty, To: ownCounty + 1e7}}
	a := scope.Actor{Account: 2, Pos: ownCounty, ViewSet: county}
	rt := Route{Path: "/unit/{unit}", Right: scope.View, Scope: ByUnit}
	foreign, absent := ask(t, a, rt, "/unit/foreign"), ask(t, a, rt, "/unit/absence")
	if foreign == nil || absent == nil || foreign.Kind != absent.Kind || foreign.Key != absent.Key || len(foreign.Args) != len(absent.Args) {
		t.Errorf("a foreign unit: %v; an absent one: %v", foreign, absent)
	}
}

// A session that cannot be read lets nobody in, and an error of the directory is not taken for absence.
func TestFailuresAreNotTakenForAnswers(t *testing.T) {
	broken := errors.New("disk")
	var said error
	s := &Site{
		Actor:   func(r *http.Request) (scope.Actor, error) { return scope.System("x"), nil },
		UnitPos: func(context.Context, string) (int64, error) { return 0, broken },
		Fail:    func(_ http.ResponseWriter, _ *http.Request, err error) { said = err },
	}
	s.Add(Route{Method: "GET", Path: "/unit/{unit}", Right: scope.View, Scope: ByUnit, Handler: ok})
	h, err := s.Handler()
	if err != nil {
		t.Fatal(err)
	}
	h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "/unit/own", nil))
	if !errors.Is(said, broken) {
		t.Errorf("the directory fails: %v", said)
	}
	s.Actor = func(r *http.Request) (scope.Actor, error) { return scope.System("x"), errSignIn }
	h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "/unit/own", nil))
	if !errors.Is(said, error(errSignIn)) {
		t.Errorf("the session fails: %v", said)
	}
}

func TestHandlersErrorIsToldOnce(t *testing.T) {
	var said []error
	s := &Site{Actor: func(*http.Request) (scope.Actor, error) { return scope.Actor{Account: id.ID(1)}, nil },
		Fail: func(_ http.ResponseWriter, _ *http.Request, err error) { said = append(said, err) }}
	s.Add(Route{Method: "GET", Path: "/me", Right: scope.SignedIn, Scope: Self, Handler: func(http.ResponseWriter, *http.Request) error { return errNotYours }})
	h, err := s.Handler()
	if err != nil {
		t.Fatal(err)
	}
	h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "/me", nil))
	if len(said) != 1 || !errors.Is(said[0], error(errNotYours)) {
		t.Errorf("%v", said)
	}
}

func TestMiddlewareFirstOutermost(t *testing.T) {
	var order []string
	mark := func(name string) func(http.Handler) http.Handler {
		return func(h http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { order = append(order, name); h.ServeHTTP(w, r) })
		}
	}
	s := &Site{Middleware: []func(http.Handler) http.Handler{mark("a"), mark("b")}, Actor: func(*http.Request) (scope.Actor, error) { return scope.Actor{}, nil }}
	s.Add(Route{Method: "GET", Path: "/", Right: scope.Anyone, Scope: Public, Handler: ok}, Route{Method: "GET", Path: "/a", Right: scope.Anyone, Scope: Public, Handler: ok})
	if r := s.Routes(); len(r) != 2 || r[1].Path != "/a" {
		t.Errorf("routes %v", r)
	}
	h, err := s.Handler()
	if err != nil {
		t.Fatal(err)
	}
	h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "/a", nil))
	if strings.Join(order, "") != "ab" {
		t.Errorf("order %v", order)
	}
}

// A form that came back with problems stands at the address it was sent to: reloading it answered 404. It leads to the
// page that has the form, with what the address says; what is not sent to stays absent, and programs are told so.
func TestReloadedFormLeadsToItsPage(t *testing.T) {
	s := &Site{Fail: func(w http.ResponseWriter, _ *http.Request, err error) { w.WriteHeader(errs.KindOf(err).Status()) },
		Actor: func(*http.Request) (scope.Actor, error) { return scope.Actor{}, nil }}
	for _, rt := range []string{"GET /{$}", "GET /me", "POST /me/password", "GET /flow/{ref}", "POST /flow/{ref}/act", "POST /logout", "GET /batch/{ref}/{part}",
		"POST /batch/{ref}/take/all", "POST /api/v1/bases", "GET /api/v1"} {
		method, at, _ := strings.Cut(rt, " ")
		s.Add(Route{Method: method, Path: at, Right: scope.Anyone, Scope: Public, Handler: ok})
	}
	h, err := s.Handler()
	if err != nil {
		t.Fatal(err)
	}
	for target, want := range map[string]string{
		"/me/password":           "/me",
		"/me/password?lang=en":   "/me?lang=en",
		"/flow/9902-7/act":       "/flow/9902-7",
		"/flow/%2F%2Fx.org/act":  "/flow/x.org", // never outside
		"/logout":                "/",
		"/batch/9902-7/take/all": "/batch/9902-7/take",
		"/me/sessions":           "404",
		"/api/v1/bases":          "404",
	} {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest("GET", target, nil))
		got := w.Header().Get("Location")
		if w.Code != http.StatusSeeOther {
			got = strconv.Itoa(w.Code)
		}
		if got != want {
			t.Errorf("GET %s: %s, want %s", target, got, want)
		}
	}
}

// What is no text, with a NUL or not in UTF-8, is answered alike on both engines: such an address is nowhere, such a form, body, file or
// header is refused.
func TestWhatIsNoText(t *testing.T) {
	s := &Site{Fail: func(w http.ResponseWriter, _ *http.Request, err error) { w.WriteHeader(errs.KindOf(err).Status()) },
		Actor: func(*http.Request) (scope.Actor, error) { return scope.Actor{}, nil }}
	read := func(read func(w http.ResponseWriter, r *http.Request) error) func(w http.ResponseWriter, r *http.Request) error {
		return func(w http.ResponseWriter, r *http.Request) error {
			if err := read(w, r); err != nil {
				return err
			}
			return ok(w, r)
		}
	}
	open := func(method, path string, h func(w http.ResponseWriter, r *http.Request) error) {
		s.Add(Route{Method: method, Path: path, Right: scope.Anyone, Scope: Public, Name: "x", Handler: h})
	}
	open("GET", "/x/{ref}", ok)
	open("POST", "/form", read(func(w http.ResponseWriter, r *http.Request) error { _, err := ReadForm(w, r); return err }))
	open("POST", "/json", read(func(w http.ResponseWriter, r *http.Request) error { var v any; return ReadJSON(w, r, &v) }))
	open("POST", "/files", read(func(w http.ResponseWriter, r *http.Request) error { _, _, err := ReadFiles(w, r, 1000); return err }))
	open("POST", "/whole", read(func(w http.ResponseWriter, r *http.Request) error { return ParseUpload(r, 1000) }))
	h, err := s.Handler()
	if err != nil {
		t.Fatal(err)
	}
	part := func(disposition, value string) string {
		return "--b\r\nContent-Disposition: form-data; " + disposition + "\r\n\r\n" + value + "\r\n--b--\r\n"
	}
	for _, c := range []struct {
		method, at, body string
		want             int
	}{
		{"GET", "/x/1?q=%E9%99%88", "", 200}, {"GET", "/x/%00", "", 404}, {"GET", "/x/1?q=%00", "", 404}, {"GET", "/x/1?q=%ff", "", 404}, {"GET", "/x/1?%00=1", "", 404},
		{"GET", "/x/1?q=%00&p=%zz", "", 404}, // what cannot be read hides nothing of the rest
		{"POST", "/form", "name=%E9%99%88", 200}, {"POST", "/form", "name=a%00b", 400}, {"POST", "/form", "name=%ff", 400}, {"POST", "/form", "%00=a", 400},
		{"POST", "/json", `{"a":["\u9648","\\u0000"]}`, 200}, {"POST", "/json", `{"a":["\u0000"]}`, 400}, {"POST", "/json", `{"\u0000":1}`, 400}, {"POST", "/json", "{\"a\":\"\xff\"}", 400}, {"POST", "/json", "{\"a\":\"\x00\"}", 400},
		{"POST", "/json", `{"a":`, 422},
	} {
		r := httptest.NewRequest(c.method, c.at, strings.NewReader(c.body))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		rec := httptest.NewRecorder()
		h.ServeHTTP(rec, r)
		if rec.Code != c.want {
			t.Errorf("%s %s %q: %d", c.method, c.at, c.body, rec.Code)
		}
	}
	for body, want := range map[string]int{
		part(`name="a"`, "陈"): 200, part(`name="a"; filename="陈.txt"`, "x\x00\xff"): 200, part(`name="a"`, "\xff"): 400, part(`name="a"`, "\x00"): 400, part("name=\"\xff\"", "x"): 400,
		part("name=\"a\"; filename=\"\xff.txt\"", "x"): 400, part("name=\"a\"; filename*=UTF-8''%00.txt", "x"): 400,
	} {
		for _, at := range []string{"/files", "/whole"} {
			r := httptest.NewRequest("POST", at, strings.NewReader(body))
			r.Header.Set("Content-Type", "multipart/form-data; boundary=b")
			rec := httptest.NewRecorder()
			h.ServeHTTP(rec, r)
			if rec.Code != want {
				t.Errorf("%s %q: %d", at, body, rec.Code)
			}
		}
	}
	for name, want := range map[string]int{"Idempotency-Key": 400, "X-Forwarded-For": 400, "User-Agent": 200, "Accept-Language": 200, "Cookie": 200} {
		r := httptest.NewRequest("GET", "/x/1", nil)
		r.Header.Set(name, "a\xff")
		rec := httptest.NewRecorder()
		h.ServeHTTP(rec, r)
		if rec.Code != want {
			t.Errorf("%s: %d", name, rec.Code)
		}
	}
}
