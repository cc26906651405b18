package meeting

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

// MaxFile is how large one upload may be, in bytes.
const MaxFile = file.MaxPhotoBytes

// Keep takes in an uploaded file: a document as it is, a photo shrunk and without the place where it was taken.
func (s *Service) Keep(ctx context.Context, name string, r io.Reader) (Attachment, error) {
	return file.Keep(ctx, name, r, MaxFile, s.blobs.Put)
}

// files are all uploads that a meeting names.
func (m Meeting) files() []Attachment {
	out := slices.Clone(m.Files)
	for _, x := range m.Speeches {
		if x.File != nil {
			out = append(out, *x.File)
		}
	}
	return out
}

// File opens a file of a meeting that the reader may see.
func (s *Service) File(ctx context.Context, ref id.Ref, hash string) (Attachment, io.ReadSeekCloser, error) {
	m, _, err := s.Get(ctx, ref)
	if err != nil {
		return Attachment{}, nil, err
	}
	return s.open(ctx, m.files(), hash)
}

// EvidenceFile opens a file that shows that a decision was carried out.
func (s *Service) EvidenceFile(ctx context.Context, ref id.Ref, hash string) (Attachment, io.ReadSeekCloser, error) {
	d, _, err := s.Decision(ctx, ref)
	if err != nil {
		return Attachment{}, nil, err
	}
	return s.open(ctx, d.Evidence.Files, hash)
}

func (s *Service) open(ctx context.Context, files []Attachment, hash string) (Attachment, io.ReadSeekCloser, error) {
	i := slices.IndexFunc(files, func(a Attachment) bool { return a.Hash == hash })
	if i < 0 {
		return Attachment{}, nil, errs.New(errs.NotFound, "errs.not_found")
	}
	f, err := s.blobs.Get(ctx, hash)
	return files[i], f, err
}

// Files are the hashes of all files that any meeting or decision of a database names: what a backup has to
// hold.
func Files(ctx context.Context, d *db.DB) ([]string, error) {
	hashes := func(files []Attachment) (out []string) {
		for _, a := range files {
			out = append(out, a.Hash)
		}
		return out
	}
	out, err := record.Files(ctx, d, Kind, func(_ id.Ref, m Meeting) []string { return hashes(m.files()) })
	if err != nil {
		return nil, err
	}
	more, err := record.Files(ctx, d, KindDecision, func(_ id.Ref, x Decision) []string { return hashes(x.Evidence.Files) })
	return append(out, more...), err
}
