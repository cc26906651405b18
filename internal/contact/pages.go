package contact

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/table"
	"xinhuo/internal/kit/web"
	"xinhuo/internal/kit/web/ui"
	"xinhuo/internal/org"
	"xinhuo/internal/record"
)

// Acts on an entry, as they stand in its addresses.
const (
	actEdit   = "edit"
	actRemove = "remove"
	actUndo   = "undo"
)

// Routes are the pages and JSON of the log, of bodies and of what is shared with them.
func (s *Service) Routes() []web.Route {
	list := []web.Route{
		{Method: "GET", Path: "/contact", Right: scope.View, Scope: web.ByUnit, Name: "contact.list", Handler: s.list},
		{Method: "GET", Path: "/contact/new", Right: scope.Work, Scope: web.ByUnit, Name: "contact.newForm", Handler: s.newForm},
		{Method: "POST", Path: "/contact/new", Right: scope.Work, Scope: web.ByUnit, Name: "contact.create", Handler: s.create},
		{Method: "GET", Path: "/contact/export", Right: scope.View, Scope: web.ByUnit, Name: "contact.export", Handler: s.exportFile},
		{Method: "GET", Path: "/contact/{ref}", Right: scope.View, Scope: web.ByRecord, Name: "contact.show", Handler: s.show},
		{Method: "GET", Path: "/contact/known/{ref}", Right: scope.View, Scope: web.ByRecord, Name: "contact.known", Handler: s.known},
		{Method: "GET", Path: "/contact/{ref}/{act}", Right: scope.Work, Scope: web.ByRecord, Name: "contact.form", Handler: s.form},
		{Method: "POST", Path: "/contact/{ref}/{act}", Right: scope.Work, Scope: web.ByRecord, Name: "contact.act", Handler: s.act},
		{Method: "GET", Path: "/api/v1/contacts", Right: scope.View, Scope: web.ByUnit, Name: "contact.apiList", Handler: s.apiList},
		{Method: "POST", Path: "/api/v1/contacts", Right: scope.Work, Scope: web.ByRecord, Name: "contact.apiAdd", Handler: s.apiAdd},
		{Method: "GET", Path: "/api/v1/contacts/{ref}", Right: scope.View, Scope: web.ByRecord, Name: "contact.apiShow", Handler: s.apiShow},
		{Method: "PUT", Path: "/api/v1/contacts/{ref}", Right: scope.Work, Scope: web.ByRecord, Name: "contact.apiSave", Handler: s.apiSave},
	}
	return slices.Concat(list, s.bodyRoutes(), s.taskRoutes(), s.sharedRoutes())
}

func (s *Service) unitIn(r *http.Request) (org.Unit, error) {
	if q := r.URL.Query().Get("unit"); q != "" {
		return s.org.Resolve(r.Context(), q)
	}
	return s.org.Unit(r.Context(), scope.From(r.Context()).Unit)
}

func (s *Service) exportFile(w http.ResponseWriter, r *http.Request) error {
	return s.exportTable(w, r, Kind, "contact.heading")
}

func (s *Service) exportTable(w http.ResponseWriter, r *http.Request, kind, name string) error {
	u, err := s.unitIn(r)
	if err != nil {
		return err
	}
	title := i18n.T(r.Context(), name) + "-" + u.Name
	format := table.XLSX
	if r.URL.Query().Get("format") == table.CSV {
		format = table.CSV
	}
	w.Header().Set("Content-Type", table.ContentType(format))
	w.Header().Set("Content-Disposition", "attachment; filename*=UTF-8''"+url.PathEscape(title+"."+format))
	return s.rec.Export(r.Context(), w, kind, format, u.ID, title)
}

func filterIn(r *http.Request) Filter {
	q := r.URL.Query()
	year, _ := strconv.Atoi(q.Get("year")) // 0 asks for all years
	if year < 1900 || year > 2199 {
		year = 0
	}
	return Filter{Body: q.Get("body"), Kind: q.Get("kind"), Year: year, After: q.Get("after")}
}

func yearOr(r *http.Request, year int) int {
	if year != 0 {
		return year
	}
	return clock.Today(r.Context()).Year()
}

type listView struct {
	Unit   org.Unit
	Filter Filter
	Year   int
	This   int
	List   []Entry
	Bodies []BodyCount
	Units  map[id.ID]org.Unit
	Works  bool
	Query  url.Values
	Paging ui.Paging
}

func (v listView) at(pairs ...string) string {
	return web.Address("/contact", v.Query, pairs...)
}

