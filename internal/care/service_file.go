package care

import (
	"context"
	"slices"
	"strings"
	"unicode"

	"xinhuo/internal/kit/blob"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/db"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/file"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/seal"
)

// Bounds of files with a request.
const (
	MostFiles    = 5        // of a request
	MaxFileBytes = 10 << 20 // of one
)

// fileKind is the kind of sealed records of files.
const fileKind = "care.file"

// Files are the uploads that the requests of a database name, encrypted each.
func Files(ctx context.Context, d *db.DB) ([]string, error) { return store{d}.hashesAcrossUnits(ctx) }

// SetBlobs connects where files lie; without it none are taken.
func (s *Service) SetBlobs(b blob.Store) { s.blobs = b }

// pack reads files by their content: photos are made anew, so that place and camera are gone; programs, archives and web pages are refused.
// What is put away is encrypted; of a transaction that does not happen it remains as something nobody can read, and is swept.
func (s *Service) pack(ctx context.Context, q id.Ref, list []Upload) (out []seal.Stored, err error) {
	var f errs.Fields
	if len(list) > MostFiles {
		f.Add("files", "care.files_many", "N", MostFiles)
		return nil, f.Err()
	}
	for _, u := range list {
		p, err := s.seal.Store(ctx, s.blobs, seal.Owner{Kind: fileKind, Of: q}, seal.Upload(u), MaxFileBytes, append(slices.Clone(file.Documents), file.Photos...)...)
		told := []any{"Name", called(u.Name), "MB", MaxFileBytes >> 20}
		switch errs.KindOf(err) {
		case errs.TooLarge:
			f.Add("files", "care.file_large", told...)
		case errs.Unsupported, errs.Invalid:
			if len(u.Data) == 0 {
				f.Add("files", "care.file_empty", told...)
				break
			}
			f.Add("files", "care.file_kind", told...)
		default:
			if err != nil {
				return nil, err
			}
		}
		if err := f.Err(); err != nil {
			return nil, err
		}
		out = append(out, p)
	}
	return out, nil
}

// called is the name of a file as somebody knows it, without signs that nobody sees: by it they find the one of several that has to be changed.
func called(name string) string {
	out := []rune(strings.Map(func(c rune) rune {
		if !unicode.IsPrint(c) {
			return -1
		}
		return c
	}, name))
	return string(out[:min(len(out), 60)])
}

// attach keeps the files of an entry that is being written.
func (s *Service) attach(ctx context.Context, o seal.Owner, e Entry) error {
	if len(e.packed) == 0 {
		return nil
	}
	o.Kind = fileKind
	there, err := s.filesAcrossUnits(ctx, o.Of)
	if err != nil {
		return err
	}
	if len(there)+len(e.packed) > MostFiles {
		var f errs.Fields
		f.Add("files", "care.files_many", "N", MostFiles)
		return f.Err()
	}
	for i, p := range e.packed {
		ref, err := s.seal.KeepStored(ctx, o, p)
		if err != nil {
			return err
		}
		if err := s.insertFile(ctx, File{Root: e.Root, Request: e.Request, No: int64(len(there) + i + 1), Entry: e.ID, Sealed: ref.ID, Hash: p.Hash, Size: p.Size, At: clock.Millis(ctx)}); err != nil {
			return err
		}
	}
	return nil
}

// withFiles names the files of entries, opened by open; what was erased has no name.
func (s *Service) withFiles(ctx context.Context, q Request, list []Entry, open func(kind string) ([]seal.Record, error)) error {
	files, err := s.filesAcrossUnits(ctx, q.Ref())
	if err != nil || len(files) == 0 {
		return err
	}
	names, err := open(fileKind)
	if err != nil {
		return err
	}
	for _, f := range files {
		for _, r := range names {
			if r.Ref.ID == f.Sealed {
				f.Name = r.Fields["name"]
			}
		}
		for i, e := range list {
			if e.ID == f.Entry {
				list[i].Files = append(list[i].Files, f)
			}
		}
	}
	return nil
}

// sealedOf reads what lies encrypted of a request's file.
func (s *Service) sealedOf(ctx context.Context, ref id.Ref, no int64, may func(e Entry) bool) (f File, data []byte, err error) {
	files, err := s.filesAcrossUnits(ctx, ref)
	if err != nil {
		return f, nil, err
	}
	list, err := s.entriesAcrossUnits(ctx, ref)
	if err != nil {
		return f, nil, err
	}
	i := slices.IndexFunc(files, func(f File) bool { return f.No == no })
	if i < 0 || !slices.ContainsFunc(list, func(e Entry) bool { return e.ID == files[i].Entry && may(e) }) {
		return f, nil, errNone
	}
	data, err = seal.FromStore(ctx, s.blobs, files[i].Hash)
	return files[i], data, err
}

// OpenFile reads a file of a request for who may read that; the reading stands in the log. Forbidden "care.closed" for who works at the
// desk and may not read it, NotFound for all others.
func (s *Service) OpenFile(ctx context.Context, ref id.Ref, no int64) (f File, kind file.Kind, data []byte, err error) {
	defer errs.Wrapf(&err, "care.OpenFile %s %d", ref, no)
	q, reads, err := s.Known(ctx, ref)
	if err != nil {
		return f, "", nil, err
	}
	if !reads {
		return f, "", nil, errs.New(errs.Forbidden, "care.closed")
	}
	_, d, duty, err := s.about(ctx, ref)
	if err != nil {
		return f, "", nil, err
	}
	f, sealed, err := s.sealedOf(ctx, ref, no, func(Entry) bool { return true })
	if err != nil {
		return f, "", nil, err
	}
	fields, data, err := s.seal.OpenFile(ctx, owner(fileKind, q, d, duty, clock.Today(ctx)), id.Ref{Root: ref.Root, ID: f.Sealed}, sealed)
	f.Name = fields["name"]
	return f, file.Kind(fields["kind"]), data, err
}

// OwnFile reads a file for whoever asked, of what they see of their request.
func (s *Service) OwnFile(ctx context.Context, token string, no int64) (f File, kind file.Kind, data []byte, err error) {
	defer errs.Wrapf(&err, "care.OwnFile")
	q, err := s.tokened(ctx, token)
	if err != nil {
		return f, "", nil, err
	}
	d, err := s.deskAcrossUnits(ctx, q.Unit)
	if err != nil {
		return f, "", nil, err
	}
	f, sealed, err := s.sealedOf(ctx, q.Ref(), no, Entry.forAsker)
	if err != nil {
		return f, "", nil, err
	}
	fields, data, err := s.seal.OpenOwnFile(asking(ctx), owner(fileKind, q, d, nil, clock.Today(ctx)), id.Ref{Root: q.Root, ID: f.Sealed}, sealed)
	f.Name = fields["name"]
	return f, file.Kind(fields["kind"]), data, err
}
