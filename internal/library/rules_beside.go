package library

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"

	"xinhuo/internal/kit/search"
)

const (
	shortBeside, longBeside = 2, 12 // characters of a term in quotation marks
	readBeside              = 64 << 10
)

// Beside are terms that texts set in quotation marks, such as “四化型” or “七有”, by how many of them do: what else is looked for
// beside some words (L33). It is told the texts that the reader found, and so says nothing of others.
func Beside(words string, texts []string, n int) []string {
	count := map[string]int{}
	asked := search.Fold(words)
	for _, text := range texts {
		seen := map[string]bool{}
		text = text[:min(len(text), readBeside)]
		for _, marks := range lexicon.Beside.Marks {
			open, shut := marks[0], marks[1]
			for rest := text; ; {
				i := strings.Index(rest, open)
				if i < 0 {
					break
				}
				rest = rest[i+len(open):]
				j := strings.Index(rest, shut)
				if j < 0 {
					break
				}
				term := rest[:j]
				if k := utf8.RuneCountInString(term); k < shortBeside || k > longBeside || seen[term] || strings.ContainsAny(term, lexicon.Text.Inner+"\n") || strings.Contains(asked, search.Fold(term)) {
					continue
				}
				seen[term] = true
				count[term]++
			}
		}
	}
	out := make([]string, 0, len(count))
	for t := range count {
		out = append(out, t)
	}
	slices.SortFunc(out, func(a, b string) int { return cmp.Or(count[b]-count[a], strings.Compare(a, b)) })
	return out[:min(len(out), n)]
}
