package table

import (
	"bytes"
	"fmt"
	"regexp"
	"strings"

	"github.com/xuri/excelize/v2"

	"xinhuo/internal/kit/errs"
)

// readXLSX opens the first visible sheet of a workbook.
func readXLSX(name string, data []byte, limits Limits) (sheet *Sheet, err error) {
	z, err := openZip(name, data, limits.Unzipped)
	if err != nil {
		return nil, err
	}
	found := false
	for _, f := range z.File {
		found = found || strings.EqualFold(strings.ReplaceAll(f.Name, `\`, "/"), "xl/workbook.xml")
	}
	if !found {
		return nil, errs.New(errs.Unsupported, "table.file_not_table", "Name", name)
	}
	defer rescue(name, &err)
	book, err := excelize.OpenReader(bytes.NewReader(data), excelize.Options{
		UnzipSizeLimit:    limits.Unzipped,
		UnzipXMLSizeLimit: min(16<<20, limits.Unzipped),
	})
	if err != nil {
		return nil, errs.Wrap(err, errs.Unsupported, "table.file_damaged", "Name", name)
	}
	title := ""
	for _, s := range book.GetSheetList() {
		if visible, err := book.GetSheetVisible(s); err == nil && visible {
			title = s
			break
		}
	}
	if title == "" {
		book.Close()
		return nil, errs.New(errs.Invalid, "table.file_empty", "Name", name)
	}
	if err := plainFormats(book); err != nil {
		book.Close()
		return nil, errs.Wrap(err, errs.Unsupported, "table.file_damaged", "Name", name)
	}
	s := &Sheet{Name: name, Format: "xlsx", Title: title, limits: limits, close: book.Close, layout: layoutOf(z, title), others: otherSheets(name, book, title)}
	s.stream = func(yield func(Row) error) error { return streamXLSX(name, book, title, yield) }
	return s, nil
}

func streamXLSX(name string, book *excelize.File, title string, yield func(Row) error) error {
	rows, err := openRows(name, book, title)
	if err != nil {
		return err
	}
	defer rows.Close()
	for line := 1; ; line++ {
		cells, more, err := nextRow(name, rows)
		if err != nil {
			return err
		}
		if !more {
			return nil
		}
		if len(cells) == 0 {
			continue
		}
		if err := yield(Row{Line: line, Cells: cells}); err != nil {
			return err
		}
	}
}

func openRows(name string, book *excelize.File, title string) (rows *excelize.Rows, err error) {
	defer rescue(name, &err)
	rows, err = book.Rows(title)
	if err != nil {
		return nil, errs.Wrap(err, errs.Unsupported, "table.file_damaged", "Name", name)
	}
	return rows, nil
}

func nextRow(name string, rows *excelize.Rows) (cells []string, more bool, err error) {
	defer rescue(name, &err)
	if !rows.Next() {
		err = rows.Error()
	} else {
		more = true
		cells, err = rows.Columns()
	}
	if err != nil {
		return nil, false, errs.Wrap(err, errs.Unsupported, "table.file_damaged", "Name", name)
	}
	return cells, more, nil
}

// rescue turns a panic of the workbook library, which reads hostile files here, into an error. It surrounds the
// library's calls only, never the caller's code.
func rescue(name string, err *error) {
	if p := recover(); p != nil {
		*err = errs.Wrap(fmt.Errorf("workbook library: %v", p), errs.Unsupported, "table.file_damaged", "Name", name)
	}
}

// Ids of the number formats that plainFormats puts in place of all others, above those a workbook normally uses.
const (
	formatDay = 9001 + iota
	formatMoment
	formatTime
)

// plainFormats rewrites the number formats of an opened workbook, so that the stream gives days as YYYY-MM-DD however
// they were shown, and numbers as they are instead of as they were shown (6万 shown for 60000).
func plainFormats(book *excelize.File) error {
	if _, err := book.GetStyle(0); err != nil && book.Styles == nil {
		return err
	}
	if book.Styles == nil || book.Styles.CellXfs == nil {
		return nil
	}
	codes := map[int]string{}
	if book.Styles.NumFmts != nil {
		for _, f := range book.Styles.NumFmts.NumFmt {
			if f != nil {
				codes[f.NumFmtID] = f.FormatCode
			}
		}
	}
	target := map[int]int{}
	for i := range book.Styles.CellXfs.Xf {
		xf := &book.Styles.CellXfs.Xf[i]
		if xf.NumFmtID == nil {
			continue
		}
		id := plainFormat(*xf.NumFmtID, codes)
		target[id]++
		xf.NumFmtID = &id
	}
	// Adding the three formats through the library makes it keep its own list in order.
	for id, code := range map[int]string{formatDay: "yyyy-mm-dd", formatMoment: "yyyy-mm-dd hh:mm", formatTime: "hh:mm"} {
		if target[id] == 0 {
			continue
		}
		style, err := book.NewStyle(&excelize.Style{CustomNumFmt: &code})
		if err != nil {
			return err
		}
		real := book.Styles.CellXfs.Xf[style].NumFmtID
		for i := range book.Styles.CellXfs.Xf {
			if xf := &book.Styles.CellXfs.Xf[i]; xf.NumFmtID != nil && *xf.NumFmtID == id {
				xf.NumFmtID = real
			}
		}
	}
	return nil
}

var formatNoise = regexp.MustCompile(`"[^"]*"|\\.|_.|\*.|\[[^\]]*\]`)

// formatElapsed finds lengths of time such as [h]:mm, which are no time of day.
var formatElapsed = regexp.MustCompile(`(?i)\[(h+|m+|s+)\]`)

// Shows tells what a number format of a workbook shows of a number: a day, a time of day, both, or neither. codes are the
// formats that the workbook defines by itself.
func Shows(id int, codes map[int]string) (day, clock bool) {
	f := plainFormat(id, codes)
	return f == formatDay || f == formatMoment, f == formatTime || f == formatMoment
}

// plainFormat tells which plain format stands for a workbook's one: a day, a moment, a time of day, or none.
func plainFormat(id int, codes map[int]string) int {
	code, custom := codes[id]
	if !custom {
		switch {
		case id == 22:
			return formatMoment
		case id >= 18 && id <= 21, id >= 32 && id <= 35, id >= 45 && id <= 47, id == 55, id == 56:
			return formatTime
		case id >= 14 && id <= 17, id >= 27 && id <= 31, id == 36, id >= 50 && id <= 54, id == 57, id == 58:
			return formatDay
		}
		return 0
	}
	if formatElapsed.MatchString(code) {
		return 0
	}
	code = strings.ToLower(formatNoise.ReplaceAllString(code, ""))
	code, _, _ = strings.Cut(code, ";")
	if strings.Contains(code, "general") || strings.ContainsAny(code, "0#?") {
		return 0
	}
	day, clock := strings.ContainsAny(code, "yd"), strings.ContainsAny(code, "hs")
	switch {
	case day && clock:
		return formatMoment
	case clock:
		return formatTime
	case day || strings.Contains(code, "m"):
		return formatDay
	}
	return 0
}
