package web

import (
	"context"

	"xinhuo/internal/kit/db"
	"xinhuo/internal/kit/id"
)

// takeKey notes an idempotency key as used; false when the person has used it before. Of two that come at once the
// second waits here until the first has committed.
func takeKey(ctx context.Context, d *db.DB, who id.ID, key string, at int64) (bool, error) {
	n, err := d.Exec(ctx, `-- web.takeKey
		INSERT INTO web_once (actor, key, at, location) VALUES ($1, $2, $3, '') ON CONFLICT DO NOTHING`, who, key, at)
	return n == 1, err
}

// locationOf is where the act of a used key led.
func locationOf(ctx context.Context, d *db.DB, who id.ID, key string) (string, error) {
	return db.Get[string](ctx, d, `-- web.locationOf
		SELECT location FROM web_once WHERE actor = $1 AND key = $2`, who, key)
}

// keepLocation notes where the act led.
func keepLocation(ctx context.Context, d *db.DB, who id.ID, key, location string) error {
	_, err := d.Exec(ctx, `-- web.keepLocation
		UPDATE web_once SET location = $3 WHERE actor = $1 AND key = $2`, who, key, location)
	return err
}
