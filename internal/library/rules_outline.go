package library

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"xinhuo/internal/kit/extract"
)

// Point is a heading or a numbered point of a document. Anchor says its place by the numbers above it, 2.3, and does not change
// when the words do: what is to be cited is cited by it. A point that is Missing stands where the numbers leave a gap: a
// text that begins with 二、 has lost its first heading. It has no text, and its block is that of the point that follows.
type Point struct {
	Level   int    // from 1
	Label   string // as written: 一、 （三） 第二条; none of a heading without number
	Number  int    // 0 of a heading without number
	Text    string // the heading, or the first sentence of the point, shortened
	Block   int
	Anchor  string
	Missing bool
}

const (
	mostPoints  = 2000
	mostMissing = 10   // numbers in one gap: beyond, it is not one
	pointText   = 80   // characters
	pointRead   = 1000 // bytes of a block that are looked at
)

// foundPoint is a point before its place among the others is known. rank orders the ways of writing: the outer before the inner.
type foundPoint struct {
	Point
	form, rank int // form is -1 of a heading without number
	heading    int // level of a heading, 0 otherwise
}

// Outline reads headings and numbered points, in their order and with what is missing among them.
func Outline(blocks []extract.Block) []Point {
	var all []foundPoint
	for i, b := range blocks {
		if len(all) == mostPoints {
			break
		}
		if f, ok := pointOf(b); ok {
			f.Block = i
			all = append(all, f)
		}
	}
	rankHeadings(all)
	return placePoints(all)
}

// pointOf reads a block as a point.
func pointOf(b extract.Block) (foundPoint, bool) {
	if b.Kind == extract.Title || b.Kind == extract.Row || b.Kind == extract.Note {
		return foundPoint{}, false
	}
	written, _, _ := strings.Cut(strings.TrimSpace(strings.ToValidUTF8(headOf(b.Text, pointRead), "")), "\n")
	text := strings.Map(plain, written)
	heading := 0
	if b.Kind == extract.Heading {
		heading = max(1, min(b.Level, 9))
	}
	if heading == 0 && len(b.Text) < pointRead && lexicon.Outline.Contents.MatchString(text) {
		return foundPoint{}, false
	}
	for i, f := range lexicon.Form {
		m := f.Pattern.FindStringSubmatchIndex(text[:min(len(text), 200)])
		if m == nil || f.Decimal && heading == 0 {
			continue
		}
		n, rest := numeral(text[m[2]:m[3]]), strings.TrimSpace(text[m[1]:])
		if n < 1 || lexicon.Outline.Quantity.MatchString(rest) {
			continue
		}
		label := string([]rune(written)[:utf8.RuneCountInString(text[:m[1]])])
		return foundPoint{Point: Point{Label: strings.TrimSpace(label), Number: n, Text: headingOf(strings.TrimSpace(written[len(label):]), heading > 0)}, form: i, heading: heading}, true
	}
	if heading > 0 && text != "" {
		return foundPoint{Point: Point{Text: headingOf(written, true)}, form: -1, heading: heading}, true
	}
	return foundPoint{}, false
}

// headingOf is a heading whole, of a paragraph its first sentence, either of them shortened.
func headingOf(text string, whole bool) string {
	if !whole {
		text, _ = firstSentence(text)
		text = strings.TrimRight(text, lexicon.Text.SentenceEnds+" ")
	}
	if utf8.RuneCountInString(text) > pointText {
		text = string([]rune(text)[:pointText-1]) + "…"
	}
	return text
}

// rankHeadings gives each point its rank. A heading without number ranks with the numbered headings of its level: 前言 beside
// 一、 where both are headings of the first level.
func rankHeadings(all []foundPoint) {
	var formOf [10]int
	for _, f := range all {
		if f.form >= 0 && f.heading > 0 && formOf[f.heading] == 0 {
			formOf[f.heading] = f.form + 1
		}
	}
	for i := range all {
		switch f := &all[i]; {
		case f.form >= 0:
			f.rank = f.form
		case formOf[f.heading] > 0:
			f.rank = formOf[f.heading] - 1
		default:
			f.rank = f.heading - 20
		}
	}
}

// openPoint is a point within which others may stand.
type openPoint struct {
	rank   int
	anchor string
	last   map[int]int // by form: the number read last within it
	plain  int         // headings without number within it
}

