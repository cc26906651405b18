package people

import (
	"context"
	"net/http"
	"net/url"
	"strings"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/web"
	"xinhuo/internal/kit/web/ui"
	"xinhuo/internal/org"
	"xinhuo/internal/volunteer"
)

func (s *Service) adjustStep(ctx context.Context) step {
	tr := func(k string) string { return i18n.T(ctx, k) }
	return step{"adjust", tr("people.adjust"), tr("people.adjust_lead"), tr("people.adjust_do"), func(t Team) []ui.Input {
		var options []ui.Option
		u, err := s.org.Unit(ctx, t.Unit)
		if err == nil {
			needs, nerr := s.Needs(ctx, u)
			if nerr == nil {
				for _, n := range needs {
					options = append(options, ui.Option{Value: n.Name, Text: n.In(langOf(ctx))})
				}
			}
		}
		return []ui.Input{
			{Kind: ui.KindDate, Name: "adjusted_on", Label: tr("people.adjusted_on"), Hint: tr("people.adjusted_hint")},
			{Name: "name", Label: tr("people.name"), Value: t.Name, MaxLength: maxName},
			{Kind: ui.KindSelect, Name: "need", Label: tr("people.need"), Value: t.Need, Options: options},
			{Name: "leader", Label: tr("people.leader"), Value: t.Leader, Optional: true, MaxLength: 40},
			{Kind: ui.KindTel, Name: "phone", Label: tr("people.phone"), Value: t.Phone, Optional: true, MaxLength: 40},
			{Name: "reason", Label: tr("people.adjusted_why"), MaxLength: 200},
		}
	}, func(ctx context.Context, ref id.Ref, n int64, f *web.Form) error {
		a := Adjustment{Day: day(f, "adjusted_on"), Name: f.Text("name"), Need: f.Text("need"), Leader: f.Text("leader"), Phone: f.Text("phone"), Why: f.Text("reason")}
		if err := f.Problems.Err(); err != nil {
			return err
		}
		return s.Adjust(ctx, ref, n, a)
	}}
}

func (s *Service) memberStep(ctx context.Context) step {
	tr := func(k string) string { return i18n.T(ctx, k) }
	return step{"member", tr("people.member"), tr("people.member_lead"), tr("people.member_do"), func(Team) []ui.Input {
		return []ui.Input{
			{Name: "volunteer", Label: tr("people.member_who"), Hint: tr("people.member_hint"), MaxLength: 40, Focus: true},
			{Name: "role", Label: tr("people.role"), Optional: true, Hint: tr("people.role_hint"), MaxLength: 20},
			{Kind: ui.KindDate, Name: "from", Label: tr("people.member_since"), Value: string(clock.Today(ctx))},
		}
	}, func(ctx context.Context, ref id.Ref, n int64, f *web.Form) error {
		from := day(f, "from")
		if err := f.Problems.Err(); err != nil {
			return err
		}
		return s.AddMember(ctx, ref, n, f.Text("volunteer"), f.Text("role"), from)
	}}
}

func (s *Service) endMemberStep(ctx context.Context) step {
	tr := func(k string) string { return i18n.T(ctx, k) }
	return step{"end_member", tr("people.end_member"), tr("people.end_member_lead"), tr("people.end_member_do"), func(t Team) []ui.Input {
		options := []ui.Option{{Text: tr("people.choose")}}
		var refs []id.Ref
		for _, m := range t.People {
			refs = append(refs, m.Volunteer)
		}
		files, err := s.volunteers.Files(ctx, refs)
		for _, m := range t.People {
			if m.To == clock.Open && err == nil {
				name := files[m.Volunteer].Name
				if name == "" {
					name = tr("people.member_hidden")
				}
				options = append(options, ui.Option{Value: m.Volunteer.String(), Text: name})
			}
		}
		return []ui.Input{
			{Kind: ui.KindSelect, Name: "member", Label: tr("people.member_who"), Options: options},
			{Kind: ui.KindDate, Name: "to", Label: tr("people.member_until"), Hint: tr("people.member_until_hint")},
		}
	}, func(ctx context.Context, ref id.Ref, n int64, f *web.Form) error {
		who, to := f.Ref("member"), day(f, "to")
		if err := f.Problems.Err(); err != nil {
			return err
		}
		return s.EndMember(ctx, ref, n, who, to)
	}}
}

