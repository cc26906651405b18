package library

import (
	"context"

	"xinhuo/internal/kit/db"
	"xinhuo/internal/kit/id"
)

// batch is a zip of documents that is taken in beside other work.
type batch struct {
	Root     int64   `db:"root"`
	ID       id.ID   `db:"id"`
	Unit     id.ID   `db:"unit"`
	Pos      int64   `db:"pos"`
	Account  id.ID   `db:"account"`
	Name     string  `db:"name"` // of whoever sent it
	File     string  `db:"file"` // as the zip was called
	Hash     string  `db:"hash"`
	Size     int64   `db:"size"`
	Category string  `db:"category"`
	Visible  Visible `db:"visible"`
	Issue    bool    `db:"issue"`
	State    string  `db:"state"` // batchOpen or batchDone
	Entries  int64   `db:"entries"`
	Next     int64   `db:"next"` // the entry to go on with
	Taken    int64   `db:"taken"`
	There    int64   `db:"there"`
	Refused  string  `db:"refused"` // JSON of []Refusal
	Problem  string  `db:"problem"` // why the zip itself could not be read
	At       int64   `db:"at"`      // UTC milliseconds
	Lease    int64   `db:"lease"`   // until then somebody works on it, UTC milliseconds
}

// Ref is the batch's outside name.
func (b batch) Ref() id.Ref { return id.Ref{Root: b.Root, ID: b.ID} }

const batched = `root, id, unit, pos, account, name, file, hash, size, category, visible, issue <> 0 AS issue, state, entries, next, taken, there, refused, problem, at, lease`

func (s store) insertBatch(ctx context.Context, b batch) error {
	_, err := s.db.Exec(ctx, `-- library.insertBatch
		INSERT INTO library_bulk (root, id, unit, pos, account, name, file, hash, size, category, visible, issue, state, entries, next, taken, there, refused, problem, at, lease)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)`,
		b.Root, b.ID, b.Unit, b.Pos, b.Account, b.Name, b.File, b.Hash, b.Size, b.Category, b.Visible, bit(b.Issue), b.State, b.Entries, b.Next, b.Taken, b.There, b.Refused, b.Problem, b.At, b.Lease)
	return err
}

// batchAcrossUnits reads a batch; the service asks who may.
func (s store) batchAcrossUnits(ctx context.Context, ref id.Ref) (batch, error) {
	return db.Get[batch](ctx, s.db, `-- library.batchAcrossUnits
		SELECT `+batched+` FROM library_bulk WHERE root = $1 AND id = $2`, ref.Root, ref.ID)
}

// batchesOf are a unit's, the newest first.
func (s store) batchesOf(ctx context.Context, unit id.ID, limit int) ([]batch, error) {
	return db.Select[batch](ctx, s.db, `-- library.batchesOf
		SELECT `+batched+` FROM library_bulk WHERE unit = $1 ORDER BY id DESC LIMIT $2`, unit, limit)
}

// waitingBatch is one that nobody works on at an instant.
func (s store) waitingBatch(ctx context.Context, now int64) ([]batch, error) {
	return db.Select[batch](ctx, s.db, `-- library.waitingBatch
		SELECT `+batched+` FROM library_bulk WHERE state = 'open' AND lease < $1 ORDER BY id LIMIT 1`, now)
}

// lease takes a batch on; false when another server was quicker.
func (s store) lease(ctx context.Context, b batch, until int64) (bool, error) {
	n, err := s.db.Exec(ctx, `-- library.lease
		UPDATE library_bulk SET lease = $3 WHERE root = $1 AND id = $2 AND state = 'open' AND lease = $4`, b.Root, b.ID, until, b.Lease)
	return n == 1, err
}

// putBatch keeps how far a batch has come; false when another server has taken it on meanwhile.
func (s store) putBatch(ctx context.Context, b batch, held int64) (bool, error) {
	n, err := s.db.Exec(ctx, `-- library.putBatch
		UPDATE library_bulk SET state = $3, entries = $4, next = $5, taken = $6, there = $7, refused = $8, problem = $9, lease = $10 WHERE root = $1 AND id = $2 AND lease = $11`,
		b.Root, b.ID, b.State, b.Entries, b.Next, b.Taken, b.There, b.Refused, b.Problem, b.Lease, held)
	return n == 1, err
}

// openBatches are the zips that have to be kept.
func openBatches(ctx context.Context, d *db.DB) ([]string, error) {
	return db.Select[string](ctx, d, `-- library.openBatches
		SELECT hash FROM library_bulk WHERE state = 'open'`)
}
