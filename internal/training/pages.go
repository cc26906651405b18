package training

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

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

// Routes are the addresses of this module.
func (s *Service) Routes() []web.Route {
	get, post := http.MethodGet, http.MethodPost
	out := []web.Route{
		{Method: get, Path: "/training", Right: scope.View, Scope: web.ByUnit, Name: "training.list", Handler: s.listPage},
		{Method: get, Path: "/training/plan", Right: scope.View, Scope: web.ByUnit, Name: "training.plan", Handler: s.planPage},
		{Method: get, Path: "/training/renewals", Right: scope.View, Scope: web.ByUnit, Name: "training.renewals", Handler: s.renewalsPage},
		{Method: get, Path: "/training/skills", Right: scope.View, Scope: web.ByUnit, Name: "training.skills", Handler: s.skillsPage},
		{Method: get, Path: "/training/study", Right: scope.View, Scope: web.ByUnit, Name: "training.study", Handler: s.studyPage},
		{Method: get, Path: "/training/words", Right: scope.View, Scope: web.ByUnit, Name: "training.words", Handler: s.wordsPage},
		{Method: post, Path: "/training/words", Right: scope.Admin, Scope: web.ByUnit, Name: "training.addWord", Handler: s.wordPost},
		{Method: post, Path: "/training/words/off", Right: scope.Admin, Scope: web.ByUnit, Name: "training.dropWord", Handler: s.dropWordPost},
		{Method: get, Path: "/training/new", Right: scope.Work, Scope: web.ByUnit, Name: "training.new", Handler: s.newForm},
		{Method: post, Path: "/training/new", Right: scope.Work, Scope: web.ByUnit, Name: "training.create", Handler: s.createPost},
		{Method: get, Path: "/training/export", Right: scope.View, Scope: web.ByUnit, Name: "training.export", Handler: s.exportFile},
		{Method: get, Path: "/trainee/{ref}", Right: scope.View, Scope: web.ByRecord, Name: "training.person", Handler: s.personPage},
		{Method: get, Path: "/training/{ref}", Right: scope.View, Scope: web.ByRecord, Name: "training.show", Handler: s.showPage},
		{Method: get, Path: "/training/{ref}/known", Right: scope.View, Scope: web.ByRecord, Name: "training.known", Handler: s.knownPage},
		{Method: get, Path: "/training/{ref}/done", Right: scope.View, Scope: web.ByRecord, Name: "training.done", Handler: s.donePage},
		{Method: get, Path: "/training/{ref}/certificate", Right: scope.View, Scope: web.ByRecord, Name: "training.certificate", Handler: s.certificatePage},
		{Method: get, Path: "/training/{ref}/edit", Right: scope.Work, Scope: web.ByRecord, Name: "training.edit", Handler: s.editForm},
		{Method: post, Path: "/training/{ref}/edit", Right: scope.Work, Scope: web.ByRecord, Name: "training.save", Handler: s.editPost},
		{Method: post, Path: "/training/{ref}/undo", Right: scope.Work, Scope: web.ByRecord, Name: "training.undo", Handler: s.undoPost},
		{Method: get, Path: "/trained/{ref}", Right: scope.Anyone, Scope: web.Public, Name: "training.attest", Handler: s.attestPage},
	}
	for _, a := range acts {
		path := "/training/{ref}/" + a.name
		out = append(out, web.Route{Method: get, Path: path, Right: scope.Work, Scope: web.ByRecord, Name: "training." + a.name + "Form", Handler: s.actForm(a)},
			web.Route{Method: post, Path: path, Right: scope.Work, Scope: web.ByRecord, Name: "training." + a.name, Handler: s.actPost(a)})
	}
	return append(out, s.apiRoutes()...)
}

const pageSize = 20

// moving are the figures that a change of a course may move.
var moving = []string{"training.planned", "training.held", "training.attendances", "training.minutes", "training.people", "training.holding", "training.units_studied"}

// unitOf is the unit that the address names, the actor's own without one; the router has asked for the right there.
func (s *Service) unitOf(r *http.Request) (org.Unit, error) {
	if q := r.URL.Query().Get("unit"); q != "" {
		return s.org.Resolve(r.Context(), q)
	}
	return s.org.Unit(r.Context(), scope.From(r.Context()).Unit)
}

