package flow

import (
	"context"
	"encoding/json"
	"strings"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
)

// Label is a name that people read: a text key of the program, or the words of a city that named the thing itself.
type Label struct {
	Key string `toml:"key" json:"key,omitempty"`
	Zh  string `toml:"zh" json:"zh,omitempty"`
	En  string `toml:"en" json:"en,omitempty"`
}

// In is the label in the reader's language; a city that gave only one language is shown in that one.
func (l Label) In(ctx context.Context) string {
	own := l.Zh
	if i18n.Lang(ctx) == "en" && l.En != "" || own == "" {
		own = l.En
	}
	if own != "" {
		return own
	}
	return i18n.T(ctx, l.Key)
}

// At says where somebody stands who may act.
type At string

const (
	// AtOwn is the record's own unit.
	AtOwn At = "own"
	// AtLevel is the unit of a level above the record (or the record's own unit when it has that level). A record
	// that hangs higher, such as a city's own base, goes to the next level up that exists.
	AtLevel At = "level"
	// AtIssuer is the unit that the case was opened for, e.g. the one that grants.
	AtIssuer At = "issuer"
	// AtSender is the person who took the last step: recall.
	AtSender At = "sender"
	// AtClock is nobody: the step is taken when its time has come.
	AtClock At = "clock"
)

// Who may act, or has to: whoever works (right Work) at the place that At names.
type Who struct {
	At    At     `toml:"at" json:"at"`
	Level string `toml:"level" json:"level,omitempty"` // for AtLevel: a level of org
	Other bool   `toml:"other" json:"other,omitempty"` // not the one who opened the case: a second pair of eyes
}

// Count is how days are counted.
type Count string

const (
	// Calendar days, the default.
	Calendar Count = "calendar"
	// Working days: Monday to Friday unless the holiday table says otherwise (Workday).
	Working Count = "working"
)

// State is where a case can stand.
type State struct {
	Key      string `toml:"key" json:"key"`
	Title    Label  `toml:"title" json:"title"`
	Todo     Label  `toml:"todo" json:"todo,omitzero"` // what has to be done here, verb first; empty when nobody has to act
	Terminal bool   `toml:"terminal" json:"terminal,omitempty"`
	Tone     string `toml:"tone" json:"tone,omitempty"` // kind of ui.Mark: "" quiet, "p" in force, "w" needs attention
	Days     int    `toml:"days" json:"days,omitempty"` // 0: no end
	Count    Count  `toml:"count" json:"count,omitempty"`
	Wait     []Who  `toml:"wait" json:"wait,omitempty"` // the first is told; any of them may act
}

// Transition is an act that leads from states to a state.
type Transition struct {
	Act           string   `toml:"act" json:"act"`
	Title         Label    `toml:"title" json:"title"` // the button: it names the act
	From          []string `toml:"from" json:"from"`
	To            string   `toml:"to" json:"to"`
	Who           []Who    `toml:"who" json:"who,omitempty"` // empty: those for whom the state waits
	NeedsReason   bool     `toml:"needs_reason" json:"needs_reason,omitempty"`
	NeedsDay      bool     `toml:"needs_day" json:"needs_day,omitempty"`
	NeedsDocument bool     `toml:"needs_document" json:"needs_document,omitempty"`
	// NeedsData asks for values that only the record's own page knows (criteria of an acceptance): the case page
	// leads there instead of showing a form.
	NeedsData bool   `toml:"needs_data" json:"needs_data,omitempty"`
	Effect    string `toml:"effect" json:"effect,omitempty"` // what listeners hear
	// AfterMonths lets the clock take the step that many months after the state began; for Who AtClock.
	AfterMonths int  `toml:"after_months" json:"after_months,omitempty"`
	Main        bool `toml:"main" json:"main,omitempty"` // the ordinary way on: the main button
}

// Plain tells whether the act needs nothing typed, so that the clock can do it.
func (t Transition) Plain() bool {
	return !t.NeedsReason && !t.NeedsDay && !t.NeedsDocument && !t.NeedsData
}

// Brief tells whether the act needs the day at most: whoever does it from a list means today.
func (t Transition) Brief() bool {
	t.NeedsDay = false
	return t.Plain()
}

// Definition is the course of one kind of matter.
type Definition struct {
	Code        string       `toml:"code" json:"code"` // "base.accreditation"
	Title       Label        `toml:"title" json:"title"`
	Start       string       `toml:"start" json:"start"`
	OpenBy      []Who        `toml:"open_by" json:"open_by,omitempty"` // who may open; empty: the record's own unit
	States      []State      `toml:"state" json:"states"`
	Transitions []Transition `toml:"transition" json:"transitions"`
}

