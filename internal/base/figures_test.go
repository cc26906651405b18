package base_test

import (
	"testing"

	"xinhuo/internal/base"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/ledger"
)

func TestABaseCountsOnceHoweverManyPlaques(t *testing.T) { // R88
	w := open(t)
	w.create(w.base("990203013", "爱国主义", w.plaque("9902", "2012-06-01", ""), w.plaque("990203", "2012-06-01", ""), w.plaque("99", "2019-05-20", "")))
	for _, u := range []string{"99", "9902", "990203", "990203013"} {
		w.wants("base.accredited", u, today, 1)
		w.wants("base.accredited", u, "2012-05-31", 0)
	}
	w.wants("base.accredited", "990204", today, 0)
}

func TestWhoeverIssuedItCountsWhereItIsHosted(t *testing.T) { // R80, R81, R131
	w := open(t)
	w.create(w.base("990203013", "国防", w.plaque("99", "2015-01-01", "")))
	neighbour := w.base("9907", "国防", w.plaque("99", "2015-01-01", ""))
	w.create(neighbour)
	outside := w.base("990204", "爱国主义", base.Accreditation{Level: "city", Issuer: base.Body{Name: "市委宣传部"}, GrantedOn: "2014-01-01", Status: base.Granted})
	w.create(outside)
	w.wants("base.province", "99", today, 2)
	w.wants("base.province", "9902", today, 1)
	w.wants("base.city", "9902", today, 1)
	w.wants("base.accredited", "9902", today, 2)
}

func TestSubmittedNeverCountsAndRevokedUntilItsDay(t *testing.T) {
	w := open(t)
	sub := w.plaque("9902", "2015-01-01", "")
	sub.Status = base.Submitted
	w.create(w.base("990203013", "国防", sub))
	w.create(w.base("990203013", "国防", w.plaque("9902", "2015-01-01", "2018-03-01")))
	w.wants("base.accredited", "9902", "2018-02-28", 1)
	w.wants("base.accredited", "9902", "2018-03-01", 0)
}

func TestTheWindowOfSevenYears(t *testing.T) { // R90: the day before, the first day; R91: new and old make the whole
	w := open(t)
	w.create(w.base("990203013", "国防", w.plaque("9902", "2012-05-31", ""))) // seven years old today: no longer new
	w.create(w.base("990203013", "国防", w.plaque("9902", "2012-06-01", "")))
	w.create(w.base("990203013", "国防", w.plaque("9902", "2012-02-29", "")))
	w.create(w.base("990203013", "国防", w.plaque("9902", today, "")))
	w.create(w.base("990203013", "国防", w.plaque("990203", "2005-01-01", "2006-01-01"), w.plaque("9902", "2016-01-01", ""))) // first plaque ever decides
	w.wants("base.accredited_new7y", "9902", today, 2)
	w.wants("base.accredited_before7y", "9902", today, 3)
	w.wants("base.accredited", "9902", today, 5)
	w.wants("base.accredited_new7y", "9902", "2019-05-30", 2) // the first one is new for its last day, today's is not there yet
	w.wants("base.accredited_new7y", "9902", "2019-02-28", 3) // 29 February and seven years is 1 March
	w.wants("base.accredited_new7y", "9902", "2019-03-01", 2)
}

func TestBothReadingsOfCityLevel(t *testing.T) { // R92
	w := open(t)
	w.create(w.base("990203013", "国防", w.plaque("9902", "2005-01-01", "")))
	w.create(w.base("990203013", "国防", w.plaque("9902", "2017-01-01", "")))
	w.create(w.base("990203013", "国防", w.plaque("990203", "2017-01-01", "")))
	w.wants("base.city", "9902", today, 2)
	w.wants("base.city_new7y", "9902", today, 1)
}

