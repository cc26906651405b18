package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/testkit"
)

// A small schema with everything that differs between engines: a parent after its child in the alphabet, a table
// without row ids, a column that may be null, rows that ship with it.
const schemaSQL = `-- +goose Up
CREATE TABLE t_unit (
  id BIGINT PRIMARY KEY,
  name TEXT NOT NULL,
  note TEXT
);
CREATE TABLE t_kind (
  code TEXT NOT NULL,
  ord INTEGER NOT NULL,
  PRIMARY KEY (code)
) /*without rowid*/;
INSERT INTO t_kind (code, ord) VALUES ('a', 1), ('b', 2);
CREATE TABLE t_act (
  root BIGINT NOT NULL,
  id BIGINT NOT NULL,
  unit BIGINT NOT NULL REFERENCES t_unit (id),
  kind TEXT NOT NULL REFERENCES t_kind (code),
  amount BIGINT NOT NULL,
  PRIMARY KEY (root, id)
);
CREATE INDEX t_act_unit ON t_act (unit);
`

func source(files ...string) []Source {
	m := fstest.MapFS{}
	for i, f := range files {
		m[fmt.Sprintf("migrations/2026010100%04d_t.sql", i+1)] = &fstest.MapFile{Data: []byte(f)}
	}
	return []Source{{Module: "t", Files: m}}
}

func migrate(ctx context.Context, d *DB) error { return d.Migrate(ctx, source(schemaSQL)) }

