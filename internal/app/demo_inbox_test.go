package app

import (
	"context"
	"path/filepath"
	"testing"

	"xinhuo/internal/flow"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/testkit"
)

// Whoever opens the demonstration finds work that can be done: the city's office and the county's something to decide,
// the township an application that was sent back, which it can hand in again (R10, R98, R193). The township's inbox was
// empty, because no base stood there.
func TestDemoInboxesHoldWork(t *testing.T) {
	testkit.Full(t)
	day := clock.Day("2026-11-24") // a Tuesday
	path := filepath.Join(t.TempDir(), "demo.db")
	if _, err := MakeDemo(context.Background(), path, day, func(int, int) {}); err != nil {
		t.Fatal(err)
	}
	a, err := Open(context.Background(), Config{DSN: path, Clock: clockFrom(day, day)})
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	as := func(login string) context.Context {
		t.Helper()
		ctx := a.System(context.Background(), "test")
		acc, err := a.Account.ByLogin(ctx, login)
		if err != nil {
			t.Fatal(err)
		}
		actor, err := a.Account.Actor(ctx, acc.ID)
		if err != nil {
			t.Fatal(err)
		}
		return scope.With(ctx, actor)
	}
	inbox := func(login string) []flow.Item {
		t.Helper()
		items, total, err := a.Flow.Inbox(as(login), 50)
		if err != nil || total == 0 {
			t.Errorf("%s finds %d things to do, %v", login, total, err)
		}
		return items
	}
	// offered is the first case of an inbox on which somebody may take the act.
	offered := func(login, act string) (flow.Case, bool) {
		t.Helper()
		for _, it := range inbox(login) {
			if it.Case == nil {
				continue
			}
			c, err := a.Flow.Get(as(login), *it.Case)
			if err != nil {
				t.Fatal(login, it.Title, err)
			}
			for _, x := range a.Flow.Allowed(as(login), c) {
				if x.Act == act {
					return c, true
				}
			}
		}
		t.Errorf("%s can %s nothing", login, act)
		return flow.Case{}, false
	}
	offered("chenyulan", "grant")
	dueToday := 0
	for _, it := range inbox("chenyulan") {
		if it.Due == day {
			dueToday++
		}
	}
	if dueToday == 0 {
		t.Error("nothing is due at the city's office on the day of the demonstration")
	}
	if c, ok := offered("zhouwenqin", "inspect"); ok {
		if _, err := a.Flow.Act(as("zhouwenqin"), c.Ref(), flow.Act{Key: "inspect", Day: day}); err != nil {
			t.Error("the county passes on:", err)
		}
	}
	if c, ok := offered("liangshuiwang", "resubmit"); ok {
		again, err := a.Flow.Act(as("liangshuiwang"), c.Ref(), flow.Act{Key: "resubmit"})
		if err != nil || again.State != "applied" {
			t.Errorf("the township hands in again: %s, %v", again.State, err)
		}
	}
}
