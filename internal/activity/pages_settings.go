package activity

import (
	"context"
	"net/http"
	"slices"
	"strconv"

	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/web"
	"xinhuo/internal/kit/web/ui"
	"xinhuo/internal/org"
)

// newEntries is how many empty lines a list offers.
const newEntries = 2

type settingsView struct {
	Unit   org.Unit
	Faults []ui.Fault
	Lists  []listForm
}

// listForm is one list of the settings with its questions.
type listForm struct {
	What, Title, Lead string
	Groups            []group
}

func (s *Service) settings(w http.ResponseWriter, r *http.Request) error {
	u, err := s.unitOf(r)
	if err != nil {
		return err
	}
	if err := org.MaySetCity(r.Context(), u); err != nil {
		return err
	}
	return s.renderSettings(w, r, u, nil, nil)
}

func (s *Service) renderSettings(w http.ResponseWriter, r *http.Request, u org.Unit, f *web.Form, failed error) error {
	ctx := r.Context()
	l, err := s.Lists(ctx, u.Root())
	if err != nil {
		return err
	}
	limit, err := s.Limits(ctx, u.Root())
	if err != nil {
		return err
	}
	at, faults, rest := map[string]string{}, []ui.Fault(nil), error(nil)
	if failed != nil {
		if at, faults, rest = web.Problems(ctx, failed); rest != nil {
			return rest
		}
	}
	sent := ""
	if f != nil {
		sent = f.Text("what")
	}
	v := settingsView{Unit: u, Faults: faults}
	for _, list := range ListNames {
		form := listForm{What: list, Title: i18n.T(ctx, "activity.list."+list), Lead: i18n.T(ctx, "activity.list_lead."+list)}
		all := slices.Clone(l[list])
		for i := range newEntries {
			all = append(all, Choice{Code: "new" + strconv.Itoa(i)})
		}
		for _, c := range all {
			form.Groups = append(form.Groups, choiceGroup(ctx, list, c, f, sent == list, at))
		}
		v.Lists = append(v.Lists, form)
	}
	number := func(name string, n int64) ui.Input {
		in := ui.Input{Kind: ui.KindNumber, Name: name, Label: i18n.T(ctx, "activity.limit."+name), Value: strconv.FormatInt(n, 10), Short: true, Error: at[name]}
		if sent == "limits" {
			in.Value = f.Get(name)
		}
		return in
	}
	v.Lists = append(v.Lists, listForm{What: "limits", Title: i18n.T(ctx, "activity.limits"), Lead: i18n.T(ctx, "activity.limits_lead"),
		Groups: []group{{Fields: []ui.Input{number("minors", limit.Minors), number("camp_ratio", limit.CampRatio), number("keep", limit.Keep), number("keep_incident", limit.KeepIncident)}}}})
	title := i18n.T(ctx, "activity.settings")
	p := web.Page{Title: title, Current: Kind, Error: failed != nil, Flash: flash(r), Crumbs: []ui.Link{{Text: i18n.T(ctx, "activity.title"), Href: link("/activity", "unit", u.ID.String())}, {Text: title}}}
	if failed != nil {
		p.Status = http.StatusUnprocessableEntity
	}
	return web.Render(w, r, p, settingsPage(v))
}

// choiceGroup asks for one entry of a list; an empty name takes it out.
func choiceGroup(ctx context.Context, list string, c Choice, f *web.Form, sent bool, at map[string]string) group {
	value := func(name, kept string) string {
		if sent {
			return f.Get(name + "." + c.Code)
		}
		return kept
	}
	zh := ui.Input{Name: "zh." + c.Code, ID: list + "-zh-" + c.Code, Label: i18n.T(ctx, "activity.choice.zh"), Value: value("zh", c.Zh), MaxLength: maxName, Error: at[list+"."+c.Code]}
	en := ui.Input{Name: "en." + c.Code, ID: list + "-en-" + c.Code, Label: i18n.T(ctx, "activity.choice.en"), Value: value("en", c.En), MaxLength: maxName, Optional: true}
	g := group{Title: c.in(ctx), Fields: []ui.Input{zh, en}}
	if c.Zh == "" {
		g.Title = i18n.T(ctx, "activity.choice.new")
	}
	parent := func(label, words string, keys []string) {
		g.Fields = append(g.Fields, ui.Input{Kind: ui.KindSelect, Name: "parent." + c.Code, ID: list + "-parent-" + c.Code, Label: i18n.T(ctx, label), Value: value("parent", c.Parent), Options: options(ctx, words, keys...)})
	}
	switch list {
	case TypeList:
		parent("activity.choice.class", "activity.class.", Classes)
	case SeriesList:
		parent("activity.choice.for", "activity.series_for.", SeriesFors)
	case GroupList:
		minor := ""
		if c.Minor == 1 {
			minor = "1"
		}
		g.Fields = append(g.Fields, ui.Input{Kind: ui.KindCheck, Name: "minor." + c.Code, ID: list + "-minor-" + c.Code, Label: i18n.T(ctx, "activity.choice.minor"), Value: value("minor", minor)})
	}
	return g
}

func (s *Service) saveSettings(w http.ResponseWriter, r *http.Request) error {
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
		return link("/activity/settings", "unit", u.ID.String(), "done", "settings"), s.settingsFrom(ctx, u, f)
	})
	if err == nil {
		return web.SeeOther(w, r, to)
	}
	if errs.KindOf(err) != errs.Invalid {
		return err
	}
	return s.renderSettings(w, r, u, f, err)
}

// settingsFrom writes the one list that was sent.
func (s *Service) settingsFrom(ctx context.Context, u org.Unit, f *web.Form) error {
	what := f.Text("what")
	if what == "limits" {
		l := Limits{Minors: number(f, "minors"), CampRatio: number(f, "camp_ratio"), Keep: number(f, "keep"), KeepIncident: number(f, "keep_incident")}
		if err := f.Problems.Err(); err != nil {
			return err
		}
		return s.SetLimits(ctx, u, l)
	}
	if !slices.Contains(ListNames, what) {
		return errs.New(errs.Invalid, "errs.key_missing")
	}
	l, err := s.Lists(ctx, u.Root())
	if err != nil {
		return err
	}
	var all []Choice
	read := func(code string, keep bool) {
		c := Choice{Zh: f.Text("zh." + code), En: f.Text("en." + code), Parent: f.Text("parent." + code)}
		if f.Text("minor."+code) != "" {
			c.Minor = 1
		}
		if keep {
			c.Code = code
		}
		if c.Zh != "" {
			all = append(all, c)
		}
	}
	for _, c := range l[what] {
		read(c.Code, true)
	}
	for i := range newEntries {
		read("new"+strconv.Itoa(i), false)
	}
	return s.SetChoices(ctx, u, what, all)
}
