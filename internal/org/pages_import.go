package org

import (
	"context"
	"io"
	"iter"
	"net/http"
	"strconv"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/table"
	"xinhuo/internal/kit/web"
	"xinhuo/internal/kit/web/ui"
)

type importView struct {
	Unit   Unit
	Key    string
	At     map[string]string
	Faults []ui.Fault
	Past   []ui.Link
}

type previewView struct {
	Batch    Batch
	Plan     ImportPlan
	Key      string
	Problems []ui.Problem
	Rows     ui.Table
}

func (s *Service) importPage(w http.ResponseWriter, r *http.Request) error {
	return s.showImport(w, r, nil, nil)
}

func (s *Service) showImport(w http.ResponseWriter, r *http.Request, at map[string]string, faults []ui.Fault) error {
	ctx := r.Context()
	u, err := s.unitOf(r)
	if err != nil {
		return err
	}
	v := importView{Unit: u, Key: web.NewKey(), At: at, Faults: faults}
	past, err := s.Batches(ctx, u.ID)
	if err != nil {
		return err
	}
	for _, b := range past {
		v.Past = append(v.Past, ui.Link{Text: b.File, Href: b.href(), Sub: i18n.T(ctx, "org.batch."+b.State)})
	}
	crumbs, _, err := s.crumbs(ctx, u, max(clock.Today(ctx), u.From))
	if err != nil {
		return err
	}
	status := 0
	if len(faults) > 0 {
		status = http.StatusUnprocessableEntity
	}
	title := i18n.T(ctx, "org.import_title", "Name", u.Name)
	return web.Render(w, r, web.Page{Title: title, Crumbs: crumbs, Current: "unit", Error: len(faults) > 0, Status: status}, importBody(v))
}

func (s *Service) importRead(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	u, err := s.unitOf(r)
	if err != nil {
		return err
	}
	missing := func(err error) error {
		text := i18n.T(ctx, "org.file_missing")
		if err != nil {
			text = i18n.Error(ctx, err)
		}
		return s.showImport(w, r, map[string]string{"file": text}, []ui.Fault{{Name: "file", Text: text}})
	}
	r.Body = http.MaxBytesReader(w, r.Body, importLimits.Bytes+1<<20)
	if err := web.ParseUpload(r, 1<<20); errs.Is(err, errs.Garbled) {
		return err
	} else if err != nil {
		return missing(nil)
	}
	defer r.MultipartForm.RemoveAll()
	file, head, err := r.FormFile("file")
	if err != nil {
		return missing(nil)
	}
	defer file.Close()
	data, err := io.ReadAll(file)
	if err != nil {
		return missing(nil)
	}
	to, err := web.Once(ctx, s.db, r.FormValue("_key"), func(ctx context.Context) (string, error) {
		b, err := s.ReadUnits(ctx, u.ID, head.Filename, data)
		return b.href(), err
	})
	switch errs.KindOf(err) {
	case errs.Invalid, errs.Unsupported, errs.TooLarge:
		return missing(err)
	}
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, to)
}

func (s *Service) batchOf(r *http.Request) (Batch, ImportPlan, error) {
	k, err := id.Parse(r.PathValue("batch"))
	if err != nil {
		return Batch{}, ImportPlan{}, web.NotFound(r)
	}
	return s.Batch(r.Context(), k)
}

const rowsShown = 200

