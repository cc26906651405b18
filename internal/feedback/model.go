package feedback

import (
	"xinhuo/internal/kit/anon"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/id"
)

// Kind is the kind of record: in the book, the ledger and the log.
const Kind = "feedback"

// Bounds of what is counted and kept; doc.go says why.
const (
	Fewest       = anon.Fewest       // answers below which nothing is shown (R199)
	Burst        = anon.Burst        // answers from one address
	BurstMinutes = anon.BurstMinutes // within so many minutes; those after them are set aside
	MostSlips    = 600
	MostDays     = 31
	maxLine      = 200
)

// Round is the asking after one activity. Instants are UTC milliseconds.
type Round struct {
	Activity id.Ref    `json:"activity"`
	Units    []id.ID   `json:"units"` // hosts that had agreed when it was opened, the lead first
	Title    string    `json:"title"`
	Day      clock.Day `json:"day"`
	Opens    int64     `json:"opens"`
	Closes   int64     `json:"closes"`
	Slips    int64     `json:"slips,omitempty"` // so many single-use codes; 0: whoever has the link
	Closed   bool      `json:"closed,omitempty"`
	Outcome  Outcome   `json:"outcome,omitzero"` // once it is closed
}

// Outcome is what came of a round.
type Outcome struct {
	Heads     int64    `json:"heads"` // people reported for the activity
	Counted   int64    `json:"counted"`
	Points    int64    `json:"points"` // sum of 1 to 5
	By        [5]int64 `json:"by"`     // answers of 1, 2, … 5
	Satisfied int64    `json:"satisfied"`
	Useful    int64    `json:"useful"`
	Aside     int64    `json:"aside,omitempty"`    // set aside: too many from one address
	Beyond    int64    `json:"beyond,omitempty"`   // more than people
	Admitted  int64    `json:"admitted,omitempty"` // of those counted, the ones that the host admitted
}

// State of an answer.
type State string

const (
	Plain    State = ""         // counts, within the head count
	SetAside State = "aside"    // one of a burst from one address
	Admitted State = "admitted" // was set aside, and counted by the host
)

// Answer is one sheet.
type Answer struct {
	N            int64  `db:"n"`
	Slip         int64  `db:"slip"`
	At           int64  `db:"at"`
	Net          string `db:"net"`
	Satisfaction int64  `db:"satisfaction"` // 1 to 5
	Useful       int64  `db:"useful"`       // 1 yes, 2 partly, 3 no
	Line         string `db:"line"`         // for the host alone
	State        State  `db:"state"`
}

// Listed is a round in a list.
type Listed struct {
	Root      int64     `db:"root"`
	ID        id.ID     `db:"id"`
	Activity  id.ID     `db:"activity"`
	Unit      id.ID     `db:"unit"`
	Title     string    `db:"title"`
	Day       clock.Day `db:"day"`
	Closes    int64     `db:"closes"`
	Closed    int64     `db:"closed"`
	Counted   int64     `db:"counted"`
	Points    int64     `db:"points"`
	Satisfied int64     `db:"satisfied"`
	Admitted  int64     `db:"admitted"`
}

// ActivityRef is the outside name of the activity.
func (l Listed) ActivityRef() id.Ref { return id.Ref{Root: l.Root, ID: l.Activity} }

// keys are what signs and hashes for one activity.
type keys struct {
	Sign string `db:"sign"`
	Net  string `db:"net"`
}
