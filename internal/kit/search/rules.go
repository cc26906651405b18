package search

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"xinhuo/internal/kit/errs"
)

// Fold is the form in which texts are kept and compared: full-width letters and digits as plain ones, no capitals, one
// space for any white space. Most texts are of characters of which it is known what becomes of them: those need no tables.
func Fold(text string) string {
	b := make([]byte, 0, len(text))
	space := false
	for _, r := range text {
		if r == ' ' || r >= '\t' && r <= '\r' || r == 0x3000 {
			space = true
			continue
		}
		f, known := foldRune(r)
		if !known {
			return foldAny(text)
		}
		if space && len(b) > 0 {
			b = append(b, ' ')
		}
		space = false
		b = utf8.AppendRune(b, f)
	}
	return string(b)
}

// foldRune is what becomes of a character, where that is known without tables.
func foldRune(r rune) (folded rune, known bool) {
	switch {
	case r >= 0x4E00 && r <= 0x9FFF, r == 0x3001, r == 0x3002, r >= 0x3008 && r <= 0x3011, r >= 0x2018 && r <= 0x201D, r == 0x2014:
		return r, true
	case r >= '！' && r <= '～':
		r -= '！' - '!'
	case r >= utf8.RuneSelf:
		return r, false
	}
	if r >= 'A' && r <= 'Z' {
		r += 'a' - 'A'
	}
	return r, true
}

// foldAny is Fold of any text.
func foldAny(text string) string {
	return strings.ToLower(strings.Join(strings.Fields(norm.NFKC.String(text)), " "))
}

// runs takes a folded text apart: stretches of units that touch each other. They are good until do returns.
func runs(folded string, do func(units []string)) {
	var units []string
	word := -1 // where the word begins that is being read
	flush := func(end int) {
		if word >= 0 {
			units, word = append(units, folded[word:end]), -1
		}
	}
	for i, r := range folded {
		switch {
		case alone(r):
			flush(i)
			units = append(units, folded[i:i+utf8.RuneLen(r)])
		case unicode.IsLetter(r) || unicode.IsNumber(r):
			if word < 0 {
				word = i
			}
		default:
			flush(i)
			if len(units) > 0 {
				do(units)
				units = units[:0]
			}
		}
	}
	flush(len(folded))
	if len(units) > 0 {
		do(units)
	}
}

// alone tells the scripts that are written without spaces: each character is a unit.
func alone(r rune) bool {
	return r >= 0x4E00 && r <= 0x9FFF || r > 0x2E7F && unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana)
}

// isWord tells a unit that is a word, not a character.
func isWord(unit string) bool {
	r, _ := utf8.DecodeRuneInString(unit)
	return !alone(r)
}

// pairs are the tokens of a folded text in their order. A pair is written as its two units side by side: one of them is a
// character, so that no two pairs and no word are written alike.
func pairs(folded string) []string {
	out := make([]string, 0, len(folded)/3)
	runs(folded, func(units []string) {
		for i, u := range units {
			if i > 0 {
				out = append(out, units[i-1]+u)
			}
			if isWord(u) {
				out = append(out, u)
			}
		}
	})
	return out
}

// keyOf is a token as a number: of two characters exactly theirs, of what holds a word a hash that is none of those. A pair and its units
// written together have one.
func keyOf(unit, next string) uint64 {
	a, n := utf8.DecodeRuneInString(unit)
	if next == "" {
		next = unit[n:]
		unit = unit[:n]
	}
	if b, m := utf8.DecodeRuneInString(next); n == len(unit) && m == len(next) && alone(a) && alone(b) {
		return uint64(a)<<21 | uint64(b)
	}
	const offset, prime = 14695981039346656037, 1099511628211 // FNV-1a
	h := uint64(offset)
	for _, s := range [2]string{unit, next} {
		for i := range len(s) {
			h = (h ^ uint64(s[i])) * prime
		}
	}
	return h>>4 | 1<<60
}

// apart begins a token that no text makes.
const apart = "\u00b7"

// Query is what somebody looks for: all of the needles, each in one of its spellings.
type Query struct {
	Needles []Needle
}

// Needle is one stretch of what was typed, with the other ways in which it is written.
type Needle struct {
	Spellings []string  // folded; the first is as typed
	phrases   [][]place // of each spelling
	sound     string    // the letters, where it may be a sound
}

