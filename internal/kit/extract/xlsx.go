package extract

import (
	"encoding/xml"
	"errors"
	"io"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/xuri/excelize/v2"

	"xinhuo/internal/kit/table"
)

// padded is up to which column a row keeps its cells under each other; beyond, empty cells are left out.
const padded = 100

// xlsxBook is what the sheets of a workbook share.
type xlsxBook struct {
	w       *work
	strings []string
	shows   []shown // by style
	from    bool    // days count from 1904
}

type shown struct{ day, clock bool }

// readXLSX reads a workbook: each sheet is a heading and its rows, hidden ones too, since whoever gets the file sees them.
// kit/table, which imports, reads one sheet and holds it whole; here all are streamed.
func (w *work) readXLSX(a *archive, main string) error {
	if err := w.readProps(a, "Pages"); err != nil {
		return err
	}
	rels, err := w.relations(a, main)
	if err != nil {
		return err
	}
	b := &xlsxBook{w: w}
	type sheet struct{ name, part string }
	var sheets []sheet
	err = w.each(a, main, func(_ *xmlReader, e xml.StartElement) error {
		switch e.Name.Local {
		case "workbookPr":
			b.from = attr(e, "date1904") == "1" || attr(e, "date1904") == "true"
		case "sheet":
			if r := rels[relationID(e)]; r.target != "" && !r.external && len(sheets) < 1000 {
				sheets = append(sheets, sheet{attr(e, "name"), r.target})
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	dir := path.Dir(main)
	if err := b.readStrings(a, path.Join(dir, "sharedStrings.xml")); err != nil {
		return err
	}
	if err := b.readStyles(a, path.Join(dir, "styles.xml")); err != nil {
		return err
	}
	for _, s := range sheets {
		if err := w.add(Block{Kind: Heading, Level: 1, Text: s.name}); err != nil {
			return err
		}
		if err := b.readSheet(a, s.part); err != nil {
			return err
		}
	}
	return nil
}

// relationID is r:id, which has the same local name as a sheet's or a slide's own id.
func relationID(e xml.StartElement) string {
	for _, a := range e.Attr {
		if a.Name.Local == "id" && a.Name.Space != "" {
			return a.Value
		}
	}
	return ""
}

// readStrings reads the texts that cells share. More than the text that is kept is not held: cells beyond are empty and the
// text counts as cut.
func (b *xlsxBook) readStrings(a *archive, name string) error {
	held := 0
	return b.w.each(a, name, func(x *xmlReader, e xml.StartElement) error {
		if e.Name.Local != "si" {
			return nil
		}
		s, err := richText(x)
		if err != nil {
			return err
		}
		if held += len(s) + 16; held > b.w.lim.Text+1<<20 {
			b.w.doc.Cut = true
			return nil
		}
		b.strings = append(b.strings, s)
		return nil
	})
}

// richText is the text of an item or a cell without the readings of its characters.
func richText(x *xmlReader) (string, error) {
	var s strings.Builder
	for at := len(x.open); len(x.open) >= at; {
		t, err := x.next()
		if err != nil {
			return "", err
		}
		switch t := t.(type) {
		case xml.StartElement:
			if t.Name.Local == "rPh" {
				if err := x.skip(); err != nil {
					return "", err
				}
			}
		case xml.CharData:
			if x.in() == "t" && s.Len()+len(t) <= 1<<20 {
				s.Write(t)
			}
		}
	}
	return s.String(), nil
}

func (b *xlsxBook) readStyles(a *archive, name string) error {
	codes := map[int]string{}
	return b.w.each(a, name, func(x *xmlReader, e xml.StartElement) error {
		switch {
		case e.Name.Local == "numFmt" && x.parent() == "numFmts" && len(codes) < 10_000:
			if id, err := strconv.Atoi(attr(e, "numFmtId")); err == nil {
				codes[id] = attr(e, "formatCode")
			}
		case e.Name.Local == "xf" && x.parent() == "cellXfs" && len(b.shows) < 100_000:
			id, _ := strconv.Atoi(attr(e, "numFmtId"))
			var s shown
			s.day, s.clock = table.Shows(id, codes)
			b.shows = append(b.shows, s)
		}
		return nil
	})
}

func (b *xlsxBook) readSheet(a *archive, name string) error {
	r, err := a.open(name)
	if r == nil || err != nil {
		return err
	}
	x := b.w.xml(r)
	var row strings.Builder
	column := 0
	for {
		t, err := x.next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		switch t := t.(type) {
		case xml.StartElement:
			if t.Name.Local == "row" {
				row.Reset()
				column = 0
			}
			if t.Name.Local != "c" {
				continue
			}
			text, err := b.cell(x, t)
			if err != nil {
				return err
			}
			at := max(columnOf(attr(t, "r")), column+1)
			if text == "" {
				continue
			}
			for ; column < at; column++ {
				if column > 0 && column < padded || column == at-1 && column > 0 {
					row.WriteByte('\t')
				}
			}
			row.WriteString(text)
			if b.w.full(row.Len()) {
				err := b.w.add(Block{Kind: Row, Text: row.String()})
				row.Reset()
				if err != nil {
					return err
				}
			}
		case xml.EndElement:
			if t.Name.Local == "row" {
				if err := b.w.add(Block{Kind: Row, Text: row.String()}); err != nil {
					return err
				}
			}
		}
	}
}

// columnOf is the column of a cell such as BC12, 1 for A; 0 when it is not said.
func columnOf(ref string) int {
	n := 0
	for _, r := range ref {
		if r < 'A' || r > 'Z' || n > 16_384 {
			break
		}
		n = n*26 + int(r-'A') + 1
	}
	return min(n, 16_384)
}

// cell is what a cell says, on one line.
func (b *xlsxBook) cell(x *xmlReader, e xml.StartElement) (string, error) {
	var value, inline strings.Builder
	for at := len(x.open); len(x.open) >= at; {
		t, err := x.next()
		if err != nil {
			return "", err
		}
		switch t := t.(type) {
		case xml.StartElement:
			if t.Name.Local == "rPh" {
				if err := x.skip(); err != nil {
					return "", err
				}
			}
		case xml.CharData:
			switch x.in() {
			case "v":
				if value.Len() < 1<<20 {
					value.Write(t)
				}
			case "t":
				if inline.Len() < 1<<20 {
					inline.Write(t)
				}
			}
		}
	}
	text := value.String()
	switch attr(e, "t") {
	case "s":
		i, err := strconv.Atoi(strings.TrimSpace(text))
		if text = ""; err == nil && i >= 0 && i < len(b.strings) {
			text = b.strings[i]
		}
	case "inlineStr":
		text = inline.String()
	case "b":
		text = map[string]string{"1": "TRUE", "0": "FALSE"}[text]
	case "", "n":
		text = b.number(text, attr(e, "s"))
	}
	return strings.Join(strings.Fields(text), " "), nil
}

// number writes days and times as people read them, and other numbers as they are.
func (b *xlsxBook) number(text, style string) string {
	i, err := strconv.Atoi(style)
	if err != nil || i < 0 || i >= len(b.shows) || b.shows[i] == (shown{}) {
		return text
	}
	n, err := strconv.ParseFloat(text, 64)
	if err != nil || n < 0 || n > 2_958_465 { // 9999-12-31
		return text
	}
	t, err := excelize.ExcelDateToTime(n, b.from)
	if err != nil {
		return text
	}
	layout := slices.DeleteFunc([]string{"2006-01-02", "15:04"}, func(l string) bool { return l == "15:04" && !b.shows[i].clock || l != "15:04" && !b.shows[i].day })
	return t.Round(time.Second).Format(strings.Join(layout, " "))
}
