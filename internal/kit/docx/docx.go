// Package docx writes Word documents in the look of official Chinese documents (GB/T 9704-2012): A4, margins of 37, 35,
// 28 and 26 mm, 22 lines of 28 characters on a page, the title in 小标宋 of size 2, the text in 仿宋 of size 3, headings in
// 黑体 and 楷体, page numbers between dashes on the outer side.
//
// A document is built from the top down and then written; the same document gives the same bytes. Every run names its
// East Asian font: without it Word falls back to a Western font's companion and the look is lost.
package docx

import (
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// Meta is what the file says about itself. Created is an instant; the zero time leaves it out.
type Meta struct {
	Title   string
	Author  string
	Created time.Time
}

// Run is a stretch of text within a paragraph. Note above 0 puts that number behind the text, raised, as a mark to a Note.
// A line feed in Text begins a new line.
type Run struct {
	Text string
	Bold bool
	Note int
}

// Text is a plain run.
func Text(s string) Run { return Run{Text: s} }

// Table is a table as wide as the text. Widths are the columns' shares, equal when empty; Right says which columns hold
// numbers. The header is repeated on each page, a row never breaks across pages.
type Table struct {
	Caption string
	Header  []string
	Rows    [][]string
	Widths  []int
	Right   []bool
}

// Doc is a document being built.
type Doc struct {
	meta Meta
	body strings.Builder
}

// New begins a document.
func New(meta Meta) *Doc { return &Doc{meta: meta} }

// Title sets the title, centred.
func (d *Doc) Title(text string) { d.para("Title", fontTitle, Text(text)) }

// Byline sets who speaks or signs, centred below the title.
func (d *Doc) Byline(text string) { d.para("Byline", fontKai, Text(text)) }

// DateLine sets the date below the title, centred.
func (d *Doc) DateLine(text string) { d.para("Byline", fontKai, Text(text)) }

// RedHead sets the head of an official paper: what it is in red, its number, who issues it on the left and the day on the
// right above a red rule. A paper without a number leaves the line out.
func (d *Doc) RedHead(mark, number, by, day string) {
	d.para("RedHead", fontTitle, Text(mark))
	if number != "" {
		d.para("Byline", fontFang, Text(number))
	}
	fmt.Fprintf(&d.body, `<w:p><w:pPr><w:pStyle w:val="RedRule"/><w:pBdr><w:bottom w:val="single" w:sz="18" w:space="4" w:color="%s"/></w:pBdr><w:tabs><w:tab w:val="right" w:pos="%d"/></w:tabs></w:pPr>`, red, textWidth)
	d.run(fontFang, Text(by))
	d.body.WriteString(`<w:r><w:tab/></w:r>`)
	d.run(fontFang, Text(day))
	d.body.WriteString(`</w:p>`)
}

// Labelled sets a paragraph that opens with a word in 黑体, such as 出席：.
func (d *Doc) Labelled(label, text string) {
	fmt.Fprintf(&d.body, `<w:p><w:pPr><w:pStyle w:val="Normal"/></w:pPr>`)
	d.run(fontHei, Text(label))
	d.run(fontFang, Text(text))
	d.body.WriteString(`</w:p>`)
}

// Heading sets a heading of level 1 (黑体), 2 (楷体), 3 (仿宋, bold) or 4 (仿宋).
func (d *Doc) Heading(level int, text string) {
	level = min(max(level, 1), 4)
	font := [...]string{fontHei, fontKai, fontFang, fontFang}[level-1]
	d.para("Heading"+strconv.Itoa(level), font, Run{Text: text, Bold: level == 3})
}

// Para sets a paragraph of text, its first line indented by two characters.
func (d *Doc) Para(runs ...Run) { d.para("Normal", fontFang, runs...) }

// Addressee sets the line of those spoken or written to, without indent.
func (d *Doc) Addressee(text string) { d.para("Addressee", fontFang, Text(text)) }

// Note sets the text of a note; the marks stand in runs.
func (d *Doc) Note(number int, text string) {
	d.para("Note", fontFang, Text(strconv.Itoa(number)+". "+text))
}

// Sign sets who issues the document and when, at its end, on the right, one line each.
func (d *Doc) Sign(lines ...string) {
	d.body.WriteString(`<w:p><w:pPr><w:pStyle w:val="Addressee"/></w:pPr></w:p>`)
	for _, line := range lines {
		d.para("Sign", fontFang, Text(line))
	}
}

func (d *Doc) para(style, font string, runs ...Run) {
	fmt.Fprintf(&d.body, `<w:p><w:pPr><w:pStyle w:val="%s"/></w:pPr>`, style)
	for _, r := range runs {
		d.run(font, r)
	}
	d.body.WriteString(`</w:p>`)
}

func (d *Doc) run(font string, r Run) {
	bold := ""
	if r.Bold {
		bold = `<w:b/>`
	}
	if r.Text != "" {
		fmt.Fprintf(&d.body, `<w:r><w:rPr>%s%s</w:rPr>`, fonts(font), bold)
		for i, line := range strings.Split(strings.ReplaceAll(r.Text, "\r\n", "\n"), "\n") {
			if i > 0 {
				d.body.WriteString(`<w:br/>`)
			}
			fmt.Fprintf(&d.body, `<w:t xml:space="preserve">%s</w:t>`, escape(line))
		}
		d.body.WriteString(`</w:r>`)
	}
	if r.Note > 0 {
		fmt.Fprintf(&d.body, `<w:r><w:rPr>%s<w:vertAlign w:val="superscript"/></w:rPr><w:t>%d</w:t></w:r>`, fonts(font), r.Note)
	}
}

// Table sets a table, its caption above it.
func (d *Doc) Table(t Table) {
	columns := len(t.Header)
	for _, r := range t.Rows {
		columns = max(columns, len(r))
	}
	if columns == 0 {
		return
	}
	if t.Caption != "" {
		d.para("Caption", fontHei, Text(t.Caption))
	}
	widths := shares(t.Widths, columns)
	b := &d.body
	fmt.Fprintf(b, `<w:tbl><w:tblPr><w:tblW w:w="%d" w:type="dxa"/><w:tblBorders>`, textWidth)
	for _, side := range []string{"top", "left", "bottom", "right", "insideH", "insideV"} {
		fmt.Fprintf(b, `<w:%s w:val="single" w:sz="4" w:space="0" w:color="000000"/>`, side)
	}
	b.WriteString(`</w:tblBorders><w:tblLayout w:type="fixed"/></w:tblPr><w:tblGrid>`)
	for _, w := range widths {
		fmt.Fprintf(b, `<w:gridCol w:w="%d"/>`, w)
	}
	b.WriteString(`</w:tblGrid>`)
	if len(t.Header) > 0 {
		d.row(t.Header, widths, `<w:cantSplit/><w:tblHeader/>`, func(int) string { return "CellHead" }, fontHei)
	}
	for _, r := range t.Rows {
		d.row(r, widths, `<w:cantSplit/>`, func(i int) string {
			if i < len(t.Right) && t.Right[i] {
				return "CellRight"
			}
			return "Cell"
		}, fontFang)
	}
	b.WriteString(`</w:tbl>`)
	// Word wants a paragraph after a table, and two tables would flow together without one.
	d.body.WriteString(`<w:p><w:pPr><w:pStyle w:val="Cell"/></w:pPr></w:p>`)
}

func (d *Doc) row(cells []string, widths []int, props string, style func(int) string, font string) {
	fmt.Fprintf(&d.body, `<w:tr><w:trPr>%s</w:trPr>`, props)
	for i, w := range widths {
		text := ""
		if i < len(cells) {
			text = cells[i]
		}
		fmt.Fprintf(&d.body, `<w:tc><w:tcPr><w:tcW w:w="%d" w:type="dxa"/><w:vAlign w:val="center"/></w:tcPr>`, w)
		d.para(style(i), font, Text(text))
		d.body.WriteString(`</w:tc>`)
	}
	d.body.WriteString(`</w:tr>`)
}

// shares divides the width of the text without losing a twip.
func shares(parts []int, n int) []int {
	sum := 0
	at := func(i int) int {
		if i < len(parts) && parts[i] > 0 {
			return parts[i]
		}
		return 1
	}
	for i := range n {
		sum += at(i)
	}
	out, done, left := make([]int, n), 0, textWidth
	for i := range n {
		done += at(i)
		end := textWidth * done / sum
		out[i] = end - (textWidth - left)
		left = textWidth - end
	}
	return out
}

var escaper = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;")

// escape makes text fit for XML; characters that XML cannot carry are left out.
func escape(s string) string {
	return escaper.Replace(strings.Map(func(r rune) rune {
		switch {
		case r == '\t' || r == '\n':
			return ' '
		case r < ' ', r == utf8.RuneError, r == 0xFFFE, r == 0xFFFF:
			return -1
		}
		return r
	}, s))
}
