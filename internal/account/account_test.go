package account

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"xinhuo/internal/audit"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/db"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/table"
	"xinhuo/internal/kit/testkit"
	"xinhuo/internal/kit/web"
	"xinhuo/internal/kit/web/ui"
)

const (
	city, county, neighbour, otherCity id.ID = 1, 2, 3, 4

	goodPassword = "木棉花开 2019"
	address      = "192.0.2.7:4000"
)

// tree is a small city: a city with two counties, and another city.
type tree map[id.ID]scope.Range

func span(from, width int64) scope.Range { return scope.Range{From: from, To: from + width} }

func newTree() tree {
	return tree{city: span(9902e9, 1e9), county: span(990203e7, 1e7), neighbour: span(990204e7, 1e7), otherCity: span(9907e9, 1e9)}
}

var codes = map[string]id.ID{"9902": city, "990203": county, "990204": neighbour, "9907": otherCity}

func (t tree) Range(_ context.Context, unit id.ID) (scope.Range, error) {
	if r, ok := t[unit]; ok {
		return r, nil
	}
	return scope.Range{}, errs.New(errs.NotFound, "errs.not_found")
}

func (t tree) ProvinceRange(context.Context, id.ID) (scope.Range, error) {
	return span(99e11, 1e11), nil
}

func (t tree) Top(context.Context) (scope.Range, error) { return span(99e11, 1e11), nil }

func (t tree) Named(_ context.Context, name string) (id.ID, error) {
	v, err := id.Parse(name)
	if _, ok := t[v]; err != nil || !ok {
		return 0, errs.New(errs.NotFound, "errs.not_found")
	}
	return v, nil
}

func (t tree) ByCode(_ context.Context, code string) (id.ID, error) {
	if v, ok := codes[code]; ok {
		return v, nil
	}
	return 0, errs.New(errs.NotFound, "errs.not_found")
}

func (t tree) Name(_ context.Context, unit id.ID) (string, error) {
	return map[id.ID]string{city: "云州市", county: "南江区", neighbour: "北江区", otherCity: "汐门市"}[unit], nil
}

// posts are posts by account, each with its days.
type posts struct {
	tree  tree
	held  map[id.ID][]post
	named []string
}

type post struct {
	unit     id.ID
	grade    string
	from, to clock.Day
}

func (p *posts) RightsOf(_ context.Context, account id.ID, day clock.Day) (out []Right, err error) {
	for _, x := range p.held[account] {
		if clock.Covers(x.from, x.to, day) {
			out = append(out, RightsOfGrade(x.grade, x.unit, p.tree[x.unit], "主任")...)
		}
	}
	return out, nil
}

func (p *posts) Workers(_ context.Context, units []id.ID, day clock.Day) (map[id.ID][]id.ID, error) {
	out := map[id.ID][]id.ID{}
	for account, held := range p.held {
		for _, x := range held {
			if slices.Contains(units, x.unit) && x.grade != "view" && clock.Covers(x.from, x.to, day) {
				out[x.unit] = append(out[x.unit], account)
			}
		}
	}
	return out, nil
}

func (p *posts) Kinds(context.Context) ([]PostKind, error) {
	return []PostKind{{Code: "director", Names: []string{"主任", "Director"}}, {Code: "member", Names: []string{"成员", "Member"}}}, nil
}

func (p *posts) Appoint(_ context.Context, unit id.ID, kind string, account id.ID, person string, from clock.Day) error {
	p.held[account] = append(p.held[account], post{unit, "view", from, ""})
	p.named = append(p.named, person+" "+kind)
	return nil
}

type world struct {
	*Service
	posts *posts
	log   *audit.Service
	ctx   context.Context // as the operator
	at    time.Time       // the one clock of days and of waits
}

