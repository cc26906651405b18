package contact

import (
	"context"
	"net/http"
	"slices"
	"strings"

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

// Acts on a body beside those on every record.
const (
	actSeat   = "seat"
	actUnseat = "unseat"
)

func (s *Service) bodyRoutes() []web.Route {
	return []web.Route{
		{Method: "GET", Path: "/body", Right: scope.View, Scope: web.ByUnit, Name: "contact.bodyList", Handler: s.bodyList},
		{Method: "GET", Path: "/body/new", Right: scope.Work, Scope: web.ByUnit, Name: "contact.bodyNew", Handler: s.bodyNew},
		{Method: "POST", Path: "/body/new", Right: scope.Work, Scope: web.ByUnit, Name: "contact.bodyCreate", Handler: s.bodyCreate},
		{Method: "GET", Path: "/body/export", Right: scope.View, Scope: web.ByUnit, Name: "contact.bodyExport", Handler: s.bodyExport},
		{Method: "GET", Path: "/body/{ref}", Right: scope.View, Scope: web.ByRecord, Name: "contact.bodyShow", Handler: s.bodyShow},
		{Method: "GET", Path: "/body/known/{ref}", Right: scope.View, Scope: web.ByRecord, Name: "contact.bodyKnown", Handler: s.bodyKnown},
		{Method: "GET", Path: "/body/{ref}/{act}", Right: scope.Work, Scope: web.ByRecord, Name: "contact.bodyForm", Handler: s.bodyForm},
		{Method: "POST", Path: "/body/{ref}/{act}", Right: scope.Work, Scope: web.ByRecord, Name: "contact.bodyAct", Handler: s.bodyAct},
		{Method: "GET", Path: "/api/v1/bodies", Right: scope.View, Scope: web.ByUnit, Name: "contact.apiBodies", Handler: s.apiBodies},
		{Method: "POST", Path: "/api/v1/bodies", Right: scope.Work, Scope: web.ByRecord, Name: "contact.apiRegister", Handler: s.apiRegister},
		{Method: "GET", Path: "/api/v1/bodies/{ref}", Right: scope.View, Scope: web.ByRecord, Name: "contact.apiBody", Handler: s.apiBody},
		{Method: "PUT", Path: "/api/v1/bodies/{ref}", Right: scope.Work, Scope: web.ByRecord, Name: "contact.apiSaveBody", Handler: s.apiSaveBody},
	}
}

type bodyListView struct {
	Unit  org.Unit
	List  []ListedBody
	Units map[id.ID]org.Unit
	Day   clock.Day
	Works bool
}

func (s *Service) bodyList(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	u, err := s.unitIn(r)
	if err != nil {
		return err
	}
	v := bodyListView{Unit: u, Day: clock.Today(ctx), Works: scope.From(ctx).May(scope.Work, u.Pos)}
	if v.List, err = s.Bodies(ctx, u); err != nil {
		return err
	}
	var ids []id.ID
	for _, b := range v.List {
		ids = append(ids, b.Unit)
	}
	if v.Units, err = s.org.ByIDs(ctx, ids); err != nil {
		return err
	}
	title := i18n.T(ctx, "contact.bodies")
	return web.Render(w, r, web.Page{Title: title + " · " + u.Name, Current: "body", Crumbs: []ui.Link{{Text: i18n.T(ctx, "contact.heading"), Href: "/contact"}, {Text: title}}}, bodyListPage(v))
}

func (s *Service) bodyExport(w http.ResponseWriter, r *http.Request) error {
	return s.exportTable(w, r, KindBody, "contact.bodies")
}

func bodyFormOf(ctx context.Context, b Body, unit org.Unit, action, back string, version int64) formView {
	t := func(key string) string { return i18n.T(ctx, key) }
	field := ui.Input{Kind: ui.KindSelect, Name: "field", Label: t("contact.field"), Value: b.Field}
	for _, f := range Fields {
		field.Options = append(field.Options, ui.Option{Value: f, Text: fieldName(ctx, f)})
	}
	return formView{Over: unit.Name, Title: t("contact.form.body"), Action: action, BackTo: back, Version: version, Key: web.NewKey(), Fields: []ui.Input{
		{Name: "name", Label: t("contact.body"), Hint: t("contact.body_hint"), Value: b.Name}, field,
		{Kind: ui.KindDate, Name: "from", Label: t("contact.from"), Value: string(b.From), Max: string(clock.Today(ctx))},
		{Name: "office", Label: t("contact.office"), Hint: t("contact.office_hint"), Value: b.Office, Optional: true},
		{Name: "person", Label: t("contact.person"), Value: b.Person, Optional: true},
		{Name: "post", Label: t("contact.post"), Value: b.Post, Optional: true},
		{Name: "phone", Label: t("contact.phone"), Value: b.Phone, Optional: true},
		{Kind: ui.KindArea, Name: "offers", Label: t("contact.offers"), Hint: t("contact.offers_hint"), Value: b.Offers, Lines: 3, Optional: true},
		{Kind: ui.KindDate, Name: "to", Label: t("contact.to"), Hint: t("contact.to_hint"), Value: string(b.To), Optional: true}}}
}

func bodyIn(f *web.Form, unit id.ID) Body {
	return Body{Unit: unit, Name: f.Text("name"), Field: f.Text("field"), Office: f.Text("office"), Person: f.Text("person"), Post: f.Text("post"), Phone: f.Text("phone"), Offers: f.Text("offers"),
		From: f.Day("from"), To: f.Day("to")}
}

func (s *Service) bodyNew(w http.ResponseWriter, r *http.Request) error {
	u, err := s.unitIn(r)
	if err != nil {
		return err
	}
	return render(w, r, bodyFormOf(r.Context(), Body{From: clock.Today(r.Context())}, u, "/body/new?unit="+u.ID.String(), "/body?unit="+u.ID.String(), 0), nil, 0)
}

func (s *Service) bodyCreate(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	u, err := s.unitIn(r)
	if err != nil {
		return err
	}
	f, err := web.ReadForm(w, r)
	if err != nil {
		return err
	}
	b := bodyIn(f, u.ID)
	if err = f.Problems.Err(); err == nil {
		var to string
		if to, err = web.Once(ctx, s.db, f.Key(), func(ctx context.Context) (string, error) {
			ref, err := s.Register(ctx, b, record.Change{})
			return bodyPath(ref), err
		}); err == nil {
			return web.SeeOther(w, r, to)
		}
	}
	return again(w, r, bodyFormOf(ctx, b, u, "/body/new?unit="+u.ID.String(), "/body?unit="+u.ID.String(), 0), f, err)
}

type bodyView struct {
	Ref     id.Ref
	Body    Body
	Version int64
	Unit    org.Unit
	Day     clock.Day
	Works   bool
	Entries []Entry
	Tasks   []ListedTask
	Units   map[id.ID]org.Unit
	History []ui.Change
}

func (s *Service) bodyShow(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	ref, err := web.RefIn(r)
	if err != nil {
		return err
	}
	v := bodyView{Ref: ref, Day: clock.Today(ctx)}
	b, ver, err := s.Body(ctx, ref)
	if err != nil {
		return err
	}
	v.Body, v.Version = b, ver.N
	if v.Unit, err = s.rec.Home(ctx, b.Unit); err != nil {
		return err
	}
	a := scope.From(ctx)
	v.Works = a.May(scope.Work, v.Unit.Pos)
	// what was done with it within what the reader views: a unit below sees its own, not its neighbour's
	at := v.Unit
	if !a.May(scope.View, at.Pos) {
		if at, err = s.org.Unit(ctx, a.Unit); err != nil {
			return err
		}
	}
	if v.Entries, _, err = s.List(ctx, at, Filter{From: ref, Limit: 100}); err != nil {
		return err
	}
	if v.Tasks, err = s.Tasks(ctx, at, TaskFilter{Body: ref.ID}); err != nil {
		return err
	}
	var ids []id.ID
	for _, e := range v.Entries {
		ids = append(ids, e.Unit)
	}
	for _, t := range v.Tasks {
		ids = append(ids, t.Unit)
	}
	if v.Units, err = s.org.ByIDs(ctx, ids); err != nil {
		return err
	}
	if a.May(scope.View, v.Unit.Pos) { // who changed what is for those who view the unit
		if v.History, err = s.bodies.Timeline(ctx, ref, bodyPath(ref)+"/undo"); err != nil {
			return err
		}
	}
	return web.Render(w, r, web.Page{Title: b.Name, Current: "body", Crumbs: []ui.Link{{Text: i18n.T(ctx, "contact.bodies"), Href: "/body"}, {Text: b.Name}}}, bodyPage(v))
}

func (s *Service) bodyKnown(w http.ResponseWriter, r *http.Request) error {
	ref, err := web.RefIn(r)
	if err != nil {
		return err
	}
	b, _, err := s.bodies.Get(r.Context(), ref)
	if err != nil {
		return err
	}
	return s.bodies.KnownPage(w, r, ref, ui.Link{Text: b.Name, Href: bodyPath(ref)}, "body")
}

// bodyOf is the page of an act on a body, for somebody who works at its unit.
func (s *Service) bodyOf(r *http.Request) (Body, formView, error) {
	ctx := r.Context()
	ref, err := web.RefIn(r)
	if err != nil {
		return Body{}, formView{}, err
	}
	act := r.PathValue("act")
	b, v, err := s.Body(ctx, ref)
	if act == actUndo && errs.Is(err, errs.NotFound) {
		b, v, err = s.bodies.Removed(ctx, ref)
	}
	if err != nil {
		return b, formView{}, err
	}
	if !slices.Contains([]string{actEdit, actRemove, actUndo, actSeat, actUnseat}, act) {
		return b, formView{}, web.NotFound(r)
	}
	u, err := s.rec.Home(ctx, b.Unit)
	if err != nil {
		return b, formView{}, err
	}
	if !scope.From(ctx).May(scope.Work, u.Pos) { // refused, and logged
		return b, formView{}, s.bodies.MayWork(ctx, ref, record.Change{Act: "contact.act.body_save"})
	}
	out := bodyFormOf(ctx, b, u, bodyPath(ref)+"/"+act, bodyPath(ref), v.N)
	switch act {
	case actRemove:
		out.Title = i18n.T(ctx, "contact.form.body_remove")
		out.Fields = []ui.Input{{Kind: ui.KindArea, Name: "reason", Label: i18n.T(ctx, "contact.remove_reason"), Hint: i18n.T(ctx, "contact.body_remove_hint")}}
	case actSeat:
		out.Over, out.Title = b.Name, i18n.T(ctx, "contact.form.seat")
		out.Fields = []ui.Input{{Name: "login", Label: i18n.T(ctx, "contact.login"), Hint: i18n.T(ctx, "contact.login_hint")}}
	}
	return b, out, nil
}

func (s *Service) bodyForm(w http.ResponseWriter, r *http.Request) error {
	_, v, err := s.bodyOf(r)
	if err != nil {
		return err
	}
	if act := r.PathValue("act"); act == actUndo || act == actUnseat {
		return web.NotFound(r)
	}
	return render(w, r, v, nil, 0)
}

func (s *Service) bodyAct(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	was, v, err := s.bodyOf(r)
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
	b := bodyIn(f, was.Unit)
	act, version := r.PathValue("act"), f.Version()
	if act != actEdit {
		f.Problems = nil // the other acts ask for no day
	}
	if err = f.Problems.Err(); err == nil {
		var to string
		to, err = web.Once(ctx, s.db, f.Key(), func(ctx context.Context) (string, error) {
			to := bodyPath(ref)
			switch act {
			case actRemove:
				return "/body?unit=" + was.Unit.String(), s.RemoveBody(ctx, ref, version, f.Text("reason"))
			case actUndo:
				err := s.UndoBody(ctx, ref, version)
				if _, _, gone := s.bodies.Get(ctx, ref); err == nil && errs.Is(gone, errs.NotFound) {
					to = "/body?unit=" + was.Unit.String()
				}
				return to, err
			case actSeat:
				return to, s.AddSeat(ctx, ref, version, f.Text("login"))
			case actUnseat:
				who, err := id.Parse(f.Text("account"))
				if err != nil {
					return to, errs.New(errs.NotFound, "errs.not_found")
				}
				return to, s.DropSeat(ctx, ref, version, who)
			}
			return to, s.SaveBody(ctx, ref, version, b, record.Change{})
		})
		if err == nil {
			return web.SeeOther(w, r, to)
		}
	}
	if act == actUndo || act == actUnseat {
		return err
	}
	v.Version = version
	return again(w, r, v, f, err)
}

// bodyJSON is a body as programs read and send it.
type bodyJSON struct {
	Ref     id.Ref `json:"ref,omitzero"`
	Version int64  `json:"version"`
	Body
}

func (s *Service) apiBodies(w http.ResponseWriter, r *http.Request) error {
	u, err := s.unitIn(r)
	if err != nil {
		return err
	}
	list, err := s.Bodies(r.Context(), u)
	if err != nil {
		return err
	}
	return web.JSON(w, http.StatusOK, map[string]any{"unit": u.ID, "bodies": append([]ListedBody{}, list...)})
}

func (s *Service) answerBody(w http.ResponseWriter, r *http.Request, ref id.Ref, status int) error {
	b, v, err := s.Body(r.Context(), ref)
	if err != nil {
		return err
	}
	return web.JSON(w, status, bodyJSON{Ref: ref, Version: v.N, Body: b})
}

func (s *Service) apiRegister(w http.ResponseWriter, r *http.Request) error {
	var in bodyJSON
	if err := web.ReadJSON(w, r, &in); err != nil {
		return err
	}
	ref, err := web.OnceRef(r, s.db, func(ctx context.Context) (id.Ref, error) { return s.Register(ctx, in.Body, record.Change{}) })
	if err != nil {
		return err
	}
	return s.answerBody(w, r, ref, http.StatusCreated)
}

func (s *Service) apiBody(w http.ResponseWriter, r *http.Request) error {
	ref, err := web.RefIn(r)
	if err != nil {
		return err
	}
	return s.answerBody(w, r, ref, http.StatusOK)
}

func (s *Service) apiSaveBody(w http.ResponseWriter, r *http.Request) error {
	ref, err := web.RefIn(r)
	if err != nil {
		return err
	}
	var in bodyJSON
	if err := web.ReadJSON(w, r, &in); err != nil {
		return err
	}
	if err := s.SaveBody(r.Context(), ref, in.Version, in.Body, record.Change{}); err != nil {
		return err
	}
	return s.answerBody(w, r, ref, http.StatusOK)
}

// personText is who keeps the contact: name, post, phone.
func (b Body) personText() string {
	return strings.Join(slices.DeleteFunc([]string{b.Person, b.Post, b.Phone}, func(x string) bool { return x == "" }), " ")
}
