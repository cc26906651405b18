package care

import (
	"context"
	"slices"
	"strings"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/org"
)

// Team are those of a desk who answer for something, for those who work in that very unit.
func (s *Service) Team(ctx context.Context, u org.Unit) ([]Member, error) {
	if !worksAt(ctx, u.ID, u.Pos) {
		return nil, nil
	}
	return s.teamAcrossUnits(ctx, u.ID)
}

// AddMember says of somebody who works at the unit for what they answer and by which qualification. Somebody who is there already is put anew.
func (s *Service) AddMember(ctx context.Context, unit id.ID, login string, m Member) (err error) {
	defer errs.Wrapf(&err, "care.AddMember")
	return s.lead(ctx, unit, "team", func(ctx context.Context, u org.Unit) error {
		f := m.problems(clock.Today(ctx))
		a, err := s.colleague(ctx, u.ID, u.Pos, login)
		if errs.Is(err, errs.Invalid) {
			f.Add("member", "care.no_colleague")
		} else if err != nil {
			return err
		}
		if err := f.Err(); err != nil {
			return err
		}
		list, err := s.teamAcrossUnits(ctx, u.ID)
		if err != nil {
			return err
		}
		for _, was := range list {
			if was.Account == a.Account {
				if _, err := s.dropMember(ctx, u.ID, was.ID); err != nil {
					return err
				}
			}
		}
		m.Root, m.ID, m.Unit, m.Account, m.Login, m.Name = u.Root(), id.New(), u.ID, a.Account, strings.TrimSpace(login), a.Name
		return s.putMember(ctx, m)
	})
}

// DropMember takes somebody out of the team; what they hold they keep until it is assigned anew.
func (s *Service) DropMember(ctx context.Context, unit, member id.ID) (err error) {
	defer errs.Wrapf(&err, "care.DropMember")
	return s.lead(ctx, unit, "team", func(ctx context.Context, u org.Unit) error {
		n, err := s.dropMember(ctx, u.ID, member)
		if err == nil && n == 0 {
			err = errNone
		}
		return err
	})
}

// mayHold tells whether an account may hold a request: as it may be assigned to them. Who is left when nobody is fit any more may, too, and anybody who
// reads it while somebody may be in danger or an answer is overdue: then it matters more that somebody does.
func (s *Service) mayHold(ctx context.Context, q Request, account id.ID) (bool, error) {
	team, named, err := s.fit(ctx, q)
	late := q.DueAt != 0 && q.DueAt < clock.Millis(ctx)
	return !named || len(team) == 0 || q.Danger == 1 || late || slices.ContainsFunc(team, func(m Member) bool { return m.Account == account }), err
}

// fit are those to whom a request may be assigned: who answers for its kind by a qualification that has not run out. named tells whether the desk
// has said so for this kind at all; where it has not, any colleague may.
func (s *Service) fit(ctx context.Context, q Request) (list []Member, named bool, err error) {
	all, err := s.teamAcrossUnits(ctx, q.Unit)
	today := clock.Today(ctx)
	for _, m := range all {
		if !slices.Contains(m.Kinds, q.Kind) {
			continue
		}
		if named = true; m.Until == clock.Open || m.Until >= today {
			list = append(list, m)
		}
	}
	return list, named, err
}
