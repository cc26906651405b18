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

// Lend opens a request for what another module makes of it, a case or an aid: for those of its desk who read it by their work. Whoever was let in
// until a day, with a consent that can be taken back, or in an emergency, does not carry it off into something that stays. Forbidden "care.not_lent".
func (s *Service) Lend(ctx context.Context, ref id.Ref) (Opened, error) {
	out, err := s.Open(ctx, ref)
	if err != nil {
		return out, err
	}
	keeps, err := s.seal.Keeps(ctx, owner(entryKind, out.Request, out.Desk, out.Duty, clock.Today(ctx)))
	if err == nil && !keeps {
		err = s.audit.Refuse(ctx, audit.Entry{Act: "care.act.lend", Subject: Kind, Ref: ref, Pos: out.Request.Pos, Unit: out.Request.Unit})
		if err == nil {
			err = errs.New(errs.Forbidden, "care.not_lent")
		}
	}
	if err != nil {
		return Opened{}, err
	}
	return out, nil
}

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
