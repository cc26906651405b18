package meeting

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/testkit"
)

// From the meeting to the task and to its end: held, decided, reported on, closed with evidence; each step moves its figure.
func TestADecisionBecomesATaskAndIsDone(t *testing.T) { // R60 R64
	w := open(t)
	m := w.held()
	clerk := w.as("9902")
	to := w.post(clerk, "/meeting/"+m.String()+"/do/decide", url.Values{"_version": {"1"}, "text": {"排查学校周边环境"}, "lead": {"市教育局"}, "assist": {"团市委\n南江区关工委"}, "due": {"2019-06-20"}}, http.StatusSeeOther)
	if !strings.HasPrefix(to, "/decision/") {
		t.Fatalf("leads to %s", to)
	}
	w.get(clerk, to, http.StatusOK).MustHave("h1", "议定事项登记好了")
	at, _, _ := strings.Cut(to, "/done")
	w.get(clerk, at, http.StatusOK).MustHave("h1", "排查学校周边环境")
	w.get(clerk, "/meeting/"+m.String(), http.StatusOK).MustHave("#decisions tbody th", "排查学校周边环境")
	if made, open, late := w.figure("decision.made", "9902"), w.figure("decision.open", "9902"), w.figure("decision.overdue", "9902"); made != 1 || open != 1 || late != 0 {
		t.Errorf("made %d, open %d, late %d", made, open, late)
	}
	helper := w.as("990203") // assists: reports, and closes nothing
	w.post(helper, at+"/do/report", url.Values{"_version": {"1"}, "text": {"南江区已经排查12所学校"}}, http.StatusSeeOther)
	w.get(helper, at+"/do/close", http.StatusForbidden)

	w.on("2019-06-25") // past its day: late by name
	if open, late := w.figure("decision.open", "9902"), w.figure("decision.overdue", "9902"); open != 1 || late != 1 {
		t.Errorf("open %d, late %d", open, late)
	}
	page := w.get(clerk, "/decision/overdue", http.StatusOK)
	page.MustHave("h2", "市教育局，1项")
	page.MustHave("tbody td", "逾期5天")

	w.post(clerk, at+"/do/close", url.Values{"_version": {"2"}, "day": {"2019-06-24"}}, http.StatusUnprocessableEntity) // without evidence
	w.upload(clerk, at+"/do/close", url.Values{"_version": {"2"}, "day": {"2019-06-24"}, "evidence": {"排查120所，整改31处"}}, "报告.txt", "排查情况", http.StatusSeeOther)
	w.get(clerk, "/decision/overdue", http.StatusOK).MustHave("#none", "没有逾期的事项")
	page = w.get(clerk, at, http.StatusOK)
	page.MustHave("#evidence p", "排查120所，整改31处")
	page.MustHave("#evidence a", "报告.txt")
	file := page.One("#evidence a").Attr("href")
	if got := w.raw(clerk, file, http.StatusOK).Body.String(); got != "排查情况" {
		t.Errorf("the file holds %q", got)
	}
	if done, in, late := w.figure("decision.done", "9902"), w.figure("decision.done_in_time", "9902"), w.figure("decision.overdue", "9902"); done != 1 || in != 0 || late != 0 {
		t.Errorf("done %d, in time %d, late %d", done, in, late)
	}
}

