package library

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"slices"
	"sync"
	"time"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/extract"
	"xinhuo/internal/kit/file"
	"xinhuo/internal/kit/scope"
)

const (
	pageWidth   = 900      // pixels of a page's picture
	mostPicture = 80 << 10 // bytes of a photo's picture
	pagesAtOnce = 5        // pages of which one page of ours shows pictures
	mostWaiting = 60       // documents that wait to become PDFs; the others are asked for again by whoever opens them
)

// GuestPages is how many pages a visitor sees where nothing else was set; whoever has an account sees all (L19).
const GuestPages = 5

// SetPDF gives what reads PDFs and draws their pages.
func (s *Service) SetPDF(p PDF) { s.pdf = p }

// SetOffice gives what turns office documents into PDFs; without it they are shown by their text alone.
func (s *Service) SetOffice(o Office) { s.office = o }

// SetGuestPages sets how many pages a visitor sees.
func (s *Service) SetGuestPages(n int) { s.guestPages = n }

func unavailable(err error) bool {
	var e *errs.Error
	return errors.As(err, &e) && (e.Key == "pdf.unavailable" || e.Key == "office.unavailable")
}

// sheets are the pages of a document that can be shown as pictures: of the PDF that it is, or that it became. A photo is one page.
type sheets struct {
	N      int
	Hash   string // of the PDF or the photo
	Size   int64
	Photo  bool
	Making bool // they are being made
}

// photoOf is the one page of a photo: the file is our own picture, without what the camera wrote into it.
func photoOf(v Document) (sheets, bool) {
	return sheets{N: 1, Hash: v.File.Hash, Size: v.File.Size, Photo: true}, v.File.Kind == string(extract.JPEG)
}

// againAfter is when what could not become a PDF is tried anew: the converter may have been mended meanwhile.
const againAfter = 24 * time.Hour

// sheetsOf tells which pages of a document can be shown. One that can become a PDF and has not begins to: when it is opened
// first, not when it is taken in, so that a folder of thousands does not convert what nobody reads.
func (s *Service) sheetsOf(ctx context.Context, root int64, v Document) (sheets, error) {
	all, tried, err := s.sheetsThere(ctx, root, v)
	if err == nil && !tried {
		all.Making = s.render(ctx, root, v.File.Hash, v.File.Kind)
	}
	return all, err
}

// sheetsThere are the pages of a document that can be shown as it stands; tried is false for one that can become a PDF and has not.
func (s *Service) sheetsThere(ctx context.Context, root int64, v Document) (all sheets, tried bool, err error) {
	if photo, is := photoOf(v); is {
		return photo, true, nil
	}
	switch {
	case s.pdf == nil:
		return all, true, nil
	case v.File.Kind == string(extract.PDF):
		return sheets{N: v.Pages, Hash: v.File.Hash, Size: v.File.Size}, true, nil
	case s.office == nil || !s.office.Converts(v.File.Kind):
		return all, true, nil
	}
	r, err := s.renditionOf(ctx, root, v.File.Hash)
	stale := err == nil && r.PDF == "" && clock.Now(ctx).Sub(time.UnixMilli(r.At)) > againAfter
	if errs.Is(err, errs.NotFound) || stale {
		return all, false, nil
	}
	return sheets{N: int(r.Pages), Hash: r.PDF, Size: r.Size}, true, err
}

// render lets an office document become a PDF beside what is done now; false when it cannot.
func (s *Service) render(ctx context.Context, root int64, hash, kind string) bool {
	if s.office == nil || s.pdf == nil || !s.office.Converts(kind) {
		return false
	}
	s.waiting.mu.Lock()
	defer s.waiting.mu.Unlock()
	if s.waiting.list == nil {
		s.waiting.list = map[string]bool{}
	}
	if s.waiting.list[hash] || len(s.waiting.list) >= mostWaiting {
		return true
	}
	s.waiting.list[hash] = true
	s.waiting.all.Add(1)
	now := clock.Now(ctx)
	// nothing of the request goes along, above all not its transaction
	ctx = scope.With(clock.With(context.Background(), func() time.Time { return now }), scope.System("library"))
	go func() {
		defer s.waiting.all.Done()
		if err := s.becomePDF(ctx, root, hash, kind); err != nil {
			slog.Error("library: pages", "err", err)
		}
		s.waiting.mu.Lock()
		defer s.waiting.mu.Unlock()
		delete(s.waiting.list, hash)
	}()
	return true
}

