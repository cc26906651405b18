package volunteer

import (
	"bytes"
	"context"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/testkit"
	"xinhuo/internal/ledger"
	"xinhuo/internal/org"
)

func TestFiguresFollowDatedFacts(t *testing.T) { // R157, R162
	f := open(t)
	f.person("990203013", "甲", func(v *Volunteer) {
		v.Core = []Stay{{From: "2018-06-01", To: "2019-03-01"}}
		v.Insurance = Insurance{From: "2019-01-01", Until: "2019-07-01"}
		v.Profession = "医生"
	})
	f.person("990203013", "乙", func(v *Volunteer) {
		v.LeftOn, v.LeaveReason = "2019-05-01", "迁居"
		v.Core = []Stay{{From: "2019-01-01"}}
		v.Profession = "教师"
	})
	f.person("990203001", "丙", func(v *Volunteer) { v.Checks = nil; v.Profession = "医生" })
	f.person("990204003", "丁", func(v *Volunteer) { v.AdmittedOn = "" })
	f.person("9903", "戊", nil)
	f.expect("9902", today, map[string]int64{"volunteer.active": 2, "volunteer.core": 0, "volunteer.candidates": 1, "volunteer.checked": 1, "volunteer.unchecked": 1,
		"volunteer.checked_share": 500, "volunteer.insured": 1, "volunteer.certified": 0, "volunteer.professional": 2, "volunteer.professions": 1, "volunteer.left": 1})
	f.expect("9902", "2019-02-28", map[string]int64{"volunteer.active": 3, "volunteer.core": 2, "volunteer.checked": 2, "volunteer.professions": 2})
	f.expect("9902", "2019-12-01", map[string]int64{"volunteer.checked": 0, "volunteer.unchecked": 2, "volunteer.insured": 0}) // checks ran out after a year
	f.expect("9902", "2018-11-30", map[string]int64{"volunteer.checked": 0, "volunteer.unchecked": 3})                         // not checked yet
	q := ledger.Query{Figure: "volunteer.active", Unit: f.unit("9902").ID, Day: "2019-02-28"}
	core, err := f.led.ByValue(f.ctx, q, "core")
	f.must(err)
	if core["yes"] != 2 || core["no"] != 1 {
		t.Errorf("by core: %v", core)
	}
	v, err := f.led.Ask(f.ctx, ledger.Query{Figure: "volunteer.admitted", Unit: f.unit("9902").ID, Day: today, From: "2018-01-01"})
	f.must(err)
	if v.Int() != 3 {
		t.Errorf("%d admitted", v.Int())
	}
}

func TestAdmissionTakesACheckAndTraining(t *testing.T) { // R162
	f := open(t)
	clerk := f.as("990203013")
	ref, err := f.s.Create(clerk, Volunteer{Unit: f.unit("990203013").ID, Name: "李明", Kind: Expert, CandidateOn: "2019-05-01"})
	f.must(err)
	f.says(f.s.Admit(clerk, ref, 1, today), "李明在这天没有有效的背景核查，先登记核查")
	f.must(f.s.AddCheck(clerk, ref, 1, Check{Kind: Background, On: "2018-05-31"})) // ended today
	f.says(f.s.Admit(clerk, ref, 2, today), "没有有效的背景核查")
	f.says(f.s.AddCheck(clerk, ref, 2, Check{Kind: Background, On: today.AddDays(1)}), "还没到")
	f.must(f.s.AddCheck(clerk, ref, 2, Check{Kind: Background, On: today}))
	f.says(f.s.Admit(clerk, ref, 3, today), "还没有培训记录")
	f.must(f.s.AddCheck(clerk, ref, 3, Check{Kind: Training, On: today}))
	f.expect("9902", today, map[string]int64{"volunteer.active": 0, "volunteer.candidates": 1})
	f.must(f.s.Admit(clerk, ref, 4, today))
	f.expect("9902", today, map[string]int64{"volunteer.active": 1, "volunteer.candidates": 0, "volunteer.checked": 1})
	f.kind(f.s.Admit(clerk, ref, 5, today), errs.Conflict)
	f.must(f.s.SetCore(clerk, ref, 5, true, today))
	f.expect("9902", today, map[string]int64{"volunteer.core": 1})
	f.kind(f.s.SetCore(clerk, ref, 6, true, today), errs.Conflict)
	f.must(f.s.Undo(clerk, ref, 6))
	f.expect("9902", today, map[string]int64{"volunteer.core": 0})
	f.must(f.s.DropCheck(clerk, ref, 7, 1, "登记错了"))
	v, _, err := f.s.Get(clerk, ref)
	f.must(err)
	if len(v.Checks) != 2 {
		t.Errorf("checks are %+v", v.Checks)
	}
	f.must(f.s.Leave(clerk, ref, 8, today, "身体原因"))
	f.expect("9902", today, map[string]int64{"volunteer.active": 0})
}

