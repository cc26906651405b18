package volunteer

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/file"
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
		{Method: get, Path: "/volunteer", Right: scope.View, Scope: web.ByUnit, Name: "volunteer.list", Handler: s.listPage},
		{Method: get, Path: "/volunteer/find", Right: scope.Find, Scope: web.ByUnit, Name: "volunteer.find", Handler: s.findPage},
		{Method: get, Path: "/volunteer/structure", Right: scope.View, Scope: web.ByUnit, Name: "volunteer.structure", Handler: s.structurePage},
		{Method: get, Path: "/volunteer/new", Right: scope.Work, Scope: web.ByUnit, Name: "volunteer.new", Handler: s.newForm},
		{Method: post, Path: "/volunteer/new", Right: scope.Work, Scope: web.ByUnit, Name: "volunteer.create", Handler: s.createPost},
		{Method: get, Path: "/volunteer/export", Right: scope.View, Scope: web.ByUnit, Name: "volunteer.export", Handler: s.exportFile},
		{Method: get, Path: "/volunteer/system", Right: scope.Work, Scope: web.ByUnit, Name: "volunteer.system", Handler: s.systemPage},
		{Method: get, Path: "/volunteer/system/people", Right: scope.Work, Scope: web.ByUnit, Name: "volunteer.systemPeopleFile", Handler: s.systemFile("people")},
		{Method: get, Path: "/volunteer/system/hours", Right: scope.Work, Scope: web.ByUnit, Name: "volunteer.systemHoursFile", Handler: s.systemFile("hours")},
		{Method: get, Path: "/volunteer/professions", Right: scope.View, Scope: web.ByUnit, Name: "volunteer.professions", Handler: s.professionsPage},
		{Method: post, Path: "/volunteer/professions", Right: scope.Admin, Scope: web.ByUnit, Name: "volunteer.addProfession", Handler: s.professionPost},
		{Method: get, Path: "/volunteer/{ref}", Right: scope.View, Scope: web.ByRecord, Name: "volunteer.show", Handler: s.showPage},
		{Method: get, Path: "/volunteer/{ref}/known", Right: scope.View, Scope: web.ByRecord, Name: "volunteer.known", Handler: s.knownPage},
		{Method: get, Path: "/volunteer/{ref}/paper/{hash}", Right: scope.Work, Scope: web.ByRecord, Name: "volunteer.paper", Handler: s.paperFile},
		{Method: get, Path: "/volunteer/{ref}/done", Right: scope.View, Scope: web.ByRecord, Name: "volunteer.done", Handler: s.donePage},
		{Method: get, Path: "/volunteer/{ref}/edit", Right: scope.Work, Scope: web.ByRecord, Name: "volunteer.edit", Handler: s.editForm},
		{Method: post, Path: "/volunteer/{ref}/edit", Right: scope.Work, Scope: web.ByRecord, Name: "volunteer.save", Handler: s.editPost},
		{Method: get, Path: "/volunteer/{ref}/merge", Right: scope.Work, Scope: web.ByRecord, Name: "volunteer.mergeForm", Handler: s.mergeForm},
		{Method: post, Path: "/volunteer/{ref}/merge", Right: scope.Work, Scope: web.ByRecord, Name: "volunteer.merge", Handler: s.mergePost},
		{Method: post, Path: "/volunteer/{ref}/unmerge", Right: scope.Work, Scope: web.ByRecord, Name: "volunteer.unmerge", Handler: s.unmergePost},
		{Method: get, Path: "/volunteer/{ref}/certificate", Right: scope.Work, Scope: web.ByRecord, Name: "volunteer.certificate", Handler: s.certificatePage},
		{Method: post, Path: "/volunteer/{ref}/certificate", Right: scope.Work, Scope: web.ByRecord, Name: "volunteer.issue", Handler: s.issuePost},
		{Method: post, Path: "/volunteer/{ref}/undo", Right: scope.Work, Scope: web.ByRecord, Name: "volunteer.undo", Handler: s.undoPost},
		{Method: get, Path: "/certificate/{ref}", Right: scope.Anyone, Scope: web.Public, Name: "volunteer.attest", Handler: s.attestPage},
	}
	for _, name := range stepNames {
		out = append(out, web.Route{Method: get, Path: "/volunteer/{ref}/" + name, Right: scope.Work, Scope: web.ByRecord, Name: "volunteer." + name + "Form", Handler: s.stepForm(name)},
			web.Route{Method: post, Path: "/volunteer/{ref}/" + name, Right: scope.Work, Scope: web.ByRecord, Name: "volunteer." + name, Handler: s.stepPost(name)})
	}
	return append(append(out, s.hoursRoutes()...), s.apiRoutes()...)
}

