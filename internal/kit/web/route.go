// Package web is the HTTP side that knows no module: routes that declare who may use them, the request's context
// (actor, language, size), pages, forms, errors and static files.
//
// Deny by default: a route without a declared right and scope rule does not start (R189; see Routes.Check).
package web

import (
	"context"
	"fmt"
	"mime"
	"net/http"
	"net/url"
	"path"
	"sort"
	"strings"
	"time"

	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/scope"
)

// ScopeRule says how a route finds out whether its subject lies within the actor's ranges.
type ScopeRule int

const (
	// Undeclared is the zero value: the program does not start.
	Undeclared ScopeRule = iota
	// Public shows nothing that belongs to a unit.
	Public
	// Self shows only what belongs to the signed-in person.
	Self
	// ByUnit names a unit in the path or query ({unit} or ?unit=); the router resolves it and asks for the right
	// there. Without one the actor's own unit is meant.
	ByUnit
	// ByRecord names a record; its module's service asks for the right at the record's place.
	ByRecord
	// ByList answers only rows within the actor's ranges: the condition stands in the SQL.
	ByList
)

var scopeNames = map[ScopeRule]string{Public: "public", Self: "self", ByUnit: "unit", ByRecord: "record", ByList: "list"}

func (s ScopeRule) String() string { return scopeNames[s] }

// Route is one address of the program.
type Route struct {
	Method, Path string // as for http.ServeMux: "GET", "/base/{ref}"
	Right        scope.Right
	Scope        ScopeRule
	Strong       time.Duration // how long ago a second factor may have been proved at most, where the site asks for one; 0 asks for none
	Name         string        // the Go function that serves it, for the matrix test and the log
	Handler      func(w http.ResponseWriter, r *http.Request) error
}

func (r Route) String() string { return r.Method + " " + r.Path }

// sent tells whether anybody may send something there.
func (r Route) sent() bool {
	return r.Right == scope.Anyone && r.Method != http.MethodGet && r.Method != http.MethodHead
}

// Check refuses routes that declare nothing, or the same address twice.
func Check(routes []Route) error {
	seen := map[string]bool{}
	for _, r := range routes {
		switch {
		case r.Right == scope.None || r.Right.String() == "":
			return fmt.Errorf("web: %s declares no right", r)
		case r.Scope == Undeclared || r.Scope.String() == "":
			return fmt.Errorf("web: %s declares no scope rule", r)
		case r.Scope == Public && r.Right != scope.Anyone && r.Right != scope.SignedIn:
			return fmt.Errorf("web: %s asks for %s but has a public scope", r, r.Right)
		case r.Right == scope.Anyone && r.Scope != Public:
			return fmt.Errorf("web: %s is open to anyone but shows what belongs to a unit", r)
		case r.Handler == nil:
			return fmt.Errorf("web: %s has no handler", r)
		case seen[r.String()]:
			return fmt.Errorf("web: %s stands twice", r)
		}
		seen[r.String()] = true
	}
	return nil
}

// Site is the router with what all pages share; app fills it.
type Site struct {
	// Actor resolves who acts from the request, at each request anew.
	Actor func(r *http.Request) (scope.Actor, error)
	// UnitPos answers the place of a unit named in an address; errs.NotFound when there is none.
	UnitPos func(ctx context.Context, unit string) (int64, error)
	// Strong asks whether a second factor was proved lately enough; errs.StepUp when not.
	Strong func(ctx context.Context, within time.Duration) error
	// Crowded tells whether a form that is sent without an account is one too many from where it comes; nil counts nothing.
	Crowded func(r *http.Request, rt Route) bool
	// Fail answers an error as a page or as JSON.
	Fail func(w http.ResponseWriter, r *http.Request, err error)
	// Middleware wraps the mux, the first outermost.
	Middleware []func(http.Handler) http.Handler

	routes []Route
}

// Add declares routes.
func (s *Site) Add(routes ...Route) { s.routes = append(s.routes, routes...) }

// Routes lists all declared routes by address, for the matrix test and the documentation.
func (s *Site) Routes() []Route {
	out := append([]Route(nil), s.routes...)
	sort.Slice(out, func(i, j int) bool { return out[i].Path+out[i].Method < out[j].Path+out[j].Method })
	return out
}

