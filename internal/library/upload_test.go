package library

import (
	"context"
	"errors"
	"io"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"xinhuo/internal/kit/errs"
)

// cutOff is a line that breaks.
type cutOff struct{ io.Reader }

func (c cutOff) Read(b []byte) (int, error) {
	n, err := c.Reader.Read(b)
	if err == io.EOF {
		err = errors.New("the line broke")
	}
	return n, err
}

// A file that comes in parts: a line that breaks costs the part that was under way, whatever is sent twice or out of turn changes nothing,
// and what came is the file.
func TestAFileInParts(t *testing.T) {
	w := openWorld(t)
	text := strings.Repeat("四点钟学校的经验做法，供各地参考。", 60_000) // nearly three parts
	ctx, size := w.by("990203001"), int64(len(text))
	key := "0123456789abcdef"
	send := func(ctx context.Context, at int64, r io.Reader) (Upload, error) {
		return w.s.Part(ctx, key, "经验.txt", size, at, false, r)
	}
	rest := func(at int64) io.Reader { return strings.NewReader(text[min(at, size):]) }
	u, err := send(ctx, size, strings.NewReader(""))
	if err != nil || u.Got != 0 || u.Ready {
		t.Fatal(u, err)
	}
	if _, err := send(ctx, 0, cutOff{strings.NewReader(text[:1000])}); err == nil {
		t.Fatal("a part of which the end is missing was taken")
	}
	for _, at := range []int64{1, maxPart, size - 1} { // out of turn
		if u, err := send(ctx, at, rest(at)); err != nil || u.Got != 0 {
			t.Fatal(at, u, err)
		}
	}
	for steps := 0; !u.Ready; steps++ {
		if steps > 5 {
			t.Fatal("it does not end", u)
		}
		was := u.Got
		if u, err = send(ctx, u.Got, rest(u.Got)); err != nil || u.Got <= was {
			t.Fatal(u, err)
		}
		if again, err := send(ctx, was, rest(was)); err != nil || again.Got != u.Got { // the answer was lost
			t.Fatal(again, err)
		}
	}
	if _, err := w.s.Sent(w.by("990203002"), u.ID); !errs.Is(err, errs.NotFound) {
		t.Error("another account takes it", err)
	}
	if other, err := send(w.by("990203002"), size, rest(size)); err != nil || other.Got != 0 || other.ID == u.ID {
		t.Error("another account goes on with it", other, err)
	}
	in, err := w.s.Sent(ctx, u.ID)
	w.must(err)
	whole, err := w.s.Take(ctx, "经验.txt", strings.NewReader(text))
	w.must(err)
	if in.Hash != whole.Hash || in.Size != size || in.Name != "经验.txt" {
		t.Error(in.Kept, whole.Kept)
	}
	unit := w.unit("990203001").ID
	form := url.Values{"sent": {u.ID}, "category": {"research.lessons"}, "visible": {"members"}}
	to := w.upload("990203001", newPath(unit), form, nil, 303).Header().Get("Location")
	if !strings.HasPrefix(to, "/d/") {
		t.Error(to)
	}
	w.upload("990203001", newPath(unit), form, nil, 422) // it is a document now
	if u, err := send(ctx, size, rest(size)); err != nil || u.Got != 0 {
		t.Error("what became a document is still there", u, err)
	}
}

// What is wrong with a file that came in parts is said in words, as by the form; impossible sizes and keys are refused, and nobody fills
// the disk.
func TestPartsThatAreNoFile(t *testing.T) {
	w := openWorld(t)
	ctx := w.by("990203001")
	u, err := w.s.Part(ctx, "00000000", "照片.docx", 4, 0, false, strings.NewReader("MZ\x90\x00"))
	if err != nil || u.Ready || u.Problem == "" {
		t.Error(u, err)
	}
	for _, x := range []struct {
		key      string
		size, at int64
		kind     errs.Kind
	}{{"0", 4, 0, errs.Invalid}, {"zzzzzzzz", 4, 0, errs.Invalid}, {"00000001", 0, 0, errs.Invalid}, {"00000001", 4, -1, errs.Invalid}, {"00000001", 4, 5, errs.Invalid}, {"00000001", MaxFile + 1, 0, errs.TooLarge}} {
		_, err := w.s.Part(ctx, x.key, "x.txt", x.size, x.at, false, strings.NewReader("abcd"))
		w.kind(err, x.kind)
	}
	w.must(w.db.Tx(ctx, func(ctx context.Context) error {
		return w.s.insertUpload(ctx, upload{ID: "x", Account: w.as["990203001"].Account, Size: 1, Got: mostPending + 1, At: w.now.UnixMilli()})
	}))
	_, err = w.s.Part(ctx, "00000002", "x.txt", 4, 0, false, strings.NewReader("abcd"))
	w.kind(err, errs.Throttled)
	r := httptest.NewRequest("POST", "/library/part?key=00000003&name=a.txt&size=4&at=0", strings.NewReader("甲"))
	if got := w.do("990204", r, 200).Body.String(); !strings.Contains(got, `"got":3`) {
		t.Error(got)
	}
	w.on(today.AddDays(uploadDays + 1))
	w.must(w.s.Tidy(w.ctx))
	if list, err := w.s.oldUploads(ctx, w.now.UnixMilli()); err != nil || len(list) > 0 {
		t.Error(list, err)
	}
}
