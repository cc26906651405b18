package app

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"runtime/debug"
	"slices"
	"strings"

	"xinhuo/internal/account"
	"xinhuo/internal/flow"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/web"
	"xinhuo/internal/kit/web/ui"
)

// shell builds what surrounds every page.
func (a *App) shell(r *http.Request, p web.Page) ui.Chrome {
	if p.Front != nil {
		return a.front(r, p)
	}
	ctx := r.Context()
	t := func(key string, args ...any) string { return i18n.T(ctx, key, args...) }
	s := account.SettingsOf(r)
	back := url.QueryEscape(r.URL.RequestURI())
	if r.Method != http.MethodGet {
		back = url.QueryEscape("/")
	}
	c := ui.Chrome{Lang: i18n.Lang(ctx), Size: s.Size, Theme: s.Theme, Title: p.Title, Error: p.Error, Crumbs: p.Crumbs, Plain: p.Plain, Letter: p.Letter,
		Flash: p.Flash, T: t, BrandURL: "/", CSS: stylesheet.url, Icon: icon.url,
		SizeURL:   func(px int) string { return fmt.Sprintf("/view?size=%d&back=%s", px, back) },
		ThemeURL:  func(th string) string { return fmt.Sprintf("/view?theme=%s&back=%s", th, back) },
		LangURL:   fmt.Sprintf("/view?lang=%s&back=%s", other(i18n.Lang(ctx)), back),
		FootLinks: []ui.Link{{Text: t("app.manual"), Href: "/manual"}},
	}
	if s := a.site.Load(); s != nil {
		c.Phone, c.PhoneNote, c.Registered = s.Phone, s.PhoneNote, s.registered(t)
		if s.Copyright != "" {
			c.Footer = []string{s.Copyright}
		}
	}
	if p.Bare {
		c.SizeURL, c.ThemeURL, c.BrandURL = nil, nil, "#main"
		q := r.URL.Query()
		q.Set("lang", other(i18n.Lang(ctx)))
		if c.LangURL = r.URL.Path + "?" + q.Encode(); r.Method != http.MethodGet {
			c.LangURL = "" // what was typed would be lost
		}
	}
	c.Banner = a.banner(r)
	if p.Leaves {
		c.Scripts = []string{script.url}
	}
	if p.Aloud {
		c.Scripts = append(c.Scripts, aloud.url)
	}
	if p.Passkeys {
		c.Scripts = append(c.Scripts, passkeys.url)
	}
	acc, ok := account.Current(ctx)
	if !ok && p.Current == "library" && r.URL.Path != "/library" { // which has a box of its own
		c.SearchURL, c.SearchHint = "/library", t("library.search")
	}
	if !ok && !p.Leaves {
		c.FootLinks = append(c.FootLinks, ui.Link{Text: t("app.ask_help"), Href: "/ask"})
	}
	if !ok || p.Bare {
		return c
	}
	home := r.URL.Path == "/" && len(scope.From(ctx).WorkSet) > 0 // where one comes back to after the line was gone
	inbox := home || p.Current == "inbox" && r.Method == http.MethodGet
	if p.Keeps || p.Parts || p.Follows || p.Suggests || inbox || p.Current == "me" {
		c.Scripts = append(c.Scripts, script.url)
	}
	if inbox {
		c.Live = flow.LiveAt(clock.Millis(ctx))
	}
	if p.Follows || home {
		c.Follow = acc.ID.String()
	}
	if c.Flash == nil && r.URL.Path == "/" {
		c.Flash = a.setupNote(ctx)
	}
	if u, err := a.Org.Unit(ctx, acc.Unit); err == nil {
		c.Brand = u.Name
	}
	// nobody is led where they may not go: whose rights have ended keeps the inbox and the account
	actor := scope.From(ctx)
	if len(actor.ViewSet) > 0 && r.URL.Path != "/search" { // which has its own, larger box
		c.SearchURL, c.SearchQuery = "/search", r.URL.Query().Get("q")
	}
	if len(actor.ViewSet) > 0 {
		c.Nav = navRow(ctx, p.Current)
	}
	tab := func(name, text, href, icon string) {
		c.Tabs = append(c.Tabs, ui.Tab{Link: ui.Link{Text: t(text), Href: href, Current: p.Current == name}, Icon: icon})
	}
	tab("inbox", "app.nav.inbox", "/", "inbox")
	if len(actor.ViewSet) > 0 {
		tab("ledger", "app.nav.book_short", "/book", "ledger")
	}
	if len(actor.WorkSet) > 0 {
		tab("add", "app.nav.add", "/add", "add")
	}
	if len(actor.ViewSet) > 0 {
		tab("all", "app.nav.all", "/all", "all")
	}
	tab("me", "app.nav.me", "/me", "me")
	c.Me = &ui.Link{Text: acc.Person, Href: "/me", Current: p.Current == "me"}
	return c
}