// What a decision lacks is said in plain words, and nothing is kept.
func TestADecisionHasOneLeadAndADayToCome(t *testing.T) { // R60 R64
	w := open(t)
	m := w.held()
	clerk := w.as("9902")
	for _, x := range []struct {
		lead, assist string
		due          clock.Day
		field, key   string
	}{
		{"", "", "2019-06-20", "lead", "meeting.lead_missing"},
		{"市教育局、团市委", "", "2019-06-20", "lead", "meeting.lead_one"},
		{"市教育局 团市委", "", "2019-06-20", "lead", "meeting.lead_one"},
		{"市教育局和市民政局", "", "2019-06-20", "lead", "meeting.lead_one"},
		{"市教育局", "市教育局", "2019-06-20", "assist", "meeting.lead_assists"},
		{"市教育局", "", "", "due", "meeting.due_missing"},
		{"市教育局", "", "2019-05-30", "due", "meeting.due_past"},
		{"市教育局", "", "2019-05-01", "due", "meeting.due_before"},
	} {
		_, err := w.s.Decide(clerk, Decision{Meeting: m, Text: "排查学校周边环境", Due: x.due}, x.lead, names(x.assist))
		if got := w.refused(err, x.field); got != x.key {
			t.Errorf("%+v: said %s", x, got)
		}
	}
	page := testHTML(w, clerk, "/meeting/"+m.String()+"/do/decide", url.Values{"_version": {"1"}, "text": {"排查学校周边环境"}, "due": {"2019-05-01"}})
	if !strings.Contains(page, "没有牵头单位的事项不能登记") {
		t.Error("the form does not say that the lead is missing")
	}
	if n := w.figure("decision.made", "9902"); n != 0 {
		t.Errorf("%d decisions were kept", n)
	}
	ref, err := w.s.Decide(clerk, Decision{Meeting: m, Text: "排查学校周边环境", Due: today}, "市教育局", nil) // today is not past
	w.must(err)
	w.on("2019-07-10") // and a day that went by is no reason against a report
	w.must(w.s.Report(clerk, ref, w.decisionVersion(ref), "还差两所学校"))
	c := w.decisionVersion(ref)
	c.Reason = "时限改早"
	if got := w.refused(w.s.Amend(clerk, ref, c, "排查学校周边环境", "市教育局", nil, "2019-07-01"), "due"); got != "meeting.due_past" {
		t.Errorf("said %s", got)
	}
}

// Invited units see the meeting and answer for themselves, and nothing else of it; others see nothing.
func TestInvitationsAreAnswered(t *testing.T) { // R65
	w := open(t)
	ref, err := w.s.CreateWith(w.as("9902"), Meeting{Unit: w.unit("9902").ID, Kind: "联席会议", Title: "第三季度联席会议", Day: "2019-06-10", Chair: "周启明"},
		[]string{"南江区关工委 林素云 主任", "市教育局 王明 副局长"})
	w.must(err)
	at := "/meeting/" + ref.String()
	county := w.as("990203")
	items, _, err := w.flow.Inbox(county, 10)
	w.must(err)
	if len(items) != 1 || items[0].Title != "答复会议邀请：第三季度联席会议" || items[0].Due != "2019-06-10" {
		t.Fatalf("the county's inbox: %+v", items)
	}
	w.get(county, items[0].Link, http.StatusOK).MustHave("h1", "答复邀请")
	w.post(county, items[0].Link, url.Values{"_version": {"1"}, "no": {"1"}, "reply": {"deputy"}}, http.StatusUnprocessableEntity) // who comes?
	w.post(county, items[0].Link, url.Values{"_version": {"1"}, "no": {"1"}, "reply": {"deputy"}, "deputy": {"陈秀兰 副主任"}}, http.StatusSeeOther)
	if items, _, _ = w.flow.Inbox(county, 10); len(items) != 0 {
		t.Errorf("still in the inbox: %+v", items)
	}
	w.get(county, at, http.StatusOK).MustHave("#people td", "陈秀兰 副主任代会")
	w.kind(w.s.Reply(county, ref, w.version(ref), 2, "comes", "", ""), errs.Forbidden) // not theirs
	w.get(county, at+"/do/correct", http.StatusForbidden)
	w.get(w.as("990204"), at, http.StatusNotFound)
	// what the bodies answered by telephone is noted by the city, which is told who is silent
	items, _, err = w.flow.Inbox(w.as("9902"), 10)
	w.must(err)
	if len(items) != 1 || items[0].Title != "催答会议邀请：第三季度联席会议" || !strings.Contains(items[0].Why, "市教育局") {
		t.Errorf("the city's inbox: %+v", items)
	}
	w.must(w.s.Reply(w.as("9902"), ref, w.version(ref), 2, "excused", "", "出差"))
	m, _, err := w.s.Get(w.as("9902"), ref)
	w.must(err)
	if m.Seats[1].Reply != "excused" || m.Seats[1].Why != "出差" || m.Seats[1].RepliedOn != today {
		t.Errorf("kept: %+v", m.Seats[1])
	}
	if w.refused(w.s.Attend(w.as("9902"), ref, w.version(ref), map[int64]string{1: "self"}), "came") != "meeting.not_yet" {
		t.Error("who came is noted before the day")
	}
}

