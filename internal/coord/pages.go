package coord

import (
	"context"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/a-h/templ"

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
	list := []web.Route{
		{Method: "GET", Path: "/notice", Right: scope.View, Scope: web.ByUnit, Name: "coord.list", Handler: s.list},
		{Method: "GET", Path: "/notice/export", Right: scope.View, Scope: web.ByUnit, Name: "coord.exportFile", Handler: s.exportFile},
		{Method: "GET", Path: "/notice/new", Right: scope.Work, Scope: web.ByUnit, Name: "coord.newForm", Handler: s.newForm},
		{Method: "POST", Path: "/notice/new", Right: scope.Work, Scope: web.ByUnit, Name: "coord.create", Handler: s.create},
		{Method: "GET", Path: "/notice/{ref}", Right: scope.View, Scope: web.ByRecord, Name: "coord.show", Handler: s.show},
		{Method: "GET", Path: "/notice/known/{ref}", Right: scope.View, Scope: web.ByRecord, Name: "coord.known", Handler: s.known},
		{Method: "GET", Path: "/notice/{ref}/{act}", Right: scope.View, Scope: web.ByRecord, Name: "coord.actForm", Handler: s.actForm},
		{Method: "POST", Path: "/notice/{ref}/{act}", Right: scope.Work, Scope: web.ByRecord, Name: "coord.act", Handler: s.act},
		{Method: "GET", Path: "/notice/{ref}/paper/docx", Right: scope.View, Scope: web.ByRecord, Name: "coord.paperFile", Handler: s.paperFile},
		{Method: "GET", Path: "/notice/{ref}/file/{hash}", Right: scope.View, Scope: web.ByRecord, Name: "coord.file", Handler: s.file},
		{Method: "GET", Path: "/notice/{ref}/unit/{unit}", Right: scope.View, Scope: web.ByUnit, Name: "coord.reply", Handler: s.reply},
		{Method: "GET", Path: "/notice/{ref}/unit/{unit}/{act}", Right: scope.View, Scope: web.ByUnit, Name: "coord.replyForm", Handler: s.replyForm},
		{Method: "POST", Path: "/notice/{ref}/unit/{unit}/{act}", Right: scope.Work, Scope: web.ByUnit, Name: "coord.replyAct", Handler: s.replyAct},
		{Method: "GET", Path: "/notice/{ref}/over/{unit}/{act}", Right: scope.Work, Scope: web.ByRecord, Name: "coord.overForm", Handler: s.overForm},
		{Method: "POST", Path: "/notice/{ref}/over/{unit}/{act}", Right: scope.Work, Scope: web.ByRecord, Name: "coord.overAct", Handler: s.overAct},
		{Method: "GET", Path: "/notice/{ref}/unit/{unit}/file/{hash}", Right: scope.View, Scope: web.ByUnit, Name: "coord.replyFile", Handler: s.replyFile},
	}
	return append(list, s.apiRoutes()...)
}

// unitIn is the unit that the address names, the reader's own without one.
func (s *Service) unitIn(r *http.Request) (org.Unit, error) {
	if q := r.URL.Query().Get("unit"); q != "" {
		return s.org.Resolve(r.Context(), q)
	}
	return s.org.Unit(r.Context(), scope.From(r.Context()).Unit)
}

type listView struct {
	Unit   org.Unit
	Day    clock.Day
	Filter Filter
	Issuer string
	List   []Listed
	Leads  map[id.ID]string
	States map[id.ID]State
	Works  bool
	Query  url.Values
	Paging ui.Paging
}

func (v listView) at(pairs ...string) string { return web.Address("/notice", v.Query, pairs...) }

// filterIn reads what a list is asked for.
func (s *Service) filterIn(r *http.Request) Filter {
	q := r.URL.Query()
	f := Filter{Below: q.Get("below") != "", State: q.Get("state"), Kind: q.Get("kind"), Body: q.Get("body"), After: q.Get("after")}
	if u, err := s.org.Resolve(r.Context(), q.Get("issuer")); err == nil && q.Get("issuer") != "" {
		f.Issuer = u.ID
	}
	return f
}

