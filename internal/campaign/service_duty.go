package campaign

import (
	"context"
	"errors"
	"slices"
	"strings"

	"xinhuo/internal/audit"
	"xinhuo/internal/dispatch"
	"xinhuo/internal/flow"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/org"
	"xinhuo/internal/record"
)

// Acts of a unit on its duty, as they stand in its addresses; it also has ActRemove and ActUndo.
const (
	ActReceive = "receive"
	ActPlan    = "plan"
	ActReport  = "report"
)

// isTarget tells whether the campaign went to the unit: by where and what it was on the day of issue (R68).
func (s *Service) isTarget(ctx context.Context, c Campaign, unit org.Unit) (bool, error) {
	if c.IssuedOn == clock.Open || slices.Contains(c.Issuing(), unit.ID) || !unit.StandsOn(clock.Today(ctx)) {
		return false, nil
	}
	then, err := s.org.AsOf(ctx, unit.ID, c.IssuedOn)
	if errs.Is(err, errs.NotFound) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	if then.Formed == clock.Open || then.Formed > c.IssuedOn || !c.Targets.Goes(then) {
		return false, nil
	}
	r, err := s.reaching(ctx, id.Ref{}, c, unit, clock.Today(ctx), nil)
	return r.at.Contains(then.Pos), err
}

// between tells whether the unit issues the campaign, or stands above targets of it.
func (s *Service) between(ctx context.Context, c Campaign, u org.Unit) (bool, error) {
	if slices.Contains(c.Issuing(), u.ID) {
		return true, nil
	}
	if !slices.ContainsFunc(c.Targets.Levels, func(l org.Level) bool { return u.Level.MayHold(l) }) {
		return false, nil
	}
	r, err := s.reaching(ctx, id.Ref{}, c, u, clock.Today(ctx), nil)
	return r.at.Contains(u.Pos), err
}

// Task reads a campaign as one unit has to carry it out, with the wordings and days of the units above it. Needs View at
// the unit; NotFound when the campaign does not concern it.
func (s *Service) Task(ctx context.Context, ref id.Ref, unit id.ID) (t Task, err error) {
	t.Ref = ref
	if t.Unit, err = s.org.Unit(ctx, unit); err != nil {
		return t, errs.New(errs.NotFound, "errs.not_found")
	}
	home, err := s.rec.Home(ctx, unit)
	if err != nil {
		return t, err
	}
	if !scope.From(ctx).May(scope.View, home.Pos) {
		return t, errs.New(errs.NotFound, "errs.not_found")
	}
	if t.Campaign, _, err = s.Campaign(ctx, ref); err != nil {
		return t, err
	}
	if t.Campaign.IssuedOn == clock.Open {
		return t, errs.New(errs.NotFound, "errs.not_found")
	}
	list, err := s.store.dutyAcrossUnits(ctx, ref.ID, unit)
	if err != nil {
		return t, err
	}
	t.Duty = Duty{Campaign: ref, Unit: unit}
	if len(list) > 0 {
		var v record.Version
		if t.Duty, v, err = s.duties.Get(ctx, list[0].ref()); err != nil {
			return t, err
		}
		t.Duties, t.Version = list[0].ref(), v.N
	}
	if t.Target, err = s.isTarget(ctx, t.Campaign, t.Unit); err != nil {
		return t, err
	}
	if !t.Target && t.Version == 0 {
		some, err := s.between(ctx, t.Campaign, t.Unit)
		if err != nil {
			return t, err
		}
		if !some || slices.Contains(t.Campaign.Issuing(), unit) {
			return t, errs.New(errs.NotFound, "campaign.not_addressed")
		}
	}
	if err := s.fillAbove(ctx, &t); err != nil {
		return t, err
	}
	t.Reminded, err = s.reminders(ctx, ref, t.Unit.Pos)
	return t, err
}

// fillAbove reads what the units between the issuers and this one have added: they hold here, too.
func (s *Service) fillAbove(ctx context.Context, t *Task) error {
	up, err := s.org.Ancestors(ctx, t.Unit.ID, clock.Today(ctx))
	if err != nil && !errs.Is(err, errs.NotFound) {
		return err
	}
	of := map[id.ID]org.Unit{}
	var ids []id.ID
	for _, u := range up {
		if u.ID != t.Unit.ID {
			of[u.ID], ids = u, append(ids, u.ID)
		}
	}
	rows, err := s.store.dutiesOfUnitsAcrossUnits(ctx, t.Ref.ID, ids)
	if err != nil {
		return err
	}
	t.Due = t.Campaign.Due
	for _, r := range rows {
		if r.PlannedOn == clock.Open {
			continue
		}
		d, _, err := s.duties.Get(scope.Widened(ctx, r.Pos, false), r.ref())
		if err != nil {
			return err
		}
		t.Above = append(t.Above, Above{Unit: of[r.Unit], Wording: d.Wording, Due: d.Due})
		t.Due = dispatch.Earliest(t.Due, d.Due)
	}
	return nil
}

