package contact

import (
	"context"
	"net/http"

	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/web"
	"xinhuo/internal/record"
)

// entryJSON is an entry as programs read and send it.
type entryJSON struct {
	Ref     id.Ref `json:"ref,omitzero"`
	Version int64  `json:"version"`
	Contact
}

func (s *Service) apiList(w http.ResponseWriter, r *http.Request) error {
	u, err := s.unitIn(r)
	if err != nil {
		return err
	}
	f := filterIn(r)
	list, next, err := s.List(r.Context(), u, f)
	if err != nil {
		return err
	}
	by, err := s.ByBody(r.Context(), u, yearOr(r, f.Year))
	if err != nil {
		return err
	}
	return web.JSON(w, http.StatusOK, map[string]any{"unit": u.ID, "contacts": append([]Entry{}, list...), "next": next, "bodies": append([]BodyCount{}, by...)})
}

func (s *Service) answer(w http.ResponseWriter, r *http.Request, ref id.Ref, status int) error {
	c, v, err := s.Get(r.Context(), ref)
	if err != nil {
		return err
	}
	return web.JSON(w, status, entryJSON{Ref: ref, Version: v.N, Contact: c})
}

func (s *Service) apiAdd(w http.ResponseWriter, r *http.Request) error {
	var in entryJSON
	if err := web.ReadJSON(w, r, &in); err != nil {
		return err
	}
	ref, err := web.OnceRef(r, s.db, func(ctx context.Context) (id.Ref, error) { return s.Add(ctx, in.Contact, record.Change{}) })
	if err != nil {
		return err
	}
	return s.answer(w, r, ref, http.StatusCreated)
}

func (s *Service) apiShow(w http.ResponseWriter, r *http.Request) error {
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
	var in entryJSON
	if err := web.ReadJSON(w, r, &in); err != nil {
		return err
	}
	if err := s.Save(r.Context(), ref, in.Version, in.Contact, record.Change{}); err != nil {
		return err
	}
	return s.answer(w, r, ref, http.StatusOK)
}
