package base

import (
	"context"
	"net/http"

	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/web"
	"xinhuo/internal/record"
)

// apiBase is a base as programs read and write it; a PUT sends the version that it has read.
type apiBase struct {
	Ref     id.Ref `json:"ref"`
	Version int64  `json:"version"`
	Base    Base   `json:"base"`
	Reason  string `json:"reason,omitempty"`
	Pending bool   `json:"pending,omitempty"` // somebody else has to apply the change
}

type apiRow struct {
	Ref id.Ref `json:"ref"`
	Row
}

func (s *Service) apiList(w http.ResponseWriter, r *http.Request) error {
	u, err := s.unitOf(r)
	if err != nil {
		return err
	}
	p, err := s.List(r.Context(), Filter{Unit: u, After: r.URL.Query().Get("after"), Limit: 100})
	if err != nil {
		return err
	}
	out := struct {
		Bases []apiRow `json:"bases"`
		Total int64    `json:"total"`
		Next  string   `json:"next,omitempty"`
	}{[]apiRow{}, p.Total, p.Next}
	for _, row := range p.Rows {
		out.Bases = append(out.Bases, apiRow{row.Ref(), row})
	}
	return web.JSON(w, http.StatusOK, out)
}

func (s *Service) apiGet(w http.ResponseWriter, r *http.Request) error {
	ref, err := refOf(r)
	if err != nil {
		return err
	}
	b, v, err := s.Get(r.Context(), ref)
	if err != nil {
		return err
	}
	return web.JSON(w, http.StatusOK, apiBase{Ref: ref, Version: v.N, Base: b})
}

func (s *Service) apiCreate(w http.ResponseWriter, r *http.Request) error {
	var in apiBase
	if err := web.ReadJSON(w, r, &in); err != nil {
		return err
	}
	ref, err := web.OnceRef(r, s.db, func(ctx context.Context) (id.Ref, error) {
		return s.Create(ctx, in.Base, record.Change{Act: "base.act.create", Reason: in.Reason})
	})
	if err != nil {
		return err
	}
	b, v, err := s.Get(r.Context(), ref)
	if err != nil {
		return err
	}
	return web.JSON(w, http.StatusCreated, apiBase{Ref: ref, Version: v.N, Base: b})
}

func (s *Service) apiSave(w http.ResponseWriter, r *http.Request) error {
	ref, err := refOf(r)
	if err != nil {
		return err
	}
	var in apiBase
	if err := web.ReadJSON(w, r, &in); err != nil {
		return err
	}
	pending, err := s.Save(r.Context(), ref, in.Version, in.Base, record.Change{Act: "base.act.edit", Reason: in.Reason})
	if err != nil {
		return err
	}
	b, v, err := s.Get(r.Context(), ref)
	if err != nil {
		return err
	}
	return web.JSON(w, http.StatusOK, apiBase{Ref: ref, Version: v.N, Base: b, Pending: pending})
}
