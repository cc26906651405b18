package base_test

import (
	"bytes"
	"context"
	"image"
	"image/jpeg"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"xinhuo/internal/kit/testkit"
)

// attach sends the form of a photo, as a browser does: the file stands before the words.
func (w *world) attach(ctx context.Context, address, name string, data []byte, form map[string]string) (*httptest.ResponseRecorder, error) {
	w.t.Helper()
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	p, err := m.CreateFormFile("photo", name)
	must(w.t, err)
	_, err = p.Write(data)
	must(w.t, err)
	for k, v := range form {
		must(w.t, m.WriteField(k, v))
	}
	must(w.t, m.Close())
	var failed error
	mux := http.NewServeMux()
	for _, rt := range w.s.Routes() {
		mux.HandleFunc(rt.Method+" "+rt.Path, func(rw http.ResponseWriter, r *http.Request) { failed = rt.Handler(rw, r) })
	}
	r := httptest.NewRequest("POST", address, &b).WithContext(ctx)
	r.Header.Set("Content-Type", m.FormDataContentType())
	rw := httptest.NewRecorder()
	mux.ServeHTTP(rw, r)
	return rw, failed
}

// R27: a photo of 40 MB, or a file that is none, ended on an error page, and the words were gone. Now it is named, with why and
// what to do, and the words stay; a good one is kept without the place where it was taken.
func TestPhotoOfABaseLosesNothing(t *testing.T) {
	w := open(t)
	ref := w.create(w.base("990203013", "国防"))
	ctx, at := w.as("990203013"), "/base/"+ref.String()+"/photo"
	var b bytes.Buffer
	must(t, jpeg.Encode(&b, image.NewRGBA(image.Rect(0, 0, 1700, 300)), nil))
	good := b.Bytes()
	secret := "Exif\x00\x00CANARY-GPS 30.2741N 120.1551E"
	located := append([]byte{0xff, 0xd8, 0xff, 0xe1, 0, byte(len(secret) + 2)}, append([]byte(secret), good[2:]...)...)
	words := map[string]string{"_key": "k1", "_version": "1", "alt": "展厅正门"}
	for name, x := range map[string]struct {
		data []byte
		says string
	}{
		"大照片.jpg": {append(bytes.Clone(good), make([]byte, 40<<20)...), "大照片.jpg：文件超过25MB"},
		"苹果.heic": {[]byte("\x00\x00\x00\x18ftypheic\x00\x00\x00\x00"), "苹果.heic：这是苹果手机的HEIC照片"},
		"图.svg":   {[]byte("<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"), "图.svg"},
		"一半.jpg":  {good[:900], "一半.jpg：照片已损坏"},
		"空.jpg":   {nil, "空.jpg"},
	} {
		rw, err := w.attach(ctx, at, name, x.data, words)
		must(t, err)
		page := testkit.HTML(t, rw.Body.String())
		if rw.Code != http.StatusUnprocessableEntity || !strings.Contains(page.Text(".errsum"), x.says) || page.One("input[name=alt]").Attr("value") != "展厅正门" {
			t.Errorf("%s: %d, %q, words %q", name, rw.Code, page.Text(".errsum"), page.One("input[name=alt]").Attr("value"))
		}
	}
	rw, err := w.attach(ctx, at, "门.jpg", good, map[string]string{"_key": "k1", "_version": "1", "alt": ""})
	must(t, err)
	testkit.HTML(t, rw.Body.String()).MustHave(".errsum", "门.jpg要再选一次")
	if _, err = w.attach(ctx, at, "极大.jpg", make([]byte, 102<<20), words); err == nil || !strings.Contains(err.Error(), "photo_huge") {
		t.Errorf("102 MB: %v", err)
	}
	if kept, v := w.get(ref); len(kept.Photos) != 0 || v.N != 1 {
		t.Errorf("what was refused is kept: version %d, %+v", v.N, kept.Photos)
	}
	for range 2 { // the same key: once
		rw, err = w.attach(ctx, at, "门.jpg", located, words)
		must(t, err)
		if rw.Code != http.StatusSeeOther {
			t.Errorf("a good photo with a place: %d", rw.Code)
		}
	}
	kept, _ := w.get(ref)
	if len(kept.Photos) != 1 || kept.Photos[0].Alt != "展厅正门" {
		t.Fatalf("%+v", kept.Photos)
	}
	for _, hash := range []string{kept.Photos[0].Full, kept.Photos[0].Thumb} {
		f, err := w.s.Photo(ctx, ref, hash)
		must(t, err)
		data, err := io.ReadAll(f)
		must(t, err)
		f.Close()
		if bytes.Contains(data, []byte("CANARY")) || bytes.Contains(data, []byte("Exif")) {
			t.Error("the place where it was taken is kept")
		}
	}
}
