package volunteer

import (
	"context"
	"io"
	"net/http"
	"sort"
	"strconv"

	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/web"
	"xinhuo/internal/kit/web/ui"
	"xinhuo/internal/ledger"
	"xinhuo/internal/org"
)

// findPage looks for people by what they can do. A row names the person, what they did and know, and the unit to ask;
// it leads to the file only where the reader views it.
func (s *Service) findPage(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	u, err := s.unitOf(r)
	if err != nil {
		return err
	}
	day, f := dayOf(r), filterOf(r)
	f.State, f.Only = "", ""
	tr := func(k string, args ...any) string { return i18n.T(ctx, k, args...) }
	v := listView{Heading: ui.Heading{Title: tr("volunteer.find"), Under: tr("volunteer.under", "Unit", u.Name, "Day", i18n.Day(ctx, day))}, Lead: tr("volunteer.find_lead"), Label: tr("volunteer.find_by"), Open: true}
	if v.Fields, err = s.questions(ctx, u, f, false); err != nil {
		return err
	}
	v.Filter = ui.FormSpec{Method: "get", Action: "/volunteer/find", Submit: tr("volunteer.do_find"), Hidden: []ui.Pair{{Name: "unit", Value: u.ID.String()}}}
	v.Empty, v.Why = tr("volunteer.find_start"), tr("volunteer.find_start_why")
	if f != (Filter{}) {
		pos, code := afterOf(r.URL.Query().Get("after"))
		p, err := s.Find(ctx, u, day, f, pos, code, pageSize)
		if err != nil {
			return err
		}
		if v.Table, err = s.foundTable(ctx, p.Volunteers, r); err != nil {
			return err
		}
		v.Total = tr("volunteer.found", "N", ui.Number(p.Total))
		v.Empty, v.Why = tr("volunteer.found_none"), tr("volunteer.found_none_why")
		v.Paging = paging(len(p.Volunteers), p.Rest, func(after string) string { return address("/volunteer/find", u, r, listKeys, "after", after) }, r, p.Volunteers)
	}
	page := s.crumbs(ctx, tr("volunteer.find"), u)
	if !scope.From(ctx).May(scope.View, u.Pos) { // the list is not theirs to see
		page.Crumbs = page.Crumbs[1:]
	}
	return web.Render(w, r, page, listTempl(v))
}

func (s *Service) foundTable(ctx context.Context, list []Listed, r *http.Request) (ui.Table, error) {
	tr := func(k string, args ...any) string { return i18n.T(ctx, k, args...) }
	day, a := dayOf(r), scope.From(ctx)
	units, err := s.unitsOf(ctx, list)
	if err != nil {
		return ui.Table{}, err
	}
	skills, err := s.store.specialitiesOf(ctx, list)
	if err != nil {
		return ui.Table{}, err
	}
	t := ui.Table{Caption: tr("volunteer.find"), Columns: []ui.Column{{Text: tr("volunteer.name")}, {Text: tr("volunteer.profession"), Label: true}, {Text: tr("volunteer.specialities"), Label: true},
		{Text: tr("volunteer.age"), Label: true}, {Text: tr("volunteer.ask_unit"), Label: true}, {Text: tr("volunteer.state")}}}
	for _, l := range list {
		m := mark(ctx, l.State(day))
		name := ui.Text(l.Name)
		if a.May(scope.View, l.Pos) {
			name = ui.To(l.Name, "/volunteer/"+l.Ref().String())
		}
		t.Rows = append(t.Rows, ui.Row{ID: l.Ref().String(), Cells: []ui.Cell{name, ui.Text(s.professionIn(ctx, l.Profession)), ui.Text(joinSpecialities(skills[l.ID])),
			ui.Text(tr("volunteer.band." + BandOf(l.BirthYear, day))), ui.To(units[l.Unit].Name, "/tree?at="+l.Unit.String()), ui.State(m.Text, tagOf(m))}})
	}
	return t, nil
}

