package training

import (
	"context"
	"net/http"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/web"
	"xinhuo/internal/record"
)

func (s *Service) apiRoutes() []web.Route {
	const all, one = "/api/v1/training", "/api/v1/training/{ref}"
	return []web.Route{
		{Method: http.MethodGet, Path: all, Right: scope.View, Scope: web.ByUnit, Name: "training.apiList", Handler: s.apiList},
		{Method: http.MethodGet, Path: "/api/v1/renewals", Right: scope.View, Scope: web.ByUnit, Name: "training.apiRenewals", Handler: s.apiRenewals},
		{Method: http.MethodGet, Path: one, Right: scope.View, Scope: web.ByRecord, Name: "training.apiGet", Handler: s.apiGet},
		{Method: http.MethodPost, Path: all, Right: scope.Work, Scope: web.ByRecord, Name: "training.apiCreate", Handler: s.apiCreate},
		{Method: http.MethodPut, Path: one, Right: scope.Work, Scope: web.ByRecord, Name: "training.apiSave", Handler: s.apiSave},
	}
}

// apiListed is a course in an answer.
type apiListed struct {
	Ref   string `json:"ref"`
	Unit  string `json:"unit"` // external code
	State State  `json:"state"`
	Listed
}

// apiList answers the courses of a unit's subtree: ?unit= &year= &subject= &state= &after=.
func (s *Service) apiList(w http.ResponseWriter, r *http.Request) error {
	ctx, q := r.Context(), r.URL.Query()
	u, err := s.unitOf(r)
	if err != nil {
		return err
	}
	f := Filter{Subject: q.Get("subject"), State: State(q.Get("state")), Day: dayOf(r)}
	if q.Get("year") != "" {
		f.Year = yearOf(r)
	}
	if f.State != Planned && f.State != Held && f.State != Cancelled {
		f.State = ""
	}
	day, code := afterOf(q.Get("after"))
	p, err := s.List(ctx, u, f, day, code, mostLines)
	if err != nil {
		return err
	}
	units, err := s.unitsOf(ctx, p.Courses)
	if err != nil {
		return err
	}
	out := struct {
		Total   int64       `json:"total"`
		Next    string      `json:"next,omitempty"`
		Courses []apiListed `json:"courses"`
	}{Total: p.Total, Courses: []apiListed{}}
	for _, l := range p.Courses {
		out.Courses = append(out.Courses, apiListed{Ref: l.Ref().String(), Unit: units[l.Unit].Code, State: l.State(f.Day), Listed: l})
	}
	if p.Rest > 0 {
		out.Next = key(p.Courses[len(p.Courses)-1])
	}
	return web.JSON(w, http.StatusOK, out)
}

// apiRenewals answers the certificates that end soon or ended: ?unit= &day=.
func (s *Service) apiRenewals(w http.ResponseWriter, r *http.Request) error {
	u, err := s.unitOf(r)
	if err != nil {
		return err
	}
	list, err := s.Renewals(r.Context(), u, dayOf(r))
	if err != nil {
		return err
	}
	type line struct {
		Volunteer  string    `json:"volunteer"`
		Code       string    `json:"code"`
		Name       string    `json:"name"`
		Competence string    `json:"competence"`
		Expires    clock.Day `json:"expires"`
		Lapsed     bool      `json:"lapsed"`
	}
	out := []line{}
	for _, x := range list {
		out = append(out, line{x.Who.Ref().String(), x.Who.Code, x.Who.Name, x.Competence, x.Expires, x.Lapsed})
	}
	return web.JSON(w, http.StatusOK, map[string]any{"renewals": out})
}

// apiWhole is a course as programs read and write it. A PUT sends what a GET answered, with its version and what is to be
// changed.
type apiWhole struct {
	Ref     string `json:"ref,omitempty"`
	Version int64  `json:"version,omitempty"`
	Reason  string `json:"reason,omitempty"`
	Course  Course `json:"course"`
}

func (s *Service) apiGet(w http.ResponseWriter, r *http.Request) error {
	ref, err := refOf(r)
	if err != nil {
		return err
	}
	return s.answer(w, r, http.StatusOK, ref)
}

func (s *Service) answer(w http.ResponseWriter, r *http.Request, status int, ref id.Ref) error {
	c, v, err := s.book.Get(r.Context(), ref)
	if err != nil {
		return err
	}
	return web.JSON(w, status, apiWhole{Ref: ref.String(), Version: v.N, Course: c})
}

func (s *Service) apiCreate(w http.ResponseWriter, r *http.Request) error {
	var in apiWhole
	if err := web.ReadJSON(w, r, &in); err != nil {
		return err
	}
	ref, err := web.OnceRef(r, s.db, func(ctx context.Context) (id.Ref, error) {
		return s.create(ctx, in.Course, record.Change{Act: "training.act.create", Reason: in.Reason})
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
	if err := s.Save(r.Context(), ref, in.Version, in.Course, in.Reason); err != nil {
		return err
	}
	return s.answer(w, r, http.StatusOK, ref)
}
