package coord_test

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"

	"xinhuo/internal/coord"
	"xinhuo/internal/dispatch"
	"xinhuo/internal/flow"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/db"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/ledger"
	"xinhuo/internal/org"
	"xinhuo/internal/record"
)

// R115, R177: 150 of 150 receive, 149 carry out, the late one is named at each level; issuing writes one row.
func TestANoticeTo150Townships(t *testing.T) {
	f := open(t)
	ref := f.issued("9902", f.notice("9902", org.Township))
	if n, err := db.Get[int64](f.ctx, f.db, `SELECT (SELECT COUNT(*) FROM coord_reply) + (SELECT COUNT(*) FROM coord_target)`); err != nil || n != 0 {
		t.Errorf("issuing wrote %d rows for recipients, %v", n, err)
	}
	for c := 1; c <= 10; c++ {
		for n := 1; n <= 15; n++ {
			code := fmt.Sprintf("9902%02d%03d", c, n)
			must(t, f.act(code, ref, coord.ActReceive, coord.Step{}))
			if code != "990203007" {
				must(t, f.act(code, ref, coord.ActCarry, coord.Step{Text: "已经巡查三次"}))
			}
		}
	}
	f.later(12) // 12 June, after the due day
	b := f.board("9902", "9902", ref)
	if b.All.Targets != 150 || b.All.Received != 150 || b.All.Done != 149 || b.All.Waiting() != 1 || len(b.Below) != 10 {
		t.Errorf("%+v", b.All)
	}
	for _, at := range [][2]string{{"9902", "9902"}, {"9902", "990203"}, {"990203", "990203"}, {"99", "99"}, {"990203007", "990203007"}} {
		if got := f.named(at[0], at[1], ref, coord.Waiting); !slices.Equal(got, []string{"3号县7镇"}) {
			t.Errorf("late for %s at %s: %v", at[0], at[1], got)
		}
	}
	for code, want := range map[string]int64{"notice.received": 150, "notice.done": 149, "notice.done_late": 0, "notice.issued": 1, "notice.in_force": 1} {
		if got := f.year("9902", code); got != want {
			t.Errorf("%s is %d, want %d", code, got, want)
		}
	}
	// what is late climbs: the county at once, the city because it issues
	for _, unit := range []string{"990203", "9902"} {
		if items := f.inbox(unit); len(items) != 1 || !strings.Contains(items[0].Title, "还有1个单位没有落实") || !items[0].Overdue {
			t.Errorf("inbox of %s: %+v", unit, items)
		}
	}
	if items := f.inbox("990204"); len(items) != 0 {
		t.Errorf("inbox of a county without a late unit: %+v", items)
	}
}

// R25: the receiving unit marks it carried out, the issuer sees x of y, with who and when.
func TestReceiptReadAndAnswer(t *testing.T) {
	f := open(t)
	ref := f.issued("990203", f.notice("990203", org.Township))
	items := f.inbox("990203001")
	if len(items) != 1 || items[0].Title != "签收“关于开展暑期防溺水工作的通知”" || items[0].Due != "2019-06-10" {
		t.Fatalf("%+v", items)
	}
	must(t, f.act("990203001", ref, coord.ActReceive, coord.Step{}))
	if err := f.act("990203001", ref, coord.ActReceive, coord.Step{}); !errs.Is(err, errs.Conflict) {
		t.Errorf("twice: %v", err)
	}
	must(t, f.act("990203001", ref, coord.ActRead, coord.Step{}))
	must(t, f.act("990203001", ref, coord.ActCarry, coord.Step{Text: "已办", Links: []string{"/activity/9902-1"}}))
	x := f.task("990203", "990203001", ref).Reply
	if x.ReceivedBy != "经办人990203001" || x.ReceivedOn != today || len(x.Readers) != 1 || x.DoneOn != today || x.Links[0] != "/activity/9902-1" {
		t.Errorf("%+v", x)
	}
	if b := f.board("990203", "990203", ref); b.All.Done != 1 || b.All.Targets != 15 {
		t.Errorf("%+v", b.All)
	}
	if len(f.inbox("990203001")) != 0 {
		t.Error("what is done still waits")
	}
	if err := f.over("990203", "990203002", ref, coord.ActReceive, coord.Step{}); !errs.Is(err, errs.Forbidden) {
		t.Errorf("the issuer receives for another: %v", err)
	}
	if err := f.act("990204001", ref, coord.ActReceive, coord.Step{}); !errs.Is(err, errs.NotFound) {
		t.Errorf("a town of another county: %v", err)
	}
	if err := f.act("990203002", ref, coord.ActCarry, coord.Step{Text: "已办", Links: []string{"https://elsewhere.example/x"}}); !says(err, "links", "coord.link_unfit") {
		t.Errorf("a strange address: %v", err)
	}
}

