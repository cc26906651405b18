package plan

import (
	"bytes"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/table"
	"xinhuo/internal/kit/testkit"
	"xinhuo/internal/kit/web"
	"xinhuo/internal/org"
	"xinhuo/internal/record"
)

const joint = "meeting.joint_held"

// R180 R181 R182: four duties, each with its items; issued when both have signed, not before.
func TestAPlanIsDrawnUpSignedByBothAndIssued(t *testing.T) {
	w := open(t)
	clerk := w.as("990203")
	w.get(clerk, "/plan?year=2019", http.StatusOK).MustHave("main", "这一年还没有单位做计划")
	to := w.post(clerk, "/plan/new?year=2019", url.Values{"title": {"2019年工作计划"}, "partner": {"南江区五老志愿者协会"}}, http.StatusSeeOther)
	page := w.get(clerk, to, http.StatusOK)
	page.MustHave("#duties", "工作方面（4个）")
	page.MustHave("#signs", "还没有签字")
	issue := url.Values{"on": {"2019-02-20"}, "number": {"南关工〔2019〕3号"}, "_version": {"1"}}
	w.post(clerk, to+"/issue", issue, http.StatusUnprocessableEntity) // without items and signatures
	w.post(clerk, to+"/add", url.Values{"title": {"法治宣讲进校园"}, "kind": {"work"}, "duty": {"法治教育"}, "quarter": {"2"}, "owner": {"秘书长"}, "budget": {"1.2万元"}}, http.StatusSeeOther)
	w.post(clerk, to+"/sign", url.Values{"side": {"committee"}, "name": {"邓立新"}, "post": {"主任"}, "on": {"2019-02-18"}, "_version": {"1"}}, http.StatusSeeOther)
	issue.Set("_version", "2")
	w.post(clerk, to+"/issue", issue, http.StatusUnprocessableEntity) // the association has not signed
	w.wants("9902", map[string]int64{"plan.issued": 0, "plan.counties_without": 2})
	w.post(clerk, to+"/sign", url.Values{"side": {"association"}, "name": {"唐守仁"}, "on": {"2019-02-19"}, "_version": {"2"}}, http.StatusSeeOther)
	issue.Set("on", "2019-02-18") // before the association signed
	issue.Set("_version", "3")
	w.post(clerk, to+"/issue", issue, http.StatusUnprocessableEntity)
	issue.Set("on", "2019-02-20")
	w.post(clerk, to+"/issue", issue, http.StatusSeeOther)
	page = w.get(clerk, to, http.StatusOK)
	page.MustHave("#signs", "邓立新（主任）")
	page.MustHave("#signs", "唐守仁")
	page.MustHave("#duties", "1项，办结0项")
	w.wants("9902", map[string]int64{"plan.issued": 1, "plan.items": 1, "plan.budget_fen": 1200000, "plan.counties_without": 1})
	w.wants("990204", map[string]int64{"plan.issued": 0, "plan.counties_without": 1})
	w.post(clerk, "/plan/new?year=2019", url.Values{"title": {"又一份"}}, http.StatusUnprocessableEntity) // one a year
	w.post(clerk, to+"/undo", url.Values{"_version": {"4"}}, http.StatusSeeOther)
	w.wants("9902", map[string]int64{"plan.issued": 0, "plan.counties_without": 2})
}

