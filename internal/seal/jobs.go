package seal

import (
	"context"

	"xinhuo/internal/audit"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
)

// Due tells which records of a matter have been kept as long as they may be; nil for none.
type Due func(ctx context.Context, of id.Ref) (func(record id.Ref) bool, error)

// All is due to the last record.
func All(id.Ref) bool { return true }

// Expire erases all records of a kind that are due, and answers how many. It may run at any time and twice: each matter is
// one transaction with its row in the log, and what was erased is not looked at again.
func (s *Service) Expire(ctx context.Context, kind string, due Due) (n int, err error) {
	const batch = 200
	ctx = scope.With(ctx, scope.System("seal.clock"))
	for after := id.ID(0); ; {
		list, err := s.store.liveAcrossUnits(ctx, kind, after, batch)
		if err != nil || len(list) == 0 {
			return n, err
		}
		for _, of := range list {
			after = of.ID
			over, err := due(ctx, id.Ref{Root: of.Root, ID: of.ID})
			if err != nil {
				return n, err
			}
			if over == nil {
				continue
			}
			erased, err := s.expire(ctx, id.Ref{Root: of.Root, ID: of.ID}, kind, over)
			if err != nil {
				return n, err
			}
			n += erased
		}
	}
}

func (s *Service) expire(ctx context.Context, of id.Ref, kind string, over func(id.Ref) bool) (n int, err error) {
	err = s.db.Tx(ctx, func(ctx context.Context) error {
		n = 0
		rows, err := s.store.ofAcrossUnits(ctx, of, kind)
		if err != nil {
			return err
		}
		e := audit.Entry{Act: expireAct, Subject: kind, Ref: of}
		for _, r := range rows {
			if r.Erased != clock.Open || !over(r.ref()) {
				continue
			}
			if err := s.destroy(ctx, r, Expired); err != nil {
				return err
			}
			e.Unit = r.Unit
			n++
		}
		if n == 0 {
			return nil
		}
		u, err := s.home(ctx, e.Unit)
		if err != nil {
			return err
		}
		e.Pos, e.Unit, e.Detail = u.Pos, u.ID, map[string]int{"records": n}
		return s.audit.Log(ctx, e)
	})
	return n, err
}
