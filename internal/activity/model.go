package activity

import (
	"context"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/org"
)

// Kind is the kind of record: in the book, the ledger, the log, bookings and inboxes.
const Kind = "activity"

// Classes are the kinds of activity that figures count; every type of a city's list belongs to one.
var Classes = []string{"lecture", "practice", "culture", "training", "contest", "visit", "camp"}

// Camp is the class that asks for more before it may open (R133).
const Camp = "camp"

// Venues are the kinds of place (R125). The first is what an activity at one of our bases is at.
var Venues = []string{"base", "campus", "community", "village", "enterprise", "holiday_school", "other"}

// Mode says how people took part (R126).
type Mode string

const (
	Face   Mode = "face"   // 面对面
	Online Mode = "online" // 线上
	Both   Mode = "both"   // 线上线下同步
)

// Modes lists them for forms.
var Modes = []Mode{Face, Online, Both}

// Status of an activity.
type Status string

const (
	Planned   Status = "planned"   // 计划中
	Open      Status = "open"      // 已公布
	Held      Status = "held"      // 已举办: the only one that counts
	Cancelled Status = "cancelled" // 已取消
)

// Statuses lists them for filters.
var Statuses = []Status{Held, Open, Planned, Cancelled}

// Who put a version in.
const (
	EnteredOwn    = "own"    // by a host
	EnteredFor    = "for"    // by another unit for the host (代填)
	EnteredImport = "import" // with a table
)

// Limits of what is kept.
const (
	MaxPhotos  = 12
	MaxStops   = 8
	MaxEntries = 500
	MaxSchools = 30
	maxClasses = 60   // of one school
	maxClass   = 200  // pupils of one class
	maxCredit  = 1000 // tenths of a lesson
	maxName    = 80
	maxKeep    = 365       // days for which the list of a camp may be kept after it
	maxClaim   = 3650      // days for which what is sealed of an incident may be kept
	maxText    = 5000      // characters of a long text
	maxHeads   = 1_000_000 // of one group: more is a slip of the pen
	lateAfter  = 30        // days after which a report is marked as late
)

// Activity is one dated event with all that is kept about it. Days are in Asia/Shanghai; LastDay, of one that lasts
// several days, is its last day itself. Class, SeriesFor, Themes and Entered follow from the rest when it is saved.
type Activity struct {
	Code      string   `json:"code"` // unique within a city
	Hosts     []Host   `json:"hosts"`
	Title     string   `json:"title"`
	Type      string   `json:"type"` // code of the list "type"
	Class     string   `json:"class"`
	Topic     string   `json:"topic"`
	Series    string   `json:"series,omitempty"`
	SeriesFor string   `json:"series_for,omitempty"` // enterprise or village
	Campaigns []id.Ref `json:"campaigns,omitempty"`
	Themes    []id.Ref `json:"themes,omitempty"` // the campaigns and all that they are part of

	Materials []int64 `json:"materials,omitempty"` // numbers of the approved documents that were used (R123)

	Day     clock.Day `json:"day"`
	LastDay clock.Day `json:"last_day,omitempty"`
	From    string    `json:"from,omitempty"` // HH:MM, of each day
	To      string    `json:"to,omitempty"`
	Stops   []Stop    `json:"stops"`
	Mode    Mode      `json:"mode"`

	Audience []Audience `json:"audience,omitempty"` // who was there, face to face
	Online   int64      `json:"online,omitempty"`   // who followed online
	Minors   int64      `json:"minors,omitempty"`   // of those there; at least the groups that are minors
	People   []Person   `json:"people,omitempty"`

	Responsible string `json:"responsible,omitempty"`
	Phone       string `json:"phone,omitempty"`
	Aim         string `json:"aim,omitempty"`
	Method      string `json:"method,omitempty"`
	Summary     string `json:"summary,omitempty"`

	Safety    Safety     `json:"safety,omitzero"`
	Works     int64      `json:"works,omitempty"`
	Awards    int64      `json:"awards,omitempty"`
	Contest   Contest    `json:"contest,omitzero"`
	Feedback  Feedback   `json:"feedback,omitzero"`
	Photos    []Photo    `json:"photos,omitempty"`
	Incidents []Incident `json:"incidents,omitempty"`
	Schools   []School   `json:"schools,omitempty"` // whose classes came

	Status       Status    `json:"status"`
	ReportedOn   clock.Day `json:"reported_on,omitempty"`
	CancelReason string    `json:"cancel_reason,omitempty"`
	Entered      string    `json:"entered,omitempty"`
}

// Asked says whose word is missing before a unit hosts.
type Asked string

const (
	Agreed     Asked = ""     // both sides said yes
	AskedHost  Asked = "host" // the lead asked the unit
	AskedByOne Asked = "lead" // the unit asked the lead
)

