package record_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"xinhuo/internal/kit/db"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/record"
)

const doubtful = "编号,日期\nA1,2018-01-02\nA2,5月1日\nA3,2018年3月\nA4,3月2日\nA5,2017-01-01\nA6,2018-04-04\n"

// Ambiguous dates are asked about once for a column, not guessed; rows without an answer are not taken.
func TestDoubtfulDatesAreAskedAboutOnce(t *testing.T) { // R194
	f := openOffice(t)
	batch := f.send("/import/thing", "k1", doubtful).Header().Get("Location")
	d := f.page(batch)
	if got := strings.Join(d.Texts(".figs b"), " "); got != "3 0 0 3" {
		t.Errorf("counts: %s", got)
	}
	d.MustHave("#problems tbody", "5月1日")
	if n := len(d.Texts("#dates fieldset")); n != 2 {
		t.Fatalf("%d questions, want 2: %v", n, d.Texts("#dates fieldset"))
	}
	for _, words := range []string{"没有写年份", "有2行，例如第3行“5月1日”", "2018年", "2017年", "2019年", "只写到月", "有1行，例如第4行“2018年3月”"} {
		d.MustHave("#dates form", words)
	}
	if d.Has("#dates input[checked]") {
		t.Error("an answer is chosen before anybody gave one")
	}
	if w := f.post(batch+"/take", url.Values{"_key": {"k2"}}); w.Code != http.StatusUnprocessableEntity || len(f.codes(f.ctx)) != 0 {
		t.Fatalf("taken without an answer: %d %v", w.Code, f.codes(f.ctx))
	}
	if w := f.post(batch+"/dates", url.Values{"_key": {"k3"}, "dates.year.day": {"2018"}}); w.Code != http.StatusSeeOther || w.Header().Get("Location") != batch {
		t.Fatalf("answering: %d %s", w.Code, w.Body)
	}
	d = f.page(batch)
	if got := strings.Join(d.Texts(".figs b"), " "); got != "5 0 0 1" {
		t.Errorf("with one answer: %s", got)
	}
	if !d.Has("#dates input[name='dates.year.day'][value='2018'][checked]") {
		t.Error("the answer is not shown")
	}
	f.post(batch+"/dates", url.Values{"_key": {"k4"}, "dates.year.day": {"2018"}, "dates.month.day": {"last"}})
	if w := f.post(batch+"/take", url.Values{"_key": {"k5"}}); w.Code != http.StatusSeeOther {
		t.Fatalf("taking: %d %s", w.Code, w.Body)
	}
	days, err := db.Select[string](f.ctx, f.db, `SELECT body FROM record_version ORDER BY id`)
	f.must(err)
	for n, want := range []string{"2018-01-02", "2018-05-01", "2018-03-31", "2018-03-02", "2017-01-01", "2018-04-04"} {
		if !strings.Contains(days[n], want) {
			t.Errorf("row %d: %s, want %s", n, days[n], want)
		}
	}
	log, err := db.Select[string](f.ctx, f.db, `SELECT detail FROM audit_entry WHERE act = 'record.act.import' AND detail LIKE '%left_out%'`)
	f.must(err)
	if len(log) != 1 || !strings.Contains(log[0], `"month.day":"last"`) {
		t.Errorf("the log keeps no answers: %v", log)
	}
	if w := f.post(batch+"/dates", url.Values{"_key": {"k6"}, "dates.year.day": {"2017"}}); w.Code != http.StatusConflict {
		t.Errorf("answering after it was taken: %d", w.Code)
	}
	f.post(batch+"/undo", url.Values{"_key": {"k7"}})
	if len(f.codes(f.ctx)) != 0 {
		t.Errorf("after the undo: %v", f.codes(f.ctx))
	}
}

