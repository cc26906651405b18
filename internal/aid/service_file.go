package aid

import (
	"context"
	"slices"

	"xinhuo/internal/audit"
	"xinhuo/internal/kit/blob"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/db"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/file"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/record"
	"xinhuo/internal/seal"
)

// Bounds of receipts and papers.
const (
	mostPapers    = 3        // of an aid
	maxPaperBytes = 10 << 20 // of one
)

// paperKind is the kind of sealed records of receipts.
const paperKind = "aid.paper"

// paperForms are what a receipt is kept as: photos, scans and other documents.
var paperForms = append(slices.Clone(file.Photos), file.Documents...)

// Paper is a photo or a scan of the receipt of an aid, or of another paper about it. Name is there when the reader opened it, and gone once it was erased.
type Paper struct {
	Root   int64     `db:"root" json:"-"`
	Aid    id.ID     `db:"aid" json:"-"`
	No     int64     `db:"no" json:"no"`
	Sealed id.ID     `db:"sealed" json:"-"`
	Hash   string    `db:"hash" json:"-"`
	Size   int64     `db:"size" json:"size"`
	Day    clock.Day `db:"day" json:"day"`
	ByName string    `db:"by_name" json:"by"`
	Name   string    `db:"-" json:"name,omitempty"`
}

// Files are the uploads that the aids of a database name, encrypted each.
func Files(ctx context.Context, d *db.DB) ([]string, error) { return store{d}.hashesAcrossUnits(ctx) }

// SetBlobs connects where photos of receipts lie; without it none are taken.
func (s *Service) SetBlobs(b blob.Store) { s.blobs = b }

// AddPaper keeps a photo or a scan of the receipt of an aid, or of another paper about it: encrypted, a photo without place and camera.
// Errors: Invalid on "paper"; Conflict for an aid that ended without anything given, or was not kept here.
func (s *Service) AddPaper(ctx context.Context, ref id.Ref, up seal.Upload) (err error) {
	defer errs.Wrapf(&err, "aid.AddPaper %s", ref)
	a, _, err := s.book.Get(ctx, ref)
	if err != nil {
		return err
	}
	if err := s.book.MayWork(ctx, ref, record.Change{Act: "aid.act.paper"}); err != nil {
		return err
	}
	if a.State.stopped() || a.Past || s.blobs == nil {
		return errStep
	}
	o := owner(paperKind, ref, a)
	stored, err := s.seal.Store(ctx, s.blobs, o, up, maxPaperBytes, paperForms...)
	var f errs.Fields
	switch errs.KindOf(err) {
	case errs.TooLarge:
		f.Add("paper", "aid.paper_large", "N", maxPaperBytes>>20)
	case errs.Unsupported, errs.Invalid:
		f.Add("paper", "aid.paper_kind")
	default:
		if err != nil {
			return err
		}
	}
	if err := f.Err(); err != nil {
		return err
	}
	return s.db.Tx(ctx, func(ctx context.Context) error {
		there, err := s.store.papersAcrossUnits(ctx, ref)
		if err != nil {
			return err
		}
		if len(there) >= mostPapers {
			f.Add("paper", "aid.paper_many", "N", mostPapers)
			return f.Err()
		}
		kept, err := s.seal.KeepStored(ctx, o, stored)
		if err != nil {
			return err
		}
		u, err := s.rec.Home(ctx, a.Unit)
		if err != nil {
			return err
		}
		if err := s.store.insertPaper(ctx, Paper{Root: ref.Root, Aid: ref.ID, No: int64(len(there) + 1), Sealed: kept.ID, Hash: stored.Hash, Size: stored.Size, Day: clock.Today(ctx), ByName: scope.From(ctx).Name}); err != nil {
			return err
		}
		return s.audit.Log(ctx, audit.Entry{Act: "aid.act.paper", Subject: Kind, Ref: ref, Pos: u.Pos, Unit: u.ID})
	})
}

// papers are the receipts of an aid with their names, for whoever opens the aid.
func (s *Service) papers(ctx context.Context, ref id.Ref, a Aid) ([]Paper, error) {
	list, err := s.store.papersAcrossUnits(ctx, ref)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	names, err := s.seal.Open(ctx, owner(paperKind, ref, a))
	for i := range list {
		for _, r := range names {
			if r.Ref.ID == list[i].Sealed {
				list[i].Name = r.Fields["name"]
			}
		}
	}
	return list, err
}

// OpenPaper reads a photo or a scan of a receipt for who may read for whom the aid is; the reading stands in the log.
func (s *Service) OpenPaper(ctx context.Context, ref id.Ref, no int64) (name string, kind file.Kind, data []byte, err error) {
	defer errs.Wrapf(&err, "aid.OpenPaper %s %d", ref, no)
	a, _, err := s.book.Get(ctx, ref)
	if err != nil {
		return "", "", nil, err
	}
	o, none := owner(paperKind, ref, a), errs.New(errs.NotFound, "errs.not_found")
	if may, err := s.seal.May(ctx, o); err != nil {
		return "", "", nil, err
	} else if !may {
		_, err := s.seal.Open(ctx, o) // the refusal stands in the log
		return "", "", nil, cmpErr(err, none)
	}
	list, err := s.store.papersAcrossUnits(ctx, ref)
	i := slices.IndexFunc(list, func(p Paper) bool { return p.No == no })
	if err != nil || i < 0 || s.blobs == nil {
		return "", "", nil, cmpErr(err, none)
	}
	sealed, err := seal.FromStore(ctx, s.blobs, list[i].Hash)
	if err != nil {
		return "", "", nil, err
	}
	fields, data, err := s.seal.OpenFile(ctx, o, id.Ref{Root: ref.Root, ID: list[i].Sealed}, sealed)
	return fields["name"], file.Kind(fields["kind"]), data, err
}
