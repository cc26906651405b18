package seal

import (
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/id"
)

// Owner is the record that sealed records belong to, and the units that enter and read them. The caller has taken all of
// it from its own record, never from a form.
type Owner struct {
	Kind string // of the sealed records: "activity.minor"
	Of   id.Ref
	Unit id.ID   // the keeper: gives grants, erases
	Also []id.ID // those who enter and read beside it, such as hosts that have agreed
}

// Record is one sealed record as it was opened; Fields is nil once it was erased.
type Record struct {
	Ref      id.Ref
	Fields   map[string]string
	Erased   clock.Day
	Consents []Consent
}

// Grant lets one account open what belongs to a record.
type Grant struct {
	ID      id.ID     `db:"id"`
	Account id.ID     `db:"account"`
	Name    string    `db:"name"` // of the person, for the list
	Purpose string    `db:"purpose"`
	Until   clock.Day `db:"until"` // the last day
	Revoked clock.Day `db:"revoked"`
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
}