func dayOf(r *http.Request) clock.Day {
	if d, err := clock.ParseDay(r.URL.Query().Get("day")); err == nil {
		return d
	}
	return clock.Today(r.Context())
}

// yearOf is the year that the address names, this one without.
func yearOf(r *http.Request) int {
	if y, err := strconv.Atoi(r.URL.Query().Get("year")); err == nil && y > 1979 && y < 2200 {
		return y
	}
	return clock.Today(r.Context()).Year()
}

func refOf(r *http.Request) (id.Ref, error) {
	ref, err := id.ParseRef(r.PathValue("ref"))
	if err != nil {
		return ref, web.NotFound(r)
	}
	return ref, nil
}

// key names the row after which a page goes on.
func key(l Listed) string { return string(l.Sort) + "~" + l.Code }

func afterOf(key string) (clock.Day, string) {
	d, code, _ := strings.Cut(key, "~")
	day, err := clock.ParseDay(d)
	if err != nil {
		return clock.Open, ""
	}
	return day, code
}

func at(path string, u org.Unit, pairs ...string) string {
	v := url.Values{"unit": {u.ID.String()}}
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			v.Set(pairs[i], pairs[i+1])
		}
	}
	return path + "?" + v.Encode()
}

func crumbs(ctx context.Context, title string, u org.Unit) web.Page {
	return web.Page{Title: title, Current: Kind, Crumbs: []ui.Link{{Text: i18n.T(ctx, "training.title"), Href: at("/training", u)}, {Text: title}}}
}

// views are the pages of a unit's training beside each other.
func views(ctx context.Context, u org.Unit, current string) ui.Choice {
	c := ui.Choice{Label: i18n.T(ctx, "training.view")}
	for _, v := range []string{"", "/plan", "/renewals", "/skills", "/study", "/words"} {
		name := strings.TrimPrefix(v, "/")
		if name == "" {
			name = "list"
		}
		c.Links = append(c.Links, ui.Link{Text: i18n.T(ctx, "training.view."+name), Href: at("/training"+v, u), Current: name == current})
	}
	return c
}

// section is a part of a page.
type section struct {
	ID, Title, Lead string
	Facts           []ui.Fact
	Dots            []ui.Link
	Table           ui.Table
	Acts            []ui.Button
	Empty           string
}

// overView is a page of a unit's training: figures, the way to the other pages, sections.
type overView struct {
	Heading  ui.Heading
	Figures  []ui.Figure
	Choices  []ui.Choice
	Sections []section
}

type listView struct {
	overView
	Filter     ui.FormSpec
	Fields     []ui.Input
	Open       bool
	Total      string
	Bar        []ui.Button
	Table      ui.Table
	Empty, Why string
	Paging     ui.Paging
	HoursA     string // hours a person, with both terms
}

func (s *Service) figures(ctx context.Context, u org.Unit, day clock.Day, codes ...string) (out []ui.Figure, err error) {
	for _, code := range codes {
		q := ledger.Query{Figure: code, Unit: u.ID, Day: day}
		def, err := s.led.Figure(code)
		if err != nil {
			return nil, err
		}
		v, err := s.led.Ask(ctx, q)
		if err != nil {
			return nil, err
		}
		n, unit := ledger.Number(ctx, def, v.Amount)
		out = append(out, ui.Figure{Number: n, Unit: unit, Label: def.Short.In(i18n.Lang(ctx)), Href: record.EvidenceHref(q)})
	}
	return out, nil
}

func (s *Service) ownBook(ctx context.Context) ledger.Query {
	return ledger.Query{Unit: scope.From(ctx).Unit, Day: clock.Today(ctx)}
}

