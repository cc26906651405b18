package seal

import (
	"bytes"
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/web"
	"xinhuo/internal/org"
)

// Each of these holds one check in its place: go run ./tools/mutate takes them out one by one.

// looksLike are people who come near to what an auditor of the town is, and are none.
func (w *world) looksLike() map[string]context.Context {
	there, elsewhere := scope.Set{w.town.Range()}, scope.Set{{From: w.city.Pos + 5e7, To: w.city.Pos + 6e7}}
	one := func(a scope.Actor) context.Context {
		a.Account, a.Name, a.Unit, a.Pos, a.ViewSet = 8, "周文琴", w.city.ID, w.city.Pos, scope.Set{w.city.Range()}
		return scope.With(w.ctx, a)
	}
	return map[string]context.Context{"works above": one(scope.Actor{WorkSet: scope.Set{w.city.Range()}}), "audits elsewhere": one(scope.Actor{Auditor: true, AuditSet: elsewhere}), "audits no more": one(scope.Actor{AuditSet: there})}
}

// R133: who sees that a unit keeps something is led to who may open it only as its own people or its auditor; the box on the unit's page is
// for them alone, and the log is offered to those who may read it.
func TestOnlyItsOwnPeopleAreLedOn(t *testing.T) {
	w := open(t)
	w.seal()
	at, to := "/seal?unit="+w.town.ID.String(), `href="/seal/`+w.owner.Of.String()
	box := func(who context.Context) string {
		t.Helper()
		w.pages(who)
		c, err := w.s.panel().Render(who, w.town, today)
		w.must(err)
		if c == nil {
			return ""
		}
		var b bytes.Buffer
		w.must(c.Render(who, &b))
		return b.String()
	}
	for what, who := range w.looksLike() {
		page := w.fetch(who, at, http.StatusOK)
		if strings.Contains(page, to) || strings.Contains(page, "/wishes?unit=") || strings.Contains(page, tr(who, "seal.second_off", "N", 4)) || box(who) != "" {
			t.Errorf("who %s is led on", what)
		}
		if got := strings.Contains(page, "/audit?act=seal."); got != scope.From(who).Auditor {
			t.Errorf("who %s is offered the log: %t", what, got)
		}
	}
	for who, want := range map[context.Context]bool{w.as(w.town, 1): true, w.auditor(w.town): false, w.looksLike()["works above"]: false} {
		if got := strings.Contains(w.fetch(who, at, http.StatusOK), FindPath(w.town.ID)); got != want { // what is sealed is searched by its keeper
			t.Errorf("account %d is offered the search: %t", scope.From(who).Account, got)
		}
	}
	for _, who := range []context.Context{w.as(w.town, 1), w.auditor(w.town), w.auditor(w.city)} {
		w.holds("the list", w.fetch(who, at, http.StatusOK), to, "/wishes?unit=", tr(who, "seal.second_off", "N", 4))
		w.holds("the box", box(who), "1")
	}
}

// R133: of those who work at the keeper the named accounts alone read, add, let in and know who reads.
func TestNamedAccountsAlone(t *testing.T) {
	w := open(t)
	w.owner.Only = []id.ID{1}
	w.seal()
	named, colleague := w.as(w.town, 1), w.as(w.town, 2)
	_, err := w.s.Open(named, w.owner)
	w.must(err)
	_, err = w.s.Open(colleague, w.owner)
	w.refused(errs.Forbidden, "seal.closed", err)
	_, err = w.s.Seal(colleague, w.owner, map[string]string{"name": "x"})
	w.refused(errs.Forbidden, "seal.closed", err)
	_, err = w.s.Grant(colleague, w.owner, Grant{Account: 2, Name: "x", Purpose: "x", Until: today})
	w.refused(errs.Forbidden, "seal.closed", err)
	for who, want := range map[context.Context]bool{named: true, colleague: false} {
		if got, err := w.s.Keeps(who, w.owner); err != nil || got != want {
			t.Errorf("keeps: %t %v", got, err)
		}
		if got, err := w.s.May(who, w.owner); err != nil || got != want {
			t.Errorf("may open: %t %v", got, err)
		}
	}
	if _, err := w.s.Seal(w.ctx, w.owner, map[string]string{"name": "x"}); err != nil { // the program, for who asks for help
		t.Error(err)
	}
}