func newWorld(t *testing.T) *world {
	t.Helper()
	bg := context.Background()
	dsn := testkit.Prepared(t, "account", func(dsn string) error {
		d, err := db.Open(bg, dsn)
		if err != nil {
			return err
		}
		return errors.Join(d.Migrate(bg, []db.Source{{Module: "web", Files: web.Migrations}, {Module: "audit", Files: audit.Migrations}, {Module: "account", Files: Migrations}}), d.Close())
	})
	d, err := db.Open(bg, dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	texts, err := i18n.Load(Texts, audit.Texts, ui.Texts, table.Texts)
	if err != nil {
		t.Fatal(err)
	}
	w := &world{at: time.Now(), log: audit.New(d)}
	w.posts = &posts{tree: newTree(), held: map[id.ID][]post{}}
	w.Service = New(d, w.log, newTree(), w.posts, w.posts, Config{})
	w.hash = newHasher(cost{64, 1, 1}) // the real cost is tried in TestPasswordHash alone
	w.Service.now = func() time.Time { return w.at }
	ctx := i18n.With(bg, texts, "zh")
	ctx = clock.With(ctx, func() time.Time { return w.at })
	w.ctx = scope.With(ctx, scope.System("test"))
	return w
}

// add makes an account with a password, and a post of the grade in the unit when one is named.
func (w *world) add(t *testing.T, login string, unit id.ID, grade string) Account {
	t.Helper()
	a, err := w.Create(w.ctx, NewAccount{Login: login, Person: "人" + login, Unit: unit, Password: goodPassword})
	if err != nil {
		t.Fatal(err)
	}
	if grade != "" {
		w.posts.held[a.ID] = []post{{unit, grade, "2000-01-01", ""}}
	}
	return a
}

func (w *world) as(t *testing.T, a Account) context.Context {
	t.Helper()
	actor, err := w.Actor(w.ctx, a.ID)
	if err != nil {
		t.Fatal(err)
	}
	return scope.With(w.ctx, actor)
}

// R189: the same answer, and the same work, for known, unknown, disabled and not yet opened names.
func TestSameAnswerSameWork(t *testing.T) {
	w := newWorld(t)
	w.add(t, "known", city, "")
	off := w.add(t, "disabled", city, "")
	if err := w.Disable(w.ctx, off.ID, ""); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Create(w.ctx, NewAccount{Login: "invited", Person: "人", Unit: city}); err != nil {
		t.Fatal(err)
	}
	anon := scope.With(w.ctx, scope.Actor{})
	for _, c := range []struct{ name, password string }{
		{"known", "wrong password"}, {"nobody", goodPassword}, {"disabled", goodPassword}, {"invited", goodPassword}, {"invited", ""}, {"known", strings.Repeat("x", 9999)}, {"' OR 1=1 --", "x"}, {"", ""},
	} {
		before := w.hash.count.Load()
		_, err := w.SignIn(anon, c.name, c.password, address)
		if err == nil || err.Error() != errWrong.Error() {
			t.Errorf("%q: %v, want %v", c.name, err, errWrong)
		}
		if n := w.hash.count.Load() - before; n != 1 {
			t.Errorf("%q: %d hash computations, want 1", c.name, n)
		}
	}
	if a, err := w.SignIn(anon, "  KNOWN ", goodPassword, address); err != nil || a.Login != "known" {
		t.Errorf("the right password: %v", err)
	}
	rows, err := w.log.List(w.ctx, audit.Filter{Act: "account.sign_in", Refused: true})
	if err != nil || len(rows) != 8 {
		t.Errorf("%d refused attempts in the log, %v; want 8", len(rows), err)
	}
	for _, r := range rows {
		if strings.Contains(r.Detail+r.Note+r.ActorName, "1=1") {
			t.Error("the log keeps what was typed as a name")
		}
	}
}

// A mark that somebody made up for themselves does not tell which names there are, by what the answer costs.
func TestAMadeUpMarkTellsNoName(t *testing.T) {
	w := newWorld(t)
	w.add(t, "known", city, "")
	cost := func(name string) (list []string) {
		ctx := db.Watch(scope.With(w.ctx, scope.Actor{}), func(statement string) { list = append(list, statement) })
		if _, err := w.signInFrom(ctx, name, "wrong password", address, "x-00112233.y-44556677"); !errs.Is(err, errs.Invalid) {
			t.Fatal(err)
		}
		return list
	}
	cost("nobody") // makes the key of marks once
	if known, nobody := cost("known"), cost("nobody"); !slices.Equal(known, nobody) {
		t.Errorf("a name that is there costs %q, one that is not %q", known, nobody)
	}
}

// R189: waits grow per name, hold for the right password too, cost no computation, and end.
func TestThrottle(t *testing.T) {
	w := newWorld(t)
	w.add(t, "known", city, "")
	for _, name := range []string{"known", "nobody"} {
		var waits []int
		for i := range 9 {
			before := w.hash.count.Load()
			_, err := w.SignIn(w.ctx, name, "wrong password", "192.0.2.9:1")
			if errs.Is(err, errs.Throttled) {
				if w.hash.count.Load() != before {
					t.Error("a throttled attempt computed a hash")
				}
				if _, err := w.SignIn(w.ctx, name, goodPassword, "192.0.2.9:1"); !errs.Is(err, errs.Throttled) {
					t.Errorf("%s: the right password slipped through the wait: %v", name, err)
				}
				waits = append(waits, i)
				w.at = w.at.Add(20 * time.Minute)
			}
		}
		if len(waits) != 2 || waits[0] != 5 || waits[1] != 7 {
			t.Errorf("%s: shut at attempts %v, want [5 7]", name, waits)
		}
	}
	w.at = w.at.Add(20 * time.Minute)
	if _, err := w.SignIn(w.ctx, "known", goodPassword, "192.0.2.9:1"); err != nil {
		t.Errorf("after the wait: %v", err)
	}
	for i := range 40 {
		if _, err := w.SignIn(w.ctx, "name"+string(rune('a'+i)), "x", "[2001:db8::1]:1"); errs.Is(err, errs.Throttled) {
			if i < 25 {
				t.Errorf("an address was shut after %d names", i)
			}
			if _, err := w.SignIn(w.ctx, "known", goodPassword, "[2001:db8::ffff]:2"); !errs.Is(err, errs.Throttled) {
				t.Error("a neighbour in the same IPv6 network got in")
			}
			if _, err := w.SignIn(w.ctx, "known", goodPassword, "[2001:db8:0:1::1]:2"); err != nil {
				t.Errorf("another network: %v", err)
			}
			return
		}
	}
	t.Error("one address tried 40 names without a wait")
}

// The growth of the waits, as a table.
func TestWait(t *testing.T) {
	g := nameGate("x")
	for n, want := range map[int64]time.Duration{0: 0, 4: 0, 5: 30 * time.Second, 6: time.Minute, 9: 8 * time.Minute, 10: 15 * time.Minute, 1000: 15 * time.Minute} {
		if got := g.wait(n); got != want {
			t.Errorf("%d failures: %v, want %v", n, got, want)
		}
	}
}

// R189: passwords stand as argon2id with 19 MiB, two rounds, one lane.
func TestPasswordHash(t *testing.T) {
	h := newHasher(fullCost)
	ctx := context.Background()
	stored, err := h.hash(ctx, goodPassword)
	if err != nil || !strings.HasPrefix(stored, "$argon2id$v=19$m=19456,t=2,p=1$") {
		t.Fatalf("%s %v", stored, err)
	}
	if ok, err := h.verify(ctx, stored, goodPassword); !ok || err != nil {
		t.Errorf("the right password: %v %v", ok, err)
	}
	if ok, _ := h.verify(ctx, stored, goodPassword+"x"); ok {
		t.Error("a wrong password was taken")
	}
	if ok, err := h.verify(ctx, "$argon2id$v=19$m=99999999,t=2,p=1$YQ$YQ", "x"); ok || err == nil {
		t.Error("a hash that asks for too much memory was computed")
	}
	if cap(h.slots) != 2 {
		t.Errorf("%d computations at a time, want 2", cap(h.slots))
	}
}

func TestPasswordProblem(t *testing.T) {
	for p, want := range map[string]string{"short": "account.password_short", "关工委": "account.password_short", "12345678": "account.password_common", "PASSWORD": "account.password_common",
		"aaaaaaaaaa": "account.password_common", "chen-2019!": "account.password_has_name", strings.Repeat("ab", 70): "account.password_long", goodPassword: ""} {
		if got := passwordProblem(p, "chen"); got != want {
			t.Errorf("%q: %q, want %q", p, got, want)
		}
	}
}

// R189: rights hold within the days of posts and grants, as resolved at each request.
func TestRightsByDay(t *testing.T) {
	w := newWorld(t)
	w.at = time.Date(2019, 5, 31, 9, 0, 0, 0, clock.Shanghai)
	a := w.add(t, "reader", county, "")
	if actor, _ := w.Actor(w.ctx, a.ID); !actor.SignedIn() || len(actor.ViewSet)+len(actor.FindSet) != 0 {
		t.Errorf("rights without post or grant: %+v", actor)
	}
	w.posts.held[a.ID] = []post{{county, "work", "2019-01-01", "2019-06-10"}}
	if _, err := w.Grant(w.ctx, Grant{Account: a.ID, Kind: "view", Unit: city, From: "2019-06-01", To: "2019-06-05", Reason: "年度检查"}); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Grant(w.ctx, Grant{Account: a.ID, Kind: "audit", Unit: county, To: "2019-06-03", Reason: "年度检查"}); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		day                     clock.Day
		work, city, audit, find bool
	}{
		{"2019-05-31", true, false, true, true}, {"2019-06-01", true, true, true, true}, {"2019-06-03", true, true, false, true},
		{"2019-06-04", true, true, false, true}, {"2019-06-05", true, false, false, true}, {"2019-06-10", false, false, false, false},
	} {
		w.at = c.day.Time().Add(time.Hour)
		actor, err := w.Actor(w.ctx, a.ID)
		if err != nil {
			t.Fatal(err)
		}
		if got := actor.May(scope.Work, 990203e7+5); got != c.work {
			t.Errorf("%s: work %v", c.day, got)
		}
		if got := actor.May(scope.View, 990204e7); got != c.city {
			t.Errorf("%s: view of the city %v", c.day, got)
		}
		if actor.Auditor != c.audit || (len(actor.AuditSet) > 0) != c.audit {
			t.Errorf("%s: auditor %v", c.day, actor.Auditor)
		}
		if got := actor.May(scope.Find, 9907e9); got != c.find {
			t.Errorf("%s: find in the province %v", c.day, got)
		}
		if actor.May(scope.Work, 990204e7) || actor.May(scope.Admin, 990203e7) {
			t.Errorf("%s: too much: %+v", c.day, actor)
		}
	}
}

