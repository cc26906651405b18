package extract

import (
	"bytes"
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	east "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/text"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"

	"xinhuo/internal/kit/errs"
)

// decode finds the encoding of a text: a byte order mark decides, then UTF-8 if it is valid, then GB18030. ok is false for
// what is no text.
func decode(data []byte) (s string, ok bool) {
	var enc encoding.Encoding
	switch {
	case bytes.HasPrefix(data, []byte("\xEF\xBB\xBF")):
		data = data[3:]
		if !utf8.Valid(data) {
			return "", false
		}
	case bytes.HasPrefix(data, []byte("\xFF\xFE")):
		enc = unicode.UTF16(unicode.LittleEndian, unicode.UseBOM)
	case bytes.HasPrefix(data, []byte("\xFE\xFF")):
		enc = unicode.UTF16(unicode.BigEndian, unicode.UseBOM)
	case !utf8.Valid(data):
		enc = simplifiedchinese.GB18030
	}
	if enc != nil {
		out, err := enc.NewDecoder().Bytes(data)
		if err != nil {
			return "", false
		}
		data = out
	}
	for i := 0; i < len(data); {
		r, n := utf8.DecodeRune(data[i:])
		if r < ' ' && r != '\n' && r != '\r' && r != '\t' && r != '\f' || r == utf8.RuneError || r == 0x7F {
			return "", false
		}
		i += n
	}
	return string(data), true
}

// maxText is how much of a text file is looked at; it is held in memory twice while its encoding changes.
const maxText = 32 << 20

var xmlHead = regexp.MustCompile(`^(?s:\s|<!--.*?-->|<\?xml[^>]*\?>)*`)

// readText tells apart what is text: txt and md, html, and XML that is none of ours.
func (w *work) readText(ending string, head []byte) error {
	if w.src.size > maxText {
		if bytes.IndexByte(head, 0) >= 0 && !bytes.HasPrefix(head, []byte("\xFF\xFE")) && !bytes.HasPrefix(head, []byte("\xFE\xFF")) {
			return unknown()
		}
		return errs.New(errs.TooLarge, "extract.too_large", "Limit", maxText>>20)
	}
	data, err := w.src.all()
	if err != nil {
		return err
	}
	s, ok := decode(data)
	if !ok {
		return unknown()
	}
	data = nil
	if strings.TrimSpace(s) == "" {
		return errs.New(errs.Invalid, "extract.empty")
	}
	s = strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(s)
	first := s[:min(len(s), 4096)]
	begins := strings.ToLower(first[len(xmlHead.FindString(first)):])
	switch {
	case strings.HasPrefix(begins, "<") && isHTML(begins):
		w.doc.Format = HTML
		return readable(w.readHTML(s))
	case strings.HasPrefix(begins, "<"), strings.HasPrefix(strings.TrimSpace(first), "<?"):
		return unknown()
	case ending == ".md" || ending == ".markdown":
		w.doc.Format = MD
		return w.readMD(s)
	}
	w.doc.Format = TXT
	return w.lines(s)
}

func (w *work) lines(s string) error {
	for l := range strings.Lines(s) {
		if err := w.add(Block{Text: l}); err != nil {
			return err
		}
	}
	return w.ctx.Err()
}

// Of a Markdown text at most maxMD bytes are read for their structure, and none whose lines open more than maxOpen quotes or
// lists: what the parser needs for them grows with the square. The rest is read as lines.
const (
	maxMD   = 1 << 20
	maxOpen = 32
)

var opening = regexp.MustCompile(`(?m)^(?:[ \t]*(?:>|[-+*][ \t]|[0-9]{1,9}[.)][ \t])){33}`)

func (w *work) readMD(s string) (err error) {
	rest := ""
	if len(s) > maxMD {
		at := strings.LastIndexByte(s[:maxMD], '\n') + 1
		s, rest = s[:at], s[at:]
	}
	if opening.MatchString(s) {
		return w.lines(s + rest)
	}
	data := []byte(s)
	tree, err := parseMD(data)
	if err != nil {
		return err
	}
	if err := w.mdBlocks(tree, data, 0); err != nil {
		return err
	}
	return w.lines(rest)
}

// parseMD turns a panic of the parser, which reads hostile texts here, into an error.
func parseMD(data []byte) (tree ast.Node, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = damaged(fmt.Errorf("markdown: %v", p))
		}
	}()
	return goldmark.New(goldmark.WithExtensions(extension.Table)).Parser().Parse(text.NewReader(data)), nil
}

func (w *work) mdBlocks(n ast.Node, data []byte, level int) error {
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		var err error
		switch c := c.(type) {
		case *ast.Heading:
			err = w.add(Block{Kind: Heading, Level: c.Level, Text: w.inline(c, data)})
		case *ast.Paragraph, *ast.TextBlock:
			b := Block{Text: w.inline(c, data)}
			if level > 0 {
				b.Kind, b.Level = ListItem, min(level, 9)
			}
			err = w.add(b)
		case *ast.List:
			err = w.mdBlocks(c, data, level+1)
		case *ast.CodeBlock, *ast.FencedCodeBlock:
			for i := range c.Lines().Len() {
				at := c.Lines().At(i)
				if err = w.add(Block{Text: string(at.Value(data))}); err != nil {
					return err
				}
			}
		case *ast.HTMLBlock:
			var s strings.Builder
			for i := range c.Lines().Len() {
				at := c.Lines().At(i)
				s.Write(at.Value(data))
			}
			err = w.readHTML(s.String())
		case *east.TableRow, *east.TableHeader:
			var cells []string
			for cell := c.FirstChild(); cell != nil; cell = cell.NextSibling() {
				cells = append(cells, w.inline(cell, data))
			}
			err = w.add(Block{Kind: Row, Text: strings.Join(cells, "\t")})
		default:
			err = w.mdBlocks(c, data, level)
		}
		if err != nil {
			return err
		}
	}
	return w.ctx.Err()
}

// inline is the text of a block without its marks.
func (w *work) inline(n ast.Node, data []byte) string {
	var s strings.Builder
	ast.Walk(n, func(c ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		switch c := c.(type) {
		case *ast.Text:
			s.Write(c.Segment.Value(data))
			if c.SoftLineBreak() || c.HardLineBreak() {
				s.WriteByte('\n')
			}
		case *ast.String:
			s.Write(c.Value)
		case *ast.AutoLink:
			s.Write(c.Label(data))
		case *ast.Image:
			if remote(string(c.Destination)) {
				w.doc.mark(External)
			}
		case *ast.Link:
			if scripted(string(c.Destination)) {
				w.doc.mark(Scripts)
			}
		case *ast.RawHTML:
			if strings.Contains(strings.ToLower(string(c.Segments.Value(data))), "<script") {
				w.doc.mark(Scripts)
			}
		}
		return ast.WalkContinue, nil
	})
	return joinHan(strings.Split(s.String(), "\n"))
}
