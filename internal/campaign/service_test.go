package campaign_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"xinhuo/internal/campaign"
	"xinhuo/internal/dispatch"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/db"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/ledger"
	"xinhuo/internal/org"
	"xinhuo/internal/record"
)

// R68: 150 townships receive, 149 report, 1 is shown as missing, at each level.
func TestACityCampaignTo150Townships(t *testing.T) {
	f := open(t)
	ref := f.issued("9902", f.anniversary("9902", org.Township))
	if n, err := db.Get[int64](f.ctx, f.db, `SELECT COUNT(*) FROM campaign_duty`); err != nil || n != 0 {
		t.Errorf("issuing wrote %d duties, %v", n, err)
	}
	b := f.board("9902", "9902", ref)
	counts(t, "issued", b.All, 150, 0, 0, 0)
	if len(b.Below) != 10 || b.Below[0].Targets != 15 || b.Below[0].Unit != f.unit["990201"].ID {
		t.Errorf("below the city: %+v", b.Below)
	}
	for c := 1; c <= 10; c++ {
		for n := 1; n <= 15; n++ {
			code := fmt.Sprintf("9902%02d%03d", c, n)
			must(t, f.act(code, ref, campaign.ActReceive, campaign.Step{}))
			if code != "990203007" {
				must(t, f.act(code, ref, campaign.ActReport, campaign.Step{Text: "办了三场宣讲", Day: "2019-05-20"}))
			}
		}
	}
	counts(t, "reported", f.board("9902", "9902", ref).All, 150, 150, 0, 149)
	for _, at := range [][2]string{{"9902", "9902"}, {"9902", "990203"}, {"990203", "990203"}, {"99", "99"}, {"990203007", "990203007"}} {
		if got := f.missing(at[0], at[1], ref); !slices.Equal(got, []string{"3号县7镇"}) {
			t.Errorf("missing for %s at %s: %v", at[0], at[1], got)
		}
	}
	if got := f.missing("990204", "990204", ref); len(got) != 0 {
		t.Errorf("a county without a late unit: %v", got)
	}
	for code, want := range map[string]int64{"campaign.received": 150, "campaign.reported": 149, "campaign.reported_late": 0, "campaign.issued": 1, "campaign.running": 1} {
		if got := f.year("9902", code); got != want {
			t.Errorf("%s is %d, want %d", code, got, want)
		}
	}
}

// A county issues a campaign to 15 towns, 14 report, the page names the one missing.
func TestACountyCampaignTo15Towns(t *testing.T) {
	f := open(t)
	c := f.anniversary("990205", org.Township)
	ref := f.issued("990205", c)
	for n := 1; n <= 15; n++ {
		if n != 9 {
			must(t, f.act(fmt.Sprintf("990205%03d", n), ref, campaign.ActReport, campaign.Step{Text: "开了动员会"}))
		}
	}
	b := f.board("990205", "990205", ref)
	counts(t, "at the county", b.All, 15, 14, 0, 14)
	if b.All.Missing() != 1 || len(b.Below) != 0 {
		t.Errorf("%+v", b)
	}
	if got := f.missing("990205", "990205", ref); !slices.Equal(got, []string{"5号县9镇"}) {
		t.Errorf("missing: %v", got)
	}
	if _, err := f.s.Task(f.as("990204001"), ref, f.unit["990204001"].ID); !errs.Is(err, errs.NotFound) {
		t.Errorf("a town of another county: %v", err)
	}
	if _, _, err := f.s.Campaign(f.as("990204"), ref); !errs.Is(err, errs.NotFound) {
		t.Errorf("another county reads it: %v", err)
	}
}

