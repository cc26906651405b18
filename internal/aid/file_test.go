package aid

import (
	"bytes"
	"mime/multipart"
	"net/http/httptest"
	"strings"
	"testing"

	"xinhuo/internal/kit/blob"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/testkit"
	"xinhuo/internal/kit/web"
	"xinhuo/internal/seal"
)

// R47: a photo of the receipt lies encrypted, without the place where it was taken; exactly those who read for whom the aid is open it, which
// stands in the log, and erasing for whom it was takes it along.
func TestReceiptsLieEncrypted(t *testing.T) {
	w := openWorld(t)
	dir := t.TempDir()
	b, err := blob.NewFolder(dir)
	w.must(err)
	w.s.SetBlobs(b)
	ref := w.approved(20_000, child("秦晓禾", "2011-04-02"))
	w.must(w.s.Give(w.by("liang"), ref, 0, Handing{Day: today, Amount: Amount{Fen: 20_000}, Hands: []string{"甲", "乙"}}))
	const word = "zkcanaryreceipt"
	send := func(login, name string, data []byte) *httptest.ResponseRecorder {
		var body bytes.Buffer
		form := multipart.NewWriter(&body)
		w.must(form.WriteField("_key", web.NewKey()))
		part, err := form.CreateFormFile("paper", name)
		w.must(err)
		part.Write(data)
		w.must(form.Close())
		req := httptest.NewRequest("POST", paperPath(ref), &body)
		req.Header.Set("Content-Type", form.FormDataContentType())
		rec := httptest.NewRecorder()
		w.h.ServeHTTP(rec, req.WithContext(w.by(login)))
		return rec
	}
	if got := send("liang", word+".jpg", testkit.Photo(t, word)); got.Code != 303 {
		t.Fatalf("%d %s", got.Code, got.Body)
	}
	if got := send("liu", "x.txt", []byte("x")); got.Code != 404 { // the next town does not see it
		t.Errorf("the next town adds one: %d", got.Code)
	}
	if got := send("reader", "x.txt", []byte("x")); got.Code != 403 {
		t.Errorf("who only looks adds one: %d", got.Code)
	}
	for name, data := range map[string][]byte{"收条.exe": []byte("MZ\x90\x00\x03"), "收条.html": []byte("<html><script>alert(1)</script>"), "收条.jpg": []byte("\xff\xd8\xff\xe0 broken")} {
		if got := send("liang", name, data); got.Code != 422 || !strings.Contains(got.Body.String(), "换成照片") {
			t.Errorf("%s: %d", name, got.Code)
		}
	}
	if found, files := testkit.OnDisk(t, dir, word); found || files != 1 {
		t.Errorf("in the folder of uploads: %v, %d files", found, files)
	}
	file := paperPath(ref) + "/1"
	got := w.do("shi", "GET", file, nil, 200)
	if bytes.Contains(got.Body.Bytes(), []byte(word)) || got.Header().Get("Content-Type") != "image/jpeg" || got.Header().Get("Cache-Control") != "no-store" {
		t.Errorf("handed over: %v", got.Header())
	}
	if page := w.do("shi", "GET", path(ref), nil, 200).Body.String(); !strings.Contains(page, file) || !strings.Contains(page, word) {
		t.Error("who opens it does not find the receipt")
	}
	if there, not := w.do("zhou", "GET", file, nil, 403), w.do("zhou", "GET", paperPath(ref)+"/2", nil, 403); there.Body.String() != not.Body.String() { // standing higher opens nothing, nor does it tell how many there are
		t.Errorf("%s, and of one that is not there %s", there.Body, not.Body)
	}
	w.do("liu", "GET", file, nil, 404)
	if page := w.do("zhou", "GET", path(ref), nil, 200).Body.String(); strings.Contains(page, word) {
		t.Error("the county reads the name of the file")
	}
	w.do("shi", "GET", paperPath(ref)+"/2", nil, 404)
	other := w.apply("liang", w.study("990203013", 100), child("别人", "2011-01-01"))
	w.do("liang", "GET", paperPath(other)+"/1", nil, 404)
	rows, err := w.seal.Readings(w.by("liang"), owner(paperKind, ref, w.aid(ref)), "open", 0, 50)
	w.must(err)
	opened := 0
	for _, r := range rows {
		if r.Subject == paperKind && r.Refused == 0 {
			opened++
		}
	}
	if opened < 2 { // the file, and its name on the page
		t.Errorf("%d readings in the log", opened)
	}
	for range mostPapers - 1 {
		w.must(w.s.AddPaper(w.by("liang"), ref, seal.Upload{Name: "a.txt", Data: []byte("a")}))
	}
	w.key(w.s.AddPaper(w.by("liang"), ref, seal.Upload{Name: "a.txt", Data: []byte("a")}), "aid.paper_many")
	w.must(w.s.Withdraw(w.by("liang"), other, 0, "不用了"))
	w.kind(w.s.AddPaper(w.by("liang"), other, seal.Upload{Name: "a.txt", Data: []byte("a")}), errs.Conflict)
	// erased, nobody opens it any more
	list, err := w.seal.Open(w.by("liang"), owner(paperKind, ref, w.aid(ref)))
	w.must(err)
	w.must(w.seal.Erase(w.by("liang"), owner(paperKind, ref, w.aid(ref)), list[0].Ref, seal.ByGuardian, "监护人要求"))
	w.do("shi", "GET", file, nil, 404)
	if page := w.do("shi", "GET", path(ref), nil, 200).Body.String(); strings.Contains(page, word) {
		t.Error("its name is still told")
	}
	if hashes, err := Files(w.ctx, w.db); err != nil || len(hashes) != mostPapers { // each under a key of its own, whatever it says
		t.Errorf("%v, %v", hashes, err)
	}
}
