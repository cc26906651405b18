package coord

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
	"xinhuo/internal/kit/web"
	"xinhuo/internal/kit/web/ui"
	"xinhuo/internal/org"
	"xinhuo/internal/record"
)

func (s *Service) contactRoutes() []web.Route {
	return []web.Route{
		{Method: "GET", Path: "/contact", Right: scope.View, Scope: web.ByUnit, Name: "coord.contactList", Handler: s.contactList},
		{Method: "GET", Path: "/contact/new", Right: scope.Work, Scope: web.ByUnit, Name: "coord.contactNew", Handler: s.contactNew},
		{Method: "POST", Path: "/contact/new", Right: scope.Work, Scope: web.ByUnit, Name: "coord.contactCreate", Handler: s.contactCreate},
		{Method: "GET", Path: "/contact/{ref}", Right: scope.View, Scope: web.ByRecord, Name: "coord.contactShow", Handler: s.contactShow},
		{Method: "GET", Path: "/contact/known/{ref}", Right: scope.View, Scope: web.ByRecord, Name: "coord.contactKnown", Handler: s.contactKnown},
		{Method: "GET", Path: "/contact/{ref}/{act}", Right: scope.Work, Scope: web.ByRecord, Name: "coord.contactForm", Handler: s.contactForm},
		{Method: "POST", Path: "/contact/{ref}/{act}", Right: scope.Work, Scope: web.ByRecord, Name: "coord.contactAct", Handler: s.contactAct},
	}
}

func contactFilterIn(r *http.Request) ContactFilter {
	q := r.URL.Query()
	year, _ := strconv.Atoi(q.Get("year")) // 0 asks for all years
	if year < 1900 || year > 2199 {
		year = 0
	}
	return ContactFilter{Body: q.Get("body"), Kind: q.Get("kind"), Year: year, After: q.Get("after")}
}

func yearOr(r *http.Request, year int) int {
	if year != 0 {
		return year
	}
	return clock.Today(r.Context()).Year()
}

type contactListView struct {
	Unit   org.Unit
	Filter ContactFilter
	Year   int
	This   int
	List   []Entry
	Bodies []BodyCount
	Units  map[id.ID]org.Unit
	Works  bool
	Query  url.Values
	Paging ui.Paging
}

func (v contactListView) at(pairs ...string) string {
	return web.Address("/contact", v.Query, pairs...)
}

