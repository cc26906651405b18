package survey

import (
	"bytes"
	"net/url"
	"strings"
	"testing"

	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/table"
	"xinhuo/internal/record"
)

// Reports stand by the year in which they were finished, with who adopted them; adopted ones are counted (R185).
func TestReportsByYearAndWhatWasAdopted(t *testing.T) { // R185
	w := open(t)
	city := w.as("9902")
	add := func(title string, r Report) id.ID {
		t.Helper()
		r.Unit, r.Title, r.Topic, r.Findings, r.Sites, r.Authors = w.unit("9902").ID, title, "留守儿童", "乡镇没有人管晚上", []string{"1号县", " ", "2号县"}, []string{"谢广平"}
		ref, err := w.s.AddReport(city, r, record.Change{})
		w.must(err)
		return ref.ID
	}
	add("去年的报告", Report{FinishedOn: "2018-11-02"})
	add("今年的报告", Report{FinishedOn: "2019-03-02"})
	add("采纳了的报告", Report{FinishedOn: "2019-04-02", AdoptedBy: "云州市委", AdoptedOn: "2019-05-06"})
	list, err := w.s.Reports(city, w.unit("9902"), 2019)
	w.must(err)
	if len(list) != 2 || list[0].Title != "采纳了的报告" || list[0].AdoptedBy != "云州市委" {
		t.Errorf("the list of the year is %+v", list)
	}
	w.wants("9902", map[string]int64{"research.finished": 2, "research.adopted": 1})
	page := w.get(city, "/research", 200).Content()
	if !strings.Contains(page, "2篇，采纳1篇") {
		t.Errorf("the page says %s", page)
	}
	one := "/research/" + list[1].Ref().String()
	w.get(city, one+"/adopt", 200)
	w.post(city, one+"/adopt", url.Values{"_version": {"1"}, "adopted_by": {"市教育局"}, "adopted_on": {"2019-01-01"}}, 422)
	w.post(city, one+"/adopt", url.Values{"_version": {"1"}, "adopted_by": {"市教育局"}, "adopted_on": {"2019-05-30"}, "adoption": {"写进方案"}}, 303)
	w.wants("9902", map[string]int64{"research.adopted": 2})
	w.post(city, one+"/undo", url.Values{"_version": {"2"}}, 303)
	w.wants("9902", map[string]int64{"research.adopted": 1})
	if _, _, err := w.s.Report(w.as(county(1)), list[0].Ref()); !errs.Is(err, errs.NotFound) {
		t.Errorf("a county reads the city's report: %v", err)
	}
	_, err = w.s.AddReport(w.as(county(1)), Report{Unit: w.unit("9902").ID}, record.Change{})
	if !errs.Is(err, errs.NotFound) {
		t.Errorf("a county writes the city's report: %v", err)
	}
	for _, r := range []Report{{}, {Title: "x", Topic: "x", Findings: "x", Sites: []string{"x"}, Authors: []string{"x"}, FinishedOn: "2019-06-01"}, {Title: "x", Topic: "x", Findings: "x", Sites: []string{"x"}, Authors: []string{"x"}, FinishedOn: "2019-05-01", AdoptedBy: "x"}} {
		r.Unit = w.unit("9902").ID
		if _, err := w.s.AddReport(city, r, record.Change{}); !errs.Is(err, errs.Invalid) {
			t.Errorf("%+v is taken: %v", r, err)
		}
	}
	var b bytes.Buffer
	w.must(w.rec.Export(w.ctx, &b, KindReport, table.CSV, w.unit("9902").ID, "x"))
	p, err := w.rec.Upload(w.ctx, KindReport, w.unit("9902").ID, "x.csv", b.Bytes())
	if err != nil || len(p.Lines) != 3 || p.Count(record.Same) != 3 {
		t.Errorf("the table comes back as %+v, %v", p.Lines, err)
	}
}
