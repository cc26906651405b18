package account

import (
	"context"
	"encoding/base64"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"xinhuo/internal/audit"
	"xinhuo/internal/kit/db"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/testkit"
	"xinhuo/internal/kit/web"
)

// locks stands in for seal: what it shuts opens at its place alone.
type locks struct{}

func (locks) Lock(_ context.Context, place, text string) (string, error) {
	return base64.StdEncoding.EncodeToString([]byte(place + "\n" + text)), nil
}

func (locks) Unlock(place, shut string) (string, error) {
	b, err := base64.StdEncoding.DecodeString(shut)
	text, ok := strings.CutPrefix(string(b), place+"\n")
	if err != nil || !ok {
		return "", errs.New(errs.Conflict, "seal.tampered")
	}
	return text, nil
}

// phone is an authenticator app.
type phone struct {
	w      *world
	secret string
}

func (p *phone) code(t *testing.T, later time.Duration) string {
	t.Helper()
	code, err := totp.GenerateCode(p.secret, p.w.at.Add(later))
	if err != nil {
		t.Fatal(err)
	}
	return code
}

// enrol gives an account a second factor and answers its telephone and its recovery codes.
func (w *world) enrol(t *testing.T, a Account) (*phone, []string) {
	t.Helper()
	w.SetSecrets(locks{})
	ctx := w.as(t, a)
	if err := w.BeginTOTP(ctx, goodPassword); err != nil {
		t.Fatal(err)
	}
	e, err := w.PendingTOTP(ctx)
	if err != nil {
		t.Fatal(err)
	}
	p := &phone{w, strings.ReplaceAll(e.Key, " ", "")}
	if u, err := url.Parse(e.URL); err != nil || u.Query().Get("secret") != p.secret || u.Scheme != "otpauth" {
		t.Fatalf("the code to scan says %s", e.URL)
	}
	_, codes, err := w.ConfirmTOTP(ctx, p.code(t, 0), address)
	if err != nil {
		t.Fatal(err)
	}
	w.at = w.at.Add(time.Minute) // past the period whose code was used up
	return p, codes
}

// acts counts the rows of an act in the log.
func (w *world) acts(t *testing.T, act string, refused bool) int {
	t.Helper()
	rows, err := w.log.List(w.ctx, audit.Filter{Act: act, Refused: refused})
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, r := range rows {
		if r.Act == act && (r.Refused == 1) == refused {
			n++
		}
	}
	return n
}

// R189: the secret counts once a code has proved that the telephone has it, needs the password, stands encrypted, and is
// shown no more afterwards.
func TestSecondFactorIsSetUp(t *testing.T) {
	w := newWorld(t)
	a := w.add(t, "clerk", city, "work")
	ctx := w.as(t, a)
	if err := w.BeginTOTP(ctx, goodPassword); !errs.Is(err, errs.Conflict) {
		t.Errorf("without anything that encrypts: %v", err)
	}
	w.SetSecrets(locks{})
	if err := w.BeginTOTP(ctx, "not the password"); !errs.Is(err, errs.Invalid) {
		t.Errorf("without the password: %v", err)
	}
	if _, err := w.PendingTOTP(ctx); !errs.Is(err, errs.NotFound) {
		t.Errorf("before it was begun: %v", err)
	}
	if err := w.BeginTOTP(ctx, goodPassword); err != nil {
		t.Fatal(err)
	}
	first, _ := w.PendingTOTP(ctx)
	if err := w.BeginTOTP(ctx, goodPassword); err != nil { // begun anew: another secret
		t.Fatal(err)
	}
	e, err := w.PendingTOTP(ctx)
	if err != nil || e.Key == first.Key {
		t.Fatalf("the same secret twice, %v", err)
	}
	if f, _ := w.factors(ctx, a.ID); f.Any() {
		t.Error("counts before the first code")
	}
	p := &phone{w, strings.ReplaceAll(e.Key, " ", "")}
	if len(strings.Fields(e.Key)) != 8 || len(p.secret) != 32 {
		t.Errorf("the key to type is %q", e.Key)
	}
	for _, wrong := range []string{"", "123456", "１２３", p.code(t, 2*time.Minute), p.code(t, -2*time.Minute), strings.Repeat("1", 4000)} {
		if wrong == p.code(t, 0) {
			continue
		}
		if _, _, err := w.ConfirmTOTP(ctx, wrong, address); !errs.Is(err, errs.Invalid) && !errs.Is(err, errs.Throttled) {
			t.Errorf("%q: %v", wrong, err)
		}
	}
	w.at = w.at.Add(time.Hour)
	before, err := w.byIDAcrossUnits(ctx, a.ID)
	if err != nil {
		t.Fatal(err)
	}
	after, codes, err := w.ConfirmTOTP(ctx, " "+p.code(t, 0)[:3]+" "+p.code(t, 0)[3:], address)
	if err != nil || len(codes) != recoveryCodes || after.Epoch == before.Epoch {
		t.Fatalf("%v, %d codes; sessions elsewhere must end", err, len(codes))
	}
	if _, err := w.PendingTOTP(ctx); !errs.Is(err, errs.NotFound) {
		t.Errorf("the secret is shown again: %v", err)
	}
	if err := w.BeginTOTP(ctx, goodPassword); !errs.Is(err, errs.Conflict) {
		t.Errorf("another secret in the place of a confirmed one: %v", err)
	}
	secret, err := db.Get[string](ctx, w.db, `SELECT secret FROM account_totp`)
	if err != nil || strings.Contains(secret, p.secret) {
		t.Error("the secret stands in clear in the database")
	}
	stored, err := db.Select[string](ctx, w.db, `SELECT code FROM account_recovery`)
	if err != nil || len(stored) != recoveryCodes {
		t.Fatalf("%d codes, %v", len(stored), err)
	}
	for _, c := range codes {
		if slices.Contains(stored, c) || slices.Contains(stored, strings.ReplaceAll(c, "-", "")) {
			t.Error("a recovery code stands in clear")
		}
	}
	if w.acts(t, "account.second_on", false) != 1 || w.acts(t, "account.second_begin", false) != 2 {
		t.Error("the log does not say that it was set up")
	}
}

