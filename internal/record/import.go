package record

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"io"
	"maps"
	"slices"
	"strings"

	"xinhuo/internal/audit"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/table"
	"xinhuo/internal/org"
)

// MaxImport bounds an uploaded table, in bytes, and MaxRows its rows: what one office sends at a time, 20,000
// with some lines of titles.
const (
	MaxImport = 8 << 20
	MaxRows   = 20100
)

// Outcome of a row.
type Outcome string

const (
	Added   Outcome = "new"
	Changed Outcome = "changed"
	Same    Outcome = "same"
)

// Importer takes rows of a table as records of one kind. The same Columns write the export and the template, so that
// what was exported can be imported again without change.
type Importer struct {
	Kind    string // "base"
	Title   string // text key: 阵地
	Back    string // address of the list
	Current string // entry of the navigation that its pages belong to; "" is Kind
	Columns func(ctx context.Context) []table.Column
	// Take writes one row, inside a transaction that a preview rolls back. It answers the code of the record. Problems are
	// errs.Invalid with Fields named after column keys.
	Take func(ctx context.Context, unit org.Unit, row map[string]table.Value, c Change) (code string, o Outcome, err error)
	// Begin and Ahead may be nil. Begin gives a run over a table something to remember in its context; Ahead hears the next
	// rows before they are taken, so that what they name is looked up in one statement and not row by row.
	Begin func(ctx context.Context) context.Context
	Ahead func(ctx context.Context, unit org.Unit, rows []map[string]table.Value) error
	// Export yields the rows of a unit's subtree as the importer would take them.
	Export func(ctx context.Context, unit org.Unit, yield func([]table.Value) error) error
}

func (i *Importer) current() string {
	if i.Current != "" {
		return i.Current
	}
	return i.Kind
}

// read are the columns as a table may name them: by the titles of the reader's language, of every other language, and by
// their keys, because a table is often sent on to somebody who reads the other language. A title that another column has
// of its own stays with that one. Problems and templates speak the reader's language, whose titles stand first.
func (i *Importer) read(ctx context.Context) []table.Column {
	cols := i.Columns(ctx)
	more := make([][]string, len(cols))
	for n := range cols {
		cols[n].Choices = slices.Clone(cols[n].Choices) // a module may keep its choices for good
	}
	for _, lang := range i18n.Langs {
		for n, c := range i.Columns(i18n.In(ctx, lang)) {
			more[n] = append(append(more[n], c.Titles...), c.Key)
			for k, o := range c.Choices {
				to := &cols[n].Choices[k]
				to.Titles = joined(to.Titles, append(o.Titles[:len(o.Titles):len(o.Titles)], o.Key))
			}
		}
	}
	own := map[string]bool{}
	for _, c := range cols {
		for _, t := range c.Titles {
			own[strings.ToLower(t)] = true
		}
	}
	for n := range cols {
		cols[n].Titles = joined(cols[n].Titles, slices.DeleteFunc(more[n], func(t string) bool { return own[strings.ToLower(t)] }))
	}
	return cols
}

// joined puts the titles that are not there yet after those that are.
func joined(titles, more []string) []string {
	out := slices.Clone(titles)
	for _, t := range more {
		if !slices.Contains(out, t) {
			out = append(out, t)
		}
	}
	return out
}

// Kept is a row whose empty cells, and those of columns that the table lacks, say what is on record.
func Kept(row map[string]table.Value, cols []table.Column, cells []table.Value) map[string]table.Value {
	out := maps.Clone(row)
	for i, c := range cols {
		if !row[c.Key].Set {
			out[c.Key] = cells[i]
		}
	}
	return out
}

// AddImporter offers a kind of record for import and export.
func (s *Service) AddImporter(i *Importer) { s.importers[i.Kind] = i }

// Importers are all that are offered, by kind.
func (s *Service) Importers() []*Importer {
	return slices.SortedFunc(maps.Values(s.importers), func(a, b *Importer) int { return strings.Compare(a.Kind, b.Kind) })
}

// Line is what became of one row.
type Line struct {
	Line    int
	Code    string
	Outcome Outcome
}

// Preview is what an import would do, or did.
type Preview struct {
	Ref      id.Ref
	Kind     string
	Unit     org.Unit
	Name     string
	State    string // previewed, taken, undone, dropped
	At       int64
	By       string
	Lines    []Line
	Problems []table.Problem
	Dates    []DateQuestion // how doubtful days are read, answered or not
	Bad      int            // rows with a problem
	Taken    int            // rows that were taken, once it was
}

