package org

import (
	"context"
	"slices"
	"strings"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
)

// Parties are the Party organisations tied to a unit, of all times (R1, R50).
func (s *Service) Parties(ctx context.Context, unit id.ID) ([]PartyLink, error) {
	return s.store.parties(ctx, unit)
}

// LinkParty ties a unit to a Party organisation from a day on. Of the same kind the one before ends on that day when
// replace is set; a unit may be led by several.
func (s *Service) LinkParty(ctx context.Context, l PartyLink, replace bool) (PartyLink, error) {
	u, err := s.allowed(ctx, scope.Work, l.Unit, "org.party")
	if err != nil {
		return l, err
	}
	l.Name = strings.TrimSpace(l.Name)
	var f errs.Fields
	if l.Name == "" || len([]rune(l.Name)) > 80 {
		f.Add("name", "org.party_missing")
	}
	if l.Kind != PartyLeads && l.Kind != PartyBasis {
		f.Add("kind", "org.party_kind_missing")
	}
	if l.Form != "" && !slices.Contains(PartyForms, l.Form) {
		f.Add("form", "org.party_form_missing")
	}
	dated(&f, l.From, l.To, u)
	if err := f.Err(); err != nil {
		return l, err
	}
	l.ID = id.New()
	return l, s.db.Tx(ctx, func(ctx context.Context) error {
		if replace {
			old, err := s.store.parties(ctx, l.Unit)
			if err != nil {
				return err
			}
			for _, o := range old {
				if o.Kind == l.Kind && o.To == clock.Open {
					if o.From >= l.From {
						return invalid("from", "org.later_entry", "Day", o.From)
					}
					if err := s.store.endRow(ctx, "org_party", o.ID, l.From); err != nil {
						return err
					}
				}
			}
		}
		if err := s.store.insertParty(ctx, [][]any{{l.ID, l.Unit, l.Kind, l.Name, l.Form, l.From, l.To}}); err != nil {
			return err
		}
		return s.log(ctx, "org.party", u, "", l)
	})
}

// dated checks the days of something that belongs to a unit.
func dated(f *errs.Fields, from, to clock.Day, u Unit) {
	if _, err := clock.ParseDay(string(from)); err != nil {
		f.Add("from", "org.day_missing")
	} else if from < u.From || u.To != clock.Open && u.To <= from {
		f.Add("from", "org.not_standing", "Name", u.Name)
	}
	if to != clock.Open && to <= from {
		f.Add("to", "org.end_before_start")
	}
}

// EndParty unties a Party organisation on a day.
func (s *Service) EndParty(ctx context.Context, link id.ID, day clock.Day) error {
	l, err := s.store.party(ctx, link)
	if err != nil {
		return err
	}
	return s.endDated(ctx, "org_party", "org.end_party", l.Unit, link, l.From, day)
}

func (s *Service) endDated(ctx context.Context, table, act string, unit, row id.ID, from, day clock.Day) error {
	u, err := s.allowed(ctx, scope.Work, unit, act)
	if err != nil {
		return err
	}
	if _, err := clock.ParseDay(string(day)); err != nil || day <= from {
		return invalid("to", "org.end_before_start")
	}
	return s.db.Tx(ctx, func(ctx context.Context) error {
		if err := s.store.endRow(ctx, table, row, day); err != nil {
			return err
		}
		return s.log(ctx, act, u, "", map[string]any{"row": row, "to": day})
	})
}

// ByBasis lists the links of a subtree's units to Party organisations they rest on, by the beginning of the name (R50).
func (s *Service) ByBasis(ctx context.Context, r scope.Range, name string, day clock.Day, limit int) ([]PartyLink, error) {
	return s.store.basis(ctx, r, name, day, min(max(limit, 1), 500))
}

// Leaders are the leaders in charge (分管领导) of a unit, of all times (R2).
func (s *Service) Leaders(ctx context.Context, unit id.ID) ([]Leader, error) {
	return s.store.leaders(ctx, unit)
}

// SetLeader names the leader in charge from a day on; the one before ends on that day.
func (s *Service) SetLeader(ctx context.Context, l Leader) error {
	u, err := s.allowed(ctx, scope.Work, l.Unit, "org.leader")
	if err != nil {
		return err
	}
	l.Name, l.Title = strings.TrimSpace(l.Name), strings.TrimSpace(l.Title)
	var f errs.Fields
	if l.Name == "" || len([]rune(l.Name)) > 40 {
		f.Add("name", "org.person_missing")
	}
	dated(&f, l.From, l.To, u)
	if err := f.Err(); err != nil {
		return err
	}
	l.ID = id.New()
	return s.db.Tx(ctx, func(ctx context.Context) error {
		old, err := s.store.leaders(ctx, l.Unit)
		if err != nil {
			return err
		}
		for _, o := range old {
			if o.To != clock.Open || l.To != clock.Open && l.To <= o.From {
				continue
			}
			if o.From >= l.From {
				return invalid("from", "org.later_entry", "Day", o.From)
			}
			if err := s.store.endRow(ctx, "org_leader", o.ID, l.From); err != nil {
				return err
			}
		}
		if err := s.store.insertLeader(ctx, [][]any{{l.ID, l.Unit, l.Name, l.Title, l.From, l.To}}); err != nil {
			return err
		}
		return s.log(ctx, "org.leader", u, "", l)
	})
}

