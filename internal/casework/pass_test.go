package casework

import (
	"context"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"

	"xinhuo/internal/kit/citizen"
	"xinhuo/internal/kit/db"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/testkit"
)

func (w *world) last(login string, ref id.Ref) Entry {
	w.Helper()
	o, err := w.s.Open(w.by(login), ref)
	w.must(err)
	return o.Entries[len(o.Entries)-1]
}

// R48: a left-behind child moves to another county and its case with it, nothing typed again: with the guardian's word and the other unit's acceptance.
// Before it the other unit reads nothing; afterwards the former one and its volunteer do not. What is owed stays owed.
func TestAChildMovesToAnotherUnit(t *testing.T) {
	w := openWorld(t)
	to := w.as["beside"].Unit
	ref := w.opened("lead", "left_behind")
	w.must(w.s.Visit(w.by("lead"), ref, w.today(), "home", "外婆说开学转到北仓。", "", 0, ""))
	helper := w.vol.add("梁水旺", 2000, w.today().AddDays(300))
	w.must(w.s.Pair(w.by("lead"), ref, 0, helper, w.today().AddDays(90)))
	w.lets("above", ref, 100)
	w.in(40)
	w.must(w.s.Daily(w.ctx)) // a visit is overdue
	w.kind(w.s.Offer(w.by("lead"), ref, 0, to, false, "转学"), errs.Invalid)
	w.kind(w.s.Offer(w.by("lead"), ref, 0, to, true, " "), errs.Invalid)
	w.kind(w.s.Offer(w.by("lead"), ref, 0, w.desk.ID, true, "转学"), errs.Invalid)
	w.kind(w.s.Offer(w.by("beside"), ref, 0, to, true, "转学"), errs.NotFound)
	w.kind(w.s.Offer(w.by("above"), ref, 0, to, true, "转学"), errs.NotFound)
	bad := testkit.HTML(t, w.do("lead", "POST", path(ref)+"/offer", url.Values{"to": {to.String()}, "pass_reason": {"随父母到北仓上学"}}, 422).Body.String())
	bad.MustHave("details[open] textarea[name=pass_reason]", "随父母到北仓上学")
	w.do("lead", "POST", path(ref)+"/offer", url.Values{"to": {to.String()}, "agreed": {"1"}, "pass_reason": {"随父母到北仓上学"}}, 303)
	w.kind(w.s.Offer(w.by("lead"), ref, 0, to, true, "再问一次"), errs.Conflict)
	mustSay(t, testkit.HTML(t, w.do("lead", "GET", path(ref), nil, 200).Body.String()), tr(w.ctx, "casework.do.withdraw"))
	if got := w.inbox("beside"); !slices.Contains(got, tr(w.ctx, "casework.task.offered")) {
		t.Fatalf("the other unit has %v", got)
	}
	c := w.known(ref)
	for _, page := range []string{path(ref), "/casework"} {
		got := w.do("beside", "GET", page, nil, 200).Body.String()
		if !strings.Contains(got, c.No) {
			t.Errorf("%s does not say which", page)
		}
		for _, word := range []string{"秦晓禾", "梁桂兰", "柳塘村", "周文琴", "随父母"} {
			if strings.Contains(got, word) {
				t.Errorf("%s says %s before it is taken", page, word)
			}
		}
	}
	_, err := w.s.Open(w.by("beside"), ref)
	w.kind(err, errs.NotFound)
	w.do("above", "GET", "/casework?unit="+to.String(), nil, 200)
	w.kind(w.s.Accept(w.by("lead"), ref), errs.NotFound)
	w.do("beside", "POST", path(ref)+"/accept", url.Values{"_key": {"k"}}, 303)
	o, err := w.s.Open(w.by("beside"), ref)
	w.must(err)
	if o.Case.Unit != to || o.Case.HolderName != "蔡慧琴" || o.Case.LeadName != "蔡慧琴" || o.Person["name"] != "秦晓禾" || o.Case.DueOn != c.DueOn || o.Pairs[0].State != Ended || o.Pairs[0].Grant != 0 {
		t.Errorf("%+v", o)
	}
	for _, login := range []string{"lead", "office", "chief", "above"} {
		_, err := w.s.Open(w.by(login), ref)
		w.kind(err, errs.NotFound)
		w.do(login, "GET", path(ref), nil, 404)
	}
	if list, err := w.s.Mine(w.by("volunteer")); err != nil || len(list) != 0 {
		t.Errorf("the volunteer still has %v, %v", list, err)
	}
	if got := w.inbox("lead"); len(got) != 0 {
		t.Errorf("the former unit still has %v", got)
	}
	if got := w.inbox("beside"); len(got) != 1 || got[0] != tr(w.ctx, "casework.task.visit", "No", c.No) {
		t.Errorf("the new unit has %v", got)
	}
	if in, out, err := w.s.Passes(w.by("office"), w.desk); err != nil || len(in) != 0 || len(out) != 1 || out[0].State != Accepted {
		t.Errorf("%+v %+v %v", in, out, err)
	}
	// The same child can be registered anew where it came from, and not where it is.
	_, err = w.s.OpenCase(w.by("lead"), w.opening("left_behind"))
	w.must(err)
	n := w.opening("left_behind")
	n.Unit = to
	_, err = w.s.OpenCase(w.by("beside"), n)
	w.kind(err, errs.Invalid)
	w.must(w.s.Visit(w.by("beside"), ref, w.today(), "home", "新家看过了。", "", 0, ""))
	if got := w.inbox("beside"); len(got) != 0 {
		t.Errorf("visited, and still %v", got)
	}
}