func TestNobodyWithoutAValidCheckIsFitForMinors(t *testing.T) { // R162, R163
	f := open(t)
	good := f.person("990203013", "好", func(v *Volunteer) {
		v.Checks = append(v.Checks, Check{Kind: Certificate, On: "2018-01-01", Expires: "2019-05-31"})
	})
	expired := f.person("990203013", "过期", func(v *Volunteer) { v.Checks = []Check{{Kind: Background, On: "2018-05-31"}} })
	never := f.person("990203013", "从未", func(v *Volunteer) { v.Checks = nil })
	left := f.person("990203013", "离队", func(v *Volunteer) { v.LeftOn = today })
	candidate := f.person("990203013", "候选", func(v *Volunteer) { v.AdmittedOn = "" })
	stranger := id.Ref{Root: 9902, ID: 77}
	list, err := f.s.Fit(f.ctx, []id.Ref{good, expired, never, left, candidate, stranger}, today)
	f.must(err)
	var names []string
	for _, u := range list {
		names = append(names, u.Name)
	}
	if got := strings.Join(names, " "); got != "过期 从未 离队 候选 " {
		t.Errorf("unfit are %s", got)
	}
	if list, err = f.s.Fit(f.ctx, []id.Ref{good, expired}, today.AddDays(-1)); err != nil || len(list) != 0 {
		t.Errorf("the day before: %v, %v", list, err)
	}
	if list, err = f.s.FitToCounsel(f.ctx, []id.Ref{good}, today.AddDays(-1)); err != nil || len(list) != 0 {
		t.Errorf("with a certificate: %v, %v", list, err)
	}
	if list, err = f.s.FitToCounsel(f.ctx, []id.Ref{good}, today); err != nil || len(list) != 1 || !slices.Equal(list[0].Missing, []CheckKind{Certificate}) {
		t.Errorf("the certificate ended: %v, %v", list, err)
	}
}

func TestSearchFindsOnlyWhoAgreed(t *testing.T) { // R33, R161
	f := open(t)
	doctor := func(unit, name string, consent clock.Day, retired bool) {
		f.person(unit, name, func(v *Volunteer) {
			v.Profession, v.FindConsent, v.Retired, v.Specialities = "医生", consent, retired, []string{"果树栽培"}
		})
	}
	doctor("990203013", "同意甲", "2019-01-01", true)
	doctor("990203013", "没同意乙", "", true)
	doctor("990203001", "在职丙", "2019-01-01", false)
	doctor("990204003", "外区丁", "2019-01-01", true)
	names := func(ctx context.Context, unit string, flt Filter, list func(context.Context, org.Unit, clock.Day, Filter, int64, string, int) (Page, error)) string {
		p, err := list(ctx, f.unit(unit), today, flt, -1, "", 50)
		f.must(err)
		var out []string
		for _, l := range p.Volunteers {
			out = append(out, l.Name)
		}
		if int(p.Total) != len(out) {
			t.Errorf("%d rows, total %d", len(out), p.Total)
		}
		return strings.Join(out, " ")
	}
	retired := Filter{Profession: "医生", Retired: true}
	if got := names(f.as("990203"), "990203", retired, f.s.Find); got != "同意甲" {
		t.Errorf("the county finds %s", got)
	}
	if got := names(f.as("990203013"), "990203013", retired, f.s.Find); got != "同意甲 没同意乙" { // the own office
		t.Errorf("the office finds %s", got)
	}
	if got := names(f.as("990203013"), "9902", Filter{Speciality: "果树"}, f.s.Find); got != "在职丙 同意甲 没同意乙 外区丁" {
		t.Errorf("fruit growing in the city: %s", got)
	}
	if got := names(f.as("990203"), "990203", Filter{}, f.s.List); got != "在职丙 同意甲 没同意乙" { // the register of the county's units is whole
		t.Errorf("the register is %s", got)
	}
	for _, flt := range []Filter{{Text: "没同意"}, {Text: "meitongyi"}, {Profession: "医生", Text: "没"}, {Speciality: "果树", Text: "没"}} {
		if got := names(f.as("990203"), "990203", flt, f.s.List); got != "" {
			t.Errorf("%+v finds %s", flt, got)
		}
	}
	if got := names(f.as("9903"), "9902", Filter{}, f.s.List); got != "" {
		t.Errorf("the neighbour lists %s", got)
	}
}

