package record

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"time"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/table"
	"xinhuo/internal/kit/web"
	"xinhuo/internal/kit/web/ui"
	"xinhuo/internal/org"
)

const (
	// mostProblems bounds what a preview lists: who has more mends these first and sends the table again.
	mostProblems = 200
	// earlierImports is how many the upload page lists.
	earlierImports = 20
)

// Routes are the addresses that all kinds of records share for import and export.
func (s *Service) Routes() []web.Route {
	return []web.Route{
		{Method: "GET", Path: "/import/{kind}", Right: scope.Work, Scope: web.ByUnit, Name: "record.importPage", Handler: s.importPage},
		{Method: "POST", Path: "/import/{kind}", Right: scope.Work, Scope: web.ByUnit, Name: "record.upload", Handler: s.upload},
		{Method: "GET", Path: "/import/{kind}/template", Right: scope.Work, Scope: web.ByUnit, Name: "record.template", Handler: s.template},
		{Method: "GET", Path: "/batch/{ref}", Right: scope.Work, Scope: web.ByRecord, Name: "record.batchPage", Handler: s.batchPage},
		{Method: "POST", Path: "/batch/{ref}/dates", Right: scope.Work, Scope: web.ByRecord, Name: "record.answerBatch", Handler: s.answerBatch},
		{Method: "POST", Path: "/batch/{ref}/take", Right: scope.Work, Scope: web.ByRecord, Name: "record.takeBatch", Handler: s.takeBatch},
		{Method: "POST", Path: "/batch/{ref}/drop", Right: scope.Work, Scope: web.ByRecord, Name: "record.dropBatch", Handler: s.dropBatch},
		{Method: "POST", Path: "/batch/{ref}/undo", Right: scope.Work, Scope: web.ByRecord, Name: "record.undoBatch", Handler: s.undoBatch},
		{Method: "GET", Path: "/export/{kind}", Right: scope.View, Scope: web.ByUnit, Name: "record.exportPage", Handler: s.exportPage},
	}
}

// of is the importer and the unit that an address names; without ?unit= it is the reader's own.
func (s *Service) of(r *http.Request) (*Importer, org.Unit, error) {
	ctx := r.Context()
	i := s.importers[r.PathValue("kind")]
	if i == nil {
		return nil, org.Unit{}, errs.New(errs.NotFound, "record.no_importer")
	}
	if ref := r.URL.Query().Get("unit"); ref != "" {
		u, err := s.org.Resolve(ctx, ref)
		return i, u, err
	}
	u, err := s.org.Unit(ctx, scope.From(ctx).Unit)
	return i, u, err
}

func at(path string, u org.Unit, more ...string) string {
	v := url.Values{"unit": {u.ID.String()}}
	for j := 0; j+1 < len(more); j += 2 {
		v.Set(more[j], more[j+1])
	}
	return path + "?" + v.Encode()
}

type importView struct {
	head    ui.Heading
	faults  []ui.Fault
	steps   []ui.Link
	form    ui.FormSpec
	file    ui.Input
	earlier ui.Table
}

func (s *Service) importPage(w http.ResponseWriter, r *http.Request) error {
	i, u, err := s.of(r)
	if err != nil {
		return err
	}
	return s.showImport(w, r, i, u, nil)
}

