package search

import (
	"cmp"
	"encoding/binary"
	"errors"
	"slices"

	"xinhuo/internal/kit/id"
)

// A part of an index holds some documents and, for each token, in which of them it stands and where. It is written once and read until
// several are merged into one. Its tokens stand in their order.
type part struct {
	head
	pages [][]byte
}

// head tells of the documents of a part, in the order of their ids; a place in these lists is a document's number in the part.
type head struct {
	docs   []id.ID
	stamps []id.ID  // of the text that was taken apart; one that was changed since has another
	titles []uint32 // how many bytes the title has
	firsts []uint64 // the first key of each page
}

// entry is where a token stands: for each document the difference of its number and the place; of several places how many they are, how many
// bytes they take, and their differences.
type entry struct {
	key  uint64
	list []byte
}

// place is one token of a text with where it stands, counted in units.
type place struct {
	key uint64
	at  uint32
}

// inTitleKey marks the keys of what stands in the title.
const inTitleKey = 1 << 61

// between is how far the first unit of a stretch is from the last of the one before: so far that tokens which overlap, or touch, never
// reach over.
const between = 2

// placesOf are the tokens of a folded text: pairs of neighbours and words. mark is inTitleKey or nothing.
func placesOf(folded string, mark uint64, out []place) []place {
	at := 0
	runs(folded, func(units []string) {
		for i, u := range units {
			if i > 0 {
				out = append(out, place{keyOf(units[i-1], u) | mark, uint32(at + i - 1)})
			}
			if isWord(u) {
				out = append(out, place{keyOf(u, "") | mark, uint32(at + i)})
			}
		}
		at += len(units) - 1 + between
	})
	return out
}

// phrase are the tokens by which a stretch is found, with how far each stands from the beginning: of its pairs every other and the last, which
// cover it without a gap.
func phrase(spelling string) (out []place) {
	at := 0
	runs(spelling, func(units []string) {
		last := len(units) - 2
		for i := 0; i <= last; i++ {
			if i%2 == 0 || i == last {
				out = append(out, place{keyOf(units[i], units[i+1]), uint32(at + i)})
			}
		}
		if len(units) == 1 && isWord(units[0]) {
			out = append(out, place{keyOf(units[0], ""), uint32(at)})
		}
		at += len(units) - 1 + between
	})
	return out
}

// places are the tokens of a text.
func (r ready) tokens() []place {
	list := placesOf(r.title, inTitleKey, make([]place, 0, (len(r.title)+len(r.body))/3))
	for _, t := range soundTokens(r.sounds) {
		list = append(list, place{keyOf(t, "") | inTitleKey, 0})
	}
	if r.mark != "" {
		list = append(list, place{markKey(r.mark), 0})
	}
	for _, n := range r.kin {
		list = append(list, place{kinKey(n), 0})
	}
	return placesOf(r.body, 0, list)
}

// partOf makes the part of some texts. Most tokens come again and again: each is numbered once, so that few have to be put in order.
func partOf(list []ready) part {
	list = slices.Clone(list)
	slices.SortFunc(list, func(a, b ready) int { return cmp.Or(cmp.Compare(a.doc, b.doc), cmp.Compare(a.stamp, b.stamp)) })
	out, all := part{}, 0
	for _, r := range list {
		out.docs, out.stamps, out.titles = append(out.docs, r.doc), append(out.stamps, r.stamp), append(out.titles, uint32(len(r.title)))
		all += len(r.places)
	}
	numbers, numbered := map[uint64]int32{}, make([]int32, 0, all)
	var keys []uint64
	var ends []int // of each key, where it ends among all places: at first how many it has
	for _, r := range list {
		for _, p := range r.places {
			n, ok := numbers[p.key]
			if !ok {
				n = int32(len(keys))
				numbers[p.key], keys, ends = n, append(keys, p.key), append(ends, 0)
			}
			numbered = append(numbered, n)
			ends[n]++
		}
	}
	order := make([]int32, len(keys))
	for n := range order {
		order[n] = int32(n)
	}
	slices.SortFunc(order, func(a, b int32) int { return cmp.Compare(keys[a], keys[b]) })
	begin := 0
	for _, n := range order {
		begin, ends[n] = begin+ends[n], begin
	}
	type stand struct {
		doc int32
		at  uint32
	}
	stands, next := make([]stand, all), 0
	for d, r := range list {
		for _, p := range r.places {
			n := numbered[next]
			stands[ends[n]] = stand{int32(d), p.at}
			ends[n]++
			next++
		}
	}
	var w pageWriter
	var buf, places []byte
	begin = 0
	for _, n := range order {
		buf = buf[:0]
		last := int32(-1)
		for of := stands[begin:ends[n]]; len(of) > 0; {
			k, at := 0, uint32(0)
			for places = places[:0]; k < len(of) && of[k].doc == of[0].doc; k++ {
				places = binary.AppendUvarint(places, uint64(of[k].at-at))
				at = of[k].at
			}
			buf, last = standing{of[0].doc, k, places}.write(buf, last), of[0].doc
			of = of[k:]
		}
		w.add(keys[n], buf)
		begin = ends[n]
	}
	out.pages, out.firsts = w.done()
	return out
}

