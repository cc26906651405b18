package volunteer

import (
	"context"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/record"
)

const maxMergedHours = 2000

// Merge joins the file of other into that of ref: what the first lacks the second gives, its checks, days among the core
// and hours come along, and the second is taken out. The right to work is asked at both. All of it is one batch, so that
// UndoMerge takes it back. Versions are those that were read.
func (s *Service) Merge(ctx context.Context, ref id.Ref, version int64, other id.Ref, reason string) error {
	var f errs.Fields
	if reason == "" {
		f.Add("reason", "volunteer.reason_missing")
	}
	if ref == other {
		f.Add("other", "volunteer.merge_same")
	}
	if ref.Root != other.Root {
		f.Add("other", "volunteer.merge_city")
	}
	if err := f.Err(); err != nil {
		return err
	}
	batch := id.New()
	c := record.Change{Act: "volunteer.act.merge", Reason: reason, Batch: batch}
	return s.db.Tx(ctx, func(ctx context.Context) error {
		if err := s.book.MayWork(ctx, other, c); err != nil {
			return err
		}
		away, v, err := s.book.Get(ctx, other)
		if err != nil {
			return err
		}
		return s.ledger.Batch(ctx, func(ctx context.Context) error {
			if err := s.moveHours(ctx, other, ref, c); err != nil {
				return err
			}
			if err := s.book.Remove(ctx, other, v.N, c); err != nil {
				return err
			}
			if err := s.endTask(ctx, other, away, Volunteer{}); err != nil {
				return err
			}
			return s.change(ctx, ref, version, c, func(v *Volunteer) error {
				*v = v.union(away)
				v.Merges = append(v.Merges, Merge{Batch: batch, Code: away.Code, Name: away.Name, On: clock.Today(ctx)})
				return nil
			})
		})
	})
}

// moveHours gives the hours of one volunteer to another; hours of both that overlap are refused in words.
func (s *Service) moveHours(ctx context.Context, from, to id.Ref, c record.Change) error {
	list, err := s.store.ofPersonAcrossUnits(ctx, from, maxMergedHours+1)
	if err != nil {
		return err
	}
	if len(list) > maxMergedHours {
		return errs.New(errs.Invalid, "volunteer.merge_many", "N", maxMergedHours)
	}
	for _, g := range list {
		h, v, err := s.given.Get(ctx, g.Ref())
		if err != nil {
			return err
		}
		h.Volunteer = to
		if err := s.given.Save(ctx, g.Ref(), v.N, h, c); err != nil {
			err = overlapping(ctx, err)
			if errs.Is(err, errs.Invalid) { // the input of the form of a merger
				return errs.Wrap(err, errs.Invalid, "volunteer.merge_overlap", "Day", h.Day, "From", h.From, "To", h.To, "What", h.What)
			}
			return err
		}
	}
	return nil
}

// UndoMerge takes a merger back: both files and the hours stand as before. Conflict when one of them was changed since.
func (s *Service) UndoMerge(ctx context.Context, ref id.Ref, batch id.ID) error {
	return s.db.Tx(ctx, func(ctx context.Context) error {
		if err := s.book.MayWork(ctx, ref, record.Change{Act: "volunteer.act.unmerge"}); err != nil {
			return err
		}
		v, _, err := s.book.Get(ctx, ref)
		if err != nil {
			return err
		}
		for _, m := range v.Merges {
			if m.Batch == batch {
				_, err := s.rec.UndoTogether(ctx, batch, "volunteer.act.unmerge")
				if errs.Is(err, errs.Conflict) {
					return errs.Wrap(err, errs.Conflict, "volunteer.merge_changed_since")
				}
				return err
			}
		}
		return errs.New(errs.NotFound, "errs.not_found")
	})
}
