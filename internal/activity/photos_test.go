package activity

import (
	"bytes"
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/web"
	"xinhuo/internal/seal"
)

// withPhoto enters an activity with one photo of children.
func (w *world) withPhoto(ctx context.Context, ref id.Ref, minors string) Photo {
	w.Helper()
	list, err := w.s.Keep(ctx, []Upload{{File: bytes.NewReader(picture(w.TB.(*testing.T), 10))}}, "课堂照片zkalt", minors)
	w.must(err)
	_, v := w.get(ref)
	w.must(w.s.AddPhotos(ctx, ref, v, list))
	return list[0]
}

// sees holds one reader to seeing a photo in every way in which it is handed out, or in none.
func (w *world) sees(who context.Context, what string, ref id.Ref, p Photo, want bool) {
	w.Helper()
	h, status := w.site(who), http.StatusNotFound
	if want {
		status = http.StatusOK
	}
	at := "/activity/" + ref.String()
	for _, hash := range []string{p.Full, p.Thumb} {
		w.fetch(h, at+"/photo/"+hash, status)
	}
	for path, mark := range map[string]string{at: "/photo/" + p.Thumb, "/api/v1/activities/" + ref.String(): p.Full} {
		if got := strings.Contains(w.fetch(h, path, http.StatusOK), mark); got != want {
			w.Errorf("%s: %s shows the photo: %v", what, path, got)
		}
	}
	for _, path := range []string{"/activity/export?format=csv", "/activity/export?format=xlsx", "/activity", "/api/v1/activities", at + "/known", at + "/done"} {
		if page := w.fetch(h, path, http.StatusOK); strings.Contains(page, p.Full) || strings.Contains(page, p.Thumb) {
			w.Errorf("%s: %s names the photo", what, path)
		}
	}
}

// R133: a photo on which minors can be recognised is shown beyond the hosts only while a consent stands. Taken back, it is gone at
// once for everybody, in every size and format, also where the same picture was used again; no undo, no second upload and no other
// answer brings it back, only a consent given since.
func TestPhotosOfMinors(t *testing.T) {
	w := open(t)
	own, above := w.as("990203013"), w.as("990203")
	ref := w.create(own, w.lecture("990203013"))
	p := w.withPhoto(own, ref, Some)
	w.sees(own, "without consent", ref, p, true)
	w.sees(above, "without consent", ref, p, false)
	form := url.Values{"_key": {web.NewKey()}, "_version": {"2"}, "hash": {p.Full}, "photo_minors": {Some}, "papers_at": {""}, "taken_by": {"周文琴"}, "given": {"2019-05-30"}}
	h, at := w.site(own), "/activity/"+ref.String()
	has(t, w.post(h, at+"/photo-consent", form, 422), "写明同意书放在哪里")
	w.post(w.site(above), at+"/photo-consent", form, http.StatusForbidden)
	form.Set("papers_at", "镇关工委办公室2号柜")
	w.post(h, at+"/photo-consent", form, 303)
	w.sees(above, "with consent", ref, p, true)
	has(t, w.fetch(h, at, 200), "同意书在镇关工委办公室2号柜，2019年5月30日，周文琴经手")

	b := w.lecture("990203013")
	b.Title, b.Day = "第二场", "2019-05-20"
	again := w.create(own, b)
	w.withPhoto(own, again, None) // the same picture, and somebody who says that nobody can be recognised
	w.sees(above, "elsewhere", again, p, true)
	w.post(w.site(above), at+"/photo-stop", url.Values{"_key": {web.NewKey()}, "_version": {"3"}, "hash": {p.Full}, "reason": {"x"}}, http.StatusForbidden)
	has(t, w.post(h, at+"/photo-stop", url.Values{"_key": {web.NewKey()}, "_version": {"3"}, "reason": {"母亲来电"}}, 422), "选照片")
	w.post(h, at+"/photo-stop", url.Values{"_key": {web.NewKey()}, "_version": {"3"}, "hash": {p.Full}, "reason": {"母亲5月31日来电"}}, 303)
	gone := func(what string) {
		t.Helper()
		for _, who := range []context.Context{own, above} {
			w.sees(who, what, ref, p, false)
			w.sees(who, what+" elsewhere", again, p, false)
		}
	}
	gone("taken back")
	page := w.fetch(h, at, 200)
	has(t, page, "监护人已撤回同意，这张照片停用")
	if strings.Contains(page, `alt="课堂照片zkalt"`) {
		t.Error("the placeholder describes the picture")
	}
	w.holds("taken back", p, false)
	w.must(w.s.Undo(own, ref, 3)) // what was stated, not the withdrawal
	gone("undone")
	_, v := w.get(ref)
	w.must(w.s.RemovePhoto(own, ref, v, p.Full))
	w.withPhoto(own, ref, None)
	gone("sent again")
	_, v = w.get(ref)
	hashes := []string{p.Full}
	w.says(w.s.StatePhotos(own, ref, v, hashes, Statement{Minors: None}), "photo_minors", "新的同意书")
	w.says(w.s.StatePhotos(own, ref, v, hashes, Statement{Minors: Some, Papers: Papers{Where: "2号柜", By: "周文琴", On: "2019-05-30"}}), "given", "撤回以前")
	w.must(w.s.StatePhotos(own, ref, v, hashes, Statement{Minors: Some, Papers: Papers{Where: "2号柜", By: "周文琴", On: today}}))
	w.sees(above, "a new consent", ref, p, true)
	w.holds("a new consent", p, true)
	w.sees(above, "a new consent elsewhere", again, p, false) // it was given for that one
	w.must(w.s.StopPhotos(own, ref, hashes, "又撤回"))
	gone("taken back again")
	w.holds("taken back again", p, false)
	for _, hash := range []string{p.Full, p.Thumb} { // as the clock does after some days
		w.must(w.s.blobs.Each(own, func(h string, put int64) error {
			if h != hash {
				return nil
			}
			_, err := w.s.blobs.Delete(own, h, put)
			return err
		}))
	}
	_, v = w.get(ref)
	w.says(w.s.StatePhotos(own, ref, v, hashes, Statement{Minors: Some, Papers: Papers{Where: "2号柜", By: "周文琴", On: today}}), "hash", "已经清除")
}

