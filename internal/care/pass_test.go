package care

import (
	"context"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/testkit"
	"xinhuo/internal/org"
)

// other opens a desk of the neighbour county and answers its unit.
func (w *world) other() id.ID {
	w.Helper()
	unit := w.as["beside"].Unit
	w.must(w.s.SetDesk(w.by("beside"), Desk{Unit: unit, Open: true, Kinds: []string{"law", "mind"}, Phone: "0500-5550204", Hours: "全天"}, []string{"beside"}))
	return unit
}

func (w *world) unit(unit id.ID) org.Unit {
	w.Helper()
	u, err := w.s.org.Unit(w.ctx, unit)
	w.must(err)
	return u
}

// steps are what was done with a request.
func (w *world) steps(login string, ref id.Ref) (out []string) {
	w.Helper()
	o, err := w.s.Open(w.by(login), ref)
	w.must(err)
	for _, e := range o.Entries {
		if e.Kind == Step {
			what, _, _ := strings.Cut(e.Arg, ":")
			out = append(out, what)
		}
	}
	return out
}

// R166: handed over with the asker's consent and the other desk's acceptance; before it the other desk reads no word, afterwards the
// former one does not; due times go on running.
func TestHandedOver(t *testing.T) {
	w := openWorld(t)
	w.open()
	to := w.other()
	q, receipt := w.ask(Ask{Text: "转学后在北仓上学，被人欺负。", Kind: "law"})
	w.must(w.s.Refer(w.by("lead"), q.Ref(), 0, "above", "提供法律援助", today.AddDays(30), true))
	w.kind(w.s.Offer(w.by("lead"), q.Ref(), 0, to, false), errs.Invalid)
	w.kind(w.s.Offer(w.by("lead"), q.Ref(), 0, w.desk.ID, true), errs.Invalid)
	w.kind(w.s.Offer(w.by("lead"), q.Ref(), 0, w.city.ID, true), errs.Invalid) // no desk
	w.kind(w.s.Offer(w.by("office"), q.Ref(), 0, to, true), errs.Forbidden)
	w.kind(w.s.Offer(w.by("beside"), q.Ref(), 0, to, true), errs.NotFound)
	w.must(w.s.Offer(w.by("lead"), q.Ref(), 0, to, true))
	w.kind(w.s.Offer(w.by("lead"), q.Ref(), 0, to, true), errs.Conflict)
	if got := w.inbox("beside"); !slices.Contains(got, tr(w.ctx, "care.task.offered.law")) {
		t.Fatalf("the other desk has %v", got)
	}
	page := w.do("beside", "GET", path(q.Ref()), nil, 200).Body.String()
	testkit.HTML(t, page).MustHave("main, body", q.No)
	if strings.Contains(page, "欺负") || strings.Contains(page, tr(w.ctx, "care.asker.young")) {
		t.Error("the other desk reads it before it takes it")
	}
	_, err := w.s.Open(w.by("beside"), q.Ref())
	w.kind(err, errs.NotFound)
	if out := w.back(receipt); out.Offer != "北仓区关工委" {
		t.Errorf("the asker is told %q", out.Offer)
	}
	due := q.DueAt
	w.now = w.now.Add(time.Hour)
	w.must(w.s.Accept(w.by("beside"), q.Ref()))
	w.kind(w.s.Accept(w.by("beside"), q.Ref()), errs.NotFound)
	o, err := w.s.Open(w.by("beside"), q.Ref())
	w.must(err)
	if o.Request.Unit != to || o.Request.DueAt != due || o.Request.HolderName != "蔡慧琴" || o.Entries[0].Text != "转学后在北仓上学，被人欺负。" {
		t.Errorf("%+v", o)
	}
	for _, login := range []string{"lead", "night", "office", "above"} {
		_, err := w.s.Open(w.by(login), q.Ref())
		w.kind(err, errs.NotFound)
		if got := w.inbox(login); len(got) != 0 {
			t.Errorf("%s still has %v", login, got)
		}
	}
	if got := w.inbox("beside"); len(got) != 1 || got[0] != tr(w.ctx, "care.task.again") {
		t.Errorf("the new desk has %v", got)
	}
	if _, out, err := w.s.Passes(w.by("office"), w.desk); err != nil || len(out) != 1 || out[0].State != Accepted || out[0].EndedName != "蔡慧琴" {
		t.Errorf("the former desk does not know where it went: %+v %v", out, err)
	}
	w.now = w.now.Add(23 * time.Hour)
	if n, err := w.s.Rise(w.ctx); err != nil || n != 1 {
		t.Errorf("%d rose, %v", n, err)
	}
	w.must(w.s.Write(w.by("beside"), q.Ref(), Entry{Kind: Told, Text: "我们来帮你。"}))
	for _, login := range []string{"beside", "above"} {
		if got := w.inbox(login); len(got) != 0 {
			t.Errorf("answered, and %s still has %v", login, got)
		}
	}
	out := w.back(receipt)
	if out.Unit != "北仓区关工委" || out.Entries[len(out.Entries)-1].Text != "我们来帮你。" {
		t.Errorf("the asker reads %+v", out)
	}
	if out, err = w.s.Say(w.by("visitor"), out.Token, "谢谢。", ""); err != nil {
		t.Fatal(err)
	}
	if list, err := w.s.Requests(w.by("beside"), w.unit(to), false); err != nil || len(list) != 1 {
		t.Errorf("%d, %v", len(list), err)
	}
}

