package survey

import (
	"bytes"
	"context"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"

	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/table"
	"xinhuo/internal/kit/testkit"
	"xinhuo/internal/org"
	"xinhuo/internal/record"
)

// The survey of all bases comes back from ten of ten counties: who has not answered is called upon by name, and what was
// accepted stands in the register with its source (R103).
func TestTenOfTenCountiesReturnAndCorrectTheRegister(t *testing.T) { // R103
	w := open(t)
	bases := map[int]id.Ref{}
	for n := 1; n <= 10; n++ {
		bases[n] = w.base(county(n), fmt.Sprintf("%d号县红色教育馆", n), map[string]Value{"run_mode": {"self"}, "capacity": {"50"}})
	}
	ref := w.census()
	w.wants("9902", map[string]int64{"survey.issued": 1, "survey.asked": 10, "survey.returned": 0})
	if !strings.Contains(w.inbox(county(3)), "2019年阵地普查") {
		t.Error("the survey does not wait for a county that has to answer")
	}
	for n := 1; n <= 9; n++ {
		w.sent(county(n), ref, bases[n], map[int][]string{1: {"joint"}, 2: {"一百二十人"}, 3: {"wifi", "toilet"}, 4: {"300"}})
	}
	v, _, err := w.s.Get(w.as("9902"), ref)
	w.must(err)
	late, _, err := w.s.Recipients(w.as("9902"), ref, v, w.unit("9902"), Waiting, "", 50)
	w.must(err)
	if len(late) != 1 || late[0].Name != "10号县" {
		t.Errorf("%v have not answered", late)
	}
	*w.now = w.now.AddDate(0, 0, 25)
	w.must(w.s.Remind(w.as("9902"), ref))
	w.refused(w.s.Remind(w.as("9902"), ref), errs.Conflict, "survey.reminded_today")
	if got := w.inbox(county(10)); !strings.Contains(got, "2019年阵地普查") || !strings.Contains(got, "云州市催报") {
		t.Errorf("10号县 finds %q", got)
	}
	w.sent(county(10), ref, bases[10], map[int][]string{1: {"self"}, 2: {"50"}, 4: {"20"}})
	if got := w.inbox(county(10)); got != "" {
		t.Errorf("after the answer 10号县 still finds %q", got)
	}
	if !strings.Contains(w.inbox("9902"), "10份") {
		t.Errorf("the city finds %q", w.inbox("9902"))
	}
	for n := 1; n <= 10; n++ {
		w.must(w.s.Accept(w.as("9902"), ref, w.unit(county(n)).ID, w.task("9902", county(n), ref).Version))
	}
	for n := 1; n <= 9; n++ {
		if got := w.shelf.bases[bases[n]].Values; got["run_mode"][0] != "joint" || got["capacity"][0] != "120" || !slices.Equal(got["facilities"], Value{"toilet", "wifi"}) {
			t.Errorf("the register of county %d holds %v", n, got)
		}
	}
	if got := w.shelf.bases[bases[10]]; got.version != 1 {
		t.Error("a base that was confirmed has a new version")
	}
	if len(w.shelf.from) != 9 || w.shelf.from[0] != "调查《2019年阵地普查》，1号县的答复，2019年6月25日审定" {
		t.Errorf("the source is %q", w.shelf.from)
	}
	w.wants("9902", map[string]int64{"survey.returned": 10, "survey.returned_share": 1000, "survey.sent": 10, "survey.sent_late": 1, "survey.merged": 9})
	w.wants(county(1), map[string]int64{"survey.sent": 1, "survey.asked": 0})
	b, err := w.s.Board(w.as("9902"), ref, v, w.unit("9902"))
	w.must(err)
	if b.All.Reviewed != 10 || b.All.Waiting() != 0 || len(b.Below) != 10 {
		t.Errorf("the board says %+v", b.All)
	}
}

