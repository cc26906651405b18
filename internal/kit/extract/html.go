package extract

import (
	"errors"
	"io"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"
)

var htmlTags = []string{"!doctype html", "html", "head", "body", "meta", "title", "link", "script", "style", "table", "div", "p", "h1", "h2", "h3", "center", "font", "span", "iframe", "img", "a", "b", "br", "form"}

// isHTML tells a page by its first tag, in lower case.
func isHTML(begins string) bool {
	return slices.ContainsFunc(htmlTags, func(tag string) bool {
		after, ok := strings.CutPrefix(begins[1:], tag)
		return ok && (after == "" || strings.ContainsAny(after[:1], " \t\n\r/>"))
	})
}

// Elements whose text nobody reads, and those that begin a new piece of text.
var (
	unread = map[string]bool{"script": true, "style": true, "template": true, "noscript": true, "iframe": true, "object": true, "svg": true, "math": true, "select": true, "textarea": true, "noembed": true, "noframes": true}
	breaks = map[string]bool{"p": true, "div": true, "br": true, "li": true, "ul": true, "ol": true, "tr": true, "table": true, "section": true, "article": true, "header": true, "footer": true, "main": true,
		"blockquote": true, "pre": true, "dl": true, "dt": true, "dd": true, "hr": true, "body": true, "h1": true, "h2": true, "h3": true, "h4": true, "h5": true, "h6": true, "form": true, "center": true, "caption": true}
)

// remote tells an address that leads out of the file; scripted one that runs something.
func remote(address string) bool {
	a := strings.ToLower(strings.TrimSpace(address))
	return strings.HasPrefix(a, "http:") || strings.HasPrefix(a, "https:") || strings.HasPrefix(a, "//") || strings.HasPrefix(a, "ftp:") || strings.HasPrefix(a, "file:") || strings.HasPrefix(a, `\\`)
}

func scripted(address string) bool {
	a := strings.ToLower(strings.Map(func(r rune) rune {
		if r <= ' ' {
			return -1
		}
		return r
	}, address))
	return strings.HasPrefix(a, "javascript:") || strings.HasPrefix(a, "vbscript:") || strings.HasPrefix(a, "data:text/html")
}

// page is an HTML text being read, token by token: no tree is built, so that no nesting can cost anything.
type page struct {
	w      *work
	text   strings.Builder
	block  Block
	lists  int
	row    bool
	cells  int
	hidden string // the element being passed over
	depth  int
	title  bool
}

// readHTML reads a page: scripts and styles are dropped and marked, what it would fetch is marked.
func (w *work) readHTML(s string) error {
	p := &page{w: w}
	z := html.NewTokenizer(strings.NewReader(s))
	z.SetMaxBuf(max(w.lim.Token, 64<<10))
	for n := 0; ; n++ {
		if n%1024 == 0 && w.ctx.Err() != nil {
			return w.ctx.Err()
		}
		switch kind := z.Next(); kind {
		case html.ErrorToken:
			if errors.Is(z.Err(), html.ErrBufferExceeded) {
				return tricky("html: a piece too long")
			}
			if err := z.Err(); !errors.Is(err, io.EOF) {
				return err
			}
			return p.flush()
		case html.StartTagToken, html.SelfClosingTagToken, html.EndTagToken:
			t := z.Token()
			if err := p.tag(t); err != nil {
				return err
			}
		case html.TextToken:
			if err := p.words(string(z.Text())); err != nil {
				return err
			}
		}
	}
}

func (p *page) words(raw string) error {
	if p.hidden != "" {
		return nil
	}
	s := html.UnescapeString(raw)
	if p.title {
		if len(p.w.doc.Title) < 2000 {
			p.w.doc.Title += s[:min(len(s), 2000)]
		}
		return nil
	}
	if s != "" && p.text.Len() > 0 && strings.TrimLeft(s[:1], " \n\t") == "" {
		p.text.WriteByte(' ')
	}
	p.text.WriteString(strings.Join(strings.Fields(s), " "))
	if s != "" && strings.TrimRight(s[len(s)-1:], " \n\t") == "" {
		p.text.WriteByte(' ')
	}
	if p.w.full(p.text.Len()) {
		return p.flush()
	}
	return nil
}