func openAt(t *testing.T, dsn string) *DB {
	t.Helper()
	d, err := Open(context.Background(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	return d
}

func openMigrated(t *testing.T) *DB {
	t.Helper()
	ctx := context.Background()
	return openAt(t, testkit.Prepared(t, "db", func(dsn string) error {
		d, err := Open(ctx, dsn)
		if err != nil {
			return err
		}
		return errors.Join(migrate(ctx, d), d.Close())
	}))
}

func add(ctx context.Context, d *DB, unit int64) error {
	_, err := d.Exec(ctx, "INSERT INTO t_unit (id, name) VALUES ($1, $2)", unit, fmt.Sprint("u", unit))
	return err
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func units(t *testing.T, d *DB) string {
	t.Helper()
	ids, err := Select[int64](context.Background(), d, "SELECT id FROM t_unit ORDER BY id")
	must(t, err)
	return fmt.Sprint(ids)
}

func wantUnits(t *testing.T, d *DB, want string) {
	t.Helper()
	if got := units(t, d); got != want {
		t.Errorf("units %s, want %s", got, want)
	}
}

var errNo = errors.New("no")

// An inner transaction is part of the outer one: both or neither.
func TestTxJoins(t *testing.T) {
	d, ctx := openMigrated(t), context.Background()
	err := d.Tx(ctx, func(ctx context.Context) error {
		must(t, d.Tx(ctx, func(ctx context.Context) error { return add(ctx, d, 1) }))
		if !d.InTx(ctx) || !d.CanWrite(ctx) {
			t.Error("the context carries no write transaction")
		}
		return errNo
	})
	if !errors.Is(err, errNo) {
		t.Errorf("err %v", err)
	}
	wantUnits(t, d, "[]")
	must(t, d.Tx(ctx, func(ctx context.Context) error {
		if err := add(ctx, d, 1); err != nil {
			return err
		}
		return d.Tx(ctx, func(ctx context.Context) error { return add(ctx, d, 2) })
	}))
	wantUnits(t, d, "[1 2]")
}

func TestTxRollsBackWhenItPanics(t *testing.T) {
	d, ctx := openMigrated(t), context.Background()
	func() {
		defer func() {
			if recover() == nil {
				t.Error("the panic was lost")
			}
		}()
		_ = d.Tx(ctx, func(ctx context.Context) error {
			must(t, add(ctx, d, 1))
			panic("boom")
		})
	}()
	wantUnits(t, d, "[]")
	must(t, d.Tx(ctx, func(ctx context.Context) error { return add(ctx, d, 2) })) // the writer is free again
	wantUnits(t, d, "[2]")
}

// AfterCommit waits for the outermost commit, AfterEnd for its end, whichever it is.
func TestAfterCommitAndAfterEnd(t *testing.T) {
	d, ctx := openMigrated(t), context.Background()
	var said []string
	note := func(s string) func() { return func() { said = append(said, s) } }
	run := func(fail error) error {
		return d.Tx(ctx, func(ctx context.Context) error {
			err := d.Tx(ctx, func(ctx context.Context) error {
				d.AfterCommit(ctx, note("commit"))
				d.AfterEnd(ctx, func() {
					// what was refused is noted with a connection of its own
					must(t, d.Tx(context.Background(), func(ctx context.Context) error { return nil }))
					said = append(said, "end")
				})
				return nil
			})
			if len(said) != 0 {
				t.Errorf("%v before the outermost has ended", said)
			}
			return errors.Join(err, fail)
		})
	}
	must(t, run(nil))
	if fmt.Sprint(said) != "[commit end]" {
		t.Errorf("after a commit: %v", said)
	}
	said = nil
	if err := run(errNo); !errors.Is(err, errNo) {
		t.Errorf("err %v", err)
	}
	if fmt.Sprint(said) != "[end]" {
		t.Errorf("after a rollback: %v", said)
	}
	said = nil
	d.AfterCommit(ctx, note("commit"))
	d.AfterEnd(ctx, note("end"))
	if fmt.Sprint(said) != "[commit end]" {
		t.Errorf("outside a transaction: %v", said)
	}
}

// An inner failure whose error the caller swallows must not be half committed.
func TestSwallowedFailureDoesNotCommit(t *testing.T) {
	d, ctx := openMigrated(t), context.Background()
	cases := map[string]func(ctx context.Context){
		"an inner transaction": func(ctx context.Context) {
			_ = d.Tx(ctx, func(ctx context.Context) error { return errNo })
		},
		// PostgreSQL refuses to go on after it, so SQLite must not commit either
		"a statement": func(ctx context.Context) { _ = add(ctx, d, 1) },
	}
	for name, swallow := range cases {
		t.Run(name, func(t *testing.T) {
			err := d.Tx(ctx, func(ctx context.Context) error {
				must(t, add(ctx, d, 1))
				swallow(ctx)
				return nil
			})
			if err == nil {
				t.Error("it committed")
			}
			wantUnits(t, d, "[]")
		})
	}
}

// Try takes back what failed and lets the rest stand, also when PostgreSQL has given the transaction up.
func TestTry(t *testing.T) {
	d, ctx := openMigrated(t), context.Background()
	var said []string
	must(t, d.Tx(ctx, func(ctx context.Context) error {
		must(t, add(ctx, d, 1))
		must(t, d.Try(ctx, func(ctx context.Context) error {
			d.AfterCommit(ctx, func() { said = append(said, "kept") })
			return add(ctx, d, 2)
		}))
		err := d.Try(ctx, func(ctx context.Context) error {
			d.AfterCommit(ctx, func() { said = append(said, "dropped") })
			d.AfterEnd(ctx, func() { said = append(said, "refused") })
			must(t, add(ctx, d, 3))
			return add(ctx, d, 1)
		})
		if !errs.Is(err, errs.Conflict) {
			t.Errorf("twice the same: %v", err)
		}
		return add(ctx, d, 4)
	}))
	wantUnits(t, d, "[1 2 4]")
	if fmt.Sprint(said) != "[kept refused]" {
		t.Errorf("said %v", said)
	}
}

func TestTryAlone(t *testing.T) {
	d, ctx := openMigrated(t), context.Background()
	must(t, d.Try(ctx, func(ctx context.Context) error { return add(ctx, d, 1) }))
	if err := d.Try(ctx, func(ctx context.Context) error { must(t, add(ctx, d, 2)); return errNo }); !errors.Is(err, errNo) {
		t.Errorf("err %v", err)
	}
	wantUnits(t, d, "[1]")
}

// What is tried and swallows a failure of its own is taken back, and says so: it once answered that all was well.
func TestTryTellsOfASwallowedFailure(t *testing.T) {
	d, ctx := openMigrated(t), context.Background()
	must(t, d.Tx(ctx, func(ctx context.Context) error {
		for name, swallow := range map[string]func(ctx context.Context){
			"inner transaction": func(ctx context.Context) { _ = d.Tx(ctx, func(context.Context) error { return errNo }) },
			"statement":         func(ctx context.Context) { _ = add(ctx, d, 2) },
		} {
			if err := d.Try(ctx, func(ctx context.Context) error {
				must(t, add(ctx, d, 2))
				swallow(ctx)
				return nil
			}); err == nil {
				t.Errorf("%s: nothing was kept and nobody was told", name)
			}
		}
		return add(ctx, d, 1)
	}))
	wantUnits(t, d, "[1]")
}

// A rehearsal keeps nothing and lets nothing follow, alone and inside a transaction that goes on.
func TestRehearse(t *testing.T) {
	d, ctx := openMigrated(t), context.Background()
	act := func(ctx context.Context) error {
		d.AfterCommit(ctx, func() { t.Error("a rehearsed act was followed up") })
		return add(ctx, d, 1)
	}
	must(t, d.Rehearse(ctx, act))
	wantUnits(t, d, "[]")
	must(t, d.Tx(ctx, func(ctx context.Context) error {
		must(t, d.Rehearse(ctx, act))
		must(t, d.Rehearse(ctx, act)) // had the first left anything, this one would collide
		err := d.Rehearse(ctx, func(ctx context.Context) error {
			must(t, act(ctx))
			return act(ctx)
		})
		if !errs.Is(err, errs.Conflict) {
			t.Errorf("the rehearsal promises what the act would not keep: %v", err)
		}
		return add(ctx, d, 2)
	}))
	wantUnits(t, d, "[2]")
}

func TestDriverErrorsBecomeKinds(t *testing.T) {
	d, ctx := openMigrated(t), context.Background()
	if _, err := Get[int64](ctx, d, "SELECT id FROM t_unit WHERE id = $1", 9); !errs.Is(err, errs.NotFound) {
		t.Errorf("no row: %v", err)
	}
	do := func(q string, args ...any) error {
		return d.Tx(ctx, func(ctx context.Context) error { _, err := d.Exec(ctx, q, args...); return err })
	}
	must(t, do("INSERT INTO t_unit (id, name) VALUES (1, 'x')"))
	must(t, do("INSERT INTO t_act (root, id, unit, kind, amount) VALUES (9902, 1, 1, 'a', 5)"))
	for _, c := range []struct{ q, key string }{
		{"INSERT INTO t_unit (id, name) VALUES (1, 'y')", "errs.exists_already"},
		{"INSERT INTO t_kind (code, ord) VALUES ('a', 9)", "errs.exists_already"},
		{"DELETE FROM t_unit WHERE id = 1", "errs.still_referred_to"},
		{"INSERT INTO t_act (root, id, unit, kind, amount) VALUES (9902, 2, 77, 'a', 5)", "errs.still_referred_to"},
	} {
		err := do(c.q)
		var e *errs.Error
		if !errors.As(err, &e) || e.Kind != errs.Conflict || e.Key != c.key {
			t.Errorf("%s: %v, want %s", c.q, err, c.key)
		}
	}
	if err := do("-- t.Wrong\nINSERT INTO nowhere (id) VALUES (1)"); err == nil || errs.KindOf(err) != errs.Internal {
		t.Errorf("an error of our own: %v", err)
	}
}

// What is looked for may be longer than an engine compares: that is said, and is no fault of ours.
func TestTooLongAPatternIsTooMuch(t *testing.T) {
	d, ctx := openMigrated(t), context.Background()
	must(t, d.Tx(ctx, func(ctx context.Context) error {
		_, err := d.Exec(ctx, "INSERT INTO t_unit (id, name) VALUES (1, 'x')")
		return err
	}))
	for _, long := range []int{1000, 60_000, 600_000} {
		_, err := Get[int64](ctx, d, `SELECT COUNT(*) FROM t_unit WHERE name LIKE $1`, "%"+strings.Repeat("x", long)+"%")
		if err != nil && (d.Engine != SQLite || long < 50_000 || !errs.Is(err, errs.TooLarge)) {
			t.Errorf("%d characters: %v", long, err)
		}
	}
}

func TestWritesStayInsideTransactions(t *testing.T) {
	d, ctx := openMigrated(t), context.Background()
	if err := add(ctx, d, 1); err == nil {
		t.Error("a write outside a transaction went through")
	}
	must(t, d.Read(ctx, func(ctx context.Context) error {
		if d.CanWrite(ctx) {
			t.Error("a read transaction says that it can write")
		}
		if add(ctx, d, 1) == nil || d.Tx(ctx, func(context.Context) error { return nil }) == nil || d.Try(ctx, func(context.Context) error { return nil }) == nil {
			t.Error("a write inside a read transaction went through")
		}
		return nil
	}))
	wantUnits(t, d, "[]")
}

// A page reads one snapshot: what is committed meanwhile belongs to the next page.
func TestReadIsOneSnapshot(t *testing.T) {
	d, ctx := openMigrated(t), context.Background()
	count := func(ctx context.Context) int64 {
		n, err := Get[int64](ctx, d, "SELECT count(*) FROM t_unit")
		must(t, err)
		return n
	}
	must(t, d.Read(ctx, func(in context.Context) error {
		before := count(in)
		must(t, d.Tx(ctx, func(ctx context.Context) error { return add(ctx, d, 1) }))
		if after := count(in); before != 0 || after != 0 {
			t.Errorf("%d, then %d within one snapshot", before, after)
		}
		must(t, d.Read(in, func(ctx context.Context) error {
			if count(ctx) != 0 {
				t.Error("an inner read left the snapshot")
			}
			return nil
		}))
		return nil
	}))
	if count(ctx) != 1 {
		t.Error("the commit is lost")
	}
}

// A transaction that lost a race is run again, and what follows its end follows once.
func TestLostRaceIsRunAgain(t *testing.T) {
	d, ctx := openMigrated(t), context.Background()
	lose := loseOn(t, d)
	tries, ends, commits := 0, 0, 0
	must(t, d.Tx(ctx, func(ctx context.Context) error {
		tries++
		d.AfterEnd(ctx, func() { ends++ })
		d.AfterCommit(ctx, func() { commits++ })
		must(t, add(ctx, d, 1))
		if tries < 3 {
			return lose(ctx)
		}
		return nil
	}))
	if tries != 3 || ends != 1 || commits != 1 {
		t.Errorf("%d tries, %d ends, %d commits", tries, ends, commits)
	}
	wantUnits(t, d, "[1]")
}

// A race that is lost inside Try is not a bad row that may be left out: all of it is run again.
func TestLostRaceInsideTryIsRunAgain(t *testing.T) {
	d, ctx := openMigrated(t), context.Background()
	lose := loseOn(t, d)
	tries := 0
	must(t, d.Tx(ctx, func(ctx context.Context) error {
		tries++
		_ = d.Try(ctx, func(ctx context.Context) error {
			if tries == 1 {
				return lose(ctx)
			}
			return add(ctx, d, 1)
		})
		return nil
	}))
	if tries != 2 {
		t.Errorf("%d tries", tries)
	}
	wantUnits(t, d, "[1]")
}

// loseOn makes a function that loses a real race against another connection: SQLITE_BUSY or 40001.
func loseOn(t *testing.T, d *DB) func(ctx context.Context) error {
	t.Helper()
	if d.Engine == SQLite {
		other, err := sql.Open("sqlite", "file:"+d.DSN+"?_pragma=busy_timeout(0)")
		must(t, err)
		t.Cleanup(func() { other.Close() })
		return func(context.Context) error {
			_, err := other.Exec("INSERT INTO t_unit (id, name) VALUES (99, 'x')")
			if !lostRace(err) {
				t.Fatalf("no SQLITE_BUSY: %v", err)
			}
			return err
		}
	}
	return func(ctx context.Context) error {
		// somebody changes a row after our snapshot was taken
		a, err := d.write.BeginTx(ctx, &sql.TxOptions{Isolation: sql.LevelRepeatableRead})
		must(t, err)
		defer a.Rollback()
		var n int
		must(t, a.QueryRow("SELECT count(*) FROM t_kind").Scan(&n))
		_, err = d.write.Exec("UPDATE t_kind SET ord = ord + 1 WHERE code = 'b'")
		must(t, err)
		_, err = a.Exec("UPDATE t_kind SET ord = ord + 1 WHERE code = 'b'")
		if !lostRace(err) {
			t.Fatalf("no 40001: %v", err)
		}
		return err
	}
}

// Two that take the same two rows in opposite order: PostgreSQL ends one of them (40P01), SQLite lets them queue.
// Both acts stand in the end.
func TestDeadlockIsRunAgain(t *testing.T) {
	d, ctx := openMigrated(t), context.Background()
	must(t, d.Tx(ctx, func(ctx context.Context) error { return errors.Join(add(ctx, d, 1), add(ctx, d, 2)) }))
	touch := func(ctx context.Context, unit int) error {
		_, err := d.Exec(ctx, "UPDATE t_unit SET name = name || '+' WHERE id = $1", unit)
		return err
	}
	var both, done sync.WaitGroup
	both.Add(2)
	done.Add(2)
	tries := [2]int{}
	fail := [2]error{}
	for i := range 2 {
		go func() {
			defer done.Done()
			fail[i] = d.Tx(ctx, func(ctx context.Context) error {
				tries[i]++
				if err := touch(ctx, 1+i); err != nil {
					return err
				}
				if tries[i] == 1 && d.Engine == Postgres {
					both.Done()
					both.Wait() // each holds its first row now
				}
				return touch(ctx, 2-i)
			})
		}()
	}
	done.Wait()
	must(t, errors.Join(fail[:]...))
	names, err := Select[string](ctx, d, "SELECT name FROM t_unit ORDER BY id")
	must(t, err)
	if fmt.Sprint(names) != "[u1++ u2++]" {
		t.Errorf("names %v", names)
	}
	want := map[Engine]int{SQLite: 2, Postgres: 3}[d.Engine]
	if tries[0]+tries[1] != want {
		t.Errorf("%v tries, want %d together", tries, want)
	}
}

// Two programs on one database (a server and the command line) lose no act of either.
func TestTwoProgramsOnOneDatabase(t *testing.T) {
	a := openMigrated(t)
	b, ctx := openAt(t, a.DSN), context.Background()
	must(t, a.Tx(ctx, func(ctx context.Context) error { return add(ctx, a, 0) }))
	const each = 50
	var done sync.WaitGroup
	fail := [2]error{}
	for i, d := range []*DB{a, b} {
		done.Add(1)
		go func() {
			defer done.Done()
			for range each {
				fail[i] = errors.Join(fail[i], d.Tx(ctx, func(ctx context.Context) error {
					n, err := Get[int64](ctx, d, "SELECT cast(note AS BIGINT) FROM (SELECT coalesce(note, '0') AS note, id FROM t_unit WHERE id = 0"+d.ForUpdate()+") x")
					if err != nil {
						return err
					}
					_, err = d.Exec(ctx, "UPDATE t_unit SET note = $1 WHERE id = 0", fmt.Sprint(n+1))
					return err
				}))
			}
		}()
	}
	done.Wait()
	must(t, errors.Join(fail[:]...))
	n, err := Get[string](ctx, a, "SELECT note FROM t_unit WHERE id = 0")
	must(t, err)
	if n != fmt.Sprint(2*each) {
		t.Errorf("%s acts stand, want %d", n, 2*each)
	}
}

func TestMigrateTwiceChangesNothing(t *testing.T) {
	d, ctx := openMigrated(t), context.Background()
	dump := func() string {
		s, err := d.Schema(ctx)
		must(t, err)
		n, err := Get[int64](ctx, d, "SELECT count(*) FROM t_kind")
		must(t, err)
		return fmt.Sprint(s, n)
	}
	before := dump()
	must(t, migrate(ctx, d))
	if after := dump(); after != before {
		t.Errorf("%s\nbecame\n%s", before, after)
	}
	// a fresh database of the same files dumps the same
	fresh := openAt(t, testkit.DSN(t))
	must(t, migrate(ctx, fresh))
	a, err := d.Schema(ctx)
	must(t, err)
	b, err := fresh.Schema(ctx)
	must(t, err)
	if a != b || a == "" {
		t.Errorf("two fresh databases differ:\n%s\n%s", a, b)
	}
	tables, err := d.Tables(ctx)
	must(t, err)
	if fmt.Sprint(tables) != "[t_act t_kind t_unit]" {
		t.Errorf("tables %v", tables)
	}
}

// A file with an older date that lands later (two people merged) is still run; two files of one name are refused.
func TestMigrateOrder(t *testing.T) {
	d, ctx := openMigrated(t), context.Background()
	late := Source{Module: "u", Files: fstest.MapFS{"migrations/20250101000001_u.sql": {Data: []byte("-- +goose Up\nCREATE TABLE u_one (id BIGINT PRIMARY KEY);\n")}}}
	must(t, d.Migrate(ctx, append(source(schemaSQL), late)))
	tables, err := d.Tables(ctx)
	must(t, err)
	if fmt.Sprint(tables) != "[t_act t_kind t_unit u_one]" {
		t.Errorf("tables %v", tables)
	}
	if err := d.Migrate(ctx, append(source(schemaSQL), source(schemaSQL)...)); err == nil {
		t.Error("two modules with one file name were taken")
	}
	if err := openAt(t, testkit.DSN(t)).Migrate(ctx, nil); err != nil {
		t.Errorf("no files: %v", err)
	}
}

func TestNameOfAQuery(t *testing.T) {
	for q, want := range map[string]string{
		"\n  -- base.Get\n SELECT 1": "base.Get",
		"SELECT 1":                   "SELECT 1",
		"SELECT aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa": "SELECT aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
	} {
		if got := name(q); got != want {
			t.Errorf("%q: %q, want %q", q, got, want)
		}
	}
}

// SQLite answers a checkpoint that readers kept from its work with a row, not with an error: once Settle said that a file
// was on the disk whose last pages lay in a log that was about to be left behind.
func TestSettleWaitsForReadersOrSaysSo(t *testing.T) {
	ctx := context.Background()
	d := openAt(t, sqliteFile(t))
	must(t, migrate(ctx, d))
	must(t, d.Hasten(ctx))
	must(t, d.Read(ctx, func(inner context.Context) error {
		if _, err := Select[int64](inner, d, "SELECT id FROM t_unit"); err != nil {
			return err
		}
		must(t, d.Tx(ctx, func(ctx context.Context) error { return add(ctx, d, 1) }))
		if err := d.truncate(ctx, time.Millisecond); err == nil {
			t.Error("a log that a reader holds on to was called empty")
		}
		return nil
	}))
	must(t, d.Settle(ctx))
	if st, err := os.Stat(d.DSN + "-wal"); err != nil || st.Size() != 0 {
		t.Errorf("the log is not empty: %v, %v", st, err)
	}
	var full, wait int
	must(t, d.write.QueryRow("PRAGMA synchronous").Scan(&full))
	must(t, d.write.QueryRow("PRAGMA busy_timeout").Scan(&wait))
	if full != 2 || wait != int(waitForReaders.Milliseconds()) {
		t.Errorf("the writer was left with synchronous %d and waits %d ms for others", full, wait)
	}
}

// SQLite answers -1 of -1 pages, and waits for nobody, when another connection is moving the log at the same moment: the
// loop of a program that runs on the same file does that now and then.
func TestSettleWaitsForSomebodyElsesCheckpoint(t *testing.T) {
	ctx := context.Background()
	d := openAt(t, sqliteFile(t))
	must(t, migrate(ctx, d))
	other := openAt(t, d.DSN)
	stop, stopped := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(stopped)
		for {
			select {
			case <-stop:
				return
			default:
				_, _ = other.read.Exec("PRAGMA wal_checkpoint(PASSIVE)")
			}
		}
	}()
	for n := range int64(30) {
		must(t, d.Tx(ctx, func(ctx context.Context) error { return add(ctx, d, n+1) }))
		if err := d.Settle(ctx); err != nil {
			t.Errorf("round %d: %v", n, err)
			break
		}
	}
	close(stop)
	<-stopped
}