// An answer is sent back with a reason, mended and sent again; a merge goes back as a whole.
func TestAnAnswerIsSentBackMendedAcceptedAndTakenBack(t *testing.T) { // R103
	w := open(t)
	base := w.base(county(1), "东门讲习所", map[string]Value{"run_mode": {"self"}})
	ref := w.census()
	u := w.unit(county(1)).ID
	w.refused(w.s.Send(w.as(county(1)), ref, u, 0), errs.Invalid, "survey.entry_missing")
	w.must(w.s.Fill(w.as(county(1)), ref, u, 0, base.String(), map[int][]string{1: {"joint"}}, record.Change{}))
	w.refused(w.s.Send(w.as(county(1)), ref, u, 1), errs.Invalid, "survey.answer_missing")
	w.sent(county(1), ref, base, map[int][]string{1: {"joint"}, 4: {"80"}})
	w.refused(w.s.Fill(w.as(county(1)), ref, u, 3, base.String(), map[int][]string{1: {"self"}}, record.Change{}), errs.Conflict, "survey.sent_already")
	w.refused(w.s.SendBack(w.as("9902"), ref, u, 3, " "), errs.Invalid, "survey.why_missing")
	w.must(w.s.SendBack(w.as("9902"), ref, u, 3, "接待人数和活动记录对不上"))
	if got := w.inbox(county(1)); !strings.Contains(got, "改好再报") {
		t.Errorf("the county finds %q", got)
	}
	w.wants("9902", map[string]int64{"survey.returned": 0})
	w.sent(county(1), ref, base, map[int][]string{1: {"joint"}, 4: {"90"}})
	w.refused(w.s.Accept(w.as(county(1)), ref, u, 6), errs.Forbidden, "record.not_your_unit")
	w.must(w.s.Accept(w.as("9902"), ref, u, 6))
	w.wants("9902", map[string]int64{"survey.merged": 1, "survey.returned": 1})
	w.must(w.s.UndoAnswer(w.as("9902"), ref, u, 7))
	if got := w.shelf.bases[base].Values["run_mode"][0]; got != "self" {
		t.Errorf("after the merge was taken back the register holds %s", got)
	}
	if st := w.task("9902", county(1), ref).Answer.State; st != Sent {
		t.Errorf("the answer is %s", st)
	}
	w.wants("9902", map[string]int64{"survey.merged": 0})
}

// A merge is refused, and nothing written, when the register no longer holds what the unit saw (R103).
func TestAMergeIsRefusedWhenTheBaseChangedSince(t *testing.T) { // R103
	w := open(t)
	one := w.base(county(1), "东门讲习所", map[string]Value{"run_mode": {"self"}})
	ref := w.census()
	u := w.unit(county(1)).ID
	w.sent(county(1), ref, one, map[int][]string{1: {"joint"}, 4: {"80"}})
	w.shelf.bases[one].Values = map[string]Value{"run_mode": {"other"}}
	w.refused(w.s.Accept(w.as("9902"), ref, u, 2), errs.Conflict, "errs.changed")
	if st := w.task("9902", county(1), ref).Answer.State; st != Sent {
		t.Errorf("the answer is %s", st)
	}
	delete(w.shelf.bases, one)
	w.refused(w.s.Accept(w.as("9902"), ref, u, 2), errs.Conflict, "survey.base_gone")
	w.must(w.s.SendBack(w.as("9902"), ref, u, 2, "阵地已经撤销"))
	w.must(w.s.Send(w.as(county(1)), ref, u, 3))
	if n := len(w.task("9902", county(1), ref).Answer.Entries); n != 0 {
		t.Errorf("%d entries speak of bases that are gone", n)
	}
}

