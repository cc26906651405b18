package org

import (
	"encoding/json"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/id"
)

// EventKind is what happened to a unit.
type EventKind string

// The kinds of event. A kind event turns a town into a street (撤镇设街道) and keeps the level.
const (
	EventFound  EventKind = "found"
	EventMerge  EventKind = "merge"
	EventSplit  EventKind = "split"
	EventMove   EventKind = "move"
	EventRename EventKind = "rename"
	EventKindOf EventKind = "kind"
	EventClose  EventKind = "close"
	EventReopen EventKind = "reopen"
	EventForm   EventKind = "form" // the committee of a body that had none was approved (R52)
	EventUndo   EventKind = "undo"
)

// Event is a dated act upon a unit, with what was known of it when.
type Event struct {
	ID        id.ID     `db:"id" json:"id"`
	Unit      id.ID     `db:"unit" json:"unit"`
	Kind      EventKind `db:"kind" json:"kind"`
	Day       clock.Day `db:"day" json:"day"`
	Detail    string    `db:"detail" json:"-"`
	Document  string    `db:"document" json:"document"` // number of the approval: 云关委〔2016〕9号
	KnownAt   int64     `db:"known_at" json:"known_at"` // unix milliseconds UTC
	Actor     id.ID     `db:"actor" json:"-"`
	ActorName string    `db:"actor_name" json:"by"`
	Batch     id.ID     `db:"batch" json:"-"`
	UndoneBy  id.ID     `db:"undone_by" json:"undone_by"` // the event that took it back; 0 = it holds
}

// EventDetail is what an event says beside its day.
type EventDetail struct {
	Name   string  `json:"name,omitempty"`   // the new name
	Was    string  `json:"was,omitempty"`    // the name or kind before
	Kind   Kind    `json:"kind,omitempty"`   // the new kind
	Parent id.ID   `json:"parent,omitempty"` // the new parent
	From   id.ID   `json:"from,omitempty"`   // the parent before
	Into   id.ID   `json:"into,omitempty"`   // the heir of a merger
	Units  []id.ID `json:"units,omitempty"`  // merged into this one, or split off from it
	Event  id.ID   `json:"event,omitempty"`  // what was taken back
}

// Read decodes the event's detail; an unreadable one is empty.
func (e Event) Read() EventDetail {
	var d EventDetail
	_ = json.Unmarshal([]byte(e.Detail), &d)
	return d
}

// NewUnit is a unit to be founded.
type NewUnit struct {
	ID         id.ID // given by founding
	Code       string
	Name       string
	Aliases    []string
	Level      Level
	Kind       Kind
	Parent     id.ID  // or
	ParentCode string // the parent's code, in the same batch or in the tree; both empty at the top
	From       clock.Day
	To         clock.Day // of an imported unit that has ended; "" = stands
	HeirCode   string    // who took it over on To, by code
	Pos        int64     // 0 = is given
	Bare       bool      // a body without a committee yet: it should have one (R49)
	Document   string
}

// Part is a unit split off, with the units below the old one that go with it.
type Part struct {
	Unit     NewUnit
	Children []id.ID
}

// Node is a unit of a lazy tree with the number of units right below it.
type Node struct {
	Unit     Unit
	Children int
}

// Hit is a unit that was found.
type Hit struct {
	Unit    Unit
	Path    []Unit // from the top down, without itself
	Matched string // the part of the name that fits; "" when something else than the name fits
	Became  *Unit  // the heir of a unit that has ended
}

// PostKind is a kind of office as data: a committee may have others than its neighbour (R12).
type PostKind struct {
	Code   string `db:"code" json:"code"`
	Zh     string `db:"zh" json:"zh"`
	En     string `db:"en" json:"en"`
	Order  int    `db:"ord" json:"-"`
	Single int    `db:"single" json:"-"` // 1: one active holder; a second only acting
	Rights string `db:"rights" json:"-"` // admin, work or view
	Unit   id.ID  `db:"unit" json:"-"`   // whose own kind it is, for all below it too; 0 ships with the program
	Hidden bool   `db:"-" json:"-"`      // not offered any more; who holds it goes on holding it
}

// Post is somebody holding an office from a day to a day.
type Post struct {
	ID        id.ID     `db:"id" json:"id"`
	Unit      id.ID     `db:"unit" json:"unit"`
	Kind      string    `db:"kind" json:"kind"`
	Person    string    `db:"person" json:"person"`
	Account   id.ID     `db:"account" json:"-"`
	From      clock.Day `db:"from_day" json:"from"`
	To        clock.Day `db:"to_day" json:"to"`
	TermUntil clock.Day `db:"term_until" json:"term_until"`
	Acting    int       `db:"acting" json:"acting"`
	Ver       int64     `db:"version" json:"-"`
	// An appointment entered by mistake stays with who took it back, when (unix milliseconds UTC; 0 = it holds) and why.
	RemovedAt  int64  `db:"removed_at" json:"-"`
	RemovedBy  string `db:"removed_by" json:"-"`
	RemovedWhy string `db:"removed_why" json:"-"`
}

// Vacancy is an office with fewer holders than it should have.
type Vacancy struct {
	Unit    Unit
	Kind    PostKind
	Quota   int
	Holders int
	Since   clock.Day
}

