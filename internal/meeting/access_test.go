package meeting

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/table"
	"xinhuo/internal/org"
	"xinhuo/internal/record"
)

// Who leads sees and closes its task, who helps reports, the neighbour knows nothing of it; the unit that decided does the
// rest.
func TestALeadSeesItsTaskAlone(t *testing.T) { // R60
	w := open(t)
	m := w.held()
	clerk, lead, helper, other := w.as("9902"), w.as("990204"), w.as("990203001"), w.as("990203002")
	ref, err := w.s.Decide(clerk, Decision{Meeting: m, Text: "摸清留守儿童底数", Due: "2019-06-05"}, "北仓区关工委", []string{"柳溪镇关工委", "市民政局"})
	w.must(err)
	second, err := w.s.Decide(clerk, Decision{Meeting: m, Text: "另一件事", Due: "2019-06-05"}, "市民政局", nil)
	w.must(err)
	at := "/decision/" + ref.String()
	items, _, err := w.flow.Inbox(lead, 10)
	w.must(err)
	if len(items) != 1 || items[0].Link != at || items[0].Due != "2019-06-05" {
		t.Fatalf("the lead's inbox: %+v", items)
	}
	if items, _, _ = w.flow.Inbox(clerk, 10); len(items) != 2 { // what no unit leads waits for the one that decided, beside the minutes
		t.Errorf("the city's inbox: %+v", items)
	}
	page := w.get(lead, at, http.StatusOK)
	page.MustHave("dd", "第二季度联席会议")
	if strings.Contains(w.raw(lead, at, http.StatusOK).Body.String(), "/meeting/"+m.String()) { // not invited: the name, not the way there
		t.Error("the lead is led to a meeting that it cannot see")
	}
	w.get(lead, "/meeting/"+m.String(), http.StatusNotFound)
	w.get(lead, "/decision/"+second.String(), http.StatusNotFound)
	list, total, err := w.s.Decisions(lead, w.unit("990204"), DecisionFilter{}, "", "", 10)
	w.must(err)
	if total != 1 || list[0].Text != "摸清留守儿童底数" {
		t.Errorf("the lead lists %+v", list)
	}
	w.get(other, at, http.StatusNotFound)
	w.kind(w.s.Report(other, ref, Change{Version: 1}, "看看"), errs.NotFound)
	w.must(w.s.Report(helper, ref, Change{Version: 1}, "已经走访"))
	w.kind(w.s.Close(helper, ref, Change{Version: 2}, "", Evidence{Text: "好了"}), errs.Forbidden)
	w.kind(w.s.Amend(lead, ref, Change{Version: 2, Reason: "x"}, "改一改", "市民政局", nil, "2019-06-30"), errs.Forbidden)
	w.kind(w.s.Drop(lead, ref, Change{Version: 2, Reason: "x"}), errs.Forbidden)
	w.must(w.s.Close(lead, ref, Change{Version: 2}, "", Evidence{Text: "312人，逐户登门"}))
	w.kind(w.s.Close(clerk, ref, Change{Version: 3}, "", Evidence{Text: "又一次"}), errs.Conflict)
	w.kind(w.s.Again(lead, ref, Change{Version: 3, Reason: "x"}), errs.Forbidden)
	w.must(w.s.Again(clerk, ref, Change{Version: 3, Reason: "还差一个镇"}))
	w.must(w.s.Drop(clerk, ref, Change{Version: 4, Reason: "并入另一项"}))
	if open, late := w.figure("decision.open", "9902"), w.figure("decision.overdue", "9902"); open != 1 || late != 0 {
		t.Errorf("open %d, late %d", open, late)
	}
}

