package contact_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"xinhuo/internal/contact"
	"xinhuo/internal/flow"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/web"
	"xinhuo/internal/record"
)

// body registers one at a unit.
func (f *fixture) body(unit, name, field string) id.Ref {
	f.t.Helper()
	ref, err := f.s.Register(f.as(unit), contact.Body{Unit: f.unit[unit].ID, Name: name, Field: field, From: "2019-01-01"}, record.Change{})
	must(f.t, err)
	return ref
}

func (f *fixture) seat(unit string, body id.Ref, login string) {
	f.t.Helper()
	_, v, err := f.s.Body(f.as(unit), body)
	must(f.t, err)
	must(f.t, f.s.AddSeat(f.as(unit), body, v.N, login))
}

// says tells whether the error is about an input, with a key.
func says(err error, name, key string) bool {
	for _, x := range fieldsOf(err) {
		if x.Name == name && x.Key == key {
			return true
		}
	}
	return false
}

// R59: a body stands in the register of the unit at its level, once; units below work with it and see no other unit's
// doings; others see nothing of it.
func TestBodies(t *testing.T) {
	f := open(t)
	f.page("9902", "/body", "还没有登记协作部门", "登记协作部门")
	f.post("9902", "/body/new?unit=9902", 422, url.Values{"name": {""}, "field": {"education"}, "from": {"2019-06-30"}}, "写部门", "这一天还没有到")
	form := url.Values{"name": {"市教育局"}, "field": {"education"}, "from": {"2019-01-01"}, "office": {"基础教育科"}, "person": {"何知远"}, "phone": {"0599"}, "offers": {"心理教师"}}
	at := f.post("9902", "/body/new?unit=9902", 303, form)
	f.post("9902", "/body/new?unit=9902", 422, url.Values{"name": {"市教育局"}, "field": {"education"}, "from": {"2019-01-01"}}, "本单位已经登记了这个部门")
	f.page("9902", at, "市教育局", "基础教育科", "何知远", "心理教师", "部门的账号")
	f.page("9902", "/body", "市教育局", "教育")
	if below := f.page("990203", at, "市教育局"); strings.Contains(below, "部门的账号") || strings.Contains(below, "登记协作部门") {
		t.Error("a county manages the city's body")
	}
	for _, who := range []string{"9903", "990301"} {
		if w := f.send(who, "zh", "GET", at, "", ""); w.Code == 200 {
			t.Errorf("%s reads the body of another city", who)
		}
	}
	if w := f.send("990203", "zh", "POST", at+"/edit", "application/x-www-form-urlencoded", form.Encode()+"&_version=1&_key="+web.NewKey()); w.Code == 303 {
		t.Error("a county edits the city's body")
	}
	if n := f.year("99", "partner.bodies"); n != 1 {
		t.Errorf("%d bodies", n)
	}
	f.post("9902", at+"/edit", 303, url.Values{"_version": {"1"}, "name": {"市教育局"}, "field": {"education"}, "from": {"2019-01-01"}, "to": {"2019-05-01"}})
	if n := f.year("99", "partner.bodies"); n != 0 {
		t.Errorf("%d bodies after it ended", n)
	}
	list, err := f.s.PartnersOf(f.as("990203"), f.unit["990203"])
	must(t, err)
	if len(list) != 0 {
		t.Errorf("%+v", list)
	}
	f.post("9902", at+"/undo", 303, url.Values{"_version": {"2"}})
	f.page("9902", at, "基础教育科")
	list, err = f.s.PartnersOf(f.as("990203"), f.unit["990203"])
	must(t, err)
	if len(list) != 1 || list[0].Name != "市教育局" {
		t.Errorf("%+v", list)
	}
	// one with which something was done stays in the register
	_, err = f.s.Add(f.as("990203"), contact.Contact{Unit: f.unit["990203"].ID, Kind: "talk", Body: "市教育局", Day: "2019-05-02", Topic: "商量心理教师"}, record.Change{})
	must(t, err)
	if body := f.page("9902", at, "商量心理教师"); strings.Contains(body, "还没有联系记录") {
		t.Error("the body's page does not show its contact")
	}
	f.post("9902", at+"/remove", 409, url.Values{"_version": {"3"}, "reason": {"记重了"}}, "不再协作就写结束日期")
	second := f.body("9902", "市司法局", "justice")
	must(t, f.s.RemoveBody(f.as("9902"), second, 1, "登记错了"))
	if n := f.year("99", "partner.bodies"); n != 1 {
		t.Errorf("%d bodies after one was taken out", n)
	}
}

