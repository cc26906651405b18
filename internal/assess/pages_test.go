package assess_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/web"
)

// serve answers one request as somebody of a unit.
func (f *fixture) serve(code, lang, method, path string, form url.Values) *httptest.ResponseRecorder {
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
	r := httptest.NewRequest(method, path, strings.NewReader(form.Encode())).WithContext(i18n.With(f.ctx, f.texts, lang))
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	if failed != nil {
		w.Body.WriteString(failed.Error())
	}
	return w
}

func (f *fixture) page(code, path string, want ...string) string {
	f.t.Helper()
	var body string
	for _, lang := range []string{"en", "zh"} {
		w := f.serve(code, lang, "GET", path, nil)
		if body = w.Body.String(); w.Code != 200 {
			f.t.Fatalf("%s as %s in %s: %d %s", path, code, lang, w.Code, body)
		}
		for key := range f.texts.Keys(lang) {
			if strings.HasPrefix(key, "assess.") && strings.Contains(body, ">"+key+"<") {
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

func TestPagesWalkThroughAnAdoption(t *testing.T) { // R149, R193, R194
	f := open(t)
	f.page("9902", "/reform", "稻香镇", "还没有安排", "去排计划", "应建立的单位")
	f.page("990203013", "/reform", "稻香镇")
	f.page("9902", "/reform/programme/"+f.prog.String(), "名称待定", "共4个方面，名称已知3个")
	f.page("9902", "/reform/programme/"+f.prog.String()+"/edit", "联谊化组合")
	f.page("9902", "/reform/programme/new?unit=9902")
	f.page("990203013", "/reform/new?unit=990203013&programme="+f.prog.String(), "计划日期")

	post := func(code, path string, status int, form url.Values) string {
		t.Helper()
		if form.Get("_key") == "" {
			form.Set("_key", code+path+form.Encode())
			if k := form.Get("_key"); len(k) > 60 {
				form.Set("_key", k[len(k)-60:])
			}
		}
		w := f.serve(code, "zh", "POST", path, form)
		if w.Code != status {
			t.Fatalf("POST %s as %s: %d, want %d: %s", path, code, w.Code, status, w.Body)
		}
		return w.Header().Get("Location")
	}
	create := "/reform/new?unit=990203013&programme=" + f.prog.String()
	post("990203013", create, 422, url.Values{"day": {"2019-02-30"}})
	to := post("990203013", create, 303, url.Values{"day": {"2019-05-20"}, "_key": {"once"}})
	if again := post("990203013", create, 303, url.Values{"day": {"2019-05-20"}, "_key": {"once"}}); again != to {
		t.Errorf("sent twice: %s and %s", to, again)
	}
	post("990203013", create, 409, url.Values{"day": {"2019-05-21"}})
	f.page("990203013", to, "已经列入计划", "已排计划", "撤回")
	here := strings.TrimSuffix(strings.Split(to, "?")[0], "/done")
	f.page("990203013", here, "已排计划", "撤回")

	version := 1
	v := func() string { s := strconv.Itoa(version); version++; return s }
	post("990203013", here+"/submit", 303, url.Values{"_version": {v()}, "day": {"2019-05-30"}})
	f.page("9902", here, "已上报，待验收", "查看办到哪一步", "退回补正")
	f.page("9902", here+"/accept", "有实施方案")
	f.page("9902", here+"/return", "要补正什么")
	post("9902", here+"/accept", 422, url.Values{"_version": {strconv.Itoa(version)}, "day": {"2019-05-31"}, "met_plan": {"1"}, "evidence_plan": {"看了方案"}})
	post("9902", here+"/accept", 409, url.Values{"_version": {"1"}, "day": {"2019-05-31"}})
	to = post("9902", here+"/accept", 303, url.Values{"_version": {v()}, "day": {"2019-05-31"}, "document": {"云关工〔2019〕7号"},
		"met_plan": {"1"}, "evidence_plan": {"看了方案"}, "met_teams": {"1"}, "evidence_teams": {"走访了五支团队"}})
	f.page("9902", to, "已经验收", "/evidence/reform.adopted?", ">25<")
	f.page("9902", here, "已验收", "走访了五支团队", "云关工〔2019〕7号")
	f.page("9902", here+"/revoke")
	f.page("9902", here+"/maturity", "巩固")
	f.page("9902", here+"/parts", "专业化服务")
	post("9902", here+"/maturity", 303, url.Values{"_version": {v()}, "level": {"巩固"}, "day": {"2019-05-31"}})
	f.page("9902", "/reform?status=accepted", "巩固", "稻香镇")
	if body := f.page("9902", "/reform?status=accepted"); strings.Contains(body, "清泉镇</a>") {
		t.Error("the list of accepted units shows another one")
	}
	if w := f.serve("9902", "zh", "GET", "/reform/export?format=csv&unit=9902", nil); !strings.Contains(w.Body.String(), "990203013,稻香镇,model,2019-05-20,2019-05-30,2019-05-31,,已验收") {
		t.Errorf("export: %s", w.Body)
	}
	for _, path := range []string{"/api/v1/reforms?unit=9902", "/api/v1" + strings.Replace(here, "/reform", "/reforms", 1), "/api/v1/programmes?unit=990203013"} {
		if w := f.serve("9902", "zh", "GET", path, nil); w.Code != 200 || !strings.Contains(w.Body.String(), `"`) {
			t.Errorf("%s: %d %s", path, w.Code, w.Body)
		}
	}
	for _, path := range []string{here, here + "/plan", "/reform/programme/" + f.prog.String(), "/api/v1" + strings.Replace(here, "/reform", "/reforms", 1)} {
		if w := f.serve("9903", "zh", "GET", path, nil); w.Code == 200 || strings.Contains(w.Body.String(), "稻香镇") {
			t.Errorf("the neighbour sees %s: %d", path, w.Code)
		}
	}
	f.page("9903", "/reform", "还没有改革项目")
}

func TestProgrammeForm(t *testing.T) { // R146, R154
	f := open(t)
	edit := "/reform/programme/" + f.prog.String() + "/edit"
	p, _, err := f.s.Programme(f.as("9902"), f.prog)
	must(t, err)
	form := url.Values{"_key": {"a"}, "_version": {"1"}, "name": {p.Name}, "code": {p.Code}, "target": {"township"}, "main": {"1"},
		"criteria": {"有实施方案\n有工作团队\n走访农户"}, "maturity": {"初建\n巩固"}}
	for i, q := range p.Parts {
		n := strconv.Itoa(i)
		form.Set("part_code_"+n, q.Code)
		form.Set("part_name_"+n, q.Name)
	}
	form.Set("part_keep_3", "1")
	form.Set("part_name_4", "常态化督导")
	if w := f.serve("9902", "zh", "POST", edit, form); w.Code != 303 {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	got, _, err := f.s.Programme(f.as("9902"), f.prog)
	must(t, err)
	if len(got.Parts) != 5 || got.Parts[3].Code != p.Parts[3].Code || got.Parts[3].Name != "" || got.Parts[4].Code == "" || got.Known() != 4 {
		t.Errorf("%+v", got.Parts)
	}
	if len(got.Criteria) != 3 || got.Criteria[0].Code != "plan" || got.Criteria[2].Code == "" {
		t.Errorf("%+v", got.Criteria)
	}
	form.Set("_key", "b")
	if w := f.serve("9902", "zh", "POST", edit, form); w.Code != 409 {
		t.Errorf("an old version: %d", w.Code)
	}
	form.Set("name", "")
	form.Set("_version", "2")
	form.Set("_key", "c")
	if w := f.serve("9902", "zh", "POST", edit, form); w.Code != 422 || !strings.Contains(w.Body.String(), "常态化督导") {
		t.Errorf("a form without a name: %d", w.Code)
	}
}
