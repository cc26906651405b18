package assess

import (
	"slices"
	"sort"
	"strconv"
	"strings"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
)

// StatusOn is where the unit stands on a day. What is handed in and not accepted does not count as accepted (R151), nor
// does an acceptance that begins later or was revoked.
func (a Adoption) StatusOn(day clock.Day) Status {
	ended := false
	decided := false
	for _, p := range a.Periods {
		if clock.Covers(p.AdoptedOn, p.RevokedOn, day) {
			return Accepted
		}
		if p.AdoptedOn <= day {
			ended = true
			decided = decided || a.SubmittedOn != clock.Open && p.AdoptedOn >= a.SubmittedOn
		}
	}
	switch {
	case a.SubmittedOn != clock.Open && a.SubmittedOn <= day && !decided:
		return Submitted
	case ended:
		return Revoked
	case a.PlannedOn != clock.Open || a.ReturnedOn != clock.Open || a.SubmittedOn != clock.Open || len(a.Periods) > 0:
		return Planned
	}
	return None
}

// periodOn is the period that counts on the day, or else the last one that began by it; nil when there is none.
func periodOn(list []Period, day clock.Day) *Period {
	var last *Period
	for i := range list {
		p := &list[i]
		if clock.Covers(p.AdoptedOn, p.RevokedOn, day) {
			return p
		}
		if p.AdoptedOn <= day {
			last = p
		}
	}
	return last
}

// Current is the period that has not been revoked; nil when there is none.
func (a *Adoption) Current() *Period {
	for i := range a.Periods {
		if a.Periods[i].RevokedOn == clock.Open {
			return &a.Periods[i]
		}
	}
	return nil
}

// slipped is the day planned first, and by how many days the unit is behind it: by its acceptance, by its handing in, or by
// the day it is planned for now, or today once that has passed. What was planned before an acceptance was revoked says
// nothing of the way that began then.
func (a Adoption) slipped(l Line, day clock.Day) (first clock.Day, days int) {
	var again clock.Day // the way to this acceptance began
	for _, p := range a.Periods {
		if p.RevokedOn != clock.Open && p.RevokedOn <= day {
			again = max(again, p.RevokedOn)
		}
	}
	first = a.PlannedOn
	for _, s := range a.Slips {
		if s.ChangedOn > again && s.PlannedOn > again {
			first = s.PlannedOn
			break
		}
	}
	if first <= again {
		return clock.Open, 0
	}
	last := a.PlannedOn
	switch {
	case l.Status == Accepted:
		last = l.AdoptedOn
	case l.Status == Submitted:
		last = l.Submitted
	case l.Late(day):
		last = day
	}
	return first, int(last.Time().Sub(first.Time()).Hours() / 24)
}

// levelOn is the level of maturity reached by the day.
func levelOn(list []Stage, day clock.Day) string {
	level := ""
	for _, s := range list {
		if s.From <= day {
			level = s.Level
		}
	}
	return level
}

// Has tells whether a part of the model is in place.
func (a Adoption) Has(part string) bool {
	return slices.ContainsFunc(a.Parts, func(p PartOn) bool { return p.Part == part })
}

// Known is the number of parts whose name is known (R154: 3 of 4).
func (p Programme) Known() int {
	n := 0
	for _, q := range p.Parts {
		if q.Name != "" {
			n++
		}
	}
	return n
}

// Clean trims a programme and gives codes to what is new.
func (p *Programme) Clean() {
	p.Code, p.Name, p.Goal = strings.TrimSpace(p.Code), strings.TrimSpace(p.Name), strings.TrimSpace(p.Goal)
	used := map[string]bool{}
	for _, q := range p.Parts {
		used[q.Code] = true
	}
	for _, c := range p.Criteria {
		used[c.Code] = true
	}
	fresh := func(prefix string) string {
		for i := 1; ; i++ {
			if c := prefix + strconv.Itoa(i); !used[c] {
				used[c] = true
				return c
			}
		}
	}
	for i := range p.Parts {
		if p.Parts[i].Name = strings.TrimSpace(p.Parts[i].Name); p.Parts[i].Code == "" {
			p.Parts[i].Code = fresh("part")
		}
	}
	for i := range p.Criteria {
		if p.Criteria[i].Code == "" {
			p.Criteria[i].Code = fresh("criterion")
		}
	}
}

