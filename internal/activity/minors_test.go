package activity

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/web"
	"xinhuo/internal/record"
	"xinhuo/internal/seal"
)

// R133: a camp does not open while somebody on its sealed list lacks a guardian's consent or insurance; it says how many and
// names nobody. The names are read where they were entered, and from above not at all.
func TestCampList(t *testing.T) {
	w := open(t)
	ctx := w.as("990203013")
	ref := w.create(ctx, Activity{Hosts: []Host{{Unit: w.units["990203013"].ID}}, Title: "红色夏令营", Type: "camp", Topic: "patriotism", Day: "2019-07-10", LastDay: "2019-07-14", From: "08:00", To: "17:00", Mode: Face,
		Stops: []Stop{{Place: "云州营地", Venue: "other"}}, Audience: []Audience{{"junior", 2}}, Responsible: "周文琴", Phone: "0500-555 0101", Status: Planned})
	w.must(w.s.SetSafety(ctx, ref, 1, Safety{Plan: "白天两人一组", Risks: Risks, Emergency: "陈老师", SignedBy: "周文琴", SignedOn: "2019-05-30", Insurance: "平江财险01号", Staff: 1}))
	w.says(w.s.Publish(ctx, ref, 2), "minors", "2名", "0名") // however many papers somebody counts
	const name = "陈小满zksealed"
	w.must(w.s.AddMinor(ctx, ref, Minor{Name: name, Guardian: "陈大山", Phone: "13900000001", Contact: "陈二姑", ContactPhone: "13900000011", Consented: today, Form: "paper", Insured: true}))
	w.says(w.s.Publish(ctx, ref, 2), "minors", "2名", "1名")

	w.says(w.s.AddMinor(ctx, ref, Minor{Name: "林小禾", Guardian: "林海", Phone: "没有", Contact: "林小姑", ContactPhone: "13900000012"}), "guardian_phone", "要有号码")

	h := w.site(ctx)
	key, at := web.NewKey(), "/activity/"+ref.String()
	for range 2 { // sent twice
		w.post(h, at+"/minor", url.Values{"_key": {key}, "_version": {"2"}, "minor_name": {"林小禾"}, "guardian": {"林海"}, "guardian_phone": {"13900000002"}, "contact": {"林小姑"}, "contact_phone": {"13900000012"}, "form": {"paper"}}, http.StatusSeeOther)
	}
	err := w.s.Publish(ctx, ref, 2)
	w.says(err, "minors", "1名", "监护人")
	if strings.Contains(err.Error(), "林小禾") {
		t.Errorf("the refusal names a child: %v", err)
	}
	list := w.fetch(h, at+"/minors", http.StatusOK)
	for _, word := range []string{name, "陈大山", "13900000001", "陈二姑", "13900000011", "林小禾"} {
		if !strings.Contains(list, word) {
			t.Errorf("the keeper's list lacks %s", word)
		}
	}
	for path, code := range map[string]int{at + "/minors": http.StatusForbidden, at + "/withdraw": http.StatusForbidden, at: http.StatusOK, at + "/known": http.StatusOK} {
		if page := w.fetch(w.site(w.as("990203")), path, code); strings.Contains(page, name) {
			t.Errorf("%s names the child to the county", path)
		}
	}
	_, rows, err := w.s.Minors(ctx, ref)
	w.must(err)
	for _, r := range rows {
		if r.Fields["name"] != name {
			w.must(w.s.seal.Erase(ctx, minorsOf(ref, Activity{Hosts: []Host{{Unit: w.units["990203013"].ID}}}), r.Ref, seal.Mistyped, "登记错了"))
		}
	}
	w.must(w.s.AddMinor(ctx, ref, Minor{Name: "周禾", Guardian: "周树", Phone: "13900000003", Contact: "周三伯", ContactPhone: "13900000013", Consented: today, Form: "electronic", Insured: true}))
	w.must(w.s.Publish(ctx, ref, 2))
	w.must(w.s.WithdrawMinor(ctx, ref, rows[0].Ref, toCamp))
	if page := w.fetch(h, at, http.StatusOK); !strings.Contains(page, "还有1名营员没有监护人同意") {
		t.Error("a withdrawal does not stand on the page")
	}
}

