package account

import (
	"context"
	"maps"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/a-h/templ"
	"rsc.io/qr"

	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/web"
	"xinhuo/internal/kit/web/ui"
)

const (
	secondPath   = "/login/second" // the second step, and proving it again
	mySecondPath = "/me/second"    // setting it up
)

func (s *Service) factorRoutes() []web.Route {
	open := func(method, path, name string, h func(http.ResponseWriter, *http.Request) error) web.Route {
		return web.Route{Method: method, Path: path, Right: scope.Anyone, Scope: web.Public, Name: "account." + name, Handler: h}
	}
	own := func(method, path, name string, h func(http.ResponseWriter, *http.Request) error) web.Route {
		return web.Route{Method: method, Path: mySecondPath + path, Right: scope.SignedIn, Scope: web.Self, Name: "account." + name, Handler: h}
	}
	return []web.Route{
		open("GET", secondPath, "secondForm", s.secondForm),
		open("POST", secondPath, "second", s.second),
		open("POST", "/login/passkey/begin", "passkeyAsk", s.passkeyAsk),
		open("POST", "/login/passkey", "passkeyOpen", s.passkeyOpen),
		own("GET", "", "mySecond", s.mySecond),
		own("POST", "/totp", "totpBegin", s.totpBegin),
		own("GET", "/totp", "totpForm", s.totpForm),
		own("POST", "/totp/confirm", "totpConfirm", s.totpConfirm),
		own("POST", "/totp/off", "totpOff", s.totpOff),
		own("POST", "/codes", "codesNew", s.codesNew),
		own("POST", "/passkey/begin", "passkeyBegin", s.passkeyBegin),
		own("POST", "/passkey", "passkeyAdd", s.passkeyAdd),
		own("POST", "/passkey/name", "passkeyName", s.passkeyName),
		own("POST", "/passkey/off", "passkeyOff", s.passkeyOff),
		own("POST", "/read", "readTold", s.readTold),
	}
}

// enter lets in whoever gave the right password: at once, or after the second step where the account has one.
func (s *Service) enter(w http.ResponseWriter, r *http.Request, a Account, next string) error {
	f, err := s.factors(r.Context(), a.ID)
	if err != nil {
		return err
	}
	if f.Any() {
		if err := s.await(r, a); err != nil {
			return err
		}
		return web.SeeOther(w, r, secondPath+"?next="+url.QueryEscape(next))
	}
	to, err := s.letIn(w, r, a, 0, next)
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, to)
}

// letIn opens the session and says where to go: first of all to what the owner has to be told.
func (s *Service) letIn(w http.ResponseWriter, r *http.Request, a Account, factor int64, next string) (string, error) {
	if err := s.open(r, a, factor); err != nil {
		return "", err
	}
	if err := s.remember(w, r, a); err != nil {
		return "", err
	}
	v, err := s.toldOf(r.Context(), a.ID)
	if err != nil {
		return "", err
	}
	if a.MustChange != 0 || v != nil {
		return "/me", nil
	}
	return next, nil
}

// site is where passkeys work; the error says in plain words why they do not.
func (s *Service) site(r *http.Request) (Site, error) {
	refuse := func(key string, args ...any) (Site, error) { return Site{}, errs.New(errs.Conflict, key, args...) }
	scheme, host := "http", r.Host
	if s.Protected(r) {
		scheme = "https"
	}
	name := func(host string) string {
		if h, _, err := net.SplitHostPort(host); err == nil {
			host = h
		}
		return strings.ToLower(strings.Trim(host, "[]"))
	}
	if s.conf.Address != "" {
		u, err := url.Parse(s.conf.Address)
		if err != nil {
			return Site{}, err
		}
		if name(u.Host) != name(host) {
			return refuse("account.passkey_elsewhere", "Address", s.conf.Address)
		}
		scheme, host = u.Scheme, u.Host
	}
	n := name(host)
	switch ip := net.ParseIP(n); {
	case ip != nil && ip.IsLoopback():
		return refuse("account.passkey_localhost")
	case scheme != "https" && n != "localhost":
		return refuse("account.passkey_plain")
	case ip != nil || n == "":
		return refuse("account.passkey_ip")
	}
	return Site{n, scheme + "://" + strings.ToLower(host)}, nil
}