// A code opens once, in whichever process, within half a minute of its time on either side; no code opens another
// account.
func TestCodeOpensOnce(t *testing.T) {
	w := newWorld(t)
	a, b := w.add(t, "clerk", city, "work"), w.add(t, "other", city, "work")
	p, codes := w.enrol(t, a)
	_, others := w.enrol(t, b)
	second := New(w.db, w.log, newTree(), w.posts, w.posts, Config{}) // another process on the same database
	second.SetSecrets(locks{})
	second.now = func() time.Time { return w.at }
	code := p.code(t, 0)
	if _, err := w.Prove(w.ctx, a.ID, code, address); err != nil {
		t.Fatal(err)
	}
	for _, s := range []*Service{w.Service, second} {
		if _, err := s.Prove(w.ctx, a.ID, code, address); !errs.Is(err, errs.Invalid) {
			t.Errorf("a code that was used: %v", err)
		}
		if _, err := s.Prove(w.ctx, a.ID, p.code(t, -30*time.Second), address); !errs.Is(err, errs.Invalid) {
			t.Errorf("a code older than the one that was used: %v", err)
		}
	}
	if _, err := second.Prove(w.ctx, a.ID, p.code(t, 30*time.Second), address); err != nil {
		t.Errorf("a telephone half a minute ahead: %v", err)
	}
	w.at = w.at.Add(5 * time.Minute)
	if _, err := w.Prove(w.ctx, a.ID, p.code(t, -30*time.Second), address); err != nil {
		t.Errorf("a telephone half a minute behind: %v", err)
	}
	if _, err := w.Prove(w.ctx, a.ID, p.code(t, -90*time.Second), address); !errs.Is(err, errs.Invalid) {
		t.Errorf("a telephone a minute and a half behind: %v", err)
	}
	if _, err := w.Prove(w.ctx, b.ID, p.code(t, 0), address); !errs.Is(err, errs.Invalid) {
		t.Errorf("another account's code: %v", err)
	}

	if _, err := second.Prove(w.ctx, a.ID, strings.ToLower(codes[3]), address); err != nil {
		t.Errorf("a recovery code in small letters: %v", err)
	}
	for _, wrong := range []string{codes[3], others[0], "2222-222222"} {
		if _, err := w.Prove(w.ctx, a.ID, wrong, address); !errs.Is(err, errs.Invalid) {
			t.Errorf("%s: %v", wrong, err)
		}
	}
	if f, err := w.factors(w.ctx, a.ID); err != nil || f.Left != recoveryCodes-1 {
		t.Errorf("%d codes left, %v", f.Left, err)
	}
	w.at = w.at.Add(time.Hour)
	fresh, err := w.NewRecovery(w.as(t, a), p.code(t, 0), address)
	if err != nil || len(fresh) != recoveryCodes {
		t.Fatal(err)
	}
	if _, err := w.Prove(w.ctx, a.ID, codes[0], address); !errs.Is(err, errs.Invalid) {
		t.Errorf("a code of the old ten: %v", err)
	}
	w.at = w.at.Add(time.Hour)
	if _, err := w.Prove(w.ctx, a.ID, fresh[0], address); err != nil {
		t.Errorf("a code of the new ten: %v", err)
	}
	if n := w.acts(t, "account.second", true); n < 8 {
		t.Errorf("%d refused codes in the log", n)
	}
}

