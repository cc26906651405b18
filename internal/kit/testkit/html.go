package testkit

import (
	"strings"
	"testing"

	"github.com/andybalholm/cascadia"
	"golang.org/x/net/html"
)

// Doc is a rendered page, or a part of one, that a test asks by CSS selector.
// A wrong selector or a missing element ends the test.
type Doc struct {
	t    testing.TB
	node *html.Node
	raw  string
}

// HTML reads a page that a handler has answered with.
func HTML(t testing.TB, body string) Doc {
	t.Helper()
	node, err := html.Parse(strings.NewReader(body))
	if err != nil {
		t.Fatalf("the answer is no HTML: %v\n%s", err, excerpt(body))
	}
	return Doc{t: t, node: node, raw: body}
}

// All gives every element that sel matches, in document order.
func (d Doc) All(sel string) []Doc {
	d.t.Helper()
	matcher, err := cascadia.ParseGroup(sel)
	if err != nil {
		d.t.Fatalf("selector %q: %v", sel, err)
	}
	var found []Doc
	for _, n := range cascadia.QueryAll(d.node, matcher) {
		var raw strings.Builder
		if err := html.Render(&raw, n); err != nil {
			d.t.Fatalf("selector %q: %v", sel, err)
		}
		found = append(found, Doc{t: d.t, node: n, raw: raw.String()})
	}
	return found
}

// One gives the only element that sel matches; none or several end the test.
func (d Doc) One(sel string) Doc {
	d.t.Helper()
	found := d.All(sel)
	if len(found) != 1 {
		d.t.Fatalf("%q matches %d elements, want 1, in\n%s", sel, len(found), excerpt(d.raw))
	}
	return found[0]
}

// Text is the text of the first element that sel matches, spaces collapsed.
func (d Doc) Text(sel string) string {
	d.t.Helper()
	found := d.All(sel)
	if len(found) == 0 {
		d.t.Fatalf("nothing matches %q in\n%s", sel, excerpt(d.raw))
	}
	return found[0].Content()
}

// Texts is the text of every element that sel matches.
func (d Doc) Texts(sel string) []string {
	d.t.Helper()
	var texts []string
	for _, m := range d.All(sel) {
		texts = append(texts, m.Content())
	}
	return texts
}

// Content is the whole text of d, spaces collapsed, without scripts and styles.
func (d Doc) Content() string {
	var b strings.Builder
	var walk func(*html.Node)
	walk = func(n *html.Node) {
		switch {
		case n.Type == html.TextNode:
			b.WriteString(n.Data)
		case n.Type == html.ElementNode && (n.Data == "script" || n.Data == "style"):
			return
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c)
		}
	}
	walk(d.node)
	return strings.Join(strings.Fields(b.String()), " ")
}

// Attr is the value of an attribute of d itself, empty when it has none.
func (d Doc) Attr(name string) string {
	for _, a := range d.node.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

// Has reports whether sel matches anything.
func (d Doc) Has(sel string) bool {
	d.t.Helper()
	return len(d.All(sel)) > 0
}

// MustHave fails the test unless some element that sel matches contains text;
// an empty text asks for the element alone.
func (d Doc) MustHave(sel, text string) {
	d.t.Helper()
	found := d.All(sel)
	for _, m := range found {
		if strings.Contains(m.Content(), text) {
			return
		}
	}
	d.t.Errorf("no %q contains %q (%d match the selector) in\n%s", sel, text, len(found), excerpt(d.raw))
}

// MustNotContain fails the test when one of the texts stands anywhere in the
// page: in its words, its attributes or its comments, escaped or not.
func (d Doc) MustNotContain(texts ...string) {
	d.t.Helper()
	content := d.Content()
	unescaped := html.UnescapeString(d.raw)
	for _, text := range texts {
		if strings.Contains(content, text) || strings.Contains(d.raw, text) || strings.Contains(unescaped, text) {
			d.t.Errorf("the page contains %q and must not", text)
		}
	}
}

// excerpt keeps a failure readable.
func excerpt(s string) string {
	const most = 4000
	if len(s) > most {
		return strings.ToValidUTF8(s[:most], "") + " …"
	}
	return s
}
