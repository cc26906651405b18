package app

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"

	"xinhuo/internal/account"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/web"
	"xinhuo/internal/kit/web/ui"
	"xinhuo/internal/org"
)

// setupState is what the program remembers about an empty tree while it runs.
type setupState struct {
	once   sync.Once
	secret string
	full   atomic.Bool // the tree holds a unit, so that no request has to ask again
	ready  sync.Map    // units whose start is complete: the home page has nothing to remind of
}

// key is printed on the console of an empty program: on a local network nobody else takes the city.
func (s *setupState) key() string {
	s.once.Do(func() { s.secret = strings.ToLower(rand.Text()) })
	return s.secret
}

// SetupPath is the address, with its key, at which an empty program is given its committee; "" once there is one.
func (a *App) SetupPath(ctx context.Context) (string, error) {
	empty, err := a.emptyTree(ctx)
	if err != nil || !empty {
		return "", err
	}
	return "/setup?key=" + a.setup.key(), nil
}

func (a *App) emptyTree(ctx context.Context) (bool, error) {
	if a.setup.full.Load() {
		return false, nil
	}
	empty, err := a.Org.Empty(ctx)
	if err == nil && !empty {
		a.setup.full.Store(true)
	}
	return empty, err
}

// firstRun leads every page to the setup as long as there is no unit at all.
func (a *App) firstRun(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch p := r.URL.Path; {
		case a.setup.full.Load(), p == "/setup", p == "/healthz", p == "/manual", p == "/view", strings.HasPrefix(p, "/static/"), web.WantsJSON(r):
			next.ServeHTTP(w, r)
			return
		}
		empty, err := a.emptyTree(r.Context())
		switch {
		case err != nil:
			a.fail(w, r, err)
		case empty:
			to := "/setup"
			if k := r.URL.Query().Get("key"); k != "" {
				to += "?key=" + url.QueryEscape(k)
			}
			http.Redirect(w, r, to, http.StatusSeeOther)
		default:
			next.ServeHTTP(w, r)
		}
	})
}

// maySetUp tells whether a request may give the empty program its committee: it carries the key, or it comes from this
// machine. A proxy in front of us makes everybody look as if they sat here, so that a request through one needs the key.
func (a *App) maySetUp(r *http.Request, key string) bool {
	if key != "" && subtle.ConstantTimeCompare([]byte(key), []byte(a.setup.key())) == 1 {
		return true
	}
	for _, h := range []string{"Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-Ip", "Via"} {
		if r.Header.Get(h) != "" {
			return false
		}
	}
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	ip := net.ParseIP(host)
	return err == nil && ip != nil && ip.IsLoopback() && local(r)
}

// setupRoutes are the addresses of the first start.
func (a *App) setupRoutes() []web.Route {
	return []web.Route{
		{Method: "GET", Path: "/setup", Right: scope.Anyone, Scope: web.Public, Name: "app.setupPage", Handler: a.setupPage},
		{Method: "POST", Path: "/setup", Right: scope.Anyone, Scope: web.Public, Name: "app.setupFound", Handler: a.setupFound},
		{Method: "GET", Path: "/setup/next", Right: scope.Admin, Scope: web.ByUnit, Name: "app.setupNext", Handler: a.setupNext},
		{Method: "GET", Path: "/setup/units", Right: scope.Admin, Scope: web.ByUnit, Name: "app.setupUnits", Handler: a.setupUnits},
		{Method: "POST", Path: "/setup/units", Right: scope.Admin, Scope: web.ByUnit, Name: "app.setupUnitsRead", Handler: a.setupUnitsRead},
	}
}

// setupOpen answers whether the setup goes on; if not it has sent the browser elsewhere or says where the key is.
func (a *App) setupOpen(w http.ResponseWriter, r *http.Request, key string) (bool, error) {
	empty, err := a.emptyTree(r.Context())
	if err != nil {
		return false, err
	}
	if !empty {
		return false, web.SeeOther(w, r, "/")
	}
	if !a.maySetUp(r, key) {
		t := i18n.T(r.Context(), "app.setup.locked")
		return false, web.Render(w, r, web.Page{Title: t, Plain: true, Status: http.StatusForbidden}, setupLocked())
	}
	return true, nil
}

