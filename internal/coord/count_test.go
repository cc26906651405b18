package coord_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"xinhuo/internal/coord"
	"xinhuo/internal/dispatch"
	"xinhuo/internal/flow"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/testkit"
	"xinhuo/internal/org"
	"xinhuo/internal/record"
)

// What was counted is kept and counted again in part; after each of many acts, mergers, moves and their undoing it is what
// one finds by asking unit after unit. // R115
func TestKeptCounts(t *testing.T) {
	testkit.Full(t)
	f := open(t)
	rnd := rand.New(rand.NewPCG(20261130, 4))
	towns := []string{"990301001"}
	for c := 1; c <= 10; c++ {
		for n := 1; n <= 15; n++ {
			towns = append(towns, fmt.Sprintf("9902%02d%03d", c, n))
		}
	}
	pick := func() string { return towns[rnd.IntN(len(towns))] }
	all := f.notice("99", org.City, org.County, org.Township)
	named := f.notice("99")
	for range 40 {
		if u := f.unit[pick()].ID; !slices.Contains(named.Targets.Units, u) {
			named.Targets.Units = append(named.Targets.Units, u)
		}
	}
	towards := f.notice("9902", org.Township)
	towards.Targets.Kinds = []org.Kind{org.Town}
	refs := []id.Ref{f.issued("99", all), f.issued("99", named), f.issued("9902", towards)}
	var events []id.ID
	ours := false
	for step := range steps() {
		ref, u := refs[rnd.IntN(len(refs))], pick()
		day := clock.DayOf(*f.now)
		switch rnd.IntN(10) {
		case 0:
			f.later(1)
		case 1: // a merger, also into a unit that was merged into another one later, and across counties
			other := pick()
			if err := f.org.Merge(f.sys(), []id.ID{f.unit[u].ID}, f.unit[other].ID, day, "云政〔2019〕3号"); err == nil {
				h, err := f.org.History(f.sys(), f.unit[u].ID)
				must(t, err)
				events = append(events, h[len(h)-1].ID)
			}
		case 2:
			_ = f.org.Move(f.sys(), f.unit[u].ID, f.unit[fmt.Sprintf("9902%02d", 1+rnd.IntN(10))].ID, day, "云政〔2019〕4号")
		case 3:
			if len(events) > 0 {
				k := rnd.IntN(len(events))
				_ = f.org.Undo(f.sys(), events[k])
				events = slices.Delete(events, k, k+1)
			}
		case 4:
			_ = f.org.Close(f.sys(), f.unit[u].ID, day, "云政〔2019〕5号")
		case 5:
			_ = f.act(u, ref, coord.ActUndo, coord.Step{})
		default:
			act := []string{coord.ActReceive, coord.ActRead, coord.ActCarry, coord.ActAsk}[rnd.IntN(4)]
			if f.act(u, ref, act, coord.Step{Text: "已办"}) == nil {
				ours = true
			}
		}
		for k, ref := range refs {
			f.recount(t, step, ref, []string{"99", "99", "9902"}[k])
		}
		if t.Failed() {
			return
		}
	}
	if !ours {
		t.Fatal("nothing was done")
	}
}

// recount asks unit after unit what stands on the notice's page at its lead.
func (f *fixture) recount(t *testing.T, step int, ref id.Ref, lead string) {
	t.Helper()
	n, _, err := f.s.Notice(f.as(lead), ref)
	must(t, err)
	day := clock.DayOf(*f.now)
	var want coord.Count
	var late []string
	var standing []org.Unit
	must(t, f.org.EachUnit(f.sys(), f.unit[lead], day, func(u org.Unit, _ string) error { standing = append(standing, u); return nil }))
	for _, u := range standing {
		x, err := f.s.Task(f.sys(), ref, u.ID)
		if err != nil || !x.Target {
			continue
		}
		want.Targets++
		st := x.Reply.StateOn(day)
		if x.Reply.ReceivedOn != "" {
			want.Received++
		}
		if len(x.Reply.Readers) > 0 {
			want.Read++
		}
		if x.Reply.DoneOn != "" {
			want.Done++
		}
		if x.Reply.Question != "" && x.Reply.Answered == nil {
			want.Asked++
		}
		if st != coord.Done {
			late = append(late, u.Code)
		}
	}
	b, err := f.s.Board(f.as(lead), ref, n, f.unit[lead], day)
	must(t, err)
	want.Unit = b.All.Unit
	if b.All != want {
		t.Errorf("step %d, %s: the page says %+v, its units say %+v", step, ref, b.All, want)
	}
	var below coord.Count
	for _, c := range b.Below {
		below.Targets, below.Received, below.Done = below.Targets+c.Targets, below.Received+c.Received, below.Done+c.Done
	}
	if below.Targets != want.Targets || below.Received != want.Received || below.Done != want.Done {
		t.Errorf("step %d, %s: the units below together %+v, want %+v", step, ref, below, want)
	}
	var got []string
	for after := ""; ; {
		l, err := f.s.Recipients(f.as(lead), ref, n, f.unit[lead], day, coord.Waiting, after)
		must(t, err)
		for _, x := range l.Lines {
			got = append(got, x.Code)
		}
		if after = l.Next; after == "" {
			break
		}
	}
	slices.Sort(got)
	slices.Sort(late)
	if !slices.Equal(got, late) {
		t.Errorf("step %d, %s: %d stand in the list of who waits, want %d", step, ref, len(got), len(late))
	}
}

