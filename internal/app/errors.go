package app

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"unicode"

	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/web"
	"xinhuo/internal/kit/web/ui"
	"xinhuo/internal/seal"
)

type errorView struct {
	title  string
	texts  []string
	typed  [][]string // what was written into the form, each in its lines
	number string     // under which the log holds the chain; "" when there is nothing to look up
	search bool
	acts   []ui.Button
}

// problem is RFC 9457, with the inputs that have to be changed.
type problem struct {
	Type   string         `json:"type"`
	Title  string         `json:"title"`
	Status int            `json:"status"`
	Detail string         `json:"detail"`
	Number string         `json:"number,omitempty"`
	Fields []problemField `json:"fields,omitempty"`
}

type problemField struct {
	Name   string `json:"name"`
	Detail string `json:"detail"`
}

// fail answers an error, once, at the edge: a page that says what happened and where to go, or a problem for programs.
// Only what we did not expect goes to the log with its chain.
func (a *App) fail(w http.ResponseWriter, r *http.Request, err error) {
	if errors.Is(err, context.Canceled) && r.Context().Err() != nil {
		return // nobody is waiting any more
	}
	ctx := r.Context()
	kind := errs.KindOf(err)
	number := ""
	if kind == errs.Internal {
		number = id.New().String()
		slog.ErrorContext(ctx, "request", "method", r.Method, "path", r.URL.Path, "number", number, "account", scope.From(ctx).Account, "err", err)
	}
	if web.WantsJSON(r) {
		failJSON(w, r, err, number)
		return
	}
	if kind == errs.Unauthenticated && r.Method == http.MethodGet {
		http.Redirect(w, r, "/login?next="+url.QueryEscape(r.URL.RequestURI()), http.StatusSeeOther)
		return
	}
	if r, ctx = spoken(r); a.dressed(w, r, web.Trouble{Title: i18n.T(ctx, errorTitle(err)), Texts: told(ctx, err), Number: number, Status: kind.Status()}) {
		return
	}
	if kind == errs.StepUp {
		if r.Method == http.MethodGet {
			http.Redirect(w, r, "/login/second?next="+url.QueryEscape(r.URL.RequestURI()), http.StatusSeeOther)
			return
		}
		if asked, again := a.Account.AskAgain(w, r); again != nil {
			slog.ErrorContext(ctx, "second factor", "path", r.URL.Path, "err", again)
		} else if asked {
			return
		}
	}
	v := errorView{number: number, texts: told(ctx, err), search: kind == errs.NotFound && scope.From(ctx).SignedIn(), title: i18n.T(ctx, errorTitle(err))}
	if kind == errs.Unauthenticated { // a form sent after the session ended
		v.acts = append(v.acts, ui.Button{Text: i18n.T(ctx, "app.error_sign_in"), Href: "/login", Main: true})
	}
	if r.Method != http.MethodGet && kind != errs.Unauthenticated {
		if kind == errs.Conflict || kind == errs.StepUp {
			v.typed = typed(r)
		}
		if kind == errs.StepUp { // a form with files, or nobody has set up a second factor yet
			v.acts = append(v.acts, ui.Button{Text: i18n.T(ctx, "app.error_second"), Href: "/login/second", Main: true})
		}
		if back := sameSite(r); back != "" {
			v.acts = append(v.acts, ui.Button{Text: i18n.T(ctx, "app.error_back"), Href: back, Main: true})
		}
	}
	v.acts = append(v.acts, ui.Button{Text: i18n.T(ctx, "app.error_home"), Href: "/"})
	// Render needs nothing that could fail again; if it does, the plain text is better than an empty page.
	if again := web.Render(w, r, web.Page{Title: v.title, Status: kind.Status()}, errorBody(v)); again != nil {
		slog.ErrorContext(ctx, "error page", "path", r.URL.Path, "err", again)
		http.Error(w, v.title, kind.Status())
	}
}

// spoken is the request in the language that its form names: pages for people without an account carry it along, since no cookie does.
func spoken(r *http.Request) (*http.Request, context.Context) {
	ctx := r.Context()
	if lang := r.PostForm.Get("lang"); slices.Contains(i18n.Langs, lang) && !scope.From(ctx).SignedIn() {
		ctx = i18n.In(ctx, lang)
		r = r.WithContext(ctx)
	}
	return r, ctx
}