// who may see what of a file: canaries in each field that is not for everybody.
func TestPrivateFieldsReachOnlyThoseTheyAreFor(t *testing.T) { // R128, R161
	f := open(t)
	ref := f.person("990203013", "田世昌", func(v *Volunteer) {
		v.Phone, v.Health, v.Experience, v.Note = "zkphone111", "zkhealth", "zkstory", "zknote"
		v.Checks = append(v.Checks, Check{Kind: Health, On: "2019-01-01", Name: "zkexam"})
	})
	consented := f.person("990203013", "同意者", func(v *Volunteer) {
		v.Phone, v.Health, v.Experience, v.FindConsent, v.ExperienceConsent = "zkphone222", "zkhealth2", "zkstory2", "2019-01-01", "2019-01-01"
	})
	clerk, county := f.as("990203013"), f.as("990203")
	v, ver, err := f.s.Get(clerk, ref)
	f.must(err)
	v.Health = "zkhealthnow" // so that a history has something to tell
	f.must(f.s.Save(clerk, ref, ver.N, v, "体检以后"))
	colleague := scope.From(clerk)
	colleague.WorkSet = nil // belongs to the unit, does not work there
	words := []string{"zkphone111", "zkhealth", "zkhealthnow", "zkstory", "zknote", "zkexam", "zkphone222", "zkhealth2", "zkstory2"}
	above := scope.From(county)
	above.WorkSet = above.ViewSet // works in the whole county
	for name, c := range map[string]struct {
		ctx  context.Context
		sees []string
	}{
		"the office":  {clerk, words},
		"above":       {scope.With(f.ctx, above), []string{"zkphone111", "zkstory", "zknote", "zkphone222", "zkstory2"}},
		"a colleague": {scope.With(f.ctx, colleague), []string{"zkstory", "zkphone222", "zkstory2"}},
		"the county":  {county, []string{"zkphone222", "zkstory2"}},
		"a neighbour": {f.as("990204"), nil},
	} {
		h := f.site(c.ctx, f.s.Routes())
		met := ""
		unit := "unit=" + f.unit("990203013").ID.String()
		for _, r := range []id.Ref{ref, consented} {
			for _, p := range []string{"/volunteer/" + r.String(), "/volunteer/" + r.String() + "/known?at=" + string(today), "/api/v1/volunteers/" + r.String(), "/volunteer/" + r.String() + "/edit"} {
				met += f.try(h, p)
			}
		}
		for _, p := range []string{"/volunteer?" + unit, "/volunteer/export?format=csv&" + unit, "/api/v1/volunteers?" + unit, "/volunteer/find?q=zk&" + unit, "/volunteer?q=zk&" + unit, "/volunteer/structure?" + unit,
			"/volunteer/system/people?format=csv&" + unit, "/import/volunteer?" + unit} {
			met += f.try(h, p)
		}
		for _, w := range words {
			if got, want := regexpWord(met, w), slices.Contains(c.sees, w); got != want {
				t.Errorf("%s and %s: seen %v, want %v", name, w, got, want)
			}
		}
		lists := f.try(h, "/volunteer?"+unit) + f.try(h, "/volunteer/export?format=csv&"+unit) + f.try(h, "/api/v1/volunteers?"+unit) + f.try(h, "/volunteer/system/people?format=csv&"+unit)
		for _, w := range []string{"zkhealth", "zkexam", "zkstory"} { // in no list for anybody
			if strings.Contains(lists, w) {
				t.Errorf("%s meets %s in a list", name, w)
			}
		}
	}
}

// whoever corrects a file without seeing a part of it does not lose that part.
func TestACorrectionFromAboveKeepsWhatItDoesNotSee(t *testing.T) { // R128
	f := open(t)
	ref := f.person("990203013", "田世昌", func(v *Volunteer) {
		v.Health = "不宜长途"
		v.Checks = append(v.Checks, Check{Kind: Health, On: "2017-01-01", Name: "体检"})
	})
	above := scope.From(f.as("990203"))
	above.WorkSet = above.ViewSet
	county := scope.With(f.ctx, above)
	v, ver, err := f.s.Get(county, ref)
	f.must(err)
	if v.Health != "" || len(v.Checks) != 2 {
		t.Fatalf("the county sees %+v", v)
	}
	v.Phone = "111"
	f.must(f.s.Save(county, ref, ver.N, v, "补电话"))
	f.must(f.s.DropCheck(county, ref, 2, 0, "登记错了")) // the first that it sees: training
	page := f.site(county, f.s.Routes())
	edit := testkit.HTML(t, f.get(page, "/volunteer/"+ref.String()+"/edit", 200))
	if edit.Has(`textarea[name="health"]`) {
		t.Error("the form asks for what is not shown")
	}
	form := url.Values{"_key": {"k"}, "_version": {"3"}, "name": {"田世昌"}, "kind": {"veteran_teacher"}, "admitted_on": {"2018-02-01"}, "reason": {"x"}}
	f.post(page, "/volunteer/"+ref.String()+"/edit", form, 303)
	v, _, err = f.s.Get(f.as("990203013"), ref)
	f.must(err)
	if v.Health != "不宜长途" || len(v.Checks) != 2 || !v.Valid(Background, today) || len(v.spansOf(Health)) != 1 {
		t.Errorf("what is left: %q %+v", v.Health, v.Checks)
	}
}

func TestSameNameIsShownBeforeANewFile(t *testing.T) { // R184: search before create
	f := open(t)
	f.person("990204003", "陈玉兰", nil)
	clerk := f.site(f.as("990203013"), f.s.Routes())
	to := "/volunteer/new?unit=" + f.unit("990203013").ID.String()
	form := url.Values{"_key": {"k1"}, "name": {"陈玉栏"}, "kind": {"veteran_teacher"}, "birth_year": {"1952"}, "candidate_on": {"2019-05-01"}, "retired": {"yes"}, "phone": {"0599-1"}}
	page := testkit.HTML(t, f.post(clerk, to, form, 422))
	page.MustHave("main", "桥头镇") // pinyin alike, another unit of the city
	page.MustHave("main", "照样添上")
	if got := page.One(`input[name="phone"]`).Attr("value"); got != "0599-1" {
		t.Errorf("the form lost %q", got)
	}
	f.expect("9902", today, map[string]int64{"volunteer.candidates": 0})
	form.Set("not_same", "yes")
	done := f.post(clerk, to, form, 303)
	if f.post(clerk, to, form, 303) != done {
		t.Error("sending the form twice leads elsewhere")
	}
	f.expect("9902", today, map[string]int64{"volunteer.candidates": 1})
	form = url.Values{"_key": {"k2"}, "name": {"陈玉兰"}, "kind": {"veteran_teacher"}, "birth_year": {"1960"}, "candidate_on": {"2019-05-01"}}
	f.post(clerk, to, form, 303) // another year is another person
}

