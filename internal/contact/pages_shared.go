package contact

import (
	"context"
	"net/http"
	"strconv"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/web"
	"xinhuo/internal/kit/web/ui"
	"xinhuo/internal/ledger"
	"xinhuo/internal/org"
)

// sharedRoutes are the pages of an account that stands for a body: it reaches them alone.
func (s *Service) sharedRoutes() []web.Route {
	return []web.Route{
		{Method: "GET", Path: "/mechanism", Right: scope.View, Scope: web.ByUnit, Name: "contact.mechanismPage", Handler: s.mechanismPage},
		{Method: "GET", Path: "/api/v1/mechanisms", Right: scope.View, Scope: web.ByUnit, Name: "contact.apiMechanisms", Handler: s.apiMechanisms},
		{Method: "GET", Path: "/shared", Right: scope.SignedIn, Scope: web.Self, Name: "contact.sharedPage", Handler: s.sharedPage},
		{Method: "GET", Path: "/shared/{ref}", Right: scope.SignedIn, Scope: web.Self, Name: "contact.sharedTask", Handler: s.sharedTask},
		{Method: "POST", Path: "/shared/{ref}/{act}", Right: scope.SignedIn, Scope: web.Self, Name: "contact.sharedAct", Handler: s.sharedAct},
		{Method: "GET", Path: "/shared/entry/{ref}", Right: scope.SignedIn, Scope: web.Self, Name: "contact.sharedEntry", Handler: s.sharedEntry},
		{Method: "GET", Path: "/api/v1/shared", Right: scope.SignedIn, Scope: web.Self, Name: "contact.apiShared", Handler: s.apiShared},
		{Method: "GET", Path: "/api/v1/shared/{ref}", Right: scope.SignedIn, Scope: web.Self, Name: "contact.apiSharedTask", Handler: s.apiSharedTask},
		{Method: "POST", Path: "/api/v1/shared/{ref}/{act}", Right: scope.SignedIn, Scope: web.Self, Name: "contact.apiSharedAct", Handler: s.apiSharedAct},
	}
}

type sharedView struct {
	Body *ListedBody
	List []Shared
}

func (s *Service) sharedPage(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	var v sharedView
	var err error
	if v.Body, v.List, err = s.SharedWithMe(ctx); err != nil {
		return err
	}
	title := i18n.T(ctx, "contact.shared")
	return web.Render(w, r, web.Page{Title: title, Current: "shared", Crumbs: []ui.Link{{Text: title}}}, sharedListPage(v))
}

// sharedOf is a task as the reader's body sees it, with the form of its report.
func (s *Service) sharedOf(r *http.Request) (taskView, error) {
	ctx := r.Context()
	ref, err := web.RefIn(r)
	if err != nil {
		return taskView{}, err
	}
	wide, t, ver, body, err := s.SharedTask(ctx, ref)
	if err != nil {
		return taskView{}, err
	}
	v := taskView{Ref: ref, Task: t, Version: ver.N, Day: clock.Today(ctx), Mine: &body}
	if v.Unit, err = s.rec.Home(ctx, t.Unit); err != nil {
		return v, err
	}
	if v.Names, err = s.namesOf(ctx, t); err != nil {
		return v, err
	}
	if !s.tasks.Undoable(wide, ver).IsZero() {
		v.Undo = &ui.Post{Text: i18n.T(ctx, "contact.undo"), Action: sharedPath(ref) + "/" + actUndo, Key: web.NewKey(), Hidden: []ui.Pair{{Name: "_version", Value: strconv.FormatInt(ver.N, 10)}}}
	}
	if t.DoneOn == clock.Open {
		f := formView{Title: i18n.T(ctx, "contact.form.report"), Action: sharedPath(ref) + "/" + ActReport, Version: ver.N, Key: web.NewKey(), Fields: []ui.Input{
			{Kind: ui.KindArea, Name: "text", Label: i18n.T(ctx, "contact.report"), Hint: i18n.T(ctx, "contact.report_hint"), Lines: 4}}}
		if body.Ref.ID == t.Lead.ID {
			f.Fields = append(f.Fields, ui.Input{Kind: ui.KindCheck, Name: "done", Label: i18n.T(ctx, "contact.all_done"), Optional: true})
		}
		v.Form = &f
	}
	return v, nil
}

