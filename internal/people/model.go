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

	// Owner is the department whose team it is when it is not the committee's own: it stands in the directory and is
	// never counted among the committee's teams (R72).
	Owner string `json:"owner,omitempty"`
	// Standard is the shipped need under which a city's own counts; the list of needs says it, nobody types it (R170).
	Standard string `json:"standard,omitempty"`
	// GuidedBy is the committee that guides it, RunBy the association that runs it (R179), Docked the team of the county
	// or city that it extends (R175). They are kept as they are today, without days.
	GuidedBy id.ID    `json:"guided_by,omitempty"`
	RunBy    id.Ref   `json:"run_by,omitzero"`
	Docked   id.Ref   `json:"docked,omitzero"`
	People   []Member `json:"people,omitempty"`
	Earlier  []Phase  `json:"earlier,omitempty"` // as it was before each adjustment, the earliest first (R159)
}

// Member is a volunteer in a team (R122). To is the first day on which they no longer belong to it.
type Member struct {
	Volunteer id.Ref    `json:"volunteer"`
	Role      string    `json:"role,omitempty"`
	From      clock.Day `json:"from"`
	To        clock.Day `json:"to,omitempty"`
}

// On tells whether the volunteer belongs to the team on a day.
func (m Member) On(day clock.Day) bool { return clock.Covers(m.From, m.To, day) }

// Phase is what a team was until an adjustment. Until is the first day on which it was no longer so.
type Phase struct {
	Until    clock.Day `json:"until"`
	Name     string    `json:"name"`
	Need     string    `json:"need"`
	Standard string    `json:"standard,omitempty"`
	Leader   string    `json:"leader,omitempty"`
	Why      string    `json:"why,omitempty"` // reason or document of the adjustment that ended it
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
	Owner       string    `db:"owner" json:"owner,omitempty"`
	Standard    string    `db:"standard" json:"standard"`
	RunBy       string    `db:"run_by" json:"run_by,omitempty"`
	GuidedBy    id.ID     `db:"guided_by" json:"-"`
	Docked      string    `db:"docked" json:"docked,omitempty"`
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
	// Parent is the shipped need under which a city's own counts; "" counts by itself.
	Parent string `db:"parent" json:"parent,omitempty"`
	// Certified takes a valid certificate of each member, as counselling does (R163).
	Certified int64 `db:"certified" json:"certified"`
	Ord       int64 `db:"ord" json:"-"`
}

// Standard is the need under which it counts.
func (n Need) Standard() string {
	if n.Parent != "" {
		return n.Parent
	}
	return n.Name
}

// Suit is one thing by which a volunteer suits a need: a profession, or a word in the list of specialities.
type Suit struct {
	What string `db:"what"`
	Word string `db:"word"`
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
	Need  string // or the standard need under which a local one counts
	State State  // "" takes all
	Text  string
	Whose string // "own", "others" (R72), "" takes both
}
