package table

import (
	"bufio"
	"encoding/csv"
	"fmt"
	"io"
	"iter"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"

	"xinhuo/internal/kit/errs"
)

// Formats that Write knows.
const (
	XLSX = "xlsx"
	CSV  = "csv"
)

// Table is what is written: the same rows in every format. Rows yields cells in the order of Columns; an error ends the
// writing and is returned. BOM puts a byte order mark before CSV, without which Chinese Excel does not show UTF-8.
type Table struct {
	Title   string
	Columns []Column
	Rows    iter.Seq2[[]Value, error]
	BOM     bool
}

// ContentType is the media type of a format.
func ContentType(format string) string {
	if format == XLSX {
		return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	}
	return "text/csv; charset=utf-8"
}

// Write writes the table as xlsx or CSV, byte for byte the same for the same rows. A text that a spreadsheet program would
// run as a formula is written as text, and Read gives it back unchanged. errs.TooLarge for more rows than a worksheet holds.
func Write(w io.Writer, format string, t Table) error {
	for _, c := range t.Columns {
		if c.Kind == Money && titleUnit(c.title()) != 1 {
			return fmt.Errorf("table: column %s: money is written in yuan, its title says otherwise", c.Key)
		}
	}
	switch format {
	case XLSX:
		return writeXLSX(w, t, nil)
	case CSV:
		return writeCSV(w, t)
	}
	return fmt.Errorf("table: unknown format %q", format)
}

// rows checks the width of each row, so that a value never lands under another title.
func (t Table) rows(yield func([]Value) error) error {
	if t.Rows == nil {
		return nil
	}
	for row, err := range t.Rows {
		if err != nil {
			return err
		}
		if len(row) != len(t.Columns) {
			return fmt.Errorf("table: row of %d cells under %d columns", len(row), len(t.Columns))
		}
		if err := yield(row); err != nil {
			return err
		}
	}
	return nil
}

// words is the text of a cell, the same in all formats.
func (c Column) words(v Value) string {
	switch {
	case !v.Set:
		return ""
	case c.Kind == Money:
		return yuan(v.Num)
	case c.Kind == Int:
		return strconv.FormatInt(v.Num, 10)
	case c.Kind == Choice:
		for _, o := range c.Choices {
			if o.Key == v.Text && len(o.Titles) > 0 {
				return o.Titles[0]
			}
		}
	}
	return printable(v.Text)
}

// printable leaves out what neither format can carry: control characters, broken UTF-8, carriage returns.
func printable(s string) string {
	s = strings.ReplaceAll(s, "\r\n", "\n")
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\r':
			return '\n'
		case r < ' ' && r != '\n' && r != '\t', r == 0x7F, r == utf8.RuneError, r == 0xFFFE, r == 0xFFFF:
			return -1
		}
		return r
	}, s)
}

func writeCSV(w io.Writer, t Table) error {
	out := bufio.NewWriter(w)
	if t.BOM {
		out.WriteString("\uFEFF")
	}
	c := csv.NewWriter(out)
	c.UseCRLF = true
	record := make([]string, len(t.Columns))
	for i, col := range t.Columns {
		record[i] = guard(printable(col.title()))
	}
	if err := c.Write(record); err != nil {
		return err
	}
	err := t.rows(func(row []Value) error {
		for i, v := range row {
			record[i] = t.Columns[i].words(v)
			if k := t.Columns[i].Kind; k == Text || k == Choice {
				record[i] = guard(record[i])
			}
		}
		return c.Write(record)
	})
	if err != nil {
		return err
	}
	if c.Flush(); c.Error() != nil {
		return c.Error()
	}
	return out.Flush()
}

// sheetName makes a title one that Excel accepts.
func sheetName(title string) string {
	r := []rune(strings.Trim(strings.Map(func(r rune) rune {
		if strings.ContainsRune(`:\/?*[]`, r) {
			return ' '
		}
		return r
	}, printable(title)), " '\n\t"))
	if len(r) > 31 {
		r = r[:31]
	}
	if len(r) == 0 {
		return "Sheet1"
	}
	return strings.Trim(strings.ReplaceAll(string(r), "\n", " "), " '")
}

// Styles of the cells by kind.
type cellStyles struct{ header, text, day, money, number int }

func makeStyles(book *excelize.File) (s cellStyles, err error) {
	add := func(style excelize.Style) int {
		id, e := book.NewStyle(&style)
		if e != nil && err == nil {
			err = e
		}
		return id
	}
	day, money := "yyyy-mm-dd", "#,##0.00"
	top := &excelize.Alignment{Vertical: "top", WrapText: true}
	s.header = add(excelize.Style{
		Font:      &excelize.Font{Bold: true},
		Fill:      excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"F4EDE3"}},
		Border:    []excelize.Border{{Type: "bottom", Style: 1, Color: "221B16"}},
		Alignment: &excelize.Alignment{Vertical: "center", WrapText: true},
	})
	// Format 49 is text: an identity card number typed into a template keeps all its digits.
	s.text = add(excelize.Style{NumFmt: 49, Alignment: top})
	s.day = add(excelize.Style{CustomNumFmt: &day, Alignment: &excelize.Alignment{Vertical: "top", Horizontal: "left"}})
	s.money = add(excelize.Style{CustomNumFmt: &money, Alignment: &excelize.Alignment{Vertical: "top"}})
	s.number = add(excelize.Style{NumFmt: 1, Alignment: &excelize.Alignment{Vertical: "top"}})
	return s, err
}

func (s cellStyles) of(k Kind) int {
	switch k {
	case Day:
		return s.day
	case Money:
		return s.money
	case Int:
		return s.number
	}
	return s.text
}

