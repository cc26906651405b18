package assess

import (
	"context"
	"net/http"

	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/web"
	"xinhuo/internal/record"
)

func (s *Service) apiRoutes() []web.Route {
	return []web.Route{
		{Method: "GET", Path: "/api/v1/programmes", Right: scope.View, Scope: web.ByUnit, Name: "assess.apiProgrammes", Handler: s.apiProgrammes},
		{Method: "POST", Path: "/api/v1/programmes", Right: scope.Work, Scope: web.ByRecord, Name: "assess.apiCreateProgramme", Handler: s.apiCreateProgramme},
		{Method: "GET", Path: "/api/v1/programmes/{ref}", Right: scope.View, Scope: web.ByRecord, Name: "assess.apiProgramme", Handler: s.apiProgramme},
		{Method: "PUT", Path: "/api/v1/programmes/{ref}", Right: scope.Work, Scope: web.ByRecord, Name: "assess.apiSaveProgramme", Handler: s.apiSaveProgramme},
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

// programmeJSON is a programme as programs read and write it; a PUT sends the version that it has read.
type programmeJSON struct {
	Ref       id.Ref    `json:"ref"`
	Version   int64     `json:"version"`
	Programme Programme `json:"programme"`
}

func (s *Service) answerProgramme(w http.ResponseWriter, r *http.Request, status int, ref id.Ref) error {
	p, v, err := s.Programme(r.Context(), ref)
	if err != nil {
		return err
	}
	return web.JSON(w, status, programmeJSON{Ref: ref, Version: v.N, Programme: p})
}

func (s *Service) apiProgramme(w http.ResponseWriter, r *http.Request) error {
	ref, err := refIn(r)
	if err != nil {
		return err
	}
	return s.answerProgramme(w, r, http.StatusOK, ref)
}

func (s *Service) apiCreateProgramme(w http.ResponseWriter, r *http.Request) error {
	var in programmeJSON
	if err := web.ReadJSON(w, r, &in); err != nil {
		return err
	}
	ref, err := web.OnceRef(r, s.db, func(ctx context.Context) (id.Ref, error) {
		return s.CreateProgramme(ctx, in.Programme, record.Change{})
	})
	if err != nil {
		return err
	}
	return s.answerProgramme(w, r, http.StatusCreated, ref)
}

func (s *Service) apiSaveProgramme(w http.ResponseWriter, r *http.Request) error {
	v, err := s.programmeIn(r)
	if err != nil {
		return err
	}
	if err := s.mayKeep(r.Context(), v); err != nil {
		return err
	}
	var in programmeJSON
	if err := web.ReadJSON(w, r, &in); err != nil {
		return err
	}
	if err := s.SaveProgramme(r.Context(), v.Ref, in.Version, in.Programme, record.Change{}); err != nil {
		return err
	}
	return s.answerProgramme(w, r, http.StatusOK, v.Ref)
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
