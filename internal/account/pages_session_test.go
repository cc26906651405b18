package account

import (
	"context"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"xinhuo/internal/kit/db"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/testkit"
	"xinhuo/internal/kit/web"
)

// site serves the module's routes as app does: cross-origin check, sessions, router.
func (w *world) site(t *testing.T) *httptest.Server {
	t.Helper()
	return w.siteWith(t, func(*web.Site) {})
}

// siteWith does the same with what a test adds.
func (w *world) siteWith(t *testing.T, add func(*web.Site)) *httptest.Server {
	t.Helper()
	s := &web.Site{Actor: w.CurrentActor, Strong: w.Strong,
		UnitPos: func(ctx context.Context, unit string) (int64, error) {
			v, err := newTree().Named(ctx, unit)
			if err != nil {
				return 0, err
			}
			return newTree()[v].From, nil
		},
		Fail: func(rw http.ResponseWriter, r *http.Request, err error) {
			http.Error(rw, err.Error(), errs.KindOf(err).Status())
		},
		Middleware: []func(http.Handler) http.Handler{
			http.NewCrossOriginProtection().Handler,
			func(next http.Handler) http.Handler {
				return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
					next.ServeHTTP(rw, r.WithContext(scope.With(w.ctx, scope.Actor{})))
				})
			},
			w.Sessions,
		}}
	s.Add(w.Routes()...)
	add(s)
	h, err := s.Handler()
	if err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewServer(h)
	t.Cleanup(srv.Close)
	return srv
}

type browser struct {
	t    *testing.T
	c    *http.Client
	base string
	host string
}

func newBrowser(t *testing.T, srv *httptest.Server) *browser {
	jar, _ := cookiejar.New(nil)
	return &browser{t, &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}, srv.URL, ""}
}