// waiting are the documents that become PDFs just now. The zero value is ready.
type waiting struct {
	mu   sync.Mutex
	list map[string]bool
	all  sync.WaitGroup
}

// Rendered waits until every document that began to become a PDF has.
func (s *Service) Rendered() { s.waiting.all.Wait() }

// becomePDF keeps the PDF of an office document, and the lines of its first pages; what cannot be made is not tried again that
// day.
func (s *Service) becomePDF(ctx context.Context, root int64, hash, kind string) (err error) {
	defer errs.Wrapf(&err, "library.becomePDF %s", hash)
	f, err := s.blobs.Get(ctx, hash)
	if err != nil {
		return err
	}
	defer f.Close()
	made := rendition{Root: root, Hash: hash, At: clock.Millis(ctx)}
	data, err := s.office.PDF(ctx, f, kind)
	var e *errs.Error
	if unavailable(err) { // another time, perhaps
		return nil
	} else if err != nil && !(errors.As(err, &e) && e.Kind != errs.Internal) {
		return err
	}
	if err == nil {
		d, err := s.pdf.Text(ctx, bytes.NewReader(data), int64(len(data)), extract.DefaultLimits)
		if unavailable(err) {
			return nil
		}
		if err == nil && d.Pages > 0 {
			if made.PDF, made.Size, err = s.blobs.Put(ctx, bytes.NewReader(data)); err != nil {
				return err
			}
			made.Pages = int64(d.Pages)
		}
	}
	// the lines first: whoever sees a page can select its text at once
	for n := 1; n <= min(int(made.Pages), pagesAtOnce); n++ {
		if err := s.readSheet(ctx, bytes.NewReader(data), made.Size, made.PDF, n); err != nil {
			return err
		}
	}
	return s.db.Tx(ctx, func(ctx context.Context) error { return s.putRendition(ctx, made) })
}

// readSheet keeps the lines of a page, to be laid over its picture.
func (s *Service) readSheet(ctx context.Context, file io.ReaderAt, size int64, hash string, page int) error {
	sheet, err := s.pdf.Lines(ctx, file, size, page)
	if err != nil {
		var e *errs.Error
		if errors.As(err, &e) && e.Kind != errs.Internal {
			return nil // its picture says all that can be shown
		}
		return err
	}
	body, err := json.Marshal(sheet)
	if err != nil {
		return err
	}
	return s.db.Tx(ctx, func(ctx context.Context) error { return s.putSheet(ctx, hash, page, string(body)) })
}

// Page is the picture of a page of a document that the reader sees, the first being 1. NotFound beyond its last page, and for
// visitors beyond what is set for them.
func (s *Service) Page(ctx context.Context, no int64, page int) (image []byte, mime string, err error) {
	defer errs.Wrapf(&err, "library.Page %d %d", no, page)
	ref, v, _, err := s.Number(ctx, no)
	if err != nil {
		return nil, "", err
	}
	all, err := s.sheetsOf(ctx, ref.Root, v)
	if err != nil {
		return nil, "", err
	}
	if page > all.N || !s.maySee(ctx, page) {
		return nil, "", errs.New(errs.NotFound, "library.not_here")
	}
	if d, ok := s.drawn.find(all.Hash, page); ok {
		return d.image, d.mime, nil
	}
	f, err := s.blobs.Get(ctx, all.Hash)
	if err != nil {
		return nil, "", err
	}
	defer f.Close()
	at := &seekReader{r: f}
	if image, mime, err = s.draw(ctx, at, all, page, pageWidth, mostPicture); err != nil {
		return nil, "", err
	}
	s.drawn.keep(drawing{all.Hash, page, image, mime})
	if all.Photo {
		return image, mime, nil
	}
	return image, mime, s.readSheet(ctx, at, all.Size, all.Hash, page)
}

// draw draws a page so many pixels wide; a photo, which would be large, into so many bytes.
func (s *Service) draw(ctx context.Context, at io.ReaderAt, all sheets, page, width, most int) (image []byte, mime string, err error) {
	if !all.Photo {
		return s.pdf.Page(ctx, at, all.Size, page, width)
	}
	image, _, _, err = file.Picture(io.NewSectionReader(at, 0, all.Size), width, most)
	return image, "image/jpeg", err
}

// maySee tells whether a reader may see a page by its number (L19).
func (s *Service) maySee(ctx context.Context, page int) bool {
	return page >= 1 && (page <= s.guestPages || scope.From(ctx).SignedIn())
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