// R124 R181: what was done is asked of the records: within the item's time, and a click from them.
func TestPlanAndActualComeFromRecords(t *testing.T) {
	w := open(t)
	plan := w.plan("990203")
	ref := w.item("990203", Item{Plan: plan, Title: "开联席会议", Kind: "work", Quarter: 2, Figure: joint, Target: 4})
	w.meet("990203", "2019-03-31") // the quarter before
	for _, day := range []clock.Day{"2019-04-01", "2019-05-31"} {
		w.meet("990203", day)
	}
	w.meet("990204", "2019-05-01") // the neighbour's
	i, _, err := w.s.Item(w.ctx, ref)
	w.must(err)
	a, err := w.s.ActualOf(w.ctx, i, today)
	w.must(err)
	if a.Value != 2 || a.Percent() != 50 || a.From != "2019-04-01" || a.To != today {
		t.Errorf("actual: %+v, %d%%", a, a.Percent())
	}
	clerk := w.as("990203")
	for _, at := range []string{path(plan), itemPath(ref)} {
		doc := w.get(clerk, at, http.StatusOK)
		doc.MustHave("main", "50%")
		found := false
		for _, link := range doc.All("main a") {
			found = found || strings.HasPrefix(link.Attr("href"), "/evidence/"+joint+"?") && strings.Contains(link.Attr("href"), "from=2019-04-01") && strings.Contains(link.Attr("href"), "to=2019-05-31")
		}
		if !found {
			t.Errorf("%s shows a number without its records", at)
		}
	}
	w.meet("990203", "2019-05-30")
	if a, err = w.s.ActualOf(w.ctx, i, today); err != nil || a.Value != 3 {
		t.Errorf("after another meeting: %+v, %v", a, err)
	}
	if a, err = w.s.ActualOf(w.ctx, i, "2019-03-31"); err != nil || a != nil {
		t.Errorf("before its time: %+v, %v", a, err)
	}
}

// R22: plan, item, what was done, result; without a result after its last day it is on the list, by name, until it has one.
func TestWhatHasNoResultAfterItsDayIsListed(t *testing.T) {
	w := open(t)
	plan := w.plan("990203")
	ref := w.item("990203", Item{Plan: plan, Title: "摸清留守儿童情况", Kind: "work", Quarter: 1})
	w.item("990203", Item{Plan: plan, Title: "暑期班", Kind: "work", Quarter: 3})
	clerk, city := w.as("990203"), w.as("9902")
	w.get(city, "/plan/late", http.StatusOK).MustHave("main tbody", "摸清留守儿童情况")
	w.wants("9902", map[string]int64{"plan.late": 1, "plan.items": 2, "plan.done": 0})
	waits, err := w.s.Waiting(clerk, w.unit("990203").ID)
	w.must(err)
	if len(waits) != 1 || waits[0].Link != itemPath(ref) || waits[0].Due != "2019-03-31" {
		t.Errorf("the inbox holds %+v", waits)
	}
	w.done = []Link{{Kind: "activity", Path: "/activity/1", Title: "入户走访", Day: "2019-03-06"}, {Kind: "meeting", Path: "/meeting/1", Title: "碰头会", Day: "2019-03-11"}, {Kind: "activity", Path: "/activity/2", Title: "以后的", Day: "2019-05-06"}}
	w.post(clerk, itemPath(ref)+"/attach", url.Values{"works": {"/activity/1", "/activity/2", "/meeting/9"}, "_version": {"1"}}, http.StatusSeeOther)
	i, _, err := w.s.Item(w.ctx, ref)
	w.must(err)
	if len(i.Links) != 1 || i.Links[0].Title != "入户走访" {
		t.Errorf("linked beyond what was found in its time: %+v", i.Links)
	}
	w.post(clerk, itemPath(ref)+"/done", url.Values{"on": {"2019-05-30"}, "result": {" "}, "_version": {"2"}}, http.StatusUnprocessableEntity)
	w.post(clerk, itemPath(ref)+"/done", url.Values{"on": {"2019-06-30"}, "result": {"走访了212户"}, "_version": {"2"}}, http.StatusUnprocessableEntity) // still to come
	w.post(clerk, itemPath(ref)+"/done", url.Values{"on": {"2019-05-30"}, "result": {"走访了212户"}, "_version": {"2"}}, http.StatusSeeOther)
	w.get(city, "/plan/late", http.StatusOK).MustHave("main", "没有逾期的事项")
	w.wants("9902", map[string]int64{"plan.late": 0, "plan.done": 1, "plan.done_share": 500, "plan.works": 1})
	doc := w.get(clerk, itemPath(ref), http.StatusOK)
	doc.MustHave("#works", "入户走访")
	doc.MustHave("#facts", "走访了212户")
	w.post(clerk, itemPath(ref)+"/reopen", url.Values{"reason": {"写早了"}, "_version": {"3"}}, http.StatusSeeOther)
	w.wants("9902", map[string]int64{"plan.late": 1, "plan.done": 0})
	w.post(clerk, itemPath(ref)+"/drop", url.Values{"reason": {"并入全市调查"}, "_version": {"4"}}, http.StatusSeeOther)
	w.wants("9902", map[string]int64{"plan.late": 0, "plan.items": 1})
}

