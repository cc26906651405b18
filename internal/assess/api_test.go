package assess_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/web"
)

// send sends JSON as somebody of a unit and reads the answer, whose status it wants.
func (f *fixture) send(code, method, path, body string, status int) map[string]any {
	f.t.Helper()
	site := web.Site{Actor: func(*http.Request) (scope.Actor, error) { return scope.From(f.as(code)), nil },
		Fail: func(w http.ResponseWriter, _ *http.Request, err error) { w.WriteHeader(errs.KindOf(err).Status()) }}
	site.Add(f.s.Routes()...)
	h, err := site.Handler()
	must(f.t, err)
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest(method, path, strings.NewReader(body)).WithContext(f.ctx))
	if w.Code != status {
		f.t.Fatalf("%s %s as %s answers %d, want %d: %.400s", method, path, code, w.Code, status, w.Body)
	}
	var out map[string]any
	if status < 300 {
		must(f.t, json.Unmarshal(w.Body.Bytes(), &out))
	}
	return out
}

func TestProgrammesAreWrittenByPrograms(t *testing.T) { // R146: the same rights, checks and versions as the pages
	f := open(t)
	p := f.model()
	p.Code, p.Main = "second", false
	body := func() string {
		b, err := json.Marshal(map[string]any{"programme": p})
		must(t, err)
		return string(b)
	}
	f.send("990203", "POST", "/api/v1/programmes", body(), 404)
	f.send("99", "POST", "/api/v1/programmes", body(), 403)
	made := f.send("9902", "POST", "/api/v1/programmes", body(), 201)
	f.send("9902", "POST", "/api/v1/programmes", body(), 422) // the code stands already
	path := "/api/v1/programmes/" + made["ref"].(string)
	read := f.send("990203013", "GET", path, "", 200) // a township reads what it is to take over
	read["programme"].(map[string]any)["goal"] = "三年内全部建立"
	put, err := json.Marshal(read)
	must(t, err)
	f.send("990203013", "PUT", path, string(put), 403)
	f.send("990203013", "PUT", path, "{}", 403)
	f.send("9903", "PUT", path, string(put), 404)
	f.send("9903", "GET", path, "", 404)
	now := f.send("9902", "PUT", path, string(put), 200)
	if now["version"] != 2.0 || now["programme"].(map[string]any)["goal"] != "三年内全部建立" {
		t.Errorf("changed to %v", now)
	}
	f.send("9902", "PUT", path, string(put), 409)
}