// R24: a notice of two committees and a body beside the tree shows all and is found under each; the second committee's
// units are asked once it has joined in.
func TestJointNotice(t *testing.T) {
	f := open(t)
	n := f.notice("990201", org.Township)
	n.Issuers, n.Bodies = []dispatch.Issuer{{Unit: f.unit["990202"].ID}}, []string{"市委组织部"}
	ref := f.issued("990201", n)
	if b := f.board("99", "99", ref); b.All.Targets != 15 {
		t.Errorf("before it joins: %+v", b.All)
	}
	if _, _, err := f.s.Notice(f.as("990202001"), ref); !errs.Is(err, errs.NotFound) {
		t.Errorf("a town of a county that has not joined: %v", err)
	}
	if err := f.do("990201", ref, coord.ActJoin, coord.Step{}); !errs.Is(err, errs.Forbidden) {
		t.Errorf("joined for another: %v", err)
	}
	if items := f.inbox("990202"); len(items) != 1 || !strings.Contains(items[0].Title, "会签") {
		t.Errorf("%+v", items)
	}
	must(t, f.do("990202", ref, coord.ActJoin, coord.Step{}))
	if b := f.board("99", "99", ref); b.All.Targets != 30 {
		t.Errorf("after: %+v", b.All)
	}
	for _, x := range []coord.Filter{{Issuer: f.unit["990201"].ID, Below: true}, {Issuer: f.unit["990202"].ID, Below: true}, {Body: "市委组织部", Below: true}} {
		list, _, err := f.s.List(f.as("9902"), f.unit["9902"], today, x)
		if err != nil || len(list) != 1 || list[0].Ref != ref {
			t.Errorf("%+v: %v, %v", x, list, err)
		}
	}
	if list, _, err := f.s.List(f.as("9902"), f.unit["9902"], today, coord.Filter{Body: "市妇联", Below: true}); err != nil || len(list) != 0 {
		t.Errorf("under another body: %v, %v", list, err)
	}
	for _, unit := range []string{"990201", "990202", "9902"} {
		if got := f.year(unit, "notice.joint"); got != 1 {
			t.Errorf("joint at %s: %d", unit, got)
		}
	}
}

// R7: a document with 4 obligations; each lists the units that it binds, and a unit says which it has carried out.
func TestObligations(t *testing.T) {
	f := open(t)
	n := f.notice("9902", org.County, org.Township)
	n.Kind, n.Due, n.Until = "policy", "", "2024-12-31"
	ref, err := f.s.Create(f.as("9902"), n, record.Change{})
	must(t, err)
	for i, levels := range [][]org.Level{{org.County}, {org.Township}, nil, {org.County}} {
		must(t, f.s.Oblige(f.as("9902"), ref, int64(i+1), coord.Obligation{Text: fmt.Sprintf("任务%d", i+1), Levels: levels, Due: "2019-12-31"}))
	}
	if err := f.s.Oblige(f.as("9902"), ref, 5, coord.Obligation{Text: "x", Levels: []org.Level{org.Village}}); !says(err, "levels", "coord.level_not_asked") {
		t.Errorf("a level that does not receive it: %v", err)
	}
	must(t, f.do("9902", ref, coord.ActIssue, coord.Step{}))
	got, _, err := f.s.Notice(f.as("990201001"), ref)
	must(t, err)
	for i, want := range []int{10, 150, 160, 10} {
		if units := f.named("9902", "9902", ref, "", got.Obligations[i].Levels...); len(units) != want {
			t.Errorf("obligation %d binds %d units, want %d", i+1, len(units), want)
		}
	}
	if err := f.act("990201001", ref, coord.ActCarry, coord.Step{Text: "已办", Kept: []int{1}}); !says(err, "kept", "coord.obligation_unknown") {
		t.Errorf("a township keeps the counties' obligation: %v", err)
	}
	must(t, f.act("990201001", ref, coord.ActCarry, coord.Step{Text: "已办", Kept: []int{2, 3}}))
	if got := f.year("9902", "notice.obligations"); got != 4 {
		t.Errorf("obligations: %d", got)
	}
	if err := f.s.Oblige(f.as("9902"), ref, 6, coord.Obligation{Text: "再加一项"}); !errs.Is(err, errs.Conflict) {
		t.Errorf("after it was issued: %v", err)
	}
}

