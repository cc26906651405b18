package main

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/spf13/cobra"
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
	new := filepath.Join(t.TempDir(), "new")
	for _, args := range [][]string{{"backup", new}, {"verify"}, {"figures", "--unit", "C"}, {"evidence", "base.accredited", "--unit", "C"}, {"audit", "verify"},
		{"export", "base", "--unit", "C"}, {"user", "list"}} {
		if _, err := run(t, append(args, "--db", file)...); exitCode(err) != 3 || !strings.Contains(words(err), "mistyped.db") {
			t.Errorf("%v on a missing database: exit %d, %v", args, exitCode(err), err)
		}
		if _, err := os.Stat(file); err == nil {
			t.Fatalf("%v made a database", args)
		}
	}
	if _, err := run(t, "copy", "--from", file, "--to", new); exitCode(err) != 3 || !strings.Contains(words(err), "mistyped.db") {
		t.Errorf("copy of a missing database: exit %d, %v", exitCode(err), err)
	}
	if _, err := os.Stat(new); err == nil {
		t.Error("a copy or a backup of nothing was made")
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

// --behind-proxy was once read and never handed on: cookies stayed unprotected behind a proxy with TLS.
func TestBehindProxyReachesTheProgram(t *testing.T) {
	if !(serveOptions{proxy: true}).config().Proxy || (serveOptions{}).config().Proxy {
		t.Error("the program does not hear of --behind-proxy")
	}
}

// Every command says what it does, and shows how in lines that can be typed as they stand.
func TestHelpTeaches(t *testing.T) {
	var walk func(c *cobra.Command)
	walk = func(c *cobra.Command) {
		for _, sub := range c.Commands() {
			if sub.Name() != "completion" && sub.Name() != "help" && sub.Name() != "version" && !sub.Hidden { // a hidden one nobody types
				walk(sub)
			}
		}
		if c.Short == "" || !c.HasSubCommands() && (c.Long == "" || c.Example == "") {
			t.Errorf("%s: its help says nothing but its flags", c.CommandPath())
		}
		for _, line := range strings.Split(c.Long+"\n"+c.Example, "\n") {
			if !strings.HasPrefix(line, "  xinhuo ") {
				continue
			}
			line, _, _ = strings.Cut(line, " >") // where the shell puts the output
			words := strings.Fields(strings.ReplaceAll(line, `"$(tail -n 1 heads)"`, "HEAD"))
			found, args, err := root().Find(words[1:])
			if err == nil {
				err = found.ParseFlags(args)
			}
			if err == nil {
				err = errors.Join(found.ValidateArgs(found.Flags().Args()), found.ValidateRequiredFlags())
			}
			if err != nil || !found.Runnable() {
				t.Errorf("%s shows a line that does not run: %s: %v", c.CommandPath(), line, err)
			}
		}
	}
	walk(root())
}

// L34: the operator keeps the tree of categories without a browser; what is refused is said by the name of its flag.
func TestCategoriesOfTheLibrary(t *testing.T) { // L34
	file := filepath.Join(t.TempDir(), "city.db")
	if _, err := run(t, "migrate", "--db", file); err != nil {
		t.Fatal(err)
	}
	categories := func(args ...string) string {
		t.Helper()
		out, err := run(t, append([]string{"library", "categories", "--db", file}, args...)...)
		if err != nil {
			t.Fatalf("%v: %s", args, words(err))
		}
		return out
	}
	if out := categories("add", "--name", "家长课堂", "--en", "For parents", "--under", "teach", "--reviewed"); strings.TrimSpace(out) != "c1" {
		t.Errorf("made %q", out)
	}
	categories("rename", "other", "--name", "杂项")
	categories("move", "publicity.news", "--under", "work", "--place", "1")
	categories("close", "publicity", "--to", "other")
	shown := categories()
	for _, text := range []string{"  c1", "家长课堂", "approved before it is issued", "杂项", "now other"} {
		if !strings.Contains(shown, text) {
			t.Errorf("%s is not shown:\n%s", text, shown)
		}
	}
	if i, j := strings.Index(shown, "publicity.news"), strings.Index(shown, "work.speech"); i < 0 || i > j {
		t.Errorf("not moved:\n%s", shown)
	}
	if out := categories("--lang", "en", "--format", "json"); !strings.Contains(out, `"en":"For parents"`) || !strings.Contains(out, `"name":"会议讲话"`) {
		t.Error(out)
	}
	if out := categories("--history"); !strings.Contains(out, "(was 其他)") || !strings.Contains(out, "(under work, was publicity)") || !strings.Contains(out, "-> other, 0 documents") {
		t.Error(out)
	}
	for want, args := range map[string][]string{"parent: ": {"move", "work", "--under", "teach"}, "name: ": {"add"}, "successor: ": {"close", "other", "--to", "other"}} {
		if _, err := run(t, append([]string{"library", "categories", "--db", file}, args...)...); exitCode(err) != 2 || !strings.Contains(words(err), want) {
			t.Errorf("%v: exit %d, %q", args, exitCode(err), words(err))
		}
	}
	if _, err := run(t, "library", "categories", "--db", file, "rename", "nowhere", "--name", "x"); exitCode(err) != 3 {
		t.Errorf("a category that is not there: exit %d, %v", exitCode(err), err)
	}
	if _, err := run(t, "library", "export", filepath.Join(t.TempDir(), "x.zip"), "--db", file, "--category", "nowhere"); exitCode(err) != 3 {
		t.Errorf("exported of a category that is not there: exit %d, %v", exitCode(err), err)
	}
}

// L36: the operator sets the foot of the pages without a browser: flags that are not given leave their lines, an empty one takes
// its line away, and what is wrong is said by its name.
func TestSiteSetsTheFootOfThePages(t *testing.T) { // L35 // L36
	file := filepath.Join(t.TempDir(), "city.db")
	if _, err := run(t, "migrate", "--db", file); err != nil {
		t.Fatal(err)
	}
	site := func(args ...string) string {
		t.Helper()
		out, err := run(t, append([]string{"site", "--db", file}, args...)...)
		if err != nil {
			t.Fatalf("%v: %s", args, words(err))
		}
		return out
	}
	site("--copyright", "© 云州", "--icp", "京ICP备12345678号-1")
	site("--mark", "bm01000001", "--mark-url", "https://mark.example.org/1", "--phone", "0500-555 0126")
	shown := site()
	for _, text := range []string{"© 云州", "京ICP备12345678号-1", "bm01000001", "https://mark.example.org/1", "0500-555 0126"} {
		if !strings.Contains(shown, text) {
			t.Errorf("%s is not shown:\n%s", text, shown)
		}
	}
	site("--copyright", "", "--mark", "")
	if shown := site(); strings.Contains(shown, "©") || strings.Contains(shown, "mark.example.org") || !strings.Contains(shown, "京ICP备12345678号-1") {
		t.Errorf("an empty value does not clear its line alone:\n%s", shown)
	}
	if _, err := run(t, "site", "--db", file, "--police", "abc"); exitCode(err) != 2 || !strings.Contains(words(err), "police: ") {
		t.Errorf("a wrong number: exit %d, %q", exitCode(err), words(err))
	}
	if _, err := run(t, "site", "--db", file, "--unit", "NOPE"); exitCode(err) != 3 {
		t.Errorf("an unknown unit: exit %d, %v", exitCode(err), err)
	}
}
