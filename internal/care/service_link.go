package care

import (
	"context"
	"slices"

	"xinhuo/internal/audit"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/id"
)

// What other modules write into a request's line of time: that an aid application was made of it, and that something was given.
const (
	Aid   = "aid"
	Aided = "aided"
)

// Became writes into a request's line of time what became of it in another module: what it was, its number and its outside name. The asker
// sees what, without the number. Aid needs a reader of the request; what follows of that comes from whoever did it.
func (s *Service) Became(ctx context.Context, ref id.Ref, what, no string, other id.Ref) (err error) {
	defer errs.Wrapf(&err, "care.Became %s", ref)
	if !slices.Contains([]string{Aid, Aided}, what) {
		return errNone
	}
	return s.db.Tx(ctx, func(ctx context.Context) error {
		q, d, duty, err := s.about(ctx, ref)
		if err != nil {
			return err
		}
		o := owner(entryKind, q, d, duty, clock.Today(ctx))
		if what == Aid {
			may, err := s.seal.May(ctx, o)
			if err != nil {
				return err
			}
			if !may {
				return errNone
			}
		}
		log := audit.Entry{Act: "care.act.became", Subject: Kind, Ref: ref, Pos: q.Pos, Unit: q.Unit, Detail: map[string]string{"arg": what, "ref": other.String()}}
		return s.keep(ctx, q, o, Entry{Kind: Step, Arg: what + ":" + no, Mark: what + ":" + other.String()}, log)
	})
}