// camp enters a planned camp of hosts with a signed plan.
func (w *world) camp(ctx context.Context, minors int64, hosts ...Host) id.Ref {
	w.Helper()
	ref := w.create(ctx, Activity{Hosts: hosts, Title: "红色夏令营", Type: "camp", Topic: "patriotism", Day: "2019-07-10", LastDay: "2019-07-14", From: "08:00", To: "17:00", Mode: Face,
		Stops: []Stop{{Place: "云州营地", Venue: "other"}}, Audience: []Audience{{"junior", minors}}, Responsible: "周文琴", Phone: "0500-555 0101", Status: Planned})
	w.must(w.s.SetSafety(ctx, ref, 1, Safety{Plan: "白天两人一组", Risks: Risks, Emergency: "陈老师", SignedBy: "周文琴", SignedOn: "2019-05-30", Insurance: "平江财险01号", Staff: 3}))
	return ref
}

// child is somebody who comes with all that is asked.
func child(name string) Minor {
	return Minor{Name: name, Guardian: name + "的妈妈", Phone: "13900000001", Contact: name + "的舅舅", ContactPhone: "13900000002", Consented: today, Form: "paper", Insured: true}
}

// R133: neither a page nor a program opens or reports a camp without its list; each child has somebody else to call.
func TestNoCampWithoutItsList(t *testing.T) {
	w := open(t)
	ctx := w.as("990203013")
	ref := w.camp(ctx, 1, Host{Unit: w.units["990203013"].ID})
	a, _ := w.get(ref)
	for _, status := range []Status{Open, Held} {
		b := with(a, func(a *Activity) { a.Status, a.Code = status, "" })
		if status == Held {
			b.Day, b.LastDay, b.Safety.SignedOn = "2019-05-20", "2019-05-22", "2019-05-01"
		}
		_, err := w.s.Create(ctx, b, created)
		w.says(err, "minors", "0名")
		b.Code = a.Code
		w.says(w.s.Save(ctx, ref, 2, b, created), "minors", "0名")
	}
	lone := child("陈小满")
	lone.ContactPhone = lone.Phone
	w.says(w.s.AddMinor(ctx, ref, lone), "contact_phone", "另一个号码")
	lone.Contact, lone.ContactPhone = "", ""
	err := w.s.AddMinor(ctx, ref, lone)
	w.says(err, "contact", "紧急联系人")
	w.says(err, "contact_phone", "电话")
	w.must(w.s.AddMinor(ctx, ref, child("陈小满")))
	w.must(w.s.Publish(ctx, ref, 2))
	w.now = w.now.AddDate(0, 2, 0)
	w.must(w.s.Finish(ctx, ref, 3, Outcome{Audience: []Audience{{"junior", 5}}})) // one child on five days
}

// R133: whoever co-hosts a camp reads the list to which it adds, by page and by program, from the day it has agreed and no
// longer than it hosts; a host that was only asked does not.
func TestCoHostsReadTheList(t *testing.T) {
	w := open(t)
	lead, other := w.as("990203013"), w.as("990203109")
	ref := w.camp(lead, 2, Host{Unit: w.units["990203013"].ID}, Host{Unit: w.units["990203109"].ID})
	w.must(w.s.AddMinor(lead, ref, child("陈小满")))
	list, api := "/activity/"+ref.String()+"/minors", "/api/v1/activities/"+ref.String()+"/minors"
	for _, path := range []string{list, api} {
		if page := w.fetch(w.site(other), path, http.StatusForbidden); strings.Contains(page, "陈小满") {
			t.Errorf("%s names a child to a unit that was only asked", path)
		}
	}
	w.kind(w.s.AddMinor(other, ref, child("林小禾")), errs.Forbidden)
	w.must(w.s.Answer(other, ref, 2, w.units["990203109"].ID, true))
	w.must(w.s.AddMinor(other, ref, child("林小禾")))
	for _, who := range []context.Context{lead, other} {
		for _, path := range []string{list, api} {
			page := w.fetch(w.site(who), path, http.StatusOK)
			for _, word := range []string{"陈小满", "陈小满的舅舅", "林小禾", "13900000002"} {
				if !strings.Contains(page, word) {
					t.Errorf("%s lacks %s", path, word)
				}
			}
		}
	}
	if out := w.fetch(w.site(other), api, http.StatusOK); !strings.Contains(out, `"contact":"林小禾的舅舅"`) || !strings.Contains(out, `"consented":"2019-05-31","form":"paper","insured":true`) {
		t.Error(out)
	}
	for _, code := range []string{"990203", "9902"} {
		w.fetch(w.site(w.as(code)), list, http.StatusForbidden)
		w.fetch(w.site(w.as(code)), api, http.StatusForbidden)
	}
	a, v := w.get(ref)
	w.must(w.s.Save(lead, ref, v, with(a, func(a *Activity) { a.Hosts = a.Hosts[:1] }), created))
	w.fetch(w.site(other), list, http.StatusNotFound)
}

