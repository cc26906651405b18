package feedback

import (
	"net/http"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/web"
)

// apiRound is a round for a program; without five answers there is no outcome.
type apiRound struct {
	Activity  string    `json:"activity"`
	Title     string    `json:"title"`
	Day       clock.Day `json:"day"`
	Closed    bool      `json:"closed"`
	Answers   int64     `json:"answers,omitempty"`
	Mean      string    `json:"mean,omitempty"`
	Satisfied int64     `json:"satisfied,omitempty"`
	Admitted  int64     `json:"admitted,omitempty"`
	By        []int64   `json:"by,omitempty"` // answers of 1, 2, … 5
}

func (s *Service) apiGet(w http.ResponseWriter, r *http.Request) error {
	ref, err := refOf(r)
	if err != nil {
		return err
	}
	res, ok, err := s.Of(r.Context(), ref)
	if err != nil {
		return err
	}
	if !ok {
		return web.NotFound(r)
	}
	out := apiRound{Activity: ref.String(), Title: res.Round.Title, Day: res.Round.Day, Closed: res.Round.Closed}
	if o := res.Outcome; res.Shown {
		out.Answers, out.Mean, out.Satisfied, out.Admitted, out.By = o.Counted, meanText(o.Mean()), o.Satisfied, o.Admitted, o.By[:]
	}
	return web.JSON(w, http.StatusOK, out)
}

// apiList answers the rounds of a unit's subtree: ?unit=
func (s *Service) apiList(w http.ResponseWriter, r *http.Request) error {
	u, err := s.unitOf(r)
	if err != nil {
		return err
	}
	list, err := s.List(r.Context(), u)
	if err != nil {
		return err
	}
	out := struct {
		Rounds []apiRound `json:"rounds"`
	}{Rounds: []apiRound{}}
	for _, l := range list {
		x := apiRound{Activity: l.ActivityRef().String(), Title: l.Title, Day: l.Day, Closed: l.Closed == 1}
		if l.Counted > 0 {
			x.Answers, x.Mean, x.Satisfied, x.Admitted = l.Counted, meanText(mean(l.Points, l.Counted)), l.Satisfied, l.Admitted
		}
		out.Rounds = append(out.Rounds, x)
	}
	return web.JSON(w, http.StatusOK, out)
}
