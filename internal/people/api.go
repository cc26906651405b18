package people

import (
	"context"
	"net/http"
	"strings"

	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/web"
)

func (s *Service) apiRoutes() []web.Route {
	return []web.Route{
		{Method: http.MethodGet, Path: "/api/v1/teams", Right: scope.View, Scope: web.ByUnit, Name: "people.apiList", Handler: s.apiList},
		{Method: http.MethodGet, Path: "/api/v1/teams/{ref}", Right: scope.View, Scope: web.ByRecord, Name: "people.apiGet", Handler: s.apiGet},
		{Method: http.MethodPost, Path: "/api/v1/teams", Right: scope.Work, Scope: web.ByRecord, Name: "people.apiCreate", Handler: s.apiCreate},
		{Method: http.MethodPut, Path: "/api/v1/teams/{ref}", Right: scope.Work, Scope: web.ByRecord, Name: "people.apiSave", Handler: s.apiSave},
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
	return s.answer(w, r, http.StatusOK, ref)
}

// apiWhole is a team as programs read and write it. A PUT sends what a GET answered, with its version and what is to
// be changed; state follows from the days and is not read.
type apiWhole struct {
	Ref     string `json:"ref,omitempty"`
	Version int64  `json:"version,omitempty"`
	State   State  `json:"state,omitempty"`
	Reason  string `json:"reason,omitempty"`
	Team
}

func (s *Service) answer(w http.ResponseWriter, r *http.Request, status int, ref id.Ref) error {
	t, v, err := s.Get(r.Context(), ref)
	if err != nil {
		return err
	}
	return web.JSON(w, status, apiWhole{Ref: ref.String(), Version: v.N, State: t.State(dayOf(r)), Team: t})
}

func (s *Service) apiCreate(w http.ResponseWriter, r *http.Request) error {
	var in apiWhole
	if err := web.ReadJSON(w, r, &in); err != nil {
		return err
	}
	ref, err := web.OnceRef(r, s.db, func(ctx context.Context) (id.Ref, error) {
		return s.enter(ctx, in.Team, in.Reason)
	})
	if err != nil {
		return err
	}
	return s.answer(w, r, http.StatusCreated, ref)
}

func (s *Service) apiSave(w http.ResponseWriter, r *http.Request) error {
	ref, err := refOf(r)
	if err != nil {
		return err
	}
	var in apiWhole
	if err := web.ReadJSON(w, r, &in); err != nil {
		return err
	}
	if err := s.Save(r.Context(), ref, in.Version, in.Team, in.Reason); err != nil {
		return err
	}
	return s.answer(w, r, http.StatusOK, ref)
}
