package activity

import (
	"context"
	"errors"
	"net/http"

	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/web"
	"xinhuo/internal/kit/web/ui"
	"xinhuo/internal/seal"
)

func askMinor(s *Service, ctx context.Context, ref id.Ref, _ Activity, f *web.Form) ([]group, error) {
	if _, _, err := s.camp(ctx, ref, "minor"); err != nil {
		return nil, err
	}
	fields := []ui.Input{input(ctx, f, ui.KindText, "minor_name"), input(ctx, f, ui.KindText, "guardian"), input(ctx, f, ui.KindText, "guardian_phone"),
		optional(hinted(ctx, input(ctx, f, ui.KindDate, "given"))),
		choose(input(ctx, f, ui.KindRadio, "form"), options(ctx, "activity.form.", seal.Forms...)), optional(input(ctx, f, ui.KindCheck, "insured"))}
	preset(f, "form", seal.Forms[0])
	fields[4].Value = f.Get("form")
	for i := range 3 {
		fields[i].Sealed = true
	}
	return []group{{Fields: fields}}, nil
}

func writeMinor(s *Service, ctx context.Context, ref id.Ref, _ int64, f *web.Form, _ []Photo) error {
	m := Minor{Name: f.Text("minor_name"), Guardian: f.Text("guardian"), Phone: f.Text("guardian_phone"), Consented: day(f, "given"), Form: f.Text("form"), Insured: f.Text("insured") != ""}
	if err := f.Problems.Err(); err != nil {
		return err
	}
	return s.AddMinor(ctx, ref, m)
}

// consentTo is the consent that stands for a purpose, if one does.
func consentTo(r seal.Record, purpose string) (seal.Consent, bool) {
	for _, c := range r.Consents {
		if c.Purpose == purpose && c.Stands() {
			return c, true
		}
	}
	return seal.Consent{}, false
}

func askWithdraw(s *Service, ctx context.Context, ref id.Ref, _ Activity, f *web.Form) ([]group, error) {
	_, list, err := s.Minors(ctx, ref)
	if err != nil {
		return nil, err
	}
	in := input(ctx, f, ui.KindSelect, "minor")
	for _, r := range list {
		if _, ok := consentTo(r, toCamp); ok && r.Fields != nil {
			in.Options = append(in.Options, ui.Option{Value: r.Ref.String(), Text: r.Fields["name"]})
		}
	}
	return []group{{Fields: []ui.Input{in}}}, nil
}

func writeWithdraw(s *Service, ctx context.Context, ref id.Ref, _ int64, f *web.Form, _ []Photo) error {
	minor, err := id.ParseRef(f.Text("minor"))
	if err != nil {
		f.Problems.Add("minor", "activity.minor_missing")
		return f.Problems.Err()
	}
	return s.WithdrawMinor(ctx, ref, minor)
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
		{Text: i18n.T(ctx, "activity.f.guardian_phone"), Label: true}, {Text: i18n.T(ctx, "activity.consent"), Label: true}, {Text: i18n.T(ctx, "activity.f.insurance"), Label: true}}}
	for _, m := range list {
		if m.Fields == nil {
			continue
		}
		consent, insurance := i18n.T(ctx, "activity.lacking"), i18n.T(ctx, "activity.lacking")
		if c, ok := consentTo(m, toCamp); ok {
			consent = i18n.Day(ctx, c.Given) + i18n.T(ctx, "activity.comma") + i18n.T(ctx, "activity.form."+c.Form)
		}
		if _, ok := consentTo(m, insured); ok {
			insurance = i18n.T(ctx, "activity.there")
		}
		t.Rows = append(t.Rows, ui.Row{ID: m.Ref.String(), Cells: []ui.Cell{ui.Text(m.Fields["name"]), ui.Text(m.Fields["guardian"]), ui.Text(m.Fields["phone"]), ui.Text(consent), ui.Text(insurance)}})
	}
	acts := []ui.Button{{Text: i18n.T(ctx, "activity.do.minor"), Href: here + "/minor", Main: true}}
	if len(t.Rows) > 0 {
		acts = append(acts, ui.Button{Text: i18n.T(ctx, "activity.do.withdraw"), Href: here + "/withdraw"})
	}
	w.Header().Set("Cache-Control", "no-store")
	p := web.Page{Title: title, Plain: true, Current: Kind, Crumbs: []ui.Link{{Text: a.Title, Href: here}, {Text: title}}}
	return web.Render(w, r, p, minorsPage(title, t, acts))
}
