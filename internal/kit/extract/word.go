package extract

import (
	"errors"
	"io"
	"slices"
	"strings"
	"time"
	"unicode/utf16"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/simplifiedchinese"

	"xinhuo/internal/kit/errs"
)

// readCompound tells apart what is a compound file.
func (w *work) readCompound(ending string) error {
	c, err := w.openCompound()
	if err != nil {
		return err
	}
	for _, e := range c.entries {
		switch e.name {
		case "_VBA_PROJECT", "_VBA_PROJECT_CUR":
			w.doc.mark(Macros)
		case "\x01Ole10Native", "\x01CompObjEmbedded", "ObjectPool":
			if e.name != "ObjectPool" || int64(e.child) < int64(len(c.entries)) {
				w.doc.mark(Embedded)
			}
		}
	}
	switch {
	case c.has("EncryptedPackage"):
		return errs.New(errs.Unsupported, "extract.locked")
	case c.has("WordDocument"):
		// The same inside; only the name tells which program is to open it.
		if w.doc.Format = DOC; ending == ".wps" {
			w.doc.Format = WPS
		}
		if err := w.summary(c); err != nil {
			return err
		}
		return readable(w.readWord(c))
	case c.has("Workbook"), c.has("Book"):
		return saveAs("xls", XLSX)
	case c.has("PowerPoint Document"):
		return saveAs("ppt", PPTX)
	}
	return unknown()
}

var errWord = errors.New("word: piece outside the file")

// readWord reads the text of a Word 97 document by its table of pieces, with headings and rows, then its notes and text
// boxes. Lists are paragraphs. What a tracked change takes away is still in the text.
func (w *work) readWord(c *compound) error {
	doc, err := c.stream("WordDocument")
	if err != nil {
		return err
	}
	if len(doc) < 0x01AA {
		return io.ErrUnexpectedEOF
	}
	if order.Uint16(doc) != 0xA5EC || order.Uint16(doc[2:]) < 101 {
		return saveAs("Word 95", DOCX)
	}
	flags := order.Uint16(doc[10:])
	if flags&0x0100 != 0 {
		return errs.New(errs.Unsupported, "extract.locked")
	}
	name := "0Table"
	if flags&0x0200 != 0 {
		name = "1Table"
	}
	table, err := c.stream(name)
	if err != nil {
		return err
	}
	from, length := int64(order.Uint32(doc[0x01A2:])), int64(order.Uint32(doc[0x01A6:]))
	if from+length > int64(len(table)) {
		return errWord
	}
	pieces, err := pieceTable(table[from : from+length])
	if err != nil {
		return err
	}
	paras := wordParas(doc, table)
	// The parts of the text, in their order: itself, footnotes, heads, annotations, endnotes, text boxes.
	count := func(at int) int64 { return int64(order.Uint32(doc[at:])) }
	at := int64(0)
	for _, part := range []struct {
		field int
		kind  Kind
		read  bool
	}{{0x4C, Paragraph, true}, {0x50, Note, true}, {0x54, 0, false}, {0x5C, 0, false}, {0x60, Note, true}, {0x64, Paragraph, true}} {
		n := count(part.field)
		if part.read {
			r := wordReader{w: w, kind: part.kind, paras: paras}
			if err := r.read(doc, pieces, at, at+n); err != nil {
				return err
			}
		}
		at += n
	}
	return nil
}

// wordPiece is a stretch of the text: where it begins and ends in characters, and where its bytes stand.
type wordPiece struct {
	from, to int64
	at       int64
	narrow   bool // one byte a character
}

func pieceTable(b []byte) ([]wordPiece, error) {
	for len(b) >= 3 && b[0] == 1 {
		n := 3 + int(order.Uint16(b[1:]))
		if n > len(b) {
			return nil, errWord
		}
		b = b[n:]
	}
	if len(b) < 5 || b[0] != 2 {
		return nil, errWord
	}
	n := int64(order.Uint32(b[1:]))
	b = b[5:]
	if n > int64(len(b)) || n < 4 {
		return nil, errWord
	}
	count := (n - 4) / 12
	out := make([]wordPiece, count)
	for i := range out {
		at := order.Uint32(b[4*(count+1)+8*int64(i)+2:])
		p := wordPiece{from: int64(order.Uint32(b[4*i:])), to: int64(order.Uint32(b[4*i+4:])), at: int64(at)}
		if at&0x4000_0000 != 0 {
			p.narrow, p.at = true, int64(at&^0x4000_0000)/2
		}
		if p.to < p.from || i > 0 && p.from < out[i-1].to {
			return nil, errWord
		}
		out[i] = p
	}
	return out, nil
}

