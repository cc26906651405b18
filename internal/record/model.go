package record

import (
	"context"
	"encoding/json"
	"time"

	"xinhuo/internal/kit/id"
	"xinhuo/internal/ledger"
)

// UndoFor is how long one's own last change can be taken back.
const UndoFor = 10 * time.Minute

// Change says what is done, for the history and the log.
type Change struct {
	Act    string // text key of the act, e.g. "base.act.correct"
	Reason string // what the person gave as a reason
	Batch  id.ID  // the import it belongs to; 0 for a single act
}

// Version is one state of a record.
type Version struct {
	Root      int64  `db:"root" json:"-"`
	ID        id.ID  `db:"id" json:"-"`
	N         int64  `db:"n" json:"version"`
	At        int64  `db:"at" json:"at"` // UTC milliseconds
	Actor     id.ID  `db:"actor" json:"-"`
	ActorName string `db:"actor_name" json:"actor"`
	ActorUnit id.ID  `db:"actor_unit" json:"-"` // another unit than the record's: entered for it (代填)
	Act       string `db:"act" json:"act"`
	Reason    string `db:"reason" json:"reason"`
	Batch     id.ID  `db:"batch" json:"-"`
	Gone      int64  `db:"gone" json:"gone"` // 1 = the record was taken back
	Body      string `db:"body" json:"-"`    // the whole record as JSON
}

// Ref is the record's outside name.
func (v Version) Ref() id.Ref { return id.Ref{Root: v.Root, ID: v.ID} }

// Instant is when the version was made.
func (v Version) Instant() time.Time { return time.UnixMilli(v.At) }

// Fact is one thing of a record in words, for its history: what changed from version to version. Several facts of one key
// are a list, of which each entry has a line of its own.
type Fact struct {
	Key  string // text key of the label
	Text string
	Item string // of an entry of a list, what stays when its text changes, such as its number; "" when nothing does
}

// Kind says how a module keeps its kind of record; T is the whole record as it is edited, and marshals to JSON.
type Kind[T any] struct {
	Name string // "base": also the record kind of the ledger
	// Home is the unit to which the record belongs: the right to write is asked there.
	Home func(v T) id.ID
	// Homes are all units that keep the record when there may be several: the right to view or work at any of them, as
	// they were or as they will be, suffices. The module itself refuses what one of them may not do to another's part.
	Homes func(v T) []id.ID
	// Put writes the module's own tables; gone takes the record out of every list.
	Put func(ctx context.Context, ref id.Ref, v T, gone bool) error
	// Rows publishes the record to the ledger; called only for records that are not gone.
	Rows func(ref id.Ref, v T) ledger.Record
	// Facts says the record in words for its history.
	Facts func(ctx context.Context, v T) []Fact
	// Settled may refuse an undo, for instance because a flow step was taken since; nil never does.
	Settled func(ctx context.Context, ref id.Ref, since int64) error
	// Own are the acts that another unit does in its own name, such as the answer to a question; what else it does there it
	// enters for the record's unit (代填).
	Own []string
}

func decode[T any](v Version) (T, error) {
	var out T
	err := json.Unmarshal([]byte(v.Body), &out)
	return out, err
}
