package guarantee

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/file"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/web"
	"xinhuo/internal/kit/web/ui"
	"xinhuo/internal/org"
	"xinhuo/internal/record"
)

// one is a record for which a page or a form is shown.
type one[T any] struct {
	Ref  id.Ref
	V    T
	N    int64 // the version that was read
	Unit org.Unit
	Code string // the point that the address names
}

// sent is what came with a form.
type sent struct {
	*web.Form
	files []file.Kept
}

// act is one thing that is done to a record. An empty path leads back to the record.
type act[T any] struct {
	name    string
	offered func(o one[T]) bool // as a button on the record's page; nil = always
	ask     func(ctx context.Context, o one[T]) ([]ui.Input, error)
	do      func(ctx context.Context, o one[T], f sent) error
	file    bool
}

// desk is all that a kind of record has of pages and JSON.
type desk[T any] struct {
	s       *Service
	book    *record.Book[T]
	path    string // "/budget"
	list    string // the page that lists it
	api     string // "budgets"
	key     string // of its texts and route names
	home    func(v T) (unit id.ID, year int)
	name    func(ctx context.Context, v T) string
	get     func(ctx context.Context, ref id.Ref) (T, record.Version, error)
	add     func(ctx context.Context, v T, ch record.Change) (id.Ref, error)
	save    func(ctx context.Context, ref id.Ref, version int64, v T, ch record.Change) error
	about   func(ctx context.Context, o one[T]) string // the point that the address names, in words; nil when there are none
	undone  func(ctx context.Context, v T) error       // refuses an undo that does not fit any more; nil = none
	begin   func(ctx context.Context, u org.Unit, year int) (T, error)
	inputs  func(ctx context.Context, u org.Unit, v T, fresh bool) ([]ui.Input, error)
	typed   func(f *web.Form, v *T)
	content func(ctx context.Context, o one[T], works bool) (record.Shown, error)
	files   func(v T) []file.Kept // nil = it has none
	acts    []act[T]
}

const actUndo = "undo"

func (d *desk[T]) here(ref id.Ref) string { return d.path + "/" + ref.String() }

func (d *desk[T]) routes() []web.Route {
	get, post, name := http.MethodGet, http.MethodPost, "guarantee."+d.key
	out := []web.Route{
		{Method: get, Path: d.path + "/new", Right: scope.Work, Scope: web.ByUnit, Name: name + "New", Handler: d.newForm},
		{Method: post, Path: d.path + "/new", Right: scope.Work, Scope: web.ByUnit, Name: name + "Create", Handler: d.newPost},
		{Method: get, Path: d.path + "/{ref}", Right: scope.View, Scope: web.ByRecord, Name: name + "Show", Handler: d.showPage},
		{Method: get, Path: d.path + "/known/{ref}", Right: scope.View, Scope: web.ByRecord, Name: name + "Known", Handler: d.knownPage},
		{Method: get, Path: d.path + "/{ref}/{act}", Right: scope.Work, Scope: web.ByRecord, Name: name + "Form", Handler: d.actForm},
		{Method: post, Path: d.path + "/{ref}/{act}", Right: scope.Work, Scope: web.ByRecord, Name: name + "Act", Handler: d.actPost},
		{Method: post, Path: "/api/v1/" + d.api, Right: scope.Work, Scope: web.ByRecord, Name: name + "ApiAdd", Handler: d.apiAdd},
		{Method: get, Path: "/api/v1/" + d.api + "/{ref}", Right: scope.View, Scope: web.ByRecord, Name: name + "ApiShow", Handler: d.apiShow},
		{Method: http.MethodPut, Path: "/api/v1/" + d.api + "/{ref}", Right: scope.Work, Scope: web.ByRecord, Name: name + "ApiSave", Handler: d.apiSave},
	}
	if d.files != nil {
		out = append(out, web.Route{Method: get, Path: d.path + "/{ref}/file/{hash}", Right: scope.View, Scope: web.ByRecord, Name: name + "File", Handler: d.filePage})
	}
	return out
}

// read reads the record that the address names.
func (d *desk[T]) read(r *http.Request) (o one[T], err error) {
	ctx := r.Context()
	if o.Ref, err = web.RefIn(r); err != nil {
		return o, err
	}
	v, ver, err := d.get(ctx, o.Ref)
	if r.PathValue("act") == actUndo && errs.Is(err, errs.NotFound) {
		v, ver, err = d.book.Removed(ctx, o.Ref) // what was taken out is still there for the undo of that
	}
	if err != nil {
		return o, err
	}
	o.V, o.N, o.Code = v, ver.N, r.URL.Query().Get("point")
	unit, _ := d.home(v)
	o.Unit, err = d.s.rec.Home(ctx, unit)
	return o, err
}

