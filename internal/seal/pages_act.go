package seal

import (
	"context"
	"net/http"
	"net/url"
	"strconv"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/table"
	"xinhuo/internal/kit/web"
	"xinhuo/internal/kit/web/ui"
)

type formView struct {
	Title, Lead string
	Back        ui.Link
	Faults      []ui.Fault
	Answers     []ui.Answer // what is about to be done
	Fields      []ui.Input
	None        string    // instead of a form: why there is nothing to do
	Found       *ui.Table // below the form: what was looked for
	Spec        ui.FormSpec
}

// ask shows a form; after a refusal with what to change, on top and beside the fields.
func (s *Service) ask(w http.ResponseWriter, r *http.Request, of id.Ref, m Matter, act string, v formView, failed error) error {
	ctx := r.Context()
	v.Title = i18n.T(ctx, "seal.do."+act)
	v.Spec.Action = here(of, "/"+act)
	if v.Spec.Submit == "" {
		v.Spec.Submit = v.Title
	}
	if v.Spec.Key == "" {
		v.Spec.Key = web.NewKey()
	}
	if v.Back.Href == "" {
		v.Back = ui.Link{Text: i18n.T(ctx, "seal.title"), Href: here(of, "")}
	}
	p := s.page(w, ctx, m, of, v.Title)
	p.Plain, p.Error = true, failed != nil
	if failed != nil {
		p.Status = v.refused(ctx, failed)
	}
	return web.Render(w, r, p, formTempl(v))
}

func input(ctx context.Context, f *web.Form, kind ui.Kind, name string) ui.Input {
	in := ui.Input{Kind: kind, Name: name, Label: i18n.T(ctx, "seal.f."+name), Value: f.Get(name), Sealed: true}
	if hint := "seal.hint." + name; i18n.Has(ctx, hint) {
		in.Hint = i18n.T(ctx, hint, "N", MaxGrant)
	}
	return in
}

func blank() *web.Form { return &web.Form{Values: url.Values{}} }

// shown tells an error that stands on the form again from one that has a page of its own.
func shown(err error) bool {
	k := errs.KindOf(err)
	return k == errs.Invalid || k == errs.Conflict
}

func (s *Service) grantForm(w http.ResponseWriter, r *http.Request) error {
	of, m, err := s.keptMatter(r)
	if err != nil {
		return err
	}
	f := blank()
	f.Set("until", string(clock.Today(r.Context()).AddDays(7)))
	return s.askGrant(w, r, of, m, f, nil)
}

func (s *Service) askGrant(w http.ResponseWriter, r *http.Request, of id.Ref, m Matter, f *web.Form, failed error) error {
	ctx := r.Context()
	purpose := input(ctx, f, ui.KindText, "purpose")
	purpose.MaxLength = maxText
	until := input(ctx, f, ui.KindDate, "until")
	until.Hint = i18n.T(ctx, "seal.hint.until", "N", m.Owners[0].most())
	return s.ask(w, r, of, m, "grant", formView{Lead: i18n.T(ctx, "seal.lead.grant"), Fields: []ui.Input{input(ctx, f, ui.KindText, "login"), purpose, until}, Spec: ui.FormSpec{Key: f.Key()}}, failed)
}

func (s *Service) grantDo(w http.ResponseWriter, r *http.Request) error {
	of, m, err := s.keptMatter(r)
	if err != nil {
		return err
	}
	f, err := web.ReadForm(w, r)
	if err != nil {
		return err
	}
	to, err := web.Once(r.Context(), s.db, f.Key(), func(ctx context.Context) (string, error) {
		until, err := table.ParseDay(f.Text("until"))
		if err != nil {
			until = ""
		}
		_, err = s.GrantLogin(ctx, m.Owners[0], f.Text("login"), Grant{Purpose: f.Text("purpose"), Until: clock.Day(until)})
		return here(of, "?done=grant"), err
	})
	if err == nil {
		return web.SeeOther(w, r, to)
	}
	if !shown(err) {
		return err
	}
	return s.askGrant(w, r, of, m, f, err)
}

func (s *Service) revokeForm(w http.ResponseWriter, r *http.Request) error {
	of, m, err := s.keptMatter(r)
	if err != nil {
		return err
	}
	f := blank()
	f.Set("grant", r.URL.Query().Get("grant"))
	return s.askRevoke(w, r, of, m, f, nil)
}

func (s *Service) askRevoke(w http.ResponseWriter, r *http.Request, of id.Ref, m Matter, f *web.Form, failed error) error {
	ctx := r.Context()
	list, err := s.Grants(ctx, m.Owners[0])
	if err != nil {
		return err
	}
	in := input(ctx, f, ui.KindRadio, "grant")
	for _, g := range list {
		if g.Live(clock.Now(ctx)) {
			in.Options = append(in.Options, ui.Option{Value: g.ID.String(), Text: g.Name, Sub: i18n.T(ctx, "seal.grant_line", "Purpose", g.Purpose, "Day", i18n.Day(ctx, g.Until))})
		}
	}
	v := formView{Lead: i18n.T(ctx, "seal.lead.revoke"), Fields: []ui.Input{in}, Spec: ui.FormSpec{Key: f.Key()}}
	if len(in.Options) == 0 {
		v.None = i18n.T(ctx, "seal.no_grant")
	}
	return s.ask(w, r, of, m, "revoke", v, failed)
}

