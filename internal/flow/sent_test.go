package flow_test

import (
	"context"
	"fmt"
	"testing"

	"xinhuo/internal/flow"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/testkit"
)

// Whoever sent something on sees with whom it waits until it is done, and nobody else does; what a module sent to many at
// once stands among them by its day.
func TestSentAndWaitingWithOthers(t *testing.T) { // R66
	f := open(t)
	c := f.begin("base.accreditation") // the town's own inspection comes first
	links := func(role string) (out []string) {
		t.Helper()
		items, total, err := f.s.Sent(f.as(role), 50)
		if err != nil || total != len(items) {
			t.Fatalf("%s: %d of %d, %v", role, len(items), total, err)
		}
		for _, it := range items {
			if len(it.Acts) != 0 {
				t.Errorf("%s can act on what waits with others", role)
			}
			out = append(out, it.Link+" "+it.For)
		}
		return out
	}
	want := func(role string, want ...string) {
		t.Helper()
		got := links(role)
		if len(got) != len(want) {
			t.Fatalf("%s: %q, want %q", role, got, want)
		}
		for i := range want {
			if got[i] != want[i] {
				t.Errorf("%s: %q, want %q", role, got, want)
			}
		}
	}
	page := "/flow/" + c.Ref().String()
	waits := f.tree[c.WaitUnit].name
	want("asker", page+" "+waits)
	want("colleague", page+" "+waits) // what a unit sent is the unit's
	for _, role := range []string{"county", "city", "sibling", "elsewhere", "reader", "anonymous"} {
		want(role)
	}
	f.s.LendSent(func(_ context.Context, unit id.ID) ([]flow.Item, error) {
		if unit != town {
			return nil, nil
		}
		return []flow.Item{{Kind: flow.KindDo, Title: "早的", Due: "2019-05-30", Link: "/early"}, {Kind: flow.KindDo, Title: "没有日子的", Link: "/open"}}, nil
	})
	want("asker", "/early ", page+" "+waits, "/open ")
	want("sibling")
	if items, _, _ := f.s.Sent(f.as("asker"), 50); !items[0].Overdue || items[2].Overdue {
		t.Error("what is late is not said, or what has no day is")
	}
	if items, total, _ := f.s.Sent(f.as("asker"), 1); len(items) != 1 || total != 3 {
		t.Errorf("%d of %d", len(items), total)
	}
}

// A matter that comes back to the unit waits with nobody else; one that is done has left the list.
func TestSentEndsWithTheCase(t *testing.T) { // R66
	f := open(t)
	c := f.begin("base.accreditation")
	count := func(role string) int {
		t.Helper()
		items, _, err := f.s.Sent(f.as(role), 50)
		if err != nil {
			t.Fatal(err)
		}
		return len(items)
	}
	first := count("asker")
	c = f.act("county", c, "return")
	if first != 1 || c.WaitUnit != town || count("asker") != 0 {
		t.Fatalf("sent %d, then waits at %d and %d are shown", first, c.WaitUnit, count("asker"))
	}
}

// The inbox is narrowed to a unit's own tasks or to those done for units below that have no account.
func TestWhoseTasks(t *testing.T) { // R66
	f := open(t)
	wide := f.actors["county"]
	wide.WorkSet = wide.ViewSet
	f.actors["county"] = wide
	f.s.Staffed(func(context.Context, []id.ID) (map[id.ID]bool, error) { return nil, nil })
	for key, unit := range map[string]id.ID{"own": county, "for": town} {
		if err := f.s.AddTask(f.as("system"), flow.NewTask{Key: key, Unit: unit, Pos: f.tree[unit].pos, TitleKey: key, Due: "2019-05-30", Link: "/" + key}); err != nil {
			t.Fatal(err)
		}
	}
	for whose, links := range map[flow.Whose][]string{flow.Everybodys: {"/for", "/own"}, flow.OwnOnes: {"/own"}, flow.ForOthers: {"/for"}} {
		items, n, err := f.s.InboxOf(f.as("county"), whose, 50)
		if err != nil || n.All != len(links) || n.Due != len(links) || n.Late != len(links) || n.New != len(links) || len(items) != len(links) {
			t.Fatalf("%q: %+v %+v %v", whose, items, n, err)
		}
		seen := map[string]bool{}
		for _, it := range items {
			seen[it.Link] = true
		}
		for _, l := range links {
			if !seen[l] {
				t.Errorf("%q: %s is missing", whose, l)
			}
		}
	}
	f.day("2019-06-03")
	if _, n, _ := f.s.InboxOf(f.as("county"), flow.Everybodys, 50); n.New != 0 || n.Late != 2 {
		t.Errorf("three days later %+v", n)
	}
}