// Two reviewers decide at once: one wins, the other is told.
func TestOfTwoReviewersOneWins(t *testing.T) { // R103
	w := open(t)
	base := w.base(county(1), "东门讲习所", map[string]Value{"run_mode": {"self"}})
	ref := w.census()
	u := w.unit(county(1)).ID
	w.sent(county(1), ref, base, map[int][]string{1: {"joint"}, 4: {"80"}})
	city := w.as("9902")
	var wg sync.WaitGroup
	got := make([]error, 2)
	for n, do := range []func() error{func() error { return w.s.Accept(city, ref, u, 2) }, func() error { return w.s.SendBack(city, ref, u, 2, "再核对") }} {
		wg.Add(1)
		go func() { defer wg.Done(); got[n] = do() }()
	}
	wg.Wait()
	if (got[0] == nil) == (got[1] == nil) {
		t.Fatalf("both ended with %v", got)
	}
	for _, err := range got {
		if err != nil {
			w.refused(err, errs.Conflict, "record.changed_meanwhile")
		}
	}
	if n := w.task("9902", county(1), ref).Version; n != 3 {
		t.Errorf("the answer has version %d", n)
	}
}

// Who may see and do what: a survey is known to the units it goes to, its answers to those above, and a draft to its issuer.
func TestWhoMaySeeAndAnswer(t *testing.T) { // R103
	w := open(t)
	w.base(county(1), "东门讲习所", nil)
	ref, err := w.s.Create(w.as("9902"), Survey{Unit: w.unit("9902").ID, Title: "草稿", About: "unit", Levels: []org.Level{org.County}, Due: "2019-06-20"})
	w.must(err)
	_, _, err = w.s.Get(w.as(county(1)), ref)
	w.refused(err, errs.NotFound, "errs.not_found")
	w.refused(w.s.Issue(w.as("9902"), ref, 1), errs.Conflict, "survey.no_questions")
	census := w.census()
	if _, _, err = w.s.Get(w.as("990201001"), census); err != nil {
		t.Errorf("a township below does not know the survey: %v", err)
	}
	_, err = w.s.Task(w.as("990201001"), census, w.unit("990201001").ID)
	w.refused(err, errs.NotFound, "errs.not_found") // it was not asked
	_, err = w.s.Task(w.as(county(2)), census, w.unit(county(1)).ID)
	w.refused(err, errs.NotFound, "errs.not_found")
	w.refused(w.s.Save(w.as(county(1)), census, 4, Survey{}), errs.Forbidden, "record.not_your_unit")
	w.refused(w.s.Fill(w.as("9902"), census, w.unit(county(1)).ID, 0, "unit", nil, record.Change{}), errs.Forbidden, "record.not_your_unit")
	w.refused(w.s.Ask(w.as("9902"), census, 4, Question{Label: "再问一个", Kind: "text"}), errs.Conflict, "survey.questions_fixed")
	w.refused(w.s.Remind(w.as("990201001"), census), errs.Forbidden, "survey.remind_own")
}

// What is typed is read as people write it, or refused beside its question.
func TestHostileInput(t *testing.T) { // R103
	w := open(t)
	base := w.base(county(1), "东门讲习所", map[string]Value{"run_mode": {"self"}})
	ref := w.census()
	u := w.unit(county(1)).ID
	for _, c := range []struct {
		no   int
		in   []string
		says string
	}{
		{1, []string{"owned"}, "survey.not_an_option"}, {1, []string{"self", "joint"}, "survey.one_only"}, {2, []string{"很多"}, "survey.number_unreadable"}, {2, []string{"-3"}, "survey.number_unreadable"},
		{3, []string{"wifi", "' OR 1=1"}, "survey.not_an_option"}, {99, []string{"x"}, "survey.question_unknown"},
	} {
		w.refused(w.s.Fill(w.as(county(1)), ref, u, 0, base.String(), map[int][]string{c.no: c.in}, record.Change{}), errs.Invalid, c.says)
	}
	w.refused(w.s.Fill(w.as(county(1)), ref, u, 0, "9902-zzzz", nil, record.Change{}), errs.NotFound, "survey.entry_unknown")
	for _, s := range []Survey{{}, {Title: strings.Repeat("长", 81)}, {Title: "x", About: "people"}, {Title: "x", About: "unit", Levels: []org.Level{org.City}}, {Title: "x", About: "unit", Levels: []org.Level{org.County}, Due: "2019-02-30"}, {Title: "x", About: "unit", Levels: []org.Level{org.County}, Due: "2018-01-01"}} {
		s.Unit = w.unit("9902").ID
		if _, err := w.s.Create(w.as("9902"), s); !errs.Is(err, errs.Invalid) {
			t.Errorf("%+v is taken: %v", s, err)
		}
	}
}

