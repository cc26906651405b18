package extract

import (
	"bytes"
	"compress/zlib"
	"encoding/hex"
	"io"

	"xinhuo/internal/kit/errs"
)

// readPDF recognises a PDF and marks what it brings along. Its pages and its text are not read here: Pages is 0, Blocks are
// none. kit/pdf reads them, in a process of its own. Whether an encrypted PDF opens without a password is not known here either.
//
// A mark that is there is true; one that is missing proves nothing, since names may stand in streams packed in other ways.
func (w *work) readPDF() error {
	tail := make([]byte, min(w.src.size, 4096))
	if _, err := io.ReadFull(io.NewSectionReader(w.src, w.src.size-int64(len(tail)), int64(len(tail))), tail); err != nil {
		return damaged(err)
	}
	if !bytes.Contains(tail, []byte("%%EOF")) {
		return damaged(io.ErrUnexpectedEOF)
	}
	p := &pdfNames{w: w, left: w.lim.Total}
	return p.scan(io.NewSectionReader(w.src, 0, w.src.size), true)
}

// pdfNames looks for names of a PDF, in the file itself and in the streams that hold its objects.
type pdfNames struct {
	w    *work
	left int64 // bytes that may still be unfolded
	done int64 // up to where streams have been unfolded
}

const (
	pdfWindow = 256 << 10
	pdfNear   = 1024 // from the name of a stream's kind to its data
)

// scan reads window by window, each with the end of the one before.
func (p *pdfNames) scan(r io.Reader, file bool) error {
	buf, kept := make([]byte, pdfWindow), 0
	for at := int64(0); ; {
		n, err := io.ReadFull(r, buf[kept:])
		seen := buf[:kept+n]
		p.marks(seen)
		if file {
			if err := p.objects(seen, at-int64(kept)); err != nil {
				return err
			}
		}
		if err != nil || p.w.ctx.Err() != nil {
			return p.w.ctx.Err() // a stream that is damaged holds no more names
		}
		at += int64(n)
		kept = copy(buf, seen[len(seen)-pdfNear:])
	}
}

// marks finds the names that matter; in a name, any character may be written as its number.
func (p *pdfNames) marks(b []byte) {
	if bytes.IndexByte(b, '#') >= 0 {
		b = plainNames(b)
	}
	for _, m := range []struct {
		name string
		mark Mark
	}{{"/JavaScript", Scripts}, {"/Launch", Scripts}, {"/EmbeddedFile", Embedded}, {"/RichMedia", Embedded}, {"/Encrypt", Encrypted}} {
		if bytes.Contains(b, []byte(m.name)) {
			p.w.doc.mark(m.mark)
		}
	}
}

func plainNames(b []byte) []byte {
	out := make([]byte, 0, len(b))
	for i := 0; i < len(b); i++ {
		var c [1]byte
		if b[i] == '#' && i+2 < len(b) {
			if _, err := hex.Decode(c[:], b[i+1:i+3]); err == nil {
				out = append(out, c[0])
				i += 2
				continue
			}
		}
		out = append(out, b[i])
	}
	return out
}

// objects unfolds the streams that hold objects and looks into them; from is where in the file b begins.
func (p *pdfNames) objects(b []byte, from int64) error {
	for i := 0; ; {
		n := bytes.Index(b[i:], []byte("/ObjStm"))
		if n < 0 {
			return nil
		}
		i += n + 1
		near := b[i:min(len(b), i+pdfNear)]
		s := bytes.Index(near, []byte("stream"))
		if s < 0 {
			continue
		}
		start := from + int64(i+s+len("stream"))
		if start <= p.done {
			continue
		}
		p.done = start
		if err := p.unfold(start); err != nil {
			return err
		}
	}
}

func (p *pdfNames) unfold(start int64) error {
	var nl [2]byte
	if n, _ := p.w.src.ReadAt(nl[:], start); n == 2 && nl == [2]byte{'\r', '\n'} {
		start += 2
	} else {
		start++
	}
	z, err := zlib.NewReader(io.NewSectionReader(p.w.src, start, p.w.src.size-start))
	if err != nil {
		return nil // packed in another way
	}
	defer z.Close()
	c := &io.LimitedReader{R: z, N: p.left + 1}
	if err := p.scan(c, false); err != nil {
		return err
	}
	if p.left = c.N - 1; p.left < 0 {
		return errs.New(errs.TooLarge, "extract.unfolds", "Limit", p.w.lim.Total>>20)
	}
	return nil
}
