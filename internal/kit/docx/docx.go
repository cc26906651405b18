// Package docx writes Word documents in the look of official Chinese documents (GB/T 9704-2012): A4, margins of 37, 35,
// 28 and 26 mm, 22 lines of 28 characters on a page, the title in 小标宋 of size 2, the text in 仿宋 of size 3, headings in
// 黑体 and 楷体, page numbers between dashes on the outer side.
//
// A document is built from the top down and then written; the same document gives the same bytes. Every run names its
// East Asian font: without it Word falls back to a Western font's companion and the look is lost.
package docx

import (
	"fmt"
	"slices"
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

// RedHead is the head of an official paper: what it is in red, or, when several issue it, their names one below the other
// with Word (文件) to their right; its number; who issues it on the left and the day on the right, as on minutes.
type RedHead struct {
	Urgency        string // 紧急程度, at the top left
	Mark           string
	Names          []string
	Word           string
	Number         string
	Issuer, Issued string
}

// RedHead sets the head of an official paper above a red rule. A paper without a number leaves the line out.
func (d *Doc) RedHead(h RedHead) {
	above := 0
	if h.Urgency != "" { // its line takes nothing from the way down to the mark
		d.para("Grade", fontHei, Text(h.Urgency))
		above = linePitch
	}
	if len(h.Names) > 1 {
		d.names(h.Names, h.Word, above)
	} else {
		d.lower("RedHead", above)
		d.run(fontTitle, Text(h.Mark))
		d.body.WriteString(`</w:p>`)
	}
	below := h.Issuer != "" || h.Issued != "" || h.Number == ""
	if h.Number != "" {
		style := "RedRule"
		if below {
			style = "Number"
		}
		d.para(style, fontFang, Text(h.Number))
	}
	if !below {
		return
	}
	fmt.Fprintf(&d.body, `<w:p><w:pPr><w:pStyle w:val="RedRule"/><w:tabs><w:tab w:val="right" w:pos="%d"/></w:tabs><w:jc w:val="left"/></w:pPr>`, textWidth)
	d.run(fontFang, Text(h.Issuer))
	d.tab()
	d.run(fontFang, Text(h.Issued))
	d.body.WriteString(`</w:p>`)
}

// lower begins a paragraph of a style, with so much less above it as stands there already.
func (d *Doc) lower(name string, above int) {
	s := styles[slices.IndexFunc(styles, func(s style) bool { return s.id == name })]
	fmt.Fprintf(&d.body, `<w:p><w:pPr><w:pStyle w:val="%s"/>`, name)
	if above > 0 {
		fmt.Fprintf(&d.body, `<w:spacing w:before="%d" w:after="%d" w:line="%d" w:lineRule="exact"/>`, s.before-above, s.after, s.line)
	}
	d.body.WriteString(`</w:pPr>`)
}

// names sets the red head of several: their names spread over one column as wide as the longest, the word beside them in
// the middle of their height.
func (d *Doc) names(names []string, word string, above int) {
	longest := 1
	for _, n := range names {
		longest = max(longest, utf8.RuneCountInString(n))
	}
	size := min(44, textWidth/10/(longest+1+utf8.RuneCountInString(word))) // half points: all stand on their lines
	wide := size * 10 * longest
	tall := size * 10 * utf8.RuneCountInString(word)
	d.lower("RedSpace", above)
	d.body.WriteString(`</w:p>`)
	fmt.Fprintf(&d.body, `<w:tbl><w:tblPr><w:tblW w:w="%d" w:type="dxa"/><w:jc w:val="center"/><w:tblLayout w:type="fixed"/><w:tblCellMar><w:left w:w="0" w:type="dxa"/><w:right w:w="0" w:type="dxa"/></w:tblCellMar></w:tblPr><w:tblGrid><w:gridCol w:w="%d"/><w:gridCol w:w="%d"/></w:tblGrid>`, wide+2*tall, wide+tall/2, tall*3/2)
	for i, n := range names {
		merge := `<w:vMerge/>`
		if i == 0 {
			merge = `<w:vMerge w:val="restart"/>`
		}
		fmt.Fprintf(&d.body, `<w:tr><w:trPr><w:cantSplit/></w:trPr><w:tc><w:tcPr><w:tcW w:w="%d" w:type="dxa"/><w:vAlign w:val="center"/></w:tcPr>`, wide+tall/2)
		d.sized("RedName", n, size)
		fmt.Fprintf(&d.body, `</w:tc><w:tc><w:tcPr><w:tcW w:w="%d" w:type="dxa"/>%s<w:vAlign w:val="center"/></w:tcPr>`, tall*3/2, merge)
		if i > 0 {
			word = ""
		}
		d.sized("RedWord", word, size)
		d.body.WriteString(`</w:tc></w:tr>`)
	}
	d.body.WriteString(`</w:tbl><w:p><w:pPr><w:pStyle w:val="RedSpace"/><w:spacing w:before="0" w:after="579"/></w:pPr></w:p>`)
}

// sized sets one line in red of a size of its own, in half points.
func (d *Doc) sized(style, text string, size int) {
	fmt.Fprintf(&d.body, `<w:p><w:pPr><w:pStyle w:val="%s"/></w:pPr>`, style)
	if text != "" {
		fmt.Fprintf(&d.body, `<w:r><w:rPr>%s<w:sz w:val="%d"/><w:szCs w:val="%d"/></w:rPr><w:t>%s</w:t></w:r>`, fonts(fontTitle), size, size, escape(text))
	}
	d.body.WriteString(`</w:p>`)
}

// Labelled sets a paragraph that opens with a word in 黑体, such as 出席：; further lines begin below what follows it.
func (d *Doc) Labelled(label, text string) {
	d.hanging(2, float64(utf8.RuneCountInString(label)), func() {
		d.run(fontHei, Text(label))
		d.run(fontFang, Text(text))
	})
}

// Attachments names what is attached, numbered when there are several, a line below the text.
func (d *Doc) Attachments(names ...string) {
	const label = "附件："
	for i, name := range names {
		lead, at, hang := label, 2.0, 3.0
		if i > 0 {
			lead, at, hang = "", 5, 0
		} else {
			d.blank()
		}
		if len(names) > 1 {
			no := strconv.Itoa(i + 1)
			lead, hang = lead+no+"．", hang+1+float64(len(no))/2
		}
		d.hanging(at, hang, func() { d.run(fontFang, Text(lead+name)) })
	}
}

// hanging sets a paragraph that begins so many characters from the left, its further lines so many more.
func (d *Doc) hanging(at, hang float64, runs func()) {
	left := at + hang
	fmt.Fprintf(&d.body, `<w:p><w:pPr><w:pStyle w:val="Normal"/><w:ind w:leftChars="%.0f" w:left="%.0f" w:hangingChars="%.0f" w:hanging="%.0f"/></w:pPr>`, left*100, left*320, hang*100, hang*320)
	runs()
	d.body.WriteString(`</w:p>`)
}

// blank is an empty line.
func (d *Doc) blank() { d.body.WriteString(`<w:p><w:pPr><w:pStyle w:val="Addressee"/></w:pPr></w:p>`) }

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

// Sign sets who issues the document, one line each, and the day four characters from the right; the names stand over the
// middle of the day.
func (d *Doc) Sign(names []string, day string) {
	d.blank()
	wide := width(day)
	if day == "" {
		for _, n := range names {
			wide = max(wide, width(n))
		}
	}
	for _, line := range append(slices.Clone(names), day) {
		if line == "" {
			continue
		}
		right := max(4+(wide-width(line))/2, 0)
		fmt.Fprintf(&d.body, `<w:p><w:pPr><w:pStyle w:val="Sign"/>`)
		if line != day {
			d.body.WriteString(`<w:keepNext/>`)
		}
		fmt.Fprintf(&d.body, `<w:ind w:rightChars="%.0f" w:right="%.0f"/></w:pPr>`, right*100, right*320)
		d.run(fontFang, Text(line))
		d.body.WriteString(`</w:p>`)
	}
}

// width is how many characters wide a text is: letters and digits are half as wide as Chinese ones.
func width(text string) (n float64) {
	for _, r := range text {
		if r < 0x100 {
			n += 0.5
		} else {
			n++
		}
	}
	return n
}

// EndBlock sets 版记 at the foot of the last page: to whom copies go, who printed it and when, between rules. It is a table
// that floats to the foot; a program that cannot float it leaves it below the day.
func (d *Doc) EndBlock(copies, printer, printed string) {
	fmt.Fprintf(&d.body, `<w:tbl><w:tblPr><w:tblpPr w:leftFromText="0" w:rightFromText="0" w:topFromText="289" w:vertAnchor="margin" w:horzAnchor="margin" w:tblpX="1" w:tblpYSpec="bottom"/><w:tblOverlap w:val="never"/><w:tblW w:w="%d" w:type="dxa"/><w:tblLayout w:type="fixed"/><w:tblCellMar><w:left w:w="280" w:type="dxa"/><w:right w:w="280" w:type="dxa"/></w:tblCellMar></w:tblPr><w:tblGrid><w:gridCol w:w="%d"/></w:tblGrid>`, textWidth, textWidth)
	line := func(top, bottom int, style string, texts ...string) {
		fmt.Fprintf(&d.body, `<w:tr><w:trPr><w:cantSplit/></w:trPr><w:tc><w:tcPr><w:tcW w:w="%d" w:type="dxa"/><w:tcBorders><w:top w:val="single" w:sz="%d" w:space="0" w:color="000000"/><w:bottom w:val="single" w:sz="%d" w:space="0" w:color="000000"/></w:tcBorders></w:tcPr><w:p><w:pPr><w:pStyle w:val="%s"/></w:pPr>`, textWidth, top, bottom, style)
		for i, t := range texts {
			if i > 0 {
				d.tab()
			}
			d.run(fontFang, Text(t))
		}
		d.body.WriteString(`</w:p></w:tc></w:tr>`)
	}
	const thick, thin = 8, 6 // 1/8 pt: 0.35 and 0.25 mm
	first := thick
	if copies != "" {
		line(thick, thin, "EndCopies", copies)
		first = thin
	}
	line(first, thick, "EndLine", printer, printed)
	d.body.WriteString(`</w:tbl><w:p><w:pPr><w:pStyle w:val="Anchor"/></w:pPr></w:p>`) // on whose page it stands
}

// tab moves on to the stop of a line.
func (d *Doc) tab() { fmt.Fprintf(&d.body, `<w:r><w:rPr>%s</w:rPr><w:tab/></w:r>`, fonts(fontFang)) }

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
