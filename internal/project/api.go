package project

import (
	"net/http"

	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/web"
)

func (s *Service) apiRoutes() []web.Route {
	return []web.Route{
		{Method: http.MethodGet, Path: "/api/v1/projects", Right: scope.View, Scope: web.ByUnit, Name: "project.apiList", Handler: s.apiList},
		{Method: http.MethodGet, Path: "/api/v1/projects/{ref}", Right: scope.View, Scope: web.ByRecord, Name: "project.apiGet", Handler: s.apiGet},
	}
}

type apiContract struct {
	Ref  string `json:"ref"`
	Unit string `json:"unit"` // external code of the first reporter
	Listed
}

// apiList answers the contracts of a unit's subtree: ?unit= &year= &kind= &q= &after=. Money is in fen.
func (s *Service) apiList(w http.ResponseWriter, r *http.Request) error {
	ctx, q := r.Context(), r.URL.Query()
	u, err := s.unitOf(r)
	if err != nil {
		return err
	}
	day, number := afterOf(q.Get("after"))
	p, err := s.List(ctx, u, filterOf(q), day, number, 500)
	if err != nil {
		return err
	}
	units, err := s.unitsOf(ctx, p.Contracts)
	if err != nil {
		return err
	}
	out := struct {
		Total     int64         `json:"total"`
		Next      string        `json:"next,omitempty"`
		Contracts []apiContract `json:"contracts"`
	}{Total: p.Total, Contracts: []apiContract{}}
	for _, l := range p.Contracts {
		out.Contracts = append(out.Contracts, apiContract{Ref: l.Ref().String(), Unit: units[l.Unit].Code, Listed: l})
	}
	if p.Rest > 0 {
		out.Next = key(p.Contracts[len(p.Contracts)-1])
	}
	return web.JSON(w, http.StatusOK, out)
}

// apiGet answers one contract with all its reports.
func (s *Service) apiGet(w http.ResponseWriter, r *http.Request) error {
	ref, err := refOf(r)
	if err != nil {
		return err
	}
	c, v, err := s.Get(r.Context(), ref)
	if err != nil {
		return err
	}
	return web.JSON(w, http.StatusOK, struct {
		Ref     string `json:"ref"`
		Version int64  `json:"version"`
		Contract
		Decides  Report `json:"decides"`
		Received int64  `json:"received_fen"`
	}{ref.String(), v.N, c, c.Deciding(), c.Received()})
}
