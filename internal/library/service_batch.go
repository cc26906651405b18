package library

import (
	"archive/zip"
	"context"
	"encoding/json"
	"errors"
	"io"
	"sync"

	"xinhuo/internal/audit"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/record"
)

const (
	batchOpen, batchDone = "open", "done"
	leaseFor             = 60_000   // milliseconds after which a server that says nothing is thought to be gone
	mostBytes            = 20 << 30 // bytes that the files of one zip may be together, taken out of it
	mostRefusals         = 500      // that are named
	MaxZip               = 1 << 30  // bytes of a zip that comes in parts
	zipKind              = "zip"    // of an upload that is a zip
)

// TakeZip begins to take the documents of a zip in, one after the other beside other work: a server that goes down goes on with it when it
// is back, or another does.
func (s *Service) TakeZip(ctx context.Context, unit id.ID, upload string, as Document, issue bool) (ref id.Ref, err error) {
	defer errs.Wrapf(&err, "library.TakeZip")
	as.Unit = unit
	if err := s.notTitle(ctx, as).Err(); err != nil {
		return ref, err
	}
	err = s.db.Tx(ctx, func(ctx context.Context) error {
		if err := s.book.MayCreate(ctx, as, record.Change{Act: "library.act.create"}); err != nil {
			return err
		}
		in, err := s.Sent(ctx, upload)
		var f errs.Fields
		if errs.Is(err, errs.NotFound) {
			f.Add("file", "library.upload_gone")
		} else if err != nil {
			return err
		} else if in.Kind != zipKind {
			f.Add("file", "library.bulk_unreadable")
		}
		if err := f.Err(); err != nil {
			return err
		}
		u, err := s.rec.Home(ctx, unit)
		if err != nil {
			return err
		}
		a := scope.From(ctx)
		b := batch{Root: u.Root(), ID: id.New(), Unit: u.ID, Pos: u.Pos, Account: a.Account, Name: a.Name, File: in.Name, Hash: in.Hash, Size: in.Size, Category: as.Category, Visible: as.Visible, Issue: issue,
			State: batchOpen, Refused: "[]", At: clock.Millis(ctx)}
		ref = b.Ref()
		if err := s.insertBatch(ctx, b); err != nil {
			return err
		}
		if err := s.dropUpload(ctx, upload); err != nil {
			return err
		}
		return s.audit.Log(ctx, audit.Entry{Act: "library.act.bulk", Subject: Kind, Ref: ref, Pos: u.Pos, Unit: u.ID, Detail: map[string]any{"file": in.Name}})
	})
	return ref, err
}

// Batch reads a batch for whoever may view its unit.
func (s *Service) Batch(ctx context.Context, ref id.Ref) (b batch, refused []Refusal, err error) {
	if b, err = s.batchAcrossUnits(ctx, ref); err != nil || !scope.From(ctx).May(scope.View, b.Pos) {
		return b, nil, errs.New(errs.NotFound, "library.not_here")
	}
	return b, refused, json.Unmarshal([]byte(b.Refused), &refused)
}

// WorkBatches goes on with a zip that waits, to its end or until ctx ends.
func (s *Service) WorkBatches(ctx context.Context) (err error) {
	defer errs.Wrapf(&err, "library.WorkBatches")
	now := clock.Millis(ctx)
	list, err := s.waitingBatch(ctx, now)
	if err != nil || len(list) == 0 {
		return err
	}
	b, mine := list[0], false
	if err := s.db.Tx(ctx, func(ctx context.Context) error { mine, err = s.lease(ctx, b, now+leaseFor); return err }); err != nil || !mine {
		return err
	}
	b.Lease = now + leaseFor
	a := scope.System(b.Name)
	a.Account, a.Unit, a.Pos = b.Account, b.Unit, b.Pos
	ctx = scope.With(ctx, a)
	f, err := s.blobs.Get(ctx, b.Hash)
	if err != nil {
		return err
	}
	defer f.Close()
	z, err := zip.NewReader(&seekReader{r: f}, b.Size)
	if err == nil && len(z.File) > 10*mostBulk {
		err = errs.New(errs.TooLarge, "library.bulk_large", "N", mostBulk)
	}
	var files []BulkFile
	if err == nil {
		files, err = zipFiles(z)
	}
	if err != nil {
		var e *errs.Error
		if !errors.As(err, &e) {
			err = errs.Wrap(err, errs.Unsupported, "library.bulk_unreadable")
		}
		b.State, b.Problem = batchDone, i18n.Error(ctx, err)
		_, err = s.advance(ctx, &b)
		return err
	}
	var bytes uint64
	for _, x := range z.File {
		bytes += x.UncompressedSize64
	}
	if b.Entries = int64(len(files)); bytes > mostBytes {
		b.State, b.Problem = batchDone, i18n.Error(ctx, errs.New(errs.TooLarge, "library.bulk_bytes", "GB", mostBytes>>30))
		_, err = s.advance(ctx, &b)
		return err
	}
	for b.Next < b.Entries {
		if err := ctx.Err(); err != nil {
			return err
		}
		x := files[b.Next]
		there, err := s.takeOne(ctx, b.Unit, x, Document{Category: b.Category, Visible: b.Visible}, b.Issue)
		var e *errs.Error
		switch {
		case err == nil && there:
			b.There++
		case err == nil:
			b.Taken++
		case errors.As(err, &e) && e.Kind != errs.Internal:
			if err := b.refuse(Refusal{x.Name, i18n.Error(ctx, err)}); err != nil {
				return err
			}
		default:
			return err
		}
		b.Next++
		if held, err := s.advance(ctx, &b); err != nil || !held {
			return err
		}
		if s.afterOne != nil {
			s.afterOne(b)
		}
	}
	b.State = batchDone
	_, err = s.advance(ctx, &b)
	return err
}

func (b *batch) refuse(x Refusal) error {
	var list []Refusal
	if err := json.Unmarshal([]byte(b.Refused), &list); err != nil {
		return err
	}
	if len(list) >= mostRefusals {
		return nil
	}
	body, err := json.Marshal(append(list, x))
	b.Refused = string(body)
	return err
}

// advance keeps how far a batch has come and holds it for longer; false when another server has it now.
func (s *Service) advance(ctx context.Context, b *batch) (held bool, err error) {
	was := b.Lease
	b.Lease = clock.Millis(ctx) + leaseFor
	if b.Lease == was {
		b.Lease++
	}
	err = s.db.Tx(ctx, func(ctx context.Context) error {
		held, err = s.putBatch(ctx, *b, was)
		return err
	})
	return held, err
}

// seekReader reads a file of any store at any place.
type seekReader struct {
	mu sync.Mutex
	r  io.ReadSeeker
}

func (s *seekReader) ReadAt(b []byte, at int64) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, err := s.r.Seek(at, io.SeekStart); err != nil {
		return 0, err
	}
	n, err := io.ReadFull(s.r, b)
	if errors.Is(err, io.ErrUnexpectedEOF) {
		err = io.EOF
	}
	return n, err
}