func (s *Service) importPreview(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	b, plan, err := s.batchOf(r)
	if err != nil {
		return err
	}
	v := previewView{Batch: b, Plan: plan, Key: web.NewKey()}
	for _, p := range plan.Problems[:min(len(plan.Problems), rowsShown)] {
		args := []any{}
		cell := ""
		for k, a := range p.Args {
			args = append(args, k, a)
			if k == "Cell" || k == "Code" {
				cell, _ = a.(string)
			}
		}
		v.Problems = append(v.Problems, ui.Problem{Row: p.Line, Column: p.Column, Value: cell, Text: i18n.T(ctx, p.Code, args...)})
	}
	v.Rows = ui.Table{Caption: i18n.T(ctx, "org.import_rows")}
	for _, k := range []string{"org.f.code", "org.f.name", "org.f.level", "org.parent_code", "org.from"} {
		v.Rows.Columns = append(v.Rows.Columns, ui.Column{Text: i18n.T(ctx, k), Label: len(v.Rows.Columns) > 0})
	}
	for _, n := range plan.Units[:min(len(plan.Units), rowsShown)] {
		v.Rows.Rows = append(v.Rows.Rows, ui.Row{Cells: []ui.Cell{ui.Text(n.Code), ui.Text(n.Name), ui.Text(levelText(ctx, Unit{Level: n.Level, Kind: n.Kind})),
			ui.Text(n.ParentCode), ui.Text(i18n.Day(ctx, n.From))}})
	}
	u, err := s.Unit(ctx, b.Unit)
	if err != nil {
		return err
	}
	crumbs := []ui.Link{{Text: u.Name, Href: href(u.ID)}, {Text: i18n.T(ctx, "org.import"), Href: "/unit/import?unit=" + u.ID.String()}, {Text: b.File}}
	return web.Render(w, r, web.Page{Title: b.File, Crumbs: crumbs, Current: "unit"}, previewBody(v))
}

func (s *Service) importTake(w http.ResponseWriter, r *http.Request) error {
	return s.importAct(w, r, s.TakeUnits)
}

func (s *Service) importUndo(w http.ResponseWriter, r *http.Request) error {
	return s.importAct(w, r, s.UndoUnits)
}

func (s *Service) importAct(w http.ResponseWriter, r *http.Request, act func(ctx context.Context, batch id.ID) error) error {
	b, _, err := s.batchOf(r)
	if err != nil {
		return err
	}
	f, err := web.ReadForm(w, r)
	if err != nil {
		return err
	}
	to, err := web.Once(r.Context(), s.db, f.Key(), func(ctx context.Context) (string, error) { return b.href(), act(ctx, b.ID) })
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, to)
}

func format(r *http.Request) string {
	if r.URL.Query().Get("format") == table.CSV {
		return table.CSV
	}
	return table.XLSX
}

func (s *Service) importTemplate(w http.ResponseWriter, r *http.Request) error {
	f := format(r)
	attach(w, f, "units")
	return table.Template(w, f, i18n.T(r.Context(), "org.units"), columns())
}

func attach(w http.ResponseWriter, format, name string) {
	w.Header().Set("Content-Type", table.ContentType(format))
	w.Header().Set("Content-Disposition", `attachment; filename="`+name+"."+format+`"`)
	w.Header().Set("X-Content-Type-Options", "nosniff")
}

// exportUnits writes a subtree as of a day in the columns that an import reads.
func (s *Service) exportUnits(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	u, err := s.unitOf(r)
	if err != nil {
		return err
	}
	day, err := dayOf(r)
	if err != nil {
		return err
	}
	if u, err = s.AsOf(ctx, u.ID, day); err != nil {
		return err
	}
	f := format(r)
	attach(w, f, "units-"+strconv.FormatInt(u.Root(), 10))
	var rows iter.Seq2[[]table.Value, error] = func(yield func([]table.Value, error) bool) {
		err := s.EachUnit(ctx, u, day, func(x Unit, parent string) error {
			if !yield([]table.Value{table.OfText(x.Code), table.OfText(x.Name), table.OfChoice(string(x.Level)), table.OfChoice(string(x.Kind)),
				table.OfText(parent), table.OfDay(string(x.From)), table.OfDay(string(x.To))}, nil) {
				return io.EOF
			}
			return nil
		})
		if err != nil && err != io.EOF {
			yield(nil, err)
		}
	}
	return table.Write(w, f, table.Table{Title: i18n.T(ctx, "org.units"), Columns: columns(), Rows: rows, BOM: f == table.CSV})
}
