package people

import (
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/id"
)

// Status of a team; that it was dissolved is a day, not a status.
type Status string

const (
	// Submitted is a proposal; it never counts.
	Submitted Status = "submitted"
	// Approved counts from the founding day on.
	Approved Status = "approved"
)

// State is how a team stands on a day.
type State string

const (
	Proposed  State = "proposed"
	Upcoming  State = "upcoming" // approved, begins later
	Active    State = "active"
	Dissolved State = "dissolved"
)

// States lists them in the order in which a list offers them.
var States = []State{Active, Proposed, Upcoming, Dissolved}

// Team is a working team of volunteers of one unit (R171). Days are in Asia/Shanghai; DissolvedOn is the first day on
// which the team no longer stands.
type Team struct {
	Code           string    `json:"code"` // unique within the city
	Unit           id.ID     `json:"unit"`
	Name           string    `json:"name"`
	Need           string    `json:"need"` // name in the list of needs
	Leader         string    `json:"leader,omitempty"`
	Phone          string    `json:"phone,omitempty"`
	Members        int64     `json:"members,omitempty"`
	Intro          string    `json:"intro,omitempty"`
	ProposedOn     clock.Day `json:"proposed_on,omitempty"`
	ApprovedOn     clock.Day `json:"approved_on,omitempty"`
	ApprovalDoc    string    `json:"approval_doc,omitempty"`
	FoundedOn      clock.Day `json:"founded_on,omitempty"` // from here on it counts; of a proposal the wished day
	DissolvedOn    clock.Day `json:"dissolved_on,omitempty"`
	DissolveReason string    `json:"dissolve_reason,omitempty"`
	Status         Status    `json:"status"`
	Note           string    `json:"note,omitempty"`
}

// Listed is a team in a list.
type Listed struct {
	Root        int64     `db:"root" json:"-"`
	ID          id.ID     `db:"id" json:"-"`
	Unit        id.ID     `db:"unit" json:"-"`
	Pos         int64     `db:"pos" json:"-"`
	Code        string    `db:"code" json:"code"`
	Name        string    `db:"name" json:"name"`
	Need        string    `db:"need" json:"need"`
	Leader      string    `db:"leader" json:"leader"`
	Members     int64     `db:"members" json:"members"`
	Status      Status    `db:"status" json:"status"`
	FoundedOn   clock.Day `db:"founded_on" json:"founded_on"`
	DissolvedOn clock.Day `db:"dissolved_on" json:"dissolved_on"`
}

// Ref is the team's outside name.
func (l Listed) Ref() id.Ref { return id.Ref{Root: l.Root, ID: l.ID} }

// State is how the team stands on a day.
func (l Listed) State(day clock.Day) State {
	return stateOn(l.Status, l.FoundedOn, l.DissolvedOn, day)
}

// Need is one entry of the list of needs: the shipped ones, and what a city added.
type Need struct {
	Root int64  `db:"root" json:"-"` // 0 = shipped
	Name string `db:"name" json:"name"`
	En   string `db:"en" json:"en"`
}

// In is the need in a language.
func (n Need) In(lang string) string {
	if lang == "en" && n.En != "" {
		return n.En
	}
	return n.Name
}

// Filter narrows a list of teams.
type Filter struct {
	Need  string
	State State // "" takes all
	Text  string
}
