package table

import (
	"archive/zip"
	"encoding/xml"
	"io"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"
)

// layout is what people do to a worksheet that its cells do not say: parts that are hidden, cells that are merged.
type layout struct {
	rows   []int     // hidden
	cols   []string  // hidden, by letter
	merged []spanned // cells merged over several rows
}

// spanned is a cell merged over several rows; it stands in its first.
type spanned struct{ col, from, last int }

var (
	hiddenMark = regexp.MustCompile(`\shidden="(?:1|true)"`)
	rowMark    = regexp.MustCompile(`<(?:\w+:)?row\s[^>]*>`)
	colMark    = regexp.MustCompile(`<(?:\w+:)?col\s[^>]*>`)
	mergeMark  = regexp.MustCompile(`<(?:\w+:)?mergeCell\s[^>]*\bref="([A-Z]+)(\d+):[A-Z]+(\d+)"`)
	numberOf   = map[string]*regexp.Regexp{"r": regexp.MustCompile(`\sr="(\d+)"`), "min": regexp.MustCompile(`\smin="(\d+)"`), "max": regexp.MustCompile(`\smax="(\d+)"`)}
)

// layoutOf reads the layout of a worksheet from the workbook's parts; the workbook library would hold the whole sheet for it.
func layoutOf(z *zip.Reader, title string) (l layout) {
	data := part(z, sheetPart(z, title))
	attr := func(mark []byte, name string) int {
		m := numberOf[name].FindSubmatch(mark)
		if m == nil {
			return 0
		}
		n, _ := strconv.Atoi(string(m[1]))
		return n
	}
	for _, m := range rowMark.FindAll(data, -1) {
		if hiddenMark.Match(m) && attr(m, "r") > 0 {
			l.rows = append(l.rows, attr(m, "r"))
		}
	}
	for _, m := range colMark.FindAll(data, -1) {
		if !hiddenMark.Match(m) {
			continue
		}
		for n := attr(m, "min"); n > 0 && n <= min(attr(m, "max"), DefaultLimits.Columns); n++ {
			letter, _ := excelize.ColumnNumberToName(n)
			l.cols = append(l.cols, letter)
		}
	}
	for _, m := range mergeMark.FindAllSubmatch(data, -1) {
		col, err := excelize.ColumnNameToNumber(string(m[1]))
		from, _ := strconv.Atoi(string(m[2]))
		last, _ := strconv.Atoi(string(m[3]))
		if err == nil && last > from {
			l.merged = append(l.merged, spanned{col - 1, from, last})
		}
	}
	slices.SortFunc(l.merged, func(a, b spanned) int { return a.from - b.from })
	return l
}