// setupPage asks one question a page. What was answered travels in the address, so that the browser's own way back
// works and nothing is stored before the last page; only the password is never part of it.
func (a *App) setupPage(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	if ok, err := a.setupOpen(w, r, q.Get("key")); !ok {
		return err
	}
	ctx := r.Context()
	v := answersOf(q)
	asked := stepIndex(q.Get("step"))
	if asked < 0 {
		return web.Render(w, r, web.Page{Title: i18n.T(ctx, "app.setup.title"), Plain: true}, setupStart(v.href(setupSteps[0].name)))
	}
	at, said := v.firstFault(clock.Today(ctx), asked)
	if at < asked {
		return a.setupStep(w, r, v, at, said.Text(ctx), q.Has(setupSteps[at].name))
	}
	return a.setupStep(w, r, v, asked, "", false)
}

type setupView struct {
	Answers setupAnswers
	Step    setupStep
	Number  int
	Back    string
	Input   ui.Input
	Check   []ui.Answer
	At      map[string]string
	Faults  []ui.Fault
	Key     string
}

func (a *App) setupStep(w http.ResponseWriter, r *http.Request, v setupAnswers, at int, fault string, wrong bool) error {
	ctx := r.Context()
	view := setupView{Answers: v, Step: setupSteps[at], Number: at + 1, Back: v.href("")}
	if at > 0 {
		view.Back = v.href(setupSteps[at-1].name)
	}
	if view.Step.name == "password" {
		return a.setupPassword(w, r, view, 0)
	}
	view.Input = view.Step.input(ctx, v)
	status := 0
	if wrong {
		view.Input.Error = fault
		view.Faults = []ui.Fault{{Name: view.Step.name, Text: fault}}
		status = http.StatusUnprocessableEntity
	}
	return web.Render(w, r, web.Page{Title: view.Input.Label, Plain: true, Error: wrong, Status: status}, setupQuestion(view))
}

func (a *App) setupPassword(w http.ResponseWriter, r *http.Request, view setupView, status int) error {
	ctx := r.Context()
	view.Key = web.NewKey()
	for i, s := range setupSteps[:len(setupSteps)-1] {
		view.Check = append(view.Check, ui.Answer{Label: i18n.T(ctx, s.short), Text: view.Answers.shown(ctx, s.name), Href: view.Answers.href(setupSteps[i].name)})
	}
	return web.Render(w, r, web.Page{Title: i18n.T(ctx, "app.setup.check"), Plain: true, Error: len(view.Faults) > 0, Status: status}, setupCheck(view))
}

// setupFound founds the committee with the units above it, makes its first administrator and signs them in.
func (a *App) setupFound(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(w, r)
	if err != nil {
		return err
	}
	if ok, err := a.setupOpen(w, r, f.Text("key")); !ok {
		return err
	}
	ctx := r.Context()
	v, today, last := answersOf(f.Values), clock.Today(ctx), len(setupSteps)-1
	if at, said := v.firstFault(today, last); at < last {
		return a.setupStep(w, r, v, at, said.Text(ctx), true)
	}
	password := f.Get("password")
	again := func(err error) error {
		view := setupView{Answers: v, Step: setupSteps[last], Number: last + 1, Back: v.href(setupSteps[last-1].name)}
		var rest error
		if view.At, view.Faults, rest = web.Problems(ctx, err); rest != nil {
			return rest
		}
		return a.setupPassword(w, r, view, http.StatusUnprocessableEntity)
	}
	if password == "" || password != f.Get("again") {
		var p errs.Fields
		if password == "" {
			p.Add("password", "app.setup.password_missing")
		} else {
			p.Add("again", "app.setup.password_differs")
		}
		return again(p.Err())
	}
	to, err := web.Once(ctx, a.DB, f.Key(), func(ctx context.Context) (string, error) {
		return "/setup/next", a.foundCommittee(scope.With(ctx, scope.System("setup")), v, password, today)
	})
	if errs.KindOf(err) == errs.Conflict { // somebody was faster
		return web.SeeOther(w, r, "/")
	}
	if err != nil {
		return again(err)
	}
	acc, err := a.Account.SignIn(ctx, v.Login, password, r.RemoteAddr)
	if err != nil {
		return err
	}
	if err := a.Account.Open(r, acc); err != nil {
		return err
	}
	return web.SeeOther(w, r, to)
}

// foundCommittee writes what the pages asked for, all or nothing.
func (a *App) foundCommittee(ctx context.Context, v setupAnswers, password string, today clock.Day) error {
	units := v.units()
	if err := a.Org.FoundAll(ctx, units); err != nil {
		return err
	}
	own := units[len(units)-1].ID
	if err := a.SetImprint(ctx, -1, func(s *Imprint) { s.Unit = own }); err != nil { // those above it may have nobody here
		return err
	}
	acc, err := a.Account.Create(ctx, account.NewAccount{Login: v.Login, Person: v.Person, Unit: own, Password: password})
	if err != nil {
		return err
	}
	if err := a.Account.SetRules(ctx, account.Rules{Strong: true}); err != nil { // a new city holds nothing sealed yet: nobody is shut out
		return err
	}
	_, err = a.Org.AppointPost(ctx, org.Post{Unit: own, Kind: "office", Account: acc.ID, Person: v.Person, From: today})
	return err
}

