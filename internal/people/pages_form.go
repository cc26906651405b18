package people

import (
	"context"
	"net/http"
	"strconv"

	"github.com/a-h/templ"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/table"
	"xinhuo/internal/kit/web"
	"xinhuo/internal/kit/web/ui"
	"xinhuo/internal/ledger"
	"xinhuo/internal/org"
	"xinhuo/internal/record"
)

// formView is one form: its title, where it leads back to, its groups of inputs.
type formView struct {
	Title, Lead string
	Back        ui.Link
	Step        string
	Faults      []ui.Fault
	Spec        ui.FormSpec
	Groups      []group
}

type group struct {
	Title  string
	Inputs []ui.Input
}

func (s *Service) newForm(w http.ResponseWriter, r *http.Request) error {
	u, err := s.unitOf(r)
	if err != nil {
		return err
	}
	t, err := s.proposal(r, u)
	if err != nil {
		return err
	}
	p, body, err := s.teamForm(r.Context(), u, id.Ref{}, 0, t, "", web.NewKey(), nil, nil)
	if err != nil {
		return err
	}
	return web.Render(w, r, p, body)
}

func (s *Service) createPost(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	u, err := s.unitOf(r)
	if err != nil {
		return err
	}
	f, err := web.ReadForm(w, r)
	if err != nil {
		return err
	}
	t := typed(Team{Unit: u.ID}, f)
	if who := f.Ref("volunteer"); who.ID != 0 {
		t.People = []Member{{Volunteer: who, Role: i18n.T(ctx, "people.leader"), From: max(t.FoundedOn, clock.Today(ctx))}}
	}
	if t, err = s.linked(ctx, t, f); err != nil {
		return err
	}
	err = f.Problems.Err()
	if err == nil {
		err = s.act(w, r, f, "create", func(ctx context.Context) (id.Ref, error) { return s.enter(ctx, t, "") })
	}
	if err == nil {
		return nil
	}
	return again(ctx, err, func(at map[string]string, faults []ui.Fault) (web.Page, templ.Component) {
		p, body, ferr := s.teamForm(ctx, u, id.Ref{}, 0, t, "", f.Key(), at, faults)
		if ferr != nil {
			return web.Page{}, templ.NopComponent
		}
		return p, keep(body, f)
	}, w, r)
}

func (s *Service) editForm(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	ref, err := refOf(r)
	if err != nil {
		return err
	}
	t, v, u, err := s.toWork(ctx, ref)
	if err != nil {
		return err
	}
	p, body, err := s.teamForm(ctx, u, ref, v.N, t, "", web.NewKey(), nil, nil)
	if err != nil {
		return err
	}
	return web.Render(w, r, p, body)
}

func (s *Service) editPost(w http.ResponseWriter, r *http.Request) error {
	ref, f, n, err := s.sent(w, r)
	if err != nil {
		return err
	}
	ctx := r.Context()
	was, _, u, err := s.toWork(ctx, ref)
	if err != nil {
		return err
	}
	t, reason := typed(was, f), f.Text("reason")
	if reason == "" {
		f.Problems.Add("reason", "people.reason_missing")
	}
	if t, err = s.linked(ctx, t, f); err != nil {
		return err
	}
	if err = f.Problems.Err(); err == nil {
		err = s.act(w, r, f, "correct", func(ctx context.Context) (id.Ref, error) { return ref, s.Save(ctx, ref, n, t, reason) })
	}
	if err == nil {
		return nil
	}
	return again(ctx, err, func(at map[string]string, faults []ui.Fault) (web.Page, templ.Component) {
		p, body, ferr := s.teamForm(ctx, u, ref, n, t, reason, f.Key(), at, faults)
		if ferr != nil {
			return web.Page{}, templ.NopComponent
		}
		return p, keep(body, f)
	}, w, r)
}

// toWork reads a team for a form; the right to work is asked when it is shown, so that nobody types in vain.
func (s *Service) toWork(ctx context.Context, ref id.Ref) (Team, record.Version, org.Unit, error) {
	t, v, err := s.Get(ctx, ref)
	if err != nil {
		return t, v, org.Unit{}, err
	}
	u, err := s.rec.Home(ctx, t.Unit)
	if err == nil && !scope.From(ctx).May(scope.Work, u.Pos) {
		err = s.notYours(ctx, ref, u)
	}
	return t, v, u, err
}

