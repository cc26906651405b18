package survey

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
func (s *Service) Keep(ctx context.Context, name string, r io.Reader) (file.Kept, error) {
	return file.Keep(ctx, name, r, MaxFile, s.blobs.Put)
}

// AttachFiles adds files to a report, and takes those out that drop names.
func (s *Service) AttachFiles(ctx context.Context, ref id.Ref, version int64, add []file.Kept, drop []string) error {
	ch := acted("report_file")
	if err := s.reports.MayWork(ctx, ref, ch); err != nil {
		return err
	}
	r, _, err := s.reports.Get(ctx, ref)
	if err != nil {
		return err
	}
	was := len(r.Files)
	r.Files = slices.DeleteFunc(slices.Clone(r.Files), func(f file.Kept) bool { return slices.Contains(drop, f.Hash) })
	var f errs.Fields
	if len(add) == 0 && len(r.Files) == was {
		f.Add("file", "survey.file_missing")
	}
	if r.Files = append(r.Files, add...); len(r.Files) > maxFiles {
		f.Add("file", "survey.files_many", "N", maxFiles)
	}
	if err := f.Err(); err != nil {
		return err
	}
	return s.reports.Save(ctx, ref, version, r, ch)
}

// ReportFile opens a file of a report that the reader may see.
func (s *Service) ReportFile(ctx context.Context, ref id.Ref, hash string) (file.Kept, io.ReadSeekCloser, error) {
	r, _, err := s.Report(ctx, ref)
	if err != nil {
		return file.Kept{}, nil, err
	}
	i := slices.IndexFunc(r.Files, func(a file.Kept) bool { return a.Hash == hash })
	if i < 0 {
		return file.Kept{}, nil, errs.New(errs.NotFound, "errs.not_found")
	}
	f, err := s.blobs.Get(ctx, hash)
	return r.Files[i], f, err
}

// Files are the hashes of all files that the reports of a database name: what a backup has to hold.
func Files(ctx context.Context, d *db.DB) ([]string, error) {
	return record.Files(ctx, d, KindReport, func(_ id.Ref, r Report) (out []string) {
		for _, a := range r.Files {
			out = append(out, a.Hash)
		}
		return out
	})
}
