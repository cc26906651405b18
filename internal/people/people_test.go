package people

import (
	"bytes"
	"errors"
	"net/http/httptest"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/testkit"
	"xinhuo/internal/ledger"
	"xinhuo/internal/record"
)

func (f *fixture) team(unit, code string, change func(t *Team)) id.Ref {
	f.Helper()
	t := Team{Code: code, Unit: f.unit(unit).ID, Need: "科普", FoundedOn: "2016-03-01", Status: Approved}
	if change != nil {
		change(&t)
	}
	ref, err := f.s.Create(f.ctx, t)
	f.must(err)
	return ref
}

var none = map[string]int64{"team.active": 0, "team.townships_5plus": 0, "team.townships_1to4": 0, "team.townships_none": 4}

func TestBandsCountATownshipsOwnTeams(t *testing.T) { // R171, R172
	f := open(t)
	f.expect("9902", today, none)
	for i := range 5 {
		f.team("990203001", "A"+strconv.Itoa(i), nil)
	}
	// Four that count, and beside them all that do not: dissolved, founded later, only proposed, of the village, of the county.
	for i := range 4 {
		f.team("990203109", "B"+strconv.Itoa(i), nil)
	}
	f.team("990203109", "B-dissolved", func(t *Team) { t.DissolvedOn, t.DissolveReason = today, "队员并入别的队" })
	f.team("990203109", "B-later", func(t *Team) { t.FoundedOn = today.AddDays(1) })
	f.team("990203109", "B-proposed", func(t *Team) { t.Status = Submitted })
	f.team("990203109012", "V1", nil)
	f.team("990203", "C1", nil)
	f.team("9903", "N1", nil)
	f.expect("9902", today, map[string]int64{"team.active": 11, "team.townships_5plus": 1, "team.townships_1to4": 1, "team.townships_none": 2})
	// the day before the fifth was dissolved, and the day on which the later one begins
	f.expect("9902", today.AddDays(-1), map[string]int64{"team.townships_5plus": 2, "team.townships_1to4": 0})
	f.expect("9902", today.AddDays(1), map[string]int64{"team.townships_5plus": 2, "team.townships_1to4": 0})
}

func TestApproveDissolveAndUndoMoveTheFigures(t *testing.T) { // R171, R172
	f := open(t)
	clerk := f.as("990203013")
	ref, err := f.s.Create(clerk, Team{Unit: f.unit("990203013").ID, Name: "稻香镇科普队", Need: "科普", Status: Submitted})
	f.must(err)
	f.expect("9902", today, none)
	f.kind(f.s.Approve(clerk, ref, 1, Approval{}), errs.Invalid)
	f.must(f.s.Approve(clerk, ref, 1, Approval{Day: "2019-05-20", Document: "云关工〔2019〕8号"}))
	f.expect("9902", today, map[string]int64{"team.active": 1, "team.townships_1to4": 1, "team.townships_none": 3})
	f.kind(f.s.Approve(clerk, ref, 2, Approval{Day: "2019-05-20", Document: "x"}), errs.Conflict)
	f.must(f.s.Undo(clerk, ref, 2))
	f.expect("9902", today, none)
	f.must(f.s.Approve(clerk, ref, 3, Approval{Day: "2019-05-20", Document: "云关工〔2019〕8号"}))
	f.must(f.s.Dissolve(clerk, ref, 4, today, "队长年高"))
	f.expect("9902", today, none)
	f.kind(f.s.Dissolve(clerk, ref, 5, today, "又一次"), errs.Conflict)
	f.now = f.now.Add(11 * time.Minute)
	f.kind(f.s.Undo(clerk, ref, 5), errs.Conflict)
}

func TestTheSameTeamIsNotEnteredTwiceNorInDaysToCome(t *testing.T) { // R159, R171: walked by hand, all of these were kept
	f := open(t)
	clerk := f.as("990203013")
	team := Team{Unit: f.unit("990203013").ID, Name: "稻香镇书画队", Need: "科普", Status: Approved, FoundedOn: "2019-01-01"}
	ref, err := f.s.enter(clerk, team, "")
	f.must(err)
	field := func(err error, name string) {
		t.Helper()
		var e *errs.Error
		if !errors.As(err, &e) || !slices.ContainsFunc(e.Fields, func(x errs.Field) bool { return x.Name == name }) {
			t.Errorf("%v says nothing of %s", err, name)
		}
	}
	_, err = f.s.enter(clerk, team, "")
	field(err, "name")
	tomorrow := today.AddDays(1)
	field(f.s.Adjust(clerk, ref, 1, Adjustment{Day: tomorrow, Name: "稻香镇书法队", Need: "科普", Why: "改名"}), "adjusted_on")
	_, err = f.s.enter(clerk, Team{Unit: team.Unit, Name: "待批队", Need: "科普", Status: Submitted, ProposedOn: tomorrow}, "")
	field(err, "proposed_on")
	f.must(f.s.Dissolve(clerk, ref, 1, today, "队长年高"))
	_, err = f.s.enter(clerk, team, "") // a dissolved team's name is free
	f.must(err)
}

