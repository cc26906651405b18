package app

import (
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"xinhuo/internal/kit/web"
)

// readsNothing are routes that take something and read no form and no JSON: nothing that is no text comes as far as a database.
var readsNothing = map[string]string{
	"POST /logout":                                            "ends one's own session",
	"POST /me/sessions":                                       "ends one's own sessions",
	"POST /me/second/read":                                    "says that one has read it",
	"POST /me/second/passkey/begin":                           "reads JSON at the address of a page, as kit/web reads it",
	"POST /login/passkey/begin":                               "asks for something to sign",
	"POST /audit":                                             "has the whole log checked",
	"POST /me/care/{ref}/{act}":                               "none of the harness's people was let in to a request without a post; read as at /care/{ref}/{act}",
	"POST /wishes/{ref}/correct":                              "none of the harness's requests asks to correct what it found; read as all forms are",
	"POST /library/part":                                      "the bytes of a file; its name stands in the address",
	"PUT /api/v1/library/{ref}/favourite":                     "marks a document",
	"DELETE /api/v1/library/{ref}/favourite":                  "unmarks a document",
	"DELETE /api/v1/library-collections/{ref}/documents/{no}": "names everything in its address",
}

// noText are bodies with what is no text, by their kind: forms, forms with files, JSON.
func noText(api bool) map[string][]string {
	if api {
		return map[string][]string{"application/json": {`{"note":"a\u0000b"}`, `{"a\u0000":1}`, `{"record":{"text":["\u0000"]}}`, "{\"note\":\"\xff\"}", "{\"note\":\"\x00\"}"}}
	}
	part := func(disposition, value string) string {
		return "--b\r\nContent-Disposition: form-data; name=\"_key\"\r\n\r\nk\r\n--b\r\nContent-Disposition: form-data; " + disposition + "\r\n\r\n" + value + "\r\n--b--\r\n"
	}
	return map[string][]string{
		"application/x-www-form-urlencoded": {"_key=k&name=a%00b", "_key=k&text=%ff", "_key=%00", "%00=k"},
		"multipart/form-data; boundary=b": {part(`name="name"`, "a\x00b"), part(`name="text"`, "\xff"), part("name=\"\xff\"", "x"), part("name=\"file\"; filename=\"\xff.csv\"", "x"),
			part("name=\"file\"; filename*=UTF-8''%00.csv", "x")},
	}
}

// R189: whatever takes a form, files or JSON refuses what is no text with a word, on both engines, and keeps nothing; no route answers as if
// it were our own fault. Each route is asked by somebody who may send it something, found by asking everybody about everything.
func TestWhatIsNoTextIsRefusedEverywhere(t *testing.T) {
	w := openWorld(t)
	wrote, sent, routes := w.writes(), 0, 0
	formOf := map[string]string{"POST /draft": "?to=" + url.QueryEscape("/activity/new?unit="+w.unit("990203").ID.String())} // what is put by
	send := func(rt web.Route, as *role, m aim, kind, body string) answer {
		r := newRequest(rt.Method, m.target+formOf[rt.String()], nil, as.cookie)
		r.Body, r.ContentLength = io.NopCloser(strings.NewReader(body)), int64(len(body))
		r.Header.Set("Content-Type", kind)
		sent++
		got := w.send(r)
		if got.code >= 500 || got.code == http.StatusBadRequest && !strings.Contains(got.body, "认不出的字符") {
			t.Errorf("%s as %s, %.200q: %d %.200s", rt, as.name, body, got.code, got.body)
		}
		return got
	}
	for _, rt := range w.chosenRoutes() {
		if rt.Method == http.MethodGet || rt.Method == http.MethodHead || readsNothing[rt.String()] != "" {
			continue
		}
		aims, err := w.aims(rt)
		if err != nil {
			t.Error(err)
			continue
		}
		routes++
		refused := 0
		for kind, bodies := range noText(strings.HasPrefix(rt.Path, "/api/")) {
			as, m := w.roles[0], aims[0]
			func() { // somebody whom it refuses for this alone
				for _, as = range w.roles {
					for _, m = range aims {
						if send(rt, as, m, kind, bodies[0]).code == http.StatusBadRequest {
							refused++
							return
						}
					}
				}
				as = nil
			}()
			if as == nil { // nobody: a form without files does not read one with files, and the other way round
				continue
			}
			for _, body := range bodies[1:] {
				if got := send(rt, as, m, kind, body); got.code != http.StatusBadRequest {
					t.Errorf("%s takes %.200q: %d", rt, body, got.code)
				}
			}
		}
		if refused == 0 {
			t.Errorf("%s refuses nobody: either it reads nothing (say so in readsNothing), or it takes what is no text", rt)
		}
	}
	if now := w.writes(); now != wrote {
		t.Errorf("%d rows of the log were written", now-wrote)
	}
	for _, name := range []string{"Idempotency-Key", "X-Forwarded-For", "User-Agent", "Accept-Language", "Referer", "Cookie"} {
		r := newRequest("POST", "/api/v1/teams", nil, w.byLogin["zhouwenqin"].cookie)
		r.Body = readCloser(`{"name":"x"}`)
		r.Header.Add(name, "a\xff")
		if got := w.send(r); got.code >= 500 || slices.Contains([]string{"Idempotency-Key", "X-Forwarded-For"}, name) != (got.code == http.StatusBadRequest) {
			t.Errorf("%s: %d %.200s", name, got.code, got.body)
		}
	}
	t.Logf("%d routes, %d requests", routes, sent)
}
