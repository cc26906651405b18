package campaign

import (
	"xinhuo/internal/dispatch"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/org"
)

// Campaign is a theme over a period with everything that its issuers say about it. From and Last, like the days of
// Window, are both days of it; Due is the last day on which a report is in time.
type Campaign struct {
	Code        string            `json:"code"` // unique at its lead; made when left empty
	Unit        id.ID             `json:"unit"` // the lead, which keeps the record
	Issuers     []dispatch.Issuer `json:"issuers,omitempty"`
	Title       string            `json:"title,omitempty"`  // empty with an Anniversary: it is made of that
	Slogan      string            `json:"slogan,omitempty"` // 主题口号 (R116)
	Topic       string            `json:"topic"`            // one of Topics
	Anniversary *Anniversary      `json:"anniversary,omitempty"`
	From        clock.Day         `json:"from"`
	Last        clock.Day         `json:"last"`
	Due         clock.Day         `json:"due"`
	Window      Window            `json:"window,omitzero"` // concentrated period (R139)
	Within      []id.Ref          `json:"within,omitempty"`
	Targets     Targets           `json:"targets"`
	Text        string            `json:"text,omitempty"`
	Documents   []string          `json:"documents,omitempty"` // numbers of documents
	IssuedOn    clock.Day         `json:"issued_on,omitempty"` // "" is a draft, which only its issuers see
}

// Anniversary is the event that a campaign commemorates. Day is its key day in the campaign's own time.
type Anniversary struct {
	Event string    `json:"event"` // 新中国成立
	Year  int       `json:"year"`  // 1949
	Day   clock.Day `json:"day,omitempty"`
}

// Window is a closed span of days; zero when there is none.
type Window struct {
	From clock.Day `json:"from,omitempty"`
	Last clock.Day `json:"last,omitempty"`
}

// Targets says to which units below its issuers a campaign goes: those of the levels; when kinds are named, only townships
// of those kinds.
type Targets struct {
	Levels []org.Level `json:"levels"`
	Kinds  []org.Kind  `json:"kinds,omitempty"`
}

// Topics are what a campaign can be about (R113). The last takes what fits nowhere else.
var Topics = []string{"ideology", "patriotism", "party_history", "law", "science", "labour", "mind", "family", "safety", "other"}

// Duty is what one unit did about a campaign.
type Duty struct {
	Campaign   id.Ref    `json:"campaign"`
	Unit       id.ID     `json:"unit"`
	ReceivedOn clock.Day `json:"received_on,omitempty"`
	ReceivedBy string    `json:"received_by,omitempty"`
	PlannedOn  clock.Day `json:"planned_on,omitempty"`
	Wording    string    `json:"wording,omitempty"` // how it is done here
	Due        clock.Day `json:"due,omitempty"`     // own day, for this unit and those below it
	CarriedOn  clock.Day `json:"carried_on,omitempty"`
	ReportedOn clock.Day `json:"reported_on,omitempty"` // of the first report: a correction does not make a unit late
	Report     string    `json:"report,omitempty"`
	// DueThen is the day by which the report was due when it came: whoever moves the day later on makes nobody late.
	DueThen     clock.Day `json:"due_then,omitempty"`
	CorrectedOn clock.Day `json:"corrected_on,omitempty"`
}

// State is how far a unit has come on a day.
type State string

// The states in their order; None is a target that has done nothing yet. Waiting asks for all that have not reported.
const (
	None     State = "none"
	Received State = "received"
	Planned  State = "planned"
	Reported State = "reported"
	Waiting  State = "waiting"
)

// Step is what somebody does: the fields of a form or of a program's request. Version is the one that was read; 0 when
// the unit has done nothing yet.
type Step struct {
	Version int64     `json:"version"`
	Day     clock.Day `json:"day,omitempty"` // of a deployment: the own due day; of a report: when it was carried out
	Text    string    `json:"text,omitempty"`
	Reason  string    `json:"reason,omitempty"`
}

// Listed is a campaign in a list.
type Listed struct {
	Ref      id.Ref    `json:"ref"`
	Code     string    `json:"code"`
	Title    string    `json:"title"`
	Slogan   string    `json:"slogan,omitempty"`
	Topic    string    `json:"topic"`
	Unit     id.ID     `json:"unit"`
	From     clock.Day `json:"from"`
	Last     clock.Day `json:"last"`
	Due      clock.Day `json:"due"`
	IssuedOn clock.Day `json:"issued_on,omitempty"`
}

// Count is how far the targets of a block of the tree have come. Targets is the sum of Reported and those that have not.
type Count struct {
	Unit     id.ID `json:"unit"`
	Targets  int64 `json:"targets"`
	Received int64 `json:"received"`
	Planned  int64 `json:"planned"`
	Reported int64 `json:"reported"`
}

// Missing is the number of targets without a report.
func (c Count) Missing() int64 { return c.Targets - c.Reported }

// Board is a campaign seen from a unit on a day: all its targets in the unit's subtree within the reader's view, and the
// same by the units right below.
type Board struct {
	Unit  org.Unit  `json:"-"`
	Day   clock.Day `json:"day"`
	All   Count     `json:"all"`
	Below []Count   `json:"below,omitempty"`
	Names map[id.ID]org.Unit
}

// Line is one target in a list.
type Line struct {
	Unit       id.ID     `json:"unit"`
	Code       string    `json:"code"`
	Name       string    `json:"name"`
	Parent     id.ID     `json:"parent"`
	State      State     `json:"state"`
	Due        clock.Day `json:"due"` // the earliest of the campaign's day and those set by the units above and by itself
	ReceivedOn clock.Day `json:"received_on,omitempty"`
	PlannedOn  clock.Day `json:"planned_on,omitempty"`
	ReportedOn clock.Day `json:"reported_on,omitempty"`
	pos        int64
	duty       id.ID // 0: has done nothing
}

// Overdue tells whether the day has passed without a report.
func (l Line) Overdue(day clock.Day) bool { return l.State != Reported && l.Due < day }

// Lines is one page of a list of targets, in the order of the tree. Next continues it; "" at the end.
type Lines struct {
	Lines []Line `json:"units"`
	Next  string `json:"next,omitempty"`
}

// Task is a campaign as one unit has to do it: what is written above it, what it did.
type Task struct {
	Ref      id.Ref
	Campaign Campaign
	Unit     org.Unit
	Target   bool // it has to report; otherwise it stands between, and may deploy
	Duty     Duty
	Duties   id.Ref // the duty's own outside name; zero when there is none
	Version  int64
	Above    []Above // wordings and days of the units between, from the top down
	Due      clock.Day
	Reminded []Reminder
}

// Called are the calls upon the unit: a call goes to all that are late, so one of the day on which the unit reported, or later, is
// none to it.
func (t Task) Called() []Reminder {
	var out []Reminder
	for _, r := range t.Reminded {
		if t.Duty.ReportedOn == clock.Open || r.Day < t.Duty.ReportedOn {
			out = append(out, r)
		}
	}
	return out
}

// Above is what a unit between issuer and target added.
type Above struct {
	Unit    org.Unit
	Wording string
	Due     clock.Day
}

// Reminder is a call upon late units; one unit sends at most one a day for a campaign.
type Reminder struct {
	Unit id.ID     `json:"unit" db:"unit"`
	Day  clock.Day `json:"day" db:"day"`
	By   string    `json:"by" db:"by_name"`
	Sent int64     `json:"sent" db:"sent"` // inboxes that it went to
}