// Declined with a reason that those who read the request read, taken back, refused by whoever asked, not answered in time: it stays.
func TestNotHandedOver(t *testing.T) {
	w := openWorld(t)
	w.open()
	to := w.other()
	q, receipt := w.ask(Ask{Text: "想找人说说话。"})
	offer := func() { t.Helper(); w.must(w.s.Offer(w.by("lead"), q.Ref(), 0, to, true)) }
	last := func() string { s := w.steps("lead", q.Ref()); return s[len(s)-1] }
	offer()
	clerk := w.as["beside"] // works at the other desk and does not lead it
	clerk.Account, clerk.Name = 3001, "吴春燕"
	w.as["clerk"] = clerk
	if testkit.HTML(t, w.do("clerk", "GET", path(q.Ref()), nil, 200).Body.String()).Has(`form[action$="/accept"]`) {
		t.Error("who does not lead is offered to take it")
	}
	w.kind(w.s.Accept(w.by("clerk"), q.Ref()), errs.Forbidden)
	w.do("above", "GET", path(q.Ref()), nil, 404)
	w.kind(w.s.Accept(w.by("above"), q.Ref()), errs.NotFound)
	if in, out, err := w.s.Passes(w.by("above"), w.desk); err != nil || len(in)+len(out) != 0 {
		t.Errorf("from above one sees %+v %+v %v", in, out, err)
	}
	w.kind(w.s.Decline(w.by("beside"), q.Ref(), " "), errs.Invalid)
	w.do("beside", "POST", path(q.Ref())+"/decline", url.Values{"reason": {"孩子不在本区上学。"}}, 303)
	o, err := w.s.Open(w.by("lead"), q.Ref())
	w.must(err)
	if e := o.Entries[len(o.Entries)-1]; e.Text != "孩子不在本区上学。" || e.ByName != "蔡慧琴" || last() != "declined" {
		t.Errorf("%+v", e)
	}
	if got := w.inbox("lead"); !slices.Contains(got, tr(w.ctx, "care.task.declined")) {
		t.Errorf("the desk has %v", got)
	}
	w.do("beside", "GET", path(q.Ref()), nil, 404)
	offer()
	w.must(w.s.Withdraw(w.by("lead"), q.Ref(), 0))
	w.kind(w.s.Accept(w.by("beside"), q.Ref()), errs.NotFound)
	testkit.Told(t, w.s.Withdraw(w.by("lead"), q.Ref(), 0), "care.pass_ended") // whoever reads the request is not told that it is not there
	w.kind(w.s.Withdraw(w.by("beside"), q.Ref(), 0), errs.NotFound)
	offer()
	if _, err := w.s.Stay(w.by("visitor"), w.back(receipt).Token); err != nil || last() != "stayed" {
		t.Fatal(last(), err)
	}
	w.kind(w.s.Accept(w.by("beside"), q.Ref()), errs.NotFound)
	offer()
	w.now = w.now.Add(24*time.Hour - time.Second)
	for _, want := range []int{0, 1, 0} {
		if n, err := w.s.Lapse(w.ctx); err != nil || n != want {
			t.Fatalf("%d lapsed, want %d, %v", n, want, err)
		}
		w.now = w.now.Add(time.Second)
	}
	if last() != "lapsed" {
		t.Error(last())
	}
	if n, err := w.s.Rise(w.ctx); err != nil || n != 1 { // nothing is lost meanwhile
		t.Errorf("%d rose, %v", n, err)
	}
	offer()
	w.must(w.s.Close(w.by("lead"), q.Ref(), 0, "advised", "以后再聊。"))
	w.kind(w.s.Accept(w.by("beside"), q.Ref()), errs.NotFound)
	if got := w.inbox("beside"); len(got) != 0 {
		t.Errorf("the other desk still has %v", got)
	}
}

