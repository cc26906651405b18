package coord

import (
	"xinhuo/internal/dispatch"
	"xinhuo/internal/flow"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/file"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/org"
)

// Notice is what one committee, or several, send down the tree, with everything that they say about it. Due is the last
// day on which a unit's answer is in time; From and Until are the days on which a document is in force, Until itself
// included, open when it says nothing.
type Notice struct {
	Code        string            `json:"code"` // unique at its lead; made when left empty
	Unit        id.ID             `json:"unit"` // the lead, which keeps the record
	Issuers     []dispatch.Issuer `json:"issuers,omitempty"`
	Bodies      []string          `json:"bodies,omitempty"` // bodies beside the tree that issue it, too (R24)
	Copies      []string          `json:"copies,omitempty"` // 抄送: who gets a copy of the paper
	Kind        string            `json:"kind"`             // one of Kinds
	Title       string            `json:"title"`
	Text        string            `json:"text,omitempty"`
	Document    string            `json:"document,omitempty"` // 文号
	Cites       []Cite            `json:"cites,omitempty"`    // what it rests on (R86)
	Urgency     string            `json:"urgency,omitempty"`  // 紧急程度: one of Urgencies; "" is ordinary
	From        clock.Day         `json:"from,omitempty"`
	Until       clock.Day         `json:"until,omitempty"`
	Supersedes  id.Ref            `json:"supersedes,omitzero"`
	Due         clock.Day         `json:"due,omitempty"` // open: to be received, nothing more
	Targets     Targets           `json:"targets"`
	Obligations []Obligation      `json:"obligations,omitempty"`
	Points      []string          `json:"points,omitempty"` // what supervision checks (R118)
	Fields      []Field           `json:"fields,omitempty"`
	Files       []Attachment      `json:"files,omitempty"`
	IssuedOn    clock.Day         `json:"issued_on,omitempty"`  // "" is a draft, which only its issuers see
	AmendedOn   clock.Day         `json:"amended_on,omitempty"` // what the recipients read was last changed after it was issued
}

// Kinds are what can be sent down: a notice, a task, a policy document.
var Kinds = []string{"notice", "task", "policy"}

// Urgencies are how pressing a notice can be (GB/T 9704): 加急, 特急.
var Urgencies = []string{flow.Urgent, flow.Express}

// Targets says to which units below its issuers a notice goes: those of the levels (when kinds are named, only townships
// of those kinds), or those that a rule finds, or those that are named. With a rule there is one level.
type Targets struct {
	Levels []org.Level `json:"levels,omitempty"`
	Kinds  []org.Kind  `json:"kinds,omitempty"`
	Rule   *Rule       `json:"rule,omitempty"`
	Units  []id.ID     `json:"units,omitempty"` // picked; or what a fixed rule found on the day of issue
}

// Rule finds units by a figure of their own on the day of issue: fewer than N, or at least N. Fixed keeps what it found
// then; otherwise the ledger is asked again, about that same day, whenever somebody looks.
type Rule struct {
	Figure string `json:"figure"`
	By     string `json:"by,omitempty"` // a breakdown of the figure, with Value
	Value  string `json:"value,omitempty"`
	Less   bool   `json:"less"` // fewer than N; otherwise at least N
	N      int64  `json:"n"`
	Fixed  bool   `json:"fixed,omitempty"`
}

// Obligation is one thing that the units have to do (R7). No is its number for good. Levels narrows who is bound; none
// are all that the notice goes to.
type Obligation struct {
	No     int         `json:"no"`
	Text   string      `json:"text"`
	Due    clock.Day   `json:"due,omitempty"`
	Levels []org.Level `json:"levels,omitempty"`
}

// Field is one question that a unit answers. With a figure nobody types: the ledger answers as of the due day, for events
// from Since on (the year's first day when open). Apart is why it is not the figure that it sounds like (R176).
type Field struct {
	No     int       `json:"no"`
	Label  string    `json:"label"`
	Number bool      `json:"number,omitempty"`
	Figure string    `json:"figure,omitempty"`
	Since  clock.Day `json:"since,omitempty"`
	Apart  string    `json:"apart,omitempty"`
}

// Attachment is an uploaded file: what it was called, what it is, where it is kept.
type Attachment = file.Kept

// Reply is what one unit did about a notice.
type Reply struct {
	Notice     id.Ref    `json:"notice"`
	Unit       id.ID     `json:"unit"`
	ReceivedOn clock.Day `json:"received_on,omitempty"`
	ReceivedBy string    `json:"received_by,omitempty"`
	Readers    []Mark    `json:"readers,omitempty"`
	PassedOn   clock.Day `json:"passed_on,omitempty"` // handed on to the units below with a wording of its own
	Wording    string    `json:"wording,omitempty"`
	Due        clock.Day `json:"due,omitempty"`     // own day, for this unit and those below it
	DoneOn     clock.Day `json:"done_on,omitempty"` // of the first answer: a correction does not make a unit late
	Text       string    `json:"text,omitempty"`
	// DueThen is the day by which the answer was due when it came: whoever moves the day later on makes nobody late.
	DueThen     clock.Day    `json:"due_then,omitempty"`
	CorrectedOn clock.Day    `json:"corrected_on,omitempty"`
	Links       []string     `json:"links,omitempty"` // addresses of records that show it
	Files       []Attachment `json:"files,omitempty"`
	Answers     []Answer     `json:"answers,omitempty"`
	Kept        []int        `json:"kept,omitempty"` // obligations that are carried out
	Question    string       `json:"question,omitempty"`
	AskedOn     clock.Day    `json:"asked_on,omitempty"`
	AskedBy     string       `json:"asked_by,omitempty"`
	Answered    *Mark        `json:"answered,omitempty"` // the issuer's answer to the question
	Findings    []Finding    `json:"findings,omitempty"` // what supervision found
}

