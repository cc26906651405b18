package training

import (
	"bytes"
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/table"
	"xinhuo/internal/kit/testkit"
	"xinhuo/internal/people"
	"xinhuo/internal/record"
	"xinhuo/internal/volunteer"
)

func TestOnePersonCountsOnceACourse(t *testing.T) { // R173: attendance, hours per person
	f := open(t)
	he, shao := f.person("990203001", "何守义"), f.person("990203013", "邵清源")
	ref := f.course("990203", nil)
	f.must(f.s.Attend(f.ctx, ref, 1, []id.Ref{he, shao, he}, 0, true))
	f.must(f.s.Attend(f.ctx, ref, 2, []id.Ref{he}, 180, true)) // noted again: the last holds
	f.must(f.s.SetCadres(f.ctx, ref, 3, f.unit("990203").ID, 4))
	f.expect("9902", today, map[string]int64{"training.held": 1, "training.planned": 1, "training.attendances": 6, "training.minutes": 180 + 360 + 4*360, "training.people": 2, "training.certificates": 2, "training.holding": 2})
	f.expect("990203001", today, map[string]int64{"training.attendances": 1, "training.minutes": 180, "training.held": 0})
	// a second course: two attendances more, but the same person
	second := f.course("990203001", func(c *Course) {
		c.Title, c.Competence, c.From, c.Last, c.Months = "安全讲座", "", "2019-05-06", "", 0
	})
	f.must(f.s.Attend(f.ctx, second, 1, []id.Ref{he}, 0, true))
	f.expect("9902", today, map[string]int64{"training.held": 2, "training.attendances": 7, "training.people": 2, "training.holding": 2, "training.certificates": 2})
	f.expect("9902", "2019-05-05", map[string]int64{"training.held": 1, "training.attendances": 6})
	f.expect("9902", "2020-04-12", map[string]int64{"training.people": 1}) // he alone within twelve months
	n, minutes, err := f.s.Taught(f.ctx, f.unit("9902"), today)
	f.must(err)
	if n != 2 || minutes != 180+360+360 {
		t.Errorf("%d people, %d minutes", n, minutes)
	}
	// taken out again, everything follows
	f.must(f.s.Drop(f.ctx, ref, 4, []id.Ref{shao}, "没有来"))
	f.expect("9902", today, map[string]int64{"training.people": 1, "training.holding": 1, "training.attendances": 6})
	f.kind(f.s.Drop(f.ctx, ref, 5, []id.Ref{shao}, "没有来"), errs.Invalid)
	f.must(f.s.Undo(f.ctx, ref, 5))
	f.expect("9902", today, map[string]int64{"training.people": 2, "training.holding": 2, "training.attendances": 7})
	rep, err := f.led.Verify(f.ctx, nil)
	f.must(err)
	if len(rep.Faults) > 0 {
		t.Errorf("%+v", rep.Faults)
	}
}

func TestAYearsPlanAgainstWhatWasHeld(t *testing.T) { // R173: training plan
	f := open(t)
	f.course("990203", nil)
	f.course("990203", func(c *Course) { c.Title, c.Planned, c.From, c.Last = "法治宣讲培训班", "2019-03-20", "", "" })
	ref := f.course("990203013", func(c *Course) { c.Title, c.Planned, c.From, c.Last = "急救培训班", "2019-09-01", "", "" })
	f.course("990204", func(c *Course) { c.Title = "别的区的班" })
	h := f.site(f.as("990203"))
	page := testkit.HTML(t, f.get(h, "/training/plan?unit=990203&year=2019"))
	page.MustHave("#plan", "计划3期，已举办1期，还没有办2期，其中过了计划月份的1期，取消0期")
	page.MustHave("main", "过了计划月份还没有办")
	page.MustNotContain("别的区的班")
	f.kind(f.s.Cancel(f.ctx, ref, 1, ""), errs.Invalid)
	f.must(f.s.Cancel(f.ctx, ref, 1, "教师来不了"))
	f.kind(f.s.Cancel(f.ctx, ref, 2, "再取消"), errs.Conflict)
	f.kind(f.s.Attend(f.ctx, ref, 2, []id.Ref{f.person("990203013", "邵清源")}, 0, true), errs.Conflict)
	page = testkit.HTML(t, f.get(h, "/training/plan?unit=990203&year=2019"))
	page.MustHave("#plan", "还没有办1期，其中过了计划月份的1期，取消1期")
	f.expect("990203", today, map[string]int64{"training.cancelled": 1, "training.held": 1, "training.planned": 2})
	f.expect("990203", "2019-12-31", map[string]int64{"training.planned": 3})
	testkit.HTML(t, f.get(h, "/training/plan?unit=990203&year=2018")).MustHave("#plan", "这一年还没有计划")
}

