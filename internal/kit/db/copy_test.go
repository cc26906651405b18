package db

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/testkit"
)

func sqliteFile(t *testing.T) string { return filepath.Join(t.TempDir(), "other.db") }

// fill writes more rows than one batch holds, with what engines might read differently.
func fill(t *testing.T, d *DB, n int) {
	t.Helper()
	must(t, d.Tx(context.Background(), func(ctx context.Context) error {
		for i := range n {
			var note any
			switch i % 4 {
			case 1:
				note = "" // an empty text is not a missing one
			case 2:
				note = "薪火 'x' \"y\" \\ \n\t𠀀 100%"
			case 3:
				note = fmt.Sprint(i)
			}
			if _, err := d.Exec(ctx, "INSERT INTO t_unit (id, name, note) VALUES ($1, $2, $3)", int64(i)<<33-7, fmt.Sprint("u", i), note); err != nil {
				return err
			}
			if _, err := d.Exec(ctx, "INSERT INTO t_act (root, id, unit, kind, amount) VALUES ($1, $2, $3, $4, $5)", 9902, i, int64(i)<<33-7, "ab"[i%2:i%2+1], 1<<62-int64(i)); err != nil {
				return err
			}
		}
		_, err := d.Exec(ctx, "INSERT INTO t_kind (code, ord) VALUES ('c', -3)")
		return err
	}))
}

// dump is every row of every table, in order.
func dump(t *testing.T, d *DB) string {
	t.Helper()
	ctx := context.Background()
	var b strings.Builder
	tables, err := d.Tables(ctx)
	must(t, err)
	for _, table := range tables {
		cols, err := d.columns(ctx, table)
		must(t, err)
		order := map[string]string{"t_unit": "id", "t_kind": "code", "t_act": "root, id"}[table]
		rows, err := d.Rows(ctx, "SELECT "+strings.Join(cols, ", ")+" FROM "+table+" ORDER BY "+order)
		must(t, err)
		for rows.Next() {
			vals, err := scan(rows, len(cols))
			must(t, err)
			fmt.Fprintf(&b, "%s %#v\n", table, vals)
		}
		must(t, rows.Err())
		rows.Close()
	}
	return b.String()
}

// The data of a small place moves to a server and back without a row changed.
func TestCopyThereAndBack(t *testing.T) {
	ctx := context.Background()
	a, b, c := openAt(t, sqliteFile(t)), openAt(t, testkit.DSN(t)), openAt(t, sqliteFile(t))
	must(t, migrate(ctx, a))
	fill(t, a, 6000)
	seen := map[string]int64{}
	o := CopyOptions{Migrate: migrate, Progress: func(table string, rows int64) {
		if rows < seen[table] {
			t.Errorf("%s went back from %d to %d", table, seen[table], rows)
		}
		seen[table] = rows
	}}
	must(t, Copy(ctx, a, b, o))
	if fmt.Sprint(seen) != "map[t_act:6000 t_kind:3 t_unit:6000]" {
		t.Errorf("progress ended at %v", seen)
	}
	must(t, Copy(ctx, b, c, CopyOptions{Migrate: migrate}))
	want := dump(t, a)
	if strings.Count(want, "\n") != 12003 {
		t.Errorf("%d rows in the source", strings.Count(want, "\n"))
	}
	if dump(t, b) != want {
		t.Error("the first copy differs from the source")
	}
	if dump(t, c) != want {
		t.Error("the second copy differs from the source")
	}
	// constraints stand again: they are what they were
	err := b.Tx(ctx, func(ctx context.Context) error {
		_, err := b.Exec(ctx, "DELETE FROM t_unit WHERE id = -7")
		return err
	})
	if !errs.Is(err, errs.Conflict) {
		t.Errorf("the copy let a unit in use go: %v", err)
	}
}

func key(err error) string {
	var e *errs.Error
	if errors.As(err, &e) {
		return e.Key
	}
	return fmt.Sprint(err)
}

// What the target holds is never replaced without being told to; what its migrations put there does not count.
func TestCopyRefusesATargetWithData(t *testing.T) {
	ctx := context.Background()
	for what, change := range map[string]string{
		"a row more":         "INSERT INTO t_unit (id, name) VALUES (1, 'mine')",
		"a row less":         "DELETE FROM t_kind WHERE code = 'a'",
		"a row that differs": "UPDATE t_kind SET ord = 7 WHERE code = 'a'",
	} {
		t.Run(what, func(t *testing.T) {
			from, to := openAt(t, sqliteFile(t)), openMigrated(t)
			must(t, migrate(ctx, from))
			fill(t, from, 3)
			must(t, to.Tx(ctx, func(ctx context.Context) error { _, err := to.Exec(ctx, change); return err }))
			before := dump(t, to)
			if err := Copy(ctx, from, to, CopyOptions{Migrate: migrate}); key(err) != "db.target_not_empty" {
				t.Errorf("err %v", err)
			}
			if dump(t, to) != before {
				t.Error("the refused target was changed")
			}
			must(t, Copy(ctx, from, to, CopyOptions{Migrate: migrate, Overwrite: true}))
			if dump(t, to) != dump(t, from) {
				t.Error("the overwritten target differs from the source")
			}
		})
	}
}

