package assess_test

import (
	"bytes"
	"reflect"
	"testing"
	"time"

	"xinhuo/internal/assess"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/table"
	"xinhuo/internal/record"
)

func TestOnlyAcceptedCounts(t *testing.T) { // R151, R194
	f := open(t)
	rice := f.planned("990203013")
	f.want("reform.adopted", "9902", 0)

	must(t, f.do("990203013", rice, assess.ActSubmit, assess.Step{Day: "2019-05-30"}))
	f.want("reform.adopted", "9902", 0)

	// a criterion that is not met keeps it out
	bad := met()
	bad[1].Met = false
	if err := f.do("9902", rice, assess.ActAccept, assess.Step{Day: "2019-05-31", Results: bad}); !errs.Is(err, errs.Invalid) {
		t.Fatalf("accepted without a criterion: %v", err)
	}
	if err := f.do("9902", rice, assess.ActAccept, assess.Step{Day: "2019-05-31"}); !errs.Is(err, errs.Invalid) {
		t.Fatalf("accepted without looking: %v", err)
	}
	f.want("reform.adopted", "9902", 0)
	must(t, f.do("9902", rice, assess.ActAccept, assess.Step{Day: "2019-05-31", Results: met(), Document: "云关工〔2019〕7号"}))
	f.want("reform.adopted", "9902", 1)
	f.want("reform.adopted", "990203013", 1)
	if share := f.ask("reform.adopted_share", "9902", today); share.Int() != 250 || *share.Denominator != 4 { // R152
		t.Errorf("share %+v, want 25.0 %% of 4", share)
	}

	must(t, f.do("9902", rice, assess.ActRevoke, assess.Step{Day: "2019-05-31", Reason: "回访没有活动", Document: "云关工〔2019〕9号"}))
	f.want("reform.adopted", "9902", 0)
	a, _, err := f.s.Adoption(f.sys(), rice)
	must(t, err)
	if a.StatusOn(today) != assess.Revoked || a.Periods[0].RevokeDocNo == "" {
		t.Errorf("after the revocation: %+v", a)
	}
}

func TestReturnedAndHandedInAgain(t *testing.T) { // R194
	f := open(t)
	rice := f.planned("990203013")
	must(t, f.do("990203013", rice, assess.ActSubmit, assess.Step{Day: "2019-05-30"}))
	if err := f.do("990203013", rice, assess.ActReturn, assess.Step{Reason: "自己退给自己"}); !errs.Is(err, errs.Forbidden) {
		t.Errorf("the township sent its own report back: %v", err)
	}
	must(t, f.do("9902", rice, assess.ActReturn, assess.Step{Reason: "缺团队名册"}))
	a, v, err := f.s.Adoption(f.sys(), rice)
	must(t, err)
	if a.SubmittedOn != "" || a.ReturnedOn != today || a.StatusOn(today) != assess.Planned {
		t.Errorf("sent back: %+v", a)
	}
	if v.ActorName != "经办人9902" {
		t.Errorf("the history names %q", v.ActorName)
	}
	f.later(24 * time.Hour)
	must(t, f.do("990203013", rice, assess.ActSubmit, assess.Step{Day: "2019-06-01"}))
	if a, _, _ = f.s.Adoption(f.sys(), rice); a.SubmittedOn != "2019-06-01" || a.ReturnedOn != "" {
		t.Errorf("handed in again: %+v", a)
	}
	must(t, f.do("9902", rice, assess.ActAccept, assess.Step{Day: "2019-06-01", Results: met()}))
	if got := f.ask("reform.adopted", "9902", "2019-06-01").Int(); got != 1 {
		t.Errorf("accepted the second time, counted %d", got)
	}
}

