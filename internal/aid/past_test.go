package aid

import (
	"bytes"
	"fmt"
	"mime/multipart"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/db"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/web"
)

// R47: lists of earlier years are compared with, too, by number alone or by name and birthday; of each line nothing stays that names anybody.
func TestListOfEarlierYears(t *testing.T) {
	w := openWorld(t)
	const number, canary = "11010519491231002X", "zkpastname苗苗"
	list := "姓名,身份证号,出生日期,类别,用途,年度,金额(元)\n" +
		canary + ",,2011-04-02,助学,生活费,2019,800\n" +
		"," + number + ",,助困,基本生活,2018,300.50\n"
	town, next := w.unit["990203013"].ID, w.unit["990203014"].ID
	n, faults, err := w.s.TakePast(w.by("liu"), next, "往年.csv", []byte(list))
	if n != 2 || len(faults) > 0 || err != nil {
		t.Fatalf("%d lines, %v, %v", n, faults, err)
	}
	for table, column := range map[string]string{"aid_past": "mark || kind || purpose", "aid_past_batch": "by_name", "audit_entry": "note || detail", "record_batch": "name"} {
		text, err := db.Select[string](w.ctx, w.db, `SELECT `+column+` FROM `+table)
		if err != nil && table == "record_batch" {
			continue // what tables of records leave; a list of earlier years leaves none
		}
		w.must(err)
		for _, word := range []string{canary, number, "80000", "30050"} {
			if strings.Contains(strings.Join(text, " "), word) {
				t.Errorf("%s keeps %s", table, word)
			}
		}
	}
	// another unit's application for the same is found, by how many and nothing else, and goes on only with a reason
	same := w.apply("liang", w.study("990203013", 20_000), child(canary, "2011-04-02"))
	d, err := w.s.DoublesOf(w.by("liang"), same, w.aid(same))
	if err != nil || d.PastElse != 1 || d.Past != 0 || len(d.Own) != 0 {
		t.Fatalf("%+v, %v", d, err)
	}
	if page := w.do("liang", "GET", path(same), nil, 200).Body.String(); !strings.Contains(page, "历年名册里，别处") || strings.Contains(page, "柳溪镇") {
		t.Error("the page does not warn, or tells where")
	}
	w.key(w.s.Verify(w.by("shi"), same, 0, Check{Way: "visit", Day: today, By: "石大爷"}, "属实"), "aid.double_unsaid")
	w.must(w.s.GoOn(w.by("liang"), same, 0, "学费涨了，去年的不够"))
	w.must(w.verify("shi", same))
	// by number alone, whatever the name; not of another year
	c := child("别名", "")
	c.Number = number
	a := Aid{Unit: town, Kind: "hardship", Purpose: "基本生活", Year: 2018, Form: Money, Asked: Amount{Fen: 5_000}, Reason: "poor"}
	old := w.apply("liang", a, c)
	if d, err := w.s.DoublesOf(w.by("liang"), old, a); err != nil || d.PastElse != 1 {
		t.Errorf("%+v, %v", d, err)
	}
	a.Year = 2019
	if d, err := w.s.DoublesOf(w.by("liang"), w.apply("liang", a, c), a); err != nil || d.Any() {
		t.Errorf("of another year: %+v, %v", d, err)
	}
	// who may bring one in and take one out
	_, _, err = w.s.TakePast(w.by("liang"), next, "x.csv", []byte(list))
	w.kind(err, errs.Forbidden)
	lists, err := w.s.PastLists(w.by("liu"), next)
	if err != nil || len(lists) != 1 || lists[0].N != 2 {
		t.Fatalf("%+v, %v", lists, err)
	}
	w.kind(w.s.DropPast(w.by("liang"), town, lists[0].ID), errs.NotFound) // not another unit's
	w.kind(w.s.DropPast(w.by("reader"), next, lists[0].ID), errs.Forbidden)
	w.must(w.s.DropPast(w.by("liu"), next, lists[0].ID))
	if d, err := w.s.DoublesOf(w.by("liang"), old, w.aid(old)); err != nil || d.Any() {
		t.Errorf("still found: %+v, %v", d, err)
	}
}

