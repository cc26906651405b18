package meeting

import (
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/file"
	"xinhuo/internal/kit/id"
)

// The kinds of record, in the books, the ledger and the log.
const (
	Kind         = "meeting"
	KindDecision = "decision"
)

// Meeting is one meeting of a unit, or one of a level above to which its people went (R78). Days are in Asia/Shanghai.
type Meeting struct {
	Code        string       `json:"code"` // unique within the city
	Unit        id.ID        `json:"unit"`
	Kind        string       `json:"kind"`            // a name of the list of kinds
	Joint       bool         `json:"joint,omitempty"` // follow from the kind
	Above       bool         `json:"above,omitempty"`
	Title       string       `json:"title"`
	Day         clock.Day    `json:"day"`
	Time        string       `json:"time,omitempty"` // 14:30
	Place       string       `json:"place,omitempty"`
	Host        string       `json:"host,omitempty"` // who called a meeting of a level above
	Chair       string       `json:"chair,omitempty"`
	Agenda      []string     `json:"agenda,omitempty"`
	Note        string       `json:"note,omitempty"`
	CancelledOn clock.Day    `json:"cancelled_on,omitempty"`
	Seats       []Seat       `json:"seats,omitempty"`
	Speeches    []Speech     `json:"speeches,omitempty"`
	Minutes     Minutes      `json:"minutes,omitzero"`
	Files       []Attachment `json:"files,omitempty"`
}

// Party is a unit of the tree, or a body beside it; Name is what it was called then. Partner is the record of a body that
// has one.
type Party struct {
	Unit    id.ID  `json:"unit,omitempty"`
	Partner id.Ref `json:"partner,omitzero"`
	Name    string `json:"name"`
}

// Seat is one place at a meeting: a member body and who stands for it.
type Seat struct {
	No        int64     `json:"no"` // stays with the seat
	Party     Party     `json:"party"`
	Person    string    `json:"person,omitempty"`
	Post      string    `json:"post,omitempty"`
	InvitedOn clock.Day `json:"invited_on,omitempty"`
	Reply     string    `json:"reply,omitempty"` // one of Replies; "" = none yet
	RepliedOn clock.Day `json:"replied_on,omitempty"`
	Deputy    string    `json:"deputy,omitempty"`
	Why       string    `json:"why,omitempty"`  // of an excuse
	Came      string    `json:"came,omitempty"` // one of Attendance; "" = not noted
}

// Replies to an invitation.
var Replies = []string{"comes", "deputy", "excused"}

// Attendance at a meeting: in person, by a deputy, excused, away.
var Attendance = []string{"self", "deputy", "excused", "away"}

// Speech is what one body said at a meeting, as text or as the file that was handed in (R79).
type Speech struct {
	No      int64       `json:"no"`
	Party   Party       `json:"party"`
	Speaker string      `json:"speaker,omitempty"`
	Title   string      `json:"title"`
	Text    string      `json:"text,omitempty"`
	File    *Attachment `json:"file,omitempty"`
}

// Minutes are the drafts of a meeting's minutes, and what became of the last.
type Minutes struct {
	Drafts     []Draft   `json:"drafts,omitempty"`
	ApprovedOn clock.Day `json:"approved_on,omitempty"`
	ApprovedBy string    `json:"approved_by,omitempty"` // the chair
	NotedBy    string    `json:"noted_by,omitempty"`    // who entered it, when the chair did not do it alone
	IssuedOn   clock.Day `json:"issued_on,omitempty"`
	Number     string    `json:"number,omitempty"` // of the issued paper
}

// Draft is one version of the minutes.
type Draft struct {
	On   clock.Day `json:"on"`
	By   string    `json:"by"`
	Text string    `json:"text"`
}

// Attachment is an uploaded file: what it was called, what it is, where it is kept.
type Attachment = file.Kept

// Decision is what a meeting decided, as a task: exactly one lead, those who help, a day (R60, R64).
type Decision struct {
	Code      string    `json:"code"`
	Unit      id.ID     `json:"unit"` // whose meeting it was
	Meeting   id.Ref    `json:"meeting"`
	Text      string    `json:"text"`
	DecidedOn clock.Day `json:"decided_on"` // the day of the meeting
	Lead      Party     `json:"lead"`
	Assist    []Party   `json:"assist,omitempty"`
	Due       clock.Day `json:"due"`
	Steps     []Step    `json:"steps,omitempty"` // how it went on
	DoneOn    clock.Day `json:"done_on,omitempty"`
	Evidence  Evidence  `json:"evidence,omitzero"`
	DroppedOn clock.Day `json:"dropped_on,omitempty"`
	Dropped   string    `json:"dropped,omitempty"` // why
}

// Step is one report on a decision.
type Step struct {
	On   clock.Day `json:"on"`
	By   string    `json:"by"`
	Text string    `json:"text"`
}

// Evidence says how a decision was carried out, and shows it.
type Evidence struct {
	Text  string       `json:"text,omitempty"`
	Files []Attachment `json:"files,omitempty"`
}