func TestMergeAndItsUndo(t *testing.T) { // R184
	f := open(t)
	keep := f.person("990203013", "陈玉兰", func(v *Volunteer) { v.Phone, v.Specialities = "111", []string{"书法"}; v.Checks = nil })
	gone := f.person("990203013", "陈玉兰", func(v *Volunteer) {
		v.Profession, v.Specialities, v.AdmittedOn = "教师", []string{"朗诵"}, "2018-03-01"
	})
	f.log(keep, "2019-05-01", "08:00", "09:00")
	moved := f.log(gone, "2019-05-01", "10:00", "11:00")
	clash := f.log(gone, "2019-05-01", "08:30", "09:30")
	before := f.export(Kind) + f.export(ServiceKind)
	clerk := f.as("990203013")
	f.kind(f.s.Merge(f.as("990203"), keep, 1, gone, "同一人"), errs.Forbidden)
	f.says(f.s.Merge(clerk, keep, 1, keep, "同一人"), "同一份档案")
	f.says(f.s.Merge(clerk, keep, 1, gone, "同一人"), "服务时长重叠")
	if f.export(Kind)+f.export(ServiceKind) != before {
		t.Fatal("a refused merger wrote something")
	}
	f.must(f.s.RemoveHours(clerk, clash, 1, "记重了"))
	before = f.export(Kind) + f.export(ServiceKind)
	f.expect("9902", today, map[string]int64{"volunteer.active": 2, "volunteer.hours": 120})
	f.must(f.s.Merge(clerk, keep, 1, gone, "同一人"))
	f.expect("9902", today, map[string]int64{"volunteer.active": 1, "volunteer.hours": 120, "volunteer.checked": 1})
	v, _, err := f.s.Get(clerk, keep)
	f.must(err)
	if v.Profession != "教师" || v.Phone != "111" || !slices.Equal(v.Specialities, []string{"书法", "朗诵"}) || v.AdmittedOn != "2018-02-01" || len(v.Merges) != 1 {
		t.Errorf("joined: %+v", v)
	}
	_, _, err = f.s.Get(clerk, gone)
	f.kind(err, errs.NotFound)
	if times, minutes, _ := f.s.Total(clerk, keep); times != 2 || minutes != 120 {
		t.Errorf("the hours: %d, %d", times, minutes)
	}
	f.kind(f.s.UndoMerge(f.as("990203"), keep, v.Merges[0].Batch), errs.Forbidden)
	f.must(f.s.UndoMerge(clerk, keep, v.Merges[0].Batch))
	if got := f.export(Kind) + f.export(ServiceKind); got != before {
		t.Errorf("after the undo\n%s\nnot\n%s", got, before)
	}
	if page := f.get(f.site(clerk, f.s.Routes()), "/volunteer/"+keep.String(), 200); !strings.Contains(page, "撤回并档") || strings.Contains(page, "撤销导入") {
		t.Error("the history calls an undone merger an import taken back")
	}
	f.expect("9902", today, map[string]int64{"volunteer.active": 2, "volunteer.hours": 120, "volunteer.checked": 1})
	_, ver, err := f.s.given.Get(clerk, moved)
	f.must(err)
	f.must(f.s.Merge(clerk, keep, 3, gone, "同一人"))
	v, _, err = f.s.Get(clerk, keep)
	f.must(err)
	f.must(f.s.SaveHours(clerk, moved, ver.N+1, Hours{Day: "2019-05-01", From: "10:00", To: "12:00", What: "讲故事"}, "多讲了一小时"))
	f.says(f.s.UndoMerge(clerk, keep, v.Merges[0].Batch), "并档以后又有改动")
}

// R184; R5 for people: a commendation without a day or without who gave it is refused.
func TestVisitsAndCommendations(t *testing.T) {
	f := open(t)
	ref := f.person("990203013", "田世昌", nil)
	clerk := f.site(f.as("990203013"), f.s.Routes())
	at := "/volunteer/" + ref.String()
	add := func(key, version, kind, day, what, by string, status int) string {
		return f.post(clerk, at+"/care", url.Values{"_key": {key}, "_version": {version}, "care_kind": {kind}, "care_on": {day}, "care_what": {what}, "care_by": {by}}, status)
	}
	testkit.HTML(t, add("k0", "1", "visit", "2019-06-01", "看望", "", 422)).MustHave("main", "今天或以前")
	testkit.HTML(t, add("k1", "1", "", "2019-05-01", "", "", 422)).MustHave("main", "选一种")
	add("k2", "1", "visit", "2019-05-01", "zkvisit住院看望", "", 303)
	for key, in := range map[string][2]string{"k5": {"2019-05-20", ""}, "k6": {"2019-05-20", "  "}, "k7": {"", "云州市关工委"}} {
		testkit.HTML(t, add(key, "2", "honour", in[0], "市级优秀五老", in[1], 422)).MustHave("form", "市级优秀五老")
	}
	f.expect("9902", today, map[string]int64{"volunteer.honours": 0})
	testkit.HTML(t, add("k8", "2", "honour", "2019-05-20", "市级优秀五老", "", 422)).MustHave("main", "写上是哪个单位授的")
	add("k3", "2", "honour", "2019-05-20", "市级优秀五老", "云州市关工委", 303)
	f.expect("9902", today, map[string]int64{"volunteer.visits": 1, "volunteer.honours": 1})
	testkit.HTML(t, f.get(clerk, at, 200)).MustHave("#care", "zkvisit住院看望")
	county := f.site(f.as("990203"), f.s.Routes()) // only views
	seen := testkit.HTML(t, f.get(county, at, 200))
	seen.MustHave("#care", "市级优秀五老")
	seen.MustNotContain("zkvisit")
	f.post(clerk, at+"/uncare", url.Values{"_key": {"k4"}, "_version": {"3"}, "which": {"0"}, "reason": {"记错了人"}}, 303)
	f.expect("9902", today, map[string]int64{"volunteer.visits": 0, "volunteer.honours": 1})
	f.kind(f.s.AddCare(f.as("990203"), ref, 4, Care{Kind: Visit, On: today, What: "x"}), errs.Forbidden)
}