// secondView is the second step: a code, or a passkey.
type secondView struct {
	Next    string
	To      string    // a form that waits until the step is done
	Keep    []ui.Pair // what was written into it
	Has     Factors
	Here    bool   // one of the passkeys may be used here
	Why     string // why no passkey can be used, when the account has some
	Again   bool   // somebody is signed in already and proves it once more
	Nothing bool   // there is no second factor yet
	Faults  []ui.Fault
	At      map[string]string
}

// asked is the account that the second step is about: one on its way in, or the one that is signed in.
func (s *Service) asked(r *http.Request) (a Account, again bool, err error) {
	if a, ok := Current(r.Context()); ok {
		return a, true, nil
	}
	a, ok, err := s.awaited(r)
	if err == nil && !ok {
		err = errs.New(errs.Unauthenticated, "errs.sign_in")
	}
	return a, false, err
}

// OnTheWay tells whether somebody has given the right password and is asked for the second step.
func (s *Service) OnTheWay(r *http.Request) bool {
	_, ok, err := s.awaited(r)
	return err == nil && ok
}

func (s *Service) secondForm(w http.ResponseWriter, r *http.Request) error {
	next := LocalPath(r.URL.Query().Get("next"), "/")
	a, again, err := s.asked(r)
	if errs.Is(err, errs.Unauthenticated) {
		return s.gate(w, r, "account.login", gateView{Next: next}, 0, loginPage)
	}
	if err != nil {
		return err
	}
	return s.renderSecond(w, r, a, secondView{Next: next, Again: again}, 0)
}

func (s *Service) renderSecond(w http.ResponseWriter, r *http.Request, a Account, v secondView, status int) error {
	ctx := r.Context()
	var err error
	if v.Has, err = s.factors(ctx, a.ID); err != nil {
		return err
	}
	v.Nothing = !v.Has.Any()
	if len(v.Has.Passkeys) > 0 {
		site, err := s.site(r)
		if err != nil {
			v.Why = i18n.Error(ctx, err)
		}
		v.Here = err == nil && slices.ContainsFunc(v.Has.Passkeys, func(p Passkey) bool { return p.Site == site.Name })
	}
	p := web.Page{Title: i18n.T(ctx, "account.second"), Plain: true, Passkeys: v.Here, Error: len(v.Faults) > 0, Status: status}
	if !v.Again {
		p.Gate, p.Art = true, []string{i18n.T(ctx, "account.art_1"), i18n.T(ctx, "account.art_2")}
	}
	return web.Render(w, r, p, secondPage(v))
}

// AskAgain answers a form that was refused until a second factor is proved (errs.StepUp): with the step itself, which
// keeps what was written and sends it afterwards. ok is false where that cannot be done: whoever has no second factor
// yet, and forms with files.
func (s *Service) AskAgain(w http.ResponseWriter, r *http.Request) (ok bool, err error) {
	a, in := Current(r.Context())
	if !in || strings.HasPrefix(r.Header.Get("Content-Type"), "multipart/") {
		return false, nil
	}
	f, err := s.factors(r.Context(), a.ID)
	if err != nil || !f.Any() {
		return false, err
	}
	form, err := web.ReadForm(w, r)
	if err != nil {
		return false, err
	}
	v := secondView{Next: "/", To: r.URL.RequestURI(), Again: true}
	for _, name := range slices.Sorted(maps.Keys(form.Values)) {
		for _, value := range form.Values[name] {
			v.Keep = append(v.Keep, ui.Pair{Name: name, Value: value})
		}
	}
	return true, s.renderSecond(w, r, a, v, http.StatusForbidden)
}

const keepPrefix = "keep."

// kept reads what a waiting form holds, as secondPage carried it.
func kept(f *web.Form) []ui.Pair {
	var out []ui.Pair
	for _, name := range slices.Sorted(maps.Keys(f.Values)) {
		if n, ok := strings.CutPrefix(name, keepPrefix); ok {
			for _, value := range f.Values[name] {
				out = append(out, ui.Pair{Name: n, Value: value})
			}
		}
	}
	return out
}

