package account

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/a-h/templ"

	"xinhuo/internal/audit"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/web"
	"xinhuo/internal/kit/web/ui"
)

// Routes are this module's addresses.
func (s *Service) Routes() []web.Route {
	return append(s.factorRoutes(), []web.Route{
		{Method: "GET", Path: "/login", Right: scope.Anyone, Scope: web.Public, Name: "account.login", Handler: s.loginForm},
		{Method: "POST", Path: "/login", Right: scope.Anyone, Scope: web.Public, Name: "account.signIn", Handler: s.signIn},
		{Method: "POST", Path: "/logout", Right: scope.Anyone, Scope: web.Public, Name: "account.signOut", Handler: s.signOut},
		{Method: "GET", Path: "/invite", Right: scope.Anyone, Scope: web.Public, Name: "account.inviteForm", Handler: s.inviteForm},
		{Method: "POST", Path: "/invite", Right: scope.Anyone, Scope: web.Public, Name: "account.accept", Handler: s.accept},
		{Method: "GET", Path: "/view", Right: scope.Anyone, Scope: web.Public, Name: "account.view", Handler: s.view},
		{Method: "GET", Path: "/me", Right: scope.SignedIn, Scope: web.Self, Name: "account.me", Handler: s.me},
		{Method: "POST", Path: "/me/password", Right: scope.SignedIn, Scope: web.Self, Name: "account.mePassword", Handler: s.mePassword},
		{Method: "POST", Path: "/me/settings", Right: scope.SignedIn, Scope: web.Self, Name: "account.meSettings", Handler: s.meSettings},
		{Method: "POST", Path: "/me/sessions", Right: scope.SignedIn, Scope: web.Self, Name: "account.meSessions", Handler: s.meSessions},
		{Method: "GET", Path: "/account", Right: scope.Admin, Scope: web.ByUnit, Name: "account.index", Handler: s.index},
		{Method: "GET", Path: "/account/new", Right: scope.Admin, Scope: web.ByUnit, Name: "account.newForm", Handler: s.newForm},
		{Method: "POST", Path: "/account/new", Right: scope.Admin, Scope: web.ByUnit, Name: "account.create", Handler: s.create},
		{Method: "GET", Path: "/account/invite", Right: scope.Admin, Scope: web.ByUnit, Name: "account.bulkForm", Handler: s.bulkForm},
		{Method: "GET", Path: "/account/invite/template", Right: scope.Admin, Scope: web.ByUnit, Name: "account.bulkTemplate", Handler: s.bulkTemplate},
		{Method: "POST", Path: "/account/invite", Right: scope.Admin, Scope: web.ByUnit, Name: "account.bulkPreview", Handler: s.bulkPreview},
		{Method: "POST", Path: "/account/invite/make", Right: scope.Admin, Scope: web.ByUnit, Name: "account.bulkMake", Handler: s.bulkMake},
		{Method: "GET", Path: "/account/{id}", Right: scope.Admin, Scope: web.ByRecord, Name: "account.show", Handler: s.show},
		{Method: "POST", Path: "/account/{id}/code", Right: scope.Admin, Scope: web.ByRecord, Name: "account.code", Handler: s.code},
		{Method: "POST", Path: "/account/{id}/disable", Right: scope.Admin, Scope: web.ByRecord, Name: "account.disable", Handler: s.disable},
		{Method: "POST", Path: "/account/{id}/enable", Right: scope.Admin, Scope: web.ByRecord, Name: "account.enable", Handler: s.enable},
		{Method: "POST", Path: "/account/{id}/grant", Right: scope.Admin, Scope: web.ByRecord, Name: "account.grant", Handler: s.grant},
		{Method: "POST", Path: "/account/{id}/revoke", Right: scope.Admin, Scope: web.ByRecord, Name: "account.revoke", Handler: s.revoke},
		{Method: "POST", Path: "/me/sessions/end", Right: scope.SignedIn, Scope: web.Self, Name: "account.meSessionEnd", Handler: s.meSessionEnd},
		{Method: "POST", Path: "/account/{id}/sessions", Right: scope.Admin, Scope: web.ByRecord, Name: "account.sessionsEnd", Handler: s.sessionsEnd},
		{Method: "POST", Path: "/account/{id}/second", Right: scope.Admin, Scope: web.ByRecord, Strong: StrongFor, Name: "account.secondReset", Handler: s.secondReset},
		{Method: "GET", Path: "/account/rules", Right: scope.Admin, Scope: web.ByUnit, Name: "account.rules", Handler: s.rulesForm},
		{Method: "POST", Path: "/account/rules", Right: scope.Admin, Scope: web.ByUnit, Strong: StrongFor, Name: "account.setRules", Handler: s.setRules},
	}...)
}

