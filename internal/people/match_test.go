package people

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/testkit"
	"xinhuo/internal/kit/web"
	"xinhuo/internal/ledger"
	"xinhuo/internal/volunteer"
)

// volunteer makes one who may work with minors.
func (f *fixture) volunteer(unit, name string, change func(v *volunteer.Volunteer)) id.Ref {
	f.Helper()
	v := volunteer.Volunteer{Unit: f.unit(unit).ID, Name: name, Kind: volunteer.Other, AdmittedOn: "2018-01-01", BirthYear: 1950, Education: "college", Profession: "教师",
		Checks: []volunteer.Check{{Kind: volunteer.Background, On: "2019-01-01"}, {Kind: volunteer.Training, On: "2019-01-01"}}}
	if change != nil {
		change(&v)
	}
	ref, err := f.vol.Create(f.ctx, v)
	f.must(err)
	return ref
}

func certified(v *volunteer.Volunteer) {
	v.Checks = append(v.Checks, volunteer.Check{Kind: volunteer.Certificate, Name: "心理咨询师证书", On: "2019-01-01", Expires: "2022-01-01"})
}

// message is what the fields of a refusal say.
func (f *fixture) message(err error) string {
	f.Helper()
	_, faults, rest := web.Problems(f.ctx, err)
	f.must(rest)
	var out []string
	for _, x := range faults {
		out = append(out, x.Text)
	}
	return strings.Join(out, "；")
}

func TestWhoMayNotWorkWithMinorsJoinsNoTeam(t *testing.T) { // R162, R163, R122
	f := open(t)
	clerk := f.as("990203013")
	f.volunteer("990203013", "何守义", nil)
	f.volunteer("990203013", "邵清源", certified)
	f.volunteer("990203013", "陆远帆", func(v *volunteer.Volunteer) { v.Checks = nil })
	mind, err := f.s.Create(clerk, Team{Unit: f.unit("990203013").ID, Need: "心理健康", FoundedOn: "2018-01-01", Status: Approved})
	f.must(err)
	science, err := f.s.Create(clerk, Team{Unit: f.unit("990203013").ID, Need: "科普", FoundedOn: "2018-01-01", Status: Approved})
	f.must(err)
	for _, x := range []struct {
		team id.Ref
		name string
		says string // "" joins
	}{
		{science, "陆远帆", "缺有效的背景核查"}, {mind, "何守义", "缺有效的资格证"}, {science, "没有的人", "没有找到"}, {science, "", "写姓名"},
		{mind, "邵清源", ""}, {science, "何守义", ""}, {science, "何守义", "已经在队里"},
	} {
		_, v, err := f.s.Get(clerk, x.team)
		f.must(err)
		err = f.s.AddMember(clerk, x.team, v.N, x.name, "讲师", today)
		if x.says == "" {
			f.must(err)
		} else if said := f.message(err); !strings.Contains(said, x.says) {
			t.Errorf("%s: %q, want %q", x.name, said, x.says)
		}
	}
	// a check that runs out later: the page names who and what to do, and the team can still be corrected
	late := clock.With(clerk, func() time.Time { return clock.Day("2020-06-01").Time() })
	page := testkit.HTML(t, f.get(f.site(late, f.s.Routes()), "/team/"+science.String(), 200))
	page.MustHave("#people", "有1人还不能接触未成年人")
	page.MustHave("#people", "缺有效的背景核查")
	got, v, err := f.s.Get(clerk, science)
	f.must(err)
	got.Phone = "0571-1"
	f.must(f.s.Save(late, science, v.N, got, "换电话"))
	// a proposal may name somebody who has still to be checked; it is not approved before
	closed := f.volunteer("990203013", "温如许", func(v *volunteer.Volunteer) { v.Checks = nil })
	prop, err := f.s.Create(clerk, Team{Unit: f.unit("990203013").ID, Name: "新队", Need: "科普", Status: Submitted, People: []Member{{Volunteer: closed, From: today}}})
	f.must(err)
	err = f.s.Approve(clerk, prop, 1, Approval{Day: today, Document: "云关工〔2019〕2号"})
	if said := f.message(err); !strings.Contains(said, "温如许") {
		t.Errorf("approved: %q", said)
	}
	// the member leaves; the number of members follows
	_, v, err = f.s.Get(clerk, science)
	f.must(err)
	h := f.site(clerk, f.s.Routes())
	f.get(h, "/team/"+science.String()+"/end_member", 200)
	f.must(f.s.EndMember(clerk, science, v.N, got.People[0].Volunteer, today.AddDays(1)))
	got, _, err = f.s.Get(clerk, science)
	f.must(err)
	if got.Size(today) != 1 || got.Size(today.AddDays(1)) != 0 {
		t.Errorf("%+v", got.People)
	}
}