// What is wrong in a list is told by its line, and nothing of it is taken; hostile files are refused in words.
func TestListOfEarlierYearsIsRefusedWhole(t *testing.T) {
	w := openWorld(t)
	unit := w.unit["990203013"].ID
	head := "姓名,身份证号,出生日期,类别,用途,年度\n"
	for row, code := range map[string]string{
		"甲,,2011-04-02,助飞,生活费,2019":         "aid.past_kind",
		"甲,,2011-04-02,助学,吃饭,2019":          "aid.past_purpose",
		"甲,,2011-04-02,助学,生活费,1998":         "aid.past_year",
		"甲,,2011-04-02,助学,生活费,2020":         "aid.past_year",
		"甲,,,助学,生活费,2019":                   "aid.past_who",
		",,2011-04-02,助学,生活费,2019":          "aid.past_who",
		"甲,123,2011-04-02,助学,生活费,2019":      "aid.number_odd",
		"甲,,2011-13-02,助学,生活费,2019":         "table.not_a_day",
		"甲,,2011-04-02,助学,生活费,二〇一九年度以前的那一年": "table.not_a_number",
	} {
		n, faults, err := w.s.TakePast(w.by("liang"), unit, "x.csv", []byte(head+"好,,2011-04-02,助学,生活费,2019\n"+row+"\n"))
		if n != 0 || len(faults) != 1 || err != nil || faults[0].Line != 3 {
			t.Errorf("%s: %d taken, %+v, %v", row, n, faults, err)
		} else if strings.HasPrefix(code, "aid.") && faults[0].Code != code {
			t.Errorf("%s: %s", row, faults[0].Code)
		}
	}
	for what, body := range map[string]string{"no columns": "甲,乙\n1,2\n", "only a head": head} {
		if n, faults, err := w.s.TakePast(w.by("liang"), unit, "x.csv", []byte(body)); n != 0 || len(faults) == 0 || err != nil {
			t.Errorf("%s: %d, %v, %v", what, n, faults, err)
		}
	}
	var many strings.Builder
	many.WriteString(head)
	for i := range pastLimits.Rows + 1 {
		fmt.Fprintf(&many, "甲%d,,2011-04-02,助学,生活费,2019\n", i)
	}
	_, _, err := w.s.TakePast(w.by("liang"), unit, "x.csv", []byte(many.String()))
	w.kind(err, errs.TooLarge)
	_, _, err = w.s.TakePast(w.by("liang"), unit, "x.xlsx", []byte("PK\x03\x04 nonsense"))
	if errs.KindOf(err) == errs.Internal || err == nil {
		t.Errorf("a broken workbook: %v", err)
	}
	if lists, err := w.s.PastLists(w.by("liang"), unit); err != nil || len(lists) != 0 {
		t.Errorf("%+v, %v", lists, err)
	}
}

// R35 R46: how many children were helped is published by closed months: each child once a year, where it was helped first; small numbers by none
// of their own; never changed.
func TestChildrenArePublished(t *testing.T) {
	w := openWorld(t)
	give := func(login, no string, c Child) {
		a := w.study(no, 20_000)
		a.Purpose = map[bool]string{true: "学习用品", false: "生活费"}[strings.Contains(c.Words, "第二次")]
		ref := w.apply(login, a, c)
		w.must(w.verify(map[string]string{"liang": "shi", "liu": "zhou"}[login], ref))
		w.must(w.s.Approve(w.by(map[string]string{"liang": "zhou", "liu": "fang"}[login]), ref, 0, Amount{Fen: 20_000}, ""))
		w.must(w.s.Give(w.by(login), ref, 0, Handing{Day: clock.Today(w.ctx), Amount: Amount{Fen: 20_000}, Hands: []string{"甲", "乙"}}))
	}
	for i := range 7 {
		give("liang", "990203013", child(fmt.Sprintf("孩子%d", i), "2011-04-02"))
	}
	twice := child("孩子0", "2011-04-02")
	twice.Words = "第二次"
	give("liang", "990203013", twice)
	for i := range 2 {
		give("liu", "990203014", child(fmt.Sprintf("柳溪%d", i), "2010-01-01"))
	}
	told := func(login, no string) Helped {
		t.Helper()
		h, err := w.s.Children(w.by(login), w.unit[no])
		w.must(err)
		return h
	}
	if h := told("chen", "9902"); h.N != 0 {
		t.Fatalf("published before the month has ended: %+v", h)
	}
	w.now = clock.Day("2019-06-02").Time()
	if _, err := w.s.Daily(w.ctx); err != nil {
		t.Fatal(err)
	}
	if h := told("liang", "990203013"); h.N != 7 || h.From != "2019-01" || h.To != "2019-05" {
		t.Errorf("the first town: %+v", h)
	}
	if h := told("liu", "990203014"); h.N != 0 { // two: in no number
		t.Errorf("the second town: %+v", h)
	}
	if h := told("chen", "9902"); h.N != 7 {
		t.Errorf("the city: %+v", h)
	}
	// the same child again, and one that was written down late, are in the next month or in none
	third := child("孩子1", "2011-04-02")
	third.Words = "第二次"
	give("liang", "990203013", third)
	for i := range 5 {
		give("liang", "990203013", child(fmt.Sprintf("六月%d", i), "2012-01-01"))
	}
	w.now = clock.Day("2019-07-02").Time()
	for range 2 { // twice is once
		_, err := w.s.Daily(w.ctx)
		w.must(err)
	}
	if h := told("liang", "990203013"); h.N != 12 {
		t.Errorf("two months: %+v", h)
	}
	if _, err := w.s.Children(w.by("fan"), w.unit["9902"]); !errs.Is(err, errs.NotFound) {
		t.Errorf("another city: %v", err)
	}
	if page := w.do("zhou", "GET", "/aid?unit="+w.unit["990203013"].ID.String(), nil, 200).Body.String(); !strings.Contains(page, "12人") {
		t.Error("the page lacks the number")
	}
}

