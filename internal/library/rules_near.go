package library

import (
	"encoding/binary"
	"math"
	"unicode"
	"unicode/utf8"

	"xinhuo/internal/kit/search"
)

const (
	sketchSize  = 64
	bandSize    = 4
	shingle     = 5  // characters
	sketchLeast = 40 // characters of a text that has a sketch
)

// Sig is the sketch of a text (MinHash): two texts agree in as many of its places as they share of their stretches of five
// characters. A text too short to be told from others has the zero sketch, None.
type Sig [sketchSize]uint32

// None tells the sketch of a text that is too short: it is like nothing.
func (s Sig) None() bool { return s == Sig{} }

// Bytes is the form in which a sketch is kept.
func (s Sig) Bytes() []byte {
	b := make([]byte, 0, 4*sketchSize)
	for _, v := range s {
		b = binary.BigEndian.AppendUint32(b, v)
	}
	return b
}

// SigOf reads what Bytes wrote; anything else gives None.
func SigOf(b []byte) Sig {
	var s Sig
	if len(b) != 4*sketchSize {
		return s
	}
	for i := range s {
		s[i] = binary.BigEndian.Uint32(b[4*i:])
	}
	return s
}

// stirs are 32 odd numbers; each hashes a stretch in two ways. Sketches are kept: these must never change.
var stirs = func() (out [sketchSize / 2]uint64) {
	for i := range out {
		out[i] = mix(20190531+uint64(i+1)*golden) | 1
	}
	return out
}()

const golden = 0x9E3779B97F4A7C15

func mix(z uint64) uint64 {
	z = (z ^ z>>30) * 0xBF58476D1CE4E5B9
	z = (z ^ z>>27) * 0x94D049BB133111EB
	return z ^ z>>31
}

// Sketch reads a text as search.Fold has it, letters and digits only: how it is laid out and pointed makes no difference.
func Sketch(text string) Sig {
	var s Sig
	chars := lettersOf(text)
	if len(chars) < sketchLeast {
		return s
	}
	for i := range s {
		s[i] = math.MaxUint32
	}
	for i := 0; i+shingle <= len(chars); i++ {
		h := uint64(0)
		for _, r := range chars[i : i+shingle] {
			h = (h ^ uint64(r)) * golden
			h ^= h >> 29
		}
		h = mix(h)
		for k, stir := range stirs {
			v := h * stir
			v ^= v >> 32 // the lower half alone would depend on half of h
			s[2*k] = min(s[2*k], uint32(v>>32))
			s[2*k+1] = min(s[2*k+1], uint32(v))
		}
	}
	return s
}

// lettersOf are the letters and digits of a folded text. Most texts are of characters that folding leaves alone or of which
// it is known what it does: those need no tables, which takes half the time.
func lettersOf(text string) []rune {
	out := make([]rune, 0, len(text)/3)
	for _, r := range text {
		switch {
		case r >= 0x4E00 && r <= 0x9FFF, r >= 'a' && r <= 'z', isDigit(r), r == 0x3007:
		case r >= 'A' && r <= 'Z', r >= '！' && r <= '～':
			r = low(r)
			if r >= '！' || !isDigit(r) && !isLatin(r) {
				continue
			}
		case r < utf8.RuneSelf, r >= 0x3001 && r <= 0x3003, r >= 0x3008 && r <= 0x3020, r >= 0x2010 && r <= 0x2015, r >= 0x2018 && r <= 0x201F, r == 0x3000, r == 0x2026, r == 0xB7:
			continue
		default:
			return foldedLetters(text)
		}
		out = append(out, r)
	}
	return out
}

// foldedLetters are lettersOf of any text.
func foldedLetters(text string) []rune {
	var out []rune
	for _, r := range search.Fold(text) {
		if unicode.IsLetter(r) || unicode.IsNumber(r) {
			out = append(out, r)
		}
	}
	return out
}

// Bands are 16 numbers: texts that are nearly the same have one of them in common at its place, others hardly ever. Look for
// those first, then ask Alike. A text without sketch has no bands.
func Bands(s Sig) []int64 {
	if s.None() {
		return nil
	}
	out := make([]int64, 0, sketchSize/bandSize)
	for i := 0; i < sketchSize; i += bandSize {
		h := uint64(i)
		for _, v := range s[i : i+bandSize] {
			h = mix(h ^ uint64(v)*golden)
		}
		out = append(out, int64(h))
	}
	return out
}

// Alike is which share of their stretches two texts have in common, from 0 to 1, give or take 0.06.
func Alike(a, b Sig) float64 {
	if a.None() || b.None() {
		return 0
	}
	same := 0
	for i := range a {
		if a[i] == b[i] {
			same++
		}
	}
	return float64(same) / sketchSize
}
