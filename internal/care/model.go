package care

import (
	"slices"
	"strings"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/seal"
)

// Kind is the kind of record, as the log and addresses name it.
const Kind = "care"

// Kinds are what one can ask for.
var Kinds = []string{"mind", "law", "hardship", "other"}

// Askers are who asks.
var Askers = []string{"young", "parent", "teacher", "other"}

// Ways are how somebody wants to be answered: here with the receipt, by telephone, or by way of a guardian or the school.
var Ways = []string{"here", "call", "guardian", "school"}

// Urgency says how soon somebody has to answer.
type Urgency string

const (
	Now   Urgency = "now"
	Soon  Urgency = "soon"
	Usual Urgency = "usual"
)

// Urgencies are all of them, the most urgent first.
var Urgencies = []Urgency{Now, Soon, Usual}

// State is where a request stands.
type State string

const (
	Untaken State = "new"     // nobody holds it
	Held    State = "held"    // somebody does, and owes an answer
	Waiting State = "waiting" // the asker's word is waited for
	Closed  State = "closed"
)

// Outcomes are how a request ends.
var Outcomes = []string{"helped", "advised", "passed", "silent", "taken_back"}

// Desk is a unit that takes requests. Phone is a person's, told to everybody.
type Desk struct {
	Root  int64    `json:"-"`
	Unit  id.ID    `json:"unit"`
	Pos   int64    `json:"-"`
	Open  bool     `json:"open"`
	Kinds []string `json:"kinds"`
	Phone string   `json:"phone"`
	Hours string   `json:"hours"`
	About string   `json:"about,omitempty"`
	Leads []Person `json:"leads"`
	Ver   int64    `json:"version"`
}

// Person is an account with its name.
type Person struct {
	Account id.ID  `json:"account,omitempty"`
	Name    string `json:"name"`
	Login   string `json:"login,omitempty"`
}

// Duty is who is on call at a desk from a day on; To is the last day.
type Duty struct {
	Root    int64     `db:"root" json:"-"`
	ID      id.ID     `db:"id" json:"id"`
	Unit    id.ID     `db:"unit" json:"-"`
	Account id.ID     `db:"account" json:"account"`
	Name    string    `db:"name" json:"name"`
	Phone   string    `db:"phone" json:"phone"`
	From    clock.Day `db:"from_day" json:"from"`
	To      clock.Day `db:"to_day" json:"to"`
}

// Member is somebody at a desk who answers for kinds of requests. Skill says by which qualification, Until is its last day, clock.Open where it has none.
type Member struct {
	Root    int64     `json:"-"`
	ID      id.ID     `json:"id"`
	Unit    id.ID     `json:"-"`
	Account id.ID     `json:"account"`
	Login   string    `json:"login"`
	Name    string    `json:"name"`
	Kinds   []string  `json:"kinds"`
	Skill   string    `json:"skill"`
	Until   clock.Day `json:"until"`
}

// Request is a request without what was said. Instants are UTC milliseconds, 0 for none.
type Request struct {
	Root       int64   `db:"root" json:"-"`
	ID         id.ID   `db:"id" json:"-"`
	Unit       id.ID   `db:"unit" json:"unit"`
	Pos        int64   `db:"pos" json:"-"`
	No         string  `db:"no" json:"no"` // short, for the telephone; says nothing
	Kind       string  `db:"kind" json:"kind"`
	Asker      string  `db:"asker" json:"asker"`
	Way        string  `db:"way" json:"way"`
	Danger     int64   `db:"danger" json:"danger"`
	Urgency    Urgency `db:"urgency" json:"urgency"`
	State      State   `db:"state" json:"state"`
	At         int64   `db:"at" json:"at"`
	DueAt      int64   `db:"due_at" json:"due_at,omitempty"`
	AnsweredAt int64   `db:"answered_at" json:"answered_at,omitempty"`
	ClosedAt   int64   `db:"closed_at" json:"closed_at,omitempty"`
	Holder     id.ID   `db:"holder" json:"holder,omitempty"`
	HolderName string  `db:"holder_name" json:"holder_name,omitempty"`
	Outcome    string  `db:"outcome" json:"outcome,omitempty"`
	Score      int64   `db:"score" json:"score,omitempty"`
	Risen      int64   `db:"risen" json:"risen"`
	Calls      int64   `db:"calls" json:"calls,omitempty"` // tried in vain since somebody was reached
	CalledAt   int64   `db:"called_at" json:"called_at,omitempty"`
	Reached    int64   `db:"reached" json:"reached,omitempty"` // by telephone
	Pass       string  `db:"pass" json:"-"`
	Ver        int64   `db:"ver" json:"version"`
	Rule       int64   `db:"rule" json:"rule,omitempty"` // the version of the rule that whoever asked agreed to

	Guest bool `db:"-" json:"-"` // read by somebody of another body, at an address of their own

	Sub  Person `db:"-" json:"-"` // who stands in for the holder today
	Late bool   `db:"-" json:"-"` // somebody should have answered by now
}

// careful tells whether somebody who may be in danger named those to be rung of whom one may be who hurts them.
func (q Request) careful() bool { return q.Danger == 1 && (q.Way == "guardian" || q.Way == "school") }

// Ref is the request's outside name.
func (q Request) Ref() id.Ref { return id.Ref{Root: q.Root, ID: q.ID} }

// Kinds of entry. What the asker sees are Asked and Told.
const (
	Asked  = "asked"  // a word of the asker
	Told   = "told"   // a word to the asker
	Noted  = "noted"  // among those who help
	Met    = "met"    // offline: a meeting, a visit
	Called = "called" // offline: a call
	Booked = "booked" // an appointment, online or offline; the asker sees it, on its day
	Step   = "step"   // what was done with the request; Arg says what
)