// OpenCase is what a module says when a matter begins.
type OpenCase struct {
	Definition  string
	SubjectKind string // the record's kind, e.g. "base"
	Subject     id.Ref
	Unit        id.ID  // the record's unit
	Pos         int64  // its place
	Title       string // the record's name, as people will read it in lists
	Link        string // the record's page
	Issuer      id.ID  // who decides in the end, for AtIssuer; 0: the record's own unit
	Data        any    // kept as JSON, given back to listeners
	Note        string // a word from the sender, shown in the first step
}

// Case is one matter in its course.
type Case struct {
	Root        int64     `db:"root"`
	ID          id.ID     `db:"id"`
	Definition  string    `db:"definition"`
	Version     string    `db:"version"` // fingerprint of the definition's text with which the case began
	SubjectKind string    `db:"subject_kind"`
	SubjectRef  string    `db:"subject_ref"`
	Unit        id.ID     `db:"unit"`
	Pos         int64     `db:"pos"`
	Issuer      id.ID     `db:"issuer"`
	Title       string    `db:"title"`
	Link        string    `db:"link"`
	State       string    `db:"state"`
	Steps       int64     `db:"steps"`     // number of steps taken; grows by one with each
	SinceDay    clock.Day `db:"since_day"` // the state began
	DueDay      clock.Day `db:"due_day"`   // "" when nothing presses
	WakeDay     clock.Day `db:"wake_day"`  // the clock takes the next step then
	WaitUnit    id.ID     `db:"wait_unit"` // who has to act; 0 nobody
	WaitPos     int64     `db:"wait_pos"`
	Data        string    `db:"data"` // JSON; see Into
	OpenedAt    int64     `db:"opened_at"`
	OpenedBy    id.ID     `db:"opened_by"`
	SentBy      id.ID     `db:"sent_by"`   // the account of the last step
	ClosedAt    int64     `db:"closed_at"` // 0: runs
}

// Ref is the case's outside name.
func (c Case) Ref() id.Ref { return id.Ref{Root: c.Root, ID: c.ID} }

// Subject is the record's outside name.
func (c Case) Subject() id.Ref {
	r, _ := id.ParseRef(c.SubjectRef)
	return r
}

// Into reads the data that the case was opened with.
func (c Case) Into(v any) error { return json.Unmarshal([]byte(c.Data), v) }

// Open tells whether the case runs.
func (c Case) Open() bool { return c.ClosedAt == 0 }

// Overdue tells whether the state's days have passed.
func (c Case) Overdue(today clock.Day) bool {
	return c.Open() && c.DueDay != clock.Open && c.DueDay < today
}

// Act is what a person does with a case.
type Act struct {
	Key      string
	Reason   string
	Day      clock.Day // the day on which it happened or holds from
	Document string    // number of the document, e.g. of the decision
	Data     any       // values of the record's own page, given to listeners
	// Seen is the number of steps that the person had before their eyes; another number means that somebody was
	// faster. 0: not asked.
	Seen int64
}

// Step is one act that was done.
type Step struct {
	Root     int64     `db:"root"`
	ID       id.ID     `db:"id"`
	Case     id.ID     `db:"case_id"`
	No       int64     `db:"no"` // 1 is the opening
	Act      string    `db:"act"`
	From     string    `db:"from_state"`
	To       string    `db:"to_state"`
	At       int64     `db:"at"`
	By       id.ID     `db:"by_account"`
	ByName   string    `db:"by_name"`
	Unit     id.ID     `db:"unit"` // the unit of the one who acted
	For      id.ID     `db:"for_account"`
	ForName  string    `db:"for_name"` // for whom, when a substitute acted
	Reason   string    `db:"reason"`
	Day      clock.Day `db:"day"`
	Document string    `db:"document"`
	Data     string    `db:"data"` // JSON; see Into
}

// Into reads the values that came with the act.
func (s Step) Into(v any) error { return json.Unmarshal([]byte(s.Data), v) }

// TaskKind tells the inbox what a task is.
type TaskKind string

const (
	// KindCase is posted by a state that waits for somebody.
	KindCase TaskKind = "case"
	// KindDo is posted by a module and ends when the module says so.
	KindDo TaskKind = "do"
	// KindNote is posted by a module and can be ticked off by whoever read it.
	KindNote TaskKind = "note"
	// KindBelow is the line that sums up what is overdue in units below.
	KindBelow TaskKind = "below"
)