// R189: a disabled account has no rights at the next request, and neither has one with somebody else's password.
func TestDisabledAndMustChange(t *testing.T) {
	w := newWorld(t)
	a := w.add(t, "clerk", city, "admin")
	if actor, _ := w.Actor(w.ctx, a.ID); !actor.May(scope.Admin, 9902e9) || actor.Role != "主任" {
		t.Fatalf("%+v", actor)
	}
	if err := w.Disable(w.ctx, a.ID, "调离"); err != nil {
		t.Fatal(err)
	}
	if actor, _ := w.Actor(w.ctx, a.ID); actor.SignedIn() || len(actor.AdminSet) != 0 {
		t.Errorf("disabled: %+v", actor)
	}
	if err := w.Enable(w.ctx, a.ID); err != nil {
		t.Fatal(err)
	}
	if err := w.SetPassword(w.ctx, a.ID, "别人定的密码 1"); err != nil {
		t.Fatal(err)
	}
	if actor, _ := w.Actor(w.ctx, a.ID); !actor.SignedIn() || len(actor.AdminSet) != 0 {
		t.Errorf("somebody else's password: %+v", actor)
	}
}

// A set never grows beyond 16 ranges and never repeats itself.
func TestCompact(t *testing.T) {
	var set scope.Set
	for i := range int64(40) {
		set = append(set, span(i*100, 10+i))
	}
	set = append(set, span(3905, 5))
	got := compact(set, 1)
	if len(got) != scope.MaxRanges || got[0] != span(3900, 49) {
		t.Errorf("%d ranges, widest %v", len(got), got[0])
	}
}

