package mandatory

import (
	"net/http"

	"xinhuo/internal/kit/web"
)

// apiIndex are a unit's duties without their words; for those above how many wait too long.
func (s *Service) apiIndex(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	u, err := s.unitOf(r)
	if err != nil {
		return err
	}
	late, err := s.Late(ctx, u)
	if err != nil {
		return err
	}
	open, err := s.List(ctx, u, true)
	if err != nil {
		return err
	}
	ended, err := s.List(ctx, u, false)
	if err != nil {
		return err
	}
	return web.JSON(w, http.StatusOK, map[string]any{"late": late, "open": open, "ended": ended})
}

// apiShow is a duty with its words, for those who may read them; the reading stands in the log.
func (s *Service) apiShow(w http.ResponseWriter, r *http.Request) error {
	ref, err := web.RefIn(r)
	if err != nil {
		return err
	}
	o, err := s.Open(r.Context(), ref)
	if err != nil {
		return err
	}
	out := map[string]any{"ref": ref, "of": o.Duty.Of(), "duty": o.Duty, "situation": o.Situation, "words": o.Words}
	switch o.Duty.State {
	case Reported:
		out["report"] = map[string]any{"agency": o.Report.Agency, "to": o.Report.To, "at": o.Report.At, "by": o.Report.By, "no": o.Report.No}
	case Waived:
		out["reason"] = o.Reason
	}
	return web.JSON(w, http.StatusOK, out)
}
