package flow_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"

	"xinhuo/internal/flow"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
)

// A return without a reason is refused at the field, and the case stays where it is.
func TestReturnNeedsAReason(t *testing.T) {
	f := open(t)
	c := f.begin("base.accreditation")
	_, err := f.s.Act(f.as("county"), c.Ref(), flow.Act{Key: "return"})
	var e *errs.Error
	if !errors.As(err, &e) || e.Kind != errs.Invalid || len(e.Fields) != 1 || e.Fields[0].Name != "reason" {
		t.Fatalf("told %v", err)
	}
	c = f.act("county", c, "return")
	steps, err := f.s.Steps(f.as("asker"), c)
	if err != nil || len(steps) != 2 || steps[1].Reason != "缺一份协议" || steps[1].ByName != "程素梅" {
		t.Errorf("steps %+v, %v", steps, err)
	}
	if got := f.titles("asker"); !slices.Contains(got, "补正授牌申请：清泉镇红色教育馆") {
		t.Errorf("the sender's inbox is %q", got)
	}
	// From the list it can be sent again; giving it up for good is done on the case's page.
	items, _, err := f.s.Inbox(f.as("asker"), 50)
	if err != nil || len(items) != 1 || len(items[0].Acts) != 1 || items[0].Acts[0].Key != "resubmit" {
		t.Errorf("acts in the list %+v, %v", items, err)
	}
}

// What an act needs is asked for at its field, all at once.
func TestGrantAsksForDayAndDocument(t *testing.T) {
	f := open(t)
	c := f.act("county", f.begin("base.accreditation"), "inspect")
	_, err := f.s.Act(f.as("city"), c.Ref(), flow.Act{Key: "grant", Day: "2019-02-30"})
	var e *errs.Error
	if !errors.As(err, &e) || len(e.Fields) != 2 || e.Fields[0].Name != "day" || e.Fields[1].Name != "document" {
		t.Fatalf("told %v", err)
	}
}

// Acceptance needs its criteria (R201: accepted by criteria).
func TestAcceptanceNeedsCriteria(t *testing.T) {
	f := open(t)
	c := f.begin("reform.acceptance")
	_, err := f.s.Act(f.as("city"), c.Ref(), flow.Act{Key: "accept", Day: "2019-05-30"})
	var e *errs.Error
	if !errors.As(err, &e) || len(e.Fields) != 1 || e.Fields[0].Name != "data" {
		t.Fatalf("told %v", err)
	}
}

// The sender takes back what nobody has acted on; afterwards it is too late, and they are told so.
func TestRecallUntilActedOn(t *testing.T) {
	f := open(t)
	c := f.act("asker", f.begin("base.accreditation"), "recall")
	if c.Open() || c.State != "recalled" {
		t.Errorf("recalled case %+v", c)
	}
	if got := f.titles("county"); len(got) != 0 {
		t.Errorf("still waits: %q", got)
	}
	c = f.act("county", f.begin("base.accreditation"), "inspect")
	_, err := f.s.Act(f.as("asker"), c.Ref(), flow.Act{Key: "recall"})
	if !errs.Is(err, errs.Forbidden) {
		t.Errorf("too late, told %v", err)
	}
	if c = f.act("county", c, "recall"); c.State != "applied" {
		t.Errorf("the county's recall leads to %s", c.State)
	}
}

// A correction is applied by somebody else than the one who asked, also where the unit has only one person.
func TestSecondPairOfEyes(t *testing.T) {
	f := open(t)
	c := f.begin("record.correction")
	_, err := f.s.Act(f.as("asker"), c.Ref(), flow.Act{Key: "apply"})
	if !errs.Is(err, errs.Forbidden) || !strings.Contains(i18n.Error(f.ctx, err), "另一个人") {
		t.Errorf("told %v", err)
	}
	if got := f.titles("asker"); len(got) != 0 {
		t.Errorf("waits for the one who asked: %q", got)
	}
	if got := f.titles("colleague"); len(got) != 1 {
		t.Errorf("the colleague's inbox is %q", got)
	}
	f.act("county", c, "apply")
}

