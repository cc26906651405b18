package coord

import (
	"context"
	"slices"
	"strings"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/org"
	"xinhuo/internal/record"
)

// Acts on a notice, as they stand in its addresses.
const (
	ActEdit       = "edit"
	ActIssue      = "issue"
	ActJoin       = "join"
	ActRemind     = "remind"
	ActRemove     = "remove"
	ActUndo       = "undo"
	ActObligation = "obligation"
	ActField      = "field"
	ActFile       = "file"
	ActDrop       = "drop"
)

// Do takes one act on a notice: right, rules, inboxes, figures and log in one transaction. Errors: Invalid with the
// fields of Step, Conflict when somebody was faster or the act does not fit, Forbidden and NotFound.
func (s *Service) Do(ctx context.Context, ref id.Ref, act string, st Step) error {
	return s.db.Tx(ctx, func(ctx context.Context) error {
		n, v, err := s.Notice(ctx, ref)
		if act == ActUndo && errs.Is(err, errs.NotFound) {
			n, v, err = s.notices.Removed(ctx, ref)
		}
		if err != nil {
			return err
		}
		switch act {
		case ActRemind:
			return s.remind(ctx, ref, n)
		case ActIssue:
			return s.issue(ctx, ref, n, st)
		case ActJoin:
			return s.join(ctx, ref, n, v)
		case ActRemove:
			return s.remove(ctx, ref, n, st)
		case ActUndo:
			return s.undo(ctx, ref, n, v, st)
		}
		return errs.New(errs.NotFound, "errs.not_found")
	})
}

// issue sends the notice out: from now on it is open to every unit below its issuers. One row changes, however many they
// are; a fixed rule keeps the units that it finds today.
func (s *Service) issue(ctx context.Context, ref id.Ref, n Notice, st Step) error {
	if err := s.mayLead(ctx, ref, n, "coord.act.issue"); err != nil {
		return err
	}
	if n.IssuedOn != clock.Open {
		return errs.New(errs.Conflict, "coord.issued_already")
	}
	n.IssuedOn = clock.Today(ctx)
	if n.Due != clock.Open && n.Due < n.IssuedOn {
		return errs.New(errs.Conflict, "coord.due_before_issue")
	}
	if o := n.passed(n.IssuedOn); len(o) > 0 {
		return errs.New(errs.Conflict, "coord.obligation_past", "Text", o[0].Text)
	}
	to, err := s.Addressed(ctx, id.Ref{}, n)
	if err != nil {
		return err
	}
	if to == 0 {
		return errs.New(errs.Conflict, "coord.nobody_below")
	}
	if err := s.fix(ctx, &n); err != nil {
		return err
	}
	if err := s.notices.Save(ctx, ref, st.Version, n, record.Change{Act: "coord.act.issue"}); err != nil {
		return err
	}
	return s.tell(ctx, ref, n, scope.All)
}

// tell lets those know at once who want to know: the notice has come to units within view.
func (s *Service) tell(ctx context.Context, ref id.Ref, n Notice, view scope.Set) error {
	return s.flow.TellCame(ctx, func(ctx context.Context, units []id.ID) (out []id.ID, err error) {
		r, err := s.reaching(ctx, ref, n, org.Unit{Level: org.Nation}, clock.Today(ctx), view)
		if err != nil {
			return nil, err
		}
		r.these = units
		list, err := s.store.lines(ctx, r, "", -1, len(units))
		for _, l := range list {
			out = append(out, l.Unit)
		}
		return out, err
	})
}

// fix fills in what is settled on the day of issue: from when a document is in force, and whom a fixed rule found.
func (s *Service) fix(ctx context.Context, n *Notice) error {
	if n.From == clock.Open && (n.Until == clock.Open || n.IssuedOn <= n.Until) {
		n.From = n.IssuedOn
	}
	if n.Targets.Rule == nil || !n.Targets.Rule.Fixed {
		return nil
	}
	r, err := s.reaching(ctx, id.Ref{}, *n, org.Unit{Level: org.Nation}, n.IssuedOn, scope.All)
	if err != nil {
		return err
	}
	list, err := s.store.lines(ctx, r, "", -1, maxUnits+1)
	if err != nil {
		return err
	}
	if len(list) > maxUnits {
		return errs.New(errs.Conflict, "coord.too_many_to_fix", "Most", maxUnits)
	}
	n.Targets.Units = nil
	for _, l := range list {
		n.Targets.Units = append(n.Targets.Units, l.Unit)
	}
	slices.Sort(n.Targets.Units)
	return nil
}

// join makes a unit that was asked an issuer, so that the units below it are asked in turn. Whoever works at it decides,
// nobody else.
func (s *Service) join(ctx context.Context, ref id.Ref, n Notice, ver record.Version) error {
	was := n.Issuing()
	return s.desk.Join(ctx, ref, n.Issuers, func() error {
		if err := s.notices.Save(ctx, ref, ver.N, n, record.Change{Act: "coord.act.join"}); err != nil || n.IssuedOn == clock.Open {
			return err
		}
		var joined scope.Set
		for _, unit := range n.Issuing() {
			if !slices.Contains(was, unit) {
				u, err := s.rec.Home(ctx, unit)
				if err != nil {
					return err
				}
				joined = append(joined, u.Range())
			}
		}
		return s.tell(ctx, ref, n, joined)
	})
}

