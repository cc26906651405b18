package casework

import (
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/id"
)

// Kind is the kind of record, as the log and addresses name it.
const Kind = "casework"

// Class is a class of case, as classes.toml says it.
type Class struct {
	Code     string   `toml:"code" json:"code"`
	Seal     string   `toml:"seal" json:"-"`      // the kind of what is sealed of the person
	Named    bool     `toml:"named" json:"named"` // of those who work at the unit only holder and lead read
	Secret   bool     `toml:"secret" json:"-"`    // whoever takes it over reads by a grant; nobody hears that a person has one
	Rhythm   int      `toml:"rhythm" json:"rhythm"`
	Grant    int      `toml:"grant" json:"-"`
	Keep     int      `toml:"keep" json:"-"`
	Consent  string   `toml:"consent" json:"-"`
	Fields   []string `toml:"fields" json:"fields"`
	Required []string `toml:"required" json:"-"`
	Items    []string `toml:"items" json:"items"`
}

// said is the kind of what is sealed of the words of a line.
func (c Class) said() string { return c.Seal + "_said" }

// State is where a case stands.
type State string

const (
	Open   State = "open"
	Paused State = "paused"
	Closed State = "closed"
)

// What a guardian said, or the person themself where they are grown up.
const (
	Given   = "given"
	Refused = "refused"
	Unasked = "unasked"
)

// Consents are what can be said of it.
var Consents = []string{Given, Refused, Unasked}

// Hows are where a visit took place.
var Hows = []string{"home", "school", "call", "online"}

// Outcomes are how a case ends.
var Outcomes = []string{"reached", "passed", "moved", "grown", "wished"}

// Results are what came of it after twelve months.
var Results = []string{"much_better", "better", "same", "worse", "lost"}

// Ends are why a pairing ends.
var Ends = []string{"done", "volunteer", "family", "unfit", "other"}

// Case is a case without who it is about and what was said. Days in Asia/Shanghai, "" for none.
type Case struct {
	Root        int64     `db:"root" json:"-"`
	ID          id.ID     `db:"id" json:"-"`
	Unit        id.ID     `db:"unit" json:"unit"`
	Pos         int64     `db:"pos" json:"-"`
	No          string    `db:"no" json:"no"` // says nothing of the person
	Class       string    `db:"class" json:"class"`
	State       State     `db:"state" json:"state"`
	Holder      id.ID     `db:"holder" json:"holder"`
	HolderName  string    `db:"holder_name" json:"holder_name"`
	HolderReads int64     `db:"holder_reads" json:"-"`
	Lead        id.ID     `db:"lead" json:"lead"`
	LeadName    string    `db:"lead_name" json:"lead_name"`
	Consent     string    `db:"consent" json:"consent"`
	Unsafe      int64     `db:"unsafe" json:"-"`
	Rhythm      int64     `db:"rhythm" json:"rhythm"`
	OpenedOn    clock.Day `db:"opened_on" json:"opened_on"`
	SinceOn     clock.Day `db:"since_on" json:"since_on"`
	LastOn      clock.Day `db:"last_on" json:"last_on,omitempty"`
	NextOn      clock.Day `db:"next_on" json:"next_on,omitempty"`
	FloorOn     clock.Day `db:"floor_on" json:"-"`
	DueOn       clock.Day `db:"due_on" json:"due_on,omitempty"`
	ClosedOn    clock.Day `db:"closed_on" json:"closed_on,omitempty"`
	Outcome     string    `db:"outcome" json:"outcome,omitempty"`
	ResultDue   clock.Day `db:"result_due" json:"result_due,omitempty"`
	Result      string    `db:"result" json:"result,omitempty"`
	FromRoot    int64     `db:"from_root" json:"-"`
	FromID      id.ID     `db:"from_id" json:"-"`
	Ver         int64     `db:"ver" json:"version"`
}

// Ref is the case's outside name.
func (c Case) Ref() id.Ref { return id.Ref{Root: c.Root, ID: c.ID} }

// Kinds of entry.
const (
	Assessed = "assessed"
	Planned  = "planned"
	Visited  = "visited"
	Noted    = "noted"
	Resulted = "resulted"
	Step     = "step" // what was done with the case; Arg says what
)