func TestAProposedTeamWaitsInTheInboxOfTheUnitAbove(t *testing.T) { // R172: it waited in nobody's
	f := open(t)
	waits := func(unit string) string {
		items, err := f.s.Waiting(f.ctx, f.unit(unit).ID)
		f.must(err)
		var out []string
		for _, it := range items {
			out = append(out, it.Title+" "+it.Link)
		}
		return strings.Join(out, "\n")
	}
	if got := waits("990203"); got != "" {
		t.Errorf("nothing was proposed: %s", got)
	}
	ref := f.team("990203013", "P1", func(t *Team) { t.Name, t.Status, t.FoundedOn = "稻香镇书画队", Submitted, "" })
	if got, want := waits("990203"), "批准工作团队：稻香镇书画队 /team/"+ref.String()+"/approve"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	for _, other := range []string{"9902", "990204", "990203013"} {
		if got := waits(other); got != "" {
			t.Errorf("%s is not the one to approve it: %s", other, got)
		}
	}
	if items, err := f.s.Waiting(f.as("990203"), f.unit("990203").ID); err != nil || len(items) != 0 {
		t.Errorf("who may not write for the township is asked to approve: %v %v", items, err)
	}
	f.team("990203109", "P2", func(t *Team) { t.Status, t.FoundedOn = Submitted, "" })
	if got := waits("990203"); !strings.HasPrefix(got, "有2支工作团队等着批准 /team?") {
		t.Errorf("two: %s", got)
	}
	f.must(f.s.Approve(f.ctx, ref, 1, Approval{Day: today, Document: "云关工〔2019〕8号"}))
	if got := waits("990203"); strings.Contains(got, ref.String()) {
		t.Errorf("approved, and still there: %s", got)
	}
}

func TestTeamsLeaveWithTheirTownshipAndTheHeirMayTakeThemOver(t *testing.T) { // R171, R57
	f := open(t)
	ref := f.team("990203109", "B1", nil)
	f.team("990204003", "Q1", nil)
	f.expect("9902", today, map[string]int64{"team.active": 2, "team.townships_1to4": 2, "team.townships_none": 2})
	f.must(f.org.Close(f.ctx, f.unit("990204003").ID, "2019-05-01", "云关委〔2019〕1号"))
	f.expect("9902", today, map[string]int64{"team.active": 1, "team.townships_1to4": 1, "team.townships_none": 2})
	f.must(f.org.Merge(f.ctx, []id.ID{f.unit("990203109").ID}, f.unit("990203013").ID, "2019-05-01", "云关委〔2019〕2号"))
	f.expect("990203013", today, map[string]int64{"team.active": 0}) // merged away or closed: its teams leave on that day
	f.expect("9902", today, map[string]int64{"team.townships_1to4": 0, "team.townships_none": 2})
	// who took the township over sees its team and may take it over
	heir := f.as("990203013")
	p, err := f.s.List(heir, f.unit("990203013"), today, Filter{}, 0, "", 10)
	f.must(err)
	if p.Total != 1 {
		t.Errorf("the heir lists %d teams", p.Total)
	}
	team, v, err := f.s.Get(heir, ref)
	f.must(err)
	team.Unit = f.unit("990203013").ID
	f.must(f.s.Save(heir, ref, v.N, team, "并入后续建"))
	f.expect("990203013", today, map[string]int64{"team.active": 1})
}

