package volunteer

import (
	"net/http"
	"strings"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/web"
)

const apiSize = 500

func (s *Service) apiRoutes() []web.Route {
	get, post, put := http.MethodGet, http.MethodPost, http.MethodPut
	return []web.Route{
		{Method: get, Path: "/api/v1/volunteers", Right: scope.View, Scope: web.ByUnit, Name: "volunteer.apiList", Handler: s.apiList},
		{Method: post, Path: "/api/v1/volunteers", Right: scope.Work, Scope: web.ByUnit, Name: "volunteer.apiCreate", Handler: s.apiCreate},
		{Method: get, Path: "/api/v1/volunteers/{ref}", Right: scope.View, Scope: web.ByRecord, Name: "volunteer.apiGet", Handler: s.apiGet},
		{Method: put, Path: "/api/v1/volunteers/{ref}", Right: scope.Work, Scope: web.ByRecord, Name: "volunteer.apiSave", Handler: s.apiSave},
		{Method: get, Path: "/api/v1/hours", Right: scope.View, Scope: web.ByUnit, Name: "volunteer.apiHours", Handler: s.apiHours},
		{Method: post, Path: "/api/v1/volunteers/{ref}/hours", Right: scope.Work, Scope: web.ByRecord, Name: "volunteer.apiLog", Handler: s.apiLog},
	}
}

type apiVolunteer struct {
	Ref   string `json:"ref"`
	State State  `json:"state"`
	Unit  string `json:"unit"` // external code
	Listed
}

// apiList answers the volunteers of a unit's subtree: ?unit= &day= &kind= &state= &profession= &speciality= &q= &after=.
func (s *Service) apiList(w http.ResponseWriter, r *http.Request) error {
	ctx, q := r.Context(), r.URL.Query()
	u, err := s.unitOf(r)
	if err != nil {
		return err
	}
	day := dayOf(r)
	pos, code := afterOf(q.Get("after"))
	p, err := s.List(ctx, u, day, filterOf(r), pos, code, apiSize)
	if err != nil {
		return err
	}
	out := struct {
		Total      int64          `json:"total"`
		Next       string         `json:"next,omitempty"`
		Volunteers []apiVolunteer `json:"volunteers"`
	}{Total: p.Total, Volunteers: []apiVolunteer{}}
	units, err := s.unitsOf(ctx, p.Volunteers)
	if err != nil {
		return err
	}
	for _, l := range p.Volunteers {
		out.Volunteers = append(out.Volunteers, apiVolunteer{l.Ref().String(), l.State(day), units[l.Unit].Code, l})
	}
	if p.Rest > 0 {
		out.Next = key(p.Volunteers[len(p.Volunteers)-1])
	}
	return web.JSON(w, http.StatusOK, out)
}

type apiFile struct {
	Ref     string `json:"ref"`
	Version int64  `json:"version"`
	State   State  `json:"state"`
	Volunteer
}

func (s *Service) answer(w http.ResponseWriter, r *http.Request, status int, ref id.Ref) error {
	v, ver, err := s.Get(r.Context(), ref)
	if err != nil {
		return err
	}
	return web.JSON(w, status, apiFile{ref.String(), ver.N, v.State(dayOf(r)), v})
}

// apiGet answers one volunteer as far as the reader may see.
func (s *Service) apiGet(w http.ResponseWriter, r *http.Request) error {
	ref, err := refOf(r)
	if err != nil {
		return err
	}
	return s.answer(w, r, http.StatusOK, ref)
}

// apiCreate keeps a new volunteer at ?unit=. Somebody who may be on file already is refused unless ?not_same=1.
func (s *Service) apiCreate(w http.ResponseWriter, r *http.Request) error {
	u, err := s.unitOf(r)
	if err != nil {
		return err
	}
	var v Volunteer
	if err := web.ReadJSON(w, r, &v); err != nil {
		return err
	}
	v.Unit = u.ID
	if r.URL.Query().Get("not_same") != "1" {
		if err := s.notAlike(r.Context(), id.Ref{Root: u.Root()}, v); err != nil {
			return err
		}
	}
	ref, err := s.Create(r.Context(), v)
	if err != nil {
		return err
	}
	return s.answer(w, r, http.StatusCreated, ref)
}

