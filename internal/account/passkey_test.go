package account

import (
	"encoding/binary"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/descope/virtualwebauthn"

	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/testkit"
)

// fob is a browser with a key of its own, as a telephone has one.
type fob struct {
	*browser
	site virtualwebauthn.RelyingParty
	auth virtualwebauthn.Authenticator
	key  virtualwebauthn.Credential
}

func newFob(b *browser, a Account, host string) *fob {
	b.host = host
	name, _, _ := strings.Cut(host, ":")
	key := virtualwebauthn.NewCredential(virtualwebauthn.KeyTypeEC2)
	for len(key.Key.AttestationData()) != 77 { // one of 128: the library writes a coordinate that begins with a zero byte without it
		key = virtualwebauthn.NewCredential(virtualwebauthn.KeyTypeEC2)
	}
	f := &fob{browser: b, site: virtualwebauthn.RelyingParty{Name: "x", ID: name, Origin: "http://" + host}, key: key}
	f.auth = virtualwebauthn.NewAuthenticatorWithOptions(virtualwebauthn.AuthenticatorOptions{UserHandle: binary.BigEndian.AppendUint64(nil, uint64(a.ID))})
	f.auth.AddCredential(f.key)
	return f
}

// ask begins as the script does and answers what the server sent, or what it said.
func (f *fob) ask(path, body string) (string, int) {
	f.t.Helper()
	req, err := http.NewRequest("POST", f.base+path, strings.NewReader(body))
	if err != nil {
		f.t.Fatal(err)
	}
	req.Host = f.host
	req.Header.Set("Accept", "application/json")
	req.Header.Set("Content-Type", "application/json")
	res, err := f.c.Do(req)
	if err != nil {
		f.t.Fatal(err)
	}
	defer res.Body.Close()
	var raw json.RawMessage
	_ = json.NewDecoder(res.Body).Decode(&raw)
	return string(raw), res.StatusCode
}

// register makes the passkey and answers the page that follows.
func (f *fob) register() (*http.Response, string) {
	f.t.Helper()
	raw, status := f.ask(mySecondPath+"/passkey/begin", `{"old":"`+goodPassword+`"}`)
	if status != 200 {
		f.t.Fatalf("%d", status)
	}
	o, err := virtualwebauthn.ParseAttestationOptions(raw)
	if err != nil {
		f.t.Fatal(err)
	}
	return f.do("POST", mySecondPath+"/passkey", url.Values{"name": {"办公室电脑"}, "credential": {virtualwebauthn.CreateAttestationResponse(f.site, f.auth, f.key, *o)}})
}

// signed answers what the browser signs.
func (f *fob) signed() string {
	f.t.Helper()
	raw, status := f.ask("/login/passkey/begin", "{}")
	if status != 200 {
		f.t.Fatalf("%d", status)
	}
	o, err := virtualwebauthn.ParseAssertionOptions(raw)
	if err != nil {
		f.t.Fatal(err)
	}
	return virtualwebauthn.CreateAssertionResponse(f.site, f.auth, f.key, *o)
}