func TestRenewalsAreListed(t *testing.T) { // R173: certificates that run out
	f := open(t)
	he, shao := f.person("990203001", "何守义"), f.person("990203013", "邵清源")
	old := f.course("990203", func(c *Course) { c.Planned, c.From, c.Last = "", "2017-06-20", "2017-06-20" }) // ends on 2019-06-20
	f.must(f.s.Attend(f.ctx, old, 1, []id.Ref{he, shao}, 0, true))
	f.expect("990203", today, map[string]int64{"training.holding": 2, "training.due": 2, "training.lapsed": 0})
	f.expect("990203", "2019-04-20", map[string]int64{"training.due": 0})
	f.expect("990203", "2019-04-21", map[string]int64{"training.due": 2}) // sixty days before
	f.expect("990203", "2019-06-20", map[string]int64{"training.holding": 0, "training.due": 0, "training.lapsed": 2})
	renewed := f.course("990203", func(c *Course) { c.Title, c.From, c.Last = "复训班", "2019-05-20", "2019-05-20" })
	f.must(f.s.Attend(f.ctx, renewed, 1, []id.Ref{he}, 0, true))
	f.expect("990203", today, map[string]int64{"training.holding": 2, "training.due": 1})
	page := testkit.HTML(t, f.get(f.site(f.as("990203")), "/training/renewals?unit=990203"))
	page.MustHave("#due", "邵清源")
	page.MustNotContain("何守义")
	page = testkit.HTML(t, f.get(f.site(f.as("990203")), "/training/renewals?unit=990203&day=2019-07-01"))
	page.MustHave("#lapsed", "邵清源")
	page.MustHave("#due", "没有快到期的证书")
	if got := f.get(f.site(f.as("990203")), "/api/v1/renewals?unit=990203"); !strings.Contains(got, "邵清源") || strings.Contains(got, "何守义") {
		t.Error(got)
	}
	// whoever did not pass has nothing to renew
	f.must(f.s.Attend(f.ctx, renewed, 2, []id.Ref{he}, 0, false))
	f.expect("990203", today, map[string]int64{"training.holding": 2, "training.due": 2})
}

// The figure said that it counts competences, and counted people: who held two was one.
func TestWhoHoldsTwoCompetencesIsOnePerson(t *testing.T) { // R174
	f := open(t)
	he := f.person("990203001", "何守义")
	for _, can := range []string{"未成年人保护", "急救"} {
		ref := f.course("990203", func(c *Course) { c.Title, c.Competence = can, can })
		f.must(f.s.Attend(f.ctx, ref, 1, []id.Ref{he}, 0, true))
	}
	f.expect("990203", today, map[string]int64{"training.holding": 1, "training.certificates": 2})
	d, err := f.led.Figure("training.holding")
	f.must(err)
	if d.Measure.Zh != "人" || len(d.Breakdowns) > 0 {
		t.Errorf("people are counted as %q and by %v", d.Measure.Zh, d.Breakdowns)
	}
}

