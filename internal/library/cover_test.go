package library

import (
	"bytes"
	"context"
	"io"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/testkit"
)

// easel draws covers of some bytes for each pixel of width, and counts how often.
type easel struct {
	paper
	each  int
	drawn *int
	err   error
}

func (e easel) Page(_ context.Context, _ io.ReaderAt, _ int64, page, width int) ([]byte, string, error) {
	*e.drawn++
	return bytes.Repeat([]byte{byte(page)}, e.each*width), "image/png", e.err
}

func covers(t *testing.T, w *world, who, path string) (out []string) {
	for _, img := range testkit.HTML(t, w.get(who, path, 200).Body.String()).All(".found img") {
		if img.Attr("alt") != "" || img.Attr("loading") != "lazy" || img.Attr("width") != "60" || img.Attr("height") != "84" {
			t.Errorf("a cover is shown as alt %q, %s, %s by %s", img.Attr("alt"), img.Attr("loading"), img.Attr("width"), img.Attr("height"))
		}
		out = append(out, img.Attr("src"))
	}
	return out
}

// L10: a list shows a small picture of the first page of what has pages, drawn once; it makes no PDF, and is seen by whoever sees the page.
func TestCovers(t *testing.T) {
	w := openWorld(t)
	n := 0
	w.s.SetPDF(easel{paper: paper{drawn: map[int]int{}}, each: 100, drawn: &n})
	ref, d := w.issued("990203", "阵地建设.pdf", somePDF, Document{Visible: VisibleMembers})
	_, plain := w.issued("990203", "讲话.txt", "在会议上的讲话。", Document{Visible: VisiblePublic})
	seen := make(chan string, 10)
	w.s.SetOffice(printer{seen: seen})
	at := Path(d.No) + "/cover"
	if got := covers(t, w, "990204", "/library"); !slices.Equal(got, []string{at}) {
		t.Errorf("covers %v", got)
	}
	w.get("990204", Path(plain.No)+"/cover", 404)
	w.s.Rendered()
	if len(seen) > 0 {
		t.Fatal("a list or a cover makes a PDF of what nobody opened")
	}
	first := w.get("990204", at, 200)
	if len(first.Body.Bytes()) != 100*2*coverWide || first.Header().Get("Content-Type") != "image/png" || first.Header().Get("Cache-Control") != "private, no-cache" {
		t.Errorf("%d bytes, %v", first.Body.Len(), first.Header())
	}
	r := httptest.NewRequest("GET", at, nil)
	r.Header.Set("If-None-Match", first.Header().Get("ETag"))
	w.do("990203", r, 304)
	w.s.drawn = drawings{} // another start of the program
	if w.get("990204", at, 200); n != 1 {
		t.Errorf("drawn %d times", n)
	}
	files, err := Files(w.ctx, w.db)
	w.must(err)
	kept, _, err := w.s.coverAcrossUnits(w.ctx, d.File.Hash)
	w.must(err)
	if !slices.Contains(files, kept.Picture) {
		t.Error("a cover would be swept")
	}
	if ok, err := w.s.blobs.Delete(w.ctx, kept.Picture, putAt(t, w, kept.Picture)); err != nil || !ok {
		t.Fatal(ok, err)
	}
	if w.get("990204", at, 200); n != 2 {
		t.Error("one that was swept is not drawn anew")
	}
	w.get("visitor", at, 404)
	if got := covers(t, w, "visitor", "/library"); len(got) > 0 {
		t.Errorf("a visitor sees %v", got)
	}
	// once somebody opened it, the other has one, too
	w.get("990204", Path(plain.No), 200)
	w.s.Rendered()
	if got := covers(t, w, "visitor", "/library"); !slices.Equal(got, []string{Path(plain.No) + "/cover"}) {
		t.Errorf("a visitor sees %v", got)
	}
	w.get("visitor", Path(plain.No)+"/cover", 200)
	w.s.SetGuestPages(0)
	w.get("visitor", Path(plain.No)+"/cover", 404)
	if got := covers(t, w, "visitor", "/library"); len(got) > 0 {
		t.Errorf("a visitor who sees no page sees %v", got)
	}
	w.must(w.s.Withdraw(w.by("990203"), ref, 2, "重写"))
	r = httptest.NewRequest("GET", at, nil)
	r.Header.Set("If-None-Match", first.Header().Get("ETag"))
	w.do("990204", r, 404)
}

// putAt is when a file was put into its folder.
func putAt(t *testing.T, w *world, hash string) (at int64) {
	t.Helper()
	w.must(w.s.blobs.Each(w.ctx, func(h string, put int64) error {
		if h == hash {
			at = put
		}
		return nil
	}))
	return at
}

// A cover that is too large is drawn smaller; one that cannot be drawn is not tried again, and not shown.
func TestCoversThatAreNone(t *testing.T) {
	w := openWorld(t)
	n := 0
	e := easel{paper: paper{drawn: map[int]int{}}, each: 200, drawn: &n}
	w.s.SetPDF(e)
	_, d := w.issued("990203", "一.pdf", somePDF, Document{})
	if got := w.get("990204", Path(d.No)+"/cover", 200).Body.Len(); got > mostCover || got != 200*coverWidths[1] {
		t.Errorf("%d bytes", got)
	}
	for i, broken := range []easel{{each: 1000}, {each: 1, err: errs.New(errs.Unsupported, "pdf.damaged")}} {
		broken.paper, broken.drawn = e.paper, &n
		w.s.SetPDF(broken)
		_, d := w.issued("990203", "又一份.pdf", somePDF+strings.Repeat(" ", i+1), Document{})
		at := Path(d.No) + "/cover"
		w.get("990204", at, 404)
		before := n
		w.get("990204", at, 404)
		if n != before || slices.Contains(covers(t, w, "990204", "/library"), at) {
			t.Errorf("%d: tried again or shown", i)
		}
	}
	away := easel{paper: e.paper, each: 1, drawn: &n, err: errs.New(errs.Unsupported, "pdf.unavailable")}
	w.s.SetPDF(away)
	_, d = w.issued("990203", "末.pdf", somePDF+"\n", Document{})
	w.get("990204", Path(d.No)+"/cover", 404)
	w.s.SetPDF(e)
	w.get("990204", Path(d.No)+"/cover", 200) // it was only away
}
