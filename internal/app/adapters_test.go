package app

import (
	"net/url"
	"strings"
	"testing"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/scope"
)

// R21 R22 R181: what a plan set out to do can be shown by any kind of record of the unit and those below it, each on its own day,
// and never by what comes from above.
func TestAPlanIsCarriedOutByRecordsOfEveryKind(t *testing.T) {
	w := openWorld(t)
	ctx := clock.With(scope.With(w.ctx, w.byLogin["chenyulan"].actor), clockFrom(harnessDay, harnessDay))
	kinds := map[string]int{}
	for year := clock.Today(ctx).Year() - 1; year <= clock.Today(ctx).Year(); year++ {
		span := clock.YearOf(year)
		list, err := w.a.worksFor(ctx, w.unit("9902"), span.From, span.To, "")
		if err != nil {
			t.Fatal(err)
		}
		for n, l := range list {
			kinds[l.Kind]++
			if l.Day < span.From || l.Day > span.To || n > 0 && l.Day > list[n-1].Day {
				t.Errorf("%+v is out of place", l)
			}
			if got := w.get(w.byLogin["chenyulan"], l.Path); kinds[l.Kind] == 1 && (got.code != 200 || !strings.Contains(got.body, l.Title)) {
				t.Errorf("%s of %s: %d", l.Kind, l.Path, got.code)
			}
		}
	}
	for _, kind := range []string{"activity", "training", "meeting", "campaign", "notice", "survey", "research", "project", "contact"} {
		if kinds[kind] == 0 {
			t.Errorf("no %s of %v", kind, kinds)
		}
	}
	town := w.unit("990203013")
	at := clock.With(scope.With(w.ctx, w.byLogin["liangshuiwang"].actor), clockFrom(harnessDay, harnessDay))
	span := clock.YearOf(clock.Today(at).Year())
	list, err := w.a.worksFor(at, town, span.From, span.To, "")
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range list {
		if (l.Kind == "survey" || l.Kind == "campaign" || l.Kind == "notice") && !strings.Contains(l.Title, "q990203013") {
			t.Errorf("what came from above is the town's own work: %+v", l)
		}
	}
}

// R22: the search of all pages finds what a plan sets out to do, for whoever may view it.
func TestTheSearchFindsPlanItems(t *testing.T) {
	w := openWorld(t)
	ctx := clock.With(scope.With(w.ctx, w.byLogin["chenyulan"].actor), clockFrom(harnessDay, harnessDay))
	list, err := w.a.Plan.Find(ctx, "zk", 1)
	if err != nil || len(list) != 1 {
		t.Fatalf("the office finds no item: %v", err)
	}
	found := list[0]
	link := `href="/plan/item/` + found.Ref().String() + `"`
	if got := w.get(w.byLogin["chenyulan"], "/search?q="+url.QueryEscape(found.Title)); !strings.Contains(got.body, link) {
		t.Errorf("%q is not found: %d", found.Title, got.code)
	}
	if got := w.get(w.byLogin["caihuiqin"], "/search?q="+url.QueryEscape(found.Title)); strings.Contains(got.body, link) {
		t.Errorf("the neighbouring city finds %q", found.Title)
	}
}

// R7: a county can rest its mechanisms on the documents that came to it and on their obligations; each can be opened by it.
func TestMechanismsRestOnWhatCameDown(t *testing.T) {
	w := openWorld(t)
	as := w.byLogin["zhouwenqin"]
	ctx := clock.With(scope.With(w.ctx, as.actor), clockFrom(harnessDay, harnessDay))
	list, err := w.a.papersFor(ctx, w.unit("990203"))
	if err != nil {
		t.Fatal(err)
	}
	whole, obligations := 0, 0
	for _, p := range list {
		if whole++; p.No > 0 {
			obligations++
		}
		if got := w.get(as, "/notice/"+p.Ref.String()); got.code != 200 || p.Title == "" {
			t.Errorf("%+v: %d", p, got.code)
		}
	}
	if whole == 0 || obligations == 0 {
		t.Errorf("%d documents with %d obligations", whole, obligations)
	}
}