// R67: a campaign with 3 issuers goes to the units of all 3, once each of them has joined.
func TestThreeIssuers(t *testing.T) {
	f := open(t)
	c := f.anniversary("990201", org.Township)
	c.Issuers = []dispatch.Issuer{{Unit: f.unit["990202"].ID, JoinedOn: "2019-01-01"}, {Unit: f.unit["990301"].ID}}
	ref, err := f.s.Create(f.as("990201"), c, record.Change{})
	must(t, err)
	got, _, err := f.s.Campaign(f.as("990202"), ref)
	must(t, err)
	if got.Issuers[0].JoinedOn != clock.Open {
		t.Error("one county joined another by naming it")
	}
	must(t, f.do("990201", ref, campaign.ActIssue, campaign.Step{}))
	counts(t, "before the others join", f.board("99", "99", ref).All, 15, 0, 0, 0)
	if _, _, err := f.s.Campaign(f.as("990202003"), ref); !errs.Is(err, errs.NotFound) {
		t.Errorf("a town of a county that has not joined: %v", err)
	}
	if err := f.do("990201", ref, campaign.ActJoin, campaign.Step{}); !errs.Is(err, errs.Forbidden) {
		t.Errorf("the lead joins for another: %v", err)
	}
	items, _, err := f.flow.Inbox(f.as("990202"), 20)
	must(t, err)
	if len(items) != 1 || !strings.Contains(items[0].Title, "纪念新中国成立70周年") || items[0].Link != "/campaign/"+ref.String() {
		t.Errorf("inbox of a county that is asked: %+v", items)
	}
	must(t, f.do("990202", ref, campaign.ActJoin, campaign.Step{}))
	must(t, f.do("990301", ref, campaign.ActJoin, campaign.Step{}))
	if items, _, err = f.flow.Inbox(f.as("990202"), 20); err != nil || len(items) != 0 {
		t.Errorf("after joining: %+v, %v", items, err)
	}
	counts(t, "all three", f.board("99", "99", ref).All, 31, 0, 0, 0)
	must(t, f.act("990202003", ref, campaign.ActReport, campaign.Step{Text: "讲了一课"}))
	must(t, f.act("990301001", ref, campaign.ActReceive, campaign.Step{}))
	counts(t, "at the province", f.board("99", "99", ref).All, 31, 2, 0, 1)
	counts(t, "at one issuer", f.board("990202", "990202", ref).All, 15, 1, 0, 1)
	for unit, want := range map[string]int64{"990201": 1, "990202": 1, "990301": 1, "9902": 1, "99": 1} { // once at the common ancestor
		if got := f.year(unit, "campaign.issued"); got != want {
			t.Errorf("issued at %s: %d, want %d", unit, got, want)
		}
	}
	if _, err := f.s.Board(f.as("990202"), ref, got, f.unit["990201"], today); !errs.Is(err, errs.NotFound) {
		t.Errorf("an issuer looks into another's units: %v", err)
	}
}

// R68: units between issuer and targets fit the campaign to their own circumstances; R116: the slogan goes with it.
func TestDeploymentOnTheWayDown(t *testing.T) {
	f := open(t)
	ref := f.issued("9902", f.anniversary("9902", org.Township))
	must(t, f.act("990203", ref, campaign.ActPlan, campaign.Step{Text: "各镇六月一日前办完", Day: "2019-06-05"}))
	task, err := f.s.Task(f.as("990203001"), ref, f.unit["990203001"].ID)
	must(t, err)
	if len(task.Above) != 1 || task.Above[0].Wording != "各镇六月一日前办完" || task.Due != "2019-06-05" || task.Campaign.Slogan != "祖国在我心中" {
		t.Errorf("%+v", task)
	}
	err = f.act("990203001", ref, campaign.ActPlan, campaign.Step{Text: "在红色纪念馆办", Day: "2019-06-08"})
	if !says(err, "day", "campaign.due_later") {
		t.Errorf("later than the county's day: %v", err)
	}
	must(t, f.act("990203001", ref, campaign.ActPlan, campaign.Step{Text: "在红色纪念馆办", Day: "2019-06-03"}))
	if task, err = f.s.Task(f.as("990203001"), ref, f.unit["990203001"].ID); err != nil || task.DueHere() != "2019-06-03" || task.Duty.ReceivedOn != today {
		t.Errorf("%+v, %v", task.Duty, err)
	}
	counts(t, "the county is no target", f.board("990203", "990203", ref).All, 15, 1, 1, 0)
	if got := f.year("990203", "campaign.localised"); got != 2 {
		t.Errorf("deployed %d times, want 2", got)
	}
	for _, act := range []string{campaign.ActReceive, campaign.ActReport} {
		if err := f.act("990203", ref, act, campaign.Step{Text: "办了"}); !errs.Is(err, errs.Conflict) {
			t.Errorf("a unit between does %s: %v", act, err)
		}
	}
	f.later(6) // 6 June: after the county's day, before the city's
	must(t, f.act("990203002", ref, campaign.ActReport, campaign.Step{Text: "办了一场"}))
	must(t, f.act("990204002", ref, campaign.ActReport, campaign.Step{Text: "办了一场"}))
	if got := f.year("990203", "campaign.reported_late"); got != 1 {
		t.Errorf("late in the county with its own day: %d", got)
	}
	if got := f.year("990204", "campaign.reported_late"); got != 0 {
		t.Errorf("late in a county without one: %d", got)
	}
}

