package plan

import (
	"context"
	"net/http"

	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/web"
	"xinhuo/internal/kit/web/ui"
	"xinhuo/internal/org"
	"xinhuo/internal/record"
)

var centralActs = []string{"edit", "remove"}

// centralListPage are the central tasks of a year for a unit: its own and those of the units above (R21, R37).
func (s *Service) centralListPage(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	u, err := s.unitIn(r)
	if err != nil {
		return err
	}
	year := yearIn(r)
	list, err := s.CentralFor(ctx, u, year)
	if err != nil {
		return err
	}
	v := record.Overview{Heading: ui.Heading{Title: i18n.T(ctx, "plan.view.central"), Under: i18n.T(ctx, "plan.under", "Unit", u.Name, "Year", year)}, Choices: choices(ctx, u, year, "/central")}
	if scope.From(ctx).May(scope.Work, u.Pos) {
		v.Heading.Acts = []ui.Button{{Text: i18n.T(ctx, "plan.set_central"), Href: at("/central/new", u, year), Main: true}}
	}
	if v.Figures, err = s.figures(ctx, u, asOf(ctx, year), "central.tasks", "plan.works", "central.works"); err != nil {
		return err
	}
	ids := make([]id.ID, len(list))
	for n, c := range list {
		ids[n] = c.Unit
	}
	units, err := s.org.ByIDs(ctx, ids)
	if err != nil {
		return err
	}
	for civic, key := range []string{"plan.central_kind", "plan.civic_kind"} {
		title := i18n.T(ctx, key)
		x := record.Section{ID: "c" + string(rune('0'+civic)), Title: title, Empty: i18n.T(ctx, "plan.central_none")}
		x.Table = ui.Table{Caption: title, Columns: []ui.Column{{Text: i18n.T(ctx, "plan.f.name")}, {Text: i18n.T(ctx, "plan.set_by"), Label: true}, {Text: i18n.T(ctx, "plan.n_items"), Label: true, Right: true}, {Text: i18n.T(ctx, "plan.n_works"), Label: true, Right: true}}}
		for _, c := range list {
			if int(c.Civic) == civic {
				x.Table.Rows = append(x.Table.Rows, ui.Row{ID: c.Ref().String(), Cells: []ui.Cell{ui.To(org.Local(c.Name, u.Name), centralPath(c.Ref())), ui.Text(units[c.Unit].Name),
					ui.Num(ui.Number(c.Items), centralPath(c.Ref())+"#items"), ui.Num(ui.Number(c.Works), centralPath(c.Ref())+"#works")}})
			}
		}
		v.Sections = append(v.Sections, x)
	}
	return web.Render(w, r, crumbs(ctx, u, year, v.Heading.Title), record.OverviewBody(v))
}

// centralPage is a central task with the items that serve it and what was done: as many rows as its numbers say.
func (s *Service) centralPage(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	ref, err := web.RefIn(r)
	if err != nil {
		return err
	}
	c, _, err := s.Central(ctx, ref)
	if err != nil {
		return err
	}
	u, err := s.rec.Home(ctx, c.Unit)
	if err != nil {
		return err
	}
	name := org.Local(c.Name, s.place(ctx, scope.From(ctx).Unit))
	v := record.Shown{Heading: ui.Heading{Title: name, Under: u.Name}, Known: "/central/known/" + ref.String()}
	if scope.From(ctx).May(scope.Work, u.Pos) {
		for _, a := range centralActs {
			v.Heading.Acts = append(v.Heading.Acts, ui.Button{Text: i18n.T(ctx, "plan.do.central_"+a), Href: centralPath(ref) + "/" + a})
		}
	}
	for _, f := range centralFacts(ctx, c) {
		if f.Text != "" && (f.Key != "plan.f.name" || f.Text != name) {
			v.Facts = append(v.Facts, ui.Fact{Label: i18n.T(ctx, f.Key), Text: f.Text})
		}
	}
	items, works, err := s.Serving(ctx, ref)
	if err != nil {
		return err
	}
	t, err := s.itemTable(ctx, items, i18n.T(ctx, "plan.items"))
	if err != nil {
		return err
	}
	v.Sections = []record.Section{{ID: "items", Title: i18n.T(ctx, "plan.serving", "N", len(items)), Table: t, Empty: i18n.T(ctx, "plan.serving_none")}}
	ids := make([]id.ID, len(works))
	for n, x := range works {
		ids[n] = x.Unit
	}
	units, err := s.org.ByIDs(ctx, ids)
	if err != nil {
		return err
	}
	x := record.Section{ID: "works", Title: i18n.T(ctx, "plan.worked", "N", len(works)), Empty: i18n.T(ctx, "plan.works_none")}
	x.Table = ui.Table{Caption: i18n.T(ctx, "plan.f.works"), Columns: []ui.Column{{Text: i18n.T(ctx, "plan.f.title")}, {Text: i18n.T(ctx, "plan.f.unit"), Label: true}, {Text: i18n.T(ctx, "plan.f.item"), Label: true}, {Text: i18n.T(ctx, "plan.f.day"), Label: true}}}
	for _, k := range works {
		x.Table.Rows = append(x.Table.Rows, ui.Row{ID: k.Ref().String() + k.Path, Cells: []ui.Cell{ui.To(k.Title, k.Path), ui.Text(units[k.Unit].Name), ui.To(k.Item, itemPath(k.Ref())), ui.Text(i18n.Day(ctx, k.Day))}})
	}
	v.Sections = append(v.Sections, x)
	if scope.From(ctx).May(scope.View, u.Pos) { // who reads it from below reads the task, not who changed it
		if v.Timeline, err = s.central.Timeline(ctx, ref, centralPath(ref)+"/"+record.ActUndo); err != nil {
			return err
		}
	} else {
		v.Known = ""
	}
	page := crumbs(ctx, u, c.Year, name)
	page.Crumbs = []ui.Link{{Text: i18n.T(ctx, "plan.view.central"), Href: "/central"}, {Text: name}}
	return web.Render(w, r, page, record.ShownBody(v))
}

