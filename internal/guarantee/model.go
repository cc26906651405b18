package guarantee

import (
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/file"
	"xinhuo/internal/kit/id"
)

// The kinds of record in versions, in the ledger and in imports.
const (
	Kind         = "guarantee" // a unit's year
	KindStandard = "guarantee_standard"
	KindBudget   = "budget"
	KindRevenue  = "revenue"
	KindShould   = "should"
)

// Standard are the mechanisms that a unit asks of itself and of those below it from a year on (R8).
type Standard struct {
	Unit       id.ID       `json:"unit"`
	From       int         `json:"from"`            // first year
	Until      int         `json:"until,omitempty"` // last year; 0 = still holds
	Name       string      `json:"name"`
	Document   string      `json:"document,omitempty"`
	Mechanisms []Mechanism `json:"mechanisms"`
	Points     []Point     `json:"points"`
}

// Mechanism is one of the named set.
type Mechanism struct {
	Code string `json:"code"`
	Name string `json:"name"`
}

// Point is one thing that a mechanism asks for. Code stays when the wording is changed.
type Point struct {
	Code      string `json:"code"`
	Mechanism string `json:"mechanism"`
	Name      string `json:"name"`
	Proof     string `json:"proof,omitempty"`
	Body      string `json:"body"`                // whose act it is, one of Bodies (R14)
	Required  bool   `json:"required,omitempty"`  // its mechanism needs it
	Inclusion bool   `json:"inclusion,omitempty"` // one of 三纳入 (R9)
}

// Bodies are those whose act a point can be.
var Bodies = []string{"party", "government", "organisation", "education", "finance", "committee"}

// Year is what a unit has of a standard in a year.
type Year struct {
	Unit       id.ID       `json:"unit"`
	Year       int         `json:"year"`
	Standard   id.Ref      `json:"standard,omitzero"` // zero = the customary one
	Carry      bool        `json:"carry,omitempty"`   // when it is begun: take over what was there the year before
	Mechanisms []Mechanism `json:"mechanisms,omitempty"`
	Points     []Held      `json:"points,omitempty"`
}

// Held is a point of a year with what shows that it is there.
type Held struct {
	Point
	Since     clock.Day   `json:"since,omitempty"`
	By        string      `json:"by,omitempty"` // the body that did it, by name (R14)
	Doc       Document    `json:"doc,omitzero"`
	Paper     Cited       `json:"paper,omitzero"` // the document as it came down the tree, when it is kept here
	Files     []file.Kept `json:"files,omitempty"`
	Note      string      `json:"note,omitempty"`
	ToConfirm bool        `json:"to_confirm,omitempty"` // taken over from the year before; does not count yet
}

// Cited is a document that came down the tree, or one of its obligations, as it was called when it was named.
type Cited struct {
	Ref   id.Ref `json:"ref,omitzero"`
	No    int    `json:"no,omitempty"` // of the obligation; 0 is the whole document
	Title string `json:"title,omitempty"`
	Text  string `json:"text,omitempty"` // of the obligation
}

// Document is the paper on which something rests.
type Document struct {
	Name   string    `json:"name,omitempty"`
	Number string    `json:"number,omitempty"`
	Day    clock.Day `json:"day,omitempty"`
}

// Listed is a unit's year in a list.
type Listed struct {
	Root int64 `db:"root" json:"-"`
	ID   id.ID `db:"id" json:"-"`
	Unit id.ID `db:"unit" json:"unit"`
	Year int   `db:"year" json:"year"`
}

// Ref is the record's outside name.
func (l Listed) Ref() id.Ref { return id.Ref{Root: l.Root, ID: l.ID} }

// Scored is a unit with what it has of the mechanisms in a year; Ref is zero when it has not begun.
type Scored struct {
	Unit  id.ID  `json:"unit"`
	Name  string `json:"name"`
	Ref   id.Ref `json:"ref,omitzero"`
	Have  int    `json:"have"`
	Of    int    `json:"of"`
	Gaps  int    `json:"gaps"` // points that are not there or not confirmed
	Point *Held  `json:"point,omitempty"`
}

