package extract

import (
	"encoding/xml"
	"errors"
	"io"
	"strings"
)

// readPPTX reads slides in their order: the title of each is a heading. Pages counts them.
func (w *work) readPPTX(a *archive, main string) error {
	if err := w.readProps(a, "Slides"); err != nil {
		return err
	}
	rels, err := w.relations(a, main)
	if err != nil {
		return err
	}
	var slides []string
	err = w.each(a, main, func(_ *xmlReader, e xml.StartElement) error {
		if r := rels[relationID(e)]; e.Name.Local == "sldId" && r.target != "" && !r.external && a.has(r.target) {
			slides = append(slides, r.target)
		}
		return nil
	})
	if err != nil {
		return err
	}
	w.doc.Pages = len(slides)
	for i, s := range slides {
		if err := w.slide(a, s, i+1); err != nil {
			return err
		}
	}
	return nil
}

func (w *work) slide(a *archive, name string, page int) error {
	r, err := a.open(name)
	if r == nil || err != nil {
		return err
	}
	x := w.xml(r)
	var text strings.Builder
	kind, cells, inRow := Paragraph, 0, false
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
			switch t.Name.Local {
			case "Fallback":
				if err := x.skip(); err != nil {
					return err
				}
			case "sp":
				kind = Paragraph
			case "ph":
				if p := attr(t, "type"); p == "title" || p == "ctrTitle" {
					kind = Heading
				}
			case "tr":
				text.Reset()
				inRow, cells = true, 0
			case "tc":
				if cells++; cells > 1 {
					text.WriteByte('\t')
				}
			case "br":
				text.WriteByte(' ')
			}
		case xml.CharData:
			if x.in() == "t" {
				text.Write(t)
				if !w.full(text.Len()) {
					continue
				}
				err := w.add(Block{Kind: kind, Text: text.String(), Page: page})
				text.Reset()
				if err != nil {
					return err
				}
			}
		case xml.EndElement:
			b := Block{Kind: kind, Page: page}
			switch {
			case t.Name.Local == "p" && inRow:
				text.WriteByte(' ')
				continue
			case t.Name.Local == "tr" && inRow:
				b.Kind, inRow = Row, false
			case t.Name.Local == "p":
			default:
				continue
			}
			if b.Kind == Heading {
				b.Level = 1
			}
			b.Text = strings.ReplaceAll(text.String(), " \t", "\t")
			text.Reset()
			if err := w.add(b); err != nil {
				return err
			}
		}
	}
}