// gateView is what the pages before sign-in show.
type gateView struct {
	Name, Next, Code string
	Account          *Account // the code was right: a password is asked for
	At               map[string]string
	Faults           []ui.Fault
	Passkeys         bool // the browser may be asked for one
	Open             bool // the connection is not protected and leaves this machine
	Guests           []Guest
	Sites            []ui.Link // public sites, for who came to read and not to sign in
}

// guests lists the accounts of a demonstration with a button each.
func (v gateView) guests(ctx context.Context) ui.Table {
	t := ui.Table{Caption: i18n.T(ctx, "account.guests"), Columns: []ui.Column{{Text: i18n.T(ctx, "account.name")}, {Text: i18n.T(ctx, "account.guest_duty")}, {Text: i18n.T(ctx, "account.login")}}}
	for _, g := range v.Guests {
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{{Text: g.Login}, {Text: g.Duty}, {Post: &ui.Post{Text: i18n.T(ctx, "account.sign_in"), Sub: g.Login, Action: "/login",
			Hidden: []ui.Pair{{Name: "name", Value: g.Login}, {Name: "password", Value: g.Password}, {Name: "next", Value: v.Next}}}}}})
	}
	return t
}

// Sites are the public sites that the sign-in page leads on to, for whoever came to read.
type Sites func(r *http.Request) ([]ui.Link, error)

// SetSites says where the sign-in page finds them; call it before serving.
func (s *Service) SetSites(f Sites) { s.sites = f }

func (s *Service) gate(w http.ResponseWriter, r *http.Request, title string, v gateView, status int, body func(gateView) templ.Component) error {
	v.Open, v.Guests = !s.Protected(r) && !onThisMachine(r), s.conf.Guests
	ctx := r.Context()
	if s.sites != nil {
		var err error
		if v.Sites, err = s.sites(r); err != nil {
			return err
		}
	}
	_, err := s.site(r)
	v.Passkeys = err == nil
	p := web.Page{Title: i18n.T(ctx, title), Gate: true, Passkeys: v.Passkeys, Plain: true, Error: len(v.Faults) > 0, Status: status,
		Art: []string{i18n.T(ctx, "account.art_1"), i18n.T(ctx, "account.art_2")}}
	return web.Render(w, r, p, body(v))
}

// told turns an error of sign-in into words above the form, whatever its kind; its status stays.
func told(r *http.Request, err error, v *gateView) (status int, rest error) {
	ctx := r.Context()
	switch errs.KindOf(err) {
	case errs.Throttled:
		v.Faults = web.Faults(ctx, err)
	case errs.Invalid:
		v.At, v.Faults, rest = web.Problems(ctx, err)
	default:
		return 0, err
	}
	return errs.KindOf(err).Status(), rest
}

func (s *Service) loginForm(w http.ResponseWriter, r *http.Request) error {
	next := LocalPath(r.URL.Query().Get("next"), "/")
	if _, ok := Current(r.Context()); ok {
		return web.SeeOther(w, r, next)
	}
	return s.gate(w, r, "account.login", gateView{Next: next}, 0, loginPage)
}

