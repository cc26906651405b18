package search

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"strings"
	"unicode/utf8"

	"xinhuo/internal/kit/db"
	"xinhuo/internal/kit/id"
)

// Word is a token of a text with how much it tells about it: the more often it stands there and the fewer others have it.
type Word struct {
	token  string
	weight float64
}

const (
	tried   = 30    // of the most frequent tokens of a text it is asked how rare they are elsewhere
	common  = 1_000 // documents that hold a token are counted up to here
	newest  = 200   // documents that are looked at for each token
	inTitle = 5     // a token of the title counts as much as so many in the text
)

// Rare are the tokens, at most n, by which documents about the same are found: the best by tf-idf.
func (x *Index) Rare(ctx context.Context, title, body string, n int) ([]Word, error) {
	often := map[string]int{}
	for _, t := range pairs(Fold(title)) {
		often[t] += inTitle
	}
	for _, t := range pairs(Fold(body)) {
		often[t]++
	}
	delete(often, apart)
	var words []Word
	for t, k := range often {
		if utf8.RuneCountInString(t) > 1 {
			words = append(words, Word{t, float64(k)})
		}
	}
	best := func(a, b Word) int { return cmp.Or(cmp.Compare(b.weight, a.weight), strings.Compare(a.token, b.token)) }
	slices.SortFunc(words, best)
	if words = words[:min(len(words), tried)]; len(words) == 0 {
		return nil, nil
	}
	parts := make([]string, len(words))
	for i, w := range words {
		parts[i] = fmt.Sprintf("SELECT %d AS i, COUNT(*) AS n FROM (SELECT 1 FROM %s s WHERE %s LIMIT %d) q", i, x.table(), x.holds(w.token), common)
	}
	type row struct{ I, N int }
	list, err := db.Select[row](ctx, x.db, `-- search.Rare
		`+strings.Join(parts, " UNION ALL "))
	if err != nil {
		return nil, err
	}
	for _, r := range list {
		words[r.I].weight *= math.Log(1 + common/float64(max(r.N, 1)))
	}
	slices.SortFunc(words, best)
	return words[:min(len(words), n)], nil
}

// Sharing lists documents that hold some of the words, those first that hold what weighs most; of one that is held by very many,
// the newest are looked at.
func Sharing[T any](ctx context.Context, x *Index, words []Word, a Among, columns string, key func(T) id.ID) ([]T, error) {
	if len(words) == 0 {
		return nil, nil
	}
	type hit struct {
		row    T
		weight float64
	}
	hits := map[id.ID]*hit{}
	for _, w := range words {
		list, err := holding[T](ctx, x, w, a, columns)
		if err != nil {
			return nil, err
		}
		for _, r := range list {
			if h := hits[key(r)]; h != nil {
				h.weight += w.weight
			} else {
				hits[key(r)] = &hit{r, w.weight}
			}
		}
	}
	all := make([]*hit, 0, len(hits))
	for _, h := range hits {
		all = append(all, h)
	}
	slices.SortFunc(all, func(a, b *hit) int {
		return cmp.Or(cmp.Compare(b.weight, a.weight), cmp.Compare(key(b.row), key(a.row)))
	})
	out := make([]T, 0, len(all))
	least := 0.0
	for _, w := range words {
		least += w.weight / 4 // what shares less is about something else
	}
	for _, h := range all {
		if h.weight >= least {
			out = append(out, h.row)
		}
	}
	return out, nil
}

// holding are the newest documents that hold a word, at most newest of them.
func holding[T any](ctx context.Context, x *Index, w Word, a Among, columns string) ([]T, error) {
	q := `SELECT %[1]s FROM %[2]s s CROSS JOIN %[3]s ON %[4]s = s.rowid WHERE %[5]s AND (%[6]s) ORDER BY s.rowid DESC LIMIT %[7]d`
	if x.db.Engine == db.Postgres { // which hold it, alone, then in order, so that the other conditions are asked of no more than are wanted
		q = `WITH held AS MATERIALIZED (SELECT s.doc FROM %[2]s s WHERE %[5]s)
			SELECT %[1]s FROM (SELECT doc FROM held ORDER BY doc DESC OFFSET 0) h CROSS JOIN %[3]s WHERE %[4]s = h.doc AND (%[6]s) ORDER BY h.doc DESC LIMIT %[7]d`
	}
	return db.Select[T](ctx, x.db, `-- search.holding
			`+fmt.Sprintf(q, columns, x.table(), a.From, a.Doc, x.holding(w.token, a), a.Where, newest), a.Args...)
}

// holding is the condition that one of those among which is looked holds a token.
func (x *Index) holding(token string, a Among) string {
	if x.db.Engine == db.Postgres {
		return a.arrays(x.holds(token))
	}
	return x.table() + " MATCH '" + a.match(`"`+token+`"`, "") + "'"
}

// holds is the condition that a document holds a token, in title or text, on x.table() s. Tokens are made by ourselves of letters and
// digits, so that they can stand in a statement.
func (x *Index) holds(token string) string {
	if x.db.Engine == db.Postgres {
		return `(s.title @> '` + array([]string{token}) + `' OR s.body @> '` + array([]string{token}) + `')`
	}
	return x.table() + ` MATCH '"` + token + `"'`
}
