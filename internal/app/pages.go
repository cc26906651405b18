package app

import "xinhuo/internal/kit/web"

// pages are app's pages beside the home page.
func (a *App) pages() []web.Route {
	out := append([]web.Route{addPage(), allPage(), searchPage(a.Org, a.findables()...)}, a.setupRoutes()...)
	return append(out, a.manualRoutes()...)
}
