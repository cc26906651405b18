package app

import (
	"context"
	"errors"
	"time"

	"xinhuo/internal/activity"
	"xinhuo/internal/aid"
	"xinhuo/internal/audit"
	"xinhuo/internal/base"
	"xinhuo/internal/care"
	"xinhuo/internal/coord"
	"xinhuo/internal/guarantee"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/db"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/library"
	"xinhuo/internal/meeting"
	"xinhuo/internal/portal"
	"xinhuo/internal/survey"
	"xinhuo/internal/volunteer"
)

// uploads are, by module, the files that the records of a database name as they stand. Every module that keeps files stands
// here: what is named by none is removed.
var uploads = map[string]func(context.Context, *db.DB) ([]string, error){
	"base": base.Files, "activity": activity.Files, "volunteer": volunteer.Uploads, "coord": coord.Files, "meeting": meeting.Files, "guarantee": guarantee.Files, "survey": survey.Files, "library": library.Files, "care": care.Files, "portal": portal.Files, "aid": aid.Files,
}

// named are the files that the records of a database name.
func named(ctx context.Context, d *db.DB) (hashes []string, err error) {
	for _, files := range uploads {
		some, err := files(ctx, d)
		if err != nil {
			return nil, err
		}
		hashes = append(hashes, some...)
	}
	return hashes, nil
}

// strayDays is how long a file waits that no record names any more: somebody may bring it back. An undo has ten minutes; a
// consent that was noted as taken back by mistake is found within days.
const strayDays = 7

const (
	sweepAct = "app.act.sweep"
	sweptOn  = "swept_on"
)

// stray is an uploaded file that no record names.
type stray struct {
	Hash  string `db:"hash"`
	Since int64  `db:"since"` // when that was seen first, UTC milliseconds
	Put   int64  `db:"put"`   // when the file was last put into its folder, as the folder says
}

// Sweep removes the uploaded files that no record has named for strayDays: pictures that were taken away, or whose guardian
// took the consent back, files of records that are gone, uploads of forms that were never sent. A file that two records name
// stays as long as one of them does; one that is uploaded again begins anew. It may be killed at any instant and run again: a
// file is removed first and its row after it, together with the row in the log.
func (a *App) Sweep(ctx context.Context) (removed int, err error) {
	defer errs.Wrapf(&err, "app.Sweep")
	if err := a.blobs.Tidy(time.Now().AddDate(0, 0, -1)); err != nil {
		return 0, err
	}
	hashes, err := named(ctx, a.DB)
	if err != nil {
		return 0, err
	}
	keep := make(map[string]bool, len(hashes))
	for _, h := range hashes {
		keep[h] = true
	}
	list, err := a.strays(ctx)
	if err != nil {
		return 0, err
	}
	known := make(map[string]stray, len(list))
	now := clock.Millis(ctx)
	var over, found []stray
	var back []string
	for _, x := range list {
		known[x.Hash] = x
		switch {
		case keep[x.Hash]:
			back = append(back, x.Hash)
		case x.Since <= now-strayDays*24*time.Hour.Milliseconds():
			over = append(over, x)
		}
	}
	if err := a.blobs.Each(ctx, func(hash string, put int64) error {
		if x, ok := known[hash]; !keep[hash] && (!ok || x.Put != put) {
			found = append(found, stray{Hash: hash, Since: now, Put: put})
		}
		return nil
	}); err != nil {
		return 0, err
	}
	for _, x := range over {
		gone, failed := a.blobs.Delete(ctx, x.Hash, x.Put)
		if failed != nil {
			err = errors.Join(err, failed)
			continue
		}
		if gone {
			back = append(back, x.Hash)
			removed++
		}
	}
	if err != nil {
		return 0, err
	}
	return removed, a.DB.Tx(ctx, func(ctx context.Context) error {
		for _, hash := range back {
			if err := a.forgetStray(ctx, hash); err != nil {
				return err
			}
		}
		for _, x := range found {
			if err := a.putStray(ctx, x); err != nil {
				return err
			}
		}
		if removed == 0 {
			return nil
		}
		return a.Audit.Log(ctx, audit.Entry{Act: sweepAct, Subject: "app", Detail: map[string]int{"files": removed}})
	})
}

// sweepDaily sweeps once a day: it reads the records of a whole city.
func (a *App) sweepDaily(ctx context.Context) error {
	today := string(clock.Today(ctx))
	last, err := a.setting(ctx, sweptOn)
	if err != nil || last == today {
		return err
	}
	if _, err := a.Sweep(scope.With(ctx, scope.System("app.sweep"))); err != nil {
		return err
	}
	return a.set(ctx, sweptOn, today)
}