func (s *Service) adjustForm(w http.ResponseWriter, r *http.Request) error {
	return s.stepForm(w, r, s.adjustStep(r.Context()))
}
func (s *Service) adjustPost(w http.ResponseWriter, r *http.Request) error {
	return s.stepPost(w, r, s.adjustStep(r.Context()))
}
func (s *Service) memberForm(w http.ResponseWriter, r *http.Request) error {
	return s.stepForm(w, r, s.memberStep(r.Context()))
}
func (s *Service) memberPost(w http.ResponseWriter, r *http.Request) error {
	return s.stepPost(w, r, s.memberStep(r.Context()))
}
func (s *Service) endMemberForm(w http.ResponseWriter, r *http.Request) error {
	return s.stepForm(w, r, s.endMemberStep(r.Context()))
}
func (s *Service) endMemberPost(w http.ResponseWriter, r *http.Request) error {
	return s.stepPost(w, r, s.endMemberStep(r.Context()))
}

// rollView are a team's members as its page shows them.
type rollView struct {
	Table  ui.Table
	Unfit  string // how many may not work with minors today
	Body   []ui.Fact
	Skills ui.Table // members by certificate (R174)
	Acts   []ui.Button
	Past   []ui.Link // what it was before adjustments
}

// mostSkills is how many kinds of paper the table of skills has columns for.
const mostSkills = 6

func (s *Service) rollView(ctx context.Context, ref id.Ref, t Team, u org.Unit, on clock.Day) (v rollView, err error) {
	for _, p := range t.Earlier {
		v.Past = append(v.Past, ui.Link{Text: s.phaseText(ctx, p), Sub: i18n.T(ctx, "people.at", "Unit", p.Why)})
	}
	roll, err := s.Roll(ctx, ref, t, on)
	if err != nil || len(roll.Members) == 0 {
		return v, err
	}
	if scope.From(ctx).May(scope.Work, u.Pos) {
		v.Acts = []ui.Button{{Text: i18n.T(ctx, "people.end_member"), Href: "/team/" + ref.String() + "/end_member"}}
	}
	v.Table = ui.Table{Caption: i18n.T(ctx, "people.people"), Columns: []ui.Column{{Text: i18n.T(ctx, "people.member_who")}, {Text: i18n.T(ctx, "people.role"), Label: true},
		{Text: i18n.T(ctx, "people.member_since"), Label: true}, {Text: i18n.T(ctx, "people.fit")}}}
	unfit := 0
	for _, m := range roll.Members {
		name := ui.Text(i18n.T(ctx, "people.member_hidden"))
		if m.Name != "" {
			name = ui.Text(m.Name)
		}
		if m.Seen {
			name = ui.To(m.Name, "/volunteer/"+m.Volunteer.String())
		}
		state := ui.State(i18n.T(ctx, "people.fit_yes"), "p")
		if m.Lacking != "" {
			unfit++
			state = ui.State(m.Lacking, "w")
			if m.Seen {
				state.Sub = i18n.T(ctx, "people.fit_do")
			}
		}
		v.Table.Rows = append(v.Table.Rows, ui.Row{ID: m.Volunteer.String(), Cells: []ui.Cell{name, ui.Text(m.Role), ui.Text(string(m.From)), state}})
	}
	if unfit > 0 {
		v.Unfit = i18n.T(ctx, "people.unfit_n", "N", unfit)
	}
	of := func(list []Part, name func(key string) string) string {
		var words []string
		for _, p := range list {
			words = append(words, i18n.T(ctx, "people.part", "Name", name(p.Key), "N", p.N))
		}
		return strings.Join(words, i18n.T(ctx, "people.comma"))
	}
	known := func(prefix string) func(string) string {
		return func(k string) string {
			if k == "" {
				return i18n.T(ctx, "people.unknown")
			}
			return i18n.T(ctx, prefix+k)
		}
	}
	if roll.Seen > 0 {
		v.Body = []ui.Fact{{Label: i18n.T(ctx, "people.age"), Text: of(roll.Bands, known("volunteer.band."))}, {Label: i18n.T(ctx, "people.education"), Text: of(roll.Schools, known("volunteer.education."))},
			{Label: i18n.T(ctx, "people.profession"), Text: of(roll.Works, func(k string) string {
				if k == "" {
					return i18n.T(ctx, "people.unknown")
				}
				return s.volunteers.ProfessionName(ctx, ref.Root, k)
			})}}
	}
	v.Skills = skills(ctx, roll, on)
	return v, nil
}

