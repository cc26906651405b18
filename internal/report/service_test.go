package report_test

import (
	"archive/zip"
	"bytes"
	"context"
	"io"
	"net/url"
	"reflect"
	"strconv"
	"strings"
	"testing"
	"time"

	"xinhuo/internal/kit/db"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/testkit"
	"xinhuo/internal/ledger"
	"xinhuo/internal/report"
)

func TestCorrectingARecordChangesTheSentence(t *testing.T) { // R152, R201
	f := open(t)
	f.signed("2018-03-01", 10_100_000_00)
	f.signed("2017-12-31", 99)
	f.signed("2019-01-01", 99)
	ref := f.create(f.speech())
	if got := f.numbers(ref); got != "0个 0% 1个 1010万元" {
		t.Errorf("%q", got)
	}
	adoption := f.adopt("990203013", "2019-05-01")
	if got := f.numbers(ref); got != "1个 50% 1个 1010万元" {
		t.Errorf("after one acceptance: %q", got)
	}
	must(t, f.books["reform"].Undo(f.sys(), adoption, 1))
	if got := f.numbers(ref); got != "0个 0% 1个 1010万元" {
		t.Errorf("after taking it back: %q", got)
	}
	// last year is counted from the document's date, whatever day it is read on
	f.later(400 * 24 * time.Hour)
	if got := f.numbers(ref); !strings.HasSuffix(got, "1个 1010万元") {
		t.Errorf("a year later: %q", got)
	}
}

func TestIssuedTextStays(t *testing.T) { // R127
	f := open(t)
	f.adopt("990203013", "2019-05-01")
	ref := f.create(f.speech())
	f.later(time.Second)
	must(t, f.s.Issue(f.as("9902"), ref, 1))
	issued := f.read(ref)
	if !issued.Intact || issued.Document.Issued.Fingerprint == "" {
		t.Fatalf("%+v", issued.Document.Issued)
	}
	page := f.serve("9902", "zh", "GET", "/speech/"+ref.String(), nil)
	file := f.serve("9902", "zh", "GET", "/speech/"+ref.String()+"/docx", nil).Body.Bytes()

	f.later(24 * time.Hour)
	f.adopt("990203014", "2019-05-02") // entered late: it was so then, but not known
	l := f.read(ref)
	if !l.Intact || l.Figures[0].Text != "1个" || l.Figures[0].NowText != "2个" || l.Figures[1].Text != "50%" || l.Figures[1].NowText != "100%" || !l.Figures[0].Changed() {
		t.Errorf("%+v", l.Figures[:2])
	}
	if got := f.serve("9902", "zh", "GET", "/speech/"+ref.String()+"/docx", nil).Body.Bytes(); !bytes.Equal(got, file) {
		t.Error("the file of an issued document changed")
	}
	after := f.serve("9902", "zh", "GET", "/speech/"+ref.String(), nil)
	if after.Code != 200 || page.Code != 200 {
		t.Fatalf("%d %s", after.Code, after.Body)
	}
	known := "known=" + strconv.FormatInt(l.Document.Issued.KnownAt, 10)
	html := strings.ReplaceAll(after.Body.String(), "&amp;", "&")
	for _, want := range []string{"1个", "2个", "/evidence/reform.adopted?day=2019-05-31&unit=" + f.unit["9902"].ID.String() + "&" + known,
		"/evidence/reform.adopted?day=2019-06-01&unit=" + f.unit["9902"].ID.String() + `"`, "此后正文没有改动"} {
		if !strings.Contains(html, want) {
			t.Errorf("the page does not show %q", want)
		}
	}
	// the evidence of then is what the text says
	ev, err := f.led.Evidence(f.sys(), ledger.Query{Figure: "reform.adopted", Unit: f.unit["9902"].ID, Day: today, KnownAt: l.Document.Issued.KnownAt}, "", 0)
	must(t, err)
	if len(ev.Items) != 1 {
		t.Errorf("%d records behind the number of then, want 1", len(ev.Items))
	}

	for name, err := range map[string]error{"save": f.s.Save(f.as("9902"), ref, 2, f.speech()), "issue": f.s.Issue(f.as("9902"), ref, 2), "undo": f.s.Undo(f.as("9902"), ref, 2)} {
		if !errs.Is(err, errs.Conflict) {
			t.Errorf("%s of an issued document: %v", name, err)
		}
	}
}

