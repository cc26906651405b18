package library

import (
	"net/http"

	"xinhuo/internal/kit/web"
)

// suggestPage answers what fits what was typed so far into the box of the library: ?q=.
func (s *Service) suggestPage(w http.ResponseWriter, r *http.Request) error {
	list, err := s.Suggest(r.Context(), r.URL.Query().Get("q"))
	if err != nil {
		return err
	}
	if list == nil {
		list = []Suggestion{}
	}
	return web.JSON(w, http.StatusOK, struct {
		List []Suggestion `json:"list"`
	}{list})
}
