package seal

import (
	"context"

	"xinhuo/internal/kit/db"
)

// holdKeys lets one transaction at a time write the key file, until it ends. SQLite has one writer anyway.
func (s store) holdKeys(ctx context.Context) error {
	if s.db.Engine != db.Postgres {
		return nil
	}
	_, err := s.db.Exec(ctx, `-- seal.holdKeys
		LOCK TABLE seal_retention IN SHARE ROW EXCLUSIVE MODE`)
	return err
}

// retentionAcrossUnits is what was set of how long classes are kept; it is the same for everybody.
func (s store) retentionAcrossUnits(ctx context.Context) ([]keptRow, error) {
	return db.Select[keptRow](ctx, s.db, `-- seal.retentionAcrossUnits
		SELECT t.kind, t.days, t.by_name, t.day FROM seal_retention t ORDER BY t.kind`)
}

func (s store) putRetention(ctx context.Context, k keptRow) error {
	_, err := s.db.Exec(ctx, `-- seal.putRetention
		INSERT INTO seal_retention (kind, days, by_name, day) VALUES ($1, $2, $3, $4)
		ON CONFLICT (kind) DO UPDATE SET days = excluded.days, by_name = excluded.by_name, day = excluded.day`, k.Kind, k.Days, k.ByName, k.Day)
	return err
}
