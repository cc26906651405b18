package survey

import (
	"bytes"
	"context"
	"maps"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/file"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/table"
	"xinhuo/internal/kit/web"
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

// R156 R185: the report itself is attached, in several files at once, taken out again, and opened by whoever sees the report and by
// nobody else; a file that is none is refused with the others, and correcting the report leaves what is attached.
func TestAReportHoldsItsFiles(t *testing.T) {
	w := open(t)
	city := w.as("9902")
	ref, err := w.s.AddReport(city, Report{Unit: w.unit("9902").ID, Title: "留守儿童", Topic: "留守儿童", Findings: "没有人管晚上", Sites: []string{"1号县"}, Authors: []string{"谢广平"}, FinishedOn: "2019-05-02", Files: []file.Kept{{Name: "x", Hash: "made up"}}}, record.Change{})
	w.must(err)
	w.get(city, reportPath(ref), 200).MustHave("#files", "还没有附上报告原文")
	w.get(w.in(city, "en"), reportPath(ref), 200).MustHave("#files", "The report itself has not been attached")
	w.get(city, reportPath(ref)+"/file", 200).MustHave("main", "25MB")
	put := func(ctx context.Context, version string, files map[string]string, drop ...string) *httptest.ResponseRecorder {
		t.Helper()
		var b bytes.Buffer
		m := multipart.NewWriter(&b)
		for _, f := range [][2]string{{"_key", web.NewKey()}, {"_version", version}} {
			w.must(m.WriteField(f[0], f[1]))
		}
		for _, h := range drop {
			w.must(m.WriteField("drop", h))
		}
		for _, name := range slices.Sorted(maps.Keys(files)) {
			part, err := m.CreateFormFile("file", name)
			w.must(err)
			_, err = part.Write([]byte(files[name]))
			w.must(err)
		}
		w.must(m.Close())
		return w.raw(ctx, http.MethodPost, reportPath(ref)+"/file", m.FormDataContentType(), &b)
	}
	if got := put(city, "1", nil); got.Code != 422 {
		t.Errorf("nothing chosen: %d", got.Code)
	}
	if got := put(city, "1", map[string]string{"a.exe": "MZ\x90\x00\x03", "b.txt": "报告"}); got.Code != 422 {
		t.Errorf("a program is taken: %d", got.Code)
	}
	if got := put(w.as(county(1)), "1", map[string]string{"b.txt": "报告"}); got.Code == 303 {
		t.Errorf("a county attaches to the city's report: %d", got.Code)
	}
	if got := put(city, "1", map[string]string{"原文.pdf": "%PDF-1.4 x", "附表.txt": "一乡一表"}); got.Code != 303 {
		t.Fatalf("attached: %d %s", got.Code, got.Body)
	}
	r, v, err := w.s.Report(city, ref)
	w.must(err)
	if len(r.Files) != 2 || r.Files[0].Name != "原文.pdf" {
		t.Fatalf("%+v", r.Files)
	}
	at := reportPath(ref) + "/file/" + r.Files[0].Hash
	if page := w.get(city, reportPath(ref), 200).Text("main"); strings.Contains(page, "还没有附上") {
		t.Errorf("with files the page says there are none: %s", page)
	}
	w.get(city, reportPath(ref), 200).MustHave(`#files a[href="`+at+`"]`, "原文.pdf")
	if got := w.raw(city, http.MethodGet, at, "", nil); got.Code != 200 || got.Body.String() != "%PDF-1.4 x" || !strings.HasPrefix(got.Header().Get("Content-Disposition"), "attachment") {
		t.Errorf("the file: %d %q", got.Code, got.Body)
	}
	w.get(w.as(county(1)), at, 404)
	w.get(city, reportPath(ref)+"/file/none", 404)
	r.Findings, r.Files = "没有人管周末", nil
	w.must(w.s.SaveReport(city, ref, v.N, r, record.Change{}))
	named, err := Files(w.ctx, w.db)
	w.must(err)
	if len(named) != 2 {
		t.Errorf("the backup holds %v", named)
	}
	if got := put(city, "3", nil, named...); got.Code != 303 {
		t.Errorf("taken out: %d", got.Code)
	}
	if named, err = Files(w.ctx, w.db); err != nil || len(named) != 0 {
		t.Errorf("taken out the backup holds %v, %v", named, err)
	}
}