// R189: guesses of codes wait longer and longer, right codes wait with them, and nobody else does.
func TestCodesAreThrottled(t *testing.T) {
	w := newWorld(t)
	a, b := w.add(t, "clerk", city, "work"), w.add(t, "other", city, "work")
	p, codes := w.enrol(t, a)
	q, _ := w.enrol(t, b)
	shut := 0
	for i := range 30 {
		_, err := w.Prove(w.ctx, a.ID, "2222-22222A", "192.0.2.77:1")
		if errs.Is(err, errs.Throttled) {
			shut = i
			break
		}
	}
	if shut != 5 {
		t.Fatalf("shut after %d guesses, want 5", shut)
	}
	for _, right := range []string{p.code(t, 0), codes[0]} {
		if _, err := w.Prove(w.ctx, a.ID, right, "198.51.100.1:1"); !errs.Is(err, errs.Throttled) {
			t.Errorf("a right code from elsewhere slipped through the wait: %v", err)
		}
	}
	if _, err := w.Prove(w.ctx, b.ID, q.code(t, 0), "192.0.2.77:1"); err != nil {
		t.Errorf("another account behind the address: %v", err)
	}
	w.at = w.at.Add(20 * time.Minute)
	if _, err := w.Prove(w.ctx, a.ID, p.code(t, 0), "192.0.2.77:1"); err != nil {
		t.Errorf("after the wait: %v", err)
	}
	// one address, many accounts
	n := 0
	for i := range 20 {
		c := w.add(t, "name"+string(rune('a'+i)), city, "")
		if _, err := w.Prove(w.ctx, c.ID, "123456", "192.0.2.78:1"); errs.Is(err, errs.Throttled) {
			break
		}
		n++
	}
	if n != 10 {
		t.Errorf("an address was shut after %d accounts, want 10", n)
	}
	// the password that is asked for again is counted, too
	w.at = w.at.Add(time.Hour)
	ctx := w.as(t, a)
	for range 5 {
		if _, err := w.DropTOTP(ctx, "not the password", p.code(t, 0), address); !errs.Is(err, errs.Invalid) {
			t.Fatal(err)
		}
	}
	if _, err := w.DropTOTP(ctx, goodPassword, p.code(t, 0), address); !errs.Is(err, errs.Throttled) {
		t.Errorf("the sixth password: %v", err)
	}
	if _, err := w.SignIn(w.ctx, "clerk", goodPassword, "203.0.113.1:1"); err != nil {
		t.Errorf("guesses inside shut the door: %v", err)
	}
}

// Taking it off needs the password and a code; recovery codes go with the last factor.
func TestSecondFactorIsTakenOff(t *testing.T) {
	w := newWorld(t)
	a := w.add(t, "clerk", city, "work")
	p, codes := w.enrol(t, a)
	ctx := w.as(t, a)
	if _, err := w.DropTOTP(ctx, goodPassword, "000000", address); !errs.Is(err, errs.Invalid) {
		t.Errorf("without a code: %v", err)
	}
	if _, err := w.DropTOTP(ctx, "not the password", p.code(t, 0), address); !errs.Is(err, errs.Invalid) {
		t.Errorf("without the password: %v", err)
	}
	if f, _ := w.factors(ctx, a.ID); !f.TOTP {
		t.Fatal("gone all the same")
	}
	was, _ := w.byIDAcrossUnits(ctx, a.ID)
	got, err := w.DropTOTP(ctx, goodPassword, codes[0], address)
	if err != nil || got.Epoch == was.Epoch {
		t.Fatalf("%v; sessions elsewhere must end", err)
	}
	f, err := w.factors(ctx, a.ID)
	n, _ := db.Get[int64](ctx, w.db, `SELECT COUNT(*) FROM account_recovery`)
	if err != nil || f.Any() || n != 0 {
		t.Errorf("%+v and %d recovery codes are left, %v", f, n, err)
	}
	if _, err := w.Prove(ctx, a.ID, codes[1], address); !errs.Is(err, errs.Invalid) {
		t.Errorf("a recovery code without a factor: %v", err)
	}
}

