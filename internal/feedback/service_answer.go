package feedback

import (
	"context"
	"slices"
	"strings"

	"xinhuo/internal/kit/anon"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
)

// system acts for somebody without an account: the signed link is the right.
func system(ctx context.Context) context.Context {
	return scope.With(ctx, scope.System("feedback.answer"))
}

// asked reads the round that a signed link opens; NotFound without one, or with a wrong signature.
func (s *Service) asked(ctx context.Context, ref id.Ref, sig string, hold bool) (Round, keys, error) {
	missing := errs.New(errs.NotFound, "feedback.no_link")
	k, err := s.keysAcrossUnits(ctx, ref, hold)
	if errs.Is(err, errs.NotFound) {
		return Round{}, k, missing
	}
	if err != nil {
		return Round{}, k, err
	}
	if !anon.Equal(sig, anon.Signature(k.Sign, ref)) {
		return Round{}, k, missing
	}
	_, r, _, ok, err := s.round(system(ctx), ref)
	if err == nil && !ok {
		err = missing
	}
	return r, k, err
}

// Answer takes one sheet through a signed link, from a network address that is not kept. An answer too many from one
// address is taken and set aside; Throttled when the box is being flooded; Conflict when the round is over.
func (s *Service) Answer(ctx context.Context, ref id.Ref, sig, slip, address string, a Answer) (err error) {
	defer errs.Wrapf(&err, "feedback.Answer %s", ref)
	a.Line = strings.TrimSpace(a.Line)
	return s.db.Tx(ctx, func(ctx context.Context) error {
		r, k, err := s.asked(ctx, ref, sig, true)
		if err != nil {
			return err
		}
		now := clock.Millis(ctx)
		if !r.running(now) || k.Net == "" {
			return errs.New(errs.Conflict, "feedback.over")
		}
		if err := a.check(); err != nil {
			return err
		}
		act, _, err := s.activity.Get(system(ctx), ref)
		if err != nil {
			return err
		}
		heads := act.Heads() + act.Online
		net := anon.NetHash(k.Net, address)
		seen, err := s.seen(ctx, ref, net, now-BurstMinutes*60_000)
		if err != nil {
			return err
		}
		if anon.Flooded(seen.All, seen.Lately, heads) {
			return errs.New(errs.Throttled, "feedback.flooded")
		}
		a.N, a.At, a.Net, a.State = seen.All+1, now, net, place(seen.Net, seen.Lately, heads)
		a.Slip = -a.N
		if r.Slips > 0 { // a slip is one person, wherever it is sent from
			if a.Slip = slipOf(k.Sign, ref, r.Slips, slip); a.Slip == 0 {
				var f errs.Fields
				f.Add("slip", "feedback.slip_odd")
				return f.Err()
			}
			used, err := s.slipUsed(ctx, ref, a.Slip)
			if err != nil {
				return err
			}
			if used {
				var f errs.Fields
				f.Add("slip", "feedback.slip_used")
				return f.Err()
			}
			a.State = Plain
		}
		return s.add(ctx, ref, a)
	})
}

// lines are what people wrote, sorted by their words so that their order tells nothing.
func lines(list []Answer) []string {
	var out []string
	for _, a := range list {
		if a.Line != "" {
			out = append(out, a.Line)
		}
	}
	slices.Sort(out)
	return out
}

// Link is the signed path that an activity's code leads to; it needs the right to work at a host.
func (s *Service) Link(ctx context.Context, ref id.Ref) (string, error) {
	if err := s.activity.MayWork(ctx, ref, "feedback.act.print"); err != nil {
		return "", err
	}
	k, err := s.keysAcrossUnits(ctx, ref, false)
	if err != nil {
		return "", err
	}
	return "/f/" + ref.String() + "?k=" + anon.Signature(k.Sign, ref), nil
}

// Slips are the single-use codes of a round, those that were used left out.
func (s *Service) Slips(ctx context.Context, ref id.Ref) (out []string, err error) {
	if err := s.activity.MayWork(ctx, ref, "feedback.act.print"); err != nil {
		return nil, err
	}
	_, r, _, ok, err := s.round(ctx, ref)
	if err != nil || !ok {
		return nil, err
	}
	k, err := s.keysAcrossUnits(ctx, ref, false)
	if err != nil {
		return nil, err
	}
	list, err := s.answers(ctx, ref)
	if err != nil {
		return nil, err
	}
	used := map[int64]bool{}
	for _, a := range list {
		used[a.Slip] = true
	}
	for n := int64(1); n <= r.Slips; n++ {
		if !used[n] {
			out = append(out, slipCode(k.Sign, ref, n))
		}
	}
	return out, nil
}
