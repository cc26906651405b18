package db

import (
	"context"
	"database/sql"
	"fmt"
	"hash/fnv"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"xinhuo/internal/kit/errs"
)

// CopyOptions says how Copy treats its target.
type CopyOptions struct {
	// Migrate brings a database to the schema of this program; Copy asks it for the target and for the empty
	// database that it compares the target with. It is required.
	Migrate func(ctx context.Context, d *DB) error
	// Overwrite replaces what the target holds; without it Copy refuses a target with data of its own.
	Overwrite bool
	// Before runs once the target was found fit and before its first row is changed; its error ends the copy. Files that
	// the rows name are put in place here, so that no row ever names one that is missing. It may be nil.
	Before func(ctx context.Context) error
	// Progress hears now and then, and at the end of each table, how many of its rows were read; it may be nil.
	Progress func(table string, rows int64)
}

// batchParams bounds the bound parameters of one statement. PostgreSQL gains by few round trips (it takes 65,535);
// SQLite finds a $n by walking over all of them, so that a statement of 8,000 is thirty times slower than of 60.
var batchParams = map[Engine]int{SQLite: 60, Postgres: 8000}

// progressEvery is the number of rows between two reports.
const progressEvery = 5000

// Copy moves every table of one database into another, whatever their engines: the source as one snapshot, the target
// in one transaction, so that a target is never half filled, not even after a power cut. It ends only when a recount of
// both sides agrees, row by row. Errors: db.target_not_empty, db.versions_differ, db.copy_differs.
func Copy(ctx context.Context, from, to *DB, o CopyOptions) (err error) {
	defer errs.Wrapf(&err, "db.Copy")
	if err := o.Migrate(ctx, to); err != nil {
		return err
	}
	if !o.Overwrite {
		if err := refuseData(ctx, to, o.Migrate); err != nil {
			return err
		}
	}
	return from.Read(ctx, func(ctx context.Context) error {
		if err := sameVersion(ctx, from, to); err != nil {
			return err
		}
		if o.Before != nil {
			if err := o.Before(ctx); err != nil {
				return err
			}
		}
		return to.Tx(ctx, func(ctx context.Context) error {
			tables, err := to.parentsFirst(ctx)
			if err != nil {
				return err
			}
			if err := to.clear(ctx, tables); err != nil {
				return err
			}
			for _, t := range tables {
				if err := copyTable(ctx, from, to, t, o.Progress); err != nil {
					return fmt.Errorf("%s: %w", t, err)
				}
			}
			return nil
		})
	})
}

// copyTable moves the rows of one table in batches and compares what was read with what now stands.
func copyTable(ctx context.Context, from, to *DB, table string, progress func(string, int64)) error {
	cols, err := to.columns(ctx, table)
	if err != nil {
		return err
	}
	rows, err := from.Rows(ctx, "-- db.copyTable\nSELECT "+strings.Join(cols, ", ")+" FROM "+table)
	if err != nil {
		return err
	}
	defer rows.Close()
	into := &batch{to: to, table: table, cols: cols, most: max(1, batchParams[to.Engine]/len(cols))}
	defer into.close()
	var read print
	for rows.Next() {
		vals, err := scan(rows, len(cols))
		if err != nil {
			return err
		}
		read.add(vals)
		if err := into.add(ctx, vals); err != nil {
			return err
		}
		if progress != nil && read.rows%progressEvery == 0 {
			progress(table, read.rows)
		}
	}
	if err := rows.Err(); err != nil {
		return err
	}
	if err := into.flush(ctx); err != nil {
		return err
	}
	written, err := to.fingerprint(ctx, table, cols)
	if err != nil {
		return err
	}
	if written != read {
		return errs.New(errs.Internal, "db.copy_differs", "Table", table, "From", read.rows, "To", written.rows)
	}
	if progress != nil {
		progress(table, read.rows)
	}
	return nil
}

// batch collects rows for statements of many rows each; the statement of a full batch is prepared once.
type batch struct {
	to    *DB
	table string
	cols  []string
	most  int
	args  []any
	full  *sql.Stmt
}