func (s *Service) revokeDo(w http.ResponseWriter, r *http.Request) error {
	of, m, err := s.keptMatter(r)
	if err != nil {
		return err
	}
	f, err := web.ReadForm(w, r)
	if err != nil {
		return err
	}
	to, err := web.Once(r.Context(), s.db, f.Key(), func(ctx context.Context) (string, error) {
		grant, err := id.Parse(f.Text("grant"))
		if err != nil {
			f.Problems.Add("grant", "seal.grant_missing")
			return "", f.Problems.Err()
		}
		return here(of, "?done=revoke"), s.Revoke(ctx, m.Owners[0], grant)
	})
	if err == nil {
		return web.SeeOther(w, r, to)
	}
	if !shown(err) {
		return err
	}
	return s.askRevoke(w, r, of, m, f, err)
}

// erasable are the live records of a matter that the reader may erase, with what they are called: by name for who may open them,
// by number and day for who only entered them.
func (s *Service) erasable(ctx context.Context, m Matter) (list []ui.Option, keeps bool, err error) {
	if keeps, err = s.Keeps(ctx, m.Owners[0]); err != nil {
		return nil, false, err
	}
	for _, o := range m.Owners {
		typed, err := s.Typed(ctx, o)
		if err != nil {
			return nil, keeps, err
		}
		mine := map[id.Ref]bool{}
		for _, t := range typed {
			mine[t.Ref] = true
		}
		n, err := s.Counts(ctx, o)
		if err != nil {
			return nil, keeps, err
		}
		if n.Records == 0 { // nothing to open, and no reading to be logged
			continue
		}
		opens, err := s.May(ctx, o)
		if err != nil {
			return nil, keeps, err
		}
		if opens && (keeps || len(typed) > 0) {
			if typed, err = s.Open(ctx, o); err != nil {
				return nil, keeps, err
			}
		}
		nth := 0
		for _, rec := range typed {
			if rec.Erased != clock.Open || !keeps && !mine[rec.Ref] {
				continue
			}
			nth++
			line := ui.Option{Value: rec.Ref.String(), Sub: i18n.T(ctx, "seal.entered_on", "Kind", m.Label(ctx, o.Kind), "Day", i18n.Day(ctx, rec.Entered))}
			if rec.Entered == clock.Open {
				line.Sub = m.Label(ctx, o.Kind)
			}
			if line.Text = i18n.T(ctx, "seal.nth", "N", strconv.Itoa(nth)); rec.Fields != nil {
				line.Text = m.Name(o.Kind, rec)
			}
			list = append(list, line)
		}
	}
	return list, keeps, nil
}

// mayErase refuses who is neither the keeper nor has entered anything.
func (s *Service) mayErase(r *http.Request) (id.Ref, Matter, []ui.Option, bool, error) {
	ctx := r.Context()
	of, m, err := s.of(r)
	if err != nil {
		return of, m, nil, false, err
	}
	list, keeps, err := s.erasable(ctx, m)
	if err == nil && !keeps && len(list) == 0 {
		err = s.refuse(ctx, m.Owners[0], "seal.act.erase")
	}
	return of, m, list, keeps, err
}

func (s *Service) eraseForm(w http.ResponseWriter, r *http.Request) error {
	of, m, list, keeps, err := s.mayErase(r)
	if err != nil {
		return err
	}
	f := blank()
	f.Set("record", r.URL.Query().Get("record"))
	return s.askErase(w, r, of, m, list, keeps, f, nil)
}

func (s *Service) askErase(w http.ResponseWriter, r *http.Request, of id.Ref, m Matter, list []ui.Option, keeps bool, f *web.Form, failed error) error {
	ctx := r.Context()
	which, why, reason := input(ctx, f, ui.KindSelect, "record"), input(ctx, f, ui.KindRadio, "ground"), input(ctx, f, ui.KindArea, "reason")
	which.Options = append([]ui.Option{{Text: i18n.T(ctx, "seal.choose")}}, list...)
	for i := range which.Options { // a select has no second line
		if o := &which.Options[i]; o.Sub != "" {
			o.Text, o.Sub = o.Text+i18n.T(ctx, "seal.in_brackets", "Text", o.Sub), ""
		}
	}
	for _, g := range Grounds {
		if keeps || g == Mistyped {
			why.Options = append(why.Options, ui.Option{Value: g, Text: ground(ctx, g)})
		}
	}
	if len(why.Options) == 1 {
		why.Value = Mistyped
	}
	reason.Lines, reason.MaxLength = 3, maxText
	v := formView{Lead: i18n.T(ctx, "seal.lead.erase"), Back: ui.Link{Text: m.Title, Href: m.Href}, Fields: []ui.Input{which, why, reason}, Spec: ui.FormSpec{Key: f.Key(), Submit: i18n.T(ctx, "seal.next")}}
	if len(list) == 0 {
		v.None = i18n.T(ctx, "seal.nothing_left")
	}
	return s.ask(w, r, of, m, "erase", v, failed)
}

