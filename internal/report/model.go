package report

import (
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/ledger"
)

// Document is a text with bound figures, as it is edited and kept.
type Document struct {
	Title      string      `json:"title"`
	Byline     string      `json:"byline,omitempty"` // who speaks or signs
	Day        clock.Day   `json:"day"`              // the date under the title; periods are counted from it (R201)
	Unit       id.ID       `json:"unit"`             // whose it is, and whose figures it names
	Paragraphs []Paragraph `json:"paragraphs"`
	Issued     *Issue      `json:"issued,omitempty"` // nil: a draft
}

// Paragraph is a stretch of text with an optional heading before it. Gloss says in English what it is about, for
// readers of the English pages: the document itself is Chinese.
type Paragraph struct {
	Heading string `json:"heading,omitempty"`
	Runs    []Run  `json:"runs"`
	Gloss   string `json:"gloss,omitempty"`
}

// Run is plain text, or a bound figure.
type Run struct {
	Text   string `json:"text,omitempty"`
	Figure *Bound `json:"figure,omitempty"`
}

// Period is the span of an event figure, relative to the document's date.
type Period string

// The periods. ThisYear is the empty one: from 1 January up to the day.
const (
	ThisYear Period = ""
	LastYear Period = "last_year"
)

// Format is how a figure is written in the text.
type Format string

// The formats. Plain writes number and measure word (119个, 58%, 101万元), Bare the number alone, Words Chinese numerals
// with the measure word (七类).
const (
	Plain Format = ""
	Bare  Format = "bare"
	Words Format = "words"
)

// Bound is a figure in a text.
type Bound struct {
	Code   string            `json:"code"`
	Unit   id.ID             `json:"unit,omitempty"` // 0: the document's own
	Where  map[string]string `json:"where,omitempty"`
	Period Period            `json:"period,omitempty"`
	Format Format            `json:"format,omitempty"`
	Label  string            `json:"label,omitempty"` // in the margin; "" is the figure's own short name
}

// Issue is what was frozen when a document was issued.
type Issue struct {
	Day         clock.Day `json:"day"`      // as of
	KnownAt     int64     `json:"known_at"` // as known at, UTC milliseconds
	By          string    `json:"by"`
	Amounts     []*int64  `json:"amounts"` // the figures in the order of the text; nil: could not be given
	Fingerprint string    `json:"fingerprint"`
}

// Figure is a bound figure with its numbers.
type Figure struct {
	No       int // from 1, in the order of the text
	Bound    Bound
	Def      ledger.Definition
	Text     string // as it stands in the text
	Then     *int64 // of an issued document: as of its day, as known then
	Now      *int64 // as of today, as known now
	ThenText string
	NowText  string
	Asked    ledger.Query // for then (for now, of a draft)
	AskedNow ledger.Query
}

// Changed tells whether the number has become another one since.
func (f Figure) Changed() bool { return !same(f.Then, f.Now) }

func same(a, b *int64) bool { return a == nil && b == nil || a != nil && b != nil && *a == *b }

// Live is a document with its figures as they stand.
type Live struct {
	Ref      id.Ref
	Version  int64
	Document Document
	Day      clock.Day // as of which the text's figures are
	Today    clock.Day
	Figures  []Figure
	// Intact tells, of an issued document, whether text and figures still give the fingerprint.
	Intact bool
	// Loose are numbers written by hand, by paragraph (R20).
	Loose map[int][]string
	odd   map[int]bool
}

// Listed is a document in a list.
type Listed struct {
	Ref      id.Ref    `json:"ref"`
	Title    string    `json:"title"`
	Byline   string    `json:"byline"`
	Day      clock.Day `json:"day"`
	IssuedOn clock.Day `json:"issued_on,omitempty"`
	Unit     id.ID     `json:"unit"`
}

// Disagrees tells whether the ledger, as known then, no longer gives the number that was issued at place i.
func (l Live) Disagrees(i int) bool { return l.odd[i] }
