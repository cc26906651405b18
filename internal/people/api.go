package people

import (
	"net/http"
	"strings"

	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/web"
)

func (s *Service) apiRoutes() []web.Route {
	return []web.Route{
		{Method: http.MethodGet, Path: "/api/v1/teams", Right: scope.View, Scope: web.ByUnit, Name: "people.apiList", Handler: s.apiList},
		{Method: http.MethodGet, Path: "/api/v1/teams/{ref}", Right: scope.View, Scope: web.ByRecord, Name: "people.apiGet", Handler: s.apiGet},
	}
}

type apiTeam struct {
	Ref     string `json:"ref"`
	Version int64  `json:"version,omitempty"`
	State   State  `json:"state"`
	Unit    string `json:"unit"` // external code
	Listed
}

// apiList answers the teams of a unit's subtree: ?unit= &day= &need= &state= &q= &after=.
func (s *Service) apiList(w http.ResponseWriter, r *http.Request) error {
	ctx, q := r.Context(), r.URL.Query()
	u, err := s.unitOf(r)
	if err != nil {
		return err
	}
	day := dayOf(r)
	pos, code := afterOf(q.Get("after"))
	p, err := s.List(ctx, u, day, Filter{Need: q.Get("need"), State: State(q.Get("state")), Text: strings.TrimSpace(q.Get("q"))}, pos, code, 500)
	if err != nil {
		return err
	}
	out := struct {
		Total int64     `json:"total"`
		Next  string    `json:"next,omitempty"`
		Teams []apiTeam `json:"teams"`
	}{Total: p.Total, Teams: []apiTeam{}}
	names, err := s.unitsOf(ctx, p.Teams)
	if err != nil {
		return err
	}
	for _, l := range p.Teams {
		out.Teams = append(out.Teams, apiTeam{Ref: l.Ref().String(), State: l.State(day), Unit: names[l.Unit].Code, Listed: l})
	}
	if p.Rest > 0 {
		out.Next = key(p.Teams[len(p.Teams)-1])
	}
	return web.JSON(w, http.StatusOK, out)
}

// apiGet answers one team as it stands.
func (s *Service) apiGet(w http.ResponseWriter, r *http.Request) error {
	ref, err := refOf(r)
	if err != nil {
		return err
	}
	t, v, err := s.Get(r.Context(), ref)
	if err != nil {
		return err
	}
	return web.JSON(w, http.StatusOK, struct {
		Ref     string `json:"ref"`
		Version int64  `json:"version"`
		State   State  `json:"state"`
		Team
	}{ref.String(), v.N, t.State(dayOf(r)), t})
}
