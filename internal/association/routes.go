package association

import (
	"net/http"

	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/web"
)

// Routes are the addresses of this module.
func (s *Service) Routes() []web.Route {
	out := append(s.associations.routes(), s.stations.routes()...)
	out = append(out, s.guidance.routes()...)
	for _, a := range acts {
		path := "/association/{ref}/do/" + a.name
		out = append(out, web.Route{Method: http.MethodGet, Path: path, Right: scope.Work, Scope: web.ByRecord, Name: "association." + a.name + "Form", Handler: s.actForm(a)},
			web.Route{Method: http.MethodPost, Path: path, Right: scope.Work, Scope: web.ByRecord, Name: "association." + a.name, Handler: s.actPost(a)})
	}
	return out
}

func (d *desk[T]) routes() []web.Route {
	get, post := http.MethodGet, http.MethodPost
	one, name := d.path+"/{ref}", "association."+d.kind+"_"
	return []web.Route{
		{Method: get, Path: d.path, Right: scope.View, Scope: web.ByUnit, Name: name + "list", Handler: d.listPage},
		{Method: get, Path: d.path + "/new", Right: scope.Work, Scope: web.ByUnit, Name: name + "new", Handler: d.newForm},
		{Method: post, Path: d.path + "/new", Right: scope.Work, Scope: web.ByUnit, Name: name + "create", Handler: d.createPost},
		{Method: get, Path: d.path + "/export", Right: scope.View, Scope: web.ByUnit, Name: name + "export", Handler: d.exportFile},
		{Method: get, Path: one, Right: scope.View, Scope: web.ByRecord, Name: name + "show", Handler: d.showPage},
		{Method: get, Path: one + "/known", Right: scope.View, Scope: web.ByRecord, Name: name + "known", Handler: d.knownPage},
		{Method: get, Path: one + "/done", Right: scope.View, Scope: web.ByRecord, Name: name + "done", Handler: d.donePage},
		{Method: get, Path: one + "/edit", Right: scope.Work, Scope: web.ByRecord, Name: name + "edit", Handler: d.editForm},
		{Method: post, Path: one + "/edit", Right: scope.Work, Scope: web.ByRecord, Name: name + "save", Handler: d.editPost},
		{Method: get, Path: one + "/remove", Right: scope.Work, Scope: web.ByRecord, Name: name + "removeForm", Handler: d.removeForm},
		{Method: post, Path: one + "/remove", Right: scope.Work, Scope: web.ByRecord, Name: name + "remove", Handler: d.removePost},
		{Method: post, Path: one + "/undo", Right: scope.Work, Scope: web.ByRecord, Name: name + "undo", Handler: d.undoPost},
		{Method: get, Path: d.api, Right: scope.View, Scope: web.ByUnit, Name: name + "apiList", Handler: d.apiList},
		{Method: get, Path: d.api + "/{ref}", Right: scope.View, Scope: web.ByRecord, Name: name + "apiGet", Handler: d.apiGet},
		{Method: post, Path: d.api, Right: scope.Work, Scope: web.ByRecord, Name: name + "apiCreate", Handler: d.apiCreate},
		{Method: http.MethodPut, Path: d.api + "/{ref}", Right: scope.Work, Scope: web.ByRecord, Name: name + "apiSave", Handler: d.apiSave},
	}
}