// Count is the number of rows with an outcome.
func (p Preview) Count(o Outcome) int {
	n := 0
	for _, l := range p.Lines {
		if l.Outcome == o {
			n++
		}
	}
	return n
}

// Upload reads a table, keeps it, and previews what taking it would do. Nothing else is written.
func (s *Service) Upload(ctx context.Context, kind string, unit id.ID, name string, data []byte) (Preview, error) {
	i := s.importers[kind]
	if i == nil {
		return Preview{}, errs.New(errs.NotFound, "record.no_importer")
	}
	if len(data) > MaxImport {
		return Preview{}, errs.New(errs.TooLarge, "record.import_too_large", "MB", MaxImport>>20)
	}
	u, err := s.org.Unit(ctx, unit)
	if err != nil {
		return Preview{}, err
	}
	if err := s.mayWork(ctx, u, kind, id.Ref{}, Change{Act: "record.act.import"}); err != nil {
		return Preview{}, err
	}
	p, err := s.run(ctx, i, u, id.New(), name, data, nil, s.rehearsed)
	if err != nil {
		return p, err
	}
	a := scope.From(ctx)
	p.Ref, p.State = id.Ref{Root: u.Root(), ID: id.New()}, "previewed"
	row := importRow{Root: p.Ref.Root, ID: p.Ref.ID, Kind: kind, Unit: u.ID, Pos: u.Pos, Name: name, Data: base64.StdEncoding.EncodeToString(data),
		At: clock.Millis(ctx), Actor: a.Account, ActorName: a.Name, State: p.State}
	return p, s.db.Tx(ctx, func(ctx context.Context) error { return s.addImport(ctx, row) })
}

// way is how the rows of a table are run: rehearsed, or taken.
type way func(ctx context.Context, fn func(context.Context) error) error

// rehearsed takes everything back, and posts nothing before.
func (s *Service) rehearsed(ctx context.Context, fn func(context.Context) error) error {
	return s.db.Rehearse(ctx, func(ctx context.Context) error { return s.ledger.Unposted(ctx, fn) })
}

// taken keeps what the rows wrote and posts it at the end: a record that several rows touch is posted once.
func (s *Service) taken(ctx context.Context, fn func(context.Context) error) error {
	return s.db.Tx(ctx, func(ctx context.Context) error { return s.ledger.Batch(ctx, fn) })
}

// run goes through the rows of a table. A row that cannot be read or is refused leaves nothing behind.
func (s *Service) run(ctx context.Context, i *Importer, u org.Unit, batch id.ID, name string, data []byte, dates Dates, within way) (Preview, error) {
	p := Preview{Kind: i.Kind, Unit: u, Name: name}
	sheet, err := table.Read(name, data, table.Limits{Bytes: MaxImport, Rows: MaxRows})
	if err != nil {
		return p, err
	}
	defer sheet.Close()
	cols := i.read(ctx)
	header, err := sheet.Header(cols)
	if err != nil {
		return p, err
	}
	binding, problems := table.Bind(header.Cells, cols)
	titles := binding.Titles()
	problems = append(sheet.Notes(), problems...)
	p.Problems = problems
	if table.Blocking(problems) {
		return p, nil
	}
	var doubts *questions
	err = within(InBatch(rememberUnits(org.Remembering(ctx)), batch), func(ctx context.Context) error {
		s.db.Gather(ctx)
		if i.Begin != nil {
			ctx = i.Begin(ctx)
		}
		p.Lines, p.Problems, p.Bad = nil, problems, 0
		doubts = &questions{dates: dates, years: map[string]map[string]int{}}
		binding.Asking = doubts.asking(ctx)
		var next []read
		if err := sheet.Rows(func(r table.Row) error {
			if r.Line <= header.Line {
				return nil
			}
			if note, total := r.Total(); total {
				next = append(next, read{notes: []table.Problem{note}})
				return nil
			}
			values, bad := binding.Parse(r)
			doubts.note(cols, values, r.Line)
			next = append(next, read{r.Line, values, bad})
			if len(next) < aheadRows {
				return nil
			}
			err := s.takeNext(ctx, i, u, batch, next, titles, &p)
			next = next[:0]
			return err
		}); err != nil {
			return err
		}
		return s.takeNext(ctx, i, u, batch, next, titles, &p)
	})
	p.Dates = doubts.asked(ctx)
	return p, err
}

