package main

import (
	"cmp"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// switchName is the variable of the environment that says which change is on.
const switchName = "XINHUO_MUTANT"

// helpers stand in a file beside those that are changed, in the overlay alone.
const helpers = `

import (
	"os"
	"strconv"
)

var mutantOn = func() int {
	n, _ := strconv.Atoi(os.Getenv("` + switchName + `"))
	return n
}()

func mutantYes(n int, was bool) bool { return was || n == mutantOn }

func mutantNo(n int, was bool) bool { return was && n != mutantOn }

func mutantYesErr(n int) func(bool, error) (bool, error) {
	return func(was bool, err error) (bool, error) { return was || n == mutantOn, err }
}

func mutantNil(n int, was error) error {
	if n == mutantOn {
		return nil
	}
	return was
}

func mutantPick[T any](n int, other, was T) T {
	if n == mutantOn {
		return other
	}
	return was
}
`

// changed is a file with all its changes put in, each behind its number.
func changed(source []byte, list []*mutant) []byte {
	type mark struct {
		at, other int // other is where the change's second mark stands
		n         int
		text      string
		shuts     bool
	}
	var marks []mark
	for _, m := range list {
		marks = append(marks, mark{m.start, m.end, m.n, strings.Replace(m.open, "@", strconv.Itoa(m.n), 1), false}, mark{m.end, m.start, m.n, m.shut, true})
	}
	slices.SortFunc(marks, func(a, b mark) int {
		if a.shuts && b.shuts { // the inner one shuts first
			return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(b.other, a.other), cmp.Compare(b.n, a.n))
		}
		if !a.shuts && !b.shuts { // the outer one opens first
			return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(b.other, a.other), cmp.Compare(a.n, b.n))
		}
		if a.at == b.at && a.shuts {
			return -1
		}
		if a.at == b.at {
			return 1
		}
		return cmp.Compare(a.at, b.at)
	})
	var out []byte
	from := 0
	for _, m := range marks {
		out = append(append(out, source[from:m.at]...), m.text...)
		from = m.at
	}
	return append(out, source[from:]...)
}

// overlayOf writes the changed files of a module into a folder and the list that tells the build of them.
func overlayOf(list []*mutant, dir string) (string, error) {
	byFile := map[string][]*mutant{}
	for _, m := range list {
		byFile[m.file] = append(byFile[m.file], m)
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", err
	}
	replace := map[string]string{}
	put := func(at string, text []byte) error {
		path := filepath.Join(dir, filepath.Base(at))
		replace[at] = path
		return os.WriteFile(path, text, 0o644)
	}
	for file, list := range byFile {
		if err := put(file, changed(list[0].source, list)); err != nil {
			return "", err
		}
		if err := put(filepath.Join(filepath.Dir(file), "zz_mutant.go"), []byte("package "+list[0].module+helpers)); err != nil {
			return "", err
		}
	}
	b, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		return "", err
	}
	path := filepath.Join(dir, "overlay.json")
	return path, os.WriteFile(path, b, 0o644)
}