func TestMembersFromElsewhereAreFoundOnlyWithTheirConsent(t *testing.T) { // R161
	f := open(t)
	open := f.volunteer("990204003", "何守义", func(v *volunteer.Volunteer) { v.FindConsent, v.Phone = "2019-01-01", "0571-8" })
	closed := f.volunteer("990204003", "邵清源", nil)
	clerk := f.as("990203013")
	ref, err := f.s.Create(clerk, Team{Unit: f.unit("990203013").ID, Need: "科普", FoundedOn: "2018-01-01", Status: Approved, People: []Member{{Volunteer: open, From: today}}})
	f.must(err)
	_, err = f.s.Create(clerk, Team{Unit: f.unit("990203013").ID, Name: "二队", Need: "科普", FoundedOn: "2018-01-01", Status: Approved, People: []Member{{Volunteer: closed, From: today}}})
	if said := f.message(err); !strings.Contains(said, "找不到") || strings.Contains(said, "邵清源") {
		t.Errorf("%q", said)
	}
	page := f.get(f.site(clerk, f.s.Routes()), "/team/"+ref.String(), 200)
	if !strings.Contains(page, "何守义") || strings.Contains(page, "0571-8") || strings.Contains(page, "/volunteer/") {
		t.Error("name without file and telephone")
	}
}

func TestTheStructureOfATeamIsComputedOnTheDay(t *testing.T) { // R158, R174
	f := open(t)
	refs := []id.Ref{f.volunteer("990203013", "何守义", certified), f.volunteer("990203013", "邵清源", func(v *volunteer.Volunteer) { v.BirthYear, v.Profession = 1940, "医生" }),
		f.volunteer("990203013", "温如许", func(v *volunteer.Volunteer) { v.BirthYear, v.Education, v.Profession = 0, "", "" })}
	var people []Member
	for _, r := range refs {
		people = append(people, Member{Volunteer: r, From: "2018-01-01"})
	}
	ref := f.team("990203013", "A", func(t *Team) { t.People = people })
	team, _, err := f.s.Get(f.ctx, ref)
	f.must(err)
	for day, want := range map[clock.Day]string{"2019-05-31": "[{unknown 1} {60 1} {70 1}]", "2020-01-01": "[{unknown 1} {70 1} {80 1}]"} {
		roll, err := f.s.Roll(f.ctx, ref, team, day)
		f.must(err)
		if got := fmt.Sprint(roll.Bands); got != want {
			t.Errorf("on %s %s, want %s", day, got, want)
		}
		if fmt.Sprint(roll.Works) != "[{医生 1} {教师 1} { 1}]" || fmt.Sprint(roll.Schools) != "[{college 2} { 1}]" {
			t.Errorf("%v %v", roll.Works, roll.Schools)
		}
	}
	for lang, words := range map[string][]string{"zh": {"60至69岁1人", "心理咨询师证书", "大专2人"}, "en": {"Doctor: 1", "Papers and training"}} {
		page := testkit.HTML(t, f.get(f.site(i18n.With(f.as("990203013"), f.texts, lang), f.s.Routes()), "/team/"+ref.String(), 200))
		for _, w := range words {
			page.MustHave("#people", w)
		}
		page.MustNotContain("people.")
	}
}

