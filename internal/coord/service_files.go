package coord

import (
	"context"
	"io"
	"slices"

	"xinhuo/internal/kit/db"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/file"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/record"
)

// MaxFile is how large one attachment may be, in bytes.
const MaxFile = file.MaxPhotoBytes

// Keep takes in an uploaded file: a document as it is, a photo shrunk and without the place where it was taken. What it is
// is told by its content, never by its name. Errors are those of file.Check and file.Photo.
func (s *Service) Keep(ctx context.Context, name string, r io.Reader) (Attachment, error) {
	return file.Keep(ctx, name, r, MaxFile, s.blobs.Put)
}

// Attach adds files to a notice, also after it was issued.
func (s *Service) Attach(ctx context.Context, ref id.Ref, version int64, list []Attachment) error {
	return s.change(ctx, ref, version, "coord.act.file", func(n *Notice) error {
		if len(list) == 0 {
			var f errs.Fields
			f.Add("file", "coord.file_missing")
			return f.Err()
		}
		n.Files = append(slices.Clone(n.Files), list...)
		return nil
	})
}

// File opens a file of a notice that the reader may read.
func (s *Service) File(ctx context.Context, ref id.Ref, hash string) (Attachment, io.ReadSeekCloser, error) {
	n, _, err := s.Notice(ctx, ref)
	if err != nil {
		return Attachment{}, nil, err
	}
	return s.open(ctx, n.Files, hash)
}

// ReplyFile opens a file of a unit's reply that the reader may read.
func (s *Service) ReplyFile(ctx context.Context, ref id.Ref, unit id.ID, hash string) (Attachment, io.ReadSeekCloser, error) {
	t, err := s.Task(ctx, ref, unit)
	if err != nil {
		return Attachment{}, nil, err
	}
	return s.open(ctx, t.Reply.Files, hash)
}

func (s *Service) open(ctx context.Context, files []Attachment, hash string) (Attachment, io.ReadSeekCloser, error) {
	i := slices.IndexFunc(files, func(a Attachment) bool { return a.Hash == hash })
	if i < 0 {
		return Attachment{}, nil, errs.New(errs.NotFound, "errs.not_found")
	}
	f, err := s.blobs.Get(ctx, hash)
	return files[i], f, err
}

// Files are the hashes of all files that any notice or reply of a database names: what a backup has to hold.
func Files(ctx context.Context, d *db.DB) ([]string, error) {
	type body struct {
		Files []Attachment `json:"files"`
	}
	var out []string
	for _, kind := range []string{Kind, KindReply} {
		list, err := record.Files(ctx, d, kind, func(_ id.Ref, b body) (hashes []string) {
			for _, a := range b.Files {
				hashes = append(hashes, a.Hash)
			}
			return hashes
		})
		if err != nil {
			return nil, err
		}
		out = append(out, list...)
	}
	return out, nil
}