// R189: an administrator resets a lost factor with a reason, never the own one and never outside the own range; the owner
// is told at the next sign-in until it was read.
func TestSecondFactorIsReset(t *testing.T) {
	w := newWorld(t)
	chief, a, far := w.add(t, "chief", city, "admin"), w.add(t, "clerk", county, "work"), w.add(t, "far", otherCity, "work")
	w.enrol(t, a)
	w.enrol(t, far)
	w.enrol(t, chief)
	ctx := w.as(t, chief)
	for _, c := range []struct {
		who    Account
		reason string
		kind   errs.Kind
	}{{a, "", errs.Invalid}, {a, "  ", errs.Invalid}, {a, strings.Repeat("长", 201), errs.Invalid}, {chief, "丢了", errs.Conflict}, {far, "丢了", errs.NotFound}} {
		if err := w.ResetSecond(ctx, c.who.ID, c.reason); !errs.Is(err, c.kind) {
			t.Errorf("%s %q: %v", c.who.Login, c.reason, err)
		}
	}
	if err := w.ResetSecond(w.as(t, a), a.ID, "丢了"); err == nil {
		t.Error("a clerk reset something")
	}
	if err := w.ResetSecond(ctx, a.ID, "手机丢失，已当面核实"); err != nil {
		t.Fatal(err)
	}
	if err := w.ResetSecond(ctx, a.ID, "再来一次"); !errs.Is(err, errs.Conflict) {
		t.Errorf("nothing to reset: %v", err)
	}
	rows, err := w.log.List(w.ctx, audit.Filter{Act: "account.second_reset"})
	if err != nil || len(rows) != 2 || !slices.ContainsFunc(rows, func(r audit.Row) bool { return r.Note == "手机丢失，已当面核实" && r.Actor == chief.ID }) {
		t.Errorf("%d rows of the log, %v: the one outside the range and the reset", len(rows), err)
	}
	b := newBrowser(t, w.site(t))
	res, _ := b.signIn("clerk", goodPassword, "/somewhere")
	if to := res.Header.Get("Location"); to != "/me" {
		t.Errorf("led to %q", to)
	}
	_, page := b.do("GET", "/me", nil)
	doc := testkit.HTML(t, page)
	doc.MustHave("main", "人chief在")
	doc.MustHave("main", "手机丢失，已当面核实")
	if res, _ := b.do("POST", "/me/second/read", url.Values{}); res.Header.Get("Location") != mySecondPath {
		t.Errorf("%d", res.StatusCode)
	}
	_, page = b.do("GET", "/me", nil)
	testkit.HTML(t, page).MustNotContain("告诉账号管理员")
}

// An administrator who resets password and second factor of somebody, signs in as them and reads the note away leaves it standing where the owner
// looks; one's own acts do not stand there, and nobody else's account does.
func TestTheOwnerSeesWhatOthersDid(t *testing.T) {
	w := newWorld(t)
	chief, a, other := w.add(t, "chief", city, "admin"), w.add(t, "clerk", county, "work"), w.add(t, "other", county, "work")
	w.enrol(t, a)
	srv := w.site(t)
	ctx := w.as(t, chief)
	if _, err := w.Reset(ctx, other.ID); err != nil {
		t.Fatal(err)
	}
	code, err := w.Reset(ctx, a.ID)
	if err != nil {
		t.Fatal(err)
	}
	if err := w.ResetSecond(ctx, a.ID, "说是手机丢了"); err != nil {
		t.Fatal(err)
	}
	b := newBrowser(t, srv) // as the owner
	b.do("POST", "/invite", url.Values{"code": {code}, "password": {goodPassword + "2"}})
	b.do("POST", "/me/second/read", url.Values{})
	_, page := b.do("GET", "/me", nil)
	rows := testkit.HTML(t, page).All("#others tbody tr")
	if len(rows) != 2 {
		t.Fatalf("%d rows, want the password and the second factor", len(rows))
	}
	for _, word := range []string{"人chief", "说是手机丢了", "重发一次性登录码", "重置二次验证"} {
		testkit.HTML(t, page).MustHave("#others", word)
	}
	own := newBrowser(t, srv)
	own.signIn("chief", goodPassword, "/")
	_, page = own.do("GET", "/me", nil)
	if len(testkit.HTML(t, page).All("#others")) != 0 {
		t.Error("whoever nobody did anything to is shown something")
	}
}

