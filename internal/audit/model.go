package audit

import (
	"encoding/json"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
)

// Entry is what a service says about an act. Who and when come from the context.
type Entry struct {
	Act     string // text key of the act, e.g. "base.accredit"
	Subject string // kind of record, e.g. "base"
	Ref     id.Ref // the record
	Pos     int64  // its place; 0 takes the actor's
	Unit    id.ID  // its unit; 0 takes the actor's
	Note    string // the reason a person typed
	Refused bool   // the act did not happen
	Detail  any    // a little more, as JSON; never a child's name
}

// Row is an entry as it stands in the log.
type Row struct {
	Root      int64  `db:"root" json:"-"`
	ID        id.ID  `db:"id" json:"id"`
	Leaf      int64  `db:"leaf" json:"leaf"` // number in the sealed log, -1 until the sealer has come by
	At        int64  `db:"at" json:"at"`     // UTC milliseconds
	Actor     id.ID  `db:"actor" json:"actor"`
	ActorName string `db:"actor_name" json:"actor_name"`
	ActorUnit id.ID  `db:"actor_unit" json:"actor_unit"`
	Act       string `db:"act" json:"act"`
	Subject   string `db:"subject" json:"subject"`
	RefRoot   int64  `db:"ref_root" json:"-"`
	RefID     id.ID  `db:"ref_id" json:"-"`
	Pos       int64  `db:"pos" json:"-"`
	Unit      id.ID  `db:"unit" json:"unit"`
	Note      string `db:"note" json:"note"`
	Refused   int64  `db:"refused" json:"refused"` // 1 when the act did not happen
	Detail    string `db:"detail" json:"detail"`   // JSON, "" for none
}

// Ref is the record's outside name.
func (r Row) Ref() id.Ref { return id.Ref{Root: r.RefRoot, ID: r.RefID} }

// leafData is the exact text that the tree is built over. The order of fields and the version never change: a new
// form of row gets a new version.
func (r Row) leafData() ([]byte, error) {
	return json.Marshal(struct {
		V                         int
		Root                      int64
		ID, At, Actor             int64
		ActorName                 string
		ActorUnit                 int64
		Act, Subject              string
		RefRoot, RefID, Pos, Unit int64
		Note                      string
		Refused                   int64
		Detail                    string
	}{1, r.Root, int64(r.ID), r.At, int64(r.Actor), r.ActorName, int64(r.ActorUnit), r.Act, r.Subject,
		r.RefRoot, int64(r.RefID), r.Pos, int64(r.Unit), r.Note, r.Refused, r.Detail})
}

// Filter chooses rows of the log, newest first. Zero fields do not filter.
type Filter struct {
	Ref     id.Ref
	Range   scope.Range // a subtree; the reader's own scope applies besides
	Actor   id.ID
	Who     string    // part of the actor's name
	Act     string    // the beginning of an act's key: "base." or "base.accredit"
	From    clock.Day // first day
	To      clock.Day // last day, included
	Refused bool      // refused attempts alone
	After   id.ID     // rows older than this one, for the next page
	Limit   int       // 50 when 0, at most 1,000

	notBy id.ID // whose own acts are left out
}

// Head names the whole log up to a size: whoever keeps its text elsewhere can prove later what was written by then.
type Head struct {
	Size int64  `json:"size"`
	Hash string `json:"hash"` // root hash, base64
	At   int64  `json:"at"`   // when it was sealed, UTC milliseconds
}

// Report is the outcome of Verify.
type Report struct {
	Head    Head   `json:"head"`
	Checked int64  `json:"checked"`           // rows recomputed
	Pending int64  `json:"pending"`           // rows not yet sealed
	Fault   string `json:"fault,omitempty"`   // the first difference; "" when all is as it was written
	Leaf    int64  `json:"leaf"`              // where, -1 for nowhere
	Outside int64  `json:"outside,omitempty"` // size of the head kept outside that was compared
}

// Watched is when the whole log was last verified by Watch, over how many rows; 0 for never.
type Watched struct {
	At      int64 `db:"checked_at" json:"checked_at"` // UTC milliseconds
	Checked int64 `db:"checked" json:"checked"`
}

// Fault is a difference that a check of the log found.
type Fault struct {
	ID       id.ID  `db:"id" json:"id"`
	Leaf     int64  `db:"leaf" json:"leaf"` // the row that is named, -1 for none
	Text     string `db:"fault" json:"fault"`
	Found    int64  `db:"found_at" json:"found_at"`       // UTC milliseconds
	Accepted int64  `db:"accepted_at" json:"accepted_at"` // 0 until somebody has looked into it
	ByName   string `db:"accepted_name" json:"accepted_by,omitempty"`
	Why      string `db:"accepted_why" json:"accepted_why,omitempty"`
}

// OK tells that nothing was changed.
func (r Report) OK() bool { return r.Fault == "" }