// placePoints puts points into each other and tells the gaps.
func placePoints(all []foundPoint) []Point {
	var out []Point
	stack := []*openPoint{{rank: -100, last: map[int]int{}}}
	through := map[int]int{}
	used, again := map[string]bool{}, map[string]int{}
	put := func(p Point, within *openPoint, form int) {
		name := strconv.Itoa(p.Number)
		if form < 0 {
			within.plain++
			name = "h" + strconv.Itoa(within.plain)
		}
		if within.anchor != "" {
			name = within.anchor + "." + name
		}
		p.Anchor = name
		for used[p.Anchor] {
			if again[name] == 0 {
				again[name] = 1
			}
			again[name]++
			p.Anchor = fmt.Sprintf("%s-%d", name, again[name])
		}
		used[p.Anchor] = true
		out = append(out, p)
	}
	for i, f := range all {
		for len(stack) > 1 && stack[len(stack)-1].rank >= f.rank {
			stack = stack[:len(stack)-1]
		}
		within := stack[len(stack)-1]
		f.Level = len(stack)
		if f.form >= 0 {
			last := within.last[f.form]
			goesOn := lexicon.Form[f.form].Through
			if goesOn {
				last = through[f.form]
			}
			if gap := f.Number - last - 1; gap > 0 && gap <= mostMissing && (last > 0 || hasNext(all[i:], f)) {
				for n := last + 1; n < f.Number; n++ {
					put(Point{Level: f.Level, Label: labelOf(f, n), Number: n, Block: f.Block, Missing: true}, within, f.form)
				}
			}
			within.last[f.form], through[f.form] = f.Number, f.Number
		}
		put(f.Point, within, f.form)
		stack = append(stack, &openPoint{rank: f.rank, anchor: out[len(out)-1].Anchor, last: map[int]int{}})
		if len(out) >= mostPoints {
			break
		}
	}
	return out[:min(len(out), mostPoints)]
}

// hasNext tells whether the point that follows a first one is there, so that a lonely number is not taken for the rest of a row.
func hasNext(all []foundPoint, first foundPoint) bool {
	for _, f := range all[1:min(len(all), 200)] {
		if f.rank < first.rank {
			return false
		}
		if f.form == first.form {
			return f.Number == first.Number+1
		}
	}
	return false
}

// labelOf writes another number as a point's label is written.
func labelOf(f foundPoint, n int) string {
	label, text := []rune(f.Label), strings.Map(plain, f.Label)+" "
	m := lexicon.Form[f.form].Pattern.FindStringSubmatchIndex(text)
	if m == nil {
		return strconv.Itoa(n)
	}
	number, was := strconv.Itoa(n), firstRune(text[m[2]:])
	switch {
	case runeIndex(lexicon.Numbers.Circled, was) >= 0:
		number = string([]rune(lexicon.Numbers.Circled)[min(n, 10)-1])
	case !isDigit(was):
		number = inWords(n)
	}
	from, to := utf8.RuneCountInString(text[:m[2]]), utf8.RuneCountInString(text[:m[3]])
	return string(label[:from]) + number + string(label[to:])
}

func firstRune(s string) rune {
	r, _ := utf8.DecodeRuneInString(s)
	return r
}

// inWords writes a number up to 999 in Chinese: 十二, 一百零三.
func inWords(n int) string {
	w := lexicon.Numbers
	ones := []rune(w.Ones)
	if n < 1 || n > 999 {
		return strconv.Itoa(n)
	}
	var b strings.Builder
	if n >= 100 {
		b.WriteString(string(ones[n/100-1]) + w.Hundred)
		if n%100 > 0 && n%100 < 10 {
			b.WriteRune(firstRune(w.Zero))
		}
	}
	if n%100 >= 10 {
		if n >= 20 {
			b.WriteRune(ones[n%100/10-1])
		}
		b.WriteString(w.Ten)
	}
	if n%10 > 0 {
		b.WriteRune(ones[n%10-1])
	}
	return b.String()
}

const (
	longestSummary = 120 // characters
	summaryBlocks  = 500 // in which a text has begun to say something, or never does
)

// Summary is how a document begins to say something: its first sentences, without title, address, greeting and signature, up
// to 120 characters. A first sentence that is longer is shortened. It is empty where a text has no sentences.
func Summary(blocks []extract.Block) string {
	if s := summary(blocks, false); s != "" {
		return s
	}
	return summary(blocks, true)
}

// summary takes paragraphs, and points as well where there is nothing else.
func summary(blocks []extract.Block, points bool) string {
	var out strings.Builder
	n := 0
	for _, b := range blocks[:min(len(blocks), summaryBlocks)] {
		if b.Kind != extract.Paragraph && !(points && b.Kind == extract.ListItem) {
			continue
		}
		text := strings.Join(strings.Fields(headOf(b.Text, 4*pointRead)), " ")
		if p, ok := pointOf(extract.Block{Text: text}); ok {
			if !points {
				continue
			}
			text = strings.TrimSpace(strings.TrimPrefix(text, p.Label))
		}
		if isTail(text) || !strings.ContainsAny(text, lexicon.Text.SentenceEnds) {
			continue
		}
		for text != "" {
			var sentence string
			sentence, text = firstSentence(text)
			size := utf8.RuneCountInString(sentence)
			switch last, _ := utf8.DecodeLastRuneInString(strings.TrimSpace(sentence)); {
			case n == 0 && lexicon.Text.Greeting.MatchString(sentence):
				continue
			case !strings.ContainsRune(lexicon.Text.SentenceEnds+lexicon.Text.Quotes+lexicon.Text.Closing, last):
				return strings.TrimSpace(out.String())
			case n+size <= longestSummary:
				out.WriteString(sentence)
				n += size
				continue
			case n == 0:
				return shortened(sentence)
			}
			return strings.TrimSpace(out.String())
		}
	}
	return strings.TrimSpace(out.String())
}

