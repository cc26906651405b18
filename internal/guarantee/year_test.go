package guarantee

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/file"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/table"
	"xinhuo/internal/kit/web"
	"xinhuo/internal/org"
	"xinhuo/internal/record"
)

// begin begins a unit's year.
func (w *world) begin(code string, year int, carry bool) id.Ref {
	w.Helper()
	ref, err := w.s.Begin(w.as(code), Year{Unit: w.unit(code).ID, Year: year, Carry: carry}, record.Change{})
	w.must(err)
	return ref
}

// hold says that points of a year are there.
func (w *world) hold(code string, ref id.Ref, points ...string) {
	w.Helper()
	for _, p := range points {
		_, v, err := w.s.Get(w.ctx, ref)
		w.must(err)
		h := Held{Since: "2019-03-01", Doc: Document{Name: "印发的文件", Number: "南委办〔2019〕3号"}}
		h.Code = p
		w.must(w.s.Hold(w.as(code), ref, v.N, h, record.Change{}))
	}
}

var needed = map[string][]string{"leadership": {"agenda", "planning", "assessed", "leader"}, "posts": {"leaders", "staff"}, "assessment": {"scheme", "reported"}, "funds": {"budget", "room", "equipment"}}

// R6 R8: four mechanisms of a unit and year, gaps first; a mechanism is in place when each point that it needs is.
func TestMechanismsAreCountedFromTheirPoints(t *testing.T) {
	w := open(t)
	clerk, city := w.as("990203"), w.as("9902")
	w.get(clerk, "/guarantee", http.StatusOK).MustHave("#own", "这一年还没有登记")
	w.wants("9902", map[string]int64{"guarantee.mechanisms": 0, "guarantee.counties_below": 3, "guarantee.counties_full": 0})
	to := w.post(clerk, "/guarantee/new?year=2019", url.Values{}, http.StatusSeeOther)
	w.post(clerk, "/guarantee/new?year=2019", url.Values{}, http.StatusUnprocessableEntity) // one a year
	ref, err := id.ParseRef(strings.TrimPrefix(to, "/guarantee/"))
	w.must(err)
	if n := len(w.get(clerk, to, http.StatusOK).All("#gaps tbody tr")); n != 12 {
		t.Errorf("%d gaps of 12", n)
	}
	point := url.Values{"since": {"2019-03-01"}, "by": {"中共南江区委"}, "doc_name": {"全区年度要点"}, "doc_number": {"南委〔2019〕1号"}, "doc_day": {"2019-02-20"}, "_version": {"1"}}
	for name, c := range map[string]url.Values{"no day": {"since": {""}}, "a day ahead": {"since": {"2019-06-01"}}, "no document": {"doc_name": {" "}}, "what is no day": {"since": {"去年"}}, "too long": {"by": {strings.Repeat("区", 81)}}} {
		f := url.Values{}
		for k, v := range point {
			f[k] = v
		}
		for k, v := range c {
			f[k] = v
		}
		if got := w.send(clerk, http.MethodPost, to+"/point?point=agenda", withKey(f)); got.Code != http.StatusUnprocessableEntity {
			t.Errorf("%s: %d", name, got.Code)
		}
	}
	w.post(clerk, to+"/point?point=agenda", point, http.StatusSeeOther)
	page := w.get(clerk, to, http.StatusOK)
	page.MustHave("#held", "南委〔2019〕1号")
	if n := len(page.All("#gaps tbody tr")); n != 11 {
		t.Errorf("%d gaps of 11", n)
	}
	w.hold("990203", ref, "planning", "assessed")
	w.wants("990203", map[string]int64{"guarantee.mechanisms": 0, "guarantee.held": 3, "guarantee.included": 1}) // the leader is needed, too
	w.hold("990203", ref, "leader")
	w.wants("990203", map[string]int64{"guarantee.mechanisms": 1, "guarantee.full": 0})
	for _, m := range []string{"posts", "assessment", "funds"} {
		w.hold("990203", ref, needed[m]...)
	}
	w.wants("9902", map[string]int64{"guarantee.mechanisms": 4, "guarantee.full": 1, "guarantee.counties_full": 1, "guarantee.counties_below": 2, "guarantee.held": 11, "guarantee.asked": 12})
	list := w.get(city, "/guarantee?year=2019", http.StatusOK)
	list.MustHave("#below", "3个单位里，2个没有落实全部机制")
	rows := list.All("#below tbody tr")
	if len(rows) != 3 || !strings.Contains(rows[2].Content(), "南江区") || !strings.Contains(rows[2].Content(), "4/4") || !strings.Contains(rows[0].Content(), "没有登记") {
		t.Errorf("those with gaps do not stand first: %v", rows)
	}
	w.get(clerk, to+"/clear?point=staff", http.StatusOK).MustHave("main", "配备办公室工作人员") // what one takes down is named
	w.get(clerk, to+"/point?point=staff", http.StatusOK).MustHave("main", "配备办公室工作人员。依据一般是")
	w.post(clerk, to+"/clear?point=staff", url.Values{"reason": {""}, "_version": {"12"}}, http.StatusUnprocessableEntity)
	w.post(clerk, to+"/clear?point=staff", url.Values{"reason": {"调走了"}, "_version": {"12"}}, http.StatusSeeOther)
	w.wants("9902", map[string]int64{"guarantee.mechanisms": 3, "guarantee.counties_full": 0})
	w.post(clerk, to+"/undo", url.Values{"_version": {"13"}}, http.StatusSeeOther)
	w.wants("9902", map[string]int64{"guarantee.mechanisms": 4, "guarantee.counties_full": 1})
	w.get(w.as("990204"), to, http.StatusNotFound) // the neighbour's is not theirs
	w.get(w.reads("9902"), to+"/point?point=agenda", http.StatusForbidden)
}

