// Package db opens the two engines behind one set of calls: SQLite in one file (default) and PostgreSQL.
//
// One SQL text serves both, in $1 form; Fragment holds the few places where they must differ. A transaction travels
// in the context: an inner Tx joins the outer one, AfterCommit runs when the outermost has committed, and a
// transaction that lost a race (SQLITE_BUSY, 40001, 40P01) is run again. Driver errors become our kinds here, once.
package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/georgysavva/scany/v2/dbscan"
	"github.com/georgysavva/scany/v2/sqlscan"
	"github.com/jackc/pgx/v5/pgconn"
	_ "github.com/jackc/pgx/v5/stdlib" // driver "pgx"
	"modernc.org/sqlite"               // driver "sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"xinhuo/internal/kit/errs"
)

// Engine names the database engine.
type Engine string

const (
	SQLite   Engine = "sqlite"
	Postgres Engine = "postgres"
)

// DB is an open database: many readers, and on SQLite one writer.
type DB struct {
	Engine Engine
	DSN    string
	read   *sql.DB
	write  *sql.DB
	reads  *kept
	writes *kept
	stop   chan struct{}
	done   chan struct{}
	closed sync.Once
}

// EngineOf tells which engine a DSN, as Open takes it, asks for.
func EngineOf(dsn string) Engine {
	if strings.HasPrefix(dsn, "postgres://") || strings.HasPrefix(dsn, "postgresql://") {
		return Postgres
	}
	return SQLite
}

// PathOf is the file that a DSN for SQLite names.
func PathOf(dsn string) string { return strings.TrimPrefix(dsn, "sqlite:") }

// Open opens a file path, "sqlite:PATH" or "postgres://…". A missing file is created.
func Open(ctx context.Context, dsn string) (*DB, error) {
	if EngineOf(dsn) == Postgres {
		p, err := sql.Open("pgx", dsn)
		if err != nil {
			return nil, fmt.Errorf("db.Open: %w", err)
		}
		p.SetMaxOpenConns(16)
		p.SetMaxIdleConns(8)
		if err := p.PingContext(ctx); err != nil {
			p.Close()
			return nil, fmt.Errorf("db.Open: %w", err)
		}
		return &DB{Engine: Postgres, DSN: dsn, read: p, write: p}, nil
	}
	path := PathOf(dsn)
	if dir := filepath.Dir(path); dir != "." {
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return nil, fmt.Errorf("db.Open: %w", err)
		}
	}
	// synchronous=FULL: an acknowledged write survives a power cut. The writer never checkpoints inside somebody's
	// commit (148 ms were seen): a background loop does it.
	q := url.Values{"_pragma": {"journal_mode(WAL)", "synchronous(FULL)", fmt.Sprintf("busy_timeout(%d)", waitForReaders.Milliseconds()), "foreign_keys(1)",
		"cache_size(-16000)", "temp_store(MEMORY)", "wal_autocheckpoint(0)"}}
	w := url.Values{"_pragma": q["_pragma"], "_txlock": {"immediate"}}
	write, err := sql.Open("sqlite", "file:"+path+"?"+w.Encode())
	if err != nil {
		return nil, fmt.Errorf("db.Open: %w", err)
	}
	write.SetMaxOpenConns(1)
	write.SetConnMaxLifetime(0)
	if err := write.PingContext(ctx); err != nil {
		write.Close()
		return nil, fmt.Errorf("db.Open %s: %w", path, err)
	}
	read, err := sql.Open("sqlite", "file:"+path+"?"+q.Encode())
	if err != nil {
		write.Close()
		return nil, fmt.Errorf("db.Open: %w", err)
	}
	read.SetMaxOpenConns(6)
	read.SetMaxIdleConns(6)
	d := &DB{Engine: SQLite, DSN: path, read: read, write: write, reads: &kept{pool: read}, writes: &kept{pool: write},
		stop: make(chan struct{}), done: make(chan struct{})}
	go d.checkpoints()
	return d, nil
}

// checkpoints moves the write-ahead log into the file now and then, outside anybody's commit.
func (d *DB) checkpoints() {
	defer close(d.done)
	tick := time.NewTicker(2 * time.Second)
	defer tick.Stop()
	for {
		select {
		case <-d.stop:
			return
		case <-tick.C:
			if st, err := os.Stat(d.DSN + "-wal"); err == nil && st.Size() > 4<<20 {
				_, _ = d.read.Exec("PRAGMA wal_checkpoint(PASSIVE)")
			}
			if st, err := os.Stat(d.DSN + "-wal"); err == nil && st.Size() > 128<<20 {
				_ = d.truncate(context.Background(), 100*time.Millisecond)
			}
		}
	}
}

