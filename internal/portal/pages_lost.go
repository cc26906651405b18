package portal

import (
	"cmp"
	"net/http"

	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/web"
)

// lost says on a site that is on that a page of it is not there, be it taken down, never there or another's: with its telephones and the ways on.
// Where no site is, nothing of one is told.
func (s *Service) lost(w http.ResponseWriter, r *http.Request, f face, slug string) error {
	var err error
	if f.site, f.own, err = s.siteAt(r.Context(), r.Host, slug); err != nil || web.WantsJSON(r) {
		return notFoundOr(r, cmp.Or(err, error(errNone)))
	}
	ctx := r.Context()
	if f.unit, err = s.rec.Home(ctx, f.site.Unit); err != nil {
		return err
	}
	f.column, f.news = "", id.Ref{}
	v := siteView{Site: f.site, Title: tr(ctx, "portal.lost"), Under: tr(ctx, "portal.lost_why"), Ask: f.to(Help), Blocks: []block{s.columnBlock(ctx, f)}}
	front := s.frontOf(ctx, f)
	front.Canonical = ""
	return web.Render(w, r, web.Page{Title: v.Title, Front: front, Bare: true, Status: http.StatusNotFound}, siteTempl(v))
}
