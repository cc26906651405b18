package ledger

import (
	"net/http"

	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/web"
)

// apiFigures answers all figures of a unit.
func (s *Service) apiFigures(w http.ResponseWriter, r *http.Request) error {
	q, err := s.read(r, "")
	if err != nil {
		return err
	}
	out, err := s.FiguresJSON(r.Context(), q.Query, i18n.Lang(r.Context()))
	if err != nil {
		return err
	}
	return web.JSON(w, http.StatusOK, out)
}

func (s *Service) apiFigure(w http.ResponseWriter, r *http.Request) error {
	q, err := s.read(r, r.PathValue("code"))
	if err != nil {
		return err
	}
	out, err := s.FigureJSON(r.Context(), q.Query, i18n.Lang(r.Context()))
	if err != nil {
		return err
	}
	return web.JSON(w, http.StatusOK, out)
}

// apiEvidence answers the whole list behind a figure: the same rows as every other format.
func (s *Service) apiEvidence(w http.ResponseWriter, r *http.Request) error {
	q, err := s.read(r, r.PathValue("code"))
	if err != nil {
		return err
	}
	return s.download(w, r, q, "json")
}