// What is sealed asks for a second factor where the operator says so, a working day long; jobs and the command line are
// not asked.
func TestStrong(t *testing.T) {
	w := newWorld(t)
	a := w.add(t, "clerk", city, "work")
	ctx := w.as(t, a)
	at := func(ago time.Duration) context.Context {
		actor := scope.From(ctx)
		actor.Factor = w.at.Add(-ago).UnixMilli()
		return scope.With(ctx, actor)
	}
	if err := w.Strong(ctx, StrongFor); err != nil {
		t.Errorf("switched off: %v", err)
	}
	if err := w.SetRules(ctx, Rules{Strong: true}); !errs.Is(err, errs.Forbidden) {
		t.Errorf("a clerk sets rules: %v", err)
	}
	if err := w.SetRules(w.ctx, Rules{Strong: true}); err != nil {
		t.Fatal(err)
	}
	for what, c := range map[string]struct {
		ctx context.Context
		ok  bool
	}{"never": {ctx, false}, "just now": {at(0), true}, "twelve hours ago": {at(StrongFor), true}, "longer ago": {at(StrongFor + time.Second), false},
		"the operator": {w.ctx, true}, "nobody": {scope.With(w.ctx, scope.Actor{}), false}} {
		if err := w.Strong(c.ctx, StrongFor); (err == nil) != c.ok || err != nil && !errs.Is(err, errs.StepUp) {
			t.Errorf("%s: %v", what, err)
		}
	}
	if w.acts(t, "account.rules", false) != 1 || w.acts(t, "account.rules", true) != 1 {
		t.Error("the log does not hold both")
	}
}

// strict serves the module's pages with one more that asks for a second factor, as app's do.
func (w *world) strict(t *testing.T, got *url.Values) *browser {
	t.Helper()
	sealed := func(rw http.ResponseWriter, r *http.Request) error {
		if err := w.Strong(r.Context(), StrongFor); err != nil {
			return err
		}
		f, err := web.ReadForm(rw, r)
		if err != nil {
			return err
		}
		*got = f.Values
		_, err = rw.Write([]byte("opened"))
		return err
	}
	srv := w.siteWith(t, func(s *web.Site) {
		fail := s.Fail
		s.Fail = func(rw http.ResponseWriter, r *http.Request, err error) {
			if errs.Is(err, errs.StepUp) {
				if r.Method == http.MethodGet {
					http.Redirect(rw, r, secondPath+"?next="+url.QueryEscape(r.URL.RequestURI()), http.StatusSeeOther)
					return
				}
				if ok, _ := w.AskAgain(rw, r); ok {
					return
				}
			}
			fail(rw, r, err)
		}
		s.Add(web.Route{Method: "GET", Path: "/sealed", Right: scope.SignedIn, Scope: web.Self, Name: "x", Handler: sealed},
			web.Route{Method: "POST", Path: "/sealed", Right: scope.SignedIn, Scope: web.Self, Name: "x", Handler: sealed})
	})
	return newBrowser(t, srv)
}

