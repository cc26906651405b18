package library

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/jpeg"
	"image/png"
	"io"
	"strings"
	"testing"
	"time"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/extract"
	"xinhuo/internal/kit/testkit"
)

// paper stands in for kit/pdf: a PDF of nine pages.
type paper struct {
	err   error
	drawn map[int]int
	lines func(page int)
}

func (p paper) Prepare(context.Context) error { return nil }

func (p paper) Text(context.Context, io.ReaderAt, int64, extract.Limits) (extract.Document, error) {
	d := extract.Document{Pages: 9}
	for n := 1; n <= 9; n++ {
		d.Blocks = append(d.Blocks, extract.Block{Text: fmt.Sprintf("这是第%d页的文字，讲阵地建设。", n), Page: n})
	}
	return d, p.err
}

func (p paper) Page(_ context.Context, _ io.ReaderAt, _ int64, page, _ int) ([]byte, string, error) {
	p.drawn[page]++
	return fmt.Appendf(nil, "picture %d", page), "image/png", p.err
}

const somePDF = "%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"

// L7 L10 L11 L12 L13 L14 L15 L16 L17 L18 L19 L20 L28: a PDF's pages are pictures with what is said of them, five at a time by plain links; a visitor
// sees the first five, and nobody a page of what is not theirs.
func TestPagesOfAPDF(t *testing.T) {
	w := openWorld(t)
	p := paper{drawn: map[int]int{}}
	w.s.SetPDF(p)
	ref, d := w.issued("990203", "阵地建设.pdf", somePDF, Document{Visible: VisiblePublic})
	if d.Pages != 9 || d.File.Kind != "pdf" {
		t.Fatalf("%+v", d)
	}
	page := testkit.HTML(t, w.get("990204", Path(d.No), 200).Body.String())
	page.MustHave(".meta", "9页")
	imgs := page.All("#pages img")
	if len(imgs) != 5 {
		t.Fatalf("%d pages are shown", len(imgs))
	}
	for i, img := range imgs {
		if img.Attr("alt") != fmt.Sprintf("阵地建设，第%d页", i+1) || (img.Attr("loading") == "lazy") != (i > 0) {
			t.Errorf("page %d: alt %q, loading %q", i+1, img.Attr("alt"), img.Attr("loading"))
		}
	}
	page.MustHave("#pages figcaption", "第5页，共9页")
	page.MustHave("#pages .btns", "看第6至9页")
	more := testkit.HTML(t, w.get("990204", Path(d.No)+"/pages?from=6", 200).Body.String())
	if n := len(more.All("figure")); n != 4 {
		t.Errorf("%d more", n)
	}
	guest := testkit.HTML(t, w.get("visitor", Path(d.No), 200).Body.String())
	guest.MustHave("#pages .btns", "登录后看全部9页")
	for n, want := range map[string]int{"1": 200, "5": 200, "6": 404, "0": 404, "10": 404, "x": 404} {
		w.get("visitor", Path(d.No)+"/page/"+n, want)
	}
	got := w.get("990204", Path(d.No)+"/page/6", 200)
	if got.Body.String() != "picture 6" || got.Header().Get("Content-Type") != "image/png" || got.Header().Get("X-Content-Type-Options") != "nosniff" {
		t.Errorf("%v %s", got.Header(), got.Body)
	}
	w.get("990203", Path(d.No)+"/page/6", 200)
	w.get("990204", Path(d.No)+"/page/10", 404)
	if p.drawn[6] != 1 {
		t.Errorf("page 6 was drawn %d times", p.drawn[6])
	}
	if got := w.numbers("visitor", Filter{Words: "第7页"}); len(got) != 1 {
		t.Errorf("the text of page 7 finds %v", got)
	}
	w.must(w.s.Withdraw(w.by("990203"), ref, 2, "重写"))
	w.get("990204", Path(d.No)+"/page/6", 404)
	w.get("visitor", Path(d.No)+"/page/1", 404)
}

