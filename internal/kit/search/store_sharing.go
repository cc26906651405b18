package search

import (
	"cmp"
	"context"
	"math"
	"slices"
	"strings"
	"unicode/utf8"

	"xinhuo/internal/kit/id"
)

// Word is a token of a text with how much it tells about it: the more often it stands there and the fewer others have it.
type Word struct {
	key    uint64
	weight float64
}

const (
	tried   = 30       // of the most frequent tokens of a text it is asked how rare they are elsewhere
	common  = 1_000    // documents whose text holds a token are counted up to here
	sample  = 2 * full // of so many documents, the newest, or a few more; the others are taken to be like them
	inTitle = 5        // a token of the title counts as much as so many in the text
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
	type word struct {
		token string
		Word
	}
	var words []word
	for t, k := range often {
		if utf8.RuneCountInString(t) > 1 {
			words = append(words, word{t, Word{keyOf(t, ""), float64(k)}})
		}
	}
	best := func(a, b word) int { return cmp.Or(cmp.Compare(b.weight, a.weight), strings.Compare(a.token, b.token)) }
	slices.SortFunc(words, best)
	if words = words[:min(len(words), tried)]; len(words) == 0 {
		return nil, nil
	}
	keys := make([]uint64, len(words))
	for i, w := range words {
		keys[i] = w.key
	}
	slices.Sort(keys)
	var rare []word
	err := x.look(ctx, func(ctx context.Context, l *looking) error {
		rare = nil
		some, of, all := 0, 0, 0
		for _, p := range l.parts {
			if of < sample {
				some, of = some+1, of+len(p.docs)
			}
			all += len(p.docs)
		}
		if err := l.load(ctx, l.parts[:some], keys); err != nil {
			return err
		}
		for i := range words {
			k := 0
			for _, p := range l.parts[:some] {
				list, err := l.list(p, words[i].key)
				if err != nil {
					return err
				}
				r := read(list, len(p.docs))
				for r.next() {
					k++
				}
				if r.err != nil {
					return r.err
				}
			}
			held := float64(k) * float64(all) / float64(max(of, 1))
			words[i].weight *= math.Log(1 + common/min(max(held, 1), common))
			if held < common {
				rare = append(rare, words[i])
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	// what very many hold would have to be looked through in all of a large library
	words = rare
	slices.SortFunc(words, best)
	out := make([]Word, min(len(words), n))
	for i := range out {
		out[i] = words[i].Word
	}
	return out, nil
}

// Sharing lists documents that hold some of the words, at most n, those first that hold what weighs most.
func Sharing[T any](ctx context.Context, x *Index, words []Word, a Among, columns string, key func(T) id.ID, n int) ([]T, error) {
	least := 0.0
	for _, w := range words {
		least += w.weight / 4 // what shares less is about something else
	}
	return sharing(ctx, x, words, least, a, columns, key, n)
}

// Kindred lists documents whose texts have one of the numbers (Text.Kin), at most n, those first that have most of them.
func Kindred[T any](ctx context.Context, x *Index, numbers []int64, a Among, columns string, key func(T) id.ID, n int) ([]T, error) {
	words := make([]Word, len(numbers))
	for i, number := range numbers {
		words[i] = Word{kinKey(number), 1}
	}
	return sharing(ctx, x, words, 1, a, columns, key, n)
}

// keys are those of a word in texts and in titles, or that of a number.
func (w Word) keys() []uint64 {
	if w.key >= kinKey(0) {
		return []uint64{w.key}
	}
	return []uint64{w.key, w.key | inTitleKey}
}

func sharing[T any](ctx context.Context, x *Index, words []Word, least float64, a Among, columns string, key func(T) id.ID, n int) (out []T, err error) {
	if len(words) == 0 {
		return nil, nil
	}
	var keys []uint64
	for _, w := range words {
		keys = append(keys, w.keys()...)
	}
	if a.Mark != "" {
		keys = append(keys, markKey(a.Mark))
	}
	slices.Sort(keys)
	err = x.look(ctx, func(ctx context.Context, l *looking) error {
		out = nil
		if err := l.load(ctx, l.parts, keys); err != nil {
			return err
		}
		var all []answer
		for _, p := range l.parts {
			list, err := l.weighed(p, words, a.Mark)
			if err != nil {
				return err
			}
			for _, c := range list {
				if c.rank >= least {
					all = append(all, c)
				}
			}
		}
		slices.SortFunc(all, func(a, b answer) int {
			return cmp.Or(cmp.Compare(b.rank, a.rank), cmp.Compare(b.doc, a.doc), cmp.Compare(b.stamp, a.stamp))
		})
		for lot := 10 * n; len(all) > 0 && len(out) < n; lot *= 2 {
			some := all[:min(lot, len(all))]
			all = all[len(some):]
			some, err := current(ctx, x, some)
			if err != nil {
				return err
			}
			rows, err := among(ctx, l, a, columns, key, some, len(some))
			if err != nil {
				return err
			}
			for _, c := range some {
				if row, ok := rows[c.doc]; ok && len(out) < n {
					out = append(out, row)
					delete(rows, c.doc)
				}
			}
		}
		return nil
	})
	return out, err
}

// weighed are the documents of a part with the weight of the words that they hold.
func (l *looking) weighed(p opened, words []Word, mark string) (out []answer, err error) {
	sum, marked := make([]float64, len(p.docs)), make([]bool, len(p.docs))
	last := make([]int, len(p.docs)) // which word was counted last, from 1
	through := func(key uint64, do func(s standing)) {
		list, broken := l.list(p, key)
		r := read(list, len(p.docs))
		for r.next() {
			do(r.standing)
		}
		err = cmp.Or(err, broken, r.err)
	}
	if mark != "" {
		through(markKey(mark), func(s standing) { marked[s.doc] = true })
	}
	for i, w := range words {
		for _, key := range w.keys() {
			through(key, func(s standing) {
				if last[s.doc] != i+1 {
					last[s.doc], sum[s.doc] = i+1, sum[s.doc]+w.weight
				}
			})
		}
	}
	for d, weight := range sum {
		if weight > 0 && (mark == "" || marked[d]) {
			out = append(out, answer{doc: p.docs[d], stamp: p.stamps[d], rank: weight})
		}
	}
	return out, err
}
