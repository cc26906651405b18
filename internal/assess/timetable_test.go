package assess_test

import (
	"net/url"
	"strings"
	"testing"

	"xinhuo/internal/assess"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/testkit"
)

// R84 R148 R155 R193: a county reads its reform on one page: each town with its planned day and quarter, how far it is behind
// what was planned first and why, and who helps; those that nobody has planned by name; all of it as a table.
func TestACountyReadsItsTimetableTownByTown(t *testing.T) {
	f := open(t)
	late := f.planned("990203013") // for 20 May, today is the 31st
	put := f.planned("990203014")
	must(t, f.do("9902", put, assess.ActPlan, assess.Step{Day: "2019-09-30", Reason: "换届", Mentor: "罗淑芬"}))
	early := f.planned("990203015")
	must(t, f.do("9902", early, assess.ActAccept, assess.Step{Day: "2019-05-18", Results: met()}))
	page := testkit.HTML(t, f.page("990203", "/reform/timetable?unit=990203"))
	rows := page.All("#coming tbody tr")
	if len(rows) != 2 {
		t.Fatalf("%d towns are to come", len(rows))
	}
	has(page, "#coming tbody tr:nth-child(1)", "稻香镇", "过了计划日期", "2019年5月20日", "2019年第2季度", "推迟11天", "还没有定")
	has(page, "#coming tbody tr:nth-child(2)", "已排计划", "2019年9月30日", "2019年第3季度", "推迟133天", "换届", "罗淑芬")
	has(page, "#through", "提前2天")
	named := page.Text("#unplanned")
	for _, l := range f.overview("990203") {
		if (l.Status == assess.None) != strings.Contains(named, l.Name) {
			t.Errorf("%s (%s) among those not planned: %q", l.Name, l.Status, named)
		}
	}
	if n := len(page.All("#unplanned a[href^='/reform/new?']")); n == 0 {
		t.Error("the county cannot put a town on the plan from here")
	}
	for lang, want := range map[string]string{"zh": "990203014,已排计划,2019-05-20,2019-09-30,2019年第3季度,,133,换届,罗淑芬", "en": "990203014,Planned,2019-05-20,2019-09-30,Q3 2019,,133,换届,罗淑芬"} {
		w := f.serve("990203", lang, "GET", "/reform/timetable/export?unit=990203&format=csv", nil)
		if w.Code != 200 || !strings.Contains(w.Body.String(), want) {
			t.Errorf("in %s the table is %d %s", lang, w.Code, w.Body)
		}
		if n := strings.Count(strings.TrimSpace(w.Body.String()), "\n"); n != len(f.overview("990203")) {
			t.Errorf("the table holds %d towns", n)
		}
	}
	// seen from above each town says whose it is, and who is not to know it sees nothing
	testkit.HTML(t, f.page("9902", "/reform/timetable")).MustHave("#coming", f.unit["990203"].Name)
	if w := f.serve("9903", "zh", "GET", "/reform/timetable?unit=990203", nil); w.Code == 200 {
		t.Errorf("the neighbour reads it: %d", w.Code)
	}
	must(t, f.do("9902", late, assess.ActAccept, assess.Step{Day: "2019-05-30", Results: met()}))
	has(testkit.HTML(t, f.page("990203", "/reform/timetable?unit=990203&day="+url.QueryEscape(string(today)))), "#through", "稻香镇", "推迟10天")
	// what was planned before it was revoked says nothing of the way that begins then
	must(t, f.do("9902", late, assess.ActRevoke, assess.Step{Day: "2019-05-31", Reason: "没有坚持", Document: "云关工〔2019〕9号"}))
	has(testkit.HTML(t, f.page("990203", "/reform/timetable?unit=990203")), "#unplanned", "稻香镇", "2019年5月31日撤销")
}

// R148: a county puts its towns into the timetable itself, and no other's; it neither hands in nor accepts for them. The share
// moves when the city accepts one.
func TestACountyPlansItsTownsAndTheShareMovesWithAnAcceptance(t *testing.T) {
	f := open(t)
	new := func(town string) string {
		return "/reform/new?unit=" + f.unit[town].ID.String() + "&programme=" + f.prog.String()
	}
	form := url.Values{"day": {"2019-09-30"}, "mentor": {"罗淑芬"}, "_key": {"plan"}}
	w := f.serve("990203", "zh", "POST", new("990203014"), form)
	here, _, _ := strings.Cut(w.Header().Get("Location"), "/done")
	if w.Code != 303 || here == "" {
		t.Fatalf("the county plans its town: %d %s", w.Code, w.Body)
	}
	f.page("990203", here, "罗淑芬", "排计划日期")
	for key, form := range map[string]url.Values{"submit": {"day": {"2019-05-30"}}, "accept": {"day": {"2019-05-30"}}, "parts": {"day": {"2019-05-30"}}} {
		form.Set("_version", "1")
		form.Set("_key", "no-"+key)
		if w := f.serve("990203", "zh", "POST", here+"/"+key, form); w.Code == 303 {
			t.Errorf("the county does %s for its town", key)
		}
	}
	if w := f.serve("990203", "zh", "POST", here+"/plan", url.Values{"day": {"2019-10-31"}, "_version": {"1"}, "_key": {"noreason"}}); w.Code != 422 {
		t.Errorf("put off without a reason: %d", w.Code)
	}
	if w := f.serve("990203", "zh", "POST", here+"/plan", url.Values{"day": {"2019-10-31"}, "reason": {"换届"}, "mentor": {"罗淑芬"}, "_version": {"1"}, "_key": {"off"}}); w.Code != 303 {
		t.Errorf("put off: %d %s", w.Code, w.Body)
	}
	if w := f.serve("990203", "zh", "POST", here+"/undo", url.Values{"_version": {"2"}, "_key": {"undo"}}); w.Code != 303 {
		t.Errorf("taken back: %d %s", w.Code, w.Body)
	}
	for town, as := range map[string]string{"990203015": "9903", "990203013": "990204"} {
		if w := f.serve(as, "zh", "POST", new(town), url.Values{"day": {"2019-09-30"}, "_key": {"other" + as}}); w.Code == 303 {
			t.Errorf("%s plans %s", as, town)
		}
	}
	before := f.ask("reform.adopted_share", "990203", today).Int()
	ref, err := id.ParseRef(strings.TrimPrefix(here, "/reform/"))
	must(t, err)
	must(t, f.do("9902", ref, assess.ActAccept, assess.Step{Day: "2019-05-30", Results: met()}))
	if now := f.ask("reform.adopted_share", "990203", today).Int(); now <= before {
		t.Errorf("the county's share was %d and is %d", before, now)
	}
}

func has(d testkit.Doc, sel string, texts ...string) {
	for _, text := range texts {
		d.MustHave(sel, text)
	}
}

func (f *fixture) overview(unit string) []assess.Line {
	f.t.Helper()
	o, err := f.s.Overview(i18n.With(f.as(unit), f.texts, "zh"), f.prog, f.unit[unit], clock.Day(today))
	must(f.t, err)
	return o.Lines
}
