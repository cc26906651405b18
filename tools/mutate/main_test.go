package main

import (
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// What decides who reads what is sealed is found, each check once, and every changed file is still Go.
func TestChecksAreFound(t *testing.T) {
	list, err := find("xinhuo/internal/seal")
	if err != nil {
		t.Fatal(err)
	}
	names := map[string]bool{}
	for _, m := range list {
		if names[m.String()] {
			t.Errorf("%s stands twice", m)
		}
		names[m.String()] = true
	}
	for _, want := range []string{"seal/service.go keeper same: a.Unit == u.ID", "seal/service.go keeper may: a.May(scope.Work, u.Pos)", `seal/pages.go Routes route: "GET" "/seal" web.ByUnit`} {
		if !names[want] {
			t.Errorf("not found: %s", want)
		}
	}
	dir := t.TempDir()
	if _, err := overlayOf(list, dir); err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil || len(files) < 3 {
		t.Fatalf("%v %v", files, err)
	}
	for _, f := range files {
		text, err := os.ReadFile(f)
		if err == nil {
			_, err = parser.ParseFile(token.NewFileSet(), f, text, 0)
		}
		if err != nil {
			t.Error(err)
		}
	}
	if text, _ := os.ReadFile(filepath.Join(dir, "service.go")); !strings.Contains(string(text), "a.May(scope.Work, u.Pos))") {
		t.Error("nothing was put in")
	}
}

// Changes within each other open and shut in order.
func TestChangesWithinEachOther(t *testing.T) {
	source := []byte("if a(b) && c {")
	got := string(changed(source, []*mutant{{n: 1, start: 3, end: 12, open: "no(@, ", shut: ")"}, {n: 2, start: 3, end: 7, open: "yes(@, ", shut: ")"}, {n: 3, start: 5, end: 6, open: "yes(@, ", shut: ")"}}))
	if want := "if no(1, yes(2, a(yes(3, b))) && c) {"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}
