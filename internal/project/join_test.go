package project

import (
	"net/url"
	"testing"

	"xinhuo/internal/audit"
	"xinhuo/internal/kit/testkit"
)

// Whoever knows a number could read the whole of another unit's contract by entering it.
func TestJoiningAContractIsAskedForLoggedAndShown(t *testing.T) { // R204
	f := open(t)
	got := f.report("990203", "HT-1", func(e *Entry) { e.Title, e.Purchaser = "家长夜校", "区民政局" })
	f.must(f.s.Receive(f.as("990203"), got.Ref, 1, Receipt{Day: "2018-07-01", AmountFen: 4711, From: "付款人"}))
	north, show := f.site(f.as("990204"), f.s.Routes()), "/project/"+got.Ref.String()
	form := url.Values{"_key": {"j1"}, "number": {"HT-1"}, "kind": {"gov_purchase"}, "signed_on": {"2018-06-01"}, "amount": {"6万元"}, "version": {"1"}}
	path := "/project/new?unit=" + f.unit("990204").ID.String()
	asked := testkit.HTML(t, f.post(north, path, form, 422))
	asked.MustHave("main", "合同号“HT-1”（家长夜校）已由南江区上报")
	asked.MustHave("main", "就是这份合同，并进去")
	asked.MustNotContain("区民政局", "47.11", "付款人", got.Ref.String())
	f.get(north, show, 404)
	f.expect("990204", today, signed(0, 0))
	form.Set("join", "1")
	f.post(north, path, form, 303)
	f.expect("990204", today, signed(1, 6000000))
	f.get(north, show, 200)
	// the unit that was there before sees who came in, and so does the log
	first := testkit.HTML(t, f.get(f.site(f.as("990203"), f.s.Routes()), show, 200))
	first.MustHave("#history", "并入同号合同")
	first.MustHave("#history", "北仓区办公室（北仓区）")
	first.MustHave("#history", "南江区、北仓区")
	first.MustNotContain("代填")
	logged, err := f.s.audit.List(f.ctx, audit.Filter{Act: "project.act.join"})
	f.must(err)
	joined := 0
	for _, e := range logged {
		if e.Ref() == got.Ref {
			joined++
		}
	}
	if joined != 1 {
		t.Errorf("the log has %d rows of the joining", joined)
	}
}