// R189: an administrator manages accounts of the subtree, none beyond it, and none that reach further.
func TestManageScope(t *testing.T) {
	w := newWorld(t)
	admin := w.add(t, "admin", county, "admin")
	mine := w.add(t, "mine", county, "view")
	strong := w.add(t, "strong", county, "")
	foreign := w.add(t, "foreign", neighbour, "view")
	if _, err := w.Grant(w.ctx, Grant{Account: strong.ID, Kind: "view", Unit: city, To: clock.DayOf(w.at).AddDays(9), Reason: "协助"}); err != nil {
		t.Fatal(err)
	}
	ctx := w.as(t, admin)
	if _, err := w.Invite(ctx, mine.ID); err != nil {
		t.Error(err)
	}
	if _, err := w.Reset(ctx, strong.ID); !errs.Is(err, errs.Forbidden) {
		t.Errorf("an account that reaches further: %v", err)
	}
	if _, err := w.Reset(ctx, foreign.ID); !errs.Is(err, errs.NotFound) {
		t.Errorf("an account of the neighbour: %v", err)
	}
	if _, err := w.Reset(ctx, 12345); !errs.Is(err, errs.NotFound) {
		t.Errorf("no account: %v", err)
	}
	if _, err := w.Create(ctx, NewAccount{Login: "planted", Person: "人", Unit: city}); !errs.Is(err, errs.NotFound) {
		t.Errorf("an account above: %v", err)
	}
	until := clock.DayOf(w.at).AddDays(30)
	if _, err := w.Grant(ctx, Grant{Account: mine.ID, Kind: "view", Unit: city, To: until, Reason: "想看"}); !errs.Is(err, errs.NotFound) {
		t.Errorf("a right above one's own: %v", err)
	}
	if _, err := w.Grant(ctx, Grant{Account: admin.ID, Kind: "audit", Unit: county, To: until, Reason: "想看"}); !errs.Is(err, errs.Conflict) {
		t.Errorf("a right for oneself: %v", err)
	}
	if _, err := w.Grant(ctx, Grant{Account: mine.ID, Kind: "view", Unit: county, Reason: "想看"}); !errs.Is(err, errs.Invalid) {
		t.Errorf("a right without an end: %v", err)
	}
	g, err := w.Grant(ctx, Grant{Account: mine.ID, Kind: "work", Unit: county, To: until, Reason: "代填"})
	if err != nil {
		t.Fatal(err)
	}
	if !w.actorOf(t, mine).May(scope.Work, 990203e7) {
		t.Error("the right does not hold")
	}
	if err := w.Revoke(ctx, mine.ID, g.ID); err != nil {
		t.Fatal(err)
	}
	if w.actorOf(t, mine).May(scope.Work, 990203e7) {
		t.Error("the withdrawn right still holds")
	}
	list, err := w.List(ctx, city, "", "", 50)
	if err != nil || len(list) != 3 {
		t.Errorf("%d accounts in sight, %v; want the county's 3", len(list), err)
	}
	rows, err := w.log.List(w.ctx, audit.Filter{Refused: true, Actor: admin.ID})
	if err != nil || len(rows) != 4 {
		t.Errorf("%d refusals in the log, %v; want 4", len(rows), err)
	}
}

