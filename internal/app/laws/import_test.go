package laws

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/encoding/simplifiedchinese"

	"xinhuo/internal/app/oracle"
	"xinhuo/internal/base"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/db"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/testkit"
	"xinhuo/internal/ledger"
	"xinhuo/internal/org"
	"xinhuo/internal/people"
	"xinhuo/internal/project"
)

var exported = []string{"base", "team", "reform", "project"}

// picture is all that people can read of the program: figures with their parts and evidence, lists, and exports, as
// they would leave it, byte by byte.
func (p *program) picture(day clock.Day) map[string]string {
	p.t.Helper()
	out := map[string]string{}
	put := func(key string, v any, err error) {
		p.must(err)
		b, err := json.Marshal(v)
		p.must(err)
		out[key] = string(b)
	}
	// What has neither a value nor a record at the top has none below: asked there only, for most figures are of modules
	// that no import of a city touches.
	nothing := map[string]bool{}
	codes := slices.Sorted(maps.Keys(p.units))
	codes = append([]string{"P"}, slices.DeleteFunc(codes, func(code string) bool { return code == "P" })...)
	for _, code := range codes {
		u, err := p.a.Org.ByCode(p.ctx, code)
		if errs.Is(err, errs.NotFound) {
			out["unit "+code] = "none"
			continue
		}
		p.must(err)
		for _, f := range p.a.Ledger.Figures() {
			for _, b := range []ledger.Boundary{ledger.Then, ledger.Today} {
				q := ledger.Query{Figure: f.Code, Unit: u.ID, Day: day, From: "2008-01-01", Boundary: b}
				if nothing[f.Code+string(b)] {
					continue
				}
				key := fmt.Sprintf("figure %s %s %s", code, f.Code, b)
				v, err := p.a.Ledger.Ask(p.ctx, q)
				put(key, v, err)
				list, err := p.a.Ledger.Evidence(p.ctx, q, "", 0)
				put(key+" evidence", list, err)
				nothing[f.Code+string(b)] = code == "P" && v.Int() == 0 && (v.Denominator == nil || *v.Denominator == 0) && len(list.Items) == 0
				for _, by := range f.Breakdowns {
					parts, err := p.a.Ledger.ByValue(p.ctx, q, by)
					put(key+" "+by, parts, err)
				}
			}
		}
		bases, err := p.a.Base.List(p.ctx, base.Filter{Unit: u, Limit: 200})
		put("list "+code+" base", bases, err)
		teams, err := p.a.People.List(p.ctx, u, day, people.Filter{}, 0, "", 200)
		put("list "+code+" team", teams, err)
		contracts, err := p.a.Project.List(p.ctx, u, project.Filter{}, "", "", 200)
		put("list "+code+" project", contracts, err)
		programmes, err := p.a.Assess.Programmes(p.ctx, u)
		put("list "+code+" reform", programmes, err)
		categories, err := p.a.Base.Categories(p.ctx, u.Root())
		put("list "+code+" category", categories, err)
		needs, err := p.a.People.Needs(p.ctx, u)
		put("list "+code+" need", needs, err)
		var units []string
		err = p.a.Org.EachUnit(p.ctx, u, day, func(x org.Unit, parent string) error {
			units = append(units, fmt.Sprint(x.Code, x.Name, x.Level, x.Kind, x.From, x.To, parent))
			return nil
		})
		slices.Sort(units)
		put("list "+code+" unit", units, err)
		for _, kind := range exported {
			var b bytes.Buffer
			p.must(p.a.Record.Export(p.ctx, &b, kind, "csv", u.ID, kind))
			out["export "+code+" "+kind] = b.String()
		}
	}
	return out
}

func (p *program) same(what string, was, now map[string]string) {
	p.t.Helper()
	for _, key := range slices.Sorted(maps.Keys(was)) {
		if was[key] != now[key] {
			p.t.Fatalf("%s: %s\nwas %s\nnow %s", what, key, was[key], now[key])
		}
	}
	if len(was) != len(now) {
		p.t.Fatalf("%s: %d things, now %d", what, len(was), len(now))
	}
}

