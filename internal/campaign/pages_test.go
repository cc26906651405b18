package campaign_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"xinhuo/internal/campaign"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/web"
	"xinhuo/internal/org"
	"xinhuo/internal/record"
)

// serve answers one request as somebody of a unit.
func (f *fixture) serve(code, lang, method, path string, form url.Values, body string) *httptest.ResponseRecorder {
	f.t.Helper()
	var failed error
	site := web.Site{
		Actor:   func(*http.Request) (scope.Actor, error) { return scope.From(f.as(code)), nil },
		UnitPos: func(ctx context.Context, u string) (int64, error) { v, err := f.org.Resolve(ctx, u); return v.Pos, err },
		Fail:    func(w http.ResponseWriter, _ *http.Request, err error) { failed = err; w.WriteHeader(500) },
	}
	site.Add(f.s.Routes()...)
	h, err := site.Handler()
	must(f.t, err)
	if form != nil {
		body = form.Encode()
	}
	r := httptest.NewRequest(method, path, strings.NewReader(body)).WithContext(i18n.With(f.ctx, f.texts, lang))
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	} else if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	if failed != nil {
		w.Body.WriteString(failed.Error())
	}
	return w
}

// page asks for a page in both languages and answers the Chinese one.
func (f *fixture) page(code, path string, want ...string) string {
	f.t.Helper()
	var body string
	for _, lang := range []string{"en", "zh"} {
		w := f.serve(code, lang, "GET", path, nil, "")
		if body = w.Body.String(); w.Code != 200 {
			f.t.Fatalf("%s as %s in %s: %d %s", path, code, lang, w.Code, body)
		}
		for key := range f.texts.Keys(lang) {
			if strings.HasPrefix(key, "campaign.") && strings.Contains(body, ">"+key+"<") {
				f.t.Errorf("%s in %s shows the key %s", path, lang, key)
			}
		}
	}
	for _, s := range want {
		if !strings.Contains(body, s) {
			f.t.Errorf("%s as %s does not show %q", path, code, s)
		}
	}
	return body
}

func (f *fixture) post(code, path string, status int, form url.Values) string {
	f.t.Helper()
	if form.Get("_key") == "" {
		form.Set("_key", web.NewKey())
	}
	w := f.serve(code, "zh", "POST", path, form, "")
	if w.Code != status {
		f.t.Fatalf("POST %s as %s: %d, want %d: %s", path, code, w.Code, status, w.Body)
	}
	return w.Header().Get("Location")
}

