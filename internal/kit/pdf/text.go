package pdf

import (
	"cmp"
	"iter"
	"math"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/klippa-app/go-pdfium"
	"github.com/klippa-app/go-pdfium/references"
	"github.com/klippa-app/go-pdfium/requests"
)

// line is a line of a page, measured along and across the direction in which it is written.
type line struct {
	text              string
	left, right, base float64
	size              float64 // height of its characters
	angle             float64
}

// softHyphen ends a line whose last word goes on in the next; pdfium says it in one of three ways.
const softHyphen = '\u00AD'

// pageLines reads the lines of a page, in the order in which pdfium puts them, up to most bytes.
func pageLines(p pdfium.Pdfium, doc references.FPDF_DOCUMENT, index, most int) (lines []line, cut bool, err error) {
	page := requests.Page{ByIndex: &requests.PageByIndex{Document: doc, Index: index}}
	tp, err := p.FPDFText_LoadPage(&requests.FPDFText_LoadPage{Page: page})
	if err != nil {
		return nil, false, err
	}
	t := textPage{p: p, ref: tp.TextPage}
	defer p.FPDFText_ClosePage(&requests.FPDFText_ClosePage{TextPage: t.ref})
	count, err := p.FPDFText_CountChars(&requests.FPDFText_CountChars{TextPage: t.ref})
	if err != nil {
		return nil, false, err
	}
	var b strings.Builder
	first, last, gathered := -1, -1, 0
	flush := func() {
		if s := strings.TrimSpace(b.String()); s != "" && first >= 0 {
			whole := strings.ReplaceAll(s, string(softHyphen), "")
			if strings.HasSuffix(s, string(softHyphen)) {
				whole += string(softHyphen)
			}
			lines = append(lines, t.measure(whole, first, last))
		}
		gathered += b.Len()
		b.Reset()
		first, last = -1, -1
	}
	var before rune
	for i, r := range t.runes(count.Count) {
		if gathered+b.Len() > most {
			cut = true
			break
		}
		switch {
		case r == '\n':
			flush()
			before = 0
			continue
		case unicode.IsSpace(r):
			if r = ' '; wide(before) && t.apart(i, count.Count) {
				continue
			}
		}
		if r != ' ' {
			if last = i; first < 0 {
				first = i
			}
		}
		b.WriteRune(r)
		before = r
	}
	flush()
	return lines, cut, nil
}

// textPage asks pdfium about characters. What it cannot tell is zero.
type textPage struct {
	p   pdfium.Pdfium
	ref references.FPDF_TEXTPAGE
}

func (t textPage) char(i int) rune {
	u, err := t.p.FPDFText_GetUnicode(&requests.FPDFText_GetUnicode{TextPage: t.ref, Index: i})
	if err != nil || u.Unicode > unicode.MaxRune {
		return 0
	}
	return rune(u.Unicode)
}

// runes are the characters of a page with their places: halves are joined, and the marks of a hyphen are one.
func (t textPage) runes(count int) iter.Seq2[int, rune] {
	return func(yield func(int, rune) bool) {
		var high rune
		for i := range count {
			r := t.char(i)
			switch {
			case r == 0 || r == '\r':
				continue
			case r == 2 || r == 0xFFFE:
				r = softHyphen
			case utf16.IsSurrogate(r):
				if high == 0 {
					high = r
					continue
				}
				r, high = utf16.DecodeRune(high, r), 0
			}
			if !yield(i, r) {
				return
			}
		}
	}
}

// apart tells whether a blank is none: the characters beside it, of which the first is a wide one, stand only a little apart.
func (t textPage) apart(blank, count int) bool {
	return blank > 0 && blank+1 < count && wide(t.char(blank+1)) && t.close(blank-1, blank+1)
}

// origin is where a character stands, in the direction of the angle.
func (t textPage) origin(i int, angle float64) (x, y float64) {
	o, err := t.p.FPDFText_GetCharOrigin(&requests.FPDFText_GetCharOrigin{TextPage: t.ref, Index: i})
	if err != nil {
		return 0, 0
	}
	return turned(o.X, o.Y, angle)
}

// box is the space of a character: from, to along the line and its height.
func (t textPage) box(i int, angle float64) (from, to, height float64) {
	b, err := t.p.FPDFText_GetLooseCharBox(&requests.FPDFText_GetLooseCharBox{TextPage: t.ref, Index: i})
	if err != nil {
		return 0, 0, 0
	}
	x1, y1 := turned(float64(b.Rect.Left), float64(b.Rect.Bottom), angle)
	x2, y2 := turned(float64(b.Rect.Right), float64(b.Rect.Top), angle)
	return min(x1, x2), max(x1, x2), math.Abs(y2 - y1)
}

func (t textPage) angle(i int) float64 {
	a, err := t.p.FPDFText_GetCharAngle(&requests.FPDFText_GetCharAngle{TextPage: t.ref, Index: i})
	if err != nil || math.IsNaN(float64(a.CharAngle)) {
		return 0
	}
	return math.Round(float64(a.CharAngle)*100) / 100
}

// turned is a point in a frame that is turned by an angle, as pdfium counts it: clockwise.
func turned(x, y, angle float64) (float64, float64) {
	sin, cos := math.Sincos(-angle)
	return x*cos + y*sin, y*cos - x*sin
}