// typed takes over what was typed; what cannot be read is a problem of the form.
func typed(t Team, f *web.Form) Team {
	t.Name, t.Need, t.Leader, t.Phone = f.Text("name"), f.Text("need"), f.Text("leader"), f.Text("phone")
	t.Intro, t.Note, t.ApprovalDoc, t.Status = f.Text("intro"), f.Text("note"), f.Text("approval_doc"), Status(f.Text("status"))
	if f.Has("code") {
		t.Code = f.Text("code")
	}
	if f.Has("owner") {
		t.Owner = f.Text("owner")
	}
	if f.Has("dissolve_reason") {
		t.DissolveReason = f.Text("dissolve_reason")
	}
	days := map[string]*clock.Day{"proposed_on": &t.ProposedOn, "approved_on": &t.ApprovedOn, "founded_on": &t.FoundedOn}
	if f.Has("dissolved_on") {
		days["dissolved_on"] = &t.DissolvedOn
	}
	for name, to := range days {
		*to = day(f, name)
	}
	t.Members = 0
	if v := f.Text("members"); v != "" {
		n, err := table.ParseInt(v)
		if err != nil {
			f.Problems.Add("members", "people.members_odd")
		}
		t.Members = n
	}
	return t
}

// linked takes over whom the form names: the committee that guides the team, the association that runs it, the code of
// the team that it extends.
func (s *Service) linked(ctx context.Context, t Team, f *web.Form) (Team, error) {
	if f.Has("guided_by") {
		t.GuidedBy = 0
		if v := f.Text("guided_by"); v != "" {
			u, err := s.org.Resolve(ctx, v)
			if errs.Is(err, errs.NotFound) {
				f.Problems.Add("guided_by", "people.guided_not_above")
			} else if err != nil {
				return t, err
			}
			t.GuidedBy = u.ID
		}
	}
	if f.Has("run_by") {
		t.RunBy = f.Ref("run_by")
	}
	if f.Has("docked") {
		t.Docked = id.Ref{}
		if v := f.Text("docked"); v != "" {
			u, err := s.org.Unit(ctx, t.Unit)
			if err != nil {
				return t, err
			}
			l, err := s.AcrossUnitsByCode(ctx, u.Root(), v)
			if errs.Is(err, errs.NotFound) {
				f.Problems.Add("docked", "people.docked_not_above")
			} else if err != nil {
				return t, err
			}
			t.Docked = l.Ref()
		}
	}
	return t, nil
}

// proposal is what a new team starts from: nothing, or a need and a volunteer who could lead it (R161).
func (s *Service) proposal(r *http.Request, u org.Unit) (Team, error) {
	ctx, q := r.Context(), r.URL.Query()
	t := Team{Unit: u.ID, Status: Approved, Need: q.Get("need")}
	if t.Need != "" {
		t.Name, t.Status = usualName(u, t.Need), Submitted
	}
	ref, err := id.ParseRef(q.Get("volunteer"))
	if err != nil {
		return t, nil
	}
	files, err := s.volunteers.Files(ctx, []id.Ref{ref})
	if v, ok := files[ref]; ok {
		t.Leader, t.Phone = v.Name, v.Phone
		t.People = []Member{{Volunteer: ref}}
	}
	return t, err
}

func day(f *web.Form, name string) clock.Day {
	v := f.Text(name)
	if v == "" {
		return clock.Open
	}
	d, err := table.ParseDay(v)
	if err != nil {
		f.Problems.Add(name, "errs.day_unreadable")
	}
	return clock.Day(d)
}

// keep puts what was typed back into the inputs, word for word.
func keep(body templ.Component, f *web.Form) templ.Component {
	v, ok := body.(shownForm)
	if !ok {
		return body
	}
	for _, g := range v.view.Groups {
		for i := range g.Inputs {
			if f.Has(g.Inputs[i].Name) {
				g.Inputs[i].Value = f.Get(g.Inputs[i].Name)
			}
		}
	}
	return formTempl(v.view)
}