// further is the city with many edits and some new units: what a second delivery of its files brings. Nothing is gone,
// because files do not say what is missing from them.
func further(c oracle.City, rng *rand.Rand) oracle.City {
	next := c.Clone()
	for range 80 {
		e := oracle.Mutate(rng, &next)
		for _, ch := range e.Changes {
			if ch.Table == "unit" || ch.After == nil {
				next = func() oracle.City { e.Inverse().Apply(&next); return next }()
				break
			}
		}
	}
	next.Units = append(next.Units, oracle.Unit{ID: "C9", Parent: "C", Level: "county", Name: "county C9", ValidFrom: "2001-01-01"},
		oracle.Unit{ID: "C9T0", Parent: "C9", Level: "township", Name: "township C9T0", ValidFrom: "2001-01-01"})
	next.Teams = append(next.Teams, oracle.Team{ID: "W9999", Unit: "C9T0", Need: "水上救护", FoundedOn: "2012-02-29", Status: "approved"})
	next.Reforms = append(next.Reforms, oracle.Reform{Unit: "C9T0", AdoptedOn: "2016-01-01", Status: "accepted"})
	next.Bases = append(next.Bases, oracle.Base{ID: "B9999", Host: "C9", Name: "base B9999", Category: "防溺水", RunMode: "self"})
	next.Accreditations = append(next.Accreditations, oracle.Accreditation{ID: "A9999", Base: "B9999", Level: "county", Issuer: "C9", GrantedOn: "2015-01-01", Status: "granted"})
	levels := map[string]string{}
	for _, u := range next.Units {
		levels[u.ID] = u.Level
	}
	next.Reforms = slices.DeleteFunc(next.Reforms, func(r oracle.Reform) bool { return levels[r.Unit] != "township" })
	return next
}

// An import can be repeated without change, in any order of its rows, and be taken back so that every figure, list and
// export is byte by byte what it was; the figures that it brings are those of a recount.
func TestImportTwiceAndBack(t *testing.T) {
	testkit.Full(t)
	for seed := uint64(1); seed <= 2; seed++ {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			rng := rand.New(rand.NewPCG(seed, 21))
			p := start(t)
			c := importable(seed, oracle.Small)
			first := p.load(c)
			p.allowEdits()
			const day = clock.Day("2019-05-31")
			was := p.picture(day)

			again := p.load(shuffled(c, rng))
			if again.New+again.Changed+again.Units != 0 || again.Same == 0 || again.Batch != 0 {
				t.Errorf("the same files again: %+v, first %+v", again, first)
			}
			p.same("the same files again", was, p.picture(day))

			next := further(c, rng)
			rep := p.load(shuffled(next, rng))
			if rep.New == 0 || rep.Changed == 0 || rep.Units != 2 {
				t.Errorf("the second delivery brought %+v", rep)
			}
			checker{t: t, ctx: p.ctx, led: p.a.Ledger, units: p.units}.agrees(next, codes(next), oracle.Codes, string(day), nil)
			p.must(p.a.UndoCity(p.ctx, rep.Batch))
			delete(p.units, "C9")
			delete(p.units, "C9T0")
			p.same("the second delivery taken back", was, p.picture(day))
			if _, err := p.a.Org.ByCode(p.ctx, "C9T0"); !errs.Is(err, errs.NotFound) {
				t.Errorf("a unit of the import that was taken back: %v", err)
			}
			verified, err := p.a.Ledger.Verify(p.ctx, nil)
			p.must(err)
			if len(verified.Faults) > 0 {
				t.Fatalf("verify: %v", verified.Faults)
			}
		})
	}
}

