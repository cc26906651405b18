package guarantee

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

func (y Year) files() (out []file.Kept) {
	for _, h := range y.Points {
		out = append(out, h.Files...)
	}
	return out
}

// open opens a file that a record names.
func (s *Service) open(ctx context.Context, files []file.Kept, hash string) (file.Kept, io.ReadSeekCloser, error) {
	i := slices.IndexFunc(files, func(a file.Kept) bool { return a.Hash == hash })
	if i < 0 {
		return file.Kept{}, nil, errs.New(errs.NotFound, "errs.not_found")
	}
	f, err := s.blobs.Get(ctx, hash)
	return files[i], f, err
}

// Files are the hashes of all files that the records of a database name: what a backup has to hold.
func Files(ctx context.Context, d *db.DB) ([]string, error) {
	out, err := record.Files(ctx, d, Kind, func(_ id.Ref, y Year) []string { return hashes(y.files()) })
	if err != nil {
		return nil, err
	}
	more, err := record.Files(ctx, d, KindBudget, func(_ id.Ref, b Budget) []string { return hashes(b.Files) })
	return append(out, more...), err
}

func hashes(files []file.Kept) (out []string) {
	for _, a := range files {
		out = append(out, a.Hash)
	}
	return out
}
