package ui

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"io/fs"
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/a-h/templ"
	"golang.org/x/net/html"

	"xinhuo/internal/kit/web/static"
)

// each walks a document depth first.
func each(n *html.Node, do func(*html.Node)) {
	do(n)
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		each(c, do)
	}
}

func attr(n *html.Node, name string) (string, bool) {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val, true
		}
	}
	return "", false
}

func textOf(n *html.Node) string {
	var b strings.Builder
	each(n, func(c *html.Node) {
		if c.Type == html.TextNode {
			b.WriteString(c.Data)
		}
	})
	return strings.TrimSpace(b.String())
}

// faults lists what a page may not have: what a strict content security policy
// would block, and what leaves somebody out who listens instead of looking.
func faults(doc *html.Node) []string {
	var out []string
	bad := func(format string, args ...any) { out = append(out, fmt.Sprintf(format, args...)) }
	ids, labelled := map[string]bool{}, map[string]bool{}
	var h1, mains, level int
	each(doc, func(n *html.Node) {
		if n.Type != html.ElementNode {
			return
		}
		if id, ok := attr(n, "id"); ok {
			if ids[id] || id == "" || strings.ContainsAny(id, " \t") {
				bad("id %q is empty, has a space or is there twice", id)
			}
			ids[id] = true
		}
		if f, ok := attr(n, "for"); ok && textOf(n) != "" {
			labelled[f] = true
		}
	})
	each(doc, func(n *html.Node) {
		if n.Type != html.ElementNode {
			return
		}
		for _, a := range n.Attr {
			if a.Key == "style" || strings.HasPrefix(a.Key, "on") {
				bad("<%s> has %s", n.Data, a.Key)
			}
			if strings.HasPrefix(a.Val, "javascript:") {
				bad("<%s> runs script", n.Data)
			}
			if a.Key == "aria-describedby" || a.Key == "aria-labelledby" {
				for _, id := range strings.Fields(a.Val) {
					if !ids[id] {
						bad("%s names %q, which is not there", a.Key, id)
					}
				}
			}
		}
		label, _ := attr(n, "aria-label")
		switch n.Data {
		case "script", "style":
			bad("<%s>", n.Data)
		case "main":
			mains++
		case "h1", "h2", "h3":
			now := int(n.Data[1] - '0')
			if now == 1 {
				h1++
			}
			if level > 0 && now > level+1 {
				bad("%s %q after h%d", n.Data, textOf(n), level)
			}
			level = now
			if textOf(n) == "" {
				bad("empty %s", n.Data)
			}
		case "a", "button":
			if textOf(n) == "" && label == "" {
				bad("<%s> without words", n.Data)
			}
			if href, ok := attr(n, "href"); n.Data == "a" && (!ok || href == "") {
				bad("link %q leads nowhere", textOf(n))
			}
			for p := n.Parent; p != nil; p = p.Parent {
				if p.Data == "a" || p.Data == "button" {
					bad("<%s> %q inside <%s>", n.Data, textOf(n), p.Data)
				}
			}
		case "input", "select", "textarea":
			kind, _ := attr(n, "type")
			id, _ := attr(n, "id")
			if kind != "hidden" && !labelled[id] && label == "" {
				name, _ := attr(n, "name")
				bad("input %q has no label", name)
			}
		case "svg":
			hidden, _ := attr(n, "aria-hidden")
			role, _ := attr(n, "role")
			if hidden != "true" && (role != "img" || label == "") {
				bad("a drawing is neither hidden nor described")
			}
		case "fieldset":
			if c := n.FirstChild; c == nil || c.Data != "legend" {
				bad("a fieldset without its legend first")
			}
		case "form":
			if m, _ := attr(n, "method"); m == "post" {
				key := false
				each(n, func(c *html.Node) {
					if v, _ := attr(c, "name"); v == "_key" {
						key = true
					}
				})
				if !key {
					action, _ := attr(n, "action")
					bad("form to %s has no idempotency key", action)
				}
			}
		}
	})
	if h1 != 1 {
		bad("%d h1", h1)
	}
	if mains != 1 {
		bad("%d main", mains)
	}
	return out
}

