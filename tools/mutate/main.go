// Command mutate takes the checks of who may see and do what out of the program, one after the other, and tells which of
// them no test misses: a check that can go without a test failing is one that can be lost tomorrow.
//
//	go run ./tools/mutate [--module seal,care] [--sample N --seed S] [--list] [--own]
//
// What is taken out stands in find.go. All changes of a module are compiled into one test program, each behind a number that
// the environment switches on (schema.go), by an overlay of the build: no file of the tree is touched, and a change costs one run of
// the tests, no build. The module's own tests are asked first, then the tests of the whole product that walk its routes.
//
// Only a test that failed has noticed a change. A program that ends without one (its time was up, it was killed) says nothing:
// it is asked once more, and if no other test notices either, the change is not decided.
//
// Kills are remembered in bin/mutate.json by the file's and the change's hash, survivors also by the hash of all tests that were
// asked, so that a run that was broken off goes on where it was; what is not decided is not remembered, the next run asks again.
// It exits with 1 when a change survives that explained.toml does not give a
// reason for, when one is not decided, or when a reason stands there for a change that is gone.
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
	"regexp"
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

// limit is the time of one run of the tests; the tests of this command shorten it.
var limit = 10 * time.Minute

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
	Killed    string `json:"killed"`
	Tests     string `json:"tests,omitempty"` // of a survivor: the hash of what was asked
	undecided bool   // no test noticed, but not all could say so
}

// remembered tells whether an outcome still answers for a change, given the hash of the tests that would be asked.
func (o outcome) remembered(tests string) bool {
	if o.Killed == "" {
		return o.Tests == tests
	}
	return testName.MatchString(o.Killed) // older files also name ends of the program
}

var testName = regexp.MustCompile(`^(Test|Fuzz|Example)`)

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
	own := &program{pkg: "./internal/" + module, dir: dir, muts: all}
	whole := &program{pkg: productOf, dir: dir, muts: all, env: []string{"XINHUO_ROUTES=" + module}}
	return decide(module, all, list, reasons, known, tests, func(m *mutant) (outcome, error) { return o.ask(m, own, whole) })
}

// decide asks after every change of the list that is not known, and says what came of it.
func decide(module string, all, list []*mutant, reasons map[string]string, known map[string]outcome, tests string, ask func(*mutant) (outcome, error)) (ok bool, err error) {
	began, killed := time.Now(), 0
	var left, open []*mutant
	for i, m := range list {
		key := m.hash()
		got := known[key]
		if !got.remembered(tests) {
			if got, err = ask(m); err != nil {
				return false, err
			}
			delete(known, key)
			if !got.undecided {
				if got.Killed == "" {
					got.Tests = tests
				}
				known[key] = got
			}
			if err := remember(known); err != nil {
				return false, err
			}
			fmt.Printf("%s %d/%d %s: %s\n", module, i+1, len(list), m, said(got))
		}
		switch {
		case got.Killed != "":
			killed++
		case got.undecided:
			open = append(open, m)
		default:
			left = append(left, m)
		}
	}
	ok = len(open) == 0
	fmt.Printf("\n%s: %d of %d changes noticed (%.1f %%), %s\n", module, killed, len(list), 100*float64(killed)/float64(max(1, len(list))), time.Since(began).Round(time.Second))
	for _, m := range left {
		why := reasons[m.String()]
		if why == "" {
			ok, why = false, "NOT EXPLAINED"
		}
		fmt.Printf("  survives: %s (line %d)\n            %s\n", m, m.line, why)
	}
	for _, m := range open {
		fmt.Printf("  not decided: %s (line %d)\n", m, m.line)
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
	switch {
	case o.Killed != "":
		return "noticed by " + o.Killed
	case o.undecided:
		return "NOT DECIDED"
	}
	return "SURVIVES"
}

// ask runs the tests that should notice, the nearest first.
func (o options) ask(m *mutant, own, whole *program) (outcome, error) {
	var near outcome
	if m.kind != "route" {
		var err error
		if near, err = own.run(m.n, ""); err != nil || near.Killed != "" {
			return near, err
		}
	}
	if o.own {
		return near, nil
	}
	tests := asked
	if m.kind == "route" {
		tests = declared
	}
	far, err := whole.run(m.n, tests)
	if far.Killed == "" {
		far.undecided = far.undecided || near.undecided
	}
	return far, err
}

// program is a package's tests, built once with all changes of a module in it.
type program struct {
	pkg, dir string
	muts     []*mutant
	env      []string
	built    map[string]bool // by what was asked: it passes with no change switched on
}

func (p *program) path() string { return filepath.Join(p.dir, filepath.Base(p.pkg)+".test") }

// run asks the tests with one change switched on, once more when the program ends without an answer.
func (p *program) run(n int, tests string) (outcome, error) {
	if p.built == nil {
		overlay, err := overlayOf(p.muts, p.dir)
		if err != nil {
			return outcome{}, err
		}
		if out, err := exec.Command("go", "test", "-c", "-vet=off", "-overlay", overlay, "-o", p.path(), p.pkg).CombinedOutput(); err != nil {
			return outcome{}, fmt.Errorf("building %s: %w\n%s", p.pkg, err, out)
		}
		p.built = map[string]bool{}
	}
	if !p.built[tests] {
		if got, out := p.once(0, tests); got != (outcome{}) {
			return outcome{}, fmt.Errorf("%s fails with nothing changed: %s\n%s", p.pkg, said(got), out)
		}
		p.built[tests] = true
	}
	got, _ := p.once(n, tests)
	if got.undecided {
		got, _ = p.once(n, tests)
	}
	return got, nil
}

func (p *program) once(n int, tests string) (got outcome, out string) {
	args := []string{"-test.failfast", "-test.timeout=" + limit.String()}
	if tests != "" {
		args = append(args, "-test.run="+tests)
	}
	c := exec.Command(p.path(), args...)
	c.Dir = strings.TrimPrefix(p.pkg, "./")
	c.Env = append(append(os.Environ(), p.env...), switchName+"="+strconv.Itoa(n))
	b, err := c.CombinedOutput()
	if err == nil {
		return outcome{}, ""
	}
	for line := range strings.Lines(string(b)) {
		if rest, is := strings.CutPrefix(strings.TrimSpace(line), "--- FAIL: "); is {
			return outcome{Killed: strings.Fields(rest)[0]}, string(b)
		}
	}
	return outcome{undecided: true}, string(b)
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
