package app

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sort"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/table"
	"xinhuo/internal/org"
	"xinhuo/internal/record"
)

// CityReport is what loading a city's files did, or would have to be changed for it to do anything.
type CityReport struct {
	Batch                   id.ID // takes the import back
	Units                   int
	New, Changed, Same, Bad int
	Problems                []string // row by row, in plain words
}

// cityFiles are the files of a city in the order in which they depend on each other. Column keys are the files' own.
var cityFiles = []struct {
	name string
	cols []table.Column
}{
	{"unit.csv", []table.Column{textColumn("id", true), textColumn("parent", false), choiceColumn("level", levelKeys()...), textColumn("name", true), dayColumn("valid_from", true), dayColumn("valid_to", false)}},
	{"base.csv", []table.Column{textColumn("id", true), textColumn("host", true), textColumn("name", true), textColumn("category", true), choiceColumn("run_mode", "self", "joint", "other")}},
	{"accreditation.csv", []table.Column{textColumn("id", true), textColumn("base", true), choiceColumn("level", "nation", "province", "city", "county", "township"), textColumn("issuer", true), dayColumn("granted_on", true), dayColumn("revoked_on", false), choiceColumn("status", "submitted", "granted", "revoked")}},
	{"team.csv", []table.Column{textColumn("id", true), textColumn("unit", true), textColumn("need", true), dayColumn("founded_on", true), dayColumn("dissolved_on", false), choiceColumn("status", "submitted", "approved")}},
	{"reform.csv", []table.Column{textColumn("unit", true), dayColumn("adopted_on", true), dayColumn("revoked_on", false), choiceColumn("status", "submitted", "accepted", "revoked")}},
	{"project.csv", []table.Column{textColumn("id", true), textColumn("contract_no", true), textColumn("unit", true), choiceColumn("kind", "gov_purchase", "venture"), dayColumn("signed_on", true), choiceColumn("status", "signed", "void"), {Key: "amount_fen", Titles: []string{"amount_fen"}, Kind: table.Int, Required: true}, {Key: "version", Titles: []string{"version"}, Kind: table.Int, Required: true}}},
}

func textColumn(key string, required bool) table.Column {
	return table.Column{Key: key, Titles: []string{key}, Required: required}
}

func dayColumn(key string, required bool) table.Column {
	return table.Column{Key: key, Titles: []string{key}, Kind: table.Day, Required: required}
}

func choiceColumn(key string, keys ...string) table.Column {
	c := table.Column{Key: key, Titles: []string{key}, Kind: table.Choice, Required: true}
	for _, k := range keys {
		c.Choices = append(c.Choices, table.Option{Key: k, Titles: []string{k}})
	}
	return c
}

func levelKeys() []string {
	out := make([]string, len(org.Levels))
	for i, l := range org.Levels {
		out[i] = string(l)
	}
	return out
}

// cityRow is one row of one file.
type cityRow struct {
	file string
	line int
	v    map[string]table.Value
	bad  bool
}

func (r *cityRow) text(key string) string { return r.v[key].Text }

func (r *cityRow) day(key string) clock.Day { return clock.Day(r.v[key].Text) }

// cityImport is one run over a folder.
type cityImport struct {
	a     *App
	rows  map[string][]*cityRow
	units map[string]org.Unit // by external code, those of the files and those that stand already
	rep   CityReport
	at    []rowAt // where each problem of rep stands

	categories []keptCategories
}

// ImportCity loads a city's CSV files in one transaction. A single problem keeps everything out, unless good is set:
// then the rows without one are taken. Loading the same files again changes nothing.
func (a *App) ImportCity(ctx context.Context, dir string, good bool, progress func(done, total int)) (CityReport, error) {
	im := &cityImport{a: a, rows: map[string][]*cityRow{}, units: map[string]org.Unit{}}
	if err := im.read(ctx, dir); err != nil {
		return im.rep, err
	}
	if err := im.check(ctx); err != nil {
		return im.rep, err
	}
	im.inOrder()
	if len(im.rep.Problems) > 0 && !good {
		return im.rep, errs.New(errs.Invalid, "app.city_problems", "Count", len(im.rep.Problems))
	}
	if err := im.leave(ctx); err != nil {
		return im.rep, err
	}
	im.inOrder()
	batch := id.New()
	err := a.DB.Tx(ctx, func(ctx context.Context) error {
		im.categories = nil
		if err := a.Ledger.Batch(record.InBatch(ctx, batch), func(ctx context.Context) error { return im.take(ctx, batch, good, progress) }); err != nil || im.categories == nil {
			return err
		}
		kept, err := json.Marshal(im.categories)
		if err != nil {
			return err
		}
		return a.set(ctx, categoriesBefore(batch), string(kept))
	})
	if err != nil {
		return im.rep, err
	}
	if im.rep.Units+im.rep.New+im.rep.Changed > 0 {
		im.rep.Batch = batch
	}
	return im.rep, a.Ledger.Fold(ctx)
}

