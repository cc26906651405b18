package activity

import (
	"encoding/json"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/org"
)

// school founds the committee of a school below a town.
func (w *world) school(code, name, parent string) {
	w.Helper()
	w.must(w.org.FoundAll(w.ctx, []org.NewUnit{{Code: code, Name: name, Level: org.Campus, ParentCode: parent, From: "2010-01-01"}}))
	u, err := w.org.ByCode(w.ctx, code)
	w.must(err)
	w.units[code] = u
}

// R109: the host notes the classes on the activity's page; the school sees its classes' visits, whoever the host was, and
// nobody else's; what is odd is said at its field; a correction and an undo are followed.
func TestASchoolSeesItsClassesVisits(t *testing.T) {
	w := open(t)
	w.school("9902030131001", "稻香学校关工委", "990203013")
	w.school("9902031091001", "桥南学校关工委", "990203109")
	w.school("9907000011001", "临海学校关工委", "9907")
	town := w.as("990203013")
	ref := w.create(town, w.lecture("990203013"))
	h := w.site(town)
	form := func(school, classes string) url.Values {
		_, v := w.get(ref)
		return url.Values{"_key": {id.New().String()}, "_version": {strconv.FormatInt(v, 10)}, "school": {school}, "classes": {classes}, "credit": {"1.5"}, "lesson": {"周三第7节"}}
	}
	at := "/activity/" + ref.String() + "/classes"
	if page := w.fetch(h, at, 200); !strings.Contains(page, "稻香学校关工委") || strings.Contains(page, "桥南学校关工委") {
		t.Error("the form does not offer the schools of the host")
	}
	own := w.units["9902030131001"].ID.String()
	for name, bad := range map[string]struct {
		school, classes, says string
	}{
		"no number":        {own, "七年级2班", "第1行"},
		"twice":            {own, "七年级2班 20\n七年级2班 20", "写了两遍"},
		"more than came":   {own, "七年级2班 45\n七年级3班 16", "多于活动的总人数60"},
		"too many in one":  {own, "七年级2班 500", "1至200"},
		"none":             {own, "", "还没写参加的班级"},
		"no school":        {"", "七年级2班 20", "还没选学校"},
		"a town":           {w.units["990203109"].ID.String(), "七年级2班 20", "不是本市的学校"},
		"another city":     {w.units["9907000011001"].ID.String(), "七年级2班 20", "不是本市的学校"},
		"a number of none": {"12345", "七年级2班 20", "不是本市的学校"},
	} {
		if page := w.post(h, at, form(bad.school, bad.classes), 422); !strings.Contains(page, bad.says) || !strings.Contains(page, strings.Split(bad.classes, "\n")[0]) {
			t.Errorf("%s: not said, or what was typed is lost: %.300s", name, page[strings.Index(page, "<main"):])
		}
	}
	w.post(h, at, form(own, "七年级2班 30\n七年级（3）班：12人"), 303)
	w.post(h, at, form("桥南学校关工委", "八年级1班 18"), 303)
	if a, _ := w.get(ref); len(a.Schools) != 2 || a.Schools[0].Credit != 15 || a.Schools[0].Classes[1] != (SchoolClass{"七年级（3）班", 12}) {
		t.Fatalf("kept %+v", a.Schools)
	}
	visits := func(code, reader string) string {
		list, err := w.s.Visits(w.as(reader), w.units[code], clock.YearOf(2019))
		w.must(err)
		var out []string
		for _, v := range list {
			out = append(out, v.Class+" "+strconv.FormatInt(v.Heads, 10))
		}
		return strings.Join(out, ", ")
	}
	for _, want := range []struct{ unit, reader, list string }{
		{"9902030131001", "9902030131001", "七年级2班 30, 七年级（3）班 12"},
		{"9902031091001", "9902031091001", "八年级1班 18"},
		{"990203", "990203", "七年级2班 30, 七年级（3）班 12, 八年级1班 18"},
		{"990203", "9902031091001", "八年级1班 18"}, // of a county, a school sees its own
		{"990204", "990204", ""},
		{"9902030131001", "990204", ""},
	} {
		if got := visits(want.unit, want.reader); got != want.list {
			t.Errorf("%s asked by %s: %q, want %q", want.unit, want.reader, got, want.list)
		}
	}
	other := w.site(w.as("9902031091001")) // a school that hosts nothing
	page := w.fetch(other, "/activity/classes", 200)
	for _, words := range []string{"八年级1班", "法治宣讲", "周三第7节", "1.5"} {
		has(t, page, words)
	}
	if strings.Contains(page, "七年级") || strings.Contains(page, "/activity/"+ref.String()) {
		t.Error("a school is shown others' classes, or led to a page that is closed to it")
	}
	w.fetch(other, "/activity/"+ref.String(), 404)
	if csv := w.fetch(other, "/activity/classes?format=csv", 200); !strings.Contains(csv, "桥南学校关工委,八年级1班,2019-05-24,法治宣讲") {
		t.Errorf("csv: %s", csv)
	}
	var api struct {
		Visits []struct {
			School, Class string
			Pupils        int64
			Credit        int64 `json:"credit_tenths"`
		}
	}
	w.must(json.Unmarshal([]byte(w.fetch(other, "/api/v1/activities/classes", 200)), &api))
	if len(api.Visits) != 1 || api.Visits[0].School != "9902031091001" || api.Visits[0].Class != "八年级1班" || api.Visits[0].Pupils != 18 || api.Visits[0].Credit != 15 {
		t.Errorf("api: %+v", api)
	}
	has(t, w.fetch(h, "/activity/"+ref.String(), 200), "七年级（3）班12人")
	has(t, w.fetch(h, "/activity/"+ref.String(), 200), "每人1.5学时")

	w.post(h, at, form(own, "七年级2班 31"), 303)
	if got := visits("9902030131001", "9902030131001"); got != "七年级2班 31" {
		t.Errorf("after a correction %q", got)
	}
	_, v := w.get(ref)
	w.must(w.s.Undo(town, ref, v))
	if got := visits("9902030131001", "9902030131001"); got != "七年级2班 30, 七年级（3）班 12" {
		t.Errorf("after the undo %q", got)
	}
	w.post(h, at, form(own, ""), 303)
	if got := visits("9902030131001", "9902030131001"); got != "" {
		t.Errorf("taken out, still %q", got)
	}
	a, v := w.get(ref)
	w.kind(w.s.SetClasses(w.as("9902031091001"), ref, v, School{Unit: w.units["9902031091001"].ID, Classes: []SchoolClass{{"八年级1班", 60}}}), errs.NotFound)
	w.says(w.s.Save(town, ref, v, with(a, func(a *Activity) { a.Audience[0].Count = 10 }), record0("edit")), "classes", "18", "10")
	w.must(w.s.Remove(town, ref, v, "没有举办"))
	if got := visits("9902031091001", "9902031091001"); got != "" {
		t.Errorf("removed, still %q", got)
	}
}

// R109: a credit adds up for who came each time, school by school.
func TestCreditsAddUp(t *testing.T) {
	got := sumVisits([]Visit{{Unit: 2, Class: "一班", Heads: 30, Credit: 15}, {Unit: 1, Class: "一班", Heads: 20}, {Unit: 2, Class: "一班", Heads: 28, Credit: 5}})
	if len(got) != 2 || got[1] != (classSum{2, "一班", 2, 58, 20}) || got[0] != (classSum{1, "一班", 1, 20, 0}) {
		t.Fatalf("%+v", got)
	}
	if s := tenths(15) + " " + tenths(20); s != "1.5 2" {
		t.Error(s)
	}
}