// What was exported comes in again without change; a corrected cell changes that body alone.
func TestBodiesAsTable(t *testing.T) {
	f := open(t)
	f.body("9902", "市教育局", "education")
	f.body("990203", "三号县妇联", "women")
	var out bytes.Buffer
	must(t, f.rec.Export(f.as("9902"), &out, contact.KindBody, "csv", f.unit["9902"].ID, "协作部门"))
	p, err := f.rec.Upload(f.sys(), contact.KindBody, f.unit["9902"].ID, "a.csv", out.Bytes())
	must(t, err)
	if p.Count(record.Same) != 2 || p.Count(record.Added) != 0 {
		t.Errorf("%+v", p)
	}
	changed := strings.Replace(out.String(), "三号县妇联,妇联", "三号县妇联,教育", 1)
	p, err = f.rec.Upload(f.sys(), contact.KindBody, f.unit["9902"].ID, "b.csv", []byte(changed))
	must(t, err)
	if p.Count(record.Same) != 1 || p.Count(record.Changed) != 1 {
		t.Errorf("%+v %s", p, changed)
	}
}

// R59, R60: a task has one lead; the accounts of its bodies see it, and nothing else: not another body's task, not an entry
// that was not shared, no page of the unit.
func TestABodySeesWhatIsSharedWithItAlone(t *testing.T) {
	f := open(t)
	edu, women := f.body("9902", "市教育局", "education"), f.body("9902", "市妇联", "women")
	_, v, err := f.s.Body(f.as("9902"), edu)
	must(t, err)
	for login, key := range map[string]string{"": "contact.login_missing", "nobody": "contact.login_unknown", "bangong": "contact.login_has_rights"} {
		if err := f.s.AddSeat(f.as("9902"), edu, v.N, login); !says(err, "login", key) {
			t.Errorf("%q: %v", login, err)
		}
	}
	f.seat("9902", edu, "jiaoyu")
	f.seat("9902", women, "fulian")
	if err := f.s.AddSeat(f.as("9902"), women, 2, "jiaoyu"); !says(err, "login", "contact.login_taken") {
		t.Errorf("an account for two bodies: %v", err)
	}
	he, su, nobody := f.clerk("9902", 71), f.clerk("9902", 72), f.clerk("9902", 79)
	if _, err := f.s.Assign(f.as("9902"), contact.Task{Unit: f.unit["9902"].ID, Title: "x", Due: "2019-06-30"}, record.Change{}); !says(err, "lead", "contact.lead_missing") {
		t.Errorf("without a lead: %v", err)
	}
	if _, err := f.s.Assign(f.as("9903"), contact.Task{Unit: f.unit["9903"].ID, Title: "x", Lead: edu, Due: "2019-06-30"}, record.Change{}); !says(err, "lead", "contact.body_unknown") {
		t.Errorf("another city's body: %v", err)
	}
	to := f.post("9902", "/assign/new?unit=9902", 303, url.Values{"title": {"选派心理教师"}, "text": {"每县两名"}, "lead": {edu.String()}, "due": {"2019-06-30"}})
	mine, err := id.ParseRef(strings.TrimPrefix(to, "/assign/"))
	must(t, err)
	theirs, err := f.s.Assign(f.as("9902"), contact.Task{Unit: f.unit["9902"].ID, Title: "家庭教育指导", Lead: women, Due: "2019-06-30"}, record.Change{})
	must(t, err)
	entry := func(topic string, shared bool) id.Ref {
		ref, err := f.s.Add(f.as("9902"), contact.Contact{Unit: f.unit["9902"].ID, Kind: "talk", Body: "市教育局", Day: "2019-05-02", Topic: topic, Shared: shared}, record.Change{})
		must(t, err)
		return ref
	}
	open, closed := entry("商量选派办法", true), entry("内部的考虑", false)

	get := func(as context.Context, path string) (int, string) {
		w := f.sendAs(as, "zh", "GET", path, "", "")
		return w.Code, w.Body.String()
	}
	code, body := get(he, "/shared")
	for _, want := range []string{"选派心理教师", "商量选派办法", "云州市", "办理中"} {
		if code != 200 || !strings.Contains(body, want) {
			t.Errorf("/shared: %d, no %q", code, want)
		}
	}
	for _, no := range []string{"家庭教育指导", "内部的考虑"} {
		if strings.Contains(body, no) {
			t.Errorf("/shared shows %q", no)
		}
	}
	if code, body = get(nobody, "/shared"); code != 200 || strings.Contains(body, "选派心理教师") || !strings.Contains(body, "这个账号不代表协作部门") {
		t.Errorf("an account of nobody: %d %s", code, body)
	}
	for _, x := range []struct {
		as   context.Context
		path string
		sees bool
	}{{he, "/shared/" + mine.String(), true}, {su, "/shared/" + mine.String(), false}, {he, "/shared/" + theirs.String(), false}, {nobody, "/shared/" + mine.String(), false},
		{he, "/shared/entry/" + open.String(), true}, {he, "/shared/entry/" + closed.String(), false}, {su, "/shared/entry/" + open.String(), false}, {f.as("9902"), "/shared/" + mine.String(), false},
		{he, "/assign/" + mine.String(), false}, {he, "/body/" + edu.String(), false}, {he, "/contact/" + open.String(), false}, {he, "/body?unit=9902", false}, {he, "/contact?unit=9902", false}, {he, "/mechanism?unit=9902", false},
		{he, "/api/v1/shared/" + mine.String(), true}, {su, "/api/v1/shared/" + mine.String(), false}, {he, "/api/v1/bodies?unit=9902", false}} {
		if code, _ := get(x.as, x.path); (code == 200) != x.sees {
			t.Errorf("%s: %d, want seen %v", x.path, code, x.sees)
		}
	}
	// the account of a body that is no partner any more sees nothing
	b, ver, err := f.s.Body(f.as("9902"), women)
	must(t, err)
	b.To = today
	must(t, f.s.SaveBody(f.as("9902"), women, ver.N, b, record.Change{}))
	if code, _ := get(su, "/shared/"+theirs.String()); code == 200 {
		t.Error("it still sees its task")
	}
}