// Close closes both pools; closing again does nothing.
func (d *DB) Close() (err error) {
	d.closed.Do(func() { err = d.close() })
	return err
}

func (d *DB) close() error {
	if d.stop != nil {
		close(d.stop)
		<-d.done
		_ = d.truncate(context.Background(), waitForReaders) // a log that is left is read again at the next start
		return errors.Join(d.read.Close(), d.write.Close())
	}
	return d.write.Close()
}

// Hasten stops waiting for the disk at each commit of SQLite. Only for a file that is thrown away when its making is cut
// off; Settle it before it is put in place.
func (d *DB) Hasten(ctx context.Context) error {
	if d.Engine != SQLite {
		return nil
	}
	_, err := d.write.ExecContext(ctx, "PRAGMA synchronous=OFF")
	return err
}

// Settle ends Hasten: everything is in the file and on the disk when it returns without an error. A reader who holds on
// to an older state is waited for; then it is an error, and the file must not be put in place.
func (d *DB) Settle(ctx context.Context) error {
	if d.Engine != SQLite {
		return nil
	}
	if _, err := d.write.ExecContext(ctx, "PRAGMA synchronous=FULL"); err != nil {
		return err
	}
	return d.truncate(ctx, waitForReaders)
}

// waitForReaders is how long a statement waits for others, as in Open.
const waitForReaders = 10 * time.Second

// truncate moves the whole write-ahead log into the file and empties it. SQLite does not call it an error when readers
// keep it from that: the first column of its answer says so. Writers stand still for as long as it waits.
func (d *DB) truncate(ctx context.Context, wait time.Duration) (err error) {
	c, err := d.write.Conn(ctx)
	if err != nil {
		return err
	}
	defer c.Close()
	set := func(ctx context.Context, wait time.Duration) error {
		_, err := c.ExecContext(ctx, fmt.Sprintf("PRAGMA busy_timeout=%d", wait.Milliseconds()))
		return err
	}
	if err := set(ctx, wait); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, set(context.WithoutCancel(ctx), waitForReaders)) }()
	var busy, frames, moved int
	for until := time.Now().Add(wait); ; {
		if err := c.QueryRowContext(ctx, "PRAGMA wal_checkpoint(TRUNCATE)").Scan(&busy, &frames, &moved); err != nil {
			return err
		}
		// Busy without a count: another connection moves the log right now, our own loop or another program. For that
		// alone SQLite does not wait, whatever busy_timeout says.
		if busy == 0 || frames >= 0 || time.Now().After(until) {
			break
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(5 * time.Millisecond):
		}
	}
	if busy != 0 && frames < 0 {
		return errors.New("db: another program is still moving the write-ahead log into the file")
	}
	if busy != 0 {
		return fmt.Errorf("db: somebody still reads an older state: %d of %d pages of the write-ahead log are in the file", moved, frames)
	}
	return nil
}

type txKey struct{ d *DB }

type tx struct {
	*sql.Tx
	after  []func()
	ended  []func()
	read   bool
	failed bool
	lost   error
	depth  int // of Try within Try

	d      *DB
	gather bool
	waits  []waiting
	points []string // savepoints of Try that nothing was written after, so that they are not taken yet

	kept  *kept // nil: no statement is kept
	often map[string]int
	stmts map[string]*sql.Stmt
}

// stmt is a statement that is open already, nil when there is none: one that the pool keeps, or one that this transaction
// keeps because its text came often in it. An import says the same with each row, and the pool cannot prepare what the
// transaction that holds its only writer needs.
func (t *tx) stmt(ctx context.Context, q string) *sql.Stmt {
	if t.kept == nil {
		return nil
	}
	st := t.stmts[q]
	if st != nil || len(t.stmts) == manyTexts {
		return st
	}
	if of := t.kept.stmt(q); of != nil {
		st = t.StmtContext(ctx, of)
	} else {
		if t.often == nil || len(t.often) == manyTexts {
			t.often = map[string]int{}
		}
		if t.often[q]++; t.often[q] < 4 {
			return nil
		}
		var err error
		if st, err = t.PrepareContext(ctx, q); err != nil {
			return nil // said by whoever runs it
		}
	}
	if t.stmts == nil {
		t.stmts = map[string]*sql.Stmt{}
	}
	t.stmts[q] = st
	return st
}

