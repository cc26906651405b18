package seal

import (
	"context"

	"xinhuo/internal/audit"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
)

// Due tells whether what is sealed of a matter has been kept as long as it may be.
type Due func(ctx context.Context, of id.Ref) (bool, error)

// Expire erases all records of a kind whose matter is due, and answers how many. It may run at any time and twice: each matter is
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
			if ok, err := due(ctx, id.Ref{Root: of.Root, ID: of.ID}); err != nil {
				return n, err
			} else if !ok {
				continue
			}
			erased, err := s.expire(ctx, id.Ref{Root: of.Root, ID: of.ID}, kind)
			if err != nil {
				return n, err
			}
			n += erased
		}
	}
}

func (s *Service) expire(ctx context.Context, of id.Ref, kind string) (n int, err error) {
	err = s.db.Tx(ctx, func(ctx context.Context) error {
		n = 0
		rows, err := s.store.ofAcrossUnits(ctx, of, kind)
		if err != nil {
			return err
		}
		e := audit.Entry{Act: expireAct, Subject: kind, Ref: of}
		for _, r := range rows {
			if r.Erased != clock.Open {
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
