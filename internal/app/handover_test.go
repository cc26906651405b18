package app

import (
	"strings"
	"testing"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/id"
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
