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

// isUsed tells whether the person has sent a form with this key.
func isUsed(ctx context.Context, d *db.DB, who id.ID, key string) (bool, error) {
	n, err := db.Get[int64](ctx, d, `-- web.isUsed
		SELECT COUNT(*) FROM web_once WHERE actor = $1 AND key = $2`, who, key)
	return n > 0, err
}

func expireOnce(ctx context.Context, d *db.DB, before int64) (int64, error) {
	return d.Exec(ctx, `-- web.expireOnce
		DELETE FROM web_once WHERE at < $1`, before)
}

func putDraft(ctx context.Context, d *db.DB, who id.ID, f Draft, body string) error {
	_, err := d.Exec(ctx, `-- web.putDraft
		INSERT INTO web_draft (actor, key, form, title, lost, at, body) VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (actor, key) DO UPDATE SET form = excluded.form, title = excluded.title, lost = excluded.lost, at = excluded.at, body = excluded.body`,
		who, f.Key, f.Form, f.Title, f.Lost, f.At, body)
	return err
}

// trimDrafts erases all but the latest of a person.
func trimDrafts(ctx context.Context, d *db.DB, who id.ID, most int) error {
	_, err := d.Exec(ctx, `-- web.trimDrafts
		DELETE FROM web_draft WHERE actor = $1 AND key NOT IN (SELECT key FROM web_draft WHERE actor = $1 ORDER BY at DESC, key DESC LIMIT $2)`, who, most)
	return err
}

// drafts are a person's own, the latest first.
func drafts(ctx context.Context, d *db.DB, who id.ID, since int64) ([]Draft, error) {
	return db.Select[Draft](ctx, d, `-- web.drafts
		SELECT key, form, title, lost, at FROM web_draft WHERE actor = $1 AND at >= $2 ORDER BY at DESC, key DESC`, who, since)
}

func draftBody(ctx context.Context, d *db.DB, who id.ID, key string) (string, error) {
	return db.Get[string](ctx, d, `-- web.draftBody
		SELECT body FROM web_draft WHERE actor = $1 AND key = $2`, who, key)
}

func dropDraft(ctx context.Context, d *db.DB, who id.ID, key string) error {
	_, err := d.Exec(ctx, `-- web.dropDraft
		DELETE FROM web_draft WHERE actor = $1 AND key = $2`, who, key)
	return err
}

func expireDrafts(ctx context.Context, d *db.DB, before int64) (int64, error) {
	return d.Exec(ctx, `-- web.expireDrafts
		DELETE FROM web_draft WHERE at < $1`, before)
}
