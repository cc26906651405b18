package contact

import (
	"slices"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/id"
)

// Contact is an entry of a unit's log with a body beside the tree: a talk (R63), an activity carried out together (R66), or
// something lent or borrowed (R69).
type Contact struct {
	Unit   id.ID     `json:"unit"`
	Kind   string    `json:"kind"` // one of Kinds
	Body   string    `json:"body"`
	Lead   bool      `json:"lead,omitempty"` // joint: the body leads, not the committee
	Day    clock.Day `json:"day"`
	Topic  string    `json:"topic"`
	Result string    `json:"result,omitempty"`
	// Partner is the registered body of this name, nearest to the unit, when there is one; Shared lets its accounts read
	// the entry (R63).
	Partner id.Ref `json:"partner,omitzero"`
	Shared  bool   `json:"shared,omitempty"`
}

// Kinds are what can stand in the log: a talk, an agreement, a joint activity, lent to the body, borrowed from it.
var Kinds = []string{"talk", "agreement", "joint", "lent", "borrowed"}

// Mechanisms are the three ways of working with bodies, with the kinds of entry that prove each (R61, R62): coordination,
// linked activities, complementary resources.
var Mechanisms = []Mechanism{{"coordination", []string{"talk", "agreement"}}, {"linked", []string{"joint"}}, {"resources", []string{"lent", "borrowed"}}}

// Mechanism is one of them.
type Mechanism struct {
	Name  string
	Kinds []string
}

// mechanismOf is the mechanism that a kind of entry proves.
func mechanismOf(kind string) string {
	for _, m := range Mechanisms {
		if slices.Contains(m.Kinds, kind) {
			return m.Name
		}
	}
	return ""
}

// Entry is a contact in a list.
type Entry struct {
	Ref   id.Ref    `json:"ref"`
	Unit  id.ID     `json:"unit"`
	Kind  string    `json:"kind"`
	Body  string    `json:"body"`
	Lead  bool      `json:"lead,omitempty"`
	Day   clock.Day `json:"day"`
	Topic string    `json:"topic"`

	Shared bool `json:"shared,omitempty"`
}

// Body is an organisation beside the tree that a unit works with at its own level (R59). It stands from From until To.
type Body struct {
	Unit   id.ID     `json:"unit"` // which registers it
	Name   string    `json:"name"`
	Field  string    `json:"field"` // one of Fields
	Office string    `json:"office,omitempty"`
	Person string    `json:"person,omitempty"` // who keeps the contact there
	Post   string    `json:"post,omitempty"`
	Phone  string    `json:"phone,omitempty"`
	Offers string    `json:"offers,omitempty"` // what it can lend or give
	From   clock.Day `json:"from"`
	To     clock.Day `json:"to,omitempty"` // first day on which it is no partner any more
	Seats  []Seat    `json:"seats,omitempty"`
}

// Seat is an account that stands for a body and sees what is shared with it, nothing else.
type Seat struct {
	Account id.ID  `json:"account"`
	Login   string `json:"login"`
	Name    string `json:"name"`
}

// Fields are what bodies are there for.
var Fields = []string{"education", "justice", "civil", "police", "court", "youth", "women", "union", "culture", "health", "media", "party", "other"}

// ListedBody is a body in a list.
type ListedBody struct {
	Ref   id.Ref    `json:"ref"`
	Unit  id.ID     `json:"unit"`
	Name  string    `json:"name"`
	Field string    `json:"field"`
	From  clock.Day `json:"from"`
	To    clock.Day `json:"to,omitempty"`
}

// Task is something that a unit asks of bodies: exactly one leads, others help, there is a day (R60).
type Task struct {
	Unit     id.ID     `json:"unit"`
	Title    string    `json:"title"`
	Text     string    `json:"text,omitempty"`
	Lead     id.Ref    `json:"lead"`
	Assist   []id.Ref  `json:"assist,omitempty"`
	IssuedOn clock.Day `json:"issued_on"`
	Due      clock.Day `json:"due"`
	Receipts []Said    `json:"receipts,omitempty"`
	Reports  []Said    `json:"reports,omitempty"`
	DoneOn   clock.Day `json:"done_on,omitempty"` // the lead says that it is done
	Returned []Said    `json:"returned,omitempty"`
}

// Said is what somebody wrote into a task on a day, for a body or, without one, for the unit.
type Said struct {
	Body id.Ref    `json:"body,omitzero"`
	By   string    `json:"by"`
	On   clock.Day `json:"on"`
	Text string    `json:"text,omitempty"`
	Done bool      `json:"done,omitempty"`
}

// ListedTask is a task in a list.
type ListedTask struct {
	Ref      id.Ref    `json:"ref"`
	Unit     id.ID     `json:"unit"`
	Title    string    `json:"title"`
	IssuedOn clock.Day `json:"issued_on"`
	Due      clock.Day `json:"due"`
	DoneOn   clock.Day `json:"done_on,omitempty"`
	Lead     id.ID     `json:"-"`
}

// Late tells whether its day has passed without an answer.
func (t ListedTask) Late(day clock.Day) bool { return t.DoneOn == clock.Open && t.Due < day }

// Shared is one line of what a body may see: a task, an entry of the log, and what other modules lend, such as a meeting
// to which it is invited.
type Shared struct {
	Kind  string    `json:"kind"` // text key: contact.shared.task
	Title string    `json:"title"`
	Unit  id.ID     `json:"unit"`
	From  string    `json:"from"` // the unit's name
	Day   clock.Day `json:"day"`
	Open  bool      `json:"open"` // waits for the body
	Late  bool      `json:"late,omitempty"`
	Link  string    `json:"link"`
}

// Step is what somebody does to a task: the fields of a form or of a program's request.
type Step struct {
	Version int64  `json:"version"`
	Text    string `json:"text,omitempty"`
	Done    bool   `json:"done,omitempty"`
}
