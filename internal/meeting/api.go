package meeting

import (
	"context"
	"net/http"
	"strings"

	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/web"
)

// apiListed is a meeting or a decision in an answer.
type apiListed[T any] struct {
	Ref  string `json:"ref"`
	Unit string `json:"unit"` // external code
	Row  T      `json:"row"`
}

type apiList[T any] struct {
	Total   int64          `json:"total"`
	Next    string         `json:"next,omitempty"`
	Records []apiListed[T] `json:"records"`
}

const apiSize = 500

// apiList answers the meetings of a unit's subtree: ?unit= &q= &kind= &year= &after=.
func (s *Service) apiList(w http.ResponseWriter, r *http.Request) error {
	ctx, q := r.Context(), r.URL.Query()
	u, err := s.unitOf(r)
	if err != nil {
		return err
	}
	f := Filter{Text: strings.TrimSpace(q.Get("q")), Kind: q.Get("kind")}
	if q.Get("year") != "" {
		f.Year = int64(yearOf(r))
	}
	day, code := afterOf(q.Get("after"))
	list, total, err := s.List(ctx, u, f, day, code, apiSize)
	if err != nil {
		return err
	}
	ids := make([]id.ID, len(list))
	for i, l := range list {
		ids[i] = l.Unit
	}
	units, err := s.org.ByIDs(ctx, ids)
	if err != nil {
		return err
	}
	out := apiList[Listed]{Total: total, Records: []apiListed[Listed]{}}
	for _, l := range list {
		out.Records = append(out.Records, apiListed[Listed]{Ref: l.Ref().String(), Unit: units[l.Unit].Code, Row: l})
	}
	if len(list) == apiSize {
		out.Next = string(list[apiSize-1].Day) + "~" + list[apiSize-1].Code
	}
	return web.JSON(w, http.StatusOK, out)
}

// apiDecisions answers the decisions that a unit's subtree made, leads or helps with: ?unit= &q= &state= &body= &after=.
func (s *Service) apiDecisions(w http.ResponseWriter, r *http.Request) error {
	ctx, q := r.Context(), r.URL.Query()
	u, err := s.unitOf(r)
	if err != nil {
		return err
	}
	due, code := afterOf(q.Get("after"))
	list, total, err := s.Decisions(ctx, u, DecisionFilter{Text: strings.TrimSpace(q.Get("q")), State: q.Get("state"), Body: q.Get("body")}, due, code, apiSize)
	if err != nil {
		return err
	}
	ids := make([]id.ID, len(list))
	for i, l := range list {
		ids[i] = l.Unit
	}
	units, err := s.org.ByIDs(ctx, ids)
	if err != nil {
		return err
	}
	out := apiList[ListedDecision]{Total: total, Records: []apiListed[ListedDecision]{}}
	for _, l := range list {
		out.Records = append(out.Records, apiListed[ListedDecision]{Ref: l.Ref().String(), Unit: units[l.Unit].Code, Row: l})
	}
	if len(list) == apiSize {
		out.Next = string(list[apiSize-1].Due) + "~" + list[apiSize-1].Code
	}
	return web.JSON(w, http.StatusOK, out)
}

// apiWhole is a record as programs read and write it. A PUT sends what a GET answered, with its version and what is to be
// changed; People are the seats of a new meeting, a line each.
type apiWhole[T any] struct {
	Ref     string   `json:"ref,omitempty"`
	Version int64    `json:"version,omitempty"`
	Reason  string   `json:"reason,omitempty"`
	People  []string `json:"people,omitempty"`
	Record  T        `json:"record"`
}

func (d *desk[T]) apiGet(w http.ResponseWriter, r *http.Request) error {
	ref, err := web.RefIn(r)
	if err != nil {
		return err
	}
	return d.answer(w, r, http.StatusOK, ref)
}

func (d *desk[T]) answer(w http.ResponseWriter, r *http.Request, status int, ref id.Ref) error {
	t, v, err := d.get(r.Context(), ref)
	if err != nil {
		return err
	}
	return web.JSON(w, status, apiWhole[T]{Ref: ref.String(), Version: v.N, Record: t})
}

// apiCreate keeps a new meeting; the record says whose it is.
func (s *Service) apiCreate(w http.ResponseWriter, r *http.Request) error {
	var in apiWhole[Meeting]
	if err := web.ReadJSON(w, r, &in); err != nil {
		return err
	}
	m := in.Record
	m.CancelledOn, m.Seats, m.Speeches, m.Minutes, m.Files = "", nil, nil, Minutes{}, nil // they have acts of their own
	ref, err := web.OnceRef(r, s.db, func(ctx context.Context) (id.Ref, error) { return s.CreateWith(ctx, m, in.People) })
	if err != nil {
		return err
	}
	return s.meetings.answer(w, r, http.StatusCreated, ref)
}

func (s *Service) apiSave(w http.ResponseWriter, r *http.Request) error {
	ref, err := web.RefIn(r)
	if err != nil {
		return err
	}
	var in apiWhole[Meeting]
	if err := web.ReadJSON(w, r, &in); err != nil {
		return err
	}
	if err := s.Save(r.Context(), ref, Change{Version: in.Version, Reason: in.Reason}, in.Record); err != nil {
		return err
	}
	return s.meetings.answer(w, r, http.StatusOK, ref)
}

func (d Decision) helpers() []string {
	out := make([]string, len(d.Assist))
	for i, p := range d.Assist {
		out[i] = p.Name
	}
	return out
}

// apiDecide keeps a new decision: meeting, text, lead and assist by name, due.
func (s *Service) apiDecide(w http.ResponseWriter, r *http.Request) error {
	var in apiWhole[Decision]
	if err := web.ReadJSON(w, r, &in); err != nil {
		return err
	}
	d := Decision{Unit: in.Record.Unit, Meeting: in.Record.Meeting, Code: in.Record.Code, Text: in.Record.Text, Due: in.Record.Due}
	ref, err := web.OnceRef(r, s.db, func(ctx context.Context) (id.Ref, error) {
		return s.Decide(ctx, d, in.Record.Lead.Name, in.Record.helpers())
	})
	if err != nil {
		return err
	}
	return s.decisions.answer(w, r, http.StatusCreated, ref)
}

func (s *Service) apiAmend(w http.ResponseWriter, r *http.Request) error {
	ref, err := web.RefIn(r)
	if err != nil {
		return err
	}
	var in apiWhole[Decision]
	if err := web.ReadJSON(w, r, &in); err != nil {
		return err
	}
	d := in.Record
	if err := s.Amend(r.Context(), ref, Change{Version: in.Version, Reason: in.Reason}, d.Text, d.Lead.Name, d.helpers(), d.Due); err != nil {
		return err
	}
	return s.decisions.answer(w, r, http.StatusOK, ref)
}