func TestHandWrittenResultIsNotIssued(t *testing.T) { // R20
	f := open(t)
	for text, loose := range map[string]bool{
		"今年新建了12个阵地。": true, "收到1,010.5万元。": true, "占58%。": true, "办了30场。": true, "惠及1200人次。": true, "共有八十七个镇。": true, "占百分之五十八。": true,
		"2019年5月31日开会。": false, "近7年来变化很大。": false, "这是第3次会议。": false, "有五支以上团队。": false, "讲了三个方面。": false,
	} {
		d := f.speech()
		d.Paragraphs = append(d.Paragraphs, report.Paragraph{Runs: []report.Run{{Text: text}}})
		ref := f.create(d)
		if err := f.s.Issue(f.as("9902"), ref, 1); errs.Is(err, errs.Invalid) != loose || !loose && err != nil {
			t.Errorf("%s: %v", text, err)
		}
		if l := f.read(ref); loose != (l.Document.Issued == nil) {
			t.Errorf("%s: issued %v", text, l.Document.Issued)
		}
		if loose {
			w := f.serve("9902", "zh", "POST", "/speech/"+ref.String()+"/issue", url.Values{"_key": {text[:3]}, "_version": {"1"}})
			if w.Code != 422 || !strings.Contains(w.Body.String(), "手写的数") {
				t.Errorf("%s: the page answers %d", text, w.Code)
			}
		}
	}
}

func TestFingerprintTellsTampering(t *testing.T) { // R127: "the text has not changed" is checked, not claimed
	f := open(t)
	f.adopt("990203013", "2019-05-01")
	ref := f.create(f.speech())
	f.later(time.Second)
	must(t, f.s.Issue(f.as("9902"), ref, 1))
	for _, change := range []string{"replace(body, '已有', '现有')", "replace(body, '一份讲话', '另一份讲话')"} {
		var was string
		must(t, f.db.Tx(f.ctx, func(ctx context.Context) error {
			var err error
			if was, err = db.Get[string](ctx, f.db, "SELECT body FROM record_version WHERE id = $1 AND n = 2", ref.ID); err != nil {
				return err
			}
			_, err = f.db.Exec(ctx, "UPDATE record_version SET body = "+change+" WHERE id = $1 AND n = 2", ref.ID)
			return err
		}))
		if f.read(ref).Intact {
			t.Errorf("%s went unnoticed", change)
		}
		if w := f.serve("9902", "zh", "GET", "/speech/"+ref.String(), nil); strings.Contains(w.Body.String(), "此后正文没有改动") || !strings.Contains(w.Body.String(), "联系管理员核对") {
			t.Errorf("%s: the page still vouches for the text", change)
		}
		must(t, f.db.Tx(f.ctx, func(ctx context.Context) error {
			_, err := f.db.Exec(ctx, "UPDATE record_version SET body = $2 WHERE id = $1 AND n = 2", ref.ID, was)
			return err
		}))
	}
	if !f.read(ref).Intact {
		t.Error("the text as it was issued is not recognised")
	}
}

func TestFileHoldsTheNumbersOfThePage(t *testing.T) {
	f := open(t)
	f.adopt("990203013", "2019-05-01")
	f.signed("2018-03-01", 864_000_00)
	ref := f.create(f.speech())
	w := f.serve("9902", "zh", "GET", "/speech/"+ref.String()+"/docx", nil)
	z, err := zip.NewReader(bytes.NewReader(w.Body.Bytes()), int64(w.Body.Len()))
	must(t, err)
	part, err := z.Open("word/document.xml")
	must(t, err)
	xml, err := io.ReadAll(part)
	must(t, err)
	for _, want := range []string{"一份讲话", "（2019年5月31日）", "一、改革", "已有1个，占50%。", "去年签约1个，86.4万元。"} {
		if !strings.Contains(string(xml), want) {
			t.Errorf("the file lacks %q", want)
		}
	}
}

