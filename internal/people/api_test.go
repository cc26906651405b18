package people

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// send sends JSON and reads the answer, whose status it wants.
func (f *fixture) send(h http.Handler, method, path, body, key string, status int) map[string]any {
	f.Helper()
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	if key != "" {
		r.Header.Set("Idempotency-Key", key)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	if w.Code != status {
		f.Fatalf("%s %s answers %d, want %d: %.400s", method, path, w.Code, status, w.Body)
	}
	var out map[string]any
	if status < 300 {
		f.must(json.Unmarshal(w.Body.Bytes(), &out))
	}
	return out
}

func TestTeamsAreWrittenByPrograms(t *testing.T) { // R171: the same rights, checks and versions as the pages
	f := open(t)
	clerk, city, north := f.site(f.as("990203013"), f.s.Routes()), f.site(f.as("9902"), f.s.Routes()), f.site(f.as("990204"), f.s.Routes())
	body := `{"unit":"` + f.unit("990203013").ID.String() + `","need":"科普","status":"approved","founded_on":"2019-05-01","members":12}`
	f.send(city, "POST", "/api/v1/teams", body, "", 403)
	f.send(north, "POST", "/api/v1/teams", body, "", 404)
	f.send(clerk, "POST", "/api/v1/teams", strings.Replace(body, "科普", "", 1), "", 422)
	f.send(clerk, "POST", "/api/v1/teams", strings.Replace(body, "need", "needs", 1), "", 422)
	made := f.send(clerk, "POST", "/api/v1/teams", body, "once", 201)
	if again := f.send(clerk, "POST", "/api/v1/teams", body, "once", 201); again["ref"] != made["ref"] {
		t.Errorf("sent twice with one key: %v and %v", made["ref"], again["ref"])
	}
	f.expect("9902", today, map[string]int64{"team.active": 1})
	path := "/api/v1/teams/" + made["ref"].(string)
	read := f.send(clerk, "GET", path, "", "", 200)
	read["leader"], read["reason"] = "田世昌", "换了队长"
	put, err := json.Marshal(read)
	f.must(err)
	f.send(city, "PUT", path, string(put), "", 403)
	f.send(city, "PUT", path, "{}", "", 403)
	f.send(north, "PUT", path, string(put), "", 404)
	if now := f.send(clerk, "PUT", path, string(put), "", 200); now["leader"] != "田世昌" || now["version"] != 2.0 {
		t.Errorf("changed to %v", now)
	}
	f.send(clerk, "PUT", path, string(put), "", 409) // read at version 1
	if !strings.Contains(f.get(clerk, "/team/"+made["ref"].(string), 200), "换了队长") {
		t.Error("the history does not know why")
	}
}