// L7 L10 L19: a photo is shown as one page, drawn anew and small, to whoever sees the document, also where nothing draws PDFs.
func TestAPhotoIsAPage(t *testing.T) {
	w := openWorld(t)
	var photo bytes.Buffer
	w.must(png.Encode(&photo, image.NewGray(image.Rect(0, 0, 1500, 1000))))
	ref, d := w.issued("990203", "渡口合影.png", photo.String(), Document{Visible: VisiblePublic})
	page := testkit.HTML(t, w.get("visitor", Path(d.No), 200).Body.String())
	img := page.One("#pages img")
	if img.Attr("alt") != "渡口合影，第1页" || img.Attr("width") != "1500" || img.Attr("height") != "1000" {
		t.Errorf("alt %q, %s by %s", img.Attr("alt"), img.Attr("width"), img.Attr("height"))
	}
	page.MustHave("#pages figcaption", "第1页，共1页")
	page.MustHave("#text", "这是一张图片，没有文字。")
	got := w.get("visitor", Path(d.No)+"/page/1", 200)
	if c, err := jpeg.DecodeConfig(got.Body); err != nil || c.Width != pageWidth || got.Header().Get("Content-Type") != "image/jpeg" || got.Header().Get("X-Content-Type-Options") != "nosniff" {
		t.Errorf("%+v %v %v", c, err, got.Header())
	}
	w.get("visitor", Path(d.No)+"/page/2", 404)
	if got := covers(t, w, "visitor", "/library"); len(got) != 1 {
		t.Errorf("covers %v", got)
	}
	w.get("visitor", Path(d.No)+"/cover", 200)
	w.must(w.s.Withdraw(w.by("990203"), ref, 2, "重写"))
	w.get("visitor", Path(d.No)+"/page/1", 404)
	w.get("visitor", Path(d.No)+"/cover", 404)
}

// Where nothing can read PDFs they are taken all the same, and their page says so; one that nobody could read is refused.
func TestPDFWithoutAReader(t *testing.T) {
	w := openWorld(t)
	w.s.SetPDF(paper{err: errs.New(errs.Unsupported, "pdf.unavailable"), drawn: map[int]int{}})
	_, d := w.issued("990203", "阵地建设.pdf", somePDF, Document{})
	page := testkit.HTML(t, w.get("990204", Path(d.No), 200).Body.String())
	page.MustHave("#text", "读不出文字")
	if page.Has("#pages") {
		t.Error("pages that cannot be drawn are shown")
	}
	w.s.SetPDF(paper{err: errs.New(errs.Unsupported, "pdf.locked")})
	if _, err := w.s.Take(w.by("990203"), "加密.pdf", strings.NewReader(somePDF)); !errs.Is(err, errs.Unsupported) {
		t.Errorf("locked, and %v", err)
	}
}

func (p paper) Lines(_ context.Context, file io.ReaderAt, size int64, page int) (Sheet, error) {
	if p.lines != nil {
		p.lines(page)
	}
	return Sheet{Width: 595, Height: 842, Lines: []SheetLine{{fmt.Sprintf("第%d页的一行<b>", page), 90, 100, 300, 16}}}, p.err
}

// printer makes a PDF of what it is given, as paper reads it.
type printer struct {
	err  error
	seen chan string
}

func (p printer) Converts(format string) bool { return format == "txt" }

func (p printer) PDF(_ context.Context, src io.Reader, format string) ([]byte, error) {
	b, err := io.ReadAll(src)
	if p.seen != nil {
		p.seen <- string(b)
	}
	return append([]byte(somePDF), b...), errors.Join(err, p.err)
}