// Links are the ties of a unit beside the tree, in both directions and of all times.
func (s *Service) Links(ctx context.Context, unit id.ID) ([]Link, error) {
	return s.store.links(ctx, unit)
}

// AddLink ties two units beside the tree: a member to its joint committee (R55), a child to its second parent, a station
// to its association (R195). It asks for the right to work at the other unit, and at the member's too unless it is a
// member that joins.
func (s *Service) AddLink(ctx context.Context, l Link) (Link, error) {
	other, err := s.allowed(ctx, scope.Work, l.Other, "org.link")
	if err != nil {
		return l, err
	}
	unit, err := s.Unit(ctx, l.Unit)
	if err != nil {
		return l, err
	}
	// A second parent sees into the unit: that is for those who administer the unit to give.
	if l.Kind != LinkMember {
		if err := s.may(ctx, scope.Admin, unit, "org.link"); err != nil {
			return l, err
		}
	}
	var f errs.Fields
	if !slices.Contains(LinkKinds, l.Kind) {
		f.Add("kind", "org.link_kind_missing")
	}
	if l.Unit == l.Other || unit.Parent == l.Other {
		f.Add("unit", "org.link_self")
	}
	if l.Kind == LinkMember && other.Level != Park {
		f.Add("unit", "org.link_no_joint")
	}
	dated(&f, l.From, l.To, unit)
	if l.From < other.From {
		f.Add("from", "org.not_standing", "Name", other.Name)
	}
	if err := f.Err(); err != nil {
		return l, err
	}
	l.ID = id.New()
	return l, s.db.Tx(ctx, func(ctx context.Context) error {
		if err := s.store.lock(ctx); err != nil {
			return err
		}
		old, err := s.store.links(ctx, l.Unit)
		if err != nil {
			return err
		}
		for _, o := range old {
			if o.Unit == l.Unit && o.Other == l.Other && o.Kind == l.Kind && overlaps(o.From, o.To, l.From, l.To) {
				return invalid("unit", "org.link_twice", "Name", unit.Name)
			}
		}
		if err := s.store.insertLink(ctx, [][]any{{l.ID, l.Unit, l.Other, l.Kind, l.From, l.To}}); err != nil {
			return err
		}
		return s.log(ctx, "org.link", other, "", l)
	})
}

// EndLink unties two units on a day.
func (s *Service) EndLink(ctx context.Context, link id.ID, day clock.Day) error {
	l, err := s.store.link(ctx, link)
	if err != nil {
		return err
	}
	return s.endDated(ctx, "org_link", "org.end_link", l.Other, link, l.From, day)
}

// Detail is what is kept about a unit beside the tree; nothing is kept of most.
func (s *Service) Detail(ctx context.Context, unit id.ID) (Detail, error) {
	d, err := s.store.detail(ctx, unit)
	if errs.Is(err, errs.NotFound) {
		return Detail{Unit: unit}, nil
	}
	return d, err
}

// SetDetail saves the facts of a unit. Ver is the version that was read, 0 when nothing was kept.
func (s *Service) SetDetail(ctx context.Context, d Detail) error {
	u, err := s.allowed(ctx, scope.Work, d.Unit, "org.detail")
	if err != nil {
		return err
	}
	d.CreditCode = strings.ToUpper(strings.ReplaceAll(d.CreditCode, " ", ""))
	var f errs.Fields
	if d.CreditCode != "" && !CreditCodeOK(d.CreditCode) { // R26
		f.Add("credit_code", "org.credit_code_wrong")
	}
	if d.Size != "" && !slices.Contains(Sizes, d.Size) {
		f.Add("size", "org.choice_unknown")
	}
	if d.Ownership != "" && !slices.Contains(Ownerships, d.Ownership) {
		f.Add("ownership", "org.choice_unknown")
	}
	if len([]rune(d.Address)) > 120 {
		f.Add("address", "org.too_long")
	}
	if len([]rune(d.Phone)) > 40 {
		f.Add("phone", "org.too_long")
	} else if d.Phone != "" && !Dialable(d.Phone) {
		f.Add("phone", "org.phone_odd")
	}
	if len([]rune(d.Intro)) > 2000 {
		f.Add("intro", "org.too_long")
	}
	if d.Area != 0 {
		if a, err := s.Unit(ctx, d.Area); err != nil || a.Level != Park {
			f.Add("area", "org.area_unfit")
		}
	}
	if err := f.Err(); err != nil {
		return err
	}
	return s.db.Tx(ctx, func(ctx context.Context) error {
		if d.CreditCode != "" {
			owner, err := s.store.creditOwner(ctx, d.CreditCode)
			if err != nil && !errs.Is(err, errs.NotFound) {
				return err
			}
			if err == nil && owner != d.Unit {
				return invalid("credit_code", "org.credit_code_taken")
			}
		}
		if err := s.store.putDetail(ctx, d); err != nil {
			return err
		}
		return s.log(ctx, "org.detail", u, "", nil)
	})
}