// NewTask is what a module posts into an inbox. Posting the same Key again changes an open task and leaves a done one
// alone, so that a job can post at every run.
type NewTask struct {
	Key      string         // e.g. "base.agreement:9902-3k5f8q2m0a:2019-06-30"; at most 200 bytes
	Unit     id.ID          // who has to act
	Pos      int64          // the unit's place
	TitleKey string         // text key, verb first
	Why      string         // text key of the reason; takes the same arguments; may be ""
	Args     map[string]any // what the texts name; "Day" is a day, YYYY-MM-DD
	Due      clock.Day
	Link     string   // where it is done
	Kind     TaskKind // KindDo when empty
	OwnOnly  bool     // says something of what is sealed, if only that it is there: told nobody but those who do the unit's tasks
}

// Brief is as much of a longer text as a line of the inbox holds.
func Brief(text string) string {
	const most = 60
	text = strings.Join(strings.Fields(text), " ")
	if r := []rune(text); len(r) > most {
		return string(r[:most]) + "…"
	}
	return text
}

// Task is a row of the inbox as it is kept.
type Task struct {
	Root     int64     `db:"root"`
	ID       id.ID     `db:"id"`
	Key      string    `db:"key"`
	Case     id.ID     `db:"case_id"` // 0: posted by a module
	Kind     TaskKind  `db:"kind"`
	Unit     id.ID     `db:"unit"`
	Pos      int64     `db:"pos"`
	NotBy    id.ID     `db:"not_by"` // who may not do it: the one who asked for a second pair of eyes
	TitleKey string    `db:"title_key"`
	WhyKey   string    `db:"why_key"`
	Args     string    `db:"args"`
	DueDay   clock.Day `db:"due_day"`
	Link     string    `db:"link"`
	OpenedAt int64     `db:"opened_at"`
	DoneAt   int64     `db:"done_at"`
	DoneBy   id.ID     `db:"done_by"`
	DoneName string    `db:"done_name"`
	OwnOnly  int64     `db:"own_only"` // see NewTask
}

// Item is a line of the inbox, in the reader's language.
type Item struct {
	Task    id.Ref    `json:"task"`
	Case    *id.Ref   `json:"case,omitempty"`
	Kind    TaskKind  `json:"kind"`
	Title   string    `json:"title"`
	Why     string    `json:"why"`
	Said    string    `json:"said,omitempty"` // why the step before sent it here, e.g. what a returned application lacks
	Due     clock.Day `json:"due,omitempty"`
	Overdue bool      `json:"overdue"`
	Urgency string    `json:"urgency,omitempty"` // Urgent or Express: it stands before what is not
	Link    string    `json:"link"`
	For     string    `json:"for,omitempty"` // shown as 代: the person or the unit for whom it is done
	Acts    []ItemAct `json:"acts,omitempty"`
	Steps   int64     `json:"steps,omitempty"` // what Act.Seen takes
	Count   int       `json:"count,omitempty"` // KindBelow: how many
	Done    string    `json:"done,omitempty"`  // who did it, in the list of done ones
	DoneAt  int64     `json:"done_at,omitempty"`
}

// How pressing an item is, beyond its day: 加急, 特急.
const (
	Urgent  = "urgent"
	Express = "express"
)

// ArgUrgency is the argument of a task that says how pressing it is.
const ArgUrgency = "Urgency"

// ItemAct is an act that can be done from the list: it needs nothing typed, or only the day, which is today there.
type ItemAct struct {
	Key      string `json:"key"`
	Title    string `json:"title"`
	Main     bool   `json:"main,omitempty"`
	NeedsDay bool   `json:"needs_day,omitempty"`
}

// Substitute is an arrangement by which one person's tasks are done by another for a time.
type Substitute struct {
	Root    int64     `db:"root"`
	ID      id.ID     `db:"id"`
	Person  id.ID     `db:"person"` // who is away
	Name    string    `db:"person_name"`
	Unit    id.ID     `db:"unit"` // whose tasks: the unit of the one who is away
	Pos     int64     `db:"pos"`
	Sub     id.ID     `db:"sub"` // who does them
	SubName string    `db:"sub_name"`
	From    clock.Day `db:"from_day"`
	To      clock.Day `db:"to_day"` // first day on which it no longer holds
	MadeAt  int64     `db:"made_at"`
	MadeBy  id.ID     `db:"made_by"`
	EndedAt int64     `db:"ended_at"`
}

// Unit is a unit as far as courses are set at it.
type Unit struct {
	ID    id.ID
	Name  string
	Range scope.Range // its subtree
}

// PastCourse is a course that a unit put in the place of the shipped one, from an instant to an instant (unix
// milliseconds UTC; EndedAt 0 = it holds).
type PastCourse struct {
	Version  string `db:"version"`
	MadeAt   int64  `db:"made_at"`
	MadeName string `db:"made_name"`
	EndedAt  int64  `db:"ended_at"`
}

// Person is somebody who can be named as a substitute.
type Person struct {
	Account id.ID
	Name    string
	Unit    id.ID
	Place   string // unit and post, as people read it
}