// before makes ready for a statement: what waits for its tables is written, and before a write the savepoints are taken.
func (t *tx) before(ctx context.Context, q string, writes bool) error {
	if !t.gather {
		return nil
	}
	if writes {
		for len(t.points) > 0 {
			name := t.points[0]
			t.points = t.points[1:]
			if _, err := t.exec(ctx, "SAVEPOINT "+name); err != nil {
				return err
			}
		}
	}
	return t.d.settle(ctx, t, q)
}

// ExecContext takes the statement that is kept for the text, when one is.
func (t *tx) ExecContext(ctx context.Context, q string, args ...any) (sql.Result, error) {
	if err := t.before(ctx, q, true); err != nil {
		return nil, err
	}
	return t.exec(ctx, q, args...)
}

func (t *tx) exec(ctx context.Context, q string, args ...any) (sql.Result, error) {
	if st := t.stmt(ctx, q); st != nil {
		return st.ExecContext(ctx, args...)
	}
	return t.Tx.ExecContext(ctx, q, args...)
}

// QueryContext does so for rows that are read to their end before the same text is asked again.
func (t *tx) QueryContext(ctx context.Context, q string, args ...any) (*sql.Rows, error) {
	if err := t.before(ctx, q, false); err != nil {
		t.failed = true
		return nil, err
	}
	if st := t.stmt(ctx, q); st != nil {
		return st.QueryContext(ctx, args...)
	}
	return t.Tx.QueryContext(ctx, q, args...)
}

func (d *DB) tx(ctx context.Context) *tx {
	t, _ := ctx.Value(txKey{d}).(*tx)
	return t
}

// Try runs fn inside the surrounding transaction (or one of its own); when fn fails, what it wrote is taken back and the
// transaction goes on.
func (d *DB) Try(ctx context.Context, fn func(ctx context.Context) error) error {
	t := d.tx(ctx)
	if t == nil {
		return d.Tx(ctx, fn)
	}
	if t.read {
		return errors.New("db: a write inside a read transaction")
	}
	t.depth++
	defer func() { t.depth-- }()
	name := fmt.Sprintf("try_%d", t.depth)
	if t.gather {
		t.points = append(t.points, name)
	} else if _, err := t.exec(ctx, "SAVEPOINT "+name); err != nil {
		return translate(err)
	}
	after, failed, gather, waits := len(t.after), t.failed, t.gather, slices.Clone(t.waits)
	t.failed = false
	err := fn(ctx)
	if err == nil && t.failed {
		err = errSwallowed
	}
	untaken := slices.Contains(t.points, name) // then it is the last, and nothing was written since
	if untaken {
		t.points = t.points[:len(t.points)-1]
	}
	if err == nil {
		if !untaken {
			_, err = t.exec(ctx, "RELEASE SAVEPOINT "+name)
		}
		if err == nil {
			t.failed = failed
			return nil
		}
	}
	if !untaken {
		for _, q := range []string{"ROLLBACK TO SAVEPOINT ", "RELEASE SAVEPOINT "} {
			if _, back := t.exec(ctx, q+name); back != nil {
				t.failed = true
				return errors.Join(err, back)
			}
		}
	}
	// what was to follow the commit of things that are gone must not happen, and what was written meanwhile of the rows
	// that had waited waits again
	t.after, t.failed, t.gather, t.waits = t.after[:after], failed, gather, waits
	if lostRace(err) {
		t.lost = err // a lost race is nobody's mistake: the whole transaction is run again
	}
	return translate(err)
}

var (
	errRehearsed = errors.New("db: rehearsed")
	errSwallowed = errors.New("db: a part of the transaction failed and its error was swallowed")
)

// Rehearse runs fn as if it were done and takes everything back: a preview that cannot promise what the act does not keep.
func (d *DB) Rehearse(ctx context.Context, fn func(ctx context.Context) error) error {
	err := d.Try(ctx, func(ctx context.Context) error {
		if err := fn(ctx); err != nil {
			return err
		}
		return errRehearsed
	})
	if errors.Is(err, errRehearsed) {
		return nil
	}
	return err
}

// InTx tells whether the context carries a transaction of this database.
func (d *DB) InTx(ctx context.Context) bool { return d.tx(ctx) != nil }

// CanWrite tells whether the context carries a write transaction of this database.
func (d *DB) CanWrite(ctx context.Context) bool { t := d.tx(ctx); return t != nil && !t.read }

const attempts = 8

