package assess

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"xinhuo/internal/flow"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/table"
	"xinhuo/internal/kit/web"
	"xinhuo/internal/kit/web/ui"
	"xinhuo/internal/ledger"
	"xinhuo/internal/org"
	"xinhuo/internal/record"
)

// Routes are this module's addresses.
func (s *Service) Routes() []web.Route {
	return append([]web.Route{
		{Method: "GET", Path: "/reform", Right: scope.View, Scope: web.ByUnit, Name: "assess.list", Handler: s.list},
		{Method: "GET", Path: "/reform/export", Right: scope.View, Scope: web.ByUnit, Name: "assess.exportFile", Handler: s.exportFile},
		{Method: "GET", Path: "/reform/timetable", Right: scope.View, Scope: web.ByUnit, Name: "assess.timetablePage", Handler: s.timetablePage},
		{Method: "GET", Path: "/reform/timetable/export", Right: scope.View, Scope: web.ByUnit, Name: "assess.timetableFile", Handler: s.timetableFile},
		{Method: "GET", Path: "/reform/new", Right: scope.Work, Scope: web.ByRecord, Name: "assess.newForm", Handler: s.newForm},
		{Method: "POST", Path: "/reform/new", Right: scope.Work, Scope: web.ByRecord, Name: "assess.create", Handler: s.create},
		{Method: "GET", Path: "/reform/{ref}", Right: scope.View, Scope: web.ByRecord, Name: "assess.show", Handler: s.show},
		{Method: "GET", Path: "/reform/known/{ref}", Right: scope.View, Scope: web.ByRecord, Name: "assess.known", Handler: s.known},
		{Method: "GET", Path: "/reform/{ref}/{act}", Right: scope.Work, Scope: web.ByRecord, Name: "assess.actForm", Handler: s.actForm},
		{Method: "POST", Path: "/reform/{ref}/{act}", Right: scope.Work, Scope: web.ByRecord, Name: "assess.act", Handler: s.act},
		{Method: "GET", Path: "/reform/programme/new", Right: scope.Work, Scope: web.ByUnit, Name: "assess.newProgramme", Handler: s.newProgramme},
		{Method: "POST", Path: "/reform/programme/new", Right: scope.Work, Scope: web.ByUnit, Name: "assess.createProgramme", Handler: s.createProgramme},
		{Method: "GET", Path: "/reform/programme/{ref}", Right: scope.View, Scope: web.ByRecord, Name: "assess.showProgramme", Handler: s.showProgramme},
		{Method: "GET", Path: "/reform/programme/{ref}/edit", Right: scope.Work, Scope: web.ByRecord, Name: "assess.editProgramme", Handler: s.editProgramme},
		{Method: "POST", Path: "/reform/programme/{ref}/edit", Right: scope.Work, Scope: web.ByRecord, Name: "assess.saveProgramme", Handler: s.saveProgramme},
		{Method: "POST", Path: "/reform/programme/{ref}/undo", Right: scope.Work, Scope: web.ByRecord, Name: "assess.undoProgramme", Handler: s.undoProgramme},
	}, s.apiRoutes()...)
}

// unitIn is the unit that the address names, the reader's own without one.
func (s *Service) unitIn(r *http.Request) (org.Unit, error) {
	if q := r.URL.Query().Get("unit"); q != "" {
		return s.org.Resolve(r.Context(), q)
	}
	return s.org.Unit(r.Context(), scope.From(r.Context()).Unit)
}

func refIn(r *http.Request) (id.Ref, error) {
	ref, err := id.ParseRef(r.PathValue("ref"))
	if err != nil {
		return ref, web.NotFound(r)
	}
	return ref, nil
}

// dayOr is the day that the address names, today without one.
func dayOr(r *http.Request) clock.Day {
	if d, err := clock.ParseDay(r.URL.Query().Get("day")); err == nil && d != clock.Open {
		return d
	}
	return clock.Today(r.Context())
}