// The second report of a unit corrects the first: it counts once, on the first day (R68).
func TestASecondReportCorrectsTheFirst(t *testing.T) {
	f := open(t)
	ref := f.issued("990203", f.anniversary("990203", org.Township))
	must(t, f.act("990203001", ref, campaign.ActReport, campaign.Step{Text: "办了3场"}))
	f.later(20) // past the due day
	must(t, f.act("990203001", ref, campaign.ActReport, campaign.Step{Text: "办了4场"}))
	task, err := f.s.Task(f.as("990203001"), ref, f.unit["990203001"].ID)
	must(t, err)
	if task.Duty.ReportedOn != today || task.Duty.CorrectedOn != "2019-06-20" || task.Duty.Report != "办了4场" || task.Duty.Late() {
		t.Errorf("%+v", task.Duty)
	}
	if n, late := f.year("990203", "campaign.reported"), f.year("990203", "campaign.reported_late"); n != 1 || late != 0 {
		t.Errorf("reported %d, late %d", n, late)
	}
	if err := f.s.Act(f.as("990203001"), ref, f.unit["990203001"].ID, campaign.ActReport, campaign.Step{Version: 1, Text: "办了5场"}); !errs.Is(err, errs.Conflict) {
		t.Errorf("from an old page: %v", err)
	}
	must(t, f.act("990203001", ref, campaign.ActUndo, campaign.Step{}))
	if task, err = f.s.Task(f.as("990203001"), ref, f.unit["990203001"].ID); err != nil || task.Duty.Report != "办了3场" {
		t.Errorf("after undo: %+v, %v", task.Duty, err)
	}
	must(t, f.act("990203001", ref, campaign.ActRemove, campaign.Step{Reason: "报错了单位"}))
	counts(t, "withdrawn", f.board("990203", "990203", ref).All, 15, 0, 0, 0)
}

// Two people of one office sign at the same moment: one receipt.
func TestTwoSignAtOnce(t *testing.T) {
	f := open(t)
	ref := f.issued("990203", f.anniversary("990203", org.Township))
	var wg sync.WaitGroup
	var failed [8]error
	for i := range failed {
		wg.Add(1)
		go func() {
			defer wg.Done()
			failed[i] = f.s.Act(f.as("990203001"), ref, f.unit["990203001"].ID, campaign.ActReceive, campaign.Step{})
		}()
	}
	wg.Wait()
	won := 0
	for _, err := range failed {
		switch {
		case err == nil:
			won++
		case !errs.Is(err, errs.Conflict):
			t.Error(err)
		}
	}
	if got := f.year("990203", "campaign.received"); won != 1 || got != 1 {
		t.Errorf("%d won, %d received", won, got)
	}
}

