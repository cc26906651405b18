package app

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"xinhuo/internal/kit/testkit"
)

// R189: what every route asks for stands in docs/schema/routes.txt, so that a right that is lowered or a scope rule that is taken off
// is read in review: the matrix holds that each route keeps what it declares, and cannot know that it declares too little.
func TestWhatRoutesDeclare(t *testing.T) {
	a, _ := openEmpty(t)
	var b strings.Builder
	for _, rt := range a.Site().Routes() {
		if rt.Name == "app.asset" { // their addresses change with what they hold
			continue
		}
		fmt.Fprintf(&b, "%s %s: %s, %s\n", rt.Method, rt.Path, rt.Right, rt.Scope)
	}
	root, err := testkit.ModuleRoot()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(root, "docs", "schema", "routes.txt")
	if flag.Lookup("update").Value.String() == "true" {
		if err := os.WriteFile(path, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if b.String() != string(want) {
		t.Errorf("docs/schema/routes.txt says something else. When it is meant: go test ./internal/app -run TestWhatRoutesDeclare -update\n%s", firstDifference(string(want), b.String()))
	}
}