// overviewIn is the programme that a list asks for, seen from its unit: the one named, otherwise the first that
// concerns the unit. Programme is empty when there is none.
func (s *Service) overviewIn(r *http.Request) (Overview, []Listed, error) {
	ctx, day := r.Context(), dayOr(r)
	u, err := s.unitIn(r)
	if err != nil {
		return Overview{}, nil, err
	}
	if at, err := s.org.AsOf(ctx, u.ID, day); err == nil {
		u = at
	}
	list, err := s.Programmes(ctx, u)
	if err != nil || len(list) == 0 {
		return Overview{Unit: u, Day: day, Counts: map[Status]int{}}, list, err
	}
	ref := list[0].Ref
	if q := r.URL.Query().Get("programme"); q != "" {
		if ref, err = id.ParseRef(q); err != nil {
			return Overview{}, nil, web.NotFound(r)
		}
	}
	o, err := s.Overview(ctx, ref, u, day)
	return o, list, err
}

type listView struct {
	Overview
	List    []Listed
	Has     bool
	Works   bool // may begin a programme here
	Owner   bool // may change the programme
	Only    Status
	Figures []ui.Figure
	Under5  []ledger.Item
	Shown   []Line
	Paging  ui.Paging
	Query   url.Values
}

const listSize = 50

// at is this list with something changed.
func (v listView) at(pairs ...string) string {
	q := url.Values{}
	for k, x := range v.Query {
		q[k] = x
	}
	for i := 0; i < len(pairs); i += 2 {
		if pairs[i+1] == "" {
			q.Del(pairs[i])
		} else {
			q.Set(pairs[i], pairs[i+1])
		}
	}
	return "/reform?" + q.Encode()
}

func (s *Service) list(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	o, list, err := s.overviewIn(r)
	if err != nil {
		return err
	}
	q := url.Values{"unit": {o.Unit.ID.String()}, "day": {string(o.Day)}}
	if len(list) > 0 {
		q.Set("programme", o.Ref.String())
	}
	v := listView{Overview: o, List: list, Has: len(list) > 0, Query: q, Only: Status(r.URL.Query().Get("status")),
		Works: scope.From(ctx).May(scope.Work, o.Unit.Pos)}
	v.Owner = v.Has && s.ownerWorks(ctx, o.Programme)
	if v.Has && o.Programme.Main {
		if v.Figures, v.Under5, err = s.figures(ctx, o); err != nil {
			return err
		}
	}
	v.pick(r.URL.Query().Get("from"))
	title := i18n.T(ctx, "assess.title")
	p := web.Page{Title: title + " · " + o.Unit.Name, Current: "reform", Crumbs: []ui.Link{{Text: title}}}
	return web.Render(w, r, p, listPage(v))
}

// pick takes the lines of one status and one page of them.
func (v *listView) pick(from string) {
	var all []Line
	for _, l := range v.Lines {
		if v.Only == "" || l.Status == v.Only {
			all = append(all, l)
		}
	}
	n, _ := strconv.Atoi(from) // anything else begins at the first
	if n < 0 || n >= len(all) {
		n = 0
	}
	end := min(n+listSize, len(all))
	v.Shown = all[n:end]
	v.Paging = ui.Paging{Here: end - n, Rest: int64(len(all) - end)}
	if end < len(all) {
		v.Paging.Next = v.at("status", string(v.Only), "from", strconv.Itoa(end))
	}
	if n > 0 {
		v.Paging.First = v.at("status", string(v.Only))
	}
}

// mainFigures are the figures that a main programme moves.
var mainFigures = []string{"reform.adopted", "reform.adopted_share", "reform.adopted_under5"}

// ownBook asks for the numbers of the reader's own unit: what they see move.
func ownBook(ctx context.Context) ledger.Query {
	return ledger.Query{Unit: scope.From(ctx).Unit, Day: clock.Today(ctx)}
}