// Declined with a reason, taken back, not answered in time, ended: it stays, and nobody elsewhere reads it.
func TestACaseIsNotTaken(t *testing.T) {
	w := openWorld(t)
	to := w.as["beside"].Unit
	ref := w.opened("lead", "at_risk")
	offer := func() { t.Helper(); w.must(w.s.Offer(w.by("lead"), ref, 0, to, false, "搬家")) }
	offer()
	w.kind(w.s.Decline(w.by("above"), ref, "不接"), errs.NotFound)
	w.do("beside", "POST", path(ref)+"/decline", url.Values{"decline_reason": {""}}, 422)
	w.do("beside", "POST", path(ref)+"/decline", url.Values{"decline_reason": {"孩子没有到本区入学"}}, 303)
	if e := w.last("lead", ref); e.Arg != "declined:北仓区关工委" || e.Words["text"] != "孩子没有到本区入学" || e.ByName != "蔡慧琴" {
		t.Errorf("%+v", e)
	}
	if got := w.inbox("lead"); !slices.Contains(got, tr(w.ctx, "casework.task.returned")) {
		t.Errorf("the unit has %v", got)
	}
	w.do("beside", "GET", path(ref), nil, 404)
	offer()
	w.kind(w.s.Withdraw(w.by("office"), ref, 0), errs.Forbidden) // of a class that is named they do not read it
	w.must(w.s.Withdraw(w.by("lead"), ref, 0))
	w.kind(w.s.Withdraw(w.by("lead"), ref, 0), errs.Conflict)
	w.kind(w.s.Accept(w.by("beside"), ref), errs.NotFound)
	offer()
	w.in(answerWithin)
	w.must(w.s.Daily(w.ctx))
	if e := w.last("lead", ref); e.Arg != "offered:北仓区关工委" {
		t.Errorf("on the last day: %+v", e)
	}
	w.in(1)
	w.must(w.s.Daily(w.ctx))
	w.must(w.s.Daily(w.ctx))
	if e := w.last("lead", ref); e.Arg != "lapsed:北仓区关工委" {
		t.Errorf("%+v", e)
	}
	offer()
	first := true
	w.s.AddCloser(func(context.Context, id.Ref) error {
		if first {
			return errs.New(errs.Conflict, "casework.pass_not_yet")
		}
		return nil
	})
	w.kind(w.s.Accept(w.by("beside"), ref), errs.Conflict) // something has to be reported first
	first = false
	w.must(w.s.Close(w.by("lead"), ref, 0, "moved", "搬走了"))
	w.kind(w.s.Accept(w.by("beside"), ref), errs.NotFound)
	if got := w.inbox("beside"); len(got) != 0 {
		t.Errorf("still asked: %v", got)
	}
	w.kind(w.s.Offer(w.by("lead"), ref, 0, to, true, "搬家"), errs.Conflict)
}

