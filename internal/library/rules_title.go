package library

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"
)

// longestTitle is in characters.
const longestTitle = 200

// CleanTitle makes a title of the name of an uploaded file, or of the title that a file says it has: without endings, without
// what sharing sites and offices hang on (Word文件下载, (9页珍藏版), - 副本, (1)), without folders, control characters and marks
// that turn the direction of writing; lines under words become spaces. Where nothing else would be left, the noise is
// the title. It is empty only where no letter and no digit was. What was uploaded as is stays beside it.
func CleanTitle(name string) string {
	text := visibleRunes(name)
	best := ""
	t := cleaning{text: inFolder(text)}
	t.fold()
	for {
		t.trim()
		if !t.says() {
			break
		}
		best = string(t.text)
		if !t.cut() {
			break
		}
	}
	if best == "" {
		return ""
	}
	if r := []rune(best); len(r) > longestTitle {
		best = string(r[:longestTitle])
	}
	out := strings.Map(func(r rune) rune {
		switch p := plain(r); {
		case p == '_':
			return ' '
		case p == ' ' || unicode.IsLetter(p) || unicode.IsNumber(p):
			return p
		}
		return r
	}, best)
	return strings.Join(strings.Fields(out), " ")
}

// visibleRunes are the characters of a name that can be seen, of one that is too long only its beginning and its end. A name
// in the old Chinese encoding, as zips have it, is read as such.
func visibleRunes(name string) []rune {
	if len(name) > 8192 {
		name = name[:4096] + name[len(name)-4096:]
	}
	if !utf8.ValidString(name) {
		if s, err := simplifiedchinese.GB18030.NewDecoder().String(name); err == nil && !strings.ContainsRune(s, utf8.RuneError) {
			name = s
		}
		name = strings.ToValidUTF8(name, "")
	}
	var out []rune
	for _, r := range name {
		switch {
		case r == '\t' || r == '\n' || r == '\r' || unicode.Is(unicode.Zs, r) || unicode.Is(unicode.Zl, r) || unicode.Is(unicode.Zp, r):
			out = append(out, ' ')
		case unicode.IsGraphic(r) && r != utf8.RuneError && r != 0x115F && r != 0x1160 && r != 0x3164 && r != 0xFFA0:
			out = append(out, r)
		}
	}
	return out
}

// inFolder is what stands behind the folders of a path. A stroke parts folders where the name is that of a file; in a title it
// may part two years.
func inFolder(text []rune) []rune {
	isFile := len(text) > 1 && text[1] == ':' || len(text) > 0 && text[0] == '/'
	for i := range text {
		if text[i] == '/' && i > 0 && text[i-1] == '.' && (i == 1 || text[i-2] == '.' || text[i-2] == '/' || text[i-2] == '\\') {
			isFile = true
		}
	}
	if dot := slices.Index(reversed(text), '.'); dot >= 0 && slices.Contains(lexicon.Title.Endings, strings.ToLower(string(text[len(text)-dot:]))) {
		isFile = true
	}
	parts := func(r rune) bool { return r == '\\' || r == '/' && isFile }
	for len(text) > 0 && (parts(text[len(text)-1]) || text[len(text)-1] == ' ') {
		text = text[:len(text)-1]
	}
	for i := len(text) - 1; i >= 0; i-- {
		if parts(text[i]) {
			return text[i+1:]
		}
	}
	if len(text) > 2 && text[1] == ':' && text[0] < utf8.RuneSelf && unicode.IsLetter(text[0]) {
		return text[2:]
	}
	return text
}

func reversed(text []rune) []rune {
	out := slices.Clone(text)
	slices.Reverse(out)
	return out
}

// cleaning is a name being cleaned. low is what it is compared by, of the same length.
type cleaning struct {
	text, low []rune
}

func (t *cleaning) fold() {
	t.low = make([]rune, len(t.text))
	for i, r := range t.text {
		t.low[i] = low(r)
	}
}

// keep narrows the title to a piece of itself.
func (t *cleaning) keep(from, to int) { t.text, t.low = t.text[from:to], t.low[from:to] }

// says tells whether a letter or a digit is left.
func (t *cleaning) says() bool {
	return slices.ContainsFunc(t.text, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsNumber(r) })
}

const (
	parting  = " _-—–|·~"
	openers  = "([【〔{"
	closers  = ")]】〕}"
	farthest = 40 // characters between two brackets that are looked at
)

// trim takes away what parts words and has nothing left to part.
func (t *cleaning) trim() {
	from, to := 0, len(t.low)
	for from < to && strings.ContainsRune(parting+".,，、", t.low[from]) {
		from++
	}
	for from < to && strings.ContainsRune(parting+",，、", t.low[to-1]) || from < to && t.low[to-1] == '.' {
		to--
	}
	t.keep(from, to)
}