// showImport is the page where a table is sent; refused says why the last one could not be read.
func (s *Service) showImport(w http.ResponseWriter, r *http.Request, i *Importer, u org.Unit, refused error) error {
	ctx := r.Context()
	title := i18n.T(ctx, "record.import_title", "Kind", i18n.T(ctx, i.Title))
	path := "/import/" + i.Kind
	v := importView{head: ui.Heading{Title: title, Under: u.Name},
		steps: []ui.Link{
			{Text: i18n.T(ctx, "record.step_own"), Href: at(path+"/template", u), Sub: i18n.T(ctx, "record.step_own_why")},
			{Text: i18n.T(ctx, "record.step_empty"), Href: at(path+"/template", u, "empty", "1"), Sub: i18n.T(ctx, "record.step_empty_why")},
			{Text: i18n.T(ctx, "record.step_send"), Sub: i18n.T(ctx, "record.step_send_why")}},
		form: ui.FormSpec{Action: at(path, u), Key: web.NewKey(), Multipart: true, Submit: i18n.T(ctx, "record.send")},
		file: ui.Input{Kind: ui.KindFile, Name: "file", Label: i18n.T(ctx, "record.file"), Hint: i18n.T(ctx, "record.file_hint"), Accept: ".xlsx,.csv"}}
	p := web.Page{Title: title, Current: i.current(), Crumbs: []ui.Link{{Text: i18n.T(ctx, i.Title), Href: i.Back}, {Text: i18n.T(ctx, "record.import")}}}
	if refused != nil {
		p.Error, p.Status = true, errs.KindOf(refused).Status()
		v.file.Error = i18n.Error(ctx, refused)
		v.faults = []ui.Fault{{Name: "file", Text: v.file.Error}}
	}
	earlier, err := s.Imports(ctx, i.Kind, u, earlierImports)
	if err != nil {
		return err
	}
	v.earlier = ui.Table{Caption: i18n.T(ctx, "record.earlier"), Columns: []ui.Column{{Text: i18n.T(ctx, "record.file"), Block: true},
		{Text: i18n.T(ctx, "record.when")}, {Text: i18n.T(ctx, "record.who")}, {Text: i18n.T(ctx, "record.rows")}, {Text: i18n.T(ctx, "record.state")}}}
	for _, e := range earlier {
		state := ui.State(i18n.T(ctx, "record.state_"+e.State), "")
		if e.State == "taken" {
			state.Post = &ui.Post{Text: i18n.T(ctx, "record.undo_import"), Sub: e.Name, Action: "/batch/" + e.Ref.String() + "/undo", Key: web.NewKey()}
		}
		v.earlier.Rows = append(v.earlier.Rows, ui.Row{Cells: []ui.Cell{ui.To(e.Name, "/batch/"+e.Ref.String()), ui.Text(moment(e.At)), ui.Text(e.By),
			ui.Text(i18n.T(ctx, "record.n_rows", "N", e.Taken)), state}})
	}
	return web.Render(w, r, p, importBody(v))
}

func moment(millis int64) string {
	return time.UnixMilli(millis).In(clock.Shanghai).Format("2006-01-02 15:04")
}

func (s *Service) upload(w http.ResponseWriter, r *http.Request) error {
	i, u, err := s.of(r)
	if err != nil {
		return err
	}
	r.Body = http.MaxBytesReader(w, r.Body, MaxImport+web.MaxForm)
	name, data, err := sent(r)
	if err == nil {
		var to string
		to, err = web.Once(r.Context(), s.db, r.FormValue("_key"), func(ctx context.Context) (string, error) {
			p, err := s.Upload(ctx, i.Kind, u.ID, name, data)
			return "/batch/" + p.Ref.String(), err
		})
		if err == nil {
			return web.SeeOther(w, r, to)
		}
	}
	switch errs.KindOf(err) {
	case errs.Invalid, errs.TooLarge, errs.Unsupported: // about the file: said beside it
		return s.showImport(w, r, i, u, err)
	}
	return err
}

// sent reads the file of a form.
func sent(r *http.Request) (name string, data []byte, err error) {
	if err := web.ParseUpload(r, MaxImport); errs.Is(err, errs.Garbled) {
		return "", nil, err
	} else if err != nil {
		var large *http.MaxBytesError
		if errors.As(err, &large) {
			return "", nil, errs.Wrap(err, errs.TooLarge, "record.import_too_large", "MB", MaxImport>>20)
		}
		return "", nil, errs.Wrap(err, errs.Invalid, "record.file_missing")
	}
	f, h, err := r.FormFile("file")
	if err != nil {
		return "", nil, errs.Wrap(err, errs.Invalid, "record.file_missing")
	}
	defer f.Close()
	data, err = io.ReadAll(io.LimitReader(f, MaxImport+1))
	return h.Filename, data, err
}

// template is a table to be filled in: the unit's own rows, or none.
func (s *Service) template(w http.ResponseWriter, r *http.Request) error {
	i, u, err := s.of(r)
	if err != nil {
		return err
	}
	title := i18n.T(r.Context(), i.Title)
	var b bytes.Buffer
	if r.URL.Query().Get("empty") != "" {
		err = table.Template(&b, table.XLSX, title, i.Columns(r.Context()))
	} else {
		err = s.Export(r.Context(), &b, i.Kind, table.XLSX, u.ID, title)
	}
	if err != nil {
		return err
	}
	return attach(w, r, b.Bytes(), i.Kind, table.XLSX)
}