type structureView struct {
	Heading ui.Heading
	Parts   []structurePart
}

type structurePart struct {
	ID, Title, Lead string
	Rows            ui.Table
}

// structurePage is who the volunteers of a subtree are: by age, education, former profession and speciality (R158). Ages
// are computed on the day that is asked about.
func (s *Service) structurePage(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	u, err := s.unitOf(r)
	if err != nil {
		return err
	}
	day, a := dayOf(r), scope.From(ctx)
	tr := func(k string, args ...any) string { return i18n.T(ctx, k, args...) }
	v := structureView{Heading: ui.Heading{Title: tr("volunteer.structure"), Under: tr("volunteer.under", "Unit", u.Name, "Day", i18n.Day(ctx, day))}}
	var bands, educations, skills []part
	err = s.db.Read(ctx, func(ctx context.Context) error {
		years, err := s.store.years(ctx, a, u.Range(), day)
		if err != nil {
			return err
		}
		bands = byBand(years, func(birth int64) string { return BandOf(birth, day) })
		if educations, err = s.store.educations(ctx, a, u.Range(), day); err != nil {
			return err
		}
		skills, err = s.store.specialities(ctx, a, u.Range(), day, 30)
		return err
	})
	if err != nil {
		return err
	}
	sort.Slice(educations, func(i, j int) bool { return place(educations[i].Value) < place(educations[j].Value) })
	add := func(key string, list []part, label func(value string) string) {
		t := ui.Table{Caption: tr("volunteer.by." + key), Columns: []ui.Column{{Text: tr("volunteer.by." + key)}, {Text: tr("volunteer.people"), Right: true}}}
		for i, p := range list {
			t.Rows = append(t.Rows, ui.Row{ID: key + strconv.Itoa(i), Cells: []ui.Cell{ui.Text(label(p.Value)), ui.Text(ui.Number(p.N))}})
		}
		v.Parts = append(v.Parts, structurePart{ID: key, Title: tr("volunteer.by." + key), Lead: tr("volunteer.by." + key + "_lead"), Rows: t})
	}
	add("age", bands, func(x string) string { return tr("volunteer.band." + x) })
	add("education", educations, func(x string) string { return s.orUnknown(ctx, word(ctx, "volunteer.education.", x)) })
	values, err := s.ledger.ByValue(ctx, ledger.Query{Figure: "volunteer.professional", Unit: u.ID, Day: day}, "profession")
	if err != nil {
		return err
	}
	var professions []part
	for name, n := range values {
		professions = append(professions, part{name, n})
	}
	sort.Slice(professions, func(i, j int) bool {
		return professions[i].N > professions[j].N || professions[i].N == professions[j].N && professions[i].Value < professions[j].Value
	})
	add("profession", professions, func(x string) string { return s.professionIn(ctx, x) })
	add("speciality", skills, func(x string) string { return x })
	return web.Render(w, r, s.crumbs(ctx, tr("volunteer.structure"), u), structureTempl(v))
}

func (s *Service) orUnknown(ctx context.Context, text string) string {
	if text == "" {
		return i18n.T(ctx, "volunteer.unknown")
	}
	return text
}

// byBand adds up years of birth by age band, the youngest first.
func byBand(years []yearCount, of func(birth int64) string) []part {
	sums := map[string]int64{}
	for _, y := range years {
		sums[of(y.Year)] += y.N
	}
	var out []part
	for _, b := range Bands {
		if sums[b.Name] > 0 {
			out = append(out, part{b.Name, sums[b.Name]})
		}
	}
	if n := sums["unknown"]; n > 0 {
		out = append(out, part{"unknown", n})
	}
	return out
}

func place(education string) int {
	for i, e := range Educations {
		if e == education {
			return i
		}
	}
	return len(Educations)
}

type systemView struct {
	Heading ui.Heading
	Lead    string
	Missing string
	Buttons []ui.Button
}

