package people

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/testkit"
	"xinhuo/internal/ledger"
)

// left is what a figure left out, by code.
func (f *fixture) left(unit string, q ledger.Query) (map[string]string, ledger.LeftOut) {
	f.Helper()
	q.Unit = f.unit(unit).ID
	out, err := f.led.LeftOut(f.ctx, q)
	f.must(err)
	said := map[string]string{}
	for _, l := range out.Rows {
		said[l.Code] = l.Reason
	}
	return said, out
}

func TestTeamsThatWereNotCountedSayWhy(t *testing.T) { // R171: beside what counts stands what does not, and why
	f := open(t)
	f.team("990203013", "in", nil)
	f.team("990203013", "proposed", func(t *Team) { t.Status, t.FoundedOn = Submitted, "" })
	f.team("990203013", "dissolved", func(t *Team) { t.DissolvedOn = "2019-04-01" })
	f.team("990203013", "later", func(t *Team) { t.FoundedOn = "2019-06-01" })
	f.team("990203001", "ended", nil)
	f.team("990204003", "other", func(t *Team) { t.Status = Submitted })
	f.team("990203013", "dropped", func(t *Team) { t.Status, t.DissolvedOn = Submitted, "2019-01-01" }) // proposed and dropped: nobody misses it
	f.must(f.org.Close(f.ctx, f.unit("990203001").ID, "2019-05-01", "云关工〔2019〕1号"))
	want := map[string]string{"proposed": "报了，还没有批", "dissolved": "2019年4月1日已经解散", "later": "2019年6月1日起才算", "ended": "2019年5月1日望江街道撤并"}
	got, _ := f.left("990203", ledger.Query{Figure: "team.active", Day: today})
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("left out\n%v\nwant\n%v", got, want)
	}
	if got, _ := f.left("990203", ledger.Query{Figure: "team.active", Day: "2019-03-31"}); got["dissolved"] != "" || got["ended"] != "" {
		t.Errorf("on a day on which they stood: %v", got)
	}
	if got, _ := f.left("990203", ledger.Query{Figure: "team.active", Day: today, Where: map[string]string{"need": "打球"}}); len(got) != 0 {
		t.Errorf("of another need: %v", got)
	}
	// a reader is told of what lies within their own view alone
	q := ledger.Query{Figure: "team.active", Unit: f.unit("9902").ID, Day: today}
	for code, n := range map[string]int{"9902": 5, "990204": 1, "9903": 0} {
		out, err := f.led.LeftOut(f.as(code), q)
		f.must(err)
		if len(out.Rows) != n {
			t.Errorf("%s is told of %d, want %d", code, len(out.Rows), n)
		}
	}
	for lang, words := range map[string]string{"zh": "没算的5条", "en": "handed in, not granted yet"} {
		var city http.Handler = f.site(i18n.With(f.as("9902"), f.texts, lang), f.led.Routes())
		page := testkit.HTML(t, f.get(city, "/evidence/team.active?unit=9902&day="+string(today), 200))
		page.MustHave("main", words)
		page.MustNotContain("ledger.")
	}
}

func TestALongListOfWhatWasNotCountedIsBounded(t *testing.T) {
	f := open(t)
	for i := range 57 {
		f.team("990203013", fmt.Sprintf("P%02d", i), func(t *Team) { t.Status = Submitted })
	}
	_, out := f.left("9902", ledger.Query{Figure: "team.active", Day: today})
	if len(out.Rows) != 50 || out.More != 7 || out.Cut {
		t.Errorf("%d rows and %d more, cut %t", len(out.Rows), out.More, out.Cut)
	}
	page := f.get(f.site(f.as("9902"), f.led.Routes()), "/evidence/team.active?unit=9902&day="+string(today), 200)
	if !strings.Contains(page, "没算的57条") || !strings.Contains(page, "还有7条") {
		t.Error("the page does not say how many more there are")
	}
}