// Host is a unit that hosts; the first one leads and is always agreed.
type Host struct {
	Unit  id.ID `json:"unit"`
	Asked Asked `json:"asked,omitempty"`
	// Above: taken in by somebody who works above the lead, and not by its own people. It is a host like any other, and reads nothing that is
	// sealed until they have saved the record with it.
	Above bool `json:"above,omitempty"`
}

// Stop is one place of an itinerary (R135): one of our bases, or any other place by its name (R132).
type Stop struct {
	Base     id.Ref `json:"base,omitzero"`
	Place    string `json:"place"`
	Memorial bool   `json:"memorial,omitempty"` // a martyrs' or other memorial site
	Venue    string `json:"venue"`              // one of Venues
	From     string `json:"from,omitempty"`     // HH:MM; the activity's own without it
	To       string `json:"to,omitempty"`
}

// Audience is one group and how many of it came. There are no names.
type Audience struct {
	Group string `json:"group"` // code of the list "group"
	Count int64  `json:"count"`
}

// School is a school whose classes came, kept for its second class (第二课堂, R109): for the record only, the school's own
// books are not touched. Credit is what each pupil is credited with, in tenths of a lesson (学时). There are no names.
type School struct {
	Unit    id.ID         `json:"unit"`
	Lesson  string        `json:"lesson,omitempty"` // place in the timetable, such as 周三第7节
	Credit  int64         `json:"credit,omitempty"`
	Classes []SchoolClass `json:"classes"`
}

// SchoolClass is one class and how many of its pupils came.
type SchoolClass struct {
	Name  string `json:"name"`
	Count int64  `json:"count"`
}

// Roles of people.
var Roles = []string{"lecturer", "helper", "judge"}

// Person is somebody who works at the activity: a volunteer, or a guest by name.
type Person struct {
	Volunteer id.Ref `json:"volunteer,omitzero"`
	Name      string `json:"name"`
	Role      string `json:"role"`
}

// Safety is the safety plan with what a camp needs beside it (R133, R145).
type Safety struct {
	Plan      string    `json:"plan,omitempty"`
	Risks     []string  `json:"risks,omitempty"` // of Risks, those looked at
	Emergency string    `json:"emergency,omitempty"`
	SignedBy  string    `json:"signed_by,omitempty"`
	SignedOn  clock.Day `json:"signed_on,omitempty"`
	Insurance string    `json:"insurance,omitempty"`
	Staff     int64     `json:"staff,omitempty"` // who look after the children
}

// Risks are what a safety plan goes through.
var Risks = []string{"traffic", "venue", "fire", "food", "health", "weather", "water", "lost"}

// Contest is a competition: its rules and what was reached, from which the ranking follows (R28).
type Contest struct {
	Rules   string  `json:"rules,omitempty"`
	Entries []Entry `json:"entries,omitempty"`
}

// Entry is one entry of a contest by its number or team, never a child's name. Score is in hundredths of a point.
type Entry struct {
	Name  string `json:"name"`
	Score int64  `json:"score"`
	Award string `json:"award,omitempty"`
}

// Ranked is an entry with its place; equal scores share one.
type Ranked struct {
	Entry
	Place int
}

// Feedback is the count of the sheets that people filled in (R111).
type Feedback struct {
	Answers   int64 `json:"answers,omitempty"`
	Satisfied int64 `json:"satisfied,omitempty"`
}

// Recognised are the answers to whether minors can be recognised on a photo.
var Recognised = []string{None, Some}

// Answers to whether a minor can be recognised.
const (
	None = "none"
	Some = "some"
)

// Papers say where the guardians' consent to a photo is: on the list of the camp, or on paper, where and taken by whom. ID is
// larger than that of every withdrawal before it.
type Papers struct {
	ID    id.ID     `json:"id,omitzero"`
	List  bool      `json:"list,omitempty"`
	Where string    `json:"where,omitempty"`
	By    string    `json:"by,omitempty"`
	On    clock.Day `json:"on,omitempty"`
}

// Photo is a picture without its location. Minors says whether somebody under age can be recognised: then others see it only
// while the consent in Papers stands. Without an answer only those who work at the activity see it. Consent is the one tick of
// before 29 November 2026, which said that nobody can be recognised or that guardians agreed. See Photo.view.
type Photo struct {
	Full    string `json:"full"`
	Thumb   string `json:"thumb"`
	Alt     string `json:"alt"`
	W       int    `json:"w"`
	H       int    `json:"h"`
	Consent bool   `json:"consent,omitempty"`
	Minors  string `json:"minors,omitempty"` // one of Recognised
	Papers  Papers `json:"papers,omitzero"`
}

// Incident is something that went wrong; it stands in the parent unit's inbox in the same moment (R145).
type Incident struct {
	On   clock.Day `json:"on"`
	At   string    `json:"at,omitempty"`
	What string    `json:"what"`
	Hurt int64     `json:"hurt,omitempty"` // persons
	Done string    `json:"done,omitempty"`
	By   string    `json:"by,omitempty"`
	// Sealed is the sealed record of who was hurt and how; what stands here names no child.
	Sealed id.Ref `json:"sealed,omitzero"`
}