// Two people act at the same moment: one wins, the other is told who it was.
func TestTwoActAtOnce(t *testing.T) {
	f := open(t)
	other := f.tree.clerk(120, "苏明远", city)
	f.actors["other"] = other
	for range 5 {
		c := f.act("county", f.begin("base.accreditation"), "inspect")
		before := f.effects.Load()
		var wg sync.WaitGroup
		got := make([]error, 2)
		for i, role := range []string{"city", "other"} {
			wg.Add(1)
			go func() {
				defer wg.Done()
				_, got[i] = f.s.Act(f.as(role), c.Ref(), whole("grant"))
			}()
		}
		wg.Wait()
		winner, loser := "林素云", got[1]
		if got[0] != nil {
			winner, loser = "苏明远", got[0]
		}
		if (got[0] == nil) == (got[1] == nil) {
			t.Fatalf("answers %v and %v", got[0], got[1])
		}
		words := i18n.Error(f.ctx, loser)
		if !errs.Is(loser, errs.Conflict) || !strings.Contains(words, winner) || !strings.Contains(words, "授牌") {
			t.Errorf("the other is told %q", words)
		}
		if n := f.effects.Load() - before; n != 1 {
			t.Errorf("%d effects", n)
		}
	}
}

// A form that was opened before somebody else's step is not taken for the new state.
func TestSeenStepsAreAsked(t *testing.T) {
	f := open(t)
	c := f.begin("base.accreditation")
	seen := c.Steps
	c = f.act("county", c, "return")
	f.act("asker", c, "resubmit") // the same state again, and yet another matter
	a := whole("inspect")
	a.Seen = seen
	if _, err := f.s.Act(f.as("county"), c.Ref(), a); !errs.Is(err, errs.Conflict) {
		t.Errorf("told %v", err)
	}
}

// What modules do about an act happens in its transaction or the act does not.
func TestEffectFailsWithTheAct(t *testing.T) {
	f := open(t)
	f.s.On("base.accreditation", "grant", func(_ context.Context, c flow.Case, p flow.Step) error {
		var level struct{ Level string }
		if err := c.Into(&level); err != nil || level.Level != "city" || p.Day != "2019-05-30" {
			t.Errorf("hears %+v, %+v, %v", level, p, err)
		}
		return errs.New(errs.Conflict, "flow.moved_on_by_somebody")
	})
	c := f.act("county", f.begin("base.accreditation"), "inspect")
	before := f.snapshot(c)
	if _, err := f.s.Act(f.as("city"), c.Ref(), whole("grant")); !errs.Is(err, errs.Conflict) {
		t.Fatalf("told %v", err)
	}
	f.effects.Add(-1) // the other listener had run
	if after := f.snapshot(c); after != before {
		t.Errorf("changed %s into %s", before, after)
	}
}