// shownForm is a form that can still be filled before it is written.
type shownForm struct {
	templ.Component
	view formView
}

func (s *Service) teamForm(ctx context.Context, u org.Unit, ref id.Ref, version int64, t Team, reason, key string, at map[string]string, faults []ui.Fault) (web.Page, templ.Component, error) {
	needs, err := s.Needs(ctx, u)
	if err != nil {
		return web.Page{}, nil, err
	}
	tr := func(k string) string { return i18n.T(ctx, k) }
	options := []ui.Option{{Value: "", Text: tr("people.choose")}}
	for _, n := range needs {
		options = append(options, ui.Option{Value: n.Name, Text: n.In(langOf(ctx))})
	}
	members := ""
	if t.Members > 0 {
		members = strconv.FormatInt(t.Members, 10)
	}
	in := func(i ui.Input) ui.Input { i.Error = at[i.Name]; return i }
	v := formView{Title: tr("people.add"), Step: u.Name, Back: ui.Link{Href: "/team?unit=" + u.ID.String()}, Faults: faults,
		Spec: ui.FormSpec{Action: "/team/new?unit=" + u.ID.String(), Key: key, Submit: tr("people.save_new")}}
	v.Groups = []group{
		{tr("people.group.what"), []ui.Input{
			in(ui.Input{Name: "name", Label: tr("people.name"), Value: t.Name, MaxLength: maxName, Focus: ref.ID == 0}),
			in(ui.Input{Kind: ui.KindSelect, Name: "need", Label: tr("people.need"), Value: t.Need, Options: options}),
			in(ui.Input{Name: "leader", Label: tr("people.leader"), Value: t.Leader, Optional: true, MaxLength: 40}),
			in(ui.Input{Kind: ui.KindTel, Name: "phone", Label: tr("people.phone"), Value: t.Phone, Optional: true, MaxLength: 40}),
			in(ui.Input{Kind: ui.KindNumber, Name: "members", Label: tr("people.members"), Value: members, Optional: true, Short: true, Min: "0"}),
			in(ui.Input{Kind: ui.KindArea, Name: "intro", Label: tr("people.intro"), Value: t.Intro, Optional: true, Lines: 3}),
		}},
		{tr("people.group.approval"), []ui.Input{
			in(ui.Input{Kind: ui.KindRadio, Name: "status", Label: tr("people.status"), Value: string(t.Status), Options: []ui.Option{
				{Value: string(Approved), Text: tr("people.status.approved"), Sub: tr("people.status.approved_sub")},
				{Value: string(Submitted), Text: tr("people.status.submitted"), Sub: tr("people.status.submitted_sub")}}}),
			in(ui.Input{Kind: ui.KindDate, Name: "founded_on", Label: tr("people.founded_on"), Value: string(t.FoundedOn), Hint: tr("people.founded_hint")}),
			in(ui.Input{Kind: ui.KindDate, Name: "proposed_on", Label: tr("people.proposed_on"), Value: string(t.ProposedOn), Optional: true}),
			in(ui.Input{Kind: ui.KindDate, Name: "approved_on", Label: tr("people.approved_on"), Value: string(t.ApprovedOn), Optional: true}),
			in(ui.Input{Name: "approval_doc", Label: tr("people.approval_doc"), Value: t.ApprovalDoc, Optional: true, MaxLength: 60}),
			in(ui.Input{Kind: ui.KindArea, Name: "note", Label: tr("people.note"), Value: t.Note, Optional: true, Lines: 3}),
		}},
	}
	links, err := s.linkInputs(ctx, u, t, in)
	if err != nil {
		return web.Page{}, nil, err
	}
	v.Groups = append(v.Groups, group{tr("people.group.links"), links})
	if ref.ID == 0 && len(t.People) > 0 {
		v.Lead = i18n.T(ctx, "people.proposed_with", "Name", t.Leader)
		v.Spec.Hidden = []ui.Pair{{Name: "volunteer", Value: t.People[0].Volunteer.String()}}
	}
	if ref.ID == 0 {
		v.Groups[1].Inputs = append(v.Groups[1].Inputs, in(ui.Input{Name: "code", Label: tr("people.code"), Value: t.Code, Optional: true, Hint: tr("people.code_hint"), MaxLength: 40}))
	} else {
		here := "/team/" + ref.String()
		v.Title, v.Back.Href = tr("people.edit"), here
		v.Spec.Action, v.Spec.Submit = here+"/edit", tr("people.save")
		v.Spec.Hidden = []ui.Pair{{Name: "_version", Value: strconv.FormatInt(version, 10)}}
		last := []ui.Input{in(ui.Input{Name: "reason", Label: tr("people.why"), Value: reason, Hint: tr("people.why_hint"), MaxLength: 200})}
		if t.DissolvedOn != "" {
			last = append([]ui.Input{
				in(ui.Input{Kind: ui.KindDate, Name: "dissolved_on", Label: tr("people.dissolved_on"), Value: string(t.DissolvedOn), Optional: true, Hint: tr("people.dissolved_hint")}),
				in(ui.Input{Name: "dissolve_reason", Label: tr("people.dissolve_reason"), Value: t.DissolveReason, Optional: true, MaxLength: 200})}, last...)
		}
		v.Groups = append(v.Groups, group{tr("people.group.why"), last})
	}
	return web.Page{Title: v.Title, Current: "team", Plain: true}, shownForm{formTempl(v), v}, nil
}