// R22: an item is found by its words or by who does it, in the reader's own view alone.
func TestItemsAreFound(t *testing.T) {
	w := open(t)
	plan := w.plan("990203")
	w.item("990203", Item{Plan: plan, Title: "摸清100%留守儿童情况", Owner: "Wang", Kind: "work", Quarter: 1})
	w.item("990203", Item{Plan: plan, Title: "暑期班", Kind: "work", Quarter: 3})
	for word, want := range map[string]int{"留守": 1, " wang": 1, "100%": 1, "0_留": 0, "": 0, "期班": 1} {
		if list, err := w.s.Find(w.as("9902"), word, 10); err != nil || len(list) != want {
			t.Errorf("%q finds %+v, %v", word, list, err)
		}
	}
	if list, err := w.s.Find(w.as("990204"), "留守", 10); err != nil || len(list) != 0 {
		t.Errorf("the neighbour finds %+v, %v", list, err)
	}
}

// R21 R37 R38: what the year is about, set above, served below; each page shows as many rows as it says.
func TestCentralTasksShowWhatWasDoneForThem(t *testing.T) {
	w := open(t)
	city, clerk, neighbour := w.as("9902"), w.as("990203"), w.as("990204")
	to := w.post(city, "/central/new?year=2019", url.Values{"name": {"平安XX"}, "civic": {"yes"}, "text": {"少年儿童不出大的安全事故"}}, http.StatusSeeOther)
	central, err := id.ParseRef(strings.TrimPrefix(to, "/central/"))
	w.must(err)
	w.get(clerk, "/central?year=2019", http.StatusOK).MustHave("main", "平安南江")
	w.get(neighbour, to, http.StatusOK).MustHave("h1", "平安北仓")
	plan := w.plan("990203")
	w.get(clerk, path(plan)+"/add", http.StatusOK).MustHave("form", "平安南江")
	ref := w.item("990203", Item{Plan: plan, Title: "防溺水巡讲", Kind: "work", Central: []id.Ref{central}})
	w.done = []Link{{Kind: "activity", Path: "/activity/1", Title: "第一场", Day: "2019-05-06"}, {Kind: "activity", Path: "/activity/2", Title: "第二场", Day: "2019-05-09"}}
	w.must(w.s.Attach(clerk, ref, 1, Sought{}, []string{"/activity/1", "/activity/2"}))
	w.wants("9902", map[string]int64{"central.tasks": 1, "central.works": 2, "plan.works": 2})
	w.wants("990204", map[string]int64{"central.works": 0})
	for name, c := range map[string]struct {
		rows int
		page func() int
	}{
		"the city":      {2, func() int { return len(w.get(city, to, http.StatusOK).All("#works tbody tr")) }},
		"the county":    {2, func() int { return len(w.get(clerk, to, http.StatusOK).All("#works tbody tr")) }},
		"the neighbour": {0, func() int { return len(w.get(neighbour, to, http.StatusOK).All("#works tbody tr")) }},
	} {
		if n := c.page(); n != c.rows {
			t.Errorf("%s sees %d rows, want %d", name, n, c.rows)
		}
	}
	w.get(city, to, http.StatusOK).MustHave("#works", "2件") // R21: the page counts as many as it lists
	w.get(neighbour, to, http.StatusOK).MustHave("#works", "0件")
	list, err := w.s.CentralFor(neighbour, w.unit("990204"), 2019)
	w.must(err)
	if len(list) != 1 || list[0].Works != 0 || list[0].Items != 0 {
		t.Errorf("the neighbour counts what it may not see: %+v", list)
	}
	w.refused(w.s.RemoveCentral(city, central, 1, "重复"), errs.Conflict)
	w.refused(w.s.SaveCentral(clerk, central, 1, Central{Name: "别的"}, record.Change{}), errs.NotFound)
	w.get(clerk, to+"/edit", http.StatusNotFound)
	if _, err := w.s.Set(city, Central{Unit: w.unit("9902").ID, Year: 2019, Name: "平安××"}, record.Change{}); !errs.Is(err, errs.Invalid) {
		t.Errorf("a second task of the name: %v", err)
	}
	own, err := w.s.Set(neighbour, Central{Unit: w.unit("990204").ID, Year: 2019, Name: "北仓自己的"}, record.Change{})
	w.must(err)
	_, err = w.s.Add(clerk, Item{Plan: plan, Title: "别人的任务", Central: []id.Ref{own}}, record.Change{})
	w.refused(err, errs.Invalid, "central")
}