func TestASkillMatrixPerTeam(t *testing.T) { // R174
	f := open(t)
	he, shao := f.person("990203001", "何守义"), f.person("990203001", "邵清源")
	ref := f.course("990203", nil)
	f.must(f.s.Attend(f.ctx, ref, 1, []id.Ref{he}, 0, true))
	team, err := f.people.Create(f.ctx, people.Team{Unit: f.unit("990203001").ID, Name: "望江心理队", Need: "科普", FoundedOn: "2018-01-01", Status: people.Approved,
		People: []people.Member{{Volunteer: he, From: "2018-01-01"}, {Volunteer: shao, From: "2018-01-01"}}})
	f.must(err)
	m, err := f.s.Skills(f.as("990203"), team, today)
	f.must(err)
	for _, x := range m.Members {
		holds, lapsed, end := x.holds["心理辅导"].on(today)
		if x.Ref == he && (!holds || end != "2021-04-11") || x.Ref == shao && (holds || lapsed) {
			t.Errorf("%s: %v %v %s", x.Name, holds, lapsed, end)
		}
	}
	page := testkit.HTML(t, f.get(f.site(f.as("990203")), "/training/skills?unit=990203&team="+team.String()))
	page.MustHave("#matrix", "有效到2021年4月10日")
	page.MustHave("#matrix", "没有人会：急救")
	page.MustHave("#matrix", "1人")
	testkit.HTML(t, f.get(f.site(f.as("990203")), "/training/skills?unit=990203&team="+team.String()+"&day=2021-04-11")).MustHave("#matrix", "2021年4月11日过期")
	f.send(f.site(f.as("990204")), "GET", "/training/skills?unit=990204&team="+team.String(), "", "", 404)
	page = testkit.HTML(t, f.get(f.site(f.as("990203")), "/trainee/"+he.String()))
	page.MustHave("#courses", "心理辅导骨干培训班")
	f.send(f.site(f.as("990204")), "GET", "/trainee/"+he.String(), "", "", 404)
}

func TestWhoStudiedADocument(t *testing.T) { // R85: read list, share of units
	f := open(t)
	he := f.person("990203013", "何守义")
	ref := f.course("990203", func(c *Course) {
		c.Documents = papersOf("云关委〔2019〕3号 关于加强队伍建设的意见\n云关委〔2019〕3号 重复的\n老同志讲稿")
	})
	f.must(f.s.Attend(f.ctx, ref, 1, []id.Ref{he}, 0, false)) // who came has studied it, passed or not
	x, err := f.s.Study(f.as("9902"), f.unit("9902"), "云关委〔2019〕3号", today)
	f.must(err)
	if len(x.Reads) != 2 || x.All != 6 || len(x.Missing) != 4 {
		t.Errorf("%d read, %d missing of %d", len(x.Reads), len(x.Missing), x.All)
	}
	h := f.site(f.as("9902"))
	page := testkit.HTML(t, f.get(h, "/training/study?unit=9902"))
	page.MustHave("#papers", "云关委〔2019〕3号 关于加强队伍建设的意见")
	page.MustHave("#papers", "33.3%")
	if strings.Contains(page.One("#papers").Content(), "%%") {
		t.Error("a share is written with two signs")
	}
	page = testkit.HTML(t, f.get(h, "/training/study?unit=9902&document="+url.QueryEscape("云关委〔2019〕3号")))
	page.MustHave("#read", "6个单位中有2个学习过，占33.3%")
	page.MustHave("#read", "稻香镇")
	page.MustHave("#unread", "望江街道")
	f.send(h, "GET", "/training/study?unit=9902&document=没有", "", "", 404)
	f.expect("9902", today, map[string]int64{"training.studies": 2, "training.units_studied": 1, "training.units_unstudied": 2})
	f.expect("9902", "2020-04-11", map[string]int64{"training.units_studied": 0})
	// what was studied before a day
	testkit.HTML(t, f.get(h, "/training/study?unit=9902&day=2019-04-10")).MustHave("#papers", "近12个月没有学习记录")
}

