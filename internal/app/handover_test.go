package app

import (
	"context"
	"slices"
	"strings"
	"testing"

	"xinhuo/internal/coord"
	"xinhuo/internal/flow"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/record"
)

// The last day of somebody with an account is set: the unit is told to hand over, and the list for it has what waits. A
// post without an account asks for nothing.
func TestPostChangesHandsWithAList(t *testing.T) { // R66
	w := openWorld(t)
	u := w.unit("9902")
	clerk := w.byLogin["chenyulan"]
	tasks := func() int { return strings.Count(w.get(clerk, "/inbox?whose=own").body, "/inbox/handover\"") }
	before := tasks()
	posts, err := w.a.Org.Posts(w.ctx, u.ID, clock.Open)
	if err != nil {
		t.Fatal(err)
	}
	var with, without id.ID
	var person string
	for _, p := range posts {
		if p.To != clock.Open {
			continue
		}
		if p.Account != 0 && with == 0 {
			with, person = p.ID, p.Person
		} else if p.Account == 0 {
			without = p.ID
		}
	}
	if with == 0 || without == 0 {
		t.Fatal("the city has no such posts")
	}
	if err := w.a.Org.EndPost(w.ctx, without, "2019-07-01"); err != nil {
		t.Fatal(err)
	}
	if tasks() != before {
		t.Error("a post without an account asks for a handover")
	}
	if err := w.a.Org.EndPost(w.ctx, with, "2019-07-01"); err != nil {
		t.Fatal(err)
	}
	if tasks() != before+1 {
		t.Fatal("nobody is told to hand over")
	}
	list := w.get(clerk, "/inbox/handover").body
	if !strings.Contains(list, person+"任职到2019年6月30日") || !strings.Contains(list, "接手人") {
		t.Errorf("the list does not say who hands over to whom")
	}
	if got := w.get(w.byLogin["caihuiqin"], "/inbox/handover").body; strings.Contains(got, person+"任职到") {
		t.Error("another city reads it")
	}
}

// The only one who works at a township leaves. What waits there, tasks and what notices ask, then stands in the inbox of the county, for
// the township, until somebody has taken the post over: it waits with nobody else. // R66 R176
func TestAVacantPostsWorkGoesUp(t *testing.T) {
	w := openWorld(t)
	town, above := w.byLogin["liangshuiwang"], w.byLogin["zhouwenqin"]
	u, err := w.a.Org.ByCode(w.ctx, "990203013")
	if err != nil {
		t.Fatal(err)
	}
	as := func(who *role) context.Context { return scope.With(w.ctx, who.actor) }
	links := func(who *role) (out []string) {
		t.Helper()
		items, _, err := w.a.Flow.Inbox(as(who), 500)
		if err != nil {
			t.Fatal(err)
		}
		for _, it := range items {
			out = append(out, it.Link)
		}
		return out
	}
	day := clock.Today(w.ctx)
	ref, err := w.a.Coord.Create(as(above), coord.Notice{Unit: w.unit("990203").ID, Kind: "task", Title: "暑期安全教育", Due: day.AddDays(20), Targets: coord.Targets{Units: []id.ID{u.ID}}}, record.Change{})
	if err != nil {
		t.Fatal(err)
	}
	if err := w.a.Coord.Do(as(above), ref, coord.ActIssue, coord.Step{Version: 1}); err != nil {
		t.Fatal(err)
	}
	line := "/notice/" + ref.String() + "/unit/" + u.ID.String()
	if own, up := links(town), links(above); !slices.Contains(own, line) || slices.Contains(up, line) {
		t.Fatalf("the notice waits at the town: %v; and not yet above: %v", own, up)
	}
	posts, err := w.a.Org.Posts(w.ctx, u.ID, clock.Open)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range posts {
		if p.Account != 0 && p.To == clock.Open {
			if err := w.a.Org.EndPost(w.ctx, p.ID, day); err != nil {
				t.Fatal(err)
			}
		}
	}
	for _, who := range w.byLogin { // others work there by a grant
		if who.actor.Account == 0 {
			continue
		}
		grants, err := w.a.Account.Grants(w.ctx, who.actor.Account)
		if err != nil {
			t.Fatal(err)
		}
		for _, g := range grants {
			if g.Unit == u.ID {
				if err := w.a.Account.Revoke(w.ctx, g.Account, g.ID); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	if up := links(above); !slices.Contains(up, line) || !slices.Contains(up, flow.HandoverPath) {
		t.Errorf("nobody is left at the town, and the county finds %v", up)
	}
	if strings.Contains(strings.Join(links(w.byLogin["caihuiqin"]), " "), u.ID.String()) {
		t.Error("another city finds the town's work")
	}
}
