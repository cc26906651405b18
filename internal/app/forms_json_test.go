package app

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"

	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/web"
)

func (w *world) sendJSON(as *role, target, body, key string) answer {
	r := newRequest("POST", target, nil, as.cookie)
	r.Body, r.ContentLength = readCloser(body), int64(len(body))
	r.Header.Set("Content-Type", "application/json")
	if key != "" {
		r.Header.Set("Idempotency-Key", key)
	}
	return w.send(r)
}

// What a person sends as a form a program sends as JSON to the same address, and gets JSON back: where the record is, or what is wrong by
// the names of the inputs. Nobody who may not is let in by that door.
func TestEveryFormTakesJSON(t *testing.T) {
	w := openWorld(t)
	told, asked := 0, 0
	for _, rt := range w.chosenRoutes() {
		if rt.Method != http.MethodPost || rt.Scope == web.Public || rt.Right == scope.SignedIn || strings.HasPrefix(rt.Path, "/api/") || slices.Contains(freely, rt.String()) {
			continue
		}
		aims, err := w.aims(rt)
		if err != nil {
			t.Error(err)
			continue
		}
		for _, m := range aims {
			for _, as := range w.roles {
				v := w.promised(rt, w.live(as), m)
				if v == allowed && asked%7 != 0 { // of those who may, some
					asked++
					continue
				}
				asked++
				got := w.sendJSON(as, m.target, `{"nothing_of_the_kind":[1,"x",true,null]}`, "")
				switch kind := got.head.Get("Content-Type"); {
				case rt.Path == "/account/{id}/code" && got.code == http.StatusOK: // a slip to be printed
				case got.code >= 500, !strings.HasPrefix(kind, "application/json") && !strings.HasPrefix(kind, "application/problem+json"):
					t.Errorf("%s as %s: %d %s %.200s", rt, as.name, got.code, kind, got.body)
				case v != allowed && got.code < 400:
					t.Errorf("%s as %s: %d, promised %s", rt, as.name, got.code, v)
				case got.code == http.StatusUnprocessableEntity:
					told++
				}
			}
		}
	}
	if told < 20 {
		t.Errorf("only %d of %d were told what is missing", told, asked)
	}
}

// R166: a request for help is taken, answered and closed by a program of whoever answers for it, as on the page: what is missing is
// said by name, what was changed meanwhile refused, the same key does a thing once.
func TestARequestIsAnsweredByJSON(t *testing.T) {
	w := openWorld(t)
	at := "/care/" + w.seeds.refs["care"]["990203"]
	lead := w.byLogin["zhouwenqin"]
	version := func() string {
		var v struct {
			Request struct {
				Version json.Number `json:"version"`
			} `json:"request"`
		}
		got := w.get(lead, "/api/v1"+at)
		if err := json.Unmarshal([]byte(got.body), &v); err != nil || v.Request.Version == "" {
			t.Fatalf("%v %d %.300s", err, got.code, got.body)
		}
		return v.Request.Version.String()
	}
	send := func(act, body string, code int, words ...string) {
		t.Helper()
		got := w.sendJSON(lead, at+"/"+act, body, "")
		for _, word := range append(words, `"`) {
			if got.code != code || !strings.Contains(got.body, word) {
				t.Errorf("%s %s: %d %.300s, want %d with %s", act, body, got.code, got.body, code, word)
			}
		}
	}
	old := version()
	send("take", `{"version":`+old+`}`, 409, "交给合适的人") // the desk has said who answers what
	send("assign", `{"version":`+old+`,"login":"fangxiaoyu"}`, 200, `"location":"`+at)
	send("press", `{"version":`+old+`,"urgency":"hour"}`, 409, "status")
	send("write", `{"kind":"told","text":""}`, 422, `"name":"text"`)
	for range 2 {
		if got := w.sendJSON(lead, at+"/write", `{"kind":"told","text":"收到了，明天上午给您打电话。"}`, "one-key-of-a-program"); got.code != 200 {
			t.Errorf("%d %.300s", got.code, got.body)
		}
	}
	if got := w.get(lead, "/api/v1"+at); strings.Count(got.body, "明天上午给您打电话") != 1 {
		t.Errorf("stands %d times: %.1000s", strings.Count(got.body, "明天上午给您打电话"), got.body)
	}
	send("write", `[1]`, 422, "status")
	send("write", "{\"kind\":\"told\",\"text\":\"\xff\"}", 400, "status") // is no text, and not mended in silence
	send("write", `{"text":{"a":1}}`, 422, "text")
	send("close", `{"version":`+version()+`,"outcome":"nothing"}`, 422, `"name":"outcome"`)
}