func (w *world) actorOf(t *testing.T, a Account) scope.Actor {
	t.Helper()
	actor, err := w.Actor(w.ctx, a.ID)
	if err != nil {
		t.Fatal(err)
	}
	return actor
}

// Somebody works at a unit who can sign in and has a post there, or a grant, that holds today: not an account that was disabled or never
// opened, not one that may only read, and not whoever has left the post (R66: a vacant post's work is nobody's).
func TestStaffed(t *testing.T) {
	w := newWorld(t)
	staffed := func(units ...id.ID) map[id.ID]bool {
		t.Helper()
		got, err := w.Staffed(w.ctx, units)
		if err != nil {
			t.Fatal(err)
		}
		return got
	}
	clerk := w.add(t, "clerk", county, "work")
	gone := w.add(t, "gone", neighbour, "admin")
	w.add(t, "reader", city, "view")
	if err := w.Disable(w.ctx, gone.ID, "退休"); err != nil {
		t.Fatal(err)
	}
	invited, err := w.Create(w.ctx, NewAccount{Login: "invited", Person: "新人", Unit: otherCity})
	if err != nil {
		t.Fatal(err)
	}
	w.posts.held[invited.ID] = []post{{otherCity, "work", "2000-01-01", ""}}
	if got := staffed(county, neighbour, otherCity, city); !maps.Equal(got, map[id.ID]bool{county: true}) {
		t.Errorf("staffed: %v", got)
	}
	w.posts.held[clerk.ID] = []post{{county, "work", "2000-01-01", "2001-01-01"}}
	if got := staffed(county); len(got) != 0 {
		t.Errorf("whoever has left the post still works there: %v", got)
	}
	if _, err := w.Grant(w.ctx, Grant{Account: clerk.ID, Kind: "work", Unit: county, To: "2099-01-01", Reason: "顶岗"}); err != nil {
		t.Fatal(err)
	}
	if got := staffed(county); !got[county] {
		t.Error("whoever works there by a grant does not count")
	}
	if got := staffed(); len(got) != 0 {
		t.Errorf("of no units: %v", got)
	}
}