// setupItem is one thing that a committee needs before its book is worth opening.
type setupItem struct {
	Name, Text, Href string
	Done             bool
}

// setupItems are the steps after the first administrator, in their order, for a city or a county.
func (a *App) setupItems(ctx context.Context, u org.Unit) ([]setupItem, error) {
	t := func(key string, args ...any) string { return i18n.T(ctx, key, args...) }
	day, unit := clock.Today(ctx), "?unit="+u.ID.String()
	cover, err := a.Org.Coverage(ctx, u.ID, day)
	if err != nil {
		return nil, err
	}
	n := map[org.Level]int64{}
	for _, l := range cover.Levels {
		n[l.Level] = l.Should
	}
	units := setupItem{Name: t("app.setup.units"), Href: "/setup/units" + unit, Done: n[org.Township] > 0 && (u.Level != org.City || n[org.County] > 0)}
	units.Text = t("app.setup.units_why")
	if n[org.County]+n[org.Township] > 0 && u.Level == org.City {
		units.Text = t("app.setup.units_have", "Counties", n[org.County], "Townships", n[org.Township])
	} else if n[org.Township] > 0 {
		units.Text = t("app.setup.units_have_below", "Townships", n[org.Township])
	}
	accounts, err := a.Account.Count(ctx, u.ID, "", "")
	if err != nil {
		return nil, err
	}
	people := setupItem{Name: t("app.setup.people"), Text: t("app.setup.people_why"), Href: "/account/invite" + unit, Done: accounts > 1}
	if people.Done {
		people.Text = t("app.setup.people_have", "N", accounts)
	}
	some, err := a.someBase(ctx, u)
	if err != nil {
		return nil, err
	}
	bases := setupItem{Name: t("app.setup.bases"), Text: t("app.setup.bases_why"), Href: "/import/base" + unit, Done: some}
	if some {
		bases.Text = t("app.setup.bases_have")
	}
	return []setupItem{units, people, bases}, nil
}

// setupNote reminds the home page of what is still missing of a committee's start; nil when nothing is, in the
// demonstration, and for those who cannot do anything about it.
func (a *App) setupNote(ctx context.Context) *ui.Note {
	actor := scope.From(ctx)
	if a.Demo || actor.Unit == 0 || !actor.May(scope.Admin, actor.Pos) {
		return nil
	}
	if _, ready := a.setup.ready.Load(actor.Unit); ready {
		return nil
	}
	u, err := a.Org.Unit(ctx, actor.Unit)
	if err != nil || u.Level != org.City && u.Level != org.County {
		return nil
	}
	items, err := a.setupItems(ctx, u)
	if err != nil {
		return nil
	}
	left := 0
	for _, x := range items {
		if !x.Done {
			left++
		}
	}
	if left == 0 {
		a.setup.ready.Store(actor.Unit, true)
		return nil
	}
	return &ui.Note{Title: i18n.T(ctx, "app.setup.note", "N", left), Links: []ui.Link{{Text: i18n.T(ctx, "app.setup.note_link"), Href: "/setup/next"}}}
}

// setupNext shows what of the start is done and what comes next.
func (a *App) setupNext(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	u, err := a.setupUnit(r)
	if err != nil {
		return err
	}
	items, err := a.setupItems(ctx, u)
	if err != nil {
		return err
	}
	title := i18n.T(ctx, "app.setup.next")
	return web.Render(w, r, web.Page{Title: title, Crumbs: []ui.Link{{Text: title}}}, setupProgress(u, items))
}

// setupUnit is the unit that the address names, the actor's own without one; the router has asked for the right there.
func (a *App) setupUnit(r *http.Request) (org.Unit, error) {
	if q := r.URL.Query().Get("unit"); q != "" {
		return a.Org.Resolve(r.Context(), q)
	}
	return a.Org.Unit(r.Context(), scope.From(r.Context()).Unit)
}

func (v setupView) progress(ctx context.Context) string {
	return i18n.T(ctx, "app.setup.step", "N", strconv.Itoa(v.Number), "All", strconv.Itoa(len(setupSteps)))
}
