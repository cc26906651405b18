package signal

import (
	"net/http"

	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/web"
)

// apiCount is a published number for a program.
type apiCount struct {
	N     int64 `json:"n"`
	Least bool  `json:"least,omitempty"` // so many or more
}

// apiLine is a row of the published table. A topic that is missing is nothing or fewer than five.
type apiLine struct {
	Unit     id.ID               `json:"unit,omitempty"`
	Name     string              `json:"name,omitempty"`
	Reported int64               `json:"reported,omitempty"` // units that reported
	Counts   map[string]apiCount `json:"counts"`
}

func apiOf(l Line, named bool) apiLine {
	out := apiLine{Reported: l.Reported, Counts: map[string]apiCount{}}
	if named {
		out.Unit, out.Name = l.Unit.ID, l.Unit.Name
	}
	for t, x := range l.Counts {
		out.Counts[t] = apiCount{N: x.N, Least: x.Least == 1}
	}
	return out
}

// apiShow answers what is published: ?unit=, ?month= (the last twelve months without one).
func (s *Service) apiShow(w http.ResponseWriter, r *http.Request) error {
	u, err := s.unitOf(r)
	if err != nil {
		return err
	}
	from, to, _ := period(r)
	t, err := s.Of(r.Context(), u, from, to)
	if err != nil {
		return err
	}
	out := struct {
		From     Month     `json:"from"`
		To       Month     `json:"to"`
		Total    apiLine   `json:"total"`
		Own      apiLine   `json:"own"`
		Together apiLine   `json:"together"` // small numbers of several units
		Units    []apiLine `json:"units"`
	}{From: from, To: to, Total: apiOf(t.Total, true), Own: apiOf(t.Own, false), Together: apiOf(t.Together, false), Units: []apiLine{}}
	for _, l := range t.Below {
		out.Units = append(out.Units, apiOf(l, true))
	}
	return web.JSON(w, http.StatusOK, out)
}

// apiReported is one's own report for a program.
type apiReported struct {
	Month   Month            `json:"month"`
	Version int64            `json:"version"` // 0: not reported yet
	Counts  map[string]int64 `json:"counts"`
}

// apiOwn answers what the reader's own unit reported of ?month=.
func (s *Service) apiOwn(w http.ResponseWriter, r *http.Request) error {
	_, filed, err := s.Reports(r.Context())
	if err != nil {
		return err
	}
	return s.answerOwn(w, r, s.month(r, filed))
}

func (s *Service) answerOwn(w http.ResponseWriter, r *http.Request, m Month) error {
	rep, v, _, err := s.Own(r.Context(), m)
	if err != nil {
		return err
	}
	out := apiReported{Month: m, Version: v.N, Counts: rep.Counts}
	if out.Counts == nil {
		out.Counts = map[string]int64{}
	}
	return web.JSON(w, http.StatusOK, out)
}

// apiReport reports a month of the reader's own unit, or corrects it with the version that was read.
func (s *Service) apiReport(w http.ResponseWriter, r *http.Request) error {
	var in apiReported
	if err := web.ReadJSON(w, r, &in); err != nil {
		return err
	}
	m, ok := ParseMonth(string(in.Month))
	if !ok {
		return errs.New(errs.Invalid, "signal.month_unreadable")
	}
	if err := s.Keep(r.Context(), in.Version, m, in.Counts); err != nil {
		return err
	}
	return s.answerOwn(w, r, m)
}
