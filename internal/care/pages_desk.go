package care

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/web"
	"xinhuo/internal/kit/web/ui"
	"xinhuo/internal/org"
	"xinhuo/internal/seal"
)

func numbered(n int64) string { return strconv.FormatInt(n, 10) }

type deskView struct {
	Heading ui.Heading
	Lead    string
	Faults  []ui.Fault
	Desk    form
	Duty    form
	OnCall  []onCall
	Member  form
	Team    []onCall
	Links   []ui.Link
	Ready   bool // there is a desk, so that somebody can be on call
}

type onCall struct {
	Text string
	Drop ui.Post
}

func (s *Service) deskPage(w http.ResponseWriter, r *http.Request) error {
	return s.showDesk(w, r, nil, nil)
}

// showDesk is where a desk is opened, changed and shut, with what was typed where it could not be taken.
func (s *Service) showDesk(w http.ResponseWriter, r *http.Request, f *web.Form, failed error) error {
	ctx := r.Context()
	u, err := s.unitOf(r)
	if err != nil {
		return err
	}
	d, err := s.Desk(ctx, u.ID)
	if err != nil {
		return err
	}
	if err := s.mayLead(ctx, u, d, "desk"); err != nil {
		return err
	}
	v := deskView{Heading: ui.Heading{Title: tr(ctx, "care.desk"), Under: u.Name}, Lead: tr(ctx, "care.desk_lead"), Ready: d.Ver > 0}
	if may, err := s.seal.Runs(ctx); err != nil {
		return err
	} else if may {
		v.Links = []ui.Link{{Text: tr(ctx, "care.rule"), Href: rulePath}}
	}
	staff, err := s.who.Colleagues(ctx, u.ID)
	if err != nil {
		return err
	}
	ver := numbered(d.Ver)
	typed := f
	if f == nil || !f.Has("_version") { // nothing of the desk was typed
		f = &web.Form{Values: url.Values{"phone": {d.Phone}, "hours": {d.Hours}, "about": {d.About}, "kinds": d.Kinds}}
		for _, p := range d.Leads {
			f.Values.Add("leads", p.Login)
		}
		if d.Open {
			f.Set("open", "1")
		}
	} else {
		ver = f.Text("_version")
	}
	if typed == nil {
		typed = &web.Form{Values: url.Values{}}
	}
	var beside map[string]string
	page := web.Page{Title: v.Heading.Title, Current: Kind, Crumbs: []ui.Link{{Text: tr(ctx, "care.title"), Href: at("/care", u.ID)}, {Text: v.Heading.Title}}}
	if failed != nil {
		var rest error
		if beside, v.Faults, rest = web.Problems(ctx, failed); rest != nil {
			return rest
		}
		page.Error, page.Status = true, http.StatusUnprocessableEntity
	}
	v.Desk = form{Spec: ui.FormSpec{Action: at("/care/desk", u.ID), Key: web.NewKey(), Submit: tr(ctx, "care.desk_save"), Hidden: []ui.Pair{{Name: "_version", Value: ver}}}, Inputs: []ui.Input{
		{Kind: ui.KindCheck, Name: "open", Label: tr(ctx, "care.f.open"), Value: f.Get("open"), Error: beside["open"]},
		{Kind: ui.KindChecks, Name: "kinds", Label: tr(ctx, "care.f.kinds"), Values: f.Values["kinds"], Options: options(ctx, "care.kind.", Kinds, ""), Error: beside["kinds"]},
		{Kind: ui.KindTel, Name: "phone", Label: tr(ctx, "care.f.phone"), Hint: tr(ctx, "care.phone_hint"), Value: f.Get("phone"), Error: beside["phone"]},
		{Name: "hours", Label: tr(ctx, "care.f.hours"), Hint: tr(ctx, "care.hours_hint"), Value: f.Get("hours"), Error: beside["hours"], MaxLength: maxShort},
		{Kind: ui.KindArea, Name: "about", Label: tr(ctx, "care.f.about"), Value: f.Get("about"), Error: beside["about"], Optional: true, Lines: 3},
		leadsInput(ctx, staff, d, f, beside["leads"])}}
	today := string(clock.Today(ctx))
	v.Duty = form{Spec: ui.FormSpec{Action: at("/care/desk", u.ID), Key: web.NewKey(), Submit: tr(ctx, "care.duty_add"), Hidden: []ui.Pair{{Name: "duty", Value: "1"}}}, Inputs: []ui.Input{
		loginInput(ctx, staff, "login", "care.f.duty", typed, beside),
		{Kind: ui.KindTel, Name: "duty_phone", Label: tr(ctx, "care.f.duty_phone"), Value: typed.Get("duty_phone"), Error: beside["duty_phone"]},
		{Kind: ui.KindDate, Name: "from", Label: tr(ctx, "care.f.from"), Value: or(typed.Get("from"), today), Error: beside["from"]},
		{Kind: ui.KindDate, Name: "to", Label: tr(ctx, "care.f.to"), Value: typed.Get("to"), Error: beside["to"]}}}
	duty, err := s.OnCall(ctx, u)
	if err != nil {
		return err
	}
	for _, x := range duty {
		v.OnCall = append(v.OnCall, onCall{Text: tr(ctx, "care.days", "From", i18n.Day(ctx, x.From), "To", i18n.Day(ctx, x.To)) + " " + x.Name + " " + x.Phone,
			Drop: ui.Post{Text: tr(ctx, "care.duty_drop"), Sub: x.Name, Action: at("/care/desk", u.ID), Key: web.NewKey(), Hidden: []ui.Pair{{Name: "duty", Value: "1"}, {Name: "drop", Value: x.ID.String()}}}})
	}
	if v.Member, v.Team, err = s.teamForm(ctx, u, staff, typed, beside); err != nil {
		return err
	}
	return web.Render(w, r, page, deskTempl(v))
}

