package ui

import (
	"context"
	"embed"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/a-h/templ"
)

// Texts holds the shell's own words, one flat TOML catalogue per language
// (i18n/zh.toml and i18n/en.toml, keys "ui.*").
//
//go:embed i18n/*.toml
var Texts embed.FS

// TextFunc looks up a text by key. args are alternating names and values that
// fill the text's {{.Name}} places: T("ui.errors", "N", 2).
type TextFunc func(key string, args ...any) string

// Chrome is what surrounds a page: who looks, where they are, in which language
// and size.
type Chrome struct {
	Lang  string // "zh" (default) or "en"
	Size  int    // text size in px: 18 (default), 22, 26 or 30
	Theme string // "" follows the system, or "light", "dark"
	Title string // the page's title without the product's name
	Error bool   // the form on this page came back with faults: the title says so first

	Site   string // name of a unit's own site, in place of the product's
	Scheme string // its colours: one of Schemes; "" or an unknown one means the product's own

	Brand, BrandURL string // the unit's name beside the flame, and where the flame leads
	Nav             []Link // top row from 1000 px
	Tabs            []Tab  // at most five, at the thumb below 1000 px
	Me              *Link  // who is signed in; nil when nobody is
	Crumbs          []Link // the last one is here
	Plain           bool   // tasks and sign-in: no navigation, no search
	Letter          bool   // prints as an official letter (margins of GB/T 9704)
	Banner          string // one standing line on top: demonstration data, unprotected connection
	Flash           *Note  // one calm message on top of this page: what was just saved

	Phone, PhoneNote string   // whom to ring when stuck, and their hours; "" leaves the line out
	FootLinks        []Link   // handbook, accessibility and so on
	Registered       []Link   // registration numbers, each a link to the register outside
	Footer           []string // closing lines: owner, copyright

	SizeURL     func(px int) string       // nil leaves the size links out
	ThemeURL    func(theme string) string // "", "light", "dark"; nil leaves the links out
	LangURL     string                    // this page in the other language; "" leaves the link out
	SearchURL   string                    // "" leaves the search box out
	SearchHint  string                    // stands in the empty box; "" means what the search of all finds
	SearchQuery string                    // what was searched for

	Canonical string // the page's one address, for search engines; "" leaves it out

	CSS     string   // address of the style sheet; "" means /static/xinhuo.css
	Icon    string   // address of the icon; "" means /static/favicon.svg
	Scripts []string // addresses of deferred scripts; the pages work without them

	Follow string // with Scripts: the account whose photos follow their report; "" for pages that send none

	Live string // with Scripts: where the page hears of new work; "" for pages that do not listen

	T TextFunc // the shell's words
}

// Link is a text that leads somewhere. In lists Sub is the quieter text after
// it; Current marks the chosen one (aria-current). An empty Href gives plain text.
type Link struct {
	Text, Href string
	Current    bool
	Sub        string
}

// Tab is one of the places at the thumb. Icon is "inbox", "ledger", "add",
// "all" or "me".
type Tab struct {
	Link
	Icon string
}

// Pair is a name and a value, for hidden inputs.
type Pair struct{ Name, Value string }

// Mark is a state in words. Kind: "" quiet, "p" met or in force, "w" needs
// attention, "e" stands out.
type Mark struct{ Text, Kind string }

// Button is a link (Href set) or a submit button (Href empty) of the form
// around it. Main marks the one main act of the page.
type Button struct {
	Text, Href  string
	Main        bool
	Name, Value string // what a submit button sends
	FormAction  string // another address for this button's submission
	NoCheck     bool   // submit without the browser's own checks
	Sub         string // added for screen readers only: what the button acts on
}

// Post is a one-button form: an act that can be done from where one stands.
// Key is the idempotency key; Sub is read to screen readers after the text.
type Post struct {
	Text, Action, Key, Sub string
	Hidden                 []Pair
	Main                   bool
}

// Note is one calm message. Kind: "" good or neutral, "w" something to mend.
type Note struct {
	Kind        string
	Title, Text string
	Links       []Link
	Post        *Post // for instance undo
}

type textKey struct{}

