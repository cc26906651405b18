package activity

import (
	"net/http"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/web"
	"xinhuo/internal/kit/web/ui"
)

// incidentsPage shows what is sealed of incidents to those who may read it; the reading stands in the log.
func (s *Service) incidentsPage(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	ref, err := refOf(r)
	if err != nil {
		return err
	}
	a, list, err := s.Incidents(ctx, ref)
	if err != nil {
		return err
	}
	title, here := i18n.T(ctx, "activity.f.incidents"), "/activity/"+ref.String()
	t := ui.Table{Caption: title, Columns: []ui.Column{{Text: i18n.T(ctx, "activity.f.on")}, {Text: i18n.T(ctx, "activity.f.what"), Label: true, Block: true},
		{Text: i18n.T(ctx, "activity.sealed_people"), Label: true, Block: true}, {Text: i18n.T(ctx, "activity.f.done"), Label: true, Block: true}}}
	for _, in := range list {
		people := ui.Text(in.People)
		if in.Erased != clock.Open {
			people = ui.Text(i18n.T(ctx, "activity.people_erased", "Day", i18n.Day(ctx, in.Erased)))
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{ui.Text(i18n.Day(ctx, in.On) + " " + in.At), ui.Text(in.What), people, ui.Text(in.Done)}})
	}
	var acts []ui.Button
	if oversees, err := s.seal.Oversees(ctx, incidentsOf(ref, a)); err != nil {
		return err
	} else if oversees {
		acts = []ui.Button{{Text: i18n.T(ctx, "activity.who_looks"), Href: "/seal/" + ref.String()}}
	}
	w.Header().Set("Cache-Control", "no-store")
	p := web.Page{Title: title, Current: Kind, Crumbs: []ui.Link{{Text: a.Title, Href: here}, {Text: title}}}
	return web.Render(w, r, p, incidentsTempl(title, t, acts))
}

// apiIncidents answers the incidents with what is sealed of them to those who may read it.
func (s *Service) apiIncidents(w http.ResponseWriter, r *http.Request) error {
	ref, err := refOf(r)
	if err != nil {
		return err
	}
	_, list, err := s.Incidents(r.Context(), ref)
	if err != nil {
		return err
	}
	w.Header().Set("Cache-Control", "no-store")
	return web.JSON(w, http.StatusOK, map[string]any{"incidents": append([]Told{}, list...)})
}
