package aid

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"testing"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/testkit"
)

// R47: a second application for the same child, purpose and year warns: with the number at one's own unit, elsewhere without it and
// without the unit; the nearest unit above both learns the two numbers.
func TestSecondApplicationWarns(t *testing.T) {
	w := openWorld(t)
	c := child("张小满", "2008-03-04")
	first := w.apply("liang", w.study("990203013", 60_000), c)
	if d, _ := w.s.DoublesOf(w.by("liang"), first, w.aid(first)); d.Any() {
		t.Errorf("the first warns: %+v", d)
	}
	other := w.study("990203014", 60_000)
	second := w.apply("liu", other, c)
	page := w.do("liu", "GET", path(second), nil, http.StatusOK).Body.String()
	if !strings.Contains(page, "别处已有在办或已送到的帮扶（1件）") {
		t.Fatalf("no warning")
	}
	for _, s := range []string{"稻香镇", w.aid(first).No} {
		if strings.Contains(page, s) {
			t.Errorf("the other town learns %q", s)
		}
	}
	if got := w.inbox("zhou"); !slices.ContainsFunc(got, func(s string) bool {
		return strings.Contains(s, "2019-0001") && strings.Contains(s, "2019-0002") && !strings.Contains(s, "张")
	}) {
		t.Errorf("the county is told: %v", got)
	}
	if got := w.inbox("chen"); slices.ContainsFunc(got, func(s string) bool { return strings.Contains(s, "重复") }) {
		t.Errorf("the city is told although the county stands over both: %v", got)
	}
	w.key(w.verify("zhou", second), "aid.double_unsaid")
	w.key(w.s.GoOn(w.by("liu"), second, 0, " "), "aid.why_missing")
	w.must(w.s.GoOn(w.by("liu"), second, 0, "两镇各管一半生活费"))
	w.must(w.verify("zhou", second))
	if page := w.do("zhou", "GET", path(second)+"/approve", nil, http.StatusOK).Body.String(); !strings.Contains(page, "两镇各管一半生活费") {
		t.Error("who approves does not see the reason")
	}
	// one's own unit: with the number
	third := w.apply("shi", w.study("990203013", 1_000), c)
	page = w.do("shi", "GET", path(third), nil, http.StatusOK).Body.String()
	if !strings.Contains(page, "本单位已有2019-0001") || !strings.Contains(page, path(first)) || !strings.Contains(page, "（1件）") {
		t.Error("one's own unit is not named")
	}
	// another city: told to the province, which stands over both
	w.apply("cai", w.study("9907", 1_000), c)
	for _, x := range []struct {
		what   string
		change func(a *Aid, c *Child)
		warns  bool
	}{
		{"another purpose", func(a *Aid, _ *Child) { a.Purpose = "其他" }, false}, {"another year", func(a *Aid, _ *Child) { a.Year = 2018 }, false}, {"another kind", func(a *Aid, _ *Child) { a.Kind, a.Purpose = "hardship", "基本生活" }, false},
		{"another child of the house", func(_ *Aid, c *Child) { c.Name = "张小雨" }, true}, // see below: not the same
		{"the name in wide letters and spaces", func(_ *Aid, c *Child) { c.Name = " 张 小满" }, true},
		{"another birthday and the same telephone", func(_ *Aid, c *Child) { c.Born, c.Phone = "2008-04-03", "+86 139-0000-2301" }, true},
		{"another telephone and the same birthday", func(_ *Aid, c *Child) { c.Phone = "0500-5559999" }, true},
	} {
		a, k := w.study("990203014", 1_000), c
		x.change(&a, &k)
		ref := w.apply("liu", a, k)
		list, err := w.s.store.doublesAcrossUnits(w.ctx, ref)
		w.must(err)
		want := x.warns && k.Name != "张小雨"
		if (len(list) > 0) != want {
			t.Errorf("%s: %d doubles", x.what, len(list))
		}
		w.must(w.s.Withdraw(w.by("liu"), ref, 0, "试")) // one that ended is no double of the next
	}
	var warned int
	for _, ref := range []id.Ref{second, third} {
		list, err := w.audit.Of(w.ctx, ref, 50)
		w.must(err)
		for _, e := range list {
			if e.Act == "aid.act.warned" {
				warned++
			}
		}
	}
	if warned != 2 {
		t.Errorf("%d warnings in the log", warned)
	}
}

