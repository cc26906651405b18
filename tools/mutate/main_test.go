package main

import (
	"encoding/json"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
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

// What TestAsked does with each change switched on.
const (
	failing = iota + 1
	panicking
	hanging
	ending
	endingOnce
	passing
)

// TestAsked is what the tests below ask, as a program of its own: it does nothing as long as no change is switched on.
func TestAsked(t *testing.T) {
	switch os.Getenv(switchName) {
	case "1":
		t.Fail()
	case "2":
		panic("a test that panics")
	case "3":
		select {}
	case "4":
		os.Exit(3)
	case "5":
		if mark := os.Getenv("MUTATE_MARK"); os.Mkdir(mark, 0o700) == nil {
			os.Exit(3)
		}
		t.Fail()
	}
}

// asking is a program whose tests are TestAsked, built already.
func asking(t *testing.T) *program {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	p := &program{pkg: "./.", dir: t.TempDir(), built: map[string]bool{}, env: []string{"MUTATE_MARK=" + filepath.Join(t.TempDir(), "mark")}}
	if err := os.Symlink(self, p.path()); err != nil {
		t.Fatal(err)
	}
	return p
}

// Only a test that failed has noticed a change: neither time that is up nor a program that ends says anything.
func TestOnlyATestThatFailsNotices(t *testing.T) {
	const tests = "^TestAsked$"
	defer func(was time.Duration) { limit = was }(limit)
	for n, want := range map[int]outcome{
		failing: {Killed: "TestAsked"}, panicking: {Killed: "TestAsked"}, hanging: {undecided: true}, ending: {undecided: true},
		endingOnce: {Killed: "TestAsked"}, // asked again
		passing:    {},
	} {
		p := asking(t)
		if _, err := p.run(passing, tests); err != nil {
			t.Fatal(err)
		}
		limit = time.Minute
		if n == hanging {
			limit = time.Millisecond
		}
		if got, err := p.run(n, tests); err != nil || got != want {
			t.Errorf("change %d: %+v %v, want %+v", n, got, err, want)
		}
	}
}

// What is not decided is said, is no success, and is asked again by the next run; what a test noticed is not.
func TestWhatIsNotDecidedIsAskedAgain(t *testing.T) {
	t.Chdir(t.TempDir())
	known := map[string]outcome{}
	one := &mutant{n: 1, module: "m", file: "a.go", fun: "f", kind: "may", text: "x"}
	round := func(got outcome) (ok bool, asked int) {
		t.Helper()
		ok, err := decide("m", []*mutant{one}, []*mutant{one}, nil, known, "tests", func(*mutant) (outcome, error) {
			asked++
			return got, nil
		})
		if err != nil {
			t.Fatal(err)
		}
		return ok, asked
	}
	if ok, asked := round(outcome{undecided: true}); ok || asked != 1 || len(known) != 0 {
		t.Errorf("not decided: %v, asked %d, remembered %v", ok, asked, known)
	}
	known[one.hash()] = outcome{Killed: "a program that ended"} // as files of before have it
	if ok, asked := round(outcome{undecided: true}); ok || asked != 1 || len(known) != 0 {
		t.Errorf("an end of before: %v, asked %d, remembered %v", ok, asked, known)
	}
	if ok, asked := round(outcome{Killed: "TestX"}); !ok || asked != 1 {
		t.Errorf("noticed: %v, asked %d", ok, asked)
	}
	b, err := os.ReadFile(memory)
	if err == nil {
		known = map[string]outcome{}
		err = json.Unmarshal(b, &known)
	}
	if err != nil {
		t.Fatal(err)
	}
	if ok, asked := round(outcome{}); !ok || asked != 0 {
		t.Errorf("remembered: %v, asked %d", ok, asked)
	}
}
