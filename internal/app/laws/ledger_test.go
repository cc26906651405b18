// Package laws holds the ledger to its laws against a recount that shares no code with it.
package laws

import (
	"context"
	"fmt"
	"math/rand/v2"
	"reflect"
	"sort"
	"testing"
	"time"

	"xinhuo/internal/app/oracle"
	"xinhuo/internal/audit"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/db"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/testkit"
	"xinhuo/internal/kit/web"
	"xinhuo/internal/ledger"
	"xinhuo/internal/org"
)

// book is a city kept in memory and posted to a real ledger: the smallest thing that obeys the laws or does not.
type book struct {
	t     *testing.T
	ctx   context.Context
	db    *db.DB
	org   *org.Service
	led   *ledger.Service
	units map[string]id.ID
	code  map[id.ID]string
	recs  map[string]map[string]*ledger.Record // kind -> code -> record
	ids   map[string]map[string]id.ID
	name  map[id.ID]ledger.Description
}

func open(t *testing.T) *book {
	t.Helper()
	sources := []db.Source{{Module: "web", Files: web.Migrations}, {Module: "audit", Files: audit.Migrations}, {Module: "org", Files: org.Migrations}, {Module: "ledger", Files: ledger.Migrations}}
	dsn := testkit.Prepared(t, "laws", func(dsn string) error {
		d, err := db.Open(context.Background(), dsn)
		if err != nil {
			return err
		}
		if err := d.Migrate(context.Background(), sources); err != nil {
			d.Close()
			return err
		}
		return d.Close()
	})
	d, err := db.Open(context.Background(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	b := &book{t: t, db: d, units: map[string]id.ID{}, code: map[id.ID]string{}, recs: map[string]map[string]*ledger.Record{}, ids: map[string]map[string]id.ID{}, name: map[id.ID]ledger.Description{}}
	b.ctx = clock.With(scope.With(context.Background(), scope.System("laws")), func() time.Time { return clock.Day("2019-05-31").Time().Add(9 * time.Hour) })
	b.org = org.New(d, audit.New(d))
	b.led = ledger.New(d, b.org)
	b.org.OnChanged(b.led.UnitChanged)
	fields := map[string]map[string]any{
		"base":    {"category": "", "run_mode": "", "top_level": "", "first_granted": "", "status": "", "level": "", "issuer": ""},
		"team":    {"status": "", "need": "", "standard": "", "owner": "", "run_by": false, "docked": false},
		"reform":  {"status": "", "main": false, "level": ""},
		"project": {"status": "", "amount_fen": int64(0), "kind": ""},
	}
	for kind, f := range fields {
		b.recs[kind], b.ids[kind] = map[string]*ledger.Record{}, map[string]id.ID{}
		b.led.Register(&ledger.Source{Kind: kind, Fields: f,
			OfUnit: func(_ context.Context, u id.ID) ([]ledger.Record, error) {
				var out []ledger.Record
				for _, r := range b.recs[kind] {
					if hasUnit(*r, u) {
						out = append(out, *r)
					}
				}
				return out, nil
			},
			Each: func(_ context.Context, f func(ledger.Record) error) error {
				for _, r := range b.recs[kind] {
					if err := f(*r); err != nil {
						return err
					}
				}
				return nil
			},
			Describe: func(_ context.Context, recs []id.ID) (map[id.ID]ledger.Description, error) {
				out := map[id.ID]ledger.Description{}
				for _, r := range recs {
					out[r] = b.name[r]
				}
				return out, nil
			},
		})
	}
	b.must(b.led.Load(b.ctx))
	return b
}

func (b *book) must(err error) {
	b.t.Helper()
	if err != nil {
		b.t.Fatal(err)
	}
}

func hasUnit(r ledger.Record, u id.ID) bool {
	for _, row := range r.Rows {
		for _, v := range row.Units {
			if v == u {
				return true
			}
		}
	}
	return false
}

func (b *book) found(units []oracle.Unit) {
	b.t.Helper()
	var batch []org.NewUnit
	for _, u := range units {
		n := org.NewUnit{Code: u.ID, ParentCode: u.Parent, Name: u.Name, Level: org.Level(u.Level), From: clock.Day(u.ValidFrom), To: clock.Day(u.ValidTo)}
		if u.Level == "township" {
			n.Kind = org.Town
		}
		batch = append(batch, n)
	}
	b.must(b.org.FoundAll(b.ctx, batch))
	for _, n := range batch {
		b.units[n.Code], b.code[n.ID] = n.ID, n.Code
	}
}

// records turns the city's rows into the records that modules would publish.
func (b *book) records(c oracle.City) map[string]map[string]ledger.Record {
	out := map[string]map[string]ledger.Record{"base": {}, "team": {}, "reform": {}, "project": {}}
	levels := map[string]string{}
	for _, u := range c.Units {
		levels[u.ID] = u.Level
	}
	ref := func(kind, code string) id.Ref {
		if b.ids[kind][code] == 0 {
			b.ids[kind][code] = id.New()
		}
		return id.Ref{ID: b.ids[kind][code]}
	}
	first, granted := map[string]string{}, map[string][]oracle.Accreditation{}
	for _, a := range c.Accreditations {
		granted[a.Base] = append(granted[a.Base], a)
		if a.Status != "submitted" && a.GrantedOn != "" && (first[a.Base] == "" || a.GrantedOn < first[a.Base]) {
			first[a.Base] = a.GrantedOn
		}
	}
	for _, x := range c.Bases {
		r := ledger.Record{Ref: ref("base", x.ID), Attrs: map[string]any{"category": x.Category, "run_mode": x.RunMode, "first_granted": first[x.ID]}}
		for _, a := range granted[x.ID] {
			r.Rows = append(r.Rows, ledger.Row{Type: "accreditation", From: clock.Day(a.GrantedOn), To: clock.Day(a.RevokedOn), Units: []id.ID{b.units[x.Host]},
				Attrs: map[string]any{"status": a.Status, "level": a.Level, "issuer": a.Issuer}})
		}
		out["base"][x.ID] = r
		b.name[r.Ref.ID] = ledger.Description{Code: x.ID, Name: x.Name, Unit: b.units[x.Host]}
	}
	for _, x := range c.Teams {
		r := ledger.Record{Ref: ref("team", x.ID), Rows: []ledger.Row{{Type: "team", From: clock.Day(x.FoundedOn), To: clock.Day(x.DissolvedOn), Units: []id.ID{b.units[x.Unit]},
			Attrs: map[string]any{"status": x.Status, "need": x.Need}}}}
		out["team"][x.ID] = r
		b.name[r.Ref.ID] = ledger.Description{Code: x.ID, Name: x.Need, Unit: b.units[x.Unit]}
	}
	for _, x := range c.Reforms {
		r := out["reform"][x.Unit]
		r.Ref = ref("reform", x.Unit)
		r.Rows = append(r.Rows, ledger.Row{Type: "adoption", From: clock.Day(x.AdoptedOn), To: clock.Day(x.RevokedOn), Units: []id.ID{b.units[x.Unit]},
			Attrs: map[string]any{"status": x.Status, "main": true, "level": levels[x.Unit]}})
		out["reform"][x.Unit] = r
		b.name[r.Ref.ID] = ledger.Description{Code: x.Unit, Unit: b.units[x.Unit]}
	}
	type latest struct {
		p     oracle.Project
		units []id.ID
	}
	byNo := map[string]*latest{} // one number within a city is one contract
	for _, p := range c.Projects {
		u, err := b.org.ByCode(b.ctx, p.Unit)
		b.must(err)
		key := fmt.Sprint(u.Root(), "/", p.ContractNo)
		l := byNo[key]
		if l == nil {
			l = &latest{p: p}
			byNo[key] = l
		}
		if p.Version > l.p.Version || p.Version == l.p.Version && p.ID < l.p.ID {
			l.p = p
		}
		l.units = append(l.units, b.units[p.Unit])
	}
	for no, l := range byNo {
		r := ledger.Record{Ref: ref("project", no), Attrs: map[string]any{"kind": l.p.Kind}, Rows: []ledger.Row{{Type: "signing", From: clock.Day(l.p.SignedOn), Units: l.units,
			Attrs: map[string]any{"status": l.p.Status, "amount_fen": l.p.AmountFen}}}}
		out["project"][no] = r
		b.name[r.Ref.ID] = ledger.Description{Code: l.p.ContractNo, Unit: l.units[0]}
	}
	return out
}

// follow posts whatever differs between what is booked and the city, one by one.
func (b *book) follow(c oracle.City) {
	b.t.Helper()
	b.must(b.db.Tx(b.ctx, b.posting(c)))
}

// load is follow as an import does it: all together.
func (b *book) load(c oracle.City) {
	b.t.Helper()
	b.must(b.db.Tx(b.ctx, func(ctx context.Context) error { return b.led.Batch(ctx, b.posting(c)) }))
}

func (b *book) posting(c oracle.City) func(context.Context) error {
	want := b.records(c)
	return func(ctx context.Context) error {
		for _, kind := range []string{"base", "project", "reform", "team"} {
			var codes []string
			for code := range want[kind] {
				codes = append(codes, code)
			}
			for code := range b.recs[kind] {
				if _, ok := want[kind][code]; !ok {
					codes = append(codes, code)
				}
			}
			sort.Strings(codes)
			for _, code := range codes {
				r, ok := want[kind][code]
				if !ok {
					r = ledger.Record{Ref: b.recs[kind][code].Ref}
				}
				if old := b.recs[kind][code]; old != nil && reflect.DeepEqual(*old, r) {
					continue
				}
				if err := b.led.Post(ctx, kind, r); err != nil {
					return err
				}
				if ok {
					b.recs[kind][code] = &r
				} else {
					delete(b.recs[kind], code)
				}
			}
		}
		return nil
	}
}

// agrees compares all figures at the units with the recount, and each with its own evidence.
func (b *book) agrees(c oracle.City, units []string, day string, period *[2]string) {
	b.t.Helper()
	checker{t: b.t, ctx: b.ctx, led: b.led, units: b.units}.agrees(c, units, oracle.Codes, day, period)
}

// R3 R88 R90 R91 R92 R151 R152 R171 R172 R204 R205: figure = recount = evidence at every unit, after random edits and
// their undos, whether folded or not.
func TestSumAndEvidence(t *testing.T) {
	testkit.Full(t)
	for seed := uint64(1); seed <= 3; seed++ {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			b := open(t)
			c := oracle.Random(seed, oracle.Small)
			b.found(c.Units)
			b.follow(c)
			days := oracle.EdgeDays()
			last := &[2]string{"2018-01-01", "2019-01-01"}
			b.agrees(c, codes(c), "2019-05-31", last)
			b.must(b.led.Fold(b.ctx))
			b.agrees(c, codes(c), "2019-05-31", last)
			rng := rand.New(rand.NewPCG(seed, 7))
			for i := 0; i < 60; i++ {
				before := c.Clone()
				e := oracle.Mutate(rng, &c)
				if !reflect.DeepEqual(before.Units, c.Units) {
					c = before // units change through org: see TestTreeEdits
					continue
				}
				b.follow(c)
				if i%7 == 0 {
					b.must(b.led.Fold(b.ctx))
				}
				day := days[rng.IntN(len(days))]
				us := codes(c)
				b.agrees(c, []string{us[0], us[1], us[rng.IntN(len(us))], us[rng.IntN(len(us))]}, day, nil)
				if rng.IntN(3) == 0 {
					inv := e.Inverse()
					inv.Apply(&c)
					b.follow(c)
				}
			}
			for _, day := range days {
				b.agrees(c, codes(c), day, nil)
			}
			rep, err := b.led.Verify(b.ctx, nil)
			b.must(err)
			if len(rep.Faults) > 0 {
				t.Fatalf("verify: %v", rep.Faults)
			}
		})
	}
}