func TestAnswersAboutDatesAreChecked(t *testing.T) {
	f := openOffice(t)
	batch := f.send("/import/thing", "k1", doubtful).Header().Get("Location")
	for _, bad := range []url.Values{{"dates.year.day": {"18"}}, {"dates.year": {"9999"}}, {"dates.month.day": {"middle"}}, {"dates.nothing.day": {"first"}},
		{"dates.": {"first"}}, {"dates.year." + strings.Repeat("x", 200): {"2018"}}, {"dates.month.day": {"' OR 1=1 --"}}} {
		bad.Set("_key", id.New().String())
		if w := f.post(batch+"/dates", bad); w.Code != http.StatusUnprocessableEntity {
			t.Errorf("%v answers %d", bad, w.Code)
		}
	}
	ref, err := id.ParseRef(strings.TrimPrefix(batch, "/batch/"))
	f.must(err)
	ctx := scope.With(f.ctx, f.clerk)
	// For all columns at once, as a program answers, and for one of them before that.
	f.must(f.s.Answer(ctx, ref, record.Dates{"year": "2016", "month": "first", "month.day": "last"}))
	p, err := f.s.Import(ctx, ref)
	f.must(err)
	if p.Bad != 0 || len(p.Dates) != 2 || p.Dates[0].Answer != "2016" || p.Dates[1].Answer != "last" {
		t.Errorf("%d bad, %+v", p.Bad, p.Dates)
	}
	f.must(f.s.Answer(ctx, ref, record.Dates{"year": "", "month": "first"})) // taken back
	if p, err = f.s.Import(ctx, ref); err != nil || p.Bad != 2 {
		t.Errorf("%d bad %v", p.Bad, err)
	}
	f.clerk.WorkSet = scope.Set{f.other.Range()}
	if err := f.s.Answer(scope.With(f.ctx, f.clerk), ref, record.Dates{"year": "2018"}); !errs.Is(err, errs.NotFound) {
		t.Errorf("another unit answers: %v", err)
	}
}

// Both languages have words for every question and every answer.
func TestQuestionsAboutDatesHaveWords(t *testing.T) {
	f := openOffice(t)
	table := "编号,日期\nA1,5月1日\nA2,2018.1\nA3,5/6/2018\nA4,8.5.3\n"
	batch := f.send("/import/thing", "k1", table).Header().Get("Location")
	for _, lang := range i18n.Langs {
		ctx := f.ctx
		f.ctx = i18n.In(ctx, lang)
		d := f.page(batch)
		f.ctx = ctx
		all := strings.Join(d.Texts("#dates"), " ")
		if n := len(d.Texts("#dates fieldset")); n != 6 || strings.Contains(all, "record.") || strings.Contains(all, "<no value>") {
			t.Errorf("%s: %d questions: %s", lang, n, all)
		}
	}
}

func TestAProgramAnswersAboutDates(t *testing.T) { // R194
	f := openOffice(t)
	batch := f.send("/import/thing", "k1", "编号,日期\nA,2018-05-01\nB,5月1日\n").Header().Get("Location")
	say := func(body string) *httptest.ResponseRecorder {
		r := httptest.NewRequest("POST", batch+"/dates", strings.NewReader(body))
		r.Header.Set("Accept", "application/json")
		r.Header.Set("Content-Type", "application/json")
		return f.do(r)
	}
	if w := say(`{}`); w.Code != http.StatusOK || !strings.Contains(w.Body.String(), `"new":1,"changed":0,"same":0,"bad":1`) || !strings.Contains(w.Body.String(), `"key":"year.day"`) {
		t.Errorf("nothing answered: %d %s", w.Code, w.Body)
	}
	if w := say(`{"year.day":"next"}`); w.Code != http.StatusUnprocessableEntity {
		t.Errorf("no answer: %d %s", w.Code, w.Body)
	}
	if w := say(`{"year.day":"2018"}`); w.Code != http.StatusOK || !strings.Contains(w.Body.String(), `"new":2,"changed":0,"same":0,"bad":0`) {
		t.Errorf("answered: %d %s", w.Code, w.Body)
	}
}
