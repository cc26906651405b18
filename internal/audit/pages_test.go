package audit_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"xinhuo/internal/audit"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/testkit"
	"xinhuo/internal/kit/web"
	"xinhuo/internal/kit/web/ui"
)

// R189: the log's page, export and JSON show the reader's subtree in every format, and nobody else anything.
func TestPages(t *testing.T) {
	s, d, ctx := open(t)
	texts, err := i18n.Load(audit.Texts, ui.Texts)
	if err != nil {
		t.Fatal(err)
	}
	ctx = i18n.With(ctx, texts, "zh")
	log(t, s, d, ctx, audit.Entry{Act: "audit.export", Subject: "base", Ref: id.Ref{Root: 9902, ID: 77}, Pos: countyPos, Note: "canary-county", Detail: map[string]int{"n": 1}})
	log(t, s, d, ctx, audit.Entry{Act: "audit.export", Pos: cityPos + 5e7, Note: "canary-neighbour"})
	if _, err := s.Seal(ctx); err != nil {
		t.Fatal(err)
	}
	reader := scope.Actor{Account: 9, Name: "读者", Pos: countyPos, Auditor: true, AuditSet: scope.Set{{From: countyPos, To: countyPos + 1e7}}}
	get := func(a scope.Actor, path string) *httptest.ResponseRecorder {
		t.Helper()
		site := &web.Site{Actor: func(*http.Request) (scope.Actor, error) { return a, nil },
			Fail: func(w http.ResponseWriter, r *http.Request, err error) { http.Error(w, err.Error(), 404) }}
		site.Add(s.Routes()...)
		h, err := site.Handler()
		if err != nil {
			t.Fatal(err)
		}
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest("GET", path, nil).WithContext(ctx))
		return w
	}
	for _, path := range []string{"/audit", "/audit?who=素云&from=2019-05-31", "/audit/export?format=csv", "/api/v1/audit", "/audit?ref=9902-2d"} {
		w := get(reader, path)
		if w.Code != 200 || !strings.Contains(w.Body.String(), "canary-county") || strings.Contains(w.Body.String(), "canary-neighbour") {
			t.Errorf("%s: %d\n%s", path, w.Code, w.Body)
		}
		if w := get(scope.Actor{Account: 8}, path); w.Code != 404 || strings.Contains(w.Body.String(), "canary") {
			t.Errorf("%s without the right: %d", path, w.Code)
		}
	}
	if w := get(reader, "/audit/export?format=xlsx"); w.Code != 200 || !strings.HasPrefix(w.Body.String(), "PK") {
		t.Errorf("xlsx: %d", w.Code)
	}
	doc := testkit.HTML(t, get(reader, "/audit?from=yesterday").Body.String())
	doc.MustHave("main", "日期写成2019-05-31的样子")
	testkit.HTML(t, get(reader, "/audit").Body.String()).MustHave("#head code", "xinhuo-log 2 ")
	var out struct {
		Rows []struct {
			Ref    string
			Detail map[string]any
		}
	}
	if err := json.Unmarshal(get(reader, "/api/v1/audit?act=audit.").Body.Bytes(), &out); err != nil || len(out.Rows) == 0 {
		t.Fatal(err)
	}
	last := out.Rows[len(out.Rows)-1]
	if last.Ref != "9902-2d" || last.Detail["n"] != 1.0 {
		t.Errorf("%+v", last)
	}
}
