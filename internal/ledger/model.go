package ledger

import (
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/id"
)

// Kind of figure.
type Kind string

const (
	Event     Kind = "event"     // 流量: dated things in a period
	State     Kind = "state"     // 存量: things that stand at a day
	Condition Kind = "condition" // 达标单位数: units of a level that meet a test
	Distinct  Kind = "distinct"  // 种类数: values of a breakdown with a balance above zero
	Derived   Kind = "derived"   // 比率: arithmetic over other figures, both terms kept
)

// Words is one text in both languages.
type Words struct {
	Zh string `toml:"zh" json:"zh"`
	En string `toml:"en" json:"en"`
}

// In is the text in a language.
func (w Words) In(lang string) string {
	if lang == "en" && w.En != "" {
		return w.En
	}
	return w.Zh
}

// MeasureIn is the measure word of a figure in a language. English counts bare, so that an empty word there is meant.
func (d Definition) MeasureIn(lang string) string {
	if lang == "en" {
		return d.Measure.En
	}
	return d.Measure.Zh
}

// Definition says what a figure counts. It is data: figures/*.toml ships the defaults and any committee may add figures
// for its subtree. Sentence stands beside the number wherever it is shown.
type Definition struct {
	Code     string `toml:"code" json:"code"`
	Kind     Kind   `toml:"kind" json:"kind"`
	Record   string `toml:"record" json:"record,omitempty"` // record kind, for events and states
	Name     Words  `toml:"name" json:"name"`
	Short    Words  `toml:"short" json:"short"` // beside a large number
	Sentence Words  `toml:"sentence" json:"sentence"`
	Measure  Words  `toml:"measure" json:"measure"`         // 个, 类, 元
	Unit     string `toml:"unit" json:"unit"`               // "count", "fen" (shown as 万元), "minutes" (shown as hours) or "percent"
	Filter   string `toml:"filter" json:"filter,omitempty"` // expression over a row's attributes; "" takes all
	Amount   string `toml:"amount" json:"amount,omitempty"` // expression; "" is 1
	// Window keeps only the days before (within) or from (after) Anchor + Years; Anchor is a day attribute.
	Window *Window `toml:"window" json:"window,omitempty"`
	// Breakdowns are single-valued attributes whose parts sum to the whole.
	Breakdowns []string `toml:"breakdowns" json:"breakdowns,omitempty"`
	// EndsWithUnit takes open records of a unit out on the day on which it ends.
	EndsWithUnit bool   `toml:"ends_with_unit" json:"ends_with_unit,omitempty"`
	Test         *Test  `toml:"test" json:"test,omitempty"`               // condition
	DistinctOf   string `toml:"distinct_of" json:"distinct_of,omitempty"` // distinct: the figure …
	DistinctBy   string `toml:"distinct_by" json:"distinct_by,omitempty"` // … and its breakdown
	Numerator    string `toml:"numerator" json:"numerator,omitempty"`     // derived: ratio of sums
	Denominator  string `toml:"denominator" json:"denominator,omitempty"`
	Order        int    `toml:"order" json:"order,omitempty"`
	Chapter      string `toml:"chapter" json:"chapter,omitempty"` // where it stands on a unit's page
}

// Window is "within N years from a day of the record" or what lies behind it.
type Window struct {
	Anchor string `toml:"anchor" json:"anchor"`
	Years  int    `toml:"years" json:"years"`
	Part   string `toml:"part" json:"part"` // "within" or "after"
}

// Test is what a unit has to meet: an expression over balances of its own (or its subtree's) figures.
type Test struct {
	Level   string            `toml:"level" json:"level"`
	Own     map[string]string `toml:"own" json:"own,omitempty"`         // name in the expression -> figure, own records only
	Subtree map[string]string `toml:"subtree" json:"subtree,omitempty"` // the same over the unit's subtree
	Expr    string            `toml:"expr" json:"expr"`
}

// Record is anything a module keeps about units, as dated rows.
type Record struct {
	Ref   id.Ref
	Attrs map[string]any // attributes of the record as a whole
	Rows  []Row
}

// Row is one dated fact of a record.
type Row struct {
	Type  string // e.g. "accreditation"; available to filters as row
	From  clock.Day
	To    clock.Day // first day on which it no longer holds; Open
	Units []id.ID   // whose it is; several for joint records
	Ends  string    // how it ended, when it did: revoked, agreement, dissolved, unit; for what a figure left out
	Attrs map[string]any
}

// Description is how a record appears in a list of evidence.
type Description struct {
	Ref    id.Ref
	Code   string // external code, or number of a contract
	Name   string
	Unit   id.ID
	Href   string
	Detail []string // further columns, in the order of Source.Columns
}

// Boundary says by which boundaries a figure of the past is cut.
type Boundary string

const (
	Then  Boundary = "then"  // 当时区划
	Today Boundary = "today" // 现区划
)

// frames of an entry: both boundaries, then only, today only.
const (
	frameBoth  int64 = 0
	frameThen  int64 = 1
	frameToday int64 = 2
)

func (b Boundary) frame() int64 {
	if b == Today {
		return frameToday
	}
	return frameThen
}

// Query asks a figure.
type Query struct {
	Figure   string
	Unit     id.ID
	Day      clock.Day         // as of: the unit has to stand on it
	From, To clock.Day         // events: the period, cut at Day; Open = from 1 January of Day's year, up to Day
	Boundary Boundary          // Then when empty
	Where    map[string]string // breakdown -> value
	KnownAt  int64             // Unix milliseconds: as known at; 0 = now
}

// Value is a figure's answer. Amount is nil when it cannot be given: a ratio over nothing.
type Value struct {
	Code        string
	Amount      *int64 // money in fen; a ratio in tenths of a per cent
	Numerator   *int64
	Denominator *int64
}

// Int is the amount, 0 when there is none.
func (v Value) Int() int64 {
	if v.Amount == nil {
		return 0
	}
	return *v.Amount
}

// Item is one record of the evidence.
type Item struct {
	Rec    id.ID
	Value  string // distinct: the value; empty otherwise
	Day    clock.Day
	Amount int64
	Description
	UnitName string
	UnitCode string // external
}

// line is one entry as it ought to be.
type line struct {
	figure int64
	pos    int64
	day    int64
	dim    int64
	frame  int64
}