// DueHere is the day by which this unit's report is due: its own when it has set one.
func (t Task) DueHere() clock.Day { return dispatch.Earliest(t.Due, t.Duty.Due) }

// Act takes one act of a unit on its duty. The right to work is asked at the unit. A second report corrects the first.
// Errors: Invalid with the fields of Step, Conflict when somebody was faster, Forbidden and NotFound.
func (s *Service) Act(ctx context.Context, ref id.Ref, unit id.ID, act string, st Step) error {
	return s.db.Tx(ctx, func(ctx context.Context) error {
		t, err := s.Task(ctx, ref, unit)
		if err != nil {
			return err
		}
		if err := s.mayAct(ctx, t, "campaign.act."+act); err != nil {
			return err
		}
		if t.Version != st.Version {
			return errs.New(errs.Conflict, "record.changed_meanwhile")
		}
		today, who := clock.Today(ctx), scope.From(ctx).Name
		d := t.Duty
		switch act {
		case ActReceive:
			if !t.Target {
				return errs.New(errs.Conflict, "campaign.only_deploys")
			}
			return s.write(ctx, t, d, d.receive(who, today), record.Change{Act: "campaign.act.receive"})
		case ActPlan:
			refused := d.plan(st, t.Due, today, t.Target, who)
			return s.write(ctx, t, d, refused, record.Change{Act: "campaign.act.plan"})
		case ActReport:
			if !t.Target {
				return errs.New(errs.Conflict, "campaign.only_deploys")
			}
			c := record.Change{Act: "campaign.act.report"}
			if d.ReportedOn != clock.Open {
				c.Act = "campaign.act.correct"
			}
			refused := d.report(st, t.Campaign.From, t.DueHere(), today, who)
			if err := s.write(ctx, t, d, refused, c); err != nil {
				return err
			}
			return s.calmed(ctx, t)
		case ActRemove:
			if strings.TrimSpace(st.Reason) == "" {
				var f errs.Fields
				f.Add("reason", "campaign.reason_missing")
				return f.Err()
			}
			if t.Version == 0 {
				return errs.New(errs.Conflict, "campaign.nothing_done")
			}
			return s.duties.Remove(ctx, t.Duties, t.Version, record.Change{Act: "campaign.act.remove_duty", Reason: strings.TrimSpace(st.Reason)})
		case ActUndo:
			if t.Version == 0 {
				return errs.New(errs.Conflict, "campaign.nothing_done")
			}
			return s.duties.Undo(ctx, t.Duties, t.Version)
		}
		return errs.New(errs.NotFound, "errs.not_found")
	})
}

// Restore brings back what a unit withdrew, as long as the reader's own act can be undone and the unit has not begun anew.
func (s *Service) Restore(ctx context.Context, duty id.Ref, version int64) error {
	err := s.duties.Undo(ctx, duty, version)
	if errs.Is(err, errs.Conflict) {
		var e *errs.Error
		if errors.As(err, &e) && e.Key == "errs.exists_already" {
			err = errs.New(errs.Conflict, "campaign.begun_anew")
		}
	}
	return err
}

// Withdrawn reads what the reader's own last act withdrew, as long as that can be undone.
func (s *Service) Withdrawn(ctx context.Context, duty id.Ref) (Duty, record.Version, error) {
	return s.duties.Removed(ctx, duty)
}

// write keeps what a rule made of the duty; the first act of a unit makes its record.
func (s *Service) write(ctx context.Context, t Task, d Duty, refused error, c record.Change) error {
	if refused != nil {
		return refused
	}
	if t.Version > 0 {
		return s.duties.Save(ctx, t.Duties, t.Version, d, c)
	}
	_, err := s.duties.Create(ctx, d, c)
	if errs.Is(err, errs.Conflict) { // two of one office at the same time
		err = errs.New(errs.Conflict, "record.changed_meanwhile")
	}
	return err
}

// mayAct refuses, and logs, whoever does not work at the unit.
func (s *Service) mayAct(ctx context.Context, t Task, act string) error {
	u, err := s.rec.Home(ctx, t.Unit.ID)
	if err != nil || scope.From(ctx).May(scope.Work, u.Pos) {
		return err
	}
	if err := s.audit.Refuse(ctx, audit.Entry{Act: act, Subject: KindDuty, Ref: t.Duties, Pos: u.Pos, Unit: u.ID}); err != nil {
		return err
	}
	return errs.New(errs.Forbidden, "record.not_your_unit", "Unit", u.Name)
}

