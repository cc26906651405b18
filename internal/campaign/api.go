package campaign

import (
	"net/http"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/web"
	"xinhuo/internal/record"
)

func (s *Service) apiRoutes() []web.Route {
	return []web.Route{
		{Method: "GET", Path: "/api/v1/campaigns", Right: scope.View, Scope: web.ByUnit, Name: "campaign.apiList", Handler: s.apiList},
		{Method: "POST", Path: "/api/v1/campaigns", Right: scope.Work, Scope: web.ByRecord, Name: "campaign.apiCreate", Handler: s.apiCreate},
		{Method: "GET", Path: "/api/v1/campaigns/{ref}", Right: scope.View, Scope: web.ByRecord, Name: "campaign.apiGet", Handler: s.apiGet},
		{Method: "PUT", Path: "/api/v1/campaigns/{ref}", Right: scope.Work, Scope: web.ByRecord, Name: "campaign.apiSave", Handler: s.apiSave},
		{Method: "POST", Path: "/api/v1/campaigns/{ref}/{act}", Right: scope.Work, Scope: web.ByRecord, Name: "campaign.apiAct", Handler: s.apiAct},
		{Method: "GET", Path: "/api/v1/campaigns/{ref}/units", Right: scope.View, Scope: web.ByRecord, Name: "campaign.apiUnits", Handler: s.apiUnits},
		{Method: "GET", Path: "/api/v1/campaigns/{ref}/duties/{unit}", Right: scope.View, Scope: web.ByUnit, Name: "campaign.apiDuty", Handler: s.apiDuty},
		{Method: "POST", Path: "/api/v1/campaigns/{ref}/duties/{unit}/{act}", Right: scope.Work, Scope: web.ByUnit, Name: "campaign.apiDutyAct", Handler: s.apiDutyAct},
	}
}

func (s *Service) apiList(w http.ResponseWriter, r *http.Request) error {
	u, err := s.unitIn(r)
	if err != nil {
		return err
	}
	q := r.URL.Query()
	list, next, err := s.List(r.Context(), u, web.DayIn(r), Filter{Below: q.Get("below") != "", State: q.Get("state"), Topic: q.Get("topic"), After: q.Get("after")})
	if err != nil {
		return err
	}
	return web.JSON(w, http.StatusOK, map[string]any{"unit": u.ID, "day": web.DayIn(r), "campaigns": append([]Listed{}, list...), "next": next})
}

// campaignJSON is a campaign as programs read and send it.
type campaignJSON struct {
	Ref     id.Ref `json:"ref,omitzero"`
	Version int64  `json:"version"`
	Name    string `json:"name,omitempty"` // its title, or what its anniversary makes of it
	Campaign
}

func (s *Service) answer(w http.ResponseWriter, r *http.Request, ref id.Ref, status int) error {
	c, v, err := s.Campaign(r.Context(), ref)
	if err != nil {
		return err
	}
	return web.JSON(w, status, campaignJSON{Ref: ref, Version: v.N, Name: Name(r.Context(), c), Campaign: c})
}

func (s *Service) apiCreate(w http.ResponseWriter, r *http.Request) error {
	var in campaignJSON
	if err := web.ReadJSON(w, r, &in); err != nil {
		return err
	}
	if in.Unit == 0 {
		in.Unit = scope.From(r.Context()).Unit
	}
	u, err := s.org.Unit(r.Context(), in.Unit)
	if err != nil || !scope.From(r.Context()).May(scope.View, u.Pos) { // one that does not exist looks like one of others
		return web.NotFound(r)
	}
	in.IssuedOn = clock.Open // issuing is an act of its own
	ref, err := s.Create(r.Context(), in.Campaign, record.Change{})
	if err != nil {
		return err
	}
	return s.answer(w, r, ref, http.StatusCreated)
}

func (s *Service) apiGet(w http.ResponseWriter, r *http.Request) error {
	ref, err := web.RefIn(r)
	if err != nil {
		return err
	}
	return s.answer(w, r, ref, http.StatusOK)
}

func (s *Service) apiSave(w http.ResponseWriter, r *http.Request) error {
	ref, err := web.RefIn(r)
	if err != nil {
		return err
	}
	var in campaignJSON
	if err := web.ReadJSON(w, r, &in); err != nil {
		return err
	}
	in.IssuedOn = clock.Open
	if err := s.Save(r.Context(), ref, in.Version, in.Campaign, record.Change{}); err != nil {
		return err
	}
	return s.answer(w, r, ref, http.StatusOK)
}

func (s *Service) apiAct(w http.ResponseWriter, r *http.Request) error {
	ref, err := web.RefIn(r)
	if err != nil {
		return err
	}
	var st Step
	if err := web.ReadJSON(w, r, &st); err != nil {
		return err
	}
	act := r.PathValue("act")
	if err := s.Do(r.Context(), ref, act, st); err != nil {
		return err
	}
	if act == ActRemove {
		return web.JSON(w, http.StatusOK, map[string]any{"ref": ref, "removed": true})
	}
	return s.answer(w, r, ref, http.StatusOK)
}

// apiUnits is the board with one page of the targets: ?unit=, ?list= (waiting, none, received, planned, reported), ?after=.
func (s *Service) apiUnits(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	ref, err := web.RefIn(r)
	if err != nil {
		return err
	}
	c, _, err := s.Campaign(ctx, ref)
	if err != nil {
		return err
	}
	u, err := s.seenFrom(r, c)
	if err != nil {
		return err
	}
	out := map[string]any{"campaign": ref, "unit": u.ID, "day": web.DayIn(r), "units": []Line{}}
	if c.IssuedOn != clock.Open {
		b, err := s.Board(ctx, ref, c, u, web.DayIn(r))
		if err != nil {
			return err
		}
		list, err := s.Targets(ctx, ref, c, u, web.DayIn(r), State(r.URL.Query().Get("list")), r.URL.Query().Get("after"))
		if err != nil {
			return err
		}
		out["all"], out["below"], out["units"], out["next"] = b.All, b.Below, append([]Line{}, list.Lines...), list.Next
	}
	return web.JSON(w, http.StatusOK, out)
}

// dutyJSON is what a unit did, with what is asked of it.
type dutyJSON struct {
	Version int64     `json:"version"`
	Target  bool      `json:"target"`
	State   State     `json:"state"`
	DueHere clock.Day `json:"due_here"`
	Duty
}

func (s *Service) answerDuty(w http.ResponseWriter, r *http.Request) error {
	t, err := s.taskIn(r)
	if err != nil {
		return err
	}
	return web.JSON(w, http.StatusOK, dutyJSON{Version: t.Version, Target: t.Target, State: t.Duty.StateOn(clock.Today(r.Context())), DueHere: t.DueHere(), Duty: t.Duty})
}

func (s *Service) apiDuty(w http.ResponseWriter, r *http.Request) error { return s.answerDuty(w, r) }

func (s *Service) apiDutyAct(w http.ResponseWriter, r *http.Request) error {
	t, err := s.taskIn(r)
	if err != nil {
		return err
	}
	var st Step
	if err := web.ReadJSON(w, r, &st); err != nil {
		return err
	}
	if err := s.Act(r.Context(), t.Ref, t.Unit.ID, r.PathValue("act"), st); err != nil {
		return err
	}
	return s.answerDuty(w, r)
}
