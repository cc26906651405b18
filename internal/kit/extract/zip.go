package extract

import (
	"cmp"
	"compress/flate"
	"encoding/binary"
	"errors"
	"hash"
	"hash/crc32"
	"io"
	"path"
	"slices"
	"strings"

	"xinhuo/internal/kit/errs"
)

// archive is a zip of which only parts with known names are read. The standard library's reader makes an entry for
// whatever the directory lists before anything can be refused: a million of them cost 300 MB.
type archive struct {
	w     *work
	parts map[string]*part // by name as lower case, with slashes
	left  int64            // bytes that may still be unfolded
	flate io.ReadCloser    // used again and again: parts are read one after the other
}

// part is one entry as the directory lists it; size is what it claims, and is compared after reading.
type part struct {
	name         string
	method       uint16
	crc          uint32
	packed, size int64
	from, at     int64 // where its own head begins, and its data
}

var order = binary.LittleEndian

const (
	endLength    = 22
	entryLength  = 46
	localLength  = 30
	maxDirectory = 8 << 20
)

// openZip reads the directory and checks that it is what a well-meaning program writes.
func (w *work) openZip() (*archive, error) {
	dir, start, err := w.directory()
	if err != nil {
		return nil, err
	}
	a := &archive{w: w, parts: map[string]*part{}, left: w.lim.Total}
	var all []*part
	for len(dir) > 0 {
		if len(dir) < entryLength || order.Uint32(dir) != 0x02014b50 {
			return nil, damaged(errors.New("zip: directory ends early"))
		}
		if len(all) >= w.lim.Parts {
			return nil, errs.New(errs.TooLarge, "extract.too_many_parts", "Limit", w.lim.Parts)
		}
		nameLen, extraLen, commentLen := int(order.Uint16(dir[28:])), int(order.Uint16(dir[30:])), int(order.Uint16(dir[32:]))
		if len(dir) < entryLength+nameLen+extraLen+commentLen {
			return nil, damaged(errors.New("zip: entry ends early"))
		}
		if order.Uint16(dir[8:])&1 != 0 {
			return nil, errs.New(errs.Unsupported, "extract.locked")
		}
		p := &part{
			name:   strings.ToLower(strings.TrimPrefix(strings.ReplaceAll(string(dir[entryLength:entryLength+nameLen]), `\`, "/"), "/")),
			method: order.Uint16(dir[10:]), crc: order.Uint32(dir[16:]), packed: int64(order.Uint32(dir[20:])), size: int64(order.Uint32(dir[24:])),
		}
		p.from = int64(order.Uint32(dir[42:]))
		if p.at, err = w.local(p.from, start); err != nil {
			return nil, err
		}
		if p.at+p.packed > start {
			return nil, damaged(errors.New("zip: part reaches into the directory"))
		}
		if a.parts[p.name] != nil {
			return nil, tricky("zip: a name stands twice")
		}
		a.parts[p.name] = p
		all = append(all, p)
		dir = dir[entryLength+nameLen+extraLen+commentLen:]
	}
	slices.SortFunc(all, func(x, y *part) int { return cmp.Compare(x.from, y.from) })
	for i := 1; i < len(all); i++ {
		if all[i-1].at+all[i-1].packed > all[i].from {
			return nil, tricky("zip: parts overlap")
		}
	}
	return a, nil
}

// directory finds the list of parts at the end of the file.
func (w *work) directory() (dir []byte, start int64, err error) {
	tail := make([]byte, min(w.src.size, endLength+65_535))
	if _, err := w.src.ReadAt(tail, w.src.size-int64(len(tail))); err != nil && !errors.Is(err, io.EOF) {
		return nil, 0, err
	}
	for i := len(tail) - endLength; i >= 0; i-- {
		end := tail[i:]
		if order.Uint32(end) != 0x06054b50 || int(order.Uint16(end[20:])) > len(end)-endLength {
			continue
		}
		length, start := int64(order.Uint32(end[12:])), int64(order.Uint32(end[16:]))
		if int(order.Uint16(end[10:])) > w.lim.Parts || length > maxDirectory {
			return nil, 0, errs.New(errs.TooLarge, "extract.too_many_parts", "Limit", w.lim.Parts)
		}
		if start+length > w.src.size-int64(len(end)) {
			return nil, 0, damaged(errors.New("zip: no directory where it should be"))
		}
		dir = make([]byte, length)
		if _, err := io.ReadFull(io.NewSectionReader(w.src, start, length), dir); err != nil {
			return nil, 0, damaged(err)
		}
		return dir, start, nil
	}
	return nil, 0, damaged(errors.New("zip: no end"))
}

// local gives where the data of an entry begins.
func (w *work) local(at, directory int64) (int64, error) {
	var head [localLength]byte
	if at+localLength > directory {
		return 0, damaged(errors.New("zip: part outside the file"))
	}
	if _, err := w.src.ReadAt(head[:], at); err != nil {
		return 0, damaged(err)
	}
	if order.Uint32(head[:]) != 0x04034b50 {
		return 0, damaged(errors.New("zip: no part where it should be"))
	}
	return at + localLength + int64(order.Uint16(head[26:])) + int64(order.Uint16(head[28:])), nil
}

// has tells whether a part is there.
func (a *archive) has(name string) bool { return a.parts[strings.ToLower(name)] != nil }

// names are the names of all parts, as lower case, sorted.
func (a *archive) names() []string {
	names := make([]string, 0, len(a.parts))
	for n := range a.parts {
		names = append(names, n)
	}
	slices.Sort(names)
	return names
}

// open unfolds a part while it is read; nil when it is not there. The part opened before is then at its end.
func (a *archive) open(name string) (io.Reader, error) {
	p := a.parts[strings.ToLower(name)]
	if p == nil {
		return nil, nil
	}
	u := &unfolding{a: a, p: p, sum: crc32.NewIEEE()}
	section := io.NewSectionReader(a.w.src, p.at, p.packed)
	switch p.method {
	case 0:
		u.r = section
	case 8:
		if a.flate == nil {
			a.flate = flate.NewReader(section)
		} else if err := a.flate.(flate.Resetter).Reset(section, nil); err != nil {
			return nil, err
		}
		u.r = a.flate
	default:
		return nil, damaged(errors.New("zip: unknown way of packing"))
	}
	return u, nil
}

// unfolding counts what comes out of a part, and compares at its end.
type unfolding struct {
	a   *archive
	p   *part
	r   io.Reader
	sum hash.Hash32
	n   int64
}

func (u *unfolding) Read(b []byte) (int, error) {
	n, err := u.r.Read(b)
	u.n += int64(n)
	u.a.left -= int64(n)
	if u.n > u.a.w.lim.Part || u.a.left < 0 {
		return 0, errs.New(errs.TooLarge, "extract.unfolds", "Limit", min(u.a.w.lim.Part, u.a.w.lim.Total)>>20)
	}
	u.sum.Write(b[:n])
	if errors.Is(err, io.EOF) && (u.sum.Sum32() != u.p.crc || u.n != u.p.size) {
		return n, damaged(errors.New("zip: part is not what the directory says"))
	}
	return n, err
}

// readZip tells apart the formats that are zips.
func (w *work) readZip() error {
	a, err := w.openZip()
	if err != nil {
		return err
	}
	main, err := a.main()
	if err != nil {
		return err
	}
	known := []struct {
		format Format
		part   string
		read   func(a *archive, main string) error
	}{
		{DOCX, "word/document.xml", w.readDOCX},
		{XLSX, "xl/workbook.xml", w.readXLSX},
		{PPTX, "ppt/presentation.xml", w.readPPTX},
		{OFD, "ofd.xml", w.readOFD},
	}
	found := -1
	for i, k := range known {
		// Some programs number the main part: word/document2.xml.
		named := path.Dir(main) == path.Dir(k.part) && main != "" && a.has(main) && k.format != OFD
		if !a.has(k.part) && !named {
			continue
		}
		if found >= 0 {
			return tricky("zip: two documents in one")
		}
		found = i
		if !named {
			main = k.part
		}
	}
	if found < 0 {
		for _, n := range []string{"content.xml", "meta.xml"} {
			if a.has("mimetype") && a.has(n) {
				return saveAs("ODF", DOCX)
			}
		}
		return unknown()
	}
	w.doc.Format = known[found].format
	if err := w.readMarks(a); err != nil {
		return err
	}
	return readable(known[found].read(a, main))
}
