package activity

import (
	"context"
	"errors"
	"net/http"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/web"
	"xinhuo/internal/kit/web/ui"
	"xinhuo/internal/seal"
)

func askMinor(s *Service, ctx context.Context, ref id.Ref, _ Activity, f *web.Form) ([]group, error) {
	if _, _, err := s.camp(ctx, ref); err != nil {
		return nil, err
	}
	fields := []ui.Input{input(ctx, f, ui.KindText, "minor_name"), input(ctx, f, ui.KindText, "guardian"), input(ctx, f, ui.KindText, "guardian_phone"),
		hinted(ctx, input(ctx, f, ui.KindText, "contact")), input(ctx, f, ui.KindText, "contact_phone"),
		optional(hinted(ctx, input(ctx, f, ui.KindDate, "given"))),
		choose(input(ctx, f, ui.KindRadio, "form"), options(ctx, "activity.form.", seal.Forms...)), optional(hinted(ctx, input(ctx, f, ui.KindCheck, "agrees_photos"))), optional(input(ctx, f, ui.KindCheck, "insured"))}
	preset(f, "form", seal.Forms[0])
	fields[6].Value = f.Get("form")
	for i := range 5 {
		fields[i].Sealed = true
	}
	return []group{{Fields: fields}}, nil
}

func writeMinor(s *Service, ctx context.Context, ref id.Ref, _ int64, f *web.Form, _ []Photo) error {
	m := Minor{Name: f.Text("minor_name"), Guardian: f.Text("guardian"), Phone: f.Text("guardian_phone"), Contact: f.Text("contact"), ContactPhone: f.Text("contact_phone"), Consented: day(f, "given"), Form: f.Text("form"), Insured: f.Text("insured") != "", Photos: f.Text("agrees_photos") != ""}
	if err := f.Problems.Err(); err != nil {
		return err
	}
	return s.AddMinor(ctx, ref, m)
}

// consentTo is the consent that stands for a purpose, if one does.
func consentTo(ctx context.Context, r seal.Record, purpose string) (seal.Consent, bool) {
	for _, c := range r.Consents {
		if c.Purpose == purpose && c.Stands(clock.Today(ctx)) {
			return c, true
		}
	}
	return seal.Consent{}, false
}

// whichMinor asks for one of a list: nobody is chosen by not choosing, and the guardian tells two of one name apart.
func whichMinor(ctx context.Context, f *web.Form, list []seal.Record, offer func(seal.Record) bool) ui.Input {
	in := input(ctx, f, ui.KindSelect, "minor")
	in.Options = []ui.Option{{Text: i18n.T(ctx, "activity.choose")}}
	for _, r := range list {
		if r.Fields != nil && offer(r) {
			in.Options = append(in.Options, ui.Option{Value: r.Ref.String(), Text: i18n.T(ctx, "activity.minor_of", "Name", r.Fields["name"], "Guardian", r.Fields["guardian"])})
		}
	}
	return in
}

func askWithdraw(s *Service, ctx context.Context, ref id.Ref, _ Activity, f *web.Form) ([]group, error) {
	_, list, err := s.Minors(ctx, ref)
	if err != nil {
		return nil, err
	}
	in := whichMinor(ctx, f, list, func(r seal.Record) bool {
		_, camp := consentTo(ctx, r, toCamp)
		_, photos := consentTo(ctx, r, onPhotos)
		return camp || photos
	})
	preset(f, "purpose", toCamp)
	return []group{{Fields: []ui.Input{in, choose(input(ctx, f, ui.KindRadio, "purpose"), options(ctx, "activity.agree.", purposes...))}}}, nil
}

func writeWithdraw(s *Service, ctx context.Context, ref id.Ref, _ int64, f *web.Form, _ []Photo) error {
	minor, err := id.ParseRef(f.Text("minor"))
	if err != nil {
		f.Problems.Add("minor", "activity.minor_missing")
		return f.Problems.Err()
	}
	preset(f, "purpose", toCamp)
	return s.WithdrawMinor(ctx, ref, minor, f.Text("purpose"))
}

