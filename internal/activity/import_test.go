package activity

import (
	"bytes"
	"slices"
	"testing"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/record"
)

func (w *world) exported(unit string) string {
	w.Helper()
	var b bytes.Buffer
	w.must(w.rec.Export(w.as(unit), &b, Kind, "csv", w.units[unit].ID, "活动"))
	return b.String()
}

// upload0 reads a table as the operator, who may write for every town of the county.
func (w *world) upload0(rows string) record.Preview {
	w.Helper()
	p, err := w.rec.Upload(w.ctx, Kind, w.units["990203"].ID, "活动.csv", []byte(rows))
	w.must(err)
	return p
}

// A committee's own list comes in with columns in any order and Chinese dates, and goes out again.
func TestImportOwnList(t *testing.T) {
	w := open(t)
	hall := w.hall("990203", "云州法治馆", 0)
	who := w.volunteer("林育德", "稻香镇", "背景核查已过期")
	empty := w.exported("9902")
	p := w.upload0("活动主题,乡镇,活动时间,类型,主题,地点,受教育人数,参加对象,主讲,备注\n" +
		"法治宣讲,稻香镇,2019.5.10,主题宣讲,法治,云州法治馆,120,小学生,林育德,讲了三个案例\n" +
		"家长课堂,桥南镇,二〇一八年五月三日,报告会、座谈会,家庭教育,桥南社区,,家长30、小学生12,,\n" +
		"慰问,,2019年5月1日,visit,,各村,8,困境儿童,,\n")
	if len(p.Problems) != 0 || p.Count(record.Added) != 3 {
		t.Fatalf("%+v %+v", p.Lines, p.Problems)
	}
	if w.exported("9902") != empty {
		t.Fatal("a preview wrote something")
	}
	_, err := w.rec.Take(w.ctx, p.Ref, false)
	w.must(err)
	w.wants("9902", map[string]int64{"activity.held": 2, "activity.person_times": 128, "activity.at_base": 1})
	list, err := w.s.List(w.ctx, Filter{Unit: w.units["990203013"]})
	w.must(err)
	a, _ := w.get(list.Rows[0].Ref())
	if a.Stops[0].Base != hall || a.People[0].Volunteer != who || a.Day != "2019-05-10" || a.Entered != EnteredImport || a.Minors != 120 || a.Summary != "讲了三个案例" {
		t.Errorf("%+v", a)
	}
	has(t, w.fetch(w.site(w.as("990203")), "/activity/"+list.Rows[0].Ref().String(), 200), "还差这些") // taken as it is, and said what is missing
	if list, err = w.s.List(w.ctx, Filter{Unit: w.units["990203"], From: "2019-05-01", To: "2019-05-01"}); err != nil || len(list.Rows) != 1 || list.Rows[0].Lead != w.units["990203"].ID {
		t.Errorf("a row without a unit is the importing one's: %+v, %v", list, err)
	}
	// the same list again changes nothing, and what was exported comes back the same
	again := w.upload0(w.exported("990203"))
	if len(again.Problems) != 0 || again.Count(record.Same) != 3 {
		t.Errorf("%+v %+v", again.Lines, again.Problems)
	}
	w.must(w.rec.UndoImport(w.ctx, p.Ref))
	if w.exported("9902") != empty {
		t.Error("the undone import left something")
	}
}

func TestImportSaysWhatToChange(t *testing.T) {
	w := open(t)
	p := w.upload0("名称,乡镇,日期,类型,主题,地点,人次,对象\n" +
		"甲,稻香镇,2019-05-10,不知道,法治,村,8,小学生\n" +
		"乙,稻香镇,2019-05-10,主题宣讲,法治,村,9,小学生3、家长4\n" +
		"丙,稻香镇,2019-05-10,主题宣讲,法治,村,9,外星人\n" +
		"丁,没有的镇,2019-05-10,主题宣讲,法治,村,9,\n" +
		"戊,稻香镇,某月,主题宣讲,法治,村,9,\n" +
		"己,稻香镇,2019-05-10,主题宣讲,法治,,9,\n" +
		"庚,稻香镇,2019-05-10,主题宣讲,法治,村,9,\n" +
		"庚！,稻香镇,2019-05-10,主题宣讲,法治,村,10,\n")
	want := map[int]string{2: "type", 3: "count", 4: "group", 5: "unit", 6: "day", 7: "place", 9: "title"}
	for _, x := range p.Problems {
		if key, ok := want[x.Line]; ok {
			// A problem names the column as this table does ("名称"), not as ours do ("活动名称").
			for _, c := range columns {
				if c.key == key && x.Column != c.zh && x.Column != key && !slices.Contains(c.more, x.Column) {
					t.Errorf("row %d: %+v", x.Line, x)
				}
			}
			delete(want, x.Line)
		}
	}
	if len(want) != 0 || p.Count(record.Added) != 1 {
		t.Errorf("not said: %v; %+v", want, p.Problems)
	}
}

// What was exported comes back the same, with everything that a table holds.
func TestRoundTrip(t *testing.T) {
	w := open(t)
	hall := w.hall("990203", "云州法治馆", 0)
	w.create(w.ctx, with(w.lecture("990203013"), func(a *Activity) {
		a.Title, a.Series, a.Mode, a.Online, a.Stops, a.LastDay, a.Works, a.Awards = `=1+1"<b>,桥`, "learn_skills", Both, 7, []Stop{{Base: hall, Memorial: true}}, "2019-05-25", 3, 2
		a.Audience = []Audience{{"primary", 20}, {"parent", 5}}
		a.People = []Person{{Name: "沈国良", Role: "lecturer"}, {Name: "钱学诗", Role: "helper"}}
		a.Hosts = append(a.Hosts, Host{Unit: w.units["990203109"].ID})
		a.Summary = "两行\n小结"
	}))
	w.create(w.ctx, with(w.lecture("990203109"), func(a *Activity) { a.Status, a.Day = Planned, clock.Day("2019-07-01") }))
	w.create(w.ctx, with(w.lecture("990203109"), func(a *Activity) { a.Status, a.Day, a.CancelReason = Cancelled, "2019-07-02", "名单里写明取消" }))
	before := w.exported("990203")
	p := w.upload0(before)
	if len(p.Problems) != 0 || p.Count(record.Same) != 3 {
		t.Fatalf("%+v %+v\n%s", p.Lines, p.Problems, before)
	}
}
