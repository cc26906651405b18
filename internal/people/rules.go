package people

import (
	"strings"
	"unicode/utf8"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
)

const (
	maxName = 60
	maxNote = 2000
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
	for _, s := range []*string{&t.Code, &t.Name, &t.Need, &t.Leader, &t.Phone, &t.Intro, &t.ApprovalDoc, &t.DissolveReason, &t.Note} {
		*s = strings.TrimSpace(*s)
	}
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
