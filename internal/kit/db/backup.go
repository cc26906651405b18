package db

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"

	"xinhuo/internal/kit/errs"
)

// Backup writes a consistent snapshot of a running database into one new file: an SQLite database, whatever the engine,
// so that a backup can be opened, checked and restored anywhere. migrate is Migrate with the program's sources. The file
// appears under its name only when it is whole, read through once and on the disk. Errors: db.file_exists.
func (d *DB) Backup(ctx context.Context, path string, migrate func(ctx context.Context, d *DB) error) (err error) {
	defer errs.Wrapf(&err, "db.Backup")
	return NewFile(path, func(tmp string) error {
		if err := d.snapshot(ctx, tmp, migrate); err != nil {
			return err
		}
		s, err := Open(ctx, tmp)
		if err != nil {
			return err
		}
		return errors.Join(s.intact(ctx), s.Close())
	})
}

func (d *DB) snapshot(ctx context.Context, tmp string, migrate func(ctx context.Context, d *DB) error) (err error) {
	if d.Engine == SQLite {
		// one read transaction: it neither waits for the writer nor keeps it waiting
		_, err = d.read.ExecContext(ctx, "VACUUM INTO $1", tmp)
		return err
	}
	to, err := Open(ctx, tmp)
	if err != nil {
		return err
	}
	// the file was made a moment ago: what it holds comes from migrate
	err = Copy(ctx, d, to, CopyOptions{Migrate: migrate, Overwrite: true})
	return errors.Join(err, to.Close())
}

// Restore puts a backup into the database named by dsn, of either engine: all of it or nothing. A backup by an older
// program is brought up to date on the way; the backup file itself is never touched. A database that holds data is
// replaced only with o.Overwrite. Errors: db.not_a_backup, db.target_not_empty, db.newer_than_program.
func Restore(ctx context.Context, path, dsn string, o CopyOptions) (err error) {
	defer errs.Wrapf(&err, "db.Restore")
	dir, err := os.MkdirTemp("", "xinhuo-restore-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	tmp := filepath.Join(dir, "restore.db")
	if err := copyFile(tmp, path); err != nil {
		return errs.Wrap(err, errs.Unsupported, "db.not_a_backup", "Path", filepath.Base(path))
	}
	from, err := Open(ctx, tmp)
	if err != nil {
		return errs.Wrap(err, errs.Unsupported, "db.not_a_backup", "Path", filepath.Base(path))
	}
	defer from.Close()
	if err := from.intact(ctx); err != nil {
		return errs.Wrap(err, errs.Unsupported, "db.not_a_backup", "Path", filepath.Base(path))
	}
	if err := o.Migrate(ctx, from); err != nil {
		return err
	}
	to, err := Open(ctx, dsn)
	if err != nil {
		return err
	}
	err = Copy(ctx, from, to, o)
	var e *errs.Error
	if errors.As(err, &e) && e.Key == "db.versions_differ" {
		// both were migrated by this program: what is left over in the backup it does not know
		err = errs.Wrap(err, errs.Conflict, "db.newer_than_program")
	}
	return errors.Join(err, to.Close())
}

// intact reads an SQLite file through and looks for the migrations' own table, without which it is not ours.
func (d *DB) intact(ctx context.Context) error {
	said, err := Select[string](ctx, d, "PRAGMA quick_check")
	if err != nil {
		return err
	}
	if len(said) != 1 || said[0] != "ok" {
		return fmt.Errorf("db: quick_check: %v", said)
	}
	v, err := d.versions(ctx)
	if err == nil && len(v) == 0 {
		err = errors.New("db: no migrations")
	}
	return err
}

// NewFile makes a file that appears under its name only when it is whole and on the disk, and never takes the place of
// another: write makes it under the name that it is given. Errors: db.file_exists, and those of write.
func NewFile(path string, write func(tmp string) error) error {
	exists := errs.New(errs.Conflict, "db.file_exists", "Path", filepath.Base(path))
	if _, err := os.Stat(path); err == nil {
		return exists
	}
	dir := filepath.Dir(path)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	// a folder of our own next to the file that is to appear, so that the last step stays on one disk
	own, err := os.MkdirTemp(dir, ".backup-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(own)
	tmp := filepath.Join(own, "backup")
	if err := write(tmp); err != nil {
		return err
	}
	if err := os.Chmod(tmp, 0o600); err != nil {
		return err
	}
	if err := syncFile(tmp); err != nil {
		return err
	}
	// a link, unlike a rename, never replaces a file that came in between; some disks know no links
	if err := os.Link(tmp, path); errors.Is(err, os.ErrExist) {
		return exists
	} else if err != nil {
		if err := os.Rename(tmp, path); err != nil {
			return err
		}
	}
	return syncFolder(dir)
}

func syncFile(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR, 0) // Windows flushes only what is open for writing
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

// syncFolder makes a new name survive a crash. Windows knows no such thing and keeps names in a journal of its own.
func syncFolder(dir string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

func copyFile(to, from string) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_CREATE|os.O_WRONLY|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	return errors.Join(err, out.Close())
}