func (s *Service) listPage(w http.ResponseWriter, r *http.Request) error {
	ctx, q := r.Context(), r.URL.Query()
	u, err := s.unitOf(r)
	if err != nil {
		return err
	}
	day := dayOf(r)
	f := Filter{Subject: q.Get("subject"), Day: day}
	if st := State(q.Get("state")); slices.Contains(States, st) {
		f.State = st
	}
	if q.Get("year") != "" {
		f.Year = yearOf(r)
	}
	v := listView{Empty: i18n.T(ctx, "training.none"), Why: i18n.T(ctx, "training.none_why")}
	v.Heading = ui.Heading{Title: i18n.T(ctx, "training.title"), Under: i18n.T(ctx, "training.under", "Unit", u.Name, "Day", i18n.Day(ctx, day))}
	v.Choices = []ui.Choice{views(ctx, u, "list")}
	if scope.From(ctx).May(scope.Work, u.Pos) {
		v.Heading.Acts = []ui.Button{{Text: i18n.T(ctx, "training.add"), Href: at("/training/new", u), Main: true}, {Text: i18n.T(ctx, "training.import"), Href: at("/import/"+Kind, u)},
			{Text: i18n.T(ctx, "training.import_people"), Href: at("/import/"+kindAttendance, u)}}
	}
	if v.Figures, err = s.figures(ctx, u, day, "training.held", "training.attendances", "training.minutes", "training.people", "training.holding", "training.due"); err != nil {
		return err
	}
	people, minutes, err := s.Taught(ctx, u, day)
	if err != nil {
		return err
	}
	if people > 0 {
		v.HoursA = i18n.T(ctx, "training.hours_each", "Year", day.Year(), "N", ui.Number(people), "Hours", ui.Hours(minutes), "Each", ui.Hours((minutes+people/2)/people))
	}
	words, err := s.store.words(ctx, u.Root(), "subject")
	if err != nil {
		return err
	}
	subject := ui.Input{Kind: ui.KindSelect, Name: "subject", Label: i18n.T(ctx, "training.f.subject"), Value: f.Subject, Options: []ui.Option{{Text: i18n.T(ctx, "training.any")}}}
	for _, x := range words {
		subject.Options = append(subject.Options, ui.Option{Value: x.Name, Text: x.In(i18n.Lang(ctx))})
	}
	state := ui.Input{Kind: ui.KindSelect, Name: "state", Label: i18n.T(ctx, "training.state"), Value: string(f.State), Options: []ui.Option{{Text: i18n.T(ctx, "training.any")}}}
	for _, x := range States {
		state.Options = append(state.Options, ui.Option{Value: string(x), Text: i18n.T(ctx, "training.state."+string(x))})
	}
	v.Filter = ui.FormSpec{Method: "get", Action: "/training", Submit: i18n.T(ctx, "training.find"), Hidden: []ui.Pair{{Name: "unit", Value: u.ID.String()}}}
	v.Fields = []ui.Input{{Name: "year", Label: i18n.T(ctx, "training.year"), Value: q.Get("year"), Kind: ui.KindNumber, Short: true, Optional: true}, subject, state}
	v.Open = f.Subject != "" || f.State != "" || f.Year != 0
	from, code := afterOf(q.Get("after"))
	p, err := s.List(ctx, u, f, from, code, pageSize)
	if err != nil {
		return err
	}
	v.Total = i18n.T(ctx, "training.total", "N", ui.Number(p.Total))
	v.Bar = []ui.Button{{Text: i18n.T(ctx, "training.export_xlsx"), Href: at("/training/export", u, "format", "xlsx")}, {Text: i18n.T(ctx, "training.export_csv"), Href: at("/training/export", u, "format", "csv")},
		{Text: i18n.T(ctx, "training.export_people"), Href: at("/training/export", u, "format", "xlsx", "what", kindAttendance)}}
	if v.Table, err = s.table(ctx, p.Courses, day); err != nil {
		return err
	}
	v.Paging = ui.Paging{Here: len(p.Courses), Rest: p.Rest}
	here := []string{"subject", f.Subject, "state", string(f.State), "year", q.Get("year")}
	if p.Rest > 0 {
		v.Paging.Next = at("/training", u, append(here, "after", key(p.Courses[len(p.Courses)-1]))...)
	}
	if q.Get("after") != "" {
		v.Paging.First = at("/training", u, here...)
	}
	return web.Render(w, r, web.Page{Title: v.Heading.Title, Current: Kind, Crumbs: []ui.Link{{Text: v.Heading.Title}}}, listTempl(v))
}

// when is the time of a course in words: its days, or the month for which it is planned.
func when(ctx context.Context, from, last, planned clock.Day) string {
	switch {
	case from == clock.Open:
		return i18n.T(ctx, "training.month", "Year", planned.Year(), "Month", int(planned.Time().Month()))
	case last == from:
		return i18n.Day(ctx, from)
	}
	return i18n.T(ctx, "training.days", "From", i18n.Day(ctx, from), "Last", i18n.Day(ctx, last))
}