// Tx runs fn in a write transaction; all of it commits or nothing. Inside another Tx it joins that one. fn may run
// more than once, so it must not act outside the database: use AfterCommit for that.
func (d *DB) Tx(ctx context.Context, fn func(ctx context.Context) error) error {
	if t := d.tx(ctx); t != nil {
		if t.read {
			return errors.New("db: a write inside a read transaction")
		}
		err := fn(ctx)
		if err != nil {
			t.failed = true // an inner failure that the caller swallows must not be half committed
		}
		return err
	}
	for try := 1; ; try++ {
		err := d.once(ctx, nil, d.write, false, fn)
		if err == nil || try == attempts || !lostRace(err) {
			return translate(err)
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(time.Duration(1+rand.IntN(1<<try)) * 2 * time.Millisecond):
		}
	}
}

// Read runs fn on one snapshot, so that a figure and its parts, or a page, agree with themselves.
func (d *DB) Read(ctx context.Context, fn func(ctx context.Context) error) error {
	if d.tx(ctx) != nil {
		return fn(ctx)
	}
	o := &sql.TxOptions{ReadOnly: true}
	if d.Engine == Postgres {
		o.Isolation = sql.LevelRepeatableRead
	}
	return translate(d.once(ctx, o, d.read, true, fn))
}

func (d *DB) once(ctx context.Context, o *sql.TxOptions, pool *sql.DB, read bool, fn func(ctx context.Context) error) (err error) {
	st, err := pool.BeginTx(ctx, o)
	if err != nil {
		return err
	}
	t := &tx{Tx: st, read: read, kept: d.writes, d: d}
	if read {
		t.kept = d.reads
	}
	defer func() {
		if err == nil || !lostRace(err) { // a race that was lost is run again and says the same again
			for _, f := range t.ended {
				f()
			}
		}
	}()
	defer func() {
		if p := recover(); p != nil {
			_ = st.Rollback()
			panic(p)
		}
	}()
	ctx = context.WithValue(ctx, txKey{d}, t)
	if err = fn(ctx); err == nil {
		err = d.settle(ctx, t, "")
	}
	switch {
	case t.lost != nil:
		err = t.lost
	case err == nil && t.failed:
		err = errSwallowed
	}
	if err != nil {
		_ = st.Rollback()
		return err
	}
	if err = st.Commit(); err != nil {
		return err
	}
	for _, f := range t.after {
		f()
	}
	return nil
}

// AfterCommit runs f once the outermost transaction has committed, at once when there is none.
func (d *DB) AfterCommit(ctx context.Context, f func()) {
	if t := d.tx(ctx); t != nil {
		t.after = append(t.after, f)
		return
	}
	f()
}

// AfterEnd runs f once the outermost transaction has ended, committed or not, at once when there is none: what was
// refused is noted even though everything else is rolled back. f gets a connection of its own, so it must not use
// this ctx for the database.
func (d *DB) AfterEnd(ctx context.Context, f func()) {
	if t := d.tx(ctx); t != nil {
		t.ended = append(t.ended, f)
		return
	}
	f()
}

func (d *DB) querier(ctx context.Context) sqlscan.Querier {
	if t := d.tx(ctx); t != nil {
		return t
	}
	if d.reads != nil {
		return d.reads
	}
	return d.read
}

// Exec writes; it must run inside Tx. It answers the number of rows touched.
func (d *DB) Exec(ctx context.Context, q string, args ...any) (int64, error) {
	watched(ctx, q)
	t := d.tx(ctx)
	if t == nil || t.read {
		return 0, errors.New("db: a write outside a transaction")
	}
	r, err := t.ExecContext(ctx, q, args...)
	if err != nil {
		t.failed = true // PostgreSQL gives the transaction up here; SQLite must not go on where it would not
		return 0, translate(fmt.Errorf("%s: %w", name(q), err))
	}
	n, _ := r.RowsAffected()
	return n, nil
}

type watchKey struct{}

// Watch has each statement that is run with the context told by its name before it runs, so that it can be counted what an answer costs.
func Watch(ctx context.Context, each func(statement string)) context.Context {
	return context.WithValue(ctx, watchKey{}, each)
}

func watched(ctx context.Context, q string) {
	if each, ok := ctx.Value(watchKey{}).(func(string)); ok {
		each(name(q))
	}
}

// Prepare prepares a statement for a long loop of writes inside Tx.
func (d *DB) Prepare(ctx context.Context, q string) (*sql.Stmt, error) {
	t := d.tx(ctx)
	if t == nil {
		return nil, errors.New("db: Prepare outside a transaction")
	}
	if err := t.before(ctx, "", true); err != nil { // nobody knows what will run when
		return nil, translate(err)
	}
	s, err := t.PrepareContext(ctx, q)
	return s, translate(err)
}

