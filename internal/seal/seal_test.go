package seal

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"xinhuo/internal/account"
	"xinhuo/internal/audit"
	"xinhuo/internal/flow"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/db"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/testkit"
	"xinhuo/internal/kit/web"
	"xinhuo/internal/kit/web/ui"
	"xinhuo/internal/org"
)

const (
	today = clock.Day("2019-05-31")
	name  = "zksealedname陈小满" // occurs nowhere else
)

type world struct {
	testing.TB
	d     *db.DB
	dsn   string
	s     *Service
	audit *audit.Service
	flow  *flow.Service
	now   time.Time
	ctx   context.Context // the operator
	town  org.Unit
	city  org.Unit
	owner Owner
	more  []Owner // further kinds of the same matter
}

func open(t testing.TB) *world {
	t.Helper()
	bg := context.Background()
	dsn := testkit.Prepared(t, "seal", func(dsn string) error {
		d, err := db.Open(bg, dsn)
		if err != nil {
			return err
		}
		return errors.Join(d.Migrate(bg, []db.Source{{Module: "web", Files: web.Migrations}, {Module: "audit", Files: audit.Migrations}, {Module: "account", Files: account.Migrations},
			{Module: "org", Files: org.Migrations}, {Module: "flow", Files: flow.Migrations}, {Module: "seal", Files: Migrations}}), d.Close())
	})
	d, err := db.Open(bg, dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	texts, err := i18n.Load(Texts, ui.Texts, web.Texts, flow.Texts)
	if err != nil {
		t.Fatal(err)
	}
	w := &world{TB: t, d: d, dsn: dsn, now: today.Time().Add(9 * time.Hour), audit: audit.New(d)}
	w.ctx = i18n.With(clock.With(scope.With(bg, scope.System("test")), func() time.Time { return w.now }), texts, "zh")
	o := org.New(d, w.audit)
	w.s = New(d, w.audit, o, &Keys{Path: filepath.Join(t.TempDir(), "city-seal.key")})
	w.flow = flow.New(d, w.audit, org.Tree{Service: o})
	w.s.SetInbox(w.flow)
	w.must(o.FoundAll(w.ctx, []org.NewUnit{
		{Code: "99", Name: "东江省", Level: org.Province, From: "2000-01-01"},
		{Code: "9902", Name: "云州市", Level: org.City, ParentCode: "99", From: "2000-01-01"},
		{Code: "990203", Name: "南江区", Level: org.County, ParentCode: "9902", From: "2000-01-01"},
		{Code: "990203013", Name: "稻香镇", Level: org.Township, Kind: org.Town, ParentCode: "990203", From: "2000-01-01"},
		{Code: "9903", Name: "临海市", Level: org.City, ParentCode: "99", From: "2000-01-01"},
		{Code: "9902030130001", Name: "月河村", Level: org.Village, ParentCode: "990203013", From: "2000-01-01"},
	}))
	w.town, err = o.ByCode(w.ctx, "990203013")
	w.must(err)
	w.city, err = o.ByCode(w.ctx, "9902")
	w.must(err)
	w.owner = Owner{Kind: "test.minor", Of: id.Ref{Root: w.town.Root(), ID: 77}, Unit: w.town.ID}
	return w
}

func (w *world) must(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

// as acts for somebody who works in a unit, with the right to work and see all below it.
func (w *world) as(u org.Unit, account id.ID) context.Context {
	all := scope.Set{u.Range()}
	return scope.With(w.ctx, scope.Actor{Account: account, Name: "陈玉兰", Unit: u.ID, Pos: u.Pos, FindSet: all, ViewSet: all, WorkSet: all, AdminSet: all, AuditSet: all, Auditor: true})
}

func (w *world) seal() id.Ref {
	w.Helper()
	ref, err := w.s.Seal(w.as(w.town, 1), w.owner, map[string]string{"name": name, "phone": "13900000001"}, "phone")
	w.must(err)
	return ref
}

// refused holds which kind of refusal it was and what was told, with nothing beside it; whoever finds something shut reads whom to ask.
func (w *world) refused(kind errs.Kind, key string, err error) {
	w.Helper()
	testkit.Kind(w, err, kind)
	testkit.Told(w, err, key)
	var e *errs.Error
	if errors.As(err, &e) && key == "seal.closed" && e.Args["Unit"] != w.town.Name {
		w.Errorf("told that %v answers for it, want %s", e.Args["Unit"], w.town.Name)
	}
}

// logged counts an act in the log, those of its name alone; no row of it, nor of one whose name begins so, names the child.
func (w *world) logged(act string, refused int64) int {
	w.Helper()
	const most = 1000
	rows, err := w.audit.List(w.as(w.city, 9), audit.Filter{Act: act, Limit: most})
	w.must(err)
	if len(rows) == most {
		w.Fatalf("%s: the log holds more than is read here", act)
	}
	n := 0
	for _, r := range rows {
		if r.Act == act && r.Refused == refused {
			n++
		}
		if strings.Contains(r.Note+r.Detail, name) {
			w.Errorf("the log names the child: %+v", r)
		}
	}
	return n
}

// R133: the keeper reads, standing higher opens nothing, and both stand in the log.
func TestKeeperReadsHigherDoesNot(t *testing.T) {
	w := open(t)
	w.seal()
	got, err := w.s.Open(w.as(w.town, 1), w.owner)
	w.must(err)
	if len(got) != 1 || got[0].Fields["name"] != name || got[0].Fields["phone"] != "13900000001" {
		t.Fatalf("%+v", got)
	}
	_, err = w.s.Open(w.as(w.city, 2), w.owner)
	w.refused(errs.Forbidden, "seal.closed", err)
	_, err = w.s.Open(w.ctx, w.owner) // not even the operator's command line
	w.refused(errs.Forbidden, "seal.closed", err)
	if read, no := w.logged("seal.act.open", 0), w.logged("seal.act.open", 1); read != 1 || no != 2 {
		t.Errorf("%d readings and %d refusals in the log", read, no)
	}
	n, err := w.s.Counts(w.as(w.city, 2), w.owner)
	w.must(err)
	if n.Records != 1 {
		t.Errorf("counts rise: %+v", n)
	}
}

// A reading whose row cannot be written does not happen.
func TestNoLogNoReading(t *testing.T) {
	w := open(t)
	w.seal()
	w.must(w.d.Tx(w.ctx, func(ctx context.Context) error {
		_, err := w.d.Exec(ctx, `ALTER TABLE audit_entry RENAME TO audit_away`)
		return err
	}))
	got, err := w.s.Open(w.as(w.town, 1), w.owner)
	if key, _ := asKey(err); key != "seal.log_shut" || got != nil {
		t.Errorf("read without a row in the log: %v %v", got, err)
	}
}

// R189: while a check of the log has found something that does not fit, nobody reads; whoever it is about reads their own, and what is new is
// sealed. Once it has been looked into it goes on.
func TestDamagedLogNoReading(t *testing.T) {
	w := open(t)
	w.seal()
	lead := w.as(w.town, 1)
	if _, err := w.audit.Seal(w.ctx); err != nil {
		t.Fatal(err)
	}
	w.must(w.d.Tx(w.ctx, func(ctx context.Context) error {
		_, err := w.d.Exec(ctx, `UPDATE audit_entry SET note = 'x' WHERE leaf = 0`)
		return err
	}))
	if _, err := w.audit.Watch(w.ctx); err != nil {
		t.Fatal(err)
	}
	if got, err := w.s.Open(lead, w.owner); !errs.Is(err, errs.Conflict) || got != nil {
		t.Errorf("read: %v %v", got, err)
	}
	if got, err := w.s.Named(lead, w.town, "李小满", ""); !errs.Is(err, errs.Conflict) || got != nil {
		t.Errorf("found: %v %v", got, err)
	}
	if _, err := w.s.OpenOwn(scope.With(w.ctx, scope.System("test")), w.owner); err != nil {
		t.Errorf("whoever it is about: %v", err)
	}
	if _, err := w.s.Seal(lead, w.owner, map[string]string{"name": "王一"}); err != nil {
		t.Errorf("sealed: %v", err)
	}
	if _, err := w.audit.Accept(w.ctx, "cli", "第0条的事由被人手工改过，按备份核对，已经查明。"); err != nil {
		t.Fatal(err)
	}
	if got, err := w.s.Open(lead, w.owner); err != nil || len(got) != 2 {
		t.Errorf("afterwards: %v %v", got, err)
	}
}

func TestGrantEnds(t *testing.T) {
	w := open(t)
	w.seal()
	keeper, guest := w.as(w.town, 1), w.as(w.city, 5)
	_, err := w.s.Grant(guest, w.owner, Grant{Account: 5, Name: "周文琴", Purpose: "营地突发情况联系家长", Until: today.AddDays(2)})
	w.refused(errs.Forbidden, "seal.closed", err) // nobody lets himself in from above
	_, err = w.s.Grant(keeper, w.owner, Grant{Account: 5, Name: "周文琴", Purpose: "营地", Until: today.AddDays(MaxGrant + 1)})
	if !errs.Is(err, errs.Invalid) {
		t.Errorf("without end: %v", err)
	}
	g, err := w.s.Grant(keeper, w.owner, Grant{Account: 5, Name: "周文琴", Purpose: "营地突发情况联系家长", Until: today.AddDays(2)})
	w.must(err)
	_, err = w.s.Open(guest, w.owner)
	w.must(err)
	_, err = w.s.Open(w.as(w.city, 6), w.owner)
	w.refused(errs.Forbidden, "seal.closed", err)
	other := w.owner
	other.Of.ID++
	_, err = w.s.Open(guest, other)
	w.refused(errs.Forbidden, "seal.closed", err)
	w.now = w.now.AddDate(0, 0, 3)
	_, err = w.s.Open(guest, w.owner)
	w.refused(errs.Forbidden, "seal.closed", err)
	w.now = w.now.AddDate(0, 0, -3)
	w.must(w.s.Revoke(keeper, w.owner, g))
	_, err = w.s.Open(guest, w.owner)
	w.refused(errs.Forbidden, "seal.closed", err)
}

func TestConsent(t *testing.T) {
	w := open(t)
	ref, keeper := w.seal(), w.as(w.town, 1)
	w.must(w.s.Consent(keeper, w.owner, ref, Consent{Purpose: "join", Given: today, Form: "paper"}))
	count := func() int64 {
		n, err := w.s.Counts(keeper, w.owner)
		w.must(err)
		return n.Consented["join"]
	}
	if count() != 1 {
		t.Error("given")
	}
	if err := w.s.Consent(keeper, w.owner, ref, Consent{Purpose: "join", Given: today.AddDays(1), Form: "paper"}); !errs.Is(err, errs.Invalid) {
		t.Errorf("a day to come: %v", err)
	}
	w.must(w.s.Withdraw(keeper, w.owner, ref, "join"))
	if count() != 0 {
		t.Error("withdrawn")
	}
	w.refused(errs.Conflict, "seal.no_consent", w.s.Withdraw(keeper, w.owner, ref, "join"))
	other := w.owner
	other.Of.ID++
	if err := w.s.Consent(keeper, other, ref, Consent{Purpose: "join", Given: today, Form: "paper"}); !errs.Is(err, errs.NotFound) {
		t.Errorf("through another's record: %v", err)
	}
}

// What was erased stays so, also when a backup from before comes back with its row.
func TestErase(t *testing.T) {
	w := open(t)
	ref, keeper := w.seal(), w.as(w.town, 1)
	before, err := w.s.store.recordAcrossUnits(w.ctx, ref)
	w.must(err)
	values, err := w.s.store.valuesAcrossUnits(w.ctx, w.owner.Of, w.owner.Kind)
	w.must(err)
	w.must(w.s.Erase(keeper, w.owner, ref, ByGuardian, "监护人要求"))
	check := func(what string) {
		got, err := w.s.Open(keeper, w.owner)
		w.must(err)
		if len(got) != 1 || got[0].Fields != nil {
			t.Errorf("%s: %+v", what, got)
		}
	}
	check("erased")
	w.must(w.d.Tx(w.ctx, func(ctx context.Context) error {
		_, err := w.d.Exec(ctx, `UPDATE seal_record SET kek = $1, wrapped = $2, erased = '' WHERE id = $3`, before.KEK, before.Wrapped, ref.ID)
		for _, v := range values {
			err = errors.Join(err, w.s.store.putValue(ctx, ref.Root, v))
		}
		return err
	}))
	check("restored")
	if n, err := w.s.Rotate(w.ctx); err != nil || n != 0 {
		t.Errorf("rotate: %d %v", n, err)
	}
	check("rotated")
}

// Turning the keys changes no value; forgetting makes former backups unreadable, not the city.
func TestRotate(t *testing.T) {
	w := open(t)
	ref := w.seal()
	old, err := w.s.store.recordAcrossUnits(w.ctx, ref)
	w.must(err)
	n, err := w.s.Rotate(w.ctx)
	w.must(err)
	now, err := w.s.store.recordAcrossUnits(w.ctx, ref)
	w.must(err)
	if n != 1 || now.KEK == old.KEK {
		t.Errorf("%d wrapped, %s then %s", n, old.KEK, now.KEK)
	}
	back := func() error {
		return w.d.Tx(w.ctx, func(ctx context.Context) error { return w.s.store.rewrap(ctx, ref, old.KEK, old.Wrapped) })
	}
	w.must(back()) // a backup of yesterday
	_, err = w.s.Open(w.as(w.town, 1), w.owner)
	w.must(err)
	if n, err = w.s.Forget(w.ctx); err != nil || n != 1 {
		t.Errorf("forget: %d %v", n, err)
	}
	_, err = w.s.Open(w.as(w.town, 1), w.owner)
	w.must(err)
	w.must(back())
	_, err = w.s.Open(w.as(w.town, 1), w.owner)
	w.refused(errs.Conflict, "seal.key_wrong", err)
}

// Tampered, swapped, cut, moved: it says so, opens nothing and loses nothing.
func TestTampered(t *testing.T) {
	w := open(t)
	a, b := w.seal(), w.seal()
	values, err := w.s.store.valuesAcrossUnits(w.ctx, w.owner.Of, w.owner.Kind)
	w.must(err)
	of := func(ref id.Ref, field string) valueRow {
		for _, v := range values {
			if v.Record == ref.ID && v.Field == field {
				return v
			}
		}
		t.Fatal("no value")
		return valueRow{}
	}
	put := func(v valueRow) {
		w.must(w.d.Tx(w.ctx, func(ctx context.Context) error { return w.s.store.putValue(ctx, a.Root, v) }))
	}
	good := of(a, "name")
	for what, value := range map[string]string{"changed": "A" + good.Value[1:], "another row's": of(b, "name").Value, "another field's": of(a, "phone").Value, "cut": good.Value[:8], "no base64": "明文"} {
		if value == good.Value {
			value = "B" + good.Value[1:]
		}
		put(valueRow{Record: a.ID, Field: "name", Value: value})
		got, err := w.s.Open(w.as(w.town, 1), w.owner)
		if key, _ := asKey(err); key != "seal.tampered" || got != nil {
			t.Errorf("%s: %v %v", what, got, err)
		}
	}
	put(good)
	ra, err := w.s.store.recordAcrossUnits(w.ctx, a)
	w.must(err)
	rb, err := w.s.store.recordAcrossUnits(w.ctx, b)
	w.must(err)
	w.must(w.d.Tx(w.ctx, func(ctx context.Context) error { return w.s.store.rewrap(ctx, a, rb.KEK, rb.Wrapped) }))
	_, err = w.s.Open(w.as(w.town, 1), w.owner)
	w.refused(errs.Conflict, "seal.tampered", err)
	w.must(w.d.Tx(w.ctx, func(ctx context.Context) error { return w.s.store.rewrap(ctx, a, ra.KEK, ra.Wrapped) }))
	_, err = w.s.Open(w.as(w.town, 1), w.owner)
	w.must(err)
}

// A key file that has gone, is another's or is damaged: plain words, no new key over the old rows, and all is back with it.
func TestKeyFile(t *testing.T) {
	w := open(t)
	path := w.s.keys.Path
	if _, err := os.Stat(path); err == nil {
		t.Fatal("made before anything was sealed")
	}
	w.seal()
	info, err := os.Stat(path)
	w.must(err)
	if info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v", info.Mode())
	}
	kept, err := os.ReadFile(path)
	w.must(err)
	other := &Keys{Path: filepath.Join(t.TempDir(), "k")}
	w.must(other.make(clock.Today(w.ctx)))
	strange, err := os.ReadFile(other.Path)
	w.must(err)
	for key, text := range map[string][]byte{"seal.key_missing": nil, "seal.key_wrong": strange, "seal.key_unreadable": []byte("key 12\n")} {
		w.must(os.Remove(path))
		if text != nil {
			w.must(os.WriteFile(path, text, 0o600))
		}
		w.s.keys = &Keys{Path: path} // as after a start
		_, err := w.s.Open(w.as(w.town, 1), w.owner)
		w.refused(errs.Conflict, key, err)
		if key == "seal.key_missing" {
			_, err = w.s.Seal(w.as(w.town, 1), w.owner, map[string]string{"name": "x"})
			w.refused(errs.Conflict, key, err)
			w.must(os.WriteFile(path, kept, 0o600))
		}
	}
	w.must(os.WriteFile(path, kept, 0o600))
	w.s.keys = &Keys{Path: path}
	got, err := w.s.Open(w.as(w.town, 1), w.owner)
	w.must(err)
	if got[0].Fields["name"] != name {
		t.Errorf("%+v", got)
	}
}

// R133: the bytes of the database and of what is written beside it never hold a sealed word; nor does a backup.
func TestCanaryBytes(t *testing.T) {
	w := open(t)
	ref := w.seal()
	w.must(w.s.Consent(w.as(w.town, 1), w.owner, ref, Consent{Purpose: "join", Given: today, Form: "paper"}))
	_, err := w.s.Open(w.as(w.town, 1), w.owner)
	w.must(err)
	backup := filepath.Join(t.TempDir(), "backup.db")
	w.must(w.d.Backup(w.ctx, backup, func(ctx context.Context, d *db.DB) error {
		return d.Migrate(ctx, []db.Source{{Module: "web", Files: web.Migrations}, {Module: "audit", Files: audit.Migrations}, {Module: "account", Files: account.Migrations},
			{Module: "org", Files: org.Migrations}, {Module: "flow", Files: flow.Migrations}, {Module: "seal", Files: Migrations}})
	}))
	files := []string{backup} // on PostgreSQL it holds every row of every table
	if w.d.Engine == db.SQLite {
		more, err := filepath.Glob(db.PathOf(w.dsn) + "*")
		w.must(err)
		files = append(files, more...)
	}
	known := 0
	for _, f := range files {
		b, err := os.ReadFile(f)
		w.must(err)
		for _, word := range []string{name, "13900000001"} {
			if bytes.Contains(b, []byte(word)) {
				t.Errorf("%s holds %s", filepath.Base(f), word)
			}
		}
		if bytes.Contains(b, []byte("稻香镇")) {
			known++
		}
	}
	if known == 0 {
		t.Error("no file holds what it should: the test looks in the wrong places")
	}
}

func BenchmarkSeal1KB(b *testing.B) {
	key, text, place := random(), bytes.Repeat([]byte("x"), 1024), bound("seal_value", "value", id.Ref{Root: 1, ID: 2}, "name")
	for b.Loop() {
		if _, err := AES.encrypt(key, text, place); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkOpen1KB(b *testing.B) {
	key, place := random(), bound("seal_value", "value", id.Ref{Root: 1, ID: 2}, "name")
	sealed, err := AES.encrypt(key, bytes.Repeat([]byte("x"), 1024), place)
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := decrypt(key, sealed, place); err != nil {
			b.Fatal(err)
		}
	}
}

// What another module locks is unreadable, bound to its place, and stays readable when the keys were turned.
func TestWhatOtherModulesLock(t *testing.T) {
	w := open(t)
	shut, err := w.s.Lock(w.ctx, "way|1", name)
	w.must(err)
	if strings.Contains(shut, name) {
		t.Error("it is not encrypted")
	}
	if _, err := w.s.Unlock("way|2", shut); err == nil {
		t.Error("it opens at another place")
	}
	_, err = w.s.Rotate(w.ctx)
	w.must(err)
	_, err = w.s.Forget(w.ctx)
	w.must(err)
	if text, err := w.s.Unlock("way|1", shut); err != nil || text != name {
		t.Errorf("%q, %v", text, err)
	}
}

// Where a second factor is asked for, whoever may read proves it before anything opens, is searched, is let in or is looked up in
// the log; entering is not asked for it, and who may not read hears what was heard before.
func TestReadingAsksForASecondFactor(t *testing.T) {
	w := open(t)
	keeper := w.as(w.town, 1)
	proved := false
	w.s.SetStrong(func(context.Context) error {
		if proved {
			return nil
		}
		return errs.New(errs.StepUp, "account.second_needed")
	})
	ref := w.seal()
	erase := func() error { return w.s.Erase(keeper, w.owner, ref, Mistyped, "录错了") }
	if err := erase(); !errs.Is(err, errs.StepUp) {
		t.Errorf("erased for good by whoever has the password: %v", err)
	}
	acts := map[string]func() error{
		"open": func() error { _, err := w.s.Open(keeper, w.owner); return err },
		"find": func() error { _, err := w.s.Named(keeper, w.town, "", "13900000001"); return err },
		"grant": func() error {
			_, err := w.s.Grant(keeper, w.owner, Grant{Account: 5, Name: "周文琴", Purpose: "营地", Until: today})
			return err
		},
		"readings": func() error { _, err := w.s.Readings(keeper, w.owner, "open", 0, 10); return err },
	}
	for name, act := range acts {
		if err := act(); !errs.Is(err, errs.StepUp) {
			t.Errorf("%s: %v", name, err)
		}
	}
	_, err := w.s.Open(w.as(w.city, 2), w.owner)
	w.refused(errs.Forbidden, "seal.closed", err)
	if n := w.logged("seal.act.open", 0) + w.logged("seal.act.find", 0) + w.logged("seal.act.grant", 0); n != 0 {
		t.Errorf("%d acts in the log that did not happen", n)
	}
	proved = true
	for name, act := range acts {
		if err := act(); err != nil {
			t.Errorf("%s, once it was proved: %v", name, err)
		}
	}
	w.must(erase())
}