func TestAcceptedAgainAfterRevocation(t *testing.T) { // R151: several periods of one unit are one record
	f := open(t)
	_, err := f.s.CreateAdoptions(f.sys(), []assess.Adoption{{Programme: f.prog, Unit: f.unit["990203013"].ID, Periods: []assess.Period{
		{AdoptedOn: "2017-06-30", RevokedOn: "2018-03-01", Status: assess.Revoked}, {AdoptedOn: "2019-01-10", Status: assess.Accepted}}}}, record.Change{})
	must(t, err)
	for day, want := range map[string]int64{"2017-06-29": 0, "2017-06-30": 1, "2018-02-28": 1, "2018-03-01": 0, "2019-01-09": 0, "2019-01-10": 1} {
		v := f.ask("reform.adopted", "990203", clock.Day(day))
		if v.Int() != want {
			t.Errorf("on %s counted %d, want %d", day, v.Int(), want)
		}
	}
}

func TestStatusesSumToAllTargets(t *testing.T) { // R149
	f := open(t)
	a, b := f.planned("990203013"), f.planned("990203014")
	must(t, f.do("990203013", a, assess.ActSubmit, assess.Step{Day: "2019-05-30"}))
	must(t, f.do("9902", b, assess.ActAccept, assess.Step{Day: "2019-05-30", Results: met()}))
	for _, at := range []string{"99", "9902", "990203"} {
		o, err := f.s.Overview(f.as(at), f.prog, f.unit[at], today)
		must(t, err)
		sum := 0
		for _, n := range o.Counts {
			sum += n
		}
		if int64(sum) != f.ask("unit.townships", at, today).Int() || o.Counts[assess.Accepted] != 1 || o.Counts[assess.Submitted] != 1 || o.Counts[assess.None] != 2 {
			t.Errorf("at %s: %v", at, o.Counts)
		}
		if int64(o.Counts[assess.Accepted]) != f.ask("reform.adopted", at, today).Int() {
			t.Errorf("at %s the page counts %d accepted, the ledger %d", at, o.Counts[assess.Accepted], f.ask("reform.adopted", at, today).Int())
		}
	}
}

func TestSlipsStayOnRecord(t *testing.T) { // R193
	f := open(t)
	rice := f.planned("990203013")
	if err := f.do("990203013", rice, assess.ActPlan, assess.Step{Day: "2019-07-01"}); !errs.Is(err, errs.Invalid) {
		t.Errorf("put off without a reason: %v", err)
	}
	o, err := f.s.Overview(f.as("9902"), f.prog, f.unit["990203013"], today)
	must(t, err)
	if len(o.Lines) != 1 || !o.Lines[0].Late(today) {
		t.Errorf("planned for 20 May and not late on 31 May: %+v", o.Lines)
	}
	must(t, f.do("990203013", rice, assess.ActPlan, assess.Step{Day: "2019-07-01", Reason: "场所在装修"}))
	a, _, err := f.s.Adoption(f.sys(), rice)
	must(t, err)
	if a.PlannedOn != "2019-07-01" || len(a.Slips) != 1 || a.Slips[0].PlannedOn != "2019-05-20" || a.Slips[0].ChangedOn != today {
		t.Errorf("%+v", a)
	}
}

func TestFourthPartIsAddedWithoutCode(t *testing.T) { // R154
	f := open(t)
	p, v, err := f.s.Programme(f.as("990203013"), f.prog)
	must(t, err)
	if len(p.Parts) != 4 || p.Known() != 3 {
		t.Fatalf("%d of %d parts known, want 3 of 4", p.Known(), len(p.Parts))
	}
	rice := f.planned("990203013")
	must(t, f.do("990203013", rice, assess.ActParts, assess.Step{Parts: []string{p.Parts[0].Code, p.Parts[1].Code}}))
	p.Parts[3].Name = "规范化运行"
	code := p.Parts[3].Code
	must(t, f.s.SaveProgramme(f.as("9902"), f.prog, v.N, p, record.Change{}))
	must(t, f.do("990203013", rice, assess.ActParts, assess.Step{Parts: []string{p.Parts[0].Code, p.Parts[1].Code, code}}))
	p, _, err = f.s.Programme(f.as("990203013"), f.prog)
	must(t, err)
	a, _, err := f.s.Adoption(f.sys(), rice)
	must(t, err)
	if p.Known() != 4 || p.Parts[3].Code != code || !a.Has(code) || len(a.Parts) != 3 {
		t.Errorf("%+v %+v", p.Parts, a.Parts)
	}
}