// Everything is done in the browser: issued, filled in base by base, sent, reviewed; a table brings answers in and out.
func TestThePages(t *testing.T) { // R103
	w := open(t)
	one := w.base(county(1), "东门讲习所", map[string]Value{"run_mode": {"self"}, "capacity": {"50"}})
	two := w.base(county(2), "西门书屋", map[string]Value{"run_mode": {"self"}})
	city, first := w.as("9902"), w.as(county(1))
	to := w.post(city, "/survey/new", url.Values{"title": {"阵地普查"}, "about": {"base"}, "levels": {"county"}, "due": {"2019-06-20"}}, 303)
	w.get(city, to+"/fields", 200)
	w.post(city, to+"/fields", url.Values{"fields": {"run_mode", "capacity"}, "_version": {"1"}}, 303)
	w.post(city, to+"/ask", url.Values{"label": {"有几名讲解员"}, "kind": {"number"}, "required": {"1"}, "_version": {"2"}}, 303)
	w.post(city, to+"/ask", url.Values{"label": {"不清楚的"}, "kind": {"choice"}, "options": {"只有一个"}, "_version": {"3"}}, 422)
	w.post(city, to+"/issue", url.Values{"_version": {"3"}}, 303)
	mine := to + "/unit/" + w.unit(county(1)).ID.String()
	if page := w.get(first, mine+"/fill?base="+one.String(), 200).Content(); !strings.Contains(page, "登记的是：50") {
		t.Errorf("what is registered does not stand in the form: %s", page)
	}
	w.post(first, mine+"/fill?base="+one.String(), url.Values{"_version": {"0"}, "q1": {"joint"}, "q2": {"50"}, "q3": {"两三个"}}, 422)
	w.post(first, mine+"/fill?base="+one.String(), url.Values{"_version": {"0"}, "q1": {"joint"}, "q2": {"50"}, "q3": {"三"}}, 303)
	w.post(first, mine+"/send", url.Values{"_version": {"1"}}, 303)
	if page := w.get(city, mine, 200).Content(); !strings.Contains(page, "改正") || !strings.Contains(page, "共建共管") {
		t.Errorf("the reviewer does not see what changes: %s", page)
	}
	w.post(city, mine+"/accept", url.Values{"_version": {"2"}}, 303)
	page := w.get(city, to, 200).Content()
	if !strings.Contains(page, "应报2个，已报1个，还差1个") {
		t.Errorf("the progress is not said: %s", page)
	}
	w.get(first, "/survey", 200)
	w.get(first, to, 200)
	if got := w.send(city, "GET", to+"?format=csv", nil).Body.String(); !strings.Contains(got, "共建共管") || strings.Contains(got, "10号县") {
		t.Errorf("the table holds %s", got)
	}
	ref, err := id.ParseRef(strings.TrimPrefix(to, "/survey/"))
	w.must(err)
	var b bytes.Buffer
	fmt.Fprintf(&b, "survey,unit_code,base,question,answer\n%s,990202,%s,运行方式,共建共管\n%s,990202,%s,有几名讲解员,5\n", ref, two, ref, two)
	p, err := w.rec.Upload(w.ctx, KindAnswer, w.unit("9902").ID, "答复.csv", b.Bytes())
	w.must(err)
	if _, err := w.rec.Take(w.ctx, p.Ref, false); err != nil || len(p.Problems) > 0 {
		t.Fatalf("%v %v", err, p.Problems)
	}
	a := w.task("9902", county(2), ref).Answer
	if a.State != Draft || a.Entries[0].Values[1][0] != "joint" || a.Entries[0].Values[3][0] != "5" {
		t.Errorf("the table brought %+v", a)
	}
	var out bytes.Buffer
	w.must(w.rec.Export(w.ctx, &out, KindAnswer, table.CSV, w.unit("9902").ID, "x"))
	if p, err = w.rec.Upload(w.ctx, KindAnswer, w.unit("9902").ID, "again.csv", out.Bytes()); err != nil || len(p.Lines) == 0 || p.Count(record.Same) != len(p.Lines) {
		t.Errorf("the table comes back as %v %v", p.Lines, err)
	}
}

