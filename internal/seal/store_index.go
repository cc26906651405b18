package seal

import (
	"context"

	"xinhuo/internal/kit/db"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/id"
)

// indexedRow is how far the hashes of a field have come.
type indexedRow struct {
	After id.ID `db:"after_id"`
	Done  int64 `db:"done"`
}

// indexedAcrossUnits is how far the hashes of a kind's field have come; nothing yet when nobody began.
func (s store) indexedAcrossUnits(ctx context.Context, kind, field string) (indexedRow, error) {
	r, err := db.Get[indexedRow](ctx, s.db, `-- seal.indexedAcrossUnits
		SELECT after_id, done FROM seal_indexed WHERE kind = $1 AND field = $2`, kind, field)
	if errs.Is(err, errs.NotFound) {
		err = nil
	}
	return r, err
}

func (s store) putIndexed(ctx context.Context, kind, field string, r indexedRow) error {
	_, err := s.db.Exec(ctx, `-- seal.putIndexed
		INSERT INTO seal_indexed (kind, field, after_id, done) VALUES ($1, $2, $3, $4)
		ON CONFLICT (kind, field) DO UPDATE SET after_id = excluded.after_id, done = excluded.done`, kind, field, r.After, r.Done)
	return err
}

// bareRow is a record with a field that has no hash.
type bareRow struct {
	recordRow
	Value string `db:"value"`
}

// bareAcrossUnits are the next live records of a kind whose field has no hash.
func (s store) bareAcrossUnits(ctx context.Context, kind, field string, after id.ID, limit int) ([]bareRow, error) {
	return db.Select[bareRow](ctx, s.db, `-- seal.bareAcrossUnits
		SELECT `+recordColumns+`, v.value FROM seal_record r JOIN seal_value v ON v.root = r.root AND v.record = r.id
		WHERE r.kind = $1 AND r.erased = '' AND v.field = $2 AND v.blind = '' AND r.id > $3 ORDER BY r.id LIMIT $4`, kind, field, after, limit)
}

func (s store) putBlind(ctx context.Context, ref id.Ref, field, blind string) error {
	_, err := s.db.Exec(ctx, `-- seal.putBlind
		UPDATE seal_value SET blind = $4 WHERE root = $1 AND record = $2 AND field = $3`, ref.Root, ref.ID, field, blind)
	return err
}
