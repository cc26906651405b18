package seal

import (
	"net/http"

	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/web"
	"xinhuo/internal/kit/web/ui"
)

// FindPath is where the office of a unit looks for somebody by name or telephone.
func FindPath(unit id.ID) string { return "/seal/find?unit=" + unit.String() }

func (s *Service) findForm(w http.ResponseWriter, r *http.Request) error {
	return s.findPage(w, r, blank(), nil, nil)
}

// findDo is a form that is sent, though it changes nothing: a name in an address would stay in histories and in the logs of proxies.
func (s *Service) findDo(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	u, err := s.unitOf(r)
	if err != nil {
		return err
	}
	f, err := web.ReadForm(w, r)
	if err != nil {
		return err
	}
	found, err := s.Named(ctx, u, f.Text("name"), f.Text("phone"))
	if err != nil {
		if !shown(err) {
			return err
		}
		return s.findPage(w, r, f, nil, err)
	}
	list := []foundRow{} // a matter once, however many records of it name the person
	seen := map[id.Ref]bool{}
	for _, x := range found {
		if !seen[x.Of] {
			seen[x.Of] = true
			list = append(list, foundRow{Of: x.Of, Title: x.Matter.Title, Href: x.Matter.Href})
		}
	}
	if web.ForProgram(ctx) {
		return web.JSON(w, http.StatusOK, map[string]any{"found": list})
	}
	return s.findPage(w, r, f, list, nil)
}

// foundRow is a matter in which somebody is named.
type foundRow struct {
	Of    id.Ref `json:"of"`
	Title string `json:"title"`
	Href  string `json:"href"`
}

// findPage shows the form, and below it what was found; list is nil before anything was looked for.
func (s *Service) findPage(w http.ResponseWriter, r *http.Request, f *web.Form, list []foundRow, failed error) error {
	ctx := r.Context()
	u, err := s.unitOf(r)
	if err != nil {
		return err
	}
	if err := s.tends(ctx, u); err != nil {
		return err
	}
	title := tr(ctx, "seal.find")
	name, phone := input(ctx, f, ui.KindText, "find_name"), input(ctx, f, ui.KindTel, "find_phone")
	name.Name, phone.Name, name.Value, phone.Value = "name", "phone", f.Get("name"), f.Get("phone")
	name.Autocomplete, phone.Autocomplete, name.Optional, phone.Optional = "off", "off", true, true
	v := formView{Lead: tr(ctx, "seal.find_lead"), Back: ui.Link{Text: tr(ctx, "seal.kept"), Href: "/seal?unit=" + u.ID.String()}, Fields: []ui.Input{name, phone},
		Spec: ui.FormSpec{Action: FindPath(u.ID), Submit: tr(ctx, "seal.find_do"), Key: f.Key()}}
	if list != nil {
		t := ui.Table{Caption: tr(ctx, "seal.find_found", "N", len(list)), Columns: []ui.Column{{Text: tr(ctx, "seal.matter")}}}
		for _, x := range list {
			t.Rows = append(t.Rows, ui.Row{ID: x.Of.String(), Cells: []ui.Cell{ui.To(x.Title, x.Href)}})
		}
		v.Found = &t
	}
	return s.formPage(w, r, web.Page{Title: title}, v, failed)
}
