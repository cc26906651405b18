package account

import (
	"context"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/alexedwards/scs/v2"

	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
)

const (
	sessionAccount = "account"
	sessionEpoch   = "epoch"
	sessionStarted = "started"
	sessionSeen    = "seen"
	sessionDevice  = "device"
	sessionPlace   = "place"
	sessionFactor  = "factor" // when a second factor was proved
	// of whoever gave the right password and has the second step before them
	sessionPending = "pending"
	sessionAsked   = "asked"
	// what a passkey is to sign
	sessionCeremony = "ceremony"

	sessionLife = 7 * 24 * time.Hour
	sessionIdle = 12 * time.Hour
	// seenStep spares a write at every request: the last visit is kept to this precision.
	seenStep = 5 * time.Minute
)

// doors are the two ways in: browsers drop a __Host- or Secure cookie over plain http without a word, so there is one
// of each kind, over one store.
type doors struct {
	secure, plain *scs.SessionManager
}

func newDoors(store scs.CtxStore) doors {
	door := func(name string, secure bool) *scs.SessionManager {
		m := scs.New()
		m.Store = store
		m.Lifetime = sessionLife
		m.Cookie.Name = name
		m.Cookie.Secure = secure
		m.Cookie.HttpOnly = true
		m.Cookie.SameSite = http.SameSiteLaxMode
		m.Cookie.Path = "/"
		return m
	}
	return doors{secure: door("__Host-xinhuo", true), plain: door("xinhuo", false)}
}

// Protected tells whether the request came over https.
func (s *Service) Protected(r *http.Request) bool {
	return r.TLS != nil || s.conf.TrustProxy && r.Header.Get("X-Forwarded-Proto") == "https"
}

func (s *Service) door(r *http.Request) *scs.SessionManager {
	if s.Protected(r) {
		return s.doors.secure
	}
	return s.doors.plain
}

// Address is the network address that asks, as our proxy saw it where there is one.
func (s *Service) Address(r *http.Request) string { return s.address(r) }

// address is who asks, for the throttle.
func (s *Service) address(r *http.Request) string {
	if s.conf.TrustProxy {
		hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",") // some proxies add a line of their own below what was sent
		if last := strings.TrimSpace(hops[len(hops)-1]); last != "" {                     // the one that our proxy saw
			return last
		}
	}
	return r.RemoteAddr
}

// onThisMachine tells that the browser and the program share a machine, where nobody can listen in.
func onThisMachine(r *http.Request) bool {
	host := r.Host
	if h, _, err := net.SplitHostPort(host); err == nil {
		host = h
	}
	ip := net.ParseIP(strings.Trim(host, "[]"))
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

type visitKey struct{}

// visit is who asks, resolved once for each request.
type visit struct {
	account Account
	actor   scope.Actor
	err     error
}

// Sessions is the middleware that loads and saves sessions and resolves who acts; it stands inside the cross-origin
// check and outside the routes. Static files pass by it.
func (s *Service) Sessions(next http.Handler) http.Handler {
	inner := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		v := s.visit(r)
		r = r.WithContext(context.WithValue(r.Context(), visitKey{}, v))
		if v.account.MustChange != 0 && !openBeforeChange(r.URL.Path) {
			http.Redirect(w, r, "/me", http.StatusSeeOther)
			return
		}
		next.ServeHTTP(w, r)
	})
	secure, plain := s.doors.secure.LoadAndSave(inner), s.doors.plain.LoadAndSave(inner)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case strings.HasPrefix(r.URL.Path, "/static/"):
			next.ServeHTTP(w, r)
		case s.Protected(r):
			secure.ServeHTTP(w, r)
		default:
			plain.ServeHTTP(w, r)
		}
	})
}

func openBeforeChange(path string) bool {
	return path == "/me" || path == "/me/password" || path == "/logout" || path == "/view"
}

func (s *Service) visit(r *http.Request) visit {
	ctx, m := r.Context(), s.door(r)
	account, _ := m.Get(ctx, sessionAccount).(int64)
	if account == 0 {
		return visit{}
	}
	now := s.now().UnixMilli()
	seen := m.GetInt64(ctx, sessionSeen)
	if now-seen > sessionIdle.Milliseconds() {
		return visit{err: m.Destroy(ctx)}
	}
	a, err := s.byIDAcrossUnits(ctx, id.ID(account))
	if errs.Is(err, errs.NotFound) || err == nil && (a.Disabled() || a.Epoch != m.GetInt64(ctx, sessionEpoch)) {
		return visit{err: m.Destroy(ctx)}
	}
	if err != nil {
		return visit{err: err}
	}
	if now-seen > seenStep.Milliseconds() {
		m.Put(ctx, sessionSeen, now)
		m.Put(ctx, sessionPlace, placeOf(s.address(r)))
	}
	actor, err := s.actor(ctx, a)
	actor.Factor = m.GetInt64(ctx, sessionFactor)
	return visit{account: a, actor: actor, err: err}
}