// part is one file of a workbook, empty when it is not there.
func part(z *zip.Reader, name string) []byte {
	for _, f := range z.File {
		if name == "" || !strings.EqualFold(strings.TrimPrefix(strings.ReplaceAll(f.Name, `\`, "/"), "/"), name) {
			continue
		}
		r, err := f.Open()
		if err != nil {
			return nil
		}
		defer r.Close()
		data, err := io.ReadAll(r)
		if err != nil {
			return nil
		}
		return data
	}
	return nil
}

// sheetPart is the file in which a worksheet stands.
func sheetPart(z *zip.Reader, title string) string {
	var book struct {
		Sheets []struct {
			Name string     `xml:"name,attr"`
			Any  []xml.Attr `xml:",any,attr"`
		} `xml:"sheets>sheet"`
	}
	var links struct {
		List []struct {
			ID     string `xml:"Id,attr"`
			Target string `xml:"Target,attr"`
		} `xml:"Relationship"`
	}
	if xml.Unmarshal(part(z, "xl/workbook.xml"), &book) != nil || xml.Unmarshal(part(z, "xl/_rels/workbook.xml.rels"), &links) != nil {
		return ""
	}
	for _, s := range book.Sheets {
		for _, a := range s.Any {
			for _, l := range links.List {
				if s.Name != title || a.Name.Local != "id" || a.Value != l.ID {
					continue
				}
				if strings.HasPrefix(l.Target, "/") {
					return strings.TrimPrefix(l.Target, "/")
				}
				return path.Join("xl", l.Target)
			}
		}
	}
	return ""
}

// below are the merged cells under the heading: of the heading itself they say nothing about a row.
func (s *Sheet) below() []spanned {
	at := slices.IndexFunc(s.layout.merged, func(m spanned) bool { return m.from > s.header })
	if s.header == 0 || at < 0 {
		return nil
	}
	return s.layout.merged[at:]
}

// Notes say what about the workbook could be meant otherwise than it is read; nothing of it keeps the table out. They are
// complete once Header was asked for.
func (s *Sheet) Notes() []Problem {
	var out []Problem
	note := func(code string, args map[string]any) {
		out = append(out, Problem{Code: code, Args: args, Warning: true})
	}
	if len(s.others) > 0 {
		note("table.sheets_left", map[string]any{"Title": s.Title, "Others": strings.Join(s.others, "、")})
	}
	var rows []string
	for _, r := range s.layout.rows {
		if r > s.header {
			rows = append(rows, strconv.Itoa(r))
		}
	}
	if n := len(rows); n > 0 {
		note("table.rows_hidden", map[string]any{"N": n, "Lines": strings.Join(rows[:min(n, 5)], "、") + map[bool]string{true: "…"}[n > 5]})
	}
	if len(s.layout.cols) > 0 {
		note("table.columns_hidden", map[string]any{"Letters": strings.Join(s.layout.cols, "、")})
	}
	if m := s.below(); len(m) > 0 {
		note("table.cells_merged", map[string]any{"N": len(m), "First": m[0].from, "Last": m[0].last})
	}
	return out
}

// spread puts the words of merged cells beside the rows that they cover.
func (s *Sheet) spread(yield func(Row) error) func(Row) error {
	left := s.below()
	if len(left) == 0 {
		return yield
	}
	type word struct {
		spanned
		text string
	}
	var open []word
	return func(r Row) error {
		open = slices.DeleteFunc(open, func(w word) bool { return w.last < r.Line })
		for ; len(left) > 0 && left[0].from <= r.Line; left = left[1:] {
			if left[0].from == r.Line {
				open = append(open, word{left[0], r.Cell(left[0].col)})
			}
		}
		for _, w := range open {
			if w.from == r.Line {
				continue
			}
			if r.merged == nil {
				r.merged = map[int]string{}
			}
			r.merged[w.col] = w.text
		}
		return yield(r)
	}
}

// totals are the words with which a row begins that sums up the rows above it.
var totals = []string{"合计", "总计", "小计", "共计", "累计", "total", "subtotal", "grandtotal", "sum"}

// Total tells whether a row sums up others, by its first words, 合计, and says that it is left out. It then holds numbers
// alone: a row with a code, a name or a day is a record, whatever its first words are.
func (r Row) Total() (note Problem, total bool) {
	for i, c := range r.Cells {
		if t := fold(c); t != "" {
			return Problem{Line: r.Line, Code: "table.row_total", Args: map[string]any{"Line": r.Line, "Cell": CleanText(c)}, Warning: true},
				slices.Contains(totals, t) && !slices.ContainsFunc(r.Cells[i+1:], says)
		}
	}
	return note, false
}

// says tells of a cell that it holds more than a number, or a stroke for none.
func says(cell string) bool {
	t := strings.TrimSuffix(strings.Trim(compact(cell), "-—–/"), "%")
	if t == "" {
		return false
	}
	_, sum := ParseMoney(t)
	_, count := ParseInt(t)
	return sum != nil && count != nil
}

// otherSheets are the visible sheets with something in them, but for the one that is read.
func otherSheets(name string, book *excelize.File, title string) []string {
	var out []string
	for _, s := range book.GetSheetList() {
		if visible, err := book.GetSheetVisible(s); s == title || err != nil || !visible {
			continue
		}
		_ = streamXLSX(name, book, s, func(r Row) error { // what cannot be read there is no matter of the sheet that is read
			if slices.ContainsFunc(r.Cells, func(c string) bool { return strings.TrimSpace(c) != "" }) {
				out = append(out, s)
				return errStop
			}
			return nil
		})
	}
	return out
}