// figures are the ledger's own numbers of the main programme, each with its evidence.
func (s *Service) figures(ctx context.Context, o Overview) (out []ui.Figure, under []ledger.Item, err error) {
	for i, code := range mainFigures {
		q := ledger.Query{Figure: code, Unit: o.Unit.ID, Day: o.Day}
		val, err := s.ledger.Ask(ctx, q)
		if err != nil {
			return nil, nil, err
		}
		def, err := s.ledger.Figure(code)
		if err != nil {
			return nil, nil, err
		}
		f := ui.Figure{Label: def.Short.In(i18n.Lang(ctx)), Href: record.EvidenceHref(q), Size: "l"}
		f.Number, f.Unit = ledger.Number(ctx, def, val.Amount)
		if out = append(out, f); i == 2 {
			list, err := s.ledger.Evidence(ctx, q, "", 0)
			if err != nil {
				return nil, nil, err
			}
			under = list.Items
		}
	}
	return out, under, nil
}

func (s *Service) exportFile(w http.ResponseWriter, r *http.Request) error {
	u, err := s.unitIn(r)
	if err != nil {
		return err
	}
	format := table.XLSX
	if r.URL.Query().Get("format") == table.CSV {
		format = table.CSV
	}
	kind, title := Kind, i18n.T(r.Context(), "assess.title")+"-"+u.Name
	if r.URL.Query().Get("kind") == KindProgramme {
		kind, title = KindProgramme, i18n.T(r.Context(), "assess.programme")+"-"+u.Name
	}
	w.Header().Set("Content-Type", table.ContentType(format))
	w.Header().Set("Content-Disposition", "attachment; filename*=UTF-8''"+url.PathEscape(title+"."+format))
	return s.rec.Export(r.Context(), w, kind, format, u.ID, title)
}

type showView struct {
	Ref       id.Ref
	Adoption  Adoption
	Version   record.Version
	Programme Programme
	Unit      org.Unit
	Owner     org.Unit
	Status    Status
	Day       clock.Day
	May       map[string]bool
	Case      *flow.Case
	History   []ui.Change
	Key       string
}

func (s *Service) known(w http.ResponseWriter, r *http.Request) error {
	ref, err := refIn(r)
	if err != nil {
		return err
	}
	a, _, err := s.Adoption(r.Context(), ref)
	if err != nil {
		return err
	}
	u, err := s.org.Unit(r.Context(), a.Unit)
	if err != nil {
		return err
	}
	return s.adoptions.KnownPage(w, r, ref, ui.Link{Text: u.Name, Href: "/reform/" + ref.String()}, "reform")
}

func (s *Service) show(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	ref, err := refIn(r)
	if err != nil {
		return err
	}
	v := showView{Ref: ref, Day: dayOr(r), Key: web.NewKey()}
	if v.Adoption, v.Version, err = s.Adoption(ctx, ref); err != nil {
		return err
	}
	if v.Programme, _, err = s.Programme(ctx, v.Adoption.Programme); err != nil {
		return err
	}
	if v.Unit, err = s.org.Unit(ctx, v.Adoption.Unit); err != nil {
		return err
	}
	if v.Owner, err = s.org.Unit(ctx, v.Programme.Owner); err != nil {
		return err
	}
	if v.May, err = s.May(ctx, ref, v.Adoption, v.Programme, v.Version); err != nil {
		return err
	}
	if c, ok, err := s.Case(ctx, ref); err != nil {
		return err
	} else if ok {
		v.Case = &c
	}
	if v.History, err = s.adoptions.Timeline(ctx, ref, "/reform/"+ref.String()+"/undo"); err != nil {
		return err
	}
	v.Status = v.Adoption.StatusOn(v.Day)
	if len(v.History) > 0 && !v.May[ActUndo] {
		v.History[0].Undo = nil
	}
	p := web.Page{Title: v.Unit.Name + " · " + v.Programme.Name, Current: "reform", Crumbs: s.crumbs(ctx, v.Unit, v.Unit.Name)}
	return web.Render(w, r, p, showPage(v))
}

