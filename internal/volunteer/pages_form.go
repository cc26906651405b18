package volunteer

import (
	"context"
	"net/http"
	"strconv"

	"github.com/a-h/templ"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/table"
	"xinhuo/internal/kit/web"
	"xinhuo/internal/kit/web/ui"
	"xinhuo/internal/org"
)

// formView is one form: its title, where it leads back to, its groups of inputs.
type formView struct {
	Title, Lead string
	Back        ui.Link
	Step        string
	Note        *ui.Note // before the form: who may be on file already
	Faults      []ui.Fault
	Spec        ui.FormSpec
	Groups      []group
}

type group struct {
	Title, Hint string
	Inputs      []ui.Input
}

// typedForm is what somebody typed into the form of a volunteer.
type typedForm struct {
	v             Volunteer
	reason, login string
	version       int64
	key           string
	alike         []Listed // who may be on file already
}

func (s *Service) newForm(w http.ResponseWriter, r *http.Request) error {
	u, err := s.unitOf(r)
	if err != nil {
		return err
	}
	v, err := s.personForm(r.Context(), u, id.Ref{}, typedForm{v: Volunteer{Unit: u.ID, Retired: true, CandidateOn: clock.Today(r.Context())}, key: web.NewKey()}, nil)
	if err != nil {
		return err
	}
	return web.Render(w, r, plain(v), formTempl(v))
}

func plain(v formView) web.Page { return web.Page{Title: v.Title, Current: "volunteer", Plain: true} }

// createPost keeps a new volunteer. Who may be on file already is shown first; the form then asks whether it is another person.
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
	t := typedForm{v: typed(Volunteer{Unit: u.ID}, f), login: f.Text("login"), key: f.Key()}
	if f.Has("begin") { // what somebody wrote who wants to become one is handed over to a new form, and stands in no address
		t.v.Retired, t.v.CandidateOn, t.key = true, clock.Today(ctx), web.NewKey()
		v, err := s.personForm(ctx, u, id.Ref{}, t, nil)
		if err != nil {
			return err
		}
		return web.Render(w, r, plain(v), formTempl(v))
	}
	if t.v.AdmittedOn != "" && t.v.CandidateOn == clock.Today(ctx) && t.v.AdmittedOn < t.v.CandidateOn { // offered by the form, not typed
		t.v.CandidateOn = ""
	}
	if err = s.ownAccount(ctx, &t, f); err != nil {
		return err
	}
	if err = f.Problems.Err(); err == nil && f.Text("not_same") == "" {
		err = s.askAlike(ctx, u, &t, f)
	}
	if err == nil {
		err = s.act(w, r, f, "/volunteer/", "create", func(ctx context.Context) (id.Ref, error) { return s.Create(ctx, t.v) })
	}
	if err == nil {
		return nil
	}
	return s.personAgain(w, r, err, u, id.Ref{}, t, f)
}

// askAlike is a problem of the form when somebody in the city may be the same person. A form that was sent already is not
// asked again: what it made stands.
func (s *Service) askAlike(ctx context.Context, u org.Unit, t *typedForm, f *web.Form) error {
	list, err := s.Alike(ctx, id.Ref{Root: u.Root()}, t.v.clean().Name, t.v.BirthYear)
	if err != nil || len(list) == 0 {
		return err
	}
	t.alike = list
	f.Problems.Add("not_same", "volunteer.alike_ask")
	return f.Problems.Err()
}

// ownAccount finds the account whose login was typed.
func (s *Service) ownAccount(ctx context.Context, t *typedForm, f *web.Form) error {
	if !f.Has("login") {
		return nil
	}
	was := t.v.Account
	t.v.Account = 0
	if t.login == "" {
		return nil
	}
	if was != 0 { // what stands may stay, wherever the account's home is by now
		acc, err := s.accounts.Get(ctx, was)
		if err != nil && !errs.Is(err, errs.NotFound) {
			return err
		}
		if err == nil && acc.Login == t.login {
			t.v.Account = was
			return nil
		}
	}
	acc, err := s.accounts.ByLogin(ctx, t.login)
	if errs.Is(err, errs.NotFound) {
		f.Problems.Add("login", "volunteer.login_unknown", "Name", t.login)
		return nil
	}
	t.v.Account = acc.ID
	return err
}

