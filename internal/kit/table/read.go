package table

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"

	"xinhuo/internal/kit/errs"
)

// Limits bound what a table may cost us. A zero field takes the value of DefaultLimits.
type Limits struct {
	Bytes    int64 // of the file as it came
	Unzipped int64 // of all parts of a workbook together
	Rows     int   // that are not blank
	Columns  int
	Cell     int // characters in one cell
}

// DefaultLimits suit an import by hand: a county's volunteers, a city's bases.
var DefaultLimits = Limits{Bytes: 32 << 20, Unzipped: 512 << 20, Rows: 200_000, Columns: 200, Cell: 8_000}

func (l Limits) withDefaults() Limits {
	d := DefaultLimits
	if l.Bytes > 0 {
		d.Bytes = l.Bytes
	}
	if l.Unzipped > 0 {
		d.Unzipped = l.Unzipped
	}
	if l.Rows > 0 {
		d.Rows = l.Rows
	}
	if l.Columns > 0 {
		d.Columns = l.Columns
	}
	if l.Cell > 0 {
		d.Cell = l.Cell
	}
	return d
}

// Row is one row that is not blank. Line counts from 1 as Excel shows it, so that a person finds the row again;
// trailing empty cells are left out.
type Row struct {
	Line  int
	Cells []string

	merged map[int]string // words of merged cells that reach into this row from above
}

// Cell is the i-th cell, empty when the row is shorter.
func (r Row) Cell(i int) string {
	if i < 0 || i >= len(r.Cells) {
		return ""
	}
	return r.Cells[i]
}

// Sheet is a table that has been recognised and can be streamed. Close it: a large workbook holds a temporary file.
type Sheet struct {
	Name   string // the name of the file, only to be shown
	Format string // xlsx or csv
	Title  string // the worksheet's name; empty for CSV

	limits Limits
	layout layout
	others []string // titles of further sheets
	header int      // line of the heading, once it was found
	stream func(func(Row) error) error
	close  func() error
}

// Close releases what the sheet holds.
func (s *Sheet) Close() error {
	if s.close == nil {
		return nil
	}
	return s.close()
}

// Read recognises a table by its content. Excel workbooks (xlsx) and CSV in UTF-8, UTF-16 or GB18030 are read, of a
// workbook the first visible sheet. Errors: errs.Unsupported for anything else, errs.TooLarge above a limit.
func Read(name string, data []byte, limits Limits) (*Sheet, error) {
	limits = limits.withDefaults()
	if int64(len(data)) > limits.Bytes {
		return nil, errs.New(errs.TooLarge, "table.file_too_large", "Name", name, "Limit", limits.Bytes>>20)
	}
	switch {
	case len(bytes.TrimSpace(data)) == 0:
		return nil, errs.New(errs.Invalid, "table.file_empty", "Name", name)
	case bytes.HasPrefix(data, []byte("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1")):
		// A workbook with a password is such a container, too.
		if bytes.Contains(data, utf16LE("EncryptedPackage")) {
			return nil, errs.New(errs.Unsupported, "table.file_locked", "Name", name)
		}
		return nil, errs.New(errs.Unsupported, "table.file_old_excel", "Name", name)
	case bytes.HasPrefix(data, []byte("PK\x03\x04")):
		return readXLSX(name, data, limits)
	}
	text, ok := decodeText(data)
	if !ok {
		return nil, errs.New(errs.Unsupported, "table.file_not_table", "Name", name)
	}
	// Many older systems hand out a web page under the name of a workbook.
	head := strings.ToLower(strings.TrimSpace(text[:min(len(text), 512)]))
	for _, mark := range []string{"<html", "<!doctype", "<table", "<?xml", "<meta", "%pdf-", "{\\rtf"} {
		if strings.HasPrefix(head, mark) {
			return nil, errs.New(errs.Unsupported, "table.file_old_excel", "Name", name)
		}
	}
	s := &Sheet{Name: name, Format: "csv", limits: limits}
	s.stream = func(yield func(Row) error) error { return streamCSV(name, text, yield) }
	return s, nil
}

// errStop ends a stream early without being an error.
var errStop = errors.New("stop")

