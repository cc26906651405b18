package care

import (
	"net/http"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/web"
)

// A hotline or a school's own program asks for somebody at the addresses of the pages: it says what it is about (step 2), gets the receipt under
// which that will be kept, and sends all of it with the receipt and a phrase (step 3). Sent again under the same receipt it is the same request.

// desksJSON are the desks that take requests, and the numbers that come first.
func (s *Service) desksJSON(w http.ResponseWriter, r *http.Request, list []Desk) error {
	type desk struct {
		Unit  id.ID    `json:"unit"`
		Name  string   `json:"name"`
		Kinds []string `json:"kinds"`
		Hours string   `json:"hours"`
		Phone string   `json:"phone"`
	}
	out := []desk{}
	for _, d := range list {
		u, err := s.rec.Home(r.Context(), d.Unit)
		if err != nil {
			return err
		}
		out = append(out, desk{Unit: d.Unit, Name: u.Name, Kinds: d.Kinds, Hours: d.Hours, Phone: d.Phone})
	}
	return web.JSON(w, http.StatusOK, map[string]any{"desks": out, "numbers": telephones()})
}

func telephones() (out []string) {
	for _, n := range Numbers() {
		out = append(out, n.Tel)
	}
	return out
}

// askJSON checks a step, or keeps the request at the last, for a program.
func (s *Service) askJSON(w http.ResponseWriter, r *http.Request, a Ask, step int) error {
	ctx := scope.With(r.Context(), scope.Actor{}) // whoever asks has no account
	if step < 3 {
		if err := s.Check(ctx, a, max(step, 1)); err != nil {
			return err
		}
		out := map[string]any{"step": max(step, 1) + 1, "danger": Dangerous(a.Text), "numbers": telephones()}
		if step == 2 {
			receipt, proof, err := s.NewReceipt(ctx)
			if err != nil {
				return err
			}
			rule, err := s.Rule(ctx)
			if err != nil {
				return err
			}
			out["receipt"], out["proof"] = receipt, proof
			if rule.Asks == 1 {
				out["rule"], out["rule_text"] = rule.Version, rule.Body
			}
		}
		return web.JSON(w, http.StatusOK, out)
	}
	q, err := s.Ask(ctx, a, s.addr(r))
	if err != nil {
		return err
	}
	return web.JSON(w, http.StatusOK, map[string]any{"receipt": a.Receipt, "due_at": q.DueAt, "danger": q.Danger == 1, "numbers": telephones()})
}

// threadJSON is a request as whoever asked reads it.
func threadJSON(w http.ResponseWriter, out Answer) error {
	type line struct {
		ID    id.ID     `json:"id"`
		Kind  string    `json:"kind"`
		At    int64     `json:"at"`
		Day   clock.Day `json:"day,omitempty"` // of an appointment
		Clock string    `json:"clock,omitempty"`
		Place string    `json:"place,omitempty"`
		Reply string    `json:"reply,omitempty"`
		Fate  string    `json:"fate,omitempty"` // of an appointment: came, missed, moved, off
		What  string    `json:"what,omitempty"` // of a step
		Text  string    `json:"text,omitempty"`
		Files []int64   `json:"files,omitempty"` // their numbers
	}
	list := []line{}
	for _, e := range out.Entries {
		l := line{ID: e.ID, Kind: e.Kind, At: e.At, Text: e.Text, Reply: e.Reply, Fate: e.Fate}
		if e.Kind == Booked {
			l.Day, l.Clock, l.Place = e.Day, e.Clock, e.Way
		}
		if e.Kind == Step {
			l.What = e.Arg
		}
		for _, f := range e.Files {
			l.Files = append(l.Files, f.No)
		}
		list = append(list, l)
	}
	q := out.Request
	return web.JSON(w, http.StatusOK, map[string]any{"state": q.State, "danger": q.Danger == 1, "due_at": q.DueAt, "score": q.Score, "unit": out.Unit, "phone": out.Desk.Phone, "hours": out.Desk.Hours, "entries": list, "offer": out.Offer,
		"helpers": out.Helpers, "token": out.Token, "numbers": telephones()})
}
