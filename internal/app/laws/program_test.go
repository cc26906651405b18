package laws

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"xinhuo/internal/app"
	"xinhuo/internal/app/oracle"
	"xinhuo/internal/assess"
	"xinhuo/internal/base"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/testkit"
	"xinhuo/internal/org"
	"xinhuo/internal/people"
	"xinhuo/internal/project"
	"xinhuo/internal/record"
)

// program is the whole program over a city, edited through the services that people's pages use.
type program struct {
	t     *testing.T
	ctx   context.Context
	a     *app.App
	units map[string]id.ID
	// what stands, by kind and code of the exchange format
	refs map[string]map[string]id.Ref
	// written are the records that the last edit wrote, with the version it gave them
	written []touch
}

type touch struct {
	kind, code string
	ref        id.Ref
	version    int64
}

// start opens the program over an empty database of the engine under test, with its definitions loaded.
func start(t *testing.T) *program {
	t.Helper()
	ctx := context.Background()
	files := t.TempDir()
	day := func() time.Time { return clock.Day("2021-03-01").Time().Add(9 * time.Hour) }
	dsn := testkit.Prepared(t, "program", func(dsn string) error {
		a, err := app.Open(ctx, app.Config{DSN: dsn, Files: files})
		if err != nil {
			return err
		}
		return a.Close()
	})
	a, err := app.Open(ctx, app.Config{DSN: dsn, Files: files, Clock: day})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { a.Close() })
	return &program{t: t, ctx: a.System(ctx, "laws"), a: a, units: map[string]id.ID{}, refs: map[string]map[string]id.Ref{"base": {}, "team": {}}}
}

func (p *program) must(err error) {
	p.t.Helper()
	if err != nil {
		p.t.Fatal(err)
	}
}

// importable is a random city without the rows that no module takes: the reform model is a township's.
func importable(seed uint64, size oracle.Size) oracle.City {
	c := oracle.Random(seed, size)
	levels := map[string]string{}
	for _, u := range c.Units {
		levels[u.ID] = u.Level
	}
	c.Reforms = slices.DeleteFunc(c.Reforms, func(r oracle.Reform) bool { return levels[r.Unit] != "township" })
	return c
}

// shuffled has the same rows in another order.
func shuffled(c oracle.City, rng *rand.Rand) oracle.City {
	c = c.Clone()
	rng.Shuffle(len(c.Units), func(i, j int) { c.Units[i], c.Units[j] = c.Units[j], c.Units[i] })
	rng.Shuffle(len(c.Bases), func(i, j int) { c.Bases[i], c.Bases[j] = c.Bases[j], c.Bases[i] })
	rng.Shuffle(len(c.Accreditations), func(i, j int) {
		c.Accreditations[i], c.Accreditations[j] = c.Accreditations[j], c.Accreditations[i]
	})
	rng.Shuffle(len(c.Teams), func(i, j int) { c.Teams[i], c.Teams[j] = c.Teams[j], c.Teams[i] })
	rng.Shuffle(len(c.Reforms), func(i, j int) { c.Reforms[i], c.Reforms[j] = c.Reforms[j], c.Reforms[i] })
	rng.Shuffle(len(c.Projects), func(i, j int) { c.Projects[i], c.Projects[j] = c.Projects[j], c.Projects[i] })
	return c
}

// load imports a city from the files of the exchange format.
func (p *program) load(c oracle.City) app.CityReport {
	p.t.Helper()
	dir := p.t.TempDir()
	p.must(oracle.WriteCSV(dir, c))
	rep, err := p.a.ImportCity(p.ctx, dir, false, func(int, int) {})
	if err != nil {
		p.t.Fatalf("%v\n%v", err, rep.Problems)
	}
	p.find(c)
	return rep
}

// find reads under which ids the program keeps what the files name.
func (p *program) find(c oracle.City) {
	p.t.Helper()
	for _, u := range c.Units {
		got, err := p.a.Org.ByCode(p.ctx, u.ID)
		p.must(err)
		p.units[u.ID] = got.ID
	}
	for _, b := range c.Bases {
		ref, _, _, err := p.a.Base.ByCode(p.ctx, p.root(b.Host), b.ID)
		p.must(err)
		p.refs["base"][b.ID] = ref
	}
	for _, x := range c.Teams {
		ref, _, _, err := p.a.People.ByCode(p.ctx, p.root(x.Unit), x.ID)
		p.must(err)
		p.refs["team"][x.ID] = ref
	}
}

func (p *program) unit(code string) org.Unit {
	p.t.Helper()
	u, err := p.a.Org.Unit(p.ctx, p.units[code])
	p.must(err)
	return u
}

func (p *program) root(code string) int64 { return p.unit(code).Root() }

