package meeting

import (
	"context"
	"slices"
	"strings"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/record"
)

// SharedWith are the decisions that a registered body leads or helps with, for the page of its own accounts: the open ones
// first (R59, R60). It asks for no right; whoever calls it has asked who reads.
func (s *Service) SharedWith(ctx context.Context, body id.ID) ([]ListedDecision, error) {
	list, err := s.store.decisionsOfBodyAcrossUnits(ctx, body, 100)
	slices.SortStableFunc(list, func(a, b ListedDecision) int {
		if open := a.DoneOn == clock.Open && a.DroppedOn == clock.Open; open != (b.DoneOn == clock.Open && b.DroppedOn == clock.Open) {
			return map[bool]int{true: -1, false: 1}[open]
		}
		return strings.Compare(string(a.Due), string(b.Due))
	})
	return list, err
}

// SharedDecision reads a decision as one of its bodies: only an account that stands for one of them today. The context that
// comes back may read and write this one decision's unit, for what the body reports.
func (s *Service) SharedDecision(ctx context.Context, ref id.Ref) (context.Context, Decision, record.Version, Partner, error) {
	none := errs.New(errs.NotFound, "errs.not_found")
	if s.partners == nil {
		return ctx, Decision{}, record.Version{}, Partner{}, none
	}
	mine, err := s.partners.Mine(ctx)
	if err != nil {
		return ctx, Decision{}, record.Version{}, Partner{}, err
	}
	if mine == nil {
		return ctx, Decision{}, record.Version{}, Partner{}, none
	}
	list, err := s.store.decisionsByIDsAcrossUnits(ctx, []id.ID{ref.ID})
	if err != nil || len(list) == 0 || list[0].Ref() != ref {
		return ctx, Decision{}, record.Version{}, *mine, none
	}
	wide := scope.Widened(ctx, list[0].Pos, true)
	d, v, err := s.book().Get(wide, ref)
	if err != nil || !slices.ContainsFunc(append([]Party{d.Lead}, d.Assist...), func(p Party) bool { return p.Partner == mine.Ref }) {
		return ctx, Decision{}, v, *mine, none
	}
	return wide, d, v, *mine, nil
}

// Invited are the meetings to which a registered body is asked, for the page of its own accounts, the latest first (R59, R65).
// It asks for no right; whoever calls it has asked who reads. Open says whether an answer is still waited for.
func (s *Service) Invited(ctx context.Context, body id.Ref) (list []Listed, open map[id.ID]bool, err error) {
	if list, err = s.store.meetingsOfBodyAcrossUnits(ctx, body.ID, 50); err != nil {
		return nil, nil, err
	}
	var ids []id.ID
	for _, l := range list {
		ids = append(ids, l.ID)
	}
	all, err := s.meetings.book.Bodies(ctx, ids)
	open = map[id.ID]bool{}
	for ref, m := range all {
		open[ref] = m.awaits(body, clock.Today(ctx))
	}
	return list, open, err
}

// awaits tells whether a body still has an invitation to answer on a day.
func (m Meeting) awaits(body id.Ref, day clock.Day) bool {
	return m.CancelledOn == "" && m.Day >= day && slices.ContainsFunc(m.Seats, func(x Seat) bool { return x.invites(body) && x.Reply == "" })
}

// SharedMeeting reads a meeting as a body that is asked to come: only an account that stands for it today, and nothing of the
// minutes, of speeches, files or other seats. The context that comes back may read and write this one meeting's unit.
func (s *Service) SharedMeeting(ctx context.Context, ref id.Ref) (context.Context, Meeting, record.Version, Partner, error) {
	none := errs.New(errs.NotFound, "errs.not_found")
	if s.partners == nil {
		return ctx, Meeting{}, record.Version{}, Partner{}, none
	}
	mine, err := s.partners.Mine(ctx)
	if err != nil {
		return ctx, Meeting{}, record.Version{}, Partner{}, err
	}
	if mine == nil {
		return ctx, Meeting{}, record.Version{}, Partner{}, none
	}
	list, err := s.store.byIDsAcrossUnits(ctx, []id.ID{ref.ID})
	if err != nil || len(list) == 0 || list[0].Ref() != ref {
		return ctx, Meeting{}, record.Version{}, *mine, none
	}
	wide := scope.Widened(ctx, list[0].Pos, true)
	m, v, err := s.meetings.book.Get(wide, ref)
	if err != nil {
		return ctx, Meeting{}, v, *mine, none
	}
	m.Seats = slices.DeleteFunc(slices.Clone(m.Seats), func(x Seat) bool { return !x.invites(mine.Ref) })
	m.Minutes, m.Speeches, m.Files, m.Note = Minutes{}, nil, nil, ""
	if len(m.Seats) == 0 {
		return ctx, Meeting{}, v, *mine, none
	}
	return wide, m, v, *mine, nil
}

// AnswerAs answers an invitation as the body that is asked, until the day of the meeting.
func (s *Service) AnswerAs(ctx context.Context, ref id.Ref, version, no int64, reply, deputy, why string) error {
	return s.db.Tx(ctx, func(ctx context.Context) error {
		wide, m, _, _, err := s.SharedMeeting(ctx, ref)
		if err != nil {
			return err
		}
		if m.seat(no) < 0 {
			return errs.New(errs.NotFound, "errs.not_found")
		}
		if m.CancelledOn != "" || m.Day < clock.Today(ctx) {
			return errs.New(errs.Conflict, "meeting.not_now")
		}
		return s.meetings.change(wide, ref, version, record.Change{Act: "meeting.act.reply"}, nil, answered(no, reply, deputy, why))
	})
}

// ReportAs notes how a decision goes on, in the words of a body that leads it or helps. That it is carried out is said by the
// unit that decided.
func (s *Service) ReportAs(ctx context.Context, ref id.Ref, version int64, text string) error {
	return s.db.Tx(ctx, func(ctx context.Context) error {
		wide, _, _, body, err := s.SharedDecision(ctx, ref)
		if err != nil {
			return err
		}
		by := i18n.T(ctx, "meeting.of_body", "Name", scope.From(ctx).Name, "Body", body.Name)
		return s.decisions.change(wide, ref, version, record.Change{Act: "meeting.act.report"}, nil, func(ctx context.Context, d *Decision) error {
			if d.DoneOn != "" || d.DroppedOn != "" {
				return errs.New(errs.Conflict, "meeting.not_now")
			}
			text := strings.TrimSpace(text)
			d.Steps = append(d.Steps, Step{On: clock.Today(ctx), By: by, Text: text})
			return s.tell(ctx, ref, version, by, text, *d)
		})
	})
}
