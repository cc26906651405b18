package report

import (
	"net/http"

	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/web"
)

func (s *Service) apiRoutes() []web.Route {
	return []web.Route{
		{Method: "GET", Path: "/api/v1/documents", Right: scope.View, Scope: web.ByUnit, Name: "report.apiList", Handler: s.apiList},
		{Method: "GET", Path: "/api/v1/documents/{ref}", Right: scope.View, Scope: web.ByRecord, Name: "report.apiGet", Handler: s.apiGet},
	}
}

func (s *Service) apiList(w http.ResponseWriter, r *http.Request) error {
	u, err := s.unitIn(r)
	if err != nil {
		return err
	}
	list, err := s.List(r.Context(), u, listSize)
	if err != nil {
		return err
	}
	return web.JSON(w, http.StatusOK, map[string]any{"documents": list})
}

type figureJSON struct {
	No       int    `json:"no"`
	Code     string `json:"code"`
	Text     string `json:"text"`
	Then     *int64 `json:"then"`
	Now      *int64 `json:"now"`
	Evidence string `json:"evidence"`
	Today    string `json:"evidence_now"`
}

type paragraphJSON struct {
	Heading string `json:"heading,omitempty"`
	Text    string `json:"text"`
}

func (s *Service) apiGet(w http.ResponseWriter, r *http.Request) error {
	ref, err := refIn(r)
	if err != nil {
		return err
	}
	l, err := s.Read(r.Context(), ref)
	if err != nil {
		return err
	}
	d := l.Document
	out := map[string]any{"ref": ref, "version": l.Version, "title": d.Title, "byline": d.Byline, "day": d.Day, "unit": d.Unit, "as_of": l.Day}
	var paras []paragraphJSON
	numbers := l.numbers()
	for _, p := range d.Paragraphs {
		var t string
		t, numbers = p.text(numbers)
		paras = append(paras, paragraphJSON{p.Heading, t})
	}
	figures := []figureJSON{}
	for _, f := range l.Figures {
		figures = append(figures, figureJSON{No: f.No, Code: f.Bound.Code, Text: f.Text, Then: f.Then, Now: f.Now, Evidence: evidence(f.Asked), Today: evidence(f.AskedNow)})
	}
	out["paragraphs"], out["figures"] = paras, figures
	if d.Issued != nil {
		out["issued"] = map[string]any{"day": d.Issued.Day, "known_at": d.Issued.KnownAt, "fingerprint": d.Issued.Fingerprint, "intact": l.Intact}
	}
	return web.JSON(w, http.StatusOK, out)
}

// numbers are the texts of all figures in the order of the document.
func (l Live) numbers() []string {
	out := make([]string, len(l.Figures))
	for i, f := range l.Figures {
		out[i] = f.Text
	}
	return out
}