// Aids of one child are put together by whatever they share, in any order.
func TestChildrenByMarks(t *testing.T) {
	rows := []helped{{1, 10, "a", 0}, {2, 10, "b", 0}, {3, 11, "c", 0}, {3, 11, "b", 0}, {4, 11, "a", 0}, {4, 11, "b", 0}, {5, 12, "d", 1}, {6, 12, "d", 0}}
	got := children(rows)
	if len(got) != 2 || got[0].unit != 10 || len(got[0].aids) != 4 || got[0].counted || !got[1].counted || len(got[1].aids) != 2 {
		for _, c := range got {
			t.Errorf("%+v", *c)
		}
	}
}

// The page takes a list, says what is wrong by its line, and takes one out again.
func TestListOfEarlierYearsByPage(t *testing.T) {
	w := openWorld(t)
	unit := w.unit["990203013"].ID
	send := func(text string, want int) string {
		t.Helper()
		var body bytes.Buffer
		form := multipart.NewWriter(&body)
		w.must(form.WriteField("_key", web.NewKey()))
		part, err := form.CreateFormFile("list", "往年.csv")
		w.must(err)
		part.Write([]byte(text))
		w.must(form.Close())
		req := httptest.NewRequest("POST", at("/aid/past", unit), &body)
		req.Header.Set("Content-Type", form.FormDataContentType())
		rec := httptest.NewRecorder()
		w.h.ServeHTTP(rec, req.WithContext(w.by("liang")))
		if rec.Code != want {
			t.Fatalf("%d, want %d: %.600s", rec.Code, want, rec.Body)
		}
		return rec.Body.String()
	}
	head := "姓名,身份证号,出生日期,类别,用途,年度\n"
	if page := send(head+"zkfault,,2011-04-02,助飞,生活费,2019\n", 422); !strings.Contains(page, "第2行，类别") || strings.Contains(page, "zkfault") {
		t.Error("the fault is not told by its line, or with the name")
	}
	send("PK\x03\x04 nonsense", 422)
	send(head+"甲,,2011-04-02,助学,生活费,2019\n", 303)
	lists, err := w.s.PastLists(w.by("liang"), unit)
	w.must(err)
	if page := w.do("liang", "GET", at("/aid/past", unit), nil, 200).Body.String(); len(lists) != 1 || !strings.Contains(page, lists[0].ID.String()) {
		t.Fatalf("%+v", lists)
	}
	w.do("liang", "POST", at("/aid/past", unit), url.Values{"_key": {web.NewKey()}}, 422)
	w.do("liang", "POST", at("/aid/past", unit), url.Values{"_key": {web.NewKey()}, "drop": {lists[0].ID.String()}}, 303)
	if lists, err := w.s.PastLists(w.by("liang"), unit); err != nil || len(lists) != 0 {
		t.Errorf("%+v, %v", lists, err)
	}
}