func (b *batch) add(ctx context.Context, vals []any) error {
	b.args = append(b.args, vals...)
	if len(b.args) < b.most*len(b.cols) {
		return nil
	}
	if b.full == nil {
		var err error
		if b.full, err = b.to.Prepare(ctx, b.text(b.most)); err != nil {
			return err
		}
	}
	if _, err := b.full.ExecContext(ctx, b.args...); err != nil {
		return translate(err)
	}
	b.args = b.args[:0]
	return nil
}

// flush writes what is left over.
func (b *batch) flush(ctx context.Context) error {
	if len(b.args) == 0 {
		return nil
	}
	_, err := b.to.Exec(ctx, b.text(len(b.args)/len(b.cols)), b.args...)
	return err
}

func (b *batch) close() {
	if b.full != nil {
		b.full.Close()
	}
}

func (b *batch) text(rows int) string {
	var s strings.Builder
	s.WriteString("-- db.Copy\nINSERT INTO " + b.table + " (" + strings.Join(b.cols, ", ") + ") VALUES ")
	for i := range rows * len(b.cols) {
		switch {
		case i == 0:
			s.WriteString("(")
		case i%len(b.cols) == 0:
			s.WriteString("), (")
		default:
			s.WriteString(", ")
		}
		fmt.Fprintf(&s, "$%d", i+1)
	}
	s.WriteString(")")
	return s.String()
}

// scan reads a row of BIGINT, INTEGER and TEXT; text that a driver hands over as bytes becomes a string, so that both
// engines say the same.
func scan(rows *sql.Rows, n int) ([]any, error) {
	vals, to := make([]any, n), make([]any, n)
	for i := range vals {
		to[i] = &vals[i]
	}
	if err := rows.Scan(to...); err != nil {
		return nil, err
	}
	for i, v := range vals {
		if b, ok := v.([]byte); ok {
			vals[i] = string(b)
		}
	}
	return vals, nil
}

// print is the fingerprint of a table: how many rows, and the sum of their hashes, which no order changes.
type print struct {
	rows int64
	sum  uint64
}

func (p *print) add(vals []any) {
	h := fnv.New64a()
	b := make([]byte, 0, 256)
	for _, v := range vals {
		// the type is part of it: 7 and "7" are different rows
		switch v := v.(type) {
		case int64:
			b = strconv.AppendInt(append(b, 'i'), v, 10)
		case string:
			b = append(append(b, 's'), v...)
		default:
			b = fmt.Appendf(b, "%T %v", v, v)
		}
		b = append(b, 0)
	}
	h.Write(b)
	p.rows++
	p.sum += h.Sum64()
}

func (d *DB) fingerprint(ctx context.Context, table string, cols []string) (p print, err error) {
	rows, err := d.Rows(ctx, "-- db.fingerprint\nSELECT "+strings.Join(cols, ", ")+" FROM "+table)
	if err != nil {
		return p, err
	}
	defer rows.Close()
	for rows.Next() {
		vals, err := scan(rows, len(cols))
		if err != nil {
			return p, err
		}
		p.add(vals)
	}
	return p, rows.Err()
}