// categoriesBefore names the setting that keeps the categories of bases as an import found them.
func categoriesBefore(batch id.ID) string { return "city.categories." + batch.String() }

// UndoCity takes an import of a city back: its records, then its units. It is refused when somebody changed one since.
func (a *App) UndoCity(ctx context.Context, batch id.ID) error {
	err := a.DB.Tx(ctx, func(ctx context.Context) error {
		if _, err := a.Record.UndoBatch(ctx, batch); err != nil {
			return err
		}
		text, err := a.setting(ctx, categoriesBefore(batch))
		if err != nil {
			return err
		}
		if text != "" {
			var kept []keptCategories
			if err := json.Unmarshal([]byte(text), &kept); err != nil {
				return err
			}
			if err := a.restoreCategories(ctx, kept); err != nil {
				return err
			}
		}
		return a.Org.UndoFounded(ctx, batch)
	})
	if err != nil {
		return err
	}
	return a.Ledger.Fold(ctx)
}

// problem notes what is wrong with a row, in words; the row is left out.
func (im *cityImport) problem(ctx context.Context, r *cityRow, column, key string, args ...any) {
	if !r.bad {
		r.bad = true
		im.rep.Bad++
	}
	where := fmt.Sprintf("%s:%d", r.file, r.line)
	if column != "" {
		where += " " + column
	}
	im.rep.Problems = append(im.rep.Problems, where+": "+i18n.T(ctx, key, args...))
	im.at = append(im.at, rowAt{r.file, r.line})
}

type rowAt struct {
	file string
	line int
}

// inOrder puts the problems in the order of files and rows: all that is wrong with a row stands together.
func (im *cityImport) inOrder() {
	file := map[string]int{}
	for i, f := range cityFiles {
		file[f.name] = i
	}
	order := make([]int, len(im.at))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		return cmp.Or(cmp.Compare(file[im.at[a].file], file[im.at[b].file]), cmp.Compare(im.at[a].line, im.at[b].line))
	})
	texts, at := slices.Clone(im.rep.Problems), slices.Clone(im.at)
	for i, from := range order {
		im.rep.Problems[i], im.at[i] = texts[from], at[from]
	}
}

// refused notes what a service said of a row; other errors are handed back.
func (im *cityImport) refused(ctx context.Context, r *cityRow, err error) error {
	var e *errs.Error
	if !errors.As(err, &e) || e.Kind == errs.Internal {
		return err
	}
	if len(e.Fields) == 0 {
		im.problem(ctx, r, "", e.Key, pairs(e.Args)...)
	}
	for _, f := range e.Fields {
		im.problem(ctx, r, f.Name, f.Key, pairs(f.Args)...)
	}
	return nil
}

// read parses the six files; a file that is missing is a city without such records.
func (im *cityImport) read(ctx context.Context, dir string) error {
	for _, f := range cityFiles {
		data, err := os.ReadFile(filepath.Join(dir, f.name))
		if errors.Is(err, os.ErrNotExist) && f.name != "unit.csv" {
			continue
		}
		if err != nil {
			return fmt.Errorf("app.ImportCity: %w", err)
		}
		sheet, err := table.Read(f.name, data, table.Limits{})
		if err != nil {
			return fmt.Errorf("%s: %w", f.name, err)
		}
		header, err := sheet.Header(f.cols)
		if err != nil {
			return fmt.Errorf("%s: %w", f.name, err)
		}
		binding, problems := table.Bind(header.Cells, f.cols)
		for _, p := range problems {
			if !p.Warning {
				return errs.New(errs.Invalid, "app.city_column", "File", f.name, "Problem", im.a.Problem(ctx, p))
			}
		}
		err = sheet.Rows(func(row table.Row) error {
			if row.Line <= header.Line {
				return nil
			}
			r := &cityRow{file: f.name, line: row.Line}
			var bad []table.Problem
			r.v, bad = binding.Parse(row)
			for _, p := range bad {
				if !p.Warning {
					im.problem(ctx, r, p.Column, p.Code, pairs(p.Args)...)
				}
			}
			im.rows[f.name] = append(im.rows[f.name], r)
			return nil
		})
		sheet.Close()
		if err != nil {
			return fmt.Errorf("%s: %w", f.name, err)
		}
	}
	return nil
}

