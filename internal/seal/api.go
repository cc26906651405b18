package seal

import (
	"net/http"
	"time"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/web"
)

// apiGrants answers who was let in, the latest last, and what was erased.
func (s *Service) apiGrants(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	of, m, err := s.overseen(r)
	if err != nil {
		return err
	}
	list, err := s.Grants(ctx, m.Owners[0])
	if err != nil {
		return err
	}
	erased, err := s.Erasures(ctx, of)
	if err != nil {
		return err
	}
	type grant struct {
		Grant
		Live bool `json:"live"`
	}
	out := struct {
		Grants []grant   `json:"grants"`
		Erased []Erasure `json:"erased"`
	}{[]grant{}, append([]Erasure{}, erased...)}
	for _, g := range list {
		out.Grants = append(out.Grants, grant{g, g.Live(clock.Now(ctx))})
	}
	w.Header().Set("Cache-Control", "no-store")
	return web.JSON(w, http.StatusOK, out)
}

// apiReading is a row of the log about what is sealed.
type apiReading struct {
	ID      id.ID  `json:"id"`
	When    string `json:"when"` // RFC 3339, Asia/Shanghai
	Who     string `json:"who"`
	Unit    id.ID  `json:"unit"`
	Act     string `json:"act"`
	Kind    string `json:"kind"`
	Purpose string `json:"purpose"`
	Refused bool   `json:"refused"`
}

// apiReadings answers who has read and what else was done, the latest first; next is the query of older ones.
func (s *Service) apiReadings(w http.ResponseWriter, r *http.Request) error {
	_, m, err := s.overseen(r)
	if err != nil {
		return err
	}
	rows, next, err := s.pageOf(r, m)
	if err != nil {
		return err
	}
	out := struct {
		Readings []apiReading `json:"readings"`
		Next     string       `json:"next,omitempty"`
	}{[]apiReading{}, next}
	for _, x := range rows {
		out.Readings = append(out.Readings, apiReading{x.ID, time.UnixMilli(x.At).In(clock.Shanghai).Format(time.RFC3339), x.ActorName, x.ActorUnit, x.Act, x.Subject, purpose(r.Context(), x), x.Refused != 0})
	}
	w.Header().Set("Cache-Control", "no-store")
	return web.JSON(w, http.StatusOK, out)
}