func TestStrangersSeeNothingAndReadersChangeNothing(t *testing.T) { // R171
	f := open(t)
	ref := f.team("990203013", "B1", nil)
	_, _, err := f.s.Get(f.as("990204"), ref)
	f.kind(err, errs.NotFound)
	got, v, err := f.s.Get(f.as("9902"), ref) // the city views
	f.must(err)
	got.Leader = "别人"
	f.kind(f.s.Save(f.as("9902"), ref, v.N, got, "试"), errs.Forbidden)
	f.kind(f.s.Save(f.as("990204"), ref, v.N, got, "试"), errs.NotFound)
	p, err := f.s.List(f.as("990204"), f.unit("9902"), today, Filter{}, 0, "", 10)
	f.must(err)
	if p.Total != 0 || len(p.Teams) != 0 {
		t.Errorf("the neighbour's list holds %d teams", p.Total)
	}
	got.Name = "稻香镇科普一队"
	f.must(f.s.Save(f.as("990203013"), ref, v.N, got, "改名"))
	f.kind(f.s.Save(f.as("990203013"), ref, v.N, got, "改名"), errs.Conflict) // lost update
}

func TestRulesOfATeam(t *testing.T) { // R171
	good := Team{Code: "A", Name: "一队", Need: "科普", Status: Approved, FoundedOn: "2019-01-01"}
	if f := good.problems(); len(f) > 0 {
		t.Fatalf("a good team has problems: %v", f)
	}
	for field, change := range map[string]func(t *Team){
		"name":         func(t *Team) { t.Name = "" },
		"need":         func(t *Team) { t.Need = "" },
		"members":      func(t *Team) { t.Members = -1 },
		"status":       func(t *Team) { t.Status = "x" },
		"founded_on":   func(t *Team) { t.FoundedOn = "" },
		"dissolved_on": func(t *Team) { t.DissolvedOn = "2018-12-31" },
		"approved_on":  func(t *Team) { t.ProposedOn, t.ApprovedOn = "2019-01-01", "2018-12-31" },
	} {
		bad := good
		change(&bad)
		if f := bad.problems(); len(f) != 1 || f[0].Name != field {
			t.Errorf("%s: %v", field, f)
		}
	}
}

func (f *fixture) export(format string) string {
	f.Helper()
	var b bytes.Buffer
	f.must(f.rec.Export(f.ctx, &b, "team", format, f.unit("9902").ID, "工作团队"))
	return b.String()
}

func TestImportRoundTripAndUndo(t *testing.T) { // R171
	f := open(t)
	f.team("990203013", "B1", func(t *Team) { t.Leader, t.Members, t.ApprovedOn = "田世昌", 12, "2016-02-01" })
	before := f.export("csv")
	p, err := f.rec.Upload(f.ctx, "team", f.unit("9902").ID, "t.csv", []byte(before))
	f.must(err)
	if len(p.Problems) > 0 || len(p.Lines) != 1 || p.Lines[0].Outcome != "same" {
		t.Fatalf("what was exported comes back as %+v %+v", p.Lines, p.Problems)
	}
	csv := "编号,单位,团队名称,类别,成立日期,解散日期,状态\n" +
		"N1,稻香镇,稻香镇新队,科普,2018-01-01,,已批准\n" + // new
		"B1,,稻香镇老队,科普,,,\n" + // corrected; empty cells stay
		"N2,不存在镇,某队,科普,2018-01-01,,已批准\n" +
		"N3,稻香镇,某队,打铁,2018-01-01,,已批准\n" +
		"N4,稻香镇,某队,科普,2018-02-30,,已批准\n" +
		"N5,稻香镇,某队,科普,2018-01-01,2017-01-01,已批准\n" +
		"N1,稻香镇,又一队,科普,2018-01-01,,已批准\n"
	p, err = f.rec.Upload(f.ctx, "team", f.unit("9902").ID, "t.csv", []byte(csv))
	f.must(err)
	if p.Bad != 5 || len(p.Lines) != 2 {
		t.Fatalf("%d bad rows, %d good: %+v", p.Bad, len(p.Lines), p.Problems)
	}
	if got := f.export("csv"); got != before {
		t.Fatal("the preview wrote something")
	}
	_, err = f.rec.Take(f.ctx, p.Ref, false)
	f.kind(err, errs.Invalid)
	_, err = f.rec.Take(f.ctx, p.Ref, true)
	f.must(err)
	f.expect("9902", today, map[string]int64{"team.active": 2})
	_, got, _, err := f.s.ByCode(f.ctx, 9902, "B1")
	f.must(err)
	if got.Name != "稻香镇老队" || got.Leader != "田世昌" || got.FoundedOn != "2016-03-01" {
		t.Errorf("the correction gave %+v", got)
	}
	f.must(f.rec.UndoImport(f.ctx, p.Ref))
	if got := f.export("csv"); got != before {
		t.Errorf("after the undo the export is\n%s\nnot\n%s", got, before)
	}
	f.expect("9902", today, map[string]int64{"team.active": 1})
	if !strings.HasPrefix(f.export("xlsx"), "PK") {
		t.Error("the workbook is none")
	}
}

