package library

import (
	"context"
	"encoding/json"
	"io"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/extract"
	"xinhuo/internal/kit/file"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
)

// Kind is the kind of record: in the book, the ledger and the log.
const Kind = "library"

// Visible says for whom a document is issued. Whoever works at its unit sees it in any case.
type Visible string

// The circles, from the narrowest. Below and Above are seen by offices that stand over the unit, too.
const (
	VisibleUnit    Visible = "unit"
	VisibleBelow   Visible = "below"   // units in the unit's subtree
	VisibleAbove   Visible = "above"   // units over it
	VisibleMembers Visible = "members" // everybody in a committee
	// VisiblePartners are all with an account, those of bodies beside the tree among them.
	VisiblePartners Visible = "partners"
	VisiblePublic   Visible = "public"
)

// Circles are all of them in the order of the form.
var Circles = []Visible{VisibleUnit, VisibleBelow, VisibleAbove, VisibleMembers, VisiblePartners, VisiblePublic}

// State is where a document stands.
type State string

// The states.
const (
	Draft     State = "draft"
	Review    State = "review"   // somebody else looks at it
	Approved  State = "approved" // and said yes; not issued yet
	Issued    State = "issued"
	Withdrawn State = "withdrawn"
)

// States are all of them.
var States = []State{Draft, Review, Approved, Issued, Withdrawn}

// Category is a kind of document by which the library is arranged, in a tree of two levels for the whole site (L34). Name and En are ""
// while one that ships is called as the program calls it.
type Category struct {
	Code      string    `db:"code" json:"code"`                     // never changes
	Parent    string    `db:"parent" json:"parent,omitempty"`       // "" at the top
	Name      string    `db:"name" json:"name,omitempty"`           // in Chinese
	En        string    `db:"en" json:"en,omitempty"`               // "" falls back to Name
	Place     int       `db:"place" json:"place"`                   // among those beside it, from 1
	Reviewed  bool      `db:"reviewed" json:"reviewed,omitempty"`   // its documents are issued only when they were approved (R123)
	From      clock.Day `db:"from_day" json:"from,omitempty"`       // clock.Open for those that ship
	To        clock.Day `db:"to_day" json:"to,omitempty"`           // the first day on which it no longer stands; clock.Open while it does
	Successor string    `db:"successor" json:"successor,omitempty"` // where its documents went when it was closed
	Version   int64     `db:"version" json:"version"`
}

// CategoryChange is something that was done to the tree. Was is the zero value for a category that was added.
type CategoryChange struct {
	ID        id.ID    `json:"id"`
	At        int64    `json:"at"` // UTC milliseconds
	ActorName string   `json:"actor"`
	ActorUnit id.ID    `json:"-"`
	Act       string   `json:"act"`
	Was       Category `json:"was,omitzero"`
	Now       Category `json:"now"`
	Docs      int64    `json:"docs,omitempty"` // documents that were re-filed
}

// Approval says who looked at a document's file and said that it may be used (R123).
type Approval struct {
	On   clock.Day `json:"on"`
	By   string    `json:"by"`
	Unit id.ID     `json:"unit"`
	Hash string    `json:"hash"` // of the file that was looked at: another file is not approved
}

// Document is a shared document as it is edited and kept. Sizes are bytes.
type Document struct {
	No       int64     `json:"no"` // permanent, never given twice
	Unit     id.ID     `json:"unit"`
	Title    string    `json:"title"`
	Category string    `json:"category"`
	Year     int       `json:"year,omitempty"` // that it is about
	Summary  string    `json:"summary,omitempty"`
	Source   string    `json:"source,omitempty"` // who wrote it and under which terms it is shared
	Visible  Visible   `json:"visible"`
	ViewOnly bool      `json:"view_only,omitempty"` // read here, not downloaded by outsiders
	State    State     `json:"state"`
	Issued   clock.Day `json:"issued,omitempty"`
	File     file.Kept `json:"file"` // its name is that of the upload
	Pages    int       `json:"pages,omitempty"`
	Author   string    `json:"author,omitempty"`
	Uploaded clock.Day `json:"uploaded"`
	By       id.ID     `json:"by,omitempty"`
	ByName   string    `json:"by_name,omitempty"`
	// Live is the ref of the live document of which it is the Word, "" for others.
	Live     string   `json:"live,omitempty"`
	Approval Approval `json:"approval,omitzero"`
	// Checked is when somebody looked at the personal data that was found in the text and said that it may be shown.
	Checked bool `json:"checked,omitempty"`
	Paper
	Speaker Speaker `json:"speaker,omitzero"`
	Project id.Ref  `json:"project,omitzero"` // that it is about, or comes from
}

// Listed is a document in a list.
type Listed struct {
	Root     int64     `db:"root" json:"-"`
	ID       id.ID     `db:"doc" json:"-"`
	No       int64     `db:"no" json:"no"`
	Unit     id.ID     `db:"unit" json:"-"`
	Title    string    `db:"title" json:"title"`
	Category string    `db:"category" json:"category"`
	Year     int       `db:"year" json:"year,omitempty"`
	Format   string    `db:"format" json:"format"`
	Pages    int       `db:"pages" json:"pages,omitempty"`
	Size     int64     `db:"size" json:"size"`
	Hash     string    `db:"hash" json:"-"`
	Visible  Visible   `db:"visible" json:"visible"`
	State    State     `db:"state" json:"state"`
	Uploaded clock.Day `db:"uploaded" json:"uploaded"`
	Approved bool      `db:"approved" json:"approved,omitempty"`
	Speaker  string    `db:"speaker" json:"speaker,omitempty"`
	Number   string    `db:"number" json:"number,omitempty"`
	Issuers  string    `db:"issuers" json:"issuers,omitempty"`
}