// A county issues a campaign to 15 towns, 14 report, the page names the one missing (R68, R116).
func TestPagesOfACountyAnd15Towns(t *testing.T) {
	f := open(t)
	f.page("990203", "/campaign", "这里还没有主题教育", "发起主题教育")
	f.page("990203", "/campaign/new?unit=990203", "乡镇（街道）", "共同发文单位")
	form := url.Values{"title": {"红色故事我来讲"}, "slogan": {"听老人讲，自己再讲"}, "topic": {"party_history"}, "from": {"2019-05-01"}, "last": {"2019-06-30"}, "levels": {"township"}, "text": {"每镇讲一次"}}
	bad := url.Values{"title": {"红色故事我来讲"}, "from": {"2019-02-30"}, "levels": {"township"}, "issuers": {"没有的县"}, "event_year": {"很久"}}
	w := f.serve("990203", "zh", "POST", "/campaign/new?unit=990203", withKey(bad), "")
	for _, s := range []string{"日期写成2019-05-31这样", "没有找到“没有的县”", "年份写成1949这样", "红色故事我来讲"} {
		if w.Code != 422 || !strings.Contains(w.Body.String(), s) {
			t.Errorf("a bad form (%d) does not say %q", w.Code, s)
		}
	}
	form.Set("_key", "once")
	to := f.post("990203", "/campaign/new?unit=990203", 303, form)
	if again := f.post("990203", "/campaign/new?unit=990203", 303, form); again != to {
		t.Errorf("sent twice: %s and %s", to, again)
	}
	here := strings.TrimSuffix(strings.Split(to, "?")[0], "/done")
	f.page("990203", to, "已经存成草稿", "2019-01")
	f.page("990203", here, "红色故事我来讲", "听老人讲，自己再讲", "发出后有15个单位收到", "草稿")
	f.page("990203", here+"/issue", "15个单位马上能看到")
	f.page("990203", here+"/edit", "每镇讲一次")
	form.Set("_key", "edit")
	form.Set("_version", "1")
	form.Set("text", "每镇讲两次")
	f.post("990203", here+"/edit", 303, form)
	f.post("990203", here+"/issue", 409, url.Values{"_version": {"1"}})
	to = f.post("990203", here+"/issue", 303, url.Values{"_version": {"2"}})
	f.page("990203", to, "已经发出", "撤回", "campaign.issued")
	f.page("990203001", "/campaign", "红色故事我来讲", "待签收")
	for n := 1; n <= 15; n++ {
		if n == 9 {
			continue
		}
		town := fmt.Sprintf("990203%03d", n)
		duty := here + "/duty/" + f.unit[town].ID.String()
		if n == 1 { // the whole way, page by page
			f.page(town, duty, "听老人讲，自己再讲", "每镇讲两次", "签收", "待签收", "3号县")
			to = f.post(town, duty+"/receive", 303, url.Values{"_version": {"0"}, "_key": {"r"}})
			if again := f.post(town, duty+"/receive", 303, url.Values{"_version": {"0"}, "_key": {"r"}}); again != to {
				t.Errorf("signed twice: %s", again)
			}
			f.page(town, to, "已经签收", "撤回")
			f.page(town, duty+"/plan", "结合实际部署", "可以比2019年6月30日早")
			f.post(town, duty+"/plan", 422, url.Values{"_version": {"1"}, "text": {"周末办"}, "day": {"2019-07-01"}})
			f.post(town, duty+"/plan", 303, url.Values{"_version": {"1"}, "text": {"周末办"}, "day": {"2019-06-20"}})
			f.page(town, duty+"/report", "上报结果")
			w := f.serve(town, "zh", "POST", duty+"/report", withKey(url.Values{"_version": {"2"}, "text": {""}, "day": {"昨天"}}), "")
			if w.Code != 422 || !strings.Contains(w.Body.String(), "日期写成2019-05-31这样") {
				t.Errorf("a bad report: %d", w.Code)
			}
			to = f.post(town, duty+"/report", 303, url.Values{"_version": {"2"}, "text": {"讲了两次，60人听"}, "day": {"2019-05-30"}})
			f.page(town, to, "结果已经上报", "campaign.reported")
			f.page(town, duty, "讲了两次，60人听", "已上报", "更正上报", "周末办")
			f.post(town, duty+"/report", 303, url.Values{"_version": {"3"}, "text": {"讲了两次，65人听"}})
			f.page(town, duty, "讲了两次，65人听")
			continue
		}
		f.post(town, duty+"/report", 303, url.Values{"_version": {"0"}, "text": {"讲了一次"}})
	}
	missing := `href="` + here + "/duty/" + f.unit["990203009"].ID.String() + `"`
	body := f.page("990203", here, missing, "3号县9镇", "催未报的单位", "共1个单位")
	if strings.Contains(body, ">3号县8镇<") {
		t.Error("the list of those missing names one that reported")
	}
	f.page("990203", here+"?list=reported", "3号县8镇")
	f.page("9902", here+"?unit=990203", missing)
	f.page("9902", "/campaign?below=1", "红色故事我来讲")
	to = f.post("990203", here+"/remind", 303, url.Values{})
	if body := f.page("990203", to, "催过"); strings.Contains(body, "催未报的单位") {
		t.Error("the button stands although today's call was made")
	}
	f.page("990203009", here+"/duty/"+f.unit["990203009"].ID.String(), "催办")
	f.page("990203", "/campaign/known/"+strings.TrimPrefix(here, "/campaign/"))
	csv := f.serve("990203", "zh", "GET", here+"/export?format=csv", nil, "").Body.String()
	if n := strings.Count(csv, "990203"); n < 15 || !strings.Contains(csv, "3号县9镇") || !strings.Contains(csv, "讲了两次，65人听") {
		t.Errorf("the list of targets as a table: %s", csv)
	}
	for _, path := range []string{here, here + "/edit", here + "/duty/" + f.unit["990203009"].ID.String(), "/api/v1/campaigns/" + strings.TrimPrefix(here, "/campaign/")} {
		if w := f.serve("990301", "zh", "GET", path, nil, ""); w.Code == 200 || strings.Contains(w.Body.String(), "红色故事") {
			t.Errorf("another city sees %s: %d", path, w.Code)
		}
	}
	if w := f.serve("990203001", "zh", "GET", here+"/edit", nil, ""); w.Code == 200 {
		t.Error("a town opens the form of the county's campaign")
	}
}