// Enterprises lists the enterprises of a subtree on a day by size class and ownership; "" takes all (R26, R31).
func (s *Service) Enterprises(ctx context.Context, r scope.Range, day clock.Day, size, ownership string, after int64, limit int) ([]Unit, error) {
	return s.store.enterprises(ctx, r, day, size, ownership, max(after, r.From-1), min(max(limit, 1), 500))
}

// InArea lists the enterprises that lie in a park or trade district (R54).
func (s *Service) InArea(ctx context.Context, area id.ID) (map[id.ID]Unit, error) {
	ids, err := s.store.inArea(ctx, area)
	if err != nil {
		return nil, err
	}
	return s.ByIDs(ctx, ids)
}

// FoundingOf is how far the founding of a unit's committee has come; errs.NotFound when none was planned (R52).
func (s *Service) FoundingOf(ctx context.Context, unit id.ID) (Founding, error) {
	return s.store.foundingOf(ctx, unit)
}

// PlanFounding begins the founding of a committee in a body that has none.
func (s *Service) PlanFounding(ctx context.Context, unit id.ID, day clock.Day) error {
	u, err := s.allowed(ctx, scope.Work, unit, "org.founding")
	if err != nil {
		return err
	}
	if u.Formed != clock.Open {
		return errs.New(errs.Conflict, "org.formed_already")
	}
	if _, err := clock.ParseDay(string(day)); err != nil {
		return invalid("day", "org.day_missing")
	}
	return s.db.Tx(ctx, func(ctx context.Context) error {
		if err := s.store.insertFounding(ctx, Founding{ID: id.New(), Unit: unit, State: "plan", Planned: day}); err != nil {
			return err
		}
		return s.log(ctx, "org.founding", u, "", map[string]any{"state": "plan", "day": day})
	})
}

// AdvanceFounding takes the next step: preparation, approval with its document (the founding date is that day; it asks
// for the right to administer), members. Steps are neither skipped nor gone back.
func (s *Service) AdvanceFounding(ctx context.Context, unit id.ID, state string, day clock.Day, document, members string) error {
	u, err := s.allowed(ctx, scope.Work, unit, "org.founding")
	if err != nil {
		return err
	}
	return s.db.Tx(ctx, func(ctx context.Context) error {
		f, err := s.store.foundingOf(ctx, unit)
		if errs.Is(err, errs.NotFound) {
			return errs.New(errs.Conflict, "org.founding_order")
		}
		if err != nil {
			return err
		}
		if i := slices.Index(FoundingStates, f.State); i+1 >= len(FoundingStates) || FoundingStates[i+1] != state {
			return errs.New(errs.Conflict, "org.founding_order")
		}
		if _, err := clock.ParseDay(string(day)); err != nil && state != "members" {
			return invalid("day", "org.day_missing")
		}
		switch state {
		case "preparation":
			if day < f.Planned {
				return invalid("day", "org.end_before_start")
			}
			f.Prepared = day
		case "approved":
			if day < f.Prepared {
				return invalid("day", "org.end_before_start")
			}
			if strings.TrimSpace(document) == "" {
				return invalid("document", "org.document_missing")
			}
			f.Approved, f.Document = day, strings.TrimSpace(document)
			if err := s.Form(ctx, unit, day, f.Document); err != nil {
				return err
			}
		case "members":
			if f.Members = joinLines(lines(members)); f.Members == "" {
				return invalid("members", "org.members_missing")
			}
		}
		f.State = state
		if err := s.store.updateFounding(ctx, f); err != nil {
			return err
		}
		return s.log(ctx, "org.founding", u, f.Document, map[string]any{"state": state, "day": day})
	})
}

// The lists of gaps.
const (
	GapCommittee = "committee" // should have a committee and has none
	GapParty     = "party"     // has a committee without a leading Party organisation (R1)
)