// The share who came, by body and year, and who stayed away by name.
func TestAttendanceByBodyAndYear(t *testing.T) { // R58 R65
	w := open(t)
	clerk := w.as("9902")
	m := w.held()
	w.must(w.s.Attend(clerk, m, w.version(m), map[int64]string{1: "self", 2: "away", 3: "deputy"}))
	if asked, came, share := w.figure("meeting.expected", "9902"), w.figure("meeting.came", "9902"), w.figure("meeting.attendance_share", "9902"); asked != 3 || came != 2 || share != 667 {
		t.Errorf("asked %d, came %d, share %d", asked, came, share)
	}
	w.on("2020-02-01") // another year counts apart
	n, err := w.s.CreateWith(clerk, Meeting{Unit: w.unit("9902").ID, Kind: "全体会议", Title: "全体会议", Day: "2020-01-15"}, []string{"市教育局 王明 副局长"})
	w.must(err)
	w.must(w.s.Attend(clerk, n, w.version(n), map[int64]string{1: "self"}))
	list, err := w.s.Bodies(clerk, w.unit("9902"), 2019)
	w.must(err)
	if len(list) != 3 {
		t.Fatalf("bodies: %+v", list)
	}
	for _, b := range list {
		if b.Name == "市教育局" && (b.Asked != 1 || b.Away != 1 || b.Self != 0) || b.Name == "团市委" && (b.Asked != 1 || b.Deputy != 1) {
			t.Errorf("%+v", b)
		}
	}
	page := w.get(clerk, "/meeting/bodies?year=2019", http.StatusOK)
	page.MustHave("#away li", "市教育局 王明 副局长")
	page.MustHave("#bodies td", "100%")
	w.get(clerk, "/meeting/bodies?year=2020", http.StatusOK).MustHave("#away p", "没有人缺席")
	w.get(clerk, "/meeting/bodies?year=2019&body="+url.QueryEscape("市教育局"), http.StatusOK).MustHave("#seats tbody th", "第二季度联席会议")
	w.get(w.as("990204"), "/meeting/bodies?year=2019&body="+url.QueryEscape("市教育局"), http.StatusNotFound)
}

// Draft, approved by the chair, issued; each version stays, and who was invited reads nothing before the chair approved.
func TestMinutesAreApprovedAndIssued(t *testing.T) { // R64
	w := open(t)
	clerk, county := w.as("9902"), w.as("990203")
	m := w.held()
	at := "/meeting/" + m.String()
	w.must(w.s.Write(clerk, m, w.version(m), "会议通报了情况。"))
	w.must(w.s.Write(clerk, m, w.version(m), "会议通报了上半年情况。\n会议研究了假期安排。"))
	w.get(county, at+"/paper", http.StatusNotFound)
	if doc := w.raw(county, at, http.StatusOK).Body.String(); strings.Contains(doc, "会议通报了") {
		t.Error("the county reads a draft")
	}
	if got := w.raw(county, "/api/v1/meetings/"+m.String(), http.StatusOK).Body.String(); strings.Contains(got, "会议通报了") {
		t.Error("the county's program reads a draft")
	}
	w.kind(w.s.Reopen(clerk, m, Change{Version: w.version(m).Version, Reason: "x"}), errs.Conflict)
	w.refused(w.s.Issue(clerk, m, w.version(m), "", "第2期"), "day") // before the chair
	w.must(w.s.Approve(clerk, m, w.version(m), "2019-05-28"))
	w.refused(w.s.Write(clerk, m, w.version(m), "再改一句。"), "text")
	w.must(w.s.Issue(clerk, m, w.version(m), "", "第2期"))
	got, _, err := w.s.Get(clerk, m)
	w.must(err)
	if x := got.Minutes; x.State() != "issued" || x.ApprovedBy != "周启明" || len(x.Drafts) != 2 || x.Drafts[0].Text != "会议通报了情况。" {
		t.Errorf("kept: %+v", x)
	}
	page := w.get(county, at+"/paper", http.StatusOK)
	page.MustHave("h1", "云州市关工委联席会议纪要")
	page.MustHave("h1.mark", "联席会议纪要")
	page.MustHave(".no", "第2期")
	page.MustHave(".para", "会议研究了假期安排")
	page.MustHave(".rule", "云州市关工委办公室")
	page.MustHave(".ends p:first-child", "抄送：南江区关工委，市教育局，团市委。") // who came, without the unit that met
	page.MustHave(".ends p:last-child", "云州市关工委办公室")
	page.MustHave(".ends p:last-child", "2019年5月31日印发")
	w.get(clerk, at+"/paper?version=1", http.StatusOK).MustHave(".para", "会议通报了情况。")
	if n := w.figure("meeting.minutes_issued", "9902"); n != 1 {
		t.Errorf("%d issued", n)
	}
	data := w.raw(county, at+"/minutes", http.StatusOK)
	if !strings.HasPrefix(data.Body.String(), "PK") || data.Header().Get("Content-Type") != "application/vnd.openxmlformats-officedocument.wordprocessingml.document" {
		t.Error("the minutes are no Word document")
	}
}

