package base_test

import (
	"bytes"
	"strings"
	"testing"

	"xinhuo/internal/base"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/record"
)

const header = "编号,名称,所在单位（代码或名称）,类别,其他类别,运行方式,容纳人数,授牌级别,授牌单位,授牌日期,撤牌日期,状态,文号\n"

func (w *world) upload(rows string) record.Preview {
	w.t.Helper()
	p, err := w.rec.Upload(w.ctx, base.Kind, w.units["9902"].ID, "阵地.csv", []byte(header+rows))
	must(w.t, err)
	return p
}

func (w *world) exported(format string) string {
	w.t.Helper()
	var b bytes.Buffer
	must(w.t, w.rec.Export(w.ctx, &b, base.Kind, format, w.units["9902"].ID, "阵地"))
	return b.String()
}

func TestRowsOfOneCodeAreOneBase(t *testing.T) {
	w := open(t)
	before, empty := w.picture(), w.exported("csv")
	p := w.upload("A1,学农园,稻香镇,法制,国防、劳动技能,他建他管,120,市级,云州市,2016-01-01,,已授牌,云1号\n" +
		"A1,学农园,990203013,法治,,other,,省级,市委宣传部,2017/3/1,2018年3月1日,,宣1号\n" +
		"A2,读书屋,,国防,,self,,,,,,,\n")
	if len(p.Problems) != 0 || p.Count(record.Added) != 2 || p.Count(record.Changed) != 1 {
		t.Fatalf("%+v %+v", p.Lines, p.Problems)
	}
	if got := w.exported("csv"); got != empty {
		t.Fatal("a preview wrote something")
	}
	_, err := w.rec.Take(w.ctx, p.Ref, false)
	must(t, err)
	w.wants("base.accredited", "990203013", today, 1)
	_, b, _, err := w.s.ByCode(w.ctx, 9902, "A1")
	must(t, err)
	if len(b.Accreditations) != 2 || b.RunMode != base.Other || b.Category != "法治" || b.Accreditations[1].Issuer.Name != "市委宣传部" || b.Accreditations[1].RevokedOn != "2018-03-01" {
		t.Errorf("%+v", b)
	}
	must(t, w.rec.UndoImport(w.ctx, p.Ref))
	if w.picture() != before || w.exported("csv") != empty {
		t.Error("the undone import left something")
	}
}

func TestWhatWasExportedComesBackTheSame(t *testing.T) {
	w := open(t)
	rich := w.base("990203013", "国防", w.plaque("9902", "2015-01-01", ""), w.plaque("99", "2016-01-01", "2018-01-01"))
	rich.Secondary, rich.Address, rich.Hours, rich.Capacity, rich.AreaM2 = []string{"法治", "劳动技能"}, "稻香村18号", "周二至周日9:00–16:30", 120, 800
	rich.Contact, rich.Phone, rich.Name = "沈国良", "0500-555 0188", `=1+1"<b>,桥`
	sub := w.plaque("9902", clock.Open, "")
	sub.Status = base.Submitted
	rich.Accreditations = append(rich.Accreditations, sub, base.Accreditation{Level: "county", Issuer: base.Body{Name: "县文化局"}, GrantedOn: "2014-01-01", Status: base.Granted})
	w.create(rich)
	w.create(w.base("990204", "法治"))
	for _, format := range []string{"csv", "xlsx"} {
		data := w.exported(format)
		p, err := w.rec.Upload(w.ctx, base.Kind, w.units["9902"].ID, "阵地."+format, []byte(data))
		must(t, err)
		if len(p.Problems) != 0 || p.Count(record.Same) != 5 {
			t.Errorf("%s: %+v %+v", format, p.Lines, p.Problems)
		}
		if w.exported(format) != data {
			t.Errorf("%s: two exports differ", format)
		}
	}
}

func TestBadRowsAreNamedAtTheirCell(t *testing.T) {
	w := open(t)
	p := w.upload("A1,甲,没有这个镇,国防,,self,,,,,,,\n" +
		"A2,乙,9907,国防,,self,,,,,,,\n" +
		"A3,丙,990203013,国防,,self,,市级,云州市,2019-02-30,,,\n" +
		"A4,丁,990203013,国防,,self,,市级,云州市,2018-01-01,2017-01-01,,\n" +
		"A5,戊,990203013,烹饪,,self,,,,,,,\n" +
		"A6,己,990203013,国防,,self,很多,,,,,,\n" +
		"A7,庚,990203013,国防,,self,,,云州市,2018-01-01,,,\n" +
		",辛,990203013,国防,,self,,,,,,,\n" +
		"A9,壬,990203013,国防,,self,60,市级,云州市,2018-01-01,,,\n")
	want := map[int]string{2: "所在单位", 3: "所在单位", 4: "授牌日期", 5: "撤牌日期", 6: "类别", 7: "容纳人数", 8: "授牌级别", 9: "编号"}
	for _, pr := range p.Problems {
		if !strings.HasPrefix(pr.Column, want[pr.Line]) || want[pr.Line] == "" {
			t.Errorf("line %d: %q %s", pr.Line, pr.Column, pr.Code)
		}
		delete(want, pr.Line)
	}
	if len(want) != 0 || p.Count(record.Added) != 1 {
		t.Errorf("not said: %v; good: %+v", want, p.Lines)
	}
	if _, err := w.rec.Take(w.ctx, p.Ref, false); err == nil {
		t.Fatal("taken with bad rows")
	}
	_, err := w.rec.Take(w.ctx, p.Ref, true)
	must(t, err)
	w.wants("base.accredited", "9902", today, 1)
}
