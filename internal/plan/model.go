package plan

import (
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/id"
)

// The kinds of record in versions, in the ledger and in imports.
const (
	Kind        = "plan"
	KindItem    = "plan_item"
	KindCentral = "central_task"
)

// Plan is a unit's plan of a year (R181).
type Plan struct {
	Unit     id.ID     `json:"unit"`
	Year     int       `json:"year"`
	Title    string    `json:"title"`
	Duties   []string  `json:"duties"`            // under which its items are sorted (R180)
	Partner  string    `json:"partner,omitempty"` // the association with which it was drawn up; its signature is needed then
	Note     string    `json:"note,omitempty"`
	Signs    []Sign    `json:"signs,omitempty"`
	IssuedOn clock.Day `json:"issued_on,omitempty"`
	Number   string    `json:"number,omitempty"` // of the document
}

// Sign is somebody's consent to a plan (R182). Only the latest of each side counts.
type Sign struct {
	Side string    `json:"side"` // one of Sides
	Name string    `json:"name"`
	Post string    `json:"post,omitempty"`
	On   clock.Day `json:"on"`
}

// Sides are who signs a plan: the committee, and the association when it was drawn up with one.
var Sides = []string{"committee", "association"}

// Item is one thing that a plan sets out to do.
type Item struct {
	Plan    id.Ref `json:"plan"`
	Unit    id.ID  `json:"unit"` // the plan's
	Year    int    `json:"year"` // the plan's
	Title   string `json:"title"`
	Kind    string `json:"kind"` // one of Kinds
	Duty    string `json:"duty,omitempty"`
	Quarter int    `json:"quarter"` // 1 to 4; 0 is the whole year
	Owner   string `json:"owner,omitempty"`
	Budget  int64  `json:"budget_fen"` // fen
	// Figure is the ledger's code by which it is counted, Target how many are wanted; without one it is done or not.
	Figure  string    `json:"figure,omitempty"`
	Target  int64     `json:"target,omitempty"`
	Central []id.Ref  `json:"central,omitempty"` // the central tasks that it serves
	Source  Source    `json:"source,omitzero"`
	Scheme  Scheme    `json:"scheme,omitzero"`
	Links   []Link    `json:"links,omitempty"` // what was done for it
	Result  string    `json:"result,omitempty"`
	DoneOn  clock.Day `json:"done_on,omitempty"`
	Dropped clock.Day `json:"dropped_on,omitempty"` // first day on which it is no longer planned
	Why     string    `json:"dropped_why,omitempty"`
}

// Kinds of items: work, and measures that change how work is done (R148).
var Kinds = []string{"work", "measure"}

// Source is the higher document from which an item was taken, with the paragraph as it stands there (R84).
type Source struct {
	Document  string `json:"document,omitempty"`
	Paragraph string `json:"paragraph,omitempty"`
}

// Scheme is how a large activity is to be carried out, and who approved it (R136).
type Scheme struct {
	Text       string    `json:"text,omitempty"`
	ApprovedBy string    `json:"approved_by,omitempty"`
	ApprovedOn clock.Day `json:"approved_on,omitempty"`
}

// Link is a record of something that was done for an item (R22), as it was called on that day.
type Link struct {
	Kind  string    `json:"kind"` // text key: plan.work.<kind>
	Path  string    `json:"path"`
	Title string    `json:"title"`
	Day   clock.Day `json:"day"`
}

// Central is a task, or a civic programme, that a year is about (R21, R37).
type Central struct {
	Unit   id.ID  `json:"unit"` // that sets it, for itself and those below
	Year   int    `json:"year"`
	Name   string `json:"name"` // ×× stands for the place that reads it (R38)
	Civic  bool   `json:"civic,omitempty"`
	Text   string `json:"text,omitempty"`
	Source Source `json:"source,omitzero"`
}

// Listed is a plan in a list.
type Listed struct {
	Root     int64     `db:"root" json:"-"`
	ID       id.ID     `db:"id" json:"-"`
	Unit     id.ID     `db:"unit" json:"unit"`
	Year     int       `db:"year" json:"year"`
	Title    string    `db:"title" json:"title"`
	IssuedOn clock.Day `db:"issued_on" json:"issued_on,omitempty"`
	Items    int64     `db:"items" json:"items"`
	Done     int64     `db:"done" json:"done"`
	Late     int64     `db:"late" json:"late"`
}

// Ref is the plan's outside name.
func (l Listed) Ref() id.Ref { return id.Ref{Root: l.Root, ID: l.ID} }

// ListedItem is an item in a list.
type ListedItem struct {
	Root   int64     `db:"root" json:"-"`
	ID     id.ID     `db:"id" json:"-"`
	Unit   id.ID     `db:"unit" json:"unit"`
	Year   int       `db:"year" json:"year"`
	Title  string    `db:"title" json:"title"`
	Kind   string    `db:"kind" json:"kind"`
	Owner  string    `db:"owner" json:"owner,omitempty"`
	Due    clock.Day `db:"due" json:"due"`
	Figure string    `db:"figure" json:"figure,omitempty"`
	Target int64     `db:"target" json:"target,omitempty"`
	DoneOn clock.Day `db:"done_on" json:"done_on,omitempty"`
}

// Ref is the item's outside name.
func (l ListedItem) Ref() id.Ref { return id.Ref{Root: l.Root, ID: l.ID} }

// ListedCentral is a central task in a list, with how many items serve it and how much was done for them.
type ListedCentral struct {
	Root  int64  `db:"root" json:"-"`
	ID    id.ID  `db:"id" json:"-"`
	Unit  id.ID  `db:"unit" json:"unit"`
	Year  int    `db:"year" json:"year"`
	Name  string `db:"name" json:"name"`
	Civic int64  `db:"civic" json:"civic"`
	Items int64  `db:"items" json:"items"`
	Works int64  `db:"works" json:"works"`
}

// Ref is the task's outside name.
func (l ListedCentral) Ref() id.Ref { return id.Ref{Root: l.Root, ID: l.ID} }

// ListedWork is something done for an item that serves a central task.
type ListedWork struct {
	Root  int64     `db:"root" json:"-"`
	ID    id.ID     `db:"id" json:"-"` // the item's
	Unit  id.ID     `db:"unit" json:"unit"`
	Item  string    `db:"item" json:"item"`
	Kind  string    `db:"kind" json:"kind"`
	Path  string    `db:"path" json:"path"`
	Title string    `db:"title" json:"title"`
	Day   clock.Day `db:"day" json:"day"`
}

// Ref is the outside name of the item.
func (l ListedWork) Ref() id.Ref { return id.Ref{Root: l.Root, ID: l.ID} }

// Actual is what the records say of an item that is counted.
type Actual struct {
	Figure string    `json:"figure"`
	Target int64     `json:"target"`
	Value  int64     `json:"value"`
	From   clock.Day `json:"from"`
	To     clock.Day `json:"to"`
}

// Percent is the share of the target that was reached, in whole per cent; more than was planned is more than 100.
func (a Actual) Percent() int64 {
	if a.Target <= 0 {
		return 0
	}
	return a.Value * 100 / a.Target
}

// WorkKinds are the kinds of record that can show that an item was carried out.
var WorkKinds = []string{"activity", "training", "meeting", "campaign", "notice", "survey", "research", "project", "contact"}

// Sought narrows the records that are offered to an item: words of the title, one of WorkKinds; empty asks for all.
type Sought struct{ Text, Kind string }
