package flow

import (
	"context"
	"encoding/json"
	"net/http"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/web"
)

// inboxJSON is GET /api/v1/inbox, narrowed by ?whose=own or for; with ?sent=1 what the reader sent and waits for.
type inboxJSON struct {
	Total   int      `json:"total"` // shown or not
	Waiting *Waiting `json:"waiting,omitempty"`
	Items   []Item   `json:"items"`
}

// orNone is an empty list in place of null.
func orNone(items []Item) []Item {
	if items == nil {
		return []Item{}
	}
	return items
}

// caseJSON is a case as programs read it.
type caseJSON struct {
	Ref         id.Ref     `json:"ref"`
	Definition  string     `json:"definition"`
	SubjectKind string     `json:"subject_kind"`
	Subject     string     `json:"subject"`
	Title       string     `json:"title"`
	Unit        id.ID      `json:"unit"`
	State       string     `json:"state"`
	StateTitle  string     `json:"state_title"`
	Seen        int64      `json:"seen"` // to be sent with an act: somebody faster is noticed
	Due         clock.Day  `json:"due,omitempty"`
	Overdue     bool       `json:"overdue"`
	WaitsFor    id.ID      `json:"waits_for"` // unit; 0 nobody
	Open        bool       `json:"open"`
	Acts        []actJSON  `json:"acts"` // what the reader may do now
	Steps       []stepJSON `json:"steps"`
}

type actJSON struct {
	Act           string `json:"act"`
	Title         string `json:"title"`
	NeedsReason   bool   `json:"needs_reason"`
	NeedsDay      bool   `json:"needs_day"`
	NeedsDocument bool   `json:"needs_document"`
	NeedsData     bool   `json:"needs_data"`
}

type stepJSON struct {
	No       int64     `json:"no"`
	Act      string    `json:"act"` // "" is the opening
	From     string    `json:"from"`
	To       string    `json:"to"`
	At       int64     `json:"at"` // UTC milliseconds
	By       string    `json:"by"`
	Unit     id.ID     `json:"unit"`
	For      string    `json:"for,omitempty"`
	Reason   string    `json:"reason,omitempty"`
	Day      clock.Day `json:"day,omitempty"`
	Document string    `json:"document,omitempty"`
}

// actRequest is the body of POST /api/v1/flow/{ref}/act.
type actRequest struct {
	Act      string          `json:"act"`
	Reason   string          `json:"reason"`
	Day      clock.Day       `json:"day"`
	Document string          `json:"document"`
	Data     json.RawMessage `json:"data"`
	Seen     int64           `json:"seen"`
}

func (s *Service) apiInbox(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	if q.Get("sent") != "" {
		items, total, err := s.Sent(r.Context(), pageTasks)
		if err != nil {
			return err
		}
		return web.JSON(w, http.StatusOK, inboxJSON{Total: total, Items: orNone(items)})
	}
	items, n, err := s.InboxOf(r.Context(), whoseIn(q), pageTasks)
	if err != nil {
		return err
	}
	return web.JSON(w, http.StatusOK, inboxJSON{Total: n.All, Waiting: &n, Items: orNone(items)})
}

func (s *Service) apiCase(w http.ResponseWriter, r *http.Request) error {
	ref, err := id.ParseRef(r.PathValue("ref"))
	if err != nil {
		return web.NotFound(r)
	}
	return s.answerCase(w, r, ref)
}

func (s *Service) answerCase(w http.ResponseWriter, r *http.Request, ref id.Ref) error {
	var out caseJSON
	err := s.db.Read(r.Context(), func(ctx context.Context) (err error) {
		out, err = s.caseJSON(ctx, ref)
		return err
	})
	if err != nil {
		return err
	}
	return web.JSON(w, http.StatusOK, out)
}

func (s *Service) caseJSON(ctx context.Context, ref id.Ref) (caseJSON, error) {
	c, err := s.Get(ctx, ref)
	if err != nil {
		return caseJSON{}, err
	}
	def, err := s.definition(ctx, c.Version)
	if err != nil {
		return caseJSON{}, err
	}
	steps, err := s.stepsAcrossUnits(ctx, ref)
	if err != nil {
		return caseJSON{}, err
	}
	st, _ := def.State(c.State)
	out := caseJSON{Ref: ref, Definition: c.Definition, SubjectKind: c.SubjectKind, Subject: c.SubjectRef, Title: c.Title, Unit: c.Unit,
		State: c.State, StateTitle: st.Title.In(ctx), Seen: c.Steps, Due: c.DueDay, Overdue: c.Overdue(clock.Today(ctx)),
		WaitsFor: c.WaitUnit, Open: c.Open(), Acts: []actJSON{}}
	for _, t := range s.Allowed(ctx, c) {
		out.Acts = append(out.Acts, actJSON{t.Act, t.Title.In(ctx), t.NeedsReason, t.NeedsDay, t.NeedsDocument, t.NeedsData})
	}
	for _, p := range steps {
		out.Steps = append(out.Steps, stepJSON{p.No, p.Act, p.From, p.To, p.At, p.ByName, p.Unit, p.ForName, p.Reason, p.Day, p.Document})
	}
	return out, nil
}

func (s *Service) apiAct(w http.ResponseWriter, r *http.Request) error {
	ref, err := id.ParseRef(r.PathValue("ref"))
	if err != nil {
		return web.NotFound(r)
	}
	var q actRequest
	if err := web.ReadJSON(w, r, &q); err != nil {
		return err
	}
	act := Act{Key: q.Act, Reason: q.Reason, Day: q.Day, Document: q.Document, Seen: q.Seen}
	if len(q.Data) > 0 && string(q.Data) != "null" {
		act.Data = q.Data
	}
	if _, err := s.Act(r.Context(), ref, act); err != nil {
		return err
	}
	return s.answerCase(w, r, ref)
}
