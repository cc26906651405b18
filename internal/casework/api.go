package casework

import (
	"net/http"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/web"
)

// apiIndex are a unit's cases without who they are about, for who works there; for those above what is published.
func (s *Service) apiIndex(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	u, err := s.unitOf(r)
	if err != nil {
		return err
	}
	list, err := s.List(ctx, u, filterOf(r.URL.Query()))
	if err != nil {
		return err
	}
	type row struct {
		Ref string `json:"ref"`
		Case
	}
	rows := []row{}
	for _, c := range list {
		rows = append(rows, row{c.Ref().String(), c})
	}
	tallies, err := s.Tallies(ctx, u)
	if err != nil {
		return err
	}
	from, to, counts, err := s.Counts(ctx, u)
	if err != nil {
		return err
	}
	return web.JSON(w, http.StatusOK, map[string]any{"cases": rows, "tallies": tallies, "published": map[string]any{"from": from, "to": to, "counts": counts}})
}

// apiShow is a case with who it is about, for those who may read it; the reading stands in the log.
func (s *Service) apiShow(w http.ResponseWriter, r *http.Request) error {
	ref, err := web.RefIn(r)
	if err != nil {
		return err
	}
	o, err := s.Open(r.Context(), ref)
	if err != nil {
		return err
	}
	w.Header().Set("Cache-Control", "no-store")
	return web.JSON(w, http.StatusOK, map[string]any{"ref": ref, "case": o.Case, "person": o.Person, "entries": o.Entries, "pairs": o.Pairs})
}

// apiVisit records a visit.
func (s *Service) apiVisit(w http.ResponseWriter, r *http.Request) error {
	ref, err := web.RefIn(r)
	if err != nil {
		return err
	}
	var in struct {
		Day  clock.Day `json:"day"`
		How  string    `json:"how"`
		Text string    `json:"text"`
		Next clock.Day `json:"next"`
	}
	if err := web.ReadJSON(w, r, &in); err != nil {
		return err
	}
	if err := s.Visit(r.Context(), ref, in.Day, in.How, in.Text, in.Next, 0, r.Header.Get("Idempotency-Key")); err != nil {
		return err
	}
	c, _, err := s.Known(r.Context(), ref)
	if err != nil {
		return err
	}
	return web.JSON(w, http.StatusOK, map[string]any{"ref": ref, "case": c})
}