// loginInput asks for somebody of the office: by name where they are few, else by the account.
func loginInput(ctx context.Context, staff []seal.Colleague, name, label string, f *web.Form, beside map[string]string) ui.Input {
	in := ui.Input{Name: name, Label: tr(ctx, label), Value: f.Get(name), Error: beside[name], Autocomplete: "off", MaxLength: 60}
	if len(staff) == 0 {
		in.Hint = tr(ctx, "care.account_hint")
	}
	return in.Among(seal.Options(staff))
}

// leadsInput asks who leads a desk. A lead who has left the office stands in the list, too, to be taken out.
func leadsInput(ctx context.Context, staff []seal.Colleague, d Desk, f *web.Form, fault string) ui.Input {
	in := ui.Input{Kind: ui.KindChecks, Name: "leads", Label: tr(ctx, "care.f.leads"), Hint: tr(ctx, "care.leads_hint"), Values: f.Values["leads"], Error: fault, Options: seal.Options(staff)}
	if len(staff) == 0 {
		in.Kind, in.Value, in.Hint, in.Lines, in.Autocomplete = ui.KindArea, strings.Join(in.Values, "\n"), tr(ctx, "care.leads_accounts"), 3, "off"
		return in
	}
	for _, p := range d.Leads {
		if !slices.ContainsFunc(staff, func(c seal.Colleague) bool { return c.Login == p.Login }) {
			in.Options = append(in.Options, ui.Option{Value: p.Login, Text: p.Name, Sub: tr(ctx, "care.lead_left")})
		}
	}
	return in
}