// Check says what has to be changed before a programme can stand.
func (p Programme) Check() error {
	var f errs.Fields
	if p.Code == "" || len(p.Code) > 40 || strings.ContainsAny(p.Code, " /?#%") {
		f.Add("code", "assess.code_unfit")
	}
	if p.Name == "" {
		f.Add("name", "assess.name_missing")
	}
	if p.Target == "" || !p.Target.Known() {
		f.Add("target", "assess.target_missing")
	}
	if len(p.Parts) == 0 {
		f.Add("parts", "assess.parts_missing")
	}
	if p.To != clock.Open && p.From != clock.Open && p.To < p.From {
		f.Add("to", "assess.end_before_start")
	}
	return f.Err()
}

// Check refuses an adoption that contradicts itself; it suits imports as well as forms.
func (a Adoption) Check() error {
	var f errs.Fields
	for _, p := range a.Periods {
		if p.AdoptedOn == clock.Open {
			f.Add("adopted_on", "assess.adopted_missing")
		}
		if p.RevokedOn != clock.Open && p.RevokedOn < p.AdoptedOn {
			f.Add("revoked_on", "assess.revoked_before_adopted")
		}
	}
	return f.Err()
}

// sorted brings the parts with days into their order.
func (a *Adoption) sorted() {
	sort.SliceStable(a.Periods, func(i, j int) bool { return a.Periods[i].AdoptedOn < a.Periods[j].AdoptedOn })
	sort.SliceStable(a.Stages, func(i, j int) bool { return a.Stages[i].From < a.Stages[j].From })
}

// onlyPlanned tells whether nothing was reached yet: nothing handed in, sent back, put in place or accepted.
func (a Adoption) onlyPlanned() bool {
	return a.SubmittedOn == clock.Open && a.ReturnedOn == clock.Open && len(a.Periods)+len(a.Results)+len(a.Parts)+len(a.Stages) == 0
}

// clone copies an adoption so that a version that was read is never changed behind its back.
func (a Adoption) clone() Adoption {
	a.Slips, a.Periods, a.Results = slices.Clone(a.Slips), slices.Clone(a.Periods), slices.Clone(a.Results)
	a.Parts, a.Stages = slices.Clone(a.Parts), slices.Clone(a.Stages)
	return a
}

// plan sets the planned day; the day before stays as a slip, with the reason (R193).
func (a *Adoption) plan(st Step, today clock.Day) error {
	var f errs.Fields
	if st.Day == clock.Open {
		f.Add("day", "assess.day_missing")
	}
	if a.PlannedOn != clock.Open && st.Day != a.PlannedOn && strings.TrimSpace(st.Reason) == "" {
		f.Add("reason", "assess.slip_reason_missing")
	}
	if err := f.Err(); err != nil {
		return err
	}
	if a.PlannedOn != clock.Open && st.Day != a.PlannedOn {
		a.Slips = append(a.Slips, Slip{PlannedOn: a.PlannedOn, ChangedOn: today, Reason: strings.TrimSpace(st.Reason)})
	}
	a.PlannedOn, a.Mentor = st.Day, strings.TrimSpace(st.Mentor)
	return nil
}

// submit hands the adoption in.
func (a *Adoption) submit(st Step, today clock.Day) error {
	var f errs.Fields
	switch {
	case st.Day == clock.Open:
		f.Add("day", "assess.day_missing")
	case st.Day > today:
		f.Add("day", "assess.day_to_come")
	}
	if err := f.Err(); err != nil {
		return err
	}
	if a.Current() != nil {
		return errs.New(errs.Conflict, "assess.accepted_already")
	}
	if a.StatusOn(today) == Submitted {
		return errs.New(errs.Conflict, "assess.submitted_already")
	}
	a.SubmittedOn, a.ReturnedOn = st.Day, clock.Open
	return nil
}