func (s *Service) crumbs(ctx context.Context, u org.Unit, here string) []ui.Link {
	out := []ui.Link{{Text: i18n.T(ctx, "assess.title"), Href: "/reform"}}
	if up, err := s.org.Unit(ctx, u.Parent); err == nil && scope.From(ctx).May(scope.View, up.Pos) {
		out = append(out, ui.Link{Text: up.Name, Href: "/reform?unit=" + up.ID.String()})
	}
	return append(out, ui.Link{Text: here})
}

// actView is a form of one act, or of a new record (Act "new").
type actView struct {
	Act       string
	Ref       id.Ref
	Version   int64
	Unit      org.Unit
	Programme Programme
	ProgRef   id.Ref
	Adoption  Adoption
	Value     func(name string) string
	Values    []string // ticked parts
	At        map[string]string
	Faults    []ui.Fault
	Key       string
}

func (v actView) action() string {
	if v.Act == "new" {
		return "/reform/new?unit=" + v.Unit.ID.String() + "&programme=" + v.ProgRef.String()
	}
	return "/reform/" + v.Ref.String() + "/" + v.Act
}

func (v actView) back() string {
	if v.Act == "new" {
		return "/reform?unit=" + v.Unit.ID.String() + "&programme=" + v.ProgRef.String()
	}
	return "/reform/" + v.Ref.String()
}

// forms are the acts that have a page of their own.
var forms = map[string]bool{ActPlan: true, ActSubmit: true, ActAccept: true, ActReturn: true, ActRevoke: true, ActMaturity: true, ActParts: true, ActRemove: true}

func (s *Service) actIn(r *http.Request) (actView, error) {
	ctx := r.Context()
	v := actView{Act: r.PathValue("act"), Key: web.NewKey(), At: map[string]string{}}
	var err error
	if v.Ref, err = refIn(r); err != nil {
		return v, err
	}
	var ver record.Version
	v.Adoption, ver, err = s.Adoption(ctx, v.Ref)
	if r.Method == http.MethodPost && (v.Act == ActUndo || v.Act == ActRemove) && errs.Is(err, errs.NotFound) { // brought back, or taken out twice
		v.Adoption, ver, err = s.adoptions.Removed(ctx, v.Ref)
	}
	if err != nil {
		return v, err
	}
	v.Version = ver.N
	if v.Programme, _, err = s.Programme(ctx, v.Adoption.Programme); err != nil {
		return v, err
	}
	if v.Unit, err = s.org.Unit(ctx, v.Adoption.Unit); err != nil {
		return v, err
	}
	if !forms[v.Act] && v.Act != ActUndo {
		return v, web.NotFound(r)
	}
	may, err := s.May(ctx, v.Ref, v.Adoption, v.Programme, ver)
	if err == nil && r.Method == http.MethodGet && !may[v.Act] {
		err = errs.New(errs.Forbidden, "assess.not_now")
	}
	return v, err
}

// start is what a form shows before anything was typed.
func (v *actView) start(ctx context.Context) {
	first := map[string]string{"day": string(clock.Today(ctx)), "mentor": v.Adoption.Mentor}
	if v.Act == ActPlan {
		first["day"] = string(v.Adoption.PlannedOn)
	}
	if v.Act == "new" {
		first["day"] = ""
	}
	for _, p := range v.Adoption.Parts {
		v.Values = append(v.Values, p.Part)
	}
	for _, q := range v.Adoption.Results {
		first["evidence_"+q.Criterion] = q.Evidence
		if q.Met {
			first["met_"+q.Criterion] = "1"
		}
	}
	v.Value = func(name string) string { return first[name] }
}

func (s *Service) actForm(w http.ResponseWriter, r *http.Request) error {
	if r.PathValue("act") == "done" {
		return s.donePage(w, r)
	}
	v, err := s.actIn(r)
	if err != nil {
		return err
	}
	if !forms[v.Act] {
		return web.NotFound(r)
	}
	v.start(r.Context())
	return s.renderAct(w, r, v, 0)
}

func (s *Service) renderAct(w http.ResponseWriter, r *http.Request, v actView, status int) error {
	title := i18n.T(r.Context(), "assess.form."+v.Act)
	return web.Render(w, r, web.Page{Title: title, Plain: true, Error: len(v.Faults) > 0, Status: status}, actPage(v, title))
}