// R114: the number of an anniversary follows from the years; R116.
func TestAnniversaryTitle(t *testing.T) {
	f := open(t)
	c := f.anniversary("9902", org.Township)
	for year, want := range map[string]string{"2019": "纪念新中国成立70周年", "2029": "纪念新中国成立80周年"} {
		c.From = clock.Day(year + "-04-01")
		if got := campaign.Name(f.ctx, c); got != want {
			t.Errorf("%s: %s", year, got)
		}
	}
	if got := campaign.Name(i18n.With(f.ctx, f.texts, "en"), f.anniversary("9902")); got != "70th anniversary of 新中国成立" {
		t.Errorf("in English: %s", got)
	}
	ref := f.issued("9902", f.anniversary("9902", org.Township))
	list, _, err := f.s.List(f.as("990203001"), f.unit["990203001"], today, campaign.Filter{})
	must(t, err)
	if len(list) != 1 || list[0].Ref != ref || list[0].Title != "纪念新中国成立70周年" || list[0].Slogan != "祖国在我心中" {
		t.Errorf("%+v", list)
	}
}

func TestFind(t *testing.T) { // R189: only what one may know
	f := open(t)
	f.issued("9902", f.anniversary("9902", org.Township))
	draft := f.anniversary("990203", org.Township)
	draft.Title = "100%的新中国故事_草稿"
	_, err := f.s.Create(f.as("990203"), draft, record.Change{})
	must(t, err)
	for _, x := range []struct {
		as, text string
		want     int
	}{{"990203", "新中国", 2}, {"990203001", "新中国", 1}, {"990204", "新中国", 1}, {"990301", "新中国", 0}, {"990203", "100%的", 1}, {"990203", "%", 1}, {"990203", "故事_", 1}, {"990203", "事_草", 1}, {"990203", "故_", 0}, {"99", "祖国在我心中", 2}, {"99", "", 0}} {
		list, err := f.s.Find(f.as(x.as), x.text, 10)
		must(t, err)
		if len(list) != x.want {
			t.Errorf("%s finds %d by %q, want %d", x.as, len(list), x.text, x.want)
		}
	}
}

// R117: campaigns stand within others, never in a circle; what is done counts in each of them once.
func TestNestedCampaigns(t *testing.T) {
	f := open(t)
	genes := f.anniversary("99", org.Township)
	genes.Anniversary, genes.Title, genes.Slogan = nil, "红色故事代代讲", ""
	top := f.issued("99", genes)
	mid := f.anniversary("9902", org.Township)
	mid.Within = []id.Ref{top}
	middle := f.issued("9902", mid)
	low := f.anniversary("990203", org.Township)
	low.Within = []id.Ref{middle, top, middle}
	bottom := f.issued("990203", low)
	chain, err := f.s.Chain(f.ctx, []id.Ref{bottom})
	must(t, err)
	if len(chain) != 3 || chain[0] != bottom || !slices.Contains(chain, middle) || !slices.Contains(chain, top) {
		t.Errorf("chain %v", chain)
	}
	if chain, err = f.s.Chain(f.ctx, []id.Ref{bottom, middle}); err != nil || len(chain) != 3 {
		t.Errorf("chain of two: %v, %v", chain, err)
	}
	genes.Within = []id.Ref{bottom}
	_, v, err := f.s.Campaign(f.as("99"), top)
	must(t, err)
	if err := f.s.Save(f.as("99"), top, v.N, genes, record.Change{}); !says(err, "within", "campaign.within_circle") {
		t.Errorf("a circle: %v", err)
	}
	genes.Within = []id.Ref{top}
	if err := f.s.Save(f.as("99"), top, v.N, genes, record.Change{}); !says(err, "within", "campaign.within_circle") {
		t.Errorf("within itself: %v", err)
	}
	other := f.anniversary("990301", org.Township)
	other.Within = []id.Ref{middle}
	if _, err := f.s.Create(f.as("990301"), other, record.Change{}); !says(err, "within", "campaign.within_unknown") {
		t.Errorf("within a campaign that one does not know: %v", err)
	}
	if err := f.do("9902", middle, campaign.ActRemove, campaign.Step{Reason: "重复"}); !errs.Is(err, errs.Conflict) {
		t.Errorf("removed although another stands within: %v", err)
	}
	open, err := f.s.Open(f.as("990203001"), f.unit["990203001"].ID, today)
	must(t, err)
	if len(open) != 3 {
		t.Errorf("open at a town: %+v", open)
	}
	if open, err = f.s.Open(f.as("990203001"), f.unit["990203001"].ID, "2019-11-01"); err != nil || len(open) != 0 {
		t.Errorf("after the last day: %+v, %v", open, err)
	}
}

