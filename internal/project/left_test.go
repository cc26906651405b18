package project

import (
	"fmt"
	"testing"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/ledger"
)

func TestContractsThatWereNotCountedSayWhy(t *testing.T) { // R204, R205
	f := open(t)
	f.report("990203", "in", nil)
	f.report("990203", "void", func(e *Entry) { e.Status = Void })
	f.report("990203", "before", func(e *Entry) { e.SignedOn = "2017-12-31" })
	f.report("990203", "after", func(e *Entry) { e.SignedOn = "2019-01-01" })
	f.report("990203", "long ago", func(e *Entry) { e.SignedOn = "2015-01-01" })
	f.report("990204", "joint", func(e *Entry) { e.Status = Void })
	f.report("990203", "joint", func(e *Entry) { e.Status = Void })
	f.report("990204", "other", func(e *Entry) { e.Status = Void })
	paid := f.report("990203", "paid", func(e *Entry) { e.SignedOn = "2018-02-01" })
	f.must(f.s.Receive(f.as("990203"), paid.Ref, 1, Receipt{Day: "2019-02-01", AmountFen: 5}))
	for figure, want := range map[string]map[string]string{
		"project.signed":       {"void": "已经作废", "joint": "已经作废", "before": "是2017年12月31日的，不在这一期", "after": "是2019年1月1日的，不在这一期"},
		"project.received_fen": {"paid": "是2019年2月1日的，不在这一期"},
	} {
		out, err := f.led.LeftOut(f.as("990203"), ledger.Query{Figure: figure, Unit: f.unit("990203").ID, Day: today, From: "2018-01-01", To: "2018-12-31"})
		f.must(err)
		got := map[string]string{}
		for _, l := range out.Rows {
			got[l.Code] = l.Reason
		}
		if fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("%s left out\n%v\nwant\n%v", figure, got, want)
		}
	}
	// not signed yet on the day
	out, err := f.led.LeftOut(f.ctx, ledger.Query{Figure: "project.signed", Unit: f.unit("990203").ID, Day: clock.Day("2018-01-15")})
	f.must(err)
	if n := len(out.Rows); n == 0 || out.Rows[0].Href == "" {
		t.Errorf("%+v", out)
	}
}