// Whom an office may choose from: those who work there today and can sign in, not who has two posts and is more of another unit's, not a
// reader, and nobody where the list would be too long.
func TestColleagues(t *testing.T) {
	w := newWorld(t)
	names := func() (out []string) {
		t.Helper()
		list, err := w.Colleagues(w.ctx, county)
		if err != nil {
			t.Fatal(err)
		}
		for _, a := range list {
			out = append(out, a.Login)
		}
		return out
	}
	w.add(t, "clerk", county, "work")
	w.add(t, "reader", county, "view")
	both := w.add(t, "both", county, "work")
	gone := w.add(t, "gone", county, "admin")
	w.posts.held[both.ID] = []post{{city, "work", "2000-01-01", ""}, {county, "work", "2000-01-01", ""}}
	if err := w.Disable(w.ctx, gone.ID, "退休"); err != nil {
		t.Fatal(err)
	}
	if got := names(); !slices.Equal(got, []string{"clerk"}) {
		t.Errorf("%v", got)
	}
	for i := range mostColleagues {
		w.add(t, fmt.Sprintf("one%02d", i), county, "work")
	}
	if got := names(); got != nil {
		t.Errorf("%d to choose from", len(got))
	}
}

// R189: a one-time code works once, for its time, and not after a newer one.
func TestInviteOnce(t *testing.T) {
	w := newWorld(t)
	a, err := w.Create(w.ctx, NewAccount{Login: "newone", Person: "新人", Unit: county})
	if err != nil {
		t.Fatal(err)
	}
	old, err := w.Invite(w.ctx, a.ID)
	if err != nil {
		t.Fatal(err)
	}
	code, err := w.Invite(w.ctx, a.ID)
	if err != nil {
		t.Fatal(err)
	}
	anon := scope.With(w.ctx, scope.Actor{})
	if _, err := w.AcceptInvite(anon, old, goodPassword, address); !errors.Is(err, errCode) {
		t.Errorf("an older code: %v", err)
	}
	if _, err := w.AcceptInvite(anon, code, "short", address); !errs.Is(err, errs.Invalid) || errors.Is(err, errCode) {
		t.Errorf("a short password: %v", err)
	}
	typed := strings.ToLower(strings.ReplaceAll(code, "-", " "))
	if _, err := w.AcceptInvite(anon, typed, goodPassword, address); err != nil {
		t.Fatalf("as typed by hand: %v", err)
	}
	if _, err := w.AcceptInvite(anon, code, goodPassword+"x", address); !errors.Is(err, errCode) {
		t.Errorf("a second time: %v", err)
	}
	if _, err := w.SignIn(anon, "newone", goodPassword, address); err != nil {
		t.Errorf("signing in: %v", err)
	}
	code, err = w.Reset(w.ctx, a.ID)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.SignIn(anon, "newone", goodPassword, address); err == nil {
		t.Error("the password survived its reset")
	}
	w.at = w.at.Add(codeLife)
	if _, err := w.AcceptInvite(anon, code, goodPassword, address); !errors.Is(err, errCode) {
		t.Errorf("an ended code: %v", err)
	}
	for i := range 20 {
		if _, err := w.CheckCode(anon, "2222222222", "192.0.2.200:1"); errs.Is(err, errs.Throttled) {
			if i != 10 {
				t.Errorf("guessing codes was shut after %d", i)
			}
			return
		}
	}
	t.Error("codes can be guessed without end")
}