var scanner = func() *sqlscan.API {
	a, err := sqlscan.NewDBScanAPI(dbscan.WithAllowUnknownColumns(false))
	if err != nil {
		panic(err)
	}
	s, err := sqlscan.NewAPI(a)
	if err != nil {
		panic(err)
	}
	return s
}()

// Select reads all rows into values of T (a struct with db tags, or a basic type).
func Select[T any](ctx context.Context, d *DB, q string, args ...any) ([]T, error) {
	watched(ctx, q)
	var out []T
	if err := scanner.Select(ctx, d.querier(ctx), &out, q, args...); err != nil {
		return nil, translate(fmt.Errorf("%s: %w", name(q), err))
	}
	return out, nil
}

// Get reads exactly one row; errs.NotFound when there is none.
func Get[T any](ctx context.Context, d *DB, q string, args ...any) (T, error) {
	watched(ctx, q)
	var out T
	err := scanner.Get(ctx, d.querier(ctx), &out, q, args...)
	if sqlscan.NotFound(err) {
		return out, errs.Wrap(fmt.Errorf("%s: %w", name(q), err), errs.NotFound, "errs.not_found")
	}
	if err != nil {
		return out, translate(fmt.Errorf("%s: %w", name(q), err))
	}
	return out, nil
}

// Rows streams rows for large lists; the caller closes them.
func (d *DB) Rows(ctx context.Context, q string, args ...any) (*sql.Rows, error) {
	watched(ctx, q)
	var rows *sql.Rows
	var err error
	if t := d.tx(ctx); t != nil {
		if err := t.before(ctx, q, false); err != nil {
			t.failed = true
			return nil, translate(err)
		}
		rows, err = t.Tx.QueryContext(ctx, q, args...)
	} else {
		rows, err = d.read.QueryContext(ctx, q, args...)
	}
	return rows, translate(err)
}

// ForUpdate is the row lock that PostgreSQL needs where SQLite has one writer anyway.
func (d *DB) ForUpdate() string {
	if d.Engine == Postgres {
		return " FOR UPDATE"
	}
	return ""
}

// ForShare is the row lock that lets others read and lock the row so, too, but not change it; see ForUpdate.
func (d *DB) ForShare() string {
	if d.Engine == Postgres {
		return " FOR SHARE"
	}
	return ""
}

// name is the first comment line of a query, for errors and logs.
func name(q string) string {
	q = strings.TrimSpace(q)
	if rest, ok := strings.CutPrefix(q, "--"); ok {
		line, _, _ := strings.Cut(rest, "\n")
		return strings.TrimSpace(line)
	}
	if len(q) > 60 {
		q = q[:60]
	}
	return q
}

func lostRace(err error) bool {
	var pe *pgconn.PgError
	if errors.As(err, &pe) {
		return pe.Code == "40001" || pe.Code == "40P01"
	}
	var se *sqlite.Error
	return errors.As(err, &se) && (se.Code()&0xff == sqlite3.SQLITE_BUSY || se.Code()&0xff == sqlite3.SQLITE_LOCKED)
}

// translate turns what the drivers say into our kinds, by code alone (names of constraints are lost on a cluster).
func translate(err error) error {
	if err == nil {
		return nil
	}
	var own *errs.Error
	if errors.As(err, &own) {
		return err
	}
	var pe *pgconn.PgError
	var se *sqlite.Error
	switch {
	case errors.As(err, &pe) && pe.Code == "23505":
		return errs.Wrap(err, errs.Conflict, "errs.exists_already")
	case errors.As(err, &pe) && pe.Code == "23503":
		return errs.Wrap(err, errs.Conflict, "errs.still_referred_to")
	case errors.As(err, &se) && (se.Code() == sqlite3.SQLITE_CONSTRAINT_UNIQUE || se.Code() == sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY):
		return errs.Wrap(err, errs.Conflict, "errs.exists_already")
	case errors.As(err, &se) && se.Code() == sqlite3.SQLITE_CONSTRAINT_FOREIGNKEY:
		return errs.Wrap(err, errs.Conflict, "errs.still_referred_to")
	case errors.As(err, &se) && strings.Contains(se.Error(), "pattern too complex"): // what is looked for is longer than the engine compares; it has no code of its own
		return errs.Wrap(err, errs.TooLarge, "errs.form_too_large")
	}
	return err
}