func (s *Service) list(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	u, err := s.unitIn(r)
	if err != nil {
		return err
	}
	f := filterIn(r)
	v := listView{Unit: u, Filter: f, Year: yearOr(r, f.Year), This: clock.Today(ctx).Year(), Works: scope.From(ctx).May(scope.Work, u.Pos), Query: url.Values{"unit": {u.ID.String()}}}
	for _, name := range []string{"body", "kind", "year"} {
		if x := r.URL.Query().Get(name); x != "" {
			v.Query.Set(name, x)
		}
	}
	var next string
	if v.List, next, err = s.List(ctx, u, f); err != nil {
		return err
	}
	if v.Bodies, err = s.ByBody(ctx, u, v.Year); err != nil {
		return err
	}
	if next != "" {
		v.Paging.Next = v.at("after", next)
	}
	if f.After != "" {
		v.Paging.First = v.at("after", "")
	}
	v.Paging.Here = len(v.List)
	var ids []id.ID
	for _, e := range v.List {
		ids = append(ids, e.Unit)
	}
	if v.Units, err = s.org.ByIDs(ctx, ids); err != nil {
		return err
	}
	title := i18n.T(ctx, "contact.heading")
	return web.Render(w, r, web.Page{Title: title + " · " + u.Name, Current: "contact", Crumbs: []ui.Link{{Text: title}}}, listPage(v))
}

// formView is the page of one act on an entry.
type formView struct {
	Over, Title    string
	Action, BackTo string
	Version        int64
	Fields         []ui.Input
	Faults         []ui.Fault
	Key            string
}

func formOf(ctx context.Context, c Contact, unit org.Unit, action, back string, version int64) formView {
	t := func(key string) string { return i18n.T(ctx, key) }
	kind := ui.Input{Kind: ui.KindRadio, Name: "kind", Label: t("contact.kind"), Value: c.Kind}
	for _, k := range Kinds {
		kind.Options = append(kind.Options, ui.Option{Value: k, Text: kindName(ctx, k)})
	}
	lead, shared := "", ""
	if c.Lead {
		lead = "1"
	}
	if c.Shared {
		shared = "1"
	}
	return formView{Over: unit.Name, Title: t("contact.form.new"), Action: action, BackTo: back, Version: version, Key: web.NewKey(), Fields: []ui.Input{kind,
		{Name: "body", Label: t("contact.body"), Hint: t("contact.body_hint"), Value: c.Body},
		{Kind: ui.KindDate, Name: "day", Label: t("contact.day"), Value: string(c.Day), Max: string(clock.Today(ctx))},
		{Kind: ui.KindArea, Name: "topic", Label: t("contact.topic"), Hint: t("contact.topic_hint"), Value: c.Topic, Lines: 2},
		{Kind: ui.KindArea, Name: "result", Label: t("contact.result"), Value: c.Result, Lines: 4, Optional: true},
		{Kind: ui.KindCheck, Name: "lead", Label: t("contact.lead_body"), Value: lead, Optional: true},
		{Kind: ui.KindCheck, Name: "shared", Label: t("contact.share_it"), Hint: t("contact.share_hint"), Value: shared, Optional: true}}}
}

func entryIn(f *web.Form, unit id.ID) Contact {
	return Contact{Unit: unit, Kind: f.Text("kind"), Body: f.Text("body"), Lead: f.Text("lead") != "", Day: f.Day("day"), Topic: f.Text("topic"), Result: f.Text("result"), Shared: f.Text("shared") != ""}
}

func (s *Service) newForm(w http.ResponseWriter, r *http.Request) error {
	u, err := s.unitIn(r)
	if err != nil {
		return err
	}
	c := Contact{Kind: Kinds[0], Day: clock.Today(r.Context()), Body: r.URL.Query().Get("body")}
	return render(w, r, formOf(r.Context(), c, u, "/contact/new?unit="+u.ID.String(), "/contact?unit="+u.ID.String(), 0), nil, 0)
}

func (s *Service) create(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	u, err := s.unitIn(r)
	if err != nil {
		return err
	}
	f, err := web.ReadForm(w, r)
	if err != nil {
		return err
	}
	c := entryIn(f, u.ID)
	if err = f.Problems.Err(); err == nil {
		var to string
		if to, err = web.Once(ctx, s.db, f.Key(), func(ctx context.Context) (string, error) {
			ref, err := s.Add(ctx, c, record.Change{})
			return path(ref), err
		}); err == nil {
			return web.SeeOther(w, r, to)
		}
	}
	return again(w, r, formOf(ctx, c, u, "/contact/new?unit="+u.ID.String(), "/contact?unit="+u.ID.String(), 0), f, err)
}

type showView struct {
	Ref     id.Ref
	Contact Contact
	Unit    org.Unit
	Works   bool
	Outside bool // the body itself reads it
	History []ui.Change
}

