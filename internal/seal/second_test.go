package seal

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/web"
)

// A unit may ask that somebody who answers for it agrees before an emergency look opens: nothing opens before, nobody agrees to their own, what
// nobody agreed to lapses, and only who administers the very unit turns it off. // R133
func TestEmergencyWithASecondPerson(t *testing.T) {
	w := open(t)
	w.narrow()
	w.seal()
	reason := "孩子在河边失联，负责人电话打不通，要马上找到家长"
	lead, colleague := w.as(w.town, 1), w.as(w.town, 2)
	opens := func() bool {
		_, err := w.s.Open(colleague, w.owner)
		return err == nil
	}
	own := scope.Set{w.town.Range()}
	office := scope.With(w.ctx, scope.Actor{Account: 4, Unit: w.town.ID, Pos: w.town.Pos, ViewSet: own, WorkSet: own}) // works there, and administers nothing
	w.refused(errs.Forbidden, "seal.closed", w.s.SetSecond(office, w.town, true))
	w.refused(errs.Forbidden, "seal.closed", w.s.SetSecond(w.as(w.city, 3), w.town, true)) // nobody from above
	w.holds("off", w.fetch(lead, "/seal", 200), "现在不用", "改为要第二人同意")
	w.post(w.as(w.city, 3), "/seal?unit="+w.town.ID.String(), url.Values{"_key": {web.NewKey()}, "on": {"1"}}, 403)
	w.post(lead, "/seal", url.Values{"_key": {web.NewKey()}, "on": {"1"}}, 303)
	w.holds("on", w.fetch(office, "/seal", 200), "现在要")
	at := here(w.owner.Of, "/emergency")
	w.post(colleague, at, url.Values{"_key": {web.NewKey()}, "reason": {reason}}, 303)
	if opens() {
		t.Fatal("it opens before anybody agreed")
	}
	w.holds("waiting", w.fetch(colleague, at, 200), "还没有人同意")
	w.holds("asked", w.fetch(lead, here(w.owner.Of, ""), 200), "同意查看", "等第二人同意", reason)
	if list := w.tasks(w.town); len(list) != 1 || list[0].Title != "陈玉兰要紧急查看，等您同意" {
		t.Errorf("%+v", list)
	}
	grant := w.grants()[0].ID
	confirm := func(who id.ID, want int) {
		t.Helper()
		w.post(w.as(w.town, who), here(w.owner.Of, "/confirm"), url.Values{"_key": {web.NewKey()}, "grant": {grant.String()}}, want)
	}
	if strings.Contains(w.fetch(office, at, 200), "还没有人同意") {
		t.Error("another's look is taken for one's own")
	}
	w.refused(errs.Forbidden, "seal.closed", w.s.Confirm(w.as(w.city, 3), w.owner, grant))
	confirm(2, 403)
	confirm(4, 403)
	w.owner.Only = []id.ID{1, 2} // who asked answers for it by now, and still does not agree to their own
	w.refused(errs.Forbidden, "seal.closed", w.s.Confirm(colleague, w.owner, grant))
	w.narrow()
	w.refused(errs.Conflict, "seal.confirm_late", w.s.Confirm(lead, w.owner, id.New()))
	w.now = w.now.Add(time.Hour)
	confirm(1, 303)
	w.refused(errs.Conflict, "seal.confirm_late", w.s.Confirm(lead, w.owner, grant)) // once
	if !opens() {
		t.Fatal("it does not open after somebody agreed")
	}
	if got := w.grants()[0]; got.Second != "陈玉兰" || got.Seen == "" {
		t.Errorf("%+v", got)
	}
	if len(w.tasks(w.town)) != 0 {
		t.Error("the task is left")
	}
	w.fetch(colleague, at, 303) // leads on
	w.now = w.now.Add(emergencyFor - time.Millisecond)
	if !opens() {
		t.Error("over before four hours from the agreement")
	}
	w.now = w.now.Add(time.Millisecond)
	if opens() {
		t.Error("open after four hours")
	}
	// nobody agrees: it lapses, and turning the rule off lets nothing through
	w.must(w.s.Break(colleague, w.owner, reason))
	grant = w.grants()[1].ID
	w.must(w.s.SetSecond(lead, w.town, false))
	if opens() {
		t.Error("what waited opens because the rule was turned off")
	}
	w.now = w.now.Add(emergencyFor)
	w.refused(errs.Conflict, "seal.confirm_late", w.s.Confirm(lead, w.owner, grant))
	if n := w.logged("seal.act.confirm", 0); n != 1 {
		t.Errorf("%d rows of agreement in the log", n)
	}
	if n := w.logged("seal.act.second", 0); n != 2 {
		t.Errorf("%d rows of the rule in the log", n)
	}
}

// Whoever let themselves in does not tick off their own look, though they answer for the matter by now: the keeper would never hear of it.
func TestNobodyTicksOffTheirOwnLook(t *testing.T) {
	w := open(t)
	w.narrow()
	w.seal()
	colleague := w.as(w.town, 2)
	w.must(w.s.Break(colleague, w.owner, "孩子在河边失联，负责人电话打不通，要马上找到家长"))
	grant := w.grants()[0].ID
	w.owner.Only = []id.ID{1, 2} // on call tonight
	if strings.Contains(w.fetch(colleague, here(w.owner.Of, ""), 200), here(w.owner.Of, "/seen")) {
		t.Error("it is offered to them")
	}
	w.refused(errs.Forbidden, "seal.closed", w.s.Seen(colleague, w.owner, grant))
	if len(w.tasks(w.town)) != 1 {
		t.Error("the task is gone")
	}
	w.must(w.s.Seen(w.as(w.town, 1), w.owner, grant))
	if len(w.tasks(w.town)) != 0 {
		t.Error("the task stays")
	}
}