// typed reads a form into a step; what cannot be read is a problem beside its input.
func (v *actView) typed(f *web.Form) Step {
	v.Value, v.Values = f.Text, f.Values["parts"]
	version, _ := strconv.ParseInt(f.Text("_version"), 10, 64) // 0 meets no version
	st := Step{Version: version, Reason: f.Text("reason"), Document: f.Text("document"), Mentor: f.Text("mentor"), Level: f.Text("level"), Parts: v.Values}
	day, err := clock.ParseDay(f.Text("day"))
	if err != nil && f.Text("day") != "" {
		f.Problems.Add("day", "errs.day_unreadable")
	}
	st.Day = day
	for _, c := range v.Programme.Criteria {
		st.Results = append(st.Results, Result{Criterion: c.Code, Met: f.Text("met_"+c.Code) != "", Evidence: f.Text("evidence_" + c.Code)})
	}
	return st
}

func (s *Service) act(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	v, err := s.actIn(r)
	if err != nil {
		return err
	}
	f, err := web.ReadForm(w, r)
	if err != nil {
		return err
	}
	st := v.typed(f)
	if err = f.Problems.Err(); err == nil {
		var to string
		to, err = web.Once(ctx, s.db, f.Key(), func(ctx context.Context) (string, error) {
			moved, err := s.rec.Watched(ctx, ownBook(ctx), mainFigures, func(ctx context.Context) error { return s.Do(ctx, v.Ref, v.Act, st) })
			return "/reform/" + v.Ref.String() + "/done?" + url.Values{"act": {v.Act}, "moved": {moved}}.Encode(), err
		})
		if err == nil {
			if _, _, gone := s.Adoption(ctx, v.Ref); gone != nil && v.Act == ActUndo { // taking back the first version leaves nothing to show
				to = "/reform?unit=" + v.Unit.ID.String()
			}
			return web.SeeOther(w, r, to)
		}
	}
	if !forms[v.Act] {
		return err
	}
	status, rest := v.refused(ctx, err)
	if rest != nil {
		return rest
	}
	return s.renderAct(w, r, v, status)
}

// refused puts a refusal into the form, so that what was typed stays.
func (v *actView) refused(ctx context.Context, err error) (int, error) {
	v.Key = web.NewKey()
	if errs.KindOf(err) == errs.Conflict {
		v.Faults = web.Faults(ctx, err)
		return http.StatusConflict, nil
	}
	var rest error
	v.At, v.Faults, rest = web.Problems(ctx, err)
	return http.StatusUnprocessableEntity, rest
}

// donePage says what was done, which figures moved, and how to take it back.
func (s *Service) donePage(w http.ResponseWriter, r *http.Request) error {
	ctx, q := r.Context(), r.URL.Query()
	ref, err := refIn(r)
	if err != nil {
		return err
	}
	a, v, err := s.Adoption(ctx, ref)
	removed := errs.Is(err, errs.NotFound)
	if removed {
		a, v, err = s.adoptions.Removed(ctx, ref)
	}
	if err != nil {
		return err
	}
	p, _, err := s.Programme(ctx, a.Programme)
	if err != nil {
		return err
	}
	u, err := s.org.Unit(ctx, a.Unit)
	if err != nil {
		return err
	}
	act := q.Get("act")
	if !forms[act] && act != "new" && act != ActUndo || removed != (act == ActRemove) {
		return web.NotFound(r)
	}
	here := "/reform/" + ref.String()
	title := i18n.T(ctx, "assess.done."+act)
	res := ui.Result{Title: title, CodeLabel: p.Name, Code: u.Name, Acts: []ui.Button{{Text: i18n.T(ctx, "assess.to_list"), Href: "/reform", Main: removed}}}
	if !removed {
		res.Next = []ui.Link{{Text: i18n.T(ctx, "assess.now", "Status", i18n.T(ctx, "assess.status."+string(a.StatusOn(clock.Today(ctx)))))}}
		res.Acts = append([]ui.Button{{Text: i18n.T(ctx, "assess.see"), Href: here, Main: true}}, res.Acts...)
	}
	if res.Moved, err = s.rec.Moved(ctx, ownBook(ctx), mainFigures, q.Get("moved")); err != nil {
		return err
	}
	if act != ActUndo && !byFlow[v.Act] {
		res.Undo, res.UndoUntil = s.adoptions.UndoPost(ctx, v, here+"/undo")
	}
	return web.Render(w, r, web.Page{Title: title, Current: "reform"}, donePanel(res))
}