// Budget is a line of money for a unit's work in a year (R17).
type Budget struct {
	Unit     id.ID       `json:"unit"`
	Year     int         `json:"year"`
	Amount   int64       `json:"amount_fen"`
	Source   string      `json:"source"`              // one of Sources
	InBudget bool        `json:"in_budget,omitempty"` // it stands in the yearly public budget
	Doc      Document    `json:"doc,omitzero"`        // that approved it
	Files    []file.Kept `json:"files,omitempty"`
	Note     string      `json:"note,omitempty"`
}

// Sources are where money comes from.
var Sources = []string{"fiscal", "special", "donation", "other"}

// Revenue is the fiscal revenue of a unit's place in a year, with where it was read (R18).
type Revenue struct {
	Unit   id.ID  `json:"unit"`
	Year   int    `json:"year"`
	Amount int64  `json:"amount_fen"`
	Source string `json:"source"`
}

// Money is what a unit had in a year, beside the revenue of its place. Known is false without the revenue.
type Money struct {
	Year    int   `json:"year"`
	Lines   int   `json:"lines"`
	Fiscal  int64 `json:"fiscal_fen"` // in the yearly public budget
	Total   int64 `json:"total_fen"`
	Revenue int64 `json:"revenue_fen"`
	Known   bool  `json:"revenue_known"`
}

// Should is one of those that should have a committee (R49).
type Should struct {
	Unit      id.ID     `json:"unit"` // the county or town that holds the list
	Name      string    `json:"name"`
	Kind      string    `json:"kind"` // one of ShouldKinds
	Code      string    `json:"code,omitempty"`
	Minors    int64     `json:"minors,omitempty"`
	Young     int64     `json:"young,omitempty"` // young workers
	Source    string    `json:"source,omitempty"`
	From      clock.Day `json:"from"`                // on the list since
	Ceased    clock.Day `json:"ceased,omitempty"`    // first day on which it is no longer there
	Committee id.ID     `json:"committee,omitempty"` // the unit of the tree, once there is one
	FoundedOn clock.Day `json:"founded_on,omitempty"`
	Reason    string    `json:"reason,omitempty"` // why it ceased
}

// ShouldKinds are the kinds of those that should have a committee.
var ShouldKinds = []string{"enterprise", "institution", "school", "village", "other"}

// ListedBudget is a line of money in a list.
type ListedBudget struct {
	Root     int64  `db:"root" json:"-"`
	ID       id.ID  `db:"id" json:"-"`
	Unit     id.ID  `db:"unit" json:"unit"`
	Pos      int64  `db:"pos" json:"-"`
	Year     int    `db:"year" json:"year"`
	Amount   int64  `db:"amount" json:"amount_fen"`
	Source   string `db:"source" json:"source"`
	InBudget int64  `db:"in_budget" json:"in_budget"`
	Document string `db:"document" json:"document,omitempty"`
}

// Ref is the record's outside name.
func (l ListedBudget) Ref() id.Ref { return id.Ref{Root: l.Root, ID: l.ID} }

// ListedRevenue is the revenue of a place in a year.
type ListedRevenue struct {
	Root   int64  `db:"root" json:"-"`
	ID     id.ID  `db:"id" json:"-"`
	Unit   id.ID  `db:"unit" json:"unit"`
	Year   int    `db:"year" json:"year"`
	Amount int64  `db:"amount" json:"amount_fen"`
	Source string `db:"source" json:"source"`
}

// Ref is the record's outside name.
func (l ListedRevenue) Ref() id.Ref { return id.Ref{Root: l.Root, ID: l.ID} }

// ListedShould is one that should have a committee.
type ListedShould struct {
	Root      int64     `db:"root" json:"-"`
	ID        id.ID     `db:"id" json:"-"`
	Unit      id.ID     `db:"unit" json:"unit"`
	Name      string    `db:"name" json:"name"`
	Kind      string    `db:"kind" json:"kind"`
	Size      int64     `db:"size" json:"size"` // minors and young workers
	Committee id.ID     `db:"committee" json:"committee,omitempty"`
	FoundedOn clock.Day `db:"founded_on" json:"founded_on,omitempty"`
	Ceased    clock.Day `db:"ceased" json:"ceased,omitempty"`
}

// Ref is the record's outside name.
func (l ListedShould) Ref() id.Ref { return id.Ref{Root: l.Root, ID: l.ID} }
