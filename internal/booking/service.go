package booking

import (
	"context"
	"time"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/db"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
)

// Service keeps the calendars. It asks for no right of its own: whoever holds something has asked for the right to write
// the holding record.
type Service struct {
	db    *db.DB
	store store
}

// New makes the service.
func New(d *db.DB) *Service { return &Service{db: d, store: store{d}} }

// Hold makes the claims all that the holder has in a calendar: what it had before and does not claim again is given back,
// so that a change is a Hold and a release is a Hold of nothing. All of it or nothing, within the caller's transaction.
// Errors: Conflict "booking.taken" with Subject, Holder, Day, From and To in words when somebody else has a quarter
// (R122); Invalid when a claim ends before it begins, is longer than MaxDays, or there are too many.
func (s *Service) Hold(ctx context.Context, h Holder, cal Calendar, claims []Claim) (err error) {
	defer errs.Wrapf(&err, "booking.Hold %s %s", h.Kind, h.Ref)
	rows, err := quarters(h, claims)
	if err != nil {
		return err
	}
	return s.db.Tx(ctx, func(ctx context.Context) error {
		if err := s.store.release(ctx, cal, h); err != nil {
			return err
		}
		n, err := s.store.take(ctx, cal, rows)
		if err != nil || n == int64(len(rows)) {
			return err
		}
		return s.taken(ctx, h, cal, claims)
	})
}

// taken says who has what was asked for.
func (s *Service) taken(ctx context.Context, h Holder, cal Calendar, claims []Claim) error {
	for _, c := range claims {
		// a day more on both sides, so that the other's hours are said whole
		list, err := s.Of(ctx, cal, c.Subject, c.From.AddDate(0, 0, -1), c.To.AddDate(0, 0, 1))
		if err != nil {
			return err
		}
		for _, sp := range list {
			if sp.Holder.Kind == h.Kind && sp.Holder.Ref == h.Ref || !sp.From.Before(c.To) || !c.From.Before(sp.To) {
				continue
			}
			return errs.New(errs.Conflict, "booking.taken", "Subject", c.Name, "Holder", sp.Holder.Name, "Day", i18n.Day(ctx, clock.DayOf(sp.From)),
				"From", sp.From.Format("15:04"), "To", ends(ctx, sp))
		}
	}
	return errs.New(errs.Conflict, "booking.taken_meanwhile") // given back between the two looks: asking again succeeds
}

// ends is the hour at which a span ends, with the day when that is another one.
func ends(ctx context.Context, sp Span) string {
	if last := clock.DayOf(sp.To.Add(-time.Second)); last != clock.DayOf(sp.From) {
		return i18n.Day(ctx, last) + sp.To.Format(" 15:04")
	}
	if clock.DayOf(sp.To) != clock.DayOf(sp.From) {
		return "24:00"
	}
	return sp.To.Format("15:04")
}

// Of lists who has a subject between two instants, in order of time; at most MaxDays and two more are looked at.
func (s *Service) Of(ctx context.Context, cal Calendar, subject id.Ref, from, to time.Time) ([]Span, error) {
	rows, err := s.store.takenAcrossUnits(ctx, cal, subject, slotOf(from), slotBefore(to), (MaxDays+2)*96)
	return spans(rows), err
}

// Taken lists who has any of the claims' subjects in the hours claimed, the holder itself left out: what is empty is
// free. It is for a page that warns while somebody plans; only Hold decides.
func (s *Service) Taken(ctx context.Context, h Holder, cal Calendar, claims []Claim) ([]Span, error) {
	var out []Span
	for _, c := range claims {
		list, err := s.Of(ctx, cal, c.Subject, c.From, c.To)
		if err != nil {
			return nil, err
		}
		for _, sp := range list {
			if sp.Holder.Kind != h.Kind || sp.Holder.Ref != h.Ref {
				out = append(out, sp)
			}
		}
	}
	return out, nil
}

// Free are those of the subjects that nobody has between two instants.
func (s *Service) Free(ctx context.Context, cal Calendar, subjects []id.Ref, from, to time.Time) ([]id.Ref, error) {
	var out []id.Ref
	for _, r := range subjects {
		rows, err := s.store.takenAcrossUnits(ctx, cal, r, slotOf(from), slotBefore(to), 1)
		if err != nil {
			return nil, err
		}
		if len(rows) == 0 {
			out = append(out, r)
		}
	}
	return out, nil
}

// Held lists what a holder has in a calendar.
func (s *Service) Held(ctx context.Context, cal Calendar, h Holder) ([]Span, error) {
	rows, err := s.store.heldAcrossUnits(ctx, cal, h)
	return spans(rows), err
}