func TestACertificateIsCheckedByAnybody(t *testing.T) { // R173
	f := open(t)
	he, shao := f.person("990203001", "何守义"), f.person("990203013", "邵清源")
	ref := f.course("990203", nil)
	f.must(f.s.Attend(f.ctx, ref, 1, []id.Ref{he, shao}, 0, true))
	h := f.site(f.as("990203"))
	body := f.get(h, "/training/"+ref.String()+"/certificate?no=1")
	testkit.HTML(t, body).MustHave("main", "990203-PX001-001")
	_, code, err := f.s.Certificate(f.as("990203"), ref, 1)
	f.must(err)
	anyone := f.site(f.ctx)
	page := testkit.HTML(t, f.get(anyone, "/trained/"+ref.String()+"?no=1&code="+strings.ToLower(code)))
	page.MustHave("main", "何守义")
	page.MustHave("main", "这张证书是真的")
	for _, q := range []string{"?no=2&code=" + code, "?no=1&code=" + code[1:] + "A", "?no=1", "?no=9&code=" + code, ""} {
		if got := f.send(anyone, "GET", "/trained/"+ref.String()+q, "", "", 404); strings.Contains(got, "何守义") || strings.Contains(got, "邵清源") {
			t.Errorf("%s says a name", q)
		}
	}
	f.send(f.site(f.as("990204")), "GET", "/training/"+ref.String()+"/certificate?no=1", "", "", 404)
	// a number is never given again: who did not pass after all and then did gets the next
	f.must(f.s.Attend(f.ctx, ref, 2, []id.Ref{he}, 0, false))
	f.send(anyone, "GET", "/trained/"+ref.String()+"?no=1&code="+code, "", "", 404)
	f.must(f.s.Attend(f.ctx, ref, 3, []id.Ref{he}, 0, true))
	c, _, err := f.s.Get(f.ctx, ref)
	f.must(err)
	if c.People[0].No != 3 || c.People[1].No != 2 || c.Given != 3 {
		t.Errorf("%+v", c.People)
	}
	// nobody types a number
	c.People[0].No, c.Given = 1, 0
	f.must(f.s.Save(f.ctx, ref, 4, c, "改号"))
	c, _, err = f.s.Get(f.ctx, ref)
	f.must(err)
	if c.People[0].No != 3 || c.Given != 3 {
		t.Errorf("%+v", c)
	}
}

func TestACertificateCountsAsACheckOfVolunteers(t *testing.T) { // R162, R163, R173
	f := open(t)
	he := f.person("990203001", "何守义")
	lacks := func(day clock.Day) int {
		t.Helper()
		unfit, err := f.vol.FitToCounsel(f.ctx, []id.Ref{he}, day)
		f.must(err)
		return len(unfit)
	}
	if lacks(today) != 1 {
		t.Error("fit to counsel without a certificate")
	}
	ref := f.course("990203", func(c *Course) { c.Months = 6 })
	f.must(f.s.Attend(f.ctx, ref, 1, []id.Ref{he}, 0, true))
	if lacks("2019-04-10") != 1 || lacks("2019-04-11") != 0 || lacks("2019-10-10") != 0 || lacks("2019-10-11") != 1 {
		t.Error("the certificate holds on other days than it says")
	}
	fresh, err := f.vol.Create(f.ctx, volunteer.Volunteer{Unit: f.unit("990203001").ID, Name: "新人", Kind: "veteran_cadre", CandidateOn: "2019-01-01", Checks: []volunteer.Check{{Kind: volunteer.Background, On: "2019-01-05", Expires: "2022-01-05"}}})
	f.must(err)
	f.kind(f.vol.Admit(f.ctx, fresh, 1, today), errs.Invalid)
	first := f.course("990203001", func(c *Course) {
		c.Title, c.Subject, c.Competence, c.Months = "岗前培训", "岗前培训", "未成年人保护", 0
	})
	f.must(f.s.Attend(f.ctx, first, 1, []id.Ref{fresh}, 0, true))
	f.must(f.vol.Admit(f.ctx, fresh, 1, today))
}