// systemPage offers the tables for the volunteer-service information system, and says what they lack.
func (s *Service) systemPage(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	u, err := s.unitOf(r)
	if err != nil {
		return err
	}
	tr := func(k string) string { return i18n.T(ctx, k) }
	unit := "?unit=" + u.ID.String()
	v := systemView{Heading: ui.Heading{Title: tr("volunteer.system"), Under: u.Name}, Lead: tr("volunteer.system_lead"), Missing: tr("volunteer.system_missing")}
	for _, what := range []string{"people", "hours"} {
		for _, format := range []string{"xlsx", "csv"} {
			v.Buttons = append(v.Buttons, ui.Button{Text: tr("volunteer.system." + what + "_" + format), Href: "/volunteer/system/" + what + unit + "&format=" + format})
		}
	}
	return web.Render(w, r, s.crumbs(ctx, tr("volunteer.system"), u), systemTempl(v))
}

func (s *Service) systemFile(what string) func(w http.ResponseWriter, r *http.Request) error {
	return func(w http.ResponseWriter, r *http.Request) error {
		ctx := r.Context()
		u, err := s.unitOf(r)
		if err != nil {
			return err
		}
		return sendTable(w, r, u.Name+i18n.T(ctx, "volunteer.system."+what), func(b io.Writer, format string) error {
			return s.SystemTable(ctx, b, what, format, u, hoursFilterOf(r))
		})
	}
}

type professionsView struct {
	Unit org.Unit
	List []ui.Link
	Form *formView
}

func (s *Service) professionsPage(w http.ResponseWriter, r *http.Request) error {
	u, err := s.unitOf(r)
	if err != nil {
		return err
	}
	return s.showProfessions(w, r, u, nil, nil, nil)
}

func (s *Service) showProfessions(w http.ResponseWriter, r *http.Request, u org.Unit, f *web.Form, at map[string]string, faults []ui.Fault) error {
	ctx := r.Context()
	list, err := s.Professions(ctx, u)
	if err != nil {
		return err
	}
	parts, err := s.ledger.ByValue(ctx, ledger.Query{Figure: "volunteer.professional", Unit: u.ID, Day: dayOf(r)}, "profession")
	if err != nil {
		return err
	}
	v := professionsView{Unit: u}
	for _, p := range list {
		v.List = append(v.List, ui.Link{Text: p.In(langOf(ctx)), Sub: i18n.T(ctx, "volunteer.people_n", "N", ui.Number(parts[p.Name]))})
	}
	if org.SetsCity(ctx, u) {
		form := formView{Spec: ui.FormSpec{Action: "/volunteer/professions?unit=" + u.ID.String(), Key: web.NewKey(), Submit: i18n.T(ctx, "volunteer.profession_add")},
			Groups: []group{{Inputs: []ui.Input{{Name: "name", Label: i18n.T(ctx, "volunteer.profession_name"), MaxLength: 20}, {Name: "en", Label: i18n.T(ctx, "volunteer.profession_en"), Optional: true, MaxLength: 40}}}}}
		if f != nil {
			form.Spec.Key = f.Key()
			form.retyped(f, at, faults)
		}
		v.Form = &form
	}
	p := s.crumbs(ctx, i18n.T(ctx, "volunteer.professions"), u)
	if len(faults) > 0 {
		p.Error, p.Status = true, http.StatusUnprocessableEntity
	}
	return web.Render(w, r, p, professionsTempl(v))
}

func (s *Service) professionPost(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	u, err := s.unitOf(r)
	if err != nil {
		return err
	}
	f, err := web.ReadForm(w, r)
	if err != nil {
		return err
	}
	to, err := web.Once(ctx, s.db, f.Key(), func(ctx context.Context) (string, error) {
		return "/volunteer/professions?unit=" + u.ID.String(), s.AddProfession(ctx, u, f.Text("name"), f.Text("en"))
	})
	if err == nil {
		return web.SeeOther(w, r, to)
	}
	at, faults, rest := web.Problems(ctx, err)
	if rest != nil {
		return rest
	}
	return s.showProfessions(w, r, u, f, at, faults)
}