// R103: the survey of all bases asks whoever hosts one, whatever the level, the issuer as well, and nobody else; each answers for its
// own, and what comes back corrects each base.
func TestTheSurveyOfAllBasesAsksWhoeverHostsOne(t *testing.T) { // R103
	w := open(t)
	register := func() map[string]Value { return map[string]Value{"capacity": {"50"}} }
	hosts := map[string]id.Ref{"9902": w.base("9902", "市馆", register()), county(1): w.base(county(1), "县馆", register()), "990201002": w.base("990201002", "镇馆", register())}
	city := w.as("9902")
	to := w.post(city, "/survey/new", url.Values{"title": {"阵地普查"}, "about": {"base"}, "due": {"2019-06-20"}}, 303)
	w.post(city, "/survey/new", url.Values{"title": {"各单位"}, "about": {"unit"}, "due": {"2019-06-20"}}, 422) // of whom?
	w.post(city, to+"/fields", url.Values{"fields": {"capacity"}, "_version": {"1"}}, 303)
	w.get(city, to+"/issue", 200).MustHave("main", "3")
	w.post(city, to+"/issue", url.Values{"_version": {"2"}}, 303)
	for lang, words := range map[string][2]string{"zh": {"有阵地的单位", "云州市本级"}, "en": {"Whoever hosts a base", "itself"}} {
		page := w.get(w.in(city, lang), to, 200)
		page.MustHave("main", words[0])
		page.MustHave("#progress tbody tr:nth-child(1)", words[1])
	}
	ref, err := id.ParseRef(strings.TrimPrefix(to, "/survey/"))
	w.must(err)
	v, _, err := w.s.Get(city, ref)
	w.must(err)
	b, err := w.s.Board(city, ref, v, w.unit("9902"))
	w.must(err)
	if b.All.Targets != 3 || v.Asked != 3 || b.Own == nil || b.Own.Targets != 1 || len(b.Below) != 1 || b.Below[0].Targets != 2 {
		t.Errorf("asked are %+v", b)
	}
	w.base(county(2), "以后登记的", register()) // nobody is asked about it
	for _, code := range []string{"990201001", county(2)} {
		if got := w.inbox(code); got != "" {
			t.Errorf("%s hosts none and finds %q", code, got)
		}
		if _, err := w.s.Task(w.as(code), ref, w.unit(code).ID); !errs.Is(err, errs.NotFound) {
			t.Errorf("%s hosts none and is asked: %v", code, err)
		}
	}
	for code, base := range hosts {
		if !strings.Contains(w.inbox(code), "阵地普查") {
			t.Errorf("it does not wait for %s: %q", code, w.inbox(code))
		}
		w.sent(code, ref, base, map[int][]string{1: {"80"}})
		w.must(w.s.Accept(city, ref, w.unit(code).ID, w.task("9902", code, ref).Version))
		if got := w.shelf.bases[base].Values["capacity"][0]; got != "80" {
			t.Errorf("the register of %s holds %s", code, got)
		}
	}
	// one who has answered and hosts none any more stays in the list
	w.shelf.bases[hosts["990201002"]].host = w.unit("990201001").ID
	list, _, err := w.s.Recipients(city, ref, v, w.unit("9902"), None, "", 50)
	w.must(err)
	if len(list) != 4 || list[3].Name != "2号镇" || list[3].State != Reviewed || list[2].State != None {
		t.Errorf("asked or answered are %+v", list)
	}
}