// What was exported can be imported again without change, and an import of one kind of record can be taken back so that
// everything is byte by byte what it was.
func TestImportOfOneKindAndBack(t *testing.T) {
	testkit.Full(t)
	rng := rand.New(rand.NewPCG(3, 22))
	p, other := start(t), start(t)
	c := importable(3, oracle.Small)
	next := further(c, rng)
	next.Units, next.Teams, next.Bases, next.Accreditations = next.Units[:len(c.Units)], next.Teams[:len(next.Teams)-1], next.Bases[:len(next.Bases)-1], next.Accreditations[:len(next.Accreditations)-1]
	next.Reforms = slices.DeleteFunc(next.Reforms, func(r oracle.Reform) bool { return r.Unit == "C9T0" })
	p.load(c)
	p.allowEdits()
	other.load(c)
	other.allowEdits()
	other.load(next)
	const day = clock.Day("2019-05-31")
	was := p.picture(day)
	for _, kind := range exported {
		for name, from := range map[string]*program{"own": p, "further": other} {
			var b bytes.Buffer
			p.must(from.a.Record.Export(from.ctx, &b, kind, "csv", from.units["C"], kind))
			v, err := p.a.Record.Upload(p.ctx, kind, p.units["C"], kind+".csv", b.Bytes())
			p.must(err)
			if v.Bad > 0 {
				t.Fatalf("%s: %v", kind, v.Problems)
			}
			if name == "own" && v.Count("same") != len(v.Lines) {
				t.Errorf("%s exported and imported again: %v", kind, v.Lines)
			}
			if name == "further" && v.Count("same") == len(v.Lines) {
				t.Errorf("%s of the second delivery changes nothing", kind)
			}
			_, err = p.a.Record.Take(p.ctx, v.Ref, false)
			p.must(err)
			if name == "own" {
				p.same("its own "+kind+" again", was, p.picture(day))
				continue
			}
			if maps.Equal(was, p.picture(day)) {
				t.Errorf("%s of the second delivery shows nowhere", kind)
			}
			p.must(p.a.Record.UndoImport(p.ctx, v.Ref))
			p.same(name+" "+kind+" taken back", was, p.picture(day))
		}
	}
}

// Each kind of mistake is told with its file, row and column in plain words; nothing is written unless the good rows
// are asked for, and then all of them are.
func TestImportTellsWhatIsWrong(t *testing.T) {
	testkit.Full(t)
	good := map[string][]string{
		"unit.csv":          {"id,parent,level,name,valid_from,valid_to", "P,,province,东江省,2000-01-01,", "C,P,city,云州市,2000-01-01,", "C1,C,county,青河县,2000-01-01,", "T1,C1,township,稻香镇,2000-01-01,"},
		"base.csv":          {"id,host,name,category,run_mode", "B1,C1,青河馆,法治,self"},
		"accreditation.csv": {"id,base,level,issuer,granted_on,revoked_on,status", "A1,B1,city,C,2015-01-01,,granted"},
		"team.csv":          {"id,unit,need,founded_on,dissolved_on,status", "W1,T1,宣讲,2015-01-01,,approved"},
		"reform.csv":        {"unit,adopted_on,revoked_on,status", "T1,2016-01-01,,accepted"},
		"project.csv":       {"id,contract_no,unit,kind,signed_on,status,amount_fen,version", "J1,HT-1,C1,venture,2018-03-01,signed,500,1"},
	}
	for _, bad := range []struct {
		name, file, row string
		words           []string
	}{
		{"unknown unit", "team.csv", "W2,T9,宣讲,2015-01-01,,approved", []string{"team.csv:3", "unit", "T9"}},
		{"unknown host", "base.csv", "B2,T9,无处馆,法治,self", []string{"base.csv:3", "host", "T9"}},
		{"unknown base", "accreditation.csv", "A2,B9,city,C,2015-01-01,,granted", []string{"accreditation.csv:3", "B9"}},
		{"impossible date", "team.csv", "W2,T1,宣讲,2015-02-30,,approved", []string{"team.csv:3", "founded_on", "2015-02-30", "没有这一天"}},
		{"unreadable date", "reform.csv", "C1,去年夏天,,accepted", []string{"reform.csv:3", "adopted_on", "去年夏天"}},
		{"end before start", "accreditation.csv", "A2,B1,city,C,2015-01-01,2014-12-31,revoked", []string{"accreditation.csv:3", "revoked_on", "早于"}},
		{"number twice", "base.csv", "B1,C,另一个馆,法治,self", []string{"base.csv:3", "B1", "第2行"}},
		{"unit twice", "unit.csv", "T1,C1,township,另一个镇,2000-01-01,", []string{"unit.csv:6", "T1", "第5行"}},
		{"money not a number", "project.csv", "J2,HT-2,C1,venture,2018-03-01,signed,五百多,1", []string{"project.csv:3", "amount_fen", "五百多"}},
		{"money below nothing", "project.csv", "J2,HT-2,C1,venture,2018-03-01,signed,-5,1", []string{"project.csv:3", "amount_fen"}},
		{"no such status", "team.csv", "W2,T1,宣讲,2015-01-01,,maybe", []string{"team.csv:3", "status", "maybe"}},
		{"empty cell", "project.csv", "J2,HT-2,C1,venture,,signed,5,1", []string{"project.csv:3", "signed_on"}},
	} {
		t.Run(bad.name, func(t *testing.T) {
			p := start(t)
			dir := t.TempDir()
			for name, rows := range good {
				rows = slices.Clone(rows)
				if name == bad.file {
					rows = append(rows, bad.row)
				}
				p.must(os.WriteFile(filepath.Join(dir, name), []byte(strings.Join(rows, "\n")+"\n"), 0o600))
			}
			none := func(int, int) {}
			rep, err := p.a.ImportCity(p.ctx, dir, false, none)
			if !errs.Is(err, errs.Invalid) || rep.Bad != 1 || len(rep.Problems) == 0 {
				t.Fatalf("%v, %+v", err, rep)
			}
			for _, w := range bad.words {
				if !strings.Contains(rep.Problems[0], w) {
					t.Errorf("%q does not say %q", rep.Problems[0], w)
				}
			}
			if empty, err := p.a.Org.Empty(p.ctx); err != nil || !empty {
				t.Errorf("something was written: %v", err)
			}
			rep, err = p.a.ImportCity(p.ctx, dir, true, none)
			if err != nil || rep.Bad != 1 || rep.Units != 4 || rep.New != 4 {
				t.Fatalf("the good rows: %v, %+v", err, rep)
			}
			p.find(oracle.City{Units: []oracle.Unit{{ID: "C"}}})
			for f, want := range map[string]int64{"base.accredited": 1, "team.active": 1, "reform.adopted": 1, "project.signed_fen": 500, "unit.townships": 1} {
				v, err := p.a.Ledger.Ask(p.ctx, ledger.Query{Figure: f, Unit: p.units["C"], Day: "2019-05-31", From: "2018-01-01"})
				if err != nil || v.Int() != want {
					t.Errorf("%s = %d, %v, want %d", f, v.Int(), err, want)
				}
			}
		})
	}
}

