// Command mutate takes the checks of who may see and do what out of the program, one after the other, and tells which of
// them no test misses: a check that can go without a test failing is one that can be lost tomorrow.
//
//	go run ./tools/mutate [--module seal,care] [--sample N --seed S] [--list] [--own]
//
// What is taken out stands in find.go. All changes of a module are compiled into one test program, each behind a number that
// the environment switches on (schema.go), by an overlay of the build: no file of the tree is touched, and a change costs one run of
// the tests, no build. The module's own tests are asked first, then the tests of the whole product that walk its routes.
//
// Kills are remembered in bin/mutate.json by the file's and the change's hash, survivors also by the hash of all tests that were
// asked, so that a run that was broken off goes on where it was. It exits with 1 when a change survives that explained.toml does not give a
// reason for, or when a reason stands there for a change that is gone.
package main

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/BurntSushi/toml"
)

const (
	memory    = "bin/mutate.json"
	explained = "tools/mutate/explained.toml"
	productOf = "./internal/app"
)

// declared are the tests that hold what a route declares; asked walk the routes of a module as people of all kinds.
const (
	declared = "^TestWhatRoutesDeclare$"
	asked    = "^(TestWhatRoutesDeclare|TestSwappedNames|TestPartsOfOthersRecords|TestSealedDataAsksForASecondFactor|TestMatrix)$"
)

func main() {
	var o options
	flag.StringVar(&o.modules, "module", "seal,care", "modules, with commas")
	flag.IntVar(&o.sample, "sample", 0, "so many changes of each module, by chance; 0 takes all")
	flag.Uint64Var(&o.seed, "seed", 1, "of the chance")
	flag.BoolVar(&o.list, "list", false, "say what would be changed, and change nothing")
	flag.BoolVar(&o.own, "own", false, "ask the module's own tests alone")
	flag.Parse()
	ok, err := o.run()
	if err != nil {
		fmt.Fprintln(os.Stderr, "mutate:", err)
		os.Exit(2)
	}
	if !ok {
		os.Exit(1)
	}
}

type options struct {
	modules   string
	sample    int
	seed      uint64
	list, own bool
}

// outcome of a change: which test noticed, "" for none.
type outcome struct {
	Killed string `json:"killed"`
	Tests  string `json:"tests,omitempty"` // of a survivor: the hash of what was asked
}

func (o options) run() (ok bool, err error) {
	reasons := map[string]string{}
	if _, err := toml.DecodeFile(explained, &reasons); err != nil {
		return false, err
	}
	known := map[string]outcome{}
	if b, err := os.ReadFile(memory); err == nil {
		if err := json.Unmarshal(b, &known); err != nil {
			return false, fmt.Errorf("%s: %w", memory, err)
		}
	}
	dir, err := os.MkdirTemp("", "xinhuo-mutate-")
	if err != nil {
		return false, err
	}
	defer os.RemoveAll(dir)
	ok = true
	for _, module := range strings.Split(o.modules, ",") {
		all, err := find("./internal/" + module)
		if err != nil {
			return false, err
		}
		if o.list {
			for _, m := range all {
				fmt.Printf("%d %s\n", m.n, m)
			}
			continue
		}
		good, err := o.module(module, all, reasons, known, filepath.Join(dir, module))
		if err != nil {
			return false, fmt.Errorf("%s: %w", module, err)
		}
		ok = ok && good
	}
	return ok, nil
}