// R139, R113: what lies in the concentrated period, and within 7 days of a key day, is the sum of its records.
func TestWindowsSumTheirRows(t *testing.T) {
	f := open(t)
	c := f.anniversary("990203", org.Township)
	c.Window = campaign.Window{From: "2019-06-01", Last: "2019-06-10"}
	ref := f.issued("990203", c)
	for n := 1; n <= 12; n++ { // one report a day from 31 May to 11 June
		must(t, f.act(fmt.Sprintf("990203%03d", n), ref, campaign.ActReport, campaign.Step{Text: "办了一场"}))
		f.later(1)
	}
	ask := func(w campaign.Window) (int64, int) {
		q := ledger.Query{Figure: "campaign.reported", Unit: f.unit["990203"].ID, Day: w.Last, From: w.From, To: w.Last, Where: map[string]string{"campaign": ref.String()}}
		v, err := f.led.Ask(f.sys(), q)
		must(t, err)
		list, err := f.led.Evidence(f.sys(), q, "", 0)
		must(t, err)
		return v.Int(), len(list.Items)
	}
	if n, items := ask(c.Window); n != 10 || items != 10 {
		t.Errorf("in the concentrated period %d with %d records", n, items)
	}
	if w := campaign.Around("2019-06-08", 7); w != (campaign.Window{From: "2019-06-01", Last: "2019-06-15"}) {
		t.Errorf("7 days either side: %+v", w)
	} else if n, items := ask(w); n != 11 || items != 11 {
		t.Errorf("around the key day %d with %d records", n, items)
	}
	for day, want := range map[clock.Day]int64{"2019-05-31": 0, "2019-06-01": 1, "2019-06-10": 1, "2019-06-11": 0} {
		v, err := f.led.Ask(f.sys(), ledger.Query{Figure: "campaign.concentrated", Unit: f.unit["990203"].ID, Day: day})
		must(t, err)
		if v.Int() != want {
			t.Errorf("concentrated on %s: %d", day, v.Int())
		}
	}
}

