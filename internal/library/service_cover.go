package library

import (
	"bytes"
	"context"
	"errors"
	"io"

	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/extract"
)

const (
	coverWide, coverHigh = 60, 84   // CSS pixels that a cover takes in a list
	mostCover            = 20 << 10 // bytes of a cover
)

// coverWidths are the pixels of a cover: the first at which it is small enough. Twice what it takes, for sharp screens.
var coverWidths = []int{2 * coverWide, coverWide + coverWide/2, coverWide}

// Cover is the small picture of a document's first page, kept once it was drawn. It is there for whoever may see that page, and for
// documents alone whose pages are there: it makes no PDF. hash names the picture.
func (s *Service) Cover(ctx context.Context, no int64) (image []byte, mime, hash string, err error) {
	defer errs.Wrapf(&err, "library.Cover %d", no)
	none := errs.New(errs.NotFound, "library.not_here")
	ref, v, _, err := s.Number(ctx, no)
	if err != nil {
		return nil, "", "", err
	}
	all, _, err := s.sheetsThere(ctx, ref.Root, v)
	if err != nil {
		return nil, "", "", err
	}
	if all.N == 0 || !s.maySee(ctx, 1) {
		return nil, "", "", none
	}
	kept, there, err := s.coverAcrossUnits(ctx, all.Hash)
	if err != nil {
		return nil, "", "", err
	}
	if there && kept.Picture == "" {
		return nil, "", "", none
	}
	if there {
		if image, err = s.wholeBlob(ctx, kept.Picture); err == nil || !errs.Is(err, errs.NotFound) { // one that was swept is drawn anew
			return image, kept.Mime, kept.Picture, err
		}
	}
	made := cover{Hash: all.Hash}
	image, made.Mime, err = s.drawCover(ctx, all)
	var e *errs.Error
	switch {
	case unavailable(err): // another time, perhaps
		return nil, "", "", none
	case errors.As(err, &e) && e.Kind != errs.Internal: // never
		image = nil
	case err != nil:
		return nil, "", "", err
	}
	if image != nil {
		if made.Picture, _, err = s.blobs.Put(ctx, bytes.NewReader(image)); err != nil {
			return nil, "", "", err
		}
	}
	if err := s.db.Tx(ctx, func(ctx context.Context) error { return s.putCover(ctx, made) }); err != nil {
		return nil, "", "", err
	}
	if image == nil {
		return nil, "", "", none
	}
	return image, made.Mime, made.Picture, nil
}

// drawCover draws the first page small; nil where it is too large however small.
func (s *Service) drawCover(ctx context.Context, all sheets) (image []byte, mime string, err error) {
	f, err := s.blobs.Get(ctx, all.Hash)
	if err != nil {
		return nil, "", err
	}
	defer f.Close()
	at := &seekReader{r: f}
	for _, width := range coverWidths {
		if image, mime, err = s.draw(ctx, at, all, 1, width, mostCover); err != nil || len(image) <= mostCover {
			return image, mime, err
		}
	}
	return nil, "", nil
}

func (s *Service) wholeBlob(ctx context.Context, hash string) ([]byte, error) {
	f, err := s.blobs.Get(ctx, hash)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, mostCover+1))
}

// covered tells which documents of a list have a cover for the reader, by their files: those whose pages are there.
func (s *Service) covered(ctx context.Context, list []Listed) (map[string]bool, error) {
	out := map[string]bool{}
	if !s.maySee(ctx, 1) {
		return out, nil
	}
	var pdfs, others []string
	for _, l := range list {
		switch {
		case l.Format == string(extract.JPEG):
			out[l.Hash] = true
		case s.pdf == nil:
		case l.Format == string(extract.PDF) && l.Pages > 0:
			pdfs = append(pdfs, l.Hash)
			out[l.Hash] = true
		case s.office != nil && s.office.Converts(l.Format):
			others = append(others, l.Hash)
		}
	}
	if len(pdfs)+len(others) == 0 {
		return out, nil
	}
	made, err := s.renditionsOfAcrossUnits(ctx, others)
	if err != nil {
		return nil, err
	}
	of := map[string][]string{}
	for _, h := range pdfs {
		of[h] = append(of[h], h)
	}
	for _, r := range made {
		of[r.PDF] = append(of[r.PDF], r.Hash)
		out[r.Hash] = true
	}
	failed, err := s.uncoveredAcrossUnits(ctx, append(pdfs, pdfsOf(made)...))
	for _, pdf := range failed {
		for _, h := range of[pdf] {
			delete(out, h)
		}
	}
	return out, err
}

func pdfsOf(list []rendition) (out []string) {
	for _, r := range list {
		out = append(out, r.PDF)
	}
	return out
}