// Days are working days or calendar days; after them the case is overdue, and the unit above sees how many are.
func TestOverdueByTheClock(t *testing.T) {
	f := open(t)
	f.day("2019-05-30")
	c := f.begin("record.correction") // Thursday, 5 working days
	if c.DueDay != "2019-06-06" {
		t.Errorf("due %s", c.DueDay)
	}
	f.day("2019-05-31")
	if c = f.begin("record.correction"); c.DueDay != "2019-06-10" { // Friday, and the next one is the Dragon Boat festival
		t.Errorf("due %s over the holiday", c.DueDay)
	}
	if c = f.act("county", f.begin("base.accreditation"), "inspect"); c.DueDay != "2019-06-17" {
		t.Errorf("due %s", c.DueDay)
	}
	f.day("2019-06-10")
	if c.Overdue(clock.Today(f.ctx)) {
		t.Error("overdue too early")
	}
	items, total, err := f.s.Inbox(f.as("colleague"), 50)
	if err != nil || total != 2 || !items[0].Overdue || items[1].Overdue {
		t.Fatalf("%+v %d %v", items, total, err)
	}
	f.day("2019-06-11")
	items, total, err = f.s.Inbox(f.as("county"), 50)
	if err != nil || total != 0 || len(items) != 1 || items[0].Kind != flow.KindBelow || items[0].Count != 2 {
		t.Fatalf("the county sees %+v %d %v", items, total, err)
	}
	// what says something of what is sealed is late for the unit itself, and for nobody above: neither as a line nor in a number
	if err := f.s.AddTask(f.ctx, flow.NewTask{OwnOnly: true, Key: "care.x:1", Unit: c.Unit, Pos: c.Pos, TitleKey: "flow.handover", Due: "2019-06-01", Link: "/care/x"}); err != nil {
		t.Fatal(err)
	}
	if _, total, err = f.s.Inbox(f.as("colleague"), 50); err != nil || total != 3 {
		t.Fatalf("the unit itself sees %d, %v", total, err)
	}
	if items, _, err = f.s.Inbox(f.as("county"), 50); err != nil || len(items) != 1 || items[0].Count != 2 {
		t.Errorf("the county counts %+v %v", items, err)
	}
	below, n, err := f.s.Below(f.as("county"), 50)
	if err != nil || n != 2 || len(below) != 2 || below[0].For != "清泉镇" || len(below[0].Acts) != 0 {
		t.Errorf("below %+v %d %v", below, n, err)
	}
	for _, role := range []string{"sibling", "elsewhere", "anonymous"} {
		if items, total, err := f.s.Inbox(f.as(role), 50); err != nil || len(items) != 0 || total != 0 {
			t.Errorf("%s sees %+v %d %v", role, items, total, err)
		}
	}
}

// The clock calls for the yearly check a year after the grant, again a year after the check, and once only.
func TestYearlyCheck(t *testing.T) {
	f := open(t)
	c := f.act("city", f.act("county", f.begin("base.accreditation"), "inspect"), "grant") // granted 2019-05-30
	tick := func(want int) {
		t.Helper()
		if n, err := f.s.Tick(f.ctx); err != nil || n != want {
			t.Fatalf("%s: %d steps, %v", clock.Today(f.ctx), n, err)
		}
	}
	f.day("2020-05-29")
	tick(0)
	f.day("2020-05-30")
	tick(1)
	tick(0)
	if got := f.titles("city"); len(got) != 1 || got[0] != "做年度检查：清泉镇红色教育馆" {
		t.Errorf("the city's inbox is %q", got)
	}
	if _, err := f.s.Act(f.as("city"), c.Ref(), flow.Act{Key: "check", Day: "2020-06-15"}); err != nil {
		t.Fatal(err)
	}
	f.day("2021-06-14")
	tick(0)
	f.day("2021-06-20") // the server was off for some days
	tick(1)
	if c, _ = f.s.Get(f.as("city"), c.Ref()); c.State != "check_due" {
		t.Errorf("stands at %s", c.State)
	}
}

// A record that hangs above the level is inspected by the next unit up.
func TestNoCountyAbove(t *testing.T) {
	f := open(t)
	f.actors["body"] = f.tree.clerk(130, "高秀英", cityBody)
	c, err := f.s.Open(f.as("body"), flow.OpenCase{Definition: "base.accreditation", SubjectKind: "base",
		Subject: id.Ref{Root: 9902, ID: id.New()}, Unit: cityBody, Pos: f.tree[cityBody].pos, Title: "机关书屋", Issuer: city})
	if err != nil || c.WaitUnit != city {
		t.Errorf("waits for %d, %v", c.WaitUnit, err)
	}
}

// Nobody opens a case for a unit in which they do not work.
func TestOpenNeedsWork(t *testing.T) {
	f := open(t)
	for _, role := range []string{"county", "sibling", "elsewhere", "reader", "anonymous"} {
		_, err := f.s.Open(f.as(role), flow.OpenCase{Definition: "record.correction", SubjectKind: "base",
			Subject: id.Ref{Root: 9902, ID: 1}, Unit: town, Pos: f.tree[town].pos, Title: "x"})
		if !errs.Is(err, errs.NotFound) {
			t.Errorf("%s: %v", role, err)
		}
	}
}