// allowEdits gives every root the categories and the programme that random edits may need.
func (p *program) allowEdits() {
	p.t.Helper()
	for _, code := range []string{"P", "C", "X"} {
		u := p.unit(code)
		list, err := p.a.Base.Categories(p.ctx, u.Root())
		p.must(err)
		for _, name := range []string{"爱国主义", "劳动技能", "法治", "科普知识", "国防"} {
			if _, ok := base.CategoryNamed(list, name); !ok {
				list = append(list, base.Category{Root: u.Root(), Name: name, En: name, Order: int64(len(list))})
			}
		}
		p.must(p.a.Base.SetCategories(p.ctx, u, list))
		if code != "P" {
			p.programme(u)
		}
	}
}

// programme is the main programme of a city.
func (p *program) programme(owner org.Unit) id.Ref {
	p.t.Helper()
	list, err := p.a.Assess.Programmes(p.ctx, owner)
	p.must(err)
	for _, l := range list {
		if l.Main && l.Owner == owner.ID {
			return l.Ref
		}
	}
	ref, err := p.a.Assess.CreateProgramme(p.ctx, assess.Programme{Code: "reform-" + owner.Code, Name: owner.Name, Owner: owner.ID, Main: true, Target: org.Township, Parts: []assess.Part{{Code: "1"}}}, record.Change{})
	p.must(err)
	return ref
}