// firstSentence parts a text behind its first sentence, with the quotation marks that close it. A full stop within a number or
// a word ends none.
func firstSentence(text string) (sentence, rest string) {
	for i, r := range text {
		if !strings.ContainsRune(lexicon.Text.SentenceEnds, r) {
			continue
		}
		end := i + utf8.RuneLen(r)
		for end < len(text) {
			next, size := utf8.DecodeRuneInString(text[end:])
			if !strings.ContainsRune(lexicon.Text.Quotes+lexicon.Text.SentenceEnds, next) {
				break
			}
			end += size
		}
		if r == '.' && end < len(text) && text[end] != ' ' {
			continue
		}
		if end < len(text) && text[end] == ' ' {
			end++
		}
		return text[:end], text[end:]
	}
	return text, ""
}

// shortened is a long sentence up to its last comma, with dots.
func shortened(sentence string) string {
	text := string([]rune(sentence)[:longestSummary-1])
	if i := strings.LastIndexAny(text, lexicon.Text.Inner); i > len(text)/2 {
		text = text[:i]
	}
	return text + "…"
}

// Citation is a document that a text names, by title, by number or by both; Count is how often.
type Citation struct {
	Title  string `json:"title,omitempty"`  // without the marks around it
	Number string `json:"number,omitempty"` // 关工委〔2019〕12号
	Count  int    `json:"count"`
}

const (
	mostCitations = 500
	citationText  = 2 << 20 // bytes that are looked at
)

// Citations are the documents that a text names, each once, in the order in which they are first named. A number that follows a
// title in brackets belongs to it.
func Citations(text string) []Citation {
	c, text := lexicon.Citations, headOf(text, citationText)
	type mention struct {
		from, to      int
		title, number string
	}
	var all []mention
	for _, m := range c.Title.FindAllStringSubmatchIndex(text, -1) {
		all = append(all, mention{m[0], m[1], strings.Join(strings.Fields(text[m[2]:m[3]]), " "), ""})
	}
	for _, m := range c.Number.FindAllStringSubmatchIndex(text, -1) {
		if issuer := issuerOf(text[m[2]:m[3]]); issuer != "" {
			from := m[3] - len(issuer)
			all = append(all, mention{from, m[1], "", fmt.Sprintf(c.Form, issuer, text[m[4]:m[5]], strings.TrimLeft(text[m[6]:m[7]], "0"))})
		}
	}
	slices.SortStableFunc(all, func(a, b mention) int { return a.from - b.from })
	var out []Citation
	byTitle, byNumber := map[string]int{}, map[string]int{}
	for i := 0; i < len(all); i++ {
		m := all[i]
		if m.title != "" && i+1 < len(all) && all[i+1].number != "" && all[i+1].from >= m.to && strings.TrimSpace(text[m.to:all[i+1].from]) != "" && strings.Trim(text[m.to:all[i+1].from], "（( ") == "" {
			m.number = all[i+1].number
			i++
		}
		if m.title == "" && m.number == "" {
			continue
		}
		at, known := 0, false
		if m.number != "" {
			at, known = byNumber[m.number]
		}
		if !known && m.title != "" {
			at, known = byTitle[m.title]
			known = known && (m.number == "" || out[at].Number == "")
		}
		if !known {
			if len(out) == mostCitations {
				continue
			}
			at = len(out)
			out = append(out, Citation{})
		}
		c := &out[at]
		c.Count++
		if m.title != "" && c.Title == "" {
			c.Title = m.title
		}
		if m.number != "" && c.Number == "" {
			c.Number = m.number
		}
		if _, there := byTitle[m.title]; m.title != "" && !there {
			byTitle[m.title] = at
		}
		if m.number != "" {
			byNumber[m.number] = at
		}
	}
	return out
}

// issuerOf is what of the characters before a number stands for who issued it: 关工委 of 根据关工委.
func issuerOf(before string) string {
	for _, w := range lexicon.Citations.Before {
		if i := strings.LastIndex(before, w); i >= 0 {
			before = before[i+len(w):]
		}
	}
	if utf8.RuneCountInString(before) < 2 {
		return ""
	}
	return before
}