func (s *Service) list(w http.ResponseWriter, r *http.Request) error {
	ctx, q := r.Context(), r.URL.Query()
	u, err := s.unitIn(r)
	if err != nil {
		return err
	}
	v := listView{Unit: u, Day: web.DayIn(r), Query: url.Values{"unit": {u.ID.String()}}, Leads: map[id.ID]string{}, Works: scope.From(ctx).May(scope.Work, u.Pos), Filter: s.filterIn(r)}
	for _, name := range []string{"below", "state", "kind", "body", "issuer", "day"} {
		if x := q.Get(name); x != "" {
			v.Query.Set(name, x)
		}
	}
	if v.Filter.Issuer != 0 {
		v.Issuer = s.unitName(ctx, v.Filter.Issuer)
	}
	var next string
	if v.List, next, err = s.List(ctx, u, v.Day, v.Filter); err != nil {
		return err
	}
	if next != "" {
		v.Paging.Next = v.at("after", next)
	}
	if v.Filter.After != "" {
		v.Paging.First = v.at("after", "")
	}
	v.Paging.Here = len(v.List)
	for _, l := range v.List {
		if v.Leads[l.Unit] == "" {
			v.Leads[l.Unit] = s.unitName(ctx, l.Unit)
		}
	}
	if !v.Filter.Below {
		if v.States, err = s.States(ctx, u, v.List, v.Day); err != nil {
			return err
		}
	}
	title := i18n.T(ctx, "coord.heading")
	return web.Render(w, r, web.Page{Title: title + " · " + u.Name, Current: "notice", Crumbs: []ui.Link{{Text: title}}}, listPage(v))
}

func (s *Service) exportFile(w http.ResponseWriter, r *http.Request) error {
	u, err := s.unitIn(r)
	if err != nil {
		return err
	}
	title := i18n.T(r.Context(), "coord.heading") + "-" + u.Name
	format := attach(w, r, title)
	return s.rec.Export(r.Context(), w, Kind, format, u.ID, title)
}

// attach announces a table as a file and answers its format.
func attach(w http.ResponseWriter, r *http.Request, title string) string {
	format := table.XLSX
	if r.URL.Query().Get("format") == table.CSV {
		format = table.CSV
	}
	w.Header().Set("Content-Type", table.ContentType(format))
	w.Header().Set("Content-Disposition", "attachment; filename*=UTF-8''"+url.PathEscape(title+"."+format))
	return format
}

type showView struct {
	Ref       id.Ref
	Notice    Notice
	Version   record.Version
	Lead      org.Unit
	Issuers   []ui.Link
	Targets   string
	Cites     []ui.Fact
	At        org.Unit // seen from
	Day       clock.Day
	Addressed int64
	Board     Board
	Bound     []FieldValue
	Below     map[id.ID]map[int]ledger.Value
	Figures   map[string]ledger.Definition
	Only      State
	Levels    []org.Level // the list is narrowed to whom an obligation binds
	Binding   string
	Lines     Lines
	Parents   map[id.ID]org.Unit
	Mine      *Task // of the reader's own unit, when it has to do something
	MyActs    map[string]bool
	May       map[string]bool
	Old, New  *Listed // what it replaces, what replaces it
	Reminded  []Reminder
	History   []ui.Change
	Query     url.Values
	Paging    ui.Paging
	Key       string
	Works     bool // at the unit from which one looks
	Lent      []templ.Component
}

func (v showView) at(pairs ...string) string { return web.Address(path(v.Ref), v.Query, pairs...) }

// seenFrom is the unit from which a reader looks at a notice: the one named, otherwise the lead when they view it and it
// issues alone, otherwise their own.
func (s *Service) seenFrom(r *http.Request, n Notice) (org.Unit, error) {
	ctx, a := r.Context(), scope.From(r.Context())
	if q := r.URL.Query().Get("unit"); q != "" {
		u, err := s.org.Resolve(ctx, q)
		if err != nil || !a.May(scope.View, u.Pos) {
			return u, web.NotFound(r)
		}
		return u, nil
	}
	lead, err := s.org.Unit(ctx, n.Unit)
	if err != nil {
		return lead, err
	}
	own, err := s.org.Unit(ctx, a.Unit)
	if errs.Is(err, errs.NotFound) { // the operator
		return lead, nil
	}
	if err != nil {
		return own, err
	}
	above := own.Pos <= lead.Pos && lead.Pos < own.Range().To
	if a.May(scope.View, lead.Pos) && !(above && len(n.Issuing()) > 1) {
		return lead, nil
	}
	return own, nil
}

