package audit_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"xinhuo/internal/audit"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/testkit"
	"xinhuo/internal/kit/web"
	"xinhuo/internal/kit/web/ui"
)

const why = "第4条被人手工改过，按当晚的备份核对，原文附后，改的人已经查明。"

// R189: a log that was changed is found by itself within a day, and at once by whoever checks it; it stays damaged until somebody says what
// was found, and what is changed afterwards is found again.
func TestADamagedLogIsFoundAndStaysFound(t *testing.T) {
	s, d, ctx := open(t)
	sealed(t, s, d, ctx, 12)
	sound := func(want bool) {
		t.Helper()
		err := s.Sound(ctx)
		if want && err != nil || !want && !errs.Is(err, errs.Conflict) {
			t.Fatalf("sound: %v", err)
		}
	}
	if err := s.Daily(ctx); err != nil {
		t.Fatal(err)
	}
	if w, err := s.Watched(ctx); err != nil || w.Checked != 12 {
		t.Fatalf("%+v %v", w, err)
	}
	exec(t, d, `UPDATE audit_entry SET actor_name = '林素芸' WHERE leaf = 4`)
	if err := s.Daily(ctx); err != nil { // it was checked today
		t.Fatal(err)
	}
	sound(true)
	tomorrow := clock.With(ctx, func() time.Time { return clock.Now(ctx).Add(25 * time.Hour) })
	if err := s.Daily(tomorrow); err == nil || !strings.Contains(err.Error(), "row 4 ") {
		t.Fatalf("the next day: %v", err)
	}
	sound(false)
	for range 2 {
		if rep, err := s.Watch(ctx); err != nil || rep.OK() || rep.Leaf != 4 {
			t.Fatalf("%+v %v", rep, err)
		}
	}
	if list, err := s.Faults(ctx); err != nil || len(list) != 1 {
		t.Fatalf("told twice: %+v %v", list, err)
	}
	if _, err := s.Accept(ctx, "cli", " 看过了 "); !errs.Is(err, errs.Invalid) {
		t.Fatalf("without a reason: %v", err)
	}
	sound(false)
	if n, err := s.Accept(ctx, "cli", why); err != nil || n != 1 {
		t.Fatalf("%d %v", n, err)
	}
	sound(true)
	rows, err := s.List(scope.With(ctx, scope.System("test")), audit.Filter{Act: "audit.act.accept"})
	if err != nil || len(rows) != 1 || rows[0].Note != why {
		t.Fatalf("%+v %v", rows, err)
	}
	if _, err := s.Seal(ctx); err != nil {
		t.Fatal(err)
	}
	if rep, err := s.Watch(ctx); err != nil || !rep.OK() || rep.Checked != 13 {
		t.Fatalf("what was accepted is told again, or what follows is not checked: %+v %v", rep, err)
	}
	if rep, err := s.Verify(ctx); err != nil || rep.Leaf != 4 {
		t.Fatalf("verify no longer names it: %+v %v", rep, err)
	}
	exec(t, d, `DELETE FROM audit_entry WHERE leaf = 9`)
	if rep, err := s.Watch(ctx); err != nil || rep.Leaf != 9 {
		t.Fatalf("behind an accepted row nothing is found: %+v %v", rep, err)
	}
	sound(false)
	if _, err := s.Accept(ctx, "cli", why); err != nil {
		t.Fatal(err)
	}
	if rep, err := s.Watch(ctx); err != nil || !rep.OK() {
		t.Fatalf("%+v %v", rep, err)
	}
	sound(true)
}

// R189: what the next sealing would paint over, or cannot go on from, is noted by it.
func TestSealingNotesWhatDoesNotFit(t *testing.T) {
	for what, q := range map[string]string{
		"the head": fmt.Sprintf(`UPDATE audit_head SET root_hash = '%s'`, tlog.Hash{7}),
		"a hash":   fmt.Sprintf(`DELETE FROM audit_hash WHERE idx = %d`, tlog.StoredHashIndex(0, 6)),
	} {
		s, d, ctx := open(t)
		sealed(t, s, d, ctx, 7)
		exec(t, d, q)
		log(t, s, d, ctx, audit.Entry{Act: "base.change"})
		_, err := s.Seal(ctx)
		if (err != nil) != (what == "a hash") {
			t.Errorf("%s: %v", what, err)
		}
		if !errs.Is(s.Sound(ctx), errs.Conflict) {
			t.Errorf("%s: nothing is noted", what)
		}
	}
}

// R189: an auditor checks the log on its page, and reads there where it does not fit and what was found.
func TestTheLogIsVerifiedOnItsPage(t *testing.T) {
	s, d, ctx := open(t)
	texts, err := i18n.Load(audit.Texts, ui.Texts)
	if err != nil {
		t.Fatal(err)
	}
	ctx = i18n.With(ctx, texts, "zh")
	sealed(t, s, d, ctx, 5)
	ask := func(method string, auditor bool) *httptest.ResponseRecorder {
		t.Helper()
		a := scope.Actor{Account: 9, Name: "读者", Pos: countyPos, Auditor: auditor}
		if auditor {
			a.AuditSet = scope.Set{{From: countyPos, To: countyPos + 1e7}}
		}
		site := &web.Site{Actor: func(*http.Request) (scope.Actor, error) { return a, nil },
			Fail: func(w http.ResponseWriter, r *http.Request, err error) { http.Error(w, err.Error(), 404) }}
		site.Add(s.Routes()...)
		h, err := site.Handler()
		if err != nil {
			t.Fatal(err)
		}
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest(method, "/audit", nil).WithContext(ctx))
		return w
	}
	page := func() testkit.Doc {
		t.Helper()
		return testkit.HTML(t, ask("GET", true).Body.String())
	}
	if got := ask("POST", false); got.Code != 404 {
		t.Errorf("somebody who does not audit: %d", got.Code)
	}
	if w, _ := s.Watched(ctx); w.At != 0 {
		t.Error("they checked it")
	}
	if got := ask("POST", true); got.Code != http.StatusSeeOther {
		t.Fatalf("%d %s", got.Code, got.Body)
	}
	page().MustHave("#head", "整本核验过，共5条")
	exec(t, d, `UPDATE audit_entry SET note = 'x' WHERE leaf = 2`)
	ask("POST", true)
	page().MustHave("main", "留痕有一处对不上")
	if _, err := s.Accept(ctx, "cli", why); err != nil {
		t.Fatal(err)
	}
	page().MustHave("main", "已恢复查看")
	log(t, s, d, scope.With(ctx, scope.System("care")), audit.Entry{Act: "care.act.ask", Pos: countyPos})
	page().MustHave("main", "系统（care）") // the program is told from people
	page().MustHave("main select", "强制报告")
}