// refuseData tells whether the target holds more than its own migrations put there. A fresh schema is not empty (posts,
// categories and the head of the log ship with it), so that it is compared with one that was made a moment ago.
func refuseData(ctx context.Context, to *DB, migrate func(context.Context, *DB) error) error {
	dir, err := os.MkdirTemp("", "xinhuo-fresh-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	fresh, err := Open(ctx, filepath.Join(dir, "fresh.db"))
	if err != nil {
		return err
	}
	defer fresh.Close()
	if err := migrate(ctx, fresh); err != nil {
		return err
	}
	if err := sameVersion(ctx, fresh, to); err != nil {
		return err
	}
	tables, err := to.Tables(ctx)
	if err != nil {
		return err
	}
	for _, t := range tables {
		cols, err := to.columns(ctx, t)
		if err != nil {
			return err
		}
		want, err := fresh.fingerprint(ctx, t, cols)
		if err != nil {
			return err
		}
		got, err := to.fingerprint(ctx, t, cols)
		if err != nil {
			return err
		}
		if got != want {
			return errs.New(errs.Conflict, "db.target_not_empty", "Table", t)
		}
	}
	return nil
}

// versions are the migrations that a database has seen, in order.
func (d *DB) versions(ctx context.Context) ([]int64, error) {
	return Select[int64](ctx, d, `-- db.versions
		SELECT DISTINCT version_id FROM goose_db_version ORDER BY version_id`)
}

// sameVersion refuses two databases whose tables may differ.
func sameVersion(ctx context.Context, from, to *DB) error {
	a, err := from.versions(ctx)
	if err != nil {
		return err
	}
	b, err := to.versions(ctx)
	if err != nil {
		return err
	}
	if !slices.Equal(a, b) {
		return errs.New(errs.Conflict, "db.versions_differ", "From", last(a), "To", last(b))
	}
	return nil
}

func last(v []int64) int64 {
	if len(v) == 0 {
		return 0
	}
	return v[len(v)-1]
}

// columns lists a table's columns in their order.
func (d *DB) columns(ctx context.Context, table string) ([]string, error) {
	q := `-- db.columns
		SELECT name FROM pragma_table_info($1) ORDER BY cid`
	if d.Engine == Postgres {
		q = `-- db.columns
		SELECT column_name FROM information_schema.columns WHERE table_schema = current_schema() AND table_name = $1 ORDER BY ordinal_position`
	}
	cols, err := Select[string](ctx, d, q, table)
	if err == nil && len(cols) == 0 {
		err = fmt.Errorf("db: table %s has no columns", table)
	}
	return cols, err
}

// parents lists the other tables that a table refers to.
func (d *DB) parents(ctx context.Context, table string) ([]string, error) {
	q := `-- db.parents
		SELECT DISTINCT "table" FROM pragma_foreign_key_list($1)`
	if d.Engine == Postgres {
		q = `-- db.parents
		SELECT DISTINCT p.relname FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid JOIN pg_class p ON p.oid = c.confrelid
		JOIN pg_namespace n ON n.oid = t.relnamespace WHERE c.contype = 'f' AND n.nspname = current_schema() AND t.relname = $1`
	}
	return Select[string](ctx, d, q, table)
}

// parentsFirst lists the tables so that each comes after those it refers to: rows can then be written in this order
// without touching a constraint. A table that refers to itself or a circle would need another way and is an error.
func (d *DB) parentsFirst(ctx context.Context) ([]string, error) {
	tables, err := d.Tables(ctx)
	if err != nil {
		return nil, err
	}
	waits := map[string][]string{}
	for _, t := range tables {
		if waits[t], err = d.parents(ctx, t); err != nil {
			return nil, err
		}
	}
	out, done := make([]string, 0, len(tables)), map[string]bool{}
	for len(out) < len(tables) {
		before := len(out)
		for _, t := range tables {
			if !done[t] && !slices.ContainsFunc(waits[t], func(p string) bool { return !done[p] }) {
				out, done[t] = append(out, t), true
			}
		}
		if len(out) == before {
			left := slices.DeleteFunc(slices.Clone(tables), func(t string) bool { return done[t] })
			return nil, fmt.Errorf("db: foreign keys in a circle: %s", strings.Join(left, ", "))
		}
	}
	return out, nil
}

// clear empties the tables, children first.
func (d *DB) clear(ctx context.Context, parentsFirst []string) error {
	if d.Engine == Postgres {
		if len(parentsFirst) == 0 {
			return nil
		}
		_, err := d.Exec(ctx, "-- db.clear\nTRUNCATE TABLE "+strings.Join(parentsFirst, ", "))
		return err
	}
	for _, t := range slices.Backward(parentsFirst) {
		if _, err := d.Exec(ctx, "-- db.clear\nDELETE FROM "+t); err != nil {
			return err
		}
	}
	return nil
}
