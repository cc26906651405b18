package coord_test

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"xinhuo/internal/coord"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/web"
	"xinhuo/internal/org"
)

// send answers one request as somebody of a unit.
func (f *fixture) send(code, lang, method, path, kind, body string) *httptest.ResponseRecorder {
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
	r := httptest.NewRequest(method, path, strings.NewReader(body)).WithContext(i18n.With(f.ctx, f.texts, lang))
	if kind != "" {
		r.Header.Set("Content-Type", kind)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	if failed != nil {
		w.Body.WriteString(i18n.Error(i18n.With(f.ctx, f.texts, lang), failed))
	}
	return w
}

// page asks for a page in both languages and answers the Chinese one; want has to stand on that.
func (f *fixture) page(code, path string, want ...string) string {
	f.t.Helper()
	var body string
	for _, lang := range []string{"en", "zh"} {
		w := f.send(code, lang, "GET", path, "", "")
		if body = w.Body.String(); w.Code != 200 {
			f.t.Fatalf("%s as %s in %s: %d %s", path, code, lang, w.Code, body)
		}
		for key := range f.texts.Keys(lang) {
			if strings.HasPrefix(key, "coord.") && strings.Contains(body, ">"+key+"<") {
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

func (f *fixture) post(code, path string, status int, form url.Values, want ...string) string {
	f.t.Helper()
	if form.Get("_key") == "" {
		form.Set("_key", web.NewKey())
	}
	w := f.send(code, "zh", "POST", path, "application/x-www-form-urlencoded", form.Encode())
	if w.Code != status {
		f.t.Fatalf("POST %s as %s: %d, want %d: %s", path, code, w.Code, status, w.Body)
	}
	for _, s := range want {
		if !strings.Contains(w.Body.String(), s) {
			f.t.Errorf("POST %s as %s does not show %q", path, code, s)
		}
	}
	return w.Header().Get("Location")
}

// upload sends a form with a file.
func (f *fixture) upload(code, path string, fields map[string]string, name string, data []byte) *httptest.ResponseRecorder {
	f.t.Helper()
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	for k, v := range fields {
		must(f.t, m.WriteField(k, v))
	}
	part, err := m.CreateFormFile("file", name)
	must(f.t, err)
	_, err = part.Write(data)
	must(f.t, err)
	must(f.t, m.Close())
	return f.send(code, "zh", "POST", path, m.FormDataContentType(), b.String())
}

// R115: the whole way by pages: written, parts added, issued, received, answered with a file, exported; and the page of a
// question that the ledger holds offers the figure (R176).
func TestPagesFromDraftToAnswer(t *testing.T) {
	f := open(t)
	f.page("990203", "/notice", "这里还没有通知", "发通知或任务")
	f.page("990203", "/notice/new?unit=990203", "只发给符合条件的", "点名发给")
	f.post("990203", "/notice/new?unit=990203", 422, url.Values{"kind": {"task"}, "title": {"排查"}, "levels": {"township"}, "until": {"2019-02-30"}, "issuers": {"没有的县"}}, "没有找到“没有的县”", "排查")
	f.post("990203", "/notice/new?unit=990203", 422, url.Values{"kind": {"task"}, "title": {"排查"}, "levels": {"township"}}, "任务要有反馈截止日")
	form := url.Values{"kind": {"task"}, "title": {"排查活动场所"}, "text": {"逐个排查"}, "due": {"2019-06-10"}, "levels": {"township"}, "points": {"有没有责任人\n有没有登记"}, "bodies": {"县教育局"}, "copies": {"县委办公室\n县妇联"}, "_key": {"once"}}
	to := f.post("990203", "/notice/new?unit=990203", 303, form)
	if again := f.post("990203", "/notice/new?unit=990203", 303, form); again != to {
		t.Errorf("sent twice: %s and %s", to, again)
	}
	here := strings.TrimSuffix(strings.Split(to, "?")[0], "/done")
	f.page("990203", to, "已存为草稿")
	f.page("990203", here+"/paper", "还没有发出")
	if w := f.send("990203001", "zh", "GET", here+"/paper/docx", "", ""); w.Code == 200 {
		t.Error("a town reads the paper of a draft")
	}
	f.page("990203", here, "草稿", "发出后将到15个单位", "有没有责任人", "县教育局")
	f.page("990203", here+"/field", "要填一个数")
	f.post("990203", here+"/field", 422, url.Values{"_version": {"1"}, "label": {"本季度签收通知次数"}, "number": {"1"}}, "一本账里已经有这个数", "签收通知", "本季度签收通知次数")
	f.post("990203", here+"/field", 303, url.Values{"_version": {"1"}, "label": {"本季度签收通知次数"}, "figure": {"notice.received"}, "since": {"2019-04-01"}})
	f.post("990203", here+"/field", 303, url.Values{"_version": {"2"}, "label": {"发现隐患"}, "number": {"1"}})
	f.post("990203", here+"/obligation", 303, url.Values{"_version": {"3"}, "text": {"张贴值班表"}, "due": {"2019-06-05"}})
	f.post("990203", here+"/field", 303, url.Values{"_version": {"4"}, "label": {"多余的一栏"}})
	f.post("990203", here+"/drop", 303, url.Values{"_version": {"5"}, "no": {"4"}})
	if w := f.upload("990203", here+"/file", map[string]string{"_version": "6", "_key": "evil"}, "通知.pdf", []byte("<script>alert(1)</script>")); w.Code != 422 {
		t.Errorf("a page that is called a PDF: %d", w.Code)
	}
	if w := f.upload("990203", here+"/file", map[string]string{"_version": "6", "_key": "large"}, "a.txt", []byte(strings.Repeat("值班表", 5<<20))); w.Code != 422 || !strings.Contains(w.Body.String(), "25MB") {
		t.Errorf("a file of 45 MB: %d %.300s", w.Code, w.Body)
	}
	if w := f.upload("990203001", here+"/file", map[string]string{"_version": "6", "_key": "other"}, "a.txt", []byte("附件")); w.Code == 303 {
		t.Error("a town attaches a file to the county's draft")
	}
	if w := f.upload("990203", here+"/file", map[string]string{"_version": "6", "_key": "good"}, `..\值班表.exe`, []byte("值班表：每天两人")); w.Code != 303 {
		t.Fatalf("a text: %d %s", w.Code, w.Body)
	}
	body := f.page("990203", here, "值班表.txt", "张贴值班表", "一本账：签收通知", "发现隐患")
	if list := body[:strings.Index(body, `id="history"`)]; strings.Contains(list, "多余的一栏") {
		t.Error("what was dropped stays")
	}
	f.page("990203", here+"/issue", "15个单位")
	to = f.post("990203", here+"/issue", 303, url.Values{"_version": {"7"}})
	f.page("990203", to, "已发出")
	f.post("990203", here+"/field", 409, url.Values{"_version": {"8"}, "label": {"再加一栏"}}, "发新的通知来替代")

	f.page("990203", here, "抄送", "县委办公室、县妇联")
	// R24: all that issue it stand in the red head and sign; 版记 says who gets a copy, who printed it and when.
	f.page("990203001", here+"/paper", `<div class="mark joint"><div><p>3号县关心下一代工作委员会</p><p>县教育局</p></div><p>文件</p></div>`, `<p class="sign">3号县关心下一代工作委员会</p><p class="sign">县教育局</p><p class="sign">2019年`,
		"<p>抄送：县委办公室，县妇联。</p><p><span>3号县关心下一代工作委员会办公室</span><span>2019年5月31日印发</span></p>", "排查活动场所", "各乡镇（街道）关工委：", "一、任务分工", "1．张贴值班表，2019年6月5日前完成。", "二、需要上报的内容", "三、督查要点", "附件：值班表", "县教育局")
	for _, lang := range []string{"zh", "en"} { // the paper is Chinese whatever the language of the pages
		w := f.send("990203001", lang, "GET", here+"/paper/docx", "", "")
		doc := documentOf(t, w.Body.Bytes())
		for _, want := range []string{">3号县关心下一代工作委员会<", ">县教育局<", ">文件<", ">抄送：县委办公室，县妇联。<", ">3号县关心下一代工作委员会办公室<", ">2019年5月31日印发<"} {
			if w.Code != 200 || !strings.Contains(doc, want) {
				t.Errorf("the paper as a file, %s: %d, without %s", lang, w.Code, want)
			}
		}
	}
	town := here + "/unit/" + f.unit["990203001"].ID.String()
	f.page("990203001", "/notice", "排查活动场所", "待签收")
	at := body[strings.Index(body, here+"/file/"):]
	at = at[:strings.Index(at, `"`)]
	w := f.send("990203001", "zh", "GET", at, "", "")
	if w.Code != 200 || w.Body.String() != "值班表：每天两人" || !strings.HasPrefix(w.Header().Get("Content-Disposition"), "attachment") || w.Header().Get("X-Content-Type-Options") != "nosniff" {
		t.Errorf("the file: %d %v", w.Code, w.Header())
	}
	if w := f.send("990204001", "zh", "GET", at, "", ""); w.Code == 200 {
		t.Error("a town of another county reads the file")
	}
	f.page("990203001", town, "签收", "逐个排查", "张贴值班表", "一本账已经回答的", "检查要点", "有没有登记")
	f.page("990203001", f.post("990203001", town+"/receive", 303, url.Values{"_version": {"0"}}), "已签收", "下一步：2019年6月10日前")
	f.page("990203001", f.post("990203001", town+"/read", 303, url.Values{"_version": {"1"}}), "已阅知")
	f.post("990203001", town+"/carry", 422, url.Values{"_version": {"2"}, "text": {"排查了四处"}, "answer_2": {"一百二"}}, "看不出“一百二”是哪个数", "排查了四处")
	for _, text := range []string{"一百多人", "120-130"} { // what could be several numbers is asked about
		f.post("990203001", town+"/carry", 422, url.Values{"_version": {"2"}, "text": {"排查了四处"}, "answer_2": {text}}, "看不出“"+text+"”是哪个数")
	}
	f.post("990203001", town+"/carry", 422, url.Values{"_version": {"2"}, "text": {"排查了四处"}, "answer_2": {"3"}, "links": {"http://elsewhere"}}, "粘贴本系统里的地址", "http://elsewhere")
	f.page("990203001", town+"/carry", "发现隐患", "张贴值班表", "相关记录")
	if w := f.upload("990203001", town+"/carry", map[string]string{"_version": "2", "_key": "empty", "text": "排查了四处", "answer_2": "3"}, "照片.jpg", nil); w.Code != 422 || !strings.Contains(w.Body.String(), "文件里没有内容") {
		t.Errorf("an empty file is passed over in silence: %d", w.Code)
	}
	if w := f.upload("990203001", town+"/carry", map[string]string{"_version": "2", "_key": "c", "text": "排查了四处", "answer_2": "３处", "kept": "3", "links": "https://xinhuo.example/activity/9902-x1"}, "照片.txt", []byte("照片说明")); w.Code != 303 {
		t.Fatalf("answer: %d %s", w.Code, w.Body)
	}
	f.page("990203001", town, "排查了四处", "照片.txt", "/activity/9902-x1", "已落实")
	f.post("990203", strings.Replace(town, "/unit/", "/over/", 1)+"/inspect", 303, url.Values{"_version": {"3"}, "met_0": {"1"}, "met_1": {"0"}, "note_1": {"缺两处"}})
	body = f.page("990203", town, "检查情况", "缺两处", "经办人990203（3号县）")
	if strings.Contains(body, "代填") {
		t.Error("what supervision found is said to be entered for the town")
	}
	f.page("990203", here, "排查活动场所", "已落实", "3号县2镇")
	w = f.send("990203", "zh", "GET", here+"/export?unit="+f.unit["990203"].ID.String()+"&format=csv", "", "")
	for _, s := range []string{"3号县1镇", "排查了四处", "发现隐患", "本季度签收通知次数"} {
		if !strings.Contains(w.Body.String(), s) {
			t.Errorf("the table of the board lacks %q", s)
		}
	}
	f.page("990203", "/notice/known/"+strings.TrimPrefix(here, "/notice/"), "排查活动场所")
	f.page("990203", "/notice?body="+url.QueryEscape("县教育局"), "排查活动场所", "只列县教育局发出")
}

// Half a condition would send the notice to everybody of the level, and one that no unit meets to nobody: both are said at once.
func TestHalfAConditionAndNobody(t *testing.T) {
	f := open(t)
	form := url.Values{"kind": {"task"}, "title": {"组队"}, "due": {"2019-12-31"}, "levels": {"township"}, "value": {"心理健康"}, "less": {"1"}, "n": {"1"}}
	f.post("990203", "/notice/new", 422, form, "选一项数据")
	form.Del("value")
	form.Set("figure", "notice.received")
	form.Set("less", "0")
	form.Set("n", "1000")
	done := f.post("990203", "/notice/new", 303, form)
	f.page("990203", done, "没有单位会收到")
	at := strings.TrimSuffix(done, "/done?act=new")
	f.page("990203", at, "没有单位会收到")
	f.page("990203", at+"/issue", "没有单位会收到")
}

// R176: programs do the same by JSON, and are refused the same.
func TestJSON(t *testing.T) {
	f := open(t)
	call := func(code, method, path string, status int, in any) map[string]any {
		t.Helper()
		body, err := json.Marshal(in)
		must(t, err)
		w := f.send(code, "zh", method, path, "application/json", string(body))
		if w.Code != status {
			t.Fatalf("%s %s as %s: %d, want %d: %s", method, path, code, w.Code, status, w.Body)
		}
		out := map[string]any{}
		must(t, json.Unmarshal(w.Body.Bytes(), &out))
		return out
	}
	n := f.notice("990203", org.Township)
	n.Obligations, n.Fields = []coord.Obligation{{Text: "一"}}, []coord.Field{{Label: "签收通知", Figure: "notice.received", Number: true}}
	made := call("990203", "POST", "/api/v1/notices", 201, n)
	at := "/api/v1/notices/" + made["ref"].(string)
	if _, ok := made["issued_on"]; ok {
		t.Error("a program issues by making")
	}
	call("990203", "POST", at+"/issue", 200, coord.Step{Version: 1})
	town := at + "/replies/" + f.unit["990203001"].ID.String()
	call("990203001", "POST", town+"/receive", 200, coord.Step{})
	got := call("990203001", "POST", town+"/carry", 200, coord.Step{Version: 1, Text: "已办", Kept: []int{1}})
	if got["state"] != "done" || got["ledger"].([]any)[0].(map[string]any)["value"] != float64(1) {
		t.Errorf("%v", got)
	}
	units := call("990203", "GET", at+"/units?list=waiting", 200, nil)
	if all := units["all"].(map[string]any); all["targets"] != float64(15) || all["done"] != float64(1) || len(units["units"].([]any)) != 14 {
		t.Errorf("%v", units)
	}
	list := call("990203001", "GET", "/api/v1/notices", 200, nil)
	if len(list["notices"].([]any)) != 1 {
		t.Errorf("%v", list)
	}
}

// documentOf is the text of a Word document.
func documentOf(t *testing.T, data []byte) string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	must(t, err)
	f, err := z.Open("word/document.xml")
	must(t, err)
	raw, err := io.ReadAll(f)
	must(t, err)
	return string(raw)
}