func withKey(f url.Values) url.Values {
	f.Set("_key", web.NewKey())
	return f
}

// R14: whether the work is in the year's assessment by Party committee and government: so many of so many counties, by name.
func TestWhoIsInTheYearsAssessment(t *testing.T) {
	w := open(t)
	for _, code := range []string{"990203", "990204"} {
		w.hold(code, w.begin(code, 2019, false), "assessed")
	}
	w.begin("990205", 2019, false)
	w.wants("9902", map[string]int64{"guarantee.assessed": 2, "guarantee.counties_assessed": 2, "guarantee.counties_unassessed": 1})
	page := w.get(w.as("9902"), "/guarantee/point?year=2019&point=assessed", http.StatusOK)
	page.MustHave("main", "3个单位里，2个已经落实")
	page.MustHave("#lack", "东岭县")
	page.MustHave("#have", "党委")
	w.get(w.as("9902"), "/guarantee/point?year=2018&point=assessed", http.StatusOK).MustHave("main", "3个单位里，0个已经落实")
	w.get(w.as("9902"), "/guarantee/point?year=2019&point=<script>", http.StatusOK) // the first point
}

// R9: a county words the three inclusions otherwise; the neighbour's stay as they are, and both are counted as the same point.
func TestWordingOfOnePlaceChangesNoOthers(t *testing.T) {
	w := open(t)
	clerk := w.as("990203")
	neighbour := w.begin("990204", 2019, false)
	before, _, err := w.s.Get(w.ctx, neighbour)
	w.must(err)
	to := w.post(clerk, "/guarantee-standard/new?year=2019", url.Values{"name": {"南江区标准"}, "from": {"2019"}, "m_leadership": {"组织领导机制"}}, http.StatusSeeOther)
	w.post(clerk, to+"/point?point=assessed", url.Values{"name": {"纳入区委目标责任制考核"}, "mechanism": {"leadership"}, "body": {"party"}, "required": {"yes"}, "inclusion": {"yes"}, "_version": {"1"}}, http.StatusSeeOther)
	own := w.begin("990203", 2019, false)
	w.hold("990203", own, "assessed")
	w.get(clerk, path(own), http.StatusOK).MustHave("#held", "纳入区委目标责任制考核")
	w.get(clerk, path(own), http.StatusOK).MustHave("#mechanisms", "组织领导机制")
	town := w.begin("990203001", 2019, false) // below the county its wording holds
	w.get(w.as("990203001"), path(town), http.StatusOK).MustHave("#gaps", "纳入区委目标责任制考核")
	w.get(w.as("990203001"), to, http.StatusOK).MustHave("main", "纳入区委目标责任制考核")
	w.get(w.as("990204"), to, http.StatusNotFound)
	after, _, err := w.s.Get(w.ctx, neighbour)
	w.must(err)
	if !after.follows(Standard{Mechanisms: before.Mechanisms, Points: points(before)}) {
		t.Error("the neighbour's wording has changed")
	}
	w.hold("990204", neighbour, "assessed")
	w.wants("9902", map[string]int64{"guarantee.counties_assessed": 2})
	// A standard is changed for the year after; the year that was begun keeps its own words until it takes over the new ones.
	w.post(clerk, to+"/point?point=assessed", url.Values{"name": {"纳入区委区政府考核"}, "mechanism": {"leadership"}, "body": {"party"}, "required": {"yes"}, "inclusion": {"yes"}, "_version": {"2"}}, http.StatusSeeOther)
	w.get(clerk, path(own), http.StatusOK).MustHave("#held", "纳入区委目标责任制考核")
	w.get(clerk, path(own), http.StatusOK).MustHave("#facts", "说法和登记的时候不一样")
	w.post(clerk, path(own)+"/renew", url.Values{"_version": {"2"}}, http.StatusSeeOther)
	w.get(clerk, path(own), http.StatusOK).MustHave("#held", "纳入区委区政府考核")
	w.get(clerk, to+"/drop?point=scheme", http.StatusOK).MustHave("main", "制定关工委工作考核细则")
	w.get(w.in(clerk, "en"), to+"/drop?point=scheme", http.StatusOK).MustHave("main", "Usually proved by")
	w.post(clerk, to+"/drop?point=scheme", url.Values{"reason": {"不再要求"}, "_version": {"3"}}, http.StatusSeeOther)
	w.post(clerk, to+"/drop?point=reported", url.Values{"reason": {"不再要求"}, "_version": {"4"}}, http.StatusUnprocessableEntity) // its mechanism would need nothing
	w.post(clerk, to+"/edit", url.Values{"name": {"南江区标准"}, "from": {"2020"}, "until": {"2019"}, "_version": {"4"}}, http.StatusUnprocessableEntity)
}