// A meeting is nobody's but its unit's: invited units neither make one for it nor change it, nor is anybody brought in who
// does not belong below.
func TestAMeetingIsItsUnits(t *testing.T) {
	w := open(t)
	county, city := w.as("990203"), w.unit("9902")
	_, err := w.s.CreateWith(county, Meeting{Unit: city.ID, Kind: "全体会议", Title: "冒名的会", Day: today}, []string{"南江区关工委"})
	w.kind(err, errs.NotFound)
	_, err = w.s.Create(county, Meeting{Unit: city.ID, Kind: "全体会议", Title: "冒名的会", Day: today, Seats: []Seat{{Party: Party{Unit: w.unit("990203").ID, Name: "南江区关工委"}}}})
	w.kind(err, errs.NotFound)
	m := w.held()
	_, err = w.s.Decide(county, Decision{Meeting: m, Text: "冒名的事", Due: today}, "南江区关工委", nil)
	w.kind(err, errs.NotFound)
	w.kind(w.s.Save(county, m, Change{Version: 1, Reason: "x"}, Meeting{Title: "改了"}), errs.Forbidden)
	w.kind(w.s.Write(county, m, Change{Version: 1}, "纪要"), errs.Forbidden)
	w.kind(w.s.Remove(county, m, Change{Version: 1, Reason: "x"}), errs.Forbidden)
	_, err = w.s.Create(county, Meeting{Unit: w.unit("990203").ID, Kind: "全体会议", Title: "区里的会", Day: today, Seats: []Seat{{Party: Party{Unit: w.unit("990204").ID, Name: "北仓区关工委"}}}})
	if w.refused(err, "people") != "meeting.unit_far" {
		t.Error("a neighbour is invited by its id")
	}
	ref, err := w.s.CreateWith(county, Meeting{Unit: w.unit("990203").ID, Kind: "全体会议", Title: "区里的会", Day: today}, []string{"北仓区关工委 何平"}) // by name it is a name
	w.must(err)
	w.get(w.as("990204"), "/meeting/"+ref.String(), http.StatusNotFound)
}

// What was entered wrongly is corrected with a reason, taken back, or taken out; a meeting that decided something stays.
func TestMistakesAreMended(t *testing.T) {
	w := open(t)
	clerk := w.as("9902")
	m := w.held()
	at := "/meeting/" + m.String()
	form := url.Values{"_version": {"1"}, "kind": {"联席会议"}, "title": {"第二季度部门联席会议"}, "day": {"2019-05-24"}, "chair": {"周启明"}}
	w.post(clerk, at+"/do/correct", form, http.StatusUnprocessableEntity)
	form.Set("reason", "名称不全")
	to := w.post(clerk, at+"/do/correct", form, http.StatusSeeOther)
	w.get(clerk, to, http.StatusOK).MustHave("h1", "改正好了")
	w.post(clerk, at+"/do/correct", form, http.StatusConflict)
	got, _, err := w.s.Get(clerk, m)
	w.must(err)
	if got.Title != "第二季度部门联席会议" || len(got.Seats) != 3 {
		t.Errorf("corrected: %+v", got)
	}
	w.post(clerk, at+"/undo", url.Values{"_version": {"2"}}, http.StatusSeeOther)
	w.get(clerk, at, http.StatusOK).MustHave("h1", "第二季度联席会议")
	w.get(clerk, at+"/known", http.StatusOK)
	d, err := w.s.Decide(clerk, Decision{Meeting: m, Text: "一件事", Due: "2019-06-05"}, "市民政局", nil)
	w.must(err)
	c := w.version(m)
	c.Reason = "误登"
	if w.refused(w.s.Remove(clerk, m, c), "reason") != "meeting.has_decisions" {
		t.Error("a meeting goes and leaves its decisions")
	}
	w.must(w.s.Unmake(clerk, d, Change{Version: 1, Reason: "误登"}))
	w.get(clerk, "/decision/"+d.String(), http.StatusNotFound)
	w.must(w.s.Attend(clerk, m, w.version(m), map[int64]string{1: "self"}))
	c = w.version(m)
	c.Reason = "没开成"
	w.refused(w.s.Cancel(clerk, m, c), "reason") // somebody came
	to = w.post(clerk, at+"/do/remove", url.Values{"_version": {"4"}, "reason": {"误登"}}, http.StatusSeeOther)
	w.get(clerk, to, http.StatusOK).MustHave("h1", "会议删去了")
	if n := w.figure("meeting.held", "9902"); n != 0 {
		t.Errorf("%d are still counted", n)
	}
}

