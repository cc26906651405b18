package base_test

import (
	"bytes"
	"strings"
	"testing"

	"xinhuo/internal/base"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/i18n"
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
		",,990203013,国防,,self,,,,,,,\n" +
		"A9,壬,990203013,国防,,self,60,市级,云州市,2018-01-01,,,\n")
	want := map[int]string{2: "所在单位", 3: "所在单位", 4: "授牌日期", 5: "撤牌日期", 6: "类别", 7: "容纳人数", 8: "授牌级别", 9: "名称"}
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

// A committee's own list has no codes: the base gets one as it does on the form, and the same list sent again, or with a
// plaque more, is about the same bases.
func TestAListWithoutCodesMakesNoSecondRecord(t *testing.T) {
	w := open(t)
	list := ",学农园,稻香镇,国防,,他建他管,,市级,云州市,2016-01-01,,,\n,读书屋,稻香镇,国防,,自建自管,,,,,,,\n"
	p := w.upload(list)
	if len(p.Problems) != 0 || p.Count(record.Added) != 2 {
		t.Fatalf("%+v %+v", p.Lines, p.Problems)
	}
	_, err := w.rec.Take(w.ctx, p.Ref, false)
	must(t, err)
	whole := w.exported("csv")
	if p = w.upload(list); len(p.Problems) != 0 || p.Count(record.Same) != 2 {
		t.Errorf("the same list again: %+v %+v", p.Lines, p.Problems)
	}
	if p = w.upload(",学农园,稻香镇,国防,,,,省级,市委宣传部,2018-01-01,,,\n,学农园,990204,国防,,自建自管,,,,,,,\n"); len(p.Problems) != 1 || p.Problems[0].Line != 2 {
		t.Errorf("a missing way of running: %+v %+v", p.Lines, p.Problems)
	}
	if p = w.upload(",学农园,稻香镇,国防,,他建他管,,省级,市委宣传部,2018-01-01,,,\n,学农园,990204,国防,,自建自管,,,,,,,\n"); p.Count(record.Changed) != 1 || p.Count(record.Added) != 1 {
		t.Errorf("another plaque, and a base of another unit: %+v %+v", p.Lines, p.Problems)
	}
	if w.exported("csv") != whole {
		t.Error("a preview wrote something")
	}
	if p = w.upload("Z1,学农园,稻香镇,国防,,自建自管,,,,,,,\n,学农园,稻香镇,国防,,自建自管,,,,,,,\n"); len(p.Problems) != 1 || p.Problems[0].Line != 3 || p.Problems[0].Column != "编号" {
		t.Errorf("two bases of one name: %+v %+v", p.Lines, p.Problems)
	}
}

// A table is often sent on to somebody who reads the other language.
func TestATableOfTheOtherLanguageIsRead(t *testing.T) {
	w := open(t)
	w.create(w.base("990203013", "国防", w.plaque("9902", "2015-01-01", "")))
	zh, ctx := w.exported("csv"), w.ctx
	w.ctx = i18n.With(ctx, w.words, "en")
	en := w.exported("csv")
	if zh == en {
		t.Fatal("both exports have the same titles")
	}
	for _, lang := range i18n.Langs {
		w.ctx = i18n.With(ctx, w.words, lang)
		for name, data := range map[string]string{"zh": zh, "en": en, "keys": "code,name,host,category,run_mode\nK1,甲,990203013,国防,self\n"} {
			p, err := w.rec.Upload(w.ctx, base.Kind, w.units["9902"].ID, "阵地.csv", []byte(data))
			must(t, err)
			if len(p.Problems) != 0 || len(p.Lines) != 1 {
				t.Errorf("%s table in a %s session: %+v %+v", name, lang, p.Lines, p.Problems)
			}
		}
	}
}

// A base with two plaques stands in two rows: what is corrected in one of them alone is kept, or asked about, never undone
// by the row that still says the old.
func TestACorrectionInOneOfSeveralRowsIsNotLost(t *testing.T) { // R194
	w := open(t)
	w.create(w.base("990203013", "国防", w.plaque("9902", "2015-01-01", ""), w.plaque("99", "2016-01-01", "2018-01-01")))
	whole := w.exported("csv")
	rows := strings.SplitAfter(whole, "\r\n")
	upload := func(rows ...string) record.Preview {
		p, err := w.rec.Upload(w.ctx, base.Kind, w.units["9902"].ID, "阵地.csv", []byte(strings.Join(rows, "")))
		must(t, err)
		return p
	}
	other := func(row string) string { return strings.Replace(row, "国防", "法治", 1) }
	if p := upload(rows[0], other(rows[1]), rows[2]); p.Count(record.Changed) != 1 || len(p.Problems) != 1 || p.Problems[0].Line != 3 || p.Problems[0].Column != "类别" {
		t.Errorf("corrected in the first row alone: %+v %+v", p.Lines, p.Problems)
	}
	for what, p := range map[string]record.Preview{"in the last row": upload(rows[0], rows[1], other(rows[2])), "in both": upload(rows[0], other(rows[1]), other(rows[2]))} {
		if p.Count(record.Changed) != 1 || len(p.Problems) != 0 {
			t.Errorf("corrected %s: %+v %+v", what, p.Lines, p.Problems)
		}
	}
}

// R77: an office has its own table, whose titles are not ours; "主类别", as the pages call it, was unknown.
func TestAnOfficesOwnTitlesAreUnderstood(t *testing.T) {
	w := open(t)
	p, err := w.rec.Upload(w.ctx, base.Kind, w.units["990203"].ID, "阵地.csv", []byte("基地名称,乡镇,主类别,管理方式,牌级,命名单位,命名时间,命名文号,负责人\n"+
		"柳河革命旧址,稻香镇,爱国主义,自建自管,县级,南江区,2016-05-01,南关委〔2016〕1号,魏老师\n"))
	must(t, err)
	if p.Count(record.Added) != 1 || len(p.Problems) != 0 {
		t.Fatalf("%+v", p.Problems)
	}
	if _, err := w.rec.Take(w.ctx, p.Ref, false); err != nil {
		t.Fatal(err)
	}
	list, err := w.s.List(w.ctx, base.Filter{Unit: w.units["990203"], Text: "柳河"})
	must(t, err)
	if len(list.Rows) != 1 || list.Rows[0].TopLevel != "county" || list.Rows[0].LastGranted != "2016-05-01" {
		t.Errorf("%+v", list.Rows)
	}
}
