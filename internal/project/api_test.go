package project

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// send sends JSON and reads the answer, whose status it wants.
func (f *fixture) send(h http.Handler, method, path, body string, status int) map[string]any {
	f.Helper()
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest(method, path, strings.NewReader(body)))
	if w.Code != status {
		f.Fatalf("%s %s answers %d, want %d: %.400s", method, path, w.Code, status, w.Body)
	}
	var out map[string]any
	if status < 300 {
		f.must(json.Unmarshal(w.Body.Bytes(), &out))
	}
	return out
}

func TestContractsAreWrittenByPrograms(t *testing.T) { // R204, R205: the same rights, checks and versions as the pages
	f := open(t)
	clerk, city, north := f.site(f.as("990203"), f.s.Routes()), f.site(f.as("9902"), f.s.Routes()), f.site(f.as("990204"), f.s.Routes())
	entry := func(unit, amount string) string {
		return `{"number":"HT-1","title":"家长夜校","report":{"unit":"` + f.unit(unit).ID.String() + `","kind":"venture","version":1,"signed_on":"2018-06-01","amount_fen":` + amount + `,"status":"signed"}}`
	}
	f.send(city, "POST", "/api/v1/projects", entry("990203", "100"), 403)
	f.send(north, "POST", "/api/v1/projects", entry("990203", "100"), 404)
	f.send(clerk, "POST", "/api/v1/projects", entry("990203", "-100"), 422)
	made := f.send(clerk, "POST", "/api/v1/projects", entry("990203", "100"), 201)
	if again := f.send(clerk, "POST", "/api/v1/projects", entry("990203", "100"), 201); again["ref"] != made["ref"] || again["version"] != 1.0 {
		t.Errorf("the same report again: %v", again)
	}
	f.send(north, "POST", "/api/v1/projects", entry("990204", "100"), 422) // is it the same contract?
	if joined := f.send(north, "POST", "/api/v1/projects", strings.Replace(entry("990204", "100"), `{"number"`, `{"join":true,"number"`, 1), 201); joined["ref"] != made["ref"] || len(joined["reports"].([]any)) != 2 {
		t.Errorf("another unit's report of the number: %v", joined)
	}
	f.expect("9902", today, signed(1, 100))
	path := "/api/v1/projects/" + made["ref"].(string)
	read := f.send(clerk, "GET", path, "", 200)
	read["purchaser"], read["reason"] = "区民政局", "补上购买方"
	read["receipts"] = []any{map[string]any{"day": "2018-07-01", "amount_fen": 40}}
	put, err := json.Marshal(read)
	f.must(err)
	f.send(city, "PUT", path, string(put), 403)
	f.send(f.site(f.as("9903"), f.s.Routes()), "PUT", path, string(put), 404)
	f.send(clerk, "PUT", path, strings.Replace(string(put), "HT-1", "HT-2", 1), 422)
	f.send(clerk, "PUT", path, strings.Replace(string(put), `"amount_fen":100`, `"amount_fen":101`, -1), 422) // reports are changed by reporting
	now := f.send(clerk, "PUT", path, string(put), 200)
	if now["purchaser"] != "区民政局" || now["received_fen"] != 40.0 {
		t.Errorf("changed to %v", now)
	}
	f.expect("9902", today, received(40))
	f.send(clerk, "PUT", path, string(put), 409) // read before
}
