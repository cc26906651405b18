package association

import (
	"bytes"
	"fmt"
	"net/url"
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
)

func TestAStationHasTwoParentsAndCountsOnce(t *testing.T) { // R195
	f := open(t)
	county := f.association("990203", nil)
	far := f.association("990204", nil)
	ref, err := f.s.CreateStation(f.as("990203013"), Station{Unit: f.unit("990203013").ID, Association: county, Name: "稻香镇志愿者工作站", FoundedOn: "2018-01-01", Volunteers: 12})
	f.must(err)
	for _, unit := range []string{"990203013", "990203", "9902", "99"} {
		f.expect(unit, today, map[string]int64{"station.standing": 1, "station.volunteers": 12})
	}
	f.expect("9902", today, map[string]int64{"station.townships_covered": 1})
	f.expect("9902", "2017-12-31", map[string]int64{"station.standing": 0, "station.townships_covered": 0})
	// both parents may correct it, nobody else; the association's page lists it
	for code, want := range map[string]errs.Kind{"990203001": errs.NotFound, "990204": errs.NotFound} {
		_, _, err := f.s.stations.book.Get(f.as(code), ref)
		f.kind(err, want)
	}
	x, v, err := f.s.stations.book.Get(f.as("990203"), ref)
	f.must(err)
	x.Head = "何守义"
	f.must(f.s.stations.save(f.as("990203"), ref, v.N, x, record.Change{Act: "association.act.correct", Reason: "换人"}))
	x.Head = "邵清源"
	f.must(f.s.stations.save(f.as("990203013"), ref, v.N+1, x, record.Change{Act: "association.act.correct", Reason: "再换"}))
	page := testkit.HTML(t, f.get(f.site(f.as("990203")), "/association/"+county.String()))
	page.MustHave("main", "稻香镇志愿者工作站")
	page = testkit.HTML(t, f.get(f.site(f.as("990203013")), "/station/"+ref.String()))
	page.MustHave("main", "只在稻香镇算一次")
	// an association elsewhere is no parent
	_, err = f.s.CreateStation(f.ctx, Station{Unit: f.unit("990203013").ID, Association: far, Name: "第二工作站", FoundedOn: "2018-01-01"})
	f.kind(err, errs.Invalid)
	// closed, it no longer counts
	x.ClosedOn = "2019-05-01"
	f.must(f.s.stations.save(f.ctx, ref, v.N+2, x, record.Change{Act: "association.act.correct", Reason: "撤销"}))
	f.expect("9902", today, map[string]int64{"station.standing": 0, "station.townships_covered": 0})
}

func TestWhatAnAssociationLacksIsSaid(t *testing.T) { // R190: an expired term is flagged, so is a year without inspection
	f := open(t)
	full := Association{FoundedOn: "2010-01-01", RegistrationNo: "1", RegisteredOn: "2016-01-01", TermFrom: "2014-06-01", TermYears: 5, Charters: []Charter{{On: "2010-01-01", Title: "章程"}},
		Inspections: []Inspection{{2016, "passed", "2017-05-01"}, {2017, "passed", "2018-05-01"}}}
	said := func(a Association, day clock.Day) string {
		var keys []string
		for _, x := range a.Flags(day) {
			keys = append(keys, fmt.Sprint(x.Key, x.Day, x.Year))
		}
		return strings.Join(keys, " ")
	}
	for _, x := range []struct {
		name string
		a    func(a *Association)
		day  clock.Day
		want string
	}{
		{"the last day of the term", func(*Association) {}, "2019-05-31", ""},
		{"the first day after it", func(*Association) {}, "2019-06-01", "term_over2019-06-010"},
		{"the inspection of last year is due until the middle of this", func(*Association) {}, "2019-07-01", "term_over2019-06-010 not_inspected2018"},
		{"not inspected", func(a *Association) { a.Inspections = a.Inspections[:1] }, "2019-05-31", "not_inspected2017"},
		{"not registered", func(a *Association) { a.RegistrationNo, a.RegisteredOn = "", "" }, "2019-05-31", "unregistered0"},
		{"no charter, no term", func(a *Association) { a.Charters, a.TermFrom, a.TermYears = nil, "", 0 }, "2019-05-31", "no_charter0 no_term0"},
		{"dissolved", func(a *Association) { a.DissolvedOn = "2019-01-01" }, "2019-07-01", ""},
	} {
		a := full
		x.a(&a)
		if got := said(a, x.day); got != x.want {
			t.Errorf("%s: %q, want %q", x.name, got, x.want)
		}
	}
	f.association("990203", func(a *Association) { a.TermFrom, a.TermYears = "2014-05-31", 5 }) // over on the day
	f.association("990204", func(a *Association) { a.Counts = []Count{{"2018-01-01", 80}, {"2019-01-01", 95}} })
	f.association("9902", func(a *Association) {
		a.RegistrationNo, a.RegisteredOn, a.DissolvedOn = "", "", "2019-03-01"
	})
	f.expect("9902", today, map[string]int64{"association.standing": 2, "association.registered": 2, "association.term_valid": 1, "association.members": 95})
	f.expect("9902", "2018-12-31", map[string]int64{"association.standing": 3, "association.registered": 2, "association.term_valid": 3, "association.members": 80})
	page := testkit.HTML(t, f.get(f.site(f.as("990203")), "/association?unit=990203"))
	page.MustHave("main", "南江区关心下一代协会")
}

