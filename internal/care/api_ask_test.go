package care

import (
	"encoding/json"
	"net/http/httptest"
	"strings"
	"testing"
)

// R166: a hotline's own program asks for somebody as the page does: it is told of danger and the numbers first, gets the receipt before it sends, and
// sent twice it is one request; with receipt and phrase it reads the answer, writes, and says how satisfied whoever asked is.
func TestAProgramAsksForSomebody(t *testing.T) {
	w := openWorld(t)
	w.open()
	send := func(path string, body map[string]any, want int) (out map[string]any) {
		t.Helper()
		method, text := "POST", ""
		if body == nil {
			method = "GET"
		} else {
			b, err := json.Marshal(body)
			w.must(err)
			text = string(b)
		}
		req := httptest.NewRequest(method, path, strings.NewReader(text))
		req.Header.Set("Accept", "application/json")
		req.Header.Set("Content-Type", "application/json")
		rec := httptest.NewRecorder()
		w.h.ServeHTTP(rec, req.WithContext(w.by("visitor")))
		if rec.Code != want || rec.Code == 200 && rec.Header().Get("Content-Type") != "application/json; charset=utf-8" {
			t.Fatalf("%s %v: %d %s %.300s", path, body, rec.Code, rec.Header(), rec.Body)
		}
		_ = json.Unmarshal(rec.Body.Bytes(), &out)
		return out
	}
	desks := send("/ask", nil, 200)["desks"].([]any)
	if len(desks) != 1 {
		t.Fatal(desks)
	}
	a := map[string]any{"unit": desks[0].(map[string]any)["unit"], "kind": "mind", "step": 1}
	send("/ask", a, 422)
	a["asker"], a["text"], a["step"] = "teacher", "班上一个孩子说不想活了", 2
	got := send("/ask", a, 200)
	if got["danger"] != true || got["numbers"].([]any)[0] != "110" || len(got["receipt"].(string)) != 16 {
		t.Fatal(got)
	}
	a["receipt"], a["proof"], a["step"], a["way"], a["phrase"] = got["receipt"], "made up", 3, "here", "外婆家的橘子树"
	send("/ask", a, 409)
	a["proof"] = got["proof"]
	delete(a, "way")
	send("/ask", a, 422)
	a["way"] = "here"
	first, second := send("/ask", a, 200), send("/ask", a, 200)
	if first["receipt"] != got["receipt"] || first["due_at"] != second["due_at"] || first["danger"] != true {
		t.Error(first, second)
	}
	list, err := w.s.Requests(w.by("lead"), w.desk, false)
	if err != nil || len(list) != 1 {
		t.Fatalf("%d requests %v", len(list), err)
	}
	w.must(w.s.Write(w.by("lead"), list[0].Ref(), Entry{Kind: Told, Text: "马上过去"}))
	w.must(w.s.Write(w.by("lead"), list[0].Ref(), Entry{Kind: Noted, Text: "只给同事"}))
	send("/ask/back", map[string]any{"receipt": got["receipt"], "phrase": "别的话"}, 422)
	said := send("/ask/back", map[string]any{"receipt": got["receipt"], "phrase": "外婆家的橘子树"}, 200)
	b, _ := json.Marshal(said["entries"])
	if !strings.Contains(string(b), "马上过去") || strings.Contains(string(b), "只给同事") {
		t.Errorf("%s", b)
	}
	said = send("/ask/say", map[string]any{"token": said["token"], "text": "好的"}, 200)
	if n := len(said["entries"].([]any)); n != 3 {
		t.Errorf("%d entries", n)
	}
	send("/ask/rate", map[string]any{"token": said["token"], "score": "5"}, 409) // it has not ended
	w.must(w.s.Close(w.by("lead"), list[0].Ref(), 0, "helped", "保重"))
	if got := send("/ask/rate", map[string]any{"token": said["token"], "score": "5"}, 200); got["score"] != 5.0 || got["state"] != "closed" {
		t.Error(got)
	}
}