func (s *Service) contactList(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	u, err := s.unitIn(r)
	if err != nil {
		return err
	}
	f := contactFilterIn(r)
	v := contactListView{Unit: u, Filter: f, Year: yearOr(r, f.Year), This: clock.Today(ctx).Year(), Works: scope.From(ctx).May(scope.Work, u.Pos), Query: url.Values{"unit": {u.ID.String()}}}
	for _, name := range []string{"body", "kind", "year"} {
		if x := r.URL.Query().Get(name); x != "" {
			v.Query.Set(name, x)
		}
	}
	var next string
	if v.List, next, err = s.Contacts(ctx, u, f); err != nil {
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
	title := i18n.T(ctx, "coord.contacts")
	return web.Render(w, r, web.Page{Title: title + " · " + u.Name, Current: "notice", Crumbs: []ui.Link{{Text: i18n.T(ctx, "coord.heading"), Href: "/notice"}, {Text: title}}}, contactListPage(v))
}

func (s *Service) contactActOf(ctx context.Context, c Contact, unit org.Unit, action, back string, version int64) actView {
	t := func(key string) string { return i18n.T(ctx, key) }
	kind := ui.Input{Kind: ui.KindRadio, Name: "kind", Label: t("coord.contact_kind"), Value: c.Kind}
	for _, k := range ContactKinds {
		kind.Options = append(kind.Options, ui.Option{Value: k, Text: contactKindName(ctx, k)})
	}
	lead := ""
	if c.Lead {
		lead = "1"
	}
	return actView{Act: ActEdit, Over: unit.Name, Title: t("coord.form.contact"), Action: action, BackTo: back, Version: version, Key: web.NewKey(), Fields: []ui.Input{kind,
		{Name: "body", Label: t("coord.body"), Hint: t("coord.body_hint"), Value: c.Body},
		{Kind: ui.KindDate, Name: "day", Label: t("coord.day"), Value: string(c.Day), Max: string(clock.Today(ctx))},
		{Kind: ui.KindArea, Name: "topic", Label: t("coord.topic"), Hint: t("coord.topic_hint"), Value: c.Topic, Lines: 2},
		{Kind: ui.KindArea, Name: "result", Label: t("coord.result"), Value: c.Result, Lines: 4, Optional: true},
		{Kind: ui.KindCheck, Name: "lead", Label: t("coord.lead_body"), Value: lead, Optional: true}}}
}

func contactIn(f *web.Form, unit id.ID) Contact {
	return Contact{Unit: unit, Kind: f.Text("kind"), Body: f.Text("body"), Lead: f.Text("lead") != "", Day: f.Day("day"), Topic: f.Text("topic"), Result: f.Text("result")}
}

func (s *Service) contactNew(w http.ResponseWriter, r *http.Request) error {
	u, err := s.unitIn(r)
	if err != nil {
		return err
	}
	c := Contact{Kind: ContactKinds[0], Day: clock.Today(r.Context()), Body: r.URL.Query().Get("body")}
	return s.renderAct(w, r, s.contactActOf(r.Context(), c, u, "/contact/new?unit="+u.ID.String(), "/contact?unit="+u.ID.String(), 0), nil, 0)
}

func (s *Service) contactCreate(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	u, err := s.unitIn(r)
	if err != nil {
		return err
	}
	f, err := web.ReadForm(w, r)
	if err != nil {
		return err
	}
	c := contactIn(f, u.ID)
	if err = f.Problems.Err(); err == nil {
		var to string
		if to, err = web.Once(ctx, s.db, f.Key(), func(ctx context.Context) (string, error) {
			ref, err := s.AddContact(ctx, c, record.Change{})
			return contactPath(ref), err
		}); err == nil {
			return web.SeeOther(w, r, to)
		}
	}
	return s.again(w, r, s.contactActOf(ctx, c, u, "/contact/new?unit="+u.ID.String(), "/contact?unit="+u.ID.String(), 0), f, err)
}

type contactView struct {
	Ref     id.Ref
	Contact Contact
	Unit    org.Unit
	Works   bool
	History []ui.Change
}

func (s *Service) contactShow(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	ref, err := web.RefIn(r)
	if err != nil {
		return err
	}
	v := contactView{Ref: ref}
	if v.Contact, _, err = s.Contact(ctx, ref); err != nil {
		return err
	}
	if v.Unit, err = s.rec.Home(ctx, v.Contact.Unit); err != nil {
		return err
	}
	v.Works = scope.From(ctx).May(scope.Work, v.Unit.Pos)
	if v.History, err = s.contacts.Timeline(ctx, ref, contactPath(ref)+"/undo"); err != nil {
		return err
	}
	return web.Render(w, r, web.Page{Title: v.Contact.Topic, Current: "notice", Crumbs: []ui.Link{{Text: i18n.T(ctx, "coord.contacts"), Href: "/contact"}, {Text: v.Contact.Body}}}, contactPage(v))
}

func (s *Service) contactKnown(w http.ResponseWriter, r *http.Request) error {
	ref, err := web.RefIn(r)
	if err != nil {
		return err
	}
	c, _, err := s.Contact(r.Context(), ref)
	if err != nil {
		return err
	}
	return s.contacts.KnownPage(w, r, ref, ui.Link{Text: c.Topic, Href: contactPath(ref)}, "notice")
}

// contactOf is the page of an act on an entry, for somebody who works at its unit.
func (s *Service) contactOf(r *http.Request) (Contact, actView, error) {
	ctx := r.Context()
	ref, err := web.RefIn(r)
	if err != nil {
		return Contact{}, actView{}, err
	}
	act := r.PathValue("act")
	c, v, err := s.Contact(ctx, ref)
	if act == ActUndo && errs.Is(err, errs.NotFound) {
		c, v, err = s.contacts.Removed(ctx, ref)
	}
	if err != nil {
		return c, actView{}, err
	}
	if !slices.Contains([]string{ActEdit, ActRemove, ActUndo}, act) {
		return c, actView{}, web.NotFound(r)
	}
	u, err := s.rec.Home(ctx, c.Unit)
	if err != nil {
		return c, actView{}, err
	}
	if !scope.From(ctx).May(scope.Work, u.Pos) {
		return c, actView{}, s.refused(ctx, "coord.act.contact_save", KindContact, ref, u)
	}
	out := s.contactActOf(ctx, c, u, contactPath(ref)+"/"+act, contactPath(ref), v.N)
	if act == ActRemove {
		out.Title = i18n.T(ctx, "coord.form.contact_remove")
		out.Fields = []ui.Input{{Kind: ui.KindArea, Name: "reason", Label: i18n.T(ctx, "coord.remove_reason")}}
	}
	return c, out, nil
}

func (s *Service) contactForm(w http.ResponseWriter, r *http.Request) error {
	_, v, err := s.contactOf(r)
	if err != nil {
		return err
	}
	if r.PathValue("act") == ActUndo {
		return web.NotFound(r)
	}
	return s.renderAct(w, r, v, nil, 0)
}

func (s *Service) contactAct(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	was, v, err := s.contactOf(r)
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
	c := contactIn(f, was.Unit)
	act, version, to := r.PathValue("act"), f.Version(), contactPath(ref)
	if act != ActEdit {
		f.Problems = nil // the other acts ask for no day
	}
	if err = f.Problems.Err(); err == nil {
		to, err = web.Once(ctx, s.db, f.Key(), func(ctx context.Context) (string, error) {
			switch act {
			case ActRemove:
				return "/contact?unit=" + was.Unit.String(), s.RemoveContact(ctx, ref, version, f.Text("reason"))
			case ActUndo:
				return to, s.UndoContact(ctx, ref, version)
			}
			return to, s.SaveContact(ctx, ref, version, c, record.Change{})
		})
		if err == nil {
			if _, _, gone := s.Contact(ctx, ref); gone != nil {
				to = "/contact?unit=" + was.Unit.String()
			}
			return web.SeeOther(w, r, to)
		}
	}
	if act == ActUndo {
		return err
	}
	v.Version = version
	return s.again(w, r, v, f, err)
}