func points(y Year) (out []Point) {
	for _, h := range y.Points {
		out = append(out, h.Point)
	}
	return out
}

// R15, as far as the mechanisms are what is looked at in a year (nobody gives marks yet): a standard that is worded anew, gains a point and
// loses one leaves the year that was begun as it was, byte for byte, and its figures; the next year is asked for by the new one.
func TestANewStandardLeavesPastYearsAlone(t *testing.T) {
	w := open(t)
	city, clerk := w.as("9902"), w.as("990203")
	last := w.begin("990203", 2019, false)
	w.hold("990203", last, "agenda", "planning", "assessed", "leader")
	kept := func() string {
		y, v, err := w.s.Get(w.ctx, last)
		w.must(err)
		b, err := json.Marshal(y)
		w.must(err)
		return fmt.Sprint(v.N, string(b))
	}
	was, now := kept(), w.now
	figures := map[string]int64{"guarantee.held": 4, "guarantee.asked": 12, "guarantee.mechanisms": 1}
	w.wants("990203", figures)
	w.now = "2020-02-01"
	to := w.post(city, "/guarantee-standard/new?year=2019", url.Values{"name": {"云州市标准"}, "from": {"2019"}, "m_leadership": {"组织领导机制"}}, http.StatusSeeOther)
	w.post(city, to+"/point?point=agenda", url.Values{"name": {"每季度研究一次"}, "mechanism": {"leadership"}, "body": {"party"}, "_version": {"1"}}, http.StatusSeeOther)
	w.post(city, to+"/point", url.Values{"name": {"有办公场所"}, "mechanism": {"posts"}, "body": {"committee"}, "_version": {"2"}}, http.StatusSeeOther)
	w.post(city, to+"/drop?point=scheme", url.Values{"reason": {"不再要求"}, "_version": {"3"}}, http.StatusSeeOther)
	next := w.begin("990203", 2020, false)
	w.get(clerk, path(next), http.StatusOK).MustHave("#gaps", "每季度研究一次")
	w.get(clerk, path(next), http.StatusOK).MustHave("#gaps", "有办公场所")
	if got := kept(); got != was {
		t.Errorf("the year before is\n%s, was\n%s", got, was)
	}
	if page := w.get(clerk, path(last), http.StatusOK).Content(); strings.Contains(page, "每季度研究一次") || strings.Contains(page, "有办公场所") {
		t.Error("the year before speaks in new words")
	}
	w.now = now
	w.wants("990203", figures)
}

