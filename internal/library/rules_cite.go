package library

import (
	"slices"
	"strings"

	"xinhuo/internal/kit/search"
)

// citeKey is a citation, or a document, in the form in which the one is compared with the other; "" is what was not said.
type citeKey struct {
	Title  string `db:"title"`
	Number string `db:"number"`
}

// titleKey is a title as it is compared: folded as for the search, without spaces, without marks around the whole; those within are alike
// whether they are written 《》 or, as they should be within others, 〈〉. It is empty only for a title that says nothing.
func titleKey(title string) string {
	key := strings.Map(func(r rune) rune {
		switch r {
		case ' ', 0:
			return -1
		case '〈':
			return '《'
		case '〉':
			return '》'
		}
		return r
	}, search.Fold(strings.ToValidUTF8(title, "")))
	for {
		inner, ok := strings.CutPrefix(key, "《")
		if inner, ok2 := strings.CutSuffix(inner, "》"); ok && ok2 && inner != "" && whole(inner) {
			key = inner
			continue
		}
		return key
	}
}

// whole tells whether the marks within a title open before they close, so that those around it belong to each other.
func whole(inner string) bool {
	depth := 0
	for _, r := range inner {
		switch r {
		case '《':
			depth++
		case '》':
			if depth--; depth < 0 {
				return false
			}
		}
	}
	return depth == 0
}

// numberKey is the number of a paper as it is compared, 中办发〔2010〕12号, however its brackets are written; what is written otherwise is
// folded.
func numberKey(number string) string {
	number = strings.ToValidUTF8(number, "")
	if list := Citations(number); len(list) == 1 && list[0].Title == "" {
		return list[0].Number
	}
	return strings.Map(func(r rune) rune {
		if r == ' ' || r == 0 {
			return -1
		}
		return r
	}, search.Fold(number))
}

// citeKeys are the citations of a text, each once.
func citeKeys(text string) (out []citeKey) {
	for _, c := range Citations(text) {
		if k := c.key(); k != (citeKey{}) && !slices.Contains(out, k) {
			out = append(out, k)
		}
	}
	return out
}

func (c Citation) key() citeKey {
	k := citeKey{Title: titleKey(c.Title)}
	if c.Number != "" {
		k.Number = numberKey(c.Number)
	}
	return k
}

// key is what citations of a document are compared with.
func (d Document) key() citeKey {
	k := citeKey{Title: titleKey(d.Title)}
	if d.Number != "" {
		k.Number = numberKey(d.Number)
	}
	if k.Title == "" { // '' stands for what is not worked out yet
		k.Title = "-"
	}
	return k
}

// quoted is a title between marks: those within it become the inner ones.
func quoted(title string) string {
	return "《" + strings.NewReplacer("《", "〈", "》", "〉").Replace(title) + "》"
}

// ownNumber is the number that stands by itself among the first lines of a paper, "" when there is none.
func ownNumber(t Text) string {
	for _, b := range t.Blocks[:min(len(t.Blocks), 6)] {
		text := strings.TrimSpace(strings.Map(plain, headOf(b.Text, 200)))
		if m := lexicon.Citations.Number.FindStringIndex(text); m != nil && m[0] == 0 && m[1] == len(text) {
			return numberKey(text)
		}
	}
	return ""
}
