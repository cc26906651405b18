package search

import (
	"cmp"
	"math"
	"slices"
	"sync"

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

// kinKey is that of a number that texts of one kind have in common.
func kinKey(n int64) uint64 { return uint64(n)>>3 | 1<<62 }

// answers are the documents of a part that hold every needle, with how well: what the title holds counts most, the more the less else
// stands in it; then how often the text says it. A spelling of our own counts half; what only sounds like it less than a title that says
// it. With titles, each needle must stand in the title, or sound like it; how often the text says it counts all the same where list has
// that, too.
func (q Query) answers(h *head, list func(key uint64) []byte, titles bool, mark string) (out []answer, err error) {
	n := len(h.docs)
	found := make([]inPart, len(q.Needles))
	order := make([]int, len(q.Needles))
	for i, needle := range q.Needles {
		if found[i] = needle.in(list, titles); found[i].size == 0 {
			return nil, nil // most parts hold no rare word
		}
		order[i] = i
	}
	// the needle that fewest may hold comes first, so that of the others little has to be read
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(found[a].size, found[b].size) })
	w := scratches.Get().(*scratch)
	defer scratches.Put(w)
	left, held := zeroed(&w.left, n), zeroed(&w.held, n)
	zeroed(&w.unsure, n)
	for i := range q.Needles {
		zeroed(&w.best[i], n)
	}
	if mark == "" {
		for i := range left {
			left[i] = true
		}
	} else {
		r := read(list(markKey(mark)), n)
		for r.next() {
			left[r.doc] = true
		}
		if r.err != nil {
			return nil, r.err
		}
	}
	narrow := func(only func(in inPart) inPart) (any bool, err error) {
		for _, i := range order {
			clear(held)
			if err := q.Needles[i].count(w, i, only(found[i]), h, titles); err != nil {
				return false, err
			}
			any = false
			for d := range left {
				left[d] = left[d] && held[d]
				any = any || left[d]
			}
			if !any {
				return false, nil
			}
		}
		return true, nil
	}
	if titles { // few do: of the others it need not be counted how often their texts say it
		if any, err := narrow(inPart.inTitles); err != nil || !any {
			return nil, err
		}
	}
	if any, err := narrow(func(in inPart) inPart { return in }); err != nil || !any {
		return nil, err
	}
	some := 0
	for _, is := range left {
		if is {
			some++
		}
	}
	out = make([]answer, 0, some)
	for d := n - 1; d >= 0; d-- {
		if !left[d] {
			continue
		}
		sum := 0.0
		for i := range q.Needles { // in one order, whichever came first: else the sums would differ from part to part
			sum += w.best[i][d]
		}
		out = append(out, answer{h.docs[d], h.stamps[d], sum, w.unsure[d]})
	}
	return out, nil
}

// scratch is the memory in which a part is looked into, used again for the next one. All but the last line is by document: whether it is
// left, whether it holds the needle that is counted, which needles only a sound speaks for, and how well it answers each.
type scratch struct {
	left, held    []bool
	unsure        []uint8
	best          [maxNeedles][]float64
	now, was      stands
	places        []int32
	times, titles []tally
}

var scratches = sync.Pool{New: func() any { return new(scratch) }}

// zeroed makes a list n long, all of it zero.
func zeroed[T any](list *[]T, n int) []T {
	*list = slices.Grow((*list)[:0], n)[:n]
	clear(*list)
	return *list
}

// inPart is what a part has of a needle: of each phrase the entries of its tokens, in texts and in titles, and those of its sound.
type inPart struct {
	texts, titles [][][]byte
	sounds        [][]byte
	size          int // about how much there is to read; nothing when no document can hold the needle
}

// inTitles is what titles have of it.
func (in inPart) inTitles() inPart {
	in.texts = make([][][]byte, len(in.texts))
	return in
}

func (n Needle) in(list func(key uint64) []byte, titles bool) (out inPart) {
	entries := func(p []place, mark uint64) (lists [][]byte, least int) {
		lists = make([][]byte, len(p))
		for i, t := range p {
			if lists[i] = list(t.key | mark); i == 0 || len(lists[i]) < least {
				least = len(lists[i])
			}
			if least == 0 {
				return nil, 0
			}
		}
		return lists, least
	}
	for _, p := range n.phrases {
		text, a := entries(p, 0)
		title, b := entries(p, inTitleKey)
		out.texts, out.titles = append(out.texts, text), append(out.titles, title)
		if out.size += b; !titles {
			out.size += a
		}
	}
	for _, k := range n.soundKeys(titles) {
		out.sounds = append(out.sounds, list(k))
		out.size += len(list(k))
	}
	return out
}

