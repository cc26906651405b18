package library

import (
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/search"
	"xinhuo/internal/kit/web"
)

const (
	mostSuggested = 8
	mostWords     = 3 // of them words to look for
	leastTyped    = 2 // characters
)

// Suggestion is what somebody may be looking for who is still typing: a document, or other words that mean the same.
type Suggestion struct {
	Text string `json:"text"`
	Href string `json:"href"`
}

// Suggest names what fits what was typed so far: titles that the reader sees, by the one rule, that hold it or sound like it, the newest
// first, and words that mean the same. What is too short to be looked for has none.
func (s *Service) Suggest(ctx context.Context, typed string) (out []Suggestion, err error) {
	defer errs.Wrapf(&err, "library.Suggest")
	q, err := search.Parse(typed, nil)
	if err != nil {
		return nil, nil // still too short
	}
	words := meant(typed)
	where, args := Filter{State: Issued}.filtered(scope.From(ctx))
	list, err := search.Titles(ctx, s.index, q, among(scope.From(ctx), where, args), listed, keyOf, 2*mostSuggested)
	if err != nil {
		return nil, err
	}
	for _, l := range list {
		if len(out) < mostSuggested-len(words) && !slices.ContainsFunc(out, func(x Suggestion) bool { return x.Text == l.Title }) {
			out = append(out, Suggestion{l.Title, Path(l.No)})
		}
	}
	for _, w := range words {
		out = append(out, Suggestion{w, web.Address("/library", Filter{Words: w}.query())})
	}
	return out, nil
}

// meant are words that mean the same as what was typed, or as the word of which it is a piece or the sound.
func meant(typed string) (out []string) {
	folded := search.Fold(typed)
	if utf8.RuneCountInString(folded) < leastTyped {
		return nil
	}
	for _, group := range Spellings() {
		if !slices.ContainsFunc(group, func(w string) bool { return strings.Contains(search.Fold(w), folded) || search.Sounds(folded, w) }) {
			continue
		}
		for _, w := range group {
			if search.Fold(w) != folded && !slices.Contains(out, w) && len(out) < mostWords {
				out = append(out, w)
			}
		}
	}
	return out
}
