package care

import (
	"context"
	"slices"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/id"
)

// fateOf is what becomes of an appointment by a word to whoever asked: another one stands in its place, or none does.
func fateOf(kind string) string {
	if kind == Booked {
		return Moved
	}
	return Off
}

// ended keeps what became of an appointment; Conflict when it has ended already.
func (s *Service) ended(ctx context.Context, q Request, slot id.ID, fate string) error {
	fresh, err := s.endSlot(ctx, q.Ref(), slot, fate)
	if err == nil && !fresh {
		err = errs.New(errs.Conflict, "care.slot_ended")
	}
	return err
}

// MoveSlot puts another appointment into the place of one, as Write makes it; whoever asked sees both and says yes to the new one.
func (s *Service) MoveSlot(ctx context.Context, ref id.Ref, slot id.ID, e Entry) error {
	e.Kind = Booked
	return s.writeOf(ctx, ref, "slot", slot, e)
}

// CallOff ends an appointment with a word to whoever asked.
func (s *Service) CallOff(ctx context.Context, ref id.Ref, slot id.ID, text, mark string) error {
	return s.writeOf(ctx, ref, "slot", slot, Entry{Kind: Told, Text: text, Mark: mark})
}

// MetAt says of an appointment whose day has come whether whoever asked came.
func (s *Service) MetAt(ctx context.Context, ref id.Ref, slot id.ID, came bool) error {
	fate := Missed
	if came {
		fate = Came
	}
	return s.change(ctx, ref, 0, "slot", func(ctx context.Context, q *Request, _ Desk, _ []Duty) (Entry, error) {
		list, err := s.entriesAcrossUnits(ctx, ref)
		if err != nil {
			return Entry{}, err
		}
		if slices.ContainsFunc(list, func(e Entry) bool { return e.ID == slot && e.Day > clock.Today(ctx) }) {
			return Entry{}, errs.New(errs.Conflict, "care.slot_early")
		}
		return Entry{Kind: Step, Arg: fate}, s.ended(ctx, *q, slot, fate)
	})
}