func TestTheCharterIsShownAsOfADay(t *testing.T) { // R191
	f := open(t)
	ref := f.association("990203", func(a *Association) {
		a.Charters = []Charter{{On: "2017-01-01", Title: "章程（修订）", Points: []string{"会员每年大会一次"}}, {On: "2015-03-01", Title: "章程", Points: []string{"会员两年大会一次"}}}
	})
	h := f.site(f.as("990203"))
	for day, want := range map[string][2]string{"2016-12-31": {"会员两年大会一次", "会员每年大会一次"}, "2017-01-01": {"会员每年大会一次", "会员两年大会一次"}} {
		page := testkit.HTML(t, f.get(h, "/association/"+ref.String()+"?day="+day))
		page.MustHave("main", want[0])
		page.MustNotContain(want[1])
	}
	a, _, err := f.s.Association(f.ctx, ref)
	f.must(err)
	if _, ok := a.CharterOn("2015-02-28"); ok {
		t.Error("a charter before the first")
	}
}

func TestGuidanceByAssociationAndTown(t *testing.T) { // R169, R183
	f := open(t)
	ref := f.association("990203", nil)
	_, err := f.s.CreateGuidance(f.as("990203"), Guidance{Unit: f.unit("990203013").ID, Association: ref, Day: "2019-03-02", What: "指导建队"})
	f.must(err)
	task, err := f.s.CreateGuidance(f.as("990203013"), Guidance{Unit: f.unit("990203013").ID, Association: ref, Day: "2019-04-02", What: "讲法治课", TaskOf: f.unit("990203").ID})
	f.must(err)
	_, err = f.s.CreateGuidance(f.as("990203"), Guidance{Unit: f.unit("990203013").ID, Association: ref, Day: today.AddDays(1), What: "还没有去"})
	f.kind(err, errs.Invalid)
	_, err = f.s.CreateGuidance(f.as("990203"), Guidance{Unit: f.unit("990204003").ID, Association: ref, Day: "2019-03-02", What: "别的区"})
	f.kind(err, errs.NotFound)
	f.expect("990203", today, map[string]int64{"guidance.visits": 2, "guidance.tasks": 1, "guidance.units_guided": 1, "guidance.units_unguided": 1})
	f.expect("9902", today, map[string]int64{"guidance.units_guided": 1, "guidance.units_unguided": 2})
	f.expect("990203", "2020-05-31", map[string]int64{"guidance.units_guided": 0}) // a year on
	round, err := f.s.Round(f.as("990203"), ref, Association{Unit: f.unit("990203").ID}, today)
	f.must(err)
	if round.Visits != 2 || len(round.By) != 1 || len(round.Unguided) != 1 || round.Unguided[0].Name != "望江街道" {
		t.Errorf("%+v", round)
	}
	page := testkit.HTML(t, f.get(f.site(f.as("990203")), "/association/"+ref.String()))
	page.MustHave("#unguided", "望江街道")
	// R183: the committee sets the task, the association carries it out
	page = testkit.HTML(t, f.get(f.site(f.as("990203013")), "/guidance/"+task.String()))
	page.MustHave("main", "南江区交办，南江区关心下一代协会承办")
	g, _, err := f.s.guidance.book.Get(f.ctx, task)
	f.must(err)
	if g.TaskOf == 0 || g.Kind != "task" || g.By != f.unit("990203").ID {
		t.Errorf("%+v", g)
	}
}

