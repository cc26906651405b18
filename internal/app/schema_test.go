package app_test

import (
	"context"
	"flag"
	"os"
	"path/filepath"
	"testing"

	"xinhuo/internal/app"
	"xinhuo/internal/kit/db"
	"xinhuo/internal/kit/testkit"
)

var update = flag.Bool("update", false, "write docs/schema anew instead of comparing with it")

// The schema of both engines stands in docs/schema, so that a change of a table is read in review and a migration that
// does more than it says is noticed.
func TestSchemaDump(t *testing.T) {
	ctx := context.Background()
	d, err := db.Open(ctx, testkit.DSN(t))
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	if err := d.Migrate(ctx, app.Migrations()); err != nil {
		t.Fatal(err)
	}
	got, err := d.Schema(ctx)
	if err != nil {
		t.Fatal(err)
	}
	root, err := testkit.ModuleRoot()
	if err != nil {
		t.Fatal(err)
	}
	name := map[db.Engine]string{db.SQLite: "sqlite.sql", db.Postgres: "postgres.txt"}[d.Engine]
	path := filepath.Join(root, "docs", "schema", name)
	if *update {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v; %s", err, refresh)
	}
	if got != string(want) {
		t.Errorf("docs/schema/%s differs from a fresh database. %s\n%s", name, refresh, firstDifference(string(want), got))
	}
}

const refresh = "When the change is meant, write it anew for both engines and commit it:\n" +
	"  go test ./internal/app -run TestSchemaDump -update\n" +
	"  XINHUO_TEST_DB=postgres go test ./internal/app -run TestSchemaDump -update"

// firstDifference shows where two texts part, a few lines of each.
func firstDifference(want, got string) string {
	at := 0
	for at < len(want) && at < len(got) && want[at] == got[at] {
		at++
	}
	for at > 0 && want[at-1] != '\n' {
		at--
	}
	cut := func(s string) string { return s[min(at, len(s)):min(at+300, len(s))] }
	return "--- the file\n" + cut(want) + "\n+++ a fresh database\n" + cut(got)
}