// Mark is somebody on a day.
type Mark struct {
	Name string    `json:"name"`
	On   clock.Day `json:"on"`
	Text string    `json:"text,omitempty"`
}

// Answer is a unit's answer to a field that no figure answers.
type Answer struct {
	No   int    `json:"no"`
	Text string `json:"text"`
}

// Finding is whether a point was met when somebody from above looked; Point is its place in the list, from 0.
type Finding struct {
	Point int       `json:"point"`
	Met   bool      `json:"met"`
	Note  string    `json:"note,omitempty"`
	Name  string    `json:"name"`
	On    clock.Day `json:"on"`
}

// State is how far a unit has come on a day.
type State string

// The states in their order; None is a recipient that has done nothing yet. Waiting asks for all that have not carried it
// out, Asked for those with a question that nobody has answered.
const (
	None     State = "none"
	Received State = "received"
	Read     State = "read"
	Done     State = "done"
	Waiting  State = "waiting"
	Asked    State = "asked"
)

// Step is what somebody does: the fields of a form or of a program's request. Version is the one that was read; 0 when
// the unit has done nothing yet.
type Step struct {
	Version  int64        `json:"version"`
	Day      clock.Day    `json:"day,omitempty"` // of handing on: the own due day
	Text     string       `json:"text,omitempty"`
	Reason   string       `json:"reason,omitempty"`
	Links    []string     `json:"links,omitempty"`
	Files    []Attachment `json:"-"` // kept already
	Answers  []Answer     `json:"answers,omitempty"`
	Kept     []int        `json:"kept,omitempty"`
	Findings []Finding    `json:"findings,omitempty"`
}

// Listed is a notice in a list.
type Listed struct {
	Ref      id.Ref    `json:"ref"`
	Code     string    `json:"code"`
	Kind     string    `json:"kind"`
	Title    string    `json:"title"`
	Document string    `json:"document,omitempty"`
	Unit     id.ID     `json:"unit"`
	From     clock.Day `json:"from,omitempty"`
	Until    clock.Day `json:"until,omitempty"`
	Due      clock.Day `json:"due,omitempty"`
	IssuedOn clock.Day `json:"issued_on,omitempty"`
}

// Count is how far the recipients in a block of the tree have come.
type Count struct {
	Unit     id.ID `json:"unit"`
	Targets  int64 `json:"targets"`
	Received int64 `json:"received"`
	Read     int64 `json:"read"`
	Done     int64 `json:"done"`
	Asked    int64 `json:"asked"`
}

func (c *Count) add(x countRow) {
	c.Targets, c.Received, c.Read, c.Done, c.Asked = c.Targets+x.Targets, c.Received+x.Received, c.Read+x.Read, c.Done+x.Done, c.Asked+x.Asked
}

// Waiting is the number of recipients that have not carried it out.
func (c Count) Waiting() int64 { return c.Targets - c.Done }

// Board is a notice seen from a unit on a day: all its recipients in the unit's subtree within the reader's view, and the
// same by the units right below.
type Board struct {
	Unit  org.Unit
	Day   clock.Day
	All   Count
	Below []Count
	Names map[id.ID]org.Unit
}

// Line is one recipient in a list.
type Line struct {
	Unit       id.ID     `json:"unit"`
	Code       string    `json:"code"`
	Name       string    `json:"name"`
	Parent     id.ID     `json:"parent"`
	State      State     `json:"state"`
	Asked      bool      `json:"asked,omitempty"`
	Due        clock.Day `json:"due,omitempty"` // the earliest of the notice's day and those set above and by itself
	ReceivedOn clock.Day `json:"received_on,omitempty"`
	DoneOn     clock.Day `json:"done_on,omitempty"`
	pos        int64
	reply      id.ID // 0: has done nothing
}

// Overdue tells whether the day has passed without an answer.
func (l Line) Overdue(day clock.Day) bool {
	return l.State != Done && l.Due != clock.Open && l.Due < day
}

// Lines is one page of a list of recipients, in the order of the tree. Next continues it; "" at the end.
type Lines struct {
	Lines []Line
	Next  string
}

// Task is a notice as one unit has to answer it: what is written above it, what it did.
type Task struct {
	Ref      id.Ref
	Notice   Notice
	Unit     org.Unit
	Target   bool // it has to answer; otherwise it stands between, and may hand on
	Over     bool // the reader stands above it and issues, or hands on
	Reply    Reply
	Replies  id.Ref // the reply's own outside name; zero when there is none
	Version  int64
	Left     []org.Unit // merged into it before they had carried it out: it answers for them, too
	Above    []Above    // wordings and days of the units between, from the top down
	Due      clock.Day
	Reminded []Reminder
}

// Above is what a unit between issuer and recipient added.
type Above struct {
	Unit    org.Unit
	Wording string
	Due     clock.Day
}

// Reminder is a call upon units that have not answered; one unit sends at most one a day for a notice.
type Reminder struct {
	Unit id.ID     `json:"unit" db:"unit"`
	Day  clock.Day `json:"day" db:"day"`
	By   string    `json:"by" db:"by_name"`
	Sent int64     `json:"sent" db:"sent"` // inboxes that it went to
}