func (s *Service) second(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(w, r)
	if err != nil {
		return err
	}
	v := secondView{Next: LocalPath(f.Text("next"), "/"), To: LocalPath(f.Get("to"), ""), Keep: kept(f)}
	a, again, err := s.asked(r)
	if errs.Is(err, errs.Unauthenticated) {
		g := gateView{Next: v.Next, Faults: []ui.Fault{{Text: i18n.T(r.Context(), "account.second_slow")}}}
		return s.gate(w, r, "account.login", g, http.StatusUnprocessableEntity, loginPage)
	}
	if err != nil {
		return err
	}
	v.Again = again
	was := a
	if f.Has("credential") {
		a, err = s.signed(r, a, f)
	} else {
		a, err = s.Prove(r.Context(), a.ID, f.Get("code"), s.address(r))
	}
	if err != nil {
		a = was
		var g gateView
		status, err := told(r, err, &g)
		if err != nil {
			return err
		}
		v.At, v.Faults = g.At, g.Faults
		return s.renderSecond(w, r, a, v, status)
	}
	to, err := s.letIn(w, r, a, s.now().UnixMilli(), v.Next)
	if err != nil {
		return err
	}
	if again && v.To != "" {
		p := web.Page{Title: i18n.T(r.Context(), "account.second"), Plain: true}
		return web.Render(w, r, p, goOnPage(v))
	}
	return web.SeeOther(w, r, to)
}

// ceremony keeps what a passkey is to sign, for five minutes and one use.
func (s *Service) ceremony(r *http.Request, kept string) {
	ctx, m := r.Context(), s.door(r)
	if m.GetInt64(ctx, sessionAccount) == 0 {
		m.SetDeadline(ctx, time.Now().Add(secondLife))
	}
	m.Put(ctx, sessionCeremony, kept)
}

// passkeyAsk begins using a passkey: as the second step, or, at the door, alone.
func (s *Service) passkeyAsk(w http.ResponseWriter, r *http.Request) error {
	a, _, err := s.asked(r)
	if err != nil && !errs.Is(err, errs.Unauthenticated) {
		return err
	}
	site, err := s.site(r)
	if err != nil {
		return err
	}
	ask, kept, err := s.AskPasskey(r.Context(), site, a, s.address(r))
	if err != nil {
		return err
	}
	s.ceremony(r, kept)
	return web.JSON(w, http.StatusOK, ask)
}

// signed checks what the script put into a form: what the browser signed with a passkey.
func (s *Service) signed(r *http.Request, a Account, f *web.Form) (Account, error) {
	site, err := s.site(r)
	if err != nil {
		return a, err
	}
	kept := s.door(r).PopString(r.Context(), sessionCeremony)
	return s.ProvePasskey(r.Context(), site, a, kept, []byte(f.Get("credential")), s.address(r))
}

// passkeyOpen signs in with a passkey alone: it names its account and has verified its user.
func (s *Service) passkeyOpen(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(w, r)
	if err != nil {
		return err
	}
	v := gateView{Next: LocalPath(f.Text("next"), "/")}
	a, err := s.signed(r, Account{}, f)
	if err != nil {
		status, err := told(r, err, &v)
		if err != nil {
			return err
		}
		return s.gate(w, r, "account.login", v, status, loginPage)
	}
	to, err := s.letIn(w, r, a, s.now().UnixMilli(), v.Next)
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, to)
}

// mineView is what one has set up.
type mineView struct {
	Account Account
	Has     Factors
	Next    string
	Why     string // why no passkey can be made here
	Strong  bool   // the operator asks for one
	At      map[string]string
	Faults  []ui.Fault
	Form    string // which of the forms came back
	Key     string
}

func (v mineView) next() []ui.Pair { return []ui.Pair{{Name: "next", Value: v.Next}} }

// at is what is wrong in one of the forms.
func (v mineView) at(form, name string) string {
	if v.Form != form {
		return ""
	}
	return v.At[name]
}

func (s *Service) mySecond(w http.ResponseWriter, r *http.Request) error {
	return s.renderMine(w, r, mineView{Next: LocalPath(r.URL.Query().Get("next"), "")}, 0)
}

