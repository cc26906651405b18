package library

import (
	"context"
	"fmt"
	"net/url"
	"slices"
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

// Of a large library not all are counted with each page: it says so, and every category and year that the reader sees can still be chosen,
// without a number where it is not known; what they do not see is not offered.
func TestALargeLibrarySaysThatThereAreMore(t *testing.T) {
	testkit.Full(t)
	w, a := openWorld(t), newScribe()
	code, err := w.s.AddCategory(w.ctx, CategoryEdit{Name: "老照片", Parent: "publicity"})
	w.must(err)
	aged := func(year int, category string, to Visible) {
		ref, d := w.draft("990203", fmt.Sprintf("旧文%d.txt", year), fmt.Sprintf("%d年的一份旧文。", year), Document{Category: category, Visible: to})
		d.Year = year
		w.must(w.s.Save(w.by("990203"), ref, 1, d))
		w.must(w.s.Issue(w.by("990203"), ref, 2, true))
	}
	aged(1988, code, VisiblePublic)
	aged(1977, "work.plan", VisibleUnit)
	for _, n := range []int{500, 500, 500, 520} {
		w.must(w.db.Tx(w.ctx, func(ctx context.Context) error { return w.fillWith(ctx, a, n) }))
	}
	_, facets, total, more, err := w.s.List(w.ctx, Filter{Limit: 21})
	if err != nil || total != search.Most || !more || len(facets) == 0 {
		t.Error(total, more, err)
	}
	uncounted := func(facets []Facet, facet, value string) bool { return slices.Contains(facets, Facet{facet, value, 0}) }
	for _, x := range [][2]string{{"year", "1988"}, {"year", "1977"}, {"category", code}} {
		if !uncounted(facets, x[0], x[1]) {
			t.Errorf("%v is not offered: %v", x, facets)
		}
	}
	years := 0
	for _, x := range facets {
		if x.Facet == "year" {
			years++
		}
	}
	if years != 22 { // 2000 to 2019, and those two
		t.Errorf("%d years", years)
	}
	// whoever sees less of it is offered less
	w.must(w.db.Tx(w.ctx, func(ctx context.Context) error {
		_, err := w.db.Exec(ctx, `UPDATE library_document SET visible = 'members' WHERE year >= 2000 AND state = 'issued'`)
		return err
	}))
	if _, facets, _, more, err = w.s.List(w.by("990204"), Filter{Limit: 21}); err != nil || !more || !uncounted(facets, "year", "1988") || uncounted(facets, "year", "1977") {
		t.Error(facets, more, err)
	}
	if _, facets, _, _, err = w.s.List(w.ctx, Filter{Limit: 21, Category: "publicity"}); err != nil || !slices.Contains(facets, Facet{"year", "1988", 1}) {
		t.Error(facets, err) // all are counted
	}
	page := testkit.HTML(t, w.get("990204", "/library", 200).Body.String())
	page.MustHave(".pick", "更早的年份")
	if text := page.Content(); strings.Contains(text, "1988年") || strings.Contains(text, " 0+") {
		t.Error("the newest years are offered first, and none with a number that is not known")
	}
	testkit.HTML(t, w.get("990204", "/library?years=1", 200).Body.String()).MustHave(".pick", "1988年")
	testkit.HTML(t, w.get("990204", "/library?year=1988", 200).Body.String()).MustHave(".found", "旧文1988")
	if n := len(w.get("visitor", "/library", 200).Body.Bytes()); n > 60_000 {
		t.Errorf("the list is %d bytes", n)
	}
	if _, _, total, more, err = w.s.List(w.ctx, Filter{Limit: 21, Format: "pdf"}); err != nil || total != 0 || more {
		t.Error(total, more, err)
	}
}