func (s *Service) exportPage(w http.ResponseWriter, r *http.Request) error {
	i, u, err := s.of(r)
	if err != nil {
		return err
	}
	format := r.URL.Query().Get("format")
	if format == "" {
		format = table.XLSX
	}
	if format != table.XLSX && format != table.CSV {
		return web.NotFound(r)
	}
	var b bytes.Buffer
	if err := s.Export(r.Context(), &b, i.Kind, format, u.ID, i18n.T(r.Context(), i.Title)); err != nil {
		return err
	}
	return attach(w, r, b.Bytes(), i.Kind, format)
}

func attach(w http.ResponseWriter, r *http.Request, data []byte, kind, format string) error {
	h := w.Header()
	h.Set("Content-Type", table.ContentType(format))
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Disposition", `attachment; filename="`+kind+"-"+string(clock.Today(r.Context()))+"."+format+`"`)
	_, err := w.Write(data)
	return err
}

type batchView struct {
	head     ui.Heading
	note     *ui.Note
	counts   []ui.Figure
	asking   ui.FormSpec // how doubtful days are read
	dates    []ui.Input
	whole    []ui.Link // problems of the table as a whole, and warnings
	problems []ui.Problem
	rest     string
	acts     []ui.Post
	back     ui.Button
	lines    ui.Table
}

func (s *Service) batchPage(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	ref, err := id.ParseRef(r.PathValue("ref"))
	if err != nil {
		return web.NotFound(r)
	}
	p, err := s.Import(ctx, ref)
	if err != nil {
		return err
	}
	i := s.importers[p.Kind]
	if i == nil {
		return errs.New(errs.NotFound, "record.no_importer")
	}
	title := i18n.T(ctx, "record.batch_title", "Kind", i18n.T(ctx, i.Title))
	page := web.Page{Title: title, Current: i.current(), Crumbs: []ui.Link{{Text: i18n.T(ctx, i.Title), Href: i.Back},
		{Text: i18n.T(ctx, "record.import"), Href: at("/import/"+i.Kind, p.Unit)}, {Text: p.Name}}}
	v := batchView{head: ui.Heading{Title: title, Under: i18n.T(ctx, "record.batch_under", "Name", p.Name, "Unit", p.Unit.Name, "By", p.By, "Time", moment(p.At))},
		back: ui.Button{Text: i18n.T(ctx, "record.another"), Href: at("/import/"+i.Kind, p.Unit)}}
	if p.State == "previewed" {
		v.preview(ctx, p)
		return web.Render(w, r, page, batchBody(v))
	}
	v.note = &ui.Note{Title: i18n.T(ctx, "record.state_"+p.State), Text: i18n.T(ctx, "record.state_"+p.State+"_text", "N", p.Taken),
		Links: []ui.Link{{Text: i18n.T(ctx, "record.see_list"), Href: i.Back}}}
	if p.State == "taken" {
		v.note.Post = &ui.Post{Text: i18n.T(ctx, "record.undo_import"), Sub: p.Name, Action: "/batch/" + ref.String() + "/undo", Key: web.NewKey()}
	}
	return web.Render(w, r, page, batchBody(v))
}