func (s *Service) show(w http.ResponseWriter, r *http.Request) error {
	v, err := s.showIn(r)
	if err != nil {
		return err
	}
	ctx := r.Context()
	p := web.Page{Title: v.Notice.Title, Current: "notice", Crumbs: []ui.Link{{Text: i18n.T(ctx, "coord.heading"), Href: "/notice"}, {Text: v.Notice.Title}}}
	if r.URL.Query().Get("done") == ActRemind && len(v.Reminded) > 0 {
		p.Flash = &ui.Note{Text: i18n.T(ctx, "coord.reminded", "N", v.Reminded[0].Sent)}
	}
	return web.Render(w, r, p, showPage(v))
}

func (s *Service) showIn(r *http.Request) (showView, error) {
	ctx, q := r.Context(), r.URL.Query()
	v := showView{Day: web.DayIn(r), Key: web.NewKey(), Query: url.Values{}, Only: State(q.Get("list")), Figures: map[string]ledger.Definition{}}
	var err error
	if v.Ref, err = web.RefIn(r); err != nil {
		return v, err
	}
	if v.Notice, v.Version, err = s.Notice(ctx, v.Ref); err != nil {
		return v, err
	}
	if v.Lead, err = s.org.Unit(ctx, v.Notice.Unit); err != nil {
		return v, err
	}
	if v.At, err = s.seenFrom(r, v.Notice); err != nil {
		return v, err
	}
	v.Works, v.Targets = scope.From(ctx).May(scope.Work, v.At.Pos), s.targetsText(ctx, v.Notice.Targets)
	if v.Cites, err = s.citeFacts(ctx, v.Notice); err != nil {
		return v, err
	}
	v.Query.Set("unit", v.At.ID.String())
	for _, name := range []string{"list", "day", "binds"} {
		if x := q.Get(name); x != "" {
			v.Query.Set(name, x)
		}
	}
	if no, bad := strconv.Atoi(q.Get("binds")); bad == nil {
		if o, ok := v.Notice.obligation(no); ok {
			v.Levels, v.Binding = o.Levels, o.Text
		}
	}
	for _, i := range v.Notice.Issuers {
		l := ui.Link{Text: s.unitName(ctx, i.Unit)}
		if i.JoinedOn == clock.Open {
			l.Sub = i18n.T(ctx, "coord.waits_to_join")
		}
		v.Issuers = append(v.Issuers, l)
	}
	if v.May, err = s.May(ctx, v.Ref, v.Notice, v.Version); err != nil {
		return v, err
	}
	for _, x := range v.Notice.bound() {
		if d, err := s.ledger.Figure(x.Figure); err == nil {
			v.Figures[x.Figure] = d
		}
	}
	if v.Notice.IssuedOn == clock.Open {
		v.Addressed, err = s.Addressed(ctx, v.Ref, v.Notice)
	} else {
		err = s.fillBoard(ctx, &v, q.Get("after"))
	}
	if err != nil {
		return v, err
	}
	if v.New, err = s.Superseding(ctx, v.Ref); err != nil {
		return v, err
	}
	if v.Notice.Supersedes != (id.Ref{}) {
		if old, err := s.store.noticeAcrossUnits(ctx, v.Notice.Supersedes); err == nil {
			l := old.listed()
			v.Old = &l
		}
	}
	for _, p := range s.panels {
		box, err := p.Render(ctx, v.Ref)
		if err != nil {
			return v, err
		}
		if box != nil {
			v.Lent = append(v.Lent, box)
		}
	}
	v.History, err = s.notices.Timeline(scope.Widened(ctx, v.Lead.Pos, false), v.Ref, path(v.Ref)+"/undo")
	if len(v.History) > 0 && !v.May[ActUndo] {
		v.History[0].Undo = nil
	}
	return v, err
}

// all asks for the list of all recipients, as it stands in an address.
const all State = "all"