const pageSize = 20

func langOf(ctx context.Context) string { return i18n.Lang(ctx) }

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

func refOf(r *http.Request) (id.Ref, error) {
	ref, err := id.ParseRef(r.PathValue("ref"))
	if err != nil {
		return ref, web.NotFound(r)
	}
	return ref, nil
}

var listKeys = []string{"day", "kind", "state", "profession", "speciality", "retired", "only", "q"}

// address is a list's address with what is chosen; pairs are name, value and change it.
func address(path string, u org.Unit, r *http.Request, keys []string, pairs ...string) string {
	v := url.Values{"unit": {u.ID.String()}}
	for _, k := range keys {
		if x := r.URL.Query().Get(k); x != "" {
			v.Set(k, x)
		}
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		v.Del(pairs[i])
		if pairs[i+1] != "" {
			v.Set(pairs[i], pairs[i+1])
		}
	}
	return path + "?" + v.Encode()
}

func (s *Service) crumbs(ctx context.Context, title string, u org.Unit) web.Page {
	return web.Page{Title: title, Current: "volunteer", Crumbs: []ui.Link{{Text: i18n.T(ctx, "volunteer.title"), Href: "/volunteer?unit=" + u.ID.String()}, {Text: title}}}
}

// listView is a list of anything of this module: volunteers, hours, found people.
type listView struct {
	Heading ui.Heading
	Figures []ui.Figure
	Choices []ui.Choice
	Note    *ui.Note
	Lead    string
	Label   string // of the filter
	Filter  ui.FormSpec
	Fields  []ui.Input
	Open    bool
	Total   string
	Bar     []ui.Button
	Table   ui.Table
	Empty   string
	Why     string
	Add     []ui.Button
	Paging  ui.Paging
}