// A case is absent for those outside, in every way of asking.
func TestCasesOutsideScopeAreAbsent(t *testing.T) {
	f := open(t)
	c := f.begin("base.accreditation")
	for role, sees := range map[string]bool{"asker": true, "colleague": true, "county": true, "city": true, "reader": true,
		"sibling": false, "elsewhere": false, "anonymous": false} {
		if _, err := f.s.Get(f.as(role), c.Ref()); (err == nil) != sees || err != nil && !errs.Is(err, errs.NotFound) {
			t.Errorf("%s gets %v", role, err)
		}
		if _, err := f.s.Steps(f.as(role), c); (err == nil) != sees {
			t.Errorf("%s steps %v", role, err)
		}
		list, err := f.s.ForSubject(f.as(role), "base", c.Subject())
		if err != nil || (len(list) == 1) != sees {
			t.Errorf("%s lists %d %v", role, len(list), err)
		}
	}
}

// A city renames states and changes days by data alone; the next city and running cases keep theirs.
func TestOverrideInOneCity(t *testing.T) {
	f := open(t)
	running := f.begin("record.correction")
	defs, err := flow.Shipped()
	if err != nil {
		t.Fatal(err)
	}
	own := clone(t, defs["record.correction"])
	own.States[0].Days, own.States[0].Title = 2, flow.Label{Zh: "等人看一眼"}
	cityRange := scope.Range{From: f.tree[city].pos, To: f.tree[city].pos + f.tree[city].span}
	if err := f.s.SetDefinition(f.as("elsewhere"), city, cityRange, own); !errs.Is(err, errs.NotFound) {
		t.Fatalf("the neighbour may: %v", err)
	}
	if err := f.s.SetDefinition(f.as("city"), city, cityRange, own); err != nil {
		t.Fatal(err)
	}
	c := f.begin("record.correction")
	def, err := f.s.DefinitionOf(f.ctx, c)
	if err != nil {
		t.Fatal(err)
	}
	st, _ := def.State(c.State)
	if c.DueDay != "2019-06-04" || st.Title.In(f.ctx) != "等人看一眼" {
		t.Errorf("due %s, called %s", c.DueDay, st.Title.In(f.ctx))
	}
	there, err := f.s.DefinitionAt(f.ctx, "record.correction", f.tree[elsewhere].pos)
	if err != nil || there.States[0].Days != 5 {
		t.Errorf("the next city has %d days, %v", there.States[0].Days, err)
	}
	def, err = f.s.DefinitionOf(f.ctx, running)
	if err != nil || def.States[0].Days != 5 {
		t.Errorf("the running case has %d days, %v", def.States[0].Days, err)
	}
	own.Transitions[0].Effect = "delete-everything"
	if err := f.s.SetDefinition(f.as("city"), city, cityRange, own); !errs.Is(err, errs.Invalid) {
		t.Errorf("an effect of its own: %v", err)
	}
	if err := f.s.ResetDefinition(f.as("city"), city, cityRange, "record.correction"); err != nil {
		t.Fatal(err)
	}
	if c = f.begin("record.correction"); c.DueDay != "2019-06-10" {
		t.Errorf("after the reset due %s", c.DueDay)
	}
}