// linkInputs asks who a team belongs with.
func (s *Service) linkInputs(ctx context.Context, u org.Unit, t Team, in func(ui.Input) ui.Input) ([]ui.Input, error) {
	tr := func(k string) string { return i18n.T(ctx, k) }
	none := ui.Option{Text: tr("people.none_chosen")}
	up, err := s.org.Ancestors(ctx, u.ID, clock.Today(ctx))
	if err != nil {
		return nil, err
	}
	guides := []ui.Option{none}
	for _, a := range up {
		if a.Level.Rank() >= org.City.Rank() {
			guides = append(guides, ui.Option{Value: a.ID.String(), Text: a.Name})
		}
	}
	guided := ""
	if t.GuidedBy != 0 {
		guided = t.GuidedBy.String()
	}
	out := []ui.Input{in(ui.Input{Kind: ui.KindSelect, Name: "guided_by", Label: tr("people.guided_by"), Value: guided, Options: guides, Optional: true})}
	runners, err := s.beside(ctx, u.ID)
	if err != nil {
		return nil, err
	}
	if len(runners) > 0 {
		list := []ui.Option{none}
		for _, a := range runners {
			list = append(list, ui.Option{Value: a.Ref.String(), Text: a.Name})
		}
		out = append(out, in(ui.Input{Kind: ui.KindSelect, Name: "run_by", Label: tr("people.run_by"), Value: named(t.RunBy), Options: list, Optional: true}))
	}
	if u.Level.Rank() > org.County.Rank() {
		code, err := s.codeOf(ctx, t.Docked)
		if err != nil {
			return nil, err
		}
		out = append(out, in(ui.Input{Name: "docked", Label: tr("people.docked"), Value: code, Optional: true, Hint: tr("people.docked_hint"), MaxLength: 40}))
	}
	return append(out, in(ui.Input{Name: "owner", Label: tr("people.owner"), Value: t.Owner, Optional: true, Hint: tr("people.owner_hint"), MaxLength: maxName})), nil
}

// codeOf is the code of a team that another names; "" of none.
func (s *Service) codeOf(ctx context.Context, ref id.Ref) (string, error) {
	if ref.ID == 0 {
		return "", nil
	}
	list, err := s.byIDs(ctx, []id.ID{ref.ID})
	if err != nil || len(list) == 0 {
		return "", err
	}
	return list[0].Code, nil
}

// step is a short form about a team: approve, dissolve, remove.
type step struct {
	name, title, lead, submit string
	inputs                    func(t Team) []ui.Input
	do                        func(ctx context.Context, ref id.Ref, version int64, f *web.Form) error
}