// Entry is one line of a case's time. Words are sealed: they are there when the reader opened them. Until is the next visit of a visit,
// the day by which a plan is to be carried out, the last day of a pause; N the rhythm in days of a plan, and with which a case was opened.
type Entry struct {
	Root   int64             `db:"root" json:"-"`
	ID     id.ID             `db:"id" json:"-"`
	Case   id.ID             `db:"case_id" json:"-"`
	Kind   string            `db:"kind" json:"kind"`
	At     int64             `db:"at" json:"at"`
	Day    clock.Day         `db:"day" json:"day"`
	By     id.ID             `db:"by_account" json:"-"`
	ByName string            `db:"by_name" json:"by,omitempty"`
	Arg    string            `db:"arg" json:"arg,omitempty"`
	N      int64             `db:"n" json:"n,omitempty"`
	Until  clock.Day         `db:"until_on" json:"until,omitempty"`
	Sealed id.ID             `db:"sealed" json:"-"`
	Mark   string            `db:"mark" json:"-"`
	Words  map[string]string `db:"-" json:"words,omitempty"`
}

// States of a pairing.
const (
	Live      = "live"
	Suspended = "suspended" // the volunteer's check ran out
	Ended     = "ended"
)

// Pair is a volunteer paired with a case; Until is the last day.
type Pair struct {
	Root       int64     `db:"root" json:"-"`
	ID         id.ID     `db:"id" json:"id"`
	Case       id.ID     `db:"case_id" json:"-"`
	PersonRoot int64     `db:"person_root" json:"-"`
	Person     id.ID     `db:"person" json:"-"`
	Name       string    `db:"name" json:"name"`
	Account    id.ID     `db:"account" json:"-"`
	From       clock.Day `db:"from_on" json:"from"`
	Until      clock.Day `db:"until_on" json:"until"`
	State      string    `db:"state" json:"state"`
	EndedOn    clock.Day `db:"ended_on" json:"ended_on,omitempty"`
	Why        string    `db:"why" json:"why,omitempty"`
	Grant      id.ID     `db:"grant_id" json:"-"`
}

// Volunteer is the paired person's file.
func (p Pair) Volunteer() id.Ref { return id.Ref{Root: p.PersonRoot, ID: p.Person} }

// Opening is a case as it is opened. Holder and Lead are logins, "" for who opens it. Given and Form are of the consent; Other says that it is
// another person of the same name.
type Opening struct {
	Unit    id.ID
	Class   string
	Holder  string
	Lead    string
	Person  map[string]string
	Consent string
	Given   clock.Day
	Form    string
	Why     string // why there is no consent
	Rhythm  int64  // days; the class's own when 0
	From    id.Ref // the request for help that it came from
	Other   bool
}

// Opened is a case with who it is about and what was said, for those who may read it.
type Opened struct {
	Case    Case
	Person  map[string]string
	Entries []Entry
	Pairs   []Pair
}

// Filter narrows a unit's list.
type Filter struct {
	Class string
	Only  string // one of Onlys
	Days  int    // running cases that nobody has visited for so many days, one of Idles; 0: all
}

// Idles are for how many days nobody has visited, as a list asks.
var Idles = []int{30, 60, 90}

// Onlys are further conditions of a list: a visit is overdue, it is overdue to say what came of it, the reader holds or leads it, ended.
var Onlys = []string{"overdue", "result", "mine", "closed"}

// Tally is what a unit has of a class: exact, for those who work there.
type Tally struct {
	Class   string `db:"class" json:"class"`
	Open    int64  `db:"open" json:"open"`
	Overdue int64  `db:"overdue" json:"overdue"`
	Closed  int64  `db:"closed" json:"closed"`
}

// Helper is a volunteer as a case needs them.
type Helper struct {
	Ref     id.Ref
	Name    string
	Account id.ID // 0 for none
	Fit     bool  // has a valid check, and is a volunteer today
}

// Asked is a request for help as a case is opened from it.
type Asked struct {
	Name, Contact, Text string
}

// Count is how many cases are published of some months; Least says that it may be more.
type Count struct {
	Class   string `json:"class"`
	Measure string `json:"measure"`
	N       int64  `json:"n"`
	Least   bool   `json:"least,omitempty"`
}

// Measures are what is counted of a month: cases that were opened, that ended, that were visited.
var Measures = []string{"opened", "closed", "visited"}
