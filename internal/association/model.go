package association

import (
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/id"
)

// The kinds of record, in the books, the ledger and the log.
const (
	Kind         = "association"
	KindStation  = "station"
	KindGuidance = "guidance"
)

// Association stands beside a committee, which keeps its record (R190). Days are in Asia/Shanghai; DissolvedOn is the
// first day on which it no longer stands.
type Association struct {
	Code           string    `json:"code"` // unique within the city
	Unit           id.ID     `json:"unit"` // whose committee it stands beside
	Name           string    `json:"name"`
	FoundedOn      clock.Day `json:"founded_on"`
	RegistrationNo string    `json:"registration_no,omitempty"`
	Registrar      string    `json:"registrar,omitempty"`
	RegisteredOn   clock.Day `json:"registered_on,omitempty"`
	Phone          string    `json:"phone,omitempty"`
	TermFrom       clock.Day `json:"term_from,omitempty"`
	TermYears      int64     `json:"term_years,omitempty"`
	DissolvedOn    clock.Day `json:"dissolved_on,omitempty"`
	Note           string    `json:"note,omitempty"`

	Charters    []Charter    `json:"charters,omitempty"` // the earliest first (R191)
	Council     []Officer    `json:"council,omitempty"`
	Counts      []Count      `json:"counts,omitempty"`
	Inspections []Inspection `json:"inspections,omitempty"`
}

// Charter is one version of the charter; it holds from On until the next one does.
type Charter struct {
	On       clock.Day `json:"on"`
	Title    string    `json:"title"`
	Document string    `json:"document,omitempty"` // number of the paper by which it was adopted
	Points   []string  `json:"points,omitempty"`
}

// Officer holds an office of the council. To is the first day on which they no longer do.
type Officer struct {
	Name   string    `json:"name"`
	Office string    `json:"office"`
	From   clock.Day `json:"from"`
	To     clock.Day `json:"to,omitempty"`
}

// Count is how many members there were on a day.
type Count struct {
	On      clock.Day `json:"on"`
	Members int64     `json:"members"`
}

// Inspection is the yearly inspection for a year.
type Inspection struct {
	Year   int64     `json:"year"`
	Result string    `json:"result"` // one of Results
	On     clock.Day `json:"on"`
}

// Results of an inspection.
var Results = []string{"passed", "nearly", "failed"}

// Station is a volunteer station or a branch of an association. It has two parents: the committee of the unit where it
// stands, and the association (R195).
type Station struct {
	Code        string    `json:"code"`
	Unit        id.ID     `json:"unit"`
	Association id.Ref    `json:"association,omitzero"`
	By          id.ID     `json:"by,omitempty"` // the unit beside whose committee the association stands; follows from it
	Kind        string    `json:"kind"`         // one of StationKinds
	Name        string    `json:"name"`
	Head        string    `json:"head,omitempty"`
	Place       string    `json:"place,omitempty"`
	Phone       string    `json:"phone,omitempty"`
	Volunteers  int64     `json:"volunteers,omitempty"`
	FoundedOn   clock.Day `json:"founded_on"`
	ClosedOn    clock.Day `json:"closed_on,omitempty"` // first day on which it no longer stands
	Note        string    `json:"note,omitempty"`
}

// StationKinds are a station at a township or village, and a branch of the association there.
var StationKinds = []string{"station", "branch"}

// Guidance is one visit of an association to a committee that it guides (R169), or a task that a committee set and the
// association carried out there (R183).
type Guidance struct {
	Code        string    `json:"code"`
	Unit        id.ID     `json:"unit"` // the unit that was guided
	Association id.Ref    `json:"association"`
	By          id.ID     `json:"by,omitempty"` // as for stations
	Kind        string    `json:"kind"`         // one of GuidanceKinds
	TaskOf      id.ID     `json:"task_of,omitempty"`
	Day         clock.Day `json:"day"`
	What        string    `json:"what"`
	People      string    `json:"people,omitempty"`
	Result      string    `json:"result,omitempty"`
}

// GuidanceKinds are a visit on the association's own account, and a committee's task.
var GuidanceKinds = []string{"visit", "task"}

// Listed is a record of any of the three kinds in a list. From and To are the days on which it stands; a visit has a From.
type Listed struct {
	Root        int64     `db:"root" json:"-"`
	ID          id.ID     `db:"id" json:"-"`
	Kind        string    `db:"kind" json:"-"`
	Unit        id.ID     `db:"unit" json:"-"`
	Pos         int64     `db:"pos" json:"-"`
	Code        string    `db:"code" json:"code"`
	Name        string    `db:"name" json:"name"`
	Association string    `db:"association" json:"association,omitempty"`
	Detail      string    `db:"detail" json:"kind,omitempty"` // kind of station or of guidance
	From        clock.Day `db:"from_day" json:"from,omitempty"`
	To          clock.Day `db:"to_day" json:"to,omitempty"`
	N           int64     `db:"n" json:"n,omitempty"` // members, or volunteers
}

// Ref is the record's outside name.
func (l Listed) Ref() id.Ref { return id.Ref{Root: l.Root, ID: l.ID} }

// StandsOn tells whether it stands on a day.
func (l Listed) StandsOn(day clock.Day) bool { return l.From != "" && clock.Covers(l.From, l.To, day) }

// Filter narrows a list.
type Filter struct {
	Text        string
	Association string // ref
}

// Flag is something about an association that wants attention on a day.
type Flag struct {
	Key  string    // text key association.flag.{Key}
	Day  clock.Day // since when, where it has one
	Year int64     // of a missing inspection
}