func (b *browser) do(method, path string, form url.Values, header ...string) (*http.Response, string) {
	b.t.Helper()
	req, err := http.NewRequest(method, b.base+path, strings.NewReader(form.Encode()))
	if err != nil {
		b.t.Fatal(err)
	}
	if form != nil {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	req.Host = b.host
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	res, err := b.c.Do(req)
	if err != nil {
		b.t.Fatal(err)
	}
	defer res.Body.Close()
	var body strings.Builder
	buf := make([]byte, 32<<10)
	for {
		n, err := res.Body.Read(buf)
		body.Write(buf[:n])
		if err != nil {
			break
		}
	}
	return res, body.String()
}

// cookieOf is the line by which an answer sets a cookie.
func cookieOf(res *http.Response, begins string) string {
	for _, c := range res.Header.Values("Set-Cookie") {
		if strings.HasPrefix(c, begins) {
			return c
		}
	}
	return ""
}

func (b *browser) token() string {
	u, _ := url.Parse(b.base)
	for _, c := range b.c.Jar.Cookies(u) {
		if c.Name == "xinhuo" {
			return c.Value
		}
	}
	return ""
}

func (b *browser) signIn(login, password, next string) (*http.Response, string) {
	b.t.Helper()
	return b.do("POST", "/login", url.Values{"name": {login}, "password": {password}, "next": {next}})
}

// R189: signing in over plain http in a local network works, with a cookie that browsers keep there; a form of a
// stranger's site does not.
func TestSignInOverLAN(t *testing.T) {
	w := newWorld(t)
	w.add(t, "clerk", city, "admin")
	b := newBrowser(t, w.site(t))
	b.host = "192.168.1.5:8080"
	_, page := b.do("GET", "/login?next=/me", nil)
	doc := testkit.HTML(t, page)
	doc.MustHave("main", "这条连接没有加密")
	if got := doc.One(`input[name=next]`).Attr("value"); got != "/me" {
		t.Errorf("next %q", got)
	}
	form := url.Values{"name": {"clerk"}, "password": {goodPassword}, "next": {"/me"}}
	if res, _ := b.do("POST", "/login", form, "Origin", "http://evil.example"); res.StatusCode != http.StatusForbidden {
		t.Errorf("a stranger's form: %d", res.StatusCode)
	}
	res, _ := b.do("POST", "/login", form, "Origin", "http://192.168.1.5:8080")
	if res.StatusCode != http.StatusSeeOther || res.Header.Get("Location") != "/me" {
		t.Fatalf("%d %s", res.StatusCode, res.Header.Get("Location"))
	}
	cookie := cookieOf(res, "xinhuo=")
	if !strings.HasPrefix(cookie, "xinhuo=") || strings.Contains(cookie, "Secure") || !strings.Contains(cookie, "HttpOnly") || !strings.Contains(cookie, "SameSite=Lax") {
		t.Errorf("cookie %s", cookie)
	}
	if res, page := b.do("GET", "/me", nil); res.StatusCode != 200 {
		t.Errorf("/me: %d %s", res.StatusCode, page)
	}
	b.host = "127.0.0.1:8080"
	_, page = newBrowser(t, w.site(t)).do("GET", "/login", nil)
	if strings.Contains(page, "这条连接没有加密") {
		t.Error("the warning stands on the machine itself")
	}
}

// Over https the cookie is bound to the host and secure.
func TestSecureCookie(t *testing.T) {
	w := newWorld(t)
	w.add(t, "clerk", city, "admin")
	w.conf.TrustProxy = true
	b := newBrowser(t, w.site(t))
	res, _ := b.do("POST", "/login", url.Values{"name": {"clerk"}, "password": {goodPassword}}, "X-Forwarded-Proto", "https", "X-Forwarded-For", "198.51.100.9")
	if c := cookieOf(res, "__Host-xinhuo="); !strings.HasPrefix(c, "__Host-xinhuo=") || !strings.Contains(c, "; Secure") || !strings.Contains(c, "Path=/") || strings.Contains(c, "Domain") {
		t.Errorf("cookie %s", c)
	}
}

// R189: a session token known before sign-in is worth nothing after it, and none survives sign-out, a new password
// or the end of the account.
func TestSessions(t *testing.T) {
	w := newWorld(t)
	a := w.add(t, "clerk", city, "admin")
	srv := w.site(t)
	b, other := newBrowser(t, srv), newBrowser(t, srv)
	open := func(b *browser) bool {
		res, _ := b.do("GET", "/me", nil)
		return res.StatusCode == 200
	}
	// fixation: the stranger's own live session, planted in the victim's browser
	w.add(t, "stranger", otherCity, "view")
	b.signIn("stranger", goodPassword, "/")
	planted := b.token()
	b.signIn("clerk", goodPassword, "/")
	if b.token() == planted || b.token() == "" {
		t.Error("signing in kept the token")
	}
	if res, _ := other.do("GET", "/me", nil, "Cookie", "xinhuo="+planted); res.StatusCode == 200 {
		t.Error("the planted token is open")
	}
	n, err := db.Get[int64](w.ctx, w.db, `SELECT COUNT(*) FROM account_session WHERE token = $1`, b.token())
	if err != nil || n != 0 {
		t.Error("the token stands in clear in the database")
	}
	other.signIn("clerk", goodPassword, "/")
	if !open(b) || !open(other) {
		t.Fatal("signed in, but not open")
	}
	res, _ := b.do("POST", "/me/password", url.Values{"old": {goodPassword}, "password": {"另一个好密码 1"}})
	if res.StatusCode != http.StatusSeeOther {
		t.Fatalf("changing the password: %d", res.StatusCode)
	}
	if !open(b) || open(other) {
		t.Error("a new password must end all other sessions and only those")
	}
	kept := b.token()
	b.do("POST", "/logout", url.Values{})
	if open(b) {
		t.Error("open after signing out")
	}
	if res, _ := other.do("GET", "/me", nil, "Cookie", "xinhuo="+kept); res.StatusCode == 200 {
		t.Error("the token outlives signing out")
	}
	b.signIn("clerk", "另一个好密码 1", "/")
	if !open(b) {
		t.Fatal("signing in again")
	}
	if err := w.Disable(w.ctx, a.ID, ""); err != nil {
		t.Fatal(err)
	}
	if open(b) {
		t.Error("open although disabled")
	}
	if err := w.Enable(w.ctx, a.ID); err != nil {
		t.Fatal(err)
	}
	if open(b) {
		t.Error("an old session came back with the account")
	}
	b.signIn("clerk", "另一个好密码 1", "/")
	w.at = w.at.Add(sessionIdle + time.Minute)
	if open(b) {
		t.Error("open after half a day of silence")
	}
}

// An ended session is not found, whatever the browser says.
func TestSessionStore(t *testing.T) {
	w := newWorld(t)
	s := &sessionStore{w.db}
	data, err := w.doors.plain.Codec.Encode(time.Now(), map[string]any{sessionAccount: int64(7), sessionStarted: time.Now().UnixMilli()})
	if err != nil {
		t.Fatal(err)
	}
	for token, life := range map[string]time.Duration{"live": time.Hour, "ended": -time.Hour} {
		for range 2 { // a second commit replaces the first
			if err := s.CommitCtx(w.ctx, token, data, time.Now().Add(life)); err != nil {
				t.Fatal(err)
			}
		}
		got, ok, err := s.FindCtx(w.ctx, token)
		if err != nil || ok != (life > 0) || ok && string(got) != string(data) {
			t.Errorf("%s: %v %v", token, ok, err)
		}
	}
	if err := w.Clean(w.ctx); err != nil {
		t.Fatal(err)
	}
	if n, err := db.Get[int64](w.ctx, w.db, `SELECT COUNT(*) FROM account_session`); err != nil || n != 1 {
		t.Errorf("%d sessions after cleaning, %v", n, err)
	}
	if err := s.DeleteCtx(w.ctx, "live"); err != nil {
		t.Fatal(err)
	}
	if _, ok, _ := s.FindCtx(w.ctx, "live"); ok {
		t.Error("deleted but found")
	}
	if err := s.DeleteCtx(w.ctx, "none"); err != nil {
		t.Error(err)
	}
}

// Behind a proxy that adds a line of its own to what was sent, the address is the one that the proxy saw: nobody guesses from a new
// address each time by saying so.
func TestTheProxysAddressIsTheLast(t *testing.T) {
	w := newWorld(t)
	w.conf.TrustProxy = true
	for _, lines := range [][]string{{"198.51.100.9"}, {"203.0.113.1, 198.51.100.9"}, {"203.0.113.1", "198.51.100.9"}, {"203.0.113.1", "203.0.113.2, 198.51.100.9"}} {
		r := httptest.NewRequest("POST", "/login", nil)
		r.Header["X-Forwarded-For"] = lines
		if got := w.address(r); got != "198.51.100.9" {
			t.Errorf("%q: %s", lines, got)
		}
	}
}