func (s *Service) listPage(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	u, err := s.unitOf(r)
	if err != nil {
		return err
	}
	day, f := dayOf(r), filterOf(r)
	tr := func(k string, args ...any) string { return i18n.T(ctx, k, args...) }
	unit := "unit=" + u.ID.String()
	v := listView{Heading: ui.Heading{Title: tr("volunteer.title"), Under: tr("volunteer.under", "Unit", u.Name, "Day", i18n.Day(ctx, day))}}
	if scope.From(ctx).May(scope.Work, u.Pos) {
		v.Add = []ui.Button{{Text: tr("volunteer.add"), Href: "/volunteer/new?" + unit, Main: true}}
		v.Heading.Acts = append(slices.Clone(v.Add), ui.Button{Text: tr("volunteer.import"), Href: "/import/volunteer?" + unit})
	}
	v.Heading.Acts = append(v.Heading.Acts, ui.Button{Text: tr("volunteer.find"), Href: "/volunteer/find?" + unit}, ui.Button{Text: tr("volunteer.hours"), Href: "/hours?" + unit},
		ui.Button{Text: tr("volunteer.structure"), Href: "/volunteer/structure?" + unit})
	for _, code := range []string{"volunteer.active", "volunteer.core", "volunteer.unchecked", "volunteer.hours"} {
		fig, err := s.figure(ctx, ledger.Query{Figure: code, Unit: u.ID, Day: day})
		if err != nil {
			return err
		}
		v.Figures = append(v.Figures, ui.Figure{Number: fig.Number, Unit: fig.Measure, Label: fig.Label, Href: fig.Href})
	}
	views := []ui.Link{{Text: tr("volunteer.all"), Href: address("/volunteer", u, r, listKeys, "only", ""), Current: f.Only == ""}}
	for _, o := range Onlys {
		views = append(views, ui.Link{Text: tr("volunteer.only." + o), Href: address("/volunteer", u, r, listKeys, "only", o, "state", ""), Current: f.Only == o})
	}
	v.Choices = []ui.Choice{{Label: tr("volunteer.view"), Links: views}}
	pos, code := afterOf(r.URL.Query().Get("after"))
	p, err := s.List(ctx, u, day, f, pos, code, pageSize)
	if err != nil {
		return err
	}
	if v.Fields, err = s.questions(ctx, u, f, true); err != nil {
		return err
	}
	v.Label = tr("volunteer.filter")
	v.Filter = ui.FormSpec{Method: "get", Action: "/volunteer", Submit: tr("volunteer.do_find"), Hidden: []ui.Pair{{Name: "unit", Value: u.ID.String()}, {Name: "only", Value: f.Only}}}
	g := f
	g.Only = ""
	v.Open = g != Filter{}
	v.Total = tr("volunteer.total", "N", ui.Number(p.Total))
	v.Bar = []ui.Button{{Text: tr("volunteer.export_xlsx"), Href: "/volunteer/export?format=xlsx&" + unit}, {Text: tr("volunteer.export_csv"), Href: "/volunteer/export?format=csv&" + unit}}
	if scope.From(ctx).May(scope.Work, u.Pos) {
		v.Bar = append(v.Bar, ui.Button{Text: tr("volunteer.system"), Href: "/volunteer/system?" + unit})
	}
	units, err := s.unitsOf(ctx, p.Volunteers)
	if err != nil {
		return err
	}
	v.Table = ui.Table{Caption: tr("volunteer.title"), Columns: []ui.Column{{Text: tr("volunteer.name")}, {Text: tr("volunteer.unit"), Label: true}, {Text: tr("volunteer.kind"), Label: true},
		{Text: tr("volunteer.profession"), Label: true}, {Text: tr("volunteer.admitted_on"), Label: true}, {Text: tr("volunteer.complete"), Label: true, Right: true}, {Text: tr("volunteer.state")}}}
	for _, l := range p.Volunteers {
		m := mark(ctx, l.State(day))
		v.Table.Rows = append(v.Table.Rows, ui.Row{ID: l.Ref().String(), Cells: []ui.Cell{
			ui.To(l.Name, "/volunteer/"+l.Ref().String()), ui.Text(units[l.Unit].Name), ui.Text(tr("volunteer.kind." + string(l.Kind))), ui.Text(s.professionIn(ctx, l.Profession)),
			ui.Text(string(l.AdmittedOn)), ui.Text(strconv.FormatInt(l.Complete, 10) + "%"), ui.State(m.Text, tagOf(m))}})
	}
	v.Empty, v.Why = tr("volunteer.none"), tr("volunteer.none_why")
	v.Paging = paging(len(p.Volunteers), p.Rest, func(after string) string { return address("/volunteer", u, r, listKeys, "after", after) }, r, p.Volunteers)
	return web.Render(w, r, web.Page{Title: tr("volunteer.title"), Current: "volunteer", Crumbs: []ui.Link{{Text: tr("volunteer.title")}}}, listTempl(v))
}

func paging(here int, rest int64, to func(after string) string, r *http.Request, list []Listed) ui.Paging {
	p := ui.Paging{Here: here, Rest: rest}
	if rest > 0 {
		p.Next = to(key(list[len(list)-1]))
	}
	if r.URL.Query().Get("after") != "" {
		p.First = to("")
	}
	return p
}

