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

// strays are the uploaded files that no record named when somebody last looked.
func (a *App) strays(ctx context.Context) ([]stray, error) {
	return db.Select[stray](ctx, a.DB, `-- app.strays
		SELECT hash, since, put FROM app_stray`)
}

func (a *App) putStray(ctx context.Context, x stray) error {
	_, err := a.DB.Exec(ctx, `-- app.putStray
		INSERT INTO app_stray (hash, since, put) VALUES ($1, $2, $3) ON CONFLICT (hash) DO UPDATE SET since = excluded.since, put = excluded.put`, x.Hash, x.Since, x.Put)
	return err
}

func (a *App) forgetStray(ctx context.Context, hash string) error {
	_, err := a.DB.Exec(ctx, `-- app.forgetStray
		DELETE FROM app_stray WHERE hash = $1`, hash)
	return err
}
