package library

import (
	"bytes"
	"context"
	"errors"
	"io"
	"slices"
	"sync"

	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/extract"
	"xinhuo/internal/kit/scope"
)

const (
	pageWidth     = 900 // pixels of a page's picture
	pagesForGuest = 5   // pages that a visitor sees; whoever has an account sees all (L19)
	pagesAtOnce   = 5   // pages of which one page of ours shows pictures
)

// SetPDF gives what reads PDFs and draws their pages.
func (s *Service) SetPDF(p PDF) { s.pdf = p }

func unavailable(err error) bool {
	var e *errs.Error
	return errors.As(err, &e) && e.Key == "pdf.unavailable"
}

// drawable tells how many pages of a document can be shown as pictures.
func (s *Service) drawable(v Document) int {
	if s.pdf == nil || v.File.Kind != string(extract.PDF) {
		return 0
	}
	return v.Pages
}

// Page is the picture of a page of a document that the reader sees, the first being 1. NotFound beyond its last page, and for
// visitors beyond pagesForGuest.
func (s *Service) Page(ctx context.Context, no int64, page int) (image []byte, mime string, err error) {
	defer errs.Wrapf(&err, "library.Page %d %d", no, page)
	_, v, _, err := s.Number(ctx, no)
	if err != nil {
		return nil, "", err
	}
	if page < 1 || page > s.drawable(v) || page > pagesForGuest && !scope.From(ctx).SignedIn() {
		return nil, "", errs.New(errs.NotFound, "library.not_here")
	}
	if d, ok := s.drawn.find(v.File.Hash, page); ok {
		return d.image, d.mime, nil
	}
	f, err := s.blobs.Get(ctx, v.File.Hash)
	if err != nil {
		return nil, "", err
	}
	defer f.Close()
	at, ok := f.(io.ReaderAt)
	if !ok { // a store that is not on this disk
		data, err := io.ReadAll(f)
		if err != nil {
			return nil, "", err
		}
		at = bytes.NewReader(data)
	}
	if image, mime, err = s.pdf.Page(ctx, at, v.File.Size, page, pageWidth); err == nil {
		s.drawn.keep(drawing{v.File.Hash, page, image, mime})
	}
	return image, mime, err
}

// drawings keep the pictures that were drawn last, up to a number of bytes. The zero value is ready.
type drawings struct {
	mu    sync.Mutex
	list  []drawing // the one asked for last at the end
	bytes int
}

type drawing struct {
	hash  string
	page  int
	image []byte
	mime  string
}

const mostDrawn = 16 << 20 // bytes

func (d *drawings) find(hash string, page int) (drawing, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	i := slices.IndexFunc(d.list, func(x drawing) bool { return x.hash == hash && x.page == page })
	if i < 0 {
		return drawing{}, false
	}
	x := d.list[i]
	d.list = append(slices.Delete(d.list, i, i+1), x)
	return x, true
}

func (d *drawings) keep(x drawing) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if slices.ContainsFunc(d.list, func(y drawing) bool { return y.hash == x.hash && y.page == x.page }) {
		return
	}
	d.list, d.bytes = append(d.list, x), d.bytes+len(x.image)
	for d.bytes > mostDrawn {
		d.bytes -= len(d.list[0].image)
		d.list = d.list[1:]
	}
}