func (c Column) width() float64 {
	if c.Width > 0 {
		return c.Width
	}
	w := map[Kind]float64{Text: 20, Day: 13, Money: 16, Int: 10, Choice: 16}[c.Kind]
	return min(40, max(w, float64(2*utf8.RuneCountInString(c.title())+2)))
}

// exactDigits is the largest number that a spreadsheet keeps to the last digit: 15 digits.
const exactDigits = 999_999_999_999_999

// cell is the value of a cell in a worksheet: numbers and days as such, so that they can be summed and sorted there.
// Whatever a spreadsheet cannot hold exactly is written as text.
func (c Column) cell(v Value, s cellStyles) any {
	if !v.Set {
		return nil
	}
	switch c.Kind {
	case Money:
		if v.Num >= -exactDigits && v.Num <= exactDigits {
			return excelize.Cell{StyleID: s.money, Value: float64(v.Num) / 100}
		}
	case Int:
		if v.Num >= -exactDigits && v.Num <= exactDigits {
			return excelize.Cell{StyleID: s.number, Value: v.Num}
		}
	case Day:
		if n, ok := daySerialOf(v.Text); ok {
			return excelize.Cell{StyleID: s.day, Value: n}
		}
	}
	text := c.words(v)
	if text == "" {
		return nil
	}
	return excelize.Cell{StyleID: s.text, Value: text}
}

// writeXLSX streams the rows into one worksheet; finish, if there is one, adds to it before it is closed.
func writeXLSX(w io.Writer, t Table, finish func(book *excelize.File, sheet string) error) error {
	book := excelize.NewFile()
	defer book.Close()
	sheet := sheetName(t.Title)
	if err := book.SetSheetName(book.GetSheetName(0), sheet); err != nil {
		return err
	}
	// Fixed times and names: the same table is the same file, and names nobody.
	const epoch = "2019-01-01T00:00:00Z"
	if err := book.SetDocProps(&excelize.DocProperties{Title: printable(t.Title), Creator: "Xinhuo", LastModifiedBy: "Xinhuo", Created: epoch, Modified: epoch}); err != nil {
		return err
	}
	styles, err := makeStyles(book)
	if err != nil {
		return err
	}
	sw, err := book.NewStreamWriter(sheet)
	if err != nil {
		return err
	}
	for i, c := range t.Columns {
		if err := sw.SetColWidth(i+1, i+1, c.width()); err != nil {
			return err
		}
		if err := sw.SetColStyle(i+1, i+1, styles.of(c.Kind)); err != nil {
			return err
		}
	}
	if err := sw.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return err
	}
	cells := make([]any, len(t.Columns))
	for i, c := range t.Columns {
		cells[i] = excelize.Cell{StyleID: styles.header, Value: printable(c.title())}
	}
	if err := sw.SetRow("A1", cells, excelize.RowOpts{Height: 24}); err != nil {
		return err
	}
	line := 1
	err = t.rows(func(row []Value) error {
		if line++; line > excelize.TotalRows {
			return errs.New(errs.TooLarge, "table.too_many_rows", "Name", t.Title, "Limit", excelize.TotalRows-1)
		}
		for i, v := range row {
			cells[i] = t.Columns[i].cell(v, styles)
		}
		return sw.SetRow("A"+strconv.Itoa(line), cells)
	})
	if err != nil {
		return err
	}
	if finish != nil {
		if err := finish(book, sheet); err != nil {
			return err
		}
	}
	if err := sw.Flush(); err != nil {
		return err
	}
	return book.Write(w)
}

// templateRows is how far down the hints and choices of a template reach.
const templateRows = 5000

// Template writes an empty table to be filled in: the header, and in a workbook the hint of each column beside its cells
// and its choices as a list to pick from.
func Template(w io.Writer, format, title string, cols []Column) error {
	t := Table{Title: title, Columns: cols, BOM: true}
	if format != XLSX {
		return Write(w, format, t)
	}
	return writeXLSX(w, t, func(book *excelize.File, sheet string) error {
		const lists = "choices"
		made := false
		for i, c := range cols {
			letter, err := excelize.ColumnNumberToName(i + 1)
			if err != nil {
				return err
			}
			if c.Hint == "" && len(c.Choices) == 0 {
				continue
			}
			dv := excelize.NewDataValidation(!c.Required)
			dv.SetSqref(fmt.Sprintf("%s2:%s%d", letter, letter, templateRows))
			if c.Hint != "" {
				dv.SetInput(firstRunes(c.title(), 32), firstRunes(printable(c.Hint), 255))
			}
			if len(c.Choices) > 0 {
				// On a hidden sheet a list has no limit of 255 characters and may contain commas.
				if !made {
					if _, err := book.NewSheet(lists); err != nil {
						return err
					}
					if err := book.SetSheetVisible(lists, false); err != nil {
						return err
					}
					made = true
				}
				for j, o := range c.Choices {
					if len(o.Titles) == 0 {
						continue
					}
					if err := book.SetCellStr(lists, letter+strconv.Itoa(j+1), o.Titles[0]); err != nil {
						return err
					}
				}
				dv.SetSqrefDropList(fmt.Sprintf("%s!$%s$1:$%s$%d", lists, letter, letter, len(c.Choices)))
			}
			if err := book.AddDataValidation(sheet, dv); err != nil {
				return err
			}
		}
		return nil
	})
}

func firstRunes(s string, n int) string {
	r := []rune(s)
	if len(r) > n {
		return string(r[:n])
	}
	return s
}