// unitColumns are the columns that name a unit.
var unitColumns = []struct{ file, column string }{{"unit.csv", "parent"}, {"base.csv", "host"}, {"accreditation.csv", "issuer"}, {"team.csv", "unit"}, {"reform.csv", "unit"}, {"project.csv", "unit"}}

// check finds what is wrong between rows and files before anything is written: unknown units and bases, ends before
// starts, numbers that stand twice. A cell that could not be read is told of already; the other cells of its row are
// looked at all the same, so that one look at the list mends the whole row.
func (im *cityImport) check(ctx context.Context) error {
	codes := map[string]bool{}
	for _, r := range im.rows["unit.csv"] {
		codes[r.text("id")] = true
	}
	for _, file := range unitColumns {
		for _, r := range im.rows[file.file] {
			code := r.text(file.column)
			if code == "" || codes[code] {
				continue
			}
			if _, err := im.a.Org.ByCode(ctx, code); errs.Is(err, errs.NotFound) {
				im.problem(ctx, r, file.column, "app.city_unit_unknown", "Code", code)
			} else if err != nil {
				return err
			}
		}
	}
	for _, file := range []string{"unit.csv", "base.csv", "accreditation.csv", "team.csv", "project.csv"} {
		seen := map[string]int{}
		for _, r := range im.rows[file] {
			code := r.text("id")
			if first, twice := seen[code]; twice && code != "" {
				im.problem(ctx, r, "id", "app.city_twice", "Code", code, "Line", first)
				continue
			}
			seen[code] = r.line
		}
	}
	for _, file := range []struct{ name, from, to string }{{"unit.csv", "valid_from", "valid_to"}, {"accreditation.csv", "granted_on", "revoked_on"}, {"team.csv", "founded_on", "dissolved_on"}, {"reform.csv", "adopted_on", "revoked_on"}} {
		for _, r := range im.rows[file.name] {
			if to := r.day(file.to); to != clock.Open && to < r.day(file.from) {
				im.problem(ctx, r, file.to, "app.city_end_before_start")
			}
		}
	}
	bases := map[string]bool{}
	for _, r := range im.rows["base.csv"] {
		bases[r.text("id")] = true
	}
	for _, r := range im.rows["accreditation.csv"] {
		if code := r.text("base"); code != "" && !bases[code] {
			im.problem(ctx, r, "base", "app.city_base_unknown", "Code", code)
		}
	}
	for _, r := range im.rows["project.csv"] {
		if r.v["amount_fen"].Num < 0 {
			im.problem(ctx, r, "amount_fen", "app.city_amount")
		}
		if v := r.v["version"]; v.Set && v.Num < 1 {
			im.problem(ctx, r, "version", "app.city_version")
		}
	}
	return nil
}

// leave lets rows go with the row on which they stand: when the good rows are taken, the plaques of a base that is left
// out are left out, as is whatever belongs to a unit that is.
func (im *cityImport) leave(ctx context.Context) error {
	for again := true; again; {
		again = false
		good := func(file string) (map[string]bool, map[string]bool) {
			all, ok := map[string]bool{}, map[string]bool{}
			for _, r := range im.rows[file] {
				all[r.text("id")] = true
				ok[r.text("id")] = ok[r.text("id")] || !r.bad
			}
			return all, ok
		}
		units, goodUnits := good("unit.csv")
		bases, goodBases := good("base.csv")
		drop := func(r *cityRow, column string) {
			im.problem(ctx, r, column, "app.city_left_with", "Code", r.text(column))
			again = true
		}
		for _, file := range unitColumns {
			for _, r := range im.rows[file.file] {
				code := r.text(file.column)
				if r.bad || !units[code] || goodUnits[code] {
					continue
				}
				if _, err := im.a.Org.ByCode(ctx, code); errs.Is(err, errs.NotFound) {
					drop(r, file.column)
				} else if err != nil {
					return err
				}
			}
		}
		for _, r := range im.rows["accreditation.csv"] {
			if code := r.text("base"); !r.bad && bases[code] && !goodBases[code] {
				drop(r, "base")
			}
		}
	}
	return nil
}