// A notice is replaced by another of its issuer; it is then no longer in the list of those in force (R7).
func TestReplaced(t *testing.T) {
	f := open(t)
	old := f.issued("990203", f.notice("990203", org.Township))
	n := f.notice("990203", org.Township)
	n.Supersedes = old
	f.issued("990203", n)
	open, _, err := f.s.List(f.as("990203001"), f.unit["990203001"], today, coord.Filter{State: "open"})
	must(t, err)
	over, _, err := f.s.List(f.as("990203001"), f.unit["990203001"], today, coord.Filter{State: "over"})
	must(t, err)
	if len(open) != 1 || open[0].Ref == old || len(over) != 1 || over[0].Ref != old {
		t.Errorf("in force %v, over %v", open, over)
	}
	n = f.notice("990204", org.Township)
	n.Supersedes = old
	if _, err := f.s.Create(f.as("990204"), n, record.Change{}); !says(err, "supersedes", "coord.supersedes_unknown") {
		t.Errorf("replaces another's: %v", err)
	}
}

// A rule finds the units by a figure of each on the day of issue, as the figure's own evidence does: townships that have
// received fewer than one notice.
func TestRuleFindsUnits(t *testing.T) {
	f := open(t)
	first := f.issued("990203", f.notice("990203", org.Township))
	for n := 1; n <= 12; n++ {
		must(t, f.act(fmt.Sprintf("990203%03d", n), first, coord.ActReceive, coord.Step{}))
	}
	n := f.notice("990203", org.Township)
	n.Targets.Rule = &coord.Rule{Figure: "notice.received", Less: true, N: 1}
	ref := f.issued("990203", n)
	want := []string{"3号县13镇", "3号县14镇", "3号县15镇"}
	if got := f.named("990203", "990203", ref, ""); !slices.Equal(got, want) {
		t.Errorf("the rule finds %v", got)
	}
	got, _, err := f.s.Notice(f.as("990203"), ref)
	must(t, err)
	for _, code := range []string{"990203012", "990203013"} { // list and Ask agree
		meets, err := f.led.Meets(f.sys(), ledger.UnitTest{Figure: "notice.received", Level: org.Township, Less: true, N: 1, Day: got.IssuedOn}, f.unit[code].ID)
		if _, bad := f.s.Task(f.as(code), ref, f.unit[code].ID); err != nil || meets != (bad == nil) {
			t.Errorf("%s meets %v, %v; its task: %v", code, meets, err, bad)
		}
	}
	must(t, f.led.Fold(f.sys())) // and after the figures were folded
	if got := f.named("990203", "990203", ref, ""); !slices.Equal(got, want) {
		t.Errorf("folded, the rule finds %v", got)
	}
	n.Targets.Rule = &coord.Rule{Figure: "notice.received", N: 1, By: "notice", Value: first.String()}
	if other := f.issued("990203", n); len(f.named("990203", "990203", other, "")) != 12 {
		t.Errorf("those that received the first: %v", f.named("990203", "990203", other, ""))
	}
	n.Targets.Rule = &coord.Rule{Figure: "notice.received", N: 1000}
	nobody, err := f.s.Create(f.as("990203"), n, record.Change{})
	must(t, err)
	if err := f.do("990203", nobody, coord.ActIssue, coord.Step{}); !errs.Is(err, errs.Conflict) {
		t.Errorf("a rule that matches nobody: %v", err)
	}
	n.Targets.Rule = &coord.Rule{Figure: "notice.done_share", N: 1}
	if _, err := f.s.Create(f.as("990203"), n, record.Change{}); !says(err, "figure", "coord.figure_unfit") {
		t.Errorf("a ratio as a rule: %v", err)
	}
}