func TestTheFormOfAMergerShowsBothAndDoubts(t *testing.T) { // R184
	f := open(t)
	one, two, other := f.person("990203013", "陈玉兰", func(v *Volunteer) { v.BirthYear = 0 }), f.person("990203013", "陈玉栏", nil), f.person("990203013", "赵国强", nil)
	h := f.site(f.as("990203013"), f.s.Routes())
	testkit.HTML(t, f.get(h, "/volunteer/"+one.String(), 200)).MustHave("main", "可能已经登记过")
	at := "/volunteer/" + one.String() + "/merge"
	page := testkit.HTML(t, f.get(h, at+"?other="+two.String(), 200))
	page.MustHave("main table", "陈玉栏")
	page.MustNotContain("看清楚是不是同一个人")
	testkit.HTML(t, f.get(h, at+"?other="+other.String(), 200)).MustHave("main", "看清楚是不是同一个人")
	v, _, err := f.s.Get(f.ctx, two)
	f.must(err)
	testkit.HTML(t, f.get(h, at+"?code="+v.Code, 200)).MustHave("main table", "陈玉栏")
	form := url.Values{"_key": {"k1"}, "_version": {"1"}, "other": {two.String()}}
	testkit.HTML(t, f.post(h, at, form, 422)).MustHave("main", "写一句原因")
	form.Set("reason", "登记了两次")
	to := f.post(h, at, form, 303)
	testkit.HTML(t, f.get(h, to, 200)).MustHave("h1", "两份档案并好了")
	show := testkit.HTML(t, f.get(h, "/volunteer/"+one.String(), 200))
	show.MustHave("#history", "并入了陈玉栏的另一份档案")
	batch := show.One(`input[name="batch"]`).Attr("value")
	to = f.post(h, "/volunteer/"+one.String()+"/unmerge", url.Values{"_key": {"k2"}, "batch": {batch}}, 303)
	testkit.HTML(t, f.get(h, to, 200)).MustHave("h1", "并档撤回了")
	f.get(h, "/volunteer/"+two.String(), 200)
}

func (f *fixture) export(kind string) string {
	f.Helper()
	var b bytes.Buffer
	f.must(f.rec.Export(f.ctx, &b, kind, "csv", f.unit("9902").ID, "x"))
	return b.String()
}

func TestImportRoundTripAndUndo(t *testing.T) { // R184
	f := open(t)
	f.person("990203013", "田世昌", func(v *Volunteer) {
		v.Code, v.Profession, v.Specialities, v.Phone, v.Core, v.Insurance = "A1", "农技", []string{"果树栽培", "书法"}, "111", []Stay{{From: "2018-06-01"}}, Insurance{From: "2019-01-01", Until: "2020-01-01"}
	})
	before := f.export(Kind)
	p, err := f.rec.Upload(f.ctx, Kind, f.unit("9902").ID, "t.csv", []byte(before))
	f.must(err)
	if len(p.Problems) > 0 || len(p.Lines) != 1 || p.Lines[0].Outcome != "same" {
		t.Fatalf("what was exported comes back as %+v %+v", p.Lines, p.Problems)
	}
	csv := "编号,单位,姓名,类别,出生年,职业,入队日期,背景核查日期,确认不是同一人\n" +
		",稻香镇,王小梅,老教师,1950,教师,2018-03-01,2019.3.1,\n" + // new
		"A1,,,老专家,,,,,\n" + // no name: the column is required
		"A1,,田世昌,老专家,,,,,\n" + // corrected
		",稻香镇,田世昌,老教师,1952,,2018-03-01,,\n" + // may be A1
		",稻香镇,田世昌,老教师,1952,,2018-03-01,,是\n" + // is not
		",不存在镇,某某,老教师,1950,,,,\n" +
		",稻香镇,某某,老教师,1950,打铁,,,\n" +
		",稻香镇,某某,老人,1950,,,,\n" +
		",稻香镇,某某,老教师,1850,,,,\n"
	p, err = f.rec.Upload(f.ctx, Kind, f.unit("9902").ID, "t.csv", []byte(csv))
	f.must(err)
	if p.Bad != 6 || len(p.Lines) != 3 {
		t.Fatalf("%d bad rows, %d good: %+v", p.Bad, len(p.Lines), p.Problems)
	}
	if got := f.export(Kind); got != before {
		t.Fatal("the preview wrote something")
	}
	_, err = f.rec.Take(f.ctx, p.Ref, true)
	f.must(err)
	f.expect("9902", today, map[string]int64{"volunteer.active": 3, "volunteer.checked": 2, "volunteer.core": 1})
	_, got, _, err := f.s.byCode(f.ctx, 9902, "A1")
	f.must(err)
	if got.Kind != Expert || got.Profession != "农技" || len(got.Specialities) != 2 {
		t.Errorf("the correction gave %+v", got)
	}
	f.must(f.rec.UndoImport(f.ctx, p.Ref))
	if got := f.export(Kind); got != before {
		t.Errorf("after the undo the export is\n%s\nnot\n%s", got, before)
	}
	f.expect("9902", today, map[string]int64{"volunteer.active": 1})
}

