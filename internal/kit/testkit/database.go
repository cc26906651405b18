package testkit

import (
	"bufio"
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"
)

// The two engines that Engine can name.
const (
	SQLite   = "sqlite"
	Postgres = "postgres"
)

// Engine names the engine that this run tests: SQLite or Postgres.
func Engine() string {
	if os.Getenv("XINHUO_TEST_DB") == Postgres || isPostgres(os.Getenv("XINHUO_DB")) {
		return Postgres
	}
	return SQLite
}

func isPostgres(dsn string) bool {
	return strings.HasPrefix(dsn, "postgres://") || strings.HasPrefix(dsn, "postgresql://")
}

// Long reports whether the long round runs (XINHUO_LONG=1). Property tests
// take their number of steps from it instead of skipping.
func Long() bool { return os.Getenv("XINHUO_LONG") == "1" }

// Full leaves a test that takes long out of the quick round (`make check`, go test -short); `make test` runs it.
func Full(t testing.TB) {
	t.Helper()
	if testing.Short() {
		t.Skip("takes long: make test runs it")
	}
}

// DSN gives an empty database of the test's own on the engine under test: a
// file path for SQLite, a postgres:// address otherwise. It is removed when
// the test ends, after everything that the test registered later.
func DSN(t testing.TB) string {
	t.Helper()
	if Engine() == SQLite {
		return filepath.Join(t.TempDir(), "test.db")
	}
	return createDatabase(t, "template0")
}

var templates struct {
	sync.Mutex
	made map[string]*template
}

type template struct {
	once sync.Once
	dsn  string // the file (SQLite) or the name of the database (PostgreSQL)
	err  error
}

// Prepared gives the test its own copy of a database that prepare has filled.
// prepare runs once per process and key (usually the migrations, sometimes a
// demonstration as well) and must have closed every connection when it
// returns; each test then gets a copy, which costs a fraction of migrating.
func Prepared(t testing.TB, key string, prepare func(dsn string) error) string {
	t.Helper()
	templates.Lock()
	if templates.made == nil {
		templates.made = map[string]*template{}
	}
	tpl := templates.made[key]
	if tpl == nil {
		tpl = &template{}
		templates.made[key] = tpl
	}
	templates.Unlock()

	tpl.once.Do(func() { tpl.dsn, tpl.err = makeTemplate(prepare) })
	if tpl.err != nil {
		t.Fatalf("testkit: preparing %q: %v", key, tpl.err)
	}
	if Engine() == Postgres {
		return createDatabase(t, tpl.dsn)
	}
	dsn := filepath.Join(t.TempDir(), "test.db")
	if err := copyFile(dsn, tpl.dsn); err != nil {
		t.Fatalf("testkit: copying the prepared database: %v", err)
	}
	return dsn
}

func makeTemplate(prepare func(dsn string) error) (string, error) {
	if Engine() == Postgres {
		admin, err := adminDSN()
		if err != nil {
			return "", err
		}
		name := randomName("tpl")
		if err := adminExec(admin, "CREATE DATABASE "+name+" TEMPLATE template0"); err != nil {
			return "", err
		}
		return name, prepare(withDatabase(admin, name))
	}
	dir, err := os.MkdirTemp("", "xinhuo-template-")
	if err != nil {
		return "", err
	}
	dsn := filepath.Join(dir, "template.db")
	if err := prepare(dsn); err != nil {
		os.RemoveAll(dir)
		return "", err
	}
	// What is still in the write-ahead log would be missing from every copy.
	if info, err := os.Stat(dsn + "-wal"); err == nil && info.Size() > 0 {
		os.RemoveAll(dir)
		return "", errors.New("prepare left the database open: close it before returning")
	}
	return dsn, holdTemplate(dir)
}

// holdTemplate keeps the file's folder until this process ends: nothing in a
// test binary runs after the last test, so a shell on the other end of a pipe
// removes it. Without a shell the folder stays in the temporary folder.
func holdTemplate(dir string) error {
	sh, err := exec.LookPath("sh")
	if err != nil {
		return nil
	}
	cmd := exec.Command(sh, "-c", `trap "" INT; cat >/dev/null; rm -rf "$1"`, "sh", dir)
	if err := hold(cmd); err != nil {
		return err
	}
	return cmd.Start()
}