// R189: a passkey is made with the password, named and listed; it is the second step, or opens alone where the device has
// verified its user; what was signed opens once, at its own site, by its own account.
func TestPasskey(t *testing.T) {
	w := newWorld(t)
	w.SetSecrets(locks{})
	a := w.add(t, "clerk", city, "work")
	srv := w.site(t)
	f := newFob(newBrowser(t, srv), a, "localhost:8080")
	f.signIn("clerk", goodPassword, "/")
	if _, status := f.ask(mySecondPath+"/passkey/begin", `{"old":"wrong"}`); status != http.StatusUnprocessableEntity {
		t.Errorf("without the password: %d", status)
	}
	for _, hostile := range []string{"", "{}", "null", `{"id":"x"}`, strings.Repeat("[", 10000)} {
		_, page := f.do("POST", mySecondPath+"/passkey", url.Values{"name": {"x"}, "credential": {hostile}})
		testkit.HTML(t, page).MustHave("main", "这个通行密钥没有通过")
	}
	if _, page := f.register(); len(testkit.HTML(t, page).All("ol.digits li")) != recoveryCodes {
		t.Fatalf("no recovery codes with the first passkey: %s", page)
	}
	_, page := f.do("GET", mySecondPath, nil)
	doc := testkit.HTML(t, page)
	doc.MustHave("#passkeys", "办公室电脑")
	doc.MustHave("#passkeys", "localhost")
	if has, err := w.factors(w.ctx, a.ID); err != nil || len(has.Passkeys) != 1 || has.Left != recoveryCodes {
		t.Fatalf("%+v, %v", has, err)
	}
	f.do("POST", "/logout", url.Values{})

	// alone
	sig := f.signed()
	res, _ := f.do("POST", "/login/passkey", url.Values{"credential": {sig}, "next": {"/me"}})
	if res.Header.Get("Location") != "/me" {
		t.Fatalf("alone: %d %s", res.StatusCode, res.Header.Get("Location"))
	}
	if res, _ := f.do("GET", "/me", nil); res.StatusCode != 200 {
		t.Error("not signed in")
	}
	f.do("POST", "/logout", url.Values{})
	if res, _ := f.do("POST", "/login/passkey", url.Values{"credential": {sig}}); res.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("what was signed opened twice: %d", res.StatusCode)
	}
	f.auth.Options.UserNotVerified = true
	if res, _ := f.do("POST", "/login/passkey", url.Values{"credential": {f.signed()}}); res.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("alone without verifying its user: %d", res.StatusCode)
	}
	// after the password it is enough to have it
	res, _ = f.signIn("clerk", goodPassword, "/me")
	_, page = f.do("GET", res.Header.Get("Location"), nil)
	testkit.HTML(t, page).One("[data-passkey]")
	if res, _ := f.do("POST", secondPath, url.Values{"credential": {f.signed()}, "next": {"/me"}}); res.Header.Get("Location") != "/me" {
		t.Errorf("as the second step: %d", res.StatusCode)
	}
	f.do("POST", "/logout", url.Values{})

	// another account's key is no second step
	other := w.add(t, "other", city, "work")
	g := newFob(newBrowser(t, srv), other, "localhost:8080")
	g.signIn("other", goodPassword, "/")
	g.register()
	f.signIn("clerk", goodPassword, "/me")
	raw, _ := f.ask("/login/passkey/begin", "{}")
	o, _ := virtualwebauthn.ParseAssertionOptions(raw)
	foreign := virtualwebauthn.CreateAssertionResponse(g.site, g.auth, g.key, *o)
	if res, _ := f.do("POST", secondPath, url.Values{"credential": {foreign}}); res.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("another account's passkey: %d", res.StatusCode)
	}
	// nor is what was signed for another site
	raw, _ = f.ask("/login/passkey/begin", "{}")
	o, _ = virtualwebauthn.ParseAssertionOptions(raw)
	phished := f.site
	phished.Origin = "http://evil.example"
	if res, _ := f.do("POST", secondPath, url.Values{"credential": {virtualwebauthn.CreateAssertionResponse(phished, f.auth, f.key, *o)}}); res.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("signed for another site: %d", res.StatusCode)
	}
	if n := w.acts(t, "account.second", true); n != 2 {
		t.Errorf("%d refused in the log, want 2", n)
	}
	// a disabled account
	w.at = w.at.Add(time.Hour)
	if err := w.Disable(w.ctx, a.ID, ""); err != nil {
		t.Fatal(err)
	}
	f.auth.Options.UserNotVerified = false
	f.do("POST", "/logout", url.Values{})
	if res, _ := f.do("POST", "/login/passkey", url.Values{"credential": {f.signed()}}); res.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("a disabled account: %d", res.StatusCode)
	}
}

// A counter that does not rise tells of a copy: it opens nothing, and the log says so.
func TestACopiedPasskey(t *testing.T) {
	w := newWorld(t)
	w.SetSecrets(locks{})
	a := w.add(t, "clerk", city, "work")
	f := newFob(newBrowser(t, w.site(t)), a, "localhost:8080")
	f.signIn("clerk", goodPassword, "/")
	f.key.Counter = 5
	f.register()
	for _, c := range []struct {
		counter uint32
		status  int
	}{{6, http.StatusSeeOther}, {6, http.StatusUnprocessableEntity}, {3, http.StatusUnprocessableEntity}, {9, http.StatusSeeOther}} {
		f.do("POST", "/logout", url.Values{})
		f.key.Counter = c.counter
		res, page := f.do("POST", "/login/passkey", url.Values{"credential": {f.signed()}})
		if res.StatusCode != c.status {
			t.Errorf("counter %d: %d", c.counter, res.StatusCode)
		}
		if c.status != http.StatusSeeOther {
			testkit.HTML(t, page).MustHave("main", "可能被人复制过")
		}
	}
	if n := w.acts(t, "account.passkey_clone", true); n != 2 {
		t.Errorf("%d rows about a copy, want 2", n)
	}
}