// R59, R60: what is asked of bodies goes out as a table with how far it is, and comes in again without change; a corrected day
// changes that task alone, a new line goes out to its body, and what only the body can say is no table's to change.
func TestTasksAsTable(t *testing.T) {
	f := open(t)
	edu, women := f.body("9902", "市教育局", "education"), f.body("9902", "市妇联", "women")
	f.seat("9902", edu, "jiaoyu")
	he := f.clerk("9902", 71)
	ref, err := f.s.Assign(f.as("9902"), contact.Task{Unit: f.unit["9902"].ID, Title: "选派心理教师", Text: "每县两名", Lead: edu, Assist: []id.Ref{women}, Due: "2019-06-30"}, record.Change{})
	must(t, err)
	must(t, f.s.Answer(he, ref, contact.ActReport, contact.Step{Version: 1, Text: "名单报了\n还差一名"}))
	_, err = f.s.Assign(f.as("990203"), contact.Task{Unit: f.unit["990203"].ID, Title: "区里的事项", Lead: women, Due: "2019-06-20"}, record.Change{})
	must(t, err)
	for _, lang := range []string{"zh", "en"} {
		w := f.sendAs(f.as("9902"), lang, "GET", "/assign/export?unit=9902&format=csv", "", "")
		for _, want := range []string{"选派心理教师", "区里的事项", "市教育局", "还差一名", "牵头部门"} {
			if w.Code != 200 || !strings.Contains(w.Body.String(), want) {
				t.Errorf("%s: %d, without %s: %s", lang, w.Code, want, w.Body)
			}
		}
	}
	f.page("9902", "/assign", "/assign/export?", "/import/partner_task")
	for _, who := range []context.Context{he, f.as("9903")} {
		if w := f.sendAs(who, "zh", "GET", "/assign/export?unit=9902&format=csv", "", ""); w.Code == 200 {
			t.Errorf("somebody else downloads the city's tasks: %s", w.Body)
		}
	}
	var out bytes.Buffer
	must(t, f.rec.Export(f.as("9902"), &out, contact.KindTask, "csv", f.unit["9902"].ID, "事项"))
	take := func(text string) record.Preview {
		t.Helper()
		p, err := f.rec.Upload(f.sys(), contact.KindTask, f.unit["9902"].ID, "a.csv", []byte(text))
		must(t, err)
		return p
	}
	if p := take(out.String()); p.Count(record.Same) != 2 || len(p.Problems) != 0 {
		t.Errorf("unchanged: %+v", p)
	}
	p := take(strings.Replace(out.String(), "2019-06-30", "2019-07-15", 1) + ",9902,云州市,评选关爱之家,,市妇联,,,2019-06-25,,\n")
	if p.Count(record.Same) != 1 || p.Count(record.Changed) != 1 || p.Count(record.Added) != 1 {
		t.Fatalf("%+v", p)
	}
	_, err = f.rec.Take(f.sys(), p.Ref, false)
	must(t, err)
	if task, _, err := f.s.Task(f.as("9902"), ref); err != nil || task.Due != "2019-07-15" || len(task.Reports) != 1 || len(task.Assist) != 1 {
		t.Errorf("%+v, %v", task, err)
	}
	for _, bad := range []string{",9902,云州市,评选,,市妇联,,,2019-06-25,2019-05-30,\n", ",9902,云州市,评选,,市总工会,,,2019-06-25,,\n", ",9902,云州市,评选,,,,,2019-06-25,,\n", ",9902,云州市,评选,,市妇联,,,2019-05-25,,\n", ",9902,云州市,评选,,市妇联、市教育局,,,2019-06-25,,\n"} {
		head, _, _ := strings.Cut(out.String(), "\n")
		if p := take(head + "\n" + bad); len(p.Problems) == 0 {
			t.Errorf("taken: %s %+v", bad, p)
		}
	}
}

