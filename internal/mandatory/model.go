package mandatory

import (
	"context"

	"xinhuo/internal/kit/id"
	"xinhuo/internal/seal"
)

// Kind is the kind of record, as the log and addresses name it.
const Kind = "mandatory"

// State is where a duty stands.
type State string

const (
	Open     State = "open"
	Reported State = "reported"
	Waived   State = "waived" // not reported, with a reason
)

// Subject is what a duty was found in, such as a request for help, as its module lends it. Owner says who reads it: exactly those read
// the duty. Leads are those who may answer for not reporting.
type Subject struct {
	Ref   id.Ref
	Unit  id.ID
	Pos   int64
	No    string // short, for the telephone; says nothing
	Title string
	Href  string
	Owner seal.Owner
	Leads []id.ID
}

// Subjects finds a subject within the reader's view; NotFound for another module's and for whoever may not know of it.
type Subjects func(ctx context.Context, of id.Ref) (Subject, error)

// Duty is one duty to report, without what happened. Instants are UTC milliseconds, 0 for none.
type Duty struct {
	Root       int64  `db:"root" json:"-"`
	ID         id.ID  `db:"id" json:"-"`
	Unit       id.ID  `db:"unit" json:"unit"`
	Pos        int64  `db:"pos" json:"-"`
	No         string `db:"no" json:"no"`
	OfRoot     int64  `db:"of_root" json:"-"`
	OfID       id.ID  `db:"of_id" json:"-"`
	State      State  `db:"state" json:"state"`
	OpenedAt   int64  `db:"opened_at" json:"opened_at"`
	OpenedBy   id.ID  `db:"opened_by" json:"-"`
	OpenedName string `db:"opened_name" json:"opened_by"`
	DueAt      int64  `db:"due_at" json:"due_at,omitempty"`
	Risen      int64  `db:"risen" json:"risen"`
	Agency     string `db:"agency" json:"agency,omitempty"`
	ReportedAt int64  `db:"reported_at" json:"reported_at,omitempty"`
	EndedAt    int64  `db:"ended_at" json:"ended_at,omitempty"`
	EndedBy    id.ID  `db:"ended_by" json:"-"`
	EndedName  string `db:"ended_name" json:"ended_by,omitempty"`
	Ver        int64  `db:"ver" json:"version"`
}

// Ref is the duty's outside name.
func (d Duty) Ref() id.Ref { return id.Ref{Root: d.Root, ID: d.ID} }

// Of is what it was found in.
func (d Duty) Of() id.Ref { return id.Ref{Root: d.OfRoot, ID: d.OfID} }

// Report is what was reported: to whom (kind of agency and its name or number), when (UTC milliseconds), by whom, under which number.
type Report struct {
	Agency string
	To     string
	At     int64
	By     string
	No     string
}

// Opened is a duty with what is sealed of it, for those who may read it.
type Opened struct {
	Duty      Duty
	Situation string
	Words     string
	Report    Report
	Reason    string
}

// Situation is one of the law's nine.
type Situation struct {
	Key   string `toml:"key"`
	Law   string `toml:"law"`
	Zh    string `toml:"zh"`
	ZhSub string `toml:"zh_sub"`
	En    string `toml:"en"`
	EnSub string `toml:"en_sub"`
}

// Agency is a kind of office to which one reports; Tel is the number that holds in the whole country.
type Agency struct {
	Key string `toml:"key"`
	Zh  string `toml:"zh"`
	En  string `toml:"en"`
	Tel string `toml:"tel"`
}

// Law is a text of law in its own words.
type Law struct {
	Title      string   `toml:"title"`
	TitleEn    string   `toml:"title_en"`
	Source     string   `toml:"source"`
	SourceEn   string   `toml:"source_en"`
	Text       []string `toml:"text"`
	Situations bool     `toml:"situations"` // the nine follow
}