// A committee's own list has no codes: taken again it is about the same teams, and one that was dissolved stays another.
func TestAListOfTeamsWithoutCodesMakesNoSecondTeam(t *testing.T) {
	f := open(t)
	upload := func(rows string) record.Preview {
		t.Helper()
		p, err := f.rec.Upload(f.ctx, "team", f.unit("9902").ID, "t.csv", []byte("单位,团队名称,类别,成立日期,解散日期\n"+rows))
		f.must(err)
		return p
	}
	list := "稻香镇,,科普,2018-01-01,\n稻香镇,红领巾宣讲队,宣讲,2012-01-01,2015-01-01\n稻香镇,红领巾宣讲队,宣讲,2018-01-01,\n"
	p := upload(list)
	if len(p.Problems) != 0 || p.Count(record.Added) != 3 {
		t.Fatalf("%+v %+v", p.Lines, p.Problems)
	}
	_, err := f.rec.Take(f.ctx, p.Ref, false)
	f.must(err)
	if p = upload(list); len(p.Problems) != 0 || p.Count(record.Same) != 3 {
		t.Errorf("the same list again: %+v %+v", p.Lines, p.Problems)
	}
	if p = upload("稻香镇,,科普,2018-01-01,2019-01-01\n"); p.Count(record.Changed) != 1 {
		t.Errorf("its end: %+v %+v", p.Lines, p.Problems)
	}
	if p = upload("稻香镇,夕阳红队,科普,2018-01-01,\n稻香镇,夕阳红队,科普,2018-01-01,\n"); p.Bad != 1 || p.Problems[0].Column != "团队名称" {
		t.Errorf("one name twice: %+v %+v", p.Lines, p.Problems)
	}
}

func TestNeedsAreACitysOwn(t *testing.T) { // R171
	f := open(t)
	f.kind(f.s.AddNeed(f.as("990203"), f.unit("990203"), "禁毒宣讲", "", ""), errs.Forbidden)
	f.must(f.s.AddNeed(f.as("9902"), f.unit("9902"), "禁毒宣讲", "Drug prevention", ""))
	has := func(code string) bool {
		list, err := f.s.Needs(f.ctx, f.unit(code))
		f.must(err)
		for _, n := range list {
			if n.Name == "禁毒宣讲" {
				return true
			}
		}
		return false
	}
	if !has("990203") || has("9903") {
		t.Error("the need stands in the wrong city's list")
	}
}