// held are the pipes that end a companion process when this process ends. They
// are reachable for good, or the collector would close them in mid-test.
var held struct {
	sync.Mutex
	pipes []io.Closer
}

func hold(cmd *exec.Cmd) error {
	pipe, err := cmd.StdinPipe()
	if err != nil {
		return err
	}
	held.Lock()
	held.pipes = append(held.pipes, pipe)
	held.Unlock()
	return nil
}

func copyFile(to, from string) error {
	src, err := os.Open(from)
	if err != nil {
		return err
	}
	defer src.Close()
	dst, err := os.Create(to)
	if err != nil {
		return err
	}
	if _, err := io.Copy(dst, src); err != nil {
		dst.Close()
		return err
	}
	return dst.Close()
}

func createDatabase(t testing.TB, from string) string {
	t.Helper()
	admin, err := adminDSN()
	if err != nil {
		t.Fatalf("testkit: %v", err)
	}
	name := randomName("test")
	if err := adminExec(admin, "CREATE DATABASE "+name+" TEMPLATE "+from); err != nil {
		t.Fatalf("testkit: %v", err)
	}
	t.Cleanup(func() {
		if err := adminExec(admin, "DROP DATABASE IF EXISTS "+name+" WITH (FORCE)"); err != nil {
			t.Errorf("testkit: %v", err)
		}
	})
	return withDatabase(admin, name)
}

// randomName is unlike that of any other process on the same server.
func randomName(kind string) string {
	var b [8]byte
	_, _ = rand.Read(b[:]) // never fails, says crypto/rand
	return "xinhuo_" + kind + "_" + hex.EncodeToString(b[:])
}

func withDatabase(dsn, name string) string {
	u, err := url.Parse(dsn)
	if err != nil {
		panic("testkit: the server's address was read before: " + err.Error())
	}
	u.Path = "/" + name
	return u.String()
}

// oneAtATime because PostgreSQL refuses to copy a template that another
// connection is copying at the same moment.
var oneAtATime sync.Mutex

func adminExec(admin, sql string) error {
	oneAtATime.Lock()
	defer oneAtATime.Unlock()
	ctx := context.Background()
	conn, err := pgx.Connect(ctx, admin)
	if err != nil {
		return fmt.Errorf("reach the test server: %w", err)
	}
	defer conn.Close(ctx)
	if _, err := conn.Exec(ctx, sql); err != nil {
		return fmt.Errorf("%s: %w", sql, err)
	}
	return nil
}

// adminDSN finds or starts the server, once per process.
var adminDSN = sync.OnceValues(func() (string, error) {
	for _, name := range []string{"XINHUO_PG_ADMIN", "XINHUO_DB"} {
		dsn := os.Getenv(name)
		if !isPostgres(dsn) {
			continue
		}
		if _, err := url.Parse(dsn); err != nil {
			return "", fmt.Errorf("%s is no address: %w", name, err)
		}
		return dsn, nil
	}
	return startCluster()
})

// startCluster runs tools/pg.sh with a pipe that this process holds open; the
// script stops the server when the pipe closes, however this process ends.
func startCluster() (string, error) {
	root, err := ModuleRoot()
	if err != nil {
		return "", err
	}
	cmd := exec.Command("bash", filepath.Join(root, "tools", "pg.sh"), "hold")
	if err := hold(cmd); err != nil {
		return "", err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return "", err
	}
	// Not our own standard error: `go test` would wait for the script to close it.
	errs, err := os.CreateTemp("", "xinhuo-pg-err-")
	if err != nil {
		return "", err
	}
	defer errs.Close()
	defer os.Remove(errs.Name())
	cmd.Stderr = errs
	if err := cmd.Start(); err != nil {
		return "", err
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		said, _ := os.ReadFile(errs.Name())
		return "", fmt.Errorf("start PostgreSQL: %w: %s", err, said)
	}
	return strings.TrimSpace(line), nil
}

// ModuleRoot is the folder of go.mod, found upwards from the test's folder.
func ModuleRoot() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir, nil
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return "", errors.New("no go.mod above the test's folder")
		}
		dir = parent
	}
}
