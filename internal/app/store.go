package app

import (
	"context"

	"xinhuo/internal/kit/db"
)

// setting reads a setting of this database; "" when it was never set.
func (a *App) setting(ctx context.Context, name string) (string, error) {
	v, err := db.Select[string](ctx, a.DB, `-- app.setting
		SELECT value FROM app_setting WHERE name = $1`, name)
	if err != nil || len(v) == 0 {
		return "", err
	}
	return v[0], nil
}

func (a *App) set(ctx context.Context, name, value string) error {
	return a.DB.Tx(ctx, func(ctx context.Context) error {
		_, err := a.DB.Exec(ctx, `-- app.set
			INSERT INTO app_setting (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value`, name, value)
		return err
	})
}