// Removing one needs the password and a code; the last one takes the recovery codes along.
func TestAPasskeyIsRemoved(t *testing.T) {
	w := newWorld(t)
	w.SetSecrets(locks{})
	a := w.add(t, "clerk", city, "work")
	f := newFob(newBrowser(t, w.site(t)), a, "localhost:8080")
	f.signIn("clerk", goodPassword, "/")
	_, page := f.register()
	codes := testkit.HTML(t, page).Texts("ol.digits li")
	has, _ := w.factors(w.ctx, a.ID)
	key := has.Passkeys[0].ID.String()
	_, page = f.do("POST", mySecondPath+"/passkey/off", url.Values{"passkey": {key}, "old": {goodPassword}, "code": {"2222-222222"}})
	testkit.HTML(t, page).MustHave("#passkeys", "这个验证码不对")
	_, page = f.do("POST", mySecondPath+"/passkey/off", url.Values{"passkey": {"x"}, "old": {goodPassword}, "code": {codes[0]}})
	testkit.HTML(t, page).MustHave("main", "选一个通行密钥")
	if res, _ := f.do("POST", mySecondPath+"/passkey/off", url.Values{"passkey": {key}, "old": {goodPassword}, "code": {codes[0]}}); res.StatusCode != http.StatusSeeOther {
		t.Fatalf("%d", res.StatusCode)
	}
	if has, _ := w.factors(w.ctx, a.ID); has.Any() || has.Left != 0 {
		t.Errorf("%+v is left", has)
	}
	if res, _ := f.do("GET", "/me", nil); res.StatusCode != 200 {
		t.Error("signed out oneself")
	}
}

// A passkey gets another name, its owner's alone; the list says when it was used last.
func TestAPasskeyIsRenamed(t *testing.T) {
	w := newWorld(t)
	w.SetSecrets(locks{})
	srv := w.site(t)
	a, other := w.add(t, "clerk", city, "work"), w.add(t, "other", city, "work")
	f, g := newFob(newBrowser(t, srv), a, "localhost:8080"), newFob(newBrowser(t, srv), other, "localhost:8080")
	f.signIn("clerk", goodPassword, "/")
	f.register()
	g.signIn("other", goodPassword, "/")
	has, _ := w.factors(w.ctx, a.ID)
	key := has.Passkeys[0].ID.String()
	_, page := f.do("GET", mySecondPath, nil)
	testkit.HTML(t, page).MustHave("#passkeys .rows", "还没有用过")
	for _, c := range []struct {
		who       *fob
		key, name string
		says      string // "" when it is done
	}{
		{f, key, "", "起一个名字"}, {f, key, " ", "起一个名字"}, {f, key, strings.Repeat("长", 41), "起一个名字"}, {f, "x", "手机", "选一个通行密钥"}, {f, "1", "手机", "选一个通行密钥"},
		{g, key, "别人的", "选一个通行密钥"}, {f, key, " 我的手机 ", ""},
	} {
		res, page := c.who.do("POST", mySecondPath+"/passkey/name", url.Values{"_key": {id.New().String()}, "passkey": {c.key}, "name": {c.name}})
		if c.says == "" && res.StatusCode == http.StatusSeeOther {
			continue
		}
		if res.StatusCode != http.StatusUnprocessableEntity {
			t.Errorf("%+v: %d", c, res.StatusCode)
			continue
		}
		testkit.HTML(t, page).MustHave("main", c.says)
	}
	if n := w.acts(t, "account.passkey_named", false); n != 1 {
		t.Errorf("%d rows of the log", n)
	}
	f.do("POST", "/logout", url.Values{})
	if res, _ := f.do("POST", "/login/passkey", url.Values{"credential": {f.signed()}}); res.StatusCode != http.StatusSeeOther {
		t.Fatalf("with another name it opens no more: %d", res.StatusCode)
	}
	_, page = f.do("GET", mySecondPath, nil)
	doc := testkit.HTML(t, page)
	doc.MustHave("#passkeys .rows", "我的手机")
	if text := doc.One("#passkeys .rows").Content(); strings.Contains(text, "还没有用过") {
		t.Errorf("used, and the list says: %s", text)
	}
}

