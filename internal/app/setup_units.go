package app

import (
	"context"
	"io"
	"net/http"
	"strings"

	"xinhuo/internal/base"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/table"
	"xinhuo/internal/kit/web"
	"xinhuo/internal/kit/web/ui"
	"xinhuo/internal/org"
)

// setupUpload bounds the uploaded lists together, in bytes: the nation's streets as JSON are six million.
const setupUpload = 24 << 20

type unitsView struct {
	Unit    org.Unit
	AskCode bool // the unit's own code is none of the nation's, so that the files do not say which rows are its
	Code    string
	At      map[string]string
	Faults  []ui.Fault
	Key     string
}

// setupUnits offers the two ways to load counties and townships.
func (a *App) setupUnits(w http.ResponseWriter, r *http.Request) error {
	return a.showUnits(w, r, unitsView{})
}

func (a *App) showUnits(w http.ResponseWriter, r *http.Request, v unitsView) error {
	u, err := a.setupUnit(r)
	if err != nil {
		return err
	}
	v.Unit, v.Key, v.AskCode = u, web.NewKey(), divisionPrefix(u.Code, u.Level) == ""
	status := 0
	if len(v.Faults) > 0 {
		status = http.StatusUnprocessableEntity
	}
	return web.Render(w, r, web.Page{Title: i18n.T(r.Context(), "app.setup.units"), Plain: true, Error: status != 0, Status: status}, setupUnitsPage(v))
}

// setupUnitsRead hands a list of units to org as it is, and files of divisions as the list that they make; org shows
// what would be founded, takes it and takes it back.
func (a *App) setupUnitsRead(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	u, err := a.setupUnit(r)
	if err != nil {
		return err
	}
	v := unitsView{}
	again := func(field string, err error) error {
		switch errs.KindOf(err) {
		case errs.Invalid, errs.Unsupported, errs.TooLarge:
			text := i18n.Error(ctx, err)
			v.At, v.Faults = map[string]string{field: text}, []ui.Fault{{Name: field, Text: text}}
			return a.showUnits(w, r, v)
		}
		return err
	}
	r.Body = http.MaxBytesReader(w, r.Body, setupUpload+1<<20)
	if err := web.ParseUpload(r, 4<<20); errs.Is(err, errs.Garbled) {
		return err
	} else if err != nil {
		return again("file", errs.Wrap(err, errs.TooLarge, "errs.form_too_large"))
	}
	defer r.MultipartForm.RemoveAll()
	v.Code = table.CleanText(r.FormValue("code"))
	if len(r.MultipartForm.File["file"]) == 0 {
		return again("file", errs.New(errs.Invalid, "app.setup.file_missing"))
	}
	var names []string
	var divisions []division
	var own []byte
	for _, h := range r.MultipartForm.File["file"] {
		f, err := h.Open()
		if err != nil {
			return err
		}
		data, err := io.ReadAll(f)
		f.Close()
		if err != nil {
			return err
		}
		names = append(names, h.Filename)
		list, ok, err := readDivisions(h.Filename, data)
		if err != nil {
			return again("file", err)
		}
		if ok {
			divisions = append(divisions, list...)
			continue
		}
		if own != nil {
			return again("file", errs.New(errs.Invalid, "app.setup.one_table"))
		}
		own = data
	}
	if own != nil && len(divisions) > 0 {
		return again("file", errs.New(errs.Invalid, "app.setup.one_table"))
	}
	if own == nil {
		code := u.Code
		if divisionPrefix(code, u.Level) == "" {
			code = v.Code
		}
		prefix := divisionPrefix(code, u.Level)
		if prefix == "" {
			return again("code", errs.New(errs.Invalid, "app.setup.units_code_missing"))
		}
		if own, err = a.unitListOf(ctx, u, prefix, divisions); err != nil {
			return again("file", err)
		}
	}
	to, err := web.Once(ctx, a.DB, r.FormValue("_key"), func(ctx context.Context) (string, error) {
		b, err := a.Org.ReadUnits(ctx, u.ID, strings.Join(names, " + "), own)
		return "/units/import/" + b.ID.String(), err
	})
	if err != nil {
		return again("file", err)
	}
	return web.SeeOther(w, r, to)
}

// unitListOf is unitList with the units that stand in the tree: an earlier table may have written their codes longer.
func (a *App) unitListOf(ctx context.Context, u org.Unit, prefix string, list []division) ([]byte, error) {
	var codes []string
	seen := map[string]bool{}
	for _, d := range list {
		for _, w := range divisionWidths {
			if strings.HasPrefix(d.code, prefix) && w.digits < len(d.code) && !seen[d.code[:w.digits]] {
				short := d.code[:w.digits]
				seen[short] = true
				codes = append(codes, short, short+strings.Repeat("0", 12-w.digits))
			}
		}
	}
	there, err := a.Org.ByCodes(ctx, codes)
	if err != nil {
		return nil, err
	}
	return unitList(u, prefix, list, func(code string) (string, bool) {
		for _, c := range []string{code, code + strings.Repeat("0", 12-len(code))} {
			if x, ok := there[c]; ok && u.Range().From < x.Pos && x.Pos < u.Range().To {
				return c, true
			}
		}
		return "", false
	})
}

// someBase tells whether a unit's subtree holds a base.
func (a *App) someBase(ctx context.Context, u org.Unit) (bool, error) {
	page, err := a.Base.List(ctx, base.Filter{Unit: u, Limit: 1})
	return len(page.Rows) > 0, err
}