// standing is one document of an entry: its number in the part and what follows, as it is written.
type standing struct {
	doc  int32
	n    int // how often
	body []byte
}

// write writes it behind the document last, -1 for none.
func (s standing) write(buf []byte, last int32) []byte {
	buf = binary.AppendUvarint(buf, uint64(s.doc-last)<<1|uint64(min(s.n-1, 1)))
	if s.n > 1 {
		buf = binary.AppendUvarint(buf, uint64(s.n))
		buf = binary.AppendUvarint(buf, uint64(len(s.body)))
	}
	return append(buf, s.body...)
}

var errBroken = errors.New("search: a page of the index cannot be read")

// places adds to a list where the token stands in the document, each less by some units.
func (s standing) places(out []int32, less uint32) []int32 {
	last := -less
	for b := s.body; len(b) > 0; {
		d, k := uvarint(b)
		if k <= 0 {
			return out
		}
		last += uint32(d)
		out = append(out, int32(last))
		b = b[k:]
	}
	return out
}

// uvarint is binary.Uvarint; most have one byte.
func uvarint(b []byte) (uint64, int) {
	if len(b) > 0 && b[0] < 0x80 {
		return uint64(b[0]), 1
	}
	return binary.Uvarint(b)
}

// reader goes through the documents of an entry, of a part that has most of them.
type reader struct {
	standing
	rest []byte
	most int
	err  error
}

func read(list []byte, most int) reader { return reader{standing{doc: -1}, list, most, nil} }

// next is the next document, which stands in the reader; at the end, or where the entry is broken, there is none.
func (r *reader) next() bool {
	if len(r.rest) == 0 {
		return false
	}
	head, k := uvarint(r.rest)
	if k <= 0 || head < 2 || head>>1 > uint64(r.most) || int(r.doc)+int(head>>1) >= r.most {
		return r.broken()
	}
	r.rest = r.rest[k:]
	n, size := uint64(1), uint64(0)
	if head&1 == 1 {
		if n, k = uvarint(r.rest); k <= 0 {
			return r.broken()
		}
		r.rest = r.rest[k:]
		if size, k = uvarint(r.rest); k <= 0 || size > uint64(len(r.rest)-k) || n > size {
			return r.broken()
		}
		r.rest = r.rest[k:]
	} else {
		if _, k = uvarint(r.rest); k <= 0 {
			return r.broken()
		}
		size = uint64(k)
	}
	r.standing = standing{r.doc + int32(head>>1), int(n), r.rest[:size]}
	r.rest = r.rest[size:]
	return true
}

func (r *reader) broken() bool {
	r.rest, r.err = nil, errBroken
	return false
}

// merged makes one part of several; of documents that are not alive any more nothing is kept.
func merged(parts []part, alive func(stamp id.ID) bool) (part, error) {
	parts = slices.Clone(parts)
	slices.SortStableFunc(parts, func(a, b part) int { return cmp.Compare(a.docs[0], b.docs[0]) }) // what is in order is read as it stands
	type from struct {
		part int
		doc  int32
	}
	var all []from
	for i, p := range parts {
		for n, stamp := range p.stamps {
			if alive(stamp) {
				all = append(all, from{i, int32(n)})
			}
		}
	}
	slices.SortFunc(all, func(a, b from) int {
		p, q := parts[a.part], parts[b.part]
		return cmp.Or(cmp.Compare(p.docs[a.doc], q.docs[b.doc]), cmp.Compare(p.stamps[a.doc], q.stamps[b.doc]))
	})
	out := part{}
	numbers := make([][]int32, len(parts))
	for i, p := range parts {
		numbers[i] = slices.Repeat([]int32{-1}, len(p.docs))
	}
	for n, f := range all {
		p := parts[f.part]
		numbers[f.part][f.doc] = int32(n)
		out.docs, out.stamps, out.titles = append(out.docs, p.docs[f.doc]), append(out.stamps, p.stamps[f.doc]), append(out.titles, p.titles[f.doc])
	}
	at := make([]cursor, len(parts))
	for i := range parts {
		at[i] = cursor{part: &parts[i]}
		if err := at[i].next(); err != nil {
			return part{}, err
		}
	}
	var w pageWriter
	var got []standing
	var buf []byte
	for {
		key := uint64(noKey)
		for i := range at {
			key = min(key, at[i].key)
		}
		if key == noKey {
			break
		}
		got, buf = got[:0], buf[:0]
		for i := range at {
			if at[i].key != key {
				continue
			}
			r := read(at[i].list, len(numbers[i]))
			for r.next() {
				if n := numbers[i][r.doc]; n >= 0 {
					got = append(got, standing{n, r.n, r.body})
				}
			}
			if err := cmp.Or(r.err, at[i].next()); err != nil {
				return part{}, err
			}
		}
		byDoc := func(a, b standing) int { return cmp.Compare(a.doc, b.doc) }
		if !slices.IsSortedFunc(got, byDoc) {
			slices.SortFunc(got, byDoc)
		}
		last := int32(-1)
		for _, s := range got {
			buf, last = s.write(buf, last), s.doc
		}
		if len(buf) > 0 {
			w.add(key, buf)
		}
	}
	out.pages, out.firsts = w.done()
	return out, nil
}