func TestSecondProgrammeRunsBeside(t *testing.T) { // R146
	f := open(t)
	other := f.model()
	other.Code, other.Name, other.Main, other.Parts = "second", "“三进”工作法", false, []assess.Part{{Name: "进村"}, {Name: "进校"}}
	ref, err := f.s.CreateProgramme(f.as("9902"), other, record.Change{})
	must(t, err)
	period := []assess.Period{{AdoptedOn: "2019-01-01", Status: assess.Accepted}}
	_, err = f.s.CreateAdoption(f.as("9902"), assess.Adoption{Programme: ref, Unit: f.unit["990203014"].ID, Periods: period}, record.Change{})
	must(t, err)
	_, err = f.s.CreateAdoption(f.as("9902"), assess.Adoption{Programme: f.prog, Unit: f.unit["990203013"].ID, Periods: append(period, assess.Period{})[:1]}, record.Change{})
	must(t, err)
	f.want("reform.adopted", "9902", 1)
	f.want("reform.adopted", "990203014", 0)
	// the second becomes the main one: figures follow in the same act, and return with undo
	p, v, err := f.s.Programme(f.as("9902"), ref)
	must(t, err)
	p.Main = true
	must(t, f.s.SaveProgramme(f.as("9902"), ref, v.N, p, record.Change{}))
	f.want("reform.adopted", "990203014", 1)
	f.want("reform.adopted", "990203013", 0)
	must(t, f.s.UndoProgramme(f.as("9902"), ref, v.N+1))
	f.want("reform.adopted", "990203014", 0)
	if _, err := f.s.CreateProgramme(f.as("9902"), other, record.Change{}); !errs.Is(err, errs.Invalid) {
		t.Errorf("a second programme with the same code: %v", err)
	}
}

func TestMaturityAfterAdoption(t *testing.T) { // R153
	f := open(t)
	rice := f.planned("990203013")
	if err := f.do("9902", rice, assess.ActMaturity, assess.Step{Level: "巩固", Day: today}); err == nil {
		t.Error("graded before acceptance")
	}
	must(t, f.do("9902", rice, assess.ActAccept, assess.Step{Day: "2019-05-01", Results: met()}))
	must(t, f.do("9902", rice, assess.ActMaturity, assess.Step{Level: "成熟", Day: "2019-05-20"}))
	must(t, f.do("9902", rice, assess.ActMaturity, assess.Step{Level: "巩固", Day: "2019-05-10"}))
	a, _, err := f.s.Adoption(f.sys(), rice)
	must(t, err)
	if len(a.Stages) != 2 || a.Stages[0].Level != "巩固" || a.Stages[1].Level != "成熟" {
		t.Errorf("%+v", a.Stages)
	}
	for day, want := range map[clock.Day]string{"2019-05-09": "", "2019-05-10": "巩固", "2019-12-31": "成熟"} { // R147: the stage of a unit in a year
		o, err := f.s.Overview(f.sys(), f.prog, f.unit["990203013"], day)
		must(t, err)
		if len(o.Lines) != 1 || o.Lines[0].Level != want {
			t.Errorf("on %s the stage is not %q: %+v", day, want, o.Lines)
		}
	}
}

