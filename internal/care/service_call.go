package care

import (
	"context"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/org"
)

// mostCalls is how often somebody is called in vain before a word in their line says so.
const mostCalls = 3

// ToCall are a desk's requests of those who want to be called and were not reached yet, for who works in that very unit.
func (s *Service) ToCall(ctx context.Context, u org.Unit) ([]Request, error) {
	if !worksAt(ctx, u.ID, u.Pos) {
		return nil, nil
	}
	return s.toCallAcrossUnits(ctx, u.ID)
}

// Call notes that whoever wants to be called was called: reached, which answers what waited, or not. After mostCalls in vain a word in
// their line says that we tried, which they read with the receipt; then it is counted anew.
func (s *Service) Call(ctx context.Context, ref id.Ref, ver int64, reached bool) error {
	return s.change(ctx, ref, ver, "call", func(ctx context.Context, q *Request, d Desk, duty []Duty) (Entry, error) {
		if q.State == Closed {
			return Entry{}, errEnded
		}
		if q.Way != "call" {
			return Entry{}, errs.New(errs.Conflict, "care.call_odd")
		}
		q.CalledAt = clock.Millis(ctx)
		if reached {
			q.Reached, q.Calls, q.State = 1, 0, Waiting
			return Entry{Kind: Step, Arg: "reached"}, s.answered(ctx, q)
		}
		if q.Calls++; q.Calls < mostCalls {
			return Entry{Kind: Step, Arg: "unreached:" + numbered(q.Calls)}, nil
		}
		o := owner(entryKind, *q, d, duty, clock.Today(ctx))
		if err := s.write(ctx, *q, o, Entry{Kind: Step, Arg: "unreached:" + numbered(q.Calls)}); err != nil {
			return Entry{}, err
		}
		if err := s.answered(ctx, q); err != nil {
			return Entry{}, err
		}
		q.Calls, q.State = 0, Waiting
		return Entry{Kind: Told, Text: tr(ctx, "care.unreached_said", "N", mostCalls, "Phone", d.Phone)}, nil
	})
}