func TestExpiringChecksReachTheInbox(t *testing.T) { // R162
	f := open(t)
	ref := f.person("990203013", "甲", func(v *Volunteer) { v.Checks = []Check{{Kind: Background, On: "2018-06-15"}} })
	f.person("990203013", "乙", nil) // ends in December
	f.person("990203013", "丙", func(v *Volunteer) { v.Checks, v.LeftOn = []Check{{Kind: Background, On: "2018-06-15"}}, "2019-05-01" })
	inbox := func() string {
		items, _, err := f.flow.Inbox(f.as("990203013"), 50)
		f.must(err)
		var out []string
		for _, it := range items {
			out = append(out, it.Title)
		}
		return strings.Join(out, ";")
	}
	for range 2 {
		_, err := f.s.Daily(f.ctx)
		f.must(err)
	}
	if got := inbox(); got != "续办甲的核查或证书" {
		t.Errorf("the inbox holds %s", got)
	}
	f.must(f.s.AddCheck(f.as("990203013"), ref, 1, Check{Kind: Background, On: today}))
	if got := inbox(); got != "" {
		t.Errorf("after the check the inbox holds %s", got)
	}
}

func TestAgesAreComputedOnTheDay(t *testing.T) { // R158
	for birth, want := range map[int64]map[clock.Day]string{
		0:    {today: "unknown"},
		1970: {today: "under_50", "2020-01-01": "50"},
		1959: {today: "60", "2018-12-31": "50", "2029-01-01": "70"},
		1930: {today: "80"},
	} {
		for day, band := range want {
			if got := BandOf(birth, day); got != band {
				t.Errorf("born %d is %s on %s, want %s", birth, got, day, band)
			}
		}
	}
	f := open(t)
	f.person("990203013", "甲", func(v *Volunteer) { v.BirthYear, v.Education = 1959, "college" })
	county := f.site(f.as("990203"), f.s.Routes())
	testkit.HTML(t, f.get(county, "/volunteer/structure", 200)).MustHave("#age", "60至69岁")
	testkit.HTML(t, f.get(county, "/volunteer/structure?day=2018-12-31", 200)).MustHave("#age", "50至59岁")
	testkit.HTML(t, f.get(county, "/volunteer/structure", 200)).MustHave("#education", "大专")
}

func TestFilesWithGapsSayWhatIsMissing(t *testing.T) { // R184
	f := open(t)
	ref := f.person("990203013", "甲", nil)
	v, _, err := f.s.Get(f.as("990203013"), ref)
	f.must(err)
	if v.Complete() != int64(100*(len(Items)-len(v.Missing()))/len(Items)) || v.Complete() >= 100 || slices.Contains(v.Missing(), "background") || !slices.Contains(v.Missing(), "phone") {
		t.Errorf("%d%%, missing %v", v.Complete(), v.Missing())
	}
	full := v
	full.Education, full.Profession, full.Specialities, full.Availability, full.Phone, full.Health = "college", "教师", []string{"书法"}, "周末", "1", "好"
	full.Insurance = Insurance{From: "2019-01-01", Until: "2020-01-01"}
	if full.Complete() != 100 {
		t.Errorf("a full file is %d%%, missing %v", full.Complete(), full.Missing())
	}
	page := testkit.HTML(t, f.get(f.site(f.as("990203013"), f.s.Routes()), "/volunteer/"+ref.String(), 200))
	page.MustHave("#complete", "电话")
	p, err := f.s.List(f.as("990203013"), f.unit("990203013"), today, Filter{Only: "gaps"}, -1, "", 10)
	f.must(err)
	if p.Total != 1 {
		t.Errorf("%d files with gaps", p.Total)
	}
}