// What a unit withdrew can be brought back, and what it corrected taken back, although the campaign itself stays out.
func TestWithdrawnAndBroughtBack(t *testing.T) {
	f := open(t)
	ref := f.issued("990203", f.anniversary("990203", org.Township))
	duty := "/campaign/" + ref.String() + "/duty/" + f.unit["990203001"].ID.String()
	must(t, f.act("990203001", ref, campaign.ActReport, campaign.Step{Text: "办了一场"}))
	f.post("990203001", duty+"/remove", 422, url.Values{"_version": {"1"}})
	to := f.post("990203001", duty+"/remove", 303, url.Values{"_version": {"1"}, "reason": {"报错了"}})
	body := f.page("990203001", to, "已经撤销", "撤回", "campaign.reported")
	counts(t, "withdrawn", f.board("990203", "990203", ref).All, 15, 0, 0, 0)
	_, rest, _ := strings.Cut(body, `action="`+duty+`/undo?duty=`)
	back, _, _ := strings.Cut(rest, `"`)
	f.post("990203001", duty+"/undo?duty="+back, 303, url.Values{"_version": {"2"}})
	counts(t, "brought back", f.board("990203", "990203", ref).All, 15, 1, 0, 1)

	c, v, err := f.s.Campaign(f.as("990203"), ref)
	must(t, err)
	c.Text = "改了要求"
	must(t, f.s.Save(f.as("990203"), ref, v.N, c, record.Change{}))
	must(t, f.do("990203", ref, campaign.ActUndo, campaign.Step{}))
	if c, _, err = f.s.Campaign(f.as("990203"), ref); err != nil || c.Text == "改了要求" {
		t.Errorf("an edit after a report is not taken back: %v, %v", c.Text, err)
	}
}

func withKey(form url.Values) url.Values {
	form.Set("_key", web.NewKey())
	return form
}

func TestProgramsDoWhatPagesDo(t *testing.T) { // R68, R139
	f := open(t)
	send := func(as, method, path string, status int, body any) map[string]any {
		t.Helper()
		b, _ := json.Marshal(body)
		text := string(b)
		if body == nil {
			text = ""
		}
		w := f.serve(as, "zh", method, path, nil, text)
		if w.Code != status {
			t.Fatalf("%s %s: %d %s", method, path, w.Code, w.Body)
		}
		var out map[string]any
		must(t, json.Unmarshal(w.Body.Bytes(), &out))
		return out
	}
	in := f.anniversary("990203", org.Township)
	in.Window = campaign.Window{From: "2019-05-20", Last: "2019-06-05"}
	in.IssuedOn = "2019-01-01" // issuing is an act of its own
	made := send("990203", "POST", "/api/v1/campaigns", 201, in)
	if made["issued_on"] != nil || made["name"] != "纪念新中国成立70周年" {
		t.Errorf("%+v", made)
	}
	at := "/api/v1/campaigns/" + made["ref"].(string)
	made["slogan"] = "换个口号"
	made = send("990203", "PUT", at, 200, made)
	send("990203", "POST", at+"/issue", 200, map[string]any{"version": made["version"]})
	duty := at + "/duties/990203001"
	if got := send("990203001", "GET", duty, 200, nil); got["state"] != "none" || got["due_here"] != "2019-06-10" {
		t.Errorf("%+v", got)
	}
	got := send("990203001", "POST", duty+"/report", 200, map[string]any{"version": 0, "text": "办了一场"})
	if got["state"] != "reported" || got["version"] != 1.0 {
		t.Errorf("%+v", got)
	}
	board := send("990203", "GET", at+"/units?list=waiting", 200, nil)
	if len(board["units"].([]any)) != 14 || board["all"].(map[string]any)["reported"] != 1.0 {
		t.Errorf("%+v", board)
	}
	if list := send("990203001", "GET", "/api/v1/campaigns?unit=990203001&state=running", 200, nil); len(list["campaigns"].([]any)) != 1 {
		t.Errorf("%+v", list)
	}
	f.page("990203", "/campaign/"+made["ref"].(string), "集中开展期间", "纪念日前后7天", "/evidence/campaign.reported?")
}