// R189: 150 accounts from one table; each bad row is named, good rows are made, a repeat makes none.
func TestBulkInvite(t *testing.T) {
	w := newWorld(t)
	admin := w.add(t, "admin", county, "admin")
	ctx := w.as(t, admin)
	var b strings.Builder
	b.WriteString("姓名,单位代码,账号,手机号,职务\n")
	for i := range 150 {
		b.WriteString("人,990203,user" + string(rune('a'+i/26)) + string(rune('a'+i%26)) + ",,成员\n")
	}
	b.WriteString("外人,990204,outsider,,\n无名,990203,,,\n重复,990203,useraa,,\n已有,990203,admin,,\n错职,990203,wrongpost,,国王\n,990203,nameless,,\n手机,990203,,13800001234,主任\n")
	read := func() ([]Candidate, []table.Problem) {
		sheet, err := table.Read("list.csv", []byte(b.String()), table.Limits{})
		if err != nil {
			t.Fatal(err)
		}
		list, problems, err := w.Preview(ctx, sheet)
		if err != nil {
			t.Fatal(err)
		}
		return list, problems
	}
	list, problems := read()
	lines := map[int]string{}
	for _, p := range problems {
		lines[p.Line] = p.Code
		if text := i18n.T(ctx, p.Code, pairs(p.Args)...); strings.Contains(text, "<no value>") || text == p.Code {
			t.Errorf("line %d says %q", p.Line, text)
		}
		// the refused cell stood there as "not filled in"
		if cell, _ := p.Args["Cell"].(string); cell == "" && !strings.Contains(p.Code, "missing") {
			t.Errorf("line %d (%s) does not show its cell", p.Line, p.Code)
		}
	}
	for line, code := range map[int]string{152: "account.row_unit", 153: "account.row_login_missing", 154: "account.row_twice", 155: "account.row_taken", 156: "table.choice_unknown", 157: "table.cell_missing"} {
		if lines[line] != code {
			t.Errorf("line %d: %q, want %q", line, lines[line], code)
		}
	}
	if len(lines) != 6 || len(list) != 157 {
		t.Errorf("%d rows with problems of %d", len(lines), len(list))
	}
	var good []Candidate
	for _, c := range list {
		if !c.Bad {
			good = append(good, c)
		}
	}
	hashes := w.hash.count.Load()
	made, err := w.BulkInvite(ctx, good)
	if err != nil || len(made) != 151 {
		t.Fatalf("%d made, %v; want 151", len(made), err)
	}
	if w.hash.count.Load() != hashes {
		t.Error("codes cost argon2 computations")
	}
	if len(w.posts.named) != 151 {
		t.Errorf("%d posts filled, want 151", len(w.posts.named))
	}
	if _, err := w.AcceptInvite(ctx, made[150].Code, goodPassword, address); err != nil || made[150].Account.Login != "13800001234" {
		t.Errorf("%s: %v", made[150].Account.Login, err)
	}
	if again, err := w.BulkInvite(ctx, good); err != nil || len(again) != 0 {
		t.Errorf("a repeat made %d, %v", len(again), err)
	}
}