// take writes the rows that are left. With good, a row that a service refuses is left out; otherwise it ends the import.
func (im *cityImport) take(ctx context.Context, batch id.ID, good bool, progress func(done, total int)) error {
	if err := im.takeUnits(ctx, batch); err != nil {
		return err
	}
	total, done := 0, 0
	for _, rows := range im.rows {
		total += len(rows)
	}
	kinds := []func(context.Context, func(*cityRow, error) error) error{im.takeBases, im.takeTeams, im.takeReforms, im.takeProjects}
	files := []string{"base.csv", "team.csv", "reform.csv", "project.csv"}
	for i, f := range kinds {
		before := len(im.rep.Problems)
		err := f(ctx, func(r *cityRow, err error) error { return im.refused(ctx, r, err) })
		if err != nil {
			return err
		}
		if len(im.rep.Problems) > before && !good {
			return errs.New(errs.Invalid, "app.city_problems", "Count", len(im.rep.Problems))
		}
		done += len(im.rows[files[i]])
		progress(done, total)
	}
	return nil
}

func (im *cityImport) takeUnits(ctx context.Context, batch id.ID) error {
	var found []org.NewUnit
	for _, r := range im.rows["unit.csv"] {
		if r.bad {
			continue
		}
		if u, err := im.a.Org.ByCode(ctx, r.text("id")); err == nil {
			im.units[u.Code] = u
			continue
		} else if !errs.Is(err, errs.NotFound) {
			return err
		}
		n := org.NewUnit{Code: r.text("id"), ParentCode: r.text("parent"), Name: r.text("name"), Level: org.Level(r.text("level")), From: r.day("valid_from"), To: r.day("valid_to")}
		if n.Level == org.Township {
			n.Kind = org.KindOfName(n.Name)
		}
		found = append(found, n)
	}
	if len(found) > 0 {
		if err := im.a.Org.FoundBatch(ctx, found, batch); err != nil {
			return err
		}
		im.rep.Units = len(found)
	}
	for _, r := range im.rows["unit.csv"] {
		if r.bad {
			continue
		}
		u, err := im.a.Org.ByCode(ctx, r.text("id"))
		if err != nil {
			return err
		}
		im.units[u.Code] = u
	}
	return nil
}

// unit is a unit that a row names, one of the files or one that stood before.
func (im *cityImport) unit(ctx context.Context, code string) (org.Unit, error) {
	if u, ok := im.units[code]; ok {
		return u, nil
	}
	u, err := im.a.Org.ByCode(ctx, code)
	if err == nil {
		im.units[code] = u
	}
	return u, err
}

// count notes an outcome.
func (im *cityImport) count(o record.Outcome) {
	switch o {
	case record.Added:
		im.rep.New++
	case record.Changed:
		im.rep.Changed++
	default:
		im.rep.Same++
	}
}

// city is the unit at which a root's own settings are kept: the city, or the highest unit that has the root.
func (im *cityImport) city(ctx context.Context, u org.Unit) (org.Unit, error) {
	up, err := im.a.Org.Ancestors(ctx, u.ID, max(u.From, clock.Day("0001-01-01")))
	if err != nil {
		return u, err
	}
	for _, x := range up {
		if x.Root() == u.Root() {
			return x, nil
		}
	}
	return u, nil
}

func sortedKeys[V any](m map[string]V) []string {
	out := make([]string, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	sort.Strings(out)
	return out
}

// Problem says what is wrong with a row of a table, in words.
func (a *App) Problem(ctx context.Context, p table.Problem) string {
	where := ""
	if p.Line > 0 {
		where = i18n.T(ctx, "app.row", "Line", p.Line) + " "
	}
	return where + p.Column + " " + i18n.T(ctx, p.Code, pairs(p.Args)...)
}