func TestFormsTablesAndJSON(t *testing.T) { // R173
	f := open(t)
	f.person("990203001", "何守义")
	f.person("990203013", "邵清源")
	h := f.site(f.as("990203"))
	f.get(h, "/training/new?unit=990203")
	f.post(h, "/training/new?unit=990203", url.Values{"title": {""}, "planned": {"哪天"}}, 422)
	f.post(h, "/training/new?unit=990203", url.Values{"title": {"班"}, "subject": {"没有的"}, "planned": {"2019-04-01"}, "mode": {"room"}}, 422)
	to := f.post(h, "/training/new?unit=990203", url.Values{"title": {"心理辅导培训班"}, "subject": {"心理辅导"}, "planned": {"2019.4.1"}, "from": {"2019-04-10"}, "minutes": {"180"}, "mode": {"room"},
		"documents": {"云关委〔2019〕3号 意见"}, "competence": {"心理辅导"}, "months": {"24"}}, 303)
	f.get(h, to)
	path := strings.TrimSuffix(strings.Split(to, "?")[0], "/done")
	for _, p := range []string{"", "/edit", "/known", "/attend", "/cadres", "/drop", "/cancel", "/remove"} {
		f.get(h, path+p)
	}
	f.post(h, path+"/attend", url.Values{"_version": {"1"}, "others": {"谁也不是"}, "present": {"180"}, "passed": {"yes"}}, 422)
	f.post(h, path+"/attend", url.Values{"_version": {"1"}, "present": {"180"}, "passed": {"yes"}}, 422)
	f.get(h, f.post(h, path+"/attend", url.Values{"_version": {"1"}, "others": {"何守义\n邵清源"}, "present": {"180"}, "passed": {"yes"}}, 303))
	f.post(h, path+"/cadres", url.Values{"_version": {"2"}, "unit": {"没有的镇"}, "cadres": {"3"}}, 422)
	f.get(h, f.post(h, path+"/cadres", url.Values{"_version": {"2"}, "unit": {"稻香镇"}, "cadres": {"3"}}, 303))
	f.post(h, path+"/edit", url.Values{"_version": {"3"}, "title": {"心理辅导一班"}, "reason": {"改名"}}, 303)
	f.post(h, path+"/edit", url.Values{"_version": {"3"}, "title": {"心理辅导二班"}, "reason": {"晚了一步"}}, 409)
	ref, err := id.ParseRef(strings.TrimPrefix(path, "/training/"))
	f.must(err)
	body := strings.Replace(f.get(h, "/api/v1/training/"+ref.String()), "心理辅导一班", `心理辅导骨干班","teacher":"市委党校 方明远`, 1) // a table folds the space
	f.send(h, "PUT", "/api/v1/training/"+ref.String(), "application/json", body, 200)
	if got := f.get(h, "/api/v1/training?unit=990203&state=held"); !strings.Contains(got, `"total":1`) || !strings.Contains(got, `"people":5`) {
		t.Error(got)
	}
	page := testkit.HTML(t, f.get(h, "/training?unit=990203&year=2019&subject=心理辅导"))
	page.MustHave("main", "心理辅导骨干班")
	page.MustHave("main", "2名志愿者参加培训，共6小时，人均3小时")
	f.send(f.site(f.as("990204")), "GET", path, "", "", 404)
	f.send(f.site(f.as("990203001")), "GET", path+"/attend", "", "", 404)
	// what goes out comes in again without change, in both languages
	for _, kind := range []string{Kind, kindAttendance} {
		for _, lang := range []string{"zh", "en"} {
			ctx := i18n.With(f.ctx, f.texts, lang)
			var b bytes.Buffer
			f.must(f.rec.Export(ctx, &b, kind, table.XLSX, f.unit("9902").ID, "x"))
			p, err := f.rec.Upload(ctx, kind, f.unit("9902").ID, "x.xlsx", b.Bytes())
			f.must(err)
			if len(p.Problems) != 0 || p.Count(record.Same) == 0 || p.Count(record.Same) != len(p.Lines) {
				t.Errorf("%s %s: %+v %+v", kind, lang, p.Lines, p.Problems)
			}
		}
	}
	p, err := f.rec.Upload(f.ctx, Kind, f.unit("990203").ID, "z.csv", []byte("单位,名称,内容,日期,时长（分钟）\n稻香镇,法治讲座,法治,2019.3.6,90\n稻香镇,没有内容,天文,2019.3.6,90\n"))
	f.must(err)
	if p.Count(record.Added) != 1 || p.Bad != 1 {
		t.Errorf("%+v %+v", p.Lines, p.Problems)
	}
	p, err = f.rec.Upload(f.ctx, kindAttendance, f.unit("990203").ID, "r.csv", []byte("培训班编号,姓名,到课（分钟）,结业\n990203-PX001,何守义,90,否\n990203-PX001,没有这人,90,是\n没有的班,何守义,90,是\n"))
	f.must(err)
	if p.Count(record.Changed) != 1 || p.Bad != 2 {
		t.Errorf("%+v %+v", p.Lines, p.Problems)
	}
	_, err = f.rec.Take(f.ctx, p.Ref, true)
	f.must(err)
	f.expect("990203", today, map[string]int64{"training.minutes": 90 + 180 + 3*180, "training.holding": 1})
	f.must(f.rec.UndoImport(f.ctx, p.Ref))
	f.expect("990203", today, map[string]int64{"training.minutes": 360 + 3*180, "training.holding": 2})
	// removed, and taken back
	_, v, err := f.s.Get(f.ctx, ref)
	f.must(err)
	f.get(h, f.post(h, path+"/remove", url.Values{"_version": {fmt.Sprint(v.N)}, "reason": {"登记错了"}}, 303))
	f.expect("9902", today, map[string]int64{"training.held": 0, "training.people": 0})
	f.post(h, path+"/undo", url.Values{"_version": {fmt.Sprint(v.N + 1)}}, 303)
	f.expect("9902", today, map[string]int64{"training.held": 1, "training.people": 2})
}

