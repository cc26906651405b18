package campaign

import (
	"context"
	"slices"
	"strings"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/record"
)

// Acts on a campaign, as they stand in its addresses.
const (
	ActEdit   = "edit"
	ActIssue  = "issue"
	ActJoin   = "join"
	ActRemind = "remind"
	ActRemove = "remove"
	ActUndo   = "undo"
)

// Do takes one act on a campaign: right, rules, inboxes, figures and log in one transaction. Errors: Invalid with the
// fields of Step, Conflict when somebody was faster or the act does not fit, Forbidden and NotFound.
func (s *Service) Do(ctx context.Context, ref id.Ref, act string, st Step) error {
	return s.db.Tx(ctx, func(ctx context.Context) error {
		c, v, err := s.Campaign(ctx, ref)
		if act == ActUndo && errs.Is(err, errs.NotFound) {
			c, v, err = s.campaigns.Removed(ctx, ref)
		}
		if err != nil {
			return err
		}
		if act == ActRemind {
			return s.remind(ctx, ref, c)
		}
		switch act {
		case ActIssue:
			return s.issue(ctx, ref, c, st)
		case ActJoin:
			return s.join(ctx, ref, c, v)
		case ActRemove:
			return s.remove(ctx, ref, c, st)
		case ActUndo:
			return s.undo(ctx, ref, c, v, st)
		}
		return errs.New(errs.NotFound, "errs.not_found")
	})
}

// issue sends the campaign out: from now on it is open to every unit below its issuers. One row changes, however many
// they are.
func (s *Service) issue(ctx context.Context, ref id.Ref, c Campaign, st Step) error {
	if err := s.mayLead(ctx, ref, c, "campaign.act.issue"); err != nil {
		return err
	}
	if c.IssuedOn != clock.Open {
		return errs.New(errs.Conflict, "campaign.issued_already")
	}
	n, err := s.Addressed(ctx, c)
	if err != nil {
		return err
	}
	if n == 0 {
		return errs.New(errs.Conflict, "campaign.nobody_below")
	}
	c.IssuedOn = clock.Today(ctx)
	return s.campaigns.Save(ctx, ref, st.Version, c, record.Change{Act: "campaign.act.issue"})
}

// join makes a unit that was asked an issuer, so that the units below it are asked in turn (R67). Whoever works at it
// decides, nobody else.
func (s *Service) join(ctx context.Context, ref id.Ref, c Campaign, ver record.Version) error {
	return s.desk.Join(ctx, ref, c.Issuers, func() error {
		return s.campaigns.Save(ctx, ref, ver.N, c, record.Change{Act: "campaign.act.join"})
	})
}

// remove takes out a campaign about which nobody has done anything.
func (s *Service) remove(ctx context.Context, ref id.Ref, c Campaign, st Step) error {
	if err := s.mayLead(ctx, ref, c, "campaign.act.remove"); err != nil {
		return err
	}
	if strings.TrimSpace(st.Reason) == "" {
		var f errs.Fields
		f.Add("reason", "campaign.reason_missing")
		return f.Err()
	}
	used, err := s.store.usedAcrossUnits(ctx, ref.ID)
	if err != nil {
		return err
	}
	if used {
		return errs.New(errs.Conflict, "campaign.units_acted")
	}
	inside, err := s.store.insideAcrossUnits(ctx, ref.ID, 1)
	if err != nil {
		return err
	}
	if len(inside) > 0 {
		return errs.New(errs.Conflict, "campaign.has_parts")
	}
	if err := s.campaigns.Remove(ctx, ref, st.Version, record.Change{Act: "campaign.act.remove", Reason: strings.TrimSpace(st.Reason)}); err != nil {
		return err
	}
	return s.ask(ctx, ref, c, Campaign{Unit: c.Unit})
}

// sentOut are the changes by which a campaign reached units: they are not taken back once one of these has acted.
var sentOut = []string{"campaign.act.create", "campaign.act.issue", "campaign.act.join", "record.act.import"}

// undo takes one's own last change back; the inboxes follow.
func (s *Service) undo(ctx context.Context, ref id.Ref, was Campaign, v record.Version, st Step) error {
	used, err := s.store.usedAcrossUnits(ctx, ref.ID)
	if err != nil {
		return err
	}
	if used && slices.Contains(sentOut, v.Act) {
		return errs.New(errs.Conflict, "campaign.units_acted")
	}
	if err := s.campaigns.Undo(ctx, ref, st.Version); err != nil {
		return err
	}
	now, _, err := s.campaigns.Get(ctx, ref)
	if errs.Is(err, errs.NotFound) {
		now = Campaign{Unit: was.Unit}
	} else if err != nil {
		return err
	}
	return s.ask(ctx, ref, was, now)
}

// May tells which acts the reader can do on a campaign now, for buttons.
func (s *Service) May(ctx context.Context, ref id.Ref, c Campaign, v record.Version) (map[string]bool, error) {
	out := map[string]bool{}
	a := scope.From(ctx)
	for _, i := range c.Issuers {
		u, err := s.rec.Home(ctx, i.Unit)
		if err != nil {
			return nil, err
		}
		if i.JoinedOn == clock.Open && a.May(scope.Work, u.Pos) {
			out[ActJoin] = true
		}
	}
	used, err := s.store.usedAcrossUnits(ctx, ref.ID)
	if err != nil {
		return nil, err
	}
	if s.desk.Leads(ctx, c.Unit) {
		out[ActEdit], out[ActIssue], out[ActRemove] = true, c.IssuedOn == clock.Open, !used
	}
	out[ActUndo] = !s.campaigns.Undoable(ctx, v).IsZero() && !(used && slices.Contains(sentOut, v.Act))
	if c.IssuedOn != clock.Open && a.Unit != 0 && a.May(scope.Work, a.Pos) {
		u, err := s.org.Unit(ctx, a.Unit)
		if err != nil {
			return nil, err
		}
		out[ActRemind], err = s.between(ctx, c, u)
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}

// Removed reads a campaign that the reader's own last act took out, as long as that can be undone.
func (s *Service) Removed(ctx context.Context, ref id.Ref) (Campaign, record.Version, error) {
	return s.campaigns.Removed(ctx, ref)
}