// wordPara is what the paragraphs whose ends stand between two places of the file are: a heading, the end of a row.
type wordPara struct {
	from, to int64
	level    int
	row      bool
}

// wordParas reads the properties of paragraphs, page by page of 512 bytes. What cannot be read is left out: the text is
// then without headings.
func wordParas(doc, table []byte) (out []wordPara) {
	from, length := int64(order.Uint32(doc[0x0102:])), int64(order.Uint32(doc[0x0106:]))
	if length < 12 || from+length > int64(len(table)) {
		return nil
	}
	list := table[from : from+length]
	pages := (len(list) - 4) / 8
	for i := range min(pages, len(doc)/512) {
		at := int64(order.Uint32(list[4*(pages+1)+4*i:])) * 512
		if at+512 > int64(len(doc)) {
			continue
		}
		page := doc[at : at+512]
		runs := int(page[511])
		if 4*(runs+1)+13*runs > 511 {
			continue
		}
		for r := range runs {
			p := wordPara{from: int64(order.Uint32(page[4*r:])), to: int64(order.Uint32(page[4*r+4:]))}
			if x := 2 * int(page[4*(runs+1)+13*r]); x > 0 && x < 509 {
				p.set(page[x:511])
			}
			if n := len(out); p.to > p.from && (n == 0 || p.from >= out[n-1].to) {
				out = append(out, p)
			}
		}
	}
	return out
}

// set reads the properties of a paragraph: its style, of which 1 to 9 are always the headings, and what deviates from it.
func (p *wordPara) set(b []byte) {
	n := 2*int(b[0]) - 1
	if b = b[1:]; n < 0 && len(b) > 0 {
		n, b = 2*int(b[0]), b[1:]
	}
	if n < 2 || n > len(b) {
		return
	}
	if style := int(order.Uint16(b)); style >= 1 && style <= 9 {
		p.level = style
	}
	for b = b[2:n]; len(b) >= 3; {
		code := order.Uint16(b)
		switch code {
		case 0x2417: // ends a row
			p.row = b[2] == 1
		case 0x2640: // level in the outline, 9 is none
			if p.level = int(b[2]) + 1; p.level > 9 {
				p.level = 0
			}
		}
		size := [8]int{1, 1, 2, 4, 2, 2, 0, 3}[code>>13]
		if code>>13 == 6 {
			size = 1 + int(b[2])
			if code == 0xD608 && len(b) >= 4 { // the columns of a row
				size = 1 + int(order.Uint16(b[2:]))
			}
		}
		b = b[min(len(b), 2+size):]
	}
}

// wordReader turns a stretch of characters into blocks.
type wordReader struct {
	w      *work
	kind   Kind
	paras  []wordPara
	text   strings.Builder
	cells  int  // of the row at hand
	inCell bool // something stands in the cell at hand
	fields []bool
	high   rune // half of a character of two
}

func (r *wordReader) read(doc []byte, pieces []wordPiece, from, to int64) error {
	for _, p := range pieces {
		lo, hi := max(from, p.from), min(to, p.to)
		if lo >= hi {
			continue
		}
		width := int64(2)
		if p.narrow {
			width = 1
		}
		at, end := p.at+(lo-p.from)*width, p.at+(hi-p.from)*width
		if at < 0 || end > int64(len(doc)) {
			return errWord
		}
		if r.w.ctx.Err() != nil {
			return r.w.ctx.Err()
		}
		for ; at < end; at += width {
			var c rune
			if p.narrow {
				c = charmap.Windows1252.DecodeByte(doc[at])
			} else {
				c = rune(order.Uint16(doc[at:]))
			}
			if err := r.char(c, at); err != nil {
				return err
			}
		}
	}
	return r.flush(wordPara{})
}

// para finds what the paragraph is whose end stands at a place of the file.
func (r *wordReader) para(at int64) wordPara {
	i, ok := slices.BinarySearchFunc(r.paras, at, func(p wordPara, at int64) int {
		switch {
		case p.to <= at:
			return -1
		case p.from > at:
			return 1
		}
		return 0
	})
	if !ok {
		return wordPara{}
	}
	return r.paras[i]
}

