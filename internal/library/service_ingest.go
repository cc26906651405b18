package library

import (
	"bytes"
	"context"
	"encoding/hex"
	"io"
	"slices"
	"time"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/db"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/extract"
	"xinhuo/internal/kit/file"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/record"
)

// MaxFile is how large one document may be, in bytes; MaxTogether bounds those of one form.
const (
	MaxFile     = 50 << 20
	MaxTogether = 4 * MaxFile
)

// Incoming is a file that was read and kept, and is no document yet.
type Incoming struct {
	file.Kept
	Text Text
}

// Take reads a file and keeps it: what it is is told by its content, never by its name. A photo is kept as our own small picture,
// without the place where it was taken. Errors are those of extract.Read and file.Photo, in words for whoever sent it.
func (s *Service) Take(ctx context.Context, name string, r io.Reader) (in Incoming, err error) {
	defer errs.Wrapf(&err, "library.Take")
	data, err := io.ReadAll(io.LimitReader(r, MaxFile+1))
	if err != nil {
		return in, err
	}
	if len(data) > MaxFile {
		return in, errs.New(errs.TooLarge, "library.file_large", "MB", MaxFile>>20)
	}
	limits := extract.DefaultLimits
	limits.Bytes, limits.Text, limits.Blocks = MaxFile, 2<<20, 50_000
	d, err := extract.Read(ctx, bytes.NewReader(data), int64(len(data)), name, limits)
	if err != nil {
		return in, err
	}
	if d.Format == extract.PDF && s.pdf != nil {
		with, err := s.pdf.Text(ctx, bytes.NewReader(data), int64(len(data)), limits)
		if err == nil {
			with.Marks, with.Format = d.Marks, d.Format
			d = with
		} else if !unavailable(err) { // damaged, locked, too complex: nobody here could read it
			return in, err
		}
	}
	if slices.Contains([]extract.Format{extract.JPEG, extract.PNG, extract.GIF, extract.WebP}, d.Format) {
		if data, _, _, _, err = file.Photo(bytes.NewReader(data)); err != nil {
			return in, err
		}
		d.Format, d.Pages = extract.JPEG, 1
	}
	hash, size, err := s.blobs.Put(ctx, bytes.NewReader(data))
	in.Kept = file.Kept{Name: uploadName(name), Kind: string(d.Format), Hash: hash, Size: size}
	in.Text = Text{Blocks: d.Blocks, Title: d.Title, Author: d.Author, Pages: d.Pages, Marks: d.Marks, Cut: d.Cut, Made: dayOf(d.Created), Edited: dayOf(d.Modified)}
	return in, err
}

// dayOf is the day of an instant that a file says of itself, "" for none.
func dayOf(t time.Time) clock.Day {
	if t.Year() < 1980 { // no office program is older
		return clock.Open
	}
	return clock.DayOf(t)
}

// File opens the file of a document that the reader sees. What is only for reading is handed to those who belong to its
// unit alone; each download of a document that is not public stands in the log.
func (s *Service) File(ctx context.Context, no int64) (Document, io.ReadSeekCloser, error) {
	ref, v, _, err := s.Number(ctx, no)
	if err != nil {
		return v, nil, err
	}
	u, err := s.rec.Home(ctx, v.Unit)
	if err != nil {
		return v, nil, err
	}
	if v.TitleOnly() {
		return v, nil, errs.New(errs.NotFound, "library.title_only_told")
	}
	if v.ViewOnly && !knows(scope.From(ctx), v.Unit, u.Pos) {
		return v, nil, errs.New(errs.Forbidden, "library.view_only_refused")
	}
	if v.Visible != VisiblePublic || v.State != Issued {
		if err := s.db.Tx(ctx, func(ctx context.Context) error {
			return s.audit.Log(ctx, auditOf("library.act.download", ref, v, u.Pos))
		}); err != nil {
			return v, nil, err
		}
	}
	f, err := s.blobs.Get(ctx, v.File.Hash)
	return v, f, err
}

// Files are the hashes of all files that any document of a database names: what a backup has to hold.
func Files(ctx context.Context, d *db.DB) ([]string, error) {
	list, err := record.Files(ctx, d, Kind, func(_ id.Ref, v Document) []string { return []string{v.File.Hash} })
	if err != nil {
		return nil, err
	}
	pdfs, err := renditions(ctx, d)
	if err != nil {
		return nil, err
	}
	covers, err := coverFiles(ctx, d)
	if err != nil {
		return nil, err
	}
	zips, err := openBatches(ctx, d)
	return slices.Concat(list, pdfs, covers, zips), err
}

// Twin is a document whose text is nearly that of another, with how alike they are, of 100.
type Twin struct {
	Listed
	Percent int `json:"percent"`
}

// Near finds documents whose text is nearly the same as that of one (ref.ID may be 0), the most alike first.
func (s *Service) Near(ctx context.Context, doc id.ID, hash string, t Text) ([]Twin, error) {
	if hash == "" { // those of which only the title is kept are not alike by that
		return nil, nil
	}
	sketch := Sketch(t.document().Text())
	rows, err := s.near(ctx, scope.From(ctx), doc, hash, Bands(sketch), 50)
	if err != nil {
		return nil, err
	}
	var out []Twin
	for _, r := range rows {
		p := int(100 * Alike(sketch, sketchIn(r.Sketch)))
		if r.Hash == hash {
			p = 100
		}
		if p >= nearEnough {
			out = append(out, Twin{r.Listed, p})
		}
	}
	slices.SortStableFunc(out, func(a, b Twin) int { return b.Percent - a.Percent })
	return out[:min(len(out), 5)], nil
}

// sketchIn reads a sketch as it is kept; none when it is damaged.
func sketchIn(text string) Sig {
	b, err := hex.DecodeString(text)
	if err != nil {
		return Sig{}
	}
	return SigOf(b)
}

// nearEnough is how alike two texts are, of 100, that are called nearly the same.
const nearEnough = 70
