package activity

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"xinhuo/internal/kit/web"
)

// R133: a camp does not open while somebody on its sealed list lacks a guardian's consent or insurance; it says how many and
// names nobody. The names are read where they were entered, and from above not at all.
func TestCampList(t *testing.T) {
	w := open(t)
	ctx := w.as("990203013")
	ref := w.create(ctx, Activity{Hosts: []Host{{Unit: w.units["990203013"].ID}}, Title: "红色夏令营", Type: "camp", Topic: "patriotism", Day: "2019-07-10", LastDay: "2019-07-14", From: "08:00", To: "17:00", Mode: Face,
		Stops: []Stop{{Place: "云州营地", Venue: "other"}}, Audience: []Audience{{"junior", 2}}, Responsible: "周文琴", Phone: "0500-555 0101", Status: Planned})
	w.must(w.s.SetSafety(ctx, ref, 1, Safety{Plan: "白天两人一组", Risks: Risks, Emergency: "陈老师", SignedBy: "周文琴", SignedOn: "2019-05-30", Consent: 2, Insurance: "平江财险01号", Staff: 1}))
	const child = "陈小满zksealed"
	w.must(w.s.AddMinor(ctx, ref, Minor{Name: child, Guardian: "陈大山", Phone: "13900000001", Consented: today, Form: "paper", Insured: true}))
	w.says(w.s.Publish(ctx, ref, 2), "minors", "2名", "1名")

	h := w.site(ctx)
	key, at := web.NewKey(), "/activity/"+ref.String()
	for range 2 { // sent twice
		w.post(h, at+"/minor", url.Values{"_key": {key}, "_version": {"2"}, "minor_name": {"林小禾"}, "guardian": {"林海"}, "guardian_phone": {"13900000002"}, "form": {"paper"}}, http.StatusSeeOther)
	}
	err := w.s.Publish(ctx, ref, 2)
	w.says(err, "minors", "1名", "监护人")
	if strings.Contains(err.Error(), "林小禾") {
		t.Errorf("the refusal names a child: %v", err)
	}
	list := w.fetch(h, at+"/minors", http.StatusOK)
	for _, word := range []string{child, "陈大山", "13900000001", "林小禾"} {
		if !strings.Contains(list, word) {
			t.Errorf("the keeper's list lacks %s", word)
		}
	}
	for path, code := range map[string]int{at + "/minors": http.StatusForbidden, at + "/withdraw": http.StatusForbidden, at: http.StatusOK, at + "/known": http.StatusOK} {
		if page := w.fetch(w.site(w.as("990203")), path, code); strings.Contains(page, child) {
			t.Errorf("%s names the child to the county", path)
		}
	}
	_, rows, err := w.s.Minors(ctx, ref)
	w.must(err)
	for _, r := range rows {
		if r.Fields["name"] != child {
			w.must(w.s.seal.Erase(ctx, minorsOf(ref, Activity{Hosts: []Host{{Unit: w.units["990203013"].ID}}}), r.Ref, "登记错了"))
		}
	}
	w.must(w.s.AddMinor(ctx, ref, Minor{Name: "周禾", Guardian: "周树", Phone: "13900000003", Consented: today, Form: "electronic", Insured: true}))
	w.must(w.s.Publish(ctx, ref, 2))
	w.must(w.s.WithdrawMinor(ctx, ref, rows[0].Ref))
	if page := w.fetch(h, at, http.StatusOK); !strings.Contains(page, "还有1名营员没有监护人同意") {
		t.Error("a withdrawal does not stand on the page")
	}
}