// What is one's own comes before what is done for others that is due as well, and is not crowded out by it. // R66
func TestOwnTasksComeFirst(t *testing.T) {
	f := open(t)
	wide := f.actors["county"]
	wide.WorkSet = wide.ViewSet
	f.actors["county"] = wide
	f.s.Staffed(func(context.Context, []id.ID) (map[id.ID]bool, error) { return nil, nil })
	for i := range 30 {
		for _, x := range []struct {
			key  string
			unit id.ID
			due  clock.Day
		}{{"old", town, "2018-05-30"}, {"now", county, "2019-05-30"}, {"soon", town, "2019-06-02"}, {"soonown", county, "2019-06-03"}, {"open", county, clock.Open}} {
			if i > 0 && x.unit == county {
				continue
			}
			key := fmt.Sprintf("%s%d", x.key, i)
			if err := f.s.AddTask(f.as("system"), flow.NewTask{Key: key, Unit: x.unit, Pos: f.tree[x.unit].pos, TitleKey: key, Due: x.due, Link: "/" + key}); err != nil {
				t.Fatal(err)
			}
		}
	}
	items, _, err := f.s.InboxOf(f.as("county"), flow.Everybodys, 40)
	if err != nil || len(items) < 40 || items[0].Link != "/now0" || items[1].Link != "/old0" || items[31].Link != "/soonown0" || items[32].Link != "/soon0" {
		t.Errorf("%v %+v", err, items)
	}
	if few, _, _ := f.s.InboxOf(f.as("county"), flow.Everybodys, 3); len(few) < 3 || few[0].Link != "/now0" {
		t.Errorf("crowded out: %+v", few)
	}
}

// However many tasks wait at one unit, those of the units behind it are found, also when somebody works in two places. // R176
func TestUnitsBelowBehindACrowd(t *testing.T) {
	f := open(t)
	wide := f.actors["county"]
	wide.WorkSet = scope.Set{{From: f.tree[town].pos, To: f.tree[town].pos + 1}, {From: f.tree[sibling].pos, To: f.tree[sibling].pos + 1}}
	f.actors["county"] = wide
	f.s.Staffed(func(context.Context, []id.ID) (map[id.ID]bool, error) { return nil, nil })
	for i := range 40 {
		for _, unit := range []id.ID{county, town, sibling} {
			key := fmt.Sprintf("%d.%d", unit, i)
			if err := f.s.AddTask(f.as("system"), flow.NewTask{Key: key, Unit: unit, Pos: f.tree[unit].pos, TitleKey: key, Due: "2019-05-30", Link: "/" + key}); err != nil {
				t.Fatal(err)
			}
		}
	}
	if _, n, err := f.s.InboxOf(f.as("county"), flow.Everybodys, 10); err != nil || n.All != 80 {
		t.Errorf("%+v %v", n, err)
	}
}

// The three sides of the inbox lead to one another, and say how much waits.
func TestSidesOfTheInbox(t *testing.T) { // R66
	f := open(t)
	b := f.browser()
	c := f.begin("base.accreditation")
	sent := testkit.HTML(t, b.get("asker", "/inbox?sent=1").Body.String())
	sent.MustHave(`.todo a[href="/flow/`+c.Ref().String()+`"]`, "清泉镇红色教育馆")
	sent.MustHave(".todo", "等"+f.tree[c.WaitUnit].name+"办")
	sent.MustHave(`.seg a[aria-current]`, "我发出的")
	testkit.HTML(t, b.get("sibling", "/inbox?sent=1").Body.String()).MustHave("main", "没有在等别人办的事")
	page := testkit.HTML(t, b.get("county", "/inbox").Body.String())
	page.MustHave(".rhead", "共1件")
	page.MustHave(`.seg a[href="/inbox?sent=1"]`, "我发出的")
	page.MustHave(`.seg a[href="/inbox?whose=own"]`, "本单位的")
}

// What is pressing stands first also where only a few are shown, however long others are late: the home page shows five.
func TestWhatIsPressingIsAmongTheFirstFew(t *testing.T) {
	f := open(t)
	unit := scope.From(f.as("asker")).Unit
	add := func(key string, due clock.Day, args map[string]any) {
		t.Helper()
		if err := f.s.AddTask(f.as("system"), flow.NewTask{Key: key, Unit: unit, Pos: f.tree[unit].pos, TitleKey: key, Args: args, Due: due, Link: "/" + key}); err != nil {
			t.Fatal(err)
		}
	}
	for i := range 6 {
		add("late"+string(rune('a'+i)), "2019-01-01", nil)
	}
	add("urgent", "2019-12-30", map[string]any{flow.ArgUrgency: flow.Urgent})
	add("express", "2019-12-31", map[string]any{flow.ArgUrgency: flow.Express})
	items, n, err := f.s.Inbox(f.as("asker"), 5)
	if err != nil || n < 8 || len(items) < 5 {
		t.Fatal(items, n, err)
	}
	if items[0].Link != "/express" || items[1].Link != "/urgent" || items[2].Link == "/express" {
		t.Errorf("first %s, %s, %s", items[0].Link, items[1].Link, items[2].Link)
	}
}
