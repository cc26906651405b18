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