// eraseDo asks once more before it erases: the first answer shows what will be gone, the second does it.
func (s *Service) eraseDo(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	f, err := web.ReadForm(w, r)
	if err != nil {
		return err
	}
	if f.Text("sure") == "1" {
		return s.eraseNow(w, r, f)
	}
	of, m, list, keeps, err := s.mayErase(r)
	if err != nil {
		return err
	}
	err = s.checkErase(f.Text("ground"), f.Text("reason"))
	var chosen ui.Option
	for _, o := range list {
		if o.Value == f.Text("record") {
			chosen = o
		}
	}
	if chosen.Value == "" {
		var bad errs.Fields
		bad.Add("record", "seal.record_missing")
		err = bad.Err()
	}
	if err == nil {
		err = s.wouldTell(ctx, m, f)
	}
	if err != nil {
		if !shown(err) {
			return err
		}
		return s.askErase(w, r, of, m, list, keeps, f, err)
	}
	return s.confirm(w, r, of, m, chosen, f)
}

// wouldTell says before the last page that a reason holds what is to be erased.
func (s *Service) wouldTell(ctx context.Context, m Matter, f *web.Form) error {
	ref, err := id.ParseRef(f.Text("record"))
	if err != nil {
		return errs.Wrap(err, errs.NotFound, "errs.not_found")
	}
	for _, o := range m.Owners {
		rec, err := s.mine(ctx, o, ref)
		if errs.Is(err, errs.NotFound) {
			continue
		}
		if err != nil {
			return err
		}
		return s.tells(ctx, rec, o, f.Text("reason"))
	}
	return errs.New(errs.NotFound, "errs.not_found")
}

func (s *Service) confirm(w http.ResponseWriter, r *http.Request, of id.Ref, m Matter, chosen ui.Option, f *web.Form) error {
	ctx := r.Context()
	v := formView{Lead: i18n.T(ctx, "seal.lead.sure"), Back: ui.Link{Text: i18n.T(ctx, "seal.leave"), Href: m.Href},
		Answers: []ui.Answer{{Label: i18n.T(ctx, "seal.f.record"), Text: chosen.Text}, {Label: i18n.T(ctx, "seal.f.ground"), Text: ground(ctx, f.Text("ground"))}, {Label: i18n.T(ctx, "seal.f.reason"), Text: f.Text("reason")},
			{Label: i18n.T(ctx, "seal.effect"), Text: i18n.T(ctx, m.Hint)}},
		Spec: ui.FormSpec{Key: f.Key(), Submit: i18n.T(ctx, "seal.do.sure"), Hidden: []ui.Pair{{Name: "sure", Value: "1"}, {Name: "record", Value: chosen.Value}, {Name: "ground", Value: f.Text("ground")}, {Name: "reason", Value: f.Text("reason")}}}}
	return s.ask(w, r, of, m, "erase", v, nil)
}

func (s *Service) eraseNow(w http.ResponseWriter, r *http.Request, f *web.Form) error {
	ctx := r.Context()
	of, m, err := s.of(r)
	if err != nil {
		return err
	}
	ref, err := id.ParseRef(f.Text("record"))
	if err != nil {
		return web.NotFound(r)
	}
	to, err := web.Once(ctx, s.db, f.Key(), func(ctx context.Context) (string, error) {
		for _, o := range m.Owners {
			err := s.Erase(ctx, o, ref, f.Text("ground"), f.Text("reason"))
			if errs.Is(err, errs.NotFound) {
				continue
			}
			to := m.Href
			if ok, bad := s.Oversees(ctx, o); bad != nil {
				return "", bad
			} else if ok {
				to = here(of, "?done=erase")
			}
			return to, err
		}
		return "", errs.New(errs.NotFound, "errs.not_found")
	})
	if err == nil {
		return web.SeeOther(w, r, to)
	}
	if !shown(err) {
		return err
	}
	_, _, list, keeps, bad := s.mayErase(r)
	if bad != nil {
		return bad
	}
	return s.askErase(w, r, of, m, list, keeps, f, err)
}

// Options are colleagues to choose from in a form.
func Options(list []Colleague) (out []ui.Option) {
	for _, c := range list {
		out = append(out, ui.Option{Value: c.Login, Text: c.Name})
	}
	return out
}