// A day that has passed is refused when it is typed, and an obligation's once more when the notice goes out (R7, R115).
func TestPastDaysAreSaidAtOnce(t *testing.T) {
	f := open(t)
	today := clock.Today(f.sys())
	n := f.notice("990203", org.Township)
	n.Due = today.AddDays(-1)
	if _, err := f.s.Create(f.as("990203"), n, record.Change{}); !says(err, "due", "coord.due_past") {
		t.Errorf("due yesterday: %v", err)
	}
	n.Due, n.Until = today.AddDays(20), today.AddDays(-1)
	if _, err := f.s.Create(f.as("990203"), n, record.Change{}); !says(err, "until", "coord.due_past") {
		t.Errorf("in force until yesterday: %v", err)
	}
	n.Until = clock.Open
	ref, err := f.s.Create(f.as("990203"), n, record.Change{})
	must(t, err)
	if err := f.s.Oblige(f.as("990203"), ref, 1, coord.Obligation{Text: "排查", Due: today.AddDays(-1)}); !says(err, "due", "coord.due_past") {
		t.Errorf("an obligation for yesterday: %v", err)
	}
	must(t, f.s.Oblige(f.as("990203"), ref, 1, coord.Obligation{Text: "排查", Due: today}))
	f.later(1)
	must(t, f.s.Oblige(f.as("990203"), ref, 2, coord.Obligation{Text: "再查", Due: today.AddDays(5)})) // what stood there does not bar the rest
	if err := f.do("990203", ref, coord.ActIssue, coord.Step{}); !errs.Is(err, errs.Conflict) {
		t.Errorf("issued with an obligation for yesterday: %v", err)
	}
}

// A fixed rule keeps the units of the day of issue; one that is not follows a late entry about that day.
func TestFixedRule(t *testing.T) {
	f := open(t)
	first := f.issued("990203", f.notice("990203", org.Township))
	n := f.notice("990203", org.Township)
	n.Targets.Rule = &coord.Rule{Figure: "notice.received", Less: true, N: 1, Fixed: true}
	fixed := f.issued("990203", n)
	n.Targets.Rule = &coord.Rule{Figure: "notice.received", Less: true, N: 1}
	asked := f.issued("990203", n)
	must(t, f.act("990203001", first, coord.ActReceive, coord.Step{}))
	if got := len(f.named("990203", "990203", fixed, "")); got != 15 {
		t.Errorf("fixed: %d", got)
	}
	if got := len(f.named("990203", "990203", asked, "")); got != 14 {
		t.Errorf("asked again: %d", got)
	}
	if b := f.board("9902", "9902", fixed); b.All.Targets != 15 {
		t.Errorf("board of the fixed one: %+v", b.All)
	}
}

// Units by name, among those below the issuers only.
func TestNamedUnits(t *testing.T) {
	f := open(t)
	n := f.notice("9902")
	n.Targets = coord.Targets{Units: []id.ID{f.unit["990201"].ID, f.unit["990203007"].ID}}
	ref := f.issued("9902", n)
	if got := f.named("9902", "9902", ref, ""); !slices.Equal(got, []string{"1号县", "3号县7镇"}) {
		t.Errorf("%v", got)
	}
	if b := f.board("9902", "9902", ref); b.All.Targets != 2 || len(b.Below) != 2 {
		t.Errorf("%+v", b)
	}
	must(t, f.act("990201", ref, coord.ActReceive, coord.Step{}))
	if _, err := f.s.Task(f.as("990203006"), ref, f.unit["990203006"].ID); !errs.Is(err, errs.NotFound) {
		t.Errorf("a unit that is not named: %v", err)
	}
	n.Targets.Units = append(n.Targets.Units, f.unit["990301001"].ID)
	if _, err := f.s.Create(f.as("9902"), n, record.Change{}); !says(err, "units", "coord.unit_not_below") {
		t.Errorf("a unit of another city: %v", err)
	}
}