// The task of a unit that is merged away goes to its heir, which was not asked itself; what had been carried out stays so,
// and all comes back when the merger is taken back. // issue 4: a task's unit is merged away: the task follows
func TestTheTaskFollowsToTheHeir(t *testing.T) {
	f := open(t)
	n := f.notice("9902")
	n.Targets.Units = []id.ID{f.unit["990203001"].ID, f.unit["990203002"].ID}
	ref := f.issued("9902", n)
	must(t, f.act("990203001", ref, coord.ActReceive, coord.Step{}))
	must(t, f.act("990203002", ref, coord.ActCarry, coord.Step{Text: "已办"}))
	f.later(1)
	day := clock.DayOf(*f.now)
	heir, err := f.org.Found(f.sys(), org.NewUnit{Code: "990203090", Name: "双河镇", Level: org.Township, Kind: org.Town, ParentCode: "990203", From: day})
	must(t, err)
	f.unit["990203090"] = heir
	must(t, f.org.Merge(f.sys(), []id.ID{f.unit["990203001"].ID, f.unit["990203002"].ID}, heir.ID, day, "云政〔2019〕6号"))
	x := f.task("990203090", "990203090", ref)
	if !x.Target || len(x.Left) != 1 || x.Left[0].ID != f.unit["990203001"].ID {
		t.Fatalf("the heir answers: %v, for %v", x.Target, x.Left)
	}
	if got := f.named("9902", "9902", ref, coord.Waiting); !slices.Equal(got, []string{"双河镇"}) {
		t.Errorf("who waits: %v", got)
	}
	if got := f.inbox("990203090"); len(got) != 1 {
		t.Errorf("its inbox: %+v", got)
	}
	must(t, f.act("990203090", ref, coord.ActCarry, coord.Step{Text: "并入后一并落实"}))
	if b := f.board("9902", "9902", ref); b.All.Targets != 1 || b.All.Done != 1 {
		t.Errorf("%+v", b.All)
	}
	h, err := f.org.History(f.sys(), f.unit["990203001"].ID)
	must(t, err)
	must(t, f.org.Undo(f.sys(), h[len(h)-1].ID))
	if got := f.named("9902", "9902", ref, coord.Waiting); len(got) != 1 || got[0] != f.unit["990203001"].Name {
		t.Errorf("who waits after the undoing: %v", got)
	}
}

// Whoever listens is told to which units a notice has come, when it is issued and when another committee joins in, and not
// while it is a draft. // R115; issue 4, item 8
func TestWhoListensHearsOfANotice(t *testing.T) {
	f := open(t)
	var told [][]id.ID
	ask := []id.ID{f.unit["990203001"].ID, f.unit["990203"].ID, f.unit["990301001"].ID}
	f.flow.OnCame(func(ctx context.Context, to flow.Came) error {
		got, err := to(ctx, ask)
		slices.Sort(got)
		told = append(told, got)
		return err
	})
	n := f.notice("9902", org.Township)
	n.Issuers = []dispatch.Issuer{{Unit: f.unit["9903"].ID}}
	ref, err := f.s.Create(f.as("9902"), n, record.Change{})
	must(t, err)
	if len(told) > 0 {
		t.Fatalf("a draft is told: %v", told)
	}
	must(t, f.do("9902", ref, coord.ActIssue, coord.Step{}))
	must(t, f.do("9903", ref, coord.ActJoin, coord.Step{}))
	want := [][]id.ID{{f.unit["990203001"].ID}, {f.unit["990301001"].ID}}
	if !slices.EqualFunc(told, want, slices.Equal[[]id.ID]) {
		t.Errorf("told %v, want %v", told, want)
	}
}

func steps() int {
	if testkit.Long() {
		return 1000
	}
	return 80
}
