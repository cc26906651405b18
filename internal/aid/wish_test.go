package aid

import (
	"context"
	"testing"

	"github.com/a-h/templ"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/testkit"
	"xinhuo/internal/seal"
)

// A child's aids are found by their name at the unit that keeps them; what was given stays with the books, what was refused can go, and a name
// put right is compared anew. // R46 R133
func TestWishFindsAnAid(t *testing.T) {
	w := openWorld(t)
	given := w.approved(20_000, child("秦晓禾", "2011-04-02"))
	w.must(w.s.Give(w.by("liang"), given, 0, Handing{Day: today, Amount: Amount{Fen: 20_000}, Hands: []string{"梁水旺", "石大爷"}}))
	other := w.apply("liang", Aid{Unit: w.unit["990203013"].ID, Kind: "medical", Purpose: "住院治疗", Year: 2019, Form: Money, Asked: Amount{Fen: 9_000}, Reason: "ill"}, child("秦小禾", "2011-04-02"))
	find := func(login, kind, name string) (seal.Wish, []seal.Found) {
		t.Helper()
		ref, err := w.seal.AddWish(w.by(login), w.as[login].Unit, seal.Wish{Kind: kind, Asker: "guardian", Proof: "papers", Received: today, Name: name})
		w.must(err)
		x, list, err := w.seal.Wish(w.by(login), ref)
		w.must(err)
		return x, list
	}
	if _, list := find("liu", seal.ToSee, "秦晓禾"); len(list) != 0 {
		t.Errorf("the next town finds %d", len(list))
	}
	x, list := find("liang", seal.ToErase, "秦晓禾")
	if len(list) != 2 || list[0].Hold.Erase != "aid.stays_books" { // for whom, and what was found
		t.Fatalf("%+v", list)
	}
	if n, err := w.seal.EraseNamed(w.by("liang"), x.Ref()); n != 0 || err != nil {
		t.Errorf("%d erased of the books, %v", n, err)
	}
	x, list = find("liang", seal.ToCorrect, "秦小禾")
	if len(list) != 1 || list[0].Hold.Erase != "aid.stays_running" {
		t.Fatalf("%+v", list)
	}
	w.key(w.seal.CorrectNamed(w.by("liang"), x.Ref(), list[0].Record, map[string]string{"phone": ""}), "aid.phone_missing")
	w.must(w.seal.CorrectNamed(w.by("liang"), x.Ref(), list[0].Record, map[string]string{"name": "秦晓禾"}))
	same := w.apply("shi", w.aid(other), child("秦晓禾", "2011-04-02")) // found to be for the same by the name that stands now
	if d, err := w.s.DoublesOf(w.by("shi"), same, w.aid(same)); err != nil || len(d.Own) != 1 {
		t.Errorf("%+v, %v", d, err)
	}
	w.must(w.s.Withdraw(w.by("liang"), other, 0, "家里不用了"))
	x, _ = find("liang", seal.ToErase, "秦晓禾")
	if n, err := w.seal.EraseNamed(w.by("liang"), x.Ref()); n != 1 || err != nil {
		t.Errorf("%d erased, %v", n, err)
	}
	if a := w.aid(given); a.State != Given || clock.Day(a.Given.Day) != today {
		t.Errorf("%+v", a)
	}
}

// R46: what another module holds open, such as a duty to report, keeps the unit from ending an aid and its words from being erased; who decides
// above goes on, and hears nothing of it. A box is lent to the page for whoever opens for whom the aid is, and to nobody else.
func TestWhatIsOpenKeepsAnAidFromItsEnd(t *testing.T) {
	w := openWorld(t)
	open := true
	w.s.AddCloser(func(context.Context, id.Ref) error {
		if !open {
			return nil
		}
		return errs.New(errs.Conflict, "aid.stays_duty")
	})
	w.s.AddBox(func(context.Context, id.Ref) (templ.Component, error) { return templ.Raw(`<p id="lent">box</p>`), nil })
	ref := w.apply("liang", w.study("990203013", 20_000), child("秦晓禾", "2011-04-02"))
	w.key(w.s.Withdraw(w.by("liang"), ref, 0, "不用了"), "aid.stays_duty")
	if h, err := w.s.held(w.ctx, ref, seal.Wish{}); err != nil || !h.Stays || h.Erase != "aid.stays_duty" || h.Tell != "aid.not_told" {
		t.Errorf("%+v, %v", h, err)
	}
	for login, want := range map[string]bool{"liang": true, "zhou": false} {
		if got := testkit.HTML(t, w.do(login, "GET", path(ref), nil, 200).Body.String()).Has("#lent"); got != want {
			t.Errorf("%s sees the box: %v", login, got)
		}
	}
	for login, there := range map[string]bool{"liang": true, "zhou": false} { // a box has to know for whom it is, too
		if _, u, _, err := w.s.Whose(w.by(login), ref); there && (err != nil || u.Code != "990203013") || !there && !errs.Is(err, errs.NotFound) {
			t.Errorf("%s: %v %v", login, u.Name, err)
		}
	}
	w.must(w.verify("shi", ref))
	w.key(w.s.Withdraw(w.by("liang"), ref, 0, "不用了"), "aid.stays_duty")
	w.must(w.s.Refuse(w.by("zhou"), ref, 0, "不符合条件"))
	done := w.approved(30_000, child("秦小雨", "2012-05-06"))
	w.must(w.s.Give(w.by("liang"), done, 0, Handing{Day: today, Amount: Amount{Fen: 30_000}, Hands: []string{"梁水旺", "石大爷"}}))
	w.must(w.s.Sign(w.by("liang"), done, 0, Receipt{Day: today, By: "guardian"}))
	w.key(w.s.Follow(w.by("liang"), done, 0, today, "已经交了学费"), "aid.stays_duty")
	open = false
	w.must(w.s.Follow(w.by("liang"), done, 0, today, "已经交了学费"))
}