func TestWhoMayDoWhat(t *testing.T) {
	f := open(t)
	rice := f.planned("990203013")
	plan := assess.Step{Day: "2019-06-30", Reason: "改期"}
	for who, want := range map[string]errs.Kind{"990203014": errs.NotFound, "9903": errs.NotFound, "990203": errs.Forbidden, "99": errs.Forbidden} {
		if err := f.do(who, rice, assess.ActPlan, plan); who != "990203" && !errs.Is(err, want) {
			t.Errorf("%s plans: %v", who, err)
		} else if who == "990203" && err != nil { // a county puts its towns into the timetable
			t.Errorf("the county plans: %v", err)
		}
		if err := f.do(who, rice, assess.ActAccept, assess.Step{Day: today, Results: met()}); !errs.Is(err, want) {
			t.Errorf("%s accepts: %v", who, err)
		}
	}
	if err := f.do("990203013", rice, assess.ActAccept, assess.Step{Day: today, Results: met()}); !errs.Is(err, errs.Forbidden) {
		t.Errorf("the township accepts itself: %v", err)
	}
	if _, _, err := f.s.Programme(f.as("9903"), f.prog); !errs.Is(err, errs.NotFound) {
		t.Errorf("the neighbour reads the programme: %v", err)
	}
	p, v, err := f.s.Programme(f.as("990203013"), f.prog)
	must(t, err)
	if err := f.s.SaveProgramme(f.as("990203013"), f.prog, v.N, p, record.Change{}); err == nil {
		t.Error("a township changed the city's programme")
	}
	if err := f.s.Do(scope.With(f.ctx, scope.Actor{}), rice, assess.ActPlan, assess.Step{Version: 1}); !errs.Is(err, errs.NotFound) {
		t.Errorf("anonymous: %v", err)
	}
	if err := f.s.Do(f.as("990203013"), rice, assess.ActPlan, assess.Step{Version: 9, Day: today}); !errs.Is(err, errs.Conflict) {
		t.Errorf("an old version: %v", err)
	}
}

func TestUndo(t *testing.T) {
	f := open(t)
	rice := f.planned("990203013")
	must(t, f.do("9902", rice, assess.ActAccept, assess.Step{Day: "2019-05-01", Results: met()}))
	f.want("reform.adopted", "9902", 1)
	must(t, f.do("9902", rice, assess.ActUndo, assess.Step{}))
	f.want("reform.adopted", "9902", 0)
	// a step of the flow is not undone but recalled or revoked
	must(t, f.do("990203013", rice, assess.ActSubmit, assess.Step{Day: today}))
	if err := f.do("990203013", rice, assess.ActUndo, assess.Step{}); !errs.Is(err, errs.Conflict) {
		t.Errorf("undo of a handing in: %v", err)
	}
}

func TestModelWithFewTeams(t *testing.T) {
	f := open(t)
	rice := f.planned("990203013")
	must(t, f.do("9902", rice, assess.ActAccept, assess.Step{Day: "2019-05-01", Results: met()}))
	f.want("reform.adopted_under5", "9902", 1)
	for range 5 {
		_, err := f.teams.Create(f.sys(), team{f.unit["990203013"].ID}, record.Change{Act: "assess.act.plan"})
		must(t, err)
	}
	f.want("reform.adopted_under5", "9902", 0)
}

func TestImportRoundTrip(t *testing.T) {
	f := open(t)
	sheet := "单位代码,计划日期,上报日期,验收日期,撤销日期,状态\n" +
		"990203001,2017-06-01,2017-06-10,2017-06-30,2018-03-01,已撤销\n990203001,,,2019-01-10,,已验收\n" +
		"990203013,2019-08-01,,,,计划\n990203014,,,2019-05-02,,submitted\n"
	p, err := f.rec.Upload(f.sys(), assess.Kind, f.unit["9902"].ID, "改革.csv", []byte(sheet))
	must(t, err)
	if p.Bad != 0 || len(p.Lines) != 4 {
		t.Fatalf("%+v", p)
	}
	before := f.export()
	_, err = f.rec.Take(f.sys(), p.Ref, false)
	must(t, err)
	f.want("reform.adopted", "9902", 1)
	after := f.export()

	again, err := f.rec.Upload(f.sys(), assess.Kind, f.unit["9902"].ID, "again.csv", after)
	must(t, err)
	if again.Count(record.Same) != 4 || again.Bad != 0 {
		t.Errorf("what was exported is not what stands: %+v\n%s", again, after)
	}
	must(t, f.rec.UndoImport(f.sys(), p.Ref))
	f.want("reform.adopted", "9902", 0)
	if got := f.export(); !bytes.Equal(got, before) {
		t.Errorf("after undoing the import:\n%s\nbefore:\n%s", got, before)
	}

	bad := "单位,验收日期,撤销日期,状态\n没有这个镇,2019-01-01,,已验收\n稻香镇,2019-03-01,2019-02-01,已撤销\n稻香镇,,,已验收\n云州市,2019-01-01,,已验收\n"
	p, err = f.rec.Upload(f.sys(), assess.Kind, f.unit["9902"].ID, "bad.csv", []byte(bad))
	must(t, err)
	if p.Bad != 4 || len(p.Lines) != 0 {
		t.Errorf("%+v", p)
	}
}

