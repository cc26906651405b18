package channel

import (
	"net/http"
	"time"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/web"
)

// apiWays answers a unit's ways; addresses are cut and secrets never part of it.
func (s *Service) apiWays(w http.ResponseWriter, r *http.Request) error {
	u, err := s.unitOf(r)
	if err != nil {
		return err
	}
	ways, err := s.Ways(r.Context(), u.ID)
	if err != nil {
		return err
	}
	type way struct {
		Kind    string `json:"kind"`
		Set     bool   `json:"set"`
		On      bool   `json:"on"`
		Address string `json:"address,omitempty"`
	}
	out := struct {
		Channels []way `json:"channels"`
	}{[]way{}}
	for _, kind := range Kinds {
		x, set := ways[kind]
		out.Channels = append(out.Channels, way{kind, set, x.Live == 1, x.Shown})
	}
	return web.JSON(w, http.StatusOK, out)
}

// apiLog answers a unit's messages, the latest first; next is the before of older ones.
func (s *Service) apiLog(w http.ResponseWriter, r *http.Request) error {
	u, err := s.unitOf(r)
	if err != nil {
		return err
	}
	list, next, err := s.logPage(r, u)
	if err != nil {
		return err
	}
	type line struct {
		Message
		At      string `json:"at"` // RFC 3339, Asia/Shanghai
		TriedAt string `json:"tried_at,omitempty"`
	}
	out := struct {
		Messages []line `json:"messages"`
		Next     string `json:"next,omitempty"`
	}{[]line{}, next}
	stamp := func(millis int64) string {
		if millis == 0 {
			return ""
		}
		return time.UnixMilli(millis).In(clock.Shanghai).Format(time.RFC3339)
	}
	for _, m := range list {
		out.Messages = append(out.Messages, line{m, stamp(m.At), stamp(m.TriedAt)})
	}
	return web.JSON(w, http.StatusOK, out)
}
