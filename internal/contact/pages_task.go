package contact

import (
	"context"
	"net/http"
	"net/url"
	"slices"

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

func (s *Service) taskRoutes() []web.Route {
	return []web.Route{
		{Method: "GET", Path: "/assign", Right: scope.View, Scope: web.ByUnit, Name: "contact.taskList", Handler: s.taskList},
		{Method: "GET", Path: "/assign/new", Right: scope.Work, Scope: web.ByUnit, Name: "contact.taskNew", Handler: s.taskNew},
		{Method: "POST", Path: "/assign/new", Right: scope.Work, Scope: web.ByUnit, Name: "contact.taskCreate", Handler: s.taskCreate},
		{Method: "GET", Path: "/assign/export", Right: scope.View, Scope: web.ByUnit, Name: "contact.taskExport", Handler: s.taskExport},
		{Method: "GET", Path: "/assign/{ref}", Right: scope.View, Scope: web.ByRecord, Name: "contact.taskShow", Handler: s.taskShow},
		{Method: "GET", Path: "/assign/known/{ref}", Right: scope.View, Scope: web.ByRecord, Name: "contact.taskKnown", Handler: s.taskKnown},
		{Method: "GET", Path: "/assign/{ref}/{act}", Right: scope.Work, Scope: web.ByRecord, Name: "contact.taskForm", Handler: s.taskForm},
		{Method: "POST", Path: "/assign/{ref}/{act}", Right: scope.Work, Scope: web.ByRecord, Name: "contact.taskAct", Handler: s.taskAct},
		{Method: "GET", Path: "/api/v1/assignments", Right: scope.View, Scope: web.ByUnit, Name: "contact.apiTasks", Handler: s.apiTasks},
		{Method: "POST", Path: "/api/v1/assignments", Right: scope.Work, Scope: web.ByRecord, Name: "contact.apiAssign", Handler: s.apiAssign},
		{Method: "GET", Path: "/api/v1/assignments/{ref}", Right: scope.View, Scope: web.ByRecord, Name: "contact.apiTask", Handler: s.apiTask},
		{Method: "PUT", Path: "/api/v1/assignments/{ref}", Right: scope.Work, Scope: web.ByRecord, Name: "contact.apiSaveTask", Handler: s.apiSaveTask},
	}
}

// taskStates are what a list of tasks can be narrowed to.
var taskStates = []string{"open", "late", "done"}

func taskFilterIn(r *http.Request) TaskFilter {
	f := TaskFilter{Day: clock.Today(r.Context())}
	if st := r.URL.Query().Get("state"); slices.Contains(taskStates, st) {
		f.State = st
	}
	if ref, err := id.ParseRef(r.URL.Query().Get("body")); err == nil {
		f.Body = ref.ID
	}
	return f
}

type taskListView struct {
	Unit   org.Unit
	Filter TaskFilter
	List   []ListedTask
	Units  map[id.ID]org.Unit
	Bodies map[id.ID]ListedBody
	Works  bool
	Query  url.Values
}

func (s *Service) taskList(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	u, err := s.unitIn(r)
	if err != nil {
		return err
	}
	v := taskListView{Unit: u, Filter: taskFilterIn(r), Works: scope.From(ctx).May(scope.Work, u.Pos), Query: url.Values{"unit": {u.ID.String()}}}
	if v.List, err = s.Tasks(ctx, u, v.Filter); err != nil {
		return err
	}
	var units, bodies []id.ID
	for _, t := range v.List {
		units, bodies = append(units, t.Unit), append(bodies, t.Lead)
	}
	if v.Units, err = s.org.ByIDs(ctx, units); err != nil {
		return err
	}
	if v.Bodies, err = s.Named(ctx, bodies); err != nil {
		return err
	}
	title := i18n.T(ctx, "contact.tasks")
	return web.Render(w, r, web.Page{Title: title + " · " + u.Name, Current: "contact", Crumbs: []ui.Link{{Text: i18n.T(ctx, "contact.bodies"), Href: "/body"}, {Text: title}}}, taskListPage(v))
}

func (s *Service) taskExport(w http.ResponseWriter, r *http.Request) error {
	return s.exportTable(w, r, KindTask, "contact.tasks")
}

func (s *Service) taskFormOf(ctx context.Context, t Task, unit org.Unit, action, back string, version int64) (formView, error) {
	tr := func(key string) string { return i18n.T(ctx, key) }
	lead := ui.Input{Kind: ui.KindSelect, Name: "lead", Label: tr("contact.lead"), Hint: tr("contact.lead_hint")}
	assist := ui.Input{Kind: ui.KindChecks, Name: "assist", Label: tr("contact.assist"), Optional: true}
	list, err := s.PartnersOf(ctx, unit)
	if err != nil {
		return formView{}, err
	}
	lead.Options = append(lead.Options, ui.Option{Text: tr("contact.choose")})
	for _, b := range list {
		o := ui.Option{Value: b.Ref.String(), Text: b.Name}
		lead.Options, assist.Options = append(lead.Options, o), append(assist.Options, o)
	}
	if t.Lead.ID != 0 {
		lead.Value = t.Lead.String()
	}
	for _, b := range t.Assist {
		assist.Values = append(assist.Values, b.String())
	}
	v := formView{Over: unit.Name, Title: tr("contact.form.task"), Action: action, BackTo: back, Version: version, Key: web.NewKey(), Fields: []ui.Input{
		{Name: "title", Label: tr("contact.task_title"), Hint: tr("contact.task_hint"), Value: t.Title},
		{Kind: ui.KindArea, Name: "text", Label: tr("contact.task_text"), Value: t.Text, Lines: 5, Optional: true}, lead}}
	if len(list) > 1 {
		v.Fields = append(v.Fields, assist)
	}
	v.Fields = append(v.Fields, ui.Input{Kind: ui.KindDate, Name: "due", Label: tr("contact.due"), Value: string(t.Due)})
	return v, nil
}

func taskIn(f *web.Form, unit id.ID) Task {
	t := Task{Unit: unit, Title: f.Text("title"), Text: f.Text("text"), Due: f.Day("due")}
	t.Lead, _ = id.ParseRef(f.Text("lead")) // nobody is refused by name
	for _, x := range f.Values["assist"] {
		if ref, err := id.ParseRef(x); err == nil {
			t.Assist = append(t.Assist, ref)
		}
	}
	return t
}

func (s *Service) taskNew(w http.ResponseWriter, r *http.Request) error {
	u, err := s.unitIn(r)
	if err != nil {
		return err
	}
	t := Task{}
	t.Lead, _ = id.ParseRef(r.URL.Query().Get("lead")) // none chosen yet
	v, err := s.taskFormOf(r.Context(), t, u, "/assign/new?unit="+u.ID.String(), "/assign?unit="+u.ID.String(), 0)
	if err != nil {
		return err
	}
	return render(w, r, v, nil, 0)
}

func (s *Service) taskCreate(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	u, err := s.unitIn(r)
	if err != nil {
		return err
	}
	f, err := web.ReadForm(w, r)
	if err != nil {
		return err
	}
	t := taskIn(f, u.ID)
	if err = f.Problems.Err(); err == nil {
		var to string
		if to, err = web.Once(ctx, s.db, f.Key(), func(ctx context.Context) (string, error) {
			ref, err := s.Assign(ctx, t, record.Change{})
			return taskPath(ref), err
		}); err == nil {
			return web.SeeOther(w, r, to)
		}
	}
	v, bad := s.taskFormOf(ctx, t, u, "/assign/new?unit="+u.ID.String(), "/assign?unit="+u.ID.String(), 0)
	if bad != nil {
		return bad
	}
	return again(w, r, v, f, err)
}

// taskView is a task as its unit and as its bodies see it.
type taskView struct {
	Ref     id.Ref
	Task    Task
	Version int64
	Unit    org.Unit
	Names   map[id.ID]string
	Day     clock.Day
	Works   bool
	Mine    *ListedBody // a body reads it
	Undo    *ui.Post
	Form    *formView // the body's report
	History []ui.Change
}

func (s *Service) taskShow(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	ref, err := web.RefIn(r)
	if err != nil {
		return err
	}
	v := taskView{Ref: ref, Day: clock.Today(ctx)}
	t, ver, err := s.Task(ctx, ref)
	if err != nil {
		return err
	}
	v.Task, v.Version = t, ver.N
	if v.Unit, err = s.rec.Home(ctx, t.Unit); err != nil {
		return err
	}
	v.Works = scope.From(ctx).May(scope.Work, v.Unit.Pos)
	if v.Names, err = s.namesOf(ctx, t); err != nil {
		return err
	}
	if v.History, err = s.tasks.Timeline(ctx, ref, taskPath(ref)+"/undo"); err != nil {
		return err
	}
	return web.Render(w, r, web.Page{Title: t.Title, Current: "contact", Crumbs: []ui.Link{{Text: i18n.T(ctx, "contact.tasks"), Href: "/assign?unit=" + t.Unit.String()}, {Text: t.Title}}}, taskPage(v))
}

func (s *Service) taskKnown(w http.ResponseWriter, r *http.Request) error {
	ref, err := web.RefIn(r)
	if err != nil {
		return err
	}
	t, _, err := s.Task(r.Context(), ref)
	if err != nil {
		return err
	}
	return s.tasks.KnownPage(w, r, ref, ui.Link{Text: t.Title, Href: taskPath(ref)}, "contact")
}

// taskOf is the page of an act on a task, for somebody who works at its unit.
func (s *Service) taskOf(r *http.Request) (Task, formView, error) {
	ctx := r.Context()
	ref, err := web.RefIn(r)
	if err != nil {
		return Task{}, formView{}, err
	}
	act := r.PathValue("act")
	t, v, err := s.Task(ctx, ref)
	if act == actUndo && errs.Is(err, errs.NotFound) {
		t, v, err = s.tasks.Removed(ctx, ref)
	}
	if err != nil {
		return t, formView{}, err
	}
	if !slices.Contains([]string{actEdit, actRemove, actUndo, ActReturn}, act) {
		return t, formView{}, web.NotFound(r)
	}
	u, err := s.rec.Home(ctx, t.Unit)
	if err != nil {
		return t, formView{}, err
	}
	if !scope.From(ctx).May(scope.Work, u.Pos) { // refused, and logged
		return t, formView{}, s.tasks.MayWork(ctx, ref, record.Change{Act: "contact.act.task_save"})
	}
	out, err := s.taskFormOf(ctx, t, u, taskPath(ref)+"/"+act, taskPath(ref), v.N)
	switch act {
	case actRemove:
		out.Title = i18n.T(ctx, "contact.form.task_remove")
		out.Fields = []ui.Input{{Kind: ui.KindArea, Name: "reason", Label: i18n.T(ctx, "contact.remove_reason")}}
	case ActReturn:
		out.Over, out.Title = t.Title, i18n.T(ctx, "contact.form.return")
		out.Fields = []ui.Input{{Kind: ui.KindArea, Name: "text", Label: i18n.T(ctx, "contact.return_text"), Lines: 4}}
	}
	return t, out, err
}

func (s *Service) taskForm(w http.ResponseWriter, r *http.Request) error {
	_, v, err := s.taskOf(r)
	if err != nil {
		return err
	}
	if r.PathValue("act") == actUndo {
		return web.NotFound(r)
	}
	return render(w, r, v, nil, 0)
}

func (s *Service) taskAct(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	was, v, err := s.taskOf(r)
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
	t := taskIn(f, was.Unit)
	act, version := r.PathValue("act"), f.Version()
	if act != actEdit {
		f.Problems = nil // the other acts ask for no day
	}
	if err = f.Problems.Err(); err == nil {
		var to string
		to, err = web.Once(ctx, s.db, f.Key(), func(ctx context.Context) (string, error) {
			to := taskPath(ref)
			switch act {
			case actRemove:
				return "/assign?unit=" + was.Unit.String(), s.RemoveTask(ctx, ref, version, f.Text("reason"))
			case actUndo:
				err := s.UndoTask(ctx, ref, version)
				if _, _, gone := s.Task(ctx, ref); err == nil && errs.Is(gone, errs.NotFound) {
					to = "/assign?unit=" + was.Unit.String()
				}
				return to, err
			case ActReturn:
				return to, s.Return(ctx, ref, Step{Version: version, Text: f.Text("text")})
			}
			return to, s.SaveTask(ctx, ref, version, t, record.Change{})
		})
		if err == nil {
			return web.SeeOther(w, r, to)
		}
	}
	if act == actUndo {
		return err
	}
	v.Version = version
	return again(w, r, v, f, err)
}

// taskJSON is a task as programs read and send it.
type taskJSON struct {
	Ref     id.Ref `json:"ref,omitzero"`
	Version int64  `json:"version"`
	Task
}

func (s *Service) apiTasks(w http.ResponseWriter, r *http.Request) error {
	u, err := s.unitIn(r)
	if err != nil {
		return err
	}
	list, err := s.Tasks(r.Context(), u, taskFilterIn(r))
	if err != nil {
		return err
	}
	return web.JSON(w, http.StatusOK, map[string]any{"unit": u.ID, "assignments": append([]ListedTask{}, list...)})
}

func (s *Service) answerTask(w http.ResponseWriter, r *http.Request, ref id.Ref, status int) error {
	t, v, err := s.Task(r.Context(), ref)
	if err != nil {
		return err
	}
	return web.JSON(w, status, taskJSON{Ref: ref, Version: v.N, Task: t})
}

func (s *Service) apiAssign(w http.ResponseWriter, r *http.Request) error {
	var in taskJSON
	if err := web.ReadJSON(w, r, &in); err != nil {
		return err
	}
	ref, err := web.OnceRef(r, s.db, func(ctx context.Context) (id.Ref, error) { return s.Assign(ctx, in.Task, record.Change{}) })
	if err != nil {
		return err
	}
	return s.answerTask(w, r, ref, http.StatusCreated)
}

func (s *Service) apiTask(w http.ResponseWriter, r *http.Request) error {
	ref, err := web.RefIn(r)
	if err != nil {
		return err
	}
	return s.answerTask(w, r, ref, http.StatusOK)
}

func (s *Service) apiSaveTask(w http.ResponseWriter, r *http.Request) error {
	ref, err := web.RefIn(r)
	if err != nil {
		return err
	}
	var in taskJSON
	if err := web.ReadJSON(w, r, &in); err != nil {
		return err
	}
	if err := s.SaveTask(r.Context(), ref, in.Version, in.Task, record.Change{}); err != nil {
		return err
	}
	return s.answerTask(w, r, ref, http.StatusOK)
}