// noKey is behind every key.
const noKey = 1<<64 - 1

// cursor goes through the entries of a part; at the end its key is noKey.
type cursor struct {
	*part
	entry
	words []entry // of the page that is read
	at    int     // in words
	page  int     // the next
}

func (c *cursor) next() error {
	if c.at == len(c.words) {
		c.words, c.at = c.words[:0], 0
		if c.page < len(c.pages) {
			if err := entries(c.pages[c.page], c.firsts[c.page], func(e entry) bool {
				c.words = append(c.words, e)
				return true
			}); err != nil {
				return err
			}
		}
		c.page++
		if len(c.words) == 0 {
			c.entry = entry{key: noKey}
			return nil
		}
	}
	if before := c.entry; c.at > 0 && c.words[c.at].key <= before.key {
		return errBroken
	}
	c.entry = c.words[c.at]
	c.at++
	return nil
}

// pageSize is how many bytes a page has, unless one token alone has more: so many that PostgreSQL keeps it in its row.
const pageSize = 1_800

// pageWriter writes entries, in their order, into pages.
type pageWriter struct {
	pages  [][]byte
	firsts []uint64
	page   []byte
	last   uint64
}

func (w *pageWriter) add(key uint64, list []byte) {
	if len(w.page) > 0 && len(w.page)+len(list) > pageSize {
		w.flush()
	}
	if len(w.page) == 0 {
		w.firsts, w.last = append(w.firsts, key), key
	}
	w.page = binary.AppendUvarint(w.page, key-w.last)
	w.page = binary.AppendUvarint(w.page, uint64(len(list)))
	w.page, w.last = append(w.page, list...), key
}

func (w *pageWriter) flush() {
	w.pages, w.page = append(w.pages, slices.Clone(w.page)), w.page[:0]
}

func (w *pageWriter) done() (pages [][]byte, firsts []uint64) {
	if len(w.page) > 0 {
		w.flush()
	}
	return w.pages, w.firsts
}

// page is the number of the page on which a key would stand, -1 for none.
func (h *head) page(key uint64) int {
	i, here := slices.BinarySearch(h.firsts, key)
	if here {
		return i
	}
	return i - 1
}

// entries reads a page that begins with a key.
func entries(page []byte, key uint64, do func(e entry) (more bool)) error {
	for len(page) > 0 {
		d, k := binary.Uvarint(page)
		if k <= 0 {
			return errBroken
		}
		page = page[k:]
		n, k := binary.Uvarint(page)
		if k <= 0 || n > uint64(len(page)-k) {
			return errBroken
		}
		key += d
		if !do(entry{key, page[k : k+int(n)]}) {
			return nil
		}
		page = page[k+int(n):]
	}
	return nil
}

// bytes writes a head; readHead reads it.
func (h *head) bytes() []byte {
	b := binary.AppendUvarint(nil, uint64(len(h.docs)))
	var doc, stamp, key uint64
	for i := range h.docs {
		b = binary.AppendUvarint(b, uint64(h.docs[i])-doc)
		b = binary.AppendVarint(b, int64(uint64(h.stamps[i])-stamp))
		b = binary.AppendUvarint(b, uint64(h.titles[i]))
		doc, stamp = uint64(h.docs[i]), uint64(h.stamps[i])
	}
	for _, k := range h.firsts {
		b = binary.AppendUvarint(b, k-key)
		key = k
	}
	return b
}

func readHead(b []byte) (*head, error) {
	broken := false
	next := func() uint64 {
		v, k := binary.Uvarint(b)
		if k <= 0 {
			broken = true
			return 0
		}
		b = b[k:]
		return v
	}
	n := next()
	if n > uint64(len(b)) {
		return nil, errBroken
	}
	h := &head{docs: make([]id.ID, n), stamps: make([]id.ID, n), titles: make([]uint32, n)}
	var doc, stamp, key uint64
	for i := range h.docs {
		doc += next()
		d, k := binary.Varint(b)
		if k <= 0 {
			return nil, errBroken
		}
		b, stamp = b[k:], stamp+uint64(d)
		h.docs[i], h.stamps[i], h.titles[i] = id.ID(doc), id.ID(stamp), uint32(next())
	}
	for len(b) > 0 && !broken {
		key += next()
		h.firsts = append(h.firsts, key)
	}
	if broken || len(h.docs) == 0 {
		return nil, errBroken
	}
	return h, nil
}
