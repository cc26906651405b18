package extract

import (
	"encoding/xml"
	"errors"
	"io"
	"math"
	"path"
	"strconv"
	"strings"
)

// readOFD reads the text of an OFD document (GB/T 33190) page by page, as its lines stand on the page.
func (w *work) readOFD(a *archive, _ string) error {
	root := ""
	err := w.each(a, "OFD.xml", func(x *xmlReader, e xml.StartElement) error {
		var err error
		var s string
		switch e.Name.Local {
		case "DocRoot":
			// A file may hold several documents; the first is the one that programs show.
			if s, err = x.text(); root == "" {
				root = within("", strings.TrimSpace(s))
			}
		case "Title":
			w.doc.Title, err = x.text()
		case "Author":
			w.doc.Author, err = x.text()
		case "CreationDate":
			s, err = x.text()
			w.doc.Created = moment(s)
		case "ModDate":
			s, err = x.text()
			w.doc.Modified = moment(s)
		}
		return err
	})
	if err != nil {
		return err
	}
	if !a.has(root) {
		return damaged(errors.New("ofd: no document"))
	}
	var pages []string
	err = w.each(a, root, func(x *xmlReader, e xml.StartElement) error {
		if e.Name.Local == "Page" && x.parent() == "Pages" {
			pages = append(pages, within(path.Dir(root), attr(e, "BaseLoc")))
		}
		return nil
	})
	if err != nil {
		return err
	}
	w.doc.Pages = len(pages)
	for i, p := range pages {
		if err := w.ofdPage(a, p, i+1); err != nil {
			return err
		}
	}
	return nil
}

// ofdPage reads one page. Pieces of text on one height are a line.
func (w *work) ofdPage(a *archive, name string, page int) error {
	r, err := a.open(name)
	if r == nil || err != nil {
		return err
	}
	x := w.xml(r)
	var lines []string
	var line strings.Builder
	held, top, last := 0, 0.0, math.Inf(-1)
	for {
		t, err := x.next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
		e, ok := t.(xml.StartElement)
		if !ok {
			continue
		}
		switch e.Name.Local {
		case "TextObject":
			top = 0
			if b := strings.Fields(attr(e, "Boundary")); len(b) == 4 {
				top, _ = strconv.ParseFloat(b[1], 64)
			}
		case "TextCode":
			y, _ := strconv.ParseFloat(attr(e, "Y"), 64)
			s, err := x.text()
			if err != nil {
				return err
			}
			if at := top + y; math.Abs(at-last) > 1 && line.Len() > 0 {
				lines = append(lines, line.String())
				line.Reset()
			}
			last = top + y
			line.WriteString(s)
			if held += len(s) + 16; w.full(held) {
				lines = append(lines, line.String())
				return w.paragraphs(lines, page)
			}
		}
	}
	return w.paragraphs(append(lines, line.String()), page)
}

// paragraphs joins the lines of a page: one that ends well before the longest does ends a paragraph, and so does a full
// stop at a line's end when the next line is indented.
func (w *work) paragraphs(lines []string, page int) error {
	longest := 0.0
	for _, l := range lines {
		longest = max(longest, breadth(l))
	}
	var open []string
	for i, l := range lines {
		open = append(open, l)
		next := ""
		if i+1 < len(lines) {
			next = lines[i+1]
		}
		if next != "" && breadth(l) >= 0.85*longest && !strings.HasPrefix(next, "\u3000") && !strings.HasPrefix(next, "  ") {
			continue
		}
		if err := w.add(Block{Text: joinHan(open), Page: page}); err != nil {
			return err
		}
		open = open[:0]
	}
	return w.ctx.Err()
}

// breadth is how wide a line is, in Chinese characters.
func breadth(s string) (n float64) {
	for _, r := range s {
		if wide(r) {
			n++
		} else {
			n += 0.5
		}
	}
	return n
}