// CurrentActor is who acts in a request, for the router.
func (s *Service) CurrentActor(r *http.Request) (scope.Actor, error) {
	v, _ := r.Context().Value(visitKey{}).(visit)
	return v.actor, v.err
}

// Current is the signed-in account of a request's context; ok is false when nobody is.
func Current(ctx context.Context) (a Account, ok bool) {
	v, _ := ctx.Value(visitKey{}).(visit)
	return v.account, v.account.ID != 0
}

// open begins a session with a new token, so that a token known to somebody else is worth nothing (fixation). factor is
// when a second factor was proved, 0 when none was.
func (s *Service) open(r *http.Request, a Account, factor int64) error {
	ctx, m := r.Context(), s.door(r)
	if err := m.RenewToken(ctx); err != nil {
		return err
	}
	if err := m.Clear(ctx); err != nil {
		return err
	}
	now := s.now().UnixMilli()
	m.Put(ctx, sessionAccount, int64(a.ID))
	m.Put(ctx, sessionEpoch, a.Epoch)
	m.Put(ctx, sessionStarted, now)
	m.Put(ctx, sessionSeen, now)
	m.Put(ctx, sessionDevice, deviceOf(r.UserAgent()))
	m.Put(ctx, sessionPlace, placeOf(s.address(r)))
	if factor != 0 {
		m.Put(ctx, sessionFactor, factor)
	}
	return nil
}

// reopen begins a new session in the place of one that was ended with all others; what was proved in it stays proved.
func (s *Service) reopen(r *http.Request, a Account) error {
	return s.open(r, a, scope.From(r.Context()).Factor)
}

// await begins a session that opens nothing but the second step, after the right password.
func (s *Service) await(r *http.Request, a Account) error {
	ctx, m := r.Context(), s.door(r)
	if err := m.RenewToken(ctx); err != nil {
		return err
	}
	if err := m.Clear(ctx); err != nil {
		return err
	}
	m.SetDeadline(ctx, time.Now().Add(secondLife)) // the store's clock, as for every session
	m.Put(ctx, sessionPending, int64(a.ID))
	m.Put(ctx, sessionEpoch, a.Epoch)
	m.Put(ctx, sessionAsked, s.now().UnixMilli())
	return nil
}

// awaited is the account that has the second step before it; ok is false when there is none, or it took too long.
func (s *Service) awaited(r *http.Request) (a Account, ok bool, err error) {
	ctx, m := r.Context(), s.door(r)
	account := m.GetInt64(ctx, sessionPending)
	if account == 0 || s.now().UnixMilli()-m.GetInt64(ctx, sessionAsked) > secondLife.Milliseconds() {
		return a, false, nil
	}
	a, err = s.byIDAcrossUnits(ctx, id.ID(account))
	if err != nil {
		return a, false, err
	}
	return a, !a.Disabled() && a.Epoch == m.GetInt64(ctx, sessionEpoch), nil
}

// Open begins a session for somebody whose password was checked in the same request, where that is not a form of this
// module: app signs in the first administrator of an empty program.
func (s *Service) Open(r *http.Request, a Account) error { return s.open(r, a, 0) }

const (
	marksCookie = "xinhuo_known"
	marksPath   = "/login"
)

// marks are what earlier sign-ins left in this browser.
func marks(r *http.Request) string {
	c, err := r.Cookie(marksCookie)
	if err != nil {
		return ""
	}
	return c.Value
}

// remember leaves a mark in the browser after a sign-in.
func (s *Service) remember(w http.ResponseWriter, r *http.Request, a Account) error {
	if !strings.HasPrefix(r.URL.Path, marksPath) { // elsewhere the browser does not show what it has: it would be lost
		return nil
	}
	v, err := s.mark(r.Context(), a, marks(r))
	if err != nil {
		return err
	}
	http.SetCookie(w, &http.Cookie{Name: marksCookie, Value: v, Path: marksPath, MaxAge: 180 * 24 * 3600, HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: s.Protected(r)})
	return nil
}

const settingsCookie = "xinhuo_view"

// SettingsOf is how the reader wants to see the pages: the account's choice, otherwise that of this browser.
func SettingsOf(r *http.Request) Settings {
	if a, ok := Current(r.Context()); ok && (a.Lang != "" || a.Size > Sizes[0] || a.Theme != "") {
		return Settings{a.Lang, a.Size, a.Theme}.clean()
	}
	var v Settings
	if c, err := r.Cookie(settingsCookie); err == nil {
		f := strings.Split(c.Value, ".")
		if len(f) == 3 {
			v.Lang, v.Theme = f[0], f[2]
			v.Size, _ = strconv.Atoi(f[1])
		}
	}
	return v.clean()
}

func (s *Service) keepSettings(w http.ResponseWriter, r *http.Request, v Settings) {
	http.SetCookie(w, &http.Cookie{Name: settingsCookie, Value: v.Lang + "." + strconv.Itoa(v.Size) + "." + v.Theme, Path: "/",
		MaxAge: 365 * 24 * 3600, HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: s.Protected(r)})
}
