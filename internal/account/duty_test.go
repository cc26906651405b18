package account

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"xinhuo/internal/audit"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/testkit"
)

// give grants a duty in the city for a year.
func (w *world) give(t *testing.T, ctx context.Context, a Account, kind string, unit id.ID) error {
	t.Helper()
	_, err := w.Grant(ctx, Grant{Account: a.ID, Kind: kind, Unit: unit, To: dayIn(w, 300), Reason: "三员"})
	return err
}

// With the switch off all is as it was: whoever manages accounts looks after the site as well, and may audit.
func TestNotApart(t *testing.T) {
	w := newWorld(t)
	chief := w.add(t, "chief", city, "admin")
	if err := w.give(t, w.ctx, chief, "audit", city); err != nil {
		t.Fatal(err)
	}
	a := scope.From(w.as(t, chief))
	if a.Apart || !a.May(scope.Operate, a.Pos) || !a.May(scope.Admin, a.Pos) || !a.Auditor {
		t.Errorf("%+v", a)
	}
	rows, err := w.log.List(w.as(t, chief), audit.Filter{})
	if err != nil || len(rows) == 0 {
		t.Errorf("%d rows, %v", len(rows), err)
	}
}

// The switch is refused with the names of who holds two, or while one of the three is nobody's; afterwards no account
// comes to two, by whatever way.
func TestApart(t *testing.T) {
	w := newWorld(t)
	chief := w.add(t, "chief", city, "admin")
	sys, aud, both := w.add(t, "sys", city, ""), w.add(t, "aud", city, ""), w.add(t, "both", city, "")
	for _, g := range []struct {
		a    Account
		kind string
	}{{both, "system"}, {both, "audit"}, {chief, "audit"}} {
		if err := w.give(t, w.ctx, g.a, g.kind, city); err != nil {
			t.Fatal(err)
		}
	}
	err := w.SetRules(w.ctx, Rules{Apart: true})
	if !errs.Is(err, errs.Conflict) {
		t.Fatal(err)
	}
	if text := i18n.Error(w.ctx, err); !strings.Contains(text, "both") || !strings.Contains(text, "chief") || strings.Contains(text, "sys") {
		t.Errorf("says %q", text)
	}
	for _, a := range []Account{both, chief} {
		list, _ := w.Grants(w.ctx, a.ID)
		for _, g := range list {
			if err := w.Revoke(w.ctx, a.ID, g.ID); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := w.SetRules(w.ctx, Rules{Apart: true}); err == nil || err.Error() != "account.apart_nobody" {
		t.Errorf("nobody is system or audit: %v", err)
	}
	for _, g := range []struct {
		a    Account
		kind string
	}{{sys, "system"}, {aud, "audit"}} {
		if err := w.give(t, w.ctx, g.a, g.kind, city); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.SetRules(w.ctx, Rules{Apart: true}); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		a    Account
		want []scope.Right
	}{{chief, []scope.Right{scope.Admin}}, {sys, []scope.Right{scope.Operate}}, {aud, []scope.Right{scope.Audit}}, {both, nil}} {
		actor := scope.From(w.as(t, c.a))
		for _, r := range []scope.Right{scope.Admin, scope.Operate, scope.Audit} {
			may := len(actor.Set(r)) > 0
			if r == scope.Audit {
				may = actor.Auditor
			}
			if may != slices.Contains(c.want, r) {
				t.Errorf("%s may %s: %v", c.a.Login, r, may)
			}
		}
	}
	// only the security administrator gives, nobody a second one, and never to oneself
	ctx := w.as(t, chief)
	for _, c := range []struct {
		ctx  context.Context
		a    Account
		kind string
		err  errs.Kind
	}{{ctx, sys, "audit", errs.Invalid}, {ctx, aud, "admin", errs.Invalid}, {w.ctx, chief, "system", errs.Invalid}, {ctx, chief, "audit", errs.Conflict},
		{w.as(t, sys), both, "view", errs.NotFound}, {w.as(t, aud), both, "view", errs.NotFound}} {
		if err := w.give(t, c.ctx, c.a, c.kind, city); !errs.Is(err, c.err) {
			t.Errorf("%s for %s: %v", c.kind, c.a.Login, err)
		}
	}
	if err := w.give(t, ctx, sys, "system", county); err != nil {
		t.Errorf("more of the same: %v", err)
	}
	if err := w.give(t, ctx, sys, "view", county); err != nil {
		t.Errorf("what is none of the three: %v", err)
	}
	// a post that brings a second one: the post stands, the grant rests
	w.posts.held[aud.ID] = []post{{city, "admin", "2000-01-01", ""}}
	if a := scope.From(w.as(t, aud)); a.Auditor || len(a.AdminSet) == 0 {
		t.Errorf("by post and grant: %+v", a)
	}
	delete(w.posts.held, aud.ID)
	if err := w.SetRules(w.ctx, Rules{}); err != nil {
		t.Fatal(err)
	}
	if a := scope.From(w.as(t, chief)); !a.May(scope.Operate, a.Pos) {
		t.Error("switched off, and still apart")
	}
	if n := w.acts(t, "account.rules", false); n != 2 {
		t.Errorf("%d changes in the log, want 2", n)
	}
}

// Kept apart, an auditor does not read the own acts; another auditor does.
func TestNobodyAuditsOneself(t *testing.T) {
	w := newWorld(t)
	w.add(t, "chief", city, "admin")
	sys, one, two := w.add(t, "sys", city, ""), w.add(t, "one", city, ""), w.add(t, "two", city, "")
	for a, kind := range map[*Account]string{&sys: "system", &one: "audit", &two: "audit"} {
		if err := w.give(t, w.ctx, *a, kind, city); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := w.SignIn(scope.With(w.ctx, scope.Actor{}), "one", goodPassword, address); err != nil {
		t.Fatal(err)
	}
	sees := func(a Account) bool {
		t.Helper()
		rows, err := w.log.List(w.as(t, a), audit.Filter{})
		if err != nil {
			t.Fatal(err)
		}
		return slices.ContainsFunc(rows, func(r audit.Row) bool { return r.Actor == one.ID })
	}
	if !sees(one) {
		t.Error("not apart: the own act is hidden")
	}
	if err := w.SetRules(w.ctx, Rules{Apart: true}); err != nil {
		t.Fatal(err)
	}
	if sees(one) || !sees(two) {
		t.Errorf("the own act: %v, by another: %v", sees(one), sees(two))
	}
}

// The page shows who holds which and says by name what stands in the way; only who manages the whole tree switches.
func TestRulesPage(t *testing.T) {
	w := newWorld(t)
	top := w.add(t, "top", city, "")
	w.add(t, "chief", city, "admin")
	if _, err := w.Grant(w.ctx, Grant{Account: top.ID, Kind: "admin", Unit: city, Reason: "x"}); err != nil {
		t.Fatal(err)
	}
	srv := w.site(t)
	b := newBrowser(t, srv)
	b.signIn("chief", goodPassword, "/")
	_, page := b.do("GET", "/account/rules", nil)
	doc := testkit.HTML(t, page)
	doc.MustHave("main", "人top")
	if doc.Has("main form") {
		t.Error("who manages a city alone may switch for all")
	}
	if res, _ := b.do("POST", "/account/rules", url.Values{"_key": {"a"}, "apart": {"1"}}); res.StatusCode != http.StatusForbidden {
		t.Errorf("%d", res.StatusCode)
	}
	w.Service.units = whole{newTree()}
	res, page := b.do("POST", "/account/rules", url.Values{"_key": {"b"}, "apart": {"1"}})
	if res.StatusCode != http.StatusConflict {
		t.Fatalf("%d", res.StatusCode)
	}
	doc = testkit.HTML(t, page)
	doc.MustHave("main", "审计管理员都要先有人")
	if !doc.Has("input[name=apart][checked]") {
		t.Error("what was chosen is gone")
	}
	if res, _ := b.do("POST", "/account/rules", url.Values{"_key": {"c"}, "strong": {"1"}}); res.StatusCode != http.StatusSeeOther {
		t.Fatalf("%d", res.StatusCode)
	}
	// once it is on, it asks whoever would switch it off, too
	if res, _ := b.do("POST", "/account/rules", url.Values{"_key": {"d"}}); res.StatusCode != http.StatusForbidden {
		t.Errorf("switched off without a second factor: %d", res.StatusCode)
	}
	if r, _ := w.Rules(w.ctx); !r.Strong {
		t.Error("off")
	}
}

// whole is a tree that is one city.
type whole struct{ tree }

func (whole) Top(context.Context) (scope.Range, error) { return newTree()[city], nil }
