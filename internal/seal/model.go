package seal

import (
	"context"
	"time"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
)

// Owner is the record that sealed records belong to, and the units that enter and read them. The caller has taken all of
// it from its own record, never from a form.
type Owner struct {
	Kind string // of the sealed records: "activity.minor"
	Of   id.Ref
	Unit id.ID   // the keeper: gives grants, erases
	Also []id.ID // those who enter and read beside it, such as hosts that have agreed
	Only []id.ID // when there are any: of those who work at the keeper these accounts alone read, let in and erase
	Most int     // the most days of a grant, MaxGrant when 0
}

// Record is one sealed record as it was opened; Fields is nil once it was erased.
type Record struct {
	Ref      id.Ref
	Fields   map[string]string
	Entered  clock.Day // "" of one from before 29 November 2026
	Erased   clock.Day
	Consents []Consent
}

// Grounds on which people erase; Expired is the clock's.
const (
	ByGuardian = "guardian"
	Mistyped   = "mistyped"
	Other      = "other"
	Expired    = "expired"
)

// Grounds lists those that a person may give.
var Grounds = []string{ByGuardian, Mistyped, Other}

// Erasure says that something was erased, by whom, when and on what ground; never what.
type Erasure struct {
	Kind   string    `json:"kind"`
	Day    clock.Day `json:"day"`
	By     string    `json:"by"`
	Ground string    `json:"ground"`
}

// Matter is what sealed records belong to, such as a camp, as the pages of sealed data need it. Owners has one entry for each
// kind of sealed record; the first gives the keeper. Label says what a kind is, Name calls a record that was opened by name.
type Matter struct {
	Owners []Owner
	Title  string
	Href   string
	Label  func(ctx context.Context, kind string) string
	Name   func(kind string, r Record) string
	Hint   string // text key of what happens to the record when one is erased
}

// Matters finds what a sealed record belongs to, within the reader's view; NotFound for another module's.
type Matters func(ctx context.Context, of id.Ref) (Matter, error)

// most is the longest that a grant of the owner's records runs, in days.
func (o Owner) most() int {
	if o.Most > 0 {
		return min(o.Most, MaxGrant)
	}
	return MaxGrant
}

// Accounts finds who may be let in; app gives it. NotFound when there is no such account.
type Accounts interface {
	ByLogin(ctx context.Context, login string) (scope.Actor, error)
	Colleagues(ctx context.Context, unit id.ID) ([]Colleague, error) // who works at a unit, where they are few enough to choose from
}

// Colleague is somebody of an office whom its pages let one choose.
type Colleague struct {
	Account     id.ID
	Login, Name string
}

// Kept is what a unit keeps of one matter, in numbers.
type Kept struct {
	Of           id.Ref
	Matter       Matter
	Live, Erased int64
	Grants       int64
}

// Grant lets one account open what belongs to a record.
type Grant struct {
	ID      id.ID     `db:"id" json:"id"`
	Account id.ID     `db:"account" json:"account"`
	Name    string    `db:"name" json:"name"` // of the person, for the list
	Purpose string    `db:"purpose" json:"purpose"`
	Until   clock.Day `db:"until" json:"until"` // the last day
	Revoked clock.Day `db:"revoked" json:"revoked,omitempty"`
	ByName  string    `db:"by_name" json:"by"` // who gave it; "" of one from before 1 December 2026
	Given   clock.Day `db:"given" json:"given,omitempty"`
	EndsAt  int64     `db:"ends_at" json:"ends_at,omitempty"` // of an emergency look: its last instant, UTC ms
	Seen    clock.Day `db:"seen" json:"-"`                    // the day on which the keeper has looked at it
	Waits   int64     `db:"waits" json:"waits,omitempty"`     // 1: it opens nothing before a second person has agreed, which has to be until EndsAt
	Second  string    `db:"second" json:"second,omitempty"`   // who agreed
	At      id.ID     `db:"at_unit" json:"-"`                 // the unit for whose work they were let in: it ends when they leave there; 0: for themselves
	Body    id.ID     `db:"body" json:"-"`                    // the body beside the tree for which they stood: it ends when they do not any more; 0: none
}

// Emergency tells whether somebody let themselves in.
func (g Grant) Emergency() bool { return g.EndsAt != 0 }

// Pending tells whether an emergency look waits for its second person at an instant.
func (g Grant) Pending(now time.Time) bool {
	return g.Waits != 0 && g.Revoked == clock.Open && now.UnixMilli() < g.EndsAt
}

// Live tells whether the grant opens anything at an instant.
func (g Grant) Live(now time.Time) bool {
	if g.Waits != 0 || g.Emergency() && now.UnixMilli() >= g.EndsAt {
		return false
	}
	return g.Revoked == clock.Open && clock.DayOf(now) <= g.Until
}