// aheadRows is how many rows are read before they are taken.
const aheadRows = 500

// read is a row that was read: its cells, and what is wrong with them. A total has no cells.
type read struct {
	line   int
	values map[string]table.Value
	notes  []table.Problem
}

// takeNext takes rows in their order, each by itself.
func (s *Service) takeNext(ctx context.Context, i *Importer, u org.Unit, batch id.ID, next []read, titles map[string]string, p *Preview) error {
	if i.Ahead != nil {
		var good []map[string]table.Value
		for _, r := range next {
			if r.values != nil && !table.Blocking(r.notes) {
				good = append(good, r.values)
			}
		}
		if err := i.Ahead(ctx, u, good); err != nil {
			return err
		}
	}
	for _, r := range next {
		p.Problems = append(p.Problems, r.notes...)
		if table.Blocking(r.notes) {
			p.Bad++
			continue
		}
		if r.values == nil {
			continue
		}
		var code string
		var outcome Outcome
		err := s.db.Try(ctx, func(ctx context.Context) error {
			return s.ledger.Part(ctx, func(ctx context.Context) (err error) {
				code, outcome, err = i.Take(ctx, u, r.values, Change{Act: "record.act.import", Batch: batch})
				return err
			})
		})
		if err == nil {
			p.Lines = append(p.Lines, Line{r.line, code, outcome})
			continue
		}
		own := problemsOf(err, r, titles)
		if own == nil {
			return err
		}
		p.Problems = append(p.Problems, own...)
		p.Bad++
	}
	return nil
}

// problemsOf says in the table's terms what a service refused, with what the cell says; nil for our own faults.
func problemsOf(err error, r read, titles map[string]string) []table.Problem {
	var e *errs.Error
	if !errors.As(err, &e) || e.Kind == errs.Internal {
		return nil
	}
	if len(e.Fields) == 0 {
		return []table.Problem{{Line: r.line, Code: e.Key, Args: e.Args}}
	}
	var out []table.Problem
	for _, f := range e.Fields {
		args := map[string]any{"Cell": r.values[f.Name].Text}
		maps.Copy(args, f.Args)
		out = append(out, table.Problem{Line: r.line, Column: titles[f.Name], Code: f.Key, Args: args})
	}
	return out
}

// Import reads one import with its preview, computed anew for what stands now.
func (s *Service) Import(ctx context.Context, ref id.Ref) (Preview, error) {
	row, err := s.getImport(ctx, ref, scope.From(ctx).WorkSet)
	if err != nil {
		return Preview{}, err
	}
	u, err := s.org.Unit(ctx, row.Unit)
	if err != nil {
		return Preview{}, err
	}
	p := Preview{Kind: row.Kind, Unit: u, Name: row.Name}
	if row.State == "previewed" {
		data, err := base64.StdEncoding.DecodeString(row.Data)
		if err != nil {
			return p, err
		}
		dates, err := datesOf(row.Dates)
		if err != nil {
			return p, err
		}
		if p, err = s.run(ctx, s.importers[row.Kind], u, ref.ID, row.Name, data, dates, s.rehearsed); err != nil {
			return p, err
		}
	}
	p.Ref, p.State, p.At, p.By, p.Taken = ref, row.State, row.At, row.ActorName, int(row.Taken)
	return p, nil
}

// Imports lists what was imported of a kind within the reader's working scope at a unit, the latest first.
func (s *Service) Imports(ctx context.Context, kind string, unit org.Unit, limit int) ([]Preview, error) {
	within := scope.From(ctx).WorkSet.Within(unit.Range())
	rows, err := s.imports(ctx, kind, within, limit)
	if err != nil {
		return nil, err
	}
	out := make([]Preview, len(rows))
	for i, r := range rows {
		out[i] = Preview{Ref: id.Ref{Root: r.Root, ID: r.ID}, Kind: r.Kind, Name: r.Name, State: r.State, At: r.At, By: r.ActorName, Taken: int(r.Taken)}
	}
	return out, nil
}

// Drop throws a previewed table away; nothing of it was written.
func (s *Service) Drop(ctx context.Context, ref id.Ref) (kind string, unit id.ID, err error) {
	err = s.db.Tx(ctx, func(ctx context.Context) error {
		row, err := s.getImport(ctx, ref, scope.From(ctx).WorkSet)
		if err != nil {
			return err
		}
		kind, unit = row.Kind, row.Unit
		return s.setImport(ctx, ref, "previewed", "dropped", 0, "")
	})
	return kind, unit, err
}