// Whoever stands above the lead, and may enter for it, does not come to its list by making their own unit a host: neither by saving the record, nor
// by joining, nor by answering for the lead. Once the lead's own people have saved it with the new host, that one reads.
func TestFromAboveNobodyBecomesAReader(t *testing.T) {
	w := open(t)
	lead, chief := w.as("990203013"), scope.From(w.as("9902"))
	chief.WorkSet = chief.ViewSet // as a post gives it
	above := scope.With(w.ctx, chief)
	unit, city := w.units["990203013"].ID, w.units["9902"].ID
	camp := func() (id.Ref, string) {
		ref := w.camp(lead, 2, Host{Unit: unit})
		w.must(w.s.AddMinor(lead, ref, child("陈小满")))
		return ref, "/activity/" + ref.String() + "/minors"
	}
	shut := func(how, path string) {
		t.Helper()
		if page := w.fetch(w.site(above), path, http.StatusForbidden); strings.Contains(page, "陈小满") {
			t.Errorf("%s: the city reads the list", how)
		}
	}
	saved, list := camp()
	a, v := w.get(saved)
	w.must(w.s.Save(above, saved, v, with(a, func(a *Activity) { a.Hosts = append(slices.Clone(a.Hosts), Host{Unit: city}) }), created))
	shut("saved", list)
	joined, path := camp()
	w.must(w.s.Join(above, joined, city))
	shut("joined", path)
	asked, path := camp()
	w.must(w.s.Join(w.as("990203109"), asked, w.units["990203109"].ID)) // a neighbour asks
	_, v = w.get(asked)
	w.must(w.s.Answer(above, asked, v, w.units["990203109"].ID, true)) // and is let in by somebody above
	w.fetch(w.site(w.as("990203109")), path, http.StatusForbidden)
	a, v = w.get(saved)
	w.must(w.s.Save(above, saved, v, with(a, func(a *Activity) { a.Title = "改过的名称" }), created))
	shut("saved again", list)
	a, v = w.get(saved)
	w.must(w.s.Save(lead, saved, v, with(a, func(a *Activity) { a.Title = "乡里改过的名称" }), created))
	w.fetch(w.site(above), list, http.StatusOK)
	// entered by the city for the township, the city among the hosts from the first
	begun := w.camp(above, 2, Host{Unit: unit}, Host{Unit: city})
	w.must(w.s.AddMinor(lead, begun, child("陈小满")))
	shut("begun", "/activity/"+begun.String()+"/minors")
	a, v = w.get(begun)
	w.must(w.s.Save(lead, begun, v, with(a, func(a *Activity) { a.Title = "乡里看过的" }), created))
	w.fetch(w.site(above), "/activity/"+begun.String()+"/minors", http.StatusOK)
}