func stateMark(ctx context.Context, st State) ui.Mark {
	kind := map[State]string{Held: "p", Planned: "w"}[st]
	return ui.Mark{Text: i18n.T(ctx, "training.state."+string(st)), Kind: kind}
}

func (s *Service) word(ctx context.Context, kind, name string) string {
	return s.label(ctx, kind, name)
}

// table lists courses: what, who holds it, when, how many came, how it stands.
func (s *Service) table(ctx context.Context, list []Listed, day clock.Day) (ui.Table, error) {
	units, err := s.unitsOf(ctx, list)
	if err != nil {
		return ui.Table{}, err
	}
	tr := func(k string) string { return i18n.T(ctx, k) }
	t := ui.Table{Caption: tr("training.title"), Columns: []ui.Column{{Text: tr("training.f.title")}, {Text: tr("training.f.unit"), Label: true}, {Text: tr("training.f.subject"), Label: true},
		{Text: tr("training.when"), Label: true}, {Text: tr("training.came"), Label: true, Right: true}, {Text: tr("training.state")}}}
	for _, l := range list {
		m := stateMark(ctx, l.State(day))
		t.Rows = append(t.Rows, ui.Row{ID: l.Ref().String(), Cells: []ui.Cell{ui.To(l.Title, "/training/"+l.Ref().String()), ui.Text(units[l.Unit].Name), ui.Text(s.word(ctx, "subject", l.Subject)),
			ui.Text(when(ctx, l.From, l.Last, l.Planned)), ui.Text(ui.Number(l.N)), ui.State(m.Text, m.Kind)}})
	}
	return t, nil
}

type showView struct {
	Heading  ui.Heading
	Facts    []ui.Fact
	Sections []section
	Timeline []ui.Change
	Known    string
}

func (s *Service) showPage(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	ref, err := refOf(r)
	if err != nil {
		return err
	}
	c, _, err := s.book.Get(ctx, ref)
	if err != nil {
		return err
	}
	u, err := s.rec.Home(ctx, c.Unit)
	if err != nil {
		return err
	}
	day := dayOf(r)
	here := "/training/" + ref.String()
	v := showView{Heading: ui.Heading{Title: c.Title, Under: u.Name, Tags: []ui.Mark{stateMark(ctx, c.State(day))}}, Known: here + "/known"}
	if c.State(day) == Planned && c.From == "" && c.Planned < month(day) {
		v.Heading.Tags = append(v.Heading.Tags, ui.Mark{Text: i18n.T(ctx, "training.late"), Kind: "w"})
	}
	if scope.From(ctx).May(scope.Work, u.Pos) {
		for _, a := range acts {
			if a.offered(c, day) {
				v.Heading.Acts = append(v.Heading.Acts, ui.Button{Text: i18n.T(ctx, "training.do."+a.name), Href: here + "/" + a.name, Main: a.name == "attend" && len(c.People) == 0})
			}
		}
		v.Heading.Acts = append(v.Heading.Acts, ui.Button{Text: i18n.T(ctx, "training.edit"), Href: here + "/edit"})
	}
	for _, x := range s.facts(ctx, c) {
		if x.Text != "" && x.Key != "training.f.title" && x.Key != "training.f.people" && x.Key != "training.f.cadres" && x.Key != "training.f.documents" {
			v.Facts = append(v.Facts, ui.Fact{Label: i18n.T(ctx, x.Key), Text: x.Text})
		}
	}
	if v.Sections, err = s.parts(ctx, ref, c, u); err != nil {
		return err
	}
	if v.Timeline, err = s.book.Timeline(ctx, ref, here+"/undo"); err != nil {
		return err
	}
	return web.Render(w, r, crumbs(ctx, c.Title, u), showTempl(v))
}