// A speech is found from the unit that held it and from the meeting; of a meeting of a level above, who of us went and spoke.
func TestSpeechesStandAtUnitAndMeeting(t *testing.T) { // R78 R79
	w := open(t)
	clerk := w.as("9902")
	_, err := w.s.Create(clerk, Meeting{Unit: w.unit("9902").ID, Kind: "上级工作会议", Title: "全省推进会", Day: "2019-04-18"})
	if w.refused(err, "host") != "meeting.host_missing" {
		t.Error("who called it is not asked")
	}
	ref, err := w.s.CreateWith(clerk, Meeting{Unit: w.unit("9902").ID, Kind: "上级工作会议", Title: "全省推进会", Day: "2019-04-18", Host: "省关工委"}, []string{"云州市关工委 周启明 主任", "柳溪镇关工委 何平 主任"})
	w.must(err)
	w.must(w.s.Attend(clerk, ref, w.version(ref), map[int64]string{1: "self", 2: "self"}))
	at := "/meeting/" + ref.String()
	w.upload(clerk, at+"/do/speech", url.Values{"_version": {"2"}, "body": {"柳溪镇关工委"}, "speaker": {"何平"}, "speech_title": {"抓实阵地 暖心育人"}}, "发言.txt", strings.Repeat("各位领导", 4<<20), http.StatusUnprocessableEntity) // 48 MB: the form comes back
	w.upload(clerk, at+"/do/speech", url.Values{"_version": {"2"}, "body": {"柳溪镇关工委"}, "speaker": {"何平"}, "speech_title": {"抓实阵地 暖心育人"}}, "发言.txt", "各位领导", http.StatusSeeOther)
	page := w.get(clerk, at, http.StatusOK)
	page.MustHave("#people tbody th", "柳溪镇关工委")
	page.MustHave("#speeches tbody td", "柳溪镇关工委")
	town := w.as("990203001")
	list, err := w.s.Speeches(town, w.unit("990203001"), 10)
	w.must(err)
	if len(list) != 1 || list[0].Title != "抓实阵地 暖心育人" || list[0].Ref() != ref {
		t.Fatalf("the township's speeches: %+v", list)
	}
	page = w.get(town, speechHref(ref, list[0].No), http.StatusOK)
	page.MustHave("h1", "抓实阵地 暖心育人")
	if got := w.raw(town, speechFile(page), http.StatusOK).Body.String(); got != "各位领导" {
		t.Errorf("the file holds %q", got)
	}
	if list, err := w.s.Bodies(clerk, w.unit("9902"), 2019); err != nil || len(list) != 0 { // the meeting was not ours
		t.Errorf("bodies: %+v, %v", list, err)
	}
	if held, above, said, mine := w.figure("meeting.held", "9902"), w.figure("meeting.above_attended", "9902"), w.figure("meeting.speeches", "990203"), w.figure("meeting.expected", "9902"); held != 0 || above != 1 || said != 1 || mine != 0 {
		t.Errorf("held %d, above %d, speeches %d, expected %d", held, above, said, mine)
	}
	panel, err := w.s.panel().Render(town, w.unit("990203001"), today)
	w.must(err)
	var b strings.Builder
	w.must(panel.Render(town, &b))
	if !strings.Contains(b.String(), "抓实阵地 暖心育人") {
		t.Error("the unit's page does not name the speech")
	}
}

// speechFile is where the page of a speech leads for its file.
func speechFile(page testkit.Doc) string {
	for _, a := range page.All("a") {
		if href := a.Attr("href"); strings.Contains(href, "/file/") {
			return href
		}
	}
	return "/none"
}