// R45: a sealed record of a juvenile goes to another unit only by who leads it; who reads it by a grant gives it to nobody. Where the person has a case
// already, whoever takes it over hears so by the number of the identity card, and nothing has moved.
func TestASecretCaseMoves(t *testing.T) {
	w := openWorld(t)
	to := w.as["beside"].Unit
	n := w.opening("correction")
	n.Person["id_no"] = numberOf("11010120110101001")
	ref, err := w.s.OpenCase(w.by("lead"), n)
	w.must(err)
	w.must(w.s.Hand(w.by("lead"), ref, 0, "holder", "接手帮教", w.today().AddDays(30)))
	w.kind(w.s.Offer(w.by("holder"), ref, 0, to, true, "搬家"), errs.Forbidden)
	w.must(w.s.Offer(w.by("lead"), ref, 0, to, true, "搬家"))
	n.Unit = to
	there, err := w.s.OpenCase(w.by("beside"), n) // entered by the same colleague
	w.must(err)
	w.kind(w.s.Accept(w.by("beside"), ref), errs.Invalid)
	w.do("beside", "POST", path(ref)+"/accept", url.Values{"_key": {"k"}}, 422)
	if c := w.known(ref); c.Unit != w.desk.ID || c.LeadName != "周文琴" {
		t.Errorf("%+v", c)
	}
	w.must(w.db.Tx(w.ctx, func(ctx context.Context) error { return w.s.dropMarks(ctx, there) }))
	w.must(w.s.Accept(w.by("beside"), ref))
	for _, login := range []string{"lead", "holder"} {
		_, err := w.s.Open(w.by(login), ref)
		w.kind(err, errs.NotFound)
	}
	if _, err := w.s.Open(w.by("beside"), ref); err != nil {
		t.Error(err)
	}
}

// numberOf is the number of an identity card with the last of its places, which proves the others.
func numberOf(first string) string { return first + string(citizen.CheckDigit(first)) }

// Accepted and taken back at the same moment: exactly one of them happens.
func TestACaseAcceptedAndWithdrawnAtOnce(t *testing.T) {
	w := openWorld(t)
	ref := w.opened("lead", "left_behind")
	for range 4 {
		w.must(w.s.Offer(w.by("lead"), ref, 0, w.as["beside"].Unit, true, "搬家"))
		var all sync.WaitGroup
		done := make([]error, 2)
		all.Go(func() { done[0] = w.s.Accept(w.by("beside"), ref) })
		all.Go(func() { done[1] = w.s.Withdraw(w.by("lead"), ref, 0) })
		all.Wait()
		if (done[0] == nil) == (done[1] == nil) {
			t.Fatalf("%v and %v", done[0], done[1])
		}
		if done[0] == nil {
			return
		}
	}
}

// The units to which a case can go: above, beside and below within the city, and its counties.
func TestUnitsThatTakeACase(t *testing.T) {
	w := openWorld(t)
	ref := w.opened("lead", "left_behind")
	list, err := w.s.PassTo(w.by("lead"), w.known(ref))
	w.must(err)
	var names []string
	for _, u := range list {
		names = append(names, u.Name)
	}
	if got := strings.Join(names, " "); got != "云州市关工委 北仓区关工委" {
		t.Error(got)
	}
}

