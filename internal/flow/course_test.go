package flow_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"xinhuo/internal/flow"
	"xinhuo/internal/kit/db"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/testkit"
)

// placed lets the fixture's addresses name its units.
func (f *fixture) placed() *fixture {
	f.s.SetPlaces(f.unit)
	return f
}

func (f *fixture) unit(ctx context.Context, ref string) (flow.Unit, error) {
	for u, n := range f.tree {
		if n.name == ref || u.String() == ref || ref == "" && u == scope.From(ctx).Unit {
			return flow.Unit{ID: u, Name: n.name, Range: scope.Range{From: n.pos, To: n.pos + n.span}}, nil
		}
	}
	return flow.Unit{}, errs.New(errs.NotFound, "errs.not_found")
}

// correction is the form of the correction's course as it ships.
func correction(version string) url.Values {
	return url.Values{"_key": {"k" + version}, "_version": {version}, "days.asked": {"5"}, "count.asked": {"1"}, "who.asked": {"own"}, "also.asked": {"level.county"}}
}

// An administrator reads a course in words and changes days and roles; new cases take the new one, those under way keep
// theirs, and the change is in the log and on the page.
func TestACourseIsChangedOnAPage(t *testing.T) {
	f := open(t).placed()
	b := f.browser()
	running := f.begin("record.correction")
	page := testkit.HTML(t, b.get("city", "/courses").Body.String())
	page.MustHave("main", "更正复核")
	page.MustHave("main", "随系统带来的")
	page = testkit.HTML(t, b.get("city", "/courses/record.correction?unit=云州市").Body.String())
	page.MustHave("main", "本单位的另一人或所在县（市、区）的另一人")
	page.MustHave("main", "5个工作日")
	page.MustHave("main", "同意更正→已更正")
	page.MustHave("main", "撤回（送出的人）→已撤回")
	page.MustNotContain("flow.", "{{")

	page = testkit.HTML(t, b.get("city", "/courses/record.correction/change?unit=云州市").Body.String())
	page.MustHave(`input[name="days.asked"][value="5"]`, "")
	page.MustHave(`select[name="who.asked"] option[selected]`, "本单位")
	version := page.All(`input[name="_version"]`)[0].Attr("value")
	form := correction(version)
	form.Set("days.asked", "3661")
	form.Set("who.asked", "")
	w := b.post("city", "/courses/record.correction/change?unit=云州市", form)
	if w.Code != http.StatusUnprocessableEntity {
		t.Fatalf("a state without anybody: %d", w.Code)
	}
	page = testkit.HTML(t, w.Body.String())
	page.MustHave(".errsum", "这一步才有人办")
	page.MustHave(`input[name="days.asked"][value="3661"]`, "")

	form = correction(version)
	form.Set("days.asked", "2")
	form.Set("also.asked", "level.city")
	if w = b.post("city", "/courses/record.correction/change?unit=云州市", form); w.Code != http.StatusSeeOther {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	page = testkit.HTML(t, b.get("city", "/courses/record.correction?unit=云州市").Body.String())
	page.MustHave("main", "2个工作日")
	page.MustHave("main", "林素云改定，现在照它办")
	def, err := f.s.DefinitionAt(f.ctx, "record.correction", f.tree[town].pos)
	if err != nil || len(def.States[0].Wait) != 2 || def.States[0].Wait[1] != (flow.Who{At: flow.AtLevel, Level: "city", Other: true}) {
		t.Errorf("the second pair of eyes: %+v %v", def.States[0].Wait, err)
	}
	if c := f.begin("record.correction"); c.DueDay != "2019-06-04" {
		t.Errorf("a new case is due %s", c.DueDay)
	}
	if def, err = f.s.DefinitionOf(f.ctx, running); err != nil || def.States[0].Days != 5 {
		t.Errorf("the running case has %d days, %v", def.States[0].Days, err)
	}
	log, err := db.Get[string](f.ctx, f.db, `SELECT detail FROM audit_entry WHERE act = 'flow.define' AND refused = 0`)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(log, "asked.days: 5") {
		t.Errorf("the log says %s", log)
	}

	// somebody was faster
	form = correction(version)
	form.Set("_key", "again")
	w = b.post("city", "/courses/record.correction/change?unit=云州市", form)
	testkit.HTML(t, w.Body.String()).MustHave(".errsum", "别人刚改过这个流程")

	// the county below sees whose it is; the next city and a reader see nothing of it
	testkit.HTML(t, b.get("county", "/courses").Body.String()).MustHave("main", "云州市定的")
	for _, role := range []string{"elsewhere", "sibling", "reader", "anonymous"} {
		if err := f.s.ChangeCourse(scope.With(f.ctx, f.actors[role]), flow.Unit{ID: city, Range: scope.Range{From: f.tree[city].pos, To: f.tree[city].pos + f.tree[city].span}},
			"record.correction", version, flow.Change{}); !errs.Is(err, errs.NotFound) {
			t.Errorf("%s changes it: %v", role, err)
		}
	}

	// it goes with the unit to another place, and is taken back
	n := f.tree[city]
	n.pos = 9908000000000
	f.tree[city] = n
	if err := f.s.Moved(f.as("system"), city, 0, n.pos); err != nil {
		t.Fatal(err)
	}
	if def, err = f.s.DefinitionAt(f.ctx, "record.correction", n.pos+1); err != nil || def.States[0].Days != 2 {
		t.Errorf("after the move: %d days, %v", def.States[0].Days, err)
	}
	f.actors["city"] = f.tree.clerk(104, "林素云", city)
	page = testkit.HTML(t, b.get("city", "/courses/record.correction?unit=云州市").Body.String())
	action, back := b.fill(page, "恢复原有流程")
	if w = b.post("city", action, back); w.Code != http.StatusSeeOther {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	page = testkit.HTML(t, b.get("city", "/courses/record.correction?unit=云州市").Body.String())
	page.MustHave("main", "5个工作日")
	page.MustHave("main", "林素云改定，用到")
}

// What would leave a state without somebody who acts, or give the clock a reason to type, is refused at the field.
func TestAChangeOfACourseKeepsItWhole(t *testing.T) {
	defs, err := flow.Shipped()
	if err != nil {
		t.Fatal(err)
	}
	d := defs["base.accreditation"]
	own, state := []flow.Who{{At: flow.AtOwn}}, func(k string, c flow.StateChange) flow.Change {
		return flow.Change{States: map[string]flow.StateChange{k: c}}
	}
	months := 0
	for i, tr := range d.Transitions {
		if tr.AfterMonths > 0 {
			months = i
		}
	}
	for what, ch := range map[string]flow.Change{
		"nobody waits":     state("applied", flow.StateChange{Days: 5}),
		"too many days":    state("applied", flow.StateChange{Days: 4000, Wait: own}),
		"an end with days": state("refused", flow.StateChange{Days: 5}),
		"an unknown level": state("applied", flow.StateChange{Days: 5, Wait: []flow.Who{{At: flow.AtLevel, Level: "moon"}}}),
		"no month":         {Acts: map[int]flow.ActChange{months: {Who: own}}},
	} {
		if _, err := d.With(ch); !errs.Is(err, errs.Invalid) {
			t.Errorf("%s: %v", what, err)
		}
	}
	next, err := d.With(flow.Change{States: map[string]flow.StateChange{"applied": {Days: 7, Wait: own}}, Acts: map[int]flow.ActChange{months: {Who: own, AfterMonths: 6}}})
	if err != nil {
		t.Fatal(err)
	}
	if tr := next.Transitions[months]; tr.AfterMonths != 6 || len(tr.Who) != 2 || tr.Who[0].At != flow.AtClock || tr.Who[1].At != flow.AtOwn {
		t.Errorf("the clock's step is %+v", tr)
	}
	if d.States[0].Days != 15 || d.Transitions[months].AfterMonths != 12 {
		t.Error("the course that was read changed with it")
	}
}

// A task that is late says by how many days, and a substitute sees for whom it is done and does it from the list.
func TestASubstituteDoesALateTaskFromTheList(t *testing.T) {
	f := open(t)
	f.people.list = []flow.Person{{Account: 105, Name: "邹广成", Unit: sibling}}
	f.s.SetPeople(f.people)
	c := f.begin("record.correction")
	f.day(c.DueDay.AddDays(3))
	if err := f.s.SetSubstitute(f.as("colleague"), 105, c.DueDay, c.DueDay.AddDays(30)); err != nil {
		t.Fatal(err)
	}
	b := f.browser()
	page := testkit.HTML(t, b.get("sibling", "/inbox").Body.String())
	page.MustHave("#now", "超3天")
	page.MustHave("#now", "代何德旺办")
	action, form := b.fill(page, "同意更正")
	if w := b.post("sibling", action, form); w.Code != http.StatusSeeOther {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	page = testkit.HTML(t, b.get("asker", "/flow/"+c.Ref().String()).Body.String())
	page.MustHave("main", "邹广成（代何德旺）")
}
