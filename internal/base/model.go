package base

import (
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/org"
)

// Kind is the kind of record: in the book, the ledger, the log and in flow.
const Kind = "base"

// RunMode says who built and runs a base (R104, R106).
type RunMode string

// The run modes.
const (
	Self  RunMode = "self"  // 自建自管
	Joint RunMode = "joint" // 共建共管
	Other RunMode = "other" // 他建他管
)

// RunModes lists them for forms.
var RunModes = []RunMode{Self, Joint, Other}

// Status of an accreditation.
type Status string

// The states; only granted and revoked ones count, each within its days.
const (
	Submitted Status = "submitted"
	Granted   Status = "granted"
	Revoked   Status = "revoked"
)

// Levels at which plaques are given, the highest first.
var Levels = []org.Level{org.Nation, org.Province, org.City, org.County, org.Township}

// Facilities are what a visiting class needs, in the order in which they are shown (R97).
var Facilities = []string{"accessible", "toilet", "accessible_toilet", "first_aid", "fire", "water", "canteen", "classroom",
	"projector", "parking", "wifi", "cctv"}

// Limits of what is kept.
const (
	MaxPhotos = 6
	maxText   = 2000 // characters of a long text
	maxName   = 80
)

// Body is who owns, manages or honours: a unit of the tree, or a body outside it by its name (R70, R131).
type Body struct {
	Unit id.ID  `json:"unit,omitempty"`
	Name string `json:"name,omitempty"`
}

// Zero tells that nobody is named.
func (b Body) Zero() bool { return b.Unit == 0 && b.Name == "" }

// Base is one base with all that is kept about it: one version of the record.
type Base struct {
	Code       string    `json:"code"` // the external code, unique within a city and never reused
	Name       string    `json:"name"`
	Host       id.ID     `json:"host"`    // the unit that answers for it and in whose area it is counted
	Owner      Body      `json:"owner"`   // whose property it is (R70: need not be who manages)
	Manager    Body      `json:"manager"` // who runs it day by day
	RunMode    RunMode   `json:"run_mode"`
	Category   string    `json:"category"`            // the main category, by its name (R100)
	Secondary  []string  `json:"secondary,omitempty"` // further categories
	BuiltOn    clock.Day `json:"built_on,omitempty"`
	Address    string    `json:"address,omitempty"`
	Hours      string    `json:"hours,omitempty"`    // opening hours, in words
	Capacity   int64     `json:"capacity,omitempty"` // persons at a time
	AreaM2     int64     `json:"area_m2,omitempty"`
	Facilities []string  `json:"facilities,omitempty"` // keys of Facilities
	Contact    string    `json:"contact,omitempty"`
	Phone      string    `json:"phone,omitempty"`
	Intro      string    `json:"intro,omitempty"`

	Photos         []Photo         `json:"photos,omitempty"`
	Accreditations []Accreditation `json:"accreditations,omitempty"`
	Agreements     []Agreement     `json:"agreements,omitempty"`
	Items          []ItemState     `json:"items,omitempty"` // one for each item of the city's standard
	Checks         []Check         `json:"checks,omitempty"`
	Plans          []Plan          `json:"plans,omitempty"`
}

// Photo is a picture; the files are kept by their content.
type Photo struct {
	Full  string `json:"full"`  // hash
	Thumb string `json:"thumb"` // hash
	Alt   string `json:"alt"`   // what it shows, for those who do not see it
	W     int    `json:"w"`
	H     int    `json:"h"`
}

// Accreditation is one plaque, or the application for one.
type Accreditation struct {
	ID           id.ID     `json:"id"`             // within the base
	Code         string    `json:"code,omitempty"` // of an imported list
	Level        org.Level `json:"level"`
	Issuer       Body      `json:"issuer"`
	Title        string    `json:"title,omitempty"` // words on the plaque
	AppliedOn    clock.Day `json:"applied_on,omitempty"`
	GrantedOn    clock.Day `json:"granted_on,omitempty"`
	Document     string    `json:"document,omitempty"`
	RevokedOn    clock.Day `json:"revoked_on,omitempty"` // first day on which it no longer stands
	RevokeReason string    `json:"revoke_reason,omitempty"`
	RevokeDoc    string    `json:"revoke_document,omitempty"`
	Status       Status    `json:"status"`
	Case         string    `json:"case,omitempty"` // the approval that it went through (flow)
}

