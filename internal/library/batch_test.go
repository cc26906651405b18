package library

import (
	"archive/zip"
	"bytes"
	"context"
	"fmt"
	"net/url"
	"strings"
	"testing"

	"xinhuo/internal/kit/errs"
)

// zipped is a zip of files, by name in their order.
func zipped(t *testing.T, files ...string) []byte {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for i := 0; i < len(files); i += 2 {
		f, err := z.Create(files[i])
		if err == nil {
			_, err = f.Write([]byte(files[i+1]))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// A zip is taken in beside other work: what cannot be taken is named, a server that goes down in the middle is gone on for, and nothing
// is taken twice.
func TestAZipByPage(t *testing.T) {
	w := openWorld(t)
	unit := w.unit("990203001").ID
	at := "/library/bulk?unit=" + unit.String()
	form := func() url.Values {
		return url.Values{"category": {"research.lessons"}, "visible": {"members"}, "issue": {"1"}}
	}
	var files []string
	for i := range 12 {
		files = append(files, fmt.Sprintf("材料/%02d.txt", i), fmt.Sprintf("第%d份经验，讲四点钟学校。", i))
	}
	files = append(files, "病毒.docx", "MZ\x90\x00", "同.txt", "第3份经验，讲四点钟学校。", "隐私.txt", "学生张小红，就读柳溪中心小学，身份证110101200001011237", ".DS_Store", "x")
	body := string(zipped(t, files...))
	w.upload("990203001", at, form(), nil, 422)
	w.upload("990203001", at, url.Values{}, map[string]string{"材料.zip": body}, 422)
	w.upload("990204", at, form(), map[string]string{"材料.zip": body}, 404)
	to := w.upload("990203001", at, form(), map[string]string{"材料.zip": body}, 303).Header().Get("Location")
	w.get("990204", to, 404)
	if page := w.get("990203", to, 200).Body.String(); !strings.Contains(page, "正在收") {
		t.Error(page)
	}
	if hashes, err := Files(w.ctx, w.db); err != nil || len(hashes) != 1 {
		t.Error("the zip would be swept away", hashes, err)
	}
	// a server that goes down: after each part of the work it begins anew
	for i := 0; ; i++ {
		if i > 100 {
			t.Fatal("it does not end")
		}
		list, err := w.s.batchesOf(w.ctx, unit, 1)
		w.must(err)
		if list[0].State == batchDone {
			break
		}
		ctx, stop := context.WithCancel(w.ctx)
		begun := list[0].Next
		w.s.afterOne = func(b batch) {
			if b.Next >= begun+3 {
				stop()
			}
		}
		_ = w.s.WorkBatches(ctx)
		stop()
		if again, _ := w.s.batchesOf(w.ctx, unit, 1); again[0].State == batchOpen {
			was := again[0].Next
			w.must(w.s.WorkBatches(w.ctx)) // it is held by the one that went down
			if now, _ := w.s.batchesOf(w.ctx, unit, 1); now[0].Next != was {
				t.Fatal("two work on it at once")
			}
		}
		*w.now = w.now.Add(2 * leaseFor * 1e6)
	}
	w.s.afterOne = nil
	list, err := w.s.batchesOf(w.ctx, unit, 1)
	w.must(err)
	if b := list[0]; b.Entries != 15 || b.Next != 15 || b.Taken != 13 || b.There != 1 {
		t.Errorf("%+v", b)
	}
	page := w.get("990203001", to, 200).Body.String()
	for _, want := range []string{"收完了", "病毒.docx", "15份，共15份"} {
		if !strings.Contains(page, want) {
			t.Errorf("%s is not said", want)
		}
	}
	if got := w.numbers("990204", Filter{}); len(got) != 12 {
		t.Errorf("%d are issued, and what holds personal data is not", len(got))
	}
	d, _, _, _, err := w.s.List(w.by("990203001"), Filter{State: Draft, Limit: 10})
	if err != nil || len(d) != 1 {
		t.Error(d, err)
	}
	_, doc, _, err := w.s.Number(w.by("990203001"), d[0].No)
	if err != nil || doc.By != w.as["990203001"].Account || doc.ByName != "林素云" {
		t.Error("whose they are", doc.By, doc.ByName, err)
	}
}

// What is no zip, holds too many files or too much, is said in words and taken for no documents.
func TestAZipThatIsNone(t *testing.T) {
	w := openWorld(t)
	unit := w.unit("990203001").ID
	ctx := w.by("990203001")
	send := func(name string, body []byte) Upload {
		u, err := w.s.Part(ctx, "0123456789abcdef", name, int64(len(body)), 0, true, bytes.NewReader(body))
		w.must(err)
		return u
	}
	u := send("没有.zip", []byte("这不是压缩包，只是几个字"))
	ref, err := w.s.TakeZip(ctx, unit, u.ID, Document{Category: "other", Visible: VisibleUnit}, false)
	w.must(err)
	w.must(w.s.WorkBatches(w.ctx))
	if page := w.get("990203001", batchPath(ref), 200).Body.String(); !strings.Contains(page, "这个文件打不开") || !strings.Contains(page, "收完了") {
		t.Error(page)
	}
	_, err = w.s.TakeZip(ctx, unit, u.ID, Document{Category: "other", Visible: VisibleUnit}, false)
	w.kind(err, errs.Invalid) // it was taken
	text, err := w.s.Part(ctx, "00000000", "a.txt", 3, 0, false, strings.NewReader("甲"))
	w.must(err)
	_, err = w.s.TakeZip(ctx, unit, text.ID, Document{Category: "other", Visible: VisibleUnit}, false)
	w.kind(err, errs.Invalid)
	_, err = w.s.TakeZip(w.by("990204"), unit, text.ID, Document{Category: "other", Visible: VisibleUnit}, false)
	if err == nil {
		t.Error("another unit's")
	}
}