// An offer is made and taken back by who keeps the case, not by who was let in to read it, and taken by who proved themself; nobody above hears of one,
// and one that lapsed was ended by nobody.
func TestWhoOffersAndTakes(t *testing.T) {
	w := openWorld(t)
	to := w.as["beside"].Unit
	ref := w.opened("lead", "correction")
	w.must(w.s.Hand(w.by("lead"), ref, 0, "holder", "接手帮教", w.today().AddDays(30)))
	if testkit.HTML(t, w.do("holder", "GET", path(ref), nil, 200).Body.String()).Has("#do-offer") {
		t.Error("who was let in is offered to hand it over")
	}
	w.must(w.s.Offer(w.by("lead"), ref, 0, to, true, "搬家"))
	w.kind(w.s.Withdraw(w.by("holder"), ref, 0), errs.Forbidden)
	u, err := w.s.org.Unit(w.ctx, to)
	w.must(err)
	if in, _, err := w.s.Passes(w.by("beside"), u); err != nil || len(in) != 1 {
		t.Fatalf("%v %v", in, err)
	}
	if in, out, err := w.s.Passes(w.by("above"), u); err != nil || len(in)+len(out) != 0 {
		t.Errorf("above hears of %v %v, %v", in, out, err)
	}
	w.seal.SetStrong(func(context.Context) error { return errs.New(errs.StepUp, "errs.step_up") })
	w.kind(w.s.Accept(w.by("beside"), ref), errs.StepUp)
	w.seal.SetStrong(nil)
	w.in(answerWithin + 1)
	w.must(w.s.Daily(w.ctx))
	w.must(w.s.Offer(w.by("lead"), ref, 0, to, true, "搬家"))
	w.must(w.s.Decline(w.by("beside"), ref, "没有这个人"))
	var by []string
	w.must(w.db.Tx(w.ctx, func(ctx context.Context) (err error) {
		by, err = db.Select[string](ctx, w.db, `-- test
			SELECT ended_name FROM casework_pass WHERE root = $1 AND case_id = $2 ORDER BY id`, ref.Root, ref.ID)
		return err
	}))
	if !slices.Equal(by, []string{"", "蔡慧琴"}) {
		t.Errorf("ended by %q", by)
	}
}

// Those above are told neither that a case is offered somewhere nor that it was not taken: as little as that it is late.
func TestThoseAboveAreNotToldWhichCaseIsOffered(t *testing.T) {
	w := openWorld(t)
	none := func(when string) {
		t.Helper()
		w.in(answerWithin + 1)
		if list, n, err := w.flow.Below(w.by("above"), 50); err != nil || n != 0 || len(list) != 0 {
			t.Errorf("%s: above: %d, %+v, %v", when, n, list, err)
		}
	}
	ref := w.opened("lead", "at_risk")
	w.must(w.s.Offer(w.by("lead"), ref, 0, w.as["beside"].Unit, false, "搬家"))
	none("offered")
	w.must(w.s.Decline(w.by("beside"), ref, "孩子没有到本区入学"))
	if got := w.inbox("lead"); !slices.Contains(got, tr(w.ctx, "casework.task.returned")) {
		t.Errorf("the unit has %v", got)
	}
	none("declined")
}

// The unit to which a case was offered is joined into the one that has it: nothing is offered any more, and no colleague takes the case to themselves
// by accepting it.
func TestAnOfferEndsWhenBothUnitsAreOne(t *testing.T) {
	for name, join := range map[string]func(w *world, other id.ID) (from, into id.ID){
		"into the one that has it":      func(w *world, other id.ID) (id.ID, id.ID) { return other, w.desk.ID },
		"into the one it is offered to": func(w *world, other id.ID) (id.ID, id.ID) { return w.desk.ID, other },
	} {
		w := openWorld(t)
		to := w.as["beside"].Unit
		ref := w.opened("lead", "at_risk")
		w.must(w.s.Offer(w.by("lead"), ref, 0, to, false, "搬家"))
		from, into := join(w, to)
		w.must(w.s.org.Merge(w.ctx, []id.ID{from}, into, w.today(), "云政〔2019〕1号"))
		u, err := w.s.org.Unit(w.ctx, into)
		w.must(err)
		for _, login := range []string{"lead", "holder", "office", "beside"} {
			a := w.as[login]
			a.Unit, a.Pos, a.WorkSet, a.ViewSet = u.ID, u.Pos, scope.Set{u.Range()}, scope.Set{u.Range()}
			w.as[login] = a
		}
		for _, login := range []string{"office", "beside"} {
			if err := w.s.Accept(w.by(login), ref); !errs.Is(err, errs.NotFound) {
				t.Errorf("%s: %s accepts: %v", name, login, err)
			}
			_, err := w.s.Open(w.by(login), ref)
			w.kind(err, errs.Forbidden)
		}
		_, err = w.s.Open(w.by("lead"), ref)
		w.must(err)
		if got := w.inbox("office"); slices.Contains(got, tr(w.ctx, "casework.task.offered")) {
			t.Errorf("%s: still asked: %v", name, got)
		}
	}
}