func TestLevelsMakeTheWhole(t *testing.T) { // R96
	w := open(t)
	w.create(w.base("990203013", "国防", w.plaque("99", "2016-01-01", ""), w.plaque("9902", "2016-01-01", "")))
	w.create(w.base("990203013", "国防", w.plaque("9902", "2016-01-01", "")))
	w.create(w.base("990203013", "国防", w.plaque("990203", "2016-01-01", "")))
	w.create(w.base("990203013", "国防", w.plaque("990203013", "2016-01-01", "")))
	w.create(w.base("990203013", "国防", w.plaque("990203013", "2016-01-01", "")))
	by, err := w.ledger.ByValue(w.ctx, ledger.Query{Figure: "base.accredited", Unit: w.units["9902"].ID, Day: today}, "top_level")
	must(t, err)
	if by["province"] != 1 || by["city"] != 1 || by["county"] != 1 || by["township"] != 2 {
		t.Errorf("by the highest plaque: %v", by)
	}
	w.wants("base.county_up", "9902", today, 3)
}

func TestCategoriesAndRunModesSumToTheWhole(t *testing.T) { // R100, R104
	w := open(t)
	for i, c := range []string{"爱国主义", "劳动技能", "法制", "科普知识", "心理健康", "国防", "生态环保"} {
		b := w.base("990203013", c, w.plaque("990203", "2016-01-01", ""))
		if b.Secondary = []string{"国防", "国防", c}; i%2 == 1 {
			b.RunMode = base.Other
		}
		w.create(b)
	}
	w.wants("base.categories", "9902", today, 7)
	for breakdown, want := range map[string]map[string]int64{"run_mode": {"self": 4, "other": 3}, "category": {"法治": 1, "国防": 1}} {
		by, err := w.ledger.ByValue(w.ctx, ledger.Query{Figure: "base.accredited", Unit: w.units["9902"].ID, Day: today}, breakdown)
		must(t, err)
		var sum int64
		for _, n := range by {
			sum += n
		}
		if sum != 7 {
			t.Errorf("%s sums to %d", breakdown, sum)
		}
		for k, n := range want {
			if by[k] != n {
				t.Errorf("%s %s is %d, want %d", breakdown, k, by[k], n)
			}
		}
	}
}

func TestAnEndedAgreementTakesTheBaseOut(t *testing.T) { // R107
	w := open(t)
	agreement := func(from, to clock.Day) base.Agreement {
		return base.Agreement{Document: "共建协议", Parties: "甲方、乙方", From: from, To: to}
	}
	other := w.base("990203013", "国防", w.plaque("9902", "2015-01-01", ""), w.plaque("990203", "2015-01-01", "2017-01-01"))
	other.RunMode, other.Agreements = base.Other, []base.Agreement{agreement("2015-01-01", "2018-01-01")}
	ref := w.create(other)
	w.wants("base.accredited", "9902", "2017-12-31", 1)
	w.wants("base.accredited", "9902", "2018-01-01", 0)

	without := w.base("990203013", "国防", w.plaque("9902", "2015-01-01", ""))
	without.RunMode = base.Joint
	w.create(without)
	own := w.base("990203013", "国防", w.plaque("9902", "2015-01-01", ""))
	own.Agreements = []base.Agreement{agreement("2015-01-01", "2016-01-01")}
	w.create(own)
	w.wants("base.accredited", "9902", "2018-01-01", 2)

	_, v := w.get(ref)
	must(t, w.s.Agree(w.ctx, ref, v.N, agreement("2018-01-01", ""))) // renewed
	w.wants("base.accredited", "9902", "2018-01-01", 3)
}

func TestOnlyAllItemsMakeTheStandard(t *testing.T) { // R93, R87
	w := open(t)
	ref := w.create(w.base("990203013", "国防", w.plaque("9902", "2015-01-01", "")))
	b, v := w.get(ref)
	if len(b.Items) != 7 {
		t.Fatalf("%d items, the standard that ships has seven", len(b.Items))
	}
	for i := range b.Items[:6] {
		b.Items[i].Met, b.Items[i].Day, b.Items[i].Evidence = true, "2018-03-01", "现场看过"
	}
	must(t, w.s.Measure(w.ctx, ref, v.N, b.Items))
	w.wants("base.standard_met", "9902", today, 0)
	last := b.Items[6]
	last.Met, last.Day = true, "2019-01-01"
	kindOfMeasure := w.s.Measure(w.ctx, ref, v.N+1, []base.ItemState{last})
	if kindOfMeasure == nil {
		t.Fatal("an item was met without evidence")
	}
	last.Evidence = "档案盒"
	must(t, w.s.Measure(w.ctx, ref, v.N+1, []base.ItemState{last}))
	w.wants("base.standard_met", "9902", "2018-12-31", 0)
	w.wants("base.standard_met", "9902", "2019-01-01", 1)
	if got := w.ask("base.standard_share", "9902", today); got != 1000 {
		t.Errorf("the share is %d tenths of a per cent", got)
	}
}

