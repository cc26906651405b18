package ui

import (
	"context"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Document is a text in the official setting whose figures are bound to the
// ledger: a number on each figure, notes in the margin.
type Document struct {
	Tags    []Mark
	Acts    []Button
	Verdict []Verdict
	Intro   string     // what 当日 and 现在 mean here, with both days
	Head    *PaperHead // of an official paper; without a Title its mark is the h1
	Title   string     // the h1
	By      []string
	To      string // to whom an official paper goes
	Paras   []Para
	Table   *Table
	Sign    []string // at the end: who issued it, and when
	End     *PaperEnd
	Seal    string // when it was issued, its fingerprint
}

// PaperHead is the red head of an official paper (GB/T 9704): what it is, its number, and above the rule who issues it
// and when.
type PaperHead struct {
	Mark, Number, By, Day string

	Urgency string // 紧急程度, at the top left

	Names []string // of several that issue it together; Word (文件) stands beside them instead of the mark
	Word  string
}

// PaperEnd is 版记 at the end of an official paper, between rules: to whom copies go, who printed it and when.
type PaperEnd struct {
	Copies, Printer, Printed string
}

// Verdict is a count of figures that agree, disagree or changed since. Kind:
// "", "pos", "wrn".
type Verdict struct {
	Number, Href, Text, Kind string
}

// Para is a paragraph with what stands beside it. Heading, when set, is an h2
// before it.
type Para struct {
	ID      string
	Heading string
	Runs    []Run
	Cut     string // a line that says the text stops here
	Rows    []LiveRow
	Aside   []Run // a remark under the table of the margin
	Faults  []LiveFault
}

// Run is a stretch of text; No > 0 makes it a bound figure with that number.
// With No 0 and Href it is an ordinary link, with Num a figure.
type Run struct {
	Text, Href string
	No         int
	Bad        bool // disagrees with the ledger
	Num        bool
	bold       bool
}

// LiveRow is one figure in the margin: then and now, each a link to its records.
type LiveRow struct {
	No                           int
	Label                        string
	Then, ThenHref, Now, NowHref string
}

// LiveFault is a disagreement with its ways out.
type LiveFault struct {
	Title string
	Runs  []Run
	Acts  []Button
	Posts []Post
}

// sentence sets a link after a text without the space that a template would
// leave between them: Chinese has none.
func sentence(text string, l Link) []Run {
	if l.Text == "" {
		return []Run{{Text: text}}
	}
	return []Run{{Text: text + gap(text)}, {Text: l.Text, Href: l.Href}}
}

func (n Note) words(ctx context.Context) []Run {
	if n.Title == "" {
		return []Run{{Text: n.Text}}
	}
	after := gap(n.Title)
	if last, _ := utf8.DecodeLastRuneInString(n.Title); n.Text != "" && !strings.ContainsRune("。！？：；….!?:;", last) {
		after = tr(ctx, "ui.stop")
	}
	return []Run{{Text: n.Title, bold: true}, {Text: after + n.Text}}
}

// gap is a space after Latin writing and nothing after Chinese.
func gap(text string) string {
	last, _ := utf8.DecodeLastRuneInString(text)
	if last == utf8.RuneError || last == ' ' || last >= 0x2E80 {
		return ""
	}
	return " "
}

func no(n int) string { return strconv.Itoa(n) }