func (s *Service) renderMine(w http.ResponseWriter, r *http.Request, v mineView, status int) error {
	ctx := r.Context()
	a, ok := Current(ctx)
	if !ok {
		return errs.New(errs.Unauthenticated, "errs.sign_in")
	}
	var err error
	v.Account, v.Key = a, web.NewKey()
	if v.Has, err = s.factors(ctx, a.ID); err != nil {
		return err
	}
	rules, err := s.Rules(ctx)
	if err != nil {
		return err
	}
	v.Strong = rules.Strong
	if _, err := s.site(r); err != nil {
		v.Why = i18n.Error(ctx, err)
	}
	title := i18n.T(ctx, "account.second")
	p := web.Page{Title: title, Current: "me", Passkeys: v.Why == "", Error: len(v.Faults) > 0, Flash: saved(r), Status: status,
		Crumbs: []ui.Link{{Text: i18n.T(ctx, "account.me"), Href: "/me"}, {Text: title}}}
	return web.Render(w, r, p, mineSecondPage(v))
}

// again shows the forms once more with what has to be changed in one of them.
func (s *Service) again(w http.ResponseWriter, r *http.Request, f *web.Form, form string, err error) error {
	var g gateView
	status, rest := told(r, err, &g)
	if rest != nil {
		return rest
	}
	for i := range g.Faults {
		if g.Faults[i].Name != "" {
			g.Faults[i].ID = form + "-" + g.Faults[i].Name
		}
	}
	return s.renderMine(w, r, mineView{Next: LocalPath(f.Get("next"), ""), At: g.At, Faults: g.Faults, Form: form}, status)
}

func (s *Service) totpBegin(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(w, r)
	if err != nil {
		return err
	}
	if err := s.BeginTOTP(r.Context(), f.Get("old")); err != nil {
		return s.again(w, r, f, "totp", err)
	}
	return web.SeeOther(w, r, mySecondPath+"/totp?next="+url.QueryEscape(LocalPath(f.Get("next"), "")))
}

// totpView is the secret on its way to the telephone.
type totpView struct {
	QR     templ.Component
	Secret string // in groups of four, for typing
	Next   string
	At     map[string]string
	Faults []ui.Fault
	Key    string
}

func (s *Service) totpForm(w http.ResponseWriter, r *http.Request) error {
	return s.renderTOTP(w, r, totpView{Next: LocalPath(r.URL.Query().Get("next"), "")}, 0)
}

func (s *Service) renderTOTP(w http.ResponseWriter, r *http.Request, v totpView, status int) error {
	ctx := r.Context()
	e, err := s.PendingTOTP(ctx)
	if errs.Is(err, errs.NotFound) { // confirmed meanwhile, or never begun
		return web.SeeOther(w, r, mySecondPath)
	}
	if err != nil {
		return err
	}
	code, err := qr.Encode(e.URL, qr.M)
	if err != nil {
		return err
	}
	v.QR, v.Secret, v.Key = ui.QRCode(code.Size, code.Black, i18n.T(ctx, "account.totp_qr")), e.Key, web.NewKey()
	p := web.Page{Title: i18n.T(ctx, "account.totp"), Plain: true, Error: len(v.Faults) > 0, Status: status}
	return web.Render(w, r, p, totpPage(v))
}

func (s *Service) totpConfirm(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(w, r)
	if err != nil {
		return err
	}
	next := LocalPath(f.Get("next"), "")
	a, codes, err := s.ConfirmTOTP(r.Context(), f.Get("code"), s.address(r))
	if errs.Is(err, errs.NotFound) { // sent twice
		return web.SeeOther(w, r, mySecondPath)
	}
	if err != nil {
		var g gateView
		status, rest := told(r, err, &g)
		if rest != nil {
			return rest
		}
		return s.renderTOTP(w, r, totpView{Next: next, At: g.At, Faults: g.Faults}, status)
	}
	if err := s.open(r, a, s.now().UnixMilli()); err != nil {
		return err
	}
	return s.showCodes(w, r, a, codes, next)
}

// codesView is a sheet of recovery codes, shown once.
type codesView struct {
	Account Account
	Codes   []string
	Day     string
	Next    string
}

