package app

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"xinhuo/internal/kit/testkit"
	"xinhuo/internal/project"
)

// R36 R38 R83: a yearly report begins from its outline: the chapter on a harmonious society is there, its numbers are the ledger's and
// move with it, each leads to the records behind it, and it says the place's own name, never ××; it can be issued as it stands.
func TestAReportBeginsFromItsOutline(t *testing.T) {
	w := openWorld(t)
	office, neighbour := w.byLogin["chenyulan"], w.byLogin["caihuiqin"]
	city := w.unit("9902")
	for lang, button := range map[string]string{"zh": "按提纲写年度总结", "en": "Yearly report from an outline"} {
		r := newRequest("GET", "/speech?unit=9902", nil, office.cookie+"; xinhuo_view="+lang+".18.")
		testkit.HTML(t, w.send(r).body).MustHave("main", button)
	}
	at := "/speech/new?outline=yearly&unit=" + city.ID.String()
	page := testkit.HTML(t, w.get(office, at).body)
	form := url.Values{"_key": {"outline-yearly"}, "byline": {"云州市关工委"}, "day": {string(harnessDay)}, "title": {page.One("#f-title").Attr("value")}}
	harmony := ""
	for i := 0; len(page.All("#f-head_"+strconv.Itoa(i))) > 0; i++ {
		n := strconv.Itoa(i)
		head, text := page.One("#f-head_"+n).Attr("value"), page.Text("#f-text_"+n)
		if form.Set("head_"+n, head); strings.Contains(head, "促进社会和谐上有新举措") {
			harmony = text
		}
		if form.Set("text_"+n, text); strings.Contains(head+text, "××") {
			t.Errorf("%q does not say whose report it is", text)
		}
	}
	if !strings.Contains(form.Get("title"), "云州市") || !strings.Contains(harmony, "平安云州") {
		t.Fatalf("%q, %q", form.Get("title"), harmony)
	}
	got := w.send(newRequest("POST", at, form, office.cookie))
	here, _, _ := strings.Cut(got.head.Get("Location"), "?")
	if got.code != http.StatusSeeOther {
		t.Fatalf("kept: %d %s", got.code, got.body)
	}
	signed := func() string {
		doc := testkit.HTML(t, w.get(office, here).body)
		doc.MustHave("main", "五、促进社会和谐上有新举措")
		_, rest, _ := strings.Cut(doc.Text("#p4"), "签约服务项目")
		return rest[:strings.Index(rest, "个")]
	}
	whole, figures := testkit.HTML(t, w.get(office, here).body), 0
	for i := 0; form.Get("text_"+strconv.Itoa(i)) != ""; i++ {
		n := strings.Count(form.Get("text_"+strconv.Itoa(i)), "【")
		links := whole.All("#p" + strconv.Itoa(i) + ` a.cl[href^="/evidence/"]`)
		if figures += n; len(links) != n || n == 0 {
			t.Fatalf("chapter %d: %d of %d figures lead to their records", i, len(links), n)
		}
		if at := links[len(links)-1].Attr("href"); w.get(office, at).code != http.StatusOK {
			t.Errorf("%s leads nowhere", at)
		}
	}
	if figures < 30 {
		t.Errorf("%d figures in the whole report", figures)
	}
	before, err := strconv.Atoi(signed())
	if err != nil {
		t.Fatalf("the chapter says no number: %v", err)
	}
	if _, err := w.a.Project.Report(w.ctx, project.Entry{Number: "提纲1号", Title: "提纲", Purchaser: "民政局", Provider: "协会", Audience: "青少年",
		Report: project.Report{Unit: city.ID, Kind: project.Venture, Version: 1, SignedOn: harnessDay, AmountFen: 100, Status: project.Signed, ReportedOn: harnessDay}}); err != nil {
		t.Fatal(err)
	}
	if now, _ := strconv.Atoi(signed()); now != before+1 {
		t.Errorf("%d contracts became %d", before, now)
	}
	if got := w.send(newRequest("POST", here+"/issue", url.Values{"_key": {"outline-issue"}, "_version": {"1"}}, office.cookie)); got.code != http.StatusSeeOther {
		t.Errorf("issued as it stands: %d", got.code)
	}
	for path, as := range map[string]*role{at: neighbour, "/speech/new?outline=none": office, "/speech/new?outline=..%2Foutlines%2Fyearly": office} {
		if got := w.get(as, path); got.code != http.StatusNotFound {
			t.Errorf("%s for %s: %d", path, as.name, got.code)
		}
	}
}
