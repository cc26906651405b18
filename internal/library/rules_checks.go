package library

import (
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"xinhuo/internal/kit/extract"
)

// Code says what a warning is about.
type Code string

// What an uploader is told of a document, to look at before it is shared; none of them is a reason to refuse it. The
// last ones are the marks of extract.
const (
	WarnYear      Code = "year"    // the title names another year (Title) than the days in the text (Text)
	WarnCutOff    Code = "cut_off" // the text ends within a sentence; End is how
	WarnNoText    Code = "no_text" // nothing can be read: most likely scanned pages (Pages, 0 when not known)
	WarnCut       Code = "cut"     // longer than what is read: the end is not searched
	WarnMacros    Code = Code(extract.Macros)
	WarnEmbedded  Code = Code(extract.Embedded)
	WarnExternal  Code = Code(extract.External)
	WarnScripts   Code = Code(extract.Scripts)
	WarnEncrypted Code = Code(extract.Encrypted)
)

// Warning is one thing to look at. Args are those of its text.
type Warning struct {
	Code Code
	Args map[string]any
}

// Check looks for what is wrong with a document that was read, whatever its title is going to be.
func Check(title string, doc extract.Document) []Warning {
	var out []Warning
	if named, told, ok := otherYear(title, doc.Blocks); ok {
		out = append(out, Warning{WarnYear, map[string]any{"Title": strconv.Itoa(named), "Text": strconv.Itoa(told)}})
	}
	if end, ok := brokenOff(doc.Blocks); ok && !doc.Cut {
		out = append(out, Warning{WarnCutOff, map[string]any{"End": end}})
	}
	if noText(doc) {
		out = append(out, Warning{WarnNoText, map[string]any{"Pages": doc.Pages}})
	}
	if doc.Cut {
		out = append(out, Warning{Code: WarnCut})
	}
	for _, m := range doc.Marks {
		out = append(out, Warning{Code: Code(m)})
	}
	return out
}

const (
	farYears = 5       // apart: the title names what the text remembers or aims at, and not when it was written
	yearText = 1 << 20 // bytes in which days are looked for
)

// otherYear tells when the title names one year and the text's days another. The days of laws and papers that the text cites
// do not count, nor does a summary written in the spring after its year, or a plan written in the autumn before.
func otherYear(title string, blocks []extract.Block) (named, told int, wrong bool) {
	years := titleYears(title)
	if len(years) == 0 {
		return 0, 0, false
	}
	named = years[0]
	dated, bare := map[int]int{}, map[int]int{}
	inSeason := false
	note := func(year int, month string) {
		dated[year]++
		m := numeral(month)
		if m < 0 {
			m = 1 // 元月
		}
		for _, y := range years {
			inSeason = inSeason || year == y+1 && m <= 4 || year == y-1 && m >= 9
		}
	}
	d, heading, left := lexicon.Dates, strings.Join(strings.Fields(CleanTitle(title)), ""), yearText
	for i, b := range blocks {
		text := headOf(b.Text, left)
		if left -= len(text); left <= 0 {
			break
		}
		text = lexicon.Citations.Title.ReplaceAllString(strings.Map(plain, text), "")
		if b.Kind == extract.Title || i < 5 && strings.Contains(heading, strings.Join(strings.Fields(text), "")) {
			continue
		}
		for _, m := range d.Dated.FindAllStringSubmatch(text, -1) {
			note(numeral(m[1]), m[2]+m[4])
		}
		for _, m := range d.DatedHan.FindAllStringSubmatch(text, -1) {
			note(numeral(m[1]), m[2])
		}
		for _, m := range d.Bare.FindAllStringSubmatch(text, -1) {
			bare[numeral(m[1])]++
		}
		for _, m := range d.Han.FindAllStringSubmatch(text, -1) {
			bare[numeral(m[1])]++
		}
	}
	for _, y := range years {
		if dated[y]+bare[y] > 0 {
			return 0, 0, false
		}
	}
	if told = mostNamed(dated); told == 0 {
		if told = mostNamed(bare); bare[told] < 2 {
			return 0, 0, false
		}
	}
	for _, y := range years {
		if max(y-told, told-y) > farYears {
			return 0, 0, false
		}
	}
	return named, told, !inSeason
}

// mostNamed is the year named most often, of several the latest; 0 of none.
func mostNamed(years map[int]int) int {
	best := 0
	for _, y := range slices.Sorted(maps.Keys(years)) {
		if years[y] >= years[best] {
			best = y
		}
	}
	return best
}