// Entry is one line of a request's time. Text is sealed: it is there when the reader opened it.
type Entry struct {
	Root    int64     `db:"root" json:"-"`
	ID      id.ID     `db:"id" json:"-"`
	Request id.ID     `db:"request" json:"-"`
	Kind    string    `db:"kind" json:"kind"`
	At      int64     `db:"at" json:"at"`
	Day     clock.Day `db:"day" json:"day"` // on which it happened
	By      id.ID     `db:"by_account" json:"-"`
	ByName  string    `db:"by_name" json:"by,omitempty"`
	Arg     string    `db:"arg" json:"arg,omitempty"`
	Sealed  id.ID     `db:"sealed" json:"-"`
	Mark    string    `db:"mark" json:"-"`
	Clock   string    `db:"clock" json:"clock,omitempty"` // of an appointment: the time of day, 15:04
	Way     string    `db:"way" json:"way,omitempty"`     // of an appointment: Places
	Reply   string    `db:"reply" json:"reply,omitempty"` // what whoever asked said to it: Replies
	Fate    string    `db:"fate" json:"fate,omitempty"`   // what became of it: Came and so on, "" as long as it stands
	Text    string    `db:"-" json:"text,omitempty"`
	Files   []File    `db:"-" json:"files,omitempty"`

	packed []seal.Stored
}

// File is a file that came with an entry. Name is sealed: it is there when the reader opened it, and gone once it was erased.
type File struct {
	Root    int64  `db:"root" json:"-"`
	Request id.ID  `db:"request" json:"-"`
	No      int64  `db:"no" json:"no"`
	Entry   id.ID  `db:"entry" json:"-"`
	Sealed  id.ID  `db:"sealed" json:"-"`
	Hash    string `db:"hash" json:"-"`
	Size    int64  `db:"size" json:"size"`
	At      int64  `db:"at" json:"at"`
	Name    string `db:"-" json:"name,omitempty"`
}

// Upload is a file as it was sent.
type Upload struct {
	Name string
	Data []byte
}

// Places are where one meets at an appointment; Replies what whoever asked says to it.
var (
	Places  = []string{"there", "here", "call"}
	Replies = []string{"yes", "other"}
)

// What became of an appointment.
const (
	Came   = "came"
	Missed = "missed"
	Moved  = "moved" // another one stands in its place
	Off    = "off"   // called off
)

// stands tells whether an entry is an appointment that is still to come, or of which nobody has said what became of it.
func (e Entry) stands() bool { return e.Kind == Booked && e.Fate == "" }

// asksHear are the steps that whoever asked is told.
var asksHear = []string{"closed", "referred", "parted", string(Offered), string(Accepted), string(Declined), string(Withdrawn), string(Stayed), string(Lapsed), "agreed", "aid", "aided", "reopened", "left"}

// forAsker tells whether whoever asked sees it.
func (e Entry) forAsker() bool {
	if e.Kind == Step {
		what, _, _ := strings.Cut(e.Arg, ":")
		return slices.Contains(asksHear, what)
	}
	return slices.Contains([]string{Asked, Told, Booked}, e.Kind)
}

// Ask is a request as it is sent. Name and Contact may be empty.
type Ask struct {
	Unit    id.ID
	Kind    string
	Asker   string
	Text    string
	Way     string
	Contact string
	Name    string
	Receipt string
	Proof   string // that the receipt is one of ours
	Phrase  string
	Rule    int64 // the version of the rule that was read
	Agree   bool
	Files   []Upload
}

// Told is what a request says to whoever asked.
type Answer struct {
	Request Request
	Desk    Desk
	Unit    string
	Entries []Entry
	Offer   string // the desk that is asked to take it over
	Helpers bool   // somebody of another unit was let in, with their consent
	Token   string // lets the same page write and rate, for a while
}

// Opened is a request with what was said, for those who may read it.
type Opened struct {
	Request Request
	Desk    Desk
	Duty    []Duty
	Name    string
	Contact string
	Entries []Entry
}

// PassState is where an offer to another desk stands.
type PassState string

const (
	Offered   PassState = "offered"
	Accepted  PassState = "accepted"
	Declined  PassState = "declined"
	Withdrawn PassState = "withdrawn" // taken back by who offered
	Stayed    PassState = "stayed"    // whoever asked said no
	Lapsed    PassState = "lapsed"    // nobody answered in time
)

// Pass is the offer of a request to another desk. Instants are UTC milliseconds, 0 for none.
type Pass struct {
	Root        int64     `db:"root" json:"-"`
	ID          id.ID     `db:"id" json:"-"`
	Request     id.ID     `db:"request" json:"-"`
	No          string    `db:"no" json:"no"`
	From        id.ID     `db:"from_unit" json:"from"`
	To          id.ID     `db:"to_unit" json:"to"`
	ToPos       int64     `db:"to_pos" json:"-"`
	State       PassState `db:"state" json:"state"`
	OfferedAt   int64     `db:"offered_at" json:"offered_at"`
	OfferedName string    `db:"offered_name" json:"offered_by"`
	DueAt       int64     `db:"due_at" json:"due_at"`
	EndedAt     int64     `db:"ended_at" json:"ended_at,omitempty"`
	EndedName   string    `db:"ended_name" json:"ended_by,omitempty"`
}

// Ref is the request that is offered.
func (p Pass) Ref() id.Ref { return id.Ref{Root: p.Root, ID: p.Request} }
