package portal

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"math/rand/v2"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/web"
)

// noise is a picture of a camera that no encoder makes small, with the place where it was taken in its head.
func noise(t testing.TB, seed uint64, w, h int) []byte {
	t.Helper()
	rng := rand.New(rand.NewPCG(seed, 4))
	m := image.NewRGBA(image.Rect(0, 0, w, h))
	for i := range m.Pix {
		m.Pix[i] = byte(rng.Uint32())
	}
	m.Set(0, 0, color.Black)
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, &jpeg.Options{Quality: 95}); err != nil {
		t.Fatal(err)
	}
	place := "Exif\x00\x00GPS 云州 28.1N"
	head := append([]byte{0xFF, 0xD8, 0xFF, 0xE1, 0, byte(len(place) + 2)}, place...)
	return append(head, b.Bytes()[2:]...)
}

// R164: news have pictures that are small, say what they show, keep their place on the page and say nothing of where they were taken.
func TestPicturesOfNews(t *testing.T) {
	w := openWorld(t)
	w.open("9902", "yunzhou")
	w.open("9907", "ximen")
	u := w.unit("9902").ID.String()
	form := url.Values{"_key": {web.NewKey()}, "title": {"送书"}, "text": {"正文"}, "day": {string(today)}, "alt": {`三位老人<b>"在讲课`}}
	rec := w.upload("9902", "/portal/new?unit="+u, form, "picture", noise(t, 1, 1200, 900))
	if rec.Code != http.StatusSeeOther {
		t.Fatalf("%d %s", rec.Code, rec.Body)
	}
	ref, err := id.ParseRef(strings.TrimPrefix(rec.Header().Get("Location"), "/portal/news/"))
	w.must(err)
	more := url.Values{"_key": {web.NewKey()}, "_version": {"1"}, "alt": {"书"}}
	if rec := w.upload("9902", "/portal/news/"+ref.String()+"/picture", more, "picture", noise(t, 2, 300, 400)); rec.Code != http.StatusSeeOther {
		t.Fatalf("%d %s", rec.Code, rec.Body)
	}
	_, page := w.get("/s/yunzhou/news/" + ref.String())
	tags := regexp.MustCompile(`<img src="([^"]+)" alt="([^"]+)" width="(\d+)" height="(\d+)" loading="lazy">`).FindAllStringSubmatch(page, -1)
	if len(tags) != 2 || tags[0][2] != "三位老人&lt;b&gt;&#34;在讲课" || tags[1][3] != "300" {
		t.Fatalf("%q in %s", tags, page)
	}
	for _, tag := range tags {
		rec := w.send("", "", "GET", tag[1], nil)
		c, err := jpeg.DecodeConfig(bytes.NewReader(rec.Body.Bytes()))
		if rec.Code != 200 || err != nil || rec.Body.Len() > pictureBytes || c.Width > pictureEdge || digits(int64(c.Width)) != tag[3] || digits(int64(c.Height)) != tag[4] || bytes.Contains(rec.Body.Bytes(), []byte("GPS")) || rec.Header().Get("Content-Type") != "image/jpeg" ||
			rec.Header().Get("X-Content-Type-Options") != "nosniff" || rec.Header().Get("Cache-Control") != "public, max-age=60" {
			t.Errorf("%s: %d, %d bytes, %v %v", tag[1], rec.Code, rec.Body.Len(), err, rec.Header())
		}
		if again := w.send("", "", "GET", tag[1], nil, "If-None-Match", rec.Header().Get("ETag")); again.Code != http.StatusNotModified {
			t.Errorf("known again: %d", again.Code)
		}
		for _, other := range []string{strings.Replace(tag[1], "yunzhou", "ximen", 1), "/s/yunzhou/news/9902-0000000000/" + tag[1][strings.LastIndex(tag[1], "/")+1:], tag[1][:len(tag[1])-1] + "g", tag[1] + "/x"} {
			if rec := w.send("", "", "GET", other, nil); rec.Code != 404 {
				t.Errorf("%s: %d", other, rec.Code)
			}
		}
		office := "/portal/news/" + ref.String() + "/picture/" + tag[1][strings.LastIndex(tag[1], "/")+1:]
		for code, want := range map[string]int{"9902": 200, "99": 200, "9907": 404, "990203": 404, "": 401} {
			if rec := w.send(code, "", "GET", office, nil); rec.Code != want {
				t.Errorf("%q opens the office's: %d, want %d", code, rec.Code, want)
			}
		}
	}
	if list, err := Files(w.ctx, w.db); err != nil || len(list) != 2 {
		t.Errorf("a backup would hold %v, %v", list, err)
	}
	// what is not shown has no pictures, and neither has a site without news
	gone := func(why string) {
		t.Helper()
		absent := w.send("", "", "GET", "/s/yunzhou/news/"+id.Ref{Root: ref.Root, ID: ref.ID + 1}.String()+"/x", nil)
		for _, tag := range tags {
			if rec := w.send("", "", "GET", tag[1], nil); rec.Code != 404 || rec.Body.String() != absent.Body.String() {
				t.Errorf("%s, and its picture is there: %d", why, rec.Code)
			}
		}
	}
	w.must(w.s.TakeDown(w.by("9902"), ref, 2, "写错了"))
	gone("taken down")
	w.must(w.s.PublishNews(w.by("9902"), ref, 3))
	if rec := w.send("", "", "GET", tags[0][1], nil); rec.Code != 200 {
		t.Errorf("back again, without its picture: %d", rec.Code)
	}
	x, err := w.s.Site(w.by("9902"), w.unit("9902"))
	w.must(err)
	all := x.Columns
	x.Columns = []string{About}
	w.must(w.s.SetSite(w.by("9902"), x.Unit, x))
	gone("without news")
	x, err = w.s.Site(w.by("9902"), w.unit("9902"))
	w.must(err)
	x.Columns = all
	w.must(w.s.SetSite(w.by("9902"), x.Unit, x))
	w.must(w.s.SetOn(w.by("9902"), w.unit("9902"), false))
	gone("switched off")
	w.must(w.s.SetOn(w.by("9902"), w.unit("9902"), true))
	// words change, pictures stay; one is taken out
	w.must(w.s.SaveNews(w.by("9902"), ref, 4, News{Day: today, Title: "改过", Text: "正文"}))
	hash := tags[0][1][strings.LastIndex(tags[0][1], "/")+1:]
	w.refused(w.s.RemovePicture(w.by("9902"), ref, 5, "nothing"), "hash")
	w.kind(w.s.RemovePicture(w.by("9907"), ref, 5, hash), errs.NotFound)
	w.kind(w.s.RemovePicture(w.by("99"), ref, 5, hash), errs.Forbidden)
	w.must(w.s.RemovePicture(w.by("9902"), ref, 5, hash))
	if _, page := w.get("/s/yunzhou/news/" + ref.String()); strings.Count(page, "<img") != 1 || strings.Contains(page, hash) {
		t.Error("taken out, and still there")
	}
	if rec := w.send("", "", "GET", tags[0][1], nil); rec.Code != 404 {
		t.Errorf("taken out, and served: %d", rec.Code)
	}
	if rec := w.send("9902", "", "GET", "/portal/news/"+ref.String()+"/picture/"+hash, nil); rec.Code != 404 {
		t.Errorf("taken out, and the office's page of it serves any file: %d", rec.Code)
	}
	draft := w.news("9902", News{Title: "草稿", Text: "正文", Pictures: []Picture{{Hash: hash, Alt: "x", W: 1, H: 1}}})
	if rec := w.send("", "", "GET", "/s/yunzhou/news/"+draft.String()+"/"+hash, nil); rec.Code != 404 {
		t.Errorf("a draft's picture is served: %d", rec.Code)
	}
}