// Ref is the record's outside name.
func (l Listed) Ref() id.Ref { return id.Ref{Root: l.Root, ID: l.ID} }

// Text is what was read out of a file.
type Text struct {
	Blocks []extract.Block `json:"blocks"`
	Title  string          `json:"title,omitempty"` // that the file says itself
	Author string          `json:"author,omitempty"`
	Pages  int             `json:"pages,omitempty"`
	Marks  []extract.Mark  `json:"marks,omitempty"`
	Cut    bool            `json:"cut,omitempty"`
	Made   clock.Day       `json:"made,omitempty"` // days that the file says of itself
	Edited clock.Day       `json:"edited,omitempty"`
}

func (t Text) document() extract.Document {
	return extract.Document{Title: t.Title, Author: t.Author, Pages: t.Pages, Blocks: t.Blocks, Marks: t.Marks, Cut: t.Cut}
}

func decodeText(s string) (t Text, err error) { return t, json.Unmarshal([]byte(s), &t) }

// Filter narrows the library. Words are what is looked for in title and text.
type Filter struct {
	Words    string
	Category string
	Format   string
	Year     int
	State    State
	Kept     bool        // among the reader's favourites
	Approved bool        // looked at and approved
	Unit     id.ID       // of one unit; 0 for all
	Within   scope.Range // of a subtree; zero for all
	Speaker  string
	Project  id.Ref
	Cites    int64 // those that cite the document of this number
	After    id.ID
	Years    bool   // all years are offered, not the newest alone
	From     int    // how many of what words found are passed over
	Limit    int    // 0 for all that words found
	cited    *cited // what Cites means, for the reader

	under []string // the codes that Category stands for; see Service.named
}

// Facet is one value of a facet with how many documents have it.
type Facet struct {
	Facet string `db:"facet"`
	Value string `db:"value"`
	N     int64  `db:"n"`
}

// Report is somebody's word that a document should not stand here, and what was decided.
type Report struct {
	Root      int64     `db:"root" json:"-"`
	ID        id.ID     `db:"id" json:"-"`
	Doc       id.ID     `db:"doc" json:"-"`
	Unit      id.ID     `db:"unit" json:"-"` // who decides
	Pos       int64     `db:"pos" json:"-"`
	Ground    string    `db:"ground" json:"ground"`
	Words     string    `db:"words" json:"words"`
	By        id.ID     `db:"by_account" json:"-"`
	ByName    string    `db:"by_name" json:"by_name,omitempty"`
	At        int64     `db:"at" json:"at"` // UTC milliseconds
	Due       clock.Day `db:"due_day" json:"due"`
	State     string    `db:"state" json:"state"`
	Decision  string    `db:"decision" json:"decision,omitempty"` // why it was decided so
	DecidedBy string    `db:"decided_by" json:"decided_by,omitempty"`
	DecidedAt int64     `db:"decided_at" json:"decided_at,omitempty"`
	Appeal    string    `db:"appeal" json:"appeal,omitempty"` // what the document's unit says against it
	Receipt   string    `db:"receipt" json:"-"`               // with which whoever reported reads what was decided
	ByUnit    id.ID     `db:"by_unit" json:"-"`
}

// Ref is the report's outside name.
func (r Report) Ref() id.Ref { return id.Ref{Root: r.Root, ID: r.ID} }

// The states of a report.
const (
	ReportOpen     = "open"
	ReportUpheld   = "upheld"   // the document was withdrawn
	ReportRejected = "rejected" // it stays
	ReportAppealed = "appealed" // withdrawn, and its unit asks the office above
	ReportFinal    = "final"    // decided by the office above
)

// Grounds are what a report can say.
var Grounds = []string{"personal", "copyright", "wrong", "secret", "other"}

// Standing is how many numbers of a live document agree with the ledger, and where they can be seen.
type Standing struct {
	Agree, Differ int
	Href          string
}

// PDF reads what kit/extract only recognises: text with its pages, and pictures of pages, the first being 1. Where it
// cannot (a program without a child, a machine without a compiler) its errors are errs.Unsupported "pdf.unavailable".
type PDF interface {
	Prepare(ctx context.Context) error
	Text(ctx context.Context, file io.ReaderAt, size int64, limits extract.Limits) (extract.Document, error)
	Page(ctx context.Context, file io.ReaderAt, size int64, page, width int) (image []byte, mime string, err error)
	Lines(ctx context.Context, file io.ReaderAt, size int64, page int) (Sheet, error)
}

// Sheet is a page with its lines, in points from its top left corner.
type Sheet struct {
	Width  float64     `json:"w"`
	Height float64     `json:"h"`
	Lines  []SheetLine `json:"l"`
}

// SheetLine is a line of a page with the space that it takes.
type SheetLine struct {
	Text string  `json:"t"`
	X    float64 `json:"x"`
	Y    float64 `json:"y"`
	W    float64 `json:"w"`
	H    float64 `json:"h"`
}

// Office turns office documents into PDFs. Where it cannot its error is errs.Unsupported "office.unavailable".
type Office interface {
	Converts(format string) bool
	PDF(ctx context.Context, src io.Reader, format string) ([]byte, error)
}