// A call upon late units reaches the inboxes of those that have not reported, once a day; a report ends it.
func TestReminders(t *testing.T) {
	f := open(t)
	ref := f.issued("9902", f.anniversary("9902", org.Township))
	must(t, f.act("990203001", ref, campaign.ActReport, campaign.Step{Text: "办了"}))
	inbox := func(unit string) []string {
		items, _, err := f.flow.Inbox(f.as(unit), 20)
		must(t, err)
		var out []string
		for _, it := range items {
			out = append(out, it.Title+" "+it.Why)
		}
		return out
	}
	if got := inbox("990203002"); len(got) != 1 || !strings.HasPrefix(got[0], "签收主题教育“纪念新中国成立70周年”") {
		t.Errorf("waits without a row having been written: %v", got)
	}
	if got := inbox("990203001"); len(got) != 0 {
		t.Errorf("of a unit that has reported: %v", got)
	}
	must(t, f.do("990203", ref, campaign.ActRemind, campaign.Step{}))
	if err := f.do("990203", ref, campaign.ActRemind, campaign.Step{}); !errs.Is(err, errs.Conflict) {
		t.Errorf("twice a day: %v", err)
	}
	if got := inbox("990203002"); len(got) != 1 || !strings.Contains(got[0], "3号县催办") {
		t.Errorf("called: %v", got)
	}
	if got := inbox("990203001"); len(got) != 0 {
		t.Errorf("called although reported: %v", got)
	}
	if got := inbox("990204002"); len(got) != 1 || strings.Contains(got[0], "催办") {
		t.Errorf("another county: %v", got)
	}
	f.later(1)
	must(t, f.do("9902", ref, campaign.ActRemind, campaign.Step{}))
	if got := inbox("990203002"); len(got) != 1 || !strings.Contains(got[0], "云州市催办") {
		t.Errorf("called again by the city: %v", got)
	}
	for unit, want := range map[string]int{"990203001": 0, "990203003": 2} { // one had reported when the city called
		if task, err := f.s.Task(f.as(unit), ref, f.unit[unit].ID); err != nil || len(task.Called()) != want {
			t.Errorf("%s was called %+v, %v", unit, task.Called(), err)
		}
	}
	must(t, f.act("990203002", ref, campaign.ActReport, campaign.Step{Text: "办了"}))
	if got := inbox("990203002"); len(got) != 0 {
		t.Errorf("after reporting: %v", got)
	}
	if err := f.do("990203003", ref, campaign.ActRemind, campaign.Step{}); !errs.Is(err, errs.Forbidden) {
		t.Errorf("a town calls: %v", err)
	}
}

// Where more units are late than one call may reach, it goes to the units right below, which call upon theirs.
func TestRemindersOfManyGoLevelByLevel(t *testing.T) {
	f := open(t)
	f.s.RemindAtMost(20)
	ref := f.issued("9902", f.anniversary("9902", org.Township))
	for n := 1; n <= 15; n++ {
		must(t, f.act(fmt.Sprintf("990204%03d", n), ref, campaign.ActReport, campaign.Step{Text: "办了"}))
	}
	must(t, f.act("990203002", ref, campaign.ActReport, campaign.Step{Text: "办了"}))
	must(t, f.do("9902", ref, campaign.ActRemind, campaign.Step{}))
	called := func(unit string) string {
		items, _, err := f.flow.Inbox(f.as(unit), 20)
		must(t, err)
		for _, it := range items {
			if strings.Contains(it.Why, "催办") {
				return it.Why
			}
		}
		return ""
	}
	for unit, want := range map[string]string{"990203": "云州市催办，下面还有14个单位未报", "990205": "云州市催办，下面还有15个单位未报", "990204": "", "990203001": ""} {
		if got := called(unit); got != want {
			t.Errorf("%s is told %q, want %q", unit, got, want)
		}
	}
	must(t, f.do("990203", ref, campaign.ActRemind, campaign.Step{}))
	if got := called("990203001"); got != "3号县催办" {
		t.Errorf("the county called: %q", got)
	}
}

// Targets are those of the day of issue that still stand: a new town is not late, one that was merged is not asked.
func TestTargetsFollowTheTree(t *testing.T) {
	f := open(t)
	ref := f.issued("990203", f.anniversary("990203", org.Township))
	must(t, f.act("990203003", ref, campaign.ActReport, campaign.Step{Text: "办了"}))
	f.later(2)
	day := clock.DayOf(*f.now)
	_, err := f.org.Found(f.sys(), org.NewUnit{Code: "990203099", Name: "新立镇", Level: org.Township, Kind: org.Town, ParentCode: "990203", From: day})
	must(t, err)
	must(t, f.org.Merge(f.sys(), []id.ID{f.unit["990203001"].ID, f.unit["990203003"].ID}, f.unit["990203002"].ID, day, ""))
	counts(t, "after a founding and a merger", f.board("990203", "990203", ref).All, 13, 0, 0, 0)
	if got := f.missing("990203", "990203", ref); slices.Contains(got, "新立镇") || slices.Contains(got, "3号县1镇") || len(got) != 13 {
		t.Errorf("missing: %v", got)
	}
	must(t, f.org.Move(f.sys(), f.unit["990203004"].ID, f.unit["990204"].ID, day, ""))
	counts(t, "a town that moved away", f.board("990203", "990203", ref).All, 12, 0, 0, 0)
	counts(t, "at the city", f.board("9902", "9902", ref).All, 13, 0, 0, 0)
}