func (p *page) tag(t html.Token) error {
	begins := t.Type != html.EndTagToken
	p.marks(t, begins)
	if p.hidden != "" {
		switch {
		case t.Data != p.hidden:
		case t.Type == html.StartTagToken:
			p.depth++
		case t.Type == html.EndTagToken:
			if p.depth--; p.depth == 0 {
				p.hidden = ""
			}
		}
		return nil
	}
	if unread[t.Data] {
		if t.Type == html.StartTagToken {
			p.hidden, p.depth = t.Data, 1
		}
		return nil
	}
	switch t.Data {
	case "title":
		p.title = t.Type == html.StartTagToken
		return nil
	case "td", "th":
		if p.row && begins {
			if p.cells++; p.cells > 1 {
				p.text.WriteByte('\t')
			}
		}
		return nil
	}
	if !breaks[t.Data] || p.row && t.Data != "tr" && t.Data != "table" {
		if breaks[t.Data] {
			p.text.WriteByte(' ')
		}
		return nil
	}
	if err := p.flush(); err != nil {
		return err
	}
	p.block = Block{}
	if p.row = t.Data == "tr" && begins; p.row {
		p.cells = 0
		p.block.Kind = Row
		return nil
	}
	switch {
	case len(t.Data) == 2 && t.Data[0] == 'h' && t.Data[1] != 'r' && begins:
		p.block = Block{Kind: Heading, Level: int(t.Data[1] - '0')}
	case t.Data == "ul" || t.Data == "ol":
		if begins {
			p.lists++
		} else {
			p.lists = max(0, p.lists-1)
		}
	case t.Data == "li" && begins:
		p.block = Block{Kind: ListItem, Level: min(max(1, p.lists), 9)}
	}
	return nil
}

// marks notes what a page would run or fetch.
func (p *page) marks(t html.Token, begins bool) {
	if !begins {
		return
	}
	doc := &p.w.doc
	switch t.Data {
	case "script":
		doc.mark(Scripts)
	case "object", "embed", "applet":
		doc.mark(Embedded)
	}
	var name, content string
	for _, a := range t.Attr {
		switch {
		case strings.HasPrefix(a.Key, "on") && len(a.Key) > 2, (a.Key == "href" || a.Key == "src" || a.Key == "action") && scripted(a.Val), a.Key == "srcdoc":
			doc.mark(Scripts)
		case (a.Key == "src" || a.Key == "data" || a.Key == "background" || a.Key == "href" && t.Data == "link") && remote(a.Val):
			doc.mark(External)
		case a.Key == "name":
			name = strings.ToLower(a.Val)
		case a.Key == "content":
			content = a.Val
		}
	}
	if t.Data == "meta" && name == "author" && len(content) < 2000 {
		doc.Author = content
	}
}

func (p *page) flush() error {
	b := p.block
	cells := strings.Split(p.text.String(), "\t")
	for i := range cells {
		cells[i] = strings.TrimSpace(cells[i])
	}
	b.Text = strings.Join(cells, "\t")
	p.text.Reset()
	return p.w.add(b)
}

// joinHan joins lines to one: between Chinese characters without a blank, or words broken over two lines would not be found.
func joinHan(lines []string) string {
	var s strings.Builder
	last := rune(0)
	for _, l := range lines {
		l = strings.TrimSpace(l)
		if l == "" {
			continue
		}
		if first, _ := utf8.DecodeRuneInString(l); last != 0 && !wide(last) && !wide(first) {
			s.WriteByte(' ')
		}
		s.WriteString(l)
		last, _ = utf8.DecodeLastRuneInString(l)
	}
	return s.String()
}

// wide tells characters beside which no blank is written.
func wide(r rune) bool {
	return unicode.Is(unicode.Han, r) || r >= 0x3000 && r <= 0x303F || r >= 0xFF00 && r <= 0xFFEF || r == '“' || r == '”' || r == '‘' || r == '’' || r == '—' || r == '…'
}