// front surrounds a page of a unit's own site: nothing of it comes from a cookie or an account, since one answer serves everybody.
func (a *App) front(r *http.Request, p web.Page) ui.Chrome {
	ctx, f := r.Context(), p.Front
	t := func(key string, args ...any) string { return i18n.T(ctx, key, args...) }
	c := ui.Chrome{Lang: i18n.Lang(ctx), Size: f.Size, Title: p.Title, Error: p.Error, Crumbs: p.Crumbs, T: t, Site: f.Name, Scheme: f.Scheme, Brand: f.Unit, BrandURL: f.Home, Nav: f.Columns, CSS: stylesheet.url, Icon: icon.url,
		SizeURL: f.SizeURL, LangURL: f.LangURL, FootLinks: append(slices.Clone(f.Columns), ui.Link{Text: t("app.front_sign_in"), Href: "/login"}), Footer: []string{t("app.front_owner", "Unit", f.Unit)}}
	if p.Aloud {
		c.Scripts = []string{aloud.url}
	}
	if c.Canonical = f.Canonical; strings.HasPrefix(c.Canonical, "//") {
		scheme := "http:"
		if a.Account.Protected(r) {
			scheme = "https:"
		}
		c.Canonical = scheme + c.Canonical
	}
	if s := a.site.Load(); s != nil {
		c.Registered = s.registered(t)
	}
	c.Banner = a.banner(r)
	return c
}

// banner is the standing line on top: demonstration data, or a connection on which others can read along.
func (a *App) banner(r *http.Request) string {
	ctx := r.Context()
	switch {
	case a.Demo:
		return i18n.T(ctx, "app.demo_banner", "Day", i18n.Day(ctx, clock.Today(ctx)))
	case !a.Account.Protected(r) && !local(r):
		return i18n.T(ctx, "app.unprotected")
	}
	return ""
}

func other(lang string) string {
	if lang == "en" {
		return "zh"
	}
	return "en"
}

func local(r *http.Request) bool {
	h := r.Host
	return strings.HasPrefix(h, "127.0.0.1") || strings.HasPrefix(h, "localhost") || strings.HasPrefix(h, "[::1]")
}

// context gives each request its clock.
func (a *App) context(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx := r.Context()
		if a.Clock != nil {
			ctx = clock.With(ctx, a.Clock)
		}
		next.ServeHTTP(w, r.WithContext(i18n.With(ctx, a.Texts, language(r))))
	})
}

// surroundings stands inside the session: the language is the account's own where there is one.
func (a *App) surroundings(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx := i18n.With(r.Context(), a.Texts, language(r))
		next.ServeHTTP(w, r.WithContext(web.WithShell(ctx, a.shell)))
	})
}

// language is what the reader chose, otherwise what the browser asks for first, otherwise Chinese.
func language(r *http.Request) string {
	if l := account.SettingsOf(r).Lang; l != "" {
		return l
	}
	for _, part := range strings.Split(r.Header.Get("Accept-Language"), ",") {
		tag, _, _ := strings.Cut(strings.TrimSpace(part), ";")
		tag, _, _ = strings.Cut(strings.ToLower(tag), "-")
		for _, l := range i18n.Langs {
			if tag == l {
				return l
			}
		}
	}
	return i18n.Langs[0]
}

// headers are the same on every answer: nothing from outside, no frames, no sniffing.
func (a *App) headers(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("X-Frame-Options", "DENY")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		next.ServeHTTP(w, r)
	})
}

// recoverer turns a panic into our own error page; the log gets the stack.
func (a *App) recoverer(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			if p := recover(); p != nil {
				if p == http.ErrAbortHandler {
					panic(p)
				}
				slog.Error("panic", "path", r.URL.Path, "panic", p, "stack", string(debug.Stack()))
				ctx := i18n.With(r.Context(), a.Texts, language(r))
				a.fail(w, r.WithContext(context.WithoutCancel(ctx)), errs.New(errs.Internal, "errs.internal"))
			}
		}()
		next.ServeHTTP(w, r)
	})
}