func (d *desk[T]) find(name string) (act[T], bool) {
	i := slices.IndexFunc(d.acts, func(a act[T]) bool { return a.name == name })
	if i < 0 {
		return act[T]{}, false
	}
	return d.acts[i], true
}

// toAct reads the record and the act for somebody who works there, with the form of it.
func (d *desk[T]) toAct(r *http.Request) (o one[T], a act[T], v record.Form, err error) {
	ctx, name := r.Context(), r.PathValue("act")
	if o, err = d.read(r); err != nil {
		return o, a, v, err
	}
	v = record.Form{Back: d.here(o.Ref), Action: d.here(o.Ref) + "/" + name, Version: o.N, Over: d.name(ctx, o.V), Submit: i18n.T(ctx, "guarantee.save"), Current: Kind}
	if name == actUndo {
		a.do = func(ctx context.Context, o one[T], f sent) error { return d.undo(ctx, o, f.Version()) }
		return o, a, v, nil
	}
	a, ok := d.find(name)
	if !ok {
		return o, a, v, web.NotFound(r)
	}
	if err := d.book.MayWork(ctx, o.Ref, record.Change{Act: "guarantee.act." + d.key}); err != nil {
		return o, a, v, err
	}
	if o.Code != "" {
		v.Action += "?point=" + url.QueryEscape(o.Code)
	}
	v.Title, v.Lead = i18n.T(ctx, "guarantee.do."+d.key+"_"+name), lead(ctx, "guarantee.lead."+d.key+"_"+name)
	if o.Code != "" && d.about != nil {
		v.Lead = strings.TrimSpace(d.about(ctx, o) + "\n" + v.Lead)
	}
	v.Inputs, err = a.ask(ctx, o)
	if a.file {
		v = withFile(ctx, v)
	}
	return o, a, v, err
}

func lead(ctx context.Context, key string) string {
	if i18n.Has(ctx, key) {
		return i18n.T(ctx, key)
	}
	return ""
}

func (d *desk[T]) undo(ctx context.Context, o one[T], version int64) error {
	if err := d.book.Undo(ctx, o.Ref, version); err != nil || d.undone == nil {
		return err
	}
	v, _, err := d.book.Get(ctx, o.Ref)
	if errs.Is(err, errs.NotFound) {
		return nil
	}
	if err == nil {
		err = d.undone(ctx, v)
	}
	return err
}

func (d *desk[T]) actForm(w http.ResponseWriter, r *http.Request) error {
	if r.PathValue("act") == actUndo {
		return web.NotFound(r)
	}
	_, _, v, err := d.toAct(r)
	if err != nil {
		return err
	}
	return record.ShowForm(w, r, v, web.NewKey())
}

func (d *desk[T]) actPost(w http.ResponseWriter, r *http.Request) error {
	o, a, v, err := d.toAct(r)
	if err != nil {
		return err
	}
	return d.s.send(w, r, v, func(ctx context.Context, f sent) (string, error) {
		o.N = f.Version()
		if err := a.do(ctx, o, f); err != nil {
			return "", err
		}
		if _, _, err := d.get(ctx, o.Ref); errs.Is(err, errs.NotFound) {
			_, year := d.home(o.V)
			return at(d.list, o.Unit, year), nil
		}
		return d.here(o.Ref), nil
	})
}

func (d *desk[T]) toBegin(r *http.Request) (T, record.Form, error) {
	ctx := r.Context()
	var none T
	u, err := d.s.unitIn(r)
	if err != nil {
		return none, record.Form{}, err
	}
	year := yearIn(r)
	v, err := d.begin(ctx, u, year)
	if err != nil {
		return none, record.Form{}, err
	}
	if err := d.book.MayCreate(ctx, v, record.Change{Act: "guarantee.act." + d.key}); err != nil {
		return none, record.Form{}, err
	}
	inputs, err := d.inputs(ctx, u, v, true)
	form := record.Form{Title: i18n.T(ctx, "guarantee.new."+d.key, "Year", year), Lead: lead(ctx, "guarantee.new_lead."+d.key), Over: u.Name, Back: at(d.list, u, year), Action: at(d.path+"/new", u, year), Submit: i18n.T(ctx, "guarantee.save"), Current: Kind, Inputs: inputs}
	if d.files != nil && d.key != Kind {
		form = withFile(ctx, form)
	}
	return v, form, err
}