// Take writes an import: all rows, or with goodOnly those without a problem. Without goodOnly a single problem keeps
// everything out. Taking it again changes nothing.
func (s *Service) Take(ctx context.Context, ref id.Ref, goodOnly bool) (Preview, error) {
	var done Preview
	err := s.db.Tx(ctx, func(ctx context.Context) error {
		row, err := s.getImport(ctx, ref, scope.From(ctx).WorkSet)
		if err != nil {
			return err
		}
		if row.State != "previewed" {
			return errs.New(errs.Conflict, "record.import_done_already")
		}
		data, err := base64.StdEncoding.DecodeString(row.Data)
		if err != nil {
			return err
		}
		u, err := s.org.Unit(ctx, row.Unit)
		if err != nil {
			return err
		}
		dates, err := datesOf(row.Dates)
		if err != nil {
			return err
		}
		done, err = s.takeRows(ctx, s.importers[row.Kind], u, ref, row.Name, data, dates, goodOnly)
		if err != nil {
			return err
		}
		if err := s.setImport(ctx, ref, "previewed", "taken", len(done.Lines), ""); err != nil {
			return err
		}
		detail := map[string]any{"rows": len(done.Lines), "left_out": done.Bad, "name": row.Name}
		if len(dates) > 0 {
			detail["dates"] = dates
		}
		return s.audit.Log(ctx, audit.Entry{Act: "record.act.import", Subject: row.Kind, Ref: ref, Pos: u.Pos, Unit: u.ID, Detail: detail})
	})
	done.Ref, done.State = ref, "taken"
	return done, err
}

// takeRows takes the good rows, in one run over the table; whatever was written goes back when that is not what was asked.
func (s *Service) takeRows(ctx context.Context, i *Importer, u org.Unit, ref id.Ref, name string, data []byte, dates Dates, goodOnly bool) (Preview, error) {
	p, err := s.run(ctx, i, u, ref.ID, name, data, dates, s.taken)
	if err == nil && (len(p.Lines) == 0 || table.Blocking(p.Problems) && !goodOnly) {
		err = errs.New(errs.Invalid, "record.import_has_problems", "Bad", p.Bad)
	}
	return p, err
}

// UndoImport takes an import back, so that every figure, list and export is as before; the log keeps both acts. Whoever works
// where the import was made may: it goes back whole, wherever its records stand.
func (s *Service) UndoImport(ctx context.Context, ref id.Ref) error {
	return s.db.Tx(ctx, func(ctx context.Context) error {
		row, err := s.getImport(ctx, ref, scope.From(ctx).WorkSet)
		if err != nil {
			return err
		}
		if err := s.setImport(ctx, ref, "taken", "undone", int(row.Taken), ""); err != nil {
			return err
		}
		// its rows were written by rules of the modules' own, some at units where its writer has no other right
		if err := s.ledger.Batch(ctx, func(ctx context.Context) error {
			_, err := s.undoVersions(ctx, ref.ID, "record.act.undo_import", true)
			return err
		}); err != nil {
			return err
		}
		return s.audit.Log(ctx, audit.Entry{Act: "record.act.undo_import", Subject: row.Kind, Ref: ref, Pos: row.Pos, Unit: row.Unit})
	})
}

// Export writes the records of a unit's subtree as a table that can be imported again.
func (s *Service) Export(ctx context.Context, w io.Writer, kind, format string, unit id.ID, title string) error {
	i := s.importers[kind]
	if i == nil {
		return errs.New(errs.NotFound, "record.no_importer")
	}
	u, err := s.org.Unit(ctx, unit)
	if err != nil {
		return err
	}
	if !scope.From(ctx).May(scope.View, u.Pos) {
		return errs.New(errs.NotFound, "errs.not_found")
	}
	var b bytes.Buffer // whole or not at all
	if err := table.Write(&b, format, table.Table{Title: title, Columns: i.Columns(ctx), BOM: format == table.CSV,
		Rows: func(yield func([]table.Value, error) bool) {
			stop := errors.New("stop")
			err := i.Export(ctx, u, func(row []table.Value) error {
				if !yield(row, nil) {
					return stop
				}
				return nil
			})
			if err != nil && !errors.Is(err, stop) {
				yield(nil, err)
			}
		}}); err != nil {
		return err
	}
	_, err = w.Write(b.Bytes())
	return err
}