func (f *fixture) export() []byte {
	f.t.Helper()
	var b bytes.Buffer
	must(f.t, f.rec.Export(f.sys(), &b, assess.Kind, table.CSV, f.unit["9902"].ID, "改革"))
	return b.Bytes()
}

func TestMergedTownshipLeavesTheFigure(t *testing.T) { // R150
	f := open(t)
	rice := f.planned("990203013")
	must(t, f.do("9902", rice, assess.ActAccept, assess.Step{Day: "2019-05-01", Results: met()}))
	must(t, f.org.Merge(f.sys(), []id.ID{f.unit["990203013"].ID}, f.unit["990203014"].ID, "2019-05-20", "云关委〔2019〕1号"))
	f.want("reform.adopted", "9902", 0) // the heir has to adopt the model itself
	if got := f.ask("reform.adopted", "9902", "2019-05-19").Int(); got != 1 {
		t.Errorf("the day before the merger counted %d", got)
	}
}

func TestLedgerAgrees(t *testing.T) {
	f := open(t)
	rice := f.planned("990203013")
	must(t, f.do("990203013", rice, assess.ActSubmit, assess.Step{Day: today}))
	must(t, f.do("9902", rice, assess.ActAccept, assess.Step{Day: today, Results: met()}))
	must(t, f.led.Fold(f.sys()))
	rep, err := f.led.Verify(f.sys(), nil)
	must(t, err)
	if len(rep.Faults) > 0 {
		t.Errorf("%v", rep.Faults)
	}
}

func TestHandedInOnPaperWaitsInTheInbox(t *testing.T) { // R194
	f := open(t)
	var refs []id.Ref
	for _, c := range []string{"990203013", "990203014"} {
		ref, err := f.s.CreateAdoption(f.as("9902"), assess.Adoption{Programme: f.prog, Unit: f.unit[c].ID, SubmittedOn: "2019-05-20",
			Results: []assess.Result{{Criterion: "plan", Met: true}}}, record.Change{})
		must(t, err)
		refs = append(refs, ref)
	}
	a, _, err := f.s.Adoption(f.sys(), refs[0])
	must(t, err)
	if a.Results[0].Name != "有实施方案" {
		t.Errorf("an outcome without its criterion: %+v", a.Results)
	}
	must(t, f.s.BeginAcceptance(f.as("9902"), refs[0]))
	must(t, f.s.BeginAcceptance(f.as("9902"), refs[0])) // once
	items, _, err := f.flow.Inbox(f.as("9902"), 10)
	must(t, err)
	if len(items) != 1 || items[0].Link == "" {
		t.Errorf("inbox: %+v", items)
	}
	must(t, f.do("9902", refs[0], assess.ActAccept, assess.Step{Day: today, Results: met()}))
	if items, _, _ = f.flow.Inbox(f.as("9902"), 10); len(items) != 0 {
		t.Errorf("accepted and still in the inbox: %+v", items)
	}
	// without a case the owner sends it back all the same
	if err := f.do("9902", refs[1], assess.ActReturn, assess.Step{}); !errs.Is(err, errs.Invalid) {
		t.Errorf("sent back without a reason: %v", err)
	}
	must(t, f.do("9902", refs[1], assess.ActReturn, assess.Step{Reason: "缺名册"}))
	if a, _, _ = f.s.Adoption(f.sys(), refs[1]); a.StatusOn(today) != assess.Planned {
		t.Errorf("%+v", a)
	}
}

