package org

import (
	"slices"
	"strings"

	"xinhuo/internal/kit/pinyin"
	"xinhuo/internal/kit/table"
)

// committeeWords are left out when names are compared: everybody means the place.
var committeeWords = []string{"关心下一代工作委员会", "关工委"}

// levelWords end the name of one level in an address written without gaps: 云州市南江区稻香镇.
var levelWords = []string{"街道", "社区", "自治州", "自治县", "自治区", "省", "市", "区", "县", "旗", "镇", "乡", "村"}

const maxTerm = 24 // runes of a name that are looked for; longer endings are found by their beginning

// plainName is a name as it is compared: half-width, lower-case, without spaces and the committee's own words.
func plainName(s string) string {
	s = strings.ToLower(strings.Join(strings.Fields(table.CleanText(s)), ""))
	for _, w := range committeeWords {
		if t := strings.TrimSuffix(s, w); t != "" {
			s = t
		}
	}
	return s
}

// termsOf are the words under which a unit is kept for search.
func termsOf(code string, names []naming) []string {
	seen := map[string]bool{}
	var out []string
	add := func(t string) {
		if r := []rune(t); len(r) > maxTerm {
			t = string(r[:maxTerm])
		}
		if t != "" && !seen[t] {
			seen[t] = true
			out = append(out, t)
		}
	}
	add(strings.ToLower(code))
	for _, n := range names {
		for _, name := range append([]string{n.Name}, lines(n.Aliases)...) {
			plain := plainName(name)
			full, initials := pinyin.Keys(plain)
			add(full)
			add(initials)
			r := []rune(plain)
			add(plain)
			for i := 1; i <= len(r)-2; i++ {
				add(string(r[i:]))
			}
		}
	}
	return out
}

func lines(s string) []string {
	var out []string
	for _, l := range strings.Split(s, "\n") {
		if l = strings.TrimSpace(l); l != "" {
			out = append(out, l)
		}
	}
	return out
}

// question is what somebody looks for: the last word names the unit, the words before it units above.
type question struct {
	word   string
	sounds string // the word's reading, so that 道乡镇 finds 稻香镇
	above  []string
}

func ask(q string) []question {
	var words []string
	for _, w := range strings.FieldsFunc(q, func(r rune) bool { return strings.ContainsRune(" \t,，、›>/　", r) }) {
		if w = plainName(w); w != "" {
			words = append(words, w)
		}
	}
	if len(words) == 0 {
		return nil
	}
	last := words[len(words)-1]
	var digits []string
	for _, w := range words {
		if strings.Trim(w, "0123456789") != "" {
			digits = nil
			break
		}
		digits = append(digits, w)
	}
	if len(digits) > 1 { // a code in groups, as pages show it: 99 02 03
		return []question{{word: strings.Join(digits, "")}}
	}
	sounds, _ := pinyin.Keys(last)
	out := []question{{word: last, sounds: sounds, above: words[:len(words)-1]}}
	if parts := splitLevels(last); len(parts) > 1 {
		tail := parts[len(parts)-1]
		tailSounds, _ := pinyin.Keys(tail)
		out = append(out, question{word: tail, sounds: tailSounds, above: append(slices.Clone(words[:len(words)-1]), parts[:len(parts)-1]...)})
	}
	return out
}

func splitLevels(s string) []string {
	var out []string
	for s != "" {
		at, size := -1, 0
		for _, w := range levelWords {
			// A name has at least one character before its level word: 市中区 is no 市.
			if i := strings.Index(s, w); i >= 3 && (at < 0 || i < at || i == at && len(w) > size) {
				at, size = i, len(w)
			}
		}
		if at < 0 {
			return append(out, s)
		}
		out = append(out, s[:at+size])
		s = s[at+size:]
	}
	return out
}

// fits tells whether all words of above are found in the path or in the unit's own name, in any order.
func fits(above []string, path []Unit) bool {
	for _, w := range above {
		found := false
		for _, u := range path {
			plain := plainName(u.Name)
			full, initials := pinyin.Keys(plain)
			if strings.Contains(plain, w) || strings.HasPrefix(full, w) || initials == w {
				found = true
				break
			}
		}
		if !found {
			return false
		}
	}
	return true
}

// matched is the part of the name to be shown as fitting.
func matched(name, word string) string {
	if i := strings.Index(strings.ToLower(name), word); i >= 0 && len(strings.ToLower(name)) == len(name) {
		return name[i : i+len(word)]
	}
	// By pinyin initials: the characters whose reading fits, from the beginning.
	full, initials := pinyin.Keys(name)
	if strings.HasPrefix(initials, word) {
		if r := []rune(name); len(r) >= len(word) {
			return string(r[:len(word)])
		}
	}
	if strings.HasPrefix(full, word) {
		return plainName(name)
	}
	return ""
}
