package signal

import (
	"xinhuo/internal/kit/anon"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/id"
)

// Kinds of record: what is published of a month at a unit, and what a unit reports, which nobody else sees.
const (
	Kind       = "signal"
	KindReport = "signal_report"
)

// Bounds of what is published; doc.go says why these and no others.
const (
	Fewest    = anon.Fewest // a cell below it is shown to nobody but the unit that reported it
	Pooled    = anon.Pooled // small cells together are published from here on
	closesOn  = 10          // the last day of the next month on which a month can be reported and corrected
	mostCount = 9999
	lookBack  = 12 // months that the table of a year holds
)

// Topics are what young people's problems are counted by, in the order of the form. A code never changes its meaning.
var Topics = []string{"mind", "family", "net", "study", "friends", "bullying", "alone", "other"}

// needs say what a team for a topic is called in people's list of needs; for what is not named nobody can be proposed.
var needs = map[string]string{"mind": "心理健康", "family": "家庭教育", "net": "家庭教育", "study": "心理健康", "friends": "心理健康", "bullying": "法治宣讲", "alone": "家庭教育"}

// Month is a calendar month, 2019-05.
type Month string

// Report is what one unit says of one month: how many young people raised a topic. Topics that are not named are zero.
// There is no free text: none can hold a name.
type Report struct {
	Unit   id.ID            `json:"unit"`
	Month  Month            `json:"month"`
	Counts map[string]int64 `json:"counts"`
}

// Published is what stands of a month at one unit for everybody above it; it is made once and never changes.
type Published struct {
	Unit  id.ID  `json:"unit"`
	Month Month  `json:"month"`
	Items []Item `json:"items"`
}

// Item is one published number: a cell of the unit's own, or small cells of it and the units below it, together.
type Item struct {
	Topic  string `json:"topic"`
	Pooled bool   `json:"pooled,omitempty"`
	N      int64  `json:"n"`
	Least  bool   `json:"least,omitempty"` // so many or more: the exact number would say too much
}

// Shown is an item in a list.
type Shown struct {
	Root   int64  `db:"root"`
	ID     id.ID  `db:"id"`
	Unit   id.ID  `db:"unit"`
	Pos    int64  `db:"pos"`
	Month  Month  `db:"month"`
	Topic  string `db:"topic"`
	Pooled int64  `db:"pooled"`
	N      int64  `db:"n"`
	Least  int64  `db:"least"`
}

// Filed is that a unit reported a month; that it did is no secret, what it said is.
type Filed struct {
	Root     int64 `db:"root"`
	ID       id.ID `db:"id"`
	Unit     id.ID `db:"unit"`
	Pos      int64 `db:"pos"`
	Month    Month `db:"month"`
	Released int64 `db:"released"`
}

// Ref is the report's outside name.
func (f Filed) Ref() id.Ref { return id.Ref{Root: f.Root, ID: f.ID} }

// First is the month's first day.
func (m Month) First() clock.Day { return clock.Day(string(m) + "-01") }

// Last is the month's last day.
func (m Month) Last() clock.Day { return m.add(1).First().AddDays(-1) }

// Published is the day on which the month is closed and published.
func (m Month) Published() clock.Day { return m.add(1).First().AddDays(closesOn) }
