package library

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"xinhuo/internal/kit/search"
)

const (
	keywordsAsked = 10        // times as many pairs are asked about as are wanted
	corpus        = 1_000_000 // documents; only the order matters, and that hardly depends on it
)

// Keywords are the n pairs of characters, and words in Latin letters, that tell a text best from others: those that it says
// often and few documents hold (tf-idf). df says how many documents hold one; it is asked about the ten times n that the text
// says most often. What no document holds finds none, and is left out. Without df only the text counts.
func Keywords(text string, df func(pair string) int, n int) []string {
	type pair struct {
		text  string
		count int
		first int
		score float64
	}
	if n <= 0 {
		return nil
	}
	at := map[string]int{}
	var all []pair
	windows(search.Fold(text), func(w string) {
		i, ok := at[w]
		if !ok {
			i = len(all)
			at[w] = i
			all = append(all, pair{text: w, first: i})
		}
		all[i].count++
	})
	slices.SortFunc(all, func(a, b pair) int { return cmp.Or(b.count-a.count, a.first-b.first) })
	asked := all[:min(len(all), keywordsAsked*min(n, 1000))]
	var kept []pair
	for _, p := range asked {
		p.score = 1 + math.Log(float64(p.count))
		if df != nil {
			d := df(p.text)
			if d <= 0 {
				continue
			}
			p.score *= math.Log(1 + corpus/float64(d))
		}
		kept = append(kept, p)
	}
	slices.SortFunc(kept, func(a, b pair) int {
		return cmp.Or(cmp.Compare(b.score, a.score), a.first-b.first)
	})
	var out []string
	for _, p := range kept[:min(len(kept), n)] {
		out = append(out, p.text)
	}
	return out
}

// windows gives the pairs of Chinese characters that touch each other, and the words of two letters or more, of a folded text.
func windows(folded string, do func(string)) {
	last, word := -1, -1 // where the character before stands, where a word begins
	flush := func(end int) {
		if word >= 0 && utf8.RuneCountInString(folded[word:end]) > 1 && end-word <= 40 && strings.IndexFunc(folded[word:end], unicode.IsLetter) >= 0 {
			do(folded[word:end])
		}
		word = -1
	}
	for i, r := range folded {
		switch {
		case unicode.Is(unicode.Han, r):
			flush(i)
			if strings.ContainsRune(lexicon.Keywords.Empty, r) {
				last = -1
				continue
			}
			if last >= 0 {
				do(folded[last : i+utf8.RuneLen(r)])
			}
			last = i
			continue
		case unicode.IsLetter(r) || unicode.IsNumber(r):
			if word < 0 {
				word = i
			}
		default:
			flush(i)
		}
		last = -1
	}
	flush(len(folded))
}