// The way of somebody who has never heard of it: a page that needs it, three steps, and back to the page.
func TestTheWayToAPageThatNeedsIt(t *testing.T) {
	w := newWorld(t)
	w.SetSecrets(locks{})
	w.add(t, "clerk", city, "work")
	if err := w.SetRules(w.ctx, Rules{Strong: true}); err != nil {
		t.Fatal(err)
	}
	var got url.Values
	b := w.strict(t, &got)
	b.signIn("clerk", goodPassword, "/")
	other := newBrowser(t, w.site(t))
	other.signIn("clerk", goodPassword, "/")
	res, _ := b.do("GET", "/sealed?x=1", nil)
	to := res.Header.Get("Location")
	if to != secondPath+"?next=%2Fsealed%3Fx%3D1" {
		t.Fatalf("led to %q", to)
	}
	_, page := b.do("GET", to, nil)
	doc := testkit.HTML(t, page)
	doc.MustHave("main", "在手机上装一个“身份验证器”")
	href := doc.One("a.btn:not(.alt)").Attr("href")
	if href != mySecondPath+"?next=%2Fsealed%3Fx%3D1" {
		t.Fatalf("set up at %q", href)
	}
	_, page = b.do("GET", href, nil)
	if next := testkit.HTML(t, page).One(`#totp input[name=next]`).Attr("value"); next != "/sealed?x=1" {
		t.Fatalf("next %q", next)
	}
	_, page = b.do("POST", mySecondPath+"/totp", url.Values{"old": {"wrong"}, "next": {"/sealed?x=1"}})
	testkit.HTML(t, page).MustHave("#totp", "现在的密码不对")
	res, _ = b.do("POST", mySecondPath+"/totp", url.Values{"old": {goodPassword}, "next": {"/sealed?x=1"}})
	_, page = b.do("GET", res.Header.Get("Location"), nil)
	doc = testkit.HTML(t, page)
	doc.One("svg.qr")
	p := &phone{w, strings.ReplaceAll(doc.Text("p.digits"), " ", "")}
	_, page = b.do("POST", mySecondPath+"/totp/confirm", url.Values{"code": {"1"}, "next": {"/sealed?x=1"}})
	testkit.HTML(t, page).MustHave("main", "这个验证码不对")
	_, page = b.do("POST", mySecondPath+"/totp/confirm", url.Values{"code": {p.code(t, 0)}, "next": {"/sealed?x=1"}})
	doc = testkit.HTML(t, page)
	if n := len(doc.All("ol.digits li")); n != recoveryCodes {
		t.Fatalf("%d recovery codes", n)
	}
	code := doc.Text("ol.digits li")
	if href := doc.One("main a.btn").Attr("href"); href != "/sealed?x=1" {
		t.Errorf("then to %q", href)
	}
	if _, page := b.do("GET", "/sealed?x=1", nil); page != "opened" {
		t.Errorf("not opened: %s", page)
	}
	if res, _ := b.do("POST", mySecondPath+"/totp/confirm", url.Values{"code": {p.code(t, 0)}}); res.StatusCode != http.StatusSeeOther {
		t.Errorf("sent twice: %d", res.StatusCode)
	}
	if res, _ := other.do("GET", "/me", nil); res.StatusCode == 200 {
		t.Error("another browser is still signed in")
	}

	// from now on the second step comes with the password, and opens nothing before
	res, _ = other.signIn("clerk", goodPassword, "/me")
	if to := res.Header.Get("Location"); to != secondPath+"?next=%2Fme" {
		t.Fatalf("led to %q", to)
	}
	if res, _ := other.do("GET", "/me", nil); res.StatusCode == 200 {
		t.Error("the password alone opens")
	}
	w.at = w.at.Add(time.Minute)
	_, page = other.do("POST", secondPath, url.Values{"code": {"000000"}, "next": {"/me"}})
	testkit.HTML(t, page).MustHave("main", "这个验证码不对")
	if res, _ := other.do("POST", secondPath, url.Values{"code": {p.code(t, 0)}, "next": {"//evil.example"}}); res.Header.Get("Location") != "/" {
		t.Errorf("led to %q", res.Header.Get("Location"))
	}
	if res, _ := other.do("GET", "/me", nil); res.StatusCode != 200 {
		t.Error("not signed in after both steps")
	}
	// whoever waits too long begins again
	third := newBrowser(t, w.site(t))
	third.signIn("clerk", goodPassword, "/")
	w.at = w.at.Add(secondLife + time.Second)
	_, page = third.do("POST", secondPath, url.Values{"code": {code}, "next": {"/me"}})
	doc = testkit.HTML(t, page)
	doc.MustHave("main", "隔得太久")
	if next := doc.One(`form[action="/login"] input[name=next]`).Attr("value"); next != "/me" {
		t.Errorf("then to %q", next)
	}
	// a slip with a one-time code does not replace it either
	a, _ := w.byLoginAcrossUnits(w.ctx, "clerk")
	slip, err := w.Reset(w.ctx, a.ID)
	if err != nil {
		t.Fatal(err)
	}
	if res, _ := third.do("POST", "/invite", url.Values{"code": {slip}, "password": {"另一个好密码 1"}}); !strings.HasPrefix(res.Header.Get("Location"), secondPath) {
		t.Errorf("a slip led to %q", res.Header.Get("Location"))
	}
	if res, _ := third.do("POST", secondPath, url.Values{"code": {code}}); res.Header.Get("Location") != "/" {
		t.Errorf("a recovery code led to %q", res.Header.Get("Location"))
	}
}

