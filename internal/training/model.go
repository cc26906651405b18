package training

import (
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/id"
)

// The kinds of record: a course in the book, the ledger and the log; what a person holds, in the ledger; rows of people
// who came, in tables.
const (
	Kind        = "training"
	KindTrainee = "trainee"
)

// Modes are how a course is held: together in a room, online, or brought to the door.
var Modes = []string{"room", "online", "door"}

// State is how a course stands on a day.
type State string

// The states; all follow from days.
const (
	Planned   State = "planned"
	Held      State = "held"
	Cancelled State = "cancelled"
)

// States lists them in the order in which a list offers them.
var States = []State{Planned, Held, Cancelled}

// Course is one training course of a unit's plan (R173). Days are in Asia/Shanghai; From and Last are both held.
type Course struct {
	Code        string     `json:"code"` // unique within the city
	Unit        id.ID      `json:"unit"` // who holds it
	Title       string     `json:"title"`
	Subject     string     `json:"subject"`           // a word of the list of subjects
	Planned     clock.Day  `json:"planned,omitempty"` // the first of the month for which it was planned
	From        clock.Day  `json:"from,omitempty"`
	Last        clock.Day  `json:"last,omitempty"`
	Minutes     int64      `json:"minutes,omitempty"` // of teaching in all
	Mode        string     `json:"mode"`              // one of Modes
	Place       string     `json:"place,omitempty"`
	Teacher     string     `json:"teacher,omitempty"`
	Documents   []Document `json:"documents,omitempty"`  // studied in it (R85)
	Competence  string     `json:"competence,omitempty"` // that it gives to who passes, a word of the list (R174)
	Months      int64      `json:"months,omitempty"`     // for which the competence holds; 0 for ever
	CancelledOn clock.Day  `json:"cancelled_on,omitempty"`
	Reason      string     `json:"cancel_reason,omitempty"`
	Note        string     `json:"note,omitempty"`

	People []Attendee `json:"people,omitempty"`
	Cadres []Cadres   `json:"cadres,omitempty"`
	Given  int64      `json:"given,omitempty"` // numbers of certificates given so far; none is given twice
}

// Document is a paper that was studied, known by its number or, without one, by its title.
type Document struct {
	Number string `json:"number,omitempty"`
	Title  string `json:"title,omitempty"`
}

// Key is by what a document is the same in all courses.
func (d Document) Key() string {
	if d.Number != "" {
		return d.Number
	}
	return d.Title
}

// Attendee is a volunteer who came. Unit is whose volunteer it was then; No numbers the certificate, 0 is none.
type Attendee struct {
	Volunteer id.Ref `json:"volunteer"`
	Unit      id.ID  `json:"unit"`
	Minutes   int64  `json:"minutes"`
	Passed    bool   `json:"passed"`
	No        int64  `json:"no,omitempty"`
}

// Cadres are those of a unit's office who came: a number, no names.
type Cadres struct {
	Unit id.ID `json:"unit"`
	N    int64 `json:"n"`
}

// Listed is a course in a list.
type Listed struct {
	Root       int64     `db:"root" json:"-"`
	ID         id.ID     `db:"id" json:"-"`
	Unit       id.ID     `db:"unit" json:"-"`
	Pos        int64     `db:"pos" json:"-"`
	Code       string    `db:"code" json:"code"`
	Title      string    `db:"title" json:"title"`
	Subject    string    `db:"subject" json:"subject"`
	Mode       string    `db:"mode" json:"mode"`
	Planned    clock.Day `db:"planned" json:"planned,omitempty"`
	From       clock.Day `db:"from_day" json:"from,omitempty"`
	Last       clock.Day `db:"last_day" json:"last,omitempty"`
	Cancelled  clock.Day `db:"cancelled_on" json:"cancelled_on,omitempty"`
	Sort       clock.Day `db:"sort_day" json:"-"` // by which lists and years go
	Competence string    `db:"competence" json:"competence,omitempty"`
	Minutes    int64     `db:"minutes" json:"minutes"`
	N          int64     `db:"people" json:"people"` // volunteers and cadres
	Passed     int64     `db:"passed" json:"passed"`
}

// Ref is the course's outside name.
func (l Listed) Ref() id.Ref { return id.Ref{Root: l.Root, ID: l.ID} }

// State is how the course stands on a day.
func (l Listed) State(day clock.Day) State { return stateOn(l.Last, l.Cancelled, day) }

// Filter narrows a list of courses to a year, a subject, a state on Day.
type Filter struct {
	Year    int
	Subject string
	State   State
	Day     clock.Day
}

// Seat is one person's part in one course: the row from which follows what a person holds.
type Seat struct {
	Root       int64     `db:"root"`
	Course     id.ID     `db:"course"`
	Person     id.ID     `db:"person"`
	Unit       id.ID     `db:"unit"` // the person's
	Pos        int64     `db:"pos"`
	Day        clock.Day `db:"day"`
	Minutes    int64     `db:"minutes"`
	Competence string    `db:"competence"` // "" gives no certificate
	Expires    clock.Day `db:"expires"`    // first day on which it no longer holds; Open = for ever
}

// Who is the person's outside name.
func (s Seat) Who() id.Ref { return id.Ref{Root: s.Root, ID: s.Person} }

// RenewDays is how long before its end a certificate is listed as due, and OldDays how long after it stays listed.
const (
	RenewDays = 60
	OldDays   = 365
)

// Word is an entry of the lists of subjects and competences: the shipped ones, and what a city added.
type Word struct {
	Root int64  `db:"root" json:"-"` // 0 = shipped
	Kind string `db:"kind" json:"kind"`
	Name string `db:"name" json:"name"`
	En   string `db:"en" json:"en"`
	// CountsAs is the check of volunteers that a valid certificate stands for (R162, R163); "" for none.
	CountsAs string `db:"counts_as" json:"counts_as,omitempty"`
}

// In is the word in a language.
func (w Word) In(lang string) string {
	if lang == "en" && w.En != "" {
		return w.En
	}
	return w.Name
}

// WordKinds are the two lists.
var WordKinds = []string{"subject", "competence"}

// Read is that a unit studied a document, on a day.
type Read struct {
	Course   id.ID     `db:"course"`
	Unit     id.ID     `db:"unit"`
	Pos      int64     `db:"pos"`
	Document string    `db:"document"`
	Title    string    `db:"title"`
	Day      clock.Day `db:"day"`
}
