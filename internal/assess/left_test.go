package assess_test

import (
	"testing"

	"xinhuo/internal/assess"
	"xinhuo/internal/ledger"
)

func TestTownshipsThatWereNotCountedSayWhy(t *testing.T) { // R151
	f := open(t)
	accept := assess.Step{Day: "2019-03-01", Document: "云关工〔2019〕1号", Results: met()}
	must(t, f.do("9902", f.planned("990203001"), assess.ActAccept, accept))
	revoked := f.planned("990203013")
	must(t, f.do("9902", revoked, assess.ActAccept, accept))
	must(t, f.do("9902", revoked, assess.ActRevoke, assess.Step{Day: "2019-05-01", Reason: "没有坚持", Document: "云关工〔2019〕9号"}))
	must(t, f.do("990203014", f.planned("990203014"), assess.ActSubmit, assess.Step{Day: "2019-05-20"}))
	f.planned("990203015")
	want := map[string]string{"990203013": "2019年5月1日已经撤销", "990203014": "报了，还没有批", "990203015": "还没有能算数的内容"}
	for _, figure := range []string{"reform.adopted", "reform.adopted_share"} {
		out, err := f.led.LeftOut(f.as("9902"), ledger.Query{Figure: figure, Unit: f.unit["9902"].ID, Day: today})
		must(t, err)
		if len(out.Rows) != len(want) {
			t.Errorf("%s: %+v", figure, out.Rows)
		}
		for _, l := range out.Rows {
			if want[l.Code] != l.Reason {
				t.Errorf("%s: %s is told %q, want %q", figure, l.Code, l.Reason, want[l.Code])
			}
		}
	}
	out, err := f.led.LeftOut(f.as("9903"), ledger.Query{Figure: "reform.adopted", Unit: f.unit["9902"].ID, Day: today})
	must(t, err)
	if len(out.Rows) != 0 {
		t.Errorf("the neighbour is told of %+v", out.Rows)
	}
}