func TestRulesOfAVolunteer(t *testing.T) { // R162, R184
	good := Volunteer{Code: "A", Name: "甲", Kind: Teacher, BirthYear: 1950, CandidateOn: "2018-01-01", AdmittedOn: "2018-02-01"}
	if f := good.problems(today); len(f) > 0 {
		t.Fatalf("a good volunteer has problems: %v", f)
	}
	for field, change := range map[string]func(v *Volunteer){
		"name":               func(v *Volunteer) { v.Name = "" },
		"kind":               func(v *Volunteer) { v.Kind = "x" },
		"sex":                func(v *Volunteer) { v.Sex = "x" },
		"education":          func(v *Volunteer) { v.Education = "x" },
		"birth_year":         func(v *Volunteer) { v.BirthYear = 2010 },
		"phone":              func(v *Volunteer) { v.Phone = "没有" },
		"specialities":       func(v *Volunteer) { v.Specialities = make([]string, 11) },
		"health":             func(v *Volunteer) { v.Health = strings.Repeat("好", 2001) },
		"candidate_on":       func(v *Volunteer) { v.CandidateOn, v.AdmittedOn = "", "" },
		"admitted_on":        func(v *Volunteer) { v.AdmittedOn = "2017-01-01" },
		"left_on":            func(v *Volunteer) { v.LeftOn = "2018-01-15" },
		"find_consent":       func(v *Volunteer) { v.FindConsent = "2019-06-01" },
		"experience_consent": func(v *Volunteer) { v.ExperienceConsent = "x" },
		"check_kind":         func(v *Volunteer) { v.Checks = []Check{{Kind: "x", On: today}} },
		"check_expires":      func(v *Volunteer) { v.Checks = []Check{{Kind: Certificate, On: today}} },
		"core_from":          func(v *Volunteer) { v.Core = []Stay{{From: today, To: today}} },
		"insured_from":       func(v *Volunteer) { v.Insurance.Until = today },
	} {
		bad := good
		change(&bad)
		f := bad.problems(today)
		if len(f) == 0 || f[0].Name != field && !(field == "experience_consent" && f[len(f)-1].Name == field) {
			t.Errorf("%s: %v", field, f)
		}
	}
}

func TestStretchesOfDays(t *testing.T) {
	in := Stay{"2019-01-01", "2019-12-31"}
	list := joined([]Stay{{"2019-03-01", "2019-04-01"}, {"2018-06-01", "2019-02-01"}, {"2019-04-01", "2019-05-01"}, {"2019-11-01", ""}})
	if got := within(list, in); !slices.Equal(got, []Stay{{"2019-01-01", "2019-02-01"}, {"2019-03-01", "2019-05-01"}, {"2019-11-01", "2019-12-31"}}) {
		t.Errorf("within: %v", got)
	}
	if got := outside(list, in); !slices.Equal(got, []Stay{{"2019-02-01", "2019-03-01"}, {"2019-05-01", "2019-11-01"}}) {
		t.Errorf("outside: %v", got)
	}
	if got := outside(nil, Stay{From: "2019-01-01"}); !slices.Equal(got, []Stay{{From: "2019-01-01"}}) {
		t.Errorf("outside of nothing: %v", got)
	}
}

func TestAMovedTownshipTakesItsVolunteersAlong(t *testing.T) { // R57
	f := open(t)
	ref := f.person("990203013", "甲", nil)
	f.log(ref, "2019-05-01", "08:00", "09:00")
	f.must(f.org.Move(f.ctx, f.unit("990203013").ID, f.unit("990204").ID, "2019-05-02", "云关委〔2019〕2号"))
	p, err := f.s.List(f.ctx, f.unit("990204"), today, Filter{State: Active}, -1, "", 10)
	f.must(err)
	hours, err := f.s.ListHours(f.ctx, f.unit("990204"), HoursFilter{}, "", 0, 10)
	f.must(err)
	if p.Total != 1 || hours.Total != 1 {
		t.Errorf("the new county lists %d volunteers, %d hours", p.Total, hours.Total)
	}
	f.expect("990204", today, map[string]int64{"volunteer.active": 1})
	f.expect("990203", today, map[string]int64{"volunteer.active": 0})
}