// R103: a base's page says what surveys said of it and when, and leads there; the list of bases leads to the surveys of all of them.
func TestABaseSaysWhatItsSurveySaid(t *testing.T) { // R103
	w := open(t)
	base, other := w.base(county(1), "县馆", map[string]Value{"capacity": {"50"}}), w.base(county(2), "没有答的", nil)
	ref := w.census()
	w.sent(county(1), ref, base, map[int][]string{1: {"self"}, 2: {"80"}, 4: {"300"}})
	box := func(as context.Context, base id.Ref, host string) testkit.Doc {
		t.Helper()
		c, err := w.s.BasePanel(as, base, w.unit(host).ID)
		w.must(err)
		var b bytes.Buffer
		if c != nil {
			w.must(c.Render(as, &b))
		}
		return testkit.HTML(t, "<main>"+b.String()+"</main>")
	}
	for lang, words := range map[string][]string{"zh": {"2019年5月31日报，已报，待审，改正2处", "改正"}, "en": {"2 corrected", "Correct"}} {
		page := box(w.in(w.as("9902"), lang), base, county(1))
		page.MustHave(`a[href="`+answerPath(ref, w.unit(county(1)).ID)+`#e`+base.String()+`"]`, "2019年阵地普查")
		page.MustHave("main", words[0])
		page.MustHave("table", "80")
		page.MustHave("table", "300")
	}
	box(w.as("9902"), other, county(2)).MustHave("main", "正在调查，2019年6月20日前报")
	if got := box(w.as(county(3)), base, county(1)).Text("main"); strings.TrimSpace(got) != "" {
		t.Errorf("a neighbour reads %q", got)
	}
	for code, want := range map[string]string{"9902": "1/2", county(1): "已报，待审", county(3): ""} {
		list, err := w.s.BaseRounds(w.as(code), w.unit(code))
		w.must(err)
		if want == "" && len(list) > 0 || want != "" && (len(list) != 1 || !strings.Contains(list[0].Sub, want)) {
			t.Errorf("%s is led to %+v", code, list)
		}
	}
}

// R103: what came back is added up, question by question, of those that are in alone, and each unit sees what is below it.
func TestWhatCameBackIsAddedUp(t *testing.T) { // R103
	w := open(t)
	city := w.as("9902")
	to := w.post(city, "/survey/new", url.Values{"title": {"活动室"}, "about": {"unit"}, "levels": {"county", "township"}, "due": {"2019-06-20"}}, 303)
	for n, q := range []url.Values{{"label": {"有几间"}, "kind": {"number"}, "required": {"1"}}, {"label": {"最缺什么"}, "kind": {"several"}, "options": {"桌椅\n空调\n书"}}, {"label": {"困难"}, "kind": {"text"}}} {
		q.Set("_version", fmt.Sprint(n+1))
		w.post(city, to+"/ask", q, 303)
	}
	w.post(city, to+"/issue", url.Values{"_version": {"4"}}, 303)
	ref, err := id.ParseRef(strings.TrimPrefix(to, "/survey/"))
	w.must(err)
	for code, typed := range map[string]map[int][]string{county(1): {1: {"一百二十间"}, 2: {"空调", "桌椅"}, 3: {"没有人管"}}, county(2): {1: {"3"}, 2: {"空调"}}, "990201001": {1: {"40"}}, county(3): {1: {"9000"}}} {
		u := w.unit(code).ID
		w.must(w.s.Fill(w.as(code), ref, u, 0, "unit", typed, record.Change{}))
		if code != county(3) { // a draft
			w.must(w.s.Send(w.as(code), ref, u, 1))
		}
	}
	at := "/survey/results/" + ref.String()
	w.get(city, to, 200).MustHave("#progress a[href^='"+at+"']", "结果汇总")
	for lang, words := range map[string][2]string{"zh": {"已报3份（应报12份）", "3份作答"}, "en": {"3 of 12 answers are in", "2 answered"}} {
		page := w.get(w.in(city, lang), at, 200)
		page.MustHave("main", words[0])
		if got := page.Text("#q1"); !strings.Contains(got, "163") || !strings.Contains(got, "120") || strings.Contains(got, "9,000") {
			t.Errorf("the numbers say %s", got)
		}
		rows := page.All("#q2 tbody tr")
		if len(rows) != 3 || !strings.Contains(rows[1].Content(), "100%") || !strings.Contains(rows[0].Content(), "50%") || !strings.Contains(rows[2].Content(), "0%") {
			t.Errorf("the choices say %v", rows)
		}
		page.MustHave(`#q3 a[href="`+answerPath(ref, w.unit(county(1)).ID)+`"]`, "1号县")
		page.MustHave("#q3", "没有人管")
		page.MustHave("#q1 a[href$='#units']", "163") // each number leads to the answers behind it
	}
	page := w.get(w.as(county(1)), at, 200)
	if got := page.Text("#q1"); !strings.Contains(got, "160") {
		t.Errorf("the county's numbers say %s", got)
	}
	w.get(w.as(county(2)), at+"?unit="+w.unit(county(1)).ID.String(), 404)
	w.base(county(1), "县馆", nil)
	w.get(city, "/survey/results/"+w.census().String(), 200).MustHave("main", "下面按阵地数")
}