// R189: sign-in leads to addresses of our own only.
func TestLocalPath(t *testing.T) {
	for s, want := range map[string]string{"/": "/", "/base?unit=9902#x": "/base?unit=9902#x", "": "/", "//evil.example": "/", "/\\evil.example": "/", "https://evil.example": "/",
		"javascript:alert(1)": "/", "/\t/evil.example": "/", "/%2f/evil": "/", "/\r\nSet-Cookie:x=1": "/", "/login?next=/x": "/", "/logout": "/", "evil": "/", "/..//evil.example": "/..//evil.example", "/%5cevil.example": "/"} {
		if got := LocalPath(s, "/"); got != want {
			t.Errorf("%q: %q, want %q", s, got, want)
		}
	}
}

// A phrase stands in for an account: guesses wait, what was opened is forgotten, and neither works only inside a transaction of its caller.
func TestPhrase(t *testing.T) {
	w := newWorld(t)
	stored, err := w.HashPhrase(w.ctx, "外婆家的橘子树")
	if err != nil {
		t.Fatal(err)
	}
	for phrase, want := range map[string]bool{"外婆家的橘子树": true, "外婆家的橘子": false} {
		if ok, err := w.SamePhrase(w.ctx, stored, phrase); err != nil || ok != want {
			t.Error(phrase, ok, err)
		}
	}
	if ok, err := w.SamePhrase(w.ctx, "", "外婆家的橘子树"); err != nil || ok {
		t.Error("nobody's phrase fits", err)
	}
	slowed := func() bool {
		for range 20 {
			if err := w.Knock(w.ctx, "care", "1234567890123456", "192.0.2.7:1"); errs.Is(err, errs.Throttled) {
				return true
			} else if err != nil {
				t.Fatal(err)
			}
		}
		return false
	}
	if !slowed() {
		t.Error("guesses are not slowed")
	}
	if err := w.Entered(w.ctx, "care", "1234567890123456", "192.0.2.7:1"); err != nil {
		t.Fatal(err)
	}
	if err := w.Knock(w.ctx, "care", "1234567890123456", "192.0.2.8:1"); err != nil {
		t.Error("what was opened is not forgotten", err)
	}
	// a school stands behind one address: whoever opens what is theirs keeps nobody out, whoever guesses does
	for i := range 200 {
		what := fmt.Sprint("own", i)
		if err := w.Knock(w.ctx, "care", what, "192.0.2.9:1"); err != nil {
			t.Fatalf("the %dth who opens theirs from one address: %v", i, err)
		}
		if err := w.Entered(w.ctx, "care", what, "192.0.2.9:1"); err != nil {
			t.Fatal(err)
		}
	}
	refused := false
	for i := range 40 {
		refused = refused || w.Knock(w.ctx, "care", fmt.Sprint("guessed", i), "192.0.2.9:1") != nil
	}
	if !refused {
		t.Error("an address from which many are tried is not slowed")
	}
}