// questions are the inputs of a filter.
func (s *Service) questions(ctx context.Context, u org.Unit, f Filter, state bool) ([]ui.Input, error) {
	tr := func(k string) string { return i18n.T(ctx, k) }
	list, err := s.Professions(ctx, u)
	if err != nil {
		return nil, err
	}
	all := ui.Option{Value: "", Text: tr("volunteer.all")}
	professions, kinds, states := []ui.Option{all}, []ui.Option{all}, []ui.Option{all}
	for _, p := range list {
		professions = append(professions, ui.Option{Value: p.Name, Text: p.In(langOf(ctx))})
	}
	for _, k := range Classes {
		kinds = append(kinds, ui.Option{Value: string(k), Text: tr("volunteer.kind." + string(k))})
	}
	for _, st := range States {
		states = append(states, ui.Option{Value: string(st), Text: mark(ctx, st).Text})
	}
	retired := ""
	if f.Retired {
		retired = "1"
	}
	out := []ui.Input{
		{Kind: ui.KindSelect, Name: "profession", Label: tr("volunteer.profession"), Value: f.Profession, Options: professions},
		{Name: "speciality", Label: tr("volunteer.specialities"), Value: f.Speciality, Optional: true, MaxLength: maxSpeciality},
		{Kind: ui.KindSelect, Name: "kind", Label: tr("volunteer.kind"), Value: string(f.Kind), Options: kinds},
	}
	if state {
		out = append(out, ui.Input{Kind: ui.KindSelect, Name: "state", Label: tr("volunteer.state"), Value: string(f.State), Options: states})
	}
	return append(out, ui.Input{Kind: ui.KindSelect, Name: "retired", Label: tr("volunteer.retired"), Value: retired, Options: []ui.Option{all, {Value: "1", Text: tr("volunteer.retired.yes")}}},
		ui.Input{Name: "q", Label: tr("volunteer.find_text"), Value: f.Text, Optional: true, MaxLength: maxName}), nil
}

// key names the row after which a page goes on.
func key(l Listed) string { return strconv.FormatInt(l.Pos, 10) + "~" + l.Code }

func afterOf(key string) (int64, string) {
	p, code, _ := strings.Cut(key, "~")
	pos, err := strconv.ParseInt(p, 10, 64)
	if err != nil {
		return -1, ""
	}
	return pos, code
}

func tagOf(m ui.Mark) string {
	if m.Kind == "" {
		return "-"
	}
	return m.Kind
}

func mark(ctx context.Context, st State) ui.Mark {
	kind := map[State]string{Active: "p", Candidate: "w"}[st]
	return ui.Mark{Text: i18n.T(ctx, "volunteer.state."+string(st)), Kind: kind}
}

func (s *Service) exportFile(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	u, err := s.unitOf(r)
	if err != nil {
		return err
	}
	kind, title := Kind, i18n.T(ctx, "volunteer.title")
	if r.URL.Query().Get("kind") == ServiceKind {
		kind, title = ServiceKind, i18n.T(ctx, "volunteer.hours")
	}
	return sendTable(w, r, u.Name+title, func(b io.Writer, format string) error { return s.rec.Export(ctx, b, kind, format, u.ID, title) })
}

// sendTable answers a table as a file, whole or not at all.
func sendTable(w http.ResponseWriter, r *http.Request, name string, write func(b io.Writer, format string) error) error {
	format := table.XLSX
	if r.URL.Query().Get("format") == table.CSV {
		format = table.CSV
	}
	var b bytes.Buffer
	if err := write(&b, format); err != nil {
		return err
	}
	w.Header().Set("Content-Type", table.ContentType(format))
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Content-Disposition", "attachment; filename*=UTF-8''"+url.PathEscape(name+"."+format))
	_, err := w.Write(b.Bytes())
	return err
}

// chapter are the figures that a change here may move.
var chapter = []string{"volunteer.active", "volunteer.core", "volunteer.candidates", "volunteer.checked", "volunteer.unchecked", "volunteer.certified", "volunteer.insured",
	"volunteer.professions", "volunteer.visits", "volunteer.honours", "volunteer.hours", "volunteer.served_times"}