func (s *Service) centralKnownPage(w http.ResponseWriter, r *http.Request) error {
	ref, err := web.RefIn(r)
	if err != nil {
		return err
	}
	c, _, err := s.central.Get(r.Context(), ref)
	if err != nil {
		return err
	}
	return s.central.KnownPage(w, r, ref, ui.Link{Text: c.Name, Href: centralPath(ref)}, Kind)
}

func centralInputs(ctx context.Context, c Central) []ui.Input {
	sort := ui.Input{Kind: ui.KindCheck, Name: "civic", Label: i18n.T(ctx, "plan.is_civic"), Hint: i18n.T(ctx, "plan.civic_hint")}
	if c.Civic {
		sort.Value = "yes"
	}
	return []ui.Input{
		{Name: "name", Label: i18n.T(ctx, "plan.f.name"), Value: c.Name, MaxLength: maxName, Hint: i18n.T(ctx, "plan.name_hint")}, sort,
		{Kind: ui.KindArea, Name: "text", Label: i18n.T(ctx, "plan.f.text"), Value: c.Text, Optional: true, Lines: 3},
		{Name: "document", Label: i18n.T(ctx, "plan.f.document"), Value: c.Source.Document, Optional: true, MaxLength: maxName},
		{Kind: ui.KindArea, Name: "paragraph", Label: i18n.T(ctx, "plan.f.paragraph"), Value: c.Source.Paragraph, Optional: true, Lines: 3},
	}
}

func centralTyped(f *web.Form) Central {
	return Central{Name: f.Text("name"), Civic: f.Text("civic") != "", Text: f.Text("text"), Source: Source{f.Text("document"), f.Text("paragraph")}}
}

func (s *Service) toSet(r *http.Request) (record.Form, error) {
	ctx := r.Context()
	u, err := s.unitIn(r)
	if err != nil {
		return record.Form{}, err
	}
	year := yearIn(r)
	err = s.central.MayCreate(ctx, Central{Unit: u.ID, Year: year}, record.Change{Act: "plan.act.central"})
	return record.Form{Current: Kind, Unit: u, Year: year, Title: i18n.T(ctx, "plan.set_central"), Lead: i18n.T(ctx, "plan.central_lead", "Year", year), Over: u.Name, Back: at("/central", u, year), Action: at("/central/new", u, year),
		Submit: i18n.T(ctx, "plan.save"), Inputs: centralInputs(ctx, Central{})}, err
}

func (s *Service) centralNewForm(w http.ResponseWriter, r *http.Request) error {
	v, err := s.toSet(r)
	if err != nil {
		return err
	}
	return record.ShowForm(w, r, v, web.NewKey())
}

func (s *Service) centralCreatePost(w http.ResponseWriter, r *http.Request) error {
	v, err := s.toSet(r)
	if err != nil {
		return err
	}
	return s.rec.Send(w, r, v, func(ctx context.Context, f *web.Form) (string, error) {
		c := centralTyped(f)
		c.Unit, c.Year = v.Unit.ID, v.Year
		ref, err := s.Set(ctx, c, record.Change{})
		return centralPath(ref), err
	})
}

// aboutCentral is the form of an act on a central task, for somebody who works at the unit that set it.
func (s *Service) aboutCentral(r *http.Request) (record.Form, error) {
	ctx := r.Context()
	c, v, err := record.Opened(r, record.Subject[Central]{Book: s.central, Get: s.Central, Acts: centralActs, Save: "plan.act.central_save", Home: func(c Central) (id.ID, int) { return c.Unit, c.Year }, Path: centralPath, Submit: "plan.save", Current: Kind})
	if err != nil {
		return v, err
	}
	v.Over = c.Name
	switch r.PathValue("act") {
	case "edit":
		v.Title, v.Inputs = i18n.T(ctx, "plan.do.central_edit"), centralInputs(ctx, c)
	case "remove":
		v.Title, v.Inputs = i18n.T(ctx, "plan.do.central_remove"), []ui.Input{reasonInput(ctx)}
	}
	return v, nil
}

func (s *Service) doCentral(ctx context.Context, v record.Form, act string, f *web.Form) (string, error) {
	n, to := f.Version(), centralPath(v.Ref)
	switch act {
	case "edit":
		return to, s.SaveCentral(ctx, v.Ref, n, centralTyped(f), record.Change{})
	case "remove":
		return at("/central", v.Unit, v.Year), s.RemoveCentral(ctx, v.Ref, n, f.Text("reason"))
	}
	err := s.UndoCentral(ctx, v.Ref, n)
	if err == nil && gone(ctx, s.Central, v.Ref) {
		to = at("/central", v.Unit, v.Year)
	}
	return to, err
}