// Handler checks the declarations and builds the mux.
func (s *Site) Handler() (http.Handler, error) {
	if err := Check(s.routes); err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	for _, rt := range s.routes {
		if rt.Strong > 0 && s.Strong == nil {
			return nil, fmt.Errorf("web: %s asks for a second factor that nobody looks after", rt)
		}
		mux.Handle(rt.Method+" "+rt.Path, s.serve(rt))
	}
	mux.Handle("/", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if page := pageOf(mux, r); page != "" {
			http.Redirect(w, r, page, http.StatusSeeOther)
			return
		}
		s.Fail(w, r, notFound(r))
	}))
	var h http.Handler = mux
	for i := len(s.Middleware) - 1; i >= 0; i-- {
		h = s.Middleware[i](h)
	}
	return h, nil
}

// pageOf is the page on which a form stands whose address is only sent to: the nearest one above it, so that somebody
// who reloads an answer, or changes the language there, comes to the form (/me/password leads to /me). It asks nothing
// and tells nothing; the page asks for its own right. "" for other addresses and for programs.
func pageOf(mux *http.ServeMux, r *http.Request) string {
	if r.Method != http.MethodGet && r.Method != http.MethodHead || WantsJSON(r) {
		return ""
	}
	served := func(method, at string) bool {
		probe := &http.Request{Method: method, Host: r.Host, URL: &url.URL{Path: at}}
		_, pattern := mux.Handler(probe)
		return strings.HasPrefix(pattern, method+" ")
	}
	at := r.URL.Path
	if !served(http.MethodPost, at) {
		return ""
	}
	for at != "/" {
		if at = path.Dir(at); served(http.MethodGet, at) {
			return (&url.URL{Path: at, RawQuery: r.URL.RawQuery}).String()
		}
	}
	return ""
}

func (s *Site) serve(rt Route) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		err := textOnly(r)
		if err == nil {
			err = s.allow(&r, rt)
		}
		if err == nil && rt.sent() && !scope.From(r.Context()).SignedIn() && s.Crowded != nil && s.Crowded(r, rt) {
			err = errCrowded
		}
		if err == nil && rt.Strong > 0 { // after the right, so that nobody is asked for what would not help
			err = s.Strong(r.Context(), rt.Strong)
		}
		if err != nil {
			s.Fail(w, r, err)
			return
		}
		if WantsJSON(r) {
			r = r.WithContext(context.WithValue(r.Context(), programKey{}, &program{}))
		}
		if err := rt.Handler(w, r); err != nil {
			s.Fail(w, r, err)
		}
	})
}

// allow asks for the right that the route declares, where its scope rule says.
func (s *Site) allow(r **http.Request, rt Route) error {
	a, err := s.Actor(*r)
	if err != nil {
		return err
	}
	*r = (*r).WithContext(scope.With((*r).Context(), a))
	if rt.Right == scope.Anyone {
		return nil
	}
	if !a.SignedIn() {
		return errSignIn
	}
	switch rt.Right {
	case scope.SignedIn:
		return nil
	case scope.Audit:
		if !a.Auditor {
			return notFound(*r)
		}
		return nil
	}
	if len(a.Set(rt.Right)) == 0 {
		return errNotYours
	}
	if rt.Scope != ByUnit {
		return nil
	}
	unit := (*r).PathValue("unit")
	if unit == "" {
		unit = (*r).URL.Query().Get("unit")
	}
	if unit == "" {
		if !a.May(rt.Right, a.Pos) {
			return errNotYours
		}
		return nil
	}
	pos, err := s.UnitPos((*r).Context(), unit)
	if err != nil && !errs.Is(err, errs.NotFound) {
		return err
	}
	switch {
	case err == nil && a.May(rt.Right, pos):
		return nil
	case err == nil && a.May(scope.View, pos): // what one sees is said to be somebody else's work
		return errNotYours
	}
	// "Absent" and "forbidden" look alike from outside one's scope, to the last word.
	return notFound(*r)
}

// WantsJSON tells whether the answer goes to a program.
func WantsJSON(r *http.Request) bool {
	return strings.HasPrefix(r.URL.Path, "/api/") || strings.Contains(r.Header.Get("Accept"), "application/json") || sendsJSON(r)
}

// sendsJSON tells whether a program sends what a person would type.
func sendsJSON(r *http.Request) bool {
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	return err == nil && kind == "application/json"
}

type programKey struct{}

// program is the request of a program: what goes wrong it gets as it is, not beside inputs of a page.
type program struct{ err error }

// ForProgram tells whether a form was sent by a program, which is answered in JSON where the answer is no place but a page.
func ForProgram(ctx context.Context) bool { return programOf(ctx) != nil }

// programOf is nil where a person asks.
func programOf(ctx context.Context) *program {
	p, _ := ctx.Value(programKey{}).(*program)
	return p
}