// Who may know that a matter is there works in the very unit that keeps it or was let in; for all others it is as absent as what is not there,
// and was looked for all the same.
func TestNearAreItsOwnPeopleAndGuests(t *testing.T) {
	w := open(t)
	w.seal()
	guest := scope.With(w.ctx, scope.Actor{Account: 5, Name: "甲", Unit: w.city.ID, Pos: w.city.Pos})
	_, err := w.s.Grant(w.as(w.town, 1), w.owner, Grant{Account: 5, Name: "甲", Purpose: "x", Until: today})
	w.must(err)
	reads := 0
	near := func(who context.Context, of id.Ref) error {
		was := reads
		got, err := Near(who, w.s, of, func(_ context.Context, ref id.Ref) (string, error) {
			if reads++; ref != w.owner.Of {
				return "", errs.New(errs.NotFound, "errs.not_found")
			}
			return "words", nil
		}, func(string) (id.ID, int64) { return w.town.ID, w.town.Pos })
		if (got == "words") != (err == nil) || reads != was+1 {
			t.Errorf("account %d: %q with %v after %d readings", scope.From(who).Account, got, err, reads-was)
		}
		return err
	}
	absent := id.Ref{Root: w.owner.Of.Root, ID: w.owner.Of.ID + 1}
	w.must(near(w.as(w.town, 1), w.owner.Of))
	w.must(near(guest, w.owner.Of))
	looks := scope.From(w.as(w.town, 6))
	looks.WorkSet = nil
	others := w.looksLike()
	others["works nowhere"], others["looks at the unit"] = scope.With(w.ctx, scope.Actor{}), scope.With(w.ctx, looks)
	for what, who := range others {
		if here, not := near(who, w.owner.Of), near(who, absent); here == nil || not == nil || here.Error() != not.Error() {
			t.Errorf("who %s: %v, and of what is not there %v", what, here, not)
		}
	}
}

// Who enters works at the keeper or at a unit beside it; who works at neither does not.
func TestStrangersEnterNothing(t *testing.T) {
	w := open(t)
	county, err := w.s.org.ByCode(w.ctx, "990203")
	w.must(err)
	stranger := func() context.Context { // works far away
		far := scope.Set{{From: w.city.Pos + 5e7, To: w.city.Pos + 6e7}}
		return scope.With(w.ctx, scope.Actor{Account: 3, Unit: 99, Pos: w.city.Pos + 5e7, WorkSet: far, ViewSet: scope.All})
	}()
	for _, also := range [][]id.ID{nil, {county.ID}} {
		w.owner.Also = also
		_, err := w.s.Seal(stranger, w.owner, map[string]string{"name": "x"})
		w.refused(errs.Forbidden, "seal.closed", err)
	}
	clerk := scope.With(w.ctx, scope.Actor{Account: 4, Unit: county.ID, Pos: county.Pos, WorkSet: scope.Set{{From: county.Pos, To: county.Pos + 1}}})
	if _, err := w.s.Seal(clerk, w.owner, map[string]string{"name": "x"}); err != nil {
		t.Errorf("who works beside it: %v", err)
	}
	looks := scope.From(w.as(w.town, 5)) // has a post at the keeper and reads other things there
	looks.WorkSet = nil
	for who, want := range map[context.Context]bool{clerk: true, stranger: false, scope.With(w.ctx, looks): false} {
		if got, err := w.s.May(who, w.owner); err != nil || got != want {
			t.Errorf("account %d opens it: %v, %v", scope.From(who).Account, got, err)
		}
	}
	w.owner.Also = nil
	_, err = w.s.Seal(clerk, w.owner, map[string]string{"name": "x"})
	w.refused(errs.Forbidden, "seal.closed", err)
}