// Choice is one entry of a list. Root 0 ships; a city that changes a list has entries of its own.
type Choice struct {
	Root   int64  `db:"root" json:"-"`
	List   string `db:"list" json:"-"`
	Code   string `db:"code" json:"code"`
	Zh     string `db:"zh" json:"zh"`
	En     string `db:"en" json:"en"`
	Parent string `db:"parent" json:"parent,omitempty"` // a type's class; whom a series is for
	Minor  int64  `db:"minor" json:"minor,omitempty"`   // 1: the group is of minors
	Order  int64  `db:"ord" json:"-"`
}

// The lists of a city.
const (
	TypeList   = "type"
	TopicList  = "topic"
	SeriesList = "series"
	GroupList  = "group"
)

// ListNames in the order of the settings page.
var ListNames = []string{TypeList, TopicList, SeriesList, GroupList}

// SeriesFors are whom series are made for (R27, R32).
var SeriesFors = []string{"enterprise", "village"}

// Limits are numbers that a city sets for itself.
type Limits struct {
	Minors    int64 `db:"minors"`     // from so many on a safety plan has to be signed
	CampRatio int64 `db:"camp_ratio"` // at most so many minors to one of the staff of a camp
	Keep      int64 `db:"keep_days"`  // so many days after a camp its sealed list is erased

	KeepIncident int64 `db:"keep_incident_days"` // so many after an activity what is sealed of its incidents
}

// Listed is an activity in a list.
type Listed struct {
	Root    int64     `db:"root" json:"-"`
	ID      id.ID     `db:"id" json:"-"`
	Lead    id.ID     `db:"lead" json:"-"`
	Code    string    `db:"code" json:"code"`
	Title   string    `db:"title" json:"title"`
	Type    string    `db:"type" json:"type"`
	Class   string    `db:"class" json:"class"`
	Topic   string    `db:"topic" json:"topic"`
	Day     clock.Day `db:"day" json:"day"`
	LastDay clock.Day `db:"last_day" json:"last_day,omitempty"`
	Place   string    `db:"place" json:"place"`
	Heads   int64     `db:"heads" json:"person_times"`
	Online  int64     `db:"online" json:"online_times"`
	Hosts   int64     `db:"hosts" json:"hosts"`
	Status  Status    `db:"status" json:"status"`
	Late    int64     `db:"late" json:"late"`
}

// Ref is the record's outside name.
func (l Listed) Ref() id.Ref { return id.Ref{Root: l.Root, ID: l.ID} }

// Filter chooses activities of a unit's subtree. Zero fields do not filter.
type Filter struct {
	Unit     org.Unit
	Class    string
	Topic    string
	Series   string
	Mode     Mode
	Venue    string
	Status   Status
	From, To clock.Day // both days belong to it
	Campaign id.Ref
	Base     id.Ref
	Text     string
	After    string // key of the last row of the page before
	Limit    int
}

// Volunteer is a person as the form needs one.
type Volunteer struct {
	Ref  id.Ref
	Name string
	Unit string // where from, to tell people of one name apart
}

// Unfit is a volunteer who may not work with minors on a day, and what is missing, in words.
type Unfit struct {
	Ref     id.Ref
	Name    string
	Missing string
}

// Volunteers is what this module asks of the register of volunteers; app gives it.
type Volunteers interface {
	// Named finds those of a name whom the reader may find.
	Named(ctx context.Context, name string) ([]Volunteer, error)
	// Known names volunteers by their keys; who is not in the register is left out.
	Known(ctx context.Context, refs []id.Ref) (map[id.Ref]string, error)
	// Unfit are those of the volunteers who may not work with minors on the day.
	Unfit(ctx context.Context, refs []id.Ref, day clock.Day) ([]Unfit, error)
}

// Campaign is a campaign as the form needs one.
type Campaign struct {
	Ref   id.Ref
	Title string
}

// Material is a document of the library as its reader sees it.
type Material struct {
	Title, Href string
	Approved    bool // it may be used before children
}

// Materials finds the document that has a number, for the reader; errs.NotFound for what they do not see. App gives it.
type Materials func(ctx context.Context, no int64) (Material, error)

// Campaigns is what this module asks of the campaigns; app gives it.
type Campaigns interface {
	// Open are the campaigns that run on the day and reach the unit.
	Open(ctx context.Context, unit id.ID, day clock.Day) ([]Campaign, error)
	// Chain are the campaigns and all that they are part of, each once.
	Chain(ctx context.Context, refs []id.Ref) ([]id.Ref, error)
	// Titles names campaigns whoever issued them.
	Titles(ctx context.Context, refs []id.Ref) (map[id.Ref]string, error)
}