// The kinds of meeting are data: a city adds its own, and takes out what no meeting is of.
func TestACityHasKindsOfItsOwn(t *testing.T) {
	w := open(t)
	u := w.unit("9902")
	clerk := w.as("9902")
	admin := scope.From(clerk)
	admin.AdminSet = scope.Set{u.Range()}
	boss := scope.With(clerk, admin)
	w.kind(w.s.AddSort(clerk, u, Sort{Name: "碰头会"}), errs.Forbidden)
	w.post(boss, "/meeting/kinds", url.Values{"name": {"碰头会"}, "en": {"Short meeting"}, "nature": {"joint"}}, http.StatusSeeOther)
	w.post(boss, "/meeting/kinds", url.Values{"name": {"碰头会"}, "nature": {"own"}}, http.StatusUnprocessableEntity) // twice
	w.get(clerk, "/meeting/kinds", http.StatusOK).MustHave("tbody th", "碰头会")
	ref, err := w.s.Create(clerk, Meeting{Unit: u.ID, Kind: "碰头会", Title: "每月碰头", Day: today})
	w.must(err)
	if n := w.figure("meeting.joint_held", "9902"); n != 1 {
		t.Errorf("%d joint meetings", n)
	}
	w.kind(w.s.DropSort(boss, u, "碰头会"), errs.Conflict)
	w.must(w.s.Remove(clerk, ref, Change{Version: 1, Reason: "x"}))
	w.post(boss, "/meeting/kinds/off", url.Values{"name": {"碰头会"}}, http.StatusSeeOther)
	w.kind(w.s.DropSort(boss, u, "联席会议"), errs.NotFound) // shipped
	_, err = w.s.Create(clerk, Meeting{Unit: u.ID, Kind: "碰头会", Title: "每月碰头", Day: today})
	w.refused(err, "kind")
}

// Tables go out and come in again without change, in both languages; a row says what it lacks.
func TestTablesOfMeetings(t *testing.T) {
	w := open(t)
	clerk := w.as("9902")
	m := w.held()
	w.must(w.s.Attend(clerk, m, w.version(m), map[int64]string{1: "self", 2: "away", 3: "deputy"}))
	_, err := w.s.Decide(clerk, Decision{Meeting: m, Text: "一件事", Due: "2019-06-05"}, "市民政局", []string{"团市委", "南江区关工委"})
	w.must(err)
	for _, kind := range []string{Kind, KindDecision} {
		var b bytes.Buffer
		w.must(w.rec.Export(clerk, &b, kind, table.CSV, w.unit("9902").ID, "x"))
		p, err := w.rec.Upload(clerk, kind, w.unit("9902").ID, "x.csv", b.Bytes())
		w.must(err)
		if len(p.Lines) != 1 || p.Count(record.Same) != 1 || len(p.Problems) != 0 {
			t.Errorf("%s: %+v in\n%s", kind, p, b.String())
		}
	}
	p, err := w.rec.Upload(clerk, Kind, w.unit("9902").ID, "m.csv", []byte("会议种类,会议名称,日期,参会人员,单位\n全体会议,年度全会,2019-02-01,市教育局，王明（到会）；团市委，李静(缺席),云州市关工委\n没有的会,怪会,2019-02-02,,\n"))
	w.must(err)
	if p.Count(record.Added) != 1 || len(p.Problems) != 1 {
		t.Fatalf("%+v", p)
	}
	_, err = w.rec.Take(clerk, p.Ref, true)
	w.must(err)
	list, _, err := w.s.List(clerk, w.unit("9902"), Filter{Text: "年度全会"}, "", "", 5)
	w.must(err)
	if len(list) != 1 || list[0].Seats != 2 || list[0].Came != 1 {
		t.Fatalf("taken: %+v", list)
	}
	p, err = w.rec.Upload(clerk, KindDecision, w.unit("9902").ID, "d.csv", []byte("会议编号,议定事项,牵头单位,配合单位,完成时限,完成日期,完成情况\n"+
		list[0].Code+",补登的事,市教育局,团市委；市民政局,2019-03-01,2019-02-20,已经办好\n"+list[0].Code+",没人管的事,,,2019-07-01,,\n"+list[0].Code+",过期的事,市教育局,,2019-03-01,,\n"))
	w.must(err)
	if p.Count(record.Added) != 1 || len(p.Problems) != 2 { // R60 R64: without a lead; a day that has passed
		t.Errorf("%+v", p)
	}
}

