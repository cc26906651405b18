package care

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"xinhuo/internal/audit"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/web"
	"xinhuo/internal/org"
)

// R133: from above a request opens to nobody, until somebody who works there says its number and why; then to them alone, for four hours, with
// the desk told and a row in the log. No number is found by trying, and no other door stands open.
func TestEmergencyFromAbove(t *testing.T) {
	w := openWorld(t)
	w.s.seal.SetInbox(w.flow)
	w.open()
	const canary = "zkcanaryabove"
	q, _ := w.ask(Ask{Text: canary + " 我不想活了", Name: canary})
	reason := "孩子发来短信说在桥上，受理点电话没有人接，要马上找到"
	another := w.as["above"]
	another.Account = 3001
	w.as["another"] = another
	looker := w.as["above"]
	looker.Account, looker.WorkSet = 3002, nil
	w.as["looker"] = looker
	// works for the county alone, or for the city's office and not below it
	lent, inside := looker, looker
	lent.Account, lent.WorkSet = 3003, scope.Set{w.desk.Range()}
	inside.Account, inside.WorkSet = 3004, scope.Set{{From: w.city.Pos, To: w.city.Pos + 1}}
	w.as["lent"], w.as["inside"] = lent, inside
	page := func(login string, want int) string {
		t.Helper()
		return w.do(login, "GET", path(q.Ref()), nil, want).Body.String()
	}
	page("above", 404)
	w.do("above", "GET", "/seal/"+q.Ref().String(), nil, 404)
	// who may ask at all
	for login, kind := range map[string]errs.Kind{"beside": errs.Forbidden, "office": errs.Forbidden, "looker": errs.Forbidden, "lent": errs.Forbidden, "inside": errs.Forbidden, "visitor": errs.Forbidden} {
		_, err := w.s.Break(w.by(login), w.desk.ID, q.No, reason)
		w.kind(err, kind)
		if login != "visitor" {
			w.do(login, "GET", at("/care/emergency", w.desk.ID), nil, map[bool]int{true: 303, false: 403}[login == "office"]) // who works there has their list
			w.do(login, "POST", at("/care/emergency", w.desk.ID), url.Values{"_key": {web.NewKey()}, "no": {q.No}, "reason": {reason}}, 403)
		}
	}
	w.do("above", "GET", at("/care/emergency", w.desk.ID), nil, 200)
	form := func(no, reason string) url.Values {
		return url.Values{"_key": {web.NewKey()}, "no": {no}, "reason": {reason}}
	}
	w.do("above", "POST", at("/care/emergency", w.desk.ID), form(q.No, "急"), 422)
	page("above", 404)
	got := w.do("above", "POST", at("/care/emergency", w.desk.ID), form(q.No, reason), 303)
	if to := got.Header().Get("Location"); to != "/seal/"+q.Ref().String()+"/emergency" {
		t.Errorf("leads to %s", to)
	}
	if !strings.Contains(page("above", 200), canary) {
		t.Error("it does not open")
	}
	for login, want := range map[string]int{"another": 404, "beside": 404, "looker": 404, "lent": 404, "inside": 404} {
		page(login, want)
	}
	for _, act := range []string{"take", "close", "assign", "refer"} { // reading is not acting
		w.do("above", "POST", path(q.Ref())+"/"+act, url.Values{"_key": {web.NewKey()}, "outcome": {"helped"}, "last": {"x"}}, 404)
	}
	if list, err := w.s.Requests(w.by("above"), w.desk, false); err != nil || len(list) != 0 {
		t.Errorf("the list tells of %d, %v", len(list), err)
	}
	if told := strings.Join(w.inbox("lead"), " "); !strings.Contains(told, "陈玉兰") || strings.Contains(told, canary) {
		t.Errorf("the desk is told %q", told)
	}
	rows, err := w.audit.List(scope.With(w.ctx, scope.Actor{Account: 9, Unit: w.city.ID, Pos: w.city.Pos, AuditSet: scope.Set{w.city.Range()}, Auditor: true}), audit.Filter{Act: "seal.act.emergency", Limit: 10})
	w.must(err)
	if len(rows) != 1 || rows[0].Note != reason {
		t.Errorf("%+v", rows)
	}
	w.now = w.now.Add(4 * time.Hour)
	page("above", 404)
	// numbers are not found by trying
	for i := range 8 {
		_, err := w.s.Break(w.by("another"), w.desk.ID, "0000-000"+string(rune('0'+i)), reason)
		if want := errs.Invalid; i < 5 {
			w.kind(err, want)
		} else {
			w.kind(err, errs.Throttled)
		}
	}
	_, err = w.s.Break(w.by("another"), w.desk.ID, q.No, reason)
	w.kind(err, errs.Throttled)
	// another desk's number is none of this one
	beside, err := w.s.org.ByCode(w.ctx, "990204")
	w.must(err)
	delete(w.s.gate.(gate), "care.emergency"+w.as["another"].Account.String())
	_, err = w.s.Break(w.by("another"), beside.ID, q.No, reason)
	w.kind(err, errs.Invalid)
}