func (s *Service) showShared(w http.ResponseWriter, r *http.Request, v taskView, status int) error {
	title := i18n.T(r.Context(), "contact.shared")
	bad := v.Form != nil && len(v.Form.Faults) > 0
	return web.Render(w, r, web.Page{Title: v.Task.Title, Current: "shared", Error: bad, Status: status, Crumbs: []ui.Link{{Text: title, Href: "/shared"}, {Text: v.Task.Title}}}, taskPage(v))
}

func (s *Service) sharedTask(w http.ResponseWriter, r *http.Request) error {
	v, err := s.sharedOf(r)
	if err != nil {
		return err
	}
	return s.showShared(w, r, v, 0)
}

func (s *Service) sharedAct(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	v, err := s.sharedOf(r)
	if err != nil {
		return err
	}
	f, err := web.ReadForm(w, r)
	if err != nil {
		return err
	}
	to, err := web.Once(ctx, s.db, f.Key(), func(ctx context.Context) (string, error) {
		return sharedPath(v.Ref), s.Answer(ctx, v.Ref, r.PathValue("act"), Step{Version: f.Version(), Text: f.Text("text"), Done: f.Text("done") != ""})
	})
	if err == nil {
		return web.SeeOther(w, r, to)
	}
	if v.Form == nil || r.PathValue("act") != ActReport || errs.KindOf(err) == errs.Conflict {
		return err
	}
	at, faults, rest := web.Problems(ctx, err)
	if rest != nil {
		return rest
	}
	v.Form.Faults = faults
	for i := range v.Form.Fields {
		in := &v.Form.Fields[i]
		in.Value, in.Error = f.Text(in.Name), at[in.Name]
	}
	return s.showShared(w, r, v, http.StatusUnprocessableEntity)
}

func (s *Service) sharedEntry(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	ref, err := web.RefIn(r)
	if err != nil {
		return err
	}
	c, err := s.SharedEntry(ctx, ref)
	if err != nil {
		return err
	}
	v := showView{Ref: ref, Contact: c, Outside: true}
	if v.Unit, err = s.rec.Home(ctx, c.Unit); err != nil {
		return err
	}
	return web.Render(w, r, web.Page{Title: c.Topic, Current: "shared", Crumbs: []ui.Link{{Text: i18n.T(ctx, "contact.shared"), Href: "/shared"}, {Text: c.Topic}}}, showPage(v))
}

func (s *Service) apiShared(w http.ResponseWriter, r *http.Request) error {
	body, list, err := s.SharedWithMe(r.Context())
	if err != nil {
		return err
	}
	return web.JSON(w, http.StatusOK, map[string]any{"body": body, "shared": append([]Shared{}, list...)})
}

func (s *Service) apiSharedTask(w http.ResponseWriter, r *http.Request) error {
	ref, err := web.RefIn(r)
	if err != nil {
		return err
	}
	_, t, v, _, err := s.SharedTask(r.Context(), ref)
	if err != nil {
		return err
	}
	return web.JSON(w, http.StatusOK, taskJSON{Ref: ref, Version: v.N, Task: t})
}

func (s *Service) apiSharedAct(w http.ResponseWriter, r *http.Request) error {
	ref, err := web.RefIn(r)
	if err != nil {
		return err
	}
	if _, _, _, _, err := s.SharedTask(r.Context(), ref); err != nil {
		return err
	}
	var st Step
	if err := web.ReadJSON(w, r, &st); err != nil {
		return err
	}
	if err := s.Answer(r.Context(), ref, r.PathValue("act"), st); err != nil {
		return err
	}
	return s.apiSharedTask(w, r)
}