const (
	maxNeedles, maxSpellings, maxUnits = 8, 8, 40
)

// Parse takes apart what somebody typed. Spaces, quotes and punctuation part the needles; a single character is too little
// and is passed over beside others. Each group of alike is words that mean the same or are often confused: where a needle
// holds one, the others are looked for, too. Errors: errs.Invalid "search.too_short" when nothing is left to look for.
func Parse(text string, alike [][]string) (Query, error) {
	var q Query
	runs(Fold(text), func(units []string) {
		if len(q.Needles) == maxNeedles || len(units) == 1 && !isWord(units[0]) {
			return
		}
		typed := strings.Join(units[:min(len(units), maxUnits)], "")
		n := Needle{Spellings: []string{typed}}
		for _, group := range alike {
			for _, w := range group {
				if w = Fold(w); !strings.Contains(typed, w) {
					continue
				}
				for _, other := range group {
					if s := strings.ReplaceAll(typed, w, Fold(other)); len(n.Spellings) < maxSpellings && !slices.Contains(n.Spellings, s) {
						n.Spellings = append(n.Spellings, s)
					}
				}
			}
		}
		for _, s := range n.Spellings {
			n.phrases = append(n.phrases, phrase(s))
		}
		n.sound = soundOf(typed)
		q.Needles = append(q.Needles, n)
	})
	if len(q.Needles) == 0 {
		return q, errs.New(errs.Invalid, "search.too_short")
	}
	return q, nil
}

func (n Needle) heard(sounds string) bool { return n.sound != "" && sounding(sounds, n.sound) }

// Part is a piece of a snippet; a hit is what was looked for.
type Part struct {
	Text string
	Hit  bool
}

// Snippet is the piece of a text, as it was written, around the first place where it says what is looked for, of about width
// characters; the beginning when it says so nowhere.
func (q Query) Snippet(text string, width int) []Part {
	text = strings.Join(strings.Fields(text), " ")
	// what is far behind the first place is not shown, and need not be folded
	first := len(text)
	for _, n := range q.Needles {
		for _, s := range n.Spellings {
			if i := strings.Index(text[:first], s); i >= 0 {
				first = i
			}
		}
	}
	if end := first + 8*width; end < len(text) {
		for !utf8.RuneStart(text[end]) {
			end--
		}
		text = text[:end]
	}
	runes := []rune(text)
	// Each rune is folded alone, so that a place in the folded text is a place in the text.
	folded := make([]rune, 0, len(runes))
	at := make([]int, 0, len(runes)+1)
	for i, r := range runes {
		if f, known := foldRune(r); known {
			folded, at = append(folded, f), append(at, i)
			continue
		}
		for _, f := range strings.ToLower(norm.NFKC.String(string(r))) {
			folded, at = append(folded, f), append(at, i)
		}
	}
	at = append(at, len(runes))
	whole := string(folded)
	type span struct{ from, to int }
	var hits []span
	for _, n := range q.Needles {
		for _, s := range n.Spellings {
			size := utf8.RuneCountInString(s)
			for from, seen := 0, 0; ; {
				i := strings.Index(whole[from:], s)
				if i < 0 || len(hits) > 200 {
					break
				}
				seen += utf8.RuneCountInString(whole[from : from+i])
				hits = append(hits, span{at[seen], max(at[seen]+1, at[seen+size])})
				from, seen = from+i+len(s), seen+size
			}
		}
	}
	slices.SortFunc(hits, func(a, b span) int { return cmp.Or(cmp.Compare(a.from, b.from), cmp.Compare(b.to, a.to)) })
	start := 0
	if len(hits) > 0 {
		start = max(0, min(hits[0].from-width/4, len(runes)-width))
	}
	end := min(len(runes), start+width)
	var out []Part
	if start > 0 {
		out = append(out, Part{Text: "…"})
	}
	for next := start; next < end; {
		for len(hits) > 0 && hits[0].from < next {
			hits = hits[1:]
		}
		if len(hits) == 0 || hits[0].from >= end {
			out = append(out, Part{Text: string(runes[next:end])})
			break
		}
		if hits[0].from > next {
			out = append(out, Part{Text: string(runes[next:hits[0].from])})
		}
		next = min(hits[0].to, end)
		out = append(out, Part{Text: string(runes[hits[0].from:next]), Hit: true})
	}
	if end < len(runes) {
		out = append(out, Part{Text: "…"})
	}
	return out
}