// Sort is one kind of meeting. Root 0 is shipped.
type Sort struct {
	Root   int64  `db:"root" json:"-"`
	Name   string `db:"name" json:"name"`
	En     string `db:"en" json:"en"`
	Joined int64  `db:"joined" json:"joint"` // 1 = a joint meeting of departments
	Above  int64  `db:"above" json:"above"`  // 1 = held by a level above
}

// Listed is a meeting in a list.
type Listed struct {
	Root      int64     `db:"root" json:"-"`
	ID        id.ID     `db:"id" json:"-"`
	Unit      id.ID     `db:"unit" json:"-"`
	Pos       int64     `db:"pos" json:"-"`
	Code      string    `db:"code" json:"code"`
	Title     string    `db:"title" json:"title"`
	Kind      string    `db:"kind" json:"kind"`
	Above     int64     `db:"above" json:"above,omitempty"`
	Host      string    `db:"host" json:"host,omitempty"`
	Day       clock.Day `db:"day" json:"day"`
	Cancelled clock.Day `db:"cancelled_on" json:"cancelled_on,omitempty"`
	Minutes   string    `db:"minutes" json:"minutes,omitempty"`
	Seats     int64     `db:"seats" json:"seats"`
	Came      int64     `db:"came" json:"came"`
}

// Ref is the record's outside name.
func (l Listed) Ref() id.Ref { return id.Ref{Root: l.Root, ID: l.ID} }

// ListedDecision is a decision in a list.
type ListedDecision struct {
	Root      int64     `db:"root" json:"-"`
	ID        id.ID     `db:"id" json:"-"`
	Unit      id.ID     `db:"unit" json:"-"`
	Pos       int64     `db:"pos" json:"-"`
	Code      string    `db:"code" json:"code"`
	Meeting   id.ID     `db:"meeting" json:"-"`
	Text      string    `db:"text" json:"text"`
	DecidedOn clock.Day `db:"decided_on" json:"decided_on"`
	Due       clock.Day `db:"due" json:"due"`
	DoneOn    clock.Day `db:"done_on" json:"done_on,omitempty"`
	DroppedOn clock.Day `db:"dropped_on" json:"dropped_on,omitempty"`
	Lead      string    `db:"lead" json:"lead"`
	LeadUnit  id.ID     `db:"lead_unit" json:"-"`
	LeadPos   int64     `db:"lead_pos" json:"-"`
}

// Ref is the record's outside name.
func (l ListedDecision) Ref() id.Ref { return id.Ref{Root: l.Root, ID: l.ID} }

// ListedSpeech is a speech in a list.
type ListedSpeech struct {
	Root    int64     `db:"root" json:"-"`
	Meeting id.ID     `db:"meeting" json:"-"`
	No      int64     `db:"no" json:"no"`
	Body    string    `db:"body" json:"body"`
	Speaker string    `db:"speaker" json:"speaker,omitempty"`
	Title   string    `db:"title" json:"title"`
	Day     clock.Day `db:"day" json:"day"`
}

// Ref is the meeting's outside name.
func (l ListedSpeech) Ref() id.Ref { return id.Ref{Root: l.Root, ID: l.Meeting} }

// Body is how often a member body was asked and came in a year, and what it leads (R58, R65).
type Body struct {
	Name    string `db:"body" json:"body"`
	Asked   int64  `db:"asked" json:"asked"`
	Self    int64  `db:"self" json:"self"`
	Deputy  int64  `db:"deputy" json:"deputy"`
	Excused int64  `db:"excused" json:"excused"`
	Away    int64  `db:"away" json:"away"`
	Leads   int64  `db:"leads" json:"leads"`
	Open    int64  `db:"open" json:"open"`
	Late    int64  `db:"late" json:"late"`
}

// SeatRow is one seat of a body's year.
type SeatRow struct {
	Root    int64     `db:"root"`
	Meeting id.ID     `db:"meeting"`
	No      int64     `db:"no"`
	Unit    id.ID     `db:"unit"`
	Body    string    `db:"body"`
	Person  string    `db:"person"`
	Post    string    `db:"post"`
	Day     clock.Day `db:"day"`
	Reply   string    `db:"reply"`
	Came    string    `db:"came"`
	Title   string    `db:"title"`
}

// Filter narrows a list of meetings.
type Filter struct {
	Text, Kind string
	Year       int64
}

// DecisionFilter narrows a list of decisions: State is one of States.
type DecisionFilter struct {
	Text, State, Body string
	Meeting           id.ID
	Day               clock.Day
}

// States of a decision on a day.
const (
	Open    = "open"
	Late    = "late"
	Done    = "done"
	Dropped = "dropped"
)

// States of a decision, as lists offer them.
var States = []string{Open, Late, Done, Dropped}

// Partner is a body beside the tree that has a record of its own.
type Partner struct {
	Ref  id.Ref
	Name string
}
