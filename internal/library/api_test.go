package library

import (
	"encoding/json"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"xinhuo/internal/flow"
	"xinhuo/internal/kit/db"
	"xinhuo/internal/kit/id"
)

// call asks as a program does; key is its Idempotency-Key.
func (w *world) call(who, method, path, body, key string, want int) (out map[string]any) {
	w.Helper()
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	if key != "" {
		r.Header.Set("Idempotency-Key", key)
	}
	got := w.do(who, r, want)
	if want < 300 && want != 204 {
		w.must(json.Unmarshal(got.Body.Bytes(), &out))
	}
	return out
}

func records(v any) (out []float64) {
	list, _ := v.([]any)
	for _, x := range list {
		out = append(out, x.(map[string]any)["no"].(float64))
	}
	return out
}

// acts are what the log says was done, in order.
func (w *world) acts() (out []string) {
	w.Helper()
	type row struct {
		Act string `db:"act"`
	}
	list, err := db.Select[row](w.ctx, w.db, `SELECT act FROM audit_entry WHERE act LIKE 'library.%' AND refused = 0 ORDER BY id`)
	w.must(err)
	for _, x := range list {
		out = append(out, x.Act)
	}
	return out
}

// What members do by page, programs do by the same services: with the same rights and refusals, the same rows of the log, once however often
// it is sent.
func TestAPIOfMembers(t *testing.T) {
	w := openWorld(t)
	ref, d := w.issued("990203001", "经验.txt", "四点钟学校怎么办。", Document{})
	hidden, _ := w.issued("990203001", "内部.txt", "只给自己看。", Document{Visible: VisibleUnit})
	at, away := "/api/v1/library/"+ref.String(), "/api/v1/library/"+hidden.String()
	for _, x := range [][3]string{{"PUT", "/favourite", ""}, {"DELETE", "/favourite", ""}, {"PUT", "/rating", `{"stars":5}`}, {"GET", "/comments", ""}, {"POST", "/comments", `{"words":"好"}`}} {
		absent := "/api/v1/library/" + id.Ref{Root: ref.Root, ID: 7}.String()
		a, b := httptest.NewRequest(x[0], away+x[1], strings.NewReader(x[2])), httptest.NewRequest(x[0], absent+x[1], strings.NewReader(x[2]))
		if one, two := w.do("990204", a, 404).Body.String(), w.do("990204", b, 404).Body.String(); one != two {
			t.Errorf("%v: %q is not %q", x, one, two)
		}
	}
	// favourites
	if got := w.call("990204", "DELETE", at+"/favourite", "", "", 200); got["favourite"] != false {
		t.Error(got)
	}
	if got := w.call("990204", "PUT", at+"/favourite", "", "", 200); got["favourite"] != true {
		t.Error(got)
	}
	w.call("990204", "PUT", at+"/favourite", "", "", 200)
	if got := w.call("990204", "GET", "/api/v1/favourites", "", "", 200); !slices.Equal(records(got["records"]), []float64{float64(d.No)}) {
		t.Error(got)
	}
	if got := w.call("990203002", "GET", "/api/v1/favourites", "", "", 200); len(records(got["records"])) > 0 {
		t.Error("another one's favourites", got)
	}
	w.call("990204", "DELETE", at+"/favourite", "", "", 200)
	if got := w.numbers("990204", Filter{Kept: true}); len(got) > 0 {
		t.Error(got)
	}
	// rating
	w.call("990204", "PUT", at+"/rating", `{"stars":6}`, "", 422)
	w.call("990204", "PUT", at+"/rating", `{"marks":5}`, "", 422)
	w.call("990203001", "PUT", at+"/rating", `{"stars":5}`, "", 403) // nobody rates what their own unit shared
	w.call("9902", "PUT", at+"/rating", `{"stars":5}`, "", 200)
	if got := w.call("990204", "PUT", at+"/rating", `{"stars":4}`, "", 200); got["stars"] != 4.0 || got["rating"].(map[string]any)["n"] != 2.0 || got["rating"].(map[string]any)["sum"] != 9.0 {
		t.Error(got)
	}
	// comments
	before := len(w.acts())
	w.call("990204", "POST", at+"/comments", `{"words":"打我电话13912345678"}`, "", 422)
	one := w.call("990204", "POST", at+"/comments", `{"words":"可以推广"}`, "k1", 201)
	if again := w.call("990204", "POST", at+"/comments", `{"words":"可以推广"}`, "k1", 201); again["ref"] != one["ref"] || one["own"] != true || one["unit"] != "990204" || one["words"] != "可以推广" {
		t.Error(one, again)
	}
	two := w.call("9902", "POST", at+"/comments", `{"words":"有用"}`, "", 201)
	if got := w.call("990203002", "GET", at+"/comments", "", "", 200)["comments"].([]any); len(got) != 2 || got[1].(map[string]any)["own"] != false {
		t.Error(got)
	}
	comment := func(x map[string]any) string { return "/api/v1/library-comments/" + x["ref"].(string) }
	w.call("990203002", "DELETE", comment(one), "", "", 404)
	w.call("990203001", "DELETE", comment(two), "", "", 422) // with a reason
	w.call("990203001", "DELETE", comment(two), `{"reason":"与文件无关"}`, "", 204)
	w.call("990204", "DELETE", comment(one), "", "", 204)
	if got := w.call("990203001", "GET", at+"/comments", "", "", 200)["comments"].([]any); len(got) != 2 || got[0].(map[string]any)["reason"] != "与文件无关" {
		t.Error("those who work there do not read what was taken off", got)
	}
	if got := w.call("990204", "GET", at+"/comments", "", "", 200)["comments"].([]any); len(got) != 0 {
		t.Error(got)
	}
	if got := w.acts()[before:]; !slices.Equal(got, []string{"library.act.comment", "library.act.comment", "library.act.comment_off", "library.act.comment_off"}) {
		t.Error("the log:", got)
	}
	_, p := w.issued("990203001", "公开.txt", "人人都能看的经验。", Document{Visible: VisiblePublic})
	open, _, _, err := w.s.Number(w.ctx, p.No)
	w.must(err)
	w.must(w.s.Say(w.by("990204"), p.No, "很好"))
	if got := w.call("visitor", "GET", "/api/v1/library/"+open.String()+"/comments", "", "", 200)["comments"].([]any); len(got) != 1 || got[0].(map[string]any)["name"] != "林**" {
		t.Error("a visitor reads who wrote it", got)
	}
	w.call("visitor", "GET", at+"/comments", "", "", 404)
	// collections
	own := w.unit("990204").ID.String()
	w.call("990203001", "POST", "/api/v1/library-collections", `{"unit":"`+own+`","title":"专题","visible":"members"}`, "", 404)
	w.call("990204", "POST", "/api/v1/library-collections", `{"unit":"`+own+`","title":"","visible":"members"}`, "", 422)
	set := w.call("990204", "POST", "/api/v1/library-collections", `{"unit":"`+own+`","title":"四点钟学校","note":"都看看","visible":"members"}`, "k2", 201)
	if again := w.call("990204", "POST", "/api/v1/library-collections", `{"unit":"`+own+`","title":"四点钟学校","visible":"members"}`, "k2", 201); again["ref"] != set["ref"] || again["note"] != "都看看" {
		t.Error(again)
	}
	in := "/api/v1/library-collections/" + set["ref"].(string)
	w.call("990203001", "POST", in+"/documents", `{"no":`+numbered(d.No)+`}`, "", 404)
	w.call("990204", "POST", in+"/documents", `{"no":7}`, "", 404)
	for range 2 {
		if got := w.call("990204", "POST", in+"/documents", `{"no":`+numbered(d.No)+`}`, "", 200); !slices.Equal(records(got["records"]), []float64{float64(d.No)}) {
			t.Error(got)
		}
	}
	if got := w.call("990203002", "GET", in, "", "", 200); got["title"] != "四点钟学校" || got["unit"] != "990204" || len(records(got["records"])) != 1 {
		t.Error(got)
	}
	for q, n := range map[string]int{"": 1, "?unit=990204": 1, "?unit=9902": 0, "?unit=nowhere": 0} {
		if got := w.call("990203002", "GET", "/api/v1/library-collections"+q, "", "", 200)["collections"].([]any); len(got) != n {
			t.Error(q, got)
		}
	}
	w.call("990203001", "DELETE", in+"/documents/"+numbered(d.No), "", "", 404)
	if got := w.call("990204", "DELETE", in+"/documents/"+numbered(d.No), "", "", 200); len(records(got["records"])) != 0 {
		t.Error(got)
	}
	// reports of one's own, with their receipts
	receipt, err := w.s.Report(w.by("990204"), d.No, "wrong", "第二段有误")
	w.must(err)
	if got := w.call("990204", "GET", "/api/v1/library-reports", "", "", 200)["reports"].([]any); len(got) != 1 || got[0].(map[string]any)["receipt"] != receipt || got[0].(map[string]any)["state"] != "open" || got[0].(map[string]any)["no"] != float64(d.No) {
		t.Error(got)
	}
	for _, who := range []string{"9902", "990203001", "partner"} {
		if got := w.call(who, "GET", "/api/v1/library-reports", "", "", 200)["reports"].([]any); len(got) > 0 {
			t.Error(who, "is told of another one's report", got)
		}
	}
}