// R103: a line of the progress leads on to a list or to the one answer, never to a page that says nothing of the unit.
func TestEveryLineOfTheProgressLeadsOn(t *testing.T) { // R103
	w := open(t)
	w.base(county(1), "县馆", nil)
	ref := w.census()
	one := w.unit(county(1)).ID
	w.get(w.as("9902"), path(ref), 200).MustHave(`#progress a[href="`+answerPath(ref, one)+`"]`, "1号县")
	w.get(w.as("9902"), path(ref)+"?unit="+one.String(), 200).MustHave("#units", "1号县")
	if n := len(w.get(w.as(county(1)), path(ref), 200).All("#progress")); n > 0 {
		t.Error("its own answer stands on the page twice")
	}
}

// R103: nobody is called upon when all have answered or twice a day, so nothing offers it; a review says what it changes and leads to the next.
func TestOnlyWhatHelpsIsOffered(t *testing.T) { // R103
	w := open(t)
	one, two := w.base(county(1), "县馆", map[string]Value{"run_mode": {"self"}}), w.base(county(2), "书屋", map[string]Value{"run_mode": {"self"}})
	ref := w.census()
	city, call := w.as("9902"), path(ref)+"/remind"
	offers := func(want bool) {
		t.Helper()
		if got := len(w.get(city, path(ref), 200).All(`a[href="`+call+`"]`)) > 0; got != want {
			t.Errorf("calling upon them is offered: %v", got)
		}
	}
	offers(true)
	w.post(city, call, url.Values{}, 303)
	offers(false)
	*w.now = w.now.AddDate(0, 0, 1)
	offers(true)
	w.sent(county(1), ref, one, map[int][]string{1: {"self"}, 4: {"1"}})
	w.sent(county(2), ref, two, map[int][]string{1: {"joint"}, 4: {"1"}})
	first, second := answerPath(ref, w.unit(county(1)).ID), answerPath(ref, w.unit(county(2)).ID)
	w.get(city, first+"/accept", 200).MustHave("main", "不改登记")
	w.get(city, second+"/accept", 200).MustHave("main", "有改动的1个阵地")
	w.post(city, first+"/accept", url.Values{"_version": {"2"}}, 303)
	w.get(city, first, 200).MustHave(`a[href="`+second+`"]`, "审下一份：2号县")
	offers(false)
}
