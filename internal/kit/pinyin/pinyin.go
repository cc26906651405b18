// Package pinyin makes search keys of Chinese names, so that 重庆 is found by chongqing and by cq.
//
// The readings come from a dictionary of characters; what it gets wrong in names stands in a table here: whole words
// first (铅山 yanshan), then single characters that names read otherwise than texts do (长 chang). ü is written v, as it
// is typed.
package pinyin

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/mozillazg/go-pinyin"
)

// Keys are the whole reading of a name and its initials, lower-case, without spaces and tones: 重庆 gives chongqing and
// cq. Letters and digits stay, anything else is left out.
func Keys(name string) (full, initials string) {
	return keys(name, nil)
}

// Syllables are the readings of a name one by one: 重庆 gives chong and qing. Letters and digits that touch each other are one.
func Syllables(name string) []string { return syllables(name, nil) }

// PersonSyllables are the Syllables of a person's name.
func PersonSyllables(name string) []string {
	start, rest := surname(name)
	return syllables(rest, start)
}

// PersonKeys are the Keys of a person's name: many surnames have a reading of their own (单 shan, 仇 qiu, 尉迟 yuchi).
func PersonKeys(name string) (full, initials string) {
	start, rest := surname(name)
	return keys(rest, start)
}

// surname is the reading of a surname that has one of its own, and what stands behind it.
func surname(name string) (reading []string, rest string) {
	name = strings.TrimSpace(name)
	for _, n := range []int{2, 1} {
		head, rest := firstRunes(name, n)
		if reading, ok := surnames[head]; ok {
			return reading, rest
		}
	}
	return nil, name
}

func keys(name string, start []string) (string, string) {
	var full, initials strings.Builder
	read(name, start, func(s string, letter bool) {
		full.WriteString(s)
		if letter {
			initials.WriteString(s)
		} else {
			initials.WriteByte(s[0])
		}
	})
	return full.String(), initials.String()
}

func syllables(name string, start []string) (out []string) {
	word := false // the last one is a word of letters, which goes on
	read(name, start, func(s string, letter bool) {
		switch {
		case s == "":
			word = false
		case letter && word:
			out[len(out)-1] += s
		default:
			out, word = append(out, s), letter
		}
	})
	return out
}

// read tells the syllables of a name in their order, letters and digits one by one, "" for what is neither.
func read(name string, start []string, do func(s string, letter bool)) {
	add := func(syllables []string) {
		for _, s := range syllables {
			do(s, false)
		}
	}
	add(start)
	for name != "" {
		if word, syllables := longestWord(name); word != "" {
			add(syllables)
			name = name[len(word):]
			continue
		}
		r, size := utf8.DecodeRuneInString(name)
		name = name[size:]
		if r >= '！' && r <= '～' {
			r -= 0xFEE0
		}
		switch {
		case r < utf8.RuneSelf && (unicode.IsLetter(r) || unicode.IsDigit(r)):
			do(string(unicode.ToLower(r)), true)
		case unicode.Is(unicode.Han, r):
			add(syllable(r))
		default:
			do("", true)
		}
	}
}

var plain = pinyin.NewArgs()

func syllable(r rune) []string {
	if s, ok := characters[r]; ok {
		return []string{s}
	}
	s := pinyin.SinglePinyin(r, plain)
	if len(s) == 0 || s[0] == "" {
		return nil
	}
	return s[:1]
}

// longestWord finds the longest word of the table that name begins with.
func longestWord(name string) (string, []string) {
	for n := longest; n > 1; n-- {
		head, _ := firstRunes(name, n)
		if s, ok := words[head]; ok {
			return head, s
		}
	}
	return "", nil
}

// firstRunes splits off the first n characters; head is empty when there are fewer.
func firstRunes(s string, n int) (head, rest string) {
	at := 0
	for range n {
		_, size := utf8.DecodeRuneInString(s[at:])
		if size == 0 {
			return "", s
		}
		at += size
	}
	return s[:at], s[at:]
}