// R22: one that is not among the latest is found by its name and kind; linking it keeps what was linked before.
func TestWhatWasDoneIsFoundByItsName(t *testing.T) {
	w := open(t)
	clerk := w.as("990203")
	ref := w.item("990203", Item{Plan: w.plan("990203"), Title: "走访", Kind: "work", Quarter: 1})
	w.done = []Link{{Kind: "activity", Path: "/activity/1", Title: "入户走访", Day: "2019-03-06"}, {Kind: "meeting", Path: "/meeting/1", Title: "走访碰头会", Day: "2019-03-11"}, {Kind: "activity", Path: "/activity/3", Title: "法治课", Day: "2019-03-12"}}
	at := itemPath(ref) + "/attach"
	w.post(clerk, at, url.Values{"works": {"/activity/3"}, "_version": {"1"}}, http.StatusSeeOther)
	page := w.get(clerk, at+"?q=走访&kind=meeting", http.StatusOK)
	offered := func(page testkit.Doc) (out []string) {
		for _, in := range page.All("input[name=works]") {
			out = append(out, in.Attr("value"))
		}
		return out
	}
	if got := fmt.Sprint(offered(page)); got != "[/activity/3 /meeting/1]" {
		t.Errorf("offered are %s", got)
	}
	page.MustHave("form[method=post][action='"+web.Address(at, url.Values{"q": {"走访"}, "kind": {"meeting"}})+"']", "走访碰头会")
	w.post(clerk, at+"?q=走访&kind=meeting", url.Values{"works": {"/meeting/1", "/activity/3"}, "_version": {"2"}}, http.StatusSeeOther)
	i, _, err := w.s.Item(w.ctx, ref)
	w.must(err)
	if len(i.Links) != 2 {
		t.Errorf("linked are %+v", i.Links)
	}
	w.get(clerk, at+"?q=没有的", http.StatusOK).MustHave("form", "没有名称这样的记录")
	w.get(clerk, at+"?kind=%3Cx", http.StatusOK)
}

// R84: each paragraph of a higher document becomes an item that keeps its wording.
func TestTasksAreTakenFromAHigherDocument(t *testing.T) {
	w := open(t)
	plan := w.plan("990203")
	clerk := w.as("990203")
	text := "（一）加强青少年法治教育。每所学校每学期至少上一次法治课，由法治副校长负责。\r\n\r\n2. 建好四点钟学校；\n办好家长学校，帮助家长学会怎样和孩子说话，怎样发现孩子的心理问题，怎样和学校配合"
	w.post(clerk, path(plan)+"/extract", url.Values{"document": {""}, "text": {text}}, http.StatusUnprocessableEntity)
	w.post(clerk, path(plan)+"/extract", url.Values{"document": {"市委〔2019〕7号"}, "text": {text}}, http.StatusSeeOther)
	items, err := w.s.Items(w.ctx, plan)
	w.must(err)
	byTitle := map[string]Source{}
	for _, n := range items {
		byTitle[n.Item.Title] = n.Item.Source
	}
	for title, begins := range map[string]string{"加强青少年法治教育": "（一）加强青少年法治教育。每所", "建好四点钟学校": "2. 建好", "办好家长学校": "办好家长学校，帮助"} {
		if s := byTitle[title]; s.Document != "市委〔2019〕7号" || !strings.HasPrefix(s.Paragraph, begins) {
			t.Errorf("%s comes from %+v", title, s)
		}
	}
	if len(items) != 3 {
		t.Errorf("%d items", len(items))
	}
	w.get(clerk, itemPath(items[0].Ref), http.StatusOK).MustHave("#facts", "市委〔2019〕7号")
}

