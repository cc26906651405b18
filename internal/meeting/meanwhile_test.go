package meeting

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/testkit"
	"xinhuo/internal/kit/web"
)

// late sends a form that somebody else was faster with, and answers the page that says so.
func (w *world) late(ctx context.Context, path string, version int64, f url.Values) (testkit.Doc, string) {
	w.Helper()
	f.Set("_version", strconv.FormatInt(version, 10))
	f.Set("_key", web.NewKey())
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(f.Encode())).WithContext(ctx)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	got := w.send(r)
	if got.Code != http.StatusConflict {
		w.Fatalf("POST %s answers %d: %.300s", path, got.Code, got.Body)
	}
	return testkit.HTML(w.T, got.Body.String()), got.Body.String()
}

func colleague(ctx context.Context) context.Context {
	a := scope.From(ctx)
	a.Account, a.Name = a.Account+1, "苏建国"
	return scope.With(ctx, a)
}

// R64: two write the minutes at once. The second finds both texts on the form, nothing is lost and nothing overwritten; sent
// once more, both are kept as versions.
func TestTwoWriteTheMinutesAtOnce(t *testing.T) {
	w := open(t)
	first, second := w.as("9902"), colleague(w.as("9902"))
	m := w.held()
	at := "/meeting/" + m.String() + "/do/minutes"
	w.must(w.s.Write(first, m, w.version(m), "会议通报了情况。"))
	read := w.version(m).Version
	w.post(first, at, url.Values{"_version": {strconv.FormatInt(read, 10)}, "text": {"会议通报了情况。\n先存的一段。"}}, http.StatusSeeOther)
	mine := "会议通报了情况。\n后写的一段，写了一个小时。"
	page, body := w.late(second, at, read, url.Values{"text": {strings.ReplaceAll(mine, "\n", "\r\n")}})
	page.MustHave("textarea", "后写的一段，写了一个小时。")
	page.MustHave("#now", "先存的一段。")
	page.MustHave(".errsum", "林素云先改了这条记录")
	now := w.version(m).Version
	if !strings.Contains(body, `name="_version" value="`+strconv.FormatInt(now, 10)+`"`) {
		t.Error("the form cannot be sent once more")
	}
	w.post(second, at, url.Values{"_version": {strconv.FormatInt(now, 10)}, "text": {mine}}, http.StatusSeeOther)
	got, _, err := w.s.Get(first, m)
	w.must(err)
	if d := got.Minutes.Drafts; len(d) != 3 || d[1].By != "林素云" || !strings.Contains(d[1].Text, "先存的一段") || d[2].By != "苏建国" || d[2].Text != mine {
		t.Errorf("%+v", d)
	}
	// The chair approves while somebody writes: what was written can still be copied.
	read = w.version(m).Version
	w.must(w.s.Approve(first, m, w.version(m), ""))
	page, _ = w.late(second, at, read, url.Values{"text": {"又写了一段。"}})
	page.MustHave("textarea", "又写了一段。")
	page.MustHave(".errsum", "现在不能这样办了")
}

// What others changed stands in the inputs that the second person left alone; where both wrote something, both are shown.
func TestACorrectionThatCameTooLate(t *testing.T) {
	w := open(t)
	clerk, second := w.as("9902"), colleague(w.as("9902"))
	m := w.held()
	at := "/meeting/" + m.String() + "/do/correct"
	old, _, err := w.s.Get(clerk, m)
	w.must(err)
	read := w.version(m).Version
	changed := old
	changed.Title, changed.Chair = "第二季度联席会议（扩大）", "王志成"
	w.must(w.s.Save(clerk, m, Change{Version: read, Reason: "核对"}, changed))
	page, _ := w.late(second, at, read, url.Values{"kind": {old.Kind}, "title": {"二季度会议"}, "day": {string(old.Day)}, "chair": {old.Chair}, "agenda": {"通报情况\r\n研究假期安排"}, "reason": {"改名称"}})
	page.MustHave(`input[name="title"][value="二季度会议"]`, "")
	page.MustHave(`input[name="chair"][value="王志成"]`, "")
	page.MustHave("#now", "第二季度联席会议（扩大）")
	if len(page.All("#now h3")) != 1 {
		t.Error("what only one of them changed is shown as changed by both")
	}
}
