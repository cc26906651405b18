package app

import (
	"cmp"
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
)

// The table of routes in docs/api.md is written from the program: `go test ./internal/app -run TestAPIDocument -update`.
func TestAPIDocument(t *testing.T) {
	const file, begin, end = "../../docs/api.md", "<!-- routes -->\n", "<!-- end of routes -->\n"
	a, _ := openEmpty(t)
	type key struct{ path, right string }
	methods := map[key][]string{}
	for _, rt := range a.Site().Routes() {
		if strings.HasPrefix(rt.Path, "/api/v1/") {
			k := key{rt.Path, rt.Right.String()}
			methods[k] = append(methods[k], rt.Method)
		}
	}
	var keys []key
	for k := range methods {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, func(x, y key) int {
		return cmp.Or(strings.Compare(x.path, y.path), strings.Compare(methods[x][0], methods[y][0]))
	})
	var table strings.Builder
	table.WriteString("| | | right |\n|---|---|---|\n")
	for _, k := range keys {
		fmt.Fprintf(&table, "| %s | `%s` | %s |\n", strings.Join(methods[k], ", "), k.path, k.right)
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, ok := strings.Cut(string(text), begin)
	old, after, ok2 := strings.Cut(rest, end)
	if !ok || !ok2 || len(keys) < 60 {
		t.Fatalf("no place for the routes in %s, or only %d of them", file, len(keys))
	}
	if flag.Lookup("update").Value.String() == "true" {
		if err := os.WriteFile(file, []byte(before+begin+table.String()+end+after), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if old != table.String() {
		t.Errorf("%s does not list the routes as they are: %s", file, firstDifference(old, table.String()))
	}
}