// R133: the list of a camp is erased so many days after it as the city says, the list of one that was taken out or undone once
// nobody can bring it back; the camp stays reported, and asks for no list that was there.
func TestListsEnd(t *testing.T) {
	w := open(t)
	ctx := w.as("990203013")
	unit := w.units["990203013"]
	live := func(ref id.Ref) int64 {
		t.Helper()
		n, err := w.s.seal.Counts(ctx, seal.Owner{Kind: minorKind, Of: ref, Unit: unit.ID})
		w.must(err)
		return n.Records
	}
	daily := func() {
		t.Helper()
		for range 2 {
			_, err := w.s.Daily(w.ctx)
			w.must(err)
		}
	}
	held, undone, turned := w.camp(ctx, 1, Host{Unit: unit.ID}), w.camp(ctx, 1, Host{Unit: unit.ID}), w.camp(ctx, 1, Host{Unit: unit.ID})
	for _, ref := range []id.Ref{held, undone, turned} {
		w.must(w.s.AddMinor(ctx, ref, child("陈小满")))
	}
	w.must(w.s.Remove(ctx, undone, 2, "登记错了"))
	a, v := w.get(turned)
	w.must(w.s.Save(ctx, turned, v, with(a, func(a *Activity) { a.Type = "lecture" }), created))
	daily()
	if live(undone) != 1 || live(turned) != 1 {
		t.Error("erased while it could still be brought back")
	}
	w.must(w.s.Undo(ctx, undone, 3))
	w.must(w.s.Remove(ctx, undone, 4, "登记错了"))
	w.now = w.now.Add(record.UndoFor)
	daily()
	if live(undone) != 0 || live(turned) != 0 || live(held) != 1 {
		t.Errorf("%d of one taken out, %d of one that is no camp any longer, %d of one to come", live(undone), live(turned), live(held))
	}
	w.must(w.s.Publish(ctx, held, 2))
	w.now = w.now.AddDate(0, 2, 0)
	w.must(w.s.Finish(ctx, held, 3, Outcome{Audience: []Audience{{"junior", 5}}}))
	w.must(w.s.SetLimits(w.as("9902"), w.units["9902"], Limits{Minors: 100, CampRatio: 15, Keep: 30, KeepIncident: 1095}))
	w.now = clock.Day("2019-08-13").Time()
	daily()
	if live(held) != 1 {
		t.Error("erased on its last day")
	}
	w.now = w.now.AddDate(0, 0, 1) // 30 days after the 14th of July
	daily()
	if live(held) != 0 {
		t.Error("kept longer than the city says")
	}
	page := w.fetch(w.site(ctx), "/activity/"+held.String(), http.StatusOK)
	if strings.Contains(page, "登记全部营员") {
		t.Error("it asks for the list again")
	}
	if list := w.fetch(w.site(ctx), "/activity/"+held.String()+"/minors", http.StatusOK); !strings.Contains(list, "保存期满") || strings.Contains(list, "陈小满") {
		t.Error("the list does not say what became of it")
	}
	w.says(w.s.SetLimits(w.as("9902"), w.units["9902"], Limits{Minors: 100, CampRatio: 15, Keep: 366, KeepIncident: 1095}), "keep", "365")
}

// R133: a camp that is called off weeks ahead is over on that day: its list goes so many days after it, not after the camp that
// never was.
func TestListOfACancelledCampEnds(t *testing.T) {
	w := open(t)
	ctx, unit := w.as("990203013"), w.units["990203013"]
	off, stands := w.camp(ctx, 1, Host{Unit: unit.ID}), w.camp(ctx, 1, Host{Unit: unit.ID})
	w.must(w.s.AddMinor(ctx, off, child("陈小满")))
	w.must(w.s.AddMinor(ctx, stands, child("林小禾")))
	w.must(w.s.SetLimits(w.as("9902"), w.units["9902"], Limits{Minors: 100, CampRatio: 15, Keep: 30, KeepIncident: 1095}))
	w.must(w.s.Cancel(ctx, off, 2, "台风"))
	left := func(ref id.Ref) int64 {
		t.Helper()
		_, err := w.s.Daily(w.ctx)
		w.must(err)
		n, err := w.s.seal.Counts(ctx, seal.Owner{Kind: minorKind, Of: ref, Unit: unit.ID})
		w.must(err)
		return n.Records
	}
	w.now = w.now.AddDate(0, 0, 30)
	if left(off) != 1 {
		t.Error("erased on its last day")
	}
	w.now = w.now.AddDate(0, 0, 1)
	if left(off) != 0 || left(stands) != 1 {
		t.Errorf("%d of the one that was called off, %d of the one to come", left(off), left(stands))
	}
}

