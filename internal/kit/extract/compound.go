package extract

import (
	"errors"
	"io"
	"strings"
	"unicode/utf16"
)

// compound is a compound file, the container of Word 97. It is read by hand: the library that excelize uses reserves what
// the head of a file asks for, up to gigabytes, and keeps the whole way to each entry, which grows with the square.
type compound struct {
	w       *work
	sector  int64
	fat     []uint32
	minifat []uint32
	mini    []byte // the stream that holds the small streams
	entries []entry
}

// entry is a stream or a storage; root tells those that stand at the top, not within an embedded document.
type entry struct {
	name  string
	kind  byte
	start uint32
	size  int64
	root  bool

	left, right, child uint32
}

const (
	compoundMark = "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"
	lastSector   = 0xFFFFFFFA // larger numbers are marks
	maxEntries   = 20_000
)

var errCompound = errors.New("compound file: chain leads nowhere")

func (w *work) openCompound() (*compound, error) {
	head := make([]byte, 512)
	if n, _ := w.src.ReadAt(head, 0); n < len(head) {
		return nil, damaged(io.ErrUnexpectedEOF)
	}
	shift := order.Uint16(head[30:])
	if shift != 9 && shift != 12 {
		return nil, damaged(errors.New("compound file: sector size"))
	}
	c := &compound{w: w, sector: 1 << shift}
	// No table can have more sectors than the file has.
	most := int(w.src.size/c.sector) + 1
	var tables []uint32
	for i := 76; i < 512; i += 4 {
		tables = append(tables, order.Uint32(head[i:]))
	}
	at := order.Uint32(head[68:])
	for n := 0; at <= lastSector; n++ {
		s, err := c.read(at)
		if err != nil || n > most {
			return nil, damaged(errCompound)
		}
		for i := 0; i < len(s)-4; i += 4 {
			tables = append(tables, order.Uint32(s[i:]))
		}
		at = order.Uint32(s[len(s)-4:])
	}
	n := 0
	for _, t := range tables {
		if t > lastSector {
			continue
		}
		s, err := c.read(t)
		if n++; err != nil || n > most {
			return nil, damaged(errCompound)
		}
		c.fat = append(c.fat, numbers(s)...)
	}
	dir, err := c.chain(order.Uint32(head[48:]), maxEntries*128)
	if err != nil {
		return nil, damaged(err)
	}
	for ; len(dir) >= 128; dir = dir[128:] {
		c.entries = append(c.entries, dirEntry(dir, shift == 9))
	}
	if len(c.entries) == 0 {
		return nil, damaged(errCompound)
	}
	c.top()
	if small := order.Uint32(head[60:]); small <= lastSector {
		table, err := c.chain(small, w.src.size)
		if err != nil {
			return nil, damaged(err)
		}
		c.minifat = numbers(table)
		if c.mini, err = c.chain(c.entries[0].start, min(c.entries[0].size, w.src.size)); err != nil {
			return nil, damaged(err)
		}
	}
	return c, nil
}

func numbers(b []byte) []uint32 {
	out := make([]uint32, len(b)/4)
	for i := range out {
		out[i] = order.Uint32(b[4*i:])
	}
	return out
}

func dirEntry(b []byte, short bool) entry {
	n := min(max(int(order.Uint16(b[64:]))/2-1, 0), 31)
	name := make([]uint16, n)
	for i := range name {
		name[i] = order.Uint16(b[2*i:])
	}
	e := entry{name: string(utf16.Decode(name)), kind: b[66], left: order.Uint32(b[68:]), right: order.Uint32(b[72:]), child: order.Uint32(b[76:]),
		start: order.Uint32(b[116:]), size: int64(order.Uint64(b[120:]))}
	if short {
		e.size = int64(order.Uint32(b[120:]))
	}
	e.size = max(e.size, 0)
	return e
}

// top marks the entries that hang directly below the root.
func (c *compound) top() {
	todo := []uint32{c.entries[0].child}
	for len(todo) > 0 {
		i := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		if int64(i) >= int64(len(c.entries)) || c.entries[i].root {
			continue
		}
		c.entries[i].root = true
		todo = append(todo, c.entries[i].left, c.entries[i].right)
	}
}

// read reads one sector; the last of a file may be short.
func (c *compound) read(n uint32) ([]byte, error) {
	b := make([]byte, c.sector)
	got, err := c.w.src.ReadAt(b, (int64(n)+1)*c.sector)
	if got == 0 {
		return nil, errors.Join(errCompound, err)
	}
	return b, nil
}

// chain reads the sectors that hang together from start, at most limit bytes. A chain longer than the file goes round.
func (c *compound) chain(start uint32, limit int64) ([]byte, error) {
	var out []byte
	for at := start; at <= lastSector && int64(len(out)) < limit; {
		s, err := c.read(at)
		if err != nil || int64(at) >= int64(len(c.fat)) || int64(len(out)) > c.w.src.size {
			return nil, errCompound
		}
		out = append(out, s...)
		at = c.fat[at]
	}
	return out[:min(int64(len(out)), limit)], nil
}

// stream is a stream of the document itself by its name; nil when it is not there.
func (c *compound) stream(name string) ([]byte, error) {
	for _, e := range c.entries {
		if !e.root || e.kind != 2 || !strings.EqualFold(e.name, name) {
			continue
		}
		if e.size >= 4096 {
			return c.chain(e.start, e.size)
		}
		var out []byte
		for at := e.start; at <= lastSector && int64(len(out)) < e.size; {
			from := int64(at) * 64
			if from+64 > int64(len(c.mini)) || int64(at) >= int64(len(c.minifat)) {
				return nil, errCompound
			}
			out = append(out, c.mini[from:from+64]...)
			at = c.minifat[at]
		}
		return out[:min(int64(len(out)), e.size)], nil
	}
	return nil, nil
}

// has tells whether the document itself has a stream or storage of a name.
func (c *compound) has(name string) bool {
	for _, e := range c.entries {
		if e.root && e.name == name {
			return true
		}
	}
	return false
}