func (s *Service) minorsList(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	ref, err := refOf(r)
	if err != nil {
		return err
	}
	a, list, err := s.Minors(ctx, ref)
	if errors.Is(err, errNoCamp) {
		http.Redirect(w, r, "/activity/"+ref.String(), http.StatusSeeOther)
		return nil
	}
	if err != nil {
		return err
	}
	title, here := i18n.T(ctx, "activity.do.minors"), "/activity/"+ref.String()
	t := ui.Table{Caption: title, Columns: []ui.Column{{Text: i18n.T(ctx, "activity.f.minor_name")}, {Text: i18n.T(ctx, "activity.f.guardian"), Label: true},
		{Text: i18n.T(ctx, "activity.f.contact"), Label: true}, {Text: i18n.T(ctx, "activity.consent"), Label: true}, {Text: i18n.T(ctx, "activity.agree.photo"), Label: true}, {Text: i18n.T(ctx, "activity.f.insurance"), Label: true}}}
	keeps, err := s.seal.Keeps(ctx, minorsOf(ref, a))
	if err != nil {
		return err
	}
	if keeps {
		t.Columns = append(t.Columns, ui.Column{Text: i18n.T(ctx, "activity.act_on")})
	}
	for _, m := range list {
		if m.Fields == nil {
			continue
		}
		lacking := ui.State(i18n.T(ctx, "activity.lacking"), "w")
		consent, insurance := lacking, lacking
		c, agreed := consentTo(ctx, m, toCamp)
		if agreed {
			consent = ui.Text(i18n.Day(ctx, c.Given) + i18n.T(ctx, "activity.comma") + i18n.T(ctx, "activity.form."+c.Form))
		}
		photos := ui.Text(i18n.T(ctx, "activity.not_agreed"))
		if c, ok := consentTo(ctx, m, onPhotos); ok {
			photos = ui.Text(i18n.Day(ctx, c.Given))
		}
		_, covered := consentTo(ctx, m, insured)
		if covered {
			insurance = ui.Text(i18n.T(ctx, "activity.there"))
		}
		cells := []ui.Cell{ui.Text(m.Fields["name"]), person(m, "guardian", "phone"), person(m, "contact", "contact_phone"), consent, photos, insurance}
		if keeps {
			cells = append(cells, ui.To(i18n.T(ctx, "activity.erase_one"), "/seal/"+ref.String()+"/erase?record="+m.Ref.String()))
		}
		t.Rows = append(t.Rows, ui.Row{ID: m.Ref.String(), Bad: !agreed || !covered, Cells: cells})
	}
	var acts []ui.Button
	if s.keeps(ctx, a) {
		acts = append(acts, ui.Button{Text: i18n.T(ctx, "activity.do.minor"), Href: here + "/minor", Main: true})
		if len(t.Rows) > 0 {
			acts = append(acts, ui.Button{Text: i18n.T(ctx, "activity.do.consent"), Href: here + "/consent"}, ui.Button{Text: i18n.T(ctx, "activity.do.withdraw"), Href: here + "/withdraw"})
		}
	}
	oversees, err := s.seal.Oversees(ctx, minorsOf(ref, a))
	if err != nil {
		return err
	}
	if oversees {
		acts = append(acts, ui.Button{Text: i18n.T(ctx, "activity.who_looks"), Href: "/seal/" + ref.String()})
	} else if typed, err := s.seal.Typed(ctx, minorsOf(ref, a)); err != nil {
		return err
	} else if len(typed) > 0 {
		acts = append(acts, ui.Button{Text: i18n.T(ctx, "activity.take_back"), Href: "/seal/" + ref.String() + "/erase"})
	}
	erased, err := s.erasures(ctx, ref)
	if err != nil {
		return err
	}
	w.Header().Set("Cache-Control", "no-store")
	p := web.Page{Title: title, Current: Kind, Crumbs: []ui.Link{{Text: a.Title, Href: here}, {Text: title}}}
	return web.Render(w, r, p, minorsPage(title, t, acts, erased))
}

// person is somebody to call, with the telephone.
func person(m seal.Record, name, phone string) ui.Cell {
	return ui.Cell{Text: m.Fields[name], Sub: m.Fields[phone]}
}

// apiMinor is one of those who come to a camp as programs read it; Consented is empty while no consent stands.
type apiMinor struct {
	Ref          id.Ref    `json:"ref"`
	Name         string    `json:"name"`
	Guardian     string    `json:"guardian"`
	Phone        string    `json:"guardian_phone"`
	Contact      string    `json:"contact"`
	ContactPhone string    `json:"contact_phone"`
	Consented    clock.Day `json:"consented,omitempty"`
	Form         string    `json:"form,omitempty"`
	Insured      bool      `json:"insured"`
	Photos       bool      `json:"photos"`
}

// apiMinors answers the sealed list of a camp to those who may read it; the reading stands in the log.
func (s *Service) apiMinors(w http.ResponseWriter, r *http.Request) error {
	ref, err := refOf(r)
	if err != nil {
		return err
	}
	_, list, err := s.Minors(r.Context(), ref)
	if err != nil {
		return err
	}
	out := []apiMinor{}
	for _, m := range list {
		if m.Fields == nil {
			continue
		}
		x := apiMinor{Ref: m.Ref, Name: m.Fields["name"], Guardian: m.Fields["guardian"], Phone: m.Fields["phone"], Contact: m.Fields["contact"], ContactPhone: m.Fields["contact_phone"]}
		if c, ok := consentTo(r.Context(), m, toCamp); ok {
			x.Consented, x.Form = c.Given, c.Form
		}
		_, x.Insured = consentTo(r.Context(), m, insured)
		_, x.Photos = consentTo(r.Context(), m, onPhotos)
		out = append(out, x)
	}
	w.Header().Set("Cache-Control", "no-store")
	return web.JSON(w, http.StatusOK, map[string]any{"minors": out})
}