// calmed ends the calls in the unit's inbox once it has reported.
func (s *Service) calmed(ctx context.Context, t Task) error {
	for _, r := range t.Reminded {
		if err := s.flow.DoneTask(ctx, remindKey(t.Ref, t.Unit.ID, r.Day)); err != nil {
			return err
		}
	}
	return nil
}

// MayAct tells which acts the reader can do on a duty now, for buttons.
func (s *Service) MayAct(ctx context.Context, t Task) (map[string]bool, error) {
	out := map[string]bool{}
	u, err := s.rec.Home(ctx, t.Unit.ID)
	if err != nil || !scope.From(ctx).May(scope.Work, u.Pos) {
		return out, err
	}
	out[ActReceive] = t.Target && t.Duty.ReceivedOn == clock.Open
	out[ActPlan] = true
	out[ActReport] = t.Target
	out[ActRemove] = t.Version > 0
	if t.Version > 0 {
		_, v, err := s.duties.Get(ctx, t.Duties)
		if err != nil {
			return nil, err
		}
		out[ActUndo] = !s.duties.Undoable(ctx, v).IsZero()
	}
	return out, nil
}

// States are how far a unit has come in some campaigns, for its list; those that did not go to it are left out.
func (s *Service) States(ctx context.Context, u org.Unit, list []Listed, day clock.Day) (map[id.ID]State, error) {
	ids := make([]id.ID, len(list))
	for i, l := range list {
		ids[i] = l.Ref.ID
	}
	rows, err := s.store.dutiesOfUnitAcrossUnits(ctx, u.ID, ids)
	if err != nil {
		return nil, err
	}
	done := map[id.ID]State{}
	for _, r := range rows {
		done[r.Campaign] = r.duty().StateOn(day)
	}
	out := map[id.ID]State{}
	for _, l := range list {
		if l.IssuedOn == clock.Open {
			continue
		}
		c, _, err := s.Campaign(ctx, l.Ref)
		if err != nil {
			return nil, err
		}
		target, err := s.isTarget(ctx, c, u)
		if err != nil {
			return nil, err
		}
		if !target {
			continue
		}
		if out[l.Ref.ID] = None; done[l.Ref.ID] != "" {
			out[l.Ref.ID] = done[l.Ref.ID]
		}
	}
	return out, nil
}

// mostWaiting bounds the lines that campaigns lend to an inbox.
const mostWaiting = 20

// waiting are the campaigns that a unit has not reported on: lines for its inbox which no row was written for. A campaign
// that ended without a report waits on: it is late.
func (s *Service) waiting(ctx context.Context, unit id.ID) ([]flow.Item, error) {
	u, err := s.org.Unit(ctx, unit)
	if err != nil || !scope.From(ctx).May(scope.View, u.Pos) {
		return nil, nil // somebody without a unit has no such lines
	}
	list, _, err := s.List(ctx, u, clock.Today(ctx), Filter{Limit: mostWaiting})
	if err != nil {
		return nil, err
	}
	ids := make([]id.ID, len(list))
	for i, l := range list {
		ids[i] = l.Ref.ID
	}
	rows, err := s.store.dutiesOfUnitAcrossUnits(ctx, u.ID, ids)
	if err != nil {
		return nil, err
	}
	reported := map[id.ID]bool{}
	for _, r := range rows {
		reported[r.Campaign] = r.ReportedOn != clock.Open
	}
	var out []flow.Item
	today := clock.Today(ctx)
	for _, l := range list {
		if l.IssuedOn == clock.Open || reported[l.Ref.ID] {
			continue
		}
		t, err := s.Task(ctx, l.Ref, unit)
		if errs.Is(err, errs.NotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		if !t.Target {
			continue
		}
		key := "campaign.task.report"
		if t.Duty.ReceivedOn == clock.Open {
			key = "campaign.task.receive"
		}
		lead, err := s.org.Unit(ctx, l.Unit)
		if err != nil {
			return nil, err
		}
		due := t.DueHere()
		out = append(out, flow.Item{Kind: flow.KindDo, Title: i18n.T(ctx, key, "Title", l.Title),
			Why: i18n.T(ctx, "campaign.task.why", "Unit", lead.Name, "Day", i18n.Day(ctx, l.IssuedOn)), Due: due, Overdue: due < today, Link: dutyPath(l.Ref, unit)})
	}
	return out, nil
}

func (s *Service) logged(ctx context.Context, ref id.Ref, act string, u org.Unit, detail map[string]any) error {
	return s.audit.Log(ctx, audit.Entry{Act: act, Subject: Kind, Ref: ref, Pos: u.Pos, Unit: u.ID, Detail: detail})
}
