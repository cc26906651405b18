package survey

import (
	"context"
	"net/http"

	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/web"
	"xinhuo/internal/record"
)

func (s *Service) apiRoutes() []web.Route {
	get, post, put := http.MethodGet, http.MethodPost, http.MethodPut
	return []web.Route{
		{Method: get, Path: "/api/v1/surveys", Right: scope.View, Scope: web.ByUnit, Name: "survey.apiList", Handler: s.apiList},
		{Method: post, Path: "/api/v1/surveys", Right: scope.Work, Scope: web.ByRecord, Name: "survey.apiAdd", Handler: s.apiAdd},
		{Method: get, Path: "/api/v1/surveys/{ref}", Right: scope.View, Scope: web.ByRecord, Name: "survey.apiShow", Handler: s.apiShow},
		{Method: put, Path: "/api/v1/surveys/{ref}", Right: scope.Work, Scope: web.ByRecord, Name: "survey.apiSave", Handler: s.apiSave},
		{Method: post, Path: "/api/v1/surveys/{ref}/{act}", Right: scope.Work, Scope: web.ByRecord, Name: "survey.apiAct", Handler: s.apiAct},
		{Method: get, Path: "/api/v1/surveys/{ref}/answers/{unit}", Right: scope.View, Scope: web.ByRecord, Name: "survey.apiAnswer", Handler: s.apiAnswer},
		{Method: post, Path: "/api/v1/surveys/{ref}/answers/{unit}/{act}", Right: scope.Work, Scope: web.ByRecord, Name: "survey.apiAnswerAct", Handler: s.apiAnswerAct},
	}
}

// whole is a survey as programs read and write it, with how far the units have come that the reader may view.
type whole struct {
	Ref     string `json:"ref,omitempty"`
	Version int64  `json:"version,omitempty"`
	Record  Survey `json:"record"`
	Board   *Board `json:"board,omitempty"`
}

func (s *Service) answerWhole(w http.ResponseWriter, r *http.Request, status int, ref id.Ref) error {
	ctx := r.Context()
	v, ver, err := s.Get(ctx, ref)
	if err != nil {
		return err
	}
	out := whole{Ref: ref.String(), Version: ver.N, Record: v}
	if u, err := s.seenFrom(r, v); err == nil {
		if b, err := s.Board(ctx, ref, v, u); err == nil && v.IssuedOn != "" {
			out.Board = &b
		}
	}
	return web.JSON(w, status, out)
}

// apiList answers the surveys that come to a unit and those that it or units below it issue: ?unit=.
func (s *Service) apiList(w http.ResponseWriter, r *http.Request) error {
	u, err := s.unitIn(r)
	if err != nil {
		return err
	}
	list, err := s.List(r.Context(), u)
	if err != nil {
		return err
	}
	type line struct {
		Ref string `json:"ref"`
		Listed
	}
	out := []line{}
	for _, l := range list {
		out = append(out, line{l.Ref().String(), l})
	}
	return web.JSON(w, http.StatusOK, map[string]any{"surveys": out})
}

func (s *Service) apiAdd(w http.ResponseWriter, r *http.Request) error {
	var in whole
	if err := web.ReadJSON(w, r, &in); err != nil {
		return err
	}
	ref, err := web.OnceRef(r, s.db, func(ctx context.Context) (id.Ref, error) { return s.Create(ctx, in.Record) })
	if err != nil {
		return err
	}
	return s.answerWhole(w, r, http.StatusCreated, ref)
}

func (s *Service) apiShow(w http.ResponseWriter, r *http.Request) error {
	ref, err := web.RefIn(r)
	if err != nil {
		return err
	}
	return s.answerWhole(w, r, http.StatusOK, ref)
}

func (s *Service) apiSave(w http.ResponseWriter, r *http.Request) error {
	ref, err := web.RefIn(r)
	if err != nil {
		return err
	}
	var in whole
	if err := web.ReadJSON(w, r, &in); err != nil {
		return err
	}
	if err := s.Save(r.Context(), ref, in.Version, in.Record); err != nil {
		return err
	}
	return s.answerWhole(w, r, http.StatusOK, ref)
}

// apiAct issues a survey, calls upon those who have not answered, or takes one's own last change back.
func (s *Service) apiAct(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	ref, err := web.RefIn(r)
	if err != nil {
		return err
	}
	var in struct {
		Version int64 `json:"version"`
	}
	if err := web.ReadJSON(w, r, &in); err != nil {
		return err
	}
	switch r.PathValue("act") {
	case "issue":
		err = s.Issue(ctx, ref, in.Version)
	case "remind":
		err = s.Remind(ctx, ref)
	case record.ActUndo:
		err = s.Undo(ctx, ref, in.Version)
	default:
		return web.NotFound(r)
	}
	if err != nil {
		return err
	}
	return s.answerWhole(w, r, http.StatusOK, ref)
}

// wholeAnswer is a unit's answer with what the register holds of each base today.
type wholeAnswer struct {
	Version  int64   `json:"version"`
	Answer   Answer  `json:"answer"`
	Subjects []Entry `json:"subjects"`
}

func (s *Service) apiAnswer(w http.ResponseWriter, r *http.Request) error {
	t, err := s.taskIn(r)
	if err != nil {
		return err
	}
	subjects, err := s.Subjects(r.Context(), t)
	if err != nil {
		return err
	}
	return web.JSON(w, http.StatusOK, wholeAnswer{t.Version, t.Answer, subjects})
}

// apiAnswerAct takes an act on a unit's answer: fill with a base and values by number of the question; confirm, send, accept,
// return with why, undo.
func (s *Service) apiAnswerAct(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	t, err := s.taskIn(r)
	if err != nil {
		return err
	}
	var in struct {
		Version int64            `json:"version"`
		Base    string           `json:"base"`
		Values  map[int][]string `json:"values"`
		Why     string           `json:"why"`
	}
	if err := web.ReadJSON(w, r, &in); err != nil {
		return err
	}
	switch act := r.PathValue("act"); act {
	case "fill":
		if in.Base == "" {
			in.Base = Entry{}.key()
		}
		err = s.Fill(ctx, t.Ref, t.Unit.ID, in.Version, in.Base, in.Values, record.Change{})
	case "confirm", "send", "accept", "return", record.ActUndo:
		err = s.answerDo(ctx, t.Ref, t.Unit.ID, act, in.Version, in.Why)
	default:
		return web.NotFound(r)
	}
	if err != nil {
		return err
	}
	return s.apiAnswer(w, r)
}
