package portal

import (
	"context"
	"log/slog"
	"net/http"
	"strings"

	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/web"
)

// Trouble says on a page of a site that is on what went wrong: its telephones stand on every page. That something is not there is said alike, be
// it taken down, never there or another's. Where no site is, nothing of one is told. It is a web.Dresser.
func (s *Service) Trouble(w http.ResponseWriter, r *http.Request, t web.Trouble) bool {
	ctx := scope.With(r.Context(), scope.Actor{})
	slug, err := s.slugOf(ctx, r)
	if err == nil && slug != "" {
		err = s.trouble(w, r.WithContext(ctx), slug, t)
	}
	if err != nil {
		slog.DebugContext(ctx, "page of a site", "path", r.URL.Path, "err", err)
	}
	return err == nil && slug != ""
}

// slugOf is the short address of the site to which a page belongs; "" for pages of the program itself.
func (s *Service) slugOf(ctx context.Context, r *http.Request) (string, error) {
	if rest, ok := strings.CutPrefix(r.URL.Path, "/s/"); ok {
		slug, _, _ := strings.Cut(rest, "/")
		return slug, nil
	}
	if scope.From(r.Context()).SignedIn() { // at the domain of a site the office works, too
		return "", nil
	}
	return s.SlugAt(ctx, r.Host)
}

func (s *Service) trouble(w http.ResponseWriter, r *http.Request, slug string, t web.Trouble) error {
	f := faceIn(r)
	ctx := i18n.In(r.Context(), f.lang)
	var err error
	if f.site, f.own, err = s.siteAt(ctx, r.Host, slug); err != nil {
		return err
	}
	if f.unit, err = s.rec.Home(ctx, f.site.Unit); err != nil {
		return err
	}
	f = face{site: f.site, own: f.own, unit: f.unit, lang: f.lang, said: f.said, size: f.size}
	v := siteView{Site: f.site, Title: t.Title, Paras: t.Texts, Ask: f.to(Help), Blocks: []block{s.columnBlock(ctx, f)}}
	if t.Status == http.StatusNotFound {
		v.Title, v.Paras, v.Under = tr(ctx, "portal.lost"), nil, tr(ctx, "portal.lost_why")
	}
	if t.Number != "" {
		v.Paras = append(v.Paras, tr(ctx, "portal.number", "Number", t.Number))
	}
	front := s.frontOf(ctx, f)
	front.Canonical = ""
	return web.Render(w, r.WithContext(ctx), web.Page{Title: v.Title, Front: front, Bare: true, Status: t.Status}, siteTempl(v))
}
