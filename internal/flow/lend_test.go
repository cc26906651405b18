package flow_test

import (
	"context"
	"maps"
	"slices"
	"testing"

	"xinhuo/internal/flow"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/id"
)

// What was sent to all units at once waits in each inbox without a row for each: its module lends the lines (R68). They
// stand by their day among the tasks, count with them, and give way to a task that leads to the same page.
func TestLentLines(t *testing.T) {
	f := open(t)
	asked := 0
	f.s.Lend(func(_ context.Context, unit id.ID) ([]flow.Item, error) {
		asked++
		if unit != town {
			return nil, nil
		}
		return []flow.Item{{Kind: flow.KindDo, Title: "晚的", Due: "2019-07-01", Link: "/late"}, {Kind: flow.KindDo, Title: "早的", Due: "2019-06-01", Link: "/early"},
			{Kind: flow.KindDo, Title: "没有日子的", Due: clock.Open, Link: "/open"}}, nil
	})
	ctx := f.as("asker")
	post := func(key, link string, due clock.Day) {
		t.Helper()
		if err := f.s.AddTask(ctx, flow.NewTask{Key: key, Unit: town, Pos: f.tree[town].pos, TitleKey: key, Due: due, Link: link}); err != nil {
			t.Fatal(err)
		}
	}
	post("test.between", "/between", "2019-06-15")
	titles := func(role string, limit int) (out []string, total int) {
		t.Helper()
		items, total, err := f.s.Inbox(f.as(role), limit)
		if err != nil {
			t.Fatal(err)
		}
		for _, it := range items {
			out = append(out, it.Link)
		}
		return out, total
	}
	want := func(got []string, want ...string) {
		t.Helper()
		if len(got) != len(want) {
			t.Fatalf("%v, want %v", got, want)
		}
		for i := range want {
			if got[i] != want[i] {
				t.Errorf("%v, want %v", got, want)
			}
		}
	}
	got, total := titles("asker", 10)
	if want(got, "/early", "/between", "/late", "/open"); total != 4 {
		t.Errorf("%d in all", total)
	}
	got, total = titles("asker", 2)
	if want(got, "/early", "/between"); total != 4 {
		t.Errorf("%d in all, two shown", total)
	}
	post("test.called", "/late", "2019-05-31")
	got, _ = titles("asker", 10)
	want(got, "/late", "/early", "/between", "/open")
	asked = 0
	if got, _ = titles("sibling", 10); len(got) != 0 || asked != 1 {
		t.Errorf("another town finds %v, asked %d times", got, asked)
	}
	asked = 0
	titles("reader", 10)
	titles("anonymous", 10)
	if asked != 0 {
		t.Error("lines are lent to somebody who does not work there")
	}
}

// A note about a matter, such as the answer to a question about a notice, does not take the place of what is still to be done;
// a call with a day does (R68).
func TestANoteLeavesTheLentLineStanding(t *testing.T) {
	f := open(t)
	f.s.Lend(func(_ context.Context, unit id.ID) ([]flow.Item, error) {
		if unit != town {
			return nil, nil
		}
		return []flow.Item{{Kind: flow.KindDo, Title: "落实", Due: "2019-05-01", Link: "/a"}, {Kind: flow.KindDo, Title: "落实", Due: "2019-05-02", Link: "/b"}}, nil
	})
	ctx := f.as("asker")
	for _, n := range []flow.NewTask{{Key: "test.answered", Link: "/a", Kind: flow.KindNote}, {Key: "test.called", Link: "/b", Kind: flow.KindNote, Due: "2019-05-02"}} {
		n.Unit, n.Pos, n.TitleKey = town, f.tree[town].pos, n.Key
		if err := f.s.AddTask(ctx, n); err != nil {
			t.Fatal(err)
		}
	}
	items, n, err := f.s.InboxOf(ctx, flow.Everybodys, 10)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, it := range items {
		got = append(got, string(it.Kind)+it.Link)
	}
	if want := []string{"do/a", "note/b", "note/a"}; !slices.Equal(got, want) || n.All != 3 || n.Late != 2 {
		t.Errorf("%v, want %v; %+v", got, want, n)
	}
}

// Whoever stands in for somebody of another unit finds the lines lent to that unit, too, and for whom (R68, R176): what a
// notice asks of a town does not stay behind when its secretary is away.
func TestLentLinesReachTheSubstitute(t *testing.T) {
	f := open(t)
	f.people.list = []flow.Person{{Account: 105, Name: "邹广成", Unit: sibling}}
	f.s.SetPeople(f.people)
	f.s.Lend(func(_ context.Context, unit id.ID) ([]flow.Item, error) {
		return []flow.Item{{Kind: flow.KindDo, Title: "签收", Due: "2019-07-01", Link: "/of/" + unit.String()}}, nil
	})
	if err := f.s.SetSubstitute(f.as("asker"), 105, "2019-05-31", "2019-06-07"); err != nil {
		t.Fatal(err)
	}
	at := func(whose flow.Whose) map[string]string {
		t.Helper()
		items, n, err := f.s.InboxOf(f.as("sibling"), whose, 10)
		if err != nil || n.All != len(items) {
			t.Fatalf("%d of %d, %v", len(items), n.All, err)
		}
		out := map[string]string{}
		for _, it := range items {
			out[it.Link] = it.For
		}
		return out
	}
	own, away := "/of/"+sibling.String(), "/of/"+town.String()
	for whose, want := range map[flow.Whose]map[string]string{flow.Everybodys: {own: "", away: "柳春兰"}, flow.OwnOnes: {own: ""}, flow.ForOthers: {away: "柳春兰"}} {
		if got := at(whose); !maps.Equal(got, want) {
			t.Errorf("%q: %v, want %v", whose, got, want)
		}
	}
	f.day("2019-06-08")
	if got := at(flow.Everybodys); len(got) != 1 {
		t.Errorf("after the last day: %v", got)
	}
}