// R176: a bound field is answered by the ledger at every level and nobody types; one that sounds like a figure is refused
// until it is bound or says why it is another thing.
func TestBoundFields(t *testing.T) {
	f := open(t)
	ref, err := f.s.Create(f.as("9902"), f.notice("9902", org.Township), record.Change{})
	must(t, err)
	typed := coord.Field{Label: "今年签收通知的次数", Number: true}
	if err := f.s.Question(f.as("9902"), ref, 1, typed); !says(err, "label", "coord.ledger_holds") {
		t.Fatalf("the ledger holds it: %v", err)
	}
	if list := f.s.Offered(typed); len(list) == 0 || list[0].Code != "notice.received" {
		t.Errorf("offered: %v", list)
	}
	typed.Apart = "只数电话通知的"
	must(t, f.s.Question(f.as("9902"), ref, 1, typed))
	must(t, f.s.Question(f.as("9902"), ref, 2, coord.Field{Label: "今年签收通知", Figure: "notice.received"}))
	must(t, f.do("9902", ref, coord.ActIssue, coord.Step{}))
	must(t, f.act("990203001", ref, coord.ActReceive, coord.Step{}))
	must(t, f.act("990203002", ref, coord.ActReceive, coord.Step{}))
	if err := f.act("990203001", ref, coord.ActCarry, coord.Step{Text: "已办"}); !says(err, "answer_1", "coord.answer_empty") {
		t.Errorf("an empty answer: %v", err)
	}
	if err := f.act("990203001", ref, coord.ActCarry, coord.Step{Text: "已办", Answers: []coord.Answer{{No: 1, Text: "一百二"}}}); !says(err, "answer_1", "coord.number_unreadable") {
		t.Errorf("an answer that can be read in two ways: %v", err)
	}
	must(t, f.act("990203001", ref, coord.ActCarry, coord.Step{Text: "已办", Answers: []coord.Answer{{No: 1, Text: "一百二十次"}}}))
	if got := f.task("990203001", "990203001", ref).Reply.Answers; len(got) != 1 || got[0].Text != "120" {
		t.Errorf("%+v", got)
	}
	n, _, err := f.s.Notice(f.as("9902"), ref)
	must(t, err)
	for unit, want := range map[string]int64{"990203001": 1, "990203": 2, "9902": 2, "99": 2, "990204": 0} { // one entry, visible at each level
		list, err := f.s.Bound(f.sys(), n, f.unit[unit].ID)
		if err != nil || len(list) != 1 || list[0].Value.Int() != want {
			t.Errorf("at %s: %+v, %v", unit, list, err)
		}
		items, err := f.led.Evidence(f.sys(), list[0].Query, "", 0)
		if err != nil || int64(len(items.Items)) != want {
			t.Errorf("evidence at %s: %d, %v", unit, len(items.Items), err)
		}
	}
	below, err := f.s.BoundBelow(f.sys(), n, f.unit["9902"], []org.Unit{f.unit["990203"], f.unit["990204"]})
	if err != nil || below[f.unit["990203"].ID][2].Int() != 2 {
		t.Errorf("below: %v, %v", below, err)
	}
}

// A unit sends it back with a question, the issuer answers; what supervision found stands with the unit (R118).
func TestQuestionAndFindings(t *testing.T) {
	f := open(t)
	n := f.notice("9902", org.Township)
	n.Points = []string{"有没有责任人", "有没有警示牌", "有没有巡查记录"}
	ref := f.issued("9902", n)
	must(t, f.act("990203001", ref, coord.ActAsk, coord.Step{Text: "没有水域的要不要报"}))
	if b := f.board("9902", "9902", ref); b.All.Asked != 1 {
		t.Errorf("%+v", b.All)
	}
	if items := f.inbox("9902"); len(items) != 1 || !strings.Contains(items[0].Title, "疑问") || items[0].Due != n.Due { // it waits no longer than the answer to it
		t.Errorf("inbox of the issuer: %+v", items)
	}
	if err := f.over("990203001", "990203001", ref, coord.ActAnswer, coord.Step{Text: "要"}); !errs.Is(err, errs.Forbidden) {
		t.Errorf("answers itself: %v", err)
	}
	must(t, f.over("9902", "990203001", ref, coord.ActAnswer, coord.Step{Text: "报无"}))
	x := f.task("990203001", "990203001", ref)
	if x.Reply.Answered == nil || x.Reply.Answered.Text != "报无" || f.board("9902", "9902", ref).All.Asked != 0 {
		t.Errorf("%+v", x.Reply)
	}
	must(t, f.over("990203", "990203001", ref, coord.ActInspect, coord.Step{Findings: []coord.Finding{{Point: 0, Met: true}, {Point: 1, Note: "少两块"}, {Point: 2, Met: true}}}))
	if err := f.over("990203", "990203001", ref, coord.ActInspect, coord.Step{Findings: []coord.Finding{{Point: 3}}}); !says(err, "points", "coord.point_unknown") {
		t.Errorf("a point that is none: %v", err)
	}
	got := f.task("990203001", "990203001", ref).Reply.Findings
	if len(got) != 3 || got[1].Met || got[1].Name != "经办人990203" || got[1].On != today {
		t.Errorf("%+v", got)
	}
	// What was not met stands in the inbox of the unit, beside what it still has to do. // R115
	if list := f.inbox("990203001"); !slices.ContainsFunc(list, func(it flow.Item) bool { return strings.Contains(it.Title, "有1条没做到") }) ||
		!slices.ContainsFunc(list, func(it flow.Item) bool { return strings.HasPrefix(it.Title, "落实") }) {
		t.Errorf("inbox of the inspected unit: %+v", list)
	}
	// Inspected again, a point that stands as it was found keeps who found it.
	must(t, f.over("9902", "990203001", ref, coord.ActInspect, coord.Step{Findings: []coord.Finding{{Point: 0, Met: true}, {Point: 1, Met: true}}}))
	if got := f.task("990203001", "990203001", ref).Reply.Findings; len(got) != 2 || got[0].Name != "经办人990203" || got[1].Name != "经办人9902" {
		t.Errorf("inspected again: %+v", got)
	}
	if err := f.over("990204", "990203001", ref, coord.ActInspect, coord.Step{}); !errs.Is(err, errs.NotFound) {
		t.Errorf("another county looks: %v", err)
	}
}