// Two who applied at the same moment do not see one another; whoever is approved second is warned then, and needs a reason.
func TestApprovalWarnsOfWhatIsAhead(t *testing.T) {
	w := openWorld(t)
	c := child("小满", "2008-03-04")
	first := w.apply("liang", w.study("990203013", 60_000), c)
	second := w.apply("liu", w.study("990203014", 200_000), c)
	w.must(w.db.Tx(w.ctx, func(ctx context.Context) error { return w.s.store.dropDoubles(ctx, second) }))
	w.must(w.verify("fang", second))
	w.must(w.verify("shi", first))
	w.must(w.s.Approve(w.by("shi"), first, 0, Amount{Fen: 60_000}, "")) // the other one is not ahead of it
	w.key(w.s.Approve(w.by("zhou"), second, 0, Amount{Fen: 200_000}, ""), "aid.double_unsaid")
	if page := w.do("zhou", "GET", path(second), nil, http.StatusOK).Body.String(); !strings.Contains(page, "（1件）") {
		t.Error("the warning is gone with the approval that did not happen")
	}
	w.must(w.s.GoOn(w.by("liu"), second, 0, "另一镇只管一半"))
	w.must(w.s.Approve(w.by("zhou"), second, 0, Amount{Fen: 200_000}, ""))
}

// A correction is compared anew; what stood before is forgotten.
func TestCorrectedIsComparedAnew(t *testing.T) {
	w := openWorld(t)
	w.apply("liang", w.study("990203013", 60_000), child("小满", "2008-03-04"))
	ref := w.apply("liu", w.study("990203014", 60_000), child("小满满", "2008-03-04"))
	count := func() int {
		list, err := w.s.store.doublesAcrossUnits(w.ctx, ref)
		w.must(err)
		return len(list)
	}
	if count() != 0 {
		t.Fatal("two names are one child")
	}
	w.must(w.s.CorrectChild(w.by("liu"), ref, 0, child("小满", "2008-03-04"), agreed))
	if count() != 1 {
		t.Error("the corrected name is not found")
	}
	o, err := w.s.Open(w.by("liu"), ref)
	w.must(err)
	if o.Child.Name != "小满" || o.Agreed != agreed {
		t.Errorf("what stands: %+v", o)
	}
	other := w.study("990203014", 60_000)
	other.Purpose = "其他"
	w.must(w.s.Correct(w.by("liu"), ref, 0, other, "用途写错"))
	if count() != 0 {
		t.Error("another purpose still warns")
	}
	w.must(w.s.Correct(w.by("liu"), ref, 0, w.study("990203014", 60_000), "用途写错"))
	if count() != 1 {
		t.Error("the purpose of before no longer warns")
	}
}

// The comparison is no oracle: an account has so many a day, each of which is an application on record.
func TestComparisonsAreBounded(t *testing.T) {
	w := openWorld(t)
	for i := range mostCompared {
		w.apply("liu", w.study("990203014", 1_000), child(fmt.Sprintf("试%d", i), "2008-03-04"))
	}
	_, err := w.s.Apply(w.by("liu"), w.study("990203014", 1_000), child("再试", "2008-03-04"), agreed, id.Ref{})
	w.kind(err, errs.Throttled)
	p, err := w.s.List(w.ctx, w.unit["990203014"], Filter{})
	w.must(err)
	if p.Total != mostCompared {
		t.Errorf("%d on record", p.Total)
	}
	w.now = today.AddDays(1).Time().Add(9 * 3600e9)
	w.apply("liu", w.study("990203014", 1_000), child("再试", "2008-03-04"))
}

// What is found equals a plain comparison of every two applications, over random children, purposes, years, units and ends.
func TestDoublesEqualAPlainComparison(t *testing.T) {
	w := openWorld(t)
	r := rand.New(rand.NewPCG(11, 5))
	n := 30
	if testkit.Long() {
		n = 300
	}
	type plain struct {
		a   Aid
		c   Child
		ref id.Ref
	}
	var all []plain
	pick := func(list ...string) string { return list[r.IntN(len(list))] }
	for range n {
		p := plain{a: w.study(pick("990203013", "990203014", "9907"), 1_000)}
		p.a.Purpose, p.a.Year = pick("生活费", "其他"), 2018+r.Int64N(2)
		p.c = child(pick("甲", "乙", "丙"), clock.Day(pick("2008-03-04", "2009-05-06")))
		p.c.Phone = pick("13900000001", "13900000002", "0500-5550001")
		var want int
		for _, o := range all {
			same := o.c.Name == p.c.Name && (o.c.Born == p.c.Born || o.c.Phone == p.c.Phone)
			if same && o.a.Purpose == p.a.Purpose && o.a.Year == p.a.Year && !w.aid(o.ref).State.stopped() {
				want++
			}
		}
		var err error
		if p.ref, err = w.s.Apply(w.ctx, p.a, p.c, agreed, id.Ref{}); err != nil {
			t.Fatal(err)
		}
		got, err := w.s.store.doublesAcrossUnits(w.ctx, p.ref)
		w.must(err)
		if len(got) != want {
			t.Fatalf("%+v %+v: %d, by a plain comparison %d", p.a, p.c, len(got), want)
		}
		if all = append(all, p); r.IntN(3) == 0 {
			w.must(w.s.Withdraw(w.ctx, all[r.IntN(len(all))].ref, 0, "x"))
			all = slices.DeleteFunc(all, func(p plain) bool { return w.aid(p.ref).State.stopped() })
		}
	}
}
