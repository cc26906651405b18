package search

import (
	"cmp"
	"encoding/binary"
	"errors"
	"slices"

	"xinhuo/internal/kit/id"
)

// A part of an index holds some documents and, for each token, in which of them it stands and where. It is written once and read until
// several are merged into one. Its tokens stand in their order, those of a single text as entries, all others in pages.
type part struct {
	head
	words []entry
	pages [][]byte
}

// head tells of the documents of a part, in the order of their ids; a place in these lists is a document's number in the part.
type head struct {
	docs   []id.ID
	stamps []id.ID  // of the text that was taken apart; one that was changed since has another
	titles []uint32 // how many bytes the title has
	firsts []uint64 // the first key of each page
}

// entry is where a token stands: for each document the difference of its number, how often, and the differences of the places.
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

// takeApart makes the part of one text.
func (r ready) takeApart() part {
	list := placesOf(r.title, inTitleKey, make([]place, 0, (len(r.title)+len(r.body))/3))
	for _, t := range soundTokens(r.sounds) {
		list = append(list, place{keyOf(t, "") | inTitleKey, 0})
	}
	if r.mark != "" {
		list = append(list, place{keyOf(markToken(r.mark), "") | inTitleKey, 0})
	}
	list = placesOf(r.body, 0, list)
	slices.SortFunc(list, func(a, b place) int {
		if a.key != b.key {
			return cmp.Compare(a.key, b.key)
		}
		return cmp.Compare(a.at, b.at)
	})
	p := part{head: head{docs: []id.ID{r.doc}, stamps: []id.ID{r.stamp}, titles: []uint32{uint32(len(r.title))}}}
	buf := make([]byte, 0, 3*len(list))
	for len(list) > 0 {
		n := 1
		for n < len(list) && list[n].key == list[0].key {
			n++
		}
		from := len(buf)
		buf = binary.AppendUvarint(buf, 1<<1|uint64(min(n-1, 1)))
		if n > 1 {
			buf = binary.AppendUvarint(buf, uint64(n))
		}
		last := uint32(0)
		for _, w := range list[:n] {
			buf = binary.AppendUvarint(buf, uint64(w.at-last))
			last = w.at
		}
		p.words = append(p.words, entry{list[0].key, buf[from:len(buf):len(buf)]})
		list = list[n:]
	}
	return p
}

// standing is one document of an entry: its number in the part and what follows, as it is written.
type standing struct {
	doc  int32
	n    int // how often
	body []byte
}

var errBroken = errors.New("search: a page of the index cannot be read")

// places are where the token stands in the document.
func (s standing) places(do func(at uint32)) {
	last := uint32(0)
	for b := s.body; len(b) > 0; {
		d, k := binary.Uvarint(b)
		if k <= 0 {
			return
		}
		last += uint32(d)
		do(last)
		b = b[k:]
	}
}

// each goes through the documents of an entry, of a part that has most of them.
func each(list []byte, most int, do func(s standing)) error {
	doc := int32(-1)
	for len(list) > 0 {
		head, k := binary.Uvarint(list)
		if k <= 0 || head < 2 {
			return errBroken
		}
		list = list[k:]
		n := uint64(1)
		if head&1 == 1 {
			if n, k = binary.Uvarint(list); k <= 0 {
				return errBroken
			}
			list = list[k:]
		}
		size := 0
		for left := n; left > 0; size++ {
			if size == len(list) {
				return errBroken
			}
			if list[size] < 0x80 {
				left--
			}
		}
		if head>>1 > uint64(most) || int(doc)+int(head>>1) >= most {
			return errBroken
		}
		doc += int32(head >> 1)
		do(standing{doc, int(n), list[:size]})
		list = list[size:]
	}
	return nil
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
			if err := each(at[i].list, len(numbers[i]), func(s standing) {
				if numbers[i][s.doc] >= 0 {
					s.doc = numbers[i][s.doc]
					got = append(got, s)
				}
			}); err != nil {
				return part{}, err
			}
			if err := at[i].next(); err != nil {
				return part{}, err
			}
		}
		byDoc := func(a, b standing) int { return cmp.Compare(a.doc, b.doc) }
		if !slices.IsSortedFunc(got, byDoc) {
			slices.SortFunc(got, byDoc)
		}
		last := int32(-1)
		for _, s := range got {
			buf = binary.AppendUvarint(buf, uint64(s.doc-last)<<1|uint64(min(s.n-1, 1)))
			if s.n > 1 {
				buf = binary.AppendUvarint(buf, uint64(s.n))
			}
			buf, last = append(buf, s.body...), s.doc
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
		switch {
		case c.page == 0 && len(c.part.words) > 0:
			c.words = c.part.words
		case c.page < len(c.pages):
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

// together makes one part of many, a few at a time, so that of each token few have to be compared.
func together(parts []part) (part, error) {
	const few = 25
	for {
		var next []part
		for some := range slices.Chunk(parts, few) {
			p, err := merged(some, func(id.ID) bool { return true })
			if err != nil {
				return p, err
			}
			next = append(next, p)
		}
		if parts = next; len(parts) == 1 {
			return parts[0], nil
		}
	}
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
