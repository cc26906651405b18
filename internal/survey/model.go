package survey

import (
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/org"
)

// The kinds of record in versions, in the ledger and in imports.
const (
	Kind       = "survey"
	KindAnswer = "survey_answer"
)

// Survey is what a unit asks of the units below it.
type Survey struct {
	Unit      id.ID       `json:"unit"` // the issuer
	Title     string      `json:"title"`
	Text      string      `json:"text,omitempty"`
	Document  string      `json:"document,omitempty"` // its basis
	About     string      `json:"about"`              // one of Abouts
	Levels    []org.Level `json:"levels,omitempty"`   // of the units that answer; about bases none means whatever level hosts one
	Due       clock.Day   `json:"due"`                // the last day in time
	Questions []Question  `json:"questions,omitempty"`
	IssuedOn  clock.Day   `json:"issued_on,omitempty"` // "" is a draft, which only its issuer sees
	Asked     int64       `json:"asked,omitempty"`     // how many units it went to on the day of issue
	// Bases are those that stood in the register on the day of issue: whoever hosts one of them answers.
	Bases []id.ID `json:"bases,omitempty"`
}

// Abouts are what a survey can be about: each unit, or each base, of which whoever hosts it is asked, the issuer as well.
var Abouts = []string{"unit", "base"}

// Question is one thing that is asked. No is its number for good. With a Field the register's kind and options hold.
type Question struct {
	No       int      `json:"no"`
	Label    string   `json:"label"`
	Kind     string   `json:"kind"` // one of QuestionKinds
	Options  []string `json:"options,omitempty"`
	Required bool     `json:"required,omitempty"`
	Field    string   `json:"field,omitempty"` // of the register
}

// QuestionKinds are how a question can be answered.
var QuestionKinds = []string{"choice", "several", "number", "text", "day"}

// Value is what was answered: nothing, one thing, or of several choices each that was chosen. Numbers are digits, days are
// YYYY-MM-DD.
type Value []string

// State is how far a unit has come with its answer.
type State string

// The states of an answer. None and Late are no states of their own: nothing was begun, or nothing sent after the due day.
const (
	None     State = ""
	Draft    State = "draft"
	Sent     State = "sent"
	Returned State = "returned"
	Reviewed State = "reviewed"
	Waiting  State = "waiting" // neither sent nor reviewed: for lists
)

// Answer is what one unit answers.
type Answer struct {
	Survey  id.Ref    `json:"survey"`
	Issuer  id.ID     `json:"issuer"`
	Unit    id.ID     `json:"unit"`
	Entries []Entry   `json:"entries,omitempty"`
	State   State     `json:"state"`
	SentOn  clock.Day `json:"sent_on,omitempty"` // the first time: what is sent again after a return is not late
	SentBy  string    `json:"sent_by,omitempty"`
	DueThen clock.Day `json:"due_then,omitempty"` // the due day when it was first sent
	Why     string    `json:"why,omitempty"`      // why it was returned
	DoneOn  clock.Day `json:"done_on,omitempty"`
	DoneBy  string    `json:"done_by,omitempty"`
	Merged  []Merged  `json:"merged,omitempty"`
}

// Entry is the answers about one base, or about the unit itself when Base is zero. Was is what the register held of the
// bound questions when they were answered.
type Entry struct {
	Base   id.Ref        `json:"base,omitzero"`
	Name   string        `json:"name,omitempty"`
	Values map[int]Value `json:"values,omitempty"`
	Was    map[int]Value `json:"was,omitempty"`
}

// Merged is a base whose record was corrected, with the version that this made.
type Merged struct {
	Base    id.Ref `json:"base"`
	Version int64  `json:"version"`
}

// Listed is a survey in a list.
type Listed struct {
	Root     int64     `db:"root" json:"-"`
	ID       id.ID     `db:"id" json:"-"`
	Unit     id.ID     `db:"unit" json:"unit"`
	Pos      int64     `db:"pos" json:"-"`
	PosTo    int64     `db:"pos_to" json:"-"`
	Title    string    `db:"title" json:"title"`
	About    string    `db:"about" json:"about"`
	Due      clock.Day `db:"due_day" json:"due"`
	IssuedOn clock.Day `db:"issued_on" json:"issued_on,omitempty"`
}

// Ref is the survey's outside name.
func (l Listed) Ref() id.Ref { return id.Ref{Root: l.Root, ID: l.ID} }

// ListedAnswer is an answer in a list of evidence.
type ListedAnswer struct {
	Root   int64 `db:"root"`
	ID     id.ID `db:"id"`
	Survey id.ID `db:"survey"`
	Unit   id.ID `db:"unit"`
	State  State `db:"state"`
}

// Ref is the answer's outside name.
func (l ListedAnswer) Ref() id.Ref { return id.Ref{Root: l.Root, ID: l.ID} }

// Count says how far the units within a place have come.
type Count struct {
	Unit     id.ID  `json:"unit"`
	Name     string `json:"name"`
	Targets  int64  `json:"targets"`
	Sent     int64  `json:"sent"` // waiting for the issuer, or reviewed
	Reviewed int64  `json:"reviewed"`
	Returned int64  `json:"returned"`
}

// Waiting are those that have not sent anything that stands.
func (c Count) Waiting() int64 { return c.Targets - c.Sent }

// Board is how far a survey has come within a unit, all together, of itself and by the units right below.
type Board struct {
	All   Count   `json:"all"`
	Own   *Count  `json:"own,omitempty"` // of the unit itself, where it was asked as well
	Below []Count `json:"below,omitempty"`
}

// Line is one unit that a survey went to.
type Line struct {
	Unit   id.ID     `db:"id" json:"unit"`
	Pos    int64     `db:"pos" json:"-"`
	Code   string    `db:"code" json:"code"`
	Name   string    `db:"name" json:"name"`
	Parent id.ID     `db:"parent" json:"-"`
	State  State     `db:"state" json:"state"`
	SentOn clock.Day `db:"sent_on" json:"sent_on,omitempty"`
	Answer id.ID     `db:"answer" json:"-"`
}

// Reminder is a call upon those within a place that had not answered.
type Reminder struct {
	Unit id.ID     `db:"unit" json:"unit"`
	Day  clock.Day `db:"day" json:"day"`
	Name string    `db:"name" json:"by"`
	Sent int64     `db:"sent" json:"sent"`
}

// Field is a fact that the register holds of each base and about which a question can be asked.
type Field struct {
	Key     string
	Label   string // in the reader's language
	Kind    string // one of QuestionKinds
	Options []Option
}

// Option is one of the values that a field can have, with its words.
type Option struct{ Key, Text string }

// Subject is a base as the register holds it.
type Subject struct {
	Ref    id.Ref
	Name   string
	Values map[string]Value // by field
}

// Results is what the answers that are in say to one question: how many spoke of it, and, as its kind has it, the sum with the
// least and the most, how often each choice was taken, or what was written and by whom.
type Results struct {
	Question         Question
	Answered         int64
	Sum, Least, Most int64
	Chosen           []int64 // beside the choices of the question, in their order
	Said             []Said
}

// Said is what one unit wrote, about one base or about itself.
type Said struct {
	Unit id.ID
	Name string // of the base
	Text string
}