// parts are who came to a course, and what was studied in it.
func (s *Service) parts(ctx context.Context, ref id.Ref, c Course, u org.Unit) (out []section, err error) {
	tr := func(k string, args ...any) string { return i18n.T(ctx, k, args...) }
	refs, ids := make([]id.Ref, len(c.People)), []id.ID{}
	for i, p := range c.People {
		refs[i] = p.Volunteer
		ids = append(ids, p.Unit)
	}
	for _, x := range c.Cadres {
		ids = append(ids, x.Unit)
	}
	names, err := s.volunteers.ByRefs(ctx, refs)
	if err != nil {
		return nil, err
	}
	units, err := s.org.ByIDs(ctx, ids)
	if err != nil {
		return nil, err
	}
	came := section{ID: "people", Title: tr("training.people", "N", ui.Number(c.persons())), Lead: tr("training.people_lead"), Empty: tr("training.people_none")}
	came.Table = ui.Table{Caption: came.Title, Columns: []ui.Column{{Text: tr("training.name")}, {Text: tr("training.f.unit"), Label: true}, {Text: tr("training.hours"), Label: true, Right: true},
		{Text: tr("training.passed"), Label: true}, {Text: tr("training.certificate"), Label: true}}}
	view := scope.From(ctx)
	for _, p := range c.People {
		name := ui.Text(nameOr(ctx, names[p.Volunteer].Name))
		if l := names[p.Volunteer]; l.Name != "" && view.May(scope.View, l.Pos) {
			name = ui.To(l.Name, "/trainee/"+p.Volunteer.String())
		}
		paper := ui.Text("")
		if n := c.number(p); n != "" && c.counts() {
			paper = ui.To(n, "/training/"+ref.String()+"/certificate?no="+strconv.FormatInt(p.No, 10))
		}
		passed := ui.State(tr("training.passed.yes"), "p")
		if !p.Passed {
			passed = ui.State(tr("training.passed.no"), "-")
		}
		came.Table.Rows = append(came.Table.Rows, ui.Row{ID: p.Volunteer.String(), Cells: []ui.Cell{name, ui.Text(units[p.Unit].Name), ui.Text(ui.Hours(p.Minutes)), passed, paper}})
	}
	for _, x := range c.Cadres {
		came.Dots = append(came.Dots, ui.Link{Text: tr("training.cadres_line", "Unit", units[x.Unit].Name, "N", ui.Number(x.N))})
	}
	if len(c.People)+len(c.Cadres) > 0 {
		came.Empty = ""
	}
	out = append(out, came)
	if len(c.Documents) > 0 {
		papers := section{ID: "documents", Title: tr("training.f.documents"), Lead: tr("training.documents_lead")}
		for _, d := range c.Documents {
			papers.Dots = append(papers.Dots, ui.Link{Text: d.text(), Href: at("/training/study", u, "document", d.Key())})
		}
		out = append(out, papers)
	}
	return out, nil
}

// nameOr is a person's name, or that the file is gone.
func nameOr(ctx context.Context, name string) string {
	if name == "" {
		return i18n.T(ctx, "training.nameless")
	}
	return name
}

func (s *Service) knownPage(w http.ResponseWriter, r *http.Request) error {
	ref, err := refOf(r)
	if err != nil {
		return err
	}
	c, _, err := s.book.Get(r.Context(), ref)
	if err != nil {
		return err
	}
	return s.book.KnownPage(w, r, ref, ui.Link{Text: c.Title, Href: "/training/" + ref.String()}, Kind)
}

func (s *Service) exportFile(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	u, err := s.unitOf(r)
	if err != nil {
		return err
	}
	format, kind, title := table.XLSX, Kind, i18n.T(ctx, "training.title")
	if r.URL.Query().Get("format") == table.CSV {
		format = table.CSV
	}
	if r.URL.Query().Get("what") == kindAttendance {
		kind, title = kindAttendance, i18n.T(ctx, "training.attendance")
	}
	var b bytes.Buffer
	if err := s.rec.Export(ctx, &b, kind, format, u.ID, title); err != nil {
		return err
	}
	w.Header().Set("Content-Type", table.ContentType(format))
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Content-Disposition", "attachment; filename*=UTF-8''"+url.PathEscape(u.Name+title+"."+format))
	_, err = w.Write(b.Bytes())
	return err
}

// act runs a change once and leads to the page that says what moved.
func (s *Service) act(w http.ResponseWriter, r *http.Request, f *web.Form, name string, do func(ctx context.Context) (id.Ref, error)) error {
	ctx := r.Context()
	to, err := web.Once(ctx, s.db, f.Key(), func(ctx context.Context) (string, error) {
		var ref id.Ref
		moved, err := s.rec.Watched(ctx, s.ownBook(ctx), moving, func(ctx context.Context) (err error) {
			ref, err = do(ctx)
			return err
		})
		if err != nil {
			return "", err
		}
		return "/training/" + ref.String() + "/done?" + url.Values{"act": {name}, "moved": {moved}}.Encode(), nil
	})
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, to)
}