// What the program does for the person whom it is about, nobody else does.
func TestOwnIsTheProgramsAlone(t *testing.T) {
	w := open(t)
	w.seal()
	keeper := w.as(w.town, 1)
	first, err := w.s.Grant(keeper, w.owner, Grant{Account: 5, Name: "甲", Purpose: "x", Until: today})
	w.must(err)
	_, err = w.s.Grant(keeper, w.owner, Grant{Account: 6, Name: "乙", Purpose: "x", Until: today})
	w.must(err)
	w.must(w.s.Revoke(keeper, w.owner, first))
	if err := w.s.Revoke(keeper, w.owner, id.New()); !errs.Is(err, errs.NotFound) {
		t.Errorf("a grant that is not there: %v", err)
	}
	for _, who := range []context.Context{keeper, scope.With(w.ctx, scope.Actor{})} {
		_, err = w.s.OpenOwn(who, w.owner)
		w.refused(errs.Forbidden, "seal.closed", err)
		_, err = w.s.RevokeOwn(who, w.owner)
		w.refused(errs.Forbidden, "seal.closed", err)
		w.refused(errs.Forbidden, "seal.closed", w.s.Lapse(who, w.owner, first))
	}
	own, err := w.s.OpenOwn(w.ctx, w.owner)
	w.must(err)
	out, err := w.s.RevokeOwn(w.ctx, w.owner)
	w.must(err)
	if len(own) != 1 || len(out) != 1 || out[0].Name != "乙" { // who was not let in any more is not told of again
		t.Errorf("%+v %+v", own, out)
	}
	w.holds("nobody is let in any more", w.fetch(keeper, "/seal/"+w.owner.Of.String()+"/revoke", http.StatusOK), "没有")
	if page := w.fetch(keeper, "/seal/"+w.owner.Of.String()+"/revoke", http.StatusOK); strings.Contains(page, "甲") || strings.Contains(page, "乙") {
		t.Error("grants that have ended are offered to be ended")
	}
}

// Nobody without an account is somebody: not by a grant to nobody, and not as the one who entered what the program entered.
func TestNobodyIsNobody(t *testing.T) {
	w := open(t)
	nobody := scope.With(w.ctx, scope.Actor{})
	_, err := w.s.Seal(w.ctx, w.owner, map[string]string{"name": name})
	w.must(err)
	w.must(w.d.Tx(w.ctx, func(ctx context.Context) error {
		return w.s.store.putGrant(ctx, w.owner.Of, w.owner.Unit, Grant{ID: id.New(), Purpose: "x", Until: today, Revoked: clock.Open})
	}))
	_, err = w.s.Open(nobody, w.owner)
	w.refused(errs.Forbidden, "seal.closed", err)
	if got, err := w.s.Typed(nobody, w.owner); err != nil || len(got) > 0 {
		t.Errorf("%+v %v", got, err)
	}
}

// A record is found under the kind it belongs to alone; of another kind of the same matter nobody hears that it exists.
func TestOfAnotherKind(t *testing.T) {
	w := open(t)
	ref := w.seal()
	other := w.owner
	other.Kind = "test.guardian"
	if err := w.s.Erase(w.as(w.town, 1), other, ref, Other, "登记错了"); !errs.Is(err, errs.NotFound) {
		t.Errorf("%v", err)
	}
	got, err := w.s.Open(w.as(w.town, 1), w.owner)
	w.must(err)
	if len(got) != 1 || got[0].Fields == nil {
		t.Errorf("%+v", got)
	}
}

// Who may not let anybody in does not learn either which logins there are.
func TestLoginsAreToldAlike(t *testing.T) {
	w := open(t)
	w.seal()
	w.s.SetAccounts(people{"zhou": scope.From(w.above(5))})
	told := func(login string) string {
		t.Helper()
		_, err := w.s.GrantLogin(w.above(6), w.owner, login, Grant{Purpose: "x", Until: today})
		if err == nil {
			t.Fatal("somebody is let in")
		}
		return err.Error()
	}
	if a, b := told("zhou"), told("nobody"); a != b {
		t.Errorf("%q, %q", a, b)
	}
}