// Units between issuer and recipients hand it on with a wording and an earlier day of their own.
func TestHandedOn(t *testing.T) {
	f := open(t)
	ref := f.issued("9902", f.notice("9902", org.Township))
	if err := f.act("990203", ref, coord.ActPass, coord.Step{Text: "按镇办", Day: "2019-06-11"}); !says(err, "day", "coord.due_later") {
		t.Errorf("later than above: %v", err)
	}
	must(t, f.act("990203", ref, coord.ActPass, coord.Step{Text: "按镇办", Day: "2019-06-05"}))
	if x := f.task("990203001", "990203001", ref); x.Due != "2019-06-05" || len(x.Above) != 1 || x.Above[0].Wording != "按镇办" {
		t.Errorf("%+v", x)
	}
	f.later(6)
	must(t, f.act("990203001", ref, coord.ActCarry, coord.Step{Text: "已办"}))
	must(t, f.act("990204001", ref, coord.ActCarry, coord.Step{Text: "已办"}))
	if a, b := f.year("990203", "notice.done_late"), f.year("990204", "notice.done_late"); a != 1 || b != 0 {
		t.Errorf("late %d and %d", a, b)
	}
	if err := f.act("990203", ref, coord.ActReceive, coord.Step{}); !errs.Is(err, errs.Conflict) {
		t.Errorf("a unit between receives: %v", err)
	}
}

// A reminder goes into each inbox, once a day; when there are too many it goes to the units right below.
func TestReminders(t *testing.T) {
	f := open(t)
	ref := f.issued("9902", f.notice("9902", org.Township))
	must(t, f.act("990203001", ref, coord.ActCarry, coord.Step{Text: "已办"}))
	must(t, f.do("990203", ref, coord.ActRemind, coord.Step{}))
	if err := f.do("990203", ref, coord.ActRemind, coord.Step{}); !errs.Is(err, errs.Conflict) {
		t.Errorf("twice a day: %v", err)
	}
	if items := f.inbox("990203002"); len(items) != 1 || !strings.Contains(items[0].Why, "催办") {
		t.Errorf("%+v", items)
	}
	if len(f.inbox("990203001")) != 0 {
		t.Error("called although it is done")
	}
	must(t, f.act("990203002", ref, coord.ActCarry, coord.Step{Text: "已办"}))
	if len(f.inbox("990203002")) != 0 {
		t.Error("the call stays after the answer")
	}
	f.s.RemindAtMost(20)
	must(t, f.do("9902", ref, coord.ActRemind, coord.Step{}))
	if items := f.inbox("990204"); len(items) != 1 || !strings.Contains(items[0].Title, "下级还有15个单位没有落实") {
		t.Errorf("%+v", items)
	}
	f.later(8) // 8 June: two days before the day it is called for by itself
	if items := f.inbox("990205001"); len(items) != 1 || items[0].Why != "还有2天到期" {
		t.Errorf("%+v", items)
	}
}