// Forms of a consent.
var Forms = []string{"paper", "electronic"}

// Consent is the word of a guardian for one minor and one purpose. It names nobody: names are sealed fields.
type Consent struct {
	Record    id.ID     `db:"record"`
	Purpose   string    `db:"purpose"`
	Given     clock.Day `db:"given"` // "" of a refusal
	Form      string    `db:"form"`
	TakenBy   string    `db:"taken_by"`
	Withdrawn clock.Day `db:"withdrawn"`
	Version   int64     `db:"version"` // of the text that was read; 0: there was none
	Until     clock.Day `db:"until"`   // the last day; "" while the purpose lasts
	Refused   clock.Day `db:"refused"`
}

// Stands tells whether the guardian agrees on a day: has not taken it back, and it has not run out.
func (c Consent) Stands(on clock.Day) bool {
	return c.Given != clock.Open && c.Withdrawn == clock.Open && c.Refused == clock.Open && (c.Until == clock.Open || on <= c.Until)
}

// Count is what everybody may know of sealed records: how many there are, and of how many a consent stands, by purpose.
type Count struct {
	Records   int64
	Consented map[string]int64
	Expired   int64 // erased by the clock: they were there as long as they had to be
}

// Subject is a kind of sealed record that is about somebody who may ask what is kept of them.
type Subject struct {
	Kind  string
	Find  []string          // fields with a keyed hash, by which somebody is found; none of a kind that is found by another (With)
	Names map[string]string // text keys of its fields
	Order []string          // of its fields, as they are asked; the others follow, where something stands in them
	Inner []string          // fields that say how something is kept, and are not told
	Said  map[string]string // of fields whose value is a code: what stands before it in the text key that says it
	With  []string          // further kinds of the same matter that are about the same person
	// Held answers what of a matter has to stay or is not to be handed over for a wish; nil: nothing.
	Held func(ctx context.Context, of id.Ref, x Wish) (Hold, error)
	// Corrected hears in the transaction that a record was corrected, with all its fields, and may refuse; nil: nobody.
	Corrected func(ctx context.Context, of id.Ref, fields map[string]string) error
}

// Hold says by text keys why something is not erased for a wish, and why it is not handed over; "" for neither. Stays says that people
// erase it on no other ground either, such as what has to be reported.
type Hold struct {
	Erase, Tell string
	Stays       bool
}

// Field is a field of a record with its text key and what stands in it.
type Field struct{ Name, Key, Text string }

// What somebody may ask of what is kept of them (Personal Information Protection Law, articles 44 to 47; Regulations on the Protection of
// Minors in Cyberspace, articles 34 and 35).
const (
	ToSee     = "see"
	ToCorrect = "correct"
	ToErase   = "erase"
	ToLeave   = "withdraw" // take a consent back
)

// Wishes are all of them, Proofs how it was made sure who asks, Results how a wish ends.
var (
	Wishes  = []string{ToSee, ToCorrect, ToErase, ToLeave}
	Askers  = []string{"guardian", "minor"}
	Proofs  = []string{"papers", "known", "school"}
	Results = []string{"done", "part", "nothing", "refused"}
)

// wishDays is how soon a wish has to be answered, in days; the law says "in time", GB/T 35273-2020 (8.7) thirty days.
const wishDays = 15

// Wish is what a guardian or a minor asks of a unit. Name and Phone are sealed.
type Wish struct {
	Root     int64     `db:"root" json:"-"`
	ID       id.ID     `db:"id" json:"-"`
	Unit     id.ID     `db:"unit" json:"unit"`
	Pos      int64     `db:"pos" json:"-"`
	No       string    `db:"no" json:"no"`
	Kind     string    `db:"kind" json:"kind"`
	Asker    string    `db:"asker" json:"asker"`
	Proof    string    `db:"proof" json:"proof"`
	Received clock.Day `db:"received" json:"received"`
	Due      clock.Day `db:"due" json:"due"`
	Answered clock.Day `db:"answered" json:"answered,omitempty"`
	Outcome  string    `db:"outcome" json:"outcome,omitempty"`
	ByName   string    `db:"by_name" json:"by,omitempty"`
	Ver      int64     `db:"ver" json:"version"`

	Name  string `db:"-" json:"-"`
	Phone string `db:"-" json:"-"`
	Words string `db:"-" json:"-"`
}

// Ref is the wish's outside name.
func (x Wish) Ref() id.Ref { return id.Ref{Root: x.Root, ID: x.ID} }

// Open tells whether nobody has answered it.
func (x Wish) Open() bool { return x.Answered == clock.Open }

// Found is a sealed record in which somebody is named as asked.
type Found struct {
	Record id.Ref
	Kind   string
	Matter Matter
	Of     id.Ref
	Hold   Hold
}
