package portal

import (
	"slices"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/id"
)

// Kinds of record, as the log, versions and addresses name them.
const (
	Kind     = "portal"
	KindNews = "portal_news"
	KindWish = "portal_wish"
)

// The columns of a site. Help cannot be left out.
const (
	About      = "about"
	NewsColumn = "news"
	Bases      = "bases"
	Activities = "activities"
	Volunteer  = "volunteer"
	Documents  = "documents"
	Figures    = "figures"
	Help       = "help"
)

// Columns are all columns, in the order in which a site shows them.
var Columns = []string{About, NewsColumn, Bases, Activities, Volunteer, Documents, Figures, Help}

// Colours are the schemes that a site may have; the style sheet holds them, each with a contrast that is tested in light and dark.
var Colours = []string{"ember", "river", "pine", "plum", "slate"}

// Site is a unit's public site as its office set it. On is whether anybody but the office sees it.
type Site struct {
	Root    int64    `json:"-"`
	Unit    id.ID    `json:"unit"`
	Pos     int64    `json:"-"`
	On      bool     `json:"on"`
	Slug    string   `json:"slug"`            // its short address: /s/{slug}
	Hosts   []string `json:"hosts,omitempty"` // its own domains
	Title   string   `json:"title"`
	Motto   string   `json:"motto,omitempty"`
	About   string   `json:"about,omitempty"` // what we do, in plain text
	Colour  string   `json:"colour"`
	Hotline string   `json:"hotline"`
	Human   string   `json:"human"` // who answers Phone
	Phone   string   `json:"phone"`
	Hours   string   `json:"hours"`
	Columns []string `json:"columns"`
	Signup  string   `json:"signup,omitempty"` // how one signs up for activities, in words
	Ver     int64    `json:"version"`          // 0: nothing was set yet
}

// State is where news stand.
type State string

const (
	Draft     State = "draft"
	Published State = "published"
	Down      State = "down" // taken down; the address says that nothing is there
)

// News is one piece of news, as it is edited and kept.
type News struct {
	Unit  id.ID     `json:"unit"`
	Day   clock.Day `json:"day"`
	Title string    `json:"title"`
	Text  string    `json:"text"`
	State State     `json:"state"`
	Why   string    `json:"why,omitempty"` // for what reason it was taken down
	// Pictures stand below the text, in this order.
	Pictures []Picture `json:"pictures,omitempty"`
}

// Picture is a picture of news; Alt says what it shows to those who do not see it. W and H are in pixels.
type Picture struct {
	Hash string `json:"hash"`
	Alt  string `json:"alt"`
	W    int    `json:"w"`
	H    int    `json:"h"`
}

// shows tells whether a picture is among those of the news.
func (n News) shows(hash string) bool {
	return slices.ContainsFunc(n.Pictures, func(p Picture) bool { return p.Hash == hash })
}

// Headline is a row of a list of news.
type Headline struct {
	Root  int64     `db:"root" json:"-"`
	ID    id.ID     `db:"id" json:"-"`
	Unit  id.ID     `db:"unit" json:"-"`
	Day   clock.Day `db:"day" json:"day"`
	Title string    `db:"title" json:"title"`
	Text  string    `db:"text" json:"-"`
	State State     `db:"state" json:"state"`
}

// Ref is the news' outside name.
func (h Headline) Ref() id.Ref { return id.Ref{Root: h.Root, ID: h.ID} }

// Figure is a figure as it was published: said once, and not moving until it is published anew. Amount is as the ledger gives it,
// anon.Hidden where it is told nobody.
type Figure struct {
	Root   int64     `db:"root" json:"-"`
	Unit   id.ID     `db:"unit" json:"-"`
	N      int64     `db:"n" json:"-"`
	Code   string    `db:"code" json:"code"`
	Amount int64     `db:"amount" json:"amount"`
	Day    clock.Day `db:"day" json:"day"` // as of
	At     int64     `db:"at" json:"at"`   // when it was published, UTC milliseconds
}

// Wishes are what somebody can write for.
const (
	ToHelp = "volunteer" // to become a volunteer
	ToCome = "activity"  // to come to an activity
)

// Outcomes of a wish.
var Outcomes = []string{"welcome", "later", "declined", "unreachable"}

// Wish is what somebody wrote through a site, without who it is: that is sealed. Outcome is "" until somebody answered.
type Wish struct {
	Root         int64     `db:"root" json:"-"`
	ID           id.ID     `db:"id" json:"-"`
	Unit         id.ID     `db:"unit" json:"-"`
	Kind         string    `db:"kind" json:"kind"`
	ActivityRoot int64     `db:"activity_root" json:"-"`
	Activity     id.ID     `db:"activity" json:"-"`
	About        string    `db:"about" json:"about,omitempty"` // title of the activity
	At           int64     `db:"at" json:"at"`
	Due          clock.Day `db:"due" json:"due"`
	Sealed       string    `db:"sealed" json:"-"`
	Outcome      string    `db:"outcome" json:"outcome,omitempty"`
	DoneAt       int64     `db:"done_at" json:"done_at,omitempty"`
	DoneBy       string    `db:"done_by" json:"done_by,omitempty"`
	People       int64     `db:"people" json:"people"` // how many come
	Ver          int64     `db:"ver" json:"version"`
}

// Ref is the wish's outside name.
func (x Wish) Ref() id.Ref { return id.Ref{Root: x.Root, ID: x.ID} }

// Words are what is sealed of a wish.
type Words struct {
	Name  string `json:"name"`
	Phone string `json:"phone"`
	Can   string `json:"can"` // what they can do, or what they want to say
	// People is how many come to an activity, 0 for one; it is no secret and stands beside what is sealed.
	People int64 `json:"-"`
}

// Base is what a site shows of a base.
type Base struct {
	Ref      id.Ref
	Name     string
	Host     id.ID  // the unit at which it stands
	HostName string // its name
	Category string
	Address  string
	Hours    string
	Phone    string
	Intro    string
}

// Event is an activity that is announced.
type Event struct {
	Ref   id.Ref
	Title string
	Lead  string // the unit that hosts
	Day   clock.Day
	Last  clock.Day
	From  string // HH:MM
	To    string
	Place string
	// How many may come by signing up, 0 for all; how many have a place already.
	Places, Taken int64
}

// left is how many places there are yet; where all may come the number says nothing.
func (e Event) left() int64 { return max(e.Places-e.Taken, 0) }

// full tells whether nobody more can sign up.
func (e Event) full() bool { return e.Places > 0 && e.left() == 0 }

// Document is a document that everybody may read.
type Document struct {
	No    int64
	Title string
	Unit  string
	Day   clock.Day
}

// Desk is a desk that takes requests for help.
type Desk struct {
	Unit  id.ID
	Name  string
	Hours string
	Phone string
	Named bool // whoever asks there has to leave a name
}