func TestATeamIsGuidedByACommitteeAndRunByAnAssociation(t *testing.T) { // R179, R178
	f := open(t)
	ref, far := f.association("990203", nil), f.association("990204", nil)
	team := people.Team{Unit: f.unit("990203013").ID, Name: "稻香镇科普队", Need: "科普", FoundedOn: "2018-01-01", Status: people.Approved, GuidedBy: f.unit("990203").ID, RunBy: ref}
	got, err := f.people.Create(f.as("990203013"), team)
	f.must(err)
	f.expect("9902", today, map[string]int64{"team.with_association": 1, "team.active": 1})
	page := testkit.HTML(t, f.get(f.site(f.as("990203013")), "/team/"+got.String()))
	page.MustHave("main", "南江区关心下一代协会")
	page = testkit.HTML(t, f.get(f.site(f.as("990203")), "/association/"+ref.String()))
	page.MustHave("main", "稻香镇科普队")
	// a table names committee and association by code, and comes in again without change
	var b bytes.Buffer
	f.must(f.rec.Export(f.ctx, &b, "team", table.XLSX, f.unit("9902").ID, "x"))
	p, err := f.rec.Upload(f.ctx, "team", f.unit("9902").ID, "x.xlsx", b.Bytes())
	f.must(err)
	if len(p.Problems) != 0 || p.Count(record.Same) != 1 {
		t.Errorf("%+v %+v", p.Lines, p.Problems)
	}
	a, _, err := f.s.Association(f.ctx, ref)
	f.must(err)
	p, err = f.rec.Upload(f.ctx, "team", f.unit("9902").ID, "t.csv", []byte("单位,团队名称,类别,成立日期,承办的协会编号,指导的关工委代码\n望江街道,望江科普队,科普,2018-01-01,"+a.Code+",990203\n望江街道,望江二队,科普,2018-01-01,没有,990204\n"))
	f.must(err)
	if p.Count(record.Added) != 1 || p.Bad != 1 {
		t.Errorf("%+v %+v", p.Lines, p.Problems)
	}
	team.Name, team.RunBy = "第二队", far
	_, err = f.people.Create(f.as("990203013"), team)
	f.kind(err, errs.Invalid)
	team.RunBy, team.GuidedBy = ref, f.unit("990204").ID
	_, err = f.people.Create(f.as("990203013"), team)
	f.kind(err, errs.Invalid)
}

func TestActsOnAnAssociation(t *testing.T) { // R190
	f := open(t)
	ref := f.association("990203", nil)
	h := f.site(f.as("990203"))
	here := "/association/" + ref.String()
	version := 1
	do := func(act string, form url.Values, status int) string {
		t.Helper()
		f.get(h, here+"/do/"+act)
		form.Set("_version", fmt.Sprint(version))
		to := f.post(h, here+"/do/"+act, form, status)
		if status == 303 {
			version++
			f.get(h, to)
		}
		return to
	}
	do("charter", url.Values{"on": {"2015-03-01"}, "title": {"章程"}, "points": {"第一条\n\n第二条"}}, 303)
	do("charter", url.Values{"on": {"2015-03-01"}, "title": {"又一版"}}, 422)
	do("officer", url.Values{"officer": {"何守义"}, "office": {"会长"}, "from": {"2015-03-01"}}, 303)
	do("officer", url.Values{"officer": {""}, "office": {"会长"}, "from": {"2015-03-01"}}, 422)
	do("end_officer", url.Values{"officer": {"0"}, "to": {"2019-01-01"}}, 303)
	do("count", url.Values{"members": {"120"}, "on": {"2019年1月1日"}}, 303)
	do("inspection", url.Values{"year": {"2018"}, "result": {"passed"}, "on": {"2019-05-20"}}, 303)
	do("inspection", url.Values{"year": {"2018"}, "result": {"passed"}, "on": {"2019-05-21"}}, 422)
	f.expect("9902", today, map[string]int64{"association.inspected": 1, "association.members": 120})
	do("drop", url.Values{"row": {"inspection0"}}, 422) // says why
	do("drop", url.Values{"row": {"inspection0"}, "reason": {"记错年份"}}, 303)
	f.expect("9902", today, map[string]int64{"association.inspected": 0})
	a, v, err := f.s.Association(f.ctx, ref)
	f.must(err)
	if len(a.Charters[0].Points) != 2 || a.Council[0].To != "2019-01-01" || len(a.Inspections) != 0 {
		t.Errorf("%+v", a)
	}
	f.must(f.s.associations.book.Undo(f.as("990203"), ref, v.N))
	f.expect("9902", today, map[string]int64{"association.inspected": 1})
	// another unit sees nothing of it
	f.send(f.site(f.as("990204")), "GET", here, "", "", 404)
	f.send(f.site(f.as("990204")), "GET", here+"/do/charter", "", "", 404)
}

