package care

import (
	"net/http"
	"slices"

	"xinhuo/internal/kit/web"
)

// apiIndex is a unit's desk with its requests, without their words; for those above the desk and how many wait too long.
func (s *Service) apiIndex(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	u, err := s.unitOf(r)
	if err != nil {
		return err
	}
	d, err := s.Desk(ctx, u.ID)
	if err != nil {
		return err
	}
	if !worksAt(ctx, u.ID, u.Pos) { // by which account a lead signs in is their colleagues' to know
		d.Leads = slices.Clone(d.Leads)
		for i := range d.Leads {
			d.Leads[i] = Person{Name: d.Leads[i].Name}
		}
	}
	late, err := s.Late(ctx, u)
	if err != nil {
		return err
	}
	list, err := s.Requests(ctx, u, false)
	if err != nil {
		return err
	}
	team, err := s.Team(ctx, u)
	if err != nil {
		return err
	}
	from, to, counts, err := s.Counts(ctx, u)
	if err != nil {
		return err
	}
	return web.JSON(w, http.StatusOK, map[string]any{"desk": d, "late": late, "requests": list, "team": team, "published": map[string]any{"from": from, "to": to, "counts": counts}})
}

// apiShow is a request with its words, for those who may read them; the reading stands in the log.
func (s *Service) apiShow(w http.ResponseWriter, r *http.Request) error {
	ref, err := web.RefIn(r)
	if err != nil {
		return err
	}
	o, err := s.Open(r.Context(), ref)
	if err != nil {
		return err
	}
	return web.JSON(w, http.StatusOK, map[string]any{"ref": ref, "request": o.Request, "name": o.Name, "contact": o.Contact, "entries": o.Entries})
}