func (d *desk[T]) newForm(w http.ResponseWriter, r *http.Request) error {
	_, v, err := d.toBegin(r)
	if err != nil {
		return err
	}
	return record.ShowForm(w, r, v, web.NewKey())
}

func (d *desk[T]) newPost(w http.ResponseWriter, r *http.Request) error {
	x, v, err := d.toBegin(r)
	if err != nil {
		return err
	}
	return d.s.send(w, r, v, func(ctx context.Context, f sent) (string, error) {
		d.typed(f.Form, &x)
		if f.files != nil {
			if y, ok := any(&x).(interface{ attach(files []file.Kept) }); ok {
				y.attach(f.files)
			}
		}
		ref, err := d.add(ctx, x, record.Change{})
		return d.here(ref), err
	})
}

// edit is the act by which a record is corrected as a whole, remove the one by which it is taken out.
func (d *desk[T]) edit() act[T] {
	return act[T]{name: "edit", file: d.files != nil, ask: func(ctx context.Context, o one[T]) ([]ui.Input, error) { return d.inputs(ctx, o.Unit, o.V, false) },
		do: func(ctx context.Context, o one[T], f sent) error {
			d.typed(f.Form, &o.V)
			if f.files != nil {
				if y, ok := any(&o.V).(interface{ attach(files []file.Kept) }); ok {
					y.attach(f.files)
				}
			}
			return d.save(ctx, o.Ref, o.N, o.V, record.Change{})
		}}
}

func (d *desk[T]) remove() act[T] {
	return act[T]{name: "remove", ask: func(ctx context.Context, _ one[T]) ([]ui.Input, error) { return []ui.Input{reasonInput(ctx)}, nil },
		do: func(ctx context.Context, o one[T], f sent) error {
			ch, err := because("remove", f.Text("reason"))
			if err != nil {
				return err
			}
			return d.book.Remove(ctx, o.Ref, o.N, ch)
		}}
}

func (d *desk[T]) showPage(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	o, err := d.read(r)
	if err != nil {
		return err
	}
	works := scope.From(ctx).May(scope.Work, o.Unit.Pos)
	v, err := d.content(ctx, o, works)
	if err != nil {
		return err
	}
	name := d.name(ctx, o.V)
	v.Heading.Title, v.Heading.Under = name, o.Unit.Name
	if works {
		for _, a := range d.acts {
			if a.offered == nil || a.offered(o) {
				v.Heading.Acts = append(v.Heading.Acts, ui.Button{Text: i18n.T(ctx, "guarantee.do."+d.key+"_"+a.name), Href: d.here(o.Ref) + "/" + a.name})
			}
		}
	}
	if scope.From(ctx).May(scope.View, o.Unit.Pos) { // a standard is read from below, too; who changed it is not
		v.Known = d.path + "/known/" + o.Ref.String()
		if v.Timeline, err = d.book.Timeline(ctx, o.Ref, d.here(o.Ref)+"/"+actUndo); err != nil {
			return err
		}
	}
	_, year := d.home(o.V)
	return web.Render(w, r, web.Page{Title: name, Current: Kind, Crumbs: []ui.Link{{Text: i18n.T(ctx, "guarantee.view."+d.list[1:]), Href: at(d.list, o.Unit, year)}, {Text: name}}}, record.ShownBody(v))
}

func (d *desk[T]) knownPage(w http.ResponseWriter, r *http.Request) error {
	ref, err := web.RefIn(r)
	if err != nil {
		return err
	}
	v, _, err := d.book.Get(r.Context(), ref)
	if err != nil {
		return err
	}
	return d.book.KnownPage(w, r, ref, ui.Link{Text: d.name(r.Context(), v), Href: d.here(ref)}, Kind)
}

func (d *desk[T]) filePage(w http.ResponseWriter, r *http.Request) error {
	o, err := d.read(r)
	if err != nil {
		return err
	}
	a, f, err := d.s.open(r.Context(), d.files(o.V), r.PathValue("hash"))
	if err != nil {
		return err
	}
	defer f.Close()
	h := w.Header()
	h.Set("Content-Type", "application/octet-stream")
	h.Set("Content-Disposition", "attachment; filename*=UTF-8''"+url.PathEscape(a.Name))
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cache-Control", "no-store")
	http.ServeContent(w, r, "", time.Time{}, f)
	return nil
}