// WithText puts the shell's words into a rendering context. Page and Gate do it
// themselves; use it when a component is rendered without them (a fragment).
func WithText(ctx context.Context, t TextFunc) context.Context {
	return context.WithValue(ctx, textKey{}, t)
}

// tr is the shell's word for key, or the key itself when nobody gave words:
// a missing catalogue must be seen, not break a page.
func tr(ctx context.Context, key string, args ...any) string {
	if t, ok := ctx.Value(textKey{}).(TextFunc); ok && t != nil {
		return t(key, args...)
	}
	return key
}

// spacer is what stands between a number and what follows it: a space in English and between two numbers, nothing between a
// number and its percent sign or a Chinese word, where the style sheet spaces.
func spacer(ctx context.Context, next string) string {
	switch {
	case next == "" || next[0] == '%' || next == " ":
		return ""
	case next[0] >= '0' && next[0] <= '9':
		return " "
	}
	return tr(ctx, "ui.measured", "Number", "", "Unit", "")
}

// Page is the whole HTML page around its children. The children hold the one h1.
func Page(c Chrome) templ.Component { return within(c, page(c)) }

// Gate is the sign-in page: the flame beside (above on phones) the children,
// which hold an h2; the h1 is the product's name. lines stand under it.
func Gate(c Chrome, lines ...string) templ.Component { return within(c, gate(c, lines)) }

func within(c Chrome, inner templ.Component) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		return inner.Render(WithText(ctx, c.T), w)
	})
}

func (c Chrome) htmlLang() string {
	if c.Lang == "en" {
		return "en"
	}
	return "zh-CN"
}

func (c Chrome) htmlClass() string {
	size := ""
	switch c.Size {
	case 22, 26, 30:
		size = "t" + strconv.Itoa(c.Size)
	}
	theme := ""
	if c.Theme == "light" || c.Theme == "dark" {
		theme = c.Theme
	}
	scheme := ""
	if slices.Contains(Schemes, c.Scheme) {
		scheme = "c-" + c.Scheme
	}
	return classes(size, theme, scheme)
}

// Schemes are the colours that the style sheet holds beside the product's own.
var Schemes = []string{"river", "pine", "plum", "slate"}

func (c Chrome) bodyClass() string {
	plain, letter := "", ""
	if c.Plain {
		plain = "plain"
	}
	if c.Letter {
		letter = "letter"
	}
	return classes(plain, letter)
}

func (c Chrome) css() string  { return or(c.CSS, "/static/xinhuo.css") }
func (c Chrome) icon() string { return or(c.Icon, "/static/favicon.svg") }

// Tel is a phone number as an address: digits and plus only.
func Tel(number string) string {
	return "tel:" + strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' || r == '+' {
			return r
		}
		return -1
	}, number)
}

func or(s, fallback string) string {
	if s == "" {
		return fallback
	}
	return s
}

func classes(list ...string) string {
	var kept []string
	for _, c := range list {
		if c != "" {
			kept = append(kept, c)
		}
	}
	return strings.Join(kept, " ")
}

func when(yes bool, class string) string {
	if yes {
		return class
	}
	return ""
}

// mostPhrase is how many characters of a title fit on a line of a phone 360 px wide.
const mostPhrase = 10

// phrased is the class of a title that breaks between its phrases: 校外教育阵地，／先看再收, not in the middle of a word.
// A title with a phrase longer than a line breaks anywhere, in lines of one length.
func phrased(title string) string {
	list := strings.Split(title, "，")
	for _, phrase := range list {
		if utf8.RuneCountInString(phrase) > mostPhrase {
			return ""
		}
	}
	return when(len(list) > 1, "ph")
}

func pageTitle(ctx context.Context, c Chrome) string {
	title := c.Title
	if c.Error {
		title = tr(ctx, "ui.title.error", "Title", title)
	}
	if title == "" {
		return or(c.Site, tr(ctx, "ui.product"))
	}
	return title + " — " + or(c.Site, tr(ctx, "ui.product"))
}

func otherLang(c Chrome) string {
	if c.Lang == "en" {
		return "zh-CN"
	}
	return "en"
}