// R59: what a body reports stands in the inbox of the unit that asked until somebody has read it; what the body takes back
// stands there no longer.
func TestAReportIsToldToTheOffice(t *testing.T) {
	f := open(t)
	edu := f.body("9902", "市教育局", "education")
	f.seat("9902", edu, "jiaoyu")
	he := f.clerk("9902", 71)
	ref, err := f.s.Assign(f.as("9902"), contact.Task{Unit: f.unit["9902"].ID, Title: "选派心理教师", Lead: edu, Due: "2019-06-30"}, record.Change{})
	must(t, err)
	inbox := func(lang string) []flow.Item {
		items, _, err := f.flow.Inbox(i18n.In(f.as("9902"), lang), 50)
		must(t, err)
		return items
	}
	must(t, f.s.Answer(he, ref, contact.ActReceive, contact.Step{Version: 1}))
	if items := inbox("zh"); len(items) != 0 {
		t.Errorf("signing for it is no report: %+v", items)
	}
	must(t, f.s.Answer(he, ref, contact.ActReport, contact.Step{Version: 2, Text: "名单报了", Done: true}))
	for lang, want := range map[string]string{"zh": "看市教育局报来的办结情况：选派心理教师", "en": "Read that 市教育局 says it is done: 选派心理教师"} {
		if items := inbox(lang); len(items) != 1 || items[0].Title != want || items[0].Why != "名单报了" || items[0].Link != "/assign/"+ref.String() {
			t.Errorf("%s: %+v", lang, items)
		}
	}
	must(t, f.s.Answer(he, ref, "undo", contact.Step{Version: 3}))
	if items := inbox("zh"); len(items) != 0 {
		t.Errorf("taken back: %+v", items)
	}
	must(t, f.s.Answer(he, ref, contact.ActReport, contact.Step{Version: 4, Text: "还差一名"}))
	items := inbox("zh")
	if len(items) != 1 || items[0].Title != "看市教育局报来的进展：选派心理教师" {
		t.Fatalf("reported again: %+v", items)
	}
	must(t, f.flow.TickOff(f.as("9902"), items[0].Task))
	if items := inbox("zh"); len(items) != 0 {
		t.Errorf("read: %+v", items)
	}
}