// titleYears are the years that a title names; of 2016—2020 all five. The number of a paper is none.
func titleYears(title string) []int {
	title = strings.Map(plain, title)
	title = lexicon.Citations.Number.ReplaceAllString(title, "")
	var out []int
	for rest := title; ; {
		m := lexicon.Dates.Title.FindStringSubmatchIndex(rest)
		if m == nil {
			break
		}
		first, last, end := numeral(rest[m[2]:m[3]]), 0, m[3]
		if m[4] >= 0 {
			last, end = numeral(rest[m[4]:m[5]]), m[5]
		}
		for y := first; y <= max(first, min(last, first+20)); y++ {
			out = append(out, y)
		}
		rest = rest[end:]
	}
	for _, m := range lexicon.Dates.Han.FindAllStringSubmatch(title, -1) {
		out = append(out, numeral(m[1]))
	}
	return out
}

const (
	proseAtLeast = 16 // characters of a paragraph that has to end like a sentence
	shownEnd     = 20
	endText      = 4000 // bytes of a block that are looked at
)

// brokenOff tells when a text ends within a sentence, and gives its last characters. A text that ends with a table, a list of
// short points, a heading, a day, a signature, a list of annexes or the like has an end.
func brokenOff(blocks []extract.Block) (string, bool) {
	for i := len(blocks) - 1; i >= 0; i-- {
		b := blocks[i]
		text := strings.TrimSpace(strings.Map(plain, tailOf(b.Text, endText)))
		switch {
		case b.Kind == extract.Note, text == "", lexicon.Text.Page.MatchString(text):
			continue
		case b.Kind == extract.Row, b.Kind == extract.Title, b.Kind == extract.Heading:
			return "", false
		}
		if at := strings.LastIndexByte(text, '\n'); at >= 0 {
			text = strings.TrimSpace(text[at+1:])
		}
		if isTail(text) || strings.Contains(text, "\t") {
			return "", false
		}
		if !openEnd(text) {
			return "", false
		}
		// A line by itself may be the rest of a paragraph that was broken into lines.
		if n := utf8.RuneCountInString(text); n < proseAtLeast && i > 0 && blocks[i-1].Kind == extract.Paragraph {
			before := strings.TrimSpace(strings.Map(plain, tailOf(blocks[i-1].Text, endText)))
			if isTail(before) || !openEnd(before) {
				return "", false
			}
			text = before + text
		}
		if !prose(text) {
			return "", false
		}
		r := []rune(text)
		return string(r[max(0, len(r)-shownEnd):]), true
	}
	return "", false
}

// openEnd tells whether no mark closes a text; a quotation mark closes what closes before it.
func openEnd(text string) bool {
	text = strings.TrimRight(text, lexicon.Text.Quotes+" ")
	last, _ := utf8.DecodeLastRuneInString(text)
	return text != "" && !strings.ContainsRune(lexicon.Text.Closing, last) && !strings.ContainsRune(lexicon.Text.AddresseeEnds, last)
}

// prose tells whether a text is long enough and made like sentences, in Chinese or in words.
func prose(text string) bool {
	last, _ := utf8.DecodeLastRuneInString(text)
	if utf8.RuneCountInString(text) < proseAtLeast {
		return false
	}
	han := strings.IndexFunc(text, func(r rune) bool { return unicode.Is(unicode.Han, r) }) >= 0
	if !han {
		return len(strings.Fields(text)) >= 8
	}
	return strings.ContainsRune(lexicon.Text.GoingOn, last) || strings.ContainsAny(text, lexicon.Text.Inner)
}

// isTail tells the lines with which papers end: a day, who signs, annexes, whom to ask.
func isTail(text string) bool {
	if lexicon.Dates.Line.MatchString(text) || startsAny(strings.ToLower(text), lexicon.Text.TailStarts) {
		return true
	}
	return utf8.RuneCountInString(text) <= 30 && endsAny(text, lexicon.Text.SignedEnds) && !strings.ContainsAny(text, lexicon.Text.Inner)
}

// noText tells a document in which nothing can be read, or so little beside its pages that those must be pictures.
func noText(doc extract.Document) bool {
	letters := 0
	for _, b := range doc.Blocks {
		for _, r := range b.Text {
			if unicode.IsLetter(r) {
				letters++
			}
		}
		if letters > 4*doc.Pages {
			return false
		}
	}
	return letters == 0 || doc.Pages > 1 && letters < 4*doc.Pages
}