func (s *Service) show(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	ref, err := web.RefIn(r)
	if err != nil {
		return err
	}
	v := showView{Ref: ref}
	if v.Contact, _, err = s.Get(ctx, ref); err != nil {
		return err
	}
	if v.Unit, err = s.rec.Home(ctx, v.Contact.Unit); err != nil {
		return err
	}
	v.Works = scope.From(ctx).May(scope.Work, v.Unit.Pos)
	if v.History, err = s.book.Timeline(ctx, ref, path(ref)+"/undo"); err != nil {
		return err
	}
	return web.Render(w, r, web.Page{Title: v.Contact.Topic, Current: "contact", Crumbs: []ui.Link{{Text: i18n.T(ctx, "contact.heading"), Href: "/contact"}, {Text: v.Contact.Body}}}, showPage(v))
}

func (s *Service) known(w http.ResponseWriter, r *http.Request) error {
	ref, err := web.RefIn(r)
	if err != nil {
		return err
	}
	c, _, err := s.Get(r.Context(), ref)
	if err != nil {
		return err
	}
	return s.book.KnownPage(w, r, ref, ui.Link{Text: c.Topic, Href: path(ref)}, "contact")
}

// actOf is the page of an act on an entry, for somebody who works at its unit.
func (s *Service) actOf(r *http.Request) (Contact, formView, error) {
	ctx := r.Context()
	ref, err := web.RefIn(r)
	if err != nil {
		return Contact{}, formView{}, err
	}
	act := r.PathValue("act")
	c, v, err := s.Get(ctx, ref)
	if act == actUndo && errs.Is(err, errs.NotFound) {
		c, v, err = s.book.Removed(ctx, ref)
	}
	if err != nil {
		return c, formView{}, err
	}
	if !slices.Contains([]string{actEdit, actRemove, actUndo}, act) {
		return c, formView{}, web.NotFound(r)
	}
	u, err := s.rec.Home(ctx, c.Unit)
	if err != nil {
		return c, formView{}, err
	}
	if !scope.From(ctx).May(scope.Work, u.Pos) { // refused, and logged
		return c, formView{}, s.book.MayWork(ctx, ref, record.Change{Act: "contact.act.save"})
	}
	out := formOf(ctx, c, u, path(ref)+"/"+act, path(ref), v.N)
	if act == actRemove {
		out.Title = i18n.T(ctx, "contact.form.remove")
		out.Fields = []ui.Input{{Kind: ui.KindArea, Name: "reason", Label: i18n.T(ctx, "contact.remove_reason")}}
	}
	return c, out, nil
}

func (s *Service) form(w http.ResponseWriter, r *http.Request) error {
	_, v, err := s.actOf(r)
	if err != nil {
		return err
	}
	if r.PathValue("act") == actUndo {
		return web.NotFound(r)
	}
	return render(w, r, v, nil, 0)
}

func (s *Service) act(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	was, v, err := s.actOf(r)
	if err != nil {
		return err
	}
	ref, err := web.RefIn(r)
	if err != nil {
		return err
	}
	f, err := web.ReadForm(w, r)
	if err != nil {
		return err
	}
	c := entryIn(f, was.Unit)
	act, version, to := r.PathValue("act"), f.Version(), path(ref)
	if act != actEdit {
		f.Problems = nil // the other acts ask for no day
	}
	if err = f.Problems.Err(); err == nil {
		to, err = web.Once(ctx, s.db, f.Key(), func(ctx context.Context) (string, error) {
			switch act {
			case actRemove:
				return "/contact?unit=" + was.Unit.String(), s.Remove(ctx, ref, version, f.Text("reason"))
			case actUndo:
				return to, s.Undo(ctx, ref, version)
			}
			return to, s.Save(ctx, ref, version, c, record.Change{})
		})
		if err == nil {
			if _, _, gone := s.Get(ctx, ref); gone != nil {
				to = "/contact?unit=" + was.Unit.String()
			}
			return web.SeeOther(w, r, to)
		}
	}
	if act == actUndo {
		return err
	}
	v.Version = version
	return again(w, r, v, f, err)
}

func render(w http.ResponseWriter, r *http.Request, v formView, f *web.Form, status int) error {
	if f != nil {
		for i := range v.Fields {
			in := &v.Fields[i]
			if in.Value = f.Text(in.Name); in.Kind == ui.KindChecks {
				in.Values = f.Values[in.Name]
			}
		}
	}
	return web.Render(w, r, web.Page{Title: v.Title, Plain: true, Error: len(v.Faults) > 0, Status: status}, formPage(v))
}

// again puts a refusal into a form, so that what was typed stays.
func again(w http.ResponseWriter, r *http.Request, v formView, f *web.Form, err error) error {
	ctx := r.Context()
	if errs.KindOf(err) == errs.Conflict {
		v.Faults = web.Faults(ctx, err)
		return render(w, r, v, f, http.StatusConflict)
	}
	at, faults, rest := web.Problems(ctx, err)
	if rest != nil {
		return rest
	}
	v.Faults = faults
	for i := range v.Fields {
		v.Fields[i].Error = at[v.Fields[i].Name]
	}
	return render(w, r, v, f, http.StatusUnprocessableEntity)
}
