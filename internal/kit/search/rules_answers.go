package search

import (
	"math"
	"slices"

	"xinhuo/internal/kit/id"
)

// answer is a document of a part that answers a query, as far as the tokens tell.
type answer struct {
	doc    id.ID
	stamp  id.ID
	rank   float64
	unsure uint8 // the needles, as bits, that only a piece of a sound speaks for: the sounds themselves have to be asked
}

// keys are those of the tokens that a query asks for: with titles alone, those of titles.
func (q Query) keys(titles bool, mark string) (out []uint64) {
	for _, n := range q.Needles {
		for _, p := range n.phrases {
			for _, t := range p {
				if out = append(out, t.key|inTitleKey); !titles {
					out = append(out, t.key)
				}
			}
		}
		out = append(out, n.soundKeys(titles)...)
	}
	if mark != "" {
		out = append(out, markKey(mark))
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func markKey(mark string) uint64 { return keyOf(markToken(mark), "") | inTitleKey }

// soundKeys are those by which a needle is found as a sound: in titles, and in names unless only titles are asked.
func (n Needle) soundKeys(titles bool) (out []uint64) {
	if n.sound == "" {
		return nil
	}
	t, _ := soundToken(n.sound)
	if out = append(out, keyOf(t, "")|inTitleKey); !titles {
		out = append(out, keyOf(apart+t, "")|inTitleKey)
	}
	return out
}

// answers are the documents of a part that hold every needle, with how well: what the title holds counts most, the more the less else
// stands in it; then how often the text says it. A spelling of our own counts half; what only sounds like it less than a title that says
// it. With titles, each needle must stand in the title, or sound like it; how often the text says it counts all the same where list has
// that, too.
func (q Query) answers(h *head, list func(key uint64) []byte, titles bool, mark string) (out []answer, err error) {
	if slices.ContainsFunc(q.Needles, func(n Needle) bool { return !n.begins(list, titles) }) {
		return nil, nil // most parts hold no rare word
	}
	n := len(h.docs)
	sum, left := make([]float64, n), make([]bool, n)
	unsure := make([]uint8, n)
	best, held := make([]float64, n), make([]bool, n)
	times, inTitle := make([]int32, n), make([]bool, n)
	if mark != "" {
		if err := each(list(markKey(mark)), n, func(s standing) { left[s.doc] = true }); err != nil {
			return nil, err
		}
	} else {
		for i := range left {
			left[i] = true
		}
	}
	for b, needle := range q.Needles {
		clear(best)
		clear(held)
		for i, p := range needle.phrases {
			clear(times)
			clear(inTitle)
			if err := standings(list, p, 0, n, func(doc int32, n int) { times[doc] = int32(n) }); err != nil {
				return nil, err
			}
			if err := standings(list, p, inTitleKey, n, func(doc int32, _ int) { inTitle[doc] = true }); err != nil {
				return nil, err
			}
			for d := range n {
				if times[d] == 0 && !inTitle[d] {
					continue
				}
				f := math.Log2(1 + float64(times[d]))
				if inTitle[d] {
					f += 10 + 10*float64(len(needle.Spellings[i]))/float64(h.titles[d])
				}
				if i > 0 {
					f /= 2
				}
				best[d] = max(best[d], f)
				held[d] = held[d] || inTitle[d] || !titles
			}
		}
		if needle.sound != "" {
			_, exact := soundToken(needle.sound)
			for _, k := range needle.soundKeys(titles) {
				if err := each(list(k), n, func(s standing) {
					switch d := s.doc; {
					case exact:
						held[d], best[d] = true, max(best[d], heardRank)
					case !held[d] && left[d]:
						held[d], unsure[d], best[d] = true, unsure[d]|1<<b, max(best[d], heardRank)
					}
				}); err != nil {
					return nil, err
				}
			}
		}
		for d := range n {
			left[d] = left[d] && held[d]
			sum[d] += best[d]
		}
	}
	for d := n - 1; d >= 0; d-- {
		if left[d] {
			out = append(out, answer{h.docs[d], h.stamps[d], sum[d], unsure[d]})
		}
	}
	return out, nil
}

// begins tells whether a part may hold a needle: the first token of one of its spellings, or its sound.
func (n Needle) begins(list func(key uint64) []byte, titles bool) bool {
	return slices.ContainsFunc(n.phrases, func(p []place) bool {
		return len(p) > 0 && (len(list(p[0].key|inTitleKey)) > 0 || !titles && len(list(p[0].key)) > 0)
	}) || slices.ContainsFunc(n.soundKeys(titles), func(key uint64) bool { return len(list(key)) > 0 })
}

// heardRank is what a needle counts that is found by its sound.
const heardRank = 5

// standings tells of each document in which a phrase stands how often it does.
func standings(list func(key uint64) []byte, p []place, mark uint64, most int, do func(doc int32, n int)) error {
	if len(p) == 0 {
		return nil
	}
	if len(p) == 1 {
		return each(list(p[0].key|mark), most, func(s standing) { do(s.doc, s.n) })
	}
	// where the first token stands, of which those places are left that the others follow
	var now stands
	for i, t := range p {
		was, k := now, 0
		now = stands{}
		if err := each(list(t.key|mark), most, func(s standing) {
			if i == 0 {
				s.places(func(x uint32) { now.at = append(now.at, x) })
			} else {
				for k < len(was.docs) && was.docs[k] < s.doc {
					k++
				}
				if k == len(was.docs) || was.docs[k] != s.doc {
					return
				}
				before := was.of(k)
				s.places(func(x uint32) {
					for len(before) > 0 && before[0]+t.at-p[0].at < x {
						before = before[1:]
					}
					if len(before) > 0 && before[0]+t.at-p[0].at == x {
						now.at = append(now.at, before[0])
					}
				})
			}
			if len(now.at) > now.end() {
				now.docs, now.ends = append(now.docs, s.doc), append(now.ends, len(now.at))
			}
		}); err != nil {
			return err
		}
		if len(now.docs) == 0 {
			return nil
		}
	}
	for k, d := range now.docs {
		do(d, len(now.of(k)))
	}
	return nil
}

// stands are documents with the places of a token, those of all in one list.
type stands struct {
	docs []int32
	ends []int
	at   []uint32
}

func (s *stands) end() int {
	if len(s.ends) == 0 {
		return 0
	}
	return s.ends[len(s.ends)-1]
}

func (s *stands) of(k int) []uint32 {
	if k == 0 {
		return s.at[:s.ends[0]]
	}
	return s.at[s.ends[k-1]:s.ends[k]]
}