func TestFormsTablesAndJSON(t *testing.T) {
	f := open(t)
	h := f.site(f.as("990203"))
	f.get(h, "/association/new?unit=990203")
	to := f.post(h, "/association/new?unit=990203", url.Values{"name": {"南江区关心下一代协会"}, "founded_on": {"2015.3.1"}, "term_from": {"2015-03-01"}, "term_years": {"5"}}, 303)
	f.get(h, to)
	f.post(h, "/association/new?unit=990203", url.Values{"name": {""}, "founded_on": {"哪天"}}, 422)
	f.post(h, "/association/new?unit=990203", url.Values{"name": {"还没成立的协会"}, "founded_on": {"2031-01-01"}}, 422)
	f.post(h, "/station/new?unit=990203", url.Values{"kind": {"branch"}, "name": {"还没成立的站"}, "founded_on": {"2031-01-01"}}, 422)
	f.send(h, "POST", "/api/v1/associations", "application/json", `{}`, 422) // names no unit; not 404: the address is right
	list := f.get(h, "/api/v1/associations?unit=990203")
	if !strings.Contains(list, `"total":1`) {
		t.Errorf("%s", list)
	}
	path := strings.TrimSuffix(strings.Split(to, "?")[0], "/done")
	ref, err := id.ParseRef(strings.TrimPrefix(path, "/association/"))
	f.must(err)
	f.get(h, path)
	f.get(h, path+"/edit")
	f.get(h, path+"/known")
	f.post(h, path+"/edit", url.Values{"_version": {"1"}, "name": {"南江区关协"}, "founded_on": {"2015-03-01"}, "reason": {"改名"}}, 303)
	f.post(h, path+"/edit", url.Values{"_version": {"1"}, "name": {"南江区关协"}, "founded_on": {"2015-03-01"}, "reason": {"晚了一步"}}, 409)
	body := f.get(h, "/api/v1/associations/"+ref.String())
	body = strings.Replace(body, "南江区关协", "南江区关爱协会", 1)
	f.send(h, "PUT", "/api/v1/associations/"+ref.String(), "application/json", body, 200)
	f.get(h, "/guidance/new?unit=990203")
	to = f.post(h, "/guidance/new?unit=990203", url.Values{"unit": {"稻香镇"}, "association": {ref.String()}, "day": {"2019-05-20"}, "what": {"指导建站"}}, 303)
	f.get(h, to)
	f.post(h, "/guidance/new?unit=990203", url.Values{"unit": {"没有的镇"}, "association": {ref.String()}, "day": {"2019-05-20"}, "what": {"指导建站"}}, 422)
	town := f.site(f.as("990203013"))
	f.get(town, "/station/new?unit=990203013")
	f.post(town, "/station/new?unit=990203013", url.Values{"unit": {"稻香镇"}, "association": {ref.String()}, "kind": {"branch"}, "name": {"稻香镇分会"}, "founded_on": {"2018-01-01"}}, 303)
	f.get(h, "/station?unit=990203&q=分会")
	f.get(h, "/guidance?unit=990203")
	// what goes out comes in again without change, in both languages
	for _, kind := range []string{Kind, KindStation, KindGuidance} {
		for _, lang := range []string{"zh", "en"} {
			ctx := i18n.With(f.ctx, f.texts, lang)
			var b bytes.Buffer
			f.must(f.rec.Export(ctx, &b, kind, table.XLSX, f.unit("9902").ID, "x"))
			p, err := f.rec.Upload(ctx, kind, f.unit("9902").ID, "x.xlsx", b.Bytes())
			f.must(err)
			if len(p.Problems) != 0 || p.Count(record.Same) != 1 {
				t.Errorf("%s %s: %+v %+v", kind, lang, p.Lines, p.Problems)
			}
		}
	}
	p, err := f.rec.Upload(f.ctx, KindStation, f.unit("990203").ID, "z.csv", []byte("乡镇,名称,类别,成立日期,协会\n望江街道,望江街道工作站,工作站,2018.6.1,南江区关爱协会\n稻香镇,稻香镇工作站,工作站,2018年6月1日,没有的协会\n"))
	f.must(err)
	if p.Count(record.Added) != 1 || p.Bad != 1 {
		t.Errorf("%+v %+v", p.Lines, p.Problems)
	}
	// removed, and taken back
	x, v, err := f.s.Association(f.ctx, ref)
	f.must(err)
	f.get(h, path+"/remove")
	to = f.post(h, path+"/remove", url.Values{"_version": {fmt.Sprint(v.N)}, "reason": {"登记错了"}}, 303)
	f.get(h, to)
	f.expect("9902", today, map[string]int64{"association.standing": 0})
	f.post(h, path+"/undo", url.Values{"_version": {fmt.Sprint(v.N + 1)}}, 303)
	f.expect("9902", today, map[string]int64{"association.standing": 1})
	if x.Name != "南江区关爱协会" {
		t.Error(x.Name)
	}
}
