package library

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/encoding/simplifiedchinese"

	"xinhuo/internal/kit/scope"
)

// A zip of many files, with names as Windows writes them, with what cannot be taken and what must not get out, is taken in; cut off in
// the middle and begun again, each is there once.
func TestManyAtOnceAndAgain(t *testing.T) {
	w := openWorld(t)
	gbk, err := simplifiedchinese.GB18030.NewEncoder().String("二〇一九年/工作总结.txt")
	w.must(err)
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	add := func(h *zip.FileHeader, text string) {
		f, err := z.CreateHeader(h)
		w.must(err)
		_, err = io.WriteString(f, text)
		w.must(err)
	}
	for i := range 20 {
		add(&zip.FileHeader{Name: fmt.Sprintf("材料/经验%02d.txt", i)}, fmt.Sprintf("第%d个村的经验做法，一条一条写在这里。", i))
	}
	add(&zip.FileHeader{Name: gbk, NonUTF8: true}, "二〇一九年的工作总结。")
	add(&zip.FileHeader{Name: "../../出去.txt"}, "名字想到外面去的一份文件。")
	add(&zip.FileHeader{Name: "名单.txt"}, "学生张小明，就读于实验小学三年级，家长电话13812345678。")
	add(&zip.FileHeader{Name: "程序.docx"}, "MZ\x90\x00\x03\x00\x00\x00")
	add(&zip.FileHeader{Name: "空.txt"}, "")
	add(&zip.FileHeader{Name: "__MACOSX/._经验.txt"}, "x")
	add(&zip.FileHeader{Name: ".DS_Store"}, "x")
	w.must(z.Close())
	path := filepath.Join(t.TempDir(), "材料.zip")
	w.must(os.WriteFile(path, b.Bytes(), 0o600))
	list, end, err := BulkFiles(path)
	w.must(err)
	defer end()
	if len(list) != 25 {
		t.Fatalf("%d files", len(list))
	}
	as := Document{Category: "research.lessons", Visible: VisibleMembers}
	ctx, cancel := context.WithCancel(w.by("990203"))
	part, err := w.s.TakeAll(ctx, w.unit("990203").ID, list, as, true, func(n int) {
		if n == 9 {
			cancel()
		}
	})
	if !errors.Is(err, context.Canceled) || part.Taken+part.There+len(part.Refused) != 9 {
		t.Fatalf("%+v %v", part, err)
	}
	whole, err := w.s.TakeAll(w.by("990203"), w.unit("990203").ID, list, as, true, nil)
	if err != nil || whole.There != part.Taken || part.Taken+whole.Taken != 23 || len(whole.Refused) != 2 {
		t.Fatalf("%+v, then %+v %v", part, whole, err)
	}
	if again, err := w.s.TakeAll(w.by("990203"), w.unit("990203").ID, list, as, true, nil); err != nil || again.Taken != 0 || again.There != 23 {
		t.Errorf("%+v %v", again, err)
	}
	if got := w.numbers("990204", Filter{Words: "经验做法"}); len(got) != 20 {
		t.Errorf("%d are found", len(got))
	}
	if got := w.numbers("990203", Filter{State: Draft}); len(got) != 1 {
		t.Errorf("%d drafts: what names a child waits for somebody to look at it", len(got))
	}
	if got := w.numbers("990204", Filter{Words: "工作总结"}); len(got) != 1 {
		t.Errorf("the name in GB18030 finds %v", got)
	}
	var out bytes.Buffer
	n, err := w.s.ExportAll(w.by("990204"), &out, Filter{}, nil)
	w.must(err)
	r, err := zip.NewReader(bytes.NewReader(out.Bytes()), int64(out.Len()))
	w.must(err)
	var names []string
	for _, f := range r.File {
		names = append(names, f.Name)
	}
	if n != 22 || len(names) != 23 || !slices.ContainsFunc(names, func(x string) bool { return strings.HasSuffix(x, " 经验07.txt") }) || slices.ContainsFunc(names, func(x string) bool { return strings.Contains(x, "/") }) {
		t.Errorf("%d written: %q", n, names)
	}
	index, err := r.Open("index.csv")
	w.must(err)
	defer index.Close()
	if rows, err := csv.NewReader(index).ReadAll(); err != nil || len(rows) != 23 || slices.ContainsFunc(rows, func(row []string) bool { return row[4] == "0" }) {
		t.Errorf("%v %v: a year that nobody knows is none", err, rows)
	}
	lessons := as
	lessons.Category = "teach.lesson"
	if got, err := w.s.TakeAll(w.by("990203002"), w.unit("990203002").ID, list[1:3], lessons, true, nil); err != nil || got.Taken != 2 {
		t.Errorf("lesson plans wait for their approval: %+v %v", got, err)
	}
	if got := w.numbers("990203002", Filter{Unit: w.unit("990203002").ID, State: Draft}); len(got) != 2 {
		t.Errorf("%d drafts of lesson plans", len(got))
	}
	if _, err := w.s.TakeAll(scope.With(w.ctx, w.as["990204"]), w.unit("990203").ID, list[:1], as, false, nil); err == nil {
		t.Error("taken in for a unit of others")
	}
}