// remove takes out a notice about which nobody has done anything.
func (s *Service) remove(ctx context.Context, ref id.Ref, n Notice, st Step) error {
	if err := s.mayLead(ctx, ref, n, "coord.act.remove"); err != nil {
		return err
	}
	if strings.TrimSpace(st.Reason) == "" {
		var f errs.Fields
		f.Add("reason", "coord.reason_missing")
		return f.Err()
	}
	used, err := s.store.usedAcrossUnits(ctx, ref.ID)
	if err != nil {
		return err
	}
	if used {
		return errs.New(errs.Conflict, "coord.units_acted")
	}
	if err := s.notices.Remove(ctx, ref, st.Version, record.Change{Act: "coord.act.remove", Reason: strings.TrimSpace(st.Reason)}); err != nil {
		return err
	}
	return s.askIssuers(ctx, ref, n, Notice{Unit: n.Unit})
}

// sentOut are the changes by which a notice reached units: they are not taken back once one of these has acted.
var sentOut = []string{"coord.act.create", "coord.act.issue", "coord.act.join", "record.act.import"}

// undo takes one's own last change back; the inboxes follow.
func (s *Service) undo(ctx context.Context, ref id.Ref, was Notice, v record.Version, st Step) error {
	used, err := s.store.usedAcrossUnits(ctx, ref.ID)
	if err != nil {
		return err
	}
	if used && slices.Contains(sentOut, v.Act) {
		return errs.New(errs.Conflict, "coord.units_acted")
	}
	if err := s.notices.Undo(ctx, ref, st.Version); err != nil {
		return err
	}
	now, _, err := s.notices.Get(ctx, ref)
	if errs.Is(err, errs.NotFound) {
		now = Notice{Unit: was.Unit}
	} else if err != nil {
		return err
	}
	return s.askIssuers(ctx, ref, was, now)
}

// change edits the parts of a draft: obligations, fields, files. Files may also come after the notice was issued.
func (s *Service) change(ctx context.Context, ref id.Ref, version int64, act string, edit func(*Notice) error) error {
	return s.db.Tx(ctx, func(ctx context.Context) error {
		n, _, err := s.Notice(ctx, ref)
		if err != nil {
			return err
		}
		if err := s.mayLead(ctx, ref, n, act); err != nil {
			return err
		}
		if n.IssuedOn != clock.Open && act != "coord.act.file" {
			return errs.New(errs.Conflict, "coord.issued_stays")
		}
		was := n
		if err := edit(&n); err != nil {
			return err
		}
		if err := n.check(); err != nil {
			return err
		}
		if err := s.settle(ctx, ref, was, &n); err != nil {
			return err
		}
		return s.notices.Save(ctx, ref, version, n, record.Change{Act: act})
	})
}

// Oblige adds an obligation to a draft (R7).
func (s *Service) Oblige(ctx context.Context, ref id.Ref, version int64, o Obligation) error {
	return s.change(ctx, ref, version, "coord.act.obligation", func(n *Notice) error {
		o.No, o.Text, o.Levels = n.nextNo(), strings.TrimSpace(o.Text), ordered(o.Levels)
		n.Obligations = append(slices.Clone(n.Obligations), o)
		return nil
	})
}

// Question adds a field to a draft. One whose answer the ledger holds is refused, unless it is bound to the figure or says
// why it is another thing (R176).
func (s *Service) Question(ctx context.Context, ref id.Ref, version int64, x Field) error {
	return s.change(ctx, ref, version, "coord.act.field", func(n *Notice) error {
		x.No, x.Label, x.Apart = n.nextNo(), strings.TrimSpace(x.Label), strings.TrimSpace(x.Apart)
		if x.Figure != "" {
			x.Number, x.Apart = true, ""
		}
		n.Fields = append(slices.Clone(n.Fields), x)
		return nil
	})
}

// Drop takes an obligation, a field or a file out of a draft, by its number or hash.
func (s *Service) Drop(ctx context.Context, ref id.Ref, version int64, no int, hash string) error {
	return s.change(ctx, ref, version, "coord.act.drop", func(n *Notice) error {
		before := len(n.Obligations) + len(n.Fields) + len(n.Files)
		n.Obligations = slices.DeleteFunc(slices.Clone(n.Obligations), func(o Obligation) bool { return o.No == no })
		n.Fields = slices.DeleteFunc(slices.Clone(n.Fields), func(x Field) bool { return x.No == no })
		n.Files = slices.DeleteFunc(slices.Clone(n.Files), func(x Attachment) bool { return hash != "" && x.Hash == hash })
		if len(n.Obligations)+len(n.Fields)+len(n.Files) == before {
			return errs.New(errs.NotFound, "errs.not_found")
		}
		return nil
	})
}

// May tells which acts the reader can do on a notice now, for buttons.
func (s *Service) May(ctx context.Context, ref id.Ref, n Notice, v record.Version) (map[string]bool, error) {
	out := map[string]bool{}
	a := scope.From(ctx)
	for _, i := range n.Issuers {
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
	if s.desk.Leads(ctx, n.Unit) {
		draft := n.IssuedOn == clock.Open
		out[ActEdit], out[ActIssue], out[ActRemove], out[ActFile] = true, draft, !used, true
		out[ActObligation], out[ActField], out[ActDrop] = draft, draft, draft
	}
	out[ActUndo] = !s.notices.Undoable(ctx, v).IsZero() && !(used && slices.Contains(sentOut, v.Act))
	if n.IssuedOn != clock.Open && n.Due != clock.Open && a.Unit != 0 && a.May(scope.Work, a.Pos) {
		u, err := s.org.Unit(ctx, a.Unit)
		if err != nil {
			return nil, err
		}
		if out[ActRemind], err = s.between(ctx, n, u); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// Removed reads a notice that the reader's own last act took out, as long as that can be undone.
func (s *Service) Removed(ctx context.Context, ref id.Ref) (Notice, record.Version, error) {
	return s.notices.Removed(ctx, ref)
}