// Programs do the same by JSON, and are refused the same.
func TestProgramsKeepMeetings(t *testing.T) { // R64
	w := open(t)
	clerk := w.as("9902")
	call := func(method, path, body string, status int) string {
		t.Helper()
		r := httptest.NewRequest(method, path, strings.NewReader(body)).WithContext(clerk)
		r.Header.Set("Content-Type", "application/json")
		got := w.send(r)
		if got.Code != status {
			t.Fatalf("%s %s answers %d: %s", method, path, got.Code, got.Body)
		}
		return got.Body.String()
	}
	unit := w.unit("9902").ID.String()
	text := call("POST", "/api/v1/meetings", `{"people":["市教育局 王明"],"record":{"unit":"`+unit+`","kind":"联席会议","title":"联席会议","day":"2019-05-20","minutes":{"issued_on":"2019-05-21"}}}`, http.StatusCreated)
	if !strings.Contains(text, `"person":"王明"`) || strings.Contains(text, "issued_on") {
		t.Errorf("kept: %s", text)
	}
	ref := refIn(t, text)
	call("PUT", "/api/v1/meetings/"+ref, `{"version":1,"record":{"kind":"联席会议","title":"改名","day":"2019-05-20"}}`, http.StatusUnprocessableEntity)
	call("PUT", "/api/v1/meetings/"+ref, `{"version":1,"reason":"写错","record":{"kind":"联席会议","title":"改名","day":"2019-05-20"}}`, http.StatusOK)
	call("POST", "/api/v1/decisions", `{"record":{"unit":"`+unit+`","meeting":"`+ref+`","text":"一件事","due":"2019-06-30"}}`, http.StatusUnprocessableEntity)
	text = call("POST", "/api/v1/decisions", `{"record":{"unit":"`+unit+`","meeting":"`+ref+`","text":"一件事","due":"2019-06-30","lead":{"name":"市教育局"},"assist":[{"name":"北仓区关工委"}]}}`, http.StatusCreated)
	if !strings.Contains(text, w.unit("990204").ID.String()) {
		t.Errorf("the unit is a mere name: %s", text)
	}
	call("PUT", "/api/v1/decisions/"+refIn(t, text), `{"version":1,"reason":"提前","record":{"text":"一件事","due":"2019-06-10","lead":{"name":"市教育局"}}}`, http.StatusOK)
	if got := call("GET", "/api/v1/decisions?state=open", "", http.StatusOK); !strings.Contains(got, `"due":"2019-06-10"`) {
		t.Error(got)
	}
	if got := call("GET", "/api/v1/meetings?year=2019", "", http.StatusOK); !strings.Contains(got, `"total":1`) {
		t.Error(got)
	}
}

func refIn(t *testing.T, text string) string {
	t.Helper()
	_, after, ok := strings.Cut(text, `"ref":"`)
	if !ok {
		t.Fatal(text)
	}
	ref, err := id.ParseRef(after[:strings.Index(after, `"`)])
	if err != nil {
		t.Fatal(err)
	}
	return ref.String()
}

// A unit that is merged away leaves its tasks and invitations to its heir.
func TestTasksFollowAMergedUnit(t *testing.T) {
	w := open(t)
	m := w.held()
	ref, err := w.s.Decide(w.as("9902"), Decision{Meeting: m, Text: "一件事", Due: "2019-06-05"}, "柳溪镇关工委", nil)
	w.must(err)
	w.must(w.org.Merge(w.ctx, []id.ID{w.unit("990203001").ID}, w.unit("990203002").ID, today, "x"))
	heir := w.as("990203002")
	w.get(heir, "/decision/"+ref.String(), http.StatusOK)
	list, total, err := w.s.Decisions(heir, w.unit("990203002"), DecisionFilter{}, "", "", 10)
	w.must(err)
	if total != 1 || list[0].Ref() != ref {
		t.Errorf("the heir lists %+v", list)
	}
	items, _, err := w.flow.Inbox(heir, 10)
	w.must(err)
	if len(items) != 1 || items[0].Link != "/decision/"+ref.String() {
		t.Errorf("the heir's inbox: %+v", items)
	}
	w.must(w.s.Close(heir, ref, Change{Version: 1}, "", Evidence{Text: "办好了"}))
}

