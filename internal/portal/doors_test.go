package portal

import (
	"net/url"
	"regexp"
	"slices"
	"testing"

	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/web"
)

// Whoever stands above sees how a site is and is led to no form; a unit's page speaks of its site to those who may know of it.
func TestWhoLooksIsLedNowhereTheyMayNotGo(t *testing.T) {
	w := openWorld(t)
	u := w.unit("9902")
	panel := func(code string) bool {
		t.Helper()
		c, err := w.s.panel().Render(w.by(code), u, today)
		w.must(err)
		return c != nil
	}
	for code, want := range map[string]bool{"9902": true, "99": false, "9907": false} {
		if got := panel(code); got != want {
			t.Errorf("without a site %s has a box: %t", code, got)
		}
	}
	w.open("9902", "yunzhou")
	for code, want := range map[string]bool{"9902": true, "99": true, "9907": false} {
		if got := panel(code); got != want {
			t.Errorf("with a site %s has a box: %t", code, got)
		}
	}
	ref := w.news("9902", News{Title: "一", Text: "看 /s/nowhere", State: Published})
	form := regexp.MustCompile(`href="/portal/(new|settings|figures|activities|preview)\?|href="/portal/news/[\w-]+/(edit|down|picture)"`)
	for _, path := range []string{"/portal?unit=" + u.ID.String(), "/portal/check?unit=" + u.ID.String(), "/portal/news/" + ref.String()} {
		for code, want := range map[string]bool{"9902": true, "99": false} {
			rec := w.send(code, "", "GET", path, nil)
			if got := form.MatchString(rec.Body.String()); rec.Code != 200 || got != want {
				t.Errorf("%s leads %s to a form: %t (%d)", path, code, got, rec.Code)
			}
		}
	}
}

// A column that a site does not show is not there, in whatever way it is asked for, and neither is one that no site has, or a place that is no more.
func TestWhatASiteDoesNotShowIsNotThere(t *testing.T) {
	w := openWorld(t)
	x := w.open("9902", "yunzhou")
	gone := w.unit("990203")
	bases := "/s/yunzhou/bases?place=" + gone.ID.String()
	if code, _ := w.get(bases); code != 200 {
		t.Fatalf("a county's bases: %d", code)
	}
	w.must(w.org.Merge(w.ctx, []id.ID{gone.ID}, w.unit("990204").ID, today, "云关委〔2019〕2号"))
	if code, _ := w.get(bases); code != 404 {
		t.Errorf("a county that is no more: %d", code)
	}
	x.Columns = []string{About}
	w.must(w.s.SetSite(w.by("9902"), x.Unit, x))
	for _, c := range append([]string{"nowhere", "settings"}, Columns...) {
		want := 404
		if c == About || c == Help {
			want = 200
		}
		if code, _ := w.get("/s/yunzhou/" + c); code != want {
			t.Errorf("%s: %d, want %d", c, code, want)
		}
		if rec := w.send("9902", "", "GET", "/portal/preview?unit="+x.Unit.String()+"&column="+c, nil); rec.Code != want {
			t.Errorf("preview of %s: %d, want %d", c, rec.Code, want)
		}
	}
	form := url.Values{"_key": {web.NewKey()}, "name": {"贺老师"}, "phone": {"0500-5552377"}, "can": {"会讲数学故事"}}
	if rec := w.send("", "", "POST", "/s/yunzhou/volunteer", form); rec.Code != 404 {
		t.Errorf("a letter is taken where nobody asks for one: %d", rec.Code)
	}
	if list, err := w.s.Wishes(w.by("9902"), w.unit("9902")); err != nil || len(list) != 0 {
		t.Errorf("%d letters, %v", len(list), err)
	}
}

// Lists of the office are those of its own subtree, for who may see it: sites below, news with drafts, letters, what could be published.
func TestListsAreOfOnesOwn(t *testing.T) {
	w := openWorld(t)
	w.open("9902", "yunzhou")
	w.open("990203", "nanjiang")
	w.open("9907", "ximen")
	u := w.unit("9902")
	w.news("9902", News{Title: "草稿", Text: "正文"})
	x, err := w.s.Site(w.by("9902"), u)
	w.must(err)
	w.must(w.s.Wish(w.by(""), x, id.Ref{}, Words{Name: "x", Phone: "0500-5552377", Can: "x"}, "192.0.2.1"))
	below, err := w.s.Below(w.by("9902"), u)
	w.must(err)
	open, err := w.s.Open(w.ctx, u.Range(), 10)
	w.must(err)
	for _, list := range [][]Site{below, open} {
		var slugs []string
		for _, s := range list {
			slugs = append(slugs, s.Slug)
		}
		if !slices.Equal(slugs, []string{"yunzhou", "nanjiang"}) {
			t.Errorf("sites of the city: %v", slugs)
		}
	}
	for code, want := range map[string]int{"9902": 1, "99": 0, "9907": 0, "": 0} {
		if list, err := w.s.Wishes(w.by(code), u); err != nil || len(list) != want {
			t.Errorf("%q sees %d letters, want %d: %v", code, len(list), want, err)
		}
	}
	for _, code := range []string{"9907", "990203", ""} {
		_, err := w.s.Below(w.by(code), u)
		w.kind(err, errs.NotFound)
		_, err = w.s.News(w.by(code), u, 0)
		w.kind(err, errs.NotFound)
		_, err = w.s.Choices(w.by(code), u, today)
		w.kind(err, errs.NotFound)
	}
}