func TestCopyRefusesAnotherVersion(t *testing.T) {
	ctx := context.Background()
	from, to := openAt(t, sqliteFile(t)), openMigrated(t)
	must(t, from.Migrate(ctx, source(schemaSQL, "-- +goose Up\nCREATE TABLE t_later (id BIGINT PRIMARY KEY);\n")))
	if err := Copy(ctx, from, to, CopyOptions{Migrate: migrate, Overwrite: true}); key(err) != "db.versions_differ" {
		t.Errorf("err %v", err)
	}
}

// A copy that cannot be finished leaves the target as it was.
func TestCopyIsAllOrNothing(t *testing.T) {
	ctx := context.Background()
	from, to := openAt(t, sqliteFile(t)), openMigrated(t)
	must(t, migrate(ctx, from))
	fill(t, from, 10)
	fill(t, to, 5)
	before := dump(t, to)
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	err := Copy(ctx, from, to, CopyOptions{Migrate: migrate, Overwrite: true, Progress: func(table string, rows int64) {
		if table == "t_unit" {
			stop()
		}
	}})
	if err == nil {
		t.Error("a copy that was stopped says that it is done")
	}
	if dump(t, to) != before {
		t.Error("a copy that was stopped changed the target")
	}
}

func TestForeignKeysInACircleAreAnError(t *testing.T) {
	ctx := context.Background()
	d := openAt(t, sqliteFile(t))
	must(t, d.Migrate(ctx, source("-- +goose Up\nCREATE TABLE t_a (id BIGINT PRIMARY KEY, b BIGINT REFERENCES t_b (id));\nCREATE TABLE t_b (id BIGINT PRIMARY KEY, a BIGINT REFERENCES t_a (id));\n")))
	if _, err := d.parentsFirst(ctx); err == nil || !strings.Contains(err.Error(), "t_a, t_b") {
		t.Errorf("err %v", err)
	}
}

// A backup is taken while people work. Every transaction moves 1 from one unit to another, so that a snapshot that
// cuts through one would not add up.
func TestBackupWhileAWriterRuns(t *testing.T) {
	d, ctx := openMigrated(t), context.Background()
	must(t, d.Tx(ctx, func(ctx context.Context) error {
		for i := range 40 {
			if err := add(ctx, d, int64(i)); err != nil {
				return err
			}
			if _, err := d.Exec(ctx, "INSERT INTO t_act (root, id, unit, kind, amount) VALUES (1, $1, $1, 'a', 100)", i); err != nil {
				return err
			}
		}
		return nil
	}))
	stop, started, ended := make(chan struct{}), make(chan struct{}), make(chan error, 1)
	go func() {
		for i := 0; ; i++ {
			select {
			case <-stop:
				ended <- nil
				return
			default:
			}
			err := d.Tx(ctx, func(ctx context.Context) error {
				if _, err := d.Exec(ctx, "UPDATE t_act SET amount = amount - 1 WHERE id = $1", i%40); err != nil {
					return err
				}
				if _, err := d.Exec(ctx, "UPDATE t_act SET amount = amount + 1 WHERE id = $1", (i*7+3)%40); err != nil {
					return err
				}
				_, err := d.Exec(ctx, "UPDATE t_kind SET ord = ord + 1 WHERE code = 'a'")
				return err
			})
			if err != nil {
				ended <- err
				return
			}
			if i == 3 {
				close(started)
			}
		}
	}()
	<-started
	dir := t.TempDir()
	for i := range 3 {
		path := filepath.Join(dir, fmt.Sprintf("backup-%d.db", i))
		must(t, d.Backup(ctx, path, migrate))
		files, err := os.ReadDir(dir)
		must(t, err)
		if len(files) != i+1 {
			t.Errorf("a backup is one file; the folder holds %v", files)
		}
		to := filepath.Join(t.TempDir(), "restored.db")
		must(t, Restore(ctx, path, to, CopyOptions{Migrate: migrate}))
		r := openAt(t, to)
		sum, err := Get[int64](ctx, r, "SELECT cast(sum(amount) AS BIGINT) FROM t_act")
		must(t, err)
		if sum != 4000 {
			t.Errorf("the backup holds %d, want 4000", sum)
		}
	}
	close(stop)
	must(t, <-ended)
}