// A row with several cells that are wrong is told of all of them, one after the other; what stands on a row that is left
// out is left out with it. (An unknown unit was not told of beside another bad cell, and the good rows could not be taken
// when a base that was left out had plaques.)
func TestARowIsToldOfAllThatIsWrongWithIt(t *testing.T) {
	p := start(t)
	dir := t.TempDir()
	for name, rows := range map[string][]string{
		"unit.csv": {"id,parent,level,name,valid_from,valid_to", "P,,province,东江省,2000-01-01,", "C,P,city,云州市,2000-01-01,", "C1,C,county,青河县,2000-01-01,",
			"T2,C1,township,空巷镇,2000-02-30,", "T1,C1,township,稻香镇,2000-01-01,", "V2,T2,village,东头村,2000-01-01,"},
		"base.csv": {"id,host,name,category,run_mode", "B1,T9,青河馆,法治,sometimes", "B2,C1,云山馆,法治,self"},
		"accreditation.csv": {"id,base,level,issuer,granted_on,revoked_on,status", "A1,B1,city,C,2015-01-01,,granted", "A2,B9,moon,C9,2015-01-01,2014-01-01,granted",
			"A3,B2,city,C,2015-01-01,,granted"},
		"team.csv":    {"id,unit,need,founded_on,dissolved_on,status", "W1,T1,宣讲,2015-01-01,,approved", "W1,T8,,2015-02-30,,maybe", "W3,V2,宣讲,2015-01-01,,approved"},
		"project.csv": {"id,contract_no,unit,kind,signed_on,status,amount_fen,version", "J1,HT-1,C8,venture,2018-03-01,signed,-5,0"},
	} {
		p.must(os.WriteFile(filepath.Join(dir, name), []byte(strings.Join(rows, "\n")+"\n"), 0o600))
	}
	none := func(int, int) {}
	rep, err := p.a.ImportCity(p.ctx, dir, false, none)
	if !errs.Is(err, errs.Invalid) || rep.Bad != 5 {
		t.Fatalf("%v, %+v", err, rep)
	}
	at := -1
	for _, want := range []string{"unit.csv:5 valid_from", "base.csv:2 run_mode", "base.csv:2 host", "accreditation.csv:3 level", "accreditation.csv:3 issuer",
		"accreditation.csv:3 revoked_on", "accreditation.csv:3 base", "team.csv:3 need", "team.csv:3 founded_on", "team.csv:3 status", "team.csv:3 unit", "team.csv:3 id",
		"project.csv:2 unit", "project.csv:2 amount_fen", "project.csv:2 version"} {
		i := slices.IndexFunc(rep.Problems, func(s string) bool { return strings.HasPrefix(s, want+": ") })
		if i <= at {
			t.Errorf("%s is told of at %d, what stands before it at %d", want, i, at)
		}
		at = max(at, i)
	}
	if len(rep.Problems) != 15 {
		t.Errorf("%d problems:\n%s", len(rep.Problems), strings.Join(rep.Problems, "\n"))
	}
	rep, err = p.a.ImportCity(p.ctx, dir, true, none)
	if err != nil || rep.Units != 4 || rep.New != 2 || rep.Bad != 8 {
		t.Fatalf("the good rows: %v, %+v", err, rep)
	}
	for _, want := range []string{"unit.csv:7 parent: T2", "accreditation.csv:2 base: B1", "team.csv:4 unit: V2"} {
		if !slices.ContainsFunc(rep.Problems, func(s string) bool { return strings.HasPrefix(s, want) }) {
			t.Errorf("nobody is told of %s", want)
		}
	}
}