// Agreement is a joint management agreement: parties, duties, period (R106, R107).
type Agreement struct {
	Document string    `json:"document"`
	Parties  string    `json:"parties"`
	Duties   string    `json:"duties,omitempty"`
	SignedOn clock.Day `json:"signed_on,omitempty"`
	From     clock.Day `json:"from"`
	To       clock.Day `json:"to,omitempty"` // first day on which it no longer stands; "" = until further notice
}

// ItemState says whether the base meets one item of the city's standard, since when and by what (R93).
type ItemState struct {
	Item     string    `json:"item"` // code of the item
	Met      bool      `json:"met"`
	Day      clock.Day `json:"day,omitempty"` // when it was looked at
	Evidence string    `json:"evidence,omitempty"`
	Gap      string    `json:"gap,omitempty"` // what is missing
}

// Check is the yearly check; Day is "" while it is due (R94).
type Check struct {
	Year   int64     `json:"year"`
	DueOn  clock.Day `json:"due_on,omitempty"`
	Day    clock.Day `json:"day,omitempty"`
	By     string    `json:"by,omitempty"`
	Result string    `json:"result,omitempty"` // one of Results
	Note   string    `json:"note,omitempty"`
}

// Results of a check.
var Results = []string{"pass", "improve"}

// Plan is an improvement plan; it is closed only with the state before and after (R95).
type Plan struct {
	ID       id.ID     `json:"id"`
	Title    string    `json:"title"`
	Item     string    `json:"item,omitempty"` // of the standard
	OpenedOn clock.Day `json:"opened_on"`
	DueOn    clock.Day `json:"due_on,omitempty"`
	ClosedOn clock.Day `json:"closed_on,omitempty"`
	Before   string    `json:"before,omitempty"`
	After    string    `json:"after,omitempty"`
	Owner    string    `json:"owner,omitempty"`
}

// Category is one of a city's categories; seven ship, with root 0 (R100).
type Category struct {
	Root    int64  `db:"root" json:"-"`
	Name    string `db:"name" json:"name"` // what records hold
	En      string `db:"en" json:"en"`
	Aliases string `db:"aliases" json:"aliases"` // other spellings, by "、"
	Order   int64  `db:"ord" json:"-"`
}

// StandardItem is one item of a city's standard, in its own wording (R93).
type StandardItem struct {
	Root  int64  `db:"root" json:"-"`
	Code  string `db:"code" json:"code"`
	Name  string `db:"name" json:"name"`
	Text  string `db:"text" json:"text"` // what is looked at
	Order int64  `db:"ord" json:"-"`
}

// Row is a base as lists show it.
type Row struct {
	Root         int64     `db:"root" json:"-"`
	ID           id.ID     `db:"id" json:"-"`
	Pos          int64     `db:"pos" json:"-"`
	Host         id.ID     `db:"host" json:"host"`
	Code         string    `db:"code" json:"code"`
	Name         string    `db:"name" json:"name"`
	Category     string    `db:"category" json:"category"`
	RunMode      RunMode   `db:"run_mode" json:"run_mode"`
	TopLevel     org.Level `db:"top_level" json:"top_level"`
	Plaques      int64     `db:"plaques" json:"plaques"` // ever granted
	FirstGranted clock.Day `db:"first_granted" json:"first_granted"`
	LastGranted  clock.Day `db:"last_granted" json:"last_granted"`
	Met          int64     `db:"met" json:"met"`   // items of the standard
	Gaps         int64     `db:"gaps" json:"gaps"` // items not met, facilities missing, plans open
	Passed       int64     `db:"passed" json:"passed"`
	AgreementEnd clock.Day `db:"agreement_end" json:"agreement_end"`
	CheckDue     clock.Day `db:"check_due" json:"-"`
}

// Ref is the record's outside name.
func (r Row) Ref() id.Ref { return id.Ref{Root: r.Root, ID: r.ID} }

// Filter chooses bases of a unit's subtree. Zero fields do not filter.
type Filter struct {
	Unit     org.Unit
	Category string
	TopLevel org.Level
	RunMode  RunMode
	Standing clock.Day // with a plaque in force on the day
	Text     string    // part of the name, or the whole code
	Order    Order
	After    string // key of the last row of the page before
	Limit    int
}

// Order of a list.
type Order string

// The orders; ties go by key, so that each is reproducible.
const (
	Latest    Order = ""     // the latest plaque first
	GapsFirst Order = "gaps" // the most gaps first (R105)
	Best      Order = "best" // the most items met, then the most checks passed (R102)
)