// R60: received, reported, done by the lead alone, sent back, done again; the body undoes its own step.
func TestTaskFromReceiptToDone(t *testing.T) {
	f := open(t)
	edu, women := f.body("9902", "市教育局", "education"), f.body("9902", "市妇联", "women")
	f.seat("9902", edu, "jiaoyu")
	f.seat("9902", women, "fulian")
	he, su := f.clerk("9902", 71), f.clerk("9902", 72)
	ref, err := f.s.Assign(f.as("9902"), contact.Task{Unit: f.unit["9902"].ID, Title: "选派心理教师", Lead: edu, Assist: []id.Ref{women, edu, women}, Due: "2019-06-02"}, record.Change{})
	must(t, err)
	post := func(as context.Context, act string, want int, form url.Values) string {
		t.Helper()
		_, _, v, _, err := f.s.SharedTask(as, ref)
		must(t, err)
		form.Set("_version", fmt.Sprint(v.N))
		form.Set("_key", web.NewKey())
		w := f.sendAs(as, "zh", "POST", "/shared/"+ref.String()+"/"+act, "application/x-www-form-urlencoded", form.Encode())
		if w.Code != want {
			t.Fatalf("%s: %d, want %d: %s", act, w.Code, want, w.Body)
		}
		return w.Body.String()
	}
	post(su, "receive", 303, url.Values{})
	post(he, "report", 422, url.Values{"text": {""}})
	post(su, "report", 303, url.Values{"text": {"已经联系八个县妇联"}, "done": {"1"}})
	task, _, err := f.s.Task(f.as("9902"), ref)
	must(t, err)
	if len(task.Assist) != 1 || len(task.Receipts) != 1 || len(task.Reports) != 1 || task.DoneOn != clock.Open {
		t.Errorf("%+v", task)
	}
	f.page("9902", "/assign/"+ref.String(), "已经联系八个县妇联", "联络员（市妇联）", "办理中")
	*f.now = f.now.AddDate(0, 0, 5)
	f.page("9902", "/assign?state=late", "选派心理教师", "逾期")
	post(he, "report", 303, url.Values{"text": {"二十名已经到位"}, "done": {"1"}})
	if n, late := f.year("99", "partner.tasks_done"), f.year("99", "partner.tasks_late"); n != 1 || late != 1 {
		t.Errorf("%d done, %d late", n, late)
	}
	post(he, "undo", 303, url.Values{})
	if n := f.year("99", "partner.tasks_done"); n != 0 {
		t.Errorf("%d done after the undo", n)
	}
	post(he, "report", 303, url.Values{"text": {"二十名已经到位"}, "done": {"1"}})
	_, v, err := f.s.Task(f.as("9902"), ref)
	must(t, err)
	f.post("9902", "/assign/"+ref.String()+"/return", 303, url.Values{"_version": {fmt.Sprint(v.N)}, "text": {"四号县还差一名"}})
	f.page("9902", "/assign/"+ref.String(), "四号县还差一名", "逾期未办结")
	// programs do the same; an old version is refused
	call := func(version int64) int {
		w := f.sendAs(he, "zh", "POST", "/api/v1/shared/"+ref.String()+"/report", "application/json", fmt.Sprintf(`{"version":%d,"text":"补齐了","done":true}`, version))
		return w.Code
	}
	if code := call(v.N); code == http.StatusOK {
		t.Error("an old version was taken")
	}
	if code := call(v.N + 1); code != http.StatusOK {
		t.Errorf("by program: %d", code)
	}
	if n := f.year("99", "partner.tasks_done"); n != 1 {
		t.Errorf("%d done", n)
	}
	if err := f.s.Answer(f.clerk("9902", 79), ref, contact.ActReport, contact.Step{Version: v.N + 2, Text: "x"}); !errs.Is(err, errs.NotFound) {
		t.Errorf("somebody else reports: %v", err)
	}
}