func (s *Service) editForm(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	ref, err := refOf(r)
	if err != nil {
		return err
	}
	p, ver, u, err := s.toWork(ctx, ref)
	if err != nil {
		return err
	}
	t := typedForm{v: p, version: ver.N, key: web.NewKey()}
	if p.Account != 0 {
		acc, err := s.accounts.Get(ctx, p.Account)
		if err != nil && !errs.Is(err, errs.NotFound) {
			return err
		}
		t.login = acc.Login
	}
	v, err := s.personForm(ctx, u, ref, t, nil)
	if err != nil {
		return err
	}
	return web.Render(w, r, plain(v), formTempl(v))
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
	t := typedForm{v: typed(was, f), reason: f.Text("reason"), login: f.Text("login"), version: n, key: f.Key()}
	if err := s.ownAccount(ctx, &t, f); err != nil {
		return err
	}
	if t.reason == "" {
		f.Problems.Add("reason", "volunteer.reason_missing")
	}
	if err = f.Problems.Err(); err == nil {
		err = s.act(w, r, f, "/volunteer/", "correct", func(ctx context.Context) (id.Ref, error) { return ref, s.Save(ctx, ref, n, t.v, t.reason) })
	}
	if err == nil {
		return nil
	}
	return s.personAgain(w, r, err, u, ref, t, f)
}

// personAgain shows the form of a volunteer once more, with every word as it was typed.
func (s *Service) personAgain(w http.ResponseWriter, r *http.Request, err error, u org.Unit, ref id.Ref, t typedForm, f *web.Form) error {
	var bad error
	shown := again(w, r, err, func(at map[string]string, faults []ui.Fault) (web.Page, templ.Component) {
		v, err := s.personForm(r.Context(), u, ref, t, at)
		if err != nil {
			bad = err
			return web.Page{}, templ.NopComponent
		}
		v.Faults = faults
		v.keep(f)
		return plain(v), formTempl(v)
	})
	if bad != nil {
		return bad
	}
	return shown
}

// keep puts what was typed back into the inputs, word for word.
func (v formView) keep(f *web.Form) {
	for _, g := range v.Groups {
		for i := range g.Inputs {
			if f.Has(g.Inputs[i].Name) {
				g.Inputs[i].Value = f.Get(g.Inputs[i].Name)
				g.Inputs[i].Values = f.Values[g.Inputs[i].Name]
			}
		}
	}
}