// Coverage is the formal coverage of a unit's subtree on a day (R49, R53, R55).
func (s *Service) Coverage(ctx context.Context, unit id.ID, day clock.Day) (Coverage, error) {
	var out Coverage
	err := s.db.Read(ctx, func(ctx context.Context) error {
		u, err := s.AsOf(ctx, unit, day)
		if err != nil {
			return err
		}
		out = Coverage{Unit: u, Day: day}
		if out.Levels, err = s.store.coverage(ctx, u.Range(), day); err != nil {
			return err
		}
		slices.SortFunc(out.Levels, func(a, b LevelCoverage) int {
			return slices.Index(Levels, a.Level) - slices.Index(Levels, b.Level)
		})
		for _, l := range out.Levels {
			out.Have += l.Have
			out.Should += l.Should
		}
		if out.NoParty, err = s.store.countNoParty(ctx, u.Range(), day); err != nil {
			return err
		}
		after := u.Pos - 1
		for {
			page, err := s.Targets(ctx, u.Range(), day, after, 500)
			if err != nil {
				return err
			}
			for _, t := range page {
				out.Targets++
				if t.Done() {
					out.TargetsDone++
				}
				after = t.Unit.Pos
			}
			if len(page) < 500 {
				return nil
			}
		}
	})
	return out, err
}

// Gaps lists the units of a subtree that lack a committee or a leading Party organisation, by place. after is the place
// of the last unit of the page before, 0 at first.
func (s *Service) Gaps(ctx context.Context, what string, r scope.Range, day clock.Day, after int64, limit int) ([]Unit, error) {
	return s.store.gaps(ctx, what, r, day, max(after, r.From-1), min(max(limit, 1), 500))
}

// Targets is the target list of a subtree: private enterprises above designated size that have a Party organisation,
// each once, done by a committee of its own or covered by joint committees (R53, R55).
func (s *Service) Targets(ctx context.Context, r scope.Range, day clock.Day, after int64, limit int) ([]Target, error) {
	rows, err := s.store.targets(ctx, r, day, max(after, r.From-1), min(max(limit, 1), 500))
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	var ids []id.ID
	for _, t := range rows {
		ids = append(ids, t.Enterprise)
	}
	us, err := s.ByIDs(ctx, ids)
	if err != nil {
		return nil, err
	}
	var out []Target
	for _, t := range rows {
		x := Target{Unit: us[t.Enterprise], From: t.From, Own: t.Formed != clock.Open && t.Formed <= day}
		if t.Joint > 0 {
			ls, err := s.store.links(ctx, t.Enterprise)
			if err != nil {
				return nil, err
			}
			for _, l := range ls {
				if l.Unit == t.Enterprise && l.Kind == LinkMember && clock.Covers(l.From, l.To, day) {
					j, err := s.Unit(ctx, l.Other)
					if err != nil {
						return nil, err
					}
					// A joint committee covers its members as long as it stands.
					if j.StandsOn(day) {
						x.Joint = append(x.Joint, j)
					}
				}
			}
		}
		out = append(out, x)
	}
	return out, nil
}

// AddTarget puts an enterprise on the target list from a day on.
func (s *Service) AddTarget(ctx context.Context, enterprise id.ID, from clock.Day) error {
	u, err := s.allowed(ctx, scope.Work, enterprise, "org.target")
	if err != nil {
		return err
	}
	var f errs.Fields
	if u.Level != Enterprise {
		f.Add("unit", "org.target_unfit")
	}
	dated(&f, from, clock.Open, u)
	if err := f.Err(); err != nil {
		return err
	}
	return s.db.Tx(ctx, func(ctx context.Context) error {
		n, err := s.store.putTarget(ctx, u.Parent, enterprise, from)
		if err != nil {
			return err
		}
		if n == 0 {
			return nil // stands on the list already
		}
		return s.log(ctx, "org.target", u, "", map[string]any{"from": from})
	})
}

// EndTarget takes an enterprise off the target list on a day.
func (s *Service) EndTarget(ctx context.Context, enterprise id.ID, day clock.Day) error {
	u, err := s.allowed(ctx, scope.Work, enterprise, "org.end_target")
	if err != nil {
		return err
	}
	return s.db.Tx(ctx, func(ctx context.Context) error {
		n, err := s.store.endTarget(ctx, enterprise, day)
		if err == nil && n == 0 {
			return errs.New(errs.Conflict, "org.changed_meanwhile")
		}
		if err != nil {
			return err
		}
		return s.log(ctx, "org.end_target", u, "", map[string]any{"to": day})
	})
}

// Targeted tells whether an enterprise is on the target list now.
func (s *Service) Targeted(ctx context.Context, enterprise id.ID) (bool, error) {
	n, err := s.store.targeted(ctx, enterprise)
	return n > 0, err
}
