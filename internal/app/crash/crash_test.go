// Package crash kills the program at random moments and looks at what stands afterwards: everything that was
// acknowledged, and nothing by halves.
package crash

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"image"
	"image/png"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"xinhuo/internal/app"
	"xinhuo/internal/base"
	"xinhuo/internal/coord"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/db"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/testkit"
	"xinhuo/internal/org"
	"xinhuo/internal/people"
	"xinhuo/internal/record"
)

// The test binary starts itself again as the program that will be killed.
const (
	envDSN   = "XINHUO_CRASH_DSN"
	envFiles = "XINHUO_CRASH_FILES"
	envSeed  = "XINHUO_CRASH_SEED"
)

func TestMain(m *testing.M) {
	if dsn := os.Getenv(envDSN); dsn != "" {
		seed, _ := strconv.ParseUint(os.Getenv(envSeed), 10, 64)
		if err := life(dsn, os.Getenv(envFiles), seed); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// life is the program until somebody kills it: it writes, says each act once it is committed, and folds and seals
// meanwhile. A line goes straight into the pipe, so that what was said before the kill is heard after it.
func life(dsn, files string, seed uint64) error {
	say := func(format string, args ...any) error { // fails when nobody listens any more
		_, err := fmt.Fprintf(os.Stdout, format+"\n", args...)
		return err
	}
	if err := migrate(dsn, say); err != nil {
		return err
	}
	a, err := app.Open(context.Background(), app.Config{DSN: dsn, Files: files})
	if err != nil {
		return err
	}
	ctx := a.System(context.Background(), "crash")
	units, err := found(ctx, a)
	if err != nil {
		return err
	}
	if err := say("ready"); err != nil {
		return err
	}
	fold, broken := make(chan struct{}, 1), make(chan error, 1)
	go func() {
		for range fold {
			err := a.Ledger.Fold(ctx)
			if err == nil {
				_, err = a.Audit.Seal(ctx)
			}
			if err != nil {
				broken <- err
				return
			}
		}
	}()
	lead, err := actor(ctx, a, leadLogin)
	if err != nil {
		return err
	}
	w := &writer{a: a, rnd: rand.New(rand.NewPCG(seed, 1)), units: units, lead: lead}
	for {
		done, err := w.act(ctx)
		if err != nil {
			return err
		}
		if err := say("%s %s %d %t", done.kind, done.ref, done.n, done.gone); err != nil {
			return err
		}
		select {
		case err := <-broken:
			return err
		case fold <- struct{}{}:
		default:
		}
	}
}

// migrate brings the schema up module by module, as releases of many years would, and says each: a kill then lands
// between two of them or within one.
func migrate(dsn string, say func(format string, args ...any) error) error {
	ctx := context.Background()
	d, err := db.Open(ctx, dsn)
	if err != nil {
		return err
	}
	all := app.Migrations()
	for i := range all {
		if err := d.Migrate(ctx, all[:i+1]); err != nil {
			return errors.Join(err, d.Close())
		}
		if err := say("migrated %s", all[i].Module); err != nil {
			return err
		}
	}
	return d.Close()
}

// found makes a small city, in one transaction: a killed start leaves all of it or none.
func found(ctx context.Context, a *app.App) ([]id.ID, error) {
	codes := []string{"990203", "990204", "990203001", "990203013"}
	if _, err := a.Org.ByCode(ctx, codes[0]); errs.Is(err, errs.NotFound) {
		if err := a.Org.FoundAll(ctx, []org.NewUnit{
			{Code: "99", Name: "东江省", Level: org.Province, From: "2000-01-01"},
			{Code: "9902", Name: "云州市", Level: org.City, ParentCode: "99", From: "2000-01-01"},
			{Code: "990203", Name: "南江区", Level: org.County, ParentCode: "9902", From: "2000-01-01"},
			{Code: "990204", Name: "北仓区", Level: org.County, ParentCode: "9902", From: "2000-01-01"},
			{Code: "990203001", Name: "望江街道", Level: org.Township, Kind: org.Street, ParentCode: "990203", From: "2000-01-01"},
			{Code: "990203013", Name: "稻香镇", Level: org.Township, Kind: org.Town, ParentCode: "990203", From: "2000-01-01"},
		}); err != nil {
			return nil, err
		}
	} else if err != nil {
		return nil, err
	}
	var out []id.ID
	for _, c := range codes {
		u, err := a.Org.ByCode(ctx, c)
		if err != nil {
			return nil, err
		}
		out = append(out, u.ID)
	}
	return out, desk(ctx, a, out[0])
}

// said is one acknowledged act.
type said struct {
	kind string
	ref  id.Ref
	n    int64
	gone bool
}

// writer does what people do: new bases and teams, corrections, removals.
type writer struct {
	a     *app.App
	rnd   *rand.Rand
	units []id.ID
	mine  []said
	lead  scope.Actor // of the desk, who helps
	cares []said      // requests and cases of this life
}

func pick[T any](rnd *rand.Rand, of ...T) T { return of[rnd.IntN(len(of))] }

func (w *writer) day() clock.Day { return clock.Day("2001-01-01").AddDays(w.rnd.IntN(6500)) }

func (w *writer) act(ctx context.Context) (said, error) {
	switch n := w.rnd.IntN(16); {
	case n >= 10:
		return w.help(ctx)
	case len(w.mine) < 3 || n < 3:
		return w.newBase(ctx)
	case n < 5:
		return w.newTeam(ctx)
	case n < 6:
		return w.newNotice(ctx)
	default:
		i := w.rnd.IntN(len(w.mine))
		done, err := w.again(ctx, w.mine[i], n == 9)
		if err != nil {
			return done, err
		}
		w.mine[i] = done
		if done.gone {
			w.mine[i] = w.mine[len(w.mine)-1]
			w.mine = w.mine[:len(w.mine)-1]
		}
		return done, nil
	}
}

func (w *writer) newBase(ctx context.Context) (said, error) {
	unit := pick(w.rnd, w.units...)
	b := base.Base{Name: fmt.Sprint("阵地", w.rnd.IntN(1e9)), Host: unit, RunMode: base.Self, Category: pick(w.rnd, "爱国主义", "法治", "国防"), BuiltOn: "2000-01-01"}
	for range 1 + w.rnd.IntN(2) {
		p := base.Accreditation{Level: pick(w.rnd, org.City, org.County), Issuer: base.Body{Unit: unit}, Status: base.Granted, GrantedOn: w.day()}
		if w.rnd.IntN(3) == 0 {
			p.Status, p.RevokedOn = base.Revoked, p.GrantedOn.AddDays(1+w.rnd.IntN(1000))
		}
		b.Accreditations = append(b.Accreditations, p)
	}
	ref, err := w.a.Base.Create(ctx, b, record.Change{Act: "base.act.create"})
	done := said{"base", ref, 1, false}
	w.mine = append(w.mine, done)
	return done, err
}

func (w *writer) newTeam(ctx context.Context) (said, error) {
	founded := w.day()
	ref, err := w.a.People.Create(ctx, people.Team{Unit: pick(w.rnd, w.units...), Name: fmt.Sprint("工作团队", w.rnd.IntN(1e9)), Need: pick(w.rnd, "宣讲", "帮教", "科普"),
		Members: int64(w.rnd.IntN(40)), Status: people.Approved, FoundedOn: founded})
	done := said{"team", ref, 1, false}
	w.mine = append(w.mine, done)
	return done, err
}

// newNotice sends a task to everybody below a county. // issue 4: kill -9 while issuing: no unit twice, none missed
func (w *writer) newNotice(ctx context.Context) (said, error) {
	today := clock.Today(ctx)
	ref, err := w.a.Coord.Create(ctx, coord.Notice{Unit: w.units[0], Kind: "task", Title: fmt.Sprint("任务", w.rnd.IntN(1e9)), Due: today.AddDays(9), IssuedOn: today,
		Targets: coord.Targets{Levels: []org.Level{org.Township}}}, record.Change{})
	done := said{coord.Kind, ref, 1, false}
	w.mine = append(w.mine, done)
	return done, err
}

// again corrects a record in a way that moves its figures, or takes it back.
func (w *writer) again(ctx context.Context, was said, remove bool) (said, error) {
	next := said{was.kind, was.ref, was.n + 1, remove}
	if was.kind == "base" {
		b, v, err := w.a.Base.Get(ctx, was.ref)
		if err != nil {
			return next, err
		}
		if remove {
			return next, w.a.Base.Remove(ctx, was.ref, v.N, "登记错了")
		}
		if len(b.Photos) < base.MaxPhotos && w.rnd.IntN(3) == 0 {
			return next, w.a.Base.AddPhoto(ctx, was.ref, v.N, picture(w.rnd), "外景")
		}
		b.Category = map[string]string{"爱国主义": "法治", "法治": "国防", "国防": "爱国主义"}[b.Category]
		pending, err := w.a.Base.Save(ctx, was.ref, v.N, b, record.Change{Act: "base.act.correct"})
		if err == nil && pending {
			err = errors.New("a change of category waits for somebody")
		}
		return next, err
	}
	if was.kind == coord.Kind {
		n, v, err := w.a.Coord.Notice(ctx, was.ref)
		if err != nil {
			return next, err
		}
		if remove {
			return next, w.a.Coord.Do(ctx, was.ref, coord.ActRemove, coord.Step{Version: v.N, Reason: "发错了"})
		}
		n.Due = n.Due.AddDays(1)
		return next, w.a.Coord.Save(ctx, was.ref, v.N, n, record.Change{})
	}
	t, v, err := w.a.People.Get(ctx, was.ref)
	if err != nil {
		return next, err
	}
	if remove {
		return next, w.a.People.Remove(ctx, was.ref, v.N, "登记错了")
	}
	t.Need = map[string]string{"宣讲": "帮教", "帮教": "科普", "科普": "宣讲"}[t.Need]
	return next, w.a.People.Save(ctx, was.ref, v.N, t, "")
}

// picture is a small one that no other record has.
func picture(rnd *rand.Rand) io.Reader {
	m := image.NewGray(image.Rect(0, 0, 16, 16))
	for i := range m.Pix {
		m.Pix[i] = uint8(rnd.Uint32())
	}
	var b bytes.Buffer
	_ = png.Encode(&b, m) // a buffer takes everything
	return &b
}

// A killed program has kept everything that it had acknowledged, and nothing by halves.
func TestKill(t *testing.T) {
	testkit.Full(t)
	cities, kills := 2, 10
	if testkit.Long() {
		cities, kills = 10, 50
	}
	const seed = 7
	rnd := rand.New(rand.NewPCG(seed, 2))
	start := len(app.Migrations()) + 1 // lines that are said before the first act
	for city := range cities {
		dsn, files := testkit.DSN(t), t.TempDir()
		known := map[id.Ref]said{}
		acts := 0
		for kill := range kills {
			lines := start + rnd.IntN(40)
			if kill%5 == 0 { // while it starts; the very first start makes the tables
				lines = 1 + rnd.IntN(start)
			}
			for _, s := range run(t, dsn, files, uint64(city*1000+kill), lines, nil) {
				if old, ok := known[s.ref]; ok && old.n >= s.n {
					t.Fatalf("%v was said after %v", s, old)
				}
				known[s.ref] = s
				acts++
			}
			if check(t, dsn, files, known); t.Failed() {
				t.Fatalf("city %d, kill %d after %d lines, %d acts acknowledged in all", city, kill, lines, acts)
			}
		}
		if acts < 5*kills {
			t.Errorf("only %d acts in %d lives: the kills came too early to prove anything", acts, kills)
		}
		if got, want := schema(t, dsn), schema(t, testkit.DSN(t)); got != want {
			t.Errorf("after %d kills the schema is no longer that of a fresh database:\n%s", kills, got)
		}
	}
}

// A backup that is taken while the program runs holds everything acknowledged before it, nothing by halves, every picture
// that it names, and goes back into either engine.
func TestBackupWhileItRuns(t *testing.T) {
	testkit.Full(t)
	dsn, files, path := testkit.DSN(t), t.TempDir(), filepath.Join(t.TempDir(), "backup.zip")
	ctx := context.Background()
	quiet := func(int, int) {}
	var before []said
	all := run(t, dsn, files, 3, len(app.Migrations())+60, func(acts []said) {
		before = slices.Clone(acts)
		if done, err := app.Backup(ctx, dsn, files, path, quiet); err != nil || len(done.Lost) > 0 || done.Files == 0 {
			t.Errorf("%+v, %v", done, err)
		}
	})
	if len(before) == 0 || len(all) <= len(before) {
		t.Fatalf("%d acts before the backup, %d in all", len(before), len(all))
	}
	latest := map[id.Ref]said{}
	for _, s := range before {
		latest[s.ref] = s
	}
	for _, to := range []string{testkit.DSN(t), filepath.Join(t.TempDir(), "restored.db")} {
		again := t.TempDir()
		if _, err := app.Restore(ctx, path, to, again, false, quiet); err != nil {
			t.Fatal(err)
		}
		// the program worked on while the backup began: of a record only what was said by then must be there
		checkUpTo(t, to, again, latest, 1<<20)
	}
}

func schema(t *testing.T, dsn string) string {
	t.Helper()
	ctx := context.Background()
	d, err := db.Open(ctx, dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	if err := d.Migrate(ctx, app.Migrations()); err != nil {
		t.Fatal(err)
	}
	s, err := d.Schema(ctx)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// run starts the program, kills it when it has said so many lines, and answers all acts that it has acknowledged by
// then, those included that were in the pipe when it died. before, when it is not nil, runs a line earlier, while the
// program works on.
func run(t *testing.T, dsn, files string, seed uint64, lines int, before func(acts []said)) (acts []said) {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), envDSN+"="+dsn, envFiles+"="+files, fmt.Sprint(envSeed, "=", seed))
	var complaints bytes.Buffer
	cmd.Stderr = &complaints
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	r, n := bufio.NewReader(out), 0
	for {
		line, err := r.ReadString('\n')
		if err != nil {
			if !errors.Is(err, io.EOF) {
				t.Error(err)
			}
			break // a line that was cut off acknowledges nothing
		}
		if f := strings.Fields(line); len(f) == 4 {
			ref, err := id.ParseRef(f[1])
			version, again := strconv.ParseInt(f[2], 10, 64)
			if err := errors.Join(err, again); err != nil {
				t.Fatalf("%q: %v", line, err)
			}
			acts = append(acts, said{f[0], ref, version, f[3] == "true"})
		}
		if n++; n == lines {
			if before != nil {
				before(acts)
				before, lines = nil, lines+1 // it must have gone on meanwhile
				continue
			}
			if err := cmd.Process.Kill(); err != nil {
				t.Error(err)
			}
		}
	}
	err = cmd.Wait()
	var exit *exec.ExitError
	if !errors.As(err, &exit) || exit.Sys().(syscall.WaitStatus).Signal() != syscall.SIGKILL {
		t.Fatalf("the program ended by itself: %v\n%s", err, complaints.String())
	}
	return acts
}

// settle waits until the server has noticed that its client is gone: what it was doing is then done or undone.
func settle(t *testing.T, dsn string) {
	t.Helper()
	ctx := context.Background()
	d, err := db.Open(ctx, dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	if d.Engine == db.SQLite {
		said, err := db.Select[string](ctx, d, "PRAGMA integrity_check")
		if err != nil || len(said) != 1 || said[0] != "ok" {
			t.Errorf("integrity_check: %v, %v", said, err)
		}
		return
	}
	if _, err := db.Select[bool](ctx, d, `SELECT pg_terminate_backend(pid, 60000) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`); err != nil {
		t.Fatal(err)
	}
}

// check opens the database as the next start would, and counts.
func check(t *testing.T, dsn, files string, known map[id.Ref]said) {
	t.Helper()
	checkUpTo(t, dsn, files, known, 1)
	answered(t, dsn, files, known)
}

// checkUpTo lets each record be so many acts ahead of what was said of it.
func checkUpTo(t *testing.T, dsn, files string, known map[id.Ref]said, ahead int64) {
	t.Helper()
	settle(t, dsn)
	a, err := app.Open(context.Background(), app.Config{DSN: dsn, Files: files})
	if err != nil {
		t.Errorf("it does not start again: %v", err)
		return
	}
	defer a.Close()
	ctx := a.System(context.Background(), "check")
	if err := a.DB.Read(ctx, func(ctx context.Context) error {
		bad, err := whole(ctx, a.DB, known, ahead)
		for _, b := range bad {
			t.Error(b)
		}
		return err
	}); err != nil {
		t.Error(err)
	}
	pictures(t, ctx, a.DB, files)
	rep, err := a.Ledger.Verify(ctx, nil)
	if err != nil || len(rep.Faults) > 0 {
		t.Errorf("the ledger: %v, %v", rep.Faults, err)
	}
	if _, err := a.Audit.Seal(ctx); err != nil {
		t.Errorf("the log cannot be sealed: %v", err)
	}
	if rep, err := a.Audit.Verify(ctx); err != nil || !rep.OK() || rep.Pending != 0 {
		t.Errorf("the log: %+v, %v", rep, err)
	}
}

// pictures tells when a record names one that is not there, or is not the one.
func pictures(t *testing.T, ctx context.Context, d *db.DB, files string) {
	t.Helper()
	hashes, err := base.Files(ctx, d)
	if err != nil {
		t.Error(err)
	}
	for _, hash := range hashes {
		data, err := os.ReadFile(filepath.Join(files, hash[:2], hash[2:]))
		if err != nil || fmt.Sprintf("%x", sha256.Sum256(data)) != hash {
			t.Errorf("a record names picture %s: %v", hash, err)
		}
	}
}

type headRow struct {
	Root int64
	ID   id.ID
	Kind string
	N    int64
	Gone int64
}

func (h headRow) ref() id.Ref { return id.Ref{Root: h.Root, ID: h.ID} }

// whole looks for halves: each version has its row in the log and each such row its version, each record that stands
// has its row in its module's table and its postings, and nothing else has any.
func whole(ctx context.Context, d *db.DB, known map[id.Ref]said, ahead int64) (bad []string, err error) {
	wrong := func(format string, args ...any) { bad = append(bad, fmt.Sprintf(format, args...)) }
	heads, err := db.Select[headRow](ctx, d, "SELECT root, id, kind, n, gone FROM record_head")
	if err != nil {
		return nil, err
	}
	versions, err := db.Select[headRow](ctx, d, "SELECT root, id, kind, n, gone FROM record_version ORDER BY root, id, n")
	if err != nil {
		return nil, err
	}
	logged, err := db.Select[struct {
		Root   int64
		ID     id.ID
		Kind   string
		Detail string
	}](ctx, d, "SELECT ref_root AS root, ref_id AS id, subject AS kind, detail FROM audit_entry WHERE subject IN ('base', 'team', 'notice') AND refused = 0")
	if err != nil {
		return nil, err
	}
	listed, posted := map[id.ID]bool{}, map[id.ID]bool{}
	for _, of := range []struct {
		into map[id.ID]bool
		q    string
	}{
		{listed, "SELECT id FROM base_base UNION ALL SELECT id FROM people_team UNION ALL SELECT id FROM coord_notice"},
		{posted, "SELECT rec FROM ledger_tail UNION SELECT rec FROM ledger_entry"},
	} {
		ids, err := db.Select[id.ID](ctx, d, of.q)
		if err != nil {
			return nil, err
		}
		for _, i := range ids {
			of.into[i] = true
		}
	}
	stands := map[id.Ref]headRow{}
	for _, h := range heads {
		stands[h.ref()] = h
		if listed[h.ID] == (h.Gone == 1) {
			wrong("%s %s: gone %d, in its list %v", h.Kind, h.ref(), h.Gone, listed[h.ID])
		}
		if h.Gone == 0 && !posted[h.ID] {
			wrong("%s %s has no posting", h.Kind, h.ref())
		}
		delete(listed, h.ID)
		delete(posted, h.ID)
	}
	for i := range listed {
		wrong("a list holds %s, which is no record", i)
	}
	for i := range posted {
		if _, err := db.Get[int64](ctx, d, "SELECT 1 FROM org_unit WHERE id = $1", i); err != nil {
			wrong("postings of %s, which is no record: %v", i, err)
		}
	}
	rows := map[string]int{}
	for _, l := range logged {
		rows[fmt.Sprint(l.Kind, id.Ref{Root: l.Root, ID: l.ID}, l.Detail)]++
	}
	last := map[id.Ref]int64{}
	for _, v := range versions {
		if v.N != last[v.ref()]+1 {
			wrong("%s %s: version %d follows %d", v.Kind, v.ref(), v.N, last[v.ref()])
		}
		last[v.ref()] = v.N
		k := fmt.Sprintf(`%s%s{"version":%d}`, v.Kind, v.ref(), v.N)
		if rows[k] != 1 {
			wrong("%s %s: version %d stands %d times in the log", v.Kind, v.ref(), v.N, rows[k])
		}
		delete(rows, k)
	}
	for k := range rows {
		wrong("the log tells of %s, which was not kept", k)
	}
	for r, h := range stands {
		if last[r] != h.N {
			wrong("%s %s: its head says %d, its newest version is %d", h.Kind, r, h.N, last[r])
		}
		delete(last, r)
	}
	for r := range last {
		wrong("versions of %s without a head", r)
	}
	for r, s := range known {
		if ofHelp[s.kind] { // no record of a book: see answered
			continue
		}
		h, ok := stands[r]
		// one act more may have been committed and not been said any more
		if !ok || h.Kind != s.kind || h.N < s.n || h.N > s.n+ahead || h.N == s.n && (h.Gone == 1) != s.gone {
			wrong("acknowledged %+v, found %+v", s, h)
		}
	}
	return bad, nil
}

// The check itself must see halves: each of these is one.
func TestCheckSeesHalves(t *testing.T) {
	dsn, files := testkit.DSN(t), t.TempDir()
	known := map[id.Ref]said{}
	for _, s := range run(t, dsn, files, 1, len(app.Migrations())+12, nil) {
		known[s.ref] = s
	}
	check(t, dsn, files, known)
	if t.Failed() {
		return
	}
	a, err := app.Open(context.Background(), app.Config{DSN: dsn, Files: files})
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	ctx := a.System(context.Background(), "check")
	one, err := db.Get[int64](ctx, a.DB, "SELECT min(id) FROM record_head WHERE gone = 0")
	if err != nil {
		t.Fatal(err)
	}
	for _, q := range []string{
		"DELETE FROM audit_entry WHERE ref_id = $1",
		"DELETE FROM ledger_entry WHERE rec = $1",
		"DELETE FROM record_version WHERE id = $1",
		"DELETE FROM record_head WHERE id = $1",
		"DELETE FROM base_base WHERE id = $1",
		"UPDATE record_head SET n = n + 1 WHERE id = $1",
	} {
		err := a.DB.Rehearse(ctx, func(ctx context.Context) error {
			if n, err := a.DB.Exec(ctx, q, one); err != nil || n == 0 {
				return fmt.Errorf("%d rows, %w", n, err)
			}
			bad, err := whole(ctx, a.DB, known, 1)
			if len(bad) == 0 {
				t.Errorf("not seen: %s", q)
			}
			return err
		})
		if err != nil {
			t.Errorf("%s: %v", q, err)
		}
	}
	for r, s := range known {
		if ofHelp[s.kind] { // see TestCheckSeesWhatIsLost
			continue
		}
		s.n += 2
		if bad, err := whole(ctx, a.DB, map[id.Ref]said{r: s}, 1); err != nil || len(bad) == 0 {
			t.Errorf("not seen: an acknowledged version that is missing (%v)", err)
		}
	}
}
