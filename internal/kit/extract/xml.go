package extract

import (
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"

	"golang.org/x/text/encoding/simplifiedchinese"

	"xinhuo/internal/kit/errs"
)

// xmlReader streams the tokens of a part and bounds them. Names are known by their local part alone: a prefix may be any.
type xmlReader struct {
	ctx   context.Context
	dec   *xml.Decoder
	src   *pieces
	open  []string // the elements around
	depth int
	left  *int // pieces that may still be read, of the whole document
}

// pieces hands out bytes and counts those of the token at hand: the decoder holds a token in memory, however long.
type pieces struct {
	r      io.Reader
	buf    []byte
	at, n  int
	count  int
	longer int
	err    error // ours, which the decoder may hide behind one of its own
}

func (p *pieces) fill() error {
	for p.at == p.n {
		n, err := p.r.Read(p.buf)
		p.at, p.n = 0, n
		if err != nil && (n == 0 || !errors.Is(err, io.EOF)) {
			if !errors.Is(err, io.EOF) {
				p.err = err
			}
			return err
		}
	}
	return nil
}

// ReadByte implements io.ByteReader, which the decoder asks for.
func (p *pieces) ReadByte() (byte, error) {
	if p.at == p.n {
		if err := p.fill(); err != nil {
			return 0, err
		}
	}
	if p.count++; p.count > p.longer {
		p.err = tricky("xml: a piece too long")
		return 0, p.err
	}
	b := p.buf[p.at]
	p.at++
	return b, nil
}

// Read implements io.Reader, for parts in another encoding.
func (p *pieces) Read(b []byte) (int, error) {
	if err := p.fill(); err != nil {
		return 0, err
	}
	n := copy(b, p.buf[p.at:p.n])
	p.at += n
	if p.count += n; p.count > p.longer {
		p.err = tricky("xml: a piece too long")
		return 0, p.err
	}
	return n, nil
}

func (w *work) xml(r io.Reader) *xmlReader {
	if w.window == nil {
		w.window = make([]byte, 16<<10)
	}
	src := &pieces{r: r, buf: w.window, longer: w.lim.Token}
	x := &xmlReader{ctx: w.ctx, dec: xml.NewDecoder(src), src: src, depth: w.lim.Depth, left: &w.pieces}
	x.dec.CharsetReader = func(name string, in io.Reader) (io.Reader, error) {
		switch strings.ToLower(name) {
		case "gb2312", "gbk", "gb18030":
			return simplifiedchinese.GB18030.NewDecoder().Reader(in), nil
		}
		return nil, fmt.Errorf("xml: encoding %q", name)
	}
	return x
}

// next is the next start, end or text; io.EOF at the end. Text is good until the next call.
func (x *xmlReader) next() (xml.Token, error) {
	for {
		if *x.left--; *x.left < 0 {
			return nil, errCut
		}
		if *x.left%1024 == 0 && x.ctx.Err() != nil {
			return nil, x.ctx.Err()
		}
		x.src.count = 0
		t, err := x.dec.RawToken()
		if x.src.err != nil {
			return nil, readable(x.src.err)
		}
		if err != nil {
			if errors.Is(err, io.EOF) && len(x.open) > 0 {
				return nil, damaged(io.ErrUnexpectedEOF)
			}
			if errors.Is(err, io.EOF) {
				return nil, io.EOF
			}
			return nil, readable(err)
		}
		switch t := t.(type) {
		case xml.StartElement:
			if x.open = append(x.open, t.Name.Local); len(x.open) > x.depth {
				return nil, tricky("xml: too deep")
			}
			return t, nil
		case xml.EndElement:
			if len(x.open) == 0 || x.open[len(x.open)-1] != t.Name.Local {
				return nil, damaged(errors.New("xml: ends do not match"))
			}
			x.open = x.open[:len(x.open)-1]
			return t, nil
		case xml.CharData:
			return t, nil
		case xml.Directive:
			return nil, errs.New(errs.Unsupported, "extract.entities")
		}
	}
}

// in is the name of the element in which a text stands.
func (x *xmlReader) in() string {
	if len(x.open) == 0 {
		return ""
	}
	return x.open[len(x.open)-1]
}

// parent is the name of the element around the one that has just begun.
func (x *xmlReader) parent() string {
	if len(x.open) < 2 {
		return ""
	}
	return x.open[len(x.open)-2]
}

// skip passes over the element that has just begun.
func (x *xmlReader) skip() error {
	for at := len(x.open); len(x.open) >= at; {
		if _, err := x.next(); err != nil {
			if errors.Is(err, io.EOF) {
				return damaged(io.ErrUnexpectedEOF)
			}
			return err
		}
	}
	return nil
}

// text is all text within the element that has just begun.
func (x *xmlReader) text() (string, error) {
	var s strings.Builder
	for at := len(x.open); len(x.open) >= at; {
		t, err := x.next()
		if err != nil {
			if errors.Is(err, io.EOF) {
				err = damaged(io.ErrUnexpectedEOF)
			}
			return "", err
		}
		if c, ok := t.(xml.CharData); ok {
			if s.Len()+len(c) > 1<<20 {
				return "", tricky("xml: a text too long")
			}
			s.Write(c)
		}
	}
	return s.String(), nil
}

// attr is an attribute by its local name; "" when it is not there.
func attr(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

// each calls fn with every start of a part; fn may read on from x. A part that is not there is empty.
func (w *work) each(a *archive, name string, fn func(x *xmlReader, e xml.StartElement) error) error {
	r, err := a.open(name)
	if r == nil || err != nil {
		return err
	}
	x := w.xml(r)
	for {
		t, err := x.next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if e, ok := t.(xml.StartElement); ok {
			if err := fn(x, e); err != nil {
				return err
			}
		}
	}
}