// Last year's points are taken over in one act and count when each was confirmed.
func TestLastYearsPointsWaitToBeConfirmed(t *testing.T) {
	w := open(t)
	w.now = "2019-12-01"
	last := w.begin("990203", 2019, false)
	w.hold("990203", last, needed["posts"]...)
	w.now = "2020-02-01"
	clerk := w.as("990203")
	w.get(clerk, "/guarantee/new?year=2020", http.StatusOK).MustHave("form", "把2019年已经落实的搬过来")
	to := w.post(clerk, "/guarantee/new?year=2020", url.Values{"carry": {"yes"}}, http.StatusSeeOther)
	w.wants("990203", map[string]int64{"guarantee.held": 0, "guarantee.mechanisms": 0})
	w.get(clerk, to, http.StatusOK).MustHave("#gaps", "上年的，等确认")
	w.post(clerk, to+"/confirm", url.Values{"_version": {"1"}}, http.StatusUnprocessableEntity)
	w.post(clerk, to+"/confirm", url.Values{"points": {"leaders"}, "_version": {"1"}}, http.StatusSeeOther)
	w.wants("990203", map[string]int64{"guarantee.held": 1, "guarantee.mechanisms": 0})
	w.post(clerk, to+"/confirm", url.Values{"points": {"staff", "nothing"}, "_version": {"2"}}, http.StatusSeeOther)
	w.wants("990203", map[string]int64{"guarantee.held": 2, "guarantee.mechanisms": 1})
	w.now = "2019-12-31"
	w.wants("990203", map[string]int64{"guarantee.held": 2, "guarantee.mechanisms": 1}) // the year before is as it was
	w.now = "2020-02-01"
	w.post(clerk, to+"/remove", url.Values{"reason": {"重报"}, "_version": {"3"}}, http.StatusSeeOther)
	w.begin("990203", 2020, false)
	w.post(clerk, to+"/undo", url.Values{"_version": {"4"}}, http.StatusConflict) // there is another by now
}

// The points come and go as a table; the same table twice changes nothing.
func TestPointsComeAndGoAsATable(t *testing.T) {
	w := open(t)
	ref := w.begin("990203", 2019, false)
	w.hold("990203", ref, "agenda")
	city := w.as("9902")
	var b bytes.Buffer
	w.must(w.rec.Export(city, &b, Kind, table.CSV, w.unit("9902").ID, "x"))
	p, err := w.rec.Upload(city, Kind, w.unit("9902").ID, "x.csv", b.Bytes())
	w.must(err)
	if p.Count(record.Same) != 12 {
		t.Errorf("the same table again: %+v", p)
	}
	text := strings.Replace(b.String(), "南委办〔2019〕3号", "南委办〔2019〕4号", 1) + "990204,,2019,纳入年度目标考核,,,,,,\n990204,,2019,assessed,2019-04-01,中共北仓区委,考核办法,,,\n"
	p, err = w.rec.Upload(city, Kind, w.unit("9902").ID, "x.csv", []byte(text))
	w.must(err)
	if p.Count(record.Changed) != 1 || p.Count(record.Added) != 1 || len(p.Problems) != 1 {
		t.Errorf("a changed table: %+v", p)
	}
	_, err = w.rec.Take(city, p.Ref, true)
	w.must(err)
	w.wants("9902", map[string]int64{"guarantee.held": 2, "guarantee.counties_assessed": 1})
	w.refused(w.s.Clear(w.as("990203"), ref, 1, "agenda", "x"), errs.Conflict) // somebody changed it meanwhile
}

