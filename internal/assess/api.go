package assess

import (
	"net/http"

	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/web"
	"xinhuo/internal/record"
)

func (s *Service) apiRoutes() []web.Route {
	return []web.Route{
		{Method: "GET", Path: "/api/v1/programmes", Right: scope.View, Scope: web.ByUnit, Name: "assess.apiProgrammes", Handler: s.apiProgrammes},
		{Method: "GET", Path: "/api/v1/reforms", Right: scope.View, Scope: web.ByUnit, Name: "assess.apiList", Handler: s.apiList},
		{Method: "GET", Path: "/api/v1/reforms/{ref}", Right: scope.View, Scope: web.ByRecord, Name: "assess.apiGet", Handler: s.apiGet},
		{Method: "POST", Path: "/api/v1/reforms/{ref}/{act}", Right: scope.Work, Scope: web.ByRecord, Name: "assess.apiAct", Handler: s.apiAct},
	}
}

func (s *Service) apiProgrammes(w http.ResponseWriter, r *http.Request) error {
	u, err := s.unitIn(r)
	if err != nil {
		return err
	}
	list, err := s.Programmes(r.Context(), u)
	if err != nil {
		return err
	}
	return web.JSON(w, http.StatusOK, map[string]any{"programmes": list})
}

func (s *Service) apiList(w http.ResponseWriter, r *http.Request) error {
	o, _, err := s.overviewIn(r)
	if err != nil {
		return err
	}
	return web.JSON(w, http.StatusOK, map[string]any{"programme": o.Ref, "name": o.Programme.Name, "unit": o.Unit.ID, "day": o.Day,
		"counts": o.Counts, "units": o.Lines})
}

type adoptionJSON struct {
	Ref     id.Ref `json:"ref"`
	Version int64  `json:"version"`
	Status  Status `json:"status"`
	Adoption
}

func (s *Service) apiGet(w http.ResponseWriter, r *http.Request) error {
	ref, err := refIn(r)
	if err != nil {
		return err
	}
	a, v, err := s.Adoption(r.Context(), ref)
	if err != nil {
		return err
	}
	return web.JSON(w, http.StatusOK, answer(r, ref, a, v))
}

func answer(r *http.Request, ref id.Ref, a Adoption, v record.Version) adoptionJSON {
	return adoptionJSON{Ref: ref, Version: v.N, Status: a.StatusOn(dayOr(r)), Adoption: a}
}

func (s *Service) apiAct(w http.ResponseWriter, r *http.Request) error {
	ref, err := refIn(r)
	if err != nil {
		return err
	}
	var st Step
	if err := web.ReadJSON(w, r, &st); err != nil {
		return err
	}
	if err := s.Do(r.Context(), ref, r.PathValue("act"), st); err != nil {
		return err
	}
	a, v, err := s.Adoption(r.Context(), ref)
	if err != nil {
		return err
	}
	return web.JSON(w, http.StatusOK, answer(r, ref, a, v))
}
