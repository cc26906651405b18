package report

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/docx"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/web"
	"xinhuo/internal/kit/web/ui"
	"xinhuo/internal/ledger"
	"xinhuo/internal/library"
	"xinhuo/internal/org"
	"xinhuo/internal/record"
)

const listSize = 200

// Routes are this module's addresses.
func (s *Service) Routes() []web.Route {
	return append([]web.Route{
		{Method: "GET", Path: "/speech", Right: scope.View, Scope: web.ByUnit, Name: "report.list", Handler: s.list},
		{Method: "GET", Path: "/speech/new", Right: scope.Work, Scope: web.ByUnit, Name: "report.newForm", Handler: s.newForm},
		{Method: "POST", Path: "/speech/new", Right: scope.Work, Scope: web.ByUnit, Name: "report.create", Handler: s.create},
		{Method: "GET", Path: "/speech/{ref}", Right: scope.View, Scope: web.ByRecord, Name: "report.show", Handler: s.show},
		{Method: "GET", Path: "/speech/{ref}/docx", Right: scope.View, Scope: web.ByRecord, Name: "report.docx", Handler: s.docx},
		{Method: "GET", Path: "/speech/{ref}/edit", Right: scope.Work, Scope: web.ByRecord, Name: "report.editForm", Handler: s.editForm},
		{Method: "POST", Path: "/speech/{ref}/edit", Right: scope.Work, Scope: web.ByRecord, Name: "report.save", Handler: s.save},
		{Method: "POST", Path: "/speech/{ref}/issue", Right: scope.Work, Scope: web.ByRecord, Name: "report.issue", Handler: s.issue},
		{Method: "POST", Path: "/speech/{ref}/share", Right: scope.Work, Scope: web.ByRecord, Name: "report.share", Handler: s.share},
		{Method: "POST", Path: "/speech/{ref}/undo", Right: scope.Work, Scope: web.ByRecord, Name: "report.undo", Handler: s.undo},
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

// evidence is the address of the records behind a figure, with its breakdown and, when it was asked so, as known then.
func evidence(q ledger.Query) string {
	v := url.Values{}
	for k, x := range q.Where {
		v.Set(k, x)
	}
	if q.KnownAt > 0 {
		v.Set("known", strconv.FormatInt(q.KnownAt, 10))
	}
	href := record.EvidenceHref(q)
	if len(v) > 0 {
		href += "&" + v.Encode()
	}
	return href
}

type listView struct {
	Unit  org.Unit
	List  []Listed
	Names map[id.ID]org.Unit
	Works bool
}

func (s *Service) list(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	u, err := s.unitIn(r)
	if err != nil {
		return err
	}
	v := listView{Unit: u, Works: scope.From(ctx).May(scope.Work, u.Pos)}
	if v.List, err = s.List(ctx, u, listSize); err != nil {
		return err
	}
	units := make([]id.ID, len(v.List))
	for i, l := range v.List {
		units[i] = l.Unit
	}
	if v.Names, err = s.org.ByIDs(ctx, units); err != nil {
		return err
	}
	title := i18n.T(ctx, "report.title")
	return web.Render(w, r, web.Page{Title: title, Current: "speech", Crumbs: []ui.Link{{Text: title}}}, listPage(v))
}

type showView struct {
	Live
	Unit    org.Unit
	Works   bool
	Shares  bool // it can be put into the library
	History []ui.Change
	Faults  []ui.Fault
	Key     string
}

func (s *Service) show(w http.ResponseWriter, r *http.Request) error {
	ref, err := refIn(r)
	if err != nil {
		return err
	}
	return s.render(w, r, ref, nil, 0)
}

func (s *Service) render(w http.ResponseWriter, r *http.Request, ref id.Ref, faults []ui.Fault, status int) error {
	ctx := r.Context()
	v := showView{Key: web.NewKey(), Faults: faults}
	var err error
	if v.Live, err = s.Read(ctx, ref); err != nil {
		return err
	}
	if v.Unit, err = s.org.Unit(ctx, v.Document.Unit); err != nil {
		return err
	}
	v.Works = scope.From(ctx).May(scope.Work, v.Unit.Pos)
	v.Shares = v.Works && v.Document.Issued != nil && s.library != nil
	if v.History, err = s.documents.Timeline(ctx, ref, "/speech/"+ref.String()+"/undo"); err != nil {
		return err
	}
	title := i18n.T(ctx, "report.title")
	p := web.Page{Title: v.Document.Title, Current: "speech", Letter: true, Status: status, Error: len(faults) > 0,
		Crumbs: []ui.Link{{Text: title, Href: "/speech?unit=" + v.Unit.ID.String()}, {Text: v.Document.Title}}}
	switch r.URL.Query().Get("done") {
	case "issue":
		p.Flash = &ui.Note{Text: i18n.T(ctx, "report.issued_now")}
	case "save":
		p.Flash = &ui.Note{Text: i18n.T(ctx, "report.saved")}
		if len(v.History) > 0 {
			p.Flash.Post = v.History[0].Undo
		}
	}
	return web.Render(w, r, p, showPage(v))
}

func (s *Service) docx(w http.ResponseWriter, r *http.Request) error {
	ref, err := refIn(r)
	if err != nil {
		return err
	}
	l, err := s.Read(r.Context(), ref)
	if err != nil {
		return err
	}
	data, err := l.docx(r.Context())
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/vnd.openxmlformats-officedocument.wordprocessingml.document")
	w.Header().Set("Content-Disposition", "attachment; filename*=UTF-8''"+url.PathEscape(l.Document.Title+".docx"))
	w.Header().Set("Cache-Control", "no-store")
	_, err = w.Write(data)
	return err
}

// docx is the document in the official layout, with the numbers of the page. An issued one gives the same bytes each time.
func (l Live) docx(ctx context.Context) ([]byte, error) {
	d := l.Document
	meta := docx.Meta{Title: d.Title, Author: d.Byline}
	if d.Issued != nil {
		meta.Created = time.UnixMilli(d.Issued.KnownAt)
	}
	doc := docx.New(meta)
	doc.Title(d.Title)
	if d.Byline != "" {
		doc.Byline(d.Byline)
	}
	// The document is Chinese whatever the language of the pages around it.
	doc.DateLine(dateLine(d.Day))
	numbers := l.numbers()
	for _, p := range d.Paragraphs {
		if p.Heading != "" {
			doc.Heading(1, p.Heading)
		}
		var t string
		if t, numbers = p.text(numbers); t != "" {
			doc.Para(docx.Text(t))
		}
	}
	if d.Issued == nil {
		doc.Note(1, i18n.T(ctx, "report.docx_draft", "Day", i18n.Day(ctx, l.Day)))
	}
	var b bytes.Buffer
	if err := doc.Write(&b); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

type editView struct {
	Ref     id.Ref
	Unit    org.Unit
	Version int64
	Outline string // a new one begins from it; "" from an empty page
	Title   string
	Byline  string
	Day     string
	Heads   []string
	Texts   []string
	Figures []ui.Link // what is typed to have a figure, with what it gives today
	More    []ui.Link // what may be said about a figure, by example
	Example string
	At      map[string]string
	Faults  []ui.Fault
	Key     string
}

// spare is the number of empty paragraphs that a form offers at the end.
const spare = 2

// newPath is where a document of a unit begins, from an outline or an empty page.
func newPath(u org.Unit, outline string) string {
	q := url.Values{"unit": {u.ID.String()}}
	if outline != "" {
		q.Set("outline", outline)
	}
	return "/speech/new?" + q.Encode()
}

func (v editView) action() string {
	if v.Ref.ID == 0 {
		return newPath(v.Unit, v.Outline)
	}
	return "/speech/" + v.Ref.String() + "/edit"
}

func (v editView) back() string {
	if v.Ref.ID == 0 {
		return "/speech?unit=" + v.Unit.ID.String()
	}
	return "/speech/" + v.Ref.String()
}

func (s *Service) renderEdit(w http.ResponseWriter, r *http.Request, v editView, status int) error {
	v.Key = web.NewKey()
	if err := s.offer(r.Context(), &v); err != nil {
		return err
	}
	title := i18n.T(r.Context(), "report.edit")
	if v.Ref.ID == 0 {
		title = i18n.T(r.Context(), "report.new")
	}
	return web.Render(w, r, web.Page{Title: title, Plain: true, Status: status, Error: len(v.Faults) > 0}, editPage(v, title))
}

// offer lists the figures with the mark to type and what each gives today. What the reader may not ask has no amount.
func (s *Service) offer(ctx context.Context, v *editView) error {
	today, n := clock.Today(ctx), namesOf(s.ledger.Figures(), i18n.Lang(ctx))
	below := v.Unit
	if list, err := s.org.Children(ctx, v.Unit.ID, today, "", 1); err != nil {
		return err
	} else if len(list) > 0 {
		below = list[0].Unit
	}
	say := func(words []string) string { // a list holds the Chinese words first, English last
		if i18n.Lang(ctx) == "en" {
			return words[len(words)-1]
		}
		return words[0]
	}
	const example = "base.accredited"
	v.Example = n.mark(example)
	v.More = []ui.Link{{Text: n.mark("project.signed", say(wordsLastYear)), Sub: i18n.T(ctx, "report.more_last_year")},
		{Text: n.mark(example, say(wordsWords)), Sub: i18n.T(ctx, "report.more_words")}, {Text: n.mark(example, say(wordsBare)), Sub: i18n.T(ctx, "report.more_bare")},
		{Text: n.mark(example, say(keyUnit)+"="+below.Name), Sub: i18n.T(ctx, "report.more_unit")},
		{Text: n.mark(example, say(keyLabel)+"="+i18n.T(ctx, "report.more_label_example")), Sub: i18n.T(ctx, "report.more_label")}}
	return s.db.Read(ctx, func(ctx context.Context) error {
		for _, def := range s.ledger.Figures() {
			l := ui.Link{Text: n.mark(def.Code)}
			got, err := s.ledger.Ask(ctx, Document{Unit: v.Unit.ID, Day: today}.question(Bound{Code: def.Code}, today, 0))
			switch errs.KindOf(err) {
			case errs.NotFound, errs.Forbidden, errs.Invalid:
			default:
				if err != nil {
					return err
				}
				amount, unit := ledger.Number(ctx, def, got.Amount)
				if i18n.Lang(ctx) == "en" && unit != "" && unit != "%" {
					unit = " " + unit
				}
				l.Sub = i18n.T(ctx, "report.figure_now", "Amount", amount+unit)
			}
			v.Figures = append(v.Figures, l)
		}
		return nil
	})
}

func (s *Service) newForm(w http.ResponseWriter, r *http.Request) error {
	u, err := s.unitIn(r)
	if err != nil {
		return err
	}
	v := editView{Unit: u, Byline: u.Name, Day: string(clock.Today(r.Context())), Outline: r.URL.Query().Get("outline")}
	if v.Outline != "" {
		d, err := outline(v.Outline, u, s.ledger.Figures())
		if err != nil {
			return err
		}
		v.Title = d.Title
		v.take(r.Context(), s, d)
	}
	return s.renderEdit(w, r, v, 0)
}

// take puts the paragraphs of a document into the form.
func (v *editView) take(ctx context.Context, s *Service, d Document) {
	code, n := s.codes(ctx), namesOf(s.ledger.Figures(), i18n.Lang(ctx))
	for _, p := range d.Paragraphs {
		v.Heads, v.Texts = append(v.Heads, p.Heading), append(v.Texts, p.source(n, code))
	}
}

// draftIn is the draft that the address names, for somebody who works at its unit.
func (s *Service) draftIn(r *http.Request) (id.Ref, Document, int64, org.Unit, error) {
	ctx := r.Context()
	ref, err := refIn(r)
	if err != nil {
		return ref, Document{}, 0, org.Unit{}, err
	}
	d, v, err := s.documents.Get(ctx, ref)
	if err != nil {
		return ref, d, 0, org.Unit{}, err
	}
	u, err := s.org.Unit(ctx, d.Unit)
	if err != nil {
		return ref, d, 0, u, err
	}
	if !scope.From(ctx).May(scope.Work, u.Pos) {
		return ref, d, 0, u, errs.New(errs.Forbidden, "record.not_your_unit", "Unit", u.Name)
	}
	if d.Issued != nil {
		return ref, d, 0, u, errs.New(errs.Conflict, "report.issued_stays")
	}
	return ref, d, v.N, u, nil
}

func (s *Service) editForm(w http.ResponseWriter, r *http.Request) error {
	ref, d, version, u, err := s.draftIn(r)
	if err != nil {
		return err
	}
	v := editView{Ref: ref, Unit: u, Version: version, Title: d.Title, Byline: d.Byline, Day: string(d.Day)}
	v.take(r.Context(), s, d)
	return s.renderEdit(w, r, v, 0)
}

// oneLine takes line breaks out of a paragraph: in Chinese they are no spaces.
var oneLine = strings.NewReplacer("\r", "", "\n", "")

// unitNamed finds a unit by its code, or by a name that only one standing unit within the reader's search has.
func (s *Service) unitNamed(ctx context.Context, named string) (id.ID, error) {
	u, err := s.org.Resolve(ctx, named)
	if err == nil || !errs.Is(err, errs.NotFound) {
		return u.ID, err
	}
	hits, err := s.org.Search(ctx, named, 20)
	if err != nil {
		return 0, err
	}
	hits = slices.DeleteFunc(hits, func(h org.Hit) bool { return h.Unit.Name != named || h.Unit.To != clock.Open })
	if len(hits) != 1 {
		return 0, errs.New(errs.Invalid, "report.unit_unknown", "Code", named)
	}
	return hits[0].Unit.ID, nil
}

// typed reads the form into v and into a document; what cannot be read is a problem beside its input. A paragraph that
// was emptied is left out; one that kept its place keeps its English gloss.
func (s *Service) typed(ctx context.Context, f *web.Form, v *editView, was Document) (Document, error) {
	d := Document{Unit: v.Unit.ID, Title: f.Text("title"), Byline: f.Text("byline")}
	v.Title, v.Byline, v.Day = d.Title, d.Byline, f.Text("day")
	v.Version, _ = strconv.ParseInt(f.Text("_version"), 10, 64) // 0 meets no version
	day, err := clock.ParseDay(v.Day)
	if err != nil && v.Day != "" {
		f.Problems.Add("day", "errs.day_unreadable")
	}
	d.Day = day
	unit := func(named string) (id.ID, error) { return s.unitNamed(ctx, named) }
	v.Heads, v.Texts = nil, nil
	known := namesOf(s.ledger.Figures(), i18n.Lang(ctx))
	for i := 0; ; i++ {
		n := strconv.Itoa(i)
		if !f.Has("text_"+n) || i >= 200 {
			break
		}
		head, text := f.Text("head_"+n), strings.TrimSpace(oneLine.Replace(f.Get("text_"+n)))
		v.Heads, v.Texts = append(v.Heads, head), append(v.Texts, text)
		if head == "" && text == "" {
			continue
		}
		p := Paragraph{Heading: head}
		if i < len(was.Paragraphs) {
			p.Gloss = was.Paragraphs[i].Gloss
		}
		if p.Runs, err = parse(text, known, unit); err != nil {
			var e *errs.Error
			if !errors.As(err, &e) || e.Kind != errs.Invalid {
				return d, err
			}
			f.Problems = append(f.Problems, errs.Field{Name: "text_" + n, Key: e.Key, Args: e.Args})
		}
		d.Paragraphs = append(d.Paragraphs, p)
	}
	return d, f.Problems.Err()
}

func (s *Service) create(w http.ResponseWriter, r *http.Request) error {
	u, err := s.unitIn(r)
	if err != nil {
		return err
	}
	v, from := editView{Unit: u, Outline: r.URL.Query().Get("outline")}, Document{}
	if v.Outline != "" {
		if from, err = outline(v.Outline, u, s.ledger.Figures()); err != nil {
			return err
		}
	}
	return s.write(w, r, v, from, func(ctx context.Context, _ int64, d Document) (id.Ref, error) { return s.Create(ctx, d) })
}

func (s *Service) save(w http.ResponseWriter, r *http.Request) error {
	ref, was, _, u, err := s.draftIn(r)
	if err != nil {
		return err
	}
	return s.write(w, r, editView{Ref: ref, Unit: u}, was, func(ctx context.Context, version int64, d Document) (id.Ref, error) {
		return ref, s.Save(ctx, ref, version, d)
	})
}

func (s *Service) write(w http.ResponseWriter, r *http.Request, v editView, was Document, act func(context.Context, int64, Document) (id.Ref, error)) error {
	ctx := r.Context()
	f, err := web.ReadForm(w, r)
	if err != nil {
		return err
	}
	d, err := s.typed(ctx, f, &v, was)
	if err == nil {
		var to string
		to, err = web.Once(ctx, s.db, f.Key(), func(ctx context.Context) (string, error) {
			ref, err := act(ctx, v.Version, d)
			return "/speech/" + ref.String() + "?done=save", err
		})
		if err == nil {
			return web.SeeOther(w, r, to)
		}
	}
	if errs.KindOf(err) == errs.Conflict {
		v.Faults = web.Faults(ctx, err)
		return s.renderEdit(w, r, v, http.StatusConflict)
	}
	var rest error
	if v.At, v.Faults, rest = web.Problems(ctx, err); rest != nil {
		return rest
	}
	return s.renderEdit(w, r, v, http.StatusUnprocessableEntity)
}

func (s *Service) issue(w http.ResponseWriter, r *http.Request) error {
	return s.once(w, r, "issue", s.Issue)
}

// share puts an issued document into the library and leads to it there.
func (s *Service) share(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	ref, err := refIn(r)
	if err != nil {
		return err
	}
	f, err := web.ReadForm(w, r)
	if err != nil {
		return err
	}
	to, err := web.Once(ctx, s.db, f.Key(), func(ctx context.Context) (string, error) {
		no, err := s.Share(ctx, ref)
		return library.Path(no), err
	})
	if errs.KindOf(err) == errs.Conflict {
		return s.render(w, r, ref, web.Faults(ctx, err), http.StatusConflict)
	}
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, to)
}

func (s *Service) undo(w http.ResponseWriter, r *http.Request) error {
	return s.once(w, r, "", s.Undo)
}

// once runs an act of one button; a refusal that a person can mend is said on the document's own page.
func (s *Service) once(w http.ResponseWriter, r *http.Request, done string, act func(ctx context.Context, ref id.Ref, version int64) error) error {
	ctx := r.Context()
	ref, err := refIn(r)
	if err != nil {
		return err
	}
	f, err := web.ReadForm(w, r)
	if err != nil {
		return err
	}
	version, _ := strconv.ParseInt(f.Text("_version"), 10, 64) // 0 meets no version
	to, err := web.Once(ctx, s.db, f.Key(), func(ctx context.Context) (string, error) {
		to := "/speech/" + ref.String()
		if done != "" {
			to += "?done=" + done
		}
		return to, act(ctx, ref, version)
	})
	switch errs.KindOf(err) {
	case errs.Conflict:
		return s.render(w, r, ref, web.Faults(ctx, err), http.StatusConflict)
	case errs.Invalid:
		_, faults, rest := web.Problems(ctx, err)
		if rest != nil {
			return rest
		}
		for i := range faults {
			faults[i] = ui.Fault{ID: strings.Replace(faults[i].Name, "text_", "p", 1), Text: faults[i].Text}
		}
		return s.render(w, r, ref, faults, http.StatusUnprocessableEntity)
	}
	if err != nil {
		return err
	}
	if _, _, gone := s.documents.Get(ctx, ref); gone != nil { // taking back the first version leaves nothing to show
		to = "/speech"
	}
	return web.SeeOther(w, r, to)
}