func TestKindsOfTownships(t *testing.T) { // R68: to streets only
	f := open(t)
	c := f.anniversary("9902", org.County, org.Township)
	c.Targets.Kinds = []org.Kind{org.Street}
	ref := f.issued("9902", c)
	counts(t, "counties and streets", f.board("9902", "9902", ref).All, 20, 0, 0, 0)
	if err := f.act("990203001", ref, campaign.ActReceive, campaign.Step{}); !errs.Is(err, errs.NotFound) {
		t.Errorf("a town receives what goes to streets: %v", err)
	}
	must(t, f.act("990203015", ref, campaign.ActReceive, campaign.Step{}))
	must(t, f.act("990203", ref, campaign.ActReport, campaign.Step{Text: "办了"}))
	counts(t, "one of each", f.board("9902", "9902", ref).All, 20, 2, 0, 1)
}

func TestBadInput(t *testing.T) {
	f := open(t)
	bad := func(change func(c *campaign.Campaign), field, key string) {
		t.Helper()
		c := f.anniversary("9902", org.Township)
		change(&c)
		if _, err := f.s.Create(f.as("9902"), c, record.Change{}); !says(err, field, key) {
			t.Errorf("%s: %v", key, err)
		}
	}
	bad(func(c *campaign.Campaign) { c.Anniversary = nil }, "title", "campaign.title_missing")
	bad(func(c *campaign.Campaign) { c.Topic = "x" }, "topic", "campaign.topic_missing")
	bad(func(c *campaign.Campaign) { c.From = "" }, "from", "campaign.from_missing")
	bad(func(c *campaign.Campaign) { c.Last = "2019-03-01" }, "last", "campaign.last_before_from")
	bad(func(c *campaign.Campaign) { c.Targets.Levels = nil }, "levels", "campaign.levels_missing")
	bad(func(c *campaign.Campaign) {
		c.Targets = campaign.Targets{Levels: []org.Level{org.County}, Kinds: []org.Kind{org.Town}}
	}, "kinds", "campaign.kind_without_level")
	bad(func(c *campaign.Campaign) { c.Window.From = "2019-05-01" }, "window_last", "campaign.window_half")
	bad(func(c *campaign.Campaign) { c.Window = campaign.Window{From: "2019-05-01", Last: "2019-12-01"} }, "window_from", "campaign.window_outside")
	bad(func(c *campaign.Campaign) { c.Anniversary.Year = 2020 }, "event_year", "campaign.event_year_unfit")
	bad(func(c *campaign.Campaign) { c.Title = strings.Repeat("长", 61) }, "title", "campaign.too_long")
	bad(func(c *campaign.Campaign) { c.Code = "a b" }, "code", "campaign.code_unfit")
	bad(func(c *campaign.Campaign) { c.IssuedOn = "2019-06-01" }, "", "campaign.day_to_come")
	bad(func(c *campaign.Campaign) { c.Due = "2019-01-01" }, "due", "campaign.due_before_from")
	c := f.anniversary("9902", org.Township)
	c.Code = "A1"
	_, err := f.s.Create(f.as("9902"), c, record.Change{})
	must(t, err)
	bad(func(c *campaign.Campaign) { c.Code = "A1" }, "code", "campaign.code_taken")
	ref := f.issued("9902", f.anniversary("9902", org.Township))
	if err := f.act("990203001", ref, campaign.ActReport, campaign.Step{}); !says(err, "text", "campaign.report_missing") {
		t.Errorf("an empty report: %v", err)
	}
	if err := f.act("990203001", ref, campaign.ActReport, campaign.Step{Text: "办了", Day: "2019-06-01"}); !says(err, "day", "campaign.day_to_come") {
		t.Errorf("carried out tomorrow: %v", err)
	}
	if err := f.act("990203001", ref, campaign.ActPlan, campaign.Step{Text: " "}); !says(err, "text", "campaign.wording_missing") {
		t.Errorf("an empty deployment: %v", err)
	}
	if err := f.do("9902", ref, campaign.ActIssue, campaign.Step{}); !errs.Is(err, errs.Conflict) {
		t.Errorf("issued twice: %v", err)
	}
	villages := f.anniversary("9902", org.Village)
	draft, err := f.s.Create(f.as("9902"), villages, record.Change{})
	must(t, err)
	if err := f.do("9902", draft, campaign.ActIssue, campaign.Step{}); !errs.Is(err, errs.Conflict) {
		t.Errorf("issued to nobody: %v", err)
	}
}