// preview says what taking the table would do, and what keeps it out.
func (v *batchView) preview(ctx context.Context, p Preview) {
	count := func(n int, key string) ui.Figure {
		return ui.Figure{Number: ui.Number(int64(n)), Unit: i18n.T(ctx, "record.row"), Label: i18n.T(ctx, key), Size: "l"}
	}
	v.counts = []ui.Figure{count(p.Count(Added), "record.count_new"), count(p.Count(Changed), "record.count_changed"),
		count(p.Count(Same), "record.count_same"), count(p.Bad, "record.count_bad")}
	blocked := false // the table itself cannot be taken: a column is missing
	for _, q := range p.Problems {
		text := i18n.T(ctx, q.Code, flat(q.Args, q.Line, q.Column)...)
		if q.Line == 0 || q.Warning {
			blocked = blocked || !q.Warning
			v.whole = append(v.whole, ui.Link{Text: text})
			continue
		}
		cell, _ := q.Args["Cell"].(string)
		v.problems = append(v.problems, ui.Problem{Row: q.Line, Column: q.Column, Value: cell, Text: text})
	}
	if n := len(v.problems); n > mostProblems {
		v.rest = i18n.T(ctx, "record.more_problems", "N", n-mostProblems)
		v.problems = v.problems[:mostProblems]
	}
	path, good := "/batch/"+p.Ref.String(), len(p.Lines)
	v.asking = ui.FormSpec{Action: path + "/dates", Key: web.NewKey(), Submit: i18n.T(ctx, "record.dates_send")}
	v.dates = dateInputs(ctx, p.Dates)
	moving := p.Count(Added) + p.Count(Changed)
	switch {
	case blocked || good == 0:
		v.note = &ui.Note{Kind: "w", Text: i18n.T(ctx, "record.nothing_good")}
		if !blocked && p.open() {
			v.note.Text = i18n.T(ctx, "record.dates_first")
		}
	case moving == 0 && p.Bad == 0:
		v.note = &ui.Note{Text: i18n.T(ctx, "record.nothing_new")}
	case p.Bad == 0:
		v.note = &ui.Note{Text: i18n.T(ctx, "record.all_good")}
		v.acts = append(v.acts, ui.Post{Text: i18n.T(ctx, "record.take_all"), Action: path + "/take", Key: web.NewKey(), Main: true})
	default:
		v.note = &ui.Note{Kind: "w", Text: i18n.T(ctx, "record.some_bad", "N", p.Bad)}
		if p.open() {
			v.note.Text = i18n.T(ctx, "record.dates_some", "N", p.Bad)
		}
		if moving > 0 {
			v.acts = append(v.acts, ui.Post{Text: i18n.T(ctx, "record.take_good", "N", good), Action: path + "/take", Key: web.NewKey(),
				Hidden: []ui.Pair{{Name: "good", Value: "1"}}})
		}
	}
	v.acts = append(v.acts, ui.Post{Text: i18n.T(ctx, "record.drop"), Action: path + "/drop", Key: web.NewKey()})
	v.lines = ui.Table{Caption: i18n.T(ctx, "record.what_changes"), Columns: []ui.Column{{Text: i18n.T(ctx, "record.line")}, {Text: i18n.T(ctx, "record.code")},
		{Text: i18n.T(ctx, "record.outcome")}}}
	for _, l := range p.Lines {
		if l.Outcome == Same || len(v.lines.Rows) == mostProblems {
			continue
		}
		v.lines.Rows = append(v.lines.Rows, ui.Row{Cells: []ui.Cell{ui.Text(i18n.T(ctx, "record.nth", "N", l.Line)), ui.Text(l.Code),
			ui.State(i18n.T(ctx, "record.count_"+string(l.Outcome)), "p")}})
	}
}

// flat makes a problem's arguments pairs; texts of services know nothing of rows and columns and are given them too.
func flat(args map[string]any, line int, column string) []any {
	out := []any{"Line", line, "Column", column}
	for k, v := range args {
		out = append(out, k, v)
	}
	return out
}

// batchAct runs an act on an import once, and leads on.
func (s *Service) batchAct(w http.ResponseWriter, r *http.Request, act func(ctx context.Context, ref id.Ref, f *web.Form) (string, error)) error {
	ref, err := id.ParseRef(r.PathValue("ref"))
	if err != nil {
		return web.NotFound(r)
	}
	f, err := web.ReadForm(w, r)
	if err != nil {
		return err
	}
	to, err := web.Once(r.Context(), s.db, f.Key(), func(ctx context.Context) (string, error) { return act(ctx, ref, f) })
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, to)
}

func (s *Service) takeBatch(w http.ResponseWriter, r *http.Request) error {
	return s.batchAct(w, r, func(ctx context.Context, ref id.Ref, f *web.Form) (string, error) {
		_, err := s.Take(ctx, ref, f.Text("good") != "")
		return "/batch/" + ref.String(), err
	})
}

func (s *Service) undoBatch(w http.ResponseWriter, r *http.Request) error {
	return s.batchAct(w, r, func(ctx context.Context, ref id.Ref, _ *web.Form) (string, error) {
		return "/batch/" + ref.String(), s.UndoImport(ctx, ref)
	})
}

func (s *Service) dropBatch(w http.ResponseWriter, r *http.Request) error {
	return s.batchAct(w, r, func(ctx context.Context, ref id.Ref, _ *web.Form) (string, error) {
		kind, unit, err := s.Drop(ctx, ref)
		return at("/import/"+kind, org.Unit{ID: unit}), err
	})
}