// teamForm is where a lead says who answers for what, with those who do.
func (s *Service) teamForm(ctx context.Context, u org.Unit, staff []seal.Colleague, typed *web.Form, beside map[string]string) (f form, list []onCall, err error) {
	f = form{Spec: ui.FormSpec{Action: at("/care/desk", u.ID), Key: web.NewKey(), Submit: tr(ctx, "care.team_add"), Hidden: []ui.Pair{{Name: "team", Value: "1"}}}, Inputs: []ui.Input{
		loginInput(ctx, staff, "member", "care.f.member", typed, beside),
		{Kind: ui.KindChecks, Name: "member_kinds", Label: tr(ctx, "care.f.member_kinds"), Values: typed.Values["member_kinds"], Options: options(ctx, "care.kind.", Kinds, ""), Error: beside["member_kinds"]},
		{Name: "skill", Label: tr(ctx, "care.f.skill"), Hint: tr(ctx, "care.skill_hint"), Value: typed.Get("skill"), Error: beside["skill"], MaxLength: maxName},
		{Kind: ui.KindDate, Name: "skill_until", Label: tr(ctx, "care.f.skill_until"), Value: typed.Get("skill_until"), Error: beside["skill_until"], Optional: true}}}
	team, err := s.Team(ctx, u)
	comma := tr(ctx, "care.comma")
	for _, m := range team {
		var kinds []string
		for _, k := range m.Kinds {
			kinds = append(kinds, tr(ctx, "care.kind."+k))
		}
		list = append(list, onCall{Text: tr(ctx, "care.team_line", "Name", m.Name, "Kinds", strings.Join(kinds, comma), "Skill", m.says(ctx)),
			Drop: ui.Post{Text: tr(ctx, "care.team_drop"), Sub: m.Name, Action: at("/care/desk", u.ID), Key: web.NewKey(), Hidden: []ui.Pair{{Name: "team", Value: "1"}, {Name: "drop", Value: m.ID.String()}}}})
	}
	return f, list, err
}

// says is somebody's qualification, with its last day or that it has run out.
func (m Member) says(ctx context.Context) string {
	switch {
	case m.Until == clock.Open:
		return m.Skill
	case m.Until < clock.Today(ctx):
		return tr(ctx, "care.skill_ended", "Skill", m.Skill, "Day", i18n.Day(ctx, m.Until))
	}
	return tr(ctx, "care.skill_until", "Skill", m.Skill, "Day", i18n.Day(ctx, m.Until))
}

// deskPost keeps a desk, or who is on call there.
func (s *Service) deskPost(w http.ResponseWriter, r *http.Request) error {
	u, err := s.unitOf(r)
	if err != nil {
		return err
	}
	f, err := web.ReadForm(w, r)
	if err != nil {
		return err
	}
	ctx := r.Context()
	if f.Has("team") {
		if drop, bad := id.Parse(f.Text("drop")); bad == nil && f.Has("drop") {
			err = s.DropMember(ctx, u.ID, drop)
		} else {
			err = s.AddMember(ctx, u.ID, f.Text("member"), Member{Kinds: f.Values["member_kinds"], Skill: f.Text("skill"), Until: f.Day("skill_until")})
		}
		if err == nil {
			return web.SeeOther(w, r, at("/care/desk", u.ID))
		}
	} else if f.Has("duty") {
		if drop, bad := id.Parse(f.Text("drop")); bad == nil && f.Has("drop") {
			err = s.DropDuty(ctx, u.ID, drop)
		} else {
			err = s.AddDuty(ctx, u.ID, f.Text("login"), Duty{Phone: f.Text("duty_phone"), From: f.Day("from"), To: f.Day("to")})
		}
		if err == nil {
			return web.SeeOther(w, r, at("/care/desk", u.ID))
		}
	} else if err = s.setDesk(r, u.ID, f); err == nil {
		return web.SeeOther(w, r, at("/care", u.ID))
	}
	if errs.Is(err, errs.Invalid) || errs.Is(err, errs.Conflict) {
		return s.showDesk(w, r, f, err)
	}
	return err
}

func (s *Service) setDesk(r *http.Request, unit id.ID, f *web.Form) error {
	d := Desk{Unit: unit, Open: f.Text("open") != "", Kinds: f.Values["kinds"], Phone: f.Text("phone"), Hours: f.Text("hours"), About: f.Text("about"), Ver: f.Version()}
	return s.SetDesk(r.Context(), d, strings.FieldsFunc(strings.Join(f.Values["leads"], "\n"), func(r rune) bool { return strings.ContainsRune(" \t\r\n,，、;；", r) }))
}