// Two of one office sign at the same moment: one receipt.
func TestTwoSignAtOnce(t *testing.T) {
	f := open(t)
	ref := f.issued("990203", f.notice("990203", org.Township))
	var wg sync.WaitGroup
	var failed [6]error
	for i := range failed {
		wg.Add(1)
		go func() {
			defer wg.Done()
			failed[i] = f.s.Act(f.as("990203001"), ref, f.unit["990203001"].ID, coord.ActReceive, coord.Step{})
		}()
	}
	wg.Wait()
	good := 0
	for _, err := range failed {
		if err == nil {
			good++
		} else if !errs.Is(err, errs.Conflict) {
			t.Error(err)
		}
	}
	if good != 1 || f.year("990203", "notice.received") != 1 {
		t.Errorf("%d receipts", good)
	}
}

// What is written is taken back: a draft, a receipt, an issue that nobody has met yet.
func TestUndo(t *testing.T) {
	f := open(t)
	ref := f.issued("990203", f.notice("990203", org.Township))
	must(t, f.act("990203001", ref, coord.ActReceive, coord.Step{}))
	if err := f.do("990203", ref, coord.ActUndo, coord.Step{}); !errs.Is(err, errs.Conflict) {
		t.Errorf("units have acted: %v", err)
	}
	must(t, f.act("990203001", ref, coord.ActUndo, coord.Step{}))
	must(t, f.do("990203", ref, coord.ActUndo, coord.Step{}))
	if n, _, err := f.s.Notice(f.as("990203"), ref); err != nil || n.IssuedOn != clock.Open {
		t.Errorf("%+v, %v", n, err)
	}
	if got := f.year("990203", "notice.issued") + f.year("990203", "notice.received"); got != 0 {
		t.Errorf("the figures stay at %d", got)
	}
	must(t, f.do("990203", ref, coord.ActRemove, coord.Step{Reason: "写错了"}))
	if err := f.s.Do(scope.With(f.as("990203"), scope.From(f.as("990203"))), ref, coord.ActUndo, coord.Step{Version: 4}); err != nil {
		t.Errorf("brought back: %v", err)
	}
}

// A recipient that is merged away is no longer asked, what it did stays readable at its heir, and what is moved keeps its
// place in the lists.
func TestAMergedUnit(t *testing.T) {
	f := open(t)
	ref := f.issued("9902", f.notice("9902", org.Township))
	must(t, f.act("990203001", ref, coord.ActReceive, coord.Step{}))
	must(t, f.act("990203002", ref, coord.ActCarry, coord.Step{Text: "已办"}))
	f.later(1)
	must(t, f.org.Merge(f.sys(), []id.ID{f.unit["990203001"].ID}, f.unit["990203002"].ID, clock.DayOf(*f.now), "云政〔2019〕3号"))
	b := f.board("9902", "9902", ref)
	if b.All.Targets != 149 || b.All.Received != 1 || b.All.Done != 1 {
		t.Errorf("%+v", b.All)
	}
	x := f.task("990203002", "990203001", ref)
	if x.Reply.ReceivedOn != today || x.Target {
		t.Errorf("what it did: %+v", x.Reply)
	}
	if err := f.over("990203002", "990203001", ref, coord.ActCarry, coord.Step{Text: "办"}); !errs.Is(err, errs.Conflict) {
		t.Errorf("the heir answers for a unit that is gone: %v", err)
	}
	if got := f.year("9902", "notice.received"); got != 2 {
		t.Errorf("received %d", got)
	}
}

// An unanswered task stays in the inbox however many notices have come since and been received. // R115
func TestAnOldTaskIsNotCrowdedOut(t *testing.T) {
	f := open(t)
	old := f.notice("9902", org.Township)
	old.Title, old.Due = "最早的一件", "2019-12-20"
	f.issued("9902", old)
	for k := range 130 {
		n := f.notice("9902", org.Township)
		n.Kind, n.Due, n.Title = "policy", "", fmt.Sprintf("文件%d", k)
		ref := f.issued("9902", n)
		if k < 60 {
			must(t, f.act("990203001", ref, coord.ActReceive, coord.Step{}))
		}
	}
	titles := func(as string) (out []string) {
		for _, it := range f.inbox(as) {
			out = append(out, it.Title)
		}
		return out
	}
	if got := titles("990203001"); !slices.ContainsFunc(got, func(x string) bool { return strings.Contains(x, "最早的一件") }) {
		t.Errorf("of %d lines none is the task: %v", len(got), got[:min(3, len(got))])
	}
}