// holds tells whether the records of the database still need the file of a photo.
func (w *world) holds(what string, p Photo, want bool) {
	w.Helper()
	list, err := Files(context.Background(), w.s.db)
	w.must(err)
	for _, hash := range []string{p.Full, p.Thumb} {
		if slices.Contains(list, hash) != want {
			w.Errorf("%s: the file is needed: %v", what, !want)
		}
	}
}

// What was ticked before the question was asked is shown as it was, and can be taken back like the rest.
func TestPhotosFromBefore(t *testing.T) {
	w := open(t)
	own, above := w.as("990203013"), w.as("990203")
	ref := w.create(own, w.lecture("990203013"))
	p := w.withPhoto(own, ref, "")
	w.sees(above, "nobody has said", ref, p, false)
	a, v := w.get(ref)
	w.must(w.s.Save(own, ref, v, with(a, func(a *Activity) {
		a.Photos = []Photo{{Full: p.Full, Thumb: p.Thumb, Alt: p.Alt, W: p.W, H: p.H, Consent: true}}
	}), created))
	w.sees(above, "ticked", ref, p, true)
	w.must(w.s.StopPhotos(own, ref, []string{p.Full}, "父亲来电"))
	w.sees(own, "taken back", ref, p, false)
	w.sees(above, "taken back", ref, p, false)
}

// R133: photos of a camp may go by the consents on its sealed list: all of them, and not a moment longer.
func TestPhotosByTheList(t *testing.T) {
	w := open(t)
	own, above := w.as("990203013"), w.as("990203")
	unit := Host{Unit: w.units["990203013"].ID}
	ref := w.camp(own, 2, unit)
	p := w.withPhoto(own, ref, Some)
	byList := func() error {
		_, v := w.get(ref)
		return w.s.StatePhotos(own, ref, v, []string{p.Full}, Statement{Minors: Some, Papers: Papers{List: true}})
	}
	w.says(byList(), "by_list", "没有同意")
	first := child("陈小满")
	first.Photos = true
	w.must(w.s.AddMinor(own, ref, first))
	w.must(w.s.AddMinor(own, ref, child("林小禾")))
	w.says(byList(), "by_list", "没有同意")
	_, list, err := w.s.Minors(own, ref)
	w.must(err)
	h, at := w.site(own), "/activity/"+ref.String()
	for i, m := range list {
		if _, ok := consentTo(own, m, onPhotos); !ok {
			w.post(h, at+"/consent", url.Values{"_key": {web.NewKey()}, "_version": {"3"}, "minor": {list[i].Ref.String()}, "purpose": {onPhotos}, "given": {"2019-05-31"}, "form": {"paper"}}, 303)
		}
	}
	w.must(byList())
	w.sees(above, "all agree", ref, p, true)
	w.post(h, at+"/withdraw", url.Values{"_key": {web.NewKey()}, "_version": {"3"}, "minor": {""}, "purpose": {onPhotos}}, 422) // nobody is chosen by not choosing
	has(t, w.fetch(h, at+"/withdraw", 200), "（监护人")
	w.post(h, at+"/withdraw", url.Values{"_key": {web.NewKey()}, "_version": {"3"}, "minor": {list[0].Ref.String()}, "purpose": {onPhotos}}, 303)
	w.sees(above, "one took it back", ref, p, false)
	w.sees(own, "one took it back", ref, p, false)
	w.holds("one took it back", p, false)
	w.must(w.s.ConsentMinor(own, ref, list[0].Ref, onPhotos, today, "paper"))
	w.sees(above, "agreed anew", ref, p, true)
	w.holds("agreed anew", p, true)
	w.must(w.s.seal.Erase(own, minorsOf(ref, Activity{Hosts: []Host{unit}}), list[1].Ref, seal.ByGuardian, "家长要求"))
	w.sees(above, "one was erased for a guardian", ref, p, false)
	w.holds("one was erased for a guardian", p, false)
}