// Tasks that modules post: once per key, changed while open, left alone when done.
func TestPostedTasks(t *testing.T) {
	f := open(t)
	n := flow.NewTask{Key: "base.agreement:1", Unit: town, Pos: f.tree[town].pos, TitleKey: "flow.accreditation.todo_check",
		Due: "2019-06-05", Link: "/base/x"}
	for _, due := range []clock.Day{"2019-06-05", "2019-06-03"} {
		n.Due = due
		if err := f.s.AddTask(f.as("system"), n); err != nil {
			t.Fatal(err)
		}
	}
	items, total, err := f.s.Inbox(f.as("asker"), 50)
	if err != nil || total != 1 || items[0].Due != "2019-06-03" || items[0].Title != "做年度检查" {
		t.Fatalf("%+v %v", items, err)
	}
	if err := f.s.TickOff(f.as("asker"), items[0].Task); !errs.Is(err, errs.NotFound) {
		t.Errorf("ticked off work: %v", err)
	}
	for range 2 {
		if err := f.s.DoneTask(f.as("asker"), n.Key); err != nil {
			t.Fatal(err)
		}
		if err := f.s.AddTask(f.as("system"), n); err != nil {
			t.Fatal(err)
		}
	}
	if got := f.titles("asker"); len(got) != 0 {
		t.Errorf("came back: %q", got)
	}
	done, err := f.s.DoneSince(f.as("asker"), 0, 10)
	if err != nil || len(done) != 1 || done[0].Done != "柳春兰" {
		t.Errorf("done %+v %v", done, err)
	}
	n.Key, n.Kind = "note:1", flow.KindNote
	if err := f.s.AddTask(f.as("system"), n); err != nil {
		t.Fatal(err)
	}
	items, _, _ = f.s.Inbox(f.as("asker"), 50)
	if err := f.s.TickOff(f.as("sibling"), items[0].Task); !errs.Is(err, errs.NotFound) {
		t.Errorf("the neighbour ticks off: %v", err)
	}
	if err := f.s.TickOff(f.as("asker"), items[0].Task); err != nil {
		t.Error(err)
	}
}

// Tasks of a unit without an account come to whoever enters for it, marked with the unit's name (代办).
func TestUnitWithoutAccount(t *testing.T) {
	f := open(t)
	f.begin("record.correction")
	wide := f.actors["county"]
	wide.WorkSet = wide.ViewSet
	f.actors["county"] = wide
	if got := f.titles("county"); len(got) != 0 {
		t.Errorf("without knowing who has an account: %q", got)
	}
	staffed := map[id.ID]bool{town: true}
	f.s.Staffed(func(context.Context, []id.ID) (map[id.ID]bool, error) { return staffed, nil })
	if got := f.titles("county"); len(got) != 0 {
		t.Errorf("the town has its own people: %q", got)
	}
	staffed = nil
	items, total, err := f.s.Inbox(f.as("county"), 50)
	if err != nil || total != 1 || items[0].For != "清泉镇" {
		t.Errorf("%+v %d %v", items, total, err)
	}
}

// A substitute does the tasks of one who is away, for the time agreed, and every step says so.
func TestSubstitute(t *testing.T) {
	f := open(t)
	f.people.list = []flow.Person{{Account: 103, Name: "程素梅", Unit: county}, {Account: 105, Name: "邹广成", Unit: sibling}}
	f.s.SetPeople(f.people)
	c := f.begin("base.accreditation")
	act := func() error {
		_, err := f.s.Act(f.as("sibling"), c.Ref(), whole("inspect"))
		return err
	}
	if err := act(); !errs.Is(err, errs.NotFound) {
		t.Fatalf("before: %v", err)
	}
	if err := f.s.SetSubstitute(f.as("county"), 103, "2019-06-03", "2019-06-01"); err == nil {
		t.Error("oneself, backwards")
	}
	if err := f.s.SetSubstitute(f.as("county"), 105, "2019-06-03", "2019-06-07"); err != nil {
		t.Fatal(err)
	}
	if err := act(); !errs.Is(err, errs.NotFound) {
		t.Errorf("too early: %v", err)
	}
	f.day("2019-06-07")
	items, total, err := f.s.Inbox(f.as("sibling"), 50)
	if err != nil || total != 1 || items[0].For != "程素梅" {
		t.Fatalf("%+v %d %v", items, total, err)
	}
	f.people.gone[103] = true
	if err := act(); !errs.Is(err, errs.NotFound) {
		t.Errorf("for somebody who has left: %v", err)
	}
	if who, err := f.s.StandsIn(f.ctx, 103); err != nil || who.Account != 0 {
		t.Errorf("%+v stands in for somebody who has left, %v", who, err)
	}
	delete(f.people.gone, 103)
	if who, err := f.s.StandsIn(f.ctx, 103); err != nil || who.Account != 105 {
		t.Errorf("%+v stands in, %v", who, err)
	}
	if err := act(); err != nil {
		t.Fatal(err)
	}
	steps, err := f.s.Steps(f.as("county"), c)
	if err != nil || flow.StepName(f.ctx, steps[1]) != "邹广成（代程素梅）" {
		t.Errorf("%+v %v", steps, err)
	}
	c = f.begin("base.accreditation")
	f.day("2019-06-08")
	if err := act(); !errs.Is(err, errs.NotFound) {
		t.Errorf("too late: %v", err)
	}
	f.day("2019-06-05")
	list, err := f.s.Substitutes(f.as("county"))
	if err != nil || len(list) != 1 {
		t.Fatal(list, err)
	}
	ref := id.Ref{Root: list[0].Root, ID: list[0].ID}
	if err := f.s.EndSubstitute(f.as("sibling"), ref); !errs.Is(err, errs.NotFound) {
		t.Errorf("ended by the other: %v", err)
	}
	if err := f.s.EndSubstitute(f.as("county"), ref); err != nil {
		t.Fatal(err)
	}
	if err := act(); !errs.Is(err, errs.NotFound) {
		t.Errorf("after the end: %v", err)
	}
}

