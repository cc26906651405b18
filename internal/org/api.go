package org

import (
	"net/http"
	"strconv"

	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/web"
)

func (s *Service) apiRoutes() []web.Route {
	return []web.Route{
		{Method: "GET", Path: "/api/v1/units", Right: scope.Find, Scope: web.ByList, Name: "org.apiSearch", Handler: s.apiSearch},
		{Method: "GET", Path: "/api/v1/units/{unit}", Right: scope.View, Scope: web.ByUnit, Name: "org.apiUnit", Handler: s.apiUnit},
		{Method: "GET", Path: "/api/v1/units/{unit}/children", Right: scope.View, Scope: web.ByUnit, Name: "org.apiChildren", Handler: s.apiChildren},
		{Method: "GET", Path: "/api/v1/units/{unit}/history", Right: scope.View, Scope: web.ByUnit, Name: "org.apiHistory", Handler: s.apiHistory},
	}
}

type apiHit struct {
	Unit
	Path   []string `json:"path"`
	Became *Unit    `json:"became,omitempty"`
}

func (s *Service) apiSearch(w http.ResponseWriter, r *http.Request) error {
	limit, _ := strconv.Atoi(r.URL.Query().Get("limit"))
	hits, err := s.Search(r.Context(), r.URL.Query().Get("q"), limit)
	if err != nil {
		return err
	}
	out := make([]apiHit, 0, len(hits))
	for _, h := range hits {
		a := apiHit{Unit: h.Unit, Became: h.Became, Path: []string{}}
		for _, p := range h.Path {
			a.Path = append(a.Path, p.Name)
		}
		out = append(out, a)
	}
	return web.JSON(w, http.StatusOK, map[string]any{"units": out})
}

// apiUnit answers the unit as of ?day=; errs.NotFound when it does not stand on it.
func (s *Service) apiUnit(w http.ResponseWriter, r *http.Request) error {
	u, err := s.unitOf(r)
	if err != nil {
		return err
	}
	if r.URL.Query().Get("day") != "" {
		day, err := dayOf(r)
		if err != nil {
			return err
		}
		if u, err = s.AsOf(r.Context(), u.ID, day); err != nil {
			return err
		}
	}
	return web.JSON(w, http.StatusOK, u)
}

type apiNode struct {
	Unit
	Children int `json:"children"`
}

func (s *Service) apiChildren(w http.ResponseWriter, r *http.Request) error {
	u, err := s.unitOf(r)
	if err != nil {
		return err
	}
	day, err := dayOf(r)
	if err != nil {
		return err
	}
	limit, _ := strconv.Atoi(r.URL.Query().Get("limit"))
	nodes, err := s.Children(r.Context(), u.ID, day, r.URL.Query().Get("after"), limit)
	if err != nil {
		return err
	}
	out := make([]apiNode, 0, len(nodes))
	next := ""
	for _, n := range nodes {
		out = append(out, apiNode{n.Unit, n.Children})
		next = n.Key()
	}
	return web.JSON(w, http.StatusOK, map[string]any{"units": out, "next": next})
}

type apiEvent struct {
	Event
	Detail EventDetail `json:"detail"`
	Undone bool        `json:"undone"`
}

func (s *Service) apiHistory(w http.ResponseWriter, r *http.Request) error {
	u, err := s.unitOf(r)
	if err != nil {
		return err
	}
	evs, err := s.History(r.Context(), u.ID)
	if err != nil && !errs.Is(err, errs.NotFound) {
		return err
	}
	out := make([]apiEvent, 0, len(evs))
	for _, e := range evs {
		out = append(out, apiEvent{e, e.Read(), e.UndoneBy != id.ID(0)})
	}
	return web.JSON(w, http.StatusOK, map[string]any{"events": out})
}