// Every component, in both languages, can be used without script, under a
// strict content security policy, and by somebody who listens.
func TestPagesAreAccessible(t *testing.T) {
	for _, lang := range []string{"zh", "en"} {
		g := tongue{en: lang == "en", t: textsIn(t, lang)}
		for name, c := range g.pages() {
			doc, err := html.Parse(strings.NewReader(render(t, c)))
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range faults(doc) {
				if name == "gate" && strings.Contains(f, "idempotency key") {
					continue // signing in twice does no harm
				}
				t.Errorf("%s %s: %s", lang, name, f)
			}
		}
	}
}

// The check above must be able to fail.
func TestFaultsAreFound(t *testing.T) {
	doc, err := html.Parse(strings.NewReader(`<h1>a</h1><h3>b</h3><p id="x" style="color:red"></p><p id="x" onclick="f()"></p><a href="/"></a><a>n</a><input name="q"><svg></svg><script></script><form method="post"></form><p aria-describedby="none"></p>`))
	if err != nil {
		t.Fatal(err)
	}
	all := strings.Join(faults(doc), "\n")
	for _, want := range []string{"has style", "has onclick", "twice", "without words", "leads nowhere", "no label", "neither hidden", "<script>", "idempotency", "not there", "0 main", "after h1"} {
		if !strings.Contains(all, want) {
			t.Errorf("not found: %s in\n%s", want, all)
		}
	}
}

// Both catalogues have the same keys, and the components use each of them.
func TestTextKeys(t *testing.T) {
	zh, en := words(t, "zh"), words(t, "en")
	for k := range zh {
		if en[k] == "" {
			t.Errorf("en has no %s", k)
		}
	}
	for k := range en {
		if zh[k] == "" {
			t.Errorf("zh has no %s", k)
		}
	}
	used := map[string]bool{}
	record := func(lang string) TextFunc {
		inner := textsIn(t, lang)
		return func(key string, args ...any) string { used[key] = true; return inner(key, args...) }
	}
	for _, lang := range []string{"zh", "en"} {
		g := tongue{en: lang == "en", t: record(lang)}
		for _, c := range g.pages() {
			render(t, c)
		}
		c := g.chrome("x")
		c.Theme = "dark" // so that the link back to the system's setting is drawn
		render(t, Page(c))
	}
	for k := range zh {
		if !used[k] {
			t.Errorf("no component uses %s", k)
		}
	}
	banned := regexp.MustCompile(`请|对不起|非法|无效|失败|[\p{Han}],|[\p{Han}] +\d|\d +[\p{Han}]`)
	for k, text := range zh {
		if banned.MatchString(text) {
			t.Errorf("%s is not how we write: %s", k, text)
		}
	}
}