func TestAnAdjustmentLeavesTheDaysBeforeAsTheyWere(t *testing.T) { // R159
	f := open(t)
	clerk := f.as("990203013")
	ref := f.team("990203013", "A", func(t *Team) { t.Name, t.Leader = "科普队", "何守义" })
	byNeed := func(day clock.Day) string {
		parts, err := f.led.ByValue(f.ctx, ledger.Query{Figure: "team.active", Unit: f.unit("9902").ID, Day: day}, "need")
		f.must(err)
		return fmt.Sprint(parts)
	}
	f.must(f.s.Adjust(clerk, ref, 1, Adjustment{Day: "2018-06-01", Name: "法治队", Need: "法治宣讲", Leader: "邵清源", Why: "云关工〔2018〕5号"}))
	for day, want := range map[clock.Day]string{"2018-05-31": "map[科普:1]", "2018-06-01": "map[法治宣讲:1]"} {
		if got := byNeed(day); got != want {
			t.Errorf("on %s %s, want %s", day, got, want)
		}
		f.expect("9902", day, map[string]int64{"team.active": 1})
	}
	page := testkit.HTML(t, f.get(f.site(clerk, f.s.Routes()), "/team/"+ref.String(), 200))
	page.MustHave("#past", "2018年6月1日以前：科普队，科普，负责人何守义")
	page.MustHave("#history", "调整")
	f.kind(f.s.Adjust(clerk, ref, 2, Adjustment{Day: "2018-01-01", Name: "别名", Need: "科普", Why: "x"}), errs.Invalid) // before the last one
	f.kind(f.s.Adjust(clerk, ref, 2, Adjustment{Day: "2019-01-01", Name: "法治队", Need: "法治宣讲", Leader: "邵清源", Why: "x"}), errs.Invalid)
	f.must(f.s.Dissolve(clerk, ref, 2, "2019-05-01", "任务完成"))
	f.expect("9902", today, map[string]int64{"team.active": 0})
	f.expect("9902", "2018-05-31", map[string]int64{"team.active": 1})
	f.kind(f.s.Adjust(clerk, ref, 3, Adjustment{Day: today, Name: "x", Need: "科普", Why: "x"}), errs.Conflict)
	f.must(f.s.Undo(clerk, ref, 3))
	f.expect("9902", today, map[string]int64{"team.active": 1})
	if got := byNeed(today); got != "map[法治宣讲:1]" {
		t.Error(got)
	}
	h := f.site(clerk, f.s.Routes())
	f.get(h, "/team/"+ref.String()+"/adjust", 200)
	to := f.post(h, "/team/"+ref.String()+"/adjust", url.Values{"_key": {web.NewKey()}, "_version": {"4"}, "adjusted_on": {"2019年1月1日"}, "name": {"普法队"}, "need": {"法治宣讲"}, "leader": {"温如许"}, "reason": {"换人"}}, 303)
	f.get(h, to, 200)
}

func TestACitysOwnNeedCountsUnderAGeneralOne(t *testing.T) { // R170
	f := open(t)
	city := f.as("9902")
	f.must(f.s.AddNeed(city, f.unit("9902"), "龙灯传承", "Dragon lanterns", ""))
	f.kind(f.s.AddNeed(city, f.unit("9902"), "龙灯传承", "", ""), errs.Invalid) // it was taken again without a word
	f.team("990203013", "A", func(t *Team) { t.Need = "龙灯传承" })
	parts := func() string {
		p, err := f.led.ByValue(f.ctx, ledger.Query{Figure: "team.by_standard", Unit: f.unit("9902").ID, Day: today}, "standard")
		f.must(err)
		return fmt.Sprint(p)
	}
	if got := parts(); got != "map[龙灯传承:1]" {
		t.Error(got)
	}
	f.kind(f.s.AddNeed(city, f.unit("9902"), "龙灯传承", "", "没有的类别"), errs.Invalid)
	f.kind(f.s.AddNeed(f.as("990203"), f.unit("990203"), "龙灯传承", "", "文艺"), errs.Forbidden)
	f.must(f.s.AddNeed(city, f.unit("9902"), "龙灯传承", "", "文艺")) // the teams that there are count so as well
	f.team("990203001", "B", func(t *Team) { t.Need = "龙灯传承" })
	f.team("990203001", "C", func(t *Team) { t.Need = "文艺" })
	if got := parts(); got != "map[文艺:3]" {
		t.Error(got)
	}
	p, err := f.s.List(f.ctx, f.unit("9902"), today, Filter{Need: "文艺"}, 0, "", 10)
	f.must(err)
	if p.Total != 3 {
		t.Errorf("%d teams under the general need", p.Total)
	}
}

func TestTeamsOfOtherDepartmentsStandInTheDirectoryOnly(t *testing.T) { // R72
	f := open(t)
	f.team("990203013", "A", nil)
	other := f.team("990203013", "B", func(t *Team) { t.Owner = "南江区教育局" })
	f.expect("9902", today, map[string]int64{"team.active": 1, "team.others": 1, "team.townships_1to4": 1, "team.by_standard": 1})
	for text, want := range map[Filter]int64{{Text: "教育局"}: 1, {Whose: "own"}: 1, {Whose: "others"}: 1, {}: 2} {
		p, err := f.s.List(f.ctx, f.unit("9902"), today, text, 0, "", 10)
		f.must(err)
		if p.Total != want {
			t.Errorf("%+v finds %d, want %d", text, p.Total, want)
		}
	}
	page := testkit.HTML(t, f.get(f.site(f.as("990203013"), f.s.Routes()), "/team/"+other.String(), 200))
	page.MustHave("main", "这是南江区教育局的队伍")
}