func (s *Service) signIn(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(w, r)
	if err != nil {
		return err
	}
	v := gateView{Name: f.Text("name"), Next: LocalPath(f.Text("next"), "/")}
	a, err := s.signInFrom(r.Context(), v.Name, f.Get("password"), s.address(r), marks(r))
	if err != nil {
		status, err := told(r, err, &v)
		if err != nil {
			return err
		}
		return s.gate(w, r, "account.login", v, status, loginPage)
	}
	return s.enter(w, r, a, v.Next)
}

func (s *Service) signOut(w http.ResponseWriter, r *http.Request) error {
	if err := s.SignOut(r.Context()); err != nil {
		return err
	}
	if err := s.door(r).Destroy(r.Context()); err != nil {
		return err
	}
	return web.SeeOther(w, r, "/login")
}

func (s *Service) inviteForm(w http.ResponseWriter, r *http.Request) error {
	return s.gate(w, r, "account.code_title", gateView{}, 0, codePage)
}

// accept asks for the code first, then, when it is right, for a password.
func (s *Service) accept(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(w, r)
	if err != nil {
		return err
	}
	v := gateView{Code: f.Text("code")}
	ctx, addr := r.Context(), s.address(r)
	if !f.Has("password") {
		a, err := s.CheckCode(ctx, v.Code, addr)
		if err != nil {
			status, err := told(r, err, &v)
			if err != nil {
				return err
			}
			return s.gate(w, r, "account.code_title", v, status, codePage)
		}
		v.Account = &a
		return s.gate(w, r, "account.choose_title", v, 0, choosePage)
	}
	a, err := s.AcceptInvite(ctx, v.Code, f.Get("password"), addr)
	if err != nil {
		status, rest := told(r, err, &v)
		if rest != nil {
			return rest
		}
		if a.ID != 0 && len(v.At) > 0 { // the code is right, the password has to be another one
			v.Account = &a
			return s.gate(w, r, "account.choose_title", v, status, choosePage)
		}
		return s.gate(w, r, "account.code_title", v, status, codePage)
	}
	return s.enter(w, r, a, "/")
}

// view changes text size, theme or language and goes back; for people who are signed in it lasts with the account.
func (s *Service) view(w http.ResponseWriter, r *http.Request) error {
	q, v := r.URL.Query(), SettingsOf(r)
	if n, err := strconv.Atoi(q.Get("size")); err == nil {
		v.Size = n
	}
	if q.Has("theme") {
		v.Theme = q.Get("theme")
	}
	if q.Has("lang") {
		v.Lang = q.Get("lang")
	}
	v = v.clean()
	s.keepSettings(w, r, v)
	if _, ok := Current(r.Context()); ok {
		if err := s.SaveSettings(r.Context(), v); err != nil {
			return err
		}
	}
	return web.SeeOther(w, r, backPath(q))
}

func backPath(q url.Values) string {
	back := q.Get("back")
	if u, err := url.Parse(back); err == nil && u.Path == "/login" { // the one page where LocalPath would send people away
		return "/login?next=" + url.QueryEscape(LocalPath(u.Query().Get("next"), "/"))
	}
	return LocalPath(back, "/")
}

type meView struct {
	Account  Account
	Unit     string
	Rights   []rightLine
	Sessions []Session
	Settings Settings
	Has      Factors
	Told     *Told
	Others   []audit.Row // what others did to the account
	At       map[string]string
	Faults   []ui.Fault
	Key      string
}

type rightLine struct{ What, Unit, From, To string }

func (s *Service) me(w http.ResponseWriter, r *http.Request) error {
	return s.renderMe(w, r, meView{}, nil, 0)
}