func (t textPage) measure(s string, first, last int) line {
	l := line{text: s, angle: t.angle(first)}
	_, l.base = t.origin(first, l.angle)
	l.left, _, l.size = t.box(first, l.angle)
	_, l.right, _ = t.box(last, l.angle)
	return l
}

// close tells whether there is less than a character's room between two characters.
func (t textPage) close(i, j int) bool {
	angle := t.angle(i)
	_, end, size := t.box(i, angle)
	start, _, _ := t.box(j, angle)
	return start-end < size
}

// wide is a character between which and its neighbours no blank is written.
func wide(r rune) bool {
	return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana) || r >= 0x3000 && r <= 0x303F || r >= 0xFF00 && r <= 0xFF60 ||
		strings.ContainsRune("“”‘’—…·", r)
}

// paragraphs joins lines: without a blank beside Han characters, so that a word across two lines is found, else with one.
func paragraphs(lines []line) []string {
	var out []string
	var b strings.Builder
	flush := func() {
		if s := strings.TrimSpace(strings.TrimRight(b.String(), string(softHyphen))); s != "" {
			out = append(out, s)
		}
		b.Reset()
	}
	for _, part := range columns(lines) {
		c := measured(part)
		first := 0
		for i, l := range part {
			if i > 0 && c.ends(i, first) {
				flush()
				first = i
			}
			join(&b, l.text)
		}
		flush()
	}
	return out
}

func join(b *strings.Builder, s string) {
	if b.Len() > 0 {
		end, _ := utf8.DecodeLastRuneInString(b.String())
		start, _ := utf8.DecodeRuneInString(s)
		switch {
		case end == softHyphen:
			before := strings.TrimSuffix(b.String(), string(softHyphen))
			b.Reset()
			b.WriteString(before)
		case !wide(end) && !wide(start):
			b.WriteByte(' ')
		}
	}
	b.WriteString(s)
}

// columns parts the lines of a page where they begin again further up or are written in another direction.
func columns(lines []line) (out [][]line) {
	from := 0
	for i := 1; i < len(lines); i++ {
		if a, b := lines[i-1], lines[i]; a.angle != b.angle || b.base > a.base+a.size/2 {
			out = append(out, lines[from:i])
			from = i
		}
	}
	if len(lines) > 0 {
		out = append(out, lines[from:])
	}
	return out
}

var (
	bullet  = regexp.MustCompile(`^[•·●○◆◇■□▪➢✓] ?`)
	numeral = regexp.MustCompile(`^(（?\p{Han}{1,3}[）、]|[（(]?\d{1,3}[)）.．、]\D|[①-⑳⑴-⒇])`)
)

// column is a run of lines, one under the other, with the edges that most of them keep.
type column struct {
	lines       []line
	left, right float64
	size, step  float64 // of a usual line, and from one to the next
}

func measured(lines []line) column {
	c := column{lines: lines, left: math.Inf(1), right: math.Inf(-1)}
	var sizes, steps []float64
	for i, l := range lines {
		c.left, c.right = min(c.left, l.left), max(c.right, l.right)
		sizes = append(sizes, l.size)
		if i > 0 && same(l.size, lines[i-1].size) {
			steps = append(steps, lines[i-1].base-l.base)
		}
	}
	c.size, c.step = median(sizes), median(steps)
	if c.step < c.size || c.step > 2.5*c.size {
		c.step = c.size * 1.8
	}
	return c
}

func median(v []float64) float64 {
	if len(v) == 0 {
		return 0
	}
	slices.SortFunc(v, func(a, b float64) int { return cmp.Compare(a, b) })
	return v[len(v)/2]
}

func same(a, b float64) bool { return math.Abs(a-b) <= 0.2*max(a, b) }

// ends tells whether the paragraph that began with line first ends before line i.
func (c column) ends(i, first int) bool {
	prev, l := c.lines[i-1], c.lines[i]
	size := max(prev.size, 1)
	stop := strings.ContainsAny(lastRune(prev.text), "。！？：；.!?:;”）)")
	middle := func(l line) float64 { return (l.left + l.right) / 2 }
	switch {
	case !same(prev.size, l.size), prev.base-l.base > max(c.step, c.size)*1.4 && prev.base-l.base > size*1.8:
		return true
	case prev.size > c.size*1.2 && math.Abs(middle(prev)-middle(l)) < size && c.left < min(prev.left, l.left)-size/2:
		return false // a title of several lines, in the middle
	case bullet.MatchString(l.text), stop && numeral.MatchString(l.text):
		return true
	case l.left > prev.left+1.2*size: // indented, unless it hangs below the text behind a bullet or a numeral
		return i-1 > first || stop || l.left > prev.left+4*size || c.right-prev.right > 3*size || !bullet.MatchString(prev.text) && !numeral.MatchString(prev.text)
	case i-1 > first && l.left < prev.left-1.2*size: // no longer indented
		return true
	case stop && math.Abs(l.left-prev.left) < 0.4*size && l.left > c.left+1.2*size && i+1 < len(c.lines) && c.lines[i+1].left < l.left-1.2*size: // the first of a paragraph, after one of one line
		return true
	}
	short := c.right - prev.right
	return stop && short > 2*size || short > max(3*size, (c.right-c.left)/4)
}

func lastRune(s string) string {
	r, _ := utf8.DecodeLastRuneInString(s)
	return string(r)
}

// split cuts a text after at most n bytes, between characters.
func split(s string, n int) (head, rest string) {
	if len(s) <= n {
		return s, ""
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n], s[n:]
}
