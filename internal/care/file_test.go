package care

import (
	"archive/zip"
	"bytes"
	"context"
	"io"
	"mime/multipart"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"xinhuo/internal/kit/blob"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/testkit"
	"xinhuo/internal/kit/web"
	"xinhuo/internal/seal"
)

// blobs gives the world a folder of uploads.
func (w *world) blobs() string {
	w.Helper()
	dir := w.TempDir()
	f, err := blob.NewFolder(dir)
	w.must(err)
	w.s.SetBlobs(f)
	return dir
}

// Files come with a request and with later words of both sides; they lie encrypted, photos have lost where they were taken, and exactly
// those who read the request open them, which stands in the log. The asker opens those that they may see.
func TestFilesLieEncrypted(t *testing.T) {
	w := openWorld(t)
	w.open()
	dir := w.blobs()
	const word = "zkcanaryfile"
	q, receipt := w.ask(Ask{Text: "这是老师写的处分。", Files: []Upload{{Name: "../处分.txt", Data: []byte(word + " 记过一次")}, {Name: "家.jpg", Data: testkit.Photo(t, word)}}})
	found, files := testkit.OnDisk(t, dir, word)
	if found || files != 2 {
		t.Fatalf("in the folder of uploads: %v, %d files", found, files)
	}
	o, err := w.s.Open(w.by("lead"), q.Ref())
	w.must(err)
	if got := o.Entries[0].Files; len(got) != 2 || got[0].Name != "处分.txt" || got[1].Name != "家.jpg" {
		t.Fatalf("%+v", got)
	}
	_, kind, data, err := w.s.OpenFile(w.by("night"), q.Ref(), 1)
	w.must(err)
	if string(data) != word+" 记过一次" || kind != "txt" {
		t.Errorf("%s %q", kind, data)
	}
	got := w.do("lead", "GET", path(q.Ref())+"/file/2", nil, 200)
	if h := got.Header(); h.Get("Content-Type") != "image/jpeg" || !strings.Contains(h.Get("Content-Security-Policy"), "sandbox") || h.Get("X-Content-Type-Options") != "nosniff" || h.Get("Cache-Control") != "no-store" || strings.Contains(got.Body.String(), word) {
		t.Errorf("%v, or the photo says where it was taken", h)
	}
	if h := w.do("lead", "GET", path(q.Ref())+"/file/1", nil, 200).Header(); !strings.HasPrefix(h.Get("Content-Disposition"), "attachment") || h.Get("Content-Type") != "application/octet-stream" {
		t.Errorf("%v", h)
	}
	for _, no := range []string{"1", "3"} { // who may not read it is not told how many there are
		w.do("office", "GET", path(q.Ref())+"/file/"+no, nil, 403)
	}
	for _, login := range []string{"above", "beside"} {
		w.do(login, "GET", path(q.Ref())+"/file/1", nil, 404)
	}
	for _, no := range []string{"0", "3", "-1", "x", "99999999999999999999"} {
		w.do("lead", "GET", path(q.Ref())+"/file/"+no, nil, 404)
	}
	w.must(w.s.Write(w.by("lead"), q.Ref(), Entry{Kind: Noted, Text: "内部材料"}, Upload{Name: "a.txt", Data: []byte("内部")}))
	w.must(w.s.Write(w.by("lead"), q.Ref(), Entry{Kind: Told, Text: "给你的办法"}, Upload{Name: "b.txt", Data: []byte("办法")}))
	out := w.back(receipt)
	if _, _, _, err := w.s.OwnFile(w.by("visitor"), out.Token, 3); !errs.Is(err, errs.NotFound) {
		t.Errorf("the asker opens a note among those who help: %v", err)
	}
	if _, _, data, err := w.s.OwnFile(w.by("visitor"), out.Token, 4); err != nil || string(data) != "办法" {
		t.Errorf("%q %v", data, err)
	}
	if out, err = w.s.Say(w.by("visitor"), out.Token, "还有一张", "m", Upload{Name: "c.txt", Data: []byte("还有")}); err != nil {
		t.Fatal(err)
	}
	if _, err = w.s.Say(w.by("visitor"), out.Token, "再一张", "n", Upload{Name: "d.txt", Data: []byte("再")}); !errs.Is(err, errs.Invalid) {
		t.Errorf("a sixth file: %v", err)
	}
}