// R60, R65: a unit is meant by its name and by that with 关工委 behind it, and keeps one name; a body of a like name is none.
func TestUnitsAreKnownByTheirCommittee(t *testing.T) {
	w := open(t)
	w.must(w.org.FoundAll(w.ctx, []org.NewUnit{{Code: "990205", Name: "汀溪县", Level: org.County, ParentCode: "9902", From: "2000-01-01"}}))
	m, err := w.s.CreateWith(w.as("9902"), Meeting{Unit: w.unit("9902").ID, Kind: "联席会议", Title: "会", Day: "2019-05-24"}, []string{"汀溪县关工委 何平", "汀溪县教育局 李静", "汀溪县关心下一代工作委员会 赵亮"})
	w.must(err)
	got, _, err := w.s.Get(w.as("9902"), m)
	w.must(err)
	for i, want := range []Party{{Unit: w.unit("990205").ID, Name: "汀溪县"}, {Name: "汀溪县教育局"}, {Unit: w.unit("990205").ID, Name: "汀溪县"}} {
		if got.Seats[i].Party != want {
			t.Errorf("seat %d: %+v", i, got.Seats[i].Party)
		}
	}
	d, err := w.s.Decide(w.as("9902"), Decision{Meeting: m, Text: "摸清底数", Due: "2019-06-05"}, "汀溪县关工委", nil)
	w.must(err)
	if items, _, err := w.flow.Inbox(w.as("990205"), 10); err != nil || len(items) != 1 || items[0].Link != "/decision/"+d.String() {
		t.Errorf("the county's inbox: %+v, %v", items, err)
	}
}

// Names that a register of bodies knows are kept with its record.
func TestPartnersAreKnownByName(t *testing.T) {
	w := open(t)
	ref := id.Ref{Root: 9902, ID: id.New()}
	w.s.SetPartners(partners{{Ref: ref, Name: "市教育局"}})
	m, _, err := w.s.Get(w.ctx, w.held())
	w.must(err)
	if m.Seats[1].Party.Partner != ref || m.Seats[2].Party.Partner.ID != 0 || m.Seats[0].Party.Unit != w.unit("990203").ID {
		t.Errorf("seats: %+v", m.Seats)
	}
}

// R59 R60: what a meeting decided for a body is read and reported on by the body's own account, which sees nothing else of it.
func TestABodySeesItsOwnDecisionsAlone(t *testing.T) {
	w := open(t)
	ref := id.Ref{Root: 9902, ID: id.New()}
	w.s.SetPartners(partners{{Ref: ref, Name: "市教育局"}})
	m := w.held()
	mine, err := w.s.Decide(w.as("9902"), Decision{Meeting: m, Text: "开放校园场地", Due: "2019-06-05"}, "市教育局", []string{"市民政局"})
	w.must(err)
	other, err := w.s.Decide(w.as("9902"), Decision{Meeting: m, Text: "别的事", Due: "2019-06-05"}, "市民政局", nil)
	w.must(err)
	body := scope.With(w.ctx, scope.Actor{Account: seated, Name: "何知远", Unit: w.unit("9902").ID, Pos: w.unit("9902").Pos})
	list, err := w.s.SharedWith(body, ref.ID)
	w.must(err)
	if len(list) != 1 || list[0].Ref() != mine {
		t.Errorf("shared: %+v", list)
	}
	w.get(body, SharedPath(mine), http.StatusOK).MustHave("main", "开放校园场地")
	for _, at := range []string{SharedPath(other), SharedPath(m)} {
		w.get(body, at, http.StatusNotFound)
	}
	for _, at := range []string{"/decision/" + mine.String(), "/meeting/" + m.String()} {
		if got := w.send(httptest.NewRequest(http.MethodGet, at, nil).WithContext(body)); got.Code == http.StatusOK {
			t.Errorf("%s is open to a body", at)
		}
	}
	w.get(w.as("9902"), SharedPath(mine), http.StatusNotFound) // not even the unit's own people read as the body
	w.post(body, SharedPath(mine)+"/report", url.Values{"text": {" "}, "_version": {"1"}}, http.StatusUnprocessableEntity)
	w.post(body, SharedPath(other)+"/report", url.Values{"text": {"x"}, "_version": {"1"}}, http.StatusNotFound)
	w.post(body, SharedPath(mine)+"/report", url.Values{"text": {"已经开放62所"}, "_version": {"1"}}, http.StatusSeeOther)
	w.get(w.as("9902"), "/decision/"+mine.String(), http.StatusOK).MustHave("#steps", "市教育局 何知远")
	w.must(w.s.Close(w.as("9902"), mine, Change{Version: 2}, "", Evidence{Text: "核对过了"}))
	w.post(body, SharedPath(mine)+"/report", url.Values{"text": {"还有"}, "_version": {"3"}}, http.StatusConflict) // closed by now
}