func (s *Service) renderMe(w http.ResponseWriter, r *http.Request, v meView, flash *ui.Note, status int) error {
	ctx := r.Context()
	a, rights, err := s.Mine(ctx)
	if err != nil {
		return err
	}
	v.Account, v.Key, v.Settings = a, web.NewKey(), SettingsOf(r)
	if v.Settings.Lang == "" {
		v.Settings.Lang = i18n.Lang(r.Context())
	}
	v.Unit = s.unitName(r, a.Unit)
	for _, x := range rights {
		v.Rights = append(v.Rights, rightLine{i18n.T(ctx, "account.may_"+x.Kind.String()), s.unitName(r, x.Unit), i18n.T(ctx, x.Role), i18n.Day(ctx, x.To)})
	}
	if v.Sessions, err = s.sessionsOf(ctx, a.ID); err != nil {
		return err
	}
	if v.Has, err = s.factors(ctx, a.ID); err != nil {
		return err
	}
	if v.Told, err = s.toldOf(ctx, a.ID); err != nil {
		return err
	}
	if v.Others, err = s.others(ctx, a); err != nil {
		return err
	}
	here := hash256(s.door(r).Token(ctx))
	for i := range v.Sessions {
		v.Sessions[i].Here = v.Sessions[i].Token == here
	}
	if flash == nil {
		flash = saved(r)
	}
	if a.MustChange != 0 && flash == nil {
		flash = &ui.Note{Kind: "w", Title: i18n.T(ctx, "account.must_change")}
	}
	p := web.Page{Title: i18n.T(ctx, "account.me"), Current: "me", Plain: a.MustChange != 0, Error: len(v.Faults) > 0, Flash: flash, Status: status,
		Crumbs: []ui.Link{{Text: i18n.T(ctx, "account.me")}}}
	return web.Render(w, r, p, mePage(v))
}

// saved is the calm message after a redirect, chosen from our own words only.
func saved(r *http.Request) *ui.Note {
	key := map[string]string{"password": "account.saved_password", "settings": "account.saved_settings", "sessions": "account.saved_sessions",
		"made": "account.saved_made", "disabled": "account.saved_disabled", "enabled": "account.saved_enabled",
		"granted": "account.saved_granted", "revoked": "account.saved_revoked", "session": "account.saved_session", "sessions_of": "account.saved_sessions_of",
		"passkey_named": "account.saved_passkey_named", "second_on": "account.saved_second_on", "second_off": "account.saved_second_off", "second_reset": "account.saved_second_reset", "rules": "account.saved_rules"}[r.URL.Query().Get("done")]
	if key == "" {
		return nil
	}
	return &ui.Note{Title: i18n.T(r.Context(), key)}
}

func (s *Service) mePassword(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(w, r)
	if err != nil {
		return err
	}
	a, err := s.ChangePassword(r.Context(), f.Get("old"), f.Get("password"))
	if err != nil {
		var g gateView
		status, err := told(r, err, &g)
		if err != nil {
			return err
		}
		return s.renderMe(w, r, meView{At: g.At, Faults: g.Faults}, nil, status)
	}
	if err := s.reopen(r, a); err != nil {
		return err
	}
	return web.SeeOther(w, r, "/me?done=password")
}

func (s *Service) meSettings(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(w, r)
	if err != nil {
		return err
	}
	size, _ := strconv.Atoi(f.Text("size"))
	v := Settings{Lang: f.Text("lang"), Size: size, Theme: f.Text("theme")}.clean()
	if err := s.SaveSettings(r.Context(), v); err != nil {
		return err
	}
	s.keepSettings(w, r, v)
	return web.SeeOther(w, r, "/me?done=settings")
}

func (s *Service) meSessions(w http.ResponseWriter, r *http.Request) error {
	a, err := s.EndSessions(r.Context())
	if err != nil {
		return err
	}
	if err := s.reopen(r, a); err != nil {
		return err
	}
	return web.SeeOther(w, r, "/me?done=sessions")
}

func (s *Service) meSessionEnd(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(w, r)
	if err != nil {
		return err
	}
	if err := s.EndSession(r.Context(), f.Text("session")); err != nil {
		return err
	}
	return web.SeeOther(w, r, "/me?done=session")
}

// minute writes an instant in Shanghai for lists, 2019-05-31 09:20.
func minute(millis int64) string {
	if millis == 0 {
		return ""
	}
	return time.UnixMilli(millis).In(clock.Shanghai).Format("2006-01-02 15:04")
}

func dayOf(millis int64) clock.Day { return clock.DayOf(time.UnixMilli(millis)) }