// Who stands where decides: others' drafts are unseen, nobody writes for others, the log has the refusals.
func TestRights(t *testing.T) { // R189
	f := open(t)
	draft, err := f.s.Create(f.as("9902"), f.anniversary("9902", org.Township), record.Change{})
	must(t, err)
	if _, _, err := f.s.Campaign(f.as("990203"), draft); !errs.Is(err, errs.NotFound) {
		t.Errorf("a county reads the city's draft: %v", err)
	}
	if list, _, err := f.s.List(f.as("990203"), f.unit["990203"], today, campaign.Filter{}); err != nil || len(list) != 0 {
		t.Errorf("a county lists the city's draft: %+v, %v", list, err)
	}
	if _, err := f.s.Create(f.as("990203"), f.anniversary("9902", org.Township), record.Change{}); err == nil {
		t.Error("a county writes for the city")
	}
	must(t, f.do("9902", draft, campaign.ActIssue, campaign.Step{}))
	c, v, err := f.s.Campaign(f.as("990203"), draft)
	must(t, err)
	if err := f.s.Save(f.as("990203"), draft, v.N, c, record.Change{}); !errs.Is(err, errs.Forbidden) {
		t.Errorf("a county changes the city's: %v", err)
	}
	task, err := f.s.Task(f.as("990203"), draft, f.unit["990203001"].ID)
	must(t, err)
	if err := f.s.Act(f.as("990203"), draft, f.unit["990203001"].ID, campaign.ActReceive, campaign.Step{Version: task.Version}); !errs.Is(err, errs.Forbidden) {
		t.Errorf("a county signs for a town: %v", err)
	}
	if n, err := db.Get[int64](f.ctx, f.db, `SELECT COUNT(*) FROM audit_entry WHERE refused = 1`); err != nil || n != 3 {
		t.Errorf("%d refusals in the log, %v", n, err)
	}
	if _, _, err := f.s.Campaign(scope.With(f.ctx, scope.Actor{}), draft); !errs.Is(err, errs.NotFound) {
		t.Errorf("somebody without rights: %v", err)
	}
	must(t, f.act("990203001", draft, campaign.ActReceive, campaign.Step{}))
	if err := f.do("9902", draft, campaign.ActUndo, campaign.Step{}); !errs.Is(err, errs.Conflict) {
		t.Errorf("issue taken back after a receipt: %v", err)
	}
	if err := f.do("9902", draft, campaign.ActRemove, campaign.Step{Reason: "不办了"}); !errs.Is(err, errs.Conflict) {
		t.Errorf("removed after a receipt: %v", err)
	}
}

// says tells whether the error names the key, beside the field when one is given.
func says(err error, field, key string) bool {
	var e *errs.Error
	if !errors.As(err, &e) {
		return false
	}
	if e.Key == key && field == "" {
		return true
	}
	return slices.ContainsFunc(e.Fields, func(x errs.Field) bool { return (field == "" || x.Name == field) && x.Key == key })
}
