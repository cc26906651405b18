package table

import (
	"encoding/csv"
	"errors"
	"io"
	"strings"

	"xinhuo/internal/kit/errs"
)

// streamCSV reads comma, tab or semicolon separated text.
func streamCSV(name, text string, yield func(Row) error) error {
	r := csv.NewReader(strings.NewReader(text))
	r.Comma = separator(text)
	r.FieldsPerRecord = -1
	r.LazyQuotes = true
	for {
		cells, err := r.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return errs.Wrap(err, errs.Unsupported, "table.file_damaged", "Name", name)
		}
		line, _ := r.FieldPos(0)
		for i := range cells {
			cells[i] = unguard(cells[i])
		}
		if err := yield(Row{Line: line, Cells: cells}); err != nil {
			return err
		}
	}
}

// separator looks at the first line that is not blank: what stands there most often outside quotes separates.
func separator(text string) rune {
	count := map[rune]int{}
	quoted, content := false, false
	for _, r := range text {
		switch {
		case r == '"':
			quoted, content = !quoted, true
		case quoted:
		case r == '\n' && content:
			return most(count)
		case r == ',' || r == '\t' || r == ';':
			count[r]++
			content = true
		case r != '\n' && r != '\r' && r != ' ':
			content = true
		}
	}
	return most(count)
}

func most(count map[rune]int) rune {
	best := ','
	for _, r := range "\t;" {
		if count[r] > count[best] {
			best = r
		}
	}
	return best
}

// dangerous tells whether a spreadsheet program would take the text for a formula. Full-width signs count: Chinese
// input methods make them and some programs fold them.
func dangerous(s string) bool {
	s = strings.TrimLeft(s, " \u3000\u00a0")
	for _, r := range s {
		return strings.ContainsRune("=+-@\t\r\n＝＋－＠", r)
	}
	return false
}

// guard puts an apostrophe before a text that would be run as a formula, as Excel itself marks text. A text that
// already looks guarded gets one more, so that unguard always gives back what was written.
func guard(s string) string {
	if dangerous(strings.TrimLeft(s, "'")) {
		return "'" + s
	}
	return s
}

// unguard takes back what guard did.
func unguard(s string) string {
	if strings.HasPrefix(s, "'") && dangerous(strings.TrimLeft(s, "'")) {
		return s[1:]
	}
	return s
}