// dressed shows an error on the pages of a module that have something of their own on each.
func (a *App) dressed(w http.ResponseWriter, r *http.Request, t web.Trouble) bool {
	return slices.ContainsFunc(a.dressers, func(d web.Dresser) bool { return d(w, r, t) })
}

func errorTitle(err error) string {
	if seal.Shut(err) { // nobody was quicker, and trying again changes nothing
		return "app.error_shut"
	}
	switch errs.KindOf(err) {
	case errs.NotFound:
		return "app.error_not_found"
	case errs.Forbidden:
		return "app.error_forbidden"
	case errs.Unauthenticated:
		return "app.error_signed_out"
	case errs.StepUp:
		return "app.error_second"
	case errs.Conflict:
		return "app.error_conflict"
	case errs.Internal:
		return "app.error_internal"
	}
	return "app.error_change"
}

// told is what a person is told: the sentence of the error, or one sentence for each input to be changed.
func told(ctx context.Context, err error) []string {
	var e *errs.Error
	if !errors.As(err, &e) || len(e.Fields) == 0 {
		return []string{said(ctx, err)}
	}
	var out []string
	for _, f := range e.Fields {
		out = append(out, i18n.T(ctx, f.Key, pairs(f.Args)...))
	}
	return out
}

// said is the sentence of an error.
func said(ctx context.Context, err error) string {
	if seal.Shut(err) && !scope.From(ctx).SignedIn() { // where the key file is says nothing to somebody who asks for help, and nobody else needs to know
		return i18n.T(ctx, "app.error_shut_visitor")
	}
	return i18n.Error(ctx, err)
}

func pairs(m map[string]any) []any {
	out := make([]any, 0, 2*len(m))
	for k, v := range m {
		out = append(out, k, v)
	}
	return out
}

// secrets are the names of inputs that no page shows again.
var secrets = []string{"password", "pass", "pw", "again", "secret", "token"}

// typed are the texts of a form that could not be taken, to be copied from the page that says why: what somebody has written is
// not lost because somebody else was quicker. Words only: no choices, numbers, days and keys, and nothing of a form with a password in
// it, which may be of several words.
func typed(r *http.Request) [][]string {
	names := slices.Sorted(maps.Keys(r.PostForm))
	if slices.ContainsFunc(names, func(n string) bool { return slices.Contains(secrets, n) }) {
		return nil
	}
	var out [][]string
	for _, name := range names {
		for _, text := range r.PostForm[name] {
			words := strings.ContainsFunc(text, func(c rune) bool { return unicode.Is(unicode.Han, c) }) || len(strings.Fields(text)) > 2
			if lines := web.TextLines(text); words && len(lines) > 0 && !strings.HasPrefix(name, "_") {
				out = append(out, lines)
			}
		}
	}
	return out
}

// failJSON answers a program.
func failJSON(w http.ResponseWriter, r *http.Request, err error, number string) {
	ctx, kind := r.Context(), errs.KindOf(err)
	p := problem{Type: "about:blank", Title: i18n.T(ctx, errorTitle(err)), Status: kind.Status(), Detail: said(ctx, err), Number: number}
	var e *errs.Error
	if errors.As(err, &e) {
		for _, f := range e.Fields {
			p.Fields = append(p.Fields, problemField{Name: f.Name, Detail: i18n.T(ctx, f.Key, pairs(f.Args)...)})
		}
	}
	h := w.Header()
	h.Set("Content-Type", "application/problem+json; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	w.WriteHeader(p.Status)
	if again := json.NewEncoder(w).Encode(p); again != nil {
		slog.ErrorContext(ctx, "problem", "path", r.URL.Path, "err", again)
	}
}

// sameSite is the page from which a form came, when it is one of ours.
func sameSite(r *http.Request) string {
	u, err := url.Parse(r.Referer())
	if err != nil || u.Host != r.Host || u.Path == "" {
		return ""
	}
	return u.RequestURI()
}