// R136: who plans a large activity has its plan approved first.
func TestASchemeIsApprovedBeforeTheResult(t *testing.T) {
	w := open(t)
	clerk := w.as("990203")
	ref := w.item("990203", Item{Plan: w.plan("990203"), Title: "千人诵读", Kind: "work", Quarter: 2})
	w.refused(w.s.Approve(clerk, ref, 1, "邓立新", today), errs.Invalid, "by") // there is none yet
	w.refused(w.s.Write(clerk, ref, 1, "  "), errs.Invalid, "text")
	w.must(w.s.Write(clerk, ref, 1, "一、时间地点……"))
	w.refused(w.s.Close(clerk, ref, 2, today, "办成了", record.Change{}), errs.Invalid, "result")
	w.must(w.s.Approve(clerk, ref, 2, "邓立新", today))
	w.must(w.s.Write(clerk, ref, 3, "一、改了地点……"))
	w.refused(w.s.Close(clerk, ref, 4, today, "办成了", record.Change{}), errs.Invalid, "result") // written anew, approved anew
	w.must(w.s.Approve(clerk, ref, 4, "邓立新", today))
	w.must(w.s.Close(clerk, ref, 5, today, "办成了", record.Change{}))
}

// R148 R155: a measure is listed with its effect: its figure in the year before and now, each a click from its records.
func TestMeasuresAreListedWithTheirEffect(t *testing.T) {
	w := open(t)
	plan := w.plan("990203")
	_, err := w.s.Add(w.ctx, Item{Plan: plan, Title: "联席会议每月一次", Kind: "measure"}, record.Change{})
	w.refused(err, errs.Invalid, "figure")
	w.item("990203", Item{Plan: plan, Title: "联席会议每月一次", Kind: "measure", Figure: joint})
	for _, day := range []clock.Day{"2018-04-01", "2019-01-09", "2019-02-09", "2019-03-09"} {
		w.meet("990203", day)
	}
	list, err := w.s.Measures(w.as("9902"), w.unit("9902"), 2019, today)
	w.must(err)
	if len(list) != 1 || list[0].Before != 1 || list[0].Now != 3 {
		t.Errorf("effect: %+v", list)
	}
	doc := w.get(w.as("9902"), "/plan/measures?year=2019", http.StatusOK)
	if n := len(doc.All("#measures tbody a[href^='/evidence/']")); n != 2 {
		t.Errorf("%d of two numbers lead to records", n)
	}
}

// R181: an office's own table makes the plan; sent back it changes nothing, a corrected cell corrects, a result closes.
func TestItemsGoOutAndComeInAsTables(t *testing.T) {
	w := open(t)
	city := w.unit("9902").ID
	in := func(text string) {
		t.Helper()
		p, err := w.rec.Upload(w.ctx, KindItem, city, "x.csv", []byte(text))
		w.must(err)
		if len(p.Problems) > 0 {
			t.Fatalf("problems: %+v", p.Problems)
		}
		_, err = w.rec.Take(w.ctx, p.Ref, false)
		w.must(err)
	}
	in("单位,年度,工作内容,工作方面,完成时间,责任人,经费(元),按哪项数据,计划数\n南江区,2019,开联席会议,自身建设,二季度,办公室,3000,召开的联席会议,4\n南江区,2019,法治宣讲,普法,全年,,,,\n")
	w.wants("9902", map[string]int64{"plan.items": 2, "plan.budget_fen": 300000})
	l, err := w.s.ByYear(w.ctx, w.unit("990203").ID, 2019)
	w.must(err)
	p, _, err := w.s.Get(w.ctx, l.Ref())
	w.must(err)
	if p.Title != "2019年工作计划" || !strings.Contains(strings.Join(p.Duties, " "), "普法") {
		t.Errorf("the table made %+v", p)
	}
	out := func() string {
		var b bytes.Buffer
		w.must(w.rec.Export(w.ctx, &b, KindItem, table.CSV, city, "x"))
		return b.String()
	}
	first := out()
	in(first)
	if second := out(); second != first {
		t.Errorf("it changed:\n%s\n%s", first, second)
	}
	in(strings.Replace(strings.Replace(first, "二季度", "一季度", 1), "普法,全年,,0.00,,,,,,", "普法,全年,,0.00,,,,,2019-05-06,讲了12场", 1))
	w.wants("9902", map[string]int64{"plan.late": 1, "plan.done": 1})
}

