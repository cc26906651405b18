package audit_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"xinhuo/internal/audit"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/db"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/testkit"
)

const (
	cityPos   = int64(9902000000000)
	countyPos = int64(9902030000000)
)

func open(t *testing.T) (*audit.Service, *db.DB, context.Context) {
	t.Helper()
	ctx := context.Background()
	dsn := testkit.Prepared(t, "audit", func(dsn string) error {
		d, err := db.Open(ctx, dsn)
		if err != nil {
			return err
		}
		return errors.Join(d.Migrate(ctx, []db.Source{{Module: "audit", Files: audit.Migrations}}), d.Close())
	})
	d, err := db.Open(ctx, dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	ctx = clock.With(ctx, func() time.Time { return time.Date(2019, 5, 31, 9, 0, 0, 0, clock.Shanghai) })
	ctx = scope.With(ctx, scope.Actor{Account: 7, Name: "林素云", Unit: 3, Pos: cityPos})
	return audit.New(d), d, ctx
}

func log(t *testing.T, s *audit.Service, d *db.DB, ctx context.Context, e audit.Entry) {
	t.Helper()
	if err := d.Tx(ctx, func(ctx context.Context) error { return s.Log(ctx, e) }); err != nil {
		t.Fatal(err)
	}
}

// sealed makes a log of n rows and seals it in two rounds, so that the tree grows over an old edge.
func sealed(t *testing.T, s *audit.Service, d *db.DB, ctx context.Context, n int) audit.Head {
	t.Helper()
	for i := range n {
		log(t, s, d, ctx, audit.Entry{Act: "base.change", Subject: "base", Ref: id.Ref{Root: 9902, ID: id.ID(i + 1)}, Detail: map[string]int{"i": i}})
		if i == n/2 {
			if _, err := s.Seal(ctx); err != nil {
				t.Fatal(err)
			}
		}
	}
	h, err := s.Seal(ctx)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func exec(t *testing.T, d *db.DB, q string) {
	t.Helper()
	err := d.Tx(context.Background(), func(ctx context.Context) error {
		n, err := d.Exec(ctx, q)
		if err == nil && n == 0 {
			t.Fatalf("%s touched nothing", q)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// R189: an act without its row does not happen.
func TestLogFailsClosed(t *testing.T) {
	s, d, ctx := open(t)
	if err := s.Log(ctx, audit.Entry{Act: "base.change"}); err == nil {
		t.Error("Log outside a transaction succeeded")
	}
	err := d.Tx(ctx, func(ctx context.Context) error {
		return s.Log(ctx, audit.Entry{Act: "base.change", Detail: strings.Repeat("x", 5000)})
	})
	if err == nil {
		t.Error("an entry that is too large was taken")
	}
	_ = d.Tx(ctx, func(ctx context.Context) error {
		return errors.Join(s.Log(ctx, audit.Entry{Act: "base.change"}), errors.New("the act fails"))
	})
	rows, err := s.List(scope.With(ctx, scope.System("test")), audit.Filter{})
	if err != nil || len(rows) != 0 {
		t.Errorf("%d rows, %v; want none of an act that was rolled back", len(rows), err)
	}
}

// R189: a refused attempt stays although its transaction is rolled back.
func TestRefuse(t *testing.T) {
	s, d, ctx := open(t)
	if err := s.Refuse(ctx, audit.Entry{Act: "base.view", Pos: countyPos}); err != nil {
		t.Fatal(err)
	}
	boom := errors.New("refused")
	err := d.Tx(ctx, func(ctx context.Context) error {
		if err := s.Refuse(ctx, audit.Entry{Act: "base.change", Pos: countyPos}); err != nil {
			return err
		}
		return boom
	})
	if !errors.Is(err, boom) {
		t.Fatal(err)
	}
	err = d.Read(ctx, func(ctx context.Context) error { return s.Refuse(ctx, audit.Entry{Act: "base.open", Pos: countyPos}) })
	if err != nil {
		t.Fatal(err)
	}
	rows, err := s.List(scope.With(ctx, scope.System("test")), audit.Filter{Refused: true})
	if err != nil || len(rows) != 3 {
		t.Fatalf("%d refused rows, %v; want 3", len(rows), err)
	}
	if rows[0].Act != "base.open" || rows[0].ActorName != "林素云" || rows[0].Pos != countyPos {
		t.Errorf("newest row %+v", rows[0])
	}
}

// R189: what was written verifies, whatever its length; sealing twice changes nothing.
func TestSealAndVerify(t *testing.T) {
	s, d, ctx := open(t)
	if rep, err := s.Verify(ctx); err != nil || !rep.OK() {
		t.Fatalf("empty log: %+v %v", rep, err)
	}
	for range 3 {
		h := sealed(t, s, d, ctx, 7)
		again, err := s.Seal(ctx)
		if err != nil || again != h {
			t.Fatalf("sealing again: %+v, %v, want %+v", again, err, h)
		}
		rep, err := s.Verify(ctx)
		if err != nil || !rep.OK() || rep.Checked != h.Size {
			t.Fatalf("%+v %v", rep, err)
		}
	}
	log(t, s, d, ctx, audit.Entry{Act: "base.change"})
	if rep, err := s.Verify(ctx); err != nil || !rep.OK() || rep.Pending != 1 || rep.Checked != 21 {
		t.Fatalf("%+v %v", rep, err)
	}
}

// R189: any change of a sealed row, made past the program, is found and named.
func TestTampering(t *testing.T) {
	for name, q := range map[string]string{
		"changed note":     `UPDATE audit_entry SET note = 'other' WHERE leaf = 4`,
		"changed actor":    `UPDATE audit_entry SET actor = 8 WHERE leaf = 4`,
		"changed name":     `UPDATE audit_entry SET actor_name = '别人' WHERE leaf = 4`,
		"changed instant":  `UPDATE audit_entry SET at = at + 1 WHERE leaf = 4`,
		"changed refusal":  `UPDATE audit_entry SET refused = 1 WHERE leaf = 4`,
		"changed detail":   `UPDATE audit_entry SET detail = '{"i":5}' WHERE leaf = 4`,
		"changed place":    `UPDATE audit_entry SET pos = pos + 1 WHERE leaf = 4`,
		"changed record":   `UPDATE audit_entry SET ref_id = 99 WHERE leaf = 4`,
		"removed row":      `DELETE FROM audit_entry WHERE leaf = 4`,
		"removed last row": `DELETE FROM audit_entry WHERE leaf = 9`,
		"reordered rows":   `UPDATE audit_entry SET leaf = 9 - leaf WHERE leaf IN (4, 5)`,
		"doubled number":   `UPDATE audit_entry SET leaf = 4 WHERE leaf = 5`,
		"number taken off": `UPDATE audit_entry SET leaf = -1 WHERE leaf = 4`,
		"hidden number":    `UPDATE audit_entry SET leaf = -7 WHERE leaf = 4`,
		"added row":        `INSERT INTO audit_entry SELECT root, id + 1, 10, at, actor, actor_name, actor_unit, act, subject, ref_root, ref_id, pos, unit, note, refused, detail FROM audit_entry WHERE leaf = 9`,
		"changed hash":     `UPDATE audit_hash SET hash = (SELECT hash FROM audit_hash WHERE idx = 0) WHERE idx = 2`,
		"removed hash":     `DELETE FROM audit_hash WHERE idx = 2`,
		"changed head":     `UPDATE audit_head SET root_hash = (SELECT hash FROM audit_hash WHERE idx = 0)`,
		"head set back":    `UPDATE audit_head SET size = 9`,
		"removed head":     `DELETE FROM audit_head`,
	} {
		t.Run(name, func(t *testing.T) {
			s, d, ctx := open(t)
			sealed(t, s, d, ctx, 10)
			exec(t, d, q)
			rep, err := s.Verify(ctx)
			if err != nil {
				t.Fatal(err)
			}
			if rep.OK() {
				t.Error("nothing was noticed")
			}
		})
	}
}

// R189: a log that was rebuilt whole, with fitting hashes, is betrayed by the head kept outside.
func TestHeadKeptOutside(t *testing.T) {
	s, d, ctx := open(t)
	early := sealed(t, s, d, ctx, 5)
	late := sealed(t, s, d, ctx, 6)
	for _, h := range []audit.Head{early, late} {
		if rep, err := s.VerifyAgainst(ctx, h.String()); err != nil || !rep.OK() || rep.Outside != h.Size {
			t.Fatalf("%s: %+v %v", h, rep, err)
		}
	}
	exec(t, d, `DELETE FROM audit_hash`)
	exec(t, d, `UPDATE audit_head SET size = 0, root_hash = ''`)
	exec(t, d, `UPDATE audit_entry SET note = 'other' WHERE leaf = 2`)
	exec(t, d, `UPDATE audit_entry SET leaf = -1`)
	if _, err := s.Seal(ctx); err != nil {
		t.Fatal(err)
	}
	if rep, err := s.Verify(ctx); err != nil || !rep.OK() {
		t.Fatalf("the rebuilt log should fit itself: %+v %v", rep, err)
	}
	for _, h := range []audit.Head{early, late} {
		if rep, err := s.VerifyAgainst(ctx, h.String()); err != nil || rep.OK() {
			t.Errorf("%s: %+v %v, want a difference", h, rep, err)
		}
	}
	if _, err := s.VerifyAgainst(ctx, "xinhuo-log x"); err == nil {
		t.Error("an unreadable head was taken")
	}
}

// Two sealers and many writers leave one tree.
func TestSealersDoNotRace(t *testing.T) {
	s, d, ctx := open(t)
	var wg sync.WaitGroup
	fail := make(chan error, 100)
	for range 4 {
		wg.Add(2)
		go func() {
			defer wg.Done()
			for range 10 {
				if err := d.Tx(ctx, func(ctx context.Context) error { return s.Log(ctx, audit.Entry{Act: "base.change"}) }); err != nil {
					fail <- err
				}
			}
		}()
		go func() {
			defer wg.Done()
			for range 5 {
				if _, err := s.Seal(ctx); err != nil {
					fail <- err
				}
			}
		}()
	}
	wg.Wait()
	close(fail)
	for err := range fail {
		t.Error(err)
	}
	h, err := s.Seal(ctx)
	if err != nil || h.Size != 40 {
		t.Fatalf("%+v %v, want 40 rows", h, err)
	}
	if rep, err := s.Verify(ctx); err != nil || !rep.OK() || rep.Checked != 40 {
		t.Errorf("%+v %v", rep, err)
	}
}

// R189: the log is read within the reader's ranges, and by nobody without the right.
func TestListScope(t *testing.T) {
	s, d, ctx := open(t)
	log(t, s, d, ctx, audit.Entry{Act: "base.change", Pos: countyPos, Note: "canary-county"})
	log(t, s, d, ctx, audit.Entry{Act: "team.change", Pos: cityPos + 4e7})
	log(t, s, d, ctx, audit.Entry{Act: "base.change", Pos: 9801000000000})
	reader := func(r scope.Range) context.Context {
		return scope.With(ctx, scope.Actor{Account: 9, Auditor: true, AuditSet: scope.Set{r}})
	}
	count := func(ctx context.Context, f audit.Filter) int {
		t.Helper()
		rows, err := s.List(ctx, f)
		if err != nil {
			t.Fatal(err)
		}
		return len(rows)
	}
	city := reader(scope.Range{From: cityPos, To: cityPos + 1e9})
	county := reader(scope.Range{From: countyPos, To: countyPos + 1e7})
	other := reader(scope.Range{From: cityPos + 5e7, To: cityPos + 6e7})
	for _, c := range []struct {
		name string
		ctx  context.Context
		f    audit.Filter
		want int
	}{
		{"city", city, audit.Filter{}, 2},
		{"county", county, audit.Filter{}, 1},
		{"neighbour", other, audit.Filter{}, 0},
		{"by act", city, audit.Filter{Act: "team."}, 1},
		{"by person", city, audit.Filter{Who: "素云"}, 2},
		{"by a wildcard as text", city, audit.Filter{Who: "%"}, 0},
		{"by day", city, audit.Filter{From: "2019-05-31", To: "2019-05-31"}, 2},
		{"by another day", city, audit.Filter{From: "2019-06-01"}, 0},
		{"by subtree", city, audit.Filter{Range: scope.Range{From: countyPos, To: countyPos + 1e7}}, 1},
		{"one a page", city, audit.Filter{Limit: 1}, 1},
	} {
		if got := count(c.ctx, c.f); got != c.want {
			t.Errorf("%s: %d rows, want %d", c.name, got, c.want)
		}
	}
	if _, err := s.List(ctx, audit.Filter{}); err == nil {
		t.Error("somebody without the right read the log")
	}
}

// What is counted for a place is of that place, of the days and of the acts asked for.
func TestTalliesAreOfAPlace(t *testing.T) {
	s, d, ctx := open(t)
	for _, pos := range []int64{countyPos, countyPos + 1e4, countyPos + 1e7, cityPos, 9801000000000} {
		log(t, s, d, ctx, audit.Entry{Act: "seal.act.open", Subject: "care", Pos: pos})
	}
	if err := s.Refuse(ctx, audit.Entry{Act: "seal.act.open", Subject: "care", Pos: countyPos}); err != nil {
		t.Fatal(err)
	}
	log(t, s, d, ctx, audit.Entry{Act: "care.act.write", Subject: "care", Pos: countyPos})
	for _, c := range []struct {
		name     string
		r        scope.Range
		from, to clock.Day
		want     []audit.Tally
	}{
		{"county", scope.Range{From: countyPos, To: countyPos + 1e7}, "2019-05-31", "2019-05-31", []audit.Tally{{Act: "seal.act.open", Subject: "care", Done: 2, Refused: 1}}},
		{"city", scope.Range{From: cityPos, To: cityPos + 1e9}, "2019-05-01", "2019-06-30", []audit.Tally{{Act: "seal.act.open", Subject: "care", Done: 4, Refused: 1}}},
		{"another day", scope.Range{From: cityPos, To: cityPos + 1e9}, "2019-06-01", "2019-06-30", nil},
		{"neighbour", scope.Range{From: cityPos + 5e7, To: cityPos + 6e7}, "2019-05-31", "2019-05-31", nil},
	} {
		if got, err := s.Tallies(ctx, c.r, "seal.act.", c.from, c.to); err != nil || !slices.Equal(got, c.want) {
			t.Errorf("%s: %+v %v, want %+v", c.name, got, err, c.want)
		}
	}
	if got, err := s.Tallies(ctx, scope.Range{From: cityPos, To: cityPos + 1e9}, "%.act", "2019-05-31", "2019-05-31"); err != nil || len(got) != 0 {
		t.Errorf("by a wildcard as text: %+v %v", got, err)
	}
}