// L7 L10 L18: where office documents can become PDFs, they have real pages with their lines over the pictures, as many as are shown
// everywhere; what cannot become one is shown by its text, and is not tried again and again.
func TestPagesOfAnOfficeDocument(t *testing.T) {
	w := openWorld(t)
	ref, d := w.draft("990203", "经验.txt", "四点钟学校怎么办。", Document{Visible: VisiblePublic})
	w.s.SetPDF(paper{drawn: map[int]int{}, lines: func(n int) {
		if n < pagesAtOnce && testkit.HTML(t, w.get("990203", Path(d.No), 200).Body.String()).Has("#pages figure") {
			t.Errorf("pages are shown before the text of page %d can be selected", n)
		}
	}})
	held := make(chan string)
	w.s.SetOffice(printer{seen: held})
	page := testkit.HTML(t, w.get("990203", Path(d.No), 200).Body.String())
	page.MustHave("#pages", "正在按原版式排页面")
	w.get("990203", Path(d.No)+"/page/1", 404)
	if got := <-held; got != "四点钟学校怎么办。" {
		t.Error(got)
	}
	w.s.Rendered()
	w.must(w.s.Issue(w.by("990203"), ref, 1, true))
	body := w.get("visitor", Path(d.No), 200).Body.String()
	page = testkit.HTML(t, body)
	if n := len(page.All("#pages figure")); n != 5 {
		t.Errorf("%d pages", n)
	}
	page.MustHave("#pages svg text", "第1页的一行<b>")
	if strings.Contains(body, "一行<b>") {
		t.Error("a line is written as it is")
	}
	for _, at := range []string{".meta", "#pages .btns"} {
		page.MustHave(at, "9页")
	}
	if list, _, _, _, err := w.s.List(w.by("990203"), Filter{Limit: 10}); err != nil || list[0].Pages != 9 {
		t.Error("the list says otherwise", list, err)
	}
	w.get("visitor", Path(d.No)+"/page/5", 200)
	w.get("visitor", Path(d.No)+"/page/6", 404)
	w.s.SetGuestPages(7)
	w.get("visitor", Path(d.No)+"/page/6", 200)
	files, err := Files(w.ctx, w.db)
	if err != nil || len(files) != 2 {
		t.Error("the PDF would be swept away", files, err)
	}
	// the pages of a new version are its own
	w.s.SetOffice(printer{err: errs.New(errs.Unsupported, "office.failed")})
	in, err := w.s.Take(w.by("990203"), "新.txt", strings.NewReader("换一份。"))
	w.must(err)
	w.must(w.s.Replace(w.by("990203"), ref, 2, in))
	w.get("990203", Path(d.No), 200) // whoever opens it first has its pages made
	w.s.Rendered()
	page = testkit.HTML(t, w.get("990203", Path(d.No), 200).Body.String())
	if page.Has("#pages") {
		t.Error("pages of what could not become a PDF, or of the old version")
	}
	page.MustHave("#text", "文字预览")
	tried := make(chan string, 1)
	w.s.SetOffice(printer{seen: tried})
	w.get("990203", Path(d.No), 200)
	w.s.Rendered()
	if len(tried) != 0 {
		t.Error("it is tried again and again")
	}
	tomorrow := clock.With(w.by("990203"), func() time.Time { return clock.Now(w.ctx).Add(25 * time.Hour) })
	if all, err := w.s.sheetsOf(tomorrow, ref.Root, Document{File: in.Kept}); err != nil || !all.Making {
		t.Errorf("the next day it is not tried anew: %+v %v", all, err)
	}
	w.s.Rendered()
	// another time, perhaps
	w.s.SetOffice(printer{err: errs.New(errs.Unsupported, "office.unavailable")})
	_, d = w.draft("990203", "又一份.txt", "又一份。", Document{})
	w.get("990203", Path(d.No), 200)
	w.s.Rendered()
	w.s.SetOffice(printer{})
	w.get("990203", Path(d.No), 200)
	w.s.Rendered()
	testkit.HTML(t, w.get("990203", Path(d.No), 200).Body.String()).MustHave("#pages figure", "第1页")
}
