package base_test

import (
	"fmt"
	"testing"

	"xinhuo/internal/base"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/ledger"
)

func TestBasesThatWereNotCountedSayWhy(t *testing.T) { // R88, R91
	w := open(t)
	with := func(code, host string, agreements []base.Agreement, plaques ...base.Accreditation) {
		b := w.base(host, "国防", plaques...)
		if b.Code, b.Agreements = code, agreements; len(agreements) > 0 {
			b.RunMode = base.Joint
		}
		w.create(b)
	}
	applied := w.plaque("9902", "", clock.Open)
	applied.Status, applied.AppliedOn = base.Submitted, "2019-05-01"
	with("in", "990203", nil, w.plaque("9902", "2018-01-01", clock.Open))
	with("revoked", "990203", nil, w.plaque("9902", "2015-01-01", "2019-03-01"))
	with("again", "990203", nil, w.plaque("9902", "2015-01-01", "2019-03-01"), applied)
	with("applied", "990203013", nil, applied)
	with("agreement", "990203", []base.Agreement{{Document: "协议", Parties: "双方", From: "2015-01-01", To: "2019-02-01"}}, w.plaque("9902", "2015-01-01", clock.Open))
	with("later", "990203", nil, w.plaque("9902", "2019-06-05", clock.Open))
	with("old", "990203", nil, w.plaque("9902", "2009-01-01", clock.Open))
	with("county", "990203", nil, w.plaque("990203", "2018-01-01", clock.Open))
	with("other", "990204", nil, applied)
	all := map[string]string{"revoked": "2019年3月1日已经撤销", "again": "报了，还没有批", "applied": "报了，还没有批", "agreement": "2019年2月1日起协议已经到期", "later": "2019年6月5日起才算"}
	young := map[string]string{"old": "第一次是2009年1月1日，不在年限里"}
	for code, why := range all {
		young[code] = why
	}
	for figure, want := range map[string]map[string]string{"base.accredited": all, "base.city": all, "base.accredited_new7y": young, "base.categories": {}} {
		out, err := w.ledger.LeftOut(w.as("990203"), ledger.Query{Figure: figure, Unit: w.units["990203"].ID, Day: today})
		must(t, err)
		got := map[string]string{}
		for _, l := range out.Rows {
			got[l.Code] = l.Reason
		}
		if fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("%s left out\n%v\nwant\n%v", figure, got, want)
		}
	}
	list, err := w.ledger.Evidence(w.ctx, ledger.Query{Figure: "base.accredited", Unit: w.units["990203"].ID, Day: today}, "", 0)
	must(t, err)
	for _, it := range list.Items {
		if all[it.Code] != "" {
			t.Errorf("%s is counted and told of as left out", it.Code)
		}
	}
}