// count tells of the documents that are left which hold a needle, by its place in the query, and how well they do.
func (n Needle) count(w *scratch, needle int, in inPart, h *head, titles bool) (err error) {
	left, held, unsure, best, bit := w.left, w.held, w.unsure, w.best[needle], uint8(1)<<needle
	for i, p := range n.phrases {
		if w.times, err = w.tallies(w.times[:0], in.texts[i], p); err != nil {
			return err
		}
		if w.titles, err = w.tallies(w.titles[:0], in.titles[i], p); err != nil {
			return err
		}
		times, inTitle := w.times, w.titles
		for len(times) > 0 || len(inTitle) > 0 {
			d, f := int32(len(left)), 0.0
			if len(times) > 0 {
				d = times[0].doc
			}
			if len(inTitle) > 0 {
				d = min(d, inTitle[0].doc)
			}
			if len(times) > 0 && times[0].doc == d {
				f = math.Log2(1 + float64(times[0].n))
				held[d] = held[d] || !titles
				times = times[1:]
			}
			if len(inTitle) > 0 && inTitle[0].doc == d {
				f += 10 + 10*float64(len(n.Spellings[i]))/float64(h.titles[d])
				held[d] = true
				inTitle = inTitle[1:]
			}
			if i > 0 {
				f /= 2
			}
			best[d] = max(best[d], f)
		}
	}
	_, exact := soundToken(n.sound)
	for _, list := range in.sounds {
		r := read(list, len(left))
		for r.next() {
			switch d := r.doc; {
			case exact:
				held[d], best[d] = true, max(best[d], heardRank)
			case !held[d] && left[d]:
				held[d], unsure[d], best[d] = true, unsure[d]|bit, max(best[d], heardRank)
			}
		}
		if r.err != nil {
			return r.err
		}
	}
	return nil
}

// heardRank is what a needle counts that is found by its sound.
const heardRank = 5

// tally is how often something stands in a document.
type tally struct {
	doc int32
	n   int
}

// tallies adds to a list how often a phrase stands in each document that is left: where each token does, at its distance from the first. Of the
// token that stands in fewest documents it is read first, so that of the others little has to be.
func (w *scratch) tallies(out []tally, lists [][]byte, p []place) ([]tally, error) {
	if len(lists) == 0 {
		return out, nil
	}
	if len(p) == 1 {
		r := read(lists[0], len(w.left))
		for r.next() {
			if w.left[r.doc] {
				out = append(out, tally{r.doc, r.n})
			}
		}
		return out, r.err
	}
	order := make([]int, len(p))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(len(lists[a]), len(lists[b])) })
	now, was := w.now.empty(), w.was
	defer func() { w.now, w.was = now, was }()
	for step, i := range order {
		r, less := read(lists[i], len(w.left)), p[i].at-p[0].at
		now, was = was.empty(), now
		for k := 0; r.next(); {
			if step == 0 {
				if w.left[r.doc] {
					now.at = r.places(now.at, less)
					now.docs, now.ends = append(now.docs, r.doc), append(now.ends, len(now.at))
				}
				continue
			}
			for k < len(was.docs) && was.docs[k] < r.doc {
				k++
			}
			if k == len(was.docs) {
				break
			}
			if was.docs[k] != r.doc {
				continue
			}
			before := was.of(k)
			w.places = r.places(w.places[:0], less)
			for here := w.places; len(before) > 0 && len(here) > 0; {
				switch a, b := before[0], here[0]; {
				case a < b:
					before = before[1:]
				case a > b:
					here = here[1:]
				default:
					now.at = append(now.at, a)
					before, here = before[1:], here[1:]
				}
			}
			if len(now.at) > now.end() {
				now.docs, now.ends = append(now.docs, r.doc), append(now.ends, len(now.at))
			}
		}
		if r.err != nil {
			return out, r.err
		}
		if len(now.docs) == 0 {
			return out, nil
		}
	}
	for k, d := range now.docs {
		out = append(out, tally{d, len(now.of(k))})
	}
	return out, nil
}

// stands are documents with the places of a token, those of all in one list.
type stands struct {
	docs []int32
	ends []int
	at   []int32
}

func (s *stands) end() int {
	if len(s.ends) == 0 {
		return 0
	}
	return s.ends[len(s.ends)-1]
}

func (s *stands) of(k int) []int32 {
	if k == 0 {
		return s.at[:s.ends[0]]
	}
	return s.at[s.ends[k-1]:s.ends[k]]
}

// empty are none, in the memory of these.
func (s *stands) empty() stands { return stands{s.docs[:0], s.ends[:0], s.at[:0]} }