// A notice that was changed after a unit had received it says so in that unit's inbox and on its page, until somebody there reads it anew;
// what the unit does not read, such as who gets a copy, is no such change.
func TestAChangedNoticeIsReadAgain(t *testing.T) { // R115
	f := open(t)
	n := f.notice("9902", org.Township)
	n.Due = "2019-06-20"
	ref := f.issued("9902", n)
	must(t, f.act("990201001", ref, coord.ActReceive, coord.Step{}))
	why := func() string {
		t.Helper()
		list := f.inbox("990201001")
		if len(list) != 1 {
			t.Fatalf("the inbox: %+v", list)
		}
		return list[0].Why
	}
	save := func(change func(n *coord.Notice)) {
		t.Helper()
		now, v, err := f.s.Notice(f.as("9902"), ref)
		must(t, err)
		change(&now)
		must(t, f.s.Save(f.as("9902"), ref, v.N, now, record.Change{}))
	}
	save(func(n *coord.Notice) { n.Copies = []string{"市教育局"} })
	if strings.Contains(why(), "改过") {
		t.Error("nothing that the town reads has changed")
	}
	save(func(n *coord.Notice) { n.Due = "2019-06-10" })
	if !strings.Contains(why(), "改过这份通知") {
		t.Errorf("an earlier day, and the town is told %q", why())
	}
	f.page("990201001", "/notice/"+ref.String()+"/unit/"+f.unit["990201001"].ID.String(), "发出后改过")
	f.later(1)
	must(t, f.act("990201001", ref, coord.ActRead, coord.Step{}))
	if strings.Contains(why(), "改过") {
		t.Error("it was read anew on a later day")
	}
}

// How pressing a notice is stands at the top left of its paper and on its pages; in the inboxes it comes before what is due
// earlier, also once it is called for. What is neither of the two is refused.
func TestAPressingNoticeComesFirst(t *testing.T) {
	f := open(t)
	odd := f.notice("9902", org.Township)
	odd.Urgency = "soon"
	if _, err := f.s.Create(f.as("9902"), odd, record.Change{}); !says(err, "urgency", "coord.urgency_unknown") {
		t.Errorf("neither urgent nor express: %v", err)
	}
	early := f.notice("9902", org.Township)
	early.Title, early.Due = "先到期的", "2019-06-03"
	f.issued("9902", early)
	for _, urgency := range coord.Urgencies {
		n := f.notice("9902", org.Township)
		n.Title, n.Urgency, n.Due = urgency, urgency, "2019-06-20"
		ref := f.issued("9902", n)
		if urgency != flow.Express {
			continue
		}
		f.page("990201001", "/notice/"+ref.String()+"/paper", `<p class="grade">特急</p>`)
		f.page("9902", "/notice/"+ref.String(), "特急")
		f.page("990201001", "/notice/"+ref.String()+"/unit/"+f.unit["990201001"].ID.String(), "特急")
		doc := documentOf(t, f.send("990201001", "en", "GET", "/notice/"+ref.String()+"/paper/docx", "", "").Body.Bytes())
		if at := strings.Index(doc, ">特急<"); at < 0 || at > strings.Index(doc, `w:val="RedHead"`) {
			t.Error("the document does not say that it is express above its mark")
		}
		must(t, f.do("9902", ref, coord.ActRemind, coord.Step{}))
	}
	list := f.inbox("990201001")
	if len(list) != 3 || list[0].Urgency != flow.Express || list[1].Urgency != flow.Urgent || !strings.Contains(list[2].Title, "先到期的") {
		t.Errorf("the inbox: %+v", list)
	}
	if got := flow.Todos(f.as("990201001"), list, ""); len(got[0].Tags) == 0 || got[0].Tags[0].Text != "特急" {
		t.Errorf("it is not marked: %+v", got)
	}
	to := f.post("990203", "/notice/new?unit=990203", 303, url.Values{"kind": {"notice"}, "title": {"通知"}, "levels": {"township"}, "urgency": {flow.Urgent}})
	f.page("990203", strings.TrimSuffix(strings.Split(to, "?")[0], "/done")+"/edit", `<option value="urgent" selected`)
}