// withFile adds the input by which a file comes with a form.
func withFile(ctx context.Context, v record.Form) record.Form {
	v.Spec.Multipart = true
	v.Inputs = append(v.Inputs, ui.Input{Kind: ui.KindFile, Name: "file", Label: i18n.T(ctx, "guarantee.f.file"), Hint: i18n.T(ctx, "guarantee.file_hint"), Optional: true, Accept: ".pdf,.docx,.xlsx,.txt,image/*"})
	return v
}

// readForm reads a form that may carry a file, and keeps the file.
func (s *Service) readForm(w http.ResponseWriter, r *http.Request) (sent, error) {
	f, files, err := web.ReadFiles(w, r, MaxFile)
	if err != nil {
		return sent{}, err
	}
	in, chosen := files["file"]
	if !chosen {
		return sent{Form: f}, nil
	}
	k, err := s.Keep(r.Context(), in.Name, bytes.NewReader(in.Data))
	var e *errs.Error
	if errors.As(err, &e) && e.Kind != errs.Internal {
		f.Problems = append(f.Problems, errs.Field{Name: "file", Key: e.Key, Args: e.Args})
		return sent{Form: f}, nil
	}
	return sent{f, []file.Kept{k}}, err
}

// send does what a form asks for, once; what has to be changed is said beside what was typed.
func (s *Service) send(w http.ResponseWriter, r *http.Request, v record.Form, do func(ctx context.Context, f sent) (string, error)) error {
	f, err := s.readForm(w, r)
	if err != nil {
		return err
	}
	return s.rec.Sent(w, r, v, f.Form, func(ctx context.Context, _ *web.Form) (string, error) { return do(ctx, f) })
}

func reasonInput(ctx context.Context) ui.Input {
	return ui.Input{Kind: ui.KindArea, Name: "reason", Label: i18n.T(ctx, "guarantee.f.reason"), Lines: 2}
}

func dayInput(ctx context.Context, name, label string, value clock.Day) ui.Input {
	return ui.Input{Kind: ui.KindDate, Name: name, Label: i18n.T(ctx, label), Value: string(value)}
}

func docInputs(ctx context.Context, d Document) []ui.Input {
	day := dayInput(ctx, "doc_day", "guarantee.f.doc_day", d.Day)
	day.Optional = true
	return []ui.Input{{Name: "doc_name", Label: i18n.T(ctx, "guarantee.f.doc_name"), Hint: i18n.T(ctx, "guarantee.doc_hint"), Value: d.Name, MaxLength: maxName},
		{Name: "doc_number", Label: i18n.T(ctx, "guarantee.f.doc_number"), Value: d.Number, Optional: true, MaxLength: 40}, day}
}

func docTyped(f *web.Form) Document {
	return Document{Name: f.Text("doc_name"), Number: f.Text("doc_number"), Day: f.Day("doc_day")}
}

// The JSON of a kind of record. A PUT sends what a GET answered, with its version and what is to be changed.
type whole[T any] struct {
	Ref     string `json:"ref,omitempty"`
	Version int64  `json:"version,omitempty"`
	Reason  string `json:"reason,omitempty"`
	Record  T      `json:"record"`
}

func (d *desk[T]) answer(w http.ResponseWriter, r *http.Request, status int, ref id.Ref) error {
	v, ver, err := d.get(r.Context(), ref)
	if err != nil {
		return err
	}
	return web.JSON(w, status, whole[T]{Ref: ref.String(), Version: ver.N, Record: v})
}

func (d *desk[T]) apiAdd(w http.ResponseWriter, r *http.Request) error {
	var in whole[T]
	if err := web.ReadJSON(w, r, &in); err != nil {
		return err
	}
	if y, ok := any(&in.Record).(interface{ detach() }); ok {
		y.detach()
	}
	ref, err := web.OnceRef(r, d.s.db, func(ctx context.Context) (id.Ref, error) { return d.add(ctx, in.Record, record.Change{}) })
	if err != nil {
		return err
	}
	return d.answer(w, r, http.StatusCreated, ref)
}

func (d *desk[T]) apiShow(w http.ResponseWriter, r *http.Request) error {
	ref, err := web.RefIn(r)
	if err != nil {
		return err
	}
	return d.answer(w, r, http.StatusOK, ref)
}

func (d *desk[T]) apiSave(w http.ResponseWriter, r *http.Request) error {
	ref, err := web.RefIn(r)
	if err != nil {
		return err
	}
	var in whole[T]
	if err := web.ReadJSON(w, r, &in); err != nil {
		return err
	}
	if err := d.save(r.Context(), ref, in.Version, in.Record, record.Change{Reason: in.Reason}); err != nil {
		return err
	}
	return d.answer(w, r, http.StatusOK, ref)
}
