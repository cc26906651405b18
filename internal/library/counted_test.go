package library

import (
	"context"
	"fmt"
	"net/url"
	"strings"
	"testing"

	"xinhuo/internal/kit/search"
	"xinhuo/internal/kit/testkit"
)

// What words found is shown page by page, each document once, in the order of the whole.
func TestFoundPageByPage(t *testing.T) {
	w := openWorld(t)
	for i := range 45 {
		w.issued("990203", fmt.Sprintf("材料%d.txt", i), "校外教育的做法写在这里。"+strings.Repeat("校外教育。", i%7), Document{})
	}
	whole := w.numbers("990203", Filter{Words: "校外教育"})
	var got []string
	at := "/library?q=" + url.QueryEscape("校外教育")
	for n, want := range []int{20, 20, 5} {
		page := testkit.HTML(t, w.get("990203", at+fmt.Sprintf("&page=%d", n+1), 200).Body.String())
		links := page.All(".found a")
		if len(links) != want {
			t.Errorf("page %d: %d", n+1, len(links))
		}
		for _, l := range links {
			got = append(got, l.Attr("href"))
		}
	}
	for i, no := range whole {
		if len(whole) != 45 || len(got) != 45 || got[i] != Path(no) {
			t.Fatalf("%d: %v of %v", i, got, whole)
		}
	}
	testkit.HTML(t, w.get("990203", at+"&page=99999999", 200).Body.String())
}

// Of a large library not all are counted with each page: it says so, and every category can still be chosen.
func TestALargeLibrarySaysThatThereAreMore(t *testing.T) {
	testkit.Full(t)
	w, a := openWorld(t), newScribe()
	for _, n := range []int{500, 500, 500, 520} {
		w.must(w.db.Tx(w.ctx, func(ctx context.Context) error { return w.fillWith(ctx, a, n) }))
	}
	_, facets, total, more, err := w.s.List(w.ctx, Filter{Limit: 21})
	if err != nil || total != search.Most || !more || len(facets) == 0 {
		t.Error(total, more, err)
	}
	if _, _, total, more, err = w.s.List(w.ctx, Filter{Limit: 21, Format: "pdf"}); err != nil || total != 0 || more {
		t.Error(total, more, err)
	}
}