// Where the desk asks for a second person nothing opens before one of those who answer for it has agreed.
func TestEmergencyFromAboveWithASecondPerson(t *testing.T) {
	w := openWorld(t)
	w.s.seal.SetInbox(w.flow)
	w.open()
	chief := w.as["office"]
	chief.AdminSet = scope.Set{w.desk.Range()}
	w.as["office"] = chief
	q, _ := w.ask(Ask{Text: "zkcanarysecond"})
	w.must(w.s.seal.SetSecond(w.by("office"), org.Unit{ID: w.desk.ID, Pos: w.desk.Pos}, true))
	reason := "孩子发来短信说在桥上，受理点电话没有人接，要马上找到"
	_, err := w.s.Break(w.by("above"), w.desk.ID, q.No, reason)
	w.must(err)
	w.do("above", "GET", path(q.Ref()), nil, 404)
	m, err := w.s.matter(w.by("lead"), q.Ref())
	w.must(err)
	grants, err := w.s.seal.Grants(w.by("lead"), m.Owners[0])
	w.must(err)
	if len(grants) != 1 || grants[0].Waits != 1 {
		t.Fatalf("%+v", grants)
	}
	for _, login := range []string{"above", "office", "beside"} { // their own, a colleague's, a neighbour's word is none
		w.kind(w.s.seal.Confirm(w.by(login), m.Owners[0], grants[0].ID), errs.Forbidden)
	}
	w.do("above", "GET", path(q.Ref()), nil, 404)
	w.must(w.s.seal.Confirm(w.by("lead"), m.Owners[0], grants[0].ID))
	w.do("above", "GET", path(q.Ref()), nil, 200)
	w.now = w.now.Add(4 * time.Hour)
	w.do("above", "GET", path(q.Ref()), nil, 404)
}

// Nobody who was let in makes something that stays of a request: not with consent, which can be taken back, not as a colleague until a day, not in
// an emergency.
func TestWhoWasLetInCarriesNothingOff(t *testing.T) {
	w := openWorld(t)
	w.s.seal.SetInbox(w.flow)
	w.open()
	q, _ := w.ask(Ask{Text: "打工受伤没人管。", Kind: "law"})
	w.must(w.s.Refer(w.by("lead"), q.Ref(), 0, "beside", "提供法律援助", today.AddDays(30), true))
	w.must(w.s.Refer(w.by("lead"), q.Ref(), 0, "office", "帮着联系", today.AddDays(30), true))
	_, err := w.s.Break(w.by("above"), w.desk.ID, q.No, "孩子在河边失联，负责人电话打不通，要马上找到家长")
	w.must(err)
	for _, login := range []string{"beside", "office", "above"} {
		_, err := w.s.Open(w.by(login), q.Ref())
		w.must(err)
		out, err := w.s.Lend(w.by(login), q.Ref())
		w.kind(err, errs.Forbidden)
		if len(out.Entries) != 0 || out.Contact != "" {
			t.Errorf("%s: %+v", login, out)
		}
	}
	_, err = w.s.Lend(w.by("lead"), q.Ref())
	w.must(err)
}