// A form that comes while the proof is too old keeps what was written, and is sent after the step.
func TestAFormWaitsForTheSecondStep(t *testing.T) {
	w := newWorld(t)
	a := w.add(t, "clerk", city, "work")
	p, _ := w.enrol(t, a)
	if err := w.SetRules(w.ctx, Rules{Strong: true}); err != nil {
		t.Fatal(err)
	}
	var got url.Values
	b := w.strict(t, &got)
	b.signIn("clerk", goodPassword, "/")
	b.do("POST", secondPath, url.Values{"code": {p.code(t, 0)}})
	if _, page := b.do("GET", "/sealed", nil); page != "opened" {
		t.Fatal("not opened")
	}
	for range 3 { // the session is used meanwhile
		w.at = w.at.Add(5 * time.Hour)
		b.do("GET", "/me", nil)
	}
	form := url.Values{"_key": {"k7"}, "name": {"小明<b>", "小红"}, "next": {"/evil"}, "code": {"7"}}
	res, page := b.do("POST", "/sealed?y=2", form)
	if res.StatusCode != http.StatusForbidden || got.Get("_key") != "" {
		t.Fatalf("%d, %v", res.StatusCode, got)
	}
	doc := testkit.HTML(t, page)
	doc.MustHave("main", "您刚才写的都还在")
	carried := func(doc testkit.Doc) url.Values {
		out := url.Values{}
		for _, in := range doc.All("main form.form input[type=hidden]") {
			out.Add(in.Attr("name"), in.Attr("value"))
		}
		return out
	}
	step := carried(doc)
	step.Set("code", "000000")
	_, page = b.do("POST", secondPath, step)
	step = carried(testkit.HTML(t, page)) // a wrong code loses nothing
	step.Set("code", p.code(t, 0))
	_, page = b.do("POST", secondPath, step)
	doc = testkit.HTML(t, page)
	if action := doc.One("main form.form").Attr("action"); action != "/sealed?y=2" {
		t.Fatalf("goes to %q", action)
	}
	if _, page := b.do("POST", "/sealed?y=2", carried(doc)); page != "opened" {
		t.Errorf("not taken: %s", page)
	}
	if got.Encode() != form.Encode() {
		t.Errorf("%v arrived, %v was written", got, form)
	}
}

