package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func run(t *testing.T, args ...string) (string, error) {
	t.Helper()
	c := root()
	var out bytes.Buffer
	c.SetArgs(args)
	c.SetOut(&out)
	c.SetErr(&out)
	err := c.ExecuteContext(t.Context())
	return out.String(), err
}

// A mistyped --db once made an empty database, and verify said that all its figures agree.
func TestReadingMakesNoDatabase(t *testing.T) { // R89: a figure comes from its records
	file := filepath.Join(t.TempDir(), "mistyped.db")
	for _, args := range [][]string{{"verify"}, {"figures", "--unit", "C"}, {"evidence", "base.accredited", "--unit", "C"}, {"audit", "verify"},
		{"export", "base", "--unit", "C"}, {"user", "list"}} {
		if _, err := run(t, append(args, "--db", file)...); exitCode(err) != 3 || !strings.Contains(words(err), "mistyped.db") {
			t.Errorf("%v on a missing database: exit %d, %v", args, exitCode(err), err)
		}
		if _, err := os.Stat(file); err == nil {
			t.Fatalf("%v made a database", args)
		}
	}
}

func TestMistakesAreToldInPlainWords(t *testing.T) { // R90: figures relative to a day
	file := filepath.Join(t.TempDir(), "city.db")
	if _, err := run(t, "migrate", "--db", file); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		code int
		say  string
		args []string
	}{
		{3, "no unit has the code", []string{"figures", "--unit", "NOPE"}},
		{2, "--as-of takes a day like 2019-05-31", []string{"figures", "--unit", "C", "--as-of", "2019-02-31"}},
		{2, "--period takes a year", []string{"figures", "--unit", "C", "--period", "lately"}},
		{2, "--bounds takes then or today", []string{"figures", "--unit", "C", "--bounds", "never"}},
		{2, "--format takes csv", []string{"evidence", "base.accredited", "--unit", "C", "--format", "pdf"}},
	} {
		_, err := run(t, append(c.args, "--db", file)...)
		if exitCode(err) != c.code || !strings.Contains(words(err), c.say) {
			t.Errorf("%v: exit %d, %q", c.args, exitCode(err), words(err))
		}
	}
}

// On a telephone in the same network the address without the key only said that the key is missing.
func TestLocalAddressCarriesTheKeyOfAnEmptyProgram(t *testing.T) {
	var out bytes.Buffer
	announce(&out, "http://127.0.0.1:8080", "http://192.168.1.7:8080", "/setup?key=abc")
	if !strings.Contains(out.String(), "http://192.168.1.7:8080/setup?key=abc") {
		t.Errorf("no setup address for the local network:\n%s", out.String())
	}
}

func TestHelpTeaches(t *testing.T) {
	for _, c := range root().Commands() {
		if c.Name() == "completion" || c.Name() == "help" || c.Name() == "version" {
			continue
		}
		if c.Short == "" || (c.Long == "" && c.Example == "" && !c.HasSubCommands()) {
			t.Errorf("%s: its help says nothing but its flags", c.Name())
		}
	}
}