func (s *Service) showCodes(w http.ResponseWriter, r *http.Request, a Account, codes []string, next string) error {
	if next == "" {
		next = mySecondPath + "?done=second_on"
	}
	if len(codes) == 0 {
		return web.SeeOther(w, r, next)
	}
	ctx := r.Context()
	v := codesView{Account: a, Codes: codes, Day: i18n.Day(ctx, dayOf(s.now().UnixMilli())), Next: next}
	return web.Render(w, r, web.Page{Title: i18n.T(ctx, "account.codes"), Plain: true}, codesPage(v))
}

func (s *Service) codesNew(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(w, r)
	if err != nil {
		return err
	}
	codes, err := s.NewRecovery(r.Context(), f.Get("code"), s.address(r))
	if err != nil {
		return s.again(w, r, f, "codes", err)
	}
	a, _ := Current(r.Context())
	return s.showCodes(w, r, a, codes, mySecondPath)
}

// off takes one of the two ways off and goes on in a session of its own: what was proved was proved with the code just now.
func (s *Service) off(w http.ResponseWriter, r *http.Request, form string, drop func(ctx context.Context, f *web.Form) (Account, error)) error {
	f, err := web.ReadForm(w, r)
	if err != nil {
		return err
	}
	a, err := drop(r.Context(), f)
	if err != nil {
		return s.again(w, r, f, form, err)
	}
	has, err := s.factors(r.Context(), a.ID)
	if err != nil {
		return err
	}
	factor := int64(0)
	if has.Any() {
		factor = s.now().UnixMilli()
	}
	if err := s.open(r, a, factor); err != nil {
		return err
	}
	return web.SeeOther(w, r, mySecondPath+"?done=second_off")
}

func (s *Service) totpOff(w http.ResponseWriter, r *http.Request) error {
	return s.off(w, r, "off", func(ctx context.Context, f *web.Form) (Account, error) {
		return s.DropTOTP(ctx, f.Get("old"), f.Get("code"), s.address(r))
	})
}

func (s *Service) passkeyOff(w http.ResponseWriter, r *http.Request) error {
	return s.off(w, r, "keys", func(ctx context.Context, f *web.Form) (Account, error) {
		key, _ := id.Parse(f.Text("passkey")) // what is none is nobody's
		return s.DropPasskey(ctx, key, f.Get("old"), f.Get("code"), s.address(r))
	})
}

// passkeyName gives a passkey another name.
func (s *Service) passkeyName(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(w, r)
	if err != nil {
		return err
	}
	to, err := web.Once(r.Context(), s.db, f.Key(), func(ctx context.Context) (string, error) {
		key, _ := id.Parse(f.Text("passkey")) // what is none is nobody's
		return mySecondPath + "?done=passkey_named", s.NamePasskey(ctx, key, f.Get("name"))
	})
	if err == nil {
		return web.SeeOther(w, r, to)
	}
	return s.again(w, r, f, "named", err)
}

func (s *Service) passkeyBegin(w http.ResponseWriter, r *http.Request) error {
	var in struct {
		Old string `json:"old"`
	}
	if err := web.ReadJSON(w, r, &in); err != nil {
		return err
	}
	site, err := s.site(r)
	if err != nil {
		return err
	}
	options, kept, err := s.BeginPasskey(r.Context(), site, in.Old)
	if err != nil {
		return err
	}
	s.ceremony(r, kept)
	return web.JSON(w, http.StatusOK, options)
}

// passkeyAdd takes the new passkey.
func (s *Service) passkeyAdd(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(w, r)
	if err != nil {
		return err
	}
	site, err := s.site(r)
	if err != nil {
		return err
	}
	kept := s.door(r).PopString(r.Context(), sessionCeremony)
	a, codes, err := s.AddPasskey(r.Context(), site, kept, f.Text("name"), []byte(f.Get("credential")))
	if err != nil {
		return s.again(w, r, f, "new", err)
	}
	if err := s.open(r, a, s.now().UnixMilli()); err != nil {
		return err
	}
	return s.showCodes(w, r, a, codes, LocalPath(f.Get("next"), ""))
}

func (s *Service) readTold(w http.ResponseWriter, r *http.Request) error {
	if err := s.Read(r.Context()); err != nil {
		return err
	}
	return web.SeeOther(w, r, mySecondPath)
}