func (s *Service) approveStep(ctx context.Context) step {
	tr := func(k string) string { return i18n.T(ctx, k) }
	return step{"approve", tr("people.approve"), tr("people.approve_lead"), tr("people.approve_do"), func(t Team) []ui.Input {
		return []ui.Input{
			{Kind: ui.KindDate, Name: "approved_on", Label: tr("people.approved_on"), Value: string(t.ApprovedOn)},
			{Name: "approval_doc", Label: tr("people.approval_doc"), Value: t.ApprovalDoc, MaxLength: 60},
			{Kind: ui.KindDate, Name: "founded_on", Label: tr("people.founded_on"), Optional: true, Hint: tr("people.founded_later")},
		}
	}, func(ctx context.Context, ref id.Ref, n int64, f *web.Form) error {
		a := Approval{Day: day(f, "approved_on"), Document: f.Text("approval_doc"), Founded: day(f, "founded_on")}
		if err := f.Problems.Err(); err != nil {
			return err
		}
		return s.Approve(ctx, ref, n, a)
	}}
}

func (s *Service) dissolveStep(ctx context.Context) step {
	tr := func(k string) string { return i18n.T(ctx, k) }
	return step{"dissolve", tr("people.dissolve"), tr("people.dissolve_lead"), tr("people.dissolve_do"), func(Team) []ui.Input {
		return []ui.Input{
			{Kind: ui.KindDate, Name: "dissolved_on", Label: tr("people.dissolved_on"), Hint: tr("people.dissolved_hint")},
			{Name: "reason", Label: tr("people.dissolve_reason"), MaxLength: 200},
		}
	}, func(ctx context.Context, ref id.Ref, n int64, f *web.Form) error {
		d := day(f, "dissolved_on")
		if err := f.Problems.Err(); err != nil {
			return err
		}
		return s.Dissolve(ctx, ref, n, d, f.Text("reason"))
	}}
}

func (s *Service) removeStep(ctx context.Context) step {
	tr := func(k string) string { return i18n.T(ctx, k) }
	return step{"remove", tr("people.remove"), tr("people.remove_lead"), tr("people.remove_do"), func(Team) []ui.Input {
		return []ui.Input{{Name: "reason", Label: tr("people.why"), Hint: tr("people.why_hint"), MaxLength: 200}}
	}, func(ctx context.Context, ref id.Ref, n int64, f *web.Form) error {
		if f.Text("reason") == "" {
			f.Problems.Add("reason", "people.reason_missing")
			return f.Problems.Err()
		}
		return s.Remove(ctx, ref, n, f.Text("reason"))
	}}
}

func (s *Service) approveForm(w http.ResponseWriter, r *http.Request) error {
	return s.stepForm(w, r, s.approveStep(r.Context()))
}
func (s *Service) approvePost(w http.ResponseWriter, r *http.Request) error {
	return s.stepPost(w, r, s.approveStep(r.Context()))
}
func (s *Service) dissolveForm(w http.ResponseWriter, r *http.Request) error {
	return s.stepForm(w, r, s.dissolveStep(r.Context()))
}
func (s *Service) dissolvePost(w http.ResponseWriter, r *http.Request) error {
	return s.stepPost(w, r, s.dissolveStep(r.Context()))
}
func (s *Service) removeForm(w http.ResponseWriter, r *http.Request) error {
	return s.stepForm(w, r, s.removeStep(r.Context()))
}
func (s *Service) removePost(w http.ResponseWriter, r *http.Request) error {
	return s.stepPost(w, r, s.removeStep(r.Context()))
}

func stepView(st step, ref id.Ref, t Team, version int64, key string) formView {
	here := "/team/" + ref.String()
	return formView{Title: st.title, Lead: st.lead, Step: t.Name, Back: ui.Link{Href: here}, Groups: []group{{"", st.inputs(t)}},
		Spec: ui.FormSpec{Action: here + "/" + st.name, Key: key, Submit: st.submit, Hidden: []ui.Pair{{Name: "_version", Value: strconv.FormatInt(version, 10)}}}}
}

func (s *Service) stepForm(w http.ResponseWriter, r *http.Request, st step) error {
	ref, err := refOf(r)
	if err != nil {
		return err
	}
	t, v, _, err := s.toWork(r.Context(), ref)
	if err != nil {
		return err
	}
	return web.Render(w, r, web.Page{Title: st.title, Current: "team", Plain: true}, formTempl(stepView(st, ref, t, v.N, web.NewKey())))
}