// A programme comes as a line of a table and goes back the same; a line that names a part keeps the part's code, so that
// what was said of it stays true, and a part whose name nobody knows keeps its place.
func TestProgrammeAsALineOfATable(t *testing.T) { // R146 R154
	f := open(t)
	take := func(line string) record.Preview {
		t.Helper()
		p, err := f.rec.Upload(f.as("9902"), assess.KindProgramme, f.unit["9902"].ID, "programmes.csv", []byte("负责单位代码,代码,名称,在哪一级建立,主项目,模式的几个方面,验收标准\n"+line))
		must(t, err)
		return p
	}
	was, v, err := f.s.Programme(f.as("9902"), f.prog)
	must(t, err)
	rice := f.planned("990203013")
	must(t, f.do("990203013", rice, assess.ActParts, assess.Step{Parts: []string{was.Parts[1].Code}}))
	p := take(`9902,` + was.Code + `,,,,"` + was.Parts[1].Name + "\n- 每周一次\n" + was.Parts[0].Name + "\n……\n规范化运行\n" + `",` + "\n9902,second,“三进”工作法,乡镇（街道）,,\"进村\n进校\n……\",有场地\n9902,third,,,,,\n")
	if p.Count(record.Changed) != 1 || p.Count(record.Added) != 1 || len(p.Problems) != 3 {
		t.Fatalf("%d changed, %d added, %v", p.Count(record.Changed), p.Count(record.Added), p.Problems)
	}
	_, err = f.rec.Take(f.as("9902"), p.Ref, true)
	must(t, err)
	now, _, err := f.s.Programme(f.as("9902"), f.prog)
	must(t, err)
	if now.Name != was.Name || now.Main != was.Main || len(now.Criteria) != len(was.Criteria) || len(now.Parts) != 4 || now.Known() != 3 ||
		now.Parts[0].Code != was.Parts[1].Code || now.Parts[0].Indicators[0] != "每周一次" || now.Parts[1].Code != was.Parts[0].Code {
		t.Errorf("%+v", now)
	}
	a, _, err := f.s.Adoption(f.sys(), rice)
	must(t, err)
	if !a.Has(now.Parts[0].Code) {
		t.Error("what was said of a part is lost")
	}
	must(t, f.rec.UndoImport(f.as("9902"), p.Ref))
	if back, w, err := f.s.Programme(f.as("9902"), f.prog); err != nil || w.N <= v.N || !reflect.DeepEqual(back, was) {
		t.Errorf("%v %+v", err, back)
	}
}

// A table may name another main programme: the figures follow, and return when the table is taken back.
func TestMainProgrammeByTableIsTakenBackWhole(t *testing.T) { // R146
	f := open(t)
	_, err := f.s.CreateAdoption(f.as("9902"), assess.Adoption{Programme: f.prog, Unit: f.unit["990203013"].ID, Periods: []assess.Period{{AdoptedOn: "2019-01-01", Status: assess.Accepted}}}, record.Change{})
	must(t, err)
	p, err := f.rec.Upload(f.as("9902"), assess.KindProgramme, f.unit["9902"].ID, "main.csv", []byte("负责单位代码,代码,名称,在哪一级建立,主项目,模式的几个方面\n9902,second,“三进”工作法,乡镇（街道）,是,进村\n"))
	must(t, err)
	f.want("reform.adopted", "9902", 1)
	_, err = f.rec.Take(f.as("9902"), p.Ref, false)
	must(t, err)
	f.want("reform.adopted", "9902", 0)
	must(t, f.rec.UndoImport(f.as("9902"), p.Ref))
	f.want("reform.adopted", "9902", 1)
}