// R123: review by program, from sending to approval; R120: a title without a text, by program.
func TestAPIOfReviewAndTitles(t *testing.T) {
	w := openWorld(t)
	ref, _ := w.draft("990203001", "宣讲.txt", "孩子们，今天讲一个故事。", Document{Category: "teach.lecture"})
	at := "/api/v1/library/" + ref.String()
	w.call("990204", "POST", at+"/submit", `{"version":1}`, "", 404)
	w.call("990203001", "POST", at+"/review", `{"act":"approve"}`, "", 409)
	w.call("990203001", "POST", at+"/submit", `{"version":9}`, "", 409)
	w.call("990203001", "POST", at+"/submit", `{"version":1,"note":"假期前要用"}`, "k1", 200)
	if got := w.call("990203001", "POST", at+"/submit", `{"version":1,"note":"假期前要用"}`, "k1", 200); got["record"].(map[string]any)["state"] != "review" || got["version"] != 2.0 {
		t.Error(got)
	}
	w.call("990203001", "POST", at+"/submit", `{"version":2}`, "k2", 409)
	c, _, err := w.s.Reviewing(w.ctx, ref)
	w.must(err)
	if _, err := w.flow.Act(w.by("990203001"), c.Ref(), flow.Act{Key: "approve"}); err == nil {
		t.Error("whoever wrote it approved it")
	}
	r := httptest.NewRequest("POST", at+"/review", strings.NewReader(`{"act":"approve"}`))
	r = r.WithContext(w.by("990203001"))
	if rec := httptest.NewRecorder(); true {
		if w.h.ServeHTTP(rec, r); rec.Code < 400 {
			t.Error("whoever wrote it approved it by program")
		}
	}
	w.call("990204", "POST", at+"/review", `{"act":"approve"}`, "", 404)
	w.call("990203", "POST", at+"/review", `{"act":"return"}`, "", 422) // with a reason
	if got := w.call("990203", "POST", at+"/review", `{"act":"approve"}`, "k3", 200); got["record"].(map[string]any)["state"] != "approved" {
		t.Error(got)
	}
	w.call("990203", "POST", at+"/review", `{"act":"approve"}`, "k3", 200)
	w.call("990203001", "POST", at+"/review", `{"act":"approve"}`, "", 409)

	own := w.unit("990203").ID.String()
	body := `{"record":{"unit":"` + own + `","title":"关于进一步加强工作的意见","issuers":"中共中央办公厅","number":"中办发〔2010〕12号","dated":"2010-05-04","category":"work.notice","visible":"public","speaker":{"person":"陈玉兰","unit":"0","on":"2010-05-04"}},"issue":true}`
	w.call("990204", "POST", "/api/v1/library", body, "", 404)
	for _, bad := range []string{strings.Replace(body, "2010-05-04", "2010-05-40", 1), strings.Replace(body, "work.notice", "teach.lesson", 1), strings.Replace(body, "中办发〔2010〕12号", strings.Repeat("长", 60), 1), strings.Replace(body, `"speaker"`, `"project":"x","speaker"`, 1),
		strings.Replace(body, `"visible":"public",`, "", 1), `{"record":{"title":"x"}}`, `{"record":{"state":"issued"}}`, `[]`} {
		w.call("990203", "POST", "/api/v1/library", bad, "", 422)
	}
	made := w.call("990203", "POST", "/api/v1/library", body, "k4", 201)
	again := w.call("990203", "POST", "/api/v1/library", body, "k4", 201)
	if v := made["record"].(map[string]any); again["ref"] != made["ref"] || made["title_only"] != true || made["spoken"] != "2010年5月4日，陈玉兰 讲话" || v["state"] != "issued" || v["number"] != "中办发〔2010〕12号" || made["text"] != "" {
		t.Error(made)
	}
	no := made["record"].(map[string]any)["no"].(float64)
	ref, d := w.issued("990204", "讲话.txt", "学习《关于进一步加强工作的意见》（中办发〔2010〕12号）。", Document{})
	cites := w.call("990204", "GET", "/api/v1/library/"+ref.String(), "", "", 200)["cites"].([]any)
	if len(cites) != 1 || cites[0].(map[string]any)["no"] != no || cites[0].(map[string]any)["title"] != "关于进一步加强工作的意见" {
		t.Error(cites)
	}
	if got := w.call("990204", "GET", "/api/v1/library?cites="+numbered(int64(no)), "", "", 200); !slices.Equal(records(got["records"]), []float64{float64(d.No)}) {
		t.Error(got)
	}
	about := "/api/v1/library/" + ref.String() + "/about"
	version := numbered(int64(w.call("990204", "GET", "/api/v1/library/"+ref.String(), "", "", 200)["version"].(float64)))
	said := `{"version":` + version + `,"speaker":{"person":"林素云","unit":"0","on":"2011-03-05"},"paper":{"number":"云关工〔2011〕3号"}}`
	w.call("990203", "PUT", about, said, "", 404)
	w.call("990204", "PUT", about, strings.Replace(said, "2011-03-05", "2011-03-55", 1), "", 422)
	w.call("990204", "PUT", about, `{"version":`+version+`,"project":"x"}`, "", 422)
	now := w.call("990204", "PUT", about, said, "k5", 200)
	w.call("990204", "PUT", about, said, "", 409) // of a version that is no more
	if v := now["record"].(map[string]any); now["spoken"] != "2011年3月5日，林素云 讲话" || v["number"] != "云关工〔2011〕3号" || v["title"] != d.Title || v["visible"] != string(d.Visible) {
		t.Error(now)
	}
	version = numbered(int64(now["version"].(float64)))
	if v := w.call("990204", "PUT", about, `{"version":`+version+`,"speaker":{}}`, "", 200); v["record"].(map[string]any)["number"] != "云关工〔2011〕3号" || v["spoken"] == now["spoken"] {
		t.Error("what was not named did not stay, or what was emptied did:", v)
	}
	if got := w.acts(); !slices.Contains(got, "library.act.submit") || !slices.Contains(got, "library.act.approved") || !slices.Contains(got, "library.act.create") {
		t.Error("the log:", got)
	}
}