func (o options) module(module string, all []*mutant, reasons map[string]string, known map[string]outcome, dir string) (ok bool, err error) {
	list := all
	if o.sample > 0 && o.sample < len(all) {
		r := rand.New(rand.NewPCG(o.seed, uint64(len(all))))
		list = nil
		for _, i := range r.Perm(len(all))[:o.sample] {
			list = append(list, all[i])
		}
	}
	tests, err := hashOf("internal/"+module, "internal/app")
	if err != nil {
		return false, err
	}
	tests += fmt.Sprint(o.own)
	began, killed := time.Now(), 0
	own := &program{pkg: "./internal/" + module, dir: dir, muts: all}
	whole := &program{pkg: productOf, dir: dir, muts: all, env: []string{"XINHUO_ROUTES=" + module}}
	var left []*mutant
	for i, m := range list {
		key := m.hash()
		got, there := known[key]
		if !there || got.Killed == "" && got.Tests != tests {
			if got, err = o.ask(m, own, whole); err != nil {
				return false, err
			}
			if got.Killed == "" {
				got.Tests = tests
			}
			known[key] = got
			if err := remember(known); err != nil {
				return false, err
			}
			fmt.Printf("%s %d/%d %s: %s\n", module, i+1, len(list), m, said(got))
		}
		if got.Killed != "" {
			killed++
		} else {
			left = append(left, m)
		}
	}
	ok = true
	fmt.Printf("\n%s: %d of %d changes noticed (%.1f %%), %s\n", module, killed, len(list), 100*float64(killed)/float64(max(1, len(list))), time.Since(began).Round(time.Second))
	for _, m := range left {
		why := reasons[m.String()]
		if why == "" {
			ok, why = false, "NOT EXPLAINED"
		}
		fmt.Printf("  survives: %s (line %d)\n            %s\n", m, m.line, why)
	}
	for name := range reasons {
		if strings.HasPrefix(name, module+"/") && !slices.ContainsFunc(all, func(m *mutant) bool { return m.String() == name }) {
			ok = false
			fmt.Printf("  explained, but gone: %s\n", name)
		}
	}
	return ok, nil
}

func said(o outcome) string {
	if o.Killed == "" {
		return "SURVIVES"
	}
	return "noticed by " + o.Killed
}

// ask runs the tests that should notice, the nearest first.
func (o options) ask(m *mutant, own, whole *program) (outcome, error) {
	if m.kind != "route" {
		if name, err := own.run(m.n, ""); err != nil || name != "" {
			return outcome{Killed: name}, err
		}
	}
	if o.own {
		return outcome{}, nil
	}
	tests := asked
	if m.kind == "route" {
		tests = declared
	}
	name, err := whole.run(m.n, tests)
	return outcome{Killed: name}, err
}

// program is a package's tests, built once with all changes of a module in it.
type program struct {
	pkg, dir string
	muts     []*mutant
	env      []string
	built    map[string]bool // by what was asked: it passes with no change switched on
}

func (p *program) path() string { return filepath.Join(p.dir, filepath.Base(p.pkg)+".test") }

// run asks the tests with one change switched on and answers the first that failed, "" when all passed.
func (p *program) run(n int, tests string) (string, error) {
	if p.built == nil {
		overlay, err := overlayOf(p.muts, p.dir)
		if err != nil {
			return "", err
		}
		if out, err := exec.Command("go", "test", "-c", "-vet=off", "-overlay", overlay, "-o", p.path(), p.pkg).CombinedOutput(); err != nil {
			return "", fmt.Errorf("building %s: %w\n%s", p.pkg, err, out)
		}
		p.built = map[string]bool{}
	}
	if !p.built[tests] {
		if name, out := p.once(0, tests); name != "" {
			return "", fmt.Errorf("%s fails with nothing changed: %s\n%s", p.pkg, name, out)
		}
		p.built[tests] = true
	}
	name, _ := p.once(n, tests)
	return name, nil
}

func (p *program) once(n int, tests string) (failed, out string) {
	args := []string{"-test.failfast", "-test.timeout=10m"}
	if tests != "" {
		args = append(args, "-test.run="+tests)
	}
	c := exec.Command(p.path(), args...)
	c.Dir = strings.TrimPrefix(p.pkg, "./")
	c.Env = append(append(os.Environ(), p.env...), switchName+"="+strconv.Itoa(n))
	b, err := c.CombinedOutput()
	if err == nil {
		return "", ""
	}
	for line := range strings.Lines(string(b)) {
		if rest, is := strings.CutPrefix(strings.TrimSpace(line), "--- FAIL: "); is {
			return strings.Fields(rest)[0], string(b)
		}
	}
	return "a program that ended", string(b)
}

func remember(known map[string]outcome) error {
	b, err := json.MarshalIndent(known, "", "\t")
	if err != nil {
		return err
	}
	return errors.Join(os.MkdirAll(filepath.Dir(memory), 0o755), os.WriteFile(memory, b, 0o644))
}

// hashOf is the hash of all tests of folders.
func hashOf(dirs ...string) (string, error) {
	h := sha256.New()
	for _, dir := range dirs {
		names, err := fs.Glob(os.DirFS(dir), "*_test.go")
		if err != nil {
			return "", err
		}
		for _, name := range names {
			b, err := os.ReadFile(filepath.Join(dir, name))
			if err != nil {
				return "", err
			}
			h.Write(b)
		}
	}
	return hex.EncodeToString(h.Sum(nil)[:8]), nil
}