func TestDockingListsTheGaps(t *testing.T) { // R175
	f := open(t)
	county := f.team("990203", "C1", func(t *Team) { t.Name = "区科普队" })
	f.team("990204", "C2", nil)
	town := f.team("990203013", "T1", func(t *Team) { t.Docked = county })
	f.expect("9902", today, map[string]int64{"team.docked": 1})
	list, towns, err := f.s.Dockings(f.as("990203"), f.unit("990203"), today)
	f.must(err)
	if len(list) != 1 || len(towns) != 3 || len(list[0].Docked) != 1 || list[0].Docked[0].ID != town.ID || len(list[0].Gaps) != 2 {
		t.Fatalf("%+v", list)
	}
	var gaps []string
	for _, g := range list[0].Gaps {
		gaps = append(gaps, g.Name)
	}
	slices.Sort(gaps)
	if strings.Join(gaps, " ") != "南江渠镇 望江街道" {
		t.Errorf("%v", gaps)
	}
	h := f.site(f.as("990203"), f.s.Routes())
	page := testkit.HTML(t, f.get(h, "/team/"+county.String(), 200))
	page.MustHave("#docking", "望江街道")
	f.get(h, "/team/docking?unit=990203", 200)
	// by the form a township writes the code; one that does not stand above is refused
	clerk := f.site(f.as("990203109"), f.s.Routes())
	form := url.Values{"_key": {web.NewKey()}, "name": {"渠镇科普队"}, "need": {"科普"}, "status": {"approved"}, "founded_on": {"2018-01-01"}, "docked": {"C1"}}
	f.post(clerk, "/team/new?unit=990203109", form, 303)
	f.expect("9902", today, map[string]int64{"team.docked": 2})
	form.Set("_key", web.NewKey())
	form.Set("docked", "C2")
	f.post(clerk, "/team/new?unit=990203109", form, 422)
}

func TestACountyFindsARetiredDoctorAndProposesATeam(t *testing.T) { // R161
	f := open(t)
	doctor := func(v *volunteer.Volunteer) { v.Profession, v.Retired, v.FindConsent = "医生", true, "2019-01-01" }
	who := f.volunteer("990203109", "何守义", doctor)
	f.volunteer("990203109", "邵清源", func(v *volunteer.Volunteer) { doctor(v); v.FindConsent = "" })
	f.volunteer("990204003", "温如许", doctor) // of another county
	serving := f.team("990203013", "A", func(t *Team) { t.Need = "心理健康" })
	county := f.unit("990203")
	h := f.site(f.as("990203"), f.s.Routes())
	page := testkit.HTML(t, f.get(h, "/team/match?unit="+county.ID.String()+"&need=心理健康", 200))
	page.MustHave("#need", "望江街道")
	for lang, words := range map[string][2]string{"zh": {"能帮的团队", "还没有这类团队"}, "en": {"Teams that can help", "There is no such team yet"}} { // R156: whoever asks who can help finds the teams that serve the need
		as := f.site(i18n.With(f.as("990203"), f.texts, lang), f.s.Routes())
		here := testkit.HTML(t, f.get(as, "/team/match?unit="+county.ID.String()+"&need=心理健康", 200))
		here.MustHave("#need", words[0])
		here.MustHave("#need a[href='/team/"+serving.String()+"']", "")
		testkit.HTML(t, f.get(as, "/team/match?unit="+county.ID.String()+"&need=科普", 200)).MustHave("#need", words[1])
	}
	page.MustHave("#need", "何守义")
	page.MustHave("#need", "缺有效的资格证")
	page.MustNotContain("邵清源")
	page.MustNotContain("温如许")
	cover, towns, err := f.s.Covers(f.as("990203"), county, today)
	f.must(err)
	if i := slices.IndexFunc(cover, func(c Cover) bool { return c.Need.Name == "心理健康" }); i < 0 || len(cover[i].Gaps) != 2 || cover[i].Teams != 1 || len(towns) != 3 {
		t.Errorf("%+v", cover)
	}
	form := f.get(h, "/team/new?unit="+county.ID.String()+"&need=心理健康&volunteer="+who.String(), 200)
	if !strings.Contains(form, "何守义") || !strings.Contains(form, "南江区心理健康工作团队") {
		t.Error("nothing is filled in")
	}
	to := f.post(h, "/team/new?unit="+county.ID.String(), url.Values{"_key": {web.NewKey()}, "name": {"南江区心理健康工作团队"}, "need": {"心理健康"}, "leader": {"何守义"}, "status": {"submitted"}, "volunteer": {who.String()}}, 303)
	ref, err := id.ParseRef(strings.Split(to, "/")[2])
	f.must(err)
	team, _, err := f.s.Get(f.ctx, ref)
	f.must(err)
	if len(team.People) != 1 || team.People[0].Volunteer != who || team.Status != Submitted {
		t.Errorf("%+v", team)
	}
	f.expect("9902", today, map[string]int64{"team.active": 1}) // a proposal does not count
	f.get(h, "/team/match?unit="+county.ID.String()+"&need=心理健康&profession=护士", 200)
	f.get(f.site(f.as("99"), f.s.Routes()), "/team/match?unit=99", 200)
}