// What is destroyed opens no more, though its ciphertext lies there; a ciphertext of another file does not open in its place.
func TestDestroyedFilesStayShut(t *testing.T) {
	w := openWorld(t)
	w.open()
	w.blobs()
	q, _ := w.ask(Ask{Text: "两份材料。", Files: []Upload{{Name: "a.txt", Data: []byte("甲")}, {Name: "b.txt", Data: []byte("乙")}}})
	files, err := w.s.filesAcrossUnits(w.ctx, q.Ref())
	w.must(err)
	w.must(w.db.Tx(w.ctx, func(ctx context.Context) error {
		_, err := w.db.Exec(ctx, `UPDATE care_file SET hash = $1 WHERE no = 2`, files[0].Hash)
		return err
	}))
	_, _, _, err = w.s.OpenFile(w.by("lead"), q.Ref(), 2)
	w.kind(err, errs.Conflict)
	_, d, duty, err := w.s.about(w.ctx, q.Ref())
	w.must(err)
	o := owner(fileKind, q, d, duty, today)
	list, err := w.s.seal.Open(w.by("lead"), o)
	w.must(err)
	w.must(w.s.seal.Erase(w.by("lead"), o, list[0].Ref, seal.Mistyped, "传错了材料"))
	_, _, _, err = w.s.OpenFile(w.by("lead"), q.Ref(), 1)
	w.kind(err, errs.NotFound)
	w.do("lead", "GET", path(q.Ref()), nil, 200)
}