// Who took back a slip of the pen and does not oversee the list goes back to the matter, not to a page that refuses them.
func TestTypistGoesBackToTheMatter(t *testing.T) {
	w := open(t)
	typist := w.above(5)
	ref, err := w.s.Seal(typist, w.owner, map[string]string{"name": name})
	w.must(err)
	keeper := w.seal()
	for who, x := range map[context.Context]struct {
		ref id.Ref
		to  string
	}{typist: {ref, "/camp"}, w.as(w.town, 1): {keeper, "/seal/" + w.owner.Of.String() + "?done=erase"}} {
		form := url.Values{"_key": {web.NewKey()}, "record": {x.ref.String()}, "ground": {Mistyped}, "reason": {"登记错了"}, "sure": {"1"}}
		r := httptest.NewRequest("POST", "/seal/"+w.owner.Of.String()+"/erase", strings.NewReader(form.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		rec := httptest.NewRecorder()
		w.pages(who).ServeHTTP(rec, r)
		if rec.Code != http.StatusSeeOther || rec.Header().Get("Location") != x.to {
			t.Errorf("%d to %q, want %q", rec.Code, rec.Header().Get("Location"), x.to)
		}
	}
}

// R133: who was let in and who has read is told to the keeper and to the auditor there; to all others nothing, as if nothing had been.
func TestOverseenByTwo(t *testing.T) {
	w := open(t)
	w.seal()
	_, err := w.s.Grant(w.as(w.town, 1), w.owner, Grant{Account: 5, Name: "甲", Purpose: "x", Until: today})
	w.must(err)
	ask := func(who context.Context) (may bool, told int) {
		t.Helper()
		may, err := w.s.Oversees(who, w.owner)
		w.must(err)
		grants, err := w.s.Grants(who, w.owner)
		w.must(err)
		rows, err := w.s.Readings(who, w.owner, "", 0, 50)
		w.must(err)
		return may, len(grants) + len(rows)
	}
	for what, who := range w.looksLike() {
		if may, told := ask(who); may || told > 0 {
			t.Errorf("who %s is told %d things (%t)", what, told, may)
		}
	}
	for _, who := range []context.Context{w.as(w.town, 1), w.auditor(w.town), w.auditor(w.city)} {
		if may, told := ask(who); !may || told < 3 { // sealed, let in, and who was
			t.Errorf("%v is told %d things (%t)", scope.From(who).Name, told, may)
		}
	}
}

// A list over several cities, and the year's units, are read from those cities alone, and hold what lies within the reader's places there.
func TestOfOnesOwnPlaces(t *testing.T) {
	w := open(t)
	w.seal()
	_, err := w.s.Grant(w.as(w.town, 1), w.owner, Grant{Account: 5, Name: "甲", Purpose: "x", Until: today})
	w.must(err)
	_, err = w.s.AddWish(w.as(w.town, 1), w.town.ID, Wish{Kind: ToSee, Asker: "minor", Proof: "known", Name: "某某", Received: today})
	w.must(err)
	beside := w.looksLike()["audits elsewhere"] // in the same city
	if list, err := w.s.Overview(beside, 10); err != nil || len(list) != 0 {
		t.Errorf("%+v %v", list, err)
	}
	if list, err := w.s.Overview(w.auditor(w.city), 10); err != nil || len(list) != 1 {
		t.Errorf("%+v %v", list, err)
	}
	other, err := w.s.org.ByCode(w.ctx, "9903")
	w.must(err)
	if y, err := w.s.Year(w.auditor(other), other, 2019); err != nil || len(y.Wishes)+len(y.Kinds) != 0 {
		t.Errorf("%+v %v", y, err)
	}
	for u, want := range map[org.Unit]int{w.city: 1, other: 0} {
		rows, err := w.s.store.grantsAboutAcrossUnits(w.ctx, scope.Set{u.Range()}, today, today, 0, 10)
		w.must(err)
		units, err := w.s.store.unitsAcrossRoots(w.ctx, scope.Range{From: u.Root(), To: u.Root() + 1})
		w.must(err)
		if len(rows) != want || len(units) != want {
			t.Errorf("%s: %d grants, %d units", u.Name, len(rows), len(units))
		}
	}
}

// A file whose record was erased is gone, like one that never was.
func TestErasedFileIsGone(t *testing.T) {
	w := open(t)
	keeper := w.as(w.town, 1)
	p, err := w.s.Pack(keeper, w.owner, []byte("处分决定"))
	w.must(err)
	ref, err := w.s.Keep(keeper, w.owner, p, map[string]string{"name": "处分.txt"})
	w.must(err)
	_, data, err := w.s.OpenFile(keeper, w.owner, ref, p.Sealed)
	w.must(err)
	if string(data) != "处分决定" {
		t.Errorf("%q", data)
	}
	w.must(w.s.Erase(keeper, w.owner, ref, ByGuardian, "监护人要求"))
	_, _, err = w.s.OpenFile(keeper, w.owner, ref, p.Sealed)
	w.refused(errs.NotFound, "errs.not_found", err)
}

// What guardians asked of a unit, and its year, are for who works there and the auditor there; the auditor is told no name. // R133
func TestWishesAreTheUnitsOwn(t *testing.T) {
	w := open(t)
	w.s.AddSubject(Subject{Kind: w.owner.Kind, Find: []string{"phone"}})
	w.owner.Only = []id.ID{1}
	w.seal()
	ref, err := w.s.AddWish(w.as(w.town, 1), w.town.ID, Wish{Kind: ToSee, Asker: "minor", Proof: "known", Phone: "13900000001", Received: today})
	w.must(err)
	for what, who := range w.looksLike() {
		if _, err := w.s.WishesOf(who, w.town); !errs.Is(err, errs.Forbidden) {
			t.Errorf("who %s is told of them: %v", what, err)
		}
		if _, err := w.s.wishMatter(who, ref); !errs.Is(err, errs.NotFound) {
			t.Errorf("who %s is told of one: %v", what, err)
		}
		if _, err := w.s.Year(who, w.town, 2019); !errs.Is(err, errs.Forbidden) {
			t.Errorf("who %s reads the year: %v", what, err)
		}
	}
	clerk := scope.From(w.as(w.town, 2)) // works there and audits nothing
	clerk.AuditSet, clerk.Auditor = nil, false
	for who, opens := range map[context.Context]bool{scope.With(w.ctx, clerk): true, w.auditor(w.town): false, w.ctx: false} {
		_, err := w.s.wishMatter(who, ref)
		w.must(err)
		if scope.From(who).System {
			continue
		}
		if list, err := w.s.WishesOf(who, w.town); err != nil || len(list) != 1 {
			t.Errorf("%+v %v", list, err)
		}
		if _, _, err := w.s.Wish(who, ref); (err == nil) != opens {
			t.Errorf("account %d opens one: %v", scope.From(who).Account, err)
		}
	}
	for who, want := range map[id.ID]int{1: 1, 2: 0} { // found is what the reader keeps
		w.pages(w.as(w.town, who))
		if _, found, err := w.s.Wish(w.as(w.town, who), ref); err != nil || len(found) != want {
			t.Errorf("account %d finds %d, %v", who, len(found), err)
		}
	}
	other, err := w.s.org.ByCode(w.ctx, "9903")
	w.must(err)
	_, _, err = w.s.Wish(w.as(other, 5), ref)
	w.refused(errs.NotFound, "errs.not_found", err)
	_, err = w.s.Year(w.as(w.town, 1), w.town, 1999)
	w.refused(errs.NotFound, "errs.not_found", err)
}

// By name or telephone the office finds what it keeps, each matter once, and nothing else: not what others of the office alone read, not what another
// unit keeps, and nobody from above anything. What was looked for stands in no address and in no row. // R45
func TestNamed(t *testing.T) {
	w := open(t)
	w.s.AddSubject(Subject{Kind: w.owner.Kind, Find: []string{"name", "phone"}})
	w.seal()
	w.seal()
	lead, colleague := w.as(w.town, 1), w.as(w.town, 2)
	w.fetch(lead, "/seal", 200) // tells what the records belong to
	at := "/seal/find"
	w.holds("the way there", w.fetch(lead, "/seal", 200), at)
	form := func(name, phone string) url.Values {
		return url.Values{"_key": {web.NewKey()}, "name": {name}, "phone": {phone}}
	}
	for _, f := range []url.Values{form(name, ""), form("", "139 0000 0001"), form(name, "13900000001")} {
		w.holds("found", w.post(lead, at, f, 200), "查到1件", f.Get("name"))
	}
	for _, f := range []url.Values{form(name[:len(name)-3], ""), form("", "13900000002")} {
		w.holds("another", w.post(lead, at, f, 200), "没有查到")
	}
	w.holds("nothing typed", w.post(lead, at, form("", " "), 422), "写姓名")
	w.post(w.as(w.city, 3), at+"?unit="+w.town.ID.String(), form(name, ""), 403)
	if n := w.logged("seal.act.find", 0); n != 5 {
		t.Errorf("%d rows, want 5", n)
	}
	w.narrow()
	w.holds("read by the lead alone", w.post(lead, at, form(name, ""), 200), "查到1件")
	w.holds("and the page says so", w.fetch(lead, here(w.owner.Of, ""), 200), "现在只有负责人和经办人能看")
	w.holds("nobody else of the office", w.post(colleague, at, form(name, ""), 200), "没有查到")
}

// Who may know that a matter is there: who works in the very unit that keeps it and whom a grant lets in, and neither a reader there nor anybody above.
func TestNearIsTheVeryUnit(t *testing.T) {
	w := open(t)
	w.seal()
	reader := scope.From(w.as(w.town, 3))
	reader.WorkSet = nil
	guest := w.as(w.city, 7)
	_, err := w.s.Grant(w.as(w.town, 1), w.owner, Grant{Account: 7, Name: "梁秋", Purpose: "核对名单", Until: today})
	w.must(err)
	for name, c := range map[string]struct {
		who  context.Context
		want bool
	}{"works there": {w.as(w.town, 2), true}, "looks there": {scope.With(w.ctx, reader), false}, "above": {w.as(w.city, 9), false}, "let in": {guest, true}} {
		_, err := Near(c.who, w.s, w.owner.Of, func(context.Context, id.Ref) (string, error) { return "there", nil }, func(string) (id.ID, int64) { return w.town.ID, w.town.Pos })
		if got := err == nil; got != c.want || err != nil && !errs.Is(err, errs.NotFound) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A grant that has ended is not ended again when what it rested on is gone, and the way to look for a name stands for who keeps something alone.
func TestWhatHasEndedEndsOnce(t *testing.T) {
	w := open(t)
	w.seal()
	keeper := w.as(w.town, 1)
	g, err := w.s.Grant(keeper, w.owner, Grant{Account: 7, Name: "梁秋", Purpose: "核对名单", Until: today})
	w.must(err)
	w.must(w.s.Revoke(keeper, w.owner, g))
	w.must(w.s.LapseOf(w.ctx, w.owner, 7))
	if n := w.logged("seal.act.revoke", 0); n != 1 {
		t.Errorf("ended %d times", n)
	}
	w.holds("who keeps it", w.fetch(keeper, "/seal", 200), "/seal/find")
	if above := w.fetch(w.as(w.city, 9), "/seal?unit="+w.town.ID.String(), 200); strings.Contains(above, "/seal/find") {
		t.Error("whoever audits is offered the search by name")
	}
}