// cut takes one piece of noise away and tells whether there was one.
func (t *cleaning) cut() bool {
	n := len(t.low)
	tail := string(t.low[max(0, n-farthest):])
	if dot := strings.LastIndexByte(tail, '.'); dot >= 0 && slices.Contains(lexicon.Title.Endings, tail[dot+1:]) {
		return t.shorten(utf8.RuneCountInString(tail[dot:]))
	}
	if n <= farthest && t.noise(tail) {
		return false
	}
	if strings.HasSuffix(tail, "_1") {
		return t.shorten(2)
	}
	if at := strings.IndexRune(closers, t.low[n-1]); at >= 0 {
		opener, _ := utf8.DecodeRuneInString(openers[byteOf(openers, runeIndex(closers, t.low[n-1])):])
		for i := n - 2; i >= max(0, n-farthest); i-- {
			if t.low[i] == opener {
				if t.noise(string(t.low[i+1:n-1])) || t.copies(i) {
					return t.shorten(n - i)
				}
				break
			}
		}
	}
	if at := runeIndex(openers, t.low[0]); at >= 0 {
		closer, _ := utf8.DecodeRuneInString(closers[byteOf(closers, at):])
		if end := slices.Index(t.low[:min(n, farthest)], closer); end > 0 && t.noise(string(t.low[1:end])) {
			return t.begin(end + 1)
		}
	}
	if m := lexicon.Title.Front.FindString(string(t.low[:min(n, farthest)])); m != "" && t.begin(utf8.RuneCountInString(m)) {
		return true
	}
	if !endsAny(tail, lexicon.Title.Keep) {
		for _, w := range lexicon.Title.Noise {
			if strings.HasSuffix(tail, w) && t.shorten(utf8.RuneCountInString(w)) {
				return true
			}
		}
	}
	if i := strings.LastIndexAny(tail, parting); i >= 0 {
		_, size := utf8.DecodeRuneInString(tail[i:])
		if last := tail[i+size:]; last != "" && (t.noise(last) && !lexicon.Title.Pages.MatchString(last)) {
			return t.shorten(utf8.RuneCountInString(tail[i:]))
		}
	}
	return false
}

// byteOf is where the i-th character of a list begins.
func byteOf(list string, i int) int {
	for at := range list {
		if i == 0 {
			return at
		}
		i--
	}
	return 0
}

// noise tells whether what stands apart is nothing but noise: 珍藏版, 9页珍藏版, 精品, 百度文库, www.example.com.
func (t *cleaning) noise(s string) bool {
	if s = strings.Trim(s, parting); s == "" {
		return false
	}
	l := lexicon.Title
	known := func(s string) bool {
		return slices.Contains(l.Noise, s) || slices.Contains(l.Tags, s) || slices.Contains(l.Sites, s)
	}
	if known(s) || l.Pages.MatchString(s) || l.Site.MatchString(s) {
		return true
	}
	// Several words of noise are noise: 完整word版.
	for s != "" {
		longest := 0
		for _, list := range [][]string{l.Noise, l.Tags, l.Sites} {
			for _, w := range list {
				if len(w) > longest && strings.HasPrefix(s, w) {
					longest = len(w)
				}
			}
		}
		if before, after, ok := strings.Cut(s, l.Leaf); longest == 0 && ok && l.Pages.MatchString(before+l.Leaf) {
			longest = len(s) - len(after)
		}
		if longest == 0 {
			return false
		}
		s = s[longest:]
	}
	return true
}

// copies tells whether the narrow brackets at the end, from i on, hold nothing but the number that browsers give to another
// copy: (1), [2].
func (t *cleaning) copies(i int) bool {
	in := t.text[i+1 : len(t.text)-1]
	if t.text[i] != '(' && t.text[i] != '[' || len(in) == 0 || len(in) > 2 || in[0] == '0' {
		return false
	}
	return !slices.ContainsFunc(in, func(r rune) bool { return r < '0' || r > '9' })
}

// shorten takes n characters from the end, unless nothing would be left; begin takes n from the beginning.
func (t *cleaning) shorten(n int) bool {
	rest := cleaning{t.text[:len(t.text)-n], nil}
	if n <= 0 || !rest.says() {
		return false
	}
	t.keep(0, len(t.text)-n)
	return true
}

func (t *cleaning) begin(n int) bool {
	rest := cleaning{t.text[n:], nil}
	if n <= 0 || !rest.says() {
		return false
	}
	t.keep(n, len(t.text))
	return true
}