// What was exported comes in again without change; a line that somebody filled in does what the page does.
func TestTablesComeInAgain(t *testing.T) {
	f := open(t)
	top := f.issued("9902", f.anniversary("9902", org.Township))
	c := f.anniversary("990203", org.Township, org.Village)
	c.Title, c.Anniversary, c.Within, c.Window = "红色故事我来讲", nil, append(c.Within, top), campaign.Window{From: "2019-05-01", Last: "2019-05-20"}
	c.Targets.Kinds, c.Documents = []org.Kind{org.Town, org.Street}, []string{"县关工委〔2019〕3号"}
	ref := f.issued("990203", c)
	must(t, f.act("990203001", ref, campaign.ActPlan, campaign.Step{Text: "周末办", Day: "2019-06-05"}))
	must(t, f.act("990203002", ref, campaign.ActReport, campaign.Step{Text: "讲了一次"}))
	again := func(kind, csv string, added, changed, same, bad int) {
		t.Helper()
		p, err := f.rec.Upload(f.as("990203"), kind, f.unit["990203"].ID, "表.csv", []byte(csv))
		must(t, err)
		if p.Count(record.Added) != added || p.Count(record.Changed) != changed || p.Count(record.Same) != same || p.Bad != bad {
			t.Errorf("%s: %+v", kind, p)
		}
	}
	out := f.serve("990203", "zh", "GET", "/campaign/export?format=csv", nil, "").Body.String()
	again(campaign.Kind, out, 0, 0, 1, 0)
	again(campaign.Kind, strings.Replace(out, "红色故事我来讲", "红色故事大家讲", 1), 0, 1, 0, 0)
	again(campaign.Kind, strings.Replace(out, "2019-01,", ",", 1), 1, 0, 0, 0)
	again(campaign.Kind, strings.Replace(out, "乡镇、村社区", "乡镇、星球", 1), 0, 0, 0, 1)
	out = f.serve("990203", "zh", "GET", "/campaign/"+ref.String()+"/export?format=csv", nil, "").Body.String()
	again(campaign.KindDuty, out, 0, 0, 15, 0)
	filled := strings.Replace(out, "990203004,3号县4镇,,,,,,,", "990203004,3号县4镇,2019-05-30,,,,2019-05-31,,讲了三次", 1)
	if filled == out {
		t.Fatalf("the table has other columns: %s", out)
	}
	// the county's clerk may not write for a town; the operator may
	again(campaign.KindDuty, filled, 0, 0, 14, 1)
	p, err := f.rec.Upload(f.sys(), campaign.KindDuty, f.unit["990203"].ID, "表.csv", []byte(filled))
	must(t, err)
	if p, err = f.rec.Take(f.sys(), p.Ref, false); err != nil || p.Count(record.Added) != 1 {
		t.Fatalf("%+v, %v", p, err)
	}
	counts(t, "after the import", f.board("990203", "990203", ref).All, 15, 3, 1, 2)
	if got := f.year("990203", "campaign.reported"); got != 2 {
		t.Errorf("reported %d", got)
	}
	must(t, f.rec.UndoImport(f.sys(), p.Ref))
	counts(t, "after its undo", f.board("990203", "990203", ref).All, 15, 2, 1, 1)
}
