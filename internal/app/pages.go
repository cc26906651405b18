package app

import "xinhuo/internal/kit/web"

// pages are app's pages beside the home page.
func (a *App) pages() []web.Route {
	out := append([]web.Route{a.addPage(), a.allPage(), searchPage(a.Org, a.findables()...)}, a.setupRoutes()...)
	out = append(out, a.draftRoutes()...)
	out = append(out, a.siteRoutes()...)
	return append(out, a.manualRoutes()...)
}