// R7: a point rests on a document that came down the tree, or on one of the obligations in it; both pages lead to each other, what was
// not sent to the unit is refused, and a unit that one may not see is not named on the document's page.
func TestAPointRestsOnADocumentThatCameDown(t *testing.T) {
	w := open(t)
	paper := id.Ref{Root: 9902, ID: 77}
	w.s.SetPapers(func(context.Context, org.Unit) ([]Paper, error) {
		p := Paper{Ref: paper, Title: "关于进一步加强关工委工作的意见", Number: "云办〔2019〕7号", Day: "2019-02-01"}
		o := p
		o.No, o.Text = 2, "纳入年度目标考核"
		return []Paper{p, o}, nil
	})
	clerk, city := w.as("990203"), w.as("9902")
	ref := w.begin("990203", 2019, false)
	form := w.get(clerk, path(ref)+"/point?point=assessed", http.StatusOK)
	form.MustHave("select[name=paper]", "关于进一步加强关工委工作的意见，第2项：纳入年度目标考核")
	w.get(w.in(clerk, "en"), path(ref)+"/point?point=assessed", http.StatusOK).MustHave("label[for=f-paper]", "Document that came down")
	f := url.Values{"since": {"2019-03-01"}, "paper": {paperValue(id.Ref{Root: 9902, ID: 78}, 0)}, "_version": {"1"}}
	w.post(clerk, path(ref)+"/point?point=assessed", f, http.StatusUnprocessableEntity)
	f.Set("paper", paperValue(paper, 9))
	w.post(clerk, path(ref)+"/point?point=assessed", f, http.StatusUnprocessableEntity)
	f.Set("paper", paperValue(paper, 2))
	w.post(clerk, path(ref)+"/point?point=assessed", f, http.StatusSeeOther) // its name stands for what was not typed
	page := w.get(clerk, path(ref), http.StatusOK)
	page.MustHave("#papers a[href='/notice/"+paper.String()+"']", "第2项：纳入年度目标考核")
	page.MustHave("#held tbody", "云办〔2019〕7号")
	box := func(as context.Context) string {
		t.Helper()
		c, err := w.s.PaperPanel(as, paper)
		w.must(err)
		var b bytes.Buffer
		if c != nil {
			w.must(c.Render(as, &b))
		}
		return b.String()
	}
	for lang, words := range map[string]string{"zh": "第2项", "en": "point 2"} {
		if got := box(w.in(city, lang)); !strings.Contains(got, `href="`+path(ref)+`"`) || !strings.Contains(got, words) {
			t.Errorf("in %s the document says %s", lang, got)
		}
	}
	if got := box(w.as("990204")); got != "" {
		t.Errorf("the neighbour is told %s", got)
	}
	// a table and a program that say nothing of it leave it; a withdrawn document stays named
	w.s.SetPapers(func(context.Context, org.Unit) ([]Paper, error) { return nil, nil })
	var out bytes.Buffer
	w.must(w.rec.Export(w.ctx, &out, Kind, table.CSV, w.unit("990203").ID, "x"))
	p, err := w.rec.Upload(w.ctx, Kind, w.unit("990203").ID, "again.csv", bytes.Replace(out.Bytes(), []byte("云办〔2019〕7号"), []byte("云办〔2019〕8号"), 1))
	w.must(err)
	_, err = w.rec.Take(w.ctx, p.Ref, false)
	w.must(err)
	y, v, err := w.s.Get(w.ctx, ref)
	w.must(err)
	h := y.Points[find(y.Points, "assessed")]
	if h.Paper.Ref != paper || h.Paper.No != 2 || h.Doc.Number != "云办〔2019〕8号" {
		t.Errorf("corrected by a table it rests on %+v", h)
	}
	w.get(clerk, path(ref)+"/point?point=assessed", http.StatusOK).MustHave("select[name=paper] option[selected]", "第2项")
	w.must(w.s.Clear(clerk, ref, v.N, "assessed", "记错了"))
	if got := box(city); got != "" {
		t.Errorf("taken out it still says %s", got)
	}
}

// R6 R9: a point is one click from the file that proves it, for whoever sees the year, and the file stands beside its point's name.
func TestAPointIsOneClickFromItsFile(t *testing.T) {
	w := open(t)
	k, err := w.s.Keep(w.ctx, "考核办法.pdf", strings.NewReader("%PDF-1.4 x"))
	w.must(err)
	ref := w.begin("990203", 2019, false)
	h := Held{Since: "2019-03-01", Files: []file.Kept{k}}
	h.Code = "assessed"
	w.must(w.s.Hold(w.as("990203"), ref, 1, h, record.Change{}))
	at := path(ref) + "/file/" + k.Hash
	page := w.get(w.as("9902"), path(ref), http.StatusOK)
	page.MustHave("#held a[href='"+at+"']", "考核办法.pdf")
	page.MustHave("#files", "关工委工作纳入年度目标考核")
	if got := w.send(w.as("9902"), http.MethodGet, at, nil); got.Code != http.StatusOK || got.Body.String() != "%PDF-1.4 x" {
		t.Errorf("the file: %d %q", got.Code, got.Body)
	}
	w.get(w.as("990204"), at, http.StatusNotFound)
}

// R16 R17: the point about the budget and the lines of money are set beside each other; where they do not agree the year's page says so.
func TestTheBudgetPointAndTheMoneyAgree(t *testing.T) {
	w := open(t)
	clerk := w.as("990203")
	ref := w.begin("990203", 2019, false)
	says := func(words string, want bool) {
		t.Helper()
		if got := strings.Contains(w.get(clerk, path(ref), http.StatusOK).Content(), words); got != want {
			t.Errorf("%q is said: %v", words, got)
		}
	}
	says("没有登记纳入预算的钱", false)
	w.hold("990203", ref, "budget")
	says("没有登记纳入预算的钱", true)
	w.get(w.in(clerk, "en"), path(ref), http.StatusOK).MustHave("main", "and both agree")
	w.line("990203", 2019, 100000)
	says("没有登记纳入预算的钱", false)
	_, v, err := w.s.Get(w.ctx, ref)
	w.must(err)
	w.must(w.s.Clear(clerk, ref, v.N, "budget", "写错了"))
	says("可以照那份批复写上依据", true)
}
