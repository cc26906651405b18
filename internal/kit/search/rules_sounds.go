package search

import (
	"slices"
	"strings"

	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/pinyin"
)

// Text is what is looked for in a document. Title, names and people are found by their sound, too: by pinyin or its initials.
type Text struct {
	Doc    id.ID
	Title  string
	Body   string
	Names  []string // of units, places and the like
	People []string // by whom it is
	Mark   string   // of a set that some readers see alone, such as "public"; see Among
	Kin    []int64  // numbers that texts of one kind have in common, such as the bands of a sketch; see Kindred
}

// sounds are the syllables of what is found by its sound: a line for each stretch without letters and digits, a space between two; behind
// an empty line those of names and people. What is written in letters is found as it is written.
func (t Text) sounds() string {
	var lines []string
	add := func(name string, syllables func(string) []string) {
		for part := range strings.FieldsFuncSeq(Fold(name), func(r rune) bool { return strings.ContainsRune(latin+"0123456789", r) }) {
			list := slices.DeleteFunc(syllables(part), func(s string) bool { return strings.Trim(s, latin) != "" })
			if line := strings.Join(list, " "); line != "" && !slices.Contains(lines, line) {
				lines = append(lines, line)
			}
		}
	}
	add(t.Title, pinyin.Syllables)
	title := strings.Join(lines, "\n")
	lines = nil
	for _, n := range t.Names {
		add(n, pinyin.Syllables)
	}
	for _, p := range t.People {
		add(p, pinyin.PersonSyllables)
	}
	return title + "\n\n" + strings.Join(lines, "\n")
}

// ofTitle are those of the title.
func ofTitle(sounds string) string { title, _, _ := strings.Cut(sounds, "\n\n"); return title }

const latin = "abcdefghijklmnopqrstuvwxyz"

// heard are the lengths of the beginnings by which the engines find a sound: of one that is longer, or between two of them, they
// find candidates. The shortest is the least that is looked for by its sound.
var heard = []int{2, 4, 6}

// soundTokens are the beginnings of what is read from each syllable on, in full and by initials, each once. The mark before them
// tells them from words, two marks those of names from those of the title.
func soundTokens(sounds string) (out []string) {
	title, names, _ := strings.Cut(sounds, "\n\n")
	for i, part := range []string{title, names} {
		seen := map[string]bool{}
		add := func(rest string) {
			for _, n := range heard {
				if n <= len(rest) && !seen[rest[:n]] {
					seen[rest[:n]] = true
					out = append(out, strings.Repeat(apart, i+1)+rest[:n])
				}
			}
		}
		for line := range strings.SplitSeq(part, "\n") {
			syllables := strings.Fields(line)
			initials := make([]byte, len(syllables))
			for i, s := range syllables {
				initials[i] = s[0]
			}
			full, at := strings.Join(syllables, ""), 0
			for i, s := range syllables {
				add(full[at:])
				add(string(initials[i:]))
				at += len(s)
			}
		}
	}
	return out
}

// soundOf is a unit as it may be a sound: letters, two or more; "" for others.
func soundOf(unit string) string {
	if len(unit) < heard[0] || strings.Trim(unit, latin) != "" {
		return ""
	}
	return unit
}

// soundToken is by what a sound is looked for in a title, and whether that finds it and nothing else.
func soundToken(sound string) (token string, exact bool) {
	n := 0
	for _, h := range heard {
		if h <= len(sound) {
			n = h
		}
	}
	return apart + sound[:n], n == len(sound)
}

// sounding tells whether from one of the syllables on what is read, in full or by initials, begins with a sound.
func sounding(sounds, sound string) bool {
	for line := range strings.SplitSeq(sounds, "\n") {
		syllables := strings.Fields(line)
		for i := range syllables {
			if fullBegins(syllables[i:], sound) || initialsBegin(syllables[i:], sound) {
				return true
			}
		}
	}
	return false
}

func fullBegins(syllables []string, sound string) bool {
	for _, s := range syllables {
		if len(sound) <= len(s) {
			return strings.HasPrefix(s, sound)
		}
		if !strings.HasPrefix(sound, s) {
			return false
		}
		sound = sound[len(s):]
	}
	return false
}

func initialsBegin(syllables []string, sound string) bool {
	if len(sound) > len(syllables) {
		return false
	}
	for i := range sound {
		if syllables[i][0] != sound[i] {
			return false
		}
	}
	return true
}

// Sounds tells whether what somebody types is how a word sounds: its pinyin or its initials, from one of the syllables on.
func Sounds(typed, word string) bool {
	sound := soundOf(Fold(typed))
	return sound != "" && sounding(Text{Title: word}.sounds(), sound)
}