// fillBoard reads what units have done: the counts, what the ledger answers, one list of units, and the reader's own task.
func (s *Service) fillBoard(ctx context.Context, v *showView, after string) (err error) {
	if _, ok := lists[v.Only]; v.Only != all && (!ok || v.Only == "") {
		v.Only = Waiting
		if v.Notice.Due == clock.Open {
			v.Only = None
		}
	}
	if v.Board, err = s.Board(ctx, v.Ref, v.Notice, v.At, v.Day, v.Levels...); err != nil {
		return err
	}
	if v.Board.All.Targets > 0 {
		only := v.Only
		if only == all {
			only = ""
		}
		if v.Lines, err = s.Recipients(ctx, v.Ref, v.Notice, v.At, v.Day, only, after, v.Levels...); err != nil {
			return err
		}
	}
	if scope.From(ctx).May(scope.View, v.At.Pos) {
		if v.Bound, err = s.Bound(ctx, v.Notice, v.At.ID); err != nil {
			return err
		}
		var below []org.Unit
		for _, c := range v.Board.Below {
			if u, ok := v.Board.Names[c.Unit]; ok {
				below = append(below, u)
			}
		}
		if v.Below, err = s.BoundBelow(ctx, v.Notice, v.At, below); err != nil {
			return err
		}
	}
	if v.Lines.Next != "" {
		v.Paging.Next = v.at("after", v.Lines.Next) + "#units"
	}
	if after != "" {
		v.Paging.First = v.at() + "#units"
	}
	v.Paging.Here = len(v.Lines.Lines)
	var ids []id.ID
	for _, l := range v.Lines.Lines {
		ids = append(ids, l.Parent)
	}
	if v.Parents, err = s.org.ByIDs(ctx, ids); err != nil {
		return err
	}
	if v.Reminded, err = s.reminders(ctx, v.Ref, v.At.Pos); err != nil {
		return err
	}
	if a := scope.From(ctx); a.Unit != 0 && a.May(scope.View, a.Pos) {
		t, err := s.Task(ctx, v.Ref, a.Unit)
		if errs.Is(err, errs.NotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		v.Mine = &t
		v.MyActs, err = s.MayAct(ctx, t)
		return err
	}
	return nil
}

func (s *Service) known(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	ref, err := web.RefIn(r)
	if err != nil {
		return err
	}
	n, _, err := s.Notice(ctx, ref)
	if errs.Is(err, errs.NotFound) {
		x, _, replyErr := s.replies.Get(ctx, ref)
		if replyErr != nil {
			return err
		}
		return s.replies.KnownPage(w, r, ref, ui.Link{Text: s.unitName(ctx, x.Unit), Href: replyPath(x.Notice, x.Unit)}, "notice")
	}
	if err != nil {
		return err
	}
	lead, err := s.rec.Home(ctx, n.Unit)
	if err != nil {
		return err
	}
	return s.notices.KnownPage(w, r.WithContext(scope.Widened(ctx, lead.Pos, false)), ref, ui.Link{Text: n.Title, Href: path(ref)}, "notice")
}

func (s *Service) file(w http.ResponseWriter, r *http.Request) error {
	ref, err := web.RefIn(r)
	if err != nil {
		return err
	}
	a, f, err := s.File(r.Context(), ref, r.PathValue("hash"))
	if err != nil {
		return err
	}
	return serve(w, r, a, f)
}

func (s *Service) replyFile(w http.ResponseWriter, r *http.Request) error {
	t, err := s.taskIn(r)
	if err != nil {
		return err
	}
	a, f, err := s.ReplyFile(r.Context(), t.Ref, t.Unit.ID, r.PathValue("hash"))
	if err != nil {
		return err
	}
	return serve(w, r, a, f)
}

// serve answers an attachment as something to be saved: what others uploaded is never opened within our pages.
func serve(w http.ResponseWriter, r *http.Request, a Attachment, f io.ReadSeekCloser) error {
	defer f.Close()
	h := w.Header()
	h.Set("Content-Type", "application/octet-stream")
	h.Set("Content-Disposition", "attachment; filename*=UTF-8''"+url.PathEscape(a.Name))
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cache-Control", "no-store")
	http.ServeContent(w, r, "", time.Time{}, f)
	return nil
}