func TestThePlanOfANeighbourIsNotThere(t *testing.T) {
	w := open(t)
	plan := w.plan("990203")
	ref := w.item("990203", Item{Plan: plan, Title: "甲", Kind: "work"})
	neighbour := w.as("990204")
	for _, at := range []string{path(plan), path(plan) + "/edit", itemPath(ref), itemPath(ref) + "/done", "/plan/known/" + plan.String(), "/plan/item/known/" + ref.String()} {
		w.get(neighbour, at, http.StatusNotFound)
	}
	w.get(w.as("990203"), itemPath(ref)+"/nothing", http.StatusNotFound)
	_, err := w.s.Add(neighbour, Item{Plan: plan, Title: "乙", Kind: "work"}, record.Change{})
	w.refused(err, errs.NotFound)
	if list, _, err := w.s.List(neighbour, w.unit("9902"), 2019, today, 0, 10); err == nil {
		t.Errorf("the neighbour lists the city: %+v", list)
	}
}

func TestWhatHasToBeChangedIsSaid(t *testing.T) {
	w := open(t)
	plan := w.plan("990203")
	for field, bad := range map[string]Item{
		"title": {Title: " "}, "kind": {Title: "甲", Kind: "joke"}, "duty": {Title: "甲", Duty: "没有的方面"}, "quarter": {Title: "甲", Quarter: 5}, "figure": {Title: "甲", Figure: "unit.committees"},
		"target": {Title: "甲", Figure: joint}, "budget": {Title: "甲", Budget: -1}, "owner": {Title: "甲", Owner: strings.Repeat("长", 41)},
	} {
		bad.Plan = plan
		_, err := w.s.Add(w.ctx, bad, record.Change{})
		w.refused(err, errs.Invalid, field)
	}
	clerk := w.as("990203")
	kept := w.send(clerk, http.MethodPost, path(plan)+"/add", url.Values{"title": {"讲课"}, "kind": {"work"}, "quarter": {"3"}, "target": {"一百来场"}, "figure": {joint}, "_key": {"1"}})
	if kept.Code != http.StatusUnprocessableEntity || !strings.Contains(kept.Body.String(), "一百来场") {
		t.Errorf("a number that cannot be read: %d", kept.Code)
	}
	w.post(clerk, path(plan)+"/add", url.Values{"title": {"讲课"}, "kind": {"work"}, "quarter": {"3"}, "target": {"一百二十"}, "figure": {joint}}, http.StatusSeeOther)
	items, err := w.s.Items(w.ctx, plan)
	w.must(err)
	if len(items) != 1 || items[0].Item.Target != 120 {
		t.Errorf("items: %+v", items)
	}
	w.refused(w.s.Save(clerk, plan, 1, Plan{Title: "", Duties: []string{"甲"}}, record.Change{}), errs.Invalid, "title")
	w.refused(w.s.Remove(clerk, plan, 1, "重复"), errs.Conflict)
}

// A plan goes with its unit: to its heir's place when the unit is merged away.
func TestThePlanFollowsItsUnit(t *testing.T) {
	w := open(t)
	plan := w.plan("990203")
	w.item("990203", Item{Plan: plan, Title: "摸底", Kind: "work", Quarter: 1})
	w.must(w.org.Merge(w.ctx, []id.ID{w.unit("990203").ID}, w.unit("990204").ID, "2019-05-20", "云关工〔2019〕9号"))
	list, err := w.s.Late(w.as("990204"), w.unit("990204"), today)
	w.must(err)
	if len(list) != 1 {
		t.Errorf("the heir sees %+v", list)
	}
}

func TestTimesOfItems(t *testing.T) {
	for q, want := range map[int]string{0: "2020-01-01 2020-12-31", 1: "2020-01-01 2020-03-31", 2: "2020-04-01 2020-06-30", 3: "2020-07-01 2020-09-30", 4: "2020-10-01 2020-12-31"} {
		i := Item{Year: 2020, Quarter: q}
		if got := fmt.Sprint(i.firstDay(), " ", i.lastDay()); got != want {
			t.Errorf("%d: %s, want %s", q, got, want)
		}
	}
	for place, want := range map[string]string{"云州市": "平安云州", "稻香镇": "平安稻香", "桥头街道": "平安桥头", "市直": "平安市直", "沙市": "平安沙市"} {
		if got := org.Local("平安××", place); got != want {
			t.Errorf("%s in %s, want %s", got, place, want)
		}
	}
}