// Rows hands over each row that is not blank, in order; it may be called again. An error of yield ends it and is returned.
func (s *Sheet) Rows(yield func(Row) error) error {
	n := 0
	yield = s.spread(yield)
	err := s.stream(func(r Row) error {
		for len(r.Cells) > 0 && strings.TrimSpace(r.Cells[len(r.Cells)-1]) == "" {
			r.Cells = r.Cells[:len(r.Cells)-1]
		}
		if len(r.Cells) == 0 {
			return nil
		}
		if n++; n > s.limits.Rows {
			return errs.New(errs.TooLarge, "table.too_many_rows", "Name", s.Name, "Limit", s.limits.Rows)
		}
		if len(r.Cells) > s.limits.Columns {
			return errs.New(errs.TooLarge, "table.too_many_columns", "Name", s.Name, "Line", r.Line, "Limit", s.limits.Columns)
		}
		for i, c := range r.Cells {
			if len(c) > s.limits.Cell && utf8.RuneCountInString(c) > s.limits.Cell {
				return errs.New(errs.TooLarge, "table.cell_too_long", "Name", s.Name, "Line", r.Line, "Number", i+1, "Limit", s.limits.Cell)
			}
		}
		return yield(r)
	})
	if errors.Is(err, errStop) {
		return nil
	}
	return err
}

// Header finds the header among the first ten rows: the row with the most known titles, since a heading or a note
// often stands above it. Without any known title the first row counts as header, and Bind says what is missing.
func (s *Sheet) Header(cols []Column) (Row, error) {
	var first, best Row
	most, seen := 0, 0
	err := s.Rows(func(r Row) error {
		if seen++; seen == 1 {
			first = r
		}
		if n := matches(r.Cells, cols); n > most {
			best, most = r, n
		}
		if seen == 10 {
			return errStop
		}
		return nil
	})
	switch {
	case err != nil:
		return Row{}, err
	case seen == 0:
		return Row{}, errs.New(errs.Invalid, "table.file_empty", "Name", s.Name)
	case most == 0:
		best = first
	}
	s.header = best.Line
	return best, nil
}

// decodeText finds the encoding of a text: a byte order mark decides, then UTF-8 if it is valid, then GB18030, in which
// Chinese Excel writes CSV. ok is false for what is not a text.
func decodeText(data []byte) (text string, ok bool) {
	var enc encoding.Encoding
	switch {
	case bytes.HasPrefix(data, []byte("\xEF\xBB\xBF")):
		data = data[3:]
		if !utf8.Valid(data) {
			return "", false
		}
	case bytes.HasPrefix(data, []byte("\xFF\xFE")):
		enc = unicode.UTF16(unicode.LittleEndian, unicode.UseBOM)
	case bytes.HasPrefix(data, []byte("\xFE\xFF")):
		enc = unicode.UTF16(unicode.BigEndian, unicode.UseBOM)
	case !utf8.Valid(data):
		enc = simplifiedchinese.GB18030
	}
	if enc != nil {
		out, err := enc.NewDecoder().Bytes(data)
		if err != nil {
			return "", false
		}
		data = out
	}
	text = string(data)
	for _, r := range text {
		if r < ' ' && r != '\n' && r != '\r' && r != '\t' || r == utf8.RuneError || r == 0x7F {
			return "", false
		}
	}
	return text, true
}

func utf16LE(s string) []byte {
	var b []byte
	for _, r := range s {
		b = binary.LittleEndian.AppendUint16(b, uint16(r))
	}
	return b
}

// openZip checks a zip as a whole before anything is parsed: that its parts stay within the limit and are intact. The
// sizes that it declares are not believed, each part is read to its end; a damaged part would otherwise look like a
// table that is merely shorter.
func openZip(name string, data []byte, limit int64) (*zip.Reader, error) {
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, errs.Wrap(err, errs.Unsupported, "table.file_damaged", "Name", name)
	}
	if len(z.File) > 5_000 {
		return nil, errs.New(errs.TooLarge, "table.file_too_large", "Name", name, "Limit", limit>>20)
	}
	var declared uint64
	for _, f := range z.File {
		declared += f.UncompressedSize64
		if f.UncompressedSize64 > uint64(limit) || declared > uint64(limit) {
			return nil, errs.New(errs.TooLarge, "table.file_too_large", "Name", name, "Limit", limit>>20)
		}
	}
	left := limit
	for _, f := range z.File {
		n, err := drain(f, left)
		if err != nil {
			return nil, errs.Wrap(err, errs.Unsupported, "table.file_damaged", "Name", name)
		}
		if left -= n; left < 0 {
			return nil, errs.New(errs.TooLarge, "table.file_too_large", "Name", name, "Limit", limit>>20)
		}
	}
	return z, nil
}

func drain(f *zip.File, limit int64) (int64, error) {
	r, err := f.Open()
	if err != nil {
		return 0, err
	}
	defer r.Close()
	return io.Copy(io.Discard, io.LimitReader(r, limit+1))
}
