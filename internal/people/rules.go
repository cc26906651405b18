package people

import (
	"slices"
	"strings"
	"unicode/utf8"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
)

const (
	maxName   = 60
	maxNote   = 2000
	maxPeople = 200
)

func stateOn(st Status, founded, dissolved, day clock.Day) State {
	switch {
	case dissolved != clock.Open && dissolved <= day:
		return Dissolved
	case st != Approved:
		return Proposed
	case founded > day:
		return Upcoming
	}
	return Active
}

// State is how the team stands on a day.
func (t Team) State(day clock.Day) State { return stateOn(t.Status, t.FoundedOn, t.DissolvedOn, day) }

// clean trims what was typed.
func (t Team) clean() Team {
	for _, s := range []*string{&t.Code, &t.Name, &t.Need, &t.Leader, &t.Phone, &t.Intro, &t.ApprovalDoc, &t.DissolveReason, &t.Note, &t.Owner} {
		*s = strings.TrimSpace(*s)
	}
	for i := range t.People {
		t.People[i].Role = strings.TrimSpace(t.People[i].Role)
	}
	return t
}

// standard is the need under which the team counts; teams kept before needs had parents count by their own.
func (t Team) standard() string {
	if t.Standard != "" {
		return t.Standard
	}
	return t.Need
}

// Present are the volunteers who belong to the team on a day.
func (t Team) Present(day clock.Day) (out []Member) {
	for _, m := range t.People {
		if m.On(day) {
			out = append(out, m)
		}
	}
	return out
}

// Size is how many belong to the team on a day: the number that was typed, or those that are named once they are more.
func (t Team) Size(day clock.Day) int64 { return max(t.Members, int64(len(t.Present(day)))) }

// joined are those who come to the team by a change: of a proposal that is approved, everybody who belongs to it on the
// day or will.
func (t Team) joined(was Team, day clock.Day) (out []Member) {
	if t.Status != Approved || t.Owner != "" {
		return nil
	}
	for _, m := range t.People {
		before := was.Status == Approved && slices.ContainsFunc(was.People, func(o Member) bool { return o.Volunteer == m.Volunteer && o.From == m.From })
		if (m.To == clock.Open || m.To > day) && !before {
			out = append(out, m)
		}
	}
	return out
}

// memberProblems: nobody twice at a time, days in order.
func (t Team) memberProblems(f *errs.Fields) {
	if len(t.People) > maxPeople {
		f.Add("volunteer", "people.members_many", "N", maxPeople)
	}
	for i, m := range t.People {
		switch {
		case m.Volunteer.ID == 0:
			f.Add("volunteer", "people.member_missing")
		case m.From == clock.Open:
			f.Add("from", "people.member_from")
		case m.To != clock.Open && m.To < m.From:
			f.Add("to", "people.member_to")
		}
		if utf8.RuneCountInString(m.Role) > 20 {
			f.Add("role", "people.role_long", "N", 20)
		}
		for _, o := range t.People[:i] {
			if o.Volunteer == m.Volunteer && (o.To == clock.Open || m.From < o.To) && (m.To == clock.Open || o.From < m.To) {
				f.Add("volunteer", "people.member_twice")
			}
		}
	}
	for i, p := range t.Earlier {
		if p.Until == clock.Open || p.Until <= t.FoundedOn || i > 0 && p.Until <= t.Earlier[i-1].Until {
			f.Add("adjusted_on", "people.adjusted_order")
		}
	}
}

// adjusted is the team with what changes from a day on; what it was stays in Earlier (R159).
func (t Team) adjusted(a Adjustment) Team {
	was := Phase{Until: a.Day, Name: t.Name, Need: t.Need, Standard: t.Standard, Leader: t.Leader, Why: a.Why}
	t.Earlier = append(slices.Clone(t.Earlier), was)
	t.Name, t.Need, t.Leader, t.Phone, t.Standard = a.Name, a.Need, a.Leader, a.Phone, ""
	return t
}

// problems says what has to be changed; fields are named after the form's inputs and the table's columns.
func (t Team) problems() (f errs.Fields) {
	if t.Name == "" {
		f.Add("name", "people.name_missing")
	}
	if utf8.RuneCountInString(t.Name) > maxName {
		f.Add("name", "people.name_long", "N", maxName)
	}
	if t.Need == "" {
		f.Add("need", "people.need_missing")
	}
	if t.Members < 0 || t.Members > 100000 {
		f.Add("members", "people.members_odd")
	}
	if utf8.RuneCountInString(t.Intro) > maxNote || utf8.RuneCountInString(t.Note) > maxNote {
		f.Add("note", "people.note_long", "N", maxNote)
	}
	switch t.Status {
	case Approved:
		if t.FoundedOn == clock.Open {
			f.Add("founded_on", "people.founded_missing")
		}
	case Submitted:
	default:
		f.Add("status", "people.status_missing")
	}
	if t.ApprovedOn != "" && t.ProposedOn != "" && t.ApprovedOn < t.ProposedOn {
		f.Add("approved_on", "people.approved_before_proposed")
	}
	if t.ApprovedOn != "" && t.FoundedOn != "" && t.Status == Approved && t.FoundedOn < t.ApprovedOn {
		f.Add("founded_on", "people.founded_before_approved")
	}
	if utf8.RuneCountInString(t.Owner) > maxName {
		f.Add("owner", "people.owner_long", "N", maxName)
	}
	t.memberProblems(&f)
	if t.DissolvedOn != "" && t.FoundedOn != "" && t.DissolvedOn < t.FoundedOn {
		f.Add("dissolved_on", "people.dissolved_before_founded")
	}
	return f
}

func (n Need) problems() (f errs.Fields) {
	if n.Name == "" {
		f.Add("name", "people.need_name_missing")
	}
	if utf8.RuneCountInString(n.Name) > 20 || utf8.RuneCountInString(n.En) > 40 {
		f.Add("name", "people.need_long")
	}
	return f
}
