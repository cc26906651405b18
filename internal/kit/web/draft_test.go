package web

import (
	"bytes"
	"context"
	"fmt"
	"mime/multipart"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"xinhuo/internal/kit/clock"
)

const draftForm = "/activity/new?unit=1"

func typed(title string) url.Values { return url.Values{"title": {title}, "count.0": {"六十"}} }

func onDay(ctx context.Context, n int) context.Context {
	at := time.Date(2019, 5, 31, 10, 45, 0, 0, clock.Shanghai).AddDate(0, 0, n)
	return clock.With(ctx, func() time.Time { return at })
}

// R27 R189: what was put by comes back as it was typed, to whoever typed it and to nobody else.
func TestDraftIsOnesOwn(t *testing.T) {
	d := openDB(t)
	mine := onDay(as(1), 0)
	f, err := KeepDraft(mine, d, Draft{Key: "k1", Form: draftForm, Title: "法治宣讲", Values: typed("法治宣讲"), Lost: 2})
	if err != nil || f.Key != "k1" {
		t.Fatalf("%+v, %v", f, err)
	}
	if _, err := KeepDraft(mine, d, Draft{Key: "k1", Form: draftForm, Title: "法治宣讲会", Values: typed("法治宣讲会")}); err != nil { // again, with more
		t.Fatal(err)
	}
	list, err := Drafts(mine, d)
	if err != nil || len(list) != 1 || list[0].Title != "法治宣讲会" || list[0].Day() != "2019-05-31" || list[0].Time() != "10:45" {
		t.Errorf("%+v, %v", list, err)
	}
	open, err := OpenDraft(mine, d, draftForm, "k1")
	if err != nil || open == nil || open.Values.Get("count.0") != "六十" || open.Lost != 0 {
		t.Errorf("%+v, %v", open, err)
	}
	for name, ctx := range map[string]context.Context{"another person": onDay(as(2), 0), "nobody": onDay(as(0), 0), "later": onDay(as(1), DraftDays+1)} {
		list, err := Drafts(ctx, d)
		open, again := OpenDraft(ctx, d, draftForm, "k1")
		if err != nil || again != nil || len(list) > 0 || open != nil {
			t.Errorf("%s: %v, %v, %v, %v", name, list, open, err, again)
		}
	}
	if open, _ := OpenDraft(mine, d, "/base/new?unit=1", "k1"); open != nil {
		t.Error("opened at another form")
	}
	if err := DropDraft(as(2), d, "k1"); err != nil {
		t.Error(err)
	}
	if list, _ := Drafts(mine, d); len(list) != 1 {
		t.Error("another person threw it away")
	}
	if err := DropDraft(mine, d, "k1"); err != nil {
		t.Error(err)
	}
	if list, _ := Drafts(mine, d); len(list) != 0 {
		t.Error("it cannot be thrown away")
	}
}

// R27: sent, the draft is gone; put by again after that, it is a form of its own, which would otherwise be taken for the one
// that was sent.
func TestDraftEndsWhenItIsSent(t *testing.T) {
	d, mine := openDB(t), as(1)
	keep := func(ctx context.Context, key string) string {
		f, err := KeepDraft(ctx, d, Draft{Key: key, Form: draftForm, Values: typed("x")})
		if err != nil {
			t.Fatal(err)
		}
		return f.Key
	}
	keep(mine, "k1")
	keep(as(2), "k1")
	if _, err := Once(mine, d, "k1", func(context.Context) (string, error) { return "", fmt.Errorf("refused") }); err == nil {
		t.Fatal("not refused")
	}
	if list, _ := Drafts(mine, d); len(list) != 1 {
		t.Error("a refused form took its draft along")
	}
	if _, err := Once(mine, d, "k1", func(context.Context) (string, error) { return "/done", nil }); err != nil {
		t.Fatal(err)
	}
	if list, _ := Drafts(mine, d); len(list) != 0 {
		t.Errorf("still there: %+v", list)
	}
	if list, _ := Drafts(as(2), d); len(list) != 1 {
		t.Error("another's draft went with it")
	}
	if key := keep(mine, "k1"); key == "k1" {
		t.Error("what was sent is put by under its old key")
	}
}