// getOrRemoved reads a course as it stands, or as it was before the reader took it out a moment ago.
func (s *Service) getOrRemoved(ctx context.Context, ref id.Ref) (c Course, v record.Version, removed bool, err error) {
	if c, v, err = s.book.Get(ctx, ref); errs.Is(err, errs.NotFound) {
		c, v, err = s.book.Removed(ctx, ref)
		removed = true
	}
	return c, v, removed, err
}

var doneActs = []string{"create", "correct", "undo", "attend", "cadres", "drop", "cancel", "remove"}

func (s *Service) donePage(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	ref, err := refOf(r)
	if err != nil {
		return err
	}
	c, v, removed, err := s.getOrRemoved(ctx, ref)
	if err != nil {
		return err
	}
	u, err := s.rec.Home(ctx, c.Unit)
	if err != nil {
		return err
	}
	name := r.URL.Query().Get("act")
	if !slices.Contains(doneActs, name) || removed != (name == "remove") {
		return web.NotFound(r)
	}
	here := "/training/" + ref.String()
	title := i18n.T(ctx, "training.done."+name)
	res := ui.Result{Title: title, CodeLabel: i18n.T(ctx, "training.f.code"), Code: c.Code, Acts: []ui.Button{{Text: i18n.T(ctx, "training.to_list"), Href: at("/training", u), Main: removed}}}
	if !removed {
		res.Acts = append([]ui.Button{{Text: i18n.T(ctx, "training.see"), Href: here, Main: true}}, res.Acts...)
	}
	if res.Moved, err = s.rec.Moved(ctx, s.ownBook(ctx), moving, r.URL.Query().Get("moved")); err != nil {
		return err
	}
	if name != "undo" {
		res.Undo, res.UndoUntil = s.book.UndoPost(ctx, v, here+"/undo")
	}
	return web.Render(w, r, web.Page{Title: title, Current: Kind}, doneTempl(res))
}

func (s *Service) undoPost(w http.ResponseWriter, r *http.Request) error {
	ref, f, n, err := sent(w, r)
	if err != nil {
		return err
	}
	ctx := r.Context()
	c, _, _, err := s.getOrRemoved(ctx, ref)
	if err != nil {
		return err
	}
	to, err := web.Once(ctx, s.db, f.Key(), func(ctx context.Context) (string, error) {
		if err := s.book.Undo(ctx, ref, n); err != nil {
			return "", err
		}
		if _, _, err := s.book.Get(ctx, ref); err != nil { // the entry itself was taken back
			return "/training?unit=" + c.Unit.String(), nil
		}
		return "/training/" + ref.String() + "/done?act=undo", nil
	})
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, to)
}

// sent reads a form about a course: its name, the form, and the version that was seen.
func sent(w http.ResponseWriter, r *http.Request) (id.Ref, *web.Form, int64, error) {
	ref, err := refOf(r)
	if err != nil {
		return ref, nil, 0, err
	}
	f, err := web.ReadForm(w, r)
	if err != nil {
		return ref, nil, 0, err
	}
	n, err := strconv.ParseInt(f.Text("_version"), 10, 64)
	if err != nil {
		n = 0
	}
	return ref, f, n, nil
}

// again shows a form once more with what was typed, or hands the error on.
func again(w http.ResponseWriter, r *http.Request, err error, v formView, f *web.Form, body func(v formView) templ.Component) error {
	wrong, faults, rest := web.Problems(r.Context(), err)
	if rest != nil {
		return rest
	}
	if len(faults) == 0 {
		return errors.New("training: a problem without words")
	}
	v.Faults = faults
	for i := range v.Inputs {
		in := &v.Inputs[i]
		in.Error = wrong[in.Name]
		if in.Kind == ui.KindChecks {
			in.Values = f.Values[in.Name]
		} else if f.Has(in.Name) {
			in.Value = f.Get(in.Name)
		}
	}
	return web.Render(w, r, web.Page{Title: v.Title, Current: Kind, Plain: true, Error: true, Status: http.StatusUnprocessableEntity}, body(v))
}
