package extract

import (
	"encoding/xml"
	"errors"
	"io"
	"path"
	"strconv"
	"strings"
)

// readDOCX reads a Word document: its text with headings, lists, tables and notes, without what a tracked change takes
// away. The numbers that Word counts by itself are not in the text.
func (w *work) readDOCX(a *archive, main string) error {
	if err := w.readProps(a, "Pages"); err != nil {
		return err
	}
	dir := path.Dir(main)
	styles, err := w.docxStyles(a, path.Join(dir, "styles.xml"))
	if err != nil {
		return err
	}
	if err := w.docxText(a, main, styles, false); err != nil {
		return err
	}
	for _, notes := range []string{"footnotes.xml", "endnotes.xml"} {
		if err := w.docxText(a, path.Join(dir, notes), styles, true); err != nil {
			return err
		}
	}
	return nil
}

// docxStyle is what a paragraph style says of its paragraphs.
type docxStyle struct {
	name, based string
	outline     int // 1 to 9, 0 is none
	plain       bool
	listed      bool
}

func (w *work) docxStyles(a *archive, name string) (map[string]Block, error) {
	raw := map[string]*docxStyle{}
	var s *docxStyle
	err := w.each(a, name, func(x *xmlReader, e xml.StartElement) error {
		if e.Name.Local == "style" {
			if s = new(docxStyle); attr(e, "type") == "paragraph" && len(raw) < 10_000 {
				raw[attr(e, "styleId")] = s
			}
			return nil
		}
		if s == nil {
			return nil
		}
		switch v := attr(e, "val"); e.Name.Local {
		case "name":
			s.name = strings.ToLower(v)
		case "basedOn":
			s.based = v
		case "outlineLvl":
			s.outline, s.plain = outline(v), outline(v) == 0
		case "numId":
			s.listed = v != "0"
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	styles := make(map[string]Block, len(raw))
	for id, s := range raw {
		b := Block{}
		for at, n := s, 0; at != nil && n < 20; at, n = raw[at.based], n+1 {
			level := at.outline
			if after, ok := strings.CutPrefix(at.name, "heading "); ok && level == 0 && !at.plain {
				level, _ = strconv.Atoi(after)
			}
			switch {
			case at.name == "title":
				b = Block{Kind: Title}
			case level >= 1 && level <= 9:
				b = Block{Kind: Heading, Level: level}
			case at.listed && b.Kind == Paragraph:
				b = Block{Kind: ListItem, Level: 1}
				continue // a heading with a number of its own is a heading
			case !at.plain:
				continue
			}
			break
		}
		styles[id] = b
	}
	return styles, nil
}

// outline reads an outline level: 0 to 8 are levels 1 to 9, 9 is the text itself.
func outline(val string) int {
	if n, err := strconv.Atoi(val); err == nil && n >= 0 && n <= 8 {
		return n + 1
	}
	return 0
}

// docxPara is a paragraph being gathered; those in a text box stand within another.
type docxPara struct {
	block   Block
	outline int // -1 is not said
	listed  bool
	text    strings.Builder
	joined  bool // its end is taken away by a tracked change
}

// docxReader reads one part of a document that holds paragraphs.
type docxReader struct {
	w      *work
	x      *xmlReader
	styles map[string]Block
	note   bool // all paragraphs are notes
	paras  []*docxPara
	carry  string // of a paragraph whose end was taken away
	row    *strings.Builder
	tables int
	cells  int
	gone   bool // the row is taken away by a tracked change
	field  strings.Builder
}

func (w *work) docxText(a *archive, name string, styles map[string]Block, note bool) error {
	r, err := a.open(name)
	if r == nil || err != nil {
		return err
	}
	d := &docxReader{w: w, x: w.xml(r), styles: styles, note: note}
	for {
		t, err := d.x.next()
		if errors.Is(err, io.EOF) {
			return w.add(Block{Text: d.carry})
		}
		if err != nil {
			return err
		}
		switch t := t.(type) {
		case xml.StartElement:
			err = d.start(t)
		case xml.EndElement:
			err = d.end(t.Name.Local)
		case xml.CharData:
			switch in := d.x.in(); {
			case in == "t":
				err = d.write(t)
			case in == "instrText" && d.field.Len() < 4096:
				d.field.Write(t)
			}
		}
		if err != nil {
			return err
		}
	}
}

func (d *docxReader) para() *docxPara {
	if len(d.paras) == 0 {
		return nil
	}
	return d.paras[len(d.paras)-1]
}

func (d *docxReader) write(s []byte) error {
	p := d.para()
	if p == nil {
		return nil
	}
	p.text.Write(s)
	if d.w.full(p.text.Len()) {
		err := d.flush(p)
		p.text.Reset()
		return err
	}
	return nil
}

func (d *docxReader) start(e xml.StartElement) error {
	switch e.Name.Local {
	case "p":
		d.paras = append(d.paras, &docxPara{outline: -1})
	case "tbl":
		if d.tables++; d.tables == 1 {
			d.row = nil
		}
	case "tr":
		if d.tables == 1 {
			d.row, d.cells, d.gone = new(strings.Builder), 0, false
		}
	case "tc":
		if d.tables == 1 && d.row != nil {
			if d.cells++; d.cells > 1 {
				d.row.WriteByte('\t')
			}
		}
	case "pStyle", "outlineLvl", "numId", "ilvl":
		if p := d.para(); p != nil {
			p.set(e.Name.Local, attr(e, "val"), d.styles)
		}
	case "tab":
		if d.x.parent() == "r" {
			return d.write([]byte{'\t'})
		}
	case "br", "cr":
		return d.write([]byte{'\n'})
	case "noBreakHyphen":
		return d.write([]byte{'-'})
	case "del", "moveFrom":
		return d.deleted()
	case "Fallback", "rt":
		return d.x.skip() // said twice; the reading of a character
	case "footnote", "endnote":
		if t := attr(e, "type"); t != "" && t != "normal" {
			return d.x.skip() // the rules above the notes
		}
	case "fldSimple":
		if fetches(attr(e, "instr")) {
			d.w.doc.mark(External)
		}
	case "fldChar":
		if fetches(d.field.String()) {
			d.w.doc.mark(External)
		}
		d.field.Reset()
	}
	return nil
}

// deleted passes over what a tracked change takes away: text, the end of a paragraph, a row.
func (d *docxReader) deleted() error {
	switch d.x.parent() {
	case "rPr":
		if p := d.para(); p != nil && len(d.x.open) > 2 && d.x.open[len(d.x.open)-3] == "pPr" {
			p.joined = true
		}
	case "trPr":
		d.gone = d.tables == 1
	}
	return d.x.skip()
}

func (p *docxPara) set(what, val string, styles map[string]Block) {
	switch what {
	case "pStyle":
		p.block = styles[val]
	case "outlineLvl":
		p.outline = outline(val)
	case "numId":
		if p.listed = val != "0"; !p.listed && p.block.Kind == ListItem {
			p.block = Block{}
		}
	case "ilvl":
		if n, err := strconv.Atoi(val); err == nil && n >= 0 && n <= 8 && p.block.Kind != Heading {
			p.block.Level = n + 1
		}
	}
}

func (d *docxReader) end(name string) error {
	switch name {
	case "p":
		p := d.para()
		if p == nil {
			return nil
		}
		d.paras = d.paras[:len(d.paras)-1]
		return d.flush(p)
	case "tr":
		if d.tables == 1 && d.row != nil {
			row := d.row
			if d.row = nil; !d.gone {
				return d.w.add(Block{Kind: Row, Text: row.String()})
			}
		}
	case "tbl":
		d.tables--
	}
	return nil
}

// flush hands a paragraph over: to the row in which it stands, or to the text.
func (d *docxReader) flush(p *docxPara) error {
	text := p.text.String()
	if d.row != nil {
		if d.row.Len() > 0 && !strings.HasSuffix(d.row.String(), "\t") && text != "" {
			d.row.WriteByte(' ')
		}
		d.row.WriteString(strings.Join(strings.Fields(text), " "))
		if d.w.full(d.row.Len()) {
			err := d.w.add(Block{Kind: Row, Text: d.row.String()})
			d.row.Reset()
			return err
		}
		return nil
	}
	text, d.carry = d.carry+text, ""
	if p.joined {
		if d.carry = text; d.w.full(len(text)) {
			return d.w.add(Block{Text: text})
		}
		return nil
	}
	b := p.block
	switch {
	case d.note:
		b = Block{Kind: Note}
	case p.outline > 0:
		b = Block{Kind: Heading, Level: p.outline}
	case p.outline == 0 && b.Kind == Heading:
		b = Block{}
	case p.listed && b.Kind == Paragraph:
		b = Block{Kind: ListItem, Level: max(1, b.Level)}
	}
	if b.Kind != Heading && b.Kind != ListItem {
		b.Level = 0
	}
	b.Text = text
	return d.w.add(b)
}
