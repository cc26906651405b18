package seal

import (
	"context"

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
}

// Live tells whether the grant opens anything on the day.
func (g Grant) Live(on clock.Day) bool { return g.Revoked == clock.Open && on <= g.Until }

// Forms of a consent.
var Forms = []string{"paper", "electronic"}

// Consent is the word of a guardian for one minor and one purpose. It names nobody: names are sealed fields.
type Consent struct {
	Record    id.ID     `db:"record"`
	Purpose   string    `db:"purpose"`
	Given     clock.Day `db:"given"`
	Form      string    `db:"form"`
	TakenBy   string    `db:"taken_by"`
	Withdrawn clock.Day `db:"withdrawn"`
}

// Stands tells whether the guardian has not taken it back.
func (c Consent) Stands() bool { return c.Given != clock.Open && c.Withdrawn == clock.Open }

// Count is what everybody may know of sealed records: how many there are, and of how many a consent stands, by purpose.
type Count struct {
	Records   int64
	Consented map[string]int64
	Expired   int64 // erased by the clock: they were there as long as they had to be
}