// R133 R145: of an incident the part without names rises at once; which children and how they are is sealed, for the hosts alone, by
// page and by program. It is erased on request while the incident stays, after its time, and when the report was taken back.
func TestIncidentNamesAreSealed(t *testing.T) {
	w := open(t)
	own, above := w.as("990203013"), w.as("990203")
	ref := w.create(own, w.lecture("990203013"))
	h, at := w.site(own), "/activity/"+ref.String()
	const people = "陈小满zkhurt左臂擦伤，已送镇卫生院，联系了母亲"
	w.post(h, at+"/incident", url.Values{"_key": {web.NewKey()}, "_version": {"1"}, "what": {"一名学生下楼时擦伤"}, "people": {people}, "on": {"2019-05-24"}, "hurt": {"1"}}, 303)
	sealed := []string{at + "/incidents", "/api/v1/activities/" + ref.String() + "/incidents"}
	for _, path := range sealed {
		has(t, w.fetch(h, path, 200), people)
		if page := w.fetch(w.site(above), path, 403); strings.Contains(page, "zkhurt") {
			t.Errorf("%s names the child to the county", path)
		}
	}
	for _, who := range []context.Context{own, above} {
		for _, path := range []string{at, at + "/known", at + "/done", "/api/v1/activities/" + ref.String(), "/activity/export?format=csv", "/activity?q=zkhurt"} {
			if page := w.fetch(w.site(who), path, 200); strings.Contains(strings.ReplaceAll(page, `value="zkhurt"`, ""), "zkhurt") {
				t.Errorf("%s names the child", path)
			}
		}
	}
	has(t, w.fetch(h, at, 200), at+"/incidents")
	has(t, w.fetch(w.site(above), at, 200), "一名学生下楼时擦伤")
	tasks, _, err := w.flow.Inbox(above, 10)
	w.must(err)
	if text := fmt.Sprint(tasks); !strings.Contains(text, "擦伤") || strings.Contains(text, "zkhurt") {
		t.Errorf("the inbox above says %s", text)
	}
	owner := seal.Owner{Kind: incidentKind, Of: ref, Unit: w.units["990203013"].ID}
	live := func() int64 {
		t.Helper()
		n, err := w.s.seal.Counts(own, owner)
		w.must(err)
		return n.Records
	}
	w.must(w.s.Undo(own, ref, 2))
	_, err = w.s.Daily(w.ctx)
	w.must(err)
	if live() != 1 {
		t.Error("erased while the report could be brought back")
	}
	w.must(w.s.ReportIncident(own, ref, 3, Incident{On: "2019-05-24", What: "一名学生下楼时擦伤", Hurt: 1}, people))
	w.now = w.now.Add(record.UndoFor)
	_, err = w.s.Daily(w.ctx)
	w.must(err)
	if live() != 1 {
		t.Errorf("%d sealed of one report that stands and one taken back", live())
	}
	a, _ := w.get(ref)
	w.must(w.s.ReportIncident(own, ref, 4, Incident{On: "2019-05-24", What: "另一名学生中暑"}, "林小禾"))
	w.must(w.s.seal.Erase(own, owner, a.Incidents[0].Sealed, seal.ByGuardian, "家长要求"))
	page := w.fetch(h, at+"/incidents", 200)
	has(t, page, "2019年5月31日已销毁")
	has(t, page, "一名学生下楼时擦伤")
	has(t, page, "林小禾")
	w.now = w.now.AddDate(3, 0, 0)
	_, err = w.s.Daily(w.ctx)
	w.must(err)
	if live() != 0 {
		t.Error("kept longer than the city says")
	}
}