func (s *Service) stepPost(w http.ResponseWriter, r *http.Request, st step) error {
	ref, f, n, err := s.sent(w, r)
	if err != nil {
		return err
	}
	ctx := r.Context()
	t, _, _, err := s.toWork(ctx, ref)
	if errs.Is(err, errs.NotFound) { // sent twice: the first one took it out
		t, _, err = s.book.Removed(ctx, ref)
	}
	if err != nil {
		return err
	}
	if err = s.act(w, r, f, st.name, func(ctx context.Context) (id.Ref, error) { return ref, st.do(ctx, ref, n, f) }); err == nil {
		return nil
	}
	return again(ctx, err, func(at map[string]string, faults []ui.Fault) (web.Page, templ.Component) {
		v := stepView(st, ref, t, n, f.Key())
		v.Faults = faults
		for i := range v.Groups[0].Inputs {
			in := &v.Groups[0].Inputs[i]
			in.Value, in.Error = f.Get(in.Name), at[in.Name]
		}
		return web.Page{Title: st.title, Current: "team", Plain: true}, formTempl(v)
	}, w, r)
}

type needsView struct {
	Unit  org.Unit
	Needs []ui.Link
	Form  *formView
}

func (s *Service) needsPage(w http.ResponseWriter, r *http.Request) error {
	u, err := s.unitOf(r)
	if err != nil {
		return err
	}
	return s.showNeeds(w, r, u, Need{}, web.NewKey(), nil, nil)
}

func (s *Service) showNeeds(w http.ResponseWriter, r *http.Request, u org.Unit, typed Need, key string, at map[string]string, faults []ui.Fault) error {
	ctx := r.Context()
	list, err := s.Needs(ctx, u)
	if err != nil {
		return err
	}
	parts, err := s.led.ByValue(ctx, ledger.Query{Figure: "team.active", Unit: u.ID, Day: dayOf(r)}, "need")
	if err != nil {
		return err
	}
	v := needsView{Unit: u}
	parents := []ui.Option{{Text: i18n.T(ctx, "people.parent_none")}}
	for _, n := range list {
		sub := i18n.T(ctx, "people.teams_n", "N", ui.Number(parts[n.Name]))
		if n.Parent != "" {
			sub = i18n.T(ctx, "people.counts_under", "Parent", s.label(ctx, n.Parent), "Teams", sub)
		}
		v.Needs = append(v.Needs, ui.Link{Text: n.In(langOf(ctx)), Sub: sub})
		if n.Root == 0 {
			parents = append(parents, ui.Option{Value: n.Name, Text: n.In(langOf(ctx))})
		}
	}
	if org.SetsCity(ctx, u) {
		v.Form = &formView{Faults: faults, Spec: ui.FormSpec{Action: "/team/needs?unit=" + u.ID.String(), Key: key, Submit: i18n.T(ctx, "people.need_add")},
			Groups: []group{{"", []ui.Input{
				{Name: "name", Label: i18n.T(ctx, "people.need_name"), Value: typed.Name, Error: at["name"], MaxLength: 20},
				{Name: "en", Label: i18n.T(ctx, "people.need_en"), Value: typed.En, Error: at["en"], Optional: true, MaxLength: 40},
				{Kind: ui.KindSelect, Name: "parent", Label: i18n.T(ctx, "people.parent"), Value: typed.Parent, Error: at["parent"], Options: parents, Hint: i18n.T(ctx, "people.parent_hint")}}}}}
	}
	p := s.page(ctx, i18n.T(ctx, "people.needs"), u)
	if len(faults) > 0 {
		p.Error, p.Status = true, http.StatusUnprocessableEntity
	}
	return web.Render(w, r, p, needsTempl(v))
}

func (s *Service) needPost(w http.ResponseWriter, r *http.Request) error {
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
		return "/team/needs?unit=" + u.ID.String(), s.AddNeed(ctx, u, f.Text("name"), f.Text("en"), f.Text("parent"))
	})
	if err == nil {
		return web.SeeOther(w, r, to)
	}
	at, faults, rest := web.Problems(ctx, err)
	if rest != nil {
		return rest
	}
	return s.showNeeds(w, r, u, Need{Name: f.Get("name"), En: f.Get("en"), Parent: f.Get("parent")}, f.Key(), at, faults)
}