func (r *wordReader) char(c rune, at int64) error {
	switch {
	case utf16.IsSurrogate(c) && r.high == 0:
		r.high = c
		return nil
	case r.high != 0:
		c, r.high = utf16.DecodeRune(r.high, c), 0
	}
	// The code of a field stands between its begin and its middle; what it shows, between middle and end.
	switch c {
	case 0x13:
		if len(r.fields) < 1000 {
			r.fields = append(r.fields, true)
		}
		return nil
	case 0x14:
		if n := len(r.fields); n > 0 {
			r.fields[n-1] = false
		}
		return nil
	case 0x15:
		r.fields = r.fields[:max(0, len(r.fields)-1)]
		return nil
	}
	for _, code := range r.fields {
		if code {
			return nil
		}
	}
	switch c {
	case 0x0D, 0x0C:
		if r.cells == 0 {
			return r.flush(r.para(at))
		}
		r.text.WriteByte(' ')
	case 0x07:
		// A row ends with a mark of its own behind that of its last cell; only its properties tell it from an empty cell.
		if r.para(at).row || len(r.paras) == 0 && !r.inCell && r.cells > 0 {
			return r.flush(wordPara{})
		}
		r.text.WriteByte('\t')
		r.cells++
		r.inCell = false
		return nil
	case 0x0B:
		r.text.WriteByte('\n')
	case 0x1E:
		r.text.WriteByte('-')
	case 0x01, 0x02, 0x05, 0x08, 0x1F:
	default:
		r.text.WriteRune(c)
		r.inCell = true
	}
	if r.w.full(r.text.Len()) {
		return r.flush(wordPara{})
	}
	return nil
}

func (r *wordReader) flush(p wordPara) error {
	b := Block{Kind: r.kind, Text: r.text.String()}
	switch {
	case r.cells > 0:
		b.Kind = Row
	case p.level > 0 && r.kind == Paragraph:
		b.Kind, b.Level = Heading, p.level
	}
	r.text.Reset()
	r.cells, r.inCell = 0, false
	return r.w.add(b)
}

// summary reads what a document says about itself. One that cannot be read is left out: the text is what matters.
func (w *work) summary(c *compound) error {
	b, err := c.stream("\x05SummaryInformation")
	if err != nil || len(b) < 48 {
		return nil
	}
	from := int64(order.Uint32(b[44:]))
	if from+8 > int64(len(b)) {
		return nil
	}
	set := b[from:]
	page := uint16(0)
	for pass := range 2 {
		for i := range min(int(order.Uint32(set[4:])), 100) {
			if 16+8*i > len(set) {
				break
			}
			id, at := order.Uint32(set[8+8*i:]), int64(order.Uint32(set[12+8*i:]))
			if at+8 > int64(len(set)) {
				continue
			}
			kind, v := order.Uint32(set[at:]), set[at+4:]
			if id == 1 && kind == 2 {
				page = order.Uint16(v)
			}
			if pass == 1 {
				w.property(id, kind, v, page)
			}
		}
	}
	return nil
}

func (w *work) property(id, kind uint32, v []byte, page uint16) {
	switch {
	case kind == 30 || kind == 31:
		n := int64(order.Uint32(v))
		if kind == 31 {
			n *= 2
		}
		if n > int64(len(v)-4) || n > 4096 {
			return
		}
		s := propertyText(v[4:4+n], page, kind == 31)
		switch id {
		case 2:
			w.doc.Title = s
		case 4:
			w.doc.Author = s
		}
	case kind == 64 && len(v) >= 8:
		// Tenths of a microsecond since 1601.
		t := sane(time.Unix(int64(order.Uint64(v)/10_000_000)-11_644_473_600, 0))
		switch id {
		case 12:
			w.doc.Created = t
		case 13:
			w.doc.Modified = t
		}
	case kind == 3 && id == 14:
		if n := order.Uint32(v); n > 0 && n <= 1_000_000 {
			w.doc.Pages = int(n)
		}
	}
}

func propertyText(b []byte, page uint16, wide bool) string {
	var s string
	switch {
	case wide || page == 1200:
		u := make([]uint16, len(b)/2)
		for i := range u {
			u[i] = order.Uint16(b[2*i:])
		}
		s = string(utf16.Decode(u))
	case page == 936 || page == 54936:
		out, _ := simplifiedchinese.GB18030.NewDecoder().Bytes(b)
		s = string(out)
	case page == 65001:
		s = string(b)
	default:
		out, _ := charmap.Windows1252.NewDecoder().Bytes(b)
		s = string(out)
	}
	s, _, _ = strings.Cut(s, "\x00")
	return s
}