func TestACityKeepsItsWords(t *testing.T) { // R173, R174
	f := open(t)
	city := f.unit("9902")
	f.must(f.s.AddWord(f.ctx, city, "competence", "皮影", "Shadow plays"))
	f.kind(f.s.AddWord(f.ctx, city, "competence", "皮影", ""), errs.Invalid)
	f.kind(f.s.AddWord(f.as("990203"), f.unit("990203"), "competence", "剪纸", ""), errs.Forbidden)
	f.course("990203", func(c *Course) { c.Competence = "皮影" })
	f.kind(f.s.DropWord(f.ctx, city, "competence", "皮影"), errs.Conflict)
	f.must(f.s.AddWord(f.ctx, city, "subject", "书法", ""))
	h := f.site(f.as("9902"))
	testkit.HTML(t, f.get(h, "/training/words?unit=9902")).MustHave("#competence", "皮影")
	f.post(h, "/training/words?unit=9902", url.Values{"kind": {"subject"}, "name": {""}}, 422)
	f.post(h, "/training/words/off?unit=9902", url.Values{"kind": {"subject"}, "name": {"书法"}}, 303)
	f.kind(f.s.DropWord(f.ctx, city, "subject", "法治"), errs.NotFound) // shipped ones stay
	if page := f.get(f.site(f.as("990203")), "/training/words?unit=990203"); regexp.MustCompile("<form[^>]*words").MatchString(page) {
		t.Error("a county is offered what the city keeps")
	}
}

func TestWhatACourseNeeds(t *testing.T) { // R173
	good := Course{Title: "班", Subject: "法治", Mode: "room", Planned: "2019-04-01", From: "2019-04-10", Last: "2019-04-10", Minutes: 90}
	for _, x := range []struct {
		name, want string
		change     func(c *Course)
	}{
		{"as it should be", "", func(*Course) {}},
		{"planned alone", "", func(c *Course) { c.From, c.Last, c.Minutes = "", "", 0 }},
		{"no title", "title", func(c *Course) { c.Title = "" }},
		{"ends before it begins", "last", func(c *Course) { c.Last = "2019-04-09" }},
		{"held for no time", "minutes", func(c *Course) { c.Minutes = 0 }},
		{"there for longer than it took", "present", func(c *Course) { c.People = []Attendee{{Minutes: 91}} }},
		{"called off without a reason", "cancel_reason", func(c *Course) { c.CancelledOn = "2019-04-01" }},
		{"called off, and people came", "cancelled_on", func(c *Course) {
			c.CancelledOn, c.Reason, c.Cadres = "2019-04-01", "雨", []Cadres{{1, 2}}
		}},
	} {
		c := good
		x.change(&c)
		var got []string
		for _, p := range c.problems() {
			got = append(got, p.Name)
		}
		if strings.Join(got, " ") != x.want {
			t.Errorf("%s: %v, want %q", x.name, got, x.want)
		}
	}
	if got := (Course{Last: "2019-01-31", Months: 1}).Expires(); got != "2019-03-03" {
		t.Errorf("a month from 31 January: %s", got)
	}
}