func TestOneCityDoesNotChangeAnother(t *testing.T) { // R93
	w := open(t)
	ours := w.create(w.base("990203013", "国防", w.plaque("9902", "2015-01-01", "")))
	theirs := w.create(w.base("9907", "国防", w.plaque("9907", "2015-01-01", "")))
	must(t, w.s.SetStandard(w.as("9902"), w.units["9902"], []base.StandardItem{{Code: "place", Name: "有地方", Text: "坐得下"}, {Name: "有人管"}}))
	if b, _ := w.get(ours); len(b.Items) != 2 {
		t.Errorf("our base has %d items", len(b.Items))
	}
	if b, v := w.get(theirs); len(b.Items) != 7 || v.N != 1 {
		t.Errorf("the neighbour's base has %d items at version %d", len(b.Items), v.N)
	}
	list, err := w.s.Standard(w.ctx, w.units["9907"].Root())
	must(t, err)
	if list[0].Name != "有牌子" {
		t.Errorf("the neighbour's first item is %s", list[0].Name)
	}
}

func TestTheMatrixShowsGapsAndItsTotals(t *testing.T) { // R99
	w := open(t)
	w.create(w.base("990203013", "国防", w.plaque("9902", "2015-01-01", "")))
	w.create(w.base("990203", "国防", w.plaque("9902", "2015-01-01", "")))
	w.create(w.base("990204003", "法治", w.plaque("9902", "2015-01-01", "")))
	w.create(w.base("9902", "法治", w.plaque("9902", "2015-01-01", "")))
	m, gaps, err := w.s.Matrix(w.ctx, w.units["9902"], today)
	must(t, err)
	if len(m.Rows) != 3 || len(m.Columns) != 7 || m.Foot.Total != "4" || gaps != 12 {
		t.Fatalf("%d rows, %d columns, total %s, %d gaps", len(m.Rows), len(m.Columns), m.Foot.Total, gaps)
	}
	for c, foot := range m.Foot.Cells {
		var sum int64
		for _, r := range m.Rows {
			sum += r.Cells[c].N
		}
		if sum != foot.N {
			t.Errorf("%s sums to %d, not %d", m.Columns[c], sum, foot.N)
		}
	}
}

func TestBasesFollowAMergedHost(t *testing.T) { // R57
	w := open(t)
	w.create(w.base("990203109", "国防", w.plaque("9902", "2015-01-01", "")))
	must(t, w.org.Merge(w.ctx, []id.ID{w.units["990203109"].ID}, w.units["990203013"].ID, "2016-09-01", "云关委〔2016〕9号"))
	w.wants("base.accredited", "990203013", today, 1)
	p, err := w.s.List(w.ctx, base.Filter{Unit: w.units["990203013"], Standing: today})
	must(t, err)
	if p.Total != 1 {
		t.Errorf("the heir's list has %d", p.Total)
	}
	r := p.Rows[0]
	must(t, w.s.Inspect(w.as("990203013"), r.Ref(), 1, base.Check{Year: 2019, Day: today, By: "柳春兰", Result: "pass"})) // and the heir keeps it
	must(t, w.org.Merge(w.ctx, []id.ID{w.units["990203013"].ID}, w.units["990204003"].ID, "2017-09-01", "云关委〔2017〕9号"))
	p, err = w.s.List(w.ctx, base.Filter{Unit: w.units["990204"], Standing: today})
	must(t, err)
	if p.Total != 1 {
		t.Errorf("the heir's heir's list has %d", p.Total)
	}
}
