package booking

import (
	"time"

	"xinhuo/internal/kit/id"
)

// Calendar says what being taken means.
type Calendar string

const (
	// Booked is planned use: an activity takes a person or a place.
	Booked Calendar = "booked"
	// Worked is hours that somebody logged.
	Worked Calendar = "worked"
)

// Limits of one Hold.
const (
	MaxDays     = 31    // of a claim
	MaxClaims   = 200   // of a holder in a calendar
	MaxQuarters = 20000 // of all claims together
)

// Holder is what takes something: a record and its name, which others read when they come too late.
type Holder struct {
	Kind string // kind of record, e.g. "activity"
	Ref  id.Ref
	Name string
}

// Claim is one subject from an instant to another; both are widened to whole quarters of an hour.
type Claim struct {
	Subject id.Ref
	Name    string // of the subject, for the words of a conflict
	From    time.Time
	To      time.Time
}

// Span is a stretch of quarters that one holder has of one subject.
type Span struct {
	Subject id.Ref
	Name    string
	Holder  Holder
	From    time.Time
	To      time.Time
}

// row is a quarter of an hour as it is kept.
type row struct {
	Root       int64  `db:"root"`
	Subject    id.ID  `db:"subject"`
	Slot       int64  `db:"slot"` // quarters since 1970 by the clock of Shanghai
	Name       string `db:"subject_name"`
	Kind       string `db:"holder_kind"`
	HolderRoot int64  `db:"holder_root"`
	Holder     id.ID  `db:"holder"`
	HolderName string `db:"holder_name"`
}

func (r row) subject() id.Ref { return id.Ref{Root: r.Root, ID: r.Subject} }

func (r row) holder() Holder {
	return Holder{Kind: r.Kind, Ref: id.Ref{Root: r.HolderRoot, ID: r.Holder}, Name: r.HolderName}
}