// accept begins a period: every criterion has been looked at and is met (R194).
func (a *Adoption) accept(p Programme, st Step) error {
	var f errs.Fields
	if st.Day == clock.Open {
		f.Add("day", "assess.day_missing")
	}
	if a.Current() != nil {
		return errs.New(errs.Conflict, "assess.accepted_already")
	}
	for _, q := range a.Periods {
		if st.Day != clock.Open && st.Day < q.RevokedOn {
			f.Add("day", "assess.adopted_before_revoked")
			break
		}
	}
	if a.SubmittedOn != clock.Open && st.Day != clock.Open && st.Day < a.SubmittedOn {
		f.Add("day", "assess.adopted_before_submitted")
	}
	got := map[string]Result{}
	for _, r := range st.Results {
		got[r.Criterion] = r
	}
	var results []Result
	for _, c := range p.Criteria {
		r := got[c.Code]
		if !r.Met {
			f.Add("met_"+c.Code, "assess.criterion_unmet", "Name", c.Name)
		} else if strings.TrimSpace(r.Evidence) == "" {
			f.Add("evidence_"+c.Code, "assess.evidence_missing", "Name", c.Name)
		}
		results = append(results, Result{Criterion: c.Code, Name: c.Name, Met: r.Met, Evidence: strings.TrimSpace(r.Evidence)})
	}
	if err := f.Err(); err != nil {
		return err
	}
	a.Periods = append(a.Periods, Period{AdoptedOn: st.Day, Status: Accepted, DocNo: strings.TrimSpace(st.Document), Results: results})
	a.Results, a.ReturnedOn = nil, clock.Open
	a.sorted()
	return nil
}

// sendBack takes the handing in back, with what has to be mended.
func (a *Adoption) sendBack(st Step, today clock.Day) error {
	if a.StatusOn(today) != Submitted {
		return errs.New(errs.Conflict, "assess.not_submitted")
	}
	var f errs.Fields
	if strings.TrimSpace(st.Reason) == "" {
		f.Add("reason", "assess.return_reason_missing")
	}
	a.SubmittedOn, a.ReturnedOn = clock.Open, today
	return f.Err()
}

// named gives outcomes the names of their criteria, as they are called now, where they have none.
func named(list []Result, p Programme) {
	for i := range list {
		for _, c := range p.Criteria {
			if list[i].Name == "" && list[i].Criterion == c.Code {
				list[i].Name = c.Name
			}
		}
	}
}

// settle brings a record into the form in which it is kept.
func (a *Adoption) settle(p Programme) {
	*a = a.clone()
	a.sorted()
	named(a.Results, p)
	for i := range a.Periods {
		a.Periods[i].Results = slices.Clone(a.Periods[i].Results)
		named(a.Periods[i].Results, p)
	}
}

// revoke ends the period that counts.
func (a *Adoption) revoke(st Step) error {
	p := a.Current()
	if p == nil {
		return errs.New(errs.Conflict, "assess.not_accepted")
	}
	var f errs.Fields
	switch {
	case st.Day == clock.Open:
		f.Add("day", "assess.day_missing")
	case st.Day < p.AdoptedOn:
		f.Add("day", "assess.revoked_before_adopted")
	}
	if strings.TrimSpace(st.Reason) == "" {
		f.Add("reason", "assess.reason_missing")
	}
	if strings.TrimSpace(st.Document) == "" {
		f.Add("document", "assess.document_missing")
	}
	if err := f.Err(); err != nil {
		return err
	}
	p.RevokedOn, p.Status, p.RevokeReason, p.RevokeDocNo = st.Day, Revoked, strings.TrimSpace(st.Reason), strings.TrimSpace(st.Document)
	return nil
}

// reach notes a level of maturity (R153).
func (a *Adoption) reach(p Programme, st Step) error {
	var f errs.Fields
	if !slices.Contains(p.Maturity, st.Level) {
		f.Add("level", "assess.level_missing")
	}
	if st.Day == clock.Open {
		f.Add("day", "assess.day_missing")
	} else if len(a.Periods) > 0 && st.Day < a.Periods[0].AdoptedOn {
		f.Add("day", "assess.level_before_adopted")
	}
	if err := f.Err(); err != nil {
		return err
	}
	if len(a.Periods) == 0 {
		return errs.New(errs.Conflict, "assess.not_accepted")
	}
	a.Stages = slices.DeleteFunc(a.Stages, func(s Stage) bool { return s.Level == st.Level })
	a.Stages = append(a.Stages, Stage{Level: st.Level, From: st.Day})
	a.sorted()
	return nil
}

// have says which parts of the model are in place; those that were keep their day.
func (a *Adoption) have(p Programme, st Step, today clock.Day) error {
	day := st.Day
	if day == clock.Open {
		day = today
	}
	var out []PartOn
	for _, q := range p.Parts {
		if !slices.Contains(st.Parts, q.Code) {
			continue
		}
		on := PartOn{Part: q.Code, From: day}
		for _, was := range a.Parts {
			if was.Part == q.Code {
				on = was
			}
		}
		out = append(out, on)
	}
	a.Parts = out
	return nil
}