// typed takes over what was typed; what cannot be read is a problem of the form.
func typed(v Volunteer, f *web.Form) Volunteer {
	v.Name, v.Sex, v.Kind, v.Profession, v.Employer = f.Text("name"), f.Text("sex"), Class(f.Text("kind")), f.Text("profession"), f.Text("employer")
	v.Education, v.Availability, v.Phone, v.Experience = f.Text("education"), f.Text("availability"), f.Text("phone"), f.Text("experience")
	v.Retired, v.Note = f.Text("retired") == "yes", f.Text("note")
	v.Specialities = specialities(f.Text("specialities"))
	v.Insurance.Company, v.Insurance.Number = f.Text("insurance_company"), f.Text("insurance_number")
	for name, to := range map[string]*string{"code": &v.Code, "leave_reason": &v.LeaveReason, "health": &v.Health} {
		if f.Has(name) {
			*to = f.Text(name)
		}
	}
	for name, to := range map[string]*clock.Day{"find_consent": &v.FindConsent, "experience_consent": &v.ExperienceConsent, "candidate_on": &v.CandidateOn, "admitted_on": &v.AdmittedOn,
		"left_on": &v.LeftOn, "insured_from": &v.Insurance.From, "insured_until": &v.Insurance.Until} {
		if f.Has(name) {
			*to = day(f, name)
		}
	}
	v.BirthYear = 0
	if t := f.Text("birth_year"); t != "" {
		n, err := table.ParseInt(t)
		if err != nil {
			f.Problems.Add("birth_year", "volunteer.birth_year_odd")
		}
		v.BirthYear = n
	}
	return v
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

// privateGroup is where the inputs that are not for everybody stand among the groups of the form; health is the first.
const privateGroup = 3

func (s *Service) personForm(ctx context.Context, u org.Unit, ref id.Ref, t typedForm, at map[string]string) (formView, error) {
	tr := func(k string) string { return i18n.T(ctx, k) }
	list, err := s.Professions(ctx, u)
	if err != nil {
		return formView{}, err
	}
	v, none := t.v, ui.Option{Value: "", Text: tr("volunteer.choose")}
	professions, educations := []ui.Option{none}, []ui.Option{none}
	for _, p := range list {
		professions = append(professions, ui.Option{Value: p.Name, Text: p.In(langOf(ctx))})
	}
	for _, e := range Educations {
		educations = append(educations, ui.Option{Value: e, Text: tr("volunteer.education." + e)})
	}
	kinds := []ui.Option{none}
	for _, k := range Classes {
		kinds = append(kinds, ui.Option{Value: string(k), Text: tr("volunteer.kind." + string(k))})
	}
	birth := ""
	if v.BirthYear > 0 {
		birth = strconv.FormatInt(v.BirthYear, 10)
	}
	unit := "?unit=" + u.ID.String()
	out := formView{Title: tr("volunteer.add"), Step: u.Name, Back: ui.Link{Href: "/volunteer" + unit},
		Spec: ui.FormSpec{Action: "/volunteer/new" + unit, Key: t.key, Submit: tr("volunteer.save_new")}}
	in := func(i ui.Input) ui.Input {
		i.Error = at[i.Name]
		i.Label = tr("volunteer." + i.Name)
		return i
	}
	date := func(name string, d clock.Day, hint string) ui.Input {
		i := in(ui.Input{Kind: ui.KindDate, Name: name, Value: string(d), Optional: true})
		if hint != "" {
			i.Hint = tr(hint)
		}
		return i
	}
	out.Groups = []group{
		{tr("volunteer.group.who"), "", []ui.Input{
			in(ui.Input{Name: "name", Value: v.Name, MaxLength: maxName, Focus: ref.ID == 0}),
			in(ui.Input{Kind: ui.KindSelect, Name: "kind", Value: string(v.Kind), Options: kinds}),
			in(ui.Input{Kind: ui.KindRadio, Name: "sex", Value: v.Sex, Options: []ui.Option{{Value: "m", Text: tr("volunteer.sex.m")}, {Value: "f", Text: tr("volunteer.sex.f")}}}),
			in(ui.Input{Name: "birth_year", Value: birth, Optional: true, Short: true, MaxLength: 6}),
			in(ui.Input{Kind: ui.KindRadio, Name: "retired", Value: yes(v.Retired), Options: []ui.Option{{Value: "yes", Text: tr("volunteer.retired.yes")}, {Value: "no", Text: tr("volunteer.retired.no")}}}),
			in(ui.Input{Kind: ui.KindSelect, Name: "education", Value: v.Education, Options: educations, Optional: true}),
			in(ui.Input{Kind: ui.KindTel, Name: "phone", Value: v.Phone, Optional: true, MaxLength: 40, Hint: tr("volunteer.phone_hint")}),
		}},
		{tr("volunteer.group.can"), "", []ui.Input{
			in(ui.Input{Kind: ui.KindSelect, Name: "profession", Value: v.Profession, Options: professions, Optional: true, Hint: tr("volunteer.profession_hint")}),
			in(ui.Input{Name: "employer", Value: v.Employer, Optional: true, MaxLength: 80}),
			in(ui.Input{Name: "specialities", Value: joinSpecialities(v.Specialities), Optional: true, Hint: tr("volunteer.specialities_hint"), MaxLength: 200}),
			in(ui.Input{Name: "availability", Value: v.Availability, Optional: true, Hint: tr("volunteer.availability_hint"), MaxLength: 80}),
			date("find_consent", v.FindConsent, "volunteer.find_consent_hint"),
		}},
		{tr("volunteer.group.days"), "", []ui.Input{
			date("candidate_on", v.CandidateOn, ""),
			date("admitted_on", v.AdmittedOn, "volunteer.admitted_hint"),
		}},
		{tr("volunteer.group.private"), tr("volunteer.private_hint"), []ui.Input{
			in(ui.Input{Kind: ui.KindArea, Name: "health", Value: v.Health, Optional: true, Lines: 2, Hint: tr("volunteer.health_hint")}),
			in(ui.Input{Kind: ui.KindArea, Name: "experience", Value: v.Experience, Optional: true, Lines: 4, Hint: tr("volunteer.experience_hint")}),
			date("experience_consent", v.ExperienceConsent, "volunteer.experience_consent_hint"),
		}},
		{tr("volunteer.group.insurance"), "", []ui.Input{
			in(ui.Input{Name: "insurance_company", Value: v.Insurance.Company, Optional: true, MaxLength: 60}),
			in(ui.Input{Name: "insurance_number", Value: v.Insurance.Number, Optional: true, MaxLength: 60}),
			date("insured_from", v.Insurance.From, ""),
			date("insured_until", v.Insurance.Until, "volunteer.insured_until_hint"),
		}},
		{tr("volunteer.group.more"), "", []ui.Input{
			in(ui.Input{Name: "login", Value: t.login, Optional: true, Hint: tr("volunteer.login_hint"), MaxLength: 60}),
			in(ui.Input{Kind: ui.KindArea, Name: "note", Value: v.Note, Optional: true, Lines: 2}),
		}},
	}
	more := &out.Groups[len(out.Groups)-1]
	if ref.ID == 0 {
		more.Inputs = append(more.Inputs, in(ui.Input{Name: "code", Value: v.Code, Optional: true, Hint: tr("volunteer.code_hint"), MaxLength: 40}))
		if len(t.alike) > 0 {
			if out.Note, err = s.alikeNote(ctx, t.alike); err != nil {
				return out, err
			}
			out.Groups = append([]group{{"", "", []ui.Input{{Kind: ui.KindCheck, Name: "not_same", Label: tr("volunteer.not_same"), Error: at["not_same"], Options: []ui.Option{{Value: "yes", Text: tr("volunteer.not_same")}}}}}}, out.Groups...)
		}
		return out, nil
	}
	r, err := s.reader(ctx, v.Unit)
	if err != nil {
		return out, err
	}
	if private := &out.Groups[privateGroup]; !r.Health() { // not shown, so not asked
		private.Hint, private.Inputs = "", private.Inputs[1:]
	}
	here := "/volunteer/" + ref.String()
	out.Title, out.Back.Href, out.Step = tr("volunteer.edit"), here, t.v.Name
	out.Spec.Action, out.Spec.Submit = here+"/edit", tr("volunteer.save")
	out.Spec.Hidden = []ui.Pair{{Name: "_version", Value: strconv.FormatInt(t.version, 10)}}
	last := []ui.Input{{Name: "reason", Label: tr("volunteer.why"), Value: t.reason, Hint: tr("volunteer.why_hint"), MaxLength: 200, Error: at["reason"]}}
	if v.LeftOn != "" {
		last = append([]ui.Input{date("left_on", v.LeftOn, "volunteer.left_hint"), in(ui.Input{Name: "leave_reason", Value: v.LeaveReason, Optional: true, MaxLength: 200})}, last...)
	}
	out.Groups = append(out.Groups, group{tr("volunteer.group.why"), "", last})
	return out, nil
}

// alikeNote lists who may be the same person; a link only where the reader may look.
func (s *Service) alikeNote(ctx context.Context, list []Listed) (*ui.Note, error) {
	units, err := s.unitsOf(ctx, list)
	if err != nil {
		return nil, err
	}
	n := &ui.Note{Kind: "w", Title: i18n.T(ctx, "volunteer.alike"), Text: i18n.T(ctx, "volunteer.alike_lead")}
	for _, l := range list {
		year := i18n.T(ctx, "volunteer.unknown_year")
		if l.BirthYear > 0 {
			year = strconv.FormatInt(l.BirthYear, 10)
		}
		link := ui.Link{Text: i18n.T(ctx, "volunteer.alike_line", "Name", l.Name, "Year", year, "Unit", units[l.Unit].Name)}
		if _, _, err := s.book.Get(ctx, l.Ref()); err == nil {
			link.Href = "/volunteer/" + l.Ref().String()
		} else if !errs.Is(err, errs.NotFound) {
			return nil, err
		}
		n.Links = append(n.Links, link)
	}
	return n, nil
}
