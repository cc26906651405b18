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

// PersonKeys are the Keys of a person's name: many surnames have a reading of their own (单 shan, 仇 qiu, 尉迟 yuchi).
func PersonKeys(name string) (full, initials string) {
	name = strings.TrimSpace(name)
	for _, n := range []int{2, 1} {
		head, rest := firstRunes(name, n)
		if syllables, ok := surnames[head]; ok {
			return keys(rest, syllables)
		}
	}
	return keys(name, nil)
}

func keys(name string, start []string) (string, string) {
	var full, initials strings.Builder
	add := func(syllables []string) {
		for _, s := range syllables {
			full.WriteString(s)
			initials.WriteByte(s[0])
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
			r = unicode.ToLower(r)
			full.WriteRune(r)
			initials.WriteRune(r)
		case unicode.Is(unicode.Han, r):
			add(syllable(r))
		}
	}
	return full.String(), initials.String()
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
