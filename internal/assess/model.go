package assess

import (
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/org"
)

// Programme is a reform programme with its model (R146).
type Programme struct {
	Code     string      `json:"code"` // unique at its owner
	Name     string      `json:"name"`
	Goal     string      `json:"goal,omitempty"`
	Owner    id.ID       `json:"owner"` // the unit that runs it, usually a city
	From     clock.Day   `json:"from,omitempty"`
	To       clock.Day   `json:"to,omitempty"`
	Main     bool        `json:"main"`   // the one that the figures reform.* count; one at each owner
	Target   org.Level   `json:"target"` // the level of the units that are to take it over
	Parts    []Part      `json:"parts"`
	Criteria []Criterion `json:"criteria"`
	Maturity []string    `json:"maturity,omitempty"` // levels after adoption, lowest first (R153)
}

// targetLevels are the levels whose units can be the target of a programme.
var targetLevels = []org.Level{org.County, org.Township, org.Village, org.Campus}

// Part is one part of the model. A part whose name nobody knows yet has an empty name and keeps its place (R154).
type Part struct {
	Code       string   `json:"code"`
	Name       string   `json:"name"`
	Indicators []string `json:"indicators,omitempty"`
}

// Criterion is one thing looked at before an adoption counts (R194).
type Criterion struct {
	Code string `json:"code"`
	Name string `json:"name"`
}

// Status is where a unit stands in a programme on a day.
type Status string

// The states; None is a target unit without a record.
const (
	None      Status = "none"
	Planned   Status = "planned"
	Submitted Status = "submitted"
	Accepted  Status = "accepted"
	Revoked   Status = "revoked"
)

// Statuses lists them in the order in which a page shows them; together they make up all target units (R149).
var Statuses = []Status{Accepted, Submitted, Planned, Revoked, None}

// Adoption is one unit's way to one programme.
type Adoption struct {
	Programme id.Ref    `json:"programme"`
	Unit      id.ID     `json:"unit"`
	Level     org.Level `json:"level"` // the unit's, for the figures' filters
	Main      bool      `json:"main"`  // the programme's, for the figures' filters
	// UnitEnds is the day on which the unit was merged or closed. The model is not inherited: whoever takes the place
	// over has to adopt it anew, or one township would count twice (R150).
	UnitEnds    clock.Day `json:"unit_ends,omitempty"`
	Mentor      string    `json:"mentor,omitempty"`
	PlannedOn   clock.Day `json:"planned_on,omitempty"`
	Slips       []Slip    `json:"slips,omitempty"`
	SubmittedOn clock.Day `json:"submitted_on,omitempty"` // "" again once it was sent back or recalled
	ReturnedOn  clock.Day `json:"returned_on,omitempty"`  // sent back and not handed in again
	Periods     []Period  `json:"periods,omitempty"`      // the earliest first
	Results     []Result  `json:"results,omitempty"`      // of a check that has not led to acceptance
	Parts       []PartOn  `json:"parts,omitempty"`
	Stages      []Stage   `json:"stages,omitempty"`
}

// Slip is a planned day that was put off (R193).
type Slip struct {
	PlannedOn clock.Day `json:"planned_on"`
	ChangedOn clock.Day `json:"changed_on,omitempty"`
	Reason    string    `json:"reason,omitempty"`
}

// Period is one time of acceptance: from AdoptedOn until the day before RevokedOn.
type Period struct {
	AdoptedOn    clock.Day `json:"adopted_on"`
	RevokedOn    clock.Day `json:"revoked_on,omitempty"` // first day on which it no longer counts
	Status       Status    `json:"status"`               // accepted or revoked
	DocNo        string    `json:"doc_no,omitempty"`
	Results      []Result  `json:"results,omitempty"`
	RevokeReason string    `json:"revoke_reason,omitempty"`
	RevokeDocNo  string    `json:"revoke_doc_no,omitempty"`
}

// Result is the outcome of one criterion. Name is kept as it was called then.
type Result struct {
	Criterion string `json:"criterion"`
	Name      string `json:"name,omitempty"`
	Met       bool   `json:"met"`
	Evidence  string `json:"evidence,omitempty"`
}

// PartOn says that a part of the model is in place.
type PartOn struct {
	Part string    `json:"part"`
	From clock.Day `json:"from,omitempty"`
}

// Stage is a level of maturity reached after adoption (R153).
type Stage struct {
	Level string    `json:"level"`
	From  clock.Day `json:"from"`
}

// Step is what somebody does with an adoption: the fields of a form or of a program's request. Version is the one that
// was read.
type Step struct {
	Version  int64     `json:"version"`
	Day      clock.Day `json:"day,omitempty"`
	Reason   string    `json:"reason,omitempty"`
	Document string    `json:"document,omitempty"`
	Mentor   string    `json:"mentor,omitempty"`
	Results  []Result  `json:"results,omitempty"`
	Parts    []string  `json:"parts,omitempty"`
	Level    string    `json:"level,omitempty"`
}

// Line is one target unit in a programme's list. Ref is zero when it has no record.
type Line struct {
	Ref        id.Ref    `json:"ref,omitzero"`
	Unit       id.ID     `json:"unit"`
	Code       string    `json:"code"`
	Name       string    `json:"name"`
	Status     Status    `json:"status"`
	PlannedOn  clock.Day `json:"planned_on,omitempty"`
	AdoptedOn  clock.Day `json:"adopted_on,omitempty"` // of the period that counts, or of the last one
	RevokedOn  clock.Day `json:"revoked_on,omitempty"`
	Submitted  clock.Day `json:"submitted_on,omitempty"`
	ReturnedOn clock.Day `json:"returned_on,omitempty"`
	Slips      int       `json:"slips"`
	Parts      int       `json:"parts"`
	Level      string    `json:"maturity,omitempty"`
}

// Late tells whether the planned day has passed without a handing-in or an acceptance (R193).
func (l Line) Late(day clock.Day) bool {
	return l.PlannedOn != clock.Open && l.PlannedOn < day && (l.Status == Planned || l.Status == Revoked && l.PlannedOn > l.RevokedOn)
}

// Overview is a programme seen from a unit on a day.
type Overview struct {
	Programme Programme
	Ref       id.Ref
	Unit      org.Unit
	Day       clock.Day
	Lines     []Line
	Counts    map[Status]int
	Maturity  map[string]int
}
