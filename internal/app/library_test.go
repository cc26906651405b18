package app

import (
	"strings"
	"testing"

	"xinhuo/internal/kit/errs"
	"xinhuo/internal/library"
	"xinhuo/internal/report"
)

// A speech that was issued goes into the library as Word, once, and its page there says which of its numbers agree with the book, to whoever
// may read the speech.
func TestALiveDocumentInTheLibrary(t *testing.T) { // R127
	w := openWorld(t)
	city := w.unit("9902")
	ref, err := w.a.Report.Create(w.ctx, report.DemoSpeech(city.ID, harnessDay))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.a.Report.Share(w.ctx, ref); !errs.Is(err, errs.Conflict) {
		t.Fatalf("a draft is shared: %v", err)
	}
	if err := w.a.Report.Issue(w.ctx, ref, 1); err != nil {
		t.Fatal(err)
	}
	if page := w.get(w.byLogin["chenyulan"], "/speech/"+ref.String()).body; !strings.Contains(page, "/share") {
		t.Error("no button puts it into the library")
	}
	no, err := w.a.Report.Share(w.ctx, ref)
	if err != nil {
		t.Fatal(err)
	}
	if again, err := w.a.Report.Share(w.ctx, ref); err != nil || again != no {
		t.Errorf("%d, shared again %d, %v", no, again, err)
	}
	doc, _, ver, err := w.a.Library.Number(w.ctx, no)
	if err != nil {
		t.Fatal(err)
	}
	if err := w.a.Library.Issue(w.ctx, doc, ver.N, true); err != nil {
		t.Fatal(err)
	}
	for login, linked := range map[string]bool{"chenyulan": true, "caihuiqin": false} {
		got := w.get(w.byLogin[login], library.Path(no))
		if got.code != 200 || strings.Contains(got.body, "/speech/"+ref.String()) != linked || strings.Contains(got.body, "个数都对过账") != linked {
			t.Errorf("%s: %d, linked %v\n%s", login, got.code, linked, got.body)
		}
	}
}