// Where a passkey cannot work the page says why, in plain words.
func TestWherePasskeysWork(t *testing.T) {
	w := newWorld(t)
	w.conf.TrustProxy = true
	for _, c := range []struct {
		address, host, proto, key, name, origin string
	}{
		{"", "localhost:8080", "", "", "localhost", "http://localhost:8080"},
		{"", "xinhuo.example.org", "https", "", "xinhuo.example.org", "https://xinhuo.example.org"},
		{"", "XINHUO.example.org:8443", "https", "", "xinhuo.example.org", "https://xinhuo.example.org:8443"},
		{"", "xinhuo.example.org", "", "account.passkey_plain", "", ""},
		{"", "192.168.1.5:8080", "", "account.passkey_plain", "", ""},
		{"", "192.168.1.5", "https", "account.passkey_ip", "", ""},
		{"", "127.0.0.1:8080", "", "account.passkey_localhost", "", ""},
		{"", "[::1]:8080", "", "account.passkey_localhost", "", ""},
		{"https://xinhuo.example.org", "xinhuo.example.org", "", "", "xinhuo.example.org", "https://xinhuo.example.org"},
		{"https://xinhuo.example.org", "evil.example", "https", "account.passkey_elsewhere", "", ""},
	} {
		r, _ := http.NewRequest("GET", "/", nil)
		r.Host = c.host
		r.Header.Set("X-Forwarded-Proto", c.proto)
		w.conf.Address = c.address
		got, err := w.Service.site(r)
		if c.key == "" && (err != nil || got != Site{c.name, c.origin}) || c.key != "" && (!errs.Is(err, errs.Conflict) || err.Error() != c.key) {
			t.Errorf("%s %s %s: %v, %v", c.address, c.proto, c.host, got, err)
		}
	}
}

// An open browser alone makes no passkey: what was asked for to open with one that is there, which needs no password, does not do for making
// another one.
func TestWhatOpensMakesNoPasskey(t *testing.T) {
	w := newWorld(t)
	w.SetSecrets(locks{})
	a := w.add(t, "clerk", city, "work")
	f := newFob(newBrowser(t, w.site(t)), a, "localhost:8080")
	f.signIn("clerk", goodPassword, "/")
	f.register()
	raw, status := f.ask("/login/passkey/begin", "{}") // signed in, and never asked for the password
	if status != http.StatusOK {
		t.Fatal(status)
	}
	o, err := virtualwebauthn.ParseAssertionOptions(raw)
	if err != nil {
		t.Fatal(err)
	}
	mine := newFob(f.browser, a, "localhost:8080")
	f.do("POST", mySecondPath+"/passkey", url.Values{"name": {"别人的"}, "credential": {virtualwebauthn.CreateAttestationResponse(mine.site, mine.auth, mine.key, virtualwebauthn.AttestationOptions{Challenge: o.Challenge})}})
	if has, err := w.factors(w.ctx, a.ID); err != nil || len(has.Passkeys) != 1 {
		t.Fatalf("%d passkeys, %v: somebody at an open browser made one of their own", len(has.Passkeys), err)
	}
}

// Asking for what a passkey is to sign is slowed like guessing: somebody without an account does not fill the table of sessions. Whoever opens
// with a passkey meanwhile is not counted, and passwords are not shut by it.
func TestAskingForAPasskeyIsThrottled(t *testing.T) {
	w := newWorld(t)
	w.SetSecrets(locks{})
	a := w.add(t, "clerk", city, "work")
	srv := w.site(t)
	f := newFob(newBrowser(t, srv), a, "localhost:8080")
	f.signIn("clerk", goodPassword, "/")
	f.register()
	for range 2 * askGate("").free {
		f.do("POST", "/logout", url.Values{})
		if res, _ := f.do("POST", "/login/passkey", url.Values{"credential": {f.signed()}, "next": {"/me"}}); res.Header.Get("Location") != "/me" {
			t.Fatalf("who opens is slowed: %d", res.StatusCode)
		}
	}
	n := 0
	for ; n < 100; n++ {
		if _, status := newFob(newBrowser(t, srv), a, "localhost:8080").ask("/login/passkey/begin", "{}"); status == http.StatusTooManyRequests {
			break
		} else if status != http.StatusOK {
			t.Fatal(status)
		}
	}
	if int64(n) != askGate("").free {
		t.Errorf("%d asked before somebody had to wait, want %d", n, askGate("").free)
	}
	b := newBrowser(t, srv)
	if res, _ := b.signIn("clerk", goodPassword, "/"); res.StatusCode != http.StatusSeeOther {
		t.Errorf("a password is shut, too: %d", res.StatusCode)
	}
	w.at = w.at.Add(longWait)
	if _, status := f.ask("/login/passkey/begin", "{}"); status != http.StatusOK {
		t.Errorf("%d after waiting", status)
	}
}