// An import that brought categories to a city without any of its own, once taken back, leaves it without any: the list that
// ships stands for it again, also when a later version of the program ships another.
func TestUndoOfACityLeavesTheShippedCategories(t *testing.T) {
	p := start(t)
	dir := t.TempDir()
	for name, rows := range map[string]string{
		"unit.csv": "id,parent,level,name,valid_from,valid_to\nP,,province,东江省,2000-01-01,\nC,P,city,云州市,2000-01-01,\n",
		"base.csv": "id,host,name,category,run_mode\nB1,C,云山馆,水上救护,self\n",
	} {
		p.must(os.WriteFile(filepath.Join(dir, name), []byte(rows), 0o600))
	}
	kept := func() []base.Category {
		list, err := db.Select[base.Category](p.ctx, p.a.DB, `SELECT root, name, en, aliases, ord FROM base_category ORDER BY root, ord`)
		p.must(err)
		return list
	}
	was := kept()
	rep, err := p.a.ImportCity(p.ctx, dir, false, func(int, int) {})
	p.must(err)
	if slices.Equal(kept(), was) {
		t.Fatal("the import brought no category")
	}
	p.must(p.a.UndoCity(p.ctx, rep.Batch))
	if now := kept(); !slices.Equal(now, was) {
		t.Errorf("after the undo there are %+v, not %+v", now, was)
	}
}

// Files in GB18030, as spreadsheets in offices save them, are read as they are meant.
func TestImportReadsGB18030(t *testing.T) {
	c := importable(4, oracle.Small)
	dir := t.TempDir()
	if err := oracle.WriteCSV(dir, c); err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(dir, "*.csv"))
	if err != nil || len(files) != 6 {
		t.Fatal(files, err)
	}
	for _, f := range files {
		data, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		gb, err := simplifiedchinese.GB18030.NewEncoder().Bytes(data)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(f, gb, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	p := start(t)
	rep, err := p.a.ImportCity(p.ctx, dir, false, func(int, int) {})
	if err != nil {
		t.Fatal(err, rep.Problems)
	}
	p.find(c)
	checker{t: t, ctx: p.ctx, led: p.a.Ledger, units: p.units}.agrees(c, codes(c), oracle.Codes, "2019-05-31", nil)
}

// The full program knows every figure that ships: one that reads a figure of a module that is not there would be left
// out without a word.
func TestAllShippedFiguresAreLoaded(t *testing.T) {
	p := start(t)
	shipped, err := ledger.Defaults()
	p.must(err)
	if len(shipped) < len(oracle.Codes) {
		t.Fatalf("%d definitions ship", len(shipped))
	}
	for _, d := range shipped {
		if _, err := p.a.Ledger.Figure(d.Code); err != nil {
			t.Errorf("%s: %v", d.Code, err)
		}
	}
	for _, code := range oracle.Codes {
		if _, err := p.a.Ledger.Figure(code); err != nil {
			t.Errorf("%s: %v", code, err)
		}
	}
}
