package care

import (
	"context"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/seal"
)

// keepDays is how long the words of a request are kept after its end, unless somebody has set it otherwise (seal.SetKeep): as long as
// somebody could sue (Civil Code, article 188).
const keepDays = 3 * 365

// Expire erases the words and names of requests that ended as long ago as they are kept; when and of which kind stays. It may run at any
// time and twice.
func (s *Service) Expire(ctx context.Context) error {
	for _, kind := range []string{entryKind, askerKind} {
		days, err := s.seal.KeepDays(ctx, kind)
		if err != nil {
			return err
		}
		_, err = s.seal.Expire(ctx, kind, func(ctx context.Context, of id.Ref) (func(id.Ref) bool, error) {
			q, err := s.requestAcrossUnits(ctx, of)
			if errs.Is(err, errs.NotFound) {
				return nil, nil
			}
			if err != nil || q.State != Closed || dayOf(q.ClosedAt).AddDays(int(days)) >= clock.Today(ctx) {
				return nil, err
			}
			return seal.All, nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}