// apiSave corrects a volunteer as it was read at a version.
func (s *Service) apiSave(w http.ResponseWriter, r *http.Request) error {
	ref, err := refOf(r)
	if err != nil {
		return err
	}
	if _, _, _, err := s.toWork(r.Context(), ref); err != nil {
		return err
	}
	var body struct {
		Version   int64     `json:"version"`
		Reason    string    `json:"reason"`
		Volunteer Volunteer `json:"volunteer"`
	}
	if err := web.ReadJSON(w, r, &body); err != nil {
		return err
	}
	if err := s.Save(r.Context(), ref, body.Version, body.Volunteer, body.Reason); err != nil {
		return err
	}
	return s.answer(w, r, http.StatusOK, ref)
}

// apiHours answers the hours of a unit's subtree: ?unit= &from= &to= &entered_as= &look=any|late|again|long|for_many &after=.
func (s *Service) apiHours(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	u, err := s.unitOf(r)
	if err != nil {
		return err
	}
	day, after := hoursAfter(r.URL.Query().Get("after"))
	p, err := s.ListHours(ctx, u, hoursFilterOf(r), day, after, apiSize)
	if err != nil {
		return err
	}
	names, err := s.names(ctx, p.Hours)
	if err != nil {
		return err
	}
	type row struct {
		Ref       string `json:"ref"`
		Volunteer string `json:"volunteer"`
		Name      string `json:"name"`
		From      string `json:"from"`
		To        string `json:"to"`
		Minutes   int64  `json:"minutes"`
		Given
	}
	out := struct {
		Total   int64  `json:"total"`
		Minutes int64  `json:"minutes"`
		Next    string `json:"next,omitempty"`
		Hours   []row  `json:"hours"`
	}{p.Total, p.Minutes, "", []row{}}
	for _, g := range p.Hours {
		out.Hours = append(out.Hours, row{g.Ref().String(), g.Volunteer().String(), names[g.Volunteer()].Name, timeOf(g.From), timeOf(g.To), g.Minutes(), g})
	}
	if p.Rest > 0 {
		out.Next = hoursKey(p.Hours[len(p.Hours)-1])
	}
	return web.JSON(w, http.StatusOK, out)
}

// apiLog keeps hours of a volunteer.
func (s *Service) apiLog(w http.ResponseWriter, r *http.Request) error {
	ref, err := refOf(r)
	if err != nil {
		return err
	}
	if _, _, _, err := s.toWork(r.Context(), ref); err != nil {
		return err
	}
	var body struct {
		Day      clock.Day `json:"day"`
		From     string    `json:"from"`
		To       string    `json:"to"`
		What     string    `json:"what"`
		Activity string    `json:"activity"`
	}
	if err := web.ReadJSON(w, r, &body); err != nil {
		return err
	}
	if _, err := clock.ParseDay(string(body.Day)); err != nil {
		body.Day = ""
	}
	kept, err := s.LogHours(r.Context(), Hours{Volunteer: ref, Day: body.Day, From: body.From, To: body.To, What: body.What, Activity: body.Activity})
	if err != nil {
		return err
	}
	return web.JSON(w, http.StatusCreated, map[string]string{"ref": kept.String()})
}

// filterOf reads a list's conditions from the address.
func filterOf(r *http.Request) Filter {
	q := r.URL.Query()
	return Filter{Kind: Class(q.Get("kind")), State: State(q.Get("state")), Profession: q.Get("profession"), Speciality: strings.TrimSpace(q.Get("speciality")),
		Text: strings.TrimSpace(q.Get("q")), Retired: q.Get("retired") == "1", Only: q.Get("only")}
}