// Whoever asked for a second pair of eyes cannot send a substitute to be it.
func TestSubstituteIsNoSecondPairOfEyes(t *testing.T) {
	f := open(t)
	f.people.list = []flow.Person{{Account: 105, Name: "邹广成", Unit: sibling}}
	f.s.SetPeople(f.people)
	if err := f.s.SetSubstitute(f.as("asker"), 105, "2019-05-31", "2019-06-07"); err != nil {
		t.Fatal(err)
	}
	c := f.begin("record.correction")
	if _, err := f.s.Act(f.as("sibling"), c.Ref(), flow.Act{Key: "apply"}); !errs.Is(err, errs.Forbidden) {
		t.Errorf("told %v", err)
	}
	if got := f.titles("sibling"); len(got) != 0 {
		t.Errorf("and has it in the inbox: %q", got)
	}
}

// Cases and tasks follow a unit that moves, and go to the heir of one that ends, and come back when that is undone (R50).
func TestMovedUnit(t *testing.T) {
	f := open(t)
	c := f.begin("record.correction")
	n := f.tree[town]
	n.pos, n.parent = 9902020090000, sibling
	f.tree[town] = n
	if err := f.s.Moved(f.as("system"), town, 0, n.pos); err != nil {
		t.Fatal(err)
	}
	if _, err := f.s.Get(f.as("county"), c.Ref()); !errs.Is(err, errs.NotFound) {
		t.Errorf("the old county still sees it: %v", err)
	}
	f.actors["colleague"] = f.tree.clerk(102, "何德旺", town)
	if got := f.titles("colleague"); len(got) != 1 {
		t.Errorf("inbox %q", got)
	}
	f.act("sibling", c, "apply")
	f.actors["asker"] = f.tree.clerk(101, "柳春兰", town)
	c = f.begin("record.correction")
	if err := f.s.Moved(f.as("system"), town, sibling, f.tree[sibling].pos); err != nil {
		t.Fatal(err)
	}
	if got := f.titles("sibling"); len(got) != 1 {
		t.Errorf("the heir's inbox %q", got)
	}
	if err := f.s.Moved(f.as("system"), town, 0, n.pos); err != nil { // the merger is undone
		t.Fatal(err)
	}
	if got := f.titles("sibling"); len(got) != 0 {
		t.Errorf("the heir keeps %q", got)
	}
	if got := f.titles("colleague"); len(got) != 1 {
		t.Errorf("the town's inbox %q", got)
	}
	f.act("colleague", c, "apply")
}

// An undo asks whether a step was taken since.
func TestActedSince(t *testing.T) {
	f := open(t)
	c := f.begin("record.correction")
	at := clock.Millis(f.ctx)
	f.day("2019-06-01")
	if acted, err := f.s.ActedSince(f.ctx, "base", c.Subject(), at); err != nil || acted {
		t.Errorf("%v %v", acted, err)
	}
	f.act("colleague", c, "apply")
	if acted, err := f.s.ActedSince(f.ctx, "base", c.Subject(), at); err != nil || !acted {
		t.Errorf("%v %v", acted, err)
	}
}