func (s *Service) newIn(r *http.Request) (actView, error) {
	ctx := r.Context()
	v := actView{Act: "new", Key: web.NewKey(), At: map[string]string{}}
	var err error
	// a unit or a programme that one may not know of and one that does not exist look alike
	alike := func(err error) error {
		if errs.Is(err, errs.NotFound) {
			return web.NotFound(r)
		}
		return err
	}
	if v.Unit, err = s.unitIn(r); err != nil {
		return v, alike(err)
	}
	if v.ProgRef, err = id.ParseRef(r.URL.Query().Get("programme")); err != nil {
		return v, web.NotFound(r)
	}
	if v.Programme, _, err = s.Programme(ctx, v.ProgRef); err != nil {
		return v, alike(err)
	}
	wide, err := s.planning(ctx, v.Programme, v.Unit)
	if err != nil {
		return v, err
	}
	at, err := s.rec.Home(ctx, v.Unit.ID)
	if err != nil {
		return v, err
	}
	if !scope.From(wide).May(scope.Work, at.Pos) {
		if scope.From(ctx).May(scope.View, at.Pos) {
			return v, errs.New(errs.Forbidden, "record.not_your_unit", "Unit", v.Unit.Name)
		}
		return v, web.NotFound(r)
	}
	return v, nil
}

func (s *Service) newForm(w http.ResponseWriter, r *http.Request) error {
	v, err := s.newIn(r)
	if err != nil {
		return err
	}
	v.start(r.Context())
	return s.renderAct(w, r, v, 0)
}

func (s *Service) create(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	v, err := s.newIn(r)
	if err != nil {
		return err
	}
	f, err := web.ReadForm(w, r)
	if err != nil {
		return err
	}
	st := v.typed(f)
	if err = f.Problems.Err(); err == nil {
		a := Adoption{Programme: v.ProgRef, Unit: v.Unit.ID}
		if err = a.plan(st, clock.Today(ctx)); err == nil {
			var to string
			to, err = web.Once(ctx, s.db, f.Key(), func(ctx context.Context) (string, error) {
				ref, err := s.CreateAdoption(ctx, a, record.Change{Act: "assess.act.create"})
				return "/reform/" + ref.String() + "/done?act=new", err
			})
			if err == nil {
				return web.SeeOther(w, r, to)
			}
		}
	}
	status, rest := v.refused(ctx, err)
	if rest != nil {
		return rest
	}
	return s.renderAct(w, r, v, status)
}

// joined writes a list in the reader's language.
func joined[T any](ctx context.Context, list []T, text func(T) string) string {
	words := make([]string, 0, len(list))
	for _, v := range list {
		words = append(words, text(v))
	}
	return strings.Join(words, i18n.T(ctx, "assess.comma"))
}

func partName(ctx context.Context, p Part) string {
	if p.Name == "" {
		return i18n.T(ctx, "assess.part_unknown")
	}
	return p.Name
}

func partNames(ctx context.Context, list []Part) string {
	return joined(ctx, list, func(p Part) string { return partName(ctx, p) })
}

func periodText(ctx context.Context, p Period) string {
	if p.RevokedOn == clock.Open {
		return i18n.T(ctx, "assess.period_open", "From", i18n.Day(ctx, p.AdoptedOn))
	}
	return i18n.T(ctx, "assess.period", "From", i18n.Day(ctx, p.AdoptedOn), "To", i18n.Day(ctx, p.RevokedOn))
}