// Old ones are erased, the latest fifty are kept, and no key or text breaks the database.
func TestDraftsAreBounded(t *testing.T) {
	d := openDB(t)
	for i := range mostDrafts + 3 {
		if _, err := KeepDraft(onDay(as(1), i), d, Draft{Key: fmt.Sprint("k", i), Form: draftForm, Values: typed("x")}); err != nil {
			t.Fatal(err)
		}
	}
	count := func() int {
		list, err := drafts(context.Background(), d, 1, 0)
		if err != nil {
			t.Fatal(err)
		}
		return len(list)
	}
	if n := count(); n != mostDrafts {
		t.Errorf("%d are kept", n)
	}
	last := mostDrafts + 2
	n, err := ExpireDrafts(onDay(as(0), last), d)
	if err != nil || n == 0 || count() != DraftDays+1 {
		t.Errorf("%d erased, %d left, %v", n, count(), err)
	}
	if n, err := ExpireDrafts(onDay(as(0), last), d); n != 0 || err != nil {
		t.Errorf("run twice: %d, %v", n, err)
	}
	for _, key := range []string{"", "\x00", "\xff", "钥匙", strings.Repeat("k", 65)} {
		f, err := KeepDraft(as(1), d, Draft{Key: key, Form: draftForm, Title: heading("a\x00\xff\nb"), Values: url.Values{"title": {"a\x00\xff"}}})
		if err != nil || f.Key == key {
			t.Errorf("%q: %+v, %v", key, f, err)
		}
		if open, err := OpenDraft(as(1), d, draftForm, key); open != nil || err != nil {
			t.Errorf("%q opens %v, %v", key, open, err)
		}
	}
}

// What a browser sends without script: words and photos. The photos are counted, and what only the form itself needs stays out.
func TestReadDraft(t *testing.T) {
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	for _, p := range [][2]string{{"_key", "k1"}, {"title", "法治宣讲"}, {"campaigns", "1"}, {"campaigns", "2"}, {"kept", "a~b~1~1"}} {
		if err := m.WriteField(p[0], p[1]); err != nil {
			t.Fatal(err)
		}
	}
	for range 2 {
		p, err := m.CreateFormFile("photo", "IMG.jpg")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := p.Write(make([]byte, 40<<20)); err != nil {
			t.Fatal(err)
		}
	}
	if err := m.WriteField("hosts", "渡塘镇"); err != nil {
		t.Fatal(err)
	}
	m.Close()
	r := httptest.NewRequest("POST", "/draft", &b)
	r.Header.Set("Content-Type", m.FormDataContentType())
	f, err := ReadDraft(httptest.NewRecorder(), r)
	if err != nil || f.Key != "k1" || f.Lost != 3 || f.Title != "法治宣讲" || len(f.Values["campaigns"]) != 2 || f.Values.Get("hosts") != "渡塘镇" || f.Values.Has("_key") || f.Values.Has("kept") {
		t.Errorf("%+v, %v", f, err)
	}
}

// A form that was sent is known again for thirty days; then its key is forgotten, so that the table does not grow for ever.
func TestKeysOfFormsAreForgotten(t *testing.T) {
	d := openDB(t)
	send := func(key string, day int) (acted bool) {
		t.Helper()
		if _, err := Once(onDay(as(1), day), d, key, func(context.Context) (string, error) { acted = true; return "/a", nil }); err != nil {
			t.Fatal(err)
		}
		return acted
	}
	send("old", 0)
	send("young", 2)
	if n, err := ExpireOnce(onDay(as(0), onceDays+1), d); n != 1 || err != nil {
		t.Errorf("%d keys forgotten, %v", n, err)
	}
	if !send("old", onceDays+1) || send("young", onceDays+1) {
		t.Error("the wrong one was forgotten")
	}
}
