package ui

import (
	"time"

	"github.com/a-h/templ"
)

// Heading opens a page: a line above, the h1, a line below, states and acts.
type Heading struct {
	Over  string // quiet line above, such as the day
	Tags  []Mark
	Title string // the h1
	Under string // quiet line below: where, whose
	Acts  []Button
}

// Figure is a number that is a link to its records. Number and Unit are already
// formatted (see Number, Fen, Percent). Size: "", "l", or "xl" (one per page).
type Figure struct {
	Number, Unit, Label, Href, Size string
}

// Choice is a labelled row of exclusive views: period, boundary, measure.
type Choice struct {
	Label string
	Links []Link
}

// Column is a column of a Table. Label repeats its name before the cell where
// rows are stacked (below 1000 px); Right aligns numbers; Block gives the
// stacked cell a line of its own.
type Column struct {
	Text  string
	Label bool
	Right bool
	Block bool
}

// Cell is one cell. With Href the text is a link; Num draws it as a figure with
// the red line, so Num and Href belong together. Tag (see Mark.Kind, or "-" for
// the quiet kind) draws it as a state. Sub is a quieter text after it.
type Cell struct {
	Text, Href string
	Num        bool
	Tag        string
	Sub        string
	Post       *Post // a small act on this row
}

// Row is one record; its first cell names it. Bad grounds it in yellow.
type Row struct {
	ID    string
	Cells []Cell
	Bad   bool
}

// Table is a record list: a table from 1000 px and on paper, stacked below.
type Table struct {
	Caption string // said to screen readers
	Columns []Column
	Rows    []Row
	Even    bool // all columns of one width: for tables below each other
}

// Text is a plain cell.
func Text(text string) Cell { return Cell{Text: text} }

// isDay tells whether a cell holds a day and nothing else; a day is not broken at its hyphens.
func isDay(text string) bool {
	_, err := time.Parse(time.DateOnly, text)
	return err == nil
}

// To is a cell with a link.
func To(text, href string) Cell { return Cell{Text: text, Href: href} }

// Num is a cell with a figure that opens its records.
func Num(number, href string) Cell { return Cell{Text: number, Href: href, Num: true} }

// State is a cell with a tag; kind as in Mark.
func State(text, kind string) Cell { return Cell{Text: text, Tag: or(kind, "-")} }

// Paging says how many are shown and how many come after.
type Paging struct {
	Here        int    // rows on this page
	Rest        int64  // rows after this page
	Next, First string // addresses; "" leaves the button out
}

// Problem is one fault of an imported row. Row counts as in the sheet.
type Problem struct {
	Row    int
	Column string
	Value  string // what stands there
	Text   string // what is wrong and what to do
}

// Due is one thing that waits. Now marks what is due today or overdue. Acts can
// be done from the list.
type Due struct {
	Due              string
	Now              bool
	Title, Why, Href string
	Said             string // under Why: what somebody wrote when they sent it here
	Tags             []Mark
	Acts             []Post
}

// Event is one line of a history.
type Event struct {
	When, Text string
	Link       Link // after the text
}

// Change is one saved change of a record: who, when, which fields.
type Change struct {
	When, Who, What string
	Fields          []Diff
	Link            Link
	Undo            *Post
}

// Diff is one field before and after; "" means empty.
type Diff struct{ Label, Before, After string }

// Fact is a label and its text.
type Fact struct {
	Label, Text, Href string
}

// Plaque is one accreditation. Ended is "" while it is in force, else words.
type Plaque struct {
	Level, Name, Issuer, When string
	Doc                       Link
	Ended                     string
}

// Item is one line of a standard's checklist.
type Item struct {
	Name, Text string
	Met        bool
	Link       Link
}

// UnitHit is a unit that was found. Mark is the part of Name to highlight;
// Ended is "" or what became of it.
type UnitHit struct {
	Name, Mark, Path, Code, Href, Ended string
}

// UnitLevel is one column of the unit picker. Href opens the picker at this
// level; phones show only the last column and lead up through these.
type UnitLevel struct {
	Name, Note, Href string
	Units            []UnitRow
	More             Link
}

// UnitRow is a unit to choose (Href) or to go down from (In; Count children).
type UnitRow struct {
	Name, Href, In string
	Count          int64
	Current        bool
	Sub            string
}

// Answer is one line of the check page; Href leads back to its question.
type Answer struct{ Label, Text, Href string }

// Moved is a figure that has just changed. Numbers are formatted.
type Moved struct {
	Label, Before, After, Unit, Href string
}

// Result is the page after something was handed in.
type Result struct {
	Title, CodeLabel, Code string
	Moved                  []Moved
	Next                   []Link // what happens now: Text (linked when Href is set), then Sub
	Undo                   *Post
	UndoUntil              string // "10:05", said beside the undo button
	Acts                   []Button
}

// Slip is one printable invitation.
type Slip struct {
	Unit, Name, Role string
	Address, Account string
	Code             string // one-time code, grouped for reading aloud
	Expires          string
	QR               templ.Component // see QRCode; nil for none
}

// Word is a line of Said. Step is something that was done, not a word; Mine a word of those whose page it is. Href leads from the tag to what
// became of it.
type Word struct {
	Mine, Step           bool
	When, Tag, Who, Href string
	Important            string
	Facts                []Fact
	Paras                []string
	Files                []Link
	Posts                []Post
}