func TestTextIsMendedInTheForm(t *testing.T) {
	f := open(t)
	ref := f.create(f.speech())
	form := f.serve("9902", "zh", "GET", "/speech/"+ref.String()+"/edit", nil)
	if !strings.Contains(form.Body.String(), "【签约服务项目，去年】") {
		t.Fatalf("%d %s", form.Code, form.Body)
	}
	post := url.Values{"_key": {"k1"}, "_version": {"1"}, "title": {"改过的讲话"}, "byline": {"云州市关工委"}, "day": {"2019-06-05"},
		"head_0": {"一、新的"}, "text_0": {"只有{{unit.townships|汉字}}，{{team.active|单位=990203013|叫=镇里}}。"},
		"head_1": {""}, "text_1": {"去年{{project.signed_fen|去年}}。"}, "head_2": {""}, "text_2": {""}}
	if w := f.serve("9902", "zh", "POST", "/speech/"+ref.String()+"/edit", post); w.Code != 303 {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	l := f.read(ref)
	if got := f.numbers(ref); got != "两个 0支 0元" || len(l.Document.Paragraphs) != 2 || l.Document.Paragraphs[1].Gloss == "" || l.Figures[1].Bound.Label != "镇里" {
		t.Errorf("%q %+v", got, l.Document.Paragraphs)
	}
	for text, want := range map[string]string{"{{no.such}}": "no.such", "有【没有这个数】": "没有这个数", "{{base.accredited|乱写}}": "乱写", "{{base.accredited|color=red}}": "color", "{{base.accredited|单位=99}}": "base.accredited"} {
		post.Set("text_0", text)
		post.Set("_key", text)
		post.Set("_version", "2")
		if w := f.serve("9902", "zh", "POST", "/speech/"+ref.String()+"/edit", post); w.Code != 422 || !strings.Contains(w.Body.String(), want) {
			t.Errorf("%s: %d", text, w.Code)
		}
	}
	must(t, f.s.Undo(f.as("9902"), ref, 2))
	if l := f.read(ref); l.Document.Title != "一份讲话" {
		t.Errorf("after undo: %s", l.Document.Title)
	}
}

// The form once asked for codes in braces; people write a figure by its name, and a unit too.
func TestFiguresAreWrittenByName(t *testing.T) {
	f := open(t)
	ref := f.create(f.speech())
	address := "/speech/" + ref.String() + "/edit"
	save := func(key, version, text string) {
		t.Helper()
		w := f.serve("9902", "zh", "POST", address, url.Values{"_key": {key}, "_version": {version}, "title": {"讲话"}, "day": {"2019-06-05"}, "head_0": {""}, "text_0": {text}})
		if w.Code != 303 {
			t.Fatalf("%d %s", w.Code, w.Body)
		}
	}
	save("k1", "1", "{{unit.townships|汉字}}，{{team.active|单位=990203013|叫=镇里}}，{{project.signed|last_year}}")
	want := f.read(ref).Document.Bounds()
	save("k2", "2", "【乡镇（街道），汉字】，【工作团队，单位=稻香镇，叫=镇里】，【Service contracts signed | 去年】")
	if got := f.read(ref).Document.Bounds(); !reflect.DeepEqual(got, want) {
		t.Errorf("by name %+v, by code %+v", got, want)
	}
	page := testkit.HTML(t, f.serve("9902", "zh", "GET", address, nil).Body.String())
	page.MustHave("textarea", "【乡镇（街道），汉字】，【工作团队，单位=990203013，叫=镇里】，【签约服务项目，去年】")
	page.MustHave("aside", "【工作团队】：今天0支")
	page.MustHave("aside", "【签约服务项目，去年】")
}

func TestWhoMayReadAndWrite(t *testing.T) {
	f := open(t)
	ref := f.create(f.speech())
	for _, who := range []string{"9903", "990203"} {
		if _, err := f.s.Read(f.as(who), ref); !errs.Is(err, errs.NotFound) {
			t.Errorf("%s reads it: %v", who, err)
		}
	}
	if _, err := f.s.Read(f.as("99"), ref); err != nil {
		t.Errorf("the province cannot read it: %v", err)
	}
	if err := f.s.Save(f.as("99"), ref, 1, f.speech()); !errs.Is(err, errs.Forbidden) {
		t.Errorf("the province writes it: %v", err)
	}
	if err := f.s.Issue(f.as("99"), ref, 1); !errs.Is(err, errs.Forbidden) {
		t.Errorf("the province issues it: %v", err)
	}
	if err := f.s.Save(f.as("9902"), ref, 7, f.speech()); !errs.Is(err, errs.Conflict) {
		t.Errorf("an old version: %v", err)
	}
}

func TestDemonstrationSpeech(t *testing.T) { // R20: the speech of the demonstration can be issued as it is
	f := open(t)
	ref := f.create(report.DemoSpeech(f.unit["9902"].ID, today))
	for _, lang := range []string{"zh", "en"} {
		w := f.serve("9902", lang, "GET", "/speech/"+ref.String(), nil)
		if w.Code != 200 || lang == "en" && !strings.Contains(w.Body.String(), "tracing") && !strings.Contains(w.Body.String(), "Opening") {
			t.Errorf("%s: %d %s", lang, w.Code, w.Body)
		}
		if w := f.serve("9902", lang, "GET", "/speech?unit=9902", nil); w.Code != 200 || !strings.Contains(w.Body.String(), ref.String()) {
			t.Errorf("list in %s: %d", lang, w.Code)
		}
	}
	if w := f.serve("9902", "zh", "GET", "/api/v1/documents/"+ref.String(), nil); w.Code != 200 || !strings.Contains(w.Body.String(), "reform.adopted_share") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	n := 0
	for _, p := range report.DemoSpeech(1, today).Paragraphs {
		for _, r := range p.Runs {
			n += len([]rune(r.Text))
		}
	}
	if n < 900 || n > 1200 {
		t.Errorf("%d characters, want two pages", n)
	}
	must(t, f.s.Issue(f.as("9902"), ref, 1))
}