// Proof is one kind of record that proves a mechanism, with how many a unit and those below it have in the year.
type Proof struct {
	Figure string       `json:"figure"`
	N      int64        `json:"n"`
	Query  ledger.Query `json:"-"`
}

// At is how a mechanism stands at a unit in a year: with no record in it, nothing proves that it works (R61).
type At struct {
	Mechanism string          `json:"mechanism"`
	Proofs    []Proof         `json:"proofs"`
	N         int64           `json:"n"`
	Below     map[id.ID]int64 `json:"below,omitempty"`
}

// proofs are the figures that prove each mechanism; those that no module counts yet are left out.
var proofs = map[string][]string{
	"coordination": {"contact.talks", "contact.agreements", "meeting.joint_held"},
	"linked":       {"contact.joint"},
	"resources":    {"contact.lent", "contact.borrowed"},
}

// MechanismsOf counts what proves the three mechanisms at a unit in a year, and at each unit right below it. Needs View.
func (s *Service) MechanismsOf(ctx context.Context, u org.Unit, year int) ([]At, []org.Unit, error) {
	if !scope.From(ctx).May(scope.View, u.Pos) {
		return nil, nil, errs.New(errs.NotFound, "errs.not_found")
	}
	y := clock.YearOf(year)
	day := min(y.To, clock.Today(ctx))
	var below []org.Unit
	if !u.Level.Leaf() && u.Level != org.Township {
		nodes, err := s.org.Children(ctx, u.ID, day, "", 500)
		if err != nil {
			return nil, nil, err
		}
		for _, n := range nodes {
			below = append(below, n.Unit)
		}
	}
	var out []At
	for _, m := range Mechanisms {
		at := At{Mechanism: m.Name, Below: map[id.ID]int64{}}
		for _, code := range proofs[m.Name] {
			if _, err := s.ledger.Figure(code); errs.Is(err, errs.NotFound) {
				continue
			}
			q := ledger.Query{Figure: code, Unit: u.ID, Day: day, From: y.From, To: day}
			v, err := s.ledger.Ask(ctx, q)
			if err != nil {
				return nil, nil, err
			}
			at.Proofs, at.N = append(at.Proofs, Proof{code, v.Int(), q}), at.N+v.Int()
			each, err := s.ledger.AtEach(ctx, q, below)
			if err != nil {
				return nil, nil, err
			}
			for unit, v := range each {
				at.Below[unit] += v.Int()
			}
		}
		out = append(out, at)
	}
	return out, below, nil
}

type mechanismView struct {
	Unit       org.Unit
	Year, This int
	Works      bool
	List       []At
	Below      []org.Unit
	Names      map[string]ledger.Definition
}

func (s *Service) mechanismPage(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	u, err := s.unitIn(r)
	if err != nil {
		return err
	}
	v := mechanismView{Unit: u, Year: yearOr(r, filterIn(r).Year), This: clock.Today(ctx).Year(), Works: scope.From(ctx).May(scope.Work, u.Pos), Names: map[string]ledger.Definition{}}
	if v.List, v.Below, err = s.MechanismsOf(ctx, u, v.Year); err != nil {
		return err
	}
	for _, m := range v.List {
		for _, p := range m.Proofs {
			if v.Names[p.Figure], err = s.ledger.Figure(p.Figure); err != nil {
				return err
			}
		}
	}
	title := i18n.T(ctx, "contact.mechanisms")
	return web.Render(w, r, web.Page{Title: title + " · " + u.Name, Current: "contact", Crumbs: []ui.Link{{Text: i18n.T(ctx, "contact.heading"), Href: "/contact"}, {Text: title}}}, mechanismsPage(v))
}

func (s *Service) apiMechanisms(w http.ResponseWriter, r *http.Request) error {
	u, err := s.unitIn(r)
	if err != nil {
		return err
	}
	year := yearOr(r, filterIn(r).Year)
	list, _, err := s.MechanismsOf(r.Context(), u, year)
	if err != nil {
		return err
	}
	return web.JSON(w, http.StatusOK, map[string]any{"unit": u.ID, "year": year, "mechanisms": list})
}
