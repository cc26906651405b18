package aid

import (
	"net/http"

	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/web"
)

// apiRow is an aid in a list, as programs read it.
type apiRow struct {
	Ref id.Ref `json:"ref"`
	Row
}

// apiList are a unit's aids and those below it, with the sums by kind; narrowed as the page is. Never for whom they are.
func (s *Service) apiList(w http.ResponseWriter, r *http.Request) error {
	u, err := s.unitOf(r)
	if err != nil {
		return err
	}
	f := filterIn(r)
	f.Limit = 100
	p, err := s.List(r.Context(), u, f)
	if err != nil {
		return err
	}
	out := struct {
		Aids  []apiRow `json:"aids"`
		Total int64    `json:"total"`
		Sums  []Sum    `json:"sums"`
		Next  string   `json:"next,omitempty"`
	}{[]apiRow{}, p.Total, p.Sums, ""}
	for _, row := range p.Rows {
		out.Aids = append(out.Aids, apiRow{row.Ref(), row})
	}
	if p.Next != 0 {
		out.Next = p.Next.String()
	}
	return web.JSON(w, http.StatusOK, out)
}

// apiShow is an aid; for whom it is, and why, is left out: that is read on its page.
func (s *Service) apiShow(w http.ResponseWriter, r *http.Request) error {
	ref, err := web.RefIn(r)
	if err != nil {
		return err
	}
	a, v, err := s.Get(r.Context(), ref)
	if err != nil {
		return err
	}
	if a, err = s.shown(r.Context(), ref, a); err != nil {
		return err
	}
	a.By = 0
	return web.JSON(w, http.StatusOK, map[string]any{"ref": ref, "version": v.N, "aid": a})
}

// apiKinds is the list of kinds of a unit's city, and how much each level approves.
func (s *Service) apiKinds(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	u, err := s.unitOf(r)
	if err != nil {
		return err
	}
	kinds, err := s.Kinds(ctx, u.Root())
	if err != nil {
		return err
	}
	limits, err := s.Limits(ctx, u.Root())
	if err != nil {
		return err
	}
	return web.JSON(w, http.StatusOK, map[string]any{"kinds": kinds, "limits": limits})
}

// apiGifts are the gifts to a unit and those below it, with what was spent of each.
func (s *Service) apiGifts(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	u, err := s.unitOf(r)
	if err != nil {
		return err
	}
	list, err := s.Gifts(ctx, u, 0)
	if err != nil {
		return err
	}
	type gift struct {
		Ref id.Ref `json:"ref"`
		GiftRow
		Left int64 `json:"left_fen"`
	}
	out := []gift{}
	for _, g := range list {
		out = append(out, gift{g.Ref(), g, g.LeftFen()})
	}
	return web.JSON(w, http.StatusOK, map[string]any{"gifts": out})
}