func TestPagesOfVolunteers(t *testing.T) { // R162, R184
	f := open(t)
	town := f.unit("990203013").ID.String()
	clerk, county := f.site(f.as("990203013"), f.s.Routes()), f.site(f.as("990203"), f.s.Routes())
	begun := testkit.HTML(t, f.post(clerk, "/volunteer/new?unit="+town, url.Values{"_key": {"k0"}, "begin": {"1"}, "name": {"贺老师"}, "phone": {"0500-5552377"}, "note": {"会讲数学"}}, 200)) // handed over by a letter
	for name, want := range map[string]string{"name": "贺老师", "phone": "0500-5552377", "candidate_on": string(today)} {
		if got := begun.One(`input[name="` + name + `"]`).Attr("value"); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	begun.MustHave("textarea[name='note']", "会讲数学")
	if begun.One(`input[name="_key"]`).Attr("value") == "k0" {
		t.Error("the form has the key of the letter")
	}
	f.expect("9902", today, map[string]int64{"volunteer.candidates": 0})
	form := url.Values{"_key": {"k1"}, "name": {"田世昌"}, "kind": {"veteran_expert"}, "candidate_on": {"2019-05-01"}, "birth_year": {"五几年"}, "specialities": {"果树栽培、嫁接"}, "retired": {"yes"}}
	again := testkit.HTML(t, f.post(clerk, "/volunteer/new?unit="+town, form, 422))
	again.MustHave("main", "出生年填四位数")
	if got := again.One(`input[name="birth_year"]`).Attr("value"); got != "五几年" {
		t.Errorf("the form lost what was typed: %q", got)
	}
	form.Set("birth_year", "1952")
	to := f.post(clerk, "/volunteer/new?unit="+town, form, 303)
	testkit.HTML(t, f.get(clerk, to, 200)).MustHave("h1", "志愿者添上了")
	show := strings.Split(to, "/done")[0]
	testkit.HTML(t, f.get(clerk, show, 200)).MustHave("main", "还没有背景核查")
	refused := testkit.HTML(t, f.post(clerk, show+"/admit", url.Values{"_key": {"k2"}, "_version": {"1"}, "admitted_on": {string(today)}}, 422))
	refused.MustHave("main", "没有有效的背景核查")
	if got := refused.One(`main .note a`).Attr("href"); got != show+"/check" {
		t.Errorf("the way to the check is %s", got)
	}
	for i, kind := range []string{"background", "training"} {
		f.post(clerk, show+"/check", url.Values{"_key": {"c" + kind}, "_version": {strconv.Itoa(i + 1)}, "check_kind": {kind}, "check_on": {string(today)}}, 303)
	}
	to = f.post(clerk, show+"/admit", url.Values{"_key": {"k3"}, "_version": {"3"}, "admitted_on": {string(today)}}, 303)
	testkit.HTML(t, f.get(clerk, to, 200)).MustHave("main", "在岗志愿者")
	f.expect("9902", today, map[string]int64{"volunteer.active": 1, "volunteer.checked": 1})
	f.get(county, show+"/edit", 403)
	f.get(county, show+"/check", 403)
	f.get(f.site(f.as("990204"), f.s.Routes()), show, 404)
	if api := f.get(county, "/api/v1/volunteers", 200); !strings.Contains(api, `"total":1`) || !strings.Contains(api, `"unit":"990203013"`) {
		t.Error(api)
	}
	made := f.call(clerk, "POST", "/api/v1/volunteers?unit="+town, `{"name":"某某","kind":"other","candidate_on":"2019-05-01"}`, 201)
	if !strings.Contains(made, `"state":"candidate"`) {
		t.Error(made)
	}
	f.call(clerk, "POST", "/api/v1/volunteers?unit="+town, `{"name":"某某","kind":"other","candidate_on":"2019-05-01"}`, 422)
	f.call(clerk, "POST", "/api/v1/volunteers?unit="+town, `{"name":"乙","kind":"other","candidate_on":"昨天"}`, 422)
	f.call(county, "PUT", "/api/v1"+strings.Replace(show, "volunteer", "volunteers", 1), `{"version":4,"volunteer":{}}`, 403)
	for _, lang := range []string{"zh", "en"} { // no text key shows
		h := f.site(i18n.With(f.as("990203013"), f.texts, lang), f.s.Routes())
		pages := []string{"/volunteer", "/volunteer/find", "/volunteer/find?retired=1", "/volunteer/structure", "/volunteer/system", "/volunteer/professions", "/hours", "/hours/new", "/me/hours",
			"/volunteer/new", show, show + "/edit", show + "/merge", show + "/merge?code=x", show + "/certificate", show + "/known", "/certificate/" + strings.TrimPrefix(show, "/volunteer/")}
		for _, st := range stepNames {
			pages = append(pages, show+"/"+st)
		}
		for _, a := range doneActs {
			if a != "remove" {
				pages = append(pages, show+"/done?act="+a)
			}
		}
		for _, o := range Onlys {
			pages = append(pages, "/volunteer?only="+o)
		}
		for _, p := range pages {
			status := 200
			if strings.HasPrefix(p, "/certificate") {
				status = 404
			}
			body := strings.ReplaceAll(f.get(h, p, status), "/evidence/volunteer.", "/evidence/") // the code of a figure
			testkit.HTML(t, body).MustNotContain("volunteer.", "record.", "ui.", "<no value>")
			if t.Failed() {
				t.Fatal(p)
			}
		}
	}
}

func TestAProfessionThatIsThereIsSaid(t *testing.T) { // R184
	f := open(t)
	ctx := scope.With(f.ctx, scope.System("test"))
	f.must(f.s.AddProfession(ctx, f.unit("9902"), "消防员", ""))
	f.says(f.s.AddProfession(ctx, f.unit("9902"), "消防员", ""), "已经有“消防员”")
}

// A program binds no account that the form would not find, neither to a new file nor to one that stands.
func TestAnAccountFromElsewhereIsNotBound(t *testing.T) {
	f := open(t)
	clerk := f.site(f.as("990203013"), f.s.Routes())
	town := f.unit("990203013").ID.String()
	f.logins["far"], f.logins["near"], f.far = 9001, 9002, "far"
	for login, code := range map[string]int{"far": 422, "near": 201} {
		f.call(clerk, "POST", "/api/v1/volunteers?unit="+town, fmt.Sprintf(`{"name":"丙%s","kind":"other","candidate_on":"2019-05-01","account":"%s"}`, login, f.logins[login]), code)
	}
	ref := f.person("990203013", "丁某", nil)
	v, ver, err := f.s.Get(f.as("990203013"), ref)
	f.must(err)
	v.Account = f.logins["far"]
	if err := f.s.Save(f.as("990203013"), ref, ver.N, v, "补"); !errs.Is(err, errs.Invalid) {
		t.Errorf("on a file that stands: %v", err)
	}
}
