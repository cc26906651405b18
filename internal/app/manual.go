package app

import (
	"bytes"
	"embed"
	"net/http"
	"strconv"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/text"

	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/web"
	"xinhuo/internal/kit/web/ui"
)

//go:embed manual/*.md
var manualFiles embed.FS

// manual is the user manual in one language, rendered at the start of the program.
type manual struct {
	title, lead string
	sections    []manualSection
}

// manualSection is one chapter. Its id is s1, s2 …, because an anchor made of Chinese words cannot be read out over the
// telephone.
type manualSection struct{ id, title, body string }

var manuals = map[string]manual{"zh": readManual("manual/zh.md"), "en": readManual("manual/en.md")}

// readManual renders one file: its first line is the title, each heading of the second level begins a chapter. The text
// is our own and part of the program, so that it needs no cleaning, and a fault in it is one of the program.
func readManual(name string) manual {
	source, err := manualFiles.ReadFile(name)
	if err != nil {
		panic(err)
	}
	first, rest, _ := strings.Cut(string(source), "\n")
	chapters := strings.Split(rest, "\n## ")
	m := manual{title: strings.TrimPrefix(first, "# "), lead: markdown(chapters[0])}
	for i, c := range chapters[1:] {
		title, body, _ := strings.Cut(c, "\n")
		m.sections = append(m.sections, manualSection{"s" + strconv.Itoa(i+1), title, markdown(body)})
	}
	return m
}

// markdown renders a text with the lists of our style sheet.
func markdown(source string) string {
	data, md := []byte(source), goldmark.New()
	doc := md.Parser().Parse(text.NewReader(data))
	for n := doc.FirstChild(); n != nil; n = n.NextSibling() {
		if l, ok := n.(*ast.List); ok {
			class := "dot"
			if l.IsOrdered() {
				class = "three"
			}
			l.SetAttributeString("class", []byte(class))
		}
	}
	var out bytes.Buffer
	if err := md.Renderer().Render(&out, data, doc); err != nil {
		panic(err)
	}
	return out.String()
}

func (m manual) contents() []ui.Link {
	var out []ui.Link
	for _, s := range m.sections {
		out = append(out, ui.Link{Text: s.title, Href: "#" + s.id})
	}
	return out
}

func (a *App) manualRoutes() []web.Route {
	return []web.Route{{Method: "GET", Path: "/manual", Right: scope.Anyone, Scope: web.Public, Name: "app.manualPage", Handler: a.manualPage}}
}

func (a *App) manualPage(w http.ResponseWriter, r *http.Request) error {
	m := manuals[i18n.Lang(r.Context())]
	return web.Render(w, r, web.Page{Title: m.title, Current: "manual", Crumbs: []ui.Link{{Text: m.title}}}, manualBody(m))
}