func sheet(t *testing.T) string {
	t.Helper()
	raw, err := fs.ReadFile(static.Files, "xinhuo.css")
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

// The style sheet keeps to its budget and to its own files.
func TestStyleSheetBudget(t *testing.T) {
	css := sheet(t)
	var b bytes.Buffer
	w, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write([]byte(css)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if b.Len() > 16<<10 {
		t.Errorf("xinhuo.css is %d bytes gzipped, more than 16 KB", b.Len())
	}
	for _, no := range []string{"url(", "@import", "http", "PROTOTYPE"} {
		if strings.Contains(css, no) {
			t.Errorf("xinhuo.css has %s", no)
		}
	}
	if o, c := strings.Count(css, "{"), strings.Count(css, "}"); o != c {
		t.Errorf("%d { and %d }", o, c)
	}
}

// Every class that the components write is known to the style sheet.
func TestClassesExist(t *testing.T) {
	css := sheet(t)
	plain := map[string]bool{"door": true, "form": true, "dots": true, "to": true, "r": true, "x": true, "light": true, "off": true,
		"field": true, "end2": true, "alt": true, "k7": true, "ask": true, "code1": true, "one": true, "time": true, "body": true, "letter": true, "h1": true}
	g := tongue{t: textsIn(t, "zh")}
	for name, c := range g.pages() {
		doc, err := html.Parse(strings.NewReader(render(t, c)))
		if err != nil {
			t.Fatal(err)
		}
		each(doc, func(n *html.Node) {
			v, _ := attr(n, "class")
			for _, cl := range strings.Fields(v) {
				if !plain[cl] && !regexp.MustCompile(`\.`+regexp.QuoteMeta(cl)+`[^\w-]`).MatchString(css) {
					t.Errorf("%s: class %s is not in the style sheet", name, cl)
				}
			}
		})
	}
}

func tokens(t *testing.T, block string) map[string]string {
	t.Helper()
	out := map[string]string{}
	for _, m := range regexp.MustCompile(`--([a-z0-9]+):(#[0-9A-Fa-f]{3,6})`).FindAllStringSubmatch(block, -1) {
		out[m[1]] = m[2]
	}
	if len(out) < 20 {
		t.Fatalf("only %d tokens", len(out))
	}
	return out
}

func luminance(t *testing.T, hex string) float64 {
	t.Helper()
	h := strings.TrimPrefix(hex, "#")
	if len(h) == 3 {
		h = string([]byte{h[0], h[0], h[1], h[1], h[2], h[2]})
	}
	v, err := strconv.ParseUint(h, 16, 32)
	if err != nil {
		t.Fatal(err)
	}
	lin := func(c uint64) float64 {
		f := float64(c&255) / 255
		if f <= .04045 {
			return f / 12.92
		}
		return math.Pow((f+.055)/1.055, 2.4)
	}
	return .2126*lin(v>>16) + .7152*lin(v>>8) + .0722*lin(v)
}

// Text has a contrast of 7:1 or more on every ground it is set on, control
// borders 3:1, in light, in dark by choice and in dark by the system.
func TestContrast(t *testing.T) {
	css := sheet(t)
	light := css[strings.Index(css, ":root{"):]
	themes := map[string]string{"light": light[:strings.Index(light, "}")]}
	for name, start := range map[string]string{"dark": ":root.dark{", "system dark": ":root:not(.light){"} {
		i := strings.Index(css, start)
		if i < 0 {
			t.Fatalf("no %s", start)
		}
		themes[name] = css[i : i+strings.Index(css[i:], "}")]
	}
	all := map[string]string{}
	for name, block := range themes {
		all[name] = block
	}
	for _, scheme := range Schemes { // what a unit's site may wear: over light, and over the system's dark
		parts := strings.Split(css, ":root.c-"+scheme+"{")
		if len(parts) != 3 {
			t.Fatalf("%s stands %d times", scheme, len(parts)-1)
		}
		for i, over := range []string{"light", "system dark"} {
			all[scheme+" "+over] = themes[over] + ";" + parts[i+1][:strings.Index(parts[i+1], "}")]
		}
	}
	text := map[string][]string{
		"ink":   {"paper", "card", "sunk", "tint", "ptint", "wtint", "h1", "h2", "h3"},
		"ink2":  {"paper", "card", "sunk", "tint", "ptint", "wtint"},
		"ember": {"paper", "card", "tint"},
		"pos":   {"paper", "card", "ptint"},
		"warn":  {"paper", "card", "wtint"},
		"on":    {"ember", "deep"},
		"card":  {"ink"},
	}
	for name, block := range all {
		tok := tokens(t, block)
		ratio := func(a, b string) float64 {
			x, y := luminance(t, tok[a]), luminance(t, tok[b])
			return (max(x, y) + .05) / (min(x, y) + .05)
		}
		for fg, grounds := range text {
			for _, bg := range grounds {
				if r := ratio(fg, bg); r < 7 {
					t.Errorf("%s: %s on %s is %.2f", name, fg, bg, r)
				}
			}
		}
		for _, bg := range []string{"paper", "card"} {
			if r := ratio("edge", bg); r < 3 {
				t.Errorf("%s: edge on %s is %.2f", name, bg, r)
			}
			if r := ratio("mid", bg); r < 3 {
				t.Errorf("%s: mid on %s is %.2f", name, bg, r)
			}
		}
	}
}

// What was typed stays, the error is tied to its input, and marked text is
// escaped.
func TestFieldKeepsWhatWasTyped(t *testing.T) {
	out := render(t, Field(Input{Name: "a[b]", Label: "名称", Value: `<b>"x"`, Error: "填写名称", Hint: "全称"}))
	for _, want := range []string{`value="&lt;b&gt;&#34;x&#34;"`, `id="f-a-b-"`, `for="f-a-b-"`, `aria-describedby="f-a-b--h f-a-b--e"`, `aria-invalid="true"`, `id="f-a-b--e"`} {
		if !strings.Contains(out, want) {
			t.Errorf("no %s in %s", want, out)
		}
	}
	if out := render(t, Field(Input{Kind: KindDate, Name: "d", Label: "授牌日", Value: "2019-02-30"})); !strings.Contains(out, `value="2019-02-30"`) || strings.Contains(out, `type="date"`) {
		t.Errorf("an impossible day is lost: %s", out)
	}
	if out := render(t, Field(Input{Kind: KindPassword, Name: "p", Label: "密码", Value: "secret"})); strings.Contains(out, "secret") {
		t.Error("a password comes back in the page")
	}
	if out := render(t, ErrorSummary([]Fault{{Name: "a[b]", Text: "填写名称"}})); !strings.Contains(out, `href="#f-a-b-"`) {
		t.Errorf("the summary does not lead to the input: %s", out)
	}
}

// A number without records is not drawn as a link that leads nowhere.
func TestNumberWithoutRecords(t *testing.T) {
	parts := Parts{Label: "x", Parts: []Part{{Text: "a", N: 1, Number: "1"}}}
	for _, c := range []templ.Component{N("1", ""), Share(parts), Sum(parts.Parts, Part{Text: "b", Number: "1"}), Fig(Figure{Number: "—", Label: "x"}), Todo([]Due{{Title: "x"}})} {
		if out := render(t, c); strings.Contains(out, "href") {
			t.Error(out)
		}
	}
}

// An address that would run script is not written as one.
func TestLinksAreSanitized(t *testing.T) {
	if out := render(t, N("1", "javascript:alert(1)")); strings.Contains(out, "javascript:") {
		t.Error(out)
	}
}

// The English home page said "Received in 20251,007,610yuan": label, number and measure word each keep their distance in
// English, and none is typed in Chinese, where the style sheet spaces.
func TestLabelNumberAndMeasureDoNotRunTogether(t *testing.T) {
	tags := regexp.MustCompile(`<[^>]*>`)
	for lang, want := range map[string]string{
		"zh": "2025年到账1,007,610元，达标率65.5%，71万元，87 58%",
		"en": "Received in 2025: 1,007,610 yuan, Met: 65.5%, 71 yuan, 87 58%",
	} {
		g := tongue{en: lang == "en", t: textsIn(t, lang)}
		text := func(c templ.Component) string {
			var b strings.Builder
			if err := c.Render(WithText(context.Background(), g.t), &b); err != nil {
				t.Fatal(err)
			}
			return strings.TrimSpace(tags.ReplaceAllString(b.String(), ""))
		}
		comma := g.l("，", ", ")
		got := text(FigList([]Figure{{Label: g.l("2025年到账", "Received in 2025"), Number: "1,007,610", Unit: g.l("元", "yuan")}})) + comma +
			text(FigList([]Figure{{Label: g.l("达标率", "Met"), Number: "65.5", Unit: "%"}})) + comma +
			text(Share(Parts{Parts: []Part{{Number: "71", Note: g.l("万元", "yuan")}}})) + comma +
			text(Share(Parts{Parts: []Part{{Number: "87", Note: "58%"}}}))
		if got != want {
			t.Errorf("%s: %q, want %q", lang, got, want)
		}
	}
}

// A title on a phone broke within a word: 校外教育阵／地，先看再收.
func TestTitlesBreakBetweenPhrases(t *testing.T) {
	for title, want := range map[string]string{"校外教育阵地，先看再收": "ph", "梁水旺，手上没有要办的事": "ph", "校外教育阵地": "", "菊溪街道心理健康关爱队伍名册，截至今天": "", "Bases, and what they do": ""} {
		if got := phrased(title); got != want {
			t.Errorf("%s: %q", title, got)
		}
	}
}

// A note read "马上报告先打电话": its title and its text are two sentences.
func TestNoteTitleEndsBeforeItsText(t *testing.T) {
	tags := regexp.MustCompile(`<[^>]*>`)
	for lang, cases := range map[string][][3]string{
		"zh": {{"马上报告", "先打电话", "马上报告。先打电话"}, {"由（甲）", "说明", "由（甲）。说明"}, {"你现在安全吗？", "打110", "你现在安全吗？打110"}, {"存好了", "", "存好了"}},
		"en": {{"Reset by 陈玉兰", "Reason: lost", "Reset by 陈玉兰. Reason: lost"}, {"Are you safe?", "Call 110", "Are you safe? Call 110"}},
	} {
		for _, c := range cases {
			var b strings.Builder
			if err := NoteBox(Note{Title: c[0], Text: c[1]}).Render(WithText(context.Background(), textsIn(t, lang)), &b); err != nil {
				t.Fatal(err)
			}
			if got := strings.TrimSpace(tags.ReplaceAllString(b.String(), "")); got != c[2] {
				t.Errorf("%s: %q, want %q", lang, got, c[2])
			}
		}
	}
}