// A file that is no picture is told of in plain words, and what was written stays.
func TestHostilePictures(t *testing.T) {
	w := openWorld(t)
	w.open("9902", "yunzhou")
	path := "/portal/new?unit=" + w.unit("9902").ID.String()
	bomb := []byte("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\xff\xff\x00\x00\xff\xff\x08\x02\x00\x00\x00")
	for name, data := range map[string][]byte{"a web page": []byte("<script>alert(1)</script>"), "a drawing with a script": []byte(`<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>`), "nothing": {}, "a head alone": []byte("\xff\xd8\xff\xe0"),
		"a bomb": bomb, "a program": []byte("MZ\x90\x00"), "cut off": noise(t, 3, 200, 200)[:2000]} {
		form := url.Values{"_key": {web.NewKey()}, "title": {"题目甲"}, "text": {"写了很久"}, "day": {string(today)}, "alt": {"图"}}
		rec := w.upload("9902", path, form, "picture", data)
		body := rec.Body.String()
		if rec.Code != 422 || !strings.Contains(body, "写了很久") || !strings.Contains(body, "题目甲") || strings.Contains(body, "file.photo") || strings.Contains(body, "file.kind") || strings.Contains(body, "alert(1)") {
			t.Errorf("%s: %d %.1500s", name, rec.Code, body)
		}
	}
	good := noise(t, 4, 60, 60)
	for what, c := range map[string]struct {
		form url.Values
		data []byte
		say  []string
	}{
		"no words for it":       {url.Values{"title": {"甲"}, "text": {"写了很久"}}, good, []string{"写照片上是什么", "把照片再选一次"}},
		"words without it":      {url.Values{"title": {"甲"}, "text": {"写了很久"}, "alt": {"图"}}, nil, []string{"选一张照片"}},
		"a bad file, no title":  {url.Values{"text": {"写了很久"}, "alt": {"图"}}, bomb, []string{"写标题", "照片已损坏"}},
		"a good file, no title": {url.Values{"text": {"写了很久"}, "alt": {"图"}}, good, []string{"写标题", "把照片再选一次"}},
		"a day that is none":    {url.Values{"text": {"写了很久"}, "title": {"甲"}, "alt": {"图"}, "day": {"2019-02-31"}}, good, []string{"把照片再选一次"}},
	} {
		c.form.Set("_key", web.NewKey())
		if !c.form.Has("day") {
			c.form.Set("day", string(today))
		}
		rec := w.upload("9902", path, c.form, "picture", c.data)
		for _, say := range append(c.say, "写了很久") {
			if rec.Code != 422 || !strings.Contains(rec.Body.String(), say) {
				t.Errorf("%s: %d without %s", what, rec.Code, say)
			}
		}
	}
	if list, err := w.s.News(w.by("9902"), w.unit("9902"), 0); err != nil || len(list) != 0 {
		t.Errorf("%d kept, %v", len(list), err)
	}
	ref := w.news("9902", News{Title: "甲", Text: "乙", State: Published})
	act := "/portal/news/" + ref.String() + "/picture"
	if rec := w.upload("9902", act, url.Values{"_key": {web.NewKey()}, "_version": {"1"}}, "picture", nil); rec.Code != 422 || !strings.Contains(rec.Body.String(), "选一张照片") {
		t.Errorf("no file: %d", rec.Code)
	}
	for n := range maxPics {
		if rec := w.upload("9902", act, url.Values{"_key": {web.NewKey()}, "_version": {digits(int64(n + 1))}, "alt": {"图"}}, "picture", noise(t, uint64(10+n), 40, 40)); rec.Code != http.StatusSeeOther {
			t.Fatalf("%d: %d", n, rec.Code)
		}
	}
	last := url.Values{"_key": {web.NewKey()}, "_version": {digits(maxPics + 1)}, "alt": {"图"}}
	if rec := w.upload("9902", act, last, "picture", noise(t, 99, 40, 40)); rec.Code != 422 || !strings.Contains(rec.Body.String(), "先去掉一张") {
		t.Errorf("one too many: %d", rec.Code)
	}
	for _, code := range []string{"9907", ""} {
		if rec := w.upload(code, act, last, "picture", good); rec.Code != 404 && rec.Code != 401 {
			t.Errorf("%q adds one: %d", code, rec.Code)
		}
	}
	w.kind(w.s.AddPicture(w.by("99"), ref, maxPics+1, Picture{Hash: "x", Alt: "x"}), errs.Forbidden)
	same := w.news("9902", News{Title: "甲", Text: "乙", Pictures: []Picture{{Hash: "x", Alt: "x"}}})
	w.refused(w.s.AddPicture(w.by("9902"), same, 1, Picture{Hash: "x", Alt: "y"}), "picture")
}
