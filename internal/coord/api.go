package coord

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
		{Method: "GET", Path: "/api/v1/notices", Right: scope.View, Scope: web.ByUnit, Name: "coord.apiList", Handler: s.apiList},
		{Method: "POST", Path: "/api/v1/notices", Right: scope.Work, Scope: web.ByRecord, Name: "coord.apiCreate", Handler: s.apiCreate},
		{Method: "GET", Path: "/api/v1/notices/{ref}", Right: scope.View, Scope: web.ByRecord, Name: "coord.apiGet", Handler: s.apiGet},
		{Method: "PUT", Path: "/api/v1/notices/{ref}", Right: scope.Work, Scope: web.ByRecord, Name: "coord.apiSave", Handler: s.apiSave},
		{Method: "POST", Path: "/api/v1/notices/{ref}/{act}", Right: scope.Work, Scope: web.ByRecord, Name: "coord.apiAct", Handler: s.apiAct},
		{Method: "GET", Path: "/api/v1/notices/{ref}/units", Right: scope.View, Scope: web.ByRecord, Name: "coord.apiUnits", Handler: s.apiUnits},
		{Method: "GET", Path: "/api/v1/notices/{ref}/replies/{unit}", Right: scope.View, Scope: web.ByUnit, Name: "coord.apiReply", Handler: s.apiReply},
		{Method: "POST", Path: "/api/v1/notices/{ref}/replies/{unit}/{act}", Right: scope.Work, Scope: web.ByRecord, Name: "coord.apiReplyAct", Handler: s.apiReplyAct},
	}
}

func (s *Service) apiList(w http.ResponseWriter, r *http.Request) error {
	u, err := s.unitIn(r)
	if err != nil {
		return err
	}
	list, next, err := s.List(r.Context(), u, web.DayIn(r), s.filterIn(r))
	if err != nil {
		return err
	}
	return web.JSON(w, http.StatusOK, map[string]any{"unit": u.ID, "day": web.DayIn(r), "notices": append([]Listed{}, list...), "next": next})
}

// noticeJSON is a notice as programs read and send it.
type noticeJSON struct {
	Ref     id.Ref `json:"ref,omitzero"`
	Version int64  `json:"version"`
	Notice
}

func (s *Service) answer(w http.ResponseWriter, r *http.Request, ref id.Ref, status int) error {
	n, v, err := s.Notice(r.Context(), ref)
	if err != nil {
		return err
	}
	return web.JSON(w, status, noticeJSON{Ref: ref, Version: v.N, Notice: n})
}

func (s *Service) apiCreate(w http.ResponseWriter, r *http.Request) error {
	var in noticeJSON
	if err := web.ReadJSON(w, r, &in); err != nil {
		return err
	}
	u, err := s.org.Unit(r.Context(), in.Unit)
	if err != nil || !scope.From(r.Context()).May(scope.View, u.Pos) { // one that does not exist looks like one of others
		return web.NotFound(r)
	}
	in.IssuedOn, in.Files = clock.Open, nil // issuing is an act of its own; files are uploaded on the page
	in.number()
	ref, err := s.Create(r.Context(), in.Notice, record.Change{})
	if err != nil {
		return err
	}
	return s.answer(w, r, ref, http.StatusCreated)
}

// number gives obligations and fields that come without one a number of their own.
func (in *noticeJSON) number() {
	for i := range in.Obligations {
		if in.Obligations[i].No == 0 {
			in.Obligations[i].No = in.nextNo()
		}
	}
	for i := range in.Fields {
		if in.Fields[i].No == 0 {
			in.Fields[i].No = in.nextNo()
		}
	}
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
	was, _, err := s.Notice(r.Context(), ref)
	if err != nil {
		return err
	}
	var in noticeJSON
	if err := web.ReadJSON(w, r, &in); err != nil {
		return err
	}
	in.IssuedOn, in.Files = was.IssuedOn, was.Files
	in.number()
	if err := s.Save(r.Context(), ref, in.Version, in.Notice, record.Change{}); err != nil {
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

// apiUnits is the board with one page of the recipients: ?unit=, ?list= (waiting, none, received, read, done, asked), ?after=.
func (s *Service) apiUnits(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	ref, err := web.RefIn(r)
	if err != nil {
		return err
	}
	n, _, err := s.Notice(ctx, ref)
	if err != nil {
		return err
	}
	u, err := s.seenFrom(r, n)
	if err != nil {
		return err
	}
	out := map[string]any{"notice": ref, "unit": u.ID, "day": web.DayIn(r), "units": []Line{}}
	if n.IssuedOn != clock.Open {
		b, err := s.Board(ctx, ref, n, u, web.DayIn(r))
		if err != nil {
			return err
		}
		list, err := s.Recipients(ctx, ref, n, u, web.DayIn(r), State(r.URL.Query().Get("list")), r.URL.Query().Get("after"))
		if err != nil {
			return err
		}
		bound, err := s.Bound(ctx, n, u.ID)
		if err != nil {
			return err
		}
		out["all"], out["below"], out["units"], out["next"], out["fields"] = b.All, b.Below, append([]Line{}, list.Lines...), list.Next, boundJSON(bound)
	}
	return web.JSON(w, http.StatusOK, out)
}

// boundJSON are answers of the ledger as programs read them; a figure that cannot be given is null.
func boundJSON(list []FieldValue) []map[string]any {
	out := []map[string]any{}
	for _, x := range list {
		out = append(out, map[string]any{"no": x.Field.No, "label": x.Field.Label, "figure": x.Field.Figure, "day": x.Query.Day, "value": x.Value.Amount})
	}
	return out
}

// replyJSON is what a unit did, with what is asked of it.
type replyJSON struct {
	Version int64            `json:"version"`
	Target  bool             `json:"target"`
	State   State            `json:"state"`
	DueHere clock.Day        `json:"due_here,omitempty"`
	Ledger  []map[string]any `json:"ledger,omitempty"` // fields that nobody types
	Reply
}

func (s *Service) answerReply(w http.ResponseWriter, r *http.Request) error {
	t, err := s.taskIn(r)
	if err != nil {
		return err
	}
	bound, err := s.Bound(r.Context(), t.Notice, t.Unit.ID)
	if err != nil {
		return err
	}
	return web.JSON(w, http.StatusOK, replyJSON{Version: t.Version, Target: t.Target, State: t.Reply.StateOn(clock.Today(r.Context())), DueHere: t.DueHere(), Ledger: boundJSON(bound), Reply: t.Reply})
}

func (s *Service) apiReply(w http.ResponseWriter, r *http.Request) error { return s.answerReply(w, r) }

func (s *Service) apiReplyAct(w http.ResponseWriter, r *http.Request) error {
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
	return s.answerReply(w, r)
}