// skills sets members beside the papers that are valid on the day (R174).
func skills(ctx context.Context, roll Roll, on clock.Day) (t ui.Table) {
	var papers []string
	has := map[[2]string]bool{}
	for _, m := range roll.Members {
		for _, c := range m.File.Checks {
			if c.On > on || c.Expires != clock.Open && c.Expires <= on || c.Kind == "health" {
				continue
			}
			name := i18n.T(ctx, "volunteer.check."+string(c.Kind))
			if c.Name != "" && c.Kind == "certificate" {
				name = c.Name
			}
			if !has[[2]string{"", name}] && len(papers) < mostSkills {
				papers = append(papers, name)
				has[[2]string{"", name}] = true
			}
			has[[2]string{m.Volunteer.String(), name}] = true
		}
	}
	if len(papers) == 0 {
		return t
	}
	t = ui.Table{Caption: i18n.T(ctx, "people.skills"), Columns: []ui.Column{{Text: i18n.T(ctx, "people.member_who")}}}
	for _, p := range papers {
		t.Columns = append(t.Columns, ui.Column{Text: p, Label: true})
	}
	for _, m := range roll.Members {
		if m.Name == "" {
			continue
		}
		row := ui.Row{ID: "skill-" + m.Volunteer.String(), Cells: []ui.Cell{ui.Text(m.Name)}}
		for _, p := range papers {
			text := i18n.T(ctx, "people.has_not")
			if has[[2]string{m.Volunteer.String(), p}] {
				text = i18n.T(ctx, "people.has")
			}
			row.Cells = append(row.Cells, ui.Text(text))
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// dockingView is a county's team with the teams of townships that extend it.
type dockingView struct {
	Docked []ui.Link
	Gaps   []ui.Link
	Lead   string
}

func (s *Service) dockingOf(ctx context.Context, ref id.Ref, t Team, u org.Unit, on clock.Day) (*dockingView, error) {
	if u.Level != org.County && u.Level != org.City || t.State(on) != Active || t.Owner != "" {
		return nil, nil
	}
	list, towns, err := s.Dockings(ctx, u, on)
	if err != nil {
		return nil, err
	}
	for _, d := range list {
		if d.Team.Ref() != ref {
			continue
		}
		v := &dockingView{Lead: i18n.T(ctx, "people.docking_lead", "N", len(d.Docked), "Gaps", len(d.Gaps), "Towns", len(towns), "Code", t.Code)}
		places, err := s.unitsOf(ctx, d.Docked)
		if err != nil {
			return nil, err
		}
		for _, x := range d.Docked {
			v.Docked = append(v.Docked, ui.Link{Text: x.Name, Href: "/team/" + x.Ref().String(), Sub: i18n.T(ctx, "people.at", "Unit", places[x.Unit].Name)})
		}
		for _, g := range d.Gaps {
			v.Gaps = append(v.Gaps, ui.Link{Text: g.Name, Href: "/team?state=active&unit=" + g.ID.String()})
		}
		return v, nil
	}
	return nil, nil
}

type tableView struct {
	Title, Under, Lead string
	Table              ui.Table
	Empty, Why         string
	Acts               []ui.Button
}

// dockingPage lists the teams of a county with how many townships have one docked to each (R175).
func (s *Service) dockingPage(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	u, err := s.unitOf(r)
	if err != nil {
		return err
	}
	on := dayOf(r)
	list, towns, err := s.Dockings(ctx, u, on)
	if err != nil {
		return err
	}
	v := tableView{Title: i18n.T(ctx, "people.docking"), Under: i18n.T(ctx, "people.under", "Unit", u.Name, "Day", i18n.Day(ctx, on)), Lead: i18n.T(ctx, "people.docking_what"),
		Empty: i18n.T(ctx, "people.docking_none"), Why: i18n.T(ctx, "people.docking_none_why")}
	v.Table = ui.Table{Caption: v.Title, Columns: []ui.Column{{Text: i18n.T(ctx, "people.name")}, {Text: i18n.T(ctx, "people.need"), Label: true}, {Text: i18n.T(ctx, "people.docked_n"), Label: true, Right: true},
		{Text: i18n.T(ctx, "people.gaps"), Label: true}}}
	for _, d := range list {
		var names []string
		for i, g := range d.Gaps {
			if i == 5 {
				names = append(names, i18n.T(ctx, "people.and_more", "N", len(d.Gaps)))
				break
			}
			names = append(names, g.Name)
		}
		v.Table.Rows = append(v.Table.Rows, ui.Row{ID: d.Team.Ref().String(), Cells: []ui.Cell{ui.To(d.Team.Name, "/team/"+d.Team.Ref().String()), ui.Text(s.label(ctx, d.Team.Need)),
			ui.Num(i18n.T(ctx, "people.of_towns", "N", len(towns)-len(d.Gaps), "Towns", len(towns)), ""), ui.Text(strings.Join(names, i18n.T(ctx, "people.comma")))}})
	}
	return web.Render(w, r, s.page(ctx, v.Title, u), tableTempl(v))
}

type matchView struct {
	Unit       org.Unit
	Under      string
	Above      []ui.Link // units to look at instead, where this one is too large
	Needs      ui.Table
	Need       string   // in words, once one is chosen
	Teams      ui.Table // that serve it, the first of them
	All        ui.Link  // to the rest of them
	Gaps       []ui.Link
	Filter     ui.FormSpec
	Fields     []ui.Input
	Candidates ui.Table
	More       bool
}

// mostCandidates is how many volunteers a page proposes.
const mostCandidates = 40

// matchPage sets needs beside teams and people: which townships nobody serves yet, and who could (R161).
func (s *Service) matchPage(w http.ResponseWriter, r *http.Request) error {
	ctx, q := r.Context(), r.URL.Query()
	u, err := s.unitOf(r)
	if err != nil {
		return err
	}
	on := dayOf(r)
	v := matchView{Unit: u, Under: i18n.T(ctx, "people.under", "Unit", u.Name, "Day", i18n.Day(ctx, on))}
	covers, towns, err := s.Covers(ctx, u, on)
	if err != nil {
		return err
	}
	if len(towns) == 0 {
		list, err := s.org.Children(ctx, u.ID, on, "", 100)
		if err != nil {
			return err
		}
		for _, n := range list {
			if !n.Unit.Level.Leaf() {
				v.Above = append(v.Above, ui.Link{Text: n.Unit.Name, Href: "/team/match?unit=" + n.Unit.ID.String()})
			}
		}
	}
	here := func(need string) string {
		return "/team/match?" + url.Values{"unit": {u.ID.String()}, "need": {need}}.Encode()
	}
	v.Needs = ui.Table{Caption: i18n.T(ctx, "people.match"), Columns: []ui.Column{{Text: i18n.T(ctx, "people.need")}, {Text: i18n.T(ctx, "people.teams_here"), Label: true, Right: true},
		{Text: i18n.T(ctx, "people.gaps_n"), Label: true, Right: true}}}
	var chosen *Cover
	for i, c := range covers {
		v.Needs.Rows = append(v.Needs.Rows, ui.Row{ID: c.Need.Name, Cells: []ui.Cell{ui.To(c.Need.In(langOf(ctx)), here(c.Need.Name)), ui.Num(ui.Number(c.Teams), servingHref(u, c)),
			ui.Num(i18n.T(ctx, "people.of_towns", "N", len(c.Gaps), "Towns", len(towns)), here(c.Need.Name))}})
		if c.Need.Name == q.Get("need") {
			chosen = &covers[i]
		}
	}
	if chosen != nil {
		if err := s.matched(r, &v, u, on, *chosen); err != nil {
			return err
		}
	}
	return web.Render(w, r, s.page(ctx, i18n.T(ctx, "people.match"), u), matchTempl(v))
}

// mostServing is how many teams a page of a need names.
const mostServing = 40

// serving are the teams of a unit that serve a need (R156).
func (s *Service) serving(ctx context.Context, v *matchView, u org.Unit, on clock.Day, c Cover) error {
	pos, code := afterOf("")
	p, err := s.List(ctx, u, on, Filter{Need: c.Need.Name, State: Active, Whose: "own"}, pos, code, mostServing)
	if err != nil {
		return err
	}
	names, err := s.unitsOf(ctx, p.Teams)
	if err != nil {
		return err
	}
	v.Teams = ui.Table{Caption: i18n.T(ctx, "people.serving"), Columns: []ui.Column{{Text: i18n.T(ctx, "people.name")}, {Text: i18n.T(ctx, "people.unit"), Label: true}, {Text: i18n.T(ctx, "people.leader"), Label: true}}}
	for _, t := range p.Teams {
		v.Teams.Rows = append(v.Teams.Rows, ui.Row{ID: t.Ref().String(), Cells: []ui.Cell{ui.To(t.Name, "/team/"+t.Ref().String()), ui.Text(names[t.Unit].Name), ui.Text(t.Leader)}})
	}
	if p.Rest > 0 {
		v.All = ui.Link{Text: i18n.T(ctx, "people.serving_all", "N", p.Total), Href: servingHref(u, c)}
	}
	return nil
}

// servingHref is the list of the teams of a unit that serve a need.
func servingHref(u org.Unit, c Cover) string {
	return "/team?" + url.Values{"unit": {u.ID.String()}, "need": {c.Need.Name}, "state": {string(Active)}, "whose": {"own"}}.Encode()
}

// matched is one need: the teams that serve it, the townships without one, and who could make one.
func (s *Service) matched(r *http.Request, v *matchView, u org.Unit, on clock.Day, c Cover) error {
	ctx, q := r.Context(), r.URL.Query()
	a := scope.From(ctx)
	v.Need = c.Need.In(langOf(ctx))
	if err := s.serving(ctx, v, u, on, c); err != nil {
		return err
	}
	propose := func(at org.Unit, more ...string) string {
		p := url.Values{"unit": {at.ID.String()}, "need": {c.Need.Name}}
		for i := 0; i+1 < len(more); i += 2 {
			p.Set(more[i], more[i+1])
		}
		return "/team/new?" + p.Encode()
	}
	for _, g := range c.Gaps {
		l := ui.Link{Text: g.Name}
		if a.May(scope.Work, g.Pos) {
			l = ui.Link{Text: i18n.T(ctx, "people.propose_at", "Unit", g.Name), Href: propose(g)}
		}
		v.Gaps = append(v.Gaps, l)
	}
	profession, speciality := q.Get("profession"), strings.TrimSpace(q.Get("speciality"))
	retired := q.Get("retired") != ""
	list, more, err := s.Candidates(ctx, u, on, c.Need, volunteer.Filter{Profession: profession, Speciality: speciality, Retired: retired}, mostCandidates)
	if err != nil {
		return err
	}
	v.More = more
	at := u
	if !a.May(scope.Work, at.Pos) {
		if at, err = s.org.Unit(ctx, a.Unit); err != nil && !errs.Is(err, errs.NotFound) {
			return err
		}
	}
	v.Candidates = ui.Table{Caption: i18n.T(ctx, "people.candidates"), Columns: []ui.Column{{Text: i18n.T(ctx, "people.member_who")}, {Text: i18n.T(ctx, "people.unit"), Label: true},
		{Text: i18n.T(ctx, "people.profession"), Label: true}, {Text: i18n.T(ctx, "people.fit")}, {Text: i18n.T(ctx, "people.do")}}}
	for _, x := range list {
		state := ui.State(i18n.T(ctx, "people.fit_yes"), "p")
		if x.Lacking != "" {
			state = ui.State(x.Lacking, "w")
		}
		cells := []ui.Cell{ui.Text(x.Name), ui.Text(x.Place.Name), ui.Text(s.volunteers.ProfessionName(ctx, u.Root(), x.Profession)), state, {}}
		if a.May(scope.View, x.Pos) {
			cells[0].Href = "/volunteer/" + x.Ref().String()
		}
		if at.ID != 0 && a.May(scope.Work, at.Pos) {
			cells[4] = ui.To(i18n.T(ctx, "people.propose"), propose(at, "volunteer", x.Ref().String()))
		}
		v.Candidates.Rows = append(v.Candidates.Rows, ui.Row{ID: x.Ref().String(), Cells: cells})
	}
	professions, err := s.volunteers.Professions(ctx, u)
	if err != nil {
		return err
	}
	options := []ui.Option{{Text: i18n.T(ctx, "people.suits")}}
	for _, p := range professions {
		options = append(options, ui.Option{Value: p.Name, Text: p.In(langOf(ctx))})
	}
	v.Filter = ui.FormSpec{Method: "get", Action: "/team/match", Submit: i18n.T(ctx, "people.find"), Hidden: []ui.Pair{{Name: "unit", Value: u.ID.String()}, {Name: "need", Value: c.Need.Name}}}
	v.Fields = []ui.Input{{Kind: ui.KindSelect, Name: "profession", Label: i18n.T(ctx, "people.profession"), Value: profession, Options: options},
		{Name: "speciality", Label: i18n.T(ctx, "people.speciality"), Value: speciality, Optional: true, MaxLength: 20},
		{Kind: ui.KindCheck, Name: "retired", Label: i18n.T(ctx, "people.retired_only"), Value: q.Get("retired"), Optional: true}}
	return nil
}