func (s *Service) ownBook(ctx context.Context) ledger.Query {
	return ledger.Query{Unit: scope.From(ctx).Unit, Day: clock.Today(ctx)}
}

// act runs a change once and leads to the page that says what moved.
func (s *Service) act(w http.ResponseWriter, r *http.Request, f *web.Form, path, name string, do func(ctx context.Context) (id.Ref, error)) error {
	ctx := r.Context()
	to, err := web.Once(ctx, s.db, f.Key(), func(ctx context.Context) (string, error) {
		var ref id.Ref
		moved, err := s.rec.Watched(ctx, s.ownBook(ctx), chapter, func(ctx context.Context) (err error) {
			ref, err = do(ctx)
			return err
		})
		if err != nil {
			return "", err
		}
		return path + ref.String() + "/done?" + url.Values{"act": {name}, "moved": {moved}}.Encode(), nil
	})
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, to)
}

// sent reads a form about a record: its name, the form, and the version that was seen.
func (s *Service) sent(w http.ResponseWriter, r *http.Request) (id.Ref, *web.Form, int64, error) {
	ref, f, _, n, err := s.sentWith(w, r)
	return ref, f, n, err
}

// files are what was chosen in a form, by input.
type files = map[string]web.File

// sentWith reads a form about a record that may carry a file.
func (s *Service) sentWith(w http.ResponseWriter, r *http.Request) (id.Ref, *web.Form, files, int64, error) {
	ref, err := refOf(r)
	if err != nil {
		return ref, nil, nil, 0, err
	}
	f, with, err := web.ReadFiles(w, r, file.MaxPhotoBytes)
	if err != nil {
		return ref, nil, nil, 0, err
	}
	return ref, f, with, f.Version(), nil
}

// again shows a form once more with what was typed, or hands the error on.
func again(w http.ResponseWriter, r *http.Request, err error, show func(at map[string]string, faults []ui.Fault) (web.Page, templ.Component)) error {
	at, faults, rest := web.Problems(r.Context(), err)
	if rest != nil {
		return rest
	}
	if len(faults) == 0 {
		return errors.New("volunteer: a problem without words")
	}
	p, body := show(at, faults)
	p.Error, p.Status = true, http.StatusUnprocessableEntity
	return web.Render(w, r, p, body)
}

// figureView is a figure ready to be shown.
type figureView struct{ Number, Measure, Label, Href, Sentence string }

func (s *Service) figure(ctx context.Context, q ledger.Query) (figureView, error) {
	d, err := s.ledger.Figure(q.Figure)
	if err != nil {
		return figureView{}, err
	}
	v, err := s.ledger.Ask(ctx, q)
	if err != nil {
		return figureView{}, err
	}
	n, unit := ledger.Number(ctx, d, v.Amount)
	lang := langOf(ctx)
	return figureView{n, unit, d.Short.In(lang), record.EvidenceHref(q), d.Sentence.In(lang)}, nil
}

// toWork reads a volunteer for a form; the right to work is asked when it is shown, so that nobody types in vain.
func (s *Service) toWork(ctx context.Context, ref id.Ref) (Volunteer, record.Version, org.Unit, error) {
	v, ver, err := s.Get(ctx, ref)
	if err != nil {
		return v, ver, org.Unit{}, err
	}
	u, err := s.rec.Home(ctx, v.Unit)
	if err == nil && !scope.From(ctx).May(scope.Work, u.Pos) {
		err = s.notYours(ctx, Kind, ref, u)
	}
	return v, ver, u, err
}

// getOrRemoved reads a volunteer as it stands, or as it was before the reader took it out a moment ago.
func (s *Service) getOrRemoved(ctx context.Context, ref id.Ref) (v Volunteer, ver record.Version, removed bool, err error) {
	if v, ver, err = s.Get(ctx, ref); errs.Is(err, errs.NotFound) {
		v, ver, err = s.book.Removed(ctx, ref)
		removed = true
	}
	return v, ver, removed, err
}
