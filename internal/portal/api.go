package portal

import (
	"net/http"

	"xinhuo/internal/kit/web"
)

// apiSite is a unit's site as it is set, with the figures that it published.
func (s *Service) apiSite(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	u, err := s.unitOf(r)
	if err != nil {
		return err
	}
	x, err := s.Site(ctx, u)
	if err != nil {
		return err
	}
	figures, err := s.Published(ctx, u.ID)
	if err != nil {
		return err
	}
	return web.JSON(w, http.StatusOK, map[string]any{"site": x, "figures": figures})
}

// apiSet keeps a unit's site, as it was read at the version that it carries.
func (s *Service) apiSet(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	u, err := s.unitOf(r)
	if err != nil {
		return err
	}
	var in struct {
		Site Site `json:"site"`
	}
	if err := web.ReadJSON(w, r, &in); err != nil {
		return err
	}
	if err := s.SetSite(ctx, u.ID, in.Site); err != nil {
		return err
	}
	x, err := s.Site(ctx, u)
	if err != nil {
		return err
	}
	return web.JSON(w, http.StatusOK, map[string]any{"site": x})
}

// apiCheck is the self-check.
func (s *Service) apiCheck(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	u, err := s.unitOf(r)
	if err != nil {
		return err
	}
	found, err := s.Check(ctx, u)
	if err != nil {
		return err
	}
	if found == nil {
		found = []Finding{}
	}
	return web.JSON(w, http.StatusOK, map[string]any{"findings": found, "limits": limits})
}