// PartyLink ties a unit to a Party organisation: the one that leads it (R1) or the one it rests on (R50).
type PartyLink struct {
	ID   id.ID     `db:"id" json:"id"`
	Unit id.ID     `db:"unit" json:"unit"`
	Kind string    `db:"kind" json:"kind"` // leads, basis
	Name string    `db:"name" json:"name"`
	Form string    `db:"form" json:"form"` // committee 党委, working_committee 党工委, general_branch 党总支, branch 党支部, group 党组
	From clock.Day `db:"from_day" json:"from"`
	To   clock.Day `db:"to_day" json:"to"`
}

// PartyLeads and PartyBasis are the kinds of a PartyLink.
const (
	PartyLeads = "leads"
	PartyBasis = "basis"
)

// PartyForms are the forms of Party organisations.
var PartyForms = []string{"committee", "working_committee", "group", "general_branch", "branch"}

// Leader is the leader in charge (分管领导) of a unit (R2).
type Leader struct {
	ID    id.ID     `db:"id" json:"id"`
	Unit  id.ID     `db:"unit" json:"unit"`
	Name  string    `db:"name" json:"name"`
	Title string    `db:"title" json:"title"`
	From  clock.Day `db:"from_day" json:"from"`
	To    clock.Day `db:"to_day" json:"to"`
}

// Link joins two units beside the tree: a member of a joint committee (R55), a second parent, a station's association
// (R195). The unit is counted once, where the tree has it.
type Link struct {
	ID    id.ID     `db:"id" json:"id"`
	Unit  id.ID     `db:"unit" json:"unit"`   // the member, the child, the station
	Other id.ID     `db:"other" json:"other"` // the joint committee, the second parent, the association
	Kind  string    `db:"kind" json:"kind"`
	From  clock.Day `db:"from_day" json:"from"`
	To    clock.Day `db:"to_day" json:"to"`
}

// The kinds of a Link.
const (
	LinkMember       = "member"
	LinkSecondParent = "second_parent"
	LinkStation      = "station_of"
)

// LinkKinds lists them for forms.
var LinkKinds = []string{LinkMember, LinkSecondParent, LinkStation}

// Detail is what is kept about a unit beside the tree; the upper half belongs to enterprises (R26, R31).
type Detail struct {
	Unit       id.ID  `db:"unit" json:"unit"`
	CreditCode string `db:"credit_code" json:"credit_code"` // 18 digits, GB 32100-2015
	Size       string `db:"size" json:"size"`               // above, below (designated size), "" = unknown
	Ownership  string `db:"ownership" json:"ownership"`     // private, state, collective, foreign, "" = unknown
	HasParty   int    `db:"has_party" json:"has_party"`     // 1: it has a Party organisation
	Area       id.ID  `db:"area" json:"area"`               // the park or trade district it lies in (R54)
	Address    string `db:"address" json:"address"`
	Phone      string `db:"phone" json:"phone"`
	Intro      string `db:"intro" json:"intro"`
	Ver        int64  `db:"version" json:"-"`
}

// Sizes and Ownerships are the choices of a Detail.
var (
	Sizes      = []string{"above", "below"}
	Ownerships = []string{"private", "state", "collective", "foreign"}
)

// Founding is the way of an enterprise's committee from plan to approval (R52).
type Founding struct {
	ID       id.ID     `db:"id" json:"id"`
	Unit     id.ID     `db:"unit" json:"unit"`
	State    string    `db:"state" json:"state"`
	Planned  clock.Day `db:"planned" json:"planned"`
	Prepared clock.Day `db:"prepared" json:"prepared"`
	Approved clock.Day `db:"approved" json:"approved"` // the founding date
	Document string    `db:"document" json:"document"`
	Members  string    `db:"members" json:"members"` // one name a line
	Ver      int64     `db:"version" json:"-"`
}

// FoundingStates in their order.
var FoundingStates = []string{"plan", "preparation", "approved", "members"}

// LevelCoverage is one level of the formal coverage: Have of Should units have a committee (R49).
type LevelCoverage struct {
	Level  Level `db:"level" json:"level"`
	Have   int64 `db:"have" json:"have"`
	Should int64 `db:"should" json:"should"`
}

// Coverage is the dashboard of a unit's subtree on a day.
type Coverage struct {
	Unit        Unit            `json:"unit"`
	Day         clock.Day       `json:"day"`
	Have        int64           `json:"have"`
	Should      int64           `json:"should"`
	Levels      []LevelCoverage `json:"levels"`
	NoParty     int64           `json:"no_party"`     // units without a leading Party organisation (R1)
	Targets     int64           `json:"targets"`      // enterprises on the target list (R53)
	TargetsDone int64           `json:"targets_done"` // with a committee of their own or covered jointly, once (R55)
}

// Target is an enterprise of the target list (R53). Own: it has a committee; Joint: joint committees cover it.
type Target struct {
	Unit  Unit
	From  clock.Day
	Own   bool
	Joint []Unit
}

// Done tells whether the enterprise is covered, one way or the other.
func (t Target) Done() bool { return t.Own || len(t.Joint) > 0 }