// R59 R65: a registered body reads the invitation to it and answers it, by its own account until the day of the meeting, and
// sees nothing else of the meeting.
func TestABodyAnswersItsInvitation(t *testing.T) {
	w := open(t)
	ref := id.Ref{Root: 9902, ID: id.New()}
	w.s.SetPartners(partners{{Ref: ref, Name: "市教育局"}})
	clerk := w.as("9902")
	ask := func(title string, day clock.Day, who ...string) id.Ref {
		m, err := w.s.CreateWith(clerk, Meeting{Unit: w.unit("9902").ID, Kind: "联席会议", Title: title, Day: day, Time: "9:00", Place: "二楼会议室", Note: "内部备注", Agenda: []string{"研究假期安排"}}, who)
		w.must(err)
		return m
	}
	mine := ask("下一次联席会议", today.AddDays(9), "市教育局 王明 副局长", "团市委 李静 副书记")
	theirs := ask("别人的会", today.AddDays(9), "团市委 李静")
	past := ask("开过的会", today.AddDays(-9), "市教育局 王明")
	body := scope.With(w.ctx, scope.Actor{Account: seated, Name: "何知远", Unit: w.unit("9902").ID, Pos: w.unit("9902").Pos})
	list, open, err := w.s.Invited(body, ref)
	w.must(err)
	if len(list) != 1 || list[0].Ref() != mine || !open[mine.ID] {
		t.Errorf("asked to: %+v, %v", list, open)
	}
	page := w.get(body, InvitationPath(mine), http.StatusOK)
	for _, want := range []string{"下一次联席会议", "二楼会议室", "研究假期安排", "王明"} {
		page.MustHave("main", want)
	}
	if text := w.raw(body, InvitationPath(mine), http.StatusOK).Body.String(); strings.Contains(text, "李静") || strings.Contains(text, "内部备注") {
		t.Error("the body reads more than its own seat")
	}
	for _, at := range []string{InvitationPath(theirs), InvitationPath(past)} { // who was entered after the day was asked by nobody
		w.get(body, at, http.StatusNotFound)
		w.post(body, at+"/reply", url.Values{"_version": {"1"}, "no": {"1"}, "reply": {"comes"}}, http.StatusNotFound)
	}
	w.get(clerk, InvitationPath(mine), http.StatusNotFound)
	w.post(clerk, InvitationPath(mine)+"/reply", url.Values{"_version": {"1"}, "no": {"1"}, "reply": {"comes"}}, http.StatusNotFound)
	w.post(body, InvitationPath(mine)+"/reply", url.Values{"_version": {"1"}, "no": {"1"}, "reply": {"deputy"}}, http.StatusUnprocessableEntity)
	w.post(body, InvitationPath(mine)+"/reply", url.Values{"_version": {"1"}, "no": {"2"}, "reply": {"comes"}}, http.StatusNotFound) // another's seat
	w.post(body, InvitationPath(mine)+"/reply", url.Values{"_version": {"1"}, "no": {"1"}, "reply": {"deputy"}, "deputy": {"何知远 科长"}}, http.StatusSeeOther)
	w.post(body, InvitationPath(mine)+"/reply", url.Values{"_version": {"1"}, "no": {"1"}, "reply": {"comes"}}, http.StatusConflict) // an old page
	w.get(clerk, "/meeting/"+mine.String(), http.StatusOK).MustHave("#people td", "何知远 科长代会")
	if _, open, err := w.s.Invited(body, ref); err != nil || open[mine.ID] {
		t.Errorf("still open: %v, %v", open, err)
	}
	c := w.version(mine)
	c.Reason = "改期"
	w.must(w.s.Cancel(clerk, mine, c))
	w.post(body, InvitationPath(mine)+"/reply", url.Values{"_version": {"3"}, "no": {"1"}, "reply": {"comes"}}, http.StatusConflict)
	w.get(body, InvitationPath(mine), http.StatusOK).MustHave("main", "已取消")
}