// What has to be reported first is neither closed nor handed over, and nobody takes it over meanwhile.
func TestMayNotBeClosedYet(t *testing.T) {
	w := openWorld(t)
	w.open()
	to := w.other()
	q, _ := w.ask(Ask{Text: "想找人说说话。"})
	var first bool
	w.s.AddCloser(func(_ context.Context, ref id.Ref) error {
		if !first || ref != q.Ref() {
			return nil
		}
		var f errs.Fields
		f.Add("mandatory", "care.pass_not_yet")
		return f.Err()
	})
	w.must(w.s.Offer(w.by("lead"), q.Ref(), 0, to, true))
	first = true
	w.kind(w.s.Accept(w.by("beside"), q.Ref()), errs.Conflict)
	w.must(w.s.Withdraw(w.by("lead"), q.Ref(), 0))
	w.kind(w.s.Offer(w.by("lead"), q.Ref(), 0, to, true), errs.Invalid)
	w.kind(w.s.Close(w.by("lead"), q.Ref(), 0, "helped", "好。"), errs.Invalid)
	w.do("lead", "POST", path(q.Ref())+"/close", url.Values{"outcome": {"helped"}, "last": {"好。"}}, 422)
	first = false
	w.must(w.s.Close(w.by("lead"), q.Ref(), 0, "helped", "好。"))
}

// Accepted and taken back at the same moment: exactly one of them happens.
func TestAcceptedAndWithdrawnAtOnce(t *testing.T) {
	w := openWorld(t)
	w.open()
	to := w.other()
	q, _ := w.ask(Ask{Text: "想找人说说话。"})
	for range 5 {
		w.must(w.s.Offer(w.by("lead"), q.Ref(), 0, to, true))
		var all sync.WaitGroup
		done := make([]error, 2)
		all.Go(func() { done[0] = w.s.Accept(w.by("beside"), q.Ref()) })
		all.Go(func() { done[1] = w.s.Withdraw(w.by("lead"), q.Ref(), 0) })
		all.Wait()
		if (done[0] == nil) == (done[1] == nil) {
			t.Fatalf("%v and %v", done[0], done[1])
		}
		if done[0] == nil {
			return
		}
	}
}

// The desk to which a request was offered is joined into the one that has it: nothing is offered any more, and whoever was let in stays.
func TestAnOfferEndsWhenBothDesksAreOne(t *testing.T) {
	w := openWorld(t)
	w.open()
	to := w.other()
	q, receipt := w.ask(Ask{Text: "有人在校门口要我的钱。", Kind: "law"})
	w.must(w.s.Refer(w.by("lead"), q.Ref(), 0, "above", "提供法律援助", today.AddDays(30), true))
	w.must(w.s.Offer(w.by("lead"), q.Ref(), 0, to, true))
	w.must(w.s.org.Merge(w.ctx, []id.ID{to}, w.desk.ID, today, "云政〔2019〕1号"))
	w.kind(w.s.Accept(w.by("lead"), q.Ref()), errs.NotFound)
	if out := w.back(receipt); out.Offer != "" || !out.Helpers {
		t.Errorf("whoever asked reads %q, %v", out.Offer, out.Helpers)
	}
	_, err := w.s.Open(w.by("above"), q.Ref())
	w.must(err)
	if got := w.inbox("lead"); slices.Contains(got, tr(w.ctx, "care.task.offered.law")) {
		t.Errorf("still asked: %v", got)
	}
}