// R61, R62: each mechanism lists what proves it with counts that lead to the records, and is flagged in a year without.
func TestMechanisms(t *testing.T) {
	f := open(t)
	add := func(unit, kind string, day clock.Day) {
		_, err := f.s.Add(f.as(unit), contact.Contact{Unit: f.unit[unit].ID, Kind: kind, Body: "县妇联", Day: day, Topic: kind + string(day)}, record.Change{})
		must(t, err)
	}
	body := f.page("990203", "/mechanism", "统筹协调", "活动联动", "资源互补")
	if n := strings.Count(body, "2019年还没有一条记录"); n != 3 {
		t.Errorf("%d mechanisms are flagged, want 3", n)
	}
	add("990203", "talk", "2019-05-01")
	add("990203", "agreement", "2019-05-02")
	add("990203", "lent", "2018-07-02")
	add("990204", "joint", "2019-05-02")
	body = f.page("990203", "/mechanism")
	if n := strings.Count(body, "2019年还没有一条记录"); n != 2 {
		t.Errorf("%d mechanisms are flagged, want 2", n)
	}
	f.page("990203", "/mechanism?year=2018", "2018年还没有一条记录")
	list, _, err := f.s.MechanismsOf(f.as("9902"), f.unit["9902"], 2019)
	must(t, err)
	at := map[string]contact.At{}
	for _, m := range list {
		at[m.Mechanism] = m
	}
	if c := at["coordination"]; c.N != 2 || c.Below[f.unit["990203"].ID] != 2 || len(c.Proofs) != 2 || at["linked"].N != 1 || at["resources"].N != 0 {
		t.Errorf("%+v", at)
	}
	if w := f.send("9902", "zh", "GET", "/api/v1/mechanisms", "", ""); w.Code != 200 || !json.Valid(w.Body.Bytes()) {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	// within twelve months the county has two of the three
	if all, missing := f.year("9902", "mechanism.counties_all"), f.year("9902", "mechanism.counties_missing"); all != 0 || missing != 4 {
		t.Errorf("%d with all, %d missing one", all, missing)
	}
	add("990203", "joint", "2019-05-03")
	if all, missing := f.year("9902", "mechanism.counties_all"), f.year("9902", "mechanism.counties_missing"); all != 1 || missing != 3 {
		t.Errorf("%d with all, %d missing one", all, missing)
	}
}

// R60: in each state of a task each step is taken that has a sense there, and all others are refused with nothing written.
func TestEveryStepOfATask(t *testing.T) {
	f := open(t)
	edu, women := f.body("9902", "市教育局", "education"), f.body("9902", "市妇联", "women")
	f.seat("9902", edu, "jiaoyu")
	f.seat("9902", women, "fulian")
	lead, helper, clerk := f.clerk("9902", 71), f.clerk("9902", 72), f.as("9902")
	step := func(act string, ref id.Ref) error {
		_, v, err := f.s.Task(clerk, ref)
		must(t, err)
		switch act {
		case "return":
			return f.s.Return(clerk, ref, contact.Step{Version: v.N, Text: "还差一名"})
		case "done":
			return f.s.Answer(lead, ref, contact.ActReport, contact.Step{Version: v.N, Text: "办好了", Done: true})
		case "help":
			return f.s.Answer(helper, ref, contact.ActReport, contact.Step{Version: v.N, Text: "联系了", Done: true})
		case "accept": // no step of a body
			return f.s.Answer(lead, ref, act, contact.Step{Version: v.N, Text: "办好了"})
		}
		return f.s.Answer(lead, ref, act, contact.Step{Version: v.N, Text: "正在办"})
	}
	acts := []string{"receive", "report", "help", "done", "return", "accept"}
	for state, x := range map[string]struct{ before, taken []string }{
		"issued":   {nil, []string{"receive", "report", "help", "done"}},
		"received": {[]string{"receive"}, []string{"report", "help", "done"}},
		"reported": {[]string{"report"}, []string{"report", "help", "done"}},
		"helped":   {[]string{"help"}, []string{"receive", "report", "help", "done"}},
		"done":     {[]string{"done"}, []string{"return"}},
		"returned": {[]string{"done", "return"}, []string{"report", "help", "done"}},
	} {
		for _, act := range acts {
			ref, err := f.s.Assign(clerk, contact.Task{Unit: f.unit["9902"].ID, Title: state + act, Lead: edu, Assist: []id.Ref{women}, Due: "2019-06-30"}, record.Change{})
			must(t, err)
			for _, b := range x.before {
				must(t, step(b, ref))
			}
			was, v, err := f.s.Task(clerk, ref)
			must(t, err)
			err = step(act, ref)
			if want := slices.Contains(x.taken, act); (err == nil) != want {
				t.Errorf("%s: %s is taken %v, want %v: %v", state, act, err == nil, want, err)
			}
			if now, n, _ := f.s.Task(clerk, ref); err != nil && (n.N != v.N || now.DoneOn != was.DoneOn) {
				t.Errorf("%s: %s was refused and left something", state, act)
			}
		}
	}
}