// do applies an edit through the services, whole or not at all. What a service refuses is not done.
func (p *program) do(e oracle.Edit) error {
	written := p.written
	refs := map[string]map[string]id.Ref{}
	for k, m := range p.refs {
		refs[k] = map[string]id.Ref{}
		for code, r := range m {
			refs[k][code] = r
		}
	}
	err := p.a.DB.Tx(p.ctx, func(ctx context.Context) error {
		p.written = nil
		for _, ch := range e.Changes {
			if err := p.change(ctx, ch); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		p.written, p.refs = written, refs
		if !errs.Is(err, errs.Invalid) && !errs.Is(err, errs.Conflict) {
			p.t.Fatalf("%s: %v", e.Name, err)
		}
	}
	return err
}

func (p *program) change(ctx context.Context, ch oracle.Change) error {
	switch ch.Table {
	case "unit":
		return p.changeUnit(ctx, ch.Before.(oracle.Unit), ch.After.(oracle.Unit))
	case "base":
		return p.changeBase(ctx, ch)
	case "accreditation":
		return p.changePlaque(ctx, ch)
	case "team":
		return p.changeTeam(ctx, ch)
	case "reform":
		return p.changeReform(ctx, ch)
	default:
		return p.changeProject(ctx, ch)
	}
}

func (p *program) changeUnit(ctx context.Context, before, after oracle.Unit) error {
	u := p.units[before.ID]
	if before.ValidTo == after.ValidTo {
		return nil
	}
	if before.ValidTo != "" {
		if err := p.a.Org.Reopen(ctx, u, ""); err != nil {
			return err
		}
	}
	if after.ValidTo == "" {
		return nil
	}
	return p.a.Org.Close(ctx, u, clock.Day(after.ValidTo), "")
}

var correct = record.Change{Act: "base.act.correct", Reason: "law"}

func (p *program) changeBase(ctx context.Context, ch oracle.Change) error {
	ref := p.refs["base"][ch.Key]
	if ch.After == nil {
		_, v, err := p.a.Base.Get(ctx, ref)
		if err != nil {
			return err
		}
		delete(p.refs["base"], ch.Key)
		p.written = append(p.written, touch{"base", ch.Key, ref, v.N + 1})
		return p.a.Base.Remove(ctx, ref, v.N, "law")
	}
	x := ch.After.(oracle.Base)
	if ch.Before == nil {
		ref, err := p.a.Base.Create(ctx, base.Base{Code: x.ID, Name: x.Name, Host: p.units[x.Host], Category: x.Category, RunMode: base.RunMode(x.RunMode)}, correct)
		p.refs["base"][ch.Key] = ref
		p.written = append(p.written, touch{"base", ch.Key, ref, 1})
		return err
	}
	return p.saveBase(ctx, ch.Key, func(b *base.Base) { b.Host, b.Category = p.units[x.Host], x.Category })
}

func (p *program) saveBase(ctx context.Context, code string, edit func(b *base.Base)) error {
	ref := p.refs["base"][code]
	b, v, err := p.a.Base.Get(ctx, ref)
	if err != nil {
		return err
	}
	edit(&b)
	p.written = append(p.written, touch{"base", code, ref, v.N + 1})
	_, err = p.a.Base.Save(ctx, ref, v.N, b, correct)
	return err
}

func (p *program) changePlaque(ctx context.Context, ch oracle.Change) error {
	var x oracle.Accreditation
	if ch.After != nil {
		x = ch.After.(oracle.Accreditation)
	} else {
		x = ch.Before.(oracle.Accreditation)
	}
	return p.saveBase(ctx, x.Base, func(b *base.Base) {
		i := slices.IndexFunc(b.Accreditations, func(a base.Accreditation) bool { return a.Code == ch.Key })
		if ch.After == nil {
			b.Accreditations = slices.Delete(b.Accreditations, i, i+1)
			return
		}
		a := base.Accreditation{Code: x.ID, Level: org.Level(x.Level), Issuer: base.Body{Unit: p.units[x.Issuer]}, GrantedOn: clock.Day(x.GrantedOn), RevokedOn: clock.Day(x.RevokedOn), Status: base.Status(x.Status)}
		if i < 0 {
			b.Accreditations = append(b.Accreditations, a)
			return
		}
		a.ID = b.Accreditations[i].ID
		b.Accreditations[i] = a
	})
}

func (p *program) changeTeam(ctx context.Context, ch oracle.Change) error {
	ref := p.refs["team"][ch.Key]
	if ch.Before == nil {
		x := ch.After.(oracle.Team)
		ref, err := p.a.People.Create(ctx, people.Team{Code: x.ID, Unit: p.units[x.Unit], Need: x.Need, FoundedOn: clock.Day(x.FoundedOn), DissolvedOn: clock.Day(x.DissolvedOn), Status: people.Status(x.Status)})
		p.refs["team"][ch.Key] = ref
		p.written = append(p.written, touch{"team", ch.Key, ref, 1})
		return err
	}
	team, v, err := p.a.People.Get(ctx, ref)
	if err != nil {
		return err
	}
	p.written = append(p.written, touch{"team", ch.Key, ref, v.N + 1})
	if ch.After == nil {
		delete(p.refs["team"], ch.Key)
		return p.a.People.Remove(ctx, ref, v.N, "law")
	}
	x := ch.After.(oracle.Team)
	team.Unit, team.FoundedOn, team.DissolvedOn, team.Status = p.units[x.Unit], clock.Day(x.FoundedOn), clock.Day(x.DissolvedOn), people.Status(x.Status)
	return p.a.People.Save(ctx, ref, v.N, team, "law")
}

func (p *program) changeReform(ctx context.Context, ch oracle.Change) error {
	u := p.unit(ch.Key)
	owner := p.unit("C")
	if u.Root() != owner.Root() {
		owner = p.unit("X")
	}
	programme := p.programme(owner)
	act := record.Change{Act: "assess.act.correct", Reason: "law"}
	ref, was, v, err := p.a.Assess.AdoptionOf(ctx, programme, u.ID)
	if err != nil && !errs.Is(err, errs.NotFound) {
		return err
	}
	if ch.After == nil {
		return p.a.Assess.RemoveAdoption(ctx, ref, v.N, act)
	}
	x := ch.After.(oracle.Reform)
	a := was
	a.Programme, a.Unit, a.Periods, a.SubmittedOn = programme, u.ID, nil, clock.Open
	if x.Status == "submitted" {
		a.SubmittedOn = clock.Day(x.AdoptedOn)
	} else {
		a.Periods = []assess.Period{{AdoptedOn: clock.Day(x.AdoptedOn), RevokedOn: clock.Day(x.RevokedOn), Status: assess.Status(x.Status)}}
	}
	if ch.Before == nil {
		_, err := p.a.Assess.CreateAdoption(ctx, a, act)
		return err
	}
	return p.a.Assess.SaveAdoption(ctx, ref, v.N, a, act)
}

func (p *program) changeProject(ctx context.Context, ch oracle.Change) error {
	if ch.After == nil {
		x := ch.Before.(oracle.Project)
		return p.a.Project.Withdraw(ctx, p.root(x.Unit), x.ContractNo, project.Report{Code: x.ID, Unit: p.units[x.Unit], Version: int64(x.Version), Reason: "law"})
	}
	x := ch.After.(oracle.Project)
	out, err := p.a.Project.Report(ctx, project.Entry{Number: x.ContractNo, Report: project.Report{Code: x.ID, Unit: p.units[x.Unit], Version: int64(x.Version),
		Kind: project.Kind(x.Kind), SignedOn: clock.Day(x.SignedOn), AmountFen: x.AmountFen, Status: project.Status(x.Status)}})
	if err != nil || out.Outcome == record.Same {
		return err
	}
	_, v, err := p.a.Project.Get(ctx, out.Ref)
	p.written = append(p.written, touch{"project", x.ContractNo, out.Ref, v.N})
	return err
}

// undo takes the last edit back: as people do it when it wrote one record, by the inverse edit otherwise.
func (p *program) undo(e oracle.Edit, button bool) error {
	if !button || len(p.written) != 1 || e.Changes[0].Table == "project" && len(e.Changes) > 1 {
		return p.do(e.Inverse())
	}
	w := p.written[0]
	var err error
	switch w.kind {
	case "base":
		err = p.a.Base.Undo(p.ctx, w.ref, w.version)
	case "team":
		err = p.a.People.Undo(p.ctx, w.ref, w.version)
	default:
		err = p.a.Project.Undo(p.ctx, w.ref, w.version)
	}
	p.must(err)
	if w.kind != "project" {
		if p.refs[w.kind][w.code] = w.ref; w.version == 1 {
			delete(p.refs[w.kind], w.code)
		}
	}
	p.written = nil
	return nil
}

// touched are the units of an edit with all their ancestors.
func touched(c oracle.City, e oracle.Edit) []string {
	parent := map[string]string{}
	for _, u := range c.Units {
		parent[u.ID] = u.Parent
	}
	seen := map[string]bool{}
	note := func(u string) {
		for ; u != "" && !seen[u]; u = parent[u] {
			seen[u] = true
		}
	}
	hosts := map[string]string{}
	for _, b := range c.Bases {
		hosts[b.ID] = b.Host
	}
	for _, ch := range e.Changes {
		for _, row := range []any{ch.Before, ch.After} {
			switch x := row.(type) {
			case oracle.Unit:
				note(x.ID)
			case oracle.Base:
				note(x.Host)
			case oracle.Accreditation:
				note(hosts[x.Base])
			case oracle.Team:
				note(x.Unit)
			case oracle.Reform:
				note(x.Unit)
			case oracle.Project:
				for _, q := range c.Projects {
					if q.ContractNo == x.ContractNo {
						note(q.Unit)
					}
				}
				note(x.Unit)
			}
		}
	}
	out := make([]string, 0, len(seen))
	for u := range seen {
		out = append(out, u)
	}
	slices.Sort(out)
	return out
}

// R3 R88 R90 R91 R92 R151 R152 R171 R172 R204 R205: with the modules that people work in, every figure at every unit is
// its recount and its evidence, after random edits and undos, whether folded or not.
func TestProgramEqualsRecount(t *testing.T) {
	testkit.Full(t)
	cities, steps, want := 6, 260, 2000
	if testkit.Long() {
		cities, want = 300, 100_000
	}
	days := oracle.EdgeDays()
	done, refused := 0, 0
	for seed := uint64(1); seed <= uint64(cities); seed++ {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			rng := rand.New(rand.NewPCG(seed, 11))
			p := start(t)
			c := importable(seed, oracle.Small)
			p.load(shuffled(c, rng))
			p.allowEdits()
			check := checker{t: t, ctx: p.ctx, led: p.a.Ledger, units: p.units}
			check.agrees(c, codes(c), oracle.Codes, "2019-05-31", &[2]string{"2018-01-01", "2019-01-01"})
			for i := 1; i <= steps; i++ {
				before := c.Clone()
				e := oracle.Mutate(rng, &c)
				if err := p.do(e); err != nil {
					c = before
					refused++
					continue
				}
				done++
				near := touched(before, e)
				if rng.IntN(3) == 0 {
					p.must(p.a.Ledger.Fold(p.ctx))
				}
				// What it touches at each step; what it must not have touched too now and then.
				figures := moved(e)
				if i%20 == 0 {
					figures = oracle.Codes
				}
				if i%100 == 0 {
					near = codes(c)
				}
				var period *[2]string
				if rng.IntN(2) == 0 {
					period = &[2]string{"2018-01-01", "2019-01-01"}
				}
				day := days[rng.IntN(len(days))]
				check.what = e.Name
				check.agrees(c, near, figures, day, period)
				if rng.IntN(3) == 0 && p.undo(e, rng.IntN(2) == 0) == nil {
					c = before
					done++
					check.what = "undo of " + e.Name
					check.agrees(c, near, figures, day, period)
				}
			}
			check.agrees(c, codes(c), oracle.Codes, days[rng.IntN(len(days))], nil)
			rep, err := p.a.Ledger.Verify(p.ctx, nil)
			p.must(err)
			if len(rep.Faults) > 0 {
				t.Fatalf("verify: %v", rep.Faults)
			}
			if testkit.Long() {
				fmt.Printf("city %d of %d: %d edits and undos of %d agree\n", seed, cities, done, want) // hours long: say how far
			}
		})
	}
	t.Logf("%d edits and undos, %d refused", done, refused)
	if done < want {
		t.Errorf("%d edits and undos were done, want %d", done, want)
	}
}
