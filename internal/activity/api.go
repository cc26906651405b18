package activity

import (
	"net/http"

	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/web"
	"xinhuo/internal/record"
)

func (s *Service) apiRoutes() []web.Route {
	return []web.Route{
		{Method: "GET", Path: "/api/v1/activities", Right: scope.View, Scope: web.ByUnit, Name: "activity.apiList", Handler: s.apiList},
		{Method: "POST", Path: "/api/v1/activities", Right: scope.Work, Scope: web.ByRecord, Name: "activity.apiCreate", Handler: s.apiCreate},
		{Method: "GET", Path: "/api/v1/activities/classes", Right: scope.View, Scope: web.ByUnit, Name: "activity.apiClasses", Handler: s.apiClasses},
		{Method: "GET", Path: "/api/v1/activities/{ref}", Right: scope.View, Scope: web.ByRecord, Name: "activity.apiGet", Handler: s.apiGet},
		{Method: "GET", Path: "/api/v1/activities/{ref}/minors", Right: scope.View, Scope: web.ByRecord, Name: "activity.apiMinors", Handler: s.apiMinors},
		{Method: "GET", Path: "/api/v1/activities/{ref}/incidents", Right: scope.View, Scope: web.ByRecord, Name: "activity.apiIncidents", Handler: s.apiIncidents},
		{Method: "PUT", Path: "/api/v1/activities/{ref}", Right: scope.Work, Scope: web.ByRecord, Name: "activity.apiSave", Handler: s.apiSave},
	}
}

// apiActivity is an activity as programs read and write it; a PUT sends the version that it has read.
type apiActivity struct {
	Ref      id.Ref   `json:"ref"`
	Version  int64    `json:"version"`
	Activity Activity `json:"activity"`
	Reason   string   `json:"reason,omitempty"`
}

type apiRow struct {
	Ref  id.Ref `json:"ref"`
	Unit string `json:"unit"` // external code of the lead
	Listed
}

// apiList answers the activities of a unit's subtree with the filters of the list: ?unit= &class= &topic= &series= &mode=
// &venue= &status= &from= &to= &campaign= &base= &q= &after=.
func (s *Service) apiList(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	u, err := s.unitOf(r)
	if err != nil {
		return err
	}
	f := filterOf(u, r.URL.Query())
	f.Limit = 200
	p, err := s.List(ctx, f)
	if err != nil {
		return err
	}
	ids := make([]id.ID, len(p.Rows))
	for i, l := range p.Rows {
		ids[i] = l.Lead
	}
	units, err := s.org.ByIDs(ctx, ids)
	if err != nil {
		return err
	}
	out := struct {
		Activities []apiRow `json:"activities"`
		Total      int64    `json:"total"`
		Next       string   `json:"next,omitempty"`
	}{[]apiRow{}, p.Total, p.Next}
	for _, l := range p.Rows {
		out.Activities = append(out.Activities, apiRow{l.Ref(), units[l.Lead].Code, l})
	}
	return web.JSON(w, http.StatusOK, out)
}

func (s *Service) apiGet(w http.ResponseWriter, r *http.Request) error {
	ref, err := refOf(r)
	if err != nil {
		return err
	}
	return s.apiAnswer(w, r, ref, http.StatusOK)
}

func (s *Service) apiAnswer(w http.ResponseWriter, r *http.Request, ref id.Ref, status int) error {
	a, v, err := s.Get(r.Context(), ref)
	if err != nil {
		return err
	}
	if a, err = s.visible(r.Context(), ref, a); err != nil {
		return err
	}
	return web.JSON(w, status, apiActivity{Ref: ref, Version: v.N, Activity: a})
}

func (s *Service) apiCreate(w http.ResponseWriter, r *http.Request) error {
	var in apiActivity
	if err := web.ReadJSON(w, r, &in); err != nil {
		return err
	}
	in.Activity.Photos, in.Activity.Incidents = nil, nil // have ways of their own
	ref, err := s.Create(r.Context(), in.Activity, record.Change{Act: "activity.act.create", Reason: in.Reason})
	if err != nil {
		return err
	}
	return s.apiAnswer(w, r, ref, http.StatusCreated)
}

func (s *Service) apiSave(w http.ResponseWriter, r *http.Request) error {
	ref, err := refOf(r)
	if err != nil {
		return err
	}
	var in apiActivity
	if err := web.ReadJSON(w, r, &in); err != nil {
		return err
	}
	was, _, err := s.Get(r.Context(), ref)
	if err != nil {
		return err
	}
	in.Activity.Photos, in.Activity.Incidents = was.Photos, was.Incidents
	if err := s.Save(r.Context(), ref, in.Version, in.Activity, record.Change{Act: "activity.act.edit", Reason: in.Reason}); err != nil {
		return err
	}
	return s.apiAnswer(w, r, ref, http.StatusOK)
}