func TestPagesLeadFromABandToATeam(t *testing.T) { // R172: 48 shown, not hidden
	f := open(t)
	city := f.site(f.as("9902"), f.s.Routes())
	doc := testkit.HTML(t, f.get(city, "/team", 200))
	doc.MustHave("h1", "工作团队")
	band := testkit.HTML(t, f.get(city, "/team?band=team.townships_none", 200))
	band.MustHave("main", "稻香镇")
	band.MustNotContain("在这里添一支团队") // the city only views; who works there adds
	town := f.unit("990203013").ID.String()
	clerk := f.site(f.as("990203013"), f.s.Routes())
	form := url.Values{"_key": {"k1"}, "name": {"稻香镇科普队"}, "need": {"科普"}, "status": {"approved"}, "founded_on": {"2019-05-01"}, "members": {"十几个"}}
	again := testkit.HTML(t, f.post(clerk, "/team/new?unit="+town, form, 422))
	again.MustHave("main", "人数填整数")
	if got := again.One(`input[name="members"]`).Attr("value"); got != "十几个" {
		t.Errorf("the form lost what was typed: %q", got)
	}
	form.Set("members", "12")
	to := f.post(clerk, "/team/new?unit="+town, form, 303)
	if f.post(clerk, "/team/new?unit="+town, form, 303) != to {
		t.Error("sending the form twice leads elsewhere")
	}
	testkit.HTML(t, f.get(clerk, to, 200)).MustHave("h1", "团队添上了")
	f.expect("9902", today, map[string]int64{"team.active": 1, "team.townships_none": 3})
	show := strings.Split(to, "/done")[0]
	testkit.HTML(t, f.get(clerk, show, 200)).MustHave("main", "登记团队")
	testkit.HTML(t, f.get(clerk, "/team?unit="+town, 200)).MustHave("main", "共1支")
	f.get(clerk, show+"/edit", 200)
	f.get(clerk, show+"/dissolve", 200)
	f.get(city, show+"/edit", 403)
	f.get(f.site(f.as("990204"), f.s.Routes()), show, 404)
	f.get(clerk, "/team/export?format=csv", 200)
	f.get(clerk, "/team/needs", 200)
	if api := f.get(city, "/api/v1/teams", 200); !strings.Contains(api, `"total":1`) || !strings.Contains(api, `"unit":"990203013"`) {
		t.Error(api)
	}
	for _, lang := range []string{"zh", "en"} { // no text key shows
		ctx := i18n.With(f.as("990203013"), f.texts, lang)
		for _, p := range []string{show, show + "/edit", show + "/dissolve", show + "/remove", "/team", "/team/new", "/team/needs", show + "/done?act=create"} {
			testkit.HTML(t, f.get(f.site(ctx, f.s.Routes()), p, 200)).MustNotContain("project.", "record.", "people.", "ui.", "<no value>")
		}
	}
	undone := f.post(clerk, show+"/undo", url.Values{"_key": {"k2"}, "_version": {"1"}}, 303)
	if !strings.HasPrefix(undone, "/team?") {
		t.Error(undone)
	}
	f.expect("9902", today, none)
}

func TestAMovedTownshipTakesItsTeamsAlong(t *testing.T) { // R57
	f := open(t)
	f.team("990203013", "B1", nil)
	f.must(f.org.Move(f.ctx, f.unit("990203013").ID, f.unit("990204").ID, "2019-05-01", "云关委〔2019〕2号"))
	p, err := f.s.List(f.ctx, f.unit("990204"), today, Filter{State: Active}, 0, "", 10)
	f.must(err)
	if p.Total != 1 {
		t.Errorf("the new county lists %d teams", p.Total)
	}
	f.expect("990204", today, map[string]int64{"team.active": 1})
	f.expect("990203", today, map[string]int64{"team.active": 0})
}

func TestTownsAndStreetsAreTwoKindsOfOneLevel(t *testing.T) { // R11
	f := open(t)
	f.expect("9902", today, map[string]int64{"unit.townships": 4})
	q := ledger.Query{Figure: "unit.townships", Unit: f.unit("9902").ID, Day: today}
	kinds, err := f.led.ByValue(f.ctx, q, "kind")
	f.must(err)
	sum := int64(0)
	for kind, n := range kinds {
		sum += n
		q.Where = map[string]string{"kind": kind}
		v, err := f.led.Ask(f.ctx, q)
		f.must(err)
		if v.Int() != n {
			t.Errorf("asked for kind %s alone: %d, of the whole it is %d", kind, v.Int(), n)
		}
	}
	if len(kinds) != 2 || sum != 4 {
		t.Errorf("%+v do not make 4 of two kinds", kinds)
	}
}

func TestWhatWasSaidBeforeOfATeam(t *testing.T) { // R201: a statement stands relative to its day
	f := open(t)
	ref := f.team("990203013", "B1", nil)
	f.now = f.now.AddDate(0, 0, 3)
	town := f.as("990203013")
	team, v, err := f.s.Get(town, ref)
	f.must(err)
	was := team.Leader
	team.Leader = "接任的人"
	f.must(f.s.Save(town, ref, v.N, team, "换了队长"))
	h := f.site(town, f.s.Routes())
	get := func(path string) string {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest("GET", path, nil))
		return w.Body.String()
	}
	page := "/team/" + ref.String()
	testkit.HTML(t, get(page)).MustHave("main", "以前怎么说的")
	if then := get(page + "/known?at=" + string(today)); !strings.Contains(then, was) || strings.Contains(then, "接任的人") {
		t.Errorf("on %s the leader was %s", today, was)
	}
	testkit.HTML(t, get(page+"/known?at="+string(today.AddDays(3)))).MustHave("dl", "接任的人")
	testkit.HTML(t, get(page+"/known?at="+string(today.AddDays(-1)))).MustHave("main", "还没有这条记录")
}
