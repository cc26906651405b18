package app

import (
	"bytes"
	"embed"
	"io/fs"
	"net/http"
	"strconv"
	"strings"

	"github.com/a-h/templ"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
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
	title    string
	contents []ui.Link
	body     string
}

var manuals = map[string]manual{"zh": readManual("manual/zh.md"), "en": readManual("manual/en.md")}

// readManual renders one file. Its first line is the title; each heading of the second level gets an anchor of its own
// (s1, s2 …), because anchors made of Chinese words are unreadable in an address that is read out over the telephone.
func readManual(name string) manual {
	source, err := fs.ReadFile(manualFiles, name)
	if err != nil {
		panic(err) // part of the program
	}
	first, rest, _ := strings.Cut(string(source), "\n")
	m := manual{title: strings.TrimSpace(strings.TrimPrefix(first, "# "))}
	md := goldmark.New(goldmark.WithExtensions(extension.Table), goldmark.WithParserOptions(parser.WithAttribute()))
	data := []byte(rest)
	doc := md.Parser().Parse(text.NewReader(data))
	for n := doc.FirstChild(); n != nil; n = n.NextSibling() {
		h, ok := n.(*ast.Heading)
		if !ok || h.Level != 2 {
			continue
		}
		anchor := "s" + strconv.Itoa(len(m.contents)+1)
		h.SetAttributeString("id", []byte(anchor))
		m.contents = append(m.contents, ui.Link{Text: string(h.Lines().Value(data)), Href: "#" + anchor})
	}
	var out bytes.Buffer
	if err := md.Renderer().Render(&out, data, doc); err != nil {
		panic(err)
	}
	m.body = out.String()
	return m
}

func (a *App) manualRoutes() []web.Route {
	return []web.Route{{Method: "GET", Path: "/manual", Right: scope.Anyone, Scope: web.Public, Name: "app.manualPage", Handler: a.manualPage}}
}

func (a *App) manualPage(w http.ResponseWriter, r *http.Request) error {
	m := manuals[i18n.Lang(r.Context())]
	return web.Render(w, r, web.Page{Title: m.title, Current: "manual", Crumbs: []ui.Link{{Text: m.title}}}, manualBody(m))
}

// html is the manual's text: our own file, so that it needs no cleaning.
func (m manual) html() templ.Component { return templ.Raw(m.body) }