// Programs, archives, web pages, pictures that unfold, empty and too large files and too many are refused with a plain word, and nothing is
// kept; what was typed stays in the form.
func TestHostileFiles(t *testing.T) {
	w := openWorld(t)
	w.open()
	dir := w.blobs()
	var z bytes.Buffer
	zw := zip.NewWriter(&z)
	f, err := zw.Create("run.exe")
	w.must(err)
	_, err = f.Write([]byte("MZ"))
	w.must(err)
	w.must(zw.Close())
	few := []Upload{}
	for range MostFiles + 1 {
		few = append(few, Upload{Name: "a.txt", Data: []byte("a")})
	}
	for name, list := range map[string][]Upload{
		"program": {{"照片.jpg", []byte("MZ\x90\x00\x03")}}, "script": {{"a.txt", []byte("#!/bin/sh\nrm -rf /")}}, "page": {{"a.txt", []byte("<script>alert(1)</script>")}}, "archive": {{"a.docx", z.Bytes()}},
		"svg": {{"a.jpg", []byte(`<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>`)}}, "cut": {{"a.jpg", testkit.Photo(t, "x")[:60]}}, "empty": {{"a.txt", nil}}, "large": {{"a.txt", bytes.Repeat([]byte("a"), MaxFileBytes+1)}}, "many": few,
	} {
		a := Ask{Unit: w.desk.ID, Kind: "mind", Asker: "young", Way: "here", Text: "x", Phrase: "外婆家的橘子树", Files: list}
		a.Receipt, a.Proof, err = w.s.NewReceipt(w.ctx)
		w.must(err)
		if _, err := w.s.Ask(w.by("visitor"), a, "192.0.2.9:1"); !errs.Is(err, errs.Invalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for key, u := range map[string]Upload{"care.file_large": {"山洪\u202e.txt", bytes.Repeat([]byte("a"), MaxFileBytes+1)}, "care.file_empty": {"山洪.txt", nil}, "care.file_kind": {"山洪.txt", []byte("MZ\x90\x00\x03")}} {
		a := Ask{Unit: w.desk.ID, Kind: "mind", Asker: "young", Way: "here", Text: "x", Phrase: "外婆家的橘子树", Files: []Upload{u}}
		a.Receipt, a.Proof, err = w.s.NewReceipt(w.ctx)
		w.must(err)
		_, err := w.s.Ask(w.by("visitor"), a, "192.0.2.9:1")
		_, told, _ := web.Problems(w.ctx, err)
		if want := tr(w.ctx, key, "Name", "山洪.txt", "MB", MaxFileBytes>>20); len(told) != 1 || told[0].Text != want || strings.Contains(want, "no value") {
			t.Errorf("%s: %v, want %s", key, told, want)
		}
	}
	if _, files := testkit.OnDisk(t, dir, "x"); files != 0 {
		t.Errorf("%d files were kept", files)
	}
	if list, err := w.s.Requests(w.by("lead"), w.desk, false); err != nil || len(list) != 0 {
		t.Errorf("%d requests, %v", len(list), err)
	}
	receipt, proof, err := w.s.NewReceipt(w.ctx)
	w.must(err)
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	for k, v := range map[string]string{"step": "3", "lang": "zh", "unit": w.desk.ID.String(), "kind": "mind", "asker": "young", "text": "我写了很久的话", "way": "here", "phrase": "外婆家的橘子树", "receipt": receipt, "proof": proof} {
		w.must(m.WriteField(k, v))
	}
	p, err := m.CreateFormFile("files", "a.exe")
	w.must(err)
	_, err = io.WriteString(p, "MZ\x90\x00")
	w.must(err)
	w.must(m.Close())
	req := httptest.NewRequest("POST", "/ask", &b)
	req.Header.Set("Content-Type", m.FormDataContentType())
	rec := httptest.NewRecorder()
	w.h.ServeHTTP(rec, req.WithContext(w.by("visitor")))
	if rec.Code != 422 || !strings.Contains(rec.Body.String(), "我写了很久的话") || !strings.Contains(rec.Body.String(), tr(w.ctx, "care.file_kind", "Name", "a.exe")) {
		t.Errorf("%d %.600s", rec.Code, rec.Body)
	}
}

// Who wants to be called stands on a list until they are reached; three tries in vain become a word in their line.
func TestCalledBack(t *testing.T) {
	w := openWorld(t)
	w.open()
	q, receipt := w.ask(Ask{Text: "打给我。", Way: "call", Contact: "0500-5552301"})
	testkit.HTML(t, w.do("lead", "GET", path(q.Ref()), nil, 200).Body.String()).MustHave("a[href='tel:05005552301']", "0500-5552301")
	for contact, want := range map[string]string{"139 0500 1234，晚上七点后": "139 0500 1234", "王老师１３９０５００１２３４": "13905001234", "三年级2班": "", "": "", "QQ群 12": "", "+86 139-0500-1234": "+86 139-0500-1234"} {
		if got := phoneIn(contact); got != want {
			t.Errorf("%q: %q, want %q", contact, got, want)
		}
	}
	w.ask(Ask{Text: "在这里看。"})
	listed := func(login string) int {
		t.Helper()
		list, err := w.s.ToCall(w.by(login), w.desk)
		w.must(err)
		return len(list)
	}
	if listed("lead") != 1 || listed("above") != 0 {
		t.Error("the list")
	}
	for range mostCalls - 1 {
		w.must(w.s.Call(w.by("lead"), q.Ref(), 0, false))
	}
	if out := w.back(receipt); len(out.Entries) != 1 {
		t.Errorf("told too early: %+v", out.Entries)
	}
	w.must(w.s.Call(w.by("lead"), q.Ref(), 0, false))
	out := w.back(receipt)
	if e := out.Entries[len(out.Entries)-1]; e.Kind != Told || !strings.Contains(e.Text, "0500-5550126") || listed("lead") != 1 {
		t.Errorf("%+v", e)
	}
	w.kind(w.s.Call(w.by("office"), q.Ref(), 0, true), errs.Forbidden)
	w.must(w.s.Call(w.by("lead"), q.Ref(), 0, true))
	if q, _, err := w.s.Known(w.by("lead"), q.Ref()); err != nil || q.DueAt != 0 || q.AnsweredAt == 0 || listed("lead") != 0 {
		t.Errorf("%+v %v", q, err)
	}
	if _, err := w.s.Say(w.by("visitor"), w.back(receipt).Token, "还有一件事。", ""); err != nil {
		t.Fatal(err)
	}
	if got := w.inbox("lead"); !slices.Contains(got, tr(w.ctx, "care.task.again")) {
		t.Errorf("a word after the call waits for nobody: %v", got)
	}
}

// An appointment has a time of day and a place; whoever asked says yes or another time with one tap, once.
func TestAppointmentIsAnswered(t *testing.T) {
	w := openWorld(t)
	w.open()
	q, receipt := w.ask(Ask{Text: "想见一面。"})
	for _, bad := range []string{"25:00", "9点", "14.30"} {
		w.kind(w.s.Write(w.by("lead"), q.Ref(), Entry{Kind: Booked, Day: today.AddDays(3), Clock: bad, Text: "x"}), errs.Invalid)
	}
	w.must(w.s.Write(w.by("lead"), q.Ref(), Entry{Kind: Booked, Day: today.AddDays(3), Clock: "9:30", Way: "there", Text: "区青少年宫一楼。"}))
	booked := func() (e Entry) {
		for _, x := range w.back(receipt).Entries {
			if x.Kind == Booked {
				e = x
			}
		}
		return e
	}
	if e := booked(); e.Clock != "09:30" || e.Way != "there" {
		t.Fatalf("%+v", e)
	}
	if _, err := w.s.Reply(w.by("visitor"), w.back(receipt).Token, booked().ID, "maybe"); !errs.Is(err, errs.Invalid) {
		t.Error(err)
	}
	out, err := w.s.Reply(w.by("visitor"), w.back(receipt).Token, booked().ID, "other")
	w.must(err)
	if e := out.Entries[len(out.Entries)-1]; e.Kind != Asked || out.Request.State != Held || out.Request.DueAt == 0 {
		t.Errorf("%+v", out)
	}
	if got := w.inbox("lead"); !slices.Contains(got, tr(w.ctx, "care.task.again")) {
		t.Errorf("%v", got)
	}
	if _, err := w.s.Reply(w.by("visitor"), w.back(receipt).Token, booked().ID, "yes"); !errs.Is(err, errs.Conflict) {
		t.Errorf("answered twice: %v", err)
	}
	w.now = w.now.Add(time.Hour)
	w.must(w.s.Write(w.by("lead"), q.Ref(), Entry{Kind: Booked, Day: today.AddDays(4), Clock: "14:00", Way: "here", Text: "在网上说。"}))
	if _, err := w.s.Reply(w.by("visitor"), w.back(receipt).Token, booked().ID, "yes"); err != nil {
		t.Fatal(err)
	}
	if s := w.steps("lead", q.Ref()); s[len(s)-1] != "agreed" {
		t.Errorf("%v", s)
	}
}
