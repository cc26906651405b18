package library

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// author writes texts of clauses and words that many texts share, as offices do.
type author struct {
	r       *rand.Rand
	words   []string
	phrases []string
}

func newAuthor() *author {
	a := &author{r: rand.New(rand.NewPCG(22, 5))}
	for range 3000 {
		n := 2 + a.r.IntN(2)
		w := ""
		for range n {
			w += string(rune(0x4E00 + a.r.IntN(2000)))
		}
		a.words = append(a.words, w)
	}
	for range 200 {
		a.phrases = append(a.phrases, a.fresh(3))
	}
	return a
}

func (a *author) fresh(words int) string {
	s := ""
	for range words {
		s += a.words[a.r.IntN(len(a.words))]
	}
	return s
}

// clauses are about a thousand characters; one clause in eight is one of everybody's.
func (a *author) clauses() []string {
	out := make([]string, 100)
	for i := range out {
		if out[i] = a.fresh(3 + a.r.IntN(3)); a.r.IntN(8) == 0 {
			out[i] = a.phrases[a.r.IntN(len(a.phrases))]
		}
	}
	return out
}

// L22: of a hundred texts, copies of which one clause in ten was written anew are found by a band; so are copies that are laid
// out otherwise; those of others are not.
func TestNearCopiesAreFound(t *testing.T) {
	a := newAuthor()
	found, laidOut, strange := 0, 0, 0
	var last Sig
	for range 100 {
		clauses := a.clauses()
		sig := Sketch(strings.Join(clauses, "，"))
		edited := slices.Clone(clauses)
		for i := range len(edited) / 10 {
			edited[i*10+a.r.IntN(10)] = a.fresh(4)
		}
		copied := Sketch(strings.Join(edited, "，"))
		if sharesBand(sig, copied) {
			found++
		}
		if alike := Alike(sig, copied); alike < 0.4 {
			t.Errorf("alike %.2f", alike)
		}
		if Alike(sig, Sketch("  "+strings.Join(clauses, "。\n\n"))) == 1 {
			laidOut++
		}
		if sharesBand(sig, last) {
			strange++
		}
		last = sig
	}
	if found < 99 || laidOut != 100 || strange != 0 {
		t.Errorf("found %d of 100, laid out otherwise %d, strangers %d", found, laidOut, strange)
	}
}

func sharesBand(a, b Sig) bool {
	x, y := Bands(a), Bands(b)
	for i := range min(len(x), len(y)) {
		if x[i] == y[i] {
			return true
		}
	}
	return false
}

// L22: a sketch is kept as it is; a text of a line has none, and is like nothing.
func TestSketchesAreKept(t *testing.T) {
	a := newAuthor()
	s := Sketch(strings.Join(a.clauses(), ""))
	if s.None() || SigOf(s.Bytes()) != s || len(Bands(s)) != 16 {
		t.Error("not kept as it was")
	}
	short := Sketch("请参会的同志准时到会。")
	if !short.None() || Bands(short) != nil || Alike(short, short) != 0 || !SigOf(nil).None() || !SigOf(make([]byte, 7)).None() {
		t.Error("a short text has a sketch")
	}
	if Alike(s, s) != 1 {
		t.Error(Alike(s, s))
	}
	// What is kept must be found again by later versions of the program.
	if got := Sketch(strings.Repeat("关心下一代工作委员会", 5)); got[0] != goldenSketch[0] || got[63] != goldenSketch[1] || Bands(got)[3] != goldenBand {
		t.Errorf("%d %d %d", got[0], got[63], Bands(got)[3])
	}
}

// L22: the quick way to the letters of a text gives what folding gives.
func TestLettersAreThoseOfTheFoldedText(t *testing.T) {
	for from := rune(0); from < 0x11000; from++ {
		text := "前A" + string(from) + "後"
		if !slices.Equal(lettersOf(text), foldedLetters(text)) {
			t.Errorf("%U: %q, %q", from, lettersOf(text), foldedLetters(text))
		}
	}
}

func BenchmarkSketch(b *testing.B) {
	text := strings.Join(newAuthor().clauses(), "，")
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		Bands(Sketch(text))
	}
}

// What TestSketchesAreKept compares with.
var goldenSketch, goldenBand = [2]uint32{42368634, 305004108}, int64(-2238438150312866468)