// A session shows from which device it is, and can be ended alone, with all others, or by the administrator; an ended one
// does not come back with an answer that was on its way.
func TestSessionsAreListedAndEnded(t *testing.T) {
	w := newWorld(t)
	w.add(t, "chief", city, "admin")
	a := w.add(t, "clerk", county, "work")
	srv := w.site(t)
	here, phoneB, third, chief := newBrowser(t, srv), newBrowser(t, srv), newBrowser(t, srv), newBrowser(t, srv)
	in := func(b *browser, agent string) {
		b.do("POST", "/login", url.Values{"name": {"clerk"}, "password": {goodPassword}}, "User-Agent", agent)
	}
	in(here, "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Safari/537.36 Edg/126.0")
	in(phoneB, "Mozilla/5.0 (Linux; Android 13; V2048A) AppleWebKit/537.36 Chrome/116.0 Mobile Safari/537.36 MicroMessenger/8.0.42")
	in(third, strings.Repeat("<script>", 500))
	_, page := here.do("GET", "/me", nil)
	doc := testkit.HTML(t, page)
	doc.MustHave("#sessions", "Windows电脑 · Edge")
	doc.MustHave("#sessions", "安卓手机 · 微信")
	doc.MustHave("#sessions", "其他设备")
	doc.MustHave("#sessions", "就是这一台")
	doc.MustNotContain("127.0.0.1")
	rows, err := w.sessionsOf(w.ctx, a.ID)
	if err != nil || len(rows) != 3 {
		t.Fatalf("%d sessions, %v", len(rows), err)
	}
	var name string
	for _, r := range rows {
		if r.Device == "android wechat" {
			name = r.Token
		}
	}
	chief.signIn("chief", goodPassword, "/")
	chief.do("POST", "/me/sessions/end", url.Values{"session": {name}}) // not chief's
	if res, _ := phoneB.do("GET", "/me", nil); res.StatusCode != 200 {
		t.Error("somebody else ended a session by its name")
	}
	_, ok, err := (&sessionStore{w.db}).FindCtx(w.ctx, phoneB.token())
	if err != nil || !ok {
		t.Fatal(err)
	}
	here.do("POST", "/me/sessions/end", url.Values{"session": {name}})
	for b, want := range map[*browser]bool{here: true, phoneB: false, third: true} {
		if res, _ := b.do("GET", "/me", nil); (res.StatusCode == 200) != want {
			t.Errorf("open is %v, want %v", res.StatusCode == 200, want)
		}
	}
	stale, err := w.doors.plain.Codec.Encode(time.Now().Add(time.Hour), map[string]any{sessionAccount: int64(a.ID), sessionStarted: time.Now().Add(-time.Hour).UnixMilli()})
	if err != nil {
		t.Fatal(err)
	}
	if err := (&sessionStore{w.db}).CommitCtx(w.ctx, phoneB.token(), stale, time.Now().Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	if _, ok, _ := (&sessionStore{w.db}).FindCtx(w.ctx, phoneB.token()); ok {
		t.Error("an ended session came back")
	}
	path := "/account/" + a.ID.String()
	_, page = chief.do("GET", path, nil)
	testkit.HTML(t, page).MustHave("#sessions", "Windows电脑 · Edge")
	if res, _ := chief.do("POST", path+"/sessions", url.Values{"_key": {"e1"}}); res.StatusCode != http.StatusSeeOther {
		t.Fatalf("%d", res.StatusCode)
	}
	for _, b := range []*browser{here, third} {
		if res, _ := b.do("GET", "/me", nil); res.StatusCode == 200 {
			t.Error("open after the administrator ended all")
		}
	}
	if w.acts(t, "account.end_session", false) != 1 || w.acts(t, "account.end_sessions", false) != 1 {
		t.Error("the log does not hold both")
	}
}

func TestPlaceOf(t *testing.T) {
	for addr, want := range map[string]string{"198.51.100.9:80": "198.51.*.*", "127.0.0.1:1": "here", "[::1]:1": "here", "[2001:db8:1:2::7]:1": "2001:db8:*", "": "", "x": ""} {
		if got := placeOf(addr); got != want {
			t.Errorf("%s is %q, want %q", addr, got, want)
		}
	}
}

// R189: on a device where the owner was signed in before, nobody else's guesses keep the owner out, and guesses there are
// counted there.
func TestKnownDevice(t *testing.T) {
	w := newWorld(t)
	w.conf.TrustProxy = true // the address of each is what its header says
	a := w.add(t, "clerk", city, "work")
	w.add(t, "other", city, "work")
	srv := w.site(t)
	home, stranger := newBrowser(t, srv), newBrowser(t, srv)
	try := func(b *browser, login, password, from string) int {
		t.Helper()
		res, _ := b.do("POST", "/login", url.Values{"name": {login}, "password": {password}}, "X-Forwarded-For", from)
		return res.StatusCode
	}
	const in, wrong, wait = http.StatusSeeOther, http.StatusUnprocessableEntity, http.StatusTooManyRequests
	if got := try(home, "clerk", goodPassword, "192.0.2.1"); got != in {
		t.Fatal(got)
	}
	home.do("POST", "/logout", url.Values{})
	for range 40 {
		try(stranger, "clerk", "guess", "203.0.113.5")
	}
	if got := try(stranger, "clerk", goodPassword, "203.0.113.6"); got != wait {
		t.Errorf("the name is not shut for strangers: %d", got)
	}
	// the owner, even behind the stranger's own address
	if got := try(home, "clerk", goodPassword, "203.0.113.5"); got != in {
		t.Errorf("the owner waits for somebody else's guesses: %d", got)
	}
	home.do("POST", "/logout", url.Values{})
	// the mark is of one account alone
	if got := try(home, "other", goodPassword, "203.0.113.5"); got != in && got != wait {
		t.Error(got)
	}
	for i := range 12 {
		if got := try(home, "clerk", "guess", "192.0.2.1"); i < 5 && got != wrong || i == 5 && got != wait {
			t.Errorf("guess %d on the known device: %d", i, got)
		}
	}
	w.at = w.at.Add(time.Hour)
	mark := ""
	for _, c := range home.c.Jar.Cookies(&url.URL{Scheme: "http", Host: strings.TrimPrefix(srv.URL, "http://"), Path: "/login"}) {
		if c.Name == marksCookie {
			mark = c.Value
		}
	}
	for _, forged := range []string{"", "x", mark[:len(mark)-1] + "0", strings.Repeat("a-b.", 2000), "-"} {
		if forged == mark {
			continue
		}
		if d, err := w.knownDevice(w.ctx, a, forged); err != nil || d != "" {
			t.Errorf("%.20q is known, %v", forged, err)
		}
	}
	if d, err := w.knownDevice(w.ctx, a, mark); err != nil || d == "" {
		t.Errorf("%q is not known, %v", mark, err)
	}
	if err := w.EndSessionsOf(w.ctx, a.ID); err != nil {
		t.Fatal(err)
	}
	a, _ = w.byIDAcrossUnits(w.ctx, a.ID)
	if d, _ := w.knownDevice(w.ctx, a, mark); d != "" {
		t.Error("known after all sessions were ended")
	}
}
