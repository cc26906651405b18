package app

import (
	"context"
	"fmt"

	"xinhuo/internal/kit/db"
	"xinhuo/internal/kit/i18n"
)

// migrate brings a database up to date without wiring the modules.
func migrate(ctx context.Context, d *db.DB) error { return d.Migrate(ctx, Migrations()) }

// CopyDatabase moves everything from one database to an empty one, of any engine, and recounts every figure there.
func CopyDatabase(ctx context.Context, from, to string, progress func(table string, rows int64)) (err error) {
	a, err := Open(ctx, Config{DSN: from})
	if err != nil {
		return err
	}
	defer a.Close()
	d, err := db.Open(ctx, to)
	if err != nil {
		return err
	}
	err = db.Copy(ctx, a.DB, d, db.CopyOptions{Migrate: migrate, Progress: progress})
	if bad := d.Close(); err == nil {
		err = bad
	}
	if err != nil {
		return err
	}
	return recount(ctx, to)
}

func recount(ctx context.Context, dsn string) error {
	a, err := Open(ctx, Config{DSN: dsn})
	if err != nil {
		return err
	}
	defer a.Close()
	rep, err := a.Ledger.Verify(a.System(ctx, "copy"), nil)
	if err == nil && len(rep.Faults) > 0 {
		err = fmt.Errorf("app: %d balances differ from their recount, the first: %s", len(rep.Faults), rep.Faults[0])
	}
	return err
}

// In is the context in a language.
func (a *App) In(ctx context.Context, lang string) context.Context {
	return i18n.With(ctx, a.Texts, lang)
}