// A backup goes into either engine, and what stands there already is only replaced when somebody says so.
func TestRestore(t *testing.T) {
	d, ctx := openMigrated(t), context.Background()
	fill(t, d, 50)
	path := filepath.Join(t.TempDir(), "backup.db")
	must(t, d.Backup(ctx, path, migrate))
	before, err := os.ReadFile(path)
	must(t, err)

	for _, dsn := range []string{sqliteFile(t), testkit.DSN(t)} {
		must(t, Restore(ctx, path, dsn, CopyOptions{Migrate: migrate}))
		to := openAt(t, dsn)
		if dump(t, to) != dump(t, d) {
			t.Errorf("%s differs from the source", to.Engine)
		}
		must(t, to.Tx(ctx, func(ctx context.Context) error { return add(ctx, to, 1) }))
		if err := Restore(ctx, path, dsn, CopyOptions{Migrate: migrate}); key(err) != "db.target_not_empty" {
			t.Errorf("err %v", err)
		}
		wantUnits(t, to, strings.Replace(units(t, d), "[-7 ", "[-7 1 ", 1))
		must(t, Restore(ctx, path, dsn, CopyOptions{Migrate: migrate, Overwrite: true}))
		if dump(t, to) != dump(t, d) {
			t.Errorf("%s differs from the source after overwriting", to.Engine)
		}
	}
	after, err := os.ReadFile(path)
	must(t, err)
	if string(after) != string(before) {
		t.Error("restoring changed the backup")
	}
	if err := d.Backup(ctx, path, migrate); key(err) != "db.file_exists" {
		t.Errorf("a backup took the place of another: %v", err)
	}
}

func TestRestoreOfAnOlderAndANewerBackup(t *testing.T) {
	d, ctx := openMigrated(t), context.Background()
	fill(t, d, 3)
	path := filepath.Join(t.TempDir(), "old.db")
	must(t, d.Backup(ctx, path, migrate))
	newer := func(ctx context.Context, d *DB) error {
		return d.Migrate(ctx, source(schemaSQL, "-- +goose Up\nALTER TABLE t_unit ADD COLUMN phone TEXT NOT NULL DEFAULT '-';\n"))
	}
	dsn := testkit.DSN(t)
	must(t, Restore(ctx, path, dsn, CopyOptions{Migrate: newer}))
	to := openAt(t, dsn)
	phones, err := Select[string](ctx, to, "SELECT DISTINCT phone FROM t_unit")
	must(t, err)
	if fmt.Sprint(phones) != "[-]" {
		t.Errorf("phones %v", phones)
	}
	path = filepath.Join(t.TempDir(), "new.db")
	must(t, to.Backup(ctx, path, newer))
	if err := Restore(ctx, path, testkit.DSN(t), CopyOptions{Migrate: migrate}); key(err) != "db.newer_than_program" {
		t.Errorf("err %v", err)
	}
}

func TestRestoreRefusesWhatIsNoBackup(t *testing.T) {
	ctx, dir := context.Background(), t.TempDir()
	d := openMigrated(t)
	fill(t, d, 500)
	good := filepath.Join(dir, "good.db")
	must(t, d.Backup(ctx, good, migrate))
	whole, err := os.ReadFile(good)
	must(t, err)
	foreign := openAt(t, filepath.Join(dir, "foreign.db"))
	must(t, foreign.Tx(ctx, func(ctx context.Context) error {
		_, err := foreign.Exec(ctx, "CREATE TABLE other (id BIGINT)")
		return err
	}))
	must(t, foreign.Close())
	for name, data := range map[string][]byte{"empty.db": {}, "text.db": []byte(strings.Repeat("not a database. ", 400)), "half.db": whole[:len(whole)/2]} {
		must(t, os.WriteFile(filepath.Join(dir, name), data, 0o600))
	}
	for _, name := range []string{"empty.db", "text.db", "half.db", "foreign.db", "missing.db"} {
		dsn := sqliteFile(t)
		if err := Restore(ctx, filepath.Join(dir, name), dsn, CopyOptions{Migrate: migrate, Overwrite: true}); key(err) != "db.not_a_backup" {
			t.Errorf("%s: %v", name, err)
		}
		if _, err := os.Stat(dsn); err == nil {
			t.Errorf("%s: the target was touched", name)
		}
	}
}
